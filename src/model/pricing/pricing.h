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
} ps_pricing_kind;

extern const ps_family ps_pricing_family;

#define PS_PRICING(kind) extern const ps_pricing_kind ps_pricing_##kind;
#include "model/pricing/pricing.def"
#undef PS_PRICING

#endif
