/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From an empty funnel to the horizon at today's prices: expected deals in each stage, signed, and
 * cash, where the model has a closed form: every delay exponential or none, arrivals constant, no
 * capacity, no promotion.
 *
 * With constant arrivals the expected stocks follow dx/dt = Q x + b, so that x(H) is a column of
 * exp([[Q, b], [0, 0]] H) (Moler and Van Loan 2003). A deal that enters a stage goes to the part of
 * those that will go on with the stage's conversion, else to the part of those that will be lost;
 * each part leaves at the rate of its own delay. */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_matrix.h>
#include <math.h>

#include "engine/derive_parts.h"

/* States: parts of the stages, then these. */
enum { DUE, SIGNED, PAID, SOURCE, EXTRA };
enum { GOES_ON, LOST };

static bool exponential(const ps_plan_kernel *kernel)
{
    return kernel->mean == 0.0 || kernel->spread->law == PS_LAW_EXPONENTIAL;
}

static bool has_closed_form(const ps_plan *p)
{
    const ps_scenario *sc = p->scenario;
    bool yes = p->pipeline && p->M == 0 && !p->has_dispute && !p->terms &&
               exponential(&p->payment) && p->payment.begin == PS_BEGINS_ANYWHERE &&
               sc->funnel->opening->word == PS_OPENING_EMPTY;

    for (int s = 0; s < p->S; s++) {
        yes = yes && !p->segment[s].segment->season && !p->segment[s].segment->growth;
    }
    for (int g = 0; g < p->G; g++) {
        const ps_plan_stage *stage = &p->stage[g];

        yes = yes && !stage->hazard && stage->capacity_per == 0.0;
    }
    for (int d = 0; d < p->dwells; d++) {
        yes = yes && exponential(&p->dwell[d].won) && exponential(&p->dwell[d].lost);
    }
    for (int i = 0; i < p->I; i++) {
        yes = yes && !((const ps_offer *)sc->offers.items)[i].contract;
    }
    return yes;
}

/* `amount` per unit of state `from` flows into stage g (or beyond the last: is signed, and due or
 * paid or never paid). */
static void enter(const ps_work *w, gsl_matrix *m, int s, size_t from, int g, double amount)
{
    const ps_plan *p = w->plan;
    const size_t first = 2 * (size_t)p->G;

    for (; g < p->G; g++) {
        const double c =
            g == p->choice_stage ? w->aware[s][0] * w->win[s][0] : ps_stage_conversion(w, g, s)[0];

        const ps_plan_dwell *dwell = &p->dwell[p->stage[g].dwell[s]];

        if (dwell->lost.mean > 0.0) {
            *gsl_matrix_ptr(m, 2 * (size_t)g + LOST, from) += amount * (1.0 - c);
        }
        amount *= c;
        if (dwell->won.mean > 0.0) {
            *gsl_matrix_ptr(m, 2 * (size_t)g + GOES_ON, from) += amount;
            return;
        }
    }
    *gsl_matrix_ptr(m, first + SIGNED, from) += amount;
    *gsl_matrix_ptr(m, first + (p->payment.mean > 0.0 ? DUE : PAID), from) +=
        amount * (1.0 - w->bad_debt[0]);
}

/* Generator of segment s per period. */
static void generator(const ps_work *w, gsl_matrix *m, int s)
{
    const ps_plan *p = w->plan;
    const size_t first = 2 * (size_t)p->G;

    gsl_matrix_set_zero(m);
    for (int g = 0; g < p->G; g++) {
        const size_t at = 2 * (size_t)g;
        const ps_plan_dwell *dwell = &p->dwell[p->stage[g].dwell[s]];
        const double won = dwell->won.mean, lost = dwell->lost.mean;

        if (won > 0.0) {
            gsl_matrix_set(m, at + GOES_ON, at + GOES_ON, -1.0 / won);
            enter(w, m, s, at + GOES_ON, g + 1, 1.0 / won);
        }
        if (lost > 0.0) {
            gsl_matrix_set(m, at + LOST, at + LOST, -1.0 / lost);
        }
    }
    if (p->payment.mean > 0.0) {
        gsl_matrix_set(m, first + DUE, first + DUE, -1.0 / p->payment.mean);
        gsl_matrix_set(m, first + PAID, first + DUE, 1.0 / p->payment.mean);
    }
    enter(w, m, s, first + SOURCE, 0, w->arrivals[s][0]);
}

