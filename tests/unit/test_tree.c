/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON trees: places that survive moves, merge patch, pointers, the writer and the canonical text.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "json/literal.h"
#include "json/patch.h"
#include "json/tree.h"
#include "json/write.h"

static ps_tree tree;
static ps_faults faults;

static void set_up(void)
{
    memset(&tree, 0, sizeof tree);
    memset(&faults, 0, sizeof faults);
}

static void tear_down(void)
{
    ps_tree_free(&tree);
    ps_faults_free(&faults);
}

static ps_node *parse(const char *file, const char *text)
{
    ps_node *node = NULL;

    ck_assert_int_eq(ps_tree_parse(&tree, file, text, strlen(text), &node, &faults), PS_OK);
    return node;
}

static char *canonical(const ps_node *node)
{
    ps_string out = {0};

    ps_node_canonical(node, &out);
    ck_assert_int_eq(out.failed, 0);
    return out.data;
}

static void check_origin(const ps_node *root, const char *pointer, const char *expected)
{
    const ps_origin o = ps_tree_origin(&tree, ps_node_at(root, pointer));
    char text[100];

    snprintf(text, sizeof text, "%s:%d:%d key %d:%d", o.file == NULL ? "-" : o.file, o.line,
             o.column, o.key_line, o.key_column);
    ck_assert_str_eq(text, expected);
}

START_TEST(every_value_knows_its_place)
{
    ps_node *root = parse("f", "\xEF\xBB\xBF{\"价\": [1,\r\n  {\"b\": true}],\n\"c\": \"x\"}");

    check_origin(root, "", "f:1:1 key 1:1");
    check_origin(root, "/价", "f:1:7 key 1:2");
    check_origin(root, "/价/0", "f:1:8 key 1:8");
    check_origin(root, "/价/1/b", "f:2:9 key 2:4");
    check_origin(root, "/c", "f:3:6 key 3:1");
    ps_node_free(root);
}
END_TEST

START_TEST(merge_moves_values_with_their_places)
{
    ps_node *base = parse("base", "{\"a\": {\"x\": 1, \"y\": 2}, \"b\": 3, \"c\": [1]}");
    ps_node *patch = parse("patch", "{\"a\": {\"y\": 5,\n\"z\": 6},\n\"b\": null, \"c\": [7]}");
    ps_node *root = ps_node_merge(base, patch);
    char *text = canonical(root);

    ck_assert_str_eq(text, "{\"a\":{\"x\":1,\"y\":5,\"z\":6},\"c\":[7]}");
    check_origin(root, "/a", "base:1:7 key 1:2");
    check_origin(root, "/a/x", "base:1:13 key 1:8");
    check_origin(root, "/a/y", "patch:1:13 key 1:8");
    check_origin(root, "/a/z", "patch:2:6 key 2:1");
    check_origin(root, "/c/0", "patch:3:18 key 3:18");
    free(text);
    ps_node_free(root);
}
END_TEST

