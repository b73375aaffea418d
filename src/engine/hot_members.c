/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Members of segments: how many occasions are theirs, whom they are joined by, what they pay. A
 * member's cell stands behind that of the others of its segment and channel.
 * docs/model/members.md */
#include "engine/hot_members.h"

#include <string.h>

#include "math/vmath.h"
#include "model/view.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

void ps_hot_relative(ps_work *w, int s)
{
    const ps_plan_segment *cell = &w->plan->segment[s];
    const double *x = ps_number_lanes(&cell->segment->relative_sensitivity, w->values[0], s);
    double *to = w->relative[s];

    memcpy(to, x, sizeof(ps_lanes));
    if (cell->member) {
        const double *y = ps_number_lanes(&cell->members->relative_sensitivity, w->values[0], s);

        LANES
        {
            to[l] *= y[l];
        }
    }
}

void ps_hot_member_arrivals(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const ps_plan_segment *cell = &p->segment[s];
    double *all = w->arrivals[s];
    ps_lanes others, stay; /* parts of the occasions, kept part of a period */

    LANES
    {
        others[l] = stay[l] = 1.0;
    }
    if (cell->members) {
        const double *share = ps_number_lanes(&cell->members->share, w->values[0], s);

        LANES
        {
            others[l] = 1.0 - share[l];
        }
    }
    if (cell->members && cell->members->joining) {
        const ps_rate *rate = &cell->members->joining->rate;
        const double *x = ps_number_lanes(&rate->value, w->values[0], s);

        for (int l = 0; l < PS_LANES; l++) {
            stay[l] = 1.0 - ps_view_per_period(x[l], p->period_days, p->joining_days[s]);
        }
    }
    for (int t = 0; t < p->T_end; t++) {
        double *to = w->arriving[(long)s * p->T_end + t];

        LANES
        {
            to[l] = all[l] * (cell->member ? 1.0 - others[l] : others[l]);
            others[l] *= stay[l];
        }
    }
    memcpy(all, w->arriving[(long)s * p->T_end], sizeof(ps_lanes));
}

/* x += part (y - x), rows [n]. */
static void mix(ps_lanes *x, ps_lanes *y, int n, const double *part)
{
    for (int i = 0; i < n; i++) {
        double *to = x[i];
        const double *from = y[i];

        LANES
        {
            to[l] = __builtin_fma(part[l], from[l] - to[l], to[l]);
        }
    }
}

void ps_hot_join(ps_work *w)
{
    const ps_plan *p = w->plan;

    for (int s = 0; s < p->S; s++) {
        const double *now = w->arriving[(long)s * p->T_end + w->t],
                     *before = w->arriving[(long)s * p->T_end + w->t - 1];
        ps_lanes joined;

        if (!p->segment[s].member || !p->segment[s].members->joining) {
            continue;
        }
        LANES
        {
            joined[l] = now[l] > 0.0 ? 1.0 - before[l] / now[l] : 0.0;
        }
        mix(w->reference + s * p->I, w->reference + (s - 1) * p->I, p->I, joined);
        mix(w->reference_rival + s * p->C, w->reference_rival + (s - 1) * p->C, p->C, joined);
        mix(w->image + s, w->image + s - 1, 1, joined);
    }
}

/* Fees of promotion m in period t. */
static void fees_at(const ps_work *w, int m, int t, double *restrict fees)
{
    const ps_plan *p = w->plan;
    const ps_plan_promotion *promo = &p->promotion[m];
    const ps_rate *rate = ps_hot_promotion_kind(p, m)->members(promo->promotion->kind.params);
    const double *fee = ps_number_lanes(&rate->value, w->values[0], 0);

    for (int s = 0; s < p->S; s++) {
        if (!promo->in_segment[s]) {
            continue;
        }
        const double *each =
            ps_number_lanes(&p->segment[s].members->occasions->rate.value, w->values[0], s);
        const double *all = w->arriving[(long)s * p->T_end + t], *growth = w->growth[s];
        const double per = promo->active[t] * promo->fee_per[s];

        LANES
        {
            fees[l] += per * fee[l] * w->net_of_vat[l] * all[l] * ps_exp2(growth[l] * t) / each[l];
        }
    }
}

void ps_hot_fees(const ps_work *w, int m, double *restrict fees)
{
    fees_at(w, m, w->t, fees);
}

void ps_hot_fees_touched(ps_work *w)
{
    const ps_plan *p = w->plan;
    double *all = w->split.promotion[p->M * PS_TOUCH + PS_TOUCH_FEES];

    for (int m = 0; m < p->M; m++) {
        double *to = w->split.promotion[m * PS_TOUCH + PS_TOUCH_FEES];

        for (int t = 0; t < p->T_end && (p->fee_set >> m & 1U); t++) {
            fees_at(w, m, t, to);
        }
        LANES
        {
            all[l] += to[l];
        }
    }
}
