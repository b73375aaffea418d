/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The projection as a document, in the order in which it is read: what is likely and how sure, the
 * figures, where they come from, what the promotions earn, what was checked, how to reproduce it.
 */
#include "analysis/project.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "analysis/inputs.h"
#include "base/date.h"
#include "base/version.h"
#include "doc/human.h"

const char *ps_project_period(const ps_scenario *scenario)
{
    static const char *const names[] = {"day", "week", "month", "quarter"};

    return names[scenario->calendar->period];
}

const char *ps_project_horizon(const ps_scenario *scenario, ps_doc *doc)
{
    static const double days[] = {1, 7, 365.25 / 12, 365.25 / 4};
    const double length = (double)scenario->calendar->periods * days[scenario->calendar->period];

    if (length > 360 && length < 371) {
        return "the year";
    }
    if (scenario->calendar->periods == 1) {
        return ps_doc_text(doc, "the %s", ps_project_period(scenario));
    }
    return ps_doc_text(doc, "the %" PRId64 " %ss", scenario->calendar->periods,
                       ps_project_period(scenario));
}

bool ps_project_has_ignorance(const ps_projection *projection)
{
    return projection->result->parameters == PS_PARAMETERS_DRAWN;
}

ps_doc_unit ps_project_unit(int metric)
{
    switch (ps_metric_table[metric].unit) {
    case PS_METRIC_MONEY:
        return PS_DOC_MONEY;
    case PS_METRIC_FRAC:
        return PS_DOC_FRAC;
    case PS_METRIC_COUNT:
        return PS_DOC_COUNT;
    case PS_METRIC_DAYS:
        return PS_DOC_DAYS;
    case PS_METRIC_RATIO:
        break;
    }
    return PS_DOC_RATIO;
}

ps_doc_figure ps_project_figure(const ps_figure *f)
{
    return (ps_doc_figure){f->mean, f->sd,  f->se,  f->p5,  f->p10,      f->p25,
                           f->p50,  f->p75, f->p90, f->p95, f->ignorance};
}

static void add_head(const ps_projection *projection, ps_doc *doc)
{
    const ps_scenario *scenario = projection->scenario;
    char start[16], paths[PS_HUMAN_SIZE];

    doc->title = scenario->plan == NULL
                     ? scenario->name
                     : ps_doc_text(doc, "%s (plan %s)", scenario->name, scenario->plan);
    doc->currency = scenario->currency;
    doc->subtitle = ps_doc_text(
        doc, "%" PRId64 " %s%s from %s \xc2\xb7 %s simulated future%s \xc2\xb7 money in %s",
        scenario->calendar->periods, ps_project_period(scenario),
        scenario->calendar->periods == 1 ? "" : "s",
        ps_date_format(scenario->calendar->start, start),
        ps_human_whole(projection->result->paths, paths), projection->result->paths == 1 ? "" : "s",
        scenario->currency);
}

/* What identifies the run; no time, path of a file, or number of threads: equal runs give equal
 * bytes. */
static void add_identity(const ps_projection *projection, ps_doc *doc)
{
    const ps_scenario *scenario = projection->scenario;
    const ps_result *result = projection->result;
    ps_doc_block *root = ps_doc_add_table(doc, PS_DOC_FOR_DATA, "", NULL, PS_DOC_RECORD);
    ps_doc_block *origin = ps_doc_add_table(doc, PS_DOC_FOR_DATA, "scenario", NULL, PS_DOC_RECORD);
    ps_doc_block *run = ps_doc_add_table(doc, PS_DOC_FOR_DATA, "run", NULL, PS_DOC_RECORD);

    ps_doc_put(doc, root, "format", NULL, ps_cell_of_text("pricesim-result/1"));
    ps_doc_put(doc, root, "version", NULL, ps_cell_of_text(PS_VERSION));
    ps_doc_put(doc, root, "stream", NULL, ps_cell_of_number(PS_DOC_NUMBER, PS_STREAM_VERSION));
    ps_doc_put(doc, origin, "name", NULL, ps_cell_of_text(scenario->name));
    ps_doc_put(doc, origin, "hash", NULL, ps_cell_of_text(scenario->hash));
    ps_doc_put(doc, origin, "plan", NULL,
               scenario->plan == NULL ? ps_cell_of_number(PS_DOC_NUMBER, NAN)
                                      : ps_cell_of_text(scenario->plan));
    ps_doc_put(doc, origin, "scope", NULL,
               ps_cell_of_text(scenario->scope == PS_SCOPE_PIPELINE ? "pipeline" : "market"));
    ps_doc_put(doc, origin, "currency", NULL, ps_cell_of_text(scenario->currency));
    ps_doc_put(doc, origin, "source", NULL, ps_cell_of_text(scenario->source));
    /* As text: a double cannot hold every seed. */
    ps_doc_put(doc, run, "seed", NULL, ps_cell_of_text(ps_doc_text(doc, "%" PRIu64, result->seed)));
    ps_doc_put(doc, run, "paths", NULL, ps_cell_of_number(PS_DOC_NUMBER, (double)result->paths));
    ps_doc_put(doc, run, "paths_asked", NULL,
               ps_cell_of_number(PS_DOC_NUMBER, (double)scenario->run->paths));
    ps_doc_put(doc, run, "partial", NULL, ps_cell_of_flag(result->partial));
    ps_doc_put(doc, run, "counts", NULL,
               ps_cell_of_text(result->counts == PS_COUNTS_WHOLE ? "whole" : "expected"));
    ps_doc_put(doc, run, "parameters", NULL,
               ps_cell_of_text(result->parameters == PS_PARAMETERS_DRAWN ? "drawn" : "centre"));
    if (result->sampling == PS_SAMPLING_SOBOL) {
        ps_doc_put(doc, run, "sampling", NULL, ps_cell_of_text("sobol"));
    }
    ps_doc_put(doc, run, "attributed_paths", NULL,
               ps_cell_of_number(PS_DOC_NUMBER, (double)result->attributed_paths));
}

