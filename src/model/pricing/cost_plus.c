/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cost plus: p = unit_cost (1 + markup), or p = unit_cost / (1 - target_margin); plus VAT where
 * prices include it. */
#include "model/pricing/pricing.h"

typedef struct {
    ps_number markup, target_margin;
} cost_plus_params;

static const ps_field fields[] = {
    {.key = "markup",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(cost_plus_params, markup),
     .max = 100,
     .unit = PS_UNIT_RATIO,
     .doc = "Mark-up on unit cost: 0.5 makes the price 1.5 times the cost."},
    {.key = "target_margin",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(cost_plus_params, target_margin),
     .flags = PS_OPEN_MAX,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Margin as a fraction of the price."},
    {.type = PS_FIELD_END},
};

static void price(const void *params, const ps_rule_view *view, double *restrict out)
{
    const cost_plus_params *p = params;
    const double *cost = view->unit_cost;

    if (p->markup.given) {
        const double *markup = ps_number_lanes(&p->markup, view->values, 0);

        for (int l = 0; l < PS_LANES; l++) {
            out[l] = cost[l] * (1.0 + markup[l]) / view->net_of_vat[l];
        }
    } else {
        const double *margin = ps_number_lanes(&p->target_margin, view->values, 0);

        for (int l = 0; l < PS_LANES; l++) {
            out[l] = cost[l] / (1.0 - margin[l]) / view->net_of_vat[l];
        }
    }
}

const ps_pricing_kind ps_pricing_cost_plus = {
    .head = {.name = "cost_plus",
             .doc = "Unit cost plus a mark-up, or a target margin on the price.",
             .shape = {.name = "pricing_cost_plus",
                       .size = sizeof(cost_plus_params),
                       .fields = fields}},
    .price = price,
};
