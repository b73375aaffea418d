/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Normal distribution function from arithmetic and ps_exp alone (Hart 1968, as in West 2005):
 * absolute error below 1e-15, relative error in the lower tail below 1e-13. */
#ifndef PS_MATH_NORMAL_H
#define PS_MATH_NORMAL_H

#include "math/vmath.h"

static inline double ps_normal_cdf(double x)
{
    const double z = x < 0.0 ? -x : x;
    double tail = 0.0;

    if (z < 37.0) {
        const double e = ps_exp(-0.5 * z * z);

        if (z < 7.07106781186547) {
            double n = 3.52624965998911e-02 * z + 0.700383064443688;
            double d = 8.83883476483184e-02 * z + 1.75566716318264;

            n = n * z + 6.37396220353165;
            n = n * z + 33.912866078383;
            n = n * z + 112.079291497871;
            n = n * z + 221.213596169931;
            n = n * z + 220.206867912376;
            d = d * z + 16.064177579207;
            d = d * z + 86.7807322029461;
            d = d * z + 296.564248779674;
            d = d * z + 637.333633378831;
            d = d * z + 793.826512519948;
            d = d * z + 440.413735824752;
            tail = e * n / d;
        } else {
            const double f = z + 1.0 / (z + 2.0 / (z + 3.0 / (z + 4.0 / (z + 0.65))));

            tail = e / (f * 2.506628274631);
        }
    }
    return x > 0.0 ? 1.0 - tail : tail;
}

#endif
