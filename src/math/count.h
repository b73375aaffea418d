/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole-number luck: Poisson and negative-binomial counts by inversion of one keyed uniform, and
 * binomial counts as "how many of n keyed uniforms lie below p", so that two plans which ask the
 * same question with another p or another n share their luck: the counts are nested in p and in n.
 */
#ifndef PS_MATH_COUNT_H
#define PS_MATH_COUNT_H

#include <stdbool.h>
#include <stdint.h>

/* Who asks: see math/philox.h. A count uses the blocks of `stream` from `index` * 2^12 upwards;
 * index < 2^20. */
typedef struct {
    uint64_t seed, path;
    uint32_t stream, index;
} ps_key;

/* Counts of n uniforms below each of the ascending thresholds p[0..k-1] (values in [0,1]); below[j]
 * <= n. The first PS_COUNT_DIRECT uniforms are drawn (four to a block, vectorised) and compared;
 * the rest is split dyadically (the number below 1/2 of n fair bits, then inside the half that
 * holds p), about log2 n steps per threshold. Monotone in p and nested in n: one more item adds 0
 * or 1 to each count. Counts at different thresholds are distributed as those of n independent
 * uniforms. The first uniforms have 32 bits: p counts as rounded to a multiple of 2^-32 for them.
 * The exact method is told in count.c. 1 <= k <= 32. */
enum { PS_COUNT_DIRECT = 512 };
void ps_count_below(const ps_key *key, long n, int k, const double *p, long *below);

/* Many small counts at once: below[j][c] is ps_count_below's count for the key (path[c], stream[c],
 * index[c]), n[c] >= 0 items (whole numbers) and the thresholds p[0][c] <= p[1][c]. Quick for n[c]
 * <= 4, right for any. */
typedef struct {
    int cells;
    const uint64_t *path;
    const uint32_t *stream, *index;
    const double *n;
    const double *p[2];
    double *below[2];
} ps_count_cells;
void ps_count_below_cells(uint64_t seed, const ps_count_cells *cells);

/* Quantile at u in (0,1) of the number below 1/2 of n uniforms: exact up to n = 64, distribution
 * function within 1e-6 above. One more item adds 0 or 1 at the same u. */
long ps_count_half(long n, double u);

/* Poisson quantile at u in (0,1): exact inversion up to mean 1e3; above it by an expansion whose
 * distribution function is right within 1e-6. mean in [0, 1e15]. */
long ps_count_poisson(double mean, double u);
/* The same of n <= PS_LANES pairs, count in place of the mean. */
void ps_count_poisson_lanes(int n, const double *u, double *mean);

/* Negative-binomial quantile: variance = mean + mean^2 / size; size > 0. Exact inversion up to mean
 * 1e3, then within 1e-4 of the distribution function. */
long ps_count_negative_binomial(double mean, double size, double u);

/* Spread n items over lags 0..k-1 (the rest, beyond k-1, stays out) with probabilities
 * prob[0..k-1]: out[j] += number with lag j. `cumulative` holds prob's running sums; any k >= 1.
 * Item i has the lag of the first running sum that is not below the key's i-th uniform: out[j]
 * grows by ps_count_below's count at cumulative[j] less that at cumulative[j-1]. Returns the number
 * left out. */
long ps_count_spread(const ps_key *key, long n, int k, const double *cumulative, long *out);

#endif
