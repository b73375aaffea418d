/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of a stored document that only people need, written beside the data and put together
 * with them again. A file may come from anybody: what is missing or of the wrong type is a fault,
 * and texts with control characters are refused. */
#include "report/stored.h"

#include <math.h>
#include <string.h>

#include "base/date.h"
#include "json/tree.h"

/* ---- writing */

static void member_text(ps_writer *writer, const char *key, const char *text)
{
    if (text != NULL) {
        ps_write_key(writer, key);
        ps_write_text(writer, text);
    }
}

static void member_whole(ps_writer *writer, const char *key, int value, int usual)
{
    if (value != usual) {
        ps_write_key(writer, key);
        ps_write_whole(writer, value);
    }
}

static void member_flag(ps_writer *writer, const char *key, bool value)
{
    if (value) {
        ps_write_key(writer, key);
        ps_write_bool(writer, value);
    }
}

void ps_stored_write_head(ps_writer *writer, const ps_doc *doc)
{
    member_text(writer, "title", doc->title);
    member_text(writer, "subtitle", doc->subtitle);
    member_text(writer, "currency", doc->currency);
}

static void write_columns(ps_writer *writer, const ps_doc_table *table)
{
    ps_write_key(writer, "columns");
    ps_write_on_one_line(writer);
    ps_write_array(writer);
    for (int c = 0; c < table->columns; c++) {
        const ps_doc_column *column = &table->column[c];

        ps_write_object(writer);
        member_text(writer, "key", column->key);
        member_text(writer, "title", column->title);
        member_text(writer, "unit", ps_doc_unit_names[column->unit]);
        member_whole(writer, "drop", column->drop, PS_DROP_NEVER);
        member_flag(writer, "sign", column->sign);
        member_flag(writer, "place", column->place);
        ps_write_object_end(writer);
    }
    ps_write_array_end(writer);
}

/* Text and numbers have a unit: the column's, unless the row says another. */
static bool has_unit(const ps_cell *cell)
{
    return cell->kind == PS_CELL_TEXT || cell->kind == PS_CELL_NUMBER ||
           cell->kind == PS_CELL_FIGURE;
}

static void write_units(ps_writer *writer, const ps_doc_table *table, const ps_doc_row *row)
{
    bool own = false;

    for (int c = 0; c < table->columns; c++) {
        own = own || (has_unit(&row->cells[c]) && row->cells[c].unit != table->column[c].unit);
    }
    if (!own) {
        return;
    }
    ps_write_key(writer, "units");
    ps_write_array(writer);
    for (int c = 0; c < table->columns; c++) {
        const ps_cell *cell = &row->cells[c];

        ps_write_text(writer,
                      ps_doc_unit_names[has_unit(cell) ? cell->unit : table->column[c].unit]);
    }
    ps_write_array_end(writer);
}

static void write_rows(ps_writer *writer, const ps_doc_table *table)
{
    ps_write_key(writer, "rows");
    ps_write_on_one_line(writer);
    ps_write_array(writer);
    for (const ps_doc_row *row = table->first; row != NULL; row = row->next) {
        ps_write_object(writer);
        member_text(writer, "id", row->id);
        if (row->label != NULL && (row->id == NULL || strcmp(row->label, row->id) != 0)) {
            member_text(writer, "label", row->label);
        }
        member_flag(writer, "total", row->total);
        write_units(writer, table, row);
        ps_write_object_end(writer);
    }
    ps_write_array_end(writer);
}

static void write_table(ps_writer *writer, const ps_doc_table *table)
{
    member_text(writer, "rows_as", ps_doc_layout_names[table->layout]);
    if (table->shape != PS_DOC_PLAIN) {
        member_text(writer, "shape", ps_doc_shape_names[table->shape]);
    }
    member_whole(writer, "bar", table->bar, -1);
    member_text(writer, "heading", table->heading);
    member_text(writer, "id_key", table->id_key);
    write_columns(writer, table);
    write_rows(writer, table);
}

