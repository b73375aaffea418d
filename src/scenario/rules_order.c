/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of orders of several units: who may have a quantity, multi-buys and volume tiers. */
#include <stdio.h>
#include <string.h>

#include "scenario/load.h"
#include "scenario/rules.h"

enum { POINTER = 512 };

static bool concerns(const ps_refs *refs, int index)
{
    for (int i = 0; i < refs->count; i++) {
        if (refs->items[i].index == index) {
            return true;
        }
    }
    return refs->count == 0;
}

static void check_quantity(const ps_rules *rules, const ps_segment *segment)
{
    const ps_scenario *sc = rules->scenario;
    const ps_offer *offers = sc->offers.items;
    const ps_promotion *promotions = sc->promotions.items;
    const char *pointer = segment->entry.pointer;
    bool limited = false;

    if (sc->scope == PS_SCOPE_PIPELINE) {
        ps_rule_fault(rules, "CONFLICT", pointer, "quantity", "deal_size",
                      "'quantity' belongs to a market, not to a pipeline");
        return;
    }
    if (segment->basket.given) {
        ps_rule_fault(rules, "CONFLICT", pointer, "quantity", "give one of them",
                      "'quantity' beside 'basket': an order is counted in units or in money");
    }
    for (int i = 0; i < sc->offers.count; i++) {
        limited = limited || offers[i].stock.given || offers[i].capacity;
    }
    for (int m = 0; m < sc->promotions.count; m++) {
        limited = limited || promotions[m].stock.given || promotions[m].budget.given;
    }
    if (limited) {
        ps_rule_fault(rules, "CONFLICT", pointer, "quantity", "leave it out: one unit per order",
                      "no 'quantity' beside a stock, a budget or a capacity: how many units an "
                      "order holds is known when it is signed");
    }
}

static void check_tiers(const ps_rules *rules, const ps_promotion *promotion)
{
    const ps_list *tiers = ps_kind_parameter(&promotion->kind, "tiers");
    const ps_shape *shape = NULL;
    int64_t units = 0;
    double value = -1;
    char pointer[POINTER];

    for (const ps_field *f = promotion->kind.kind->shape.fields; f->type != PS_FIELD_END; f++) {
        shape = strcmp(f->key, "tiers") == 0 ? f->sub : shape;
    }
    for (int k = 0; tiers && shape && k < tiers->count; k++) {
        const char *tier = (const char *)tiers->items + (size_t)k * shape->size;
        const int64_t next = *(const int64_t *)(const void *)(tier + shape->fields[0].offset);
        const double off = ps_rule_centre((const void *)(tier + shape->fields[1].offset), 0);

        if (next <= units || off <= value) {
            snprintf(pointer, sizeof pointer, "%s/tiers/%d", promotion->entry.pointer, k);
            ps_rule_fault(rules, "ORDER", pointer, next <= units ? "units" : "value", NULL,
                          "tiers ascend in 'units' and 'value'");
        }
        units = next;
        value = off;
    }
}

/* A limit per customer counts units of orders. */
static void check_limit(const ps_rules *rules, const ps_promotion *promotion)
{
    const ps_scenario *sc = rules->scenario;
    const ps_segment *segments = sc->market->segments.items;
    bool counted = false;

    for (int s = 0; s < sc->market->segments.count; s++) {
        const bool in = concerns(&promotion->segments, s);

        counted = counted || (in && segments[s].quantity.given);
        if (in && segments[s].basket.given) {
            ps_rule_fault(rules, "CONFLICT", promotion->entry.pointer, "per_customer",
                          "state its 'segments'",
                          "'per_customer' counts units, the orders of '%s' are baskets of money",
                          segments[s].entry.id);
            return;
        }
    }
    const int64_t *buy = ps_kind_parameter(&promotion->kind, "buy");

    if (buy && strcmp(promotion->kind.kind->name, "multi_buy") == 0 &&
        promotion->per_customer < *buy) {
        ps_rule_fault(rules, "ORDER", promotion->entry.pointer, "per_customer", NULL,
                      "'per_customer' is at least 'buy', or nobody gets the multi-buy");
    }
    if (!counted) {
        ps_rule_fault(rules, "MISSING", promotion->entry.pointer, "per_customer",
                      "state how many units a customer buys per order: segments.ID.quantity",
                      "'per_customer' needs a segment with 'quantity'");
    }
}

static void check_promotion(const ps_rules *rules, const ps_promotion *promotion)
{
    const ps_scenario *sc = rules->scenario;
    const ps_segment *segments = sc->market->segments.items;
    const char *kind = promotion->kind.kind->name;
    const int64_t *buy = ps_kind_parameter(&promotion->kind, "buy");
    const ps_number *pay = ps_kind_parameter(&promotion->kind, "pay");
    bool counted = false;

    if (strcmp(kind, "multi_buy") != 0 && strcmp(kind, "volume_tier") != 0) {
        return;
    }
    for (int s = 0; s < sc->market->segments.count; s++) {
        counted = counted || (concerns(&promotion->segments, s) && segments[s].quantity.given);
    }
    if (!counted) {
        ps_rule_fault(rules, "MISSING", promotion->entry.pointer, NULL,
                      "state how many units a customer buys per order: segments.ID.quantity",
                      "a %s needs a segment with 'quantity'", kind);
    }
    if (strcmp(kind, "multi_buy") == 0 && ps_rule_centre(pay, 0) >= (double)*buy) {
        ps_rule_fault(rules, "ORDER", promotion->entry.pointer, "pay", NULL,
                      "'pay' is less than 'buy': 2 of 3, 1.5 of 2");
    }
    if (strcmp(kind, "volume_tier") == 0) {
        check_tiers(rules, promotion);
    }
}

void ps_rules_order(const ps_rules *rules)
{
    const ps_scenario *sc = rules->scenario;

    for (int s = 0; s < sc->market->segments.count; s++) {
        const ps_segment *segment = (const ps_segment *)sc->market->segments.items + s;

        if (segment->quantity.given) {
            check_quantity(rules, segment);
        }
    }
    for (int m = 0; m < sc->promotions.count; m++) {
        const ps_promotion *promotion = (const ps_promotion *)sc->promotions.items + m;

        check_promotion(rules, promotion);
        if (promotion->per_customer > 0) {
            check_limit(rules, promotion);
        }
    }
}
