/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs with more paths than values are kept of: moments of every metric and goal over all paths, by
 * item. Percentiles then come from the paths whose values are kept, all else from the moments.
 * docs/model/statistics.md */
#include <math.h>
#include <string.h>

#include "engine/collect.h"
#include "engine/figure.h"

/* The first are those of a group's figure. */
enum { SQUARE_A = PS_MOMENTS, PRODUCT, SQUARE_B, METRIC_MOMENTS };

static void add(double *part, const double *x, int n)
{
    for (int l = 0; l < n; l++) {
        part[l % 8] += x[l];
    }
}

int ps_collect_moment_rows(const ps_plan *plan)
{
    return PS_METRICS * METRIC_MOMENTS + plan->goals * PS_GOAL_MOMENTS;
}

/* Rows of a metric's values; false when it has none. */
static bool rows_of(const ps_collection *c, int metric, int *a, int *b)
{
    const ps_metric_info *info = &ps_metric_table[metric];
    const bool ratio = info->kind == PS_METRIC_IS_RATIO;

    *a = ratio ? info->numerator : metric;
    *b = ratio ? info->denominator : -1;
    return c->plan->has[metric] && c->kept[*a] >= 0 && (!ratio || c->kept[*b] >= 0);
}

static void add_metric(ps_sum_parts *to, const double *a, const double *b, int n)
{
    enum { ROWS = METRIC_MOMENTS };
    ps_lanes x[ROWS];

    for (int l = 0; l < n; l++) {
        const bool valid = !b || b[l] != 0.0;
        const double below = b ? b[l] : 0.0, value = !valid ? 0.0 : b ? a[l] / b[l] : a[l];

        x[PS_MOMENT_SUM][l] = value;
        x[PS_MOMENT_SQUARE][l] = value * value;
        x[PS_MOMENT_COUNT][l] = valid ? 1.0 : 0.0;
        x[PS_MOMENT_NUMERATOR][l] = a[l];
        x[PS_MOMENT_DENOMINATOR][l] = below;
        x[SQUARE_A][l] = a[l] * a[l];
        x[PRODUCT][l] = a[l] * below;
        x[SQUARE_B][l] = below * below;
    }
    for (int k = 0; k < ROWS; k++) {
        add(to[k], x[k], n);
    }
}

void ps_collect_moments(ps_collection *c, const ps_work *work, const ps_job *job)
{
    ps_sum_parts *to = c->part[job->worker] + c->at.moment;

    for (int m = 0; m < PS_METRICS; m++) {
        int a, b;

        if (rows_of(c, m, &a, &b)) {
            add_metric(to + m * METRIC_MOMENTS, work->out.total[a],
                       b < 0 ? NULL : work->out.total[b], job->lanes);
        }
    }
}

void ps_collect_goal_moments(ps_collection *c, int goal, const double *x, const ps_job *job)
{
    ps_sum_parts *to =
        c->part[job->worker] + c->at.moment + PS_METRICS * METRIC_MOMENTS + goal * PS_GOAL_MOMENTS;
    const double target = c->plan->goal[goal].target;
    ps_lanes y[PS_GOAL_MOMENTS];

    for (int l = 0; l < job->lanes; l++) {
        y[PS_GOAL_SUM][l] = x[l];
        y[PS_GOAL_REACHED][l] = x[l] >= target ? 1.0 : 0.0;
        y[PS_GOAL_ABOVE][l] = x[l] > target ? 1.0 : 0.0;
        y[PS_GOAL_MISSED][l] = x[l] >= target ? 0.0 : target - x[l];
    }
    for (int k = 0; k < PS_GOAL_MOMENTS; k++) {
        add(to[k], y[k], job->lanes);
    }
}

/* Sum of a row over items. */
static double over(const ps_collection *c, int row, ps_span items)
{
    double sum = 0.0;

    for (int64_t i = items.first; i < items.end; i++) {
        sum += c->sum[i * c->sums + c->at.moment + row];
    }
    return sum;
}

static void moments_of(const ps_collection *c, int metric, ps_span items, double m[METRIC_MOMENTS])
{
    for (int k = 0; k < METRIC_MOMENTS; k++) {
        m[k] = over(c, metric * METRIC_MOMENTS + k, items);
    }
}

/* Sum of squares around the mean, from sums of x and of its square. */
static double deviation(double count, double sum, double square)
{
    const double mean = sum / count, d = square - count * mean * mean;

    return d > 1e-14 * square ? d : 0.0;
}

void ps_collect_moment_figure(const ps_collection *c, int metric, int items, int64_t paths,
                              ps_figure *f)
{
    const bool ratio = ps_metric_table[metric].kind == PS_METRIC_IS_RATIO;
    const double n = (double)paths;
    double m[METRIC_MOMENTS];

    moments_of(c, metric, (ps_span){0, items}, m);
    const double count = m[PS_MOMENT_COUNT], a = m[PS_MOMENT_NUMERATOR],
                 b = m[PS_MOMENT_DENOMINATOR];

    if (ratio && b == 0.0) {
        *f = ps_figure_none();
        return;
    }
    f->mean = ratio ? a / b : m[PS_MOMENT_SUM] / n;
    f->sd = count > 1.0
                ? sqrt(deviation(count, m[PS_MOMENT_SUM], m[PS_MOMENT_SQUARE]) / (count - 1.0))
                : NAN;
    f->se = f->sd / sqrt(n);
    if (ratio) {
        const double r = f->mean, d = m[SQUARE_A] - 2.0 * r * m[PRODUCT] + r * r * m[SQUARE_B];

        f->se = sqrt((d > 1e-14 * m[SQUARE_A] ? d : 0.0) / (n - 1.0)) / fabs(b / n) / sqrt(n);
    }
}

double ps_collect_moment_mean(const ps_collection *c, int metric, int items, int64_t paths)
{
    return over(c, metric * METRIC_MOMENTS + PS_MOMENT_NUMERATOR, (ps_span){0, items}) /
           (double)paths;
}

void ps_collect_moment_batches(const ps_collection *c, int metric, int items, double *to)
{
    const bool ratio = ps_metric_table[metric].kind == PS_METRIC_IS_RATIO;

    for (int k = 0; k < PS_BATCHES; k++) {
        double m[METRIC_MOMENTS];

        moments_of(c, metric, ps_span_part(items, k + 1, PS_BATCHES), m);
        const double below = ratio ? m[PS_MOMENT_DENOMINATOR] : m[PS_MOMENT_COUNT];

        to[k] = below != 0.0 ? m[PS_MOMENT_NUMERATOR] / below : NAN;
    }
}

void ps_collect_goal_tally(const ps_collection *c, int goal, int items,
                           double tally[PS_GOAL_MOMENTS])
{
    for (int k = 0; k < PS_GOAL_MOMENTS; k++) {
        tally[k] =
            over(c, PS_METRICS * METRIC_MOMENTS + goal * PS_GOAL_MOMENTS + k, (ps_span){0, items});
    }
}
