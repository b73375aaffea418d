/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole deals decide: one Philox block per non-empty cell of lane and age, so that winners are
 * nested across plans. docs/model/choice.md, random.md */
#include <string.h>

#include "engine/hot_demand.h"
#include "engine/hot_nested.h"
#include "math/philox.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

/* Values of the cells by lane, so that one lane's cells lie together: [lanes][stride] for each row;
 * per offer its share of the own sales of the cell, and the value of a sale (units, list,
 * negotiated, promotion). */
enum { VALUES = 4 };
typedef struct {
    int stride;
    double *z, *weight, *most; /* most: [lanes] largest z */
    double *share, *value;     /* [lanes][I][stride], [lanes][I][VALUES][stride] */
} lane_cells;

static lane_cells by_lane(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const int K = w->cells, I = p->I, stride = (K + 7) / 8 * 8;
    lane_cells c = {.stride = stride, .z = w->transposed, .most = w->most_attractive};
    ps_lanes row[PS_CHANNELS], z;

    c.weight = c.z + PS_LANES * stride;
    c.share = c.weight + PS_LANES * stride;
    c.value = c.share + PS_LANES * stride * I;
    memset(w->transposed, 0,
           (size_t)(PS_LANES * stride * (2 + (1 + VALUES) * I)) * sizeof *w->transposed);
    for (int l = 0; l < PS_LANES; l++) {
        c.most[l] = 0.0;
    }
    for (int k = 0; k < K; k++) {
        const double *sum = w->attract_sum[k], *weight = w->cell_weight[k];

        LANES
        {
            z[l] = w->nest || p->segment[s].general ? sum[l] : sum[l] / w->rest[l];
        }
        for (int l = 0; l < PS_LANES; l++) {
            c.most[l] = z[l] > c.most[l] ? z[l] : c.most[l];
            c.z[l * stride + k] = z[l];
            c.weight[l * stride + k] = weight[l] * w->aware[s][l];
        }
        for (int i = 0; i < I; i++) {
            const double *attract = w->attract[k * I + i];

            ps_hot_sale(w, s, k, i, row);
            for (int l = 0; l < PS_LANES; l++) {
                c.share[(long)(l * I + i) * stride + k] = I == 1 ? 1.0 : attract[l] / sum[l];
            }
            for (int v = 0; v < VALUES; v++) {
                for (int l = 0; l < PS_LANES; l++) {
                    c.value[((long)(l * I + i) * VALUES + v) * stride + k] = row[PS_CH_Q + v][l];
                }
            }
        }
    }
    return c;
}

/* Win probability of each own offer and the mean value of a win, for one lane and age. */
static void lane_odds(const ps_work *w, const lane_cells *c, int s, int l, double odds, double *q,
                      double *value)
{
    const ps_plan *p = w->plan;
    const int n = c->stride, I = p->I;
    const double *z = c->z + l * n, *weight = c->weight + l * n;
    double x[(PS_MAX_CELLS + 7) / 8 * 8];

    if (p->always) {
        for (int k = 0; k < n; k++) {
            x[k] = weight[k];
        }
    } else if (p->segment[s].general) {
        for (int k = 0; k < n; k++) {
            x[k] = weight[k] * z[k];
        }
    } else if (w->nest) {
        for (int k = 0; k < n; k++) {
            double in;

            x[k] = weight[k] * ps_nested_probability(odds, z[k], w->rest[l],
                                                     w->other[s * (p->C + 1) + p->C][l],
                                                     w->nest[s][l], &in);
        }
    } else {
#pragma omp simd
        for (int k = 0; k < n; k++) {
            const double t = odds * z[k];

            x[k] = weight[k] * t / (1.0 + t);
        }
    }
    for (int i = 0; i < I; i++) {
        const double *share = c->share + (long)(l * I + i) * n,
                     *v = c->value + (long)(l * I + i) * VALUES * n;
        double part[8] = {0.0}, sum[VALUES][8] = {{0.0}};

        for (int k = 0; k < n;
             k += 8) { /* eight partial sums, folded in a fixed order: the same bits at any width */
#pragma omp simd
            for (int j = 0; j < 8; j++) {
                const double xi = x[k + j] * share[k + j];

                part[j] += xi;
                sum[0][j] = __builtin_fma(xi, v[k + j], sum[0][j]);
                sum[1][j] = __builtin_fma(xi, v[n + k + j], sum[1][j]);
                sum[2][j] = __builtin_fma(xi, v[2 * n + k + j], sum[2][j]);
                sum[3][j] = __builtin_fma(xi, v[3 * n + k + j], sum[3][j]);
            }
        }
        q[i] = ((part[0] + part[4]) + (part[2] + part[6])) +
               ((part[1] + part[5]) + (part[3] + part[7]));
        for (int u = 0; u < VALUES; u++) {
            const double *y = sum[u];

            value[i * VALUES + u] =
                ((y[0] + y[4]) + (y[2] + y[6])) + ((y[1] + y[5]) + (y[3] + y[7]));
        }
    }
}

