/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A score band: the leads of all segments that scoring rates alike. */
#ifndef PS_MODEL_BAND_H
#define PS_MODEL_BAND_H

#include "math/number.h"

typedef struct {
    ps_entry entry;
    ps_number share;      /* part of the leads of every segment, or */
    ps_number_map shares; /* SEGMENT: part of its leads */
    ps_map stages;        /* ps_stage_change */
} ps_band;

extern const ps_shape ps_band_shape;

#endif
