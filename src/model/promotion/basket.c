/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/promotion/basket.h"

#include "math/normal.h"

typedef struct {
    double log_median, sdlog, mean;
} lognormal;

/* P(b < x) and E[b; b < x]. */
static double probability_below(const lognormal *b, double x)
{
    return x <= 0.0 ? 0.0 : ps_normal_cdf((ps_log(x) - b->log_median) / b->sdlog);
}

static double mean_below(const lognormal *b, double x)
{
    return x <= 0.0 ? 0.0
                    : b->mean * ps_normal_cdf((ps_log(x) - b->log_median) / b->sdlog - b->sdlog);
}

double ps_basket_saving(const ps_basket_rule *rule, double basket)
{
    double save = 0.0;

    for (int k = 0; k < rule->tiers && basket >= rule->spend[k]; k++) {
        save = rule->save[k];
    }
    return save;
}

/* Best tier to top up to from below tier `from` (index of the next one): largest Y_k - (1 - v) T_k.
 */
static int best_target(const ps_basket_rule *rule, int from, double slope)
{
    int best = from;

    for (int k = from + 1; k < rule->tiers; k++) {
        if (rule->save[k] - slope * rule->spend[k] > rule->save[best] - slope * rule->spend[best]) {
            best = k;
        }
    }
    return best;
}

/* Interval [lo, hi) of baskets that stand at saving `have` and may top up to tier (T, Y). */
static void add_top_up(const lognormal *b, double lo, double hi, double have, const double tier[2],
                       const double behaviour[2], ps_basket_moments *m)
{
    const double slope = 1.0 - behaviour[0], kappa = behaviour[1];
    const double from = tier[0] - (tier[1] - have) / slope;
    const double low = from > lo ? from : lo;

    if (low >= hi) {
        return;
    }
    const double p = kappa * (probability_below(b, hi) - probability_below(b, low));
    const double mean = kappa * (mean_below(b, hi) - mean_below(b, low));

    m->topped_up += p;
    m->redeemed += have > 0.0 ? 0.0 : p;
    m->goods += tier[0] * p - mean;
    m->paid += (tier[0] - (tier[1] - have)) * p - mean;
    m->gain += (tier[1] - have - slope * tier[0]) * p + slope * mean;
}

ps_basket_moments ps_basket_evaluate(const ps_basket_rule *rule, double log_median, double sdlog,
                                     double addon_value, double compliance)
{
    const lognormal b = {log_median, sdlog, ps_exp(log_median + 0.5 * sdlog * sdlog)};
    const double behaviour[2] = {addon_value, compliance};
    ps_basket_moments m = {.basket = b.mean, .paid = b.mean, .goods = b.mean};
    double lo = 0.0, have = 0.0;

    for (int j = 0; j <= rule->tiers; j++) {
        const bool last = j == rule->tiers;

        if (have > 0.0) {
            const double p =
                (last ? 1.0 : probability_below(&b, rule->spend[j])) - probability_below(&b, lo);

            m.paid -= have * p;
            m.gain += have * p;
            m.redeemed += p;
            m.subsidised += p;
        }
        if (!last) {
            const int k = best_target(rule, j, 1.0 - addon_value);
            const double tier[2] = {rule->spend[k], rule->save[k]};

            add_top_up(&b, lo, rule->spend[j], have, tier, behaviour, &m);
            lo = rule->spend[j];
            have = rule->save[j];
        }
    }
    return m;
}
