/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What part of the deals of a cell goes on from each stage. docs/model/funnel.md, channels.md */
#include "engine/hot_conversion.h"

#include "engine/hot_size.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

void ps_hot_change_odds(const ps_work *w, const ps_number *const odds[PS_STAGE_OWNERS], int s,
                        double *restrict c)
{
    for (int k = 0; k < PS_STAGE_OWNERS && odds[k]; k++) {
        const double *times = ps_number_lanes(odds[k], w->values[0], s);

        LANES
        {
            c[l] = times[l] * c[l] / (1.0 - c[l] + times[l] * c[l]);
        }
    }
}

void ps_hot_goes_on(const ps_work *w, int g, int s, const ps_going *how, double *restrict c)
{
    const ps_plan *p = w->plan;
    const ps_stage *stage = p->stage[g].stage;
    const ps_criterion *criteria = stage->criteria.items;
    const bool own = !how->conversion || how->conversion == &stage->conversion;
    const double *said = how->conversion ? ps_number_lanes(how->conversion, w->values[0], s) : NULL;

    LANES
    {
        c[l] = said ? said[l] : 1.0;
    }
    for (int k = 0; k < stage->criteria.count && own; k++) {
        const double *met = ps_number_lanes(&criteria[k].met, w->values[0], s);

        LANES
        {
            c[l] *= met[l];
        }
    }
    ps_hot_change_odds(w, how->odds, s, c);
    if (g + 1 < p->G && g != p->choice_stage) {
        ps_hot_let_in(w, g + 1, s, c);
    }
}

void ps_hot_conversions(ps_work *w)
{
    const ps_plan *p = w->plan;

    for (int s = 0; s < p->S; s++) {
        LANES
        {
            w->upstream[s][l] = w->downstream[s][l] = 1.0;
        }
        for (int g = 0; g < p->G; g++) {
            const ps_plan_stage *stage = &p->stage[g];
            const ps_going how = {stage->conversion[s], stage->odds[s]};
            double *c = w->conversion[g * p->S + s];

            if (how.conversion || g != p->choice_stage) {
                ps_hot_goes_on(w, g, s, &how, c);
            }
            if (g == p->choice_stage) {
                continue;
            }
            double *to = g < p->choice_stage ? w->upstream[s] : w->downstream[s];

            LANES
            {
                to[l] *= c[l];
            }
        }
    }
}
