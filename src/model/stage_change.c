/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/stage_change.h"

#include <string.h>

static const ps_field change_fields[] = {
    {.key = "conversion",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_stage_change, conversion),
     .flags = PS_NEEDS_RANGE,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of these deals that go on; of the choice stage: their win rate."},
    {.key = "odds",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_stage_change, odds),
     .flags = PS_NEEDS_RANGE | PS_OPEN_MIN,
     .max = 1000,
     .unit = PS_UNIT_RATIO,
     .doc = "Or the odds of going on (of the choice stage: of winning) as a multiple of what they "
            "would be otherwise."},
    {.key = "days",
     .type = PS_FIELD_DWELL,
     .offset = offsetof(ps_stage_change, days),
     .min = 0,
     .max = 3653,
     .unit = PS_UNIT_DAYS,
     .doc = "Time of these deals in the stage; {\"won\", \"lost\"} when lost deals take another "
            "time."},
    {.key = "effort",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_stage_change, effort),
     .max = 1e6,
     .unit = PS_UNIT_COUNT,
     .doc = "Hours that the team of the sales model works on such a deal in the stage."},
    {.type = PS_FIELD_END},
};
const ps_shape ps_stage_change_shape = {"stage_change", sizeof(ps_stage_change), change_fields,
                                        "What is otherwise in a stage of the funnel."};

const ps_stage_change *ps_stage_change_of(const ps_map *changes, const char *stage)
{
    const ps_stage_change *items = changes->items;

    for (int i = 0; i < changes->count; i++) {
        if (strcmp(items[i].entry.id, stage) == 0) {
            return &items[i];
        }
    }
    return NULL;
}
