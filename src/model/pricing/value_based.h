/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Economic value to the customer (Forbis and Mehta 1981; Nagle and Mueller):
 *
 *   D = sum of drivers - switching cost,  EVC = P_ref + D
 *   price = P_ref + (1 - sigma) D  if D >= 0,  P_ref + D  if D < 0
 */
#ifndef PS_MODEL_PRICING_VALUE_BASED_H
#define PS_MODEL_PRICING_VALUE_BASED_H

#include "model/pricing/pricing.h"

typedef struct {
    ps_ref reference;          /* rival offer: the customer's next best alternative */
    ps_number reference_price; /* or a number */
    ps_map drivers;            /* ps_value_driver */
    ps_number switching_cost, customer_share;
    int64_t lag_days;
    int per; /* 0 one, 1 segment */
} ps_value_based_params;

typedef struct {
    ps_entry entry;
    ps_number value; /* money per unit; negative: worse than the alternative */
} ps_value_driver;

/* price[l] and evc[l] (may be NULL) from reference price, net differentiation and customer's share.
 */
void ps_value_price(const double *reference, const double *net, const double *customer_share,
                    double *restrict price, double *restrict evc);

/* net[l] = sum of drivers - switching cost for a segment (shifts apply). */
void ps_value_net(const ps_value_based_params *params, const double *values, int segment,
                  double *restrict net);

#endif
