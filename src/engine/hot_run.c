/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One walk through the periods, in the model's order, and one batch. Read this file first: it is
 * the model. docs/model/period.md */
#include <string.h>

#include "engine/hot_collect.h"
#include "engine/hot_customers.h"
#include "engine/hot_members.h"
#include "engine/hot_timing.h"
#include "math/vmath.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

static void stock_after(ps_work *w, int s)
{
    const ps_plan *p = w->plan;

    if (p->choice_stage < 0 || !p->stage[p->choice_stage].hazard) {
        return;
    }
    const double *in = w->inflow[(long)s * (p->ages + p->T_end) + p->ages + w->t];
    double *held = w->hazard_stock[p->choice_stage * p->S + s], *old = w->hazard_opening[s];

    LANES
    {
        const double part = held[l] > 0.0 ? old[l] / held[l] : 0.0;

        w->young_frac[l] = 1.0 - part;
        old[l] -= part * w->decided[l];
        held[l] += in[l] - w->decided[l];
    }
}

/* Winners that entered the choice stage in the window: of all, the part with age <= t by the base
 * row's weights, or that of the window's deals in a stock that leaves at a constant hazard. */
static void young_winners(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const bool hazard = p->choice_stage >= 0 && p->stage[p->choice_stage].hazard;
    ps_lanes young, all;

    if (w->pass.whole && !hazard) {
        return; /* counted one by one */
    }
    memcpy(w->won_young, w->won[0], sizeof(ps_lanes));
    for (int i = 1; i < p->I; i++) {
        LANES
        {
            w->won_young[l] += w->won[i * PS_CHANNELS][l];
        }
    }
    if (hazard) {
        LANES
        {
            w->won_young[l] *= w->young_frac[l];
        }
        return;
    }
    if (w->t + 1 >= p->ages) {
        return;
    }
    LANES
    {
        young[l] = all[l] = 0.0;
    }
    for (int a = 0; a < p->ages; a++) {
        const double *n = w->decide[a], *odds = w->odds[s * p->ages + a];
        const double in = a <= w->t ? 1.0 : 0.0;

        LANES
        {
            const double q = n[l] * (odds[l] / (1.0 + odds[l]));

            all[l] += q;
            young[l] += in * q;
        }
    }
    LANES
    {
        w->won_young[l] *= all[l] > 0.0 ? young[l] / all[l] : 1.0;
    }
}

static void decide_segment(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    ps_lanes *now = w->segment_now + s * PS_SEG_METRICS;

    const double *in = w->inflow[(long)s * (p->ages + p->T_end) + p->ages + w->t];

    w->valued[s] = w->plain_now = ps_hot_plain_now(w, s);
    if (w->valued[s]) {
        ps_hot_plain(w, s);
        if (w->promoted[w->t] != 0) {
            ps_hot_tally(w, s);
        }
        return;
    }
    if (!p->rationed) {
        ps_hot_feed_memories(w, s);
        ps_hot_stock_before(w, s);
    }
    if (w->pass.split) {
        ps_hot_split(w, s);
    } else {
        ps_hot_classes(w, s, w->pass.calendar);
        ps_hot_choice(w, s);
    }
    if (p->rationed) {
        ps_hot_use_stock(w);
    }
    if (p->hurries) {
        ps_hot_hurry_pass(w, s);
    }
    stock_after(w, s);
    ps_hot_memory(w, s);
    if (w->promoted[w->t] != 0) {
        ps_hot_tally(w, s);
    }
    if (w->pass.settle) {
        ps_hot_settle_margin(w, s);
    } else if (!p->instant) {
        young_winners(w, s);
    }
    if (!p->instant) {
        LANES
        {
            now[PS_SEG_ENTERED][l] = in[l];
            now[PS_SEG_DECIDED][l] = w->decided[l];
            now[PS_SEG_EVENTUAL][l] = w->won_young[l];
        }
    }
    for (int i = 0; i < p->I && !w->pass.settle && p->after_stages > 0; i++) {
        const double *won = w->won[i * PS_CHANNELS];
        double *kept = w->line_won_now[s * p->I + i], *sum = w->line_won[s * p->I + i];

        LANES
        {
            kept[l] = won[l];
            sum[l] += won[l];
        }
    }
}

