/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program: finds the command, runs it, and turns its status into the exit code. */
#include <errno.h>
#include <gsl/gsl_errno.h>
#include <stdio.h>
#include <string.h>

#include "app/app.h"
#include "app/signals.h"

/* --help and --version are commands, too. */
static const char *command_name(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 ? "help"
           : strcmp(word, "--version") == 0                       ? "version"
                                                                  : word;
}

static const ps_command *find_command(const char *name)
{
    for (int i = 0; ps_commands[i] != NULL; i++) {
        if (strcmp(ps_commands[i]->name, name) == 0) {
            return ps_commands[i];
        }
    }
    return NULL;
}

static ps_status run(int argc, char **argv)
{
    const ps_command *command = argc < 2 ? NULL : find_command(command_name(argv[1]));
    ps_arguments arguments;
    ps_status status;

    if (argc < 2) {
        return ps_usage_error("a command expected; see 'pricesim help'");
    }
    if (command == NULL) { /* let help find the nearest one */
        status = ps_arguments_parse(&ps_command_help, 2, argv, &arguments);
        status = status == PS_OK ? ps_command_help.run(&arguments) : status;
        ps_arguments_free(&arguments);
        return status;
    }
    status = ps_arguments_parse(command, argc - 1, argv + 1, &arguments);
    if (status == PS_OK && ps_arguments_has(&arguments, "help")) {
        ps_help_command(command);
    } else if (status == PS_OK) {
        status = command->run(&arguments);
    }
    ps_arguments_free(&arguments);
    return status;
}

/* The locale stays "C": numbers are read and written alike everywhere. */
int main(int argc, char **argv)
{
    ps_status status;

    gsl_set_error_handler_off(); /* it would abort; statuses are checked where they matter */
    ps_signals_install();
    status = run(argc, argv);
    if ((fflush(stdout) != 0 || ferror(stdout)) && status == PS_OK) {
        fprintf(stderr, "pricesim: error[FILE] cannot write standard output: %s\n",
                strerror(errno));
        status = PS_ERR_FILE;
    }
    return (int)status;
}
