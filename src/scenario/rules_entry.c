/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of the entry and exit criteria of stages. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scenario/rules.h"

enum { POINTER = 400 };

static const ps_stage *stage_at(const ps_funnel *funnel, int place)
{
    const ps_stage *stages = funnel->stages.items;

    for (int g = 0; g < funnel->stages.count; g++) {
        if (strcmp(stages[g].entry.id, funnel->order.items[place].id) == 0) {
            return &stages[g];
        }
    }
    return NULL;
}

static bool any_sized(const ps_market *market)
{
    const ps_segment *segments = market->segments.items;
    bool any = false;

    for (int s = 0; s < market->segments.count; s++) {
        any = any || segments[s].deal_size.given;
    }
    return any;
}

/* Part of the deals of at least that size, with the law's parameters at their centres. */
static double part_from(const ps_spread *size, double least)
{
    ps_dist dist = {.law = size->law, .sign = 1, .min = -INFINITY, .max = INFINITY};

    if (size->law == PS_LAW_EMPIRICAL || size->law == PS_LAW_DISCRETE) {
        dist = size->parameter[0].dist;
    }
    for (int i = 0; i < PS_DIST_PARAMS && dist.x == NULL; i++) {
        dist.p[i] = ps_rule_centre(&size->parameter[i], 0);
    }
    return 1 - ps_dist_cdf(&dist, nextafter(least, 0));
}

static void check_sizes(const ps_rules *rules, double least, const char *pointer)
{
    const ps_market *market = rules->scenario->market;
    const ps_segment *segments = market->segments.items;

    for (int s = 0; s < market->segments.count; s++) {
        if (segments[s].deal_size.given && part_from(&segments[s].deal_size, least) < 1e-6) {
            ps_rule_fault(rules, "WARN_ZERO", pointer, "min_size", NULL,
                          "no deal of '%s' is so large", segments[s].entry.id);
        }
    }
}

static void check_entry(const ps_rules *rules, const ps_stage *stage, const ps_stage *before)
{
    char pointer[POINTER];

    snprintf(pointer, sizeof pointer, "%s/entry", stage->entry.pointer);
    if (before == NULL) {
        ps_rule_fault(rules, "CONFLICT", pointer, NULL, "state fewer arrivals",
                      "who does not enter the first stage is no lead");
    } else if (before->choice) {
        ps_rule_fault(rules, "CONFLICT", pointer, NULL, "state it in the choice stage or before",
                      "whoever has decided for us enters the next stage");
    } else if (stage->enter->bands.count == 0 && stage->enter->min_size <= 0) {
        ps_rule_fault(rules, "MISSING", pointer, NULL, "state 'bands' or 'min_size'",
                      "an entry without a criterion");
    } else if (stage->enter->min_size > 0 && !any_sized(rules->scenario->market)) {
        ps_rule_fault(rules, "MISSING", pointer, "min_size", "state 'deal_size' in a segment",
                      "no segment says how large its deals are");
    } else if (stage->enter->min_size > 0) {
        check_sizes(rules, stage->enter->min_size, pointer);
    }
}

void ps_rules_entry(const ps_rules *rules)
{
    const ps_funnel *funnel = rules->scenario->funnel;

    for (int g = 0; funnel != NULL && g < funnel->order.count; g++) {
        const ps_stage *stage = stage_at(funnel, g);

        if (stage != NULL && stage->enter != NULL) {
            check_entry(rules, stage, g > 0 ? stage_at(funnel, g - 1) : NULL);
        }
        if (stage != NULL && stage->choice && stage->criteria.count > 0) {
            ps_rule_fault(rules, "CONFLICT", stage->entry.pointer, "exit",
                          "the win rate is stated under 'choice' of the market",
                          "the buyer decides when the choice stage is left");
        }
    }
}
