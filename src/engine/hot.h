/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine's inner part: one batch of PS_LANES paths from draws to totals. The hot_*.c files,
 * src/model and src/math are compiled once per instruction set (see the Makefile); ps_hot_run is
 * all the rest of the program sees of them. */
#ifndef PS_ENGINE_HOT_H
#define PS_ENGINE_HOT_H

#include "engine/hot_kept.h"
#include "engine/hot_period.h"
#include "engine/plan.h"
#include "math/count.h"

/* Promotion over regular elasticity less 1: -3.63 / -2.62 - 1 (Bijmolt and others 2005) */
#define PS_PROMOTION_RATIO 0.39

/* What travels with deals after the choice: sums over deals, per unit of deal size. */
enum {
    PS_CH_N,   /* deals (orders) */
    PS_CH_Q,   /* units */
    PS_CH_L,   /* value at list price */
    PS_CH_NEG, /* negotiated discount */
    PS_CH_PRO, /* promotion discount */
    PS_CH_AGE, /* days since the lead was created */
    PS_CHANNELS
};

/* What is kept for each line (segment and own offer). */
enum {
    PS_LINE_REVENUE,
    PS_LINE_BOOKED,
    PS_LINE_COLLECTED,
    PS_LINE_UNITS,
    PS_LINE_SIGNED,
    PS_LINE_LIST,
    PS_LINE_POCKET,
    PS_LINE_MARGIN,
    PS_LINE_WON,
    PS_LINE_PROMOTION, /* promotion discounts; after the last period only */
    PS_LINE_ORDERS,    /* from here on of plans whose customers sign again: with their orders */
    PS_LINE_ACTIVE,
    PS_LINE_ENDED,
    PS_LINE_CHURNED,
    PS_LINE_RENEWED,
    PS_LINE_AGAIN,
    PS_LINE_METRICS
};

enum { PS_MAX_CLASSES = 1 << PS_MAX_ACTIVE, PS_MAX_CELLS = PS_MAX_CLASSES * PS_DISCOUNT_NODES };

/* States of the feedback channels of one pass, per period: what a channel that is not live is fed
 * with. */
typedef struct {
    ps_lanes *reference, *reference_rival; /* [T_end][S][I], [T_end][S][C] */
    ps_lanes *image;                       /* [T_end][S] */
    ps_lanes *rival;                       /* [T_end][C] */
    ps_lanes *full;                        /* [T_end][S][C], if rivals can be full */
    ps_lanes *list;                        /* [T_end][price_rows] */
    ps_lanes *served;                      /* [T_end][2][I] */
    ps_lanes *again;                       /* [T_end][lines][PS_CH_PRO + 1] signed again */
} ps_tape;

/* One walk through the periods. */
typedef struct {
    bool whole;          /* luck in counts; else expected flows */
    bool settle;         /* attribution: runs to T_end, everything decided counts */
    uint32_t calendar;   /* promotions that are on (bit m) */
    const ps_tape *tape; /* of R0; NULL: every channel is live */
    bool live_timing, live_reference, live_image, live_customers, live_limits, live_rivals;
    ps_tape *record;
    bool resume; /* starts in plan->fork, from the state that the recorded walk had there */
    bool split;  /* evaluate each cell with the calendar too and record the split of R1 - R0 */
} ps_pass;

/* Lane sums of an attribution pass. */
typedef struct {
    ps_lanes pm;      /* pocket margin, less expected bad debt, of everything decided */
    ps_lanes invoice; /* invoice value of it */
    ps_lanes commission, fixed, funding, fees, acquisition, write_off;
    ps_lanes contribution;      /* pm less the rest */
    ps_lanes inside;            /* contribution as recognised inside the horizon */
    ps_lanes booked, collected; /* so far */
} ps_pass_sum;

/* The split of R1 - R0: sums over the decision cells; q units after the choice, m margin per unit.
 */
typedef struct {
    ps_lanes baseline;          /* min(q0, q1) (m1 - m0) */
    ps_lanes gain, gain_margin; /* (q1 - q0)+, times m1 */
    ps_lanes loss, loss_margin; /* (q0 - q1)+, times m0 */
    ps_lanes *other;            /* [C + 1] n0 - n1: less lost to each rival and to nothing */
    ps_lanes change;            /* q1 m1 - q0 m0 */
    ps_lanes *promotion; /* [M + 1][PS_TOUCH]: of the cells that a promotion touches; row M: any */
} ps_split;

