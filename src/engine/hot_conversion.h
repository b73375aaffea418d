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

/* By what the deals of a cell go on: a conversion (NULL: the criteria alone), and odds. */
typedef struct {
    const ps_number *conversion;
    const ps_number *const *odds; /* [PS_STAGE_OWNERS] */
} ps_going;

/* Part of the deals of cell s that goes on from stage g: by its conversion and exit criteria, where
 * the next stage lets them in. */
void ps_hot_goes_on(const ps_work *w, int g, int s, const ps_going *how, double *restrict c);

#endif
