/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Number texts that read back exactly in any locale, suggestions, hashes, growing strings. */
#include "base/text.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WORD = 64, MAX_NUMBER = 1000 };

/* "1,5e+07" (decimal comma) as "1.5e7". */
static void tidy(const char *printed, char *out)
{
    size_t used = 0;
    bool point = false;

    for (const char *c = printed; *c != '\0'; c++) {
        if (*c == 'e') {
            out[used++] = 'e';
            c++;
            if (*c == '-') {
                out[used++] = '-';
            }
            for (c++; *c == '0'; c++) {
            }
            while (*c != '\0') {
                out[used++] = *c++;
            }
            break;
        }
        if ((*c >= '0' && *c <= '9') || *c == '-') {
            out[used++] = *c;
        } else if (!point) { /* whatever this locale writes, of one byte or more */
            out[used++] = '.';
            point = true;
        }
    }
    out[used] = '\0';
}

/* The fewest digits that may tell a normal number, from its 17: rounded to fewer it must not move
 * by more than half the distance to its neighbours, 2^-54 of it over its mantissa. */
static int fewest_digits(const char *printed, double size)
{
    int64_t whole = 0;
    int digits = 0, exponent;

    for (const char *c = printed; *c != '\0' && *c != 'e'; c++) {
        if (*c >= '0' && *c <= '9' && (*c != '0' || whole > 0)) {
            whole = 10 * whole + (*c - '0');
            digits++;
        }
    }
    for (; digits < 17; digits++) {
        whole *= 10;
    }
    const double half = (double)whole * 0x1p-54 / frexp(size, &exponent);

    digits = 15;
    for (int64_t unit = 100; unit > 1; unit /= 10) {
        const int64_t above = whole % unit, moves = above < unit - above ? above : unit - above;

        if ((double)moves <= half + 1.0) { /* the 17 digits are rounded themselves */
            break;
        }
        digits++;
    }
    return digits;
}

char *ps_text_number(double value, char out[32])
{
    char printed[48], fewer[48];

    if (!isfinite(value) || value == 0) {
        return memcpy(out, value == 0 ? "0" : "null", value == 0 ? 2 : 5);
    }
    snprintf(printed, sizeof printed, "%.17g", value); /* always enough */
    const double size = fabs(value);
    bool told = false;

    for (int n = size < DBL_MIN ? 1 : fewest_digits(printed, size); n < 17 && !told; n++) {
        snprintf(fewer, sizeof fewer, "%.*g", n, value);
        told = strtod(fewer, NULL) == value;
    }
    tidy(told ? fewer : printed, out);
    return out;
}

static size_t skip_digits(const char *text, size_t at, size_t length)
{
    while (at < length && text[at] >= '0' && text[at] <= '9') {
        at++;
    }
    return at;
}

size_t ps_text_number_length(const char *text, size_t length)
{
    size_t start = length > 0 && text[0] == '-' ? 1 : 0;
    size_t at = skip_digits(text, start, length);

    if (at == start || (text[start] == '0' && at > start + 1)) {
        return 0;
    }
    if (at + 1 < length && text[at] == '.' && skip_digits(text, at + 1, length) > at + 1) {
        at = skip_digits(text, at + 1, length);
    }
    if (at < length && (text[at] == 'e' || text[at] == 'E')) {
        const size_t sign = at + 1 < length && (text[at + 1] == '-' || text[at + 1] == '+') ? 1 : 0;
        const size_t end = skip_digits(text, at + 1 + sign, length);

        at = end > at + 1 + sign ? end : at;
    }
    return at;
}

bool ps_text_read_number(const char *text, size_t length, double *value)
{
    const char *point = localeconv()->decimal_point;
    const size_t point_length = strlen(point);
    char copy[MAX_NUMBER + 16];
    size_t used = 0;

    if (length > MAX_NUMBER || point_length > 8 || ps_text_number_length(text, length) != length ||
        length == 0) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '.') {
            memcpy(copy + used, point, point_length);
            used += point_length;
        } else {
            copy[used++] = text[i];
        }
    }
    copy[used] = '\0';
    *value = strtod(copy, NULL);
    return isfinite(*value);
}

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

