/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program in several processes (ranks) that watch each other. The main thread sends, receives and
 * says every second that it lives; the program runs in a thread of its own and blocks only here. A
 * rank that says nothing for the deadline ends the job. docs/scale.md */
#ifndef PS_APP_RANKS_H
#define PS_APP_RANKS_H

#include <stdatomic.h>

#include "app/wire.h"

typedef struct ps_ranks ps_ranks;

/* What is said, each with its receiver: rank 0 which hands out, or a worker, of which every rank
 * has one. */
typedef enum {
    PS_SAY_START = 1, /* to worker: the next run's identity; what was before it is done */
    PS_SAY_WORK,      /* to worker: a part's number */
    PS_SAY_END,       /* to worker: no more */
    PS_SAY_READY,     /* to rank 0: the run is the same here */
    PS_SAY_PART,      /* to rank 0: a part's number and bytes */
    PS_SAY_FAILED,    /* to rank 0: why */
    PS_SAY_BYE,       /* to rank 0, by PS_SAY_END or a signal: the last message */
} ps_subject;

/* Meets the other ranks; `deadline` in seconds. A status other than PS_OK after a message. */
ps_status ps_ranks_open(int deadline, ps_ranks **out);

int ps_ranks_number(const ps_ranks *ranks); /* 0 .. count - 1 */
int ps_ranks_count(const ps_ranks *ranks);
const char *ps_ranks_name(const ps_ranks *ranks, int rank);

/* Becomes true with the first signal, and with PS_SAY_END. */
const atomic_bool *ps_ranks_stop(const ps_ranks *ranks);

/* Runs `program` beside the messages until it ends, says PS_SAY_END to all if this is rank 0, and
 * frees `ranks`. Returns what the program returned. */
ps_status ps_ranks_serve(ps_ranks *ranks, ps_status (*program)(void *context), void *context);

/* ---- for the program ---- */

/* `bytes` are taken. */
void ps_ranks_send(ps_ranks *ranks, int to, ps_subject say, ps_string *bytes);

/* Waits for the next message to the worker of this rank, or to rank 0; NULL after a signal. */
ps_message *ps_ranks_receive_work(ps_ranks *ranks);
ps_message *ps_ranks_receive_answer(ps_ranks *ranks);

/* Rank 0 has all that it needs: the others end while it goes on alone. */
void ps_ranks_dismiss(ps_ranks *ranks);

#endif
