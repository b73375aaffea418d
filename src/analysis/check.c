/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/check.h"

#include <math.h>
#include <string.h>

#include "analysis/project.h"
#include "doc/human.h"

static const char *const verdict_names[PS_CHECK_VERDICTS] = {"pass", "fail", "warn", "cannot tell",
                                                             "error"};
enum { NAMED_FIGURES = 4 };

void ps_checks_free(ps_checks *checks)
{
    ps_arena_free(&checks->arena);
    *checks = (ps_checks){0};
}

/* Names of files may hold anything. */
static const char *keep(ps_checks *checks, const char *text)
{
    ps_string shown = {0};

    ps_string_append_shown(&shown, text);
    const char *kept =
        shown.failed
            ? NULL
            : ps_arena_text(&checks->arena, shown.data == NULL ? "" : shown.data, shown.length);

    ps_string_free(&shown);
    checks->failed = checks->failed || kept == NULL;
    return kept == NULL ? "" : kept;
}

void ps_checks_add(ps_checks *checks, ps_check_case item)
{
    ps_check_case *kept = ps_arena_alloc(&checks->arena, 1, sizeof *kept);

    if (kept == NULL) {
        checks->failed = true;
        return;
    }
    *kept = item;
    kept->scenario = keep(checks, item.scenario);
    kept->name = keep(checks, item.name);
    kept->message = keep(checks, item.message);
    kept->file = keep(checks, item.file);
    kept->next = NULL;
    *(checks->last == NULL ? &checks->first : &checks->last->next) = kept;
    checks->last = kept;
    checks->cases++;
    checks->count[item.verdict]++;
}

static ps_doc_unit unit_of(const char *id)
{
    const int metric = strncmp(id, "goals.", 6) == 0 ? -1 : ps_metric_find(id);

    return metric < 0 ? PS_DOC_FRAC : ps_project_unit(metric);
}

/* ---- expectations ---- */

static const char *outcome_words(ps_checks *checks, const ps_expectation *e,
                                 const ps_expect_outcome *o, int64_t paths)
{
    char n[PS_HUMAN_SIZE];
    ps_string text = {0};

    if (o->verdict == PS_VERDICT_PASS) {
        return "";
    }
    ps_string_format(&text, "it is %.6g", o->got);
    if (e->rule[0] == 'P' || strchr(e->rule, ':') != NULL) {
        ps_string_format(&text, " against %.6g", o->want);
    }
    if (o->verdict == PS_VERDICT_CANNOT_TELL) {
        ps_string_format(&text, ": cannot tell with %s futures, whose error is %.2g",
                         ps_human_whole(paths, n), o->error);
    }
    if (e->why != NULL) {
        ps_string_format(&text, " (%s)", e->why);
    }
    const char *kept = text.failed ? "" : keep(checks, text.data);

    checks->failed = checks->failed || text.failed;
    ps_string_free(&text);
    return kept;
}

ps_status ps_checks_expect(ps_checks *checks, const char *file, const ps_scenario *scenario,
                           const ps_expect_side *sides, int count, ps_faults *faults)
{
    const ps_expectation *items = scenario->expect.items;
    ps_status status = PS_OK;

    for (int i = 0; i < scenario->expect.count; i++) {
        const ps_expectation *e = &items[i];
        ps_expect_outcome outcome;
        const ps_status one = ps_expect_decide(e, sides, count, &outcome, faults);

        if (one != PS_OK) {
            status = one;
            continue;
        }
        const ps_check_verdict verdict = outcome.verdict == PS_VERDICT_PASS ? PS_CHECK_PASS
                                         : outcome.verdict == PS_VERDICT_CANNOT_TELL
                                             ? PS_CHECK_CANNOT_TELL
                                         : e->severity == PS_SEVERITY_WARN ? PS_CHECK_WARN
                                                                           : PS_CHECK_FAIL;

        ps_checks_add(
            checks,
            (ps_check_case){.scenario = file,
                            .name = e->rule,
                            .verdict = verdict,
                            .message = outcome_words(checks, e, &outcome, sides[0].result->paths),
                            .file = e->file == NULL || e->line == 0 ? file : e->file,
                            .line = e->line > 0 ? e->line : 1});
    }
    return status;
}

