/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decisions of one segment in one period: who buys from us, from whom else, or nothing. docs/model/choice.md
 *
 *   q(rho) = rho X / (rho X + Y),  rho = r / (1 - r) the odds of the base row at the deal's age,
 *   X = sum of mix_i E_i over own offers, Y = sum of split_j E_j over the rest, E_j = exp(du_j).
 *
 * With a nest of the inside goods X and Y are sums of E^(1/(1-nu)) and the outside good stays apart. */
#include <string.h>

#include "engine/hot.h"
#include "math/philox.h"
#include "math/vmath.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

/* Own probability in the nested row; `none` is the outside good's part of what is not ours. */
static double nested_probability(double odds, double x, double y, double none, double nest, double *inside_frac)
{
    const double r = odds / (1.0 + odds), rest = 1.0 - r;
    const double sum = r * x + rest * y, base = r + rest * (1.0 - none), out = rest * none;
    const double power = 1.0 / nest;
    const double inside = base > 0.0 && sum > 0.0 ? ps_exp2((1.0 - power) * ps_log2(base) + power * ps_log2(sum)) : 0.0;
    const double in = inside / (inside + out);

    *inside_frac = in;
    return sum > 0.0 ? in * r * x / sum : 0.0;
}

/* Expected flows: w->decide[a] deals of age a decide now. */
static void deciders(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    ps_lanes *in = w->inflow + s * (p->ages + p->T_end) + p->ages + w->t;

    for (int a = 0; a < p->ages; a++) {
        const double *x = *(in - a), *k = w->k[s * p->ages + a];
        double *n = w->decide[a];

        LANES { n[l] = x[l] * k[l]; }
    }
}

/* Q[l] = sum over ages of decide q, four ages to a division. */
static void cell_wins(const ps_work *w, int s, const double *x, double *restrict won)
{
    const int n = w->plan->ages;
    ps_lanes *odds = w->odds + s * n, *decide = w->decide;
    ps_lanes z, lost;
    int a = 0;

    if (n == 1) {
        const double *rho = odds[0], *rest = w->rest, *decided = w->decided;

        LANES
        {
            const double mine = rho[l] * x[l];

            won[l] = decided[l] * mine / (mine + rest[l]);
        }
        return;
    }

    LANES
    {
        z[l] = x[l] / w->rest[l];
        lost[l] = 0.0;
    }
    for (; a + 4 <= n; a += 4) {
        LANES
        {
            const double d0 = __builtin_fma(odds[a][l], z[l], 1.0), d1 = __builtin_fma(odds[a + 1][l], z[l], 1.0);
            const double d2 = __builtin_fma(odds[a + 2][l], z[l], 1.0), d3 = __builtin_fma(odds[a + 3][l], z[l], 1.0);
            const double n01 = __builtin_fma(decide[a][l], d1, decide[a + 1][l] * d0), d01 = d0 * d1;
            const double n23 = __builtin_fma(decide[a + 2][l], d3, decide[a + 3][l] * d2), d23 = d2 * d3;

            lost[l] += __builtin_fma(n01, d23, n23 * d01) / (d01 * d23);
        }
    }
    for (; a < n; a++) {
        LANES { lost[l] += decide[a][l] / __builtin_fma(odds[a][l], z[l], 1.0); }
    }
    LANES { won[l] = w->decided[l] - lost[l]; }
}

static void cell_wins_nested(const ps_work *w, int s, const double *x, double *restrict won, double *restrict inside)
{
    const int n = w->plan->ages;
    const double *none = w->other[s * (w->plan->C + 1) + w->plan->C], *nest = w->nest[s];

    for (int l = 0; l < PS_LANES; l++) {
        won[l] = inside[l] = 0.0;
        for (int a = 0; a < n; a++) {
            double in;
            const double q = nested_probability(w->odds[s * n + a][l], x[l], w->rest[l], none[l], nest[l], &in);

            won[l] += w->decide[a][l] * q;
            inside[l] += w->decide[a][l] * in;
        }
    }
}

/* Per unit of deal size: units, list value, negotiated and promotion discount of a sale of offer i in cell k. */
void ps_hot_sale(const ps_work *w, int s, int k, int i, ps_lanes *row)
{
    const ps_plan *p = w->plan;
    const int at = (k / p->nodes) * p->I + i;
    const double *list = w->list[p->price_row[s * p->I + i]], *vat = w->net_of_vat;
    const double *class_price = w->class_price[at], *price = p->negotiated ? w->price[k * p->I + i] : class_price;

    if (p->segment[s].basket) {
        LANES
        {
            row[PS_CH_Q][l] = w->units[at][l];
            row[PS_CH_L][l] = w->units[at][l] * list[l] * vat[l];
            row[PS_CH_NEG][l] = 0.0;
            row[PS_CH_PRO][l] = (w->units[at][l] * list[l] - w->paid[at][l]) * vat[l];
        }
    } else {
        LANES
        {
            row[PS_CH_Q][l] = 1.0;
            row[PS_CH_L][l] = list[l] * vat[l];
            row[PS_CH_NEG][l] = (class_price[l] - price[l]) * vat[l];
            row[PS_CH_PRO][l] = (list[l] - class_price[l]) * vat[l];
        }
    }
    LANES { row[PS_CH_N][l] = 1.0; }
}

