/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/checking.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analysis/project.h"
#include "base/file.h"
#include "report/report.h"
#include "json/scan.h"

enum { MAX_FILES = 10000, MAX_DEPTH = 16 };
static const char suffix[] = ".json", baseline_suffix[] = ".baseline.json";

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), tail = strlen(end);

    return length > tail && strcmp(text + length - tail, end) == 0;
}

void ps_scenarios_free(ps_scenario_list *list)
{
    ps_arena_free(&list->arena);
    *list = (ps_scenario_list){0};
}

/* Only scenarios carry the key "pricesim". A file that is no JSON is taken, too: its fault is to be
 * seen. */
static bool is_scenario(const char *path)
{
    ps_tree tree = {0};
    ps_node *root = NULL;
    ps_faults faults = {0};
    ps_string text = {0};
    bool taken = true;

    if (ps_file_read(path, PS_JSON_MAX_BYTES, &text) == PS_FILE_READ &&
        ps_tree_parse(&tree, path, text.data == NULL ? "" : text.data, text.length, &root,
                      &faults) == PS_OK) {
        taken = ps_node_find(root, "pricesim") != NULL;
    }
    ps_node_free(root);
    ps_tree_free(&tree);
    ps_faults_free(&faults);
    ps_string_free(&text);
    return taken;
}

static ps_status add_file(ps_scenario_list *list, const char *path)
{
    const char *kept = ps_arena_text(&list->arena, path, strlen(path));

    if (kept == NULL || list->count == MAX_FILES) {
        return kept == NULL ? ps_memory_error()
                            : ps_usage_error("more than %d scenarios", MAX_FILES);
    }
    list->files[list->count++] = kept;
    return PS_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static ps_status file_error(const char *path)
{
    ps_say("error[FILE] cannot read %s: %s", path, strerror(errno));
    return PS_ERR_FILE;
}

static ps_status add_folder(ps_scenario_list *list, const char *path, int depth)
{
    DIR *folder = opendir(path);
    ps_status status = PS_OK;

    if (folder == NULL) {
        return file_error(path);
    }
    for (struct dirent *e; status == PS_OK && (e = readdir(folder)) != NULL;) {
        const char *inner = e->d_name[0] == '.'
                                ? NULL
                                : ps_arena_format(&list->arena, "%s%s%s", path,
                                                  ends_with(path, "/") ? "" : "/", e->d_name);
        struct stat info;

        if (inner == NULL || stat(inner, &info) != 0) {
            continue;
        }
        if (S_ISDIR(info.st_mode)) {
            status = depth < MAX_DEPTH ? add_folder(list, inner, depth + 1) : PS_OK;
        } else if (S_ISREG(info.st_mode) && ends_with(inner, suffix) &&
                   !ends_with(inner, baseline_suffix) && is_scenario(inner)) {
            status = add_file(list, inner);
        }
    }
    closedir(folder);
    return status;
}

ps_status ps_scenarios_find(const ps_arguments *arguments, ps_scenario_list *out)
{
    ps_status status = PS_OK;

    *out = (ps_scenario_list){0};
    out->files = ps_arena_alloc(&out->arena, MAX_FILES, sizeof *out->files);
    if (out->files == NULL) {
        return ps_memory_error();
    }
    for (int i = 0; i < arguments->operand_count && status == PS_OK; i++) {
        const char *path = arguments->operands[i];
        const int first = out->count;
        struct stat info;

        if (stat(path, &info) != 0) {
            status = file_error(path);
        } else if (S_ISDIR(info.st_mode)) {
            status = add_folder(out, path, 0);
            qsort(out->files + first, (size_t)(out->count - first), sizeof *out->files, by_name);
        } else {
            status = add_file(out, path);
        }
    }
    if (status == PS_OK && out->count == 0) {
        status = ps_usage_error("no scenario there: a scenario is a JSON file with the key "
                                "\"pricesim\"");
    }
    return status;
}

const char *ps_baseline_path(ps_arena *arena, const char *scenario)
{
    const size_t length = strlen(scenario);
    const int stem = (int)(ends_with(scenario, suffix) ? length - strlen(suffix) : length);

    return ps_arena_format(arena, "%.*s%s", stem, scenario, baseline_suffix);
}

ps_status ps_baseline_load(const char *path, ps_baseline *out, bool *there, ps_faults *faults)
{
    ps_tree tree = {0};
    ps_node *root = NULL;
    ps_string text = {0};
    const ps_file_outcome outcome = ps_file_read(path, PS_JSON_MAX_BYTES, &text);
    ps_status status = PS_OK;

    *there = outcome != PS_FILE_NOT_FOUND;
    *out = (ps_baseline){0};
    if (outcome == PS_FILE_NO_MEMORY) {
        status = ps_faults_no_memory(faults);
    } else if (outcome == PS_FILE_READ) {
        status = ps_tree_parse(&tree, path, text.data == NULL ? "" : text.data, text.length, &root,
                               faults);
        status = status == PS_OK ? ps_baseline_read(root, path, out, faults) : status;
    } else if (*there) {
        ps_fault_add(faults, ps_file_code(outcome), "", path, 0, 0, NULL, "%s",
                     ps_file_reason(outcome));
        status = PS_ERR_FILE;
    }
    ps_node_free(root);
    ps_tree_free(&tree);
    ps_string_free(&text);
    return status;
}

ps_status ps_result_tree(const ps_scenario *scenario, const ps_result *result, ps_tree *tree,
                         ps_node **root, ps_faults *faults)
{
    const ps_projection projection = {.scenario = scenario, .result = result};
    ps_doc doc = {0};
    ps_string text = {0};
    ps_status status = ps_project(&projection, &doc);

    status =
        status == PS_OK ? ps_reporter_json.write(&doc, &(ps_report_options){0}, &text) : status;
    status = status == PS_OK ? ps_tree_parse(tree, "(result)", text.data, text.length, root, faults)
                             : status;
    ps_doc_free(&doc);
    ps_string_free(&text);
    return status;
}
