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

/* What one stage needs to send whole deals of one lane on their way. */
typedef struct {
    const double *tail[2]; /* pass, fail */
    int stride[2];
    int lags; /* lags 0 .. lags-1 lie inside the walk */
    double conversion;
} lane_stage;

static lane_stage lane_stage_at(const ps_work *w, int g, int s, int l)
{
    const ps_plan_stage *stage = &w->plan->stage[g];
    lane_stage x = {.lags = w->end - w->t, .conversion = ps_stage_conversion(w, g, s)[l]};

    for (int o = 0; o < 2; o++) {
        const ps_plan_kernel *kernel = o == PS_PASS ? &stage->won : &stage->lost;

        x.tail[o] = kernel->shared ? kernel->tail : ps_stage_tail(w, g, o)[0] + l;
        x.stride[o] = kernel->shared ? 1 : PS_LANES;
    }
    return x;
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

/* Outcome and lag of n deals: the uniform u passes with lag <= a when u < c (1 - tail[a + 1]),
 * fails with lag <= a when c <= u < c + (1 - c)(1 - tail[a + 1]). Counts go to count[o][a]; `used`
 * is one past the last lag that has any. */
static void send_whole(const ps_key *key, int n, const lane_stage *x, int *const count[2],
                       int used[2])
{
    uint32_t words[PS_COUNT_DIRECT + 16];
    const int padded = (n + 15) / 16 * 16;
    const double c = x->conversion;

    ps_philox_words(key->seed, key->path, key->stream, key->index << 12, (n + 3) / 4, words);
    for (int i = n; i < padded; i++) {
        words[i] = 0xFFFFFFFFU;
    }
    int before = 0, goal = c >= 1.0 ? n : words_below(words, padded, c);

    for (int o = 0; o < 2; o++) {
        int a = 0;

        for (; a < x->lags && before < goal; a++) {
            const double inside = 1.0 - x->tail[o][(long)(a + 1) * x->stride[o]];
            int below = inside >= 1.0
                            ? goal
                            : words_below(words, padded,
                                          o == PS_PASS ? c * inside : c + (1.0 - c) * inside);

            below = below < goal ? below : goal;
            count[o][a] = below - before;
            before = below;
        }
        used[o] = a;
        before = goal;
        goal = n;
    }
}

/* More deals than are drawn one by one: the number that passes, then conditional binomials over the
 * lags. */
static void send_many(ps_work *w, const ps_key *key, long n, const lane_stage *x,
                      int *const count[2], int used[2])
{
    long below;
    double *cumulative = w->lane_scratch[0];
    long *spread = w->spread;

    ps_count_below(key, n, 1, &x->conversion, &below);
    for (int o = 0; o < 2; o++) {
        const ps_key sub = {key->seed, key->path, ps_hot_mix(key->stream, 77U + (uint32_t)o),
                            key->index};

        for (int a = 0; a < x->lags; a++) {
            cumulative[a] = 1.0 - x->tail[o][(long)(a + 1) * x->stride[o]];
            spread[a] = 0;
        }
        ps_count_spread(&sub, o == PS_PASS ? below : n - below, x->lags, cumulative, spread);
        for (int a = 0; a < x->lags; a++) {
            count[o][a] = (int)spread[a];
        }
        used[o] = x->lags;
    }
}

/* Sends one lane's n whole deals through stage g: counts by outcome and lag in w->lag_count, valid
 * below used[o]. */
void ps_hot_send(ps_work *w, int g, int s, uint32_t stream, int l, long n, int used[2])
{
    const lane_stage x = lane_stage_at(w, g, s, l);
    const ps_key key = {w->plan->seed, w->luck_path + (uint64_t)l, stream, (uint32_t)w->t};
    int *const count[2] = {w->lag_count, w->lag_count + w->plan->T_end + 1};
    long inside = 0;

    if (n <= PS_COUNT_DIRECT) {
        send_whole(&key, (int)n, &x, count, used);
    } else {
        send_many(w, &key, n, &x, count, used);
    }
    for (int o = 0; o < 2; o++) {
        for (int a = 0; a < used[o]; a++) {
            inside += count[o][a];
        }
    }
    w->out.stage_beyond[g][l] += (double)(n - inside);
}
