/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts of keyed uniforms below thresholds.
 *
 * Item i of a key, i < 512, has the 32-bit word number i mod 4 of block index * 4096 + i / 4 of the
 * key's stream; it lies below p when word < floor(p 2^32 + 1/2). Each count over these first 512
 * items is a sum of comparisons.
 *
 * The items from 512 on are never drawn one by one. They are kept in a binary tree over [0,1): node
 * 1 is the whole interval, node v splits in the middle into 2v and 2v + 1. Of the m items in a
 * node, ps_count_half(m, u_v) lie in its left half. The words w0 w1 w2 w3 of block index * 4096 +
 * 4095 key the tree: u_v is the 52-bit uniform (as ps_philox_uniform's) of block (path = v, stream
 * = w2, index = w3) under seed w0 + 2^32 w1. A threshold is followed down to the node where it
 * ends, where no items are left, or 60 levels. So counts at different thresholds have the joint law
 * of independent items, and one more item adds 0 or 1 to every count. */
#include "math/count.h"

#include "math/philox.h"
#include "math/philox_lanes.h"
#include "math/vmath.h"

enum { LANES = PS_PHILOX_LANES, MOST_LIMITS = 32, TREE_DEPTH = 60, CELLS = 64 };

#define TWO_TO_32 0x1p32

static inline uint32_t first_block(const ps_key *key)
{
    return key->index * 4096u;
}

/* Words below this one lie below p. */
static uint64_t word_limit(double p)
{
    const double x = (p < 1.0 ? p : 1.0) * TWO_TO_32;
    return x >= 0.5 ? (uint64_t)(x + 0.5) : 0;
}

/* Words beyond the last item are raised by this much, so that no limit exceeds them. */
static inline uint64_t beyond(bool is_beyond)
{
    return (uint64_t)is_beyond << 32;
}

/* One or two blocks: scalar code answers sooner than a vector of blocks. */
static void count_few(const ps_key *key, int n, int k, const double *p, long *below)
{
    uint32_t c[4] = {(uint32_t)key->path, (uint32_t)(key->path >> 32), key->stream,
                     first_block(key)};
    uint32_t d[4] = {c[0], c[1], c[2], c[3] + 1};
    ps_philox_block(key->seed, c);
    if (n > 4)
        ps_philox_block(key->seed, d);
    const uint64_t w0 = c[0] | beyond(n < 1), w1 = c[1] | beyond(n < 2);
    const uint64_t w2 = c[2] | beyond(n < 3), w3 = c[3] | beyond(n < 4);
    const uint64_t w4 = d[0] | beyond(n < 5), w5 = d[1] | beyond(n < 6);
    const uint64_t w6 = d[2] | beyond(n < 7), w7 = d[3] | beyond(n < 8);
    for (int j = 0; j < k; j++) {
        const uint64_t limit = word_limit(p[j]);
        below[j] = (w0 < limit) + (w1 < limit) + (w2 < limit) + (w3 < limit);
        if (n > 4)
            below[j] += (w4 < limit) + (w5 < limit) + (w6 < limit) + (w7 < limit);
    }
}

/* The words of n items, in no order that matters, in whole vectors; returns how many vectors. */
static int draw_vectors(const ps_key *key, int n, ps_signed_words *word)
{
    const ps_words iota = ps_words_iota();
    int vectors = 0;
    for (int b = 0; 4 * b < n; b += LANES) {
        ps_words c[4] = {ps_words_all(key->path), ps_words_all(key->path >> 32),
                         ps_words_all(key->stream),
                         ps_words_all(first_block(key) + (uint32_t)b) + iota};
        ps_philox_vector(key->seed, c);
        const ps_signed_words item = (ps_signed_words)(iota * 4 + (uint64_t)(4 * b));
        for (int w = 0; w < 4; w++) {
            const ps_words raise = (ps_words)(item >= (int64_t)(n - w)) & beyond(true);
            word[vectors++] = (ps_signed_words)((c[w] & 0xffffffffu) | raise);
        }
    }
    return vectors;
}

static void count_many(const ps_key *key, int n, int k, const double *p, long *below)
{
    ps_signed_words word[PS_COUNT_DIRECT / LANES];
    const int vectors = draw_vectors(key, n, word);
    for (int j = 0; j < k; j++) {
        const ps_signed_words limit = (ps_signed_words)ps_words_all(word_limit(p[j]));
        ps_signed_words sum = {0};
        for (int v = 0; v < vectors; v++)
            sum -= word[v] < limit; /* a comparison gives 0 or -1 in each lane */
        below[j] = ps_words_sum(sum);
    }
}

typedef struct {
    uint64_t seed;
    uint32_t stream, index;
} split_tree;

static split_tree tree_of(const ps_key *key)
{
    uint32_t c[4] = {(uint32_t)key->path, (uint32_t)(key->path >> 32), key->stream,
                     first_block(key) + 4095u};
    ps_philox_block(key->seed, c);
    return (split_tree){c[0] | (uint64_t)c[1] << 32, c[2], c[3]};
}

