/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare.h"

#include <math.h>
#include <string.h>

#include "engine/figure.h"
#include "engine/plan_parts.h"
#include "math/quantile.h"
#include "scenario/load.h"

static void *copy(ps_arena *arena, const void *from, size_t count, size_t size)
{
    void *to = ps_arena_alloc(arena, count + 1, size);

    if (to != NULL && count > 0) {
        memcpy(to, from, count * size);
    }
    return to;
}

/* Values of a metric by future; a NULL: this result does not have it. */
static ps_values values_of(const ps_result *result, int metric)
{
    const ps_metric_info *info = &ps_metric_table[metric];

    if (info->kind != PS_METRIC_IS_RATIO) {
        return (ps_values){result->path[metric], NULL};
    }
    const ps_values values = {result->path[info->numerator], result->path[info->denominator]};

    return values.a == NULL || values.b == NULL ? (ps_values){NULL, NULL} : values;
}

static double value_at(ps_values x, int64_t i)
{
    return x.b == NULL ? x.a[i] : x.b[i] != 0.0 ? x.a[i] / x.b[i] : NAN;
}

static ps_pair pair_of(ps_values x, ps_values y, int64_t n, double *scratch)
{
    ps_pair pair = {.difference = ps_figure_of_difference(x, y, n, scratch)};
    double better = 0, equal = 0, known = 0;

    for (int64_t i = 0; i < n; i++) {
        const double a = value_at(x, i), b = value_at(y, i);

        known += !isnan(a) && !isnan(b);
        better += a > b;
        equal += a == b;
    }
    pair.better_frac = known > 0 ? better / known : NAN;
    pair.equal_frac = known > 0 ? equal / known : NAN;
    return pair;
}

static void pair_metrics(const ps_comparison *c, const ps_result *result, ps_compared *plan)
{
    for (int m = 0; m < PS_METRICS; m++) {
        const ps_values x = values_of(result, m), y = values_of(c->base, m);

        plan->has[m] = result->has[m];
        plan->summary[m] = result->summary[m];
        plan->pair[m] = (ps_pair){ps_figure_none(), NAN, NAN};
        if (result->has[m] && c->base->has[m] && x.a != NULL && y.a != NULL) {
            plan->pair[m] = pair_of(x, y, c->paths, c->scratch);
        }
    }
}

/* The chance of a goal in both plans: the difference of "reached" in the same future. */
static ps_pair pair_goal(const ps_comparison *c, const ps_result *result, int k)
{
    const ps_goal_result *goal = &result->goal[k];

    for (int j = 0; j < c->base->goals; j++) {
        const ps_goal_result *other = &c->base->goal[j];
        double better = 0, worse = 0;
        const double n = (double)c->paths;

        if (strcmp(other->id, goal->id) != 0) {
            continue;
        }
        for (int64_t i = 0; i < c->paths; i++) {
            const bool now = result->path_goal[k][i] >= goal->target,
                       then = c->base->path_goal[j][i] >= other->target;

            better += now && !then;
            worse += then && !now;
        }
        const double mean = (better - worse) / n, square = (better + worse) / n;
        ps_pair pair = {ps_figure_none(), better / n, 1.0 - square};

        pair.difference.mean = mean;
        pair.difference.sd = sqrt(fmax(0.0, square - mean * mean));
        pair.difference.se = pair.difference.sd / sqrt(n);
        return pair;
    }
    return (ps_pair){ps_figure_none(), NAN, NAN};
}

/* ---- the bridge ---- */

static const ps_line_mean *line_of(const ps_result *result, const ps_line_mean *like)
{
    for (int k = 0; k < result->lines; k++) {
        if (strcmp(result->line[k].segment, like->segment) == 0 &&
            strcmp(result->line[k].offer, like->offer) == 0) {
            return &result->line[k];
        }
    }
    return NULL;
}

static double metric_mean(const ps_result *result, int metric)
{
    return isfinite(result->summary[metric].mean) ? result->summary[metric].mean : 0.0;
}

/* Rows of the pocket margin: sum over lines k of q1 m1 - q0 m0, with q units, m = p - c margin, p
 * pocket price and d promotion discount per unit; M0 the base's mean margin per unit. A line that
 * the base does not sell has all its margin in the mix. */
static void margin_rows(const ps_result *base, const ps_result *result, double *bridge)
{
    double units0 = 0, units1 = 0, margin0 = 0;

    for (int k = 0; k < base->lines; k++) {
        units0 += base->line[k].units;
        margin0 += base->line[k].margin;
    }
    const double mean = units0 > 0 ? margin0 / units0 : 0.0;

    for (int k = 0; k < result->lines; k++) {
        const ps_line_mean *now = &result->line[k], *then = line_of(base, now);
        const double q = now->units;

        units1 += q;
        if (q <= 0 || then == NULL || then->units <= 0) {
            bridge[PS_BRIDGE_MIX] += now->margin - q * mean;
            continue;
        }
        const double part = q / then->units; /* the base's line at this plan's units */
        const double price = now->pocket - part * then->pocket;
        const double cost = (now->pocket - now->margin) - part * (then->pocket - then->margin);
        const double promotion = -(now->promotion - part * then->promotion);

        bridge[PS_BRIDGE_MIX] += part * then->margin - q * mean;
        bridge[PS_BRIDGE_PROMOTION] += promotion;
        bridge[PS_BRIDGE_PRICE] += price - promotion;
        bridge[PS_BRIDGE_UNIT_COST] -= cost;
    }
    bridge[PS_BRIDGE_VOLUME] = (units1 - units0) * mean;
}

