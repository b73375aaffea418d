/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario loaded as a whole, and what is generated from the tables: schema and reference. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "scenario/load.h"
#include "scenario/reference.h"
#include "scenario/schema.h"
#include "scenario/shapes.h"
#include "json/scan.h"

#define HEAD                                                                                       \
    "\"pricesim\": 1, \"name\": \"n\", \"currency\": \"EUR\", \"scope\": \"market\","              \
    "\"calendar\": {\"start\": \"2025-01-06\", \"period\": \"week\", \"periods\": 26},"            \
    "\"payment\": {\"days\": 0}, "
#define MARKET                                                                                     \
    "\"market\": {\"segments\": {\"s\": {\"arrivals\": {\"per_week\": 100}, \"choice\": "          \
    "{\"baseline\": {\"a\": 0.2, \"x\": 0.2, \"y\": 0.3, \"none\": 0.3}, \"elasticity\": "         \
    "{\"value\": -2}}}}}, "
#define OFFERS "\"offers\": {\"a\": {\"list_price\": 10, \"unit_cost\": 4}}, "
#define RIVALS                                                                                     \
    "\"competitors\": {\"c\": {\"offers\": {\"y\": {\"price\": 9}}}, \"d\": {\"offers\": {\"x\": " \
    "{\"price\": 8}}}}"

static ps_faults faults;
static ps_scenario scenario;

static void set_up(void)
{
    memset(&faults, 0, sizeof faults);
    memset(&scenario, 0, sizeof scenario);
}

static void tear_down(void)
{
    ps_scenario_free(&scenario);
    ps_faults_free(&faults);
}

static ps_status load(const char *text)
{
    const ps_load_options options = {.text = text, .text_length = strlen(text)};

    ps_scenario_free(&scenario);
    return ps_scenario_load(&options, &scenario, &faults);
}

static void accept(const char *text)
{
    ck_assert_msg(load(text) == PS_OK, "%s",
                  faults.count == 0 ? "" : faults.items[faults.count - 1].message);
}

START_TEST(rivals_are_sorted_over_all_competitors)
{
    accept("{" HEAD MARKET OFFERS RIVALS "}");
    ck_assert_int_eq(scenario.rivals, 2);
    ck_assert_str_eq(scenario.rival[0]->entry.id, "x");
    ck_assert_str_eq(scenario.rival_owner[0]->entry.id, "d");
    ck_assert_str_eq(scenario.rival[1]->entry.id, "y");
    ck_assert_str_eq(scenario.rival_owner[1]->entry.id, "c");
}
END_TEST

START_TEST(slots_are_numbered_without_gaps)
{
    int next = 0;

    accept("{" HEAD MARKET OFFERS RIVALS "}");
    ck_assert_int_gt(scenario.input_count, 5);
    for (int i = 0; i < scenario.input_count; i++) {
        ck_assert_int_eq(scenario.inputs[i].number->slot, next);
        next++;
    }
    ck_assert_int_eq(scenario.slots, next);
}
END_TEST

START_TEST(the_hash_ignores_order_comments_and_labels)
{
    char first[17];

    accept("{" HEAD MARKET OFFERS RIVALS "}");
    memcpy(first, scenario.hash, sizeof first);
    ck_assert_uint_eq(strlen(first), 16);
    accept("{" RIVALS ", \"// why\": \"x\", " MARKET HEAD
           "\"offers\": {\"a\": {\"unit_cost\": 4.0, \"list_price\": 1e1, \"label\": \"A\"}}}");
    ck_assert_str_eq(scenario.hash, first);
    accept("{" HEAD MARKET "\"offers\": {\"a\": {\"list_price\": 10, \"unit_cost\": 4.1}}, " RIVALS
           "}");
    ck_assert_str_ne(scenario.hash, first);
}
END_TEST

START_TEST(plans_stay_and_the_chosen_one_is_named)
{
    static const char text[] =
        "{" HEAD MARKET OFFERS RIVALS
        ", \"plans\": {\"dear\": {\"offers\": {\"a\": {\"unit_cost\": 5}}}}}";
    const ps_load_options options = {.text = text, .text_length = strlen(text), .plan = "dear"};

    ck_assert_int_eq(ps_scenario_load(&options, &scenario, &faults), PS_OK);
    ck_assert_str_eq(scenario.plan, "dear");
    ck_assert_ptr_nonnull(ps_node_at(scenario.plans, "/dear/offers/a"));
    const ps_offer *offer = scenario.offers.items;

    ck_assert_double_eq(offer->unit_cost.dist.p[0], 5);
}
END_TEST

START_TEST(parameters_of_kinds_are_found_by_key)
{
    accept("{" HEAD MARKET "\"offers\": {\"a\": {\"list_price\": 10, \"unit_cost\": 4, "
           "\"pricing\": {\"kind\": \"cost_plus\","
           "\"markup\": 1.5}}}, " RIVALS "}");
    const ps_offer *offer = scenario.offers.items;
    const ps_number *markup = ps_kind_parameter(&offer->pricing->policy, "markup");

    ck_assert_double_eq(markup->dist.p[0], 1.5);
    ck_assert_ptr_null(ps_kind_parameter(&offer->pricing->policy, "nothing"));
}
END_TEST

