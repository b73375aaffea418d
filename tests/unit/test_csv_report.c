/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdlib.h>

#include "fake_projection.h"
#include "report/report.h"

static ps_doc doc;
static ps_string out;

static void setup(void)
{
    memset(&doc, 0, sizeof doc);
    memset(&out, 0, sizeof out);
}

static void teardown(void)
{
    ps_doc_free(&doc);
    ps_string_free(&out);
}

static const char *render(void)
{
    const ps_report_options options = {0};

    ck_assert_int_eq(ps_reporter_csv.write(&doc, &options, &out), PS_OK);
    return out.data;
}

static const char *one_text(const char *text)
{
    ps_doc_put(&doc, ps_doc_add_table(&doc, PS_DOC_FOR_DATA, "s", NULL, PS_DOC_RECORD), "name",
               NULL, ps_cell_of_text(text));
    return strchr(render(), '\n') + 1;
}

START_TEST(text_that_looks_like_a_formula_is_defused)
{
    ck_assert_str_eq(one_text("=1+1"), "s,,name,value,'=1+1\r\n");
    teardown();
    setup();
    ck_assert_str_eq(one_text("@x"), "s,,name,value,'@x\r\n");
    teardown();
    setup();
    ck_assert_str_eq(one_text("+a,b"), "s,,name,value,\"'+a,b\"\r\n");
}
END_TEST

START_TEST(negative_numbers_stay_numbers)
{
    ps_doc_put(&doc, ps_doc_add_table(&doc, PS_DOC_FOR_DATA, "s", NULL, PS_DOC_RECORD), "x", NULL,
               ps_cell_of_number(PS_DOC_MONEY, -3.5));
    ck_assert_ptr_nonnull(strstr(render(), "s,,x,value,-3.5\r\n"));
}
END_TEST

START_TEST(quotes_are_doubled)
{
    ck_assert_str_eq(one_text("a \"b\"\nc"), "s,,name,value,\"a \"\"b\"\"\nc\"\r\n");
}
END_TEST

START_TEST(unknown_is_an_empty_field)
{
    ps_doc_put(&doc, ps_doc_add_table(&doc, PS_DOC_FOR_DATA, "s", NULL, PS_DOC_RECORD), "x", NULL,
               ps_cell_of_number(PS_DOC_MONEY, NAN));
    ck_assert_ptr_nonnull(strstr(render(), "s,,x,value,\r\n"));
}
END_TEST

START_TEST(every_line_of_a_projection_has_five_fields)
{
    static fake f;
    int fields = 1;
    bool quoted = false;

    fake_init(&f);
    f.scenario.name = "a, \"b\"";
    ck_assert_int_eq(ps_project(&f.projection, &doc), PS_OK);
    render();
    for (size_t i = 0; i < out.length; i++) {
        quoted = out.data[i] == '"' ? !quoted : quoted;
        fields += !quoted && out.data[i] == ',';
        if (!quoted && out.data[i] == '\n') {
            ck_assert_int_eq(fields, 5);
            fields = 1;
        }
    }
    ck_assert_ptr_nonnull(strstr(out.data, "\r\nsummary,,revenue,p50,7730000\r\n"));
    ck_assert_ptr_nonnull(strstr(out.data, "\r\nseries/revenue,2026-01-05,revenue,p10,105200\r\n"));
    ck_assert_ptr_nonnull(strstr(out.data, "\r\nby/segment,retail,units,mean,63.5"));
    ck_assert_ptr_nonnull(strstr(out.data, "\r\npromotions/calendar,net,mean,value,-174000\r\n"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("csv_report");
    TCase *tests = tcase_create("csv_report");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, text_that_looks_like_a_formula_is_defused);
    tcase_add_test(tests, negative_numbers_stay_numbers);
    tcase_add_test(tests, quotes_are_doubled);
    tcase_add_test(tests, unknown_is_an_empty_field);
    tcase_add_test(tests, every_line_of_a_projection_has_five_fields);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
