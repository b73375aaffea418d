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

/* The rows of totals that a metric's figure is of: top / bottom, or top alone; -1: not kept. */
typedef struct {
    bool ratio;
    int top, bottom;
} figure_rows;

static figure_rows rows_of(const ps_collection *c, int metric)
{
    const ps_metric_info *info = &ps_metric_table[metric];
    const bool ratio = info->kind == PS_METRIC_IS_RATIO;

    return (figure_rows){ratio, c->kept[ratio ? info->numerator : metric],
                         ratio ? c->kept[info->denominator] : -1};
}

static const double *row(const ps_collection *c, int k)
{
    return k < 0 ? NULL : c->total + k * c->valued;
}

/* Share of the variance that comes from the inputs: covariance of a path with its twin over the
 * variance; of none NAN. */
static double ignorance(const ps_collection *c, figure_rows of, const ps_figure *f, int64_t paths)
{
    const double *x = row(c, of.top), *xb = row(c, of.bottom);
    const double *y = c->twin + of.top * c->twins,
                 *yb = of.ratio ? c->twin + of.bottom * c->twins : NULL;
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

static void batch_means(const double *a, const double *b, int64_t paths, double *to)
{
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
               : ps_sum_pairwise(row(c, c->kept[metric]), (size_t)paths) / (double)paths;
}

/* An earlier metric whose figure this one shares, as both are of the same rows; -1: none. */
static int figured(const ps_collection *c, int metric)
{
    const figure_rows own = rows_of(c, metric);

    for (int m = 0; m < metric; m++) {
        const figure_rows of = rows_of(c, m);

        if (of.ratio == own.ratio && of.top == own.top && of.bottom == own.bottom &&
            ps_metric_table[m].label && c->plan->has[m]) {
            return m;
        }
    }
    return -1;
}

enum { FINISHERS = 4, MANY_PATHS = 1 << 14 };
typedef struct {
    const ps_collection *c;
    int64_t paths, valued;
    int items;
    double *scratch; /* [threads][valued] */
    ps_result *result;
} finish;

/* Whether a metric has a figure: it is asked for, and what it is of is kept. */
static bool has_figure(const ps_collection *c, int metric)
{
    const figure_rows of = rows_of(c, metric);

    return c->plan->has[metric] && ps_metric_table[metric].label && of.top >= 0 &&
           (!of.ratio || of.bottom >= 0);
}

/* The figure of metric m, but for one that shares an earlier metric's. */
static bool summarise(void *context, int worker, long number)
{
    const finish *x = context;
    const ps_collection *c = x->c;
    const int m = (int)number;
    const figure_rows of = rows_of(c, m);
    const double *a = row(c, of.top), *b = row(c, of.bottom);
    double *scratch = x->scratch + worker * c->valued,
           *batch = x->result->batch_means + m * PS_BATCHES;
    ps_figure *to = &x->result->summary[m];

    *to = ps_figure_none();
    x->result->has[m] =
        c->plan->has[m] && ps_metric_table[m].label && (!of.ratio || has_figure(c, m));
    if (!ps_metric_table[m].label) { /* the mean alone is asked for */
        to->mean = mean_by_path(c, m, x->paths, x->items);
    }
    if (!has_figure(c, m) || figured(c, m) >= 0) {
        return true;
    }
    *to = of.ratio ? ps_figure_of_ratio(a, b, x->valued, scratch)
                   : ps_figure_of(a, x->valued, scratch);
    if (c->valued < c->paths) {
        ps_collect_moment_figure(c, m, x->items, x->paths, to);
        ps_collect_moment_batches(c, m, x->items, batch);
    } else {
        batch_means(a, b, x->paths, batch);
    }
    to->ignorance = ignorance(c, of, to, x->valued);
    if (c->plan->sobol) { /* paths are dealt to sequences: the simulation error is between these */
        to->se = ps_figure_sequence_error(a, b, x->valued);
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
        const int like = has_figure(c, m) ? figured(c, m) : -1;

        if (like >= 0) {
            r->summary[m] = r->summary[like];
            memcpy(r->batch_means + m * PS_BATCHES, r->batch_means + like * PS_BATCHES,
                   PS_BATCHES * sizeof(double));
        }
    }
    ps_arena_free(&local);
    return true;
}
