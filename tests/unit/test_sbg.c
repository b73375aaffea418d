/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/sbg.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

/* The sum itself, term by term. */
static double plain_sum(const ps_sbg *law, double v, int terms)
{
    double sum = 0, left = 1;

    for (int k = 1; k <= terms; k++) {
        sum += left;
        left *= ps_sbg_kept(law, k) * v;
    }
    return sum;
}

START_TEST(the_sum_is_that_of_its_terms)
{
    static const ps_sbg laws[] = {{0.704, 1.182}, {1, 1},   {0.01, 0.02},
                                  {0.3, 0.5},     {3, 200}, {900, 4}};
    static const double v[] = {0, 0.2, 0.5, 0.9, 0.99, 0.999};

    for (int i = 0; i < 6; i++) {
        for (int k = 0; k < 6; k++) {
            const double sum = plain_sum(&laws[i], v[k], 40000);

            ck_assert_double_eq_tol(ps_sbg_sum(&laws[i], v[k]), sum, 1e-12 * sum);
        }
    }
}
END_TEST

START_TEST(without_discount_it_has_a_closed_form_or_no_bound)
{
    const ps_sbg lasting = {0.9, 2}, leaving = {3, 2};

    ck_assert(isinf(ps_sbg_sum(&lasting, 1)) && isinf(ps_sbg_sum(&leaving, 1.01)));
    ck_assert_double_eq_tol(ps_sbg_sum(&leaving, 1), 2, 1e-15);
    ck_assert_double_eq_tol(ps_sbg_sum(&leaving, 1 - 1e-9), 2, 1e-7); /* and comes near to it */
}
END_TEST

/* Survivors of a known law, not rounded: the fit returns the law. */
START_TEST(a_fit_returns_the_law_of_its_data)
{
    static const ps_sbg laws[] = {{0.668, 3.806}, {0.704, 1.182}, {5, 2}, {0.05, 0.3}, {20, 90}};

    for (int i = 0; i < 5; i++) {
        double survivors[9] = {1e4};
        ps_sbg law;

        for (int k = 1; k < 9; k++) {
            survivors[k] = survivors[k - 1] * ps_sbg_kept(&laws[i], k);
        }
        for (int n = 3; n <= 9; n++) {
            ck_assert(ps_sbg_fit(survivors, n, &law));
            ck_assert_double_eq_tol(law.alpha, laws[i].alpha, 1e-5 * laws[i].alpha);
            ck_assert_double_eq_tol(law.beta, laws[i].beta, 1e-5 * laws[i].beta);
        }
    }
}
END_TEST

START_TEST(nothing_near_a_fit_is_more_likely)
{
    static const double survivors[] = {1000, 631, 468, 382, 326, 289, 262, 241};
    ps_sbg law;

    ck_assert(ps_sbg_fit(survivors, 8, &law));
    const double best = ps_sbg_log_likelihood(&law, survivors, 8);

    for (int k = 0; k < 8; k++) {
        const ps_sbg beside = {law.alpha * (1 + 1e-3 * cos(0.785 * k)),
                               law.beta * (1 + 1e-3 * sin(0.785 * k))};

        ck_assert_double_lt(ps_sbg_log_likelihood(&beside, survivors, 8), best);
    }
}
END_TEST

START_TEST(customers_who_show_no_difference_have_no_fit)
{
    static const double same[] = {1000, 800, 640, 512}, worse[] = {1000, 900, 700, 400},
                        all_stay[] = {10, 10, 10}, all_leave[] = {10, 0, 0};
    ps_sbg law;

    ck_assert(!ps_sbg_fit(same, 4, &law));
    ck_assert(!ps_sbg_fit(worse, 4, &law));
    ck_assert(!ps_sbg_fit(all_stay, 3, &law));
    ck_assert(!ps_sbg_fit(all_leave, 3, &law));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sbg");
    TCase *test = tcase_create("sbg");

    tcase_add_test(test, the_sum_is_that_of_its_terms);
    tcase_add_test(test, without_discount_it_has_a_closed_form_or_no_bound);
    tcase_add_test(test, a_fit_returns_the_law_of_its_data);
    tcase_add_test(test, nothing_near_a_fit_is_more_likely);
    tcase_add_test(test, customers_who_show_no_difference_have_no_fit);
    suite_add_tcase(suite, test);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
