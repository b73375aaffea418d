/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pricesim diff: two stored results or baselines, figure by figure. */
#include "analysis/check.h"
#include "app/checking.h"
#include "app/output.h"

static ps_status load(const char *path, ps_baseline *out, ps_faults *faults)
{
    bool there;
    const ps_status status = ps_baseline_load(path, out, &there, faults);

    if (status == PS_OK && !there) {
        ps_fault_add(faults, "NOT_FOUND", "", path, 0, 0, NULL, "no such file");
        return PS_ERR_FILE;
    }
    return status;
}

static ps_status diff_command(const ps_arguments *arguments)
{
    ps_baseline stored[2] = {{.figures = 0}, {.figures = 0}};
    ps_faults faults = {0};
    ps_output output;
    ps_doc doc = {0};
    const char *names[2] = {arguments->operands[0], arguments->operands[1]};
    ps_status status = ps_output_open(arguments, &output);

    if (status == PS_OK) {
        status = load(names[0], &stored[0], &faults);
        status = status == PS_OK ? load(names[1], &stored[1], &faults) : status;
        status = ps_faults_print(&faults, ps_fault_style_of(arguments), status);
    }
    if (status == PS_OK) {
        status = ps_diff_project(&stored[0], &stored[1], names, &doc);
        status = status == PS_OK ? ps_output_write(&output, &doc) : ps_memory_error();
    }
    ps_doc_free(&doc);
    ps_faults_free(&faults);
    ps_baseline_free(&stored[0]);
    ps_baseline_free(&stored[1]);
    return status;
}

static const ps_option *const options[] = {ps_output_options_list, ps_fault_options_list, NULL};

const ps_command ps_command_diff = {
    .name = "diff",
    .arguments = "BEFORE AFTER",
    .summary = "compare two stored results",
    .doc = "Shows the figures of two results (run -o x.json) or baselines side by side, and which "
           "differences are more than simulation noise. To fail on a difference use check.",
    .options = options,
    .least = 2,
    .most = 2,
    .run = diff_command,
};
