/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answer in three to six sentences that a manager can act on. The range of futures and the
 * error of the simulation are two things, and are never in one sentence. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "analysis/inputs.h"
#include "analysis/project.h"
#include "base/date.h"
#include "base/text.h"
#include "doc/human.h"

enum { NAMED_INPUTS = 3, NAMED_DRIVERS = 3, SPOKEN_GOALS = 2 };
static const double weak_correlation = 0.15; /* not worth a word in a verdict */

/* "7.1M to 8.4M" and the median in the same scale. */
typedef struct {
    char low[PS_HUMAN_SIZE], mid[PS_HUMAN_SIZE], high[PS_HUMAN_SIZE];
    bool certain; /* all futures agree */
} range_words;

static range_words words_of_range(ps_doc_unit unit, double low, double mid, double high)
{
    const double largest = fmax(fabs(low), fabs(high));
    const ps_human_scale scale = ps_human_scale_of(unit, largest, (high - low) / 6, 2);
    range_words words = {.certain = !(high - low > 1e-9 * largest)};

    ps_human_write(&scale, low, false, words.low);
    ps_human_write(&scale, mid, false, words.mid);
    ps_human_write(&scale, high, false, words.high);
    return words;
}

/* Keeps what was formatted into `text`, and empties it for the next use. */
static const char *keep(ps_doc *doc, ps_string *text)
{
    const char *kept = text->failed || text->data == NULL ? "" : ps_doc_text(doc, "%s", text->data);

    doc->failed = doc->failed || text->failed;
    ps_string_free(text);
    memset(text, 0, sizeof *text);
    return kept;
}

/* "; the real range is wider, because ..." */
static void add_understatement(const ps_projection *projection, ps_doc *doc, ps_string *text)
{
    const ps_scenario *scenario = projection->scenario;
    int bare = 0;

    if (!ps_project_has_ignorance(projection)) {
        ps_string_format(
            text,
            "; this understates the risk, because every uncertain input is held at its centre");
        return;
    }
    for (int i = 0; i < scenario->input_count; i++) {
        bare += ps_input_is_bare(&scenario->inputs[i]);
    }
    if (bare == 0) {
        return;
    }
    ps_string_format(
        text,
        "; this understates the risk, because %d input%s nobody knows exactly %s bare number%s (",
        bare, bare == 1 ? " that" : "s that", bare == 1 ? "is a" : "are", bare == 1 ? "" : "s");
    for (int i = 0, named = 0; i < scenario->input_count && named < NAMED_INPUTS; i++) {
        if (ps_input_is_bare(&scenario->inputs[i])) {
            ps_string_format(text, "%s%s", named == 0 ? "" : ", ",
                             ps_input_name(doc, scenario->inputs[i].number->pointer));
            named++;
        }
    }
    if (bare > NAMED_INPUTS) {
        ps_string_format(text, " and %d more", bare - NAMED_INPUTS);
    }
    ps_string_format(text, ")");
}

static void say_partial(const ps_projection *projection, ps_doc *doc, ps_doc_block *block)
{
    char done[PS_HUMAN_SIZE], asked[PS_HUMAN_SIZE];

    if (projection->result->partial) {
        ps_doc_say(doc, block,
                   ps_doc_text(doc,
                               "PARTIAL: interrupted after %s of %s futures; the figures are those "
                               "of a smaller run.",
                               ps_human_whole(projection->result->paths, done),
                               ps_human_whole(projection->scenario->run->paths, asked)));
    }
}

static const char *every_future(const ps_projection *projection)
{
    return projection->result->paths == 1 ? "the one simulated future" : "every simulated future";
}

static void say_revenue(const ps_projection *projection, ps_doc *doc, ps_doc_block *block)
{
    const ps_figure *revenue = &projection->result->summary[PS_METRIC_revenue];
    const range_words words =
        words_of_range(PS_DOC_MONEY, revenue->p10, revenue->p50, revenue->p90);
    const char *horizon = ps_project_horizon(projection->scenario, doc);
    ps_string text = {0};

    if (words.certain) {
        ps_string_format(&text, "Revenue over %s is %s %s in %s", horizon, words.mid, doc->currency,
                         every_future(projection));
    } else {
        ps_string_format(&text, "Revenue over %s is likely %s to %s %s (P10 to P90), median %s",
                         horizon, words.low, words.high, doc->currency, words.mid);
    }
    add_understatement(projection, doc, &text);
    ps_string_format(&text, ".");
    ps_doc_say(doc, block, keep(doc, &text));
}

