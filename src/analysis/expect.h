/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expectations: rules over the figures of a result. docs/model/check.md
 *
 *   rule   = figure comparator value | "P(" condition ")" comparator chance
 *   condition = metric comparator value | "goals." ID ".reached"
 *   figure = METRIC[.STAT] | by.DIMENSION.ID.METRIC[.STAT] | series.METRIC@DATE[.STAT] |
 * goals.ID[.KEY] | promotions.ID[.KEY[.STAT]] | funnel.ID.KEY value  = number, "28%", 7.0M, 300k,
 * or PLAN:figure: the same in another plan of the scenario
 */
#ifndef PS_ANALYSIS_EXPECT_H
#define PS_ANALYSIS_EXPECT_H

#include "engine/result.h"
#include "json/tree.h"

/* A plan's result: as struct (run with keep_paths) and as the JSON that a report of it is. */
typedef struct {
    const char *plan; /* "" for the scenario as written */
    const ps_result *result;
    const ps_node *tree;
} ps_expect_side;

typedef enum {
    PS_VERDICT_PASS,
    PS_VERDICT_FAIL,
    PS_VERDICT_CANNOT_TELL, /* closer to the line than the simulation error */
} ps_verdict;

typedef struct {
    ps_verdict verdict;
    double got, want, error; /* error: 1.96 Monte Carlo standard errors of got - want */
} ps_expect_outcome;

enum { PS_EXPECT_PLANS = 16, PS_EXPECT_NAME = 64 };

/* Checks the rules' grammar and the names of metrics; a fault for each wrong one, at its place. */
ps_status ps_expect_check(const ps_scenario *scenario, ps_faults *faults);

/* Plans that the rules compare with, without repetition; at most PS_EXPECT_PLANS. */
int ps_expect_plans(const ps_scenario *scenario, char plans[PS_EXPECT_PLANS][PS_EXPECT_NAME]);

/* Decides one rule. sides[0] is the scenario as written. PS_ERR_INPUT with a fault when a figure
 * does not exist. */
ps_status ps_expect_decide(const ps_expectation *expectation, const ps_expect_side *sides,
                           int count, ps_expect_outcome *out, ps_faults *faults);

#endif
