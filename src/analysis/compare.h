/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans against each other, future by future: all plans meet the same customers, rivals and shocks
 * (common random numbers), so that a difference holds what the plans do and little of the luck that
 * they share. docs/model/compare.md */
#ifndef PS_ANALYSIS_COMPARE_H
#define PS_ANALYSIS_COMPARE_H

#include "doc/doc.h"
#include "engine/result.h"

/* The first plan is the base. */
enum { PS_COMPARE_MOST = 51 };

/* Where a difference in contribution comes from; the rows add up to it. */
typedef enum {
    PS_BRIDGE_VOLUME,
    PS_BRIDGE_MIX,
    PS_BRIDGE_PRICE,
    PS_BRIDGE_PROMOTION,
    PS_BRIDGE_UNIT_COST,
    PS_BRIDGE_PROMOTION_FIXED,
    PS_BRIDGE_COMMISSION,
    PS_BRIDGE_ACQUISITION,
    PS_BRIDGE_REST,
    PS_BRIDGE_ROWS
} ps_bridge_row;

/* A plan's figure less the base's, in the same future. */
typedef struct {
    ps_figure difference;
    double better_frac, equal_frac; /* of the futures: above the base; the same */
} ps_pair;

typedef struct {
    const char *id;
    const ps_scenario *scenario;
    bool has[PS_METRICS];
    ps_figure summary[PS_METRICS];
    ps_pair pair[PS_METRICS]; /* against the base; of the base itself: zeros */
    int goals;
    ps_goal_result *goal;
    ps_pair *goal_pair; /* of "reached": 1 or 0; where the base has the goal, else NAN */
    int waterfall_rows, funnel_rows;
    ps_waterfall_row *waterfall;
    ps_funnel_row *funnel;
    double *series[PS_METRICS];    /* [periods] means, NULL where not kept */
    double bridge[PS_BRIDGE_ROWS]; /* from the base's contribution to this plan's */
    double unit_margin;            /* of a unit booked, after commission; NAN without units */
    double units_change;           /* against the base's units; NAN if it has none */
    double break_even;             /* the change at which it earns as much; NAN: none does */
    double *value;                 /* [paths] of the metric that decides */
    double best_frac;              /* part of the futures in which no plan is better */
    double regret; /* mean of what the best plan of each future would have brought more */
    double regret_se;
} ps_compared;

typedef struct {
    ps_arena arena;
    int metric; /* that decides; more is better */
    int64_t paths;
    bool partial;
    int plans;
    ps_compared plan[PS_COMPARE_MOST];
    /* The base, to be compared with. */
    const ps_result *base;
    double *scratch; /* [2 * paths] */
} ps_comparison;

/* Begins a comparison of up to `plans` plans with the base. `base` was run with keep_paths and
 * outlives the calls of ps_compare_add. PS_ERR_LIMIT when memory runs out. */
ps_status ps_compare_begin(ps_comparison *c, int metric, const char *id,
                           const ps_scenario *scenario, const ps_result *base);

/* Adds a plan: its scenario outlives the comparison, its result may go. PS_ERR_INPUT with a fault
 * when the two cannot be compared (another calendar, scope, currency, counts, parameters). */
ps_status ps_compare_add(ps_comparison *c, const char *id, const ps_scenario *scenario,
                         const ps_result *result, ps_faults *faults);

/* After the last plan: best plan and regret. */
void ps_compare_rank(ps_comparison *c);

void ps_compare_free(ps_comparison *c);

/* Fills a zeroed document. `faults` (warnings) and `command` may be NULL. */
ps_status ps_compare_project(const ps_comparison *c, const ps_faults *faults, const char *command,
                             ps_doc *doc);

/* compare_verdict.c: the sentences "verdict", of at most so many alternatives. */
enum { PS_COMPARE_SPOKEN = 6 };
void ps_compare_verdict(const ps_comparison *c, ps_doc *doc);

#endif
