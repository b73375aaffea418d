/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/running.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "app/progress.h"
#include "app/signals.h"

/* A person at a terminal reads the warnings in the report itself. */
static bool report_is_enough(const ps_running *running, ps_status status)
{
    return (status == PS_OK || status == PS_ERR_INTERRUPTED) && running->output.path == NULL &&
           running->output.reporter == ps_reporters[0] && isatty(STDOUT_FILENO) &&
           isatty(STDERR_FILENO);
}

static ps_status write_report(ps_running *running)
{
    ps_doc doc = {0};
    const ps_projection projection = {.scenario = &running->scenario,
                                      .result = &running->result,
                                      .faults = &running->faults,
                                      .derived = &running->derived,
                                      .command = running->command};
    ps_status status = ps_project(&projection, &doc);

    status = status == PS_OK ? ps_output_write(&running->output, &doc) : ps_memory_error();
    ps_doc_free(&doc);
    return status;
}

ps_status ps_running_interrupted(const ps_running *running, ps_status reported)
{
    const ps_status status =
        ps_signals_status() == PS_OK ? PS_ERR_INTERRUPTED : ps_signals_status();

    if (running->result.paths == 0) {
        fputs(
            "pricesim: interrupted before the first batch of paths was done; nothing is reported\n",
            stderr);
    } else {
        fprintf(stderr,
                "pricesim: interrupted after %" PRId64 " of %" PRId64
                " paths; the report is PARTIAL\n",
                running->result.paths, running->scenario.run->paths);
    }
    return reported == PS_OK ? status : reported;
}

ps_status ps_running_simulate(ps_running *running)
{
    ps_progress progress;
    ps_status status = ps_derive(&running->scenario, &running->derived, &running->faults);

    running->control.progress = ps_progress_draw;
    running->control.context = &progress;
    running->control.stop = ps_signals_stop();
    ps_progress_start(&progress, running->style.quiet);
    status = status == PS_OK ? running->simulate(running, running->context) : status;
    ps_progress_end(&progress);
    return status;
}

ps_status ps_running_conclude(ps_running *running, ps_status status)
{
    ps_status reported = PS_OK;

    if (status == PS_OK || status == PS_ERR_INTERRUPTED) {
        status = ps_faults_verdict(&running->faults, running->style, status);
    }
    if (!report_is_enough(running, status)) {
        status = ps_faults_print(&running->faults, running->style, status);
    }
    if (status == PS_OK || (status == PS_ERR_INTERRUPTED && running->result.paths > 0)) {
        reported = write_report(running);
    }
    return status == PS_ERR_INTERRUPTED ? ps_running_interrupted(running, reported)
           : status == PS_OK            ? reported
                                        : status;
}

void ps_running_free(ps_running *running)
{
    ps_derivation_free(&running->derived);
    ps_result_free(&running->result);
    ps_scenario_free(&running->scenario);
    ps_faults_free(&running->faults);
    running->derived = (ps_derivation){0};
    running->faults = (ps_faults){0};
}