/* Mean days since creation of winners, by the base row's weights. */
static void winners_age(const ps_work *w, int s, double *restrict age)
{
    const ps_plan *p = w->plan;
    const int n = p->ages;
    ps_lanes *born = w->inflow_age + s * (n + p->T_end) + n + w->t;
    ps_lanes *inflow = w->inflow + s * (n + p->T_end) + n + w->t;
    ps_lanes sum;

    LANES { age[l] = sum[l] = 0.0; }
    for (int a = 0; a < n; a++) {
        const double *odds = w->odds[s * n + a], *x = *(born - a), *in = *(inflow - a), *k = w->k[s * n + a];
        const double days = a * p->period_days;

        LANES
        {
            const double q = k[l] * (odds[l] / (1.0 + odds[l]));

            sum[l] = __builtin_fma(q, in[l], sum[l]);
            age[l] = __builtin_fma(q, __builtin_fma(days, in[l], x[l]), age[l]);
        }
    }
    LANES { age[l] = sum[l] > 0.0 ? age[l] / sum[l] : 0.0; }
}

/* Sales of offer i in cell k without a basket: `wins` of the cell's deciders buy, `share` of them this offer (NULL: all). */
static void add_plain(ps_work *w, int s, int k, int i, const double *wins, const double *age)
{
    const ps_plan *p = w->plan;
    const double *list = w->list[p->price_row[s * p->I + i]], *vat = w->net_of_vat;
    const double *class_price = w->class_price[(k / p->nodes) * p->I + i];
    const double *price = p->negotiated ? w->price[k * p->I + i] : class_price;
    ps_lanes *to = w->won + i * PS_CHANNELS;
    const double keep = k > 0 ? 1.0 : 0.0; /* the first cell sets */

    LANES
    {
        const double n = wins[l], value = n * vat[l];

        to[PS_CH_N][l] = __builtin_fma(keep, to[PS_CH_N][l], n);
        to[PS_CH_L][l] = __builtin_fma(keep, to[PS_CH_L][l], value * list[l]);
        to[PS_CH_NEG][l] = __builtin_fma(keep, to[PS_CH_NEG][l], value * (class_price[l] - price[l]));
        to[PS_CH_PRO][l] = __builtin_fma(keep, to[PS_CH_PRO][l], value * (list[l] - class_price[l]));
        to[PS_CH_AGE][l] = __builtin_fma(keep, to[PS_CH_AGE][l], n * age[l]);
        to[PS_CH_Q][l] = to[PS_CH_N][l];
    }
}

static void add_baskets(ps_work *w, int s, int k, int i, const double *wins)
{
    ps_lanes *to = w->won + i * PS_CHANNELS;
    ps_lanes row[PS_CHANNELS];

    ps_hot_sale(w, s, k, i, row);
    for (int ch = 0; ch < PS_CHANNELS; ch++) {
        double *x = to[ch];
        const double *y = row[ch];

        LANES { x[l] = ch == PS_CH_AGE ? 0.0 : __builtin_fma(wins[l], y[l], k > 0 ? x[l] : 0.0); }
    }
}

static void add_sales(ps_work *w, int s, const double *age)
{
    const ps_plan *p = w->plan;
    ps_lanes wins;

    for (int k = 0; k < w->cells; k++) {
        const double *won = w->won_cell[k], *sum = w->attract_sum[k];

        for (int i = 0; i < p->I; i++) {
            const double *attract = w->attract[k * p->I + i];
            const double *mine = p->I == 1 ? won : wins;

            if (p->I > 1) {
                LANES { wins[l] = won[l] * (attract[l] / sum[l]); }
            }
            if (p->segment[s].basket) {
                add_baskets(w, s, k, i, mine);
            } else {
                add_plain(w, s, k, i, mine, age);
            }
        }
    }
}

