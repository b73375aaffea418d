/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads what xlsx_inputs.c wrote and a spreadsheet program may have saved again: finds the sheet,
 * its cells in columns A to C, and puts the values at their pointers together to a document. */
#include "report/xlsx_read.h"

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "json/literal.h"
#include "json/tree.h"
#include "json/write.h"

enum { MAX_PART = 32 << 20, MAX_DEPTH = 64, COLUMNS = 3, MAX_TOKEN = 1024 };

typedef enum { MEMBER, LIST, OBJECT } entry_kind;

static const char one_place_each[] =
    "two rows of the sheet have one pointer, or one is inside another";

/* A value of the document that grows; containers have children. */
typedef struct entry {
    const char *key;
    entry_kind kind;
    const char *json; /* of a MEMBER */
    struct entry *first, *last, *next;
} entry;

typedef struct {
    const char *path;
    zip_t *zip;
    ps_arena arena;
    ps_faults *faults;
    ps_status status;
    XML_Parser parser;
    ps_string text; /* inside the element at hand */
    bool keep;
    /* workbook, relations */
    char relation[64], part[256];
    /* shared strings */
    const char **shared;
    size_t shared_count, shared_room;
    /* the sheet */
    const char *cell[COLUMNS]; /* of the row at hand; NULL: empty */
    bool number[COLUMNS], in_table;
    int column;
    char type[12];
    entry root;
} book;

static void fail(book *b, ps_status status, const char *message)
{
    if (b->status == PS_OK) {
        b->status = status == PS_ERR_LIMIT ? ps_faults_no_memory(b->faults) : status;
        if (status != PS_ERR_LIMIT) {
            ps_fault_add(b->faults, "WORKBOOK", "", b->path, 0, 0,
                         "it must have the sheet Inputs of a report: run SCENARIO -o x.xlsx", "%s",
                         message);
        }
    }
    if (b->parser != NULL) {
        XML_StopParser(b->parser, XML_FALSE);
    }
}

static const char *keep_text(book *b, const char *text, size_t length)
{
    const char *copy = ps_arena_text(&b->arena, text, length);

    if (copy == NULL) {
        fail(b, PS_ERR_LIMIT, "");
    }
    return copy;
}

/* ---- parts of the package */

static char *read_part(book *b, const char *name, size_t *length)
{
    zip_stat_t info;
    zip_file_t *file;
    char *data;

    if (zip_stat(b->zip, name, 0, &info) != 0 || (info.valid & ZIP_STAT_SIZE) == 0) {
        return NULL;
    }
    if (info.size > MAX_PART) {
        fail(b, PS_ERR_INPUT, "a part of the workbook is too large");
        return NULL;
    }
    file = zip_fopen(b->zip, name, 0);
    data = ps_arena_alloc(&b->arena, (size_t)info.size + 1, 1);
    *length = 0;
    while (file != NULL && data != NULL && *length < info.size) {
        const zip_int64_t got = zip_fread(file, data + *length, info.size - *length);

        if (got <= 0) {
            break;
        }
        *length += (size_t)got;
    }
    if (file == NULL || *length < info.size) {
        fail(b, data == NULL ? PS_ERR_LIMIT : PS_ERR_INPUT, "a part of the workbook is damaged");
        data = NULL;
    }
    if (file != NULL) {
        zip_fclose(file);
    }
    return data;
}

static void refuse_declarations(void *context, const XML_Char *name, const XML_Char *system,
                                const XML_Char *public, int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    fail(context, PS_ERR_INPUT, "the workbook declares a document type");
}

static void take_text(void *context, const XML_Char *text, int length)
{
    book *b = context;

    if (b->keep) {
        ps_string_append(&b->text, text, (size_t)length);
    }
}

/* The local name of an element or attribute: prefixes differ between programs. */
static bool is(const XML_Char *name, const char *wanted)
{
    const char *colon = strrchr(name, ':');

    return strcmp(colon != NULL ? colon + 1 : name, wanted) == 0;
}

static const char *attribute(const XML_Char **attributes, const char *name)
{
    for (int i = 0; attributes[i] != NULL; i += 2) {
        if (strcmp(attributes[i], name) == 0) {
            return attributes[i + 1];
        }
    }
    return "";
}

static void parse_part(book *b, const char *name, bool required, XML_StartElementHandler start,
                       XML_EndElementHandler end)
{
    size_t length = 0;
    char *data = b->status == PS_OK ? read_part(b, name, &length) : NULL;

    if (data == NULL) {
        if (required) {
            fail(b, PS_ERR_INPUT, "this is no workbook");
        }
        return;
    }
    b->parser = XML_ParserCreate("UTF-8");
    if (b->parser == NULL) {
        fail(b, PS_ERR_LIMIT, "");
        return;
    }
    XML_SetUserData(b->parser, b);
    XML_SetElementHandler(b->parser, start, end);
    XML_SetCharacterDataHandler(b->parser, take_text);
    XML_SetStartDoctypeDeclHandler(b->parser, refuse_declarations);
    if (XML_Parse(b->parser, data, (int)length, 1) != XML_STATUS_OK) {
        fail(b, PS_ERR_INPUT, "the XML of the workbook is damaged");
    }
    XML_ParserFree(b->parser);
    b->parser = NULL;
}

