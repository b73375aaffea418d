/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Builders of documents: append only, memory from one arena. */
#include "doc/doc.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *const ps_doc_unit_names[] = {
    [PS_DOC_TEXT] = "text",   [PS_DOC_MONEY] = "money",   [PS_DOC_FRAC] = "frac",
    [PS_DOC_COUNT] = "count", [PS_DOC_DAYS] = "days",     [PS_DOC_RATIO] = "ratio",
    [PS_DOC_DATE] = "date",   [PS_DOC_NUMBER] = "number", [PS_DOC_NUMBER + 1] = NULL};

const char *const ps_doc_shape_names[] = {
    [PS_DOC_PLAIN] = "plain",         [PS_DOC_TALL] = "tall",     [PS_DOC_FUNNEL] = "funnel",
    [PS_DOC_WATERFALL] = "waterfall", [PS_DOC_BRIDGE] = "bridge", [PS_DOC_BRIDGE + 1] = NULL};

const char *const ps_doc_layout_names[] = {[PS_DOC_KEYED] = "keyed",
                                           [PS_DOC_RECORD] = "record",
                                           [PS_DOC_ROWS] = "rows",
                                           [PS_DOC_ROWS + 1] = NULL};

const char *const ps_doc_type_names[] = {[PS_DOC_SENTENCES] = "sentences",
                                         [PS_DOC_TABLE] = "table",
                                         [PS_DOC_SERIES] = "series",
                                         [PS_DOC_SERIES + 1] = NULL};

static void *take(ps_doc *doc, size_t size)
{
    void *memory = doc->failed ? NULL : ps_arena_alloc(&doc->arena, 1, size);

    if (memory == NULL) {
        doc->failed = true;
    }
    return memory;
}

void ps_doc_free(ps_doc *doc)
{
    ps_arena_free(&doc->arena);
    memset(doc, 0, sizeof *doc);
}

const char *ps_doc_text(ps_doc *doc, const char *format, ...)
{
    va_list arguments;
    int length;
    char *text;

    va_start(arguments, format);
    length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    text = length < 0 ? NULL : take(doc, (size_t)length + 1);
    if (text == NULL) {
        doc->failed = true;
        return "";
    }
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}

static ps_doc_block *add_block(ps_doc *doc, ps_doc_type type, int audience, const char *path,
                               const char *title)
{
    ps_doc_block *block = take(doc, sizeof *block);

    if (block == NULL) {
        memset(&doc->spare_block, 0, sizeof doc->spare_block);
        return &doc->spare_block;
    }
    block->type = type;
    block->audience = audience;
    block->path = path;
    block->title = title;
    if (doc->last == NULL) {
        doc->first = block;
    } else {
        doc->last->next = block;
    }
    doc->last = block;
    return block;
}

ps_doc_block *ps_doc_add_sentences(ps_doc *doc, int audience, const char *path, const char *title)
{
    return add_block(doc, PS_DOC_SENTENCES, audience, path, title);
}

static void say(ps_doc *doc, ps_doc_block *block, const char *text, bool command)
{
    ps_doc_sentence *sentence = take(doc, sizeof *sentence);

    if (sentence == NULL) {
        return;
    }
    sentence->text = text;
    sentence->command = command;
    if (block->sentences.last == NULL) {
        block->sentences.first = sentence;
    } else {
        block->sentences.last->next = sentence;
    }
    block->sentences.last = sentence;
}

void ps_doc_say(ps_doc *doc, ps_doc_block *block, const char *text)
{
    say(doc, block, text, false);
}

void ps_doc_say_command(ps_doc *doc, ps_doc_block *block, const char *text)
{
    say(doc, block, text, true);
}

static const ps_doc_column record_column[] = {{.key = "value", .title = ""}};

ps_doc_block *ps_doc_add_table(ps_doc *doc, int audience, const char *path, const char *title,
                               ps_doc_layout layout)
{
    ps_doc_block *block = add_block(doc, PS_DOC_TABLE, audience, path, title);

    block->table.layout = layout;
    block->table.columns = 1;
    block->table.column = record_column;
    block->table.bar = -1;
    block->table.id_key = "id";
    return block;
}

void ps_doc_set_columns(ps_doc_block *block, const ps_doc_column *column, int columns)
{
    block->table.column = column;
    block->table.columns = columns > PS_DOC_MAX_COLUMNS ? PS_DOC_MAX_COLUMNS : columns;
}

ps_doc_row *ps_doc_add_row(ps_doc *doc, ps_doc_block *block, const char *id, const char *label)
{
    ps_doc_table *table = &block->table;
    ps_doc_row *row = take(doc, sizeof *row);
    ps_cell *cells = take(doc, sizeof *cells * (size_t)(table->columns > 0 ? table->columns : 1));

    if (row == NULL || cells == NULL) {
        doc->spare_row = (ps_doc_row){.id = id, .label = label, .cells = doc->spare_cells};
        return &doc->spare_row;
    }
    row->id = id;
    row->label = label == NULL ? id : label;
    row->cells = cells;
    if (table->last == NULL) {
        table->first = row;
    } else {
        table->last->next = row;
    }
    table->last = row;
    table->rows++;
    return row;
}

ps_doc_block *ps_doc_add_series(ps_doc *doc, int audience, const char *path, const char *title,
                                int count)
{
    ps_doc_block *block = add_block(doc, PS_DOC_SERIES, audience, path, title);

    block->series.count = count;
    return block;
}

void ps_doc_add_line(ps_doc *doc, ps_doc_block *block, const char *key, const double *values)
{
    ps_doc_series *series = &block->series;
    ps_doc_line *line = take(doc, sizeof *line);

    if (line == NULL) {
        return;
    }
    line->key = key;
    line->values = values;
    if (series->last == NULL) {
        series->first = line;
    } else {
        series->last->next = line;
    }
    series->last = line;
}

ps_cell ps_cell_of_text(const char *text)
{
    return (ps_cell){.kind = PS_CELL_TEXT, .unit = PS_DOC_TEXT, .text = text};
}

ps_cell ps_cell_of_number(ps_doc_unit unit, double number)
{
    return (ps_cell){.kind = PS_CELL_NUMBER, .unit = unit, .number = number};
}

ps_cell ps_cell_of_flag(bool flag)
{
    return (ps_cell){.kind = PS_CELL_FLAG, .flag = flag};
}

ps_cell ps_cell_of_figure(ps_doc *doc, ps_doc_unit unit, const ps_doc_figure *figure)
{
    ps_doc_figure *copy = take(doc, sizeof *copy);

    if (copy == NULL) {
        return (ps_cell){.kind = PS_CELL_NONE};
    }
    *copy = *figure;
    return (ps_cell){.kind = PS_CELL_FIGURE, .unit = unit, .figure = copy};
}

void ps_doc_put(ps_doc *doc, ps_doc_block *record, const char *id, const char *label, ps_cell cell)
{
    ps_doc_add_row(doc, record, id, label)->cells[0] = cell;
}

double ps_cell_value(const ps_cell *cell)
{
    switch (cell->kind) {
    case PS_CELL_NUMBER:
        return cell->number;
    case PS_CELL_FIGURE:
        return cell->figure->mean;
    case PS_CELL_NONE:
    case PS_CELL_TEXT:
    case PS_CELL_FLAG:
        break;
    }
    return NAN;
}
