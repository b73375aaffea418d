/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/economics/economics.h"

#include <check.h>
#include <stdlib.h>

START_TEST(a_rate_is_of_the_running_price_or_of_the_list_price)
{
    ck_assert_double_eq(ps_step_amount(PS_STEP_OF_RUNNING, true, 0.25, 1, 200, 160), 40);
    ck_assert_double_eq(ps_step_amount(PS_STEP_OF_LIST, true, 0.25, 1, 200, 160), 50);
    ck_assert_double_eq(ps_step_amount(PS_STEP_OF_LIST, true, 0, 1, 200, 160), 0);
}
END_TEST

START_TEST(an_amount_is_itself_whatever_the_price)
{
    ck_assert_double_eq(ps_step_amount(PS_STEP_OF_RUNNING, false, 7, 1, 200, 160), 7);
    ck_assert_double_eq(ps_step_amount(PS_STEP_OF_LIST, false, 7, 1, 200, 0), 7);
}
END_TEST

START_TEST(take_up_is_the_part_of_the_sales_that_pay_it)
{
    ck_assert_double_eq(ps_step_amount(PS_STEP_OF_RUNNING, true, 0.25, 0.5, 200, 160), 20);
    ck_assert_double_eq(ps_step_amount(PS_STEP_OF_RUNNING, false, 7, 0.5, 200, 160), 3.5);
    ck_assert_double_eq(ps_step_amount(PS_STEP_OF_RUNNING, false, 7, 0, 200, 160), 0);
}
END_TEST

/* P18: stacked fractions compound, they do not add. */
START_TEST(stacked_fractions_compound)
{
    const double rates[] = {0.10, 0.05, 0.02};
    double running = 100;

    for (int i = 0; i < 3; i++) {
        running -= ps_step_amount(PS_STEP_OF_RUNNING, true, rates[i], 1, 100, running);
    }
    ck_assert_double_eq_tol(running, 100 * 0.9 * 0.95 * 0.98, 1e-12);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("waterfall");
    TCase *tcase = tcase_create("waterfall");

    tcase_add_test(tcase, a_rate_is_of_the_running_price_or_of_the_list_price);
    tcase_add_test(tcase, an_amount_is_itself_whatever_the_price);
    tcase_add_test(tcase, take_up_is_the_part_of_the_sales_that_pay_it);
    tcase_add_test(tcase, stacked_fractions_compound);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
