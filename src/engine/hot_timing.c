/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Purchases that move in time: buyers who wait for an announced promotion, and sales borrowed from
 * the weeks after one. docs/model/timing.md */
#include <string.h>

#include "engine/hot.h"
#include "engine/hot_nested.h"
#include "engine/hot_timing.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

bool ps_hot_timing_live(const ps_work *w)
{
    return w->plan->timing && (!w->pass.tape || w->pass.live_timing);
}

uint64_t ps_hot_arrival_set(const ps_work *w, const ps_pass *pass)
{
    const ps_plan *p = w->plan;
    const bool live = !pass->tape || pass->live_timing;

    return (pass->calendar & p->traffic_set) | (uint64_t)(live ? pass->calendar & p->wait_set : 0U)
                                                   << 32;
}

/* Part of the arrivals puts off its purchase until the next run of promotion m begins. */
static void wait_for(ps_work *w, int s, int m, double *restrict n)
{
    const ps_plan *p = w->plan;
    const ps_plan_promotion *promo = &p->promotion[m];
    const double *share = ps_number_lanes(&promo->promotion->waiting->share, w->values[0], s);
    double *pool = w->waiting[m * p->S + s];

    if (promo->begins[w->t]) {
        LANES
        {
            n[l] += pool[l];
            pool[l] = 0.0;
        }
    }
    for (int l = 0; l < PS_LANES && promo->announced[w->t] > 0.0; l++) {
        const double part = share[l] * promo->announced[w->t];
        double away = n[l] * part;

        if (w->pass.whole) {
            const ps_key key = {
                p->seed, w->luck_path + (uint64_t)l,
                ps_hot_mix(ps_hot_mix(p->segment[s].stream_arrivals, 0x77616974U), (uint32_t)m),
                (uint32_t)w->t};
            long below = 0;

            if (n[l] >= 1.0) {
                ps_count_below(&key, (long)(n[l] + 0.5), 1, &part, &below);
            }
            away = (double)below;
        }
        n[l] -= away;
        pool[l] += away;
    }
}

void ps_hot_wait(ps_work *w, int s, double *restrict n)
{
    const ps_plan *p = w->plan;
    const uint64_t set = ps_hot_arrival_set(w, &w->pass) >> 32;

    for (int m = 0; m < p->M && set != 0; m++) {
        if ((set >> m & 1U) && p->promotion[m].in_segment[s]) {
            wait_for(w, s, m, n);
        }
    }
}

/* Chance to buy from us in a cell, at the odds of the base row. */
static double chance(const ps_work *w, int s, int k, int l)
{
    const double x = w->attract_sum[k][l], win = w->win[s][l];
    double inside;

    if (w->plan->segment[s].general) {
        return x;
    }
    if (w->plan->always) {
        return 1.0;
    }
    if (w->nest) {
        return ps_nested_probability(win / (1.0 - win), x, w->rest[l],
                                     w->other[s * (w->plan->C + 1) + w->plan->C][l], w->nest[s][l],
                                     &inside);
    }
    return win * x / (win * x + (1.0 - win) * w->rest[l]);
}

/* The same of own offer i alone (below 0: of all). */
static double chance_of(const ps_work *w, int s, int k, int i, int l)
{
    const double all = chance(w, s, k, l), sum = w->attract_sum[k][l];

    return i < 0 || w->plan->I == 1 ? all
           : sum > 0.0              ? all * (w->attract[k * w->plan->I + i][l] / sum)
                                    : 0.0;
}

/* Orders of the first choice, of offer i or of all, that would have been made without the
 * promotions: class 0 has none. */
static double usual_orders(const ps_work *w, int s, int i, double first, int l)
{
    double usual = 0.0, mine = 0.0, all = 0.0;

    if (w->classes <= 1) { /* no promotion: as many as there are */
        return 1e300;
    }
    for (int k = 0; k < w->cells; k++) {
        const double weight = w->cell_weight[k][l];

        usual += weight * chance_of(w, s, k % w->plan->nodes, i, l);
        mine += weight * chance_of(w, s, k, i, l);
        all += weight * chance(w, s, k, l);
    }
    if (i >= 0) {
        first = w->pass.whole ? w->won[i * PS_CHANNELS][l] : all > 0.0 ? first * (mine / all) : 0.0;
    }
    return first * (mine > 0.0 ? usual / mine : 1.0);
}

