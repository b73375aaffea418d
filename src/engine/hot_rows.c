/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Base rows of the choice, in every path: from shares, win rates or utilities to our probability,
 * its mix over own offers and the split of the rest. docs/model/calibration.md */
#include <string.h>

#include "engine/hot_conversion.h"
#include "engine/hot_demand.h"
#include "math/vmath.h"

#define LOG2E 1.4426950408889634074
#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

enum { MAX_FIT = 200 };

static const double *map_lanes(const ps_work *w, const ps_number_map *map, int index, int s)
{
    for (int i = 0; i < map->count; i++) {
        if (map->keys[i].index == index) {
            return ps_number_lanes(&map->numbers[i], w->values[0], s);
        }
    }
    return NULL;
}

static void base_prices(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const ps_choice *choice = p->segment[s].choice;
    const ps_offer *offers = p->scenario->offers.items;

    for (int j = 0; j < p->I + p->C; j++) {
        const ps_number *today =
            j < p->I ? &offers[j].list_price : &p->scenario->rival[j - p->I]->price;
        const double *at = choice ? map_lanes(w, &choice->observed_at, j, s) : NULL;
        const double *price = at ? at : ps_number_lanes(today, w->values[0], 0);
        double *to = j < p->I ? w->base_price[s * p->I + j] : w->base_rival[s * p->C + j - p->I];

        const double *factor = w->price_factor[s];

        LANES
        {
            to[l] = j < p->I ? price[l] * factor[l] : price[l];
        }
    }
}

/* A bundle's is the sum of its offers'. */
static void bundle_base(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const ps_offer *offers = p->scenario->offers.items;

    for (int i = 0; i < p->I; i++) {
        double *to = w->base_price[s * p->I + i];

        for (int k = 0; offers[i].bundle && k < offers[i].bundle->of.count; k++) {
            const double *part = w->base_price[s * p->I + offers[i].bundle->of.items[k].index];

            LANES
            {
                to[l] = part[l] + (k > 0 ? to[l] : 0.0);
            }
        }
    }
}

/* win, mix and other from a row of weights over all alternatives (own, rivals, none). */
static void split_row(ps_work *w, int s, ps_lanes *row)
{
    const ps_plan *p = w->plan;
    ps_lanes own, rest;

    LANES
    {
        own[l] = rest[l] = 0.0;
    }
    for (int j = 0; j < p->J; j++) {
        const double *x = row[j];
        double *sum = j < p->I ? own : rest;

        LANES
        {
            sum[l] += x[l];
        }
    }
    LANES
    {
        w->win[s][l] = own[l] / (own[l] + rest[l]);
    }
    for (int i = 0; i < p->I; i++) {
        LANES
        {
            w->mix[s * p->I + i][l] = own[l] > 0.0 ? row[i][l] / own[l] : 1.0 / p->I;
        }
    }
    for (int c = 0; c <= p->C; c++) {
        LANES
        {
            w->other[s * (p->C + 1) + c][l] =
                rest[l] > 0.0 ? row[p->I + c][l] / rest[l] : c == p->C;
        }
    }
}

/* Weight exp(delta + alpha price) of one alternative. */
static void utility_weight(const double *restrict alpha, const double *restrict price,
                           const double *restrict delta, double *restrict row)
{
    LANES
    {
        row[l] = ps_exp2(LOG2E * __builtin_fma(alpha[l], price[l], delta[l]));
    }
}

/* Utilities become a row at today's prices. */
static void utility_row(ps_work *w, int s, const ps_choice *choice, ps_lanes *row)
{
    const ps_plan *p = w->plan;
    const double *sensitivity = ps_number_lanes(&choice->price_sensitivity, w->values[0], s);
    const double *relative = w->relative[s];
    const bool shared = p->segment[s].market_choice;
    ps_lanes alpha;

    LANES
    {
        alpha[l] = -sensitivity[l] * (shared ? relative[l] : 1.0);
    }
    for (int j = 0; j < p->J; j++) {
        const double *delta = map_lanes(w, &choice->utility, j, s);

        if (j < p->J - 1 && delta) {
            utility_weight(
                alpha, j < p->I ? w->base_price[s * p->I + j] : w->base_rival[s * p->C + j - p->I],
                delta, row[j]);
            continue;
        }
        LANES
        {
            row[j][l] = j == p->J - 1 && choice->outside ? 1.0 : 0.0;
        }
    }
}

static void conversion_row(ps_work *w, int s, const ps_choice *choice, ps_lanes *row)
{
    const ps_plan *p = w->plan;
    ps_lanes lost;

    LANES
    {
        lost[l] = 1.0;
    }
    for (int i = 0; i < p->I; i++) {
        const double *c = choice->conversion.given
                              ? ps_number_lanes(&choice->conversion, w->values[0], s)
                              : map_lanes(w, &choice->conversions, i, s);

        LANES
        {
            row[i][l] = c ? c[l] : 0.0;
            lost[l] -= row[i][l];
        }
    }
    const ps_plan_stage *stage = &p->stage[p->choice_stage];

    if (stage->conversion[s] || stage->odds[s][0]) { /* the cell's own win rate */
        double *c = w->conversion[p->choice_stage * p->S + s];

        if (!stage->conversion[s]) {
            LANES
            {
                c[l] = 1.0 - lost[l];
            }
            ps_hot_change_odds(w, stage->odds[s], s, c);
        }
        for (int i = 0; i < p->I; i++) {
            LANES
            {
                row[i][l] *= c[l] / (1.0 - lost[l]);
            }
        }
        LANES
        {
            lost[l] = 1.0 - c[l];
        }
    }
    LANES
    {
        lost[l] = lost[l] > 1e-12 ? lost[l] : 1e-12;
    }
    for (int c = 0; c <= p->C; c++) {
        const double *split = map_lanes(w, &choice->lost_to, c, s);

        LANES
        {
            row[p->I + c][l] = lost[l] * (split                                     ? split[l]
                                          : choice->lost_to.count == 0 && c == p->C ? 1.0
                                                                                    : 0.0);
        }
    }
}

