/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Uncertain numbers: which uniform each one uses, its sampler, its centre. docs/model/random.md */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "engine/plan_parts.h"
#include "math/copula.h"
#include "scenario/load.h"

uint32_t ps_plan_stream(const char *purpose, const char *name)
{
    uint64_t hash = ps_text_hash(purpose, strlen(purpose), 0);

    hash = ps_text_hash(name, strlen(name) + 1, hash);
    return (uint32_t)(hash ^ hash >> 32);
}

double ps_plan_shifted(const ps_dist *dist, double x, double shift)
{
    if (shift == 0.0) {
        return x;
    }
    switch (dist->law) {
    case PS_LAW_LOGIT_NORMAL:
    case PS_LAW_BETA:
        return 1.0 / (1.0 + exp(-(log(x / (1.0 - x)) + shift)));
    case PS_LAW_LOGNORMAL:
    case PS_LAW_GAMMA:
    case PS_LAW_WEIBULL:
    case PS_LAW_EXPONENTIAL:
        return x * exp(shift);
    default:
        return x + shift;
    }
}

int ps_plan_input_rank(const char *pointer)
{
    return strncmp(pointer, "/promotions/", 12) == 0    ? 2
           : strncmp(pointer, "/competitors/", 13) == 0 ? 1
                                                        : 0;
}

/* Row of the uniform with this stream, added when new. */
static int uniform_row(ps_plan *plan, uint32_t stream)
{
    for (int u = 0; u < plan->uniforms; u++) {
        if (plan->uniform_stream[u] == stream) {
            return u;
        }
    }
    plan->uniform_stream[plan->uniforms] = stream;
    return plan->uniforms++;
}

static uint32_t stream_of(const ps_number *number)
{
    return number->draw ? ps_plan_stream("draw", number->draw)
                        : ps_plan_stream("input", number->pointer);
}

/* Correlated inputs get the first rows of uniforms, so that their factor is small. */
static bool correlate(ps_plan *plan, ps_arena *arena)
{
    const ps_scenario *sc = plan->scenario;
    const ps_correlation *list = sc->correlations.items;
    const int n = 2 * sc->correlations.count;
    int *row = ps_arena_alloc(arena, (size_t)n + 1, sizeof *row);

    if (!row) {
        return false;
    }
    for (int i = 0; i < n; i++) {
        const char *name = list[i / 2].between.items[i % 2];
        uint32_t stream = ps_plan_stream("draw", name);

        for (int k = 0; k < sc->input_count; k++) {
            if (strcmp(sc->inputs[k].number->pointer, name) == 0) {
                stream = stream_of(sc->inputs[k].number);
            }
        }
        row[i] = uniform_row(plan, stream);
    }
    const int m = plan->correlated = plan->uniforms;
    double *rank = ps_arena_alloc(arena, (size_t)(m * m) + 1, sizeof *rank);

    plan->factor = ps_arena_alloc(arena, (size_t)(m * m) + 1, sizeof *plan->factor);
    if (!rank || !plan->factor) {
        return false;
    }
    for (int u = 0; u < m; u++) {
        rank[u * m + u] = 1.0;
    }
    for (int i = 0; i < n; i += 2) {
        rank[row[i] * m + row[i + 1]] = rank[row[i + 1] * m + row[i]] = list[i / 2].rank;
    }
    if (m > 0) {
        ps_copula_factor(m, rank, plan->factor);
    }
    return true;
}

static bool add_draw(ps_plan *plan, ps_arena *arena, const ps_number *number, int segment)
{
    ps_plan_draw *draw = &plan->draw[plan->draws];

    draw->slot = number->slot + (segment > 0 ? segment : 0);
    for (int i = 0; i < number->shifts && segment >= 0; i++) {
        if (strcmp(number->shift_segment[i], plan->segment[segment].segment->entry.id) == 0) {
            draw->shift = number->shift[i];
        }
    }
    draw->centre = ps_plan_shifted(&number->dist, ps_dist_centre(&number->dist), draw->shift);
    if (number->dist.law != PS_LAW_CONSTANT && !plan->centre) {
        draw->uniform = uniform_row(plan, stream_of(number));
        draw->sampler = ps_sampler_make(arena, &number->dist);
        if (!draw->sampler) {
            return false;
        }
    }
    plan->draws++;
    return true;
}

/* 2: a promotion's input, 1: a competitor's, 0: any other, and what several of them share. */
static int rank_of(const ps_scenario *sc, uint32_t stream)
{
    int rank = 2;
    bool found = false;

    for (int k = 0; k < sc->input_count; k++) {
        const char *pointer = sc->inputs[k].number->pointer;

        if (sc->inputs[k].number->dist.law != PS_LAW_CONSTANT &&
            stream_of(sc->inputs[k].number) == stream) {
            const int mine = ps_plan_input_rank(pointer);

            rank = mine < rank ? mine : rank;
            found = true;
        }
    }
    return found ? rank : 0;
}

/* Inputs in the order of rank and stream are the coordinates of a Sobol point: the order in which a
 * scenario names them does not matter, and plans with other promotions share the rest. */
static bool spread_evenly(ps_plan *plan, ps_arena *arena)
{
    const int n = plan->uniforms < PS_SOBOL_DIMENSIONS ? plan->uniforms : PS_SOBOL_DIMENSIONS;
    uint64_t *order = ps_arena_alloc(arena, (size_t)n + 1, sizeof *order);

    plan->sobol = ps_arena_alloc(arena, (size_t)n + 1, sizeof *plan->sobol);
    if (!plan->sobol || !order) {
        return false;
    }
    for (int u = 0; u < n; u++) {
        order[u] = (uint64_t)rank_of(plan->scenario, plan->uniform_stream[u]) << 32 |
                   plan->uniform_stream[u];
    }
    for (int u = 0; u < n; u++) {
        int dimension = 0;

        for (int v = 0; v < n; v++) {
            dimension += order[v] < order[u];
        }
        ps_sobol_make(dimension, plan->scenario->run->seed, plan->uniform_stream[u],
                      &plan->sobol[u]);
    }
    return true;
}

bool ps_plan_inputs(ps_plan *plan, ps_arena *arena)
{
    const ps_scenario *sc = plan->scenario;
    const size_t rows = (size_t)(sc->slots + 2 * sc->correlations.count + 1);

    plan->draw = ps_arena_alloc(arena, rows, sizeof *plan->draw);
    plan->uniform_stream = ps_arena_alloc(arena, rows, sizeof *plan->uniform_stream);
    if (!plan->draw || !plan->uniform_stream || !correlate(plan, arena)) {
        return false;
    }
    for (int k = 0; k < sc->input_count; k++) {
        const ps_number *number = sc->inputs[k].number;
        const int copies = number->shifts > 0 ? plan->S : 1;

        for (int s = 0; s < copies && number->slot >= 0; s++) {
            if (!add_draw(plan, arena, number, number->shifts > 0 ? s : -1)) {
                return false;
            }
        }
    }
    return sc->run->sampling == PS_SAMPLING_RANDOM || plan->centre || spread_evenly(plan, arena);
}

double ps_plan_centre(const ps_number *number)
{
    return ps_dist_centre(&number->dist);
}

bool ps_plan_known(const ps_number *number)
{
    return number->dist.law == PS_LAW_CONSTANT;
}
