/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/respond.h"

#include <math.h>
#include <string.h>

#include "json/tree.h"

void ps_respond_free(ps_payoffs *game)
{
    ps_arena_free(&game->arena);
    *game = (ps_payoffs){0};
}

/* A fraction, or a percentage as text; NAN: neither. */
static double read_probability(const ps_node *node)
{
    double value = ps_node_number(node);
    const char *text = ps_node_text(node);
    const size_t length = text == NULL ? 0 : strlen(text);

    if (length > 1 && text[length - 1] == '%' && ps_text_read_number(text, length - 1, &value)) {
        value /= 100.0;
    }
    return value >= 0.0 && value <= 1.0 ? value : NAN;
}

static ps_status read_moves(ps_payoffs *game, const ps_node *moves, ps_faults *faults)
{
    double sum = 0;
    int stated = 0;

    for (const ps_node *m = moves == NULL ? NULL : ps_node_first(moves); m != NULL;
         m = ps_node_next(m)) {
        const ps_node *probability = ps_node_find(m, "probability");
        const double p = probability == NULL ? 0.0 : read_probability(probability);

        if (game->moves == PS_MOVES_MOST) {
            return ps_fault_add(faults, "LIMIT", "/moves", NULL, 0, 0, NULL, "more than %d moves",
                                PS_MOVES_MOST);
        }
        if (isnan(p)) {
            return ps_fault_add(faults, "RANGE", "/moves", NULL, 0, 0, "write 0.3 or \"30%\"",
                                "the probability of move '%s' is no fraction", ps_node_key(m));
        }
        stated += probability != NULL;
        sum += p;
        game->move[game->moves] = ps_node_key(m);
        game->probability[game->moves++] = p;
    }
    if (game->moves == 0) {
        return ps_fault_add(faults, "EMPTY", "/moves", NULL, 0, 0,
                            "say what competitors may do: {\"cut\": {\"probability\": \"30%\", "
                            "\"competitors\": {...}}}",
                            "the scenario has no moves");
    }
    game->stated = stated > 0;
    if (stated > 0 && (stated < game->moves || fabs(sum - 1.0) > 1e-9)) {
        return ps_fault_add(faults, "SUM", "/moves", NULL, 0, 0, NULL,
                            "the probabilities of the moves have to be there and sum to 1, not %g",
                            sum);
    }
    for (int j = 0; j < game->moves && stated == 0; j++) {
        game->probability[j] = 1.0 / game->moves;
    }
    return PS_OK;
}

/* The competitor whom all moves that concern competitors name. */
static const char *find_mover(const ps_node *moves)
{
    const char *mover = NULL;

    for (const ps_node *m = ps_node_first(moves); m != NULL; m = ps_node_next(m)) {
        const ps_node *named = ps_node_find(m, "competitors");

        for (const ps_node *c = named == NULL || ps_node_kind(named) != PS_NODE_OBJECT
                                    ? NULL
                                    : ps_node_first(named);
             c != NULL; c = ps_node_next(c)) {
            if (mover != NULL && strcmp(mover, ps_node_key(c)) != 0) {
                return NULL;
            }
            mover = ps_node_key(c);
        }
    }
    return mover;
}

ps_status ps_respond_begin(ps_payoffs *game, const ps_scenario *scenario, int metric,
                           ps_faults *faults)
{
    const ps_node *moves = scenario->moves;

    *game = (ps_payoffs){.scenario = scenario, .metric = metric};
    const ps_status status = read_moves(game, moves, faults);

    game->mover = status == PS_OK ? find_mover(moves) : NULL;
    return status;
}

static double value_at(const ps_result *result, int metric, int64_t i)
{
    const ps_metric_info *info = &ps_metric_table[metric];
    const bool ratio = info->kind == PS_METRIC_IS_RATIO;
    const double *a = result->path[ratio ? info->numerator : metric],
                 *b = ratio ? result->path[info->denominator] : NULL;

    return a == NULL || (ratio && (b == NULL || b[i] == 0.0)) ? NAN : ratio ? a[i] / b[i] : a[i];
}

static bool owned_by(const ps_scenario *scenario, const char *offer, const char *owner,
                     double *unit_cost)
{
    for (int c = 0; c < scenario->rivals; c++) {
        const ps_number *cost = &scenario->rival[c]->unit_cost;

        if (strcmp(scenario->rival[c]->entry.id, offer) == 0) {
            *unit_cost = cost->given ? ps_dist_centre(&cost->dist) : 0.0;
            return strcmp(scenario->rival_owner[c]->entry.id, owner) == 0;
        }
    }
    return false;
}

/* Mean units times the mean price less the unit cost where it is stated, over its offers. */
static double rival_payoff(const ps_payoffs *game, const ps_result *result)
{
    double sum = 0;
    bool any = false;

    for (int g = 0; game->mover != NULL && g < result->groups; g++) {
        const ps_group *group = &result->group[g];
        double cost = 0;

        if (strcmp(group->dimension, "rival") == 0 && group->has[PS_METRIC_units] &&
            group->has[PS_METRIC_price] &&
            owned_by(game->scenario, group->id, game->mover, &cost)) {
            sum +=
                group->figure[PS_METRIC_units].mean * (group->figure[PS_METRIC_price].mean - cost);
            any = true;
        }
    }
    return any ? sum : NAN;
}

