/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inputs of a scenario as understood: names for people, kinds of randomness, laws in words. */
#ifndef PS_ANALYSIS_INPUTS_H
#define PS_ANALYSIS_INPUTS_H

#include "doc/doc.h"
#include "scenario/read.h"
#include "scenario/scenario.h"

/* "/market/segments/all/choice/elasticity/value" as "all elasticity". */
const char *ps_input_name(ps_doc *doc, const char *pointer);

/* Whether a bare number stands where nobody knows the number exactly: an elasticity, a conversion,
 * a rival's follow-through that is neither a range, nor counts, nor marked as exact. The answer's
 * range is too narrow then. */
bool ps_input_is_bare(const ps_input *input);

/* "uncertain" (drawn once in each future), "spread" (between customers), "exact", "bare number",
 * "default". */
const char *ps_input_kind(const ps_input *input);

/* "normal (mean -1.9, sd 0.3)". */
const char *ps_input_law(ps_doc *doc, const ps_number *number);

/* The table "inputs", in the scenario's order. `below`: only inputs whose pointer is this or begins
 * with it and a slash ("" for all). With `places`, each row says where the input was written.
 * Returns the number of rows. */
int ps_doc_add_inputs(ps_doc *doc, const ps_scenario *scenario, int audience, const char *below,
                      bool places);

ps_doc_unit ps_doc_unit_of(ps_unit unit);

#endif
