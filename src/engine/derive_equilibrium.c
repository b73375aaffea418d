/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each pricing objective would ask for and cost at today's prices of the rivals, the Nash
 * equilibrium of all firms, and figures of the market at the base: concentration and consumer
 * surplus. docs/model/equilibrium.md */
#include <math.h>
#include <string.h>

#include "engine/derive_parts.h"
#include "engine/hot_game.h"

#define LN2 0.69314718055994530942

enum { US = -1 };

/* ---- the market at the base ---- */

/* What buyers of segment s gain by the choice that they have, per decision: -ln(s0) / |alpha|, the
 * mean over those who know us and not, or over the nodes of the tastes. */
static double surplus(const ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const ps_plan_segment *seg = &p->segment[s];
    const double alpha = -LN2 * w->alpha[s][0], aware = w->aware[s][0];
    const double none = w->other[s * (p->C + 1) + p->C][0];
    double sum = 0.0;

    if (!seg->general) {
        return -(aware * log((1.0 - w->win[s][0]) * none) +
                 (aware < 1.0 ? (1.0 - aware) * log(none) : 0.0)) /
               alpha;
    }
    for (int r = 0; r < seg->tastes.nodes; r++) {
        const double ratio = w->taste_ratio[seg->taste_at / p->J + r][0];
        const double out = w->taste_row[(long)seg->taste_at + (long)r * p->J + p->J - 1][0];

        sum -= seg->tastes.weight[r] * log(out) / (ratio * alpha);
    }
    return sum;
}

void ps_derive_market(ps_derive_state *state, const double *share)
{
    const ps_plan *p = state->plan;
    const double inside = 1.0 - share[p->J - 1];
    double own = 0.0, sum = 0.0;

    for (int i = 0; i < p->I; i++) {
        own += share[i];
    }
    sum = own * own;
    for (int k = 0; k < p->scenario->competitors.count; k++) {
        double firm = 0.0;

        for (int c = 0; c < p->C; c++) {
            firm += p->owner[c * p->T_end] == k ? share[p->I + c] : 0.0;
        }
        sum += firm * firm;
    }
    if (inside > 0.0 && !p->pipeline) {
        ps_derive_put(state, "ratio",
                      "Concentration: sum of the firms' squared percent of what is bought.",
                      1e4 * sum / (inside * inside), "hhi");
    }
    double gain = 0.0;

    for (int s = 0; s < p->S && !p->choiceless; s++) {
        gain += p->segment[s].weight * surplus(state->w, s);
    }
    if (!p->choiceless && !p->pipeline) {
        ps_derive_put(state, "money",
                      "Consumer surplus per decision: what the choice is worth to the buyers.",
                      gain, "consumer_surplus");
    }
}

/* ---- questions ---- */

static void today(ps_work *w)
{
    const ps_plan *p = w->plan;
    ps_game *g = w->game;

    for (int j = 0; j < g->n; j++) {
        g->price[j] = g->target[j][0];
        g->rate[j] = g->lane_rate[j][0];
        g->cost[j] = g->lane_cost[j][0];
        g->firm[j] = j < p->I ? US : p->owner[(j - p->I) * p->T_end];
        g->moves[j] = g->who[j] = g->leads[j] = false;
        g->lo[j] = j < p->I ? g->cost[j] / g->rate[j] : 1e-6 * g->price[j];
        g->lo[j] = g->lo[j] > 0.0 ? g->lo[j] : 1e-6 * g->price[j];
        g->hi[j] = 1e12;
    }
}

/* Prices of our offers, and what they bring in all four measures; money per decision. */
static void put_outcome(ps_derive_state *state, const char *objective)
{
    const ps_plan *p = state->plan;
    ps_work *w = state->w;
    const ps_game *g = w->game;
    double share = 0.0, revenue = 0.0, margin = 0.0, all = 0.0;

    ps_game_respond(w, 0);
    for (int j = 0; j <= g->n; j++) {
        all += g->share[j];
    }
    for (int i = 0; i < p->I; i++) {
        share += g->share[i] / all;
        revenue += g->share[i] / all * g->price[i] * w->net_of_vat[0];
        margin += g->share[i] / all * (g->rate[i] * g->price[i] - g->lane_cost[i][0]);
        ps_derive_put(state, "money", "Price that serves the objective best, rivals as today.",
                      g->price[i], "objective/%s/price/%s", objective, ps_derive_alternative(p, i));
    }
    ps_derive_put(state, "frac", "Our share of the decisions at these prices.", share,
                  "objective/%s/share", objective);
    ps_derive_put(state, "money", "List value net of VAT per decision at these prices.", revenue,
                  "objective/%s/revenue", objective);
    ps_derive_put(state, "money", "Margin per decision at these prices.", margin,
                  "objective/%s/margin", objective);
    ps_derive_put(state, "money", "Margin per unit sold at these prices.", margin / share,
                  "objective/%s/unit_margin", objective);
}

static void objectives(ps_derive_state *state)
{
    static const char *const names[] = {"margin", "revenue", "share"};
    ps_work *w = state->w;
    ps_game *g = w->game;

    today(w);
    put_outcome(state, "today");
    for (int k = 0; k < 3; k++) {
        double foc = 0.0;

        today(w);
        for (int i = 0; i < w->plan->I; i++) {
            g->moves[i] = k < 2;
            g->cost[i] = k == 1 ? 0.0 : g->cost[i];
            g->price[i] = k == 2 ? g->lo[i] : g->price[i];
        }
        if (k < 2) {
            foc = ps_game_solve(w, 0);
        }
        if (foc < 1e-10) {
            put_outcome(state, names[k]);
        }
    }
}

static void everybody(ps_derive_state *state)
{
    const ps_plan *p = state->plan;
    ps_work *w = state->w;
    ps_game *g = w->game;
    double all = 0.0;

    today(w);
    for (int j = 0; j < g->n; j++) {
        g->moves[j] = true;
        g->lo[j] = 1e-6 * g->price[j];
    }
    const double foc = ps_game_solve(w, 0);

    if (!(foc < 1e-10)) {
        return;
    }
    const double gain = ps_game_deviation(w, 0, true);

    for (int j = 0; j <= g->n; j++) {
        all += g->share[j];
    }
    for (int j = 0; j < g->n; j++) {
        ps_derive_put(state, "money", "Price in the Nash equilibrium of all firms.", g->price[j],
                      "nash/price/%s", ps_derive_alternative(p, j));
        ps_derive_put(state, "frac", "Share of the decisions there.", g->share[j] / all,
                      "nash/share/%s", ps_derive_alternative(p, j));
        ps_derive_put(state, "money", "Cost of a unit, stated or implied by today's prices.",
                      g->lane_cost[j][0], "nash/cost/%s", ps_derive_alternative(p, j));
    }
    ps_derive_put(state, "ratio", "Largest scaled first-order condition of the equilibrium.", foc,
                  "nash/first_order");
    ps_derive_put(state, "ratio", "Largest relative gain of a firm by other prices.",
                  gain > 0.0 ? gain : 0.0, "nash/deviation_gain");
}

void ps_derive_equilibrium(ps_derive_state *state)
{
    if (!state->plan->aims || state->failed) {
        return;
    }
    objectives(state);
    if (state->plan->C > 0) {
        everybody(state);
    }
}
