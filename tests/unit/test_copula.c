/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/copula.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

START_TEST(factor_gives_back_the_correlations_of_the_scores)
{
    const double rank[9] = {1.0, 0.5, -0.2, 0.5, 1.0, 0.3, -0.2, 0.3, 1.0};
    double factor[9];
    ck_assert_double_gt(ps_copula_factor(3, rank, factor), 0.1);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            double sum = 0.0;
            for (int m = 0; m < 3; m++)
                sum += factor[i * 3 + m] * factor[j * 3 + m];
            ck_assert_double_eq_tol(sum, 2.0 * sin(acos(-1.0) * rank[i * 3 + j] / 6.0), 1e-15);
            if (j > i)
                ck_assert_double_eq(factor[i * 3 + j], 0.0);
        }
}
END_TEST

START_TEST(perfect_correlation_is_singular_and_accepted)
{
    const double rank[9] = {1.0, 1.0, 0.4, 1.0, 1.0, 0.4, 0.4, 0.4, 1.0};
    double factor[9];
    ck_assert_double_le(fabs(ps_copula_factor(3, rank, factor)), 1e-9);
    ck_assert_double_eq_tol(factor[3], 1.0, 1e-15);
    ck_assert_double_eq(factor[4], 0.0);
    ck_assert_double_eq_tol(factor[6] * factor[6] + factor[8] * factor[8], 1.0, 1e-15);
}
END_TEST

START_TEST(contradictory_correlations_are_refused)
{
    const double chain[9] = {1.0, 0.9, -0.9, 0.9, 1.0, 0.9, -0.9, 0.9, 1.0};
    const double twins[9] = {1.0, 1.0, 0.5, 1.0, 1.0,
                             0.4, 0.5, 0.4, 1.0}; /* equal, yet they differ */
    double factor[9];
    ck_assert_double_lt(ps_copula_factor(3, chain, factor), -1e-9);
    ck_assert_double_lt(ps_copula_factor(3, twins, factor), -1e-9);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("copula");
    TCase *tests = tcase_create("copula");
    tcase_set_timeout(tests, 120.0); /* unoptimised and sanitized builds are slow */
    tcase_add_test(tests, factor_gives_back_the_correlations_of_the_scores);
    tcase_add_test(tests, perfect_correlation_is_singular_and_accepted);
    tcase_add_test(tests, contradictory_correlations_are_refused);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
