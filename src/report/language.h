/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report's words in other languages. Documents are made in English; what people read of them is
 * put into another language by a catalogue of phrases (phrases.def), whose holes hold numbers,
 * names or phrases again. So stored results translate, too, and whoever writes a new sentence adds
 * a line to the catalogue. What it does not know stays English. */
#ifndef PS_REPORT_LANGUAGE_H
#define PS_REPORT_LANGUAGE_H

#include "doc/doc.h"

typedef enum { PS_ENGLISH, PS_CHINESE } ps_language;

/* The language, and where translated texts live; zeroed: English, which is given back as it is. */
typedef struct {
    ps_language language;
    ps_arena *arena;
} ps_words;

/* A title, a label, a number as people read it ("11.4M", "7.1M to 8.4M", "yes"). */
const char *ps_words_of(ps_words *words, const char *text);

/* A sentence, or several. */
const char *ps_words_of_sentence(ps_words *words, const char *text);

/* A cell of text; a row's label, which stays when it is the row's id. */
const char *ps_words_of_cell(ps_words *words, const char *text);
const char *ps_words_of_label(ps_words *words, const ps_doc_row *row);

/* All that people read of a document, but numbers, which the reporter writes. */
void ps_doc_translate(ps_doc *doc, ps_language language);

/* The page's own words, [English, Chinese] each, up to {NULL, NULL}. */
extern const char *const ps_page_words[][2];

#endif
