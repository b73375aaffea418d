/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parameters of the policy `rules`. */
#ifndef PS_MODEL_PRICING_RULES_H
#define PS_MODEL_PRICING_RULES_H

#include "model/pricing/pricing.h"

typedef struct {
    ps_number above, below;
} ps_price_between;

typedef struct {
    ps_ref to;
    ps_price_between level;
} ps_price_gap;

typedef struct {
    ps_price_gap *gap;
    ps_price_between *share;
    int from, to;
} ps_price_when;

typedef struct {
    ps_number price, change, move;
    ps_ref match;
    ps_number by;
} ps_price_then;

typedef struct {
    ps_price_when *when;
    ps_price_then *then;
} ps_price_rule;

typedef struct {
    ps_list rules; /* ps_price_rule */
} ps_rules_params;

#endif
