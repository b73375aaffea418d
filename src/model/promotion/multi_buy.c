/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of every `buy` units of an order, `pay` are paid: 3 for 2, the second at half price (buy 2, pay
 * 1.5). */
#include "model/promotion/basket.h"
#include "model/promotion/promotion.h"

typedef struct {
    int64_t buy;
    ps_number pay;
    ps_top_up top_up;
} multi_buy_params;

static const ps_field fields[] = {
    {.key = "buy",
     .type = PS_FIELD_WHOLE,
     .offset = offsetof(multi_buy_params, buy),
     .flags = PS_REQUIRED,
     .min = 2,
     .max = PS_MAX_UNITS,
     .unit = PS_UNIT_COUNT,
     .doc = "Of every so many units of an order ..."},
    {.key = "pay",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(multi_buy_params, pay),
     .flags = PS_REQUIRED,
     .max = PS_MAX_UNITS,
     .unit = PS_UNIT_COUNT,
     .doc = "... so many are paid: 2 of 3; 1.5 of 2 is the second at half price."},
    PS_TOP_UP_FIELDS(multi_buy_params),
    {.type = PS_FIELD_END},
};

static void pay_for(const void *params, const double *values, int lane, double *pay)
{
    const multi_buy_params *p = params;
    const double some = ps_number_lanes(&p->pay, values, 0)[lane];

    for (int n = 0; n <= PS_MAX_UNITS; n++) {
        const double all = (double)(n / p->buy), rest = (double)(n % p->buy);

        pay[n] = all * some + rest;
    }
}

static void basket(const void *params, ps_basket_rule *rule)
{
    const multi_buy_params *p = params;

    *rule = ps_top_up_rule(&p->top_up);
    rule->params = params;
    rule->pay = pay_for;
}

const ps_promotion_kind ps_promotion_multi_buy = {
    .head = {.name = "multi_buy",
             .doc = "Of every `buy` units of an order `pay` are paid: 3 for 2, the second at half "
                    "price. Needs segments with `quantity`.",
             .shape = {.name = "promotion_multi_buy",
                       .size = sizeof(multi_buy_params),
                       .fields = fields}},
    .basket = basket,
};
