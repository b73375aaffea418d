/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fixed price with dated changes: p_t = mean over the period's days of the level in force. */
#include "model/pricing/pricing.h"

#include <string.h>

typedef struct {
    ps_number price;
    ps_list changes;
} fixed_params;

static const ps_field fields[] = {
    {.key = "price",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(fixed_params, price),
     .flags = PS_OPEN_MIN,
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "Price from the first period on; left out: today's list price."},
    {.key = "changes",
     .type = PS_FIELD_LIST,
     .offset = offsetof(fixed_params, changes),
     .sub = &ps_price_change_shape,
     .doc = "Dated changes of the price, each from a day on."},
    {.type = PS_FIELD_END},
};

static void price(const void *params, const ps_rule_view *view, double *restrict out)
{
    const fixed_params *p = params;
    const double *base = p->price.given ? ps_number_lanes(&p->price, view->values, 0)
                                        : ps_history_at(&view->own_list, -1, view->item);

    ps_view_dated_price(view, &p->changes, base, out);
}

const ps_pricing_kind ps_pricing_fixed = {
    .head = {.name = "fixed",
             .doc = "A fixed list price, with dated changes.",
             .shape = {.name = "pricing_fixed", .size = sizeof(fixed_params), .fields = fields}},
    .price = price,
};
