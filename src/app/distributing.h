/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One run by many ranks: rank 0 hands out parts (shards), takes them back and puts them together;
 * every rank runs parts, rank 0 too. docs/scale.md */
#ifndef PS_APP_DISTRIBUTING_H
#define PS_APP_DISTRIBUTING_H

#include "app/ranks.h"
#include "app/sharding.h"

/* The others wait here until rank 0 has read its scenario; NULL: the run ended before. */
ps_message *ps_distributing_await(ps_ranks *ranks);

/* Of `start`: the paths of the run, and what rank 0 read from standard input, taken up in `files`.
 */
int64_t ps_distributing_paths(const ps_message *start);
void ps_distributing_input(const ps_message *start, ps_kept_files *files);

/* What the others do with their scenario, once it is that of rank 0 (`start`). Returns the start of
 * the next run, with other paths, or NULL at the end. */
ps_message *ps_distributing_work(ps_ranks *ranks, ps_running *running, const ps_recipe *recipe,
                                 const ps_message *start);

/* One of the others could not read its scenario: tells rank 0, and waits for the end. */
void ps_distributing_fail(ps_ranks *ranks, ps_status status);

/* A simulation for ps_running_simulate by rank 0, with a ps_distribution as context. With a folder
 * the parts are kept there, and those that are there are not run again. The others end when all
 * parts are there, or wait for the start of the next run. */
typedef struct {
    ps_ranks *ranks;
    const ps_recipe *recipe;
    const char *folder; /* NULL: none */
    bool more;          /* another run may follow, until ps_ranks_dismiss */
} ps_distribution;
ps_status ps_distributing_simulate(ps_running *running, void *distribution);

#endif
