/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Orders of a segment with baskets: units, payment and the buyer's gain under spend-and-save rules.
 * docs/model/promotions.md */
#include <string.h>

#include "engine/hot.h"
#include "math/vmath.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

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

/* The price at which the rule of `rank` looks at the order. `best_for_customer`: the list price,
 * the rule stands against the price cut and replaces it. `stack`: the price after the promotions
 * that come before it in the order. */
static void rule_level(const ps_work *w, int s, int at, int rank, double *restrict level)
{
    const ps_plan *p = w->plan;
    const int i = at % p->I, rule = p->scenario->stacking->rule;
    const double *list = w->list[p->price_row[s * p->I + i]];
    uint32_t before = 0;

    if (rule != PS_STACK) {
        memcpy(level, rule == PS_BEST_FOR_CUSTOMER ? list : w->class_price[at], sizeof(ps_lanes));
        return;
    }
    for (int r = 0; r < rank; r++) {
        before |= 1U << p->by_rank[r];
    }
    ps_hot_stack_price(w, s, i, w->class_set[at / p->I] & before, level);
}

void ps_hot_order_lane(ps_work *w, int s, int l, const ps_dist *law)
{
    ps_lanes *chance = w->chance_units + (long)s * (PS_MAX_UNITS + 1);
    double below = 0.0, mean = 0.0;

    chance[0][l] = 0.0;
    for (int n = 1; n <= PS_MAX_UNITS; n++) {
        const double up_to = n < PS_MAX_UNITS ? ps_dist_cdf(law, n + 0.5) : 1.0;

        chance[n][l] = up_to - below;
        mean += n * chance[n][l];
        below = up_to;
    }
    w->order_units[s][l] = mean;
}

/* Of the units of all orders, those up to the `most` first of each. */
static void held_part(ps_work *w, int s, int64_t most, double *restrict part)
{
    ps_lanes *chance = w->chance_units + (long)s * (PS_MAX_UNITS + 1);

    LANES
    {
        double sum = 0.0;

        for (int n = 1; n <= PS_MAX_UNITS; n++) {
            sum += (double)(n < most ? n : most) * chance[n][l];
        }
        part[l] = sum / w->order_units[s][l];
    }
}

void ps_hot_order_rules(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    ps_lanes *chance = w->chance_units + (long)s * (PS_MAX_UNITS + 1);

    for (int m = 0; m < p->M; m++) {
        const ps_basket_rule *rule = &p->promotion[m].rule;
        ps_lanes *to = w->order_rule + 7L * (m * p->S + s);
        const int64_t most = p->promotion[m].promotion->per_customer;

        if (most > 0) {
            held_part(w, s, most, w->order_held[m * p->S + s]);
        }
        for (int l = 0; l < PS_LANES && p->promotion[m].basket && p->promotion[m].in_segment[s];
             l++) {
            double pay[PS_MAX_UNITS + 1], of[PS_MAX_UNITS + 1];

            rule->pay(rule->params, w->values[0], l, pay);
            for (int n = 0; n <= PS_MAX_UNITS; n++) {
                of[n] = chance[n][l];
                pay[n] = most > 0 && n > most ? pay[most] + (double)(n - most) : pay[n];
            }
            const ps_basket_moments x = ps_quantity_evaluate(
                of, pay, ps_number_lanes(rule->addon_value, w->values[0], s)[l],
                ps_number_lanes(rule->compliance, w->values[0], s)[l]);
            const double row[] = {x.basket,    x.paid,       x.goods, x.redeemed,
                                  x.topped_up, x.subsidised, x.gain};

            for (int k = 0; k < 7; k++) {
                to[k][l] = row[k];
            }
        }
    }
}

/* Today's price of offer i in cell s, at which its baskets are stated. */
static void price_today(const ps_work *w, int s, int i, double *restrict today)
{
    const ps_offer *offer = (const ps_offer *)w->plan->scenario->offers.items + i;
    const double *list = ps_number_lanes(&offer->list_price, w->values[0], 0);
    const double *factor = w->price_factor[s];

    LANES
    {
        today[l] = list[l] * factor[l];
    }
}

