/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Customers: hot_customers.c (plans with plan->base), hot_lifetime.c (with plan->life). */
#ifndef PS_ENGINE_HOT_CUSTOMERS_H
#define PS_ENGINE_HOT_CUSTOMERS_H

#include "engine/hot.h"

/* What is kept of a line's customers. */
enum {
    PS_BASE_ACTIVE,  /* at the end of the period */
    PS_BASE_ENDED,   /* whose term ended */
    PS_BASE_LEFT,    /* of these: left */
    PS_BASE_RENEWED, /* signed again */
    PS_BASE_AGAIN,   /* invoice value of it */
    PS_BASE_ORDERS,  /* first and further signings */
    PS_BASE_MARGIN,  /* pocket margin of it, in the sum alone */
    PS_BASE
};

/* Probability to leave at the end of term k at an unchanged price, of a line (plan->life). */
void ps_hot_leave(const ps_work *w, int line, int k, double *restrict q);
void ps_hot_lifetime_setup(ps_work *w); /* of a batch */
void ps_hot_lifetime(ps_work *w);       /* of who signs now */
/* Value of the customers whom the window's leads become: after the cells' costs are known. */
void ps_hot_lifetime_close(ps_work *w);

/* Of a batch, after the flows before the start: w->open_flow becomes what was signed per period for
 * the first time and again. */
void ps_hot_base_setup(ps_work *w);
void ps_hot_base_open(ps_work *w); /* of a walk */
/* Leads that customers bring to cell s now, added to `n` (plans that refer). */
void ps_hot_refer(ps_work *w, int s, double *restrict n);
/* `signed_now` [PS_CHANNELS] of the line is what was signed for the first time; what is signed
 * again joins its Q, L, NEG and PRO. */
void ps_hot_customers(ps_work *w, int line, ps_lanes *signed_now);
/* Customers by their cohorts after the last period. */
void ps_hot_base_count(const ps_work *w, int line, double *restrict n);
/* PS_LINE_ORDERS and what follows it: totals into w->out.line; this period's row. */
void ps_hot_base_totals(ps_work *w, int line);
const double *ps_hot_base_row(const ps_work *w, int line, int metric);

/* hot_open.c: whole numbers with the given means. */
void ps_hot_poisson(const ps_work *w, uint32_t stream, uint32_t index, double *restrict mean);

#endif
