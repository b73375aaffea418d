/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One segment through all periods, for plans whose segments can be walked apart (hot_apart.c): its
 * stages before the choice, and its choices. One register's lanes go through all periods before the
 * next ones do, so that their stocks, memories and sums stay in registers: they are small local
 * arrays, whose loads and stores the compiler moves out of the loop over periods. The numbers of
 * stages, offers and rivals are constants of each copy, so that the inner loops unroll. The
 * formulas are those of hot_funnel.c, hot_price.c, hot_choice.c and hot_money.c. */
#include <string.h>

#include "engine/hot.h"
#include "math/vmath.h"

/* Lanes of one register. */
#if defined(__AVX512F__)
enum { WIDTH = 8 };
#elif defined(__AVX__)
enum { WIDTH = 4 };
#else
enum { WIDTH = 2 };
#endif

typedef double vector[WIDTH] __attribute__((aligned(WIDTH * 8)));

#define VECTOR _Pragma("omp simd") for (int k = 0; k < WIDTH; k++)
#define UNROLLED _Pragma("GCC unroll 8")
#define INLINE static inline __attribute__((always_inline)) void

INLINE load(double *restrict to, const double *restrict from)
{
    VECTOR
    {
        to[k] = from[k];
    }
}

INLINE clear(double *restrict to)
{
    VECTOR
    {
        to[k] = 0.0;
    }
}

INLINE add(double *restrict to, const double *restrict x)
{
    VECTOR
    {
        to[k] += x[k];
    }
}

/* ---- the stages before the choice ---------------------------------------------------------- */

typedef struct {
    vector stay, on; /* parts of the stock: that stays a period, that leaves it and goes on */
    vector stock, age, sum;
} stage_state;

INLINE load_stage(const ps_work *w, int g, int s, int l, stage_state *x)
{
    const double *c = ps_stage_conversion(w, g, s) + l, *h = w->stage_hazard[g] + l;

    VECTOR
    {
        x->stay[k] = 1.0 - h[k];
        x->on[k] = h[k] * c[k];
        x->sum[k] = 0.0;
    }
    load(x->stock, w->hazard_stock[g * w->plan->S + s] + l);
    load(x->age, w->hazard_age[g * w->plan->S + s] + l);
}

INLINE store_stage(ps_work *w, int g, int s, int l, const stage_state *x)
{
    load(w->hazard_stock[g * w->plan->S + s] + l, x->stock);
    load(w->hazard_age[g * w->plan->S + s] + l, x->age);
    load(w->stock_sum[g * w->plan->S + s] + l, x->sum);
}

/* One period: what arrives goes into the first stage, and what leaves a stage into the next; in
 * `in` and `days` what reaches the choice, and its age (sum). */
INLINE pass_stages(stage_state *x, const double period_days, const double *restrict leads,
                   double *restrict in, double *restrict days, const int stages)
{
    VECTOR
    {
        double came = leads[k], came_days = 0.0;

        UNROLLED
        for (int g = 0; g < stages; g++) {
            const double held = x[g].stock[k], old = __builtin_fma(period_days, held, x[g].age[k]);

            x[g].sum[k] += held;
            x[g].stock[k] = __builtin_fma(x[g].stay[k], held, came);
            x[g].age[k] = __builtin_fma(x[g].stay[k], old, came_days);
            came = x[g].on[k] * held;
            came_days = x[g].on[k] * old;
        }
        in[k] = came;
        days[k] = came_days;
    }
}

INLINE walk_stages(ps_work *w, int s, const int stages)
{
    const ps_plan *p = w->plan;
    const long cohort = (long)s * (p->ages + p->T_end) + p->ages;
    ps_lanes *leads = w->leads + (long)s * p->T_end;
    ps_lanes *in = w->inflow + cohort, *days = w->inflow_age + cohort;
    ps_lanes *sum = w->out.segment + s * PS_SEG_ROWS;
    const double period_days = p->period_days;
    const int end = w->end;

    for (int l = 0; l < PS_LANES; l += WIDTH) {
        stage_state x[PS_APART_STAGES];
        vector arrived, entered;

        clear(arrived);
        clear(entered);
        UNROLLED
        for (int g = 0; g < stages; g++) {
            load_stage(w, g, s, l, &x[g]);
        }
        for (int t = 0; t < end; t++) {
            pass_stages(x, period_days, leads[t] + l, in[t] + l, days[t] + l, stages);
            add(arrived, leads[t] + l);
            add(entered, in[t] + l);
        }
        UNROLLED
        for (int g = 0; g < stages; g++) {
            store_stage(w, g, s, l, &x[g]);
        }
        load(sum[PS_SEG_LEADS] + l, arrived);
        load(sum[PS_SEG_ENTERED] + l, entered);
    }
}

