/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who leaves, and what the customers of the window's leads are worth. docs/model/lifetime.md */
#include <string.h>

#include "engine/hot_customers.h"
#include "math/vmath.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

void ps_hot_leave(const ps_work *w, int line, int k, double *restrict q)
{
    const ps_plan_base *base = w->plan->life;
    const ps_churn *churn = base->retention->churn;
    const int s = line / w->plan->I;

    if (base->terms[line % w->plan->I].units > 0.0) {
        memcpy(q, w->life.leave[line], sizeof(ps_lanes));
    } else if (base->fitted) {
        LANES
        {
            q[l] = base->law.alpha / (base->law.alpha + base->law.beta + (k - 1));
        }
    } else {
        const double *alpha = ps_number_lanes(&churn->alpha, w->values[0], s),
                     *beta = ps_number_lanes(&churn->beta, w->values[0], s);

        LANES
        {
            q[l] = alpha[l] / (alpha[l] + beta[l] + (k - 1));
        }
    }
}

static bool in_arrears(const ps_work *w)
{
    return w->plan->life->retention->payments == PS_PAID_IN_ARREARS;
}

/* Whether the payment after k terms comes, and before the years are over. */
static bool counts(const ps_work *w, int i, int k)
{
    const double years = w->plan->life->retention->years;
    const double terms = years / w->plan->life->terms[i].years;
    const bool late = in_arrears(w);

    return k >= (late ? 1 : 0) && (years <= 0.0 || (late ? k <= terms + 1e-9 : k < terms - 1e-9));
}

/* Part of a margin of a term's length later that counts today. */
static void discount(const ps_work *w, int i, double *restrict v)
{
    const ps_number *rate = &w->plan->scenario->costs->discount_rate_per_year;
    const double *x = rate->given ? ps_number_lanes(rate, w->values[0], 0) : w->zero;
    const double years = w->plan->life->terms[i].years;

    LANES
    {
        v[l] = ps_exp2(-years * ps_log2(1.0 + x[l]));
    }
}

/* Goes to the end of the k-th term: part of the customers still there, discounted. */
static void next_term(const ps_work *w, int line, int k, const double *v, double *restrict alive)
{
    ps_lanes q;

    ps_hot_leave(w, line, k, q);
    LANES
    {
        alive[l] *= (1.0 - q[l]) * v[l];
    }
}

/* Margins of 1 per term without end; -1 where the sum has no bound. */
static void worth_endless(const ps_work *w, int line, const double *v, double *restrict worth)
{
    const ps_plan_base *life = w->plan->life;
    const ps_churn *churn = life->retention->churn;
    const double late = in_arrears(w) ? 1.0 : 0.0;
    const int s = line / w->plan->I;

    for (int l = 0; l < PS_LANES; l++) {
        const double x = (1.0 - w->life.leave[line][l]) * v[l];
        double sum = x < 1.0 ? 1.0 / (1.0 - x) : -1.0;

        if (churn->rate.per == PS_PER_NONE) {
            ps_sbg law = life->law;

            if (!life->fitted) {
                law = (ps_sbg){ps_number_lanes(&churn->alpha, w->values[0], s)[l],
                               ps_number_lanes(&churn->beta, w->values[0], s)[l]};
            }
            sum = ps_sbg_sum(&law, v[l]);
            sum = sum <= 1e300 ? sum : -1.0;
        }
        worth[l] = sum < 0.0 ? -1.0 : sum - late;
    }
}

/* Margins of 1 per term: all that count, the first, and those after each end of a term. */
static void worth_of(ps_work *w, int line, const double *v)
{
    const int i = line % w->plan->I, ends = 1 + (w->plan->T - 1) / w->plan->life->terms[i].periods;
    double *worth = w->life.worth[line], *first = w->life.first[line];
    ps_lanes *beyond = w->life.beyond + (long)(line / w->plan->I) * w->plan->life->payments +
                       w->plan->life->terms[i].payment_row;
    ps_lanes alive, sum;

    LANES
    {
        worth[l] = sum[l] = 0.0;
        first[l] = alive[l] = 1.0;
    }
    if (w->plan->life->retention->years <= 0.0) {
        worth_endless(w, line, v, worth);
    }
    for (int k = 0; w->plan->life->retention->years > 0.0 && (k == 0 || counts(w, i, k)); k++) {
        if (k > 0) {
            next_term(w, line, k, v, alive);
        }
        for (int l = 0; l < PS_LANES && counts(w, i, k); l++) {
            worth[l] += alive[l];
        }
    }
    if (in_arrears(w)) {
        next_term(w, line, 1, v, first);
        for (int l = 0; l < PS_LANES && !counts(w, i, 1); l++) {
            first[l] = 0.0;
        }
    }
    LANES
    {
        alive[l] = 1.0;
    }
    for (int k = 0; k < ends; k++) {
        if (k > 0) {
            next_term(w, line, k, v, alive);
        }
        const double now = counts(w, i, k) ? 1.0 : 0.0;

        LANES
        {
            sum[l] += now * alive[l];
            beyond[k][l] = worth[l] - sum[l];
        }
    }
}

