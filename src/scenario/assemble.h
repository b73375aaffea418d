/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From files to one JSON tree: definition files in place, then `extends`, the chosen plan, `--set`.
 */
#ifndef PS_SCENARIO_ASSEMBLE_H
#define PS_SCENARIO_ASSEMBLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "scenario/files.h"
#include "json/tree.h"

/* Keys whose value may be the name of a file that holds it; NULL-terminated. */
extern const char *const ps_definition_keys[];

/* Zero what is not wanted. */
typedef struct {
    const char *path; /* file, or "-" for standard input; ignored when `text` is given */
    const char *text; /* the scenario itself (not NUL-terminated): then it cannot name files */
    size_t text_length;
    const char *move;        /* id in `moves`, before the plan */
    const char *plan;        /* id in `plans` */
    const char *const *sets; /* "POINTER=VALUE" */
    size_t set_count;
    bool allow_outside;  /* files outside the scenario's folder may be named */
    ps_kept_files *kept; /* takes up, or gives, the files that are read */
} ps_load_options;

/* A price that a patch changed: prices of today do not move under observed shares. */
typedef struct {
    const char *pointer;
    ps_origin origin;
} ps_altered_price;

/* Zeroed is empty. */
typedef struct {
    ps_arena arena;
    ps_tree tree;
    ps_node *root;
    ps_files files;
    ps_altered_price *altered;
    int altered_count;
} ps_assembly;

void ps_assembly_free(ps_assembly *assembly);

/* PS_ERR_FILE when the scenario itself cannot be read, PS_ERR_INPUT for every other fault,
 * PS_ERR_LIMIT when memory runs out. */
ps_status ps_assemble(const ps_load_options *options, ps_assembly *assembly, ps_faults *faults);

#endif
