/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A promotion, or the end of a quarter, makes open deals decide sooner: h' = 1 - (1 - h)^f, f =
 * exp(x depth) times the quarter's, for the buyers of each exposure class. Deals are moved to an
 * earlier period, none is made. docs/model/timing.md
 */
#include <string.h>

#include "engine/hot.h"
#include "engine/hot_timing.h"
#include "math/vmath.h"

#define LOG2E 1.4426950408889634074
#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

static const double *class_share(const ps_work *w, int e)
{
    return w->classes > 1 && e == 0 ? w->nobody : w->class_weight[e];
}

static bool hazard_stage(const ps_plan *p)
{
    return p->stage[p->choice_stage].hazard;
}

/* The exponent of this period's part in the end of a quarter. */
static void quarter_end(const ps_work *w, double *restrict f)
{
    const ps_plan *p = w->plan;
    const double part = p->quarter_end ? p->quarter_end[w->t] : 0.0;
    const double *times =
        p->quarter_end ? ps_number_lanes(&p->scenario->funnel->quarter_end->times, w->values[0], 0)
                       : w->zero;

    LANES
    {
        f[l] = part > 0.0 ? 1.0 + part * (times[l] - 1.0) : 1.0;
    }
}

/* Exponents of the classes: the largest acceleration of the class's promotions in `set` times the
 * depth of its prices, offers weighted by the base mix; times the quarter's. Returns whether any
 * class has one. */
static bool exponents(ps_work *w, int s, uint32_t set)
{
    const ps_plan *p = w->plan;
    bool any = p->quarter_end && p->quarter_end[w->t] > 0.0;
    ps_lanes quarter;

    quarter_end(w, quarter);
    for (int e = 0; e < w->classes; e++) {
        double *f = w->hurry[e];
        ps_lanes most, depth;

        memset(most, 0, sizeof most);
        memset(depth, 0, sizeof depth);
        for (int m = 0; m < p->M; m++) {
            if ((w->class_set[e] & set) >> m & 1U) {
                const double *x =
                    ps_number_lanes(&p->promotion[m].promotion->acceleration, w->values[0], s);

                any = true;
                LANES
                {
                    most[l] = x[l] > most[l] ? x[l] : most[l];
                }
            }
        }
        for (int i = 0; i < p->I; i++) {
            const double *mix = w->mix[s * p->I + i], *price = w->class_price[e * p->I + i],
                         *list = w->list[p->price_row[s * p->I + i]];

            LANES
            {
                depth[l] += list[l] > 0.0 ? mix[l] * (1.0 - price[l] / list[l]) : 0.0;
            }
        }
        LANES
        {
            const double by = most[l] * depth[l];

            f[l] = (by > 0.0 ? ps_exp2(LOG2E * by) : 1.0) * quarter[l];
        }
    }
    return any;
}

/* Hazards of the age with the promotions: of each class, and of all buyers. */
static void hazards(ps_work *w, int s, int a)
{
    const ps_plan *p = w->plan;
    const double *h = hazard_stage(p) ? w->choice_hazard : w->hazard[s * p->ages + a];
    double *all = w->hurry_hazard[a];
    ps_lanes stay;

    LANES
    {
        stay[l] = ps_log2(h[l] < 1.0 ? 1.0 - h[l] : 1.0);
        all[l] = 0.0;
    }
    for (int e = 0; e < w->classes; e++) {
        const double *f = w->hurry[e], *share = class_share(w, e);
        double *x = w->hurry_of[e * p->ages + a];

        LANES
        {
            const double sooner = 1.0 - ps_exp2(f[l] * stay[l]);

            x[l] = f[l] > 1.0 && h[l] < 1.0 ? sooner : h[l];
            all[l] = __builtin_fma(share[l], x[l], all[l]);
        }
    }
}

/* Whole deals: a class's part of this period's expected decisions, over its part of the buyers. */
static void class_parts(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const int A = p->ages;
    const int32_t *stock = w->stock + (size_t)(s * (A + p->T_end) + A + w->t) * PS_LANES;

    ps_lanes all;

    memset(all, 0, sizeof all);
    for (int e = 0; e < w->classes; e++) {
        const double *share = class_share(w, e);
        double *part = w->hurry_part[e];

        memset(part, 0, sizeof(ps_lanes));
        for (int a = 0; a < A; a++) {
            const int32_t *deals = stock - (long)a * PS_LANES;
            const double *h = w->hurry_of[e * A + a];

            LANES
            {
                part[l] += deals[l] * h[l];
            }
        }
        LANES
        {
            all[l] += share[l] * part[l];
        }
    }
    for (int e = 0; e < w->classes; e++) {
        double *part = w->hurry_part[e];

        LANES
        {
            part[l] = all[l] > 0.0 ? part[l] / all[l] : 1.0;
        }
    }
}

void ps_hot_hurry(ps_work *w, int s)
{
    const ps_plan *p = w->plan;

    const bool live = w->pass.calendar != 0 && ps_hot_timing_live(w);

    w->hurried = exponents(w, s, live ? p->hurry_set : 0);
    if (!w->hurried) {
        return;
    }
    for (int a = 0; a < p->ages; a++) {
        hazards(w, s, a);
    }
    if (w->pass.whole) {
        class_parts(w, s);
    }
}

static void hurry(ps_work *w, int s, int e)
{
    const ps_plan *p = w->plan;

    for (int a = 0; a < p->ages; a++) {
        double *n = w->decide[a];
        const double *h = hazard_stage(p) ? w->choice_hazard : w->hazard[s * p->ages + a];
        const double *x = e < 0 ? w->hurry_hazard[a] : w->hurry_of[e * p->ages + a];

        LANES
        {
            n[l] *= h[l] > 0.0 ? x[l] / h[l] : 1.0;
        }
    }
}

/* Expected flows: w->decide, deciders without acceleration, become those of class e (as if all
 * buyers were in it), or of all. */
void ps_hot_hurry_deciders(ps_work *w, int s, int e)
{
    const ps_plan *p = w->plan;
    const long cohort = (long)s * (p->ages + p->T_end) + p->ages + w->t;

    for (int a = 0; a < p->ages && !hazard_stage(p); a++) {
        double *n = w->decide[a];
        const double *kept = w->hurry_left[cohort - a];

        LANES
        {
            n[l] *= kept[l];
        }
    }
    if (w->hurried) {
        hurry(w, s, e);
    }
}

void ps_hot_hurry_parts(ps_work *w)
{
    const double *all = w->decided;

    for (int e = 0; e < w->classes; e++) {
        double *part = w->hurry_part[e];

        LANES
        {
            part[l] = all[l] > 0.0 ? part[l] / all[l] : 1.0;
        }
    }
}

/* After the decisions of expected flows: of each cohort, the part of those who would be undecided
 * without acceleration that still are. */
void ps_hot_hurry_pass(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const long cohort = (long)s * (p->ages + p->T_end) + p->ages + w->t;

    for (int a = 0; a < p->ages && w->hurried && !w->pass.whole && !hazard_stage(p); a++) {
        double *left = w->hurry_left[cohort - a];
        const double *h = w->hazard[s * p->ages + a], *sooner = w->hurry_hazard[a];

        LANES
        {
            left[l] *= h[l] < 1.0 ? (1.0 - sooner[l]) / (1.0 - h[l]) : 1.0;
        }
    }
}

void ps_hot_hurry_start(ps_work *w)
{
    const long n = (long)w->plan->S * (w->plan->ages + w->plan->T_end);

    w->hurried = false;
    for (long k = 0; k < n; k++) {
        LANES
        {
            w->hurry_left[k][l] = 1.0;
        }
    }
}
