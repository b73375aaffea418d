/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flows through the stages before and after the choice: arrivals, capacity, conversion, time in a
 * stage. docs/model/funnel.md */
#include <string.h>

#include "engine/hot_customers.h"
#include "engine/hot_queue.h"
#include "engine/hot_timing.h"
#include "math/philox.h"
#include "math/vmath.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

static ps_lanes *flow_at(const ps_work *w, ps_lanes *base, int g, int s, int t)
{
    return base + ((long)(w->plan->flow_row[g] * w->plan->S + s) * (w->plan->T_end + 1) + t);
}

static ps_lanes *after_at(const ps_work *w, int g, int s, int i, int t)
{
    const ps_plan *p = w->plan;
    const long line = ((long)(g - p->choice_stage - 1) * p->S + s) * p->I + i;

    return w->after + (line * (p->T_end + 1) + t) * PS_CHANNELS;
}

/* Arrivals of segment s in period t: mean, then luck. */
void ps_hot_arrive(ps_work *w, int s, int t, double *restrict n)
{
    const ps_plan *p = w->plan;
    const ps_plan_segment *seg = &p->segment[s];
    const ps_arrivals *arrivals = seg->arrivals;
    ps_lanes u;

    const double *mean = p->members ? w->arriving[(long)s * p->T_end + t] : w->arrivals[s];
    const double *level = w->shock_level[t], *growth = w->growth[s];
    const double season = seg->season[t];

    LANES
    {
        n[l] = mean[l] * season * level[l];
    }
    if (seg->growth_per != 0.0) {
        LANES
        {
            n[l] *= ps_exp2(growth[l] * t);
        }
    }
    for (int m = 0; m < p->M; m++) {
        const ps_plan_promotion *promo = &p->promotion[m];

        if ((w->pass.calendar >> m & 1U) && promo->in_segment[s] &&
            promo->promotion->traffic.given && promo->active[t] > 0.0) {
            const double *x = ps_number_lanes(&promo->promotion->traffic, w->values[0], s);

            LANES
            {
                n[l] *= __builtin_fma(promo->active[t], x[l] - 1.0, 1.0);
            }
        }
    }
    if (!p->whole) {
        return;
    }
    if (arrivals->shock.given) {
        const double *sd = ps_number_lanes(&arrivals->shock, w->values[0], s);

        ps_philox_uniform(p->seed, w->luck_path, seg->stream_shock, (uint32_t)t, PS_LANES, u);
        ps_normal_inverse_lanes(PS_LANES, u, u);
        LANES
        {
            n[l] *= ps_exp(sd[l] * u[l] - 0.5 * sd[l] * sd[l]);
        }
    }
    if (arrivals->law == PS_ARRIVALS_FIXED) {
        for (int l = 0; l < PS_LANES; l++) {
            n[l] = (double)(long)(n[l] + 0.5);
        }
    } else if (arrivals->law != PS_ARRIVALS_EXPECTED || w->pass.whole) {
        const bool dispersed = arrivals->law == PS_ARRIVALS_NEGATIVE_BINOMIAL;
        const double *size =
            dispersed ? ps_number_lanes(&arrivals->dispersion, w->values[0], s) : NULL;

        ps_philox_uniform(p->seed, w->luck_path, seg->stream_arrivals, (uint32_t)t, PS_LANES, u);
        for (int l = 0; l < PS_LANES && size; l++) {
            n[l] = (double)ps_count_negative_binomial(n[l], size[l], u[l]);
        }
        if (!size) {
            ps_count_poisson_lanes(PS_LANES, u, n);
        }
    }
}

/* Deals that are lost in stage g leave it over their dwell. */
static void lose_before(ps_work *w, int g, int s, const double *lost, ps_lanes *fail)
{
    const int lags = w->end - w->t;
    ps_lanes *kernel = ps_stage_kernel(w, g, s, PS_FAIL);
    const double *beyond = ps_stage_tail(w, g, s, PS_FAIL)[lags];

    for (int a = 0; a < lags; a++) {
        double *to = fail[a];
        const double *k = kernel[a];

        LANES
        {
            to[l] = __builtin_fma(lost[l], k[l], to[l]);
        }
    }
    LANES
    {
        w->out.stage_beyond[g][l] += lost[l] * beyond[l];
    }
}

