/* SPDX-License-Identifier: GPL-3.0-or-later */
/* String and number literals by the grammar of RFC 8259, section 6 and 7, and UTF-8 by RFC 3629. */
#include "json/literal.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

enum { MAX_NUMBER = 1000 };

/* Records the fault; the result is the 0 that the caller returns. */
static size_t fail(ps_literal_fault *fault, size_t at, const char *message, const char *hint)
{
    *fault = (ps_literal_fault){at, "SYNTAX", message, hint};
    return 0;
}

static int hex_digit(unsigned char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const int lower = c | 0x20;

    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static long hex4(const unsigned char *s)
{
    long value = 0;

    for (int k = 0; k < 4; k++) {
        const int digit = hex_digit(s[k]);

        if (digit < 0) {
            return -1;
        }
        value = value * 16 + digit;
    }
    return value;
}

static bool is_high_surrogate(long unit)
{
    return unit >= 0xd800 && unit <= 0xdbff;
}

/* Behind the escape whose backslash is at `at`. */
static size_t escape_end(const unsigned char *s, size_t n, size_t at, ps_literal_fault *fault)
{
    const size_t left = n - at;
    const unsigned char c = left > 1 ? s[at + 1] : 0;

    if (c != 'u') {
        if (c == 0 || strchr("\"\\/bfnrt", c) == NULL) {
            return fail(fault, at, "unknown escape", "a backslash is written \\\\");
        }
        return at + 2;
    }
    const long unit = left >= 6 ? hex4(s + at + 2) : -1;

    if (unit < 0) {
        return fail(fault, at, "\\u needs four hexadecimal digits", NULL);
    }
    if (unit == 0) {
        return fail(fault, at, "\\u0000 is not allowed", NULL);
    }
    if (unit >= 0xdc00 && unit <= 0xdfff) {
        return fail(fault, at, "low surrogate without a high one before it", NULL);
    }
    if (is_high_surrogate(unit)) {
        const bool paired = left >= 12 && s[at + 6] == '\\' && s[at + 7] == 'u';
        const long low = paired ? hex4(s + at + 8) : -1;

        return low < 0xdc00 || low > 0xdfff
                   ? fail(fault, at, "high surrogate without a low one after it", NULL)
                   : at + 12;
    }
    return at + 6;
}

size_t ps_literal_string(const unsigned char *s, size_t n, size_t at, ps_literal_fault *fault)
{
    size_t i = at + 1;

    while (i < n && s[i] != '"') {
        if (s[i] >= 0x20 && s[i] < 0x80 && s[i] != '\\') {
            i++;
        } else if (s[i] == 0) {
            return fail(fault, i, "NUL byte in a string", NULL);
        } else if (s[i] < 0x20) {
            return fail(fault, i, "control character in a string", "use an escape such as \\n");
        } else if (s[i] == '\\') {
            i = i + 1 < n ? escape_end(s, n, i, fault) : n;
            if (i == 0) {
                return 0;
            }
        } else {
            const size_t length = ps_utf8_length(s + i, n - i);

            if (length == 0) {
                *fault =
                    (ps_literal_fault){i, "ENCODING", "invalid UTF-8", "save the file as UTF-8"};
                return 0;
            }
            i += length;
        }
    }
    return i < n ? i + 1 : fail(fault, at, "string is not closed", NULL);
}

static size_t skip_digits(const unsigned char *s, size_t n, size_t at)
{
    while (at < n && s[at] >= '0' && s[at] <= '9') {
        at++;
    }
    return at;
}

/* The text is a number; is it also one for a double? 1e-999 must not silently become nothing. */
static size_t check_range(const unsigned char *s, size_t at, size_t end, ps_literal_fault *fault)
{
    double value = 0;

    if (end - at > MAX_NUMBER) {
        return fail(fault, at, "number is too long", "at most 1000 characters");
    }
    if (!ps_text_read_number((const char *)s + at, end - at, &value)) {
        return fail(fault, at, "number is too large for a double", NULL);
    }
    for (size_t i = at; value == 0 && i < end && (s[i] | 0x20) != 'e'; i++) {
        if (s[i] >= '1' && s[i] <= '9') {
            return fail(fault, at, "number is too small for a double", NULL);
        }
    }
    return end;
}

size_t ps_literal_number(const unsigned char *s, size_t n, size_t at, ps_literal_fault *fault)
{
    const size_t start = s[at] == '-' ? at + 1 : at;
    size_t i = skip_digits(s, n, start);

    if (i == start) {
        return fail(fault, i,
                    i < n && s[i] == 'I' ? "NaN and Infinity are not JSON" : "digit expected",
                    NULL);
    }
    if (s[start] == '0' && i > start + 1) {
        return fail(fault, at, "leading zero in a number", NULL);
    }
    if (i < n && s[i] == '.') {
        const size_t digits = i + 1;

        i = skip_digits(s, n, digits);
        if (i == digits) {
            return fail(fault, i, "digit expected after the decimal point", NULL);
        }
    }
    if (i < n && (s[i] | 0x20) == 'e') {
        const size_t digits = i + 1 < n && (s[i + 1] == '+' || s[i + 1] == '-') ? i + 2 : i + 1;

        i = skip_digits(s, n, digits);
        if (i == digits) {
            return fail(fault, i, "digit expected in the exponent", NULL);
        }
    }
    return check_range(s, at, i, fault);
}

static size_t put_utf8(char *out, long code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    const int length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const int lead[] = {0, 0, 0xc0, 0xe0, 0xf0};

    for (int k = length - 1; k > 0; k--) {
        out[k] = (char)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    out[0] = (char)(lead[length] | code);
    return (size_t)length;
}

/* Decodes the character or escape at `*s` into `out` (4 bytes) and steps over it. */
static size_t decode_one(const char **s, char out[4])
{
    static const char names[] = "bfnrt", codes[] = "\b\f\n\r\t";

    if (**s != '\\') {
        out[0] = *(*s)++;
        return 1;
    }
    const char c = (*s)[1];

    if (c != 'u') {
        const char *named = strchr(names, c);

        out[0] = named == NULL ? c : codes[named - names];
        *s += 2;
        return 1;
    }
    long code = hex4((const unsigned char *)*s + 2);

    *s += 6;
    if (is_high_surrogate(code)) {
        code = 0x10000 + ((code - 0xd800) << 10) + hex4((const unsigned char *)*s + 2) - 0xdc00;
        *s += 6;
    }
    return put_utf8(out, code);
}

size_t ps_literal_decode(const char *quote, char *out)
{
    size_t used = 0;

    for (const char *s = quote + 1; *s != '"';) {
        char one[4];
        const size_t length = decode_one(&s, one);

        memcpy(out + used, one, length);
        used += length;
    }
    out[used] = '\0';
    return used;
}

typedef struct {
    const char *next;
    char one[4];
    size_t length, used;
} decoder;

static int next_byte(decoder *d)
{
    if (d->used == d->length) {
        if (*d->next == '"') {
            return -1;
        }
        d->length = decode_one(&d->next, d->one);
        d->used = 0;
    }
    return (unsigned char)d->one[d->used++];
}

int ps_literal_compare(const char *quote_a, const char *quote_b)
{
    decoder a = {.next = quote_a + 1}, b = {.next = quote_b + 1};

    for (;;) {
        const int x = next_byte(&a), y = next_byte(&b);

        if (x != y || x < 0) {
            return x - y;
        }
    }
}

void ps_pointer_append(ps_string *pointer, const char *key)
{
    ps_string_append(pointer, "/", 1);
    for (; *key != '\0'; key++) {
        if (*key == '~' || *key == '/') {
            ps_string_append(pointer, *key == '~' ? "~0" : "~1", 2);
        } else {
            ps_string_append(pointer, key, 1);
        }
    }
}
