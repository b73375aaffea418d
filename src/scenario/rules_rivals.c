/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of rivals' offers and mergers, and of prices that are looked for over demand
 * (docs/model/equilibrium.md). */
#include <stdio.h>
#include <string.h>

#include "scenario/load.h"
#include "scenario/rules.h"

enum { POINTER = 400 };

static bool reaction_aims(const ps_competitor *competitor)
{
    return ((const ps_reaction_kind *)(const void *)competitor->reaction.kind)->aim != NULL;
}

/* Whether a competitor looks for its prices, run.rivals included. */
static bool rival_aims(const ps_rules *rules, const ps_competitor *competitor)
{
    const int rivals = rules->scenario->run->rivals;

    return rivals == PS_RIVALS_BEST_RESPONSE || rivals == PS_RIVALS_NASH ||
           (rivals == PS_RIVALS_AS_STATED && reaction_aims(competitor));
}

static bool pricing_aims(const ps_offer *offer)
{
    return ((const ps_pricing_kind *)(const void *)offer->pricing->policy.kind)->aim != NULL;
}

static void check_promotions(const ps_rules *rules, const ps_rival_offer *offer)
{
    const ps_rival_promotion *list = offer->promotions.items;
    char at[POINTER];

    for (int i = 0; i < offer->promotions.count; i++) {
        snprintf(at, sizeof at, "%s/promotions/%d", offer->entry.pointer, i);
        if (list[i].to < list[i].from) {
            ps_rule_fault(rules, "ORDER", at, "to", NULL, "ends before it starts");
        } else if (i > 0 && list[i].from <= list[i - 1].to) {
            ps_rule_fault(rules, "ORDER", at, "from", "one price cut at a time, in order",
                          "starts before the promotion above has ended");
        }
    }
}

static void check_rival_offer(const ps_rules *rules, const ps_rival_offer *offer)
{
    const ps_calendar *calendar = rules->scenario->calendar;
    const int end = ps_rule_period_start(calendar, calendar->periods);

    if (offer->from != PS_NO_DATE && offer->to != PS_NO_DATE && offer->to < offer->from) {
        ps_rule_fault(rules, "ORDER", offer->entry.pointer, "to", NULL,
                      "leaves the market before it enters");
    } else if ((offer->from != PS_NO_DATE && offer->from >= end) ||
               (offer->to != PS_NO_DATE && offer->to < calendar->start)) {
        ps_rule_fault(rules, "WARN_NO_EFFECT", offer->entry.pointer, NULL, NULL,
                      "it is never in the market within the horizon");
    }
    if (offer->capacity && rules->scenario->scope == PS_SCOPE_PIPELINE) {
        ps_rule_fault(rules, "CONFLICT", offer->entry.pointer, "capacity",
                      "a rival's capacity turns away the buyers of a market",
                      "belongs to a market, not to a pipeline");
    }
    check_promotions(rules, offer);
}

static void check_joins(const ps_rules *rules, const ps_competitor *competitor)
{
    const ps_competitor *firms = rules->scenario->competitors.items, *next = competitor;

    for (int step = 0; next->joins && next->joins->competitor.index >= 0; step++) {
        next = &firms[next->joins->competitor.index];
        if (next == competitor || step > rules->scenario->competitors.count) {
            ps_rule_fault(rules, "CYCLE", competitor->entry.pointer, "joins",
                          "name the one that owns both afterwards", "'%s' joins itself",
                          competitor->entry.id);
            return;
        }
    }
    if (next != competitor && !rival_aims(rules, competitor) && !rival_aims(rules, next)) {
        ps_rule_fault(rules, "WARN_NO_EFFECT", competitor->entry.pointer, "joins",
                      "let them react by best_response or nash",
                      "rivals that follow rules price as before after a merger");
    }
}

/* The cost of all its offers, or of none. */
static void check_costs(const ps_rules *rules, const ps_competitor *competitor)
{
    const ps_rival_offer *offers = competitor->offers.items;
    int known = 0;

    for (int i = 0; i < competitor->offers.count; i++) {
        known += offers[i].unit_cost.given;
    }
    for (int i = 0; i < competitor->offers.count && known > 0; i++) {
        if (!offers[i].unit_cost.given) {
            ps_rule_fault(rules, "MISSING", offers[i].entry.pointer, "unit_cost",
                          "or leave out all costs of this competitor: then today's prices imply "
                          "them",
                          "its other offers have a unit cost, this one has none");
        }
    }
}

