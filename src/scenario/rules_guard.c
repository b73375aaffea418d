/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Guard rails of the promotion calendar: depth, weeks in a quarter, gaps, price against rivals.
 * docs/model/promotions.md */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/date.h"
#include "scenario/load.h"
#include "scenario/rules.h"

typedef struct {
    const ps_rules *rules;
    const ps_guard_rails *rails;
    const ps_offer *offer;
    int index;      /* of the offer */
    int start, end; /* the horizon, end excluded */
} guard;

static bool concerns(const ps_refs *refs, int index)
{
    for (int i = 0; i < refs->count; i++) {
        if (refs->items[i].index == index) {
            return true;
        }
    }
    return refs->count == 0;
}

/* Whether promotion m is on for the offer that day, in segment s (-1: in any). */
static bool runs(const guard *g, int m, int s, int day)
{
    const ps_promotion *promotion = (const ps_promotion *)g->rules->scenario->promotions.items + m;

    return concerns(&promotion->offers, g->index) && (s < 0 || concerns(&promotion->segments, s)) &&
           ps_promotion_days(promotion, day, day + 1) > 0;
}

/* Of the promotions of the offer that are on, the one with the lowest price (of equal ones the last
 * by id), -1 when none is. */
static int running(const guard *g, int day)
{
    const ps_promotion *promotions = g->rules->scenario->promotions.items;
    const double list = ps_rule_centre(&g->offer->list_price, 0);
    double lowest = INFINITY;
    int found = -1;

    for (int m = 0; m < g->rules->scenario->promotions.count; m++) {
        if (runs(g, m, -1, day)) {
            const double price = fmin(list, ps_rule_promoted(&promotions[m], day, list));

            found = price <= lowest ? m : found;
            lowest = fmin(lowest, price);
        }
    }
    return found;
}

static int group_of(const ps_stacking *stacking, int m)
{
    const ps_stacking_group *groups = stacking->groups.items;

    for (int k = 0; k < stacking->groups.count; k++) {
        if (concerns(&groups[k].members, m)) {
            return k;
        }
    }
    return -1 - m; /* a group of its own */
}

/* Under `stack` the best of m's group for the customer, marked in `done`; else m alone. */
static double after_group(const guard *g, int m, int s, int day, double price, uint32_t *done)
{
    const ps_scenario *sc = g->rules->scenario;
    const ps_promotion *promotions = sc->promotions.items;
    double best = price;

    for (int k = 0; k < sc->promotions.count; k++) {
        const bool together = k == m || (sc->stacking->rule == PS_STACK &&
                                         group_of(sc->stacking, k) == group_of(sc->stacking, m));

        if (together && runs(g, k, s, day)) {
            best = fmin(best, ps_rule_promoted(&promotions[k], day, price)); /* not NAN */
            *done |= UINT32_C(1) << k;
        }
    }
    return best;
}

/* Unit price of a buyer in segment s whom every promotion reaches, at the centre of all inputs. */
static double lowest_price(const guard *g, int s, int day)
{
    const ps_scenario *sc = g->rules->scenario;
    const ps_promotion *promotions = sc->promotions.items;
    const ps_refs *order = &sc->stacking->order;
    const double list = ps_rule_centre(&g->offer->list_price, 0);
    double price = list;
    uint32_t done = 0;

    for (int rank = 0; rank < sc->promotions.count; rank++) {
        const int m = order->count > 0 ? order->items[rank].index : rank;

        if (done >> m & 1U || !runs(g, m, s, day)) {
            continue;
        }
        const bool basket = isnan(ps_rule_promoted(&promotions[m], day, list));
        const double from = sc->stacking->rule == PS_STACK ? price : list;

        price = basket ? price : fmin(price, after_group(g, m, s, day, from, &done));
        if (sc->stacking->rule == PS_EXCLUSIVE) {
            break;
        }
    }
    return fmax(price, list * (1 - ps_rule_centre(&sc->stacking->cap, 1)));
}

