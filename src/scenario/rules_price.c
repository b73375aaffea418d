/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of dated changes and of pricing policies. */
#include <stdio.h>
#include <string.h>

#include "model/pricing/rules.h"
#include "scenario/load.h"
#include "scenario/rules.h"

enum { POINTER = 512 };

static bool is_kind(const ps_kind_value *kind, const char *name)
{
    return kind->kind != NULL && strcmp(kind->kind->name, name) == 0;
}

void ps_rules_changes(const ps_rules *rules, const ps_kind_value *kind, const char *pointer)
{
    static const char *const keys[] = {"price", "change", NULL};
    const ps_list *list = ps_kind_parameter(kind, "changes");
    const ps_price_change *changes = list == NULL ? NULL : list->items;
    char at[POINTER];

    for (int i = 0; list != NULL && i < list->count; i++) {
        snprintf(at, sizeof at, "%s/changes/%d", pointer, i);
        ps_rule_one_of(rules, at, keys,
                       (const bool[]){changes[i].price.given, changes[i].change.given});
        if (i > 0 && changes[i].from <= changes[i - 1].from) {
            ps_rule_fault(rules, "ORDER", at, "from", NULL, "changes ascend in 'from'");
        }
    }
}

/* What must hold of a condition's level. */
static void check_level(const ps_rules *rules, const ps_price_between *level, const char *pointer,
                        const char *key)
{
    if (!level->above.given && !level->below.given) {
        ps_rule_fault(rules, "MISSING", pointer, key, "state 'above' or 'below', or both",
                      "no level: the condition always holds");
    } else if (level->above.given && level->below.given &&
               ps_rule_centre(&level->above, 0) >= ps_rule_centre(&level->below, 0)) {
        ps_rule_fault(rules, "ORDER", pointer, key, "'below' is the larger one",
                      "nothing lies above the one and below the other");
    }
}

static void check_when(const ps_rules *rules, const ps_price_when *when, const char *pointer)
{
    if (when->from != PS_NO_DATE && when->to != PS_NO_DATE && when->to < when->from) {
        ps_rule_fault(rules, "ORDER", pointer, "to", NULL, "'to' is before 'from'");
    }
    if (when->gap != NULL) {
        check_level(rules, &when->gap->level, pointer, "price_gap");
    }
    if (when->share != NULL) {
        check_level(rules, when->share, pointer, "share");
    }
}

static void check_then(const ps_rules *rules, const ps_price_then *then, const char *pointer)
{
    static const char *const keys[] = {"price", "change", "move", "match", NULL};

    ps_rule_one_of(rules, pointer, keys,
                   (const bool[]){then->price.given, then->change.given, then->move.given,
                                  then->match.id != NULL});
    if (!then->by.defaulted && then->match.id == NULL) {
        ps_rule_fault(rules, "CONFLICT", pointer, "by", "name the rival offer in 'match'",
                      "'by' is a distance to a matched price");
    }
}

static void check_price_rules(const ps_rules *rules, const ps_list *list, const char *pointer)
{
    const ps_price_rule *items = list->items;
    char at[POINTER], part[POINTER + 8];

    for (int k = 0; k < list->count; k++) {
        snprintf(at, sizeof at, "%.400s/rules/%d", pointer, k);
        snprintf(part, sizeof part, "%s/then", at);
        check_then(rules, items[k].then, part);
        snprintf(part, sizeof part, "%s/when", at);
        if (items[k].when != NULL) {
            check_when(rules, items[k].when, part);
        } else if (k + 1 < list->count) {
            ps_rule_fault(rules, "ORDER", at, NULL, "a rule without 'when' is the last one",
                          "the rules after this one never act");
        }
    }
}

/* Limits of moves, which no searched price could keep. */
static void check_limits(const ps_rules *rules, const ps_pricing *pricing, const char *pointer)
{
    const struct {
        const char *key;
        bool given;
    } limits[] = {{"ending", pricing->ending != NULL},
                  {"max_move", pricing->max_move.given},
                  {"min_days", pricing->min_days > 0}};

    for (int k = 0; k < 3 && is_kind(&pricing->policy, "optimal"); k++) {
        if (limits[k].given) {
            ps_rule_fault(
                rules, "CONFLICT", pointer, limits[k].key,
                "leave it out, or take another kind of pricing",
                "the best price and a limit of its moves: the limited one is not the best");
        }
    }
    if (pricing->ending != NULL && pricing->ending->end >= pricing->ending->step) {
        ps_rule_fault(rules, "RANGE", pointer, "ending", "for 99 in steps of 100: \"step\": 100",
                      "'end' is below 'step'");
    }
}

void ps_rules_pricing(const ps_rules *rules, const ps_offer *offer)
{
    static const char *const cost_plus[] = {"markup", "target_margin", NULL};
    static const char *const value_based[] = {"reference", "reference_price", NULL};
    static const char *const competitive[] = {"reference", "statistic", "rank", NULL};
    const ps_kind_value *kind = &offer->pricing->policy;
    const char *const *keys = is_kind(kind, "cost_plus")     ? cost_plus
                              : is_kind(kind, "value_based") ? value_based
                              : is_kind(kind, "competitive") ? competitive
                                                             : NULL;
    bool given[4] = {false};
    char pointer[POINTER];

    snprintf(pointer, sizeof pointer, "%s/pricing", offer->entry.pointer);
    ps_rules_changes(rules, kind, pointer);
    check_limits(rules, offer->pricing, pointer);
    if (is_kind(kind, "rules")) {
        check_price_rules(rules, ps_kind_parameter(kind, "rules"), pointer);
    }
    if (keys == NULL) {
        return;
    }
    for (int i = 0; keys[i] != NULL; i++) {
        given[i] = ps_rule_given(kind, keys[i]);
    }
    ps_rule_one_of(rules, pointer, keys, given);
    if (keys == competitive) {
        const int64_t *rank = ps_kind_parameter(kind, "rank");

        if (rules->scenario->rivals == 0) {
            ps_rule_fault(rules, "CONFLICT", pointer, "kind", "add 'competitors'",
                          "there is no rival offer to price against");
        } else if (*rank > rules->scenario->rivals) {
            ps_rule_fault(rules, "RANGE", pointer, "rank", NULL, "there are %d rival offers",
                          rules->scenario->rivals);
        }
    }
}
