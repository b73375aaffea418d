/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formats and cells of a workbook. What users wrote is only ever stored as a string, never as a
 * formula or a link. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <xlsxwriter.h>

#include "report/xlsx.h"

void ps_xlsx_begin(ps_xlsx *x, lxw_workbook *workbook)
{
    x->workbook = workbook;
    x->title = workbook_add_format(workbook);
    format_set_bold(x->title);
    format_set_font_size(x->title, 16);
    x->head = workbook_add_format(workbook);
    format_set_bold(x->head);
    format_set_bottom(x->head, LXW_BORDER_THIN);
    format_set_text_wrap(x->head);
    format_set_align(x->head, LXW_ALIGN_CENTER);
    x->wrap = workbook_add_format(workbook);
    format_set_text_wrap(x->wrap);
    format_set_align(x->wrap, LXW_ALIGN_VERTICAL_TOP);
    x->lead = workbook_add_format(workbook);
    format_set_text_wrap(x->lead);
    format_set_bold(x->lead);
    format_set_font_size(x->lead, 13);
    format_set_align(x->lead, LXW_ALIGN_VERTICAL_TOP);
}

static const char *pattern(ps_doc_unit unit, int look)
{
    const bool sign = (look & PS_XLSX_SIGN) != 0, small = (look & PS_XLSX_SMALL) != 0;

    switch (unit) {
    case PS_DOC_FRAC:
        return sign ? "+0.0%;-0.0%;0%" : "0.0%";
    case PS_DOC_DATE:
        return "yyyy-mm-dd";
    case PS_DOC_MONEY:
    case PS_DOC_COUNT:
        return small  ? sign ? "+#,##0.00;-#,##0.00;0" : "#,##0.00"
               : sign ? "+#,##0;-#,##0;0"
                      : "#,##0";
    case PS_DOC_DAYS:
        return "#,##0.0";
    case PS_DOC_RATIO:
    case PS_DOC_NUMBER:
        return sign ? "+0.000;-0.000;0" : "#,##0.000";
    case PS_DOC_TEXT:
        break;
    }
    return "General";
}

static lxw_format *format_of(ps_xlsx *x, ps_doc_unit unit, int look)
{
    lxw_format **format = &x->format[unit][look];

    if (*format == NULL) {
        *format = workbook_add_format(x->workbook);
        format_set_num_format(*format, pattern(unit, look));
        if ((look & PS_XLSX_BOLD) != 0) {
            format_set_bold(*format);
        }
        if ((look & PS_XLSX_INPUT) != 0) {
            format_set_font_color(*format, 0x0000FF);
        }
    }
    return *format;
}

lxw_format *ps_xlsx_input_format(ps_xlsx *x)
{
    return format_of(x, PS_DOC_TEXT, PS_XLSX_INPUT);
}

/* Excel's names of sheets: at most 31 characters (here bytes: a letter of a name that would be cut
 * goes whole), none of []:*?/\, not the same but for case. */
lxw_worksheet *ps_xlsx_sheet(ps_xlsx *x, const char *english)
{
    const char *wanted = ps_words_of(&x->words, english);
    char base[28], name[32];
    size_t length = 0;

    if (x->sheets == PS_XLSX_SHEETS) {
        return NULL;
    }
    for (; wanted[length] != '\0' && length < sizeof base - 1; length++) {
        base[length] = strchr("[]:*?/\\'", wanted[length]) != NULL ? ' ' : wanted[length];
    }
    while (wanted[length] != '\0' && length > 0 && ((unsigned char)wanted[length] & 0xC0) == 0x80) {
        length--;
    }
    base[length] = '\0';
    snprintf(name, sizeof name, "%s", base);
    for (int i = 0, n = 2; i < x->sheets; i++) {
        if (strcasecmp(x->name[i], name) == 0) {
            snprintf(name, sizeof name, "%s %d", base, n++ % 100);
            i = -1;
        }
    }
    snprintf(x->name[x->sheets++], sizeof name, "%s", name);
    return workbook_add_worksheet(x->workbook, name);
}

void ps_xlsx_text(ps_xlsx *x, lxw_worksheet *sheet, int row, int column, const char *text,
                  lxw_format *format)
{
    char part[8192]; /* a cell holds 32,767 characters */
    size_t length;

    text = text != NULL && format == x->head ? ps_words_of(&x->words, text) : text;
    length = text != NULL ? strlen(text) : 0;
    if (length == 0) {
        return;
    }
    if (length >= sizeof part) {
        length = sizeof part - 1;
        while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80) {
            length--;
        }
    }
    memcpy(part, text, length);
    part[length] = '\0';
    worksheet_write_string(sheet, (lxw_row_t)row, (lxw_col_t)column, part, format);
}

static double stored(double value, ps_doc_unit unit)
{
    return unit == PS_DOC_DATE ? value + 25569 : value; /* days since 1899-12-30 */
}

static int look_of(double value, int look)
{
    return fabs(value) < 100 && value != 0 ? look | PS_XLSX_SMALL : look;
}

void ps_xlsx_number(ps_xlsx *x, lxw_worksheet *sheet, int row, int column, double value,
                    ps_doc_unit unit, int look)
{
    if (isfinite(value)) {
        worksheet_write_number(sheet, (lxw_row_t)row, (lxw_col_t)column, stored(value, unit),
                               format_of(x, unit, look_of(value, look)));
    }
}

void ps_xlsx_formula(ps_xlsx *x, lxw_worksheet *sheet, int row, int column, const char *formula,
                     double value, ps_doc_unit unit, int look)
{
    if (isfinite(value)) {
        worksheet_write_formula_num(sheet, (lxw_row_t)row, (lxw_col_t)column, formula,
                                    format_of(x, unit, look_of(value, look)), value);
    }
}

const char *ps_xlsx_place(int row, int column, char out[PS_XLSX_PLACE])
{
    lxw_rowcol_to_cell(out, (lxw_row_t)row, (lxw_col_t)column);
    return out;
}

void ps_xlsx_name(ps_xlsx *x, const char *path, int rows, int columns)
{
    char name[96] = "ps_", range[160], last[PS_XLSX_PLACE + 4];
    bool plain = true;

    if (rows == 0) {
        return;
    }
    snprintf(name + 3, sizeof name - 16, "%s", path);
    for (char *c = name; *c != '\0'; c++) {
        const bool fine = (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '_';

        plain = plain && (fine || *c == '/');
        *c = fine || (*c >= 'A' && *c <= 'Z') ? *c : '_';
    }
    if (!plain || strlen(path) > sizeof name - 20) { /* else two paths may have the same name */
        snprintf(name + strlen(name), 12, "_%d", x->sheets);
    }
    lxw_rowcol_to_cell_abs(last, (lxw_row_t)(PS_XLSX_HEADS + rows), (lxw_col_t)columns, true, true);
    snprintf(range, sizeof range, "='%s'!$A$%d:%s", x->name[x->sheets - 1], PS_XLSX_HEADS + 1,
             last);
    workbook_define_name(x->workbook, name, range);
}