/* Sums over the cells that a promotion touches. */
enum {
    PS_TOUCH_Q0,
    PS_TOUCH_Q1,
    PS_TOUCH_GIFT,
    PS_TOUCH_MARGIN,
    PS_TOUCH_DISCOUNT,
    PS_TOUCH_ELSEWHERE, /* margin lost in own offers outside it, and borrowed from later */
    PS_TOUCH_FEES,
    PS_TOUCH_ORDERS,
    PS_TOUCH_REDEEMED,
    PS_TOUCH_TOPPED,
    PS_TOUCH_SUBSIDISED,
    PS_TOUCH_PAID,
    PS_TOUCH_GOODS,
    PS_TOUCH
};

/* Fixed rows of the earnings table of the calendar. */
enum {
    PS_ROW_BASELINE,
    PS_ROW_EXPANSION,
    PS_ROW_TRAFFIC,
    PS_ROW_CANNIBALISATION,
    PS_ROW_TIMING,
    PS_ROW_REFERENCE,
    PS_ROW_IMAGE,
    PS_ROW_CUSTOMERS,
    PS_ROW_LIMITS,
    PS_ROW_RIVALS,
    PS_ROW_COMMISSION,
    PS_ROW_ACQUISITION,
    PS_ROW_FIXED,
    PS_ROW_FUNDING,
    PS_ROW_FEES,
    PS_ROW_STOCK,
    PS_ROWS /* then one per rival offer */
};

typedef struct ps_work ps_work;
typedef struct ps_game ps_game;

/* What the segments add up to in a period, when each is walked apart through all of them. */
typedef struct {
    ps_lanes booked, margin; /* as now[booked] and margin_now */
    ps_lanes won;
    ps_lanes discount; /* as promotion_discount */
} ps_apart_rows;

/* Rows of one segment's offers in a period of such a walk. */
typedef struct {
    const double *list[PS_APART_OFFERS], *price[PS_APART_OFFERS];
    const double *extra[PS_APART_OFFERS]; /* utility of features */
    bool promoted;
} ps_apart_offers;

struct ps_collection;
/* One batch. */
typedef struct {
    int64_t path0;                    /* number of the first path */
    int lanes;                        /* paths that count, 1..PS_LANES */
    bool twin;                        /* same inputs, fresh luck */
    bool attribute;                   /* also run the attribution passes */
    struct ps_collection *collection; /* where its results are added; NULL: nowhere */
    int worker, item;                 /* there: the thread, and the place of the sums */
} ps_job;

/* Runs a batch; afterwards the public part of `work` holds its lane values. */
void ps_hot_run(const ps_plan *plan, ps_work *work, const ps_job *job);

/* Lane values after a batch. */
typedef struct {
    ps_lanes *total;      /* [PS_METRICS] sums, last values; ratios are left to the caller */
    ps_lanes *series;     /* [series_count] this period's values of plan->series_metric */
    ps_lanes *line;       /* [S][I][PS_LINE_METRICS] */
    ps_lanes *segment;    /* [S][PS_SEG_ROWS] */
    ps_lanes *lost_rival; /* [C + 1] deals or purchases lost to each rival and to nothing */
    ps_lanes *goal;       /* [goals] metric in scope and window */
    ps_lanes *stage_entered, *stage_passed, *stage_lost, *stage_lost_at, *stage_open_start,
        *stage_beyond, *stage_open, *stage_bound, *stage_waiting,
        *stage_days; /* [G]; days: mean time in the stage, waiting left out */
    ps_lanes *team;  /* [teams][PS_TEAM_SUMS] of sales models */
    ps_lanes *step;  /* [steps] deductions in waterfall order */
    ps_lanes funnel_residual, waterfall_residual, promotion_residual, cash_residual;
    ps_lanes opening_revenue;
    ps_lanes searches, unsolved, unstable; /* for prices over demand: how many, without an answer,
                                              from which some firm would deviate */
    ps_lanes *price, *last_price; /* [I + C] list and rivals' prices: mean over the periods, last */
    ps_lane_periods period;
    /* attribution */
    ps_lanes *row; /* [PS_ROWS + C] */
    ps_lanes net, net_inside, naive, contribution_inside;
    ps_lanes *value;                   /* [M + 1] value of each promotion, then the interaction */
    ps_lanes fixed, funding, discount; /* of the calendar */
} ps_lane_result;

