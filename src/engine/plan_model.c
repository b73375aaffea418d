/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Segments, funnel stages, promotions and prices of a plan. */
#include <math.h>
#include <string.h>

#include "base/date.h"
#include "engine/hot.h"
#include "engine/plan_parts.h"
#include "math/kernel.h"

static bool known_spread(const ps_spread *spread)
{
    for (int i = 0; i < PS_DIST_PARAMS; i++) {
        if (spread->parameter[i].given && !ps_plan_known(&spread->parameter[i])) {
            return false;
        }
    }
    return true;
}

/* The law of a spread with its parameters at their centres. */
ps_dist ps_plan_centre_dist(const ps_spread *spread)
{
    ps_dist dist = {.law = spread->law, .sign = 1.0, .min = -INFINITY, .max = INFINITY};

    if (spread->law == PS_LAW_EMPIRICAL || spread->law == PS_LAW_DISCRETE) {
        return spread->parameter[0].dist;
    }
    for (int i = 0; i < PS_DIST_PARAMS; i++) {
        if (spread->parameter[i].given) {
            dist.p[i] = ps_plan_centre(&spread->parameter[i]);
        }
    }
    return dist;
}

bool ps_plan_kernel_make(const ps_plan *plan, ps_arena *arena, const ps_spread *spread, int n,
                         bool fold, ps_plan_kernel *out)
{
    const ps_dist dist = ps_plan_centre_dist(spread);

    *out = (ps_plan_kernel){.spread = spread,
                            .shared = known_spread(spread),
                            .n = n,
                            .mean = ps_dist_mean(&dist) / plan->period_days};
    if (!out->shared) {
        return true;
    }
    out->k = ps_arena_alloc(arena, (size_t)n + 1, sizeof *out->k);
    out->tail = ps_arena_alloc(arena, (size_t)n + 2, sizeof *out->tail);
    if (!out->k || !out->tail) {
        return false;
    }
    ps_kernel_fill(&dist, plan->period_days, n, fold, out->k);
    out->tail[0] = 1.0;
    for (int a = 0; a < n; a++) {
        const double left = out->tail[a] - out->k[a];

        out->tail[a + 1] = left > 0.0 ? left : 0.0;
    }
    return true;
}

/* From invoice to payment. */
static bool payment_kernel(const ps_plan *plan, ps_arena *arena, const ps_spread *days,
                           ps_plan_kernel *out)
{
    const ps_dist dist = ps_plan_centre_dist(days);

    if (!ps_plan_kernel_make(plan, arena, days, plan->T_end, false, out)) {
        return false;
    }
    out->begin = (ps_kernel_begin)plan->scenario->payment->invoices;
    if (out->shared) { /* the tail has no reader */
        ps_kernel_fill_from(&dist, out->begin, plan->period_days, plan->T_end, out->k);
    }
    return true;
}

/* Part of the arrivals at the centre that is cell s's: shares sum to 1 over a segment's channels,
 * and over the bands in each. */
static double part_of(const ps_plan *plan, int s)
{
    const ps_plan_segment *cell = &plan->segment[s];
    double all = 0.0, banded = 0.0;

    for (int r = 0; r < plan->S; r++) {
        const ps_plan_segment *other = &plan->segment[r];

        all += ps_plan_divides(cell, other) ? ps_plan_centre(other->part) : 0.0;
        banded += ps_plan_scored(cell, other) ? ps_plan_centre(other->in_band) : 0.0;
    }
    return (cell->part ? ps_plan_centre(cell->part) / all : 1.0) *
           (cell->in_band ? ps_plan_centre(cell->in_band) / banded : 1.0);
}

/* Part of these that is the cell's, as a member's or another's. */
static double members_part(const ps_plan_segment *cell)
{
    const double share = cell->members ? ps_plan_centre(&cell->members->share) : 0.0;

    return cell->member ? share : 1.0 - share;
}

/* Whose own shocks of arrivals the cell shares. */
static const char *shocked(const ps_plan *plan, const ps_plan_segment *cell)
{
    const ps_channel *channels = plan->scenario->market->channels.items;

    return cell->own_arrivals ? channels[cell->channel].entry.id : cell->segment->entry.id;
}

/* What a channel spends is shared by its cells in proportion to their weights. */
static void share_spend(ps_plan *plan)
{
    const ps_channel *channels = plan->scenario->market->channels.items;

    for (int s = 0; s < plan->S; s++) {
        ps_plan_segment *cell = &plan->segment[s];
        const ps_spend *spend = cell->channel < 0 ? NULL : channels[cell->channel].spend;
        double all = 0.0;
        int cells = 0;

        for (int r = 0; r < plan->S; r++) {
            const bool mine = plan->segment[r].channel == cell->channel;

            all += mine ? plan->segment[r].weight : 0.0;
            cells += mine;
        }
        if (spend && spend->rate.per != PS_PER_NONE) {
            cell->spend_per = ps_plan_per_period(plan, spend->rate.per) *
                              (all > 0.0 ? cell->weight / all : 1.0 / cells);
        }
    }
}

