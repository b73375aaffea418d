/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Standard laws: partial moments, variance, quantile. Normal, lognormal, logit-normal, exponential,
 * triangular and uniform laws use our own arithmetic alone; gamma, Weibull and beta laws the
 * functions of special.c. */
#include "math/law.h"

#include <math.h>

#include "math/normal.h"
#include "math/special.h"
#include "math/vmath.h"

#define LEAST_SHAPE 1e-6 /* shapes are clamped to what special.c bears */
#define MOST_SHAPE 1e14
#define MOST_SCORE 700.0 /* ps_exp() of it is neither clamped nor subnormal */
#define ROOT_2_PI 2.50662827463100050242

double ps_scale_value(ps_scale scale, double score)
{
    if (scale == PS_SCALE_PLAIN)
        return score;
    return scale == PS_SCALE_LOG ? ps_exp(score) : 1.0 / (1.0 + ps_exp(-score));
}

static double safe_log(double x)
{
    return x < DBL_MIN ? -HUGE_VAL : x > DBL_MAX ? HUGE_VAL : ps_log(x);
}

double ps_scale_score(ps_scale scale, double y)
{
    if (scale == PS_SCALE_PLAIN)
        return y;
    double score = safe_log(y);
    if (scale == PS_SCALE_LOGIT)
        score = y < 1.0 ? score - ps_log1p(-y) : HUGE_VAL;
    return fmin(fmax(score, -MOST_SCORE), MOST_SCORE);
}

static double clamp_shape(double a)
{
    return fmin(fmax(a, LEAST_SHAPE), MOST_SHAPE);
}

static ps_standard bounded_law(ps_law law, double min, double max)
{
    ps_standard standard = {.law = law, .location = min, .scale = max - min};
    if (!(standard.scale > 0.0)) {
        standard.law = PS_LAW_CONSTANT;
        standard.scale = 1.0;
    }
    return standard;
}

static void set_moments(ps_standard *law)
{
    const double a = law->a, b = law->b;
    for (int m = 0; m < 3; m++)
        law->moment[m] = 1.0;
    if (law->law == PS_LAW_LOGNORMAL) {
        law->moment[1] = ps_exp(0.5 * a * a);
        law->moment[2] = ps_exp(2.0 * a * a);
    } else if (law->law == PS_LAW_GAMMA) {
        law->moment[1] = a;
        law->moment[2] = a * (a + 1.0);
    } else if (law->law == PS_LAW_WEIBULL) {
        law->moment[1] = ps_exp(ps_log_gamma(1.0 + 1.0 / a));
        law->moment[2] = ps_exp(ps_log_gamma(1.0 + 2.0 / a));
    } else if (law->law == PS_LAW_BETA) {
        law->moment[1] = a / (a + b);
        law->moment[2] = law->moment[1] * (a + 1.0) / (a + b + 1.0);
    }
}

