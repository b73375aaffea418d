/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario compiled for the engine: flat arrays and resolved indices, constant while paths run.
 * Index letters: t period, s segment, i own offer, c rival offer, j alternative (own offers, rival
 * offers, none), m promotion, g funnel stage in order. */
#ifndef PS_ENGINE_PLAN_H
#define PS_ENGINE_PLAN_H

#include "engine/result.h"
#include "math/kernel.h"

enum { PS_MAX_OFFERS = 31 }; /* own offers in whole-number runs */
#include "math/sobol.h"
#include "model/promotion/basket.h"

typedef double ps_lanes[PS_LANES];

/* How one uncertain number gets its lane values. */
typedef struct {
    int slot;
    double shift;
    const ps_sampler *sampler; /* NULL: the constant `centre` */
    double centre;             /* value at `parameters: centre`, shift included */
    int uniform;               /* row of uniforms; numbers with the same "draw" share one */
} ps_plan_draw;

/* A delay as a kernel. `shared`: its parameters are constants, so that all paths have k[n]. */
typedef struct {
    const ps_spread *spread;
    bool shared;
    ps_kernel_begin begin;
    int n;        /* lags kept */
    double mean;  /* in periods, when shared */
    double *k;    /* [n], folded or not as its user asked, when shared */
    double *tail; /* [n + 1] sum of k(b) for b >= n, when shared */
} ps_plan_kernel;

/* Who may say what is otherwise in a stage: sales model, channel, band. */
enum { PS_STAGE_OWNERS = 3 };
typedef const ps_number *ps_plan_odds[PS_STAGE_OWNERS]; /* up to the first NULL */

typedef struct {
    const ps_stage *stage;
    const char *id;
    bool choice;
    bool hazard;                      /* leaves_per_*: per_base_days is its unit */
    double hazard_days, abandon_days; /* the units of their rates */
    double capacity_per;              /* factor from the capacity's unit to a period; 0: none */
    uint32_t *stream;                 /* [S] of luck in this stage */
    const ps_number **conversion;     /* [S]; NULL at the choice, where only it states one */
    ps_plan_odds *odds;               /* [S] by which the odds of going on are multiplied */
    bool *shuts_out;                  /* [S] bands that may not enter; NULL: all may */
    double size_min, size_before;     /* smallest size that may enter, and of the stages before */
    int *dwell;                       /* [S] law of the time in the stage */
    const ps_number **effort;         /* [S] hours of a team per deal; NULL: none */
} ps_plan_stage;

/* A law of the time in a stage. */
typedef struct {
    const ps_dwell *days;
    int stage;
    ps_plan_kernel won, lost;
} ps_plan_dwell;

typedef struct {
    const ps_segment *segment;   /* of the scenario */
    int origin, channel;         /* its index; the channel's, -1 without */
    int model;                   /* sales model, -1 without */
    int band;                    /* score band, -1 without */
    bool first_band;             /* of its segment in its channel */
    const ps_number *in_band;    /* part of these leads that scoring puts into it; NULL: all */
    const ps_members *members;   /* of the segment; NULL: it has none */
    bool member;                 /* this cell is the members'; the others' is the one before it */
    const char *name;            /* "segment[.channel][.band]", "segment.[channel].member" */
    const ps_arrivals *arrivals; /* the segment's, or the channel's own */
    bool own_arrivals;
    const ps_number *part; /* of these arrivals; NULL: all */
    double spend_per; /* factor from the unit of the channel's spend to a period, times the cell's
                         part of the channel at the centre */
    const ps_choice *choice; /* its own or the market's */
    bool market_choice;
    double arrivals_per;            /* factor from the arrivals' unit to a period */
    double growth_per;              /* growth: exponent per period, 0 without */
    double *season;                 /* [T_end] */
    double weight;                  /* of its arrivals at the centre; sum 1 */
    bool basket, counted;           /* wins are orders: of a basket, of counted units */
    bool sized, sized_constant;     /* deal_size given; constant */
    const ps_sampler *size_sampler; /* of a constant-parameter law that is not lognormal */
    double size_cv2;                /* squared coefficient of variation for such a law */
    double size_mean;
    double size_min;       /* smallest that all stages let in; 0: any */
    bool general;          /* nests, tastes or a kind of demand of its own: hot_demand.c */
    ps_taste_nodes tastes; /* one node without tastes */
    const int *nest_of;    /* [J] nest of an alternative, -1 none */
    int taste_at;          /* first row of its nodes' shares: [nodes][J] */
    uint32_t stream_arrivals, stream_shock, stream_choice, stream_size, stream_opening, stream_base,
        stream_leave, stream_refer;
} ps_plan_segment;

