/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rivals that are full: who is turned away chooses once more, among all that are not. In a plain
 * logit that is what happens when the attraction of each full rival falls by one factor per segment
 *
 *   f_c = phi_c (1 - F) / (1 - F'),  F = sum of s_c,  F' = sum of phi_c s_c  over the full ones
 *
 * with s_c its share of the segment's decisions and phi_c the served part. docs/model/prices.md */
#include <string.h>

#include "engine/hot.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

void ps_hot_nobody_full(ps_work *w)
{
    for (int k = 0; k < w->plan->S * w->plan->C; k++) {
        LANES
        {
            w->full[k][l] = 1.0;
        }
    }
}

/* Shares of the first choice into w->full, purchases into w->wanted. */
static void first_choices(ps_work *w)
{
    const ps_plan *p = w->plan;

    memset(w->wanted, 0, (size_t)p->C * sizeof(ps_lanes));
    for (int s = 0; s < p->S; s++) {
        ps_hot_first_lost(w, s); /* with everybody's factor still 1 */
        for (int c = 0; c < p->C; c++) {
            double *share = w->full[s * p->C + c], *sum = w->wanted[c];
            const double *n = w->lost_rival[c], *all = w->decided;

            for (int l = 0; l < PS_LANES; l++) {
                share[l] = all[l] > 0.0 ? n[l] / all[l] : 0.0;
                sum[l] += n[l];
            }
        }
    }
}

/* From shares to factors; w->wanted holds the served parts. */
static void factors(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    ps_lanes *x = w->full + s * p->C;

    for (int l = 0; l < PS_LANES; l++) {
        double before = 0.0, after = 0.0;

        for (int c = 0; c < p->C; c++) {
            const double phi = w->wanted[c][l];

            before += phi < 1.0 ? x[c][l] : 0.0;
            after += phi < 1.0 ? phi * x[c][l] : 0.0;
        }
        for (int c = 0; c < p->C; c++) {
            const double phi = w->wanted[c][l];

            x[c][l] = phi < 1.0 && after < 1.0 ? phi * (1.0 - before) / (1.0 - after) : 1.0;
        }
    }
}

void ps_hot_full(ps_work *w)
{
    const ps_plan *p = w->plan;
    const size_t n = (size_t)(p->S * p->C);
    const long at = (long)w->t * p->S * p->C;

    if (w->pass.tape && !w->pass.live_limits) {
        memcpy(w->full, w->pass.tape->full + at, n * sizeof(ps_lanes));
        return;
    }
    first_choices(w);
    for (int c = 0; c < p->C; c++) {
        const ps_capacity *capacity = p->scenario->rival[c]->capacity;
        const double per = p->rival_capacity_per[c];
        const double *rate =
            capacity ? ps_number_lanes(&capacity->rate.value, w->values[0], 0) : NULL;

        for (int l = 0; l < PS_LANES; l++) {
            const double room = rate ? rate[l] * per : 0.0, want = w->wanted[c][l];

            w->wanted[c][l] = rate && want > room ? room / want : 1.0;
        }
    }
    for (int s = 0; s < p->S; s++) {
        factors(w, s);
    }
    if (w->pass.record) {
        memcpy(w->pass.record->full + at, w->full, n * sizeof(ps_lanes));
    }
}