/* Inputs keep their draws in every cell; the first cell's stand for all. */
static bool keep_inputs(ps_payoffs *game, const ps_result *result)
{
    const size_t n = (size_t)result->path_input_count, count = (size_t)result->path_inputs;

    game->input = ps_arena_alloc(&game->arena, count + 1, sizeof *game->input);
    game->level = ps_arena_alloc(&game->arena, count + 1, sizeof *game->level);
    for (size_t u = 0; game->input != NULL && game->level != NULL && u < count; u++) {
        const char *pointer = result->path_input[u];

        game->input[u] = ps_arena_text(&game->arena, pointer, strlen(pointer));
        game->level[u] = ps_arena_alloc(&game->arena, n + 1, sizeof(double));
        if (game->input[u] == NULL || game->level[u] == NULL) {
            return false;
        }
        memcpy(game->level[u], result->path_level[u], n * sizeof(double));
    }
    game->inputs = (int)count;
    game->input_paths = (int64_t)n;
    return game->input != NULL && game->level != NULL;
}

ps_status ps_respond_add(ps_payoffs *game, int i, int j, const ps_result *result)
{
    ps_payoff *cell = &game->cell[i][j];
    const int share =
        game->scenario->scope == PS_SCOPE_PIPELINE ? PS_METRIC_win_rate : PS_METRIC_share;

    if (i == 0 && j == 0) {
        game->paths = result->paths;
        if (!keep_inputs(game, result)) {
            return PS_ERR_LIMIT;
        }
    }
    *cell = (ps_payoff){.figure = result->summary[game->metric],
                        .revenue = result->summary[PS_METRIC_revenue].mean,
                        .contribution = result->summary[PS_METRIC_contribution].mean,
                        .share = result->summary[share].mean,
                        .rival = rival_payoff(game, result)};
    cell->value = ps_arena_alloc(&game->arena, (size_t)game->paths, sizeof(double));
    for (int64_t k = 0; cell->value != NULL && k < game->paths; k++) {
        cell->value[k] = value_at(result, game->metric, k);
    }
    return cell->value == NULL ? PS_ERR_LIMIT : PS_OK;
}

/* How often each response to move j is the best one, and what it misses. */
static void rank_move(ps_payoffs *game, int j)
{
    double best[PS_RESPONSES_MOST] = {0}, lost[PS_RESPONSES_MOST] = {0}, n = 0;

    for (int64_t k = 0; k < game->paths; k++) {
        double most = -INFINITY;
        bool known = true;

        for (int i = 0; i < game->responses; i++) {
            const double v = game->cell[i][j].value[k];

            known = known && !isnan(v);
            most = v > most ? v : most;
        }
        n += known;
        for (int i = 0; i < game->responses && known; i++) {
            const double v = game->cell[i][j].value[k];

            best[i] += v == most;
            lost[i] += most - v;
        }
    }
    for (int i = 0; i < game->responses; i++) {
        game->cell[i][j].best_frac = n > 0 ? best[i] / n : NAN;
        game->cell[i][j].regret = n > 0 ? lost[i] / n : NAN;
    }
}

static void sum_response(ps_payoffs *game, int i)
{
    for (int j = 0; j < game->moves; j++) {
        const ps_payoff *cell = &game->cell[i][j];
        const double p = game->probability[j];

        game->expected[i] += p * cell->figure.mean;
        game->best_frac[i] += p * cell->best_frac;
        game->regret[i] += p * cell->regret;
        game->worst_regret[i] = fmax(game->worst_regret[i], cell->regret);
        if (cell->figure.mean < game->cell[i][game->worst[i]].figure.mean) {
            game->worst[i] = j;
        }
    }
}

static double worst_mean(const ps_payoffs *game, int i)
{
    return game->cell[i][game->worst[i]].figure.mean;
}

static void find_equilibria(ps_payoffs *game)
{
    for (int i = 0; i < game->responses; i++) {
        for (int j = 0; j < game->moves; j++) {
            bool stable = !isnan(game->cell[i][j].rival);

            for (int k = 0; k < game->responses && stable; k++) {
                stable = game->cell[i][j].figure.mean >= game->cell[k][j].figure.mean;
            }
            for (int k = 0; k < game->moves && stable; k++) {
                stable = game->cell[i][j].rival >= game->cell[i][k].rival;
            }
            game->cell[i][j].equilibrium = stable;
        }
    }
}

ps_status ps_respond_solve(ps_payoffs *game)
{
    for (int j = 0; j < game->moves; j++) {
        rank_move(game, j);
    }
    for (int i = 0; i < game->responses; i++) {
        sum_response(game, i);
        if (game->expected[i] > game->expected[game->recommended]) {
            game->recommended = i;
        }
        if (worst_mean(game, i) > worst_mean(game, game->safest)) {
            game->safest = i;
        }
        if (game->worst_regret[i] < game->worst_regret[game->least_regret]) {
            game->least_regret = i;
        }
    }
    find_equilibria(game);
    return ps_losing_find(game, game->recommended, &game->losing);
}
