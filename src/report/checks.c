/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/checks.h"

#include <math.h>
#include <string.h>

const ps_doc_table *ps_report_checks(const ps_doc *doc)
{
    for (const ps_doc_block *b = doc->first; b != NULL; b = b->next) {
        if (b->type == PS_DOC_TABLE && strcmp(b->path, "checks") == 0) {
            return &b->table;
        }
    }
    return NULL;
}

static const ps_cell *cell_under(const ps_doc_table *table, const ps_doc_row *row, const char *key)
{
    for (int c = 0; c < table->columns; c++) {
        if (strcmp(table->column[c].key, key) == 0) {
            return &row->cells[c];
        }
    }
    return NULL;
}

const char *ps_report_check_text(const ps_doc_table *table, const ps_doc_row *row, const char *key)
{
    const ps_cell *cell = cell_under(table, row, key);

    return cell != NULL && cell->kind == PS_CELL_TEXT ? cell->text : "";
}

int ps_report_check_number(const ps_doc_table *table, const ps_doc_row *row, const char *key)
{
    const ps_cell *cell = cell_under(table, row, key);

    return cell != NULL && cell->kind == PS_CELL_NUMBER && isfinite(cell->number)
               ? (int)cell->number
               : 0;
}
