/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prices of a Nash equilibrium: none of those who play it would earn more by another price, given
 * the prices of all others. The engine finds them: hot_equilibrium.c, docs/model/equilibrium.md. */
#include "model/competitor/competitor.h"

typedef struct {
    ps_aim_keys aim;
} nash_params;

static const ps_field fields[] = {
    PS_AIM_FIELDS(nash_params),
    {.type = PS_FIELD_END},
};

static void aim(const void *params, const ps_rule_view *view, ps_price_aim *out)
{
    ps_view_aim(view, &((const nash_params *)params)->aim, out);
    out->nash = true;
}

const ps_reaction_kind ps_reaction_nash = {
    .head = {.name = "nash",
             .doc = "Prices of a Nash equilibrium with the other rivals of this kind, and with our "
                    "offers whose pricing is optimal.",
             .shape = {.name = "reaction_nash", .size = sizeof(nash_params), .fields = fields}},
    .aim = aim,
};
