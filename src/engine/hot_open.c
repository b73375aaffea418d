/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state before the first period: prices, memories, and the deals that are already under way.
 * docs/model/opening.md
 *
 * steady: every stage holds what a constant inflow (first period's mean arrivals, without season,
 * times reach) would have left in it, with equilibrium ages. A deal that entered m >= 1 periods
 * before the start leaves in period t when its lag is t + m, so the part of one period's inflow
 * that leaves in t is P(lag > t) = tail[t + 1]. */
#include <string.h>

#include "engine/hot_customers.h"
#include "engine/hot_game.h"
#include "math/philox.h"
#include "math/vmath.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

static void clear(ps_lanes *rows, long n)
{
    memset(rows, 0, (size_t)n * sizeof *rows);
}

static void reset_prices(ps_work *w)
{
    const ps_plan *p = w->plan;
    const ps_offer *offers = p->scenario->offers.items;

    for (int row = 0; row < p->price_rows; row++) {
        const double *list =
            ps_number_lanes(&offers[p->row_offer[row]].list_price, w->values[0], 0);

        memcpy(w->policy[row], list, sizeof(ps_lanes));
        LANES
        {
            w->price_moved[row][l] = -1e9;
        }
    }
    if (p->share_seen) {
        ps_hot_share_today(w);
    }
    for (int i = 0; i < p->I; i++) {
        const double *list = ps_number_lanes(&offers[i].list_price, w->values[0], 0);

        memcpy(w->history_list[i], list, sizeof(ps_lanes));
        LANES
        {
            w->floor[i][l] = 0.0;
            w->history_public[i][l] = p->channel_prices ? 0.0 : list[l];
        }
        for (int s = 0; s < p->S && p->channel_prices; s++) { /* what buyers see, on average */
            LANES
            {
                w->history_public[i][l] += p->segment[s].weight * list[l] * w->price_factor[s][l];
            }
        }
    }
    for (int c = 0; c < p->C; c++) {
        const double *price = ps_number_lanes(&p->scenario->rival[c]->price, w->values[0], 0);

        memcpy(w->rival[c], price, sizeof(ps_lanes));
        memcpy(w->regular[c], price, sizeof(ps_lanes));
        memcpy(w->history_rival[c], price, sizeof(ps_lanes));
    }
    for (int j = 0; j < p->I + p->C && p->aims; j++) { /* searches start at today's prices */
        memcpy(w->game->target[j], j < p->I ? w->history_list[j] : w->history_rival[j - p->I],
               sizeof(ps_lanes));
    }
    memcpy(w->reference, w->base_price, (size_t)(p->S * p->I) * sizeof(ps_lanes));
    memcpy(w->reference_rival, w->base_rival, (size_t)(p->S * p->C) * sizeof(ps_lanes));
    clear(w->image, p->S);
}

/* Inflow per period into stage g of segment s in a steady state; after the choice, of offer i. */
static void steady_inflow(const ps_work *w, int g, int s, int i, double *restrict flow)
{
    const ps_plan *p = w->plan;

    LANES
    {
        flow[l] = w->arrivals[s][l] + (p->refers ? w->life.refer_open[s][l] : 0.0);
    }
    for (int h = 0; h < g; h++) {
        if (h == p->choice_stage) {
            const double *mix = w->mix[s * p->I + i];

            LANES
            {
                flow[l] *= w->aware[s][l] * w->win[s][l] * mix[l];
            }
        } else {
            const double *c = ps_stage_conversion(w, h, s);

            LANES
            {
                flow[l] *= c[l];
            }
        }
    }
}

/* Whole numbers with the given means: Poisson, as an infinite queue fed by Poisson arrivals has in
 * equilibrium. */
void ps_hot_poisson(const ps_work *w, uint32_t stream, uint32_t index, double *restrict mean)
{
    ps_lanes u;
    double most = 0.0;

    LANES
    {
        most = mean[l] > most ? mean[l] : most;
    }
    if (most < 1e-12) {
        LANES
        {
            mean[l] = 0.0;
        }
        return;
    }
    ps_philox_uniform(w->plan->seed, w->luck_path, stream, index, PS_LANES, u);
    for (int l = 0; l < PS_LANES; l++) {
        /* exp(-m) >= 1 - m: most of the tail's tiny means need no more than this */
        mean[l] = u[l] < 1.0 - mean[l] ? 0.0 : (double)ps_count_poisson(mean[l], u[l]);
    }
}