ps_standard ps_law_standard(const ps_dist *dist)
{
    const double *p = dist->p;
    ps_standard law = {.law = dist->law, .scale = 1.0, .n = dist->n, .x = dist->x, .w = dist->w};
    switch (dist->law) {
    case PS_LAW_CONSTANT:
        law.location = p[0];
        break;
    case PS_LAW_NORMAL:
        law.location = p[0];
        law.scale = p[1];
        break;
    case PS_LAW_LOGNORMAL:
        law.scale_kind = PS_SCALE_LOG;
        law.scale = p[0];
        law.a = p[1];
        break;
    case PS_LAW_LOGIT_NORMAL:
        law.scale_kind = PS_SCALE_LOGIT;
        law.a = p[0];
        law.b = p[1];
        break;
    case PS_LAW_BETA:
        law.scale_kind = PS_SCALE_LOGIT;
        law.a = clamp_shape(p[0]);
        law.b = clamp_shape(p[1]);
        break;
    case PS_LAW_GAMMA:
        law.scale_kind = PS_SCALE_LOG;
        law.a = clamp_shape((p[0] / p[1]) * (p[0] / p[1]));
        law.scale = p[0] / law.a;
        break;
    case PS_LAW_WEIBULL:
        law.scale_kind = PS_SCALE_LOG;
        law.a = clamp_shape(p[0]);
        law.scale = p[1];
        break;
    case PS_LAW_EXPONENTIAL:
        law.law = PS_LAW_WEIBULL;
        law.scale_kind = PS_SCALE_LOG;
        law.a = 1.0;
        law.scale = p[0];
        break;
    case PS_LAW_TRIANGULAR:
        law = bounded_law(PS_LAW_TRIANGULAR, p[0], p[2]);
        law.a = (p[1] - p[0]) / law.scale;
        break;
    case PS_LAW_PERT:
        law = bounded_law(PS_LAW_BETA, p[0], p[2]);
        law.scale_kind = law.law == PS_LAW_BETA ? PS_SCALE_LOGIT : PS_SCALE_PLAIN;
        law.a = 1.0 + 4.0 * (p[1] - p[0]) / law.scale;
        law.b = 1.0 + 4.0 * (p[2] - p[1]) / law.scale;
        break;
    case PS_LAW_UNIFORM:
        law = bounded_law(PS_LAW_UNIFORM, p[0], p[1]);
        break;
    case PS_LAW_DISCRETE:
    case PS_LAW_EMPIRICAL:
        break;
    }
    set_moments(&law);
    return law;
}

/* ---- partial moments ---- */

static void set_part(const ps_standard *law, int m, const double tail[2], ps_split *split)
{
    split->below[m] = law->moment[m] * tail[0];
    split->above[m] = law->moment[m] * tail[1];
}

static void normal_tails(double z, double tail[2])
{
    const bool right = z > 0.0;
    const double small = ps_normal_cdf(-fabs(z));
    tail[right] = small;
    tail[!right] = 1.0 - small;
}

static void split_normal(double y, ps_split *split)
{
    const double density = ps_exp(-0.5 * y * y) / ROOT_2_PI;
    const double moved = isfinite(y) ? y * density : 0.0;
    double tail[2];
    normal_tails(y, tail);
    *split = (ps_split){{tail[0], -density, tail[0] - moved}, {tail[1], density, tail[1] + moved}};
}

static void split_lognormal(const ps_standard *law, double y, int most, ps_split *split)
{
    const double z = safe_log(y) / law->a;
    for (int m = 0; m <= most; m++) {
        double tail[2];
        normal_tails(z - m * law->a, tail);
        set_part(law, m, tail, split);
    }
}

static void split_exponential(double y, ps_split *split)
{
    const double t = fmin(fmax(y, 0.0), 800.0), gone = ps_exp(-t);
    const double above[3] = {gone, gone * (1.0 + t), gone * (2.0 + t * (2.0 + t))};
    const double total[3] = {1.0, 1.0, 2.0};
    for (int m = 0; m < 3; m++) {
        split->above[m] = above[m];
        split->below[m] = total[m] - above[m];
    }
}

static void split_weibull(const ps_standard *law, double y, int most, ps_split *split)
{
    if (law->a == 1.0) {
        split_exponential(y, split);
        return;
    }
    const double t = ps_exp(law->a * fmin(fmax(safe_log(y), -MOST_SCORE), MOST_SCORE));
    const double gone = ps_exp(-t);
    set_part(law, 0, (double[]){1.0 - gone, gone}, split);
    for (int m = 1; m <= most; m++) {
        double tail[2];
        ps_gamma_tails(1.0 + m / law->a, t, tail);
        set_part(law, m, tail, split);
    }
}

static void split_gamma(const ps_standard *law, double y, int most, ps_split *split)
{
    for (int m = 0; m <= most; m++) {
        double tail[2];
        ps_gamma_tails(law->a + m, y, tail);
        set_part(law, m, tail, split);
    }
}

