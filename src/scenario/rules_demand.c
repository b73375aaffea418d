/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of nests, tastes and the kinds of demand that need no choice. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scenario/rules.h"

enum { POINTER = 400, MOST_CELLS = 300000, MOST_GOODS = 64 };

/* ---- nests and tastes of a choice ---- */

static void check_members(const ps_rules *rules, const ps_choice *choice, const ps_nest *nest)
{
    const ps_nest *nests = choice->nests.items;

    if (nest->members.count < 2) {
        ps_rule_fault(rules, "RANGE", nest->entry.pointer, "members", "leave the nest out",
                      "a nest of one offer changes nothing");
    }
    for (const ps_nest *other = nests; other < nest; other++) {
        for (int k = 0; k < other->members.count; k++) {
            for (int m = 0; m < nest->members.count; m++) {
                if (other->members.items[k].index == nest->members.items[m].index) {
                    ps_rule_fault(rules, "CONFLICT", nest->entry.pointer, "members",
                                  "an offer is in one nest at most", "'%s' is also in nest '%s'",
                                  nest->members.items[m].id, other->entry.id);
                    return;
                }
            }
        }
    }
}

static void check_nests(const ps_rules *rules, const ps_choice *choice, const char *pointer)
{
    static const char *const keys[] = {"rho", "lost_buyers_who_leave", NULL};

    for (int g = 0; g < choice->nests.count; g++) {
        const ps_nest *nest = (const ps_nest *)choice->nests.items + g;

        check_members(rules, choice, nest);
        ps_rule_one_of(rules, nest->entry.pointer, keys,
                       (const bool[]){nest->rho.given, nest->lost_buyers_who_leave.given});
        if (nest->lost_buyers_who_leave.given && choice->utility.count > 0) {
            ps_rule_fault(rules, "CONFLICT", nest->entry.pointer, "lost_buyers_who_leave",
                          "state 'rho'", "utilities do not tell the shares it is asked of");
        }
    }
    if (choice->lost_buyers_who_buy_nothing.given) {
        ps_rule_fault(rules, "CONFLICT", pointer, "lost_buyers_who_buy_nothing",
                      "it is a nest of all offers", "'lost_buyers_who_buy_nothing' beside 'nests'");
    }
    if (choice->tastes != NULL && choice->utility.count == 0) {
        ps_rule_fault(rules, "CONFLICT", pointer, "nests",
                      "tastes alone make like offers compete more",
                      "nests and tastes together need utilities");
    }
}

static void check_types(const ps_rules *rules, const ps_tastes *tastes, const char *at)
{
    double sum = 0;

    for (int r = 0; r < tastes->types.count; r++) {
        sum += ((const ps_taste_type *)tastes->types.items)[r].weight;
    }
    if (fabs(sum - 1) > 1e-9) {
        ps_rule_fault(rules, "SUM", at, "types", NULL, "the weights sum to %.12g, not 1", sum);
    }
}

static void check_tastes(const ps_rules *rules, const ps_tastes *tastes, const char *pointer)
{
    static const char *const keys[] = {"types", "price", NULL};
    const int alternatives = rules->scenario->offers.count + rules->scenario->rivals + 1;
    const bool continuous = tastes->price != NULL || tastes->attributes.count > 0;
    char at[POINTER];

    snprintf(at, sizeof at, "%s/tastes", pointer);
    ps_rule_one_of(rules, at, keys, (const bool[]){tastes->types.count > 0, continuous});
    if (tastes->types.count > 0) {
        check_types(rules, tastes, at);
    } else if (ps_taste_count(tastes) * alternatives > MOST_CELLS) {
        ps_rule_fault(rules, "LIMIT", at, "points", "fewer points",
                      "%.0f nodes of %d alternatives; at most %d together", ps_taste_count(tastes),
                      alternatives, MOST_CELLS);
    }
    if (tastes->price != NULL && tastes->price->law == PS_TASTE_NORMAL) {
        const double sd = ps_rule_centre(&tastes->price->sd, 0);
        const double like = sd > 0 ? 0.5 * erfc(1 / (sd * sqrt(2.0))) : 0;

        if (like > 1e-3) {
            ps_rule_fault(rules, "WARN_SIGN", at, "price", "use \"law\": \"lognormal\"",
                          "%.1f%% of the buyers like high prices", 100 * like);
        }
    }
}

/* Winners and losers that decide at different ages would need a row per age and node. */
static bool by_outcome(const ps_scenario *scenario)
{
    for (int g = 0; scenario->funnel != NULL && g < scenario->funnel->stages.count; g++) {
        const ps_stage *stage = (const ps_stage *)scenario->funnel->stages.items + g;

        if (stage->choice && stage->days.by_outcome) {
            return true;
        }
    }
    return false;
}

