/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"

#include <math.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

/* The number in a file; INFINITY when it says "max" or cannot be read. */
static double limit_in(const char *path)
{
    FILE *file = fopen(path, "re");
    double bytes = INFINITY;

    if (file != NULL) {
        if (fscanf(file, "%lf", &bytes) != 1) {
            bytes = INFINITY;
        }
        fclose(file);
    }
    return bytes;
}

double ps_memory_limit(void)
{
    const double machine = 0.8 * (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    const double group = fmin(limit_in("/sys/fs/cgroup/memory.max"),
                              limit_in("/sys/fs/cgroup/memory/memory.limit_in_bytes"));
    struct rlimit space;
    double limit = fmin(machine > 0.0 ? machine : INFINITY, group);

    if (getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY) {
        limit = fmin(limit, (double)space.rlim_cur);
    }
    return limit;
}
