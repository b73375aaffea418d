/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run yields: figures with their uncertainty, never formatted. Missing numbers are NAN. */
#ifndef PS_ENGINE_RESULT_H
#define PS_ENGINE_RESULT_H

#include <stdatomic.h>

#include "base/status.h"
#include "scenario/scenario.h"

#define PS_STREAM_VERSION                                                                          \
    1 /* of the random numbers: changes when the same seed gives other draws */

typedef enum {
#define PS_METRIC(id, unit, kind, numerator, denominator, series, by, label) PS_METRIC_##id,
#include "engine/metric.def"
#undef PS_METRIC
    PS_METRICS
} ps_metric;

typedef enum {
    PS_METRIC_MONEY,
    PS_METRIC_FRAC,
    PS_METRIC_COUNT,
    PS_METRIC_DAYS,
    PS_METRIC_RATIO
} ps_metric_unit;
typedef enum { PS_METRIC_IS_SUM, PS_METRIC_IS_LAST, PS_METRIC_IS_RATIO } ps_metric_kind;

typedef struct {
    const char *id, *label; /* label NULL: hidden */
    ps_metric_unit unit;
    ps_metric_kind kind;
    int numerator, denominator;
    bool series, by;
} ps_metric_info;

extern const ps_metric_info ps_metric_table[PS_METRICS];

/* Index of the metric called `id` (hidden ones are not found), or -1. */
int ps_metric_find(const char *id);

/* `se` is the Monte Carlo error of the mean; `ignorance` the share of variance that comes from
 * uncertain inputs. */
typedef struct {
    double mean, sd, se, p5, p10, p25, p50, p75, p90, p95, ignorance;
} ps_figure;

enum { PS_BATCHES = 64 };

typedef struct {
    double *p10, *p50, *p90, *mean; /* [periods] */
} ps_series;

/* One group of a breakdown: `dimension` "segment", "offer", "rival" or a segment dimension; figures
 * of the metrics flagged `by` (and for rivals: units = purchases or deals lost to it, share). */
typedef struct {
    const char *dimension, *id, *label;
    bool has[PS_METRICS];
    ps_figure figure[PS_METRICS];
    double *price; /* [periods] mean price of the one offer that it is; NULL */
    double *shown; /* [periods] what buyers see of it: less public promotions */
    double *share; /* [periods] of a rival: what it won of all that was decided; NULL */
} ps_group;

/* Means over the paths, whole horizon, all segments. */
typedef struct {
    const char *id, *label;
    bool choice;
    double entered, passed, lost, open_start, open_end,
        waiting_end;            /* deals; open includes waiting */
    double mean_days;           /* time in the stage of deals that leave it, without waiting */
    double capacity_bound_frac; /* part of the periods in which the capacity bound, 0 without
                                   capacity */
    double value_open; /* open deals at the end times the mean list value of a signed deal; NAN when
                          none is signed */
} ps_funnel_row;

/* The team of a sales model: means over the paths, whole horizon. */
typedef struct {
    const char *id, *label;
    double hours, hours_used; /* that its representatives had, that deals took */
    double pay, bound_frac;   /* part of the periods after which deals waited for it */
    double waiting_end;
} ps_team_row;

typedef struct {
    const char *id, *label; /* "list", step ids, "negotiated", "promotion", "invoice", "pocket",
                               "unit_cost", "margin" */
    bool total;             /* a level (list, invoice, pocket, margin), not a deduction */
    double amount;          /* mean total over the horizon, of booked deals */
    double per_unit, of_list_frac;
} ps_waterfall_row;

/* A row of what a promotion or the calendar earns, over the attributed paths. */
typedef struct {
    const char *id, *label;
    double mean, se, p10, p90, positive_frac;
} ps_earning_row;

typedef struct {
    const char *id, *label; /* "calendar", or the promotion */
    int rows;
    ps_earning_row
        *row; /* calendar: the split, the channels, the ledger; a promotion: its value alone */
    ps_earning_row net;    /* sum of the rows: contribution with less contribution without */
    ps_earning_row inside; /* of it inside the horizon, as recognised */
    ps_earning_row naive;  /* with rivals frozen */
    double baseline_units, promoted_units,
        incremental_units;                      /* means; units in promoted periods and classes */
    double lift, break_even_lift, roi_on_spend; /* NAN where not defined */
    double discount, fixed, funding, fees;      /* means; fees NAN where there are none */
    /* threshold promotions; NAN otherwise */
    double redeemed_frac, topped_up_frac, subsidised_frac, mean_paid, goods_value,
        discount_per_order;
    double top_up_from; /* smallest basket for which topping up to the first tier pays */
} ps_earning;

