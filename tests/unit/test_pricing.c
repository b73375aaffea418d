/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/pricing/rules.h"
#include "model/pricing/value_based.h"

#include "rule.h"

/* The list price of own offer `item` in a period, `before` being last period's. */
static double price_at(const ps_pricing_kind *kind, bench *b, int period, double before)
{
    bench_go(b, period);
    fill(b->price, before);
    kind->price(b->params.bytes, &b->view, b->price);
    return b->price[0];
}

START_TEST(fixed_stays_at_todays_price_or_the_stated_one)
{
    bench *b = bench_new(&ps_pricing_fixed.head);

    b->view.item = 1;
    ck_assert_double_eq(price_at(&ps_pricing_fixed, b, 0, 1), 80);
    ck_assert_double_eq(price_at(&ps_pricing_fixed, b, 7, 1), 80);
    bench_set(b, "price", 72);
    ck_assert_double_eq(price_at(&ps_pricing_fixed, b, 0, 1), 72);
    ps_price_change list[] = {bench_change(b, 10, 0, -0.25)};
    *(ps_list *)bench_at(b, "changes") = (ps_list){1, list};
    ck_assert_double_eq_tol(price_at(&ps_pricing_fixed, b, 1, 1), (3 * 72 + 4 * 54) / 7.0, 1e-12);
    ck_assert_double_eq_tol(price_at(&ps_pricing_fixed, b, 2, 1), 54, 1e-12);
    free(b);
}
END_TEST

START_TEST(cost_plus_follows_the_cost_of_each_path)
{
    bench *b = bench_new(&ps_pricing_cost_plus.head);

    b->unit_cost[9] = 60;
    bench_set(b, "target_margin", 0.6);
    ck_assert_double_eq_tol(price_at(&ps_pricing_cost_plus, b, 0, 1), 100, 1e-12);
    ck_assert_double_eq_tol(b->price[9], 150, 1e-12);
    bench_set(b, "markup", 0.5)[9] = 1.0;
    ck_assert_double_eq_tol(price_at(&ps_pricing_cost_plus, b, 0, 1), 60, 1e-12);
    ck_assert_double_eq_tol(b->price[9], 120, 1e-12);
    fill(b->net_of_vat, 1 / 1.25);
    ck_assert_double_eq_tol(price_at(&ps_pricing_cost_plus, b, 0, 1), 75, 1e-12);
    free(b);
}
END_TEST

START_TEST(competitive_takes_the_statistic_of_rival_prices)
{
    bench *b = bench_new(&ps_pricing_competitive.head);

    bench_name(b, "statistic", "min");
    ck_assert_double_eq(price_at(&ps_pricing_competitive, b, 0, 1), 90);
    bench_name(b, "statistic", "mean");
    ck_assert_double_eq_tol(price_at(&ps_pricing_competitive, b, 0, 1), 295.0 / 3, 1e-12);
    bench_name(b, "statistic", "median");
    ck_assert_double_eq(price_at(&ps_pricing_competitive, b, 0, 1), 95);
    b->view.rivals.items = 2; /* blocks of two: 90 and 95, then 110 and 90, ... */
    ck_assert_double_eq(price_at(&ps_pricing_competitive, b, 0, 1), 92.5);
    b->view.rivals.items = BENCH_RIVALS;
    bench_name(b, "statistic", "share_weighted");
    ck_assert_double_eq_tol(price_at(&ps_pricing_competitive, b, 0, 1),
                            0.5 * 90 + 0.3 * 95 + 0.2 * 110, 1e-12);
    bench_set(b, "statistic", -1);
    const double nth[] = {90, 95, 110, 110};
    for (int n = 1; n <= 4; n++) { /* beyond the last: the last */
        bench_set(b, "rank", n);
        ck_assert_double_eq(price_at(&ps_pricing_competitive, b, 0, 1), nth[n - 1]);
    }
    bench_set(b, "offset", -0.1);
    ck_assert_double_eq_tol(price_at(&ps_pricing_competitive, b, 0, 1), 99, 1e-12);
    free(b);
}
END_TEST

START_TEST(competitive_sorts_each_path_by_itself)
{
    bench *b = bench_new(&ps_pricing_competitive.head);

    bench_name(b, "statistic", "min");
    for (int t = 0; t <= BENCH_PERIODS; t++) {
        b->rivals[t][2][3] = 50;
    }
    ck_assert_double_eq(price_at(&ps_pricing_competitive, b, 4, 1), 90);
    ck_assert_double_eq(b->price[3], 50);
    ck_assert_double_eq(b->rivals[4][0][3], 90); /* the past is not sorted in place */
    free(b);
}
END_TEST

