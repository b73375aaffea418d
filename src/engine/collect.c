/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/collect.h"

#include <string.h>

const int ps_group_metric[PS_GROUP_METRICS] = {
    PS_METRIC_revenue,
    PS_METRIC_booked,
    PS_METRIC_collected,
    PS_METRIC_units,
    PS_METRIC_orders,
    PS_METRIC_customers_signed,
    PS_METRIC_active_customers,
    PS_METRIC_renewals,
    PS_METRIC_churned,
    PS_METRIC_churn,
    PS_METRIC_renewal_booked,
    PS_METRIC_list_value,
    PS_METRIC_discounts,
    PS_METRIC_pocket_price,
    PS_METRIC_pocket_margin,
    PS_METRIC_leads,
    PS_METRIC_win_rate,
    PS_METRIC_win_rate_closed,
    PS_METRIC_share,
    PS_METRIC_deal_size,
    PS_METRIC_margin_per_lead,
    PS_METRIC_acquisition_cost,
    PS_METRIC_cac,
    PS_METRIC_referrals,
    PS_METRIC_ltv,
    PS_METRIC_ltv_beyond,
    PS_METRIC_ltv_cac,
    PS_METRIC_roi,
    PS_METRIC_payback_months,
    PS_METRIC_price,
    PS_METRIC_last_price,
};

/* Groups: each segment, each own offer, each rival, each value of each dimension. */
static void add_group(ps_collection *c, ps_arena *arena, const char *dimension, const char *id,
                      const char *label)
{
    const ps_plan *p = c->plan;
    ps_group_plan *g = &c->group[c->groups++];

    *g = (ps_group_plan){.dimension = dimension, .id = id, .label = label, .rival = -1, .item = -1};
    g->line_in = ps_arena_alloc(arena, (size_t)(p->S * p->I), sizeof *g->line_in);
    g->segment_in = ps_arena_alloc(arena, (size_t)p->S, sizeof *g->segment_in);
}

/* Adds a cell's lines to a group; offer -1: all. */
static void add_cell(ps_group_plan *g, const ps_plan *p, int s, int offer)
{
    if (!g->line_in || !g->segment_in) {
        return;
    }
    g->segment_in[s] = true;
    for (int i = 0; i < p->I; i++) {
        g->line_in[s * p->I + i] = g->line_in[s * p->I + i] || offer < 0 || i == offer;
    }
}

/* The group of a dimension's value, made when it is new; cell s joins it. */
static void join(ps_collection *c, ps_arena *arena, const ps_group_plan *key, int s)
{
    int g = 0;

    while (g < c->groups && (strcmp(c->group[g].dimension, key->dimension) != 0 ||
                             strcmp(c->group[g].id, key->id) != 0)) {
        g++;
    }
    if (g == c->groups) {
        add_group(c, arena, key->dimension, key->id, key->label);
    }
    add_cell(&c->group[g], c->plan, s, -1);
}

