/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line: a table of commands, each with its options; the tables are parser, help and man
 * page. */
#ifndef PS_APP_H
#define PS_APP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "base/text.h"

typedef struct {
    const char *name;     /* without the dashes; NULL ends a list */
    char letter;          /* 0: none */
    const char *argument; /* name of its value in the help; NULL: a flag */
    const char *doc;
} ps_option;

typedef struct ps_arguments ps_arguments;

typedef struct {
    const char *name;
    const char *arguments;           /* "SCENARIO [POINTER]" */
    const char *summary;             /* one line */
    const char *doc;                 /* a paragraph */
    const ps_option *const *options; /* NULL-terminated list of lists */
    int least, most;                 /* operands */
    ps_status (*run)(const ps_arguments *arguments);
} ps_command;

extern const ps_command *const ps_commands[]; /* NULL-terminated, in the order of commands.def */

#define PS_COMMAND(name) extern const ps_command ps_command_##name;
#include "app/commands.def"
#undef PS_COMMAND

typedef struct {
    const ps_option *option;
    const char *value;
} ps_given_option;

/* A parsed command line; the texts are those of argv. */
struct ps_arguments {
    const ps_command *command;
    int given_count;
    ps_given_option *given; /* in order */
    int operand_count;
    const char **operands;
};

/* Parses what follows argv[0], the command's name. PS_ERR_USAGE after a message on standard error.
 */
ps_status ps_arguments_parse(const ps_command *command, int argc, char **argv, ps_arguments *out);
void ps_arguments_free(ps_arguments *arguments);

bool ps_arguments_has(const ps_arguments *arguments, const char *option);
const char *ps_arguments_value(const ps_arguments *arguments,
                               const char *option); /* the last one; NULL: not given */

/* The value as a whole number in [least, most]; `*out` stays when the option was not given. */
ps_status ps_arguments_whole(const ps_arguments *arguments, const char *option, int64_t least,
                             int64_t most, int64_t *out);

/* "pricesim COMMAND OPERANDS", and those of the options given that are in the NULL-terminated list
 * `shown`, as a POSIX shell reads them back. */
void ps_command_line(const ps_arguments *arguments, const char *const *shown, ps_string *text);

/* Text on standard error, with U+FFFD for what no terminal should get: names of files may hold
 * anything. Asks for no memory. */
void ps_put_shown(const char *text);
/* "pricesim: ..." on standard error, in the same way. */
__attribute__((format(printf, 1, 2))) void ps_say(const char *format, ...);
/* "pricesim: error[USAGE] ..." on standard error; returns PS_ERR_USAGE. */
__attribute__((format(printf, 1, 2))) ps_status ps_usage_error(const char *format, ...);

/* Says that memory ran out; returns PS_ERR_LIMIT. */
ps_status ps_memory_error(void);

/* Options that several commands share. */
extern const ps_option ps_run_options_list[];    /* --paths, --seed, --threads */
extern const ps_option ps_load_options_list[];   /* --set, --plan, --allow-outside */
extern const ps_option ps_fault_options_list[];  /* --strict, --json-errors, --quiet */
extern const ps_option ps_output_options_list[]; /* -o, --format, --lang, --ascii ... */

/* help.c */
void ps_help_overview(void);
void ps_help_command(const ps_command *command);
void ps_help_man_page(void);

#endif
