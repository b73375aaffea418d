/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decisions of segments with several nests, with tastes, or of a kind of demand with shares of its
 * own. docs/model/tastes.md, demand.md
 *
 * Node r of the tastes has the base row s_rj and the price sensitivity ratio_r alpha. With
 * N_g = 1 / (1 - rho_g) of the alternative's nest (1 outside of nests) and u_rj its change of
 * utility
 *
 *   x_rj = s_rj exp(N_g u_rj),  D_g = sum of x_rj in g,  S_g = sum of s_rj in g
 *   T_g = S_g (D_g / S_g)^(1 / N_g),   p_rj = x_rj T_g / D_g / (sum of all T)
 *
 * an alternative in no nest being a nest of its own. Shares are the nodes' weighted mean. */
#include <string.h>

#include "engine/hot_demand.h"
#include "math/vmath.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)
#define LN2 0.69314718055994530942

void ps_hot_utility(ps_work *w, int s, int k, int i, const double *price, const double *extra)
{
    const int at = s * w->plan->I + i, cell = k * w->plan->I + i;
    const double *depth = w->plan->negotiated ? w->node_depth[k % w->plan->nodes] : NULL;
    double *money = w->attract[cell], *other = w->cell_extra[cell];
    const double *p0 = w->base_price[at], *reference = w->reference[at], *image = w->image[s];
    const double *alpha = w->alpha[s], *gain = w->gain[s], *loss = w->loss[s];
    const double *ka = w->image_a[s], *kd = w->image_d[s];
    const bool remembers = w->plan->image;

    LANES
    {
        const double kept = depth ? 1.0 - depth[l] : 1.0;
        const double gap = reference[l] * kept - price[l];
        const double felt = (gap > 0.0 ? gain[l] : loss[l]) * gap;
        const double change = price[l] - p0[l] * kept;
        const double steeper = remembers ? 1.0 + image[l] * ka[l] : 1.0;

        money[l] = __builtin_fma(alpha[l] * steeper, change, felt);
        other[l] = (extra ? extra[l] : 0.0) - (remembers ? image[l] * kd[l] : 0.0);
    }
}

/* Base share of alternative j for node r: plain segments have one node, their base row. */
static double base_share(const ps_work *w, int s, int r, int j, int l)
{
    const ps_plan *p = w->plan;
    const ps_plan_segment *seg = &p->segment[s];

    if (seg->general) {
        return w->taste_row[(long)seg->taste_at + (long)r * p->J + j][l];
    }
    const double win = w->aware[s][l] * w->win[s][l];

    return j < p->I ? win * w->mix[s * p->I + j][l]
                    : (1.0 - win) * w->other[s * (p->C + 1) + j - p->I][l];
}

static int nest_of(const ps_work *w, int s, int j)
{
    const ps_plan_segment *seg = &w->plan->segment[s];

    return seg->general ? seg->nest_of[j] : w->nest && j < w->plan->J - 1 ? 0 : -1;
}

static double nest_scale(const ps_work *w, int s, int g, int l)
{
    return g < 0                         ? 1.0
           : w->plan->segment[s].general ? w->nest_scale[s * w->plan->nests + g][l]
                                         : w->nest[s][l];
}

/* Part of the period that alternative j is in the market. */
static double presence(const ps_work *w, int j)
{
    const ps_plan *p = w->plan;

    return w->present && j >= p->I && j < p->J - 1 ? w->present[j - p->I] : 1.0;
}

void ps_demand_node(const ps_work *w, int s, int r, int l, const double *u, double *share)
{
    const int J = w->plan->J;
    double all = 0.0;

    for (int j = 0; j < J; j++) {
        const int g = nest_of(w, s, j);

        share[j] =
            presence(w, j) * base_share(w, s, r, j, l) * ps_exp2(nest_scale(w, s, g, l) * u[j]);
        if (w->full && j >= w->plan->I && j < J - 1) {
            share[j] *= w->full[s * w->plan->C + j - w->plan->I][l];
        }
        all += g < 0 ? share[j] : 0.0;
    }
    for (int first = 0; first < J; first++) { /* the nests, each at its first member */
        const int g = nest_of(w, s, first);
        double sum = 0.0, base = 0.0;
        bool seen = g < 0;

        for (int j = 0; j < first && !seen; j++) {
            seen = nest_of(w, s, j) == g;
        }
        if (seen) {
            continue;
        }
        for (int j = first; j < J; j++) {
            sum += nest_of(w, s, j) == g ? share[j] : 0.0;
            base += nest_of(w, s, j) == g ? base_share(w, s, r, j, l) : 0.0;
        }
        const double whole = sum > 0.0 && base > 0.0
                                 ? base * ps_exp2(ps_log2(sum / base) / nest_scale(w, s, g, l))
                                 : 0.0;

        for (int j = first; j < J; j++) {
            share[j] *= nest_of(w, s, j) == g && sum > 0.0 ? whole / sum : 1.0;
        }
        all += whole;
    }
    for (int j = 0; j < J; j++) {
        share[j] /= all;
    }
}

