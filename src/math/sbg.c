/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/sbg.h"

#include <math.h>

#include "math/vmath.h"

enum { MAX_TERMS = 4000000, MAX_STEPS = 200, MAX_HALVINGS = 60 };

#define LARGEST 1e5 /* of a parameter: beyond it the customers are as good as equal */

/* The sum is the hypergeometric function F(1, beta; alpha + beta; v), by Gauss's continued fraction
 * from its end: with c = alpha + beta - 1 and t_n = c + n,
 *   F = 1/(1 - beta v/(t_1 - alpha v/(t_2 - (beta + 1)(c + 1) v/(t_3 - 2 (alpha + 1) v/ ...)))).
 * Two levels shrink the error by ((1 - s)/(1 + s))^2, s = sqrt(1 - v). */
double ps_sbg_sum(const ps_sbg *law, double v)
{
    const double a = law->alpha, b = law->beta, c = a + b - 1.0, s = sqrt(fmax(0.0, 1.0 - v));

    if (v > 1.0) { /* survival falls like a power alone */
        return (double)INFINITY;
    }
    if (40.0 > MAX_TERMS * s) { /* as good as without discount: Gauss's theorem */
        return a > 1.0 ? c / (a - 1.0) : (double)INFINITY;
    }
    const int terms = 20 + (int)(10.0 / s);
    double x = c + 2.0 * terms + 1.0;

    for (int n = terms; n > 0; n--) {
        x = c + 2 * n - (b + n) * (c + n) * v / x;
        x = c + 2 * n - 1 - n * (a + n - 1) * v / x;
    }
    return 1.0 / (1.0 - b * v / x);
}

double ps_sbg_log_likelihood(const ps_sbg *law, const double *survivors, int n)
{
    double sum = 0.0;

    for (int k = 1; k < n; k++) {
        const double kept = ps_sbg_kept(law, k);

        sum += survivors[k] > 0.0 ? survivors[k] * ps_log(kept) : 0.0;
        sum += (survivors[k - 1] - survivors[k]) *
               ps_log(law->alpha / (law->alpha + law->beta + k - 1));
    }
    return sum;
}

/* Slopes and curvatures of the log likelihood in log alpha and log beta. */
typedef struct {
    double a, b, aa, ab, bb;
} slopes;

static slopes slopes_at(const ps_sbg *law, const double *survivors, int n)
{
    const double alpha = law->alpha, beta = law->beta;
    slopes x = {0};

    for (int i = 0; i + 1 < n; i++) {
        const double faced = survivors[i], kept = survivors[i + 1], own = beta + i,
                     all = alpha + beta + i;

        x.a += (faced - kept) - faced * alpha / all;
        x.b += kept * beta / own - faced * beta / all;
        x.aa -= faced * alpha * own / (all * all);
        x.ab += faced * alpha * beta / (all * all);
        x.bb += kept * beta * i / (own * own) - faced * beta * (alpha + i) / (all * all);
    }
    return x;
}

bool ps_sbg_fit(const double *survivors, int n, ps_sbg *law)
{
    double now;

    *law = (ps_sbg){1.0, 1.0};
    now = ps_sbg_log_likelihood(law, survivors, n);
    for (int step = 0; step < MAX_STEPS; step++) {
        slopes x = slopes_at(law, survivors, n);
        const double half = 0.5 * (x.aa + x.bb),
                     largest = half + sqrt(0.25 * (x.aa - x.bb) * (x.aa - x.bb) + x.ab * x.ab);
        const double lift = largest < -1e-9 * survivors[0] ? 0.0 : largest + 0.1 * survivors[0];
        double size = 1.0, next = 0.0;
        ps_sbg tried;

        x.aa -= lift; /* so that the step goes uphill where the surface is not concave */
        x.bb -= lift;
        const double det = x.aa * x.bb - x.ab * x.ab, da = (x.ab * x.b - x.bb * x.a) / det,
                     db = (x.ab * x.a - x.aa * x.b) / det;

        if (lift == 0.0 && fabs(da) + fabs(db) < 1e-5) { /* each step squares the error */
            *law = (ps_sbg){law->alpha * ps_exp(da), law->beta * ps_exp(db)};
            return true;
        }
        for (int k = 0; k < MAX_HALVINGS; k++, size *= 0.5) {
            tried = (ps_sbg){law->alpha * ps_exp(fmin(2.0, fmax(-2.0, size * da))),
                             law->beta * ps_exp(fmin(2.0, fmax(-2.0, size * db)))};
            next = ps_sbg_log_likelihood(&tried, survivors, n);
            if (next >= now) {
                break;
            }
        }
        if (!(next >= now)) {
            return false;
        }
        *law = tried;
        now = next;
        if (law->alpha > LARGEST || law->beta > LARGEST || law->alpha < 1 / LARGEST ||
            law->beta < 1 / LARGEST) {
            return false;
        }
    }
    return false;
}
