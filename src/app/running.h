/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a loaded scenario to a written report: what `run` and `merge` share. */
#ifndef PS_APP_RUNNING_H
#define PS_APP_RUNNING_H

#include "analysis/project.h"
#include "app/faults.h"
#include "app/output.h"
#include "engine/result.h"

typedef struct ps_running {
    ps_output output;
    ps_fault_style style;
    ps_faults faults;
    ps_scenario scenario;
    ps_derivation derived;
    ps_result result;
    const char *command; /* to type for the same numbers */
    ps_run_control control;
    /* Where the result comes from: fills `result`. */
    ps_status (*simulate)(struct ps_running *running, void *context);
    void *context;
} ps_running;

/* Derives and simulates. The scenario is loaded. */
ps_status ps_running_simulate(ps_running *running);

/* Prints faults and writes the report of a simulation that ended so. */
ps_status ps_running_conclude(ps_running *running, ps_status status);

/* Says after a signal what was done; `reported` when that failed, else the signal's status. */
ps_status ps_running_interrupted(const ps_running *running, ps_status reported);

/* Frees all but the output. */
void ps_running_free(ps_running *running);

#endif