void ps_hot_stages(ps_work *w, int s)
{
    for (int t = 0; t < w->end; t++) {
        ps_hot_arrive(w, s, t, w->leads[(long)s * w->plan->T_end + t]);
    }
    switch (w->plan->choice_stage > 0 ? w->plan->choice_stage : 0) {
#define COPY(stages)                                                                               \
    case stages:                                                                                   \
        walk_stages(w, s, stages);                                                                 \
        break;
        COPY(0)
        COPY(1)
        COPY(2)
        COPY(3)
        COPY(4)
        COPY(5)
        COPY(6)
        COPY(7)
        COPY(8)
#undef COPY
    default:
        break;
    }
}

/* ---- the choice ---------------------------------------------------------------------------- */

typedef struct {
    vector p0, share; /* base price and base share */
    vector gain, loss;
    vector reference;
    vector attract; /* share times 2^(change of utility) */
} choice_state;

typedef struct {
    vector cost;
    vector n, list, age, promotion; /* sums */
} sales_state;

typedef struct {
    vector alpha, theta, odds, none, vat, bad_debt, take;
    choice_state own[PS_APART_OFFERS], rival[PS_APART_RIVALS];
    sales_state sales[PS_APART_OFFERS];
    vector lost[PS_APART_RIVALS + 1]; /* to each rival and, last, to nothing */
} segment_state;

/* Attraction at `price`, and the reference price for the next period; `extra`: utility of an own
 * offer's features. */
INLINE attraction(const segment_state *x, choice_state *to, const double *restrict price,
                  const double *restrict extra, const bool own)
{
    VECTOR
    {
        const double gap = to->reference[k] - price[k], gain = to->gain[k], loss = to->loss[k];
        const double u =
            __builtin_fma(x->alpha[k], price[k] - to->p0[k], (gap > 0.0 ? gain : loss) * gap);

        to->attract[k] = to->share[k] * ps_exp2(own ? u + extra[k] : u);
        to->reference[k] = __builtin_fma(x->theta[k], gap, price[k]);
    }
}

/* Who decides for what: the period's sales, their value and margin, and what is lost. Everybody
 * knows the offers. `kept`: all that is paid, there being no VAT and no bad debt. */
INLINE decide(segment_state *x, const ps_apart_offers *at, const ps_apart_rows *from,
              ps_apart_rows *to, const int l, const double *restrict in,
              const double *restrict days, const int I, const int C, const bool kept)
{
    double *restrict booked = to->booked + l, *restrict margin = to->margin + l,
                     *restrict won = to->won + l;

    VECTOR
    {
        double sum = 0.0, rest = x->none[k], value = 0.0, cost = 0.0, all = from->won[l + k];

        UNROLLED
        for (int c = 0; c < C; c++) {
            rest += x->rival[c].attract[k];
        }
        UNROLLED
        for (int i = 0; i < I; i++) {
            sum += x->own[i].attract[k];
        }
        const double per = 1.0 / __builtin_fma(x->odds[k], sum, rest), each = per * in[k];
        const double take = x->odds[k] * each, aged = x->odds[k] * per * days[k];

        UNROLLED
        for (int i = 0; i < I; i++) {
            const double n = take * x->own[i].attract[k], net = kept ? n : n * x->vat[k];
            sales_state *sales = &x->sales[i];

            sales->n[k] += n;
            sales->list[k] = __builtin_fma(net, at->list[i][l + k], sales->list[k]);
            sales->age[k] = __builtin_fma(aged, x->own[i].attract[k], sales->age[k]);
            value = __builtin_fma(net, at->price[i][l + k], value);
            cost = __builtin_fma(n, sales->cost[k], cost);
            all += n;
        }
        x->take[k] = take;
        booked[k] = from->booked[l + k] + value;
        margin[k] = from->margin[l + k] + ((kept ? value : value * (1.0 - x->bad_debt[k])) - cost);
        won[k] = all;
        UNROLLED
        for (int c = 0; c < C; c++) {
            x->lost[c][k] = __builtin_fma(each, x->rival[c].attract[k], x->lost[c][k]);
        }
        x->lost[C][k] = __builtin_fma(each, x->none[k], x->lost[C][k]);
    }
}

