/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Base rows of segments with nests or tastes, in every path, and the price sensitivity that a
 * stated elasticity implies. docs/model/tastes.md
 *
 * From utilities the rows of the nodes follow. From shares t_j they are found: s_rj proportional to
 * exp(delta_j + mu_rj + ratio_r alpha p0_j), delta such that the nodes' weighted mean is t, which
 * iterative proportional fitting gives; and alpha such that the elasticity is the stated one. */
#include <string.h>

#include "engine/hot_demand.h"
#include "math/vmath.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

enum { MAX_FIT = 2000, MAX_SEARCH = 200 };

static const double *map_lanes(const ps_work *w, const ps_number_map *map, int index, int s)
{
    for (int i = 0; i < map->count; i++) {
        if (map->keys[i].index == index) {
            return ps_number_lanes(&map->numbers[i], w->values[0], s);
        }
    }
    return NULL;
}

/* ---- nests ---- */

void ps_hot_nest_scales(ps_work *w, int s)
{
    const ps_choice *choice = w->plan->segment[s].choice;

    for (int g = 0; g < choice->nests.count; g++) {
        const ps_nest *nest = (const ps_nest *)choice->nests.items + g;
        const double *rho = nest->rho.given ? ps_number_lanes(&nest->rho, w->values[0], s) : NULL;
        double *scale = w->nest_scale[s * w->plan->nests + g];

        LANES
        {
            scale[l] = rho ? 1.0 / (1.0 - rho[l]) : 1.0;
        }
    }
}

static double base_share(const ps_work *w, int s, int j, int l)
{
    const ps_plan *p = w->plan;

    return j < p->I ? w->win[s][l] * w->mix[s * p->I + j][l]
                    : (1.0 - w->win[s][l]) * w->other[s * (p->C + 1) + j - p->I][l];
}

/* Of the nest's share S the member asked for has x: N = (1 - S) (1 / L - x) / (1 - x). */
static void answer(ps_work *w, int first, int last, int g)
{
    const ps_plan *p = w->plan;
    const ps_choice *choice = p->segment[first].choice;
    const ps_nest *nest = (const ps_nest *)choice->nests.items + g;
    const double *leave = ps_number_lanes(&nest->lost_buyers_who_leave, w->values[0], first);
    int asked = nest->members.items[0].index;

    for (int k = 0; k < nest->members.count && choice->elasticity; k++) {
        const ps_ref *offer = &choice->elasticity->offer;

        asked = offer->id && nest->members.items[k].index == offer->index ? offer->index : asked;
    }
    for (int l = 0; l < PS_LANES; l++) {
        double whole = 0.0, own = 0.0, weight = 0.0;

        for (int s = first; s < last; s++) {
            weight += p->segment[s].weight;
            own += p->segment[s].weight * base_share(w, s, asked, l);
            for (int j = 0; j < p->J; j++) {
                whole += p->segment[s].nest_of[j] == g
                             ? p->segment[s].weight * base_share(w, s, j, l)
                             : 0.0;
            }
        }
        const double x = own / whole, share = whole / weight;
        const double n = (1.0 - share) * (1.0 / leave[l] - x) / (1.0 - x);

        for (int s = first; s < last; s++) {
            w->nest_scale[s * p->nests + g][l] = !(n > 1.0) ? 1.0 : n > 100.0 ? 100.0 : n;
        }
    }
}

void ps_hot_nest_answers(ps_work *w, int first, int last)
{
    const ps_choice *choice = w->plan->segment[first].choice;

    for (int g = 0; g < choice->nests.count; g++) {
        if (((const ps_nest *)choice->nests.items)[g].lost_buyers_who_leave.given) {
            answer(w, first, last, g);
        }
    }
}

/* ---- what the nodes are ---- */

