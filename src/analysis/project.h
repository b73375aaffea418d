/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The projection: from a run's result to the answer that a pricing manager reads, as a document. */
#ifndef PS_ANALYSIS_PROJECT_H
#define PS_ANALYSIS_PROJECT_H

#include "base/status.h"
#include "doc/doc.h"
#include "engine/derive.h"
#include "engine/result.h"
#include "scenario/scenario.h"

/* Everything outlives the document. */
typedef struct {
    const ps_scenario *scenario;
    const ps_result *result;
    const ps_faults *faults;      /* warnings of loading and running; may be NULL */
    const ps_derivation *derived; /* may be NULL */
    const char *command;          /* to reproduce the run; for people only; may be NULL */
} ps_projection;

/* Fills a zeroed document. PS_OK, or PS_ERR_LIMIT when memory runs out. */
ps_status ps_project(const ps_projection *projection, ps_doc *doc);

/* ---- parts of it, one file each
 * --------------------------------------------------------------------- */

/* verdict.c: the sentences "verdict". */
void ps_project_verdict(const ps_projection *projection, ps_doc *doc);

/* breakdown.c: headline figures, fans, and figures by segment, offer, rival, dimension, and which
 * buyers are worth most. */
void ps_project_headline(const ps_projection *projection, ps_doc *doc);
void ps_project_series(const ps_projection *projection, ps_doc *doc);
void ps_project_prices(const ps_projection *projection, ps_doc *doc);
void ps_project_shares(const ps_projection *projection, ps_doc *doc);
void ps_project_groups(const ps_projection *projection, ps_doc *doc);
void ps_project_profiles(const ps_projection *projection, ps_doc *doc);

/* bottleneck.c: the stage whose capacity holds the others up. */
void ps_project_bottleneck(const ps_projection *projection, ps_doc *doc);

/* sales.c: the teams of the sales models, and which model would serve each buyer best. */
void ps_project_teams(const ps_projection *projection, ps_doc *doc);
void ps_project_sales(const ps_projection *projection, ps_doc *doc);

/* A derived value by its key; NAN where there is none. */
double ps_project_derived(const ps_projection *projection, const char *key);

/* promotions.c: what the calendar and each promotion earn. */
void ps_project_promotions(const ps_projection *projection, ps_doc *doc);

/* checks.c: the run's self-checks and warnings; the warnings alone. */
void ps_project_checks(const ps_projection *projection, ps_doc *doc);
void ps_project_warnings(const ps_projection *projection, ps_doc *doc);

/* How to get the same numbers again. */
void ps_project_reproduce(const ps_projection *projection, ps_doc *doc);

/* Figures in the headline table of the scenario's scope, in order, up to metric -1; `label` where
 * the metric's own is too long for a table. */
typedef struct {
    int metric;
    const char *label;
} ps_headline;

const ps_headline *ps_project_headlines(const ps_scenario *scenario);

/* "week", "month" ... of the calendar. */
const char *ps_project_period(const ps_scenario *scenario);

/* "the year", "the 26 weeks". */
const char *ps_project_horizon(const ps_scenario *scenario, ps_doc *doc);

/* Runs with every uncertain input at its centre know nothing of ignorance. */
bool ps_project_has_ignorance(const ps_projection *projection);

ps_doc_unit ps_project_unit(int metric);
ps_doc_figure ps_project_figure(const ps_figure *figure);

#endif