static void split_beta(const ps_standard *law, double y, int most, ps_split *split)
{
    const double score = ps_scale_score(PS_SCALE_LOGIT, y);
    for (int m = 0; m <= most; m++) {
        const bool inside = y > 0.0 && y < 1.0;
        const double lower = inside ? ps_beta_lower(score, law->a + m, law->b) : y >= 1.0;
        const double upper = inside ? ps_beta_lower(-score, law->b, law->a + m) : y <= 0.0;
        set_part(law, m, (double[]){lower, upper}, split);
    }
}

static void split_uniform(double y, ps_split *split)
{
    const double t = fmin(fmax(y, 0.0), 1.0), s = 1.0 - t;
    *split = (ps_split){{t, t * t / 2.0, t * t * t / 3.0},
                        {s, s * (1.0 + t) / 2.0, s * (1.0 + t + t * t) / 3.0}};
}

static void split_triangular(double mode, double y, ps_split *split)
{
    const double t = fmin(fmax(y, 0.0), 1.0), s = 1.0 - t;
    const double total[3] = {1.0, (1.0 + mode) / 3.0, (1.0 + mode + mode * mode) / 6.0};
    if (t < mode) {
        double power = t * t / mode;
        for (int m = 0; m < 3; m++, power *= t) {
            split->below[m] = 2.0 * power / (m + 2.0);
            split->above[m] = total[m] - split->below[m];
        }
        return;
    }
    const double part = mode < 1.0 ? s * s / (1.0 - mode) : 0.0;
    split->above[0] = part;
    split->above[1] = part * (1.0 - 2.0 / 3.0 * s);
    split->above[2] = part * (1.0 - 4.0 / 3.0 * s + 0.5 * s * s);
    for (int m = 0; m < 3; m++)
        split->below[m] = total[m] - split->above[m];
}

/* Integrals of Y^m phi(z), m = 1 .. most (2), over z in [from, to], Y = 1 / (1 + exp(-(a + b z))):
 * Gauss-Legendre, five points on panels so narrow that the error is below 1e-14. */
static void logit_normal_parts(const ps_standard *law, int most, double from, double to,
                               double *part)
{
    static const double node[3] = {0.0, 0.53846931010568309104, 0.90617984593866399280};
    static const double weight[3] = {0.56888888888888888889, 0.47862867049936646804,
                                     0.23692688505618908751};
    const int panels = (int)fmin(ceil((to - from) * 4.0 * fmax(1.0, law->b)), 20000.0);
    const double half = 0.5 * (to - from) / fmax(panels, 1.0);
    double sum[2] = {0.0, 0.0};
    for (int i = 0; i < panels; i++)
        for (int j = -2; j <= 2; j++) {
            const int side = j < 0 ? -j : j;
            const double z = from + half * (2 * i + 1 + (j < 0 ? -node[side] : node[side]));
            const double y = ps_scale_value(PS_SCALE_LOGIT, law->a + law->b * z);
            const double density = ps_exp(-0.5 * z * z);
            sum[0] += weight[side] * y * density;
            sum[1] += weight[side] * (y * y) * density;
        }
    for (int m = 1; m <= most; m++)
        part[m] = sum[m - 1] * half / ROOT_2_PI;
}

static void split_logit_normal(const ps_standard *law, double y, int most, ps_split *split)
{
    const double z = y > 0.0 && y < 1.0 ? (ps_scale_score(PS_SCALE_LOGIT, y) - law->a) / law->b
                                        : copysign(HUGE_VAL, y - 0.5);
    double tail[2];
    normal_tails(z, tail);
    set_part(law, 0, tail, split);
    const double at =
        fmin(fmax(z, -38.0), 38.0); /* beyond 9 sd from 0 and from z nothing is left */
    if (most > 0 && z > -HUGE_VAL) {
        logit_normal_parts(law, most, fmin(at, 0.0) - 9.0, fmin(at, 9.0), split->below);
    }
    if (most > 0 && z < HUGE_VAL) {
        logit_normal_parts(law, most, fmax(at, -9.0), fmax(at, 0.0) + 9.0, split->above);
    }
}

