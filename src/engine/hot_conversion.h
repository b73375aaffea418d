/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conversions of the stages for the deals of each cell: hot_conversion.c. */
#ifndef PS_ENGINE_HOT_CONVERSION_H
#define PS_ENGINE_HOT_CONVERSION_H

#include "engine/hot.h"

/* Of all stages, and before and after the choice stage. */
void ps_hot_conversions(ps_work *w);

/* Chances c become what the odds of the cell's owners make of them, one after the other; NULL ends
 * the list. */
void ps_hot_change_odds(const ps_work *w, const ps_number *const odds[PS_STAGE_OWNERS], int s,
                        double *restrict c);

#endif
