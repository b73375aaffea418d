/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "engine/collect.h"

START_TEST(a_chance_that_does_not_hang_on_the_inputs_has_no_range)
{
    double range[2];

    ps_chance_range(0.3, 0.0, range);
    ck_assert_double_eq(range[0], 0.3);
    ck_assert_double_eq(range[1], 0.3);
}
END_TEST

START_TEST(without_luck_the_goal_is_certain_given_the_inputs)
{
    double range[2];

    ps_chance_range(0.3, 0.21, range);
    ck_assert_double_eq(range[0], 0.0);
    ck_assert_double_eq(range[1], 1.0);
    ps_chance_range(0.95, 0.95 * 0.05, range);
    ck_assert_double_eq(range[0], 1.0);
    ck_assert_double_eq(range[1], 1.0);
    ps_chance_range(0.05, 0.95 * 0.05, range);
    ck_assert_double_eq(range[0], 0.0);
    ck_assert_double_eq(range[1], 0.0);
}
END_TEST

/* Beta(2, 2): F(x) = 3 x^2 - 2 x^3, its variance 1/20; Beta(1, 1) is uniform, its variance 1/12. */
START_TEST(between_them_it_is_a_beta_law_of_that_mean_and_variance)
{
    double range[2];

    ps_chance_range(0.5, 1.0 / 12.0, range);
    ck_assert_double_eq_tol(range[0], 0.1, 1e-9);
    ck_assert_double_eq_tol(range[1], 0.9, 1e-9);
    ps_chance_range(0.5, 1.0 / 20.0, range);
    for (int k = 0; k < 2; k++) {
        const double x = range[k];

        ck_assert_double_eq_tol(x * x * (3.0 - 2.0 * x), k == 0 ? 0.1 : 0.9, 1e-9);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("goals");
    TCase *tcase = tcase_create("chance over the inputs");

    tcase_add_test(tcase, a_chance_that_does_not_hang_on_the_inputs_has_no_range);
    tcase_add_test(tcase, without_luck_the_goal_is_certain_given_the_inputs);
    tcase_add_test(tcase, between_them_it_is_a_beta_law_of_that_mean_and_variance);
    suite_add_tcase(suite, tcase);

    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);

    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