/* ratio_r and mu_rj of a segment's nodes in all lanes; mu into taste_mu. */
static void describe_nodes(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const ps_plan_segment *seg = &p->segment[s];
    const ps_tastes *tastes = seg->choice->tastes;
    const int at = seg->taste_at / p->J, first = tastes && tastes->price;

    for (int r = 0; r < seg->tastes.nodes; r++) {
        const ps_taste_type *type = tastes && tastes->types.count > 0
                                        ? (const ps_taste_type *)tastes->types.items + r
                                        : NULL;
        const double *relative =
            type ? ps_number_lanes(&type->relative_sensitivity, w->values[0], s) : NULL;
        ps_lanes *mu = w->taste_mu + seg->taste_at + (long)r * p->J;

        memset(mu, 0, (size_t)p->J * sizeof *mu);
        LANES
        {
            w->taste_ratio[at + r][l] = relative ? relative[l] : 1.0;
        }
        for (int j = 0; j < p->J - 1; j++) {
            const double *x = type ? map_lanes(w, &type->utility, j, s) : NULL;

            if (x) {
                memcpy(mu[j], x, sizeof *mu);
            }
            for (int d = first; d < seg->tastes.dims; d++) {
                const ps_attribute_taste *a =
                    (const ps_attribute_taste *)tastes->attributes.items + d - first;
                const double *sd = ps_number_lanes(&a->sd, w->values[0], s);
                const double *level = map_lanes(w, &a->of, j, s);
                const double z = seg->tastes.z[r * seg->tastes.dims + d];

                LANES
                {
                    mu[j][l] += level ? z * sd[l] * level[l] : 0.0;
                }
            }
        }
    }
    for (int l = 0; l < PS_LANES && first; l++) {
        double *ratio = w->fit;

        for (int r = 0; r < seg->tastes.nodes; r++) {
            ratio[r] = seg->tastes.z[r * seg->tastes.dims];
        }
        ps_price_taste_ratio(tastes->price->law,
                             ps_number_lanes(&tastes->price->sd, w->values[0], s)[l],
                             seg->tastes.nodes, seg->tastes.weight, ratio);
        for (int r = 0; r < seg->tastes.nodes; r++) {
            w->taste_ratio[at + r][l] = ratio[r];
        }
    }
}

static double base_price(const ps_work *w, int s, int j, int l)
{
    const ps_plan *p = w->plan;

    return j < p->I ? w->base_price[s * p->I + j][l] : w->base_rival[s * p->C + j - p->I][l];
}

/* mu + ratio alpha p0 of node r's alternative j; 0 for nothing. */
static double node_value(const ps_work *w, int s, int r, int j, int l, double alpha)
{
    const ps_plan *p = w->plan;
    const ps_plan_segment *seg = &p->segment[s];

    return j == p->J - 1
               ? 0.0
               : w->taste_mu[(long)seg->taste_at + (long)r * p->J + j][l] +
                     w->taste_ratio[seg->taste_at / p->J + r][l] * alpha * base_price(w, s, j, l);
}

/* ---- from utilities ---- */

/* Row of node r: the logit with nests of the values v [J]; an alternative that is not there has
 * -1e300. */
static void value_row(const ps_work *w, int s, int l, double *v)
{
    const ps_plan *p = w->plan;
    const int *nest = p->segment[s].nest_of;
    double top = -1e300, all = 0.0;

    for (int j = 0; j < p->J; j++) {
        top = v[j] > top ? v[j] : top;
    }
    for (int j = 0; j < p->J; j++) {
        const double scale = nest[j] < 0 ? 1.0 : w->nest_scale[s * p->nests + nest[j]][l];

        v[j] = v[j] > -1e299 ? ps_exp(scale * (v[j] - top)) : 0.0;
    }
    for (int g = 0; g < p->nests; g++) {
        double sum = 0.0;

        for (int j = 0; j < p->J; j++) {
            sum += nest[j] == g ? v[j] : 0.0;
        }
        if (sum > 0.0) { /* D^(1 - rho) / D */
            const double scale = w->nest_scale[s * p->nests + g][l];
            const double factor = ps_exp2((1.0 / scale - 1.0) * ps_log2(sum));

            for (int j = 0; j < p->J; j++) {
                v[j] *= nest[j] == g ? factor : 1.0;
            }
        }
    }
    for (int j = 0; j < p->J; j++) {
        all += v[j];
    }
    for (int j = 0; j < p->J; j++) {
        v[j] /= all;
    }
}

