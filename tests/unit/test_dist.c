/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/dist.h"

#include <check.h>
#include <gsl/gsl_cdf.h>
#include <stdlib.h>

#include "dists.h"

/* Mean of f over the law by the midpoint rule in u; slow and plain. */
static double average(const ps_dist *dist, double power)
{
    enum { STEPS = 500 };
    double sum = 0.0;
    for (int i = 0; i < STEPS; i++)
        sum += pow(ps_dist_quantile(dist, (i + 0.5) / STEPS), power);
    return sum / STEPS;
}

START_TEST(cdf_undoes_quantile)
{
    for (int d = 0; d < CONTINUOUS; d++)
        for (int i = 1; i < 200; i++) {
            const double u = i / 200.0, x = ps_dist_quantile(&dists[d], u);
            /* at the ends of (0,1) a unit in the last place of x is worth more */
            ck_assert_double_eq_tol(ps_dist_cdf(&dists[d], x), u, 1e-9);
        }
}
END_TEST

START_TEST(quantiles_are_those_of_gsl)
{
    for (int i = 1; i < 100; i++) {
        const double u = i / 100.0, tol = 1e-11;
        ck_assert_double_eq_tol(ps_dist_quantile(&dists[0], u), 5 + gsl_cdf_gaussian_Pinv(u, 2),
                                tol);
        ck_assert_double_eq_tol(
            ps_dist_quantile(&dists[1], u) / gsl_cdf_lognormal_Pinv(u, log(30), 0.8), 1.0, tol);
        ck_assert_double_eq_tol(ps_dist_quantile(&dists[5], u), gsl_cdf_beta_Pinv(u, 2, 5), tol);
        ck_assert_double_eq_tol(ps_dist_quantile(&dists[9], u), gsl_cdf_gamma_Pinv(u, 4, 5), 1e-8);
        ck_assert_double_eq_tol(ps_dist_quantile(&dists[10], u),
                                -gsl_cdf_gamma_Qinv(u, 4.0 / 9.0, 45), 1e-7);
        ck_assert_double_eq_tol(ps_dist_quantile(&dists[12], u), gsl_cdf_weibull_Pinv(u, 12, 1.7),
                                tol);
        ck_assert_double_eq_tol(ps_dist_quantile(&dists[14], u), gsl_cdf_exponential_Pinv(u, 9),
                                tol);
        ck_assert_double_eq_tol(ps_dist_quantile(&dists[17], u), 1 + 4 * gsl_cdf_beta_Pinv(u, 2, 4),
                                1e-10);
    }
}
END_TEST

START_TEST(quantile_rises_and_stays_inside_the_truncation)
{
    for (int d = 0; d < DISTS; d++) {
        double before = -HUGE_VAL;
        for (int i = 0; i <= 400; i++) {
            const double u = i == 0 ? 0x1p-53 : i == 400 ? 1.0 - 0x1p-53 : i / 400.0;
            const double x = ps_dist_quantile(&dists[d], u);
            ck_assert(isfinite(x));
            ck_assert_double_ge(x, before);
            if (dists[d].truncated)
                ck_assert(x >= dists[d].min && x <= dists[d].max);
            before = x;
        }
    }
}
END_TEST

START_TEST(mean_and_sd_are_those_of_the_quantiles)
{
    for (int d = 0; d < DISTS; d++) {
        const double mean = ps_dist_mean(&dists[d]), sd = ps_dist_sd(&dists[d]);
        const double average1 = average(&dists[d], 1.0), average2 = average(&dists[d], 2.0);
        ck_assert_double_eq_tol(average1, mean, 2e-2 * sd);
        /* the midpoint rule misses the last of a long tail */
        ck_assert_double_eq_tol(sqrt(average2 - average1 * average1), sd, 0.1 * sd);
    }
}
END_TEST

