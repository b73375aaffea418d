/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the model derives at the centre: stated numbers come back, identities hold, and elasticities
 * are what a run shows when a price moves a little. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/derive.h"
#include "engine/result.h"
#include "scenario/load.h"

#define HEAD                                                                                       \
    "\"pricesim\": 1, \"name\": \"n\", \"currency\": \"EUR\", \"run\": {\"counts\": "              \
    "\"expected\", \"parameters\": \"centre\", \"paths\": 1}, "
#define DAYS(n)                                                                                    \
    "\"calendar\": {\"start\": \"2025-01-06\", \"period\": \"day\", \"periods\": " #n "}, "
#define OFF "\"market\": {\"shock\": \"off\", "
/* Offer x's price as given; the base price is 8. */
#define MOVED(price)                                                                               \
    "\"competitors\": {\"c\": {\"offers\": {\"y\": {\"price\": 9}}}, \"d\": {\"offers\": {\"x\": " \
    "{\"price\": 8}}, \"reaction\": {\"kind\": \"static\", \"changes\": [{\"from\": "              \
    "\"2025-01-06\", \"price\": " price "}]}}}"
#define RIVALS                                                                                     \
    "\"competitors\": {\"c\": {\"offers\": {\"y\": {\"price\": 9}}}, \"d\": {\"offers\": {\"x\": " \
    "{\"price\": 8}}}}"

/* Two own offers and two rivals, a nest, and buyers who do not know us. */
#define MARKET                                                                                     \
    "{" HEAD DAYS(1) "\"scope\": \"market\", \"payment\": {\"days\": 0}, " OFF                     \
                     "\"choice\": {\"baseline\": {\"a\": 0.15, \"b\": 0.1, \"x\": 0.2, \"y\": "    \
                     "0.25, \"none\": 0.3}, "                                                      \
                     "\"elasticity\": {\"offer\": \"a\", \"value\": -2.2}, "                       \
                     "\"lost_buyers_who_buy_nothing\": 0.2 %s}, \"segments\": {"                   \
                     "\"s\": {\"arrivals\": {\"per_day\": 60}, \"relative_sensitivity\": 1.4, "    \
                     "\"preference\": {\"a\": 2}}, "                                               \
                     "\"t\": {\"arrivals\": {\"per_day\": 40}}}}, "                                \
                     "\"offers\": {\"a\": {\"list_price\": 10, \"unit_cost\": 4 %s}, \"b\": "      \
                     "{\"list_price\": 12, \"unit_cost\": 5}}, " RIVALS "}"

/* A funnel with dwell by outcome and negotiated discounts; everything comes on the first day. */
#define FUNNEL                                                                                     \
    "{" HEAD DAYS(120) "\"scope\": \"pipeline\", \"payment\": {\"days\": 0}, " OFF                 \
                       "\"segments\": {"                                                           \
                       "\"s\": {\"arrivals\": {\"per_day\": 100}, \"season\": {\"table\": [1, "    \
                       "0]}, \"choice\": {\"conversion\": 0.3, "                                   \
                       "\"lost_to\": {\"x\": 0.3, \"y\": 0.2, \"none\": 0.5}, \"elasticity\": "    \
                       "{\"value\": -1.7}}}}}, "                                                   \
                       "\"offers\": {\"a\": {\"list_price\": 10, \"unit_cost\": 4 %s}}, "          \
                       "\"negotiated\": {\"distribution\": {\"zero\": 0.2, \"beta\": {\"a\": 2, "  \
                       "\"b\": 6}}}, "                                                             \
                       "\"funnel\": {\"opening\": \"empty\", \"order\": [\"lead\", \"deal\"], "    \
                       "\"stages\": {\"lead\": {\"conversion\": 0.5, \"days\": 1}, "               \
                       "\"deal\": {\"choice\": true, \"days\": {\"won\": {\"exponential\": "       \
                       "{\"mean\": 3}}, \"lost\": {\"exponential\": {\"mean\": 6}}}}}}, " RIVALS   \
                       "}"

