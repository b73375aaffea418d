/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sharding.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/progress.h"
#include "app/signals.h"

enum { CHECKPOINT_PARTS = 16 };

/* ---- which shard ---- */

/* A whole number in [least, most]; -1: it is none. */
static long whole(const char *text, long least, long most)
{
    char *end = NULL;

    if (text == NULL || text[0] < '0' || text[0] > '9') {
        return -1;
    }
    errno = 0;
    const long value = strtol(text, &end, 10);

    return errno != 0 || *end != '\0' || value < least || value > most ? -1 : value;
}

/* Variables by which a scheduler says which of its tasks this is. */
typedef struct {
    const char *scheduler, *index, *first, *count;
} array_job;

static const array_job array_jobs[] = {
    {"a Slurm array", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_COUNT"},
    {"AWS Batch", "AWS_BATCH_JOB_ARRAY_INDEX", NULL, "AWS_BATCH_JOB_ARRAY_SIZE"},
    {"a Kubernetes indexed job", "JOB_COMPLETION_INDEX", NULL, NULL},
};
enum { ARRAY_JOBS = sizeof array_jobs / sizeof array_jobs[0] };

/* `count`: from "auto/N", 0 when the scheduler has to say it. */
static ps_status parse_auto(long count, ps_shard_name *out)
{
    const array_job *job = NULL;

    for (int k = 0; k < ARRAY_JOBS; k++) {
        if (getenv(array_jobs[k].index) == NULL) {
            continue;
        }
        if (job != NULL) {
            return ps_usage_error("--shard auto: both %s and %s are set; write --shard I/N",
                                  job->index, array_jobs[k].index);
        }
        job = &array_jobs[k];
    }
    if (job == NULL) {
        return ps_usage_error("--shard auto: this is no task of a Slurm array, an AWS Batch array "
                              "or a Kubernetes indexed job; write --shard I/N");
    }
    if (count == 0 && job->count == NULL) {
        return ps_usage_error("--shard auto: %s does not say how many tasks there are; write "
                              "--shard auto/N, N as in its completions",
                              job->scheduler);
    }
    const long all = count > 0 ? count : whole(getenv(job->count), 1, PS_MAX_SHARDS);

    if (all < 0) {
        return ps_usage_error("--shard auto: %s is '%s'; the number of tasks was expected",
                              job->count, getenv(job->count) == NULL ? "" : getenv(job->count));
    }
    const long first = job->first == NULL ? 0 : whole(getenv(job->first), 0, INT_MAX);
    const long index = whole(getenv(job->index), 0, INT_MAX);

    if (first < 0 || index < first || index - first >= all) {
        return ps_usage_error("--shard auto: %s is '%s'; %ld tasks from %ld were expected",
                              job->index, getenv(job->index), all, first < 0 ? 0 : first);
    }
    *out = (ps_shard_name){(int)(index - first) + 1, (int)all};
    return PS_OK;
}

ps_status ps_sharding_parse(const char *value, ps_shard_name *out)
{
    const char *slash = strchr(value, '/');
    const long count = slash == NULL ? 0 : whole(slash + 1, 1, PS_MAX_SHARDS);
    const size_t length = slash == NULL ? strlen(value) : (size_t)(slash - value);
    char word[16] = "";

    if (length < sizeof word) {
        snprintf(word, sizeof word, "%.*s", (int)length, value);
    }
    if (strcmp(word, "auto") == 0 && count >= 0) {
        return parse_auto(count, out);
    }
    const long part = whole(word, 1, count > 0 ? count : 1);

    if (count <= 0 || part < 0) {
        return ps_usage_error("--shard: I/N expected with I from 1 to N and N up to %d, or auto, "
                              "or auto/N; '%s' found",
                              PS_MAX_SHARDS, value);
    }
    *out = (ps_shard_name){(int)part, (int)count};
    return PS_OK;
}

/* ---- one shard ---- */

ps_shard_presence ps_sharding_look(const char *path, const ps_string *recipe, ps_shard_range range)
{
    ps_faults unsaid = {0};
    ps_shard_file file = {0};
    const ps_status status = ps_shard_file_read(path, &file, &unsaid);
    ps_shard_presence presence = PS_SHARD_ABSENT;

    if (status == PS_OK) {
        const bool same = file.recipe_length == recipe->length &&
                          memcmp(file.recipe, recipe->data, recipe->length) == 0;

        presence = same && memcmp(&file.range, &range, sizeof range) == 0 ? PS_SHARD_THERE
                                                                          : PS_SHARD_OTHER;
    }
    ps_shard_file_free(&file);
    ps_faults_free(&unsaid);
    return presence;
}

/* Runs a part and writes its file. */
static ps_status make_shard(ps_running *running, const ps_string *recipe, ps_shard_name name,
                            const char *path)
{
    ps_string body = {0}, file = {0};
    ps_status status =
        ps_run_shard(&running->scenario, &running->control, name, &body, &running->faults);

    if (status == PS_OK) {
        ps_shard_file_write(recipe, &body, &file);
        status = file.failed ? ps_faults_no_memory(&running->faults)
                             : ps_output_file(path, file.data, file.length);
    }
    ps_string_free(&body);
    ps_string_free(&file);
    return status;
}

static ps_status run_one(ps_running *running, const ps_string *recipe, ps_shard_name name,
                         const char *path)
{
    ps_progress progress;
    ps_status status = ps_derive(&running->scenario, &running->derived, &running->faults);

    /* A fault of the scenario ends this before anything is run: a shard is worth nothing then. */
    status = ps_faults_verdict(&running->faults, running->style, status);
    running->control.progress = ps_progress_draw;
    running->control.context = &progress;
    running->control.stop = ps_signals_stop();
    ps_progress_start(&progress, running->style.quiet);
    status = status == PS_OK ? make_shard(running, recipe, name, path) : status;
    ps_progress_end(&progress);
    if (status == PS_ERR_INTERRUPTED) {
        fputs("pricesim: interrupted; no shard is written\n", stderr);
        return ps_signals_status() == PS_OK ? status : ps_signals_status();
    }
    return status == PS_ERR_FILE ? status
                                 : ps_faults_print(&running->faults, running->style, status);
}

ps_status ps_sharding_run(ps_running *running, const ps_recipe *recipe, ps_shard_name name,
                          const char *path)
{
    const ps_shard_range range = ps_shard_range_of(recipe->paths, name);
    ps_string text = {0};
    ps_status status;

    ps_recipe_write(recipe, &text);
    if (text.failed) {
        status = ps_memory_error();
    } else if (ps_sharding_look(path, &text, range) == PS_SHARD_THERE) {
        status = PS_OK;
        if (!running->style.quiet) {
            ps_say("%s holds shard %d/%d already; it is not run again", path, name.part, name.of);
        }
    } else {
        status = run_one(running, &text, name, path);
    }
    ps_string_free(&text);
    return status;
}

/* ---- merging ---- */

static bool report_gap(const ps_merging *m, int64_t first, int64_t end, ps_faults *faults)
{
    const int64_t paths = m->recipe.paths;

    if (first < end) {
        ps_fault_add(faults, "SHARD", "", NULL, 0, 0, NULL,
                     "futures %" PRId64 " to %" PRId64 " of %" PRId64 " are in no shard",
                     ps_shard_first_path(paths, first) + 1, ps_shard_first_path(paths, end), paths);
    }
    return first < end;
}

typedef struct {
    ps_shard_range range;
    const char *path;
} placed_shard;

static int by_place(const void *a, const void *b)
{
    const ps_shard_range *x = &((const placed_shard *)a)->range,
                         *y = &((const placed_shard *)b)->range;

    return x->first != y->first ? (x->first < y->first ? -1 : 1)
                                : (x->end > y->end) - (x->end < y->end);
}

/* Faults for what is missing and what is there twice. */
static void check_cover(const ps_merging *m, placed_shard *shards, ps_faults *faults)
{
    const char *before = NULL;
    int64_t end = 0;

    qsort(shards, (size_t)m->count, sizeof *shards, by_place);
    for (int i = 0; i < m->count; i++) {
        const ps_shard_range range = shards[i].range;

        if (range.first == range.end) {
            continue;
        }
        if (!report_gap(m, end, range.first, faults) && range.first < end) {
            ps_fault_add(faults, "SHARD", "", shards[i].path, 0, 0, NULL,
                         "holds futures that %s holds, too", before);
        }
        before = range.end > end ? shards[i].path : before;
        end = range.end > end ? range.end : end;
    }
    report_gap(m, end, m->first.range.items, faults);
}

ps_status ps_merging_open(ps_merging *m, ps_faults *faults)
{
    placed_shard *shards = calloc((size_t)m->count, sizeof *shards);
    ps_status worst = shards == NULL ? ps_faults_no_memory(faults) : PS_OK;

    m->faults = faults;
    for (int i = 0; shards != NULL && i < m->count; i++) {
        ps_shard_file *file = i == 0 ? &m->first : &m->file;
        ps_status status = ps_shard_file_read(m->paths[i], file, faults);

        if (status == PS_OK && i == 0) {
            status = ps_shard_file_recipe(m->paths[0], file, &m->recipe, faults);
        } else if (status == PS_OK && m->recipe.hash != NULL) {
            status = ps_shard_file_compare(m->paths[i], file, m->paths[0], &m->first, faults);
        }
        shards[i] = (placed_shard){file->range, m->paths[i]};
        ps_shard_file_free(&m->file);
        worst = status > worst ? status : worst;
    }
    if (worst == PS_OK) {
        check_cover(m, shards, faults);
        worst = faults->no_memory ? PS_ERR_LIMIT : faults->errors > 0 ? PS_ERR_INPUT : PS_OK;
    }
    free(shards);
    return worst;
}

void ps_merging_close(ps_merging *m)
{
    ps_recipe_free(&m->recipe);
    ps_shard_file_free(&m->first);
    ps_shard_file_free(&m->file);
}

/* Each is read again and checked again: nobody may have changed it since. */
static ps_status next_file(void *context, const char **bytes, size_t *length)
{
    ps_merging *m = context;

    ps_shard_file_free(&m->file);
    *bytes = NULL;
    if (m->at == m->count) {
        return PS_OK;
    }
    const char *path = m->paths[m->at++];
    ps_status status = ps_shard_file_read(path, &m->file, m->faults);

    status = status == PS_OK
                 ? ps_shard_file_compare(path, &m->file, m->paths[0], &m->first, m->faults)
                 : status;
    *bytes = status == PS_OK ? m->file.body : NULL;
    *length = m->file.body_length;
    return status;
}

ps_status ps_sharding_merge(ps_running *running, void *merging)
{
    ps_merging *m = merging;

    m->at = 0;
    return ps_run_merge(&running->scenario, &running->control, (ps_shard_source){next_file, m},
                        &running->result, &running->faults);
}

/* ---- checkpoints ---- */

ps_status ps_sharding_folder(const char *folder)
{
    struct stat info;
    const int error = mkdir(folder, 0777) == 0 || errno == EEXIST ? 0 : errno;

    if (error == 0 && stat(folder, &info) == 0 && S_ISDIR(info.st_mode)) {
        return PS_OK;
    }
    ps_say("error[FILE] cannot keep shards in %s: %s", folder,
           strerror(error != 0 ? error : ENOTDIR));
    return PS_ERR_FILE;
}

ps_status ps_sharding_other(const char *path, ps_faults *faults)
{
    return ps_fault_add(faults, "SHARD", "", path, 0, 0, "name an empty folder, or remove it",
                        "there is a shard of another run here");
}

const char *ps_sharding_place(ps_arena *arena, const char *folder, ps_shard_name name)
{
    return ps_arena_format(arena, "%s/%02d-of-%02d.shard", folder, name.part, name.of);
}

static ps_status keep_part(ps_running *running, const ps_string *recipe, ps_shard_name name,
                           const char *path)
{
    switch (ps_sharding_look(path, recipe, ps_shard_range_of(running->scenario.run->paths, name))) {
    case PS_SHARD_THERE:
        return PS_OK;
    case PS_SHARD_OTHER:
        return ps_sharding_other(path, &running->faults);
    default:
        return make_shard(running, recipe, name, path);
    }
}

ps_status ps_sharding_checkpoint(ps_running *running, void *context)
{
    const ps_checkpoint *checkpoint = context;
    const char *paths[CHECKPOINT_PARTS];
    ps_arena arena = {0};
    ps_string recipe = {0};
    ps_merging merging = {.paths = paths, .count = CHECKPOINT_PARTS};
    ps_status status = ps_sharding_folder(checkpoint->folder);

    ps_recipe_write(checkpoint->recipe, &recipe);
    status = status == PS_OK && recipe.failed ? PS_ERR_LIMIT : status;
    for (int k = 0; k < CHECKPOINT_PARTS && status == PS_OK; k++) {
        const ps_shard_name name = {k + 1, CHECKPOINT_PARTS};

        paths[k] = ps_sharding_place(&arena, checkpoint->folder, name);
        status = paths[k] == NULL ? PS_ERR_LIMIT : keep_part(running, &recipe, name, paths[k]);
        if (status == PS_ERR_INTERRUPTED) {
            ps_say("%d of %d parts are kept in %s; the same command goes on", k, CHECKPOINT_PARTS,
                   checkpoint->folder);
        }
    }
    if (status == PS_OK) {
        status = ps_merging_open(&merging, &running->faults);
        status = status == PS_OK ? ps_sharding_merge(running, &merging) : status;
        ps_merging_close(&merging);
    }
    ps_string_free(&recipe);
    ps_arena_free(&arena);
    return status;
}
