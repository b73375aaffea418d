/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a file to a checked scenario: assemble, read, resolve, check. */
#ifndef PS_SCENARIO_LOAD_H
#define PS_SCENARIO_LOAD_H

#include "base/status.h"
#include "scenario/assemble.h"
#include "scenario/read.h"
#include "scenario/scenario.h"

/* Loads and checks a scenario; `out` is zeroed first. All faults and warnings are added, sorted by
 * place. On failure nothing needs to be freed. PS_ERR_FILE when the file cannot be read,
 * PS_ERR_INPUT when it is wrong, PS_ERR_LIMIT when memory runs out. */
ps_status ps_scenario_load(const ps_load_options *options, ps_scenario *out, ps_faults *faults);

/* Works on a zeroed scenario. */
void ps_scenario_free(ps_scenario *scenario);

/* The parameter `key` of a kind's value, NULL when the kind has none: rules look into kinds by
 * their tables. */
const void *ps_kind_parameter(const ps_kind_value *value, const char *key);

#endif