START_TEST(closed_form_moments)
{
    ck_assert_double_eq_tol(ps_dist_mean(&dists[1]), 30 * exp(0.32), 1e-12);
    ck_assert_double_eq_tol(ps_dist_sd(&dists[1]), 30 * exp(0.32) * sqrt(exp(0.64) - 1), 1e-11);
    ck_assert_double_eq_tol(ps_dist_mean(&dists[9]), 20, 1e-12);
    ck_assert_double_eq_tol(ps_dist_sd(&dists[9]), 10, 1e-12);
    ck_assert_double_eq_tol(ps_dist_mean(&dists[12]), 12 * tgamma(1 + 1 / 1.7), 1e-11);
    ck_assert_double_eq_tol(ps_dist_mean(&dists[5]), 2.0 / 7.0, 1e-14);
    ck_assert_double_eq_tol(ps_dist_sd(&dists[5]), sqrt(10.0 / 49.0 / 8.0), 1e-14);
    ck_assert_double_eq_tol(ps_dist_mean(&dists[17]), 14.0 / 6.0, 1e-13);
    ck_assert_double_eq_tol(ps_dist_mean(&dists[32]), 3.9, 1e-14);
    ck_assert_double_eq_tol(ps_dist_mean(&dists[33]), 8.0 / 3.0, 1e-14); /* 3 (0.2) and 2 (0.1) */
    ck_assert_double_eq_tol(ps_dist_mean(&dists[21]), 5.18315, 1e-4);
}
END_TEST

START_TEST(centre_is_median_mode_or_mean)
{
    ck_assert_double_eq(ps_dist_centre(&(ps_dist){.law = PS_LAW_CONSTANT, .p = {4}, PLAIN}), 4);
    ck_assert_double_eq_tol(ps_dist_centre(&dists[1]), 30, 1e-12);
    ck_assert_double_eq_tol(ps_dist_centre(&dists[2]), -2, 1e-15);
    ck_assert_double_eq_tol(ps_dist_centre(&dists[3]), 1 / (1 + exp(1)), 1e-15);
    ck_assert_double_eq_tol(ps_dist_centre(&dists[5]), 2.0 / 7.0, 1e-14);
    ck_assert_double_eq(ps_dist_centre(&dists[15]), 2);
    ck_assert_double_eq(ps_dist_centre(&dists[17]), 2);
    ck_assert_double_eq_tol(ps_dist_centre(&dists[14]), 9 * log(2), 1e-13);
    const ps_dist cut = {.law = PS_LAW_TRIANGULAR, .p = {1, 2, 5}, PLAIN, CUT(3, 4)};
    ck_assert_double_eq(ps_dist_centre(&cut), 3);
}
END_TEST

/* G by the trapezoid rule over the distribution function. */
START_TEST(integral_is_the_area_under_the_distribution_function)
{
    for (int d = 0; d < DISTS; d++) {
        const double x = fabs(ps_dist_quantile(&dists[d], 0.8)) + 0.1;
        enum { STEPS = 500 };
        double sum = 0.0;
        for (int i = 0; i < STEPS; i++)
            sum += ps_dist_cdf(&dists[d], x * (i + 0.5) / STEPS);
        ck_assert_double_eq_tol(ps_dist_integral(&dists[d], x), sum * x / STEPS, 4e-3 * x);
        ck_assert_double_eq(ps_dist_integral(&dists[d], 0.0), 0.0);
        ck_assert_double_eq(ps_dist_integral(&dists[d], -3.0), 0.0);
    }
}
END_TEST

START_TEST(integral_closed_forms)
{
    for (double x = 0.01; x < 200.0; x *= 1.7) {
        ck_assert_double_eq_tol(ps_dist_integral(&dists[14], x), x + 9 * expm1(-x / 9),
                                1e-13 * (9 + x));
        const ps_dist constant = {.law = PS_LAW_CONSTANT, .p = {5}, PLAIN};
        ck_assert_double_eq_tol(ps_dist_integral(&constant, x), fmax(x - 5, 0), 1e-15 * (5 + x));
        const double z = (log(x) - log(30)) / 0.8, mean = 30 * exp(0.32);
        ck_assert_double_eq_tol(ps_dist_integral(&dists[1], x),
                                x * gsl_cdf_ugaussian_P(z) - mean * gsl_cdf_ugaussian_P(z - 0.8),
                                1e-12 * (30 + x));
    }
}
END_TEST

