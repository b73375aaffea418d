/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paths over threads: items of consecutive batches, each by one worker, results in slots of their
 * own. A shard is a range of items: the whole run is the shard 1 of 1. */
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "engine/collect.h"
#include "engine/isa.h"
#include "engine/plan_parts.h"
#include "engine/shard.h"

typedef struct {
    const ps_plan *plan;
    ps_collection *collection;
    const ps_run_control *control;
    ps_work **work; /* [workers] */
    ps_hot_run_fn run;
    atomic_long finished;
} run_state;

static void run_batch(run_state *state, int worker, long item, int64_t batch, bool twin)
{
    ps_collection *c = state->collection;
    const int64_t path0 = batch * PS_LANES, left = c->paths - path0;
    const ps_job job = {.path0 = path0,
                        .lanes = (int)(left < PS_LANES ? left : PS_LANES),
                        .twin = twin,
                        .attribute = !twin && path0 < c->attributed,
                        .collection = c,
                        .worker = worker,
                        .item = (int)item};

    state->run(state->plan, state->work[worker], &job);
}

static bool run_item(void *context, int worker, long number)
{
    run_state *state = context;
    ps_collection *c = state->collection;
    const ps_run_control *control = state->control;
    const long item = (long)c->held.item.first + number;

    for (int64_t b = item * c->per_item; b < (item + 1) * c->per_item && b < c->batches; b++) {
        if (control->stop && atomic_load(control->stop)) {
            return false;
        }
        run_batch(state, worker, item, b, false);
        if (b % PS_TWIN_EVERY == 0 && b * PS_LANES < c->valued && !state->plan->centre &&
            state->plan->luck) {
            run_batch(state, worker, item, b, true);
        }
    }
    ps_collect_item(c, worker, item);
    const long finished = atomic_fetch_add(&state->finished, 1) + 1;

    if (worker == 0 && control->progress) {
        control->progress(control->context,
                          (double)finished / (double)(c->held.item.end - c->held.item.first));
    }
    return true;
}

/* What is kept of a path, and rows of lanes by period and line that a worker needs, as measured. */
enum { VALUES = 45, WORK_ROWS = 40 };

/* ---- a run and its parts ---- */

/* Plan and collection of a run, or of a part of it. */
typedef struct {
    ps_arena arena;
    ps_plan plan;
    ps_collection collection;
    const ps_run_control *control;
} run;

static int workers_of(const ps_scenario *scenario, const ps_run_control *control)
{
    const int wanted = control->threads > 0 ? control->threads : ps_parallel_default_threads();
    const int64_t batches = (scenario->run->paths + PS_LANES - 1) / PS_LANES;

    return wanted < batches ? wanted : (int)batches;
}

/* Refuses what would not fit into the memory before anything is allocated. */
static ps_status fits(const ps_scenario *scenario, const ps_run_control *control, ps_faults *faults)
{
    const double memory = control->memory > 0 ? (double)control->memory : ps_memory_limit();
    double bytes, steps;

    ps_run_estimate(scenario, control, &bytes, &steps);
    if (bytes <= memory) {
        return PS_OK;
    }
    ps_fault_add(faults, "LIMIT", "/run/paths", NULL, 0, 0,
                 "ask for fewer paths, periods, segments or threads, or run it in shards",
                 "%lld paths over %lld periods, %d segments and %d offers (%.2g steps) need about "
                 "%.0f MB of memory; %s %.0f MB",
                 (long long)scenario->run->paths, (long long)scenario->calendar->periods,
                 scenario->cells, scenario->offers.count + scenario->rivals, steps, bytes / 1e6,
                 control->memory > 0 ? "--memory allows" : "this machine has", memory / 1e6);
    return PS_ERR_LIMIT;
}

/* Of how many paths values are kept. */
static int64_t valued_of(const ps_scenario *scenario, const ps_run_control *control)
{
    const int64_t paths = scenario->run->paths,
                  most = control->valued_paths > 0 ? control->valued_paths : PS_VALUED_PATHS;

    return control->keep_paths || paths < most ? paths : most;
}