/* What the promotions took off the price of this period's sales of offer i, and of the period. */
INLINE discount(segment_state *x, int i, const double *restrict price, const double *restrict list,
                const double *restrict down, double *restrict period, const bool kept)
{
    VECTOR
    {
        const double n = x->take[k] * x->own[i].attract[k];
        const double off = (kept ? n : n * x->vat[k]) * (list[k] - price[k]);

        x->sales[i].promotion[k] += off;
        period[k] += off * down[k];
    }
}

INLINE load_choice(choice_state *to, const double *p0, const double *share, const double *gain,
                   const double *loss)
{
    load(to->p0, p0);
    load(to->share, share);
    load(to->gain, gain);
    load(to->loss, loss);
    load(to->reference, p0);
    load(to->attract, share);
}

INLINE load_segment(const ps_work *w, int s, int l, segment_state *x, const int I, const int C)
{
    const bool all = w->plan->reference_all[s]; /* without, rivals' differences do not count */

    load(x->alpha, w->alpha[s] + l);
    load(x->theta, w->theta[s] + l);
    load(x->odds, w->odds[s] + l);
    load(x->none, w->other[s * (C + 1) + C] + l);
    load(x->vat, w->net_of_vat + l);
    load(x->bad_debt, w->bad_debt + l);
    UNROLLED
    for (int i = 0; i < I; i++) {
        load_choice(&x->own[i], w->base_price[s * I + i] + l, w->mix[s * I + i] + l, w->gain[s] + l,
                    w->loss[s] + l);
        load(x->sales[i].cost, w->cost[i] + l);
        clear(x->sales[i].n);
        clear(x->sales[i].list);
        clear(x->sales[i].age);
        clear(x->sales[i].promotion);
    }
    UNROLLED
    for (int c = 0; c < C; c++) {
        load_choice(&x->rival[c], w->base_rival[s * C + c] + l, w->other[s * (C + 1) + c] + l,
                    all ? w->gain[s] + l : w->zero, all ? w->loss[s] + l : w->zero);
        clear(x->lost[c]);
    }
    clear(x->lost[C]);
}

INLINE store_segment(ps_work *w, int s, int l, const segment_state *x, const int I, const int C)
{
    UNROLLED
    for (int i = 0; i < I; i++) {
        ps_lanes *sum = w->line_sum + (s * I + i) * PS_CHANNELS;

        load(sum[PS_CH_N] + l, x->sales[i].n);
        load(sum[PS_CH_L] + l, x->sales[i].list);
        load(sum[PS_CH_AGE] + l, x->sales[i].age);
        load(sum[PS_CH_PRO] + l, x->sales[i].promotion);
    }
    UNROLLED
    for (int c = 0; c <= C; c++) {
        add(w->out.lost_rival[c] + l, x->lost[c]);
    }
}

static const ps_apart_rows nothing; /* the sums before the first segment */

/* What the rivals have won so far: of the segments before this one, too. */
INLINE keep_lost(ps_work *w, const segment_state *x, int s, int t, int l, const int C)
{
    UNROLLED
    for (int c = 0; c < C; c++) {
        double *lost = w->out.period.lost[c * w->plan->T + t] + l;

        if (s == 0) {
            load(lost, x->lost[c]);
        } else {
            add(lost, x->lost[c]);
        }
    }
}

/* One period of a register's lanes. At rest, attractions are the base shares. */
INLINE choose(ps_work *w, segment_state *x, int s, int t, int l, const int I, const int C,
              const bool rest, const bool counts, const bool kept)
{
    const long cohort = (long)s * (w->plan->ages + w->plan->T_end) + w->plan->ages + t;
    const ps_apart_offers *at = &w->apart_offers[t];
    ps_apart_rows *to = &w->apart[t];
    const ps_apart_rows *from = s == 0 ? &nothing : to;

    UNROLLED
    for (int c = 0; c < C && !rest; c++) {
        attraction(x, &x->rival[c], w->history_rival[(t + 1) * C + c] + l, NULL, false);
    }
    UNROLLED
    for (int i = 0; i < I && !rest; i++) {
        attraction(x, &x->own[i], at->price[i] + l, at->extra[i] + l, true);
    }
    decide(x, at, from, to, l, w->inflow[cohort] + l, w->inflow_age[cohort] + l, I, C, kept);
    if (counts) {
        keep_lost(w, x, s, t, l, C);
    }
    if (at->promoted) {
        UNROLLED
        for (int i = 0; i < I; i++) {
            discount(x, i, at->price[i] + l, at->list[i] + l, w->downstream[s] + l,
                     to->discount + l, kept);
        }
    }
}

