/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decisions of one segment in one period: who buys from us, from whom else, or nothing.
 * docs/model/choice.md
 *
 *   q(rho) = rho X / (rho X + Y),  rho = r / (1 - r) the odds of the base row at the deal's age,
 *   X = sum of mix_i E_i over own offers, Y = sum of split_j E_j over the rest, E_j = exp(du_j).
 *
 * With a nest of the inside goods X and Y are sums of E^(1/(1-nu)) and the outside good stays
 * apart. */
#include <string.h>

#include "engine/hot_demand.h"
#include "engine/hot_nested.h"
#include "engine/hot_timing.h"
#include "engine/hot_wholesale.h"
#include "math/vmath.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

/* Expected flows: w->decide[a] deals of age a decide now, w->decided together. */
static void deciders(ps_work *w, int s)
{
    enum { TOGETHER = 8 }; /* lanes whose sum stays in a register */
    const ps_plan *p = w->plan;
    ps_lanes *in = w->inflow + s * (p->ages + p->T_end) + p->ages + w->t;

    for (int at = 0; at < PS_LANES; at += TOGETHER) {
        double sum[TOGETHER] = {0.0};

        for (int a = 0; a < p->ages; a++) {
            const double *x = *(in - a) + at, *k = w->k[s * p->ages + a] + at;
            double *n = w->decide[a] + at;

#pragma omp simd
            for (int l = 0; l < TOGETHER; l++) {
                n[l] = x[l] * k[l];
                sum[l] += n[l];
            }
        }
        memcpy(w->decided + at, sum, sizeof sum);
    }
}

/* Q[l] = sum over ages of decide q, eight ages to a division. */
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
        z[l] =
            z[l] < 1e22 ? z[l] : 1e22; /* eight factors 1 + odds z stay below the largest double */
        lost[l] = 0.0;
    }
    for (; a + 8 <= n; a += 8) {
        ps_lanes *m = decide + a, *o = odds + a;

        LANES /* sums of fractions, pair by pair */
        {
            const double d0 = __builtin_fma(o[0][l], z[l], 1.0),
                         d1 = __builtin_fma(o[1][l], z[l], 1.0);
            const double d2 = __builtin_fma(o[2][l], z[l], 1.0),
                         d3 = __builtin_fma(o[3][l], z[l], 1.0);
            const double d4 = __builtin_fma(o[4][l], z[l], 1.0),
                         d5 = __builtin_fma(o[5][l], z[l], 1.0);
            const double d6 = __builtin_fma(o[6][l], z[l], 1.0),
                         d7 = __builtin_fma(o[7][l], z[l], 1.0);
            const double n01 = __builtin_fma(m[0][l], d1, m[1][l] * d0), d01 = d0 * d1;
            const double n23 = __builtin_fma(m[2][l], d3, m[3][l] * d2), d23 = d2 * d3;
            const double n45 = __builtin_fma(m[4][l], d5, m[5][l] * d4), d45 = d4 * d5;
            const double n67 = __builtin_fma(m[6][l], d7, m[7][l] * d6), d67 = d6 * d7;
            const double n03 = __builtin_fma(n01, d23, n23 * d01), d03 = d01 * d23;
            const double n47 = __builtin_fma(n45, d67, n67 * d45), d47 = d45 * d67;

            lost[l] += __builtin_fma(n03, d47, n47 * d03) / (d03 * d47);
        }
    }
    for (; a < n; a++) {
        LANES
        {
            lost[l] += decide[a][l] / __builtin_fma(odds[a][l], z[l], 1.0);
        }
    }
    LANES
    {
        won[l] = w->decided[l] - lost[l];
    }
}

static void cell_wins_nested(const ps_work *w, int s, const double *x, double *restrict won,
                             double *restrict inside)
{
    const int n = w->plan->ages;
    const double *none = w->other[s * (w->plan->C + 1) + w->plan->C], *nest = w->nest[s];

    for (int l = 0; l < PS_LANES; l++) {
        won[l] = inside[l] = 0.0;
        for (int a = 0; a < n; a++) {
            double in;
            const double q = ps_nested_probability(w->odds[s * n + a][l], x[l], w->rest[l], none[l],
                                                   nest[l], &in);

            won[l] += w->decide[a][l] * q;
            inside[l] += w->decide[a][l] * in;
        }
    }
}

