/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A batch's draws: the uncertain inputs and the luck that is drawn before the first period.
 * docs/model/random.md */
#include "engine/hot.h"
#include "math/normal.h"
#include "math/philox.h"
#include "math/vmath.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

/* Rows 0 .. correlated-1 become dependent uniforms: Gaussian copula. */
static void correlate(ps_work *w)
{
    const ps_plan *p = w->plan;
    const int n = p->correlated;

    for (int u = 0; u < n; u++) {
        ps_normal_inverse_lanes(PS_LANES, w->uniform[u], w->score[u]);
    }
    for (int u = 0; u < n; u++) {
        double *x = w->uniform[u];

        LANES
        {
            x[l] = 0.0;
        }
        for (int v = 0; v <= u; v++) {
            const double f = p->factor[u * n + v];
            const double *z = w->score[v];

            LANES
            {
                x[l] = __builtin_fma(f, z[l], x[l]);
            }
        }
        for (int l = 0; l < PS_LANES; l++) {
            const double c = ps_normal_cdf(x[l]);

            x[l] = c < 0x1p-53 ? 0x1p-53 : c > 1.0 - 0x1p-53 ? 1.0 - 0x1p-53 : c;
        }
    }
}

/* Stationary AR(1) of the log market size, less half its variance. */
static void draw_shock(ps_work *w)
{
    const ps_plan *p = w->plan;
    const ps_market_shock *shock = p->scenario->market->shock;

    if (!p->shock || !p->whole) {
        return;
    }
    const double *sd = ps_number_lanes(&shock->sd, w->values[0], 0);
    const double *half_life = ps_number_lanes(&shock->half_life_days, w->values[0], 0);
    ps_lanes x, z, keep, move;

    LANES
    {
        keep[l] = ps_exp2(-p->period_days / half_life[l]);
        move[l] = sd[l] * __builtin_sqrt(1.0 - keep[l] * keep[l]);
    }
    for (int t = 0; t < p->T_end; t++) {
        double *level = w->shock_level[t];

        ps_philox_uniform(p->seed, w->luck_path, p->shock_stream, (uint32_t)t, PS_LANES, z);
        ps_normal_inverse_lanes(PS_LANES, z, z);
        LANES
        {
            x[l] = t == 0 ? sd[l] * z[l] : __builtin_fma(keep[l], x[l], move[l] * z[l]);
            level[l] = ps_exp(__builtin_fma(-0.5 * sd[l], sd[l], x[l]));
        }
    }
}

/* What a bundle's offers cost together. */
static void add_up_bundles(ps_work *w)
{
    const ps_plan *p = w->plan;
    const ps_offer *offers = p->scenario->offers.items;

    for (int i = 0; i < p->I; i++) {
        double *list = w->values[offers[i].list_price.slot],
               *cost = w->values[offers[i].unit_cost.slot];

        for (int k = 0; offers[i].bundle && k < offers[i].bundle->of.count; k++) {
            const ps_offer *part = &offers[offers[i].bundle->of.items[k].index];
            const double *price = ps_number_lanes(&part->list_price, w->values[0], 0),
                         *each = ps_number_lanes(&part->unit_cost, w->values[0], 0);

            LANES
            {
                list[l] = price[l] + (k > 0 ? list[l] : 0.0);
                cost[l] = each[l] + (k > 0 ? cost[l] : 0.0);
            }
        }
    }
}

void ps_hot_draw(ps_work *w)
{
    const ps_plan *p = w->plan;

    if (!p->centre) {
        for (int u = 0; u < p->uniforms; u++) {
            if (p->sobol && u < PS_SOBOL_DIMENSIONS) {
                ps_sobol_uniform(&p->sobol[u], (uint64_t)w->job->path0, PS_LANES, w->uniform[u]);
            } else {
                ps_philox_uniform(p->seed, (uint64_t)w->job->path0, p->uniform_stream[u], 0,
                                  PS_LANES, w->uniform[u]);
            }
        }
        if (p->correlated > 0) {
            correlate(w);
        }
        for (int d = 0; d < p->draws; d++) {
            const ps_plan_draw *draw = &p->draw[d];

            if (draw->sampler) {
                ps_sampler_draw(draw->sampler, draw->shift, PS_LANES, w->uniform[draw->uniform],
                                w->values[draw->slot]);
            }
        }
    }
    if (p->bundled) {
        add_up_bundles(w);
    }
    for (int c = 0; c < p->C; c++) {
        if (p->centre && !p->whole) {
            LANES
            {
                w->luck[c][l] = 0.5;
            }
        } else {
            ps_philox_uniform(p->seed, w->luck_path, p->rival_stream[c], 0, PS_LANES, w->luck[c]);
        }
    }
    draw_shock(w);
}
