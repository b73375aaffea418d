/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/sales/sales.h"

static const ps_field tier_fields[] = {
    {.key = "up_to",
     .type = PS_FIELD_PLAIN,
     .offset = offsetof(ps_commission_tier, up_to),
     .flags = PS_OPEN_MIN,
     .max = 1e15,
     .unit = PS_UNIT_MONEY,
     .doc = "Upper end of the tier, in money or multiples of the quota; left out in the last "
            "one."},
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
static const char *const in_names[] = {"money", "quota", NULL};
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
    {.key = "tiers_in",
     .type = PS_FIELD_ENUM,
     .offset = offsetof(ps_commission, tiers_in),
     .names = in_names,
     .fallback = "\"money\"",
     .doc = "Tiers end at amounts of money, or at multiples of the quota."},
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

static const ps_field quota_fields[] = {
    {.key = "amount",
     .type = PS_FIELD_PLAIN,
     .offset = offsetof(ps_quota, amount),
     .flags = PS_REQUIRED | PS_OPEN_MIN,
     .max = 1e15,
     .unit = PS_UNIT_MONEY,
     .doc = "What one representative is to sell in a year, quarter or month."},
    {.key = "per",
     .type = PS_FIELD_ENUM,
     .offset = offsetof(ps_quota, per),
     .names = per_names,
     .fallback = "\"quarter\"",
     .doc = "The span of the amount: attainment starts again each fiscal year, quarter or month."},
    {.key = "on",
     .type = PS_FIELD_ENUM,
     .offset = offsetof(ps_quota, on),
     .names = on_names,
     .fallback = "\"booked\"",
     .doc = "What counts towards it: value signed, invoiced or collected."},
    {.type = PS_FIELD_END},
};
static const ps_shape quota_shape = {"quota", sizeof(ps_quota), quota_fields,
                                     "What a representative is to sell."};

static const ps_field bonus_fields[] = {
    {.key = "rate",
     .type = PS_FIELD_PLAIN,
     .offset = offsetof(ps_bonus, rate),
     .flags = PS_REQUIRED,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Bonus at an attainment of 1, as a part of the quota; in proportion to attainment."},
    {.key = "threshold",
     .type = PS_FIELD_PLAIN,
     .offset = offsetof(ps_bonus, threshold),
     .fallback = "0.8",
     .max = 10,
     .unit = PS_UNIT_SIGNED_FRAC,
     .doc = "Attainment below which no bonus is paid."},
    {.key = "cap",
     .type = PS_FIELD_PLAIN,
     .offset = offsetof(ps_bonus, cap),
     .fallback = "1.5",
     .flags = PS_OPEN_MIN,
     .max = 100,
     .unit = PS_UNIT_SIGNED_FRAC,
     .doc = "Attainment above which the bonus grows no more."},
    {.type = PS_FIELD_END},
};
static const ps_shape bonus_shape = {"bonus", sizeof(ps_bonus), bonus_fields,
                                     "Bonus at the end of each span of the quota."};

static const ps_field clawback_fields[] = {
    {.key = "bad_debt",
     .type = PS_FIELD_PLAIN,
     .offset = offsetof(ps_clawback, bad_debt),
     .fallback = "1",
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the commission on invoices never paid that is taken back when payment was "
            "due."},
    {.type = PS_FIELD_END},
};
static const ps_shape clawback_shape = {"clawback", sizeof(ps_clawback), clawback_fields,
                                        "Commission that is taken back."};

static const ps_field team_fields[] = {
    {.key = "commission",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_sales_team, commission),
     .sub = &commission_shape,
     .doc = "Commission."},
    {.key = "quota",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_sales_team, quota),
     .sub = &quota_shape,
     .doc = "Quota of each representative: its attainment is reported."},
    {.key = "bonus",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_sales_team, bonus),
     .sub = &bonus_shape,
     .doc = "Bonus for attainment; needs a quota."},
    {.key = "clawback",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_sales_team, clawback),
     .sub = &clawback_shape,
     .doc = "Commission that is taken back."},
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

double ps_bonus_amount(const ps_bonus *bonus, double quota, double sales)
{
    const double attained = sales / quota;

    return attained < bonus->threshold
               ? 0.0
               : bonus->rate * quota * (attained < bonus->cap ? attained : bonus->cap);
}
