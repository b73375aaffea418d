/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What decisions are worth: promotion discounts, funded sales, and the margin of everything
 * decided. docs/model/money.md */
#include "engine/hot.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

/* Deciders of a cell who buy offer i: known in expected flows; in whole numbers the offer's wins,
 * split over the cells by their weights and attractions (`all` is the sum of these). */
static void cell_sales(const ps_work *w, int k, int i, const double *all, double *restrict sales)
{
    const ps_plan *p = w->plan;
    const double *x = w->attract[k * p->I + i], *weight = w->cell_weight[k];

    if (w->pass.whole || w->plain_now) {
        const double *won = w->won[i * PS_CHANNELS + PS_CH_N];

        LANES
        {
            sales[l] = all[l] > 0.0 ? weight[l] * x[l] / all[l] * won[l] : 0.0;
        }
    } else {
        const double *won = w->won_cell[k], *sum = w->attract_sum[k];

        LANES
        {
            sales[l] = p->I == 1 ? won[l] : won[l] * (x[l] / sum[l]);
        }
    }
}

/* What the promotions with funding per unit or per discount move in offer i, after the expected
 * downstream conversion. */
static void tally_funded(ps_work *w, int s, int i)
{
    const ps_plan *p = w->plan;
    const double *down = w->downstream[s], *size = w->size_mean[s];
    ps_lanes all, sales, row[PS_CHANNELS];

    LANES
    {
        all[l] = 0.0;
    }
    for (int k = 0; k < w->cells; k++) {
        const double *weight = w->cell_weight[k], *x = w->attract[k * p->I + i];

        LANES
        {
            all[l] += weight[l] * x[l];
        }
    }
    for (int k = 0; k < w->cells; k++) {
        if ((w->class_set[k / p->nodes] & p->funded) == 0) {
            continue;
        }
        cell_sales(w, k, i, all, sales);
        ps_hot_sale(w, s, k, i, row);
        for (int m = 0; m < p->M; m++) {
            double *units = w->promoted_units[m], *discount = w->promoted_discount[m];

            if ((w->class_set[k / p->nodes] & p->funded) >> m & 1U && p->promotion[m].in_offer[i]) {
                LANES
                {
                    const double n = sales[l] * down[l] * size[l];

                    units[l] += n * row[PS_CH_Q][l];
                    discount[l] += n * row[PS_CH_PRO][l];
                }
            }
        }
    }
}

/* Promotion discounts of this period's decisions, after the expected downstream conversion. */
void ps_hot_tally(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const double *down = w->downstream[s], *size = w->size_mean[s];

    for (int i = 0; i < p->I; i++) {
        const double *discount = w->won[i * PS_CHANNELS + PS_CH_PRO];

        LANES
        {
            w->promotion_discount[l] += discount[l] * down[l] * size[l];
        }
        if (p->funded != 0) {
            tally_funded(w, s, i);
        }
    }
}

/* Margin of everything decided, whatever happens to it later: expected conversion, size, waterfall,
 * cost, bad debt. */
void ps_hot_settle_margin(ps_work *w, int s)
{
    const ps_plan *p = w->plan;

    for (int i = 0; i < p->I; i++) {
        ps_lanes *won = w->won + i * PS_CHANNELS;
        const double *cost = w->cost[i], *down = w->downstream[s], *size = w->size_mean[s];
        ps_lanes invoice, pocket;

        ps_hot_waterfall(w, won, invoice, pocket, NULL);
        LANES
        {
            const double scale = down[l] * size[l];

            w->sum.pm[l] +=
                scale * (pocket[l] - won[PS_CH_Q][l] * cost[l] - w->bad_debt[l] * invoice[l]);
            w->sum.invoice[l] += scale * invoice[l];
        }
    }
}
