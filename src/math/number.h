/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An input as the user wrote it: a number, a range, counts or a distribution (drawn once per path),
 * and a spread between customers, whose parameters are such numbers again. */
#ifndef PS_MATH_NUMBER_H
#define PS_MATH_NUMBER_H

#include <stdbool.h>

#include "base/field.h"
#include "math/dist.h"

enum {
    PS_LANES = 64
}; /* paths computed together; arrays over lanes are double[PS_LANES], 64-byte aligned */

typedef struct {
    bool given;     /* false: the key was left out and there is no default */
    bool exact;     /* written {"value": x, "exact": true}, or a plain number of a key that needs no
                       range */
    bool defaulted; /* comes from the field table, not from the file */
    ps_dist dist;   /* PS_LAW_CONSTANT for a plain number */
    const char *draw; /* inputs with the same name share one uniform; NULL: its own */
    int shifts;       /* "shift": {segment: x}, on the law's own scale */
    const char **shift_segment;
    double *shift;
    const char
        *pointer; /* canonical JSON Pointer: names the random stream; see docs/model/random.md */
    int slot; /* first row of the lane values; with shifts, row slot + segment index. -1: not given
               */
} ps_number;

/* Lane values of a number for a segment: `values` is [rows][PS_LANES]. */
static inline const double *ps_number_lanes(const ps_number *number, const double *values,
                                            int segment)
{
    return values + ((long)number->slot + (number->shifts > 0 ? segment : 0)) * PS_LANES;
}

/* A spread between customers: the law, and its parameters as numbers (parameter[i] <-> dist.p[i]).
 * A plain number is PS_LAW_CONSTANT with one parameter. */
typedef struct {
    bool given;
    ps_law law;
    ps_number parameter[PS_DIST_PARAMS];
} ps_spread;

/* A rate with its unit of time in the key. */
typedef enum {
    PS_PER_NONE,
    PS_PER_DAY,
    PS_PER_WEEK,
    PS_PER_MONTH,
    PS_PER_QUARTER,
    PS_PER_YEAR
} ps_per;

typedef struct {
    ps_per per; /* PS_PER_NONE: not given */
    ps_number value;
} ps_rate;

/* Time in a stage: one law, or one for deals that go on (won) and one for deals that are lost. */
typedef struct {
    bool given, by_outcome;
    ps_spread won, lost; /* equal when not by_outcome */
} ps_dwell;

typedef struct {
    int count;
    ps_ref *keys; /* sorted by index */
    ps_number *numbers;
} ps_number_map;

#endif
