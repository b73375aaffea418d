/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A price cut that may come: r_t = r0 (1 - depth f_t) in the paths where it happens, f_t the part
 * of the period's days inside the cut. It happens when the path's uniform is below `probability`.
 */
#include "model/competitor/competitor.h"

typedef struct {
    ps_number depth, probability;
    int from;
    int64_t days;
} event_params;

static const ps_field fields[] = {
    {.key = "depth",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(event_params, depth),
     .flags = PS_REQUIRED | PS_OPEN_MAX,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Depth of the cut as a fraction of the price."},
    {.key = "from",
     .type = PS_FIELD_DATE,
     .offset = offsetof(event_params, from),
     .flags = PS_REQUIRED,
     .doc = "First day of the cut."},
    {.key = "days",
     .type = PS_FIELD_WHOLE,
     .offset = offsetof(event_params, days),
     .min = 1,
     .max = 36600,
     .unit = PS_UNIT_DAYS,
     .doc = "Length of the cut; left out: to the end."},
    {.key = "probability",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(event_params, probability),
     .fallback = "1",
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Probability that the cut comes."},
    {.type = PS_FIELD_END},
};

static void move(const void *params, const ps_rule_view *view, double *restrict price)
{
    const event_params *p = params;
    const double *depth = ps_number_lanes(&p->depth, view->values, 0);
    const double *probability = ps_number_lanes(&p->probability, view->values, 0);
    const double *base = ps_history_at(&view->rivals, -1, view->item);
    const int to = p->days > 0 ? p->from + (int)p->days : view->end_day;
    const double part = ps_view_overlap(view, p->from, to);

    for (int l = 0; l < PS_LANES; l++) {
        const double active = view->luck[l] < probability[l] ? part : 0.0;

        price[l] = base[l] * (1.0 - depth[l] * active);
    }
}

const ps_reaction_kind ps_reaction_event = {
    .head = {.name = "event",
             .doc = "A price cut of a given depth and date, with a probability.",
             .shape = {.name = "reaction_event", .size = sizeof(event_params), .fields = fields}},
    .move = move,
};
