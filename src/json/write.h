/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A streaming JSON writer: numbers are the shortest text that reads back exactly, in any locale. */
#ifndef PS_JSON_WRITE_H
#define PS_JSON_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* Zero all but `out`, `pretty` and `html`. Containers must be closed in order and nested at most 64
 * deep. */
typedef struct {
    ps_string *out;
    bool pretty; /* 2-space indent; else no space at all */
    bool html;   /* '<', '>' and '&' as \u003c ..., for a data block inside a page */
    int depth;
    uint64_t filled; /* bit d: the container at depth d has a member */
    uint64_t flat;   /* bit d: the container at depth d stays on one line */
    bool after_key;
    bool next_flat;
} ps_writer;

void ps_write_object(ps_writer *writer);
void ps_write_object_end(ps_writer *writer);
void ps_write_array(ps_writer *writer);
void ps_write_array_end(ps_writer *writer);

/* The next container and all it holds stay on one line even when pretty. */
void ps_write_on_one_line(ps_writer *writer);

void ps_write_key(ps_writer *writer, const char *key);
void ps_write_text(ps_writer *writer, const char *text); /* NULL: null */
void ps_write_number(ps_writer *writer, double value);   /* not finite: null */
void ps_write_whole(ps_writer *writer, int64_t value);
void ps_write_bool(ps_writer *writer, bool value);
void ps_write_null(ps_writer *writer);

/* A value that is JSON text already. */
void ps_write_raw(ps_writer *writer, const char *json, size_t length);

#endif