/* Sums over the segments. */
typedef struct {
    double *open; /* [G] */
    double leads, signed_deals, paid_deals, booked, collected, margin, eventual;
} horizon;

static void add_segment(const ps_work *w, int s, const gsl_matrix *e, horizon *sum)
{
    const ps_plan *p = w->plan;
    const size_t first = 2 * (size_t)p->G, source = first + SOURCE;
    const double deals = gsl_matrix_get(e, first + SIGNED, source),
                 paid = gsl_matrix_get(e, first + PAID, source);
    double value = 0.0, margin = 0.0;

    for (int i = 0; i < p->I; i++) {
        const int line = s * p->I + i;

        value += w->mix[line][0] * w->open_value[line][0];
        margin +=
            w->mix[line][0] * (w->open_margin[line][0] + w->bad_debt[0] * w->open_value[line][0]);
    }
    for (int g = 0; g < p->G; g++) {
        sum->open[g] += gsl_matrix_get(e, 2 * (size_t)g + GOES_ON, source) +
                        gsl_matrix_get(e, 2 * (size_t)g + LOST, source);
    }
    const double leads = w->arrivals[s][0] * p->T;

    sum->leads += leads;
    sum->signed_deals += deals;
    sum->paid_deals += paid;
    sum->booked += deals * value;
    sum->margin += deals * margin;
    sum->collected += paid * value;
    sum->eventual +=
        leads * w->upstream[s][0] * w->aware[s][0] * w->win[s][0] * w->downstream[s][0];
}

/* Thinned Poisson streams are Poisson. */
static bool poisson(const ps_plan *p)
{
    bool yes = true;

    for (int s = 0; s < p->S; s++) {
        yes = yes && p->segment[s].segment->arrivals->law == PS_ARRIVALS_POISSON;
    }
    return yes;
}

static void put_horizon(ps_derive_state *state, const horizon *x)
{
    if (poisson(state->plan)) {
        ps_derive_put(state, "frac", "Chance that no deal at all is signed by the horizon.",
                      exp(-x->signed_deals), "flow/p_none_signed");
    }
    for (int g = 0; g < state->plan->G; g++) {
        ps_derive_put(state, "count",
                      "Expected deals in the stage at the horizon, from an empty funnel.",
                      x->open[g], "flow/%s/open", state->plan->stage[g].id);
    }
    ps_derive_put(state, "count", "Expected leads by the horizon.", x->leads, "flow/leads");
    ps_derive_put(state, "count", "Expected deals signed by the horizon.", x->signed_deals,
                  "flow/signed");
    ps_derive_put(state, "count",
                  "Of all leads by the horizon, those that will be signed in the end.", x->eventual,
                  "flow/eventual_signed");
    ps_derive_put(state, "money", "Expected invoice value signed by the horizon.", x->booked,
                  "flow/booked");
    ps_derive_put(state, "money", "Expected pocket margin of it.", x->margin, "flow/margin");
    ps_derive_put(state, "count", "Expected deals paid by the horizon.", x->paid_deals,
                  "flow/paid");
    ps_derive_put(state, "money", "Expected cash by the horizon.", x->collected, "flow/collected");
    ps_derive_put(state, "money", "Signed and not paid by the horizon, bad debt included.",
                  x->booked - x->collected, "flow/unpaid");
}

void ps_derive_flow(ps_derive_state *state)
{
    const ps_plan *p = state->plan;
    const size_t n = 2 * (size_t)p->G + EXTRA;

    if (!has_closed_form(p) || state->failed) {
        return;
    }
    horizon sum = {.open = ps_derive_doubles(state, (size_t)p->G)};
    gsl_matrix *m = gsl_matrix_alloc(n, n), *e = gsl_matrix_alloc(n, n);
    bool good = m && e && sum.open;

    state->failed = state->failed || !good;
    for (int s = 0; s < p->S && good; s++) {
        generator(state->w, m, s);
        gsl_matrix_scale(m, p->T);
        good = gsl_linalg_exponential_ss(m, e, GSL_MODE_DEFAULT) == GSL_SUCCESS;
        if (good) {
            add_segment(state->w, s, e, &sum);
        }
    }
    if (good) {
        put_horizon(state, &sum);
    }
    gsl_matrix_free(m);
    gsl_matrix_free(e);
}
