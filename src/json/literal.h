/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Strings and numbers of JSON, checked and decoded in place. */
#ifndef PS_JSON_LITERAL_H
#define PS_JSON_LITERAL_H

#include <stddef.h>

#include "base/text.h"

typedef struct {
    size_t at; /* offset of what is wrong */
    const char *code, *message, *hint;
} ps_literal_fault;

/* The offset behind the string whose opening quote is at `at`; 0 and `fault` when it is malformed.
 */
size_t ps_literal_string(const unsigned char *s, size_t n, size_t at, ps_literal_fault *fault);

/* The offset behind the number that begins at `at`; 0 and `fault` when it is malformed, longer than
 * 1000 characters, or not within the range of a double. */
size_t ps_literal_number(const unsigned char *s, size_t n, size_t at, ps_literal_fault *fault);

/* Decodes the string (already checked) whose opening quote is at `quote` into `out`, which holds as
 * many bytes as lie between the quotes and a NUL. Returns the bytes written. */
size_t ps_literal_decode(const char *quote, char *out);

/* Order of two checked strings after decoding, by bytes. */
int ps_literal_compare(const char *quote_a, const char *quote_b);

/* Appends "/" and the key as a token of a JSON Pointer (RFC 6901). */
void ps_pointer_append(ps_string *pointer, const char *key);

#endif
