/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The number of parts is always the same, so that a run can go on with another number of ranks.
 * A rank has one part at a time; who is done gets the next one. */
#include "app/distributing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/signals.h"
#include "base/parallel.h"
#include "base/version.h"

enum { PARTS = 64 };

/* What all ranks must have in common; a start is this and the text of standard input. */
typedef struct {
    char version[32], hash[96];
    int64_t stream, paths;
    uint64_t recipe; /* hash of the options that change numbers, and of all files */
} identity;

static bool identify(const ps_recipe *recipe, identity *out)
{
    ps_string text = {0};

    *out = (identity){.stream = recipe->stream, .paths = recipe->paths};
    ps_recipe_write(recipe, &text);
    snprintf(out->version, sizeof out->version, "%s", recipe->version);
    snprintf(out->hash, sizeof out->hash, "%s", recipe->hash);
    out->recipe = text.failed ? 0 : ps_text_hash(text.data, text.length, 0);
    const bool made = !text.failed;

    ps_string_free(&text);
    return made;
}

/* Appends in what this rank differs from rank 0. */
static void compare(const identity *mine, const identity *first, ps_string *out)
{
    if (strcmp(mine->version, first->version) != 0 || mine->stream != first->stream) {
        ps_string_format(out,
                         "it runs pricesim %s with random stream %" PRId64
                         ", rank 0 %.32s with random stream %" PRId64,
                         mine->version, mine->stream, first->version, first->stream);
    } else if (strcmp(mine->hash, first->hash) != 0) {
        ps_string_format(out, "its scenario is %s, that of rank 0 %.96s", mine->hash, first->hash);
    } else if (mine->recipe != first->recipe) {
        ps_string_format(out, "its options or the texts of its files differ from those of rank 0");
    }
}

/* ---- every rank: work ---- */

typedef struct {
    ps_ranks *ranks;
    const ps_scenario *scenario;
    ps_run_control control;
    ps_faults faults;
} workplace;

static void say_failed(ps_ranks *ranks, ps_status status, const char *why)
{
    const int32_t number = (int32_t)status;
    ps_string text = {0};

    ps_string_append(&text, (const char *)&number, sizeof number);
    ps_string_append(&text, why, strlen(why) + 1);
    ps_ranks_send(ranks, 0, PS_SAY_FAILED, &text);
}

static void run_part(workplace *place, int part)
{
    ps_string bytes = {0};
    const ps_status status = ps_run_shard(place->scenario, &place->control,
                                          (ps_shard_name){part, PARTS}, &bytes, &place->faults);

    if (status == PS_OK) {
        ps_ranks_send(place->ranks, 0, PS_SAY_PART, &bytes);
        return;
    }
    say_failed(place->ranks, status,
               status == PS_ERR_INTERRUPTED ? "interrupted"
               : place->faults.count > 0    ? place->faults.items[0].message
                                            : "out of memory");
    ps_string_free(&bytes);
}

/* Runs parts until another message comes, which it returns; NULL after a signal. */
static ps_message *work(workplace *place)
{
    ps_string nothing = {0};
    ps_message *message;

    ps_ranks_send(place->ranks, 0, PS_SAY_READY, &nothing);
    while ((message = ps_ranks_receive_work(place->ranks)) != NULL &&
           message->kind == PS_SAY_WORK) {
        int32_t part;

        memcpy(&part, message->bytes.data, sizeof part);
        ps_message_free(message);
        run_part(place, part);
    }
    if (message == NULL) {
        say_failed(place->ranks, ps_signals_status(), "interrupted");
    }
    ps_faults_free(&place->faults);
    return message;
}

static workplace workplace_of(ps_ranks *ranks, const ps_running *running)
{
    workplace place = {.ranks = ranks, .scenario = &running->scenario, .control = running->control};

    place.control.progress = NULL;
    place.control.stop = ps_ranks_stop(ranks);
    return place;
}

/* ---- the others ---- */

/* A message, unless it is that of the end. */
static ps_message *unless_end(ps_message *message)
{
    if (message != NULL && message->kind == PS_SAY_END) {
        ps_message_free(message);
        return NULL;
    }
    return message;
}

ps_message *ps_distributing_await(ps_ranks *ranks)
{
    return unless_end(ps_ranks_receive_work(ranks));
}

/* false: not one of this program. */
static bool read_start(const ps_message *start, identity *out)
{
    const bool is_whole = start->bytes.length >= sizeof *out;

    if (is_whole) {
        memcpy(out, start->bytes.data, sizeof *out);
    }
    return is_whole;
}

int64_t ps_distributing_paths(const ps_message *start)
{
    identity first;

    return read_start(start, &first) ? first.paths : 0;
}

