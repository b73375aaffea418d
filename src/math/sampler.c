/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A distribution prepared for drawing. Every law is x = sign * link(score + shift); the score comes
 * from a closed form of the normal score z or of u, from a table of the score over z (cubic
 * Hermite, 1024 cells on
 * [-6, 6], slopes by fourth-order differences), or by searching steps. Per draw only our own
 * arithmetic is used; tables of gamma, beta, pert and truncated Weibull laws go through GSL once.
 */
#include <math.h>

#include "math/dist_view.h"
#include "math/normal.h"

enum { CELLS = 1024, MARGIN = 2, CHUNK = 64 };
#define TABLE_END 6.0
#define CELL_WIDTH (2.0 * TABLE_END / CELLS)

typedef enum {
    DRAW_CONSTANT,
    DRAW_NORMAL,  /* score = location + scale z */
    DRAW_WEIBULL, /* score = location + scale log(-log(1 - u)) */
    DRAW_UNIFORM, /* score = location + scale u */
    DRAW_TRIANGULAR,
    DRAW_TABLE,
    DRAW_STEPS, /* discrete: value[i] up to cumulative[i] */
    DRAW_LINES, /* empirical: linear between the values */
} draw_method;

typedef struct {
    double score, slope; /* slope per cell */
} node;

struct ps_sampler {
    draw_method method;
    ps_scale link;
    double sign, location, scale, mode;
    double low, high; /* of the score: interpolation must not leave a law's support */
    const node *table;
    int n;
    const double *value, *cumulative;
    double first, mass; /* uniform, triangular, lines: truncation turns u into first + mass u */
};

/* ---- making ---- */

/* The scale shown outside: pert's standard law is a beta, but pert itself is shifted plainly. */
static ps_scale link_of(const ps_dist *dist, const ps_dist_view *view)
{
    return dist->law == PS_LAW_PERT ? PS_SCALE_PLAIN : view->law.scale_kind;
}

/* Score of a value of Y on the outer scale, location and scale of the law included. */
static double outer_score(const ps_dist_view *view, ps_scale link, double score)
{
    const ps_standard *law = &view->law;
    if (link == PS_SCALE_LOG)
        return score + ps_log(law->scale);
    if (link == PS_SCALE_LOGIT)
        return score;
    return ps_fma(law->scale, ps_scale_value(law->scale_kind, score), law->location);
}

static bool make_table(ps_arena *arena, const ps_dist_view *view, ps_sampler *sampler)
{
    node *table = ps_arena_alloc(arena, CELLS + 1, sizeof *table);
    if (!table)
        return false;
    double score[CELLS + 1 + 2 * MARGIN], near = NAN;
    for (int i = 0; i < CELLS + 1 + 2 * MARGIN; i++) {
        const double z = (i - MARGIN) * CELL_WIDTH - TABLE_END;
        near = ps_dist_view_score(view, ps_normal_cdf(z), ps_normal_cdf(-z), near);
        score[i] = outer_score(view, sampler->link, near);
    }
    for (int i = 0; i <= CELLS; i++) {
        const double *s = score + i + MARGIN;
        table[i] = (node){s[0], (8.0 * (s[1] - s[-1]) - (s[2] - s[-2])) / 12.0};
    }
    sampler->table = table;
    return true;
}

/* The steps of a discrete law inside the truncation, ascending, with their running sums. */
static bool make_steps(ps_arena *arena, const ps_dist_view *view, ps_sampler *sampler)
{
    const ps_standard *law = &view->law;
    double *value = ps_arena_alloc(arena, (size_t)law->n, sizeof *value);
    double *cumulative = ps_arena_alloc(arena, (size_t)law->n, sizeof *cumulative);
    if (!value || !cumulative)
        return false;
    int n = 0;
    for (int i = 0; i < law->n; i++) {
        if (law->x[i] < view->low || law->x[i] > view->high)
            continue;
        int j = n++;
        for (; j > 0 && value[j - 1] > law->x[i]; j--) {
            value[j] = value[j - 1];
            cumulative[j] = cumulative[j - 1];
        }
        value[j] = law->x[i];
        cumulative[j] = law->w[i] / view->mass;
    }
    for (int i = 1; i < n; i++)
        cumulative[i] += cumulative[i - 1];
    sampler->value = value;
    sampler->cumulative = cumulative;
    sampler->n = n;
    return true;
}

