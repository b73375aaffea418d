/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Newton on w + log w, which is concave: from any start a few steps. */
#include "math/lambert.h"

#include "math/vmath.h"

enum { STEPS = 40 };

double ps_lambert_log(double log_x)
{
    if (log_x < -700.0) {
        return 0.0;
    }
    double w = log_x > 1.0 ? log_x - ps_log(log_x) : ps_exp(log_x) / (1.0 + ps_exp(log_x));

    for (int i = 0; i < STEPS; i++) {
        const double next = w * (1.0 + log_x - ps_log(w)) / (1.0 + w);
        const double step = next > w ? next - w : w - next;

        w = next;
        if (step <= 1e-16 * w) {
            break;
        }
    }
    return w;
}
