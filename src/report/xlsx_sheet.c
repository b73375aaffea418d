/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sheet for each block of a document. Ratios and differences of figures that stand beside them,
 * or on another sheet, are formulas. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <xlsxwriter.h>

#include "report/xlsx.h"

bool ps_xlsx_starts(const ps_doc_block *block, const char *prefix)
{
    return strncmp(block->path, prefix, strlen(prefix)) == 0;
}

/* A sheet's name: what the block is, in a word. */
static const char *name_of(const ps_doc_block *block, char out[64])
{
    static const struct {
        const char *prefix, *name;
    } known[] = {{"summary", "Percentiles"},
                 {"headline", "Plans"},
                 {"ranking", "Compare"},
                 {"waterfall", "Waterfall"},
                 {"funnel/conversion", "Funnel rates"},
                 {"funnel", "Funnel"},
                 {"promotions/calendar", "Promotions"},
                 {"promotions", "Each promotion"},
                 {"drivers", "Tornado"},
                 {"inputs", "Inputs understood"},
                 {"prices/offers", "Own list prices"},
                 {"prices/shown", "Own prices seen"},
                 {"prices/rivals", "Rival prices"},
                 {"shares/rivals", "Rival shares"},
                 {"shares", "Shares"},
                 {"goals", "Goals"},
                 {"chances", "Goals"}};
    static const struct {
        const char *prefix, *word;
    } families[] = {{"series/", "Fan"},
                    {"by/", "By"},
                    {"bridge/", "Bridge"},
                    {"payoff/", "Payoff"},
                    {"price_gap/", "Price gap"}};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (ps_xlsx_starts(block, known[i].prefix)) {
            return known[i].name;
        }
    }
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        if (ps_xlsx_starts(block, families[i].prefix)) {
            snprintf(out, 64, "%s %s", families[i].word, block->path + strlen(families[i].prefix));
            return out;
        }
    }
    snprintf(out, 64, "%s", block->path);
    if (out[0] >= 'a' && out[0] <= 'z') {
        out[0] = (char)(out[0] - 'a' + 'A');
    }
    return out;
}

static int column_keyed(const ps_doc_table *table, const char *key)
{
    for (int c = 0; c < table->columns; c++) {
        if (strcmp(table->column[c].key, key) == 0) {
            return c;
        }
    }
    return -1;
}

static void head_sheet(ps_xlsx *x, lxw_worksheet *sheet, const ps_doc_block *block, int columns)
{
    ps_xlsx_text(x, sheet, 0, 0, block->title != NULL ? block->title : block->path, x->title);
    ps_xlsx_text(x, sheet, 1, 0, block->note, NULL);
    worksheet_set_column(sheet, 0, 0, ps_xlsx_starts(block, "inputs") ? 70 : 34, NULL);
    worksheet_set_column(sheet, 1, (lxw_col_t)(columns + 5), 14,
                         NULL); /* a waterfall's helpers too */
    worksheet_freeze_panes(sheet, PS_XLSX_HEADS + 1, 1);
    worksheet_set_landscape(sheet);
    worksheet_fit_to_pages(sheet, 1, 0);
}

/* Column of a line with the key `key`; 0: none. */
static int column_of_line(const ps_doc_block *block, const char *key)
{
    int column = 1;

    for (const ps_doc_line *line = block->series.first; line != NULL; line = line->next) {
        if (strcmp(line->key, key) == 0) {
            return column;
        }
        column++;
    }
    return 0;
}

/* A gap of prices as a formula on their sheets; false when they have none. */
static bool gap_formula(const ps_xlsx *x, const ps_doc_block *block, const char *rival, int row,
                        char out[160])
{
    const char *const own = block->path + strlen("price_gap/");
    char a[PS_XLSX_PLACE], b[PS_XLSX_PLACE];

    if (!ps_xlsx_starts(block, "price_gap/") || x->prices[0].block == NULL ||
        x->prices[1].block == NULL) {
        return false;
    }
    const int ours = column_of_line(x->prices[0].block, own),
              theirs = column_of_line(x->prices[1].block, rival);

    snprintf(out, 160, "='%s'!%s/'%s'!%s-1", x->name[x->prices[0].sheet],
             ps_xlsx_place(row, ours, a), x->name[x->prices[1].sheet],
             ps_xlsx_place(row, theirs, b));
    return ours > 0 && theirs > 0;
}

static void write_line(ps_xlsx *x, lxw_worksheet *sheet, const ps_doc_block *block,
                       const ps_doc_line *line, int column)
{
    const ps_doc_series *series = &block->series;
    const bool gap = ps_xlsx_starts(block, "price_gap/");
    char formula[160];

    ps_xlsx_text(x, sheet, PS_XLSX_HEADS, column, line->key, x->head);
    for (int t = 0; t < series->count; t++) {
        const int row = PS_XLSX_HEADS + 1 + t;

        if (gap && gap_formula(x, block, line->key, row, formula)) {
            ps_xlsx_formula(x, sheet, row, column, formula, line->values[t], series->unit,
                            PS_XLSX_SIGN);
        } else {
            ps_xlsx_number(x, sheet, row, column, line->values[t], series->unit, 0);
        }
    }
}

