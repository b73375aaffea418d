/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The figures of a run: headline, by period, and by segment, offer, rival and dimension. All go
 * into the data; people see those that answer their questions. */
#include <math.h>
#include <string.h>

#include "analysis/project.h"
#include "doc/human.h"

static const ps_headline market_headline[] = {
    {PS_METRIC_revenue, NULL},
    {PS_METRIC_contribution, NULL},
    {PS_METRIC_margin_frac, NULL},
    {PS_METRIC_collected, NULL},
    {PS_METRIC_units, NULL},
    {PS_METRIC_orders, NULL},
    {PS_METRIC_share, NULL},
    {PS_METRIC_pocket_price, NULL},
    {PS_METRIC_price_index, NULL},
    {PS_METRIC_quota_attainment, NULL},
    {PS_METRIC_promotion_cost, NULL},
    {PS_METRIC_npv, "Net present value"},
    {-1, NULL},
};
static const ps_headline pipeline_headline[] = {
    {PS_METRIC_revenue, NULL},
    {PS_METRIC_contribution, NULL},
    {PS_METRIC_margin_frac, NULL},
    {PS_METRIC_booked, NULL},
    {PS_METRIC_collected, NULL},
    {PS_METRIC_arr, NULL},
    {PS_METRIC_customers_signed, NULL},
    {PS_METRIC_active_customers, "Active customers"},
    {PS_METRIC_churn, "Left at a term's end"},
    {PS_METRIC_renewal_booked, NULL},
    {PS_METRIC_leads, "Leads"},
    {PS_METRIC_referrals, "Of these by customers"},
    {PS_METRIC_win_rate, NULL},
    {PS_METRIC_cycle_days, NULL},
    {PS_METRIC_pocket_price, NULL},
    {PS_METRIC_cac, "Acquisition cost, each"},
    {PS_METRIC_ltv, "Lifetime value, each"},
    {PS_METRIC_ltv_beyond, NULL},
    {PS_METRIC_ltv_cac, "Lifetime value to cost"},
    {PS_METRIC_payback_months, "Payback, months"},
    {PS_METRIC_quota_attainment, NULL},
    {PS_METRIC_promotion_cost, NULL},
    {PS_METRIC_npv, "Net present value"},
    {PS_METRIC_backlog_revenue, "Signed, recognised later"},
    {-1, NULL},
};

const ps_headline *ps_project_headlines(const ps_scenario *scenario)
{
    return scenario->scope == PS_SCOPE_PIPELINE ? pipeline_headline : market_headline;
}

static void put_figure(ps_doc *doc, ps_doc_block *block, const ps_result *result, int metric,
                       const char *label)
{
    const ps_doc_figure figure = ps_project_figure(&result->summary[metric]);

    ps_doc_put(doc, block, ps_metric_table[metric].id, label,
               ps_cell_of_figure(doc, ps_project_unit(metric), &figure));
}

static bool is_nothing(const ps_figure *figure)
{
    return !isfinite(figure->mean) || (figure->mean == 0 && figure->p5 == 0 && figure->p95 == 0);
}

/* The formula behind the lifetime value, after the note so far. */
static const char *lifetime_note(const ps_scenario *scenario, const char *note, ps_doc *doc)
{
    const ps_retention *retention = scenario->retention;
    const bool alike = retention->churn->rate.per != PS_PER_NONE;
    const char *years =
        retention->years > 0.0 ? ps_doc_text(doc, "within %g years", retention->years) : "for ever";

    return ps_doc_text(doc, "%s Lifetime value by %s, terms paid in %s, %s.", note,
                       alike ? "the geometric formula" : "the sBG law",
                       retention->payments == PS_PAID_IN_ARREARS ? "arrears" : "advance", years);
}

void ps_project_headline(const ps_projection *projection, ps_doc *doc)
{
    const ps_result *result = projection->result;
    const ps_headline *wanted = ps_project_headlines(projection->scenario);
    ps_doc_block *all = ps_doc_add_table(doc, PS_DOC_FOR_DATA, "summary", NULL, PS_DOC_RECORD);
    ps_doc_block *shown =
        ps_doc_add_table(doc, PS_DOC_FOR_PEOPLE, "summary", "Headline figures", PS_DOC_RECORD);

    for (int m = 0; m < PS_METRICS; m++) {
        if (result->has[m] && ps_metric_table[m].label != NULL) {
            put_figure(doc, all, result, m, ps_metric_table[m].label);
        }
    }
    for (; wanted->metric >= 0; wanted++) {
        const int m = wanted->metric;

        if (result->has[m] && (!is_nothing(&result->summary[m]) || m == PS_METRIC_revenue)) {
            put_figure(doc, shown, result, m,
                       wanted->label != NULL ? wanted->label : ps_metric_table[m].label);
        }
    }
    shown->note = "Sim. error: standard error of the mean that comes from simulating so many "
                  "futures and no more; "
                  "it is not part of the range.";
    if (result->has[PS_METRIC_ltv]) {
        shown->note = lifetime_note(projection->scenario, shown->note, doc);
    }
    if (result->opening_revenue > 0.005 * fabs(result->summary[PS_METRIC_revenue].mean)) {
        char text[PS_HUMAN_SIZE];

        shown->note = ps_doc_text(
            doc, "%s Revenue includes %s %s from contracts signed before the start.", shown->note,
            ps_human(PS_DOC_MONEY, result->opening_revenue, 3, text), doc->currency);
    }
}

