/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A distribution taken apart: standard law, mirror, truncation. Private to math/. */
#ifndef PS_MATH_DIST_VIEW_H
#define PS_MATH_DIST_VIEW_H

#include "math/law.h"
#include "math/vmath.h"

typedef struct {
    ps_standard law;
    double sign;
    bool truncated;
    double low, high; /* bounds of Y; infinite when not truncated */
    double mass;      /* P(low <= Y <= high) */
    ps_split at_low, at_high;
} ps_dist_view;

ps_dist_view ps_dist_view_of(const ps_dist *dist);

/* Score of Y where X has the probability `lower` below and `upper` = 1 - lower above; see
 * ps_law_score(). */
double ps_dist_view_score(const ps_dist_view *view, double lower, double upper, double near);

/* ps_dist_excess(). */
double ps_dist_view_excess(const ps_dist_view *view, double x);

#endif