/* Mean over the nodes of cell k in one lane. */
static void lane_shares(ps_work *w, int s, int k, int l)
{
    const ps_plan *p = w->plan;
    const ps_taste_nodes *nodes = &p->segment[s].tastes;
    double *u = w->demand, *share = u + p->J, *mean = share + p->J;

    memset(mean, 0, (size_t)p->J * sizeof *mean);
    u[p->J - 1] = 0.0;
    for (int r = 0; r < nodes->nodes; r++) {
        const double ratio = w->taste_ratio[p->segment[s].taste_at / p->J + r][l];

        for (int i = 0; i < p->I; i++) {
            u[i] = ratio * w->attract[k * p->I + i][l] + w->cell_extra[k * p->I + i][l];
        }
        for (int c = 0; c < p->C; c++) {
            u[p->I + c] = ratio * w->rival_attract[c][l];
        }
        ps_demand_node(w, s, r, l, u, share);
        for (int j = 0; j < p->J; j++) {
            mean[j] = __builtin_fma(nodes->weight[r], share[j], mean[j]);
        }
    }
    for (int j = 0; j < p->J; j++) {
        w->demand_share[j][l] = mean[j];
    }
}

/* Weeks of promotion of own offer i among the last 13. */
static double weeks_promoted(const ps_work *w, int s, int i, uint32_t calendar)
{
    const ps_plan *p = w->plan;
    double weeks = 0.0;

    for (int m = 0; m < p->M && p->promoted_weeks; m++) {
        if ((calendar >> m & 1U) && p->promotion[m].in_segment[s] && p->promotion[m].in_offer[i]) {
            weeks += p->promoted_weeks[m * p->T_end + w->t];
        }
    }
    return weeks;
}

/* Shares of a kind of its own at the prices `price` [I]; `extra` [I]. */
static void kind_shares(ps_work *w, int s, const double *price, const double *extra,
                        const double *rival)
{
    const ps_plan *p = w->plan;
    const ps_demand_view view = {.own = p->I,
                                 .rivals = p->C,
                                 .values = w->values[0],
                                 .segment = s,
                                 .price = price,
                                 .price0 = w->base_price[s * p->I],
                                 .rival = rival,
                                 .rival0 = w->base_rival[s * p->C],
                                 .extra = extra,
                                 .promoted = w->demand};

    ((const ps_demand_kind *)(const void *)ps_demand_family.kinds[p->demand_kind])
        ->shares(p->demand_params, &view, w->demand_share[0]);
}

void ps_hot_demand_row(ps_work *w, int s, ps_lanes *row)
{
    const ps_plan *p = w->plan;

    memset(w->cell_extra, 0, (size_t)p->I * sizeof(ps_lanes));
    memset(w->demand, 0, (size_t)p->I * sizeof *w->demand);
    kind_shares(w, s, w->base_price[s * p->I], w->cell_extra[0], w->base_rival[s * p->C]);
    memcpy(row, w->demand_share, (size_t)p->J * sizeof(ps_lanes));
}

/* From demand_share to cell k. */
static void keep_cell(ps_work *w, int k)
{
    const ps_plan *p = w->plan;
    double *sum = w->attract_sum[k];

    LANES
    {
        sum[l] = 0.0;
    }
    for (int i = 0; i < p->I; i++) {
        const double *x = w->demand_share[i];
        double *to = w->attract[k * p->I + i];

        LANES
        {
            to[l] = x[l];
            sum[l] += x[l];
        }
    }
    LANES
    {
        sum[l] = sum[l] > 1e-300 ? sum[l] : 1e-300; /* nobody buys: 0 of it is still 0 */
    }
    memcpy(w->lost_cell + k * (p->C + 1), w->demand_share + p->I,
           (size_t)(p->C + 1) * sizeof(ps_lanes));
}