void ps_distributing_input(const ps_message *start, ps_kept_files *files)
{
    if (start->bytes.length > sizeof(identity)) {
        ps_kept_files_add(files, "-", start->bytes.data + sizeof(identity),
                          start->bytes.length - sizeof(identity));
    }
}

/* Whatever is asked for, it is not done. */
static void wait_for_end(ps_ranks *ranks)
{
    int kind = 0;

    while (kind != PS_SAY_END) {
        ps_message *message = ps_ranks_receive_work(ranks);

        kind = message == NULL ? PS_SAY_END : message->kind;
        ps_message_free(message);
    }
}

void ps_distributing_fail(ps_ranks *ranks, ps_status status)
{
    say_failed(ranks, status, "its scenario cannot be run");
    wait_for_end(ranks);
}

ps_message *ps_distributing_work(ps_ranks *ranks, ps_running *running, const ps_recipe *recipe,
                                 const ps_message *start)
{
    workplace place = workplace_of(ranks, running);
    identity mine, first;
    ps_string difference = {0};
    ps_message *next = NULL;

    if (!identify(recipe, &mine) || !read_start(start, &first)) {
        ps_string_format(&difference, "out of memory, or another program");
    } else {
        compare(&mine, &first, &difference);
    }
    if (difference.length > 0) {
        say_failed(ranks, PS_ERR_INPUT, difference.data);
        wait_for_end(ranks);
    } else {
        next = unless_end(work(&place));
    }
    ps_string_free(&difference);
    return next;
}

/* ---- rank 0 ---- */

typedef struct {
    ps_ranks *ranks;
    ps_running *running;
    bool more;
    ps_string recipe;
    ps_arena arena;
    const char *paths[PARTS];  /* with a folder */
    bool kept[PARTS + 1];      /* by number: in the folder since before */
    bool given[PARTS + 1];     /* by number: kept, empty, or with a rank */
    int ready, missing, reads; /* ranks, parts; the last number looked at in the folder */
    int *part_of;              /* [ranks], 0: none */
    ps_message *message;       /* that is being put together, or */
    ps_shard_file file;
} distribution;

static void hand_out(distribution *d, int rank)
{
    int32_t part = 1;
    ps_string bytes = {0};

    while (part <= PARTS && d->given[part]) {
        part++;
    }
    d->part_of[rank] = part <= PARTS ? part : 0;
    if (part <= PARTS) {
        d->given[part] = true;
        ps_string_append(&bytes, (const char *)&part, sizeof part);
        ps_ranks_send(d->ranks, rank, PS_SAY_WORK, &bytes);
    }
}

/* A rank that is done: keeps its part in the folder, and gives it the next one. */
static ps_status take_part(distribution *d, const ps_message *message)
{
    const int part = d->part_of[message->rank];
    ps_string file = {0};
    ps_status status = PS_OK;

    if (d->paths[0] != NULL && part > 0) {
        ps_shard_file_write(&d->recipe, &message->bytes, &file);
        status = file.failed ? ps_faults_no_memory(&d->running->faults)
                             : ps_output_file(d->paths[part - 1], file.data, file.length);
        ps_string_free(&file);
    }
    d->missing--;
    hand_out(d, message->rank);
    d->running->control.progress(d->running->control.context, 1.0 - (double)d->missing / PARTS);
    return status;
}

static ps_status take_failure(distribution *d, const ps_message *message)
{
    int32_t status;

    memcpy(&status, message->bytes.data, sizeof status);
    if (status == PS_ERR_INTERRUPTED || status == PS_ERR_TERMINATED) {
        fprintf(stderr, "pricesim: %s was interrupted\n", ps_ranks_name(d->ranks, message->rank));
    } else {
        ps_fault_add(&d->running->faults, "MPI", "", NULL, 0, 0, NULL, "%s: %s",
                     ps_ranks_name(d->ranks, message->rank), message->bytes.data + sizeof status);
    }
    return status == PS_ERR_TERMINATED ? PS_ERR_INTERRUPTED : (ps_status)status;
}

/* Nothing is handed out before all have agreed. */
static void take_ready(distribution *d)
{
    if (++d->ready == ps_ranks_count(d->ranks)) {
        for (int k = 0; k < d->ready; k++) {
            hand_out(d, k);
        }
    }
}

static ps_status next_kept(distribution *d, const char **bytes, size_t *length)
{
    while (d->reads < PARTS && *bytes == NULL) {
        if (d->kept[++d->reads]) {
            const ps_status status =
                ps_shard_file_read(d->paths[d->reads - 1], &d->file, &d->running->faults);

            if (status != PS_OK) {
                return status;
            }
            *bytes = d->file.body;
            *length = d->file.body_length;
        }
    }
    return PS_OK;
}

