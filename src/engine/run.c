/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paths over threads: items of consecutive batches, each by one worker, results in slots of their
 * own. */
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "base/parallel.h"
#include "engine/collect.h"
#include "engine/isa.h"

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

static bool run_item(void *context, int worker, long item)
{
    run_state *state = context;
    ps_collection *c = state->collection;
    const ps_run_control *control = state->control;

    for (int64_t b = item * c->per_item; b < (item + 1) * c->per_item && b < c->batches; b++) {
        if (control->stop && atomic_load(control->stop)) {
            return false;
        }
        run_batch(state, worker, item, b, false);
        if (b % PS_TWIN_EVERY == 0 && !state->plan->centre && state->plan->luck) {
            run_batch(state, worker, item, b, true);
        }
    }
    ps_collect_item(c, worker, item);
    c->done[item] = true;
    const long finished = atomic_fetch_add(&state->finished, 1) + 1;

    if (worker == 0 && control->progress) {
        control->progress(control->context, (double)finished / c->items);
    }
    return true;
}

/* Paths of the items that are done without a gap. */
static int64_t done_paths(const ps_collection *c)
{
    int64_t n = 0;

    for (int i = 0; i < c->items && c->done[i]; i++) {
        n = (int64_t)(i + 1) * c->per_item * PS_LANES;
    }
    return n < c->paths ? n : c->paths;
}

static ps_status run_plan(const ps_plan *plan, ps_arena *arena, const ps_run_control *control,
                          int64_t attributed, ps_result *result)
{
    const int64_t paths = plan->scenario->run->paths;
    int workers = control->threads > 0 ? control->threads : ps_parallel_default_threads();
    ps_collection c;
    run_state state = {
        .plan = plan, .collection = &c, .control = control, .run = ps_isa_choose(NULL)};

    workers = (int64_t)workers < (paths + PS_LANES - 1) / PS_LANES
                  ? workers
                  : (int)((paths + PS_LANES - 1) / PS_LANES);
    state.work = ps_arena_alloc(arena, (size_t)workers, sizeof *state.work);
    if (!state.work || !ps_collect_make(&c, plan, control->keep_paths ? &result->arena : arena,
                                        paths, attributed, workers)) {
        return PS_ERR_LIMIT;
    }
    for (int k = 0; k < workers; k++) {
        state.work[k] = ps_work_make(plan, arena);
        if (!state.work[k]) {
            return PS_ERR_LIMIT;
        }
    }
    ps_parallel_for(workers, c.items, run_item, &state);
    result->paths = done_paths(&c);
    result->partial = result->paths < paths;
    result->seed = plan->seed;
    result->counts = plan->scenario->run->counts;
    result->parameters = plan->scenario->run->parameters;
    result->periods = plan->T;
    if (result->paths > 0 && !ps_collect_finish(&c, result->paths, workers, result)) {
        return PS_ERR_LIMIT;
    }
    if (control->keep_paths && result->paths > 0 && !ps_collect_paths(&c, result)) {
        return PS_ERR_LIMIT;
    }
    return result->partial ? PS_ERR_INTERRUPTED : PS_OK;
}

/* Refuses what would not fit into the machine's memory before anything is allocated. */
static ps_status fits(const ps_scenario *scenario, int threads, ps_faults *faults)
{
    const double memory = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    double bytes, steps;

    ps_run_estimate(scenario, threads, &bytes, &steps);
    if (memory <= 0.0 || bytes < 0.8 * memory) {
        return PS_OK;
    }
    ps_fault_add(faults, "LIMIT", "/run/paths", NULL, 0, 0, "ask for fewer paths or periods",
                 "%lld paths over %lld periods and %d segments need about %.1f GB of memory; this "
                 "machine has %.1f GB",
                 (long long)scenario->run->paths, (long long)scenario->calendar->periods,
                 scenario->market->segments.count, bytes / 1e9, memory / 1e9);
    return PS_ERR_LIMIT;
}

ps_status ps_run(const ps_scenario *scenario, const ps_run_control *control, ps_result *result,
                 ps_faults *faults)
{
    ps_arena arena = {0};
    ps_plan plan;
    const int64_t paths = scenario->run->paths, asked = control->attribution_paths;
    int64_t attributed = asked >= 0 ? asked : 1000;

    *result = (ps_result){0};
    attributed = attributed < paths ? attributed : paths;
    attributed = scenario->promotions.count > 0 ? attributed : 0;
    ps_status status = fits(scenario, control->threads, faults);

    if (status == PS_OK) {
        status = ps_plan_make(scenario, &result->arena, &plan, faults);
    }

    if (status == PS_OK) {
        status = run_plan(&plan, &arena, control, attributed, result);
    }
    ps_arena_free(&arena);
    if (status != PS_OK && status != PS_ERR_INTERRUPTED) {
        ps_result_free(result);
    }
    return status;
}

void ps_run_estimate(const ps_scenario *scenario, int threads, double *bytes, double *steps)
{
    const int workers = threads > 0 ? threads : ps_parallel_default_threads();
    const double n = (double)scenario->run->paths, periods = (double)scenario->calendar->periods;
    const double alternatives = scenario->offers.count + scenario->rivals + 1,
                 segments = scenario->cells;
    const double sketches =
        periods * 10.0 + (segments + scenario->offers.count + scenario->rivals) * PS_GROUP_METRICS;

    *steps = n * periods * segments * alternatives;
    *bytes =
        n * 8.0 * (PS_METRICS + scenario->goals.count) +
        workers * sketches * (double)sizeof(ps_sketch) +
        workers * periods * segments * scenario->offers.count * 40.0 * (double)sizeof(ps_lanes);
}

void ps_result_free(ps_result *result)
{
    ps_arena_free(&result->arena);
    *result = (ps_result){0};
}
