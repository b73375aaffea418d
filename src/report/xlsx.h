/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A workbook's parts: formats, and sheets of blocks. */
#ifndef PS_REPORT_XLSX_H
#define PS_REPORT_XLSX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "doc/doc.h"
#include "report/language.h"

struct lxw_workbook;
struct lxw_worksheet;
struct lxw_format;

enum {
    PS_XLSX_UNITS = PS_DOC_NUMBER + 1,
    PS_XLSX_SHEETS = 200,
    PS_XLSX_HEADS = 3, /* row of a table's heads */
    PS_XLSX_PLACE = 16 /* room for the name of a cell */
};

/* How a cell looks beside its unit; bits. */
enum {
    PS_XLSX_BOLD = 1,
    PS_XLSX_SIGN = 2,
    PS_XLSX_INPUT = 4,
    PS_XLSX_SMALL = 8,
    PS_XLSX_LOOKS = 16
};

typedef struct {
    struct lxw_workbook *workbook;
    struct lxw_format *format[PS_XLSX_UNITS][PS_XLSX_LOOKS]; /* made when first asked for */
    struct lxw_format *title, *head, *wrap, *lead;
    ps_words words; /* of heads and sheets */
    int sheets;
    char name[PS_XLSX_SHEETS][32]; /* of the sheets made so far */
    struct {                       /* prices/shown, prices/rivals: gaps are formulas on them */
        const ps_doc_block *block;
        int sheet;
    } prices[2];
} ps_xlsx;

void ps_xlsx_begin(ps_xlsx *x, struct lxw_workbook *workbook);

/* A new sheet, its name made unique and fit for a workbook. NULL when there are too many. */
struct lxw_worksheet *ps_xlsx_sheet(ps_xlsx *x, const char *english);

void ps_xlsx_text(ps_xlsx *x, struct lxw_worksheet *sheet, int row, int column, const char *text,
                  struct lxw_format *format);

/* Blue, as inputs are. */
struct lxw_format *ps_xlsx_input_format(ps_xlsx *x);

/* A number that is not finite leaves the cell empty: a workbook has no way to say it. */
void ps_xlsx_number(ps_xlsx *x, struct lxw_worksheet *sheet, int row, int column, double value,
                    ps_doc_unit unit, int look);

/* A formula with the value that it has now, for readers that do not calculate. */
void ps_xlsx_formula(ps_xlsx *x, struct lxw_worksheet *sheet, int row, int column,
                     const char *formula, double value, ps_doc_unit unit, int look);

/* "B7" of a cell. */
const char *ps_xlsx_place(int row, int column, char out[PS_XLSX_PLACE]);

/* The last sheet's table as a name for formulas: its path. */
void ps_xlsx_name(ps_xlsx *x, const char *path, int rows, int columns);

/* xlsx_sheet.c: a sheet of a block, with its chart. */
bool ps_xlsx_starts(const ps_doc_block *block, const char *prefix);
void ps_xlsx_series(ps_xlsx *x, const ps_doc_block *block);
void ps_xlsx_table(ps_xlsx *x, const ps_doc_block *block);

/* xlsx_chart.c: charts of the rows below a sheet's heads. The sheet's column `at` is drawn, which
 * is column c of the table; from `column` on there is room beside it. */
void ps_xlsx_draw_bars(ps_xlsx *x, struct lxw_worksheet *sheet, const ps_doc_table *table, int c,
                       int at, int column);
void ps_xlsx_draw_groups(ps_xlsx *x, struct lxw_worksheet *sheet, const ps_doc_table *table,
                         int columns);
void ps_xlsx_draw_waterfall(ps_xlsx *x, struct lxw_worksheet *sheet, const ps_doc_table *table,
                            int at, int column);
void ps_xlsx_draw_lines(ps_xlsx *x, struct lxw_worksheet *sheet, const ps_doc_series *series,
                        int lines);

/* xlsx_info.c: the sheet "Run info": what was run, and the command that does it again. */
void ps_xlsx_info(ps_xlsx *x, const ps_doc *doc);

/* The sheet "Inputs": each value of the scenario, from which it can be made again; nothing when the
 * document does not hold its scenario. PS_ERR_LIMIT when memory runs out. */
ps_status ps_xlsx_inputs(ps_xlsx *x, const ps_doc *doc);

#endif
