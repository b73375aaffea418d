/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One segment through all periods, for plans whose segments can be walked apart (hot_apart.c): its
 * stages before the choice as one chain, and its choices. What a segment needs lies side by side
 * in one block that stays in the first-level cache, addressed by constants; the numbers of stages,
 * offers and rivals are constants of each copy, so that the inner loops unroll and values pass from
 * stage to stage in registers. The formulas are those of hot_funnel.c, hot_price.c, hot_choice.c
 * and hot_money.c. */
#include <string.h>

#include "engine/hot.h"
#include "math/vmath.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)
#define UNROLLED _Pragma("GCC unroll 8")
#define INLINE static inline __attribute__((always_inline)) void

/* ---- the stages before the choice ---------------------------------------------------------- */

typedef struct {
    ps_lanes stay, on; /* parts of the stock: that stays a period, that leaves it and goes on */
    ps_lanes stock, age, sum;
} stage_rows;

/* One period: `n` deals arrive; `in`, `days`: what reaches the choice, and its age (sum). */
INLINE pass_chain(stage_rows *x, const double period_days, const double *restrict n,
                  double *restrict in, double *restrict days, const int stages)
{
    LANES
    {
        double came = n[l], came_days = 0.0;

        UNROLLED
        for (int g = 0; g < stages; g++) {
            const double held = x[g].stock[l], old = __builtin_fma(period_days, held, x[g].age[l]);

            x[g].sum[l] += held;
            x[g].stock[l] = __builtin_fma(x[g].stay[l], held, came);
            x[g].age[l] = __builtin_fma(x[g].stay[l], old, came_days);
            came = x[g].on[l] * held;
            came_days = x[g].on[l] * old;
        }
        in[l] = came;
        days[l] = came_days;
    }
}

INLINE walk_chain(ps_work *w, int s, const int stages)
{
    const ps_plan *p = w->plan;
    stage_rows x[PS_APART_STAGES];
    ps_lanes *leads = w->leads + (long)s * p->T_end;
    ps_lanes *in = w->inflow + (long)s * (p->ages + p->T_end) + p->ages;
    ps_lanes *days = w->inflow_age + (long)s * (p->ages + p->T_end) + p->ages;

    for (int g = 0; g < stages; g++) {
        const double *c = ps_stage_conversion(w, g, s), *h = w->stage_hazard[g];

        LANES
        {
            x[g].stay[l] = 1.0 - h[l];
            x[g].on[l] = h[l] * c[l];
            x[g].sum[l] = 0.0;
        }
        memcpy(x[g].stock, w->hazard_stock[g * p->S + s], sizeof(ps_lanes));
        memcpy(x[g].age, w->hazard_age[g * p->S + s], sizeof(ps_lanes));
    }
    for (int t = 0; t < w->end; t++) {
        ps_hot_arrive(w, s, t, leads[t]);
        pass_chain(x, p->period_days, leads[t], in[t], days[t], stages);
    }
    for (int g = 0; g < stages; g++) {
        memcpy(w->hazard_stock[g * p->S + s], x[g].stock, sizeof(ps_lanes));
        memcpy(w->hazard_age[g * p->S + s], x[g].age, sizeof(ps_lanes));
        memcpy(w->stock_sum[g * p->S + s], x[g].sum, sizeof(ps_lanes));
    }
}