/* Takes `paid` of `sold` orders of offer i (below 0: of all) away, in proportion over the cells;
 * whole numbers are rounded on their running sum. */
static void take_back(ps_work *w, int i, int l, double sold, double paid)
{
    const int step = i < 0 ? 1 : w->plan->I;
    double sum = 0.0;

    for (int at = i < 0 ? 0 : i; at < w->cells * w->plan->I && paid > 0.0; at += step) {
        double *n = &w->sales[at][l];
        double away = *n * (paid / sold);

        if (w->pass.whole) {
            const double before = sum;

            sum += away;
            away = (double)((long)(sum + 0.5) - (long)(before + 0.5));
        }
        *n -= away;
    }
}

/* Whether what is owed waits: a promotion that is paid back afterwards still runs. */
static bool still_promoted(const ps_work *w, int s, int i)
{
    const ps_plan *p = w->plan;

    for (int m = 0; m < p->M; m++) {
        const ps_plan_promotion *promo = &p->promotion[m];

        if ((w->pass.calendar >> m & 1U) && promo->active[w->t] > 0.0 && promo->in_segment[s] &&
            (i < 0 || promo->in_offer[i])) {
            return true;
        }
    }
    return false;
}

/* Offer i (below 0: all own offers together) pays back and borrows. */
static void borrow_line(ps_work *w, int s, int i, const double *first)
{
    const ps_borrow *borrow = w->plan->segment[s].segment->borrow;
    const double *share = ps_number_lanes(&borrow->share, w->values[0], s);
    const int line = s * w->plan->I + (i < 0 ? 0 : i), step = i < 0 ? 1 : w->plan->I;
    const bool waits = borrow->paid_back == PS_PAID_BACK_AFTER_PROMOTION && still_promoted(w, s, i);
    double *debt = w->debt[line], *due = w->due[line];

    for (int l = 0; l < PS_LANES; l++) {
        const double keep = waits ? 1.0 : w->borrow_keep[s][l];
        double sold = 0.0;

        for (int at = i < 0 ? 0 : i; at < w->cells * w->plan->I; at += step) {
            sold += w->sales[at][l];
        }
        const double usual = usual_orders(w, s, i, first[l], l);
        const double lift = sold > usual ? sold - usual : 0.0;

        due[l] += (1.0 - keep) * debt[l];
        double paid = waits ? 0.0 : due[l] < sold ? due[l] : sold;

        paid = w->pass.whole ? (double)(long)(paid + 1e-9) : paid;
        take_back(w, i, l, sold, paid);
        due[l] -= paid;
        debt[l] = keep * debt[l] + share[l] * lift;
        w->repaid[l] += paid;
    }
}

/* Orders borrowed before are paid back out of this period's, and those that the promotions brought
 * are borrowed from the next ones. `first`: orders of the first choice. */
void ps_hot_borrow(ps_work *w, int s, const double *first)
{
    const ps_borrow *borrow = w->plan->segment[s].segment->borrow;

    LANES
    {
        w->repaid[l] = 0.0;
    }
    if (!borrow || w->pass.calendar == 0 || !ps_hot_timing_live(w)) {
        return;
    }
    if (borrow->of == PS_BORROW_ALL) {
        borrow_line(w, s, -1, first);
        return;
    }
    for (int i = 0; i < w->plan->I; i++) {
        borrow_line(w, s, i, first);
    }
}

void ps_hot_timing_start(ps_work *w)
{
    const ps_plan *p = w->plan;

    if (p->hurries) {
        ps_hot_hurry_start(w);
    }
    memset(w->waiting, 0, (size_t)(p->wait_set != 0 ? p->M * p->S : 0) * sizeof(ps_lanes));
    for (int s = 0; s < p->S && p->borrows; s++) {
        const ps_borrow *borrow = p->segment[s].segment->borrow;

        memset(w->debt[s * p->I], 0, (size_t)p->I * sizeof(ps_lanes));
        memset(w->due[s * p->I], 0, (size_t)p->I * sizeof(ps_lanes));
        if (borrow) {
            ps_hot_carry_over(w, s, &borrow->half_life_days, &borrow->carry_over_per_week,
                              w->borrow_keep[s]);
        }
    }
}
