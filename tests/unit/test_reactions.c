/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/competitor/competitor.h"

#include "rule.h"

/* Price of rival `item` in a period, `before` being last period's. */
static double move_at(const ps_reaction_kind *kind, bench *b, int period, double before)
{
    bench_go(b, period);
    fill(b->price, before);
    kind->move(b->params.bytes, &b->view, b->price);
    return b->price[0];
}

/* Own list price of offer 0: 100, and `price` in periods [from, to). */
static void own_list_is(bench *b, double price, int from, int to)
{
    for (int t = from; t < to; t++) {
        fill(b->own_list[t + 1][0], price);
    }
}

START_TEST(static_drifts_by_the_year)
{
    bench *b = bench_new(&ps_reaction_static.head);

    b->view.item = 2;
    ck_assert_double_eq(move_at(&ps_reaction_static, b, 9, 1), 110);
    bench_set(b, "drift_per_year", -0.2);
    ck_assert_double_eq(move_at(&ps_reaction_static, b, 0, 1), 110);
    ck_assert_double_eq_tol(move_at(&ps_reaction_static, b, 13, 1), 110 * pow(0.8, 91 / 365.25),
                            1e-12);
    ps_price_change list[] = {bench_change(b, 14, 50, 0)};
    *(ps_list *)bench_at(b, "changes") = (ps_list){1, list};
    ck_assert_double_eq_tol(move_at(&ps_reaction_static, b, 13, 1), 50 * pow(0.8, 91 / 365.25),
                            1e-12);
    free(b);
}
END_TEST

START_TEST(an_event_comes_in_its_part_of_the_paths_and_days)
{
    bench *b = bench_new(&ps_reaction_event.head);

    bench_set(b, "depth", 0.2);
    bench_set(b, "from", ps_date_join(2026, 1, 15)); /* day 10: the 4th of the 2nd week */
    ck_assert_double_eq(move_at(&ps_reaction_event, b, 0, 1), 90);
    ck_assert_double_eq_tol(move_at(&ps_reaction_event, b, 1, 1), 90 * (1 - 0.2 * 4 / 7), 1e-12);
    ck_assert_double_eq_tol(move_at(&ps_reaction_event, b, 9, 1), 72, 1e-12); /* without end */
    bench_set(b, "days", 6);
    ck_assert_double_eq_tol(move_at(&ps_reaction_event, b, 2, 1), 90 * (1 - 0.2 * 2 / 7), 1e-12);
    ck_assert_double_eq(move_at(&ps_reaction_event, b, 3, 1), 90);
    bench_set(b, "probability", 0.6);
    b->luck[4] = 0.6; /* below, not at, the probability */
    b->luck[5] = 0.59;
    ck_assert_double_eq_tol(move_at(&ps_reaction_event, b, 2, 1), 90 * (1 - 0.2 * 2 / 7), 1e-12);
    ck_assert_double_eq(b->price[4], 90);
    ck_assert_double_eq(b->price[5], b->price[0]);
    free(b);
}
END_TEST

START_TEST(follow_repeats_its_part_of_a_move_after_the_lag)
{
    bench *b = bench_new(&ps_reaction_follow.head);

    bench_set(b, "follow_through", 0.5);
    bench_set(b, "lag_days", 14);
    b->view.item = 1; /* 95 */
    own_list_is(b, 90, 3, 9);
    own_list_is(b, 120, 9, BENCH_PERIODS);
    for (int t = 0; t < 16; t++) { /* P23: a cut of 10 %, half of it repeated two weeks later */
        const double own = t < 5 ? 100 : t < 11 ? 90 : 120;

        ck_assert_double_eq_tol(move_at(&ps_reaction_follow, b, t, 1),
                                95 * (1 + 0.5 * (own / 100 - 1)), 1e-12);
    }
    bench_set(b, "cuts_only", 1);
    ck_assert_double_eq_tol(move_at(&ps_reaction_follow, b, 6, 1), 90.25, 1e-12);
    ck_assert_double_eq(move_at(&ps_reaction_follow, b, 12, 1), 95);
    free(b);
}
END_TEST

START_TEST(follow_measures_from_the_price_before_the_start)
{
    bench *b = bench_new(&ps_reaction_follow.head);

    bench_set(b, "follow_through", 1);
    own_list_is(b, 150, 0, BENCH_PERIODS); /* a new price from the first period on is a move */
    ck_assert_double_eq(move_at(&ps_reaction_follow, b, 0, 1), 90);
    ck_assert_double_eq_tol(move_at(&ps_reaction_follow, b, 1, 1), 135, 1e-12);
    free(b);
}
END_TEST

