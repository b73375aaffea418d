/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of promotions: dates, depth against price and cost, spend thresholds, how many at once. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "scenario/load.h"
#include "scenario/rules.h"

enum { POINTER = 400 };

#define HIGHEST_FEATURED_SHARE 0.95

int ps_rule_period_start(const ps_calendar *calendar, int64_t n)
{
    int year, month, day;

    if (calendar->period == PS_PERIOD_DAY || calendar->period == PS_PERIOD_WEEK) {
        return calendar->start + (int)n * (calendar->period == PS_PERIOD_DAY ? 1 : 7);
    }
    ps_date_split(calendar->start, &year, &month, &day);

    const int months = month - 1 + (int)n * (calendar->period == PS_PERIOD_MONTH ? 1 : 3);

    return ps_date_join(year + months / 12, months % 12 + 1, 1);
}

/* Whether a list of references has the index; an empty list means all. */
static bool concerns(const ps_refs *refs, int index)
{
    for (int i = 0; i < refs->count; i++) {
        if (refs->items[i].index == index) {
            return true;
        }
    }
    return refs->count == 0;
}

static void check_dates(const ps_rules *rules, const ps_promotion *promotion)
{
    const ps_calendar *calendar = rules->scenario->calendar;
    const ps_recurrence *recurrence = promotion->recurrence;
    const int end = ps_rule_period_start(calendar, calendar->periods);
    char a[16], b[16];

    if (promotion->to < promotion->from) {
        ps_rule_fault(rules, "ORDER", promotion->entry.pointer, "to", NULL,
                      "ends %s before it starts %s", ps_date_format(promotion->to, a),
                      ps_date_format(promotion->from, b));
        return;
    }
    if (promotion->from >= end) {
        ps_rule_fault(rules, "WARN_NO_EFFECT", promotion->entry.pointer, NULL, NULL,
                      "begins after the horizon ends %s: it has no effect",
                      ps_date_format(end - 1, a));
    } else if (promotion->to < calendar->start) {
        ps_rule_fault(rules, "WARN_NO_EFFECT", promotion->entry.pointer, NULL, NULL,
                      "ends before the horizon begins %s: it has no effect",
                      ps_date_format(calendar->start, a));
    }
    if (recurrence != NULL && recurrence->days > recurrence->every_days) {
        ps_rule_fault(rules, "ORDER", promotion->entry.pointer, "recurrence/days", NULL,
                      "lasts %lld days, but comes back every %lld", (long long)recurrence->days,
                      (long long)recurrence->every_days);
    }
}

static const ps_field *field_of(const ps_kind *kind, const char *key)
{
    const ps_field *field = kind->shape.fields;

    while (field->type != PS_FIELD_END && (field->key == NULL || strcmp(field->key, key) != 0)) {
        field++;
    }
    return field;
}

/* Part taken off by the step of a markdown calendar that is in force. */
static double marked_down(const ps_promotion *promotion, int day)
{
    const ps_list *steps = ps_kind_parameter(&promotion->kind, "markdowns");
    const ps_shape *shape = field_of(promotion->kind.kind, "markdowns")->sub;
    double value = 0;

    for (int k = 0; k < steps->count; k++) {
        const char *step = (const char *)steps->items + (size_t)k * shape->size;

        if (*(const int *)(const void *)(step + shape->fields[0].offset) <= day) {
            value = ps_rule_centre((const void *)(step + shape->fields[1].offset), 0);
        }
    }
    return value;
}

double ps_rule_promoted(const ps_promotion *promotion, int day, double price)
{
    const ps_number *value = ps_kind_parameter(&promotion->kind, "value");
    const ps_number *fixed = ps_kind_parameter(&promotion->kind, "price");
    const char *kind = promotion->kind.kind->name;

    if (strcmp(kind, "percent_off") == 0) {
        return price * (1 - ps_rule_centre(value, 0));
    }
    if (strcmp(kind, "amount_off") == 0) {
        return price - ps_rule_centre(value, 0);
    }
    if (strcmp(kind, "coupon") == 0 || strcmp(kind, "member_price") == 0) {
        const ps_number *amount = ps_kind_parameter(&promotion->kind, "amount");

        return fixed != NULL && fixed->given ? fmin(price, ps_rule_centre(fixed, price))
               : amount->given               ? price - ps_rule_centre(amount, 0)
                                             : price * (1 - ps_rule_centre(value, 0));
    }
    if (strcmp(kind, "clearance") == 0) {
        return price * (1 - marked_down(promotion, day));
    }
    if (strcmp(kind, "flash") == 0 || strcmp(kind, "bundle") == 0) {
        return fixed->given ? fmin(price, ps_rule_centre(fixed, price))
                            : price * (1 - ps_rule_centre(value, 0));
    }
    return strcmp(kind, "fixed_price") == 0 ? fmin(price, ps_rule_centre(fixed, price)) : NAN;
}

