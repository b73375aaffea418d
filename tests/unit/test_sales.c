/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/sales/sales.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

static ps_commission_tier tiers[] = {{1000, 0.05}, {3000, 0.08}, {0, 0.10}};

static ps_commission plan(int apply, int count)
{
    return (ps_commission){.tiers = {count, tiers}, .tiers_apply = apply};
}

START_TEST(slices_pay_each_rate_on_its_slice)
{
    const ps_commission c = plan(PS_TIERS_SLICE, 3);

    ck_assert_double_eq(ps_commission_amount(&c, 0), 0);
    ck_assert_double_eq(ps_commission_amount(&c, 600), 30);
    ck_assert_double_eq(ps_commission_amount(&c, 1000), 50);
    ck_assert_double_eq_tol(ps_commission_amount(&c, 2000), 50 + 80, 1e-12);
    ck_assert_double_eq_tol(ps_commission_amount(&c, 3000), 50 + 160, 1e-12);
    ck_assert_double_eq_tol(ps_commission_amount(&c, 5000), 50 + 160 + 200, 1e-12);
}
END_TEST

START_TEST(the_whole_amount_pays_the_rate_of_its_tier)
{
    const ps_commission c = plan(PS_TIERS_WHOLE, 3);

    ck_assert_double_eq(ps_commission_amount(&c, 0), 0);
    ck_assert_double_eq(ps_commission_amount(&c, 1000), 50);
    ck_assert_double_eq_tol(ps_commission_amount(&c, 1000.01), 80.0008, 1e-12);
    ck_assert_double_eq_tol(ps_commission_amount(&c, 3000), 240, 1e-12);
    ck_assert_double_eq_tol(ps_commission_amount(&c, 4000), 400, 1e-12);
}
END_TEST

START_TEST(one_tier_without_end_is_a_flat_rate)
{
    ps_commission_tier only[] = {{0, 0.07}};
    const ps_commission slice = {.tiers = {1, only}, .tiers_apply = PS_TIERS_SLICE};
    const ps_commission whole = {.tiers = {1, only}, .tiers_apply = PS_TIERS_WHOLE};

    for (double sales = 1; sales < 1e12; sales *= 10) {
        ck_assert_double_eq_tol(ps_commission_amount(&slice, sales), only[0].rate * sales,
                                1e-15 * sales);
        ck_assert_double_eq_tol(ps_commission_amount(&whole, sales), only[0].rate * sales,
                                1e-15 * sales);
    }
}
END_TEST

START_TEST(slices_grow_without_a_jump)
{
    const ps_commission c = plan(PS_TIERS_SLICE, 3);
    double last = 0;

    for (double sales = 10; sales < 6000; sales += 10) {
        const double amount = ps_commission_amount(&c, sales);

        ck_assert_double_ge(amount, last);
        ck_assert_double_le(amount - last, 10 * 0.10 + 1e-9);
        last = amount;
    }
}
END_TEST

START_TEST(a_bonus_starts_at_the_threshold_and_ends_at_the_cap)
{
    const ps_bonus bonus = {.rate = 0.05, .threshold = 0.8, .cap = 1.5};

    ck_assert_double_eq(ps_bonus_amount(&bonus, 1000, 799.9), 0);
    ck_assert_double_eq_tol(ps_bonus_amount(&bonus, 1000, 800), 40, 1e-12);
    ck_assert_double_eq_tol(ps_bonus_amount(&bonus, 1000, 1200), 60, 1e-12);
    ck_assert_double_eq_tol(ps_bonus_amount(&bonus, 1000, 1500), 75, 1e-12);
    ck_assert_double_eq_tol(ps_bonus_amount(&bonus, 1000, 9000), 75, 1e-12);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sales");
    TCase *tcase = tcase_create("sales");

    tcase_add_test(tcase, slices_pay_each_rate_on_its_slice);
    tcase_add_test(tcase, the_whole_amount_pays_the_rate_of_its_tier);
    tcase_add_test(tcase, one_tier_without_end_is_a_flat_rate);
    tcase_add_test(tcase, slices_grow_without_a_jump);
    tcase_add_test(tcase, a_bonus_starts_at_the_threshold_and_ends_at_the_cap);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