void ps_project_series(const ps_projection *projection, ps_doc *doc)
{
    const ps_result *result = projection->result;

    for (int m = 0; m < PS_METRICS; m++) {
        const ps_series *from = &result->series[m];
        /* A fan of one or two periods says no more than the headline. */
        const bool shown =
            (m == PS_METRIC_revenue || m == PS_METRIC_contribution) && result->periods >= 3;
        const ps_metric_info *metric = &ps_metric_table[m];
        ps_doc_block *block;

        if (!result->has[m] || metric->label == NULL || from->p50 == NULL) {
            continue;
        }
        block = ps_doc_add_series(doc, shown ? PS_DOC_FOR_ALL : PS_DOC_FOR_DATA,
                                  ps_doc_text(doc, "series/%s", metric->id),
                                  ps_doc_text(doc, "%s by %s",
                                              m == PS_METRIC_revenue ? "Revenue" : metric->label,
                                              ps_project_period(projection->scenario)),
                                  result->periods);
        block->series.unit = ps_project_unit(m);
        block->series.dates = result->period_start;
        block->note =
            m == PS_METRIC_revenue ? "Band: P10 to P90 of each period; line: median." : NULL;
        ps_doc_add_line(doc, block, "p10", from->p10);
        ps_doc_add_line(doc, block, "p50", from->p50);
        ps_doc_add_line(doc, block, "p90", from->p90);
        ps_doc_add_line(doc, block, "mean", from->mean);
    }
}

/* Columns that people see in a breakdown, and when they go for want of room. */
static const struct {
    int metric, drop;
    const char *title;
} group_columns[] = {
    {PS_METRIC_revenue, 0, "revenue"},
    {PS_METRIC_units, 2, "units"},
    {PS_METRIC_customers_signed, 2, "signed"},
    {PS_METRIC_win_rate, 1, "win rate"},
    {PS_METRIC_share, 1, "share"},
    {PS_METRIC_price, 3, "price"},
    {PS_METRIC_pocket_price, 4, "pocket price"},
};

static ps_doc_column column_of(int metric)
{
    ps_doc_column column = {.key = ps_metric_table[metric].id,
                            .title = ps_metric_table[metric].id,
                            .unit = ps_project_unit(metric),
                            .drop = PS_DROP_ALWAYS};

    for (size_t i = 0; i < sizeof group_columns / sizeof *group_columns; i++) {
        if (group_columns[i].metric == metric) {
            column.title = group_columns[i].title;
            column.drop = group_columns[i].drop;
        }
    }
    return column;
}

static const char *group_title(const ps_projection *projection, const char *dimension, ps_doc *doc)
{
    if (strcmp(dimension, "rival") == 0) {
        return projection->scenario->scope == PS_SCOPE_PIPELINE ? "Deals lost to" : "Rivals' sales";
    }
    return strcmp(dimension, "sales_model") == 0 ? "By sales model"
           : strcmp(dimension, "band") == 0      ? "By score band"
                                                 : ps_doc_text(doc, "By %s", dimension);
}

/* Whether people have seen it: the one segment is the headline, and a dimension with as many values
 * as there are segments is the segments again. */
static bool repeats(const ps_result *result, const char *dimension, int rows)
{
    int segments = 0;

    if (strcmp(dimension, "rival") == 0) {
        return false;
    }
    for (int g = 0; g < result->groups; g++) {
        segments += strcmp(result->group[g].dimension, "segment") == 0;
    }
    return rows < 2 || (rows == segments && strcmp(dimension, "segment") != 0 &&
                        strcmp(dimension, "offer") != 0 && strcmp(dimension, "channel") != 0 &&
                        strcmp(dimension, "band") != 0 && strcmp(dimension, "sales_model") != 0);
}

/* One table of all groups of a dimension; the columns are the metrics that any of them has. */
static void add_dimension(const ps_projection *projection, ps_doc *doc, int first)
{
    const ps_result *result = projection->result;
    const char *dimension = result->group[first].dimension;
    ps_doc_column *columns = ps_arena_alloc(&doc->arena, PS_METRICS, sizeof *columns);
    int metrics[PS_METRICS], count = 0, rows = 0;
    ps_doc_block *block;

    if (columns == NULL) {
        doc->failed = true;
        return;
    }
    for (int m = 0; m < PS_METRICS; m++) {
        bool any = false;

        for (int g = first; g < result->groups && !any; g++) {
            any = strcmp(result->group[g].dimension, dimension) == 0 && result->group[g].has[m];
        }
        if (any && ps_metric_table[m].label != NULL && count < PS_DOC_MAX_COLUMNS) {
            columns[count] = column_of(m);
            metrics[count++] = m;
        }
    }
    block = ps_doc_add_table(doc, PS_DOC_FOR_ALL, ps_doc_text(doc, "by/%s", dimension),
                             group_title(projection, dimension, doc), PS_DOC_KEYED);
    ps_doc_set_columns(block, columns, count);
    for (int g = first; g < result->groups; g++) {
        const ps_group *group = &result->group[g];
        ps_doc_row *row;

        if (strcmp(group->dimension, dimension) != 0) {
            continue;
        }
        row = ps_doc_add_row(doc, block, group->id, group->label);
        rows++;
        for (int c = 0; c < count; c++) {
            const ps_doc_figure figure = ps_project_figure(&group->figure[metrics[c]]);

            if (group->has[metrics[c]]) {
                row->cells[c] = ps_cell_of_figure(doc, columns[c].unit, &figure);
            }
        }
    }
    if (repeats(result, dimension, rows)) {
        block->audience = PS_DOC_FOR_DATA;
    }
}

