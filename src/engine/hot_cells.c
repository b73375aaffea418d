/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a cell has of its channel and score band: its part of the arrivals, price, fee, spend.
 * docs/model/channels.md, bands.md */
#include <string.h>

#include "engine/hot.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

/* Acquisition of a cell: per lead, and its part of what the channel spends per period. */
static void acquisition(ps_work *w, int s, const ps_spend *spend)
{
    const ps_plan *p = w->plan;
    const ps_costs *costs = p->scenario->costs;
    const double *all =
        costs->per_lead.given ? ps_number_lanes(&costs->per_lead, w->values[0], 0) : w->zero;
    const double *each = spend ? ps_number_lanes(&spend->per_lead, w->values[0], s) : w->zero;
    const bool fixed = spend && spend->rate.per != PS_PER_NONE;
    const double *rate = fixed ? ps_number_lanes(&spend->rate.value, w->values[0], s) : w->zero;
    const double per = p->segment[s].spend_per;

    LANES
    {
        w->lead_cost[s][l] = all[l] + each[l];
        w->spend[s][l] = per * rate[l];
    }
}

/* Prices, fee and spend of the cell's channel. */
static void channel_terms(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const ps_channel *channels = p->scenario->market->channels.items;
    const ps_channel *channel = p->segment[s].channel < 0 ? NULL : &channels[p->segment[s].channel];
    const double *price = channel ? ps_number_lanes(&channel->price, w->values[0], s) : w->zero;

    LANES
    {
        w->price_factor[s][l] = 1.0 + price[l];
    }
    if (p->has[PS_METRIC_acquisition_cost]) {
        acquisition(w, s, channel ? channel->spend : NULL);
    }
}

/* What the channel and the sales model keep of a sale, and what a unit costs to serve. */
static void sale_terms(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const ps_scenario *sc = p->scenario;
    const ps_channel *channels = sc->market->channels.items;
    const ps_sales_model *models = sc->sales_models.items;
    const int k = p->segment[s].channel, z = p->segment[s].model;

    if (p->channel_fees) {
        const double *of_channel =
            k < 0 ? w->zero : ps_number_lanes(&channels[k].fee, w->values[0], s);
        const double *of_model = z < 0 ? w->zero : ps_number_lanes(&models[z].fee, w->values[0], s);

        LANES
        {
            w->fee[s][l] = of_channel[l] + of_model[l];
        }
    }
    if (p->served) {
        memcpy(w->serve[s],
               z < 0 ? w->zero : ps_number_lanes(&models[z].cost_to_serve, w->values[0], s),
               sizeof(ps_lanes));
    }
}

/* The cell takes its part of the arrivals that it divides with others: parts sum to 1. */
static void take_part(ps_work *w, int s, bool banded)
{
    const ps_plan *p = w->plan;
    const ps_plan_segment *cell = &p->segment[s];
    const ps_number *part = banded ? cell->in_band : cell->part;
    ps_lanes all;

    if (!part) {
        return;
    }
    LANES
    {
        all[l] = 0.0;
    }
    for (int r = 0; r < p->S; r++) {
        const ps_plan_segment *other = &p->segment[r];

        if (banded ? ps_plan_scored(cell, other) : ps_plan_divides(cell, other)) {
            const double *x =
                ps_number_lanes(banded ? other->in_band : other->part, w->values[0], r);

            LANES
            {
                all[l] += x[l];
            }
        }
    }
    const double *mine = ps_number_lanes(part, w->values[0], s);

    LANES
    {
        w->arrivals[s][l] *= mine[l] / all[l];
    }
}

void ps_hot_cell_terms(ps_work *w, int s)
{
    take_part(w, s, false);
    take_part(w, s, true);
    channel_terms(w, s);
    sale_terms(w, s);
}
