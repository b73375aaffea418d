/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of bundles: offers that are several own offers bought together, and the promotions for
 * them. docs/model/bundles.md */
#include <stdio.h>
#include <string.h>

#include "scenario/load.h"
#include "scenario/rules.h"

enum { POINTER = 400 };

const ps_offer *ps_rule_bundle(const ps_rules *rules, int offer)
{
    const ps_offer *offers = rules->scenario->offers.items;

    return offer < rules->scenario->offers.count && offers[offer].bundle ? &offers[offer] : NULL;
}

static void check_own_number(const ps_rules *rules, const ps_offer *offer, const char *key,
                             const ps_number *number)
{
    if (!offer->bundle && !number->given) {
        ps_rule_fault(rules, "MISSING", offer->entry.pointer, key, NULL,
                      "required key '%s' is missing", key);
    } else if (offer->bundle && !number->defaulted) {
        ps_rule_fault(rules, "CONFLICT", offer->entry.pointer, key,
                      "leave it out; a cheaper bundle is a promotion of kind bundle",
                      "a bundle's '%s' is the sum of its offers'", key);
    }
}

static void check_stocks(const ps_rules *rules, const ps_offer *offer, const char *of)
{
    if (offer->stock.given || offer->capacity) {
        ps_rule_fault(rules, "CONFLICT", offer->entry.pointer,
                      offer->stock.given ? "stock" : "capacity", NULL,
                      "what is sold in the bundle '%s' is not counted against it", of);
    }
}

static void check_parts(const ps_rules *rules, const ps_offer *offer, const char *pointer)
{
    const ps_offer *offers = rules->scenario->offers.items;
    const ps_refs *of = &offer->bundle->of;

    if (of->count < 2) {
        ps_rule_fault(rules, "RANGE", pointer, "of", NULL, "a bundle is two offers at least");
    }
    for (int k = 0; k < of->count; k++) {
        const ps_offer *part = &offers[of->items[k].index];

        if (part->bundle) {
            ps_rule_fault(rules, "CYCLE", pointer, "of", "name the offers in it",
                          "'%s' is a bundle itself", part->entry.id);
        } else {
            check_stocks(rules, part, offer->entry.id);
        }
    }
    for (const ps_offer *other = offers; other < offer; other++) {
        if (other->bundle && of->count > 0 &&
            other->bundle->of.items[0].index == of->items[0].index) {
            ps_rule_fault(rules, "CONFLICT", pointer, "of", "let another of its offers come first",
                          "'%s' comes first in bundle '%s', too", of->items[0].id, other->entry.id);
        }
    }
}

static void check_bundle(const ps_rules *rules, const ps_offer *offer)
{
    const ps_pricing *pricing = offer->pricing;
    char pointer[POINTER];

    snprintf(pointer, sizeof pointer, "%s/bundle", offer->entry.pointer);
    check_parts(rules, offer, pointer);
    check_stocks(rules, offer, offer->entry.id);
    if (strcmp(pricing->policy.kind->name, "fixed") != 0 || ps_pricing_limits(pricing) ||
        ps_rule_given(&pricing->policy, "price") || ps_rule_given(&pricing->policy, "changes")) {
        ps_rule_fault(rules, "CONFLICT", offer->entry.pointer, "pricing",
                      "a cheaper bundle is a promotion of kind bundle",
                      "a bundle's list price is the sum of its offers'");
    }
}

static void check_map(const ps_rules *rules, const char *pointer, const char *key,
                      const ps_number_map *map)
{
    for (int k = 0; k < map->count; k++) {
        const ps_offer *bundle = ps_rule_bundle(rules, map->keys[k].index);

        if (bundle) {
            ps_rule_fault(rules, "CONFLICT", pointer, key,
                          "it is 'attach' times that of its first offer",
                          "the bundle '%s' has no number of its own here", bundle->entry.id);
        }
    }
}