static void make_bridge(const ps_comparison *c, const ps_result *result, double *bridge)
{
    static const struct {
        ps_bridge_row row;
        ps_metric metric;
    } costs[] = {
        {PS_BRIDGE_PROMOTION_FIXED, PS_METRIC_promotion_fixed},
        {PS_BRIDGE_COMMISSION, PS_METRIC_commission},
        {PS_BRIDGE_ACQUISITION, PS_METRIC_acquisition_cost},
    };
    double rest =
        metric_mean(result, PS_METRIC_contribution) - metric_mean(c->base, PS_METRIC_contribution);

    margin_rows(c->base, result, bridge);
    for (size_t i = 0; i < sizeof costs / sizeof *costs; i++) {
        bridge[costs[i].row] =
            metric_mean(c->base, costs[i].metric) - metric_mean(result, costs[i].metric);
    }
    bridge[PS_BRIDGE_COMMISSION] +=
        metric_mean(c->base, PS_METRIC_bonus) - metric_mean(c->base, PS_METRIC_clawback) -
        metric_mean(result, PS_METRIC_bonus) + metric_mean(result, PS_METRIC_clawback);
    for (int i = 0; i < PS_BRIDGE_REST; i++) {
        rest -= bridge[i];
    }
    bridge[PS_BRIDGE_REST] = rest;
}

/* Of what is booked: units q0 and q1, d the rows of the bridge without the last, v the plan's
 * margin per unit after commission. At (1 + b) q0 units, v each, it would earn as much as the base.
 */
static void break_even(const ps_comparison *c, const ps_result *result, ps_compared *plan)
{
    double units0 = 0, units1 = 0, pocket = 0, margin = 0, earned = 0;

    for (int k = 0; k < c->base->lines; k++) {
        units0 += c->base->line[k].units;
    }
    for (int k = 0; k < result->lines; k++) {
        units1 += result->line[k].units;
        pocket += result->line[k].pocket;
        margin += result->line[k].margin;
    }
    margin -= metric_mean(result, PS_METRIC_commission) + metric_mean(result, PS_METRIC_bonus) -
              metric_mean(result, PS_METRIC_clawback);
    for (int i = 0; i < PS_BRIDGE_REST; i++) {
        earned += plan->bridge[i];
    }
    plan->unit_margin = units1 > 0 ? margin / units1 : NAN;
    plan->units_change = units0 > 0 ? units1 / units0 - 1.0 : NAN;
    plan->break_even = units0 > 0 && margin > 1e-12 * pocket
                           ? (units1 - earned / plan->unit_margin) / units0 - 1.0
                           : NAN;
}

/* ---- plans ---- */

/* The first uncertain input from k on that is no promotion's and no rival's: Sobol coordinates of
 * the others do not depend on those. */
static int next_uncertain(const ps_scenario *scenario, int k)
{
    while (k < scenario->input_count &&
           (scenario->inputs[k].number->dist.law == PS_LAW_CONSTANT ||
            ps_plan_input_rank(scenario->inputs[k].number->pointer) > 0)) {
        k++;
    }
    return k;
}

static bool same_points(const ps_scenario *a, const ps_scenario *b)
{
    int i = next_uncertain(a, 0), j = next_uncertain(b, 0);

    if (a->run->sampling == PS_SAMPLING_RANDOM) {
        return true;
    }
    while (i < a->input_count && j < b->input_count &&
           strcmp(a->inputs[i].number->pointer, b->inputs[j].number->pointer) == 0) {
        i = next_uncertain(a, i + 1);
        j = next_uncertain(b, j + 1);
    }
    return i == a->input_count && j == b->input_count;
}

