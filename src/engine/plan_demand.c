/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nests, nodes of tastes and models of demand of a plan. */
#include "engine/plan_parts.h"

/* Nest of each alternative. */
static const int *nests_of(const ps_plan *plan, ps_arena *arena, const ps_choice *choice)
{
    int *nest = ps_arena_alloc(arena, (size_t)plan->J, sizeof *nest);

    for (int j = 0; j < plan->J && nest; j++) {
        nest[j] = -1;
    }
    for (int g = 0; g < choice->nests.count && nest; g++) {
        const ps_refs *members = &((const ps_nest *)choice->nests.items)[g].members;

        for (int k = 0; k < members->count; k++) {
            nest[members->items[k].index] = g;
        }
    }
    return nest;
}

/* Weeks of promotion among the 91 days up to the end of each period. */
static bool promoted_weeks(ps_plan *plan, ps_arena *arena)
{
    plan->promoted_weeks =
        ps_arena_alloc(arena, (size_t)(plan->M * plan->T_end) + 1, sizeof(double));
    for (int k = 0; k < plan->M * plan->T_end && plan->promoted_weeks; k++) {
        const int m = k / plan->T_end, t = k % plan->T_end;

        for (int before = t; before >= 0 && plan->end[before] > plan->end[t] - 91; before--) {
            plan->promoted_weeks[k] += plan->promotion[m].weeks[before];
        }
    }
    return plan->promoted_weeks != NULL;
}

bool ps_plan_demand(ps_plan *plan, ps_arena *arena)
{
    for (int s = 0; s < plan->S; s++) {
        ps_plan_segment *seg = &plan->segment[s];
        const ps_choice *choice = plan->choiceless ? NULL : seg->choice;

        seg->general =
            plan->demand->shares || (choice && (choice->nests.count > 0 || choice->tastes));
        plan->general = plan->general || seg->general;
        if (!seg->general || !choice) {
            continue;
        }
        seg->nest_of = nests_of(plan, arena, choice);
        seg->taste_at = plan->taste_rows;
        if (!seg->nest_of || !ps_taste_nodes_make(choice->tastes, arena, &seg->tastes)) {
            return false;
        }
        plan->taste_rows += seg->tastes.nodes * plan->J;
        plan->taste_nodes =
            seg->tastes.nodes > plan->taste_nodes ? seg->tastes.nodes : plan->taste_nodes;
        plan->nests = choice->nests.count > plan->nests ? choice->nests.count : plan->nests;
    }
    return !plan->demand->volume || promoted_weeks(plan, arena);
}
