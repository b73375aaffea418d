/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules between keys, checked when each key alone is fine. The list of them is in
 * scenario/scenario.h. */
#ifndef PS_SCENARIO_RULES_H
#define PS_SCENARIO_RULES_H

#include <stdbool.h>

#include "base/status.h"
#include "scenario/assemble.h"
#include "scenario/scenario.h"

typedef struct {
    const ps_scenario *scenario;
    const ps_assembly *assembly; /* places of the values, and what patches changed */
    ps_faults *faults;
} ps_rules;

/* Adds every fault and warning. */
void ps_rules_check(const ps_rules *rules);

/* ---- for the rules' own files
 * -------------------------------------------------------------------- */

/* A fault about the value at `pointer` + "/" + `key` (NULL: at `pointer` itself); when it is not
 * there, at the innermost value that is. `hint` may be NULL. */
__attribute__((format(printf, 6, 7))) void ps_rule_fault(const ps_rules *rules, const char *code,
                                                         const char *pointer, const char *key,
                                                         const char *hint, const char *format, ...);

/* Value of a number with everything uncertain at its centre; `otherwise` when it is not given. */
double ps_rule_centre(const ps_number *number, double otherwise);

/* MISSING when none of the keys below `pointer` (NULL-terminated) is given, CONFLICT when several
 * are. */
void ps_rule_one_of(const ps_rules *rules, const char *pointer, const char *const *keys,
                    const bool *given);

/* Whether the kind has a parameter `key` that was given. */
bool ps_rule_given(const ps_kind_value *kind, const char *key);

/* A price of the scenario without the tax that it includes. */
double ps_rule_net(const ps_rules *rules, double price);

/* What the seller gets of an offer at `price`: that, or the wholesale price behind it (NAN when it
 * is not stated). */
double ps_rule_earned(const ps_rules *rules, const ps_offer *offer, double price);

/* Today's share or win rate of an own offer at the centre, NAN when the choice does not state it.
 */
double ps_rule_share(const ps_rules *rules, const ps_choice *choice, int offer);

/* Price of an offer at `price` under the promotion on that day, at the centre; NAN for kinds that
 * do not change it. */
double ps_rule_promoted(const ps_promotion *promotion, int day, double price);

/* First day of the n-th period; n = periods is the day after the horizon. */
int ps_rule_period_start(const ps_calendar *calendar, int64_t n);

/* Law, dispersion and number of the arrivals of a segment or channel at `owner`. */
void ps_rule_arrivals(const ps_rules *rules, const ps_arrivals *arrivals, const ps_growth *growth,
                      const char *owner);

/* Shares sum to 1: exactly when all are known; uncertain ones are scaled to 1 in each path. */
void ps_rule_sum(const ps_rules *rules, const ps_number_map *map, const char *pointer,
                 const char *key);

/* What a channel, sales model or score band does otherwise in stages. */
void ps_rule_stage_changes(const ps_rules *rules, const ps_map *map);

void ps_rules_channel(const ps_rules *rules); /* rules_channel.c: channels, who serves whom */
void ps_rules_band(const ps_rules *rules);    /* rules_band.c: score bands */
void ps_rules_entry(const ps_rules *rules);   /* rules_entry.c: criteria of stages */
void ps_rules_sales(const ps_rules *rules);   /* rules_sales.c: sales models and their teams */
void ps_rules_market(const ps_rules *rules);  /* rules_market.c: segments, choice, memory */
/* rules_demand.c: nests and tastes of a choice, and kinds of demand without one */
void ps_rules_tastes(const ps_rules *rules, const ps_choice *choice, const char *pointer);
void ps_rules_demand(const ps_rules *rules);
void ps_rules_bundle(const ps_rules *rules); /* rules_bundle.c: joint purchases */
/* The own offer of that index when it is a bundle, else NULL. */
const ps_offer *ps_rule_bundle(const ps_rules *rules, int offer);
void ps_rules_rivals(const ps_rules *rules);    /* rules_rivals.c: mergers, best prices */
void ps_rules_promotion(const ps_rules *rules); /* rules_promotion.c: schedules, depth, stacking */
void ps_rules_limits(const ps_rules *rules);    /* rules_limits.c: stocks, budgets */
void ps_rules_order(const ps_rules *rules);     /* rules_order.c: orders of several units */
void ps_rules_seller(const ps_rules *rules);    /* rules_seller.c: whose money is counted */
void ps_rules_members(const ps_rules *rules);   /* rules_members.c: members and their prices */
void ps_rules_guard(const ps_rules *rules);     /* rules_guard.c: guard rails of the calendar */
void ps_rules_retention(const ps_rules *rules); /* rules_retention.c: churn, terms */
/* rules_price.c: dated changes of a price, the policy of an own offer. */
void ps_rules_changes(const ps_rules *rules, const ps_kind_value *kind, const char *pointer);
void ps_rules_pricing(const ps_rules *rules, const ps_offer *offer);
void ps_rules_goal(const ps_rules *rules); /* rules_goal.c: goals, correlations */

#endif