static void check_optimal(const ps_rules *rules, const ps_offer *offer)
{
    const int *objective = ps_kind_parameter(&offer->pricing->policy, "objective");
    const ps_number *floor = ps_kind_parameter(&offer->pricing->policy, "floor"),
                    *ceiling = ps_kind_parameter(&offer->pricing->policy, "ceiling");
    char at[POINTER];

    snprintf(at, sizeof at, "%s/pricing", offer->entry.pointer);
    if (*objective == PS_AIM_UNIT_MARGIN && !ceiling->given) {
        ps_rule_fault(
            rules, "MISSING", at, "ceiling",
            "the highest price that you would ask; or \"objective\": \"margin\"",
            "the margin of a unit grows with the price without end: 'ceiling' is missing");
    }
    if (floor->given && ceiling->given && ps_rule_centre(floor, 0) > ps_rule_centre(ceiling, 0)) {
        ps_rule_fault(rules, "RANGE", at, "floor", NULL, "the floor is above the ceiling");
    }
}

static bool by_outcome(const ps_funnel *funnel)
{
    const ps_stage *stages = funnel ? funnel->stages.items : NULL;

    for (int g = 0; funnel && g < funnel->stages.count; g++) {
        if (stages[g].choice && stages[g].days.by_outcome) {
            return true;
        }
    }
    return false;
}

/* What the search for prices does not know how to take into account. */
static void check_demand(const ps_rules *rules, const char *pointer)
{
    const ps_scenario *s = rules->scenario;
    const ps_segment *segments = s->market->segments.items;
    const char *what = "a best price over demand";

    if (strcmp(s->market->demand.kind->name, "logit") != 0) {
        ps_rule_fault(rules, "CONFLICT", pointer, NULL, "use demand 'logit'",
                      "%s needs a choice: demand is '%s'", what, s->market->demand.kind->name);
    } else if (s->negotiated) {
        ps_rule_fault(rules, "CONFLICT", pointer, NULL, "leave 'negotiated' out for this question",
                      "%s is not defined with negotiated discounts", what);
    }
    for (int k = 0; k < s->market->channels.count; k++) {
        const ps_channel *channel = (const ps_channel *)s->market->channels.items + k;

        if (!channel->price.defaulted || !channel->fee.defaulted) {
            ps_rule_fault(rules, "CONFLICT", pointer, NULL, "leave the channel's price and fee out",
                          "%s is not defined for channels with prices or fees of their own ('%s')",
                          what, channel->entry.id);
            break;
        }
    }
    for (int z = 0; z < s->sales_models.count; z++) {
        const ps_sales_model *model = (const ps_sales_model *)s->sales_models.items + z;

        if (!model->fee.defaulted || !model->cost_to_serve.defaulted) {
            ps_rule_fault(rules, "CONFLICT", pointer, NULL,
                          "leave the sales model's fee and cost to serve out",
                          "%s is not defined for sales models with a fee or a cost to serve ('%s')",
                          what, model->entry.id);
            break;
        }
    }
    for (int i = 0; i < s->market->segments.count; i++) {
        const ps_choice *choice = segments[i].choice ? segments[i].choice : s->market->choice;
        const bool nest = choice && choice->lost_buyers_who_buy_nothing.given;

        if (nest && (choice->awareness.given || by_outcome(s->funnel))) {
            ps_rule_fault(rules, "CONFLICT", pointer, NULL,
                          "leave awareness and times by outcome, or the nest, out",
                          "%s is not defined for a nest together with awareness or with times "
                          "that tell winners from losers ('%s')",
                          what, segments[i].entry.id);
        }
        if (segments[i].basket.given || segments[i].quantity.given) {
            ps_rule_fault(rules, "CONFLICT", pointer, NULL,
                          segments[i].basket.given ? "leave 'basket' out for this question"
                                                   : "leave 'quantity' out for this question",
                          "%s is not defined for %s ('%s')", what,
                          segments[i].basket.given ? "baskets" : "orders of several units",
                          segments[i].entry.id);
            return;
        }
    }
}

void ps_rules_rivals(const ps_rules *rules)
{
    const ps_offer *offers = rules->scenario->offers.items;
    const ps_competitor *competitors = rules->scenario->competitors.items;
    char at[POINTER] = "";

    for (int c = 0; c < rules->scenario->rivals; c++) {
        check_rival_offer(rules, rules->scenario->rival[c]);
    }
    for (int k = 0; k < rules->scenario->competitors.count; k++) {
        check_joins(rules, &competitors[k]);
        if (rival_aims(rules, &competitors[k])) {
            check_costs(rules, &competitors[k]);
            snprintf(at, sizeof at, "%s/reaction", competitors[k].entry.pointer);
        }
    }
    for (int i = 0; i < rules->scenario->offers.count; i++) {
        if (pricing_aims(&offers[i])) {
            check_optimal(rules, &offers[i]);
            snprintf(at, sizeof at, "%s/pricing", offers[i].entry.pointer);
        }
    }
    for (int i = 0; i < rules->scenario->offers.count && at[0] != '\0'; i++) {
        if (ps_rule_bundle(rules, i)) {
            ps_rule_fault(rules, "CONFLICT", offers[i].entry.pointer, "bundle",
                          "let prices follow rules",
                          "best prices are not looked for beside a bundle");
        }
    }
    if (at[0] != '\0') {
        check_demand(rules, at);
    }
}
