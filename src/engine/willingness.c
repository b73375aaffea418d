/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Uniform, exponential, logistic: closed forms. The others: the root of 1 - (p - c) f(p) / S(p),
 * which is positive where the profit rises, in the best cell of a grid over the quantiles (the
 * profit may have several peaks). */
#include "engine/willingness.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_roots.h>
#include <math.h>
#include <stdbool.h>

#include "math/lambert.h"

enum { CELLS = 512, ROUNDS = 200 };
static const double logistic_scale = 0.55132889542179204; /* scale over sd: sqrt(3) / pi */

double ps_elastic_best(double elasticity, double cost)
{
    return elasticity < -1.0 ? cost * elasticity / (elasticity + 1.0) : NAN;
}

ps_linear_best_price ps_linear_best(double a, double b, double cost)
{
    const double price = fmax(cost, 0.5 * (a / b + cost)), quantity = fmax(0.0, a - b * price);

    return (ps_linear_best_price){price, quantity, (price - cost) * quantity};
}

double ps_willing_accept(const ps_willingness *w, double price)
{
    const double *p = w->p;

    switch (w->law) {
    case PS_WILLING_NORMAL:
        return gsl_cdf_gaussian_Q(price - p[0], p[1]);
    case PS_WILLING_LOGNORMAL:
        return price > 0.0 ? gsl_cdf_lognormal_Q(price, p[0], p[1]) : 1.0;
    case PS_WILLING_UNIFORM:
        return fmin(1.0, fmax(0.0, (p[1] - price) / (p[1] - p[0])));
    case PS_WILLING_EXPONENTIAL:
        return price > 0.0 ? exp(-p[0] * price) : 1.0;
    case PS_WILLING_WEIBULL:
        return price > 0.0 ? gsl_cdf_weibull_Q(price, p[1], p[0]) : 1.0;
    case PS_WILLING_LOGISTIC:
        return 1.0 / (1.0 + exp((price - p[0]) / (logistic_scale * p[1])));
    case PS_WILLING_TRIANGULAR:
        return price <= p[0] ? 1.0
               : price < p[1]
                   ? 1.0 - (price - p[0]) / (p[2] - p[0]) * ((price - p[0]) / (p[1] - p[0]))
               : price < p[2] ? (p[2] - price) / (p[2] - p[0]) * ((p[2] - price) / (p[2] - p[1]))
                              : 0.0;
    }
    return NAN;
}

/* Density over S(p); price inside the support. */
static double hazard(const ps_willingness *w, double price)
{
    const double *p = w->p, accept = ps_willing_accept(w, price);

    switch (w->law) {
    case PS_WILLING_NORMAL:
        return accept > 1e-300 ? gsl_ran_gaussian_pdf(price - p[0], p[1]) / accept
                               : (price - p[0]) / (p[1] * p[1]);
    case PS_WILLING_LOGNORMAL:
        return accept > 1e-300 ? gsl_ran_lognormal_pdf(price, p[0], p[1]) / accept
                               : (log(price) - p[0]) / (p[1] * p[1] * price);
    case PS_WILLING_UNIFORM:
        return 1.0 / (p[1] - price);
    case PS_WILLING_EXPONENTIAL:
        return p[0];
    case PS_WILLING_WEIBULL:
        return p[0] / p[1] * pow(price / p[1], p[0] - 1.0);
    case PS_WILLING_LOGISTIC:
        return (1.0 - accept) / (logistic_scale * p[1]);
    case PS_WILLING_TRIANGULAR:
        return price < p[1] ? 2.0 * (price - p[0]) / ((p[2] - p[0]) * (p[1] - p[0])) / accept
                            : 2.0 / (p[2] - price);
    }
    return NAN;
}

/* Prices that hold all but a tiny part of the customers. */
static void range(const ps_willingness *w, double *low, double *high)
{
    const double *p = w->p;

    switch (w->law) {
    case PS_WILLING_NORMAL:
    case PS_WILLING_LOGISTIC:
        *low = p[0] - 40.0 * p[1];
        *high = p[0] + 40.0 * p[1];
        break;
    case PS_WILLING_LOGNORMAL:
        *low = exp(p[0] - 12.0 * p[1]);
        *high = exp(p[0] + 12.0 * p[1]);
        break;
    case PS_WILLING_UNIFORM:
    case PS_WILLING_TRIANGULAR:
        *low = p[0];
        *high = p[w->law == PS_WILLING_UNIFORM ? 1 : 2];
        break;
    case PS_WILLING_EXPONENTIAL:
        *low = 0.0;
        *high = 700.0 / p[0];
        break;
    case PS_WILLING_WEIBULL:
        *low = p[1] * pow(1e-6, 1.0 / p[0]);
        *high = p[1] * pow(700.0, 1.0 / p[0]);
        break;
    }
}

