/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pricesim run: the projection of a scenario. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/goal_base.h"
#include "app/distributing.h"
#include "app/precision.h"
#include "app/sharding.h"
#include "app/signals.h"
#include "base/version.h"

typedef struct {
    const ps_arguments *arguments;
    ps_running running;
    ps_load_request request;
    int64_t threads;
    ps_recipe recipe;
    ps_checkpoint checkpoint;
    ps_ranks *ranks; /* NULL without --mpi */
    ps_distribution distribution;
    ps_shard_name shard; /* of: 0 without --shard */
    double precision;    /* 0: not asked for */
    ps_string command;
    char more[48]; /* the paths that the precision asks for, as --set */
} run_work;

static ps_status parse_attribution(const ps_arguments *arguments, int64_t *out)
{
    const char *value = ps_arguments_value(arguments, "attribution");

    *out = -1;
    if (value == NULL) {
        return PS_OK;
    }
    if (strcmp(value, "all") == 0) {
        *out = INT64_MAX;
        return PS_OK;
    }
    if (strcmp(value, "none") == 0) {
        *out = 0;
        return PS_OK;
    }
    if (value[0] < '0' || value[0] > '9') {
        return ps_usage_error("--attribution: all, none or a number of paths expected, '%s' found",
                              value);
    }
    return ps_arguments_whole(arguments, "attribution", 0, 1000000000, out);
}

/* "512M", "2G": bytes. */
static ps_status parse_memory(const ps_arguments *arguments, int64_t *out)
{
    static const char units[] = "KMGT";
    const char *value = ps_arguments_value(arguments, "memory");
    char *end = NULL;

    if (value == NULL) {
        return PS_OK;
    }
    const long number = value[0] >= '1' && value[0] <= '9' ? strtol(value, &end, 10) : 0;
    const char *unit = number > 0 && *end != '\0' ? strchr(units, *end) : NULL;

    if (unit == NULL || end[1] != '\0' || number > 1000000) {
        return ps_usage_error("--memory: a size like 512M or 2G expected, '%s' found", value);
    }
    *out = (int64_t)number << (10 * (unit - units + 1));
    return PS_OK;
}

/* A shard goes to a file that is no report. */
static ps_status parse_shard(run_work *work)
{
    const ps_arguments *arguments = work->arguments;
    const char *file = ps_arguments_value(arguments, "output");

    if (ps_arguments_has(arguments, "format") || ps_arguments_has(arguments, "checkpoint") ||
        ps_arguments_has(arguments, "precision")) {
        return ps_usage_error("--shard: writes a shard, not a report; without --format, "
                              "--checkpoint and --precision");
    }
    if (file == NULL || strcmp(file, "-") == 0) {
        return ps_usage_error("--shard: name the file of the shard with -o");
    }
    const ps_status status =
        ps_sharding_parse(ps_arguments_value(arguments, "shard"), &work->shard);

    return status == PS_OK ? ps_output_check(file) : status;
}

/* Whether this process is one of those that rank 0 gives work to. */
static bool is_helper(const run_work *work)
{
    return work->ranks != NULL && ps_ranks_number(work->ranks) > 0;
}

static ps_status check_mpi(const ps_arguments *arguments)
{
    return ps_arguments_has(arguments, "shard")
               ? ps_usage_error("--mpi: hands out shards itself; without --shard")
               : PS_OK;
}

static ps_status parse(run_work *work)
{
    const ps_arguments *arguments = work->arguments;
    ps_running *running = &work->running;
    ps_status status;

    running->style = ps_fault_style_of(arguments);
    status = ps_load_request_fill(arguments, arguments->operands[0], &work->request);
    status = status == PS_OK ? ps_load_request_runs(arguments, &work->request) : status;
    status = status == PS_OK && work->ranks != NULL ? check_mpi(arguments) : status;
    work->threads = work->ranks != NULL;
    status = status == PS_OK ? ps_arguments_whole(arguments, "threads", 1, 1024, &work->threads)
                             : status;
    status = status == PS_OK ? parse_attribution(arguments, &running->control.attribution_paths)
                             : status;
    status = status == PS_OK ? parse_memory(arguments, &running->control.memory) : status;
    status = status == PS_OK ? ps_precision_parse(arguments, &work->precision) : status;
    running->control.threads = (int)work->threads;
    if (status == PS_OK && work->precision > 0.0 && ps_arguments_has(arguments, "checkpoint")) {
        status =
            ps_usage_error("--precision: not with --checkpoint, which needs to know the paths");
    }
    if (status != PS_OK || is_helper(work)) {
        return status;
    }
    return ps_arguments_has(arguments, "shard") ? parse_shard(work)
                                                : ps_output_open(arguments, &running->output);
}

/* What to type for the same numbers: not where they were written to, and paths and seed even when
 * by default. */