void ps_rules_tastes(const ps_rules *rules, const ps_choice *choice, const char *pointer)
{
    const bool nests = choice->nests.count > 0;
    const char *key = nests ? "nests" : "tastes";

    if (!choice->outside && choice->utility.count == 0) {
        ps_rule_fault(rules, "CONFLICT", pointer, "outside", "give \"none\" the share 0",
                      "only beside 'utility'");
    }
    if (!nests && choice->tastes == NULL) {
        return;
    }
    if (nests) {
        check_nests(rules, choice, pointer);
    }
    if (choice->tastes != NULL) {
        check_tastes(rules, choice->tastes, pointer);
    }
    if (choice->awareness.given) {
        ps_rule_fault(rules, "CONFLICT", pointer, "awareness", NULL, "'awareness' beside '%s'",
                      key);
    }
    if (by_outcome(rules->scenario)) {
        ps_rule_fault(rules, "CONFLICT", pointer, key,
                      "give the choice stage one 'days' for won and lost",
                      "'%s' where won and lost deals take different times", key);
    }
}

/* ---- kinds that need no choice ---- */

static void check_parts(const ps_rules *rules, const ps_demand_isoelastic_params *params)
{
    const ps_offer *offers = rules->scenario->offers.items;
    const int count = rules->scenario->offers.count;
    double sum = 0;

    for (int i = 0; i < count; i++) {
        bool part = params->parts.count == 0 && count == 1, elasticity = false;

        for (int k = 0; k < params->parts.count; k++) {
            part = part || params->parts.keys[k].index == i;
        }
        for (int k = 0; k < params->elasticity.count; k++) {
            elasticity = elasticity || params->elasticity.keys[k].index == i;
        }
        if (!part || !elasticity) {
            ps_rule_fault(rules, "MISSING", "/market/demand", part ? "elasticity" : "parts", NULL,
                          "'%s' is missing", offers[i].entry.id);
        }
    }
    for (int k = 0; k < params->parts.count; k++) {
        sum += ps_rule_centre(&params->parts.numbers[k], 0);
    }
    if (params->parts.count > 0 && fabs(sum - 1) > 1e-9) {
        ps_rule_fault(rules, "SUM", "/market/demand", "parts", NULL, "the parts sum to %.6g, not 1",
                      sum);
    }
    for (int k = 0; k < params->cross.count; k++) {
        const ps_cross_elasticity *cross = (const ps_cross_elasticity *)params->cross.items + k;

        if (cross->of.index == cross->to.index) {
            ps_rule_fault(rules, "CONFLICT", "/market/demand", "cross", "that is 'elasticity'",
                          "a cross elasticity of '%s' to itself", cross->of.id);
        }
    }
}

static void check_switching(const ps_rules *rules, const ps_demand_isoelastic_params *params)
{
    double sum = 0;

    for (int k = 0; k < params->switching.count; k++) {
        sum += ps_rule_centre(&params->switching.numbers[k], 0);
    }
    if (sum > 1 + 1e-9) {
        ps_rule_fault(rules, "SUM", "/market/demand", "switching", NULL,
                      "the parts sum to %.6g, more than 1", sum);
    }
    for (int c = 0; c < rules->scenario->rivals && params->switching.count > 0; c++) {
        if (rules->scenario->rival[c]->capacity != NULL) {
            ps_rule_fault(rules, "CONFLICT", "/market/demand", "switching",
                          "leave the rival's capacity out",
                          "store volume does not count what '%s' sells, so it cannot run out",
                          rules->scenario->rival[c]->entry.id);
        }
    }
}

/* Which own offers are goods. */
static void goods_of(const ps_demand_valuations_params *params, bool *good)
{
    for (int g = 0; g < params->goods.count; g++) {
        good[((const ps_good *)params->goods.items)[g].offer.index] = true;
    }
    for (int n = 0; n < params->nodes.count; n++) {
        const ps_number_map *worth = &((const ps_worth_node *)params->nodes.items)[n].worth;

        for (int k = 0; k < worth->count; k++) {
            good[worth->keys[k].index] = true;
        }
    }
}

