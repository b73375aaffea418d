/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flows through the stages before and after the choice: arrivals, capacity, conversion, time in a stage.
 * docs/model/funnel.md */
#include <string.h>

#include "engine/hot.h"
#include "math/philox.h"
#include "math/vmath.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

enum { PASS, FAIL };

uint32_t ps_hot_mix(uint32_t stream, uint32_t value)
{
    uint32_t x = stream ^ (value + 1U) * 0x9E3779B9U;

    x ^= x >> 16;
    x *= 0x7FEB352DU;
    x ^= x >> 15;
    x *= 0x846CA68BU;
    return x ^ x >> 16;
}

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

static ps_lanes *kernel_of(const ps_work *w, int g, int outcome)
{
    return w->stage_k + (g * 2 + outcome) * (w->plan->T_end + 1);
}

static ps_lanes *tail_of(const ps_work *w, int g, int outcome)
{
    return w->stage_tail + (g * 2 + outcome) * (w->plan->T_end + 1);
}

static const double *conversion_of(const ps_work *w, int g, int s)
{
    return ps_number_lanes(&w->plan->stage[g].stage->conversion, w->values[0], s);
}

/* Arrivals of segment s in period t: mean, then luck. */
static void arrive(ps_work *w, int s, int t, double *restrict n)
{
    const ps_plan *p = w->plan;
    const ps_plan_segment *seg = &p->segment[s];
    const ps_arrivals *arrivals = seg->segment->arrivals;
    ps_lanes u;

    const double *mean = w->arrivals[s], *level = w->shock_level[t], *growth = w->growth[s];
    const double season = seg->season[t];

    LANES { n[l] = mean[l] * season * level[l]; }
    if (seg->growth_per != 0.0) {
        LANES { n[l] *= ps_exp2(growth[l] * t); }
    }
    for (int m = 0; m < p->M; m++) {
        const ps_plan_promotion *promo = &p->promotion[m];

        if ((w->pass.calendar >> m & 1U) && promo->in_segment[s] && promo->promotion->traffic.given && promo->active[t] > 0.0) {
            const double *x = ps_number_lanes(&promo->promotion->traffic, w->values[0], s);

            LANES { n[l] *= __builtin_fma(promo->active[t], x[l] - 1.0, 1.0); }
        }
    }
    if (!p->whole) {
        return;
    }
    if (arrivals->shock.given) {
        const double *sd = ps_number_lanes(&arrivals->shock, w->values[0], s);

        ps_philox_uniform(p->seed, w->luck_path, seg->stream_shock, (uint32_t)t, PS_LANES, u);
        ps_normal_inverse_lanes(PS_LANES, u, u);
        LANES { n[l] *= ps_exp(sd[l] * u[l] - 0.5 * sd[l] * sd[l]); }
    }
    if (arrivals->law == PS_ARRIVALS_FIXED) {
        for (int l = 0; l < PS_LANES; l++) {
            n[l] = (double)(long)(n[l] + 0.5);
        }
    } else if (arrivals->law != PS_ARRIVALS_EXPECTED || w->pass.whole) {
        const bool dispersed = arrivals->law == PS_ARRIVALS_NEGATIVE_BINOMIAL;
        const double *size = dispersed ? ps_number_lanes(&arrivals->dispersion, w->values[0], s) : NULL;

        ps_philox_uniform(p->seed, w->luck_path, seg->stream_arrivals, (uint32_t)t, PS_LANES, u);
        for (int l = 0; l < PS_LANES; l++) {
            n[l] = (double)(size ? ps_count_negative_binomial(n[l], size[l], u[l]) : ps_count_poisson(n[l], u[l]));
        }
    }
}

/* What one stage needs to send whole deals of one lane on their way. */
typedef struct {
    const double *tail[2]; /* pass, fail */
    int stride[2];
    int lags;              /* lags 0 .. lags-1 lie inside the walk */
    double conversion;
} lane_stage;

