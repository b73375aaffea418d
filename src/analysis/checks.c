/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Self-checks of a run: that the books close, that what the inputs imply is plausible, that the
 * range is honest. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/inputs.h"
#include "analysis/project.h"
#include "base/text.h"
#include "doc/human.h"

enum { STATE, VALUE, MESSAGE, CHECK_COLUMNS };

static const ps_doc_column check_columns[CHECK_COLUMNS] = {
    [STATE] = {.key = "state", .title = "state"},
    [VALUE] = {.key = "value", .title = "value", .unit = PS_DOC_NUMBER},
    [MESSAGE] = {.key = "message", .title = "message"},
};

/* Largest relative gap that rounding explains. */
static const double closes = 1e-9;

typedef struct {
    ps_doc *doc;
    ps_doc_block *data;  /* all checks */
    ps_doc_block *words; /* those to look at */
    ps_string passed;    /* the others, in one line */
} checks;

static void add_check(checks *c, const char *id, bool ok, double value, const char *message)
{
    ps_doc_row *row = ps_doc_add_row(c->doc, c->data, id, NULL);

    row->cells[STATE] = ps_cell_of_text(ok ? "ok" : "look");
    row->cells[VALUE] = ps_cell_of_number(PS_DOC_NUMBER, value);
    row->cells[MESSAGE] = ps_cell_of_text(message);
    if (ok) {
        ps_string_format(&c->passed, "%s%s", c->passed.length == 0 ? "Passed: " : "; ", message);
    } else {
        ps_doc_say(c->doc, c->words, ps_doc_text(c->doc, "Look: %s.", message));
    }
}

static void check_closure(checks *c, const char *id, const char *what, double gap)
{
    if (isfinite(gap)) {
        const bool ok = gap <= closes;

        add_check(c, id, ok, gap,
                  ps_doc_text(c->doc, "%s %s (%.1g)", what, ok ? "closes" : "does NOT close", gap));
    }
}

static void check_books(checks *c, const ps_projection *projection)
{
    const ps_balance *balance = &projection->result->balance;

    if (projection->result->funnel_rows > 0) {
        check_closure(c, "funnel", "the funnel", balance->funnel);
    }
    check_closure(c, "waterfall", "the price waterfall", balance->waterfall);
    check_closure(c, "cash", "the cash ledger", balance->cash);
    if (projection->result->earnings > 0) {
        check_closure(c, "promotions", "the promotion bridge", balance->promotions);
    }
}

static void check_bare_inputs(checks *c, const ps_scenario *scenario)
{
    int bare = 0;
    ps_string text = {0};

    for (int i = 0; i < scenario->input_count; i++) {
        if (ps_input_is_bare(&scenario->inputs[i])) {
            ps_string_format(&text, "%s%s", bare == 0 ? "" : ", ",
                             scenario->inputs[i].number->pointer);
            bare++;
        }
    }
    if (bare == 0) {
        add_check(c, "bare_inputs", true, 0, "no bare number where a range is needed");
    } else {
        add_check(c, "bare_inputs", false, bare,
                  ps_doc_text(c->doc,
                              "give these inputs a range (\"25%% to 35%%\"), counts, or \"exact\": "
                              "true, or the ranges "
                              "above are too narrow: %s",
                              text.failed ? "" : text.data));
    }
    c->doc->failed = c->doc->failed || text.failed;
    ps_string_free(&text);
}

static void check_stages(checks *c, const ps_result *result)
{
    for (int g = 0; g < result->funnel_rows; g++) {
        const ps_funnel_row *row = &result->funnel[g];
        char part[PS_HUMAN_SIZE];

        if (row->capacity_bound_frac > 0.05) {
            add_check(
                c, ps_doc_text(c->doc, "capacity_%s", row->id), false, row->capacity_bound_frac,
                ps_doc_text(c->doc, "the capacity of %s binds in %s of the periods; deals wait",
                            row->label, ps_human(PS_DOC_FRAC, row->capacity_bound_frac, 2, part)));
        }
        if (!row->choice && row->passed > 0 && row->lost == 0) {
            add_check(c, ps_doc_text(c->doc, "conversion_%s", row->id), false, 1,
                      ps_doc_text(c->doc, "no deal is ever lost in %s, as if its conversion were 1",
                                  row->label));
        }
    }
}

static void check_cash(checks *c, const ps_result *result)
{
    const double booked = result->summary[PS_METRIC_booked].mean,
                 collected = result->summary[PS_METRIC_collected].mean;
    char part[PS_HUMAN_SIZE];

    if (result->has[PS_METRIC_booked] && result->has[PS_METRIC_collected] && booked > 0) {
        const double ratio = collected / booked;

        add_check(
            c, "collected_to_booked", ratio > 0.5, ratio,
            ps_doc_text(c->doc, "cash collected in the horizon is %s of what is booked in it%s",
                        ps_human(PS_DOC_FRAC, ratio, 2, part),
                        ratio > 0.5 ? "" : ": payment terms or late signings need financing"));
    }
}

