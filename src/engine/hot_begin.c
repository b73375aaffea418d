/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the decisions of a period start from: memories, whole deals, and what may run out.
 * docs/model/memory.md, limits.md */
#include <string.h>

#include "engine/hot.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

/* A memory that is not live is fed from R0's tape; R0 records. */
void ps_hot_feed_memories(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const ps_tape *tape = w->pass.tape;
    const long at = (long)w->t * p->S + s;
    const size_t own = (size_t)p->I * sizeof(ps_lanes), rivals = (size_t)p->C * sizeof(ps_lanes);

    if (tape && !w->pass.live_reference) {
        memcpy(w->reference + s * p->I, tape->reference + at * p->I, own);
        memcpy(w->reference_rival + s * p->C, tape->reference_rival + at * p->C, rivals);
    }
    if (tape && !w->pass.live_image) {
        memcpy(w->image[s], tape->image[at], sizeof(ps_lanes));
    }
    if (w->pass.record) {
        memcpy(w->pass.record->reference + at * p->I, w->reference + s * p->I, own);
        memcpy(w->pass.record->reference_rival + at * p->C, w->reference_rival + s * p->C, rivals);
        memcpy(w->pass.record->image[at], w->image[s], sizeof(ps_lanes));
    }
}

/* Whole deals and constant-hazard stocks of the choice stage before the decisions. */
void ps_hot_stock_before(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const bool hazard = p->choice_stage >= 0 && p->stage[p->choice_stage].hazard;
    const double *in = w->inflow[(long)s * (p->ages + p->T_end) + p->ages + w->t];
    const double *held = hazard ? w->hazard_stock[p->choice_stage * p->S + s] : in;
    int32_t *stock = w->stock + (size_t)(s * (p->ages + p->T_end) + p->ages + w->t) * PS_LANES;

    for (int l = 0; w->pass.whole && l < PS_LANES; l++) {
        stock[l] = (int32_t)(held[l] + 0.5);
    }
}

/* What may run out is shared out over all segments before one of them is served. */
void ps_hot_share_out(ps_work *w)
{
    const ps_plan *p = w->plan;

    for (int s = 0; s < p->S; s++) {
        ps_hot_feed_memories(w, s);
        ps_hot_stock_before(w, s);
        if (w->pass.whole) {
            ps_hot_draw_choice(w, s);
        }
    }
    ps_hot_limits(w);
    LANES
    {
        w->lost_units[l] = 0.0;
    }
}
