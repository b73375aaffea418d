/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that a scenario names: relative to the file that names them, and inside the scenario's
 * folder. */
#ifndef PS_SCENARIO_FILES_H
#define PS_SCENARIO_FILES_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/text.h"

/* What was read, by path, to be read again or elsewhere. Zeroed is empty. What it has it gives,
 * what it lacks it takes up from the machine's files, which with `replay` are not looked at. */
typedef struct {
    const char *path, *text;
    size_t length;
} ps_kept_file;

typedef struct {
    ps_arena arena;
    ps_kept_file *items;
    size_t count, capacity;
    bool replay, no_memory;
} ps_kept_files;

/* Takes a file up, once; copies both. */
void ps_kept_files_add(ps_kept_files *kept, const char *path, const char *text, size_t length);
const ps_kept_file *ps_kept_files_find(const ps_kept_files *kept, const char *path);

typedef struct {
    ps_arena *arena;
    ps_kept_files *kept; /* NULL at first */
    char *root;          /* real path of the scenario's folder; NULL: no file may be named */
    bool allow_outside;  /* --allow-outside */
} ps_files;

/* Reads a file of up to 16 MiB from what was kept, or from the machine, keeping it. */
ps_file_outcome ps_files_bytes(ps_kept_files *kept, const char *path, ps_string *out);

/* `path` is the scenario as the user named it, "-" for standard input (then the working folder), or
 * NULL for a scenario that came as text. The arena outlives `files`. false when memory runs out. */
bool ps_files_init(ps_files *files, ps_arena *arena, const char *path, bool allow_outside);

/* Code and reason why a file cannot be used, or that memory ran out; zeroed when it can be used. */
typedef struct {
    const char *code, *reason, *hint;
    bool no_memory;
} ps_files_refusal;

/* Path (in the arena) of the file that `from`, another file, calls `name`. NULL and `refusal` when
 * it is no file name, or outside the folder. */
char *ps_files_resolve(const ps_files *files, const char *from, const char *name,
                       ps_files_refusal *refusal);

/* Reads a resolved file of up to 16 MiB; false and `refusal` when it cannot be read. */
bool ps_files_read(const ps_files *files, const char *path, ps_string *out,
                   ps_files_refusal *refusal);

#endif