/* For ps_run_merge. */
static ps_status next_part(void *context, const char **bytes, size_t *length)
{
    distribution *d = context;
    ps_status status;

    ps_message_free(d->message);
    ps_shard_file_free(&d->file);
    d->message = NULL;
    *bytes = NULL;
    status = next_kept(d, bytes, length);
    while (status == PS_OK && *bytes == NULL && d->missing > 0) {
        ps_message *message = ps_ranks_receive_answer(d->ranks);

        if (message == NULL) {
            return PS_ERR_INTERRUPTED;
        }
        if (message->kind == PS_SAY_PART) {
            d->message = message;
            *bytes = message->bytes.data;
            *length = message->bytes.length;
            status = take_part(d, message);
            continue;
        }
        if (message->kind == PS_SAY_READY) {
            take_ready(d);
        } else if (message->kind == PS_SAY_FAILED) {
            status = take_failure(d, message);
        }
        ps_message_free(message);
    }
    if (d->missing == 0 && *bytes == NULL && !d->more) {
        ps_ranks_dismiss(d->ranks);
    }
    return status;
}

/* What is in the folder, and parts of small runs that hold nothing, are not handed out. */
static ps_status look_around(distribution *d, const char *folder)
{
    ps_status status = folder == NULL ? PS_OK : ps_sharding_folder(folder);

    for (int k = 1; k <= PARTS && status == PS_OK; k++) {
        const ps_shard_name name = {k, PARTS};
        const ps_shard_range range = ps_shard_range_of(d->running->scenario.run->paths, name);
        ps_shard_presence presence = PS_SHARD_ABSENT;

        if (folder != NULL) {
            d->paths[k - 1] = ps_sharding_place(&d->arena, folder, name);
            presence = d->paths[k - 1] == NULL
                           ? PS_SHARD_ABSENT
                           : ps_sharding_look(d->paths[k - 1], &d->recipe, range);
            status = d->paths[k - 1] == NULL ? ps_faults_no_memory(&d->running->faults)
                     : presence == PS_SHARD_OTHER
                         ? ps_sharding_other(d->paths[k - 1], &d->running->faults)
                         : PS_OK;
        }
        d->kept[k] = presence == PS_SHARD_THERE;
        d->given[k] = d->kept[k] || range.first == range.end;
        d->missing += !d->given[k];
    }
    return status;
}

static ps_status start_all(distribution *d, const ps_recipe *recipe)
{
    const ps_kept_file *input = ps_kept_files_find(&recipe->files, "-");
    identity mine;

    if (d->part_of == NULL || d->recipe.failed || !identify(recipe, &mine)) {
        return ps_faults_no_memory(&d->running->faults);
    }
    for (int k = 1; k < ps_ranks_count(d->ranks); k++) {
        ps_string bytes = {0};

        ps_string_append(&bytes, (const char *)&mine, sizeof mine);
        if (input != NULL) {
            ps_string_append(&bytes, input->text, input->length);
        }
        if (bytes.failed) {
            return ps_faults_no_memory(&d->running->faults);
        }
        ps_ranks_send(d->ranks, k, PS_SAY_START, &bytes);
    }
    return PS_OK;
}

static void work_here(void *place)
{
    ps_message_free(work(place));
}

/* Puts the parts together while a thread beside runs some of them. */
static ps_status gather(distribution *d)
{
    ps_running *running = d->running;
    workplace here = workplace_of(d->ranks, running);
    ps_string nothing = {0};
    ps_task *worker = ps_task_start(work_here, &here);

    if (worker == NULL) {
        return ps_faults_no_memory(&running->faults);
    }
    const ps_status status =
        ps_run_merge(&running->scenario, &running->control, (ps_shard_source){next_part, d},
                     &running->result, &running->faults);

    ps_ranks_send(d->ranks, 0, status == PS_OK ? PS_SAY_START : PS_SAY_END, &nothing);
    ps_task_join(worker);
    return status;
}

ps_status ps_distributing_simulate(ps_running *running, void *context)
{
    const ps_distribution *asked = context;
    distribution d = {.ranks = asked->ranks,
                      .running = running,
                      .more = asked->more,
                      .part_of = calloc((size_t)ps_ranks_count(asked->ranks), sizeof(int))};

    ps_recipe_write(asked->recipe, &d.recipe);
    ps_status status = look_around(&d, asked->folder);

    status = status == PS_OK ? start_all(&d, asked->recipe) : status;
    status = status == PS_OK ? gather(&d) : status;
    if (status == PS_ERR_INTERRUPTED && asked->folder != NULL) {
        fprintf(stderr, "pricesim: %d of %d parts are kept in %s; the same command goes on\n",
                PARTS - d.missing, PARTS, asked->folder);
    }
    ps_message_free(d.message);
    ps_shard_file_free(&d.file);
    ps_string_free(&d.recipe);
    ps_arena_free(&d.arena);
    free(d.part_of);
    return status;
}
