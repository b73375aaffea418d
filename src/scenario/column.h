/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One column of numbers of a small CSV file: {"empirical": "file.csv:column"}. */
#ifndef PS_SCENARIO_COLUMN_H
#define PS_SCENARIO_COLUMN_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/text.h"

typedef struct {
    double *values; /* in the arena, as in the file */
    int count;
    char problem[160]; /* why it cannot be read: "line 3: number expected, 'n/a' found" */
    bool no_memory;
} ps_column;

/* Reads the column called `name` of comma-separated `text` with a header line; fields may be in
 * double quotes, which hold no line ends. false and `problem` when the text is no such table, or
 * `no_memory`. */
bool ps_column_read(ps_arena *arena, const ps_string *text, const char *name, ps_column *column);

#endif
