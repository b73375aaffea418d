/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parses a command line by the command's tables, with getopt_long. Only whole names of long options
 * pass: it takes any unambiguous beginning, so that a new option would break old scripts. */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "base/text.h"

enum { MAX_OPTIONS = 64, FIRST_NUMBER = 256 };

void ps_put_shown(const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t left = strlen(text), used = 0;
    char some[1024];

    while (left > 0) {
        const size_t length = ps_utf8_length(s, left), step = length == 0 ? 1 : length;
        const bool strange = ps_text_is_strange(s, length);

        if (used + 4 > sizeof some) {
            fwrite(some, 1, used, stderr);
            used = 0;
        }
        memcpy(some + used, strange ? (const void *)"\xef\xbf\xbd" : s, strange ? 3 : length);
        used += strange ? 3 : length;
        s += step;
        left -= step;
    }
    fwrite(some, 1, used, stderr);
}

static void say(const char *before, const char *format, va_list arguments)
{
    char text[8192];
    const int used = snprintf(text, sizeof text, "pricesim: %s", before);

    vsnprintf(text + used, sizeof text - (size_t)used, format, arguments);
    ps_put_shown(text);
    fputc('\n', stderr);
}

void ps_say(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say("", format, arguments);
    va_end(arguments);
}

ps_status ps_usage_error(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say("error[USAGE] ", format, arguments);
    va_end(arguments);
    return PS_ERR_USAGE;
}

ps_status ps_memory_error(void)
{
    fputs("pricesim: error[MEMORY] out of memory\n", stderr);
    return PS_ERR_LIMIT;
}

/* Every command has it. */
static const ps_option help_option = {"help", 'h', NULL, "Show the help of the command."};

/* A command's options as getopt_long takes them: known by their letters, or by numbers. */
typedef struct {
    const ps_option *option[MAX_OPTIONS];
    struct option longs[MAX_OPTIONS + 1];
    char letters[2 * MAX_OPTIONS + 3];
    int count;
} option_table;

static void add_option(option_table *table, const ps_option *option)
{
    const int index = table->count++;
    const bool flag = option->argument == NULL;
    char *letters = table->letters + strlen(table->letters);

    table->option[index] = option;
    table->longs[index] =
        (struct option){option->name, flag ? no_argument : required_argument, NULL,
                        option->letter != 0 ? option->letter : FIRST_NUMBER + index};
    if (option->letter != 0) {
        snprintf(letters, 3, "%c%s", option->letter, flag ? "" : ":");
    }
}

static option_table table_of(const ps_command *command)
{
    option_table table = {.letters =
                              "-:"}; /* operands come in their place, missing values as ':' */

    add_option(&table, &help_option);
    for (int list = 0; command->options != NULL && command->options[list] != NULL; list++) {
        const ps_option *option = command->options[list];

        for (; option->name != NULL && table.count < MAX_OPTIONS; option++) {
            add_option(&table, option);
        }
    }
    return table;
}

static ps_status unknown_option(const ps_command *command, const option_table *table,
                                const char *text)
{
    const char *names[MAX_OPTIONS];
    const char *nearest;
    char word[64];

    for (int i = 0; i < table->count; i++) {
        names[i] = table->option[i]->name;
    }
    snprintf(word, sizeof word, "%.*s", (int)(strcspn(text, "=") < 60 ? strcspn(text, "=") : 60),
             text);
    nearest =
        strncmp(word, "--", 2) == 0 ? ps_text_suggest(word + 2, names, (size_t)table->count) : NULL;
    if (nearest != NULL) {
        return ps_usage_error("%s: unknown option '%s'; did you mean --%s?", command->name, word,
                              nearest);
    }
    return ps_usage_error("%s: unknown option '%s'; see 'pricesim help %s'", command->name, word,
                          command->name);
}

