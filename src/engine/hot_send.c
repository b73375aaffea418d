/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole deals on their way through a stage: outcome and lag of each from one uniform.
 * docs/model/random.md */
#include <string.h>

#include "engine/hot.h"
#include "math/philox.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

uint32_t ps_hot_mix(uint32_t stream, uint32_t value)
{
    uint32_t x = stream ^ (value + 1U) * 0x9E3779B9U;

    x ^= x >> 16;
    x *= 0x7FEB352DU;
    x ^= x >> 15;
    x *= 0x846CA68BU;
    return x ^ x >> 16;
}

/* How many of n words (padded to a multiple of 16 with ~0) lie below p, as uniforms (word + 1/2) /
 * 2^32. */
static int words_below(const uint32_t *restrict words, int n, double p)
{
    const double scaled = p * 4294967296.0 + 0.5;
    const uint32_t cut = scaled >= 4294967295.0 ? 0xFFFFFFFFU : (uint32_t)scaled;
    int below = 0;

    for (int i = 0; i < n; i += 16) {
#pragma omp simd reduction(+ : below)
        for (int k = 0; k < 16; k++) {
            below += words[i + k] < cut;
        }
    }
    return below;
}

/* Tail of the dwell of deals that go on, one lane: P(lag >= n) at n * stride. */
typedef struct {
    const double *tail;
    int stride, lags; /* lags 0 .. lags-1 lie inside the walk */
    double conversion;
} lane_stage;

/* Up to PS_COUNT_DIRECT deals: the uniform u goes on with lag <= a when u < c (1 - tail[a + 1]). */
static int send_few(const ps_key *key, int n, const lane_stage *x, int *count, int *used)
{
    uint32_t words[PS_COUNT_DIRECT + 16];
    const int padded = (n + 15) / 16 * 16;
    const double c = x->conversion;
    int before = 0, a = 0;

    ps_philox_words(key->seed, key->path, key->stream, key->index << 12, (n + 3) / 4, words);
    for (int i = n; i < padded; i++) {
        words[i] = 0xFFFFFFFFU;
    }
    const int goal = c >= 1.0 ? n : words_below(words, padded, c);

    for (; a < x->lags && before < goal; a++) {
        const double inside = 1.0 - x->tail[(long)(a + 1) * x->stride];
        int below = inside >= 1.0 ? goal : words_below(words, padded, c * inside);

        below = below < goal ? below : goal;
        count[a] = below - before;
        before = below;
    }
    *used = a;
    return goal;
}

/* More than that: the number that goes on, then conditional binomials over the lags. */
static long send_many(ps_work *w, const ps_key *key, long n, const lane_stage *x, int *used)
{
    const ps_key sub = {key->seed, key->path, ps_hot_mix(key->stream, 77U), key->index};
    double *cumulative = w->lane_scratch[0];
    long below;

    ps_count_below(key, n, 1, &x->conversion, &below);
    for (int a = 0; a < x->lags; a++) {
        cumulative[a] = 1.0 - x->tail[(long)(a + 1) * x->stride];
        w->spread[a] = 0;
    }
    ps_count_spread(&sub, below, x->lags, cumulative, w->spread);
    for (int a = 0; a < x->lags; a++) {
        w->lag_count[a] = (int)w->spread[a];
    }
    *used = x->lags;
    return below;
}

long ps_hot_send(ps_work *w, int g, int s, uint32_t stream, int l, long n, int *used)
{
    const ps_plan_kernel *kernel = &w->plan->dwell[w->plan->stage[g].dwell[s]].won;
    const lane_stage x = {.tail = kernel->shared ? kernel->tail
                                                 : ps_stage_tail(w, g, s, PS_PASS)[0] + l,
                          .stride = kernel->shared ? 1 : PS_LANES,
                          .lags = w->end - w->t,
                          .conversion = ps_stage_conversion(w, g, s)[l]};
    const ps_key key = {w->plan->seed, w->luck_path + (uint64_t)l, stream, (uint32_t)w->t};

    if (n <= PS_COUNT_DIRECT) {
        return send_few(&key, (int)n, &x, w->lag_count, used);
    }
    return send_many(w, &key, n, &x, used);
}
