/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goals against a plan: what the plan brings has to be simulated before. */
#ifndef PS_ANALYSIS_GOAL_BASE_H
#define PS_ANALYSIS_GOAL_BASE_H

#include "engine/result.h"
#include "scenario/load.h"

/* Before `scenario`, loaded with `options`, is run with `control`: runs each plan that a goal of it
 * is against, with its futures, and fills in the means. Nothing happens without such goals. REF
 * when a plan does not have the goal. */
ps_status ps_goals_settle(const ps_load_options *options, const ps_run_control *control,
                          ps_scenario *scenario, ps_faults *faults);

#endif
