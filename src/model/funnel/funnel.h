/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sales funnel as the scenario states it: stages in order, one of them the choice. */
#ifndef PS_MODEL_FUNNEL_H
#define PS_MODEL_FUNNEL_H

#include "math/number.h"

typedef struct {
    ps_rate rate; /* deals that may be taken up per unit of time */
} ps_capacity;

typedef struct {
    ps_rate rate; /* part of the waiting deals that gives up per unit of time */
} ps_abandon;

typedef struct {
    ps_refs bands;   /* empty: all */
    double min_size; /* of a deal; 0: any */
} ps_stage_entry;

typedef struct {
    ps_entry entry;
    ps_number met; /* part of the deals that meets it */
} ps_criterion;

typedef struct {
    ps_entry entry;
    bool choice;
    ps_stage_entry *enter;
    ps_number conversion; /* not for the choice stage */
    ps_map criteria;      /* ps_criterion: of leaving it for the next stage */
    ps_dwell days;
    ps_rate leaves; /* or a constant hazard: leaves_per_week */
    ps_capacity *capacity;
    ps_abandon *abandon;
    ps_number effort; /* hours of the sales model's team per deal that enters */
} ps_stage;

enum { PS_OPENING_COUNTS, PS_OPENING_STEADY, PS_OPENING_EMPTY };

typedef struct {
    int word;             /* 0: counts; see the enum */
    ps_number_map counts; /* STAGE: open deals at the start */
} ps_opening;

typedef struct {
    int64_t last_days; /* of a fiscal quarter */
    ps_number times;   /* hazard of deciding, as a power of staying */
} ps_quarter_end;

typedef struct {
    ps_refs order;
    ps_map stages;
    ps_opening *opening;
    ps_quarter_end *quarter_end;
} ps_funnel;

typedef struct {
    ps_number a, b;
} ps_beta;

typedef struct {
    ps_number zero; /* part of the deals without a discount */
    ps_beta *beta;  /* of the others */
} ps_discount_distribution;

typedef struct {
    ps_number limit;    /* largest discount that sales people may give by themselves */
    ps_number approved; /* part of what customers got beyond it that is still granted */
} ps_authority;

typedef struct {
    ps_discount_distribution *distribution;
    ps_authority *authority;
    ps_number
        overlap; /* with a promotion: total = 1 - (1 - promotion)(1 - (1 - overlap) negotiated) */
} ps_negotiated;

enum { PS_DISCOUNT_NODES = 9 }; /* zero, and eight quantiles of the beta */

extern const ps_shape ps_capacity_shape;
extern const ps_shape ps_funnel_shape, ps_negotiated_shape;

/* Nodes of the negotiated discount: depth[0] = 0 with weight[0] = zero; depth[n] = Beta(a,b)
 * quantile at (n - 1/2) / 8 with weight (1 - zero) / 8, n = 1..8. */
void ps_negotiated_nodes(double zero, double a, double b, double depth[PS_DISCOUNT_NODES],
                         double weight[PS_DISCOUNT_NODES]);

#endif