static bool make_groups(ps_collection *c, ps_arena *arena)
{
    const ps_plan *p = c->plan;
    const ps_offer *offers = p->scenario->offers.items;
    const ps_map *channels = &p->scenario->market->channels;
    const ps_sales_model *models = p->scenario->sales_models.items;
    const ps_band *bands = p->scenario->market->bands.items;
    int most = 4 * p->S + p->I + p->C;

    for (int s = 0; s < p->S; s++) {
        most += p->segment[s].segment->dimensions.count;
    }
    c->group = ps_arena_alloc(arena, (size_t)most, sizeof *c->group);
    c->place = ps_arena_alloc(arena, (size_t)most * PS_GROUP_METRICS, sizeof *c->place);
    if (!c->group || !c->place) {
        return false;
    }
    for (int s = 0; s < p->S; s++) {
        const ps_entry *e = &p->segment[s].segment->entry;

        join(c, arena, &(ps_group_plan){.dimension = "segment", .id = e->id, .label = e->label}, s);
    }
    for (int i = 0; i < p->I; i++) {
        add_group(c, arena, "offer", offers[i].entry.id, offers[i].entry.label);
        for (int s = 0; s < p->S; s++) {
            add_cell(&c->group[c->groups - 1], p, s, i);
        }
        c->group[c->groups - 1].item = i;
    }
    for (int s = 0; s < p->S && channels->count > 0; s++) {
        const ps_entry *e = &((const ps_channel *)channels->items)[p->segment[s].channel].entry;

        join(c, arena, &(ps_group_plan){.dimension = "channel", .id = e->id, .label = e->label}, s);
    }
    for (int s = 0; s < p->S; s++) {
        const ps_entry *e = p->segment[s].band < 0 ? NULL : &bands[p->segment[s].band].entry;

        if (e) {
            join(c, arena, &(ps_group_plan){.dimension = "band", .id = e->id, .label = e->label},
                 s);
        }
    }
    for (int s = 0; s < p->S; s++) {
        const ps_entry *e = p->segment[s].model < 0 ? NULL : &models[p->segment[s].model].entry;

        if (e) {
            join(c, arena,
                 &(ps_group_plan){.dimension = "sales_model", .id = e->id, .label = e->label}, s);
        }
    }
    for (int s = 0; s < p->S; s++) {
        const ps_text_map *d = &p->segment[s].segment->dimensions;

        for (int k = 0; k < d->count; k++) {
            join(c, arena,
                 &(ps_group_plan){.dimension = d->ids[k], .id = d->texts[k], .label = d->texts[k]},
                 s);
        }
    }
    for (int r = 0; r < p->C; r++) {
        add_group(c, arena, "rival", p->scenario->rival[r]->entry.id,
                  p->scenario->rival[r]->entry.label);
        c->group[c->groups - 1].rival = r;
        c->group[c->groups - 1].item = p->I + r;
    }
    return true;
}

/* Whether a group has a figure: of a rival what is known of it, of an offer what its lines hold. */
static bool group_has(const ps_plan *p, const ps_group_plan *g, int metric)
{
    const ps_metric_info *info = &ps_metric_table[metric];

    if (metric == PS_METRIC_price || metric == PS_METRIC_last_price) {
        return g->item >= 0;
    }
    if (g->rival >= 0) {
        return p->has[metric] && (metric == PS_METRIC_units || metric == PS_METRIC_share);
    }
    const int by_line = info->kind == PS_METRIC_IS_RATIO ? info->numerator : metric;

    return p->has[metric] &&
           (g->item < 0 || p->line_of[by_line] >= 0 || metric == PS_METRIC_discounts);
}

/* Which line of a line's figures a metric sums, those that are the same numbers in this plan being
 * one: deals are units where there are no sizes, what is booked is recognised where there is no
 * term, and paid where nobody fails to, what is won is signed where no stage follows, what is
 * invoiced is kept where nothing is taken off it. -1: it sums none. */
static int line_behind(const ps_plan *plan, int metric)
{
    const bool at_once = plan->span == 1;
    const int line = plan->line_of[metric];

    return line == PS_LINE_UNITS && plan->units_are_deals           ? PS_LINE_SIGNED
           : line == PS_LINE_WON && plan->after_stages == 0         ? PS_LINE_SIGNED
           : line == PS_LINE_REVENUE && at_once                     ? PS_LINE_BOOKED
           : line == PS_LINE_COLLECTED && at_once && plan->all_paid ? PS_LINE_BOOKED
           : line == PS_LINE_POCKET && plan->plain_waterfall        ? PS_LINE_BOOKED
                                                                    : line;
}

/* The row of an earlier metric that has the same total in every path; -1 when there is none. */
static int row_like(const ps_collection *c, int metric)
{
    const int line = line_behind(c->plan, metric);

    for (int m = 0; m < metric && line >= 0; m++) {
        if (c->kept[m] >= 0 && line_behind(c->plan, m) == line) {
            return c->kept[m];
        }
    }
    return -1;
}