/* ---- which part is the sheet, in English or Chinese */

static void find_sheet(void *context, const XML_Char *name, const XML_Char **attributes)
{
    book *b = context;
    const char *sheet = attribute(attributes, "name");

    if (is(name, "sheet") && (strcmp(sheet, "Inputs") == 0 ||
                              strcmp(sheet, "\xe8\xbe\x93\xe5\x85\xa5") == 0)) { /* 输入 */
        snprintf(b->relation, sizeof b->relation, "%s", attribute(attributes, "r:id"));
    }
}

static void find_part(void *context, const XML_Char *name, const XML_Char **attributes)
{
    book *b = context;
    const char *target = attribute(attributes, "Target");

    if (is(name, "Relationship") && strcmp(attribute(attributes, "Id"), b->relation) == 0) {
        snprintf(b->part, sizeof b->part, "%s%s", target[0] == '/' ? "" : "xl/",
                 target + (target[0] == '/'));
    }
}

static void nothing(void *context, const XML_Char *name)
{
    (void)context, (void)name;
}

/* ---- shared strings: <si> of runs <t>, and phonetic ones <rPh> that are not part of the text */

static void begin_shared(void *context, const XML_Char *name, const XML_Char **attributes)
{
    book *b = context;

    (void)attributes;
    if (is(name, "si")) {
        b->text.length = 0;
    }
    b->keep = is(name, "t") && b->column == 0;
    b->column += is(name, "rPh");
}

static void end_shared(void *context, const XML_Char *name)
{
    book *b = context;

    b->keep = false;
    b->column -= is(name, "rPh");
    if (!is(name, "si")) {
        return;
    }
    if (b->shared_count == b->shared_room) {
        const size_t room = b->shared_room * 2 + 256;
        const char **more = ps_arena_alloc(&b->arena, room, sizeof *more);

        if (more == NULL) {
            fail(b, PS_ERR_LIMIT, "");
            return;
        }
        if (b->shared_count > 0) {
            memcpy(more, b->shared, b->shared_count * sizeof *more);
        }
        b->shared = more;
        b->shared_room = room;
    }
    b->shared[b->shared_count++] =
        keep_text(b, b->text.length > 0 ? b->text.data : "", b->text.length);
}

/* ---- the document: values at their pointers */

static entry *child_of(book *b, entry *parent, const char *token)
{
    entry *child = parent->first;

    while (child != NULL && (child->key == NULL || strcmp(child->key, token) != 0)) {
        child = child->next;
    }
    if (child != NULL) {
        return child;
    }
    child = ps_arena_alloc(&b->arena, 1, sizeof *child);
    if (child == NULL) {
        fail(b, PS_ERR_LIMIT, "");
        return NULL;
    }
    child->key = keep_text(b, token, strlen(token));
    child->kind = OBJECT;
    if (parent->last == NULL) {
        parent->first = child;
    } else {
        parent->last->next = child;
    }
    parent->last = child;
    return child;
}

static entry *entry_at(book *b, const char *pointer)
{
    entry *at = &b->root;
    char token[MAX_TOKEN];
    int depth = 0;

    while (pointer != NULL && *pointer == '/' && at != NULL) {
        pointer = ps_pointer_token(pointer, token, sizeof token);
        if (at->json != NULL) {
            fail(b, PS_ERR_INPUT, one_place_each);
            return NULL;
        }
        at = pointer == NULL || ++depth > MAX_DEPTH ? NULL : child_of(b, at, token);
    }
    if (pointer == NULL || *pointer != '\0') {
        at = NULL;
    }
    if (at == NULL || at == &b->root) {
        fail(b, PS_ERR_INPUT, "a cell of column A is no JSON Pointer like /offers/a/list_price");
    }
    return at;
}

/* The JSON of a cell. A number is a number whatever stood there before, a text too; the column `as`
 * says what a cell cannot. */
static const char *json_of(book *b, const char *value, bool number, const char *as)
{
    const bool stored = strcmp(as, "number") == 0; /* as text, for its digits */
    ps_string out = {0};
    ps_writer writer = {.out = &out};
    const char *kept;
    double x;

    if (strcmp(as, "nothing") == 0 && value == NULL) {
        ps_write_null(&writer);
    } else if (value == NULL && (strcmp(as, "yes") == 0 || strcmp(as, "no") == 0)) {
        ps_write_bool(&writer, as[0] == 'y');
    } else if (value != NULL && (number || stored) &&
               ps_text_read_number(value, strlen(value), &x)) {
        ps_write_number(&writer, x);
    } else {
        ps_write_text(&writer, value != NULL ? value : "");
    }
    kept = out.failed ? NULL : keep_text(b, out.data, out.length);
    if (out.failed) {
        fail(b, PS_ERR_LIMIT, "");
    }
    ps_string_free(&out);
    return kept;
}

