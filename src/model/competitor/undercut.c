/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goes below an offer by a step: target = p(t-L) (1 - by). Does not move when the target is below
 * its floor, nor in periods that are not its turn (moves: odd or even, counted from 1). */
#include "model/competitor/competitor.h"

typedef struct {
    ps_ref follows;
    ps_number by, floor;
    int64_t lag_days;
    int moves;
} undercut_params;

static const char *const moves_names[] = {"every", "odd", "even", NULL};

static const ps_field fields[] = {
    {.key = "follows",
     .type = PS_FIELD_REF,
     .offset = offsetof(undercut_params, follows),
     .flags = PS_REQUIRED,
     .refers = PS_REF_ANY_OFFER,
     .doc = "The offer that is undercut."},
    {.key = "by",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(undercut_params, by),
     .flags = PS_REQUIRED | PS_OPEN_MAX,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "The step below it."},
    {.key = "lag_days",
     .type = PS_FIELD_WHOLE,
     .offset = offsetof(undercut_params, lag_days),
     .fallback = "7",
     .min = 1,
     .max = 3660,
     .unit = PS_UNIT_DAYS,
     .doc = "Time until the answer; at least one period."},
    {.key = "floor",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(undercut_params, floor),
     .fallback = "0",
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "Does not move below this price."},
    {.key = "moves",
     .type = PS_FIELD_ENUM,
     .offset = offsetof(undercut_params, moves),
     .names = moves_names,
     .fallback = "\"every\"",
     .doc = "The periods in which this rival may move."},
    {.type = PS_FIELD_END},
};

static void move(const void *params, const ps_rule_view *view, double *restrict price)
{
    const undercut_params *p = params;
    const int lag = ps_view_lag((double)p->lag_days, view->period_days);
    const double *seen = ps_reaction_followed(view, &p->follows, true, view->period - lag);
    const double *by = ps_number_lanes(&p->by, view->values, 0);
    const double *floor = ps_number_lanes(&p->floor, view->values, 0);
    const bool odd = view->period % 2 == 0; /* the first period is number 1 */

    if ((p->moves == 1 && !odd) || (p->moves == 2 && odd)) {
        return;
    }
    for (int l = 0; l < PS_LANES; l++) {
        const double target = seen[l] * (1.0 - by[l]);

        price[l] = target >= floor[l] ? target : price[l];
    }
}

const ps_reaction_kind ps_reaction_undercut = {
    .head = {.name = "undercut",
             .doc = "Goes below an offer by a step, down to a floor.",
             .shape = {.name = "reaction_undercut",
                       .size = sizeof(undercut_params),
                       .fields = fields}},
    .move = move,
};
