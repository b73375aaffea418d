/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison as a document: the verdict, the ranking, figures side by side, where the differences
 * come from. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "analysis/compare.h"
#include "analysis/project.h"
#include "base/version.h"
#include "doc/human.h"

static const char *const bridge_ids[PS_BRIDGE_ROWS] = {
    "volume",     "mix",         "price", "promotion_discounts", "unit_cost", "promotion_fixed",
    "commission", "acquisition", "rest"};
static const char *const bridge_labels[PS_BRIDGE_ROWS] = {
    "Volume",
    "Mix of segments and offers",
    "Price, promotions apart",
    "Promotion discounts",
    "Unit cost",
    "Promotions' fixed cost less funding, fees",
    "Commissions",
    "Acquisition",
    "Recognised at other times, bad debt"};

enum {
    RANK_MEAN,
    RANK_DIFF,
    RANK_P10,
    RANK_P90,
    RANK_SE,
    RANK_BETTER,
    RANK_BEST,
    RANK_REGRET,
    RANK_REVENUE,
    RANK_COLUMNS
};

static void add_ranking(const ps_comparison *c, ps_doc *doc)
{
    const ps_doc_unit unit = ps_project_unit(c->metric);
    const ps_doc_column columns[RANK_COLUMNS] = {
        [RANK_MEAN] = {.key = "mean", .title = "mean", .unit = unit, .drop = 5},
        [RANK_DIFF] = {.key = "difference", .title = "difference", .unit = unit, .sign = true},
        [RANK_P10] = {.key = "p10", .title = "P10", .unit = unit, .sign = true, .drop = 2},
        [RANK_P90] = {.key = "p90", .title = "P90", .unit = unit, .sign = true, .drop = 2},
        [RANK_SE] = {.key = "se", .title = "sim. error", .unit = unit, .drop = 3},
        [RANK_BETTER] = {.key = "better_frac", .title = "better", .unit = PS_DOC_FRAC},
        [RANK_BEST] = {.key = "best_frac", .title = "best", .unit = PS_DOC_FRAC, .drop = 1},
        [RANK_REGRET] = {.key = "regret", .title = "regret", .unit = unit, .drop = 4},
        [RANK_REVENUE] = {.key = "revenue",
                          .title = "revenue",
                          .unit = PS_DOC_MONEY,
                          .drop = PS_DROP_ALWAYS},
    };
    ps_doc_column *kept = ps_arena_alloc(&doc->arena, RANK_COLUMNS, sizeof *kept);
    ps_doc_block *block =
        ps_doc_add_table(doc, PS_DOC_FOR_ALL, "ranking",
                         ps_doc_text(doc, "%s: each plan against %s",
                                     ps_metric_table[c->metric].label, c->plan[0].id),
                         PS_DOC_KEYED);

    if (kept == NULL) {
        doc->failed = true;
        return;
    }
    memcpy(kept, columns, sizeof columns);
    ps_doc_set_columns(block, kept, RANK_COLUMNS);
    block->note =
        "P10, P90: of the difference in the same future, what could happen; sim. error: of "
        "the mean difference, what more futures would remove. Better: than the base; "
        "best: of all plans; regret: what the best plan of each future would bring more.";
    for (int k = 0; k < c->plans; k++) {
        const ps_compared *plan = &c->plan[k];
        const ps_pair *pair = &plan->pair[c->metric];
        ps_cell *cells = ps_doc_add_row(doc, block, plan->id, plan->id)->cells;

        cells[RANK_MEAN] = ps_cell_of_number(unit, plan->summary[c->metric].mean);
        cells[RANK_BEST] = ps_cell_of_number(PS_DOC_FRAC, plan->best_frac);
        cells[RANK_REGRET] = ps_cell_of_number(unit, plan->regret);
        cells[RANK_REVENUE] =
            ps_cell_of_number(PS_DOC_MONEY, plan->summary[PS_METRIC_revenue].mean);
        if (k == 0) {
            continue;
        }
        cells[RANK_DIFF] = ps_cell_of_number(unit, pair->difference.mean);
        cells[RANK_P10] = ps_cell_of_number(unit, pair->difference.p10);
        cells[RANK_P90] = ps_cell_of_number(unit, pair->difference.p90);
        cells[RANK_SE] = ps_cell_of_number(unit, pair->difference.se);
        cells[RANK_BETTER] = ps_cell_of_number(PS_DOC_FRAC, pair->better_frac);
    }
}

