/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A price for members alone: p' = p (1 - value), max(0, p - amount) or min(p, price), in the cells
 * of the segments' members; what a member pays for it is income of the promotion. */
#include "model/promotion/promotion.h"

typedef struct {
    ps_number value, amount, price;
    ps_member_fee *fee;
} member_price_params;

static const ps_field fee_fields[] = {
    {.type = PS_FIELD_RATE,
     .offset = offsetof(ps_member_fee, rate),
     .flags = PS_REQUIRED,
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "Paid by each member per unit of time, evenly, while the promotion runs."},
    {.type = PS_FIELD_END},
};
static const ps_shape fee_shape = {"member_fee", sizeof(ps_member_fee), fee_fields,
                                   "What being a member costs."};

static const ps_field fields[] = {
    {.key = "value",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(member_price_params, value),
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the price taken off."},
    {.key = "amount",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(member_price_params, amount),
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "Or money taken off each unit."},
    {.key = "price",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(member_price_params, price),
     .max = 1e12,
     .unit = PS_UNIT_MONEY,
     .doc = "Or what members pay, if it is less."},
    {.key = "fee",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(member_price_params, fee),
     .sub = &fee_shape,
     .doc = "What a member pays; asks for segments.ID.members.occasions."},
    {.type = PS_FIELD_END},
};

static void apply(const void *params, const int days[2], const double *values,
                  double *restrict price)
{
    const member_price_params *p = params;
    const double *x = ps_number_lanes(p->price.given    ? &p->price
                                      : p->amount.given ? &p->amount
                                                        : &p->value,
                                      values, 0);

    (void)days;
    for (int l = 0; l < PS_LANES; l++) {
        const double to = p->price.given    ? x[l]
                          : p->amount.given ? price[l] - x[l]
                                            : price[l] * (1.0 - x[l]);

        price[l] = to < 0.0 ? 0.0 : to < price[l] ? to : price[l];
    }
}

static const ps_rate *members(const void *params)
{
    const member_price_params *p = params;
    static const ps_rate free_of_charge = {.per = PS_PER_NONE};

    return p->fee ? &p->fee->rate : &free_of_charge;
}

const ps_promotion_kind ps_promotion_member_price = {
    .head = {.name = "member_price",
             .doc = "A lower price for the members of the segments in scope. One of value, amount, "
                    "price.",
             .shape = {.name = "promotion_member_price",
                       .size = sizeof(member_price_params),
                       .fields = fields}},
    .apply = apply,
    .members = members,
};
