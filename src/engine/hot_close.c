/* SPDX-License-Identifier: GPL-3.0-or-later */
/* After the last period: deals still open, eventual wins, backlog, and the balance checks.
 * docs/model/balance.md */
#include <string.h>

#include "engine/hot_customers.h"
#include "math/vmath.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

void ps_hot_base_sale(const ps_work *w, int s, int i, const double *n, const double *age,
                      ps_lanes *channels)
{
    const ps_plan *p = w->plan;
    const ps_offer *offer = (const ps_offer *)p->scenario->offers.items + i;
    const double *list = ps_number_lanes(&offer->list_price, w->values[0], 0);
    const double *paid = p->brand ? ps_number_lanes(&offer->wholesale, w->values[0], 0) : NULL;
    const double *log_b = w->basket_log[s], *sd = w->basket_sd[s];
    const double *factor = w->price_factor[s];
    const bool basket = p->segment[s].basket;
    const double *counted = p->segment[s].counted ? w->order_units[s] : NULL;

    LANES
    {
        const double depth = ps_hot_mean_depth(w, false, l);
        const double price = list[l] * factor[l];
        const double units =
            n[l] * (counted  ? counted[l]
                    : basket ? ps_exp(__builtin_fma(0.5 * sd[l], sd[l], log_b[l])) / price
                             : 1.0);
        const double shelf = units * price * w->net_of_vat[l];
        const double value = p->brand ? units * paid[l] : shelf;

        channels[PS_CH_N][l] += n[l];
        channels[PS_CH_Q][l] += units;
        channels[PS_CH_L][l] += value;
        channels[PS_CH_NEG][l] += value * depth;
        channels[PS_CH_AGE][l] += n[l] * age[l];
    }
}

/* Deals of segment s in the choice stage now, and how many of those that came in the window will be
 * won at the base row. */
static void open_choice(ps_work *w, int s, double *restrict open, double *restrict wins)
{
    const ps_plan *p = w->plan;
    const int A = p->ages;
    const long base = (long)s * (A + p->T_end) + A;
    ps_lanes later[2]; /* sum over b >= m of k r, rolling; and of k */

    LANES
    {
        open[l] = wins[l] = later[0][l] = later[1][l] = 0.0;
    }
    if (p->stage[p->choice_stage].hazard) {
        const double *stock = w->hazard_stock[p->choice_stage * p->S + s],
                     *old = w->hazard_opening[s];

        LANES
        {
            open[l] = stock[l];
            wins[l] = (stock[l] - old[l]) * w->win[s][l];
        }
        return;
    }
    for (int m = A - 1; m >= 1; m--) {
        const double *k = w->k[s * A + m], *odds = w->odds[s * A + m];
        const double *in = w->inflow[base + w->t - m];
        const int32_t *stock = w->stock + (size_t)(base + w->t - m) * PS_LANES;
        const double *left = p->hurries ? w->hurry_left[base + w->t - m] : NULL;
        const bool young = m <= w->t;

        LANES
        {
            later[0][l] += k[l] * (odds[l] / (1.0 + odds[l]));
            later[1][l] += k[l];
            const double held =
                w->pass.whole ? stock[l] : in[l] * later[1][l] * (left ? left[l] : 1.0);

            open[l] += held;
            wins[l] += young && later[1][l] > 0.0 ? held * (later[0][l] / later[1][l]) : 0.0;
        }
    }
}

static void worst(double *restrict residual, const double *a, const double *b, const double *scale)
{
    LANES
    {
        const double d = a[l] > b[l] ? a[l] - b[l] : b[l] - a[l];
        const double x = d / (scale[l] > 1.0 ? scale[l] : 1.0);

        residual[l] = x > residual[l] ? x : residual[l];
    }
}

/* Adds the deals that wait for a team before stage g. */
static void wait_for_teams(ps_work *w, int g)
{
    const ps_plan *p = w->plan;

    for (int z = 0; z < p->teams; z++) {
        double *all = w->out.team[z * PS_TEAM_SUMS + PS_TEAM_WAITING];

        for (int s = 0; s < p->S && p->team[z].stage == g; s++) {
            const double *n = w->queue_value[((long)p->G * p->S * p->I + s) * PS_CHANNELS];

            for (int l = 0; l < PS_LANES && p->team[z].serves[s]; l++) {
                all[l] += n[l];
                w->out.stage_waiting[g][l] += n[l];
            }
        }
    }
}

