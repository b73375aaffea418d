/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Customers after the sale: cohorts by the period of their signing, who leaves at the end of a
 * term, and what the others sign again. docs/model/customers.md */
#include <string.h>

#include "engine/hot_customers.h"
#include "math/philox.h"
#include "math/vmath.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

/* What is kept of a cohort: customers, and the Q, L, NEG and PRO of their last signing. */
enum { ROWS = PS_CH_PRO + 1 };

/* The metrics of a line from PS_LINE_ORDERS on. */
static const int base_of[PS_LINE_METRICS - PS_LINE_ORDERS] = {
    [PS_LINE_ACTIVE - PS_LINE_ORDERS] = PS_BASE_ACTIVE,
    [PS_LINE_ENDED - PS_LINE_ORDERS] = PS_BASE_ENDED,
    [PS_LINE_CHURNED - PS_LINE_ORDERS] = PS_BASE_LEFT,
    [PS_LINE_RENEWED - PS_LINE_ORDERS] = PS_BASE_RENEWED,
    [PS_LINE_AGAIN - PS_LINE_ORDERS] = PS_BASE_AGAIN,
    [0] = PS_BASE_ORDERS,
};

/* The cohort of a line that signed in period u, u < 0 before the start. */
static ps_lanes *cohort(const ps_work *w, int line, int u)
{
    const ps_plan_base *base = w->plan->base;
    const ps_plan_terms *terms = &base->terms[line % w->plan->I];
    const long row =
        (long)(line / w->plan->I) * base->rows + terms->row + terms->history * terms->periods + u;

    return w->cohort + row * ROWS;
}

/* Of one first signing per period before the start: signings in a period, customers at the start.
 */
static void steady_base(const ps_work *w, int line, double *restrict terms, double *restrict all)
{
    const ps_plan_terms *of = &w->plan->base->terms[line % w->plan->I];
    ps_lanes alive, q;

    LANES
    {
        terms[l] = 0.0;
        alive[l] = 1.0;
    }
    for (int k = 1; k <= of->history; k++) {
        ps_hot_leave(w, line, k, q);
        LANES
        {
            terms[l] += alive[l];
            alive[l] *= 1.0 - q[l];
        }
    }
    LANES
    {
        all[l] = terms[l] * of->periods;
    }
}

/* Signings per period before the start; where the customers are given, as many as make them. */
static void first_signings(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const ps_number *given = p->base->given[s];
    ps_lanes sum, terms, all;

    LANES
    {
        sum[l] = 0.0;
    }
    for (int r = 0; r < p->S && given; r++) {
        for (int i = 0; i < p->I && p->segment[r].origin == p->segment[s].origin; i++) {
            const double *steady = w->steady_flow[r * p->I + i];

            steady_base(w, r * p->I + i, terms, all);
            LANES
            {
                sum[l] += steady[l] * all[l];
            }
        }
    }
    for (int i = 0; i < p->I; i++) {
        const double *steady = w->steady_flow[s * p->I + i];
        double *flow = w->base_flow[s * p->I + i];

        if (given) {
            const double *n = ps_number_lanes(given, w->values[0], 0);

            LANES
            {
                flow[l] = sum[l] > 0.0 ? steady[l] * (n[l] / sum[l]) : 0.0;
            }
        } else {
            memcpy(flow, w->open_flow[s * p->I + i], sizeof(ps_lanes));
        }
    }
}

/* Leads that the customers of cell s bring in a period, each. */
static void refer_rate(const ps_work *w, int s, double *restrict rate)
{
    const ps_plan_base *base = w->plan->base;
    const double *x = ps_number_lanes(&base->retention->referral->rate.value, w->values[0], s);

    LANES
    {
        rate[l] = x[l] * base->refer_units;
    }
}

void ps_hot_refer(ps_work *w, int s, double *restrict n)
{
    const ps_plan *p = w->plan;
    double *now = w->life.referred[(long)s * p->T_end + w->t];
    double *tape = w->life.refer_tape[(long)w->t * p->S + s];

    if (w->pass.tape && !w->pass.live_customers) {
        memcpy(now, tape, sizeof(ps_lanes));
    } else {
        ps_lanes rate, sum;

        refer_rate(w, s, rate);
        memset(sum, 0, sizeof sum);
        for (int i = 0; i < p->I; i++) {
            const double *active = w->base_now[(s * p->I + i) * PS_BASE + PS_BASE_ACTIVE];

            LANES
            {
                sum[l] += active[l];
            }
        }
        LANES
        {
            now[l] = rate[l] * sum[l];
        }
        if (w->pass.whole) {
            ps_hot_poisson(w, p->segment[s].stream_refer, (uint32_t)w->t, now);
        }
    }
    if (w->pass.record) {
        memcpy(tape, now, sizeof(ps_lanes));
    }
    LANES
    {
        n[l] += now[l];
    }
}

