/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shifted beta-geometric law: each customer leaves with a probability of its own at every occasion,
 * and these probabilities have a beta law (Fader and Hardie 2007). Not for the per-path loops. */
#ifndef PS_MATH_SBG_H
#define PS_MATH_SBG_H

#include <stdbool.h>

typedef struct {
    double alpha, beta;
} ps_sbg;

/* Part of the customers before occasion k = 1, 2, .. that is kept at it. */
static inline double ps_sbg_kept(const ps_sbg *law, int k)
{
    return (law->beta + k - 1) / (law->alpha + law->beta + k - 1);
}

/* Sum over k >= 0 of v^k P(kept at the first k occasions), v >= 0; INFINITY when it has no bound.
 */
double ps_sbg_sum(const ps_sbg *law, double v);

/* Logarithm of the probability of survivors[0] customers leaving as they did. */
double ps_sbg_log_likelihood(const ps_sbg *law, const double *survivors, int n);

/* The most likely law of n >= 3 falling counts of one cohort; false when there is none: kept parts
 * that do not grow show no difference between customers. */
bool ps_sbg_fit(const double *survivors, int n, ps_sbg *law);

#endif
