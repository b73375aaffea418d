/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A rival who does not react: r_t = dated level * (1 + drift)^(years since the start). */
#include "math/vmath.h"
#include "model/competitor/competitor.h"

typedef struct {
    ps_list changes;
    ps_number drift_per_year;
} static_params;

static const ps_field fields[] = {
    {.key = "changes",
     .type = PS_FIELD_LIST,
     .offset = offsetof(static_params, changes),
     .sub = &ps_price_change_shape,
     .doc = "Dated changes of the rival's price."},
    {.key = "drift_per_year",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(static_params, drift_per_year),
     .flags = PS_OPEN_MIN,
     .min = -1,
     .max = 10,
     .unit = PS_UNIT_SIGNED_FRAC,
     .doc = "Steady drift of the price, compounding."},
    {.type = PS_FIELD_END},
};

static void move(const void *params, const ps_rule_view *view, double *restrict price)
{
    const static_params *p = params;
    const double years = view->period * view->period_days / 365.25;

    ps_view_dated_price(view, &p->changes, ps_history_at(&view->rivals, -1, view->item), price);
    if (p->drift_per_year.given) {
        const double *drift = ps_number_lanes(&p->drift_per_year, view->values, 0);

        for (int l = 0; l < PS_LANES; l++) {
            price[l] *= ps_exp(years * ps_log(1.0 + drift[l]));
        }
    }
}

const ps_reaction_kind ps_reaction_static = {
    .head = {.name = "static",
             .doc = "Does not react; may have dated changes and a drift.",
             .shape = {.name = "reaction_static", .size = sizeof(static_params), .fields = fields}},
    .move = move,
};
