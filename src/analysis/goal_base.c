/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/goal_base.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The means of the goals that are against this plan, from its result. */
static ps_status take_means(ps_scenario *scenario, const ps_result *result, const char *plan,
                            ps_faults *faults)
{
    ps_goal *goals = scenario->goals.items;
    ps_status status = PS_OK;

    for (int i = 0; i < scenario->goals.count; i++) {
        ps_goal_base *base = goals[i].against;
        bool found = false;

        if (!base || !base->plan || strcmp(base->plan, plan) != 0) {
            continue;
        }
        for (int k = 0; k < result->goals; k++) {
            if (strcmp(result->goal[k].id, goals[i].entry.id) == 0) {
                base->value = result->goal[k].mean;
                found = true;
            }
        }
        if (!found) {
            char pointer[400];

            snprintf(pointer, sizeof pointer, "%s/against/plan", goals[i].entry.pointer);
            ps_fault_add(faults, "REF", pointer, NULL, 0, 0, "leave the goal in the plan",
                         "plan '%s' has no goal '%s'", plan, goals[i].entry.id);
            status = PS_ERR_INPUT;
        }
    }
    return status;
}

static ps_status settle(const ps_load_options *options, const ps_run_control *control,
                        const char *plan, ps_scenario *scenario, ps_faults *faults)
{
    const ps_run_control quiet = {.threads = control->threads, .stop = control->stop};
    ps_load_options other = *options;
    ps_scenario base = {0};
    ps_result result = {0};
    ps_faults ignored = {0}; /* warnings of another plan */
    ps_status status;

    if (!options->text && strcmp(options->path, "-") == 0) {
        return ps_fault_add(faults, "PLAN", "/goals", NULL, 0, 0, "give it as a file",
                            "a goal is against plan '%s': the scenario has to be read twice", plan);
    }
    other.plan = plan;
    status = ps_scenario_load(&other, &base, &ignored);
    if (status == PS_OK) {
        base.run->paths = scenario->run->paths;
        base.run->seed = scenario->run->seed;
        base.run->counts = scenario->run->counts;
        base.run->parameters = scenario->run->parameters;
        base.run->sampling = scenario->run->sampling;
        status = ps_run(&base, &quiet, &result, &ignored);
    }
    if (status == PS_ERR_INPUT) {
        ps_fault_add(faults, "PLAN", "/goals", NULL, 0, 0, "validate --plan says what it is",
                     "a goal is against plan '%s', which is wrong", plan);
    }
    status = status == PS_OK ? take_means(scenario, &result, plan, faults) : status;
    ps_result_free(&result);
    ps_scenario_free(&base);
    ps_faults_free(&ignored);
    return status;
}

ps_status ps_goals_settle(const ps_load_options *options, const ps_run_control *control,
                          ps_scenario *scenario, ps_faults *faults)
{
    const ps_goal *goals = scenario->goals.items;
    ps_status status = PS_OK;

    for (int i = 0; i < scenario->goals.count && status == PS_OK; i++) {
        const ps_goal_base *base = goals[i].against;

        if (base && base->plan && isnan(base->value)) {
            status = settle(options, control, base->plan, scenario, faults);
        }
    }
    return status;
}
