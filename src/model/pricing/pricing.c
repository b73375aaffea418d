/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/pricing/pricing.h"

static const ps_kind *const kinds[] = {
#define PS_PRICING(kind) &ps_pricing_##kind.head,
#include "model/pricing/pricing.def"
#undef PS_PRICING
    NULL,
};

const ps_family ps_pricing_family = {.name = "pricing", .kinds = kinds};
