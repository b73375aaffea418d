/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/demand/segment.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "base/date.h"

START_TEST(no_season_is_one)
{
    const ps_season empty = {.sine = NULL};

    ck_assert_double_eq(ps_season_factor(NULL, 0, 5, 12, 3), 1);
    ck_assert_double_eq(ps_season_factor(&empty, 0, 5, 12, 3), 1);
}
END_TEST

START_TEST(monthly_factors_are_averaged_over_the_days)
{
    double months[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048};
    const ps_season season = {.monthly = {12, months}};
    const int start = ps_date_join(2026, 1, 29);

    ck_assert_double_eq_tol(ps_season_factor(&season, start, start, start + 7, 0),
                            (3 * 1 + 4 * 2) / 7.0, 1e-14);
    ck_assert_double_eq(ps_season_factor(&season, start, start + 40, start + 41, 40), 4);
    const int december = ps_date_join(2026, 12, 1), quarter = ps_date_join(2027, 3, 1);
    ck_assert_double_eq_tol(ps_season_factor(&season, start, december, quarter, 3),
                            (31 * 2048 + 31 * 1 + 28 * 2) / 90.0, 1e-12);
    const int leap = ps_date_join(2028, 2, 28); /* the 29th is February too */
    ck_assert_double_eq(ps_season_factor(&season, start, leap, leap + 2, 9), 2);
    ck_assert_double_eq(ps_season_factor(&season, start, leap, leap + 4, 9), 3);
}
END_TEST

START_TEST(a_sine_peaks_a_quarter_into_its_cycle_or_when_told)
{
    ps_sine sine = {.amplitude = 0.3, .cycle_days = 100, .peak_days = -1};
    const ps_season season = {.sine = &sine};

    ck_assert_double_eq_tol(ps_season_factor(&season, 500, 500, 507, 0), 1, 1e-15); /* sin 0 */
    ck_assert_double_eq_tol(ps_season_factor(&season, 500, 525, 532, 4), 1.3, 1e-15);
    ck_assert_double_eq_tol(ps_season_factor(&season, 500, 575, 582, 9), 0.7, 1e-15);
    ck_assert_double_eq_tol(ps_season_factor(&season, 500, 512, 519, 2),
                            1 + 0.3 * sin(2 * M_PI * 0.12), 1e-14);
    sine.peak_days = 0;
    ck_assert_double_eq_tol(ps_season_factor(&season, 500, 500, 507, 0), 1.3, 1e-15);
    ck_assert_double_eq_tol(ps_season_factor(&season, 500, 700, 707, 9), 1.3, 1e-14);
}
END_TEST

START_TEST(the_last_entry_of_a_table_repeats)
{
    double table[] = {0.5, 2, 3};
    const ps_season season = {.table = {3, table}};

    ck_assert_double_eq(ps_season_factor(&season, 0, 0, 7, 0), 0.5);
    ck_assert_double_eq(ps_season_factor(&season, 0, 14, 21, 2), 3);
    ck_assert_double_eq(ps_season_factor(&season, 0, 700, 707, 100), 3);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("season");
    TCase *tcase = tcase_create("season");

    tcase_add_test(tcase, no_season_is_one);
    tcase_add_test(tcase, monthly_factors_are_averaged_over_the_days);
    tcase_add_test(tcase, a_sine_peaks_a_quarter_into_its_cycle_or_when_told);
    tcase_add_test(tcase, the_last_entry_of_a_table_repeats);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