/* Whether the parts of cells a and b divide the same arrivals among them; one band stands for all.
 */
static inline bool ps_plan_divides(const ps_plan_segment *a, const ps_plan_segment *b)
{
    return a->part && b->part && b->first_band && a->member == b->member &&
           a->arrivals == b->arrivals && (a->own_arrivals || a->origin == b->origin);
}

/* Whether scoring divides the same leads among them. */
static inline bool ps_plan_scored(const ps_plan_segment *a, const ps_plan_segment *b)
{
    return a->in_band && a->origin == b->origin && a->channel == b->channel;
}

/* Sizes of the deals that are large enough. */
static inline void ps_plan_cut_size(ps_dist *dist, double min)
{
    if (min > 0.0 && !(dist->truncated && dist->min >= min)) {
        dist->truncated = true;
        dist->min = min;
    }
}

/* Plans whose segments are walked apart: most stages, offers and rivals; figures of a brief period.
 */
enum {
    PS_BRIEF_REVENUE,
    PS_BRIEF_CONTRIBUTION,
    PS_BRIEF_COLLECTED,
    PS_BRIEF_UNITS,
    PS_BRIEF_RATE, /* won of decided */
    PS_BRIEF
};
enum { PS_APART_STAGES = 8, PS_APART_OFFERS = 3, PS_APART_RIVALS = 3 };

/* What is kept of the team of a sales model, over the periods of the horizon. */
enum {
    PS_TEAM_ROOM, /* hours there were */
    PS_TEAM_USED, /* hours that deals took */
    PS_TEAM_PAY,
    PS_TEAM_BOUND,   /* periods after which deals waited */
    PS_TEAM_WAITING, /* deals, at the end */
    PS_TEAM_SUMS
};

/* The people of a sales model that serves some cell. */
typedef struct {
    const ps_model_team *team;
    int model;
    int stage;                 /* where it takes deals up */
    bool *serves;              /* [S] */
    double hours_per, pay_per; /* factors from their units to a period */
} ps_plan_team;

typedef struct {
    const ps_promotion *promotion;
    int kind;          /* index in the family */
    double *active;    /* [T_end] part of the days */
    double *weeks;     /* [T_end] active weeks */
    double *announced; /* [T_end] part of the days on which buyers wait for a run that begins in a
                          later period; NULL without */
    bool *begins;      /* [T_end] a run begins */
    int first_period;  /* of its first active day, -1 outside */
    bool *in_segment;  /* [S] */
    bool *in_offer;    /* [I] */
    double *fee_per;   /* [S] factor: fee over occasions of a member, in their units, of a period */
    bool reach_one;    /* reaches everybody, a known number */
    bool whole_periods;       /* active all of a period or none of it */
    const ps_number *synergy; /* of a promotion of bundles, else NULL */
    bool pure;
    bool basket;
    ps_basket_rule rule;
    int rank;  /* place in the stacking order */
    int group; /* stacking group, -1 none */
} ps_plan_promotion;

typedef struct {
    const ps_step *step;
    int reserved; /* PS_STEP_* or 0 */
    const char *id, *label;
} ps_plan_step;

/* Customers of an offer. */
typedef struct {
    int periods;     /* of a term */
    int history;     /* terms before the start with signings */
    int row;         /* of its first cohort among those of a cell */
    double units;    /* a term in units of the churn rate */
    double years;    /* of a term */
    bool kept_price; /* renewed at the contract's own price */
    bool persists;   /* with the promotion discount of the first term */
    int payment_row; /* of ps_life.beyond */
} ps_plan_terms;

/* Who leaves, and who signs again in the projection. */
typedef struct {
    const ps_retention *retention;
    ps_plan_terms *terms; /* [I] */
    int rows;             /* cohorts of a cell, over the offers */
    int payments;         /* ends of terms in the horizon, over the offers, from the signing on */
    int increase_from;    /* first period of the increase */
    const ps_number **given; /* [S] customers of its segment at the start; NULL: steady */
    uint32_t *stream;        /* [S] of its segment's customers at the start */
    double refer_units;      /* units of time of the referral's rate in a period */
    bool elastic;            /* leaving answers to the price */
    bool fitted;             /* `law` holds the survivors' */
    ps_sbg law;
} ps_plan_base;