static void add_calendar(const ps_projection *projection, ps_doc *doc)
{
    const ps_result *result = projection->result;
    ps_doc_block *calendar =
        ps_doc_add_table(doc, PS_DOC_FOR_DATA, "calendar", NULL, PS_DOC_RECORD);
    ps_doc_block *starts =
        ps_doc_add_series(doc, PS_DOC_FOR_DATA, "calendar", NULL, result->periods);
    double *days = ps_arena_alloc(&doc->arena, (size_t)result->periods, sizeof *days);

    ps_doc_put(doc, calendar, "period", NULL,
               ps_cell_of_text(ps_project_period(projection->scenario)));
    if (days == NULL) {
        doc->failed = true;
        return;
    }
    for (int t = 0; t < result->periods; t++) {
        days[t] = result->period_start[t];
    }
    starts->series.unit = PS_DOC_DATE;
    ps_doc_add_line(doc, starts, "starts", days);
}

enum {
    ENTERED,
    PASSED,
    CONVERSION,
    LOST,
    OPEN_START,
    OPEN_END,
    WAITING_END,
    MEAN_DAYS,
    BOUND,
    VALUE_OPEN,
    CHOICE,
    FUNNEL_COLUMNS
};

static const ps_doc_column funnel_columns[FUNNEL_COLUMNS] = {
    [ENTERED] = {.key = "entered", .title = "entered", .unit = PS_DOC_COUNT},
    [PASSED] = {.key = "passed", .title = "passed", .unit = PS_DOC_COUNT, .drop = 4},
    [CONVERSION] = {.key = "conversion", .title = "rate", .unit = PS_DOC_FRAC},
    [LOST] = {.key = "lost", .title = "lost", .unit = PS_DOC_COUNT, .drop = 5},
    [OPEN_START] = {.key = "open_start",
                    .title = "open at start",
                    .unit = PS_DOC_COUNT,
                    .drop = PS_DROP_ALWAYS},
    [OPEN_END] = {.key = "open_end", .title = "still open", .unit = PS_DOC_COUNT, .drop = 3},
    [WAITING_END] = {.key = "waiting_end",
                     .title = "waiting",
                     .unit = PS_DOC_COUNT,
                     .drop = PS_DROP_ALWAYS},
    [MEAN_DAYS] = {.key = "mean_days", .title = "days", .unit = PS_DOC_DAYS, .drop = 2},
    [BOUND] = {.key = "capacity_bound_frac",
               .title = "capacity bound",
               .unit = PS_DOC_FRAC,
               .drop = PS_DROP_ALWAYS},
    [VALUE_OPEN] = {.key = "value_open", .title = "value open", .unit = PS_DOC_MONEY, .drop = 6},
    [CHOICE] = {.key = "choice", .title = "choice", .unit = PS_DOC_TEXT, .drop = PS_DROP_ALWAYS},
};

/* What stays open is what came less what went: rounding leaves a trace of it where nothing does. */
static double deals_left(const ps_funnel_row *row, double deals)
{
    return deals > 1e-12 * (row->entered + row->open_start) ? deals : 0;
}

