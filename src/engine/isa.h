/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The best build of the engine's inner part that this processor runs. */
#ifndef PS_ENGINE_ISA_H
#define PS_ENGINE_ISA_H

#include "engine/hot.h"

typedef void (*ps_hot_run_fn)(const ps_plan *plan, ps_work *work, const ps_job *job);

/* The environment variable PRICESIM_ISA (baseline, v3, v4) picks a lower one. `name` (may be NULL)
 * gets its name. */
ps_hot_run_fn ps_isa_choose(const char **name);

#endif
