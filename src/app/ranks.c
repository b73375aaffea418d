/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ranks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "app/app.h"
#include "app/signals.h"
#include "base/parallel.h"

/* Messages from one thread to another: put by anybody, taken by one. */
typedef struct {
    _Atomic(ps_message *) put; /* the last one first */
    ps_message *taken;         /* in order */
} mailbox;

struct ps_ranks {
    ps_wire *wire;
    int rank, count;
    double deadline, beat, beaten, turned; /* seconds */
    double *heard;                         /* [count] */
    mailbox out, work, answers;
    int left; /* how many have ended */
    atomic_bool stop, dismissed;
    ps_status (*program)(void *context);
    void *context;
    ps_status status;
};

static const char no_start[] =
    "pricesim: error[MPI] the ranks did not all start within the deadline (--deadline)\n";
static const char no_end[] =
    "pricesim: error[MPI] the ranks did not all end within the deadline (--deadline)\n";
static const char stuck[] =
    "pricesim: error[MPI] MPI did not return within the deadline (--deadline)\n";

/* ---- mailboxes ---- */

void ps_message_free(ps_message *message)
{
    if (message != NULL) {
        ps_string_free(&message->bytes);
        free(message);
    }
}

static void put(mailbox *box, ps_message *message)
{
    message->next = atomic_load(&box->put);
    while (!atomic_compare_exchange_weak(&box->put, &message->next, message)) {
    }
}

static ps_message *take(mailbox *box)
{
    if (box->taken == NULL) {
        ps_message *last = atomic_exchange(&box->put, NULL);

        while (last != NULL) {
            ps_message *before = last->next;

            last->next = box->taken;
            box->taken = last;
            last = before;
        }
    }
    ps_message *first = box->taken;

    box->taken = first == NULL ? NULL : first->next;
    return first;
}

static void empty(mailbox *box)
{
    for (ps_message *m = take(box); m != NULL; m = take(box)) {
        ps_message_free(m);
    }
}

