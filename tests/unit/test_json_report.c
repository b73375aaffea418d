/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "fake_projection.h"
#include "report/report.h"
#include "json/scan.h"

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

/* Without `layout`, its last member; tests/stored tests that. */
static const char *render(void)
{
    const ps_report_options options = {0};
    char *layout;

    ck_assert_int_eq(ps_reporter_json.write(&doc, &options, &out), PS_OK);
    layout = strstr(out.data, ",\n  \"layout\": {");
    layout = layout != NULL ? layout : strstr(out.data, "\n  \"layout\": {");
    ck_assert_ptr_nonnull(layout);
    snprintf(layout, 4, layout == out.data + 1 ? "}\n" : "\n}\n");
    out.length = strlen(out.data);
    return out.data;
}

START_TEST(paths_place_blocks_and_merge)
{
    ps_doc_block *a =
        ps_doc_add_table(&doc, PS_DOC_FOR_DATA, "promotions/summer", NULL, PS_DOC_RECORD);
    ps_doc_block *root = ps_doc_add_table(&doc, PS_DOC_FOR_DATA, "", NULL, PS_DOC_RECORD);
    ps_doc_block *b =
        ps_doc_add_table(&doc, PS_DOC_FOR_DATA, "promotions/summer", NULL, PS_DOC_RECORD);

    ps_doc_put(&doc, a, "lift", NULL, ps_cell_of_number(PS_DOC_FRAC, 0.25));
    ps_doc_put(&doc, root, "stream", NULL, ps_cell_of_number(PS_DOC_NUMBER, 1));
    ps_doc_put(&doc, b, "fixed", NULL, ps_cell_of_number(PS_DOC_MONEY, 3));
    ps_doc_add_table(&doc, PS_DOC_FOR_DATA, "promotions/winter", NULL, PS_DOC_KEYED);
    ps_doc_add_table(&doc, PS_DOC_FOR_DATA, "warnings", NULL, PS_DOC_ROWS);
    ck_assert_str_eq(render(), "{\n"
                               "  \"promotions\": {\n"
                               "    \"summer\": {\n"
                               "      \"lift\": 0.25,\n"
                               "      \"fixed\": 3\n"
                               "    },\n"
                               "    \"winter\": {}\n"
                               "  },\n"
                               "  \"stream\": 1,\n"
                               "  \"warnings\": []\n"
                               "}\n");
}
END_TEST

START_TEST(a_path_is_no_prefix_of_a_longer_word)
{
    ps_doc_block *a = ps_doc_add_table(&doc, PS_DOC_FOR_DATA, "run", NULL, PS_DOC_RECORD);
    ps_doc_block *b = ps_doc_add_table(&doc, PS_DOC_FOR_DATA, "runs", NULL, PS_DOC_RECORD);

    ps_doc_put(&doc, a, "x", NULL, ps_cell_of_flag(true));
    ps_doc_put(&doc, b, "y", NULL, ps_cell_of_text("\"1\""));
    ck_assert_str_eq(render(), "{\n  \"run\": {\n    \"x\": true\n  },\n  \"runs\": {\n    \"y\": "
                               "\"\\\"1\\\"\"\n  }\n}\n");
}
END_TEST

START_TEST(unknown_is_null_and_empty_is_left_out)
{
    static const ps_doc_column columns[] = {
        {.key = "x"}, {.key = "y"}, {.key = "on", .unit = PS_DOC_DATE}};
    ps_doc_block *table = ps_doc_add_table(&doc, PS_DOC_FOR_DATA, "t", NULL, PS_DOC_ROWS);
    ps_doc_row *row;

    ps_doc_set_columns(table, columns, 3);
    row = ps_doc_add_row(&doc, table, "r", NULL);
    row->cells[0] = ps_cell_of_number(PS_DOC_MONEY, NAN);
    row->cells[2] = ps_cell_of_number(PS_DOC_DATE, 0);
    ck_assert_str_eq(
        render(),
        "{\n  \"t\": [\n    {\"id\": \"r\", \"x\": null, \"on\": \"1970-01-01\"}\n  ]\n}\n");
}
END_TEST

START_TEST(numbers_are_exact)
{
    ps_doc_block *table = ps_doc_add_table(&doc, PS_DOC_FOR_DATA, "t", NULL, PS_DOC_RECORD);

    ps_doc_put(&doc, table, "a", NULL, ps_cell_of_number(PS_DOC_MONEY, 0.1 + 0.2));
    ps_doc_put(&doc, table, "b", NULL, ps_cell_of_number(PS_DOC_MONEY, -0.0));
    ck_assert_ptr_nonnull(strstr(render(), "\"a\": 0.30000000000000004,"));
    ck_assert_ptr_nonnull(strstr(out.data, "\"b\": 0\n"));
}
END_TEST

START_TEST(what_people_see_is_not_data)
{
    ps_doc_say(&doc, ps_doc_add_sentences(&doc, PS_DOC_FOR_PEOPLE, "reproduce", NULL), "x");
    ck_assert_str_eq(render(), "{}\n");
}
END_TEST

START_TEST(a_projection_is_strict_json_with_the_keys_of_the_format)
{
    static const char *const keys[] = {
        "format",  "version", "stream", "scenario", "run",       "verdict",
        "summary", "series",  "by",     "funnel",   "waterfall", "promotions",
        "goals",   "derived", "inputs", "warnings", "balance",   "batch_means"};
    static fake f;
    ps_faults faults = {0};

    fake_init(&f);
    ck_assert_int_eq(ps_project(&f.projection, &doc), PS_OK);
    render();
    ck_assert_int_eq(ps_scan_text(out.data, out.length, "result", true, NULL, &faults), PS_OK);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        char line[64];

        snprintf(line, sizeof line, "\n  \"%s\": ", keys[i]);
        ck_assert_msg(strstr(out.data, line) != NULL, "%s is missing", keys[i]);
    }
    /* Equal runs give equal bytes: no command, file or place. */
    ck_assert_ptr_null(strstr(out.data, "plan.json"));
    ps_faults_free(&faults);
}
END_TEST

START_TEST(a_figure_has_all_its_statistics)
{
    static fake f;

    fake_init(&f);
    f.result.summary[PS_METRIC_arr] = fake_figure(2, 1);
    f.result.summary[PS_METRIC_arr].ignorance = NAN;
    f.result.has[PS_METRIC_arr] = true;
    ck_assert_int_eq(ps_project(&f.projection, &doc), PS_OK);
    ck_assert_ptr_nonnull(
        strstr(render(),
               "    \"arr\": {\"mean\": 2, \"sd\": 1, \"se\": 0.01, \"p5\": 0.355, \"p10\": "
               "0.7183999999999999, \"p25\": 1.326, \"p50\": 2, \"p75\": 2.674, \"p90\": 3.2816, "
               "\"p95\": 3.645, \"ignorance\": null},\n"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("json_report");
    TCase *tests = tcase_create("json_report");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, paths_place_blocks_and_merge);
    tcase_add_test(tests, a_path_is_no_prefix_of_a_longer_word);
    tcase_add_test(tests, unknown_is_null_and_empty_is_left_out);
    tcase_add_test(tests, numbers_are_exact);
    tcase_add_test(tests, what_people_see_is_not_data);
    tcase_add_test(tests, a_projection_is_strict_json_with_the_keys_of_the_format);
    tcase_add_test(tests, a_figure_has_all_its_statistics);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
