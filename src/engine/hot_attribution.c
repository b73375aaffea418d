/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a promotion earns: walks with expected transitions on the drawn inputs, arrivals and market
 * shock, to the end of the run-out; feedback channels switched live one after the other.
 * docs/model/attribution.md
 *
 *   R0  calendar off; the states of every channel are recorded.
 *   R1  calendar on, every channel as in R0: evaluated cell by cell beside R0, split into rows.
 *   Rk  the channels go live in order: traffic, timing, reference price, price image, customers,
 * limits, rivals (and with them our own policy) = W. */
#include <string.h>

#include "engine/hot_members.h"
#include "engine/hot_timing.h"
#include "math/vmath.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

static const uint32_t full_calendar = 0xFFFFFFFFU;

/* What partners pay on a sale of offer i in the cell: per unit, and their part of the discount. */
static void sale_funding(const ps_work *w, int k, int i, ps_lanes *row, double *restrict margin)
{
    const ps_plan *p = w->plan;
    const uint32_t set = w->class_set[k / p->nodes] & p->funded;

    for (int m = 0; m < p->M && set != 0; m++) {
        const ps_funding *fund = p->promotion[m].promotion->funding;

        if (!(set >> m & 1U) || !p->promotion[m].in_offer[i]) {
            continue;
        }
        const double *unit =
            fund->per_unit.given ? ps_number_lanes(&fund->per_unit, w->values[0], 0) : NULL;
        const double *share = fund->share_of_discount.given
                                  ? ps_number_lanes(&fund->share_of_discount, w->values[0], 0)
                                  : NULL;

        LANES
        {
            margin[l] += (unit ? unit[l] * row[PS_CH_Q][l] : 0.0) +
                         (share ? share[l] * row[PS_CH_PRO][l] : 0.0);
        }
    }
}

/* Margin per sale of a cell after expected conversion and size; units and discount of it. */
static void sale_margin(const ps_work *w, int s, int k, int i, double *restrict margin,
                        double *restrict units, double *restrict discount)
{
    const double *cost = w->cost[i], *down = w->downstream[s], *size = w->size_mean[s];
    ps_lanes row[PS_CHANNELS], invoice, pocket;

    ps_hot_sale(w, s, k, i, row);
    ps_hot_waterfall(w, s, row, invoice, pocket, NULL);
    LANES
    {
        margin[l] = pocket[l] - row[PS_CH_Q][l] * cost[l] - w->bad_debt[l] * invoice[l];
    }
    sale_funding(w, k, i, row, margin);
    LANES
    {
        const double scale = down[l] * size[l];

        margin[l] *= scale;
        units[l] = scale * row[PS_CH_Q][l];
        discount[l] = scale * row[PS_CH_PRO][l];
    }
}

/* Keeps the segment's decisions with the calendar. */
static int keep_calendar(ps_work *w, int s)
{
    const ps_plan *p = w->plan;

    for (int k = 0; k < w->cells; k++) {
        const double *won = w->won_cell[k], *sum = w->attract_sum[k];

        for (int i = 0; i < p->I; i++) {
            const double *x = w->attract[k * p->I + i];
            double *q = w->on_won[k * p->I + i];

            sale_margin(w, s, k, i, w->on_margin[k * p->I + i], w->on_units[k * p->I + i],
                        w->on_discount[k * p->I + i]);
            LANES
            {
                q[l] = p->rationed ? w->sales[k * p->I + i][l]
                       : p->I == 1 ? won[l]
                                   : won[l] * (x[l] / sum[l]);
            }
        }
    }
    memcpy(w->on_other, w->lost_rival, (size_t)(p->C + 1) * sizeof(ps_lanes));
    memcpy(w->on_weight, w->class_weight, (size_t)w->classes * sizeof(ps_lanes));
    if (w->classes > 1) {
        memcpy(w->on_weight[0], w->nobody, sizeof(ps_lanes));
    }
    if (p->segment[s].basket) {
        for (int at = 0; at < w->classes * p->I; at++) {
            for (int x = 0; x < 3; x++) {
                memcpy(w->on_basket[at * 5 + x], w->moments[at * 3 + x], sizeof(ps_lanes));
            }
            memcpy(w->on_basket[at * 5 + 3], w->paid[at], sizeof(ps_lanes));
            const double *units = w->units[at], *list = w->list[p->price_row[s * p->I + at % p->I]];

            LANES
            {
                w->on_basket[at * 5 + 4][l] = units[l] * list[l];
            }
        }
    }
    return w->classes;
}

/* What sales in a cell (q0 without, q1 with the calendar, m0 margin per sale without it) cost
 * elsewhere: margin of own offers outside the promotion, and of later sales that are borrowed. */
