/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distributions that the tests of math/ share: every law, mirrored and truncated ones, extreme
 * shapes. */
#ifndef TEST_DISTS_H
#define TEST_DISTS_H

#include <math.h>

#include "math/dist.h"

static const double discrete_x[] = {3.0, 1.0, 2.0, 7.0}, discrete_w[] = {0.2, 0.3, 0.1, 0.4};
static const double empirical_x[] = {1.0, 2.0, 2.0, 3.0, 8.0, 9.0};

#define PLAIN .sign = 1.0
#define MIRRORED .sign = -1.0
#define CUT(low, high) .truncated = true, .min = (low), .max = (high)

/* Continuous laws first, then the two with steps. */
enum { CONTINUOUS = 30, DISTS = 34 };
static const ps_dist dists[DISTS] = {
    {.law = PS_LAW_NORMAL, .p = {5, 2}, PLAIN},
    {.law = PS_LAW_LOGNORMAL, .p = {30, 0.8}, PLAIN},
    {.law = PS_LAW_LOGNORMAL, .p = {2, 0.4}, MIRRORED},
    {.law = PS_LAW_LOGIT_NORMAL, .p = {-1, 0.7}, PLAIN},
    {.law = PS_LAW_LOGIT_NORMAL, .p = {0.5, 3}, PLAIN},
    {.law = PS_LAW_BETA, .p = {2, 5}, PLAIN},
    {.law = PS_LAW_BETA, .p = {0.2, 0.3}, PLAIN},
    {.law = PS_LAW_BETA, .p = {843, 7159}, PLAIN},
    {.law = PS_LAW_BETA, .p = {3e5, 6e5}, PLAIN},
    {.law = PS_LAW_GAMMA, .p = {20, 10}, PLAIN},
    {.law = PS_LAW_GAMMA, .p = {20, 30}, MIRRORED},
    {.law = PS_LAW_GAMMA, .p = {1, 1e-3}, PLAIN},
    {.law = PS_LAW_WEIBULL, .p = {1.7, 12}, PLAIN},
    {.law = PS_LAW_WEIBULL, .p = {0.6, 12}, MIRRORED},
    {.law = PS_LAW_EXPONENTIAL, .p = {9}, PLAIN},
    {.law = PS_LAW_TRIANGULAR, .p = {1, 2, 5}, PLAIN},
    {.law = PS_LAW_TRIANGULAR, .p = {1, 5, 5}, PLAIN},
    {.law = PS_LAW_PERT, .p = {1, 2, 5}, PLAIN},
    {.law = PS_LAW_PERT, .p = {1, 1, 5}, PLAIN},
    {.law = PS_LAW_UNIFORM, .p = {2, 4}, PLAIN},
    {.law = PS_LAW_NORMAL, .p = {5, 2}, PLAIN, CUT(0, HUGE_VAL)},
    {.law = PS_LAW_NORMAL, .p = {0, 1}, PLAIN, CUT(5, 6)},
    {.law = PS_LAW_LOGNORMAL, .p = {30, 0.8}, PLAIN, CUT(10, 100)},
    {.law = PS_LAW_GAMMA, .p = {20, 10}, MIRRORED, CUT(-30, -5)},
    {.law = PS_LAW_BETA, .p = {2, 5}, PLAIN, CUT(0.1, 0.9)},
    {.law = PS_LAW_TRIANGULAR, .p = {1, 2, 5}, PLAIN, CUT(1.5, 3)},
    {.law = PS_LAW_LOGIT_NORMAL, .p = {-1, 0.7}, PLAIN, CUT(0.1, 0.6)},
    {.law = PS_LAW_PERT, .p = {1, 2, 5}, PLAIN, CUT(0, 3)},
    {.law = PS_LAW_UNIFORM, .p = {2, 4}, PLAIN, CUT(3, 9)},
    {.law = PS_LAW_EXPONENTIAL, .p = {9}, PLAIN, CUT(-1e6, 20)},
    {.law = PS_LAW_EMPIRICAL, .x = empirical_x, .n = 6, PLAIN},
    {.law = PS_LAW_EMPIRICAL, .x = empirical_x, .n = 6, PLAIN, CUT(1.5, 8.5)},
    {.law = PS_LAW_DISCRETE, .x = discrete_x, .w = discrete_w, .n = 4, PLAIN},
    {.law = PS_LAW_DISCRETE, .x = discrete_x, .w = discrete_w, .n = 4, PLAIN, CUT(2, 3)},
};

#endif
