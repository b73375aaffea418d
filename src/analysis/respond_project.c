/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Responses against moves as a document: what to do, the payoff table, regret, when it loses. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "analysis/inputs.h"
#include "analysis/project.h"
#include "analysis/respond.h"
#include "base/text.h"
#include "base/version.h"
#include "doc/human.h"

static const char *metric_words(const ps_payoffs *game, ps_doc *doc)
{
    return game->metric == PS_METRIC_contribution ? "contribution"
           : game->metric == PS_METRIC_revenue
               ? "revenue"
               : ps_doc_text(doc, "\"%s\"", ps_metric_table[game->metric].label);
}

static const char *amount(const ps_payoffs *game, double value, ps_doc *doc)
{
    const ps_doc_unit unit = ps_project_unit(game->metric);
    char text[PS_HUMAN_SIZE];

    return ps_doc_text(doc, "%s%s%s", ps_human(unit, value, 3, text),
                       unit == PS_DOC_MONEY ? " " : "", unit == PS_DOC_MONEY ? doc->currency : "");
}

static void say_recommended(const ps_payoffs *game, ps_doc *doc, ps_doc_block *block)
{
    const int i = game->recommended;
    char chance[PS_HUMAN_SIZE];

    ps_doc_say(
        doc, block,
        ps_doc_text(doc,
                    "%s has the most %s on average over the moves%s: %s. It is the best response "
                    "in %s of the futures; not knowing what comes costs %s on average.",
                    game->response[i], metric_words(game, doc),
                    game->stated ? "" : ", all taken as equally likely",
                    amount(game, game->expected[i], doc),
                    ps_human_chance(game->best_frac[i], chance),
                    amount(game, game->regret[i], doc)));
}

static void say_careful(const ps_payoffs *game, ps_doc *doc, ps_doc_block *block)
{
    const int safe = game->safest, least = game->least_regret;

    ps_doc_say(doc, block,
               ps_doc_text(doc,
                           "For the worst move %s is the safest (%s against %s), %s has the least "
                           "to regret (%s at most, on average over the futures of a move).",
                           game->response[safe],
                           amount(game, game->cell[safe][game->worst[safe]].figure.mean, doc),
                           game->move[game->worst[safe]],
                           least == safe ? "and it" : game->response[least],
                           amount(game, game->worst_regret[least], doc)));
}

static void say_equilibrium(const ps_payoffs *game, ps_doc *doc, ps_doc_block *block)
{
    ps_string text = {0};
    int n = 0;

    for (int i = 0; i < game->responses; i++) {
        for (int j = 0; j < game->moves; j++) {
            if (game->cell[i][j].equilibrium) {
                ps_string_format(&text, "%s%s against %s", n++ == 0 ? "" : "; ", game->response[i],
                                 game->move[j]);
            }
        }
    }
    if (isnan(game->cell[0][0].rival)) {
        ps_doc_say(doc, block,
                   "Whether a pair of choices is an equilibrium cannot be said: the moves are not "
                   "those of one competitor.");
    } else if (n == 0) {
        ps_doc_say(
            doc, block,
            ps_doc_text(doc,
                        "No pair of choices is an equilibrium: in each of them we or %s would "
                        "rather choose otherwise.",
                        game->mover));
    } else {
        ps_doc_say(
            doc, block,
            ps_doc_text(doc,
                        "Where neither we nor %s would choose otherwise: %s. That is a bound, "
                        "not a forecast.",
                        game->mover, text.failed ? "" : text.data));
    }
    doc->failed = doc->failed || text.failed;
    ps_string_free(&text);
}

static ps_doc_unit unit_of_input(const ps_scenario *scenario, const char *pointer)
{
    for (int i = 0; i < scenario->input_count; i++) {
        if (strcmp(scenario->inputs[i].number->pointer, pointer) == 0) {
            return ps_doc_unit_of(scenario->inputs[i].field->unit);
        }
    }
    return PS_DOC_NUMBER;
}

static const char *condition_words(const ps_payoffs *game, const ps_condition *c, ps_doc *doc)
{
    char value[PS_HUMAN_SIZE];

    if (c->input == NULL) {
        return ps_doc_text(doc, "the move is %s", game->move[c->move]);
    }
    return ps_doc_text(doc, "%s is %s %s", ps_input_name(doc, c->input),
                       c->above ? "above" : "below",
                       ps_human(unit_of_input(game->scenario, c->input), c->value, 3, value));
}