/* Damerau-Levenshtein distance with adjacent swaps (optimal string alignment), case ignored. */
static size_t edit_distance(const char *a, size_t length_a, const char *b, size_t length_b)
{
    size_t rows[3][MAX_WORD + 1];
    size_t *two_up = rows[0], *up = rows[1], *row = rows[2];

    for (size_t j = 0; j <= length_b; j++) {
        up[j] = j;
        two_up[j] = 0;
    }
    for (size_t i = 1; i <= length_a; i++) {
        row[0] = i;
        for (size_t j = 1; j <= length_b; j++) {
            const bool same = lower(a[i - 1]) == lower(b[j - 1]);
            size_t best = up[j - 1] + (same ? 0 : 1);

            best = up[j] + 1 < best ? up[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                lower(a[i - 2]) == lower(b[j - 1]) && two_up[j - 2] + 1 < best) {
                best = two_up[j - 2] + 1;
            }
            row[j] = best;
        }
        size_t *free_row = two_up;

        two_up = up;
        up = row;
        row = free_row;
    }
    return up[length_b];
}

const char *ps_text_suggest(const char *word, const char *const *names, size_t count)
{
    const size_t length = strlen(word);
    const size_t limit = (length + 2) / 3;
    const char *best = NULL;
    size_t best_distance = limit + 1;

    if (length == 0 || length > MAX_WORD) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        const size_t other = strlen(names[i]);

        if (other > MAX_WORD || other > length + limit || length > other + limit) {
            continue;
        }
        const size_t distance = edit_distance(word, length, names[i], other);

        if (distance < best_distance && distance < length) {
            best_distance = distance;
            best = names[i];
        }
    }
    return best;
}

uint64_t ps_text_hash(const void *bytes, size_t length, uint64_t seed)
{
    const unsigned char *byte = bytes;
    uint64_t hash = seed == 0 ? UINT64_C(0xcbf29ce484222325) : seed;

    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ byte[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

void ps_string_free(ps_string *string)
{
    free(string->data);
    memset(string, 0, sizeof *string);
}

/* Room for `length` more bytes and a NUL. */
static bool reserve(ps_string *string, size_t length)
{
    if (string->failed || length >= SIZE_MAX / 4 - string->length) {
        string->failed = 1;
        return false;
    }
    const size_t needed = string->length + length + 1;

    if (needed > string->capacity) {
        const size_t doubled = string->capacity * 2;
        const size_t capacity = needed > doubled ? (needed < 64 ? 64 : needed) : doubled;
        char *data = realloc(string->data, capacity);

        if (data == NULL) {
            string->failed = 1;
            return false;
        }
        string->data = data;
        string->capacity = capacity;
    }
    return true;
}

void ps_string_append(ps_string *string, const char *bytes, size_t length)
{
    if (reserve(string, length)) {
        memcpy(string->data + string->length, bytes, length);
        string->length += length;
        string->data[string->length] = '\0';
    }
}

void ps_string_format(ps_string *string, const char *format, ...)
{
    va_list arguments, again;

    va_start(arguments, format);
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, arguments);

    if (length < 0 || !reserve(string, (size_t)length)) {
        string->failed = 1;
    } else {
        vsnprintf(string->data + string->length, (size_t)length + 1, format, again);
        string->length += (size_t)length;
    }
    va_end(again);
    va_end(arguments);
}

/* ---- UTF-8 */

static bool continues(const unsigned char *s, size_t n, size_t count)
{
    for (size_t k = 1; k < count; k++) {
        if (k >= n || (s[k] & 0xc0) != 0x80) {
            return false;
        }
    }
    return true;
}

size_t ps_utf8_length(const unsigned char *s, size_t n)
{
    const unsigned c = s[0];

    if (c < 0x80) {
        return 1;
    }
    if (c >= 0xc2 && c <= 0xdf) {
        return continues(s, n, 2) ? 2 : 0;
    }
    if (c >= 0xe0 && c <= 0xef) {
        return continues(s, n, 3) && !(c == 0xe0 && s[1] < 0xa0) && !(c == 0xed && s[1] > 0x9f) ? 3
                                                                                                : 0;
    }
    if (c >= 0xf0 && c <= 0xf4) {
        return continues(s, n, 4) && !(c == 0xf0 && s[1] < 0x90) && !(c == 0xf4 && s[1] > 0x8f) ? 4
                                                                                                : 0;
    }
    return 0;
}

bool ps_text_is_strange(const unsigned char *s, size_t length)
{
    unsigned code = length < 2 ? s[0] : s[0] & (0x7fU >> length);

    for (size_t k = 1; k < length; k++) {
        code = code << 6 | (s[k] & 0x3fU);
    }
    return length == 0 || code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xad ||
           (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2060 && code <= 0x2069) || code == 0xfeff;
}

void ps_string_append_shown(ps_string *string, const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t left = strlen(text);

    while (left > 0) {
        const size_t length = ps_utf8_length(s, left), step = length == 0 ? 1 : length;

        if (ps_text_is_strange(s, length)) {
            ps_string_append(string, "\xef\xbf\xbd", 3);
        } else {
            ps_string_append(string, (const char *)s, length);
        }
        s += step;
        left -= step;
    }
}