int64_t ps_run_attributed(const ps_scenario *scenario, const ps_run_control *control)
{
    const int64_t valued = valued_of(scenario, control), asked = control->attribution_paths,
                  wanted = asked >= 0 ? asked : 1000;

    return scenario->promotions.count == 0 ? 0 : wanted < valued ? wanted : valued;
}

/* Texts of the plan that the result shows are in `kept`, and with keep_paths the values, too. */
static ps_status prepare(run *r, const ps_scenario *scenario, const ps_run_control *control,
                         ps_shard_name name, ps_arena *kept, ps_faults *faults)
{
    ps_status status = fits(scenario, control, faults);

    status = status == PS_OK ? ps_plan_make(scenario, kept, &r->plan, faults) : status;
    if (status != PS_OK) {
        return status;
    }
    r->control = control;
    r->collection = (ps_collection){.plan = &r->plan,
                                    .paths = scenario->run->paths,
                                    .valued = valued_of(scenario, control),
                                    .attributed = ps_run_attributed(scenario, control)};
    return ps_collect_make(&r->collection, control->keep_paths ? kept : &r->arena, name.part,
                           name.of, workers_of(scenario, control))
               ? PS_OK
               : PS_ERR_LIMIT;
}

/* Runs the items that are held. */
static ps_status walk(run *r)
{
    ps_collection *c = &r->collection;
    run_state state = {
        .plan = &r->plan, .collection = c, .control = r->control, .run = ps_isa_choose(NULL)};

    state.work = ps_arena_alloc(&r->arena, (size_t)c->workers, sizeof *state.work);
    for (int k = 0; state.work && k < c->workers; k++) {
        state.work[k] = ps_work_make(&r->plan, &r->arena);
        if (!state.work[k]) {
            return PS_ERR_LIMIT;
        }
    }
    if (!state.work) {
        return PS_ERR_LIMIT;
    }
    ps_parallel_for(c->workers, c->held.item.end - c->held.item.first, run_item, &state);
    return PS_OK;
}

/* Items that are done, without a gap. */
static int64_t items_done(const ps_collection *c)
{
    const int64_t held = c->held.item.end - c->held.item.first;
    int64_t n = 0;

    while (n < held && c->done[n]) {
        n++;
    }
    return n;
}

/* The result of the items that are done, of a collection of the whole run. */
static ps_status conclude(run *r, ps_result *result)
{
    ps_collection *c = &r->collection;
    const ps_scenario *scenario = r->plan.scenario;
    const int64_t paths = items_done(c) * c->per_item * PS_LANES;

    result->paths = paths < c->paths ? paths : c->paths;
    result->partial = result->paths < c->paths;
    result->seed = r->plan.seed;
    result->counts = scenario->run->counts;
    result->parameters = scenario->run->parameters;
    result->sampling = scenario->run->sampling;
    result->periods = r->plan.T;
    if (result->paths > 0 && (!ps_collect_finish(c, result->paths, result) ||
                              (r->control->keep_paths && !ps_collect_paths(c, result)))) {
        return PS_ERR_LIMIT;
    }
    return result->partial ? PS_ERR_INTERRUPTED : PS_OK;
}

ps_status ps_run(const ps_scenario *scenario, const ps_run_control *control, ps_result *result,
                 ps_faults *faults)
{
    run r = {0};

    *result = (ps_result){0};
    ps_status status =
        prepare(&r, scenario, control, (ps_shard_name){1, 1}, &result->arena, faults);

    status = status == PS_OK ? walk(&r) : status;
    status = status == PS_OK ? conclude(&r, result) : status;
    ps_arena_free(&r.arena);
    if (status != PS_OK && status != PS_ERR_INTERRUPTED) {
        ps_result_free(result);
    }
    return status;
}

