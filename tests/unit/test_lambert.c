/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <gsl/gsl_sf_lambert.h>
#include <math.h>
#include <stdlib.h>

#include "math/lambert.h"

START_TEST(lambert_agrees_with_gsl_and_does_not_overflow)
{
    for (double x = -30.0; x < 300.0; x += 0.37) {
        ck_assert_double_eq_tol(ps_lambert_log(x) / gsl_sf_lambert_W0(exp(x)), 1.0, 1e-14);
    }
    const double w = ps_lambert_log(1e6);

    ck_assert_double_eq_tol(w + log(w), 1e6, 1e-9);
    ck_assert_double_eq(ps_lambert_log(-2000.0), 0.0);
    ck_assert_double_eq_tol(ps_lambert_log(1.0), 1.0, 1e-15); /* W(e) = 1 */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lambert");
    TCase *all = tcase_create("lambert");

    tcase_add_test(all, lambert_agrees_with_gsl_and_does_not_overflow);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);

    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
