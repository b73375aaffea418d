/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was understood of the inputs: each with its kind of randomness and its P5, P50, P95. */
#include "analysis/inputs.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { NAME_SIZE = 400, TOKEN_SIZE = 200 };

static bool is_one_of(const char *word, const char *const *list)
{
    for (int i = 0; list[i] != NULL; i++) {
        if (strcmp(word, list[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Next token of a pointer, unescaped; false at the end. */
static bool next_token(const char **pointer, char token[TOKEN_SIZE])
{
    size_t used = 0;

    if (**pointer != '/') {
        return false;
    }
    for ((*pointer)++; **pointer != '\0' && **pointer != '/'; (*pointer)++) {
        char c = **pointer;

        if (c == '~' && ((*pointer)[1] == '0' || (*pointer)[1] == '1')) {
            (*pointer)++;
            c = **pointer == '0' ? '~' : '/';
        }
        if (used < TOKEN_SIZE - 1) {
            token[used++] = c;
        }
    }
    token[used] = '\0';
    return true;
}

const char *ps_input_name(ps_doc *doc, const char *pointer)
{
    static const char *const maps[] = {"segments",   "offers", "stages", "competitors",
                                       "promotions", "steps",  NULL};
    static const char *const silent[] = {"funnel",  "waterfall", "choice", "reaction",
                                         "pricing", "value",     NULL};
    char name[NAME_SIZE] = "", token[TOKEN_SIZE], before[TOKEN_SIZE] = "";
    size_t length = 0;
    const char *rest = pointer;

    while (next_token(&rest, token)) {
        const bool id = is_one_of(before, maps);
        /* A rival's offer says enough without its owner, and a segment without the market. */
        const bool skip = !id && (is_one_of(token, maps) ||
                                  (is_one_of(token, silent) && !(length == 0 && *rest == '\0')));
        const bool owner =
            id && strcmp(before, "competitors") == 0 && strncmp(rest, "/offers/", 8) == 0;
        const bool market = strcmp(token, "market") == 0 && strncmp(rest, "/segments/", 10) == 0;

        if (!skip && !owner && !market && length + strlen(token) + 2 < sizeof name) {
            const size_t start = length > 0 ? length + 1 : 0;

            length += (size_t)snprintf(name + length, sizeof name - length, "%s%s",
                                       length > 0 ? " " : "", token);
            for (char *c = name + start; !id && *c != '\0'; c++) {
                *c = *c == '_' ? ' ' : *c;
            }
        }
        snprintf(before, sizeof before, "%s", token);
        if (id) {
            before[0] = '\0'; /* an id may be called "offers" */
        }
    }
    return length == 0 ? pointer : ps_doc_text(doc, "%s", name);
}

bool ps_input_is_bare(const ps_input *input)
{
    const ps_number *number = input->number;

    return number->given && !number->exact && number->dist.law == PS_LAW_CONSTANT &&
           (input->field->flags & PS_NEEDS_RANGE) != 0;
}

/* Whether the number is a parameter of a spread between customers: its pointer then ends inside a
 * law. */
static bool is_of_spread(const ps_input *input)
{
    static const char *const names[] = {"normal", "lognormal", "logit_normal", "beta",
                                        "gamma",  "weibull",   "exponential",  "triangular",
                                        "pert",   "uniform",   "discrete",     "empirical",
                                        NULL};
    char token[TOKEN_SIZE], before[TOKEN_SIZE] = "";
    const char *rest = input->number->pointer;

    while (next_token(&rest, token) && *rest != '\0') {
        snprintf(before, sizeof before, "%s", token);
    }
    return input->field->type == PS_FIELD_SPREAD || input->field->type == PS_FIELD_DWELL ||
           is_one_of(token, names) || is_one_of(before, names);
}

const char *ps_input_kind(const ps_input *input)
{
    const bool spread = is_of_spread(input), defaulted = input->number->defaulted;

    if (input->number->dist.law != PS_LAW_CONSTANT) {
        return spread ? "uncertain spread" : defaulted ? "uncertain default" : "uncertain";
    }
    if (ps_input_is_bare(input)) {
        return "bare number";
    }
    return spread ? "spread" : defaulted ? "default" : "exact";
}

static const struct {
    const char *name, *parameter[PS_DIST_PARAMS];
} laws[] = {
    [PS_LAW_CONSTANT] = {"constant", {"value"}},
    [PS_LAW_NORMAL] = {"normal", {"mean", "sd"}},
    [PS_LAW_LOGNORMAL] = {"lognormal", {"median", "sdlog"}},
    [PS_LAW_LOGIT_NORMAL] = {"logit-normal", {"mean", "sd"}},
    [PS_LAW_BETA] = {"beta", {"a", "b"}},
    [PS_LAW_GAMMA] = {"gamma", {"mean", "sd"}},
    [PS_LAW_WEIBULL] = {"weibull", {"shape", "scale"}},
    [PS_LAW_EXPONENTIAL] = {"exponential", {"mean"}},
    [PS_LAW_TRIANGULAR] = {"triangular", {"min", "mode", "max"}},
    [PS_LAW_PERT] = {"pert", {"min", "mode", "max"}},
    [PS_LAW_UNIFORM] = {"uniform", {"min", "max"}},
    [PS_LAW_DISCRETE] = {"discrete", {NULL}},
    [PS_LAW_EMPIRICAL] = {"empirical", {NULL}},
};

const char *ps_input_law(ps_doc *doc, const ps_number *number)
{
    const ps_dist *dist = &number->dist;
    ps_string text = {0};
    char value[32];
    const char *out;

    if (dist->law == PS_LAW_CONSTANT) {
        return ps_text_number(dist->p[0], value)[0] == '\0' ? "" : ps_doc_text(doc, "%s", value);
    }
    ps_string_format(&text, "%s", laws[dist->law].name);
    for (int i = 0; i < PS_DIST_PARAMS && laws[dist->law].parameter[i] != NULL; i++) {
        /* Six digits: a range was turned into a law, its parameters have no meaning beyond. */
        ps_string_format(&text, "%s%s %.6g", i == 0 ? " (" : ", ", laws[dist->law].parameter[i],
                         dist->p[i]);
    }
    if (dist->law == PS_LAW_DISCRETE || dist->law == PS_LAW_EMPIRICAL) {
        ps_string_format(&text, " (%d values", dist->n);
    }
    if (dist->truncated && isfinite(dist->min)) {
        ps_string_format(&text, ", at least %.6g", dist->min);
    }
    if (dist->truncated && isfinite(dist->max)) {
        ps_string_format(&text, ", at most %.6g", dist->max);
    }
    if (dist->sign < 0) {
        ps_string_format(&text, ", mirrored at zero");
    }
    ps_string_format(&text, ")");
    if (number->draw != NULL) {
        ps_string_format(&text, ", draw %s", number->draw);
    }
    out = text.failed ? "" : ps_doc_text(doc, "%s", text.data);
    doc->failed = doc->failed || text.failed;
    ps_string_free(&text);
    return out;
}

ps_doc_unit ps_doc_unit_of(ps_unit unit)
{
    switch (unit) {
    case PS_UNIT_FRAC:
    case PS_UNIT_SIGNED_FRAC:
        return PS_DOC_FRAC;
    case PS_UNIT_MONEY:
        return PS_DOC_MONEY;
    case PS_UNIT_DAYS:
        return PS_DOC_DAYS;
    case PS_UNIT_COUNT:
        return PS_DOC_COUNT;
    case PS_UNIT_RATIO:
        return PS_DOC_RATIO;
    case PS_UNIT_NONE:
    case PS_UNIT_UTILITY:
    case PS_UNIT_PER_MONEY:
        break;
    }
    return PS_DOC_NUMBER;
}

static const char *unit_name(ps_unit unit)
{
    static const char *const names[] = {
        [PS_UNIT_NONE] = "",
        [PS_UNIT_FRAC] = "fraction",
        [PS_UNIT_SIGNED_FRAC] = "fraction",
        [PS_UNIT_MONEY] = "money",
        [PS_UNIT_DAYS] = "days",
        [PS_UNIT_COUNT] = "count",
        [PS_UNIT_UTILITY] = "utility",
        [PS_UNIT_PER_MONEY] = "per money",
        [PS_UNIT_RATIO] = "ratio",
    };

    return names[unit];
}

static bool stands_below(const char *pointer, const char *below)
{
    const size_t length = strlen(below);

    return strncmp(pointer, below, length) == 0 &&
           (pointer[length] == '\0' || pointer[length] == '/');
}

enum { KIND, LAW, P5, P50, P95, UNIT, PLACE, COLUMNS };

static const ps_doc_column columns[COLUMNS] = {
    [KIND] = {.key = "kind", .title = "kind", .drop = 2},
    [LAW] = {.key = "law", .title = "value or law", .drop = 3},
    [P5] = {.key = "p5", .title = "P5", .unit = PS_DOC_NUMBER},
    [P50] = {.key = "p50", .title = "median", .unit = PS_DOC_NUMBER},
    [P95] = {.key = "p95", .title = "P95", .unit = PS_DOC_NUMBER},
    [UNIT] = {.key = "unit", .title = "unit", .drop = 5},
    [PLACE] = {.key = "place", .title = "written at", .drop = 4, .place = true},
};

static const char *place_of(ps_doc *doc, const ps_origin *origin)
{
    if (origin->file == NULL) {
        return "default";
    }
    return origin->line > 0 ? ps_doc_text(doc, "%s:%d", origin->file, origin->line)
                            : ps_doc_text(doc, "%s", origin->file);
}

int ps_doc_add_inputs(ps_doc *doc, const ps_scenario *scenario, int audience, const char *below,
                      bool places)
{
    ps_doc_block *block =
        ps_doc_add_table(doc, audience, "inputs", "Inputs as understood", PS_DOC_ROWS);

    ps_doc_set_columns(block, columns, COLUMNS);
    block->table.id_key = "pointer";
    block->table.shape = PS_DOC_TALL;
    for (int i = 0; i < scenario->input_count; i++) {
        const ps_input *input = &scenario->inputs[i];
        const ps_dist *dist = &input->number->dist;
        const ps_doc_unit unit = ps_doc_unit_of(input->field->unit);
        const bool constant = dist->law == PS_LAW_CONSTANT;
        ps_doc_row *row;

        if (!input->number->given || !stands_below(input->number->pointer, below)) {
            continue;
        }
        row = ps_doc_add_row(doc, block, input->number->pointer, NULL);
        row->cells[KIND] = ps_cell_of_text(ps_input_kind(input));
        row->cells[LAW] = ps_cell_of_text(ps_input_law(doc, input->number));
        row->cells[UNIT] = ps_cell_of_text(unit_name(input->field->unit));
        row->cells[P5] =
            constant ? (ps_cell){0} : ps_cell_of_number(unit, ps_dist_quantile(dist, 0.05));
        row->cells[P50] =
            ps_cell_of_number(unit, constant ? dist->p[0] : ps_dist_quantile(dist, 0.5));
        row->cells[P95] =
            constant ? (ps_cell){0} : ps_cell_of_number(unit, ps_dist_quantile(dist, 0.95));
        if (places) {
            row->cells[PLACE] = ps_cell_of_text(place_of(doc, &input->origin));
        }
    }
    return block->table.rows;
}
