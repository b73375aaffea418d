/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs with more paths than values are kept of: the same means, errors and chances as with all
 * values, percentiles as of a run of the first paths. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/shard.h"
#include "scenario/load.h"

enum { PATHS = 2000, VALUED = 512 };

static ps_scenario scenario;
static ps_result all, some, first;

static ps_result run(int64_t paths, int64_t valued)
{
    const ps_run_control control = {.threads = 1, .valued_paths = valued, .attribution_paths = 0};
    ps_faults faults = {0};
    ps_result result;

    scenario.run->paths = paths;
    ck_assert_int_eq(ps_run(&scenario, &control, &result, &faults), PS_OK);
    ps_faults_free(&faults);
    scenario.run->paths = PATHS;
    return result;
}

static void load(void)
{
    static const char *const sets[] = {"/run/paths=2000"};
    const ps_load_options options = {
        .path = "scenarios/default.json", .sets = sets, .set_count = 1};
    ps_faults faults = {0};

    ck_assert_int_eq(ps_scenario_load(&options, &scenario, &faults), PS_OK);
    ps_faults_free(&faults);
    all = run(PATHS, 0);
    some = run(PATHS, VALUED);
    first = run(VALUED, 0);
}

static void unload(void)
{
    ps_result_free(&all);
    ps_result_free(&some);
    ps_result_free(&first);
    ps_scenario_free(&scenario);
}

static void same(double a, double b, double tolerance)
{
    ck_assert(isnan(a) == isnan(b));
    ck_assert(isnan(a) || fabs(a - b) <= tolerance * fmax(fabs(a), fabs(b)));
}

START_TEST(means_and_errors_are_of_all_paths)
{
    int shown = 0, ratios = 0;

    for (int m = 0; m < PS_METRICS; m++) {
        const ps_figure *a = &all.summary[m], *b = &some.summary[m];

        ck_assert(all.has[m] == some.has[m]);
        same(a->mean, b->mean, 1e-11);
        if (all.has[m] && a->sd > 1e-6 * fabs(a->mean)) {
            same(a->sd, b->sd, 1e-8);
            same(a->se, b->se, 1e-8);
            shown++;
            ratios += ps_metric_table[m].kind == PS_METRIC_IS_RATIO;
            ck_assert(fabs(a->mean - first.summary[m].mean) > 1e-9 * fabs(a->mean));
        }
    }
    ck_assert_int_gt(shown, 20);
    ck_assert_int_gt(ratios, 5);
}
END_TEST

START_TEST(percentiles_are_of_the_first_paths)
{
    for (int m = 0; m < PS_METRICS; m++) {
        const ps_figure *a = &first.summary[m], *b = &some.summary[m];

        if (some.has[m]) {
            ck_assert(memcmp(&a->p5, &b->p5, 7 * sizeof(double)) == 0);
        }
    }
}
END_TEST

/* 32 items: each but the last holds one batch. */
START_TEST(batch_means_average_to_the_mean)
{
    const double *x = some.batch_means + PS_METRIC_revenue * PS_BATCHES;
    double sum = 0.0;
    int n = 0;

    for (int k = 0; k < PS_BATCHES; k++) {
        if (!isnan(x[k])) {
            sum += x[k] * (n == 31 ? 16.0 : 64.0);
            n++;
        }
    }
    ck_assert_int_eq(n, 32);
    same(sum / PATHS, all.summary[PS_METRIC_revenue].mean, 1e-12);
}
END_TEST

START_TEST(chances_are_of_all_paths)
{
    ck_assert_int_gt(all.goals, 0);
    for (int k = 0; k < all.goals; k++) {
        const ps_goal_result *a = &all.goal[k], *b = &some.goal[k];

        ck_assert(a->p == b->p && a->se == b->se && a->low == b->low && a->high == b->high);
        ck_assert(a->out_of_range == b->out_of_range);
        same(a->average_miss, b->average_miss, 1e-11);
        same(a->mean, b->mean, 1e-11);
        ck_assert(b->p50 == first.goal[k].p50);
    }
}
END_TEST

typedef struct {
    ps_string part[3];
    int at;
} parts;

static ps_status next(void *context, const char **bytes, size_t *length)
{
    parts *p = context;

    *bytes = p->at < 3 ? p->part[p->at].data : NULL;
    *length = p->at < 3 ? p->part[p->at].length : 0;
    p->at++;
    return PS_OK;
}

START_TEST(shards_of_such_a_run_merge_to_it)
{
    const ps_run_control control = {.threads = 1, .valued_paths = VALUED, .attribution_paths = 0};
    ps_faults faults = {0};
    ps_result merged;
    parts p = {0};

    for (int k = 0; k < 3; k++) {
        ck_assert_int_eq(
            ps_run_shard(&scenario, &control, (ps_shard_name){3 - k, 3}, &p.part[k], &faults),
            PS_OK);
    }
    ck_assert_int_eq(
        ps_run_merge(&scenario, &control, (ps_shard_source){next, &p}, &merged, &faults), PS_OK);
    ck_assert(memcmp(merged.summary, some.summary, sizeof merged.summary) == 0);
    ck_assert(memcmp(merged.batch_means, some.batch_means,
                     PS_METRICS * PS_BATCHES * sizeof(double)) == 0);
    for (int k = 0; k < some.goals; k++) {
        ck_assert(merged.goal[k].p == some.goal[k].p && merged.goal[k].p10 == some.goal[k].p10);
    }
    for (int k = 0; k < 3; k++) {
        ps_string_free(&p.part[k]);
    }
    ps_result_free(&merged);
    ps_faults_free(&faults);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("moments");
    TCase *tcase = tcase_create("more paths than values");

    tcase_add_unchecked_fixture(tcase, load, unload);
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, means_and_errors_are_of_all_paths);
    tcase_add_test(tcase, percentiles_are_of_the_first_paths);
    tcase_add_test(tcase, batch_means_average_to_the_mean);
    tcase_add_test(tcase, chances_are_of_all_paths);
    tcase_add_test(tcase, shards_of_such_a_run_merge_to_it);
    suite_add_tcase(suite, tcase);

    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);

    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
