/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One parallel for over pthreads: work items are handed out by an atomic counter. */
#ifndef PS_BASE_PARALLEL_H
#define PS_BASE_PARALLEL_H

#include "base/status.h"

/* Runs body(context, worker, item) for every item in [0, items), on up to `threads` threads.
 * `worker` is in [0, threads): at most one call per worker runs at a time, so that worker-owned
 * memory needs no lock. A body that returns false stops the hand-out of further items. Falls back
 * to fewer threads when they cannot be created. Returns the number of threads that ran. */
int ps_parallel_for(int threads, long items, bool (*body)(void *context, int worker, long item),
                    void *context);

/* Number of processors this process may use, at least 1. */
int ps_parallel_default_threads(void);

#endif
