/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reporters render any document. A format is one file and one line in reporter.def. */
#ifndef PS_REPORT_H
#define PS_REPORT_H

#include "base/status.h"
#include "base/text.h"
#include "doc/doc.h"
#include "report/language.h"

enum { PS_REPORT_MIN_WIDTH = 40, PS_REPORT_MAX_WIDTH = 200, PS_REPORT_WIDTH = 80 };

/* For formats that people read, most of them on a terminal; the others ignore them. */
typedef struct {
    int width;  /* columns; 0: PS_REPORT_WIDTH. Clamped to the limits above */
    bool ascii; /* no character beyond ASCII of our own */
    bool color; /* terminal colour codes */
    ps_language language;
} ps_report_options;

typedef struct {
    const char *name;      /* --format */
    const char *extension; /* of -o, without the dot; NULL: none */
    const char *doc;
    const char *only; /* the command whose documents it can show; NULL: all */
    bool binary;      /* for a file or a pipe, not for a terminal */
    bool speaks;      /* takes a document that was put into options->language */
    /* Appends the whole document to `out`. PS_OK, PS_ERR_LIMIT when memory ran out, or
     * PS_ERR_FILE when a temporary file could not be written. */
    ps_status (*write)(const ps_doc *doc, const ps_report_options *options, ps_string *out);
} ps_reporter;

extern const ps_reporter *const ps_reporters[]; /* NULL-terminated, in the order of reporter.def */

#define PS_REPORTER(name) extern const ps_reporter ps_reporter_##name;
#include "report/reporter.def"
#undef PS_REPORTER

/* By name, or by the suffix of a file's name; NULL when there is none. */
const ps_reporter *ps_reporter_named(const char *name);
const ps_reporter *ps_reporter_for_file(const char *path);

#endif
