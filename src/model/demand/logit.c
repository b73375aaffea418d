/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The logit of the choice, with its nests and tastes; the engine computes it. */
#include "model/demand/demand.h"

static const ps_field fields[] = {{.type = PS_FIELD_END}};

const ps_demand_kind ps_demand_logit = {
    .head = {.name = "logit",
             .doc = "Buyers choose by logit: plain, nested or mixed.",
             .shape = {.name = "demand_logit", .size = 1, .fields = fields}},
};