void ps_hot_chain(ps_work *w, int s)
{
    switch (w->plan->choice_stage > 0 ? w->plan->choice_stage : 0) {
#define COPY(stages)                                                                               \
    case stages:                                                                                   \
        walk_chain(w, s, stages);                                                                  \
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
    ps_lanes p0, share; /* base price and base share */
    ps_lanes attract;   /* share times 2^(change of utility) */
    ps_lanes reference;
    bool moved; /* from its base price, once: before that its attraction is its share */
} choice_rows;

typedef struct {
    ps_lanes cost, n, list, age, promotion; /* of an own offer; the others than cost are sums */
} sales_rows;

typedef struct {
    ps_lanes alpha, gain, loss, theta, odds, aware, none, vat, bad_debt, take;
    choice_rows own[PS_APART_OFFERS], rival[PS_APART_RIVALS];
    sales_rows sales[PS_APART_OFFERS];
    ps_lanes lost[PS_APART_RIVALS + 1]; /* to each rival and, last, to nothing */
} segment_rows;

/* Attraction at `price`, and the reference price for the next period. */
INLINE attraction(const segment_rows *x, choice_rows *to, const double *restrict price,
                  const double *extra, const bool remembers)
{
    LANES
    {
        double u = x->alpha[l] * (price[l] - to->p0[l]);

        if (remembers) {
            const double gap = to->reference[l] - price[l], gain = x->gain[l], loss = x->loss[l];

            u = __builtin_fma(x->alpha[l], price[l] - to->p0[l], (gap > 0.0 ? gain : loss) * gap);
            to->reference[l] = __builtin_fma(x->theta[l], gap, price[l]);
        }
        to->attract[l] = to->share[l] * ps_exp2(extra ? u + extra[l] : u);
    }
}

static void rival_attraction(const segment_rows *x, choice_rows *to, const double *price,
                             bool remembers)
{
    to->moved = to->moved || memcmp(price, to->p0, sizeof(ps_lanes)) != 0;
    if (to->moved && remembers) {
        attraction(x, to, price, NULL, true);
    } else if (to->moved) {
        attraction(x, to, price, NULL, false);
    }
}

static void own_attraction(const segment_rows *x, choice_rows *to, const double *price,
                           const double *extra)
{
    to->moved = to->moved || extra || memcmp(price, to->p0, sizeof(ps_lanes)) != 0;
    if (to->moved && extra) {
        attraction(x, to, price, extra, true);
    } else if (to->moved) {
        attraction(x, to, price, NULL, true);
    }
}

/* Who decides for what: the period's sales, their value and margin, and what is lost. */
INLINE decide(segment_rows *x, const double *const *price, const double *const *list,
              const double *restrict in, const double *restrict days, double *restrict booked,
              double *restrict margin, double *restrict won, const int I, const int C)
{
    LANES
    {
        double sum = 0.0, rest = x->none[l], value = 0.0, cost = 0.0, all = won[l];

        UNROLLED
        for (int c = 0; c < C; c++) {
            rest += x->rival[c].attract[l];
        }
        UNROLLED
        for (int i = 0; i < I; i++) {
            sum += x->own[i].attract[l];
        }
        const double per = x->aware[l] / __builtin_fma(x->odds[l], sum, rest), each = per * in[l];
        const double take = x->odds[l] * each, aged = x->odds[l] * per * days[l];

        UNROLLED
        for (int i = 0; i < I; i++) {
            const double n = take * x->own[i].attract[l], net = n * x->vat[l];
            sales_rows *to = &x->sales[i];

            to->n[l] += n;
            to->list[l] = __builtin_fma(net, list[i][l], to->list[l]);
            to->age[l] = __builtin_fma(aged, x->own[i].attract[l], to->age[l]);
            value = __builtin_fma(net, price[i][l], value);
            cost = __builtin_fma(n, to->cost[l], cost);
            all += n;
        }
        x->take[l] = take;
        booked[l] += value;
        margin[l] += value * (1.0 - x->bad_debt[l]) - cost;
        won[l] = all;
        UNROLLED
        for (int c = 0; c < C; c++) {
            x->lost[c][l] = __builtin_fma(each, x->rival[c].attract[l], x->lost[c][l]);
        }
        x->lost[C][l] = __builtin_fma(each, x->none[l], x->lost[C][l]);
    }
}

/* What the promotions took off the price of this period's sales of offer i, and of the period. */
static void discounts(segment_rows *x, int i, const double *restrict price,
                      const double *restrict list, const double *restrict down,
                      double *restrict period)
{
    LANES
    {
        const double off = x->take[l] * x->own[i].attract[l] * x->vat[l] * (list[l] - price[l]);

        x->sales[i].promotion[l] += off;
        period[l] += off * down[l];
    }
}

static void load_choice(choice_rows *to, const double *p0, const double *share)
{
    memcpy(to->p0, p0, sizeof(ps_lanes));
    memcpy(to->share, share, sizeof(ps_lanes));
    memcpy(to->attract, share, sizeof(ps_lanes));
    memcpy(to->reference, p0, sizeof(ps_lanes));
    to->moved = false;
}

static void load(const ps_work *w, int s, segment_rows *x)
{
    const ps_plan *p = w->plan;
    const struct {
        double *to;
        const double *from;
    } rows[] = {{x->alpha, w->alpha[s]},
                {x->gain, w->gain[s]},
                {x->loss, w->loss[s]},
                {x->theta, w->theta[s]},
                {x->odds, w->odds[s]},
                {x->aware, w->aware[s]},
                {x->none, w->other[s * (p->C + 1) + p->C]},
                {x->vat, w->net_of_vat},
                {x->bad_debt, w->bad_debt}};

    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        memcpy(rows[k].to, rows[k].from, sizeof(ps_lanes));
    }
    memset(x->sales, 0, sizeof x->sales);
    memset(x->lost, 0, sizeof x->lost);
    for (int i = 0; i < p->I; i++) {
        load_choice(&x->own[i], w->base_price[s * p->I + i], w->mix[s * p->I + i]);
        memcpy(x->sales[i].cost, w->cost[i], sizeof(ps_lanes));
    }
    for (int c = 0; c < p->C; c++) {
        load_choice(&x->rival[c], w->base_rival[s * p->C + c], w->other[s * (p->C + 1) + c]);
    }
}

