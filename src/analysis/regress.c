/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Has the projection moved? Means of the batches of the baseline's paths are compared: the same
 * batches of the same draws pair by pair, or with other draws against the noise of both.
 * docs/model/check.md */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/baseline.h"
#include "math/dist.h"
#include "math/quantile.h"
#include "math/special.h"

/* A clean change fails at most once in so many checks, over all of its figures. */
static const double false_alarms = 0.001;
static const double rounding = 1e-9;

/* The figure now, over the paths of the baseline's first `batches` batches. */
typedef struct {
    bool known;
    double mean, se, batch[PS_BATCHES];
} current;

static double range_mean(const double *a, const double *b, int64_t low, int64_t high)
{
    const double top = ps_sum_pairwise(a + low, (size_t)(high - low));
    const double bottom = b ? ps_sum_pairwise(b + low, (size_t)(high - low)) : (double)(high - low);

    return bottom != 0.0 ? top / bottom : NAN;
}

static current metric_now(const ps_result *result, int m, int64_t paths, int batches)
{
    const ps_metric_info *info = &ps_metric_table[m];
    const bool ratio = info->kind == PS_METRIC_IS_RATIO;
    const double *a = result->path[ratio ? info->numerator : m],
                 *b = ratio ? result->path[info->denominator] : NULL;
    current now = {result->has[m] && a != NULL && isfinite(result->summary[m].mean),
                   result->summary[m].mean,
                   result->summary[m].se,
                   {0}};

    for (int k = 0; k < batches && now.known; k++) {
        now.batch[k] = range_mean(a, b, paths * k / PS_BATCHES, paths * (k + 1) / PS_BATCHES);
    }
    return now;
}

static current goal_now(const ps_result *result, const char *id, int64_t paths, int batches)
{
    current now = {false, NAN, NAN, {0}};

    for (int g = 0; g < result->goals; g++) {
        const ps_goal_result *goal = &result->goal[g];
        const double n = (double)result->paths;

        if (strcmp(goal->id, id) != 0) {
            continue;
        }
        now = (current){true, goal->p, sqrt(fmax(goal->p * (1 - goal->p), 1.0 / n) / n), {0}};
        for (int k = 0; k < batches; k++) {
            const int64_t low = paths * k / PS_BATCHES, high = paths * (k + 1) / PS_BATCHES;
            double reached = 0;

            for (int64_t i = low; i < high; i++) {
                reached += result->path_goal[g][i] >= goal->target;
            }
            now.batch[k] = reached / (double)(high - low);
        }
    }
    return now;
}

static current now_of(const ps_result *result, const char *id, int64_t paths, int batches)
{
    const int m = strncmp(id, "goals.", 6) == 0 ? -1 : ps_metric_find(id);

    return m >= 0                          ? metric_now(result, m, paths, batches)
           : strncmp(id, "goals.", 6) == 0 ? goal_now(result, id + 6, paths, batches)
                                           : (current){0};
}

static bool equal(double a, double b)
{
    return a == b || (isnan(a) && isnan(b)) || fabs(a - b) <= rounding * fmax(fabs(a), fabs(b));
}

static bool all_equal(const ps_baseline_figure *then, const current *now, int batches)
{
    for (int k = 0; k < batches; k++) {
        if (!equal(then->batch[k], now->batch[k])) {
            return false;
        }
    }
    return true;
}

static double allowed(const ps_baseline *b, const ps_baseline_figure *f)
{
    const double tolerance = isnan(f->tolerance) ? b->tolerance : f->tolerance;

    return signbit(tolerance) ? -tolerance : tolerance * fabs(f->mean);
}

/* The mean of the pairs' differences, and its standard error. */
static void pair_up(const ps_baseline_figure *then, const current *now, int batches, double out[2])
{
    double sum = 0, square = 0;
    int n = 0;

    for (int k = 0; k < batches; k++) {
        const double d = now->batch[k] - then->batch[k];

        if (!isnan(d)) {
            n++;
            sum += d;
            square += d * d;
        }
    }
    out[0] = n > 0 ? sum / n : NAN;
    out[1] = n > 1 ? sqrt(fmax(square - sum * sum / n, 0.0) / (n - 1) / n) : NAN;
}

static void decide(const ps_baseline_figure *then, double change, ps_regression_figure *f)
{
    const bool sure = fabs(change) > f->noise && fabs(change) > rounding * fabs(then->mean);
    const bool material = fabs(change) > f->tolerance;

    f->moved = sure && material ? PS_MOVED
               : sure           ? PS_MOVED_IMMATERIAL
               : material       ? PS_MOVED_CANNOT_TELL
                                : PS_MOVED_NOT;
}