static const char *command_line(run_work *work)
{
    static const char *const shown[] = {"plan", "set", "attribution", "allow-outside", NULL};
    const ps_scenario *scenario = &work->running.scenario;

    ps_string_free(&work->command);
    work->command = (ps_string){0};
    ps_command_line(work->arguments, shown, &work->command);
    ps_string_format(&work->command, " --paths %" PRId64 " --seed %" PRIu64, scenario->run->paths,
                     scenario->run->seed);
    return work->command.failed ? NULL : work->command.data;
}

static ps_status simulate(ps_running *running, void *context)
{
    (void)context;
    return ps_run(&running->scenario, &running->control, &running->result, &running->faults);
}

static void fill_recipe(run_work *work)
{
    const ps_load_options *options = &work->request.options;
    const ps_running *running = &work->running;
    ps_recipe *recipe = &work->recipe;

    recipe->version = PS_VERSION;
    recipe->stream = PS_STREAM_VERSION;
    recipe->hash = running->scenario.hash;
    recipe->command = running->command;
    recipe->path = options->path;
    recipe->plan = options->plan;
    recipe->sets = work->request.sets;
    recipe->set_count = options->set_count;
    recipe->allow_outside = options->allow_outside;
    recipe->paths = running->scenario.run->paths;
    recipe->attributed = ps_run_attributed(&running->scenario, &running->control);
}

/* Loads the scenario; a fault is printed. */
static ps_status load(run_work *work)
{
    ps_running *running = &work->running;
    const ps_run_control control = {.threads = (int)work->threads, .stop = ps_signals_stop()};
    ps_status status =
        ps_scenario_load(&work->request.options, &running->scenario, &running->faults);

    status = status == PS_OK ? ps_goals_settle(&work->request.options, &control, &running->scenario,
                                               &running->faults)
                             : status;
    if (status == PS_ERR_INTERRUPTED) {
        return ps_running_interrupted(running, PS_OK);
    }
    return ps_faults_verdict(&running->faults, running->style, status) != PS_OK
               ? ps_faults_print(&running->faults, running->style, status)
               : PS_OK;
}

/* The scenario, and what is said of it to others. */
static ps_status load_described(run_work *work)
{
    const ps_status status = load(work);

    if (status != PS_OK) {
        return status;
    }
    work->running.command = command_line(work);
    if (work->running.command == NULL || work->recipe.files.no_memory) {
        return ps_memory_error();
    }
    fill_recipe(work);
    return PS_OK;
}

/* The scenario again, from the files as they were read, with more paths. */
static ps_status load_again(run_work *work, double paths)
{
    ps_running_free(&work->running);
    work->recipe.files.replay = true;
    if (work->more[0] == '\0') { /* the first time */
        work->request.sets[work->request.options.set_count++] = work->more;
    }
    snprintf(work->more, sizeof work->more, "/run/paths=%.0f", paths);
    return load_described(work);
}

/* Runs with more and more paths until the error is as asked: the result is that of a run with so
 * many. */
static ps_status simulate_precisely(run_work *work)
{
    ps_running *running = &work->running;

    for (;;) {
        const ps_status status = ps_running_simulate(running);
        int metric;
        const double reached = ps_precision_reached(&running->result, &metric);

        if (status != PS_OK || reached <= work->precision) {
            if (work->ranks != NULL) {
                ps_ranks_dismiss(work->ranks);
            }
            return ps_running_conclude(running, status);
        }
        const double next =
            ps_precision_next(running->scenario.run->paths, reached, work->precision);

        if (next > PS_MAX_PATHS) {
            ps_fault_add(&running->faults, "LIMIT", "/run/paths", NULL, 0, 0,
                         "ask for less, or look at another figure",
                         "the simulation error of %s is %.3g of its mean with %" PRId64
                         " paths; %g would take more than %.0e",
                         ps_metric_table[metric].id, reached, running->scenario.run->paths,
                         work->precision, PS_MAX_PATHS);
            return ps_running_conclude(running, PS_ERR_LIMIT);
        }
        const ps_status loaded = load_again(work, next);

        if (loaded != PS_OK) {
            return loaded;
        }
    }
}

/* One of the others: runs parts of what rank 0 starts. */
static ps_status help(run_work *work, ps_message **start)
{
    ps_status status = PS_OK;

    while (status == PS_OK && *start != NULL) {
        ps_message *next = ps_distributing_work(work->ranks, &work->running, &work->recipe, *start);

        ps_message_free(*start);
        *start = next;
        status = next == NULL ? PS_OK : load_again(work, (double)ps_distributing_paths(next));
    }
    return status;
}

