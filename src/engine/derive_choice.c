/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The choice at the base: price sensitivity, shares, elasticities, diversion, and the margins that
 * a Nash equilibrium in prices would imply.
 *
 * With q_j(a) the base row at age a of a deal, k(a) the part that decides at that age and n = 1 /
 * (1 - rho) of the nest of inside goods,
 *
 *   dq_j / du_m = q_j (n 1(j = m) - (n - 1) q_m / q_in - q_m),   dq_0 / du_m = -q_0 q_m
 *
 * and an elasticity with respect to the price of m is alpha p_m sum_a k(a) dq_j / du_m over the
 * share. Who does not know us chooses among the others alone. Negotiated discounts scale the price
 * that is felt by their mean. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/derive_parts.h"
#include "engine/hot_demand.h"

#define LN2 0.69314718055994530942

/* Shares and slopes of the aggregate and of one segment. slope[j * prices + m] = d share_j / d log
 * price_m. */
typedef struct {
    int J, prices;
    double *share, *slope;
} response;

static double own_share(const ps_work *w, int s)
{
    return w->aware[s][0] * w->win[s][0];
}

static double base_share(const ps_work *w, int s, int j)
{
    const ps_plan *p = w->plan;

    return j < p->I ? own_share(w, s) * w->mix[s * p->I + j][0]
                    : (1.0 - own_share(w, s)) * w->other[s * (p->C + 1) + j - p->I][0];
}

/* Price of alternative m that is felt at the base. */
static double felt_price(const ps_work *w, int s, int m)
{
    const ps_plan *p = w->plan;
    double paid = 0.0;

    if (m >= p->I) {
        return w->base_rival[s * p->C + m - p->I][0];
    }
    for (int n = 0; n < p->nodes; n++) {
        paid += w->node_weight[n][0] * (1.0 - w->node_depth[n][0]);
    }
    return paid * w->base_price[s * p->I + m][0];
}

/* One row q, weight `part`: adds its derivatives with respect to the utility of m. */
static void add_row(const double *q, int J, double nest, int m, double part, double *sum)
{
    const double inside = 1.0 - q[J - 1];

    for (int j = 0; j < J - 1; j++) {
        const double within = inside > 0.0 ? (nest - 1.0) * q[m] / inside : 0.0;

        sum[j] += part * q[j] * ((j == m ? nest : 0.0) - within - q[m]);
    }
    sum[J - 1] -= part * q[J - 1] * q[m];
}

/* The unaware: the inside part is what it is at the base when there is a nest. */
static void add_unaware(const double *q, int J, double nest, bool nested, int m, double part,
                        double *sum)
{
    const double inside = 1.0 - q[J - 1];

    if (!nested) {
        add_row(q, J, 1.0, m, part, sum);
        return;
    }
    for (int j = 0; j < J - 1 && inside > 0.0; j++) {
        sum[j] += part * nest * q[j] * ((j == m ? 1.0 : 0.0) - q[m] / inside);
    }
}

/* d share_j / d log price_m of segment s, into slope[j] for all j; q is scratch of J. */
static void segment_slope(const ps_work *w, int s, int m, double *q, double *slope)
{
    const ps_plan *p = w->plan;
    const int J = p->J;
    const double aware = w->aware[s][0], nest = w->nest ? w->nest[s][0] : 1.0;

    memset(slope, 0, (size_t)J * sizeof *slope);
    for (int a = 0; a < p->ages; a++) {
        const double odds = w->odds[s * p->ages + a][0], r = odds / (1.0 + odds);

        for (int j = 0; j < J; j++) {
            q[j] = j < p->I ? r * w->mix[s * p->I + j][0]
                            : (1.0 - r) * w->other[s * (p->C + 1) + j - p->I][0];
        }
        add_row(q, J, nest, m, aware * w->k[s * p->ages + a][0], slope);
    }
    if (aware < 1.0 && m >= p->I) {
        for (int j = 0; j < J; j++) {
            q[j] = j < p->I ? 0.0 : w->other[s * (p->C + 1) + j - p->I][0];
        }
        add_unaware(q, J, nest, w->nest != NULL, m, 1.0 - aware, slope);
    }
    for (int j = 0; j < J; j++) {
        slope[j] *= LN2 * w->alpha[s][0] * felt_price(w, s, m);
    }
}

/* The same for nests and tastes: derivatives from the engine. `price` is scratch of J, `gamma` of
 * prices^2. */