/* Leads that customers brought before the start, per period. */
static void referred_before(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    double *refer_open = w->life.refer_open[s];
    ps_lanes rate, sum, terms, all;

    memset(sum, 0, sizeof sum);
    for (int i = 0; i < p->I; i++) {
        const double *first = w->base_flow[s * p->I + i];

        steady_base(w, s * p->I + i, terms, all);
        LANES
        {
            sum[l] += first[l] * all[l];
        }
    }
    refer_rate(w, s, rate);
    LANES
    {
        refer_open[l] = rate[l] * sum[l];
    }
}

void ps_hot_base_setup(ps_work *w)
{
    const ps_plan *p = w->plan;
    ps_lanes terms, all;

    for (int s = 0; s < p->S; s++) {
        first_signings(w, s);
    }
    for (int line = 0; line < p->S * p->I; line++) {
        const double *first = w->base_flow[line];
        double *flow = w->open_flow[line];

        steady_base(w, line, terms, all);
        LANES
        {
            flow[l] = first[l] * terms[l];
        }
    }
    for (int s = 0; s < p->S && p->refers; s++) {
        referred_before(w, s);
    }
}

/* Whole customers of a cohort at the start: Poisson; of those given, how many whole numbers their
 * running sum over the cohorts passes. */
static void whole_customers(const ps_work *w, int line, int age, double *restrict sum,
                            double *restrict n)
{
    const ps_plan *p = w->plan;
    const int s = line / p->I;

    if (!p->base->given[s]) {
        ps_hot_poisson(w, ps_hot_mix(p->segment[s].stream_base, (uint32_t)(line % p->I)),
                       (uint32_t)age, n);
        return;
    }
    LANES
    {
        const double before = sum[l];

        sum[l] = before + n[l];
        n[l] = (double)(long)sum[l] - (double)(long)before;
    }
}

static void open_line(ps_work *w, int line, double *restrict sum)
{
    const ps_plan *p = w->plan;
    const int s = line / p->I, i = line % p->I;
    const ps_plan_terms *terms = &p->base->terms[i];
    const double *flow = w->base_flow[line], *size = w->size_mean[s];
    double *active = w->base_now[line * PS_BASE + PS_BASE_ACTIVE];
    ps_lanes one[PS_CHANNELS], alive, q, n;

    memset(one, 0, sizeof one);
    LANES
    {
        n[l] = alive[l] = 1.0;
        active[l] = 0.0;
    }
    ps_hot_base_sale(w, s, i, n, w->zero, one);
    for (int age = 1; age <= terms->history * terms->periods; age++) {
        ps_lanes *to = cohort(w, line, -age);

        if (age > 1 && (age - 1) % terms->periods == 0) {
            ps_hot_leave(w, line, (age - 1) / terms->periods, q);
            LANES
            {
                alive[l] *= 1.0 - q[l];
            }
        }
        LANES
        {
            n[l] = flow[l] * alive[l];
        }
        if (w->pass.whole) {
            whole_customers(w, line, age, sum, n);
        }
        for (int ch = PS_CH_Q; ch < ROWS; ch++) {
            LANES
            {
                to[ch][l] = n[l] * size[l] * one[ch][l];
            }
        }
        LANES
        {
            to[PS_CH_N][l] = n[l];
            active[l] += n[l];
        }
    }
}

void ps_hot_base_open(ps_work *w)
{
    const ps_plan *p = w->plan;

    memset(w->base_sum, 0, (size_t)(p->S * p->I) * PS_BASE * sizeof(ps_lanes));
    for (int s = 0; s < p->S && w->pass.whole; s++) {
        ps_philox_uniform(p->seed, w->luck_path, p->base->stream[s], 0, PS_LANES,
                          w->base_carry[p->segment[s].origin]);
    }
    for (int line = 0; line < p->S * p->I; line++) {
        open_line(w, line, w->base_carry[p->segment[line / p->I].origin]);
    }
}