START_TEST(excess_completes_the_integral_and_keeps_its_digits)
{
    for (int d = 0; d < DISTS; d++) {
        if (ps_dist_quantile(&dists[d], 0x1p-50) < 0.0)
            continue; /* laws on [0, inf): E[(X - x)+] = E[X] - x + G(x) */
        const double mean = ps_dist_mean(&dists[d]);
        for (double x = 0.0; x < 3.0 * mean; x += 0.37 * mean)
            ck_assert_double_eq_tol(ps_dist_excess(&dists[d], x),
                                    mean - x + ps_dist_integral(&dists[d], x), 1e-10 * mean);
    }
    for (double x = 1.0; x < 2000.0; x *= 3.0)
        ck_assert_double_eq_tol(ps_dist_excess(&dists[14], x) / (9 * exp(-x / 9)), 1.0, 1e-12);
}
END_TEST

START_TEST(degenerate_bounds_are_constants)
{
    const ps_dist same[] = {{.law = PS_LAW_UNIFORM, .p = {3, 3}, PLAIN},
                            {.law = PS_LAW_TRIANGULAR, .p = {3, 3, 3}, PLAIN},
                            {.law = PS_LAW_PERT, .p = {3, 3, 3}, PLAIN},
                            {.law = PS_LAW_NORMAL, .p = {-90, 1}, PLAIN, CUT(3, 4)}};
    for (int d = 0; d < 4; d++) {
        ck_assert_double_eq(ps_dist_quantile(&same[d], 0.2), 3);
        ck_assert_double_eq(ps_dist_mean(&same[d]), 3);
        ck_assert_double_eq(ps_dist_sd(&same[d]), 0);
        ck_assert_double_eq(ps_dist_cdf(&same[d], 2.999), 0);
        ck_assert_double_eq(ps_dist_cdf(&same[d], 3), 1);
    }
    const double one[] = {6.0};
    const ps_dist point = {.law = PS_LAW_EMPIRICAL, .x = one, .n = 1, PLAIN};
    ck_assert_double_eq(ps_dist_quantile(&point, 0.9), 6);
    ck_assert_double_eq(ps_dist_mean(&point), 6);
}
END_TEST

/* GSL would end the process: no handler is switched off here. */
START_TEST(extreme_parameters_return)
{
    const double shapes[] = {1e-300, 1e-8, 1e-3, 1.0, 1e4, 1e6, 1e9, 1e15};
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 8; j++) {
            const ps_dist extreme[] = {{.law = PS_LAW_BETA, .p = {shapes[i], shapes[j]}, PLAIN},
                                       {.law = PS_LAW_GAMMA, .p = {shapes[i], shapes[j]}, PLAIN},
                                       {.law = PS_LAW_WEIBULL, .p = {shapes[i], shapes[j]}, PLAIN}};
            for (int d = 0; d < 3; d++)
                for (double u = 0x1p-53; u < 1.0; u = u < 0.5 ? u * 1e4 : 1.0 - (1.0 - u) / 1e4) {
                    const double x = ps_dist_quantile(&extreme[d], u);
                    ck_assert(x >= 0.0);
                    const double cdf = ps_dist_cdf(&extreme[d], x);
                    ck_assert(cdf >= 0.0 && cdf <= 1.0);
                    ck_assert(ps_dist_integral(&extreme[d], 1.0) >= 0.0);
                }
        }
    ck_assert(isnan(ps_dist_quantile(&dists[5], NAN)));
    ck_assert(isnan(ps_dist_cdf(&dists[5], NAN)));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("dist");
    TCase *tests = tcase_create("dist");
    tcase_set_timeout(tests, 120.0); /* unoptimised and sanitized builds are slow */
    tcase_add_test(tests, cdf_undoes_quantile);
    tcase_add_test(tests, quantiles_are_those_of_gsl);
    tcase_add_test(tests, quantile_rises_and_stays_inside_the_truncation);
    tcase_add_test(tests, mean_and_sd_are_those_of_the_quantiles);
    tcase_add_test(tests, closed_form_moments);
    tcase_add_test(tests, centre_is_median_mode_or_mean);
    tcase_add_test(tests, integral_is_the_area_under_the_distribution_function);
    tcase_add_test(tests, integral_closed_forms);
    tcase_add_test(tests, excess_completes_the_integral_and_keeps_its_digits);
    tcase_add_test(tests, degenerate_bounds_are_constants);
    tcase_add_test(tests, extreme_parameters_return);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