static void general_slopes(ps_derive_state *state, int s, double *share, const response *r)
{
    ps_work *w = state->w;
    const int n = r->prices;
    double *price = ps_derive_doubles(state, (size_t)n),
           *lambda = ps_derive_doubles(state, (size_t)n),
           *gamma = ps_derive_doubles(state, (size_t)(n * n));

    for (int m = 0; m < n && !state->failed; m++) {
        price[m] = m < w->plan->I ? w->base_price[s * w->plan->I + m][0]
                                  : w->base_rival[s * w->plan->C + m - w->plan->I][0];
    }
    if (!state->failed) {
        ps_demand_response(w, s, 0, price, &(ps_demand_slopes){share, lambda, gamma});
    }
    for (int m = 0; m < n && !state->failed; m++) {
        const double felt = felt_price(w, s, m);

        r->slope[n * n + m] = 0.0;
        for (int j = 0; j < n; j++) {
            r->slope[j * n + m] = felt * ((j == m ? lambda[m] : 0.0) - gamma[j * n + m]);
            r->slope[n * n + m] -= r->slope[j * n + m];
        }
    }
}

static void fill_segment(ps_derive_state *state, int s, double *q, double *column,
                         const response *r)
{
    const ps_work *w = state->w;

    for (int j = 0; j < r->J; j++) {
        r->share[j] = base_share(w, s, j);
    }
    if (!w->plan->choiceless && w->plan->segment[s].general) {
        general_slopes(state, s, q, r);
        return;
    }
    for (int m = 0; m < r->prices && !w->plan->choiceless; m++) {
        segment_slope(w, s, m, q, column);
        for (int j = 0; j < r->J; j++) {
            r->slope[j * r->prices + m] = column[j];
        }
    }
}

static void put_response(ps_derive_state *state, const response *r, int prices, const char *prefix)
{
    const ps_plan *p = state->plan;

    for (int j = 0; j < r->J; j++) {
        ps_derive_put(state, "frac", "Share of the decisions at the base prices.", r->share[j],
                      "%sshare/%s", prefix, ps_derive_alternative(p, j));
    }
    for (int j = 0; j < r->J && !p->choiceless; j++) {
        for (int m = 0; m < prices && r->share[j] > 0.0; m++) {
            ps_derive_put(
                state, "ratio",
                "Elasticity of the first one's share with respect to the second one's price.",
                r->slope[j * r->prices + m] / r->share[j], "%selasticity/%s/%s", prefix,
                ps_derive_alternative(p, j), ps_derive_alternative(p, m));
        }
    }
    for (int i = 0; i < p->I && !p->choiceless; i++) {
        const double lost = -r->slope[i * r->prices + i];

        for (int j = 0; j < r->J && lost > 0.0; j++) {
            if (j != i) {
                ps_derive_put(state, "frac",
                              "Part of the buyers that the first one loses by a higher price who "
                              "go to the second.",
                              r->slope[j * r->prices + i] / lost, "%sdiversion/%s/%s", prefix,
                              ps_derive_alternative(p, i), ps_derive_alternative(p, j));
            }
        }
    }
}

/* Solves a x = b in place by elimination with row exchanges; false when a is singular. a is [n][n].
 */
static bool solve(double *a, double *b, int n)
{
    for (int k = 0; k < n; k++) {
        int top = k;

        for (int i = k + 1; i < n; i++) {
            top = fabs(a[i * n + k]) > fabs(a[top * n + k]) ? i : top;
        }
        if (a[top * n + k] == 0.0) {
            return false;
        }
        for (int j = k; j < n && top != k; j++) {
            const double x = a[k * n + j];

            a[k * n + j] = a[top * n + j];
            a[top * n + j] = x;
        }
        const double right = b[k];

        b[k] = b[top];
        b[top] = top != k ? right : b[k];
        for (int i = k + 1; i < n; i++) {
            const double f = a[i * n + k] / a[k * n + k];

            for (int j = k; j < n; j++) {
                a[i * n + j] -= f * a[k * n + j];
            }
            b[i] -= f * b[k];
        }
    }
    for (int k = n - 1; k >= 0; k--) {
        for (int j = k + 1; j < n; j++) {
            b[k] -= a[k * n + j] * b[j];
        }
        b[k] /= a[k * n + k];
    }
    return true;
}

/* Margins per unit at which no price of a firm's offers `of` should move: sum_k m_k ds_k/dp_j + s_j
 * dpocket_j/dp_j = 0. */
static void put_nash(ps_derive_state *state, const response *r, const int *of, int n,
                     const double *pocket_slope)
{
    const ps_plan *p = state->plan;
    double *a = ps_derive_doubles(state, (size_t)(n * n)), *b = ps_derive_doubles(state, (size_t)n);

    for (int j = 0; j < n && !state->failed; j++) {
        const int offer = of[j] < p->I ? of[j] : of[j] - p->I;
        const double *price =
            of[j] < p->I ? state->w->base_price[offer] : state->w->base_rival[offer];

        for (int k = 0; k < n; k++) {
            a[j * n + k] = r->slope[of[k] * r->prices + of[j]] / price[0];
        }
        b[j] = -r->share[of[j]] * pocket_slope[j];
    }
    if (!state->failed && solve(a, b, n)) {
        for (int j = 0; j < n; j++) {
            ps_derive_put(state, "money",
                          "Margin per unit at which the base price would be a best response to the "
                          "rivals' prices.",
                          b[j], "nash_margin/%s", ps_derive_alternative(p, of[j]));
        }
    }
}