/* What a kept price is multiplied by at the end of a term. */
static void raise_price(const ps_work *w, int line, double *restrict factor)
{
    const ps_plan_base *base = w->plan->base;
    const ps_renewal *renewal = base->retention->renewal;
    const ps_plan_terms *terms = &base->terms[line % w->plan->I];
    const double *once = ps_number_lanes(&renewal->increase, w->values[0], line / w->plan->I);
    const double *yearly =
        ps_number_lanes(&renewal->increase_per_year, w->values[0], line / w->plan->I);
    const int since = w->t - base->increase_from;
    const double now = since >= 0 && since < terms->periods ? 1.0 : 0.0;

    LANES
    {
        factor[l] =
            ps_exp2(terms->years * ps_log2(1.0 + yearly[l])) * __builtin_fma(now, once[l], 1.0);
    }
}

/* What a cohort would sign now: L, NEG and PRO of all its customers. */
static void next_price(const ps_work *w, int line, ps_lanes *from, ps_lanes *to)
{
    const ps_plan *p = w->plan;
    const ps_plan_terms *terms = &p->base->terms[line % p->I];
    const double *list = w->list[p->price_row[line]];
    const double keep = terms->persists ? 1.0 : 0.0;
    ps_lanes ratio;

    if (terms->kept_price) {
        raise_price(w, line, ratio);
    } else {
        LANES
        {
            const double old = from[PS_CH_L][l];

            ratio[l] = old > 0.0 ? from[PS_CH_Q][l] * list[l] * w->net_of_vat[l] / old : 0.0;
        }
    }
    LANES
    {
        to[PS_CH_Q][l] = from[PS_CH_Q][l];
        to[PS_CH_L][l] = ratio[l] * from[PS_CH_L][l];
        to[PS_CH_NEG][l] = ratio[l] * from[PS_CH_NEG][l];
        to[PS_CH_PRO][l] = keep * ratio[l] * from[PS_CH_PRO][l];
    }
}

/* The odds to leave grow with what is to be paid over what was paid. */
static void feel_price(const ps_work *w, int line, ps_lanes *from, ps_lanes *to, double *restrict q)
{
    const double *power = ps_number_lanes(&w->plan->base->retention->renewal->churn_elasticity,
                                          w->values[0], line / w->plan->I);

    LANES
    {
        const double old = from[PS_CH_L][l] - from[PS_CH_NEG][l] - from[PS_CH_PRO][l],
                     now = to[PS_CH_L][l] - to[PS_CH_NEG][l] - to[PS_CH_PRO][l];
        const double ratio = old > 0.0 && now > 0.0 ? now / old : 1.0;
        const double odds = ps_exp2(power[l] * ps_log2(ratio));

        q[l] = q[l] * odds / (1.0 - q[l] + q[l] * odds);
    }
}

/* Customers of n that stay at the end of their k-th term. */
static void stay(const ps_work *w, int line, int k, const double *n, const double *q,
                 double *restrict left)
{
    const ps_plan *p = w->plan;
    const uint32_t stream = ps_hot_mix(
        ps_hot_mix(p->segment[line / p->I].stream_leave, (uint32_t)(line % p->I)), (uint32_t)k);

    for (int l = 0; l < PS_LANES; l++) {
        const ps_key key = {p->seed, w->luck_path + (uint64_t)l, stream, (uint32_t)w->t};
        long gone = 0;

        if (w->pass.whole && n[l] > 0.5) {
            ps_count_below(&key, (long)(n[l] + 0.5), 1, &q[l], &gone);
        }
        left[l] = w->pass.whole ? n[l] - (double)gone : n[l] * (1.0 - q[l]);
    }
}

/* One cohort at the end of its k-th term; what it signs again is added to `again`. */
static void end_term(ps_work *w, int line, int k, ps_lanes *again)
{
    ps_lanes *row = cohort(w, line, w->t - k * w->plan->base->terms[line % w->plan->I].periods);
    ps_lanes *now = w->base_now + line * PS_BASE;
    ps_lanes next[ROWS], q, kept;

    ps_hot_leave(w, line, k, q);
    next_price(w, line, row, next);
    if (w->plan->base->elastic) {
        feel_price(w, line, row, next, q);
    }
    stay(w, line, k, row[PS_CH_N], q, kept);
    LANES
    {
        const double n = row[PS_CH_N][l], part = n > 0.0 ? kept[l] / n : 0.0;

        now[PS_BASE_ENDED][l] += n;
        now[PS_BASE_LEFT][l] += n - kept[l];
        row[PS_CH_N][l] = kept[l];
        for (int ch = PS_CH_Q; ch < ROWS; ch++) {
            row[ch][l] = part * next[ch][l];
        }
    }
    for (int ch = 0; ch < ROWS; ch++) {
        LANES
        {
            again[ch][l] += row[ch][l];
        }
    }
}