ps_status ps_run_shard(const ps_scenario *scenario, const ps_run_control *control,
                       ps_shard_name name, ps_string *out, ps_faults *faults)
{
    run r = {0};
    ps_arena kept = {0};
    ps_status status = prepare(&r, scenario, control, name, &kept, faults);
    const ps_collection *c = &r.collection;

    status = status == PS_OK ? walk(&r) : status;
    if (status == PS_OK && items_done(c) < c->held.item.end - c->held.item.first) {
        status = PS_ERR_INTERRUPTED;
    }
    if (status == PS_OK && !ps_shard_write(&r.collection, out)) {
        status = PS_ERR_LIMIT;
    }
    ps_arena_free(&r.arena);
    ps_arena_free(&kept);
    return status;
}

static ps_status take_shards(run *r, ps_shard_source source, ps_faults *faults)
{
    static const char *const problems[] = {"", "a shard does not fit to this run",
                                           "a part of the run is in two shards"};
    ps_collection *c = &r->collection;
    const char *bytes = NULL;
    size_t length = 0;
    ps_status status = source.next(source.context, &bytes, &length);

    for (; status == PS_OK && bytes != NULL;
         status = source.next(source.context, &bytes, &length)) {
        const ps_shard_fit fit = ps_shard_read(c, bytes, length);

        if (fit != PS_SHARD_FITS) {
            return ps_fault_add(faults, "SHARD", "", NULL, 0, 0, NULL, "%s", problems[fit]);
        }
    }
    if (status == PS_OK && items_done(c) < c->items) {
        return ps_fault_add(faults, "SHARD", "", NULL, 0, 0, NULL, "a part of the run is missing");
    }
    return status;
}

ps_status ps_run_merge(const ps_scenario *scenario, const ps_run_control *control,
                       ps_shard_source source, ps_result *result, ps_faults *faults)
{
    ps_run_control one = *control;
    run r = {0};

    one.threads = 1; /* nothing is walked */
    *result = (ps_result){0};
    ps_status status = prepare(&r, scenario, &one, (ps_shard_name){1, 1}, &result->arena, faults);

    status = status == PS_OK ? take_shards(&r, source, faults) : status;
    status = status == PS_OK ? conclude(&r, result) : status;
    ps_arena_free(&r.arena);
    if (status != PS_OK) {
        ps_result_free(result);
    }
    return status;
}

void ps_run_estimate(const ps_scenario *scenario, const ps_run_control *control, double *bytes,
                     double *steps)
{
    const double n = (double)scenario->run->paths, periods = (double)scenario->calendar->periods,
                 segments = scenario->cells, offers = scenario->offers.count,
                 workers = workers_of(scenario, control),
                 values = (double)valued_of(scenario, control),
                 items = n < PS_MAX_ITEMS * PS_LANES ? ceil(n / PS_LANES) : PS_MAX_ITEMS;
    const double figures = 10.0 * periods,
                 grouped = (2.0 * segments + offers + scenario->rivals) * PS_GROUP_METRICS;
    const double sums = figures + segments * offers * PS_LINE_METRICS + grouped * PS_MOMENTS;
    const double rows = PS_ROWS + scenario->rivals + scenario->promotions.count + 8.0;

    const ps_retention *retention = scenario->retention;
    const double before = retention && retention->renewal ? retention->history_years * 365.25 : 0.0;

    *steps = n * periods * segments * (offers + scenario->rivals + 1.0);
    *bytes = 10e6 + 8.0 * values * (VALUES + scenario->goals.count) * (1.0 + 1.0 / PS_TWIN_EVERY) +
             8.0 * rows * (double)ps_run_attributed(scenario, control) +
             sums * (8.0 * items + 64.0 * workers) +
             workers *
                 (figures + (grouped < PS_SKETCHED_GROUPS * PS_GROUP_METRICS
                                 ? grouped
                                 : PS_SKETCHED_GROUPS * PS_GROUP_METRICS)) *
                 (double)sizeof(ps_sketch) +
             workers * periods * segments * offers * WORK_ROWS * (double)sizeof(ps_lanes) +
             workers * before / ps_plan_nominal_days(scenario->calendar->period) * segments *
                 offers * 5.0 * (double)sizeof(ps_lanes);
}

void ps_result_free(ps_result *result)
{
    ps_arena_free(&result->arena);
    *result = (ps_result){0};
}
