/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The strict scanner: places, limits, cost. What it must refuse is in tests/reject. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "json/literal.h"
#include "json/scan.h"

static ps_scan scan;
static ps_faults faults;

static void set_up(void)
{
    memset(&scan, 0, sizeof scan);
    memset(&faults, 0, sizeof faults);
}

static void tear_down(void)
{
    ps_scan_free(&scan);
    ps_faults_free(&faults);
}

static ps_status scan_text(const char *text)
{
    return ps_scan_text(text, strlen(text), "t", false, &scan, &faults);
}

START_TEST(values_and_keys_are_placed_in_document_order)
{
    const char *text = "{\"a\": [1, {\"b\": null}],\n \"c\": \"x\"}";
    static const struct {
        uint32_t key, value;
    } places[] = {{0, 0}, {1, 6}, {0, 7}, {0, 10}, {11, 16}, {25, 30}};

    ck_assert_int_eq(scan_text(text), PS_OK);
    ck_assert_uint_eq(scan.count, sizeof places / sizeof *places);
    for (size_t i = 0; i < scan.count; i++) {
        ck_assert_uint_eq(scan.places[i].key, places[i].key);
        ck_assert_uint_eq(scan.places[i].value, places[i].value);
    }
}
END_TEST

START_TEST(columns_count_characters_and_skip_the_mark)
{
    ck_assert_int_eq(scan_text("\xEF\xBB\xBF{\"价é\": 价}"), PS_ERR_INPUT);
    ck_assert_int_eq(faults.items[0].line, 1);
    ck_assert_int_eq(faults.items[0].column, 8);
    ck_assert_str_eq(faults.items[0].pointer, "/价é");
}
END_TEST

START_TEST(crlf_lines_are_counted_once)
{
    ck_assert_int_eq(scan_text("{\r\n\"a\": 1,\r\n \"b\": x}"), PS_ERR_INPUT);
    ck_assert_int_eq(faults.items[0].line, 3);
    ck_assert_int_eq(faults.items[0].column, 7);
}
END_TEST

START_TEST(sixty_four_levels_and_no_more)
{
    char text[200] = "";

    memset(text, '[', 64);
    memset(text + 64, ']', 64);
    ck_assert_int_eq(scan_text(text), PS_OK);
    memset(text, '[', 65);
    memset(text + 65, ']', 65);
    ck_assert_int_eq(scan_text(text), PS_ERR_INPUT);
    ck_assert_str_eq(faults.items[0].code, "LIMIT");
    ck_assert_int_eq(faults.items[0].column, 65);
}
END_TEST

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

START_TEST(sixteen_mebibytes_and_no_more)
{
    const size_t size = (size_t)PS_JSON_MAX_BYTES + 1;
    char *text = malloc(size);

    memset(text, ' ', size);
    memcpy(text, "[]", 2);
    ck_assert_int_eq(ps_scan_text(text, size - 1, "t", false, NULL, &faults), PS_OK);
    ck_assert_int_eq(ps_scan_text(text, size, "t", false, NULL, &faults), PS_ERR_INPUT);
    ck_assert_str_eq(faults.items[0].message, "larger than 16 MiB");
    free(text);
}
END_TEST

START_TEST(a_million_values_and_no_more)
{
    const size_t size = 2 * (size_t)PS_JSON_MAX_VALUES + 1;
    char *text = malloc(size);

    for (size_t i = 0; i < size; i += 2) {
        memcpy(text + i, ",", 1);
        if (i + 1 < size) {
            text[i + 1] = '0';
        }
    }
    text[0] = '[';
    text[size - 3] = ' '; /* the array and 999 999 numbers */
    text[size - 2] = ' ';
    text[size - 1] = ']';
    ck_assert_int_eq(ps_scan_text(text, size, "t", false, &scan, &faults), PS_OK);
    ck_assert_uint_eq(scan.count, PS_JSON_MAX_VALUES);
    text[size - 3] = ',';
    text[size - 2] = '0';
    ck_assert_int_eq(ps_scan_text(text, size, "t", false, NULL, &faults), PS_ERR_INPUT);
    ck_assert_str_eq(faults.items[0].code, "LIMIT");
    free(text);
}
END_TEST

