/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/promotion/promotion.h"

#include "model/promotion/basket.h"

static const ps_kind *const kinds[] = {
#define PS_PROMOTION(kind) &ps_promotion_##kind.head,
#include "model/promotion/promotion.def"
#undef PS_PROMOTION
    NULL,
};

const ps_family ps_promotion_family = {.name = "promotion", .kinds = kinds};

static const ps_field feature_fields[] = {
    {.key = "multiplier",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_feature, multiplier),
     .flags = PS_OPEN_MIN,
     .max = 100,
     .unit = PS_UNIT_RATIO,
     .doc =
         "Sales of the offers with display or advertising over sales without, at the same price."},
    {.key = "utility",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_feature, utility),
     .min = -50,
     .max = 50,
     .unit = PS_UNIT_UTILITY,
     .doc = "Or the utility that it adds."},
    {.type = PS_FIELD_END},
};
static const ps_shape feature_shape = {"feature", sizeof(ps_feature), feature_fields,
                                       "Display or advertising that comes with a promotion."};

static const ps_field cost_fields[] = {
    {.key = "once",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_promotion_cost, once),
     .max = 1e12,
     .unit = PS_UNIT_MONEY,
     .doc = "Spent in the period of the first day."},
    {.key = "per_week",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_promotion_cost, per_week),
     .max = 1e12,
     .unit = PS_UNIT_MONEY,
     .doc = "Spent per week while active."},
    {.type = PS_FIELD_END},
};
static const ps_shape cost_shape = {"promotion_cost", sizeof(ps_promotion_cost), cost_fields,
                                    "Fixed cost of a promotion."};

static const ps_field funding_fields[] = {
    {.key = "once",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_funding, once),
     .max = 1e12,
     .unit = PS_UNIT_MONEY,
     .doc = "Lump sum received in the period of the first day."},
    {.key = "per_unit",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_funding, per_unit),
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "Received per unit sold under the promotion."},
    {.key = "share_of_discount",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_funding, share_of_discount),
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the promotion's discount that a partner pays."},
    {.type = PS_FIELD_END},
};
static const ps_shape funding_shape = {"funding", sizeof(ps_funding), funding_fields,
                                       "Money from a partner for a promotion."};

static const ps_field recurrence_fields[] = {
    {.key = "every_days",
     .type = PS_FIELD_WHOLE,
     .offset = offsetof(ps_recurrence, every_days),
     .flags = PS_REQUIRED,
     .min = 1,
     .max = 3660,
     .unit = PS_UNIT_DAYS,
     .doc = "Days from one start to the next."},
    {.key = "days",
     .type = PS_FIELD_WHOLE,
     .offset = offsetof(ps_recurrence, days),
     .flags = PS_REQUIRED,
     .min = 1,
     .max = 3660,
     .unit = PS_UNIT_DAYS,
     .doc = "Length of each."},
    {.key = "times",
     .type = PS_FIELD_WHOLE,
     .offset = offsetof(ps_recurrence, times),
     .min = 1,
     .max = 1000,
     .doc = "How often; left out: until `to`."},
    {.type = PS_FIELD_END},
};
static const ps_shape recurrence_shape = {"recurrence", sizeof(ps_recurrence), recurrence_fields,
                                          "A promotion that comes back."};

static const ps_field waiting_fields[] = {
    {.key = "share",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_waiting, share),
     .flags = PS_REQUIRED,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the arrivals on these days that comes when it begins instead."},
    {.key = "days",
     .type = PS_FIELD_WHOLE,
     .offset = offsetof(ps_waiting, days),
     .flags = PS_REQUIRED,
     .min = 1,
     .max = 366,
     .unit = PS_UNIT_DAYS,
     .doc = "Days before it begins on which they wait."},
    {.type = PS_FIELD_END},
};
static const ps_shape waiting_shape = {"waiting", sizeof(ps_waiting), waiting_fields,
                                       "Waiting for an announced promotion."};

static const char *const eligibility_names[] = {"all", "new", NULL};

