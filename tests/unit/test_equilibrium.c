/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search for prices over demand: first-order conditions by finite differences, what the checks
 * see when an answer is spoiled, and closed forms. */
#include <check.h>
#include <gsl/gsl_sf_lambert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/hot_game.h"
#include "scenario/load.h"

/* Two own offers and three rival ones of two competitors; two kinds of buyers. */
static const char market[] =
    "{\"pricesim\": 1, \"name\": \"n\", \"currency\": \"EUR\", \"scope\": \"market\","
    "\"run\": {\"counts\": \"expected\", \"parameters\": \"centre\"},"
    "\"calendar\": {\"start\": \"2025-01-06\", \"period\": \"week\", \"periods\": 1},"
    "\"market\": {\"segments\": {"
    "\"s\": {\"arrivals\": {\"per_week\": 60}, \"choice\": {\"utility\": {\"a\": 3, \"b\": 2, "
    "\"x\": "
    "2.5, \"y\": 3, \"z\": 1}, \"price_sensitivity\": 0.6}},"
    "\"t\": {\"arrivals\": {\"per_week\": 40}, \"choice\": {\"utility\": {\"a\": 1, \"b\": 4, "
    "\"x\": "
    "3, \"y\": 2, \"z\": 2}, \"price_sensitivity\": 1.1}}}},"
    "\"offers\": {\"a\": {\"list_price\": 5, \"unit_cost\": 2, \"pricing\": {\"kind\": "
    "\"optimal\"}}, "
    "\"b\": {\"list_price\": 4, \"unit_cost\": 1}},"
    "\"competitors\": {\"k\": {\"offers\": {\"x\": {\"price\": 4, \"unit_cost\": 1.5}, \"y\": "
    "{\"price\": 5, \"unit_cost\": 2}}}, \"l\": {\"offers\": {\"z\": {\"price\": 3}}}},"
    "\"payment\": {\"days\": 0, \"bad_debt\": 0}}";

/* One own offer against one rival, one kind of buyers. */
static const char pair[] =
    "{\"pricesim\": 1, \"name\": \"n\", \"currency\": \"EUR\", \"scope\": \"market\","
    "\"run\": {\"counts\": \"expected\", \"parameters\": \"centre\"},"
    "\"calendar\": {\"start\": \"2025-01-06\", \"period\": \"week\", \"periods\": 1},"
    "\"market\": {\"segments\": {\"s\": {\"arrivals\": {\"per_week\": 1}, \"choice\": "
    "{\"utility\": "
    "{\"a\": 2, \"x\": 0}, \"price_sensitivity\": 1}}}},"
    "\"offers\": {\"a\": {\"list_price\": 5, \"unit_cost\": 1, \"pricing\": {\"kind\": "
    "\"optimal\"}}},"
    "\"competitors\": {\"k\": {\"offers\": {\"x\": {\"price\": 1, \"unit_cost\": 0.5}}}},"
    "\"payment\": {\"days\": 0, \"bad_debt\": 0}}";

static const ps_job one = {.lanes = 1};
static ps_faults faults;
static ps_scenario scenario;
static ps_arena arena;
static ps_plan plan;
static ps_work *w;
static ps_game *g;

/* A question that nobody asks yet: all prices at today's. */
static void load(const char *text)
{
    const ps_load_options options = {.path = "-", .text = text, .text_length = strlen(text)};

    ck_assert_int_eq(ps_scenario_load(&options, &scenario, &faults), PS_OK);
    ck_assert_int_eq(ps_plan_make(&scenario, &arena, &plan, &faults), PS_OK);
    w = ps_work_make(&plan, &arena);
    ck_assert_ptr_nonnull(w);
    w->job = &one;
    ps_hot_constants(w);
    ps_hot_draw(w);
    ps_hot_setup(w);
    g = w->game;
    for (int j = 0; j < g->n; j++) {
        g->price[j] = g->target[j][0];
        g->rate[j] = g->lane_rate[j][0];
        g->cost[j] = g->lane_cost[j][0];
        g->lo[j] = 1e-3;
        g->hi[j] = 1e6;
        g->firm[j] = j < plan.I ? -1 : plan.owner[j - plan.I];
        g->moves[j] = g->who[j] = g->leads[j] = false;
    }
}

static void tear_down(void)
{
    ps_scenario_free(&scenario);
    ps_arena_free(&arena);
    ps_faults_free(&faults);
}

static double profit_at(int j, double price)
{
    const double kept = g->price[j];

    g->price[j] = price;
    ps_game_respond(w, 0);
    const double x = ps_game_profit(g, g->firm[j]);

    g->price[j] = kept;
    return x;
}

START_TEST(slopes_are_those_of_the_shares)
{
    load(market);
    for (int k = 0; k < g->n; k++) {
        double up[8], down[8];
        const double p = g->price[k], h = 1e-5 * p;

        g->price[k] = p + h;
        ps_game_respond(w, 0);
        memcpy(up, g->share, sizeof(double) * (size_t)g->n);
        g->price[k] = p - h;
        ps_game_respond(w, 0);
        memcpy(down, g->share, sizeof(double) * (size_t)g->n);
        g->price[k] = p;
        ps_game_respond(w, 0);
        for (int j = 0; j < g->n; j++) {
            const double slope = (j == k ? g->lambda[j] : 0.0) - g->gamma[j * g->n + k];

            ck_assert_double_eq_tol((up[j] - down[j]) / (2 * h), slope, 1e-9);
        }
    }
    double all = 0.0;

    for (int j = 0; j <= g->n; j++) {
        all += g->share[j];
    }
    ck_assert_double_eq_tol(all, 1.0, 1e-14);
}
END_TEST

