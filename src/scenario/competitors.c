/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of competitors: their offers, promotions, and with whom they merge. */
#include "scenario/scenario.h"

static const ps_field rival_promotion_fields[] = {
    {.key = "from",
     .type = PS_FIELD_DATE,
     .offset = offsetof(ps_rival_promotion, from),
     .flags = PS_REQUIRED,
     .doc = "First day."},
    {.key = "to",
     .type = PS_FIELD_DATE,
     .offset = offsetof(ps_rival_promotion, to),
     .flags = PS_REQUIRED,
     .doc = "Last day, inside."},
    {.key = "depth",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_rival_promotion, depth),
     .flags = PS_REQUIRED | PS_OPEN_MAX,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of its price taken off."},
    {.type = PS_FIELD_END},
};
static const ps_shape rival_promotion_shape = {"rival_promotion", sizeof(ps_rival_promotion),
                                               rival_promotion_fields,
                                               "A rival's own price cut, which everybody sees."};

static const ps_field rival_offer_fields[] = {
    {.key = "price",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_rival_offer, price),
     .flags = PS_REQUIRED,
     .min = 1e-6,
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "Today's price."},
    {.key = "unit_cost",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_rival_offer, unit_cost),
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "The rival's cost, as an estimate; left out: the one at which its price today is a "
            "best response."},
    {.key = "from",
     .type = PS_FIELD_DATE,
     .offset = offsetof(ps_rival_offer, from),
     .doc = "First day in the market; before it nobody can buy it. Left out: always there."},
    {.key = "to",
     .type = PS_FIELD_DATE,
     .offset = offsetof(ps_rival_offer, to),
     .doc = "Last day in the market; left out: it stays."},
    {.key = "capacity",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_rival_offer, capacity),
     .sub = &ps_capacity_shape,
     .doc = "Purchases that it can serve (market scope); who comes when it is full chooses among "
            "the others. Left out: all."},
    {.key = "promotions",
     .type = PS_FIELD_LIST,
     .offset = offsetof(ps_rival_offer, promotions),
     .max = 100,
     .sub = &rival_promotion_shape,
     .doc = "Its own dated price cuts, apart from what it does in answer to us."},
    {.type = PS_FIELD_END},
};
static const ps_shape rival_offer_shape = {"rival_offer", sizeof(ps_rival_offer),
                                           rival_offer_fields, "A rival's offer."};

static const ps_field joins_fields[] = {
    {.key = "competitor",
     .type = PS_FIELD_REF,
     .offset = offsetof(ps_joins, competitor),
     .flags = PS_REQUIRED,
     .refers = PS_REF_COMPETITOR,
     .doc = "The competitor that it belongs to from then on."},
    {.key = "from",
     .type = PS_FIELD_DATE,
     .offset = offsetof(ps_joins, from),
     .flags = PS_REQUIRED,
     .doc = "First day of the merger."},
    {.type = PS_FIELD_END},
};
static const ps_shape joins_shape = {
    "joins", sizeof(ps_joins), joins_fields,
    "A merger: best responses and equilibria then serve the joint profit of both."};

static const ps_field competitor_fields[] = {
    {.key = "offers",
     .type = PS_FIELD_MAP,
     .offset = offsetof(ps_competitor, offers),
     .flags = PS_REQUIRED,
     .min = 1,
     .max = 100,
     .sub = &rival_offer_shape,
     .doc = "Its offers."},
    {.key = "reaction",
     .type = PS_FIELD_KIND,
     .offset = offsetof(ps_competitor, reaction),
     .family = &ps_reaction_family,
     .fallback = "{\"kind\": \"static\"}",
     .doc = "How its prices move."},
    {.key = "joins",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_competitor, joins),
     .sub = &joins_shape,
     .doc = "A merger with another competitor, from a day on."},
    {.type = PS_FIELD_END},
};
const ps_shape ps_competitor_shape = {"competitor", sizeof(ps_competitor), competitor_fields,
                                      "A competitor."};
