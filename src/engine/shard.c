/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A collection's part as bytes, and back: the range, then each array's rows one after the other,
 * then the sketches, of which only the buckets between the first and the last that hold something
 * are written. Numbers are those of the machine (ps_shard_file checks their order). */
#include "engine/shard.h"

#include <string.h>

#include "engine/collect.h"

/* The arrays of a collection that a shard holds a part of. */
typedef struct {
    double *data;
    int64_t rows;
    ps_span held;
} shard_array;

enum { ARRAYS = 8 };

static void list_arrays(const ps_collection *c, shard_array out[ARRAYS])
{
    const ps_span sums = {c->held.item.first * c->sums, c->held.item.end * c->sums},
                  worst = {c->held.item.first * 4, c->held.item.end * 4};
    const shard_array all[ARRAYS] = {
        {c->total, c->totals, c->held.path},
        {c->twin, c->totals, c->held.twin},
        {c->goal, c->plan->goals, c->held.path},
        {c->goal_twin, c->plan->goals, c->held.twin},
        {c->uniform, c->plan->uniforms, c->held.driver},
        {c->row, c->rows, c->held.row},
        {c->sum, 1, sums},
        {c->worst, 1, worst},
    };

    memcpy(out, all, sizeof all);
}

/* ---- writing ---- */

static void put(ps_string *out, const void *from, size_t length)
{
    ps_string_append(out, from, length);
}

static void write_sketch(const ps_sketch *sketch, ps_string *out)
{
    int first = 0, end = PS_SKETCH_BUCKETS;

    put(out, &sketch->total, sizeof sketch->total);
    if (sketch->total == 0) {
        return;
    }
    while (sketch->count[first] == 0) {
        first++;
    }
    while (sketch->count[end - 1] == 0) {
        end--;
    }
    const uint32_t range[] = {(uint32_t)first, (uint32_t)end};

    put(out, &sketch->low, sizeof sketch->low);
    put(out, &sketch->high, sizeof sketch->high);
    put(out, range, sizeof range);
    put(out, sketch->count + first, (size_t)(end - first) * sizeof *sketch->count);
}

bool ps_shard_write(ps_collection *c, ps_string *out)
{
    const ps_shard_range range = {c->held.item.first, c->held.item.end, c->items};
    shard_array arrays[ARRAYS];

    list_arrays(c, arrays);
    put(out, &range, sizeof range);
    for (int k = 0; k < ARRAYS; k++) {
        const size_t n = (size_t)(arrays[k].rows * (arrays[k].held.end - arrays[k].held.first));

        put(out, arrays[k].data, n * sizeof(double));
    }
    ps_collect_join(c);
    for (int k = 0; k < c->plan->T * c->plan->series_count; k++) {
        write_sketch(&c->series_sketch[0][k], out);
    }
    for (int k = 0; k < c->sketches; k++) {
        write_sketch(&c->group_sketch[0][k], out);
    }
    return !out->failed;
}

/* ---- reading ---- */

typedef struct {
    const char *at;
    size_t left;
} shard_bytes;

static bool take(shard_bytes *from, void *to, size_t length)
{
    if (from->left < length) {
        return false;
    }
    memcpy(to, from->at, length);
    from->at += length;
    from->left -= length;
    return true;
}

/* Adds a sketch; false when its counts are not those of its total. */
static bool read_sketch(shard_bytes *from, ps_sketch *to)
{
    ps_sketch sketch = {0};
    uint32_t range[2];
    uint64_t sum = 0;

    if (!take(from, &sketch.total, sizeof sketch.total)) {
        return false;
    }
    if (sketch.total == 0) {
        return true;
    }
    if (!take(from, &sketch.low, sizeof sketch.low) ||
        !take(from, &sketch.high, sizeof sketch.high) || !take(from, range, sizeof range) ||
        range[1] > PS_SKETCH_BUCKETS || range[0] >= range[1] ||
        !take(from, sketch.count + range[0], (range[1] - range[0]) * sizeof *sketch.count)) {
        return false;
    }
    for (uint32_t k = range[0]; k < range[1]; k++) {
        sum += sketch.count[k];
    }
    if (sum != sketch.total || ps_sketch_bucket(sketch.low) != (int)range[0]) {
        return false;
    }
    ps_sketch_merge(to, &sketch);
    return true;
}

static bool read_array(shard_bytes *from, const shard_array *part, const shard_array *whole)
{
    const size_t bytes = (size_t)(part->held.end - part->held.first) * sizeof(double);

    for (int64_t row = 0; row < part->rows && bytes > 0; row++) {
        if (!take(from, ps_held(whole->data, row, whole->held, part->held.first), bytes)) {
            return false;
        }
    }
    return true;
}

bool ps_shard_read_range(const char *bytes, size_t length, ps_shard_range *range)
{
    shard_bytes from = {bytes, length};

    return take(&from, range, sizeof *range) && range->first >= 0 && range->first <= range->end &&
           range->end <= range->items && range->items <= PS_MAX_ITEMS;
}

ps_shard_range ps_shard_range_of(int64_t paths, ps_shard_name name)
{
    const int64_t per_item = ps_collect_per_item(paths) * PS_LANES,
                  items = (paths + per_item - 1) / per_item;
    const ps_span span = ps_span_part(items, name.part, name.of);

    return (ps_shard_range){span.first, span.end, items};
}

int64_t ps_shard_first_path(int64_t paths, int64_t item)
{
    const int64_t first = item * ps_collect_per_item(paths) * PS_LANES;

    return first < paths ? first : paths;
}

ps_shard_fit ps_shard_read(ps_collection *whole, const char *bytes, size_t length)
{
    shard_bytes from = {bytes, length};
    shard_array parts[ARRAYS], wholes[ARRAYS];
    ps_collection part = *whole;
    ps_shard_range range;

    if (!ps_shard_read_range(bytes, length, &range) || range.items != whole->items) {
        return PS_SHARD_WRONG;
    }
    (void)take(&from, &range, sizeof range);
    for (int64_t i = range.first; i < range.end; i++) {
        if (whole->done[i]) {
            return PS_SHARD_TWICE;
        }
    }
    ps_collect_hold(&part, (ps_span){range.first, range.end});
    list_arrays(&part, parts);
    list_arrays(whole, wholes);
    for (int k = 0; k < ARRAYS; k++) {
        if (!read_array(&from, &parts[k], &wholes[k])) {
            return PS_SHARD_WRONG;
        }
    }
    for (int k = 0; k < whole->plan->T * whole->plan->series_count; k++) {
        if (!read_sketch(&from, &whole->series_sketch[0][k])) {
            return PS_SHARD_WRONG;
        }
    }
    for (int k = 0; k < whole->sketches; k++) {
        if (!read_sketch(&from, &whole->group_sketch[0][k])) {
            return PS_SHARD_WRONG;
        }
    }
    memset(whole->done + range.first, true, (size_t)(range.end - range.first));
    return from.left == 0 ? PS_SHARD_FITS : PS_SHARD_WRONG;
}