__attribute__((format(printf, 4, 5))) static void breach(const guard *g, int day, const char *rail,
                                                         const char *format, ...);
static void breach(const guard *g, int day, const char *rail, const char *format, ...)
{
    const ps_promotion *promotions = g->rules->scenario->promotions.items;
    const int m = running(g, day);
    char text[256], date[16];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    ps_rule_fault(g->rules, "WARN_GUARD_RAIL", promotions[m].entry.pointer, NULL, NULL,
                  "'%s' on %s: %s (guard_rails.%s)", g->offer->entry.id, ps_date_format(day, date),
                  text, rail);
}

/* The lowest price of the horizon against the list price and against the mean of the rivals'. */
static void check_prices(const guard *g)
{
    const ps_scenario *sc = g->rules->scenario;
    const double list = ps_rule_centre(&g->offer->list_price, 0);
    double lowest = list, rivals = 0;
    int when = g->start;

    for (int day = g->start; day < g->end; day++) {
        for (int s = 0; s < sc->market->segments.count; s++) {
            const double price = lowest_price(g, s, day);

            when = price < lowest ? day : when;
            lowest = fmin(price, lowest);
        }
    }
    for (int c = 0; c < sc->rivals; c++) {
        rivals += ps_rule_centre(&sc->rival[c]->price, 0) / sc->rivals;
    }
    const double depth = 1 - lowest / list, index = rivals > 0 ? 100 * lowest / rivals : INFINITY;

    if (lowest < list && depth > g->rails->max_depth + 1e-9) {
        breach(g, when, "max_depth", "%.4g%% off, more than %.4g%%", 100 * depth,
               100 * g->rails->max_depth);
    }
    if (lowest < list && index < g->rails->min_price_index - 1e-7) {
        breach(g, when, "min_price_index", "a price index of %.4g against rivals, less than %.4g",
               index, g->rails->min_price_index);
    }
}

/* Number of the quarter that holds the day; quarters begin with the fiscal year. */
static int quarter_of(const ps_calendar *calendar, int day)
{
    int year, month, date;

    ps_date_split(day, &year, &month, &date);
    return (12 * year + month - (int)calendar->fiscal_year_start) / 3;
}

static void check_weeks(const guard *g)
{
    const ps_calendar *calendar = g->rules->scenario->calendar;
    const double most = g->rails->max_weeks_per_quarter;
    bool told = false;
    int days = 0;

    for (int day = g->start; day < g->end; day++) {
        const bool new_quarter =
            day > g->start && quarter_of(calendar, day) != quarter_of(calendar, day - 1);

        told = told && !new_quarter;
        days = (new_quarter ? 0 : days) + (running(g, day) >= 0);
        if (!told && running(g, day) >= 0 && days > 7 * most + 1e-9) {
            told = true;
            breach(g, day, "max_weeks_per_quarter",
                   "promoted for more than %.4g weeks of a quarter", most);
        }
    }
}

static void check_gaps(const guard *g)
{
    int last = PS_NO_DATE;

    for (int day = g->start; day < g->end; day++) {
        if (running(g, day) < 0) {
            continue;
        }
        if (last != PS_NO_DATE && day > last + 1 && day - last - 1 < 7 * g->rails->min_gap_weeks) {
            breach(g, day, "min_gap_weeks",
                   "%d days after the promotion before, less than %.4g weeks", day - last - 1,
                   g->rails->min_gap_weeks);
        }
        last = day;
    }
}

void ps_rules_guard(const ps_rules *rules)
{
    const ps_scenario *sc = rules->scenario;
    const ps_offer *offers = sc->offers.items;
    const ps_guard_rails *rails = sc->guard_rails;

    if (rails == NULL || rules->faults->errors > 0) {
        return;
    }
    for (int i = 0; i < sc->offers.count; i++) {
        const guard g = {rules,
                         rails,
                         &offers[i],
                         i,
                         sc->calendar->start,
                         ps_rule_period_start(sc->calendar, sc->calendar->periods)};

        check_prices(&g);
        check_weeks(&g);
        check_gaps(&g);
    }
}
