/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Money of a period: the price waterfall of what is signed, recognition, invoices, cash,
 * commissions and the ledger. docs/model/money.md */
#include <string.h>

#include "engine/hot_customers.h"
#include "math/philox.h"
#include "math/vmath.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

void ps_hot_waterfall(const ps_work *w, int s, ps_lanes *row, double *restrict invoice,
                      double *restrict pocket, ps_lanes *steps)
{
    const ps_plan *p = w->plan;
    ps_lanes running, scale;
    bool scaled = false;

    if (p->plain_waterfall && !steps) {
        const double *list = row[PS_CH_L], *negotiated = row[PS_CH_NEG],
                     *promotion = row[PS_CH_PRO];

        LANES
        {
            invoice[l] = pocket[l] = list[l] - negotiated[l] - promotion[l];
        }
        return;
    }
    LANES
    {
        running[l] = row[PS_CH_L][l];
        scale[l] = 1.0; /* of the discounts, which are stated on the list price */
    }
    for (int k = 0; k < p->steps; k++) {
        const ps_plan_step *step = &p->step[k];
        double *taken = steps ? steps[k] : NULL;
        ps_lanes amount;

        if (step->reserved == PS_STEP_INVOICE) {
            memcpy(invoice, running, sizeof running);
            LANES
            {
                amount[l] = 0.0;
            }
        } else if (step->reserved == PS_STEP_FEE || step->reserved == PS_STEP_SERVE) {
            const bool fee = step->reserved == PS_STEP_FEE;
            const double *x = s < 0 ? w->zero : fee ? w->fee[s] : w->serve[s];
            const double *of = fee ? invoice : row[PS_CH_Q];

            LANES
            {
                amount[l] = x[l] * of[l];
            }
        } else if (step->reserved != 0) {
            const double *x = row[step->reserved == PS_STEP_NEGOTIATED ? PS_CH_NEG : PS_CH_PRO];

            if (!scaled) {
                scaled = true;
                LANES
                {
                    scale[l] = row[PS_CH_L][l] > 0.0 ? running[l] / row[PS_CH_L][l] : 1.0;
                }
            }
            LANES
            {
                amount[l] = x[l] * scale[l];
            }
        } else {
            const bool rate = step->step->rate.given;
            const double *x =
                ps_number_lanes(rate ? &step->step->rate : &step->step->amount, w->values[0], 0);
            const double *take_up = ps_number_lanes(&step->step->take_up, w->values[0], 0);
            const bool of_list = step->step->of == PS_STEP_OF_LIST;
            const double *list = row[PS_CH_L], *units = row[PS_CH_Q];

            LANES
            {
                amount[l] = take_up[l] * x[l] * (!rate ? units[l] : of_list ? list[l] : running[l]);
            }
        }
        LANES
        {
            running[l] -= amount[l];
        }
        if (taken) {
            LANES
            {
                taken[l] = amount[l];
            }
        }
    }
    memcpy(pocket, running, sizeof running);
}

/* Sum of units over their mean, of orders with these words. */
static double order_sum(const ps_work *w, int s, int l, int count, const uint32_t *words)
{
    ps_lanes *chance = w->chance_units + (long)s * (PS_MAX_UNITS + 1);
    double sum = 0.0;

    for (int d = 0; d < count; d++) {
        const double u = (words[d] + 0.5) * 0x1p-32;
        double below = chance[1][l];
        int n = 1;

        while (n < PS_MAX_UNITS && u >= below) {
            n++;
            below += chance[n][l];
        }
        sum += n;
    }
    return sum / w->order_units[s][l];
}

/* Squared coefficient of variation of the units of an order. */
static double order_cv2(const ps_work *w, int s, int l)
{
    ps_lanes *chance = w->chance_units + (long)s * (PS_MAX_UNITS + 1);
    const double mean = w->order_units[s][l];
    double sum = 0.0;

    for (int n = 1; n <= PS_MAX_UNITS; n++) {
        sum += chance[n][l] * (n - mean) * (n - mean);
    }
    return sum / (mean * mean);
}

/* Mean of n deal sizes over their expectation, by lane: exactly drawn up to 16 deals, gamma
 * (Wilson-Hilferty) above. */