/* What stage g holds, from entered less left, against what its arrays hold. */
static void balance_stage(ps_work *w, int g, const double *choice_open)
{
    const ps_plan *p = w->plan;
    const int n = p->T_end + 1, lines = g > p->choice_stage ? p->S * p->I : p->S;
    double *open = w->out.stage_open[g];
    ps_lanes held;

    if (g > p->choice_stage) {
        memcpy(w->out.stage_lost[g], w->out.stage_lost_at[g], sizeof(ps_lanes));
    }
    LANES
    {
        w->out.stage_waiting[g][l] = 0.0;
    }
    for (int k = 0; k < lines && p->stage[g].capacity_per > 0.0; k++) {
        const double *waiting = w->queue_value[(long)(g * lines + k) * PS_CHANNELS];

        LANES
        {
            w->out.stage_waiting[g][l] += waiting[l];
        }
    }
    wait_for_teams(w, g);
    LANES
    {
        open[l] = w->out.stage_open_start[g][l] + w->out.stage_entered[g][l] -
                  w->out.stage_passed[g][l] - w->out.stage_lost[g][l];
        held[l] = w->out.stage_waiting[g][l] +
                  (g == p->choice_stage ? choice_open[l] : w->out.stage_beyond[g][l]);
    }
    if (g > p->choice_stage) {
        return; /* deals that will be lost later are not kept by period there */
    }
    for (int k = 0; k < lines; k++) {
        if (g != p->choice_stage && p->stage[g].hazard) {
            const double *stock = w->hazard_stock[g * p->S + k];

            LANES
            {
                held[l] += stock[l];
            }
        }
        for (int t = w->t; t < w->end && g != p->choice_stage && !p->stage[g].hazard; t++) {
            const long at = ((long)p->flow_row[g] * p->S + k) * n + t;
            const double *pass = w->flow[at], *fail = w->fail[at];

            LANES
            {
                held[l] += pass[l] + fail[l];
            }
        }
    }
    worst(w->out.funnel_residual, held, open, w->out.stage_entered[g]);
}

static void close_funnel(ps_work *w)
{
    const ps_plan *p = w->plan;
    const int g = p->choice_stage;
    double *open_deals = w->out.total[PS_METRIC_open_deals];
    ps_lanes open, wins, all;

    LANES
    {
        all[l] = 0.0;
    }
    for (int s = 0; s < p->S; s++) {
        double *eventual = w->out.segment[s * PS_SEG_ROWS + PS_SEG_EVENTUAL];

        if (g >= 0) {
            open_choice(w, s, open, wins);
            LANES
            {
                all[l] += open[l];
                eventual[l] += wins[l];
                w->out.total[PS_METRIC_eventual_wins][l] += wins[l];
                w->out.stage_lost[g][l] += w->out.segment[s * PS_SEG_ROWS + PS_SEG_DECIDED][l];
            }
            for (int i = 0; i < p->I; i++) {
                const double *won = w->out.line[(s * p->I + i) * PS_LINE_METRICS + PS_LINE_WON];

                LANES
                {
                    w->out.stage_passed[g][l] += won[l];
                    w->out.stage_lost[g][l] -= won[l];
                }
            }
        }
        double *customers = w->out.segment[s * PS_SEG_ROWS + PS_SEG_CUSTOMERS];

        LANES
        {
            customers[l] = eventual[l] * w->downstream[s][l];
            w->out.total[PS_METRIC_eventual_customers][l] += customers[l];
        }
    }
    for (int h = 0; h < p->choice_stage && !w->pass.whole;
         h++) { /* constant hazards keep their stock's sum only */
        for (int s = 0; s < p->S && p->stage[h].hazard; s++) {
            const double *c = ps_stage_conversion(w, h, s), *rate = w->stage_hazard[h];
            const double *sum = w->stock_sum[h * p->S + s];

            LANES
            {
                w->out.stage_passed[h][l] += rate[l] * c[l] * sum[l];
                w->out.stage_lost[h][l] += rate[l] * (1.0 - c[l]) * sum[l];
            }
        }
    }
    LANES
    {
        open_deals[l] = 0.0;
    }
    for (int h = 0; h < p->G; h++) { /* what enters a stage is what passed the one before */
        memcpy(w->out.stage_entered[h],
               h == 0 ? w->out.total[PS_METRIC_leads] : w->out.stage_passed[h - 1], sizeof all);
        balance_stage(w, h, all);
        const double *x = w->out.stage_open[h];

        LANES
        {
            open_deals[l] += x[l];
        }
    }
}

