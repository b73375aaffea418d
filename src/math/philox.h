/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011): a counter in, four 32-bit random words out.
 * key = the run's seed; counter = (path low, path high, stream, index). A number therefore depends
 * on who asks (path, purpose, index) and never on what was drawn before. */
#ifndef PS_MATH_PHILOX_H
#define PS_MATH_PHILOX_H

#include <stdint.h>

/* One block. `out` gets the four words of counter (path, stream, index) under `seed`. */
void ps_philox(uint64_t seed, uint64_t path, uint32_t stream, uint32_t index, uint32_t out[4]);

/* Uniforms in (0,1), 52 bits from words 0 and 1: lane l is path0 + l at (stream, index).
 * `lanes` is a multiple of 8. */
void ps_philox_uniform(uint64_t seed, uint64_t path0, uint32_t stream, uint32_t index, int lanes,
                       double *restrict out);

/* 4 * blocks 32-bit words of ONE path: words 4b..4b+3 are block (stream, index0 + b). */
void ps_philox_words(uint64_t seed, uint64_t path, uint32_t stream, uint32_t index0, int blocks,
                     uint32_t *restrict out);

/* One block for each of `n` cells: cell k has its own path[k], stream[k] and index[k]; its four
 * words go to out[0][k] .. out[3][k] (arrays of n, given as out + k with row stride `stride`).
 * n may be anything. */
void ps_philox_cells(uint64_t seed, int n, const uint64_t *restrict path,
                     const uint32_t *restrict stream, const uint32_t *restrict index,
                     uint32_t *restrict out, int stride);

/* One block for each of `n` cells of one stream: the four words of cell k, (path[k], index[k]), go
 * to out[4 k] .. out[4 k + 3]. n may be anything. */
void ps_philox_blocks(uint64_t seed, uint32_t stream, int n, const uint64_t *restrict path,
                      const uint32_t *restrict index, uint32_t *restrict out);

#endif
