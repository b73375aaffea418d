/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the sales team is paid: commission, quota and bonus, and what is taken back.
 * docs/model/money.md */
#include <string.h>

#include "engine/hot.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

/* Tiers hold for one representative; those in multiples of the quota for one quota. Both scale the
 * amount, so one factor serves. */
static double tier_scale(const ps_sales_team *team)
{
    const bool in_quota = team->commission->tiers_in == PS_TIERS_IN_QUOTA;

    return (double)team->representatives * (in_quota ? team->quota->amount : 1.0);
}

/* Commission on `base` added to the cumulative amount of the fiscal span. */
void ps_hot_commission(ps_work *w, const double *base, double *restrict amount)
{
    const ps_plan *p = w->plan;
    const ps_sales_team *team = p->scenario->sales_team;
    const double n = tier_scale(team);

    for (int l = 0; l < PS_LANES; l++) {
        const double before = w->t < w->end && p->fiscal[w->t] > 0.0 ? 0.0 : w->cumulative_base[l];
        const double after = before + base[l];

        amount[l] = n * (ps_commission_amount(team->commission, after / n) -
                         ps_commission_amount(team->commission, before / n));
        w->cumulative_base[l] = after;
        w->team_paid[l] += amount[l];
        w->team_base[l] += base[l];
    }
}

static const double *sales_on(const ps_work *w, int on)
{
    static const int metric[] = {[PS_COMMISSION_BOOKED] = PS_METRIC_booked,
                                 [PS_COMMISSION_INVOICED] = PS_METRIC_invoiced,
                                 [PS_COMMISSION_COLLECTED] = PS_METRIC_collected};

    return w->now[metric[on]];
}

/* Commission on value that should have been paid with the `paid` and never will, at the average
 * rate since the start. */
static void take_back(const ps_work *w, const double *paid, double *restrict back)
{
    const double part = w->plan->scenario->sales_team->clawback->bad_debt;

    LANES
    {
        const double bad = w->bad_debt[l], rate = w->team_paid[l] / w->team_base[l];

        back[l] = w->team_base[l] > 0.0 && bad < 1.0 && paid[l] > 0.0
                      ? part * rate * paid[l] * bad / (1.0 - bad)
                      : 0.0;
    }
}

/* Attainment grows over the span of the quota; in the span's last period the bonus is due. */
static void attain(ps_work *w)
{
    const ps_plan *p = w->plan;
    const ps_sales_team *team = p->scenario->sales_team;
    const double *sales = sales_on(w, team->quota->on), n = (double)team->representatives;
    double *bonus = w->now[PS_METRIC_bonus];
    const bool last = w->t + 1 == w->end || p->quota_start[w->t + 1] > 0.0;

    w->quota = (p->quota_start[w->t] > 0.0 ? 0.0 : w->quota) + p->quota[w->t];
    for (int l = 0; l < PS_LANES; l++) {
        w->quota_sales[l] = (p->quota_start[w->t] > 0.0 ? 0.0 : w->quota_sales[l]) + sales[l];
        w->now[PS_METRIC_quota_sales][l] = sales[l];
        w->now[PS_METRIC_quota][l] = p->quota[w->t];
        bonus[l] = last && team->bonus
                       ? n * ps_bonus_amount(team->bonus, w->quota / n, w->quota_sales[l] / n)
                       : 0.0;
    }
}

void ps_hot_team(ps_work *w, double *restrict due)
{
    const ps_sales_team *team = w->plan->scenario->sales_team;
    ps_lanes *now = w->now;

    if (team->commission && team->commission->on != PS_COMMISSION_BOOKED) {
        ps_hot_commission(w, sales_on(w, team->commission->on), now[PS_METRIC_commission]);
        memcpy(due, now[PS_METRIC_commission], sizeof(ps_lanes));
    }
    if (team->quota) {
        attain(w);
    }
    if (team->clawback) {
        take_back(w, now[PS_METRIC_collected], now[PS_METRIC_clawback]);
    }
    LANES
    {
        due[l] += now[PS_METRIC_bonus][l] - now[PS_METRIC_clawback][l];
    }
}

void ps_hot_team_settle(ps_work *w)
{
    const ps_sales_team *team = w->plan->scenario->sales_team;
    ps_lanes left, due, unpaid, back;

    if (!team || !team->commission) {
        return;
    }
    LANES
    {
        const double paid =
            (1.0 - w->bad_debt[l]) * w->sum.invoice[l] + w->opening_cash[l] - w->sum.collected[l];
        const double rest = team->commission->on == PS_COMMISSION_COLLECTED
                                ? paid
                                : w->sum.invoice[l] - w->sum.booked[l];

        left[l] = rest > 0.0 ? rest : 0.0;
        unpaid[l] = paid;
        back[l] = 0.0;
    }
    ps_hot_commission(w, left, due);
    if (team->clawback) {
        take_back(w, unpaid, back);
    }
    LANES
    {
        w->sum.commission[l] += due[l] - back[l];
    }
}
