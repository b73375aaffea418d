/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our responses (plans) against what competitors may do (moves): payoffs, regret, equilibrium, and
 * when the recommended response loses. docs/model/respond.md */
#ifndef PS_ANALYSIS_RESPOND_H
#define PS_ANALYSIS_RESPOND_H

#include "doc/doc.h"
#include "engine/result.h"

enum { PS_RESPONSES_MOST = 20, PS_MOVES_MOST = 12, PS_CONDITIONS_MOST = 2 };

typedef struct {
    ps_figure figure;             /* of the metric that decides */
    double revenue, contribution; /* means */
    double share;                 /* mean share or win rate */
    double rival;                 /* what the moving competitor gets, NAN when not known */
    double best_frac, regret;     /* against the other responses to the same move */
    double *value;                /* [paths] of the metric that decides */
    bool equilibrium;
} ps_payoff;

/* "elasticity above -1.4": a level of an input, or a move. */
typedef struct {
    const char *input; /* pointer; NULL: a move */
    bool above;
    double level, value; /* level in (0, 1); the input's value there */
    int move;
} ps_condition;

/* In `coverage` of the cases that a response loses the conditions hold; where they hold it loses in
 * `density` of the cases. */
typedef struct {
    int conditions;
    ps_condition condition[PS_CONDITIONS_MOST];
    double base, coverage, density;
} ps_losing_rule;

typedef struct {
    ps_arena arena;
    int metric, responses, moves;
    int64_t paths;
    const char *response[PS_RESPONSES_MOST], *move[PS_MOVES_MOST];
    double probability[PS_MOVES_MOST]; /* sum 1 */
    bool stated;                       /* probabilities are the scenario's; else all alike */
    const char *mover;                 /* the one competitor that moves; NULL: several, or none */
    ps_payoff cell[PS_RESPONSES_MOST][PS_MOVES_MOST];
    /* by response */
    double expected[PS_RESPONSES_MOST], best_frac[PS_RESPONSES_MOST], regret[PS_RESPONSES_MOST],
        worst_regret[PS_RESPONSES_MOST];
    int worst[PS_RESPONSES_MOST]; /* move */
    int recommended, safest, least_regret;
    ps_losing_rule losing; /* of the recommended one */
    const ps_scenario *scenario;
    /* Levels of the inputs, of the first cell. */
    int inputs;
    int64_t input_paths;
    const char **input;
    double **level;
} ps_payoffs;

/* Ids and probabilities of the moves, and who moves. PS_ERR_INPUT with faults. */
ps_status ps_respond_begin(ps_payoffs *game, const ps_scenario *scenario, int metric,
                           ps_faults *faults);

/* Keeps what a run (with keep_paths) of response i and move j brought. */
ps_status ps_respond_add(ps_payoffs *game, int i, int j, const ps_result *result);

/* After the last cell. */
ps_status ps_respond_solve(ps_payoffs *game);

ps_status ps_respond_project(const ps_payoffs *game, const ps_faults *faults,
                             const ps_result *first, const char *command, ps_doc *doc);
void ps_respond_free(ps_payoffs *game);

/* losing.c: one or two conditions that tell where response i is not the best one. */
ps_status ps_losing_find(ps_payoffs *game, int i, ps_losing_rule *out);

#endif
