/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the model derives from the inputs at their centre, for `explain --derived` and the self-checks. */
#ifndef PS_ENGINE_DERIVE_H
#define PS_ENGINE_DERIVE_H

#include "base/status.h"
#include "scenario/scenario.h"

/* A named value: "segments/all/alpha", "segments/all/share/own", "elasticity/own/rival_a" ... */
typedef struct {
    const char *key, *unit, *doc;
    double value;
} ps_derived;

typedef struct {
    ps_arena arena;
    int count, capacity;
    ps_derived *items;
} ps_derivation;

/* Calibrated alpha and shares by segment, own and cross elasticities and diversion (aggregate and by segment), EVC,
 * value price, incentive and share captured, optimal prices of willingness-to-pay families, stage reach, steady stocks,
 * capacities and utilisation, waterfall per unit, margin implied by Nash. All at the centre of the inputs. */
ps_status ps_derive(const ps_scenario *scenario, ps_derivation *out, ps_faults *faults);

void ps_derivation_free(ps_derivation *derivation);

#endif
