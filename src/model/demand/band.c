/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/demand/band.h"

#include "model/stage_change.h"

static const ps_field band_fields[] = {
    {.key = "share",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_band, share),
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of every segment's leads that scoring puts into the band; shares are scaled to "
            "sum to 1."},
    {.key = "shares",
     .type = PS_FIELD_NUMBER_MAP,
     .offset = offsetof(ps_band, shares),
     .max = 1,
     .refers = PS_REF_SEGMENT,
     .unit = PS_UNIT_FRAC,
     .doc = "Or the part of each segment's leads; a segment that is left out has none in it, and "
            "without any band its leads are not scored."},
    {.key = "stages",
     .type = PS_FIELD_MAP,
     .offset = offsetof(ps_band, stages),
     .sub = &ps_stage_change_shape,
     .max = 16,
     .doc = "What is otherwise in stages of the funnel; comes before a channel's or a sales "
            "model's change."},
    {.type = PS_FIELD_END},
};
const ps_shape ps_band_shape = {"band", sizeof(ps_band), band_fields,
                                "Leads that scoring rates alike (pipeline scope)."};
