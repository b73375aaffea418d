/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pricing policies: how the list price of an own offer moves. One kind is one file and one line in
 * pricing.def. */
#ifndef PS_MODEL_PRICING_H
#define PS_MODEL_PRICING_H

#include "model/view.h"

typedef struct {
    ps_kind head;
    /* price[l]: in, the list price of the period before (today's price at period 0); out, the new
     * one. */
    void (*price)(const void *params, const ps_rule_view *view, double *restrict price);
    /* NULL, or what it aims at: the engine moves the price after `price`. */
    void (*aim)(const void *params, const ps_rule_view *view, ps_price_aim *aim);
    bool floors; /* may raise view->floor */
    /* NULL, or whether these parameters want one price per segment. */
    bool (*by_segment)(const void *params);
    /* NULL, or whether these parameters look at view->own_share. */
    bool (*reads_share)(const void *params);
} ps_pricing_kind;

/* Prices that the price tag knows: multiples of `step` plus `end`. */
typedef struct {
    double end, step;
    int round;
} ps_price_ending;

enum { PS_ROUND_NEAREST, PS_ROUND_DOWN, PS_ROUND_UP };

/* A policy, and what holds for the moves of every policy. */
typedef struct {
    ps_kind_value policy;
    ps_price_ending *ending;
    ps_number max_move;
    int64_t min_days;
} ps_pricing;

extern const ps_family ps_pricing_family;
extern const ps_shape ps_pricing_shape;

/* Whether something holds beside the policy: then ps_pricing_move() is needed after it. */
bool ps_pricing_limits(const ps_pricing *pricing);

/* price[l]: in, what the policy wants; out, what is carried out, coming from `before`: not before
 * `min_days` have passed since `moved` (period of the last move, in and out), at most `max_move`
 * of `before`, and with the ending, which is rounded back towards `before` where it would go
 * beyond the largest move. A price that does not move keeps its ending. */
void ps_pricing_move(const ps_pricing *pricing, const ps_rule_view *view, const double *before,
                     double *restrict moved, double *restrict price);

#define PS_PRICING(kind) extern const ps_pricing_kind ps_pricing_##kind;
#include "model/pricing/pricing.def"
#undef PS_PRICING

#endif
