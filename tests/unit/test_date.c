/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Day numbers and dates, compared with a day-by-day calendar. */
#include <check.h>

#include "base/date.h"

static int month_length(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

START_TEST(every_day_from_1900_to_2300_goes_both_ways)
{
    int day = -25567; /* 1900-01-01 */

    for (int year = 1900; year <= 2300; year++) {
        for (int month = 1; month <= 12; month++) {
            for (int d = 1; d <= month_length(year, month); d++, day++) {
                int y, m, dd;

                ck_assert_int_eq(ps_date_join(year, month, d), day);
                ps_date_split(day, &y, &m, &dd);
                ck_assert(y == year && m == month && dd == d);
            }
        }
    }
}
END_TEST

START_TEST(dates_parse_and_print)
{
    int day = -1;
    char text[16];

    ck_assert(ps_date_parse("1970-01-01", &day));
    ck_assert_int_eq(day, 0);
    ck_assert(ps_date_parse("2026-01-05", &day));
    ck_assert_int_eq(day, 20458);
    ck_assert_str_eq(ps_date_format(day, text), "2026-01-05");
    ck_assert(ps_date_parse("2200-12-31", &day));
    ck_assert(ps_date_parse("2024-02-29", &day));
    ck_assert_str_eq(ps_date_format(day, text), "2024-02-29");
}
END_TEST

START_TEST(what_is_no_date_is_refused)
{
    static const char *const refused[] = {"",           "2025-02-29", "2025-02-30", "2100-02-29",
                                          "2025-13-01", "2025-00-01", "2025-01-00", "2025-01-32",
                                          "1969-12-31", "2201-01-01", "2025-1-06",  "2025-01-06T",
                                          "20250106",   "2025/01/06", "06-01-2025", "-025-01-06",
                                          "2025-01-6 ", "2025-+1-06", "٢٠٢٥"};
    int day = 7;

    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        ck_assert_msg(!ps_date_parse(refused[i], &day), "'%s' is a date", refused[i]);
    }
    ck_assert_int_eq(day, 7);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("date");
    TCase *tests = tcase_create("date");

    tcase_add_test(tests, every_day_from_1900_to_2300_goes_both_ways);
    tcase_add_test(tests, dates_parse_and_print);
    tcase_add_test(tests, what_is_no_date_is_refused);
    suite_add_tcase(suite, tests);

    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_ENV);

    const int failed = srunner_ntests_failed(runner);

    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