static void check_break_even(checks *c, const ps_result *result)
{
    for (int i = 1; i < result->earnings; i++) {
        const ps_earning *e = &result->earning[i];
        char lift[PS_HUMAN_SIZE], needed[PS_HUMAN_SIZE];

        if (isfinite(e->lift) && isfinite(e->break_even_lift)) {
            const bool lifted = e->lift >= e->break_even_lift;
            const bool loses = lifted && e->net.mean < 0, earns = !lifted && e->net.mean > 0;

            add_check(c, ps_doc_text(c->doc, "break_even_%s", e->id), lifted && !loses,
                      e->lift - e->break_even_lift,
                      ps_doc_text(c->doc, "%s lifts units by %s, break-even needs %s%s%s", e->label,
                                  ps_human(PS_DOC_FRAC, e->lift, 2, lift),
                                  ps_human(PS_DOC_FRAC, e->break_even_lift, 2, needed),
                                  loses   ? "; it loses all the same, "
                                  : earns ? "; it earns all the same, "
                                          : "",
                                  loses || earns ? "by what the lift leaves out: arrivals, later "
                                                   "sales, rivals, what runs out"
                                                 : ""));
        }
    }
}

/* The warnings name the breaches; here that the calendar was held against its rails. */
static void check_guard_rails(checks *c, const ps_projection *projection)
{
    int breaches = 0;

    for (size_t i = 0; projection->faults != NULL && i < projection->faults->count; i++) {
        breaches += strcmp(projection->faults->items[i].code, "WARN_GUARD_RAIL") == 0;
    }
    if (projection->scenario->guard_rails != NULL) {
        add_check(
            c, "guard_rails", breaches == 0, breaches,
            breaches == 0
                ? "promotions keep to the guard rails"
                : ps_doc_text(c->doc, "promotions break the guard rails; warnings: %d", breaches));
    }
}

/* The derived value called FIRST/SECOND[/THIRD], NAN when there is none. */
static double derived_value(const ps_derivation *derived, const char *first, const char *second,
                            const char *third)
{
    char name[256];

    snprintf(name, sizeof name, "%s/%s%s%s", first, second, third == NULL ? "" : "/",
             third == NULL ? "" : third);
    for (int i = 0; derived != NULL && i < derived->count; i++) {
        if (strcmp(derived->items[i].key, name) == 0) {
            return derived->items[i].value;
        }
    }
    return NAN;
}

static void check_elasticity(checks *c, const ps_offer *offer, double elasticity)
{
    const bool ok = elasticity <= -0.3 && elasticity >= -8;

    add_check(c, ps_doc_text(c->doc, "elasticity_%s", offer->entry.id), ok, elasticity,
              ps_doc_text(c->doc, "the implied own elasticity of %s is %.2f%s", offer->entry.label,
                          elasticity, ok ? "" : ", outside -0.3 to -8"));
}

/* Nearly all lost buyers leaving the market, or hardly any, is what a plain logit implies unasked.
 */
static void check_diversion(checks *c, const ps_offer *offer, double diversion)
{
    const bool ok = diversion >= 0.02 && diversion <= 0.9;
    char part[PS_HUMAN_SIZE];

    add_check(c, ps_doc_text(c->doc, "diversion_%s", offer->entry.id), ok, diversion,
              ps_doc_text(c->doc, "of the buyers that %s loses by a higher price, %s buy nothing%s",
                          offer->entry.label, ps_human(PS_DOC_FRAC, diversion, 2, part),
                          ok ? "" : "; state lost_buyers_who_buy_nothing if you know better"));
}

/* A price far from the best response to the rivals' prices is a finding, or a wrong elasticity or
 * cost. */
static void check_margin(checks *c, const ps_offer *offer, double stated, double nash)
{
    const bool ok = stated >= nash / 2 && stated <= nash * 2;
    char is[PS_HUMAN_SIZE], best[PS_HUMAN_SIZE];

    add_check(c, ps_doc_text(c->doc, "nash_margin_%s", offer->entry.id), ok, stated / nash,
              ps_doc_text(c->doc,
                          "%s earns %s per unit, where %s would make today's price the best "
                          "response to the rivals'%s",
                          offer->entry.label, ps_human(PS_DOC_MONEY, stated, 2, is),
                          ps_human(PS_DOC_MONEY, nash, 2, best),
                          ok ? "" : ", so check its elasticity and cost"));
}

static void check_demand(checks *c, const ps_projection *projection)
{
    const ps_derivation *derived = projection->derived;
    const ps_scenario *scenario = projection->scenario;
    const ps_offer *offers = scenario->offers.items;

    for (int i = 0; i < scenario->offers.count; i++) {
        const char *id = offers[i].entry.id;
        const double elasticity = derived_value(derived, "elasticity", id, id);
        const double diversion = derived_value(derived, "diversion", id, "none");
        const double margin = derived_value(derived, "waterfall", id, "margin");
        const double nash = derived_value(derived, "nash_margin", id, NULL);

        if (isfinite(elasticity)) {
            check_elasticity(c, &offers[i], elasticity);
        }
        if (isfinite(diversion) && scenario->rivals > 0) { /* else there is nowhere to go */
            check_diversion(c, &offers[i], diversion);
        }
        if (nash > 0 && isfinite(margin)) {
            check_margin(c, &offers[i], margin, nash);
        }
    }
}