/* Size of the deals that every stage lets in. */
static double smallest(const ps_plan *plan)
{
    const ps_funnel *funnel = plan->scenario->funnel;
    const ps_stage *stages = funnel ? funnel->stages.items : NULL;
    double min = 0.0;

    for (int g = 0; funnel && g < funnel->stages.count; g++) {
        min = stages[g].enter && stages[g].enter->min_size > min ? stages[g].enter->min_size : min;
    }
    return min;
}

bool ps_plan_segments(ps_plan *plan, ps_arena *arena)
{
    const ps_scenario *sc = plan->scenario;
    double all = 0.0;

    plan->reference_all = ps_arena_alloc(arena, (size_t)plan->S, sizeof *plan->reference_all);
    plan->joining_days = ps_arena_alloc(arena, (size_t)plan->S, sizeof *plan->joining_days);
    if (!plan->reference_all || !plan->joining_days) {
        return false;
    }
    for (int s = 0; s < plan->S; s++) {
        ps_plan_segment *seg = &plan->segment[s];
        const ps_segment *from = seg->segment;
        const char *id = seg->name;

        seg->choice = from->choice ? from->choice : sc->market->choice;
        seg->market_choice = !from->choice;
        seg->arrivals_per = ps_plan_per_period(plan, seg->arrivals->rate.per);
        seg->growth_per = from->growth ? ps_plan_per_period(plan, from->growth->rate.per) : 0.0;
        seg->weight = ps_plan_centre(&seg->arrivals->rate.value) * seg->arrivals_per *
                      part_of(plan, s) * members_part(seg);
        all += seg->weight;
        plan->joining_days[s] = from->members && from->members->joining
                                    ? ps_plan_unit_days(from->members->joining->rate.per)
                                    : 0.0;
        seg->counted = from->quantity.given;
        seg->basket = from->basket.given || seg->counted;
        plan->counted = plan->counted || seg->counted;
        seg->sized = from->deal_size.given;
        seg->size_mean = 1.0;
        plan->reference_all[s] =
            from->reference_price && from->reference_price->of == PS_REFERENCE_ALL;
        if (seg->sized || from->basket.given) {
            const ps_spread *law = seg->sized ? &from->deal_size : &from->basket;
            ps_dist dist = ps_plan_centre_dist(law);

            seg->size_min = smallest(plan);
            ps_plan_cut_size(&dist, seg->size_min);
            const double mean = ps_dist_mean(&dist), sd = ps_dist_sd(&dist);

            seg->sized_constant = seg->sized && law->law == PS_LAW_CONSTANT && known_spread(law);
            seg->size_mean = seg->sized ? mean : 1.0;
            seg->size_cv2 = mean > 0.0 ? sd * sd / (mean * mean) : 0.0;
            if ((law->law != PS_LAW_LOGNORMAL || seg->size_min > 0.0) &&
                law->law != PS_LAW_CONSTANT) {
                seg->size_sampler = ps_sampler_make(arena, &dist);
            }
        }
        seg->stream_arrivals = ps_plan_stream("arrivals", id);
        seg->stream_shock = ps_plan_stream("shock", shocked(plan, seg));
        seg->stream_choice = ps_plan_stream("choice", id);
        seg->stream_size = ps_plan_stream("size", id);
        seg->stream_opening = ps_plan_stream("opening", id);
        seg->stream_base = ps_plan_stream("customers", id);
        seg->stream_leave = ps_plan_stream("leave", id);
        seg->stream_refer = ps_plan_stream("referral", id);
        seg->season = ps_arena_alloc(arena, (size_t)plan->T_end, sizeof *seg->season);
        if (!seg->season) {
            return false;
        }
        for (int t = 0; t < plan->T_end; t++) {
            seg->season[t] = ps_season_factor(from->season, sc->calendar->start, plan->start[t],
                                              plan->end[t], t);
        }
    }
    for (int s = 0; s < plan->S; s++) {
        plan->segment[s].weight = all > 0.0 ? plan->segment[s].weight / all : 1.0 / plan->S;
    }
    share_spend(plan);
    return true;
}

int ps_plan_kind(const ps_family *family, const ps_kind *kind)
{
    int i = 0;

    while (family->kinds[i] && family->kinds[i] != kind) {
        i++;
    }
    return i;
}