START_TEST(follow_takes_notice_in_its_part_of_the_paths)
{
    bench *b = bench_new(&ps_reaction_follow.head);

    bench_set(b, "follow_through", 1);
    bench_set(b, "noticed", 0.4)[3] = 0.51;
    own_list_is(b, 80, 0, BENCH_PERIODS);
    ck_assert_double_eq(move_at(&ps_reaction_follow, b, 2, 1), 90);
    ck_assert_double_eq_tol(b->price[3], 72, 1e-12);
    free(b);
}
END_TEST

START_TEST(follow_has_a_floor_unless_it_starts_below)
{
    bench *b = bench_new(&ps_reaction_follow.head);

    bench_set(b, "follow_through", 1);
    double *floor = bench_set(b, "floor", 85);
    floor[1] = 95; /* above today's 90: no floor */
    own_list_is(b, 70, 0, BENCH_PERIODS);
    ck_assert_double_eq(move_at(&ps_reaction_follow, b, 2, 1), 85);
    ck_assert_double_eq_tol(b->price[1], 63, 1e-12);
    free(b);
}
END_TEST

START_TEST(follow_closes_a_part_of_the_gap_each_week)
{
    bench *b = bench_new(&ps_reaction_follow.head);
    double price = 90;

    bench_set(b, "follow_through", 1);
    bench_set(b, "closes_per_week", 0.3);
    own_list_is(b, 80, 0, BENCH_PERIODS);
    for (int t = 1; t < 6; t++) {
        price = move_at(&ps_reaction_follow, b, t, price);
    }
    ck_assert_double_eq_tol(price, 72 + 18 * pow(0.7, 5), 1e-12);
    free(b);
}
END_TEST

START_TEST(follow_watches_list_price_or_promoted_price_or_a_rival)
{
    bench *b = bench_new(&ps_reaction_follow.head);

    bench_set(b, "follow_through", 1);
    for (int t = 1; t <= BENCH_PERIODS; t++) {
        fill(b->own_public[t][0], 75);
        fill(b->rivals[t][2], 132);
    }
    ck_assert_double_eq(move_at(&ps_reaction_follow, b, 3, 1), 90);
    bench_name(b, "on", "promotion");
    ck_assert_double_eq_tol(move_at(&ps_reaction_follow, b, 3, 1), 67.5, 1e-12);
    bench_refer(b, "follows", BENCH_OWN + 2);
    ck_assert_double_eq_tol(move_at(&ps_reaction_follow, b, 3, 1), 108, 1e-12);
    free(b);
}
END_TEST

START_TEST(answer_cuts_after_a_promotion_of_its_list_and_recovers)
{
    bench *b = bench_new(&ps_reaction_answer.head);
    ps_ref to[] = {{.id = "p", .index = 1}, {.id = "q", .index = 4}};
    double price = 90;

    *(ps_refs *)bench_at(b, "to") = (ps_refs){2, to};
    bench_set(b, "depth", 0.2);
    b->promoted[0] = 1U << 2; /* another promotion */
    b->promoted[2] = b->promoted[3] = 1U << 4 | 1U << 2;
    const double cut[] = {90, 90, 90, 72, 72, 90};
    for (int t = 0; t < 6; t++) {
        ck_assert_double_eq_tol(move_at(&ps_reaction_answer, b, t, 1), cut[t], 1e-12);
    }
    bench_set(b, "closes_per_week", 0.5);
    const double slow[] = {90, 90, 90, 81, 76.5, 83.25};
    for (int t = 0; t < 6; t++) {
        price = move_at(&ps_reaction_answer, b, t, price);
        ck_assert_double_eq_tol(price, slow[t], 1e-12);
    }
    free(b);
}
END_TEST

START_TEST(match_goes_to_the_level_of_the_public_price)
{
    bench *b = bench_new(&ps_reaction_match.head);

    fill(b->own_public[4][0], 88); /* period 3 */
    bench_set(b, "by", 0.05);
    bench_set(b, "lag_days", 14);
    ck_assert_double_eq_tol(move_at(&ps_reaction_match, b, 4, 1), 105, 1e-12);
    ck_assert_double_eq_tol(move_at(&ps_reaction_match, b, 5, 1), 92.4, 1e-12);
    bench_set(b, "floor", 93);
    ck_assert_double_eq(move_at(&ps_reaction_match, b, 5, 97),
                        97); /* stays, does not go to the floor */
    bench_refer(b, "follows", BENCH_OWN);
    bench_set(b, "floor", 0);
    ck_assert_double_eq_tol(move_at(&ps_reaction_match, b, 5, 1), 94.5, 1e-12);
    free(b);
}
END_TEST