static void add_point(double x, double weight, bool is_below, ps_split *split)
{
    double *part = is_below ? split->below : split->above;
    part[0] += weight;
    part[1] += weight * x;
    part[2] += weight * x * x;
}

static void split_discrete(const ps_standard *law, double y, ps_split *split)
{
    for (int i = 0; i < law->n; i++)
        add_point(law->x[i], law->w[i], law->x[i] <= y, split);
}

/* Adds `weight` spread evenly over [from, to]. */
static void add_piece(double from, double to, double weight, double *part)
{
    part[0] += weight;
    part[1] += weight * 0.5 * (from + to);
    part[2] += weight * (from * from + from * to + to * to) / 3.0;
}

/* Type 7: the mass 1 / (n - 1) lies evenly between neighbours. */
static void split_empirical(const ps_standard *law, double y, ps_split *split)
{
    if (law->n == 1)
        add_point(law->x[0], 1.0, law->x[0] <= y, split);
    const double each = 1.0 / (law->n - 1);
    for (int i = 0; i + 1 < law->n; i++) {
        const double from = law->x[i], to = law->x[i + 1];
        const double cut = fmin(fmax(y, from), to);
        const double part = to > from ? (cut - from) / (to - from) : to <= y ? 1.0 : 0.0;
        add_piece(from, cut, each * part, split->below);
        add_piece(cut, to, each * (1.0 - part), split->above);
    }
}

void ps_law_split(const ps_standard *law, double y, int most, ps_split *split)
{
    *split = (ps_split){{0}, {0}};
    switch (law->law) {
    case PS_LAW_NORMAL:
        split_normal(y, split);
        break;
    case PS_LAW_LOGNORMAL:
        split_lognormal(law, y, most, split);
        break;
    case PS_LAW_LOGIT_NORMAL:
        split_logit_normal(law, y, most, split);
        break;
    case PS_LAW_BETA:
    case PS_LAW_PERT:
        split_beta(law, y, most, split);
        break;
    case PS_LAW_GAMMA:
        split_gamma(law, y, most, split);
        break;
    case PS_LAW_WEIBULL:
    case PS_LAW_EXPONENTIAL:
        split_weibull(law, y, most, split);
        break;
    case PS_LAW_TRIANGULAR:
        split_triangular(law->a, y, split);
        break;
    case PS_LAW_UNIFORM:
        split_uniform(y, split);
        break;
    case PS_LAW_DISCRETE:
        split_discrete(law, y, split);
        break;
    case PS_LAW_EMPIRICAL:
        split_empirical(law, y, split);
        break;
    case PS_LAW_CONSTANT:
        add_point(0.0, 1.0, 0.0 <= y, split);
        break;
    }
}

/* e^v (e^v - 1), the second factor by Kahan's formula, exact for small v. */
static double lognormal_variance(double v)
{
    const double w = ps_exp(v);
    return w * (w == 1.0 ? v : (w - 1.0) * v / ps_log(w));
}

double ps_law_variance(const ps_standard *law)
{
    const double a = law->a, b = law->b;
    switch (law->law) {
    case PS_LAW_NORMAL:
        return 1.0;
    case PS_LAW_LOGNORMAL:
        return lognormal_variance(a * a);
    case PS_LAW_BETA:
    case PS_LAW_PERT:
        return a / (a + b) * (b / (a + b)) / (a + b + 1.0);
    case PS_LAW_GAMMA:
        return a;
    case PS_LAW_TRIANGULAR:
        return (1.0 - a + a * a) / 18.0;
    case PS_LAW_UNIFORM:
        return 1.0 / 12.0;
    case PS_LAW_CONSTANT:
        return 0.0;
    default:
        break;
    }
    ps_split all;
    ps_law_split(law, HUGE_VAL, 2, &all);
    return fmax(all.below[2] - all.below[1] * all.below[1], 0.0);
}