static void add_funnel(const ps_projection *projection, ps_doc *doc)
{
    const ps_result *result = projection->result;
    ps_doc_block *block = ps_doc_add_table(doc, PS_DOC_FOR_ALL, "funnel", "Funnel", PS_DOC_ROWS);

    block->table.shape = PS_DOC_FUNNEL;
    block->table.bar = ENTERED;
    block->note = "Means. Rate: passed of those who left the stage. Still open: neither won nor "
                  "lost at the end.";
    ps_doc_set_columns(block, funnel_columns, FUNNEL_COLUMNS);
    for (int g = 0; g < result->funnel_rows; g++) {
        const ps_funnel_row *from = &result->funnel[g];
        const double left = from->passed + from->lost, open = deals_left(from, from->open_end);
        ps_cell *cells = ps_doc_add_row(doc, block, from->id, from->label)->cells;

        cells[ENTERED] = ps_cell_of_number(PS_DOC_COUNT, from->entered);
        cells[PASSED] = ps_cell_of_number(PS_DOC_COUNT, from->passed);
        cells[CONVERSION] = ps_cell_of_number(PS_DOC_FRAC, left > 0 ? from->passed / left : NAN);
        cells[LOST] = ps_cell_of_number(PS_DOC_COUNT, from->lost);
        cells[OPEN_START] = ps_cell_of_number(PS_DOC_COUNT, from->open_start);
        cells[OPEN_END] = ps_cell_of_number(PS_DOC_COUNT, open);
        cells[WAITING_END] = ps_cell_of_number(PS_DOC_COUNT, deals_left(from, from->waiting_end));
        cells[MEAN_DAYS] = ps_cell_of_number(PS_DOC_DAYS, from->mean_days);
        cells[BOUND] = ps_cell_of_number(PS_DOC_FRAC, from->capacity_bound_frac);
        cells[VALUE_OPEN] = ps_cell_of_number(
            PS_DOC_MONEY, open > 0 || isnan(from->value_open) ? from->value_open : 0);
        cells[CHOICE] = ps_cell_of_flag(from->choice);
    }
}

static const ps_doc_column waterfall_columns[] = {
    {.key = "amount", .title = "amount", .unit = PS_DOC_MONEY},
    {.key = "per_unit", .title = "per unit", .unit = PS_DOC_MONEY, .drop = 2},
    {.key = "of_list_frac", .title = "of list", .unit = PS_DOC_FRAC},
    {.key = "total", .title = "total", .unit = PS_DOC_TEXT, .drop = PS_DROP_ALWAYS},
};

/* People need not see the steps that this scenario does not have. */
static void add_waterfall(const ps_result *result, ps_doc *doc, int audience)
{
    ps_doc_block *block =
        ps_doc_add_table(doc, audience, "waterfall", "Price waterfall", PS_DOC_ROWS);

    block->table.shape = PS_DOC_WATERFALL;
    block->table.bar = 0;
    block->note = "Means, of everything booked in the horizon.";
    ps_doc_set_columns(block, waterfall_columns, 4);
    for (int i = 0; i < result->waterfall_rows; i++) {
        const ps_waterfall_row *from = &result->waterfall[i];
        ps_doc_row *row;

        if (audience == PS_DOC_FOR_PEOPLE && !from->total && from->amount == 0) {
            continue;
        }
        row = ps_doc_add_row(doc, block, from->id, from->label);
        row->total = from->total;
        row->cells[0] = ps_cell_of_number(PS_DOC_MONEY, from->amount);
        row->cells[1] = ps_cell_of_number(PS_DOC_MONEY, from->per_unit);
        row->cells[2] = ps_cell_of_number(PS_DOC_FRAC, from->of_list_frac);
        row->cells[3] = ps_cell_of_flag(from->total);
    }
}

static const ps_goal *goal_named(const ps_scenario *scenario, const char *id)
{
    const ps_goal *goals = scenario->goals.items;

    for (int i = 0; i < scenario->goals.count; i++) {
        if (strcmp(goals[i].entry.id, id) == 0) {
            return &goals[i];
        }
    }
    return NULL;
}

enum {
    GOAL_LABEL,
    GOAL_METRIC,
    GOAL_BY,
    GOAL_TARGET,
    GOAL_P,
    GOAL_SE,
    GOAL_LOW,
    GOAL_HIGH,
    GOAL_P_LOW,
    GOAL_P_HIGH,
    GOAL_P10,
    GOAL_P50,
    GOAL_P90,
    GOAL_MEAN,
    GOAL_MISS,
    GOAL_OUT,
    GOAL_COLUMNS
};

