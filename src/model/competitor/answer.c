/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers our promotions with a cut of its own: while one of `to` was active in the period before,
 * target = r0 (1 - depth), else r0; closes part of the gap each week, and recovers the same way. */
#include "model/competitor/competitor.h"

typedef struct {
    ps_refs to;
    ps_number depth, closes_per_week;
} answer_params;

static const ps_field fields[] = {
    {.key = "to",
     .type = PS_FIELD_REFS,
     .offset = offsetof(answer_params, to),
     .flags = PS_REQUIRED,
     .refers = PS_REF_PROMOTION,
     .doc = "The promotions that are answered."},
    {.key = "depth",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(answer_params, depth),
     .flags = PS_REQUIRED | PS_OPEN_MAX | PS_NEEDS_RANGE,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Depth of the rival's cut."},
    {.key = "closes_per_week",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(answer_params, closes_per_week),
     .flags = PS_OPEN_MIN,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the gap closed in a week; left out: all of it at once."},
    {.type = PS_FIELD_END},
};

static void move(const void *params, const ps_rule_view *view, double *restrict price)
{
    const answer_params *p = params;
    const double *depth = ps_number_lanes(&p->depth, view->values, 0);
    const double *base = ps_history_at(&view->rivals, -1, view->item);
    const uint32_t before = view->period > 0 ? view->promoted[view->period - 1] : 0;
    bool active = false;
    double target[PS_LANES];

    for (int i = 0; i < p->to.count; i++) {
        active = active || (before >> p->to.items[i].index & 1U) != 0;
    }
    for (int l = 0; l < PS_LANES; l++) {
        target[l] = active ? base[l] * (1.0 - depth[l]) : base[l];
    }
    ps_view_approach(view, &p->closes_per_week, target, price);
}

const ps_reaction_kind ps_reaction_answer = {
    .head = {.name = "answer",
             .doc = "Answers our promotions with a cut of its own.",
             .shape = {.name = "reaction_answer", .size = sizeof(answer_params), .fields = fields}},
    .move = move,
};
