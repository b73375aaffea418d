/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table "checks" of a document, for the formats that hold nothing else. */
#ifndef PS_REPORT_CHECKS_H
#define PS_REPORT_CHECKS_H

#include "doc/doc.h"

/* NULL when the document has none. */
const ps_doc_table *ps_report_checks(const ps_doc *doc);

/* Text of the cell under `key` of a row, "" when there is none. */
const char *ps_report_check_text(const ps_doc_table *table, const ps_doc_row *row, const char *key);

/* Its number, 0 when there is none. */
int ps_report_check_number(const ps_doc_table *table, const ps_doc_row *row, const char *key);

#endif
