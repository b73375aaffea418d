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

    if (w->plan->segment[s].general) { /* attractions are probabilities */
        LANES
        {
            part[l] = weight[l] * x[l];
        }
        return;
    }
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

/* Deciders of each cell who buy offer i, rows I apart: known in expected flows; in whole numbers
 * the offer's wins, split over the cells by their parts. */
void ps_hot_cell_sales(const ps_work *w, int s, int i, ps_lanes *sales)
{
    const ps_plan *p = w->plan;
    const double *bought = w->won[i * PS_CHANNELS + PS_CH_N];
    ps_lanes all;

    if (!w->pass.whole && !w->plain_now) {
        for (int k = 0; k < w->cells; k++) {
            const double *x = w->attract[k * p->I + i], *won = w->won_cell[k],
                         *sum = w->attract_sum[k];
            double *n = sales[(long)k * p->I];

            LANES
            {
                n[l] = p->I == 1 ? won[l] : won[l] * (x[l] / sum[l]);
            }
        }
        return;
    }
    LANES
    {
        all[l] = 0.0;
    }
    for (int k = 0; k < w->cells; k++) {
        double *part = sales[(long)k * p->I];

        cell_part(w, s, k, i, part);
        if (w->hurried) {
            const double *more = w->hurry_part[k / p->nodes];

            LANES
            {
                part[l] *= more[l];
            }
        }
        LANES
        {
            all[l] += part[l];
        }
    }
    for (int k = 0; k < w->cells; k++) {
        double *n = sales[(long)k * p->I];

        LANES
        {
            n[l] = all[l] > 0.0 ? n[l] / all[l] * bought[l] : 0.0;
        }
    }
}

/* What the promotions with funding per unit or per discount move in offer i, after the expected
 * downstream conversion. */
static void tally_funded(ps_work *w, int s, int i)
{
    const ps_plan *p = w->plan;
    const double *down = w->downstream[s], *size = w->size_mean[s];
    ps_lanes row[PS_CHANNELS];

    if (!p->rationed) {
        ps_hot_cell_sales(w, s, i, w->sales + i);
    }
    for (int k = 0; k < w->cells; k++) {
        const double *sales = w->sales[(long)k * p->I + i];

        if ((w->class_set[k / p->nodes] & p->funded) == 0) {
            continue;
        }
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

        ps_hot_waterfall(w, s, won, invoice, pocket, NULL);
        LANES
        {
            const double scale = down[l] * size[l];

            w->sum.pm[l] +=
                scale * (pocket[l] - won[PS_CH_Q][l] * cost[l] - w->bad_debt[l] * invoice[l]);
            w->sum.invoice[l] += scale * invoice[l];
        }
    }
}
