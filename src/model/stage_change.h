/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a channel, a sales model or a score band does otherwise in a stage of the funnel. */
#ifndef PS_MODEL_STAGE_CHANGE_H
#define PS_MODEL_STAGE_CHANGE_H

#include "math/number.h"

typedef struct {
    ps_entry entry;       /* id: the stage */
    ps_number conversion; /* of the choice stage: the win rate */
    ps_number odds;       /* or how many times those of going on are what they would be */
    ps_dwell days;
    ps_number effort; /* hours of a team */
} ps_stage_change;

extern const ps_shape ps_stage_change_shape;

/* The change of a stage, NULL when there is none. `changes` is a map of ps_stage_change. */
const ps_stage_change *ps_stage_change_of(const ps_map *changes, const char *stage);

#endif