static void say_losing(const ps_payoffs *game, ps_doc *doc, ps_doc_block *block)
{
    const ps_losing_rule *rule = &game->losing;
    const char *name = game->response[game->recommended];
    char base[PS_HUMAN_SIZE], coverage[PS_HUMAN_SIZE], density[PS_HUMAN_SIZE];

    if (!(rule->base > 0)) {
        ps_doc_say(doc, block,
                   ps_doc_text(doc,
                               "When does %s lose? In no simulated future is another response "
                               "better.",
                               name));
        return;
    }
    if (rule->conditions == 0) {
        ps_doc_say(
            doc, block,
            ps_doc_text(doc,
                        "When does %s lose? In %s of the cases another response is better; no "
                        "simple condition tells which.",
                        name, ps_human_chance(rule->base, base)));
        return;
    }
    ps_doc_say(
        doc, block,
        ps_doc_text(
            doc,
            "When does %s lose? In %s of the cases another response is better. Above "
            "all where %s%s%s: that holds in %s of the cases in which it loses, and "
            "where it holds it loses in %s.",
            name, ps_human_chance(rule->base, base),
            condition_words(game, &rule->condition[0], doc), rule->conditions > 1 ? " and " : "",
            rule->conditions > 1 ? condition_words(game, &rule->condition[1], doc) : "",
            ps_human_chance(rule->coverage, coverage), ps_human_chance(rule->density, density)));
}

static void add_verdict(const ps_payoffs *game, ps_doc *doc)
{
    ps_doc_block *block = ps_doc_add_sentences(doc, PS_DOC_FOR_ALL, "verdict", NULL);

    say_recommended(game, doc, block);
    say_careful(game, doc, block);
    say_losing(game, doc, block);
    say_equilibrium(game, doc, block);
}

/* A table of responses by moves. */
typedef double (*cell_value)(const ps_payoff *cell);

static double cell_mean(const ps_payoff *cell)
{
    return cell->figure.mean;
}
static double cell_p10(const ps_payoff *cell)
{
    return cell->figure.p10;
}
static double cell_p90(const ps_payoff *cell)
{
    return cell->figure.p90;
}
static double cell_se(const ps_payoff *cell)
{
    return cell->figure.se;
}
static double cell_revenue(const ps_payoff *cell)
{
    return cell->revenue;
}
static double cell_share(const ps_payoff *cell)
{
    return cell->share;
}
static double cell_best(const ps_payoff *cell)
{
    return cell->best_frac;
}
static double cell_regret(const ps_payoff *cell)
{
    return cell->regret;
}
static double cell_rival(const ps_payoff *cell)
{
    return cell->rival;
}

static ps_doc_block *add_matrix(const ps_payoffs *game, ps_doc *doc, int audience, const char *path,
                                const char *title, ps_doc_unit unit, cell_value value)
{
    ps_doc_column *columns = ps_arena_alloc(&doc->arena, PS_MOVES_MOST, sizeof *columns);
    ps_doc_block *block = ps_doc_add_table(doc, audience, path, title, PS_DOC_KEYED);

    if (columns == NULL) {
        doc->failed = true;
        return block;
    }
    for (int j = 0; j < game->moves; j++) {
        columns[j] = (ps_doc_column){.key = game->move[j],
                                     .title = game->move[j],
                                     .unit = unit,
                                     .drop = j < 2   ? 0
                                             : j < 8 ? j
                                                     : 8};
    }
    ps_doc_set_columns(block, columns, game->moves);
    for (int i = 0; i < game->responses; i++) {
        ps_cell *cells = ps_doc_add_row(doc, block, game->response[i], game->response[i])->cells;

        for (int j = 0; j < game->moves; j++) {
            cells[j] = ps_cell_of_number(unit, value(&game->cell[i][j]));
        }
    }
    return block;
}