static void write_series(ps_writer *writer, const ps_doc_series *series, const int **dates)
{
    member_text(writer, "unit", ps_doc_unit_names[series->unit]);
    ps_write_key(writer, "lines");
    ps_write_on_one_line(writer);
    ps_write_array(writer);
    for (const ps_doc_line *line = series->first; line != NULL; line = line->next) {
        ps_write_text(writer, line->key);
    }
    ps_write_array_end(writer);
    member_whole(writer, "count", series->count, 0);
    if (series->dates != NULL && series->dates == *dates) {
        member_flag(writer, "dates", true);
    } else if (series->dates != NULL) {
        ps_write_key(writer, "dates");
        ps_write_on_one_line(writer);
        ps_write_array(writer);
        for (int i = 0; i < series->count; i++) {
            ps_write_whole(writer, series->dates[i]);
        }
        ps_write_array_end(writer);
        *dates = series->dates;
    }
}

/* The places of those that are commands. */
static void write_commands(ps_writer *writer, const ps_doc_block *block)
{
    int place = 0;

    ps_write_key(writer, "commands");
    ps_write_on_one_line(writer);
    ps_write_array(writer);
    for (const ps_doc_sentence *s = block->sentences.first; s != NULL; s = s->next, place++) {
        if (s->command) {
            ps_write_whole(writer, place);
        }
    }
    ps_write_array_end(writer);
}

void ps_stored_write_block(ps_writer *writer, const ps_doc_block *block, const int **dates)
{
    member_text(writer, "path", block->path);
    member_text(writer, "type", ps_doc_type_names[block->type]);
    ps_write_key(writer, "for");
    ps_write_whole(writer, block->audience);
    member_text(writer, "title", block->title);
    member_text(writer, "note", block->note);
    if (block->type == PS_DOC_TABLE) {
        write_table(writer, &block->table);
    } else if (block->type == PS_DOC_SERIES) {
        write_series(writer, &block->series, dates);
    } else {
        write_commands(writer, block);
    }
}

/* ---- reading */

typedef struct {
    const char *file;
    ps_tree tree;
    const ps_node *root;
    ps_doc *doc;
    ps_faults *faults;
    bool broken;      /* a fault was said */
    const int *dates; /* of the last series that has some */
    int dates_count;
} reader;

/* Says the first thing that is wrong. */
static void broken(reader *r, const ps_node *node, const char *what)
{
    const ps_origin place = node != NULL ? ps_tree_origin(&r->tree, node) : (ps_origin){0};

    if (!r->broken) {
        ps_fault_add(r->faults, "RESULT", "", r->file, place.line, place.column,
                     "write it again: run SCENARIO -o result.json", "%s", what);
    }
    r->broken = true;
}

/* A copy of a string; NULL for a missing one. */
static const char *text_of(reader *r, const ps_node *node)
{
    const char *text = node != NULL ? ps_node_text(node) : NULL, *copy;

    if (node != NULL && text == NULL && ps_node_kind(node) != PS_NODE_NULL) {
        broken(r, node, "a text is expected here");
    }
    if (text == NULL) {
        return NULL;
    }
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) {
        if (*c < 0x20 || *c == 0x7f || (*c == 0xc2 && c[1] < 0xa0)) {
            broken(r, node, "control characters in a text");
            return "";
        }
    }
    copy = ps_arena_text(&r->doc->arena, text, strlen(text));
    r->doc->failed = r->doc->failed || copy == NULL;
    return copy != NULL ? copy : "";
}

static const char *text_at(reader *r, const ps_node *object, const char *key)
{
    return text_of(r, ps_node_find(object, key));
}

static int whole_at(reader *r, const ps_node *object, const char *key, int usual, int most)
{
    const ps_node *node = ps_node_find(object, key);
    const double value = node != NULL ? ps_node_number(node) : usual;

    if (!(value >= -1 && value <= most) || value != floor(value)) {
        broken(r, node, "a whole number is expected here");
        return usual;
    }
    return (int)value;
}

static bool flag_at(const ps_node *object, const char *key)
{
    const ps_node *node = ps_node_find(object, key);

    return node != NULL && ps_node_kind(node) == PS_NODE_TRUE;
}

/* The number of a name; 0, the first, when there is none. */
static int named(reader *r, const ps_node *node, const char *const *names)
{
    const char *text = node != NULL ? ps_node_text(node) : NULL;

    for (int i = 0; text != NULL && names[i] != NULL; i++) {
        if (strcmp(names[i], text) == 0) {
            return i;
        }
    }
    if (node != NULL) {
        broken(r, node, "an unknown word");
    }
    return 0;
}

