/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pricesim compare: plans against each other on the same futures. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/compare.h"
#include "analysis/goal_base.h"
#include "app/faults.h"
#include "app/output.h"
#include "app/progress.h"
#include "app/signals.h"
#include "json/tree.h"

/* A plan to be: a file, one of its plans, one change more. */
typedef struct {
    const char *path, *plan, *change;
    char *own; /* memory of path and plan when they were one operand */
    char id[64];
    ps_scenario scenario;
} variant;

typedef struct {
    const ps_arguments *arguments;
    ps_output output;
    ps_fault_style style;
    ps_load_request request;
    int64_t threads;
    int metric;
    ps_faults faults;
    int count;
    variant variant[PS_COMPARE_MOST];
    ps_result base;
    ps_comparison comparison;
    ps_progress progress;
    int done;        /* plans simulated */
    ps_string input; /* standard input, which can be read but once */
    ps_string command;
} compare_work;

/* ---- which plans ---- */

static bool id_taken(const compare_work *work, const char *id)
{
    for (int i = 0; i < work->count; i++) {
        if (strcmp(work->variant[i].id, id) == 0) {
            return true;
        }
    }
    return false;
}

/* The plan, else the change ("value=20%"), else the file's name without folder and suffix. */
static void name_variant(const compare_work *work, variant *v)
{
    const char *slash = strrchr(v->path, '/'), *stem = slash == NULL ? v->path : slash + 1;
    const char *change = v->change;
    char id[48];

    if (change != NULL) {
        for (const char *c = change; *c != '\0' && *c != '='; c++) {
            change = *c == '/' ? c + 1 : change;
        }
    }
    const char *text = change != NULL ? change : v->plan != NULL ? v->plan : stem;
    const char *dot = text == stem ? strrchr(stem, '.') : NULL;

    snprintf(id, sizeof id, "%.*s", dot != NULL && dot != stem ? (int)(dot - stem) : 40, text);
    for (char *c = id; *c != '\0'; c++) {
        *c = *c == '/' ? '_' : *c;
    }
    snprintf(v->id, sizeof v->id, "%s", strcmp(id, "-") == 0 ? "input" : id);
    for (int n = 2; id_taken(work, v->id); n++) {
        snprintf(v->id, sizeof v->id, "%s_%d", id, n);
    }
}

static ps_status add_variant(compare_work *work, const char *path, const char *plan,
                             const char *change, char *own)
{
    if (work->count == PS_COMPARE_MOST) {
        free(own);
        return ps_usage_error("compare: at most %d alternatives", PS_COMPARE_MOST - 1);
    }
    variant v = {.path = path, .plan = plan, .change = change, .own = own};

    name_variant(work, &v);
    work->variant[work->count++] = v;
    return PS_OK;
}

/* FILE, or FILE:PLAN where no file is called so. */
static ps_status add_operand(compare_work *work, const char *operand, const char *plan)
{
    const char *colon = strrchr(operand, ':');

    if (colon == NULL || colon == operand || access(operand, F_OK) == 0) {
        return add_variant(work, operand, plan, NULL, NULL);
    }
    char *own = malloc(strlen(operand) + 1);

    if (own == NULL) {
        return ps_memory_error();
    }
    memcpy(own, operand, strlen(operand) + 1);
    own[colon - operand] = '\0';
    return add_variant(work, own, own + (colon - operand) + 1, NULL, own);
}

static ps_status list_variants(compare_work *work)
{
    const ps_arguments *arguments = work->arguments;
    const char *base = ps_arguments_value(arguments, "base");
    ps_status status = add_operand(work, arguments->operands[0], base);

    for (int i = 1; i < arguments->operand_count && status == PS_OK; i++) {
        status = add_operand(work, arguments->operands[i], NULL);
    }
    for (int i = 0; i < arguments->given_count && status == PS_OK; i++) {
        const ps_given_option *given = &arguments->given[i];

        if (strcmp(given->option->name, "plan") == 0) {
            status = add_variant(work, work->variant[0].path, given->value, NULL, NULL);
        } else if (strcmp(given->option->name, "try") == 0) {
            if (given->value[0] != '/' || strchr(given->value, '=') == NULL) {
                return ps_usage_error("--try: POINTER=VALUE expected, like "
                                      "/promotions/spring/value=20%%; '%s' found",
                                      given->value);
            }
            status =
                add_variant(work, work->variant[0].path, work->variant[0].plan, given->value, NULL);
        }
    }
    return status;
}

/* Without alternatives, all plans of the base's file; and the file as written when the base is one
 * of its plans. */
