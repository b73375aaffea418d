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

enum { TEAM = 8, LAGS = 16, BLOCKS = PS_COUNT_DIRECT / 4 }; /* lanes, lags taken together */
typedef uint32_t lag_words __attribute__((vector_size(4 * LAGS)));
typedef int32_t lag_counts __attribute__((vector_size(4 * LAGS)));

/* A stage that won deals leave: P(lag >= n) of lane l at tail[n * stride + l * step]. */
typedef struct {
    const double *tail, *conversion;
    long stride, step;
    int lags; /* lags 0 .. lags-1 lie inside the walk */
    uint32_t stream;
    double inside[LAGS]; /* of the first lags, when all lanes have the same */
} sending;

/* Words below this one lie below p, as uniforms (word + 1/2) / 2^32. */
static uint32_t word_cut(double p)
{
    const double scaled = p * 4294967296.0 + 0.5;

    return scaled >= 4294967295.0 ? 0xFFFFFFFFU : (uint32_t)scaled;
}

/* How many of the n words lie below each cut: a word at a time, all cuts side by side. */
static void words_below(const uint32_t *words, int n, const uint32_t cuts[LAGS],
                        int32_t below[LAGS])
{
    lag_words cut;
    lag_counts even = {0}, odd = {0};
    int i = 0;

    memcpy(&cut, cuts, sizeof cut);
    for (; i + 2 <= n; i += 2) {
        even -= (lag_counts)((lag_words){0} + words[i] < cut);
        odd -= (lag_counts)((lag_words){0} + words[i + 1] < cut);
    }
    if (i < n) {
        even -= (lag_counts)((lag_words){0} + words[i] < cut);
    }
    even += odd;
    memcpy(below, &even, sizeof even);
}

/* P(lag <= a) of lane l for `some` lags a from `first` on; 1 for those beyond the walk and beyond
 * these. */
static void lags_inside(const sending *x, int l, int first, int some, double inside[LAGS])
{
    const double *tail = x->tail + (first + 1) * x->stride + l * x->step;
    const int n = x->lags - first < some ? x->lags - first : some;

    for (int k = 0; k < LAGS; k++) {
        inside[k] = k < n ? 1.0 - tail[k * x->stride] : 1.0;
    }
}

/* Up to PS_COUNT_DIRECT deals of lane l: the uniform u goes on with lag <= a when u < c (1 - tail[a
 * + 1]). The last cut of the first lags is that of going on at all. */
static int send_few(ps_work *w, const sending *x, int l, int n, const uint32_t *words)
{
    const double c = x->conversion[l];
    int goal = n, before = 0, a = 0;

    do {
        const int first = a;
        const int some = first > 0 ? LAGS : LAGS - 1;
        const int last = first + some < x->lags ? first + some : x->lags;
        uint32_t cut[LAGS];
        int32_t counted[LAGS];
        double own[LAGS];
        const double *inside = first == 0 && x->step == 0 ? x->inside : own;

        if (inside == own) {
            lags_inside(x, l, first, some, own);
        }
#pragma omp simd
        for (int k = 0; k < LAGS; k++) {
            cut[k] = word_cut(c * inside[k]);
        }
        words_below(words, n, cut, counted);
        if (first == 0 && c < 1.0) {
            goal = counted[LAGS - 1];
        }
        for (; a < last && before < goal; a++) {
            const int k = a - first;
            const int below = inside[k] >= 1.0 || counted[k] > goal ? goal : counted[k];

            w->lag_count[a * PS_LANES + l] = below - before;
            before = below;
        }
    } while (a < x->lags && before < goal);
    w->sent_inside[l] = before;
    w->sent[l] = goal;
    return a;
}

/* More than that: the number that goes on, then conditional binomials over the lags. */
static int send_many(ps_work *w, const sending *x, int l, long n)
{
    const ps_key key = {w->plan->seed, w->luck_path + (uint64_t)l, x->stream, (uint32_t)w->t};
    const ps_key sub = {key.seed, key.path, ps_hot_mix(key.stream, 77U), key.index};
    double *cumulative = w->lane_scratch[0];
    long below, inside = 0;

    ps_count_below(&key, n, 1, x->conversion + l, &below);
    for (int a = 0; a < x->lags; a++) {
        cumulative[a] = 1.0 - x->tail[(a + 1) * x->stride + l * x->step];
        w->spread[a] = 0;
    }
    ps_count_spread(&sub, below, x->lags, cumulative, w->spread);
    for (int a = 0; a < x->lags; a++) {
        w->lag_count[a * PS_LANES + l] = (int32_t)w->spread[a];
        inside += w->spread[a];
    }
    w->sent_inside[l] = (double)inside;
    w->sent[l] = (double)below;
    return x->lags;
}

/* The words of up to TEAM lanes from lane l0 on, drawn together: words of lane l0 + k from
 * [4 start[k]] on. */
static void draw_team(const ps_work *w, const sending *x, int l0, const double *n, int *start,
                      uint32_t *words)
{
    uint64_t path[TEAM * BLOCKS];
    uint32_t index[TEAM * BLOCKS];
    int blocks = 0;

    for (int k = 0; k < TEAM; k++) {
        const double deals = n[l0 + k];
        const int own = deals > PS_COUNT_DIRECT ? 0 : ((int)deals + 3) / 4;

        start[k] = blocks;
        for (int b = 0; b < own; b++) {
            path[blocks + b] = w->luck_path + (uint64_t)(l0 + k);
            index[blocks + b] = ((uint32_t)w->t << 12) + (uint32_t)b;
        }
        blocks += own;
    }
    ps_philox_blocks(w->plan->seed, x->stream, blocks, path, index, words);
}

int ps_hot_send(ps_work *w, int g, int s, uint32_t stream, const double *n)
{
    const ps_plan_kernel *kernel = &w->plan->dwell[w->plan->stage[g].dwell[s]].won;
    sending x = {.tail = kernel->shared ? kernel->tail : ps_stage_tail(w, g, s, PS_PASS)[0],
                 .stride = kernel->shared ? 1 : PS_LANES,
                 .step = kernel->shared ? 0 : 1,
                 .lags = w->end - w->t,
                 .conversion = ps_stage_conversion(w, g, s),
                 .stream = stream};
    uint32_t words[TEAM * BLOCKS * 4];
    int start[TEAM], used = 0;

    if (kernel->shared) {
        lags_inside(&x, 0, 0, LAGS - 1, x.inside);
    }
    memset(w->lag_count, 0, (size_t)x.lags * PS_LANES * sizeof *w->lag_count);
    for (int l = 0; l < PS_LANES; l++) {
        if (l % TEAM == 0) {
            draw_team(w, &x, l, n, start, words);
        }
        w->sent[l] = w->sent_inside[l] = 0.0;
        if (n[l] > 0.0) {
            const int last = n[l] > PS_COUNT_DIRECT
                                 ? send_many(w, &x, l, (long)n[l])
                                 : send_few(w, &x, l, (int)n[l], words + 4 * start[l % TEAM]);

            used = last > used ? last : used;
        }
    }
    return used;
}
