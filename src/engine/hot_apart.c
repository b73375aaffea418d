/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk of a plan whose segments can be walked apart (ps_plan_plain says which): segment by
 * segment through all periods, in place of period by period through all segments. */
#include <string.h>

#include "engine/hot_collect.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

/* Deals and purchases decided in period t: what arrives at the choice. */
static void decided_in(const ps_work *w, int t, double *restrict sum)
{
    const ps_plan *p = w->plan;

    for (int s = 0; s < p->S; s++) {
        const double *in = w->inflow[(long)s * (p->ages + p->T_end) + p->ages + t];
        const double before = s == 0 ? 0.0 : 1.0;

        LANES
        {
            sum[l] = before * sum[l] + in[l];
        }
    }
}

/* A period's ledger and records in one pass, when its only costs are those of promotions. */
static void brief_period(ps_work *w)
{
    const ps_plan *p = w->plan;
    const ps_apart_rows *x = &w->apart[w->t];
    const double *discount = w->promoted[w->t] != 0 ? x->discount : w->zero;
    ps_lanes *series = w->out.series;
    double *revenue = series[p->brief[PS_BRIEF_REVENUE]],
           *contribution = series[p->brief[PS_BRIEF_CONTRIBUTION]],
           *collected = series[p->brief[PS_BRIEF_COLLECTED]],
           *units = series[p->brief[PS_BRIEF_UNITS]], *rate = series[p->brief[PS_BRIEF_RATE]];
    double *contributions = w->out.total[PS_METRIC_contribution],
           *invoiced = w->out.total[PS_METRIC_invoiced], *recognised = w->recognised_margin;
    ps_lanes cost_now, funding_now, here;
    const bool costs = ps_hot_promotion_money(w, cost_now, funding_now);
    const double *fixed = costs ? cost_now : w->zero, *funding = costs ? funding_now : w->zero;
    double *decided = w->out.period.counts ? w->out.period.decided[w->t] : here;

    if (w->out.period.counts) {
        memcpy(w->out.period.won[w->t], x->won, sizeof(ps_lanes));
    }
    decided_in(w, w->t, decided);
    LANES
    {
        const double margin = x->margin[l], booked = x->booked[l];
        const double left = margin - (fixed[l] - funding[l]);

        revenue[l] = booked;
        contribution[l] = left;
        collected[l] = (1.0 - w->bad_debt[l]) * booked;
        units[l] = x->won[l];
        rate[l] = decided[l] != 0.0 ? x->won[l] / decided[l] : 0.0;
        contributions[l] += left;
        invoiced[l] += booked;
        recognised[l] += margin;
    }
    if (costs || w->promoted[w->t] != 0) {
        double *cost = w->out.total[PS_METRIC_promotion_cost],
               *paid = w->out.total[PS_METRIC_promotion_fixed];

        LANES
        {
            cost[l] += discount[l] + fixed[l] - funding[l];
            paid[l] += fixed[l] - funding[l];
        }
    }
    ps_hot_collect_period(w);
}

static void brief_periods(ps_work *w)
{
    for (w->t = 0; w->t < w->end; w->t++) {
        brief_period(w);
    }
}

static void full_periods(ps_work *w)
{
    for (w->t = 0; w->t < w->end; w->t++) {
        const ps_apart_rows *x = &w->apart[w->t];

        memcpy(w->now[PS_METRIC_booked], x->booked, sizeof(ps_lanes));
        memcpy(w->margin_now, x->margin, sizeof(ps_lanes));
        memcpy(w->promotion_discount, w->promoted[w->t] != 0 ? x->discount : w->zero,
               sizeof(ps_lanes));
        ps_hot_ledger(w);
        ps_hot_record(w);
    }
}

/* Prices first, which hang on nothing sold, then the segments, and the periods' ledgers last. */
void ps_hot_apart(ps_work *w)
{
    const ps_plan *p = w->plan;

    for (w->t = 0; w->t < w->end; w->t++) {
        ps_hot_prices(w);
        memset(w->apart[w->t].discount, 0, w->promoted[w->t] != 0 ? sizeof(ps_lanes) : 0);
    }
    for (int s = 0; s < p->S; s++) {
        ps_hot_stages(w, s);
        ps_hot_choices(w, s);
    }
    LANES
    {
        w->funding_sales[l] = 0.0;
    }
    if (p->is_brief) {
        brief_periods(w);
    } else {
        full_periods(w);
    }
}