/* ---- regression ---- */

static void keep_move(ps_checks *checks, const char *file, const ps_regression_figure *figure)
{
    ps_check_move *kept = ps_arena_alloc(&checks->arena, 1, sizeof *kept);

    if (kept == NULL) {
        checks->failed = true;
        return;
    }
    *kept = (ps_check_move){keep(checks, file), *figure, NULL};
    kept->figure.id = keep(checks, figure->id);
    *(checks->last_move == NULL ? &checks->first_move : &checks->last_move->next) = kept;
    checks->last_move = kept;
}

static void name_move(const ps_regression_figure *f, ps_string *text)
{
    const ps_doc_unit unit = unit_of(f->id);
    const ps_human_scale scale =
        ps_human_scale_of(unit, fmax(fabs(f->then), fabs(f->now)), fabs(f->now - f->then), 3);
    char then[PS_HUMAN_SIZE], now[PS_HUMAN_SIZE], part[PS_HUMAN_SIZE];

    if (f->moved == PS_MOVED_GONE) {
        ps_string_format(text, "%s is gone", f->id);
        return;
    }
    ps_string_format(text, "%s from %s to %s", f->id, ps_human_write(&scale, f->then, false, then),
                     ps_human_write(&scale, f->now, false, now));
    if (f->then != 0) {
        const double change = (f->now - f->then) / fabs(f->then);

        ps_string_format(text, " (%s%s)", change > 0 ? "+" : "",
                         ps_human(PS_DOC_FRAC, change, 2, part));
    }
}

static void name_moves(const ps_regression *r, ps_moved wanted, const char *before, ps_string *text)
{
    int n = 0;

    for (int i = 0; i < r->figures; i++) {
        if (r->figure[i].moved != wanted) {
            continue;
        }
        if (++n <= NAMED_FIGURES) {
            ps_string_format(text, "%s", n == 1 ? before : ", ");
            name_move(&r->figure[i], text);
        }
    }
    if (n > NAMED_FIGURES) {
        ps_string_format(text, " and %d more", n - NAMED_FIGURES);
    }
}

/* What the check could have seen, of the figure that decides most. */
static double detectable(const ps_regression *r)
{
    for (int i = 0; i < r->figures; i++) {
        if (strcmp(r->figure[i].id, "contribution") == 0) {
            return r->figure[i].detectable;
        }
    }
    return NAN;
}

static void say_rule(const ps_regression *r, const ps_baseline *baseline, int64_t paths,
                     ps_string *text)
{
    char part[PS_HUMAN_SIZE];

    switch (r->rule) {
    case PS_RULE_EXACT:
        ps_string_format(text, r->same_scenario ? "exactly as the baseline"
                                                : "the scenario changed, no figure did");
        if (paths < baseline->paths) {
            ps_string_format(text, " in its first %s futures", ps_human_whole(paths, part));
        }
        break;
    case PS_RULE_PAIRED:
        ps_string_format(text, "%s; decided by the same draws, batch by batch",
                         r->same_scenario ? "the program changed its answer"
                                          : "the scenario changed");
        break;
    case PS_RULE_UNPAIRED:
        ps_string_format(text,
                         "other draws than the baseline's (stream %d, seed %llu); decided against "
                         "the noise of both",
                         baseline->stream, (unsigned long long)baseline->seed);
        if (isfinite(detectable(r))) {
            ps_string_format(text, ", which could detect a change of contribution of %s",
                             ps_human(PS_DOC_FRAC, detectable(r), 2, part));
        }
        break;
    }
}