static bool is_law(const ps_willingness *w)
{
    const double *p = w->p;

    switch (w->law) {
    case PS_WILLING_NORMAL:
    case PS_WILLING_LOGNORMAL:
    case PS_WILLING_LOGISTIC:
        return isfinite(p[0]) && p[1] > 0.0 && isfinite(p[1]);
    case PS_WILLING_UNIFORM:
        return isfinite(p[0]) && isfinite(p[1]) && p[0] < p[1];
    case PS_WILLING_EXPONENTIAL:
        return p[0] > 0.0 && isfinite(p[0]);
    case PS_WILLING_WEIBULL:
        return p[0] > 0.0 && p[1] > 0.0 && isfinite(p[0]) && isfinite(p[1]);
    case PS_WILLING_TRIANGULAR:
        return isfinite(p[0]) && isfinite(p[2]) && p[0] <= p[1] && p[1] <= p[2] && p[0] < p[2];
    }
    return false;
}

typedef struct {
    const ps_willingness *willingness;
    double cost;
} problem;

static double rise(double price, void *context)
{
    const problem *x = context;

    return 1.0 - (price - x->cost) * hazard(x->willingness, price);
}

/* Root of `rise` in [low, high]; the end with the larger profit when there is none. */
static double peak_between(const problem *x, double low, double high)
{
    gsl_function f = {.function = rise};
    problem copy = *x;
    gsl_root_fsolver *solver;
    double price = 0.5 * (low + high);

    f.params = &copy;
    if (!(rise(low, &copy) > 0.0 && rise(high, &copy) < 0.0)) {
        const double a = (low - x->cost) * ps_willing_accept(x->willingness, low);
        const double b = (high - x->cost) * ps_willing_accept(x->willingness, high);

        return a >= b ? low : high;
    }
    solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    if (!solver) {
        return NAN;
    }
    gsl_root_fsolver_set(solver, &f, low, high);
    for (int i = 0; i < ROUNDS && gsl_root_fsolver_iterate(solver) == GSL_SUCCESS; i++) {
        price = gsl_root_fsolver_root(solver);
        if (gsl_root_test_interval(gsl_root_fsolver_x_lower(solver),
                                   gsl_root_fsolver_x_upper(solver), 0.0, 1e-15) == GSL_SUCCESS) {
            break;
        }
    }
    gsl_root_fsolver_free(solver);
    return price;
}

/* Point k of the grid: even in the logarithm where the law is. */
static double grid(const ps_willingness *w, double low, double high, double k)
{
    const bool even_in_log = w->law == PS_WILLING_LOGNORMAL || w->law == PS_WILLING_WEIBULL;

    return even_in_log ? low * pow(high / low, k / CELLS) : low + (high - low) * k / CELLS;
}

static double search(const ps_willingness *w, double cost)
{
    const problem x = {w, cost};
    double low, high, most = 0.0;
    int best = -1;

    range(w, &low, &high);
    low = fmax(low, cost);
    if (!(low < high)) {
        return NAN;
    }
    for (int k = 0; k < CELLS; k++) {
        const double price = grid(w, low, high, k),
                     profit = (price - cost) * ps_willing_accept(w, price);

        best = profit > most ? k : best;
        most = fmax(most, profit);
    }
    if (best < 0) {
        return NAN;
    }
    /* The hazard of a bounded law is infinite at its upper end: stay just inside. */
    return peak_between(&x, grid(w, low, high, fmax(best - 1, 0.0)),
                        grid(w, low, high, fmin(best + 1, CELLS - 1e-9)));
}

ps_status ps_willing_best(const ps_willingness *w, double cost, ps_best_price *best)
{
    const double *p = w->p;
    double price;

    if (!is_law(w) || !isfinite(cost)) {
        return PS_ERR_INPUT;
    }
    switch (w->law) {
    case PS_WILLING_UNIFORM:
        price = cost < p[1] ? fmax(p[0], 0.5 * (p[1] + cost)) : NAN;
        break;
    case PS_WILLING_EXPONENTIAL:
        price = fmax(0.0, cost + 1.0 / p[0]);
        break;
    case PS_WILLING_LOGISTIC:
        price = cost + logistic_scale * p[1] *
                           (1.0 + ps_lambert_log((p[0] - cost) / (logistic_scale * p[1]) - 1.0));
        break;
    default:
        price = search(w, cost);
    }
    if (!isfinite(price)) {
        return PS_ERR_INPUT;
    }
    const double accept = ps_willing_accept(w, price);

    *best = (ps_best_price){price, accept, (price - cost) * accept};
    return PS_OK;
}
