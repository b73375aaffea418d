/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Best prices from willingness to pay: against the first-order condition, a fine grid, and other
 * closed forms. */
#include <check.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>

#include "engine/willingness.h"

static const ps_willingness laws[] = {
    {PS_WILLING_NORMAL, {100, 20, 0}},      {PS_WILLING_LOGNORMAL, {4.5, 0.4, 0}},
    {PS_WILLING_UNIFORM, {50, 150, 0}},     {PS_WILLING_EXPONENTIAL, {0.02, 0, 0}},
    {PS_WILLING_WEIBULL, {3, 100, 0}},      {PS_WILLING_LOGISTIC, {100, 20, 0}},
    {PS_WILLING_TRIANGULAR, {40, 90, 160}}, {PS_WILLING_LOGNORMAL, {4.0, 1.5, 0}},
    {PS_WILLING_WEIBULL, {0.7, 50, 0}},     {PS_WILLING_TRIANGULAR, {0, 0, 100}},
    {PS_WILLING_TRIANGULAR, {0, 100, 100}},
};
enum { LAWS = sizeof laws / sizeof *laws };

START_TEST(no_price_of_a_fine_grid_earns_more)
{
    const ps_willingness *w = &laws[_i];
    ps_best_price best;

    ck_assert_int_eq(ps_willing_best(w, 30.0, &best), PS_OK);
    ck_assert_double_eq_tol(best.profit, (best.price - 30.0) * ps_willing_accept(w, best.price),
                            1e-12 * best.profit);
    for (double price = 30.0; price < 2000.0; price += 0.25) {
        ck_assert_double_le((price - 30.0) * ps_willing_accept(w, price),
                            best.profit * (1.0 + 1e-12));
    }
}
END_TEST

START_TEST(acceptance_falls_from_one_to_nothing)
{
    const ps_willingness *w = &laws[_i];
    double before = 1.0;

    ck_assert_double_eq_tol(ps_willing_accept(w, -1e6), 1.0, 1e-12);
    for (double price = -10.0; price < 500.0; price += 0.5) {
        const double now = ps_willing_accept(w, price);

        ck_assert_double_le(now, before);
        before = now;
    }
    ck_assert_double_lt(ps_willing_accept(w, 1e9), 1e-6);
}
END_TEST

START_TEST(exponential_adds_the_mean_to_the_cost)
{
    ps_best_price best;

    ck_assert_int_eq(ps_willing_best(&laws[3], 12.5, &best), PS_OK);
    ck_assert_double_eq_tol(best.price, 62.5, 1e-12);
}
END_TEST

START_TEST(uniform_takes_the_middle_of_cost_and_highest_but_not_below_the_lowest)
{
    ps_best_price best;

    ck_assert_int_eq(ps_willing_best(&laws[2], 30.0, &best), PS_OK);
    ck_assert_double_eq_tol(best.price, 90.0, 1e-12);
    ck_assert_int_eq(ps_willing_best(&laws[2], -80.0, &best), PS_OK);
    ck_assert_double_eq_tol(best.price, 50.0, 1e-12);
    ck_assert_double_eq_tol(best.accept, 1.0, 1e-12);
}
END_TEST

START_TEST(constant_elasticity_and_linear_demand)
{
    const ps_linear_best_price best = ps_linear_best(1000.0, 4.0, 50.0),
                               none = ps_linear_best(100.0, 4.0, 50.0);

    ck_assert_double_eq_tol(ps_elastic_best(-4.0, 10.0), 40.0 / 3.0, 1e-14);
    ck_assert(isnan(ps_elastic_best(-1.0, 10.0)));
    ck_assert_double_eq_tol(best.price, 150.0, 1e-12);
    ck_assert_double_eq_tol(best.profit, 40000.0, 1e-9);
    ck_assert_double_eq(none.profit, 0.0);
}
END_TEST

START_TEST(what_is_no_distribution_is_refused)
{
    static const ps_willingness wrong[] = {
        {PS_WILLING_NORMAL, {100, 0, 0}}, {PS_WILLING_LOGNORMAL, {NAN, 1, 0}},
        {PS_WILLING_UNIFORM, {5, 5, 0}},  {PS_WILLING_EXPONENTIAL, {0, 0, 0}},
        {PS_WILLING_WEIBULL, {1, -1, 0}}, {PS_WILLING_TRIANGULAR, {0, 5, 4}},
    };
    ps_best_price best;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ck_assert_int_eq(ps_willing_best(&wrong[i], 1.0, &best), PS_ERR_INPUT);
    }
    ck_assert_int_eq(ps_willing_best(&laws[2], 200.0, &best),
                     PS_ERR_INPUT); /* nobody pays the cost */
    ck_assert_int_eq(ps_willing_best(&laws[6], 160.0, &best), PS_ERR_INPUT);
    ck_assert_int_eq(ps_willing_best(&laws[0], INFINITY, &best), PS_ERR_INPUT);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("willingness");
    TCase *all = tcase_create("willingness");

    gsl_set_error_handler_off();
    tcase_add_loop_test(all, no_price_of_a_fine_grid_earns_more, 0, LAWS);
    tcase_add_loop_test(all, acceptance_falls_from_one_to_nothing, 0, LAWS);
    tcase_add_test(all, exponential_adds_the_mean_to_the_cost);
    tcase_add_test(all, uniform_takes_the_middle_of_cost_and_highest_but_not_below_the_lowest);
    tcase_add_test(all, constant_elasticity_and_linear_demand);
    tcase_add_test(all, what_is_no_distribution_is_refused);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);

    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