typedef struct {
    const char *id, *label, *metric;
    double target;           /* the level to reach */
    double p, se, low, high; /* probability, its simulation error, Wilson 95 % */
    double p_low, p_high; /* P10 and P90 of the probability over the uncertain inputs; NAN when not
                             estimated: too few pairs with a twin */
    double p10, p50, p90, mean; /* of the metric in its scope and window */
    double average_miss;        /* mean shortfall in the paths that miss; 0 when none does */
    bool out_of_range;          /* the target lies outside all simulated values */
} ps_goal_result;

typedef struct {
    const char *pointer;     /* of the input */
    double rank_correlation; /* with the contribution */
} ps_driver;

typedef struct {
    double funnel;     /* largest |entered - left - held| / entered over stages and paths */
    double waterfall;  /* largest |list - steps - pocket| / list */
    double promotions; /* largest |net - sum of rows| / largest row over the attributed paths; the
                          largest row at least 1/1000 of the pocket margin without promotions */
    double cash;       /* largest |invoiced - collected - bad debt - receivable| / invoiced */
} ps_balance;

/* Means over the paths of what an offer sold to a segment, booked in the horizon. */
typedef struct {
    const char *segment, *offer;
    double units, promotion, pocket, margin; /* promotion: its discounts; margin: pocket less unit
                                                cost */
} ps_line_mean;

typedef struct {
    ps_arena arena;
    int64_t paths; /* done: fewer than asked when interrupted */
    bool partial;
    uint64_t seed;
    int counts, parameters, sampling, periods;
    int *period_start;    /* [periods] day numbers */
    int end_day;          /* after the last period */
    bool has[PS_METRICS]; /* metrics that this scenario has */
    ps_figure summary[PS_METRICS];
    ps_series series[PS_METRICS]; /* NULL pointers where not kept */
    double *batch_means;          /* [PS_METRICS][PS_BATCHES] */
    double *share_own, *decided;  /* [periods] as the groups' shares, and of what (means of the
                                     first futures); NULL when none are counted */
    int groups;
    ps_group *group;
    int team_rows;
    ps_team_row *team;
    int funnel_rows;
    ps_funnel_row *funnel;
    int waterfall_rows;
    ps_waterfall_row *waterfall;
    int64_t attributed_paths;
    double attribution_gap; /* mean contribution of the attributed runs inside the horizon less the
                               headline's, NAN if none */
    int earnings;
    ps_earning *earning; /* the calendar first, then each promotion, then the interaction; 0 without
                            promotions */
    int goals;
    ps_goal_result *goal;
    int drivers;
    ps_driver *driver; /* descending in |rank_correlation|, at most 20 */
    ps_balance balance;
    int lines;
    ps_line_mean *line;
    /* When asked for (keep_paths): totals by future, of metrics that are no ratios; values of the
     * goals. NULL otherwise. */
    const double *path[PS_METRICS];
    const double **path_goal;
    int path_inputs; /* uncertain inputs, each by its level in (0, 1) in the first futures */
    int64_t path_input_count;
    const char **path_input; /* pointers */
    const double **path_level;
    double searches, unsolved, unstable; /* searches for prices over demand in all paths: how many,
                                            without an answer, from which a firm would deviate */
    double opening_revenue; /* part of revenue that comes from contracts signed before the start
                               (mean) */
} ps_result;

typedef struct {
    int64_t memory;       /* bytes that may be used; 0: those of the machine */
    int threads;          /* 0: as many as processors */
    bool keep_paths;      /* totals of each future stay in the result */
    int64_t valued_paths; /* percentiles come from the first so many, a multiple of 512; 0: 2^20 */
    int64_t attribution_paths; /* -1: min(paths, 1000); 0: none */
    /* Called now and then from one thread with the part done in [0, 1]; may be NULL. */
    void (*progress)(void *context, double done);
    void *context;
    const atomic_bool
        *stop; /* set by a signal handler: finish the batches under way, mark the result partial */
} ps_run_control;

/* Runs the scenario (paths, seed, counts, parameters from scenario->run). Returns PS_OK;
 * PS_ERR_INTERRUPTED with a usable partial result (or none: paths 0) when stopped; PS_ERR_LIMIT;
 * PS_ERR_MEMORY is PS_ERR_LIMIT too; PS_ERR_INPUT with faults when calibration fails (for instance
 * an elasticity that no logit can have). Warnings are added to `faults`. */
ps_status ps_run(const ps_scenario *scenario, const ps_run_control *control, ps_result *result,
                 ps_faults *faults);

/* Paths whose promotions' earnings will be taken apart. */
int64_t ps_run_attributed(const ps_scenario *scenario, const ps_run_control *control);

/* Bytes that ps_run will need, and steps (path x period x segment x alternative): more than there
 * are is refused before anything is allocated. */
void ps_run_estimate(const ps_scenario *scenario, const ps_run_control *control, double *bytes,
                     double *steps);

void ps_result_free(ps_result *result);

#endif