/* Deals `in` with `age` days since creation (sum) enter a stage before the choice. */
static void enter_before(ps_work *w, int g, int s, const double *in, const double *age)
{
    const ps_plan *p = w->plan;
    const int lags = w->end - w->t;
    ps_lanes *pass = flow_at(w, w->flow, g, s, w->t), *old = flow_at(w, w->flow_age, g, s, w->t);
    ps_lanes *fail = flow_at(w, w->fail, g, s, w->t);
    const double *c = ps_stage_conversion(w, g, s);

    if (w->pass.whole) {
        const int used = ps_hot_send(w, g, s, p->stage[g].stream[s], in);
        ps_lanes lost, mean;

        LANES
        {
            mean[l] = in[l] > 0.0 ? age[l] / in[l] : 0.0;
            lost[l] = in[l] - w->sent[l];
            w->out.stage_beyond[g][l] += w->sent[l] - w->sent_inside[l];
        }
        for (int a = 0; a < used; a++) {
            const int32_t *count = w->lag_count + a * PS_LANES;
            const double days = a * p->period_days;

            LANES
            {
                pass[a][l] += count[l];
                old[a][l] += count[l] * (mean[l] + days);
            }
        }
        lose_before(w, g, s, lost, fail);
        return;
    }
    ps_lanes *k = ps_stage_kernel(w, g, s, PS_PASS), *kl = ps_stage_kernel(w, g, s, PS_FAIL);

    for (int a = 0; a < lags && w->pass.settle; a++) { /* nobody asks for ages and losses */
        LANES
        {
            const double part = c[l] * k[a][l];

            pass[a][l] = __builtin_fma(part, in[l], pass[a][l]);
        }
    }
    for (int a = 0; a < lags && !w->pass.settle; a++) {
        const double days = a * p->period_days;

        LANES
        {
            const double part = c[l] * k[a][l];

            pass[a][l] = __builtin_fma(part, in[l], pass[a][l]);
            old[a][l] = __builtin_fma(part, __builtin_fma(days, in[l], age[l]), old[a][l]);
            fail[a][l] = __builtin_fma(in[l] * (1.0 - c[l]), kl[a][l], fail[a][l]);
        }
    }
    const double *beyond = ps_stage_tail(w, g, s, PS_PASS)[lags],
                 *beyond_lost = ps_stage_tail(w, g, s, PS_FAIL)[lags];

    LANES
    {
        w->out.stage_beyond[g][l] += in[l] * (c[l] * beyond[l] + (1.0 - c[l]) * beyond_lost[l]);
    }
}

/* A constant hazard: part of the stock at the start leaves, c of it goes on; then `in` enters. In:
 * deals and days since creation that enter; out: those that go on. */
static void hazard_before(ps_work *w, int g, int s, double *restrict in, double *restrict age)
{
    const ps_plan *p = w->plan;
    double *stock = w->hazard_stock[g * p->S + s], *old = w->hazard_age[g * p->S + s];
    const double *c = ps_stage_conversion(w, g, s), *h = w->stage_hazard[g];
    double *passed = w->out.stage_passed[g], *lost = w->out.stage_lost[g];
    ps_lanes pass, left; /* fractions of the stock */

    if (!w->pass.whole) {
        double *sum = w->stock_sum[g * p->S + s];

        LANES
        {
            const double days = __builtin_fma(p->period_days, stock[l], old[l]), stay = 1.0 - h[l],
                         on = h[l] * c[l];
            const double held = stock[l], came = in[l], came_days = age[l];

            sum[l] += held;
            in[l] = on * held;
            age[l] = on * days;
            stock[l] = __builtin_fma(stay, held, came);
            old[l] = __builtin_fma(stay, days, came_days);
        }
        return;
    }
    for (int l = 0; l < PS_LANES; l++) {
        const ps_key key = {p->seed, w->luck_path + (uint64_t)l, p->stage[g].stream[s],
                            (uint32_t)w->t};
        const double cut[2] = {h[l] * c[l], h[l]};
        long below[2] = {0, 0};

        if (stock[l] > 0.0) {
            ps_count_below(&key, (long)stock[l], 2, cut, below);
        }
        pass[l] = stock[l] > 0.0 ? (double)below[0] / stock[l] : 0.0;
        left[l] = stock[l] > 0.0 ? (double)below[1] / stock[l] : 0.0;
    }
    LANES
    {
        const double days = __builtin_fma(p->period_days, stock[l], old[l]);
        const double on = (double)(long)(pass[l] * stock[l] + 0.5),
                     off = (double)(long)(left[l] * stock[l] + 0.5);
        const double next = stock[l] - off + in[l], next_days = days - left[l] * days + age[l];

        stock[l] = next;
        old[l] = next_days;
        in[l] = on;
        age[l] = pass[l] * days;
        passed[l] += on;
        lost[l] += off - on;
    }
}

