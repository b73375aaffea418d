/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nodes of tastes: Gauss-Hermite is exact for polynomials, price tastes keep their mean. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "model/demand/taste.h"

static double moment(int n, int power)
{
    double point[31], weight[31], sum = 0.0;

    ps_gauss_hermite(n, point, weight);
    for (int i = 0; i < n; i++) {
        sum += weight[i] * pow(point[i], power);
    }
    return sum;
}

START_TEST(n_points_integrate_polynomials_up_to_degree_2n_minus_1)
{
    for (int n = 1; n <= 31; n++) {
        double expected = 1.0; /* (2k - 1)!! */

        for (int k = 1; 2 * k <= 2 * n - 1 && k <= 8; k++) {
            expected *= 2.0 * k - 1.0;
            ck_assert_double_eq_tol(moment(n, 2 * k) / expected, 1.0, 1e-12);
            ck_assert_double_eq_tol(moment(n, 2 * k - 1), 0.0, 1e-9 * expected);
        }
        ck_assert_double_eq_tol(moment(n, 0), 1.0, 1e-15);
    }
}
END_TEST

START_TEST(points_ascend_and_are_symmetric)
{
    double point[31], weight[31];

    for (int n = 1; n <= 31; n++) {
        ps_gauss_hermite(n, point, weight);
        for (int i = 0; i < n; i++) {
            ck_assert(i == 0 || point[i] > point[i - 1]);
            ck_assert(point[i] == -point[n - 1 - i] && weight[i] == weight[n - 1 - i]);
        }
    }
}
END_TEST

START_TEST(two_tastes_have_the_product_of_their_points)
{
    ps_arena arena = {0};
    ps_price_taste price = {0};
    const ps_attribute_taste attribute = {0};
    const ps_tastes tastes = {
        .price = &price, .attributes = {1, (void *)(uintptr_t)&attribute}, .points = 3};
    ps_taste_nodes nodes;
    double both = 0.0, first = 0.0;

    ck_assert(ps_taste_nodes_make(&tastes, &arena, &nodes));
    ck_assert_int_eq(nodes.nodes, 9);
    ck_assert_int_eq(nodes.dims, 2);
    for (int r = 0; r < 9; r++) {
        both += nodes.weight[r] * nodes.z[2 * r] * nodes.z[2 * r + 1];
        first += nodes.weight[r] * nodes.z[2 * r] * nodes.z[2 * r];
    }
    ck_assert_double_eq_tol(both, 0.0, 1e-15);
    ck_assert_double_eq_tol(first, 1.0, 1e-14);
    ck_assert(nodes.z[0] < nodes.z[2] && nodes.z[1] == nodes.z[3]); /* the price runs first */
    ps_arena_free(&arena);
}
END_TEST

START_TEST(no_tastes_are_one_node)
{
    ps_arena arena = {0};
    ps_taste_nodes nodes;

    ck_assert(ps_taste_nodes_make(NULL, &arena, &nodes));
    ck_assert_int_eq(nodes.nodes, 1);
    ck_assert_double_eq(nodes.weight[0], 1.0);
    ps_arena_free(&arena);
}
END_TEST

START_TEST(relative_sensitivities_have_mean_1_and_only_the_normal_law_goes_below_0)
{
    for (int law = PS_TASTE_LOGNORMAL; law <= PS_TASTE_CENSORED; law++) {
        double point[9], weight[9], mean = 0.0;

        ps_gauss_hermite(9, point, weight);
        ps_price_taste_ratio(law, 0.6, 9, weight, point);
        for (int i = 0; i < 9; i++) {
            mean += weight[i] * point[i];
        }
        ck_assert(law == PS_TASTE_NORMAL ? point[0] < 0.0 : point[0] >= 0.0);
        if (law != PS_TASTE_CENSORED) {
            ck_assert_double_eq_tol(mean, 1.0, 1e-14);
        } else {
            ck_assert_double_gt(mean, 1.0);
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("taste");
    TCase *tests = tcase_create("taste");

    tcase_add_test(tests, n_points_integrate_polynomials_up_to_degree_2n_minus_1);
    tcase_add_test(tests, points_ascend_and_are_symmetric);
    tcase_add_test(tests, two_tastes_have_the_product_of_their_points);
    tcase_add_test(tests, no_tastes_are_one_node);
    tcase_add_test(tests, relative_sensitivities_have_mean_1_and_only_the_normal_law_goes_below_0);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);

    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
