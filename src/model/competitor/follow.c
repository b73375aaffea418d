/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Follows the relative move of an offer, with a lag:
 *
 *   target = max(floor, r0 (1 + phi m)),  m = p(t-L) / p(start) - 1,  cuts only: m = min(m, 0)
 *
 * in the paths where it notices; adjusts by `closes_per_week` of the gap, at once when left out. */
#include "model/competitor/competitor.h"

enum { ON_PRICE, ON_PROMOTION };

typedef struct {
    ps_ref follows;
    ps_number follow_through, noticed, closes_per_week, floor;
    int64_t lag_days;
    int on;
    bool cuts_only;
} follow_params;

static const char *const on_names[] = {"price", "promotion", NULL};

static const ps_field fields[] = {
    {.key = "follows",
     .type = PS_FIELD_REF,
     .offset = offsetof(follow_params, follows),
     .flags = PS_REQUIRED,
     .refers = PS_REF_ANY_OFFER,
     .doc = "The offer that is watched."},
    {.key = "follow_through",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(follow_params, follow_through),
     .flags = PS_REQUIRED | PS_NEEDS_RANGE,
     .max = 2,
     .unit = PS_UNIT_RATIO,
     .doc = "Part of the relative move that is repeated."},
    {.key = "lag_days",
     .type = PS_FIELD_WHOLE,
     .offset = offsetof(follow_params, lag_days),
     .fallback = "7",
     .min = 1,
     .max = 3660,
     .unit = PS_UNIT_DAYS,
     .doc = "Time until the answer; at least one period."},
    {.key = "noticed",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(follow_params, noticed),
     .fallback = "1",
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Probability that this rival reacts at all; decided once per path."},
    {.key = "on",
     .type = PS_FIELD_ENUM,
     .offset = offsetof(follow_params, on),
     .names = on_names,
     .fallback = "\"price\"",
     .doc = "What is watched: the list price, or the price less public promotions."},
    {.key = "cuts_only",
     .type = PS_FIELD_BOOL,
     .offset = offsetof(follow_params, cuts_only),
     .fallback = "false",
     .doc = "Rises above the start are not followed."},
    {.key = "closes_per_week",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(follow_params, closes_per_week),
     .flags = PS_OPEN_MIN,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the gap to the target closed in a week."},
    {.key = "floor",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(follow_params, floor),
     .fallback = "0",
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "Lowest price."},
    {.type = PS_FIELD_END},
};

static void move(const void *params, const ps_rule_view *view, double *restrict price)
{
    const follow_params *p = params;
    const int lag = ps_view_lag((double)p->lag_days, view->period_days);
    const bool public_price = p->on == ON_PROMOTION;
    const double *seen = ps_reaction_followed(view, &p->follows, public_price, view->period - lag);
    const double *start = ps_reaction_followed(view, &p->follows, public_price, -1);
    const double *through = ps_number_lanes(&p->follow_through, view->values, 0);
    const double *noticed = ps_number_lanes(&p->noticed, view->values, 0);
    const double *floor = ps_number_lanes(&p->floor, view->values, 0);
    const double *base = ps_history_at(&view->rivals, -1, view->item);
    double target[PS_LANES];

    for (int l = 0; l < PS_LANES; l++) {
        double m = seen[l] / start[l] - 1.0;

        m = p->cuts_only && m > 0.0 ? 0.0 : m;
        m = view->luck[l] < noticed[l] ? m : 0.0;
        const double r = base[l] * (1.0 + through[l] * m);

        target[l] = r < floor[l] && floor[l] < base[l] ? floor[l] : r;
    }
    ps_view_approach(view, &p->closes_per_week, target, price);
}

const ps_reaction_kind ps_reaction_follow = {
    .head = {.name = "follow",
             .doc = "Repeats part of an offer's relative move after a lag.",
             .shape = {.name = "reaction_follow", .size = sizeof(follow_params), .fields = fields}},
    .move = move,
};
