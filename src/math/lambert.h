/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PS_MATH_LAMBERT_H
#define PS_MATH_LAMBERT_H

/* Lambert's W(x) from log x: w + log w = log_x. For every finite log_x, so also where exp(log_x)
 * overflows; 0 below -700. */
double ps_lambert_log(double log_x);

#endif