static const ps_field promotion_fields[] = {
    {.type = PS_FIELD_KIND,
     .offset = offsetof(ps_promotion, kind),
     .flags = PS_REQUIRED,
     .family = &ps_promotion_family,
     .doc = "What the promotion does."},
    {.key = "offers",
     .type = PS_FIELD_REFS,
     .offset = offsetof(ps_promotion, offers),
     .refers = PS_REF_OFFER,
     .doc = "Own offers in it; left out: all."},
    {.key = "segments",
     .type = PS_FIELD_REFS,
     .offset = offsetof(ps_promotion, segments),
     .refers = PS_REF_SEGMENT,
     .doc = "Segments that get it; left out: all."},
    {.key = "channels",
     .type = PS_FIELD_REFS,
     .offset = offsetof(ps_promotion, channels),
     .refers = PS_REF_CHANNEL,
     .doc = "Channels in which it runs; left out: all."},
    {.key = "eligibility",
     .type = PS_FIELD_ENUM,
     .offset = offsetof(ps_promotion, eligibility),
     .names = eligibility_names,
     .fallback = "\"all\"",
     .doc = "Who may use it. In a pipeline every lead is a new customer."},
    {.key = "from",
     .type = PS_FIELD_DATE,
     .offset = offsetof(ps_promotion, from),
     .flags = PS_REQUIRED,
     .doc = "First day."},
    {.key = "to",
     .type = PS_FIELD_DATE,
     .offset = offsetof(ps_promotion, to),
     .flags = PS_REQUIRED,
     .doc = "Last day, inside."},
    {.key = "recurrence",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_promotion, recurrence),
     .sub = &recurrence_shape,
     .doc = "Comes back between `from` and `to`."},
    {.key = "reach",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_promotion, reach),
     .fallback = "1",
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the buyers in scope that it reaches on an active day."},
    {.key = "visible",
     .type = PS_FIELD_BOOL,
     .offset = offsetof(ps_promotion, visible),
     .fallback = "true",
     .doc = "Rivals see the promoted price."},
    {.key = "feature",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_promotion, feature),
     .sub = &feature_shape,
     .doc = "Display or advertising, as a multiplier of sales or a utility."},
    {.key = "traffic",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_promotion, traffic),
     .flags = PS_OPEN_MIN,
     .max = 100,
     .unit = PS_UNIT_RATIO,
     .doc = "Multiplier of arrivals while active (pipeline)."},
    {.key = "allow_both",
     .type = PS_FIELD_BOOL,
     .offset = offsetof(ps_promotion, allow_both),
     .fallback = "false",
     .doc = "Allows feature and traffic together: their effects multiply."},
    {.key = "fixed_cost",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_promotion, fixed_cost),
     .sub = &cost_shape,
     .doc = "What running it costs, whatever it sells."},
    {.key = "funding",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_promotion, funding),
     .sub = &funding_shape,
     .doc = "What a partner pays towards it."},
    {.key = "waiting",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_promotion, waiting),
     .sub = &waiting_shape,
     .doc = "Buyers who know that it comes put off their purchase."},
    {.key = "acceleration",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_promotion, acceleration),
     .max = 20,
     .unit = PS_UNIT_RATIO,
     .doc = "Open deals decide sooner while it runs: the chance h to decide now becomes "
            "1 - (1 - h)^exp(acceleration x depth)."},
    {.key = "stock",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_promotion, stock),
     .max = 1e12,
     .unit = PS_UNIT_COUNT,
     .doc = "Units sold under it, over its whole time; who comes too late chooses again without "
            "it."},
    {.key = "budget",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_promotion, budget),
     .max = 1e12,
     .unit = PS_UNIT_MONEY,
     .doc = "Most money (net of VAT) that its discounts may cost: it stops when that is spent."},
    {.key = "per_customer",
     .type = PS_FIELD_WHOLE,
     .offset = offsetof(ps_promotion, per_customer),
     .min = 1,
     .max = PS_MAX_UNITS,
     .unit = PS_UNIT_COUNT,
     .doc = "Units of an order that it holds for; further ones cost what they would without it. "
            "Needs segments with `quantity`."},
    {.type = PS_FIELD_END},
};
const ps_shape ps_promotion_shape = {"promotion", sizeof(ps_promotion), promotion_fields,
                                     "A limited-time promotion."};

static const ps_field group_fields[] = {
    {.key = "members",
     .type = PS_FIELD_REFS,
     .offset = offsetof(ps_stacking_group, members),
     .flags = PS_REQUIRED,
     .refers = PS_REF_PROMOTION,
     .doc = "Promotions that exclude each other."},
    {.type = PS_FIELD_END},
};
static const ps_shape group_shape = {"stacking_group", sizeof(ps_stacking_group), group_fields,
                                     "Of these, only the best for the customer applies."};

static const char *const rule_names[] = {"best_for_customer", "stack", "exclusive", NULL};

static const ps_field stacking_fields[] = {
    {.key = "rule",
     .type = PS_FIELD_ENUM,
     .offset = offsetof(ps_stacking, rule),
     .names = rule_names,
     .fallback = "\"best_for_customer\"",
     .doc =
         "What applies when a buyer is reached by several promotions: the one that is best for the "
         "customer, all in `order`, or the first in `order`."},
    {.key = "order",
     .type = PS_FIELD_ORDER,
     .offset = offsetof(ps_stacking, order),
     .refers = PS_REF_PROMOTION,
     .doc = "Order of application; left out: by id."},
    {.key = "cap",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_stacking, cap),
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Largest total discount of the unit price."},
    {.key = "groups",
     .type = PS_FIELD_MAP,
     .offset = offsetof(ps_stacking, groups),
     .sub = &group_shape,
     .doc = "Exclusive groups."},
    {.type = PS_FIELD_END},
};
const ps_shape ps_stacking_shape = {"stacking", sizeof(ps_stacking), stacking_fields,
                                    "How several promotions combine."};

/* Days of [start, end) inside [from, from + days). */
static int overlap(int start, int end, int from, int to)
{
    const int lo = from > start ? from : start;
    const int hi = to < end ? to : end;

    return hi > lo ? hi - lo : 0;
}

int ps_promotion_days(const ps_promotion *promotion, int start, int end)
{
    const int to = promotion->to + 1;
    int days = 0;

    if (!promotion->recurrence) {
        return overlap(start, end, promotion->from, to);
    }
    const ps_recurrence *r = promotion->recurrence;

    for (int64_t n = 0; r->times == 0 || n < r->times; n++) {
        const int64_t from = promotion->from + n * r->every_days;

        if (from >= to || from >= end) {
            break;
        }
        const int64_t until = from + (r->days < r->every_days ? r->days : r->every_days);

        days += overlap(start, end, (int)from, (int)(until < to ? until : to));
    }
    return days;
}

int ps_promotion_last_day(const ps_promotion *promotion)
{
    const ps_recurrence *r = promotion->recurrence;

    if (r && r->times > 0) {
        const int64_t last = promotion->from + (r->times - 1) * r->every_days + r->days - 1;

        return last < promotion->to ? (int)last : promotion->to;
    }
    return promotion->to;
}
