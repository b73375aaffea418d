/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Own list prices: each offer's policy, the limits of its moves, and what policies see of the
 * sales. docs/model/prices.md */
#include <string.h>

#include "engine/hot.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

/* A bundle's list price and floor are the sums of its offers', each at its place. */
static void bundle_prices(ps_work *w)
{
    const ps_plan *p = w->plan;
    const ps_offer *offers = p->scenario->offers.items;

    for (int row = 0; row < p->price_rows; row++) {
        const int i = p->row_offer[row];
        const int s = p->row_segment[row] > 0 ? p->row_segment[row]
                      : p->row_cell[row] > 0  ? p->row_cell[row]
                                              : 0;

        for (int k = 0; offers[i].bundle && k < offers[i].bundle->of.count; k++) {
            const int part = offers[i].bundle->of.items[k].index;
            const int from = p->price_row[s * p->I + part];
            double *policy = w->policy[row], *list = w->list[row], *floor = w->floor[i];

            LANES
            {
                policy[l] = w->policy[from][l] + (k > 0 ? policy[l] : 0.0);
                floor[l] = w->floor[part][l] + (k > 0 ? floor[l] : 0.0);
            }
            if (p->row_cell[row] >= 0) {
                LANES
                {
                    list[l] = w->list[from][l] + (k > 0 ? list[l] : 0.0);
                }
            }
        }
    }
}

void ps_hot_own_prices(ps_work *w, ps_rule_view *view)
{
    const ps_plan *p = w->plan;
    const ps_offer *offers = p->scenario->offers.items;
    ps_lanes before;

    for (int row = 0; row < p->price_rows; row++) {
        const int i = p->row_offer[row];
        const ps_kind_value *policy = &offers[i].pricing->policy;

        view->item = i;
        view->segment = p->row_segment[row];
        view->unit_cost = w->cost[i];
        view->pocket_ratio = w->pocket_ratio[i];
        view->own_share = w->own_share[p->share_seen ? i : 0];
        view->floor = w->floor[i];
        if (p->limited_moves[i]) {
            memcpy(before, w->policy[row], sizeof before);
        }
        ((const ps_pricing_kind *)(const void *)ps_pricing_family.kinds[p->pricing_kind[i]])
            ->price(policy->params, view, w->policy[row]);
        if (p->limited_moves[i]) {
            ps_pricing_move(offers[i].pricing, view, before, w->price_moved[row], w->policy[row]);
        }
        if (p->row_cell[row] >= 0) {
            const double *factor = w->price_factor[p->row_cell[row]], *price = w->policy[row];
            double *list = w->list[row];

            LANES
            {
                list[l] = price[l] * factor[l];
            }
        }
    }
    if (p->bundled) {
        bundle_prices(w);
    }
}

void ps_hot_share_today(ps_work *w)
{
    const ps_plan *p = w->plan;

    memset(w->own_share, 0, (size_t)p->I * sizeof(ps_lanes));
    for (int s = 0; s < p->S; s++) {
        const double *aware = w->aware[s], *win = w->win[s], weight = p->segment[s].weight;

        for (int i = 0; i < p->I; i++) {
            const double *mix = w->mix[s * p->I + i];
            double *share = w->own_share[i];

            LANES
            {
                share[l] += weight * aware[l] * win[l] * mix[l];
            }
        }
    }
}

/* The part of the period's deciders that bought each offer; when nobody decided, what was seen
 * before. */
void ps_hot_share_seen(ps_work *w)
{
    const ps_plan *p = w->plan;
    ps_lanes decided, won;

    LANES
    {
        decided[l] = 0.0;
    }
    for (int s = 0; s < p->S; s++) {
        const double *n = p->instant ? w->inflow[(long)s * (p->ages + p->T_end) + p->ages + w->t]
                                     : w->segment_now[s * PS_SEG_METRICS + PS_SEG_DECIDED];

        LANES
        {
            decided[l] += n[l];
        }
    }
    for (int i = 0; i < p->I; i++) {
        double *share = w->own_share[i];

        LANES
        {
            won[l] = 0.0;
        }
        for (int s = 0; s < p->S; s++) {
            const double *n = w->signed_now[(s * p->I + i) * PS_CHANNELS + PS_CH_N];

            LANES
            {
                won[l] += n[l];
            }
        }
        LANES
        {
            share[l] = decided[l] > 0.0 ? won[l] / decided[l] : share[l];
        }
    }
}