struct ps_work {
    const ps_plan *plan;
    const ps_job *job;
    uint64_t luck_path; /* of lane 0: a twin has other luck */
    ps_pass pass;
    ps_lane_result out;

    /* Inputs of the batch. */
    ps_lanes *uniform, *score; /* [uniforms] */
    ps_lanes *values;          /* [slots]; constants are filled once */
    ps_lanes *luck;            /* [C] */
    ps_lanes *shock_level;     /* [T_end] exp(x_t - v/2), shared by the segments */

    /* Derived once per batch. */
    ps_lanes *alpha, *gain, *loss;                    /* [S] base-2: alpha log2(e) ... */
    ps_lanes *theta, *image_keep, *image_a, *image_d; /* [S] */
    ps_lanes *nest;                                   /* [S] 1 / (1 - rho_nest); NULL without */
    ps_lanes *aware;                                  /* [S] */
    ps_lanes *win;                                    /* [S] base win probability c, of the aware */
    ps_lanes *mix;                                    /* [S][I] own mix, sums to 1 */
    ps_lanes *other;                                  /* [S][C + 1] split of the rest, none last */
    ps_lanes *k, *hazard, *odds, *ktail; /* [S][ages] of deciding, its hazard, r / (1 - r), tail */
    ps_lanes *stage_k, *stage_tail;      /* [dwells][2][T_end + 1] won and lost; kernels over lanes,
                                            tail[n] = P(lag >= n) */
    ps_lanes *collect;                   /* [I][T_end + 1] invoice to cash, bad debt left out */
    ps_lanes node_depth[PS_DISCOUNT_NODES], node_weight[PS_DISCOUNT_NODES];
    ps_lanes node_granted[PS_DISCOUNT_NODES]; /* what the authority leaves of node_depth */
    ps_lanes *arrivals;            /* [S] mean per period without season, growth, shock */
    ps_lanes *arriving, *relative; /* [S][T_end] the same as members join; [S] of sensitivity */
    ps_lanes *lead_cost, *spend;   /* [S] acquisition: per lead; of the channel per period */
    ps_lanes *growth;              /* [S] log2 of growth per period */
    ps_lanes *feature;             /* [M][S] base-2 utility of display or advertising */
    double *segment_weight;        /* [S] */
    uint32_t *promoted;            /* [T_end] promotions of this pass with an active day */
    ps_lanes *base_price;          /* [S][I] p0, at which the base row was observed */
    ps_lanes *base_rival;          /* [S][C] */
    ps_lanes *pocket_ratio, *cost; /* [I] */
    ps_lanes net_of_vat, bad_debt;
    ps_lanes upfront;                 /* part of the invoice value that is paid at the signing */
    ps_lanes *downstream;             /* conversion after the choice */
    ps_lanes *upstream;               /* conversion from lead to the choice stage */
    ps_lanes *open_flow;              /* [S][I] signings per period before the start */
    ps_lanes *open_value;             /* [S][I] invoice value of one */
    ps_lanes *open_margin;            /* [S][I] pocket margin of one */
    ps_lanes *size_mean;              /* [S] */
    ps_lanes *basket_log, *basket_sd; /* [S] */
    ps_lanes *chance_units,
        *order_units;     /* [S][PS_MAX_UNITS + 1] of an order of n units; [S] mean */
    ps_lanes *order_rule; /* [M][S][7] moments of rules by units */
    ps_lanes *order_held; /* [M][S] part of the units that a promotion holds for */

