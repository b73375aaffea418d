/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of report formats. */
#include "report/report.h"

#include <string.h>
#include <strings.h>

const ps_reporter *const ps_reporters[] = {
#define PS_REPORTER(name) &ps_reporter_##name,
#include "report/reporter.def"
#undef PS_REPORTER
    NULL,
};

const ps_reporter *ps_reporter_named(const char *name)
{
    for (int i = 0; ps_reporters[i] != NULL; i++) {
        if (strcmp(ps_reporters[i]->name, name) == 0) {
            return ps_reporters[i];
        }
    }
    return NULL;
}

const ps_reporter *ps_reporter_for_file(const char *path)
{
    const char *dot = strrchr(path, '.');

    if (dot == NULL || strchr(dot, '/') != NULL) {
        return NULL;
    }
    for (int i = 0; ps_reporters[i] != NULL; i++) {
        if (ps_reporters[i]->extension != NULL &&
            strcasecmp(ps_reporters[i]->extension, dot + 1) == 0) {
            return ps_reporters[i];
        }
    }
    return NULL;
}