/* The values of a block: its own, or what stands at its path. */
static const ps_node *data_of(reader *r, const ps_node *stored, const char *path)
{
    const ps_node *node = ps_node_find(stored, "data");
    char key[256];

    if (node != NULL) {
        return node;
    }
    node = r->root;
    while (node != NULL && *path != '\0') {
        const size_t bytes = strcspn(path, "/");

        if (bytes >= sizeof key || ps_node_kind(node) != PS_NODE_OBJECT) {
            return NULL;
        }
        memcpy(key, path, bytes);
        key[bytes] = '\0';
        node = ps_node_find(node, key);
        path += path[bytes] == '/' ? bytes + 1 : bytes;
    }
    return node;
}

static ps_cell figure_cell(reader *r, const ps_node *node, ps_doc_unit unit)
{
    ps_doc_figure figure;
    const struct {
        const char *key;
        double *value;
    } parts[] = {{"mean", &figure.mean},
                 {"sd", &figure.sd},
                 {"se", &figure.se},
                 {"p5", &figure.p5},
                 {"p10", &figure.p10},
                 {"p25", &figure.p25},
                 {"p50", &figure.p50},
                 {"p75", &figure.p75},
                 {"p90", &figure.p90},
                 {"p95", &figure.p95},
                 {"ignorance", &figure.ignorance}};

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const ps_node *part = ps_node_find(node, parts[i].key);

        *parts[i].value = part != NULL ? ps_node_number(part) : NAN;
    }
    return ps_cell_of_figure(r->doc, unit, &figure);
}

static ps_cell read_cell(reader *r, const ps_node *node, ps_doc_unit unit)
{
    int day;

    if (node == NULL) {
        return (ps_cell){0};
    }
    switch (ps_node_kind(node)) {
    case PS_NODE_TEXT:
        if (unit == PS_DOC_DATE && ps_date_parse(ps_node_text(node), &day)) {
            return ps_cell_of_number(unit, day);
        }
        return ps_cell_of_text(text_of(r, node));
    case PS_NODE_TRUE:
    case PS_NODE_FALSE:
        return ps_cell_of_flag(ps_node_kind(node) == PS_NODE_TRUE);
    case PS_NODE_OBJECT:
        return figure_cell(r, node, unit);
    case PS_NODE_ARRAY:
        broken(r, node, "a list cannot stand in a cell");
        return (ps_cell){0};
    case PS_NODE_NUMBER:
    case PS_NODE_NULL:
        break;
    }
    return ps_cell_of_number(unit, ps_node_number(node));
}

static void read_columns(reader *r, const ps_node *list, ps_doc_block *block)
{
    ps_doc_column *columns;
    int count = 0;

    if (list == NULL || ps_node_kind(list) != PS_NODE_ARRAY || ps_node_count(list) < 1 ||
        ps_node_count(list) > PS_DOC_MAX_COLUMNS) {
        broken(r, list, "the columns of a table are expected");
        return;
    }
    columns = ps_arena_alloc(&r->doc->arena, (size_t)ps_node_count(list), sizeof *columns);
    if (columns == NULL) {
        r->doc->failed = true;
        return;
    }
    for (const ps_node *n = ps_node_first(list); n != NULL && !r->broken; n = ps_node_next(n)) {
        ps_doc_column *column = &columns[count++];

        column->key = text_at(r, n, "key");
        column->title = text_at(r, n, "title");
        column->unit = (ps_doc_unit)named(r, ps_node_find(n, "unit"), ps_doc_unit_names);
        column->drop = whole_at(r, n, "drop", PS_DROP_NEVER, PS_DROP_ALWAYS);
        column->sign = flag_at(n, "sign");
        column->place = flag_at(n, "place");
        if (column->key == NULL) {
            broken(r, n, "a column without a key");
        }
    }
    ps_doc_set_columns(block, columns, count);
}

/* The values of a row: by place in a list, by name in an object; `*next` is where it probably is.
 */
static const ps_node *values_of(const ps_node *data, const char *id, const ps_node **next)
{
    const ps_node *at = *next;
    const char *key = at != NULL ? ps_node_key(at) : NULL;

    if (ps_node_kind(data) == PS_NODE_OBJECT &&
        (key == NULL || id == NULL || strcmp(key, id) != 0)) {
        at = id != NULL ? ps_node_find(data, id) : NULL;
    }
    *next = at != NULL ? ps_node_next(at) : NULL;
    return at;
}