    /* State of the walk. */
    int t, end;                                              /* period, and first one not walked */
    ps_lanes *history_list, *history_public, *history_rival; /* [T_end + 1][I or C] */
    ps_lanes *policy; /* [price_rows] list prices by policy: `list`, without channels' prices */
    ps_lanes *list;   /* [price_rows] what buyers see */
    ps_lanes *price_moved;   /* [price_rows] period of the last move; with limited moves */
    ps_lanes *own_share;     /* [I] part of the deciders that bought it, a period ago */
    ps_lanes *floor;         /* [I] */
    ps_lanes *rival;         /* [C] what buyers see */
    ps_lanes *full, *wanted; /* rival_capacity: [S][C] factor of the attraction of a rival that is
                                full; [C] first choices of this period */
    bool trial;              /* what is computed is not counted */
    const double *present;   /* [C] this period's presence; NULL: all are there */
    ps_lanes *regular;       /* [C] without the rivals' own promotions; the same rows without any */
    ps_game *game;           /* plan->aims: hot_game.h */
    ps_lanes *reference, *reference_rival; /* [S][I], [S][C] */
    ps_lanes *image;                       /* [S] */
    ps_lanes *inflow;     /* [S][ages + T_end] into the choice stage; row ages + t */
    ps_lanes *inflow_age; /* the same: mean days since creation */
    bool front_known;     /* inflow and leads hold an expected front of this batch ... */
    uint64_t front_set;   /* ... with these promotions on: ps_hot_arrival_set */
    bool front_done;      /* inflow and leads hold this batch's expected front */
    ps_lanes *leads;      /* [S][T_end] */
    bool ready;           /* constants are filled in */
    int32_t *stock; /* [S][ages + T_end][PS_LANES] whole deals in the choice stage by cohort */
    ps_lanes *flow, *fail,
        *flow_age;      /* [G][S][T_end + 1] leaving a stage before the choice at a period */
    int32_t *lag_count; /* [T_end + 1][PS_LANES] whole deals sent on, by lag */
    ps_lanes sent, sent_inside;          /* all of them, and those whose lag lies inside the walk */
    long *spread;                        /* [T_end + 1] */
    ps_lanes *hazard_stock, *hazard_age; /* [G][S] before the choice, and of the choice stage */
    ps_lanes *hazard_opening; /* [S] expected part of the choice stage's stock that was there at the
                                 start */
    ps_lanes young_frac;      /* rest of that stock, as a fraction of it */
    ps_lanes *hazard_value;   /* [G][S][I][PS_CHANNELS] after it */
    ps_lanes *stock_sum;  /* [G][S] stock at the start of a period, summed over the walk (expected
                             flows) */
    ps_apart_rows *apart; /* [T], of a plan whose segments are walked apart */
    ps_apart_offers *apart_offers; /* [T] */
    ps_lanes *apart_price;         /* [T][I][2] promoted price, utility of features */
    ps_lanes *features;            /* [I] utility of features in the plain path */
    double *zero;                  /* [PS_LANES] zeros */
    bool plain_now;                /* the segment at hand went through the fused path */
    bool *valued;                  /* [S] the segment's sales are already valued and counted */
    ps_lanes *stage_hazard;        /* [G] part that leaves per period */
    ps_lanes *gives_up;            /* [G] part of the waiting that gives up per period */
    ps_lanes *stage_periods; /* [G][S] mean periods that a deal is counted in the stage's stock */
    ps_lanes *stage_lag;     /* [dwells][2] mean periods in the stage, by outcome */
    ps_lanes *conversion;   /* [G][S] of the stages; of the choice stage: win rate where the channel
                               states it, else 0 */
    ps_lanes *price_factor; /* [S] own prices in this channel over the list price */
    ps_lanes *fee;          /* [S] of the channel and the sales model */
    ps_lanes *serve, *effort, *team_part;       /* [S] cost to serve a unit, a deal's hours, pay */
    ps_lanes *team_room, *team_pay, *team_debt; /* [teams][T_end] hours, pay; [teams] promised */
    ps_lanes *open_age;    /* [G][S] mean days since creation on entry in a steady state */
    ps_lanes *line;        /* [S][2] */
    ps_lanes *served;      /* [S][I] */
    ps_lanes *queue_value; /* [G][S][I][PS_CHANNELS] of the waiting */
    ps_lanes *queue;       /* [G][S][I][T_end + 1] waiting, by the period in which they came */
    int *queue_head;       /* [G][PS_LANES] oldest non-empty period */
    ps_lanes *after;       /* [G][S][I][T_end + 1][PS_CHANNELS] leaving a stage after the choice */
    ps_lanes *signed_now;  /* [S][I][PS_CHANNELS] */
    ps_lanes *rec_revenue, *rec_margin; /* [S][I][T_end + 1] */
    ps_lanes *inv_future, *cash_future; /* [S][I][T_end + 1] */
    /* Rows of lanes: base of the commission; commission, and what it was paid on, since the start;
     * in the quota's span so far. */
    double *cumulative_base, *team_paid, *team_base, *quota_sales;
    double quota;          /* of the span so far */
    ps_lanes *now;         /* [PS_METRICS] this period's totals */
    ps_lanes *segment_now; /* [S][PS_SEG_METRICS] of this period */
    ps_lanes *line_invoice,
        *line_margin; /* [S][I] of what is signed now: invoice value, pocket less unit cost */
    ps_lanes *line_won_now, *line_won; /* [S][I] won now, and since the start */
    ps_lanes *line_sum;                /* [S][I][PS_CHANNELS] signed since the start */
    ps_lanes *line_booked,
        *line_pocket; /* [S][I] since the start, when the waterfall is not linear */
    ps_lanes *line_revenue, *line_cash; /* [S][I] since the start */
    ps_lanes
        margin_now;     /* margin of what is signed now, less bad debt and commission on bookings */
    ps_lanes *step_now; /* [steps] */
    int *collect_n;     /* [I] lags of collect that are not zero */
    double *recognised_margin, *signed_revenue, *signed_margin, *cash_beyond,
        *opening_cash;        /* since the start */
    double *recurring;        /* annual recurring revenue */
    ps_lanes *recurring_ends; /* [T_end + 1] what of it ends in a period */
    ps_lanes promotion_discount, *promoted_units, *promoted_discount; /* this period; [M] */
    ps_lanes fixed_now, funding_now, fees_now;
    ps_lanes funding_sales; /* the part of funding paid per unit or per discount */

