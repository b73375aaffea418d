/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pricesim import: a scenario from a file that is none. */
#include <stdio.h>
#include <string.h>

#include "app/faults.h"
#include "app/output.h"
#include "report/xlsx_read.h"

static ps_status import_command(const ps_arguments *arguments)
{
    const char *kind = arguments->operands[0], *to = ps_arguments_value(arguments, "output");
    ps_faults faults = {0};
    ps_string json = {0};
    ps_status status;

    if (strcmp(kind, "xlsx") != 0) {
        return ps_usage_error("import: xlsx expected, '%s' found; usage: pricesim import %s", kind,
                              arguments->command->arguments);
    }
    status = ps_xlsx_read_scenario(arguments->operands[1], &json, &faults);
    status = ps_faults_print(&faults, ps_fault_style_of(arguments), status);
    if (status == PS_OK) {
        status = to == NULL || strcmp(to, "-") == 0 ? ps_output_bytes(json.data, json.length)
                                                    : ps_output_file(to, json.data, json.length);
    }
    ps_string_free(&json);
    ps_faults_free(&faults);
    return status;
}

static const ps_option own_options[] = {
    {"output", 'o', "FILE", "Write the scenario to FILE, whole or not at all."},
    {0},
};
static const ps_option *const options[] = {own_options, ps_fault_options_list, NULL};

const ps_command ps_command_import = {
    .name = "import",
    .arguments = "xlsx BOOK",
    .summary = "a scenario from the workbook of a report",
    .doc = "Reads the sheet Inputs of a workbook that run wrote (-o x.xlsx), with the values that "
           "were changed in a spreadsheet program, and writes the scenario as JSON: unchanged, it "
           "is the same scenario with the same plan and --set.",
    .options = options,
    .least = 2,
    .most = 2,
    .run = import_command,
};
