/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One run by many ranks: rank 0 hands out parts (shards), takes them back and puts them together;
 * every rank runs parts, rank 0 too. docs/scale.md */
#ifndef PS_APP_DISTRIBUTING_H
#define PS_APP_DISTRIBUTING_H

#include "app/ranks.h"
#include "app/sharding.h"

/* The others wait here until rank 0 has read its scenario; NULL: the run ended before. */
ps_message *ps_distributing_await(ps_ranks *ranks);

/* What the others do with their scenario, once it is that of rank 0 (`start`). Ends when rank 0
 * says so. */
void ps_distributing_work(ps_ranks *ranks, ps_running *running, const ps_recipe *recipe,
                          const ps_message *start);

/* One of the others could not read its scenario: tells rank 0, and waits for the end. */
void ps_distributing_fail(ps_ranks *ranks, ps_status status);

/* A simulation for ps_running_simulate by rank 0, with a ps_distribution as context. With a folder
 * the parts are kept there, and those that are there are not run again. */
typedef struct {
    ps_ranks *ranks;
    const ps_recipe *recipe;
    const char *folder; /* NULL: none */
} ps_distribution;
ps_status ps_distributing_simulate(ps_running *running, void *distribution);

#endif
