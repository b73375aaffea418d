/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a batch needs before its first period, its draws apart: delay kernels, opening flows.
 * docs/model/delays.md. */
#include <string.h>

#include "engine/hot_conversion.h"
#include "engine/hot_customers.h"
#include "engine/hot_members.h"
#include "engine/hot_queue.h"
#include "engine/hot_size.h"
#include "engine/hot_wholesale.h"
#include "math/kernel.h"
#include "math/vmath.h"
#include "model/view.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

/* k[0..n-1] and tail[0..n] over lanes from a plan's kernel. */
static void fill_kernel(ps_work *w, const ps_plan_kernel *kernel, int n, bool fold, ps_lanes *k,
                        ps_lanes *tail)
{
    double *one = w->lane_scratch[0];

    for (int l = 0; l < (kernel->shared ? 1 : PS_LANES); l++) {
        const ps_dist dist = ps_hot_lane_dist(w, kernel->spread, l);
        double left = 1.0;

        if (!kernel->shared && kernel->begin != PS_BEGINS_ANYWHERE) {
            ps_kernel_fill_from(&dist, kernel->begin, w->plan->period_days, n, one);
        } else if (!kernel->shared) {
            ps_kernel_fill(&dist, w->plan->period_days, n, fold, one);
        }
        for (int a = 0; a < n; a++) {
            const double x = kernel->shared ? kernel->k[a] : one[a];

            k[a][l] = x;
            if (tail) {
                tail[a][l] = left;
            }
            left = left - x > 0.0 ? left - x : 0.0;
        }
        if (tail) {
            tail[n][l] = left;
        }
    }
    if (kernel->shared) {
        for (int a = 0; a < n; a++) {
            for (int l = 1; l < PS_LANES; l++) {
                k[a][l] = k[a][0];
            }
        }
        for (int a = 0; tail && a <= n; a++) {
            for (int l = 1; l < PS_LANES; l++) {
                tail[a][l] = tail[a][0];
            }
        }
    }
}

static void stage_kernels(ps_work *w, bool shared)
{
    const ps_plan *p = w->plan;
    const int n = p->T_end;

    for (int d = 0; d < p->dwells; d++) {
        const ps_plan_stage *stage = &p->stage[p->dwell[d].stage];

        if (stage->choice || stage->hazard) {
            continue;
        }
        for (int o = 0; o < 2; o++) {
            const ps_plan_kernel *kernel = o == 0 ? &p->dwell[d].won : &p->dwell[d].lost;

            if (kernel->shared == shared) {
                fill_kernel(w, kernel, n, false, w->stage_k + (d * 2 + o) * (n + 1),
                            w->stage_tail + (d * 2 + o) * (n + 1));
            }
        }
    }
}

/* Lags of a kernel up to the last with anything in it. */
static int kernel_length(const ps_plan_kernel *kernel, int n)
{
    while (kernel->shared && n > 1 && kernel->k[n - 1] == 0.0) {
        n--;
    }
    return n;
}

/* Parts of an invoice paid after 0 .. lags - 1 periods. */
static int payment_kernel(ps_work *w, ps_lanes *pay, ps_lanes *late)
{
    const ps_plan *p = w->plan;
    const ps_payment *payment = p->scenario->payment;
    const int paid = kernel_length(&p->payment, p->T_end),
              disputed = p->has_dispute ? kernel_length(&p->dispute, p->T_end) : 0;
    const int lags = paid > disputed ? paid : disputed;

    fill_kernel(w, &p->payment, lags, false, pay, NULL);
    if (p->has_dispute) {
        const double *share = ps_number_lanes(&payment->disputed->share, w->values[0], 0);

        fill_kernel(w, &p->dispute, lags, false, late, NULL);
        for (int a = 0; a < lags; a++) {
            LANES
            {
                pay[a][l] = __builtin_fma(share[l], late[a][l] - pay[a][l], pay[a][l]);
            }
        }
    }
    return lags;
}

static bool any_positive(const double *x)
{
    int any = 0;

    for (int l = 0; l < PS_LANES; l++) {
        any |= x[l] > 0.0;
    }
    return any != 0;
}

/* collect[i][n]: part of the signed invoice value that is collected n periods later; bad debt left
 * out. From collect_n on it is zero. */