/* Every figure of every plan, for programs. */
static void add_plans(const ps_comparison *c, ps_doc *doc)
{
    for (int k = 0; k < c->plans; k++) {
        const ps_compared *plan = &c->plan[k];
        ps_doc_block *origin = ps_doc_add_table(
            doc, PS_DOC_FOR_DATA, ps_doc_text(doc, "plans/%s", plan->id), NULL, PS_DOC_RECORD);
        ps_doc_block *block =
            ps_doc_add_table(doc, PS_DOC_FOR_DATA, ps_doc_text(doc, "plans/%s/summary", plan->id),
                             NULL, PS_DOC_RECORD);

        ps_doc_put(doc, origin, "name", NULL, ps_cell_of_text(plan->scenario->name));
        ps_doc_put(doc, origin, "hash", NULL, ps_cell_of_text(plan->scenario->hash));
        for (int m = 0; m < PS_METRICS; m++) {
            const ps_doc_figure figure = ps_project_figure(&plan->summary[m]);

            if (plan->has[m]) {
                ps_doc_put(doc, block, ps_metric_table[m].id, NULL,
                           ps_cell_of_figure(doc, ps_project_unit(m), &figure));
            }
        }
    }
}

enum {
    D_MEAN,
    D_SD,
    D_SE,
    D_P5,
    D_P10,
    D_P25,
    D_P50,
    D_P75,
    D_P90,
    D_P95,
    D_BETTER,
    D_EQUAL,
    D_COLUMNS
};

static const ps_doc_column difference_columns[D_COLUMNS] = {
    {.key = "mean"},
    {.key = "sd"},
    {.key = "se"},
    {.key = "p5"},
    {.key = "p10"},
    {.key = "p25"},
    {.key = "p50"},
    {.key = "p75"},
    {.key = "p90"},
    {.key = "p95"},
    {.key = "better_frac", .unit = PS_DOC_FRAC},
    {.key = "equal_frac", .unit = PS_DOC_FRAC},
};

static void put_difference(ps_doc *doc, ps_doc_block *block, const char *id, ps_doc_unit unit,
                           const ps_pair *pair)
{
    const ps_figure *d = &pair->difference;
    const double values[D_COLUMNS] = {d->mean,
                                      d->sd,
                                      d->se,
                                      d->p5,
                                      d->p10,
                                      d->p25,
                                      d->p50,
                                      d->p75,
                                      d->p90,
                                      d->p95,
                                      pair->better_frac,
                                      pair->equal_frac};
    ps_cell *cells = ps_doc_add_row(doc, block, id, NULL)->cells;

    for (int i = 0; i < D_COLUMNS; i++) {
        cells[i] = ps_cell_of_number(i >= D_BETTER ? PS_DOC_FRAC : unit, values[i]);
    }
}

static void add_differences(const ps_comparison *c, ps_doc *doc)
{
    for (int k = 1; k < c->plans; k++) {
        const ps_compared *plan = &c->plan[k];
        ps_doc_block *block = ps_doc_add_table(
            doc, PS_DOC_FOR_DATA, ps_doc_text(doc, "differences/%s", plan->id), NULL, PS_DOC_KEYED);

        ps_doc_set_columns(block, difference_columns, D_COLUMNS);
        for (int m = 0; m < PS_METRICS; m++) {
            if (plan->has[m] && c->plan[0].has[m] && ps_metric_table[m].label != NULL) {
                put_difference(doc, block, ps_metric_table[m].id, ps_project_unit(m),
                               &plan->pair[m]);
            }
        }
        block = ps_doc_add_table(doc, PS_DOC_FOR_DATA, ps_doc_text(doc, "goals/%s", plan->id), NULL,
                                 PS_DOC_KEYED);
        ps_doc_set_columns(block, difference_columns, D_COLUMNS);
        for (int g = 0; g < plan->goals; g++) {
            put_difference(doc, block, plan->goal[g].id, PS_DOC_FRAC, &plan->goal_pair[g]);
        }
    }
}

/* A table with a column for each plan. `drop` rises from the first alternative on, so that the last
 * ones go first where there is no room. */
static ps_doc_column *plan_columns(const ps_comparison *c, ps_doc *doc, ps_doc_unit unit)
{
    ps_doc_column *columns = ps_arena_alloc(&doc->arena, PS_COMPARE_MOST, sizeof *columns);

    if (columns == NULL) {
        doc->failed = true;
        return NULL;
    }
    for (int k = 0; k < c->plans; k++) {
        columns[k] = (ps_doc_column){.key = c->plan[k].id,
                                     .title = c->plan[k].id,
                                     .unit = unit,
                                     .drop = k < 2   ? 0
                                             : k < 8 ? k
                                                     : 8};
    }
    return columns;
}

