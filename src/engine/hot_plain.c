/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A segment of the plainest kind in few passes over the lanes: expected flows, decisions in the
 * period of arrival at the choice stage and nothing after it, one exposure class, no nest, basket,
 * price image or negotiated discount, money at once. The same formulas as hot_price.c, hot_choice.c
 * and hot_money.c, fused; ps_plan says per segment whether it applies. */
#include <string.h>

#include "engine/hot.h"
#include "math/vmath.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

/* Attraction of a rival, and its reference price for t + 1. */
static void plain_rival(ps_work *w, int s, int c)
{
    const ps_plan *p = w->plan;
    const int at = s * p->C + c;
    const double *split = w->other[s * (p->C + 1) + c], *price = w->rival[c],
                 *r0 = w->base_rival[at];
    const double *alpha = w->alpha[s];
    double *to = w->rival_attract[c], *rest = w->rest;

    if (p->reference_all[s]) {
        const double *gain = w->gain[s], *loss = w->loss[s], *theta = w->theta[s];
        double *reference = w->reference_rival[at];

        LANES
        {
            const double gap = reference[l] - price[l];
            const double felt = (gap > 0.0 ? gain[l] : loss[l]) * gap;
            const double x = split[l] * ps_exp2(__builtin_fma(alpha[l], price[l] - r0[l], felt));

            to[l] = x;
            rest[l] += x;
            reference[l] = __builtin_fma(theta[l], gap, price[l]);
        }
    } else {
        LANES
        {
            const double x = split[l] * ps_exp2(alpha[l] * (price[l] - r0[l]));

            to[l] = x;
            rest[l] += x;
        }
    }
}

/* Price of an own offer in the only class; `extra` gets the utility of its features (a row of zeros
 * without promotions). */
static const double *plain_price(ps_work *w, int s, int i, double *features, const double **extra)
{
    const ps_plan *p = w->plan;

    *extra = w->zero;
    if (w->class_set[0] == 0 && !p->floored[i]) {
        return w->list[p->price_row[s * p->I + i]];
    }
    ps_hot_class_price(w, s, i, features);
    *extra = features;
    return w->class_price[i];
}

/* The same for an own offer. */
static void plain_own(ps_work *w, int s, int i, const double *price, const double *extra)
{
    const ps_plan *p = w->plan;
    const int at = s * p->I + i;
    const double *p0 = w->base_price[at], *mix = w->mix[at];
    const double *alpha = w->alpha[s], *gain = w->gain[s], *loss = w->loss[s], *theta = w->theta[s];
    const double *shown = (w->class_set[0] & p->hidden) ? w->list[p->price_row[at]] : price;
    const double share = p->segment[s].weight;
    double *reference = w->reference[at], *seen = w->history_public[(w->t + 1) * p->I + i];
    double *to = w->attract[i], *sum = w->attract_sum[0];

    LANES
    {
        const double gap = reference[l] - price[l];
        const double felt = (gap > 0.0 ? gain[l] : loss[l]) * gap;
        const double x =
            mix[l] * ps_exp2(__builtin_fma(alpha[l], price[l] - p0[l], felt) + extra[l]);

        to[l] = x;
        sum[l] += x;
        reference[l] = __builtin_fma(theta[l], gap, price[l]);
        seen[l] = __builtin_fma(share, shown[l], seen[l]);
    }
}

/* Promotion discount of what an offer sells now. */
static void plain_discount(ps_work *w, int s, int i, const double *price)
{
    const int line = s * w->plan->I + i;
    ps_lanes *now = w->signed_now + line * PS_CHANNELS;
    const double *list = w->list[w->plan->price_row[line]], *vat = w->net_of_vat;
    double *sum = w->line_sum[line * PS_CHANNELS + PS_CH_PRO];

    LANES
    {
        const double x = now[PS_CH_N][l] * vat[l] * (list[l] - price[l]);

        now[PS_CH_PRO][l] = x;
        sum[l] += x;
    }
}

/* What an offer sells now: `take` deciders per unit of attraction; counts, values and totals of its
 * line. */
