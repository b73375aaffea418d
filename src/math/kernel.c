/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mean-exact kernels of delays. With S the survival function of D / step,
 *
 *   P(lag >= n) = P(U + D/step >= n) = integral of S from n - 1 to n =: T(n), n >= 1; T(0) = 1,
 *   k(n) = T(n) - T(n + 1),
 *
 * which is k(0) = G(1), k(n) = G(n+1) - 2 G(n) + G(n-1), but keeps its digits in the tail, where G
 * grows without bound. Since the T(n) add up to E[D] / step, so does sum n k(n). */
#include "math/kernel.h"

#include <math.h>

#include "math/dist_view.h"

/* P(lag >= n), n >= 1. */
static double tail_from(const ps_dist_view *delay, double step, int n)
{
    const double nearer = ps_dist_view_excess(delay, (n - 1) * step);
    const double farther = ps_dist_view_excess(delay, n * step);
    return fmin(fmax((nearer - farther) / step, 0.0), 1.0);
}

int ps_kernel_length(const ps_dist *delay, double step, double tail, int most)
{
    const ps_dist_view view = ps_dist_view_of(delay);
    int shortest = 1, enough = 1;
    while (enough < most && tail_from(&view, step, enough) >= tail) {
        shortest = enough + 1;
        enough = enough < most / 2 ? 2 * enough : most;
    }
    while (shortest < enough) {
        const int middle = shortest + (enough - shortest) / 2;
        if (tail_from(&view, step, middle) >= tail)
            shortest = middle + 1;
        else
            enough = middle;
    }
    return shortest;
}

void ps_kernel_fill(const ps_dist *delay, double step, int n, bool fold, double *k)
{
    const ps_dist_view view = ps_dist_view_of(delay);
    double here = 1.0, excess = ps_dist_view_excess(&view, 0.0);
    for (int lag = 0; lag < n; lag++) {
        const double farther = ps_dist_view_excess(&view, (lag + 1) * step);
        /* Rounding must not make the tail rise: no value is negative. */
        const double next = fmin(fmax((excess - farther) / step, 0.0), here);
        k[lag] = here - next;
        here = next;
        excess = farther;
    }
    if (fold)
        k[n - 1] += here;
}

void ps_kernel_fill_from(const ps_dist *delay, ps_kernel_begin begin, double step, int n, double *k)
{
    double here = 1.0;

    if (begin == PS_BEGINS_ANYWHERE) {
        ps_kernel_fill(delay, step, n, false, k);
        return;
    }
    for (int lag = 0; lag < n; lag++) {
        /* at the start lag + 1 periods are over with D = (lag + 1) step, at the end only beyond */
        const double x =
            begin == PS_BEGINS_AT_START ? nextafter((lag + 1) * step, 0.0) : lag * step;
        const double next = fmin(fmax(1.0 - ps_dist_cdf(delay, x), 0.0), here);

        k[lag] = here - next;
        here = next;
    }
}