void ps_project_groups(const ps_projection *projection, ps_doc *doc)
{
    const ps_result *result = projection->result;

    ps_doc_add_table(doc, PS_DOC_FOR_DATA, "by", NULL,
                     PS_DOC_RECORD); /* there even without groups */
    for (int g = 0; g < result->groups; g++) {
        bool seen = false;

        for (int before = 0; before < g && !seen; before++) {
            seen = strcmp(result->group[before].dimension, result->group[g].dimension) == 0;
        }
        if (!seen) {
            add_dimension(projection, doc, g);
        }
    }
}

/* Columns of the ranking; a lead's margin is what it is ranked by. */
static const ps_doc_column profile_columns[] = {
    {.key = "dimension", .title = "kind", .unit = PS_DOC_TEXT},
    {.key = "margin_per_lead", .title = "margin per lead", .unit = PS_DOC_MONEY},
    {.key = "leads", .title = "leads", .unit = PS_DOC_COUNT, .drop = 3},
    {.key = "win_rate", .title = "win rate", .unit = PS_DOC_FRAC, .drop = 1},
    {.key = "deal_size", .title = "deal", .unit = PS_DOC_MONEY, .drop = 2},
    {.key = "cac", .title = "to win one", .unit = PS_DOC_MONEY, .drop = 4},
    {.key = "ltv_cac", .title = "LTV to cost", .unit = PS_DOC_RATIO, .drop = 2},
};
static const int profile_metrics[] = {-1,
                                      PS_METRIC_margin_per_lead,
                                      PS_METRIC_leads,
                                      PS_METRIC_win_rate,
                                      PS_METRIC_deal_size,
                                      PS_METRIC_cac,
                                      PS_METRIC_ltv_cac};

static double lead_margin(const ps_group *group)
{
    return group->figure[PS_METRIC_margin_per_lead].mean;
}

/* Groups of buyers, the most valuable lead first; groups that are the segments again are left out.
 * Returns how many. */
static int rank_profiles(const ps_result *result, const ps_group **ranked)
{
    int count = 0;

    for (int g = 0; g < result->groups; g++) {
        const ps_group *group = &result->group[g];
        int rows = 0, at = count;

        for (int other = 0; other < result->groups; other++) {
            rows += strcmp(result->group[other].dimension, group->dimension) == 0;
        }
        if (!group->has[PS_METRIC_margin_per_lead] || !isfinite(lead_margin(group)) ||
            repeats(result, group->dimension, rows)) {
            continue;
        }
        for (; at > 0 && lead_margin(ranked[at - 1]) < lead_margin(group); at--) {
            ranked[at] = ranked[at - 1];
        }
        ranked[at] = group;
        count++;
    }
    return count;
}

void ps_project_profiles(const ps_projection *projection, ps_doc *doc)
{
    enum { COLUMNS = sizeof profile_columns / sizeof *profile_columns };
    const ps_result *result = projection->result;
    const ps_group **ranked =
        ps_arena_alloc(&doc->arena, (size_t)result->groups + 1, sizeof *ranked);
    int count;
    ps_doc_block *block;

    if (ranked == NULL) {
        doc->failed = true;
        return;
    }
    count = rank_profiles(result, ranked);
    if (count == 0) {
        return;
    }
    block = ps_doc_add_table(doc, PS_DOC_FOR_ALL, "profiles", "Most valuable buyers", PS_DOC_ROWS);
    ps_doc_set_columns(block, profile_columns, COLUMNS);
    block->table.id_key = "profile";
    block->note = "Ranked by margin per lead: pocket margin signed in the horizon, less what "
                  "winning customers cost, for each lead created in it.";
    for (int k = 0; k < count; k++) {
        ps_doc_row *row = ps_doc_add_row(doc, block, ranked[k]->id, ranked[k]->label);

        row->cells[0] = ps_cell_of_text(ranked[k]->dimension);
        for (int c = 1; c < COLUMNS; c++) {
            const int m = profile_metrics[c];
            const ps_doc_figure figure = ps_project_figure(&ranked[k]->figure[m]);

            if (ranked[k]->has[m]) {
                row->cells[c] = ps_cell_of_figure(doc, profile_columns[c].unit, &figure);
            }
        }
    }
}
