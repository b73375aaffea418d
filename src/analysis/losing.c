/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When does a response lose? Each sampled future with each move is a case; the response loses where
 * another one has more. Conditions on one input (above or below a decile) or on the move are
 * tried, then a second one within the first: the one with the largest
 * coverage x (density - base). A simple form of the patient rule induction that scenario discovery
 * uses (Bryant and Lempert 2010). docs/model/respond.md */
#include <math.h>
#include <string.h>

#include "analysis/respond.h"
#include "math/dist.h"
#include "scenario/read.h"

enum { DECILES = 10 };

/* Weights of the losing and of all cases. */
typedef struct {
    double lost, all;
} tally;

typedef struct {
    const ps_payoffs *game;
    bool *lost; /* [moves][input_paths] */
    bool *in;   /* where the conditions so far hold */
} search;

static bool holds(const search *s, const ps_condition *c, int j, int64_t k)
{
    if (c->input == NULL) {
        return c->move == j;
    }
    for (int u = 0; u < s->game->inputs; u++) {
        if (s->game->input[u] == c->input) {
            return c->above == (s->game->level[u][k] > c->level);
        }
    }
    return false;
}

static tally count(const search *s, const ps_condition *c)
{
    tally t = {0, 0};

    for (int j = 0; j < s->game->moves; j++) {
        for (int64_t k = 0; k < s->game->input_paths; k++) {
            const int64_t at = j * s->game->input_paths + k;

            if (s->in[at] && (c == NULL || holds(s, c, j, k))) {
                t.all += s->game->probability[j];
                t.lost += s->lost[at] ? s->game->probability[j] : 0.0;
            }
        }
    }
    return t;
}

/* Sums by level of an input, so that all its deciles cost one pass. */
static void count_levels(const search *s, int u, tally *bin)
{
    memset(bin, 0, DECILES * sizeof *bin);
    for (int j = 0; j < s->game->moves; j++) {
        for (int64_t k = 0; k < s->game->input_paths; k++) {
            const int64_t at = j * s->game->input_paths + k;
            const int b = (int)(s->game->level[u][k] * DECILES);
            tally *t = &bin[b < DECILES ? b : DECILES - 1];

            if (s->in[at]) {
                t->all += s->game->probability[j];
                t->lost += s->lost[at] ? s->game->probability[j] : 0.0;
            }
        }
    }
}

static double worth(tally t, tally whole)
{
    return t.all <= 0 || whole.lost <= 0
               ? 0.0
               : t.lost / whole.lost * (t.lost / t.all - whole.lost / whole.all);
}

static double best_level(const search *s, tally whole, double least, ps_condition *out)
{
    tally bin[DECILES];

    for (int u = 0; u < s->game->inputs; u++) {
        tally below = {0, 0};

        count_levels(s, u, bin);
        for (int b = 1; b < DECILES; b++) {
            below.all += bin[b - 1].all;
            below.lost += bin[b - 1].lost;
            const tally above = {whole.lost - below.lost, whole.all - below.all};

            for (int side = 0; side < 2; side++) {
                const double w = worth(side == 0 ? below : above, whole);

                if (w > least) {
                    least = w;
                    *out =
                        (ps_condition){s->game->input[u], side == 1, (double)b / DECILES, NAN, 0};
                }
            }
        }
    }
    return least;
}

static double best_move(const search *s, tally whole, double least, ps_condition *out)
{
    for (int j = 0; j < s->game->moves && s->game->moves > 1; j++) {
        const ps_condition c = {NULL, false, 0, NAN, j};
        const double w = worth(count(s, &c), whole);

        if (w > least) {
            least = w;
            *out = c;
        }
    }
    return least;
}

static void keep_within(search *s, const ps_condition *c)
{
    for (int j = 0; j < s->game->moves; j++) {
        for (int64_t k = 0; k < s->game->input_paths; k++) {
            const int64_t at = j * s->game->input_paths + k;

            s->in[at] = s->in[at] && holds(s, c, j, k);
        }
    }
}

/* The input's value at the level. */
static double input_value(const ps_scenario *scenario, const ps_condition *c)
{
    for (int i = 0; c->input != NULL && i < scenario->input_count; i++) {
        const ps_number *number = scenario->inputs[i].number;

        if (strcmp(number->pointer, c->input) == 0 && number->given) {
            return ps_dist_quantile(&number->dist, c->level);
        }
    }
    return NAN;
}

static void mark(const search *s, int i)
{
    const ps_payoffs *game = s->game;

    for (int j = 0; j < game->moves; j++) {
        for (int64_t k = 0; k < game->input_paths; k++) {
            const int64_t at = j * game->input_paths + k;
            const double own = game->cell[i][j].value[k];

            s->in[at] = !isnan(own);
            for (int o = 0; o < game->responses; o++) {
                s->lost[at] = s->lost[at] || game->cell[o][j].value[k] > own;
            }
        }
    }
}

ps_status ps_losing_find(ps_payoffs *game, int i, ps_losing_rule *out)
{
    const size_t n = (size_t)game->moves * (size_t)game->input_paths;
    search s = {game, ps_arena_alloc(&game->arena, n + 1, sizeof(bool)),
                ps_arena_alloc(&game->arena, n + 1, sizeof(bool))};

    *out = (ps_losing_rule){.base = NAN, .coverage = NAN, .density = NAN};
    if (s.lost == NULL || s.in == NULL) {
        return PS_ERR_LIMIT;
    }
    mark(&s, i);
    const tally all = count(&s, NULL);
    tally whole = all;

    out->base = all.all > 0 ? all.lost / all.all : NAN;
    while (out->conditions < PS_CONDITIONS_MOST && whole.lost > 0 && whole.lost < whole.all) {
        ps_condition c = {0};
        /* a second condition has to gain as much as it costs to say it */
        double w = best_level(&s, whole, out->conditions == 0 ? 0.01 : 0.05, &c);

        w = best_move(&s, whole, w, &c);
        if (w <= (out->conditions == 0 ? 0.01 : 0.05)) {
            break;
        }
        c.value = input_value(game->scenario, &c);
        keep_within(&s, &c);
        whole = count(&s, NULL);
        out->condition[out->conditions++] = c;
        out->coverage = whole.lost / all.lost;
        out->density = whole.lost / whole.all;
    }
    return PS_OK;
}
