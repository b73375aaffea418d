/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/plan.h"

#include <math.h>
#include <string.h>

#include "base/date.h"
#include "engine/plan_parts.h"
#include "math/kernel.h"
#include "scenario/load.h"

double ps_plan_unit_days(ps_per per)
{
    static const double days[] = {1.0, 1.0, 7.0, 365.25 / 12.0, 365.25 / 4.0, 365.25};

    return days[per];
}

double ps_plan_per_period(const ps_plan *plan, ps_per per)
{
    const double unit = ps_plan_unit_days(per);

    return unit == plan->period_days ? 1.0 : plan->period_days / unit;
}

double ps_plan_nominal_days(int period)
{
    static const double days[] = {1.0, 7.0, 365.25 / 12.0, 365.25 / 4.0};

    return days[period];
}

/* First day of period t. */
static int period_start(const ps_calendar *calendar, int t)
{
    int year, month, day;

    if (calendar->period == PS_PERIOD_DAY || calendar->period == PS_PERIOD_WEEK) {
        return calendar->start + t * (calendar->period == PS_PERIOD_DAY ? 1 : 7);
    }
    ps_date_split(calendar->start, &year, &month, &day);
    month += t * (calendar->period == PS_PERIOD_MONTH ? 1 : 3) - 1;
    return ps_date_join(year + month / 12, month % 12 + 1, day);
}

/* Part of a memory kept per period, at the centre. */
static double keep_of(const ps_plan *plan, const ps_number *half_life, const ps_number *per_week)
{
    if (per_week->given) {
        return pow(ps_plan_centre(per_week), plan->period_days / 7.0);
    }
    return pow(2.0, -plan->period_days / (half_life->given ? ps_plan_centre(half_life) : 28.0));
}

/* Attribution walks on until what the promotions left in the memories has decayed below 5 %, plus
 * 13 weeks when rivals react; at most half the horizon. */
static int run_out(const ps_plan *plan)
{
    const ps_scenario *sc = plan->scenario;
    const ps_segment *segments = sc->market->segments.items;
    double keep = 0.0, periods = 0.0;
    int last_day = sc->calendar->start;

    for (int m = 0; m < sc->promotions.count; m++) {
        const int day = ps_promotion_last_day((const ps_promotion *)sc->promotions.items + m);

        last_day = day > last_day ? day : last_day;
    }
    for (int s = 0; s < sc->market->segments.count; s++) {
        const ps_reference_price *r = segments[s].reference_price;
        const ps_price_image *g = segments[s].price_image;
        const ps_choice *choice = segments[s].choice ? segments[s].choice : sc->market->choice;
        const double implied = choice && choice->promotion_elasticity.given
                                   ? pow(2.0, -plan->period_days / 28.0)
                                   : 0.0;
        const double a = r ? keep_of(plan, &r->half_life_days, &r->carry_over_per_week) : implied;
        const double b = g ? keep_of(plan, &g->half_life_days, &g->carry_over_per_week) : 0.0;

        const ps_borrow *o = segments[s].borrow;
        const double c = o ? keep_of(plan, &o->half_life_days, &o->carry_over_per_week) : 0.0;

        keep = fmax(keep, fmax(a, fmax(b, c)));
    }
    if (keep > 0.0) {
        periods = log(0.05) / log(keep);
    }
    periods += plan->rivals_react ? 91.0 / plan->period_days : 0.0;
    const double after =
        (last_day + 1 - sc->calendar->start) / plan->period_days + periods - plan->T;
    const double most = plan->T / 2;

    for (int m = 0; m < sc->promotions.count; m++) { /* who decided sooner is missing later */
        if (((const ps_promotion *)sc->promotions.items)[m].acceleration.given) {
            return plan->T / 2;
        }
    }
    return sc->promotions.count == 0 || after <= 0.0 ? 0 : (int)ceil(fmin(after, most));
}

static bool calendar(ps_plan *plan, ps_arena *arena)
{
    const ps_calendar *c = plan->scenario->calendar;
    const size_t n = (size_t)plan->T_end + 1;

    plan->start = ps_arena_alloc(arena, n, sizeof *plan->start);
    plan->end = ps_arena_alloc(arena, n, sizeof *plan->end);
    if (!plan->start || !plan->end) {
        return false;
    }
    for (int t = 0; t < plan->T_end; t++) {
        plan->start[t] = period_start(c, t);
        plan->end[t] = period_start(c, t + 1);
    }
    return true;
}

/* Whether an own policy looks at what was sold. */
static bool share_seen(const ps_scenario *sc)
{
    const ps_offer *offers = sc->offers.items;

    for (int i = 0; i < sc->offers.count; i++) {
        const ps_kind_value *policy = &offers[i].pricing->policy;
        const ps_pricing_kind *kind = (const ps_pricing_kind *)(const void *)policy->kind;

        if (kind->reads_share && kind->reads_share(policy->params)) {
            return true;
        }
    }
    return false;
}

