/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small text helpers: suggestions, number printing, growing strings. */
#ifndef PS_BASE_TEXT_H
#define PS_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Shortest decimal text that reads back as exactly `value` (finite). Writes at most 31 characters
 * and a NUL into `out`; returns `out`. Whole numbers below 1e15 have no exponent or point. Both
 * zeros are "0"; a value that is not finite is "null". */
char *ps_text_number(double value, char out[32]);

/* Bytes of the JSON number (RFC 8259 grammar) that `text` begins with, 0 when it begins with none.
 */
size_t ps_text_number_length(const char *text, size_t length);

/* The value of `text`, all of which must be one JSON number of at most 1000 bytes, in any locale;
 * false when it is not, or when it is too large for a double. */
bool ps_text_read_number(const char *text, size_t length, double *value);

/* The entry of `names` (count of them) closest to `word` by Damerau-Levenshtein distance, or NULL
 * when none is within a third of the word's length (rounded up, less than all of it). Ties: the
 * first. Case is ignored at a cost of 0. */
const char *ps_text_suggest(const char *word, const char *const *names, size_t count);

/* FNV-1a of `length` bytes, 64 bits; `seed` chains several pieces (start with 0). */
uint64_t ps_text_hash(const void *bytes, size_t length, uint64_t seed);

/* Bytes of the UTF-8 character at `s` of `n` left, 0 when it is malformed (overlong, surrogate,
 * above U+10FFFF). */
size_t ps_utf8_length(const unsigned char *s, size_t n);

/* A growing string; zeroed is empty. `failed` is set when memory ran out, and stays set. */
typedef struct {
    char *data;
    size_t length, capacity;
    int failed;
} ps_string;

void ps_string_free(ps_string *string);
void ps_string_append(ps_string *string, const char *bytes, size_t length);
__attribute__((format(printf, 2, 3))) void ps_string_format(ps_string *string, const char *format,
                                                            ...);

/* Whether the character of `length` bytes at `s` must not be shown as it is: not UTF-8 (length 0),
 * a control character, a mark of direction, a separator of lines. */
bool ps_text_is_strange(const unsigned char *s, size_t length);

/* Appends a text that may hold anything, as the name of a file does, with U+FFFD for what is
 * strange.
 */
void ps_string_append_shown(ps_string *string, const char *text);

#endif
