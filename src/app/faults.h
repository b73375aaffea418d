/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faults on standard error, and the load that most commands begin with. */
#ifndef PS_APP_FAULTS_H
#define PS_APP_FAULTS_H

#include "app/app.h"
#include "scenario/load.h"

typedef struct {
    bool json, strict, quiet;
} ps_fault_style;

ps_fault_style ps_fault_style_of(const ps_arguments *arguments);

/* All errors in file order, at most 20, then "and N more"; warnings likewise unless quiet; and that
 * memory ran out, if it did: a PS_ERR_LIMIT that no fault explains means that. Returns the verdict.
 */
ps_status ps_faults_print(const ps_faults *faults, ps_fault_style style, ps_status status);

/* `status`; PS_ERR_LIMIT when memory ran out, for a fault or what was made lacks something then;
 * PS_ERR_INPUT when it is PS_OK but there are warnings and they are errors (--strict). */
ps_status ps_faults_verdict(const ps_faults *faults, ps_fault_style style, ps_status status);

/* Values of --set, and room for some more of our own. */
enum { PS_MAX_SETS = 256 };

typedef struct {
    ps_load_options options;
    const char *sets[PS_MAX_SETS];
    char paths[48], seed[48]; /* --paths, --seed as --set */
} ps_load_request;

/* From the operand and --plan, --set, --allow-outside. PS_ERR_USAGE after a message. */
ps_status ps_load_request_fill(const ps_arguments *arguments, const char *path,
                               ps_load_request *out);

/* --paths and --seed are short for a --set: the scenario's own checks then hold for them, too.
 * PS_ERR_USAGE after a message. */
ps_status ps_load_request_runs(const ps_arguments *arguments, ps_load_request *request);

/* Reads standard input, for commands that load it more than once: it can be read but once. */
ps_status ps_standard_input(ps_string *out, ps_faults *faults);

#endif
