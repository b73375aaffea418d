/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ledger of a period: what is recognised, invoiced and collected, commissions, promotion money,
 * other costs, present value. docs/model/money.md */
#include <string.h>

#include "engine/hot_members.h"
#include "math/vmath.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

/* Recognised revenue and margin, invoices and cash of this period. */
static void recognise(ps_work *w, double *restrict margin)
{
    const ps_plan *p = w->plan;
    double *revenue = w->now[PS_METRIC_revenue], *billed = w->now[PS_METRIC_invoiced],
           *paid = w->now[PS_METRIC_collected];
    const double *booked = w->now[PS_METRIC_booked];
    const bool detail = w->t < p->T && !w->pass.settle;

    if (p->span == 1) { /* what is signed is recognised, invoiced and paid at once */
        LANES
        {
            revenue[l] = billed[l] = booked[l];
            paid[l] = (1.0 - w->bad_debt[l]) * booked[l];
            margin[l] = w->margin_now[l];
        }
        return;
    }
    LANES
    {
        revenue[l] = billed[l] = paid[l] = margin[l] = 0.0;
    }
    for (int line = 0; line < p->S * p->I; line++) {
        const long at = ps_hot_future_at(w, line);
        const double *x = w->rec_revenue[at], *m = w->rec_margin[at], *bill = w->inv_future[at],
                     *cash = w->cash_future[at];
        double *sum = w->line_revenue[line], *sum_cash = w->line_cash[line];
        const double count = detail ? 1.0 : 0.0;

        LANES
        {
            revenue[l] += x[l];
            billed[l] += bill[l];
            paid[l] += cash[l];
            margin[l] += m[l];
            sum[l] += count * x[l];
            sum_cash[l] += count * cash[l];
        }
    }
}

bool ps_hot_promotion_money(ps_work *w, double *restrict fixed, double *restrict funding)
{
    const ps_plan *p = w->plan;
    bool any = false;

    if (p->fee_set != 0) { /* zero from the start without */
        memset(w->fees_now, 0, sizeof(ps_lanes));
    }
    for (int m = 0; m < p->M; m++) {
        const ps_plan_promotion *promo = &p->promotion[m];
        const ps_promotion_cost *cost = promo->promotion->fixed_cost;
        const ps_funding *fund = promo->promotion->funding;
        const double first = promo->first_period == w->t ? 1.0 : 0.0;

        if (!(w->pass.calendar >> m & 1U) || (promo->active[w->t] <= 0.0 && first == 0.0)) {
            continue;
        }
        if (!any && (cost || fund)) {
            memset(fixed, 0, sizeof(ps_lanes));
            memset(funding, 0, sizeof(ps_lanes));
            any = true;
        }
        if (cost) {
            const double *once =
                cost->once.given ? ps_number_lanes(&cost->once, w->values[0], 0) : NULL;
            const double *weekly =
                cost->per_week.given ? ps_number_lanes(&cost->per_week, w->values[0], 0) : NULL;

            LANES
            {
                fixed[l] += (once ? once[l] * first : 0.0) +
                            (weekly ? weekly[l] * promo->weeks[w->t] : 0.0);
            }
        }
        if (p->fee_set >> m & 1U) {
            ps_hot_fees(w, m, w->fees_now);
        }
        if (fund) {
            const double *once =
                fund->once.given ? ps_number_lanes(&fund->once, w->values[0], 0) : NULL;
            const double *unit =
                fund->per_unit.given ? ps_number_lanes(&fund->per_unit, w->values[0], 0) : NULL;
            const double *share = fund->share_of_discount.given
                                      ? ps_number_lanes(&fund->share_of_discount, w->values[0], 0)
                                      : NULL;
            const double *units = w->promoted_units[m], *discount = w->promoted_discount[m];

            LANES
            {
                const double sales =
                    (unit ? unit[l] * units[l] : 0.0) + (share ? share[l] * discount[l] : 0.0);

                w->funding_sales[l] += sales;
                funding[l] += (once ? once[l] * first : 0.0) + sales;
            }
        }
    }
    return any;
}

static void fixed_costs(const ps_work *w, double *restrict cost)
{
    const ps_costs *costs = w->plan->scenario->costs;

    LANES
    {
        cost[l] = 0.0;
    }
    if (costs->fixed_per_month.given) {
        const double *x = ps_number_lanes(&costs->fixed_per_month, w->values[0], 0);
        const double months = w->plan->period_days / (365.25 / 12.0);

        LANES
        {
            cost[l] += x[l] * months;
        }
    }
    if (costs->once.given && w->t == 0) {
        const double *x = ps_number_lanes(&costs->once, w->values[0], 0);

        LANES
        {
            cost[l] += x[l];
        }
    }
}

