/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sizes of deals, and who meets the entry criteria of a stage. docs/model/funnel.md */
#include "engine/hot_size.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

ps_dist ps_hot_lane_dist(const ps_work *w, const ps_spread *spread, int l)
{
    ps_dist dist = {
        .law = spread->law, .sign = 1.0, .min = -__builtin_inf(), .max = __builtin_inf()};

    for (int i = 0; i < PS_DIST_PARAMS; i++) {
        if (spread->parameter[i].given) {
            dist.p[i] = ps_number_lanes(&spread->parameter[i], w->values[0], 0)[l];
        }
    }
    if (spread->law == PS_LAW_EMPIRICAL || spread->law == PS_LAW_DISCRETE) {
        dist = spread->parameter[0].dist;
    }
    return dist;
}

void ps_hot_mean_size(ps_work *w, int s)
{
    const ps_plan_segment *cell = &w->plan->segment[s];

    for (int l = 0; l < PS_LANES; l++) {
        ps_dist dist = ps_hot_lane_dist(w, &cell->segment->deal_size, l);

        ps_plan_cut_size(&dist, cell->size_min);
        w->size_mean[s][l] = ps_dist_mean(&dist);
    }
}

/* P(size >= min). */
static double large_enough(const ps_work *w, const ps_plan_segment *cell, double min, int l)
{
    const ps_dist dist = ps_hot_lane_dist(w, &cell->segment->deal_size, l);

    return 1.0 - ps_dist_cdf(&dist, min * (1.0 - 0x1p-52)); /* a mass on min is large enough */
}

void ps_hot_let_in(const ps_work *w, int g, int s, double *restrict c)
{
    const ps_plan_stage *stage = &w->plan->stage[g];
    const ps_plan_segment *cell = &w->plan->segment[s];

    if (stage->shuts_out && stage->shuts_out[s]) {
        LANES
        {
            c[l] = 0.0;
        }
        return;
    }
    const bool tighter = cell->sized && stage->size_min > stage->size_before;

    for (int l = 0; l < PS_LANES && tighter; l++) {
        const double come = large_enough(w, cell, stage->size_before, l);

        c[l] *= come > 0.0 ? large_enough(w, cell, stage->size_min, l) / come : 0.0;
    }
}