/* What is signed again: by the cohorts whose term ends now, or as R0 recorded it. */
static void sign_again(ps_work *w, int line, ps_lanes *again)
{
    const ps_plan *p = w->plan;
    const ps_plan_terms *terms = &p->base->terms[line % p->I];
    const long at = ((long)w->t * p->S * p->I + line) * ROWS;

    if (w->pass.tape && !w->pass.live_customers) {
        memcpy(again, w->pass.tape->again + at, ROWS * sizeof(ps_lanes));
        return;
    }
    memset(again, 0, ROWS * sizeof(ps_lanes));
    for (int k = 1; w->t - k * terms->periods >= -terms->history * terms->periods; k++) {
        end_term(w, line, k, again);
    }
    if (w->pass.record) {
        memcpy(w->pass.record->again + at, again, ROWS * sizeof(ps_lanes));
    }
}

/* Values what is signed again, beside the customers of `first` signings; in a walk of the
 * attribution it is margin like what is decided. */
static void value_again(ps_work *w, int line, const double *first, ps_lanes *again)
{
    const ps_plan *p = w->plan;
    const double *cost = w->cost[line % p->I];
    double *margin = w->base_sum[line * PS_BASE + PS_BASE_MARGIN];
    ps_lanes *now = w->base_now + line * PS_BASE, *sum = w->base_sum + line * PS_BASE;
    const double inside = w->t < p->T ? 1.0 : 0.0;
    ps_lanes row[PS_CHANNELS], invoice, pocket;

    memcpy(row, again, ROWS * sizeof(ps_lanes));
    ps_hot_waterfall(w, line / p->I, row, invoice, pocket, NULL);
    LANES
    {
        const double m = pocket[l] - row[PS_CH_Q][l] * cost[l];

        now[PS_BASE_RENEWED][l] = row[PS_CH_N][l];
        now[PS_BASE_ORDERS][l] = row[PS_CH_N][l] + first[l];
        now[PS_BASE_AGAIN][l] = invoice[l];
        margin[l] += inside * m;
        if (w->pass.settle) {
            w->sum.pm[l] += m - w->bad_debt[l] * invoice[l];
            w->sum.invoice[l] += invoice[l];
        }
    }
    for (int k = PS_BASE_ENDED; k <= PS_BASE_ORDERS; k++) {
        LANES
        {
            sum[k][l] += inside * now[k][l];
        }
    }
}

/* `signed_now` [PS_CHANNELS] of the line is what was signed for the first time; what is signed
 * again joins its Q, L, NEG and PRO. */
void ps_hot_customers(ps_work *w, int line, ps_lanes *signed_now)
{
    ps_lanes *now = w->base_now + line * PS_BASE, *fresh = cohort(w, line, w->t);
    ps_lanes again[ROWS];

    LANES
    {
        now[PS_BASE_ENDED][l] = now[PS_BASE_LEFT][l] = 0.0;
    }
    sign_again(w, line, again);
    memcpy(fresh, signed_now, ROWS * sizeof(ps_lanes));
    value_again(w, line, fresh[PS_CH_N], again);
    LANES
    {
        now[PS_BASE_ACTIVE][l] += fresh[PS_CH_N][l] - now[PS_BASE_LEFT][l];
    }
    for (int ch = PS_CH_Q; ch < ROWS; ch++) {
        LANES
        {
            signed_now[ch][l] += again[ch][l];
        }
    }
}

void ps_hot_base_count(const ps_work *w, int line, double *restrict n)
{
    const ps_plan_terms *terms = &w->plan->base->terms[line % w->plan->I];

    LANES
    {
        n[l] = 0.0;
    }
    for (int u = -terms->history * terms->periods; u < w->t; u++) {
        const double *x = cohort(w, line, u)[PS_CH_N];

        LANES
        {
            n[l] += x[l];
        }
    }
}

void ps_hot_base_totals(ps_work *w, int line)
{
    ps_lanes *to = w->out.line + line * PS_LINE_METRICS;

    for (int metric = PS_LINE_ORDERS; metric < PS_LINE_METRICS; metric++) {
        ps_lanes *from = metric == PS_LINE_ACTIVE ? w->base_now : w->base_sum;

        memcpy(to[metric], from[line * PS_BASE + base_of[metric - PS_LINE_ORDERS]],
               sizeof(ps_lanes));
    }
}

const double *ps_hot_base_row(const ps_work *w, int line, int metric)
{
    return w->base_now[line * PS_BASE + base_of[metric - PS_LINE_ORDERS]];
}