    /* One segment's choice in one period. */
    int segment;
    int classes, cells;                 /* cells = classes x nodes */
    uint32_t class_set[PS_MAX_CLASSES]; /* promotions of each class */
    ps_lanes class_weight[PS_MAX_CLASSES],
        nobody;             /* class 0 weighs 1 when it is alone, else `nobody` */
    ps_lanes *cell_weights; /* [cells] */
    double *
        *cell_weight;  /* [cells] rows: of cell_weights, or of the nodes when there is one class */
    ps_lanes *attract; /* [cells][I] m_i E_i */
    ps_lanes *attract_sum;            /* [cells] X */
    ps_lanes *price;                  /* [cells][I] what the buyer pays per unit */
    ps_lanes *class_price;            /* [classes][I] before negotiation */
    ps_lanes *units, *paid, *moments; /* [classes][I] per order of a basket; moments [..][3]
                                         redeemed, topped up, subsidised */
    ps_lanes level;                   /* unit price that goes with these */
    ps_lanes *rival_attract;          /* [C + 1] split_j E_j */
    ps_lanes rest;                    /* Y */
    ps_lanes *decide;                 /* [ages] deals that decide now */
    ps_lanes *won_cell;               /* [cells] deciders won */
    ps_lanes decided, won_young;      /* deciders; winners that entered the stage in the window */
    ps_lanes choice_hazard;           /* of a choice stage with leaves_per_* */
    uint32_t choice_stream;           /* of this segment and period */
    double *choice_rows;              /* [cells (2 + 5 I)][PS_LANES] of hot_whole.c */
    int *cell_at;                     /* [cell_room] blocks of non-empty cells of lane and age */
    int32_t *cell_deals, *cell_live;  /* [cell_room] deals; blocks in which a deal may buy */
    int32_t *cell_out;                /* [cell_room] deals that decide */
    double *cell_cut, *cell_near;     /* [cell_room] hazard, bound of a sale, in 2^-32 */
    uint64_t *cell_path;
    uint32_t *cell_stream, *cell_index, *cell_words; /* [cell_room], words [4][cell_room] */
    int cell_room;
    ps_lanes *won;                   /* [I][PS_CHANNELS] of this segment: its lines of signed_now */
    int transient;                   /* promotions that split the segment's classes ... */
    int transient_of[PS_MAX_ACTIVE]; /* ... bit b of a class stands for this one */
    ps_lanes *sales;                 /* [cells][I] */

