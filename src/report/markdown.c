/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people read of a document as Markdown, for pull requests and wikis. User text is inert: what
 * Markdown or HTML would take for markup is escaped. */
#include <math.h>
#include <string.h>

#include "base/date.h"
#include "doc/human.h"
#include "report/report.h"

typedef struct {
    ps_string *string;
    ps_words words; /* the language of numbers and of our own heads */
} md_out;

static void append_text(md_out *md, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (strchr("\\`*_{}[]<>#|~$", *c) != NULL) {
            ps_string_append(md->string, "\\", 1);
        }
        ps_string_append(md->string, (unsigned char)*c < 0x20 ? " " : c, 1);
    }
}

static void append_number(md_out *md, ps_doc_unit unit, double value, bool sign)
{
    char text[PS_HUMAN_SIZE];
    const ps_human_scale scale = ps_human_scale_of(unit, value, 0, 3);

    if (unit == PS_DOC_DATE && isfinite(value)) {
        char date[16];

        ps_string_format(md->string, "%s", ps_date_format((int)value, date));
        return;
    }
    ps_string_format(md->string, "%s",
                     ps_words_of(&md->words, ps_human_write(&scale, value, sign, text)));
}

static void append_cell(md_out *md, const ps_doc_column *column, const ps_cell *cell)
{
    switch (cell->kind) {
    case PS_CELL_TEXT:
        append_text(md, cell->text);
        break;
    case PS_CELL_NUMBER:
        append_number(md, cell->unit, cell->number, column->sign);
        break;
    case PS_CELL_FIGURE:
        append_number(md, cell->unit, cell->figure->mean, false);
        break;
    case PS_CELL_FLAG:
        ps_string_format(md->string, "%s", ps_words_of(&md->words, cell->flag ? "yes" : "no"));
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

static void write_figures(const ps_doc_table *table, md_out *md)
{
    ps_string_format(md->string, "| | P10 | %s | P90 | %s | %s |\n|---|--:|--:|--:|--:|--:|\n",
                     ps_words_of(&md->words, "median"), ps_words_of(&md->words, "mean"),
                     ps_words_of(&md->words, "sim. error"));
    for (const ps_doc_row *row = table->first; row != NULL; row = row->next) {
        const ps_cell *cell = &row->cells[0];

        if (cell->kind != PS_CELL_FIGURE) {
            continue;
        }
        const ps_doc_figure *f = cell->figure;
        const double values[] = {f->p10, f->p50, f->p90, f->mean, f->se};

        ps_string_format(md->string, "| ");
        append_text(md, row->label);
        for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
            ps_string_format(md->string, " | ");
            append_number(md, cell->unit, values[i], false);
        }
        ps_string_format(md->string, " |\n");
    }
}

static bool is_shown(const ps_doc_column *column)
{
    return column->drop != PS_DROP_ALWAYS;
}

static void write_table(const ps_doc_table *table, md_out *md)
{
    ps_string_format(md->string, "| ");
    for (int c = 0; c < table->columns; c++) {
        if (is_shown(&table->column[c])) {
            ps_string_format(md->string, " | ");
            append_text(md, table->column[c].title != NULL ? table->column[c].title : "");
        }
    }
    ps_string_format(md->string, " |\n|---");
    for (int c = 0; c < table->columns; c++) {
        ps_string_format(md->string, "%s",
                         !is_shown(&table->column[c])           ? ""
                         : table->column[c].unit == PS_DOC_TEXT ? "|---"
                                                                : "|--:");
    }
    ps_string_format(md->string, "|\n");
    for (const ps_doc_row *row = table->first; row != NULL; row = row->next) {
        ps_string_format(md->string, "| %s", row->total ? "**" : "");
        append_text(md, row->label != NULL ? row->label : row->id);
        ps_string_format(md->string, "%s", row->total ? "**" : "");
        for (int c = 0; c < table->columns; c++) {
            if (is_shown(&table->column[c])) {
                ps_string_format(md->string, " | ");
                append_cell(md, &table->column[c], &row->cells[c]);
            }
        }
        ps_string_format(md->string, " |\n");
    }
}

/* A fan: the periods stand below each other. */
static void write_series(const ps_doc_series *series, md_out *md)
{
    ps_string_format(md->string, "| |");
    for (const ps_doc_line *line = series->first; line != NULL; line = line->next) {
        ps_string_format(md->string, " %s |", line->key);
    }
    ps_string_format(md->string, "\n|---|");
    for (const ps_doc_line *line = series->first; line != NULL; line = line->next) {
        ps_string_format(md->string, "--:|");
    }
    ps_string_format(md->string, "\n");
    for (int t = 0; t < series->count; t++) {
        char date[16];

        ps_string_format(md->string, "| %s |",
                         series->dates != NULL ? ps_date_format(series->dates[t], date) : "");
        for (const ps_doc_line *line = series->first; line != NULL; line = line->next) {
            ps_string_format(md->string, " ");
            append_number(md, series->unit, line->values[t], false);
            ps_string_format(md->string, " |");
        }
        ps_string_format(md->string, "\n");
    }
}

static void write_sentences(const ps_doc_block *block, md_out *md)
{
    for (const ps_doc_sentence *s = block->sentences.first; s != NULL; s = s->next) {
        if (s->command) {
            ps_string_format(md->string, "\n    %s\n", s->text);
            continue;
        }
        ps_string_format(md->string, "- ");
        append_text(md, s->text);
        ps_string_format(md->string, "\n");
    }
}

static bool is_empty(const ps_doc_block *block)
{
    return block->type == PS_DOC_TABLE       ? block->table.first == NULL
           : block->type == PS_DOC_SENTENCES ? block->sentences.first == NULL
                                             : block->series.first == NULL;
}

static void write_document(const ps_doc *doc, md_out *md)
{
    ps_string_format(md->string, "# ");
    append_text(md, doc->title != NULL ? doc->title : "");
    ps_string_format(md->string, "\n");
    if (doc->subtitle != NULL) {
        ps_string_format(md->string, "\n");
        append_text(md, doc->subtitle);
        ps_string_format(md->string, "\n");
    }
    for (const ps_doc_block *block = doc->first; block != NULL; block = block->next) {
        if ((block->audience & PS_DOC_FOR_PEOPLE) == 0 || is_empty(block)) {
            continue;
        }
        ps_string_format(md->string, "\n");
        if (block->title != NULL) {
            ps_string_format(md->string, "## ");
            append_text(md, block->title);
            ps_string_format(md->string, "\n\n");
        }
        if (block->type == PS_DOC_SENTENCES) {
            write_sentences(block, md);
        } else if (block->type == PS_DOC_SERIES) {
            write_series(&block->series, md);
        } else if (is_figures(&block->table)) {
            write_figures(&block->table, md);
        } else {
            write_table(&block->table, md);
        }
        if (block->note != NULL) {
            ps_string_format(md->string, "\n");
            append_text(md, block->note);
            ps_string_format(md->string, "\n");
        }
    }
}

static ps_status write_markdown(const ps_doc *doc, const ps_report_options *options, ps_string *out)
{
    ps_arena arena = {0};
    md_out md = {.string = out, .words = {.language = options->language, .arena = &arena}};

    write_document(doc, &md);
    ps_arena_free(&arena);
    return out->failed ? PS_ERR_LIMIT : PS_OK;
}

const ps_reporter ps_reporter_markdown = {
    .name = "markdown",
    .extension = "md",
    .doc = "Markdown, for pull requests.",
    .speaks = true,
    .write = write_markdown,
};
