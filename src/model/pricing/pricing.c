/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all policies share: the limits of a move and the endings of price tags.
 * docs/model/prices.md */
#include "model/pricing/pricing.h"

static const ps_kind *const kinds[] = {
#define PS_PRICING(kind) &ps_pricing_##kind.head,
#include "model/pricing/pricing.def"
#undef PS_PRICING
    NULL,
};

const ps_family ps_pricing_family = {.name = "pricing", .kinds = kinds};

static const char *const round_names[] = {"nearest", "down", "up", NULL};

static const ps_field ending_fields[] = {
    {.key = "end",
     .type = PS_FIELD_PLAIN,
     .offset = offsetof(ps_price_ending, end),
     .flags = PS_REQUIRED,
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "What prices end in: 0.99, or 99 with \"step\": 100."},
    {.key = "step",
     .type = PS_FIELD_PLAIN,
     .offset = offsetof(ps_price_ending, step),
     .fallback = "1",
     .flags = PS_OPEN_MIN,
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "From one price with this ending to the next."},
    {.key = "round",
     .type = PS_FIELD_ENUM,
     .offset = offsetof(ps_price_ending, round),
     .names = round_names,
     .fallback = "\"nearest\"",
     .doc = "To the nearest such price, the next lower or the next higher."},
    {.type = PS_FIELD_END},
};
static const ps_shape ending_shape = {"price_ending", sizeof(ps_price_ending), ending_fields,
                                      "Prices on the tag: multiples of `step` plus `end`."};

static const ps_field pricing_fields[] = {
    {.type = PS_FIELD_KIND,
     .offset = offsetof(ps_pricing, policy),
     .flags = PS_REQUIRED,
     .family = &ps_pricing_family,
     .doc = "How the price is set."},
    {.key = "ending",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_pricing, ending),
     .sub = &ending_shape,
     .doc = "What moved prices end in."},
    {.key = "max_move",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_pricing, max_move),
     .flags = PS_OPEN_MIN,
     .max = 10,
     .unit = PS_UNIT_FRAC,
     .doc = "Largest move of the price at a time, as a part of the price before."},
    {.key = "min_days",
     .type = PS_FIELD_WHOLE,
     .offset = offsetof(ps_pricing, min_days),
     .min = 1,
     .max = 3660,
     .unit = PS_UNIT_DAYS,
     .doc = "Shortest time from one move to the next."},
    {.type = PS_FIELD_END},
};
const ps_shape ps_pricing_shape = {"pricing", sizeof(ps_pricing), pricing_fields,
                                   "A pricing policy and the limits of its moves."};

bool ps_pricing_limits(const ps_pricing *pricing)
{
    return pricing->ending || pricing->max_move.given || pricing->min_days > 0;
}

/* Largest whole number not above x; prices are far below 2^52 steps. */
static double whole_below(double x)
{
    const double whole = (double)(int64_t)x;

    return whole > x ? whole - 1.0 : whole;
}

/* The price with the ending at, below or above x; a hair of rounding does not skip one. */
static double with_ending(const ps_price_ending *ending, double x, int round)
{
    const double at = (x - ending->end) / ending->step;
    const double n = round == PS_ROUND_NEAREST ? whole_below(at + 0.5)
                     : round == PS_ROUND_DOWN  ? whole_below(at + 1e-9)
                                               : -whole_below(1e-9 - at);
    const double first = ending->end > 0.0 ? 0.0 : 1.0;

    return ending->end + ending->step * (n < first ? first : n);
}

/* The ending of a price on its way from `before` to x, not above `most` nor below `least`. */
static double ended(const ps_price_ending *ending, double before, double x, const double bounds[2])
{
    double y = with_ending(ending, x, ending->round);

    if (y < bounds[0]) {
        y = with_ending(ending, bounds[0], PS_ROUND_UP);
    } else if (y > bounds[1]) {
        y = with_ending(ending, bounds[1], PS_ROUND_DOWN);
    }
    /* no such price on this side of `before` within the bounds: it stays */
    return y < bounds[0] || y > bounds[1] || (x > before ? y < before : y > before) ? before : y;
}

void ps_pricing_move(const ps_pricing *pricing, const ps_rule_view *view, const double *before,
                     double *restrict moved, double *restrict price)
{
    const double *most =
        pricing->max_move.given ? ps_number_lanes(&pricing->max_move, view->values, 0) : NULL;
    const int wait =
        pricing->min_days > 0 ? ps_view_lag((double)pricing->min_days, view->period_days) : 1;

    for (int l = 0; l < PS_LANES; l++) {
        const double from = before[l], move = most ? most[l] * from : 1e300;
        const double low = from - move > view->floor[l] ? from - move : view->floor[l];
        const double bounds[2] = {low < from + move ? low : from + move, from + move};

        if (price[l] == from || view->period - moved[l] < wait) {
            price[l] = from;
            continue;
        }
        double x = price[l] < bounds[0] ? bounds[0] : price[l] > bounds[1] ? bounds[1] : price[l];

        if (pricing->ending) {
            x = ended(pricing->ending, from, x, bounds);
        }
        moved[l] = x == from ? moved[l] : view->period;
        price[l] = x;
    }
}