static void size_factor(const ps_work *w, int s, int i, const double *n, double *restrict factor)
{
    const ps_plan *p = w->plan;
    const ps_plan_segment *seg = &p->segment[s];
    const ps_spread *law = seg->basket ? &seg->segment->basket : &seg->segment->deal_size;
    const bool lognormal = law->law == PS_LAW_LOGNORMAL && !seg->counted && seg->size_min == 0.0;
    const double *sdlog = lognormal ? ps_number_lanes(&law->parameter[1], w->values[0], s) : NULL;
    const uint32_t stream = ps_hot_mix(seg->stream_size, (uint32_t)i);

    for (int l = 0; l < PS_LANES; l++) {
        const int count = (int)(n[l] + 0.5);
        uint32_t words[16];
        double sum = 0.0;

        factor[l] = 1.0;
        if (count <= 0) {
            continue;
        }
        ps_philox_words(p->seed, w->luck_path + (uint64_t)l, stream, (uint32_t)w->t << 12,
                        count > 16 ? 1 : (count + 3) / 4, words);
        if (count > 16) {
            const double cv2 = seg->counted ? order_cv2(w, s, l)
                               : lognormal  ? ps_exp(sdlog[l] * sdlog[l]) - 1.0
                                            : seg->size_cv2;
            const double z = ps_normal_inverse((words[0] + 0.5) * 0x1p-32), f = cv2 / (9.0 * count);
            const double x = 1.0 - f + z * __builtin_sqrt(f);

            factor[l] = x > 0.0 ? x * x * x : 0.0;
            continue;
        }
        if (seg->counted) {
            factor[l] = order_sum(w, s, l, count, words) / count;
            continue;
        }
        for (int d = 0; d < count; d++) {
            const double u = (words[d] + 0.5) * 0x1p-32;

            if (lognormal) {
                sum += ps_exp(sdlog[l] * ps_normal_inverse(u) - 0.5 * sdlog[l] * sdlog[l]);
            } else {
                ps_lanes x = {u};

                for (int k = 1; k < 8; k++) {
                    x[k] = 0.5;
                }
                ps_sampler_draw(seg->size_sampler, 0.0, 8, x, x);
                sum += x[0] / seg->size_mean;
            }
        }
        factor[l] = sum / count;
    }
}

/* Channels of what is signed by (s, i): times the deal size. */
static void apply_sizes(ps_work *w, int s, int i, ps_lanes *now)
{
    const ps_plan_segment *seg = &w->plan->segment[s];
    ps_lanes factor;

    if (!seg->sized && !seg->basket) {
        return;
    }
    LANES
    {
        factor[l] = seg->sized ? w->size_mean[s][l] : 1.0;
    }
    if (w->pass.whole && (seg->basket || !seg->sized_constant)) {
        ps_lanes luck;

        size_factor(w, s, i, now[PS_CH_N], luck);
        LANES
        {
            factor[l] *= luck[l];
        }
    }
    for (int ch = PS_CH_Q; ch <= PS_CH_PRO; ch++) {
        double *x = now[ch];

        LANES
        {
            x[l] *= factor[l];
        }
    }
}

/* Row of a line's future money for this period. */
long ps_hot_future_at(const ps_work *w, int line)
{
    return w->plan->span == 1 ? line : (long)line * w->plan->span + w->t;
}

static void spread(ps_lanes *future, const double *kernel, int n, const double *amount)
{
    for (int a = 0; a < n; a++) {
        double *x = future[a];
        const double k = kernel[a];

        LANES
        {
            x[l] = __builtin_fma(k, amount[l], x[l]);
        }
    }
}

/* What was signed now becomes future revenue, margin, invoices and cash. */
static void spread_line(ps_work *w, int line, const double *rate)
{
    const ps_plan *p = w->plan;
    const int i = line % p->I, n = w->end - w->t;
    const long at = ps_hot_future_at(w, line);
    const double *invoice = w->line_invoice[line], *profit = w->line_margin[line];
    ps_lanes margin;

    LANES
    {
        margin[l] = profit[l] - (w->bad_debt[l] + rate[l]) * invoice[l];
        w->signed_revenue[l] += invoice[l];
        w->signed_margin[l] += margin[l];
    }
    spread(w->rec_revenue + at, p->recognition[i],
           p->recognition_n[i] < n ? p->recognition_n[i] : n, invoice);
    spread(w->rec_margin + at, p->recognition[i], p->recognition_n[i] < n ? p->recognition_n[i] : n,
           margin);
    ps_lanes later, *collect = w->collect + i * (p->T_end + 1);
    const double *billed = p->terms ? later : invoice;

    if (p->terms) {
        double *now = w->inv_future[at];

        LANES
        {
            now[l] += w->upfront[l] * invoice[l];
            later[l] = (1.0 - w->upfront[l]) * invoice[l];
        }
    }
    spread(w->inv_future + at, p->billing[i],
           p->recognition_n[p->I + i] < n ? p->recognition_n[p->I + i] : n, billed);
    ps_lanes left;

    LANES
    {
        left[l] = (1.0 - w->bad_debt[l]) * p->billing_total[i];
    }
    for (int a = 0; a < n && a < w->collect_n[i]; a++) {
        double *x = w->cash_future[at + a];

        LANES
        {
            x[l] = __builtin_fma(collect[a][l], invoice[l], x[l]);
            left[l] -= collect[a][l];
        }
    }
    LANES
    {
        w->cash_beyond[l] += left[l] * invoice[l];
    }
}

