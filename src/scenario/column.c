/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line at a time; the field is compared or read where it lies. */
#include "scenario/column.h"

#include <stdio.h>
#include <string.h>

enum { MAX_ROWS = 1000000 };

typedef struct {
    const char *start;
    size_t length;
} field;

/* The n-th field (from 0) of a line, quotes removed; false when the line has fewer. */
static bool nth_field(const char *line, size_t length, int n, field *out)
{
    size_t at = 0;

    for (int i = 0;; i++) {
        const bool quoted = at < length && line[at] == '"';
        const size_t start = quoted ? at + 1 : at;
        size_t end = start;

        while (end < length && line[end] != (quoted ? '"' : ',')) {
            end++;
        }
        if (i == n) {
            *out = (field){line + start, end - start};
            return true;
        }
        at = quoted && end < length ? end + 1 : end;
        if (at >= length || line[at] != ',') {
            return false;
        }
        at++;
    }
}

/* Bytes of the line at `at`, its end not included. */
static size_t line_length(const ps_string *text, size_t at)
{
    const char *end = memchr(text->data + at, '\n', text->length - at);
    const size_t length = end == NULL ? text->length - at : (size_t)(end - (text->data + at));

    return length > 0 && text->data[at + length - 1] == '\r' ? length - 1 : length;
}

static size_t next_line(const ps_string *text, size_t at)
{
    const char *end = memchr(text->data + at, '\n', text->length - at);

    return end == NULL ? text->length : (size_t)(end - text->data) + 1;
}

static int find_column(const char *line, size_t length, const char *name)
{
    field f;

    for (int i = 0; nth_field(line, length, i, &f); i++) {
        if (f.length == strlen(name) && memcmp(f.start, name, f.length) == 0) {
            return i;
        }
    }
    return -1;
}

static bool refuse(ps_column *column, int line, const char *what, const char *text, size_t length)
{
    snprintf(column->problem, sizeof column->problem, "line %d: %s '%.*s'", line, what,
             (int)(length > 60 ? 60 : length), text);
    return false;
}

static bool read_rows(const ps_string *text, size_t at, int index, ps_column *column)
{
    for (int line = 2; at < text->length; line++, at = next_line(text, at)) {
        const size_t length = line_length(text, at);
        field f = {0};

        if (length == 0) {
            continue;
        }
        if (!nth_field(text->data + at, length, index, &f)) {
            return refuse(column, line, "too few fields in", text->data + at, length);
        }
        if (!ps_text_read_number(f.start, f.length, &column->values[column->count])) {
            return refuse(column, line, "number expected, not", f.start, f.length);
        }
        column->count++;
    }
    return true;
}

bool ps_column_read(ps_arena *arena, const ps_string *text, const char *name, ps_column *column)
{
    const bool mark = text->length >= 3 && memcmp(text->data, "\xEF\xBB\xBF", 3) == 0;
    const size_t start = mark ? 3 : 0;
    size_t rows = 0;

    *column = (ps_column){0};
    if (text->length <= start) {
        snprintf(column->problem, sizeof column->problem, "empty file");
        return false;
    }
    const int index = find_column(text->data + start, line_length(text, start), name);

    if (index < 0) {
        return refuse(column, 1, "no column", name, strlen(name));
    }
    for (size_t at = start; at < text->length && rows <= MAX_ROWS; at = next_line(text, at)) {
        rows++;
    }
    if (rows > MAX_ROWS) {
        snprintf(column->problem, sizeof column->problem, "too many rows");
        return false;
    }
    column->values = ps_arena_alloc(arena, rows, sizeof *column->values);
    column->no_memory = column->values == NULL;
    return !column->no_memory && read_rows(text, next_line(text, start), index, column);
}