/* How likely a loss is, from the percentiles that a figure keeps. */
static const char *loss_words(const ps_figure *figure)
{
    return figure->p95 < 0   ? ", a loss in nearly every future"
           : figure->p50 < 0 ? ", a loss more often than not"
           : figure->p25 < 0 ? ", a loss in more than one future in four"
           : figure->p10 < 0 ? ", a loss in more than one future in ten"
           : figure->p5 < 0  ? ", a loss in more than one future in twenty"
                             : "";
}

static void say_contribution(const ps_projection *projection, ps_doc *doc, ps_doc_block *block)
{
    const ps_figure *contribution = &projection->result->summary[PS_METRIC_contribution];
    const ps_figure *margin = &projection->result->summary[PS_METRIC_margin_frac];
    const range_words words =
        words_of_range(PS_DOC_MONEY, contribution->p10, contribution->p50, contribution->p90);
    char frac[PS_HUMAN_SIZE];
    ps_string text = {0};

    if (words.certain) {
        ps_string_format(&text, "Contribution is %s %s", words.mid, doc->currency);
    } else {
        ps_string_format(&text, "Contribution is likely %s to %s %s, median %s", words.low,
                         words.high, doc->currency, words.mid);
    }
    if (isfinite(margin->mean)) {
        ps_string_format(&text, ": %s of revenue", ps_human(PS_DOC_FRAC, margin->mean, 2, frac));
    }
    ps_string_format(&text, "%s.", loss_words(contribution));
    ps_doc_say(doc, block, keep(doc, &text));
}

static void add_driver_names(const ps_result *result, ps_doc *doc, ps_string *text)
{
    int named = 0;

    for (int i = 0; i < result->drivers && named < NAMED_DRIVERS; i++) {
        if (fabs(result->driver[i].rank_correlation) >= weak_correlation) {
            ps_string_format(text, "%s%s", named == 0 ? ", above all " : ", ",
                             ps_input_name(doc, result->driver[i].pointer));
            named++;
        }
    }
}

static void say_certainty(const ps_projection *projection, ps_doc *doc, ps_doc_block *block)
{
    const ps_figure *contribution = &projection->result->summary[PS_METRIC_contribution];
    const double ignorance = fmin(fmax(contribution->ignorance, 0), 1);
    char share[PS_HUMAN_SIZE];
    ps_string text = {0};

    if (!isfinite(contribution->ignorance) || !ps_project_has_ignorance(projection) ||
        !(contribution->sd > 0)) {
        return;
    }
    if (ignorance < 0.05) {
        ps_string_format(
            &text,
            "Nearly all of that spread is luck (%s of the variance comes from uncertain inputs): "
            "better inputs would not narrow it",
            ps_human_chance(ignorance, share));
    } else {
        ps_string_format(
            &text,
            "About %s of the variance of contribution comes from inputs that are not known exactly",
            ps_human_chance(ignorance, share));
        add_driver_names(projection->result, doc, &text);
        ps_string_format(&text, "%s",
                         ignorance > 0.95 ? "; hardly any is luck" : "; the rest is luck");
    }
    ps_string_format(&text, ".");
    ps_doc_say(doc, block, keep(doc, &text));
}

/* What it would look like if rivals stood still, when that is another story. */
static void add_naive(const ps_earning *calendar, ps_string *text)
{
    const double net = calendar->net.mean, naive = calendar->naive.mean;
    char words[PS_HUMAN_SIZE];
    const ps_human_scale scale = ps_human_scale_of(PS_DOC_MONEY, naive, 0, 2);

    if (isfinite(naive) && fabs(naive - net) > 0.05 * fmax(fabs(net), fabs(naive))) {
        ps_string_format(text, "; with rivals that stand still it would look like %s",
                         ps_human_write(&scale, naive, true, words));
    }
}

static void say_promotions(const ps_projection *projection, ps_doc *doc, ps_doc_block *block)
{
    const ps_earning *calendar = projection->result->earning;
    char chance[PS_HUMAN_SIZE], anyway[PS_HUMAN_SIZE], mean[PS_HUMAN_SIZE];
    range_words words;
    ps_string text = {0};

    if (projection->result->earnings == 0) {
        return;
    }
    words = words_of_range(PS_DOC_MONEY, calendar->net.p10, calendar->net.mean, calendar->net.p90);
    ps_string_format(&text, "The promotions %s %s %s net on average",
                     calendar->net.mean < 0 ? "lose" : "earn",
                     ps_human(PS_DOC_MONEY, fabs(calendar->net.mean), 2, mean), doc->currency);
    if (!words.certain) {
        ps_string_format(&text, " (%s to %s) and pay in %s of the futures", words.low, words.high,
                         calendar->net.positive_frac > 0
                             ? ps_human_chance(calendar->net.positive_frac, chance)
                             : "none");
    }
    if (calendar->promoted_units > 0 && isfinite(calendar->baseline_units)) {
        const double part = fmin(calendar->baseline_units / calendar->promoted_units, 1);

        ps_string_format(&text, "; %s of the units on promotion would have been sold anyway",
                         ps_human_chance(part, anyway));
    }
    add_naive(calendar, &text);
    ps_string_format(&text, ".");
    ps_doc_say(doc, block, keep(doc, &text));
}