START_TEST(match_moves_in_its_turn)
{
    bench *b = bench_new(&ps_reaction_match.head);

    bench_name(b, "moves", "odd"); /* the first period is number 1 */
    ck_assert_double_eq(move_at(&ps_reaction_match, b, 0, 77), 100);
    ck_assert_double_eq(move_at(&ps_reaction_match, b, 1, 77), 77);
    bench_name(b, "moves", "even");
    ck_assert_double_eq(move_at(&ps_reaction_match, b, 0, 77), 77);
    ck_assert_double_eq(move_at(&ps_reaction_match, b, 1, 77), 100);
    free(b);
}
END_TEST

/* Two rivals undercut each other in turn, each down to a floor; the path of P23. */
static void price_war(double step, const double *floors, int first, const double (*path)[2],
                      int moves)
{
    bench *b = bench_new(&ps_reaction_undercut.head);

    for (int c = 0; c < 2; c++) {
        fill(b->rivals[0][c], path[0][c]);
    }
    bench_set(b, "by", step);
    for (int t = 0; t < moves; t++) {
        for (int c = 0; c < 2; c++) {
            b->view.item = c;
            bench_refer(b, "follows", BENCH_OWN + 1 - c);
            fill(b->values[((ps_number *)bench_at(b, "floor"))->slot], floors[c]);
            bench_name(b, "moves", c == first ? "odd" : "even");
            const double price = move_at(&ps_reaction_undercut, b, t, b->rivals[t][c][0]);

            ck_assert_double_eq_tol(price, path[t + 1][c], 1e-12 * price);
            memcpy(b->rivals[t + 1][c], b->price, sizeof b->price);
        }
    }
    free(b);
}

START_TEST(undercutting_each_other_in_turn_ends_at_a_floor)
{
    static const double one[][2] = {{100, 98},
                                    {96.04, 98},
                                    {96.04, 94.1192},
                                    {92.236816, 94.1192},
                                    {92.236816, 90.39207968},
                                    {88.5842380864, 90.39207968},
                                    {88.5842380864, 86.812553324672},
                                    {85.07630225817856, 86.812553324672},
                                    {85.07630225817856, 86.812553324672},
                                    {85.07630225817856, 86.812553324672}};
    static const double two[][2] = {{100, 98},
                                    {100, 97.0},
                                    {94.09, 97.0},
                                    {94.09, 91.2673},
                                    {88.529281, 91.2673},
                                    {88.529281, 85.87340257},
                                    {83.2972004929, 85.87340257},
                                    {83.2972004929, 80.798284478113},
                                    {78.37433594376961, 80.798284478113},
                                    {78.37433594376961, 76.02310586545652},
                                    {73.74241268949282, 76.02310586545652},
                                    {73.74241268949282, 76.02310586545652}};
    static const double floors_one[] = {80, 84}, floors_two[] = {60, 75};

    price_war(0.02, floors_one, 0, one, 9);
    price_war(0.03, floors_two, 1, two, 11);
}
END_TEST

START_TEST(undercut_goes_below_the_public_price_down_to_its_floor)
{
    bench *b = bench_new(&ps_reaction_undercut.head);

    fill(b->own_public[3][1], 60); /* period 2 */
    bench_refer(b, "follows", 1);
    bench_set(b, "by", 0.1);
    bench_set(b, "floor", 70);
    ck_assert_double_eq_tol(move_at(&ps_reaction_undercut, b, 2, 75), 72, 1e-12);
    ck_assert_double_eq(move_at(&ps_reaction_undercut, b, 3, 75), 75);
    free(b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("reactions");
    TCase *tcase = tcase_create("reactions");

    tcase_add_test(tcase, static_drifts_by_the_year);
    tcase_add_test(tcase, an_event_comes_in_its_part_of_the_paths_and_days);
    tcase_add_test(tcase, follow_repeats_its_part_of_a_move_after_the_lag);
    tcase_add_test(tcase, follow_measures_from_the_price_before_the_start);
    tcase_add_test(tcase, follow_takes_notice_in_its_part_of_the_paths);
    tcase_add_test(tcase, follow_has_a_floor_unless_it_starts_below);
    tcase_add_test(tcase, follow_closes_a_part_of_the_gap_each_week);
    tcase_add_test(tcase, follow_watches_list_price_or_promoted_price_or_a_rival);
    tcase_add_test(tcase, answer_cuts_after_a_promotion_of_its_list_and_recovers);
    tcase_add_test(tcase, match_goes_to_the_level_of_the_public_price);
    tcase_add_test(tcase, match_moves_in_its_turn);
    tcase_add_test(tcase, undercutting_each_other_in_turn_ends_at_a_floor);
    tcase_add_test(tcase, undercut_goes_below_the_public_price_down_to_its_floor);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
