/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people read of a document as Markdown, for pull requests and wikis. User text is inert: what
 * Markdown or HTML would take for markup is escaped. */
#include <math.h>
#include <string.h>

#include "base/date.h"
#include "doc/human.h"
#include "report/report.h"

static void append_text(ps_string *out, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (strchr("\\`*_{}[]<>#|~$", *c) != NULL) {
            ps_string_append(out, "\\", 1);
        }
        ps_string_append(out, (unsigned char)*c < 0x20 ? " " : c, 1);
    }
}

static void append_number(ps_string *out, ps_doc_unit unit, double value, bool sign)
{
    char text[PS_HUMAN_SIZE];
    const ps_human_scale scale = ps_human_scale_of(unit, value, 0, 3);

    if (unit == PS_DOC_DATE && isfinite(value)) {
        char date[16];

        ps_string_format(out, "%s", ps_date_format((int)value, date));
        return;
    }
    ps_string_format(out, "%s", ps_human_write(&scale, value, sign, text));
}

static void append_cell(ps_string *out, const ps_doc_column *column, const ps_cell *cell)
{
    switch (cell->kind) {
    case PS_CELL_TEXT:
        append_text(out, cell->text);
        break;
    case PS_CELL_NUMBER:
        append_number(out, cell->unit, cell->number, column->sign);
        break;
    case PS_CELL_FIGURE:
        append_number(out, cell->unit, cell->figure->mean, false);
        break;
    case PS_CELL_FLAG:
        ps_string_format(out, "%s", cell->flag ? "yes" : "no");
        break;
    case PS_CELL_NONE:
        break;
    }
}

/* A record of figures: P10, median, P90, mean, simulation error. */
static bool is_figures(const ps_doc_table *table)
{
    return table->layout == PS_DOC_RECORD && table->first != NULL &&
           table->first->cells[0].kind == PS_CELL_FIGURE;
}

static void write_figures(const ps_doc_table *table, ps_string *out)
{
    ps_string_format(out,
                     "| | P10 | median | P90 | mean | sim. error |\n|---|--:|--:|--:|--:|--:|\n");
    for (const ps_doc_row *row = table->first; row != NULL; row = row->next) {
        const ps_cell *cell = &row->cells[0];

        if (cell->kind != PS_CELL_FIGURE) {
            continue;
        }
        const ps_doc_figure *f = cell->figure;
        const double values[] = {f->p10, f->p50, f->p90, f->mean, f->se};

        ps_string_format(out, "| ");
        append_text(out, row->label);
        for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
            ps_string_format(out, " | ");
            append_number(out, cell->unit, values[i], false);
        }
        ps_string_format(out, " |\n");
    }
}

static bool is_shown(const ps_doc_column *column)
{
    return column->drop != PS_DROP_ALWAYS;
}

static void write_table(const ps_doc_table *table, ps_string *out)
{
    ps_string_format(out, "| ");
    for (int c = 0; c < table->columns; c++) {
        if (is_shown(&table->column[c])) {
            ps_string_format(out, " | ");
            append_text(out, table->column[c].title != NULL ? table->column[c].title : "");
        }
    }
    ps_string_format(out, " |\n|---");
    for (int c = 0; c < table->columns; c++) {
        ps_string_format(out, "%s",
                         !is_shown(&table->column[c])           ? ""
                         : table->column[c].unit == PS_DOC_TEXT ? "|---"
                                                                : "|--:");
    }
    ps_string_format(out, "|\n");
    for (const ps_doc_row *row = table->first; row != NULL; row = row->next) {
        ps_string_format(out, "| %s", row->total ? "**" : "");
        append_text(out, row->label != NULL ? row->label : row->id);
        ps_string_format(out, "%s", row->total ? "**" : "");
        for (int c = 0; c < table->columns; c++) {
            if (is_shown(&table->column[c])) {
                ps_string_format(out, " | ");
                append_cell(out, &table->column[c], &row->cells[c]);
            }
        }
        ps_string_format(out, " |\n");
    }
}

/* A fan: the periods stand below each other. */
static void write_series(const ps_doc_series *series, ps_string *out)
{
    ps_string_format(out, "| |");
    for (const ps_doc_line *line = series->first; line != NULL; line = line->next) {
        ps_string_format(out, " %s |", line->key);
    }
    ps_string_format(out, "\n|---|");
    for (const ps_doc_line *line = series->first; line != NULL; line = line->next) {
        ps_string_format(out, "--:|");
    }
    ps_string_format(out, "\n");
    for (int t = 0; t < series->count; t++) {
        char date[16];

        ps_string_format(out, "| %s |",
                         series->dates != NULL ? ps_date_format(series->dates[t], date) : "");
        for (const ps_doc_line *line = series->first; line != NULL; line = line->next) {
            ps_string_format(out, " ");
            append_number(out, series->unit, line->values[t], false);
            ps_string_format(out, " |");
        }
        ps_string_format(out, "\n");
    }
}

static void write_sentences(const ps_doc_block *block, ps_string *out)
{
    for (const ps_doc_sentence *s = block->sentences.first; s != NULL; s = s->next) {
        if (s->command) {
            ps_string_format(out, "\n    %s\n", s->text);
            continue;
        }
        ps_string_format(out, "- ");
        append_text(out, s->text);
        ps_string_format(out, "\n");
    }
}

static bool is_empty(const ps_doc_block *block)
{
    return block->type == PS_DOC_TABLE       ? block->table.first == NULL
           : block->type == PS_DOC_SENTENCES ? block->sentences.first == NULL
                                             : block->series.first == NULL;
}

static ps_status write_markdown(const ps_doc *doc, const ps_report_options *options, ps_string *out)
{
    (void)options;
    ps_string_format(out, "# ");
    append_text(out, doc->title != NULL ? doc->title : "");
    ps_string_format(out, "\n");
    if (doc->subtitle != NULL) {
        ps_string_format(out, "\n");
        append_text(out, doc->subtitle);
        ps_string_format(out, "\n");
    }
    for (const ps_doc_block *block = doc->first; block != NULL; block = block->next) {
        if ((block->audience & PS_DOC_FOR_PEOPLE) == 0 || is_empty(block)) {
            continue;
        }
        ps_string_format(out, "\n");
        if (block->title != NULL) {
            ps_string_format(out, "## ");
            append_text(out, block->title);
            ps_string_format(out, "\n\n");
        }
        if (block->type == PS_DOC_SENTENCES) {
            write_sentences(block, out);
        } else if (block->type == PS_DOC_SERIES) {
            write_series(&block->series, out);
        } else if (is_figures(&block->table)) {
            write_figures(&block->table, out);
        } else {
            write_table(&block->table, out);
        }
        if (block->note != NULL) {
            ps_string_format(out, "\n");
            append_text(out, block->note);
            ps_string_format(out, "\n");
        }
    }
    return out->failed ? PS_ERR_LIMIT : PS_OK;
}

const ps_reporter ps_reporter_markdown = {
    .name = "markdown",
    .extension = "md",
    .doc = "Markdown, for pull requests.",
    .write = write_markdown,
};
