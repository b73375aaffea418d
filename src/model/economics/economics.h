/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Money: the price waterfall, VAT, contracts, payment and other costs, as the scenario states them.
 */
#ifndef PS_MODEL_ECONOMICS_H
#define PS_MODEL_ECONOMICS_H

#include "math/number.h"

typedef struct {
    ps_number rate;
    bool prices_include;
} ps_vat;

enum { PS_STEP_OF_RUNNING, PS_STEP_OF_LIST };
enum {
    PS_STEP_NEGOTIATED = -1,
    PS_STEP_PROMOTION = -2,
    PS_STEP_INVOICE = -3,
    PS_STEP_FEE = -4, /* of channels and sales models: the last but for the next, not to be named */
    PS_STEP_SERVE = -5 /* cost to serve of sales models: the last, not to be named */
};                     /* reserved names in order: index of the ps_ref */

/* When those who take a step pay. */
typedef struct {
    bool upfront;         /* everything at the signing */
    ps_number days_later; /* or so much later than the others */
} ps_paid;

typedef struct {
    ps_entry entry;
    int of;
    ps_number rate, amount; /* one of them; amount per unit */
    ps_number take_up;      /* part of the deals to which it applies */
    ps_paid *paid;          /* NULL: as the others */
} ps_step;

typedef struct {
    ps_refs order; /* steps and reserved names; default: all steps by id, then negotiated,
                      promotion, invoice */
    ps_map steps;
} ps_waterfall;

enum { PS_BILLING_ANNUAL, PS_BILLING_QUARTERLY, PS_BILLING_MONTHLY, PS_BILLING_UPFRONT };

typedef struct {
    int64_t months;
    int billing;
    bool discount_persists;
} ps_contract;

/* Several own offers bought together: its price and cost are the sums of theirs. */
typedef struct {
    ps_refs of;
    ps_number attach;
} ps_bundle;

typedef struct {
    ps_number share;
    ps_spread days;
} ps_dispute;

typedef struct {
    ps_spread days;
    int invoices; /* ps_kernel_begin */
    ps_dispute *disputed;
    ps_number bad_debt;
} ps_payment;

typedef struct {
    ps_number per_lead, fixed_per_month, once, discount_rate_per_year;
} ps_costs;

extern const ps_shape ps_vat_shape, ps_waterfall_shape, ps_contract_shape, ps_bundle_shape,
    ps_payment_shape, ps_costs_shape;

/* Amount of one waterfall step per unit: rate of the list or running price, or the amount; times
 * take-up. */
static inline double ps_step_amount(int of, bool by_rate, double value, double take_up, double list,
                                    double running)
{
    const double full = by_rate ? value * (of == PS_STEP_OF_LIST ? list : running) : value;

    return full * take_up;
}

#endif