void ps_xlsx_series(ps_xlsx *x, const ps_doc_block *block)
{
    char name[64];
    lxw_worksheet *sheet = ps_xlsx_sheet(x, name_of(block, name));
    int lines = 0;

    if (sheet == NULL) {
        return;
    }
    for (int k = 0; k < 2; k++) {
        if (strcmp(block->path, k == 0 ? "prices/shown" : "prices/rivals") == 0) {
            x->prices[k].block = block;
            x->prices[k].sheet = x->sheets - 1;
        }
    }
    ps_xlsx_text(x, sheet, PS_XLSX_HEADS, 0, "Period", x->head);
    for (int t = 0; t < block->series.count; t++) {
        ps_xlsx_number(x, sheet, PS_XLSX_HEADS + 1 + t, 0,
                       block->series.dates != NULL ? block->series.dates[t] : t + 1,
                       block->series.dates != NULL ? PS_DOC_DATE : PS_DOC_COUNT, 0);
    }
    for (const ps_doc_line *line = block->series.first; line != NULL; line = line->next) {
        write_line(x, sheet, block, line, ++lines);
    }
    head_sheet(x, sheet, block, lines);
    ps_xlsx_name(x, block->path, block->series.count, lines);
    ps_xlsx_draw_lines(x, sheet, &block->series, lines);
}

/* A record of figures: P10, median, P90, mean, simulation error, and how large that is. */
static void write_figures(ps_xlsx *x, lxw_worksheet *sheet, const ps_doc_block *block)
{
    static const char *const heads[] = {"P10",  "median",     "P90",
                                        "mean", "sim. error", "sim. error / mean"};
    int r = PS_XLSX_HEADS + 1;

    for (int i = 0; i < 6; i++) {
        ps_xlsx_text(x, sheet, PS_XLSX_HEADS, 1 + i, heads[i], x->head);
    }
    for (const ps_doc_row *row = block->table.first; row != NULL; row = row->next) {
        const ps_cell *cell = &row->cells[0];
        char mean[PS_XLSX_PLACE], se[PS_XLSX_PLACE], formula[64];

        if (cell->kind != PS_CELL_FIGURE) {
            continue;
        }
        const ps_doc_figure *f = cell->figure;
        const double values[] = {f->p10, f->p50, f->p90, f->mean, f->se};

        ps_xlsx_text(x, sheet, r, 0, row->label != NULL ? row->label : row->id, NULL);
        for (int i = 0; i < 5; i++) {
            ps_xlsx_number(x, sheet, r, 1 + i, values[i], cell->unit, 0);
        }
        snprintf(formula, sizeof formula, "=%s/%s", ps_xlsx_place(r, 5, se),
                 ps_xlsx_place(r, 4, mean));
        if (f->mean != 0 && isfinite(f->se)) {
            ps_xlsx_formula(x, sheet, r, 6, formula, f->se / f->mean, PS_DOC_FRAC, 0);
        }
        r++;
    }
    head_sheet(x, sheet, block, 6);
    ps_xlsx_name(x, block->path, r - PS_XLSX_HEADS - 1, 6);
}

/* Which columns a reader gets, and where: `at[c]` is the sheet's column, 0 for none. */
static int lay_out(const ps_doc_table *table, int at[PS_DOC_MAX_COLUMNS])
{
    int columns = 0;

    for (int c = 0; c < table->columns; c++) {
        at[c] = table->column[c].drop == PS_DROP_ALWAYS ? 0 : ++columns;
    }
    return columns;
}

/* The formula of a ratio whose parts stand in its row or in the first one; false when it is none.
 */
static bool ratio_formula(const ps_doc_table *table, const int *at, int c, int r, char out[128])
{
    char a[PS_XLSX_PLACE], b[PS_XLSX_PLACE];
    const char *key = table->column[c].key;

    if (table->shape == PS_DOC_WATERFALL && strcmp(key, "of_list_frac") == 0) {
        lxw_rowcol_to_cell_abs(b, PS_XLSX_HEADS + 1, (lxw_col_t)at[table->bar], true, true);
        snprintf(out, 128, "=%s/%s", ps_xlsx_place(r, at[table->bar], a), b);
        return true;
    }
    if (table->shape == PS_DOC_FUNNEL && strcmp(key, "conversion") == 0) {
        const int passed = column_keyed(table, "passed"), lost = column_keyed(table, "lost");

        if (passed < 0 || lost < 0 || at[passed] == 0 || at[lost] == 0) {
            return false;
        }
        ps_xlsx_place(r, at[passed], a);
        snprintf(out, 128, "=%s/(%s+%s)", a, a, ps_xlsx_place(r, at[lost], b));
        return true;
    }
    return false;
}