static double node_uniform(const split_tree *tree, uint64_t node)
{
    uint32_t c[4] = {(uint32_t)node, (uint32_t)(node >> 32), tree->stream, tree->index};
    ps_philox_block(tree->seed, c);
    const uint64_t bits = ((uint64_t)c[0] << 32 | c[1]) >> 12;
    return ps_double_of(bits | 0x3ff0000000000000u) - (1.0 - 0x1p-53);
}

/* Adds to below[j] how many of a node's m items lie below p[j], relative to the node's interval. */
static void count_node(const split_tree *tree, uint64_t node, long m, int k, const double *p,
                       long *below)
{
    for (; k > 0 && p[k - 1] >= 1.0; k--)
        below[k - 1] += m;
    for (; k > 0 && !(p[0] > 0.0); k--, p++)
        below++;
    if (k == 0 || m == 0 || node >> TREE_DEPTH)
        return;
    const long left = ps_count_half(m, node_uniform(tree, node));
    double inner[MOST_LIMITS];
    int lefts = 0;
    for (int j = 0; j < k; j++) {
        const bool is_left = p[j] <= 0.5;
        inner[j] = is_left ? 2.0 * p[j] : 2.0 * p[j] - 1.0;
        below[j] += is_left ? 0 : left;
        lefts += is_left;
    }
    count_node(tree, 2 * node, left, lefts, inner, below);
    count_node(tree, 2 * node + 1, m - left, k - lefts, inner + lefts, below + lefts);
}

void ps_count_below(const ps_key *key, long n, int k, const double *p, long *below)
{
    const int direct = n < PS_COUNT_DIRECT ? (int)n : PS_COUNT_DIRECT;
    if (direct <= 8)
        count_few(key, direct, k, p, below);
    else
        count_many(key, direct, k, p, below);
    if (n > direct) {
        const split_tree tree = tree_of(key);
        count_node(&tree, 1, n - direct, k, p, below);
    }
}

/* Counts of the cells' blocks: word[4][cells] as drawn. */
static void count_cells(const ps_count_cells *all, int first, int cells, uint32_t word[4][CELLS])
{
    const double *n = all->n + first;
    for (int j = 0; j < 2; j++) {
        const double *p = all->p[j] + first;
        double *below = all->below[j] + first;
#pragma omp simd
        for (int c = 0; c < cells; c++) {
            const double limit = p[c] * TWO_TO_32;
            double sum = 0.0;
            sum += n[c] > 0.0 && word[0][c] + 0.5 <= limit ? 1.0 : 0.0;
            sum += n[c] > 1.0 && word[1][c] + 0.5 <= limit ? 1.0 : 0.0;
            sum += n[c] > 2.0 && word[2][c] + 0.5 <= limit ? 1.0 : 0.0;
            sum += n[c] > 3.0 && word[3][c] + 0.5 <= limit ? 1.0 : 0.0;
            below[c] = sum;
        }
    }
}

void ps_count_below_cells(uint64_t seed, const ps_count_cells *cells)
{
    for (int first = 0; first < cells->cells; first += CELLS) {
        const int count = cells->cells - first < CELLS ? cells->cells - first : CELLS;
        uint32_t block[CELLS], word[4][CELLS];
        for (int c = 0; c < count; c++)
            block[c] = cells->index[first + c] * 4096u;
        ps_philox_cells(seed, count, cells->path + first, cells->stream + first, block, word[0],
                        CELLS);
        count_cells(cells, first, count, word);
        for (int c = first; c < first + count; c++) {
            if (cells->n[c] <= 4.0)
                continue;
            const ps_key key = {seed, cells->path[c], cells->stream[c], cells->index[c]};
            const double p[2] = {cells->p[0][c], cells->p[1][c]};
            long below[2];
            ps_count_below(&key, (long)cells->n[c], 2, p, below);
            cells->below[0][c] = (double)below[0];
            cells->below[1][c] = (double)below[1];
        }
    }
}

/* First j with u <= cumulative[j], or k; without branches on the data. */
static int lag_of(double u, int k, const double *cumulative)
{
    const double *from = cumulative;
    while (k > 1) {
        const int half = k / 2;
        from += half * (from[half - 1] < u);
        k -= half;
    }
    return (int)(from - cumulative) + (*from < u);
}

static long spread_direct(const ps_key *key, int n, int k, const double *cumulative, long *out)
{
    uint32_t word[PS_COUNT_DIRECT];
    ps_philox_words(key->seed, key->path, key->stream, first_block(key), (n + 3) / 4, word);
    long left_out = 0;
    for (int i = 0; i < n; i++) {
        const int lag = lag_of((word[i] + 0.5) / TWO_TO_32, k, cumulative);
        if (lag < k)
            out[lag]++;
        else
            left_out++;
    }
    return left_out;
}

long ps_count_spread(const ps_key *key, long n, int k, const double *cumulative, long *out)
{
    if (n <= PS_COUNT_DIRECT)
        return spread_direct(key, (int)n, k, cumulative, out);
    long before = 0;
    for (int first = 0; first < k; first += MOST_LIMITS) {
        const int some = k - first < MOST_LIMITS ? k - first : MOST_LIMITS;
        long below[MOST_LIMITS];
        ps_count_below(key, n, some, cumulative + first, below);
        for (int j = 0; j < some; j++) {
            out[first + j] += below[j] - before;
            before = below[j];
        }
    }
    return n - before;
}