/* `critical`: Student's t for the pairs, normal otherwise. */
static void test(const ps_baseline *b, const ps_baseline_figure *then, const current *now,
                 const ps_regression *r, int batches, double critical, ps_regression_figure *f)
{
    const double power = 1.2815515655446004; /* 9 of 10 */
    double pair[2];

    *f = (ps_regression_figure){.id = then->id,
                                .then = then->mean,
                                .now = now->mean,
                                .tolerance = allowed(b, then),
                                .detectable = NAN};
    if (!now->known) {
        f->moved = PS_MOVED_GONE;
        return;
    }
    if (r->rule == PS_RULE_EXACT) {
        return;
    }
    if (r->rule == PS_RULE_PAIRED) {
        pair_up(then, now, batches, pair);
        f->noise = critical * pair[1];
        if (batches < PS_BATCHES) { /* a quick check sees the change of its part of the futures */
            f->now = then->mean + pair[0];
        }
        decide(then, pair[0], f);
        return;
    }
    const double error = sqrt(then->se * then->se + now->se * now->se);

    f->noise = critical * error;
    f->detectable = fmax((critical + power) * error, f->tolerance) / fabs(then->mean);
    decide(then, now->mean - then->mean, f);
    if (f->moved == PS_MOVED_CANNOT_TELL) { /* other draws: noise is what was to be expected */
        f->moved = PS_MOVED_NOT;
    }
}

static double critical_value(const ps_regression *r, int figures, int batches)
{
    const double tail = false_alarms / 2.0 / (figures > 0 ? figures : 1);
    const ps_dist normal = {.law = PS_LAW_NORMAL, .p = {0.0, 1.0}, .sign = 1.0};

    return r->rule == PS_RULE_PAIRED ? ps_student_upper(tail, batches - 1)
                                     : -ps_dist_quantile(&normal, tail);
}

static const ps_baseline_figure *figure_of(const ps_baseline *b, const char *id)
{
    for (int i = 0; i < b->figures; i++) {
        if (strcmp(b->figure[i].id, id) == 0) {
            return &b->figure[i];
        }
    }
    return NULL;
}

/* Figures that the baseline does not know. */
static void add_new(const ps_baseline *b, const ps_result *result, ps_regression *r)
{
    for (int m = 0; m < PS_METRICS; m++) {
        if (result->has[m] && ps_metric_table[m].label != NULL &&
            isfinite(result->summary[m].mean) && figure_of(b, ps_metric_table[m].id) == NULL) {
            r->figure[r->figures++] = (ps_regression_figure){.id = ps_metric_table[m].id,
                                                             .moved = PS_MOVED_NEW,
                                                             .then = NAN,
                                                             .now = result->summary[m].mean,
                                                             .detectable = NAN};
        }
    }
}

/* Rule, then every figure. `now` is by figure of the baseline; batches: 0 when the draws differ. */
static void decide_all(const ps_baseline *b, const current *now, int batches, ps_regression *out)
{
    bool exact = batches > 0;

    for (int i = 0; i < b->figures; i++) {
        exact = exact && now[i].known && all_equal(&b->figure[i], &now[i], batches);
    }
    out->rule = exact ? PS_RULE_EXACT : batches > 0 ? PS_RULE_PAIRED : PS_RULE_UNPAIRED;
    const double critical = critical_value(out, b->figures, batches);

    for (int i = 0; i < b->figures; i++) {
        ps_regression_figure *f = &out->figure[out->figures++];

        test(b, &b->figure[i], &now[i], out, batches, critical, f);
        out->moved += f->moved == PS_MOVED || f->moved == PS_MOVED_GONE;
    }
}

static current *begin(const ps_baseline *b, const char *hash, ps_arena *arena, ps_regression *out)
{
    *out = (ps_regression){.same_scenario = strcmp(b->hash, hash) == 0};
    out->figure = ps_arena_alloc(arena, (size_t)(b->figures + PS_METRICS) + 1, sizeof *out->figure);
    return out->figure == NULL ? NULL
                               : ps_arena_alloc(arena, (size_t)b->figures + 1, sizeof(current));
}

ps_status ps_regress(const ps_baseline *b, const ps_scenario *scenario, const ps_result *result,
                     ps_arena *arena, ps_regression *out)
{
    const bool whole = result->paths == b->paths;
    const bool same_draws = b->stream == PS_STREAM_VERSION && b->seed == result->seed &&
                            (whole || result->paths == b->paths * PS_QUICK_BATCHES / PS_BATCHES);
    const int batches = !same_draws ? 0 : whole ? PS_BATCHES : PS_QUICK_BATCHES;
    current *now = begin(b, scenario->hash, arena, out);

    if (now == NULL) {
        return PS_ERR_LIMIT;
    }
    for (int i = 0; i < b->figures; i++) {
        now[i] = now_of(result, b->figure[i].id, b->paths, batches);
    }
    decide_all(b, now, batches, out);
    add_new(b, result, out);
    return PS_OK;
}

ps_status ps_regress_stored(const ps_baseline *then, const ps_baseline *now, ps_arena *arena,
                            ps_regression *out)
{
    const bool same_draws =
        then->stream == now->stream && then->seed == now->seed && then->paths == now->paths;
    current *figures = begin(then, now->hash, arena, out);

    if (figures == NULL) {
        return PS_ERR_LIMIT;
    }
    for (int i = 0; i < then->figures; i++) {
        const ps_baseline_figure *f = figure_of(now, then->figure[i].id);

        if (f != NULL) {
            figures[i] = (current){true, f->mean, f->se, {0}};
            memcpy(figures[i].batch, f->batch, sizeof f->batch);
        }
    }
    decide_all(then, figures, same_draws ? PS_BATCHES : 0, out);
    return PS_OK;
}