/* The place of an earlier figure of the group that is the same number in every path. */
static const ps_group_place *place_like(const ps_collection *c, int at)
{
    const int line = line_behind(c->plan, ps_group_metric[at % PS_GROUP_METRICS]);

    for (int k = at - at % PS_GROUP_METRICS; k < at && line >= 0; k++) {
        if (c->place[k].sum >= 0 &&
            line_behind(c->plan, ps_group_metric[k % PS_GROUP_METRICS]) == line) {
            return &c->place[k];
        }
    }
    return NULL;
}

/* Rows of the sums of each kind, one kind after the other. */
static void number_sums(ps_collection *c)
{
    const ps_plan *p = c->plan;

    c->at.series = 0;
    c->at.stage = c->at.series + p->T * p->series_count;
    c->at.team = c->at.stage + p->G * PS_STAGE_SUMS;
    c->at.step = c->at.team + p->teams * PS_TEAM_SUMS;
    c->at.line = c->at.step + p->steps;
    c->at.touch = c->at.line + p->S * p->I * PS_LINE_METRICS;
    c->at.scalar = c->at.touch + (p->M + 1) * PS_TOUCH;
    c->at.own_price = c->at.scalar + PS_SCALARS;
    c->at.rival_price = c->at.own_price + p->T * p->I;
    c->at.shown = c->at.rival_price + p->T * p->C;
    c->at.lost = c->at.shown + p->T * p->I;
    c->at.won = c->at.lost + (p->shares ? p->C * p->T : 0);
    c->at.group = c->at.won + (p->shares ? 2 * p->T : 0);
    c->sums = c->at.group;
    for (int at = 0; at < c->groups * PS_GROUP_METRICS; at++) {
        const int metric = ps_group_metric[at % PS_GROUP_METRICS];
        ps_group_place *place = &c->place[at];
        const bool has = group_has(p, &c->group[at / PS_GROUP_METRICS], metric);
        const ps_group_place *same = has ? place_like(c, at) : NULL;

        *place = same ? (ps_group_place){same->sum, same->sketch, true}
                      : (ps_group_place){-1, -1, false};
        if (has && !same) {
            place->sum = c->sums;
            place->sketch = c->groups <= PS_SKETCHED_GROUPS ? c->sketches++ : -1;
            c->sums += ps_metric_table[metric].kind == PS_METRIC_IS_RATIO ? PS_MOMENTS
                                                                          : PS_MOMENT_NUMERATOR;
        }
    }
    c->at.moment = c->sums;
    c->sums += c->valued < c->paths ? ps_collect_moment_rows(p) : 0;
}

int64_t ps_collect_per_item(int64_t paths)
{
    const int64_t batches = (paths + PS_LANES - 1) / PS_LANES;

    return (batches + PS_MAX_ITEMS - 1) / PS_MAX_ITEMS;
}

ps_span ps_span_part(int64_t n, int part, int of)
{
    return (ps_span){n * (part - 1) / of, n * part / of};
}

/* The numbers below `limit` of a span. */
static ps_span below(ps_span span, int64_t limit)
{
    const int64_t first = span.first < limit ? span.first : limit;

    return (ps_span){first, span.end < limit ? span.end : limit};
}

void ps_collect_hold(ps_collection *c, ps_span item)
{
    const ps_span batch =
        below((ps_span){item.first * c->per_item, item.end * c->per_item}, c->batches);
    const ps_span twin = {(batch.first + PS_TWIN_EVERY - 1) / PS_TWIN_EVERY * PS_LANES,
                          (batch.end + PS_TWIN_EVERY - 1) / PS_TWIN_EVERY * PS_LANES};

    c->held.item = item;
    c->held.path = below((ps_span){batch.first * PS_LANES, batch.end * PS_LANES}, c->valued);
    c->held.twin = below(twin, c->twins);
    c->held.driver = below(c->held.path, c->driver_paths);
    c->held.row = below(c->held.path, c->attributed);
}

static double *array(ps_arena *arena, int rows, ps_span held)
{
    return ps_arena_alloc(arena, (size_t)rows * (size_t)(held.end - held.first), sizeof(double));
}