static void write_cell(ps_xlsx *x, lxw_worksheet *sheet, const ps_doc_block *block,
                       const ps_doc_row *row, int c, const int *at, int r)
{
    const ps_doc_table *table = &block->table;
    const ps_cell *cell = &row->cells[c];
    const bool reduces = table->shape == PS_DOC_WATERFALL && !row->total;
    const int look = (row->total ? PS_XLSX_BOLD : 0) | (table->column[c].sign ? PS_XLSX_SIGN : 0) |
                     (ps_xlsx_starts(block, "inputs") ? PS_XLSX_INPUT : 0);
    const double value = reduces ? -ps_cell_value(cell) : ps_cell_value(cell);
    char formula[128];

    if (cell->kind == PS_CELL_TEXT) {
        ps_xlsx_text(x, sheet, r, at[c], cell->text, NULL);
    } else if (cell->kind == PS_CELL_FLAG) {
        ps_xlsx_text(x, sheet, r, at[c], ps_words_of(&x->words, cell->flag ? "yes" : "no"), NULL);
    } else if (cell->kind == PS_CELL_NUMBER && ratio_formula(table, at, c, r, formula)) {
        ps_xlsx_formula(x, sheet, r, at[c], formula, value, cell->unit, look);
    } else if (cell->kind != PS_CELL_NONE) {
        ps_xlsx_number(x, sheet, r, at[c], value, cell->unit, look);
    }
}

/* Plans side by side get a difference from the first for each of the others. */
static int write_differences(ps_xlsx *x, lxw_worksheet *sheet, const ps_doc_table *table, int right)
{
    char a[PS_XLSX_PLACE], b[PS_XLSX_PLACE], formula[64], head[80];

    for (int c = 1; c < table->columns; c++) {
        int r = PS_XLSX_HEADS + 1;

        snprintf(head, sizeof head, "%.40s %s %.20s", table->column[c].title,
                 ps_words_of(&x->words, "less"), table->column[0].title);
        ps_xlsx_text(x, sheet, PS_XLSX_HEADS, right + c, head, x->head);
        for (const ps_doc_row *row = table->first; row != NULL; row = row->next, r++) {
            const double difference = ps_cell_value(&row->cells[c]) - ps_cell_value(&row->cells[0]);

            snprintf(formula, sizeof formula, "=%s-%s", ps_xlsx_place(r, 1 + c, a),
                     ps_xlsx_place(r, 1, b));
            ps_xlsx_formula(x, sheet, r, right + c, formula, difference, row->cells[c].unit,
                            PS_XLSX_SIGN);
        }
    }
    return right + table->columns - 1;
}

/* The column that is drawn as bars, or -1. */
static int drawn_column(const ps_doc_block *block)
{
    const ps_doc_table *table = &block->table;

    return table->shape == PS_DOC_BRIDGE || table->shape == PS_DOC_FUNNEL ? table->bar
           : strcmp(block->path, "ranking") == 0 ? column_keyed(table, "difference")
           : strcmp(block->path, "goals") == 0   ? column_keyed(table, "p")
                                                 : -1;
}

void ps_xlsx_table(ps_xlsx *x, const ps_doc_block *block)
{
    const ps_doc_table *table = &block->table;
    char name[64];
    int at[PS_DOC_MAX_COLUMNS], columns = lay_out(table, at), r = PS_XLSX_HEADS + 1;
    lxw_worksheet *sheet = ps_xlsx_sheet(x, name_of(block, name));

    if (sheet == NULL) {
        return;
    }
    if (table->layout == PS_DOC_RECORD && table->first->cells[0].kind == PS_CELL_FIGURE) {
        write_figures(x, sheet, block);
        return;
    }
    ps_xlsx_text(x, sheet, PS_XLSX_HEADS, 0, table->heading, x->head);
    for (int c = 0; c < table->columns; c++) {
        if (at[c] > 0) {
            ps_xlsx_text(x, sheet, PS_XLSX_HEADS, at[c], table->column[c].title, x->head);
        }
    }
    for (const ps_doc_row *row = table->first; row != NULL; row = row->next, r++) {
        ps_xlsx_text(x, sheet, r, 0, row->label != NULL ? row->label : row->id, NULL);
        for (int c = 0; c < table->columns; c++) {
            if (at[c] > 0) {
                write_cell(x, sheet, block, row, c, at, r);
            }
        }
    }
    ps_xlsx_name(x, block->path, table->rows, columns);
    if (strcmp(block->path, "headline") == 0 && table->columns > 1) {
        columns = write_differences(x, sheet, table, columns);
    } else if (table->shape == PS_DOC_WATERFALL) {
        ps_xlsx_draw_waterfall(x, sheet, table, at[table->bar], columns + 2);
    } else if (ps_xlsx_starts(block, "waterfall") || ps_xlsx_starts(block, "chances") ||
               ps_xlsx_starts(block, "funnel/")) {
        ps_xlsx_draw_groups(x, sheet, table, columns);
    } else if (drawn_column(block) >= 0 && at[drawn_column(block)] > 0) {
        ps_xlsx_draw_bars(x, sheet, table, drawn_column(block), at[drawn_column(block)],
                          columns + 2);
    }
    head_sheet(x, sheet, block, columns);
}