/* Exponential delays from an empty start. */
#define FLOW(horizon, dwell)                                                                       \
    "{" HEAD DAYS(                                                                                 \
        horizon) "\"scope\": \"pipeline\", \"payment\": {\"days\": {\"exponential\": {\"mean\": "  \
                 "9}}, \"bad_debt\": 0.04}, " OFF                                                  \
                 "\"segments\": {\"s\": {\"arrivals\": {\"per_day\": 5}, \"choice\": "             \
                 "{\"conversion\": 0.4, \"price_sensitivity\": 0.1}}}}, "                          \
                 "\"offers\": {\"a\": {\"list_price\": 10, \"unit_cost\": 4}}, "                   \
                 "\"funnel\": {\"opening\": \"empty\", \"order\": [\"lead\", \"deal\", "           \
                 "\"sign\"], \"stages\": {"                                                        \
                 "\"lead\": {\"conversion\": 0.5, \"days\": 0, \"capacity\": {\"per_day\": "       \
                 "1000000}}, \"deal\": {\"choice\": true, \"days\": " dwell "}, "                  \
                 "\"sign\": {\"conversion\": 0.9, \"days\": {\"exponential\": {\"mean\": 7}}}}}}"

static ps_faults faults;
static ps_scenario scenario;
static ps_derivation derived;

static void set_up(void)
{
    memset(&faults, 0, sizeof faults);
    memset(&scenario, 0, sizeof scenario);
    memset(&derived, 0, sizeof derived);
}

static void tear_down(void)
{
    ps_derivation_free(&derived);
    ps_scenario_free(&scenario);
    ps_faults_free(&faults);
}

static void load(const char *text)
{
    const ps_load_options options = {.text = text, .text_length = strlen(text)};

    ps_scenario_free(&scenario);
    ck_assert_msg(ps_scenario_load(&options, &scenario, &faults) == PS_OK, "%s",
                  faults.count == 0 ? "" : faults.items[faults.count - 1].message);
}

static void derive(const char *text)
{
    load(text);
    ps_derivation_free(&derived);
    ck_assert_int_eq(ps_derive(&scenario, &derived, &faults), PS_OK);
}

static const ps_derived *find(const char *key)
{
    for (int i = 0; i < derived.count; i++) {
        if (strcmp(derived.items[i].key, key) == 0) {
            return &derived.items[i];
        }
    }
    return NULL;
}

static double value(const char *key)
{
    const ps_derived *item = find(key);

    ck_assert_msg(item != NULL, "no %s", key);
    return item->value;
}

/* Units of each group of `dimension`, by id, of a run. */
static double units(const char *text, const char *dimension, const char *id)
{
    const ps_run_control control = {.threads = 1};
    ps_result result;
    double x = NAN;

    load(text);
    ck_assert_int_eq(ps_run(&scenario, &control, &result, &faults), PS_OK);
    for (int g = 0; g < result.groups; g++) {
        if (strcmp(result.group[g].dimension, dimension) == 0 &&
            strcmp(result.group[g].id, id) == 0) {
            x = result.group[g].figure[PS_METRIC_units].mean;
        }
    }
    ps_result_free(&result);
    return x;
}

static char text_buffer[8192];

static const char *market(const char *choice, const char *offer)
{
    snprintf(text_buffer, sizeof text_buffer, MARKET, choice, offer);
    return text_buffer;
}

static const char *funnel(const char *offer)
{
    snprintf(text_buffer, sizeof text_buffer, FUNNEL, offer);
    return text_buffer;
}

/* d log units / d log price of offer a, from two runs. */
static double slope(const char *dearer, const char *cheaper, const char *dimension, const char *id,
                    bool pipeline)
{
    const double up =
        units(pipeline ? funnel(dearer) : market(", \"awareness\": 0.7", dearer), dimension, id);
    const double down =
        units(pipeline ? funnel(cheaper) : market(", \"awareness\": 0.7", cheaper), dimension, id);

    return (log(up) - log(down)) / (log(1.0001) - log(0.9999));
}

static const char dearer[] = ", \"pricing\": {\"kind\": \"fixed\", \"price\": 10.001}";
static const char cheaper[] = ", \"pricing\": {\"kind\": \"fixed\", \"price\": 9.999}";