/* Deals under way in stage g: leaving in period t by outcome o, from the scale (inflow, or counts
 * over the profile's sum). */
static void open_stage(ps_work *w, int g, int s, int i, const double *flow)
{
    const ps_plan *p = w->plan;
    const int n = p->T_end;
    const double *c = ps_stage_conversion(w, g, s);
    const bool after = g > p->choice_stage;
    const long line = after ? ((long)(g - p->choice_stage - 1) * p->S + s) * p->I + i
                            : (long)p->flow_row[g] * p->S + s;
    const uint32_t stream = ps_hot_mix(p->segment[s].stream_opening, (uint32_t)(g * p->I + i));
    ps_lanes out, rest, age;

    for (int o = 0; o < 2; o++) {
        ps_lanes *tail = ps_stage_tail(w, g, s, o);

        memcpy(rest, w->stage_lag[p->stage[g].dwell[s] * 2 + o],
               sizeof rest);                /* sum of tail[b], b > t */
        for (int t = 0; t <= w->end; t++) { /* the last one: all that leaves beyond the walk */
            const double *x = t < w->end ? tail[t + 1] : rest;

            LANES
            {
                out[l] = flow[l] * (o == PS_PASS ? c[l] : 1.0 - c[l]) * x[l];
            }
            LANES
            {
                rest[l] = t < w->end && rest[l] - x[l] > 1e-12 ? rest[l] - x[l] : 0.0;
                /* days before this stage, and the mean lag of those whose lag exceeds t */
                age[l] = w->open_age[g * p->S + s][l] +
                         p->period_days * (t + 1 + (x[l] > 1e-12 ? rest[l] / x[l] : 0.0));
            }
            if (w->pass.whole && o == PS_PASS) {
                ps_hot_poisson(w, stream, (uint32_t)t, out);
            }
            LANES
            {
                w->out.stage_open_start[g][l] += out[l];
            }
            if (t >= w->end) {
                LANES
                {
                    w->out.stage_beyond[g][l] += out[l];
                }
            } else if (after && o == PS_PASS) {
                ps_hot_base_sale(w, s, i, out, age, w->after + (line * (n + 1) + t) * PS_CHANNELS);
            } else if (after) {
                const double inside = t < p->T ? 1.0 : 0.0;

                LANES
                {
                    w->out.stage_lost_at[g][l] += inside * out[l];
                }
            } else {
                double *to = (o == PS_PASS ? w->flow : w->fail)[line * (n + 1) + t];
                double *days = w->flow_age[line * (n + 1) + t];
                const double on = o == PS_PASS ? 1.0 : 0.0;

                LANES
                {
                    to[l] += out[l];
                    days[l] += on * out[l] * age[l];
                }
            }
        }
    }
}

static void open_hazard(ps_work *w, int g, int s, int i, const double *flow)
{
    const ps_plan *p = w->plan;
    const long line = ((long)g * p->S + s) * p->I + i;
    ps_lanes stock, age;

    LANES
    {
        const double h = w->stage_hazard[g][l];

        stock[l] = flow[l] / h;
        age[l] = w->open_age[g * p->S + s][l] + p->period_days * (1.0 - h) / h;
    }
    if (w->pass.whole) {
        ps_hot_poisson(w, ps_hot_mix(p->segment[s].stream_opening, (uint32_t)(g * p->I + i)), 0,
                       stock);
    }
    LANES
    {
        w->out.stage_open_start[g][l] += stock[l];
    }
    if (g > p->choice_stage) {
        ps_hot_base_sale(w, s, i, stock, age, w->hazard_value + line * PS_CHANNELS);
    } else {
        LANES
        {
            w->hazard_stock[g * p->S + s][l] = stock[l];
            w->hazard_age[g * p->S + s][l] = stock[l] * age[l];
        }
        if (g == p->choice_stage) {
            memcpy(w->hazard_opening[s], stock, sizeof stock);
        }
    }
}

/* The choice stage: cohort of period -m stands at age m - 1, with inflow times P(lag >= m) deals
 * left. */
