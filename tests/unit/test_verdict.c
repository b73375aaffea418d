/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdlib.h>

#include "fake_projection.h"

static fake f;
static ps_doc doc;

static void setup(void)
{
    fake_init(&f);
    memset(&doc, 0, sizeof doc);
}

static void teardown(void)
{
    ps_doc_free(&doc);
    ps_faults_free(&f.faults);
}

static const ps_doc_block *block_at(const char *path, int audience)
{
    for (const ps_doc_block *block = doc.first; block != NULL; block = block->next) {
        if (strcmp(block->path, path) == 0 && (block->audience & audience) != 0) {
            return block;
        }
    }
    return NULL;
}

/* The n-th sentence of the verdict, "" when there are fewer. */
static const char *sentence(int n)
{
    const ps_doc_sentence *s;

    if (doc.first == NULL) {
        ck_assert_int_eq(ps_project(&f.projection, &doc), PS_OK);
    }
    s = block_at("verdict", PS_DOC_FOR_ALL)->sentences.first;
    for (; s != NULL && n > 0; n--) {
        s = s->next;
    }
    return s == NULL ? "" : s->text;
}

START_TEST(the_first_sentence_is_the_range_of_revenue)
{
    ck_assert_str_eq(sentence(0),
                     "Revenue over the year is likely 7.1M to 8.4M CNY (P10 to P90), median 7.7M.");
    ck_assert_str_eq(sentence(1),
                     "Contribution is likely 2.2M to 2.9M CNY, median 2.5M: 33% of revenue.");
}
END_TEST

START_TEST(bare_numbers_are_named_in_the_first_sentence)
{
    f.numbers[2].exact = false;
    ck_assert_str_eq(
        sentence(0),
        "Revenue over the year is likely 7.1M to 8.4M CNY (P10 to P90), median 7.7M; this "
        "understates the "
        "risk, because 1 input that nobody knows exactly is a bare number (discovery conversion).");
}
END_TEST

START_TEST(a_bare_number_that_needs_no_range_is_fine)
{
    f.numbers[1].exact = false; /* a list price: its field does not ask for a range */
    ck_assert_ptr_null(strstr(sentence(0), "understates"));
}
END_TEST

START_TEST(inputs_at_their_centre_understate_the_risk)
{
    f.result.parameters = PS_PARAMETERS_CENTRE;
    ck_assert_ptr_nonnull(strstr(sentence(0), "held at its centre"));
    ck_assert_ptr_null(strstr(sentence(2), "variance"));
}
END_TEST

START_TEST(ignorance_and_luck_are_told_apart)
{
    ck_assert_str_eq(
        sentence(2),
        "About 63% of the variance of contribution comes from inputs that are not known "
        "exactly, above all manufacturing arrivals per month, manufacturing elasticity; the "
        "rest is luck.");
    ps_doc_free(&doc);
    f.result.summary[PS_METRIC_contribution].ignorance = 0.01;
    ck_assert_ptr_nonnull(strstr(sentence(2), "Nearly all of that spread is luck"));
}
END_TEST

START_TEST(promotions_say_net_and_what_buyers_would_have_bought_anyway)
{
    ck_assert_str_eq(
        sentence(3),
        "The promotions lose 174k CNY net on average (-290k to -60k) and pay in 3% of the "
        "futures; 79% of the units on promotion would have been sold anyway; with rivals that "
        "stand still it would look like -136k.");
    ps_doc_free(&doc);
    f.result.earnings = 0;
    ck_assert_ptr_null(strstr(sentence(3), "promotion"));
}
END_TEST

START_TEST(goals_say_chance_date_and_miss)
{
    ck_assert_str_eq(
        sentence(4),
        "Goal signed_20 (48 by 2026-09-30) is reached with 64% chance (31% to 93% over what "
        "the inputs may be), and missed by 4.1 on average otherwise.");
    ps_doc_free(&doc);
    f.goals[0].p = 0;
    f.goals[0].out_of_range = true;
    ck_assert_ptr_nonnull(strstr(sentence(4), "out of reach of every simulated future"));
}
END_TEST

START_TEST(simulation_error_is_a_sentence_of_its_own)
{
    ck_assert_str_eq(
        sentence(5),
        "Apart from that, simulating only 10,000 futures leaves an error of 5.1k CNY in the "
        "mean of revenue; more futures shrink this error, not the ranges.");
    for (int i = 0; i < 5; i++) {
        ck_assert_ptr_null(strstr(sentence(i), "error"));
    }
    ck_assert_str_eq(sentence(6), "");
}
END_TEST

START_TEST(a_partial_run_says_so_first)
{
    f.result.partial = true;
    f.result.paths = 3200;
    ck_assert_ptr_eq(strstr(sentence(0), "PARTIAL: interrupted after 3,200 of 10,000 futures"),
                     sentence(0));
}
END_TEST