START_TEST(competitive_sees_the_past_only)
{
    bench *b = bench_new(&ps_pricing_competitive.head);

    bench_refer(b, "reference", 1);
    for (int t = -1; t < BENCH_PERIODS; t++) {
        fill(b->rivals[t + 1][1], 200 + t);
    }
    ck_assert_double_eq(price_at(&ps_pricing_competitive, b, 5, 1), 204);
    bench_set(b, "lag_days", 21);
    ck_assert_double_eq(price_at(&ps_pricing_competitive, b, 5, 1), 202);
    ck_assert_double_eq(price_at(&ps_pricing_competitive, b, 2, 1), 199); /* before the start */
    ck_assert_double_eq(price_at(&ps_pricing_competitive, b, 0, 1), 199);
    free(b);
}
END_TEST

START_TEST(competitive_moves_on_its_dates_beyond_its_threshold)
{
    bench *b = bench_new(&ps_pricing_competitive.head);

    bench_refer(b, "reference", 0); /* 90 */
    bench_set(b, "every_days", 28);
    ck_assert_double_eq(price_at(&ps_pricing_competitive, b, 3, 100), 100);
    ck_assert_double_eq(price_at(&ps_pricing_competitive, b, 4, 100), 90);
    bench_set(b, "every_days", 0);
    bench_set(b, "threshold", 0.05);
    ck_assert_double_eq(price_at(&ps_pricing_competitive, b, 4, 94), 94);
    ck_assert_double_eq(price_at(&ps_pricing_competitive, b, 4, 86), 86);
    ck_assert_double_eq(price_at(&ps_pricing_competitive, b, 4, 95), 90);
    ck_assert_double_eq(price_at(&ps_pricing_competitive, b, 4, 85), 90);
    free(b);
}
END_TEST

START_TEST(competitive_stays_between_floor_and_ceiling)
{
    bench *b = bench_new(&ps_pricing_competitive.head);

    bench_refer(b, "reference", 0); /* 90 */
    bench_set(b, "ceiling", 85);
    ck_assert_double_eq(price_at(&ps_pricing_competitive, b, 0, 1), 85);
    ck_assert_double_eq(b->floor[0], 0);
    bench_set(b, "min_margin", 0.6); /* 40 / 0.4 = 100, above the ceiling */
    ck_assert_double_eq_tol(price_at(&ps_pricing_competitive, b, 0, 1), 100, 1e-12);
    fill(b->pocket_ratio, 0.8);
    ck_assert_double_eq_tol(price_at(&ps_pricing_competitive, b, 0, 1), 125, 1e-12);
    ck_assert_double_eq_tol(b->floor[17], 125, 1e-12);
    /* the floor also holds between two dates */
    bench_set(b, "every_days", 28);
    fill(b->floor, 0);
    fill(b->net_of_vat, 1 / 1.25); /* buyers pay with VAT */
    price_at(&ps_pricing_competitive, b, 1, 130);
    ck_assert_double_eq_tol(b->floor[17], 156.25, 1e-12);
    ck_assert(ps_pricing_competitive.floors);
    free(b);
}
END_TEST

START_TEST(competitive_in_pocket_prices_grosses_up)
{
    bench *b = bench_new(&ps_pricing_competitive.head);

    bench_refer(b, "reference", 0);
    bench_name(b, "price", "pocket");
    b->pocket_ratio[7] = 0.75;
    ck_assert_double_eq(price_at(&ps_pricing_competitive, b, 0, 1), 90);
    ck_assert_double_eq_tol(b->price[7], 120, 1e-12);
    free(b);
}
END_TEST

/* Drivers worth 30 and -6, the first 50 in segment 1; reference price 90. */
static void value_bench(bench *b, ps_value_driver *drivers)
{
    drivers[0].value = bench_number(b, 30);
    drivers[0].value.shifts = 1;
    bench_number(b, 50); /* the next row: segment 1 */
    drivers[1].value = bench_number(b, -6);
    *(ps_map *)bench_at(b, "drivers") = (ps_map){2, drivers};
    bench_set(b, "reference_price", 90);
}

START_TEST(value_based_shares_the_gain_and_bears_the_loss)
{
    bench *b = bench_new(&ps_pricing_value_based.head);
    ps_value_driver drivers[2] = {0};

    value_bench(b, drivers);
    bench_set(b, "customer_share", 0.25);
    bench_set(b, "switching_cost", 4);
    b->view.segment = 0; /* D = 20 */
    ck_assert_double_eq_tol(price_at(&ps_pricing_value_based, b, 0, 1), 90 + 0.75 * 20, 1e-12);
    b->view.segment = 1; /* D = 40 */
    ck_assert_double_eq_tol(price_at(&ps_pricing_value_based, b, 0, 1), 90 + 0.75 * 40, 1e-12);
    b->view.segment = -1; /* D = 0.25 x 20 + 0.75 x 40 */
    ck_assert_double_eq_tol(price_at(&ps_pricing_value_based, b, 0, 1), 90 + 0.75 * 35, 1e-12);
    bench_set(b, "switching_cost", 34);
    b->view.segment = 0; /* D = -10: all of it comes off */
    ck_assert_double_eq_tol(price_at(&ps_pricing_value_based, b, 0, 1), 80, 1e-12);
    free(b);
}
END_TEST

