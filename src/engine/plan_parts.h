/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of ps_plan_make. Each returns false when memory runs out. */
#ifndef PS_ENGINE_PLAN_PARTS_H
#define PS_ENGINE_PLAN_PARTS_H

#include "engine/plan.h"

/* Random stream of a purpose and a name: FNV-1a of both, folded to 32 bits. */
uint32_t ps_plan_stream(const char *purpose, const char *name);

/* A value moved by `shift` on its law's own scale. */
double ps_plan_shifted(const ps_dist *dist, double x, double shift);

/* Of inputs by their pointers: 2 a promotion's, 1 a competitor's, 0 any other. */
int ps_plan_input_rank(const char *pointer);

double ps_plan_centre(const ps_number *number);
bool ps_plan_known(const ps_number *number); /* a constant */

/* Days of a unit of time: 1, 7, 365.25/12, 365.25/4, 365.25. */
double ps_plan_unit_days(ps_per per);

/* Days of a period of the calendar, the same for all. */
double ps_plan_nominal_days(int period);

/* Factor from a rate's unit to the scenario's period; 1 when they are the same. */
double ps_plan_per_period(const ps_plan *plan, ps_per per);

/* Index of a kind in its family. */
int ps_plan_kind(const ps_family *family, const ps_kind *kind);
/* The law of a spread with its parameters at their centres. */
ps_dist ps_plan_centre_dist(const ps_spread *spread);

/* A delay of at most n lags; `fold`: the last one takes the rest. */
bool ps_plan_kernel_make(const ps_plan *plan, ps_arena *arena, const ps_spread *spread, int n,
                         bool fold, ps_plan_kernel *out);

bool ps_plan_cells(ps_plan *plan, ps_arena *arena);
/* Terms of stage g for the deals of a cell. */
typedef struct {
    const ps_dwell *days;
    const ps_number *conversion; /* NULL: the choice's win rate; else that of the criteria */
    ps_plan_odds odds;           /* on that conversion */
    const ps_number *effort;     /* NULL: none */
} ps_stage_terms;

/* Those of cell s if it is served by sales model `model` (-1: by none): the band's, else the
 * channel's, else the model's, else the stage's. */
void ps_plan_stage_terms(const ps_plan *plan, int g, int s, int model, ps_stage_terms *terms);

bool ps_plan_inputs(ps_plan *plan, ps_arena *arena);
bool ps_plan_funnel(ps_plan *plan, ps_arena *arena);
/* After the promotions: who decides sooner, and when quarters end. */
bool ps_plan_quarters(ps_plan *plan, ps_arena *arena);
bool ps_plan_segments(ps_plan *plan, ps_arena *arena);
bool ps_plan_promotions(ps_plan *plan, ps_arena *arena);
bool ps_plan_demand(ps_plan *plan, ps_arena *arena); /* after segments and promotions */
bool ps_plan_prices(ps_plan *plan, ps_arena *arena);
bool ps_plan_reactions(ps_plan *plan, ps_arena *arena); /* before the length of the walk is known */
bool ps_plan_searchable(const ps_plan *plan); /* whether best prices over demand are defined */
bool ps_plan_rivals(ps_plan *plan, ps_arena *arena);
bool ps_plan_money(ps_plan *plan, ps_arena *arena);
bool ps_plan_customers(ps_plan *plan, ps_arena *arena);
bool ps_plan_goals(ps_plan *plan, ps_arena *arena, ps_faults *faults);
void ps_plan_metrics(ps_plan *plan);
void ps_plan_channels(ps_plan *plan);
bool ps_plan_plain(ps_plan *plan, ps_arena *arena);

#endif
