/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pricesim check: expectations and baselines of scenarios, for CI. */
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
    ps_checks checks;
    int64_t threads, paths;
    bool quick, file_trouble;
    ps_progress progress;
    int done;
} check_work;

/* A plan of a scenario, simulated: what rules look at. */
typedef struct {
    ps_scenario scenario;
    ps_result result;
    ps_tree tree;
    ps_node *root;
} side;

typedef struct {
    const char *file, *baseline_file;
    ps_baseline baseline;
    bool has_baseline;
    ps_faults faults;
    char plans[PS_EXPECT_PLANS][PS_EXPECT_NAME];
    int sides;
    side side[PS_EXPECT_PLANS + 1];
} check_one;

static void free_one(check_one *one)
{
    for (int i = 0; i < one->sides; i++) {
        ps_node_free(one->side[i].root);
        ps_tree_free(&one->side[i].tree);
        ps_result_free(&one->side[i].result);
        ps_scenario_free(&one->side[i].scenario);
    }
    ps_baseline_free(&one->baseline);
    ps_faults_free(&one->faults);
    free(one);
}

static void draw_progress(void *context, double done)
{
    check_work *work = context;

    ps_progress_draw(&work->progress, (work->done + done) / work->list.count);
}

/* With the baseline's futures, so that the draws are shared; a quick check takes the first eighth
 * of them. */
static void choose_futures(const check_work *work, const check_one *one, ps_run_options *run)
{
    if (one->has_baseline) {
        run->seed = one->baseline.seed;
        run->paths =
            work->quick ? one->baseline.paths * PS_QUICK_BATCHES / PS_BATCHES : one->baseline.paths;
    }
    run->paths = work->paths > 0 ? work->paths : run->paths;
}

static ps_status load_side(check_work *work, check_one *one, const char *plan, ps_scenario *out)
{
    ps_load_request *request = calloc(1, sizeof *request);
    ps_status status =
        request == NULL ? PS_ERR_LIMIT : ps_load_request_fill(work->arguments, one->file, request);

    if (status == PS_OK) {
        request->options.plan = plan;
        status = ps_scenario_load(&request->options, out, &one->faults);
    }
    if (status == PS_OK) {
        const ps_run_control control = {.threads = (int)work->threads, .stop = ps_signals_stop()};

        choose_futures(work, one, out->run);
        status = ps_goals_settle(&request->options, &control, out, &one->faults);
        if (status != PS_OK) {
            ps_scenario_free(out);
        }
    }
    free(request);
    return status;
}

/* What promotions earn takes walks of its own: only where a rule asks for it. */
static int64_t attribution_of(const ps_scenario *scenario)
{
    const ps_expectation *items = scenario->expect.items;

    for (int i = 0; i < scenario->expect.count; i++) {
        if (strstr(items[i].rule, "promotions.") != NULL) {
            return -1;
        }
    }
    return 0;
}

static ps_status simulate_side(check_work *work, check_one *one, const char *plan)
{
    side *s = &one->side[one->sides];
    ps_status status = load_side(work, one, plan, &s->scenario);

    if (status != PS_OK) {
        return status;
    }
    one->sides++;
    status = ps_expect_check(&s->scenario, &one->faults);
    if (status == PS_OK) {
        const ps_run_control control = {.threads = (int)work->threads,
                                        .keep_paths = true,
                                        .attribution_paths = attribution_of(&s->scenario),
                                        .progress = draw_progress,
                                        .context = work,
                                        .stop = ps_signals_stop()};

        status = ps_run(&s->scenario, &control, &s->result, &one->faults);
    }
    if (status == PS_OK && s->scenario.expect.count > 0) {
        status = ps_result_tree(&s->scenario, &s->result, &s->tree, &s->root, &one->faults);
    }
    return status;
}

static ps_status decide(check_work *work, check_one *one)
{
    ps_expect_side sides[PS_EXPECT_PLANS + 1];
    const ps_scenario *scenario = &one->side[0].scenario;
    ps_status status = PS_OK;

    for (int i = 0; i < one->sides; i++) {
        sides[i] = (ps_expect_side){i == 0 ? "" : one->plans[i - 1], &one->side[i].result,
                                    one->side[i].root};
    }
    status = ps_checks_expect(&work->checks, one->file, scenario, sides, one->sides, &one->faults);
    if (one->has_baseline && status == PS_OK) {
        return ps_checks_regress(&work->checks, one->file, one->baseline_file, &one->baseline,
                                 scenario, &one->side[0].result);
    }
    if (status == PS_OK && scenario->expect.count == 0) {
        ps_checks_add(&work->checks,
                      (ps_check_case){.scenario = one->file,
                                      .name = "baseline",
                                      .verdict = PS_CHECK_CANNOT_TELL,
                                      .message = "nothing to check: no `expect` and no baseline; "
                                                 "`pricesim accept` writes one",
                                      .file = one->file,
                                      .line = 1});
    }
    return status;
}

