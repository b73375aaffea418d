/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the promotion calendar and each promotion earn: the bridge from the buyers who would have
 * come anyway to the net, and the break-even. */
#include <math.h>
#include <string.h>

#include "analysis/project.h"
#include "doc/human.h"

enum { LABEL, MEAN, P10, P90, POSITIVE, SE, BRIDGE_COLUMNS };

static const ps_doc_column bridge_columns[BRIDGE_COLUMNS] = {
    [LABEL] = {.key = "label", .title = "label", .drop = PS_DROP_ALWAYS},
    [MEAN] = {.key = "mean", .title = "mean", .unit = PS_DOC_MONEY, .sign = true},
    [P10] = {.key = "p10", .title = "P10", .unit = PS_DOC_MONEY, .sign = true, .drop = 2},
    [P90] = {.key = "p90", .title = "P90", .unit = PS_DOC_MONEY, .sign = true, .drop = 2},
    [POSITIVE] = {.key = "positive_frac",
                  .title = "chance > 0",
                  .unit = PS_DOC_FRAC,
                  .drop = PS_DROP_ALWAYS},
    [SE] = {.key = "se", .title = "sim. error", .unit = PS_DOC_MONEY, .drop = PS_DROP_ALWAYS},
};

static void add_bridge_row(ps_doc *doc, ps_doc_block *block, const ps_earning_row *from,
                           const char *id, const char *label, bool total)
{
    ps_doc_row *row = ps_doc_add_row(doc, block, id, label);

    row->total = total;
    row->cells[MEAN] = ps_cell_of_number(PS_DOC_MONEY, from->mean);
    row->cells[P10] = ps_cell_of_number(PS_DOC_MONEY, from->p10);
    row->cells[P90] = ps_cell_of_number(PS_DOC_MONEY, from->p90);
    row->cells[POSITIVE] = ps_cell_of_number(PS_DOC_FRAC, from->positive_frac);
    row->cells[SE] = ps_cell_of_number(PS_DOC_MONEY, from->se);
    row->cells[LABEL] = ps_cell_of_text(label);
}

/* For people: rows that are nothing in every future say nothing. */
static bool is_nothing(const ps_earning_row *row)
{
    return row->mean == 0 && row->p10 == 0 && row->p90 == 0;
}

static void add_rows(ps_doc *doc, int audience, const char *path, const char *title,
                     const ps_earning *earning)
{
    ps_doc_block *block = ps_doc_add_table(doc, audience, path, title, PS_DOC_KEYED);
    const bool people = audience == PS_DOC_FOR_PEOPLE;

    ps_doc_set_columns(block, bridge_columns, BRIDGE_COLUMNS);
    block->table.shape = PS_DOC_BRIDGE;
    block->table.bar = MEAN;
    for (int i = 0; i < earning->rows; i++) {
        if (!people || !is_nothing(&earning->row[i])) {
            add_bridge_row(doc, block, &earning->row[i], earning->row[i].id, earning->row[i].label,
                           false);
        }
    }
    add_bridge_row(doc, block, &earning->net, "net", "Net", true);
    add_bridge_row(doc, block, &earning->inside, "inside", "of it inside the horizon", false);
    /* People need not see twice what no rival's reaction changes. */
    if (isfinite(earning->naive.mean) &&
        !(people &&
          fabs(earning->naive.mean - earning->net.mean) <= 0.005 * fabs(earning->net.mean))) {
        add_bridge_row(doc, block, &earning->naive, "naive", "Naive: rivals do not react", false);
    }
}

static void add_scalars(ps_doc *doc, const char *path, const ps_earning *e)
{
    ps_doc_block *block = ps_doc_add_table(doc, PS_DOC_FOR_DATA, path, NULL, PS_DOC_RECORD);
    const struct {
        const char *key;
        ps_doc_unit unit;
        double value;
        bool threshold;
    } items[] = {
        {"baseline_units", PS_DOC_COUNT, e->baseline_units, false},
        {"promoted_units", PS_DOC_COUNT, e->promoted_units, false},
        {"incremental_units", PS_DOC_COUNT, e->incremental_units, false},
        {"lift", PS_DOC_FRAC, e->lift, false},
        {"break_even_lift", PS_DOC_FRAC, e->break_even_lift, false},
        {"roi_on_spend", PS_DOC_RATIO, e->roi_on_spend, false},
        {"discount", PS_DOC_MONEY, e->discount, false},
        {"fixed_cost", PS_DOC_MONEY, e->fixed, false},
        {"funding_lump", PS_DOC_MONEY, e->funding, false},
        {"member_fees", PS_DOC_MONEY, e->fees, true},
        {"redeemed_frac", PS_DOC_FRAC, e->redeemed_frac, true},
        {"topped_up_frac", PS_DOC_FRAC, e->topped_up_frac, true},
        {"subsidised_frac", PS_DOC_FRAC, e->subsidised_frac, true},
        {"mean_paid", PS_DOC_MONEY, e->mean_paid, true},
        {"goods_value", PS_DOC_MONEY, e->goods_value, true},
        {"discount_per_order", PS_DOC_MONEY, e->discount_per_order, true},
        {"top_up_from", PS_DOC_MONEY, e->top_up_from, true},
    };

    ps_doc_put(doc, block, "label", NULL, ps_cell_of_text(e->label));
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        if (!items[i].threshold || isfinite(items[i].value)) {
            ps_doc_put(doc, block, items[i].key, NULL,
                       ps_cell_of_number(items[i].unit, items[i].value));
        }
    }
}

enum { NET, NET_P10, NET_P90, CHANCE, LIFT, BREAK_EVEN, ROI, EACH_COLUMNS };

