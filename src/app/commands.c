/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of commands. */
#include <stddef.h>

#include "app/app.h"

const ps_command *const ps_commands[] = {
#define PS_COMMAND(name) &ps_command_##name,
#include "app/commands.def"
#undef PS_COMMAND
    NULL,
};