/* Signed value that is recognised after the last period: of the window's contracts and of those
 * from before it. */
static void close_money(ps_work *w)
{
    const ps_plan *p = w->plan;
    ps_lanes revenue, margin, cash, due, list, left;

    LANES
    {
        revenue[l] = w->signed_revenue[l];
        margin[l] = w->signed_margin[l];
        cash[l] = w->cash_beyond[l];
        due[l] = (1.0 - w->bad_debt[l]) * w->out.total[PS_METRIC_booked][l] + w->opening_cash[l];
        list[l] = w->out.total[PS_METRIC_list_value][l];
        left[l] = list[l] - w->out.total[PS_METRIC_pocket_value][l];
    }
    for (int line = 0; line < p->S * p->I && p->span > 1; line++) {
        const double *flow = w->open_flow[line], *value = w->open_value[line],
                     *each = w->open_margin[line];
        const double mean = p->recognition_mean[line % p->I];

        LANES
        {
            revenue[l] += flow[l] * value[l] * mean;
            margin[l] += flow[l] * each[l] * mean;
        }
    }
    LANES
    {
        revenue[l] -= w->out.total[PS_METRIC_revenue][l];
        margin[l] -= w->recognised_margin[l];
        cash[l] += w->out.total[PS_METRIC_collected][l];
    }
    memcpy(w->out.total[PS_METRIC_backlog_revenue], revenue, sizeof revenue);
    memcpy(w->out.total[PS_METRIC_backlog_contribution], margin, sizeof margin);
    worst(w->out.cash_residual, cash, due, due);
    for (int k = 0; k < p->steps; k++) {
        const double *x = w->out.step[k];

        LANES
        {
            left[l] -= x[l];
        }
    }
    LANES
    {
        cash[l] = 0.0;
    }
    worst(w->out.waterfall_residual, left, cash, list);
}

/* Prices of own and rival offers: mean over the periods, and the last. */
static void price_means(ps_work *w)
{
    const ps_plan *p = w->plan;

    for (int j = 0; j < p->I + p->C; j++) {
        const int items = j < p->I ? p->I : p->C, item = j < p->I ? j : j - p->I;
        ps_lanes *rows = (j < p->I ? w->history_list : w->history_rival) + item;
        double *mean = w->out.price[j];

        LANES
        {
            mean[l] = 0.0;
        }
        for (int t = 1; t <= p->T; t++) {
            const double *x = rows[t * items];

            LANES
            {
                mean[l] += x[l];
            }
        }
        LANES
        {
            mean[l] /= p->T;
        }
        memcpy(w->out.last_price[j], rows[p->T * items], sizeof(ps_lanes));
    }
}

/* Customers at the end by their cohorts, against those at the start and who came and left. */
static void balance_customers(ps_work *w)
{
    const ps_plan *p = w->plan;
    ps_lanes held;

    for (int line = 0; line < p->S * p->I && p->base; line++) {
        ps_hot_base_count(w, line, held);
        worst(w->out.funnel_residual, held, w->base_now[line * PS_BASE + PS_BASE_ACTIVE], held);
    }
}

/* What is left of a cell's margin after what its customers cost to win. */
static void close_cell_earned(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    ps_lanes *row = w->out.segment + s * PS_SEG_ROWS;
    const double *spent = row[PS_SEG_ACQUISITION];
    double *earned = row[PS_SEG_EARNED], *total = w->out.total[PS_METRIC_earned];

    for (int i = 0; i < p->I; i++) {
        const double *margin = w->out.line[(s * p->I + i) * PS_LINE_METRICS + PS_LINE_MARGIN];
        const double *again =
            p->base ? w->base_sum[(s * p->I + i) * PS_BASE + PS_BASE_MARGIN] : w->zero;

        LANES
        {
            earned[l] += margin[l] - again[l];
        }
    }
    LANES
    {
        earned[l] -= spent[l];
        total[l] += earned[l];
    }
}

