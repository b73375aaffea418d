/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Promotions of a plan: schedule, scope, exposure, stacking order. */
#include "engine/plan_parts.h"

static bool holds(const ps_refs *refs, int index)
{
    for (int i = 0; i < refs->count; i++) {
        if (refs->items[i].index == index) {
            return true;
        }
    }
    return refs->count == 0;
}

/* A bundle is in what one of its offers is in, except in promotions for bundles. */
static bool concerns(const ps_plan *plan, const ps_promotion *promotion, int i)
{
    const ps_bundle *bundle = ((const ps_offer *)plan->scenario->offers.items)[i].bundle;
    bool in = holds(&promotion->offers, i);

    for (int k = 0; bundle && k < bundle->of.count; k++) {
        in = in || holds(&promotion->offers, bundle->of.items[k].index);
    }
    return in;
}

static bool runs(const ps_promotion *promotion, int day)
{
    return ps_promotion_days(promotion, day, day + 1) > 0;
}

/* Days before a run on which buyers wait for it, and the periods in which runs begin. */
static bool announcements(ps_plan *plan, ps_arena *arena, ps_plan_promotion *p)
{
    const ps_promotion *from = p->promotion;

    p->announced = ps_arena_alloc(arena, (size_t)plan->T_end, sizeof *p->announced);
    p->begins = ps_arena_alloc(arena, (size_t)plan->T_end, sizeof *p->begins);
    for (int t = 0; p->announced && p->begins && t < plan->T_end; t++) {
        const int start = plan->start[t], end = plan->end[t], last = plan->end[plan->T_end - 1];

        for (int day = start; day < end; day++) {
            p->begins[t] = p->begins[t] || (runs(from, day) && !runs(from, day - 1));
            int next = day;

            while (next < last && next <= day + (int)from->waiting->days && !runs(from, next)) {
                next++;
            }
            const bool soon = next < last && next <= day + (int)from->waiting->days;

            p->announced[t] += soon && next >= end ? 1.0 / (end - start) : 0.0;
        }
    }
    return p->announced && p->begins;
}

/* What members pay, in the units of its key and of how often they come. */
static bool fees(const ps_plan *plan, ps_arena *arena, ps_plan_promotion *p)
{
    const ps_promotion *from = p->promotion;
    const ps_promotion_kind *kind = (const ps_promotion_kind *)(const void *)from->kind.kind;
    const ps_rate *fee = kind->members(from->kind.params);

    p->fee_per = ps_arena_alloc(arena, (size_t)plan->S, sizeof *p->fee_per);
    for (int s = 0; p->fee_per && s < plan->S; s++) {
        const ps_occasions *each = p->in_segment[s] ? plan->segment[s].members->occasions : NULL;

        p->fee_per[s] =
            each ? ps_plan_per_period(plan, fee->per) / ps_plan_per_period(plan, each->rate.per)
                 : 0.0;
    }
    return p->fee_per != NULL;
}