static lane_stage lane_stage_at(const ps_work *w, int g, int s, int l)
{
    const ps_plan_stage *stage = &w->plan->stage[g];
    lane_stage x = {.lags = w->end - w->t, .conversion = conversion_of(w, g, s)[l]};

    for (int o = 0; o < 2; o++) {
        const ps_plan_kernel *kernel = o == PASS ? &stage->won : &stage->lost;

        x.tail[o] = kernel->shared ? kernel->tail : tail_of(w, g, o)[0] + l;
        x.stride[o] = kernel->shared ? 1 : PS_LANES;
    }
    return x;
}

/* How many of n words (padded to a multiple of 16 with ~0) lie below p, as uniforms (word + 1/2) / 2^32. */
static int words_below(const uint32_t *restrict words, int n, double p)
{
    const double scaled = p * 4294967296.0 + 0.5;
    const uint32_t cut = scaled >= 4294967295.0 ? 0xFFFFFFFFU : (uint32_t)scaled;
    int below = 0;

    for (int i = 0; i < n; i += 16) {
#pragma omp simd reduction(+ : below)
        for (int k = 0; k < 16; k++) {
            below += words[i + k] < cut;
        }
    }
    return below;
}

/* Outcome and lag of n deals: the uniform u passes with lag <= a when u < c (1 - tail[a + 1]), fails with lag <= a when
 * c <= u < c + (1 - c)(1 - tail[a + 1]). Counts go to count[o][a]; `used` is one past the last lag that has any. */
static void send_whole(const ps_key *key, int n, const lane_stage *x, int *const count[2], int used[2])
{
    uint32_t words[PS_COUNT_DIRECT + 16];
    const int padded = (n + 15) / 16 * 16;
    const double c = x->conversion;

    ps_philox_words(key->seed, key->path, key->stream, key->index << 12, (n + 3) / 4, words);
    for (int i = n; i < padded; i++) {
        words[i] = 0xFFFFFFFFU;
    }
    int before = 0, goal = c >= 1.0 ? n : words_below(words, padded, c);

    for (int o = 0; o < 2; o++) {
        int a = 0;

        for (; a < x->lags && before < goal; a++) {
            const double inside = 1.0 - x->tail[o][(long)(a + 1) * x->stride[o]];
            int below = inside >= 1.0 ? goal : words_below(words, padded, o == PASS ? c * inside : c + (1.0 - c) * inside);

            below = below < goal ? below : goal;
            count[o][a] = below - before;
            before = below;
        }
        used[o] = a;
        before = goal;
        goal = n;
    }
}

/* More deals than are drawn one by one: the number that passes, then conditional binomials over the lags. */
static void send_many(ps_work *w, const ps_key *key, long n, const lane_stage *x, int *const count[2], int used[2])
{
    long below;
    double *cumulative = w->lane_scratch[0];
    long *spread = w->spread;

    ps_count_below(key, n, 1, &x->conversion, &below);
    for (int o = 0; o < 2; o++) {
        const ps_key sub = {key->seed, key->path, ps_hot_mix(key->stream, 77U + (uint32_t)o), key->index};

        for (int a = 0; a < x->lags; a++) {
            cumulative[a] = 1.0 - x->tail[o][(long)(a + 1) * x->stride[o]];
            spread[a] = 0;
        }
        ps_count_spread(&sub, o == PASS ? below : n - below, x->lags, cumulative, spread);
        for (int a = 0; a < x->lags; a++) {
            count[o][a] = (int)spread[a];
        }
        used[o] = x->lags;
    }
}

/* Sends one lane's n whole deals through stage g: counts by outcome and lag in w->lag_count, valid below used[o]. */
static void send_lane(ps_work *w, int g, int s, uint32_t stream, int l, long n, int used[2])
{
    const lane_stage x = lane_stage_at(w, g, s, l);
    const ps_key key = {w->plan->seed, w->luck_path + (uint64_t)l, stream, (uint32_t)w->t};
    int *const count[2] = {w->lag_count, w->lag_count + w->plan->T_end + 1};
    long inside = 0;

    if (n <= PS_COUNT_DIRECT) {
        send_whole(&key, (int)n, &x, count, used);
    } else {
        send_many(w, &key, n, &x, count, used);
    }
    for (int o = 0; o < 2; o++) {
        for (int a = 0; a < used[o]; a++) {
            inside += count[o][a];
        }
    }
    w->out.stage_beyond[g][l] += (double)(n - inside);
}

