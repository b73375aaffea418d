/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of score bands: how scoring divides the leads of segments and channels. */
#include <math.h>

#include "scenario/rules.h"

/* Part of segment s's leads that is in the band, NULL when none is. */
static const ps_number *part_of(const ps_band *band, int s)
{
    for (int i = 0; i < band->shares.count; i++) {
        if (band->shares.keys[i].index == s) {
            return &band->shares.numbers[i];
        }
    }
    return band->share.given ? &band->share : NULL;
}

/* The bands' own shares divide a segment's leads in full, or name none of them. */
static void check_shares(const ps_rules *rules, int s)
{
    const ps_market *market = rules->scenario->market;
    const ps_segment *segment = (const ps_segment *)market->segments.items + s;
    const ps_band *bands = market->bands.items;
    double sum = 0;
    bool known = true, scored = false;
    char text[32];

    for (int b = 0; b < market->bands.count; b++) {
        const ps_number *part = part_of(&bands[b], s);

        sum += part == NULL ? 0 : ps_rule_centre(part, 0);
        scored = scored || part != NULL;
        known = known && (part == NULL || part->dist.law == PS_LAW_CONSTANT);
    }
    if (scored && fabs(sum - 1) > (known ? 1e-9 : 0.05)) {
        ps_rule_fault(rules, "SUM", "/market", "bands", NULL,
                      "the bands' shares of '%s' sum to %s, not 1", segment->entry.id,
                      ps_text_number(sum, text));
    }
}

static void check_band(const ps_rules *rules, const ps_band *band)
{
    static const char *const keys[] = {"share", "shares", NULL};

    ps_rule_one_of(rules, band->entry.pointer, keys,
                   (const bool[]){band->share.given, band->shares.count > 0});
    ps_rule_stage_changes(rules, &band->stages);
}

void ps_rules_band(const ps_rules *rules)
{
    const ps_market *market = rules->scenario->market;
    const ps_band *bands = market->bands.items;
    const ps_channel *channels = market->channels.items;

    if (market->bands.count == 0) {
        return;
    }
    if (rules->scenario->scope == PS_SCOPE_MARKET) {
        ps_rule_fault(rules, "CONFLICT", "/market", "bands", "remove it",
                      "leads are scored in a pipeline, not in a market");
        return;
    }
    for (int b = 0; b < market->bands.count; b++) {
        check_band(rules, &bands[b]);
    }
    for (int s = 0; s < market->segments.count; s++) {
        check_shares(rules, s);
    }
    for (int k = 0; k < market->channels.count; k++) {
        if (channels[k].bands.count > 0) {
            ps_rule_sum(rules, &channels[k].bands, channels[k].entry.pointer, "bands");
        }
    }
}
