/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What limits sell: a promotion's own stock and budget, an offer's stock and capacity. The first
 * choice of all segments says how much is wanted; what is there is shared out in proportion, and
 * who gets nothing chooses once more: without the promotion, or without the offer that ran out.
 * docs/model/limits.md
 *
 * A period takes several rounds over the segments, each computing the choice again: wanted of the
 * promotions, wanted of the offers, wanted by those who chose once more, and the sale itself. */
#include <string.h>

#include "engine/hot.h"
#include "engine/hot_nested.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

/* Rounding of sums of fractions must not take a whole unit. */
static const double speck = 1e-7;

static ps_lanes *at(ps_lanes *rows, const ps_work *w, int k, int i)
{
    return rows + (long)k * w->plan->I + i;
}

/* Cell k without the promotions in `set`: its class loses their bits. */
static int cell_without(const ps_work *w, int k, uint32_t set)
{
    const int nodes = w->plan->nodes;
    int e = k / nodes;

    for (int b = 0; b < w->transient; b++) {
        e &= set >> w->transient_of[b] & 1U ? ~(1 << b) : ~0;
    }
    return e * nodes + k % nodes;
}

/* Sales of the first choice by cell; whole numbers are dealt out to the cells by their parts. */
static void first_choice(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    double sum[PS_MAX_CELLS];
    long count[PS_MAX_CELLS];

    for (int i = 0; i < p->I; i++) {
        ps_hot_cell_sales(w, s, i, w->sales + i);
        for (int l = 0; l < PS_LANES && w->pass.whole; l++) {
            const double n = w->won[i * PS_CHANNELS][l];
            const ps_key key = {p->seed, w->luck_path + (uint64_t)l,
                                ps_hot_mix(w->choice_stream, 0x63656c6cU), (uint32_t)i};

            if (n <= 0.0 || w->cells == 1) {
                continue;
            }
            for (int k = 0; k < w->cells; k++) {
                sum[k] = (*at(w->sales, w, k, i))[l] / n + (k > 0 ? sum[k - 1] : 0.0);
                count[k] = 0;
            }
            sum[w->cells - 1] = 1.0;
            ps_count_spread(&key, (long)n, w->cells, sum, count);
            for (int k = 0; k < w->cells; k++) {
                (*at(w->sales, w, k, i))[l] = (double)count[k];
            }
        }
    }
}

/* Units and promotion discount of one sale of each cell and offer. */
static void value_cells(ps_work *w, int s)
{
    ps_lanes row[PS_CHANNELS];

    for (int k = 0; k < w->cells; k++) {
        for (int i = 0; i < w->plan->I; i++) {
            ps_hot_sale(w, s, k, i, row);
            memcpy(at(w->sale_units, w, k, i), row[PS_CH_Q], sizeof(ps_lanes));
            memcpy(at(w->sale_discount, w, k, i), row[PS_CH_PRO], sizeof(ps_lanes));
        }
    }
}

/* Whether a sale of the cell uses promotion m: its unit discount would be smaller without it. What
 * m takes off a sale is written to `takes`. */
static bool uses(const ps_work *w, int k, int i, int m, int l, double *takes)
{
    const int other = cell_without(w, k, 1U << m);

    if (other == k || !w->plan->promotion[m].in_offer[i]) {
        return false;
    }
    const double with = (*at(w->sale_discount, w, k, i))[l],
                 without = (*at(w->sale_discount, w, other, i))[l];
    const double units = (*at(w->sale_units, w, k, i))[l],
                 before = (*at(w->sale_units, w, other, i))[l];

    *takes = with - without;
    return with * before > without * units * (1.0 + 1e-12) + 1e-300;
}

/* Adds the segment's demand for promotion stock and budget. */
static void want_promotions(ps_work *w)
{
    const ps_plan *p = w->plan;

    for (int m = 0; m < p->M; m++) {
        for (int k = 0; k < w->cells && p->limited_set >> m & 1U; k++) {
            for (int i = 0; i < p->I; i++) {
                const double *n = *at(w->sales, w, k, i), *u = *at(w->sale_units, w, k, i);

                for (int l = 0; l < PS_LANES; l++) {
                    double takes;

                    if (n[l] > 0.0 && uses(w, k, i, m, l, &takes)) {
                        w->want_units[m][l] += n[l] * u[l];
                        w->want_money[m][l] += n[l] * takes;
                    }
                }
            }
        }
    }
}