static const ps_goal *goal_named(const ps_scenario *scenario, const char *id)
{
    const ps_goal *goals = scenario->goals.items;

    for (int i = 0; i < scenario->goals.count; i++) {
        if (strcmp(goals[i].entry.id, id) == 0) {
            return &goals[i];
        }
    }
    return NULL;
}

static void add_goal(const ps_projection *projection, const ps_goal_result *goal, const char *noun,
                     ps_string *text)
{
    const int metric = ps_metric_find(goal->metric);
    const ps_doc_unit unit = metric < 0 ? PS_DOC_NUMBER : ps_project_unit(metric);
    const ps_goal *stated = goal_named(projection->scenario, goal->id);
    char target[PS_HUMAN_SIZE], chance[PS_HUMAN_SIZE], miss[PS_HUMAN_SIZE], low[PS_HUMAN_SIZE],
        high[PS_HUMAN_SIZE];
    char date[16];

    ps_string_format(text, "%s %s (%s", noun, goal->label, ps_human(unit, goal->target, 3, target));
    if (stated && stated->by != PS_NO_DATE) {
        ps_string_format(text, " by %s", ps_date_format(stated->by, date));
    }
    if (stated && stated->against && stated->against->plan) {
        ps_string_format(text, ", %s %s plan %s",
                         ps_human(PS_DOC_FRAC, fabs(stated->change), 2, low),
                         stated->change < 0 ? "below" : "above", stated->against->plan);
    }
    if (goal->out_of_range) {
        ps_string_format(text, ") is %s %s", goal->p > 0.5 ? "passed in" : "out of reach of",
                         every_future(projection));
    } else {
        ps_string_format(text, ") is reached with %s chance", ps_human_chance(goal->p, chance));
    }
    if (isfinite(goal->p_low) && isfinite(goal->p_high) && goal->p_high - goal->p_low > 0.02) {
        ps_string_format(text, " (%s to %s over what the inputs may be)",
                         ps_human_chance(goal->p_low, low), ps_human_chance(goal->p_high, high));
    }
    if (goal->average_miss > 0) {
        ps_string_format(text, ", and missed by %s%s", ps_human(unit, goal->average_miss, 2, miss),
                         projection->result->paths == 1 ? ""
                         : goal->p > 0.0                ? " on average otherwise"
                                                        : " on average");
    }
}

static void say_goals(const ps_projection *projection, ps_doc *doc, ps_doc_block *block)
{
    const ps_result *result = projection->result;
    ps_string text = {0};

    if (result->goals == 0) {
        return;
    }
    for (int i = 0; i < result->goals && i < SPOKEN_GOALS; i++) {
        add_goal(projection, &result->goal[i], i == 0 ? "Goal" : "; goal", &text);
    }
    if (result->goals > SPOKEN_GOALS) {
        ps_string_format(&text, "; %d more goals are below", result->goals - SPOKEN_GOALS);
    }
    ps_string_format(&text, ".");
    ps_doc_say(doc, block, keep(doc, &text));
}

static void say_simulation_error(const ps_projection *projection, ps_doc *doc, ps_doc_block *block)
{
    const ps_figure *revenue = &projection->result->summary[PS_METRIC_revenue];
    char paths[PS_HUMAN_SIZE], se[PS_HUMAN_SIZE];

    if (!(revenue->se > 0)) {
        return;
    }
    ps_doc_say(doc, block,
               ps_doc_text(doc,
                           "Apart from that, simulating only %s futures leaves an error of %s %s "
                           "in the mean of revenue; "
                           "more futures shrink this error, not the ranges.",
                           ps_human_whole(projection->result->paths, paths),
                           ps_human(PS_DOC_MONEY, revenue->se, 2, se), doc->currency));
}

void ps_project_verdict(const ps_projection *projection, ps_doc *doc)
{
    ps_doc_block *block = ps_doc_add_sentences(doc, PS_DOC_FOR_ALL, "verdict", NULL);

    say_partial(projection, doc, block);
    say_revenue(projection, doc, block);
    say_contribution(projection, doc, block);
    say_certainty(projection, doc, block);
    say_promotions(projection, doc, block);
    say_goals(projection, doc, block);
    say_simulation_error(projection, doc, block);
}
