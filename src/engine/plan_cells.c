/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The segments of a plan: each segment of the scenario by each channel through which it buys.
 * docs/model/channels.md */
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

/* "segment", or "segment.channel": names the cell's luck. */
static const char *name_of(ps_arena *arena, const ps_plan_segment *cell, const ps_channel *channel)
{
    const char *id = cell->segment->entry.id;
    const size_t n = strlen(id), m = channel ? strlen(channel->entry.id) : 0;
    char *text = ps_arena_alloc(arena, n + m + 2, 1);

    if (!text || !channel) {
        return text ? id : NULL;
    }
    memcpy(text, id, n);
    text[n] = '.';
    memcpy(text + n + 1, channel->entry.id, m + 1);
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

bool ps_plan_cells(ps_plan *plan, ps_arena *arena)
{
    const ps_scenario *sc = plan->scenario;
    const ps_segment *segments = sc->market->segments.items;
    const ps_channel *channels = sc->market->channels.items;
    const int K = sc->market->channels.count;

    plan->segment = ps_arena_alloc(arena, (size_t)sc->cells, sizeof *plan->segment);
    for (int o = 0; plan->segment && o < sc->market->segments.count; o++) {
        for (int k = 0; k < (K > 0 ? K : 1); k++) {
            ps_plan_segment *cell = &plan->segment[plan->S];

            *cell = (ps_plan_segment){.segment = &segments[o],
                                      .arrivals = segments[o].arrivals,
                                      .origin = o,
                                      .channel = -1,
                                      .model = model_of(&segments[o], K > 0 ? &channels[k] : NULL)};
            if (K > 0 && !serve(sc, o, k, cell)) {
                continue;
            }
            cell->name = name_of(arena, cell, K > 0 ? &channels[k] : NULL);
            if (!cell->name) {
                return false;
            }
            plan->S++;
        }
    }
    if (plan->segment) {
        flag_terms(plan);
    }
    return plan->segment != NULL;
}
