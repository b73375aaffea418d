/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document as JSON: each block stands where its path says, blocks with one path share an object,
 * in the document's order. Numbers are exact; unknown ones are null, empty cells are left out. The
 * last member, `layout`, is what people see of it, so that `pricesim report` can make any other
 * format of it (stored.c). */
#include <math.h>
#include <string.h>

#include "base/date.h"
#include "report/report.h"
#include "report/stored.h"
#include "json/write.h"

static void write_number(ps_writer *writer, ps_doc_unit unit, double value)
{
    char date[16];

    if (unit == PS_DOC_DATE && isfinite(value)) {
        ps_write_text(writer, ps_date_format((int)value, date));
        return;
    }
    ps_write_number(writer, value);
}

static void write_figure(ps_writer *writer, const ps_doc_figure *figure)
{
    const struct {
        const char *key;
        double value;
    } parts[] = {{"mean", figure->mean},
                 {"sd", figure->sd},
                 {"se", figure->se},
                 {"p5", figure->p5},
                 {"p10", figure->p10},
                 {"p25", figure->p25},
                 {"p50", figure->p50},
                 {"p75", figure->p75},
                 {"p90", figure->p90},
                 {"p95", figure->p95},
                 {"ignorance", figure->ignorance}};

    ps_write_on_one_line(writer);
    ps_write_object(writer);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        ps_write_key(writer, parts[i].key);
        ps_write_number(writer, parts[i].value);
    }
    ps_write_object_end(writer);
}

static void write_cell(ps_writer *writer, const ps_cell *cell)
{
    switch (cell->kind) {
    case PS_CELL_TEXT:
        ps_write_text(writer, cell->text);
        break;
    case PS_CELL_NUMBER:
        write_number(writer, cell->unit, cell->number);
        break;
    case PS_CELL_FIGURE:
        write_figure(writer, cell->figure);
        break;
    case PS_CELL_FLAG:
        ps_write_bool(writer, cell->flag);
        break;
    case PS_CELL_NONE:
        ps_write_null(writer);
        break;
    }
}

static void write_row_cells(ps_writer *writer, const ps_doc_table *table, const ps_doc_row *row)
{
    for (int c = 0; c < table->columns; c++) {
        if (row->cells[c].kind != PS_CELL_NONE) {
            ps_write_key(writer, table->column[c].key);
            write_cell(writer, &row->cells[c]);
        }
    }
}

/* A row of plain numbers is one line; one that holds figures gets a line for each. */
static void begin_row(ps_writer *writer, const ps_doc_table *table, const ps_doc_row *row)
{
    bool nested = false;

    for (int c = 0; c < table->columns; c++) {
        nested = nested || row->cells[c].kind == PS_CELL_FIGURE;
    }
    if (!nested) {
        ps_write_on_one_line(writer);
    }
    ps_write_object(writer);
}

static void write_rows(ps_writer *writer, const ps_doc_table *table)
{
    ps_write_array(writer);
    for (const ps_doc_row *row = table->first; row != NULL; row = row->next) {
        begin_row(writer, table, row);
        if (row->id != NULL) {
            ps_write_key(writer, table->id_key);
            ps_write_text(writer, row->id);
        }
        write_row_cells(writer, table, row);
        ps_write_object_end(writer);
    }
    ps_write_array_end(writer);
}

static void write_sentences(ps_writer *writer, const ps_doc_block *block)
{
    ps_write_array(writer);
    for (const ps_doc_sentence *s = block->sentences.first; s != NULL; s = s->next) {
        ps_write_text(writer, s->text);
    }
    ps_write_array_end(writer);
}

static bool is_array(const ps_doc_block *block)
{
    return block->type == PS_DOC_SENTENCES ||
           (block->type == PS_DOC_TABLE && block->table.layout == PS_DOC_ROWS);
}

/* The members that a block adds to the object at its path. */
static void write_members(ps_writer *writer, const ps_doc_block *block)
{
    if (block->type == PS_DOC_SERIES) {
        for (const ps_doc_line *line = block->series.first; line != NULL; line = line->next) {
            ps_write_key(writer, line->key);
            ps_write_on_one_line(writer);
            ps_write_array(writer);
            for (int i = 0; i < block->series.count; i++) {
                write_number(writer, block->series.unit, line->values[i]);
            }
            ps_write_array_end(writer);
        }
        return;
    }
    for (const ps_doc_row *row = block->table.first; row != NULL; row = row->next) {
        if (block->table.layout == PS_DOC_KEYED) {
            ps_write_key(writer, row->id);
            begin_row(writer, &block->table, row);
            write_row_cells(writer, &block->table, row);
            ps_write_object_end(writer);
        } else if (row->cells[0].kind != PS_CELL_NONE) {
            ps_write_key(writer, row->id);
            write_cell(writer, &row->cells[0]);
        }
    }
}