static bool promotion(ps_plan *plan, ps_arena *arena, int m)
{
    ps_plan_promotion *p = &plan->promotion[m];
    const ps_promotion *from = p->promotion =
        (const ps_promotion *)plan->scenario->promotions.items + m;
    const ps_promotion_kind *kind = (const ps_promotion_kind *)(const void *)from->kind.kind;

    p->kind = ps_plan_kind(&ps_promotion_family, from->kind.kind);
    p->active = ps_arena_alloc(arena, (size_t)plan->T_end, sizeof *p->active);
    p->weeks = ps_arena_alloc(arena, (size_t)plan->T_end, sizeof *p->weeks);
    p->in_segment = ps_arena_alloc(arena, (size_t)plan->S, sizeof *p->in_segment);
    p->in_offer = ps_arena_alloc(arena, (size_t)plan->I, sizeof *p->in_offer);
    if (!p->active || !p->weeks || !p->in_segment || !p->in_offer) {
        return false;
    }
    p->first_period = -1;
    p->whole_periods = true;
    for (int t = 0; t < plan->T_end; t++) {
        const int days = ps_promotion_days(from, plan->start[t], plan->end[t]);

        p->active[t] = (double)days / (plan->end[t] - plan->start[t]);
        p->weeks[t] = days / 7.0;
        p->whole_periods = p->whole_periods && (days == 0 || p->active[t] == 1.0);
        if (from->from >= plan->start[t] && from->from < plan->end[t]) {
            p->first_period = t;
        }
        plan->promoted[t] |= days > 0 ? 1U << m : 0;
    }
    for (int i = 0; i < plan->I; i++) {
        p->in_offer[i] = concerns(plan, from, i);
    }
    p->synergy = kind->joint ? kind->joint(from->kind.params, &p->pure) : NULL;
    if (from->waiting && !announcements(plan, arena, p)) {
        return false;
    }
    plan->wait_set |= from->waiting ? 1U << m : 0;
    plan->hurry_set |= from->acceleration.given ? 1U << m : 0;
    plan->limited_set |= from->stock.given || from->budget.given ? 1U << m : 0;
    /* Who does not get a promotion that ran out chooses as those whom it does not reach; and what
     * is borrowed is measured against them. */
    p->reach_one = ps_plan_known(&from->reach) && ps_plan_centre(&from->reach) == 1.0 &&
                   !(plan->limited_set >> m & 1U) && !plan->borrows && !kind->narrow;
    p->basket = kind->basket != NULL;
    if (p->basket) {
        kind->basket(from->kind.params, &p->rule);
    }
    for (int s = 0; s < plan->S; s++) {
        p->in_segment[s] = holds(&from->segments, plan->segment[s].origin) &&
                           holds(&from->channels, plan->segment[s].channel) &&
                           (!kind->members || plan->segment[s].member) &&
                           (!p->basket || (plan->segment[s].basket &&
                                           plan->segment[s].counted == (p->rule.pay != NULL)));
    }
    p->group = -1;
    plan->funded |=
        from->funding && (from->funding->per_unit.given || from->funding->share_of_discount.given)
            ? 1U << m
            : 0;
    plan->fee_set |=
        kind->members && kind->members(from->kind.params)->per != PS_PER_NONE ? 1U << m : 0;
    if ((plan->fee_set >> m & 1U) && !fees(plan, arena, p)) {
        return false;
    }
    plan->traffic_set |= from->traffic.given ? 1U << m : 0;
    plan->hidden |= from->visible ? 0 : 1U << m;
    return true;
}

/* Members of a group stand together in the order, at the place of the first one. */
static void gather_groups(ps_plan *plan)
{
    int sorted[PS_MAX_PROMOTIONS], n = 0;
    bool taken[PS_MAX_PROMOTIONS] = {false};

    for (int i = 0; i < plan->M; i++) {
        const int first = plan->by_rank[i], group = plan->promotion[first].group;

        for (int j = i; j < plan->M; j++) {
            const int m = plan->by_rank[j];

            if (!taken[m] && (j == i || (group >= 0 && plan->promotion[m].group == group))) {
                taken[m] = true;
                sorted[n++] = m;
            }
        }
    }
    for (int i = 0; i < n; i++) {
        plan->by_rank[i] = sorted[i];
    }
}

bool ps_plan_promotions(ps_plan *plan, ps_arena *arena)
{
    const ps_stacking *stacking = plan->scenario->stacking;
    const ps_stacking_group *groups = stacking->groups.items;

    plan->promotion = ps_arena_alloc(arena, (size_t)plan->M + 1, sizeof *plan->promotion);
    plan->promoted = ps_arena_alloc(arena, (size_t)plan->T_end + 1, sizeof *plan->promoted);
    plan->by_rank = ps_arena_alloc(arena, (size_t)plan->M + 1, sizeof *plan->by_rank);
    if (!plan->promotion || !plan->promoted || !plan->by_rank) {
        return false;
    }
    for (int m = 0; m < plan->M; m++) {
        if (!promotion(plan, arena, m)) {
            return false;
        }
        plan->by_rank[m] = stacking->order.count == plan->M ? stacking->order.items[m].index : m;
    }
    for (int k = 0; k < stacking->groups.count; k++) {
        for (int i = 0; i < groups[k].members.count; i++) {
            plan->promotion[groups[k].members.items[i].index].group = k;
        }
    }
    gather_groups(plan);
    return true;
}
