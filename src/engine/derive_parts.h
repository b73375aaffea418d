/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of ps_derive: each adds its values to `out`. All numbers are read from lane 0 of a work
 * area that has been set up with the inputs at their centre; no period is walked. */
#ifndef PS_ENGINE_DERIVE_PARTS_H
#define PS_ENGINE_DERIVE_PARTS_H

#include "engine/derive.h"
#include "engine/hot.h"

typedef struct {
    const ps_plan *plan;
    ps_work *w;
    ps_arena *scratch; /* freed when ps_derive returns */
    ps_derivation *out;
    bool failed; /* memory ran out */
} ps_derive_state;

/* Adds a value; the key is printf text. `unit` is money, frac, count, days, ratio, "per money" or
 * "per period". */
__attribute__((format(printf, 5, 6))) void ps_derive_put(ps_derive_state *state, const char *unit,
                                                         const char *doc, double value,
                                                         const char *key, ...);

/* Zeroed scratch memory for n doubles (at least one); NULL after setting `failed`. */
double *ps_derive_doubles(ps_derive_state *state, size_t n);

/* Id of alternative j: own offers, rival offers, "none". */
const char *ps_derive_alternative(const ps_plan *plan, int j);

static inline const char *ps_derive_segment(const ps_plan *plan, int s)
{
    return plan->segment[s].name;
}

/* Money of one unit of offer i in segment s at today's prices, net of VAT, without promotions. */
typedef struct {
    double list, invoice, pocket, cost, margin;
    double slope; /* change of the pocket price per unit of list price */
} ps_derive_unit;

ps_derive_unit ps_derive_unit_money(ps_derive_state *state, int s, int i, double *steps);

typedef struct {
    double people, hours; /* representatives; hours of all per period */
} ps_derive_team;

/* A team that so many deals per period ask for so many hours. */
void ps_derive_waiting(ps_derive_state *state, const char *id, double deals, double hours,
                       const ps_derive_team *team);

/* Parts. */
void ps_derive_choice(ps_derive_state *state); /* sensitivities, shares, elasticities, diversion,
                                                  margins implied by Nash */
void ps_derive_market(ps_derive_state *state, const double *share); /* [J] at the base */
void ps_derive_equilibrium(ps_derive_state *state); /* objectives, Nash equilibrium */
void ps_derive_money(ps_derive_state *state);       /* value to the customer, waterfall per unit */
void ps_derive_funnel(ps_derive_state *state);      /* reach, steady flows and stocks, capacity */
void ps_derive_sales(ps_derive_state *state);       /* sales models compared */
void ps_derive_lifetime(ps_derive_state *state);    /* survival, lifetime value, payback */
void ps_derive_markdown(ps_derive_state *state);    /* a season's stock at its best prices */
void ps_derive_flow(ps_derive_state *state); /* from an empty funnel to the horizon, where the
                                                delays have a closed form */

#endif
