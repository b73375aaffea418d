/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inverse normal for many lanes. The central rational is computed for all; the 15 % of lanes in
 * the tails are collected first and computed densely, so that neither branch is paid for by every
 * lane. */
#include "math/vmath.h"

#include <string.h>

enum { CHUNK = 512 };

/* Copies the tails of u[0..n-1] to `tail` and their places to `place`; returns how many. */
static int collect_tails(int n, const double *u, double *tail, int *place)
{
    int tails = 0;
    for (int i = 0; i < n; i++) {
        const double q = u[i] - 0.5;
        tail[tails] = u[i];
        place[tails] = i;
        tails += !(q >= -0.425 && q <= 0.425);
    }
    return tails;
}

static void invert_tails(int n, double *tail)
{
    double radius[CHUNK + 8];
#pragma omp simd
    for (int i = 0; i < n; i++) {
        const double u = tail[i];
        const double r = ps_normal_inverse_radius(u);
        const double z = ps_normal_inverse_near(r);
        radius[i] = r;
        tail[i] = u < 0.5 ? -z : z;
    }
    for (int i = 0; i < n; i++)
        if (radius[i] > 5.0) { /* one in 4e10 */
            const double z = ps_normal_inverse_far(radius[i]);
            tail[i] = tail[i] < 0.0 ? -z : z;
        }
}

static void invert_chunk(int n, const double *u, double *z)
{
    double tail[CHUNK + 8];
    int place[CHUNK + 8];
    const int tails = collect_tails(n, u, tail, place);
#pragma omp simd
    for (int i = 0; i < n; i++)
        z[i] = ps_normal_inverse_central(u[i] - 0.5);
    /* Whole vectors are quicker than a scalar rest. */
    const int padded = (tails + 7) & ~7;
    for (int i = tails; i < padded; i++)
        tail[i] = 0.01;
    invert_tails(padded, tail);
    for (int i = 0; i < tails; i++)
        z[place[i]] = tail[i];
}

void ps_normal_inverse_lanes(int n, const double *u, double *z)
{
    for (int done = 0; done < n; done += CHUNK)
        invert_chunk(n - done < CHUNK ? n - done : CHUNK, u + done, z + done);
}