/* Present value of this period's cash: what is collected less what is paid, at the period's end. */
static void present_value(ps_work *w, const double *other)
{
    const ps_plan *p = w->plan;
    const ps_costs *costs = p->scenario->costs;

    if (!costs->discount_rate_per_year.given) {
        return;
    }
    const double *rate = ps_number_lanes(&costs->discount_rate_per_year, w->values[0], 0);
    const double years = (w->t + 1) * p->period_days / 365.25;
    ps_lanes paid;

    memcpy(paid, other, sizeof paid);
    for (int line = 0; line < p->S * p->I; line++) {
        const double *invoice = w->line_invoice[line], *margin = w->line_margin[line];

        LANES
        {
            paid[l] += invoice[l] - margin[l];
        }
    }
    LANES
    {
        w->now[PS_METRIC_npv][l] =
            (w->now[PS_METRIC_collected][l] - paid[l]) * ps_exp2(-years * ps_log2(1.0 + rate[l]));
    }
}

/* Stock: what could not be served, and at the end of the horizon what is left: it is sold off at
 * its salvage value. */
static void stock_ledger(ps_work *w)
{
    const ps_plan *p = w->plan;
    const ps_offer *offers = p->scenario->offers.items;
    ps_lanes *now = w->now;

    LANES
    {
        now[PS_METRIC_lost_sales][l] = w->lost_units[l];
        now[PS_METRIC_unsold][l] = now[PS_METRIC_write_off][l] = 0.0;
    }
    for (int i = 0; i < p->I && w->t == p->T - 1; i++) {
        double *left = w->stock_left[i];

        if (offers[i].stock.given) {
            LANES
            {
                now[PS_METRIC_unsold][l] += left[l];
            }
        }
        if (offers[i].salvage.given) {
            const double *value = ps_number_lanes(&offers[i].salvage, w->values[0], 0);

            LANES
            {
                now[PS_METRIC_write_off][l] += left[l] * (w->cost[i][l] - value[l]);
                left[l] = 0.0;
            }
        }
    }
}

void ps_hot_ledger(ps_work *w)
{
    const ps_plan *p = w->plan;
    const ps_sales_team *team = p->scenario->sales_team;
    const bool booked = team && team->commission && team->commission->on == PS_COMMISSION_BOOKED;
    ps_lanes *now = w->now;
    ps_lanes fixed, funding, other, due, margin;

    LANES
    {
        due[l] = 0.0;
    }
    recognise(w, margin);
    if (team) {
        ps_hot_team(w, due);
    }
    if (!ps_hot_promotion_money(w, fixed, funding)) {
        memset(fixed, 0, sizeof fixed);
        memset(funding, 0, sizeof funding);
    }
    fixed_costs(w, other);
    LANES
    {
        now[PS_METRIC_acquisition_cost][l] = 0.0;
    }
    for (int s = 0; s < p->S && p->has[PS_METRIC_acquisition_cost]; s++) {
        const double *leads = w->leads[(long)s * p->T_end + w->t], *each = w->lead_cost[s],
                     *spend = w->spend[s];

        const double *referred = p->refers ? w->life.referred[(long)s * p->T_end + w->t] : w->zero;

        LANES
        {
            now[PS_METRIC_acquisition_cost][l] += each[l] * (leads[l] - referred[l]) + spend[l];
        }
    }
    for (int z = 0; z < p->teams; z++) {
        const double *pay = w->team_pay[(long)z * p->T_end + w->t];

        LANES
        {
            now[PS_METRIC_acquisition_cost][l] += pay[l];
        }
    }
    LANES
    {
        w->fixed_now[l] = fixed[l];
        w->funding_now[l] = funding[l];
        const double fees = w->fees_now[l];

        now[PS_METRIC_promotion_fixed][l] = fixed[l] - funding[l] - fees;
        now[PS_METRIC_promotion_cost][l] = w->promotion_discount[l] + fixed[l] - funding[l] - fees;
        other[l] += now[PS_METRIC_acquisition_cost][l] + fixed[l] - funding[l] - fees;
        now[PS_METRIC_contribution][l] = margin[l] - due[l] - other[l];
        w->recognised_margin[l] += margin[l];
    }
    if (p->rationed) {
        stock_ledger(w);
        LANES
        {
            other[l] += now[PS_METRIC_write_off][l];
            now[PS_METRIC_contribution][l] -= now[PS_METRIC_write_off][l];
        }
    }
    LANES
    {
        other[l] += due[l] + (booked ? now[PS_METRIC_commission][l] : 0.0);
    }
    if (!w->pass.settle && w->t < p->T) {
        present_value(w, other);
    }
}