INLINE walk_choice(ps_work *w, int s, int moves, const int I, const int C, const bool counts,
                   const bool kept)
{
    const int end = w->end;

    for (int l = 0; l < PS_LANES; l += WIDTH) {
        segment_state x;

        load_segment(w, s, l, &x, I, C);
        for (int t = 0; t < moves; t++) {
            choose(w, &x, s, t, l, I, C, true, counts, kept);
        }
        for (int t = moves; t < end; t++) {
            choose(w, &x, s, t, l, I, C, false, counts, kept);
        }
        store_segment(w, s, l, &x, I, C);
    }
}

/* Prices and utilities of the features in period t. */
static void offers_in(ps_work *w, int s, int t)
{
    const ps_plan *p = w->plan;
    ps_apart_offers *at = &w->apart_offers[t];
    const double share = p->segment[s].weight;

    w->t = t;
    at->promoted = w->promoted[t] != 0 && ps_hot_plain_now(w, s) && w->class_set[0] != 0;
    for (int i = 0; i < p->I; i++) {
        at->list[i] = at->price[i] = w->history_list[(t + 1) * p->I + i];
        at->extra[i] = w->zero;
        if (at->promoted) {
            ps_lanes *row = w->apart_price + (t * p->I + i) * 2;

            memcpy(w->list[p->price_row[i]], at->list[i], sizeof(ps_lanes));
            ps_hot_class_price(w, s, i, row[1]);
            memcpy(row[0], w->class_price[i], sizeof(ps_lanes));
            at->price[i] = row[0];
            at->extra[i] = row[1];
        }
        if (ps_plan_shows(p, t)) {
            const double *shown =
                at->promoted && (w->class_set[0] & p->hidden) == 0 ? at->price[i] : at->list[i];
            double *seen = w->history_public[(t + 1) * p->I + i];

            for (int l = 0; l < PS_LANES; l++) {
                seen[l] = __builtin_fma(share, shown[l], seen[l]);
            }
        }
    }
}

/* Whether a price in period t differs from the base price, or a feature adds to a utility. */
static bool moves_in(const ps_work *w, int s, int t)
{
    const ps_plan *p = w->plan;
    bool moved = w->apart_offers[t].promoted;

    for (int i = 0; i < p->I && !moved; i++) {
        moved =
            memcmp(w->apart_offers[t].price[i], w->base_price[s * p->I + i], sizeof(ps_lanes)) != 0;
    }
    for (int c = 0; c < p->C && !moved; c++) {
        moved = memcmp(w->history_rival[(t + 1) * p->C + c], w->base_rival[s * p->C + c],
                       sizeof(ps_lanes)) != 0;
    }
    return moved;
}

/* A copy for each number of offers and rivals; those for plans that keep all that is paid and those
 * that count what rivals win are functions of their own, for the compiler keeps less in registers
 * in one so large. */
#define COPY(I, C, counts, kept)                                                                   \
    case (I) * (PS_APART_RIVALS + 1) + (C):                                                        \
        walk_choice(w, s, moves, I, C, counts, kept);                                              \
        break;
#define COPIES(I, counts, kept)                                                                    \
    COPY(I, 0, counts, kept)                                                                       \
    COPY(I, 1, counts, kept) COPY(I, 2, counts, kept) COPY(I, 3, counts, kept)
#define WALK(name, counts, kept)                                                                   \
    __attribute__((noinline)) static void name(ps_work *w, int s, int moves)                       \
    {                                                                                              \
        switch (w->plan->I * (PS_APART_RIVALS + 1) + w->plan->C) {                                 \
            COPIES(1, counts, kept)                                                                \
            COPIES(2, counts, kept)                                                                \
            COPIES(3, counts, kept)                                                                \
        default:                                                                                   \
            break;                                                                                 \
        }                                                                                          \
    }
WALK(walk, false, false)
WALK(walk_kept, false, true)
WALK(walk_and_count, true, false)

void ps_hot_choices(ps_work *w, int s)
{
    int moves = 0; /* first period with another price: before it every attraction is at rest */

    for (int t = 0; t < w->end; t++) {
        offers_in(w, s, t);
    }
    while (moves < w->end && !moves_in(w, s, moves)) {
        moves++;
    }
    (w->out.period.counts      ? walk_and_count
     : w->plan->keeps_all_paid ? walk_kept
                               : walk)(w, s, moves);
}