static void collection_kernels(ps_work *w)
{
    const ps_plan *p = w->plan;
    const int n = p->T_end;
    ps_lanes *pay = w->lane_scratch + 8 + n / PS_LANES;
    const int lags = payment_kernel(w, pay, pay + n + 1);

    for (int i = 0; i < p->I; i++) {
        ps_lanes *collect = w->collect + i * (n + 1);
        const int bills = p->recognition_n[p->I + i] < n ? p->recognition_n[p->I + i] : n;
        int last = lags + bills < n ? lags + bills : n;

        memset(collect, 0, (size_t)w->collect_n[i] * sizeof *collect);
        for (int b = 0; b < bills; b++) {
            const double billed = p->billing[i][b];

            for (int a = 0; a < lags && a + b < n && billed != 0.0; a++) {
                double *x = collect[a + b];
                const double *y = pay[a];

                LANES
                {
                    x[l] = __builtin_fma(billed * (1.0 - w->bad_debt[l]), y[l], x[l]);
                }
            }
        }
        while (last > 1 && !any_positive(collect[last - 1])) {
            last--;
        }
        w->collect_n[i] = last;
    }
}

static double kernel_mean(const ps_work *w, const ps_plan_kernel *kernel, int l)
{
    if (kernel->shared) {
        return kernel->mean;
    }
    const ps_dist dist = ps_hot_lane_dist(w, kernel->spread, l);

    return ps_dist_mean(&dist) / w->plan->period_days;
}

/* Part of stage g that leaves per period at a constant hazard, and the mean lags of all laws. */
static void stage_rates(ps_work *w)
{
    const ps_plan *p = w->plan;

    LANES
    {
        w->choice_hazard[l] = 0.0;
    }
    for (int g = 0; g < p->G; g++) {
        const ps_abandon *abandon = p->stage[g].stage->abandon;

        for (int l = 0; l < PS_LANES && abandon; l++) {
            w->gives_up[g][l] =
                ps_view_per_period(ps_number_lanes(&abandon->rate.value, w->values[0], 0)[l],
                                   p->period_days, p->stage[g].abandon_days);
        }
    }
    for (int d = 0; d < p->dwells; d++) {
        const int g = p->dwell[d].stage;
        const ps_plan_stage *stage = &p->stage[g];
        ps_lanes *mean = w->stage_lag + d * 2;

        for (int l = 0; l < PS_LANES; l++) {
            if (stage->hazard) {
                const double f = ps_number_lanes(&stage->stage->leaves.value, w->values[0], 0)[l];
                const double h = ps_view_per_period(f, p->period_days, stage->hazard_days);

                w->stage_hazard[g][l] = h;
                mean[0][l] = mean[1][l] = 1.0 / h;
            } else {
                mean[0][l] = kernel_mean(w, &p->dwell[d].won, l);
                mean[1][l] = kernel_mean(w, &p->dwell[d].lost, l);
            }
        }
        if (stage->choice && stage->hazard) {
            memcpy(w->choice_hazard, w->stage_hazard[g], sizeof(ps_lanes));
        }
    }
}

/* Mean stocks, and the mean days since creation with which deals enter each stage in a steady
 * state. */
static void stage_means(ps_work *w)
{
    const ps_plan *p = w->plan;

    stage_rates(w);
    for (int g = 0; g < p->G; g++) {
        LANES
        {
            w->out.stage_days[g][l] = 0.0;
        }
        for (int s = 0; s < p->S; s++) {
            const double *c = g == p->choice_stage ? w->win[s] : ps_stage_conversion(w, g, s);
            ps_lanes *mean = w->stage_lag + p->stage[g].dwell[s] * 2;
            double *periods = w->stage_periods[g * p->S + s], *age = w->open_age[g * p->S + s];
            const double *before = g > 0 ? w->open_age[(g - 1) * p->S + s] : w->zero,
                         *lag = g > 0 ? w->stage_lag[p->stage[g - 1].dwell[s] * 2] : w->zero;

            LANES
            {
                periods[l] = c[l] * mean[0][l] + (1.0 - c[l]) * mean[1][l];
                age[l] = before[l] + lag[l] * p->period_days;
                w->out.stage_days[g][l] += p->segment[s].weight * periods[l] * p->period_days;
            }
        }
    }
}