    ps_life life;
    /* Customers (plans with plan->base). */
    ps_lanes *cohort;                  /* [S][base->rows][PS_CH_PRO + 1] by period of signing */
    ps_lanes *steady_flow, *base_flow; /* [S][I] signings per period: as a steady funnel has them;
                                          before the start */
    ps_lanes *base_carry;              /* [S] customers placed so far */
    ps_lanes *base_now, *base_sum;     /* [S][I][PS_BASE] of this period; since the start */
    /* Timing. */
    ps_lanes *waiting;                  /* [M][S] buyers who wait for a promotion */
    ps_lanes *debt, *due, *borrow_keep; /* [S*I] [S*I] [S] borrowed, to be paid now, kept part */
    ps_lanes repaid;                    /* of this segment and period */
    /* Of plans in which promotions make deals decide sooner: hot_hurry.c. */
    bool hurried;           /* they do, for the segment and period at hand */
    ps_lanes *hurry;        /* [classes] exponent of staying */
    ps_lanes *hurry_hazard; /* [ages] of all buyers */
    ps_lanes *hurry_of;     /* [classes][ages] of a class */
    ps_lanes *hurry_part;   /* [classes] part of the decisions over that of buyers */
    ps_lanes *hurry_left;   /* [S][ages + T_end] of a cohort's undecided, those that still are */
    /* Limits (plans with limits). */
    ps_lanes *moved;                        /* [cells][I] sales of those who chose once more */
    ps_lanes *sale_units, *sale_discount;   /* [cells][I] of one sale */
    ps_lanes *stock_left, *room;            /* [I] */
    ps_lanes *promotion_left, *budget_left; /* [M] */
    ps_lanes *want_units, *want_money, *serve_promotion;         /* [M] */
    ps_lanes *want_offer, *want_more, *serve_offer, *serve_more; /* [I] */
    ps_lanes *out_now;                                           /* [I] 1: ran out */
    ps_lanes *running; /* [M + 2 I] unserved so far: whole numbers are rounded on it */
    ps_lanes *decided_of, *young_of; /* [S] of the drawn choice */
    ps_lanes inside_again, unserved; /* of this segment: stay inside the nest; units */
    ps_lanes lost_units;             /* unserved in this period */
    double *again_chance;            /* [2 I] */
    long *again_count;               /* [I] */
    ps_lanes *lost_rival;            /* [C + 1] */

    ps_tape tape;    /* of R0 */
    ps_pass_sum sum; /* of the pass under way */
    /* All rows that a period hands on to the next: first those of the stages before the choice,
     * then the others. And what R0 had there at plan->fork. */
    char *handed_on, *at_fork;
    size_t handed_on_front, handed_on_bytes;
    ps_pass_sum sum_at_fork;
    double quota_at_fork;
    ps_split split;
    ps_lanes *on_won, *on_margin, *on_units,
        *on_discount;               /* split: [cells][I] won, per sale: margin, units, discount */
    ps_lanes *on_other, *on_weight; /* [C + 1], [classes] */
    uint32_t on_set[PS_MAX_CLASSES];
    ps_lanes *on_basket;  /* [classes][I][5] redeemed, topped up, subsidised, paid, goods */
    ps_lanes *market_row; /* [S][J] rows of weights */
    double *fit;          /* [S * J + J], [most nodes of tastes * J] */
    /* General demand: hot_demand.c. */
    ps_lanes *taste_row, *taste_mu; /* [taste_rows] base rows and own utilities of the nodes */
    ps_lanes *taste_ratio;          /* [taste_rows / J] price sensitivity relative to alpha */
    ps_lanes *nest_scale;           /* [S][nests] 1 / (1 - rho) */
    ps_lanes *cell_extra;           /* [cells][I] utility that is not of prices */
    ps_lanes *lost_cell;            /* [cells][C + 1] part of the deciders lost to each */
    ps_lanes *demand_share;         /* [J] */
    double *demand;                 /* [4 J] */
    ps_lanes *spare;                /* [7][G + 1] stage statistics of the attribution's walks */
    ps_lanes *lane_scratch;         /* [8 + 2 (T_end + 1 or ages)] rows for local use */
};

/* Allocates the work area of one thread; NULL when memory runs out. Constants are filled in. */
ps_work *ps_work_make(const ps_plan *plan, ps_arena *arena);

/* Bytes that ps_work_make takes. */
size_t ps_work_bytes(const ps_plan *plan);

/* hot_setup.c, hot_cells.c, hot_rows.c, hot_calibrate.c */
/* w->arrivals[s] holds those of the segment: takes the cell's part; its channel's price, fee,
 * spend. */
void ps_hot_cell_terms(ps_work *w, int s);
void ps_hot_constants(ps_work *w); /* once per work area */
void ps_hot_draw(ps_work *w);
void ps_hot_setup(ps_work *w);
/* Value and margin of one deal at the base prices, by cell and offer; ps_hot_setup does without
 * when all money is at once and customers have no value of their own. */
