/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints faults: for people as compilers do, file:line:column first, so that editors jump there; or
 * as JSON. */
#include "app/faults.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "json/scan.h"
#include "json/write.h"

enum { MOST_SHOWN = 20 };

ps_fault_style ps_fault_style_of(const ps_arguments *arguments)
{
    return (ps_fault_style){.json = ps_arguments_has(arguments, "json-errors"),
                            .strict = ps_arguments_has(arguments, "strict"),
                            .quiet = ps_arguments_has(arguments, "quiet")};
}

static void print_fault(const ps_fault *fault, bool as_error)
{
    ps_put_shown(fault->file != NULL ? fault->file : "pricesim");
    if (fault->line > 0) {
        fprintf(stderr, ":%d:%d", fault->line, fault->column > 0 ? fault->column : 1);
    }
    fprintf(stderr, ": %s[%s] ", as_error ? "error" : "warning", fault->code);
    if (fault->pointer[0] != '\0') {
        ps_put_shown(fault->pointer);
        fputs(": ", stderr);
    }
    ps_put_shown(fault->message);
    if (fault->hint != NULL) {
        fputs("; ", stderr);
        ps_put_shown(fault->hint);
    }
    fputc('\n', stderr);
}

static void print_plain(const ps_faults *faults, ps_fault_style style)
{
    size_t shown[2] = {0, 0};
    const size_t all[2] = {faults->errors, faults->warnings};
    static const char *const nouns[2] = {"error", "warning"};

    for (size_t i = 0; i < faults->count; i++) {
        const ps_fault *fault = &faults->items[i];
        const int kind = fault->warning ? 1 : 0;

        if ((kind == 1 && style.quiet && !style.strict) || shown[kind] >= MOST_SHOWN) {
            continue;
        }
        shown[kind]++;
        print_fault(fault, kind == 0 || style.strict);
    }
    for (int kind = 0; kind < 2; kind++) {
        if (shown[kind] > 0 && all[kind] > shown[kind]) {
            fprintf(stderr, "and %zu more %s%s\n", all[kind] - shown[kind], nouns[kind],
                    all[kind] - shown[kind] == 1 ? "" : "s");
        }
    }
}

static void write_fault(ps_writer *writer, const ps_fault *fault)
{
    ps_write_on_one_line(writer);
    ps_write_object(writer);
    ps_write_key(writer, "code");
    ps_write_text(writer, fault->code);
    ps_write_key(writer, "pointer");
    ps_write_text(writer, fault->pointer);
    ps_write_key(writer, "file");
    ps_write_text(writer, fault->file);
    ps_write_key(writer, "line");
    ps_write_whole(writer, fault->line);
    ps_write_key(writer, "column");
    ps_write_whole(writer, fault->column);
    ps_write_key(writer, "message");
    ps_write_text(writer, fault->message);
    ps_write_key(writer, "hint");
    ps_write_text(writer, fault->hint);
    ps_write_object_end(writer);
}

static bool is_error(const ps_fault *fault, ps_fault_style style)
{
    return !fault->warning || style.strict;
}

/* false when there is no memory for it. */
static bool print_json(const ps_faults *faults, ps_fault_style style, bool no_memory)
{
    static const ps_fault memory = {.code = "MEMORY", .pointer = "", .message = "out of memory"};
    ps_string text = {0};
    ps_writer writer = {.out = &text, .pretty = true};

    ps_write_object(&writer);
    for (int warnings = 0; warnings < 2; warnings++) {
        ps_write_key(&writer, warnings ? "warnings" : "errors");
        ps_write_array(&writer);
        for (size_t i = 0; i < faults->count; i++) {
            if (is_error(&faults->items[i], style) == (warnings == 0)) {
                write_fault(&writer, &faults->items[i]);
            }
        }
        if (no_memory && warnings == 0) {
            write_fault(&writer, &memory);
        }
        ps_write_array_end(&writer);
    }
    ps_write_object_end(&writer);
    if (!text.failed) {
        fwrite(text.data, 1, text.length, stderr);
    }
    const bool fine = !text.failed;

    ps_string_free(&text);
    return fine;
}

/* Whether a fault says which limit it was; without one it was memory. */
static bool explains_limit(const ps_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++) {
        if (strcmp(faults->items[i].code, "LIMIT") == 0) {
            return true;
        }
    }
    return false;
}

ps_status ps_faults_print(const ps_faults *faults, ps_fault_style style, ps_status status)
{
    const ps_status verdict = ps_faults_verdict(faults, style, status);
    const bool no_memory =
        faults->no_memory || (verdict == PS_ERR_LIMIT && !explains_limit(faults));

    if (style.json && (no_memory || faults->errors + faults->warnings > 0)) {
        return print_json(faults, style, no_memory) ? verdict : ps_memory_error();
    }
    print_plain(faults, style);
    return no_memory ? ps_memory_error() : verdict;
}

ps_status ps_faults_verdict(const ps_faults *faults, ps_fault_style style, ps_status status)
{
    if (faults->no_memory) {
        return PS_ERR_LIMIT;
    }
    return status == PS_OK && style.strict && faults->warnings > 0 ? PS_ERR_INPUT : status;
}

ps_status ps_load_request_fill(const ps_arguments *arguments, const char *path,
                               ps_load_request *out)
{
    memset(out, 0, sizeof *out);
    out->options = (ps_load_options){.path = path,
                                     .plan = ps_arguments_value(arguments, "plan"),
                                     .sets = out->sets,
                                     .allow_outside = ps_arguments_has(arguments, "allow-outside")};
    for (int i = 0; i < arguments->given_count; i++) {
        const char *value = arguments->given[i].value;

        if (strcmp(arguments->given[i].option->name, "set") != 0) {
            continue;
        }
        if (value[0] != '/' || strchr(value, '=') == NULL) {
            return ps_usage_error("--set: POINTER=VALUE expected, like /run/paths=1000; '%s' found",
                                  value);
        }
        if (out->options.set_count + 8 >= PS_MAX_SETS) {
            return ps_usage_error("--set: more than %d of them", PS_MAX_SETS - 8);
        }
        out->sets[out->options.set_count++] = value;
    }
    return PS_OK;
}

static ps_status add_run(const ps_arguments *arguments, const char *option, char text[48],
                         const char *quote, ps_load_request *request)
{
    const char *value = ps_arguments_value(arguments, option);

    if (value == NULL) {
        return PS_OK;
    }
    if (value[0] == '\0' || strlen(value) > 20 || strspn(value, "0123456789") != strlen(value)) {
        return ps_usage_error("--%s: a whole number expected, '%s' found", option, value);
    }
    snprintf(text, 48, "/run/%s=%s%s%s", option, quote, value, quote);
    request->sets[request->options.set_count++] = text;
    return PS_OK;
}

ps_status ps_load_request_runs(const ps_arguments *arguments, ps_load_request *request)
{
    const ps_status status = add_run(arguments, "paths", request->paths, "", request);

    return status == PS_OK ? add_run(arguments, "seed", request->seed, "\"", request) : status;
}

ps_status ps_standard_input(ps_string *out, ps_faults *faults)
{
    const ps_file_outcome outcome = ps_file_read("-", PS_JSON_MAX_BYTES, out);

    if (outcome == PS_FILE_NO_MEMORY) {
        return PS_ERR_LIMIT;
    }
    if (outcome != PS_FILE_READ) {
        ps_fault_add(faults, ps_file_code(outcome), "", "(standard input)", 0, 0, NULL, "%s",
                     ps_file_reason(outcome));
        return PS_ERR_FILE;
    }
    return PS_OK;
}
