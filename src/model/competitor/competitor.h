/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rivals' reactions: how the price of a rival offer moves. They see public prices of the past only.
 * One kind is one file and one line in competitor.def. */
#ifndef PS_MODEL_COMPETITOR_H
#define PS_MODEL_COMPETITOR_H

#include "model/view.h"

typedef struct {
    ps_kind head;
    /* price[l]: in, the rival's price of the period before (today's at period 0); out, the new one.
     */
    void (*move)(const void *params, const ps_rule_view *view, double *restrict price);
    /* NULL, or what it aims at; then the engine moves the price, and `move` is NULL. */
    void (*aim)(const void *params, const ps_rule_view *view, ps_price_aim *aim);
} ps_reaction_kind;

extern const ps_family ps_reaction_family;

#define PS_REACTION(kind) extern const ps_reaction_kind ps_reaction_##kind;
#include "model/competitor/competitor.def"
#undef PS_REACTION

/* History of an offer named by a PS_REF_ANY_OFFER reference: own offers first. `public_price` picks
 * the own price less public promotions instead of the list price. */
const double *ps_reaction_followed(const ps_rule_view *view, const ps_ref *offer, bool public_price,
                                   int period);

#endif
