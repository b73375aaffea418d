/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the model derives from the inputs at their centre, for `explain --derived` and the
 * self-checks. */
#ifndef PS_ENGINE_DERIVE_H
#define PS_ENGINE_DERIVE_H

#include "base/status.h"
#include "scenario/scenario.h"

/* A named value. Keys, with S a segment, A and B alternatives (own and rival offers, "none"), O an
 * own offer, G a stage: segments/S/  weight, alpha, gain, loss, rho; share/A, elasticity/A/O,
 * diversion/O/A; evc/O, value_price/O, incentive/O, value_margin/O, captured/O share/A,
 * elasticity/A/B, diversion/O/A    of all segments together nash_margin/A margin per unit that a
 * price equilibrium would imply waterfall/O/ list, each step, invoice, pocket, unit_cost, margin
 *   funnel/G/    reach, arrivals, conversion, days, steady_open; with a capacity: utilisation,
 * throughput, backlog_growth, worth_of_capacity steady/      leads, open_deals, cycle_days, signed,
 * booked, collected flow/        G/open, leads, signed, eventual_signed, booked, margin, paid,
 * collected, unpaid: only where exact; lifetime/ alpha, beta, log_likelihood; lifetime/S/ cac;
 * lifetime/O/ kept/K, survival/K, mean_terms, term_months; lifetime/S/O/ margin, value,
 * value_beyond, value_at_mean_churn, value_to_cac, roi, payback_months. Values that do not exist
 * (no value driver is positive, a share is zero) have no key. */
typedef struct {
    const char *key, *unit, *doc;
    double value;
} ps_derived;

typedef struct {
    ps_arena arena;
    int count, capacity;
    ps_derived *items;
} ps_derivation;

/* All at the centre of the inputs, at the prices at which the base row was observed. PS_ERR_INPUT
 * with faults when the scenario cannot be calibrated, PS_ERR_LIMIT when memory runs out; `out` is
 * then empty. */
ps_status ps_derive(const ps_scenario *scenario, ps_derivation *out, ps_faults *faults);

void ps_derivation_free(ps_derivation *derivation);

#endif
