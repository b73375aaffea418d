/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plain segment of hot_plain.c with a handful of offers: one pass over the lanes, everything in
 * registers. The numbers of offers are constants of each copy, so that the inner loops unroll. */
#include "engine/hot.h"
#include "math/vmath.h"

enum { MOST_OWN = 2, MOST_RIVALS = 3 };

typedef struct {
    const double *price, *list, *extra, *p0, *mix, *cost;
    double *reference, *now, *sum_n, *sum_list, *sum_age;
} own_rows;

typedef struct {
    const double *price, *r0, *split;
    double *reference, *lost;
} rival_rows;

static inline __attribute__((always_inline)) void fuse(ps_work *w, int s, const own_rows *own,
                                                       const rival_rows *rival, const int I,
                                                       const int C, const bool all)
{
    const ps_plan *p = w->plan;
    const long cohort = (long)s * (p->ages + p->T_end) + p->ages + w->t;
    const double *in = w->inflow[cohort], *days = w->inflow_age[cohort], *odds = w->odds[s],
                 *aware = w->aware[s];
    const double *alpha = w->alpha[s], *gain = w->gain[s], *loss = w->loss[s], *theta = w->theta[s];
    const double *none = w->other[s * (p->C + 1) + p->C], *vat = w->net_of_vat,
                 *bad_debt = w->bad_debt;
    double *booked = w->now[PS_METRIC_booked], *margin = w->margin_now,
           *lost = w->out.lost_rival[p->C];

#pragma omp simd
    for (int l = 0; l < PS_LANES; l++) {
        double x[MOST_OWN], y[MOST_RIVALS], sum = 0.0, rest = none[l];

#pragma GCC unroll 4
        for (int c = 0; c < C; c++) {
            double u = alpha[l] * (rival[c].price[l] - rival[c].r0[l]);

            if (all) {
                const double gap = rival[c].reference[l] - rival[c].price[l];

                u = __builtin_fma(alpha[l], rival[c].price[l] - rival[c].r0[l],
                                  (gap > 0.0 ? gain[l] : loss[l]) * gap);
                rival[c].reference[l] = __builtin_fma(theta[l], gap, rival[c].price[l]);
            }
            y[c] = rival[c].split[l] * ps_exp2(u);
            rest += y[c];
        }
#pragma GCC unroll 4
        for (int i = 0; i < I; i++) {
            const double gap = own[i].reference[l] - own[i].price[l];
            const double felt = (gap > 0.0 ? gain[l] : loss[l]) * gap;

            x[i] = own[i].mix[l] *
                   ps_exp2(__builtin_fma(alpha[l], own[i].price[l] - own[i].p0[l], felt) +
                           own[i].extra[l]);
            own[i].reference[l] = __builtin_fma(theta[l], gap, own[i].price[l]);
            sum += x[i];
        }
        const double per = aware[l] / __builtin_fma(odds[l], sum, rest), each = per * in[l];
        const double take = odds[l] * each, aged = odds[l] * per * days[l];
        double value = 0.0, cost = 0.0;

#pragma GCC unroll 4
        for (int i = 0; i < I; i++) {
            const double n = take * x[i];

            own[i].now[l] = n;
            own[i].sum_n[l] += n;
            own[i].sum_list[l] = __builtin_fma(n * vat[l], own[i].list[l], own[i].sum_list[l]);
            own[i].sum_age[l] = __builtin_fma(aged, x[i], own[i].sum_age[l]);
            value = __builtin_fma(n * vat[l], own[i].price[l], value);
            cost = __builtin_fma(n, own[i].cost[l], cost);
        }
        booked[l] += value;
        margin[l] += value * (1.0 - bad_debt[l]) - cost;
#pragma GCC unroll 4
        for (int c = 0; c < C; c++) {
            rival[c].lost[l] = __builtin_fma(each, y[c], rival[c].lost[l]);
        }
        lost[l] = __builtin_fma(each, none[l], lost[l]);
    }
}

/* One copy per number of offers and rivals. */
#define COPY(I, C)                                                                                 \
    case (I) * (MOST_RIVALS + 1) + (C):                                                            \
        if (w->plan->reference_all[s]) {                                                           \
            fuse(w, s, own, rival, I, C, true);                                                    \
        } else {                                                                                   \
            fuse(w, s, own, rival, I, C, false);                                                   \
        }                                                                                          \
        break;

bool ps_hot_fused(ps_work *w, int s, const double *const *price, const double *const *extra)
{
    const ps_plan *p = w->plan;
    own_rows own[MOST_OWN];
    rival_rows rival[MOST_RIVALS];

    if (p->I > MOST_OWN || p->C > MOST_RIVALS || p->lines_needed || p->public_seen ||
        p->unaware[s] || (w->class_set[0] & p->funded) != 0) {
        return false;
    }
    for (int i = 0; i < p->I; i++) {
        const int at = s * p->I + i;
        ps_lanes *sum = w->line_sum + at * PS_CHANNELS;

        own[i] = (own_rows){price[i],         w->list[p->price_row[at]],
                            extra[i],         w->base_price[at],
                            w->mix[at],       w->cost[i],
                            w->reference[at], w->signed_now[at * PS_CHANNELS + PS_CH_N],
                            sum[PS_CH_N],     sum[PS_CH_L],
                            sum[PS_CH_AGE]};
    }
    for (int c = 0; c < p->C; c++) {
        rival[c] =
            (rival_rows){w->rival[c], w->base_rival[s * p->C + c], w->other[s * (p->C + 1) + c],
                         w->reference_rival[s * p->C + c], w->out.lost_rival[c]};
    }
    switch (p->I * (MOST_RIVALS + 1) + p->C) {
        COPY(1, 0)
        COPY(1, 1)
        COPY(1, 2)
        COPY(1, 3)
        COPY(2, 0)
        COPY(2, 1)
        COPY(2, 2)
        COPY(2, 3)
    default:
        return false;
    }
    return true;
}