static void open_choice(ps_work *w, int s, const double *flow)
{
    const ps_plan *p = w->plan;
    const int A = p->ages, g = p->choice_stage;
    ps_lanes *in = w->inflow + (long)s * (A + p->T_end) + A;
    ps_lanes *age = w->inflow_age + (long)s * (A + p->T_end) + A;
    int32_t *stock = w->stock + (size_t)(s * (A + p->T_end) + A) * PS_LANES;
    ps_lanes left;

    for (int m = 1; m < A; m++) {
        const double *tail = w->ktail[s * (A + 1) + m];

        LANES
        {
            in[-m][l] = flow[l];
            age[-m][l] = flow[l] * w->open_age[g * p->S + s][l];
            left[l] = flow[l] * tail[l];
        }
        if (w->pass.whole) {
            ps_hot_poisson(w, p->segment[s].stream_opening, (uint32_t)m, left);
            for (int l = 0; l < PS_LANES; l++) {
                stock[-(long)m * PS_LANES + l] = (int32_t)left[l];
            }
        }
        LANES
        {
            w->out.stage_open_start[g][l] += left[l];
        }
    }
}

/* Part of the given number of open deals that belongs to one line, as an inflow per period: counts
 * / sum of the profile. */
static void counts_scale(const ps_work *w, int g, double *restrict scale)
{
    const ps_plan *p = w->plan;
    const ps_opening *opening = p->scenario->funnel->opening;
    const double *count = NULL;
    ps_lanes sum, flow;

    for (int k = 0; k < opening->counts.count; k++) {
        if (strcmp(opening->counts.keys[k].id, p->stage[g].id) == 0) {
            count = ps_number_lanes(&opening->counts.numbers[k], w->values[0], 0);
        }
    }
    LANES
    {
        sum[l] = 0.0;
    }
    for (int s = 0; s < p->S; s++) {
        for (int i = 0; i < (g > p->choice_stage ? p->I : 1); i++) {
            steady_inflow(w, g, s, i, flow);
            const double *periods = w->stage_periods[g * p->S + s];

            LANES
            {
                sum[l] += flow[l] * periods[l];
            }
        }
    }
    LANES
    {
        scale[l] = count && sum[l] > 0.0 ? count[l] / sum[l] : 0.0;
    }
}

static void open_deals(ps_work *w)
{
    const ps_plan *p = w->plan;
    const int word = p->scenario->funnel->opening->word;
    ps_lanes flow, scale;

    for (int g = 0; g < p->G && word != PS_OPENING_EMPTY; g++) {
        if (w->front_done &&
            (g < p->choice_stage || (g == p->choice_stage && !p->stage[g].hazard))) {
            continue;
        }
        LANES
        {
            scale[l] = 1.0;
        }
        if (word == PS_OPENING_COUNTS) {
            counts_scale(w, g, scale);
        }
        for (int s = 0; s < p->S; s++) {
            for (int i = 0; i < (g > p->choice_stage ? p->I : 1); i++) {
                steady_inflow(w, g, s, i, flow);
                LANES
                {
                    flow[l] *= scale[l];
                }
                if (p->stage[g].hazard) {
                    open_hazard(w, g, s, i, flow);
                } else if (g == p->choice_stage) {
                    open_choice(w, s, flow);
                } else {
                    open_stage(w, g, s, i, flow);
                }
            }
        }
    }
}

/* What contracts and sales from before the start still bring: recognised revenue and margin,
 * invoices, cash. */