static void recurring(ps_work *w, int line)
{
    const ps_plan *p = w->plan;
    const int i = line % p->I;
    const ps_offer *offer = (const ps_offer *)p->scenario->offers.items + i;
    ps_lanes *now = w->signed_now + line * PS_CHANNELS;
    ps_lanes row[PS_CHANNELS], invoice, pocket;

    if (!offer->contract) {
        return;
    }
    memcpy(invoice, w->line_invoice[line], sizeof invoice);
    if (!offer->contract->discount_persists) {
        memcpy(row, now, sizeof row);
        LANES
        {
            row[PS_CH_PRO][l] = 0.0;
        }
        ps_hot_waterfall(w, line / p->I, row, invoice, pocket, NULL);
    }
    const int ends = w->t + p->term_periods[i];

    LANES
    {
        const double x = invoice[l] * 12.0 / (double)offer->contract->months;

        w->recurring[l] += x;
        if (ends < p->T_end) {
            w->recurring_ends[ends][l] += x;
        }
    }
}

/* Channels that may be other than zero, or than the deals, are added to the line's totals. */
static void add_channels(ps_work *w, int line)
{
    const ps_plan *p = w->plan;
    ps_lanes *now = w->signed_now + line * PS_CHANNELS, *sum = w->line_sum + line * PS_CHANNELS;

    for (int k = 0; k < p->channel_count; k++) {
        double *to = sum[p->channel[k]];
        const double *x = now[p->channel[k]];

        LANES
        {
            to[l] += x[l];
        }
    }
}

/* Steps by amount before a discount make the waterfall of a sum differ from the sum of waterfalls:
 * then it is summed. */
static void add_waterfall(ps_work *w, int line, const double *invoice, const double *pocket)
{
    const ps_plan *p = w->plan;
    double *booked = w->line_booked[line], *kept = w->line_pocket[line];

    LANES
    {
        booked[l] += invoice[l];
        kept[l] += pocket[l];
    }
    for (int k = 0; k < p->steps; k++) {
        double *sum = w->out.step[k];
        const double *x = w->step_now[k];

        LANES
        {
            sum[l] += x[l];
        }
    }
}

/* Invoice value and pocket margin of what a line signed now, added to the period's. */
static void value_line(ps_work *w, int line, double *restrict booked, double *restrict margin)
{
    const ps_plan *p = w->plan;
    ps_lanes *now = w->signed_now + line * PS_CHANNELS;
    double *invoice = w->line_invoice[line], *profit = w->line_margin[line],
           *cash = w->cash_future[line];
    const double *units = now[PS_CH_Q], *cost = w->cost[line % p->I], *bad_debt = w->bad_debt;

    if (p->plain_waterfall) {
        const double *list = now[PS_CH_L], *negotiated = now[PS_CH_NEG],
                     *promotion = now[PS_CH_PRO];

        LANES
        {
            const double x = list[l] - negotiated[l] - promotion[l], m = x - units[l] * cost[l];

            invoice[l] = x;
            profit[l] = m;
            booked[l] += x;
            margin[l] += m - bad_debt[l] * x;
        }
    } else {
        const bool sums = !p->linear_waterfall && w->t < p->T && !w->pass.settle;
        ps_lanes pocket;

        ps_hot_waterfall(w, line / p->I, now, invoice, pocket, sums ? w->step_now : NULL);
        if (sums) {
            add_waterfall(w, line, invoice, pocket);
        }
        LANES
        {
            const double m = pocket[l] - units[l] * cost[l];

            profit[l] = m;
            booked[l] += invoice[l];
            margin[l] += m - bad_debt[l] * invoice[l];
        }
    }
    if (p->span == 1) {
        LANES
        {
            cash[l] = (1.0 - bad_debt[l]) * invoice[l];
        }
    }
}