static void read_row(reader *r, const ps_node *stored, const ps_node *values, ps_doc_block *block)
{
    const ps_doc_table *table = &block->table;
    const ps_node *units = ps_node_find(stored, "units");
    const ps_node *unit = units != NULL ? ps_node_first(units) : NULL;
    const char *id = text_at(r, stored, "id"), *label = text_at(r, stored, "label");
    ps_doc_row *row = ps_doc_add_row(r->doc, block, id, label);

    row->total = flag_at(stored, "total");
    for (int c = 0; c < table->columns; c++) {
        const ps_doc_unit own =
            unit != NULL ? (ps_doc_unit)named(r, unit, ps_doc_unit_names) : table->column[c].unit;
        const ps_node *cell = table->layout == PS_DOC_RECORD ? values
                              : values != NULL ? ps_node_find(values, table->column[c].key)
                                               : NULL;

        row->cells[c] = read_cell(r, cell, own);
        unit = unit != NULL ? ps_node_next(unit) : NULL;
    }
}

static void read_table(reader *r, const ps_node *stored, const char *path, ps_doc_block *block)
{
    const ps_node *rows = ps_node_find(stored, "rows"), *data = data_of(r, stored, path);
    const ps_node *next = data != NULL ? ps_node_first(data) : NULL;
    const char *id_key = text_at(r, stored, "id_key");

    block->table.shape = (ps_doc_shape)named(r, ps_node_find(stored, "shape"), ps_doc_shape_names);
    block->table.heading = text_at(r, stored, "heading");
    block->table.id_key = id_key != NULL ? id_key : "id";
    read_columns(r, ps_node_find(stored, "columns"), block);
    block->table.bar = whole_at(r, stored, "bar", -1, block->table.columns - 1);
    if (block->table.bar < 0 && block->table.shape > PS_DOC_TALL) {
        broken(r, stored, "a drawing without the column that is drawn");
    }
    if (rows == NULL || ps_node_kind(rows) != PS_NODE_ARRAY ||
        (data == NULL && ps_node_count(rows) > 0)) {
        broken(r, stored, "a table without its rows");
        return;
    }
    for (const ps_node *n = ps_node_first(rows); n != NULL && !r->broken; n = ps_node_next(n)) {
        const ps_node *id = ps_node_find(n, "id");

        read_row(r, n, values_of(data, id != NULL ? ps_node_text(id) : NULL, &next), block);
    }
}

static double *numbers_of(reader *r, const ps_node *list, int count)
{
    double *values;
    int i = 0;

    if (list == NULL || ps_node_kind(list) != PS_NODE_ARRAY || ps_node_count(list) != count) {
        broken(r, list, "a list of numbers, one for each period, is expected");
        return NULL;
    }
    values = ps_arena_alloc(&r->doc->arena, (size_t)count, sizeof *values);
    if (values == NULL) {
        r->doc->failed = true;
        return NULL;
    }
    for (const ps_node *n = ps_node_first(list); n != NULL; n = ps_node_next(n)) {
        int day;
        const char *text = ps_node_text(n);

        values[i++] = text != NULL && ps_date_parse(text, &day) ? day : ps_node_number(n);
    }
    return values;
}

static void read_dates(reader *r, const ps_node *stored, ps_doc_series *series)
{
    const ps_node *node = ps_node_find(stored, "dates");
    const double *numbers;
    int *dates;

    if (node == NULL) {
        return;
    }
    if (ps_node_kind(node) == PS_NODE_TRUE && r->dates_count == series->count) {
        series->dates = r->dates;
        return;
    }
    numbers = numbers_of(r, node, series->count);
    dates = ps_arena_alloc(&r->doc->arena, (size_t)series->count, sizeof *dates);
    r->doc->failed = r->doc->failed || dates == NULL;
    for (int i = 0; numbers != NULL && dates != NULL && i < series->count; i++) {
        if (!(fabs(numbers[i]) < 1e6)) {
            broken(r, node, "a number of a day is expected");
            return;
        }
        dates[i] = (int)numbers[i];
    }
    series->dates = r->dates = numbers != NULL ? dates : NULL;
    r->dates_count = series->count;
}

