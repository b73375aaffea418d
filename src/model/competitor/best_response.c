/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets the prices of its offers that earn it most, as if all others' prices stayed what they were
 * `lag_days` ago. The engine finds them: hot_equilibrium.c, docs/model/equilibrium.md. */
#include "model/competitor/competitor.h"

typedef struct {
    ps_aim_keys aim;
    int64_t lag_days;
} best_response_params;

static const ps_field fields[] = {
    PS_AIM_FIELDS(best_response_params),
    {.key = "lag_days",
     .type = PS_FIELD_WHOLE,
     .offset = offsetof(best_response_params, lag_days),
     .fallback = "7",
     .min = 1,
     .max = 3660,
     .unit = PS_UNIT_DAYS,
     .doc = "Age of the prices that it answers; at least one period."},
    {.type = PS_FIELD_END},
};

static void aim(const void *params, const ps_rule_view *view, ps_price_aim *out)
{
    const best_response_params *p = params;

    ps_view_aim(view, &p->aim, out);
    out->lag = ps_view_lag((double)p->lag_days, view->period_days);
}

const ps_reaction_kind ps_reaction_best_response = {
    .head = {.name = "best_response",
             .doc = "The prices that earn it most against the others' last seen prices.",
             .shape = {.name = "reaction_best_response",
                       .size = sizeof(best_response_params),
                       .fields = fields}},
    .aim = aim,
};