/* Takes part 1 - serve of the sales of cell k and offer i away; whole numbers are rounded on the
 * running sum over all cells, so that never more is sold than is there. */
static double take(const ps_work *w, int k, int i, int l, double serve, double *restrict sum)
{
    double *n = &(*at(w->sales, w, k, i))[l];
    double away = *n * (1.0 - serve);

    if (w->pass.whole) {
        const double before = *sum, after = before + away;
        const long from = (long)(before + 1.0 - speck), to = (long)(after + 1.0 - speck);

        *sum = after;
        away = (double)(to - from);
        away = away > *n ? *n : away;
    }
    *n -= away;
    return away;
}

/* Chance of each own offer for a buyer who chooses once more in cell k, the offers that ran out
 * left out; returns their sum, and that of staying inside the nest. */
static double chance_again(const ps_work *w, int s, int k, int l, double *restrict q,
                           double *restrict inside)
{
    const ps_plan *p = w->plan;
    const double win = w->win[s][l];
    double x = 0.0, mine = 0.0, gone = 0.0;

    for (int i = 0; i < p->I; i++) {
        gone += w->out_now[i][l] * (*at(w->attract, w, k, i))[l];
        q[i] = w->out_now[i][l] > 0.0 ? 0.0 : (*at(w->attract, w, k, i))[l];
        x += q[i];
    }
    *inside = 1.0;
    if (p->segment[s]
            .general) { /* attractions are probabilities: those of the rest, in proportion */
        mine = gone < 1.0 ? x / (1.0 - gone) : 0.0;
    } else if (p->always) {
        mine = x > 0.0 ? 1.0 : 0.0;
    } else if (w->nest) {
        mine = ps_nested_probability(win / (1.0 - win), x, w->rest[l],
                                     w->other[s * (p->C + 1) + p->C][l], w->nest[s][l], inside);
    } else {
        mine = win * x / (win * x + (1.0 - win) * w->rest[l]);
    }
    for (int i = 0; i < p->I; i++) {
        q[i] = x > 0.0 ? mine * q[i] / x : 0.0;
    }
    return x > 0.0 ? mine : 0.0;
}

/* `n` buyers choose once more in cell k and add to `to`. `index` is the place of their first
 * choice: its luck. */
static void choose_again(ps_work *w, int s, int k, int l, double n, uint32_t index, ps_lanes *to)
{
    const ps_plan *p = w->plan;
    double *q = w->again_chance, *sum = q + p->I, inside;
    const double mine = chance_again(w, s, k, l, q, &inside);

    w->inside_again[l] += n * (inside - mine);
    if (!w->pass.whole) {
        for (int i = 0; i < p->I; i++) {
            (*at(to, w, k, i))[l] += n * q[i];
        }
        return;
    }
    const ps_key key = {p->seed, w->luck_path + (uint64_t)l,
                        ps_hot_mix(w->choice_stream, 0x6167696eU), index};
    long *count = w->again_count;

    for (int i = 0; i < p->I; i++) {
        sum[i] = q[i] + (i > 0 ? sum[i - 1] : 0.0);
        count[i] = 0;
    }
    ps_count_spread(&key, (long)n, p->I, sum, count);
    for (int i = 0; i < p->I; i++) {
        (*at(to, w, k, i))[l] += (double)count[i];
    }
}

