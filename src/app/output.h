/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a command's answer goes: standard output, or a file that is whole or not there. */
#ifndef PS_APP_OUTPUT_H
#define PS_APP_OUTPUT_H

#include "app/app.h"
#include "report/report.h"

typedef struct {
    const char *path; /* NULL: standard output */
    const ps_reporter *reporter;
    ps_report_options options;
} ps_output;

/* From --output, --format, --lang, --width, --ascii, --color. Checks that the file can be
 * written, before any work is done. PS_ERR_USAGE or PS_ERR_FILE after a message. */
ps_status ps_output_open(const ps_arguments *arguments, ps_output *out);

/* Whether a file can be written there. PS_ERR_USAGE or PS_ERR_FILE after a message. */
ps_status ps_output_check(const char *path);

/* In the language of --lang, if the format has one: that changes the document. PS_ERR_FILE or
 * PS_ERR_LIMIT after a message; an old file is intact then. */
ps_status ps_output_write(const ps_output *output, ps_doc *doc);

/* Writes a file, whole or not at all. PS_ERR_FILE after a message. */
ps_status ps_output_file(const char *path, const char *data, size_t length);

/* Writes bytes to standard output. */
ps_status ps_output_bytes(const char *data, size_t length);

#endif
