/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sheet "Run info": what was run, and how to run it again. */
#include <string.h>
#include <xlsxwriter.h>

#include "report/xlsx.h"

/* What the sheet says of the document's records, in this order. */
static const struct {
    const char *path, *key, *label;
} facts[] = {
    {"scenario", "name", "Scenario"},
    {"scenario", "plan", "Plan"},
    {"scenario", "scope", "Scope"},
    {"scenario", "currency", "Currency"},
    {"scenario", "hash", "Hash of the scenario"},
    {"", "base", "Base"},
    {"", "metric", "Metric"},
    {"", "format", "Format of the result"},
    {"", "version", "Program version"},
    {"", "stream", "Random stream"},
    {"run", "seed", "Seed"},
    {"run", "paths", "Futures"},
    {"run", "paths_asked", "Futures asked for"},
    {"run", "partial", "Interrupted"},
    {"run", "counts", "Counts"},
    {"run", "parameters", "Parameters"},
    {"run", "attributed_paths", "Futures of what promotions earn"},
    {"balance", "funnel", "Largest relative difference: funnel"},
    {"balance", "waterfall", "Largest relative difference: waterfall"},
    {"balance", "promotions", "Largest relative difference: promotions"},
    {"balance", "cash", "Largest relative difference: cash"},
};

static const ps_cell *find(const ps_doc *doc, const char *path, const char *key)
{
    for (const ps_doc_block *block = doc->first; block != NULL; block = block->next) {
        if (block->type != PS_DOC_TABLE || block->table.layout != PS_DOC_RECORD ||
            strcmp(block->path, path) != 0) {
            continue;
        }
        for (const ps_doc_row *row = block->table.first; row != NULL; row = row->next) {
            if (row->id != NULL && strcmp(row->id, key) == 0) {
                return &row->cells[0];
            }
        }
    }
    return NULL;
}

static void write_fact(ps_xlsx *x, lxw_worksheet *sheet, int row, const ps_cell *cell)
{
    if (cell->kind == PS_CELL_TEXT) {
        ps_xlsx_text(x, sheet, row, 1, cell->text, NULL);
    } else if (cell->kind == PS_CELL_FLAG) {
        ps_xlsx_text(x, sheet, row, 1, ps_words_of(&x->words, cell->flag ? "yes" : "no"), NULL);
    } else {
        worksheet_write_number(sheet, (lxw_row_t)row, 1, ps_cell_value(cell), NULL);
    }
}

static int write_sentences(ps_xlsx *x, lxw_worksheet *sheet, int row, const ps_doc_block *block)
{
    ps_xlsx_text(x, sheet, row++, 0, block->title, x->lead);
    for (const ps_doc_sentence *s = block->sentences.first; s != NULL; s = s->next) {
        ps_xlsx_text(x, sheet, row++, 0, s->text, NULL);
    }
    return row + 1;
}

void ps_xlsx_info(ps_xlsx *x, const ps_doc *doc)
{
    lxw_worksheet *sheet = ps_xlsx_sheet(x, "Run info");
    int row = PS_XLSX_HEADS + 1;

    if (sheet == NULL) {
        return;
    }
    ps_xlsx_text(x, sheet, 0, 0, ps_words_of(&x->words, "Run info"), x->title);
    ps_xlsx_text(x, sheet, PS_XLSX_HEADS, 0, "Fact", x->head);
    ps_xlsx_text(x, sheet, PS_XLSX_HEADS, 1, "Value", x->head);
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        const ps_cell *cell = find(doc, facts[i].path, facts[i].key);

        if (cell != NULL && (cell->kind != PS_CELL_NUMBER || cell->number == cell->number)) {
            ps_xlsx_text(x, sheet, row, 0, ps_words_of(&x->words, facts[i].label), NULL);
            write_fact(x, sheet, row++, cell);
        }
    }
    ps_xlsx_name(x, "run_info", row - 1 - PS_XLSX_HEADS, 1);
    row++;
    for (const ps_doc_block *block = doc->first; block != NULL; block = block->next) {
        if (block->type == PS_DOC_SENTENCES && strcmp(block->path, "reproduce") == 0) {
            row = write_sentences(x, sheet, row, block);
        }
    }
    worksheet_set_column(sheet, 0, 0, 40, NULL);
    worksheet_set_column(sheet, 1, 1, 60, NULL);
    worksheet_freeze_panes(sheet, PS_XLSX_HEADS + 1, 0);
    worksheet_set_landscape(sheet);
    worksheet_fit_to_pages(sheet, 1, 0);
}
