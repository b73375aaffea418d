/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Customers who sign again, worked by hand: 90 at the start with contracts of three months, of
 * which a third ends each month; half of those leave. Next to nobody is new. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/hot_customers.h"
#include "scenario/load.h"

static const char scenario_text[] =
    "{\"pricesim\": 1, \"name\": \"n\", \"currency\": \"EUR\", \"scope\": \"pipeline\","
    "\"run\": {\"counts\": \"%s\", \"parameters\": \"centre\"},"
    "\"calendar\": {\"start\": \"2026-01-01\", \"period\": \"month\", \"periods\": %d},"
    "\"market\": {\"shock\": \"off\", \"segments\": {\"s\": {\"arrivals\": {\"per_month\": 1e-9}, "
    "\"choice\": {\"conversion\": 0.5, \"elasticity\": {\"value\": -1}}}}},"
    "\"offers\": {\"a\": {\"sold_as\": \"contract\", \"list_price\": 100, \"unit_cost\": 40, "
    "\"contract\": {\"months\": 3}}},"
    "\"funnel\": {\"order\": [\"talk\"], \"stages\": {\"talk\": {\"choice\": true, \"days\": 0}}},"
    "\"payment\": {\"days\": 0, \"bad_debt\": 0},"
    "\"retention\": {\"churn\": {%s}, \"history_years\": %s, \"customers\": {\"s\": 90}, "
    "\"renewal\": {%s}}}";

static ps_arena arena;
static ps_plan plan;
static ps_scenario scenario;
static ps_faults faults;

/* Totals of one path. */
static const ps_lanes *run(const char *counts, int months, const char *churn, const char *years,
                           const char *renewal)
{
    char text[2000];
    const int n = snprintf(text, sizeof text, scenario_text, counts, months, churn, years, renewal);
    const ps_load_options options = {.path = "-", .text = text, .text_length = (size_t)n};
    static const ps_job one = {.lanes = 1};

    ck_assert_int_eq(ps_scenario_load(&options, &scenario, &faults), PS_OK);
    ck_assert_int_eq(ps_plan_make(&scenario, &arena, &plan, &faults), PS_OK);
    ps_work *w = ps_work_make(&plan, &arena);

    ck_assert_ptr_nonnull(w);
    ps_hot_run(&plan, w, &one);
    return (const ps_lanes *)w->out.total;
}

static void check(const ps_lanes *total, int metric, double want)
{
    ck_assert_double_eq_tol(total[metric][0], want, 1e-6 * (want + 1.0));
}

START_TEST(half_of_those_whose_term_ends_leave)
{
    const ps_lanes *total = run("expected", 3, "\"per_quarter\": 0.5", "0.25", "");

    check(total, PS_METRIC_terms_ended, 90);
    check(total, PS_METRIC_churned, 45);
    check(total, PS_METRIC_renewals, 45);
    check(total, PS_METRIC_active_customers, 45);
    check(total, PS_METRIC_renewal_booked, 4500);
    check(total, PS_METRIC_booked, 4500);
    check(total, PS_METRIC_arr, 45 * 400);
    total = run("expected", 5, "\"per_quarter\": 0.5", "0.25", "");
    check(total, PS_METRIC_churned, 45 + 15); /* who signed in January ends in April */
    check(total, PS_METRIC_active_customers, 30);
}
END_TEST

START_TEST(a_dearer_renewal_moves_the_odds_to_leave)
{
    const ps_lanes *total = run("expected", 3, "\"per_quarter\": 0.5", "0.25",
                                "\"increase\": 0.21, \"churn_elasticity\": 2");

    check(total, PS_METRIC_churned, 90 * 1.4641 / 2.4641);
    check(total, PS_METRIC_renewal_booked, 90 / 2.4641 * 121);
    total = run("expected", 6, "\"per_quarter\": 0", "0.25",
                "\"increase\": 0.21, \"from\": \"2026-02-02\"");
    check(total, PS_METRIC_renewal_booked, 30 * (2 * 100 + 4 * 121));
    total = run("expected", 6, "\"per_quarter\": 0", "0.25", "\"increase_per_year\": 0.4641");
    check(total, PS_METRIC_renewal_booked, 90 * 110 + 90 * 121);
}
END_TEST

/* sBG with alpha 1 and beta 1: 1/2 leave at the end of the first term, 1/3 of the rest at that of
 * the second. Two terms of history: 2/3 of the 90 are in their first term. */
START_TEST(those_who_stayed_longer_leave_less)
{
    const ps_lanes *total = run("expected", 3, "\"alpha\": 1, \"beta\": 1", "0.5", "");

    check(total, PS_METRIC_churned, 60.0 / 2 + 30.0 / 3);
    check(total, PS_METRIC_renewals, 60.0 / 2 + 60.0 / 3);
}
END_TEST

/* Of the 90 who are there at the start each brings a tenth of a lead a month; 30 of them come to
 * the end of a term each month, of whom half leave: 75 bring the next ones, then 60. */
START_TEST(customers_bring_leads_a_month_after)
{
    const ps_lanes *total =
        run("expected", 3, "\"per_quarter\": 0.5", "0.25", "}, \"referral\": {\"per_month\": 0.1");

    check(total, PS_METRIC_referrals, 9 + (75 + 4.5) / 10 + (60 + 4.5 + 0.5 * 7.95) / 10);
}
END_TEST

START_TEST(whole_customers_stay_whole_and_are_all_there)
{
    const ps_lanes *total = run("whole", 3, "\"per_quarter\": 0.5", "1.5", "");
    const double left = total[PS_METRIC_churned][0];

    check(total, PS_METRIC_terms_ended, 90);
    ck_assert(left == (double)(long)left && left > 20 && left < 70);
    check(total, PS_METRIC_active_customers, 90 - left);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("customers");
    TCase *tcase = tcase_create("by hand");

    tcase_add_test(tcase, half_of_those_whose_term_ends_leave);
    tcase_add_test(tcase, a_dearer_renewal_moves_the_odds_to_leave);
    tcase_add_test(tcase, those_who_stayed_longer_leave_less);
    tcase_add_test(tcase, customers_bring_leads_a_month_after);
    tcase_add_test(tcase, whole_customers_stay_whole_and_are_all_there);
    suite_add_tcase(suite, tcase);

    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);

    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