static void take_row(book *b)
{
    const char *pointer = b->cell[0], *value = b->cell[1],
               *as = b->cell[2] != NULL ? b->cell[2] : "text";
    entry *at;

    if (!b->in_table) {
        b->in_table = pointer != NULL && strcmp(pointer, "pointer") == 0;
        return;
    }
    if (pointer == NULL || pointer[0] == '\0') {
        return;
    }
    if (strcmp(as, "cut") == 0) {
        fail(b, PS_ERR_INPUT, "a text was too long for a cell, so the scenario is not whole");
        return;
    }
    at = entry_at(b, pointer);
    if (at == NULL) {
        return;
    }
    if (at->json != NULL || at->first != NULL) {
        fail(b, PS_ERR_INPUT, one_place_each);
        return;
    }
    at->kind = strcmp(as, "list") == 0 ? LIST : strcmp(as, "object") == 0 ? OBJECT : MEMBER;
    at->json = at->kind == MEMBER ? json_of(b, value, b->number[1], as) : NULL;
}

/* ---- the sheet */

static void begin_cell(void *context, const XML_Char *name, const XML_Char **attributes)
{
    book *b = context;

    if (is(name, "row")) {
        memset(b->cell, 0, sizeof b->cell);
        memset(b->number, 0, sizeof b->number);
    } else if (is(name, "c")) {
        const char *place = attribute(attributes, "r");

        b->column =
            place[0] >= 'A' && place[0] < 'A' + COLUMNS && place[1] >= '0' && place[1] <= '9'
                ? place[0] - 'A'
                : -1;
        snprintf(b->type, sizeof b->type, "%s", attribute(attributes, "t"));
        b->text.length = 0;
    }
    b->keep = is(name, "v") || is(name, "t");
}

static const char *cell_text(book *b)
{
    const char *text = b->text.length > 0 ? b->text.data : "";

    if (strcmp(b->type, "s") == 0) {
        const unsigned long index = strtoul(text, NULL, 10);

        return index < b->shared_count ? b->shared[index] : "";
    }
    return keep_text(b, text, b->text.length);
}

static void end_cell(void *context, const XML_Char *name)
{
    book *b = context;

    b->keep = false;
    if (is(name, "c") && b->column >= 0 && b->text.length > 0) {
        b->cell[b->column] = cell_text(b);
        b->number[b->column] = b->type[0] == '\0' || strcmp(b->type, "n") == 0;
    } else if (is(name, "row") && b->status == PS_OK) {
        take_row(b);
    }
}

/* ---- the whole */

static void write_entry(const entry *e, ps_writer *writer)
{
    if (e->kind == MEMBER) {
        ps_write_raw(writer, e->json, strlen(e->json));
        return;
    }
    e->kind == LIST ? ps_write_array(writer) : ps_write_object(writer);
    for (const entry *child = e->first; child != NULL; child = child->next) {
        if (e->kind == OBJECT) {
            ps_write_key(writer, child->key);
        }
        write_entry(child, writer);
    }
    e->kind == LIST ? ps_write_array_end(writer) : ps_write_object_end(writer);
}

static void read_book(book *b)
{
    parse_part(b, "xl/workbook.xml", true, find_sheet, nothing);
    if (b->relation[0] != '\0') {
        parse_part(b, "xl/_rels/workbook.xml.rels", true, find_part, nothing);
    }
    parse_part(b, "xl/sharedStrings.xml", false, begin_shared, end_shared);
    b->text.length = 0;
    if (b->status == PS_OK && b->part[0] == '\0') {
        fail(b, PS_ERR_INPUT, "the workbook has no sheet Inputs");
    }
    parse_part(b, b->part, true, begin_cell, end_cell);
    if (b->text.failed) {
        fail(b, PS_ERR_LIMIT, "");
    }
    if (b->root.first == NULL) {
        fail(b, PS_ERR_INPUT, "the sheet Inputs has no rows below the head 'pointer'");
    }
}

ps_status ps_xlsx_read_scenario(const char *path, ps_string *json, ps_faults *faults)
{
    book b = {.path = path, .faults = faults, .root = {.kind = OBJECT}};
    int error = 0;

    b.zip = zip_open(path, ZIP_RDONLY, &error);
    if (b.zip == NULL) {
        ps_fault_add(faults, error == ZIP_ER_NOENT ? "NOT_FOUND" : "WORKBOOK", "", path, 0, 0, NULL,
                     error == ZIP_ER_NOENT ? "no such file" : "this is no workbook (.xlsx)");
        return error == ZIP_ER_NOENT || error == ZIP_ER_OPEN ? PS_ERR_FILE : PS_ERR_INPUT;
    }
    read_book(&b);
    if (b.status == PS_OK) {
        ps_writer writer = {.out = json, .pretty = true};

        write_entry(&b.root, &writer);
        ps_string_append(json, "\n", 1);
        b.status = json->failed ? ps_faults_no_memory(faults) : PS_OK;
    }
    zip_discard(b.zip);
    ps_string_free(&b.text);
    ps_arena_free(&b.arena);
    return b.status;
}