/* Moments of a rule by units, `at` of promotion and segment, in money at the price `level`. */
static ps_basket_moments counted_moments(const ps_work *w, int at, int l, double level)
{
    ps_lanes *x = w->order_rule + 7L * at;

    return (ps_basket_moments){.basket = x[0][l] * level,
                               .paid = x[1][l] * level,
                               .goods = x[2][l] * level,
                               .redeemed = x[3][l],
                               .topped_up = x[4][l],
                               .subsidised = x[5][l],
                               .gain = x[6][l] * level};
}

/* An order under the rule of promotion m in the lanes where it saves most so far; `best` is what is
 * paid for goods worth 1. Percentages that follow the rule leave that ratio alone. */
static void take_rule(ps_work *w, int s, int at, int m, const double *level, double *restrict best,
                      double *restrict gain)
{
    const ps_plan *p = w->plan;
    const ps_basket_rule *rule = &p->promotion[m].rule;
    const double *v = ps_number_lanes(rule->addon_value, w->values[0], s);
    const double *kappa = ps_number_lanes(rule->compliance, w->values[0], s);
    const bool stack = p->scenario->stacking->rule == PS_STACK;

    const bool counted = p->segment[s].counted;
    ps_lanes today;

    price_today(w, s, at % p->I, today);
    for (int l = 0; l < PS_LANES; l++) {
        const double price = stack ? w->class_price[at][l] : level[l];

        if (level[l] <= 0.0) {
            continue;
        }
        const ps_basket_moments x =
            counted ? counted_moments(w, m * p->S + s, l, level[l])
                    : ps_basket_evaluate(rule, w->basket_log[s][l] + ps_log(level[l] / today[l]),
                                         w->basket_sd[s][l], v[l], kappa[l]);

        if (x.paid / x.goods < best[l]) {
            best[l] = x.paid / x.goods;
            gain[l] = rule->choice_effect ? today[l] * x.gain / x.basket : 0.0;
            w->units[at][l] = x.goods / level[l];
            w->paid[at][l] = price == level[l] ? x.paid : x.paid * (price / level[l]);
            w->moments[at * 3][l] = x.redeemed;
            w->moments[at * 3 + 1][l] = x.topped_up;
            w->moments[at * 3 + 2][l] = x.subsidised;
            w->level[l] = price;
        }
    }
}

/* Orders of segment s: units and payment per order at the class price, and the utility of a
 * spend-and-save rule. */
void ps_hot_basket(ps_work *w, int s, int at, double *restrict utility)
{
    const ps_plan *p = w->plan;
    const int i = at % p->I, rule = p->scenario->stacking->rule;
    const double *list = w->list[p->price_row[s * p->I + i]], *price = w->class_price[at];
    const double *log_b = w->basket_log[s], *sd = w->basket_sd[s];
    const double *counted = p->segment[s].counted ? w->order_units[s] : NULL;
    ps_lanes best, gain, level, today;

    price_today(w, s, i, today);
    LANES
    {
        const double base = rule == PS_BEST_FOR_CUSTOMER ? list[l] : price[l];
        const double units =
            counted ? counted[l] : ps_exp(log_b[l] + 0.5 * sd[l] * sd[l]) / today[l];

        w->units[at][l] = units;
        w->paid[at][l] = units * price[l];
        w->level[l] = price[l];
        best[l] = base > 0.0 ? price[l] / base : 0.0;
        gain[l] = 0.0;
    }
    memset(w->moments[at * 3], 0, 3 * sizeof(ps_lanes));
    for (int rank = 0; rank < p->M; rank++) {
        if (basket_applies(w, w->class_set[at / p->I], i, p->by_rank[rank])) {
            rule_level(w, s, at, rank, level);
            take_rule(w, s, at, p->by_rank[rank], level, best, gain);
        }
    }
    memcpy(w->class_price[at], w->level, sizeof(ps_lanes));
    for (int l = 0; l < PS_LANES; l++) {
        utility[l] -= w->alpha[s][l] * gain[l];
    }
}
