/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text for a terminal: widths of any script, wrapping, colours that can be off, characters that can
 * be ASCII. */
#ifndef PS_REPORT_TEXT_OUT_H
#define PS_REPORT_TEXT_OUT_H

#include "base/text.h"
#include "doc/doc.h"
#include "report/language.h"

typedef struct {
    ps_string *out;
    int width;
    bool ascii, color;
    ps_words *words; /* the language of what we say ourselves */
} ps_out;

typedef enum {
    PS_STYLE_PLAIN,
    PS_STYLE_BOLD,
    PS_STYLE_DIM,
    PS_STYLE_BAR,    /* blue */
    PS_STYLE_LOSS,   /* vermillion */
    PS_STYLE_BAND,   /* of a fan */
    PS_STYLE_MEDIAN, /* on the band */
    PS_STYLES
} ps_style;

/* Columns that the text takes. */
int ps_out_width(const char *text);

/* Text as it is, without control and direction characters; typographic signs of our own in ASCII
 * when asked. */
void ps_out_text(const ps_out *out, ps_style style, const char *text);

__attribute__((format(printf, 2, 3))) void ps_out_format(const ps_out *out, const char *format,
                                                         ...);

void ps_out_spaces(const ps_out *out, int count);
void ps_out_repeat(const ps_out *out, ps_style style, const char *text, int count);

/* Ends the line; trailing spaces go. */
void ps_out_line(const ps_out *out);

/* In exactly `width` columns; cut when longer. */
void ps_out_padded(const ps_out *out, ps_style style, const char *text, int width, bool right);

/* The end of `text` in at most `width` columns, behind an ellipsis when it is not all of it. */
const char *ps_out_tail(const char *text, int width, char out[512]);

/* A paragraph: `lead` before the first line, the others indented as far. Pointers, paths and long
 * options stay in one piece, so that they can be copied. */
void ps_out_paragraph(const ps_out *out, ps_style style, const char *lead, const char *text);

/* text_table.c, text_chart.c */
void ps_out_table(const ps_out *out, const ps_doc_block *block);
bool ps_out_fan(const ps_out *out,
                const ps_doc_block *block); /* false: there was nothing to draw, which is said */

#endif
