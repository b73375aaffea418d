/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help and man page, both from the command tables. */
#include <stdio.h>
#include <string.h>

#include "app/app.h"
#include "base/text.h"
#include "base/version.h"

static const char intro[] =
    "A pricing and promotion simulator: reads a scenario of a market or a sales pipeline, "
    "simulates its futures, and says what is likely, how sure that is, and what promotions "
    "really earn.";

static const struct {
    int code;
    const char *meaning;
} exit_codes[] = {
    {0, "done"},
    {1, "a check failed and nothing else"},
    {2, "wrong command line"},
    {3, "wrong scenario or data; with --strict also a warning"},
    {4, "a file cannot be read or written"},
    {5, "work or memory over the limit"},
    {6, "internal error"},
    {124, "with --mpi: a rank hangs, or the network between them is cut off"},
    {130, "interrupted by Ctrl-C (143: terminated); what was done is written and marked PARTIAL"},
};

static const struct {
    const char *line, *meaning;
} examples[] = {
    {"pricesim run scenario.json", "the projection on the terminal"},
    {"pricesim run scenario.json --shard 3/8 -o 3.shard", "an eighth of it, for pricesim merge"},
    {"pricesim run scenario.json --plan match -o match.json", "one of its plans, for programs"},
    {"pricesim compare scenario.json", "its plans against each other, in the same futures"},
    {"pricesim respond scenario.json", "its plans against what competitors may do"},
    {"pricesim check scenarios", "their rules and baselines, for CI"},
    {"pricesim run scenario.json --set /offers/standard/pricing/price=45000",
     "with one input changed"},
    {"pricesim explain scenario.json /funnel", "what was understood of the funnel"},
};

/* Wraps ASCII text at 80 columns. */
static void print_wrapped(const char *text, int indent)
{
    int column = 0;

    for (const char *word = text; *word != '\0';) {
        const int length = (int)strcspn(word, " ");

        if (column > indent && column + 1 + length > 80) {
            putchar('\n');
            column = 0;
        }
        column += column == 0 ? printf("%*s%.*s", indent, "", length, word)
                              : printf(" %.*s", length, word);
        word += length;
        word += *word == ' ' ? 1 : 0;
    }
    putchar('\n');
}

static void print_option(const ps_option *option)
{
    char letter[8] = "    ";

    if (option->letter != 0) {
        snprintf(letter, sizeof letter, "-%c, ", option->letter);
    }
    printf("  %s--%s%s%s\n", letter, option->name, option->argument == NULL ? "" : " ",
           option->argument == NULL ? "" : option->argument);
    print_wrapped(option->doc, 10);
}

void ps_help_command(const ps_command *command)
{
    printf("usage: pricesim %s%s%s%s\n\n", command->name,
           command->options == NULL ? "" : " [options]", command->arguments[0] == '\0' ? "" : " ",
           command->arguments);
    print_wrapped(command->doc, 0);
    if (command->options != NULL) {
        printf("\noptions:\n");
    }
    for (int list = 0; command->options != NULL && command->options[list] != NULL; list++) {
        for (const ps_option *option = command->options[list]; option->name != NULL; option++) {
            print_option(option);
        }
    }
}

void ps_help_overview(void)
{
    printf("usage: pricesim COMMAND [options] ...\n\n");
    print_wrapped(intro, 0);
    printf("\ncommands:\n");
    for (int i = 0; ps_commands[i] != NULL; i++) {
        printf("  %-10s %s\n", ps_commands[i]->name, ps_commands[i]->summary);
    }
    printf("\n'pricesim help COMMAND' lists the options of a command.\n\nexit codes:\n");
    for (size_t i = 0; i < sizeof exit_codes / sizeof *exit_codes; i++) {
        printf("  %3d  %s\n", exit_codes[i].code, exit_codes[i].meaning);
    }
}

/* Dashes and backslashes mean something to troff. */
static void print_troff(const char *text)
{
    if (text[0] == '.' || text[0] == '\'') {
        fputs("\\&", stdout);
    }
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '-') {
            fputs("\\-", stdout);
        } else if (*c == '\\') {
            fputs("\\e", stdout);
        } else {
            putchar(*c);
        }
    }
}

static void print_troff_option(const ps_option *option)
{
    fputs(".TP\n\\fB", stdout);
    if (option->letter != 0) {
        printf("\\-%c\\fR, \\fB", option->letter);
    }
    fputs("\\-\\-", stdout);
    print_troff(option->name);
    fputs("\\fR", stdout);
    if (option->argument != NULL) {
        fputs(" \\fI", stdout);
        print_troff(option->argument);
        fputs("\\fR", stdout);
    }
    putchar('\n');
    print_troff(option->doc);
    putchar('\n');
}

static void print_troff_command(const ps_command *command)
{
    printf(".SS pricesim %s%s %s\n", command->name, command->options == NULL ? "" : " [options]",
           command->arguments);
    print_troff(command->doc);
    putchar('\n');
    for (int list = 0; command->options != NULL && command->options[list] != NULL; list++) {
        for (const ps_option *option = command->options[list]; option->name != NULL; option++) {
            print_troff_option(option);
        }
    }
}

void ps_help_man_page(void)
{
    printf(".TH PRICESIM 1 \"\" \"pricesim %s\" \"User Commands\"\n", PS_VERSION);
    fputs(".SH NAME\npricesim \\- pricing and promotion simulator\n", stdout);
    fputs(".SH SYNOPSIS\n.B pricesim\n.I COMMAND\n[options] ...\n.SH DESCRIPTION\n", stdout);
    print_troff(intro);
    fputs("\nStandard output carries only the answer; warnings, errors and progress go to standard "
          "error.\n",
          stdout);
    fputs(".SH COMMANDS\n", stdout);
    for (int i = 0; ps_commands[i] != NULL; i++) {
        print_troff_command(ps_commands[i]);
    }
    fputs(".SH EXIT STATUS\n", stdout);
    for (size_t i = 0; i < sizeof exit_codes / sizeof *exit_codes; i++) {
        printf(".TP\n.B %d\n", exit_codes[i].code);
        print_troff(exit_codes[i].meaning);
        putchar('\n');
    }
    fputs(".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nWhen not empty, no colours but with --color "
          "always.\n.TP\n.B CLICOLOR_FORCE\nWhen not empty nor 0, colours on standard output that "
          "is no terminal.\n.TP\n.B CLICOLOR\nWhen 0, no colours on a terminal.\n.SH EXAMPLES\n",
          stdout);
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        fputs(".TP\n.B ", stdout);
        print_troff(examples[i].line);
        putchar('\n');
        print_troff(examples[i].meaning);
        putchar('\n');
    }
}
