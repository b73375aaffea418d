/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/sales/sales.h"

static const ps_field tier_fields[] = {
    {.key = "up_to",
     .type = PS_FIELD_PLAIN,
     .offset = offsetof(ps_commission_tier, up_to),
     .flags = PS_OPEN_MIN,
     .max = 1e15,
     .unit = PS_UNIT_MONEY,
     .doc = "Upper end of the tier; left out in the last one."},
    {.key = "rate",
     .type = PS_FIELD_PLAIN,
     .offset = offsetof(ps_commission_tier, rate),
     .flags = PS_REQUIRED,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Rate."},
    {.type = PS_FIELD_END},
};
static const ps_shape tier_shape = {"commission_tier", sizeof(ps_commission_tier), tier_fields,
                                    "A tier."};

static const char *const on_names[] = {"booked", "invoiced", "collected", NULL};
static const char *const apply_names[] = {"slice", "whole", NULL};
static const char *const per_names[] = {"year", "quarter", "month", NULL};

static const ps_field commission_fields[] = {
    {.key = "on",
     .type = PS_FIELD_ENUM,
     .offset = offsetof(ps_commission, on),
     .names = on_names,
     .fallback = "\"booked\"",
     .doc = "What is paid for: value signed, invoiced or collected."},
    {.key = "tiers",
     .type = PS_FIELD_LIST,
     .offset = offsetof(ps_commission, tiers),
     .flags = PS_REQUIRED,
     .min = 1,
     .max = 32,
     .sub = &tier_shape,
     .doc = "Tiers of the cumulative amount, ascending."},
    {.key = "tiers_apply",
     .type = PS_FIELD_ENUM,
     .offset = offsetof(ps_commission, tiers_apply),
     .names = apply_names,
     .fallback = "\"slice\"",
     .doc = "A rate applies to its slice (accelerator), or to the whole amount (cliff)."},
    {.key = "per",
     .type = PS_FIELD_ENUM,
     .offset = offsetof(ps_commission, per),
     .names = per_names,
     .fallback = "\"year\"",
     .doc = "The cumulative amount starts again each fiscal year, quarter or month."},
    {.type = PS_FIELD_END},
};
static const ps_shape commission_shape = {"commission", sizeof(ps_commission), commission_fields,
                                          "Tiered commission."};

static const ps_field team_fields[] = {
    {.key = "commission",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_sales_team, commission),
     .sub = &commission_shape,
     .doc = "Commission."},
    {.key = "representatives",
     .type = PS_FIELD_WHOLE,
     .offset = offsetof(ps_sales_team, representatives),
     .fallback = "1",
     .min = 1,
     .max = 1000000,
     .doc = "Equal representatives: tiers apply to the average, which understates accelerators."},
    {.type = PS_FIELD_END},
};
const ps_shape ps_sales_team_shape = {"sales_team", sizeof(ps_sales_team), team_fields,
                                      "The sales team."};

static double upper(const ps_commission_tier *tier)
{
    return tier->up_to > 0.0 ? tier->up_to : 1e300;
}

double ps_commission_amount(const ps_commission *commission, double sales)
{
    const ps_commission_tier *tiers = commission->tiers.items;
    double low = 0.0, sum = 0.0;

    for (int i = 0; i < commission->tiers.count; i++) {
        const double high = upper(&tiers[i]);

        if (commission->tiers_apply == PS_TIERS_WHOLE) {
            if (sales <= high || i + 1 == commission->tiers.count) {
                return tiers[i].rate * sales;
            }
        } else if (sales > low) {
            sum += tiers[i].rate * ((sales < high ? sales : high) - low);
        }
        low = high;
    }
    return sum;
}