/* Arrivals and the stages before the choice; fills this period's inflow into the choice. */
void ps_hot_front(ps_work *w)
{
    const ps_plan *p = w->plan;
    const int stages = p->choice_stage > 0 ? p->choice_stage : 0;
    ps_lanes *line = w->line; /* [S][2]: deals, days since creation (sum) */

    for (int s = 0; s < p->S; s++) {
        ps_hot_arrive(w, s, w->t, line[s * 2]);
        if (p->wait_set != 0) {
            ps_hot_wait(w, s, line[s * 2]);
        }
        if (p->refers) {
            ps_hot_refer(w, s, line[s * 2]);
        }
        memcpy(w->leads[(long)s * p->T_end + w->t], line[s * 2], sizeof(ps_lanes));
        LANES
        {
            line[s * 2 + 1][l] = 0.0;
        }
    }
    for (int g = 0; g < stages; g++) {
        ps_hot_take_up(w, g, line);
        if (p->stage[g].capacity_per > 0.0) {
            ps_hot_stage_capacity(w, g, p->S, 2, line);
        }
        for (int s = 0; s < p->S; s++) {
            double *in = line[s * 2], *age = line[s * 2 + 1];

            if (p->stage[g].hazard) {
                hazard_before(w, g, s, in, age);
                continue;
            }
            enter_before(w, g, s, in, age);
            const double *out = *flow_at(w, w->flow, g, s, w->t),
                         *old = *flow_at(w, w->flow_age, g, s, w->t);
            const double *lost = *flow_at(w, w->fail, g, s, w->t);

            LANES
            {
                in[l] = out[l];
                age[l] = old[l];
                w->out.stage_passed[g][l] += out[l];
                w->out.stage_lost[g][l] += lost[l];
            }
        }
    }
    if (p->choice_stage >= 0) {
        ps_hot_take_up(w, p->choice_stage, line);
    }
    if (p->choice_stage >= 0 && p->stage[p->choice_stage].capacity_per > 0.0) {
        ps_hot_stage_capacity(w, p->choice_stage, p->S, 2, line);
    }
    for (int s = 0; s < p->S; s++) {
        const long at = (long)s * (p->ages + p->T_end) + p->ages + w->t;
        double *in = w->inflow[at], *age = w->inflow_age[at];

        LANES
        {
            in[l] = line[s * 2][l];
            age[l] = line[s * 2 + 1][l];
        }
    }
}

/* Adds `count` of the n deals whose channels are `in`. */
static void send_after(const int32_t *count, const double *n, ps_lanes *in, ps_lanes *out)
{
    double *whole = out[PS_CH_N];
    ps_lanes part;

    LANES
    {
        part[l] = n[l] > 0.0 ? count[l] / n[l] : 0.0;
        whole[l] += count[l]; /* stays whole */
    }
    for (int ch = 1; ch < PS_CHANNELS; ch++) {
        const double *x = in[ch];
        double *to = out[ch];

        LANES
        {
            to[l] += x[l] * part[l];
        }
    }
}

