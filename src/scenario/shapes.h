/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All shapes below a shape, for the schema and the reference. */
#ifndef PS_SCENARIO_SHAPES_H
#define PS_SCENARIO_SHAPES_H

#include "base/field.h"

enum { PS_MAX_SHAPES = 256 };

typedef struct {
    const ps_shape *shape;
    const ps_kind *kind;    /* NULL, or the kind whose own keys these are */
    const ps_shape *around; /* NULL, or the shape whose keys stand beside the kind's */
    bool entry;             /* of a map: may have a label */
} ps_listed_shape;

typedef struct {
    ps_listed_shape items[PS_MAX_SHAPES];
    int count;
} ps_shape_list;

/* Lists `root` and everything it mentions, in order of first mention, each once. */
void ps_shapes_list(const ps_shape *root, ps_shape_list *list);

/* The field that stands for a kind beside the shape's own keys, NULL when there is none. */
const ps_field *ps_shape_inline_kind(const ps_shape *shape);

/* "per_week", or "leaves_per_week" for a rate with key "leaves"; `per` from 0 (day) to 4 (year). */
enum { PS_RATE_UNITS = 5 };
const char *ps_rate_key(const ps_field *field, int per, char out[64]);

#endif
