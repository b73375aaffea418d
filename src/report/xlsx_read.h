/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scenario of a workbook's sheet "Inputs". */
#ifndef PS_REPORT_XLSX_READ_H
#define PS_REPORT_XLSX_READ_H

#include "base/status.h"
#include "base/text.h"

/* Appends the scenario as JSON. A workbook may come from anybody: what it unpacks to is bounded,
 * its XML may not declare anything. PS_ERR_FILE or PS_ERR_INPUT with a fault, or PS_ERR_LIMIT. */
ps_status ps_xlsx_read_scenario(const char *path, ps_string *json, ps_faults *faults);

#endif
