/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks as annotations of GitHub Actions: a line on standard output for each one that did not
 * pass, shown beside the line of the file, and one that counts them. */
#include <string.h>

#include "report/checks.h"
#include "report/report.h"

/* As the workflow commands want it; `property`: ',' and ':' too. */
static void append_escaped(ps_string *out, const char *text, bool property)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '%' || *c == '\r' || *c == '\n' || (property && (*c == ',' || *c == ':'))) {
            ps_string_format(out, "%%%02X", (unsigned char)*c);
        } else {
            ps_string_append(out, c, 1);
        }
    }
}

static const char *command_of(const char *verdict)
{
    return strcmp(verdict, "fail") == 0 || strcmp(verdict, "error") == 0 ? "error"
           : strcmp(verdict, "warn") == 0                                ? "warning"
           : strcmp(verdict, "pass") == 0                                ? NULL
                                                                         : "notice";
}

static ps_status write_github(const ps_doc *doc, const ps_report_options *options, ps_string *out)
{
    const ps_doc_table *table = ps_report_checks(doc);
    int checks = 0, bad = 0;

    (void)options;
    for (const ps_doc_row *row = table == NULL ? NULL : table->first; row != NULL;
         row = row->next) {
        const char *command = command_of(ps_report_check_text(table, row, "verdict"));

        checks++;
        if (command == NULL) {
            continue;
        }
        bad += strcmp(command, "error") == 0;
        ps_string_format(out, "::%s file=", command);
        append_escaped(out, ps_report_check_text(table, row, "file"), true);
        ps_string_format(out,
                         ",line=%d,title=pricesim::", ps_report_check_number(table, row, "line"));
        append_escaped(out, ps_report_check_text(table, row, "check"), false);
        ps_string_format(out, ": ");
        append_escaped(out, ps_report_check_text(table, row, "message"), false);
        ps_string_append(out, "\n", 1);
    }
    ps_string_format(out, "%d checks, %d failed\n", checks, bad);
    return out->failed ? PS_ERR_LIMIT : PS_OK;
}

const ps_reporter ps_reporter_github = {
    .name = "github",
    .extension = NULL,
    .doc = "Checks as annotations of GitHub Actions.",
    .only = "check",
    .write = write_github,
};