static void read_series(reader *r, const ps_node *stored, const char *path, ps_doc_block *block)
{
    const ps_node *lines = ps_node_find(stored, "lines"), *data = data_of(r, stored, path);

    block->series.unit = (ps_doc_unit)named(r, ps_node_find(stored, "unit"), ps_doc_unit_names);
    block->series.count = whole_at(r, stored, "count", 0, 1000000);
    if (lines == NULL || ps_node_kind(lines) != PS_NODE_ARRAY ||
        (data == NULL && ps_node_count(lines) > 0) || block->series.count < 0) {
        broken(r, stored, "a series without its lines");
        return;
    }
    read_dates(r, stored, &block->series);
    for (const ps_node *n = ps_node_first(lines); n != NULL && !r->broken; n = ps_node_next(n)) {
        const char *key = text_of(r, n);
        const double *values =
            key != NULL ? numbers_of(r, ps_node_find(data, key), block->series.count) : NULL;

        if (values != NULL) {
            ps_doc_add_line(r->doc, block, key, values);
        }
    }
}

static void read_sentences(reader *r, const ps_node *stored, const char *path, ps_doc_block *block)
{
    const ps_node *data = data_of(r, stored, path), *commands = ps_node_find(stored, "commands");
    const ps_node *command = commands != NULL ? ps_node_first(commands) : NULL;
    int place = 0;

    if (data == NULL || ps_node_kind(data) != PS_NODE_ARRAY) {
        broken(r, stored, "sentences are expected");
        return;
    }
    for (const ps_node *n = ps_node_first(data); n != NULL && !r->broken; n = ps_node_next(n)) {
        const char *text = text_of(r, n);

        if (command != NULL && ps_node_number(command) == place) {
            ps_doc_say_command(r->doc, block, text != NULL ? text : "");
            command = ps_node_next(command);
        } else {
            ps_doc_say(r->doc, block, text != NULL ? text : "");
        }
        place++;
    }
}

static void read_block(reader *r, const ps_node *stored)
{
    const char *path = text_at(r, stored, "path"), *title = text_at(r, stored, "title");
    const int type = named(r, ps_node_find(stored, "type"), ps_doc_type_names);
    const int audience = whole_at(r, stored, "for", PS_DOC_FOR_ALL, PS_DOC_FOR_ALL);
    ps_doc_block *block;

    if (path == NULL) {
        broken(r, stored, "a block without a path");
        return;
    }
    if (type == PS_DOC_SERIES) {
        block = ps_doc_add_series(r->doc, audience, path, title, 0);
        read_series(r, stored, path, block);
    } else if (type == PS_DOC_TABLE) {
        block = ps_doc_add_table(
            r->doc, audience, path, title,
            (ps_doc_layout)named(r, ps_node_find(stored, "rows_as"), ps_doc_layout_names));
        read_table(r, stored, path, block);
    } else {
        block = ps_doc_add_sentences(r->doc, audience, path, title);
        read_sentences(r, stored, path, block);
    }
    block->note = text_at(r, stored, "note");
}

static void read_document(reader *r)
{
    const ps_node *layout = ps_node_find(r->root, "layout");
    const ps_node *blocks = layout != NULL ? ps_node_find(layout, "blocks") : NULL;

    if (blocks == NULL || ps_node_kind(blocks) != PS_NODE_ARRAY) {
        broken(r, layout,
               "this is no result of pricesim, or one of a version that stored no layout");
        return;
    }
    r->doc->title = text_at(r, layout, "title");
    r->doc->subtitle = text_at(r, layout, "subtitle");
    r->doc->currency = text_at(r, layout, "currency");
    for (const ps_node *n = ps_node_first(blocks); n != NULL && !r->broken; n = ps_node_next(n)) {
        read_block(r, n);
    }
}

ps_status ps_stored_read(const char *file, const char *text, size_t length, ps_doc *doc,
                         ps_faults *faults)
{
    reader r = {.file = file, .doc = doc, .faults = faults};
    ps_node *root = NULL;
    ps_status status = ps_tree_parse(&r.tree, file, text, length, &root, faults);

    if (status == PS_OK) {
        r.root = root;
        read_document(&r);
        status = r.broken ? PS_ERR_INPUT : doc->failed ? ps_faults_no_memory(faults) : PS_OK;
    }
    ps_node_free(root);
    ps_tree_free(&r.tree);
    return status;
}
