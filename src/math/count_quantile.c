/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantiles of Poisson, negative-binomial and fair binomial counts, from our own arithmetic alone.
 *
 * All three satisfy P(k+1) / P(k) = (c0 + c1 k) / (k + 1) (Panjer 1981), so that one loop adds up
 * the distribution function from zero: 4 to 5 cycles a step. Poisson means above 20 use the
 * expansion of Giles (2016), Algorithm 955, wherever its error cannot change the whole number.
 * Negative binomials of a mean above 1000 use Cornish and Fisher's expansion, or, when they are far
 * from normal, the gamma limit of the incomplete beta function (DiDonato and Morris 1992, leading
 * term of BGRAT). */
#include "math/count.h"

#include "math/number.h"
#include "math/special.h"
#include "math/vmath.h"

#define WALK_MEAN 1e3     /* above it no sum over single counts is made */
#define EXPANSION_MEAN 20 /* Poisson: below it the sum is as quick */
#define NORMAL_SIZE 12.0  /* negative binomial: from here on near enough to normal */
#define TINY_SIZE 1e-12   /* P(count > 0) is then below 1e-10 */

/* Smallest k with P(0) + ... + P(k) >= u, P(0) = exp(log_p0), log_p0 >= -1100. */
static long walk_quantile(double log_p0, double c0, double c1, double u)
{
    const double shift = log_p0 < -600.0 ? 500.0 : 0.0; /* keeps P(0) above the smallest double */
    const double target = u * ps_exp(shift);
    double p = ps_exp(log_p0 + shift), sum = p, k = 0.0;
    while (sum < target) {
        p *= ps_fma(c1, k, c0) / (k + 1.0);
        if (sum + p == sum) /* u is within rounding of 1 */
            break;
        k += 1.0;
        sum += p;
    }
    return (long)k;
}

/* Largest whole number below x, at least 0. */
static long whole_below(double x)
{
    const long whole = x > 0.0 ? (long)x : 0;
    return whole > 0 && (double)whole == x ? whole - 1 : whole;
}

long ps_count_half(long n, double u)
{
    const double m = (double)n;
    if (n <= 64) { /* from the nearer end: shorter, and exact for u near 1 */
        const long k = walk_quantile(-m * 0.693147180559945309417, m, -1.0, u < 0.5 ? u : 1.0 - u);
        return u < 0.5 ? k : n - k;
    }
    /* Cornish-Fisher in 1/n with the lattice correction; distribution function within 1e-6. */
    const double z = ps_normal_inverse(u), z2 = z * z;
    const double first = (1.0 - z2) / 12.0;
    const double second = ps_fma(ps_fma(-13.0, z2, -12.0), z2, 181.0) / 1440.0;
    const double score = z * (1.0 + (first + second / m) / m);
    const double x = 0.5 * (m + __builtin_sqrt(m) * score) + 0.5;
    const long k = whole_below(x);
    return k < n ? k : n;
}

/* Giles's real-valued quantile x, the count is the whole number below it; |z| < 3 for the error
 * bound. */
static double poisson_expansion(double mean, double z, double *error)
{
    const double root = __builtin_sqrt(mean), z2 = z * z;
    const double third = ps_fma(ps_fma(1.0 / 270.0, z2, 7.0 / 810.0), z2, -8.0 / 405.0) / mean;
    const double second = -z * ps_fma(1.0 / 72.0, z2, 1.0 / 36.0) / root;
    *error = ps_fma(ps_fma(1.0 / 160.0, z2, 1.0 / 80.0), z2, 1.0 / 40.0) / mean;
    return mean + (root * z + (ps_fma(1.0 / 6.0, z2, 1.0 / 3.0) + (second + third)));
}

/* Whether the expansion's error cannot change the whole number. */
static bool expansion_is_sure(double x, double z, double error)
{
    const double part = x - (double)whole_below(x);
    return z > -3.0 && z < 3.0 && part > error && part < 1.0 - error;
}

long ps_count_poisson(double mean, double u)
{
    if (!(mean > 0.0))
        return 0;
    if (mean > EXPANSION_MEAN) {
        double error;
        const double z = ps_normal_inverse(u);
        const double x = poisson_expansion(mean, z, &error);
        if (mean > WALK_MEAN || expansion_is_sure(x, z, error))
            return whole_below(x);
    }
    return walk_quantile(-mean, mean, 0.0, u);
}

