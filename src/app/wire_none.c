/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program without MPI: it says so, and the rest is never reached. */
#include "app/app.h"
#include "app/wire.h"

ps_status ps_wire_open(ps_wire **out)
{
    *out = NULL;
    return ps_usage_error("--mpi: this program is built without MPI; 'make MPI=1' builds "
                          "pricesim-mpi, which has it");
}

int ps_wire_rank(const ps_wire *wire)
{
    (void)wire;
    return 0;
}

int ps_wire_count(const ps_wire *wire)
{
    (void)wire;
    return 1;
}

const char *ps_wire_name(const ps_wire *wire, int rank)
{
    (void)wire, (void)rank;
    return "";
}

ps_status ps_wire_send(ps_wire *wire, ps_message *message)
{
    (void)wire;
    ps_message_free(message);
    return PS_ERR_INTERNAL;
}

void ps_wire_beat(ps_wire *wire, int to)
{
    (void)wire, (void)to;
}

ps_message *ps_wire_receive(ps_wire *wire, int from, bool *heard, bool *no_memory)
{
    (void)wire, (void)from, (void)heard, (void)no_memory;
    return NULL;
}

bool ps_wire_busy(ps_wire *wire)
{
    (void)wire;
    return false;
}

void ps_wire_close(ps_wire *wire)
{
    (void)wire;
}

void ps_wire_abort(ps_wire *wire, ps_status status)
{
    (void)wire, (void)status;
}