static void check_choice(const ps_rules *rules, const ps_choice *choice, const char *owner)
{
    char pointer[POINTER];

    if (!choice) {
        return;
    }
    snprintf(pointer, sizeof pointer, "%s/choice", owner);
    check_map(rules, pointer, "baseline", &choice->baseline);
    check_map(rules, pointer, "conversions", &choice->conversions);
    check_map(rules, pointer, "utility", &choice->utility);
    check_map(rules, pointer, "observed_at", &choice->observed_at);
    if (choice->elasticity && choice->elasticity->offer.id &&
        ps_rule_bundle(rules, choice->elasticity->offer.index)) {
        ps_rule_fault(rules, "CONFLICT", pointer, "elasticity/offer", "state it for an offer in it",
                      "'%s' is a bundle", choice->elasticity->offer.id);
    }
    if (choice->tastes || choice->nests.count > 0) {
        ps_rule_fault(rules, "CONFLICT", pointer, choice->tastes ? "tastes" : "nests", NULL,
                      "not beside a bundle: joint purchases need a logit without them");
    }
}

static void check_market(const ps_rules *rules)
{
    const ps_market *market = rules->scenario->market;
    const ps_segment *segments = market->segments.items;

    if (strcmp(market->demand.kind->name, "logit") != 0) {
        ps_rule_fault(rules, "CONFLICT", "/market/demand", "kind",
                      "demand of kind valuations has bundles of its own",
                      "bundles need demand of kind logit");
    }
    check_choice(rules, market->choice, "/market");
    for (int s = 0; s < market->segments.count; s++) {
        const char *pointer = segments[s].entry.pointer;

        check_choice(rules, segments[s].choice, pointer);
        check_map(rules, pointer, "preference", &segments[s].preference);
        if (segments[s].basket.given || segments[s].quantity.given) {
            ps_rule_fault(rules, "CONFLICT", pointer,
                          segments[s].basket.given ? "basket" : "quantity",
                          "an order holds several goods", "not beside a bundle");
        }
    }
}

static void check_promotion(const ps_rules *rules, const ps_promotion *promotion)
{
    const bool joint = strcmp(promotion->kind.kind->name, "bundle") == 0;

    if (joint && promotion->offers.count == 0) {
        ps_rule_fault(rules, "MISSING", promotion->entry.pointer, "offers",
                      "state the joint purchase: offers.ID.bundle, and name it here",
                      "a promotion of a bundle names it");
    }
    for (int k = 0; k < promotion->offers.count; k++) {
        const ps_ref *ref = &promotion->offers.items[k];

        if (joint != (ps_rule_bundle(rules, ref->index) != NULL)) {
            ps_rule_fault(rules, "CONFLICT", promotion->entry.pointer, "offers",
                          joint ? "state offers.ID.bundle"
                                : "name its offers, or use a promotion of kind bundle",
                          joint ? "'%s' is no bundle" : "'%s' is a bundle", ref->id);
        }
    }
}

static void check_joint(const ps_rules *rules, const ps_promotion *promotion)
{
    const bool *pure = ps_kind_parameter(&promotion->kind, "pure");
    const bool price = ps_rule_given(&promotion->kind, "price"),
               value = ps_rule_given(&promotion->kind, "value");
    const char *pointer = promotion->entry.pointer;

    if (price && value) {
        ps_rule_fault(rules, "CONFLICT", pointer, "price", "give one of them",
                      "'price' beside 'value'");
    }
    if (!price && !value && !*pure &&
        ps_rule_centre(ps_kind_parameter(&promotion->kind, "synergy"), 0) == 0) {
        ps_rule_fault(rules, "WARN_NO_EFFECT", pointer, NULL, "state value, price, synergy or pure",
                      "no effect");
    }
}

void ps_rules_bundle(const ps_rules *rules)
{
    const ps_offer *offers = rules->scenario->offers.items;
    const ps_promotion *promotions = rules->scenario->promotions.items;
    bool bundled = false;

    for (int i = 0; i < rules->scenario->offers.count; i++) {
        check_own_number(rules, &offers[i], "list_price", &offers[i].list_price);
        check_own_number(rules, &offers[i], "unit_cost", &offers[i].unit_cost);
        if (offers[i].bundle) {
            bundled = true;
            check_bundle(rules, &offers[i]);
        }
    }
    if (bundled) {
        check_market(rules);
    }
    for (int m = 0; m < rules->scenario->promotions.count; m++) {
        check_promotion(rules, &promotions[m]);
        if (strcmp(promotions[m].kind.kind->name, "bundle") == 0) {
            check_joint(rules, &promotions[m]);
        }
    }
}