/* ---- quantiles ---- */

/* Chance of the wanted tail at a score, and log of the density there. */
static double score_tail(const ps_standard *law, double score, bool upper, double *log_density)
{
    if (law->law == PS_LAW_GAMMA) {
        *log_density = ps_gamma_log_density(score, law->a);
        double tail[2];
        ps_gamma_tails(law->a, ps_exp(score), tail);
        return tail[upper];
    }
    *log_density = ps_beta_log_density(score, law->a, law->b);
    return upper ? ps_beta_lower(-score, law->b, law->a) : ps_beta_lower(score, law->a, law->b);
}

/* Newton's method on the logarithm of the smaller tail, kept inside a bracket by bisection. */
static double search_score(const ps_standard *law, double lower, double upper, double near)
{
    const bool use_upper = upper < lower;
    const double target = use_upper ? upper : lower;
    double low = -MOST_SCORE, high = MOST_SCORE;
    double score = near;
    if (isnan(near))
        score = ps_log(law->law == PS_LAW_GAMMA ? law->a : law->a / law->b);
    for (int i = 0; i < 200 && high - low > 1e-14 * fabs(score); i++) {
        double log_density;
        const double tail = score_tail(law, score, use_upper, &log_density);
        *((tail < target) != use_upper ? &low : &high) = score;
        const double step = safe_log(tail / target) * tail * ps_exp(-log_density);
        double next = use_upper ? score + step : score - step;
        if (fabs(next - score) <= 1e-14 * fmax(1.0, fabs(score)))
            break;
        if (!(next > low && next < high)) /* NAN as well: no tail, no slope */
            next = 0.5 * (low + high);
        score = next;
    }
    return score;
}

static double discrete_quantile(const ps_standard *law, double lower)
{
    double value = -HUGE_VAL, sum = 0.0;
    for (;;) { /* the next larger value, until the weights reach `lower` */
        double next = HUGE_VAL, weight = 0.0;
        for (int i = 0; i < law->n; i++)
            if (law->x[i] > value)
                next = fmin(next, law->x[i]);
        for (int i = 0; i < law->n; i++)
            weight += law->x[i] == next ? law->w[i] : 0.0;
        if (!(next < HUGE_VAL))
            return value;
        value = next;
        sum += weight;
        if (sum >= lower)
            return value;
    }
}

static double empirical_quantile(const ps_standard *law, double lower)
{
    const double h = (law->n - 1) * lower;
    const int i = (int)fmin(h, law->n - 1.0);
    const int next = i + 1 < law->n ? i + 1 : i;
    return ps_fma(h - i, law->x[next] - law->x[i], law->x[i]);
}

double ps_law_score(const ps_standard *law, double lower, double upper, double near)
{
    const double z = lower < upper ? ps_normal_inverse(lower) : -ps_normal_inverse(upper);
    switch (law->law) {
    case PS_LAW_NORMAL:
        return z;
    case PS_LAW_LOGNORMAL:
        return law->a * z;
    case PS_LAW_LOGIT_NORMAL:
        return ps_fma(law->b, z, law->a);
    case PS_LAW_WEIBULL:
    case PS_LAW_EXPONENTIAL:
        return ps_log(lower < upper ? -ps_log1p(-lower) : -ps_log(upper)) / law->a;
    case PS_LAW_UNIFORM:
        return lower < upper ? lower : 1.0 - upper;
    case PS_LAW_TRIANGULAR:
        return lower < law->a ? sqrt(lower * law->a) : 1.0 - sqrt(upper * (1.0 - law->a));
    case PS_LAW_DISCRETE:
        return discrete_quantile(law, lower);
    case PS_LAW_EMPIRICAL:
        return empirical_quantile(law, lower);
    case PS_LAW_CONSTANT:
        return 0.0;
    default:
        return search_score(law, lower, upper, near);
    }
}
