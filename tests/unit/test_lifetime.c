/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lifetime value, worked by hand: contracts of three months at a margin of 60, half of the
 * customers leave at the end of each. One lead of two becomes a customer. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/hot.h"
#include "scenario/load.h"

static const char scenario_text[] =
    "{\"pricesim\": 1, \"name\": \"n\", \"currency\": \"EUR\", \"scope\": \"pipeline\","
    "\"run\": {\"counts\": \"expected\", \"parameters\": \"centre\"},"
    "\"calendar\": {\"start\": \"2026-01-01\", \"period\": \"month\", \"periods\": 4},"
    "\"market\": {\"shock\": \"off\", \"segments\": {\"s\": {\"arrivals\": {\"per_month\": 20}, "
    "\"choice\": {\"conversion\": 0.5, \"elasticity\": {\"value\": -1}}}}},"
    "\"offers\": {\"a\": {\"sold_as\": \"contract\", \"list_price\": 100, \"unit_cost\": 40, "
    "\"contract\": {\"months\": 3}}},"
    "\"funnel\": {\"opening\": \"empty\", \"order\": [\"talk\"], \"stages\": {\"talk\": "
    "{\"choice\": true, \"days\": 0}}},"
    "\"costs\": {\"per_lead\": %s%s},"
    "\"payment\": {\"days\": 0, \"bad_debt\": 0},"
    "\"retention\": {\"churn\": {%s}%s}}";

static ps_arena arena;
static ps_plan plan;
static ps_scenario scenario;
static ps_faults faults;

/* Totals of one path. */
static const ps_lanes *run(const char *per_lead, const char *discount, const char *churn,
                           const char *more)
{
    char text[2000];
    const int n = snprintf(text, sizeof text, scenario_text, per_lead, discount, churn, more);
    const ps_load_options options = {.path = "-", .text = text, .text_length = (size_t)n};
    static const ps_job one = {.lanes = 1};

    ck_assert_int_eq(ps_scenario_load(&options, &scenario, &faults), PS_OK);
    ck_assert_int_eq(ps_plan_make(&scenario, &arena, &plan, &faults), PS_OK);
    ps_work *w = ps_work_make(&plan, &arena);

    ck_assert_ptr_nonnull(w);
    ps_hot_run(&plan, w, &one);
    return (const ps_lanes *)w->out.total;
}

/* A ratio metric of the path. */
static void check(const ps_lanes *total, int metric, double want)
{
    const ps_metric_info *info = &ps_metric_table[metric];
    const double is = info->kind == PS_METRIC_IS_RATIO
                          ? total[info->numerator][0] / total[info->denominator][0]
                          : total[metric][0];

    ck_assert_double_eq_tol(is, want, 1e-12 * (want > 1.0 ? want : 1.0));
}

START_TEST(half_stay_at_each_end_of_a_term)
{
    const ps_lanes *total = run("15", "", "\"per_quarter\": 0.5", "");

    check(total, PS_METRIC_cac, 30);
    check(total, PS_METRIC_ltv, 120); /* 60 (1 + 1/2 + 1/4 + ...) */
    check(total, PS_METRIC_ltv_cac, 4);
    check(total, PS_METRIC_roi, 3);
    check(total, PS_METRIC_payback_months, 3);
    /* Ten sign a month; those of January pay in April, too. */
    check(total, PS_METRIC_ltv_beyond, 10 * 60 * (0.5 + 1 + 1 + 1));
    total = run("37.5", "", "\"per_quarter\": 0.5", "");
    check(total, PS_METRIC_payback_months, 6); /* 60 + 30 cover 75 */
    check(total, PS_METRIC_roi, 0.6);
}
END_TEST

START_TEST(who_pays_later_pays_less)
{
    const char *half = "\"per_quarter\": 0.5";
    const ps_lanes *total = run("15", "", half, ", \"payments\": \"arrears\"");

    check(total, PS_METRIC_ltv, 60);
    check(total, PS_METRIC_payback_months, 3);
    check(total, PS_METRIC_ltv_beyond, 10 * 60 * (0.5 + 1 + 1 + 1));
    total = run("15", ", \"discount_rate_per_year\": 0.4641", half, ""); /* 10 % a quarter */
    check(total, PS_METRIC_ltv, 60 / (1 - 0.5 / 1.1));
    total = run("15", "", half, ", \"years\": 0.5");
    check(total, PS_METRIC_ltv, 90);
    check(total, PS_METRIC_ltv_beyond, 10 * 60 * (0.5 + 0.5 + 0.5));
    total = run("15", "", half, ", \"margin\": 7");
    check(total, PS_METRIC_ltv, 14);
}
END_TEST

/* sBG: of alpha 3 and beta 3 sum S_k = (alpha + beta - 1)/(alpha - 1); of alpha 1 without bound. */
START_TEST(a_value_without_bound_is_none)
{
    const ps_lanes *total = run("15", "", "\"alpha\": 3, \"beta\": 3", "");

    check(total, PS_METRIC_ltv, 60 * 2.5);
    total = run("15", "", "\"alpha\": 1, \"beta\": 3", "");
    check(total, PS_METRIC_valued_customers, 0);
    check(total, PS_METRIC_valued_cost, 0);
    check(total, PS_METRIC_ltv_beyond, 0);
    check(total, PS_METRIC_payback_months, 3);
}
END_TEST

START_TEST(what_is_never_paid_back_has_no_payback)
{
    const ps_lanes *total = run("200", "", "\"per_quarter\": 0.9", "");

    check(total, PS_METRIC_repaid_customers, 0);
    check(total, PS_METRIC_ltv_cac, 60 / 0.9 / 400);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lifetime");
    TCase *tcase = tcase_create("by hand");

    tcase_add_test(tcase, half_stay_at_each_end_of_a_term);
    tcase_add_test(tcase, who_pays_later_pays_less);
    tcase_add_test(tcase, a_value_without_bound_is_none);
    tcase_add_test(tcase, what_is_never_paid_back_has_no_payback);
    suite_add_tcase(suite, tcase);

    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);

    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
