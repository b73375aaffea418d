/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pricesim accept: writes the baselines that check compares with. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/check.h"
#include "analysis/goal_base.h"
#include "app/checking.h"
#include "app/output.h"
#include "app/progress.h"
#include "app/signals.h"

typedef struct {
    const ps_arguments *arguments;
    ps_output output;
    ps_fault_style style;
    ps_scenario_list list;
    ps_load_request request;
    size_t own_sets; /* of --set; those after them are --paths and --seed */
    int64_t threads;
    ps_progress progress;
    int done;
    ps_doc doc;
    ps_doc_block *written;
    ps_arena arena;
} accept_work;

static void draw_progress(void *context, double done)
{
    accept_work *work = context;

    ps_progress_draw(&work->progress, (work->done + done) / work->list.count);
}

/* "contribution=0.5%", "default=0.1%" */
static ps_status apply_tolerance(const char *text, ps_baseline *baseline)
{
    const char *equals = strchr(text, '=');
    double tolerance;
    bool found = false;

    if (equals == NULL || !ps_tolerance_read(equals + 1, &tolerance)) {
        return ps_usage_error("--tolerance: FIGURE=0.5%% or FIGURE=NUMBER expected, '%s' found",
                              text);
    }
    const size_t length = (size_t)(equals - text);

    if (strncmp(text, "default=", 8) == 0) {
        baseline->tolerance = tolerance;
        return PS_OK;
    }
    for (int i = 0; i < baseline->figures; i++) {
        if (strlen(baseline->figure[i].id) == length &&
            strncmp(baseline->figure[i].id, text, length) == 0) {
            baseline->figure[i].tolerance = tolerance;
            found = true;
        }
    }
    return found ? PS_OK
                 : ps_usage_error("--tolerance: the scenario has no figure '%.*s'", (int)length,
                                  text);
}

static ps_status write_baseline(const accept_work *work, const char *path, ps_baseline *baseline)
{
    ps_string text = {0};
    ps_status status = PS_OK;

    for (int i = 0; i < work->arguments->given_count && status == PS_OK; i++) {
        if (strcmp(work->arguments->given[i].option->name, "tolerance") == 0) {
            status = apply_tolerance(work->arguments->given[i].value, baseline);
        }
    }
    if (status == PS_OK) {
        ps_baseline_write(baseline, &text);
        status = text.failed ? ps_memory_error() : ps_output_file(path, text.data, text.length);
    }
    ps_string_free(&text);
    return status;
}

static void show(accept_work *work, const char *file, const char *path, const ps_baseline *old,
                 const ps_baseline *now)
{
    ps_doc *doc = &work->doc;

    ps_doc_say(doc, work->written,
               ps_doc_text(doc, "%s: %s is written, %" PRId64 " futures, seed %" PRIu64 ".", file,
                           path, now->paths, now->seed));
    if (old->figures > 0) {
        ps_baselines_project(old, now, ps_doc_text(doc, "accepted/%d", work->done),
                             ps_doc_text(doc, "%s: before and now", file), doc);
    }
}

/* The scenario's hash as check will find it: it takes futures and seed from the baseline. */
static ps_status hash_as_checked(const accept_work *work, ps_scenario *scenario, ps_faults *faults)
{
    ps_load_options options = work->request.options;
    ps_scenario *plain = calloc(1, sizeof *plain);
    ps_status status = plain == NULL ? PS_ERR_LIMIT : PS_OK;

    options.set_count = work->own_sets;
    status = status == PS_OK ? ps_scenario_load(&options, plain, faults) : status;
    if (status == PS_OK) {
        memcpy(scenario->hash, plain->hash, sizeof scenario->hash);
        ps_scenario_free(plain);
    }
    free(plain);
    return status;
}