static const ps_doc_column goal_columns[GOAL_COLUMNS] = {
    [GOAL_LABEL] = {.key = "label", .title = "label", .drop = PS_DROP_ALWAYS},
    [GOAL_METRIC] = {.key = "metric", .title = "metric", .drop = PS_DROP_ALWAYS},
    [GOAL_BY] = {.key = "by", .title = "by", .unit = PS_DOC_DATE, .drop = 4},
    [GOAL_TARGET] = {.key = "target", .title = "target", .unit = PS_DOC_NUMBER},
    [GOAL_P] = {.key = "p", .title = "chance", .unit = PS_DOC_FRAC},
    [GOAL_SE] = {.key = "se", .title = "sim. error", .unit = PS_DOC_FRAC, .drop = 6},
    [GOAL_LOW] = {.key = "low", .title = "low", .unit = PS_DOC_FRAC, .drop = PS_DROP_ALWAYS},
    [GOAL_HIGH] = {.key = "high", .title = "high", .unit = PS_DOC_FRAC, .drop = PS_DROP_ALWAYS},
    [GOAL_P_LOW] = {.key = "p_low",
                    .title = "chance low",
                    .unit = PS_DOC_FRAC,
                    .drop = PS_DROP_ALWAYS},
    [GOAL_P_HIGH] = {.key = "p_high",
                     .title = "chance high",
                     .unit = PS_DOC_FRAC,
                     .drop = PS_DROP_ALWAYS},
    [GOAL_P10] = {.key = "p10", .title = "P10", .unit = PS_DOC_NUMBER, .drop = 3},
    [GOAL_P50] = {.key = "p50", .title = "median", .unit = PS_DOC_NUMBER, .drop = 2},
    [GOAL_P90] = {.key = "p90", .title = "P90", .unit = PS_DOC_NUMBER, .drop = 3},
    [GOAL_MEAN] = {.key = "mean", .title = "mean", .unit = PS_DOC_NUMBER, .drop = PS_DROP_ALWAYS},
    [GOAL_MISS] = {.key = "average_miss", .title = "mean miss", .unit = PS_DOC_NUMBER, .drop = 5},
    [GOAL_OUT] = {.key = "out_of_range", .title = "out of range", .drop = PS_DROP_ALWAYS},
};

static void add_goals(const ps_projection *projection, ps_doc *doc)
{
    const ps_result *result = projection->result;
    ps_doc_block *block = ps_doc_add_table(doc, PS_DOC_FOR_ALL, "goals", "Goals", PS_DOC_KEYED);

    block->note = "Mean miss: by how much, in the futures that miss the goal.";
    ps_doc_set_columns(block, goal_columns, GOAL_COLUMNS);
    for (int i = 0; i < result->goals; i++) {
        const ps_goal_result *from = &result->goal[i];
        const ps_goal *goal = goal_named(projection->scenario, from->id);
        const int metric = ps_metric_find(from->metric);
        const ps_doc_unit unit = metric < 0 ? PS_DOC_NUMBER : ps_project_unit(metric);
        ps_cell *cells = ps_doc_add_row(doc, block, from->id, from->label)->cells;

        cells[GOAL_LABEL] = ps_cell_of_text(from->label);
        cells[GOAL_METRIC] = ps_cell_of_text(from->metric);
        cells[GOAL_BY] = goal == NULL ? (ps_cell){0} : ps_cell_of_number(PS_DOC_DATE, goal->by);
        cells[GOAL_TARGET] = ps_cell_of_number(unit, from->target);
        cells[GOAL_P] = ps_cell_of_number(PS_DOC_FRAC, from->p);
        cells[GOAL_SE] = ps_cell_of_number(PS_DOC_FRAC, from->se);
        cells[GOAL_LOW] = ps_cell_of_number(PS_DOC_FRAC, from->low);
        cells[GOAL_HIGH] = ps_cell_of_number(PS_DOC_FRAC, from->high);
        cells[GOAL_P_LOW] = ps_cell_of_number(PS_DOC_FRAC, from->p_low);
        cells[GOAL_P_HIGH] = ps_cell_of_number(PS_DOC_FRAC, from->p_high);
        cells[GOAL_P10] = ps_cell_of_number(unit, from->p10);
        cells[GOAL_P50] = ps_cell_of_number(unit, from->p50);
        cells[GOAL_P90] = ps_cell_of_number(unit, from->p90);
        cells[GOAL_MEAN] = ps_cell_of_number(unit, from->mean);
        cells[GOAL_MISS] = ps_cell_of_number(unit, from->average_miss);
        cells[GOAL_OUT] = ps_cell_of_flag(from->out_of_range);
    }
}

enum { DRIVERS_SHOWN = 8 };

static const ps_doc_column driver_columns[] = {
    {.key = "rank_correlation", .title = "correlation", .unit = PS_DOC_RATIO, .sign = true},
};

