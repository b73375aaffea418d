/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "doc/doc.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "doc/human.h"

static const char *human(ps_doc_unit unit, double value, int digits)
{
    static char out[PS_HUMAN_SIZE];

    return ps_human(unit, value, digits, out);
}

START_TEST(blocks_and_rows_keep_their_order)
{
    ps_doc doc = {0};
    ps_doc_block *first = ps_doc_add_sentences(&doc, PS_DOC_FOR_ALL, "verdict", NULL);
    ps_doc_block *table = ps_doc_add_table(&doc, PS_DOC_FOR_DATA, "summary", NULL, PS_DOC_RECORD);

    ps_doc_put(&doc, table, "a", NULL, ps_cell_of_number(PS_DOC_COUNT, 1));
    ps_doc_put(&doc, table, "b", "B", ps_cell_of_flag(true));
    ps_doc_say(&doc, first, ps_doc_text(&doc, "%d", 7));
    ck_assert_ptr_eq(doc.first, first);
    ck_assert_ptr_eq(doc.first->next, table);
    ck_assert_ptr_eq(doc.last, table);
    ck_assert_int_eq(table->table.rows, 2);
    ck_assert_str_eq(table->table.first->label, "a");
    ck_assert_str_eq(table->table.first->next->label, "B");
    ck_assert_str_eq(first->sentences.first->text, "7");
    ck_assert(!doc.failed);
    ps_doc_free(&doc);
}
END_TEST

START_TEST(cells_of_a_new_row_are_empty)
{
    static const ps_doc_column columns[] = {{.key = "x", .title = "x"}, {.key = "y", .title = "y"}};
    ps_doc doc = {0};
    ps_doc_block *table = ps_doc_add_table(&doc, PS_DOC_FOR_ALL, "t", "T", PS_DOC_ROWS);

    ps_doc_set_columns(table, columns, 2);
    ps_doc_add_row(&doc, table, "r", NULL);
    ck_assert_int_eq(table->table.first->cells[0].kind, PS_CELL_NONE);
    ck_assert_int_eq(table->table.first->cells[1].kind, PS_CELL_NONE);
    ps_doc_free(&doc);
}
END_TEST

START_TEST(a_failed_document_can_still_be_filled)
{
    ps_doc doc = {.failed = true};
    ps_doc_block *table = ps_doc_add_table(&doc, PS_DOC_FOR_ALL, "t", "T", PS_DOC_RECORD);
    ps_doc_figure figure = {.mean = 1};

    ps_doc_put(&doc, table, "a", NULL, ps_cell_of_figure(&doc, PS_DOC_MONEY, &figure));
    ps_doc_say(&doc, ps_doc_add_sentences(&doc, PS_DOC_FOR_ALL, "s", NULL),
               ps_doc_text(&doc, "lost"));
    ck_assert_ptr_null(doc.first);
    ck_assert(doc.failed);
    ps_doc_free(&doc);
}
END_TEST

START_TEST(a_figure_counts_by_its_mean)
{
    ps_doc doc = {0};
    const ps_doc_figure figure = {.mean = 3, .p50 = 2};
    const ps_cell cell = ps_cell_of_figure(&doc, PS_DOC_MONEY, &figure);
    const ps_cell text = ps_cell_of_text("3");

    ck_assert_double_eq(ps_cell_value(&cell), 3);
    ck_assert(isnan(ps_cell_value(&text)));
    ps_doc_free(&doc);
}
END_TEST

START_TEST(money_has_a_suffix_by_size)
{
    ck_assert_str_eq(human(PS_DOC_MONEY, 7.7312e6, 2), "7.7M");
    ck_assert_str_eq(human(PS_DOC_MONEY, 412345, 3), "412k");
    ck_assert_str_eq(human(PS_DOC_MONEY, -2.5e9, 2), "-2.5B");
    ck_assert_str_eq(human(PS_DOC_MONEY, 999.6, 3), "1.00k");
    ck_assert_str_eq(human(PS_DOC_MONEY, 41.234, 3), "41.2");
    ck_assert_str_eq(human(PS_DOC_MONEY, 0, 3), "0");
    ck_assert_str_eq(human(PS_DOC_MONEY, NAN, 3), "n/a");
}
END_TEST