void ps_hot_taste_utilities(ps_work *w, int s, ps_lanes *row)
{
    const ps_plan *p = w->plan;
    const ps_plan_segment *seg = &p->segment[s];
    const ps_choice *choice = seg->choice;
    const double *sensitivity = ps_number_lanes(&choice->price_sensitivity, w->values[0], s);
    const double *relative = w->relative[s];
    double *v = w->demand;

    describe_nodes(w, s);
    memset(row, 0, (size_t)p->J * sizeof *row);
    for (int l = 0; l < PS_LANES; l++) {
        const double alpha = -sensitivity[l] * (seg->market_choice ? relative[l] : 1.0);

        for (int r = 0; r < seg->tastes.nodes; r++) {
            for (int j = 0; j < p->J; j++) {
                const double *delta = j < p->J - 1 ? map_lanes(w, &choice->utility, j, s) : NULL;

                v[j] = (j == p->J - 1 && choice->outside) || delta
                           ? (delta ? delta[l] : 0.0) + node_value(w, s, r, j, l, alpha)
                           : -1e300;
            }
            value_row(w, s, l, v);
            for (int j = 0; j < p->J; j++) {
                w->taste_row[(long)seg->taste_at + (long)r * p->J + j][l] = v[j];
                row[j][l] = __builtin_fma(seg->tastes.weight[r], v[j], row[j][l]);
            }
        }
    }
}

/* ---- from shares ---- */

/* Rows m [nodes][J] with the weighted mean t from alpha (base e), by proportional fitting. */
static void fit_nodes(ps_work *w, int s, int l, double alpha, double *m)
{
    const ps_plan *p = w->plan;
    const ps_taste_nodes *nodes = &p->segment[s].tastes;
    const int J = p->J;

    for (int r = 0; r < nodes->nodes; r++) {
        double top = -1e300;

        for (int j = 0; j < J; j++) {
            m[r * J + j] = node_value(w, s, r, j, l, alpha);
            top = m[r * J + j] > top ? m[r * J + j] : top;
        }
        for (int j = 0; j < J; j++) {
            m[r * J + j] = base_share(w, s, j, l) * ps_exp(m[r * J + j] - top);
        }
    }
    for (int round = 0; round < MAX_FIT; round++) {
        double worst = 0.0;

        for (int r = 0; r < nodes->nodes; r++) {
            double sum = 0.0;

            for (int j = 0; j < J; j++) {
                sum += m[r * J + j];
            }
            for (int j = 0; j < J; j++) {
                m[r * J + j] /= sum;
            }
        }
        for (int j = 0; j < J; j++) {
            const double share = base_share(w, s, j, l);
            double sum = 0.0;

            for (int r = 0; r < nodes->nodes; r++) {
                sum += nodes->weight[r] * m[r * J + j];
            }
            const double error = sum > share ? sum - share : share - sum;

            worst = error > worst ? error : worst;
            for (int r = 0; r < nodes->nodes && sum > 0.0; r++) {
                m[r * J + j] *= share / sum;
            }
        }
        if (worst < 1e-14) {
            break;
        }
    }
}

/* Change of the share of the offers `of` (brand: all own) per log of their price, per unit of
 * alpha, with the rows in m; *size gets the share. */
static double slope_of(ps_work *w, int s, int l, const ps_choice *choice, const double *m,
                       double *size)
{
    const ps_plan *p = w->plan;
    const ps_plan_segment *seg = &p->segment[s];
    const ps_elasticity *elasticity = choice->elasticity;
    const bool brand = elasticity && elasticity->brand;
    const int e = elasticity && elasticity->offer.id ? elasticity->offer.index : 0;
    const int from = brand ? 0 : e, to = brand ? p->I : e + 1;
    double slope = 0.0;

    *size = 0.0;
    for (int r = 0; r < seg->tastes.nodes; r++) {
        const double *q = m + r * p->J;
        const double weight = seg->tastes.weight[r] * w->taste_ratio[seg->taste_at / p->J + r][l];

        for (int j = from; j < to; j++) {
            const int g = seg->nest_of[j];
            const double scale = g < 0 ? 1.0 : w->nest_scale[s * p->nests + g][l];
            double whole = 0.0;

            for (int k = 0; k < p->J; k++) {
                whole += g >= 0 && seg->nest_of[k] == g ? q[k] : 0.0;
            }
            *size += seg->tastes.weight[r] * q[j];
            for (int k = from; k < to; k++) {
                const double within = g >= 0 && seg->nest_of[k] == g && whole > 0.0
                                          ? (scale - 1.0) * q[k] / whole
                                          : 0.0;

                slope += weight * base_price(w, s, k, l) * q[j] *
                         ((j == k ? scale : 0.0) - within - q[k]);
            }
        }
    }
    return slope;
}