void ps_hot_demand(ps_work *w, int s, uint32_t calendar)
{
    const ps_plan *p = w->plan;

    for (int i = 0; i < p->I && p->demand->shares; i++) {
        w->demand[i] = weeks_promoted(w, s, i, calendar);
    }
    for (int k = 0; k < w->cells; k++) {
        if (p->demand->shares) {
            const int e = k / p->nodes;

            kind_shares(w, s, w->class_price[e * p->I], w->cell_extra[k * p->I],
                        p->C > 0 ? w->rival[0] : NULL);
        } else {
            for (int l = 0; l < PS_LANES; l++) {
                lane_shares(w, s, k, l);
            }
        }
        keep_cell(w, k);
    }
}

void ps_hot_lose_general(ps_work *w, const double *lost)
{
    const ps_plan *p = w->plan;
    const double count = w->pass.settle || w->trial || p->demand->volume ? 0.0 : 1.0;
    ps_lanes all;

    LANES
    {
        all[l] = 0.0;
    }
    for (int c = 0; c <= p->C; c++) {
        double *to = w->lost_rival[c];

        LANES
        {
            to[l] = 0.0;
        }
        for (int k = 0; k < w->cells; k++) {
            const double *weight = w->cell_weight[k], *x = w->lost_cell[k * (p->C + 1) + c];

            if (w->hurried) {
                const double *part = w->hurry_part[k / p->nodes];

                LANES
                {
                    to[l] += weight[l] * part[l] * x[l];
                }
                continue;
            }
            LANES
            {
                to[l] = __builtin_fma(weight[l], x[l], to[l]);
            }
        }
        LANES
        {
            all[l] += to[l];
        }
    }
    for (int c = 0; c <= p->C; c++) {
        double *to = w->lost_rival[c], *sum = w->out.lost_rival[c];

        LANES
        {
            to[l] = all[l] != 0.0 ? lost[l] * (to[l] / all[l]) : c == p->C ? lost[l] : 0.0;
            sum[l] += count * to[l];
        }
    }
}

/* Adds node r, share q, to the slopes. */
static void add_slopes(const ps_work *w, int s, int l, const double *q, double weight,
                       const ps_demand_slopes *to)
{
    const int n = w->plan->J - 1;

    for (int j = 0; j < n; j++) {
        const int g = nest_of(w, s, j);
        const double scale = nest_scale(w, s, g, l);
        double whole = 0.0;

        for (int k = 0; k < n && g >= 0; k++) {
            whole += nest_of(w, s, k) == g ? q[k] : 0.0;
        }
        to->lambda[j] += weight * scale * q[j];
        for (int k = 0; k < n; k++) {
            const double within =
                g >= 0 && nest_of(w, s, k) == g && whole > 0.0 ? (scale - 1.0) * q[k] / whole : 0.0;

            to->gamma[j * n + k] += weight * q[j] * (within + q[k]);
        }
    }
}

void ps_demand_response(ps_work *w, int s, int lane, const double *price,
                        const ps_demand_slopes *to)
{
    const ps_plan *p = w->plan;
    const ps_plan_segment *seg = &p->segment[s];
    const int n = p->J - 1, nodes = seg->general ? seg->tastes.nodes : 1;
    const double alpha = w->alpha[s][lane];
    double *u = w->demand, *q = u + p->J;

    memset(to->share, 0, (size_t)p->J * sizeof(double));
    memset(to->lambda, 0, (size_t)n * sizeof(double));
    memset(to->gamma, 0, (size_t)(n * n) * sizeof(double));
    u[n] = 0.0;
    for (int r = 0; r < nodes; r++) {
        const double ratio = seg->general ? w->taste_ratio[seg->taste_at / p->J + r][lane] : 1.0;
        const double weight = seg->general ? seg->tastes.weight[r] : 1.0;

        for (int j = 0; j < n; j++) {
            const double base = j < p->I ? w->base_price[s * p->I + j][lane]
                                         : w->base_rival[s * p->C + j - p->I][lane];

            u[j] = ratio * alpha * (price[j] - base);
        }
        ps_demand_node(w, s, r, lane, u, q);
        for (int j = 0; j <= n; j++) {
            to->share[j] += weight * q[j];
        }
        add_slopes(w, s, lane, q, weight * ratio * alpha * LN2, to);
    }
}