/* Per unit of deal size: units, list value, negotiated and promotion discount of a sale of offer i
 * in cell k. */
void ps_hot_sale(const ps_work *w, int s, int k, int i, ps_lanes *row)
{
    const ps_plan *p = w->plan;
    const int at = (k / p->nodes) * p->I + i;
    const double *list = w->list[p->price_row[s * p->I + i]], *vat = w->net_of_vat;
    const double *class_price = w->class_price[at],
                 *price = p->negotiated ? w->price[k * p->I + i] : class_price;

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
    LANES
    {
        row[PS_CH_N][l] = 1.0;
    }
    if (p->brand) {
        ps_hot_wholesale(w, s, i, row);
    }
}

/* Mean days since creation of winners, by the base row's weights. */
static void winners_age(const ps_work *w, int s, double *restrict age)
{
    const ps_plan *p = w->plan;
    const int n = p->ages;
    ps_lanes *born = w->inflow_age + s * (n + p->T_end) + n + w->t;
    ps_lanes *inflow = w->inflow + s * (n + p->T_end) + n + w->t;
    ps_lanes sum, part;

    LANES
    {
        age[l] = sum[l] = 0.0;
    }
    for (int a = 0; a < n; a++) {
        const double *odds = w->odds[s * n + a], *x = *(born - a), *in = *(inflow - a),
                     *k = w->k[s * n + a], *decide = w->decide[a];
        const double days = a * p->period_days;

        if (p->hurries) {
            LANES
            {
                part[l] = in[l] > 0.0 ? decide[l] / in[l] : 0.0;
            }
            k = part;
        }

        LANES
        {
            const double q = k[l] * (odds[l] / (1.0 + odds[l]));

            sum[l] = __builtin_fma(q, in[l], sum[l]);
            age[l] = __builtin_fma(q, __builtin_fma(days, in[l], x[l]), age[l]);
        }
    }
    LANES
    {
        age[l] = sum[l] > 0.0 ? age[l] / sum[l] : 0.0;
    }
}

/* Sales of offer i in cell k without a basket: `wins` of the cell's deciders buy, `share` of them
 * this offer (NULL: all). */
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
        to[PS_CH_NEG][l] =
            __builtin_fma(keep, to[PS_CH_NEG][l], value * (class_price[l] - price[l]));
        to[PS_CH_PRO][l] =
            __builtin_fma(keep, to[PS_CH_PRO][l], value * (list[l] - class_price[l]));
        to[PS_CH_AGE][l] = __builtin_fma(keep, to[PS_CH_AGE][l], n * age[l]);
        to[PS_CH_Q][l] = to[PS_CH_N][l];
    }
}

static void add_baskets(ps_work *w, int s, int k, int i, const double *wins, const double *age)
{
    ps_lanes *to = w->won + i * PS_CHANNELS;
    ps_lanes row[PS_CHANNELS];

    ps_hot_sale(w, s, k, i, row);
    for (int ch = 0; ch < PS_CHANNELS; ch++) {
        double *x = to[ch];
        const double *y = ch == PS_CH_AGE ? age : row[ch];

        LANES
        {
            x[l] = __builtin_fma(wins[l], y[l], k > 0 ? x[l] : 0.0);
        }
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
            const double *mine = p->rationed ? w->sales[k * p->I + i] : p->I == 1 ? won : wins;

            if (p->I > 1 && !p->rationed) {
                LANES
                {
                    wins[l] = won[l] * (attract[l] / sum[l]);
                }
            }
            if (p->segment[s].basket || p->brand) {
                add_baskets(w, s, k, i, mine, age);
            } else {
                add_plain(w, s, k, i, mine, age);
            }
        }
    }
}

