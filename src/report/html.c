/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document as one page for browsers: the page's own files (page/, put together by the Makefile)
 * around the document as a block of JSON data, from which they draw. Nothing is fetched. User text
 * reaches the page only as JSON strings without '<', '>' and '&', and as escaped text of the title
 * and of what browsers without scripts show. */
#include <math.h>
#include <string.h>

#include "report/report.h"
#include "json/write.h"

/* page/page.css, page/ *.js and page/vendor before and after the data. */
__asm__(".section .rodata\n"
        ".global ps_page_head, ps_page_head_end, ps_page_tail, ps_page_tail_end\n"
        "ps_page_head: .incbin \"page_head.html\"\n"
        "ps_page_head_end: .byte 0\n"
        "ps_page_tail: .incbin \"page_tail.html\"\n"
        "ps_page_tail_end: .byte 0\n"
        ".previous\n");
extern const char ps_page_head[], ps_page_head_end[], ps_page_tail[], ps_page_tail_end[];

static void append_escaped(ps_string *out, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        const char *escaped = *c == '&'   ? "&amp;"
                              : *c == '<' ? "&lt;"
                              : *c == '>' ? "&gt;"
                              : *c == '"' ? "&quot;"
                                          : NULL;

        if (escaped != NULL) {
            ps_string_append(out, escaped, strlen(escaped));
        } else {
            ps_string_append(out, (unsigned char)*c < 0x20 ? " " : c, 1);
        }
    }
}

static void member_text(ps_writer *writer, const char *key, const char *text)
{
    if (text != NULL) {
        ps_write_key(writer, key);
        ps_write_text(writer, text);
    }
}

static void write_figure(ps_writer *writer, ps_doc_unit unit, const ps_doc_figure *figure)
{
    const struct {
        const char *key;
        double value;
    } parts[] = {{"mean", figure->mean}, {"se", figure->se},   {"p5", figure->p5},
                 {"p10", figure->p10},   {"p50", figure->p50}, {"p90", figure->p90},
                 {"p95", figure->p95}};

    ps_write_object(writer);
    member_text(writer, "unit", ps_doc_unit_names[unit]);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        ps_write_key(writer, parts[i].key);
        ps_write_number(writer, parts[i].value);
    }
    ps_write_object_end(writer);
}

/* Text, flags and nothing are themselves; a number is {unit, value}, a figure has its parts. */
static void write_cell(ps_writer *writer, const ps_cell *cell)
{
    switch (cell->kind) {
    case PS_CELL_TEXT:
        ps_write_text(writer, cell->text);
        break;
    case PS_CELL_NUMBER:
        ps_write_object(writer);
        member_text(writer, "unit", ps_doc_unit_names[cell->unit]);
        ps_write_key(writer, "value");
        ps_write_number(writer, cell->number);
        ps_write_object_end(writer);
        break;
    case PS_CELL_FIGURE:
        write_figure(writer, cell->unit, cell->figure);
        break;
    case PS_CELL_FLAG:
        ps_write_bool(writer, cell->flag);
        break;
    case PS_CELL_NONE:
        ps_write_null(writer);
        break;
    }
}

static void write_columns(ps_writer *writer, const ps_doc_table *table)
{
    ps_write_key(writer, "columns");
    ps_write_array(writer);
    for (int c = 0; c < table->columns; c++) {
        const ps_doc_column *column = &table->column[c];

        ps_write_object(writer);
        member_text(writer, "key", column->key);
        member_text(writer, "title", column->title);
        member_text(writer, "unit", ps_doc_unit_names[column->unit]);
        ps_write_key(writer, "sign");
        ps_write_bool(writer, column->sign);
        ps_write_key(writer, "hidden");
        ps_write_bool(writer, column->drop == PS_DROP_ALWAYS);
        ps_write_object_end(writer);
    }
    ps_write_array_end(writer);
}

static void write_table(ps_writer *writer, const ps_doc_table *table)
{
    member_text(writer, "shape", ps_doc_shape_names[table->shape]);
    member_text(writer, "heading", table->heading);
    ps_write_key(writer, "record");
    ps_write_bool(writer, table->layout == PS_DOC_RECORD);
    ps_write_key(writer, "bar");
    ps_write_whole(writer, table->bar);
    write_columns(writer, table);
    ps_write_key(writer, "rows");
    ps_write_array(writer);
    for (const ps_doc_row *row = table->first; row != NULL; row = row->next) {
        ps_write_object(writer);
        member_text(writer, "id", row->id);
        member_text(writer, "label", row->label);
        ps_write_key(writer, "total");
        ps_write_bool(writer, row->total);
        ps_write_key(writer, "cells");
        ps_write_array(writer);
        for (int c = 0; c < table->columns; c++) {
            write_cell(writer, &row->cells[c]);
        }
        ps_write_array_end(writer);
        ps_write_object_end(writer);
    }
    ps_write_array_end(writer);
}

