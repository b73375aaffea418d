/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/funnel/funnel.h"

#include <check.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

static const double cases[][3] = {
    {0.16, 2.4, 6.3}, {0, 1, 1}, {0.5, 0.7, 9}, {1, 2, 2}, {0.2, 300, 900}};

enum { CASES = sizeof cases / sizeof *cases };

START_TEST(nodes_are_midpoint_quantiles_of_the_beta)
{
    for (int c = 0; c < CASES; c++) {
        double depth[PS_DISCOUNT_NODES], weight[PS_DISCOUNT_NODES];

        ps_negotiated_nodes(cases[c][0], cases[c][1], cases[c][2], depth, weight);
        ck_assert_double_eq(depth[0], 0);
        ck_assert_double_eq(weight[0], cases[c][0]);
        for (int n = 1; n < PS_DISCOUNT_NODES; n++) {
            const double p = gsl_cdf_beta_P(depth[n], cases[c][1], cases[c][2]);

            ck_assert_double_eq_tol(p, (n - 0.5) / 8, 1e-9);
            ck_assert_double_eq_tol(weight[n], (1 - cases[c][0]) / 8, 1e-15);
            ck_assert_double_gt(depth[n], depth[n - 1]);
            ck_assert_double_lt(depth[n], 1);
        }
    }
}
END_TEST

START_TEST(weights_sum_to_one_and_the_mean_is_near_the_betas)
{
    for (int c = 0; c < CASES; c++) {
        double depth[PS_DISCOUNT_NODES], weight[PS_DISCOUNT_NODES], sum = 0, mean = 0;

        ps_negotiated_nodes(cases[c][0], cases[c][1], cases[c][2], depth, weight);
        for (int n = 0; n < PS_DISCOUNT_NODES; n++) {
            sum += weight[n], mean += weight[n] * depth[n];
        }
        const double want = (1 - cases[c][0]) * cases[c][1] / (cases[c][1] + cases[c][2]);
        ck_assert_double_eq_tol(sum, 1, 1e-15);
        ck_assert_double_eq_tol(mean, want, 0.05 * want + 1e-15);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("funnel_nodes");
    TCase *tcase = tcase_create("funnel_nodes");

    tcase_add_test(tcase, nodes_are_midpoint_quantiles_of_the_beta);
    tcase_add_test(tcase, weights_sum_to_one_and_the_mean_is_near_the_betas);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