/* Elasticity of the segments that share a choice when their alpha (base e) is `alpha` r_s; leaves
 * the rows. */
static double elasticity_at(ps_work *w, int first, int last, int l, double alpha)
{
    const ps_plan *p = w->plan;
    const ps_choice *choice = p->segment[first].choice;
    double top = 0.0, bottom = 0.0, paid = 0.0;

    for (int n = 0; n < p->nodes; n++) {
        paid += w->node_weight[n][l] * (1.0 - w->node_depth[n][l]);
    }
    for (int s = first; s < last; s++) {
        const ps_plan_segment *seg = &p->segment[s];
        const double own = seg->market_choice ? alpha * w->relative[s][l] : alpha;
        double *m = w->fit, size;

        fit_nodes(w, s, l, own, m);
        top += seg->weight * own * paid * slope_of(w, s, l, choice, m, &size);
        bottom += seg->weight * size;
        for (int k = 0; k < seg->tastes.nodes * p->J; k++) {
            w->taste_row[(long)seg->taste_at + k][l] = m[k];
        }
    }
    return bottom > 0.0 ? top / bottom : 0.0;
}

/* alpha in [-most, 0) with the elasticity eps: regula falsi (Illinois) in a bracket that is widened
 * from the plain logit's answer; -most when no alpha has it. */
static double search_alpha(ps_work *w, int first, int last, int l, double eps, double most)
{
    double near = 0.0, below = -eps, far = -1e-3 * most, above = 0.0;
    int side = 0;

    for (;;) { /* far: an alpha whose elasticity is at least the stated one */
        above = elasticity_at(w, first, last, l, far) - eps;
        if (above <= 0.0 || far <= -most) {
            break;
        }
        near = far;
        below = above;
        far = far * 2.0 < -most ? -most : far * 2.0;
    }
    for (int k = 0; k < MAX_SEARCH && above < 0.0; k++) {
        const double alpha = far - above * (near - far) / (below - above);
        const double x = elasticity_at(w, first, last, l, alpha) - eps;

        if (x < -1e-13 * eps && x > 1e-13 * eps) {
            return alpha;
        }
        if (x > 0.0) {
            near = alpha;
            below = x;
            above *= side > 0 ? 0.5 : 1.0;
            side = 1;
        } else {
            far = alpha;
            above = x;
            below *= side < 0 ? 0.5 : 1.0;
            side = -1;
        }
    }
    elasticity_at(w, first, last, l, far);
    return far;
}

/* The elasticity's alpha of lane l, base e, without relative sensitivities. */
static double stated_alpha(ps_work *w, int first, int last, int l)
{
    const ps_plan *p = w->plan;
    const ps_choice *choice = p->segment[first].choice;
    double dearest = 0.0;

    if (!choice->elasticity && !choice->promotion_elasticity.given) {
        const double alpha = -ps_number_lanes(&choice->price_sensitivity, w->values[0], first)[l];

        elasticity_at(w, first, last, l, alpha);
        return alpha;
    }
    for (int s = first; s < last; s++) {
        for (int i = 0; i < p->I; i++) {
            const double price = w->base_price[s * p->I + i][l];

            dearest = price > dearest ? price : dearest;
        }
    }
    const double eps =
        choice->elasticity
            ? ps_number_lanes(&choice->elasticity->value, w->values[0], first)[l]
            : ps_number_lanes(&choice->promotion_elasticity, w->values[0], first)[l] /
                  (1.0 + PS_PROMOTION_RATIO);

    return search_alpha(w, first, last, l, eps, PS_STEEPEST / dearest);
}

void ps_hot_taste_fit(ps_work *w, int first, int last)
{
    const ps_plan *p = w->plan;

    for (int s = first; s < last; s++) {
        describe_nodes(w, s);
    }
    for (int l = 0; l < PS_LANES; l++) {
        const double alpha = stated_alpha(w, first, last, l);

        for (int s = first; s < last; s++) {
            const ps_plan_segment *seg = &p->segment[s];
            const double *r = w->relative[s];

            w->alpha[s][l] = alpha * (seg->market_choice ? r[l] : 1.0);
        }
    }
}