static void write_series(ps_writer *writer, const ps_doc_series *series)
{
    member_text(writer, "unit", ps_doc_unit_names[series->unit]);
    if (series->dates != NULL) {
        ps_write_key(writer, "dates");
        ps_write_array(writer);
        for (int i = 0; i < series->count; i++) {
            ps_write_whole(writer, series->dates[i]);
        }
        ps_write_array_end(writer);
    }
    ps_write_key(writer, "lines");
    ps_write_array(writer);
    for (const ps_doc_line *line = series->first; line != NULL; line = line->next) {
        ps_write_object(writer);
        member_text(writer, "key", line->key);
        ps_write_key(writer, "values");
        ps_write_array(writer);
        for (int i = 0; i < series->count; i++) {
            ps_write_number(writer, line->values[i]);
        }
        ps_write_array_end(writer);
        ps_write_object_end(writer);
    }
    ps_write_array_end(writer);
}

static void write_sentences(ps_writer *writer, const ps_doc_block *block)
{
    ps_write_key(writer, "sentences");
    ps_write_array(writer);
    for (const ps_doc_sentence *s = block->sentences.first; s != NULL; s = s->next) {
        ps_write_object(writer);
        member_text(writer, "text", s->text);
        ps_write_key(writer, "command");
        ps_write_bool(writer, s->command);
        ps_write_object_end(writer);
    }
    ps_write_array_end(writer);
}

static void write_block(ps_writer *writer, const ps_doc_block *block)
{
    ps_write_object(writer);
    member_text(writer, "type", ps_doc_type_names[block->type]);
    member_text(writer, "path", block->path);
    member_text(writer, "title", block->title);
    member_text(writer, "note", block->note);
    ps_write_key(writer, "people");
    ps_write_bool(writer, (block->audience & PS_DOC_FOR_PEOPLE) != 0);
    if (block->type == PS_DOC_TABLE) {
        write_table(writer, &block->table);
    } else if (block->type == PS_DOC_SERIES) {
        write_series(writer, &block->series);
    } else {
        write_sentences(writer, block);
    }
    ps_write_object_end(writer);
}