typedef struct {
    int metric;
    bool *segment_in; /* [S], NULL: all (totals) */
    int offer;        /* -1: all */
    double *weight;   /* [T] part of each period's days in the window */
    int last;         /* last period with weight */
    bool closed;      /* of what is known after the last period only */
    double target;
} ps_plan_goal;

typedef struct {
    const ps_scenario *scenario;
    int T, T_end, S, I, C, J, M, G,
        choice_stage; /* S cells: segments by channels by bands; J = I + C + 1 */
    bool pipeline, whole, centre, always;
    int always_offer;
    const ps_demand_kind *demand; /* its flags; hot code calls it by the index */
    int demand_kind;              /* index in the family */
    const void *demand_params;
    bool choiceless; /* no segment has a choice: `always`, or a kind with shares of its own */
    bool general;    /* some segment is general */
    int taste_rows, taste_nodes, nests; /* over the segments; most nests of one */
    double *promoted_weeks; /* [M][T_end] weeks of promotion in the 13 weeks up to the period */
    uint64_t seed;
    double period_days;
    int *start, *end; /* [T_end] day numbers */

    int draws;
    ps_plan_draw *draw;
    int uniforms;
    uint32_t *uniform_stream; /* [uniforms] */
    ps_sobol *sobol;          /* [uniforms], the first PS_SOBOL_DIMENSIONS; NULL: random draws */
    int correlated;           /* uniforms with correlations: rows 0 .. correlated-1 */
    double *factor;           /* [correlated][correlated] lower triangle */

    ps_plan_segment *segment;
    ps_plan_stage *stage;
    int dwells; /* laws of time in stages: the stages' own first */
    ps_plan_dwell *dwell;
    int ages;         /* of the choice stage */
    int after_stages; /* stages after the choice */
    int *flow_row,
        flow_rows; /* [G] rows of flows of the stages before the choice that have a delay */
    int span;      /* periods kept of future money: T_end + 1, or 1 when everything is at once */
    bool queued;   /* some stage has a capacity, or there are teams */
    int teams;
    ps_plan_team *team; /* in the order of the sales models */
    ps_plan_promotion *promotion;
    bool counted;               /* some segment has a `quantity` */
    uint32_t hurry_set;         /* promotions that make deals decide sooner */
    bool hurries;               /* there are, or the ends of quarters do so */
    double *quarter_end;        /* [T_end] part of the days that are last ones of a fiscal quarter;
                                   NULL: they have no effect */
    uint32_t wait_set;          /* promotions that buyers wait for */
    bool borrows;               /* some segment's promoted sales are borrowed from later */
    uint32_t limited_set;       /* promotions with a stock or a budget */
    int limited_offers;         /* offers with a stock or a capacity */
    double *capacity_per;       /* [I] factor from the capacity's unit to a period */
    bool rationed;              /* something may run out: sales are kept by cell */
    bool stocked;               /* some offer has a stock */
    bool salvaged;              /* what is left of an offer's stock is sold off at the end */
    int *by_rank;               /* [M] promotions in stacking order */
    uint32_t traffic_set;       /* promotions that bring more arrivals */
    uint32_t funded;            /* promotions with funding per unit or per discount */
    uint32_t hidden;            /* promotions that rivals do not see */
    uint32_t *promoted;         /* [T_end] promotions with an active day */
    int fork;                   /* before this period no promotion changes anything; 0: not known */
    bool *reference_all;        /* [S] rivals have reference prices too */
    int *pricing_kind;          /* [I] index in the family */
    bool *floored;              /* [I] its policy may set a floor */
    bool *limited_moves;        /* [I] endings, largest moves */
    bool bundled;               /* some own offer is a bundle of others */
    bool share_seen;            /* a policy reads what was sold in the period before */
    int *reaction_kind;         /* [C] index in the family, as run.rivals says */
    const void **reaction;      /* [C] its parameters */
    bool aims;                  /* some price is looked for over demand: hot_equilibrium.c */
    double *rival_capacity_per; /* [C] factor from its unit to a period */
    bool rival_capacity;        /* some rival offer can be full: hot_full.c */
    bool rival_promotions;      /* rivals' public prices differ from their regular ones */
    double *presence;           /* [T_end][C] part of the days in the market; NULL: always all */
    int *owner;                 /* [C][T_end] competitor that earns it: changes with a merger */
    int *
        price_row; /* [S * I] row of the list price: shared by segments unless priced per segment */
    int price_rows;
    int *row_offer, *row_segment, *row_cell; /* [price_rows]; segment -1: one price for all; cell
                                                whose channel's price applies, -1 none */
    double *rival_weight;                    /* [C] base shares, sum 1 */
    uint32_t *rival_stream;                  /* [C] */
    uint32_t shock_stream;
    bool shock;

    bool channel_prices, channel_fees; /* some channel or sales model has a price or a fee */
    bool served;                       /* some sales model has a cost to serve */
    bool brand;                        /* money is wholesale: hot_wholesale.c */
    bool members;                      /* some segment has members: hot_members.c */
    double *joining_days;              /* [S] the unit of the part that joins */
    uint32_t fee_set;                  /* promotions for which members pay a fee */
    ps_plan_base *life;                /* NULL: without retention */
    ps_plan_base *base;                /* the same; NULL: nobody signs again */
    bool refers;                       /* customers bring leads */
    bool *plain, *unaware; /* [S] the fused path of hot_plain.c may serve it; some do not know us */
    bool apart;            /* nothing passes between segments: each may be walked by itself */
    bool is_brief;         /* ... with no costs but those of promotions */
    int brief[PS_BRIEF];   /* then the row of each of these in the series of a period */
    bool shares;           /* decisions are counted: who won them, by period */
    bool public_seen;      /* somebody reads own public prices of the past */
    bool luck;             /* paths differ by more than their inputs */
    bool lines_needed;     /* goals or net present value read a line's values by period */
    bool instant;          /* decisions in the period of arrival at the choice */
    int channel_count,
        channel[8];        /* PS_CH_* that are summed by line; the others are zero or the deals */
    bool units_are_deals;  /* no baskets and no deal sizes */
    bool linear_waterfall; /* no step by amount before a discount: sums may go through it */
    bool plain_waterfall;  /* only the reserved steps, in their default order */
    int steps;
    ps_plan_step *step;
    bool terms; /* some step is paid at another time: hot_terms.c */
    ps_plan_kernel payment, dispute;
    bool has_dispute;
    bool all_paid;        /* no bad debt */
    bool keeps_all_paid;  /* ... and no VAT in the prices */
    double **recognition; /* [I][T_end + 1] kernel; */
    int *recognition_n;   /* [I] */
    double **billing;     /* [I][T_end + 1] */
    double *fiscal;       /* [T_end + 1] 1 where the commission's cumulative amount starts again */
    double *quota;        /* [T_end] the quota of all representatives in the period */
    double *quota_start;  /* [T_end + 1] 1 where its attainment starts again */
    bool negotiated;
    int nodes; /* 1 or PS_DISCOUNT_NODES */

    int goals;
    ps_plan_goal *goal;
    bool has[PS_METRICS];
    double *recognition_total, *billing_total;       /* [I] sums of the whole kernels: 1 */
    double *recognition_mean;                        /* [I] mean lag of recognition, in periods */
    int line_of[PS_METRICS], segment_of[PS_METRICS]; /* PS_LINE_ or PS_SEG_ index of a metric, -1 */
    int closed_of[PS_METRICS]; /* PS_SEG_ index of what is known after the last period only, -1 */
    int *term_periods;         /* [I] contract term, rounded to periods; 0 without */
    int series_count;          /* fans by period; of the others only means */
    int series_metric[PS_METRICS];
    int by_period_count,
        by_period[PS_METRICS];            /* sums over lines or segments needed in every period */
    int ledger_count, ledger[PS_METRICS]; /* metrics of the ledger, summed over the periods */
    bool nested;
    bool rivals_react, reference, image, traffic, timing; /* feedback channels that exist */
} ps_plan;

/* Compiles the scenario. Plan memory is owned by `arena`. Faults: calibration that cannot be
 * (RANGE), unknown goal metrics. */
ps_status ps_plan_make(const ps_scenario *scenario, ps_arena *arena, ps_plan *plan,
                       ps_faults *faults);

#endif
