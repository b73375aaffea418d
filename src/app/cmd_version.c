/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pricesim version: of the program, and of its random numbers. */
#include <stdio.h>

#include "app/app.h"
#include "base/version.h"
#include "engine/result.h"

static ps_status version_command(const ps_arguments *arguments)
{
    (void)arguments;
    printf("pricesim %s (random stream %d)\n", PS_VERSION, PS_STREAM_VERSION);
    return PS_OK;
}

const ps_command ps_command_version = {
    .name = "version",
    .arguments = "",
    .summary = "show the versions of the program and of its random numbers",
    .doc = "Equal stream versions give equal numbers for the same scenario, seed and paths.",
    .run = version_command,
};