static void lose_elsewhere(const ps_work *w, int s, bool outside, const double *const q[3],
                           double *restrict sum)
{
    const ps_borrow *borrow = w->plan->segment[s].segment->borrow;
    const double *share = borrow ? ps_number_lanes(&borrow->share, w->values[0], s) : NULL;
    const double other = outside ? 1.0 : 0.0;
    const bool each = borrow && borrow->of == PS_BORROW_EACH;

    LANES
    {
        const double lift = q[1][l] - q[0][l];
        const double borrowed = share && !(each && lift < 0.0) ? share[l] : 0.0;

        sum[l] += q[2][l] * lift * (borrowed - other);
    }
}

/* Adds one cell to the sums of the promotions in its class. */
/* `k` is the cell and `i` the offer; q0, m0, u0: sales, margin and units of a sale without the
 * calendar. */
static void touch(ps_work *w, int s, int k, int i, const double *q0, const double *m0,
                  const double *u0)
{
    const ps_plan *p = w->plan;
    const int e = k / p->nodes;
    const uint32_t set = w->on_set[e];
    const double *q1 = w->on_won[k * p->I + i], *m1 = w->on_margin[k * p->I + i];
    const double *units = w->on_units[k * p->I + i], *discount = w->on_discount[k * p->I + i];
    const double *down = w->downstream[s];

    for (int m = 0; m <= p->M; m++) {
        if (m < p->M ? !(set >> m & 1U) : set == 0) {
            continue;
        }
        ps_lanes *to = w->split.promotion + m * PS_TOUCH;

        lose_elsewhere(w, s, m < p->M && !p->promotion[m].in_offer[i],
                       (const double *[]){q0, q1, m0}, to[PS_TOUCH_ELSEWHERE]);
        if (m < p->M && !p->promotion[m].in_offer[i]) {
            continue;
        }

        LANES
        {
            to[PS_TOUCH_Q0][l] += q0[l] * u0[l];
            to[PS_TOUCH_Q1][l] += q1[l] * units[l];
            to[PS_TOUCH_GIFT][l] += q0[l] * (m0[l] - m1[l]);
            to[PS_TOUCH_MARGIN][l] += q1[l] * m1[l];
            to[PS_TOUCH_DISCOUNT][l] += q1[l] * discount[l];
        }
        if (p->segment[s].basket) {
            ps_lanes *b = w->on_basket + (e * p->I + i) * 5;

            LANES
            {
                const double n = q1[l] * down[l];

                to[PS_TOUCH_ORDERS][l] += n;
                for (int x = 0; x < 5; x++) {
                    to[PS_TOUCH_REDEEMED + x][l] += n * b[x][l];
                }
            }
        }
    }
}

static void split_cell(ps_work *w, const double *q0, const double *m0, const double *q1,
                       const double *m1)
{
    ps_split *x = &w->split;

    LANES
    {
        const double low = q0[l] < q1[l] ? q0[l] : q1[l];

        x->baseline[l] += low * (m1[l] - m0[l]);
        x->gain[l] += q1[l] - low;
        x->gain_margin[l] += (q1[l] - low) * m1[l];
        x->loss[l] += q0[l] - low;
        x->loss_margin[l] += (q0[l] - low) * m0[l];
        x->change[l] += q1[l] * m1[l] - q0[l] * m0[l];
    }
}

static bool promoted_here(const ps_work *w, int s)
{
    const ps_plan *p = w->plan;

    for (int m = 0; m < p->M; m++) {
        if (p->promotion[m].in_segment[s] && p->promotion[m].active[w->t] > 0.0) {
            return true;
        }
    }
    return false;
}

void ps_hot_split(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const bool any = promoted_here(w, s);
    int classes = 0;
    ps_lanes all0, q0, m0, units, discount;

    if (any) {
        ps_hot_classes(w, s, full_calendar);
        ps_hot_choice(w, s);
        memcpy(w->on_set, w->class_set, sizeof w->on_set);
        classes = keep_calendar(w, s);
    }
    ps_hot_classes(w, s, 0);
    ps_hot_choice(w, s);
    for (int n = 0; n < p->nodes && any; n++) {
        for (int i = 0; i < p->I; i++) {
            const double *x = w->attract[n * p->I + i], *sum = w->attract_sum[n],
                         *won = w->won_cell[n];

            sale_margin(w, s, n, i, m0, units, discount);
            if (p->rationed) {
                memcpy(all0, w->sales[n * p->I + i], sizeof all0);
            } else {
                LANES
                {
                    all0[l] = p->I == 1 ? won[l] : won[l] * (x[l] / sum[l]);
                }
            }
            for (int e = 0; e < classes; e++) {
                const int k = e * p->nodes + n;
                const double *weight = w->on_weight[e];

                LANES
                {
                    q0[l] = weight[l] * all0[l];
                }
                split_cell(w, q0, m0, w->on_won[k * p->I + i], w->on_margin[k * p->I + i]);
                touch(w, s, k, i, q0, m0, units);
            }
        }
    }
    for (int c = 0; c <= p->C && any; c++) {
        double *to = w->split.other[c];
        const double *off = w->lost_rival[c], *on = w->on_other[c];

        LANES
        {
            to[l] += off[l] - on[l];
        }
    }
}

