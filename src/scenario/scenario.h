/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario as the user stated it, read once and never changed. Field tables: here for the root,
 * in the families for the rest. docs/scenario-reference.md is generated from them. */
#ifndef PS_SCENARIO_H
#define PS_SCENARIO_H

#include "base/arena.h"
#include "math/number.h"
#include "model/competitor/competitor.h"
#include "model/demand/band.h"
#include "model/demand/channel.h"
#include "model/demand/demand.h"
#include "model/economics/economics.h"
#include "model/funnel/funnel.h"
#include "model/pricing/pricing.h"
#include "model/promotion/promotion.h"
#include "model/retention/retention.h"
#include "model/sales/sales.h"
#include "model/sales/sales_model.h"

#define PS_STEEPEST 50.0 /* |alpha| p at most: beyond it a choice is a step function */

enum { PS_SCOPE_MARKET, PS_SCOPE_PIPELINE };
enum { PS_PERIOD_DAY, PS_PERIOD_WEEK, PS_PERIOD_MONTH, PS_PERIOD_QUARTER };
enum { PS_COUNTS_WHOLE, PS_COUNTS_EXPECTED };
enum { PS_PARAMETERS_DRAWN, PS_PARAMETERS_CENTRE };
enum { PS_SAMPLING_RANDOM, PS_SAMPLING_SOBOL };
enum { PS_RIVALS_AS_STATED, PS_RIVALS_FROZEN, PS_RIVALS_BEST_RESPONSE, PS_RIVALS_NASH };

typedef struct {
    int start;
    int period;
    int64_t periods;
    int64_t fiscal_year_start; /* month 1..12 */
} ps_calendar;

#define PS_MAX_PATHS 1e9

typedef struct {
    int64_t paths;
    uint64_t seed;
    int counts, parameters, sampling;
    int rivals; /* PS_RIVALS_ */
} ps_run_options;

typedef struct {
    int word; /* 1: "off" */
    ps_number sd, half_life_days;
} ps_market_shock;

typedef struct {
    ps_market_shock *shock;
    ps_kind_value demand;
    ps_choice *choice; /* shared by the segments that have none; shares are of the whole market */
    ps_map segments;
    ps_map channels; /* ps_channel */
    ps_map bands;    /* ps_band */
} ps_market;

enum { PS_SOLD_AS_UNIT, PS_SOLD_AS_ORDER, PS_SOLD_AS_CONTRACT };

typedef struct {
    ps_entry entry;
    int sold_as;
    ps_bundle *bundle; /* NULL: a good of its own */
    ps_number list_price, unit_cost;
    ps_number wholesale, pass_through; /* seller: brand */
    ps_number stock, salvage;          /* units to sell, and what one that is left is worth */
    ps_capacity *capacity;
    ps_contract *contract;
    ps_pricing *pricing;
} ps_offer;

/* A rival's own price cut: everybody sees it. */
typedef struct {
    int from, to; /* both inside */
    ps_number depth;
} ps_rival_promotion;

typedef struct {
    ps_entry entry;
    ps_number price, unit_cost;
    ps_capacity *capacity; /* purchases it can serve */
    int from, to;          /* in the market; PS_NO_DATE: always */
    ps_list promotions;
} ps_rival_offer;

/* A merger: from that day on the prices of both serve their joint profit. */
typedef struct {
    ps_ref competitor;
    int from;
} ps_joins;

typedef struct {
    ps_entry entry;
    ps_map offers; /* ps_rival_offer */
    ps_kind_value reaction;
    ps_joins *joins;
} ps_competitor;

typedef struct {
    double value; /* NAN until the plan has been run: analysis/goal_base.h */
    const char *what, *plan;
} ps_goal_base;

/* Limits of the promotion calendar, NAN where not stated; a breach is a warning. */
typedef struct {
    double max_depth, max_weeks_per_quarter, min_gap_weeks, min_price_index;
} ps_guard_rails;

typedef struct {
    ps_entry entry;
    const char *metric;
    ps_text_map scope; /* {dimension: value}, {"segment": id}, {"offer": id} */
    double level;      /* NAN when `change` is given */
    double change;
    ps_goal_base *against;
    int from, by;
} ps_goal;

typedef struct {
    ps_texts between; /* two JSON Pointers, or names of shared draws */
    double rank;
} ps_correlation;

/* What a check expects of the projection; the grammar is analysis/expect.h's. */
enum { PS_SEVERITY_FAIL, PS_SEVERITY_WARN };
typedef struct {
    const char *rule, *why;
    int severity;
    /* Filled by the loader: where it stands; file NULL when unknown. */
    const char *file;
    int line, column;
} ps_expectation;

