/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The choice row with one nest of the inside goods. docs/model/choice.md */
#ifndef PS_ENGINE_HOT_NESTED_H
#define PS_ENGINE_HOT_NESTED_H

#include "math/vmath.h"

/* Own probability in the nested row; `none` is the outside good's part of what is not ours. */
static inline double ps_nested_probability(double odds, double x, double y, double none,
                                           double nest, double *inside_frac)
{
    const double r = odds / (1.0 + odds), rest = 1.0 - r;
    const double sum = r * x + rest * y, base = r + rest * (1.0 - none), out = rest * none;
    const double power = 1.0 / nest;
    const double inside = base > 0.0 && sum > 0.0
                              ? ps_exp2((1.0 - power) * ps_log2(base) + power * ps_log2(sum))
                              : 0.0;
    const double in = inside / (inside + out);

    *inside_frac = in;
    return sum > 0.0 ? in * r * x / sum : 0.0;
}

#endif