static void plain_sales(ps_work *w, int s, int i, const double *price, const double *take,
                        const double *age)
{
    const ps_plan *p = w->plan;
    const int line = s * p->I + i;
    ps_lanes *now = w->signed_now + line * PS_CHANNELS, *sum = w->line_sum + line * PS_CHANNELS;
    const double *attract = w->attract[i], *list = w->list[p->price_row[line]];
    const double *vat = w->net_of_vat, *cost = w->cost[i], *bad_debt = w->bad_debt;
    double *booked = w->now[PS_METRIC_booked], *margin = w->margin_now;
    double *invoice = w->line_invoice[line], *profit = w->line_margin[line],
           *cash = w->cash_future[line];

    LANES
    {
        const double n = take[l] * attract[l], value = n * vat[l], x = value * price[l],
                     m = x - n * cost[l];

        now[PS_CH_N][l] = n;
        sum[PS_CH_N][l] += n;
        sum[PS_CH_L][l] = __builtin_fma(value, list[l], sum[PS_CH_L][l]);
        sum[PS_CH_AGE][l] = __builtin_fma(n, age[l], sum[PS_CH_AGE][l]);
        booked[l] += x;
        margin[l] += m - bad_debt[l] * x;
    }
    if (p->lines_needed) {
        LANES
        {
            const double n = now[PS_CH_N][l], value = n * vat[l], x = value * price[l];

            now[PS_CH_Q][l] = n;
            now[PS_CH_L][l] = value * list[l];
            invoice[l] = x;
            profit[l] = x - n * cost[l];
            cash[l] = (1.0 - bad_debt[l]) * x;
        }
    }
    if (w->class_set[0] != 0) {
        plain_discount(w, s, i, price);
    }
}

void ps_hot_plain(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const long cohort = (long)s * (p->ages + p->T_end) + p->ages + w->t;
    const double *in = w->inflow[cohort], *days = w->inflow_age[cohort], *odds = w->odds[s],
                 *aware = w->aware[s];
    const double *none = w->other[s * (p->C + 1) + p->C];
    const double *price[PS_MAX_OFFERS], *extra[PS_MAX_OFFERS];
    double *rest = w->rest, *sum = w->attract_sum[0];
    ps_lanes each, take, age;

    w->won = w->signed_now + s * p->I * PS_CHANNELS;
    for (int i = 0; i < p->I; i++) {
        price[i] = plain_price(w, s, i, w->features[i], &extra[i]);
    }
    for (int i = 0; i < p->I && w->class_set[0] == 0; i++) {
        memset(w->won[i * PS_CHANNELS + PS_CH_PRO], 0, sizeof(ps_lanes));
    }
    LANES
    {
        rest[l] = none[l];
        sum[l] = 0.0;
    }
    for (int c = 0; c < p->C; c++) {
        plain_rival(w, s, c);
    }
    for (int i = 0; i < p->I; i++) {
        plain_own(w, s, i, price[i], extra[i]);
    }
    LANES
    {
        const double x =
            in[l] / __builtin_fma(odds[l], sum[l], rest[l]); /* deciders per unit of attraction */

        take[l] = aware[l] * odds[l] * x;
        each[l] = aware[l] * x;
        age[l] = in[l] > 0.0 ? days[l] / in[l] : 0.0;
    }
    for (int i = 0; i < p->I; i++) {
        plain_sales(w, s, i, price[i], take, age);
    }
    if (p->unaware[s]) { /* the unaware choose among the others */
        LANES
        {
            each[l] += (1.0 - aware[l]) * in[l] / rest[l];
        }
    }
    for (int c = 0; c <= p->C; c++) {
        const double *x = c < p->C ? w->rival_attract[c] : none;
        double *lost = w->out.lost_rival[c];

        LANES
        {
            lost[l] = __builtin_fma(each[l], x[l], lost[l]);
        }
    }
}

/* The active promotions reach everybody all period long, so that there is one exposure class. */
bool ps_hot_plain_now(ps_work *w, int s)
{
    const ps_plan *p = w->plan;

    if (!p->plain[s] || w->pass.whole || w->pass.settle) {
        return false;
    }
    w->classes = w->cells = 1;
    w->class_set[0] = 0;
    w->cell_weight[0] = w->node_weight[0];
    for (int m = 0; m < p->M && w->promoted[w->t] != 0; m++) {
        const ps_plan_promotion *promo = &p->promotion[m];

        if (!(w->pass.calendar >> m & 1U) || promo->active[w->t] <= 0.0 || !promo->in_segment[s]) {
            continue;
        }
        if (!promo->reach_one || promo->active[w->t] < 1.0) {
            return false;
        }
        w->class_set[0] |= 1U << m;
    }
    return true;
}
