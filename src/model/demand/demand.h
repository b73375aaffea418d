/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Models of demand: how arrivals and prices become purchases. One kind is one file and one line in
 * demand.def. */
#ifndef PS_MODEL_DEMAND_H
#define PS_MODEL_DEMAND_H

#include "math/number.h"

/* What a kind without a choice may see: one segment's buyers under one set of prices. Rows are
 * [items][PS_LANES]. */
typedef struct {
    int own, rivals;              /* offers */
    const double *values;         /* lane values of all numbers: ps_number_lanes() */
    int segment;                  /* for numbers with shifts */
    const double *price, *price0; /* [own] what this buyer pays; at the base */
    const double *rival, *rival0; /* [rivals] */
    const double *extra;          /* [own] log2 of what display and advertising multiply by */
    const double *promoted; /* [own] weeks of promotion in the 13 weeks up to now, one value */
} ps_demand_view;

typedef struct {
    ps_kind head;
    bool choiceless; /* the segments need no `choice` */
    bool volume;     /* what is sold may exceed the arrivals: they are units at the base prices */
    /* NULL: the logit of the engine. Else share[(own + rivals + 1) * PS_LANES]: part of the
     * arrivals that takes each own offer, rival offer, nothing. */
    void (*shares)(const void *params, const ps_demand_view *view, double *restrict share);
} ps_demand_kind;

extern const ps_family ps_demand_family;

#define PS_DEMAND(kind) extern const ps_demand_kind ps_demand_##kind;
#include "model/demand/demand.def"
#undef PS_DEMAND

/* Parameters of `always`. */
typedef struct {
    ps_ref offer;
} ps_demand_always_params;

/* Parameters of `isoelastic`. */
typedef struct {
    ps_ref of, to;
    ps_number value;
} ps_cross_elasticity;

typedef struct {
    ps_number_map parts, elasticity; /* OFFER */
    ps_number_map switching;         /* RIVAL_OFFER */
    ps_list cross;                   /* ps_cross_elasticity */
    ps_number deepest_observed, most_lift, wear_out;
} ps_demand_isoelastic_params;

/* Parameters of `valuations`. */
typedef struct {
    ps_ref offer;
    ps_spread worth;
} ps_good;

typedef struct {
    ps_ref offer;
    ps_refs of;
    ps_number synergy;
} ps_package;

typedef struct {
    double weight;
    ps_number_map worth; /* OFFER */
} ps_worth_node;

typedef struct {
    ps_list goods;   /* ps_good: one or two */
    ps_list bundles; /* ps_package */
    ps_list nodes;   /* ps_worth_node, instead of goods' laws */
    ps_number correlation;
    int64_t points;
} ps_demand_valuations_params;

#endif
