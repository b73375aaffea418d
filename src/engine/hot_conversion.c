/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What part of the deals of a cell goes on from each stage. docs/model/funnel.md, channels.md */
#include "engine/hot_conversion.h"

#include <string.h>

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

void ps_hot_conversions(ps_work *w)
{
    const ps_plan *p = w->plan;

    for (int s = 0; s < p->S; s++) {
        LANES
        {
            w->upstream[s][l] = w->downstream[s][l] = 1.0;
        }
        for (int g = 0; g < p->G; g++) {
            const ps_number *number = p->stage[g].conversion[s];
            double *c = w->conversion[g * p->S + s];

            if (number) {
                memcpy(c, ps_number_lanes(number, w->values[0], s), sizeof(ps_lanes));
                ps_hot_change_odds(w, p->stage[g].odds[s], s, c);
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
