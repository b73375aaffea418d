/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a price rule may see: the families under model/ never include each other, they meet in the
 * engine. */
#ifndef PS_MODEL_VIEW_H
#define PS_MODEL_VIEW_H

#include <stdint.h>

#include "math/number.h"

/* Prices of the past: row (period + 1) * items + item holds PS_LANES values; row block 0 is the
 * price before the start, so a lag that reaches further back sees that. */
typedef struct {
    int items;
    const double *rows;
} ps_history;

static inline const double *ps_history_at(const ps_history *history, int period, int item)
{
    const long block = period < -1 ? 0 : period + 1;

    return history->rows + (block * history->items + item) * PS_LANES;
}

/* Both prices of period t use what was visible up to t-1. Money in what the buyer pays per unit. */
typedef struct {
    int period;
    int item;               /* own offer, or rival offer, whose price is asked for */
    int segment;            /* a policy that prices each segment apart; else -1 */
    int start_day, end_day; /* day numbers of this period, end excluded */
    double period_days;     /* nominal length: 1, 7, 365.25/12, 365.25/4 */
    const double *values;   /* lane values of all numbers: ps_number_lanes() */
    ps_history own_list;    /* list prices by policy, own offers */
    ps_history own_public;  /* list less public promotions, mean over exposure */
    ps_history rivals;      /* rival offers */
    const uint32_t
        *promoted;      /* [period] set of promotions (bit = index) with at least one active day */
    const double *luck; /* [PS_LANES] one uniform per path for this item's chance events */
    const double *unit_cost; /* [PS_LANES] of the own offer */
    const double
        *pocket_ratio;        /* [PS_LANES] own offer: pocket price / list price, both net of VAT */
    const double *net_of_vat; /* [PS_LANES] 1 / (1 + VAT) where prices include it, else 1 */
    const double
        *rival_weight; /* [rival offers] base shares, for share-weighted references; sum 1 */
    const double *segment_weight; /* [segments] arrivals at the centre; sum 1 */
    int segments;
    const double *own_share; /* [PS_LANES] part of those who decided at t-1 that bought the own
                                offer; today's at t = 0; NULL unless a policy reads it */
    double *floor; /* [PS_LANES] a policy may raise it: no net price of this offer goes below */
} ps_rule_view;

/* What a firm wants that sets prices by what they bring, not by a rule of the past: the engine
 * looks for them, over demand (hot_equilibrium.c). */
enum { PS_AIM_MARGIN, PS_AIM_REVENUE, PS_AIM_SHARE, PS_AIM_UNIT_MARGIN };

typedef struct {
    bool acts;  /* re-prices in this period */
    bool nash;  /* in equilibrium with all that do; else against prices of `lag` periods ago */
    bool leads; /* knows that the rivals that aim will answer */
    int objective, lag;
    const double *adjusts, *floor, *ceiling; /* [PS_LANES]; NULL: all the way, none, none */
} ps_price_aim;

/* Keys that aiming kinds share; PS_AIM_FIELDS are their rows. */
typedef struct {
    int64_t every_days;
    ps_number adjusts, floor;
} ps_aim_keys;

#define PS_AIM_FIELDS(keys)                                                                        \
    {.key = "every_days",                                                                          \
     .type = PS_FIELD_WHOLE,                                                                       \
     .offset = offsetof(keys, aim.every_days),                                                     \
     .min = 1,                                                                                     \
     .max = 3660,                                                                                  \
     .unit = PS_UNIT_DAYS,                                                                         \
     .doc = "Re-prices only this often; left out: every period."},                                 \
        {.key = "adjusts",                                                                         \
         .type = PS_FIELD_NUMBER,                                                                  \
         .offset = offsetof(keys, aim.adjusts),                                                    \
         .fallback = "1",                                                                          \
         .flags = PS_OPEN_MIN,                                                                     \
         .max = 1,                                                                                 \
         .unit = PS_UNIT_FRAC,                                                                     \
         .doc = "Part of the way to the best price that is gone each time."},                      \
    {                                                                                              \
        .key = "floor", .type = PS_FIELD_NUMBER, .offset = offsetof(keys, aim.floor),              \
        .flags = PS_OPEN_MIN, .max = 1e9, .unit = PS_UNIT_MONEY,                                   \
        .doc = "Lowest price; left out: none."                                                     \
    }

/* Whether it acts now, and the shared keys. */
void ps_view_aim(const ps_rule_view *view, const ps_aim_keys *keys, ps_price_aim *aim);

/* Part of the period's days in [from, to), dates as day numbers. */
static inline double ps_view_overlap(const ps_rule_view *view, int from, int to)
{
    const int lo = from > view->start_day ? from : view->start_day;
    const int hi = to < view->end_day ? to : view->end_day;

    return hi > lo ? (double)(hi - lo) / (view->end_day - view->start_day) : 0.0;
}

/* Whole periods of lag for a number of days: at least one, rounded up. */
int ps_view_lag(double lag_days, double period_days);

/* Closing fraction of a period from one per week: 1 - (1 - k)^(days / 7). */
double ps_view_per_period(double fraction, double period_days, double base_days);

/* Adjusts price towards target by the lanes of `closes` (per week), or all the way when not given.
 */
void ps_view_approach(const ps_rule_view *view, const ps_number *closes_per_week,
                      const double *target, double *restrict price);

/* A dated change of price: new level or relative change, from a day on. Shared by own and rival
 * prices. */
typedef struct {
    int from;
    ps_number price, change;
} ps_price_change;

extern const ps_shape ps_price_change_shape;

/* price[l] = mean over the period's days of the level in force; `base` before the first change; a
 * relative change applies to `base`. */
void ps_view_dated_price(const ps_rule_view *view, const ps_list *changes, const double *base,
                         double *restrict price);

#endif
