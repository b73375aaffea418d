/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a customer is worth: survival, lifetime value, cost of acquisition, payback.
 * docs/model/lifetime.md */
#include <math.h>

#include "engine/derive_parts.h"

enum { TOLD = 12, LONGEST_MONTHS = 1200 };

/* Customers of one offer over their terms. */
typedef struct {
    bool differ; /* sBG; else everybody is kept with the same probability */
    ps_sbg law;
    double kept;
    double months; /* of a term */
    double v;      /* discount factor of a term */
    int late;      /* 1: paid in arrears */
    double years;  /* 0: without end */
} customers;

static double kept_at(const customers *c, int k)
{
    return c->differ ? ps_sbg_kept(&c->law, k) : c->kept;
}

/* Sum over all terms of v^k P(still a customer after k terms). */
static double endless(const customers *c, double v)
{
    const double q = c->kept * v;

    return c->differ ? ps_sbg_sum(&c->law, v) : q < 1.0 ? 1.0 / (1.0 - q) : (double)INFINITY;
}

/* Probability to leave at the end of a term of so many months. */
static double leaves(const ps_rate *rate, double per_unit, double months)
{
    static const double months_of[] = {[PS_PER_DAY] = 1.0 / 30.4375,
                                       [PS_PER_WEEK] = 7.0 / 30.4375,
                                       [PS_PER_MONTH] = 1.0,
                                       [PS_PER_QUARTER] = 3.0,
                                       [PS_PER_YEAR] = 12.0};

    return 1.0 - pow(1.0 - per_unit, months / months_of[rate->per]);
}

static customers customers_of(const ps_work *w, int i)
{
    const ps_scenario *scenario = w->plan->scenario;
    const ps_retention *r = scenario->retention;
    const ps_churn *churn = r->churn;
    const ps_offer *offer = (const ps_offer *)scenario->offers.items + i;
    const ps_number *rate = &scenario->costs->discount_rate_per_year;
    const double discount = rate->given ? ps_number_lanes(rate, w->values[0], 0)[0] : 0.0;
    customers c = {.differ = churn->rate.per == PS_PER_NONE,
                   .months = offer->contract ? (double)offer->contract->months : r->term_months,
                   .late = r->payments == PS_PAID_IN_ARREARS,
                   .years = r->years};

    c.v = pow(1.0 + discount, -c.months / 12.0);
    if (churn->survivors.count > 0) {
        ps_sbg_fit(churn->survivors.items, churn->survivors.count, &c.law);
    } else if (c.differ) {
        c.law = (ps_sbg){ps_number_lanes(&churn->alpha, w->values[0], 0)[0],
                         ps_number_lanes(&churn->beta, w->values[0], 0)[0]};
    } else {
        c.kept = 1.0 - leaves(&churn->rate, ps_number_lanes(&churn->rate.value, w->values[0], 0)[0],
                              c.months);
    }
    return c;
}

static void put_survival(ps_derive_state *state, const char *id, const customers *c)
{
    double alive = 1.0;

    for (int k = 1; k <= TOLD; k++) {
        alive *= kept_at(c, k);
        ps_derive_put(state, "frac", "Part of the customers kept at the end of that term.",
                      kept_at(c, k), "lifetime/%s/kept/%d", id, k);
        ps_derive_put(state, "frac", "Part of a cohort left after so many terms.", alive,
                      "lifetime/%s/survival/%d", id, k);
    }
    ps_derive_put(state, "count", "Mean number of terms of a customer.", endless(c, 1.0),
                  "lifetime/%s/mean_terms", id);
    ps_derive_put(state, "ratio", "Months of a term.", c->months, "lifetime/%s/term_months", id);
}

/* Margins of 1 per term, discounted, that are paid before the years are over. */
static double within(const customers *c)
{
    const double terms = c->years * 12.0 / c->months;
    const int n = (int)(c->late ? floor(terms + 1e-9) + 1.0 : ceil(terms - 1e-9));
    double alive = 1.0, sum = 0.0;

    for (int k = 0; k < n; k++) {
        alive *= k > 0 ? kept_at(c, k) * c->v : 1.0;
        sum += k >= c->late ? alive : 0.0;
    }
    return sum;
}

/* Margins paid until they cover the cost, without discount; 0: they do not in a hundred years. */
static int payback(const customers *c, double margin, double cost)
{
    double alive = 1.0, sum = 0.0;

    for (int k = 0; (k + 1) * c->months <= LONGEST_MONTHS; k++) {
        alive *= k > 0 ? kept_at(c, k) : 1.0;
        sum += k >= c->late ? alive * margin : 0.0;
        if (sum >= cost * (1.0 - 1e-12)) {
            return k + 1 - c->late;
        }
    }
    return 0;
}

