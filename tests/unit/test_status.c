/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of faults: counting, order, bounds, safety of what is printed. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"

static ps_faults faults;

static void set_up(void)
{
    memset(&faults, 0, sizeof faults);
}

static void tear_down(void)
{
    ps_faults_free(&faults);
}

START_TEST(warnings_are_counted_apart)
{
    ck_assert_int_eq(ps_fault_add(&faults, "RANGE", "/a", "f", 1, 2, "hint", "%d too much", 5),
                     PS_ERR_INPUT);
    ps_fault_add(&faults, "WARN_FREE", "/b", NULL, 0, 0, NULL, "free");
    ck_assert_uint_eq(faults.errors, 1);
    ck_assert_uint_eq(faults.warnings, 1);
    ck_assert_uint_eq(faults.count, 2);
    ck_assert_str_eq(faults.items[0].message, "5 too much");
    ck_assert_str_eq(faults.items[0].hint, "hint");
    ck_assert(!faults.items[0].warning && faults.items[1].warning);
    ck_assert_ptr_null(faults.items[1].file);
    ck_assert_ptr_null(faults.items[1].hint);
}
END_TEST

START_TEST(sorted_by_file_of_first_mention_then_place)
{
    static const char order[] = "abcdef";
    char got[8] = "";

    ps_fault_add(&faults, "X", "", "second.json", 9, 1, NULL, "d");
    ps_fault_add(&faults, "X", "", "first.json", 1, 1, NULL, "f");
    ps_fault_add(&faults, "X", "", "second.json", 2, 5, NULL, "b");
    ps_fault_add(&faults, "X", "", "second.json", 2, 3, NULL, "a");
    ps_fault_add(&faults, "X", "", "second.json", 9, 1, NULL, "e"); /* as d, and later */
    ps_fault_add(&faults, "X", "", "second.json", 2, 5, NULL, "c");
    ps_faults_sort(&faults);
    for (size_t i = 0; i < faults.count; i++) {
        strcat(got, faults.items[i].message);
    }
    ck_assert_str_eq(got, "abcdef");
    ck_assert_uint_eq(strlen(order), faults.count);
}
END_TEST

START_TEST(a_million_faults_are_counted_not_kept)
{
    for (int i = 0; i < 1000000; i++) {
        ps_fault_add(&faults, "X", "/p", "f", i, 0, NULL, "m");
    }
    ck_assert_uint_eq(faults.errors, 1000000);
    ck_assert_uint_eq(faults.count, PS_FAULTS_STORED);
    ck_assert_uint_lt(faults.arena.bytes, 1 << 20);
    ps_faults_sort(&faults);
    ck_assert_int_eq(faults.items[PS_FAULTS_STORED - 1].line, PS_FAULTS_STORED - 1);
}
END_TEST

START_TEST(memory_that_runs_out_is_one_error_without_a_text)
{
    ck_assert_int_eq(ps_faults_no_memory(&faults), PS_ERR_LIMIT);
    ck_assert_int_eq(ps_faults_no_memory(&faults), PS_ERR_LIMIT);
    ck_assert(faults.no_memory);
    ck_assert_uint_eq(faults.errors, 1);
    ck_assert_uint_eq(faults.count, 0);
    ck_assert_uint_eq(faults.arena.bytes, 0);
}
END_TEST

START_TEST(control_and_direction_characters_are_not_printed)
{
    ps_fault_add(&faults, "X", "/a\x1b[2J", "f\n", 1, 1, "h\x7f",
                 "m\xe2\x80\xae\xc2\x9b"
                 "é价");
    ck_assert_str_eq(faults.items[0].pointer, "/a?[2J");
    ck_assert_str_eq(faults.items[0].file, "f?");
    ck_assert_str_eq(faults.items[0].hint, "h?");
    ck_assert_str_eq(faults.items[0].message, "m??é价");
}
END_TEST

START_TEST(long_texts_are_cut_between_characters)
{
    char *text = malloc(3 * 100000 + 1);

    for (int i = 0; i < 100000; i++) {
        memcpy(text + (size_t)i * 3, "价", 4);
    }
    ps_fault_add(&faults, "X", text, NULL, 0, 0, text, "%s", text);
    free(text);
    const char *pointer = faults.items[0].pointer;

    ck_assert_uint_lt(strlen(pointer), 300);
    ck_assert_str_eq(pointer + strlen(pointer) - 6, "价...");
    ck_assert_uint_lt(strlen(faults.items[0].message), 1100);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("status");
    TCase *tests = tcase_create("status");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, warnings_are_counted_apart);
    tcase_add_test(tests, sorted_by_file_of_first_mention_then_place);
    tcase_add_test(tests, a_million_faults_are_counted_not_kept);
    tcase_add_test(tests, memory_that_runs_out_is_one_error_without_a_text);
    tcase_add_test(tests, control_and_direction_characters_are_not_printed);
    tcase_add_test(tests, long_texts_are_cut_between_characters);
    suite_add_tcase(suite, tests);

    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_ENV);

    const int failed = srunner_ntests_failed(runner);

    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