static ps_status accept_file(accept_work *work, const char *file)
{
    const char *path = ps_baseline_path(&work->list.arena, file);
    ps_faults faults = {0};
    ps_scenario *scenario = ps_arena_alloc(&work->arena, 1, sizeof *scenario);
    ps_baseline *baselines = ps_arena_alloc(&work->arena, 2, sizeof *baselines);
    ps_result result = {0};
    bool there = false;
    const ps_run_control control = {.threads = (int)work->threads,
                                    .keep_paths = true,
                                    .attribution_paths = 0,
                                    .progress = draw_progress,
                                    .context = work,
                                    .stop = ps_signals_stop()};
    ps_status status = path == NULL || scenario == NULL || baselines == NULL ? PS_ERR_LIMIT : PS_OK;

    if (status == PS_OK && ps_baseline_load(path, &baselines[0], &there, &faults) != PS_OK) {
        ps_faults_free(&faults); /* a damaged one is written anew */
        faults = (ps_faults){0};
        there = false;
    }
    work->request.options.path = file;
    status = status == PS_OK ? ps_scenario_load(&work->request.options, scenario, &faults) : status;
    if (status == PS_OK && work->request.options.set_count > work->own_sets) {
        status = hash_as_checked(work, scenario, &faults);
    }
    status = status == PS_OK ? ps_expect_check(scenario, &faults) : status;
    status = status == PS_OK ? ps_goals_settle(&work->request.options, &control, scenario, &faults)
                             : status;
    status = status == PS_OK ? ps_run(scenario, &control, &result, &faults) : status;
    status = status == PS_OK
                 ? ps_baseline_make(scenario, &result, there ? &baselines[0] : NULL, &baselines[1])
                 : status;
    if (status != PS_OK && status != PS_ERR_INTERRUPTED) {
        ps_faults_print(&faults, work->style, status);
    }
    status = status == PS_OK ? write_baseline(work, path, &baselines[1]) : status;
    if (status == PS_OK) {
        show(work, file, path, &baselines[0], &baselines[1]);
    }
    ps_result_free(&result);
    ps_faults_free(&faults);
    work->done++;
    return status;
}

static ps_status parse(accept_work *work)
{
    const ps_arguments *arguments = work->arguments;
    const char *ci = getenv("CI");
    ps_status status;

    work->style = ps_fault_style_of(arguments);
    if (ci != NULL && ci[0] != '\0' && strcmp(ci, "false") != 0 && strcmp(ci, "0") != 0) {
        return ps_usage_error("accept: not in CI (CI=%s): a baseline is accepted by a person, and "
                              "committed",
                              ci);
    }
    status = ps_load_request_fill(arguments, arguments->operands[0], &work->request);
    work->own_sets = work->request.options.set_count;
    status = status == PS_OK ? ps_load_request_runs(arguments, &work->request) : status;
    status = status == PS_OK ? ps_arguments_whole(arguments, "threads", 1, 1024, &work->threads)
                             : status;
    status = status == PS_OK ? ps_output_open(arguments, &work->output) : status;
    return status == PS_OK ? ps_scenarios_find(arguments, &work->list) : status;
}

static ps_status accept_command(const ps_arguments *arguments)
{
    accept_work *work = calloc(1, sizeof *work);
    ps_status status;

    if (work == NULL) {
        return ps_memory_error();
    }
    work->arguments = arguments;
    work->doc.title = "Baselines";
    work->doc.currency = "";
    work->written = ps_doc_add_sentences(&work->doc, PS_DOC_FOR_ALL, "verdict", NULL);
    status = parse(work);
    ps_progress_start(&work->progress, work->style.quiet);
    for (int i = 0; i < work->list.count && status == PS_OK; i++) {
        status = accept_file(work, work->list.files[i]);
    }
    ps_progress_end(&work->progress);
    if (status == PS_OK) {
        status = ps_output_write(&work->output, &work->doc);
    } else if (status == PS_ERR_INTERRUPTED) {
        fputs("pricesim: interrupted; the baselines written so far stay\n", stderr);
        status = ps_signals_status() == PS_OK ? status : ps_signals_status();
    }
    ps_doc_free(&work->doc);
    ps_scenarios_free(&work->list);
    ps_arena_free(&work->arena);
    free(work);
    return status;
}

static const ps_option own_options[] = {
    {"tolerance", 0, "FIGURE=CHANGE",
     "A change of FIGURE (a metric, goals.ID, or default) up to this does not matter: 0.5% of its "
     "mean, or a number. Kept in the baseline. May be repeated."},
    {"set", 0, "POINTER=VALUE", "Set a value in every scenario. May be repeated."},
    {"allow-outside", 0, NULL, "Allow a scenario to name files outside its own folder."},
    {0},
};
static const ps_option *const options[] = {own_options, ps_run_options_list, ps_output_options_list,
                                           ps_fault_options_list, NULL};

const ps_command ps_command_accept = {
    .name = "accept",
    .arguments = "PATH...",
    .summary = "write the baselines that check compares with",
    .doc = "Simulates every scenario of PATH (files, folders), writes its figures to the baseline "
           "beside it (NAME.baseline.json), and shows what changed. Refused in CI: look at the "
           "change, then commit it.",
    .options = options,
    .least = 1,
    .most = 1000,
    .run = accept_command,
};
