/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/special.h"

#include <check.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static double gamma_tail(double a, double y, bool upper)
{
    double tail[2];
    ps_gamma_tails(a, y, tail);
    return tail[upper];
}

START_TEST(log_gamma_is_that_of_libm)
{
    for (double a = 1e-6; a < 1e15; a *= 1.37) {
        const double exact = lgamma(a);
        ck_assert_double_le(fabs(ps_log_gamma(a) - exact), 1e-13 * fmax(fabs(exact), 10.0));
    }
}
END_TEST

START_TEST(large_shapes_continue_those_of_gsl)
{
    for (int i = -40; i <= 40; i++) {
        const double a = 1.1e5, g = 1.01e4, y = g + 0.1 * i * sqrt(g), b = 3e5;
        ck_assert_double_eq_tol(gamma_tail(g, y, false), gsl_sf_gamma_inc_P(g, y), 1e-10);
        ck_assert_double_eq_tol(gamma_tail(g, y, true), gsl_sf_gamma_inc_Q(g, y), 1e-10);
        const double part = a / (a + b) * (1.0 + 2e-4 * i);
        ck_assert_double_eq_tol(ps_beta_lower(log(part / (1.0 - part)), a, b),
                                gsl_cdf_beta_P(part, a, b), 1e-9);
    }
}
END_TEST

START_TEST(tails_are_complementary_and_end_in_zero_and_one)
{
    for (double a = 1e-6; a < 1e14; a *= 13.0) {
        for (double y = 1e-300; y < 1e300; y *= 1e7) {
            const double sum = gamma_tail(a, y, false) + gamma_tail(a, y, true);
            ck_assert_double_eq_tol(sum, 1.0, 1e-9);
        }
        for (double score = -700.0; score <= 700.0; score += 35.0) {
            const double sum = ps_beta_lower(score, a, 2.0) + ps_beta_lower(-score, 2.0, a);
            ck_assert_double_eq_tol(sum, 1.0, 1e-9);
        }
        ck_assert_double_eq(gamma_tail(a, 0.0, true), 1.0);
        ck_assert_double_eq(gamma_tail(a, HUGE_VAL, true), 0.0);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("special");
    TCase *tests = tcase_create("special");
    tcase_set_timeout(tests, 120.0); /* unoptimised and sanitized builds are slow */
    tcase_add_test(tests, log_gamma_is_that_of_libm);
    tcase_add_test(tests, large_shapes_continue_those_of_gsl);
    tcase_add_test(tests, tails_are_complementary_and_end_in_zero_and_one);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
