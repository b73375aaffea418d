/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who looks for prices in a period, against which prices of the others, and how far they go.
 * docs/model/equilibrium.md */
#include <string.h>

#include "engine/hot_game.h"
#include "engine/hot_wholesale.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

enum { US = -1 }; /* the firm of the own offers; rivals: the index of the competitor */

static const double accepted = 1e-10;  /* scaled first-order condition */
static const double worthwhile = 1e-8; /* relative gain of a deviation */

/* ---- once per batch ---- */

/* Of a sale of offer i: pocket money less expected bad debt, per unit of list price, and what is
 * left of it at price 0, by two prices: the waterfall is a straight line in the price. */
static void own_money(ps_work *w, int i)
{
    ps_game *g = w->game;
    const double *list = ps_number_lanes(
        &((const ps_offer *)w->plan->scenario->offers.items)[i].list_price, w->values[0], 0);
    ps_lanes kept[2];

    for (int k = 0; k < 2; k++) {
        ps_lanes row[PS_CHANNELS] = {{0}}, invoice;

        LANES
        {
            row[PS_CH_N][l] = row[PS_CH_Q][l] = 1.0;
            row[PS_CH_L][l] = (k + 1) * list[l] * w->net_of_vat[l];
        }
        if (w->plan->brand) {
            ps_hot_wholesale(w, -1, i, row);
        }
        ps_hot_waterfall(w, -1, row, invoice, kept[k], NULL);
        LANES
        {
            kept[k][l] -= w->bad_debt[l] * invoice[l];
        }
    }
    LANES
    {
        g->lane_rate[i][l] = (kept[1][l] - kept[0][l]) / list[l];
        g->lane_cost[i][l] = w->cost[i][l] - (2.0 * kept[0][l] - kept[1][l]);
    }
}

static bool cost_known(const ps_plan *p, int firm)
{
    for (int c = 0; c < p->C; c++) {
        if (p->owner[c * p->T_end] == firm && !p->scenario->rival[c]->unit_cost.given) {
            return false;
        }
    }
    return true;
}

/* Costs that nobody stated: those at which today's prices are best responses. */
static void implied_costs(ps_work *w, int l)
{
    const ps_plan *p = w->plan;
    ps_game *g = w->game;

    for (int k = 0; k < p->scenario->competitors.count; k++) {
        if (cost_known(p, k)) {
            continue;
        }
        for (int j = 0; j < g->n; j++) {
            g->price[j] = g->target[j][l];
            g->rate[j] = g->lane_rate[j][l];
            g->cost[j] = g->lane_cost[j][l];
            g->firm[j] = j < p->I ? US : p->owner[(j - p->I) * p->T_end];
        }
        ps_game_implied_costs(w, l, k);
        for (int c = 0; c < p->C; c++) {
            if (!p->scenario->rival[c]->unit_cost.given && g->firm[p->I + c] == k) {
                g->lane_cost[p->I + c][l] = g->cost[p->I + c];
            }
        }
    }
}

void ps_hot_aim_setup(ps_work *w)
{
    const ps_plan *p = w->plan;
    const ps_offer *offers = p->scenario->offers.items;
    ps_game *g = w->game;

    for (int j = 0; j < g->n; j++) {
        const ps_rival_offer *rival = j < p->I ? NULL : p->scenario->rival[j - p->I];
        const ps_number *price = rival ? &rival->price : &offers[j].list_price;

        memcpy(g->target[j], ps_number_lanes(price, w->values[0], 0), sizeof(ps_lanes));
        if (!rival) {
            own_money(w, j);
            continue;
        }
        memcpy(g->lane_rate[j], w->net_of_vat, sizeof(ps_lanes));
        if (rival->unit_cost.given) {
            memcpy(g->lane_cost[j], ps_number_lanes(&rival->unit_cost, w->values[0], 0),
                   sizeof(ps_lanes));
        } else {
            memset(g->lane_cost[j], 0, sizeof(ps_lanes));
        }
    }
    for (int l = 0; l < w->job->lanes; l++) {
        implied_costs(w, l);
    }
}

