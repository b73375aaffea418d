/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Probability distributions with constant parameters: quantile, distribution function, its
 * integral. */
#ifndef PS_MATH_DIST_H
#define PS_MATH_DIST_H

#include <stdbool.h>

#include "base/arena.h"

typedef enum {
    PS_LAW_CONSTANT,     /* p0 = value */
    PS_LAW_NORMAL,       /* p0 = mean, p1 = sd > 0 */
    PS_LAW_LOGNORMAL,    /* p0 = median > 0, p1 = sdlog > 0; sign -1 mirrors it at zero */
    PS_LAW_LOGIT_NORMAL, /* p0 = mean, p1 = sd > 0, both on the logit scale */
    PS_LAW_BETA,         /* p0 = a > 0, p1 = b > 0 */
    PS_LAW_GAMMA,        /* p0 = mean > 0, p1 = sd > 0 */
    PS_LAW_WEIBULL,      /* p0 = shape > 0, p1 = scale > 0 */
    PS_LAW_EXPONENTIAL,  /* p0 = mean > 0 */
    PS_LAW_TRIANGULAR,   /* p0 = min, p1 = mode, p2 = max */
    PS_LAW_PERT,         /* p0 = min, p1 = mode, p2 = max */
    PS_LAW_UNIFORM,      /* p0 = min, p1 = max */
    PS_LAW_DISCRETE,     /* x[n] values, w[n] weights summing to 1 (order as written) */
    PS_LAW_EMPIRICAL,    /* x[n] ascending; quantile by linear interpolation (type 7) */
} ps_law;

enum { PS_DIST_PARAMS = 3 };

typedef struct {
    ps_law law;
    double p[PS_DIST_PARAMS];
    double sign; /* -1: the mirror image at zero (only lognormal, weibull, gamma, exponential); else
                    1 */
    bool truncated;  /* to [min, max] */
    double min, max; /* -inf and +inf when not truncated */
    int n;
    const double *x, *w;
} ps_dist;

/* Quantile at u in (0,1), truncation included: x = F^-1(F(min) + u (F(max) - F(min))). */
double ps_dist_quantile(const ps_dist *dist, double u);

/* F(x), truncation included. */
double ps_dist_cdf(const ps_dist *dist, double x);

/* Many at once, taking the law apart once. No NAN among them. */
void ps_dist_quantiles(const ps_dist *dist, int n, const double *u, double *x);
void ps_dist_cdfs(const ps_dist *dist, int n, const double *x, double *p);

/* Mean, standard deviation; closed form where there is one, else quadrature to 1e-10 relative. */
double ps_dist_mean(const ps_dist *dist);
double ps_dist_sd(const ps_dist *dist);

/* The centre used by `run.parameters: "centre"`: median; mode for triangular and pert; mean for
 * beta. */
double ps_dist_centre(const ps_dist *dist);

/* G(x) = integral of F from 0 to x = E[(x - max(X, 0))+]. Closed form for every law but
 * logit_normal (quadrature to 1e-12). G(x) = 0 for x <= 0. */
double ps_dist_integral(const ps_dist *dist, double x);

/* Integral of 1 - F from x to infinity = E[(X - x)+]: accurate where it is small. */
double ps_dist_excess(const ps_dist *dist, double x);

/* A distribution prepared for drawing many values: closed forms for the simple laws, a table of the
 * quantile as a function of the normal score (cubic Hermite, 1024 cells on [-6, 6], 1e-9 relative
 * or better in probability-weighted error) for beta, gamma, pert and truncated laws. */
typedef struct ps_sampler ps_sampler;

/* NULL when memory runs out. Owned by the arena. */
const ps_sampler *ps_sampler_make(ps_arena *arena, const ps_dist *dist);

/* x[l] = quantile(u[l]) + shift on the law's own scale, for l < lanes (multiple of 8). The scale of
 * the shift: logit for logit_normal and beta, log for lognormal, gamma, weibull, exponential, plain
 * for the rest. `x` may be `u`. u in (0,1). Vectorised over lanes for normal, lognormal,
 * logit_normal, uniform, triangular, exponential, weibull and every tabulated law. */
void ps_sampler_draw(const ps_sampler *sampler, double shift, int lanes, const double *u,
                     double *x);

#endif
