/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files, extends, plans, --set: which value wins, and which files may be read. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "scenario/assemble.h"
#include "json/patch.h"

static char folder[64];
static ps_assembly assembly;
static ps_faults faults;

static void set_up(void)
{
    strcpy(folder, "/tmp/ps_assemble_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    memset(&faults, 0, sizeof faults);
    memset(&assembly, 0, sizeof assembly);
}

static void tear_down(void)
{
    char command[200];

    ps_assembly_free(&assembly);
    ps_faults_free(&faults);
    snprintf(command, sizeof command, "chmod -R u+rwx %s; rm -rf %s", folder, folder);
    ck_assert_int_eq(system(command), 0);
}

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static ps_status assemble(const ps_load_options *options)
{
    ps_assembly_free(&assembly);
    return ps_assemble(options, &assembly, &faults);
}

static void expect(const char *text)
{
    ps_string out = {0};

    ck_assert_msg(faults.errors == 0, "%s", faults.errors == 0 ? "" : faults.items[0].message);
    ps_node_canonical(assembly.root, &out);
    ck_assert_str_eq(out.data, text);
    ps_string_free(&out);
}

static void expect_fault(ps_status got, ps_status status, const char *code, const char *part)
{
    ck_assert_int_eq(got, status);
    ck_assert_uint_ge(faults.count, 1);
    const ps_fault *fault = &faults.items[faults.count - 1];

    ck_assert_str_eq(fault->code, code);
    ck_assert_msg(strstr(fault->message, part) != NULL, "'%s' has no '%s'", fault->message, part);
}

START_TEST(base_then_file_then_plan_then_set)
{
    static const char *const sets[] = {"/d=\"set\"", "/e/f=x y"};

    put("base.json", "{\"a\": \"base\", \"b\": \"base\", \"c\": \"base\", \"d\": \"base\", "
                     "\"plans\": {\"other\": {}}}");
    put("s.json", "{\"extends\": \"base.json\", \"b\": \"file\", \"c\": \"file\", \"d\": \"file\", "
                  "\"// note\": 1,"
                  " \"plans\": {\"p\": {\"c\": \"plan\", \"d\": \"plan\", \"// why\": 2}}}");
    ck_assert_int_eq(
        assemble(&(ps_load_options){.path = "s.json", .plan = "p", .sets = sets, .set_count = 2}),
        PS_OK);
    expect("{\"a\":\"base\",\"b\":\"file\",\"c\":\"plan\",\"d\":\"set\",\"e\":{\"f\":\"x y\"},"
           "\"plans\":{\"p\":{\"c\":\"plan\",\"d\":\"plan\"}}}");
}
END_TEST

START_TEST(definition_files_are_read_in_place_before_the_patch)
{
    ck_assert_int_eq(mkdir("parts", 0777), 0);
    put("parts/market.json", "{\"segments\": {\"a\": 1, \"// x\": 0}}");
    put("base.json", "{\"market\": \"parts/market.json\", \"promotions\": {}}");
    put("s.json", "{\"extends\": \"base.json\", \"market\": {\"segments\": {\"b\": 2}}}");
    ck_assert_int_eq(assemble(&(ps_load_options){.path = "s.json"}), PS_OK);
    expect("{\"market\":{\"segments\":{\"a\":1,\"b\":2}},\"promotions\":{}}");
    ck_assert_str_eq(
        ps_tree_origin(&assembly.tree, ps_node_at(assembly.root, "/market/segments/a")).file,
        "parts/market.json");
}
END_TEST

START_TEST(paths_are_relative_to_the_file_that_names_them)
{
    ck_assert_int_eq(mkdir("bases", 0777), 0);
    put("bases/one.json", "{\"extends\": \"two.json\", \"b\": 1}");
    put("bases/two.json", "{\"a\": 1, \"b\": 0}");
    put("s.json", "{\"extends\": \"./bases/one.json\"}");
    ck_assert_int_eq(assemble(&(ps_load_options){.path = "s.json"}), PS_OK);
    expect("{\"a\":1,\"b\":1}");
}
END_TEST

START_TEST(files_outside_the_folder_need_a_permission)
{
    ck_assert_int_eq(mkdir("in", 0777), 0);
    put("base.json", "{\"a\": 1}");
    put("in/s.json", "{\"extends\": \"../base.json\"}");
    put("in/link.json", "{\"extends\": \"hidden.json\"}");
    ck_assert_int_eq(symlink("../base.json", "in/hidden.json"), 0);
    expect_fault(assemble(&(ps_load_options){.path = "in/s.json"}), PS_ERR_INPUT, "PATH",
                 "inside the scenario's folder");
    expect_fault(assemble(&(ps_load_options){.path = "in/link.json"}), PS_ERR_INPUT, "PATH",
                 "inside");
    ps_faults_free(&faults);
    ck_assert_int_eq(assemble(&(ps_load_options){.path = "in/s.json", .allow_outside = true}),
                     PS_OK);
    expect("{\"a\":1}");
}
END_TEST

START_TEST(a_file_in_the_folder_may_be_named_by_detour)
{
    ck_assert_int_eq(mkdir("in", 0777), 0);
    put("base.json", "{\"a\": 1}");
    put("s.json", "{\"extends\": \"in/../base.json\"}");
    ck_assert_int_eq(assemble(&(ps_load_options){.path = "s.json"}), PS_OK);
    expect("{\"a\":1}");
}
END_TEST

START_TEST(cycles_are_found_through_links)
{
    put("a.json", "{\"extends\": \"b.json\"}");
    put("b.json", "{\"extends\": \"c.json\"}");
    ck_assert_int_eq(symlink("a.json", "c.json"), 0);
    expect_fault(assemble(&(ps_load_options){.path = "a.json"}), PS_ERR_INPUT, "CYCLE",
                 "a.json -> b.json -> c.json");
}
END_TEST

START_TEST(a_long_chain_is_refused)
{
    char name[20], text[60];

    for (int i = 0; i < 30; i++) {
        snprintf(name, sizeof name, "f%d.json", i);
        snprintf(text, sizeof text, "{\"extends\": \"f%d.json\"}", i + 1);
        put(name, text);
    }
    expect_fault(assemble(&(ps_load_options){.path = "f0.json"}), PS_ERR_INPUT, "LIMIT",
                 "16 files");
}
END_TEST

START_TEST(what_cannot_be_read_is_a_file_error)
{
    ck_assert_int_eq(mkdir("dir", 0777), 0);
    ck_assert_int_eq(mkfifo("pipe", 0666), 0);
    expect_fault(assemble(&(ps_load_options){.path = "no.json"}), PS_ERR_FILE, "NOT_FOUND",
                 "no such file");
    expect_fault(assemble(&(ps_load_options){.path = "dir"}), PS_ERR_FILE, "NOT_FILE",
                 "not a regular file");
    expect_fault(assemble(&(ps_load_options){.path = "pipe"}), PS_ERR_FILE, "NOT_FILE",
                 "not a regular file");
    expect_fault(assemble(&(ps_load_options){.path = "/dev/zero"}), PS_ERR_FILE, "NOT_FILE",
                 "not a regular file");
    if (geteuid() != 0) { /* root may read everything */
        put("secret.json", "{}");
        ck_assert_int_eq(chmod("secret.json", 0), 0);
        expect_fault(assemble(&(ps_load_options){.path = "secret.json"}), PS_ERR_FILE, "PERMISSION",
                     "denied");
    }
}
END_TEST

START_TEST(a_large_file_is_refused_before_it_is_read)
{
    put("large.json", "{}");
    ck_assert_int_eq(truncate("large.json", 100 << 20), 0);
    expect_fault(assemble(&(ps_load_options){.path = "large.json"}), PS_ERR_INPUT, "LIMIT",
                 "larger than 16 MiB");
}
END_TEST

START_TEST(too_many_values_are_refused_over_all_files)
{
    ps_string list = {0};

    for (int i = 0; i < 100000; i++) {
        ps_string_format(&list, "%c0", i == 0 ? '[' : ',');
    }
    ps_string_format(&list, "]}");

    ps_string base = {0}, file = {0};

    ps_string_format(&base, "{\"a\": %s", list.data);
    ps_string_format(&file, "{\"extends\": \"base.json\", \"b\": %s", list.data);
    put("base.json", base.data);
    put("s.json", file.data);
    ck_assert_int_eq(assemble(&(ps_load_options){.path = "base.json"}), PS_OK);
    expect_fault(assemble(&(ps_load_options){.path = "s.json"}), PS_ERR_INPUT, "LIMIT",
                 "too many values");
    ck_assert_str_eq(faults.items[0].file, "base.json");
    ps_string_free(&list);
    ps_string_free(&base);
    ps_string_free(&file);
}
END_TEST

START_TEST(a_scenario_sent_as_text_names_no_files)
{
    static const char text[] = "{\"extends\": \"base.json\"}tail";

    put("base.json", "{}");
    expect_fault(assemble(&(ps_load_options){.text = text, .text_length = sizeof text - 5}),
                 PS_ERR_INPUT, "PATH", "cannot name files");
}
END_TEST

START_TEST(standard_input_is_read)
{
    put("in.json", "{\"a\": 1}");
    ck_assert_ptr_nonnull(freopen("in.json", "r", stdin));
    ck_assert_int_eq(assemble(&(ps_load_options){.path = "-"}), PS_OK);
    expect("{\"a\":1}");
    ck_assert_str_eq(ps_tree_origin(&assembly.tree, assembly.root).file, "(standard input)");
}
END_TEST

START_TEST(an_unknown_plan_lists_those_there_are)
{
    put("s.json", "{\"plans\": {\"cut\": {}, \"match\": 5}}");
    expect_fault(assemble(&(ps_load_options){.path = "s.json", .plan = "rise"}), PS_ERR_INPUT,
                 "REF", "no plan 'rise'");
    ck_assert_str_eq(faults.items[0].hint, "plans are cut, match");
    expect_fault(assemble(&(ps_load_options){.path = "s.json", .plan = "match"}), PS_ERR_INPUT,
                 "TYPE", "an object");
    put("t.json", "{}");
    expect_fault(assemble(&(ps_load_options){.path = "t.json", .plan = "rise"}), PS_ERR_INPUT,
                 "REF", "no plan");
}
END_TEST

START_TEST(a_set_without_pointer_or_value_is_refused)
{
    static const char *const refused[] = {"a=1", "/a", "=1", ""};

    put("s.json", "{}");
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        expect_fault(
            assemble(&(ps_load_options){.path = "s.json", .sets = &refused[i], .set_count = 1}),
            PS_ERR_INPUT, "POINTER", "is not POINTER=VALUE");
    }
}
END_TEST