void ps_hot_lifetime_setup(ps_work *w)
{
    const ps_plan *p = w->plan;
    const ps_rate *rate = &p->life->retention->churn->rate;
    ps_lanes v;

    for (int line = 0; line < p->S * p->I; line++) {
        if (rate->per != PS_PER_NONE) {
            const double *c = ps_number_lanes(&rate->value, w->values[0], line / p->I);
            const double units = p->life->terms[line % p->I].units;
            double *leave = w->life.leave[line];

            LANES
            {
                leave[l] = c[l] < 1.0 ? 1.0 - ps_exp2(units * ps_log2(1.0 - c[l])) : 1.0;
            }
        }
        discount(w, line % p->I, v);
        worth_of(w, line, v);
        LANES
        {
            w->life.later[line][l] = w->life.late[line][l] = 0.0;
        }
    }
}

void ps_hot_lifetime(ps_work *w)
{
    const ps_plan *p = w->plan;

    for (int line = 0; line < p->S * p->I; line++) {
        const ps_plan_terms *terms = &p->life->terms[line % p->I];
        const int past = (p->T - 1 - w->t) / terms->periods; /* ends of terms in the horizon */
        const double *n = w->signed_now[line * PS_CHANNELS + PS_CH_N];
        const double *beyond =
            w->life.beyond[(long)(line / p->I) * p->life->payments + terms->payment_row + past];
        const double *first = w->life.first[line];
        const double late = past == 0 && in_arrears(w) ? 1.0 : 0.0;
        double *later = w->life.later[line], *late_sum = w->life.late[line];

        LANES
        {
            later[l] += n[l] * beyond[l];
            late_sum[l] += n[l] * (late * first[l]);
        }
    }
}

/* By how much the margin of a line's first signings grows without their promotion discounts. */
static void without_discounts(const ps_work *w, int line, double *restrict gain)
{
    const ps_plan *p = w->plan;
    ps_lanes row[PS_CHANNELS], invoice[2], pocket[2];

    if (p->M == 0 || p->life->terms[line % p->I].persists) {
        memset(gain, 0, sizeof(ps_lanes));
        return;
    }
    for (int k = 0; k < 2; k++) {
        memcpy(row, w->line_sum + line * PS_CHANNELS, sizeof row);
        if (k == 0) {
            memset(row[PS_CH_PRO], 0, sizeof(ps_lanes));
        }
        ps_hot_waterfall(w, line / p->I, row, invoice[k], pocket[k], NULL);
    }
    LANES
    {
        gain[l] = pocket[0][l] - pocket[1][l] - w->bad_debt[l] * (invoice[0][l] - invoice[1][l]);
    }
}

/* Margin of a customer in his first term, and in each later one: stated, or what the first signings
 * of the horizon brought, with their discounts and without. */
static void term_margins(const ps_work *w, int line, double *restrict first, double *restrict later)
{
    const ps_plan *p = w->plan;
    const ps_number *stated = &p->life->retention->margin;
    ps_lanes *row = w->out.line + line * PS_LINE_METRICS;
    const double *usual = w->open_margin[line];
    ps_lanes gain;

    if (stated->given) {
        memcpy(first, ps_number_lanes(stated, w->values[0], line / p->I), sizeof(ps_lanes));
        memcpy(later, first, sizeof(ps_lanes));
        return;
    }
    const double *again = p->base ? w->base_sum[line * PS_BASE + PS_BASE_MARGIN] : w->zero,
                 *value = p->base ? w->base_sum[line * PS_BASE + PS_BASE_AGAIN] : w->zero;

    without_discounts(w, line, gain);
    LANES
    {
        const double n = row[PS_LINE_SIGNED][l];
        const double all = row[PS_LINE_MARGIN][l] - again[l] -
                           w->bad_debt[l] * (row[PS_LINE_BOOKED][l] - value[l]);

        first[l] = n > 0.0 ? all / n : usual[l];
        later[l] = n > 0.0 ? (all + gain[l]) / n : usual[l];
    }
}

/* What is known of a line's customers after the walk. */
typedef struct {
    ps_lanes first, later; /* margin of a customer in the first term, and in each later one */
    ps_lanes cost;         /* of acquisition, of one */
    ps_lanes n;            /* payments until they cover it; 0: they do not */
} line_life;

