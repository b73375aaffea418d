/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs in parts: --shard, --checkpoint, and putting the parts together. docs/scale.md */
#ifndef PS_APP_SHARDING_H
#define PS_APP_SHARDING_H

#include "app/running.h"
#include "app/shard_file.h"

/* The value of --shard: "3/8", "auto", "auto/8". PS_ERR_USAGE after a message. */
ps_status ps_sharding_parse(const char *value, ps_shard_name *out);

/* Runs one shard of the loaded scenario and writes its file, unless it is there already; derives
 * and prints faults like ps_running_simulate. */
ps_status ps_sharding_run(ps_running *running, const ps_recipe *recipe, ps_shard_name name,
                          const char *path);

/* Whether a file holds just this part of just this run. A file that is none, or a damaged one, does
 * not. */
typedef enum { PS_SHARD_ABSENT, PS_SHARD_OTHER, PS_SHARD_THERE } ps_shard_presence;
ps_shard_presence ps_sharding_look(const char *path, const ps_string *recipe, ps_shard_range range);

/* The fault of a folder that holds another run. */
ps_status ps_sharding_other(const char *path, ps_faults *faults);

/* Makes the folder if it is not there. PS_ERR_FILE after a message. */
ps_status ps_sharding_folder(const char *folder);

/* The file of a part in a folder; NULL: no memory. */
const char *ps_sharding_place(ps_arena *arena, const char *folder, ps_shard_name name);

/* A simulation for ps_running_simulate, with a checkpoint as context: the run shard by shard, each
 * kept in the folder; those that are there are not run again. */
typedef struct {
    const char *folder;
    const ps_recipe *recipe;
} ps_checkpoint;
ps_status ps_sharding_checkpoint(ps_running *running, void *checkpoint);

/* Files to be merged. `first` stays open, its recipe taken apart. */
typedef struct {
    const char *const *paths;
    int count;
    ps_shard_file first;
    ps_recipe recipe;
    int at; /* while they are merged */
    ps_shard_file file;
    ps_faults *faults;
} ps_merging;

/* Checks that the files are whole, of one run, and make it up: a fault for everything that is
 * wrong. */
ps_status ps_merging_open(ps_merging *merging, ps_faults *faults);
void ps_merging_close(ps_merging *merging);

/* A simulation for ps_running_simulate, with a ps_merging as context. */
ps_status ps_sharding_merge(ps_running *running, void *merging);

#endif