START_TEST(patched_prices_of_today_are_noted)
{
    static const char *const sets[] = {"/competitors/c/offers/x/price=7", "/offers/b/list_price=2",
                                       "/offers/new/list_price=3"};

    put("base.json", "{\"offers\": {\"a\": {\"list_price\": 1.0}, \"b\": {\"list_price\": 2}},"
                     "\"competitors\": {\"c\": {\"offers\": {\"x\": {\"price\": 5}}}}}");
    put("s.json",
        "{\"extends\": \"base.json\", \"offers\": {\"a\": {\"list_price\": 1}}}"); /* the same
                                                                                      number */
    ck_assert_int_eq(assemble(&(ps_load_options){.path = "s.json", .sets = sets, .set_count = 3}),
                     PS_OK);
    ck_assert_int_eq(assembly.altered_count, 1);
    ck_assert_str_eq(assembly.altered[0].pointer, "/competitors/c/offers/x/price");
    ck_assert_str_eq(assembly.altered[0].origin.file, "--set");
}
END_TEST

START_TEST(a_syntax_error_in_a_definition_file_names_that_file)
{
    put("market.json", "{\n \"a\": tru}");
    put("s.json", "{\"market\": \"market.json\"}");
    expect_fault(assemble(&(ps_load_options){.path = "s.json"}), PS_ERR_INPUT, "SYNTAX",
                 "unknown literal");
    ck_assert_str_eq(faults.items[0].file, "market.json");
    ck_assert_int_eq(faults.items[0].line, 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("assemble");
    TCase *tests = tcase_create("assemble");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, base_then_file_then_plan_then_set);
    tcase_add_test(tests, definition_files_are_read_in_place_before_the_patch);
    tcase_add_test(tests, paths_are_relative_to_the_file_that_names_them);
    tcase_add_test(tests, files_outside_the_folder_need_a_permission);
    tcase_add_test(tests, a_file_in_the_folder_may_be_named_by_detour);
    tcase_add_test(tests, cycles_are_found_through_links);
    tcase_add_test(tests, a_long_chain_is_refused);
    tcase_add_test(tests, what_cannot_be_read_is_a_file_error);
    tcase_add_test(tests, a_large_file_is_refused_before_it_is_read);
    tcase_add_test(tests, too_many_values_are_refused_over_all_files);
    tcase_add_test(tests, a_scenario_sent_as_text_names_no_files);
    tcase_add_test(tests, standard_input_is_read);
    tcase_add_test(tests, an_unknown_plan_lists_those_there_are);
    tcase_add_test(tests, a_set_without_pointer_or_value_is_refused);
    tcase_add_test(tests, patched_prices_of_today_are_noted);
    tcase_add_test(tests, a_syntax_error_in_a_definition_file_names_that_file);
    suite_add_tcase(suite, tests);

    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_ENV);

    const int failed = srunner_ntests_failed(runner);

    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
