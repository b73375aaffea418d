/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON Schema (draft 2020-12) of scenario files, from the field tables. */
#ifndef PS_SCENARIO_SCHEMA_H
#define PS_SCENARIO_SCHEMA_H

#include "base/field.h"
#include "base/text.h"

/* Appends the schema of `root` and all it mentions. What a schema cannot say (sums, orders,
 * references) is checked when a scenario is loaded. */
void ps_schema_write(const ps_shape *root, ps_string *out);

#endif
