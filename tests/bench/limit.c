/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The machine's own limit: nanoseconds of one exponential, one uniform and one normal score, alone,
 * in arrays that stay in the cache. table.py compiles it for the best instruction set. */
#include <stdio.h>
#include <time.h>

#include "math/normal.h"
#include "math/philox.h"
#include "math/vmath.h"

enum { N = 1024, RUNS = 15, ROUNDS = 4000 };

static double x[N], y[N];

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void exponentials(int round)
{
    const double shift = 1e-9 * round;

#pragma omp simd
    for (int i = 0; i < N; i++) {
        y[i] = ps_exp2(x[i] + shift);
    }
}

static void uniforms(int round)
{
    for (int i = 0; i < N; i += 32) {
        ps_philox_uniform(1, (uint64_t)i, (uint32_t)round, 0, 32, y + i);
    }
}

static void normals(int round)
{
    (void)round;
    for (int i = 0; i < N; i += 32) {
        ps_normal_inverse_lanes(32, x + i, y + i);
    }
}

/* The shortest of the runs, per element. */
static double measure(void (*body)(int))
{
    double least = 1e9;

    for (int run = 0; run < RUNS; run++) {
        const double begin = now();

        for (int round = 0; round < ROUNDS; round++) {
            body(round);
        }
        const double took = (now() - begin) / ((double)ROUNDS * N);

        least = took < least ? took : least;
    }
    return least * 1e9;
}

int main(void)
{
    for (int i = 0; i < N; i++) {
        x[i] = (i + 0.5) / N;
    }
    const double each[] = {measure(exponentials), measure(uniforms), measure(normals)};

    printf("%.4f %.4f %.4f %g\n", each[0], each[1], each[2], y[0] > 1e300 ? y[0] : 0.0);
    return 0;
}