/* ---- in a period ---- */

static const ps_pricing_kind *pricing_kind(const ps_plan *p, int i)
{
    return (const ps_pricing_kind *)(const void *)ps_pricing_family.kinds[p->pricing_kind[i]];
}

static const ps_reaction_kind *reaction_kind(const ps_plan *p, int c)
{
    return (const ps_reaction_kind *)(const void *)ps_reaction_family.kinds[p->reaction_kind[c]];
}

/* Aims of the period; whether anybody acts. */
static bool aims_now(ps_work *w, ps_rule_view *view)
{
    const ps_plan *p = w->plan;
    const ps_offer *offers = p->scenario->offers.items;
    ps_game *g = w->game;
    bool any = false;

    for (int j = 0; j < g->n; j++) {
        const bool own = j < p->I;
        const int at = own ? j : j - p->I;

        g->aim[j] = (ps_price_aim){.acts = false};
        view->item = at;
        if (own && pricing_kind(p, at)->aim) {
            pricing_kind(p, at)->aim(offers[at].pricing->policy.params, view, &g->aim[j]);
        } else if (!own && reaction_kind(p, at)->aim) {
            reaction_kind(p, at)->aim(p->reaction[at], view, &g->aim[j]);
        }
        g->firm[j] = own ? US : p->owner[at * p->T_end + w->t];
        any = any || g->aim[j].acts;
    }
    return any;
}

/* Public price of offer j, `lag` periods ago. */
static double seen(const ps_work *w, const ps_rule_view *view, int j, int lag, int l)
{
    const int I = w->plan->I;

    return j < I ? ps_history_at(&view->own_public, view->period - lag, j)[l]
                 : ps_history_at(&view->rivals, view->period - lag, j - I)[l];
}

/* The question that a lane's firms ask: money and bounds; an objective other than the margin has
 * no cost, or no question at all. */
static void ask(ps_work *w, int l)
{
    const ps_plan *p = w->plan;
    ps_game *g = w->game;

    for (int j = 0; j < g->n; j++) {
        const ps_price_aim *aim = &g->aim[j];
        const double least = 1e-6 * g->target[j][l], floor = aim->floor ? aim->floor[l] : least;

        g->rate[j] = g->lane_rate[j][l];
        g->cost[j] = aim->objective == PS_AIM_REVENUE ? 0.0 : g->lane_cost[j][l];
        g->lo[j] = j < p->I && w->floor[j][l] > floor ? w->floor[j][l] : floor;
        g->hi[j] = aim->ceiling ? aim->ceiling[l] : 1e12;
        g->hi[j] = g->hi[j] < g->lo[j] ? g->lo[j] : g->hi[j];
    }
}

/* Own list price of this period, as far as it is settled; the mean over the segments. */
static double own_now(const ps_work *w, int i, int l)
{
    const ps_plan *p = w->plan;
    double price = 0.0;

    for (int s = 0; s < p->S; s++) {
        price += p->segment[s].weight * w->list[p->price_row[s * p->I + i]][l];
    }
    return price;
}

/* Sets off the search: those of g->who start at their last answer, or go to their bound at once;
 * the others stand at the prices that are seen. */
static void start(ps_work *w, const ps_rule_view *view, int lag, bool ours, int l)
{
    ps_game *g = w->game;

    for (int j = 0; j < g->n; j++) {
        const int objective = g->aim[j].objective;
        const bool bound = objective == PS_AIM_SHARE || objective == PS_AIM_UNIT_MARGIN;

        if (!g->who[j] && !g->moves[j]) {
            g->price[j] = ours && j < w->plan->I ? own_now(w, j, l) : seen(w, view, j, lag, l);
            continue;
        }
        g->moves[j] = g->moves[j] && !bound;
        g->leads[j] = g->leads[j] && !bound;
        g->price[j] = !bound ? g->target[j][l] : objective == PS_AIM_SHARE ? g->lo[j] : g->hi[j];
        g->price[j] = g->price[j] < g->lo[j] ? g->lo[j] : g->price[j];
        g->price[j] = g->price[j] > g->hi[j] ? g->hi[j] : g->price[j];
    }
}