static void add_side_by_side(const ps_comparison *c, ps_doc *doc)
{
    ps_doc_block *block = ps_doc_add_table(doc, PS_DOC_FOR_PEOPLE, "headline",
                                           "Headline figures (means)", PS_DOC_KEYED);
    ps_doc_column *columns = plan_columns(c, doc, PS_DOC_NUMBER);
    const ps_headline *wanted = ps_project_headlines(c->plan[0].scenario);

    if (columns == NULL) {
        return;
    }
    ps_doc_set_columns(block, columns, c->plans);
    for (; wanted->metric >= 0; wanted++) {
        const int m = wanted->metric;
        ps_cell *cells;

        if (!c->plan[0].has[m]) {
            continue;
        }
        cells = ps_doc_add_row(doc, block, ps_metric_table[m].id,
                               wanted->label != NULL ? wanted->label : ps_metric_table[m].label)
                    ->cells;
        for (int k = 0; k < c->plans; k++) {
            cells[k] = ps_cell_of_number(ps_project_unit(m),
                                         c->plan[k].has[m] ? c->plan[k].summary[m].mean : NAN);
        }
    }
}

static void add_goals(const ps_comparison *c, ps_doc *doc)
{
    ps_doc_block *block =
        ps_doc_add_table(doc, PS_DOC_FOR_PEOPLE, "chances", "Chance of each goal", PS_DOC_KEYED);
    ps_doc_column *columns = plan_columns(c, doc, PS_DOC_FRAC);

    if (columns == NULL) {
        return;
    }
    ps_doc_set_columns(block, columns, c->plans);
    for (int g = 0; g < c->plan[0].goals; g++) {
        const ps_goal_result *goal = &c->plan[0].goal[g];
        ps_cell *cells = ps_doc_add_row(doc, block, goal->id, goal->label)->cells;

        for (int k = 0; k < c->plans; k++) {
            for (int h = 0; h < c->plan[k].goals; h++) {
                if (strcmp(c->plan[k].goal[h].id, goal->id) == 0) {
                    cells[k] = ps_cell_of_number(PS_DOC_FRAC, c->plan[k].goal[h].p);
                }
            }
        }
    }
}

/* "14% more", "7.7% fewer" */
static const char *more_or_fewer(ps_doc *doc, double change)
{
    char part[PS_HUMAN_SIZE];

    return ps_doc_text(doc, "%s %s", ps_human(PS_DOC_FRAC, fabs(change), 2, part),
                       change < 0 ? "fewer" : "more");
}

/* What the plan must sell more, or may sell less, to earn what the base does. */
static const char *break_even_note(const ps_comparison *c, const ps_compared *plan, ps_doc *doc)
{
    const char *base = c->plan[0].id;

    if (isnan(plan->units_change)) {
        return NULL;
    }
    const char *sells = more_or_fewer(doc, plan->units_change);

    if (isnan(plan->break_even)) {
        return ps_doc_text(doc,
                           "Break-even: none; a unit leaves no margin. It sells %s units than %s.",
                           sells, base);
    }
    return ps_doc_text(doc, "Break-even: with %s units than %s it earns as much; it sells %s.",
                       more_or_fewer(doc, plan->break_even), base, sells);
}

static void add_break_even(const ps_compared *plan, ps_doc *doc)
{
    ps_doc_block *block = ps_doc_add_table(
        doc, PS_DOC_FOR_DATA, ps_doc_text(doc, "break_even/%s", plan->id), NULL, PS_DOC_RECORD);

    ps_doc_put(doc, block, "unit_margin", NULL, ps_cell_of_number(PS_DOC_MONEY, plan->unit_margin));
    ps_doc_put(doc, block, "units_change", NULL,
               ps_cell_of_number(PS_DOC_FRAC, plan->units_change));
    ps_doc_put(doc, block, "break_even_units_change", NULL,
               ps_cell_of_number(PS_DOC_FRAC, plan->break_even));
}

