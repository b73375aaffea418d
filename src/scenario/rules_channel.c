/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of channels: how they share the arrivals, and what they change in the funnel. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scenario/rules.h"

enum { POINTER = 400 };

static const ps_stage *stage_named(const ps_rules *rules, const char *id)
{
    const ps_funnel *funnel = rules->scenario->funnel;
    const ps_stage *stages = funnel == NULL ? NULL : funnel->stages.items;

    for (int g = 0; funnel != NULL && g < funnel->stages.count; g++) {
        if (strcmp(stages[g].entry.id, id) == 0) {
            return &stages[g];
        }
    }
    return NULL;
}

/* The win rate of a channel replaces one that is stated as such. */
static bool win_rates_stated(const ps_market *market)
{
    const ps_segment *segments = market->segments.items;
    bool stated = true;

    for (int s = 0; s < market->segments.count; s++) {
        const ps_choice *choice = segments[s].choice != NULL ? segments[s].choice : market->choice;

        stated =
            stated && choice != NULL && (choice->conversion.given || choice->conversions.count > 0);
    }
    return stated;
}

void ps_rule_stage_changes(const ps_rules *rules, const ps_map *map)
{
    const ps_stage_change *changes = map->items;

    for (int i = 0; i < map->count; i++) {
        const ps_stage_change *change = &changes[i];
        const ps_stage *stage = stage_named(rules, change->entry.id);
        const char *pointer = change->entry.pointer;
        const char *how = change->odds.given ? "odds" : "conversion";
        const double c = ps_rule_centre(&change->conversion, 0.5);

        if (rules->scenario->scope == PS_SCOPE_MARKET) {
            ps_rule_fault(rules, "CONFLICT", pointer, NULL, "remove it",
                          "stages belong to a pipeline, not to a market");
        } else if (stage == NULL) {
            ps_rule_fault(rules, "REF", pointer, NULL, "name a stage of the funnel",
                          "there is no stage '%s'", change->entry.id);
        } else if (change->days.given && stage->leaves.per != PS_PER_NONE) {
            ps_rule_fault(rules, "CONFLICT", pointer, "days", "state the stage's 'days'",
                          "the stage has a constant part that leaves, not days");
        } else if (stage->choice && change->days.by_outcome && !stage->days.by_outcome) {
            ps_rule_fault(rules, "CONFLICT", pointer, "days", "state them in the stage, too",
                          "times by outcome of a decision belong to the stage first");
        } else if (change->odds.given && change->conversion.given) {
            ps_rule_fault(rules, "CONFLICT", pointer, "odds", "give one of them",
                          "'odds' beside 'conversion'");
        } else if (stage->choice && (change->conversion.given || change->odds.given) &&
                   !win_rates_stated(rules->scenario->market)) {
            ps_rule_fault(rules, "CONFLICT", pointer, how,
                          "state 'conversion' in the choice of every segment",
                          "a win rate here replaces one that is stated there");
        } else if (stage->choice && !(c > 0 && c < 1)) {
            ps_rule_fault(rules, "RANGE", pointer, "conversion", NULL,
                          "a win rate is above 0 and below 1");
        }
    }
}

static void check_channel(const ps_rules *rules, const ps_channel *channel)
{
    static const char *const keys[] = {"share", "shares", "arrivals", NULL};
    const char *pointer = channel->entry.pointer;
    const bool own = channel->arrivals != NULL;

    ps_rule_one_of(rules, pointer, keys,
                   (const bool[]){channel->share.given, channel->shares.count > 0, own});
    ps_rule_arrivals(rules, channel->arrivals, NULL, pointer);
    if (own && rules->scenario->scope == PS_SCOPE_MARKET) {
        ps_rule_fault(rules, "CONFLICT", pointer, "arrivals", "state its 'share'",
                      "in a market channels split the purchase occasions");
    }
    if (channel->mix.count > 0 && !own) {
        ps_rule_fault(rules, "CONFLICT", pointer, "mix", "state 'shares'",
                      "'mix' splits arrivals of its own, and there are none");
    } else if (channel->mix.count > 0) {
        ps_rule_sum(rules, &channel->mix, pointer, "mix");
    } else if (own && rules->scenario->market->segments.count > 1) {
        ps_rule_fault(rules, "MISSING", pointer, "mix", "segments and their parts, which sum to 1",
                      "whose arrivals are these? 'mix' is missing");
    }
    ps_rule_stage_changes(rules, &channel->stages);
}

/* Part of segment s's arrivals that comes by the channel, NAN when the segment does not use it. */
static double part_of(const ps_channel *channel, int s, bool *known)
{
    const ps_number *part = channel->share.given ? &channel->share : NULL;

    for (int i = 0; i < channel->shares.count; i++) {
        part = channel->shares.keys[i].index == s ? &channel->shares.numbers[i] : part;
    }
    if (part == NULL) {
        return NAN;
    }
    *known = *known && part->dist.law == PS_LAW_CONSTANT;
    return ps_rule_centre(part, 0);
}

/* Whether the channel brings arrivals of its own to segment s. */
static bool brings(const ps_channel *channel, int s)
{
    bool found = channel->mix.count == 0;

    for (int i = 0; i < channel->mix.count; i++) {
        found = found || channel->mix.keys[i].index == s;
    }
    return found && channel->arrivals != NULL;
}

/* A segment's arrivals are shared by the channels in full, and there are arrivals to share. */
static void check_shares(const ps_rules *rules, int s)
{
    const ps_market *market = rules->scenario->market;
    const ps_segment *segment = (const ps_segment *)market->segments.items + s;
    const ps_channel *channels = market->channels.items;
    const char *pointer = segment->entry.pointer;
    double sum = 0;
    bool known = true, shared = false, brought = false;
    char text[32];

    for (int k = 0; k < market->channels.count; k++) {
        const double part = part_of(&channels[k], s, &known);

        shared = shared || !isnan(part);
        sum += isnan(part) ? 0 : part;
        brought = brought || brings(&channels[k], s);
    }
    if (market->channels.count > 0 && segment->arrivals != NULL && !shared) {
        ps_rule_fault(rules, "CONFLICT", pointer, "arrivals",
                      "give channels a 'share', or leave these arrivals out",
                      "by which channel do they come? no channel shares them");
    } else if (segment->arrivals == NULL && (shared || !brought)) {
        ps_rule_fault(rules, "MISSING", pointer, "arrivals", "mean arrivals, per unit of time",
                      "required key 'arrivals' is missing");
    } else if (shared && fabs(sum - 1) > (known ? 1e-9 : 0.05)) {
        ps_rule_fault(rules, "SUM", "/market", "channels", NULL,
                      "the channels' shares of '%s' sum to %s, not 1", segment->entry.id,
                      ps_text_number(sum, text));
    }
}

void ps_rules_channel(const ps_rules *rules)
{
    const ps_market *market = rules->scenario->market;
    const ps_channel *channels = market->channels.items;

    for (int k = 0; k < market->channels.count; k++) {
        check_channel(rules, &channels[k]);
    }
    for (int s = 0; s < market->segments.count; s++) {
        check_shares(rules, s);
    }
}
