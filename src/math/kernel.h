/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mean-exact discretisation of a delay D: lag = floor(U + D / step), U uniform on [0,1).
 *
 *   k(0) = G(1), k(n) = G(n+1) - 2 G(n) + G(n-1),  G(x) = integral of the distribution function of
 * D/step
 *
 * so that sum n k(n) = E[D] / step exactly. */
#ifndef PS_MATH_KERNEL_H
#define PS_MATH_KERNEL_H

#include "math/dist.h"

/* Smallest number of lags whose remaining tail P(lag >= n) is below `tail`, at most `most`, at
 * least 1. */
int ps_kernel_length(const ps_dist *delay, double step, double tail, int most);

/* The same where D does not begin anywhere in a period but at its start or its end: U is 0, or just
 * below 1. */
typedef enum { PS_BEGINS_ANYWHERE, PS_BEGINS_AT_START, PS_BEGINS_AT_END } ps_kernel_begin;

/* k[0 .. n-1], the mass beyond left out. */
void ps_kernel_fill_from(const ps_dist *delay, ps_kernel_begin begin, double step, int n,
                         double *k);

/* k[0 .. n-1]. The mass beyond n-1 is added to k[n-1] when `fold`, else left out. Values are >= 0.
 */
void ps_kernel_fill(const ps_dist *delay, double step, int n, bool fold, double *k);

#endif