static ps_status incomparable(const ps_comparison *c, const ps_scenario *scenario, const char *id,
                              ps_faults *faults)
{
    const ps_scenario *base = c->plan[0].scenario;
    const char *pointer =
        base->scope != scenario->scope                           ? "/scope"
        : strcmp(base->currency, scenario->currency) != 0        ? "/currency"
        : base->calendar->start != scenario->calendar->start     ? "/calendar/start"
        : base->calendar->period != scenario->calendar->period   ? "/calendar/period"
        : base->calendar->periods != scenario->calendar->periods ? "/calendar/periods"
        : base->run->counts != scenario->run->counts             ? "/run/counts"
        : base->run->parameters != scenario->run->parameters     ? "/run/parameters"
        : base->run->sampling != scenario->run->sampling         ? "/run/sampling"
                                                                 : NULL;

    if (pointer == NULL && !same_points(base, scenario)) {
        return ps_fault_add(
            faults, "COMPARE", "/run/sampling", NULL, 0, 0,
            "compare with --set /run/sampling=random",
            "%s has other uncertain inputs than %s: Sobol points of the two are not "
            "the same futures",
            id, c->plan[0].id);
    }
    return pointer == NULL ? PS_OK
                           : ps_fault_add(faults, "COMPARE", pointer, NULL, 0, 0,
                                          "set it to one value for all with --set",
                                          "%s differs from %s here: they cannot be compared future "
                                          "by future",
                                          id, c->plan[0].id);
}

/* Series of means, for the difference by period. */
static bool copy_series(ps_comparison *c, const ps_result *result, ps_compared *plan)
{
    for (int m = 0; m < PS_METRICS; m++) {
        if (result->has[m] && result->series[m].mean != NULL) {
            plan->series[m] =
                copy(&c->arena, result->series[m].mean, (size_t)result->periods, sizeof(double));
            if (plan->series[m] == NULL) {
                return false;
            }
        }
    }
    return true;
}

static bool copy_parts(ps_comparison *c, const ps_result *result, ps_compared *plan)
{
    const ps_values decides = values_of(result, c->metric);

    plan->goals = result->goals;
    plan->goal = copy(&c->arena, result->goal, (size_t)result->goals, sizeof *plan->goal);
    plan->goal_pair = ps_arena_alloc(&c->arena, (size_t)result->goals + 1, sizeof *plan->goal_pair);
    plan->waterfall_rows = result->waterfall_rows;
    plan->waterfall =
        copy(&c->arena, result->waterfall, (size_t)result->waterfall_rows, sizeof *plan->waterfall);
    plan->funnel_rows = result->funnel_rows;
    plan->funnel =
        copy(&c->arena, result->funnel, (size_t)result->funnel_rows, sizeof *plan->funnel);
    plan->value = ps_arena_alloc(&c->arena, (size_t)c->paths, sizeof(double));
    if (!plan->goal || !plan->goal_pair || !plan->waterfall || !plan->funnel || !plan->value ||
        !copy_series(c, result, plan)) {
        return false;
    }
    for (int k = 0; k < result->goals; k++) {
        plan->goal_pair[k] = pair_goal(c, result, k);
    }
    for (int64_t i = 0; i < c->paths; i++) {
        plan->value[i] = decides.a == NULL ? NAN : value_at(decides, i);
    }
    return true;
}

static ps_status add(ps_comparison *c, const char *id, const ps_scenario *scenario,
                     const ps_result *result)
{
    ps_compared *plan = &c->plan[c->plans];

    *plan = (ps_compared){.id = id, .scenario = scenario};
    pair_metrics(c, result, plan);
    make_bridge(c, result, plan->bridge);
    break_even(c, result, plan);
    if (!copy_parts(c, result, plan)) {
        return PS_ERR_LIMIT;
    }
    c->plans++;
    return PS_OK;
}

ps_status ps_compare_begin(ps_comparison *c, int metric, const char *id,
                           const ps_scenario *scenario, const ps_result *base)
{
    *c = (ps_comparison){
        .metric = metric, .paths = base->paths, .partial = base->partial, .base = base};
    c->scratch = ps_arena_alloc(&c->arena, 2 * (size_t)base->paths, sizeof(double));
    return c->scratch == NULL ? PS_ERR_LIMIT : add(c, id, scenario, base);
}

ps_status ps_compare_add(ps_comparison *c, const char *id, const ps_scenario *scenario,
                         const ps_result *result, ps_faults *faults)
{
    const ps_status status = incomparable(c, scenario, id, faults);

    if (status != PS_OK || c->plans == PS_COMPARE_MOST) {
        return status;
    }
    return add(c, id, scenario, result);
}

void ps_compare_rank(ps_comparison *c)
{
    for (int k = 0; k < c->plans; k++) {
        ps_compared *plan = &c->plan[k];
        double best = 0, known = 0;

        for (int64_t i = 0; i < c->paths; i++) {
            double most = -INFINITY;

            for (int j = 0; j < c->plans; j++) {
                most = c->plan[j].value[i] > most ? c->plan[j].value[i] : most;
            }
            const double loss = most - plan->value[i];

            c->scratch[i] = loss >= 0 ? loss : 0.0;
            known += loss >= 0;
            best += loss == 0;
        }
        const ps_figure regret = ps_figure_of(c->scratch, c->paths, c->scratch + c->paths);

        plan->best_frac = known > 0 ? best / known : NAN;
        plan->regret = known > 0 ? regret.mean : NAN;
        plan->regret_se = known > 0 ? regret.se : NAN;
    }
}

void ps_compare_free(ps_comparison *c)
{
    ps_arena_free(&c->arena);
    *c = (ps_comparison){0};
}
