/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks as JUnit XML, as CI servers read it: a suite for each scenario. What is only warned of, or
 * cannot be told, is a skipped test. */
#include <string.h>

#include "report/checks.h"
#include "report/report.h"

/* Text of an attribute; what XML 1.0 cannot hold becomes '?'. */
static void append_escaped(ps_string *out, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        switch (*c) {
        case '&':
            ps_string_append(out, "&amp;", 5);
            break;
        case '<':
            ps_string_append(out, "&lt;", 4);
            break;
        case '>':
            ps_string_append(out, "&gt;", 4);
            break;
        case '"':
            ps_string_append(out, "&quot;", 6);
            break;
        case '\n':
            ps_string_append(out, "&#10;", 5);
            break;
        default:
            ps_string_append(out, (unsigned char)*c < 0x20 ? "?" : c, 1);
        }
    }
}

static void append_attribute(ps_string *out, const char *name, const char *value)
{
    ps_string_format(out, " %s=\"", name);
    append_escaped(out, value);
    ps_string_append(out, "\"", 1);
}

static bool is(const ps_doc_table *table, const ps_doc_row *row, const char *verdict)
{
    return strcmp(ps_report_check_text(table, row, "verdict"), verdict) == 0;
}

static void write_case(const ps_doc_table *table, const ps_doc_row *row, ps_string *out)
{
    const bool failed = is(table, row, "fail"), error = is(table, row, "error");

    ps_string_format(out, "    <testcase");
    append_attribute(out, "name", ps_report_check_text(table, row, "check"));
    append_attribute(out, "classname", row->id);
    append_attribute(out, "file", ps_report_check_text(table, row, "file"));
    ps_string_format(out, " line=\"%d\"", ps_report_check_number(table, row, "line"));
    if (is(table, row, "pass")) {
        ps_string_format(out, "/>\n");
        return;
    }
    ps_string_format(out, ">\n      <%s", failed ? "failure" : error ? "error" : "skipped");
    append_attribute(out, "message", ps_report_check_text(table, row, "message"));
    ps_string_format(out, "/>\n    </testcase>\n");
}

/* Rows of one scenario follow each other. Returns the first row of the next one. */
static const ps_doc_row *write_suite(const ps_doc_table *table, const ps_doc_row *first,
                                     ps_string *out)
{
    const ps_doc_row *end = first;
    int tests = 0, failures = 0, errors = 0, skipped = 0;

    for (; end != NULL && strcmp(end->id, first->id) == 0; end = end->next) {
        tests++;
        failures += is(table, end, "fail");
        errors += is(table, end, "error");
        skipped += is(table, end, "warn") || is(table, end, "cannot tell");
    }
    ps_string_format(out, "  <testsuite");
    append_attribute(out, "name", first->id);
    ps_string_format(out, " tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"%d\">\n", tests,
                     failures, errors, skipped);
    for (const ps_doc_row *row = first; row != end; row = row->next) {
        write_case(table, row, out);
    }
    ps_string_format(out, "  </testsuite>\n");
    return end;
}

static ps_status write_junit(const ps_doc *doc, const ps_report_options *options, ps_string *out)
{
    const ps_doc_table *table = ps_report_checks(doc);

    (void)options;
    ps_string_format(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for (const ps_doc_row *row = table == NULL ? NULL : table->first; row != NULL;) {
        row = write_suite(table, row, out);
    }
    ps_string_format(out, "</testsuites>\n");
    return out->failed ? PS_ERR_LIMIT : PS_OK;
}

const ps_reporter ps_reporter_junit = {
    .name = "junit",
    .extension = "xml",
    .doc = "Checks as JUnit XML, for CI servers.",
    .only = "check",
    .write = write_junit,
};