START_TEST(stated_shares_and_elasticity_come_back)
{
    derive(market("", ""));
    ck_assert_double_eq_tol(value("share/a"), 0.15, 1e-9);
    ck_assert_double_eq_tol(value("share/b"), 0.10, 1e-9);
    ck_assert_double_eq_tol(value("share/y"), 0.25, 1e-9);
    ck_assert_double_eq_tol(value("share/none"), 0.30, 1e-9);
    ck_assert_double_eq_tol(value("elasticity/a/a"), -2.2, 1e-9);
    derive(funnel(""));
    ck_assert_double_eq_tol(value("share/a"), 0.3, 1e-12);
    ck_assert_double_eq_tol(value("elasticity/a/a"), -1.7, 1e-9);
}
END_TEST

START_TEST(elasticities_are_what_a_small_price_change_does_in_a_run)
{
    derive(market(", \"awareness\": 0.7", ""));
    ck_assert_double_eq_tol(value("elasticity/a/a"), slope(dearer, cheaper, "offer", "a", false),
                            1e-6);
    ck_assert_double_eq_tol(value("elasticity/b/a"), slope(dearer, cheaper, "offer", "b", false),
                            1e-6);
    ck_assert_double_eq_tol(value("elasticity/x/a"), slope(dearer, cheaper, "rival", "x", false),
                            1e-6);
}
END_TEST

/* Units of offer `id` when rival x asks `price`: RIVALS at the end of the scenario is replaced. */
static double units_against(const char *price, const char *dimension, const char *id)
{
    static char text[8192];
    const char *base = market(", \"awareness\": 0.7", "");
    const size_t keep = strlen(base) - strlen(RIVALS "}");

    snprintf(text, sizeof text, "%.*s%s}", (int)keep, base, price);
    return units(text, dimension, id);
}

START_TEST(elasticities_with_respect_to_a_rivals_price_count_those_who_do_not_know_us)
{
    static const char *const of[][2] = {{"offer", "a"}, {"rival", "y"}, {"rival", "x"}};

    derive(market(", \"awareness\": 0.7", ""));
    for (int k = 0; k < 3; k++) {
        char key[64];
        const double up = units_against(MOVED("8.0008"), of[k][0], of[k][1]);
        const double down = units_against(MOVED("7.9992"), of[k][0], of[k][1]);

        snprintf(key, sizeof key, "elasticity/%s/x", of[k][1]);
        ck_assert_double_eq_tol(value(key), (log(up) - log(down)) / (log(1.0001) - log(0.9999)),
                                1e-6);
    }
}
END_TEST

START_TEST(elasticities_of_a_funnel_take_age_and_negotiation_into_account)
{
    derive(funnel(""));
    ck_assert_double_eq_tol(value("elasticity/a/a"), slope(dearer, cheaper, "offer", "a", true),
                            1e-5);
    ck_assert_double_eq_tol(value("elasticity/y/a"), slope(dearer, cheaper, "rival", "y", true),
                            1e-5);
}
END_TEST

START_TEST(those_who_leave_go_somewhere_and_the_stated_part_buys_nothing)
{
    derive(market("", ""));
    ck_assert_double_eq_tol(value("diversion/a/b") + value("diversion/a/x") +
                                value("diversion/a/y") + value("diversion/a/none"),
                            1.0, 1e-12);
    ck_assert_double_gt(value("segments/s/rho"), 0.0);
    derive("{" HEAD DAYS(
        1) "\"scope\": \"market\", \"payment\": {\"days\": 0}, " OFF
           "\"segments\": {\"s\": {\"arrivals\": {\"per_day\": 60}, \"choice\": {\"baseline\": "
           "{\"a\": 0.2, \"x\": 0.2, \"y\": 0.3, \"none\": 0.3}, "
           "\"elasticity\": {\"value\": -2}, \"lost_buyers_who_buy_nothing\": 0.25}}}}, "
           "\"offers\": {\"a\": {\"list_price\": 10, \"unit_cost\": 4}}, " RIVALS "}");
    ck_assert_double_eq_tol(value("diversion/a/none"), 0.25, 1e-9);
}
END_TEST

