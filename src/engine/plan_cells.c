/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The segments of a plan: each segment of the scenario by each channel through which it buys, its
 * members apart from the others, by each score band of its leads. docs/model/channels.md,
 * members.md, bands.md */
#include <string.h>

#include "engine/plan_parts.h"

/* Index of a segment in a map, -1 when it is not there. */
static int in_map(const ps_number_map *map, int segment)
{
    for (int i = 0; i < map->count; i++) {
        if (map->keys[i].index == segment) {
            return i;
        }
    }
    return -1;
}

/* What part of whose arrivals is the cell's; false when the segment does not use the channel. */
static bool serve(const ps_scenario *sc, int origin, int channel, ps_plan_segment *cell)
{
    const ps_channel *c = (const ps_channel *)sc->market->channels.items + channel;
    const ps_number_map *map = c->arrivals ? &c->mix : &c->shares;
    const int at = in_map(map, origin);

    cell->channel = channel;
    cell->own_arrivals = c->arrivals != NULL;
    cell->arrivals = c->arrivals ? c->arrivals : cell->segment->arrivals;
    cell->part = map->count > 0 ? (at >= 0 ? &map->numbers[at] : NULL)
                 : c->arrivals  ? NULL
                                : &c->share;
    return at >= 0 || map->count == 0;
}

/* What part of the leads of a segment in a channel is in a band; false when none is. */
static bool score(const ps_scenario *sc, int band, ps_plan_segment *cell)
{
    const ps_channel *channels = sc->market->channels.items;
    const ps_band *b = (const ps_band *)sc->market->bands.items + band;
    const bool own = cell->channel >= 0 && channels[cell->channel].bands.count > 0;
    const ps_number_map *map = own ? &channels[cell->channel].bands : &b->shares;
    const int at = in_map(map, own ? band : cell->origin);

    cell->band = band;
    cell->in_band = at >= 0 ? &map->numbers[at] : &b->share;
    return at >= 0 || (!own && map->count == 0);
}

/* "segment", then what there is of ".channel" and ".band": names the cell's luck. Of members with
 * ".member" behind the channel, which is empty where there is none. */
static const char *name_of(ps_arena *arena, const ps_scenario *sc, const ps_plan_segment *cell)
{
    const ps_channel *channels = sc->market->channels.items;
    const ps_band *bands = sc->market->bands.items;
    const char *part[] = {cell->segment->entry.id,
                          cell->channel >= 0 ? channels[cell->channel].entry.id
                          : cell->member     ? ""
                                             : NULL,
                          cell->member ? "member" : NULL,
                          cell->band < 0 ? NULL : bands[cell->band].entry.id};
    size_t length = 0;

    for (int k = 0; k < 4; k++) {
        length += part[k] ? strlen(part[k]) + 1 : 0;
    }
    char *text = ps_arena_alloc(arena, length, 1), *end = text;

    for (int k = 0; k < 4 && text; k++) {
        if (part[k]) {
            const size_t n = strlen(part[k]);

            memcpy(end, part[k], n);
            end += n;
            *end++ = '.';
        }
    }
    if (text) {
        end[-1] = '\0';
    }
    return text;
}

/* Sales model of a cell, -1 without. */
static int model_of(const ps_segment *segment, const ps_channel *channel)
{
    return channel && channel->sold_by.id ? channel->sold_by.index
           : segment->sold_by.id          ? segment->sold_by.index
                                          : -1;
}

/* Terms that ask for work in every period, where some cell has them. */
static void flag_terms(ps_plan *plan)
{
    const ps_scenario *sc = plan->scenario;
    const ps_channel *channels = sc->market->channels.items;
    const ps_sales_model *models = sc->sales_models.items;

    for (int k = 0; k < sc->market->channels.count; k++) {
        plan->channel_prices = plan->channel_prices || !channels[k].price.defaulted;
        plan->channel_fees = plan->channel_fees || !channels[k].fee.defaulted;
    }
    for (int s = 0; s < plan->S; s++) {
        const ps_sales_model *model =
            plan->segment[s].model < 0 ? NULL : &models[plan->segment[s].model];

        plan->channel_fees = plan->channel_fees || (model && !model->fee.defaulted);
        plan->served = plan->served || (model && !model->cost_to_serve.defaulted);
    }
}

/* Adds the cells of a segment in a channel: one for each band of its leads, or one. */
static bool add_cells(ps_plan *plan, ps_arena *arena, const ps_plan_segment *from)
{
    const ps_scenario *sc = plan->scenario;
    const int bands = sc->market->bands.count, first = plan->S;

    for (int b = 0; b <= bands; b++) {
        ps_plan_segment cell = *from;

        if (b == bands ? plan->S > first : !score(sc, b, &cell)) {
            continue; /* the last one: whose leads nobody scores */
        }
        cell.first_band = plan->S == first;
        cell.name = name_of(arena, sc, &cell);
        if (!cell.name) {
            return false;
        }
        plan->segment[plan->S++] = cell;
    }
    return true;
}

bool ps_plan_cells(ps_plan *plan, ps_arena *arena)
{
    const ps_scenario *sc = plan->scenario;
    const ps_segment *segments = sc->market->segments.items;
    const ps_channel *channels = sc->market->channels.items;
    const int K = sc->market->channels.count;

    plan->segment = ps_arena_alloc(arena, (size_t)sc->cells, sizeof *plan->segment);
    for (int o = 0; plan->segment && o < sc->market->segments.count; o++) {
        const int kinds = segments[o].members ? 2 : 1;

        for (int k = 0; k < (K > 0 ? K : 1) * kinds; k++) {
            const int channel = k / kinds;
            ps_plan_segment cell = {.segment = &segments[o],
                                    .arrivals = segments[o].arrivals,
                                    .origin = o,
                                    .channel = -1,
                                    .band = -1,
                                    .model =
                                        model_of(&segments[o], K > 0 ? &channels[channel] : NULL),
                                    .members = segments[o].members,
                                    .member = k % kinds == 1};

            if ((K == 0 || serve(sc, o, channel, &cell)) && !add_cells(plan, arena, &cell)) {
                return false;
            }
            plan->members = plan->members || cell.member;
        }
    }
    if (plan->segment) {
        flag_terms(plan);
    }
    return plan->segment != NULL;
}
