/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gaussian copula of rank correlations: r = 2 sin(pi rho_s / 6) (Pearson of the scores from
 * Spearman). */
#ifndef PS_MATH_COPULA_H
#define PS_MATH_COPULA_H

#include <stdbool.h>

/* Lower-triangular factor L (n x n, row-major) with L L' = R, R from the Spearman matrix `rank` (n
 * x n). Returns the smallest pivot met: < -1e-9 means "not positive definite" (L is then unusable),
 * within 1e-9 of zero means singular (accepted). */
double ps_copula_factor(int n, const double *rank, double *factor);

#endif