static void check_packages(const ps_rules *rules, const ps_demand_valuations_params *params,
                           const bool *good, bool *sold)
{
    for (int b = 0; b < params->bundles.count; b++) {
        const ps_package *package = (const ps_package *)params->bundles.items + b;

        if (good[package->offer.index] || sold[package->offer.index]) {
            ps_rule_fault(rules, "CONFLICT", "/market/demand", "bundles", NULL,
                          "'%s' is a good or another bundle already", package->offer.id);
        }
        sold[package->offer.index] = true;
        for (int k = 0; k < package->of.count; k++) {
            if (!good[package->of.items[k].index]) {
                ps_rule_fault(rules, "REF", "/market/demand", "bundles",
                              "a bundle is made of goods", "'%s' is no good",
                              package->of.items[k].id);
            }
        }
        if (package->of.count < 2) {
            ps_rule_fault(rules, "RANGE", "/market/demand", "bundles", NULL,
                          "the bundle '%s' has one good", package->offer.id);
        }
    }
}

static void check_worth(const ps_rules *rules, const ps_demand_valuations_params *params)
{
    static const char *const keys[] = {"goods", "nodes", NULL};
    const ps_offer *offers = rules->scenario->offers.items;
    const ps_good *goods = params->goods.items;
    bool good[MOST_GOODS] = {false}, sold[MOST_GOODS] = {false};

    ps_rule_one_of(rules, "/market/demand", keys,
                   (const bool[]){params->goods.count > 0, params->nodes.count > 0});
    if (params->goods.count + params->nodes.count == 0) {
        return;
    }
    if (rules->scenario->offers.count > MOST_GOODS) {
        ps_rule_fault(rules, "LIMIT", "/offers", NULL, NULL, "valuations of at most %d offers",
                      MOST_GOODS);
        return;
    }
    if (params->goods.count == 2 && goods[0].offer.index == goods[1].offer.index) {
        ps_rule_fault(rules, "CONFLICT", "/market/demand", "goods", NULL, "'%s' twice",
                      goods[0].offer.id);
    }
    if (params->goods.count != 2 && params->correlation.given && !params->correlation.defaulted) {
        ps_rule_fault(rules, "CONFLICT", "/market/demand", "correlation", NULL,
                      "a correlation is between two goods with laws");
    }
    goods_of(params, good);
    check_packages(rules, params, good, sold);
    for (int i = 0; i < rules->scenario->offers.count; i++) {
        if (!good[i] && !sold[i]) {
            ps_rule_fault(rules, "MISSING", "/market/demand", NULL,
                          "goods, nodes or bundles name it", "nobody knows what '%s' is worth",
                          offers[i].entry.id);
        }
    }
    if (rules->scenario->rivals > 0) {
        ps_rule_fault(rules, "CONFLICT", "/market/demand", "kind",
                      "use the logit, or take the rival's price off what the goods are worth",
                      "valuations know no rivals");
    }
}

static void refuse(const ps_rules *rules, bool given, const char *pointer, const char *key)
{
    if (given) {
        ps_rule_fault(rules, "CONFLICT", pointer, key, "use the logit",
                      "'%s' has no meaning with demand '%s'", key,
                      rules->scenario->market->demand.kind->name);
    }
}

static void check_promotions(const ps_rules *rules, bool volume)
{
    for (int m = 0; m < rules->scenario->promotions.count; m++) {
        const ps_promotion *promotion = (const ps_promotion *)rules->scenario->promotions.items + m;

        refuse(rules, !volume && promotion->feature != NULL, promotion->entry.pointer, "feature");
    }
}

void ps_rules_demand(const ps_rules *rules)
{
    const ps_market *market = rules->scenario->market;
    const ps_demand_kind *kind = (const ps_demand_kind *)(const void *)market->demand.kind;

    if (!kind->shares) {
        return;
    }
    if (rules->scenario->scope != PS_SCOPE_MARKET) {
        ps_rule_fault(rules, "CONFLICT", "/market/demand", "kind", "set \"scope\": \"market\"",
                      "demand '%s' belongs to a market, not to a pipeline", kind->head.name);
    }
    refuse(rules, market->choice != NULL, "/market", "choice");
    for (int s = 0; s < market->segments.count; s++) {
        const ps_segment *segment = (const ps_segment *)market->segments.items + s;
        const char *pointer = segment->entry.pointer;

        refuse(rules, segment->choice != NULL, pointer, "choice");
        refuse(rules, segment->reference_price != NULL, pointer, "reference_price");
        refuse(rules, segment->price_image != NULL, pointer, "price_image");
        refuse(rules, segment->basket.given, pointer, "basket");
        refuse(rules, segment->quantity.given, pointer, "quantity");
    }
    check_promotions(rules, kind->volume);
    if (kind->volume) {
        check_parts(rules, market->demand.params);
        check_switching(rules, market->demand.params);
    } else {
        check_worth(rules, market->demand.params);
    }
}
