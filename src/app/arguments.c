/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parses a command line by the command's tables. Not getopt_long: it takes any unambiguous
 * beginning of an option, so that a new option breaks old scripts, and it cannot be told not to. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "base/text.h"

enum { MAX_OPTIONS = 64 };

ps_status ps_usage_error(const char *format, ...)
{
    va_list arguments;

    fputs("pricesim: error[USAGE] ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return PS_ERR_USAGE;
}

ps_status ps_memory_error(void)
{
    fputs("pricesim: error[MEMORY] out of memory\n", stderr);
    return PS_ERR_LIMIT;
}

/* Every command has it. */
static const ps_option help_option = {"help", 'h', NULL, "Show the help of the command."};

static const ps_option *find_option(const ps_command *command, const char *name, size_t length,
                                    char letter)
{
    for (int list = 0; command->options != NULL && command->options[list] != NULL; list++) {
        for (const ps_option *option = command->options[list]; option->name != NULL; option++) {
            if (letter != 0
                    ? option->letter == letter
                    : strlen(option->name) == length && strncmp(option->name, name, length) == 0) {
                return option;
            }
        }
    }
    return letter == 'h' || (length == 4 && strncmp(name, "help", 4) == 0) ? &help_option : NULL;
}

static ps_status unknown_option(const ps_command *command, const char *text)
{
    const char *names[MAX_OPTIONS];
    const char *nearest;
    char word[64];
    size_t count = 0;

    for (int list = 0; command->options != NULL && command->options[list] != NULL; list++) {
        for (const ps_option *option = command->options[list]; option->name != NULL; option++) {
            if (count < MAX_OPTIONS) {
                names[count++] = option->name;
            }
        }
    }
    snprintf(word, sizeof word, "%.*s", (int)(strcspn(text, "=") < 60 ? strcspn(text, "=") : 60),
             text);
    nearest = strncmp(word, "--", 2) == 0 ? ps_text_suggest(word + 2, names, count) : NULL;
    if (nearest != NULL) {
        return ps_usage_error("%s: unknown option '%s'; did you mean --%s?", command->name, word,
                              nearest);
    }
    return ps_usage_error("%s: unknown option '%s'; see 'pricesim help %s'", command->name, word,
                          command->name);
}

/* One option at argv[*at], its value in the same or the next argument. */
static ps_status parse_option(ps_arguments *out, int argc, char **argv, int *at)
{
    const char *text = argv[*at];
    const bool is_long = text[1] == '-';
    const char *value = NULL;
    const ps_option *option;

    if (is_long) {
        const size_t length = strcspn(text + 2, "=");

        option = find_option(out->command, text + 2, length, 0);
        value = text[2 + length] == '=' ? text + 3 + length : NULL;
    } else {
        option = find_option(out->command, NULL, 0, text[1]);
        value = text[2] != '\0' ? text + 2 : NULL;
    }
    if (option == NULL) {
        return unknown_option(out->command, text);
    }
    if (option->argument == NULL && value != NULL) {
        return ps_usage_error("%s: option --%s takes no value", out->command->name, option->name);
    }
    if (option->argument != NULL && value == NULL) {
        if (*at + 1 >= argc) {
            return ps_usage_error("%s: option --%s needs a value: %s", out->command->name,
                                  option->name, option->argument);
        }
        value = argv[++*at];
    }
    out->given[out->given_count++] = (ps_given_option){option, value};
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
    bool operands_only = false;

    *out = (ps_arguments){.command = command};
    out->given = calloc((size_t)argc + 1, sizeof *out->given);
    out->operands = calloc((size_t)argc + 1, sizeof *out->operands);
    if (out->given == NULL || out->operands == NULL) {
        return ps_memory_error();
    }
    for (int i = 0; i < argc; i++) {
        if (operands_only || argv[i][0] != '-' || argv[i][1] == '\0') {
            out->operands[out->operand_count++] = argv[i];
        } else if (strcmp(argv[i], "--") == 0) {
            operands_only = true;
        } else if (parse_option(out, argc, argv, &i) != PS_OK) {
            return PS_ERR_USAGE;
        }
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

const ps_option ps_load_options_list[] = {
    {"plan", 0, "ID", "Run the plan ID of the scenario's `plans` in place of the scenario itself."},
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
    {"format", 0, "NAME", "text, json or csv."},
    {"width", 0, "N", "Columns of text, 40 to 200; otherwise the terminal's, or 80."},
    {"ascii", 0, NULL, "Text without characters beyond ASCII of our own."},
    {"no-color", 0, NULL,
     "No colours; they are only used on a terminal, and NO_COLOR turns them off, too."},
    {0},
};