START_TEST(a_likely_loss_is_said)
{
    f.result.summary[PS_METRIC_contribution] = fake_figure(-1e5, 4e5);
    ck_assert_ptr_nonnull(strstr(sentence(1), "a loss more often than not"));
}
END_TEST

START_TEST(certainty_has_no_range)
{
    f.result.summary[PS_METRIC_revenue] = fake_figure(50000, 0);
    ck_assert_ptr_eq(
        strstr(sentence(0), "Revenue over the year is 50k CNY in every simulated future"),
        sentence(0));
}
END_TEST

static const ps_doc_row *check_named(const char *id)
{
    const ps_doc_row *row;

    sentence(0);
    row = block_at("checks", PS_DOC_FOR_DATA)->table.first;
    while (row != NULL && strcmp(row->id, id) != 0) {
        row = row->next;
    }
    return row;
}

START_TEST(books_that_do_not_close_are_called_out)
{
    f.result.balance.cash = 1e-3;
    ck_assert_str_eq(check_named("cash")->cells[0].text, "look");
    ck_assert_str_eq(check_named("funnel")->cells[0].text, "ok");
}
END_TEST

START_TEST(odd_elasticities_are_called_out)
{
    ck_assert_str_eq(check_named("elasticity_standard")->cells[0].text, "ok");
    ps_doc_free(&doc);
    f.derived_items[1].value = -0.1;
    ck_assert_str_eq(check_named("elasticity_standard")->cells[0].text, "look");
}
END_TEST

START_TEST(a_lift_below_break_even_is_called_out)
{
    ck_assert_str_eq(check_named("break_even_summer")->cells[0].text, "look");
    ps_doc_free(&doc);
    f.earnings[1].lift = 0.7;
    f.earnings[1].net.mean = 1e3;
    ck_assert_str_eq(check_named("break_even_summer")->cells[0].text, "ok");
}
END_TEST

START_TEST(a_lift_above_break_even_that_loses_later_is_called_out)
{
    f.earnings[1].lift = 0.7;
    ck_assert_str_eq(check_named("break_even_summer")->cells[0].text, "look");
    ck_assert_ptr_nonnull(
        strstr(check_named("break_even_summer")->cells[2].text, "it loses all the same"));
}
END_TEST

START_TEST(a_lift_below_break_even_that_earns_by_other_things_says_so)
{
    f.earnings[1].net.mean = 1e3;
    ck_assert_str_eq(check_named("break_even_summer")->cells[0].text, "look");
    ck_assert_ptr_nonnull(
        strstr(check_named("break_even_summer")->cells[2].text, "it earns all the same"));
}
END_TEST

START_TEST(a_trace_that_rounding_left_is_no_open_deal)
{
    f.funnel[3].open_end = 3.2e-13;
    f.funnel[3].value_open = 3.2e-13 * 48000;
    ck_assert_int_eq(ps_project(&f.projection, &doc), PS_OK);

    const ps_doc_table *table = &block_at("funnel", PS_DOC_FOR_ALL)->table;
    const ps_doc_row *row = table->first->next->next->next;

    for (int c = 0; c < table->columns; c++) {
        if (strcmp(table->column[c].key, "open_end") == 0 ||
            strcmp(table->column[c].key, "value_open") == 0) {
            ck_assert_double_eq(row->cells[c].number, 0);
            ck_assert_double_gt(table->first->cells[c].number, 0);
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("verdict");
    TCase *tests = tcase_create("verdict");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, the_first_sentence_is_the_range_of_revenue);
    tcase_add_test(tests, bare_numbers_are_named_in_the_first_sentence);
    tcase_add_test(tests, a_bare_number_that_needs_no_range_is_fine);
    tcase_add_test(tests, inputs_at_their_centre_understate_the_risk);
    tcase_add_test(tests, ignorance_and_luck_are_told_apart);
    tcase_add_test(tests, promotions_say_net_and_what_buyers_would_have_bought_anyway);
    tcase_add_test(tests, goals_say_chance_date_and_miss);
    tcase_add_test(tests, simulation_error_is_a_sentence_of_its_own);
    tcase_add_test(tests, a_partial_run_says_so_first);
    tcase_add_test(tests, a_likely_loss_is_said);
    tcase_add_test(tests, certainty_has_no_range);
    tcase_add_test(tests, a_trace_that_rounding_left_is_no_open_deal);
    tcase_add_test(tests, books_that_do_not_close_are_called_out);
    tcase_add_test(tests, odd_elasticities_are_called_out);
    tcase_add_test(tests, a_lift_below_break_even_is_called_out);
    tcase_add_test(tests, a_lift_above_break_even_that_loses_later_is_called_out);
    tcase_add_test(tests, a_lift_below_break_even_that_earns_by_other_things_says_so);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
