/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/isa.h"

#include <stdlib.h>
#include <string.h>

#ifdef PS_HAVE_ISA_BASELINE
void ps_hot_run_baseline(const ps_plan *plan, ps_work *work, const ps_job *job);
#endif
#ifdef PS_HAVE_ISA_V3
void ps_hot_run_v3(const ps_plan *plan, ps_work *work, const ps_job *job);
#endif
#ifdef PS_HAVE_ISA_V4
void ps_hot_run_v4(const ps_plan *plan, ps_work *work, const ps_job *job);
#endif

typedef struct {
    const char *name;
    ps_hot_run_fn run;
    bool supported;
} choice;

ps_hot_run_fn ps_isa_choose(const char **name)
{
    const char *wanted = getenv("PRICESIM_ISA");
#if defined(PS_HAVE_ISA_V3) || defined(PS_HAVE_ISA_V4)
    const bool v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                    __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
#endif
    const choice choices[] = {
#ifdef PS_HAVE_ISA_V4
        {"v4", ps_hot_run_v4,
         __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
             __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512cd") && v3},
#endif
#ifdef PS_HAVE_ISA_V3
        {"v3", ps_hot_run_v3, v3},
#endif
#ifdef PS_HAVE_ISA_BASELINE
        {"baseline", ps_hot_run_baseline, true},
#else
        {"baseline", ps_hot_run, true},
#endif
    };
    const size_t n = sizeof choices / sizeof *choices;
    size_t pick = n - 1;

    for (size_t k = n; k-- > 0;) {
        pick = choices[k].supported ? k : pick;
    }
    for (size_t k = 0; k < n && wanted; k++) {
        pick = choices[k].supported && strcmp(choices[k].name, wanted) == 0 ? k : pick;
    }
    if (name) {
        *name = choices[pick].name;
    }
    return choices[pick].run;
}
