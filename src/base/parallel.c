/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads of pthreads. In a parallel for, items are handed out by an atomic counter; the caller is
 * worker 0. Workers block every signal, so that signals reach the caller's thread, and compute in
 * the default floating-point environment (round to nearest, no flush to zero) whatever the caller's
 * is.
 */
#include "base/parallel.h"

#include <fenv.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

typedef struct {
    atomic_long next;
    atomic_bool stopped;
    long items;
    bool (*body)(void *context, int worker, long item);
    void *context;
} shared_loop;

typedef struct {
    shared_loop *loop;
    int number;
    pthread_t thread;
} worker;

static void run_worker(worker *self)
{
    shared_loop *loop = self->loop;
    fenv_t caller;
    fegetenv(&caller);
    fesetenv(FE_DFL_ENV);
    while (!atomic_load_explicit(&loop->stopped, memory_order_relaxed)) {
        const long item = atomic_fetch_add_explicit(&loop->next, 1, memory_order_relaxed);
        if (item >= loop->items)
            break;
        if (!loop->body(loop->context, self->number, item))
            atomic_store_explicit(&loop->stopped, true, memory_order_relaxed);
    }
    fesetenv(&caller);
}

static void *thread_main(void *argument)
{
    run_worker(argument);
    return NULL;
}

static bool start_thread(pthread_t *thread, void *(*body)(void *), void *argument)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const bool started = pthread_create(thread, NULL, body, argument) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

/* Starts workers 1 .. wanted-1; returns how many workers there are, the caller included. */
static int start_workers(shared_loop *loop, worker *workers, int wanted)
{
    int started = 1;
    for (; started < wanted; started++) {
        workers[started] = (worker){.loop = loop, .number = started};
        if (!start_thread(&workers[started].thread, thread_main, &workers[started]))
            break;
    }
    return started;
}

int ps_parallel_for(int threads, long items, bool (*body)(void *context, int worker, long item),
                    void *context)
{
    shared_loop loop = {.items = items, .body = body, .context = context};
    worker self = {.loop = &loop};
    int wanted = threads < items ? threads : (int)items;
    worker *workers = wanted > 1 ? calloc((size_t)wanted, sizeof *workers) : NULL;
    if (!workers)
        wanted = 1;
    const int running = start_workers(&loop, workers, wanted);
    run_worker(&self);
    for (int i = 1; i < running; i++)
        pthread_join(workers[i].thread, NULL);
    free(workers);
    return running;
}

struct ps_task {
    pthread_t thread;
    void (*body)(void *context);
    void *context;
    atomic_bool done;
};

static void *task_main(void *argument)
{
    ps_task *task = argument;
    task->body(task->context);
    atomic_store(&task->done, true);
    return NULL;
}

ps_task *ps_task_start(void (*body)(void *context), void *context)
{
    ps_task *task = calloc(1, sizeof *task);
    if (!task)
        return NULL;
    task->body = body;
    task->context = context;
    if (!start_thread(&task->thread, task_main, task)) {
        free(task);
        return NULL;
    }
    return task;
}

bool ps_task_done(const ps_task *task)
{
    return atomic_load(&task->done);
}

void ps_task_join(ps_task *task)
{
    if (task) {
        pthread_join(task->thread, NULL);
        free(task);
    }
}

int ps_parallel_default_threads(void)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    const int count = CPU_COUNT(&set);
    return count > 0 ? count : 1;
}
