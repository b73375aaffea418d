/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A discount that grows with the units of an order: on all of them, or on those of a tier. */
#include "model/promotion/basket.h"
#include "model/promotion/promotion.h"

typedef struct {
    int64_t units;
    ps_number value;
} volume_step;

typedef struct {
    ps_list tiers;
    int tiers_apply;
    ps_top_up top_up;
} volume_tier_params;

static const ps_field step_fields[] = {
    {.key = "units",
     .type = PS_FIELD_WHOLE,
     .offset = offsetof(volume_step, units),
     .flags = PS_REQUIRED,
     .min = 1,
     .max = PS_MAX_UNITS,
     .unit = PS_UNIT_COUNT,
     .doc = "From so many units on ..."},
    {.key = "value",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(volume_step, value),
     .flags = PS_REQUIRED,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "... this part of the price is taken off."},
    {.type = PS_FIELD_END},
};
static const ps_shape step_shape = {"volume_step", sizeof(volume_step), step_fields,
                                    "A tier of a volume discount."};

static const char *const apply_names[] = {"whole", "slice", NULL};

static const ps_field fields[] = {
    {.key = "tiers",
     .type = PS_FIELD_LIST,
     .offset = offsetof(volume_tier_params, tiers),
     .flags = PS_REQUIRED,
     .min = 1,
     .max = PS_MAX_UNITS,
     .sub = &step_shape,
     .doc = "Tiers, ascending in units."},
    {.key = "tiers_apply",
     .type = PS_FIELD_ENUM,
     .offset = offsetof(volume_tier_params, tiers_apply),
     .names = apply_names,
     .fallback = "\"whole\"",
     .doc = "The discount of the tier reached holds for the whole order, or for the units from its "
            "tier on."},
    PS_TOP_UP_FIELDS(volume_tier_params),
    {.type = PS_FIELD_END},
};

static void pay_for(const void *params, const double *values, int lane, double *pay)
{
    const volume_tier_params *p = params;
    const volume_step *tier = p->tiers.items;

    pay[0] = 0.0;
    for (int n = 1; n <= PS_MAX_UNITS; n++) {
        double value = 0.0;

        for (int k = 0; k < p->tiers.count && tier[k].units <= n; k++) {
            value = ps_number_lanes(&tier[k].value, values, 0)[lane];
        }
        pay[n] = p->tiers_apply == 0 ? n * (1.0 - value) : pay[n - 1] + (1.0 - value);
    }
}

static void basket(const void *params, ps_basket_rule *rule)
{
    const volume_tier_params *p = params;

    *rule = ps_top_up_rule(&p->top_up);
    rule->params = params;
    rule->pay = pay_for;
}

const ps_promotion_kind ps_promotion_volume_tier = {
    .head = {.name = "volume_tier",
             .doc = "A discount by the units of an order. Needs segments with `quantity`.",
             .shape = {.name = "promotion_volume_tier",
                       .size = sizeof(volume_tier_params),
                       .fields = fields}},
    .basket = basket,
};
