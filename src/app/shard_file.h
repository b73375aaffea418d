/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shard files: the bytes of a shard behind what is needed to finish the run anywhere - the files of
 * the scenario as they were read, and the options that change its numbers. docs/scale.md */
#ifndef PS_APP_SHARD_FILE_H
#define PS_APP_SHARD_FILE_H

#include "engine/shard.h"
#include "scenario/load.h"

/* What tells one run from another. Its texts live in `arena`, or where they were when it was made.
 */
typedef struct {
    ps_arena arena;
    const char *version; /* of the program */
    int64_t stream, paths, attributed;
    const char *hash, *command, *path, *plan; /* plan may be NULL */
    const char **sets;
    size_t set_count;
    bool allow_outside;
    ps_kept_files files;
} ps_recipe;

void ps_recipe_free(ps_recipe *recipe);

/* The recipe's bytes: equal for all shards of a run, and of no other. */
void ps_recipe_write(const ps_recipe *recipe, ps_string *out);

/* A file read back; zeroed is empty. */
typedef struct {
    ps_string bytes;
    const char *recipe, *body;
    size_t recipe_length, body_length;
    ps_shard_range range;
} ps_shard_file;

void ps_shard_file_free(ps_shard_file *file);

/* Puts a file together. */
void ps_shard_file_write(const ps_string *recipe, const ps_string *body, ps_string *out);

/* Reads and checks a file: whether it is whole and what was written. PS_ERR_FILE, PS_ERR_INPUT or
 * PS_ERR_LIMIT with a fault. */
ps_status ps_shard_file_read(const char *path, ps_shard_file *file, ps_faults *faults);

/* Takes the recipe apart; its texts stay those of the file. A recipe of another version of the
 * program or of the random numbers is refused. */
ps_status ps_shard_file_recipe(const char *path, const ps_shard_file *file, ps_recipe *recipe,
                               ps_faults *faults);

/* A fault when two files are not of one run, saying in what they differ. */
ps_status ps_shard_file_compare(const char *path, const ps_shard_file *file, const char *first_path,
                                const ps_shard_file *first, ps_faults *faults);

#endif
