/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Philox4x32-10 as code to inline: one block, and PS_PHILOX_LANES blocks side by side (one 32-bit
 * word in each 64-bit lane, upper halves are not cleared). Only the 32 x 32 -> 64 bit product needs
 * intrinsics; compilers do not find it below AVX-512. Private to math/. */
#ifndef PS_MATH_PHILOX_LANES_H
#define PS_MATH_PHILOX_LANES_H

#include <stdint.h>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#if defined(__AVX512F__)
enum { PS_PHILOX_LANES = 8 };
#elif defined(__AVX2__)
enum { PS_PHILOX_LANES = 4 };
#else
enum { PS_PHILOX_LANES = 2 };
#endif

typedef uint64_t ps_words __attribute__((vector_size(8 * PS_PHILOX_LANES)));
typedef int64_t ps_signed_words __attribute__((vector_size(8 * PS_PHILOX_LANES)));

#define PS_PHILOX_M0 0xD2511F53u
#define PS_PHILOX_M1 0xCD9E8D57u
#define PS_PHILOX_W0 0x9E3779B9u
#define PS_PHILOX_W1 0xBB67AE85u
enum { PS_PHILOX_ROUNDS = 10 };

/* Products of the lower halves. */
static inline ps_words ps_words_product(ps_words a, ps_words b)
{
#if defined(__AVX512F__)
    return (ps_words)_mm512_mul_epu32((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
    return (ps_words)_mm256_mul_epu32((__m256i)a, (__m256i)b);
#elif defined(__SSE2__)
    return (ps_words)_mm_mul_epu32((__m128i)a, (__m128i)b);
#else
    return (a & 0xffffffffu) * (b & 0xffffffffu);
#endif
}

static inline ps_words ps_words_all(uint64_t x)
{
    return (ps_words){0} + x;
}

/* 0, 1, 2, ... */
static inline ps_words ps_words_iota(void)
{
    ps_words iota = {0};
    for (int l = 0; l < PS_PHILOX_LANES; l++)
        iota[l] = (uint64_t)l;
    return iota;
}

static inline int64_t ps_words_sum(ps_signed_words x)
{
    int64_t sum = 0;
    for (int l = 0; l < PS_PHILOX_LANES; l++)
        sum += x[l];
    return sum;
}

/* One block, in place: counter in, random words out. */
static inline void ps_philox_block(uint64_t seed, uint32_t c[4])
{
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    for (int round = 0; round < PS_PHILOX_ROUNDS; round++) {
        const uint64_t p0 = (uint64_t)PS_PHILOX_M0 * c[0], p1 = (uint64_t)PS_PHILOX_M1 * c[2];
        c[0] = (uint32_t)(p1 >> 32) ^ c[1] ^ k0;
        c[2] = (uint32_t)(p0 >> 32) ^ c[3] ^ k1;
        c[1] = (uint32_t)p1;
        c[3] = (uint32_t)p0;
        k0 += PS_PHILOX_W0;
        k1 += PS_PHILOX_W1;
    }
}

/* The same for PS_PHILOX_LANES blocks. Only the lower halves of `c` count, before and after. */
static inline void ps_philox_vector(uint64_t seed, ps_words c[4])
{
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    const ps_words m0 = ps_words_all(PS_PHILOX_M0), m1 = ps_words_all(PS_PHILOX_M1);
    for (int round = 0; round < PS_PHILOX_ROUNDS; round++) {
        const ps_words p0 = ps_words_product(m0, c[0]), p1 = ps_words_product(m1, c[2]);
        c[0] = (p1 >> 32) ^ c[1] ^ ps_words_all(k0);
        c[2] = (p0 >> 32) ^ c[3] ^ ps_words_all(k1);
        c[1] = p1;
        c[3] = p0;
        k0 += PS_PHILOX_W0;
        k1 += PS_PHILOX_W1;
    }
}

#endif
