/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commas and indents follow from two bit sets: which open containers have members, and which stay
 * on one line. */
#include "json/write.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

static void put(ps_writer *writer, const char *text)
{
    ps_string_append(writer->out, text, strlen(text));
}

static uint64_t level_bit(const ps_writer *writer)
{
    return UINT64_C(1) << (writer->depth & 63);
}

static void new_line(ps_writer *writer)
{
    if (!writer->pretty || (writer->flat & level_bit(writer)) != 0) {
        return;
    }
    put(writer, "\n");
    for (int d = 0; d < writer->depth; d++) {
        put(writer, "  ");
    }
}

/* What stands between the value before and the next one. */
static void begin_value(ps_writer *writer)
{
    if (writer->after_key) {
        writer->after_key = false;
        return;
    }
    if (writer->depth == 0) {
        return;
    }
    if ((writer->filled & level_bit(writer)) != 0) {
        put(writer, writer->pretty && (writer->flat & level_bit(writer)) != 0 ? ", " : ",");
    }
    new_line(writer);
    writer->filled |= level_bit(writer);
}

static void open_container(ps_writer *writer, const char *bracket)
{
    begin_value(writer);
    put(writer, bracket);

    const bool flat =
        writer->next_flat || (writer->depth > 0 && (writer->flat & level_bit(writer)) != 0);

    writer->depth++;
    assert(writer->depth <= 64); /* bit 0 is free for depth 64 */
    writer->filled &= ~level_bit(writer);
    writer->flat = flat ? writer->flat | level_bit(writer) : writer->flat & ~level_bit(writer);
    writer->next_flat = false;
}

static void close_container(ps_writer *writer, const char *bracket)
{
    const bool filled = (writer->filled & level_bit(writer)) != 0;
    const bool flat = (writer->flat & level_bit(writer)) != 0;

    assert(writer->depth > 0 && !writer->after_key);
    writer->depth--;
    if (filled && !flat && writer->pretty) {
        put(writer, "\n");
        for (int d = 0; d < writer->depth; d++) {
            put(writer, "  ");
        }
    }
    put(writer, bracket);
    if (writer->depth == 0 && writer->pretty) {
        put(writer, "\n");
    }
}

void ps_write_object(ps_writer *writer)
{
    open_container(writer, "{");
}

void ps_write_object_end(ps_writer *writer)
{
    close_container(writer, "}");
}

void ps_write_array(ps_writer *writer)
{
    open_container(writer, "[");
}

void ps_write_array_end(ps_writer *writer)
{
    close_container(writer, "]");
}

void ps_write_on_one_line(ps_writer *writer)
{
    writer->next_flat = true;
}

static void put_escape(ps_writer *writer, unsigned char c)
{
    switch (c) {
    case '"':
        put(writer, "\\\"");
        break;
    case '\\':
        put(writer, "\\\\");
        break;
    case '\n':
        put(writer, "\\n");
        break;
    case '\t':
        put(writer, "\\t");
        break;
    case '\r':
        put(writer, "\\r");
        break;
    default:
        ps_string_format(writer->out, "\\u%04x", c);
    }
}

static bool needs_escape(const ps_writer *writer, unsigned char c)
{
    return c < 0x20 || c == '"' || c == '\\' || c == 0x7f ||
           (writer->html && (c == '<' || c == '>' || c == '&'));
}

static void put_quoted(ps_writer *writer, const char *text)
{
    const char *run = text;

    put(writer, "\"");
    for (const char *c = text;; c++) {
        if (*c != '\0' && !needs_escape(writer, (unsigned char)*c)) {
            continue;
        }
        ps_string_append(writer->out, run, (size_t)(c - run));
        if (*c == '\0') {
            break;
        }
        put_escape(writer, (unsigned char)*c);
        run = c + 1;
    }
    put(writer, "\"");
}

void ps_write_key(ps_writer *writer, const char *key)
{
    begin_value(writer);
    put_quoted(writer, key);
    put(writer, writer->pretty ? ": " : ":");
    writer->after_key = true;
}

void ps_write_text(ps_writer *writer, const char *text)
{
    if (text == NULL) {
        ps_write_null(writer);
        return;
    }
    begin_value(writer);
    put_quoted(writer, text);
}

void ps_write_number(ps_writer *writer, double value)
{
    char text[32];

    begin_value(writer);
    put(writer, ps_text_number(value, text));
}

void ps_write_whole(ps_writer *writer, int64_t value)
{
    begin_value(writer);
    ps_string_format(writer->out, "%" PRId64, value);
}

void ps_write_bool(ps_writer *writer, bool value)
{
    begin_value(writer);
    put(writer, value ? "true" : "false");
}

void ps_write_null(ps_writer *writer)
{
    begin_value(writer);
    put(writer, "null");
}

void ps_write_raw(ps_writer *writer, const char *json, size_t length)
{
    begin_value(writer);
    ps_string_append(writer->out, json, length);
}