/* People need not see the rows that are nothing. */
static void add_bridge(const ps_comparison *c, const ps_compared *plan, ps_doc *doc, int audience)
{
    static const ps_doc_column columns[] = {
        {.key = "mean", .title = "mean", .unit = PS_DOC_MONEY, .sign = true}};
    ps_doc_block *block = ps_doc_add_table(
        doc, audience, ps_doc_text(doc, "bridge/%s", plan->id),
        ps_doc_text(doc, "Contribution: from %s to %s", c->plan[0].id, plan->id), PS_DOC_KEYED);
    double sum = 0;

    block->table.shape = PS_DOC_BRIDGE;
    block->table.bar = 0;
    block->note = audience == PS_DOC_FOR_PEOPLE ? break_even_note(c, plan, doc) : NULL;
    ps_doc_set_columns(block, columns, 1);
    for (int i = 0; i < PS_BRIDGE_ROWS; i++) {
        sum += plan->bridge[i];
        if (audience == PS_DOC_FOR_DATA || plan->bridge[i] != 0) {
            ps_doc_add_row(doc, block, bridge_ids[i], bridge_labels[i])->cells[0] =
                ps_cell_of_number(PS_DOC_MONEY, plan->bridge[i]);
        }
    }
    ps_doc_row *row = ps_doc_add_row(doc, block, "difference", "Difference");

    row->total = true;
    row->cells[0] = ps_cell_of_number(PS_DOC_MONEY, sum);
}

static void add_bridges(const ps_comparison *c, ps_doc *doc)
{
    for (int k = 1; k < c->plans; k++) {
        add_bridge(c, &c->plan[k], doc, PS_DOC_FOR_DATA);
        add_break_even(&c->plan[k], doc);
        if (k <= PS_COMPARE_SPOKEN && c->plan[k].pair[PS_METRIC_contribution].equal_frac < 1) {
            add_bridge(c, &c->plan[k], doc, PS_DOC_FOR_PEOPLE);
        }
    }
}

static bool is_deduction_of_nobody(const ps_comparison *c, const ps_waterfall_row *row)
{
    bool nothing = !row->total;

    for (int k = 0; k < c->plans && nothing; k++) {
        for (int i = 0; i < c->plan[k].waterfall_rows && nothing; i++) {
            nothing = strcmp(c->plan[k].waterfall[i].id, row->id) != 0 ||
                      c->plan[k].waterfall[i].amount == 0;
        }
    }
    return nothing;
}

static void add_waterfalls(const ps_comparison *c, ps_doc *doc, int audience)
{
    ps_doc_block *block =
        ps_doc_add_table(doc, audience, "waterfall", "Price waterfall per unit", PS_DOC_KEYED);
    ps_doc_column *columns = plan_columns(c, doc, PS_DOC_MONEY);

    if (columns == NULL) {
        return;
    }
    ps_doc_set_columns(block, columns, c->plans);
    for (int k = 0; k < c->plans; k++) {
        for (int i = 0; i < c->plan[k].waterfall_rows; i++) {
            const ps_waterfall_row *from = &c->plan[k].waterfall[i];
            ps_doc_row *row = block->table.first;

            if (audience == PS_DOC_FOR_PEOPLE && is_deduction_of_nobody(c, from)) {
                continue;
            }
            while (row != NULL && strcmp(row->id, from->id) != 0) {
                row = row->next;
            }
            row = row != NULL ? row : ps_doc_add_row(doc, block, from->id, from->label);
            row->total = from->total;
            row->cells[k] = ps_cell_of_number(PS_DOC_MONEY, from->per_unit);
        }
    }
}

/* Deals that entered each stage; the rates as data of their own. */
static void add_funnels(const ps_comparison *c, ps_doc *doc)
{
    static const char *const paths[] = {"funnel/entered", "funnel/conversion"};
    static const char *const titles[] = {"Funnel: deals entering each stage",
                                         "Funnel: rate of each stage"};

    for (int part = 0; part < 2 && c->plan[0].funnel_rows > 0; part++) {
        ps_doc_block *block =
            ps_doc_add_table(doc, PS_DOC_FOR_ALL, paths[part], titles[part], PS_DOC_KEYED);
        const ps_doc_unit unit = part == 0 ? PS_DOC_COUNT : PS_DOC_FRAC;
        ps_doc_column *columns = plan_columns(c, doc, unit);

        if (columns == NULL) {
            return;
        }
        ps_doc_set_columns(block, columns, c->plans);
        for (int g = 0; g < c->plan[0].funnel_rows; g++) {
            const ps_funnel_row *stage = &c->plan[0].funnel[g];
            ps_cell *cells = ps_doc_add_row(doc, block, stage->id, stage->label)->cells;

            for (int k = 0; k < c->plans; k++) {
                for (int h = 0; h < c->plan[k].funnel_rows; h++) {
                    const ps_funnel_row *from = &c->plan[k].funnel[h];
                    const double left = from->passed + from->lost;

                    if (strcmp(from->id, stage->id) == 0) {
                        cells[k] = ps_cell_of_number(unit, part == 0  ? from->entered
                                                           : left > 0 ? from->passed / left
                                                                      : NAN);
                    }
                }
            }
        }
    }
}