START_TEST(nash_margin_of_plain_logit_is_one_over_alpha_times_the_rest)
{
    derive("{" HEAD DAYS(
        1) "\"scope\": \"market\", \"payment\": {\"days\": 0}, " OFF
           "\"segments\": {\"s\": {\"arrivals\": {\"per_day\": 60}, \"choice\": {\"baseline\": "
           "{\"a\": 0.2, \"b\": 0.1, \"x\": 0.2, \"y\": 0.2, \"none\": 0.3}, "
           "\"price_sensitivity\": 0.5}}}}, "
           "\"offers\": {\"a\": {\"list_price\": 10, \"unit_cost\": 4}, \"b\": {\"list_price\": 7, "
           "\"unit_cost\": 4}}, " RIVALS "}");
    ck_assert_double_eq_tol(value("nash_margin/a"), 1.0 / (0.5 * 0.7), 1e-12);
    ck_assert_double_eq_tol(value("nash_margin/b"), 1.0 / (0.5 * 0.7), 1e-12);
    ck_assert_double_eq_tol(value("nash_margin/x"), 1.0 / (0.5 * 0.8), 1e-12);
}
END_TEST

START_TEST(nash_margin_asks_less_when_part_of_the_price_leaks)
{
    derive("{" HEAD DAYS(
        1) "\"scope\": \"market\", \"payment\": {\"days\": 0}, " OFF
           "\"segments\": {\"s\": {\"arrivals\": {\"per_day\": 60}, \"choice\": {\"baseline\": "
           "{\"a\": 0.2, \"none\": 0.8}, \"price_sensitivity\": 0.5}}}}, "
           "\"waterfall\": {\"steps\": {\"fee\": {\"rate\": 0.1}, \"freight\": {\"amount\": 1}}}, "
           "\"offers\": {\"a\": {\"list_price\": 10, \"unit_cost\": 4}}}");
    ck_assert_double_eq_tol(value("nash_margin/a"), 0.9 / (0.5 * 0.8), 1e-12);
    ck_assert_double_eq_tol(value("waterfall/a/pocket"), 8.0, 1e-12);
    ck_assert_double_eq_tol(value("waterfall/a/margin"), 4.0, 1e-12);
}
END_TEST

START_TEST(a_long_flow_is_the_steady_state)
{
    derive(FLOW(900, "{\"exponential\": {\"mean\": 11}}"));
    ck_assert_ptr_null(find("flow/signed")); /* a capacity has no closed form */
    ck_assert_double_eq_tol(value("funnel/lead/utilisation"), 5e-6, 1e-15);
    ck_assert_double_eq_tol(value("funnel/deal/steady_open"), 2.5 * 11.0, 1e-9);
    ck_assert_double_eq_tol(value("funnel/sign/steady_open"), 7.0, 1e-9);
    ck_assert_double_eq_tol(value("funnel/sign/reach"), 0.2, 1e-12);
    ck_assert_double_eq_tol(value("steady/signed"), 0.9, 1e-12);
    ck_assert_double_eq_tol(value("steady/booked"), 9.0, 1e-9);
    ck_assert_double_eq_tol(value("steady/collected"), 9.0 * 0.96, 1e-9);
    ck_assert_double_eq_tol(value("steady/cycle_days"), 18.0, 1e-9);
}
END_TEST

/* FLOW without the capacity. */
static const char *uncapped(const char *text)
{
    static const char capacity[] = ", \"capacity\": {\"per_day\": 1000000}";
    const char *at = strstr(text, capacity);

    ck_assert_ptr_nonnull(at);
    snprintf(text_buffer, sizeof text_buffer, "%.*s%s", (int)(at - text), text,
             at + strlen(capacity));
    return text_buffer;
}

START_TEST(flow_from_an_empty_funnel_has_a_closed_form_for_exponential_delays_only)
{
    derive(uncapped(FLOW(900, "{\"exponential\": {\"mean\": 11}}")));
    ck_assert_double_eq_tol(value("flow/deal/open"), 27.5, 1e-9);
    ck_assert_double_eq_tol(value("flow/signed"), 0.9 * (900.0 - 18.0),
                            1e-6); /* lambda c (H - E[cycle]) */
    ck_assert_double_eq_tol(value("flow/collected"), 0.96 * 9.0 * (900.0 - 27.0), 1e-5);
    ck_assert_double_eq_tol(value("flow/booked") - value("flow/collected"), value("flow/unpaid"),
                            1e-9);
    derive(uncapped(FLOW(20, "{\"exponential\": {\"mean\": 11}}")));
    ck_assert_double_eq_tol(value("flow/deal/open"), 27.5 * (1.0 - exp(-20.0 / 11.0)), 1e-9);
    derive(uncapped(FLOW(900, "{\"weibull\": {\"shape\": 2, \"scale\": 11}}")));
    ck_assert_ptr_null(find("flow/signed"));
}
END_TEST

