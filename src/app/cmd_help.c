/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pricesim help: of all commands, of one, or as a man page. */
#include <stdio.h>
#include <string.h>

#include "app/app.h"
#include "base/text.h"

static ps_status unknown_command(const char *name)
{
    const char *names[32];
    const char *nearest;
    size_t count = 0;

    for (; ps_commands[count] != NULL && count < 32; count++) {
        names[count] = ps_commands[count]->name;
    }
    nearest = ps_text_suggest(name, names, count);
    return nearest != NULL ? ps_usage_error("unknown command '%s'; did you mean %s?", name, nearest)
                           : ps_usage_error("unknown command '%s'; see 'pricesim help'", name);
}

static ps_status help_command(const ps_arguments *arguments)
{
    if (ps_arguments_has(arguments, "man")) {
        ps_help_man_page();
        return PS_OK;
    }
    if (arguments->operand_count == 0) {
        ps_help_overview();
        return PS_OK;
    }
    for (int i = 0; ps_commands[i] != NULL; i++) {
        if (strcmp(ps_commands[i]->name, arguments->operands[0]) == 0) {
            ps_help_command(ps_commands[i]);
            return PS_OK;
        }
    }
    return unknown_command(arguments->operands[0]);
}

static const ps_option own_options[] = {
    {"man", 0, NULL, "The whole manual as the source of a man page."},
    {0},
};
static const ps_option *const options[] = {own_options, NULL};

const ps_command ps_command_help = {
    .name = "help",
    .arguments = "[COMMAND]",
    .summary = "explain a command and its options",
    .doc = "Without COMMAND, lists the commands.",
    .options = options,
    .least = 0,
    .most = 1,
    .run = help_command,
};