/* The promotions that ran out: who does not get them chooses again without all of them. */
static void serve_promotions(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    uint32_t out = 0;

    for (int l = 0; l < PS_LANES; l++) {
        out = 0;
        for (int m = 0; m < p->M; m++) {
            out |= (p->limited_set >> m & 1U) && w->serve_promotion[m][l] < 1.0 ? 1U << m : 0;
        }
        for (int k = 0; k < w->cells && out != 0; k++) {
            const int other = cell_without(w, k, out);

            for (int i = 0; i < p->I && other != k; i++) {
                double serve = 1.0, takes;
                int tightest = 0;

                for (int m = 0; m < p->M; m++) {
                    if ((out >> m & 1U) && w->serve_promotion[m][l] < serve &&
                        uses(w, k, i, m, l, &takes)) {
                        serve = w->serve_promotion[m][l];
                        tightest = m;
                    }
                }
                if (serve < 1.0 && (*at(w->sales, w, k, i))[l] > 0.0) {
                    const double n = take(w, k, i, l, serve, &w->running[tightest][l]);

                    choose_again(w, s, other, l, n, (uint32_t)(k * p->I + i), w->moved);
                }
            }
        }
        for (int k = 0; k < w->cells * p->I && out != 0; k++) {
            w->sales[k][l] += w->moved[k][l];
            w->moved[k][l] = 0.0;
        }
    }
}

/* Units of each offer in `sales`, added to `want`. */
static void want_offers(const ps_work *w, ps_lanes *sales, ps_lanes *want)
{
    for (int k = 0; k < w->cells; k++) {
        for (int i = 0; i < w->plan->I; i++) {
            const double *n = *at(sales, w, k, i), *u = *at(w->sale_units, w, k, i);

            LANES
            {
                want[i][l] += n[l] * u[l];
            }
        }
    }
}

/* The offers that ran out: who does not get one chooses among the others; their sales are kept
 * apart in `moved`. */
static void serve_offers(ps_work *w, int s)
{
    const ps_plan *p = w->plan;

    for (int l = 0; l < PS_LANES; l++) {
        uint32_t gone = 0;

        for (int i = 0; i < p->I; i++) {
            w->out_now[i][l] = w->serve_offer[i][l] < 1.0 ? 1.0 : 0.0;
        }
        for (int m = 0; m < p->M; m++) {
            gone |= (p->limited_set >> m & 1U) && w->serve_promotion[m][l] < 1.0 ? 1U << m : 0;
        }
        for (int k = 0; k < w->cells; k++) {
            for (int i = 0; i < p->I; i++) {
                if (w->out_now[i][l] > 0.0 && (*at(w->sales, w, k, i))[l] > 0.0) {
                    const double u = (*at(w->sale_units, w, k, i))[l];
                    const double n =
                        take(w, k, i, l, w->serve_offer[i][l], &w->running[p->M + i][l]);

                    w->unserved[l] += n * u;
                    choose_again(w, s, cell_without(w, k, gone), l, n,
                                 (uint32_t)((w->cells + k) * p->I + i), w->moved);
                }
            }
        }
        for (int i = 0; i < p->I; i++) {
            w->out_now[i][l] = 0.0;
        }
    }
}

/* Those who chose once more get what is left; the rest of them leaves. */
static void serve_again(ps_work *w)
{
    const ps_plan *p = w->plan;

    for (int k = 0; k < w->cells; k++) {
        for (int i = 0; i < p->I; i++) {
            double *n = *at(w->sales, w, k, i), *more = *at(w->moved, w, k, i);
            const double *u = *at(w->sale_units, w, k, i);

            for (int l = 0; l < PS_LANES; l++) {
                if (w->serve_more[i][l] < 1.0 && more[l] > 0.0) {
                    const double had = n[l];
                    double *sum = &w->running[p->M + p->I + i][l];

                    n[l] = more[l];
                    w->unserved[l] += u[l] * take(w, k, i, l, w->serve_more[i][l], sum);
                    more[l] = n[l];
                    n[l] = had;
                }
                n[l] += more[l];
                more[l] = 0.0;
            }
        }
    }
}

static void clear_moved(ps_work *w)
{
    memset(w->moved, 0, (size_t)(w->cells * w->plan->I) * sizeof(ps_lanes));
    LANES
    {
        w->inside_again[l] = w->unserved[l] = 0.0;
    }
}