static void choice_kernels(ps_work *w)
{
    const ps_plan *p = w->plan;
    const int n = p->ages;
    const bool lags = p->choice_stage >= 0 && !p->stage[p->choice_stage].hazard;
    ps_lanes *won = w->lane_scratch + 8 + n / PS_LANES, *lost = won + n;
    int filled = -1;

    LANES
    {
        won[0][l] = lost[0][l] = 1.0;
    }
    for (int s = 0; s < p->S; s++) {
        const int law = lags ? p->stage[p->choice_stage].dwell[s] : -1;

        if (law != filled) {
            fill_kernel(w, &p->dwell[law].won, n, true, won, NULL);
            fill_kernel(w, &p->dwell[law].lost, n, true, lost, NULL);
            filled = law;
        }
        const double *c = w->win[s];
        ps_lanes *k = w->k + s * n, *hazard = w->hazard + s * n, *odds = w->odds + s * n;
        ps_lanes *tail = w->ktail + s * (n + 1);

        LANES
        {
            tail[n][l] = 0.0;
        }
        for (int a = n - 1; a >= 0; a--) {
            LANES
            {
                const double kw = c[l] * won[a][l], kl = (1.0 - c[l]) * lost[a][l];

                k[a][l] = kw + kl;
                tail[a][l] = tail[a + 1][l] + k[a][l];
                hazard[a][l] = tail[a][l] > 0.0 ? k[a][l] / tail[a][l] : 1.0;
                odds[a][l] = kl > 1e-15 * kw ? kw / kl : kw > 0.0 ? 1e15 : 0.0;
            }
        }
    }
}

static void sizes_and_arrivals(ps_work *w)
{
    const ps_plan *p = w->plan;

    for (int s = 0; s < p->S; s++) {
        const ps_plan_segment *seg = &p->segment[s];
        const double *rate = ps_number_lanes(&seg->arrivals->rate.value, w->values[0], s);

        LANES
        {
            w->arrivals[s][l] = rate[l] * seg->arrivals_per;
            w->growth[s][l] = 0.0;
            w->size_mean[s][l] = seg->size_mean;
        }
        ps_hot_cell_terms(w, s);
        ps_hot_relative(w, s);
        if (p->members) {
            ps_hot_member_arrivals(w, s);
        }
        if (seg->segment->growth) {
            const double *g = ps_number_lanes(&seg->segment->growth->rate.value, w->values[0], s);

            LANES
            {
                w->growth[s][l] = seg->growth_per * ps_log2(1.0 + g[l]);
            }
        }
        if (seg->sized && !seg->sized_constant) {
            ps_hot_mean_size(w, s);
        }
        for (int l = 0; l < PS_LANES && seg->counted; l++) {
            const ps_dist law = ps_hot_lane_dist(w, &seg->segment->quantity, l);

            ps_hot_order_lane(w, s, l, &law);
        }
        if (seg->counted) {
            ps_hot_order_rules(w, s);
        } else if (seg->basket) {
            const double *median =
                ps_number_lanes(&seg->segment->basket.parameter[0], w->values[0], s);
            const double *sdlog =
                ps_number_lanes(&seg->segment->basket.parameter[1], w->values[0], s);

            LANES
            {
                w->basket_log[s][l] = ps_log(median[l]);
                w->basket_sd[s][l] = sdlog[l];
            }
        }
    }
}

/* One unit of an offer at the base prices of cell s. */
static void base_sale(ps_work *w, int s, int i, ps_lanes *row)
{
    const ps_offer *offer = (const ps_offer *)w->plan->scenario->offers.items + i;
    const double *list = ps_number_lanes(&offer->list_price, w->values[0], 0);
    const double *factor = w->price_factor[s];

    LANES
    {
        row[PS_CH_N][l] = row[PS_CH_Q][l] = 1.0;
        row[PS_CH_L][l] = list[l] * factor[l] * w->net_of_vat[l];
        row[PS_CH_NEG][l] = row[PS_CH_L][l] * ps_hot_mean_depth(w, false, l);
        row[PS_CH_PRO][l] = row[PS_CH_AGE][l] = 0.0;
    }
    if (w->plan->brand) {
        ps_hot_wholesale(w, s, i, row);
    }
}

/* Unit cost, and pocket over list price with today's authority, without the terms of channels. */
static void cost_and_pocket(ps_work *w, int i)
{
    const ps_offer *offer = (const ps_offer *)w->plan->scenario->offers.items + i;
    const double *cost = ps_number_lanes(&offer->unit_cost, w->values[0], 0);
    ps_lanes row[PS_CHANNELS], invoice, pocket;

    memcpy(w->cost[i], cost, sizeof(ps_lanes));
    base_sale(w, 0, i, row);
    LANES
    {
        row[PS_CH_NEG][l] = row[PS_CH_L][l] * ps_hot_mean_depth(w, true, l);
    }
    ps_hot_waterfall(w, -1, row, invoice, pocket, NULL);
    LANES
    {
        w->pocket_ratio[i][l] = pocket[l] / row[PS_CH_L][l];
    }
}