/* Walks to the end of the run-out; everything not yet collected or signed is settled in the last
 * period. */
static void settle(ps_work *w, ps_pass pass, ps_pass_sum *sum)
{
    pass.settle = true;
    pass.resume = w->plan->fork > 0 && !pass.record;
    w->pass = pass;
    /* Leads that this walk's customers bring, not those of the recorded one's. */
    const bool own_leads = w->plan->refers && !pass.record && (pass.live_customers || !pass.tape);

    w->front_done = w->front_known && w->front_set == ps_hot_arrival_set(w, &pass) && !own_leads;
    ps_hot_walk(w);
    w->front_known = !own_leads;
    w->front_set = ps_hot_arrival_set(w, &pass);
    ps_hot_team_settle(w);
    LANES
    {
        w->sum.contribution[l] = w->sum.pm[l] - w->sum.commission[l] - w->sum.fixed[l] +
                                 w->sum.funding[l] + w->sum.fees[l] - w->sum.acquisition[l] -
                                 w->sum.write_off[l];
    }
    *sum = w->sum;
}

static void clear_split(ps_work *w)
{
    const ps_plan *p = w->plan;
    ps_split *x = &w->split;

    LANES
    {
        x->baseline[l] = x->gain[l] = x->gain_margin[l] = x->loss[l] = x->loss_margin[l] =
            x->change[l] = 0.0;
    }
    memset(x->other, 0, (size_t)(p->C + 1) * sizeof(ps_lanes));
    memset(x->promotion, 0, (size_t)(p->M + 1) * PS_TOUCH * sizeof(ps_lanes));
}

/* Rows of R1 - R0. Units lost to others are turned into deals with the mean margin of the gained
 * ones. */
static void split_rows(ps_work *w)
{
    const ps_plan *p = w->plan;
    const ps_split *x = &w->split;
    ps_lanes *row = w->out.row, *other = x->other;
    ps_lanes mean, all;

    LANES
    {
        all[l] = 0.0;
    }
    for (int c = 0; c <= p->C; c++) {
        LANES
        {
            all[l] += other[c][l];
        }
    }
    LANES
    {
        /* per decision taken from others: gained margin less what own cannibalisation accounts for
         */
        const double won = x->gain[l] - x->loss[l];
        const double per_unit = x->gain[l] > 0.0 ? x->gain_margin[l] / x->gain[l] : 0.0;

        mean[l] = all[l] > 1e-300 || all[l] < -1e-300 ? per_unit * won / all[l] : 0.0;
        row[PS_ROW_BASELINE][l] = x->baseline[l];
        row[PS_ROW_EXPANSION][l] = mean[l] * other[p->C][l];
        row[PS_ROW_CANNIBALISATION][l] = per_unit * x->loss[l] - x->loss_margin[l];
    }
    for (int c = 0; c < p->C; c++) {
        LANES
        {
            row[PS_ROWS + c][l] = mean[l] * other[c][l];
        }
    }
}

/* The channels go live one after the other; each row is the change of the pocket margin. */
static void channel_rows(ps_work *w, const ps_pass_sum *r0, ps_pass_sum *all_live)
{
    const ps_plan *p = w->plan;
    ps_lanes *row = w->out.row;
    ps_pass pass = {.calendar = full_calendar, .tape = &w->tape};
    ps_lanes before;
    ps_pass_sum sum;

    LANES
    {
        before[l] = r0->pm[l] + w->split.change[l];
        row[PS_ROW_TRAFFIC][l] = row[PS_ROW_TIMING][l] = 0.0;
        row[PS_ROW_REFERENCE][l] = row[PS_ROW_IMAGE][l] = row[PS_ROW_CUSTOMERS][l] = 0.0;
        row[PS_ROW_LIMITS][l] = row[PS_ROW_RIVALS][l] = 0.0;
    }
    const bool limits = p->limited_set != 0 || p->limited_offers > 0 || p->rival_capacity;
    const struct {
        bool exists;
        int row;
    } channel[] = {{p->traffic, PS_ROW_TRAFFIC},     {p->timing, PS_ROW_TIMING},
                   {p->reference, PS_ROW_REFERENCE}, {p->image, PS_ROW_IMAGE},
                   {p->base, PS_ROW_CUSTOMERS},      {limits, PS_ROW_LIMITS},
                   {p->rivals_react, PS_ROW_RIVALS}};
    int last = -1;

    for (int c = 0; c < (int)(sizeof channel / sizeof *channel); c++) {
        last = channel[c].exists ? c : last;
    }
    for (int c = 0; c < last; c++) {
        if (!channel[c].exists) {
            continue;
        }
        pass.live_timing = c >= 1;
        pass.live_reference = c >= 2;
        pass.live_image = c >= 3;
        pass.live_customers = c >= 4;
        pass.live_limits = c >= 5;
        settle(w, pass, &sum);
        LANES
        {
            row[channel[c].row][l] = sum.pm[l] - before[l];
            before[l] = sum.pm[l];
        }
    }
    settle(w, (ps_pass){.calendar = full_calendar}, all_live);
    if (last >= 0) {
        LANES
        {
            row[channel[last].row][l] = all_live->pm[l] - before[l];
        }
    }
}