START_TEST(counts_are_whole_where_it_matters)
{
    ck_assert_str_eq(human(PS_DOC_COUNT, 8432.4, 3), "8,432");
    ck_assert_str_eq(human(PS_DOC_COUNT, 48, 3), "48");
    ck_assert_str_eq(human(PS_DOC_COUNT, 4.13, 2), "4.1");
    ck_assert_str_eq(human(PS_DOC_COUNT, 1234567, 3), "1.23M");
}
END_TEST

START_TEST(fractions_are_percent)
{
    ck_assert_str_eq(human(PS_DOC_FRAC, 0.329, 3), "32.9%");
    ck_assert_str_eq(human(PS_DOC_FRAC, 0.0302, 3), "3.0%");
    ck_assert_str_eq(human(PS_DOC_FRAC, 1, 2), "100%");
    ck_assert_str_eq(human(PS_DOC_FRAC, 0.00213, 2), "0.21%");
}
END_TEST

START_TEST(a_rounded_zero_has_no_sign)
{
    const ps_human_scale scale = {
        .unit = PS_DOC_MONEY, .factor = 1e6, .suffix = "M", .decimals = 1};
    char out[PS_HUMAN_SIZE];

    ck_assert_str_eq(ps_human_write(&scale, -3, false, out), "0.0M");
    ck_assert_str_eq(ps_human_write(&scale, 3, true, out), "0.0M");
    ck_assert_str_eq(ps_human_write(&scale, 1.26e6, true, out), "+1.3M");
}
END_TEST

START_TEST(a_scale_shows_the_differences_asked_for)
{
    const ps_human_scale coarse = ps_human_scale_of(PS_DOC_MONEY, 7.73e6, 1e5, 2);
    const ps_human_scale fine = ps_human_scale_of(PS_DOC_MONEY, 7.73e6, 1e3, 2);
    char out[PS_HUMAN_SIZE];

    ck_assert_str_eq(ps_human_write(&coarse, 7.73e6, false, out), "7.7M");
    ck_assert_str_eq(ps_human_write(&fine, 7.73e6, false, out), "7.730M");
}
END_TEST

START_TEST(hardly_possible_is_not_impossible)
{
    char out[PS_HUMAN_SIZE];

    ck_assert_str_eq(ps_human_chance(0, out), "0%");
    ck_assert_str_eq(ps_human_chance(0.004, out), "under 1%");
    ck_assert_str_eq(ps_human_chance(0.642, out), "64%");
    ck_assert_str_eq(ps_human_chance(0.996, out), "over 99%");
    ck_assert_str_eq(ps_human_chance(1, out), "100%");
}
END_TEST

START_TEST(whole_numbers_have_commas)
{
    char out[PS_HUMAN_SIZE];

    ck_assert_str_eq(ps_human_whole(1234567, out), "1,234,567");
    ck_assert_str_eq(ps_human_whole(-123456, out), "-123,456");
    ck_assert_str_eq(ps_human_whole(999, out), "999");
}
END_TEST

START_TEST(what_rounding_left_of_nothing_is_nothing)
{
    const ps_human_scale scale = ps_human_scale_of(PS_DOC_FRAC, 0.570333, 1e-17, 3);

    ck_assert_str_eq(human(PS_DOC_COUNT, 1.4e-14, 3), "0");
    ck_assert_str_eq(human(PS_DOC_MONEY, -2e-13, 3), "0");
    ck_assert_str_eq(human(PS_DOC_FRAC, 1e-16, 2), "0%");
    ck_assert_str_eq(human(PS_DOC_MONEY, 1.25e-6, 3), "0.00000125");
    ck_assert_int_eq(scale.decimals, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("doc");
    TCase *tests = tcase_create("doc");

    tcase_add_test(tests, blocks_and_rows_keep_their_order);
    tcase_add_test(tests, cells_of_a_new_row_are_empty);
    tcase_add_test(tests, a_failed_document_can_still_be_filled);
    tcase_add_test(tests, a_figure_counts_by_its_mean);
    tcase_add_test(tests, money_has_a_suffix_by_size);
    tcase_add_test(tests, counts_are_whole_where_it_matters);
    tcase_add_test(tests, fractions_are_percent);
    tcase_add_test(tests, a_rounded_zero_has_no_sign);
    tcase_add_test(tests, a_scale_shows_the_differences_asked_for);
    tcase_add_test(tests, hardly_possible_is_not_impossible);
    tcase_add_test(tests, whole_numbers_have_commas);
    tcase_add_test(tests, what_rounding_left_of_nothing_is_nothing);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
