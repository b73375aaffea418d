/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a fault of the reader is, how it is worded, and the memory that readers share. */
#include "scenario/read.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "json/literal.h"

enum { LISTED_NAMES = 12 };

void *ps_read_alloc(ps_reader *reader, int count, size_t size)
{
    void *memory = ps_arena_alloc(reader->arena, (size_t)count, size);

    reader->no_memory = reader->no_memory || memory == NULL;
    return memory;
}

const char *ps_read_copy(ps_reader *reader, const char *text)
{
    const char *copy = ps_arena_text(reader->arena, text, strlen(text));

    reader->no_memory = reader->no_memory || copy == NULL;
    return copy == NULL ? "" : copy;
}

static void append_path(ps_string *out, const ps_read_path *path)
{
    if (path == NULL) {
        return;
    }
    append_path(out, path->up);
    if (path->key != NULL) {
        ps_pointer_append(out, path->key);
    } else {
        ps_string_format(out, "/%d", path->index);
    }
}

const char *ps_read_pointer(ps_reader *reader, const ps_read_path *path)
{
    ps_string text = {0};
    const char *pointer = "";

    append_path(&text, path);
    if (text.failed) {
        reader->no_memory = true;
    } else if (text.length > 0) {
        pointer = ps_read_copy(reader, text.data);
    }
    ps_string_free(&text);
    return pointer;
}

static void add_fault(ps_reader *reader, const ps_read_path *path, const ps_origin *origin,
                      const char *code, const char *hint, const char *message)
{
    ps_string pointer = {0};

    append_path(&pointer, path);
    reader->no_memory = reader->no_memory || pointer.failed;
    ps_fault_add(reader->faults, code, pointer.length == 0 ? "" : pointer.data, origin->file,
                 origin->line, origin->column, hint, "%s", message);
    ps_string_free(&pointer);
}

void ps_read_fault(ps_reader *reader, const ps_read_spot *spot, const char *code, const char *hint,
                   const char *format, ...)
{
    const ps_origin origin = ps_tree_origin(reader->tree, spot->node);
    char message[600];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    add_fault(reader, spot->path, &origin, code, hint, message);
}

void ps_read_key_fault(ps_reader *reader, const ps_read_spot *member, const char *code,
                       const char *hint, const char *message)
{
    ps_origin origin = ps_tree_origin(reader->tree, member->node);

    origin.line = origin.key_line;
    origin.column = origin.key_column;
    add_fault(reader, member->path, &origin, code, hint, message);
}

void ps_read_type_fault(ps_reader *reader, const ps_read_spot *spot, const char *expected)
{
    const ps_node_type type = ps_node_kind(spot->node);

    ps_read_fault(reader, spot, "TYPE", type == PS_NODE_NULL ? "leave the key out instead" : NULL,
                  "%s expected, %s found", expected, ps_node_type_name(type));
}

const char *ps_read_suggestion(ps_reader *reader, const char *word, const char *const *names,
                               size_t count, const char *lead)
{
    char *hint = reader->hint;
    const size_t size = sizeof reader->hint;
    size_t used = 0;

    if (reader->faults->errors >= PS_FAULTS_STORED) {
        return NULL; /* nobody will see it, and a hostile file asks a million times */
    }
    const char *near = ps_text_suggest(word, names, count);

    hint[0] = '\0';
    if (near != NULL) {
        snprintf(hint, size, "did you mean '%s'?", near);
    }
    for (size_t i = 0; near == NULL && i < count && i <= LISTED_NAMES && used < size; i++) {
        used += (size_t)snprintf(hint + used, size - used, "%s%s", i == 0 ? lead : ", ",
                                 i < LISTED_NAMES ? names[i] : "...");
    }
    return hint[0] == '\0' ? NULL : hint;
}

void ps_read_unknown_key(ps_reader *reader, const ps_read_spot *member, const char *const *known,
                         size_t count)
{
    const char *key = ps_node_key(member->node);
    char message[160];

    snprintf(message, sizeof message, "unknown key '%.100s'", key);
    ps_read_key_fault(reader, member, "UNKNOWN_KEY",
                      ps_read_suggestion(reader, key, known, count, "allowed here: "), message);
}

void ps_read_missing(ps_reader *reader, const ps_node *object, const ps_read_path *path,
                     const char *key, const char *doc)
{
    const ps_read_path at = {path, key, 0};
    const ps_origin origin = ps_tree_origin(reader->tree, object);
    char message[160];

    snprintf(message, sizeof message, "required key '%.100s' is missing", key);
    add_fault(reader, &at, &origin, "MISSING", doc, message);
}
