/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a sales team earns: commissions in tiers, quota, bonus, and what is taken back. */
#ifndef PS_MODEL_SALES_H
#define PS_MODEL_SALES_H

#include "math/number.h"

enum { PS_COMMISSION_BOOKED, PS_COMMISSION_INVOICED, PS_COMMISSION_COLLECTED };
enum { PS_TIERS_SLICE, PS_TIERS_WHOLE };
enum { PS_TIERS_IN_MONEY, PS_TIERS_IN_QUOTA };
enum { PS_COMMISSION_PER_YEAR, PS_COMMISSION_PER_QUARTER, PS_COMMISSION_PER_MONTH };

typedef struct {
    double up_to; /* 0: the last tier, without end */
    double rate;
} ps_commission_tier;

typedef struct {
    int on;
    ps_list tiers;
    int tiers_apply;
    int tiers_in;
    int per;
} ps_commission;

typedef struct {
    double amount; /* of one representative, per year, quarter or month */
    int per;
    int on;
} ps_quota;

typedef struct {
    double rate, threshold, cap;
} ps_bonus;

typedef struct {
    double bad_debt; /* part of the commission on value that is never paid */
} ps_clawback;

typedef struct {
    ps_commission *commission;
    ps_quota *quota;
    ps_bonus *bonus;
    ps_clawback *clawback;
    int64_t representatives;
} ps_sales_team;

extern const ps_shape ps_sales_team_shape;

/* Commission on `sales` of one representative: slice: each rate on its slice; whole: the rate of
 * the tier reached (the first whose up_to is not exceeded) on everything. */
double ps_commission_amount(const ps_commission *commission, double sales);

/* Bonus of one representative for a span with this quota and these sales: nothing below the
 * threshold of attainment, else rate x quota x the attainment up to the cap. */
double ps_bonus_amount(const ps_bonus *bonus, double quota, double sales);

#endif