/* Sales of the segment by cell after limits, up to a round. */
enum { WANT_PROMOTIONS, WANT_OFFERS, WANT_AGAIN, SALE };

static void ration(ps_work *w, int s, int round)
{
    const ps_plan *p = w->plan;

    first_choice(w, s);
    value_cells(w, s);
    clear_moved(w);
    if (round == WANT_PROMOTIONS) {
        want_promotions(w);
        return;
    }
    if (p->limited_set != 0) {
        serve_promotions(w, s);
    }
    if (round == WANT_OFFERS) {
        want_offers(w, w->sales, w->want_offer);
        return;
    }
    serve_offers(w, s);
    if (round == WANT_AGAIN) {
        want_offers(w, w->moved, w->want_more);
        return;
    }
    serve_again(w);
}

/* The served part: room over wanted. */
static void served_part(ps_lanes *room, ps_lanes *want, int n, ps_lanes *serve)
{
    for (int x = 0; x < n; x++) {
        LANES
        {
            serve[x][l] = want[x][l] <= room[x][l] ? 1.0 : room[x][l] / want[x][l];
        }
    }
}

/* What an offer may sell in this period. */
static void offer_room(ps_work *w, int i)
{
    const ps_plan *p = w->plan;
    const ps_offer *offer = (const ps_offer *)p->scenario->offers.items + i;
    const double *rate =
        offer->capacity ? ps_number_lanes(&offer->capacity->rate.value, w->values[0], 0) : NULL;

    for (int l = 0; l < PS_LANES; l++) {
        double room = w->stock_left[i][l];

        if (rate) {
            const double cap = rate[l] * p->capacity_per[i];
            const double now =
                w->pass.whole ? (double)((long)(cap * (w->t + 1)) - (long)(cap * w->t)) : cap;

            room = now < room ? now : room;
        }
        w->room[i][l] = w->pass.whole ? (double)(long)(room < 1e15 ? room + speck : 1e15) : room;
    }
}

static void promotion_parts(ps_work *w)
{
    const ps_plan *p = w->plan;

    for (int m = 0; m < p->M; m++) {
        LANES
        {
            const double units =
                w->pass.whole ? w->promotion_left[m][l] + speck : w->promotion_left[m][l];
            const double money = w->budget_left[m][l];
            const double a = w->want_units[m][l] <= units ? 1.0 : units / w->want_units[m][l];
            const double b = w->want_money[m][l] <= money ? 1.0 : money / w->want_money[m][l];

            w->serve_promotion[m][l] = a < b ? a : b;
        }
    }
}

/* Nothing runs out, or offers run out as they did without the calendar. */
static void frozen_parts(ps_work *w)
{
    const ps_plan *p = w->plan;
    const size_t offers = (size_t)p->I * sizeof(ps_lanes);
    ps_lanes *tape = w->pass.tape->served + (long)w->t * 2 * p->I;

    for (int m = 0; m < p->M; m++) {
        LANES
        {
            w->serve_promotion[m][l] = 1.0;
        }
    }
    memcpy(w->serve_offer, tape, offers);
    memcpy(w->serve_more, tape + p->I, offers);
}

static void clear_running(ps_work *w)
{
    memset(w->running, 0, (size_t)(w->plan->M + 2 * w->plan->I) * sizeof(ps_lanes));
}

static void all_segments(ps_work *w, int round)
{
    clear_running(w);
    for (int s = 0; s < w->plan->S; s++) {
        ps_hot_choose_first(w, s);
        ration(w, s, round);
    }
}

