/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The laws in standard form: X = sign * (location + scale * Y). Private to math/. */
#ifndef PS_MATH_LAW_H
#define PS_MATH_LAW_H

#include "math/dist.h"

/* Scale on which a law is shifted and its quantile is found. */
typedef enum {
    PS_SCALE_PLAIN,
    PS_SCALE_LOG,   /* score = log y */
    PS_SCALE_LOGIT, /* score = log (y / (1 - y)) */
} ps_scale;

/* The law of Y. a, b: normal none; lognormal sdlog; logit-normal mean, sd; beta a, b; gamma shape;
 * Weibull shape; triangular mode in [0,1]. Exponential is Weibull of shape 1, pert is beta;
 * constant is Y = 0. */
typedef struct {
    ps_law law;
    ps_scale scale_kind;
    double a, b, location, scale;
    double moment[3]; /* E[Y^m] where partial moments are parts of it */
    int n;            /* discrete, empirical */
    const double *x, *w;
} ps_standard;

ps_standard ps_law_standard(const ps_dist *dist);

/* below[m] = E[Y^m; Y <= y], above[m] = E[Y^m; Y > y], m = 0, 1, 2; each accurate where it is
 * small. */
typedef struct {
    double below[3], above[3];
} ps_split;

void ps_law_split(const ps_standard *law, double y, int most, ps_split *split);

double ps_law_variance(const ps_standard *law);

/* Score of the y with P(Y <= y) = lower = 1 - upper, both in (0,1). `near` starts the search (NAN:
 * none). */
double ps_law_score(const ps_standard *law, double lower, double upper, double near);

/* The y of a score, and back. */
double ps_scale_value(ps_scale scale, double score);
double ps_scale_score(ps_scale scale, double y);

#endif