/* A stage after the choice: channels of (s, i) enter, by outcome and lag. */
static void enter_after(ps_work *w, int g, int s, int i, ps_lanes *in)
{
    const ps_plan *p = w->plan;
    const int lags = w->end - w->t;
    ps_lanes *out = after_at(w, g, s, i, w->t);
    const double *c = ps_stage_conversion(w, g, s);

    if (w->pass.whole) {
        ps_lanes n;

        LANES
        {
            n[l] = (double)(long)(in[0][l] + 0.5);
        }
        const int used = ps_hot_send(w, g, s, ps_hot_mix(p->stage[g].stream[s], (uint32_t)i), n);

        if (w->t < p->T) { /* lost ones that leave inside the horizon */
            const double *later = ps_stage_tail(w, g, s, PS_FAIL)[p->T - w->t];

            LANES
            {
                w->out.stage_lost_at[g][l] += (n[l] - w->sent[l]) * (1.0 - later[l]);
            }
        }
        for (int a = 0; a < used; a++) {
            send_after(w->lag_count + a * PS_LANES, n, in, out + a * PS_CHANNELS);
            LANES
            {
                out[a * PS_CHANNELS + PS_CH_AGE][l] +=
                    (double)w->lag_count[a * PS_LANES + l] * a * p->period_days;
            }
        }
        return;
    }
    ps_lanes *k = ps_stage_kernel(w, g, s, PS_PASS), *kl = ps_stage_kernel(w, g, s, PS_FAIL);
    const int channels = w->pass.settle ? PS_CH_AGE : PS_CHANNELS;

    for (int a = 0; a < lags; a++) {
        const double days = a * p->period_days;
        ps_lanes part;

        LANES
        {
            part[l] = c[l] * k[a][l];
        }
        for (int ch = 0; ch < channels; ch++) {
            double *x = out[a * PS_CHANNELS + ch];
            const double *y = in[ch];

            LANES
            {
                x[l] = __builtin_fma(part[l], y[l], x[l]);
            }
        }
        if (w->pass.settle) {
            continue; /* nobody asks for ages and losses */
        }
        double *age = out[a * PS_CHANNELS + PS_CH_AGE];

        LANES
        {
            age[l] += part[l] * in[0][l] * days;
        }
        if (w->t + a < p->T) {
            LANES
            {
                w->out.stage_lost_at[g][l] += (1.0 - c[l]) * kl[a][l] * in[0][l];
            }
        }
    }
}

/* A constant hazard after the choice. */
static void hazard_after(ps_work *w, int g, int s, int i, ps_lanes *in)
{
    const ps_plan *p = w->plan;
    const long line = ((long)g * p->S + s) * p->I + i;
    ps_lanes *stock = w->hazard_value + line * PS_CHANNELS, *out = after_at(w, g, s, i, w->t);
    const double *c = ps_stage_conversion(w, g, s), *h = w->stage_hazard[g];
    ps_lanes pass, left;

    for (int l = 0; l < PS_LANES; l++) {
        long below[2] = {0, 0};

        if (w->pass.whole && stock[0][l] > 0.0) {
            const ps_key key = {p->seed, w->luck_path + (uint64_t)l,
                                ps_hot_mix(p->stage[g].stream[s], (uint32_t)i), (uint32_t)w->t};
            const double cut[2] = {h[l] * c[l], h[l]};

            ps_count_below(&key, (long)stock[0][l], 2, cut, below);
        }
        const double n = stock[0][l];

        pass[l] = !w->pass.whole ? h[l] * c[l] : n > 0.0 ? (double)below[0] / n : 0.0;
        left[l] = !w->pass.whole ? h[l] : n > 0.0 ? (double)below[1] / n : 0.0;
    }
    LANES
    {
        stock[PS_CH_AGE][l] += stock[0][l] * p->period_days;
        w->out.stage_lost_at[g][l] += w->t < p->T ? (left[l] - pass[l]) * stock[0][l] : 0.0;
    }
    for (int ch = 0; ch < PS_CHANNELS; ch++) {
        double *x = stock[ch], *y = out[ch];
        const double *z = in[ch];
        const bool whole = ch == PS_CH_N && w->pass.whole;

        LANES
        {
            const double on = pass[l] * x[l], off = left[l] * x[l];

            y[l] += whole ? (double)(long)(on + 0.5) : on;
            x[l] += z[l] - (whole ? (double)(long)(off + 0.5) : off);
        }
    }
}

/* Stages after the choice: w->signed_now holds, on entry, what was won now and, on return, what is
 * signed now. */
void ps_hot_back(ps_work *w)
{
    const ps_plan *p = w->plan;
    const int lines = p->S * p->I;

    for (int g = p->choice_stage + 1; g < p->G; g++) {
        if (p->stage[g].capacity_per > 0.0) {
            ps_hot_stage_capacity(w, g, lines, PS_CHANNELS, w->signed_now);
        }
        for (int k = 0; k < lines; k++) {
            const int s = k / p->I, i = k % p->I;
            ps_lanes *now = w->signed_now + k * PS_CHANNELS;

            if (p->stage[g].hazard) {
                hazard_after(w, g, s, i, now);
            } else {
                enter_after(w, g, s, i, now);
            }
            memcpy(now, after_at(w, g, s, i, w->t), PS_CHANNELS * sizeof(ps_lanes));
            LANES
            {
                w->out.stage_passed[g][l] += w->t < p->T ? now[0][l] : 0.0;
            }
        }
    }
}