/* n whole deals of one lane and age: decided with probability `hazard`; returns how many. */
static long decide_cell(ps_work *w, const lane_cells *c, int s, int l, int a, long n,
                        const uint32_t words[4])
{
    const ps_plan *p = w->plan;
    const int I = p->I;
    const bool hazard_stage = p->choice_stage >= 0 && p->stage[p->choice_stage].hazard;
    const double hazard = hazard_stage ? w->choice_hazard[l] : w->hazard[s * p->ages + a][l];
    double q[PS_MAX_OFFERS + 1], value[PS_MAX_OFFERS * VALUES];
    long below[PS_MAX_OFFERS + 1];

    lane_odds(w, c, s, l, w->odds[s * p->ages + a][l], q, value);
    double sum = 0.0;

    for (int i = 0; i < I; i++) {
        const double qi = q[i];

        sum += qi;
        for (int ch = 0; ch < VALUES && qi > 0.0; ch++) {
            value[i * VALUES + ch] /= qi;
        }
        q[i] = hazard * (sum < 1.0 ? sum : 1.0);
    }
    q[I] = hazard < 1.0 ? hazard : 1.0;
    if (n <= 4) {
        memset(below, 0, sizeof below);
        for (long d = 0; d < n; d++) {
            for (int i = 0; i <= I; i++) {
                below[i] += (words[d] + 0.5) * 0x1p-32 < q[i];
            }
        }
    } else {
        const ps_key key = {p->seed, w->luck_path + (uint64_t)l, w->choice_stream, (uint32_t)a};

        ps_count_below(&key, n, I + 1, q, below);
    }
    const long cohort = (long)s * (p->ages + p->T_end) + p->ages + w->t - a;
    const double came = w->inflow[cohort][l],
                 age = came > 0.0 ? w->inflow_age[cohort][l] / came : 0.0;
    long before = 0;

    for (int i = 0; i < I; i++) {
        const double wins = (double)(below[i] - before);
        ps_lanes *to = w->won + i * PS_CHANNELS;

        before = below[i];
        if (wins > 0.0) {
            to[PS_CH_N][l] += wins;
            for (int ch = 0; ch < VALUES; ch++) {
                to[PS_CH_Q + ch][l] += wins * value[i * VALUES + ch];
            }
            to[PS_CH_AGE][l] += wins * (age + a * p->period_days);
            w->won_young[l] += a <= w->t ? wins : 0.0;
        }
    }
    w->decided[l] += (double)below[I];
    return below[I];
}

/* Whether all of up to four deals that decide now are lost for certain: no uniform below the win
 * probability at the most attractive node, which bounds the mean over the nodes. `at` is segment,
 * lane, age. */
static bool few_lost(const ps_work *w, const lane_cells *c, const int at[3], int n,
                     const uint32_t words[4], int32_t *decided)
{
    const ps_plan *p = w->plan;
    const int s = at[0], l = at[1], a = at[2];
    const bool hazard_stage = p->choice_stage >= 0 && p->stage[p->choice_stage].hazard;
    const double hazard =
        (hazard_stage ? w->choice_hazard[l] : w->hazard[s * p->ages + a][l]) * 4294967296.0;
    const double t = w->odds[s * p->ages + a][l] * c->most[l];
    const double win = hazard * (t / (1.0 + t)) * 1.000000001 + 1.0;

    if (p->always || w->nest || p->segment[s].general) {
        return false;
    }
    *decided = 0;
    for (int d = 0; d < n; d++) {
        if (words[d] + 0.5 < win) {
            return false;
        }
        *decided += words[d] + 0.5 < hazard;
    }
    return true;
}

/* Who decided and was not won is lost, under a nest partly to what is outside it. */
void ps_hot_lose_whole(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    ps_lanes lost, none;

    LANES
    {
        lost[l] = w->decided[l];
        none[l] = 0.0;
    }
    for (int i = 0; i < p->I; i++) {
        LANES
        {
            lost[l] -= w->won[i * PS_CHANNELS][l];
        }
    }
    if (w->nest) { /* part of the lost that stays inside the nest: at the base row's odds of all
                      ages */
        const double *outside = w->other[s * (p->C + 1) + p->C];

        for (int l = 0; l < PS_LANES; l++) {
            const double odds = w->win[s][l] / (1.0 - w->win[s][l]);
            double inside = 0.0, left = 0.0;

            for (int k = 0; k < w->cells; k++) {
                double in;
                const double q = ps_nested_probability(odds, w->attract_sum[k][l], w->rest[l],
                                                       outside[l], w->nest[s][l], &in);

                inside += w->cell_weight[k][l] * (in - q);
                left += w->cell_weight[k][l] * (1.0 - q);
            }
            const double aware = w->aware[s][l],
                         unaware = 1.0 - aware; /* who choose among the others */

            inside = aware * inside + unaware * (1.0 - outside[l]);
            left = aware * left + unaware;
            none[l] = left > 0.0 ? lost[l] * inside / left : 0.0;
        }
    }
    ps_hot_lose(w, lost, none);
}