/* Who gets what is not ours; counted when the walk is the headline's. */
static void lose(ps_work *w, const double *lost, const double *inside_lost)
{
    const ps_plan *p = w->plan;
    const double count = w->pass.settle ? 0.0 : 1.0;
    ps_lanes per_rest;

    if (w->pass.settle && !w->pass.split) {
        return;
    }
    LANES { per_rest[l] = w->rest[l] > 0.0 ? (w->nest ? inside_lost[l] : lost[l]) / w->rest[l] : 0.0; }
    for (int c = 0; c <= p->C; c++) {
        const double *x = w->rival_attract[c];
        double *to = w->lost_rival[c], *sum = w->out.lost_rival[c];
        const bool out = c == p->C && w->nest, whole = c == p->C && !w->nest;

        LANES
        {
            const double n = out ? lost[l] - inside_lost[l] : whole && w->rest[l] <= 0.0 ? lost[l] : per_rest[l] * x[l];

            to[l] = n;
            sum[l] += count * n;
        }
    }
}

/* Expected decisions of all cells; results in won_cell (weighted), won, lost_rival, decided. */
static void choose_expected(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const double *aware = w->aware[s];
    ps_lanes lost, inside, inside_lost, age;

    LANES
    {
        lost[l] = w->decided[l];
        inside_lost[l] = 0.0;
    }
    for (int k = 0; k < w->cells; k++) {
        double *won = w->won_cell[k];
        const double *weight = w->cell_weight[k];

        if (p->always) {
            memcpy(won, w->decided, sizeof(ps_lanes));
        } else if (w->nest) {
            cell_wins_nested(w, s, w->attract_sum[k], won, inside);
            LANES { inside_lost[l] += weight[l] * (aware[l] * (inside[l] - won[l])); }
        } else {
            cell_wins(w, s, w->attract_sum[k], won);
        }
        LANES
        {
            won[l] *= weight[l] * aware[l];
            lost[l] -= won[l];
        }
    }
    if (w->nest) { /* the unaware choose among the others at the base's inside part */
        LANES
        {
            const double none = w->other[s * (p->C + 1) + p->C][l];

            inside_lost[l] += (1.0 - aware[l]) * w->decided[l] * (1.0 - none);
        }
    }
    if (!w->pass.settle && p->pipeline) {
        winners_age(w, s, age);
    } else {
        LANES { age[l] = 0.0; }
    }
    add_sales(w, s, age);
    lose(w, lost, inside_lost);
}

/* Values of the cells by lane, so that one lane's cells lie together: [lanes][stride] for each row; per offer its share of
 * the own sales of the cell, and the value of a sale (units, list, negotiated, promotion). */
enum { VALUES = 4 };
typedef struct {
    int stride;
    double *z, *weight;
    double *share, *value; /* [lanes][I][stride], [lanes][I][VALUES][stride] */
} lane_cells;

