/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The best price of one offer without rivals, from how much customers are willing to pay.
 *
 *   profit per customer (p - c) S(p), S(p) = P(willing to pay p); at its maximum p - c = S(p) /
 * f(p)
 *
 * For reports and validation; not on the result path of a run. */
#ifndef PS_ENGINE_WILLINGNESS_H
#define PS_ENGINE_WILLINGNESS_H

#include "base/status.h"

typedef enum {
    PS_WILLING_NORMAL,      /* mean, sd */
    PS_WILLING_LOGNORMAL,   /* mean and sd of the logarithm */
    PS_WILLING_UNIFORM,     /* lowest, highest */
    PS_WILLING_EXPONENTIAL, /* rate */
    PS_WILLING_WEIBULL,     /* shape, scale */
    PS_WILLING_LOGISTIC,    /* mean, sd */
    PS_WILLING_TRIANGULAR,  /* lowest, mode, highest */
} ps_willing_law;

typedef struct {
    ps_willing_law law;
    double p[3];
} ps_willingness;

typedef struct {
    double price, accept, profit; /* profit per customer */
} ps_best_price;

/* P(willing to pay `price`). */
double ps_willing_accept(const ps_willingness *willingness, double price);

/* The price with the largest profit per customer at a unit cost. PS_ERR_INPUT when the parameters
 * are no distribution or nobody is willing to pay the cost. */
ps_status ps_willing_best(const ps_willingness *willingness, double cost, ps_best_price *best);

/* Constant elasticity below -1: cost e / (e + 1); NAN otherwise. */
double ps_elastic_best(double elasticity, double cost);

/* Demand quantity a - b p, b > 0. */
typedef struct {
    double price, quantity, profit;
} ps_linear_best_price;

ps_linear_best_price ps_linear_best(double a, double b, double cost);

#endif
