/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every arrival buys one of an offer, whatever it costs. */
#include "model/demand/demand.h"

static const ps_field fields[] = {
    {.key = "offer",
     .type = PS_FIELD_REF,
     .offset = offsetof(ps_demand_always_params, offer),
     .flags = PS_REQUIRED,
     .refers = PS_REF_OFFER,
     .doc = "The offer that every arrival buys."},
    {.type = PS_FIELD_END},
};

const ps_demand_kind ps_demand_always = {
    .head = {.name = "always",
             .doc = "Each arrival buys one of the offer.",
             .shape = {.name = "demand_always",
                       .size = sizeof(ps_demand_always_params),
                       .fields = fields}},
    .choiceless = true,
};