static void period(ps_work *w)
{
    const ps_plan *p = w->plan;

    LANES
    {
        w->promotion_discount[l] = w->funding_sales[l] = w->now[PS_METRIC_booked][l] =
            w->margin_now[l] = 0.0;
    }
    for (int m = 0; m < p->M && w->promoted[w->t] != 0; m++) {
        LANES
        {
            w->promoted_units[m][l] = w->promoted_discount[m][l] = 0.0;
        }
    }
    if (p->rival_capacity) {
        ps_hot_nobody_full(w);
    }
    if (p->members && w->t > 0) {
        ps_hot_join(w);
    }
    ps_hot_prices(w);
    if (!w->front_done) {
        ps_hot_front(w);
    }
    if (p->rival_capacity) {
        ps_hot_full(w);
    }
    if (p->rationed) {
        ps_hot_share_out(w);
    }
    for (int s = 0; s < p->S; s++) {
        decide_segment(w, s);
    }
    if (p->share_seen) {
        ps_hot_share_seen(w);
    }
    ps_hot_back(w);
    ps_hot_money(w);
    if (p->life && !w->pass.settle) {
        ps_hot_lifetime(w);
    }
    ps_hot_ledger(w);
}

/* Totals of lines, and of the metrics that are sums over lines or segments. */
static void total_parts(ps_work *w)
{
    const ps_plan *p = w->plan;
    ps_lanes *total = w->out.total;

    for (int line = 0; line < p->S * p->I; line++) {
        ps_hot_line_totals(w, line);
        LANES
        {
            total[PS_METRIC_cycle_sum][l] += w->line_sum[line * PS_CHANNELS + PS_CH_AGE][l];
        }
    }
    for (int s = 0; s < p->S && p->instant; s++) {
        ps_lanes *x = w->out.segment + s * PS_SEG_ROWS;

        memcpy(x[PS_SEG_DECIDED], x[PS_SEG_ENTERED], sizeof(ps_lanes));
        for (int i = 0; i < p->I; i++) {
            LANES
            {
                x[PS_SEG_EVENTUAL][l] +=
                    w->out.line[(s * p->I + i) * PS_LINE_METRICS + PS_LINE_WON][l];
            }
        }
    }
    for (int m = 0; m < PS_METRICS; m++) {
        for (int k = 0; k < p->S * p->I && p->line_of[m] >= 0; k++) {
            LANES
            {
                total[m][l] = (k == 0 ? 0.0 : total[m][l]) +
                              w->out.line[k * PS_LINE_METRICS + p->line_of[m]][l];
            }
        }
        for (int s = 0; s < p->S && p->segment_of[m] >= 0; s++) {
            LANES
            {
                total[m][l] = (s == 0 ? 0.0 : total[m][l]) +
                              w->out.segment[s * PS_SEG_ROWS + p->segment_of[m]][l];
            }
        }
    }
    LANES
    {
        total[PS_METRIC_discounts][l] =
            total[PS_METRIC_list_value][l] - total[PS_METRIC_pocket_value][l];
        total[PS_METRIC_arr][l] = w->recurring[l];
    }
}

static void settle_period(ps_work *w)
{
    ps_lanes *now = w->now;
    ps_pass_sum *sum = &w->sum;

    LANES
    {
        sum->commission[l] +=
            now[PS_METRIC_commission][l] + now[PS_METRIC_bonus][l] - now[PS_METRIC_clawback][l];
        sum->fixed[l] += w->fixed_now[l];
        sum->funding[l] += w->funding_now[l] - w->funding_sales[l];
        sum->fees[l] += w->fees_now[l];
        sum->pm[l] +=
            w->funding_sales[l]; /* paid per unit or discount: part of the margin of the sales */
        sum->acquisition[l] += now[PS_METRIC_acquisition_cost][l];
        sum->write_off[l] += now[PS_METRIC_write_off][l];
        sum->booked[l] += now[PS_METRIC_booked][l];
        sum->collected[l] += now[PS_METRIC_collected][l];
        sum->inside[l] += w->t < w->plan->T ? now[PS_METRIC_contribution][l] : 0.0;
    }
}

/* The state at the start of plan->fork, of this walk for the later ones. */
static void keep_state(ps_work *w)
{
    memcpy(w->at_fork, w->handed_on, w->handed_on_bytes);
    w->sum_at_fork = w->sum;
    w->quota_at_fork = w->quota;
}

