/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gaussian copula: Pearson correlations of the normal scores from Spearman's, r = 2 sin(pi rho /
 * 6), and their Cholesky factor. The sine is our own series, so that the factor has the same bits
 * on every machine. */
#include "math/copula.h"

#include "math/vmath.h"

#define SINGULAR 1e-9 /* pivots this small count as zero */

/* sin x, |x| <= pi / 6: Taylor's series, next term below 1e-18. */
static double small_sine(double x)
{
    static const double c[8] = {1.0,
                                -1.0 / 6.0,
                                1.0 / 120.0,
                                -1.0 / 5040.0,
                                1.0 / 362880.0,
                                -1.0 / 39916800.0,
                                1.0 / 6227020800.0,
                                -1.0 / 1307674368000.0};
    return x * ps_horner7(c, x * x);
}

static double score_correlation(double rank)
{
    return 2.0 * small_sine(rank * (3.14159265358979323846 / 6.0));
}

/* Entry (i, j) less what the columns before j explain. */
static double remainder_of(int n, const double *rank, const double *factor, int i, int j)
{
    double sum = i == j ? 1.0 : score_correlation(rank[i * n + j]);
    for (int m = 0; m < j; m++)
        sum = ps_fma(-factor[i * n + m], factor[j * n + m], sum);
    return sum;
}

double ps_copula_factor(int n, const double *rank, double *factor)
{
    double smallest = 1.0;
    for (int i = 0; i < n * n; i++)
        factor[i] = 0.0;
    for (int j = 0; j < n; j++) {
        const double pivot = remainder_of(n, rank, factor, j, j);
        smallest = pivot < smallest ? pivot : smallest;
        if (pivot < -SINGULAR)
            return smallest;
        const bool zero = pivot <= SINGULAR;
        const double root = zero ? 0.0 : __builtin_sqrt(pivot);
        factor[j * n + j] = root;
        for (int i = j + 1; i < n; i++) {
            const double rest = remainder_of(n, rank, factor, i, j);
            factor[i * n + j] = zero ? 0.0 : rest / root;
            /* No variance is left, so no covariance may be: |rest| <= sqrt(pivot) in a correlation
             * matrix. */
            if (zero && rest * rest > 2.0 * SINGULAR)
                return -(rest < 0.0 ? -rest : rest);
        }
    }
    return smallest;
}