static ps_status list_plans(compare_work *work)
{
    const variant *base = &work->variant[0];
    ps_status status = PS_OK;

    if (work->count > 1) {
        return PS_OK;
    }
    if (base->plan != NULL) {
        status = add_variant(work, base->path, NULL, NULL, NULL);
    }
    for (const ps_node *plan = base->scenario.plans == NULL ? NULL
                                                            : ps_node_first(base->scenario.plans);
         plan != NULL && status == PS_OK; plan = ps_node_next(plan)) {
        if (base->plan == NULL || strcmp(ps_node_key(plan), base->plan) != 0) {
            status = add_variant(work, base->path, ps_node_key(plan), NULL, NULL);
        }
    }
    return status != PS_OK || work->count > 1
               ? status
               : ps_usage_error("compare: nothing to compare with: the scenario has no plans; name "
                                "another file, --plan or --try");
}

/* ---- command line ---- */

static ps_status parse_metric(compare_work *work)
{
    const char *name = ps_arguments_value(work->arguments, "metric");

    work->metric = name == NULL ? PS_METRIC_contribution : ps_metric_find(name);
    if (work->metric >= 0) {
        return PS_OK;
    }
    const char *names[PS_METRICS];
    size_t count = 0;

    for (int m = 0; m < PS_METRICS; m++) {
        if (ps_metric_table[m].label != NULL) {
            names[count++] = ps_metric_table[m].id;
        }
    }
    const char *nearest = ps_text_suggest(name, names, count);

    return ps_usage_error("--metric: unknown metric '%s'%s%s%s", name,
                          nearest == NULL ? "" : "; did you mean ", nearest == NULL ? "" : nearest,
                          nearest == NULL ? "" : "?");
}

static ps_status parse(compare_work *work)
{
    const ps_arguments *arguments = work->arguments;
    ps_status status;

    work->style = ps_fault_style_of(arguments);
    status = ps_load_request_fill(arguments, arguments->operands[0], &work->request);
    status = status == PS_OK ? ps_load_request_runs(arguments, &work->request) : status;
    status = status == PS_OK ? ps_arguments_whole(arguments, "threads", 1, 1024, &work->threads)
                             : status;
    status = status == PS_OK ? parse_metric(work) : status;
    status = status == PS_OK ? list_variants(work) : status;
    return status == PS_OK ? ps_output_open(arguments, &work->output) : status;
}

/* ---- simulation ---- */

/* All plans meet the base's futures: its seed, as many. */
static ps_status load_variant(compare_work *work, variant *v)
{
    const variant *base = &work->variant[0];
    ps_load_options options = work->request.options;
    char paths[48], seed[48];

    options.path = v->path;
    options.plan = v->plan;
    if (strcmp(v->path, "-") == 0) {
        options.text = work->input.data != NULL ? work->input.data : "";
        options.text_length = work->input.length;
    }
    if (v->change != NULL) {
        work->request.sets[options.set_count++] = v->change;
    }
    if (v != base) {
        snprintf(paths, sizeof paths, "/run/paths=%" PRId64, base->scenario.run->paths);
        snprintf(seed, sizeof seed, "/run/seed=\"%" PRIu64 "\"", base->scenario.run->seed);
        work->request.sets[options.set_count++] = paths;
        work->request.sets[options.set_count++] = seed;
    }
    const ps_run_control control = {.threads = (int)work->threads, .stop = ps_signals_stop()};
    const ps_status status = ps_scenario_load(&options, &v->scenario, &work->faults);

    return status == PS_OK ? ps_goals_settle(&options, &control, &v->scenario, &work->faults)
                           : status;
}

static void draw_progress(void *context, double done)
{
    compare_work *work = context;

    ps_progress_draw(&work->progress, (work->done + done) / work->count);
}

static ps_status simulate(compare_work *work, variant *v, ps_result *result)
{
    const ps_run_control control = {.threads = (int)work->threads,
                                    .attribution_paths = 0,
                                    .keep_paths = true,
                                    .progress = draw_progress,
                                    .context = work,
                                    .stop = ps_signals_stop()};
    const ps_status status = ps_run(&v->scenario, &control, result, &work->faults);

    work->done++;
    return status;
}

static ps_status compare_with(compare_work *work, variant *v)
{
    ps_result result = {0};
    ps_status status = simulate(work, v, &result);

    if (status == PS_OK) {
        status = ps_compare_add(&work->comparison, v->id, &v->scenario, &result, &work->faults);
    }
    ps_result_free(&result);
    return status;
}

static ps_status read_input(compare_work *work)
{
    for (int i = 0; i < work->count; i++) {
        if (strcmp(work->variant[i].path, "-") == 0) {
            return ps_standard_input(&work->input, &work->faults);
        }
    }
    return PS_OK;
}

/* Loads everything before the first simulation, so that a fault of the last plan shows at once. */
static ps_status load_all(compare_work *work)
{
    ps_status status = read_input(work);

    status = status == PS_OK ? load_variant(work, &work->variant[0]) : status;
    status = status == PS_OK ? list_plans(work) : status;
    for (int i = 1; i < work->count && status == PS_OK; i++) {
        status = load_variant(work, &work->variant[i]);
    }
    return ps_faults_verdict(&work->faults, work->style, status);
}

