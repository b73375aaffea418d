/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scrambled Sobol points: quasi-random numbers that fill the unit cube more evenly than random
 * ones. docs/model/random.md */
#ifndef PS_MATH_SOBOL_H
#define PS_MATH_SOBOL_H

#include <stdint.h>

/* Paths are dealt to so many sequences with scrambles of their own, so that the error of a mean can
 * be seen from theirs. */
enum { PS_SOBOL_DIMENSIONS = 256, PS_SOBOL_BITS = 32, PS_SOBOL_SEQUENCES = 16 };

/* One input's coordinate in all sequences. */
typedef struct {
    uint32_t direction[PS_SOBOL_BITS];
    uint32_t key[PS_SOBOL_SEQUENCES];
} ps_sobol;

/* `dimension` from 0. */
void ps_sobol_make(int dimension, uint64_t seed, uint32_t stream, ps_sobol *out);

/* Uniforms of `n` paths from `path0`, a multiple of the sequences: path p is point p / 16 of
 * sequence p mod 16. */
void ps_sobol_uniform(const ps_sobol *sobol, uint64_t path0, int n, double *out);

#endif
