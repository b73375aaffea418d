/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Customers of a plan: the terms of each offer, and how many cohorts are kept. */
#include "engine/plan_parts.h"

static void offer_terms(const ps_plan *plan, int i, ps_plan_terms *to)
{
    const ps_retention *retention = plan->scenario->retention;
    const ps_offer *offer = (const ps_offer *)plan->scenario->offers.items + i;
    const ps_per per = retention->churn->rate.per;
    const double months =
        offer->contract ? (double)offer->contract->months : retention->term_months;
    const double days = months * (365.25 / 12.0);

    to->periods = (int)(days / plan->period_days + 0.5);
    to->periods = to->periods > 0 ? to->periods : 1; /* shorter ones are refused */
    to->history = (int)(retention->history_years * 12.0 / months + 0.5);
    to->history = to->history > 0 ? to->history : 1;
    to->units = per == PS_PER_NONE ? 0.0 : days / ps_plan_unit_days(per);
    to->years = months / 12.0;
    to->kept_price =
        offer->contract && retention->renewal && retention->renewal->price == PS_RENEWED_AT_KEPT;
    to->persists = offer->contract && offer->contract->discount_persists;
}

static void renewals(const ps_plan *plan, const ps_renewal *renewal, ps_plan_base *base)
{
    base->elastic = !ps_plan_known(&renewal->churn_elasticity) ||
                    ps_plan_centre(&renewal->churn_elasticity) > 0.0;
    while (renewal->from != PS_NO_DATE && base->increase_from < plan->T_end &&
           plan->start[base->increase_from] < renewal->from) {
        base->increase_from++;
    }
}

bool ps_plan_customers(ps_plan *plan, ps_arena *arena)
{
    const ps_retention *retention = plan->scenario->retention;

    if (!retention) {
        return true;
    }
    ps_plan_base *base = ps_arena_alloc(arena, 1, sizeof *base);

    if (!base) {
        return false;
    }
    base->retention = retention;
    base->terms = ps_arena_alloc(arena, (size_t)plan->I, sizeof *base->terms);
    base->given = ps_arena_alloc(arena, (size_t)plan->S, sizeof *base->given);
    base->fitted = retention->churn->survivors.count > 0 &&
                   ps_sbg_fit(retention->churn->survivors.items, retention->churn->survivors.count,
                              &base->law);
    base->stream = ps_arena_alloc(arena, (size_t)plan->S, sizeof *base->stream);
    if (!base->terms || !base->given || !base->stream) {
        return false;
    }
    for (int s = 0; s < plan->S; s++) {
        base->stream[s] = ps_plan_stream("customers", plan->segment[s].segment->entry.id);
        for (int k = 0; k < retention->customers.count; k++) {
            if (retention->customers.keys[k].index == plan->segment[s].origin) {
                base->given[s] = &retention->customers.numbers[k];
            }
        }
    }
    for (int i = 0; i < plan->I; i++) {
        ps_plan_terms *terms = &base->terms[i];

        offer_terms(plan, i, terms);
        terms->row = base->rows;
        base->rows += terms->history * terms->periods + plan->T_end;
        terms->payment_row = base->payments;
        base->payments += 1 + (plan->T - 1) / terms->periods;
    }
    plan->life = base;
    if (retention->renewal) {
        plan->base = base;
        renewals(plan, retention->renewal, base);
        plan->refers = retention->referral != NULL;
    }
    if (plan->refers) {
        base->refer_units = plan->period_days / ps_plan_unit_days(retention->referral->rate.per);
    }
    return true;
}