static void check_depth_on(const ps_rules *rules, const ps_promotion *promotion,
                           const ps_offer *offer)
{
    const double list = ps_rule_centre(&offer->list_price, 0);
    const double price = ps_rule_promoted(promotion, promotion->from, list),
                 cost = ps_rule_centre(&offer->unit_cost, 0);
    const char *key = ps_rule_given(&promotion->kind, "value")    ? "value"
                      : ps_rule_given(&promotion->kind, "amount") ? "amount"
                                                                  : "price";
    char a[32], b[32];

    if (price < 0) {
        ps_rule_fault(rules, "NEGATIVE_PRICE", promotion->entry.pointer, key, NULL,
                      "%s off %s of '%s'", ps_text_number(list - price, a), ps_text_number(list, b),
                      offer->entry.id);
    } else if (ps_rule_earned(rules, offer, price) < cost &&
               ps_rule_earned(rules, offer, list) >= cost) {
        ps_rule_fault(rules, "WARN_BELOW_COST", promotion->entry.pointer, key, NULL,
                      "the promotional price %.6g of '%s' is below its unit cost %s",
                      ps_rule_earned(rules, offer, price), offer->entry.id,
                      ps_text_number(cost, b));
    }
}

static void check_depth(const ps_rules *rules, const ps_promotion *promotion)
{
    const ps_number *value = ps_kind_parameter(&promotion->kind, "value");
    const ps_offer *offers = rules->scenario->offers.items;

    if (value != NULL && ps_rule_centre(value, 1) == 0) {
        ps_rule_fault(rules, "WARN_NO_EFFECT", promotion->entry.pointer, "value", NULL,
                      "no effect");
        return;
    }
    if (strcmp(promotion->kind.kind->name, "percent_off") == 0 && ps_rule_centre(value, 0) == 1) {
        ps_rule_fault(rules, "WARN_FREE", promotion->entry.pointer, "value", NULL,
                      "100%% off: the price is 0 during the promotion");
        return;
    }
    for (int i = 0; i < rules->scenario->offers.count; i++) {
        if (concerns(&promotion->offers, i)) {
            check_depth_on(rules, promotion, &offers[i]);
        }
    }
}

static void check_coupon(const ps_rules *rules, const ps_promotion *promotion)
{
    static const char *const keys[] = {"value", "amount", NULL};

    if (strcmp(promotion->kind.kind->name, "coupon") == 0) {
        ps_rule_one_of(rules, promotion->entry.pointer, keys,
                       (const bool[]){ps_rule_given(&promotion->kind, "value"),
                                      ps_rule_given(&promotion->kind, "amount")});
    }
}

/* ---- spend thresholds ---- */

/* The numbers `spend` and `save` of one element of a list, or of an object, by its shape. */
static double plain_of(const ps_shape *shape, const void *object, const char *key)
{
    for (const ps_field *f = shape->fields; f->type != PS_FIELD_END; f++) {
        if (strcmp(f->key, key) == 0) {
            return *(const double *)(const void *)((const char *)object + f->offset);
        }
    }
    return NAN;
}

static void check_saving(const ps_rules *rules, const char *pointer, double spend, double save)
{
    char a[32], b[32];

    if (save >= spend) {
        ps_rule_fault(rules, "NEGATIVE_PRICE", pointer, "save", NULL, "%s off a basket of %s",
                      ps_text_number(save, a), ps_text_number(spend, b));
    }
}

static void check_tiers(const ps_rules *rules, const ps_promotion *promotion, const ps_list *tiers)
{
    const ps_shape *shape = field_of(promotion->kind.kind, "tiers")->sub;
    double spend_before = 0, save_before = 0;
    char pointer[POINTER];

    for (int k = 0; k < tiers->count; k++) {
        const char *tier = (const char *)tiers->items + (size_t)k * shape->size;
        const double spend = plain_of(shape, tier, "spend"), save = plain_of(shape, tier, "save");

        snprintf(pointer, sizeof pointer, "%s/tiers/%d", promotion->entry.pointer, k);
        check_saving(rules, pointer, spend, save);
        if (spend <= spend_before || save <= save_before) {
            ps_rule_fault(rules, "ORDER", pointer, spend <= spend_before ? "spend" : "save", NULL,
                          "tiers ascend in 'spend' and 'save'");
        }
        spend_before = spend;
        save_before = save;
    }
}

