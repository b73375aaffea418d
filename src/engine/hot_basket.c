/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Orders of a segment with baskets: units, payment and the buyer's gain under spend-and-save rules.
 * docs/model/promotions.md */
#include "engine/hot.h"
#include "math/vmath.h"

/* Whether the basket rule of promotion m may hold for offer i in a class: under `exclusive` only
 * the first in order does. */
static bool basket_applies(const ps_work *w, uint32_t set, int i, int m)
{
    const ps_plan *p = w->plan;

    if (!(set >> m & 1U) || !p->promotion[m].basket || !p->promotion[m].in_offer[i]) {
        return false;
    }
    for (int rank = 0; p->scenario->stacking->rule == PS_EXCLUSIVE && p->by_rank[rank] != m;
         rank++) {
        if ((set >> p->by_rank[rank] & 1U) && p->promotion[p->by_rank[rank]].in_offer[i]) {
            return false;
        }
    }
    return true;
}

/* One lane's order of the class: without a rule, or with the rule that saves most. Under
 * `best_for_customer` a rule stands against the price cut too and replaces it; otherwise it holds
 * at the class price. `level` is the price, `gain` the buyer's gain in the choice. */
static ps_basket_moments lane_basket(const ps_work *w, int s, int at, int l, double *level,
                                     double *gain)
{
    const ps_plan *p = w->plan;
    const int e = at / p->I, i = at % p->I;
    const ps_offer *offer = (const ps_offer *)p->scenario->offers.items + i;
    const double today = ps_number_lanes(&offer->list_price, w->values[0], 0)[l];
    const double list = w->list[p->price_row[s * p->I + i]][l], price = w->class_price[at][l];
    const double log_b = w->basket_log[s][l], sd = w->basket_sd[s][l];
    const double base = p->scenario->stacking->rule == PS_BEST_FOR_CUSTOMER ? list : price;
    const double units = ps_exp(log_b + 0.5 * sd * sd) / today;
    ps_basket_moments m = {.paid = units * price, .goods = units * price};
    double best = base > 0.0 ? price / base : 0.0; /* paid for what costs 1 at the base */

    *level = price;
    *gain = 0.0;
    for (int rank = 0; rank < p->M && base > 0.0; rank++) {
        const ps_plan_promotion *promo = &p->promotion[p->by_rank[rank]];

        if (!basket_applies(w, w->class_set[e], i, p->by_rank[rank])) {
            continue;
        }
        const double v = ps_number_lanes(promo->rule.addon_value, w->values[0], s)[l];
        const double kappa = ps_number_lanes(promo->rule.compliance, w->values[0], s)[l];
        const ps_basket_moments x =
            ps_basket_evaluate(&promo->rule, log_b + ps_log(base / today), sd, v, kappa);

        if (x.paid / x.goods < best) {
            best = x.paid / x.goods;
            m = x;
            *level = base;
            *gain = promo->rule.choice_effect ? today * x.gain / x.basket : 0.0;
        }
    }
    m.goods = *level > 0.0 ? m.goods / *level : units; /* in units */
    return m;
}

/* Orders of segment s: units and payment per order at the class price, and the utility of a
 * spend-and-save rule. */
void ps_hot_basket(ps_work *w, int s, int at, double *restrict utility)
{
    for (int l = 0; l < PS_LANES; l++) {
        double level, gain;
        const ps_basket_moments m = lane_basket(w, s, at, l, &level, &gain);

        w->class_price[at][l] = level;
        utility[l] -= w->alpha[s][l] * gain;
        w->units[at][l] = m.goods;
        w->paid[at][l] = m.paid;
        w->moments[at * 3][l] = m.redeemed;
        w->moments[at * 3 + 1][l] = m.topped_up;
        w->moments[at * 3 + 2][l] = m.subsidised;
    }
}
