/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A strict RFC 8259 scanner that runs before the JSON library sees a byte: the library alone
 * accepts cut texts, duplicate keys and a dozen malformed numbers. No recursion; memory is bounded
 * by the limits. */
#ifndef PS_JSON_SCAN_H
#define PS_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

enum {
    PS_JSON_MAX_BYTES = 16 << 20,
    PS_JSON_MAX_DEPTH = 64,
    PS_JSON_MAX_VALUES = 1000000,
};

/* Byte offsets of a value and of its key's opening quote (0: it has no key). */
typedef struct {
    uint32_t key, value;
} ps_scan_place;

/* Every value in the order of the document, a container before its members. Zeroed is empty. */
typedef struct {
    ps_scan_place *places;
    size_t count, capacity;
    size_t max_values; /* in: more are refused; 0: PS_JSON_MAX_VALUES */
} ps_scan;

void ps_scan_free(ps_scan *scan);

/* Checks `text`; with `object_only` the document must be an object, otherwise any value will do.
 * Stops at the first fault and adds it to `faults` with code SYNTAX, ENCODING, DUPLICATE_KEY, LIMIT
 * or TYPE. Columns count characters. On success `scan` (may be NULL) holds the places. PS_ERR_LIMIT
 * when memory runs out. */
ps_status ps_scan_text(const char *text, size_t length, const char *file, bool object_only,
                       ps_scan *scan, ps_faults *faults);

/* Line and column, both from 1, of a byte of the text. */
void ps_scan_locate(const char *text, size_t offset, int *line, int *column);

#endif