static void add_drivers(const ps_projection *projection, ps_doc *doc)
{
    const ps_result *result = projection->result;
    ps_doc_block *data = ps_doc_add_table(doc, PS_DOC_FOR_DATA, "drivers", NULL, PS_DOC_ROWS);
    ps_doc_block *shown = ps_doc_add_table(doc, PS_DOC_FOR_PEOPLE, "drivers",
                                           "What contribution hangs on", PS_DOC_ROWS);

    ps_doc_set_columns(data, driver_columns, 1);
    data->table.id_key = "pointer";
    ps_doc_set_columns(shown, driver_columns, 1);
    shown->table.shape = PS_DOC_BRIDGE;
    shown->table.bar = 0;
    shown->note = "Rank correlation of an uncertain input with contribution over the futures: "
                  "research the first ones first.";
    for (int i = 0; i < result->drivers; i++) {
        const ps_driver *driver = &result->driver[i];
        const ps_cell cell = ps_cell_of_number(PS_DOC_RATIO, driver->rank_correlation);

        ps_doc_add_row(doc, data, driver->pointer, NULL)->cells[0] = cell;
        if (i < DRIVERS_SHOWN) {
            ps_doc_add_row(doc, shown, driver->pointer, ps_input_name(doc, driver->pointer))
                ->cells[0] = cell;
        }
    }
}

static void add_derived(const ps_projection *projection, ps_doc *doc)
{
    ps_doc_block *block = ps_doc_add_table(doc, PS_DOC_FOR_DATA, "derived", NULL, PS_DOC_RECORD);

    for (int i = 0; projection->derived != NULL && i < projection->derived->count; i++) {
        const ps_derived *item = &projection->derived->items[i];

        ps_doc_put(doc, block, item->key, NULL, ps_cell_of_number(PS_DOC_NUMBER, item->value));
    }
}

static void add_batch_means(const ps_projection *projection, ps_doc *doc)
{
    const ps_result *result = projection->result;
    ps_doc_block *block = ps_doc_add_series(doc, PS_DOC_FOR_DATA, "batch_means", NULL, PS_BATCHES);

    for (int m = 0; m < PS_METRICS && result->batch_means != NULL; m++) {
        if (result->has[m] && ps_metric_table[m].label != NULL) {
            ps_doc_add_line(doc, block, ps_metric_table[m].id,
                            &result->batch_means[m * PS_BATCHES]);
        }
    }
}

void ps_project_reproduce(const ps_projection *projection, ps_doc *doc)
{
    const ps_scenario *scenario = projection->scenario;
    const ps_result *result = projection->result;
    ps_doc_block *block =
        ps_doc_add_sentences(doc, PS_DOC_FOR_PEOPLE, "reproduce", "To get the same numbers again");
    char paths[PS_HUMAN_SIZE];

    ps_doc_say(
        doc, block,
        ps_doc_text(
            doc, "pricesim %s, random stream %d, seed %" PRIu64 ", %s futures, scenario %s%s%s",
            PS_VERSION, PS_STREAM_VERSION, result->seed, ps_human_whole(result->paths, paths),
            scenario->hash, scenario->plan == NULL ? "" : ", plan ",
            scenario->plan == NULL ? "" : scenario->plan));
    if (projection->command != NULL) {
        ps_doc_say_command(doc, block, projection->command);
    }
}

ps_status ps_project(const ps_projection *projection, ps_doc *doc)
{
    add_head(projection, doc);
    add_identity(projection, doc);
    add_calendar(projection, doc);
    ps_project_verdict(projection, doc);
    ps_project_headline(projection, doc);
    ps_project_series(projection, doc);
    ps_project_shares(projection, doc);
    ps_project_prices(projection, doc);
    add_goals(projection, doc);
    ps_project_promotions(projection, doc);
    add_funnel(projection, doc);
    ps_project_bottleneck(projection, doc);
    ps_project_teams(projection, doc);
    ps_project_sales(projection, doc);
    add_waterfall(projection->result, doc, PS_DOC_FOR_DATA);
    add_waterfall(projection->result, doc, PS_DOC_FOR_PEOPLE);
    ps_project_groups(projection, doc);
    ps_project_profiles(projection, doc);
    add_drivers(projection, doc);
    add_derived(projection, doc);
    ps_doc_add_inputs(doc, projection->scenario, PS_DOC_FOR_DATA, "", false);
    ps_project_checks(projection, doc);
    add_batch_means(projection, doc);
    ps_project_reproduce(projection, doc);
    return doc->failed ? PS_ERR_LIMIT : PS_OK;
}