/* Finds the answer of those of g->who and keeps it, or notes that there is none. */
static void find(ps_work *w, bool lead, int l)
{
    ps_game *g = w->game;
    const double foc = lead ? ps_game_lead(w, l) : ps_game_solve(w, l);
    bool moved = false;

    const double count = w->pass.settle ? 0.0 : 1.0; /* the headline's */

    w->out.searches[l] += count;
    if (!(foc < accepted)) {
        w->out.unsolved[l] += count;
        return;
    }
    for (int j = 0; j < g->n; j++) {
        const double gap = g->price[j] - g->target[j][l];

        moved = moved || (g->moves[j] && gap * gap > 1e-18 * g->price[j] * g->price[j]);
        if (g->who[j]) {
            g->target[j][l] = g->price[j];
        }
    }
    if (moved && !lead && ps_game_deviation(w, l, false) > worthwhile) {
        w->out.unstable[l] += count;
    }
}

/* Rivals of reaction nash, and our optimal offers with them. */
static bool play_nash(ps_work *w, const ps_rule_view *view, int l)
{
    const int I = w->plan->I;
    ps_game *g = w->game;
    bool any = false, ours = false;

    for (int j = I; j < g->n; j++) {
        any = any || (g->aim[j].acts && g->aim[j].nash);
    }
    for (int j = 0; j < g->n && any; j++) {
        const ps_price_aim *aim = &g->aim[j];

        g->who[j] = g->moves[j] = aim->acts && (j < I ? !aim->leads : aim->nash);
        g->leads[j] = false;
        ours = ours || (j < I && g->who[j]);
    }
    if (any) {
        start(w, view, 1, ours, l);
        find(w, false, l);
    }
    return ours;
}

/* One firm against the prices of the others. */
static void answer(ps_work *w, const ps_rule_view *view, int firm, int l)
{
    const int I = w->plan->I;
    ps_game *g = w->game;
    bool any = false, lead = false;
    int lag = 1;

    for (int j = 0; j < g->n; j++) {
        const ps_price_aim *aim = &g->aim[j];

        g->who[j] = g->moves[j] = g->firm[j] == firm && aim->acts && !aim->nash;
        g->leads[j] = false;
        lag = g->who[j] && !any ? aim->lag : lag;
        any = any || g->who[j];
        lead = lead || (g->who[j] && aim->leads);
    }
    for (int j = 0; j < g->n && lead; j++) {
        g->leads[j] = g->who[j];
        g->moves[j] = j >= I && reaction_kind(w->plan, j - I)->aim;
    }
    if (any) {
        start(w, view, lag, firm == US, l);
        find(w, lead, l);
    }
}

/* The new prices: `adjusts` of the way to the answers. */
static void go(ps_work *w)
{
    const ps_plan *p = w->plan;
    const ps_game *g = w->game;

    for (int j = 0; j < g->n; j++) {
        const double *part = g->aim[j].adjusts, *to = g->target[j];
        double *price = j < p->I ? w->list[p->price_row[j]] : w->regular[j - p->I];

        for (int l = 0; l < w->job->lanes && g->aim[j].acts; l++) {
            price[l] = part && part[l] < 1.0 ? price[l] + part[l] * (to[l] - price[l]) : to[l];
        }
    }
}

void ps_hot_equilibrium(ps_work *w, const ps_rule_view *view)
{
    const ps_plan *p = w->plan;
    ps_rule_view mine = *view;

    if (!aims_now(w, &mine)) {
        return;
    }
    for (int l = 0; l < w->job->lanes; l++) {
        ask(w, l);
        if (!play_nash(w, &mine, l)) {
            answer(w, &mine, US, l);
        }
        for (int k = 0; k < p->scenario->competitors.count; k++) {
            answer(w, &mine, k, l);
        }
    }
    go(w);
}