void ps_hot_limits(ps_work *w)
{
    const ps_plan *p = w->plan;
    const size_t offers = (size_t)p->I * sizeof(ps_lanes);

    if (w->pass.tape && !w->pass.live_limits) {
        frozen_parts(w);
        clear_running(w);
        return;
    }
    memset(w->want_units, 0, (size_t)(p->M + 1) * sizeof(ps_lanes));
    memset(w->want_money, 0, (size_t)(p->M + 1) * sizeof(ps_lanes));
    memset(w->want_offer, 0, offers);
    memset(w->want_more, 0, offers);
    promotion_parts(w);
    for (int i = 0; i < p->I; i++) {
        offer_room(w, i);
    }
    served_part(w->room, w->want_offer, p->I, w->serve_offer);
    served_part(w->room, w->want_more, p->I, w->serve_more);
    if ((p->limited_set & w->pass.calendar & w->promoted[w->t]) != 0) {
        all_segments(w, WANT_PROMOTIONS);
        promotion_parts(w);
    }
    if (p->limited_offers > 0) {
        all_segments(w, WANT_OFFERS);
        served_part(w->room, w->want_offer, p->I, w->serve_offer);
    }
    if (p->limited_offers > 1) {
        all_segments(w, WANT_AGAIN);
        for (int i = 0; i < p->I; i++) { /* what the first choice left */
            LANES
            {
                const double left = w->room[i][l] - w->want_offer[i][l];

                w->room[i][l] = left > 0.0 ? left : 0.0;
            }
        }
        served_part(w->room, w->want_more, p->I, w->serve_more);
    }
    if (w->pass.record) {
        ps_lanes *tape = w->pass.record->served + (long)w->t * 2 * p->I;

        memcpy(tape, w->serve_offer, offers);
        memcpy(tape + p->I, w->serve_more, offers);
    }
    clear_running(w);
}

void ps_hot_ration(ps_work *w, int s)
{
    ration(w, s, SALE);
    LANES
    {
        w->lost_units[l] += w->unserved[l];
    }
}

/* The stocks after the sales of a segment. */
void ps_hot_use_stock(ps_work *w)
{
    const ps_plan *p = w->plan;

    for (int k = 0; k < w->cells; k++) {
        for (int i = 0; i < p->I; i++) {
            const double *n = *at(w->sales, w, k, i), *u = *at(w->sale_units, w, k, i);

            for (int l = 0; l < PS_LANES; l++) {
                double takes;

                w->stock_left[i][l] -= n[l] * u[l];
                for (int m = 0; m < p->M && n[l] > 0.0; m++) {
                    if ((p->limited_set >> m & 1U) && uses(w, k, i, m, l, &takes)) {
                        w->promotion_left[m][l] -= n[l] * u[l];
                        w->budget_left[m][l] -= n[l] * takes;
                    }
                }
            }
        }
    }
    for (int i = 0; i < p->I; i++) {
        LANES
        {
            w->stock_left[i][l] = w->stock_left[i][l] > 0.0 ? w->stock_left[i][l] : 0.0;
        }
    }
    for (int m = 0; m < p->M; m++) {
        LANES
        {
            w->promotion_left[m][l] = w->promotion_left[m][l] > 0.0 ? w->promotion_left[m][l] : 0.0;
            w->budget_left[m][l] = w->budget_left[m][l] > 0.0 ? w->budget_left[m][l] : 0.0;
        }
    }
}

/* The stocks at the start of a walk; what is not limited has more than anybody wants. */
void ps_hot_stocks(ps_work *w)
{
    const ps_plan *p = w->plan;
    const ps_offer *offers = p->scenario->offers.items;

    for (int i = 0; i < p->I; i++) {
        const double *x =
            offers[i].stock.given ? ps_number_lanes(&offers[i].stock, w->values[0], 0) : NULL;

        for (int l = 0; l < PS_LANES; l++) {
            w->stock_left[i][l] = !x ? 1e300 : w->pass.whole ? (double)(long)x[l] : x[l];
        }
    }
    for (int m = 0; m < p->M; m++) {
        const ps_promotion *promo = p->promotion[m].promotion;
        const double *x =
            promo->stock.given ? ps_number_lanes(&promo->stock, w->values[0], 0) : NULL;
        const double *y =
            promo->budget.given ? ps_number_lanes(&promo->budget, w->values[0], 0) : NULL;

        for (int l = 0; l < PS_LANES; l++) {
            w->promotion_left[m][l] = !x ? 1e300 : w->pass.whole ? (double)(long)x[l] : x[l];
            w->budget_left[m][l] = y ? y[l] : 1e300;
        }
    }
}