/* Signed deals of all lines: sizes, waterfall, totals by line, then what they bring later. */
void ps_hot_money(ps_work *w)
{
    const ps_plan *p = w->plan;
    const int lines = p->S * p->I;
    const bool detail = w->t < p->T && !w->pass.settle;
    const ps_sales_team *team = p->scenario->sales_team;
    double *booked = w->now[PS_METRIC_booked];
    ps_lanes rate, due;

    LANES
    {
        rate[l] = 0.0;
    }
    for (int line = 0; line < lines; line++) {
        if (w->valued[line / p->I]) {
            continue;
        }
        apply_sizes(w, line / p->I, line % p->I, w->signed_now + line * PS_CHANNELS);
        if (p->base) {
            ps_hot_customers(w, line, w->signed_now + line * PS_CHANNELS);
        }
        value_line(w, line, booked, w->margin_now);
        if (detail) {
            add_channels(w, line);
        }
    }
    if (team && team->commission && team->commission->on == PS_COMMISSION_BOOKED) {
        ps_hot_commission(w, booked, due);
        LANES
        {
            rate[l] = booked[l] > 0.0 ? due[l] / booked[l] : 0.0;
            w->now[PS_METRIC_commission][l] = due[l];
            w->margin_now[l] -= due[l];
        }
    }
    if (p->has[PS_METRIC_arr]) {
        LANES
        {
            w->recurring[l] -= w->recurring_ends[w->t][l];
        }
    }
    for (int line = 0; line < lines && p->span > 1; line++) {
        spread_line(w, line, rate);
        if (detail) {
            recurring(w, line);
        }
    }
}

/* After the last period: a line's totals; the waterfall is linear, so it is applied to the sums. */
void ps_hot_line_totals(ps_work *w, int line)
{
    const ps_plan *p = w->plan;
    ps_lanes *sum = w->line_sum + line * PS_CHANNELS, *to = w->out.line + line * PS_LINE_METRICS;
    const double *cost = w->cost[line % p->I];

    if (p->units_are_deals) {
        memcpy(sum[PS_CH_Q], sum[PS_CH_N], sizeof(ps_lanes));
    }
    if (p->linear_waterfall) {
        ps_hot_waterfall(w, line / p->I, sum, to[PS_LINE_BOOKED], to[PS_LINE_POCKET], w->step_now);
        for (int k = 0; k < p->steps; k++) {
            double *step = w->out.step[k];
            const double *x = w->step_now[k];

            LANES
            {
                step[l] += x[l];
            }
        }
    } else {
        memcpy(to[PS_LINE_BOOKED], w->line_booked[line], sizeof(ps_lanes));
        memcpy(to[PS_LINE_POCKET], w->line_pocket[line], sizeof(ps_lanes));
    }
    LANES
    {
        to[PS_LINE_SIGNED][l] = sum[PS_CH_N][l];
        to[PS_LINE_UNITS][l] = sum[PS_CH_Q][l];
        to[PS_LINE_LIST][l] = sum[PS_CH_L][l];
        to[PS_LINE_PROMOTION][l] = sum[PS_CH_PRO][l];
        to[PS_LINE_MARGIN][l] = to[PS_LINE_POCKET][l] - sum[PS_CH_Q][l] * cost[l];
        to[PS_LINE_WON][l] = p->after_stages > 0 ? w->line_won[line][l] : sum[PS_CH_N][l];
        to[PS_LINE_REVENUE][l] = p->span == 1 ? to[PS_LINE_BOOKED][l] : w->line_revenue[line][l];
        to[PS_LINE_COLLECTED][l] =
            p->span == 1 ? (1.0 - w->bad_debt[l]) * to[PS_LINE_BOOKED][l] : w->line_cash[line][l];
    }
    if (p->base) {
        ps_hot_base_totals(w, line);
    }
}

/* This period's row of a line metric. */
const double *ps_hot_line_row(const ps_work *w, int line, int metric)
{
    ps_lanes *now = w->signed_now + line * PS_CHANNELS;
    const long at = ps_hot_future_at(w, line);

    if (metric >= PS_LINE_ORDERS) {
        return ps_hot_base_row(w, line, metric);
    }
    switch (metric) {
    case PS_LINE_REVENUE:
        return w->plan->span == 1 ? w->line_invoice[line] : w->rec_revenue[at];
    case PS_LINE_BOOKED:
        return w->line_invoice[line];
    case PS_LINE_COLLECTED:
        return w->cash_future[at];
    case PS_LINE_UNITS:
        return now[w->plan->units_are_deals ? PS_CH_N : PS_CH_Q];
    case PS_LINE_LIST:
        return now[PS_CH_L];
    case PS_LINE_MARGIN:
        return w->line_margin[line];
    case PS_LINE_WON:
        return w->plan->after_stages > 0 ? w->line_won_now[line] : now[PS_CH_N];
    default:
        return now[PS_CH_N];
    }
}
