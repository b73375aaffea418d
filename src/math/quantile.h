/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exact quantiles (Hyndman-Fan type 7), ranks, and a mergeable sketch of integer counts. */
#ifndef PS_MATH_QUANTILE_H
#define PS_MATH_QUANTILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* q[j] = type-7 quantile of x[0..n-1] at p[j] (ascending p, k of them). Reorders `x`. n >= 1;
 * finite values. */
void ps_quantile_exact(double *x, size_t n, const double *p, int k, double *q);

/* Sum in a fixed binary tree, whatever built the array: reproducible. */
double ps_sum_pairwise(const double *x, size_t n);

/* Log-bucket sketch: sign, exponent and 5 leading mantissa bits of |x| between 2^-20 and 2^44
 * (values below are zero, above are clamped): relative half-width 1/64 at most. Counts are
 * integers, so merging is order-free. */
enum { PS_SKETCH_BUCKETS = 2 * 64 * 32 + 1 };
typedef struct {
    uint16_t count[PS_SKETCH_BUCKETS]; /* of at most 65535 values together */
    uint64_t total;                    /* of the counts */
    double low, high;                  /* of what was added: no quantile lies outside */
} ps_sketch;

void ps_sketch_add(ps_sketch *sketch, const double *x, int n);
/* Number of the bucket that x falls into. */
int ps_sketch_bucket(double x);
void ps_sketch_merge(ps_sketch *into, const ps_sketch *from);
/* Type-7-like quantile with linear interpolation inside a bucket; 0 when empty. */
double ps_sketch_quantile(const ps_sketch *sketch, double p);
/* Several at once: q[j] at p[j], p ascending. */
void ps_sketch_quantiles(const ps_sketch *sketch, const double *p, int k, double *q);

/* rank[i] = rank of x[i], ties shared, centred: they add up to 0. NANs share the highest one.
 * `scratch` is room for 2 n. */
typedef struct {
    uint64_t key;
    size_t index;
} ps_ranked;
void ps_ranks(const double *x, size_t n, ps_ranked *scratch, double *rank);

/* Wilson score interval of x successes in n at z standard errors. */
void ps_wilson(double x, double n, double z, double *low, double *high);

#endif