static void add_matrices(const ps_payoffs *game, ps_doc *doc)
{
    const ps_doc_unit unit = ps_project_unit(game->metric);
    const char *label = ps_metric_table[game->metric].label;
    ps_doc_block *block;

    block = add_matrix(game, doc, PS_DOC_FOR_ALL, "payoff/mean",
                       ps_doc_text(doc, "%s of our response (rows) to each move", label), unit,
                       cell_mean);
    block->note = "Means over the futures. All cells meet the same futures.";
    add_matrix(game, doc, PS_DOC_FOR_DATA, "payoff/p10", NULL, unit, cell_p10);
    add_matrix(game, doc, PS_DOC_FOR_DATA, "payoff/p90", NULL, unit, cell_p90);
    add_matrix(game, doc, PS_DOC_FOR_DATA, "payoff/se", NULL, unit, cell_se);
    if (game->metric != PS_METRIC_revenue) {
        add_matrix(game, doc, PS_DOC_FOR_ALL, "revenue", "Revenue", PS_DOC_MONEY, cell_revenue);
    }
    add_matrix(game, doc, PS_DOC_FOR_ALL, "share",
               game->scenario->scope == PS_SCOPE_PIPELINE ? "Win rate" : "Share of purchases",
               PS_DOC_FRAC, cell_share);
    add_matrix(game, doc, PS_DOC_FOR_ALL, "best_frac", "How often it is the best response",
               PS_DOC_FRAC, cell_best);
    add_matrix(game, doc, PS_DOC_FOR_ALL, "regret", "Regret against the best response", unit,
               cell_regret);
    if (!isnan(game->cell[0][0].rival)) {
        block = add_matrix(game, doc, PS_DOC_FOR_ALL, "rival",
                           ps_doc_text(doc, "What %s gets", game->mover), PS_DOC_MONEY, cell_rival);
        block->note =
            "Mean units times mean price, less the unit cost where the scenario states it.";
    }
}

enum {
    SUM_EXPECTED,
    SUM_BEST,
    SUM_REGRET,
    SUM_WORST_REGRET,
    SUM_WORST,
    SUM_WORST_MOVE,
    SUM_COLUMNS
};

static void add_summary(const ps_payoffs *game, ps_doc *doc)
{
    const ps_doc_unit unit = ps_project_unit(game->metric);
    const ps_doc_column columns[SUM_COLUMNS] = {
        [SUM_EXPECTED] = {.key = "expected", .title = "expected", .unit = unit},
        [SUM_BEST] = {.key = "best_frac", .title = "best", .unit = PS_DOC_FRAC},
        [SUM_REGRET] = {.key = "regret", .title = "regret", .unit = unit},
        [SUM_WORST_REGRET] = {.key = "worst_regret",
                              .title = "worst regret",
                              .unit = unit,
                              .drop = 2},
        [SUM_WORST] = {.key = "worst", .title = "worst", .unit = unit, .drop = 1},
        [SUM_WORST_MOVE] = {.key = "worst_move", .title = "at", .unit = PS_DOC_TEXT, .drop = 1},
    };
    ps_doc_column *kept = ps_arena_alloc(&doc->arena, SUM_COLUMNS, sizeof *kept);
    ps_doc_block *block = ps_doc_add_table(doc, PS_DOC_FOR_ALL, "responses",
                                           "Our responses over all moves", PS_DOC_KEYED);

    if (kept == NULL) {
        doc->failed = true;
        return;
    }
    memcpy(kept, columns, sizeof columns);
    ps_doc_set_columns(block, kept, SUM_COLUMNS);
    for (int i = 0; i < game->responses; i++) {
        ps_cell *cells = ps_doc_add_row(doc, block, game->response[i], game->response[i])->cells;

        cells[SUM_EXPECTED] = ps_cell_of_number(unit, game->expected[i]);
        cells[SUM_BEST] = ps_cell_of_number(PS_DOC_FRAC, game->best_frac[i]);
        cells[SUM_REGRET] = ps_cell_of_number(unit, game->regret[i]);
        cells[SUM_WORST_REGRET] = ps_cell_of_number(unit, game->worst_regret[i]);
        cells[SUM_WORST] = ps_cell_of_number(unit, game->cell[i][game->worst[i]].figure.mean);
        cells[SUM_WORST_MOVE] = ps_cell_of_text(game->move[game->worst[i]]);
    }
}