START_TEST(a_refused_scenario_leaves_nothing)
{
    const ps_scenario zero = {0};

    ck_assert_int_eq(load("{" HEAD MARKET OFFERS RIVALS ", \"x\": 1}"), PS_ERR_INPUT);
    ck_assert_mem_eq(&scenario, &zero, sizeof zero);
    ck_assert_int_eq(load("{"), PS_ERR_INPUT);
    ck_assert_int_eq(load("{}"), PS_ERR_INPUT);
}
END_TEST

START_TEST(a_short_scenario_loads_in_less_than_a_millisecond)
{
    const clock_t start = clock();

    for (int i = 0; i < 100; i++) {
        accept("{" HEAD MARKET OFFERS RIVALS "}");
    }
    ck_assert_double_lt((double)(clock() - start) / CLOCKS_PER_SEC, 0.1);
}
END_TEST

/* A key of every shape stands in the schema and in the reference, which are JSON and text. */
START_TEST(schema_and_reference_name_every_key)
{
    ps_string schema = {0}, reference = {0};
    ps_shape_list list;

    ps_schema_write(&ps_scenario_shape, &schema);
    ps_reference_write(&ps_scenario_shape, &reference);
    ck_assert_int_eq(ps_scan_text(schema.data, schema.length, "schema", true, NULL, &faults),
                     PS_OK);
    ps_shapes_list(&ps_scenario_shape, &list);
    ck_assert_ptr_null(strstr(reference.data, "(null)"));
    ck_assert_int_gt(list.count, 30);
    ck_assert_int_lt(list.count, PS_MAX_SHAPES);
    for (int i = 0; i < list.count; i++) {
        char definition[100];

        snprintf(definition, sizeof definition, "\n    \"%s\": {", list.items[i].shape->name);
        ck_assert_msg(strstr(schema.data, definition) != NULL, "no definition of %s",
                      list.items[i].shape->name);
        for (const ps_field *f = list.items[i].shape->fields; f->type != PS_FIELD_END; f++) {
            char key[100];

            if (f->key == NULL || f->type == PS_FIELD_RATE) {
                continue;
            }
            snprintf(key, sizeof key, "\"%s\": {", f->key);
            ck_assert_msg(strstr(schema.data, key) != NULL, "%s is not in the schema", f->key);
            snprintf(key, sizeof key, "| `%s` |", f->key);
            ck_assert_msg(strstr(reference.data, key) != NULL, "%s is not in the reference",
                          f->key);
        }
    }
    ps_string_free(&schema);
    ps_string_free(&reference);
}
END_TEST

START_TEST(schema_and_reference_name_every_distribution)
{
    const char *names[16];
    const int count = ps_law_names(names);
    ps_string schema = {0}, reference = {0};

    ps_schema_write(&ps_scenario_shape, &schema);
    ps_reference_write(&ps_scenario_shape, &reference);
    for (int i = 0; i < count; i++) {
        char text[100];

        snprintf(text, sizeof text, "\"%s\":{", names[i]);
        ck_assert_msg(strstr(schema.data, text) != NULL, "%s is not in the schema", names[i]);
        snprintf(text, sizeof text, "`{\"%s\": ", names[i]);
        ck_assert_msg(strstr(reference.data, text) != NULL, "%s is not in the reference", names[i]);
    }
    ps_string_free(&schema);
    ps_string_free(&reference);
}
END_TEST

/* The page in docs/ is what the tables say; tests run from the top folder of the tree. */
START_TEST(the_reference_in_the_docs_is_up_to_date)
{
    ps_string reference = {0}, page = {0};

    ps_reference_write(&ps_scenario_shape, &reference);
    ck_assert_int_eq(ps_file_read("docs/scenario-reference.md", 1 << 20, &page), PS_FILE_READ);
    ck_assert_msg(strcmp(page.data, reference.data) == 0,
                  "run: pricesim schema --reference >docs/scenario-reference.md");
    ps_string_free(&reference);
    ps_string_free(&page);
}
END_TEST

/* Two shapes of one name would be one definition. */
START_TEST(names_of_shapes_are_unique)
{
    ps_shape_list list;

    ps_shapes_list(&ps_scenario_shape, &list);
    for (int i = 0; i < list.count; i++) {
        for (int k = 0; k < i; k++) {
            ck_assert_str_ne(list.items[i].shape->name, list.items[k].shape->name);
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("load");
    TCase *tests = tcase_create("load");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, rivals_are_sorted_over_all_competitors);
    tcase_add_test(tests, slots_are_numbered_without_gaps);
    tcase_add_test(tests, the_hash_ignores_order_comments_and_labels);
    tcase_add_test(tests, plans_stay_and_the_chosen_one_is_named);
    tcase_add_test(tests, parameters_of_kinds_are_found_by_key);
    tcase_add_test(tests, a_refused_scenario_leaves_nothing);
    tcase_add_test(tests, a_short_scenario_loads_in_less_than_a_millisecond);
    tcase_add_test(tests, schema_and_reference_name_every_key);
    tcase_add_test(tests, schema_and_reference_name_every_distribution);
    tcase_add_test(tests, the_reference_in_the_docs_is_up_to_date);
    tcase_add_test(tests, names_of_shapes_are_unique);
    suite_add_tcase(suite, tests);

    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_ENV);

    const int failed = srunner_ntests_failed(runner);

    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