/* A scenario that cannot be checked is an outcome; the others go on. */
static void note_errors(check_work *work, const check_one *one)
{
    for (size_t i = 0; i < one->faults.count; i++) {
        const ps_fault *f = &one->faults.items[i];
        const char *message =
            f->hint == NULL ? f->message
                            : ps_arena_format(&work->list.arena, "%s; %s", f->message, f->hint);

        if (!f->warning) {
            ps_checks_add(
                &work->checks,
                (ps_check_case){.scenario = one->file,
                                .name = f->code,
                                .verdict = PS_CHECK_ERROR,
                                .message = message == NULL ? f->message : message,
                                .file = f->file == NULL || f->line == 0 ? one->file : f->file,
                                .line = f->line > 0 ? f->line : 1});
        }
    }
}

static ps_status check_file(check_work *work, const char *file)
{
    check_one *one = calloc(1, sizeof *one);
    ps_status status;

    if (one == NULL) {
        return ps_memory_error();
    }
    one->file = file;
    one->baseline_file = ps_baseline_path(&work->list.arena, file);
    status = one->baseline_file == NULL ? PS_ERR_LIMIT
                                        : ps_baseline_load(one->baseline_file, &one->baseline,
                                                           &one->has_baseline, &one->faults);
    status = status == PS_OK ? simulate_side(work, one, NULL) : status;
    const int plans = status == PS_OK ? ps_expect_plans(&one->side[0].scenario, one->plans) : 0;

    for (int i = 0; i < plans && status == PS_OK; i++) {
        status = simulate_side(work, one, one->plans[i]);
    }
    status = status == PS_OK ? decide(work, one) : status;
    if (status != PS_OK && status != PS_ERR_INTERRUPTED) {
        ps_fault_style quiet = work->style;

        quiet.quiet = true;
        ps_faults_print(&one->faults, quiet, status);
        note_errors(work, one);
    }
    work->checks.scenarios++;
    work->done++;
    work->file_trouble = work->file_trouble || status == PS_ERR_FILE;
    free_one(one);
    return status == PS_ERR_INPUT || status == PS_ERR_FILE ? PS_OK : status;
}

static ps_status parse(check_work *work)
{
    const ps_arguments *arguments = work->arguments;
    ps_status status = ps_arguments_whole(arguments, "threads", 1, 1024, &work->threads);

    work->style = ps_fault_style_of(arguments);
    work->quick = work->checks.quick = ps_arguments_has(arguments, "quick");
    status = status == PS_OK ? ps_arguments_whole(arguments, "paths", 1, 1000000000, &work->paths)
                             : status;
    status = status == PS_OK ? ps_output_open(arguments, &work->output) : status;
    return status == PS_OK ? ps_scenarios_find(arguments, &work->list) : status;
}

static ps_status report(check_work *work)
{
    ps_doc doc = {0};
    ps_status status = work->checks.failed ? PS_ERR_LIMIT : ps_checks_project(&work->checks, &doc);

    status = status == PS_OK ? ps_output_write(&work->output, &doc) : ps_memory_error();
    ps_doc_free(&doc);
    if (status == PS_OK) {
        status = ps_checks_status(&work->checks, work->style.strict);
        status = status == PS_ERR_INPUT && work->file_trouble ? PS_ERR_FILE : status;
    }
    return status;
}

static ps_status check_command(const ps_arguments *arguments)
{
    check_work *work = calloc(1, sizeof *work);
    ps_status status;

    if (work == NULL) {
        return ps_memory_error();
    }
    work->arguments = arguments;
    status = parse(work);
    if (status == PS_OK) {
        ps_progress_start(&work->progress, work->style.quiet);
        for (int i = 0; i < work->list.count && status == PS_OK; i++) {
            status = check_file(work, work->list.files[i]);
        }
        ps_progress_end(&work->progress);
        if (status == PS_OK) {
            status = report(work);
        } else if (status == PS_ERR_INTERRUPTED) {
            fputs("pricesim: interrupted; nothing is reported\n", stderr);
            status = ps_signals_status() == PS_OK ? status : ps_signals_status();
        }
    }
    ps_checks_free(&work->checks);
    ps_scenarios_free(&work->list);
    free(work);
    return status;
}

static const ps_option own_options[] = {
    {"quick", 0, NULL,
     "An eighth of the baseline's futures: eight times as fast, and finds larger changes only."},
    {"paths", 'n', "N",
     "Simulated futures in place of the baseline's; other draws are then compared against the "
     "noise of both."},
    {"threads", 't', "N", "Threads; all processors by default. The numbers do not depend on it."},
    {"set", 0, "POINTER=VALUE", "Set a value in every scenario. May be repeated."},
    {"allow-outside", 0, NULL, "Allow a scenario to name files outside its own folder."},
    {0},
};
static const ps_option *const options[] = {own_options, ps_output_options_list,
                                           ps_fault_options_list, NULL};

const ps_command ps_command_check = {
    .name = "check",
    .arguments = "PATH...",
    .summary = "check scenarios against their expectations and baselines",
    .doc =
        "Simulates every scenario of PATH (files, folders) and decides its rules (`expect`) and "
        "whether it has moved away from the baseline beside it (NAME.baseline.json, written by "
        "accept). Exit code 1 only when a check failed; what cannot be told with so many futures "
        "does not fail, except with --strict. --format junit, github or markdown for CI.",
    .options = options,
    .least = 1,
    .most = 1000,
    .run = check_command,
};
