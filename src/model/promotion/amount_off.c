/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An amount off the unit price: p' = p - value, not below zero. */
#include "model/promotion/promotion.h"

typedef struct {
    ps_number value;
} amount_params;

static const ps_field fields[] = {
    {.key = "value",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(amount_params, value),
     .flags = PS_REQUIRED,
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "Amount taken off each unit."},
    {.type = PS_FIELD_END},
};

static void apply(const void *params, const int days[2], const double *values,
                  double *restrict price)
{
    (void)days;
    const double *value = ps_number_lanes(&((const amount_params *)params)->value, values, 0);

    for (int l = 0; l < PS_LANES; l++) {
        const double left = price[l] - value[l];

        price[l] = left > 0.0 ? left : 0.0;
    }
}

const ps_promotion_kind ps_promotion_amount_off = {
    .head = {.name = "amount_off",
             .doc = "An amount off the unit price.",
             .shape = {.name = "promotion_amount_off",
                       .size = sizeof(amount_params),
                       .fields = fields}},
    .apply = apply,
};