/* Who gets what is not ours; counted when the walk is the headline's. */
void ps_hot_lose(ps_work *w, const double *lost, const double *inside_lost)
{
    const ps_plan *p = w->plan;
    const double count = w->pass.settle || w->trial ? 0.0 : 1.0;
    ps_lanes per_rest, here;

    if (w->pass.settle && !w->pass.split && !w->trial) {
        return;
    }
    if (p->general && p->segment[w->segment].general) {
        ps_hot_lose_general(w, lost);
        return;
    }
    if (p->borrows && !w->trial) { /* who has bought before buys nothing now */
        LANES
        {
            here[l] = lost[l] - w->repaid[l];
        }
        lost = here;
    }
    LANES
    {
        per_rest[l] = w->rest[l] > 0.0 ? (w->nest ? inside_lost[l] : lost[l]) / w->rest[l] : 0.0;
    }
    for (int c = 0; c <= p->C; c++) {
        const double *x = w->rival_attract[c];
        double *to = w->lost_rival[c], *sum = w->out.lost_rival[c];
        const bool out = c == p->C && w->nest, whole = c == p->C && !w->nest;

        LANES
        {
            const double n = out                          ? lost[l] - inside_lost[l]
                             : whole && w->rest[l] <= 0.0 ? lost[l]
                                                          : per_rest[l] * x[l];

            to[l] = n;
            sum[l] += count * n;
        }
    }
    if (p->borrows && !w->trial) {
        LANES
        {
            w->lost_rival[p->C][l] += w->repaid[l];
            w->out.lost_rival[p->C][l] += count * w->repaid[l];
        }
    }
}

/* A choice stage with a constant hazard: part of the stock at the start of the period decides. */
static void hazard_deciders(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const int g = p->choice_stage;
    double *stock = w->hazard_stock[g * p->S + s], *n = w->decide[0];

    LANES
    {
        n[l] = w->choice_hazard[l] * stock[l];
    }
    memcpy(w->decided, n, sizeof(ps_lanes));
}

/* Deciders of expected flows: of class e as if all buyers were in it, or of all (e < 0). */
static void expected_deciders(ps_work *w, int s, int e)
{
    const ps_plan *p = w->plan;

    if (p->choice_stage >= 0 && p->stage[p->choice_stage].hazard) {
        hazard_deciders(w, s);
    } else {
        deciders(w, s);
    }
    if (!p->hurries) {
        return;
    }
    ps_hot_hurry_deciders(w, s, e);
    memcpy(w->decided, w->decide[0], sizeof(ps_lanes));
    for (int a = 1; a < p->ages; a++) {
        const double *x = w->decide[a];

        LANES
        {
            w->decided[l] += x[l];
        }
    }
}

/* Expected decisions of all cells: won_cell (weighted); who is not won, and the part of these that
 * stays inside a nest. */
static void choose_cells(ps_work *w, int s, double *restrict lost, double *restrict inside_lost)
{
    const ps_plan *p = w->plan;
    const double *aware = w->aware[s];
    ps_lanes inside;

    LANES
    {
        lost[l] = w->decided[l];
        inside_lost[l] = 0.0;
    }
    for (int k = 0; k < w->cells; k++) {
        double *won = w->won_cell[k];
        const double *weight = w->cell_weight[k];

        if (w->hurried && k % p->nodes == 0) {
            expected_deciders(w, s, k / p->nodes);
            memcpy(w->hurry_part[k / p->nodes], w->decided, sizeof(ps_lanes));
        }
        if (p->segment[s].general) {
            const double *sum = w->attract_sum[k];

            LANES
            {
                won[l] = w->decided[l] * sum[l];
            }
        } else if (p->always) {
            memcpy(won, w->decided, sizeof(ps_lanes));
        } else if (w->nest) {
            cell_wins_nested(w, s, w->attract_sum[k], won, inside);
            LANES
            {
                inside_lost[l] += weight[l] * (aware[l] * (inside[l] - won[l]));
            }
        } else {
            cell_wins(w, s, w->attract_sum[k], won);
        }
        LANES
        {
            won[l] *= weight[l] * aware[l];
            lost[l] -= won[l];
        }
    }
    if (w->hurried) {
        expected_deciders(w, s, -1);
        ps_hot_hurry_parts(w);
    }
    if (w->nest) { /* the unaware choose among the others at the base's inside part */
        LANES
        {
            const double none = w->other[s * (p->C + 1) + p->C][l];

            inside_lost[l] += (1.0 - aware[l]) * w->decided[l] * (1.0 - none);
        }
    }
}

