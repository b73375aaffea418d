/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pricesim explain: every input as understood, or what the model derives from them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/explain.h"
#include "app/faults.h"
#include "app/output.h"

typedef struct {
    const ps_arguments *arguments;
    ps_output output;
    ps_fault_style style;
    ps_load_request request;
    ps_faults faults;
    ps_scenario scenario;
    ps_derivation derived;
    ps_doc doc;
} explain_work;

static ps_status nothing_there(const char *what, const char *where)
{
    ps_say("error[NOT_FOUND] no %s at '%s'; leave it out to see all", what, where);
    return PS_ERR_INPUT;
}

static ps_status fill(explain_work *work)
{
    const ps_arguments *arguments = work->arguments;
    const bool derived = ps_arguments_has(arguments, "derived");
    const char *where = arguments->operand_count > 1 ? arguments->operands[1] : "";
    ps_status status;

    if (derived) {
        status = ps_derive(&work->scenario, &work->derived, &work->faults);
        if (status != PS_OK) {
            return status;
        }
        status = ps_explain_derived(&work->scenario, &work->derived, where, &work->doc);
    } else {
        if (where[0] == '/' && where[1] == '\0') {
            where = "";
        }
        status = ps_explain_inputs(&work->scenario, where, &work->doc);
    }
    return status == PS_ERR_CHECK ? nothing_there(derived ? "derived value" : "input", where)
                                  : status;
}

static ps_status explain_loaded(explain_work *work)
{
    ps_status status = ps_scenario_load(&work->request.options, &work->scenario, &work->faults);

    if (status == PS_OK) {
        status = fill(work);
    }
    status = ps_faults_print(&work->faults, work->style, status);
    return status == PS_OK ? ps_output_write(&work->output, &work->doc) : status;
}

static ps_status explain_command(const ps_arguments *arguments)
{
    explain_work *work = calloc(1, sizeof *work);
    ps_status status;

    if (work == NULL) {
        return ps_memory_error();
    }
    work->arguments = arguments;
    work->style = ps_fault_style_of(arguments);
    status = ps_load_request_fill(arguments, arguments->operands[0], &work->request);
    status = status == PS_OK ? ps_output_open(arguments, &work->output) : status;
    status = status == PS_OK ? explain_loaded(work) : status;
    ps_doc_free(&work->doc);
    ps_derivation_free(&work->derived);
    ps_scenario_free(&work->scenario);
    ps_faults_free(&work->faults);
    free(work);
    return status;
}

static const ps_option own_options[] = {
    {"derived", 0, NULL,
     "What the model derives from the inputs at their centre: shares, sensitivities, elasticities, "
     "diversion; POINTER is "
     "then a part of the names to show."},
    {0},
};
static const ps_option *const options[] = {own_options, ps_load_options_list,
                                           ps_output_options_list, ps_fault_options_list, NULL};

const ps_command ps_command_explain = {
    .name = "explain",
    .arguments = "SCENARIO [POINTER]",
    .summary = "show every input as it was understood",
    .doc = "Lists the numeric inputs of SCENARIO, or those at a JSON Pointer and below: the kind "
           "of randomness, the "
           "distribution with P5, median and P95, the unit, and the file and line where it was "
           "written.",
    .options = options,
    .least = 1,
    .most = 2,
    .run = explain_command,
};