static const ps_doc_column each_columns[EACH_COLUMNS] = {
    [NET] = {.key = "net", .title = "net", .unit = PS_DOC_MONEY, .sign = true},
    [NET_P10] = {.key = "p10", .title = "P10", .unit = PS_DOC_MONEY, .sign = true, .drop = 3},
    [NET_P90] = {.key = "p90", .title = "P90", .unit = PS_DOC_MONEY, .sign = true, .drop = 3},
    [CHANCE] = {.key = "positive_frac", .title = "pays", .unit = PS_DOC_FRAC},
    [LIFT] = {.key = "lift", .title = "lift", .unit = PS_DOC_FRAC, .sign = true, .drop = 2},
    [BREAK_EVEN] = {.key = "break_even_lift",
                    .title = "break-even",
                    .unit = PS_DOC_FRAC,
                    .sign = true,
                    .drop = 2},
    [ROI] = {.key = "roi_on_spend", .title = "ROI", .unit = PS_DOC_FRAC, .sign = true, .drop = 4},
};

static void add_each(const ps_result *result, ps_doc *doc)
{
    ps_doc_block *block =
        ps_doc_add_table(doc, PS_DOC_FOR_PEOPLE, "promotions", "Each promotion", PS_DOC_KEYED);

    ps_doc_set_columns(block, each_columns, EACH_COLUMNS);
    block->note = ps_doc_text(doc,
                              "Net: contribution with it less without it. Pays: chance that net is "
                              "above zero. Break-even: the lift that would just pay. ROI: net / "
                              "(discounts + fixed cost - funding%s).",
                              isfinite(result->earning[0].fees) ? " - members' fees" : "");
    for (int i = 1; i < result->earnings; i++) {
        const ps_earning *e = &result->earning[i];
        ps_doc_row *row = ps_doc_add_row(doc, block, e->id, e->label);

        row->cells[NET] = ps_cell_of_number(PS_DOC_MONEY, e->net.mean);
        row->cells[NET_P10] = ps_cell_of_number(PS_DOC_MONEY, e->net.p10);
        row->cells[NET_P90] = ps_cell_of_number(PS_DOC_MONEY, e->net.p90);
        if (strcmp(e->id, "interaction") == 0) {
            continue;
        }
        row->cells[CHANCE] = ps_cell_of_number(PS_DOC_FRAC, e->net.positive_frac);
        row->cells[LIFT] = ps_cell_of_number(PS_DOC_FRAC, e->lift);
        row->cells[BREAK_EVEN] = ps_cell_of_number(PS_DOC_FRAC, e->break_even_lift);
        row->cells[ROI] = ps_cell_of_number(PS_DOC_FRAC, e->roi_on_spend);
    }
}

/* When promotions run inside the horizon: a row for each of the windows that recurrence makes. */
static void add_windows(const ps_projection *projection, ps_doc *doc)
{
    static const ps_doc_column columns[] = {
        {.key = "label", .title = "label", .drop = PS_DROP_ALWAYS},
        {.key = "from", .title = "from", .unit = PS_DOC_DATE},
        {.key = "to", .title = "to", .unit = PS_DOC_DATE}, /* the last day */
    };
    const ps_map *all = &projection->scenario->promotions;
    const int begin = projection->result->period_start[0], end = projection->result->end_day;
    ps_doc_block *block = ps_doc_add_table(doc, PS_DOC_FOR_DATA, "promotion_windows",
                                           "Promotion calendar", PS_DOC_ROWS);

    ps_doc_set_columns(block, columns, 3);
    for (int m = 0; m < all->count; m++) {
        const ps_promotion *promotion = (const ps_promotion *)all->items + m;
        ps_cell *cells = NULL;

        for (int day = begin; day < end; day++) {
            if (ps_promotion_days(promotion, day, day + 1) == 0) {
                cells = NULL;
                continue;
            }
            if (cells == NULL) {
                cells =
                    ps_doc_add_row(doc, block, promotion->entry.id, promotion->entry.label)->cells;
                cells[0] = ps_cell_of_text(promotion->entry.label);
                cells[1] = ps_cell_of_number(PS_DOC_DATE, day);
            }
            cells[2] = ps_cell_of_number(PS_DOC_DATE, day);
        }
    }
}

void ps_project_promotions(const ps_projection *projection, ps_doc *doc)
{
    const ps_result *result = projection->result;
    char paths[PS_HUMAN_SIZE], gap[PS_HUMAN_SIZE];

    ps_doc_add_table(doc, PS_DOC_FOR_DATA, "promotions", NULL,
                     PS_DOC_RECORD); /* there even without promotions */
    for (int i = 0; i < result->earnings; i++) {
        const char *path = ps_doc_text(doc, "promotions/%s", result->earning[i].id);

        add_scalars(doc, path, &result->earning[i]);
        add_rows(doc, PS_DOC_FOR_DATA, path, NULL, &result->earning[i]);
    }
    add_windows(projection, doc);
    if (result->earnings == 0) {
        return;
    }
    add_rows(doc, PS_DOC_FOR_PEOPLE, "promotions/calendar", "What the promotions earn",
             &result->earning[0]);
    if (doc->last != NULL) {
        doc->last->note = ps_doc_text(doc,
                                      "Contribution with the calendar less contribution without "
                                      "it, in the first %s futures, in expected flows%s%s%s.",
                                      ps_human_whole(result->attributed_paths, paths),
                                      isfinite(result->attribution_gap)
                                          ? "; their contribution differs from the headline's by "
                                          : "",
                                      isfinite(result->attribution_gap)
                                          ? ps_human(PS_DOC_MONEY, result->attribution_gap, 2, gap)
                                          : "",
                                      isfinite(result->attribution_gap) ? " on average" : "");
    }
    if (result->earnings > 1) {
        add_each(result, doc);
    }
}
