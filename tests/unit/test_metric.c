/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/result.h"

#include <check.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

START_TEST(shown_metrics_are_found_by_their_id_hidden_ones_not)
{
    for (int m = 0; m < PS_METRICS; m++) {
        ck_assert_int_eq(ps_metric_find(ps_metric_table[m].id), ps_metric_table[m].label ? m : -1);
    }
    ck_assert_int_eq(ps_metric_find("revenue"), PS_METRIC_revenue);
    ck_assert_int_eq(ps_metric_find("won"), -1);
    ck_assert_int_eq(ps_metric_find("revenu"), -1);
    ck_assert_int_eq(ps_metric_find("Revenue"), -1);
    ck_assert_int_eq(ps_metric_find(""), -1);
}
END_TEST

START_TEST(a_ratio_divides_two_other_sums)
{
    for (int m = 0; m < PS_METRICS; m++) {
        const ps_metric_info *info = &ps_metric_table[m];

        if (info->kind != PS_METRIC_IS_RATIO) {
            continue;
        }
        ck_assert_msg(info->numerator != info->denominator, "%s", info->id);
        ck_assert_int_eq(ps_metric_table[info->numerator].kind, PS_METRIC_IS_SUM);
        ck_assert_int_eq(ps_metric_table[info->denominator].kind, PS_METRIC_IS_SUM);
        /* a breakdown of a ratio needs both of its parts */
        ck_assert_msg(!info->by || (ps_metric_table[info->numerator].by &&
                                    ps_metric_table[info->denominator].by),
                      "%s", info->id);
    }
}
END_TEST

START_TEST(ids_are_lower_case_words_and_differ)
{
    for (int m = 0; m < PS_METRICS; m++) {
        for (const char *c = ps_metric_table[m].id; *c; c++) {
            ck_assert(islower((unsigned char)*c) || *c == '_');
        }
        for (int k = 0; k < m; k++) {
            ck_assert_str_ne(ps_metric_table[k].id, ps_metric_table[m].id);
        }
    }
}
END_TEST

START_TEST(a_fraction_is_never_a_sum)
{
    for (int m = 0; m < PS_METRICS; m++) {
        ck_assert_msg(ps_metric_table[m].unit != PS_METRIC_FRAC ||
                          ps_metric_table[m].kind == PS_METRIC_IS_RATIO,
                      "%s", ps_metric_table[m].id);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("metric");
    TCase *tcase = tcase_create("metric");

    tcase_add_test(tcase, shown_metrics_are_found_by_their_id_hidden_ones_not);
    tcase_add_test(tcase, a_ratio_divides_two_other_sums);
    tcase_add_test(tcase, ids_are_lower_case_words_and_differ);
    tcase_add_test(tcase, a_fraction_is_never_a_sum);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
