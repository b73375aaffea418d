/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/parallel.h"

#include <check.h>
#include <fenv.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { ITEMS = 1000, THREADS = 4 };

typedef struct {
    atomic_int runs[ITEMS];
    atomic_int inside[THREADS]; /* calls of a worker running now */
    atomic_int overlaps, wrong_rounding;
    long stop_at;
} record;

static bool note(void *context, int worker, long item)
{
    record *seen = context;
    const bool known = worker >= 0 && worker < THREADS;
    if (!known || atomic_fetch_add(&seen->inside[worker], 1) != 0)
        atomic_fetch_add(&seen->overlaps, 1);
    if (fegetround() != FE_TONEAREST)
        atomic_fetch_add(&seen->wrong_rounding, 1);
    atomic_fetch_add(&seen->runs[item], 1);
    if (known)
        atomic_fetch_sub(&seen->inside[worker], 1);
    return item != seen->stop_at;
}

START_TEST(every_item_runs_once_and_workers_do_not_overlap)
{
    for (int threads = 1; threads <= THREADS; threads++) {
        record *seen = calloc(1, sizeof *seen);
        seen->stop_at = -1;
        const int ran = ps_parallel_for(threads, ITEMS, note, seen);
        ck_assert_int_ge(ran, 1);
        ck_assert_int_le(ran, threads);
        for (int i = 0; i < ITEMS; i++)
            ck_assert_int_eq(atomic_load(&seen->runs[i]), 1);
        ck_assert_int_eq(atomic_load(&seen->overlaps), 0);
        free(seen);
    }
}
END_TEST

START_TEST(false_stops_the_hand_out)
{
    record *seen = calloc(1, sizeof *seen);
    seen->stop_at = 10;
    ck_assert_int_eq(ps_parallel_for(1, ITEMS, note, seen), 1);
    ck_assert_int_eq(atomic_load(&seen->runs[10]), 1);
    ck_assert_int_eq(atomic_load(&seen->runs[11]), 0);
    free(seen);
}
END_TEST

START_TEST(no_items_run_nothing)
{
    record *seen = calloc(1, sizeof *seen);
    ck_assert_int_eq(ps_parallel_for(THREADS, 0, note, seen), 1);
    ck_assert_int_eq(atomic_load(&seen->runs[0]), 0);
    free(seen);
}
END_TEST

START_TEST(workers_round_to_nearest_and_the_caller_keeps_its_mode)
{
    record *seen = calloc(1, sizeof *seen);
    seen->stop_at = -1;
    fesetround(FE_UPWARD);
    ps_parallel_for(2, ITEMS, note, seen);
    const int mode = fegetround();
    fesetround(FE_TONEAREST);
    ck_assert_int_eq(mode, FE_UPWARD);
    ck_assert_int_eq(atomic_load(&seen->wrong_rounding), 0);
    free(seen);
}
END_TEST

START_TEST(there_is_at_least_one_processor)
{
    ck_assert_int_ge(ps_parallel_default_threads(), 1);
}
END_TEST

static void wait_and_count(void *context)
{
    atomic_int *steps = context;
    sigset_t blocked;

    while (atomic_load(steps) == 0) {
        sched_yield();
    }
    pthread_sigmask(SIG_BLOCK, NULL, &blocked);
    atomic_fetch_add(steps, sigismember(&blocked, SIGINT) && sigismember(&blocked, SIGALRM));
}

START_TEST(a_task_runs_beside_its_caller_without_signals)
{
    atomic_int steps = 0;
    ps_task *task = ps_task_start(wait_and_count, &steps);

    ck_assert_ptr_nonnull(task);
    ck_assert(!ps_task_done(task));
    atomic_store(&steps, 1);
    while (!ps_task_done(task)) {
        sched_yield();
    }
    ck_assert_int_eq(atomic_load(&steps), 2);
    ps_task_join(task);
    ps_task_join(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("parallel");
    TCase *tests = tcase_create("parallel");
    tcase_set_timeout(tests, 120.0); /* unoptimised and sanitized builds are slow */
    tcase_add_test(tests, every_item_runs_once_and_workers_do_not_overlap);
    tcase_add_test(tests, false_stops_the_hand_out);
    tcase_add_test(tests, no_items_run_nothing);
    tcase_add_test(tests, workers_round_to_nearest_and_the_caller_keeps_its_mode);
    tcase_add_test(tests, a_task_runs_beside_its_caller_without_signals);
    tcase_add_test(tests, there_is_at_least_one_processor);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
