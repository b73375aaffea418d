/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages over MPI, called by one thread. Nothing here blocks but MPI_Init, MPI_Finalize and
 * MPI_Abort: whoever calls sets a deadline for these. */
#include <inttypes.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/app.h"
#include "app/wire.h"

enum { BEAT, NAME = 128 };

/* A message on its way. */
typedef struct transfer {
    struct transfer *next;
    ps_message *message;
    MPI_Request request;
} transfer;

struct ps_wire {
    int rank, count;
    char (*names)[NAME];   /* [count] */
    transfer *in;          /* [count]: from each rank */
    MPI_Request *beat_out; /* [count] */
    transfer *out;
};

static ps_status name_ranks(ps_wire *wire)
{
    char mine[NAME] = "", host[MPI_MAX_PROCESSOR_NAME] = "";
    int length;

    MPI_Get_processor_name(host, &length);
    snprintf(mine, sizeof mine, "rank %d (%.80s, process %" PRIdMAX ")", wire->rank, host,
             (intmax_t)getpid());
    wire->names = calloc((size_t)wire->count, sizeof *wire->names);
    wire->in = calloc((size_t)wire->count, sizeof *wire->in);
    wire->beat_out = calloc((size_t)wire->count, sizeof(MPI_Request));
    if (wire->names == NULL || wire->in == NULL || wire->beat_out == NULL) {
        return ps_memory_error();
    }
    for (int k = 0; k < wire->count; k++) {
        wire->beat_out[k] = MPI_REQUEST_NULL;
    }
    MPI_Allgather(mine, NAME, MPI_CHAR, wire->names, NAME, MPI_CHAR, MPI_COMM_WORLD);
    return PS_OK;
}

ps_status ps_wire_open(ps_wire **out)
{
    ps_wire *wire = calloc(1, sizeof *wire);
    int provided;

    *out = wire;
    if (wire == NULL) {
        return ps_memory_error();
    }
    MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided);
    MPI_Comm_rank(MPI_COMM_WORLD, &wire->rank);
    MPI_Comm_size(MPI_COMM_WORLD, &wire->count);
    if (provided < MPI_THREAD_FUNNELED) {
        return ps_usage_error("--mpi: this MPI was built without threads");
    }
    return name_ranks(wire);
}

int ps_wire_rank(const ps_wire *wire)
{
    return wire->rank;
}

int ps_wire_count(const ps_wire *wire)
{
    return wire->count;
}

const char *ps_wire_name(const ps_wire *wire, int rank)
{
    return wire->names[rank];
}

ps_status ps_wire_send(ps_wire *wire, ps_message *message)
{
    transfer *one = message->bytes.length > INT32_MAX ? NULL : calloc(1, sizeof *one);

    if (one == NULL) {
        ps_message_free(message);
        return PS_ERR_LIMIT;
    }
    *one = (transfer){.next = wire->out, .message = message};
    wire->out = one;
    MPI_Isend(message->bytes.data, (int)message->bytes.length, MPI_BYTE, message->rank,
              message->kind, MPI_COMM_WORLD, &one->request);
    return PS_OK;
}

void ps_wire_beat(ps_wire *wire, int to)
{
    int gone = 0;

    MPI_Test(&wire->beat_out[to], &gone, MPI_STATUS_IGNORE);
    if (gone) {
        MPI_Isend(NULL, 0, MPI_BYTE, to, BEAT, MPI_COMM_WORLD, &wire->beat_out[to]);
    }
}

/* Begins to take what a probe found. */
static bool take(transfer *in, MPI_Message *found, const MPI_Status *status)
{
    int length = 0;
    char *bytes = NULL;

    MPI_Get_count(status, MPI_BYTE, &length);
    in->message = calloc(1, sizeof *in->message);
    bytes = in->message == NULL ? NULL : malloc((size_t)length + 1);
    if (bytes == NULL) {
        return false;
    }
    *in->message = (ps_message){
        .rank = status->MPI_SOURCE,
        .kind = status->MPI_TAG,
        .bytes = {.data = bytes, .length = (size_t)length, .capacity = (size_t)length + 1}};
    MPI_Imrecv(bytes, length, MPI_BYTE, found, &in->request);
    return true;
}

ps_message *ps_wire_receive(ps_wire *wire, int from, bool *heard, bool *no_memory)
{
    transfer *in = &wire->in[from];
    MPI_Message found;
    MPI_Status status;
    int here = 1;

    while (here) { /* beats pass a long message */
        MPI_Improbe(from, in->message == NULL ? MPI_ANY_TAG : BEAT, MPI_COMM_WORLD, &here, &found,
                    &status);
        *heard = *heard || here;
        if (here && status.MPI_TAG == BEAT) {
            MPI_Mrecv(NULL, 0, MPI_BYTE, &found, MPI_STATUS_IGNORE);
        } else if (here && !take(in, &found, &status)) {
            *no_memory = true;
            return NULL;
        }
    }
    if (in->message != NULL) {
        MPI_Test(&in->request, &here, MPI_STATUS_IGNORE);
    }
    ps_message *message = here ? in->message : NULL;

    in->message = here ? NULL : in->message;
    return message;
}

/* Forgets messages that are gone. */
static void forget(ps_wire *wire)
{
    transfer **at = &wire->out;

    while (*at != NULL) {
        transfer *one = *at;
        int gone = 0;

        MPI_Test(&one->request, &gone, MPI_STATUS_IGNORE);
        if (gone) {
            *at = one->next;
            ps_message_free(one->message);
            free(one);
        } else {
            at = &one->next;
        }
    }
}

bool ps_wire_busy(ps_wire *wire)
{
    bool busy = false;

    forget(wire);
    for (int k = 0; k < wire->count; k++) {
        busy = busy || wire->in[k].message != NULL;
    }
    return busy || wire->out != NULL;
}

void ps_wire_close(ps_wire *wire)
{
    if (wire != NULL) {
        MPI_Finalize();
        free(wire->names);
        free(wire->in);
        free(wire->beat_out);
        free(wire);
    }
}

void ps_wire_abort(ps_wire *wire, ps_status status)
{
    (void)wire;
    MPI_Abort(MPI_COMM_WORLD, (int)status);
}