ps_status ps_checks_regress(ps_checks *checks, const char *file, const char *baseline_file,
                            const ps_baseline *baseline, const ps_scenario *scenario,
                            const ps_result *result)
{
    ps_regression r;
    ps_string text = {0};

    if (ps_regress(baseline, scenario, result, &checks->arena, &r) != PS_OK) {
        return PS_ERR_LIMIT;
    }
    bool unsure = false;

    for (int i = 0; i < r.figures; i++) {
        unsure = unsure || r.figure[i].moved == PS_MOVED_CANNOT_TELL;
        if (r.figure[i].moved != PS_MOVED_NOT) {
            keep_move(checks, file, &r.figure[i]);
        }
    }
    say_rule(&r, baseline, result->paths, &text);
    name_moves(&r, PS_MOVED, "; moved: ", &text);
    name_moves(&r, PS_MOVED_GONE, "; ", &text);
    if (r.moved == 0) {
        name_moves(&r, PS_MOVED_CANNOT_TELL, "; cannot tell: ", &text);
        name_moves(&r, PS_MOVED_IMMATERIAL, "; within the tolerance: ", &text);
    }
    ps_checks_add(checks, (ps_check_case){.scenario = file,
                                          .name = "baseline",
                                          .verdict = r.moved > 0 ? PS_CHECK_FAIL
                                                     : unsure    ? PS_CHECK_CANNOT_TELL
                                                                 : PS_CHECK_PASS,
                                          .message = text.failed ? "" : text.data,
                                          .file = r.moved > 0 ? file : baseline_file,
                                          .line = 1});
    checks->failed = checks->failed || text.failed;
    ps_string_free(&text);
    return checks->failed ? PS_ERR_LIMIT : PS_OK;
}

ps_status ps_checks_status(const ps_checks *checks, bool strict)
{
    const int bad =
        checks->count[PS_CHECK_FAIL] +
        (strict ? checks->count[PS_CHECK_WARN] + checks->count[PS_CHECK_CANNOT_TELL] : 0);

    return checks->failed                      ? PS_ERR_LIMIT
           : checks->count[PS_CHECK_ERROR] > 0 ? PS_ERR_INPUT
           : bad > 0                           ? PS_ERR_CHECK
                                               : PS_OK;
}

/* ---- document ---- */

static void say_counts(const ps_checks *checks, ps_doc *doc)
{
    ps_doc_block *block = ps_doc_add_sentences(doc, PS_DOC_FOR_ALL, "verdict", NULL);
    static const char *const nouns[PS_CHECK_VERDICTS] = {"passed", "failed", "warned",
                                                         "cannot be told", "could not be made"};
    ps_string text = {0};

    ps_string_format(&text, "%d scenario%s, %d check%s: ", checks->scenarios,
                     checks->scenarios == 1 ? "" : "s", checks->cases,
                     checks->cases == 1 ? "" : "s");
    const char *before = "";

    for (int v = 0; v < PS_CHECK_VERDICTS; v++) {
        if (checks->count[v] > 0 || v <= PS_CHECK_FAIL) {
            ps_string_format(&text, "%s%d %s", before, checks->count[v], nouns[v]);
            before = ", ";
        }
    }
    ps_string_format(&text, ".");
    ps_doc_say(doc, block, text.failed ? "" : ps_doc_text(doc, "%s", text.data));
    if (checks->quick) {
        ps_doc_say(doc, block,
                   "Quick: an eighth of the futures; only changes that show in it are found.");
    }
    doc->failed = doc->failed || text.failed;
    ps_string_free(&text);
}

static void say_cases(const ps_checks *checks, ps_doc *doc, ps_check_verdict verdict,
                      const char *title)
{
    ps_doc_block *block = NULL;

    for (const ps_check_case *c = checks->first; c != NULL; c = c->next) {
        if (c->verdict != verdict) {
            continue;
        }
        if (block == NULL) {
            block = ps_doc_add_sentences(doc, PS_DOC_FOR_PEOPLE, "cases", title);
        }
        ps_doc_say(doc, block,
                   ps_doc_text(doc, "%s: %s%s%s", c->scenario, c->name,
                               c->message[0] == '\0' ? "" : ": ", c->message));
    }
}