/* Methods that need no table; false when the law has none. */
static bool choose_closed_form(const ps_dist_view *view, ps_sampler *sampler)
{
    const ps_standard *law = &view->law;
    sampler->location = law->location;
    sampler->scale = law->scale;
    sampler->first = view->at_low.below[0];
    sampler->mass = view->mass;
    switch (law->law) {
    case PS_LAW_CONSTANT:
        sampler->method = DRAW_CONSTANT;
        return true;
    case PS_LAW_UNIFORM:
        sampler->method = DRAW_UNIFORM;
        return true;
    case PS_LAW_TRIANGULAR:
        sampler->method = DRAW_TRIANGULAR;
        sampler->mode = law->a;
        return true;
    case PS_LAW_EMPIRICAL:
        sampler->method = DRAW_LINES;
        sampler->value = law->x;
        sampler->n = law->n;
        return true;
    default:
        break;
    }
    if (view->truncated)
        return false;
    switch (law->law) {
    case PS_LAW_NORMAL:
        sampler->method = DRAW_NORMAL;
        return true;
    case PS_LAW_LOGNORMAL:
        sampler->method = DRAW_NORMAL;
        sampler->location = ps_log(law->scale);
        sampler->scale = view->sign * law->a; /* mirrored: the size falls with u */
        return true;
    case PS_LAW_LOGIT_NORMAL:
        sampler->method = DRAW_NORMAL;
        sampler->location = law->a;
        sampler->scale = law->b;
        return true;
    case PS_LAW_WEIBULL:
        sampler->method = DRAW_WEIBULL;
        sampler->location = ps_log(law->scale);
        sampler->scale = 1.0 / law->a;
        return true;
    default:
        return false;
    }
}

/* Rounding and interpolation must not leave the support: a fraction stays a fraction. */
static void set_bounds(const ps_dist *dist, const ps_dist_view *view, ps_sampler *sampler)
{
    const bool peaked = dist->law == PS_LAW_TRIANGULAR || dist->law == PS_LAW_PERT;
    sampler->low = -HUGE_VAL;
    sampler->high = HUGE_VAL;
    if (peaked || dist->law == PS_LAW_UNIFORM) {
        sampler->low = dist->truncated ? fmax(dist->p[0], dist->min) : dist->p[0];
        sampler->high = dist->p[peaked ? 2 : 1];
        sampler->high = dist->truncated ? fmin(sampler->high, dist->max) : sampler->high;
    } else if (view->truncated) {
        const ps_scale kind = view->law.scale_kind;
        sampler->low = outer_score(view, sampler->link, ps_scale_score(kind, view->low));
        sampler->high = outer_score(view, sampler->link, ps_scale_score(kind, view->high));
    }
}

const ps_sampler *ps_sampler_make(ps_arena *arena, const ps_dist *dist)
{
    ps_sampler *sampler = ps_arena_alloc(arena, 1, sizeof *sampler);
    if (!sampler)
        return NULL;
    const ps_dist_view view = ps_dist_view_of(dist);
    sampler->link = link_of(dist, &view);
    sampler->sign = view.sign;
    set_bounds(dist, &view, sampler);
    if (choose_closed_form(&view, sampler))
        return sampler;
    if (view.law.law == PS_LAW_DISCRETE) {
        sampler->method = DRAW_STEPS;
        return make_steps(arena, &view, sampler) ? sampler : NULL;
    }
    sampler->method = DRAW_TABLE;
    return make_table(arena, &view, sampler) ? sampler : NULL;
}

/* ---- drawing: scores of `lanes` uniforms ---- */

static void score_normal(const ps_sampler *sampler, int lanes, const double *u, double *score)
{
    const double location = sampler->location, scale = sampler->scale;
    ps_normal_inverse_lanes(lanes, u, score);
#pragma omp simd
    for (int l = 0; l < lanes; l++)
        score[l] = ps_fma(scale, score[l], location);
}

static void score_weibull(const ps_sampler *sampler, int lanes, const double *u, double *score)
{
    const double location = sampler->location, scale = sampler->scale;
    const double base = sampler->sign > 0.0 ? 1.0 : 0.0, turn = -sampler->sign;
#pragma omp simd
    for (int l = 0; l < lanes; l++) /* base + turn u: chance of a larger size, exact */
        score[l] = ps_fma(scale, ps_log(-ps_log(ps_fma(turn, u[l], base))), location);
}

static inline double clamp(double x, double low, double high)
{
    x = x < low ? low : x;
    return x > high ? high : x;
}

static void score_uniform(const ps_sampler *sampler, int lanes, const double *u, double *score)
{
    const double location = sampler->location, scale = sampler->scale;
    const double first = sampler->first, mass = sampler->mass;
    const double low = sampler->low, high = sampler->high;
#pragma omp simd
    for (int l = 0; l < lanes; l++)
        score[l] = clamp(ps_fma(scale, ps_fma(mass, u[l], first), location), low, high);
}

