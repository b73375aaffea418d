/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents that were stored as JSON, and come back as they were: the member `layout` says what
 * stands where (titles, columns, labels, units); the numbers are those that programs read. */
#ifndef PS_REPORT_STORED_H
#define PS_REPORT_STORED_H

#include "base/status.h"
#include "doc/doc.h"
#include "json/write.h"

/* Members of `layout`, and of one of its blocks. `*dates` are those of the series before, which are
 * not repeated. */
void ps_stored_write_head(ps_writer *writer, const ps_doc *doc);
void ps_stored_write_block(ps_writer *writer, const ps_doc_block *block, const int **dates);

/* Reads a JSON report into a zeroed document. PS_ERR_INPUT with one fault when it is not one or was
 * damaged, PS_ERR_LIMIT when memory runs out. Free the document in any case. */
ps_status ps_stored_read(const char *file, const char *text, size_t length, ps_doc *doc,
                         ps_faults *faults);

#endif