/* Appendix A of RFC 7396, for objects at the top. */
START_TEST(merge_is_rfc_7396)
{
    static const char *const cases[][3] = {
        {"{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
        {"{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}"},
        {"{\"a\":\"b\"}", "{\"a\":null}", "{}"},
        {"{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}"},
        {"{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
        {"{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}"},
        {"{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}"},
        {"{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}"},
        {"{\"e\":null}", "{\"a\":1}", "{\"a\":1,\"e\":null}"},
        {"{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}"},
        {"{\"a\":1}", "{\"a\":{\"b\":null,\"c\":2}}", "{\"a\":{\"c\":2}}"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ps_node *root = ps_node_merge(parse("t", cases[i][0]), parse("p", cases[i][1]));
        char *text = canonical(root);

        ck_assert_str_eq(text, cases[i][2]);
        free(text);
        ps_node_free(root);
    }
}
END_TEST

/* Keys in the other order: a search from the first would take 10^10 steps. */
START_TEST(merge_of_large_objects_is_quick)
{
    ps_string base = {0}, patch = {0};
    const int count = 100000;
    const clock_t start = clock();

    for (int i = 0; i < count; i++) {
        ps_string_format(&base, "%c\"k%d\":%d", i == 0 ? '{' : ',', i, i);
        ps_string_format(&patch, "%c\"k%d\":%s", i == 0 ? '{' : ',', count - 1 - i,
                         i % 2 == 0 ? "null" : "-1");
    }
    ps_string_format(&base, "}");
    ps_string_format(&patch, "}");

    ps_node *root = ps_node_merge(parse("base", base.data), parse("patch", patch.data));

    ck_assert_int_eq(ps_node_count(root), count / 2);
    ck_assert_double_eq(ps_node_number(ps_node_at(root, "/k0")), -1);
    ck_assert_ptr_null(ps_node_at(root, "/k1"));
    ck_assert_double_lt((double)(clock() - start) / CLOCKS_PER_SEC, 5);
    ps_node_free(root);
    ps_string_free(&base);
    ps_string_free(&patch);
}
END_TEST

START_TEST(pointers_find_values)
{
    ps_node *root = parse("f", "{\"a/b\": {\"~\": [10, 20]}, \"\": 5, \"A\": 1}");

    ck_assert_double_eq(ps_node_number(ps_node_at(root, "/a~1b/~0/1")), 20);
    ck_assert_double_eq(ps_node_number(ps_node_at(root, "/")), 5);
    ck_assert_ptr_eq(ps_node_at(root, ""), root);
    ck_assert_ptr_null(ps_node_at(root, "/a~1b/~0/2"));
    ck_assert_ptr_null(ps_node_at(root, "/a~1b/~0/01"));
    ck_assert_ptr_null(ps_node_at(root, "/a~1b/~0/-1"));
    ck_assert_ptr_null(ps_node_at(root, "/a~2b"));
    ck_assert_ptr_null(ps_node_at(root, "/a")); /* case matters */
    ck_assert_ptr_null(ps_node_at(root, "x"));
    ps_node_free(root);
}
END_TEST

static void set(ps_node *root, const char *pointer, const char *value)
{
    ck_assert_int_eq(
        ps_node_set(root, pointer, ps_tree_value(&tree, "--set", value), "--set", &faults), PS_OK);
}

START_TEST(set_replaces_makes_and_removes)
{
    ps_node *root = parse("f", "{\"a\": 1, \"l\": [1, 2], \"gone\": 0}");
    char *text = NULL;

    set(root, "/a", "2.5");
    set(root, "/new/deep", "20%");
    set(root, "/l/1", "{\"x\": true}");
    set(root, "/l/-", "3");
    set(root, "/gone", "null");
    text = canonical(root);
    ck_assert_str_eq(text, "{\"a\":2.5,\"l\":[1,{\"x\":true},3],\"new\":{\"deep\":\"20%\"}}");
    check_origin(root, "/a", "--set:0:0 key 0:0");
    check_origin(root, "/l/1/x", "--set:0:0 key 0:0");
    check_origin(root, "/l/0", "f:1:16 key 1:16");
    free(text);
    ps_node_free(root);
}
END_TEST

START_TEST(set_refuses_places_that_cannot_be)
{
    static const char *const refused[] = {"a", "", "/l/5", "/l/x/y", "/a/b", "/a~2"};
    ps_node *root = parse("f", "{\"a\": 1, \"l\": [1, 2]}");

    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        ck_assert_msg(ps_node_set(root, refused[i], ps_tree_value(&tree, "--set", "1"), "--set",
                                  &faults) == PS_ERR_INPUT,
                      "'%s' was set", refused[i]);
        ck_assert_str_eq(faults.items[i].code, "POINTER");
    }
    ps_node_free(root);
}
END_TEST

START_TEST(comments_go_at_any_depth)
{
    ps_node *root =
        parse("f", "{\"//\": 1, \"a\": [{\"// why\": {\"b\": 2}, \"c\": 3}], \"/d\": 4}");
    char *text = NULL;

    ps_node_drop_comments(root);
    text = canonical(root);
    ck_assert_str_eq(text, "{\"/d\":4,\"a\":[{\"c\":3}]}");
    free(text);
    ps_node_free(root);
}
END_TEST

START_TEST(canonical_text_sorts_keys_and_drops_labels)
{
    ps_node *root =
        parse("f", "{\"b\": 1.50, \"a\": {\"label\": \"x\", \"v\": 1e2}, \"label\": {\"z\": 0}}");
    char *text = canonical(root);

    ck_assert_str_eq(text, "{\"a\":{\"v\":100},\"b\":1.5,\"label\":{\"z\":0}}");
    free(text);
    ps_node_free(root);
}
END_TEST

START_TEST(a_number_longer_than_the_library_reads_is_refused)
{
    ps_node *node = NULL;
    char text[120] = "{\"a\":\n 0.";

    memset(text + strlen(text), '1', 80);
    strcat(text, "}");
    ck_assert_int_eq(ps_tree_parse(&tree, "f", text, strlen(text), &node, &faults), PS_ERR_INPUT);
    ck_assert_str_eq(faults.items[0].message, "number is too long");
    ck_assert_int_eq(faults.items[0].line, 2);
    ck_assert_int_eq(faults.items[0].column, 2);
    ck_assert_ptr_null(node);
}
END_TEST

START_TEST(a_copy_keeps_places)
{
    ps_node *root = parse("f", "{\"a\": 1}");
    ps_node *copy = ps_node_copy(root);

    ps_node_free(root);
    check_origin(copy, "/a", "f:1:7 key 1:2");
    ps_node_free(copy);
}
END_TEST

static void write_sample(ps_writer *w)
{
    ps_write_object(w);
    ps_write_key(w, "n");
    ps_write_array(w);
    ps_write_number(w, 0.1);
    ps_write_number(w, NAN);
    ps_write_whole(w, -7);
    ps_write_array_end(w);
    ps_write_key(w, "s");
    ps_write_on_one_line(w);
    ps_write_object(w);
    ps_write_key(w, "t");
    ps_write_text(w, "a\"\\\n\x01<é");
    ps_write_key(w, "l");
    ps_write_array(w);
    ps_write_bool(w, true);
    ps_write_null(w);
    ps_write_array_end(w);
    ps_write_object_end(w);
    ps_write_key(w, "e");
    ps_write_array(w);
    ps_write_array_end(w);
    ps_write_object_end(w);
}

START_TEST(the_writer_writes_compact_and_pretty)
{
    ps_string compact = {0}, pretty = {0}, html = {0};

    write_sample(&(ps_writer){.out = &compact});
    write_sample(&(ps_writer){.out = &pretty, .pretty = true});
    ck_assert_str_eq(
        compact.data,
        "{\"n\":[0.1,null,-7],\"s\":{\"t\":\"a\\\"\\\\\\n\\u0001<é\",\"l\":[true,null]},\"e\":[]}");
    ck_assert_str_eq(
        pretty.data,
        "{\n  \"n\": [\n    0.1,\n    null,\n    -7\n  ],\n"
        "  \"s\": {\"t\": \"a\\\"\\\\\\n\\u0001<é\", \"l\": [true, null]},\n  \"e\": []\n}\n");
    ps_write_text(&(ps_writer){.out = &html, .html = true}, "</script>&");
    ck_assert_str_eq(html.data, "\"\\u003c/script\\u003e\\u0026\"");
    ps_string_free(&compact);
    ps_string_free(&pretty);
    ps_string_free(&html);
}
END_TEST

/* The deepest text that the scanner passes must also be written. */
START_TEST(sixty_four_levels_are_written)
{
    char text[300] = "", *out = NULL;

    for (int i = 0; i < 63; i++) {
        strcat(text, i == 0 ? "{\"a\":" : "[");
    }
    strcat(text, "[]");
    for (int i = 62; i >= 0; i--) {
        strcat(text, i == 0 ? "}" : "]");
    }
    ps_node *root = parse("f", text);

    out = canonical(root);
    ck_assert_str_eq(out, text);
    free(out);
    ps_node_free(root);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tree");
    TCase *tests = tcase_create("tree");

    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, every_value_knows_its_place);
    tcase_add_test(tests, merge_moves_values_with_their_places);
    tcase_add_test(tests, merge_is_rfc_7396);
    tcase_add_test(tests, merge_of_large_objects_is_quick);
    tcase_add_test(tests, pointers_find_values);
    tcase_add_test(tests, set_replaces_makes_and_removes);
    tcase_add_test(tests, set_refuses_places_that_cannot_be);
    tcase_add_test(tests, comments_go_at_any_depth);
    tcase_add_test(tests, canonical_text_sorts_keys_and_drops_labels);
    tcase_add_test(tests, a_number_longer_than_the_library_reads_is_refused);
    tcase_add_test(tests, a_copy_keeps_places);
    tcase_add_test(tests, the_writer_writes_compact_and_pretty);
    tcase_add_test(tests, sixty_four_levels_are_written);
    suite_add_tcase(suite, tests);

    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_ENV);

    const int failed = srunner_ntests_failed(runner);

    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