static void sizes(ps_plan *plan, const ps_scenario *sc)
{
    const ps_segment *segments = sc->market->segments.items;
    const ps_promotion *promotions = sc->promotions.items;

    plan->scenario = sc;
    plan->T = (int)sc->calendar->periods;
    plan->I = sc->offers.count;
    plan->C = sc->rivals;
    plan->J = plan->I + plan->C + 1;
    plan->M = sc->promotions.count;
    plan->G = sc->funnel ? sc->funnel->order.count : 0;
    plan->brand = sc->seller == PS_SELLER_BRAND;
    plan->pipeline = sc->scope == PS_SCOPE_PIPELINE;
    plan->whole = sc->run->counts == PS_COUNTS_WHOLE;
    plan->centre = sc->run->parameters == PS_PARAMETERS_CENTRE;
    plan->seed = sc->run->seed;
    plan->period_days = ps_plan_nominal_days(sc->calendar->period);
    plan->shock = sc->market->shock && sc->market->shock->word == 0;
    plan->shock_stream = ps_plan_stream("market", "shock");
    plan->negotiated = sc->negotiated != NULL;
    plan->nodes = plan->negotiated ? PS_DISCOUNT_NODES : 1;
    plan->always = strcmp(sc->market->demand.kind->name, "always") == 0;
    plan->demand = (const ps_demand_kind *)(const void *)sc->market->demand.kind;
    plan->demand_kind = ps_plan_kind(&ps_demand_family, sc->market->demand.kind);
    plan->demand_params = sc->market->demand.params;
    plan->choiceless = plan->demand->choiceless;
    plan->always_offer =
        plan->always ? ((const ps_demand_always_params *)plan->demand_params)->offer.index : 0;
    plan->share_seen = share_seen(sc);
    plan->rivals_react = plan->share_seen; /* prices answer to promotions */
    for (int s = 0; s < sc->market->segments.count; s++) {
        const ps_choice *choice = segments[s].choice ? segments[s].choice : sc->market->choice;

        plan->reference = plan->reference || segments[s].reference_price ||
                          (choice && choice->promotion_elasticity.given);
        plan->borrows = plan->borrows || segments[s].borrow;
        plan->image = plan->image || segments[s].price_image;
        plan->nested = plan->nested || (choice && choice->lost_buyers_who_buy_nothing.given);
    }
    for (int m = 0; m < plan->M; m++) {
        plan->traffic = plan->traffic || promotions[m].traffic.given;
    }
}

static bool limits(ps_plan *plan, ps_arena *arena)
{
    const ps_offer *offers = plan->scenario->offers.items;

    plan->capacity_per = ps_arena_alloc(arena, (size_t)plan->I, sizeof *plan->capacity_per);
    for (int i = 0; plan->capacity_per && i < plan->I; i++) {
        plan->stocked = plan->stocked || offers[i].stock.given;
        plan->salvaged = plan->salvaged || offers[i].salvage.given;
        plan->limited_offers += offers[i].stock.given || offers[i].capacity;
        plan->capacity_per[i] =
            offers[i].capacity ? ps_plan_per_period(plan, offers[i].capacity->rate.per) : 0.0;
    }
    plan->rationed = plan->limited_set != 0 || plan->limited_offers > 0 || plan->borrows;
    plan->timing = plan->wait_set != 0 || plan->hurry_set != 0 || plan->borrows;
    return plan->capacity_per != NULL;
}

/* Market.choice serves all segments or none: calibration spreads its shares over all of them. */
static ps_status check(const ps_plan *plan, ps_faults *faults)
{
    const ps_segment *segments = plan->scenario->market->segments.items;
    const ps_choice *market = plan->scenario->market->choice;
    const int all = plan->scenario->market->segments.count;
    int own = 0;

    for (int s = 0; s < all; s++) {
        own += segments[s].choice != NULL;
    }
    if (market && own > 0 && own < all) {
        return ps_fault_add(faults, "CONFLICT", "/market/choice", NULL, 0, 0,
                            "give every segment a choice of its own, or none",
                            "market.choice is shared by all segments, but %d of %d have their own",
                            own, all);
    }
    if (plan->whole && plan->I > PS_MAX_OFFERS) {
        return ps_fault_add(faults, "LIMIT", "/offers", NULL, 0, 0, "use run.counts: expected",
                            "%d own offers; whole-number runs take at most %d", plan->I,
                            PS_MAX_OFFERS);
    }
    return PS_OK;
}

/* The first period with a promotion. Buyers who wait for one act before it, and searches for prices
 * keep what they found: then walks are not told apart by periods. */
static int fork_of(const ps_plan *plan)
{
    int t = 0;

    while (t < plan->T && plan->promoted[t] == 0) {
        t++;
    }
    return t < plan->T && plan->wait_set == 0 && !plan->aims ? t : 0;
}

ps_status ps_plan_make(const ps_scenario *scenario, ps_arena *arena, ps_plan *plan,
                       ps_faults *faults)
{
    *plan = (ps_plan){0};
    sizes(plan, scenario);
    if (check(plan, faults) != PS_OK) {
        return PS_ERR_INPUT;
    }
    const size_t errors = faults->errors;

    if (!ps_plan_cells(plan, arena) || !ps_plan_reactions(plan, arena)) {
        return PS_ERR_LIMIT;
    }
    plan->T_end = plan->T + run_out(plan);
    if (!calendar(plan, arena) || !ps_plan_inputs(plan, arena) || !ps_plan_segments(plan, arena) ||
        !ps_plan_funnel(plan, arena) || !ps_plan_promotions(plan, arena) ||
        !ps_plan_quarters(plan, arena) || !limits(plan, arena) || !ps_plan_demand(plan, arena) ||
        !ps_plan_prices(plan, arena) || !ps_plan_rivals(plan, arena) ||
        !ps_plan_money(plan, arena) || !ps_plan_customers(plan, arena)) {
        return PS_ERR_LIMIT;
    }
    plan->fork = fork_of(plan);
    ps_plan_metrics(plan);
    ps_plan_channels(plan);
    if (!ps_plan_plain(plan, arena) || !ps_plan_goals(plan, arena, faults)) {
        return PS_ERR_LIMIT;
    }
    return faults->errors > errors ? PS_ERR_INPUT : PS_OK;
}