void ps_hot_opening_values(ps_work *w);
void ps_hot_rows(ps_work *w); /* base rows of the choice: win, mix, other, aware, base prices */
void ps_hot_calibrate(ps_work *w); /* price sensitivity, reference price, image, nest */
/* hot_price.c: rivals' and own list prices of period t; prices, weights and attractions of a
 * segment's classes */
void ps_hot_prices(ps_work *w);
void ps_hot_classes(ps_work *w, int s, uint32_t calendar);
void ps_hot_memory(ps_work *w, int s);
/* Net price of offer i in class 0, and the utility of its features. */
void ps_hot_class_price(ps_work *w, int s, int i, double *restrict extra);
/* hot_stack.c: net unit price of offer i in segment s for the promotions in `set`, by the stacking
 * rule; utility of what comes with the promotions of class e, false when there is none */
void ps_hot_stack_price(const ps_work *w, int s, int i, uint32_t set, double *restrict price);
bool ps_hot_features(const ps_work *w, int s, int e, int i, double *restrict extra);
static inline const ps_promotion_kind *ps_hot_promotion_kind(const ps_plan *p, int m)
{
    return (const ps_promotion_kind *)(const void *)ps_promotion_family.kinds[p->promotion[m].kind];
}
/* hot_full.c: rivals that are full */
void ps_hot_full(ps_work *w);
void ps_hot_nobody_full(ps_work *w);
/* hot_equilibrium.c: prices that are looked for over demand */
void ps_hot_aim_setup(ps_work *w); /* rates, costs and weights of a batch */
void ps_hot_equilibrium(ps_work *w, const ps_rule_view *view);
/* hot_basket.c: units and payment per order of class and offer `at`; adds to the class's utility */
void ps_hot_basket(ps_work *w, int s, int at, double *restrict utility);
/* Of a batch, in segment s: chances of the units of an order, in lane l those of `law`; rules. */
void ps_hot_order_lane(ps_work *w, int s, int l, const ps_dist *law);
void ps_hot_order_rules(ps_work *w, int s);
/* hot_fused.c: one segment through all periods: arrivals and the stages before the choice; then its
 * choices */
void ps_hot_stages(ps_work *w, int s);
void ps_hot_choices(ps_work *w, int s);
/* hot_plain.c: whether the fused path holds for the segment in this period, and that path */
bool ps_hot_plain_now(ps_work *w, int s);
void ps_hot_plain(ps_work *w, int s);
enum { PS_PASS, PS_FAIL }; /* outcomes of a stage */

/* Of a stage's outcome: P(lag = n), P(lag >= n), rows n = 0 .. T_end; conversion. */
static inline ps_lanes *ps_stage_kernel(const ps_work *w, int g, int s, int outcome)
{
    return w->stage_k + (w->plan->stage[g].dwell[s] * 2 + outcome) * (w->plan->T_end + 1);
}

static inline ps_lanes *ps_stage_tail(const ps_work *w, int g, int s, int outcome)
{
    return w->stage_tail + (w->plan->stage[g].dwell[s] * 2 + outcome) * (w->plan->T_end + 1);
}

static inline const double *ps_stage_conversion(const ps_work *w, int g, int s)
{
    return w->conversion[g * w->plan->S + s];
}

/* hot_open.c, hot_funnel.c, hot_send.c, hot_capacity.c */
void ps_hot_open(ps_work *w);
void ps_hot_arrive(ps_work *w, int s, int t, double *restrict n);
void ps_hot_front(ps_work *w);
void ps_hot_back(ps_work *w);
/* Sends n whole deals of each lane through stage g: w->lag_count[a], a less than what is returned,
 * of those that go on have lag a; w->sent go on, w->sent_inside of them inside the walk. */
int ps_hot_send(ps_work *w, int g, int s, uint32_t stream, const double *n);

/* Negotiated discounts (hot_negotiated.c): their nodes, and the mean of what was observed or is
 * granted, in a lane. */
void ps_hot_discount_nodes(ps_work *w);
double ps_hot_mean_depth(const ps_work *w, bool granted, int l);

/* Own list prices by policy, within the limits of their moves (hot_policy.c). */
void ps_hot_own_prices(ps_work *w, ps_rule_view *view);
/* What policies see of sales: before the start, and after each period's decisions. */
void ps_hot_share_today(ps_work *w);
void ps_hot_share_seen(ps_work *w);
uint32_t ps_hot_mix(uint32_t stream,
                    uint32_t value); /* a stream of its own for a numbered part of another */
