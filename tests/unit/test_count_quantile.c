/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/count.h"

#include <check.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "math/philox.h"

enum { DRAWS = 3000 };

static double uniform(int i)
{
    double u[8];
    ps_philox_uniform(23, (uint64_t)i, 1, 0, 8, u);
    return u[0];
}

/* How far u is outside (below, upto], the steps of the distribution function at the quantile. */
static double miss(double below, double upto, double u)
{
    return u <= below ? below - u : u > upto ? u - upto : 0.0;
}

static double poisson_miss(double mean, double u)
{
    const long k = ps_count_poisson(mean, u);
    return miss(k ? gsl_cdf_poisson_P((unsigned)k - 1, mean) : 0.0,
                gsl_cdf_poisson_P((unsigned)k, mean), u);
}

START_TEST(poisson_inverts_the_distribution_function)
{
    for (double mean = 0.01; mean < 1000.0; mean *= 1.9)
        for (int i = 0; i < DRAWS; i++)
            ck_assert_double_lt(poisson_miss(mean, uniform(i)), 1e-13);
    for (double mean = 1001.0; mean < 1e5; mean *= 3.3) /* GSL's own error is 1e-4 above */
        for (int i = 0; i < DRAWS; i++)
            ck_assert_double_lt(poisson_miss(mean, uniform(i)), 1e-6);
}
END_TEST

START_TEST(poisson_bears_extremes)
{
    ck_assert_int_eq(ps_count_poisson(0.0, 0.999), 0);
    ck_assert_int_eq(ps_count_poisson(1e-300, 0.999), 0);
    for (double mean = 0.1; mean <= 1e15; mean *= 7.0) {
        const long low = ps_count_poisson(mean, 0x1p-53),
                   high = ps_count_poisson(mean, 1.0 - 0x1p-53);
        ck_assert_int_ge(low, 0);
        ck_assert_double_gt((double)high, mean);
        ck_assert_double_lt((double)high, mean + 9.0 * sqrt(mean) + 40.0);
        ck_assert_double_gt((double)low, mean - 9.0 * sqrt(mean) - 1.0);
    }
}
END_TEST

START_TEST(poisson_grows_with_mean_and_u)
{
    for (int i = 0; i < 200; i++) {
        long before = 0;
        for (double mean = 0.5; mean < 3000.0; mean *= 1.03) {
            const long k = ps_count_poisson(mean, uniform(i));
            ck_assert_int_ge(k, before);
            before = k;
        }
    }
}
END_TEST

static double negative_binomial_miss(double mean, double size, double u)
{
    const long k = ps_count_negative_binomial(mean, size, u);
    const double p = size / (size + mean);
    return miss(k ? gsl_cdf_negative_binomial_P((unsigned)k - 1, p, size) : 0.0,
                gsl_cdf_negative_binomial_P((unsigned)k, p, size), u);
}

START_TEST(negative_binomial_inverts_the_distribution_function)
{
    const double means[] = {0.2, 5.0, 80.0, 990.0, 1010.0, 4000.0};
    for (int m = 0; m < 6; m++)
        for (double size = 0.05; size < 3e4; size *= 2.7)
            for (int i = 0; i < 400; i++)
                ck_assert_double_lt(negative_binomial_miss(means[m], size, uniform(i)),
                                    means[m] < 1000.0 ? 1e-12 : 5e-5);
}
END_TEST

START_TEST(negative_binomial_of_endless_size_is_poisson)
{
    for (int i = 0; i < DRAWS; i++) {
        const double u = uniform(i);
        ck_assert_int_eq(ps_count_negative_binomial(7.0, 1e12, u), ps_count_poisson(7.0, u));
    }
    ck_assert_int_eq(ps_count_negative_binomial(0.0, 2.0, 0.9), 0);
    ck_assert_int_eq(ps_count_negative_binomial(10.0, 1e-300, 0.9), 0);
}
END_TEST

START_TEST(half_inverts_the_fair_binomial)
{
    for (long n = 1; n < 200000; n += 1 + n / 3)
        for (int i = 0; i < DRAWS / 3; i++) {
            const double u = uniform(i);
            const long k = ps_count_half(n, u);
            const double below = k ? gsl_cdf_binomial_P((unsigned)k - 1, 0.5, (unsigned)n) : 0.0;
            const double upto = gsl_cdf_binomial_P((unsigned)k, 0.5, (unsigned)n);
            ck_assert_double_lt(miss(below, upto, u), n <= 64 ? 1e-14 : 1e-6);
        }
    ck_assert_int_eq(ps_count_half(0, 0.7), 0);
}
END_TEST

START_TEST(half_adds_nothing_or_one_with_each_item)
{
    for (int i = 0; i < 300; i++) {
        const double u = i == 0 ? 0x1p-53 : i == 1 ? 1.0 - 0x1p-53 : uniform(i);
        long before = 0;
        for (long n = 1; n < 800; n++) {
            const long k = ps_count_half(n, u);
            ck_assert(k == before || k == before + 1);
            before = k;
        }
    }
}
END_TEST

/* Just below and just above a step of the distribution function. */
START_TEST(expansions_step_where_the_distribution_function_does)
{
    const double near = 3e-7;
    for (unsigned k = 1430; k < 1580; k++) {
        const double step = gsl_cdf_poisson_P(k, 1500.0);
        ck_assert_int_eq(ps_count_poisson(1500.0, step - near), k);
        ck_assert_int_eq(ps_count_poisson(1500.0, step + near), k + 1);
    }
    for (unsigned k = 24; k < 41; k++) {
        const double step = gsl_cdf_binomial_P(k, 0.5, 65);
        ck_assert_int_eq(ps_count_half(65, step - near), k);
        ck_assert_int_eq(ps_count_half(65, step + near), k + 1);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("count_quantile");
    TCase *tests = tcase_create("count_quantile");
    tcase_set_timeout(tests, 120.0); /* unoptimised and sanitized builds are slow */
    tcase_add_test(tests, poisson_inverts_the_distribution_function);
    tcase_add_test(tests, poisson_bears_extremes);
    tcase_add_test(tests, poisson_grows_with_mean_and_u);
    tcase_add_test(tests, negative_binomial_inverts_the_distribution_function);
    tcase_add_test(tests, negative_binomial_of_endless_size_is_poisson);
    tcase_add_test(tests, half_inverts_the_fair_binomial);
    tcase_add_test(tests, half_adds_nothing_or_one_with_each_item);
    tcase_add_test(tests, expansions_step_where_the_distribution_function_does);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
