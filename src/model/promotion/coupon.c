/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A coupon: p' = p (1 - value), or max(0, p - amount), for those who may use it (`eligible`), have
 * it (the promotion's `reach`) and take the trouble (`redemption`): what they are of the buyers is
 * the product. */
#include "model/promotion/promotion.h"

typedef struct {
    ps_number value, amount, eligible, redemption;
} coupon_params;

static const ps_field fields[] = {
    {.key = "value",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(coupon_params, value),
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the price taken off."},
    {.key = "amount",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(coupon_params, amount),
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "Or money taken off each unit."},
    {.key = "eligible",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(coupon_params, eligible),
     .fallback = "1",
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the buyers in scope who may use it."},
    {.key = "redemption",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(coupon_params, redemption),
     .flags = PS_REQUIRED,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of those who have it that use it when they buy."},
    {.type = PS_FIELD_END},
};

static void apply(const void *params, const int days[2], const double *values,
                  double *restrict price)
{
    const coupon_params *p = params;
    const double *x = ps_number_lanes(p->amount.given ? &p->amount : &p->value, values, 0);

    (void)days;
    for (int l = 0; l < PS_LANES; l++) {
        const double left = p->amount.given ? price[l] - x[l] : price[l] * (1.0 - x[l]);

        price[l] = left > 0.0 ? left : 0.0;
    }
}

static void narrow(const void *params, const double *values, double *restrict part)
{
    const coupon_params *p = params;
    const double *eligible = ps_number_lanes(&p->eligible, values, 0);
    const double *redemption = ps_number_lanes(&p->redemption, values, 0);

    for (int l = 0; l < PS_LANES; l++) {
        part[l] *= eligible[l] * redemption[l];
    }
}

const ps_promotion_kind ps_promotion_coupon = {
    .head = {.name = "coupon",
             .doc = "A part or an amount off the unit price for those who are eligible, whom it "
                    "reaches and who redeem it. One of value, amount.",
             .shape = {.name = "promotion_coupon",
                       .size = sizeof(coupon_params),
                       .fields = fields}},
    .apply = apply,
    .narrow = narrow,
};
