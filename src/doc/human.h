/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers as people read them: 7.7M, 412k, 33%. Rounded, so for words and pictures only, never for
 * data. */
#ifndef PS_DOC_HUMAN_H
#define PS_DOC_HUMAN_H

#include "doc/doc.h"

enum { PS_HUMAN_SIZE = 48 };

/* One way to write numbers that stand together: the same suffix and decimals, so that they compare
 * at a glance. */
typedef struct {
    ps_doc_unit unit;
    double factor; /* written = value / factor */
    const char *suffix;
    int decimals;
} ps_human_scale;

/* A scale for numbers up to `largest` in absolute value, with at least `digits` significant digits
 * of it, and more when differences of `resolution` (0: do not care) would be lost. */
ps_human_scale ps_human_scale_of(ps_doc_unit unit, double largest, double resolution, int digits);

/* The number in that scale: "-1.25M", "33.1%", "8,430"; NAN is "n/a". With `sign`, gains get a
 * plus. */
char *ps_human_write(const ps_human_scale *scale, double value, bool sign, char out[PS_HUMAN_SIZE]);

/* One number on its own. */
char *ps_human(ps_doc_unit unit, double value, int digits, char out[PS_HUMAN_SIZE]);

/* A probability in words' precision: "64%", "under 1%", "over 99%", "0%", "100%". */
char *ps_human_chance(double p, char out[PS_HUMAN_SIZE]);

/* A whole number with commas: "10,000". */
char *ps_human_whole(long long value, char out[PS_HUMAN_SIZE]);

#endif