/* Base shares of the rival offers at the centre, over the segments by their weights. */
static void rival_weights(ps_plan *plan)
{
    double all = 0.0;

    for (int s = 0; s < plan->S; s++) {
        const ps_choice *choice = plan->segment[s].choice;
        const ps_number_map *map = !choice                      ? NULL
                                   : choice->baseline.count > 0 ? &choice->baseline
                                   : choice->utility.count > 0  ? &choice->utility
                                                                : &choice->lost_to;

        for (int k = 0; map && k < map->count; k++) {
            const int offset = map == &choice->lost_to ? 0 : plan->I;
            const int c = map->keys[k].index - offset;
            double x = ps_plan_centre(&map->numbers[k]);

            if (c < 0 || c >= plan->C) {
                continue;
            }
            if (map == &choice->utility) {
                x = exp(x - ps_plan_centre(&choice->price_sensitivity) *
                                ps_plan_centre(&plan->scenario->rival[c]->price));
            }
            plan->rival_weight[c] += plan->segment[s].weight * x;
            all += plan->segment[s].weight * x;
        }
    }
    for (int c = 0; c < plan->C; c++) {
        plan->rival_weight[c] = all > 0.0 ? plan->rival_weight[c] / all : 1.0 / plan->C;
    }
}

/* Whether each segment has a price of its own; a bundle's, when one of its offers does. */
static bool priced_apart(const ps_offer *offers, const ps_offer *offer)
{
    const ps_pricing_kind *kind =
        (const ps_pricing_kind *)(const void *)offer->pricing->policy.kind;
    bool apart = kind->by_segment && kind->by_segment(offer->pricing->policy.params);

    for (int k = 0; offer->bundle && k < offer->bundle->of.count; k++) {
        apart = apart || priced_apart(offers, &offers[offer->bundle->of.items[k].index]);
    }
    return apart;
}

bool ps_plan_prices(ps_plan *plan, ps_arena *arena)
{
    const ps_offer *offers = plan->scenario->offers.items;
    const size_t lines = (size_t)(plan->S * plan->I);

    plan->pricing_kind = ps_arena_alloc(arena, (size_t)plan->I, sizeof(int));
    plan->floored = ps_arena_alloc(arena, (size_t)plan->I, sizeof(bool));
    plan->limited_moves = ps_arena_alloc(arena, (size_t)plan->I, sizeof(bool));
    plan->price_row = ps_arena_alloc(arena, lines, sizeof(int));
    plan->row_offer = ps_arena_alloc(arena, lines, sizeof(int));
    plan->row_segment = ps_arena_alloc(arena, lines, sizeof(int));
    plan->row_cell = ps_arena_alloc(arena, lines, sizeof(int));
    plan->rival_weight = ps_arena_alloc(arena, (size_t)plan->C + 1, sizeof(double));
    plan->rival_stream = ps_arena_alloc(arena, (size_t)plan->C + 1, sizeof(uint32_t));
    if (!plan->pricing_kind || !plan->floored || !plan->limited_moves || !plan->price_row ||
        !plan->row_offer || !plan->row_segment || !plan->row_cell || !plan->rival_weight ||
        !plan->rival_stream) {
        return false;
    }
    for (int i = 0; i < plan->I; i++) {
        const ps_pricing_kind *kind =
            (const ps_pricing_kind *)(const void *)offers[i].pricing->policy.kind;
        const bool apart = priced_apart(offers, &offers[i]);

        plan->bundled = plan->bundled || offers[i].bundle;
        plan->floored[i] = kind->floors || offers[i].bundle;
        plan->limited_moves[i] = ps_pricing_limits(offers[i].pricing);
        plan->pricing_kind[i] = ps_plan_kind(&ps_pricing_family, offers[i].pricing->policy.kind);
        for (int s = 0; s < plan->S; s++) {
            if (s == 0 || apart || plan->channel_prices) {
                plan->row_cell[plan->price_rows] = plan->channel_prices ? s : -1;
                plan->row_offer[plan->price_rows] = i;
                plan->row_segment[plan->price_rows] = apart ? s : -1;
                plan->price_rows++;
            }
            plan->price_row[s * plan->I + i] = plan->price_rows - 1;
        }
    }
    for (int c = 0; c < plan->C; c++) {
        plan->rival_stream[c] = ps_plan_stream("rival", plan->scenario->rival_owner[c]->entry.id);
    }
    rival_weights(plan);
    return true;
}

