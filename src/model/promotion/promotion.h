/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Promotions: schedule, scope, reach, feature, cost and funding are common; a kind changes a unit
 * price, or sets a rule for the basket. One kind is one file and one line in promotion.def. */
#ifndef PS_MODEL_PROMOTION_H
#define PS_MODEL_PROMOTION_H

#include "math/number.h"

typedef struct ps_basket_rule ps_basket_rule; /* model/promotion/basket.h */

typedef struct {
    ps_kind head;
    /* Price change: price[l] in, the unit price before this promotion; out, after it, as a mean
     * over the day numbers days[0] .. days[1] - 1. NULL for basket rules. */
    void (*apply)(const void *params, const int days[2], const double *values,
                  double *restrict price);
    /* Basket rule: fills `rule` (spend tiers) for the run; NULL for price changes. */
    void (*basket)(const void *params, ps_basket_rule *rule);
    /* For bundles alone, which other kinds reach through their offers: what buying all is worth, as
     * a part of today's price; whether the offers are not sold alone. NULL for the others. */
    const ps_number *(*joint)(const void *params, bool *pure);
    /* part[l] in, the part of the buyers whom it reaches; out, of those who use it. NULL: all. */
    void (*narrow)(const void *params, const double *values, double *restrict part);
    /* It holds for members alone, who pay this (PS_PER_NONE: nothing). NULL: for all buyers. */
    const ps_rate *(*members)(const void *params);
} ps_promotion_kind;

typedef struct {
    ps_rate rate; /* money of one member */
} ps_member_fee;

typedef struct {
    ps_number multiplier, utility; /* one of them */
} ps_feature;

typedef struct {
    ps_number once, per_week;
} ps_promotion_cost;

typedef struct {
    ps_number once, per_unit, share_of_discount;
} ps_funding;

typedef struct {
    int64_t every_days, days, times;
} ps_recurrence;

typedef struct {
    ps_number share;
    int64_t days;
} ps_waiting;

typedef struct {
    ps_entry entry;
    ps_kind_value kind;
    ps_refs offers, segments, channels; /* count 0: all */
    int eligibility;                    /* 0 all, 1 new customers */
    int from, to;                       /* day numbers, both inside */
    ps_recurrence *recurrence;
    ps_number reach;
    bool visible; /* rivals see it */
    ps_feature *feature;
    ps_number traffic; /* multiplier of arrivals while active, pipeline only */
    bool allow_both;
    ps_promotion_cost *fixed_cost;
    ps_funding *funding;
    ps_waiting *waiting;
    ps_number acceleration;  /* of deciding, per unit of depth */
    ps_number stock, budget; /* promoted units; money of its discounts */
    int64_t per_customer;    /* units of an order, 0: all */
} ps_promotion;

enum { PS_BEST_FOR_CUSTOMER, PS_STACK, PS_EXCLUSIVE };

typedef struct {
    ps_entry entry;
    ps_refs members;
} ps_stacking_group;

typedef struct {
    int rule;
    ps_refs order;
    ps_number cap;
    ps_map groups; /* inside a group only the best for the customer applies */
} ps_stacking;

enum {
    PS_MAX_PROMOTIONS = 32,
    PS_MAX_ACTIVE = 4
}; /* in a scenario; transient at once in a segment */

extern const ps_family ps_promotion_family;
extern const ps_shape ps_promotion_shape, ps_stacking_shape;

#define PS_PROMOTION(kind) extern const ps_promotion_kind ps_promotion_##kind;
#include "model/promotion/promotion.def"
#undef PS_PROMOTION

/* Days of [start, end) (day numbers, end excluded) on which the promotion runs, recurrences
 * included. */
int ps_promotion_days(const ps_promotion *promotion, int start, int end);

/* Last day of the promotion, recurrences included. */
int ps_promotion_last_day(const ps_promotion *promotion);

#endif