static void take_state(ps_work *w)
{
    const size_t known = w->front_done ? w->handed_on_front : 0;

    memcpy(w->handed_on + known, w->at_fork + known, w->handed_on_bytes - known);
    w->sum = w->sum_at_fork;
    w->quota = w->quota_at_fork;
}

static void begin_walk(ps_work *w)
{
    const ps_plan *p = w->plan;

    if (!(ps_hot_walked_apart(w) && p->is_brief)) {
        memset(w->now, 0, PS_METRICS * sizeof(ps_lanes));
    }
    memset(w->line_sum, 0, (size_t)(p->S * p->I) * PS_CHANNELS * sizeof(ps_lanes));
    memset(w->line_won, 0, (size_t)(p->S * p->I) * sizeof(ps_lanes));
    memset(w->line_booked, 0, (size_t)(p->S * p->I) * sizeof(ps_lanes));
    memset(w->line_pocket, 0, (size_t)(p->S * p->I) * sizeof(ps_lanes));
    memset(w->line_revenue, 0, (size_t)(p->S * p->I) * sizeof(ps_lanes));
    memset(w->line_cash, 0, (size_t)(p->S * p->I) * sizeof(ps_lanes));
    memset(&w->sum, 0, sizeof w->sum);
    LANES
    {
        w->recognised_margin[l] = w->signed_revenue[l] = w->signed_margin[l] = w->cash_beyond[l] =
            w->recurring[l] = 0.0;
    }
    memset(w->recurring_ends, 0,
           p->has[PS_METRIC_arr] ? (size_t)(p->T_end + 1) * sizeof(ps_lanes) : 0);
    ps_hot_open(w);
    if (p->rationed) {
        ps_hot_stocks(w);
    }
    if (p->timing || p->hurries) {
        ps_hot_timing_start(w);
    }
}

void ps_hot_walk(ps_work *w)
{
    const ps_plan *p = w->plan;

    w->end = w->pass.settle ? p->T_end : p->T;
    for (int t = 0; t < p->T_end; t++) {
        w->promoted[t] = p->promoted[t] & w->pass.calendar;
    }
    if (w->pass.resume) {
        take_state(w);
    } else {
        begin_walk(w);
    }
    if (ps_hot_walked_apart(w)) {
        ps_hot_apart(w);
        return;
    }
    for (w->t = w->pass.resume ? p->fork : 0; w->t < w->end; w->t++) {
        if (w->pass.record && p->fork > 0 && w->t == p->fork) {
            keep_state(w);
        }
        period(w);
        if (w->pass.settle) {
            settle_period(w);
        } else {
            ps_hot_record(w);
        }
    }
}

static void clear_results(ps_work *w)
{
    const ps_plan *p = w->plan;

    memset(w->out.total, 0, PS_METRICS * sizeof(ps_lanes));
    memset(w->out.segment, 0, (size_t)p->S * PS_SEG_ROWS * sizeof(ps_lanes));
    memset(w->out.lost_rival, 0, (size_t)(p->C + 1) * sizeof(ps_lanes));
    memset(w->out.goal, 0, (size_t)p->goals * 2 * sizeof(ps_lanes));
    memset(w->out.step, 0, (size_t)p->steps * sizeof(ps_lanes));
    LANES
    {
        w->out.searches[l] = w->out.unsolved[l] = w->out.unstable[l] = 0.0;
    }
}

void ps_hot_run(const ps_plan *plan, ps_work *work, const ps_job *job)
{
    work->plan = plan;
    work->job = job;
    work->luck_path = (uint64_t)job->path0 + (job->twin ? (uint64_t)1 << 48 : 0);
    work->front_done = false;
    work->present = NULL; /* calibration: everybody */
    if (!work->ready) {
        ps_hot_constants(work);
        work->ready = true;
    }
    clear_results(work);
    work->out.period.counts = plan->shares && !job->twin && job->path0 < PS_SHARED_PATHS;
    ps_hot_draw(work);
    ps_hot_setup(work);
    work->pass = (ps_pass){.whole = plan->whole, .calendar = 0xFFFFFFFFU};
    ps_hot_walk(work);
    total_parts(work);
    ps_hot_close(work);
    if (job->collection) {
        ps_hot_collect(work, job);
    }
    if (job->attribute) {
        ps_hot_attribute(work);
        ps_hot_collect_earnings(work, job);
    }
}
