/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A segment of the market: who arrives, when, and how they choose. */
#ifndef PS_MODEL_SEGMENT_H
#define PS_MODEL_SEGMENT_H

#include "math/number.h"
#include "model/demand/members.h"
#include "model/demand/taste.h"

enum {
    PS_ARRIVALS_POISSON,
    PS_ARRIVALS_NEGATIVE_BINOMIAL,
    PS_ARRIVALS_FIXED,
    PS_ARRIVALS_EXPECTED
};

typedef struct {
    ps_rate rate;
    int law;
    ps_number dispersion; /* negative binomial size: variance = mean + mean^2 / size */
    ps_number shock;      /* sd of an own log-normal shock each period; given or not */
} ps_arrivals;

typedef struct {
    double amplitude, cycle_days, peak_days; /* peak_days < 0: cycle / 4 */
} ps_sine;

typedef struct {
    ps_plains monthly; /* 12 */
    ps_sine *sine;
    ps_plains table; /* one per period */
} ps_season;

typedef struct {
    ps_rate rate; /* per_year ...: relative growth, compounding */
} ps_growth;

typedef struct {
    ps_ref offer;
    bool brand; /* all own offers together */
    ps_number value;
} ps_elasticity;

/* One of: baseline, conversion, utility. */
typedef struct {
    ps_number_map baseline;    /* ALTERNATIVE: shares, "none" included; sum 1 */
    ps_number conversion;      /* pipeline, one own offer: win rate */
    ps_number_map conversions; /* pipeline, several own offers: win rate of each */
    ps_number_map lost_to;     /* LOST_TO: split of the losses; sum 1 */
    ps_number_map utility;     /* ANY_OFFER: delta; outside 0 */
    ps_elasticity *elasticity;
    ps_number price_sensitivity; /* |alpha| */
    ps_number_map observed_at;   /* ANY_OFFER: prices at which the baseline was observed */
    ps_number promotion_elasticity, loss_aversion;
    ps_number lost_buyers_who_buy_nothing, awareness;
    ps_map nests; /* ps_nest */
    ps_tastes *tastes;
    bool outside; /* with utilities: buying nothing is among the alternatives */
} ps_choice;

enum { PS_REFERENCE_OWN, PS_REFERENCE_ALL };

typedef struct {
    ps_number half_life_days, carry_over_per_week;
    int of;
    ps_number gain, loss; /* multiples of |alpha| */
} ps_reference_price;

typedef struct {
    ps_number half_life_days, carry_over_per_week;
    ps_number sensitivity; /* k_a */
    ps_number equity;      /* k_d */
} ps_price_image;

enum { PS_BORROW_ALL, PS_BORROW_EACH };
enum { PS_PAID_BACK_NEXT_PERIOD, PS_PAID_BACK_AFTER_PROMOTION };

typedef struct {
    ps_number share, half_life_days, carry_over_per_week;
    int of, paid_back;
} ps_borrow;

typedef struct {
    ps_entry entry;
    ps_text_map dimensions;
    ps_arrivals *arrivals;
    ps_season *season;
    ps_growth *growth;
    ps_choice *choice; /* NULL: the market's */
    ps_spread basket, quantity, deal_size;
    ps_number relative_sensitivity; /* r_s, with the market's choice */
    ps_number_map preference;       /* ANY_OFFER and none: x_sj, with the market's choice */
    ps_reference_price *reference_price;
    ps_price_image *price_image;
    ps_borrow *borrow;   /* market scope */
    ps_ref sold_by;      /* sales model */
    ps_members *members; /* market scope; NULL: none */
} ps_segment;

extern const ps_shape ps_segment_shape, ps_choice_shape, ps_arrivals_shape;

/* Factor of the season in [start, end) (day numbers), `start0` the first day of the calendar,
 * `period` the index: sine:    1 + amplitude cos(2 pi (d - peak_days) / cycle_days), d = start -
 * start0 monthly: mean over the days of the month's factor;  table: table[period], the last entry
 * repeating. */
double ps_season_factor(const ps_season *season, int start0, int start, int end, int period);

#endif
