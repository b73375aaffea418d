/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdlib.h>
#include <unistr.h>
#include <uniwidth.h>

#include "fake_projection.h"
#include "report/report.h"

static fake f;
static ps_doc doc;
static ps_string out;

static void setup(void)
{
    fake_init(&f);
    memset(&doc, 0, sizeof doc);
    memset(&out, 0, sizeof out);
}

static void teardown(void)
{
    ps_doc_free(&doc);
    ps_string_free(&out);
    ps_faults_free(&f.faults);
}

static const char *render(int width, bool ascii, bool color)
{
    const ps_report_options options = {.width = width, .ascii = ascii, .color = color};

    ps_string_free(&out);
    memset(&out, 0, sizeof out);
    if (doc.first == NULL) {
        ck_assert_int_eq(ps_project(&f.projection, &doc), PS_OK);
    }
    ck_assert_int_eq(ps_reporter_text.write(&doc, &options, &out), PS_OK);
    return out.data;
}

/* Columns of the widest line but the command, which is to be copied and stays whole. */
static int widest(const char *text)
{
    int width = 0;

    while (*text != '\0') {
        const size_t length = strcspn(text, "\n");
        const int columns = u8_width((const uint8_t *)text, length, "UTF-8");

        if (strncmp(text, "  pricesim run ", 15) != 0) {
            width = columns > width ? columns : width;
        }
        text += length + (text[length] == '\n');
    }
    return width;
}

START_TEST(no_line_is_wider_than_asked)
{
    static const int widths[] = {40, 50, 60, 80, 100, 120, 200};

    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        const int width = widest(render(widths[i], false, false));

        ck_assert_msg(width <= widths[i], "%d columns at width %d", width, widths[i]);
    }
}
END_TEST

START_TEST(long_chinese_labels_do_not_break_the_columns)
{
    f.funnel[1].label = "与客户进行需求沟通并确认预算和采购流程的阶段以及后续安排说明";
    f.waterfall[1].label = "经销商年度返利与现金折扣以及其他谈判让利项目合计";
    ck_assert_int_le(widest(render(80, false, false)), 80);
    ck_assert_int_le(widest(render(40, false, false)), 40);
}
END_TEST

START_TEST(columns_of_chinese_rows_line_up)
{
    const uint8_t *chinese, *latin;

    f.groups[1].label = "retail";
    chinese = (const uint8_t *)strstr(render(80, false, false), "\n制造业");
    latin = (const uint8_t *)strstr(out.data, "\nretail");
    ck_assert_ptr_nonnull(chinese);
    ck_assert_ptr_nonnull(latin);
    ck_assert_int_eq(u8_width(chinese + 1, strcspn((const char *)chinese + 1, "\n"), "UTF-8"),
                     u8_width(latin + 1, strcspn((const char *)latin + 1, "\n"), "UTF-8"));
}
END_TEST

START_TEST(ascii_has_nothing_beyond_ascii_but_labels)
{
    f.groups[0].label = f.groups[1].label = f.groups[2].label = "x";
    f.funnel[1].label = "discovery";
    f.earnings[1].label = f.offer.entry.label = "x";
    render(80, true, false);
    for (size_t i = 0; i < out.length; i++) {
        ck_assert_msg((unsigned char)out.data[i] < 0x80, "byte %zu: %.20s", i, out.data + i);
    }
}
END_TEST

START_TEST(plain_text_has_no_terminal_codes)
{
    ck_assert_ptr_null(strchr(render(80, false, false), '\033'));
    ck_assert_ptr_nonnull(strchr(render(80, false, true), '\033'));
}
END_TEST

START_TEST(labels_cannot_control_the_terminal)
{
    f.groups[0].label = "a\033[2J\xe2\x80\xae"
                        "b";
    ck_assert_ptr_nonnull(strstr(render(80, false, false), "\na[2Jb "));
}
END_TEST

START_TEST(words_come_first)
{
    const char *verdict = strstr(render(80, false, false), "Revenue over the year is likely");
    const char *table = strstr(out.data, "Headline figures");

    ck_assert_ptr_nonnull(verdict);
    ck_assert_ptr_nonnull(table);
    ck_assert(verdict < table);
}
END_TEST

START_TEST(deductions_are_negative_and_totals_are_not)
{
    ck_assert_ptr_nonnull(strstr(render(80, false, false), "Negotiated discounts  -0.82M"));
    ck_assert_ptr_nonnull(strstr(out.data, "Pocket price           9.01M"));
}
END_TEST

START_TEST(narrow_tables_drop_the_less_important_columns)
{
    ck_assert_ptr_nonnull(strstr(render(80, false, false), "sim. error\n"));
    ck_assert_ptr_null(strstr(render(40, false, false), "sim. error\n"));
    ck_assert_ptr_nonnull(strstr(out.data, "median"));
}
END_TEST

START_TEST(a_single_segment_is_not_broken_down)
{
    f.result.groups = 1;
    ck_assert_ptr_null(strstr(render(80, false, false), "By segment"));
}
END_TEST

START_TEST(no_line_ends_in_a_space)
{
    ck_assert_ptr_null(strstr(render(80, false, false), " \n"));
}
END_TEST

START_TEST(a_flat_or_unknown_series_can_be_drawn)
{
    for (int k = 0; k < 4; k++) {
        for (int t = 0; t < FAKE_PERIODS; t++) {
            f.lines[0][k][t] = 0;
            f.lines[1][k][t] = NAN;
        }
    }
    ck_assert_int_le(widest(render(80, false, false)), 80);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("text_report");
    TCase *tests = tcase_create("text_report");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, no_line_is_wider_than_asked);
    tcase_add_test(tests, long_chinese_labels_do_not_break_the_columns);
    tcase_add_test(tests, columns_of_chinese_rows_line_up);
    tcase_add_test(tests, ascii_has_nothing_beyond_ascii_but_labels);
    tcase_add_test(tests, plain_text_has_no_terminal_codes);
    tcase_add_test(tests, labels_cannot_control_the_terminal);
    tcase_add_test(tests, words_come_first);
    tcase_add_test(tests, deductions_are_negative_and_totals_are_not);
    tcase_add_test(tests, narrow_tables_drop_the_less_important_columns);
    tcase_add_test(tests, a_single_segment_is_not_broken_down);
    tcase_add_test(tests, no_line_ends_in_a_space);
    tcase_add_test(tests, a_flat_or_unknown_series_can_be_drawn);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