/* Recognition: straight-line over the term from signing. Billing: equal invoices in advance. */
static bool offer_kernels(ps_plan *plan, ps_arena *arena, int i)
{
    const ps_offer *offer = (const ps_offer *)plan->scenario->offers.items + i;
    const ps_contract *contract = offer->contract;
    const size_t n = (size_t)plan->T_end + 1;
    const double month = 365.25 / 12.0;
    double *one = ps_arena_alloc(arena, n, sizeof *one);

    plan->recognition[i] = ps_arena_alloc(arena, n, sizeof(double));
    plan->billing[i] = ps_arena_alloc(arena, n, sizeof(double));
    if (!one || !plan->recognition[i] || !plan->billing[i]) {
        return false;
    }
    plan->recognition_total[i] = plan->billing_total[i] = 1.0;
    plan->recognition_n[i] = plan->recognition_n[plan->I + i] = 1;
    plan->recognition[i][0] = plan->billing[i][0] = 1.0;
    if (!contract) {
        return true;
    }
    const double months = (double)contract->months;
    const ps_dist term = {.law = PS_LAW_UNIFORM,
                          .p = {0.0, months * month},
                          .sign = 1.0,
                          .min = -INFINITY,
                          .max = INFINITY};
    const double every = contract->billing == PS_BILLING_ANNUAL      ? 12.0
                         : contract->billing == PS_BILLING_QUARTERLY ? 3.0
                         : contract->billing == PS_BILLING_MONTHLY   ? 1.0
                                                                     : months;

    ps_kernel_fill(&term, plan->period_days, plan->T_end, false, plan->recognition[i]);
    plan->recognition_n[i] = plan->T_end;
    plan->recognition_mean[i] = 0.5 * months * month / plan->period_days;
    plan->term_periods[i] = (int)(months * month / plan->period_days + 0.5);
    plan->billing[i][0] = 0.0;
    for (double at = 0.0; at < months; at += every) {
        const ps_dist delay = {.law = PS_LAW_CONSTANT,
                               .p = {at * month},
                               .sign = 1.0,
                               .min = -INFINITY,
                               .max = INFINITY};
        const double part = fmin(every, months - at) / months;

        ps_kernel_fill(&delay, plan->period_days, plan->T_end, false, one);
        for (int t = 0; t < plan->T_end; t++) {
            plan->billing[i][t] += part * one[t];
            plan->recognition_n[plan->I + i] =
                plan->billing[i][t] > 0.0 ? t + 1 : plan->recognition_n[plan->I + i];
        }
    }
    return true;
}

/* Where a cumulative amount starts again: the first period, and the first in a new fiscal span. */
static void fiscal_spans(const ps_plan *plan, int per, double *starts)
{
    const int first = (int)plan->scenario->calendar->fiscal_year_start;
    int before = 0;

    for (int t = 0; t < plan->T_end; t++) {
        int year, month, day;

        ps_date_split(plan->start[t], &year, &month, &day);
        const int months = year * 12 + month - first;
        const int span = per == PS_COMMISSION_PER_YEAR      ? months / 12
                         : per == PS_COMMISSION_PER_QUARTER ? months / 3
                                                            : months;

        starts[t] = t == 0 || span != before;
        before = span;
    }
}

/* Days of the fiscal year, quarter or month in which a day lies. */
static int fiscal_days(const ps_plan *plan, int per, int day)
{
    const int first = (int)plan->scenario->calendar->fiscal_year_start;
    const int length = per == PS_COMMISSION_PER_YEAR      ? 12
                       : per == PS_COMMISSION_PER_QUARTER ? 3
                                                          : 1;
    int year, month, of_month;

    ps_date_split(day, &year, &month, &of_month);
    const int months = year * 12 + month - first, from = months / length * length + first - 1;

    return ps_date_join((from + length) / 12, (from + length) % 12 + 1, 1) -
           ps_date_join(from / 12, from % 12 + 1, 1);
}

/* A period's quota is its days' part of the span's, so that a span which is cut has less. */
static bool quotas(ps_plan *plan, ps_arena *arena)
{
    const ps_sales_team *team = plan->scenario->sales_team;

    plan->quota = ps_arena_alloc(arena, (size_t)plan->T_end, sizeof(double));
    plan->quota_start = ps_arena_alloc(arena, (size_t)plan->T_end + 1, sizeof(double));
    if (!plan->quota || !plan->quota_start) {
        return false;
    }
    if (team && team->quota) {
        fiscal_spans(plan, team->quota->per, plan->quota_start);
        for (int t = 0; t < plan->T_end; t++) {
            plan->quota[t] = (double)team->representatives * team->quota->amount *
                             (plan->end[t] - plan->start[t]) /
                             fiscal_days(plan, team->quota->per, plan->start[t]);
        }
    }
    return true;
}

