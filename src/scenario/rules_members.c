/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of members: where segments may have them, what member prices ask for. */
#include <stdio.h>
#include <string.h>

#include "scenario/rules.h"

enum { POINTER = 400 };

static void check_members(const ps_rules *rules, const ps_segment *segment)
{
    const ps_members *members = segment->members;
    char at[POINTER];

    snprintf(at, sizeof at, "%s/members", segment->entry.pointer);
    if (rules->scenario->scope == PS_SCOPE_PIPELINE) {
        ps_rule_fault(rules, "CONFLICT", at, NULL, "remove it",
                      "members are buyers who come again (market scope)");
    }
    if (segment->choice == NULL) {
        return;
    }
    if (!members->relative_sensitivity.defaulted) {
        ps_rule_fault(rules, "CONFLICT", at, "relative_sensitivity",
                      "it is relative to market.choice",
                      "'relative_sensitivity' beside an own 'choice'");
    }
    if (members->preference.count > 0) {
        ps_rule_fault(rules, "CONFLICT", at, "preference", "it is relative to market.choice",
                      "'preference' beside an own 'choice'");
    }
}

static bool concerns(const ps_refs *refs, int index)
{
    bool in = refs->count == 0;

    for (int i = 0; i < refs->count; i++) {
        in = in || refs->items[i].index == index;
    }
    return in;
}

static void check_price(const ps_rules *rules, const ps_promotion *promotion)
{
    static const char *const keys[] = {"value", "amount", "price", NULL};
    const ps_market *market = rules->scenario->market;
    const ps_segment *segments = market->segments.items;
    const ps_promotion_kind *kind = (const ps_promotion_kind *)(const void *)promotion->kind.kind;
    bool any = false, counted = true;

    ps_rule_one_of(rules, promotion->entry.pointer, keys,
                   (const bool[]){ps_rule_given(&promotion->kind, "value"),
                                  ps_rule_given(&promotion->kind, "amount"),
                                  ps_rule_given(&promotion->kind, "price")});
    for (int s = 0; s < market->segments.count; s++) {
        if (segments[s].members != NULL && concerns(&promotion->segments, s)) {
            any = true;
            counted = counted && segments[s].members->occasions != NULL;
        }
    }
    if (!any) {
        ps_rule_fault(rules, "MISSING", promotion->entry.pointer, NULL,
                      "state how many of the buyers are members: segments.ID.members",
                      "a member price needs a segment with 'members'");
    } else if (!counted && kind->members(promotion->kind.params)->per != PS_PER_NONE) {
        ps_rule_fault(rules, "MISSING", promotion->entry.pointer, "fee",
                      "state how often a member comes: segments.ID.members.occasions",
                      "how many members pay it? 'occasions' of a segment's members is missing");
    }
}

void ps_rules_members(const ps_rules *rules)
{
    const ps_market *market = rules->scenario->market;
    const ps_segment *segments = market->segments.items;
    const ps_promotion *promotions = rules->scenario->promotions.items;

    for (int s = 0; s < market->segments.count; s++) {
        if (segments[s].members != NULL) {
            check_members(rules, &segments[s]);
        }
    }
    for (int m = 0; m < rules->scenario->promotions.count; m++) {
        if (((const ps_promotion_kind *)(const void *)promotions[m].kind.kind)->members != NULL) {
            check_price(rules, &promotions[m]);
        }
    }
}
