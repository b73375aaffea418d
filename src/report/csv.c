/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document as one tidy table (RFC 4180): section,id,metric,stat,value, a number or text in each
 * line. Text that a spreadsheet would run as a formula gets an apostrophe in front. */
#include <math.h>
#include <string.h>

#include "base/date.h"
#include "report/report.h"

static void put_text(ps_string *out, const char *text)
{
    const bool formula = text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;

    if (strpbrk(text, ",\"\r\n") == NULL) {
        ps_string_format(out, "%s%s", formula ? "'" : "", text);
        return;
    }
    ps_string_format(out, "\"%s", formula ? "'" : "");
    for (const char *c = text; *c != '\0'; c++) {
        ps_string_append(out, *c == '"' ? "\"\"" : c, *c == '"' ? 2 : 1);
    }
    ps_string_append(out, "\"", 1);
}

/* What a line is about; the stat is the fourth key. */
typedef struct {
    const char *section, *id, *metric;
} place;

static void begin_line(ps_string *out, const place *at, const char *stat)
{
    const char *fields[] = {at->section, at->id, at->metric, stat};

    for (int i = 0; i < 4; i++) {
        put_text(out, fields[i]);
        ps_string_append(out, ",", 1);
    }
}

static void put_number(ps_string *out, const place *at, const char *stat, ps_doc_unit unit,
                       double value)
{
    char text[32];

    begin_line(out, at, stat);
    if (isfinite(value)) { /* unknown: an empty field */
        ps_string_format(out, "%s",
                         unit == PS_DOC_DATE ? ps_date_format((int)value, text)
                                             : ps_text_number(value, text));
    }
    ps_string_append(out, "\r\n", 2);
}

static void put_figure(ps_string *out, const place *at, ps_doc_unit unit,
                       const ps_doc_figure *figure)
{
    put_number(out, at, "mean", unit, figure->mean);
    put_number(out, at, "sd", unit, figure->sd);
    put_number(out, at, "se", unit, figure->se);
    put_number(out, at, "p5", unit, figure->p5);
    put_number(out, at, "p10", unit, figure->p10);
    put_number(out, at, "p25", unit, figure->p25);
    put_number(out, at, "p50", unit, figure->p50);
    put_number(out, at, "p75", unit, figure->p75);
    put_number(out, at, "p90", unit, figure->p90);
    put_number(out, at, "p95", unit, figure->p95);
    put_number(out, at, "ignorance", PS_DOC_FRAC, figure->ignorance);
}

static void put_cell(ps_string *out, const place *at, const ps_cell *cell)
{
    switch (cell->kind) {
    case PS_CELL_NUMBER:
        put_number(out, at, "value", cell->unit, cell->number);
        break;
    case PS_CELL_FIGURE:
        put_figure(out, at, cell->unit, cell->figure);
        break;
    case PS_CELL_TEXT:
    case PS_CELL_FLAG:
        begin_line(out, at, "value");
        put_text(out, cell->kind == PS_CELL_FLAG ? (cell->flag ? "true" : "false")
                      : cell->text == NULL       ? ""
                                                 : cell->text);
        ps_string_append(out, "\r\n", 2);
        break;
    case PS_CELL_NONE:
        break;
    }
}

static void put_table(ps_string *out, const ps_doc_block *block)
{
    const ps_doc_table *table = &block->table;
    int number = 0;

    for (const ps_doc_row *row = table->first; row != NULL; row = row->next) {
        char counted[32];

        number++;
        for (int c = 0; c < table->columns; c++) {
            place at = {block->path, row->id, table->column[c].key};

            if (table->layout == PS_DOC_RECORD) {
                at.metric = row->id;
                at.id = "";
            } else if (row->id == NULL) {
                at.id = ps_text_number(number, counted);
            }
            put_cell(out, &at, &row->cells[c]);
        }
    }
}

static void put_series(ps_string *out, const ps_doc_block *block)
{
    const ps_doc_series *series = &block->series;
    const char *slash = strrchr(block->path, '/');
    const char *metric = slash == NULL ? block->path : slash + 1;

    for (const ps_doc_line *line = series->first; line != NULL; line = line->next) {
        for (int i = 0; i < series->count; i++) {
            char index[32];
            const place at = {block->path,
                              series->dates == NULL ? ps_text_number(i + 1, index)
                                                    : ps_date_format(series->dates[i], index),
                              metric};

            put_number(out, &at, line->key, series->unit, line->values[i]);
        }
    }
}

static void put_sentences(ps_string *out, const ps_doc_block *block)
{
    int number = 0;

    for (const ps_doc_sentence *s = block->sentences.first; s != NULL; s = s->next) {
        char counted[32];
        const place at = {block->path, ps_text_number(++number, counted), "sentence"};
        const ps_cell cell = ps_cell_of_text(s->text);

        put_cell(out, &at, &cell);
    }
}

static ps_status write_csv(const ps_doc *doc, const ps_report_options *options, ps_string *out)
{
    (void)options;
    ps_string_format(out, "section,id,metric,stat,value\r\n");
    for (const ps_doc_block *block = doc->first; block != NULL; block = block->next) {
        if ((block->audience & PS_DOC_FOR_DATA) == 0) {
            continue;
        }
        switch (block->type) {
        case PS_DOC_SENTENCES:
            put_sentences(out, block);
            break;
        case PS_DOC_TABLE:
            put_table(out, block);
            break;
        case PS_DOC_SERIES:
            put_series(out, block);
            break;
        }
    }
    return out->failed ? PS_ERR_LIMIT : PS_OK;
}

const ps_reporter ps_reporter_csv = {
    .name = "csv",
    .extension = "csv",
    .doc = "one tidy table: section,id,metric,stat,value",
    .write = write_csv,
};
