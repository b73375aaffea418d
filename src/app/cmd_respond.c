/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pricesim respond: our plans against what competitors may do. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/goal_base.h"
#include "analysis/respond.h"
#include "app/faults.h"
#include "app/output.h"
#include "app/progress.h"
#include "app/signals.h"
#include "json/tree.h"

typedef struct {
    const ps_arguments *arguments;
    ps_output output;
    ps_fault_style style;
    ps_load_request request;
    int64_t threads;
    int metric, done;
    ps_faults faults;
    ps_scenario scenario;
    ps_payoffs game;
    ps_result first; /* of the first cell */
    ps_progress progress;
    ps_string command, input;
} respond_work;

static const char as_written[] = "as_written";

/* All plans; and the scenario as written, unless a plan changes nothing. */
static ps_status list_responses(respond_work *work)
{
    ps_payoffs *game = &work->game;
    bool written = false;

    for (const ps_node *p = work->scenario.plans == NULL ? NULL
                                                         : ps_node_first(work->scenario.plans);
         p != NULL; p = ps_node_next(p)) {
        if (game->responses + 1 == PS_RESPONSES_MOST) {
            return ps_usage_error("respond: more than %d plans", PS_RESPONSES_MOST - 1);
        }
        written = written || ps_node_count(p) == 0;
        game->response[game->responses++] = ps_node_key(p);
    }
    if (!written) {
        game->response[game->responses++] = as_written;
    }
    return game->responses > 1
               ? PS_OK
               : ps_usage_error("respond: the scenario has no plans to respond with");
}

static void draw_progress(void *context, double done)
{
    respond_work *work = context;

    ps_progress_draw(&work->progress,
                     (work->done + done) / (work->game.responses * work->game.moves));
}

static ps_status simulate_cell(respond_work *work, int i, int j)
{
    const ps_run_control control = {.threads = (int)work->threads,
                                    .keep_paths = true,
                                    .attribution_paths = 0,
                                    .progress = draw_progress,
                                    .context = work,
                                    .stop = ps_signals_stop()};
    const char *response = work->game.response[i];
    ps_load_options options = work->request.options;
    ps_scenario scenario = {0};
    ps_result result = {0};
    ps_status status;

    options.move = work->game.move[j];
    options.plan = response == as_written ? NULL : response;
    status = ps_scenario_load(&options, &scenario, &work->faults);
    status =
        status == PS_OK ? ps_goals_settle(&options, &control, &scenario, &work->faults) : status;
    status = status == PS_OK ? ps_run(&scenario, &control, &result, &work->faults) : status;
    if (status == PS_OK && work->done > 0 && result.paths != work->game.paths) {
        ps_fault_add(&work->faults, "COMPARE", "/run/paths", NULL, 0, 0, NULL,
                     "%s and %s have another number of futures", response, work->game.move[j]);
        status = PS_ERR_INPUT;
    }
    status = status == PS_OK ? ps_respond_add(&work->game, i, j, &result) : status;
    work->done++;
    if (i == 0 && j == 0) {
        work->first.seed = result.seed;
        work->first.paths = result.paths;
    }
    ps_result_free(&result);
    ps_scenario_free(&scenario);
    return status;
}

static ps_status parse_metric(respond_work *work)
{
    const char *name = ps_arguments_value(work->arguments, "metric");

    work->metric = name == NULL ? PS_METRIC_contribution : ps_metric_find(name);
    return work->metric >= 0 ? PS_OK : ps_usage_error("--metric: unknown metric '%s'", name);
}

static ps_status parse(respond_work *work)
{
    const ps_arguments *arguments = work->arguments;
    ps_status status;

    work->style = ps_fault_style_of(arguments);
    status = ps_load_request_fill(arguments, arguments->operands[0], &work->request);
    status = status == PS_OK ? ps_load_request_runs(arguments, &work->request) : status;
    status = status == PS_OK ? ps_arguments_whole(arguments, "threads", 1, 1024, &work->threads)
                             : status;
    status = status == PS_OK ? parse_metric(work) : status;
    return status == PS_OK ? ps_output_open(arguments, &work->output) : status;
}