START_TEST(value_based_sees_its_rival_late)
{
    bench *b = bench_new(&ps_pricing_value_based.head);
    ps_value_driver drivers[2] = {0};

    value_bench(b, drivers);
    *(ps_number *)bench_at(b, "reference_price") = (ps_number){.slot = -1};
    bench_refer(b, "reference", 2);
    bench_set(b, "lag_days", 14);
    fill(b->rivals[4][2], 70); /* period 3 */
    b->view.segment = 0;       /* D = 24, share one half */
    ck_assert_double_eq_tol(price_at(&ps_pricing_value_based, b, 4, 1), 122, 1e-12);
    ck_assert_double_eq_tol(price_at(&ps_pricing_value_based, b, 5, 1), 82, 1e-12);
    ck_assert_double_eq_tol(price_at(&ps_pricing_value_based, b, 6, 1), 122, 1e-12);
    free(b);
}
END_TEST

START_TEST(value_based_asks_for_a_price_by_segment_when_told)
{
    bench *b = bench_new(&ps_pricing_value_based.head);

    ck_assert(!ps_pricing_value_based.by_segment(b->params.bytes));
    bench_name(b, "per", "segment");
    ck_assert(ps_pricing_value_based.by_segment(b->params.bytes));
    free(b);
}
END_TEST

START_TEST(economic_value_is_reference_plus_difference)
{
    bench_row reference, net, share, price, evc;

    fill(reference, 90);
    fill(net, -15);
    fill(share, 0.5);
    net[1] = 30;
    ps_value_price(reference, net, share, price, evc);
    ck_assert_double_eq(evc[0], 75);
    ck_assert_double_eq(price[0], 75);
    ck_assert_double_eq(evc[1], 120);
    ck_assert_double_eq(price[1], 105);
    ps_value_price(reference, net, share, price, NULL);
    ck_assert_double_eq(price[1], 105);
}
END_TEST

START_TEST(the_first_rule_that_holds_sets_the_price)
{
    bench *b = bench_new(&ps_pricing_rules.head);
    bench_row share;
    ps_price_when dear = {.gap = &(ps_price_gap){.to = {.id = "x", .index = 1},
                                                 .level.above = bench_number(b, 0.1)},
                          .from = PS_NO_DATE,
                          .to = PS_NO_DATE},
                  rare = {.share = &(ps_price_between){.above = bench_number(b, 0.1),
                                                       .below = bench_number(b, 0.2)},
                          .from = ps_date_join(2026, 1, 12),
                          .to = ps_date_join(2026, 1, 20)};
    ps_price_rule rules[] = {
        {.when = &dear,
         .then = &(ps_price_then){.match = {.id = "x", .index = 1}, .by = bench_number(b, -0.02)}},
        {.when = &rare, .then = &(ps_price_then){.move = bench_number(b, -0.1)}}};

    *(ps_list *)bench_at(b, "rules") = (ps_list){2, rules};
    fill(share, 0.15);
    share[3] = 0.2, share[4] = 0.1; /* levels are strict */
    b->view.own_share = share;
    /* 100 against 95 is 5 % above: the second rule, from its first day on */
    ck_assert_double_eq(price_at(&ps_pricing_rules, b, 0, 99), 99);
    ck_assert_double_eq_tol(price_at(&ps_pricing_rules, b, 1, 99), 89.1, 1e-12);
    ck_assert_double_eq(b->price[3], 99);
    ck_assert_double_eq(b->price[4], 99);
    ck_assert_double_eq_tol(price_at(&ps_pricing_rules, b, 2, 99), 89.1, 1e-12);
    ck_assert_double_eq(price_at(&ps_pricing_rules, b, 3, 99), 99);
    b->rivals[1][1][5] = 80; /* period 0, one path: 25 % above */
    ck_assert_double_eq_tol(price_at(&ps_pricing_rules, b, 1, 99), 89.1, 1e-12);
    ck_assert_double_eq_tol(b->price[5], 78.4, 1e-12);
    ck_assert(ps_pricing_rules.reads_share(b->params.bytes));
    rules[1] = (ps_price_rule){.then = &(ps_price_then){.change = bench_number(b, 0.2)}};
    ck_assert_double_eq_tol(price_at(&ps_pricing_rules, b, 9, 99), 120, 1e-12); /* of today's 100 */
    rules[1].then = &(ps_price_then){.price = bench_number(b, 61)};
    ck_assert_double_eq(price_at(&ps_pricing_rules, b, 9, 99), 61);
    ck_assert(!ps_pricing_rules.reads_share(b->params.bytes));
    free(b);
}
END_TEST

