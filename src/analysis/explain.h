/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was understood of a scenario, as a document: its inputs, or what the model derives from
 * them. */
#ifndef PS_ANALYSIS_EXPLAIN_H
#define PS_ANALYSIS_EXPLAIN_H

#include "base/status.h"
#include "doc/doc.h"
#include "engine/derive.h"
#include "scenario/scenario.h"

/* The inputs at `pointer` and below ("" for all). PS_ERR_CHECK when there is none there;
 * PS_ERR_LIMIT when memory runs out. Everything outlives the zeroed document that is filled. */
ps_status ps_explain_inputs(const ps_scenario *scenario, const char *pointer, ps_doc *doc);

/* What follows from the inputs at their centre. Only keys that contain `part` ("" for all). */
ps_status ps_explain_derived(const ps_scenario *scenario, const ps_derivation *derived,
                             const char *part, ps_doc *doc);

#endif