static void store(ps_work *w, int s, const segment_rows *x)
{
    const ps_plan *p = w->plan;

    for (int i = 0; i < p->I; i++) {
        ps_lanes *sum = w->line_sum + (s * p->I + i) * PS_CHANNELS;

        memcpy(sum[PS_CH_N], x->sales[i].n, sizeof(ps_lanes));
        memcpy(sum[PS_CH_L], x->sales[i].list, sizeof(ps_lanes));
        memcpy(sum[PS_CH_AGE], x->sales[i].age, sizeof(ps_lanes));
        memcpy(sum[PS_CH_PRO], x->sales[i].promotion, sizeof(ps_lanes));
    }
    for (int c = 0; c <= p->C; c++) {
        double *lost = w->out.lost_rival[c];

        LANES
        {
            lost[l] += x->lost[c][l];
        }
    }
}

/* Net prices and utilities of the features in period t; true when promotions are on. */
static bool offers_now(ps_work *w, int s, const double **list, const double **price,
                       const double **extra)
{
    const ps_plan *p = w->plan;
    const bool promoted = w->promoted[w->t] != 0 && ps_hot_plain_now(w, s) && w->class_set[0] != 0;

    for (int i = 0; i < p->I; i++) {
        list[i] = price[i] = w->history_list[(w->t + 1) * p->I + i];
        extra[i] = NULL;
        if (promoted) {
            memcpy(w->list[p->price_row[i]], list[i], sizeof(ps_lanes));
            ps_hot_class_price(w, s, i, w->features[i]);
            price[i] = w->class_price[i];
            extra[i] = w->features[i];
        }
    }
    return promoted;
}

INLINE walk_choice(ps_work *w, int s, const int I, const int C)
{
    const ps_plan *p = w->plan;
    const long cohort = (long)s * (p->ages + p->T_end) + p->ages;
    const double *list[PS_APART_OFFERS], *price[PS_APART_OFFERS], *extra[PS_APART_OFFERS];
    segment_rows x;

    load(w, s, &x);
    for (w->t = 0; w->t < w->end; w->t++) {
        ps_apart_rows *to = &w->apart[w->t];
        const bool promoted = offers_now(w, s, list, price, extra);

        for (int c = 0; c < C; c++) {
            rival_attraction(&x, &x.rival[c], w->history_rival[(w->t + 1) * C + c],
                             p->reference_all[s]);
        }
        for (int i = 0; i < I; i++) {
            own_attraction(&x, &x.own[i], price[i], extra[i]);
        }
        decide(&x, price, list, w->inflow[cohort + w->t], w->inflow_age[cohort + w->t], to->booked,
               to->margin, to->won, I, C);
        for (int i = 0; i < I && promoted; i++) {
            discounts(&x, i, price[i], list[i], w->downstream[s], to->discount);
        }
    }
    store(w, s, &x);
}

void ps_hot_chooses(ps_work *w, int s)
{
    switch (w->plan->I * (PS_APART_RIVALS + 1) + w->plan->C) {
#define COPY(I, C)                                                                                 \
    case (I) * (PS_APART_RIVALS + 1) + (C):                                                        \
        walk_choice(w, s, I, C);                                                                   \
        break;
#define COPIES(I) COPY(I, 0) COPY(I, 1) COPY(I, 2) COPY(I, 3) COPY(I, 4)
        COPIES(1)
        COPIES(2)
        COPIES(3)
        COPIES(4)
#undef COPIES
#undef COPY
    default:
        break;
    }
}