/* What becomes of a move from 100 to `wanted`. */
static double moved_to(bench *b, const ps_pricing *pricing, double wanted)
{
    bench_row before, moved;

    fill(before, 100);
    fill(moved, -1e9);
    fill(b->price, wanted);
    ps_pricing_move(pricing, &b->view, before, moved, b->price);
    ck_assert_double_eq(moved[5], b->price[5] == 100 ? -1e9 : b->view.period);
    return b->price[5];
}

START_TEST(moves_keep_their_largest_step_and_their_ending)
{
    bench *b = bench_new(&ps_pricing_fixed.head);
    ps_price_ending nine = {.end = 9, .step = 10, .round = PS_ROUND_NEAREST};
    ps_pricing limits = {.max_move = {.slot = -1}};

    ck_assert(!ps_pricing_limits(&limits));
    limits.ending = &nine;
    ck_assert(ps_pricing_limits(&limits));
    ck_assert_double_eq(moved_to(b, &limits, 100), 100); /* does not move: keeps its ending */
    ck_assert_double_eq(moved_to(b, &limits, 82), 79);
    ck_assert_double_eq(moved_to(b, &limits, 85), 89);
    ck_assert_double_eq(moved_to(b, &limits, 0.5), 9);   /* the lowest one */
    ck_assert_double_eq(moved_to(b, &limits, 102), 100); /* 99 is the wrong way */
    nine.round = PS_ROUND_UP;
    ck_assert_double_eq(moved_to(b, &limits, 82), 89);
    ck_assert_double_eq(moved_to(b, &limits, 79 + 1e-11), 79); /* a hair */
    nine.round = PS_ROUND_DOWN;
    ck_assert_double_eq(moved_to(b, &limits, 82), 79);
    ck_assert_double_eq(moved_to(b, &limits, 79 - 1e-11), 79);
    limits.max_move = bench_number(b, 0.15);
    ck_assert_double_eq(moved_to(b, &limits, 82), 89); /* 79 is too far */
    ck_assert_double_eq(moved_to(b, &limits, 140), 109);
    fill(b->floor, 95);
    ck_assert_double_eq(moved_to(b, &limits, 82), 99); /* not below the floor */
    limits.ending = NULL;
    ck_assert_double_eq(moved_to(b, &limits, 82), 95);
    ck_assert_double_eq_tol(moved_to(b, &limits, 140), 115, 1e-12);
    free(b);
}
END_TEST

START_TEST(moves_wait_for_their_time)
{
    bench *b = bench_new(&ps_pricing_fixed.head);
    const ps_pricing limits = {.max_move = {.slot = -1}, .min_days = 21};
    bench_row before, moved;

    fill(before, 100);
    fill(moved, 4);
    moved[1] = 3;
    bench_go(b, 6);
    fill(b->price, 90);
    ps_pricing_move(&limits, &b->view, before, moved, b->price);
    ck_assert_double_eq(b->price[0], 100);
    ck_assert_double_eq(moved[0], 4);
    ck_assert_double_eq(b->price[1], 90);
    ck_assert_double_eq(moved[1], 6);
    free(b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pricing");
    TCase *tcase = tcase_create("pricing");

    tcase_add_test(tcase, fixed_stays_at_todays_price_or_the_stated_one);
    tcase_add_test(tcase, cost_plus_follows_the_cost_of_each_path);
    tcase_add_test(tcase, competitive_takes_the_statistic_of_rival_prices);
    tcase_add_test(tcase, competitive_sorts_each_path_by_itself);
    tcase_add_test(tcase, competitive_sees_the_past_only);
    tcase_add_test(tcase, competitive_moves_on_its_dates_beyond_its_threshold);
    tcase_add_test(tcase, competitive_stays_between_floor_and_ceiling);
    tcase_add_test(tcase, competitive_in_pocket_prices_grosses_up);
    tcase_add_test(tcase, value_based_shares_the_gain_and_bears_the_loss);
    tcase_add_test(tcase, value_based_sees_its_rival_late);
    tcase_add_test(tcase, value_based_asks_for_a_price_by_segment_when_told);
    tcase_add_test(tcase, economic_value_is_reference_plus_difference);
    tcase_add_test(tcase, the_first_rule_that_holds_sets_the_price);
    tcase_add_test(tcase, moves_keep_their_largest_step_and_their_ending);
    tcase_add_test(tcase, moves_wait_for_their_time);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
