/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules in order: the first whose conditions all hold sets the price, else it stays. What a rule
 * looks at is known at the end of the period before: prices of t - 1 and the share sold in it. */
#include "model/pricing/rules.h"

#include <string.h>

static const ps_field between_fields[] = {
    {.key = "above",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_price_between, above),
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Holds above this."},
    {.key = "below",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_price_between, below),
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Holds below this."},
    {.type = PS_FIELD_END},
};
static const ps_shape between_shape = {"price_between", sizeof(ps_price_between), between_fields,
                                       "A condition on a share; one of above and below, or both."};

static const ps_field gap_fields[] = {
    {.key = "to",
     .type = PS_FIELD_REF,
     .offset = offsetof(ps_price_gap, to),
     .flags = PS_REQUIRED,
     .refers = PS_REF_RIVAL_OFFER,
     .doc = "The rival offer."},
    {.key = "above",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_price_gap, level.above),
     .min = -1,
     .max = 100,
     .unit = PS_UNIT_SIGNED_FRAC,
     .doc = "Holds when our list price over theirs, less 1, is above this."},
    {.key = "below",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_price_gap, level.below),
     .min = -1,
     .max = 100,
     .unit = PS_UNIT_SIGNED_FRAC,
     .doc = "Holds when it is below this."},
    {.type = PS_FIELD_END},
};
static const ps_shape gap_shape = {"price_gap", sizeof(ps_price_gap), gap_fields,
                                   "A condition on the distance to a rival's price."};

static const ps_field when_fields[] = {
    {.key = "price_gap",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_price_when, gap),
     .sub = &gap_shape,
     .doc = "Our list price against a rival's price, both of the period before."},
    {.key = "share",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_price_when, share),
     .sub = &between_shape,
     .doc = "Part of all who decided in the period before that bought this offer."},
    {.key = "from",
     .type = PS_FIELD_DATE,
     .offset = offsetof(ps_price_when, from),
     .doc = "Not in periods that start before this day."},
    {.key = "to",
     .type = PS_FIELD_DATE,
     .offset = offsetof(ps_price_when, to),
     .doc = "Not in periods that start after this day."},
    {.type = PS_FIELD_END},
};
static const ps_shape when_shape = {"price_when", sizeof(ps_price_when), when_fields,
                                    "Conditions of a rule: all that are stated must hold."};

static const ps_field then_fields[] = {
    {.key = "price",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_price_then, price),
     .flags = PS_OPEN_MIN,
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "The new list price."},
    {.key = "change",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_price_then, change),
     .flags = PS_OPEN_MIN,
     .min = -1,
     .max = 100,
     .unit = PS_UNIT_SIGNED_FRAC,
     .doc = "Or a change relative to today's price; 0 goes back to it."},
    {.key = "move",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_price_then, move),
     .flags = PS_OPEN_MIN,
     .min = -1,
     .max = 100,
     .unit = PS_UNIT_SIGNED_FRAC,
     .doc = "Or a change relative to the price of the period before, in each period in which the "
            "rule holds."},
    {.key = "match",
     .type = PS_FIELD_REF,
     .offset = offsetof(ps_price_then, match),
     .refers = PS_REF_RIVAL_OFFER,
     .doc = "Or this rival offer's price of the period before."},
    {.key = "by",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_price_then, by),
     .fallback = "0",
     .flags = PS_OPEN_MIN,
     .min = -1,
     .max = 10,
     .unit = PS_UNIT_SIGNED_FRAC,
     .doc = "Distance to the matched price: -2% is slightly below."},
    {.type = PS_FIELD_END},
};
static const ps_shape then_shape = {"price_then", sizeof(ps_price_then), then_fields,
                                    "What a rule does; one of price, change, move, match."};

