/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of a brand that sells to shops: what a sale at a shelf price p is worth to it,
 * W0 (1 + (p / p0 - 1) / r). docs/model/seller.md */
#include "engine/hot_wholesale.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

void ps_hot_wholesale_rate(const ps_work *w, int s, int i, double *restrict rate)
{
    const ps_offer *offer = (const ps_offer *)w->plan->scenario->offers.items + i;
    const double *today = ps_number_lanes(&offer->list_price, w->values[0], 0);
    const double *paid = ps_number_lanes(&offer->wholesale, w->values[0], 0);
    const double *passed =
        offer->pass_through.given ? ps_number_lanes(&offer->pass_through, w->values[0], 0) : NULL;
    const double *dear = s >= 0 ? w->price_factor[s] : NULL;

    LANES
    {
        const double shelf = today[l] * (dear ? dear[l] : 1.0) * w->net_of_vat[l];

        rate[l] = paid[l] / (shelf * (passed ? passed[l] : 1.0));
    }
}

void ps_hot_wholesale(const ps_work *w, int s, int i, ps_lanes *row)
{
    const ps_offer *offer = (const ps_offer *)w->plan->scenario->offers.items + i;
    const double *paid = ps_number_lanes(&offer->wholesale, w->values[0], 0);
    const double *passed =
        offer->pass_through.given ? ps_number_lanes(&offer->pass_through, w->values[0], 0) : NULL;
    const double *units = row[PS_CH_Q];
    double *list = row[PS_CH_L], *negotiated = row[PS_CH_NEG], *promotion = row[PS_CH_PRO];
    ps_lanes rate;

    ps_hot_wholesale_rate(w, s, i, rate);
    LANES
    {
        const double fixed = passed ? paid[l] * (1.0 - 1.0 / passed[l]) : 0.0;

        list[l] = rate[l] * list[l] + fixed * units[l];
        negotiated[l] *= rate[l];
        promotion[l] *= rate[l];
    }
}