/* Whether the prices that firms looked for are what they say. */
static void check_searches(checks *c, const ps_result *result)
{
    const double unsolved = result->unsolved / result->searches,
                 unstable = result->unstable / result->searches;
    char part[PS_HUMAN_SIZE];

    if (!(result->searches > 0)) {
        return;
    }
    add_check(c, "price_searches", unsolved == 0, unsolved,
              unsolved == 0
                  ? "every best response and equilibrium meets its first-order condition (1e-10)"
                  : ps_doc_text(c->doc,
                                "%s of the searches for a best response or equilibrium found none; "
                                "the price before it stays",
                                ps_human(PS_DOC_FRAC, unsolved, 2, part)));
    add_check(
        c, "price_deviations", unstable == 0, unstable,
        unstable == 0
            ? "no firm gains by another price"
            : ps_doc_text(c->doc,
                          "in %s of the searches some firm would earn more far from the price "
                          "found: very different buyers leave several best prices",
                          ps_human(PS_DOC_FRAC, unstable, 2, part)));
}

static void check_paths(checks *c, const ps_result *result)
{
    const ps_figure *revenue = &result->summary[PS_METRIC_revenue];

    if (revenue->sd > 0 && revenue->se > 0.1 * revenue->sd) {
        add_check(c, "paths", false, revenue->se / revenue->sd,
                  "so few futures leave a simulation error above a tenth of the spread; use more "
                  "--paths");
    }
}

static void add_balance(const ps_projection *projection, ps_doc *doc)
{
    const ps_balance *balance = &projection->result->balance;
    ps_doc_block *block = ps_doc_add_table(doc, PS_DOC_FOR_DATA, "balance", NULL, PS_DOC_RECORD);

    ps_doc_put(doc, block, "funnel", NULL, ps_cell_of_number(PS_DOC_NUMBER, balance->funnel));
    ps_doc_put(doc, block, "waterfall", NULL, ps_cell_of_number(PS_DOC_NUMBER, balance->waterfall));
    ps_doc_put(doc, block, "promotions", NULL,
               ps_cell_of_number(PS_DOC_NUMBER, balance->promotions));
    ps_doc_put(doc, block, "cash", NULL, ps_cell_of_number(PS_DOC_NUMBER, balance->cash));
}

static const ps_doc_column warning_columns[] = {
    {.key = "code", .title = "code"},
    {.key = "pointer", .title = "pointer"},
    {.key = "message", .title = "message"},
};

void ps_project_warnings(const ps_projection *projection, ps_doc *doc)
{
    ps_doc_block *data = ps_doc_add_table(doc, PS_DOC_FOR_DATA, "warnings", NULL, PS_DOC_ROWS);
    ps_doc_block *words = ps_doc_add_sentences(doc, PS_DOC_FOR_PEOPLE, "warnings", "Warnings");

    ps_doc_set_columns(data, warning_columns, 3);
    for (size_t i = 0; projection->faults != NULL && i < projection->faults->count; i++) {
        const ps_fault *fault = &projection->faults->items[i];
        ps_doc_row *row;

        if (!fault->warning) {
            continue;
        }
        row = ps_doc_add_row(doc, data, NULL, NULL);
        row->cells[0] = ps_cell_of_text(fault->code);
        row->cells[1] = ps_cell_of_text(fault->pointer);
        row->cells[2] = ps_cell_of_text(fault->message);
        ps_doc_say(doc, words,
                   ps_doc_text(doc, "%s%s%s%s%s", fault->pointer,
                               fault->pointer[0] == '\0' ? "" : ": ", fault->message,
                               fault->hint == NULL ? "" : "; ",
                               fault->hint == NULL ? "" : fault->hint));
    }
}

void ps_project_checks(const ps_projection *projection, ps_doc *doc)
{
    checks c = {.doc = doc};

    c.data = ps_doc_add_table(doc, PS_DOC_FOR_DATA, "checks", NULL, PS_DOC_ROWS);
    c.words = ps_doc_add_sentences(doc, PS_DOC_FOR_PEOPLE, "checks", "Self-checks");
    ps_doc_set_columns(c.data, check_columns, CHECK_COLUMNS);
    check_books(&c, projection);
    check_bare_inputs(&c, projection->scenario);
    check_demand(&c, projection);
    check_stages(&c, projection->result);
    check_break_even(&c, projection->result);
    check_guard_rails(&c, projection);
    check_cash(&c, projection->result);
    check_searches(&c, projection->result);
    check_paths(&c, projection->result);
    if (c.passed.length > 0) {
        ps_doc_say(doc, c.words, ps_doc_text(doc, "%s.", c.passed.data));
    }
    doc->failed = doc->failed || c.passed.failed;
    ps_string_free(&c.passed);
    ps_project_warnings(projection, doc);
    add_balance(projection, doc);
}
