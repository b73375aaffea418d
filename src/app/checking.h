/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What check and accept share: which scenarios are meant, their baselines, their runs. */
#ifndef PS_APP_CHECKING_H
#define PS_APP_CHECKING_H

#include "analysis/baseline.h"
#include "app/faults.h"

/* Scenario files, sorted; texts are owned by the arena. */
typedef struct {
    ps_arena arena;
    int count;
    const char **files;
} ps_scenario_list;

/* From operands: files as they are named, folders for the scenarios in and below them (files with
 * the key "pricesim"; definition files and baselines are not). PS_ERR_FILE after a message when one
 * cannot be read, PS_ERR_USAGE when there is none. */
ps_status ps_scenarios_find(const ps_arguments *arguments, ps_scenario_list *out);
void ps_scenarios_free(ps_scenario_list *list);

/* "x.json" -> "x.baseline.json", in the arena; NULL when memory runs out. */
const char *ps_baseline_path(ps_arena *arena, const char *scenario);

/* PS_OK with `*there` false when there is no such file. */
ps_status ps_baseline_load(const char *path, ps_baseline *out, bool *there, ps_faults *faults);

/* The JSON that a report of this run is, as a tree with its text. */
ps_status ps_result_tree(const ps_scenario *scenario, const ps_result *result, ps_tree *tree,
                         ps_node **root, ps_faults *faults);

#endif
