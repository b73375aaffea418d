/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs with more paths than values are kept of: the same means, errors and chances as with all
 * values, percentiles as of a run of the first paths. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/shard.h"
#include "math/quantile.h"
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

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Part of sorted values below x; half of those that are equal. */
static double rank_of(const double *sorted, int n, double x)
{
    double below = 0.0;

    for (int i = 0; i < n; i++) {
        below += sorted[i] < x ? 1.0 : sorted[i] == x ? 0.5 : 0.0;
    }
    return below / n;
}

/* Percentiles of V paths in place of all: the rank is off by sqrt(p (1 - p)/V) (the root of the
 * mean square), less a little as the V are among the n, and never by more than the bound of
 * Dvoretzky, Kiefer, Wolfowitz and Massart, which 39 blocks pass together with probability 1 -
 * 4e-5. */
START_TEST(ranks_of_percentiles_are_off_by_what_is_stated)
{
    enum { V = 512, BLOCKS = 39, N = V * BLOCKS };
    static const double levels[] = {0.05, 0.5, 0.9};
    const char *sets[] = {"/run/paths=19968", "/run/counts=expected"};
    const ps_load_options options = {
        .path = "scenarios/minimal.json", .sets = sets, .set_count = 2};
    const ps_run_control control = {.threads = 1, .keep_paths = true, .attribution_paths = 0};
    ps_scenario small;
    ps_faults faults = {0};
    ps_result result;
    double *sorted = malloc(N * sizeof *sorted), part[V], q[3], square[3] = {0.0};

    ck_assert_int_eq(ps_scenario_load(&options, &small, &faults), PS_OK);
    ck_assert_int_eq(ps_run(&small, &control, &result, &faults), PS_OK);
    const double *x = result.path[PS_METRIC_contribution];

    memcpy(sorted, x, N * sizeof *sorted);
    qsort(sorted, N, sizeof *sorted, ascending);
    for (int b = 0; b < BLOCKS; b++) {
        memcpy(part, x + b * V, sizeof part);
        ps_quantile_exact(part, V, levels, 3, q);
        for (int j = 0; j < 3; j++) {
            const double off = rank_of(sorted, N, q[j]) - levels[j];

            ck_assert(fabs(off) <= sqrt(log(2e6) / (2.0 * V)));
            square[j] += off * off / BLOCKS;
        }
    }
    for (int j = 0; j < 3; j++) {
        const double stated = sqrt(levels[j] * (1.0 - levels[j]) / V);

        ck_assert_double_ge(sqrt(square[j]), 0.6 * stated);
        ck_assert_double_le(sqrt(square[j]), 1.4 * stated);
    }
    free(sorted);
    ps_result_free(&result);
    ps_scenario_free(&small);
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
    tcase_add_test(tcase, ranks_of_percentiles_are_off_by_what_is_stated);
    suite_add_tcase(suite, tcase);

    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);

    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
