/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log Gamma by Stirling's series; incomplete gamma and beta functions by GSL, whose arguments are
 * checked first (its error handler ends the process), or by Temme's uniform expansions where GSL
 * fails. What goes through GSL has the same bits on one C library and processor family only. */
#include "math/special.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdbool.h>

#include "math/normal.h"
#include "math/vmath.h"

#define LARGE_GAMMA 1e4      /* GSL's series lose digits above, its asymptotics fail above 1e6 */
#define LARGE_BETA 1e5       /* GSL's continued fraction gives up above */
#define NEGLIGIBLE_LOG -690. /* log of a density that GSL would report as underflow */
#define ROOT_2_PI 2.50662827463100050242

double ps_log_gamma(double a)
{
    double product = 1.0;
    for (; a < 15.0; a += 1.0)
        product *= a;
    const double r2 = 1.0 / (a * a);
    double tail = ps_fma(1.0 / 1188.0, r2, -1.0 / 1680.0);
    tail = ps_fma(tail, r2, 1.0 / 1260.0);
    tail = ps_fma(tail, r2, -1.0 / 360.0);
    tail = ps_fma(tail, r2, 1.0 / 12.0);
    return (a - 0.5) * ps_log(a) - a + 0.918938533204672742 + tail / a - ps_log(product);
}

/* Normal tail and first correction of Temme's expansions for P(.. <= ..), `miss` < 0 left of the
 * centre: deviance = eta^2 / 2 per unit of n, c0 = 1 / eta - slope / miss, or as given where that
 * is 0 / 0. */
static double uniform_lower(double n, double deviance, double miss, double slope, double c0_centre,
                            double c1)
{
    const double eta = copysign(sqrt(2.0 * fmax(deviance, 0.0)), miss);
    const double c0 = fabs(eta) > 1e-5 ? 1.0 / eta - slope / miss : c0_centre;
    return ps_normal_cdf(eta * sqrt(n)) +
           ps_exp(-n * deviance) / (ROOT_2_PI * sqrt(n)) * (c0 + c1 / n);
}

/* DLMF 8.12.3 and 8.12.4, within 1e-10 for a > 1e4: c1 hardly moves from its value at the centre.
 */
static double large_gamma_lower(double a, double y)
{
    const double miss = (y - a) / a;
    return uniform_lower(a, miss - ps_log1p(miss), miss, 1.0, 1.0 / 3.0, 1.0 / 540.0);
}

/* DLMF 8.18.9, within 1e-9 for a, b > 1e5. */
static double large_beta_lower(double y, double a, double b)
{
    const double y0 = a / (a + b), miss = y - y0, sd = sqrt(y0 * (1.0 - y0));
    const double left = y0 * ps_log1p(miss / y0);
    const double right = (1.0 - y0) * ps_log1p(-miss / (1.0 - y0));
    return uniform_lower(a + b, -(left + right), miss, sd, (1.0 - 2.0 * y0) / (3.0 * sd), 0.0);
}

double ps_gamma_log_density(double score, double a)
{
    return a * score - ps_exp(score) - ps_log_gamma(a);
}

double ps_beta_log_density(double score, double a, double b)
{
    const double log_y = score > 0.0 ? -ps_log1p(ps_exp(-score)) : score - ps_log1p(ps_exp(score));
    const double log_b = ps_log_gamma(a) + ps_log_gamma(b) - ps_log_gamma(a + b);
    return a * log_y + b * (log_y - score) - log_b;
}

void ps_gamma_tails(double a, double y, double tail[2])
{
    const bool right = y > a; /* the upper tail is the smaller, or about as small */
    double small = 0.0;
    if (y >= DBL_MIN && y <= DBL_MAX && ps_gamma_log_density(ps_log(y), a) > NEGLIGIBLE_LOG) {
        if (a > LARGE_GAMMA)
            small = right ? 1.0 - large_gamma_lower(a, y) : large_gamma_lower(a, y);
        else
            small = right ? gsl_sf_gamma_inc_Q(a, y) : gsl_sf_gamma_inc_P(a, y);
    }
    tail[right] = small;
    tail[!right] = 1.0 - small;
}

double ps_beta_lower(double score, double a, double b)
{
    if (ps_beta_log_density(score, a, b) < NEGLIGIBLE_LOG)
        return score > ps_log(a / b) ? 1.0 : 0.0;
    const double nearer = 1.0 / (1.0 + ps_exp(fabs(score))); /* of y and 1 - y */
    if (a > LARGE_BETA && b > LARGE_BETA)
        return large_beta_lower(score > 0.0 ? 1.0 - nearer : nearer, a, b);
    return score > 0.0 ? gsl_cdf_beta_Q(nearer, b, a) : gsl_cdf_beta_P(nearer, a, b);
}

double ps_student_upper(double tail, double freedom)
{
    return gsl_cdf_tdist_Qinv(tail, freedom);
}
