/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Best responses and equilibria in prices over any demand that says its shares s and derivatives
 * ds_j/dp_k = (j == k) lambda_j - gamma_jk. With margins M = rate p - cost, firm by firm,
 *
 *   M_j <- (sum over the firm's k of gamma_kj M_k - rate_j s_j) / lambda_j
 *
 * (Morrow and Skerlos 2011, the zeta-markup form; the undivided first-order conditions have
 * spurious roots where shares vanish). docs/model/equilibrium.md */
#include "engine/hot_game.h"

#include <string.h>

#include "engine/hot_demand.h"
#include "math/lambert.h"
#include "math/vmath.h"

#define LN2 0.69314718055994530942

enum { ROUNDS = 2000, UNDAMPED = 300, LEAD_ROUNDS = 300 };

static const double still = 1e-13; /* relative move at which a search ends */

/* ---- demand ---- */

/* One row of a plain logit whose own offers have the odds `odds` at the base. */
static void add_row(const ps_work *w, double part, double odds, double rest, double alpha)
{
    const ps_game *g = w->game;
    const int n = g->n, I = w->plan->I;
    double sum = rest;

    for (int i = 0; i < I; i++) {
        sum += odds * g->attract[i];
    }
    double none = 1.0;

    for (int j = 0; j < n; j++) {
        g->row[j] = (j < I ? odds : 1.0) * g->attract[j] / sum;
        none -= g->row[j];
    }
    g->share[n] += part * none;
    for (int j = 0; j < n; j++) {
        const double s = part * g->row[j], a = alpha * s;

        g->share[j] += s;
        g->lambda[j] += a;
        for (int k = 0; k < n; k++) {
            g->gamma[j * n + k] += a * g->row[k];
        }
    }
}

static void add_plain(ps_work *w, int s, int l, double part)
{
    const ps_plan *p = w->plan;
    const ps_game *g = w->game;
    const double alpha = w->alpha[s][l], aware = w->aware[s][l];
    double rest = w->other[s * (p->C + 1) + p->C][l];

    for (int i = 0; i < p->I; i++) {
        const int at = s * p->I + i;

        g->attract[i] = w->mix[at][l] * ps_exp2(alpha * (g->price[i] - w->base_price[at][l]));
    }
    for (int c = 0; c < p->C; c++) {
        const double there = w->present ? w->present[c] : 1.0;
        const double gap = g->price[p->I + c] - w->base_rival[s * p->C + c][l];

        g->attract[p->I + c] = there * w->other[s * (p->C + 1) + c][l] * ps_exp2(alpha * gap);
        rest += g->attract[p->I + c];
    }
    for (int a = 0; a < p->ages; a++) {
        add_row(w, part * aware * w->k[s * p->ages + a][l], w->odds[s * p->ages + a][l], rest,
                alpha * LN2);
    }
    if (aware < 1.0) {
        add_row(w, part * (1.0 - aware), 0.0, rest, alpha * LN2);
    }
}

/* Nests and tastes: one row, whatever the age. */
static void add_response(ps_work *w, int s, int l, double part)
{
    const ps_game *g = w->game;
    const int n = g->n;

    ps_demand_response(w, s, l, g->price,
                       &(ps_demand_slopes){g->part_share, g->part_lambda, g->part_gamma});
    for (int j = 0; j <= n; j++) {
        g->share[j] += part * g->part_share[j];
    }
    for (int j = 0; j < n; j++) {
        g->lambda[j] += part * g->part_lambda[j];
    }
    for (int k = 0; k < n * n; k++) {
        g->gamma[k] += part * g->part_gamma[k];
    }
}

void ps_game_respond(ps_work *w, int l)
{
    const ps_plan *p = w->plan;
    const ps_game *g = w->game;
    const size_t n = (size_t)g->n;

    memset(g->share, 0, (n + 1) * sizeof(double));
    memset(g->lambda, 0, n * sizeof(double));
    memset(g->gamma, 0, n * n * sizeof(double));
    for (int s = 0; s < p->S; s++) {
        const double part =
            p->segment[s].weight * w->upstream[s][l] * w->downstream[s][l] * w->size_mean[s][l];

        if (w->nest || p->segment[s].general) {
            add_response(w, s, l, part);
        } else {
            add_plain(w, s, l, part);
        }
    }
}

/* ---- best responses ---- */

static double clamp(const ps_game *g, int j, double price)
{
    return price < g->lo[j] ? g->lo[j] : price > g->hi[j] ? g->hi[j] : price;
}

static double margin(const ps_game *g, int k)
{
    return g->rate[k] * g->price[k] - g->cost[k];
}

/* sum over the offers k of j's firm of gamma_kj M_k: what the others of the firm, and its own other
 * buyers, make of a lower share. */
static double inner(const ps_game *g, int j)
{
    double sum = 0.0;

    for (int k = 0; k < g->n; k++) {
        if (g->firm[k] == g->firm[j]) {
            sum += g->gamma[k * g->n + j] * margin(g, k);
        }
    }
    return sum;
}

double ps_game_profit(const ps_game *g, int f)
{
    double sum = 0.0;

    for (int k = 0; k < g->n; k++) {
        if (g->firm[k] == f) {
            sum += margin(g, k) * g->share[k];
        }
    }
    return sum;
}

/* One step of all that move from the demand at g->price, `part` of the way; the largest relative
 * move. `foc`: the largest scaled first-order condition where no bound holds the price. */
static double advance(const ps_game *g, double part, double *foc)
{
    double moved = 0.0;

    *foc = 0.0;
    for (int j = 0; j < g->n; j++) {
        g->next[j] = g->price[j];
        if (!g->moves[j] || !(g->share[j] > 0.0) || !(g->lambda[j] < 0.0)) {
            continue; /* nobody buys it, or it is not in the market */
        }
        const double best = (inner(g, j) - g->rate[j] * g->share[j]) / g->lambda[j];
        const double free = (best + g->cost[j]) / g->rate[j], to = clamp(g, j, free);
        const double off = g->lambda[j] * (margin(g, j) - best) / (g->rate[j] * g->share[j]);
        const double step = (to - g->price[j]) / (to > g->price[j] ? to : g->price[j]);

        if (to == free) {
            *foc = off > *foc ? off : -off > *foc ? -off : *foc;
        }
        moved = step > moved ? step : -step > moved ? -step : moved;
        g->next[j] = part == 1.0 ? to : g->price[j] + part * (to - g->price[j]);
    }
    memcpy(g->price, g->next, (size_t)g->n * sizeof(double));
    return moved;
}

/* The only offer that moves, if its firm has no other and all buyers are one row of a plain logit;
 * else -1. */
static int lonely(const ps_work *w, int l)
{
    const ps_plan *p = w->plan;
    const ps_game *g = w->game;
    int only = -1;

    if (p->S > 1 || p->ages > 1 || w->nest || p->segment[0].general || w->aware[0][l] < 1.0) {
        return -1;
    }
    for (int j = 0; j < g->n; j++) {
        if (g->moves[j]) {
            only = only == -1 ? j : -2;
        }
    }
    for (int k = 0; k < g->n && only >= 0; k++) {
        if (k != only && g->firm[k] == g->firm[only]) {
            return -1;
        }
    }
    return only;
}

/* p = c + (1 + W(e^y)) / |alpha|, y = log(s / (1 - s)) + alpha (c - p) - 1 with s at any price p;
 * c = cost / rate. */
static void closed_form(const ps_work *w, int l, int j)
{
    const ps_game *g = w->game;
    const double alpha = LN2 * w->alpha[0][l], c = g->cost[j] / g->rate[j], s = g->share[j];

    if (s > 0.0 && s < 1.0 && alpha < 0.0) {
        const double y = ps_log(s / (1.0 - s)) + alpha * (c - g->price[j]) - 1.0;

        g->price[j] = clamp(g, j, c - (1.0 + ps_lambert_log(y)) / alpha);
    }
}

double ps_game_solve(ps_work *w, int l)
{
    const ps_game *g = w->game;
    const int only = lonely(w, l);
    double foc = 0.0, moved = 1.0;

    ps_game_respond(w, l);
    if (only >= 0) {
        closed_form(w, l, only);
        ps_game_respond(w, l);
    }
    for (int round = 0; round < ROUNDS && moved > still; round++) {
        moved = advance(g, round < UNDAMPED ? 1.0 : 0.5, &foc);
        if (moved > 0.0) {
            ps_game_respond(w, l);
        }
    }
    return moved <= still * 100.0 ? foc : __builtin_inf();
}

/* ---- leading ---- */

/* Answers of the offers that follow when leader i is at p (1 + by): into `to`. */
static void answers(ps_work *w, int l, int i, double by, double *to)
{
    ps_game *g = w->game;
    const double p = g->price[i];

    g->price[i] = p * (1.0 + by);
    ps_game_solve(w, l);
    memcpy(to, g->price, (size_t)g->n * sizeof(double));
    g->price[i] = p;
}

/* What the answers add to the derivative of the leader's profit: sum over followers f of
 * dprofit/dp_f dp_f/dp_i, the last by four points. `worth` [n]: dprofit/dp_f. */
static double through_answers(ps_work *w, int l, int i, const double *worth)
{
    const ps_game *g = w->game;
    const int n = g->n;
    const double h = 1e-3;
    double sum = 0.0;

    for (int k = 0; k < 4; k++) {
        static const double at[4] = {-2.0, -1.0, 1.0, 2.0};

        answers(w, l, i, at[k] * h, g->answers + k * n);
    }
    for (int f = 0; f < n; f++) {
        if (g->moves[f]) {
            const double *x = g->answers + f;
            const double d = (8.0 * (x[2 * n] - x[n]) - (x[3 * n] - x[0])) / (12.0 * h);

            sum += worth[f] * d / g->price[i];
        }
    }
    return sum;
}

double ps_game_lead(ps_work *w, int l)
{
    ps_game *g = w->game;
    const int n = g->n;
    double moved = 1.0, foc = 0.0;

    for (int round = 0; round < LEAD_ROUNDS && moved > 100.0 * still; round++) {
        foc = moved = 0.0;
        for (int i = 0; i < n; i++) {
            if (!g->leads[i]) {
                continue;
            }
            const bool solved = ps_game_solve(w, l) < __builtin_inf();
            const double share = g->share[i], lambda = g->lambda[i], own = inner(g, i);

            if (!solved || !(share > 0.0) || !(lambda < 0.0)) {
                return __builtin_inf();
            }
            for (int f = 0; f < n; f++) { /* the firm's margins at the follower's price */
                g->worth[f] = 0.0;
                for (int k = 0; k < n; k++) {
                    g->worth[f] -=
                        g->firm[k] == g->firm[i] ? g->gamma[k * n + f] * margin(g, k) : 0.0;
                }
            }
            const double extra = through_answers(w, l, i, g->worth);
            const double best = (own - g->rate[i] * share - extra) / lambda;
            const double free = (best + g->cost[i]) / g->rate[i], to = clamp(g, i, free);
            const double off = lambda * (margin(g, i) - best) / (g->rate[i] * share);
            const double step = (to - g->price[i]) / (to > g->price[i] ? to : g->price[i]);

            foc = to != free ? foc : off > foc ? off : -off > foc ? -off : foc;
            moved = step > moved ? step : -step > moved ? -step : moved;
            g->price[i] = to;
        }
    }
    ps_game_solve(w, l);
    return moved <= 100.0 * still ? foc : __builtin_inf();
}

/* ---- checks ---- */

static const double factors[] = {0.3,  0.5,  0.7,  0.8, 0.9,  0.95, 0.98, 0.99,
                                 1.01, 1.02, 1.05, 1.1, 1.25, 1.5,  2.0,  3.0};

/* Best profit of j's firm when `all` its offers that move, or j alone, go by one factor. */
static double best_elsewhere(ps_work *w, int l, int j, bool all)
{
    ps_game *g = w->game;
    double best = -__builtin_inf();

    for (size_t f = 0; f < sizeof factors / sizeof *factors; f++) {
        for (int k = 0; k < g->n; k++) {
            const bool mine = k == j || (all && g->moves[k] && g->firm[k] == g->firm[j]);

            g->price[k] = mine ? clamp(g, k, g->kept[k] * factors[f]) : g->kept[k];
        }
        ps_game_respond(w, l);
        const double x = ps_game_profit(g, g->firm[j]);

        best = x > best ? x : best;
    }
    memcpy(g->price, g->kept, (size_t)g->n * sizeof(double));
    return best;
}

double ps_game_deviation(ps_work *w, int l, bool thorough)
{
    ps_game *g = w->game;
    double worst = -__builtin_inf();

    memcpy(g->kept, g->price, (size_t)g->n * sizeof(double));
    for (int j = 0; j < g->n; j++) {
        bool first = true;

        for (int k = 0; k < j; k++) {
            first = first && !(g->moves[k] && g->firm[k] == g->firm[j]);
        }
        if (!g->moves[j] || (!first && !thorough)) {
            continue;
        }
        ps_game_respond(w, l);
        const double profit = ps_game_profit(g, g->firm[j]), size = profit < 0.0 ? -profit : profit;
        const double all = first ? best_elsewhere(w, l, j, true) : profit;
        const double alone = thorough ? best_elsewhere(w, l, j, false) : profit;
        const double gain = ((all > alone ? all : alone) - profit) / (size > 0.0 ? size : 1.0);

        worst = gain > worst ? gain : worst;
    }
    ps_game_respond(w, l);
    return worst;
}

/* ---- costs that the prices imply ---- */

/* Solves a x = b, a [n][n], by elimination with row exchanges; false when it cannot. */
static bool solve(double *a, double *b, int n)
{
    for (int k = 0; k < n; k++) {
        int top = k;

        for (int i = k + 1; i < n; i++) {
            const double x = a[i * n + k], y = a[top * n + k];

            top = x * x > y * y ? i : top;
        }
        if (a[top * n + k] == 0.0) {
            return false;
        }
        for (int j = 0; j < n; j++) {
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

void ps_game_implied_costs(ps_work *w, int l, int firm)
{
    ps_game *g = w->game;
    double *a = g->part_gamma, *b = g->next;
    int n = 0;

    ps_game_respond(w, l);
    for (int j = 0; j < g->n; j++) {
        g->moves[j] = g->firm[j] == firm && g->share[j] > 0.0;
        n += g->moves[j];
    }
    for (int j = 0, row = 0; j < g->n; j++) {
        for (int k = 0, column = 0; k < g->n && g->moves[j]; k++) {
            if (g->moves[k]) {
                a[row * n + column++] = (j == k ? g->lambda[j] : 0.0) - g->gamma[k * g->n + j];
            }
        }
        if (g->moves[j]) {
            b[row++] = -g->rate[j] * g->share[j];
        }
    }
    const bool solved = solve(a, b, n);

    for (int j = 0, row = 0; j < g->n; j++) {
        if (g->moves[j]) {
            g->cost[j] = solved ? g->rate[j] * g->price[j] - b[row] : g->cost[j];
            row++;
        }
    }
}