static ps_status simulate_all(compare_work *work)
{
    variant *base = &work->variant[0];
    ps_status status = simulate(work, base, &work->base);

    status = status == PS_OK ? ps_compare_begin(&work->comparison, work->metric, base->id,
                                                &base->scenario, &work->base)
                             : status;
    for (int i = 1; i < work->count && status == PS_OK; i++) {
        status = compare_with(work, &work->variant[i]);
    }
    if (work->comparison.plans > 0) {
        work->comparison.partial = status == PS_ERR_INTERRUPTED;
        ps_compare_rank(&work->comparison);
    }
    return status;
}

static ps_status write_report(compare_work *work)
{
    static const char *const shown[] = {"base",   "plan",          "try", "set",
                                        "metric", "allow-outside", NULL};
    const ps_run_options *run = work->variant[0].scenario.run;
    ps_doc doc = {0};
    ps_status status;

    ps_command_line(work->arguments, shown, &work->command);
    ps_string_format(&work->command, " --paths %" PRId64 " --seed %" PRIu64, run->paths, run->seed);
    status = work->command.failed
                 ? PS_ERR_LIMIT
                 : ps_compare_project(&work->comparison, &work->faults, work->command.data, &doc);
    status = status == PS_OK ? ps_output_write(&work->output, &doc) : ps_memory_error();
    ps_doc_free(&doc);
    return status;
}

static ps_status explain_interruption(const compare_work *work, ps_status reported)
{
    const ps_status status =
        ps_signals_status() == PS_OK ? PS_ERR_INTERRUPTED : ps_signals_status();

    fprintf(stderr,
            work->comparison.plans > 1
                ? "pricesim: interrupted after %d of %d plans; the report is PARTIAL\n"
                : "pricesim: interrupted before two plans were done; nothing is reported\n",
            work->comparison.plans, work->count);
    return reported == PS_OK ? status : reported;
}

static ps_status compare_loaded(compare_work *work)
{
    ps_status status, reported = PS_OK;

    ps_progress_start(&work->progress, work->style.quiet);
    status = simulate_all(work);
    ps_progress_end(&work->progress);
    if (status != PS_ERR_INTERRUPTED) {
        status = ps_faults_print(&work->faults, work->style, status);
    }
    if (status == PS_OK || (status == PS_ERR_INTERRUPTED && work->comparison.plans > 1)) {
        reported = write_report(work);
    }
    return status == PS_ERR_INTERRUPTED ? explain_interruption(work, reported)
           : status == PS_OK            ? reported
                                        : status;
}

static void free_work(compare_work *work)
{
    ps_compare_free(&work->comparison);
    ps_result_free(&work->base);
    for (int i = 0; i < work->count; i++) {
        ps_scenario_free(&work->variant[i].scenario);
        free(work->variant[i].own);
    }
    ps_faults_free(&work->faults);
    ps_string_free(&work->command);
    ps_string_free(&work->input);
    free(work);
}

static ps_status compare_command(const ps_arguments *arguments)
{
    compare_work *work = calloc(1, sizeof *work);
    ps_status status;

    if (work == NULL) {
        return ps_memory_error();
    }
    work->arguments = arguments;
    status = parse(work);
    if (status == PS_OK) {
        status = load_all(work);
        if (status == PS_OK) {
            status = compare_loaded(work);
        } else if (status != PS_ERR_USAGE) {
            status = ps_faults_print(&work->faults, work->style, status);
        }
    }
    free_work(work);
    return status;
}

static const ps_option own_options[] = {
    {"plan", 0, "ID",
     "An alternative: the plan ID of BASE's file. May be repeated; without any alternative all of "
     "its plans are taken."},
    {"try", 0, "POINTER=VALUE", "An alternative: BASE with one value changed. May be repeated."},
    {"base", 0, "ID", "The plan ID of BASE's file is the base, in place of the file as written."},
    {"metric", 0, "METRIC",
     "What decides which plan is best; contribution by default. More is better."},
    {"set", 0, "POINTER=VALUE",
     "Set a value in the base and all alternatives; VALUE is JSON, or else text. May be repeated."},
    {"allow-outside", 0, NULL, "Allow a scenario to name files outside its own folder."},
    {0},
};
static const ps_option *const options[] = {own_options, ps_run_options_list, ps_output_options_list,
                                           ps_fault_options_list, NULL};

const ps_command ps_command_compare = {
    .name = "compare",
    .arguments = "BASE [ALTERNATIVE...]",
    .summary = "compare plans on the same simulated futures",
    .doc =
        "Simulates BASE and each ALTERNATIVE (files, or FILE:PLAN; more by --plan and --try) on "
        "common random numbers and reports the differences future by future: what could happen, "
        "how often an alternative is better, and what the simulation does not know yet. All take "
        "the paths and the seed of BASE.",
    .options = options,
    .least = 1,
    .most = PS_COMPARE_MOST,
    .run = compare_command,
};
