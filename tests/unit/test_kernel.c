/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/kernel.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "dists.h"

enum { MOST = 6000 };

static double kernel_mean(const double *k, int n)
{
    double mean = 0.0;
    for (int lag = n - 1; lag > 0; lag--) /* small terms first */
        mean += lag * k[lag];
    return mean;
}

static double kernel_sum(const double *k, int n)
{
    double sum = 0.0;
    for (int lag = n - 1; lag >= 0; lag--)
        sum += k[lag];
    return sum;
}

START_TEST(mean_of_the_kernel_is_the_mean_of_the_delay)
{
    const ps_dist delays[] = {{.law = PS_LAW_LOGNORMAL, .p = {30, 0.7}, PLAIN},
                              {.law = PS_LAW_WEIBULL, .p = {1.7, 40}, PLAIN},
                              {.law = PS_LAW_WEIBULL, .p = {0.8, 20}, PLAIN},
                              {.law = PS_LAW_GAMMA, .p = {25, 15}, PLAIN},
                              {.law = PS_LAW_EXPONENTIAL, .p = {12}, PLAIN},
                              {.law = PS_LAW_CONSTANT, .p = {17.3}, PLAIN},
                              {.law = PS_LAW_UNIFORM, .p = {3, 40}, PLAIN},
                              {.law = PS_LAW_TRIANGULAR, .p = {3, 10, 40}, PLAIN},
                              {.law = PS_LAW_PERT, .p = {3, 10, 40}, PLAIN},
                              {.law = PS_LAW_NORMAL, .p = {20, 10}, PLAIN, CUT(0, HUGE_VAL)},
                              {.law = PS_LAW_LOGIT_NORMAL, .p = {0, 1}, PLAIN}};
    static double k[MOST];
    for (int d = 0; d < 11; d++)
        for (double step = 1.0; step < 100.0; step *= 5.0) {
            const int n = ps_kernel_length(&delays[d], step, 1e-16, MOST);
            ps_kernel_fill(&delays[d], step, n, false, k);
            const double mean = ps_dist_mean(&delays[d]);
            ck_assert_double_eq_tol(kernel_sum(k, n), 1.0, 1e-12);
            ck_assert_double_eq_tol(kernel_mean(k, n) * step, mean, 1e-10 * mean);
            for (int lag = 0; lag < n; lag++)
                ck_assert_double_ge(k[lag], 0.0);
        }
}
END_TEST

START_TEST(kernel_is_the_second_difference_of_the_integral)
{
    static double k[MOST];
    ps_kernel_fill(&dists[9], 2.0, 60, false, k); /* gamma */
    for (int lag = 0; lag < 60; lag++) {
        const double next = ps_dist_integral(&dists[9], 2.0 * (lag + 1)) / 2.0;
        const double here = ps_dist_integral(&dists[9], 2.0 * lag) / 2.0;
        const double last = ps_dist_integral(&dists[9], 2.0 * (lag - 1)) / 2.0;
        ck_assert_double_eq_tol(k[lag], next - 2.0 * here + last, 1e-12);
    }
}
END_TEST

START_TEST(constant_delay_splits_between_two_lags)
{
    const ps_dist delay = {.law = PS_LAW_CONSTANT, .p = {17.5}, PLAIN}, none = {.sign = 1.0};
    double k[4];
    ps_kernel_fill(&delay, 7.0, 4, false, k);
    ck_assert_double_eq(k[0], 0.0);
    ck_assert_double_eq(k[1], 0.0);
    ck_assert_double_eq_tol(k[2], 0.5, 1e-15);
    ck_assert_double_eq_tol(k[3], 0.5, 1e-15);
    ps_kernel_fill(&none, 7.0, 4, false, k);
    ck_assert_double_eq(k[0], 1.0);
    ck_assert_double_eq(k[1], 0.0);
    ck_assert_int_eq(ps_kernel_length(&none, 7.0, 1e-9, 100), 1);
    ck_assert_int_eq(ps_kernel_length(&delay, 7.0, 1e-9, 100), 4);
}
END_TEST