/* Deals `in` with `age` days since creation (sum) enter a stage before the choice. */
static void enter_before(ps_work *w, int g, int s, const double *in, const double *age)
{
    const ps_plan *p = w->plan;
    const int lags = w->end - w->t;
    ps_lanes *pass = flow_at(w, w->flow, g, s, w->t), *old = flow_at(w, w->flow_age, g, s, w->t);
    ps_lanes *fail = flow_at(w, w->fail, g, s, w->t);
    const double *c = conversion_of(w, g, s);

    if (w->pass.whole) {
        for (int l = 0; l < PS_LANES; l++) {
            if (in[l] <= 0.0) {
                continue;
            }
            int used[2];

            send_lane(w, g, s, p->stage[g].stream[s], l, (long)in[l], used);
            const int *on = w->lag_count, *off = w->lag_count + p->T_end + 1;
            const double mean = age[l] / in[l];

            for (int a = 0; a < used[PASS]; a++) {
                pass[a][l] += on[a];
                old[a][l] += on[a] * (mean + a * p->period_days);
            }
            for (int a = 0; a < used[FAIL]; a++) {
                fail[a][l] += off[a];
            }
        }
        return;
    }
    ps_lanes *k = kernel_of(w, g, PASS), *kl = kernel_of(w, g, FAIL);

    for (int a = 0; a < lags; a++) {
        const double days = a * p->period_days;

        LANES
        {
            const double part = c[l] * k[a][l];

            pass[a][l] = __builtin_fma(part, in[l], pass[a][l]);
            old[a][l] = __builtin_fma(part, __builtin_fma(days, in[l], age[l]), old[a][l]);
            fail[a][l] = __builtin_fma(in[l] * (1.0 - c[l]), kl[a][l], fail[a][l]);
        }
    }
    const double *beyond = tail_of(w, g, PASS)[lags], *beyond_lost = tail_of(w, g, FAIL)[lags];

    LANES { w->out.stage_beyond[g][l] += in[l] * (c[l] * beyond[l] + (1.0 - c[l]) * beyond_lost[l]); }
}

/* A constant hazard: part of the stock at the start leaves, c of it goes on; then `in` enters. In: deals and days since
 * creation that enter; out: those that go on. */