/* Value of one deal at the base prices. */
static void opening_value(ps_work *w, int s, int i)
{
    const ps_plan *p = w->plan;
    const ps_offer *offer = (const ps_offer *)p->scenario->offers.items + i;
    const double *list = ps_number_lanes(&offer->list_price, w->values[0], 0);
    const double *factor = w->price_factor[s], *cost = w->cost[i];
    const int at = s * p->I + i;
    ps_lanes row[PS_CHANNELS], invoice, pocket;

    base_sale(w, s, i, row);
    ps_hot_waterfall(w, s, row, invoice, pocket, NULL);
    LANES
    {
        double units = w->size_mean[s][l];

        if (p->segment[s].counted) {
            units = w->order_units[s][l];
        } else if (p->segment[s].basket) {
            units = ps_exp(__builtin_fma(0.5 * w->basket_sd[s][l], w->basket_sd[s][l],
                                         w->basket_log[s][l])) /
                    (list[l] * factor[l]);
        }
        w->open_value[at][l] = units * invoice[l];
        w->open_margin[at][l] = units * (pocket[l] - cost[l] - w->bad_debt[l] * invoice[l]);
    }
}

void ps_hot_opening_values(ps_work *w)
{
    const ps_plan *p = w->plan;

    for (int line = 0; line < p->S * p->I; line++) {
        opening_value(w, line / p->I, line % p->I);
    }
}

static void opening_flows(ps_work *w)
{
    const ps_plan *p = w->plan;
    const bool steady =
        !p->scenario->funnel || p->scenario->funnel->opening->word == PS_OPENING_STEADY;

    for (int s = 0; s < p->S; s++) {
        for (int i = 0; i < p->I; i++) {
            const double *mix = w->mix[s * p->I + i];
            double *flow = w->open_flow[s * p->I + i];

            LANES
            {
                const double wins = w->aware[s][l] * w->win[s][l] * mix[l];

                flow[l] = w->arrivals[s][l] * w->upstream[s][l] * wins * w->downstream[s][l];
            }
            if (p->base) {
                memcpy(w->steady_flow[s * p->I + i], flow, sizeof(ps_lanes));
            }
            for (int l = 0; l < PS_LANES && !steady; l++) {
                flow[l] = 0.0;
            }
        }
    }
}

void ps_hot_constants(ps_work *w)
{
    const ps_plan *p = w->plan;

    for (int d = 0; d < p->draws; d++) {
        double *x = w->values[p->draw[d].slot];

        for (int l = 0; l < PS_LANES; l++) {
            x[l] = p->draw[d].centre;
        }
    }
    for (int t = 0; t < p->T_end; t++) {
        LANES
        {
            w->shock_level[t][l] = 1.0;
        }
    }
    stage_kernels(w, true);
}

void ps_hot_setup(ps_work *w)
{
    const ps_plan *p = w->plan;
    const ps_scenario *sc = p->scenario;
    const double *bad_debt = ps_number_lanes(&sc->payment->bad_debt, w->values[0], 0);

    LANES
    {
        w->net_of_vat[l] = 1.0;
        w->bad_debt[l] = bad_debt[l];
    }
    if (sc->vat && sc->vat->prices_include) {
        const double *rate = ps_number_lanes(&sc->vat->rate, w->values[0], 0);

        LANES
        {
            w->net_of_vat[l] = 1.0 / (1.0 + rate[l]);
        }
    }
    ps_hot_discount_nodes(w);
    sizes_and_arrivals(w);
    ps_hot_conversions(w);
    stage_kernels(w, false);
    collection_kernels(w);
    if (p->terms) {
        ps_hot_terms(w);
    }
    ps_hot_rows(w);
    choice_kernels(w);
    stage_means(w);
    ps_hot_calibrate(w);
    for (int i = 0; i < p->I; i++) {
        cost_and_pocket(w, i);
    }
    if (p->span > 1 || p->life) {
        ps_hot_opening_values(w);
    }
    opening_flows(w);
    if (p->life) {
        ps_hot_lifetime_setup(w);
    }
    if (p->base) {
        ps_hot_base_setup(w);
    }
    ps_hot_sales_setup(w);
    if (p->aims) {
        ps_hot_aim_setup(w);
    }
}