/* Rules beyond the tables (scenario/rules.c), each with a code of its own:
 *  - scope pipeline needs `funnel`; scope market refuses it (CONFLICT), and `negotiated`,
 * `traffic`, `deal_size`, eligibility new; `payment` required in both.
 *  - offers, segments: at least one (EMPTY); own and rival offer ids differ, none is called "none"
 * (DUPLICATE_ID).
 *  - choice: exactly one of baseline, conversion(s), utility (MISSING / CONFLICT); baseline only in
 * market scope, conversion only in pipeline; elasticity or price_sensitivity, not both; utility
 * needs price_sensitivity; conversion needs elasticity or price_sensitivity; baseline names every
 * own and rival offer and "none" and sums to 1 (1e-9, SUM); lost_to sums to 1 (SUM); conversions
 * sum below 1; elasticity.offer may be left out with one own offer, and elasticity must be stated
 * for an offer with 0 < share; every segment has a choice of its own or the market has one, then
 * `conversion` may be the market's too; demand `always` needs no choice.
 *  - awareness only in market scope with baseline, > own share; lost_buyers_who_buy_nothing in (0,
 * s0 / (1 - s_own)], refused with a single inside offer; promotion_elasticity <= elasticity value
 * (at the centres) else RANGE.
 *  - reference_price: gain and promotion_elasticity together CONFLICT; one of half_life_days,
 * carry_over_per_week; the same for price_image.
 *  - dates: to >= from (ORDER); a promotion outside the horizon WARN_NO_EFFECT; value 0
 * WARN_NO_EFFECT; percent 1 WARN_FREE; promotional price below unit cost WARN_BELOW_COST; list
 * price below unit cost WARN_BELOW_COST; amount_off > list price NEGATIVE_PRICE; threshold save >=
 * spend NEGATIVE_PRICE; tiers ascending (ORDER); exactly one of tiers, every; threshold needs a
 * segment with basket (MISSING), basket is lognormal; at most PS_MAX_PROMOTIONS, at most
 * PS_MAX_ACTIVE active at once in one segment and period (LIMIT); feature and traffic need
 * allow_both (CONFLICT); feature.multiplier times share < 0.95.
 *  - stages: exactly one choice; the others need conversion; each needs days or leaves_per_*, not
 * both; the choice stage no conversion; opening counts name stages; capacity on any stage.
 *  - pricing cost_plus: one of markup, target_margin; value_based: one of reference,
 * reference_price; competitive: one of reference, statistic, rank. price_change: one of price,
 * change; changes ascending in `from` (ORDER).
 *  - follow, match, undercut: no offer follows one of its own competitor's offers that follows it
 * (CYCLE only for itself).
 *  - commission tiers ascending, only the last without up_to. waterfall steps: one of rate, amount;
 * step ids are not reserved names.
 *  - retention: pipeline only (CONFLICT); churn by one of rate, alpha and beta, survivors (MISSING,
 * CONFLICT); survivors fall (ORDER) and show that customers differ (NO_FIT); term_months for offers
 * without a contract (MISSING), not when all have one (CONFLICT); without renewal a
 * horizon beyond the term, and customers, WARN_NO_EFFECT; with it a term of half a period or less
 * RANGE, an increase where no price is kept CONFLICT, a date without an increase WARN_NO_EFFECT.
 *  - goals: metric known (ENUM, with suggestion), scope keys known (REF), level or change + against
 * (MISSING names what is missing: metric, number, scope, date), by inside the calendar (DATE), from
 * <= by.
 *  - correlations: pointers name uncertain inputs (REF), rank in [-1, 1], positive definite
 * (NOT_PSD), singular WARN_SINGULAR.
 *  - plans, extends or --set that change list_price or a rival's price under baseline or conversion
 * without observed_at: CONFLICT with the hint "use pricing.price or changes".
 *  - limits: paths x periods x segments x alternatives (LIMIT, names the factors), paths < 100
 * WARN_FEW_PATHS.
 *  - |alpha p0| > 50 at the centre refused (RANGE). */
enum { PS_SELLER_DIRECT, PS_SELLER_BRAND, PS_SELLER_RETAILER };

typedef struct {
    const char *name, *currency;
    int64_t format; /* the key "pricesim": 1 */
    int scope, seller;
    ps_vat *vat;
    ps_calendar *calendar;
    ps_run_options *run;
    ps_market *market;
    ps_map offers; /* ps_offer */
    ps_waterfall *waterfall;
    ps_map competitors; /* ps_competitor */
    ps_map promotions;  /* ps_promotion */
    ps_stacking *stacking;
    ps_guard_rails *guard_rails;
    ps_funnel *funnel;
    ps_negotiated *negotiated;
    ps_payment *payment;
    ps_sales_team *sales_team;
    ps_map sales_models; /* ps_sales_model */
    ps_retention *retention;
    ps_costs *costs;
    ps_map goals; /* ps_goal */
    ps_list correlations;
    ps_list expect;    /* ps_expectation */
    const void *plans; /* the JSON value: {id: patch} */
    const void *moves; /* the JSON value: {id: patch, with "probability"} */

    /* Filled by the loader, not by field tables. */
    ps_arena arena;
    int rivals;                        /* rival offers over all competitors, sorted by id */
    const ps_rival_offer **rival;      /* [rivals] */
    const ps_competitor **rival_owner; /* [rivals] */
    struct ps_input
        *inputs; /* every uncertain number, in the order of the tables: scenario/load.h */
    int input_count;
    int cells; /* most plan segments: segments x channels x bands x members or not */
    int slots; /* rows of lane values: one per number, one per segment for a number with shifts */
    const char *source; /* all of the assembled scenario as JSON: labels, plans, expectations */
    char hash[17];      /* of the assembled scenario without comments, labels and expectations */
    const char *plan;   /* NULL, or the plan that was chosen */
} ps_scenario;

extern const ps_shape ps_scenario_shape, ps_competitor_shape;

#endif