static void hazard_before(ps_work *w, int g, int s, double *restrict in, double *restrict age)
{
    const ps_plan *p = w->plan;
    double *stock = w->hazard_stock[g * p->S + s], *old = w->hazard_age[g * p->S + s];
    const double *c = conversion_of(w, g, s), *h = w->stage_hazard[g];
    double *passed = w->out.stage_passed[g], *lost = w->out.stage_lost[g];
    ps_lanes pass, left; /* fractions of the stock */

    if (!w->pass.whole) {
        double *sum = w->stock_sum[g * p->S + s];

        LANES
        {
            const double days = __builtin_fma(p->period_days, stock[l], old[l]), stay = 1.0 - h[l], on = h[l] * c[l];
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
        const ps_key key = {p->seed, w->luck_path + (uint64_t)l, p->stage[g].stream[s], (uint32_t)w->t};
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
        const double on = (double)(long)(pass[l] * stock[l] + 0.5), off = (double)(long)(left[l] * stock[l] + 0.5);
        const double next = stock[l] - off + in[l], next_days = days - left[l] * days + age[l];

        stock[l] = next;
        old[l] = next_days;
        in[l] = on;
        age[l] = pass[l] * days;
        passed[l] += on;
        lost[l] += off - on;
    }
}

/* How many deals capacity lets into stage g this period, per lane. */
static void room_of(const ps_work *w, int g, double *restrict room)
{
    const ps_plan_stage *stage = &w->plan->stage[g];
    const double *rate = ps_number_lanes(&stage->stage->capacity->rate.value, w->values[0], 0);

    for (int l = 0; l < PS_LANES; l++) {
        const double cap = rate[l] * stage->capacity_per;

        room[l] = w->pass.whole ? (double)((long)(cap * (w->t + 1)) - (long)(cap * w->t)) : cap;
    }
}

/* Serves the waiting of one lane, the oldest period first; lines share within a period in proportion to their numbers (whole
 * numbers by largest part, lines in order). served[line] += . */
static void serve_lane(ps_work *w, int g, int l, double room, int lines)
{
    const ps_plan *p = w->plan;
    int *head = &w->queue_head[g * PS_LANES + l];

    for (int t = *head; t <= w->t && room > 0.0; t++) {
        double total = 0.0, left = 0.0;

        for (int k = 0; k < lines; k++) {
            total += w->queue[((long)(g * lines + k)) * (p->T_end + 1) + t][l];
        }
        const double part = total <= room ? 1.0 : room / total;

        left = total <= room ? total : room;
        for (int k = 0; k < lines; k++) {
            double *waiting = &w->queue[((long)(g * lines + k)) * (p->T_end + 1) + t][l];
            double take = *waiting * part;

            if (w->pass.whole && part < 1.0) {
                take = (double)(long)(take + 0.999999);
                take = take > left ? left : take;
            }
            take = part == 1.0 ? *waiting : take;
            left -= take;
            *waiting -= take;
            room -= take;
            w->served[k][l] += take;
        }
        if (part == 1.0) {
            *head = t + 1;
        }
    }
}

/* Capacity of stage g: `arriving` [lines][channels] joins the queue; on return it holds what is taken up now. Values of a line
 * are those of the mean of its waiting deals; waiting adds to the days since creation. */
static void admit(ps_work *w, int g, int lines, int channels, ps_lanes *arriving)
{
    const ps_plan *p = w->plan;
    const int age = channels - 1;
    ps_lanes room, bound;

    room_of(w, g, room);
    LANES { bound[l] = 0.0; }
    for (int k = 0; k < lines; k++) {
        double *slot = w->queue[((long)(g * lines + k)) * (p->T_end + 1) + w->t];
        const double *n = arriving[k * channels];

        LANES
        {
            slot[l] = n[l];
            w->served[k][l] = 0.0;
        }
    }
    for (int l = 0; l < PS_LANES; l++) {
        serve_lane(w, g, l, room[l], lines);
    }
    for (int k = 0; k < lines; k++) {
        ps_lanes *held = w->queue_value + (long)(g * lines + k) * PS_CHANNELS;
        ps_lanes part;

        LANES
        {
            const double all = held[0][l] + arriving[k * channels][l];

            part[l] = all > 0.0 ? w->served[k][l] / all : 0.0;
        }
        for (int ch = 0; ch < channels; ch++) {
            double *h = held[ch], *x = arriving[k * channels + ch];

            LANES
            {
                const double all = h[l] + x[l];

                x[l] = part[l] == 1.0 ? all : ch == 0 ? w->served[k][l] : all * part[l];
                h[l] = part[l] == 1.0 ? 0.0 : all - x[l];
            }
        }
        LANES
        {
            const double n = held[0][l];

            bound[l] = n > 1e-9 ? 1.0 : bound[l];
            held[age][l] += n * p->period_days;
        }
    }
    LANES { w->out.stage_bound[g][l] += bound[l]; }
}

/* Arrivals and the stages before the choice; fills this period's inflow into the choice. */
void ps_hot_front(ps_work *w)
{
    const ps_plan *p = w->plan;
    const int stages = p->choice_stage > 0 ? p->choice_stage : 0;
    ps_lanes *line = w->line; /* [S][2]: deals, days since creation (sum) */

    for (int s = 0; s < p->S; s++) {
        arrive(w, s, w->t, line[s * 2]);
        memcpy(w->leads[(long)s * p->T_end + w->t], line[s * 2], sizeof(ps_lanes));
        LANES { line[s * 2 + 1][l] = 0.0; }
    }
    for (int g = 0; g < stages; g++) {
        if (p->stage[g].capacity_per > 0.0) {
            admit(w, g, p->S, 2, line);
        }
        for (int s = 0; s < p->S; s++) {
            double *in = line[s * 2], *age = line[s * 2 + 1];

            if (p->stage[g].hazard) {
                hazard_before(w, g, s, in, age);
                continue;
            }
            enter_before(w, g, s, in, age);
            const double *out = *flow_at(w, w->flow, g, s, w->t), *old = *flow_at(w, w->flow_age, g, s, w->t);
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
    if (p->choice_stage >= 0 && p->stage[p->choice_stage].capacity_per > 0.0) {
        admit(w, p->choice_stage, p->S, 2, line);
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

/* A stage after the choice: channels of (s, i) enter, by outcome and lag. */
static void enter_after(ps_work *w, int g, int s, int i, ps_lanes *in)
{
    const ps_plan *p = w->plan;
    const int lags = w->end - w->t;
    ps_lanes *out = after_at(w, g, s, i, w->t);
    const double *c = conversion_of(w, g, s);

    if (w->pass.whole) {
        for (int l = 0; l < PS_LANES; l++) {
            const long n = (long)(in[0][l] + 0.5);

            if (n <= 0) {
                continue;
            }
            int used[2];

            send_lane(w, g, s, ps_hot_mix(p->stage[g].stream[s], (uint32_t)i), l, n, used);
            for (int a = 0; a < used[FAIL] && w->t + a < p->T; a++) {
                w->out.stage_lost_at[g][l] += w->lag_count[p->T_end + 1 + a];
            }
            for (int a = 0; a < used[PASS]; a++) {
                const double k = w->lag_count[a];

                if (k == 0.0) {
                    continue;
                }
                out[a * PS_CHANNELS][l] += k; /* stays whole */
                for (int ch = 1; ch < PS_CHANNELS; ch++) {
                    out[a * PS_CHANNELS + ch][l] += in[ch][l] * (k / (double)n);
                }
                out[a * PS_CHANNELS + PS_CH_AGE][l] += k * a * p->period_days;
            }
        }
        return;
    }
    ps_lanes *k = kernel_of(w, g, PASS), *kl = kernel_of(w, g, FAIL);

    for (int a = 0; a < lags; a++) {
        const double days = a * p->period_days;
        ps_lanes part;

        LANES { part[l] = c[l] * k[a][l]; }
        for (int ch = 0; ch < PS_CHANNELS; ch++) {
            double *x = out[a * PS_CHANNELS + ch];
            const double *y = in[ch];

            LANES { x[l] = __builtin_fma(part[l], y[l], x[l]); }
        }
        double *age = out[a * PS_CHANNELS + PS_CH_AGE];

        LANES { age[l] += part[l] * in[0][l] * days; }
        if (w->t + a < p->T) {
            LANES { w->out.stage_lost_at[g][l] += (1.0 - c[l]) * kl[a][l] * in[0][l]; }
        }
    }
}

/* A constant hazard after the choice. */
static void hazard_after(ps_work *w, int g, int s, int i, ps_lanes *in)
{
    const ps_plan *p = w->plan;
    const long line = ((long)g * p->S + s) * p->I + i;
    ps_lanes *stock = w->hazard_value + line * PS_CHANNELS, *out = after_at(w, g, s, i, w->t);
    const double *c = conversion_of(w, g, s), *h = w->stage_hazard[g];
    ps_lanes pass, left;

    for (int l = 0; l < PS_LANES; l++) {
        long below[2] = {0, 0};

        if (w->pass.whole && stock[0][l] > 0.0) {
            const ps_key key = {p->seed, w->luck_path + (uint64_t)l, ps_hot_mix(p->stage[g].stream[s], (uint32_t)i), (uint32_t)w->t};
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

/* Stages after the choice: w->signed_now holds, on entry, what was won now and, on return, what is signed now. */
void ps_hot_back(ps_work *w)
{
    const ps_plan *p = w->plan;
    const int lines = p->S * p->I;

    for (int g = p->choice_stage + 1; g < p->G; g++) {
        if (p->stage[g].capacity_per > 0.0) {
            admit(w, g, lines, PS_CHANNELS, w->signed_now);
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
            LANES { w->out.stage_passed[g][l] += w->t < p->T ? now[0][l] : 0.0; }
        }
    }
}