static bool make_workers(ps_collection *c, ps_arena *arena, int workers)
{
    const size_t series = (size_t)(c->plan->T * c->plan->series_count);

    c->workers = workers;
    c->part = ps_arena_alloc(arena, (size_t)workers, sizeof *c->part);
    c->series_sketch = ps_arena_alloc(arena, (size_t)workers, sizeof(ps_sketch *));
    c->group_sketch = ps_arena_alloc(arena, (size_t)workers, sizeof(ps_sketch *));
    if (!c->part || !c->series_sketch || !c->group_sketch) {
        return false;
    }
    for (int k = 0; k < workers; k++) {
        c->part[k] = ps_arena_alloc(arena, (size_t)c->sums, sizeof(ps_sum_parts));
        c->series_sketch[k] = ps_arena_alloc(arena, series, sizeof(ps_sketch));
        c->group_sketch[k] = ps_arena_alloc(arena, (size_t)c->sketches, sizeof(ps_sketch));
        if (!c->part[k] || !c->series_sketch[k] || !c->group_sketch[k]) {
            return false;
        }
    }
    return true;
}

bool ps_collect_make(ps_collection *c, ps_arena *arena, int part, int of, int workers)
{
    const ps_plan *plan = c->plan;

    c->batches = (c->paths + PS_LANES - 1) / PS_LANES;
    c->per_item = ps_collect_per_item(c->paths);
    c->items = (int)((c->batches + c->per_item - 1) / c->per_item);
    c->twins = (c->valued + PS_LANES * PS_TWIN_EVERY - 1) / (PS_LANES * PS_TWIN_EVERY) * PS_LANES;
    c->driver_paths = c->valued < PS_DRIVER_PATHS ? c->valued : PS_DRIVER_PATHS;
    for (int m = 0; m < PS_METRICS; m++) {
        const bool wanted = plan->has[m] && ps_metric_table[m].kind != PS_METRIC_IS_RATIO;
        const int same = wanted ? row_like(c, m) : -1;

        c->kept[m] = !wanted ? -1 : same >= 0 ? same : c->totals++;
    }
    c->rows = PS_ROWS + plan->C + plan->M + 8;
    if (!make_groups(c, arena)) {
        return false;
    }
    number_sums(c);
    ps_collect_hold(c, ps_span_part(c->items, part, of));
    const size_t items = (size_t)(c->held.item.end - c->held.item.first);

    c->total = array(arena, c->totals, c->held.path);
    c->twin = array(arena, c->totals, c->held.twin);
    c->goal = array(arena, plan->goals, c->held.path);
    c->goal_twin = array(arena, plan->goals, c->held.twin);
    c->uniform = array(arena, plan->uniforms, c->held.driver);
    c->row = array(arena, c->rows, c->held.row);
    c->sum = ps_arena_alloc(arena, items * (size_t)c->sums, sizeof(double));
    c->worst = ps_arena_alloc(arena, items * 4, sizeof(double));
    c->done = ps_arena_alloc(arena, items, sizeof(bool));
    return c->total && c->twin && c->goal && c->goal_twin && c->uniform && c->row && c->sum &&
           c->worst && c->done && make_workers(c, arena, workers);
}

void ps_collect_item(ps_collection *c, int worker, long item)
{
    double *sum = c->sum + (item - c->held.item.first) * c->sums;

    for (int k = 0; k < c->sums; k++) {
        double *x = c->part[worker][k];

        sum[k] = ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
        memset(x, 0, sizeof(ps_sum_parts));
    }
    c->done[item - c->held.item.first] = true;
}

void ps_collect_join(ps_collection *c)
{
    for (int w = 1; w < c->workers; w++) {
        for (int k = 0; k < c->plan->T * c->plan->series_count; k++) {
            ps_sketch_merge(&c->series_sketch[0][k], &c->series_sketch[w][k]);
        }
        for (int k = 0; k < c->sketches; k++) {
            ps_sketch_merge(&c->group_sketch[0][k], &c->group_sketch[w][k]);
        }
    }
}
