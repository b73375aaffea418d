/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Phrases with holes. {1} holds anything and is translated itself; {?1}, at the end, may hold
 * nothing;
 * {#1} only a number; {=1} stays as it is (names); {,1} is a list of phrases. The kinds are written
 * in the English phrase. A phrase without holes must be the whole text. The first phrase that
 * matches is taken; a hole is as short as can be, without going back, so that the work is bounded.
 */
#include "report/language.h"

#include <string.h>

#include "base/text.h"

enum { HOLES = 10, MAX_DEPTH = 24, MAX_DIGITS = 40 };

typedef struct {
    const char *english, *chinese;
} phrase;

/* What a text is decides which phrases it may be. */
typedef enum { LABEL, CELL, SENTENCE } role;

static const phrase phrases[] = {
#define PS_PHRASE(english, chinese) {english, chinese},
#define PS_CELL(english, chinese)
#define PS_JOINT(english, chinese)
#define PS_PAGE(english, chinese) {english, chinese},
#include "report/phrases.def"
};

static const phrase cells[] = {
#define PS_PHRASE(english, chinese)
#define PS_CELL(english, chinese) {english, chinese},
#define PS_JOINT(english, chinese)
#define PS_PAGE(english, chinese)
#include "report/phrases.def"
};

/* How sentences are put together: not for names and labels, which may have a stop inside. */
static const phrase joints[] = {
#define PS_PHRASE(english, chinese)
#define PS_CELL(english, chinese)
#define PS_JOINT(english, chinese) {english, chinese},
#define PS_PAGE(english, chinese)
#include "report/phrases.def"
};

const char *const ps_page_words[][2] = {
#define PS_PHRASE(english, chinese)
#define PS_CELL(english, chinese)
#define PS_JOINT(english, chinese)
#define PS_PAGE(english, chinese) {english, chinese},
#include "report/phrases.def"
    {NULL, NULL}};

typedef struct {
    const char *text;
    size_t length;
    char kind; /* of a hole */
} piece;

static void add(ps_string *out, const char *text)
{
    ps_string_append(out, text, strlen(text));
}

/* ---- numbers: thousands and millions become 万 (ten thousand) and 亿 (ten thousand of those) */

typedef struct {
    char sign, suffix;       /* 0: none */
    char digits[MAX_DIGITS]; /* without the point */
    int count, point;        /* digits in all, and before the point */
} number;

static bool read_number(piece text, number *n)
{
    size_t i = 0;
    bool point = false;

    *n = (number){0};
    if (i < text.length && (text.text[i] == '-' || text.text[i] == '+')) {
        n->sign = text.text[i++];
    }
    for (; i < text.length; i++) {
        const char c = text.text[i];

        if (c >= '0' && c <= '9' && n->count < MAX_DIGITS - 8) {
            n->digits[n->count++] = c;
            n->point += point ? 0 : 1;
        } else if (c == '.' && !point && n->count > 0) {
            point = true;
        } else if (c != ',' || point || n->count == 0) {
            break;
        }
    }
    if (n->count == 0) {
        return false;
    }
    if (i < text.length && strchr("kMBT%", text.text[i]) != NULL) {
        n->suffix = text.text[i++];
    }
    return i == text.length;
}

/* "11.4M" is 1140 ten thousands: the same digits, the point elsewhere. */
static void add_number(ps_string *out, piece text, number *n)
{
    const char *unit = "\xe4\xb8\x87"; /* 万 */
    int shift = n->suffix == 'k' ? -1 : n->suffix == 'M' ? 2 : n->suffix == 'B' ? 1 : 0;
    int point = n->point + shift, from = 0;

    if (n->suffix == 0 || n->suffix == '%') {
        ps_string_append(out, text.text, text.length);
        return;
    }
    while (from < n->count && n->digits[from] == '0') {
        from++;
    }
    if (from == n->count) {
        add(out, "0");
        return;
    }
    if (n->suffix == 'B' || (n->suffix == 'M' && point - from > 4)) {
        unit = "\xe4\xba\xbf"; /* 亿 */
        point -= n->suffix == 'M' ? 4 : 0;
    } else if (n->suffix == 'T') {
        unit = "\xe4\xb8\x87\xe4\xba\xbf"; /* 万亿 */
    }
    if (n->sign != 0) {
        ps_string_append(out, &n->sign, 1);
    }
    for (int i = from < point ? from : point - 1; i < point || i < n->count; i++) {
        if (i == point) {
            add(out, ".");
        }
        ps_string_append(out, i >= 0 && i < n->count ? &n->digits[i] : "0", 1);
    }
    add(out, unit);
}

/* ---- phrases */

/* Where `word` first stands in the text behind its first byte; NULL: nowhere. */
static const char *find(piece text, const char *word, size_t length)
{
    for (size_t i = 1; i + length <= text.length; i++) {
        if (text.text[i] == word[0] && memcmp(text.text + i, word, length) == 0) {
            return text.text + i;
        }
    }
    return NULL;
}

/* What is in the braces at `at`; returns what follows them. */
static const char *read_hole(const char *at, char *kind, int *index)
{
    at++;
    *kind = *at >= '0' && *at <= '9' ? 0 : *at++;
    *index = *at - '0';
    return at + 2;
}

/* The text, up to the literal of `length` bytes behind a hole, into the hole; what is left, or a
 * NULL text. */
static piece fill(piece text, const char *literal, size_t length, char kind, piece *hole)
{
    const bool last = literal[length] == '\0';
    const char *end = text.text + text.length, *at;
    number n;

    if (last) {
        at = text.length + (kind == '?') > length && memcmp(end - length, literal, length) == 0
                 ? end - length
                 : NULL;
    } else {
        at = find(text, literal, length);
    }
    if (at == NULL) {
        return (piece){.text = NULL};
    }
    *hole = (piece){text.text, (size_t)(at - text.text), kind};
    if (kind == '#' && !read_number(*hole, &n)) {
        return (piece){.text = NULL};
    }
    return (piece){at + length, (size_t)(end - at) - length, 0};
}

static bool matches(const char *pattern, piece text, piece holes[HOLES])
{
    int index = -1;
    char kind = 0;

    while (*pattern != '\0' || index >= 0) {
        const size_t length = strcspn(pattern, "{");

        if (length > 0 || *pattern == '\0') {
            if (index >= 0) {
                text = fill(text, pattern, length, kind, &holes[index]);
                index = -1;
            } else if (text.length >= length && memcmp(text.text, pattern, length) == 0) {
                text = (piece){text.text + length, text.length - length, 0};
            } else {
                return false;
            }
            if (text.text == NULL) {
                return false;
            }
            pattern += length;
        } else {
            pattern = read_hole(pattern, &kind, &index);
        }
    }
    return text.length == 0;
}

static void translate(ps_string *out, piece text, int depth, role as);

static void add_list(ps_string *out, piece text, int depth)
{
    while (text.length > 0) {
        const char *comma = find(text, ", ", 2);
        const piece one = {text.text, comma != NULL ? (size_t)(comma - text.text) : text.length, 0};

        translate(out, one, depth, LABEL);
        if (comma != NULL) {
            add(out, "\xe3\x80\x81"); /* 、 */
        }
        text =
            comma != NULL ? (piece){comma + 2, text.length - one.length - 2, 0} : (piece){"", 0, 0};
    }
}

static void write(ps_string *out, const char *pattern, const piece holes[HOLES], int depth, role as)
{
    while (*pattern != '\0') {
        const size_t length = strcspn(pattern, "{");
        char kind;
        int index;

        ps_string_append(out, pattern, length);
        pattern += length;
        if (*pattern == '\0') {
            return;
        }
        pattern = read_hole(pattern, &kind, &index);
        kind = holes[index].kind;
        if (kind == '=') {
            ps_string_append(out, holes[index].text, holes[index].length);
        } else if (kind == ',') {
            add_list(out, holes[index], depth + 1);
        } else {
            translate(out, holes[index], depth + 1, as);
        }
    }
}

static bool try_phrases(ps_string *out, const phrase *list, size_t count, piece text, int depth,
                        role as)
{
    piece holes[HOLES];

    for (size_t i = 0; i < count; i++) {
        if (matches(list[i].english, text, holes)) {
            write(out, list[i].chinese, holes, depth, as);
            return true;
        }
    }
    return false;
}

static void translate(ps_string *out, piece text, int depth, role as)
{
    number n;

    if (read_number(text, &n)) {
        add_number(out, text, &n);
    } else if (depth >= MAX_DEPTH ||
               (!try_phrases(out, phrases, sizeof phrases / sizeof *phrases, text, depth, as) &&
                !(as == CELL &&
                  try_phrases(out, cells, sizeof cells / sizeof *cells, text, depth, as)) &&
                !(as == SENTENCE &&
                  try_phrases(out, joints, sizeof joints / sizeof *joints, text, depth, as)))) {
        ps_string_append(out, text.text, text.length);
    }
}

static const char *in_arena(ps_arena *arena, const char *text, role as)
{
    ps_string out = {0};
    const char *kept;

    if (text == NULL || text[0] == '\0') {
        return text;
    }
    translate(&out, (piece){text, strlen(text), 0}, 0, as);
    kept = out.failed || out.data == NULL ? NULL
           : strcmp(out.data, text) == 0  ? text
                                          : ps_arena_text(arena, out.data, out.length);
    ps_string_free(&out);
    return kept != NULL ? kept : text; /* English is better than nothing */
}

const char *ps_words_of(ps_words *words, const char *text)
{
    return words->language == PS_ENGLISH ? text : in_arena(words->arena, text, LABEL);
}

const char *ps_words_of_sentence(ps_words *words, const char *text)
{
    return words->language == PS_ENGLISH ? text : in_arena(words->arena, text, SENTENCE);
}

/* ---- documents */

const char *ps_words_of_cell(ps_words *words, const char *text)
{
    return words->language == PS_ENGLISH ? text : in_arena(words->arena, text, CELL);
}

const char *ps_words_of_label(ps_words *words, const ps_doc_row *row)
{
    const bool name = row->label == NULL || (row->id != NULL && strcmp(row->id, row->label) == 0);

    return name ? row->label : ps_words_of(words, row->label);
}

static void translate_table(ps_doc *doc, ps_doc_table *table, ps_words *words)
{
    ps_doc_column *columns = ps_arena_alloc(&doc->arena, (size_t)table->columns, sizeof *columns);

    if (columns == NULL) {
        doc->failed = true;
        return;
    }
    for (int c = 0; c < table->columns; c++) {
        columns[c] = table->column[c];
        columns[c].title = ps_words_of(words, columns[c].title);
    }
    table->column = columns;
    table->heading = ps_words_of(words, table->heading);
    for (ps_doc_row *row = table->first; row != NULL; row = row->next) {
        row->label = ps_words_of_label(words, row);
        for (int c = 0; c < table->columns; c++) {
            if (row->cells[c].kind == PS_CELL_TEXT) {
                row->cells[c].text = ps_words_of_cell(words, row->cells[c].text);
            }
        }
    }
}

void ps_doc_translate(ps_doc *doc, ps_language language)
{
    ps_words words = {.language = language, .arena = &doc->arena};

    if (language == PS_ENGLISH) {
        return;
    }
    doc->title = ps_words_of(&words, doc->title);
    doc->subtitle = ps_words_of_sentence(&words, doc->subtitle);
    for (ps_doc_block *block = doc->first; block != NULL; block = block->next) {
        block->title = ps_words_of(&words, block->title);
        block->note = ps_words_of_sentence(&words, block->note);
        if (block->type == PS_DOC_TABLE) {
            translate_table(doc, &block->table, &words);
        } else if (block->type == PS_DOC_SENTENCES) {
            for (ps_doc_sentence *s = block->sentences.first; s != NULL; s = s->next) {
                s->text = s->command ? s->text : ps_words_of_sentence(&words, s->text);
            }
        }
    }
}