/* Mean difference by period: when the plans part, and how far. */
static void add_series(const ps_comparison *c, ps_doc *doc)
{
    const int n = c->base->periods;

    for (int m = 0; m < PS_METRICS; m++) {
        for (int k = 1; k < c->plans; k++) {
            if (c->plan[0].series[m] == NULL || c->plan[k].series[m] == NULL) {
                continue;
            }
            double *d = ps_arena_alloc(&doc->arena, (size_t)n, sizeof *d);

            if (d == NULL) {
                doc->failed = true;
                return;
            }
            for (int t = 0; t < n; t++) {
                d[t] = c->plan[k].series[m][t] - c->plan[0].series[m][t];
            }
            ps_doc_block *block =
                ps_doc_add_series(doc, PS_DOC_FOR_DATA,
                                  ps_doc_text(doc, "series/%s", ps_metric_table[m].id), NULL, n);

            block->series.unit = ps_project_unit(m);
            block->series.dates = c->base->period_start;
            ps_doc_add_line(doc, block, c->plan[k].id, d);
        }
    }
}

static void add_identity(const ps_comparison *c, ps_doc *doc)
{
    ps_doc_block *root = ps_doc_add_table(doc, PS_DOC_FOR_DATA, "", NULL, PS_DOC_RECORD);
    ps_doc_block *run = ps_doc_add_table(doc, PS_DOC_FOR_DATA, "run", NULL, PS_DOC_RECORD);

    ps_doc_put(doc, root, "format", NULL, ps_cell_of_text("pricesim-comparison/1"));
    ps_doc_put(doc, root, "version", NULL, ps_cell_of_text(PS_VERSION));
    ps_doc_put(doc, root, "stream", NULL, ps_cell_of_number(PS_DOC_NUMBER, PS_STREAM_VERSION));
    ps_doc_put(doc, root, "base", NULL, ps_cell_of_text(c->plan[0].id));
    ps_doc_put(doc, root, "metric", NULL, ps_cell_of_text(ps_metric_table[c->metric].id));
    ps_doc_put(doc, run, "seed", NULL,
               ps_cell_of_text(ps_doc_text(doc, "%" PRIu64, c->base->seed)));
    ps_doc_put(doc, run, "paths", NULL, ps_cell_of_number(PS_DOC_NUMBER, (double)c->paths));
    ps_doc_put(doc, run, "partial", NULL, ps_cell_of_flag(c->partial));
}

ps_status ps_compare_project(const ps_comparison *c, const ps_faults *faults, const char *command,
                             ps_doc *doc)
{
    const ps_scenario *base = c->plan[0].scenario;
    const ps_projection projection = {
        .scenario = base, .result = c->base, .faults = faults, .command = command};
    char paths[PS_HUMAN_SIZE];

    doc->title = base->name;
    doc->currency = base->currency;
    doc->subtitle =
        ps_doc_text(doc,
                    "%d plan%s against %s \xc2\xb7 %s \xc2\xb7 the same %s simulated "
                    "futures \xc2\xb7 money in %s",
                    c->plans - 1, c->plans == 2 ? "" : "s", c->plan[0].id,
                    ps_project_horizon(base, doc), ps_human_whole(c->paths, paths), base->currency);
    add_identity(c, doc);
    ps_compare_verdict(c, doc);
    add_ranking(c, doc);
    add_plans(c, doc);
    add_differences(c, doc);
    add_side_by_side(c, doc);
    add_goals(c, doc);
    add_bridges(c, doc);
    add_waterfalls(c, doc, PS_DOC_FOR_DATA);
    add_waterfalls(c, doc, PS_DOC_FOR_PEOPLE);
    add_funnels(c, doc);
    add_series(c, doc);
    ps_project_warnings(&projection, doc);
    ps_project_reproduce(&projection, doc);
    return doc->failed ? PS_ERR_LIMIT : PS_OK;
}