START_TEST(in_an_equilibrium_no_profit_has_a_slope)
{
    load(market);
    for (int j = 0; j < g->n; j++) {
        g->moves[j] = true;
    }
    ck_assert_double_lt(ps_game_solve(w, 0), 1e-12);
    ck_assert_double_le(ps_game_deviation(w, 0, true), 1e-12);
    for (int j = 0; j < g->n; j++) {
        const double h = 1e-4 * g->price[j];
        const double slope =
            (profit_at(j, g->price[j] + h) - profit_at(j, g->price[j] - h)) / (2 * h);

        ck_assert_double_eq_tol(slope, 0.0, 1e-8);
        ck_assert_double_gt(profit_at(j, g->price[j]), profit_at(j, g->price[j] + 10 * h));
    }
}
END_TEST

START_TEST(a_spoiled_answer_is_seen)
{
    load(market);
    for (int j = 0; j < g->n; j++) {
        g->moves[j] = true;
    }
    ps_game_solve(w, 0);
    g->price[3] *= 1.3;
    ck_assert_double_gt(ps_game_deviation(w, 0, false), 1e-3);
    ck_assert_double_eq(g->price[3], g->kept[3]); /* the check leaves the prices */
}
END_TEST

START_TEST(other_starts_lead_to_the_same_prices)
{
    double first[8];

    load(market);
    for (int round = 0; round < 4; round++) {
        for (int j = 0; j < g->n; j++) {
            g->price[j] = g->cost[j] + (round + 1) * (0.3 + 0.2 * j);
            g->moves[j] = true;
        }
        ck_assert_double_lt(ps_game_solve(w, 0), 1e-10);
        for (int j = 0; j < g->n && round > 0; j++) {
            ck_assert_double_eq_tol(g->price[j] / first[j], 1.0, 1e-12);
        }
        memcpy(first, g->price, sizeof(double) * (size_t)g->n);
    }
}
END_TEST

START_TEST(implied_costs_make_today_a_best_response)
{
    load(market); /* z has no stated cost */
    const double today = g->price[4];

    ck_assert_double_lt(g->cost[4], today);
    g->moves[4] = true;
    g->price[4] = 2.0;
    ck_assert_double_lt(ps_game_solve(w, 0), 1e-10);
    ck_assert_double_eq_tol(g->price[4], today, 1e-11);
}
END_TEST

START_TEST(one_offer_of_a_plain_logit_is_lamberts_w)
{
    load(pair); /* p = c + (1 + W(e^(2 - 1 - 1) / (1 + e^-1))) / 1 */
    g->moves[0] = true;
    ck_assert_double_lt(ps_game_solve(w, 0), 1e-12);
    ck_assert_double_eq_tol(g->price[0], 2.0 + gsl_sf_lambert_W0(1.0 / (1.0 + exp(-1.0))), 1e-13);
    g->lo[0] = -1e6;
    g->cost[0] = -2000.0; /* e^y does not fit into a double */
    ck_assert_double_lt(ps_game_solve(w, 0), 1e-10);
    const double m = g->price[0] + 2000.0 - 1.0;

    ck_assert_double_eq_tol(m + log(m), 2.0 + 2000.0 - 1.0 - log(1.0 + exp(-1.0)), 1e-9);
}
END_TEST

START_TEST(a_bound_holds_and_the_others_answer_it)
{
    load(market);
    g->moves[0] = g->moves[1] = true;
    g->hi[0] = 4.0;
    ck_assert_double_lt(ps_game_solve(w, 0), 1e-10);
    ck_assert_double_eq(g->price[0], 4.0);
    const double h = 1e-4;

    ck_assert_double_eq_tol(
        (profit_at(1, g->price[1] + h) - profit_at(1, g->price[1] - h)) / (2 * h), 0.0, 1e-8);
    ck_assert_double_gt(profit_at(0, 4.0 + h), profit_at(0, 4.0)); /* it would go higher */
}
END_TEST

START_TEST(who_leads_earns_more_than_in_the_equilibrium)
{
    load(pair);
    g->moves[0] = g->moves[1] = true;
    ps_game_solve(w, 0);
    const double together = ps_game_profit(g, -1), price = g->price[0];

    g->moves[0] = false;
    g->leads[0] = true;
    ck_assert_double_lt(ps_game_lead(w, 0), 1e-9);
    ck_assert_double_gt(g->price[0], price);
    const double best = ps_game_profit(g, -1);

    ck_assert_double_gt(best, together);
    for (int k = -1; k <= 1; k += 2) { /* no other price, answered, earns more */
        const double kept = g->price[0];

        g->price[0] = kept * (1.0 + 1e-3 * k);
        ps_game_solve(w, 0);
        ck_assert_double_lt(ps_game_profit(g, -1), best);
        g->price[0] = kept;
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("equilibrium");
    TCase *all = tcase_create("equilibrium");

    tcase_add_checked_fixture(all, NULL, tear_down);
    tcase_add_test(all, slopes_are_those_of_the_shares);
    tcase_add_test(all, in_an_equilibrium_no_profit_has_a_slope);
    tcase_add_test(all, a_spoiled_answer_is_seen);
    tcase_add_test(all, other_starts_lead_to_the_same_prices);
    tcase_add_test(all, implied_costs_make_today_a_best_response);
    tcase_add_test(all, one_offer_of_a_plain_logit_is_lamberts_w);
    tcase_add_test(all, a_bound_holds_and_the_others_answer_it);
    tcase_add_test(all, who_leads_earns_more_than_in_the_equilibrium);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);

    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
