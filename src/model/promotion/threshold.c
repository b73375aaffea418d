/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spend X, save Y: tiers, or every X with a cap. The rule itself is model/promotion/basket.h. */
#include "model/promotion/basket.h"
#include "model/promotion/promotion.h"

typedef struct {
    double spend, save;
} tier;

typedef struct {
    double spend, save, cap;
} every_rule;

typedef struct {
    ps_list tiers;
    every_rule *every;
    ps_top_up top_up;
} threshold_params;

static const ps_field tier_fields[] = {
    {.key = "spend",
     .type = PS_FIELD_PLAIN,
     .offset = offsetof(tier, spend),
     .flags = PS_REQUIRED | PS_OPEN_MIN,
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "Basket that earns the saving."},
    {.key = "save",
     .type = PS_FIELD_PLAIN,
     .offset = offsetof(tier, save),
     .flags = PS_REQUIRED | PS_OPEN_MIN,
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "The saving."},
    {.type = PS_FIELD_END},
};
static const ps_shape tier_shape = {"tier", sizeof(tier), tier_fields, "Spend this, save that."};

static const ps_field every_fields[] = {
    {.key = "spend",
     .type = PS_FIELD_PLAIN,
     .offset = offsetof(every_rule, spend),
     .flags = PS_REQUIRED | PS_OPEN_MIN,
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "Each time this much is spent ..."},
    {.key = "save",
     .type = PS_FIELD_PLAIN,
     .offset = offsetof(every_rule, save),
     .flags = PS_REQUIRED | PS_OPEN_MIN,
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "... this much is saved."},
    {.key = "cap",
     .type = PS_FIELD_PLAIN,
     .offset = offsetof(every_rule, cap),
     .flags = PS_OPEN_MIN,
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "Largest saving per order."},
    {.type = PS_FIELD_END},
};
static const ps_shape every_shape = {"every", sizeof(every_rule), every_fields,
                                     "Every X spent saves Y."};

static const ps_field fields[] = {
    {.key = "tiers",
     .type = PS_FIELD_LIST,
     .offset = offsetof(threshold_params, tiers),
     .min = 1,
     .max = PS_MAX_TIERS,
     .sub = &tier_shape,
     .doc = "Tiers, ascending in spend and saving."},
    {.key = "every",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(threshold_params, every),
     .sub = &every_shape,
     .doc = "Or a saving for every X spent."},
    PS_TOP_UP_FIELDS(threshold_params),
    {.type = PS_FIELD_END},
};

static void basket(const void *params, ps_basket_rule *rule)
{
    const threshold_params *p = params;
    const tier *tiers = p->tiers.items;

    *rule = ps_top_up_rule(&p->top_up);
    for (int k = 0; k < p->tiers.count && k < PS_MAX_TIERS; k++) {
        rule->spend[rule->tiers] = tiers[k].spend;
        rule->save[rule->tiers++] = tiers[k].save;
    }
    if (p->every) {
        const double cap = p->every->cap > 0.0 ? p->every->cap : 1e300;

        for (int k = 1; k <= PS_MAX_TIERS; k++) {
            const double save = k * p->every->save;

            rule->spend[rule->tiers] = k * p->every->spend;
            rule->save[rule->tiers++] = save < cap ? save : cap;
            if (save >= cap) {
                break;
            }
        }
    }
}

const ps_promotion_kind ps_promotion_threshold = {
    .head = {.name = "threshold",
             .doc = "Spend X, save Y (满减): tiers, or every X with a cap.",
             .shape = {.name = "promotion_threshold",
                       .size = sizeof(threshold_params),
                       .fields = fields}},
    .basket = basket,
};
