/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole deals decide: one Philox block per non-empty cell of lane and age, so that winners are
 * nested across plans. docs/model/choice.md, random.md */
#include <string.h>

#include "engine/hot_demand.h"
#include "engine/hot_nested.h"
#include "math/philox.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

enum { VALUES = 4, GROUP = 8, DIRECT = 8 }; /* candidates at once; deals in up to two blocks */

/* Rows [K][PS_LANES] of the choice at hand: z; weight times awareness; per offer its share of the
 * own sales of the cell, and the value of a sale (units, list, negotiated, promotion). By lane: the
 * sum of the weights, and the mean z. */
typedef struct {
    const double *z, *weight;
    const double *share, *value; /* [I][K][PS_LANES], [I][VALUES][K][PS_LANES] */
    ps_lanes all, mean;
} choice_rows;

/* Candidates of one segment: lane, age PS_LANES + lane, odds, and what came out: probabilities and
 * the sums of values. */
typedef struct {
    int lane[GROUP], place[GROUP];
    double odds[GROUP];
    double q[PS_MAX_OFFERS][GROUP], value[PS_MAX_OFFERS * VALUES][GROUP];
} candidates;

static void offer_rows(ps_work *w, int s, int k, int i, double *share, double *value)
{
    const int I = w->plan->I, K = w->cells;
    const double *attract = w->attract[k * I + i], *sum = w->attract_sum[k];
    double *part = share + (long)(i * K + k) * PS_LANES;
    ps_lanes row[PS_CHANNELS];

    LANES
    {
        part[l] = I == 1 ? 1.0 : attract[l] / sum[l];
    }
    ps_hot_sale(w, s, k, i, row);
    for (int v = 0; v < VALUES; v++) {
        memcpy(value + (long)((i * VALUES + v) * K + k) * PS_LANES, row[PS_CH_Q + v],
               sizeof(ps_lanes));
    }
}

static choice_rows rows_of(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const int K = w->cells, I = p->I;
    const bool whole = w->nest || p->segment[s].general;
    const double *aware = w->aware[s], *rest = w->rest;
    double *z = w->choice_rows, *weight = z + K * PS_LANES, *share = weight + K * PS_LANES,
           *value = share + I * K * PS_LANES;
    choice_rows c = {.z = z, .weight = weight, .share = share, .value = value};

    for (int k = 0; k < K; k++, z += PS_LANES, weight += PS_LANES) {
        const double *sum = w->attract_sum[k], *part = w->cell_weight[k];

        LANES
        {
            z[l] = whole ? sum[l] : sum[l] / rest[l];
            weight[l] = part[l] * aware[l];
            c.all[l] += weight[l];
            c.mean[l] = __builtin_fma(weight[l], z[l], c.mean[l]);
        }
        for (int i = 0; i < I; i++) {
            offer_rows(w, s, k, i, share, value);
        }
    }
    LANES
    {
        c.mean[l] = c.all[l] > 0.0 ? c.mean[l] / c.all[l] : 0.0;
    }
    return c;
}

/* Probability of each cell and that it wins. */
static void cell_odds(const ps_work *w, const choice_rows *c, int s, const candidates *m,
                      double x[][GROUP])
{
    const ps_plan *p = w->plan;
    const double *z = c->z, *weight = c->weight;

    for (int k = 0; k < w->cells; k++, z += PS_LANES, weight += PS_LANES) {
        if (p->always || p->segment[s].general) {
            for (int g = 0; g < GROUP; g++) {
                x[k][g] = weight[m->lane[g]] * (p->always ? 1.0 : z[m->lane[g]]);
            }
        } else if (w->nest) {
            for (int g = 0; g < GROUP; g++) {
                const int l = m->lane[g];
                double in;

                x[k][g] = weight[l] * ps_nested_probability(m->odds[g], z[l], w->rest[l],
                                                            w->other[s * (p->C + 1) + p->C][l],
                                                            w->nest[s][l], &in);
            }
        } else {
#pragma omp simd
            for (int g = 0; g < GROUP; g++) {
                const double t = m->odds[g] * z[m->lane[g]];

                x[k][g] = weight[m->lane[g]] * t / (1.0 + t);
            }
        }
    }
}

/* Cells weighted by how likely the buyers of their class decide at the age of the candidate. */
static void hurry_cells(const ps_work *w, const candidates *m, double x[][GROUP])
{
    const int nodes = w->plan->nodes, ages = w->plan->ages;

    for (int k = 0; k < w->cells; k++) {
        const double *of = w->hurry_of[k / nodes * ages], *all = w->hurry_hazard[0];

        for (int g = 0; g < GROUP; g++) {
            const int at = m->place[g];

            x[k][g] *= all[at] > 0.0 ? of[at] / all[at] : 1.0;
        }
    }
}