static bool waterfall_steps(ps_plan *plan, ps_arena *arena)
{
    const ps_waterfall *w = plan->scenario->waterfall;
    const int reserved[] = {PS_STEP_NEGOTIATED, PS_STEP_PROMOTION, PS_STEP_INVOICE};
    static const char *const names[] = {"negotiated", "promotion", "invoice"};
    const int n = w ? w->steps.count : 0;
    const ps_step *steps = w ? w->steps.items : NULL;

    bool discounted = false;

    plan->step = ps_arena_alloc(arena, (size_t)n + 5, sizeof *plan->step);
    if (!plan->step) {
        return false;
    }
    plan->steps = n + 3;
    plan->linear_waterfall = true;
    plan->plain_waterfall =
        n == 0 && (!w || w->order.count == 0) && !plan->channel_fees && !plan->served;
    for (int k = 0; k < n + 3; k++) {
        ps_plan_step *to = &plan->step[k];
        const int index = w && w->order.count == n + 3 ? w->order.items[k].index
                          : k < n                      ? k
                                                       : reserved[k - n];

        if (index < 0) {
            discounted = discounted || index != PS_STEP_INVOICE;
            to->reserved = index;
            to->id = to->label = names[-index - 1];
        } else {
            to->step = &steps[index];
            plan->linear_waterfall =
                plan->linear_waterfall && (discounted || !steps[index].amount.given);
            to->id = steps[index].entry.id;
            to->label = steps[index].entry.label;
        }
    }
    if (plan->channel_fees) {
        plan->step[plan->steps++] =
            (ps_plan_step){.reserved = PS_STEP_FEE, .id = "channel_fee", .label = "Channels' fees"};
    }
    if (plan->served) {
        plan->step[plan->steps++] =
            (ps_plan_step){.reserved = PS_STEP_SERVE, .id = "serving", .label = "Cost to serve"};
    }
    return true;
}

bool ps_plan_money(ps_plan *plan, ps_arena *arena)
{
    const ps_scenario *sc = plan->scenario;
    const size_t n = (size_t)plan->I;
    const ps_commission *commission = sc->sales_team ? sc->sales_team->commission : NULL;

    plan->recognition = ps_arena_alloc(arena, n, sizeof *plan->recognition);
    plan->billing = ps_arena_alloc(arena, n, sizeof *plan->billing);
    plan->recognition_n = ps_arena_alloc(arena, 2 * n, sizeof *plan->recognition_n);
    plan->recognition_total = ps_arena_alloc(arena, n, sizeof(double));
    plan->billing_total = ps_arena_alloc(arena, n, sizeof(double));
    plan->recognition_mean = ps_arena_alloc(arena, n, sizeof(double));
    plan->term_periods = ps_arena_alloc(arena, n, sizeof(int));
    plan->fiscal = ps_arena_alloc(arena, (size_t)plan->T_end + 1, sizeof(double));
    if (!plan->recognition || !plan->billing || !plan->recognition_n || !plan->recognition_total ||
        !plan->billing_total || !plan->recognition_mean || !plan->term_periods || !plan->fiscal) {
        return false;
    }
    for (int i = 0; i < plan->I; i++) {
        if (!offer_kernels(plan, arena, i)) {
            return false;
        }
    }
    if (commission) {
        fiscal_spans(plan, commission->per, plan->fiscal);
    }
    if (!quotas(plan, arena)) {
        return false;
    }
    const ps_dist *bad_debt = &sc->payment->bad_debt.dist;

    plan->has_dispute = sc->payment->disputed != NULL;
    if (!waterfall_steps(plan, arena) ||
        !payment_kernel(plan, arena, &sc->payment->days, &plan->payment) ||
        (plan->has_dispute &&
         !payment_kernel(plan, arena, &sc->payment->disputed->days, &plan->dispute))) {
        return false;
    }
    bool at_once = !plan->has_dispute && plan->payment.shared && plan->payment.k[0] == 1.0;

    for (int i = 0; i < plan->I; i++) {
        at_once = at_once && !((const ps_offer *)sc->offers.items)[i].contract;
    }
    for (int k = 0; k < plan->steps; k++) {
        plan->terms = plan->terms || (plan->step[k].step && plan->step[k].step->paid);
    }
    plan->span = at_once && !plan->terms ? 1 : plan->T_end + 1;
    plan->all_paid = bad_debt->law == PS_LAW_CONSTANT && bad_debt->p[0] == 0.0;
    plan->keeps_all_paid = plan->all_paid && !(sc->vat && sc->vat->prices_include);
    return true;
}