/* Two segments; the second stage takes up so many a day. */
static const char *capped(const char *second)
{
    snprintf(text_buffer, sizeof text_buffer,
             "{" HEAD DAYS(
                 1) "\"scope\": \"pipeline\", \"payment\": {\"days\": 0}, " OFF
                    "\"segments\": {\"s\": {\"arrivals\": {\"per_day\": 60}, \"choice\": "
                    "{\"conversion\": "
                    "0.5, \"price_sensitivity\": 0.1}}, "
                    "\"t\": {\"arrivals\": {\"per_day\": 40}, \"choice\": {\"conversion\": 0.25, "
                    "\"price_sensitivity\": 0.1}}}}, "
                    "\"offers\": {\"a\": {\"list_price\": 10, \"unit_cost\": 4}}, "
                    "\"funnel\": {\"order\": [\"lead\", \"deal\"], \"stages\": {\"lead\": "
                    "{\"conversion\": "
                    "0.8, \"days\": 2, \"capacity\": {\"per_day\": 50}}, "
                    "\"deal\": {\"choice\": true, \"days\": 3, \"capacity\": {\"per_day\": %s}}}}}",
             second);
    return text_buffer;
}

START_TEST(capacity_binds_and_is_worth_what_passes_on)
{
    derive(capped("100"));
    ck_assert_double_eq_tol(value("funnel/lead/utilisation"), 2.0, 1e-12);
    ck_assert_double_eq_tol(value("funnel/lead/backlog_growth"), 50.0, 1e-9);
    ck_assert_double_eq_tol(value("funnel/deal/arrivals"), 40.0, 1e-9);
    ck_assert_double_eq_tol(value("funnel/deal/steady_open"), 120.0, 1e-9);
    ck_assert_double_eq_tol(value("funnel/lead/worth_of_capacity"), 0.8 * (0.6 * 0.5 + 0.4 * 0.25),
                            1e-12);
    ck_assert_double_eq_tol(value("funnel/deal/worth_of_capacity"), 0.0, 1e-12);
    ck_assert_double_eq_tol(value("steady/signed"), 16.0, 1e-9);
    derive(capped("30"));
    ck_assert_double_eq_tol(value("funnel/lead/worth_of_capacity"), 0.0,
                            1e-12); /* the next stage binds */
    ck_assert_double_eq_tol(value("funnel/deal/worth_of_capacity"), 0.6 * 0.5 + 0.4 * 0.25, 1e-12);
}
END_TEST

START_TEST(value_to_the_customer_sets_price_and_incentive)
{
    derive("{" HEAD DAYS(
        1) "\"scope\": \"market\", \"payment\": {\"days\": 0}, " OFF
           "\"demand\": {\"kind\": \"always\", \"offer\": \"a\"}, \"segments\": {\"s\": "
           "{\"arrivals\": {\"per_day\": 75}}, \"t\": {\"arrivals\": {\"per_day\": 25}}}}, "
           "\"offers\": {\"a\": {\"list_price\": 10, \"unit_cost\": 4, \"pricing\": {\"kind\": "
           "\"value_based\", \"reference\": \"x\", "
           "\"drivers\": {\"speed\": {\"value\": {\"value\": 6, \"exact\": true, \"shift\": "
           "{\"t\": -10}}}}, \"switching_cost\": 1, \"customer_share\": 0.4}}}, " RIVALS "}");
    ck_assert_double_eq_tol(value("segments/s/evc/a"), 13.0, 1e-12);
    ck_assert_double_eq_tol(value("segments/t/evc/a"), 3.0, 1e-12);
    ck_assert_double_eq_tol(value("segments/s/value_price/a"), 8.0 + 0.6 * 2.5,
                            1e-12); /* one price, for the mean value */
    ck_assert_double_eq_tol(value("segments/s/incentive/a"), 3.5, 1e-12);
    ck_assert_double_eq_tol(value("segments/s/captured/a"), 0.3, 1e-12);
    ck_assert_ptr_null(find("segments/t/captured/a"));
    ck_assert_ptr_null(find("elasticity/a/a"));
}
END_TEST

