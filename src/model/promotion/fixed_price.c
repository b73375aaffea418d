/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A promotional unit price: p' = min(p, price). */
#include "model/promotion/promotion.h"

typedef struct {
    ps_number price;
} fixed_params;

static const ps_field fields[] = {
    {.key = "price",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(fixed_params, price),
     .flags = PS_REQUIRED,
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "The unit price while promoted."},
    {.type = PS_FIELD_END},
};

static void apply(const void *params, const int days[2], const double *values,
                  double *restrict price)
{
    (void)days;
    const double *value = ps_number_lanes(&((const fixed_params *)params)->price, values, 0);

    for (int l = 0; l < PS_LANES; l++) {
        price[l] = value[l] < price[l] ? value[l] : price[l];
    }
}

const ps_promotion_kind ps_promotion_fixed_price = {
    .head = {.name = "fixed_price",
             .doc = "A promotional unit price.",
             .shape = {.name = "promotion_fixed_price",
                       .size = sizeof(fixed_params),
                       .fields = fields}},
    .apply = apply,
};
