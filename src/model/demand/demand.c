/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/demand/demand.h"

static const ps_kind *const kinds[] = {
#define PS_DEMAND(kind) &ps_demand_##kind.head,
#include "model/demand/demand.def"
#undef PS_DEMAND
    NULL,
};

const ps_family ps_demand_family = {.name = "demand", .kinds = kinds};