/* A team of so many, each of whom serves a deal in a day; weeks: so many come in each. */
static const char *desk(const char *people, const char *law, const char *per_week)
{
    snprintf(text_buffer, sizeof text_buffer,
             "{" HEAD "\"calendar\": {\"start\": \"2025-01-06\", \"period\": \"week\", "
             "\"periods\": 4}, \"scope\": \"pipeline\", \"payment\": {\"days\": 0}, " OFF
             "\"segments\": {\"s\": {\"arrivals\": {\"per_week\": %s, \"law\": \"%s\"}, "
             "\"sold_by\": \"desk\", \"choice\": {\"conversion\": 0.5, "
             "\"price_sensitivity\": 0.1}}}}, "
             "\"sales_models\": {\"desk\": {\"stages\": {\"deal\": {\"effort\": 8}}, "
             "\"team\": {\"representatives\": %s, \"hours\": {\"per_day\": 8}, "
             "\"takes_up\": \"deal\"}}}, "
             "\"offers\": {\"a\": {\"list_price\": 10, \"unit_cost\": 4}}, "
             "\"funnel\": {\"opening\": \"empty\", \"order\": [\"deal\"], \"stages\": "
             "{\"deal\": {\"choice\": true, \"days\": 0}}}}",
             per_week, law, people);
    return text_buffer;
}

/* One: M/M/1, rho / (mu - lambda). Two: rho^2 / (1 - rho^2) of a day's service. */
START_TEST(deals_wait_for_a_team_by_chance)
{
    derive(desk("1", "poisson", "5.6"));
    ck_assert_double_eq_tol(value("sales/desk/utilisation"), 0.8, 1e-12);
    ck_assert_double_eq_tol(value("sales/desk/p_wait"), 0.8, 1e-12);
    ck_assert_double_eq_tol(value("sales/desk/wait_days"), 0.8 / (1.0 - 0.8), 1e-12);
    ck_assert_double_eq_tol(value("sales/desk/days"), 1.0 / (1.0 - 0.8), 1e-12);
    ck_assert_double_eq_tol(value("sales/desk/waiting"), 0.64 / (1.0 - 0.8), 1e-12);
    ck_assert_double_eq_tol(value("sales/desk/p_wait_over_a_day"), 0.8 * exp(-0.2), 1e-12);
    ck_assert_double_eq_tol(value("flow/p_none_signed"), exp(-11.2), 1e-15);
    derive(desk("2", "fixed", "8.4"));
    ck_assert_double_eq_tol(value("sales/desk/wait_days"), 0.36 / (1.0 - 0.36), 1e-12);
    ck_assert_ptr_null(find("flow/p_none_signed"));
    derive(desk("1", "poisson", "7"));
    ck_assert_ptr_null(find("sales/desk/p_wait")); /* the queue grows */
    derive(desk("1.5", "poisson", "5.6"));
    ck_assert_ptr_null(find("sales/desk/p_wait"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("derive");
    TCase *all = tcase_create("derive");

    tcase_add_checked_fixture(all, set_up, tear_down);
    tcase_add_test(all, stated_shares_and_elasticity_come_back);
    tcase_add_test(all, elasticities_are_what_a_small_price_change_does_in_a_run);
    tcase_add_test(all, elasticities_with_respect_to_a_rivals_price_count_those_who_do_not_know_us);
    tcase_add_test(all, elasticities_of_a_funnel_take_age_and_negotiation_into_account);
    tcase_add_test(all, those_who_leave_go_somewhere_and_the_stated_part_buys_nothing);
    tcase_add_test(all, nash_margin_of_plain_logit_is_one_over_alpha_times_the_rest);
    tcase_add_test(all, nash_margin_asks_less_when_part_of_the_price_leaks);
    tcase_add_test(all, a_long_flow_is_the_steady_state);
    tcase_add_test(all, flow_from_an_empty_funnel_has_a_closed_form_for_exponential_delays_only);
    tcase_add_test(all, capacity_binds_and_is_worth_what_passes_on);
    tcase_add_test(all, value_to_the_customer_sets_price_and_incentive);
    tcase_add_test(all, deals_wait_for_a_team_by_chance);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);

    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