/* hot_choice.c, hot_whole.c */
void ps_hot_choice(ps_work *w, int s);
void ps_hot_choose_whole(ps_work *w, int s);
void ps_hot_lose_whole(ps_work *w, int s);
void ps_hot_choose_first(ps_work *w, int s); /* plans with limits: the demand */
void ps_hot_draw_choice(ps_work *w, int s);  /* ... whole deals, drawn once */
/* Part of a memory kept per period. */
void ps_hot_carry_over(const ps_work *w, int s, const ps_number *half_life,
                       const ps_number *per_week, double *restrict keep);
/* hot_begin.c */
void ps_hot_feed_memories(ps_work *w, int s);
void ps_hot_stock_before(ps_work *w, int s);
void ps_hot_share_out(ps_work *w); /* before the segments decide: plans with limits */
/* hot_ration.c */
void ps_hot_stocks(ps_work *w); /* at the start of a walk */
void ps_hot_limits(ps_work *w); /* served parts of this period */
void ps_hot_ration(ps_work *w, int s);
void ps_hot_use_stock(ps_work *w);
/* Buyers of the segment who want each rival offer, before anybody is full: into w->lost_rival. */
void ps_hot_first_lost(ps_work *w, int s);
/* Who gets what is not ours; counted when the walk is the headline's. `inside_lost`: to rivals,
 * used with a nest. */
void ps_hot_lose(ps_work *w, const double *lost, const double *inside_lost);
/* Per unit of deal size: one sale of offer i in cell k (all channels but the age). */
void ps_hot_sale(const ps_work *w, int s, int k, int i, ps_lanes *row);
/* Adds n sales of offer i at the base prices, `age` days after their creation, to a line's
 * channels. */
void ps_hot_base_sale(const ps_work *w, int s, int i, const double *n, const double *age,
                      ps_lanes *channels);
/* hot_tally.c */
/* Sales of offer i by cell, rows I apart. */
void ps_hot_cell_sales(const ps_work *w, int s, int i, ps_lanes *sales);
void ps_hot_tally(ps_work *w, int s);
void ps_hot_settle_margin(ps_work *w, int s);
/* hot_run.c */
void ps_hot_walk(ps_work *w);
void ps_hot_record(ps_work *w); /* adds the period to the batch's totals, series and goals */
/* Whether the walk goes segment by segment; attribution needs what the general one keeps. */
static inline bool ps_hot_walked_apart(const ps_work *w)
{
    return w->plan->apart && !w->pass.settle;
}
/* hot_terms.c: steps that are paid at another time change the lags of collection */
void ps_hot_terms(ps_work *w);
/* hot_apart.c */
void ps_hot_apart(ps_work *w);
/* hot_close.c */
void ps_hot_close(ps_work *w);
/* hot_team.c */
/* Commission on `base`, added to the cumulative amount of the fiscal span. */
void ps_hot_commission(ps_work *w, const double *base, double *restrict amount);
/* Adds what falls due now: commission on invoices or cash, bonus, less what is taken back. */
void ps_hot_team(ps_work *w, double *restrict due);
/* After a walk of the attribution: commission on what is still to come, in the last span. */
void ps_hot_team_settle(ps_work *w);
/* hot_money.c, hot_ledger.c */
/* Row of a line's future money for this period. */
long ps_hot_future_at(const ps_work *w, int line);
/* Invoice and pocket value from channel rows (list, negotiated, promotion, units), per lane;
 * `steps` receives the deductions in waterfall order (may be NULL). All net of VAT, as the rows
 * are. `s`: the cell, for the fee of its channel; -1: without. */
void ps_hot_waterfall(const ps_work *w, int s, ps_lanes *row, double *restrict invoice,
                      double *restrict pocket, ps_lanes *steps);
void ps_hot_money(ps_work *w);
void ps_hot_line_totals(ps_work *w, int line);
const double *ps_hot_line_row(const ps_work *w, int line,
                              int metric); /* PS_LINE_..., this period */
/* Fixed cost and funding of the promotions in this period; false, and nothing written, when there
 * are none. */
bool ps_hot_promotion_money(ps_work *w, double *restrict fixed, double *restrict funding);
void ps_hot_ledger(ps_work *w);
/* hot_attribution.c */
void ps_hot_attribute(ps_work *w);
/* R0's decisions of a segment, and what they would be with the calendar: adds to w->split. */
void ps_hot_split(ps_work *w, int s);

#endif
