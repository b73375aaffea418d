/* SPDX-License-Identifier: GPL-3.0-or-later */
/* General demand: several nests, tastes, and kinds with shares of their own. docs/model/tastes.md,
 * demand.md */
#ifndef PS_ENGINE_HOT_DEMAND_H
#define PS_ENGINE_HOT_DEMAND_H

#include "engine/hot.h"

/* Price utility of offer i in cell k into attract and the rest into cell_extra (base 2), for
 * ps_hot_demand(). `extra` may be NULL. */
void ps_hot_utility(ps_work *w, int s, int k, int i, const double *price, const double *extra);

/* From utilities in attract, cell_extra and rival_attract to probabilities: attract, attract_sum,
 * lost_cell of all cells; `calendar`: the promotions that wear out. */
void ps_hot_demand(ps_work *w, int s, uint32_t calendar);

/* Who gets what is not ours, by lost_cell. */
void ps_hot_lose_general(ps_work *w, const double *lost);

/* ---- setup: hot_taste.c ---- */

/* Scales 1 / (1 - rho) of the nests whose rho is stated; those asked of the base row come with
 * ps_hot_nest_answers(). */
void ps_hot_nest_scales(ps_work *w, int s);
void ps_hot_nest_answers(ps_work *w, int first, int last);
/* Rows of the nodes from utilities; `row` [J] gets their mean. */
void ps_hot_taste_utilities(ps_work *w, int s, ps_lanes *row);
/* Rows of the nodes from the base row, and alpha (base e) of the segments that share a choice. */
void ps_hot_taste_fit(ps_work *w, int first, int last);
/* Base row of a kind with shares of its own. */
void ps_hot_demand_row(ps_work *w, int s, ps_lanes *row);

/* ---- one lane ---- */

/* Probabilities of node r in one lane when utilities change by u (base 2) from the base. */
void ps_demand_node(const ps_work *w, int s, int r, int l, const double *u, double *share);

/* Shares and their derivatives (base e) of segment s in one lane at list prices [own, rivals], with
 * reference prices adapted, no promotion and no price image:
 *   d share_j / d price_k = (j == k) lambda_j - gamma[j * (J - 1) + k];  share [J], lambda [J - 1].
 * Any logit: plain, one nest, several, tastes; not for kinds with shares of their own. */
typedef struct {
    double *share, *lambda, *gamma;
} ps_demand_slopes;

void ps_demand_response(ps_work *w, int s, int lane, const double *price,
                        const ps_demand_slopes *to);

#endif
