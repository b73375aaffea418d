/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Number texts, suggestions, hashes, growing strings. */
#include <check.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

START_TEST(numbers_print_shortest)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0, "0"},
                 {-0.0, "0"},
                 {1, "1"},
                 {-48000, "-48000"},
                 {0.1, "0.1"},
                 {0.1 + 0.2, "0.30000000000000004"},
                 {1e15, "1e15"},
                 {123456789012345, "123456789012345"},
                 {999999999999999, "999999999999999"},
                 {1e-7, "1e-7"},
                 {1.5e300, "1.5e300"},
                 {5e-324, "5e-324"},
                 {DBL_MAX, "1.7976931348623157e308"},
                 {NAN, "null"},
                 {INFINITY, "null"}};
    char text[32];

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_str_eq(ps_text_number(cases[i].value, text), cases[i].text);
    }
}
END_TEST

START_TEST(numbers_read_back_exactly)
{
    uint64_t bits = 1;
    char text[32];

    for (int i = 0; i < 200000; i++) {
        double value, back;

        bits = bits * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value)) {
            continue;
        }
        ps_text_number(value, text);
        ck_assert_msg(ps_text_read_number(text, strlen(text), &back) && back == value,
                      "%s is not %a", text, value);
        ck_assert_uint_lt(strlen(text), 32);
    }
}
END_TEST

START_TEST(locale_does_not_change_numbers)
{
    char text[32];
    double value = 0;
    const char *found = setlocale(LC_NUMERIC, "de_DE.UTF-8");

    if (found == NULL) {
        found = setlocale(LC_NUMERIC, "fr_FR.UTF-8");
    }
    ck_assert_str_eq(ps_text_number(-1234.5, text), "-1234.5");
    ck_assert_str_eq(ps_text_number(1.25e-9, text), "1.25e-9");
    ck_assert(ps_text_read_number("0.125", 5, &value));
    ck_assert_double_eq(value, 0.125);
    ck_assert(!ps_text_read_number("0,125", 5, &value));
    setlocale(LC_NUMERIC, "C");
}
END_TEST

START_TEST(only_json_numbers_are_read)
{
    static const char *const refused[] = {"",   "-",   "+1",   "01",    ".5",  "1.",
                                          "1e", "1e+", "0x10", "nan",   "inf", " 1",
                                          "1 ", "1_0", "1,0",  "1e999", "--1", "1.5.2"};
    double value = 0;

    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        ck_assert_msg(!ps_text_read_number(refused[i], strlen(refused[i]), &value), "'%s' was read",
                      refused[i]);
    }
    ck_assert(ps_text_read_number("-1.5e-3", 7, &value));
    ck_assert_double_eq(value, -0.0015);
    ck_assert_uint_eq(ps_text_number_length("12.5% of", 8), 4);
    ck_assert_uint_eq(ps_text_number_length("1.x", 3), 1);
    ck_assert_uint_eq(ps_text_number_length("2e+", 3), 1);
}
END_TEST

START_TEST(a_number_of_1001_characters_is_not_read)
{
    char digits[1002];
    double value = 0;

    memset(digits, '0', sizeof digits);
    memcpy(digits, "0.", 2);
    digits[1000] = '1';
    ck_assert(ps_text_read_number(digits, 1000, &value));
    ck_assert(!ps_text_read_number(digits, 1001, &value));
}
END_TEST

START_TEST(suggests_the_nearest_name)
{
    static const char *const names[] = {"list_price", "unit_cost", "pricing", "a", "value"};
    const size_t count = sizeof names / sizeof *names;

    ck_assert_str_eq(ps_text_suggest("list_prise", names, count), "list_price");
    ck_assert_str_eq(ps_text_suggest("valeu", names, count), "value"); /* a swap is one slip */
    ck_assert_str_eq(ps_text_suggest("Unit_Cost", names, count), "unit_cost");
    ck_assert_str_eq(ps_text_suggest("LIST-PRICE", names, count), "list_price");
    ck_assert_str_eq(ps_text_suggest("aa", names, count), "a");
    ck_assert_ptr_null(ps_text_suggest("b", names, count)); /* nothing in common with "a" */
    ck_assert_ptr_null(ps_text_suggest("zzzz", names, count));
    ck_assert_ptr_null(ps_text_suggest("", names, count));
    ck_assert_ptr_null(ps_text_suggest("value", names, 0));
}
END_TEST

START_TEST(a_tie_goes_to_the_first)
{
    static const char *const names[] = {"cat", "bat"};

    ck_assert_str_eq(ps_text_suggest("hat", names, 2), "cat");
}
END_TEST

START_TEST(words_of_any_length_are_safe)
{
    char word[1000];
    const char *names[] = {word, "short"};

    memset(word, 'w', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    ck_assert_ptr_null(ps_text_suggest(word, names, 2));
    ck_assert_str_eq(ps_text_suggest("shrt", names, 2), "short");
}
END_TEST

START_TEST(hash_is_fnv1a_and_chains)
{
    ck_assert_uint_eq(ps_text_hash("", 0, 0), UINT64_C(0xcbf29ce484222325));
    ck_assert_uint_eq(ps_text_hash("foobar", 6, 0), UINT64_C(0x85944171f73967e8));
    ck_assert_uint_eq(ps_text_hash("bar", 3, ps_text_hash("foo", 3, 0)),
                      ps_text_hash("foobar", 6, 0));
}
END_TEST

START_TEST(strings_grow)
{
    ps_string string = {0};

    for (int i = 0; i < 1000; i++) {
        ps_string_format(&string, "%d,", i);
    }
    ps_string_append(&string, "end\0!", 5);
    ck_assert_uint_eq(string.length, 10 * 2 + 90 * 3 + 900 * 4 + 5);
    ck_assert_str_eq(string.data + string.length - 5, "end");
    ck_assert_int_eq(string.failed, 0);
    ps_string_free(&string);
    ck_assert_ptr_null(string.data);
    ck_assert_uint_eq(string.length, 0);
}
END_TEST

START_TEST(a_string_that_cannot_grow_stays_failed)
{
    ps_string string = {0};

    ps_string_append(&string, "x", 1);
    ps_string_append(&string, "x", SIZE_MAX / 2);
    ck_assert_int_ne(string.failed, 0);
    ps_string_append(&string, "y", 1);
    ck_assert_uint_eq(string.length, 1);
    ck_assert_str_eq(string.data, "x");
    ps_string_free(&string);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("text");
    TCase *tests = tcase_create("text");
    tcase_set_timeout(tests, 120.0); /* unoptimised and sanitized builds are slow */

    tcase_add_test(tests, numbers_print_shortest);
    tcase_add_test(tests, numbers_read_back_exactly);
    tcase_add_test(tests, locale_does_not_change_numbers);
    tcase_add_test(tests, only_json_numbers_are_read);
    tcase_add_test(tests, a_number_of_1001_characters_is_not_read);
    tcase_add_test(tests, suggests_the_nearest_name);
    tcase_add_test(tests, a_tie_goes_to_the_first);
    tcase_add_test(tests, words_of_any_length_are_safe);
    tcase_add_test(tests, hash_is_fnv1a_and_chains);
    tcase_add_test(tests, strings_grow);
    tcase_add_test(tests, a_string_that_cannot_grow_stays_failed);
    suite_add_tcase(suite, tests);

    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_ENV);

    const int failed = srunner_ntests_failed(runner);

    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