/* Without discount, within a hundred years. */
static void pay_back(const ps_work *w, int line, line_life *of)
{
    const ps_plan_base *life = w->plan->life;
    const int late = in_arrears(w);
    const double years = life->terms[line % w->plan->I].years;
    ps_lanes alive, sum, undiscounted;
    bool open = true;

    LANES
    {
        of->n[l] = sum[l] = 0.0;
        alive[l] = undiscounted[l] = 1.0;
    }
    for (int k = 0; open && (k + 1) * years <= 100.0; k++) {
        const double *margin = k == late ? of->first : of->later;

        if (k > 0) {
            next_term(w, line, k, undiscounted, alive);
        }
        open = false;
        for (int l = 0; l < PS_LANES; l++) {
            sum[l] += k >= late ? alive[l] * margin[l] : 0.0;
            if (of->n[l] == 0.0 && k >= late && sum[l] >= of->cost[l] * (1.0 - 1e-12)) {
                of->n[l] = k + 1 - late;
            }
            open = open || (of->n[l] == 0.0 && of->later[l] > 0.0);
        }
    }
}

/* Customers whom the leads of the window become, by offer as the window's wins (as at the base
 * where there are none), and their value. `won`: over the offers. */
static void add_offer(ps_work *w, int s, int i, const double *won)
{
    const ps_plan *p = w->plan;
    const int line = s * p->I + i;
    ps_lanes *row = w->out.segment + s * PS_SEG_ROWS;
    const double *wins = w->out.line[line * PS_LINE_METRICS + PS_LINE_WON], *mix = w->mix[line];
    const double *customers = row[PS_SEG_CUSTOMERS], *spent = row[PS_SEG_ACQUISITION];
    const double *worth = w->life.worth[line], *first = w->life.first[line];
    const double *later = w->life.later[line], *late = w->life.late[line];
    const double months = 12.0 * p->life->terms[i].years;
    line_life of;

    term_margins(w, line, of.first, of.later);
    LANES
    {
        of.cost[l] = customers[l] > 0.0 ? spent[l] / customers[l] : 0.0;
    }
    pay_back(w, line, &of);
    LANES
    {
        const double count = customers[l] * (won[l] > 0.0 ? wins[l] / won[l] : mix[l]);
        const double bound = worth[l] >= 0.0 ? 1.0 : 0.0, valued = bound * count;
        const double more = of.first[l] - of.later[l], repaid = of.n[l] > 0.0 ? count : 0.0;

        row[PS_SEG_VALUED][l] += valued;
        row[PS_SEG_LIFETIME][l] += valued * (of.later[l] * worth[l] + more * first[l]);
        row[PS_SEG_COST][l] += valued * of.cost[l];
        row[PS_SEG_BEYOND][l] += bound * (of.later[l] * later[l] + more * late[l]);
        row[PS_SEG_REPAID][l] += repaid;
        row[PS_SEG_MONTHS][l] += repaid * of.n[l] * months;
    }
}

static void close_cell(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    ps_lanes *row = w->out.segment + s * PS_SEG_ROWS;
    ps_lanes won;

    LANES
    {
        won[l] = 0.0;
    }
    for (int i = 0; i < p->I; i++) {
        const double *x = w->out.line[(s * p->I + i) * PS_LINE_METRICS + PS_LINE_WON];

        LANES
        {
            won[l] += x[l];
        }
    }
    for (int i = 0; i < p->I; i++) {
        add_offer(w, s, i, won);
    }
    LANES
    {
        row[PS_SEG_COST][l] += row[PS_SEG_CUSTOMERS][l] > 0.0 ? 0.0 : row[PS_SEG_ACQUISITION][l];
        row[PS_SEG_NET][l] = row[PS_SEG_LIFETIME][l] - row[PS_SEG_COST][l];
    }
}

void ps_hot_lifetime_close(ps_work *w)
{
    const ps_plan *p = w->plan;
    static const int metric[] = {PS_METRIC_lifetime_value,   PS_METRIC_valued_customers,
                                 PS_METRIC_valued_cost,      PS_METRIC_lifetime_net,
                                 PS_METRIC_repaid_customers, PS_METRIC_repaid_months,
                                 PS_METRIC_ltv_beyond};

    for (int s = 0; s < p->S; s++) {
        const ps_lanes *row = (const ps_lanes *)w->out.segment + s * PS_SEG_ROWS;

        close_cell(w, s);
        for (size_t k = 0; k < sizeof metric / sizeof *metric; k++) {
            double *total = w->out.total[metric[k]];
            const double *x = row[p->closed_of[metric[k]]];

            LANES
            {
                total[l] += x[l];
            }
        }
    }
}
