/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Philox4x32-10 in the five forms the engine asks for. The generator and its known answers: Salmon,
 * Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11. */
#include "math/philox.h"

#include <string.h>

#include "math/philox_lanes.h"
#include "math/vmath.h"

enum { LANES = PS_PHILOX_LANES };
typedef double reals __attribute__((vector_size(8 * PS_PHILOX_LANES)));
typedef uint32_t halves __attribute__((vector_size(4 * PS_PHILOX_LANES)));

#define LOWER_HALF 0xffffffffu

static inline halves load_halves(const uint32_t *from)
{
    halves x;
    memcpy(&x, from, sizeof x);
    return x;
}

static inline void store_halves(ps_words x, uint32_t *to)
{
    const halves lower = __builtin_convertvector(x, halves);
    memcpy(to, &lower, sizeof lower);
}

/* Words a then b of every lane as they lie in memory. */
static inline ps_words pair(ps_words a, ps_words b)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return (a << 32) | (b & LOWER_HALF);
#else
    return (a & LOWER_HALF) | (b << 32);
#endif
}

/* The four words of lane 0, then of lane 1 and so on. */
static inline void store_blocks(const ps_words c[4], uint32_t *to)
{
    const ps_words a = pair(c[0], c[1]), b = pair(c[2], c[3]);
#if defined(__AVX512F__)
    const ps_words first = __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
    const ps_words second = __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
#elif defined(__AVX2__)
    const ps_words first = __builtin_shufflevector(a, b, 0, 4, 1, 5);
    const ps_words second = __builtin_shufflevector(a, b, 2, 6, 3, 7);
#else
    const ps_words first = __builtin_shufflevector(a, b, 0, 2);
    const ps_words second = __builtin_shufflevector(a, b, 1, 3);
#endif
    memcpy(to, &first, sizeof first);
    memcpy(to + 2 * LANES, &second, sizeof second);
}

void ps_philox(uint64_t seed, uint64_t path, uint32_t stream, uint32_t index, uint32_t out[4])
{
    uint32_t c[4] = {(uint32_t)path, (uint32_t)(path >> 32), stream, index};
    ps_philox_block(seed, c);
    memcpy(out, c, sizeof c);
}

void ps_philox_uniform(uint64_t seed, uint64_t path0, uint32_t stream, uint32_t index, int lanes,
                       double *restrict out)
{
    const ps_words iota = ps_words_iota();
    for (int l = 0; l < lanes; l += LANES) {
        const ps_words path = ps_words_all(path0 + (uint64_t)l) + iota;
        ps_words c[4] = {path, path >> 32, ps_words_all(stream), ps_words_all(index)};
        ps_philox_vector(seed, c);
        /* 52 random bits k as the fraction of 1.k; less 1 - 2^-53 it is k 2^-52 + 2^-53, exactly.
         */
        const ps_words both = (c[0] << 32) | (c[1] & LOWER_HALF);
        const ps_words one_to_two = (both >> 12) | ps_words_all(0x3ff0000000000000u);
        reals u;
        memcpy(&u, &one_to_two, sizeof u);
        u -= 1.0 - 0x1p-53;
        memcpy(out + l, &u, sizeof u);
    }
}

void ps_philox_words(uint64_t seed, uint64_t path, uint32_t stream, uint32_t index0, int blocks,
                     uint32_t *restrict out)
{
    const ps_words iota = ps_words_iota();
    int b = 0;
    for (; b + LANES <= blocks; b += LANES) {
        const ps_words index = ps_words_all((uint64_t)index0 + (uint64_t)b) + iota;
        ps_words c[4] = {ps_words_all(path), ps_words_all(path >> 32), ps_words_all(stream), index};
        ps_philox_vector(seed, c);
        store_blocks(c, out + 4 * b);
    }
    for (; b < blocks; b++)
        ps_philox(seed, path, stream, index0 + (uint32_t)b, out + 4 * b);
}

void ps_philox_cells(uint64_t seed, int n, const uint64_t *restrict path,
                     const uint32_t *restrict stream, const uint32_t *restrict index,
                     uint32_t *restrict out, int stride)
{
    int k = 0;
    for (; k + LANES <= n; k += LANES) {
        ps_words whole;
        memcpy(&whole, path + k, sizeof whole);
        ps_words c[4] = {whole, whole >> 32,
                         __builtin_convertvector(load_halves(stream + k), ps_words),
                         __builtin_convertvector(load_halves(index + k), ps_words)};
        ps_philox_vector(seed, c);
        for (int w = 0; w < 4; w++)
            store_halves(c[w], out + w * stride + k);
    }
    for (; k < n; k++) {
        uint32_t block[4];
        ps_philox(seed, path[k], stream[k], index[k], block);
        for (int w = 0; w < 4; w++)
            out[w * stride + k] = block[w];
    }
}

void ps_philox_blocks(uint64_t seed, uint32_t stream, int n, const uint64_t *restrict path,
                      const uint32_t *restrict index, uint32_t *restrict out)
{
    for (int k = 0; k < n; k += LANES) {
        const int some = n - k < LANES ? n - k : LANES;
        ps_words whole = {0};
        halves which = {0};
        uint32_t words[4 * LANES];
        if (some == LANES) {
            memcpy(&whole, path + k, sizeof whole);
            which = load_halves(index + k);
        } else {
            memcpy(&whole, path + k, (size_t)some * sizeof *path);
            memcpy(&which, index + k, (size_t)some * sizeof *index);
        }
        ps_words c[4] = {whole, whole >> 32, ps_words_all(stream),
                         __builtin_convertvector(which, ps_words)};
        ps_philox_vector(seed, c);
        store_blocks(c, some == LANES ? out + 4 * k : words);
        if (some < LANES) /* nothing is written past the end */
            memcpy(out + 4 * k, words, (size_t)some * 4 * sizeof *words);
    }
}