/* The winners' purchases. */
static void sell_expected(ps_work *w, int s)
{
    ps_lanes age;

    if (!w->pass.settle && w->plan->pipeline) {
        winners_age(w, s, age);
    } else {
        LANES
        {
            age[l] = 0.0;
        }
    }
    add_sales(w, s, age);
}

static void enter_segment(ps_work *w, int s)
{
    w->segment = s;
    w->won = w->signed_now + s * w->plan->I * PS_CHANNELS;
    w->choice_stream = ps_hot_mix(w->plan->segment[s].stream_choice, (uint32_t)w->t);
    if (w->plan->hurries) {
        ps_hot_hurry(w, s);
    }
}

static void choose_whole(ps_work *w, int s)
{
    memset(w->won, 0, (size_t)w->plan->I * PS_CHANNELS * sizeof(ps_lanes));
    ps_hot_choose_whole(w, s);
}

/* The first choice of a segment, before anything runs out: the demand. Whole deals are drawn once,
 * the rounds of ps_hot_limits look at them again. */
void ps_hot_choose_first(ps_work *w, int s)
{
    ps_lanes lost, inside;

    ps_hot_classes(w, s, w->pass.calendar);
    enter_segment(w, s);
    if (!w->pass.whole) {
        expected_deciders(w, s, -1);
        choose_cells(w, s, lost, inside);
    }
}

void ps_hot_first_lost(ps_work *w, int s)
{
    ps_lanes lost, inside;

    ps_hot_feed_memories(w, s);
    ps_hot_classes(w, s, w->pass.calendar);
    enter_segment(w, s);
    expected_deciders(w, s, -1);
    choose_cells(w, s, lost, inside);
    w->trial = true;
    ps_hot_lose(w, lost, inside);
    w->trial = false;
}

void ps_hot_draw_choice(ps_work *w, int s)
{
    ps_hot_classes(w, s, w->pass.calendar);
    enter_segment(w, s);
    choose_whole(w, s);
    memcpy(w->decided_of[s], w->decided, sizeof(ps_lanes));
    memcpy(w->young_of[s], w->won_young, sizeof(ps_lanes));
}

/* The sales of the segment after limits. */
static void sell_rationed(ps_work *w, int s, double *restrict lost, double *restrict inside_lost)
{
    const ps_plan *p = w->plan;
    ps_lanes age, n, first;

    LANES
    {
        age[l] = n[l] = 0.0;
    }
    for (int i = 0; i < p->I && w->pass.whole;
         i++) { /* drawn before: who sells changes, not when */
        LANES
        {
            n[l] += w->won[i * PS_CHANNELS][l];
            age[l] += w->won[i * PS_CHANNELS + PS_CH_AGE][l];
        }
    }
    for (int l = 0; l < PS_LANES; l++) {
        first[l] = w->pass.whole ? n[l] : w->decided[l] - lost[l];
    }
    ps_hot_ration(w, s);
    if (p->borrows) {
        ps_hot_borrow(w, s, first);
    }
    if (w->pass.whole) {
        memcpy(w->decided, w->decided_of[s], sizeof(ps_lanes));
        memcpy(w->won_young, w->young_of[s], sizeof(ps_lanes));
        LANES
        {
            age[l] = n[l] > 0.0 ? age[l] / n[l] : 0.0;
        }
        add_sales(w, s, age);
    } else {
        sell_expected(w, s);
    }
    memcpy(lost, w->decided, sizeof(ps_lanes));
    for (int i = 0; i < p->I; i++) {
        LANES
        {
            lost[l] -= w->won[i * PS_CHANNELS][l];
        }
    }
    LANES
    {
        inside_lost[l] += w->inside_again[l];
    }
}

void ps_hot_choice(ps_work *w, int s)
{
    ps_lanes lost, inside;

    enter_segment(w, s);
    if (w->pass.whole && !w->plan->rationed) {
        choose_whole(w, s);
        ps_hot_lose_whole(w, s);
        return;
    }
    if (!w->pass.whole) {
        expected_deciders(w, s, -1);
        choose_cells(w, s, lost, inside);
    }
    if (w->plan->rationed) {
        sell_rationed(w, s, lost, inside);
    } else {
        sell_expected(w, s);
    }
    if (w->pass.whole) {
        ps_hot_lose_whole(w, s);
    } else {
        ps_hot_lose(w, lost, inside);
    }
}