/* Acquisition cost of a customer of cell s: of the leads, and its part of what the channel spends
 * and of what the team of its sales model is paid at the start; NAN without a cost or without
 * customers. */
static double acquisition_cost(const ps_work *w, int s)
{
    const double leads = w->arrivals[s][0],
                 won = w->upstream[s][0] * w->aware[s][0] * w->win[s][0] * w->downstream[s][0];

    if (!w->plan->has[PS_METRIC_acquisition_cost] || leads <= 0.0 || won <= 0.0) {
        return (double)NAN;
    }
    double spend = w->spend[s][0];

    for (int z = 0; z < w->plan->teams; z++) {
        spend += w->plan->team[z].serves[s]
                     ? w->team_part[s][0] * w->team_pay[(long)z * w->plan->T_end][0]
                     : 0.0;
    }
    return (w->lead_cost[s][0] + spend / leads) / won;
}

static void put_value(ps_derive_state *state, int s, int i, const customers *c)
{
    const ps_work *w = state->w;
    const ps_number *stated = &w->plan->scenario->retention->margin;
    const char *segment = ps_derive_segment(state->plan, s),
               *offer = ps_derive_alternative(state->plan, i);
    const double margin = stated->given ? ps_number_lanes(stated, w->values[0], s)[0]
                                        : w->open_margin[s * state->plan->I + i][0],
                 all = endless(c, c->v) - c->late, counted = c->years > 0.0 ? within(c) : all,
                 value = margin * counted, cost = acquisition_cost(w, s);

    ps_derive_put(state, "money", "Margin of a customer per term.", margin, "lifetime/%s/%s/margin",
                  segment, offer);
    ps_derive_put(state, "money", "Lifetime value of a customer, within retention.years.", value,
                  "lifetime/%s/%s/value", segment, offer);
    if (c->years > 0.0) {
        ps_derive_put(state, "money", "What would come after these years.",
                      margin * (all - counted), "lifetime/%s/%s/value_beyond", segment, offer);
    }
    if (c->differ) {
        const customers alike = {.kept = c->law.beta / (c->law.alpha + c->law.beta),
                                 .months = c->months,
                                 .v = c->v,
                                 .late = c->late,
                                 .years = c->years};

        ps_derive_put(state, "money",
                      "Lifetime value if all left at the mean rate of the first term: too low.",
                      margin * (c->years > 0.0 ? within(&alike) : endless(&alike, c->v) - c->late),
                      "lifetime/%s/%s/value_at_mean_churn", segment, offer);
    }
    if (isfinite(cost) && cost > 0.0) {
        const int n = payback(c, margin, cost);

        ps_derive_put(state, "ratio", "Lifetime value over acquisition cost.", value / cost,
                      "lifetime/%s/%s/value_to_cac", segment, offer);
        ps_derive_put(state, "ratio", "What acquisition returns: value less cost, over cost.",
                      value / cost - 1.0, "lifetime/%s/%s/roi", segment, offer);
        if (n > 0) {
            ps_derive_put(state, "ratio", "Months of margins that pay the acquisition back.",
                          n * c->months, "lifetime/%s/%s/payback_months", segment, offer);
        }
    }
}

static void put_fit(ps_derive_state *state, const ps_plains *survivors)
{
    ps_sbg law;

    ps_sbg_fit(survivors->items, survivors->count, &law);
    ps_derive_put(state, "ratio", "First parameter of the sBG law fitted to the survivors.",
                  law.alpha, "lifetime/alpha");
    ps_derive_put(state, "ratio", "Its second parameter.", law.beta, "lifetime/beta");
    ps_derive_put(state, "ratio", "Log likelihood of the survivors.",
                  ps_sbg_log_likelihood(&law, survivors->items, survivors->count),
                  "lifetime/log_likelihood");
}

void ps_derive_lifetime(ps_derive_state *state)
{
    const ps_plan *p = state->plan;
    const ps_retention *retention = p->scenario->retention;

    if (!retention) {
        return;
    }
    if (retention->churn->survivors.count > 0) {
        put_fit(state, &retention->churn->survivors);
    }
    for (int s = 0; s < p->S; s++) {
        ps_derive_put(state, "money", "What leads and channel cost for one customer.",
                      acquisition_cost(state->w, s), "lifetime/%s/cac", ps_derive_segment(p, s));
    }
    for (int i = 0; i < p->I; i++) {
        const customers c = customers_of(state->w, i);

        put_survival(state, ps_derive_alternative(p, i), &c);
        for (int s = 0; s < p->S; s++) {
            put_value(state, s, i, &c);
        }
    }
}
