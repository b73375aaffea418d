/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fraction off the unit price: p' = p (1 - value). */
#include "model/promotion/promotion.h"

typedef struct {
    ps_number value;
} percent_params;

static const ps_field fields[] = {
    {.key = "value",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(percent_params, value),
     .flags = PS_REQUIRED,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the price taken off."},
    {.type = PS_FIELD_END},
};

static void apply(const void *params, const int days[2], const double *values,
                  double *restrict price)
{
    (void)days;
    const double *value = ps_number_lanes(&((const percent_params *)params)->value, values, 0);

    for (int l = 0; l < PS_LANES; l++) {
        price[l] *= 1.0 - value[l];
    }
}

const ps_promotion_kind ps_promotion_percent_off = {
    .head = {.name = "percent_off",
             .doc = "A fraction off the unit price.",
             .shape = {.name = "promotion_percent_off",
                       .size = sizeof(percent_params),
                       .fields = fields}},
    .apply = apply,
};
