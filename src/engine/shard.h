/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shards: what a range of a run's items leaves behind, as bytes. Items are the parts of a run that
 * threads take and whose sums are added in order, so that a run put together from shards has the
 * bytes of the whole run. docs/scale.md */
#ifndef PS_ENGINE_SHARD_H
#define PS_ENGINE_SHARD_H

#include "base/text.h"
#include "engine/result.h"

/* Part `part` (1 .. of) of a run; a part may be empty. */
typedef struct {
    int part, of;
} ps_shard_name;

enum { PS_MAX_SHARDS = 100000 };

/* Items first .. end - 1 of the run's `items`. */
typedef struct {
    int64_t first, end, items;
} ps_shard_range;

/* Runs one part and appends its bytes to `out`. As ps_run, but what is stopped leaves nothing. */
ps_status ps_run_shard(const ps_scenario *scenario, const ps_run_control *control,
                       ps_shard_name name, ps_string *out, ps_faults *faults);

/* The range that a shard's bytes say; false when they are no shard. */
bool ps_shard_read_range(const char *bytes, size_t length, ps_shard_range *range);

/* The range of a part of a run of so many paths. */
ps_shard_range ps_shard_range_of(int64_t paths, ps_shard_name name);

/* First path of an item of a run of so many paths. */
int64_t ps_shard_first_path(int64_t paths, int64_t item);

/* Gives the shards of a run, one after the other; bytes NULL after the last one. They may go with
 * the next call. A status other than PS_OK ends the merge. */
typedef struct {
    ps_status (*next)(void *context, const char **bytes, size_t *length);
    void *context;
} ps_shard_source;

/* The result of the whole run from its shards in any order. PS_ERR_INPUT with a fault when they do
 * not make up the run. */
ps_status ps_run_merge(const ps_scenario *scenario, const ps_run_control *control,
                       ps_shard_source source, ps_result *result, ps_faults *faults);

#endif
