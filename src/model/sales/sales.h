/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sales commissions in tiers. */
#ifndef PS_MODEL_SALES_H
#define PS_MODEL_SALES_H

#include "math/number.h"

enum { PS_COMMISSION_BOOKED, PS_COMMISSION_INVOICED, PS_COMMISSION_COLLECTED };
enum { PS_TIERS_SLICE, PS_TIERS_WHOLE };
enum { PS_COMMISSION_PER_YEAR, PS_COMMISSION_PER_QUARTER, PS_COMMISSION_PER_MONTH };

typedef struct {
    double up_to; /* 0: the last tier, without end */
    double rate;
} ps_commission_tier;

typedef struct {
    int on;
    ps_list tiers;
    int tiers_apply;
    int per;
} ps_commission;

typedef struct {
    ps_commission *commission;
    int64_t representatives;
} ps_sales_team;

extern const ps_shape ps_sales_team_shape;

/* Commission on `sales` of one representative: slice: each rate on its slice; whole: the rate of
 * the tier reached (the first whose up_to is not exceeded) on everything. */
double ps_commission_amount(const ps_commission *commission, double sales);

#endif
