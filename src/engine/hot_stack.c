/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the promotions of an exposure class make of an offer: its net price by the stacking rule,
 * and the utility that comes with them. docs/model/promotions.md, bundles.md */
#include <string.h>

#include "engine/hot.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

/* What a bundle's promotions start from: what its offers cost under `set`, each by itself. */
static void parts_price(const ps_work *w, int s, const ps_bundle *bundle, uint32_t set,
                        double *restrict price)
{
    ps_lanes part;

    for (int k = 0; k < bundle->of.count; k++) {
        ps_hot_stack_price(w, s, bundle->of.items[k].index, set, part);
        LANES
        {
            price[l] = part[l] + (k > 0 ? price[l] : 0.0);
        }
    }
}

/* The promotions in `set` that change the price of offer i itself, in stacking order. */
static void apply_stacked(const ps_work *w, int s, int i, uint32_t set, const double *list,
                          double *restrict price)
{
    const ps_plan *p = w->plan;
    const int rule = p->scenario->stacking->rule;
    const bool bundle = ((const ps_offer *)p->scenario->offers.items)[i].bundle;
    ps_lanes one, before;
    int group = -1;

    for (int rank = 0; rank < p->M; rank++) {
        const int m = p->by_rank[rank];
        const ps_plan_promotion *promo = &p->promotion[m];

        if (!(set >> m & 1U) || !promo->in_offer[i]) {
            continue;
        }
        if (promo->basket || (bundle && !promo->synergy)) {
            if (rule == PS_EXCLUSIVE) {
                break; /* the first in order is a basket rule, or acts on an offer of the bundle */
            }
            continue;
        }
        const bool again = rule == PS_STACK && promo->group >= 0 && promo->group == group;

        if (!again) {
            memcpy(before, rule == PS_STACK ? price : list, sizeof before);
        }
        memcpy(one, before, sizeof one);
        ps_hot_promotion_kind(p, m)->apply(promo->promotion->kind.params,
                                           (const int[2]){p->start[w->t], p->end[w->t]},
                                           w->values[0], one);
        if (promo->promotion->per_customer > 0 && p->segment[s].counted) {
            const double *held = w->order_held[m * p->S + s];

            LANES
            {
                one[l] = __builtin_fma(held[l], one[l] - before[l], before[l]);
            }
        }
        LANES
        {
            price[l] = rule == PS_STACK && !again ? one[l] : one[l] < price[l] ? one[l] : price[l];
        }
        group = promo->group;
        if (rule == PS_EXCLUSIVE) {
            break;
        }
    }
}

/* Net unit price of offer i in segment s for the promotions in `set`, by the stacking rule. */
void ps_hot_stack_price(const ps_work *w, int s, int i, uint32_t set, double *restrict price)
{
    const ps_plan *p = w->plan;
    const double *list = w->list[p->price_row[s * p->I + i]];
    const ps_bundle *bundle = ((const ps_offer *)p->scenario->offers.items)[i].bundle;

    if (bundle) {
        parts_price(w, s, bundle, set, price);
    } else {
        memcpy(price, list, sizeof(ps_lanes));
    }
    if (set == 0 && !p->floored[i]) {
        return;
    }
    apply_stacked(w, s, i, set, list, price);
    if (p->scenario->stacking->cap.given) {
        const double *cap = ps_number_lanes(&p->scenario->stacking->cap, w->values[0], 0);

        LANES
        {
            price[l] = price[l] < list[l] * (1.0 - cap[l]) ? list[l] * (1.0 - cap[l]) : price[l];
        }
    }
    LANES
    {
        const double floor = w->floor[i][l] < list[l] ? w->floor[i][l] : list[l];

        price[l] = price[l] < floor ? floor : price[l];
    }
}

/* Utility at which nobody chooses an offer, base 2. */
static const double gone = -900.0;

/* Adds what a promotion of bundles is worth to the buyers of a bundle, or takes its offers off
 * sale alone. */
static bool joint_utility(const ps_work *w, int s, const ps_plan_promotion *promo, int i,
                          double *restrict extra)
{
    const ps_plan *p = w->plan;
    const ps_offer *offers = p->scenario->offers.items;
    const double *synergy = ps_number_lanes(promo->synergy, w->values[0], s);
    const double *p0 = w->base_price[s * p->I + i], *alpha = w->alpha[s];
    bool part = false;

    if (promo->in_offer[i]) {
        LANES
        {
            extra[l] -= synergy[l] * alpha[l] * p0[l];
        }
        return true;
    }
    for (int j = 0; j < p->I && promo->pure; j++) {
        for (int k = 0; promo->in_offer[j] && k < offers[j].bundle->of.count; k++) {
            part = part || offers[j].bundle->of.items[k].index == i;
        }
    }
    LANES
    {
        extra[l] = part ? gone : extra[l];
    }
    return part;
}

/* Utility of display and advertising for offer i in class e; false when there is none. */
bool ps_hot_features(const ps_work *w, int s, int e, int i, double *restrict extra)
{
    const ps_plan *p = w->plan;
    bool any = p->segment[s].basket;

    LANES
    {
        extra[l] = 0.0;
    }
    for (int m = 0; m < p->M; m++) {
        if ((w->class_set[e] >> m & 1U) && p->promotion[m].in_offer[i] &&
            p->promotion[m].promotion->feature) {
            const double *v = w->feature[m * p->S + s];

            any = true;
            LANES
            {
                extra[l] += v[l];
            }
        }
    }
    for (int m = 0; m < p->M && p->bundled; m++) {
        if ((w->class_set[e] >> m & 1U) && p->promotion[m].synergy) {
            any = joint_utility(w, s, &p->promotion[m], i, extra) || any;
        }
    }
    return any;
}
