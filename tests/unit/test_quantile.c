/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/quantile.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "math/philox.h"
#include "math/vmath.h"

static int ascending(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

START_TEST(type_seven_by_hand)
{
    double x[] = {4.0, 1.0, 3.0, 2.0}, q[5], one[] = {7.0};
    ps_quantile_exact(x, 4, (double[]){0.0, 0.25, 0.5, 0.9, 1.0}, 5, q);
    ck_assert_double_eq(q[0], 1.0);
    ck_assert_double_eq(q[1], 1.75);
    ck_assert_double_eq(q[2], 2.5);
    ck_assert_double_eq_tol(q[3], 3.7, 1e-15);
    ck_assert_double_eq(q[4], 4.0);
    ps_quantile_exact(one, 1, (double[]){0.3}, 1, q);
    ck_assert_double_eq(q[0], 7.0);
}
END_TEST

/* Shapes of data that spoil one method or another. */
static double value(int shape, int i, int n, double u)
{
    switch (shape) {
    case 0:
        return ps_normal_inverse(u);
    case 1:
        return ps_exp(30.0 * ps_normal_inverse(u)); /* one outlier rules the range */
    case 2:
        return floor(4.0 * u); /* ties */
    case 3:
        return u < 0.8 ? 0.0 : -ps_log(u);
    case 4:
        return i;
    case 5:
        return n - i;
    case 6:
        return 3.0;
    case 7:
        return i == 5 ? 1e308 : i == 9 ? -1e308 : u; /* the range overflows */
    default:
        return i % 2 ? i : -i;
    }
}

START_TEST(exact_quantiles_are_those_of_the_sorted_values)
{
    const double p[] = {0.0, 0.05, 0.1, 0.1, 0.25, 0.5, 0.5001, 0.75, 0.9, 0.95, 1.0};
    const int sizes[] = {2, 25, 511, 513, 2000, 30001};
    for (int shape = 0; shape < 9; shape++)
        for (int s = 0; s < 6; s++) {
            const int n = sizes[s];
            double *x = malloc((size_t)n * sizeof *x), *sorted = malloc((size_t)n * sizeof *x),
                   q[11];
            for (int i = 0; i < n; i++) {
                double u[8];
                ps_philox_uniform(3, (uint64_t)i, (uint32_t)shape, 0, 8, u);
                x[i] = value(shape, i, n, u[0]);
            }
            memcpy(sorted, x, (size_t)n * sizeof *x);
            qsort(sorted, (size_t)n, sizeof *sorted, ascending);
            ps_quantile_exact(x, (size_t)n, p, 11, q);
            for (int j = 0; j < 11; j++) {
                const double h = (n - 1) * p[j];
                const int low = (int)h, high = low + 1 < n ? low + 1 : low;
                ck_assert_double_eq(q[j], fma(h - low, sorted[high] - sorted[low], sorted[low]));
            }
            qsort(x, (size_t)n, sizeof *x, ascending);
            ck_assert_mem_eq(x, sorted, (size_t)n * sizeof *x); /* only reordered */
            free(x);
            free(sorted);
        }
}
END_TEST

START_TEST(more_quantiles_than_one_round_takes)
{
    double x[1000], p[150], q[150];
    for (int i = 0; i < 1000; i++)
        x[i] = 999 - i;
    for (int j = 0; j < 150; j++)
        p[j] = j / 149.0;
    ps_quantile_exact(x, 1000, p, 150, q);
    for (int j = 0; j < 150; j++)
        ck_assert_double_eq_tol(q[j], 999.0 * p[j], 1e-9);
}
END_TEST

/* The same tree, level by level. */
static double tree_sum(const double *x, size_t n)
{
    double *level = malloc(n * sizeof *level);
    memcpy(level, x, n * sizeof *level);
    for (size_t width = 1; width < n; width *= 2)
        for (size_t i = 0; i + width < n; i += 2 * width)
            level[i] += level[i + width];
    const double sum = level[0];
    free(level);
    return sum;
}

START_TEST(sum_is_a_fixed_tree_by_index)
{
    static double x[1100];
    ps_philox_uniform(3, 0, 1, 1, 1096, x);
    for (size_t n = 1; n < 1096; n++)
        ck_assert_double_eq(ps_sum_pairwise(x, n), tree_sum(x, n));
    ck_assert_double_eq(ps_sum_pairwise(x, 0), 0.0);
}
END_TEST

START_TEST(sketch_is_within_a_64th)
{
    enum { N = 40000 };
    const double p[] = {0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99};
    static double x[N];
    for (int shape = 0; shape < 3; shape++) {
        ps_sketch *sketch = calloc(1, sizeof *sketch);
        double q[7];
        ps_philox_uniform(3, 0, 9, 0, N, x);
        for (int i = 0; i < N; i++) {
            const double z = ps_normal_inverse(x[i]);
            x[i] = shape == 0 ? 1e5 + 2e4 * z : shape == 1 ? -ps_exp(3.0 * z) : 50.0 * z;
        }
        ps_sketch_add(sketch, x, N);
        ps_quantile_exact(x, N, p, 7, q);
        for (int j = 0; j < 7; j++) /* near zero the gap between neighbours counts as well */
            ck_assert_double_le(fabs(ps_sketch_quantile(sketch, p[j]) - q[j]),
                                fabs(q[j]) / 64.0 + (shape == 2 ? 0.02 : 0.0));
        free(sketch);
    }
}
END_TEST

START_TEST(sketches_merge_by_adding_counts)
{
    static double x[1000];
    ps_sketch *all = calloc(1, sizeof *all), *a = calloc(1, sizeof *a), *b = calloc(1, sizeof *b);
    ps_philox_uniform(3, 0, 9, 0, 1000, x);
    ps_sketch_add(all, x, 1000);
    ps_sketch_add(a, x, 300);
    ps_sketch_add(b, x + 300, 700);
    ps_sketch_merge(b, a);
    ck_assert_mem_eq(all, b, sizeof *all);
    ck_assert_double_eq(ps_sketch_quantile(all, 0.3), ps_sketch_quantile(b, 0.3));
    free(all);
    free(a);
    free(b);
}
END_TEST

START_TEST(sketch_bears_zero_tiny_huge_and_empty)
{
    ps_sketch *sketch = calloc(1, sizeof *sketch);
    ck_assert_double_eq(ps_sketch_quantile(sketch, 0.5), 0.0);
    const double x[] = {0.0, -0.0, 1e-9, -1e-300, HUGE_VAL, 1e300, -1e300};
    ps_sketch_add(sketch, x, 7);
    ck_assert_uint_eq(sketch->count[PS_SKETCH_BUCKETS / 2], 4);
    ck_assert_uint_eq(sketch->count[PS_SKETCH_BUCKETS - 1], 2);
    ck_assert_uint_eq(sketch->count[0], 1);
    ck_assert_double_eq(ps_sketch_quantile(sketch, 0.5), 0.0);
    ck_assert_double_lt(ps_sketch_quantile(sketch, 0.0), -0x1.ep43);
    free(sketch);
}
END_TEST

START_TEST(wilson_by_hand)
{
    double low, high;
    ps_wilson(8.0, 10.0, 1.96, &low, &high);
    ck_assert_double_eq_tol(low, 0.49016, 1e-5);
    ck_assert_double_eq_tol(high, 0.94332, 1e-5);
    ps_wilson(0.0, 20.0, 1.96, &low, &high);
    ck_assert_double_eq(low, 0.0);
    ck_assert_double_eq_tol(high, 0.16113, 1e-5);
    ps_wilson(0.0, 0.0, 1.96, &low, &high);
    ck_assert_double_eq(low, 0.0);
    ck_assert_double_eq(high, 1.0);
}
END_TEST

START_TEST(ties_share_centred_ranks)
{
    const double x[] = {3.0, 1.0, 3.0, -0.0, 0.0, 7.0},
                 expected[] = {1.0, -0.5, 1.0, -2.0, -2.0, 2.5};
    ps_ranked order[12];
    double rank[6];
    ps_ranks(x, 6, order, rank);
    for (int i = 0; i < 6; i++)
        ck_assert_double_eq(rank[i], expected[i]);
    ps_ranks(x, 0, order, rank);
    ps_ranks(x, 1, order, rank);
    ck_assert_double_eq(rank[0], 0.0);
}
END_TEST

START_TEST(values_that_are_no_numbers_share_the_highest_rank)
{
    const double x[] = {NAN, 2.0, NAN, INFINITY, -INFINITY};
    const double expected[] = {1.5, -1.0, 1.5, 0.0, -2.0};
    ps_ranked order[10];
    double rank[5];
    ps_ranks(x, 5, order, rank);
    for (int i = 0; i < 5; i++)
        ck_assert_double_eq(rank[i], expected[i]);
}
END_TEST

START_TEST(wilson_is_exact_when_all_or_none_succeed)
{
    for (int n = 1; n < 3000; n++) {
        double low, high;
        ps_wilson(0.0, n, 1.959963984540054, &low, &high);
        ck_assert_double_eq(low, 0.0);
        ck_assert_double_lt(high, 1.0);
        ps_wilson(n, n, 1.959963984540054, &low, &high);
        ck_assert_double_gt(low, 0.0);
        ck_assert_double_eq(high, 1.0);
    }
}
END_TEST

START_TEST(sketch_crosses_to_the_next_bucket_half_a_rank_early)
{
    ps_sketch *sketch = calloc(1, sizeof *sketch);
    ps_sketch_add(sketch, (double[]){1.0, 1000.0}, 2);
    ck_assert_double_lt(ps_sketch_quantile(sketch, 0.4), 1.04);
    ck_assert_double_gt(ps_sketch_quantile(sketch, 0.6), 990.0);
    free(sketch);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("quantile");
    TCase *tests = tcase_create("quantile");
    tcase_set_timeout(tests, 120.0); /* unoptimised and sanitized builds are slow */
    tcase_add_test(tests, type_seven_by_hand);
    tcase_add_test(tests, exact_quantiles_are_those_of_the_sorted_values);
    tcase_add_test(tests, more_quantiles_than_one_round_takes);
    tcase_add_test(tests, sum_is_a_fixed_tree_by_index);
    tcase_add_test(tests, ties_share_centred_ranks);
    tcase_add_test(tests, values_that_are_no_numbers_share_the_highest_rank);
    tcase_add_test(tests, sketch_is_within_a_64th);
    tcase_add_test(tests, sketches_merge_by_adding_counts);
    tcase_add_test(tests, sketch_bears_zero_tiny_huge_and_empty);
    tcase_add_test(tests, sketch_crosses_to_the_next_bucket_half_a_rank_early);
    tcase_add_test(tests, wilson_by_hand);
    tcase_add_test(tests, wilson_is_exact_when_all_or_none_succeed);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
