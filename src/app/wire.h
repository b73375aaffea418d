/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages between the ranks of an MPI job; no call waits for another rank but open and close. Two
 * files have it: wire_mpi.c, and wire_none.c for programs without MPI, whose ps_wire_open refuses.
 */
#ifndef PS_APP_WIRE_H
#define PS_APP_WIRE_H

#include "base/status.h"
#include "base/text.h"

typedef struct ps_wire ps_wire;

typedef struct ps_message {
    struct ps_message *next; /* the caller's */
    int rank;                /* the sender, or to whom */
    int kind;                /* from 1; 0 is a beat */
    ps_string bytes;
} ps_message;

void ps_message_free(ps_message *message);

/* Meets the other ranks of the job. PS_ERR_USAGE or PS_ERR_LIMIT after a message. */
ps_status ps_wire_open(ps_wire **out);
int ps_wire_rank(const ps_wire *wire);
int ps_wire_count(const ps_wire *wire);

/* "rank 2 (host, process 4711)" */
const char *ps_wire_name(const ps_wire *wire, int rank);

/* Takes the message. PS_ERR_LIMIT when it is longer than MPI can send, or memory ran out. */
ps_status ps_wire_send(ps_wire *wire, ps_message *message);

/* Says to a rank that this one is alive, unless the last such message is still on its way. */
void ps_wire_beat(ps_wire *wire, int to);

/* The next message of a rank that is here as a whole; NULL: none. `heard`: something came.
 * `no_memory`: a message cannot be taken. */
ps_message *ps_wire_receive(ps_wire *wire, int from, bool *heard, bool *no_memory);

/* Whether messages are on their way, in or out. */
bool ps_wire_busy(ps_wire *wire);

/* Ends the connection: all ranks must call it. */
void ps_wire_close(ps_wire *wire);

/* Ends all processes of the job; does not return. */
void ps_wire_abort(ps_wire *wire, ps_status status);

#endif