static void add_rule(const ps_payoffs *game, ps_doc *doc)
{
    static const ps_doc_column columns[] = {
        {.key = "move"}, {.key = "above"}, {.key = "level"}, {.key = "value"}};
    const ps_losing_rule *rule = &game->losing;
    ps_doc_block *record = ps_doc_add_table(doc, PS_DOC_FOR_DATA, "losing", NULL, PS_DOC_RECORD);
    ps_doc_block *rows =
        ps_doc_add_table(doc, PS_DOC_FOR_DATA, "losing/conditions", NULL, PS_DOC_ROWS);

    ps_doc_put(doc, record, "response", NULL, ps_cell_of_text(game->response[game->recommended]));
    ps_doc_put(doc, record, "base", NULL, ps_cell_of_number(PS_DOC_FRAC, rule->base));
    ps_doc_put(doc, record, "coverage", NULL, ps_cell_of_number(PS_DOC_FRAC, rule->coverage));
    ps_doc_put(doc, record, "density", NULL, ps_cell_of_number(PS_DOC_FRAC, rule->density));
    ps_doc_set_columns(rows, columns, 4);
    rows->table.id_key = "input";
    for (int k = 0; k < rule->conditions; k++) {
        const ps_condition *c = &rule->condition[k];
        ps_cell *cells = ps_doc_add_row(doc, rows, c->input == NULL ? "" : c->input, NULL)->cells;

        if (c->input == NULL) {
            cells[0] = ps_cell_of_text(game->move[c->move]);
        } else {
            cells[1] = ps_cell_of_flag(c->above);
            cells[2] = ps_cell_of_number(PS_DOC_FRAC, c->level);
            cells[3] = ps_cell_of_number(PS_DOC_NUMBER, c->value);
        }
    }
}

static void add_identity(const ps_payoffs *game, const ps_result *first, ps_doc *doc)
{
    ps_doc_block *root = ps_doc_add_table(doc, PS_DOC_FOR_DATA, "", NULL, PS_DOC_RECORD);
    ps_doc_block *run = ps_doc_add_table(doc, PS_DOC_FOR_DATA, "run", NULL, PS_DOC_RECORD);
    ps_doc_block *moves =
        ps_doc_add_table(doc, PS_DOC_FOR_DATA, "probability", NULL, PS_DOC_RECORD);
    ps_doc_block *equilibria = ps_doc_add_sentences(doc, PS_DOC_FOR_DATA, "equilibria", NULL);

    ps_doc_put(doc, root, "format", NULL, ps_cell_of_text("pricesim-responses/1"));
    ps_doc_put(doc, root, "version", NULL, ps_cell_of_text(PS_VERSION));
    ps_doc_put(doc, root, "stream", NULL, ps_cell_of_number(PS_DOC_NUMBER, PS_STREAM_VERSION));
    ps_doc_put(doc, root, "metric", NULL, ps_cell_of_text(ps_metric_table[game->metric].id));
    ps_doc_put(doc, root, "recommended", NULL, ps_cell_of_text(game->response[game->recommended]));
    ps_doc_put(doc, root, "maximin", NULL, ps_cell_of_text(game->response[game->safest]));
    ps_doc_put(doc, root, "least_regret", NULL,
               ps_cell_of_text(game->response[game->least_regret]));
    ps_doc_put(doc, run, "seed", NULL, ps_cell_of_text(ps_doc_text(doc, "%" PRIu64, first->seed)));
    ps_doc_put(doc, run, "paths", NULL, ps_cell_of_number(PS_DOC_NUMBER, (double)game->paths));
    for (int j = 0; j < game->moves; j++) {
        ps_doc_put(doc, moves, game->move[j], NULL,
                   ps_cell_of_number(PS_DOC_FRAC, game->probability[j]));
    }
    for (int i = 0; i < game->responses; i++) {
        for (int j = 0; j < game->moves; j++) {
            if (game->cell[i][j].equilibrium) {
                ps_doc_say(doc, equilibria,
                           ps_doc_text(doc, "%s/%s", game->response[i], game->move[j]));
            }
        }
    }
}

ps_status ps_respond_project(const ps_payoffs *game, const ps_faults *faults,
                             const ps_result *first, const char *command, ps_doc *doc)
{
    const ps_projection projection = {
        .scenario = game->scenario, .result = first, .faults = faults, .command = command};
    char paths[PS_HUMAN_SIZE];

    doc->title = game->scenario->name;
    doc->currency = game->scenario->currency;
    doc->subtitle =
        ps_doc_text(doc,
                    "%d responses against %d moves \xc2\xb7 %s \xc2\xb7 the same %s simulated "
                    "futures \xc2\xb7 money in %s",
                    game->responses, game->moves, ps_project_horizon(game->scenario, doc),
                    ps_human_whole(game->paths, paths), game->scenario->currency);
    add_identity(game, first, doc);
    add_verdict(game, doc);
    add_summary(game, doc);
    add_matrices(game, doc);
    add_rule(game, doc);
    ps_project_warnings(&projection, doc);
    ps_project_reproduce(&projection, doc);
    return doc->failed ? PS_ERR_LIMIT : PS_OK;
}