/* What getopt_long says about the option that stands in `text`. */
static ps_status take_option(ps_arguments *out, const option_table *table, int code,
                             const char *text)
{
    const int wanted = code == '?' || code == ':' ? optopt : code;
    const char *command = out->command->name;
    const ps_option *option = NULL;

    for (int i = 0; i < table->count; i++) {
        option = table->longs[i].val == wanted ? table->option[i] : option;
    }
    if (option == NULL ||
        (text[1] == '-' && strcspn(text + 2, "=") != strlen(option->name))) { /* abbreviated */
        return unknown_option(out->command, table, text);
    }
    if (code == '?') {
        return ps_usage_error("%s: option --%s takes no value", command, option->name);
    }
    if (code == ':') {
        return ps_usage_error("%s: option --%s needs a value: %s", command, option->name,
                              option->argument);
    }
    out->given[out->given_count++] = (ps_given_option){option, optarg};
    return PS_OK;
}

static ps_status check_operands(const ps_arguments *out)
{
    const ps_command *command = out->command;

    if (out->operand_count < command->least) {
        return ps_usage_error("%s: something is missing; usage: pricesim %s %s", command->name,
                              command->name, command->arguments);
    }
    if (out->operand_count > command->most) {
        return ps_usage_error("%s: '%s' is one argument too many; usage: pricesim %s %s",
                              command->name, out->operands[command->most], command->name,
                              command->arguments);
    }
    return PS_OK;
}

ps_status ps_arguments_parse(const ps_command *command, int argc, char **argv, ps_arguments *out)
{
    const option_table table = table_of(command);
    size_t most = 1;
    int code, at = 1;

    for (int i = 1; i < argc; i++) {
        most += strlen(argv[i]) + 1; /* each letter may be an option */
    }
    *out = (ps_arguments){.command = command};
    out->given = calloc(most, sizeof *out->given);
    out->operands = calloc((size_t)argc, sizeof *out->operands);
    if (out->given == NULL || out->operands == NULL) {
        return ps_memory_error();
    }
    optind = 0; /* begin anew */
    opterr = 0;
    while ((code = getopt_long(argc, argv, table.letters, table.longs, NULL)) != -1) {
        if (code == 1) {
            out->operands[out->operand_count++] = optarg;
        } else if (take_option(out, &table, code, argv[at]) != PS_OK) {
            return PS_ERR_USAGE;
        }
        at = optind;
    }
    while (optind < argc) {
        out->operands[out->operand_count++] = argv[optind++];
    }
    return ps_arguments_has(out, "help") ? PS_OK : check_operands(out);
}

void ps_arguments_free(ps_arguments *arguments)
{
    free(arguments->given);
    free(arguments->operands);
    *arguments = (ps_arguments){0};
}

const char *ps_arguments_value(const ps_arguments *arguments, const char *option)
{
    for (int i = arguments->given_count - 1; i >= 0; i--) {
        if (strcmp(arguments->given[i].option->name, option) == 0) {
            return arguments->given[i].value;
        }
    }
    return NULL;
}

bool ps_arguments_has(const ps_arguments *arguments, const char *option)
{
    for (int i = 0; i < arguments->given_count; i++) {
        if (strcmp(arguments->given[i].option->name, option) == 0) {
            return true;
        }
    }
    return false;
}

ps_status ps_arguments_whole(const ps_arguments *arguments, const char *option, int64_t least,
                             int64_t most, int64_t *out)
{
    const char *text = ps_arguments_value(arguments, option);
    long long value;

    if (text == NULL) {
        return PS_OK;
    }
    if (text[0] == '\0' || strspn(text, "0123456789") != strlen(text)) {
        return ps_usage_error("--%s: a whole number expected, '%s' found", option, text);
    }
    errno = 0;
    value = strtoll(text, NULL, 10);
    if (errno != 0 || value < least || value > most) {
        return ps_usage_error("--%s: %s is not between %lld and %lld", option, text,
                              (long long)least, (long long)most);
    }
    *out = value;
    return PS_OK;
}

