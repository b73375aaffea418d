/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of whose money is counted: what a brand must state of its shops, and what it cannot do. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scenario/load.h"
#include "scenario/rules.h"

enum { POINTER = 400, POCKET = 1 };

double ps_rule_earned(const ps_rules *rules, const ps_offer *offer, double price)
{
    const double list = ps_rule_centre(&offer->list_price, 1);

    if (rules->scenario->seller != PS_SELLER_BRAND) {
        return ps_rule_net(rules, price);
    }
    return ps_rule_centre(&offer->wholesale, NAN) *
           (1 + (price / list - 1) / ps_rule_centre(&offer->pass_through, 1));
}

/* Policies that find a shelf price from the brand's own money, which is not the shelf's. */
static void check_policy(const ps_rules *rules, const ps_offer *offer)
{
    const ps_kind_value *policy = &offer->pricing->policy;
    const char *kind = policy->kind->name;
    char at[POINTER];

    snprintf(at, sizeof at, "%s/pricing", offer->entry.pointer);
    if (strcmp(kind, "cost_plus") == 0 || strcmp(kind, "optimal") == 0) {
        ps_rule_fault(rules, "CONFLICT", at, "kind", "state the shelf's price: fixed, rules",
                      "'%s' finds a price from the seller's cost, but the shop sets it", kind);
    } else if (strcmp(kind, "competitive") == 0 &&
               *(const int *)ps_kind_parameter(policy, "price") == POCKET) {
        ps_rule_fault(rules, "CONFLICT", at, "price", "visible",
                      "the shop sets the shelf's price, not the brand's pocket price");
    } else if (ps_rule_given(policy, "min_margin")) {
        ps_rule_fault(rules, "CONFLICT", at, "min_margin", "remove it",
                      "'min_margin' is of the price, and the brand's money is wholesale");
    }
}

static void check_offer(const ps_rules *rules, const ps_offer *offer)
{
    const char *pointer = offer->entry.pointer;

    if (rules->scenario->seller != PS_SELLER_BRAND) {
        const bool both = offer->wholesale.given;

        if (both || offer->pass_through.given) {
            ps_rule_fault(rules, "CONFLICT", pointer, both ? "wholesale" : "pass_through",
                          "\"seller\": \"brand\"", "only a brand sells at wholesale");
        }
        return;
    }
    if (offer->bundle != NULL) {
        ps_rule_fault(rules, "CONFLICT", pointer, "bundle", "remove it",
                      "a bundle is the shop's, not the brand's");
    } else if (!offer->wholesale.given) {
        ps_rule_fault(rules, "MISSING", pointer, "wholesale", "what the shop pays for one unit",
                      "a brand's offer needs 'wholesale'");
    } else if (ps_rule_centre(&offer->wholesale, 0) >
               ps_rule_net(rules, ps_rule_centre(&offer->list_price, 0))) {
        ps_rule_fault(rules, "WARN_BELOW_COST", pointer, "wholesale", NULL,
                      "the shop pays more for a unit than it gets at the list price");
    }
    check_policy(rules, offer);
}

void ps_rules_seller(const ps_rules *rules)
{
    const ps_offer *offers = rules->scenario->offers.items;

    if (rules->scenario->seller == PS_SELLER_BRAND && rules->scenario->scope == PS_SCOPE_PIPELINE) {
        ps_rule_fault(rules, "CONFLICT", "", "seller", "direct",
                      "a brand sells through shops (market scope)");
    }
    for (int i = 0; i < rules->scenario->offers.count; i++) {
        check_offer(rules, &offers[i]);
    }
}
