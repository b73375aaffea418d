/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pricesim run: the projection of a scenario. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/project.h"
#include "app/faults.h"
#include "app/output.h"
#include "app/progress.h"
#include "app/signals.h"
#include "engine/result.h"

typedef struct {
    const ps_arguments *arguments;
    ps_output output;
    ps_fault_style style;
    ps_load_request request;
    int64_t threads, attribution;
    ps_faults faults;
    ps_scenario scenario;
    ps_result result;
    ps_derivation derived;
    ps_string command;
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

static ps_status parse(run_work *work)
{
    const ps_arguments *arguments = work->arguments;
    ps_status status;

    work->style = ps_fault_style_of(arguments);
    status = ps_load_request_fill(arguments, arguments->operands[0], &work->request);
    status = status == PS_OK ? ps_load_request_runs(arguments, &work->request) : status;
    status = status == PS_OK ? ps_arguments_whole(arguments, "threads", 1, 1024, &work->threads)
                             : status;
    status = status == PS_OK ? parse_attribution(arguments, &work->attribution) : status;
    return status == PS_OK ? ps_output_open(arguments, &work->output) : status;
}

/* What to type for the same numbers: not where they were written to, and paths and seed even when
 * by default. */
static const char *command_line(run_work *work)
{
    static const char *const shown[] = {"plan", "set", "attribution", "allow-outside", NULL};

    ps_command_line(work->arguments, shown, &work->command);
    ps_string_format(&work->command, " --paths %" PRId64 " --seed %" PRIu64,
                     work->scenario.run->paths, work->scenario.run->seed);
    return work->command.failed ? NULL : work->command.data;
}

/* A person at a terminal reads the warnings in the report itself. */
static bool report_is_enough(const run_work *work, ps_status status)
{
    return (status == PS_OK || status == PS_ERR_INTERRUPTED) && work->output.path == NULL &&
           work->output.reporter == ps_reporters[0] && isatty(STDOUT_FILENO) &&
           isatty(STDERR_FILENO);
}

static ps_status write_report(run_work *work)
{
    ps_doc doc = {0};
    ps_projection projection = {.scenario = &work->scenario,
                                .result = &work->result,
                                .faults = &work->faults,
                                .derived = &work->derived,
                                .command = command_line(work)};
    ps_status status = projection.command == NULL ? PS_ERR_LIMIT : ps_project(&projection, &doc);

    status = status == PS_OK ? ps_output_write(&work->output, &doc) : ps_memory_error();
    ps_doc_free(&doc);
    return status;
}

static ps_status simulate(run_work *work)
{
    ps_progress progress;
    const ps_run_control control = {
        .threads = (int)work->threads,
        .attribution_paths = work->attribution,
        .progress = ps_progress_draw,
        .context = &progress,
        .stop = ps_signals_stop(),
    };
    ps_status status;

    ps_progress_start(&progress, work->style.quiet);
    status = ps_run(&work->scenario, &control, &work->result, &work->faults);
    ps_progress_end(&progress);
    return status;
}

static ps_status explain_interruption(const run_work *work, ps_status reported)
{
    const ps_status status =
        ps_signals_status() == PS_OK ? PS_ERR_INTERRUPTED : ps_signals_status();

    if (work->result.paths == 0) {
        fputs(
            "pricesim: interrupted before the first batch of paths was done; nothing is reported\n",
            stderr);
    } else {
        fprintf(stderr,
                "pricesim: interrupted after %" PRId64 " of %" PRId64
                " paths; the report is PARTIAL\n",
                work->result.paths, work->scenario.run->paths);
    }
    return reported == PS_OK ? status : reported;
}

static ps_status run_loaded(run_work *work)
{
    ps_status status = ps_derive(&work->scenario, &work->derived, &work->faults), reported = PS_OK;

    status = status == PS_OK ? simulate(work) : status;
    if (status == PS_OK || status == PS_ERR_INTERRUPTED) {
        status = ps_faults_verdict(&work->faults, work->style, status);
    }
    if (!report_is_enough(work, status)) {
        status = ps_faults_print(&work->faults, work->style, status);
    }
    if (status == PS_OK || (status == PS_ERR_INTERRUPTED && work->result.paths > 0)) {
        reported = write_report(work);
    }
    return status == PS_ERR_INTERRUPTED ? explain_interruption(work, reported)
           : status == PS_OK            ? reported
                                        : status;
}

static ps_status run_command(const ps_arguments *arguments)
{
    run_work *work = calloc(1, sizeof *work);
    ps_status status;

    if (work == NULL) {
        return ps_memory_error();
    }
    work->arguments = arguments;
    status = parse(work);
    if (status == PS_OK) {
        status = ps_scenario_load(&work->request.options, &work->scenario, &work->faults);
        if (ps_faults_verdict(&work->faults, work->style, status) != PS_OK) {
            status = ps_faults_print(&work->faults, work->style, status);
        } else {
            status = run_loaded(work);
        }
    }
    ps_derivation_free(&work->derived);
    ps_result_free(&work->result);
    ps_scenario_free(&work->scenario);
    ps_faults_free(&work->faults);
    ps_string_free(&work->command);
    free(work);
    return status;
}

static const ps_option own_options[] = {
    {"attribution", 0, "all|none|N",
     "Futures in which the promotions' earnings are taken apart; the first 1000 by default."},
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
