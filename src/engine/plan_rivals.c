/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rivals of a plan: how they move (run.rivals may say so for all), when they are in the market, who
 * owns them, and whether any price is looked for over demand. */
#include "engine/plan.h"
#include "engine/plan_parts.h"

/* The kind that run.rivals puts in place of the stated reactions; NULL: as stated. */
static const ps_reaction_kind *instead(int rivals)
{
    return rivals == PS_RIVALS_FROZEN          ? &ps_reaction_static
           : rivals == PS_RIVALS_BEST_RESPONSE ? &ps_reaction_best_response
           : rivals == PS_RIVALS_NASH          ? &ps_reaction_nash
                                               : NULL;
}

static bool reactions(ps_plan *plan, ps_arena *arena)
{
    const ps_reaction_kind *other = instead(plan->scenario->run->rivals);

    plan->reaction_kind = ps_arena_alloc(arena, (size_t)plan->C + 1, sizeof(int));
    plan->reaction = ps_arena_alloc(arena, (size_t)plan->C + 1, sizeof *plan->reaction);
    if (!plan->reaction_kind || !plan->reaction) {
        return false;
    }
    for (int c = 0; c < plan->C; c++) {
        const ps_kind_value *stated = &plan->scenario->rival_owner[c]->reaction;
        const bool keep = !other || (stated->kind == &other->head && other->aim);
        const ps_reaction_kind *kind =
            keep ? (const ps_reaction_kind *)(const void *)stated->kind : other;

        plan->reaction_kind[c] = ps_plan_kind(&ps_reaction_family, &kind->head);
        plan->reaction[c] = keep ? stated->params : ps_arena_alloc(arena, 1, kind->head.shape.size);
        if (!plan->reaction[c]) {
            return false;
        }
        plan->aims = plan->aims || kind->aim;
        plan->rivals_react =
            plan->rivals_react || (kind != &ps_reaction_static && kind != &ps_reaction_event);
    }
    return true;
}

/* Part of the days of period t on which the offer can be bought. */
static double present(const ps_plan *plan, const ps_rival_offer *offer, int t)
{
    const int start = plan->start[t], end = plan->end[t];
    const int from = offer->from != PS_NO_DATE && offer->from > start ? offer->from : start;
    const int to = offer->to != PS_NO_DATE && offer->to + 1 < end ? offer->to + 1 : end;

    return to > from ? (double)(to - from) / (end - start) : 0.0;
}

static bool presence(ps_plan *plan, ps_arena *arena)
{
    bool any = false;

    plan->rival_capacity_per =
        ps_arena_alloc(arena, (size_t)plan->C + 1, sizeof *plan->rival_capacity_per);
    if (!plan->rival_capacity_per) {
        return false;
    }
    for (int c = 0; c < plan->C; c++) {
        const ps_rival_offer *offer = plan->scenario->rival[c];

        plan->rival_capacity_per[c] =
            offer->capacity ? ps_plan_per_period(plan, offer->capacity->rate.per) : 0.0;

        any = any || offer->from != PS_NO_DATE || offer->to != PS_NO_DATE;
        plan->rival_capacity = plan->rival_capacity || offer->capacity;
        plan->rival_promotions = plan->rival_promotions || offer->promotions.count > 0;
    }
    if (!any) {
        return true;
    }
    plan->presence = ps_arena_alloc(arena, (size_t)(plan->C * plan->T_end), sizeof(double));
    for (int c = 0; c < plan->C && plan->presence; c++) {
        for (int t = 0; t < plan->T_end; t++) {
            plan->presence[t * plan->C + c] = present(plan, plan->scenario->rival[c], t);
        }
    }
    return plan->presence != NULL;
}

/* The competitor that a competitor belongs to on the first day of period t. */
static int owner_of(const ps_plan *plan, const ps_competitor *firm, int t)
{
    const ps_competitor *firms = plan->scenario->competitors.items;

    while (firm->joins && firm->joins->from <= plan->start[t]) {
        firm = &firms[firm->joins->competitor.index];
    }
    return (int)(firm - firms);
}

static bool owners(ps_plan *plan, ps_arena *arena)
{
    plan->owner = ps_arena_alloc(arena, (size_t)(plan->C * plan->T_end) + 1, sizeof(int));
    for (int c = 0; c < plan->C && plan->owner; c++) {
        for (int t = 0; t < plan->T_end; t++) {
            plan->owner[c * plan->T_end + t] = owner_of(plan, plan->scenario->rival_owner[c], t);
        }
    }
    return plan->owner != NULL;
}

bool ps_plan_reactions(ps_plan *plan, ps_arena *arena)
{
    const ps_offer *offers = plan->scenario->offers.items;

    for (int i = 0; i < plan->I; i++) {
        const ps_pricing_kind *kind =
            (const ps_pricing_kind *)(const void *)offers[i].pricing->policy.kind;

        plan->aims = plan->aims || kind->aim;
    }
    return reactions(plan, arena);
}

bool ps_plan_rivals(ps_plan *plan, ps_arena *arena)
{
    return presence(plan, arena) && owners(plan, arena);
}

bool ps_plan_searchable(const ps_plan *plan)
{
    bool known = !plan->choiceless && !plan->always && !plan->negotiated && !plan->channel_prices &&
                 !plan->channel_fees && !plan->bundled;

    for (int s = 0; s < plan->S && known; s++) {
        const ps_choice *choice = plan->segment[s].choice;
        const bool nest = choice->lost_buyers_who_buy_nothing.given;
        const bool ages = plan->ages > 1 && plan->stage[plan->choice_stage].stage->days.by_outcome;

        known = !plan->segment[s].basket && !(nest && (choice->awareness.given || ages));
    }
    return known;
}
