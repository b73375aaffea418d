/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Currency codes of ISO 4217. */
#ifndef PS_SCENARIO_CURRENCY_H
#define PS_SCENARIO_CURRENCY_H

#include <stdbool.h>

/* Whether the code is in use; if not, `near` is the code that may have been meant, or NULL. */
bool ps_currency_known(const char *code, const char **near);

#endif
