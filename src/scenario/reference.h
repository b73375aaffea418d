/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docs/scenario-reference.md, from the field tables. */
#ifndef PS_SCENARIO_REFERENCE_H
#define PS_SCENARIO_REFERENCE_H

#include "base/field.h"
#include "base/text.h"

/* Appends a Markdown page: one section per shape with a table of its keys. */
void ps_reference_write(const ps_shape *root, ps_string *out);

#endif