/* What only programs read and no part of the page draws would make it heavy. */
static bool is_shown(const ps_doc_block *block)
{
    static const char *const drawn[] = {"series/revenue",
                                        "series/contribution",
                                        "series/collected",
                                        "series/share",
                                        "series/win_rate_closed",
                                        "prices/",
                                        "shares",
                                        "by/",
                                        "inputs",
                                        "promotion_windows"};

    if ((block->audience & PS_DOC_FOR_PEOPLE) != 0) {
        return true;
    }
    for (size_t i = 0; i < sizeof drawn / sizeof *drawn; i++) {
        if (strncmp(block->path, drawn[i], strlen(drawn[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- the other language: what the page needs to say in it, by the English text */

typedef struct {
    ps_writer *writer;
    ps_words words;
} dictionary;

static void entry(dictionary *d, const char *english, const char *other)
{
    if (english != NULL && other != english) {
        member_text(d->writer, english, other);
    }
}

/* A cell's word may be somebody's name elsewhere. */
static void cell_entry(dictionary *d, const char *english)
{
    const char *other = ps_words_of_cell(&d->words, english);

    if (english != NULL && other != english) {
        member_text(d->writer, ps_arena_format(d->words.arena, "|%s", english), other);
    }
}

static void table_entries(dictionary *d, const ps_doc_table *table)
{
    entry(d, table->heading, ps_words_of(&d->words, table->heading));
    for (int c = 0; c < table->columns; c++) {
        if (table->column[c].drop != PS_DROP_ALWAYS) {
            entry(d, table->column[c].title, ps_words_of(&d->words, table->column[c].title));
        }
    }
    for (const ps_doc_row *row = table->first; row != NULL; row = row->next) {
        entry(d, row->label, ps_words_of_label(&d->words, row));
        for (int c = 0; c < table->columns; c++) {
            if (row->cells[c].kind == PS_CELL_TEXT) {
                cell_entry(d, row->cells[c].text);
            }
        }
    }
}

/* A text that comes twice is there twice, which JSON.parse of a browser takes. */
static void write_dictionary(const ps_doc *doc, ps_writer *writer)
{
    ps_arena arena = {0};
    dictionary d = {writer, {.language = PS_CHINESE, .arena = &arena}};

    ps_write_key(writer, "zh");
    ps_write_object(writer);
    for (int i = 0; ps_page_words[i][0] != NULL; i++) {
        entry(&d, ps_page_words[i][0], ps_page_words[i][1]);
    }
    entry(&d, doc->title, ps_words_of(&d.words, doc->title));
    entry(&d, doc->subtitle, ps_words_of_sentence(&d.words, doc->subtitle));
    for (const ps_doc_block *block = doc->first; block != NULL; block = block->next) {
        if (!is_shown(block)) {
            continue;
        }
        entry(&d, block->title, ps_words_of(&d.words, block->title));
        entry(&d, block->note, ps_words_of_sentence(&d.words, block->note));
        if (block->type == PS_DOC_TABLE) {
            table_entries(&d, &block->table);
        } else if (block->type == PS_DOC_SENTENCES) {
            for (const ps_doc_sentence *s = block->sentences.first; s != NULL; s = s->next) {
                entry(&d, s->text, s->command ? s->text : ps_words_of_sentence(&d.words, s->text));
            }
        }
    }
    ps_write_object_end(writer);
    ps_arena_free(&arena);
}

/* What figures are, in both languages. */
static void write_terms(ps_writer *writer)
{
    static const struct {
        const char *key, *english, *chinese;
    } terms[] = {
#define PS_TERM(key, english, chinese) {key, english, chinese},
#include "report/terms.def"
    };

    ps_write_key(writer, "terms");
    ps_write_object(writer);
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        ps_write_key(writer, terms[i].key);
        ps_write_array(writer);
        ps_write_text(writer, terms[i].english);
        ps_write_text(writer, terms[i].chinese);
        ps_write_array_end(writer);
    }
    ps_write_object_end(writer);
}

static void write_data(const ps_doc *doc, ps_language language, ps_string *out)
{
    ps_writer writer = {.out = out, .html = true};

    ps_write_object(&writer);
    member_text(&writer, "language", language == PS_CHINESE ? "zh" : NULL);
    member_text(&writer, "title", doc->title);
    member_text(&writer, "subtitle", doc->subtitle);
    member_text(&writer, "currency", doc->currency);
    ps_write_key(&writer, "blocks");
    ps_write_array(&writer);
    for (const ps_doc_block *block = doc->first; block != NULL; block = block->next) {
        if (is_shown(block)) {
            write_block(&writer, block);
        }
    }
    ps_write_array_end(&writer);
    write_dictionary(doc, &writer);
    write_terms(&writer);
    ps_write_object_end(&writer);
}

/* The verdict alone, for readers of e-mail without scripts. */
static void write_plain(const ps_doc *doc, ps_string *out)
{
    ps_string_format(out, "<noscript><h1>");
    append_escaped(out, doc->title != NULL ? doc->title : "");
    ps_string_format(out, "</h1>\n");
    for (const ps_doc_block *block = doc->first; block != NULL; block = block->next) {
        if (block->type != PS_DOC_SENTENCES || strcmp(block->path, "verdict") != 0) {
            continue;
        }
        for (const ps_doc_sentence *s = block->sentences.first; s != NULL; s = s->next) {
            ps_string_format(out, "<p>");
            append_escaped(out, s->text);
            ps_string_format(out, "</p>\n");
        }
    }
    ps_string_format(out, "</noscript>\n");
}

static ps_status write_html(const ps_doc *doc, const ps_report_options *options, ps_string *out)
{
    ps_string_append(out, ps_page_head, (size_t)(ps_page_head_end - ps_page_head));
    ps_string_format(out, "<title>");
    append_escaped(out, doc->title != NULL ? doc->title : "pricesim");
    ps_string_format(out, "</title>\n</head>\n<body>\n<div id=\"page\"></div>\n");
    write_plain(doc, out);
    ps_string_format(out, "<script type=\"application/json\" id=\"document\">");
    write_data(doc, options->language, out);
    ps_string_format(out, "</script>\n");
    ps_string_append(out, ps_page_tail, (size_t)(ps_page_tail_end - ps_page_tail));
    return out->failed ? PS_ERR_LIMIT : PS_OK;
}

const ps_reporter ps_reporter_html = {
    .name = "html",
    .extension = "html",
    .doc = "One page for a browser, with charts; it needs no network.",
    .write = write_html,
};
