/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pricesim report: a stored result in another format. */
#include "app/faults.h"
#include "app/output.h"
#include "base/file.h"
#include "report/stored.h"
#include "json/scan.h"

static ps_status load(const char *path, ps_doc *doc, ps_faults *faults)
{
    ps_string text = {0};
    const ps_file_outcome outcome = ps_file_read(path, PS_JSON_MAX_BYTES, &text);
    ps_status status;

    if (outcome == PS_FILE_NO_MEMORY) {
        status = ps_faults_no_memory(faults);
    } else if (outcome != PS_FILE_READ) {
        ps_fault_add(faults, ps_file_code(outcome), "", path, 0, 0, NULL, "%s",
                     ps_file_reason(outcome));
        status = PS_ERR_FILE;
    } else {
        status = ps_stored_read(path, text.data, text.length, doc, faults);
    }
    ps_string_free(&text);
    return status;
}

static ps_status report_command(const ps_arguments *arguments)
{
    ps_faults faults = {0};
    ps_output output;
    ps_doc doc = {0};
    ps_status status = ps_output_open(arguments, &output);

    if (status == PS_OK) {
        status = load(arguments->operands[0], &doc, &faults);
        status = ps_faults_print(&faults, ps_fault_style_of(arguments), status);
    }
    status = status == PS_OK ? ps_output_write(&output, &doc) : status;
    ps_doc_free(&doc);
    ps_faults_free(&faults);
    return status;
}

static const ps_option *const options[] = {ps_output_options_list, ps_fault_options_list, NULL};

const ps_command ps_command_report = {
    .name = "report",
    .arguments = "RESULT",
    .summary = "show a stored result in another format",
    .doc = "Reads RESULT, the JSON that run, compare, respond or check wrote (-o x.json; - for "
           "standard input), and writes what that command would have written in another format: "
           "the same bytes, without simulating again.",
    .options = options,
    .least = 1,
    .most = 1,
    .run = report_command,
};
