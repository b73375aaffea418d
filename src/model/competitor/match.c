/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets its price at the level of an offer: target = p(t-L) (1 + by). Does not move when the target
 * is below its floor, nor in periods that are not its turn (moves: odd or even, counted from 1). */
#include "model/competitor/competitor.h"

typedef struct {
    ps_ref follows;
    ps_number by, floor;
    int64_t lag_days;
    int moves;
} match_params;

static const char *const moves_names[] = {"every", "odd", "even", NULL};

static const ps_field fields[] = {
    {.key = "follows",
     .type = PS_FIELD_REF,
     .offset = offsetof(match_params, follows),
     .flags = PS_REQUIRED,
     .refers = PS_REF_ANY_OFFER,
     .doc = "The offer whose price is matched."},
    {.key = "by",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(match_params, by),
     .fallback = "0",
     .flags = PS_OPEN_MIN,
     .min = -1,
     .max = 10,
     .unit = PS_UNIT_SIGNED_FRAC,
     .doc = "Distance to it: 2% is slightly above."},
    {.key = "lag_days",
     .type = PS_FIELD_WHOLE,
     .offset = offsetof(match_params, lag_days),
     .fallback = "7",
     .min = 1,
     .max = 3660,
     .unit = PS_UNIT_DAYS,
     .doc = "Time until the answer; at least one period."},
    {.key = "floor",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(match_params, floor),
     .fallback = "0",
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "Does not move below this price."},
    {.key = "moves",
     .type = PS_FIELD_ENUM,
     .offset = offsetof(match_params, moves),
     .names = moves_names,
     .fallback = "\"every\"",
     .doc = "The periods in which this rival may move."},
    {.type = PS_FIELD_END},
};

static void move(const void *params, const ps_rule_view *view, double *restrict price)
{
    const match_params *p = params;
    const int lag = ps_view_lag((double)p->lag_days, view->period_days);
    const double *seen = ps_reaction_followed(view, &p->follows, true, view->period - lag);
    const double *by = ps_number_lanes(&p->by, view->values, 0);
    const double *floor = ps_number_lanes(&p->floor, view->values, 0);
    const bool odd = view->period % 2 == 0; /* the first period is number 1 */

    if ((p->moves == 1 && !odd) || (p->moves == 2 && odd)) {
        return;
    }
    for (int l = 0; l < PS_LANES; l++) {
        const double target = seen[l] * (1.0 + by[l]);

        price[l] = target >= floor[l] ? target : price[l];
    }
}

const ps_reaction_kind ps_reaction_match = {
    .head = {.name = "match",
             .doc = "Follows the level of an offer, down to a floor.",
             .shape = {.name = "reaction_match", .size = sizeof(match_params), .fields = fields}},
    .move = move,
};
