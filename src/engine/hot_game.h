/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prices that are looked for over demand, in one lane. Offers are own ones, then rivals'.
 * docs/model/equilibrium.md */
#ifndef PS_ENGINE_HOT_GAME_H
#define PS_ENGINE_HOT_GAME_H

#include "engine/hot.h"

struct ps_game {
    int n; /* offers: I + C */
    /* The question: who earns what, who may move between which prices; the prices of the others. */
    double *price;   /* [n] in: where the search starts; out: the answer */
    double *rate;    /* [n] pocket money of a sale per unit of price, ... */
    double *cost;    /* [n] ... less this is its margin */
    double *lo, *hi; /* [n] */
    int *firm;       /* [n] */
    bool *moves;     /* [n] */
    bool *who;   /* [n] whose prices are asked for: those that move or lead, or stand at a bound */
    bool *leads; /* [n] ps_game_lead: moves before the others, knowing how they answer */

    /* Demand at `price`: shares, and ds_j/dp_k = (j == k) lambda_j - gamma[j n + k]. */
    double *share; /* [n + 1] none last */
    double *lambda, *gamma;
    double *part_share, *part_lambda, *part_gamma; /* of one segment; scratch */
    double *attract, *row, *next, *kept, *worth;   /* scratch [n] */
    double *answers;                               /* scratch [4][n] */

    /* Of the batch and the walk. */
    ps_lanes *lane_rate, *lane_cost; /* [n] */
    ps_lanes *target;                /* [n] the last answer */
    ps_price_aim *aim;               /* [n] of this period */
};

/* Demand at g->price. */
void ps_game_respond(ps_work *w, int l);

/* What firm f earns per decision at the demand of the last call of ps_game_respond. */
double ps_game_profit(const ps_game *g, int f);

/* The prices of all that move, none of which its firm would change given the others: the zeta
 * iteration. Returns the largest scaled first-order condition |dprofit/dp| / (rate s), or infinity.
 */
double ps_game_solve(ps_work *w, int l);

/* The same for the offers that lead: each answer of those that move is taken into account. */
double ps_game_lead(ps_work *w, int l);

/* Largest relative gain that a firm of those that move finds on a grid of its prices, all moved by
 * one factor and, if `thorough`, one alone: 0 or below at an equilibrium. */
double ps_game_deviation(ps_work *w, int l, bool thorough);

/* Costs of the rival offers of a firm that make its prices a best response. */
void ps_game_implied_costs(ps_work *w, int l, int firm);

#endif