static lane_cells by_lane(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const int K = w->cells, I = p->I, stride = (K + 7) / 8 * 8;
    lane_cells c = {.stride = stride, .z = w->transposed};
    ps_lanes row[PS_CHANNELS], z;

    c.weight = c.z + PS_LANES * stride;
    c.share = c.weight + PS_LANES * stride;
    c.value = c.share + PS_LANES * stride * I;
    memset(w->transposed, 0, (size_t)(PS_LANES * stride * (2 + (1 + VALUES) * I)) * sizeof *w->transposed);
    for (int k = 0; k < K; k++) {
        const double *sum = w->attract_sum[k], *weight = w->cell_weight[k];

        LANES { z[l] = w->nest ? sum[l] : sum[l] / w->rest[l]; }
        for (int l = 0; l < PS_LANES; l++) {
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
static void lane_odds(const ps_work *w, const lane_cells *c, int s, int l, double odds, double *q, double *value)
{
    const ps_plan *p = w->plan;
    const int n = c->stride, I = p->I;
    const double *z = c->z + l * n, *weight = c->weight + l * n;
    double x[(PS_MAX_CELLS + 7) / 8 * 8];

    if (p->always) {
        for (int k = 0; k < n; k++) {
            x[k] = weight[k];
        }
    } else if (w->nest) {
        for (int k = 0; k < n; k++) {
            double in;

            x[k] = weight[k] *
                   nested_probability(odds, z[k], w->rest[l], w->other[s * (p->C + 1) + p->C][l], w->nest[s][l], &in);
        }
    } else {
#pragma omp simd
        for (int k = 0; k < n; k++) {
            const double t = odds * z[k];

            x[k] = weight[k] * t / (1.0 + t);
        }
    }
    for (int i = 0; i < I; i++) {
        const double *share = c->share + (long)(l * I + i) * n, *v = c->value + (long)(l * I + i) * VALUES * n;
        double part[8] = {0.0}, sum[VALUES][8] = {{0.0}};

        for (int k = 0; k < n; k += 8) { /* eight partial sums, folded in a fixed order: the same bits at any width */
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
        q[i] = ((part[0] + part[4]) + (part[2] + part[6])) + ((part[1] + part[5]) + (part[3] + part[7]));
        for (int u = 0; u < VALUES; u++) {
            const double *y = sum[u];

            value[i * VALUES + u] = ((y[0] + y[4]) + (y[2] + y[6])) + ((y[1] + y[5]) + (y[3] + y[7]));
        }
    }
}

/* n whole deals of one lane and age: decided with probability `hazard`; returns how many. */
static long decide_cell(ps_work *w, const lane_cells *c, int s, int l, int a, long n, const uint32_t words[4])
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
    const double came = w->inflow[cohort][l], age = came > 0.0 ? w->inflow_age[cohort][l] / came : 0.0;
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

/* Whole decisions: one Philox block per non-empty cell of lane and age, taken together. */
static void choose_whole(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const int A = p->ages;
    int32_t *stock = w->stock + (size_t)(s * (A + p->T_end) + A + w->t) * PS_LANES;
    const bool hazard_stage = p->choice_stage >= 0 && p->stage[p->choice_stage].hazard;
    const lane_cells cells = by_lane(w, s);
    int n = 0;

    LANES { w->decided[l] = w->won_young[l] = 0.0; }
    for (int a = 0; a < A; a++) {
        const int32_t *row = stock - (long)a * PS_LANES;
        int32_t live = 0;

#pragma omp simd reduction(| : live)
        for (int l = 0; l < PS_LANES; l++) {
            live |= row[l];
        }
        for (int l = 0; l < PS_LANES && live != 0; l++) {
            w->cell_lane[n] = l;
            w->cell_age[n] = a;
            n += row[l] > 0;
        }
    }
    for (int i = 0; i < n; i++) {
        w->cell_path[i] = w->luck_path + (uint64_t)w->cell_lane[i];
        w->cell_stream[i] = w->choice_stream;
        w->cell_index[i] = (uint32_t)w->cell_age[i] << 12;
    }
    ps_philox_cells(p->seed, n, w->cell_path, w->cell_stream, w->cell_index, w->cell_words, w->cell_room);
    for (int i = 0; i < n; i++) {
        const int l = w->cell_lane[i], a = w->cell_age[i];
        int32_t *deals = stock - (long)a * PS_LANES + l;
        const uint32_t words[4] = {w->cell_words[i], w->cell_words[w->cell_room + i], w->cell_words[2 * w->cell_room + i],
                                   w->cell_words[3 * w->cell_room + i]};

        if (*deals <= 4) { /* most deals stay: look before computing the odds */
            const double cut = (hazard_stage ? w->choice_hazard[l] : w->hazard[s * A + a][l]) * 4294967296.0;
            const int d = *deals;

            if (!((words[0] + 0.5 < cut) | ((d > 1) & (words[1] + 0.5 < cut)) | ((d > 2) & (words[2] + 0.5 < cut)) |
                  ((d > 3) & (words[3] + 0.5 < cut)))) {
                continue;
            }
        }
        *deals -= (int32_t)decide_cell(w, &cells, s, l, a, *deals, words);
    }
    ps_lanes lost, none;

    LANES
    {
        lost[l] = w->decided[l];
        none[l] = 0.0;
    }
    for (int i = 0; i < p->I; i++) {
        LANES { lost[l] -= w->won[i * PS_CHANNELS][l]; }
    }
    if (w->nest) {
        LANES
        {
            const double out = w->rival_attract[p->C][l];

            none[l] = lost[l] * w->rest[l] / (w->rest[l] + out);
        }
    }
    lose(w, lost, none);
}

/* A choice stage with a constant hazard: part of the stock at the start of the period decides. */
static void hazard_deciders(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const int g = p->choice_stage;
    double *stock = w->hazard_stock[g * p->S + s], *n = w->decide[0];

    LANES { n[l] = w->choice_hazard[l] * stock[l]; }
}

void ps_hot_choice(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const bool hazard = p->choice_stage >= 0 && p->stage[p->choice_stage].hazard;

    w->won = w->signed_now + s * p->I * PS_CHANNELS;
    if (w->pass.whole) {
        memset(w->won, 0, (size_t)p->I * PS_CHANNELS * sizeof(ps_lanes));
        w->choice_stream = ps_hot_mix(p->segment[s].stream_choice, (uint32_t)w->t);
        choose_whole(w, s);
        return;
    }
    if (hazard) {
        hazard_deciders(w, s);
    } else {
        deciders(w, s);
    }
    memcpy(w->decided, w->decide[0], sizeof(ps_lanes));
    for (int a = 1; a < p->ages; a++) {
        const double *x = w->decide[a];

        LANES { w->decided[l] += x[l]; }
    }
    choose_expected(w, s);
}