void ps_count_poisson_lanes(int n, const double *u, double *mean)
{
    double z[PS_LANES], x[PS_LANES], error[PS_LANES];
    int large = 0;
    for (int i = 0; i < n; i++)
        large += mean[i] > EXPANSION_MEAN;
    if (large > 0)
        ps_normal_inverse_lanes(n, u, z);
#pragma omp simd
    for (int i = 0; i < (large > 0 ? n : 0); i++)
        x[i] = poisson_expansion(mean[i], z[i], error + i);
    for (int i = 0; i < n; i++) {
        const bool by_expansion = mean[i] > EXPANSION_MEAN;
        if (by_expansion && (mean[i] > WALK_MEAN || expansion_is_sure(x[i], z[i], error[i])))
            mean[i] = (double)whole_below(x[i]);
        else
            mean[i] = mean[i] > 0.0 ? (double)walk_quantile(-mean[i], mean[i], 0.0, u[i]) : 0.0;
    }
}

/* P(X < x) of a gamma variable of this shape and scale 1; `density` is its density at x.
 * Series below shape + 1, Legendre's continued fraction (Lentz) above. */
static double gamma_cdf(double shape, double log_gamma_shape, double x, double *density)
{
    *density = ps_exp((shape - 1.0) * ps_log(x) - x - log_gamma_shape);
    if (x < shape + 1.0) {
        double term = 1.0 / shape, sum = term;
        for (double n = shape + 1.0; term > 1e-12 * sum; n += 1.0) {
            term *= x / n;
            sum += term;
        }
        return *density * x * sum;
    }
    double b = x + 1.0 - shape, c = 1e300, d = 1.0 / b, h = d, delta = 0.0;
    for (int i = 1; i < 1000 && !(delta > 1.0 - 1e-12 && delta < 1.0 + 1e-12); i++) {
        const double a = -i * (i - shape);
        b += 2.0;
        d = 1.0 / ps_fma(a, d, b);
        c = b + a / c;
        delta = c * d;
        h *= delta;
    }
    return 1.0 - *density * x * h;
}

/* Bisection, sped up by Newton's steps where they stay inside the bracket. */
static double gamma_quantile(double shape, double u)
{
    const double log_gamma_shape = ps_log_gamma(shape);
    double low = 1e-300, high = shape + 40.0 + 10.0 * __builtin_sqrt(shape);
    const double z = ps_normal_inverse(u), cube = 1.0 - 1.0 / (9.0 * shape);
    const double root = cube + z / (3.0 * __builtin_sqrt(shape));
    double x = root > 0.1 ? shape * root * root * root
                          : /* Wilson and Hilferty, or the leading power */
                   ps_exp((ps_log(u) + log_gamma_shape + ps_log(shape)) / shape);
    for (int i = 0; i < 200; i++) {
        x = x > low && x < high ? x : 0.5 * (low + high);
        double density;
        const double miss = gamma_cdf(shape, log_gamma_shape, x, &density) - u;
        *(miss < 0.0 ? &low : &high) = x;
        if (miss < 1e-9 && miss > -1e-9)
            break;
        x -= miss / density;
    }
    return x;
}

/* Cornish-Fisher expansion of a negative binomial with P = mean / size, to the order size^(-3/2).
 */
static double negative_binomial_expansion(double mean, double size, double z)
{
    const double odds = mean / size, pq = odds * (1.0 + odds), variance = size * pq;
    const double sd = __builtin_sqrt(variance - 1.0 / 12.0), skew = 1.0 + 2.0 * odds;
    const double g1 = variance * skew / (sd * sd * sd);
    const double g2 = variance * (1.0 + 6.0 * pq) / (sd * sd * sd * sd);
    const double g3 = variance * skew * (1.0 + 12.0 * pq) / (sd * sd * sd * sd * sd);
    const double z2 = z * z, z3 = z2 * z, z4 = z2 * z2;
    const double w = z + g1 * (z2 - 1.0) / 6.0 + g2 * (z3 - 3.0 * z) / 24.0 -
                     g1 * g1 * (2.0 * z3 - 5.0 * z) / 36.0 + g3 * (z4 - 6.0 * z2 + 3.0) / 120.0 -
                     g1 * g2 * (z4 - 5.0 * z2 + 2.0) / 24.0 +
                     g1 * g1 * g1 * (12.0 * z4 - 53.0 * z2 + 17.0) / 324.0;
    return mean + sd * w + 0.5;
}

long ps_count_negative_binomial(double mean, double size, double u)
{
    if (!(mean > 0.0) || size < TINY_SIZE)
        return 0;
    long k = 0;
    if (mean > WALK_MEAN && size >= NORMAL_SIZE) {
        k = whole_below(negative_binomial_expansion(mean, size, ps_normal_inverse(u)));
    } else if (mean > WALK_MEAN) {
        /* P(count <= k) = I_p(size, k + 1) ~ P(Gamma(size) < -(k + 1 + (size - 1) / 2) log(1 - p))
         */
        const double rate = ps_log1p(size / mean);
        k = whole_below(gamma_quantile(size, u) / rate - 0.5 * (size - 1.0));
    }
    if ((double)k > WALK_MEAN)
        return k;
    const double q = mean / (size + mean);
    return walk_quantile(-size * ps_log1p(mean / size), q * size, q, u);
}
