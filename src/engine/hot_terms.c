/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prepay and extended terms: steps of the waterfall whose takers pay at another time. Of the
 * invoice value V a step before the invoice with rate r and take-up u has the part u (1 - r) /
 * (1 - u r), one after it u. docs/model/money.md */
#include "engine/hot.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

/* Part of the invoice value that the takers of step k owe. */
static void part_of(const ps_work *w, int k, bool before, double *restrict part)
{
    const ps_step *step = w->plan->step[k].step;
    const double *rate = ps_number_lanes(&step->rate, w->values[0], 0);
    const double *take_up = ps_number_lanes(&step->take_up, w->values[0], 0);

    LANES
    {
        const double r = before ? rate[l] : 0.0, left = 1.0 - take_up[l] * r;

        part[l] = left > 0.0 ? take_up[l] * (1.0 - r) / left : 0.0;
    }
}

/* Sum of the parts of the steps that are paid at the signing (upfront), or of all. */
static void sum_parts(const ps_work *w, bool upfront, double *restrict sum)
{
    const ps_plan *p = w->plan;
    bool before = true;
    ps_lanes part;

    LANES
    {
        sum[l] = 0.0;
    }
    for (int k = 0; k < p->steps; k++) {
        const ps_step *step = p->step[k].step;

        before = before && p->step[k].reserved != PS_STEP_INVOICE;
        if (step && step->paid && (step->paid->upfront || !upfront)) {
            part_of(w, k, before, part);
            LANES
            {
                sum[l] += part[l];
            }
        }
    }
}

/* Adds the lags of `ordinary` [n], later by the step's days, to those of `collect`. */
static void add_later(const ps_work *w, const ps_step *step, const double *part,
                      const double *scale, ps_lanes *ordinary, ps_lanes *collect)
{
    const int n = w->plan->T_end;
    const double *days = ps_number_lanes(&step->paid->days_later, w->values[0], 0);

    for (int l = 0; l < PS_LANES; l++) {
        const double x = days[l] / w->plan->period_days;
        const int whole = x < n ? (int)x : n;
        const double rest = x - whole;

        for (int a = 0; a + whole < n; a++) {
            const double y = part[l] * scale[l] * ordinary[a][l];

            collect[a + whole][l] += (1.0 - rest) * y;
            if (a + whole + 1 < n) {
                collect[a + whole + 1][l] += rest * y;
            }
        }
    }
}

static void change_kernel(ps_work *w, int i, const double *scale)
{
    const ps_plan *p = w->plan;
    const int n = p->T_end;
    ps_lanes *collect = w->collect + i * (n + 1), *ordinary = w->lane_scratch + 8;
    bool before = true;
    ps_lanes part, all;

    sum_parts(w, false, all);
    for (int a = 0; a < n; a++) {
        LANES
        {
            ordinary[a][l] = collect[a][l];
            collect[a][l] *= 1.0 - all[l] * scale[l];
        }
    }
    for (int k = 0; k < p->steps; k++) {
        const ps_step *step = p->step[k].step;

        before = before && p->step[k].reserved != PS_STEP_INVOICE;
        if (!step || !step->paid) {
            continue;
        }
        part_of(w, k, before, part);
        if (step->paid->upfront) {
            LANES
            {
                collect[0][l] += part[l] * scale[l];
            }
        } else {
            add_later(w, step, part, scale, ordinary, collect);
        }
    }
    w->collect_n[i] = n;
}

void ps_hot_terms(ps_work *w)
{
    const ps_plan *p = w->plan;
    ps_lanes all, scale;

    sum_parts(w, false, all);
    sum_parts(w, true, w->upfront);
    LANES
    {
        scale[l] = all[l] > 1.0 ? 1.0 / all[l] : 1.0; /* drawn take-ups may add up to more than 1 */
        w->upfront[l] *= scale[l];
    }
    for (int i = 0; i < p->I; i++) {
        change_kernel(w, i, scale);
    }
    LANES
    {
        w->bad_debt[l] *= 1.0 - w->upfront[l];
    }
}
