/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pricesim validate: what was understood of a scenario in a few lines, or its faults. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/inputs.h"
#include "analysis/project.h"
#include "app/faults.h"
#include "app/output.h"
#include "base/date.h"
#include "base/file.h"
#include "doc/human.h"
#include "engine/derive.h"
#include "json/scan.h"

static void count(ps_string *text, int number, const char *noun)
{
    ps_string_format(text, "%s%d %s%s",
                     text->data != NULL && text->data[text->length - 1] != ' ' ? ", " : "", number,
                     noun, number == 1 ? "" : "s");
}

static void describe_parts(const ps_scenario *scenario, ps_string *text)
{
    ps_string_format(text, "  ");
    count(text, scenario->market->segments.count, "segment");
    count(text, scenario->offers.count, "offer");
    count(text, scenario->rivals, "rival offer");
    count(text, scenario->promotions.count, "promotion");
    if (scenario->funnel != NULL) {
        count(text, scenario->funnel->order.count, "funnel stage");
    }
    count(text, scenario->goals.count, "goal");
    ps_string_format(text, "\n");
    if (scenario->plans != NULL && ps_node_count(scenario->plans) > 0) {
        const char *before = "  plans: ";

        for (const ps_node *plan = ps_node_first(scenario->plans); plan != NULL;
             plan = ps_node_next(plan)) {
            ps_string_format(text, "%s%s", before, ps_node_key(plan));
            before = ", ";
        }
        ps_string_format(text, "\n");
    }
}

static void describe_inputs(const ps_scenario *scenario, ps_string *text)
{
    int uncertain = 0, bare = 0;

    for (int i = 0; i < scenario->input_count; i++) {
        uncertain += scenario->inputs[i].number->given &&
                     scenario->inputs[i].number->dist.law != PS_LAW_CONSTANT;
        bare += ps_input_is_bare(&scenario->inputs[i]);
    }
    ps_string_format(text, "  %d uncertain input%s", uncertain, uncertain == 1 ? "" : "s");
    if (bare > 0) {
        const char *before = ": ";

        ps_string_format(
            text,
            "; %d bare number%s where a range belongs, so ranges of results will be too narrow",
            bare, bare == 1 ? "" : "s");
        for (int i = 0; i < scenario->input_count; i++) {
            if (ps_input_is_bare(&scenario->inputs[i])) {
                ps_string_format(text, "%s%s", before, scenario->inputs[i].number->pointer);
                before = ", ";
            }
        }
    }
    ps_string_format(text, "\n");
}

static ps_status describe(const ps_scenario *scenario, const char *path)
{
    static const char *const seller[] = {"market", "pipeline"};
    char start[16], paths[PS_HUMAN_SIZE];
    ps_string text = {0};
    ps_status status;

    ps_string_format(&text, "%s: valid: %s%s%s\n", path, scenario->name,
                     scenario->plan == NULL ? "" : ", plan ",
                     scenario->plan == NULL ? "" : scenario->plan);
    ps_string_format(&text, "  %s scope, %" PRId64 " %s%s from %s, money in %s\n",
                     seller[scenario->scope == PS_SCOPE_PIPELINE], scenario->calendar->periods,
                     ps_project_period(scenario), scenario->calendar->periods == 1 ? "" : "s",
                     ps_date_format(scenario->calendar->start, start), scenario->currency);
    describe_parts(scenario, &text);
    describe_inputs(scenario, &text);
    ps_string_format(&text, "  %s futures, seed %" PRIu64 ", scenario hash %s\n",
                     ps_human_whole(scenario->run->paths, paths), scenario->run->seed,
                     scenario->hash);
    status = text.failed ? ps_memory_error() : ps_output_bytes(text.data, text.length);
    ps_string_free(&text);
    return status;
}

/* Loads, and calibrates as a run would: some faults only show then. */
static ps_status validate_scenario(const ps_arguments *arguments, const char *path)
{
    const ps_fault_style style = ps_fault_style_of(arguments);
    ps_load_request *request = calloc(1, sizeof *request);
    ps_faults faults = {0};
    ps_scenario scenario = {0};
    ps_derivation derived = {0};
    ps_status status =
        request == NULL ? ps_memory_error() : ps_load_request_fill(arguments, path, request);

    if (status == PS_OK) {
        status = ps_scenario_load(&request->options, &scenario, &faults);
        status = status == PS_OK ? ps_derive(&scenario, &derived, &faults) : status;
        status = ps_faults_print(&faults, style, status);
        status = status == PS_OK ? describe(&scenario, path) : status;
    }
    ps_derivation_free(&derived);
    ps_scenario_free(&scenario);
    ps_faults_free(&faults);
    free(request);
    return status;
}

/* Whether the file is strict JSON, whatever it holds. */
static ps_status validate_json(const ps_arguments *arguments, const char *path)
{
    ps_faults faults = {0};
    ps_string text = {0};
    const ps_file_outcome outcome = ps_file_read(path, PS_JSON_MAX_BYTES, &text);
    ps_status status;

    if (outcome == PS_FILE_NO_MEMORY) {
        status = ps_faults_no_memory(&faults);
    } else if (outcome == PS_FILE_READ) {
        status = ps_scan_text(text.data == NULL ? "" : text.data, text.length, path, false, NULL,
                              &faults);
    } else {
        status = outcome == PS_FILE_TOO_LARGE ? PS_ERR_INPUT : PS_ERR_FILE;
        ps_fault_add(&faults, ps_file_code(outcome), "", path, 0, 0, NULL, "%s",
                     outcome == PS_FILE_TROUBLE ? strerror(errno) : ps_file_reason(outcome));
    }
    status = ps_faults_print(&faults, ps_fault_style_of(arguments), status);
    if (status == PS_OK) {
        ps_string line = {0};

        ps_string_format(&line, "%s: valid JSON\n", path);
        status = line.failed ? ps_memory_error() : ps_output_bytes(line.data, line.length);
        ps_string_free(&line);
    }
    ps_string_free(&text);
    ps_faults_free(&faults);
    return status;
}

/* All files are looked at; the first failure decides. */
static ps_status validate_command(const ps_arguments *arguments)
{
    const bool plain = ps_arguments_has(arguments, "plain-json");
    ps_status status = PS_OK;

    for (int i = 0; i < arguments->operand_count; i++) {
        const char *path = arguments->operands[i];
        const ps_status one =
            plain ? validate_json(arguments, path) : validate_scenario(arguments, path);

        status = status == PS_OK ? one : status;
    }
    return status;
}

static const ps_option own_options[] = {
    {"plain-json", 0, NULL, "Only check that the files are strict JSON, whatever they hold."},
    {0},
};
static const ps_option *const options[] = {own_options, ps_load_options_list, ps_fault_options_list,
                                           NULL};

const ps_command ps_command_validate = {
    .name = "validate",
    .arguments = "SCENARIO...",
    .summary = "check scenarios without running them",
    .doc = "Reads each SCENARIO as run does and says what was understood, or lists all its faults "
           "with file, line, "
           "column, JSON Pointer and what to do.",
    .options = options,
    .least = 1,
    .most = 1000,
    .run = validate_command,
};