/* The non-empty cells of lane and age: where they lie, how many deals, and the hazard in words. */
static int list_cells(ps_work *w, int s, const int32_t *stock)
{
    const ps_plan *p = w->plan;
    const bool hazard_stage = p->choice_stage >= 0 && p->stage[p->choice_stage].hazard;
    int n = 0;

    for (int a = 0; a < p->ages; a++) {
        const int32_t *row = stock - (long)a * PS_LANES;
        const double *hazard = hazard_stage ? w->choice_hazard : w->hazard[s * p->ages + a];
        int32_t live = 0;

#pragma omp simd reduction(| : live)
        for (int l = 0; l < PS_LANES; l++) {
            live |= row[l];
        }
        for (int l = 0; l < PS_LANES && live != 0; l++) {
            w->cell_lane[n] = l;
            w->cell_age[n] = a;
            w->cell_deals[n] = row[l];
            w->cell_cut[n] = hazard[l] * 4294967296.0;
            n += row[l] > 0;
        }
    }
    return n;
}

/* Keeps the cells in which a deal decides, to be found in cell_live: most deals stay. More than
 * four deals draw otherwise. */
static int keep_live(ps_work *w, int n)
{
    const uint32_t *first = w->cell_words, *second = first + w->cell_room,
                   *third = second + w->cell_room, *fourth = third + w->cell_room;
    const double *cut = w->cell_cut;
    const int32_t *deals = w->cell_deals;
    int32_t *live = w->cell_live;
    int m = 0;

#pragma omp simd
    for (int i = 0; i < n; i++) {
        const int32_t decides = (first[i] + 0.5 < cut[i]) |
                                ((deals[i] > 1) & (second[i] + 0.5 < cut[i])) |
                                ((deals[i] > 2) & (third[i] + 0.5 < cut[i])) |
                                ((deals[i] > 3) & (fourth[i] + 0.5 < cut[i])) | (deals[i] > 4);

        live[i] = decides;
    }
    for (int i = 0; i < n; i++) {
        const int32_t decides = live[i];

        live[m] = i;
        m += decides;
    }
    return m;
}

/* Units of a kind that may sell more than arrive: of each offer the whole part of arrivals times
 * its share, and one more with the chance of the rest. */
static void choose_volume(ps_work *w, int s, int32_t *stock)
{
    const ps_plan *p = w->plan;
    const lane_cells cells = by_lane(w, s);
    double q[PS_MAX_OFFERS], value[PS_MAX_OFFERS * VALUES];
    uint32_t words[PS_MAX_OFFERS + 1];

    for (int l = 0; l < PS_LANES; l++) {
        lane_odds(w, &cells, s, l, 1.0, q, value);
        ps_philox_words(p->seed, w->luck_path + (uint64_t)l, w->choice_stream, 0, (p->I + 3) / 4,
                        words);
        w->decided[l] = stock[l];
        stock[l] = 0;
        for (int i = 0; i < p->I; i++) {
            const double units =
                (double)(int64_t)(w->decided[l] * q[i] + (words[i] + 0.5) * 0x1p-32);
            ps_lanes *to = w->won + i * PS_CHANNELS;

            to[PS_CH_N][l] = units;
            for (int ch = 0; ch < VALUES && units > 0.0; ch++) {
                to[PS_CH_Q + ch][l] = units * value[i * VALUES + ch] / q[i];
            }
        }
    }
}

/* Whole decisions: one Philox block per non-empty cell of lane and age, taken together. */
void ps_hot_choose_whole(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const int A = p->ages;
    int32_t *stock = w->stock + (size_t)(s * (A + p->T_end) + A + w->t) * PS_LANES;

    if (p->demand->volume) {
        choose_volume(w, s, stock);
        return;
    }
    const lane_cells cells = by_lane(w, s);
    const int n = list_cells(w, s, stock);
    int32_t lost_now;

    LANES
    {
        w->decided[l] = w->won_young[l] = 0.0;
    }
    for (int i = 0; i < n; i++) {
        w->cell_path[i] = w->luck_path + (uint64_t)w->cell_lane[i];
        w->cell_stream[i] = w->choice_stream;
        w->cell_index[i] = (uint32_t)w->cell_age[i] << 12;
    }
    ps_philox_cells(p->seed, n, w->cell_path, w->cell_stream, w->cell_index, w->cell_words,
                    w->cell_room);
    const int live = keep_live(w, n);

    for (int k = 0; k < live; k++) {
        const int i = w->cell_live[k], l = w->cell_lane[i], a = w->cell_age[i];
        int32_t *deals = stock - (long)a * PS_LANES + l;
        const uint32_t words[4] = {w->cell_words[i], w->cell_words[w->cell_room + i],
                                   w->cell_words[2 * w->cell_room + i],
                                   w->cell_words[3 * w->cell_room + i]};

        if (*deals <= 4 && few_lost(w, &cells, (const int[3]){s, l, a}, *deals, words, &lost_now)) {
            *deals -= lost_now;
            w->decided[l] += lost_now;
            continue;
        }
        *deals -= (int32_t)decide_cell(w, &cells, s, l, a, *deals, words);
    }
}
