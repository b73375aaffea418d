/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A channel: where buyers of the segments come from and buy. */
#ifndef PS_MODEL_CHANNEL_H
#define PS_MODEL_CHANNEL_H

#include "model/demand/segment.h"
#include "model/stage_change.h"

typedef struct {
    ps_rate rate;       /* money per unit of time; may be left out */
    ps_number per_lead; /* and per lead */
} ps_spend;

typedef struct {
    ps_entry entry;
    ps_number share;       /* part of the arrivals of every segment, or */
    ps_number_map shares;  /* SEGMENT: part of its arrivals, or */
    ps_arrivals *arrivals; /* own arrivals, */
    ps_number_map mix;     /* split over segments */
    ps_spend *spend;
    ps_number price;     /* relative to the list price */
    ps_number fee;       /* part of the invoice price */
    ps_number_map bands; /* BAND: part of its leads */
    ps_map stages;       /* ps_stage_change */
    ps_ref sold_by;      /* sales model */
} ps_channel;

extern const ps_shape ps_channel_shape;

#endif