/* Eight partial sums, of every eighth cell, folded in a fixed order. */
static void fold(double part[8][GROUP], double *restrict sum)
{
#pragma omp simd
    for (int g = 0; g < GROUP; g++) {
        sum[g] = ((part[0][g] + part[4][g]) + (part[2][g] + part[6][g])) +
                 ((part[1][g] + part[5][g]) + (part[3][g] + part[7][g]));
    }
}

/* Win probability of each own offer, and that times the mean value of a win. */
static void mix_cells(const ps_work *w, const choice_rows *c, int s, candidates *m)
{
    const int K = w->cells, I = w->plan->I;
    double x[PS_MAX_CELLS][GROUP];

    cell_odds(w, c, s, m, x);
    if (w->hurried) {
        hurry_cells(w, m, x);
    }
    for (int i = 0; i < I; i++) {
        const double *share = c->share + (long)i * K * PS_LANES;
        double part[8][GROUP] = {{0.0}};

        for (int k = 0; k < K; k++, share += PS_LANES) {
            double *restrict to = part[k % 8];

#pragma omp simd
            for (int g = 0; g < GROUP; g++) {
                to[g] += x[k][g] * share[m->lane[g]];
            }
        }
        fold(part, m->q[i]);
        for (int v = 0; v < VALUES; v++) {
            const double *value = c->value + (long)(i * VALUES + v) * K * PS_LANES;

            share = c->share + (long)i * K * PS_LANES;
            memset(part, 0, sizeof part);
            for (int k = 0; k < K; k++, share += PS_LANES, value += PS_LANES) {
                double *restrict to = part[k % 8];

#pragma omp simd
                for (int g = 0; g < GROUP; g++) {
                    to[g] = __builtin_fma(x[k][g] * share[m->lane[g]], value[m->lane[g]], to[g]);
                }
            }
            fold(part, m->value[i * VALUES + v]);
        }
    }
}

static const double *hazards(const ps_work *w, int s, bool *by_lane)
{
    const ps_plan *p = w->plan;

    *by_lane = p->choice_stage >= 0 && p->stage[p->choice_stage].hazard;
    return w->hurried ? w->hurry_hazard[0] : *by_lane ? w->choice_hazard : w->hazard[s * p->ages];
}

/* Adds the wins, wins[i] of each offer, of deals of lane and age. */
static void add_wins(ps_work *w, int s, int place, const long *wins, const candidates *m, int g)
{
    const ps_plan *p = w->plan;
    const int l = place % PS_LANES, a = place / PS_LANES;
    const long cohort = (long)s * (p->ages + p->T_end) + p->ages + w->t - a;
    const double came = w->inflow[cohort][l],
                 age = came > 0.0 ? w->inflow_age[cohort][l] / came : 0.0;

    for (int i = 0; i < p->I; i++) {
        const double n = (double)wins[i];
        ps_lanes *to = w->won + i * PS_CHANNELS;

        if (n > 0.0) {
            to[PS_CH_N][l] += n;
            for (int v = 0; v < VALUES; v++) {
                to[PS_CH_Q + v][l] += n * (m->value[i * VALUES + v][g] / m->q[i][g]);
            }
            to[PS_CH_AGE][l] += n * (age + a * p->period_days);
            w->won_young[l] += a <= w->t ? n : 0.0;
        }
    }
}

/* Deals of candidate g below the thresholds of own offers: of a block, or of all of a large cell,
 * which also decide here. `total` grows by those won of each offer. */
static void count_wins(ps_work *w, int s, int32_t *stock, int entry, const candidates *m, int g,
                       long *total)
{
    const ps_plan *p = w->plan;
    const int k = w->cell_live[entry], place = w->cell_at[k] / 2, l = place % PS_LANES,
              a = place / PS_LANES, I = p->I;
    bool by_lane;
    const double *rows = hazards(w, s, &by_lane), hazard = rows[by_lane ? l : place];
    double q[PS_MAX_OFFERS + 1], sum = 0.0;
    long below[PS_MAX_OFFERS + 1] = {0};

    for (int i = 0; i < I; i++) {
        sum += m->q[i][g];
        q[i] = hazard * (sum < 1.0 ? sum : 1.0);
    }
    if (w->cell_deals[k] > DIRECT) {
        const ps_key key = {p->seed, w->luck_path + (uint64_t)l, w->choice_stream, (uint32_t)a};

        q[I] = hazard < 1.0 ? hazard : 1.0;
        ps_count_below(&key, w->cell_deals[k], I + 1, q, below);
        stock[2 * l - place] -= (int32_t)below[I];
        w->decided[l] += (double)below[I];
    } else {
        for (int i = 0; i < I; i++) {
            for (int d = 0; d < 4 && d < w->cell_deals[k]; d++) {
                below[i] += w->cell_words[d * w->cell_room + k] + 0.5 <= q[i] * 4294967296.0;
            }
        }
    }
    for (int i = 0; i < I; i++) {
        total[i] += below[i] - (i > 0 ? below[i - 1] : 0);
    }
}

