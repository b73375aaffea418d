/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads: a parallel for whose items are handed out by an atomic counter, and a task beside the
 * caller. */
#ifndef PS_BASE_PARALLEL_H
#define PS_BASE_PARALLEL_H

#include "base/status.h"

/* Runs body(context, worker, item) for every item in [0, items), on up to `threads` threads.
 * `worker` is in [0, threads): at most one call per worker runs at a time, so that worker-owned
 * memory needs no lock. A body that returns false stops the hand-out of further items. Falls back
 * to fewer threads when they cannot be created. Returns the number of threads that ran. */
int ps_parallel_for(int threads, long items, bool (*body)(void *context, int worker, long item),
                    void *context);

/* A function that runs in a thread of its own, with every signal blocked. */
typedef struct ps_task ps_task;

/* NULL when no thread can be had. */
ps_task *ps_task_start(void (*body)(void *context), void *context);
bool ps_task_done(const ps_task *task);
void ps_task_join(ps_task *task); /* waits for it, and frees it; NULL is none */

/* Number of processors this process may use, at least 1. */
int ps_parallel_default_threads(void);

#endif
