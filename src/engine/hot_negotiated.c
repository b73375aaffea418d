/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Negotiated discounts: the nodes of what was observed, and what an authority grants of them.
 * docs/model/choice.md, promotions.md */
#include "engine/hot.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

/* d' = d up to the limit, beyond it limit + approved (d - limit). */
static void grant(ps_work *w, const ps_authority *authority)
{
    const double *limit = ps_number_lanes(&authority->limit, w->values[0], 0);
    const double *approved = ps_number_lanes(&authority->approved, w->values[0], 0);

    for (int n = 0; n < PS_DISCOUNT_NODES; n++) {
        LANES
        {
            const double over = w->node_depth[n][l] - limit[l];

            w->node_granted[n][l] -= over > 0.0 ? (1.0 - approved[l]) * over : 0.0;
        }
    }
}

double ps_hot_mean_depth(const ps_work *w, bool granted, int l)
{
    double mean = 0.0;

    for (int n = 0; n < w->plan->nodes; n++) {
        mean = __builtin_fma(w->node_weight[n][l],
                             granted ? w->node_granted[n][l] : w->node_depth[n][l], mean);
    }
    return mean;
}

void ps_hot_discount_nodes(ps_work *w)
{
    const ps_plan *p = w->plan;

    if (!p->negotiated) {
        LANES
        {
            w->node_depth[0][l] = w->node_granted[0][l] = 0.0;
            w->node_weight[0][l] = 1.0;
        }
        return;
    }
    const ps_discount_distribution *d = p->scenario->negotiated->distribution;
    const double *zero = ps_number_lanes(&d->zero, w->values[0], 0);
    const double *a = ps_number_lanes(&d->beta->a, w->values[0], 0);
    const double *b = ps_number_lanes(&d->beta->b, w->values[0], 0);
    double depth[PS_DISCOUNT_NODES], weight[PS_DISCOUNT_NODES];

    for (int l = 0; l < PS_LANES; l++) {
        if (l == 0 || zero[l] != zero[l - 1] || a[l] != a[l - 1] || b[l] != b[l - 1]) {
            ps_negotiated_nodes(zero[l], a[l], b[l], depth, weight);
        }
        for (int n = 0; n < PS_DISCOUNT_NODES; n++) {
            w->node_depth[n][l] = w->node_granted[n][l] = depth[n];
            w->node_weight[n][l] = weight[n];
        }
    }
    if (p->scenario->negotiated->authority) {
        grant(w, p->scenario->negotiated->authority);
    }
}