/* The first n live entries are near enough to a sale to be looked at. */
static void decide_near(ps_work *w, const choice_rows *c, int s, int32_t *stock, int n)
{
    const double *odds = w->odds[s * w->plan->ages];
    long total[PS_MAX_OFFERS] = {0};
    candidates m;

    for (int first = 0; first < n; first += GROUP) {
        for (int g = 0; g < GROUP; g++) {
            const int place = w->cell_at[w->cell_live[first + g < n ? first + g : first]] / 2;

            m.lane[g] = place % PS_LANES;
            m.place[g] = place;
            m.odds[g] = odds[place];
        }
        mix_cells(w, c, s, &m);
        for (int g = 0; g < GROUP && first + g < n; g++) {
            const int at = first + g, place = w->cell_at[w->cell_live[at]] / 2;

            count_wins(w, s, stock, at, &m, g, total);
            if (at + 1 == n || w->cell_at[w->cell_live[at + 1]] / 2 != place) {
                add_wins(w, s, place, total, &m, g); /* of both blocks of a cell together */
                memset(total, 0, sizeof total);
            }
        }
    }
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

                const double weight =
                    w->cell_weight[k][l] * (w->hurried ? w->hurry_part[k / p->nodes][l] : 1.0);

                inside += weight * (in - q);
                left += weight * (1.0 - q);
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

_Static_assert(PS_LANES <= 64 && PS_LANES % 2 == 0, "a bit for each lane, in two halves of 32");

/* Bit l: more than `least` at l; by halves of 32 bits. */
static inline uint64_t mask_of(const int32_t *x, int32_t least)
{
    uint32_t half[2] = {0};

    for (int h = 0; h < 2; h++) {
        uint32_t mask = 0;

#pragma omp simd reduction(| : mask)
        for (int l = 0; l < PS_LANES / 2; l++) {
            mask |= (uint32_t)(x[h * (PS_LANES / 2) + l] > least) << l;
        }
        half[h] = mask;
    }
    return half[0] | (uint64_t)half[1] << (PS_LANES / 2);
}

/* The blocks of non-empty cells: cell_at is 2 (age PS_LANES + lane) + block. */
static int list_blocks(ps_work *w, const int32_t *stock)
{
    int *restrict at = w->cell_at;
    int n = 0;

    for (int a = 0; a < w->plan->ages; a++) {
        const int32_t *row = stock - (long)a * PS_LANES;
        uint64_t some = mask_of(row, 0);
        const uint64_t two = some != 0 ? mask_of(row, 4) & ~mask_of(row, DIRECT) : 0;

        for (; some != 0; some &= some - 1) {
            const int l = __builtin_ctzll(some);

            at[n] = 2 * (a * PS_LANES + l);
            at[n + 1] = at[n] + 1;
            n += 1 + (int)(two >> l & 1U);
        }
    }
    return n;
}

/* Draws them: who asks, how many deals the block decides (of a cell beyond DIRECT: all), and below
 * which word a deal decides and may buy. By the mean z: the odds of a cell are concave in it. (The
 * weights behind the mean are those of all ages, so with an acceleration all are looked at.) */
static void draw_blocks(ps_work *w, const choice_rows *c, int s, const int32_t *stock, int n)
{
    const ps_plan *p = w->plan;
    const bool bound = !(p->always || w->nest || p->segment[s].general || w->hurried);
    const double *odds = w->odds[s * p->ages], *all = c->all, *mean = c->mean;
    bool by_lane;
    const double *hazard = hazards(w, s, &by_lane);
    const int *at = w->cell_at, lanes = by_lane ? PS_LANES - 1 : -1;
    const uint64_t luck = w->luck_path;
    const uint32_t stream = w->choice_stream;
    uint64_t *path = w->cell_path;
    uint32_t *streams = w->cell_stream, *index = w->cell_index;
    int32_t *deals = w->cell_deals;
    double *cuts = w->cell_cut, *near = w->cell_near;

#pragma omp simd
    for (int k = 0; k < n; k++) {
        const int place = at[k] >> 1, block = at[k] & 1, l = place & (PS_LANES - 1);

        path[k] = luck + (uint64_t)l;
        streams[k] = stream;
        index[k] = ((uint32_t)place / PS_LANES << 12) + (uint32_t)block;
        deals[k] = stock[2 * l - place] - 4 * block;
    }
#pragma omp simd
    for (int k = 0; k < n; k++) {
        const int place = at[k] >> 1, l = place & (PS_LANES - 1);
        const double t = odds[place] * mean[l], cut = hazard[place & lanes] * 4294967296.0;
        const double most = cut * (all[l] * (t / (1.0 + t))) * 1.000000001 + 1.0;

        cuts[k] = cut;
        near[k] = bound ? most : cut;
    }
    ps_philox_cells(p->seed, n, w->cell_path, w->cell_stream, w->cell_index, w->cell_words,
                    w->cell_room);
}

/* Lets the deals decide and keeps the blocks, to be found in cell_live, in which one may buy. */
static int decide(ps_work *w, int32_t *stock, int n)
{
    const uint32_t *first = w->cell_words, *second = first + w->cell_room,
                   *third = second + w->cell_room, *fourth = third + w->cell_room;
    const double *cut = w->cell_cut, *near = w->cell_near;
    const int32_t *deals = w->cell_deals;
    int32_t *live = w->cell_live, *out = w->cell_out;
    int m = 0;

#pragma omp simd
    for (int k = 0; k < n; k++) {
        const double a = first[k] + 0.5, b = second[k] + 0.5, c = third[k] + 0.5,
                     d = fourth[k] + 0.5;
        const int32_t few = deals[k] <= DIRECT, two = deals[k] > 1, three = deals[k] > 2,
                      four = deals[k] > 3;

        out[k] = few * ((a <= cut[k]) + (two & (b <= cut[k])) + (three & (c <= cut[k])) +
                        (four & (d <= cut[k])));
        live[k] = (few ^ 1) | (a <= near[k]) | (two & (b <= near[k])) | (three & (c <= near[k])) |
                  (four & (d <= near[k]));
    }
    memset(out + n, 0, PS_LANES * sizeof *out);
    memset(live + n, 0, PS_LANES * sizeof *live);
    for (int from = 0; from < n; from += PS_LANES) {
        for (uint64_t some = mask_of(out + from, 0); some != 0; some &= some - 1) {
            const int k = from + __builtin_ctzll(some), place = w->cell_at[k] / 2,
                      l = place % PS_LANES;

            stock[2 * l - place] -= out[k];
            w->decided[l] += out[k];
        }
        for (uint64_t some = mask_of(live + from, 0); some != 0; some &= some - 1) {
            live[m++] = from + __builtin_ctzll(some);
        }
    }
    return m;
}

/* Units of a kind that may sell more than arrive: of each offer the whole part of arrivals times
 * its share, and one more with the chance of the rest. */
static void choose_volume(ps_work *w, int s, int32_t *stock)
{
    const ps_plan *p = w->plan;
    const choice_rows rows = rows_of(w, s);
    uint32_t words[PS_MAX_OFFERS + 1];
    candidates m;

    for (int l = 0; l < PS_LANES; l++) {
        const int g = l % GROUP;

        for (int j = 0; j < GROUP && g == 0; j++) {
            m.lane[j] = l + j;
            m.odds[j] = 1.0;
        }
        if (g == 0) {
            mix_cells(w, &rows, s, &m);
        }
        ps_philox_words(p->seed, w->luck_path + (uint64_t)l, w->choice_stream, 0, (p->I + 3) / 4,
                        words);
        w->decided[l] = stock[l];
        stock[l] = 0;
        for (int i = 0; i < p->I; i++) {
            const double units =
                (double)(int64_t)(w->decided[l] * m.q[i][g] + (words[i] + 0.5) * 0x1p-32);
            ps_lanes *to = w->won + i * PS_CHANNELS;

            to[PS_CH_N][l] = units;
            for (int v = 0; v < VALUES && units > 0.0; v++) {
                to[PS_CH_Q + v][l] = units * m.value[i * VALUES + v][g] / m.q[i][g];
            }
        }
    }
}

/* Whole decisions: one Philox block per non-empty cell of lane and age, two for more than four
 * deals, taken together. */
void ps_hot_choose_whole(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const int A = p->ages;
    int32_t *stock = w->stock + (size_t)(s * (A + p->T_end) + A + w->t) * PS_LANES;

    if (p->demand->volume) {
        choose_volume(w, s, stock);
        return;
    }
    const choice_rows rows = rows_of(w, s);
    const int n = list_blocks(w, stock);

    LANES
    {
        w->decided[l] = w->won_young[l] = 0.0;
    }
    draw_blocks(w, &rows, s, stock, n);
    decide_near(w, &rows, s, stock, decide(w, stock, n));
}
