/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pricesim schema: what a scenario may hold, for programs and for people. */
#include <stdio.h>

#include "app/app.h"
#include "app/output.h"
#include "scenario/reference.h"
#include "scenario/scenario.h"
#include "scenario/schema.h"

static ps_status schema_command(const ps_arguments *arguments)
{
    ps_string text = {0};
    ps_status status;

    if (ps_arguments_has(arguments, "reference")) {
        ps_reference_write(&ps_scenario_shape, &text);
    } else {
        ps_schema_write(&ps_scenario_shape, &text);
    }
    status = text.failed ? ps_memory_error() : ps_output_bytes(text.data, text.length);
    ps_string_free(&text);
    return status;
}

static const ps_option own_options[] = {
    {"reference", 0, NULL,
     "The reference of all keys as text (Markdown): type, unit, bounds, default, meaning."},
    {0},
};
static const ps_option *const options[] = {own_options, NULL};

const ps_command ps_command_schema = {
    .name = "schema",
    .arguments = "",
    .summary = "print the JSON Schema of scenario files",
    .doc = "The schema (draft 2020-12) lets editors complete keys and mark mistakes. What a schema "
           "cannot say, sums and "
           "references for instance, 'pricesim validate' checks.",
    .options = options,
    .run = schema_command,
};