static void add_cases(const ps_checks *checks, ps_doc *doc)
{
    static const ps_doc_column columns[] = {
        {.key = "check"}, {.key = "verdict"}, {.key = "message"}, {.key = "file"}, {.key = "line"}};
    ps_doc_block *block = ps_doc_add_table(doc, PS_DOC_FOR_DATA, "checks", NULL, PS_DOC_ROWS);

    ps_doc_set_columns(block, columns, 5);
    block->table.id_key = "scenario";
    for (const ps_check_case *c = checks->first; c != NULL; c = c->next) {
        ps_cell *cells = ps_doc_add_row(doc, block, c->scenario, NULL)->cells;

        cells[0] = ps_cell_of_text(c->name);
        cells[1] = ps_cell_of_text(verdict_names[c->verdict]);
        cells[2] = ps_cell_of_text(c->message);
        cells[3] = ps_cell_of_text(c->file);
        cells[4] = ps_cell_of_number(PS_DOC_COUNT, c->line);
    }
}

enum {
    MOVE_FIGURE,
    MOVE_THEN,
    MOVE_NOW,
    MOVE_CHANGE,
    MOVE_NOISE,
    MOVE_TOLERANCE,
    MOVE_VERDICT,
    MOVE_COLUMNS
};

static const ps_doc_column move_columns[MOVE_COLUMNS] = {
    [MOVE_FIGURE] = {.key = "figure", .drop = PS_DROP_ALWAYS},
    [MOVE_THEN] = {.key = "baseline", .title = "before", .unit = PS_DOC_NUMBER, .drop = 3},
    [MOVE_NOW] = {.key = "now", .title = "now", .unit = PS_DOC_NUMBER},
    [MOVE_CHANGE] = {.key = "change", .title = "change", .unit = PS_DOC_FRAC, .sign = true},
    [MOVE_NOISE] = {.key = "noise", .title = "noise", .unit = PS_DOC_NUMBER, .drop = 2},
    [MOVE_TOLERANCE] = {.key = "tolerance", .title = "tolerance", .unit = PS_DOC_NUMBER, .drop = 4},
    [MOVE_VERDICT] = {.key = "moved", .title = "counts", .unit = PS_DOC_TEXT},
};

static ps_doc_block *add_move_table(ps_doc *doc, const char *title)
{
    ps_doc_block *block = ps_doc_add_table(doc, PS_DOC_FOR_ALL, "moved", title, PS_DOC_ROWS);

    ps_doc_set_columns(block, move_columns, MOVE_COLUMNS);
    block->table.id_key = "scenario";
    block->note = "Noise: what chance alone explains; tolerance: what does not matter.";
    return block;
}

static void add_move(ps_doc *doc, ps_doc_block *block, const char *id,
                     const ps_regression_figure *f)
{
    static const char *const words[] = {
        [PS_MOVED_NOT] = "no", [PS_MOVED_IMMATERIAL] = "small", [PS_MOVED_CANNOT_TELL] = "unsure",
        [PS_MOVED] = "yes",    [PS_MOVED_NEW] = "new",          [PS_MOVED_GONE] = "gone"};
    const ps_doc_unit unit = unit_of(f->id);
    ps_cell *cells = ps_doc_add_row(doc, block, id, f->id)->cells;

    cells[MOVE_FIGURE] = ps_cell_of_text(f->id);
    cells[MOVE_THEN] = ps_cell_of_number(unit, f->then);
    cells[MOVE_NOW] = ps_cell_of_number(unit, f->now);
    cells[MOVE_CHANGE] =
        ps_cell_of_number(PS_DOC_FRAC, f->then != 0 ? (f->now - f->then) / fabs(f->then) : NAN);
    cells[MOVE_NOISE] = ps_cell_of_number(unit, f->noise);
    cells[MOVE_TOLERANCE] = ps_cell_of_number(unit, f->tolerance);
    cells[MOVE_VERDICT] = ps_cell_of_text(words[f->moved]);
}

static void add_moves(const ps_checks *checks, ps_doc *doc)
{
    const char *scenario = NULL;
    ps_doc_block *block = NULL;

    for (const ps_check_move *m = checks->first_move; m != NULL; m = m->next) {
        if (scenario == NULL || strcmp(scenario, m->scenario) != 0) {
            scenario = m->scenario;
            block = add_move_table(doc, ps_doc_text(doc, "What moved in %s", scenario));
        }
        add_move(doc, block, scenario, &m->figure);
    }
}