static void nash_margins(ps_derive_state *state, const response *r)
{
    const ps_plan *p = state->plan;
    int *of = ps_arena_alloc(state->scratch, (size_t)p->J, sizeof *of);
    double *slope = ps_derive_doubles(state, (size_t)p->J);
    int n = 0;

    state->failed = state->failed || !of;
    for (int i = 0; i < p->I && !state->failed; i++) {
        if (r->share[i] > 0.0) {
            slope[n] = ps_derive_unit_money(state, 0, i, NULL).slope;
            of[n++] = i;
        }
    }
    if (!state->failed) {
        put_nash(state, r, of, n, slope);
    }
    for (int k = 0; k < p->scenario->competitors.count && !state->failed; k++) {
        const ps_competitor *firm = (const ps_competitor *)p->scenario->competitors.items + k;

        n = 0;
        for (int c = 0; c < p->C; c++) {
            if (p->scenario->rival_owner[c] == firm && r->share[p->I + c] > 0.0) {
                slope[n] = 1.0;
                of[n++] = p->I + c;
            }
        }
        put_nash(state, r, of, n, slope);
    }
}

static void put_sensitivity(ps_derive_state *state, int s)
{
    const ps_work *w = state->w;
    const char *id = ps_derive_segment(state->plan, s);
    const double alpha = w->alpha[s][0];

    ps_derive_put(state, "per money", "Price coefficient of utility.", LN2 * alpha,
                  "segments/%s/alpha", id);
    if (w->gain[s][0] > 0.0 && alpha < 0.0) {
        ps_derive_put(state, "ratio",
                      "Extra weight of a price below the reference price, in multiples of |alpha|.",
                      -w->gain[s][0] / alpha, "segments/%s/gain", id);
        ps_derive_put(state, "ratio",
                      "Extra weight of a price above the reference price, in multiples of |alpha|.",
                      -w->loss[s][0] / alpha, "segments/%s/loss", id);
    }
    for (int g = 0; w->plan->segment[s].general && g < w->plan->segment[s].choice->nests.count;
         g++) {
        const ps_nest *nest = (const ps_nest *)w->plan->segment[s].choice->nests.items + g;

        ps_derive_put(state, "ratio", "Likeness of the offers in the nest.",
                      1.0 - 1.0 / w->nest_scale[s * w->plan->nests + g][0], "segments/%s/nest/%s",
                      id, nest->entry.id);
    }
    if (w->nest) {
        ps_derive_put(state, "ratio",
                      "Correlation of tastes in the nest of those who buy something.",
                      1.0 - 1.0 / w->nest[s][0], "segments/%s/rho", id);
    }
}

void ps_derive_choice(ps_derive_state *state)
{
    const ps_plan *p = state->plan;
    const int prices = p->I + p->C;
    const size_t cells = (size_t)p->J * (size_t)prices;
    response all = {p->J, prices, ps_derive_doubles(state, (size_t)p->J),
                    ps_derive_doubles(state, cells)};
    const response one = {p->J, prices, ps_derive_doubles(state, (size_t)p->J),
                          ps_derive_doubles(state, cells)};
    double *q = ps_derive_doubles(state, (size_t)p->J),
           *column = ps_derive_doubles(state, (size_t)p->J);

    for (int s = 0; s < p->S && !state->failed; s++) {
        const double weight = p->segment[s].weight;
        char prefix[256];

        fill_segment(state, s, q, column, &one);
        for (int j = 0; j < p->J; j++) {
            all.share[j] += weight * one.share[j];
        }
        for (size_t k = 0; k < cells; k++) {
            all.slope[k] += weight * one.slope[k];
        }
        ps_derive_put(state, "frac", "Part of all arrivals.", weight, "segments/%s/weight",
                      ps_derive_segment(p, s));
        if (!p->choiceless) {
            put_sensitivity(state, s);
        }
        snprintf(prefix, sizeof prefix, "segments/%s/", ps_derive_segment(p, s));
        put_response(state, &one, p->I, prefix); /* rivals' prices only in the aggregate */
    }
    if (!state->failed) {
        put_response(state, &all, prices, "");
        ps_derive_market(state, all.share);
        if (!p->choiceless) {
            nash_margins(state, &all);
        }
    }
}