static void baseline_row(ps_work *w, int s, const ps_choice *choice, ps_lanes *row)
{
    const ps_plan *p = w->plan;
    ps_lanes sum;

    LANES
    {
        sum[l] = 0.0;
    }
    for (int j = 0; j < p->J; j++) {
        const double *share = map_lanes(w, &choice->baseline, j, s);

        LANES
        {
            row[j][l] = share ? share[l] : 0.0;
            sum[l] += row[j][l];
        }
    }
    for (int j = 0; j < p->J; j++) {
        LANES
        {
            row[j][l] /= sum[l];
        }
    }
}

/* Rows of all segments from aggregate shares S_j and preferences x_sj, by iterative proportional
 * fitting: rows sum to 1, weighted columns to S_j. `m` is [S][J] for one lane, holding S_j x_sj. */
static void fit_rows(const ps_plan *p, const double *share, double *m)
{
    for (int round = 0; round < MAX_FIT; round++) {
        double worst = 0.0;

        for (int s = 0; s < p->S; s++) {
            double sum = 0.0;

            for (int j = 0; j < p->J; j++) {
                sum += m[s * p->J + j];
            }
            for (int j = 0; j < p->J; j++) {
                m[s * p->J + j] /= sum;
            }
        }
        for (int j = 0; j < p->J; j++) {
            double sum = 0.0;

            for (int s = 0; s < p->S; s++) {
                sum += p->segment[s].weight * m[s * p->J + j];
            }
            const double error = sum > share[j] ? sum - share[j] : share[j] - sum;

            worst = error > worst ? error : worst;
            for (int s = 0; s < p->S && sum > 0.0; s++) {
                m[s * p->J + j] *= share[j] / sum;
            }
        }
        if (worst < 1e-13) {
            break;
        }
    }
}

static void market_rows(ps_work *w)
{
    const ps_plan *p = w->plan;
    const int n = p->S * p->J;
    ps_lanes *row = w->market_row;
    double *m = w->fit;

    for (int s = 0; s < p->S; s++) {
        baseline_row(w, s, p->scenario->market->choice, row + s * p->J);
    }
    for (int l = 0; l < PS_LANES; l++) {
        double *aggregate = m + n;

        for (int j = 0; j < p->J; j++) {
            aggregate[j] = row[j][l];
        }
        for (int s = 0; s < p->S; s++) {
            for (int j = 0; j < p->J; j++) {
                const ps_plan_segment *cell = &p->segment[s];
                const double *x = map_lanes(w, &cell->segment->preference, j, s);
                const double *y =
                    cell->member ? map_lanes(w, &cell->members->preference, j, s) : NULL;

                m[s * p->J + j] = row[s * p->J + j][l] * (x ? x[l] : 1.0) * (y ? y[l] : 1.0);
            }
        }
        fit_rows(p, aggregate, m);
        for (int i = 0; i < n; i++) {
            row[i][l] = m[i];
        }
    }
    for (int s = 0; s < p->S; s++) {
        split_row(w, s, row + s * p->J);
    }
}

/* The unaware never choose us: the aware row is s/a for us. */
static void aware_row(ps_work *w, int s, const ps_choice *choice)
{
    const double *a = ps_number_lanes(&choice->awareness, w->values[0], s);

    LANES
    {
        const double c = w->win[s][l];
        const double aware = a[l] > c * (1.0 + 1e-9) ? a[l] : c * (1.0 + 1e-9);

        w->aware[s][l] = aware;
        w->win[s][l] = c / aware;
    }
}

void ps_hot_rows(ps_work *w)
{
    const ps_plan *p = w->plan;
    ps_lanes *row = w->market_row;
    bool shared_baseline = false;

    for (int s = 0; s < p->S; s++) {
        const ps_choice *choice = p->segment[s].choice;

        base_prices(w, s);
        if (p->bundled) {
            bundle_base(w, s);
        }
        LANES
        {
            w->aware[s][l] = 1.0;
        }
        if (p->always) {
            for (int j = 0; j < p->J; j++) {
                LANES
                {
                    row[j][l] = j == p->always_offer;
                }
            }
        } else if (p->demand->shares) {
            ps_hot_demand_row(w, s, row);
        } else if (choice->utility.count > 0 && p->segment[s].general) {
            ps_hot_nest_scales(w, s);
            ps_hot_taste_utilities(w, s, row);
        } else if (choice->utility.count > 0) {
            utility_row(w, s, choice, row);
        } else if (choice->conversion.given || choice->conversions.count > 0) {
            conversion_row(w, s, choice, row);
        } else if (p->segment[s].market_choice) {
            shared_baseline = true;
            continue;
        } else {
            baseline_row(w, s, choice, row);
        }
        split_row(w, s, row);
    }
    if (shared_baseline) {
        market_rows(w);
    }
    for (int s = 0; s < p->S; s++) {
        if (!p->choiceless && p->segment[s].choice->awareness.given) {
            aware_row(w, s, p->segment[s].choice);
        }
    }
}