static void check_threshold(const ps_rules *rules, const ps_promotion *promotion)
{
    static const char *const keys[] = {"tiers", "every", NULL};
    const ps_list *tiers = ps_kind_parameter(&promotion->kind, "tiers");
    const void *const *every = ps_kind_parameter(&promotion->kind, "every");
    const ps_segment *segments = rules->scenario->market->segments.items;
    bool basket = false;
    char pointer[POINTER];

    if (tiers == NULL || every == NULL) {
        return;
    }
    ps_rule_one_of(rules, promotion->entry.pointer, keys,
                   (const bool[]){tiers->count > 0, *every != NULL});
    check_tiers(rules, promotion, tiers);
    if (*every != NULL) {
        const ps_shape *shape = field_of(promotion->kind.kind, "every")->sub;

        snprintf(pointer, sizeof pointer, "%s/every", promotion->entry.pointer);
        check_saving(rules, pointer, plain_of(shape, *every, "spend"),
                     plain_of(shape, *every, "save"));
    }
    for (int s = 0; s < rules->scenario->market->segments.count; s++) {
        basket = basket || (concerns(&promotion->segments, s) && segments[s].basket.given);
    }
    if (!basket) {
        ps_rule_fault(rules, "MISSING", promotion->entry.pointer, NULL,
                      "state how much a customer spends per order: segments.ID.basket",
                      "a threshold needs a segment with 'basket'");
    }
}

/* ---- feature ---- */

static void check_featured_share(const ps_rules *rules, const ps_promotion *promotion)
{
    const ps_scenario *s = rules->scenario;
    const ps_segment *segments = s->market->segments.items;
    const double multiplier = ps_rule_centre(&promotion->feature->multiplier, 0);

    for (int k = 0; k < s->market->segments.count; k++) {
        const ps_choice *choice =
            segments[k].choice != NULL ? segments[k].choice : s->market->choice;

        for (int i = 0; i < s->offers.count && choice != NULL && concerns(&promotion->segments, k);
             i++) {
            const double share = ps_rule_share(rules, choice, i);

            if (concerns(&promotion->offers, i) && multiplier * share >= HIGHEST_FEATURED_SHARE) {
                ps_rule_fault(rules, "RANGE", promotion->entry.pointer, "feature/multiplier", NULL,
                              "%g times the share %.3g in '%s' leaves less than 5%% to all others",
                              multiplier, share, segments[k].entry.id);
                return;
            }
        }
    }
}

static void check_feature(const ps_rules *rules, const ps_promotion *promotion)
{
    static const char *const keys[] = {"multiplier", "utility", NULL};
    char pointer[POINTER];

    if (promotion->feature == NULL) {
        return;
    }
    snprintf(pointer, sizeof pointer, "%s/feature", promotion->entry.pointer);
    ps_rule_one_of(
        rules, pointer, keys,
        (const bool[]){promotion->feature->multiplier.given, promotion->feature->utility.given});
    if (promotion->traffic.given && !promotion->allow_both) {
        ps_rule_fault(rules, "CONFLICT", promotion->entry.pointer, "traffic",
                      "\"allow_both\": true if one does not contain the other",
                      "feature and traffic together: their effects multiply");
    }
    if (promotion->feature->multiplier.given) {
        check_featured_share(rules, promotion);
    }
}

/* ---- at once ---- */

static int bits(uint32_t set)
{
    int count = 0;

    for (; set != 0; set &= set - 1) {
        count++;
    }
    return count;
}

/* Promotions of a segment, as a set. */
static uint32_t promotions_in(const ps_scenario *s, int segment)
{
    const ps_promotion *promotions = s->promotions.items;
    uint32_t set = 0;

    for (int m = 0; m < s->promotions.count; m++) {
        set |= concerns(&promotions[m].segments, segment) ? UINT32_C(1) << m : 0;
    }
    return set;
}

static void check_at_once(const ps_rules *rules)
{
    const ps_scenario *s = rules->scenario;
    const ps_promotion *promotions = s->promotions.items;
    const ps_segment *segments = s->market->segments.items;
    char date[16];

    for (int64_t t = 0; t < s->calendar->periods && s->promotions.count > PS_MAX_ACTIVE; t++) {
        const int start = ps_rule_period_start(s->calendar, t),
                  end = ps_rule_period_start(s->calendar, t + 1);
        uint32_t active = 0;

        for (int m = 0; m < s->promotions.count; m++) {
            active |= ps_promotion_days(&promotions[m], start, end) > 0 ? UINT32_C(1) << m : 0;
        }
        for (int k = 0; k < s->market->segments.count && bits(active) > PS_MAX_ACTIVE; k++) {
            const int count = bits(active & promotions_in(s, k));

            if (count > PS_MAX_ACTIVE) {
                ps_rule_fault(rules, "LIMIT", "", "promotions", NULL,
                              "%d promotions at once in '%s' in the period of %s, at most %d",
                              count, segments[k].entry.id, ps_date_format(start, date),
                              PS_MAX_ACTIVE);
                return;
            }
        }
    }
}

void ps_rules_promotion(const ps_rules *rules)
{
    const ps_promotion *promotions = rules->scenario->promotions.items;

    for (int m = 0; m < rules->scenario->promotions.count; m++) {
        check_dates(rules, &promotions[m]);
        check_depth(rules, &promotions[m]);
        check_coupon(rules, &promotions[m]);
        check_threshold(rules, &promotions[m]);
        check_feature(rules, &promotions[m]);
    }
    check_at_once(rules);
}
