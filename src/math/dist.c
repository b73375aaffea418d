/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distributions: truncation, mirror image, location and scale around the standard laws of law.c. */
#include "math/dist.h"
#include "math/vmath.h"

#include <math.h>

#include "math/dist_view.h"

/* E[Y^m; from < Y <= to], from the side where little is subtracted. */
static double band(const ps_split *from, const ps_split *to, int m)
{
    return from->below[0] > 0.5 ? from->above[m] - to->above[m] : to->below[m] - from->below[m];
}

ps_dist_view ps_dist_view_of(const ps_dist *dist)
{
    ps_dist_view view = {.law = ps_law_standard(dist), .sign = dist->sign < 0.0 ? -1.0 : 1.0};
    const ps_standard *law = &view.law;
    double low = -HUGE_VAL, high = HUGE_VAL;
    const bool truncated = dist->truncated && law->law != PS_LAW_CONSTANT;
    if (truncated) {
        low = view.sign > 0.0 ? dist->min : -dist->max;
        high = view.sign > 0.0 ? dist->max : -dist->min;
        low = (low - law->location) / law->scale;
        high = (high - law->location) / law->scale;
    }
    /* A point mass on the lower bound belongs to the law. */
    ps_law_split(law, nextafter(low, -HUGE_VAL), 2, &view.at_low);
    ps_law_split(law, high, 2, &view.at_high);
    view.low = low;
    view.high = high;
    view.mass = band(&view.at_low, &view.at_high, 0);
    view.truncated = truncated;
    if (!(view.mass >
          0.0)) { /* the bounds leave nothing that a double can tell: the nearer bound */
        const double bound = view.at_low.below[0] > 0.5 ? low : high;
        const double value = view.sign * (law->location + law->scale * bound);
        const ps_dist constant = {.law = PS_LAW_CONSTANT, .p = {value}, .sign = 1.0};
        return ps_dist_view_of(&constant);
    }
    return view;
}

static double value_of(const ps_dist_view *view, double y)
{
    return view->sign * ps_fma(view->law.scale, y, view->law.location);
}

static double standard_of(const ps_dist_view *view, double x)
{
    return (view->sign * x - view->law.location) / view->law.scale;
}

double ps_dist_view_score(const ps_dist_view *view, double lower, double upper, double near)
{
    const double first = view->sign > 0.0 ? lower : upper, last = view->sign > 0.0 ? upper : lower;
    if (!view->truncated)
        return ps_law_score(&view->law, first, last, near);
    const double from = view->at_low.below[0] + first * view->mass;
    const double to = view->at_high.above[0] + last * view->mass;
    if (!(from > 0.0 && to > 0.0)) /* u so near an end that nothing is left of it */
        return ps_scale_score(view->law.scale_kind, from > 0.0 ? view->high : view->low);
    return ps_law_score(&view->law, from, to, near);
}

/* The logit-normal's moments have no closed form, its quantile does. */
static double logistic_normal(const ps_dist *dist, double u)
{
    return 1.0 / (1.0 + ps_exp(-(dist->p[0] + dist->p[1] * ps_normal_inverse(u))));
}

static double quantile_of(const ps_dist_view *view, double u)
{
    const double inside = fmin(fmax(u, 0x1p-60), 1.0 - 0x1p-53);
    const double score = ps_dist_view_score(view, inside, 1.0 - inside, NAN);
    const double y = ps_scale_value(view->law.scale_kind, score);
    return value_of(view, fmin(fmax(y, view->low), view->high));
}

double ps_dist_quantile(const ps_dist *dist, double u)
{
    if (isnan(u))
        return u;
    if (dist->law == PS_LAW_LOGIT_NORMAL && !dist->truncated && u > 0x1p-60 && u < 1.0)
        return logistic_normal(dist, u);
    const ps_dist_view view = ps_dist_view_of(dist);
    return quantile_of(&view, u);
}

void ps_dist_quantiles(const ps_dist *dist, int n, const double *u, double *x)
{
    const ps_dist_view view = ps_dist_view_of(dist);
    for (int i = 0; i < n; i++)
        x[i] = quantile_of(&view, u[i]);
}

static double cdf_of(const ps_dist_view *view, double x)
{
    const double y = fmin(fmax(standard_of(view, x), view->low), view->high);
    ps_split at;
    ps_law_split(&view->law, y, 0, &at);
    const double part =
        view->sign > 0.0 ? band(&view->at_low, &at, 0) : band(&at, &view->at_high, 0);
    const bool outside = view->sign * standard_of(view, x) < view->sign * y;
    return outside ? 0.0 : fmin(part / view->mass, 1.0);
}

double ps_dist_cdf(const ps_dist *dist, double x)
{
    if (isnan(x))
        return x;
    const ps_dist_view view = ps_dist_view_of(dist);
    return cdf_of(&view, x);
}

void ps_dist_cdfs(const ps_dist *dist, int n, const double *x, double *p)
{
    const ps_dist_view view = ps_dist_view_of(dist);
    for (int i = 0; i < n; i++)
        p[i] = cdf_of(&view, x[i]);
}

static double standard_moment(const ps_dist_view *view, int m)
{
    return band(&view->at_low, &view->at_high, m) / view->mass;
}

double ps_dist_mean(const ps_dist *dist)
{
    const ps_dist_view view = ps_dist_view_of(dist);
    return value_of(&view, standard_moment(&view, 1));
}

double ps_dist_sd(const ps_dist *dist)
{
    const ps_dist_view view = ps_dist_view_of(dist);
    if (!view.truncated)
        return view.law.scale * sqrt(ps_law_variance(&view.law));
    const double mean = standard_moment(&view, 1);
    return view.law.scale * sqrt(fmax(standard_moment(&view, 2) - mean * mean, 0.0));
}

double ps_dist_centre(const ps_dist *dist)
{
    if (dist->law == PS_LAW_TRIANGULAR || dist->law == PS_LAW_PERT) {
        const double mode = dist->p[1];
        return dist->truncated ? fmin(fmax(mode, dist->min), dist->max) : mode;
    }
    return dist->law == PS_LAW_BETA ? ps_dist_mean(dist) : ps_dist_quantile(dist, 0.5);
}

/* E[(y - Y)+] or, for `above`, E[(Y - y)+]. */
static double expected_part(const ps_dist_view *view, double y, bool above)
{
    if (y <= view->low || y >= view->high) {
        const double gap = y - standard_moment(view, 1);
        return above ? (y <= view->low ? -gap : 0.0) : (y <= view->low ? 0.0 : gap);
    }
    ps_split at;
    ps_law_split(&view->law, y, 1, &at);
    const ps_split *from = above ? &at : &view->at_low, *to = above ? &view->at_high : &at;
    const double part = y * band(from, to, 0) - band(from, to, 1);
    return fmax((above ? -part : part) / view->mass, 0.0);
}

double ps_dist_integral(const ps_dist *dist, double x)
{
    if (!(x > 0.0))
        return 0.0;
    const ps_dist_view view = ps_dist_view_of(dist);
    const bool above = view.sign < 0.0;
    const double to_x = expected_part(&view, standard_of(&view, x), above);
    const double to_zero = expected_part(&view, standard_of(&view, 0.0), above);
    return view.law.scale * (to_x - to_zero);
}

double ps_dist_view_excess(const ps_dist_view *view, double x)
{
    return view->law.scale * expected_part(view, standard_of(view, x), view->sign > 0.0);
}

double ps_dist_excess(const ps_dist *dist, double x)
{
    const ps_dist_view view = ps_dist_view_of(dist);
    return ps_dist_view_excess(&view, x);
}
