/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document for a terminal or a mail: words first, then tables and charts in characters. */
#include "report/report.h"
#include "report/text_out.h"

static void draw_title(const ps_out *out, const ps_doc_block *block)
{
    if (block->title != NULL) {
        ps_out_paragraph(out, PS_STYLE_BOLD, "", block->title);
    }
}

/* The first sentence of the untitled block, the answer in brief, carries weight. */
static void draw_sentences(const ps_out *out, const ps_doc_block *block)
{
    int listed = 0;

    for (const ps_doc_sentence *s = block->sentences.first; s != NULL; s = s->next) {
        listed += s->command ? 0 : 1;
    }
    draw_title(out, block);
    for (const ps_doc_sentence *s = block->sentences.first; s != NULL; s = s->next) {
        const bool first = s == block->sentences.first && block->title == NULL;

        if (s->command) {
            ps_out_text(out, PS_STYLE_PLAIN, "  ");
            ps_out_text(out, PS_STYLE_PLAIN, s->text);
            ps_out_line(out);
            continue;
        }
        ps_out_paragraph(out, first ? PS_STYLE_BOLD : PS_STYLE_PLAIN,
                         listed > 1 ? "\xe2\x80\xa2 " : "  ", s->text);
    }
}

static bool is_empty(const ps_doc_block *block)
{
    switch (block->type) {
    case PS_DOC_SENTENCES:
        return block->sentences.first == NULL;
    case PS_DOC_TABLE:
        return block->table.first == NULL;
    case PS_DOC_SERIES:
        break;
    }
    return block->series.first == NULL;
}

static void draw_block(const ps_out *out, const ps_doc_block *block)
{
    bool noted = block->note != NULL;

    switch (block->type) {
    case PS_DOC_SENTENCES:
        draw_sentences(out, block);
        break;
    case PS_DOC_TABLE:
        ps_out_table(out, block);
        break;
    case PS_DOC_SERIES:
        draw_title(out, block);
        noted = ps_out_fan(out, block) && noted;
        break;
    }
    if (noted) {
        ps_out_paragraph(out, PS_STYLE_DIM, "", block->note);
    }
}

static ps_status write_text(const ps_doc *doc, const ps_report_options *options, ps_string *string)
{
    const int asked = options->width == 0 ? PS_REPORT_WIDTH : options->width;
    const int width = asked < PS_REPORT_MIN_WIDTH   ? PS_REPORT_MIN_WIDTH
                      : asked > PS_REPORT_MAX_WIDTH ? PS_REPORT_MAX_WIDTH
                                                    : asked;
    ps_arena arena = {0};
    ps_words words = {.language = options->language, .arena = &arena};
    const ps_out out = {.out = string,
                        .width = width,
                        .ascii = options->ascii,
                        .color = options->color,
                        .words = &words};
    bool blank = false;

    if (doc->title != NULL) {
        ps_out_paragraph(&out, PS_STYLE_BOLD, "", doc->title);
        blank = true;
    }
    if (doc->subtitle != NULL) {
        ps_out_paragraph(&out, PS_STYLE_DIM, "", doc->subtitle);
    }
    for (const ps_doc_block *block = doc->first; block != NULL; block = block->next) {
        if ((block->audience & PS_DOC_FOR_PEOPLE) == 0 || is_empty(block)) {
            continue;
        }
        if (blank) {
            ps_out_line(&out);
        }
        draw_block(&out, block);
        blank = true;
    }
    ps_arena_free(&arena);
    return string->failed ? PS_ERR_LIMIT : PS_OK;
}

const ps_reporter ps_reporter_text = {
    .name = "text",
    .extension = "txt",
    .doc = "words, tables and charts for a terminal",
    .speaks = true,
    .write = write_text,
};
