/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sheet that `pricesim import xlsx` reads: a row for each value of the scenario, by its JSON
 * Pointer. What a cell cannot say stands in the column `as`; what was understood stands beside it.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "report/xlsx.h"
#include "json/literal.h"
#include "json/tree.h"

enum { HEAD = 3, POINTER = 0, VALUE, AS, KIND, P5, MEDIAN, P95, LAW, LONGEST_TEXT = 8000 };

static const double exact_in_a_cell = 1e15; /* a cell keeps 15 digits */

typedef struct {
    ps_xlsx *x;
    lxw_worksheet *sheet;
    const ps_doc_table *inputs; /* as understood; NULL: not there */
    int row;
    bool failed;
} inputs_sheet;

static const char *source_of(const ps_doc *doc)
{
    for (const ps_doc_block *b = doc->first; b != NULL; b = b->next) {
        if (b->type != PS_DOC_TABLE || strcmp(b->path, "scenario") != 0) {
            continue;
        }
        for (const ps_doc_row *row = b->table.first; row != NULL; row = row->next) {
            if (row->id != NULL && strcmp(row->id, "source") == 0 &&
                row->cells[0].kind == PS_CELL_TEXT) {
                return row->cells[0].text;
            }
        }
    }
    return NULL;
}

static const ps_doc_table *understood(const ps_doc *doc)
{
    for (const ps_doc_block *b = doc->first; b != NULL; b = b->next) {
        if (b->type == PS_DOC_TABLE && strcmp(b->path, "inputs") == 0) {
            return &b->table;
        }
    }
    return NULL;
}

/* Law and quantiles of the input at a pointer. */
static void write_understood(inputs_sheet *s, const char *pointer)
{
    static const struct {
        const char *key;
        int column;
    } beside[] = {{"kind", KIND}, {"p5", P5}, {"p50", MEDIAN}, {"p95", P95}, {"law", LAW}};
    const ps_doc_row *row = s->inputs != NULL ? s->inputs->first : NULL;

    while (row != NULL && (row->id == NULL || strcmp(row->id, pointer) != 0)) {
        row = row->next;
    }
    for (int c = 0; row != NULL && c < s->inputs->columns; c++) {
        for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
            const ps_cell *cell = &row->cells[c];

            if (strcmp(s->inputs->column[c].key, beside[i].key) != 0) {
                continue;
            }
            if (cell->kind == PS_CELL_TEXT) {
                ps_xlsx_text(s->x, s->sheet, s->row, beside[i].column, cell->text, NULL);
            } else if (cell->kind == PS_CELL_NUMBER) {
                ps_xlsx_number(s->x, s->sheet, s->row, beside[i].column, cell->number, cell->unit,
                               0);
            }
        }
    }
}

/* A number that a cell would round is stored as text. */
static void write_number(inputs_sheet *s, double value)
{
    char exact[32], shown[32];

    ps_text_number(value, exact);
    snprintf(shown, sizeof shown, "%.15g", value);
    if (strtod(shown, NULL) == value && fabs(value) < exact_in_a_cell) {
        worksheet_write_number(s->sheet, (lxw_row_t)s->row, VALUE, value,
                               ps_xlsx_input_format(s->x));
    } else {
        ps_xlsx_text(s->x, s->sheet, s->row, VALUE, exact, ps_xlsx_input_format(s->x));
    }
}

static void write_leaf(inputs_sheet *s, const char *pointer, const ps_node *node)
{
    const ps_node_type type = ps_node_kind(node);
    const char *text = ps_node_text(node);
    static const char *const as[] = {
        [PS_NODE_NULL] = "nothing",  [PS_NODE_FALSE] = "no",  [PS_NODE_TRUE] = "yes",
        [PS_NODE_NUMBER] = "number", [PS_NODE_TEXT] = "text", [PS_NODE_ARRAY] = "list",
        [PS_NODE_OBJECT] = "object"};

    ps_xlsx_text(s->x, s->sheet, s->row, POINTER, pointer, NULL);
    if (type == PS_NODE_NUMBER) {
        write_number(s, ps_node_number(node));
    } else if (text != NULL) {
        ps_xlsx_text(s->x, s->sheet, s->row, VALUE, text, ps_xlsx_input_format(s->x));
    }
    ps_xlsx_text(s->x, s->sheet, s->row, AS,
                 text != NULL && strlen(text) > LONGEST_TEXT ? "cut" : as[type], NULL);
    write_understood(s, pointer);
    s->row++;
}

/* Lists get a row of their own, so that "/x/0" is known to be an element. */
static void write_node(inputs_sheet *s, ps_string *pointer, const ps_node *node)
{
    const bool list = ps_node_kind(node) == PS_NODE_ARRAY;
    const size_t length = pointer->length;
    int place = 0;

    if (list || ps_node_first(node) == NULL) {
        write_leaf(s, pointer->data != NULL ? pointer->data : "", node);
    }
    for (const ps_node *child = ps_node_first(node); child != NULL && !pointer->failed;
         child = ps_node_next(child)) {
        char index[16];

        snprintf(index, sizeof index, "%d", place++);
        ps_pointer_append(pointer, list ? index : ps_node_key(child));
        if (!pointer->failed) {
            write_node(s, pointer, child);
            pointer->length = length;
            pointer->data[length] = '\0';
        }
    }
}

static void write_heads(inputs_sheet *s)
{
    static const char *const heads[] = {"pointer", "value",  "as",  "kind",
                                        "P5",      "median", "P95", "value or law"};

    ps_xlsx_text(s->x, s->sheet, 0, 0, "Inputs", s->x->title);
    ps_xlsx_text(s->x, s->sheet, 1, 0,
                 "Change the blue values, then: pricesim import xlsx BOOK.xlsx -o scenario.json",
                 NULL);
    for (int c = 0; c <= LAW; c++) {
        ps_xlsx_text(s->x, s->sheet, HEAD, c, heads[c],
                     c == POINTER || c == AS ? NULL : s->x->head);
    }
    worksheet_set_column(s->sheet, 0, 0, 62, NULL);
    worksheet_set_column(s->sheet, 1, 1, 26, NULL);
    worksheet_set_column(s->sheet, 2, 6, 11, NULL);
    worksheet_set_column(s->sheet, 7, 7, 44, NULL);
    worksheet_freeze_panes(s->sheet, HEAD + 1, 1);
    worksheet_set_landscape(s->sheet);
    worksheet_fit_to_pages(s->sheet, 1, 0);
}

ps_status ps_xlsx_inputs(ps_xlsx *x, const ps_doc *doc)
{
    const char *source = source_of(doc);
    inputs_sheet s = {.x = x, .inputs = understood(doc), .row = HEAD + 1};
    ps_tree tree = {0};
    ps_faults faults = {0};
    ps_string pointer = {0};
    ps_node *root = NULL;
    ps_status status;

    if (source == NULL) {
        return PS_OK;
    }
    status = ps_tree_parse(&tree, "scenario", source, strlen(source), &root, &faults);
    s.sheet = status == PS_OK ? ps_xlsx_sheet(x, "Inputs") : NULL;
    if (s.sheet != NULL) {
        write_heads(&s);
        write_node(&s, &pointer, root);
        status = pointer.failed ? PS_ERR_LIMIT : status;
    }
    ps_string_free(&pointer);
    ps_node_free(root);
    ps_tree_free(&tree);
    ps_faults_free(&faults);
    return status == PS_ERR_LIMIT ? status : PS_OK; /* a damaged source makes no sheet */
}
