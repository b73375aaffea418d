/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "model/view.h"

#include "math/vmath.h"

int ps_view_lag(double lag_days, double period_days)
{
    const double lag = lag_days / period_days - 1e-9;
    const int whole = (int)lag;
    const int up = whole + (lag > whole ? 1 : 0);

    return up < 1 ? 1 : up;
}

double ps_view_per_period(double fraction, double period_days, double base_days)
{
    if (fraction >= 1.0 || fraction <= 0.0 || period_days == base_days) {
        return fraction;
    }
    return 1.0 - ps_exp(period_days / base_days * ps_log(1.0 - fraction));
}

void ps_view_approach(const ps_rule_view *view, const ps_number *closes_per_week,
                      const double *target, double *restrict price)
{
    if (!closes_per_week->given) {
        for (int l = 0; l < PS_LANES; l++) {
            price[l] = target[l];
        }
        return;
    }
    const double *closes = ps_number_lanes(closes_per_week, view->values, 0);

    for (int l = 0; l < PS_LANES && view->period_days == 7.0; l++) {
        price[l] = __builtin_fma(closes[l], target[l] - price[l], price[l]);
    }
    for (int l = 0; l < PS_LANES && view->period_days != 7.0; l++) {
        const double k = ps_view_per_period(closes[l], view->period_days, 7.0);

        price[l] = __builtin_fma(k, target[l] - price[l], price[l]);
    }
}

void ps_view_aim(const ps_rule_view *view, const ps_aim_keys *keys, ps_price_aim *aim)
{
    const int every =
        keys->every_days > 0 ? ps_view_lag((double)keys->every_days, view->period_days) : 1;

    *aim = (ps_price_aim){.acts = view->period % every == 0, .lag = 1};
    if (keys->adjusts.given) {
        aim->adjusts = ps_number_lanes(&keys->adjusts, view->values, 0);
    }
    if (keys->floor.given) {
        aim->floor = ps_number_lanes(&keys->floor, view->values, 0);
    }
}

static const ps_field change_fields[] = {
    {.key = "from",
     .type = PS_FIELD_DATE,
     .offset = offsetof(ps_price_change, from),
     .flags = PS_REQUIRED,
     .doc = "First day of the new price."},
    {.key = "price",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_price_change, price),
     .flags = PS_OPEN_MIN,
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "The new price."},
    {.key = "change",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_price_change, change),
     .flags = PS_OPEN_MIN,
     .min = -1,
     .max = 100,
     .unit = PS_UNIT_SIGNED_FRAC,
     .doc = "Or a change relative to today's price: -10%."},
    {.type = PS_FIELD_END},
};

const ps_shape ps_price_change_shape = {"price_change", sizeof(ps_price_change), change_fields,
                                        "A dated change of a price; one of price and change."};

void ps_view_dated_price(const ps_rule_view *view, const ps_list *changes, const double *base,
                         double *restrict price)
{
    const ps_price_change *list = changes->items;
    double rest = 1.0; /* part of the period still at an older level */

    if (changes->count == 0) {
        memcpy(price, base, PS_LANES * sizeof *price);
        return;
    }
    for (int l = 0; l < PS_LANES; l++) {
        price[l] = 0.0;
    }
    for (int i = changes->count - 1; i >= 0 && rest > 0.0; i--) {
        const int until = i + 1 < changes->count ? list[i + 1].from : view->end_day;
        const double part = ps_view_overlap(view, list[i].from, until);

        if (part > 0.0) {
            const bool level = list[i].price.given;
            const double *x =
                ps_number_lanes(level ? &list[i].price : &list[i].change, view->values, 0);

            for (int l = 0; l < PS_LANES; l++) {
                price[l] = __builtin_fma(part, level ? x[l] : base[l] * (1.0 + x[l]), price[l]);
            }
            rest = part == 1.0 ? 0.0 : rest - part;
        }
    }
    if (rest > 1e-12) {
        for (int l = 0; l < PS_LANES; l++) {
            price[l] = __builtin_fma(rest, base[l], price[l]);
        }
    }
}
