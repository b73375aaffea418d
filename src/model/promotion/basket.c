/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/promotion/basket.h"

#include "math/normal.h"

const char *const ps_choice_effects[] = {"gain", "none", NULL};

ps_basket_rule ps_top_up_rule(const ps_top_up *keys)
{
    return (ps_basket_rule){.addon_value = &keys->addon_value,
                            .compliance = &keys->compliance,
                            .choice_effect = keys->choice_effect == 0};
}

/* Units that gain most for a buyer of n: `gain` over staying with n. */
static int top_up(const double *pay, double v, int n, double *gain)
{
    int best = n;

    *gain = 0.0;
    for (int m = n + 1; m <= PS_MAX_UNITS; m++) {
        const double x = v * (m - n) - (pay[m] - pay[n]);

        if (x > *gain + 1e-12) {
            *gain = x;
            best = m;
        }
    }
    return best;
}

ps_basket_moments ps_quantity_evaluate(const double *chance, const double *pay, double addon_value,
                                       double compliance)
{
    ps_basket_moments x = {0};

    for (int n = 1; n <= PS_MAX_UNITS; n++) {
        double gain;
        const int m = top_up(pay, addon_value, n, &gain);
        const double p = chance[n], more = m > n ? p * compliance : 0.0;
        const double saves = pay[n] < n ? 1.0 : 0.0;

        x.basket += p * n;
        x.paid += p * pay[n] + more * (pay[m] - pay[n]);
        x.goods += p * n + more * (m - n);
        x.gain += p * (n - pay[n]) + more * gain;
        x.topped_up += more;
        x.subsidised += p * saves;
        x.redeemed += p * saves + more * (1.0 - saves);
    }
    return x;
}

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