/* Leads of the horizon that customers brought. */
static void close_referred(ps_work *w)
{
    const ps_plan *p = w->plan;
    double *total = w->out.total[PS_METRIC_referrals];

    for (int s = 0; s < p->S && p->refers; s++) {
        double *sum = w->out.segment[s * PS_SEG_ROWS + PS_SEG_REFERRED];

        for (int t = 0; t < p->T; t++) {
            const double *x = w->life.referred[(long)s * p->T_end + t];

            LANES
            {
                sum[l] += x[l];
            }
        }
        LANES
        {
            total[l] += sum[l];
        }
    }
}

/* What each cell's customers cost to win, and what is left after that. */
static void close_earned(ps_work *w)
{
    const ps_plan *p = w->plan;

    for (int s = 0; s < p->S; s++) {
        ps_lanes *row = w->out.segment + s * PS_SEG_ROWS;
        const double *leads = row[PS_SEG_LEADS], *referred = row[PS_SEG_REFERRED];
        double *spent = row[PS_SEG_ACQUISITION];

        for (int l = 0; l < PS_LANES && p->has[PS_METRIC_acquisition_cost]; l++) {
            spent[l] = w->lead_cost[s][l] * (leads[l] - referred[l]) + w->spend[s][l] * p->T;
        }
        for (int z = 0; z < p->teams; z++) {
            const double *pay = w->out.team[z * PS_TEAM_SUMS + PS_TEAM_PAY];

            for (int l = 0; l < PS_LANES && p->team[z].serves[s]; l++) {
                spent[l] += w->team_part[s][l] * pay[l];
            }
        }
        if (p->pipeline) {
            close_cell_earned(w, s);
        }
    }
}

/* A metric after the last period, of a goal's scope. */
static void closed_value(const ps_work *w, const ps_plan_goal *goal, int metric,
                         double *restrict sum)
{
    const ps_plan *p = w->plan;
    const int line = p->line_of[metric],
              row = p->segment_of[metric] >= 0 ? p->segment_of[metric] : p->closed_of[metric];

    if (!goal->segment_in) {
        memcpy(sum, w->out.total[metric], sizeof(ps_lanes));
        return;
    }
    for (int s = 0; s < p->S; s++) {
        const double *x = w->out.segment[s * PS_SEG_ROWS + (row >= 0 ? row : 0)];

        for (int l = 0; l < PS_LANES && line < 0 && goal->segment_in[s]; l++) {
            sum[l] += x[l];
        }
        for (int i = 0; i < p->I && line >= 0 && goal->segment_in[s]; i++) {
            const double *y = w->out.line[(s * p->I + i) * PS_LINE_METRICS + line];

            for (int l = 0; l < PS_LANES && (goal->offer < 0 || goal->offer == i); l++) {
                sum[l] += y[l];
            }
        }
    }
}

static void close_goals(ps_work *w)
{
    for (int k = 0; k < w->plan->goals; k++) {
        const ps_plan_goal *goal = &w->plan->goal[k];
        const ps_metric_info *info = &ps_metric_table[goal->metric];
        const bool ratio = info->kind == PS_METRIC_IS_RATIO;

        if (goal->closed) {
            closed_value(w, goal, ratio ? info->numerator : goal->metric, w->out.goal[k * 2]);
        }
        if (goal->closed && ratio) {
            closed_value(w, goal, info->denominator, w->out.goal[k * 2 + 1]);
        }
    }
}

void ps_hot_close(ps_work *w)
{
    LANES
    {
        w->out.funnel_residual[l] = w->out.waterfall_residual[l] = 0.0;
        w->out.cash_residual[l] = w->out.promotion_residual[l] = 0.0;
    }
    price_means(w);
    close_funnel(w);
    balance_customers(w);
    close_referred(w);
    close_earned(w);
    if (w->plan->life) {
        ps_hot_lifetime_close(w);
    }
    close_money(w);
    close_goals(w);
}