ps_status ps_diff_project(const ps_baseline *then, const ps_baseline *now, const char *names[2],
                          ps_doc *doc)
{
    ps_regression r;
    ps_string text = {0};

    doc->title = ps_doc_text(doc, "%s against %s", names[1], names[0]);
    doc->currency = "";
    if (ps_regress_stored(then, now, &doc->arena, &r) != PS_OK) {
        return PS_ERR_LIMIT;
    }
    ps_doc_block *root = ps_doc_add_table(doc, PS_DOC_FOR_DATA, "", NULL, PS_DOC_RECORD);
    ps_doc_block *words = ps_doc_add_sentences(doc, PS_DOC_FOR_ALL, "verdict", NULL);

    ps_doc_put(doc, root, "format", NULL, ps_cell_of_text("pricesim-diff/1"));
    if (r.rule == PS_RULE_EXACT) {
        ps_doc_say(doc, words, "No figure differs.");
    } else {
        ps_string_format(&text, "%s; %s; %d of %d figures differ by more than noise and 0.1%%.",
                         r.same_scenario ? "The same scenario" : "Another scenario or seed",
                         r.rule == PS_RULE_PAIRED
                             ? "the same draws, so compared batch by batch"
                             : "other draws, so compared against the noise of both",
                         r.moved, r.figures);
        ps_doc_say(doc, words, text.failed ? "" : ps_doc_text(doc, "%s", text.data));
    }
    ps_doc_block *block = add_move_table(doc, "Figures");

    for (int i = 0; i < r.figures; i++) {
        add_move(doc, block, names[1], &r.figure[i]);
    }
    doc->failed = doc->failed || text.failed;
    ps_string_free(&text);
    return doc->failed ? PS_ERR_LIMIT : PS_OK;
}

ps_status ps_checks_project(const ps_checks *checks, ps_doc *doc)
{
    ps_doc_block *root = ps_doc_add_table(doc, PS_DOC_FOR_DATA, "", NULL, PS_DOC_RECORD);

    doc->title = "Checks";
    doc->currency = "";
    ps_doc_put(doc, root, "format", NULL, ps_cell_of_text("pricesim-check/1"));
    say_counts(checks, doc);
    say_cases(checks, doc, PS_CHECK_ERROR, "Could not be made");
    say_cases(checks, doc, PS_CHECK_FAIL, "Failed");
    say_cases(checks, doc, PS_CHECK_WARN, "Warned");
    say_cases(checks, doc, PS_CHECK_CANNOT_TELL, "Cannot tell");
    say_cases(checks, doc, PS_CHECK_PASS, "Passed");
    add_cases(checks, doc);
    add_moves(checks, doc);
    return doc->failed ? PS_ERR_LIMIT : PS_OK;
}

void ps_baselines_project(const ps_baseline *then, const ps_baseline *now, const char *path,
                          const char *title, ps_doc *doc)
{
    static const ps_doc_column columns[] = {
        {.key = "before", .title = "before", .unit = PS_DOC_NUMBER},
        {.key = "now", .title = "now", .unit = PS_DOC_NUMBER},
        {.key = "change", .title = "change", .unit = PS_DOC_FRAC, .sign = true},
        {.key = "error", .title = "sim. error", .unit = PS_DOC_NUMBER, .drop = 1},
    };
    ps_doc_block *block = ps_doc_add_table(doc, PS_DOC_FOR_ALL, path, title, PS_DOC_KEYED);

    ps_doc_set_columns(block, columns, 4);
    for (int i = 0; i < now->figures; i++) {
        const ps_baseline_figure *f = &now->figure[i];
        const ps_doc_unit unit = unit_of(f->id);
        ps_cell *cells = ps_doc_add_row(doc, block, f->id, f->id)->cells;
        double before = NAN;

        for (int k = 0; k < then->figures; k++) {
            before = strcmp(then->figure[k].id, f->id) == 0 ? then->figure[k].mean : before;
        }
        cells[0] = ps_cell_of_number(unit, before);
        cells[1] = ps_cell_of_number(unit, f->mean);
        cells[2] =
            ps_cell_of_number(PS_DOC_FRAC, before != 0 ? (f->mean - before) / fabs(before) : NAN);
        cells[3] = ps_cell_of_number(unit, f->se);
    }
}
