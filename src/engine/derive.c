/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the model derives from the inputs at their centre: the engine's own draw and set-up on one
 * work area, then closed forms on what they leave behind. */
#include "engine/derive.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "engine/derive_parts.h"
#include "engine/plan_parts.h"

#define LOG2E 1.4426950408889634074

enum { FIRST_CAPACITY = 256 };

/* Room for one more item. */
static bool grow(ps_derivation *out)
{
    const int capacity = out->capacity > 0 ? 2 * out->capacity : FIRST_CAPACITY;

    if (out->count < out->capacity) {
        return true;
    }
    ps_derived *items = ps_arena_alloc(&out->arena, (size_t)capacity, sizeof *items);

    if (!items) {
        return false;
    }
    if (out->count > 0) {
        memcpy(items, out->items, (size_t)out->count * sizeof *items);
    }
    out->items = items;
    out->capacity = capacity;
    return true;
}

void ps_derive_put(ps_derive_state *state, const char *unit, const char *doc, double value,
                   const char *key, ...)
{
    char text[512];
    va_list arguments;

    if (state->failed || !isfinite(value)) {
        return;
    }
    va_start(arguments, key);
    const int length = vsnprintf(text, sizeof text, key, arguments);
    va_end(arguments);
    const char *copy = length > 0 ? ps_arena_text(&state->out->arena, text, strlen(text)) : NULL;

    if (!copy || !grow(state->out)) {
        state->failed = true;
        return;
    }
    state->out->items[state->out->count++] = (ps_derived){copy, unit, doc, value};
}

double *ps_derive_doubles(ps_derive_state *state, size_t n)
{
    double *x = ps_arena_alloc(state->scratch, n + 1, sizeof *x);

    state->failed = state->failed || !x;
    return x;
}

const char *ps_derive_alternative(const ps_plan *plan, int j)
{
    const ps_offer *offers = plan->scenario->offers.items;

    return j < plan->I             ? offers[j].entry.id
           : j < plan->I + plan->C ? plan->scenario->rival[j - plan->I]->entry.id
                                   : "none";
}

/* The scenario with its inputs at their centre and expected flows. */
typedef struct {
    ps_scenario scenario;
    ps_run_options run;
} centred;

static void centre(const ps_scenario *scenario, centred *copy)
{
    copy->scenario = *scenario;
    copy->run = *scenario->run;
    copy->run.parameters = PS_PARAMETERS_CENTRE;
    copy->run.counts = PS_COUNTS_EXPECTED;
    copy->scenario.run = &copy->run;
}

/* The loader estimates the sensitivity from the share; when winners and losers decide at different
 * ages only the calibration knows it. */
static void check_sensitivity(const ps_derive_state *state, ps_faults *faults)
{
    const ps_plan *p = state->plan;

    for (int s = 0; s < p->S && !p->choiceless; s++) {
        const ps_choice *choice = p->segment[s].choice;
        const ps_number *stated =
            choice->elasticity ? &choice->elasticity->value : &choice->promotion_elasticity;

        for (int i = 0; i < p->I && stated->given; i++) {
            const double steepness =
                -state->w->alpha[s][0] / LOG2E * state->w->base_price[s * p->I + i][0];

            if (steepness > PS_STEEPEST * (1.0 - 1e-9)) {
                ps_fault_add(faults, "RANGE", stated->pointer, NULL, 0, 0,
                             "let deals be won and lost at overlapping times",
                             "segment '%s': with these times to win and to lose hardly a decision "
                             "is open to the price; this elasticity would take a price "
                             "sensitivity times price above %g",
                             ps_derive_segment(p, s), PS_STEEPEST);
                return;
            }
        }
    }
}

static void derive_all(ps_derive_state *state, ps_faults *faults)
{
    const ps_job job = {.lanes = 1};
    ps_work *w = state->w;

    w->job = &job;
    w->pass = (ps_pass){.calendar = 0};
    ps_hot_constants(w);
    ps_hot_draw(w);
    ps_hot_setup(w);
    ps_hot_opening_values(w);
    check_sensitivity(state, faults);
    ps_derive_choice(state);
    ps_derive_equilibrium(state);
    ps_derive_money(state);
    ps_derive_funnel(state);
    ps_derive_flow(state);
    ps_derive_sales(state);
    ps_derive_lifetime(state);
    ps_derive_markdown(state);
    w->job = NULL;
}

ps_status ps_derive(const ps_scenario *scenario, ps_derivation *out, ps_faults *faults)
{
    ps_arena scratch = {0};
    centred copy;
    ps_plan plan;

    const size_t errors = faults->errors;

    *out = (ps_derivation){0};
    centre(scenario, &copy);
    ps_status status = ps_plan_make(&copy.scenario, &scratch, &plan, faults);

    if (status == PS_OK) {
        plan.aims = plan.aims || ps_plan_searchable(&plan);
        ps_derive_state state = {
            .plan = &plan, .w = ps_work_make(&plan, &scratch), .scratch = &scratch, .out = out};

        if (state.w) {
            derive_all(&state, faults);
        }
        status = !state.w || state.failed  ? PS_ERR_LIMIT
                 : faults->errors > errors ? PS_ERR_INPUT
                                           : PS_OK;
    }
    ps_arena_free(&scratch);
    if (status != PS_OK) {
        ps_derivation_free(out);
    }
    return status;
}

void ps_derivation_free(ps_derivation *derivation)
{
    ps_arena_free(&derivation->arena);
    *derivation = (ps_derivation){0};
}
