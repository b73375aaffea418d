/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pricesim merge: the projection of a run from its shards. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/goal_base.h"
#include "app/sharding.h"
#include "app/signals.h"

/* The scenario as the shards' run read it. */
static ps_status load(ps_running *running, ps_recipe *recipe)
{
    const ps_load_options options = {.path = recipe->path,
                                     .plan = recipe->plan,
                                     .sets = recipe->sets,
                                     .set_count = recipe->set_count,
                                     .allow_outside = recipe->allow_outside,
                                     .kept = &recipe->files};
    ps_status status = ps_scenario_load(&options, &running->scenario, &running->faults);

    status = ps_faults_verdict(&running->faults, running->style, status);
    if (status == PS_OK && (strcmp(running->scenario.hash, recipe->hash) != 0 ||
                            running->scenario.run->paths != recipe->paths)) {
        status = ps_fault_add(&running->faults, "SHARD", "", NULL, 0, 0, NULL,
                              "the scenario in the shards is not the one that they were run from");
    }
    const ps_run_control control = {.stop = ps_signals_stop()};

    return status == PS_OK
               ? ps_goals_settle(&options, &control, &running->scenario, &running->faults)
               : status;
}

static ps_status merge(ps_running *running, ps_merging *merging)
{
    ps_status status = ps_merging_open(merging, &running->faults);

    status = status == PS_OK ? load(running, &merging->recipe) : status;
    if (status != PS_OK) {
        return ps_faults_print(&running->faults, running->style, status);
    }
    running->command = merging->recipe.command;
    running->control.attribution_paths = merging->recipe.attributed;
    running->simulate = ps_sharding_merge;
    running->context = merging;
    return ps_running_conclude(running, ps_running_simulate(running));
}

static ps_status merge_command(const ps_arguments *arguments)
{
    ps_running *running = calloc(1, sizeof *running);
    ps_merging merging = {.paths = arguments->operands, .count = arguments->operand_count};

    if (running == NULL) {
        return ps_memory_error();
    }
    running->style = ps_fault_style_of(arguments);
    ps_status status = ps_output_open(arguments, &running->output);

    status = status == PS_OK ? merge(running, &merging) : status;
    ps_running_free(running);
    ps_merging_close(&merging);
    free(running);
    return status;
}

static const ps_option *const options[] = {ps_output_options_list, ps_fault_options_list, NULL};

const ps_command ps_command_merge = {
    .name = "merge",
    .arguments = "SHARD...",
    .summary = "put the shards of a run together and report the projection",
    .doc = "Reads the files that 'pricesim run --shard' wrote, on whatever machines, in any order, "
           "and writes the report that one run of the scenario would have written, to the last "
           "byte. The scenario is in the shards. Refuses shards of different runs, damaged ones, "
           "and sets in which a part of the run is missing or there twice.",
    .options = options,
    .least = 1,
    .most = PS_MAX_SHARDS,
    .run = merge_command,
};
