/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading whole files: regular ones only, up to a size, so that a pipe or a device never blocks a
 * command. */
#ifndef PS_BASE_FILE_H
#define PS_BASE_FILE_H

#include "base/text.h"

typedef enum {
    PS_FILE_READ,
    PS_FILE_NOT_FOUND,
    PS_FILE_NOT_FILE, /* a folder, a pipe, a device */
    PS_FILE_PERMISSION,
    PS_FILE_TOO_LARGE,
    PS_FILE_TROUBLE, /* anything else: errno says what */
    PS_FILE_NO_MEMORY,
} ps_file_outcome;

/* Appends the content of `path`, or of standard input for "-", to `out`. A file of more than
 * `limit` bytes is refused before it is read. */
ps_file_outcome ps_file_read(const char *path, size_t limit, ps_string *out);

/* "NOT_FOUND", "NOT_FILE", "PERMISSION", "LIMIT", "FILE": code of the fault; NULL for PS_FILE_READ.
 */
const char *ps_file_code(ps_file_outcome outcome);

/* What went wrong, to stand behind the file's name: "no such file". */
const char *ps_file_reason(ps_file_outcome outcome);

#endif