static void score_triangular(const ps_sampler *sampler, int lanes, const double *u, double *score)
{
    const double location = sampler->location, scale = sampler->scale, mode = sampler->mode;
    const double first = sampler->first, mass = sampler->mass;
    const double low = sampler->low, high = sampler->high;
#pragma omp simd
    for (int l = 0; l < lanes; l++) {
        const double p = ps_fma(mass, u[l], first);
        const double rise = __builtin_sqrt(p * mode);
        const double fall = 1.0 - __builtin_sqrt((1.0 - p) * (1.0 - mode));
        score[l] = clamp(ps_fma(scale, p < mode ? rise : fall, location), low, high);
    }
}

static void score_table(const ps_sampler *sampler, int lanes, const double *u, double *score)
{
    const double low = sampler->low, high = sampler->high;
    const node *table = sampler->table;
    ps_normal_inverse_lanes(lanes, u, score);
#pragma omp simd
    for (int l = 0; l < lanes; l++) {
        const double place = clamp((score[l] + TABLE_END) * (1.0 / CELL_WIDTH), 0.0, CELLS);
        int cell = (int)place;
        cell = cell < CELLS ? cell : CELLS - 1;
        const double t = place - cell;
        const node from = table[cell], to = table[cell + 1];
        const double rise = to.score - from.score;
        const double c2 = 3.0 * rise - 2.0 * from.slope - to.slope;
        const double c3 = from.slope + to.slope - 2.0 * rise;
        const double y = ps_fma(ps_fma(ps_fma(c3, t, c2), t, from.slope), t, from.score);
        score[l] = clamp(y, low, high);
    }
}

static void score_steps(const ps_sampler *sampler, int lanes, const double *u, double *score)
{
    for (int l = 0; l < lanes; l++) {
        int from = 0, to = sampler->n - 1;
        while (from < to) {
            const int middle = (from + to) / 2;
            if (sampler->cumulative[middle] < u[l])
                from = middle + 1;
            else
                to = middle;
        }
        score[l] = sampler->value[from];
    }
}

static void score_lines(const ps_sampler *sampler, int lanes, const double *u, double *score)
{
    const double *x = sampler->value;
    for (int l = 0; l < lanes; l++) {
        const double h = (sampler->n - 1) * ps_fma(sampler->mass, u[l], sampler->first);
        const int i = (int)h < sampler->n ? (int)h : sampler->n - 1;
        const int next = i + 1 < sampler->n ? i + 1 : i;
        score[l] = ps_fma(h - i, x[next] - x[i], x[i]);
    }
}

static void score_constant(const ps_sampler *sampler, int lanes, double *score)
{
    for (int l = 0; l < lanes; l++)
        score[l] = sampler->location;
}

static void draw_scores(const ps_sampler *sampler, int lanes, const double *u, double *score)
{
    switch (sampler->method) {
    case DRAW_CONSTANT:
        score_constant(sampler, lanes, score);
        break;
    case DRAW_NORMAL:
        score_normal(sampler, lanes, u, score);
        break;
    case DRAW_WEIBULL:
        score_weibull(sampler, lanes, u, score);
        break;
    case DRAW_UNIFORM:
        score_uniform(sampler, lanes, u, score);
        break;
    case DRAW_TRIANGULAR:
        score_triangular(sampler, lanes, u, score);
        break;
    case DRAW_TABLE:
        score_table(sampler, lanes, u, score);
        break;
    case DRAW_STEPS:
        score_steps(sampler, lanes, u, score);
        break;
    case DRAW_LINES:
        score_lines(sampler, lanes, u, score);
        break;
    }
}

static void apply_link(const ps_sampler *sampler, double shift, int lanes, const double *score,
                       double *x)
{
    const double sign = sampler->sign;
    if (sampler->link == PS_SCALE_LOG) {
#pragma omp simd
        for (int l = 0; l < lanes; l++)
            x[l] = sign * ps_exp(score[l] + shift);
    } else if (sampler->link == PS_SCALE_LOGIT) {
#pragma omp simd
        for (int l = 0; l < lanes; l++)
            x[l] = 1.0 / (1.0 + ps_exp(-(score[l] + shift)));
    } else {
#pragma omp simd
        for (int l = 0; l < lanes; l++)
            x[l] = score[l] + shift;
    }
}

void ps_sampler_draw(const ps_sampler *sampler, double shift, int lanes, const double *u, double *x)
{
    for (int done = 0; done < lanes; done += CHUNK) {
        const int some = lanes - done < CHUNK ? lanes - done : CHUNK;
        double score[CHUNK];
        draw_scores(sampler, some, u + done, score);
        apply_link(sampler, shift, some, score, x + done);
    }
}
