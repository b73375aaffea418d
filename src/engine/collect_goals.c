/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chance of each goal, and how far it depends on the inputs. docs/model/statistics.md */
#include <math.h>
#include <string.h>

#include "engine/collect.h"
#include "engine/figure.h"
#include "math/dist.h"

enum { LEAST_PAIRS = 64 };

void ps_collect_goal_values(ps_collection *c, const ps_work *work, const ps_job *job)
{
    const ps_plan *p = c->plan;

    for (int k = 0; k < p->goals; k++) {
        const double *a = work->out.goal[k * 2], *b = work->out.goal[k * 2 + 1];
        const bool ratio = ps_metric_table[p->goal[k].metric].kind == PS_METRIC_IS_RATIO;
        double *to = job->twin ? ps_held(c->goal_twin, k, c->held.twin, job->path0 / PS_TWIN_EVERY)
                               : ps_held(c->goal, k, c->held.path, job->path0);

        ps_lanes x;

        for (int l = 0; l < job->lanes; l++) {
            x[l] = !ratio ? a[l] : b[l] != 0.0 ? a[l] / b[l] : 0.0;
        }
        if (job->path0 < c->valued) {
            memcpy(to, x, (size_t)job->lanes * sizeof *to);
        }
        if (c->valued < c->paths && !job->twin) {
            ps_collect_goal_moments(c, k, x, job);
        }
    }
}

void ps_chance_range(double p, double between, double range[2])
{
    const double most = p * (1.0 - p);

    if (between <= 1e-6 * most) { /* the inputs do not matter */
        range[0] = range[1] = p;
        return;
    }
    if (between >= 0.999 * most) { /* given the inputs it is certain, one way or the other */
        range[0] = p < 0.9 ? 0.0 : 1.0;
        range[1] = p > 0.1 ? 1.0 : 0.0;
        return;
    }
    const double size = most / between - 1.0;
    const ps_dist beta = {.law = PS_LAW_BETA, .p = {p * size, (1.0 - p) * size}, .sign = 1.0};

    range[0] = ps_dist_quantile(&beta, 0.1);
    range[1] = ps_dist_quantile(&beta, 0.9);
}

/* Covariance of "reached" between paths and their twins: the variance of the chances given the
 * inputs. NAN: too few pairs, or inputs that do not vary. */
static double between_inputs(const ps_collection *c, int goal, int64_t paths, double p)
{
    const double *x = c->goal + goal * c->valued, *y = c->goal_twin + goal * c->twins;
    const double target = c->plan->goal[goal].target;
    double reached = 0.0, both = 0.0, n = 0.0;

    if (c->plan->centre) {
        return NAN;
    }
    if (!c->plan->luck) {
        return p * (1.0 - p);
    }
    for (int64_t k = 0; k < c->twins; k++) {
        const int64_t path = k / PS_LANES * PS_LANES * PS_TWIN_EVERY + k % PS_LANES;

        if (path < paths) {
            const bool a = x[path] >= target, b = y[k] >= target;

            n += 1.0;
            reached += a + b;
            both += a && b;
        }
    }
    const double mean = reached / (2.0 * n);

    return n < LEAST_PAIRS ? NAN : fmax(0.0, both / n - mean * mean);
}

static void tally_values(const ps_collection *c, int goal, int64_t paths,
                         double tally[PS_GOAL_MOMENTS])
{
    const double *x = c->goal + goal * c->valued, target = c->plan->goal[goal].target;

    memset(tally, 0, PS_GOAL_MOMENTS * sizeof *tally);
    for (int64_t i = 0; i < paths; i++) {
        tally[PS_GOAL_REACHED] += x[i] >= target;
        tally[PS_GOAL_ABOVE] += x[i] > target;
        tally[PS_GOAL_MISSED] += x[i] >= target ? 0.0 : target - x[i];
    }
}

static void chance(const ps_collection *c, int goal, int64_t paths,
                   const double tally[PS_GOAL_MOMENTS], ps_goal_result *g)
{
    const double n = (double)paths, reached = tally[PS_GOAL_REACHED];
    double range[2] = {NAN, NAN};

    g->p = reached / n;
    g->se = sqrt(g->p * (1.0 - g->p) / n);
    ps_wilson(reached, n, 1.959963984540054, &g->low, &g->high);
    g->average_miss = reached < n ? tally[PS_GOAL_MISSED] / (n - reached) : 0.0;
    g->out_of_range = reached == 0.0 || tally[PS_GOAL_ABOVE] == n;
    const double between = between_inputs(c, goal, paths < c->valued ? paths : c->valued, g->p);

    if (!isnan(between)) {
        ps_chance_range(g->p, between, range);
    }
    g->p_low = range[0];
    g->p_high = range[1];
}

bool ps_collect_goals(const ps_collection *c, int64_t paths, int items, double *scratch,
                      ps_result *r)
{
    const bool beyond = c->valued < c->paths;
    const int64_t valued = paths < c->valued ? paths : c->valued;
    const ps_plan *p = c->plan;
    const ps_goal *from = p->scenario->goals.items;

    r->goals = p->goals;
    r->goal = ps_arena_alloc(&r->arena, (size_t)p->goals + 1, sizeof *r->goal);
    for (int k = 0; r->goal && k < p->goals; k++) {
        ps_figure f = ps_figure_of(c->goal + k * c->valued, valued, scratch);
        double tally[PS_GOAL_MOMENTS];

        if (beyond) {
            ps_collect_goal_tally(c, k, items, tally);
            f.mean = tally[PS_GOAL_SUM] / (double)paths;
        } else {
            tally_values(c, k, paths, tally);
        }

        r->goal[k] = (ps_goal_result){.id = from[k].entry.id,
                                      .label = from[k].entry.label,
                                      .metric = from[k].metric,
                                      .target = p->goal[k].target,
                                      .p10 = f.p10,
                                      .p50 = f.p50,
                                      .p90 = f.p90,
                                      .mean = f.mean};
        chance(c, k, paths, tally, &r->goal[k]);
    }
    return r->goal != NULL;
}
