/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The figures of all metrics. Means of ratios are ratios of means; their percentiles are over paths
 * with a denominator; standard errors by the delta method. docs/model/statistics.md
 *
 * Where paths are many, several threads take a metric each: each has room of its own for the values
 * that it sorts. */
#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "engine/collect.h"
#include "engine/figure.h"

static double ratio_at(const double *a, const double *b, int64_t i)
{
    return b ? (b[i] != 0.0 ? a[i] / b[i] : 0.0) : a[i];
}

/* Share of the variance that comes from the inputs: covariance of a path with its twin over the
 * variance; of none NAN. */
static double ignorance(const ps_collection *c, int metric, const ps_figure *f, int64_t paths)
{
    const ps_metric_info *info = &ps_metric_table[metric];
    const bool ratio = info->kind == PS_METRIC_IS_RATIO;
    const int top = c->kept[ratio ? info->numerator : metric],
              bottom = ratio ? c->kept[info->denominator] : -1;
    const double *x = c->total + top * c->valued,
                 *xb = ratio ? c->total + bottom * c->valued : NULL;
    const double *y = c->twin + top * c->twins, *yb = ratio ? c->twin + bottom * c->twins : NULL;
    double sum[5] = {0.0};
    int64_t n = 0;

    if (!(f->sd > 1e-9 * fabs(f->mean))) {
        return NAN; /* nothing varies but by rounding */
    }
    if (c->plan->centre) {
        return 0.0;
    }
    if (!c->plan->luck) {
        return 1.0;
    }
    for (int64_t k = 0; k < c->twins; k++) {
        const int64_t path = k / PS_LANES * PS_LANES * PS_TWIN_EVERY + k % PS_LANES;

        if (path < paths) {
            const double a = ratio_at(x, xb, path), b = ratio_at(y, yb, k);

            n++;
            sum[0] += a;
            sum[1] += b;
            sum[2] += a * b;
            sum[3] += a * a;
            sum[4] += b * b;
        }
    }
    const double m = (double)n, mean = (sum[0] + sum[1]) / (2.0 * m);
    const double variance = (sum[3] + sum[4]) / (2.0 * m) - mean * mean,
                 covariance = sum[2] / m - mean * mean;

    return n < 32 || variance <= 1e-18 * mean * mean ? NAN
                                                     : fmin(1.0, fmax(0.0, covariance / variance));
}

static void batch_means(const ps_collection *c, int metric, int64_t paths, double *to)
{
    const ps_metric_info *info = &ps_metric_table[metric];
    const bool ratio = info->kind == PS_METRIC_IS_RATIO;
    const double *a = c->total + c->kept[ratio ? info->numerator : metric] * c->valued;
    const double *b = ratio ? c->total + c->kept[info->denominator] * c->valued : NULL;

    for (int k = 0; k < PS_BATCHES; k++) {
        const int64_t lo = paths * k / PS_BATCHES, hi = paths * (k + 1) / PS_BATCHES;
        const double top = ps_sum_pairwise(a + lo, (size_t)(hi - lo));
        const double bottom = b ? ps_sum_pairwise(b + lo, (size_t)(hi - lo)) : (double)(hi - lo);

        to[k] = hi > lo && bottom != 0.0 ? top / bottom : NAN;
    }
}

static double mean_by_path(const ps_collection *c, int metric, int64_t paths, int items)
{
    return c->kept[metric] < 0 ? NAN
           : c->valued < c->paths
               ? ps_collect_moment_mean(c, metric, items, paths)
               : ps_sum_pairwise(c->total + c->kept[metric] * c->valued, (size_t)paths) /
                     (double)paths;
}

/* An earlier metric whose figure this one shares, as both stand in one row; -1: none. */
static int figured(const ps_collection *c, int metric)
{
    for (int m = 0; m < metric; m++) {
        if (c->kept[m] == c->kept[metric] && ps_metric_table[m].label) {
            return m;
        }
    }
    return -1;
}

/* Simulation error of a mean over paths that are dealt to Sobol sequences. */
static double sequence_error(const ps_collection *c, int metric, int64_t paths)
{
    const ps_metric_info *info = &ps_metric_table[metric];
    const bool ratio = info->kind == PS_METRIC_IS_RATIO;
    const double *a = c->total + c->kept[ratio ? info->numerator : metric] * c->valued,
                 *b = ratio ? c->total + c->kept[info->denominator] * c->valued : NULL;

    return ps_figure_sequence_error(a, b, paths);
}

enum { FINISHERS = 4, MANY_PATHS = 1 << 14 };
typedef struct {
    const ps_collection *c;
    int64_t paths, valued;
    int items;
    double *scratch; /* [threads][valued] */
    ps_result *result;
} finish;

/* The figure of metric m, but for one that shares an earlier metric's. */
static bool summarise(void *context, int worker, long m)
{
    const finish *x = context;
    const ps_collection *c = x->c;
    const ps_metric_info *info = &ps_metric_table[m];
    const bool ratio = info->kind == PS_METRIC_IS_RATIO;
    const int top = c->kept[ratio ? info->numerator : m],
              bottom = ratio ? c->kept[info->denominator] : 0;
    double *scratch = x->scratch + worker * c->valued, *batch = x->result->batch_means;
    ps_figure *to = &x->result->summary[m];

    *to = ps_figure_none();
    x->result->has[m] = c->plan->has[m] && info->label && (!ratio || (top >= 0 && bottom >= 0));
    if (!info->label) { /* the mean alone is asked for */
        to->mean = mean_by_path(c, (int)m, x->paths, x->items);
        return true;
    }
    if (top < 0 || bottom < 0 || (ratio ? !c->plan->has[m] : figured(c, (int)m) >= 0)) {
        return true;
    }
    *to = ratio ? ps_figure_of_ratio(c->total + top * c->valued, c->total + bottom * c->valued,
                                     x->valued, scratch)
                : ps_figure_of(c->total + top * c->valued, x->valued, scratch);
    if (c->valued < c->paths) {
        ps_collect_moment_figure(c, (int)m, x->items, x->paths, to);
        ps_collect_moment_batches(c, (int)m, x->items, batch + m * PS_BATCHES);
    } else {
        batch_means(c, (int)m, x->paths, batch + m * PS_BATCHES);
    }
    to->ignorance = ignorance(c, (int)m, to, x->valued);
    if (c->plan->sobol) {
        to->se = sequence_error(c, (int)m, x->valued);
    }
    return true;
}

bool ps_collect_summary(const ps_collection *c, int64_t paths, int items, ps_result *r)
{
    const int threads = c->valued < MANY_PATHS   ? 1
                        : c->workers < FINISHERS ? c->workers
                                                 : FINISHERS;
    ps_arena local = {0};
    finish x = {c, paths, paths < c->valued ? paths : c->valued, items, NULL, r};

    x.scratch = ps_arena_alloc(&local, (size_t)c->valued * (size_t)threads, sizeof *x.scratch);
    if (!x.scratch) {
        return false;
    }
    ps_parallel_for(threads, PS_METRICS, summarise, &x);
    for (int m = 0; m < PS_METRICS; m++) {
        const bool ratio = ps_metric_table[m].kind == PS_METRIC_IS_RATIO;
        const int like = ratio || !ps_metric_table[m].label || c->kept[m] < 0 ? -1 : figured(c, m);

        if (like >= 0) {
            r->summary[m] = r->summary[like];
            memcpy(r->batch_means + m * PS_BATCHES, r->batch_means + like * PS_BATCHES,
                   PS_BATCHES * sizeof(double));
        }
    }
    ps_arena_free(&local);
    return true;
}