static ps_status simulate_all(respond_work *work)
{
    ps_status status = PS_OK;

    ps_progress_start(&work->progress, work->style.quiet);
    for (int i = 0; i < work->game.responses; i++) {
        for (int j = 0; j < work->game.moves && status == PS_OK; j++) {
            status = simulate_cell(work, i, j);
        }
    }
    ps_progress_end(&work->progress);
    return status == PS_OK ? ps_respond_solve(&work->game) : status;
}

static ps_status report(respond_work *work)
{
    static const char *const shown[] = {"set", "metric", "allow-outside", NULL};
    ps_doc doc = {0};
    ps_status status;

    ps_command_line(work->arguments, shown, &work->command);
    ps_string_format(&work->command, " --paths %" PRId64 " --seed %" PRIu64, work->first.paths,
                     work->first.seed);
    status = work->command.failed ? PS_ERR_LIMIT
                                  : ps_respond_project(&work->game, &work->faults, &work->first,
                                                       work->command.data, &doc);
    status = status == PS_OK ? ps_output_write(&work->output, &doc) : ps_memory_error();
    ps_doc_free(&doc);
    return status;
}

static ps_status respond(respond_work *work)
{
    ps_load_options *options = &work->request.options;
    ps_status status = PS_OK;

    if (strcmp(options->path, "-") == 0) {
        status = ps_standard_input(&work->input, &work->faults);
        options->text = work->input.data != NULL ? work->input.data : "";
        options->text_length = work->input.length;
    }
    status = status == PS_OK ? ps_scenario_load(options, &work->scenario, &work->faults) : status;

    status = status == PS_OK
                 ? ps_respond_begin(&work->game, &work->scenario, work->metric, &work->faults)
                 : status;
    status = status == PS_OK ? list_responses(work) : status;
    if (status == PS_ERR_USAGE) {
        return status;
    }
    status = status == PS_OK ? simulate_all(work) : status;
    if (status == PS_ERR_INTERRUPTED) {
        fputs("pricesim: interrupted; nothing is reported\n", stderr);
        return ps_signals_status() == PS_OK ? status : ps_signals_status();
    }
    status = ps_faults_print(&work->faults, work->style, status);
    return status == PS_OK ? report(work) : status;
}

static ps_status respond_command(const ps_arguments *arguments)
{
    respond_work *work = calloc(1, sizeof *work);
    ps_status status;

    if (work == NULL) {
        return ps_memory_error();
    }
    work->arguments = arguments;
    status = parse(work);
    status = status == PS_OK ? respond(work) : status;
    ps_respond_free(&work->game);
    ps_scenario_free(&work->scenario);
    ps_faults_free(&work->faults);
    ps_string_free(&work->command);
    ps_string_free(&work->input);
    free(work);
    return status;
}

static const ps_option own_options[] = {
    {"metric", 0, "METRIC", "What decides; contribution by default. More is better."},
    {"set", 0, "POINTER=VALUE",
     "Set a value whatever we and they do; VALUE is JSON, or else text. May be repeated."},
    {"allow-outside", 0, NULL, "Allow the scenario to name files outside its own folder."},
    {0},
};
static const ps_option *const options[] = {own_options, ps_run_options_list, ps_output_options_list,
                                           ps_fault_options_list, NULL};

const ps_command ps_command_respond = {
    .name = "respond",
    .arguments = "SCENARIO",
    .summary = "our plans against what competitors may do",
    .doc =
        "Simulates every plan of SCENARIO (and it as written) against every one of its `moves` in "
        "the same futures, and reports the payoffs, which response is best and how often, regret, "
        "the safest one, equilibrium cells, and when the recommended response loses.",
    .options = options,
    .least = 1,
    .most = 1,
    .run = respond_command,
};
