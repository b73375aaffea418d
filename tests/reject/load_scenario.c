/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loads each scenario named on the command line and prints a line per fault or warning, separated
 * by tabs: name, code, pointer, line:column, "message; hint"; then one with the code "ok" when it
 * loads. */
#include <stdio.h>
#include <string.h>

#include "scenario/load.h"

static void load(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    const ps_load_options options = {.path = path};
    ps_scenario scenario;
    ps_faults faults = {0};
    const ps_status status = ps_scenario_load(&options, &scenario, &faults);

    for (size_t i = 0; i < faults.count; i++) {
        const ps_fault *fault = &faults.items[i];

        printf("%s\t%s\t%s\t%d:%d\t%s%s%s\n", name, fault->code, fault->pointer, fault->line,
               fault->column, fault->message, fault->hint == NULL ? "" : "; ",
               fault->hint == NULL ? "" : fault->hint);
    }
    if (status == PS_OK) {
        printf("%s\tok\t\t\t\n", name);
        ps_scenario_free(&scenario);
    }
    ps_faults_free(&faults);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        load(argv[i]);
    }
    return 0;
}