static void rest(long microseconds)
{
    const struct timespec time = {0, microseconds * 1000};

    nanosleep(&time, NULL);
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* ---- the main thread ---- */

ps_status ps_ranks_open(int deadline, ps_ranks **out)
{
    ps_ranks *ranks = calloc(1, sizeof *ranks);

    *out = ranks;
    if (ranks == NULL) {
        return ps_memory_error();
    }
    ps_signals_deadline((unsigned)deadline, no_start);
    ps_status status = ps_wire_open(&ranks->wire);

    ps_signals_deadline(0, NULL);
    if (status == PS_OK) {
        ranks->rank = ps_wire_rank(ranks->wire);
        ranks->count = ps_wire_count(ranks->wire);
        ranks->deadline = deadline;
        ranks->beat = deadline < 8 ? deadline / 8.0 : 1.0;
        ranks->heard = calloc((size_t)ranks->count, sizeof *ranks->heard);
        status = ranks->heard == NULL ? ps_memory_error() : PS_OK;
    }
    if (status != PS_OK) {
        free(ranks);
        *out = NULL;
    }
    return status;
}

/* Everything ends here, for all ranks. */
static void abandon(ps_ranks *ranks, ps_status status)
{
    ps_signals_deadline((unsigned)ranks->deadline, no_end);
    ps_wire_abort(ranks->wire, status);
}

/* Hands a message to the thread that waits for it. */
static void deliver(ps_ranks *ranks, ps_message *message)
{
    if (message->kind == PS_SAY_END) {
        atomic_store(&ranks->stop, true);
    }
    if (message->kind == PS_SAY_BYE) { /* nothing comes after it, and nobody waits for more */
        ranks->heard[message->rank] = HUGE_VAL;
        ranks->left++;
    }
    put(message->kind <= PS_SAY_END ? &ranks->work : &ranks->answers, message);
}

/* Rank 0 watches all, the others watch rank 0. */
static bool is_watched(const ps_ranks *ranks, int rank)
{
    return rank != ranks->rank && (rank == 0 || ranks->rank == 0);
}

static bool listen(ps_ranks *ranks, double time)
{
    bool no_memory = false, any = false;

    for (int k = 0; k < ranks->count; k++) {
        bool heard = false;
        ps_message *message =
            is_watched(ranks, k) ? ps_wire_receive(ranks->wire, k, &heard, &no_memory) : NULL;

        ranks->heard[k] = heard ? fmax(time, ranks->heard[k]) : ranks->heard[k];
        any = any || message != NULL;
        if (message != NULL) {
            deliver(ranks, message);
        }
    }
    if (no_memory) {
        ps_memory_error();
        abandon(ranks, PS_ERR_LIMIT);
    }
    return any;
}

static bool speak(ps_ranks *ranks, double time)
{
    bool any = false;

    for (ps_message *m = take(&ranks->out); m != NULL; m = take(&ranks->out)) {
        any = true;
        if (ps_wire_send(ranks->wire, m) != PS_OK) {
            fputs("pricesim: error[MPI] a part of the run cannot be sent: it is larger than 2 GB, "
                  "or memory ran out\n",
                  stderr);
            abandon(ranks, PS_ERR_LIMIT);
        }
    }
    if (time - ranks->beaten >= ranks->beat) {
        ranks->beaten = time;
        ps_signals_deadline((unsigned)(2.0 * ranks->deadline), stuck);
        for (int k = 0; k < ranks->count; k++) {
            if (is_watched(ranks, k)) {
                ps_wire_beat(ranks->wire, k);
            }
        }
    }
    return any;
}

/* A rank that was itself stopped for a while, with its machine or by a signal, blames nobody. */
static void judge(ps_ranks *ranks, double time)
{
    const bool was_away = time - ranks->turned > ranks->deadline / 2.0;

    ranks->turned = time;
    for (int k = 0; k < ranks->count; k++) {
        if (was_away) {
            ranks->heard[k] = fmax(time, ranks->heard[k]);
        } else if (is_watched(ranks, k) && time - ranks->heard[k] > ranks->deadline) {
            fprintf(stderr,
                    "pricesim: error[MPI] %s has said nothing for %.0f s: it hangs, or the network "
                    "is cut off; the run ends\n",
                    ps_wire_name(ranks->wire, k), ranks->deadline);
            abandon(ranks, PS_ERR_TIMEOUT);
        }
    }
}

/* Sends and receives what there is. */
static void turn(ps_ranks *ranks)
{
    const double time = now();
    bool any = listen(ranks, time);

    any = speak(ranks, time) || any;
    judge(ranks, time);
    if (ps_signals_status() != PS_OK) {
        atomic_store(&ranks->stop, true);
    }
    if (!any) {
        rest(ps_wire_busy(ranks->wire) ? 50 : 1000);
    }
}

static void run_program(void *context)
{
    ps_ranks *ranks = context;

    ranks->status = ranks->program(ranks->context);
}

/* Rank 0 sends the others away and takes what they had sent before, so that nothing is on its way
 * when the connection ends. */
static void part(ps_ranks *ranks)
{
    ps_string nothing = {0};
    const bool first = ranks->rank == 0;

    for (int k = 1; k < ranks->count && first; k++) {
        ps_ranks_send(ranks, k, PS_SAY_END, &nothing);
    }
    if (!first) {
        ps_ranks_send(ranks, 0, PS_SAY_BYE, &nothing);
    }
    do {
        turn(ranks);
    } while (ps_wire_busy(ranks->wire) || (first && ranks->left < ranks->count - 1));
    ps_signals_deadline((unsigned)ranks->deadline, no_end);
    ps_wire_close(ranks->wire);
    ps_signals_deadline(0, NULL);
}

ps_status ps_ranks_serve(ps_ranks *ranks, ps_status (*program)(void *context), void *context)
{
    ranks->program = program;
    ranks->context = context;
    ranks->turned = -1e9; /* now is when everybody was heard first */
    ps_task *task = ps_task_start(run_program, ranks);

    if (task == NULL) {
        ps_memory_error();
        abandon(ranks, PS_ERR_LIMIT);
    }
    while (!ps_task_done(task) && !atomic_load(&ranks->dismissed)) {
        turn(ranks);
    }
    part(ranks);
    ps_task_join(task);
    const ps_status status = ranks->status;

    empty(&ranks->out);
    empty(&ranks->work);
    empty(&ranks->answers);
    free(ranks->heard);
    free(ranks);
    return status;
}

/* ---- the program ---- */

int ps_ranks_number(const ps_ranks *ranks)
{
    return ranks->rank;
}

int ps_ranks_count(const ps_ranks *ranks)
{
    return ranks->count;
}

const char *ps_ranks_name(const ps_ranks *ranks, int rank)
{
    return ps_wire_name(ranks->wire, rank);
}

const atomic_bool *ps_ranks_stop(const ps_ranks *ranks)
{
    return &ranks->stop;
}

void ps_ranks_send(ps_ranks *ranks, int to, ps_subject say, ps_string *bytes)
{
    ps_message *message = calloc(1, sizeof *message);

    if (message == NULL) { /* nobody could be told: the deadline ends the others */
        ps_string_free(bytes);
        ps_memory_error();
        return;
    }
    *message = (ps_message){.rank = to, .kind = (int)say, .bytes = *bytes};
    *bytes = (ps_string){0};
    if (to == ranks->rank) {
        deliver(ranks, message);
    } else {
        put(&ranks->out, message);
    }
}

static ps_message *wait_for(mailbox *box)
{
    ps_message *message = take(box);

    while (message == NULL && ps_signals_status() == PS_OK) {
        rest(500);
        message = take(box);
    }
    return message;
}

ps_message *ps_ranks_receive_work(ps_ranks *ranks)
{
    return wait_for(&ranks->work);
}

ps_message *ps_ranks_receive_answer(ps_ranks *ranks)
{
    return wait_for(&ranks->answers);
}

void ps_ranks_dismiss(ps_ranks *ranks)
{
    atomic_store(&ranks->dismissed, true);
}
