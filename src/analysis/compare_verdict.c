/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison in words: which plan, by how much, how sure. What could happen and what the
 * simulation does not know are said apart. */
#include <math.h>
#include <string.h>

#include "analysis/compare.h"
#include "analysis/project.h"
#include "base/text.h"
#include "doc/human.h"

static const char *label_of(const ps_comparison *c, ps_doc *doc)
{
    const char *label = ps_metric_table[c->metric].label;

    return c->metric == PS_METRIC_contribution ? "contribution"
           : c->metric == PS_METRIC_revenue    ? "revenue"
                                               : ps_doc_text(doc, "\"%s\"", label);
}

static const char *amount(const ps_human_scale *scale, double x, const char *unit, ps_doc *doc)
{
    char text[PS_HUMAN_SIZE];

    return ps_doc_text(doc, "%s%s", ps_human_write(scale, x, false, text), unit);
}

static bool has_noise(const ps_pair *pair)
{
    return pair->difference.se > 0 && isfinite(pair->difference.se);
}

/* "earns 1.2M CNY more contribution than hold on average" */
static void say_mean(const ps_comparison *c, const ps_compared *plan, ps_doc *doc, ps_string *text)
{
    const ps_pair *pair = &plan->pair[c->metric];
    const ps_figure *d = &pair->difference;
    const ps_doc_unit unit = ps_project_unit(c->metric);
    const char *money = unit == PS_DOC_MONEY ? ps_doc_text(doc, " %s", doc->currency) : "";
    const ps_human_scale scale = ps_human_scale_of(
        unit, fmax(fabs(d->mean), fmax(fabs(d->p10), fabs(d->p90))), fabs(d->mean), 2);
    const bool tied = !(fabs(d->mean) > 2 * d->se);

    if (pair->equal_frac == 1) {
        ps_string_format(text, "%s brings the same %s as %s in every future", plan->id,
                         label_of(c, doc), c->plan[0].id);
        return;
    }
    ps_string_format(text, "%s %s %s %s %s than %s on average", plan->id,
                     unit == PS_DOC_MONEY ? "earns" : "has",
                     amount(&scale, fabs(d->mean), money, doc), d->mean < 0 ? "less" : "more",
                     label_of(c, doc), c->plan[0].id);
    if (tied && has_noise(pair)) {
        ps_string_format(text, ", which is within the simulation's noise");
    }
    ps_string_format(text, "; in 8 of 10 futures the difference lies between %s and %s",
                     amount(&scale, d->p10, "", doc), amount(&scale, d->p90, money, doc));
    ps_string_format(text, ", and it is better in %.0f of 100", 100 * pair->better_frac);
    if (pair->equal_frac > 0.005) {
        ps_string_format(text, " and the same in %.0f", 100 * pair->equal_frac);
    }
    if (has_noise(pair)) {
        char noise[PS_HUMAN_SIZE];

        ps_string_format(text, "; simulation noise of the mean %s%s",
                         ps_human(unit, d->se, 2, noise), money);
    }
}

/* "; revenue falls 2%" */
static void say_revenue(const ps_comparison *c, const ps_compared *plan, ps_string *text)
{
    const double before = c->plan[0].summary[PS_METRIC_revenue].mean,
                 change = plan->pair[PS_METRIC_revenue].difference.mean;
    char part[PS_HUMAN_SIZE];

    if (c->metric == PS_METRIC_revenue || !(before > 0) || !(fabs(change) >= 0.0005 * before)) {
        return;
    }
    ps_string_format(text, "; revenue %s %s", change < 0 ? "falls" : "rises",
                     ps_human(PS_DOC_FRAC, fabs(change) / before, 1, part));
}

static const char *keep(ps_doc *doc, ps_string *text)
{
    const char *kept = text->failed ? NULL : ps_doc_text(doc, "%s", text->data);

    ps_string_free(text);
    doc->failed = doc->failed || kept == NULL;
    return kept == NULL ? "" : kept;
}

static int best_plan(const ps_comparison *c)
{
    int best = 0;

    for (int k = 1; k < c->plans; k++) {
        if (c->plan[k].summary[c->metric].mean > c->plan[best].summary[c->metric].mean) {
            best = k;
        }
    }
    return best;
}

static void say_best(const ps_comparison *c, ps_doc *doc, ps_doc_block *block)
{
    const ps_compared *best = &c->plan[best_plan(c)];
    char chance[PS_HUMAN_SIZE], regret[PS_HUMAN_SIZE];

    ps_doc_say(doc, block,
               ps_doc_text(doc,
                           "Of %d plans, %s has the most %s on average and is the best of all in "
                           "%s of the futures; choosing it and being wrong costs %s on average.",
                           c->plans, best->id, label_of(c, doc),
                           ps_human_chance(best->best_frac, chance),
                           ps_human(ps_project_unit(c->metric), best->regret, 2, regret)));
}

void ps_compare_verdict(const ps_comparison *c, ps_doc *doc)
{
    ps_doc_block *block = ps_doc_add_sentences(doc, PS_DOC_FOR_ALL, "verdict", NULL);

    if (c->partial) {
        ps_doc_say(doc, block,
                   "PARTIAL: interrupted; the figures are those of fewer futures or plans.");
    }
    if (c->plans > 2) {
        say_best(c, doc, block);
    }
    for (int k = 1; k < c->plans && k <= PS_COMPARE_SPOKEN; k++) {
        ps_string text = {0};

        say_mean(c, &c->plan[k], doc, &text);
        say_revenue(c, &c->plan[k], &text);
        ps_string_format(&text, ".");
        ps_doc_say(doc, block, keep(doc, &text));
    }
    if (c->plans - 1 > PS_COMPARE_SPOKEN) {
        ps_doc_say(doc, block,
                   ps_doc_text(doc, "%d more plans are below.", c->plans - 1 - PS_COMPARE_SPOKEN));
    }
}
