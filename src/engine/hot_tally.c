/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What decisions are worth: promotion discounts, funded sales, and the margin of everything
 * decided. docs/model/money.md */
#include "engine/hot.h"
#include "engine/hot_nested.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

/* A cell's part in the sales of offer i, up to a common factor: weight times probability in the
 * base row's odds of all ages. */
static void cell_part(const ps_work *w, int s, int k, int i, double *restrict part)
{
    const double *weight = w->cell_weight[k], *x = w->attract[k * w->plan->I + i],
                 *sum = w->attract_sum[k];
    const double *win = w->win[s], *rest = w->rest;
    const double *none = w->other[s * (w->plan->C + 1) + w->plan->C];

    for (int l = 0; l < PS_LANES && w->nest; l++) {
        double inside;
        const double q = ps_nested_probability(win[l] / (1.0 - win[l]), sum[l], rest[l], none[l],
                                               w->nest[s][l], &inside);

        part[l] = sum[l] > 0.0 ? weight[l] * q * x[l] / sum[l] : 0.0;
    }
    if (!w->nest) {
        LANES
        {
            part[l] = weight[l] * x[l] / (win[l] * sum[l] + (1.0 - win[l]) * rest[l]);
        }
    }
}

/* Deciders of a cell who buy offer i: known in expected flows; in whole numbers the offer's wins,
 * split over the cells by their parts (`all` is the sum of these). */
static void cell_sales(const ps_work *w, int s, int k, int i, const double *all,
                       double *restrict sales)
{
    const ps_plan *p = w->plan;
    const double *x = w->attract[k * p->I + i];

    if (w->pass.whole || w->plain_now) {
        const double *won = w->won[i * PS_CHANNELS + PS_CH_N];
        ps_lanes part;

        cell_part(w, s, k, i, part);
        LANES
        {
            sales[l] = all[l] > 0.0 ? part[l] / all[l] * won[l] : 0.0;
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
        ps_lanes part;

        cell_part(w, s, k, i, part);
        LANES
        {
            all[l] += part[l];
        }
    }
    for (int k = 0; k < w->cells; k++) {
        if ((w->class_set[k / p->nodes] & p->funded) == 0) {
            continue;
        }
        cell_sales(w, s, k, i, all, sales);
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
