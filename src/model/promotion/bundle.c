/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A joint purchase at a price of its own: p' = min(p, price) or p (1 - value), p what its offers
 * cost together; `synergy` is what having all of them is worth, as a part of today's price; `pure`
 * takes its offers off sale alone. Venkatesh and Mahajan 2009. docs/model/bundles.md */
#include "model/promotion/promotion.h"

typedef struct {
    ps_number value, price, synergy;
    bool pure;
} bundle_params;

static const ps_field fields[] = {
    {.key = "value",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(bundle_params, value),
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part taken off what the offers cost together."},
    {.key = "price",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(bundle_params, price),
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "Or the price of the bundle."},
    {.key = "synergy",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(bundle_params, synergy),
     .fallback = "0",
     .min = -1,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "What having all of them adds to their worth while the bundle is offered, as a part "
            "of what they cost today."},
    {.key = "pure",
     .type = PS_FIELD_BOOL,
     .offset = offsetof(bundle_params, pure),
     .fallback = "false",
     .doc = "Its offers are not sold alone to those whom it reaches."},
    {.type = PS_FIELD_END},
};

static void apply(const void *params, const int days[2], const double *values,
                  double *restrict price)
{
    const bundle_params *p = params;
    const ps_number *given = p->price.given ? &p->price : p->value.given ? &p->value : NULL;

    (void)days;
    if (!given) {
        return;
    }
    const double *x = ps_number_lanes(given, values, 0);

    for (int l = 0; l < PS_LANES; l++) {
        const double cut = p->price.given ? x[l] : price[l] * (1.0 - x[l]);

        price[l] = cut < price[l] ? cut : price[l];
    }
}

static const ps_number *joint(const void *params, bool *pure)
{
    const bundle_params *p = params;

    *pure = p->pure;
    return &p->synergy;
}

const ps_promotion_kind ps_promotion_bundle = {
    .head = {.name = "bundle",
             .doc = "Own offers bought together (`offers` names one with `bundle`) at a price of "
                    "their own. At most one of value, price.",
             .shape = {.name = "promotion_bundle",
                       .size = sizeof(bundle_params),
                       .fields = fields}},
    .apply = apply,
    .joint = joint,
};
