/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/view.h"

#include "rule.h"

static const ps_field no_fields[] = {{.type = PS_FIELD_END}};
static const ps_kind no_kind = {.name = "none", .shape = {.name = "none", .fields = no_fields}};

START_TEST(a_lag_is_whole_periods_rounded_up_and_at_least_one)
{
    ck_assert_int_eq(ps_view_lag(1, 7), 1);
    ck_assert_int_eq(ps_view_lag(7, 7), 1);
    ck_assert_int_eq(ps_view_lag(8, 7), 2);
    ck_assert_int_eq(ps_view_lag(14, 7), 2);
    ck_assert_int_eq(ps_view_lag(15, 7), 3);
    ck_assert_int_eq(ps_view_lag(7, 1), 7);
    ck_assert_int_eq(ps_view_lag(28, 30.4375), 1);
    ck_assert_int_eq(ps_view_lag(31, 30.4375), 2);
    ck_assert_int_eq(ps_view_lag(3 * 30.4375, 30.4375), 3);
}
END_TEST

START_TEST(what_closes_in_a_week_closes_alike_in_any_step)
{
    ck_assert_double_eq(ps_view_per_period(0.3, 7, 7), 0.3);
    ck_assert_double_eq(ps_view_per_period(0, 30, 7), 0);
    ck_assert_double_eq(ps_view_per_period(1, 1, 7), 1);
    ck_assert_double_eq_tol(pow(1 - ps_view_per_period(0.3, 1, 7), 7), 0.7, 1e-14);
    ck_assert_double_eq_tol(1 - ps_view_per_period(0.3, 28, 7), pow(0.7, 4), 1e-14);
}
END_TEST

START_TEST(before_the_start_there_is_one_price)
{
    bench *b = bench_new(&no_kind);

    fill(b->rivals[0][1], 77);
    ck_assert_double_eq(ps_history_at(&b->view.rivals, -1, 1)[5], 77);
    ck_assert_double_eq(ps_history_at(&b->view.rivals, -9, 1)[5], 77);
    ck_assert_double_eq(ps_history_at(&b->view.rivals, 0, 1)[5], 95);
    ck_assert_ptr_eq(ps_history_at(&b->view.rivals, 4, 2), b->rivals[5][2]);
    free(b);
}
END_TEST

START_TEST(overlap_is_the_part_of_the_days)
{
    bench *b = bench_new(&no_kind);
    const int start = b->view.start_day;

    ck_assert_double_eq(ps_view_overlap(&b->view, start, start + 7), 1);
    ck_assert_double_eq(ps_view_overlap(&b->view, start - 9, start + 99), 1);
    ck_assert_double_eq_tol(ps_view_overlap(&b->view, start + 2, start + 3), 1.0 / 7, 1e-16);
    ck_assert_double_eq_tol(ps_view_overlap(&b->view, start - 9, start + 2), 2.0 / 7, 1e-16);
    ck_assert_double_eq(ps_view_overlap(&b->view, start + 7, start + 9), 0);
    ck_assert_double_eq(ps_view_overlap(&b->view, start - 7, start), 0);
    ck_assert_double_eq(ps_view_overlap(&b->view, start + 5, start + 2), 0);
    free(b);
}
END_TEST

static double dated(bench *b, const ps_list *changes, int period)
{
    bench_row base, price;

    fill(base, 100);
    bench_go(b, period);
    ps_view_dated_price(&b->view, changes, base, price);
    for (int l = 1; l < PS_LANES; l++) {
        ck_assert_double_eq(price[l], price[0]);
    }
    return price[0];
}

START_TEST(dated_changes_are_averaged_over_the_days)
{
    bench *b = bench_new(&no_kind);
    /* from the 3rd day of the 2nd week 80; from its 6th day 10 % above today's price; a month on 60
     */
    ps_price_change list[] = {bench_change(b, 9, 80, 0), bench_change(b, 12, 0, 0.10),
                              bench_change(b, 35, 60, 0)};
    const ps_list changes = {3, list};

    ck_assert_double_eq(dated(b, &changes, 0), 100);
    ck_assert_double_eq_tol(dated(b, &changes, 1), (2 * 100 + 3 * 80 + 2 * 110) / 7.0, 1e-12);
    ck_assert_double_eq_tol(dated(b, &changes, 2), 110,
                            1e-12); /* relative to the base, not to 80 */
    ck_assert_double_eq_tol(dated(b, &changes, 4), 110, 1e-12);
    ck_assert_double_eq(dated(b, &changes, 5), 60);
    ck_assert_double_eq(dated(b, &changes, 9), 60);
    free(b);
}
END_TEST

START_TEST(a_change_before_the_start_holds_from_the_start)
{
    bench *b = bench_new(&no_kind);
    ps_price_change list[] = {bench_change(b, -100, 70, 0), bench_change(b, -3, 90, 0)};
    const ps_list changes = {2, list}, none = {0, NULL};

    ck_assert_double_eq(dated(b, &changes, 0), 90);
    ck_assert_double_eq(dated(b, &none, 0), 100);
    free(b);
}
END_TEST

START_TEST(a_price_closes_its_part_of_the_gap)
{
    bench *b = bench_new(&no_kind);
    const ps_number left_out = {.slot = -1}, third = bench_number(b, 0.3);
    bench_row target;

    fill(target, 80);
    fill(b->price, 100);
    ps_view_approach(&b->view, &third, target, b->price);
    ck_assert_double_eq_tol(b->price[PS_LANES - 1], 94, 1e-12);
    b->view.period_days = 28;
    fill(b->price, 100);
    ps_view_approach(&b->view, &third, target, b->price);
    ck_assert_double_eq_tol(b->price[0], 80 + 20 * pow(0.7, 4), 1e-12);
    ps_view_approach(&b->view, &left_out, target, b->price);
    ck_assert_double_eq(b->price[0], 80);
    free(b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("view");
    TCase *tcase = tcase_create("view");

    tcase_add_test(tcase, a_lag_is_whole_periods_rounded_up_and_at_least_one);
    tcase_add_test(tcase, what_closes_in_a_week_closes_alike_in_any_step);
    tcase_add_test(tcase, before_the_start_there_is_one_price);
    tcase_add_test(tcase, overlap_is_the_part_of_the_days);
    tcase_add_test(tcase, dated_changes_are_averaged_over_the_days);
    tcase_add_test(tcase, a_change_before_the_start_holds_from_the_start);
    tcase_add_test(tcase, a_price_closes_its_part_of_the_gap);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