static bool for_data(const ps_doc_block *block)
{
    return (block->audience & PS_DOC_FOR_DATA) != 0;
}

/* What follows `prefix` in the block's path: "" at that very place, NULL when it is elsewhere. */
static const char *below(const ps_doc_block *block, const char *prefix, size_t length)
{
    if (!for_data(block) || strncmp(block->path, prefix, length) != 0) {
        return NULL;
    }
    if (length == 0 || block->path[length] == '\0') {
        return block->path + length;
    }
    return block->path[length] == '/' ? block->path + length + 1 : NULL;
}

/* Whether an earlier block already opened the child that `rest` begins with. */
static bool seen_before(const ps_doc *doc, const ps_doc_block *block, const char *prefix,
                        size_t length, const char *rest)
{
    const size_t key = strcspn(rest, "/");

    for (const ps_doc_block *b = doc->first; b != block; b = b->next) {
        const char *other = below(b, prefix, length);

        if (other != NULL && strcspn(other, "/") == key && strncmp(other, rest, key) == 0) {
            return true;
        }
    }
    return false;
}

static void write_object(ps_writer *writer, const ps_doc *doc, const char *prefix, size_t length);

/* What belongs to the object whose path is the first `length` bytes of `prefix`. Depth is bounded
 * by the paths, which we make. */
static void write_below(ps_writer *writer, const ps_doc *doc, const char *prefix, size_t length)
{
    for (const ps_doc_block *block = doc->first; block != NULL; block = block->next) {
        const char *rest = below(block, prefix, length);
        char key[256];
        size_t bytes;

        if (rest == NULL) {
            continue;
        }
        if (rest[0] == '\0') {
            write_members(writer, block);
            continue;
        }
        if (seen_before(doc, block, prefix, length, rest)) {
            continue;
        }
        bytes = strcspn(rest, "/");
        bytes = bytes < sizeof key ? bytes : sizeof key - 1;
        memcpy(key, rest, bytes);
        key[bytes] = '\0';
        ps_write_key(writer, key);
        if (rest[bytes] == '\0' && is_array(block)) {
            block->type == PS_DOC_SENTENCES ? write_sentences(writer, block)
                                            : write_rows(writer, &block->table);
        } else {
            write_object(writer, doc, block->path, (size_t)(rest - block->path) + bytes);
        }
    }
}

static void write_object(ps_writer *writer, const ps_doc *doc, const char *prefix, size_t length)
{
    ps_write_object(writer);
    write_below(writer, doc, prefix, length);
    ps_write_object_end(writer);
}

/* What programs get elsewhere in the document; what only people see stands here. */
static void write_own(ps_writer *writer, const ps_doc_block *block)
{
    ps_write_key(writer, "data");
    if (block->type == PS_DOC_SENTENCES) {
        write_sentences(writer, block);
    } else if (is_array(block)) {
        write_rows(writer, &block->table);
    } else {
        ps_write_object(writer);
        write_members(writer, block);
        ps_write_object_end(writer);
    }
}

static void write_layout(ps_writer *writer, const ps_doc *doc)
{
    const int *dates = NULL;

    ps_write_key(writer, "layout");
    ps_write_object(writer);
    ps_stored_write_head(writer, doc);
    ps_write_key(writer, "blocks");
    ps_write_array(writer);
    for (const ps_doc_block *block = doc->first; block != NULL; block = block->next) {
        ps_write_object(writer);
        ps_stored_write_block(writer, block, &dates);
        if (!for_data(block)) {
            write_own(writer, block);
        }
        ps_write_object_end(writer);
    }
    ps_write_array_end(writer);
    ps_write_object_end(writer);
}

static ps_status write_json(const ps_doc *doc, const ps_report_options *options, ps_string *out)
{
    ps_writer writer = {.out = out, .pretty = true};

    (void)options;
    ps_write_object(&writer);
    write_below(&writer, doc, "", 0);
    write_layout(&writer, doc);
    ps_write_object_end(&writer);
    return out->failed ? PS_ERR_LIMIT : PS_OK;
}

const ps_reporter ps_reporter_json = {
    .name = "json",
    .extension = "json",
    .doc = "exact numbers for programs, the same bytes for the same scenario and seed",
    .write = write_json,
};
