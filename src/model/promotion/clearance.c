/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A season's stock marked down step by step: p' = p (1 - value in force), as a mean over the days
 * of the period on or after the first step. The stock is the offer's `stock`, what is left brings
 * its `salvage`. */
#include "model/promotion/promotion.h"

typedef struct {
    int from;
    ps_number value;
} markdown;

typedef struct {
    ps_list markdowns;
} clearance_params;

static const ps_field markdown_fields[] = {
    {.key = "from",
     .type = PS_FIELD_DATE,
     .offset = offsetof(markdown, from),
     .flags = PS_REQUIRED,
     .doc = "First day of the markdown."},
    {.key = "value",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(markdown, value),
     .flags = PS_REQUIRED,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the price taken off, until the next markdown."},
    {.type = PS_FIELD_END},
};
static const ps_shape markdown_shape = {"markdown", sizeof(markdown), markdown_fields,
                                        "A step of a markdown calendar."};

static const ps_field fields[] = {
    {.key = "markdowns",
     .type = PS_FIELD_LIST,
     .offset = offsetof(clearance_params, markdowns),
     .flags = PS_REQUIRED,
     .min = 1,
     .max = 60,
     .sub = &markdown_shape,
     .doc = "The markdown calendar, ascending in `from`."},
    {.type = PS_FIELD_END},
};

static void apply(const void *params, const int days[2], const double *values,
                  double *restrict price)
{
    const ps_list *list = &((const clearance_params *)params)->markdowns;
    const markdown *step = list->items;
    const int first = step[0].from > days[0] ? step[0].from : days[0];
    double depth[PS_LANES] = {0.0};

    for (int k = 0; k < list->count; k++) {
        const int from = step[k].from > first ? step[k].from : first;
        const int next = k + 1 < list->count ? step[k + 1].from : days[1];
        const int until = next < days[1] ? next : days[1];
        const double *value = ps_number_lanes(&step[k].value, values, 0);
        const double part = until > from ? (double)(until - from) / (days[1] - first) : 0.0;

        for (int l = 0; l < PS_LANES; l++) {
            depth[l] += part * value[l];
        }
    }
    for (int l = 0; l < PS_LANES; l++) {
        price[l] *= 1.0 - depth[l];
    }
}

const ps_promotion_kind ps_promotion_clearance = {
    .head = {.name = "clearance",
             .doc = "A stock marked down step by step, for offers with `stock`.",
             .shape = {.name = "promotion_clearance",
                       .size = sizeof(clearance_params),
                       .fields = fields}},
    .apply = apply,
};