static void open_money(ps_work *w)
{
    const ps_plan *p = w->plan;
    const int n = p->T_end;

    for (int s = 0; s < p->S; s++) {
        for (int i = 0; i < p->I; i++) {
            const ps_offer *offer = (const ps_offer *)p->scenario->offers.items + i;
            const long at = (long)s * p->I + i;
            const double *flow = w->open_flow[at], *value = w->open_value[at],
                         *margin = w->open_margin[at];
            double rec = p->recognition_total[i], bill = p->billing_total[i];
            ps_lanes cash;

            LANES
            {
                cash[l] = (1.0 - w->bad_debt[l]) * bill;
            }
            /* contracts in force: those of the last term - 1 periods, one period's signings ending
             * each period */
            for (int t = 1; t < p->term_periods[i] && p->has[PS_METRIC_arr]; t++) {
                const int ends = t < n ? t : n;

                LANES
                {
                    const double x = flow[l] * value[l] * 12.0 / (double)offer->contract->months;

                    w->recurring[l] += x;
                    w->recurring_ends[ends][l] += x;
                }
            }
            for (int t = 0; t < w->end; t++) {
                const double *collect = w->collect[i * (n + 1) + t];
                ps_lanes *revenue = w->rec_revenue + at * p->span + t,
                         *profit = w->rec_margin + at * p->span + t;
                ps_lanes *invoice = w->inv_future + at * p->span + t,
                         *money = w->cash_future + at * p->span + t;

                rec -= p->recognition[i][t];
                bill -= p->billing[i][t];
                const double r = rec > 1e-15 ? rec : 0.0, b = bill > 1e-15 ? bill : 0.0;

                LANES
                {
                    const double f = flow[l] * value[l];

                    cash[l] -= collect[l];
                    (*revenue)[l] += f * r;
                    (*profit)[l] += flow[l] * margin[l] * r;
                    (*invoice)[l] += f * b * (1.0 - w->upfront[l]);
                    (*money)[l] += f * (cash[l] > 1e-15 ? cash[l] : 0.0);
                    w->out.opening_revenue[l] += t < p->T ? f * r : 0.0;
                    w->opening_cash[l] += f * (cash[l] > 1e-15 ? cash[l] : 0.0);
                }
            }
        }
    }
}

void ps_hot_open(ps_work *w)
{
    const ps_plan *p = w->plan;
    const long n = p->T_end + 1, lines = (long)p->S * p->I;

    reset_prices(w);
    clear(w->rec_revenue, lines * p->span);
    clear(w->rec_margin, lines * p->span);
    clear(w->inv_future, lines * p->span);
    clear(w->cash_future, lines * p->span);
    LANES
    {
        w->cumulative_base[l] = w->team_paid[l] = w->team_base[l] = 0.0;
        w->opening_cash[l] = w->out.opening_revenue[l] = 0.0;
    }
    clear(w->out.stage_open_start, p->G);
    clear(w->out.stage_beyond, p->G);
    clear(w->out.stage_entered, p->G);
    clear(w->out.stage_passed, p->G);
    clear(w->out.stage_lost, p->G);
    clear(w->out.stage_lost_at, p->G);
    clear(w->out.stage_bound, p->G);
    if (!w->front_done) {
        clear(w->flow, (long)p->flow_rows * p->S * n);
        clear(w->flow_age, (long)p->flow_rows * p->S * n);
        clear(w->fail, (long)p->flow_rows * p->S * n);
        for (int s = 0; s < p->S; s++) { /* the cohorts from before the start; the others are
                                            written before they are read */
            clear(w->inflow + (long)s * (p->ages + p->T_end), p->ages);
            clear(w->inflow_age + (long)s * (p->ages + p->T_end), p->ages);
        }
    }
    clear(w->after, (long)p->after_stages * lines * n * PS_CHANNELS);
    clear(w->hazard_stock, (long)p->G * p->S);
    clear(w->hazard_age, (long)p->G * p->S);
    clear(w->hazard_opening, p->S);
    clear(w->stock_sum, (long)p->G * p->S);
    clear(w->hazard_value, p->after_stages > 0 ? (long)p->G * lines * PS_CHANNELS : 0);
    const long queues = !p->queued ? 0 : p->G + (p->teams > 0); /* the teams share rows */

    clear(w->queue, queues * lines * n);
    clear(w->queue_value, queues * lines * PS_CHANNELS);
    memset(w->queue_head, 0, (size_t)(p->G + p->teams) * PS_LANES * sizeof *w->queue_head);
    clear(w->team_debt, p->teams);
    clear(w->out.team, w->pass.settle ? 0 : (long)p->teams * PS_TEAM_SUMS);
    if (w->pass.whole) {
        memset(w->stock, 0, (size_t)(p->S * (p->ages + p->T_end)) * PS_LANES * sizeof *w->stock);
    }
    if (p->G > 0) {
        open_deals(w);
    }
    if (p->span > 1 && (!p->scenario->funnel || p->base ||
                        p->scenario->funnel->opening->word == PS_OPENING_STEADY)) {
        open_money(w);
    }
    if (p->base) {
        ps_hot_base_open(w);
    }
}
