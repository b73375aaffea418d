/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A deep cut for as long as a stock of promoted units lasts: p' = p (1 - value), or min(p, price).
 * The stock is the promotion's `stock`; engine/hot_ration.c lets it run out inside the period. */
#include "model/promotion/promotion.h"

typedef struct {
    ps_number value, price;
} flash_params;

static const ps_field fields[] = {
    {.key = "value",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(flash_params, value),
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the price taken off."},
    {.key = "price",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(flash_params, price),
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "Or the unit price while the stock lasts."},
    {.type = PS_FIELD_END},
};

static void apply(const void *params, const int days[2], const double *values,
                  double *restrict price)
{
    const flash_params *p = params;
    const bool level = p->price.given;
    const double *x = ps_number_lanes(level ? &p->price : &p->value, values, 0);

    (void)days;
    for (int l = 0; l < PS_LANES; l++) {
        const double cut = level ? x[l] : price[l] * (1.0 - x[l]);

        price[l] = cut < price[l] ? cut : price[l];
    }
}

const ps_promotion_kind ps_promotion_flash = {
    .head = {.name = "flash",
             .doc = "A cut while `stock` lasts: it sells out inside the period, and who comes too "
                    "late chooses again at the price without it. One of value, price.",
             .shape = {.name = "promotion_flash", .size = sizeof(flash_params), .fields = fields}},
    .apply = apply,
};