static const ps_field rule_fields[] = {
    {.key = "when",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_price_rule, when),
     .sub = &when_shape,
     .doc = "Conditions; left out: always."},
    {.key = "then",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_price_rule, then),
     .flags = PS_REQUIRED,
     .sub = &then_shape,
     .doc = "What the price becomes."},
    {.type = PS_FIELD_END},
};
static const ps_shape rule_shape = {"price_rule", sizeof(ps_price_rule), rule_fields,
                                    "A rule of a price policy."};

static const ps_field fields[] = {
    {.key = "rules",
     .type = PS_FIELD_LIST,
     .offset = offsetof(ps_rules_params, rules),
     .flags = PS_REQUIRED,
     .min = 1,
     .max = 100,
     .sub = &rule_shape,
     .doc = "Rules in order: the first that holds sets the price; when none does it stays."},
    {.type = PS_FIELD_END},
};

/* Clears `holds` where x is not between the levels. */
static void keep_between(const ps_price_between *level, const double *values, const double *x,
                         bool *holds)
{
    const double *above = level->above.given ? ps_number_lanes(&level->above, values, 0) : NULL;
    const double *below = level->below.given ? ps_number_lanes(&level->below, values, 0) : NULL;

    for (int l = 0; l < PS_LANES; l++) {
        holds[l] = holds[l] && (!above || x[l] > above[l]) && (!below || x[l] < below[l]);
    }
}

static void conditions(const ps_price_when *when, const ps_rule_view *view, bool *holds)
{
    if (when->gap) {
        const double *own = ps_history_at(&view->own_list, view->period - 1, view->item);
        const double *rival = ps_history_at(&view->rivals, view->period - 1, when->gap->to.index);
        double gap[PS_LANES];

        for (int l = 0; l < PS_LANES; l++) {
            gap[l] = own[l] / rival[l] - 1.0;
        }
        keep_between(&when->gap->level, view->values, gap, holds);
    }
    if (when->share) {
        keep_between(when->share, view->values, view->own_share, holds);
    }
    if (view->start_day < when->from || (when->to != PS_NO_DATE && view->start_day > when->to)) {
        memset(holds, 0, PS_LANES * sizeof *holds);
    }
}

static double outcome(const ps_price_then *then, const ps_rule_view *view, int l, double before)
{
    const double today = ps_history_at(&view->own_list, -1, view->item)[l];

    if (then->price.given) {
        return ps_number_lanes(&then->price, view->values, 0)[l];
    }
    if (then->change.given) {
        return today * (1.0 + ps_number_lanes(&then->change, view->values, 0)[l]);
    }
    if (then->move.given) {
        return before * (1.0 + ps_number_lanes(&then->move, view->values, 0)[l]);
    }
    return ps_history_at(&view->rivals, view->period - 1, then->match.index)[l] *
           (1.0 + ps_number_lanes(&then->by, view->values, 0)[l]);
}

static void price(const void *params, const ps_rule_view *view, double *restrict out)
{
    const ps_list *list = &((const ps_rules_params *)params)->rules;
    const ps_price_rule *rules = list->items;
    bool open[PS_LANES], holds[PS_LANES];

    memset(open, 1, sizeof open);
    for (int k = 0; k < list->count; k++) {
        memcpy(holds, open, sizeof holds);
        if (rules[k].when) {
            conditions(rules[k].when, view, holds);
        }
        for (int l = 0; l < PS_LANES; l++) {
            if (holds[l]) {
                out[l] = outcome(rules[k].then, view, l, out[l]);
                open[l] = false;
            }
        }
    }
}

static bool reads_share(const void *params)
{
    const ps_list *list = &((const ps_rules_params *)params)->rules;
    const ps_price_rule *rules = list->items;

    for (int k = 0; k < list->count; k++) {
        if (rules[k].when && rules[k].when->share) {
            return true;
        }
    }
    return false;
}

const ps_pricing_kind ps_pricing_rules = {
    .head = {.name = "rules",
             .doc = "Rules in order: when something holds, then a price.",
             .shape = {.name = "pricing_rules", .size = sizeof(ps_rules_params), .fields = fields}},
    .price = price,
    .reads_share = reads_share,
};