START_TEST(many_keys_of_one_object_cost_n_log_n)
{
    ps_string text = {0};
    const double start = seconds();

    for (int i = 0; i < 900000; i++) {
        ps_string_format(&text, "%c\"%06d\":0", i == 0 ? '{' : ',', i);
    }
    ps_string_format(&text, ",\"\\u0030000%02d\":0}", 42); /* "000042" again */
    ck_assert_int_eq(ps_scan_text(text.data, text.length, "t", true, NULL, &faults), PS_ERR_INPUT);
    ck_assert_str_eq(faults.items[0].code, "DUPLICATE_KEY");
    ck_assert_str_eq(faults.items[0].pointer, "/000042");
    ck_assert_str_eq(faults.items[0].message, "duplicate key, first at 1:464");
    ck_assert_double_lt(seconds() - start, 5);
    ps_string_free(&text);
}
END_TEST

START_TEST(the_first_duplicate_in_the_file_is_reported)
{
    ck_assert_int_eq(scan_text("{\"z\":0,\"a\":0,\"z\":1,\"a\":1}"), PS_ERR_INPUT);
    ck_assert_str_eq(faults.items[0].pointer, "/z");
    ck_assert_uint_eq(faults.count, 1);
}
END_TEST

START_TEST(the_same_key_in_two_objects_is_fine)
{
    ck_assert_int_eq(scan_text("{\"a\":{\"a\":{\"a\":0}},\"b\":{\"a\":[{\"a\":0},{\"a\":0}]}}"),
                     PS_OK);
}
END_TEST

START_TEST(escapes_decode)
{
    char out[64];

    ck_assert_uint_eq(ps_literal_decode("\"a\\u0062\\n\\/\\\\\\\"\\t\"", out), 7);
    ck_assert_str_eq(out, "ab\n/\\\"\t");
    ps_literal_decode("\"\\u4ef7\\u00e9\\uD83D\\uDE00\"", out);
    ck_assert_str_eq(out, "价é😀");
    ck_assert_int_eq(ps_literal_compare("\"a\\u0062\"", "\"ab\""), 0);
    ck_assert_int_lt(ps_literal_compare("\"a\"", "\"ab\""), 0);
    ck_assert_int_gt(ps_literal_compare("\"b\"", "\"ab\""), 0);
}
END_TEST

START_TEST(utf8_is_checked_as_rfc_3629_says)
{
    static const struct {
        const char *bytes;
        size_t length;
    } cases[] = {{"\x7f", 1},
                 {"\xc2\x80", 2},
                 {"\xdf\xbf", 2},
                 {"\xe0\xa0\x80", 3},
                 {"\xed\x9f\xbf", 3},
                 {"\xee\x80\x80", 3},
                 {"\xf0\x90\x80\x80", 4},
                 {"\xf4\x8f\xbf\xbf", 4},
                 {"\x80", 0},
                 {"\xc0\x80", 0},
                 {"\xc1\xbf", 0},
                 {"\xc2", 0},
                 {"\xe0\x9f\xbf", 0},
                 {"\xed\xa0\x80", 0},
                 {"\xe1\x80", 0},
                 {"\xf0\x8f\xbf\xbf", 0},
                 {"\xf4\x90\x80\x80", 0},
                 {"\xf5\x80\x80\x80", 0},
                 {"\xff", 0},
                 {"\xe1\x80\xc0", 0}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const size_t n = strlen(cases[i].bytes);

        ck_assert_uint_eq(ps_utf8_length((const unsigned char *)cases[i].bytes, n),
                          cases[i].length);
        if (n > 1) { /* cut short */
            ck_assert_uint_eq(ps_utf8_length((const unsigned char *)cases[i].bytes, n - 1), 0);
        }
    }
}
END_TEST

START_TEST(pointers_escape_slash_and_tilde)
{
    ck_assert_int_eq(scan_text("{\"a/b~c\": [0, x]}"), PS_ERR_INPUT);
    ck_assert_str_eq(faults.items[0].pointer, "/a~1b~0c/1");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scan");
    TCase *tests = tcase_create("scan");

    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, values_and_keys_are_placed_in_document_order);
    tcase_add_test(tests, columns_count_characters_and_skip_the_mark);
    tcase_add_test(tests, crlf_lines_are_counted_once);
    tcase_add_test(tests, sixty_four_levels_and_no_more);
    tcase_add_test(tests, sixteen_mebibytes_and_no_more);
    tcase_add_test(tests, a_million_values_and_no_more);
    tcase_add_test(tests, many_keys_of_one_object_cost_n_log_n);
    tcase_add_test(tests, the_first_duplicate_in_the_file_is_reported);
    tcase_add_test(tests, the_same_key_in_two_objects_is_fine);
    tcase_add_test(tests, escapes_decode);
    tcase_add_test(tests, utf8_is_checked_as_rfc_3629_says);
    tcase_add_test(tests, pointers_escape_slash_and_tilde);
    suite_add_tcase(suite, tests);

    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_ENV);

    const int failed = srunner_ntests_failed(runner);

    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
