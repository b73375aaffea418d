/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sobol's sequence by its generating matrices, and Owen's nested scrambling by a hash (Laine and
 * Karras 2011, with the constants of Vegdahl 2021): the bits of a point are turned upside down, so
 * that a carry goes from a digit to the digits after it, and back. */
#include "math/sobol.h"

#include <stddef.h>

#include "math/philox.h"

enum { MOST = 18 };

typedef struct {
    int degree;
    uint32_t coefficients;
    uint32_t m[MOST];
} direction_row;

#define PS_SOBOL(degree, coefficients, ...) {degree, coefficients, {__VA_ARGS__}},
static const direction_row rows[] = {
#include "math/sobol_directions.def"
};
#undef PS_SOBOL
_Static_assert(sizeof rows / sizeof rows[0] == PS_SOBOL_DIMENSIONS - 1, "a row per dimension");

static void make_directions(int dimension, uint32_t v[PS_SOBOL_BITS])
{
    const direction_row *row = dimension > 0 ? &rows[dimension - 1] : NULL;
    const int s = row ? row->degree : PS_SOBOL_BITS;

    for (int k = 0; k < PS_SOBOL_BITS && k < s; k++) {
        v[k] = (row ? row->m[k] : 1u) << (PS_SOBOL_BITS - 1 - k);
    }
    for (int k = s; k < PS_SOBOL_BITS; k++) {
        v[k] = v[k - s] ^ v[k - s] >> s;
        for (int j = 1; j < s; j++) {
            v[k] ^= (row->coefficients >> (s - 1 - j) & 1u) ? v[k - j] : 0u;
        }
    }
}

void ps_sobol_make(int dimension, uint64_t seed, uint32_t stream, ps_sobol *out)
{
    make_directions(dimension, out->direction);
    for (uint32_t k = 0; k < PS_SOBOL_SEQUENCES; k++) {
        uint32_t block[4];

        ps_philox(seed, k, stream, UINT32_MAX, block); /* an index that no draw has */
        out->key[k] = block[0];
    }
}

static uint32_t reversed(uint32_t x)
{
    x = (x >> 1 & 0x55555555u) | (x & 0x55555555u) << 1;
    x = (x >> 2 & 0x33333333u) | (x & 0x33333333u) << 2;
    x = (x >> 4 & 0x0F0F0F0Fu) | (x & 0x0F0F0F0Fu) << 4;
    x = (x >> 8 & 0x00FF00FFu) | (x & 0x00FF00FFu) << 8;
    return x >> 16 | x << 16;
}

static uint32_t scrambled(uint32_t x, uint32_t key)
{
    x = reversed(x);
    x ^= x * 0x3D20ADEAu;
    x += key;
    x *= key >> 16 | 1u;
    x ^= x * 0x05526C56u;
    x ^= x * 0x53A22864u;
    return reversed(x);
}

void ps_sobol_uniform(const ps_sobol *sobol, uint64_t path0, int n, double *out)
{
    for (int first = 0; first < n; first += PS_SOBOL_SEQUENCES) {
        const uint32_t index = (uint32_t)((path0 + (uint64_t)first) / PS_SOBOL_SEQUENCES);
        const int end = n - first < PS_SOBOL_SEQUENCES ? n - first : PS_SOBOL_SEQUENCES;
        uint32_t point = 0;

        for (int k = 0; k < PS_SOBOL_BITS; k++) {
            point ^= index >> k & 1u ? sobol->direction[k] : 0u;
        }
#pragma omp simd
        for (int l = 0; l < end; l++) {
            out[first + l] = ((double)scrambled(point, sobol->key[l]) + 0.5) * 0x1p-32;
        }
    }
}
