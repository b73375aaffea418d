/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures of values by path. Means of ratios are ratios of means; their percentiles are over paths
 * with a denominator; standard errors by the delta method. docs/model/statistics.md */
#include "engine/figure.h"

#include <math.h>
#include <string.h>

#include "math/quantile.h"
#include "math/sobol.h"

const double ps_figure_levels[PS_FIGURE_LEVELS] = {0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95};

void ps_figure_set_quantiles(ps_figure *f, const double q[PS_FIGURE_LEVELS])
{
    f->p5 = q[0];
    f->p10 = q[1];
    f->p25 = q[2];
    f->p50 = q[3];
    f->p75 = q[4];
    f->p90 = q[5];
    f->p95 = q[6];
}

ps_figure ps_figure_none(void)
{
    return (ps_figure){NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
}

double ps_figure_sequence_error(const double *a, const double *b, int64_t n)
{
    double mean[PS_SOBOL_SEQUENCES], all = 0.0, square = 0.0;

    for (int k = 0; k < PS_SOBOL_SEQUENCES; k++) {
        double top = 0.0, bottom = 0.0;

        for (int64_t i = k; i < n; i += PS_SOBOL_SEQUENCES) {
            top += a[i];
            bottom += b ? b[i] : 1.0;
        }
        mean[k] = bottom != 0.0 ? top / bottom : NAN;
        all += mean[k] / PS_SOBOL_SEQUENCES;
    }
    for (int k = 0; k < PS_SOBOL_SEQUENCES; k++) {
        square += (mean[k] - all) * (mean[k] - all);
    }
    return sqrt(square / (PS_SOBOL_SEQUENCES * (PS_SOBOL_SEQUENCES - 1)));
}

/* Sum of squares of x - y * scale around zero, in a fixed order, through the scratch array. */
static double square_sum(const double *x, const double *y, double scale, double shift, int64_t n,
                         double *scratch)
{
    for (int64_t i = 0; i < n; i++) {
        const double d = x[i] - (y ? y[i] * scale : 0.0) - shift;

        scratch[i] = d * d;
    }
    return ps_sum_pairwise(scratch, (size_t)n);
}

/* Standard deviation and percentiles of x[0..m-1], which it reorders. */
static void spread(ps_figure *f, double *x, int64_t m)
{
    double q[PS_FIGURE_LEVELS], square = 0.0;

    if (m == 0) {
        return;
    }
    const double mean = ps_sum_pairwise(x, (size_t)m) / (double)m;

    for (int64_t i = 0; i < m; i++) {
        square += (x[i] - mean) * (x[i] - mean);
    }
    f->sd = m > 1 ? sqrt(square / (double)(m - 1)) : NAN;
    ps_quantile_exact(x, (size_t)m, ps_figure_levels, PS_FIGURE_LEVELS, q);
    ps_figure_set_quantiles(f, q);
}

ps_figure ps_figure_of(const double *x, int64_t n, double *scratch)
{
    ps_figure f = ps_figure_none();
    double q[PS_FIGURE_LEVELS];

    f.mean = ps_sum_pairwise(x, (size_t)n) / (double)n;
    if (n > 1) {
        f.sd = sqrt(square_sum(x, NULL, 0.0, f.mean, n, scratch) / (double)(n - 1));
        f.se = f.sd / sqrt((double)n);
    }
    memcpy(scratch, x, (size_t)n * sizeof *x);
    ps_quantile_exact(scratch, (size_t)n, ps_figure_levels, PS_FIGURE_LEVELS, q);
    ps_figure_set_quantiles(&f, q);
    return f;
}

ps_figure ps_figure_of_ratio(const double *a, const double *b, int64_t n, double *scratch)
{
    ps_figure f = ps_figure_none();
    const double top = ps_sum_pairwise(a, (size_t)n) / (double)n,
                 bottom = ps_sum_pairwise(b, (size_t)n) / (double)n;
    int64_t m = 0;

    if (bottom == 0.0) {
        return f;
    }
    f.mean = top / bottom;
    if (n > 1) {
        f.se = sqrt(square_sum(a, b, f.mean, 0.0, n, scratch) / (double)(n - 1)) / fabs(bottom) /
               sqrt((double)n);
    }
    for (int64_t i = 0; i < n; i++) {
        if (b[i] != 0.0) {
            scratch[m++] = a[i] / b[i];
        }
    }
    spread(&f, scratch, m);
    return f;
}

/* Differences of the paths' ratios; the mean is that of the ratios of means, its error by the delta
 * method. */
static ps_figure ratio_difference(ps_values x, ps_values y, int64_t n, double *scratch)
{
    const double xb = ps_sum_pairwise(x.b, (size_t)n), yb = ps_sum_pairwise(y.b, (size_t)n);
    ps_figure f = ps_figure_none();
    int64_t m = 0;

    if (xb == 0.0 || yb == 0.0) {
        return f;
    }
    const double rx = ps_sum_pairwise(x.a, (size_t)n) / xb,
                 ry = ps_sum_pairwise(y.a, (size_t)n) / yb;

    for (int64_t i = 0; i < n; i++) {
        const double d = (x.a[i] - rx * x.b[i]) / xb - (y.a[i] - ry * y.b[i]) / yb;

        scratch[i] = d * d;
    }
    f.mean = rx - ry;
    f.se = n > 1 ? sqrt(ps_sum_pairwise(scratch, (size_t)n) * (double)n / (double)(n - 1)) : NAN;
    for (int64_t i = 0; i < n; i++) {
        if (x.b[i] != 0.0 && y.b[i] != 0.0) {
            scratch[m++] = x.a[i] / x.b[i] - y.a[i] / y.b[i];
        }
    }
    spread(&f, scratch, m);
    return f;
}

ps_figure ps_figure_of_difference(ps_values x, ps_values y, int64_t n, double *scratch)
{
    if (x.b != NULL) {
        return ratio_difference(x, y, n, scratch);
    }
    for (int64_t i = 0; i < n; i++) {
        scratch[i] = x.a[i] - y.a[i];
    }
    return ps_figure_of(scratch, n, scratch + n);
}