static ps_status run_loaded(run_work *work)
{
    ps_running *running = &work->running;
    const char *folder = ps_arguments_value(work->arguments, "checkpoint");

    if (work->shard.of > 0) {
        return ps_sharding_run(running, &work->recipe, work->shard,
                               ps_arguments_value(work->arguments, "output"));
    }
    work->checkpoint = (ps_checkpoint){folder, &work->recipe};
    running->simulate = folder == NULL ? simulate : ps_sharding_checkpoint;
    running->context = &work->checkpoint;
    if (work->ranks != NULL) {
        work->distribution =
            (ps_distribution){work->ranks, &work->recipe, folder, work->precision > 0.0};
        running->simulate = ps_distributing_simulate;
        running->context = &work->distribution;
    }
    return work->precision > 0.0 ? simulate_precisely(work)
                                 : ps_running_conclude(running, ps_running_simulate(running));
}

/* The whole command, but for meeting other ranks. */
static ps_status run_here(void *context)
{
    run_work *work = context;
    ps_message *start = NULL;

    if (is_helper(work) && (start = ps_distributing_await(work->ranks)) == NULL) {
        return PS_OK; /* rank 0 has said why */
    }
    ps_status status = parse(work);

    if (status == PS_OK) {
        const bool again = work->shard.of > 0 || work->precision > 0.0 || work->ranks != NULL ||
                           ps_arguments_has(work->arguments, "checkpoint");

        work->request.options.kept = again ? &work->recipe.files : NULL;
        if (start != NULL) {
            ps_distributing_input(start, &work->recipe.files);
        }
        status = load_described(work);
        status = status != PS_OK ? status : is_helper(work) ? help(work, &start) : run_loaded(work);
    }
    if (is_helper(work) && status != PS_OK) {
        ps_distributing_fail(work->ranks, status);
    }
    ps_message_free(start);
    return status;
}

static ps_status run_ranks(run_work *work)
{
    int64_t deadline = 60;
    ps_status status = ps_arguments_whole(work->arguments, "deadline", 2, 86400, &deadline);

    status = status == PS_OK ? ps_ranks_open((int)deadline, &work->ranks) : status;
    return status == PS_OK ? ps_ranks_serve(work->ranks, run_here, work) : status;
}

static ps_status run_command(const ps_arguments *arguments)
{
    run_work *work = calloc(1, sizeof *work);

    if (work == NULL) {
        return ps_memory_error();
    }
    work->arguments = arguments;
    const ps_status status = ps_arguments_has(arguments, "mpi") ? run_ranks(work)
                             : ps_arguments_has(arguments, "deadline")
                                 ? ps_usage_error("--deadline is for runs with --mpi")
                                 : run_here(work);

    ps_running_free(&work->running);
    ps_recipe_free(&work->recipe);
    ps_string_free(&work->command);
    free(work);
    return status;
}

static const ps_option own_options[] = {
    {"attribution", 0, "all|none|N",
     "Futures in which the promotions' earnings are taken apart; the first 1000 by default."},
    {"precision", 0, "PART",
     "Double the futures until the simulation error of revenue, contribution and units is at most "
     "this part of their mean, like 0.5%. The result is that of a run with so many."},
    {"memory", 0, "SIZE",
     "Refuse, before it begins, a run that needs more memory than this, like 512M or 2G; what the "
     "machine or the container has by default."},
    {"shard", 0, "I/N|auto[/N]",
     "Run only part I of N and write it to the file that -o names, for 'pricesim merge'; auto: the "
     "part that a Slurm array, an AWS Batch array or a Kubernetes indexed job gives this task. A "
     "file that holds the part already is left as it is."},
    {"checkpoint", 0, "DIR",
     "Run in parts and keep each in the folder DIR: after an interruption the same command goes on "
     "where it was."},
    {"mpi", 0, NULL,
     "Under mpirun or srun: one run by all ranks, with the bytes of a run by one; only rank 0 "
     "reads "
     "--checkpoint and writes. One thread per rank unless --threads says otherwise. Needs "
     "pricesim-mpi."},
    {"deadline", 0, "SECONDS",
     "With --mpi: end the run when another rank has said nothing for so long, 60 by default."},
    {0},
};
static const ps_option *const options[] = {ps_run_options_list,   own_options,
                                           ps_load_options_list,  ps_output_options_list,
                                           ps_fault_options_list, NULL};

const ps_command ps_command_run = {
    .name = "run",
    .arguments = "SCENARIO",
    .summary = "simulate a scenario and report the projection",
    .doc = "Reads SCENARIO (a file, or - for standard input), simulates its futures, and reports "
           "what is likely: "
           "revenue, contribution, funnel, what the promotions earn, the chance of each goal. "
           "Ctrl-C writes what is "
           "done so far, marked PARTIAL; a second Ctrl-C ends at once.",
    .options = options,
    .least = 1,
    .most = 1,
    .run = run_command,
};