START_TEST(from_the_start_or_the_end_of_a_period_a_delay_ends_in_one)
{
    const ps_dist week = {.law = PS_LAW_CONSTANT, .p = {7}, PLAIN},
                  six = {.law = PS_LAW_CONSTANT, .p = {6}, PLAIN},
                  none = {.law = PS_LAW_CONSTANT, .p = {0}, PLAIN},
                  random = {.law = PS_LAW_EXPONENTIAL, .p = {9}, PLAIN};
    double start[40], end[40], anywhere[40], fill[40];

    ps_kernel_fill_from(&week, PS_BEGINS_AT_START, 7, 4, start);
    ck_assert_double_eq(start[1], 1.0); /* Monday to Monday */
    ps_kernel_fill_from(&six, PS_BEGINS_AT_START, 7, 4, start);
    ck_assert_double_eq(start[0], 1.0);
    ps_kernel_fill_from(&six, PS_BEGINS_AT_END, 7, 4, end);
    ck_assert_double_eq(end[1], 1.0);
    ps_kernel_fill_from(&week, PS_BEGINS_AT_END, 7, 4, end);
    ck_assert_double_eq(end[1], 1.0);
    ps_kernel_fill_from(&none, PS_BEGINS_AT_END, 7, 4, end);
    ck_assert_double_eq(end[0], 1.0);
    ps_kernel_fill_from(&random, PS_BEGINS_AT_START, 7, 40, start);
    ps_kernel_fill_from(&random, PS_BEGINS_AT_END, 7, 40, end);
    ps_kernel_fill_from(&random, PS_BEGINS_ANYWHERE, 7, 40, anywhere);
    ps_kernel_fill(&random, 7, 40, false, fill);
    for (int n = 0; n < 39; n++) {
        ck_assert_double_eq_tol(start[n], exp(-7.0 * n / 9.0) * (1.0 - exp(-7.0 / 9.0)), 1e-15);
        ck_assert_double_eq_tol(end[n + 1], start[n], 1e-15);
        ck_assert_double_eq(anywhere[n], fill[n]);
    }
    ck_assert_double_eq(end[0], 0.0);
}
END_TEST

START_TEST(tail_of_the_exponential_is_geometric_to_the_last_digit)
{
    const ps_dist delay = {.law = PS_LAW_EXPONENTIAL, .p = {5}, PLAIN};
    static double k[MOST];
    ps_kernel_fill(&delay, 1.0, 140, false, k);
    for (int lag = 1; lag + 1 < 140;
         lag++) /* down to 1e-12; the tail keeps its relative accuracy */
        ck_assert_double_eq_tol(k[lag + 1] / k[lag], exp(-0.2), 1e-11);
}
END_TEST

START_TEST(length_is_the_first_with_a_smaller_tail_and_folding_keeps_all)
{
    static double k[MOST];
    const double tails[] = {0.3, 1e-3, 1e-9};
    for (int d = 0; d < DISTS; d++)
        for (int t = 0; t < 3; t++) {
            const int n = ps_kernel_length(&dists[d], 1.0, tails[t], 400);
            ck_assert(n >= 1 && n <= 400);
            ps_kernel_fill(&dists[d], 1.0, n, false, k);
            const double rest = 1.0 - kernel_sum(k, n);
            if (n < 400)
                ck_assert_double_lt(rest, tails[t] + 1e-13);
            if (n > 1)
                ck_assert_double_ge(rest + k[n - 1], tails[t] - 1e-13);
            ps_kernel_fill(&dists[d], 1.0, n, true, k);
            ck_assert_double_eq_tol(kernel_sum(k, n), 1.0, 1e-12);
        }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kernel");
    TCase *tests = tcase_create("kernel");
    tcase_set_timeout(tests, 120.0); /* unoptimised and sanitized builds are slow */
    tcase_add_test(tests, mean_of_the_kernel_is_the_mean_of_the_delay);
    tcase_add_test(tests, kernel_is_the_second_difference_of_the_integral);
    tcase_add_test(tests, constant_delay_splits_between_two_lags);
    tcase_add_test(tests, from_the_start_or_the_end_of_a_period_a_delay_ends_in_one);
    tcase_add_test(tests, tail_of_the_exponential_is_geometric_to_the_last_digit);
    tcase_add_test(tests, length_is_the_first_with_a_smaller_tail_and_folding_keeps_all);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