/* Bytes that no terminal should get, as octal escapes between dollar quotes. */
static bool append_strange(ps_string *text, const char *word)
{
    const unsigned char *s = (const unsigned char *)word;
    size_t left = strlen(word);
    bool strange = false;

    for (size_t at = 0; at < left && !strange;) {
        const size_t length = ps_utf8_length(s + at, left - at);

        strange = ps_text_is_strange(s + at, length);
        at += length == 0 ? 1 : length;
    }
    for (ps_string_format(text, strange ? " $'" : ""); strange && left > 0;) {
        const size_t length = ps_utf8_length(s, left), step = length == 0 ? 1 : length;

        for (size_t k = 0; k < step; k++) {
            const bool plain = !ps_text_is_strange(s, length) && s[k] != '\'' && s[k] != '\\';

            ps_string_format(text, plain ? "%c" : "\\%03o", s[k]);
        }
        s += step;
        left -= step;
    }
    ps_string_format(text, strange ? "'" : "");
    return strange;
}

/* A word as a shell reads it back: a POSIX one, but for words that hold what should not be shown.
 */
static void append_word(ps_string *text, const char *word)
{
    if (append_strange(text, word)) {
        return;
    }
    if (word[0] != '\0' &&
        word[strspn(word,
                    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,%@")] ==
            '\0') {
        ps_string_format(text, " %s", word);
        return;
    }
    ps_string_format(text, " '");
    for (const char *c = word; *c != '\0'; c++) {
        ps_string_append(text, *c == '\'' ? "'\\''" : c, *c == '\'' ? 4 : 1);
    }
    ps_string_format(text, "'");
}

void ps_command_line(const ps_arguments *arguments, const char *const *shown, ps_string *text)
{
    ps_string_format(text, "pricesim %s", arguments->command->name);
    for (int i = 0; i < arguments->operand_count; i++) {
        append_word(text, arguments->operands[i]);
    }
    for (int i = 0; i < arguments->given_count; i++) {
        const ps_given_option *given = &arguments->given[i];

        for (const char *const *name = shown; *name != NULL; name++) {
            if (strcmp(given->option->name, *name) == 0) {
                ps_string_format(text, " --%s", *name);
                if (given->value != NULL) {
                    append_word(text, given->value);
                }
            }
        }
    }
}

const ps_option ps_run_options_list[] = {
    {"paths", 'n', "N", "Simulated futures; short for --set /run/paths=N."},
    {"seed", 's', "N", "Seed of the random numbers; short for --set /run/seed=N."},
    {"threads", 't', "N", "Threads; all processors by default. The numbers do not depend on it."},
    {0},
};

const ps_option ps_load_options_list[] = {
    {"plan", 0, "ID",
     "Take the plan ID of the scenario's `plans` in place of the scenario itself."},
    {"set", 0, "POINTER=VALUE",
     "Set the value at a JSON Pointer, after everything else; VALUE is JSON, or else text. May be "
     "repeated."},
    {"allow-outside", 0, NULL, "Allow the scenario to name files outside its own folder."},
    {0},
};

const ps_option ps_fault_options_list[] = {
    {"strict", 0, NULL, "Treat warnings as errors: exit code 3."},
    {"json-errors", 0, NULL, "Errors and warnings as one JSON object on standard error."},
    {"quiet", 'q', NULL, "No warnings and no progress on standard error."},
    {0},
};

const ps_option ps_output_options_list[] = {
    {"output", 'o', "FILE", "Write to FILE, whole or not at all; its suffix chooses the format."},
    {"format", 0, "NAME", "text, json, csv, markdown, html or xlsx; check also junit and github."},
    {"lang", 0, "en|zh",
     "Language of what people read: text, markdown, xlsx, and html, which holds both and can be "
     "switched. JSON and CSV stay English."},
    {"width", 0, "N", "Columns of text, 40 to 200; otherwise the terminal's, or 80."},
    {"ascii", 0, NULL, "Text without characters beyond ASCII of our own."},
    {"color", 0, "WHEN",
     "Colours of text: always, never or auto. Auto, the default: on a terminal, unless NO_COLOR is "
     "set or TERM is dumb; CLICOLOR_FORCE=1 uses them elsewhere, CLICOLOR=0 nowhere."},
    {"no-color", 0, NULL, "Short for --color never."},
    {0},
};
