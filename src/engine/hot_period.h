/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a batch leaves by period beside its series. */
#ifndef PS_ENGINE_HOT_PERIOD_H
#define PS_ENGINE_HOT_PERIOD_H

#include "engine/plan.h"

/* Who won each period's decisions is counted in the first so many futures. */
enum { PS_SHARED_PATHS = 4096 };

typedef struct {
    ps_lanes *lost;          /* [C][T] deals or purchases lost to each rival since the start */
    ps_lanes *won, *decided; /* [T] deals or purchases that we won, and all that were decided */
    bool counts;             /* whether these three are asked for in this batch */
} ps_lane_periods;

/* Whether what buyers see in period t is not the list price: less public promotions, times the
 * channels' factors. */
static inline bool ps_plan_shows(const ps_plan *plan, int t)
{
    return plan->promoted[t] != 0 || plan->channel_prices;
}

#endif