static void ledger_rows(ps_work *w, const ps_pass_sum *r0, const ps_pass_sum *all)
{
    ps_lanes *row = w->out.row;
    ps_lanes sum, largest; /* rows are differences of margins and rounded as these are */
    const int rows = PS_ROWS + w->plan->C;

    LANES
    {
        row[PS_ROW_COMMISSION][l] = r0->commission[l] - all->commission[l];
        row[PS_ROW_ACQUISITION][l] = r0->acquisition[l] - all->acquisition[l];
        row[PS_ROW_FIXED][l] = r0->fixed[l] - all->fixed[l];
        row[PS_ROW_FUNDING][l] = all->funding[l] - r0->funding[l];
        row[PS_ROW_FEES][l] = all->fees[l] - r0->fees[l];
        row[PS_ROW_STOCK][l] = r0->write_off[l] - all->write_off[l];
        w->out.net[l] = all->contribution[l] - r0->contribution[l];
        w->out.net_inside[l] = all->inside[l] - r0->inside[l];
        w->out.naive[l] = w->out.net[l] - row[PS_ROW_RIVALS][l];
        w->out.contribution_inside[l] = all->inside[l];
        w->out.fixed[l] = all->fixed[l];
        w->out.funding[l] = all->funding[l];
        sum[l] = 0.0;
        largest[l] = 1e-3 * __builtin_fabs(r0->pm[l]) + 1e-300;
    }
    for (int r = 0; r < rows; r++) {
        LANES
        {
            const double x = row[r][l] < 0.0 ? -row[r][l] : row[r][l];

            sum[l] += row[r][l];
            largest[l] = x > largest[l] ? x : largest[l];
        }
    }
    LANES
    {
        const double d = w->out.net[l] - sum[l];

        w->out.promotion_residual[l] = (d < 0.0 ? -d : d) / largest[l];
    }
}

void ps_hot_attribute(ps_work *w)
{
    const ps_plan *p = w->plan;
    ps_pass_sum r0, all, without;
    ps_lanes *value = w->out.value;

    const ps_lane_result headline = w->out;

    w->out.stage_entered = w->spare; /* the walks below must not touch the headline's stages */
    w->out.stage_passed = w->spare + (p->G + 1);
    w->out.stage_lost = w->spare + 2 * (p->G + 1);
    w->out.stage_lost_at = w->spare + 3 * (p->G + 1);
    w->out.stage_open_start = w->spare + 4 * (p->G + 1);
    w->out.stage_beyond = w->spare + 5 * (p->G + 1);
    w->out.stage_bound = w->spare + 6 * (p->G + 1);
    clear_split(w);
    w->front_known = false;
    settle(w, (ps_pass){.calendar = 0, .record = &w->tape, .split = true}, &r0);
    ps_hot_fees_touched(w);
    split_rows(w);
    channel_rows(w, &r0, &all);
    ledger_rows(w, &r0, &all);
    memcpy(w->out.discount, w->split.promotion[p->M * PS_TOUCH + PS_TOUCH_DISCOUNT],
           sizeof(ps_lanes));
    memcpy(value[p->M], w->out.net, sizeof(ps_lanes));
    for (int m = 0; m < p->M; m++) {
        if (p->M == 1) {
            without = r0;
        } else {
            settle(w, (ps_pass){.calendar = full_calendar & ~(1U << m)}, &without);
        }
        LANES
        {
            value[m][l] = all.contribution[l] - without.contribution[l];
            value[p->M][l] -= value[m][l];
        }
    }
    w->out.stage_entered = headline.stage_entered;
    w->out.stage_passed = headline.stage_passed;
    w->out.stage_lost = headline.stage_lost;
    w->out.stage_lost_at = headline.stage_lost_at;
    w->out.stage_open_start = headline.stage_open_start;
    w->out.stage_beyond = headline.stage_beyond;
    w->out.stage_bound = headline.stage_bound;
    memcpy(w->out.opening_revenue, headline.opening_revenue, sizeof(ps_lanes));
}
