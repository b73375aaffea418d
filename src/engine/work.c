/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The work area of one thread: every array of engine/hot.h, sized by the plan, in one allocation.
 */
#include <stdint.h>

#include "engine/hot_customers.h"
#include "engine/hot_game.h"

/* Hands out pieces of one block; with base NULL it only counts. */
typedef struct {
    char *base;
    size_t used;
} carver;

static void *carve(carver *c, size_t count, size_t size)
{
    void *at = c->base ? c->base + c->used : NULL;

    c->used += (count * size + 63) / 64 * 64;
    return at;
}

static ps_lanes *rows(carver *c, long count)
{
    return carve(c, count > 0 ? (size_t)count : 1, sizeof(ps_lanes));
}

static int most_classes(const ps_plan *p)
{
    int n = 0;

    for (int m = 0; m < p->M; m++) {
        n += !p->promotion[m].reach_one || !p->promotion[m].whole_periods;
    }
    return 1 << (n < PS_MAX_ACTIVE ? n : PS_MAX_ACTIVE);
}

static void inputs(carver *c, ps_work *w, const ps_plan *p)
{
    const int S = p->S, I = p->I, C = p->C, n = p->T_end + 1;

    w->uniform = rows(c, p->uniforms);
    w->score = rows(c, p->correlated);
    w->values = rows(c, p->scenario->slots);
    w->luck = rows(c, C);
    w->shock_level = rows(c, p->T_end);
    w->alpha = rows(c, S);
    w->gain = rows(c, S);
    w->loss = rows(c, S);
    w->theta = rows(c, S);
    w->image_keep = rows(c, S);
    w->image_a = rows(c, S);
    w->image_d = rows(c, S);
    w->nest = p->nested ? rows(c, S) : NULL;
    w->aware = rows(c, S);
    w->win = rows(c, S);
    w->mix = rows(c, S * I);
    w->other = rows(c, S * (C + 1));
    w->k = rows(c, S * p->ages);
    w->hazard = rows(c, S * p->ages);
    w->odds = rows(c, S * p->ages);
    w->ktail = rows(c, S * (p->ages + 1));
    w->stage_k = rows(c, (long)p->dwells * 2 * n);
    w->stage_tail = rows(c, (long)p->dwells * 2 * n);
    w->conversion = rows(c, (long)p->G * S);
    w->price_factor = rows(c, S);
    w->fee = rows(c, p->channel_fees ? S : 0);
    w->serve = rows(c, p->served ? S : 0);
    w->effort = rows(c, p->teams > 0 ? S : 0);
    w->team_part = rows(c, p->teams > 0 ? S : 0);
    w->team_room = rows(c, (long)p->teams * p->T_end);
    w->team_pay = rows(c, (long)p->teams * p->T_end);
    w->stage_hazard = rows(c, p->G);
    w->gives_up = rows(c, p->queued ? p->G : 0);
    w->stage_periods = rows(c, p->G * S);
    w->stage_lag = rows(c, p->dwells * 2);
    w->open_age = rows(c, (long)p->G * S + 1);
    w->collect = rows(c, (long)I * n);
    w->collect_n = carve(c, (size_t)I, sizeof(int));
    w->arrivals = rows(c, S);
    w->arriving = rows(c, p->members ? S * (long)p->T_end : 0);
    w->relative = rows(c, S);
    w->lead_cost = rows(c, p->has[PS_METRIC_acquisition_cost] ? S : 0);
    w->spend = rows(c, p->has[PS_METRIC_acquisition_cost] ? S : 0);
    w->growth = rows(c, S);
    w->feature = rows(c, p->M * S);
    w->segment_weight = carve(c, (size_t)S, sizeof(double));
    w->promoted = carve(c, (size_t)p->T_end, sizeof(uint32_t));
    w->base_price = rows(c, S * I);
    w->base_rival = rows(c, S * C);
    w->pocket_ratio = rows(c, I);
    w->cost = rows(c, I);
    w->downstream = rows(c, S);
    w->upstream = rows(c, S);
    w->open_flow = rows(c, S * I);
    w->open_value = rows(c, S * I);
    w->open_margin = rows(c, S * I);
    w->size_mean = rows(c, S);
    w->basket_log = rows(c, S);
    w->basket_sd = rows(c, S);
    w->chance_units = rows(c, p->counted ? S * (PS_MAX_UNITS + 1L) : 0);
    w->order_units = rows(c, p->counted ? S : 0);
    w->order_held = rows(c, p->counted ? (long)p->M * S : 0);
    w->order_rule = rows(c, p->counted ? 7L * p->M * S : 0);
    w->market_row = rows(c, S * p->J);
    w->fit = carve(c, (size_t)p->J * (size_t)(S + 1 > p->taste_nodes ? S + 1 : p->taste_nodes),
                   sizeof(double));
    w->taste_row = rows(c, p->taste_rows);
    w->taste_mu = rows(c, p->taste_rows);
    w->taste_ratio = rows(c, p->taste_rows / p->J);
    w->nest_scale = rows(c, S * p->nests);
    w->demand_share = rows(c, p->J);
    w->demand = carve(c, (size_t)p->J * 4, sizeof(double));
    w->lane_scratch =
        rows(c, 8 + 2 * (long)(n > p->ages ? n : p->ages) + (n > p->ages ? n : p->ages) / 32);
}

/* What the stages before the choice hand on to the next period. */
static void front(carver *c, ps_work *w, const ps_plan *p)
{
    const long n = p->T_end + 1, cohorts = (long)p->S * (p->ages + p->T_end);

    w->inflow = rows(c, cohorts);
    w->inflow_age = rows(c, cohorts);
    w->leads = rows(c, (long)p->S * p->T_end);
    w->life.referred = rows(c, p->refers ? (long)p->S * p->T_end : 0);
    w->flow = rows(c, p->flow_rows * p->S * n);
    w->fail = rows(c, p->flow_rows * p->S * n);
    w->flow_age = rows(c, p->flow_rows * p->S * n);
}

static void state(carver *c, ps_work *w, const ps_plan *p)
{
    const int S = p->S, I = p->I, C = p->C, M = p->M, lines = S * I;
    const long n = p->T_end + 1, cohorts = (long)S * (p->ages + p->T_end);

    w->history_list = rows(c, n * I);
    w->history_public = rows(c, n * I);
    w->history_rival = rows(c, n * C);
    w->list = rows(c, p->price_rows);
    w->policy = p->channel_prices ? rows(c, p->price_rows) : w->list;
    w->price_moved = rows(c, p->price_rows);
    w->own_share = rows(c, p->share_seen ? I : 1);
    w->floor = rows(c, I);
    w->rival = rows(c, C);
    w->full = p->rival_capacity ? rows(c, S * C) : NULL;
    w->wanted = rows(c, p->rival_capacity ? C : 0);
    w->regular = p->rival_promotions ? rows(c, C) : w->rival;
    w->reference = rows(c, lines);
    w->reference_rival = rows(c, S * C);
    w->image = rows(c, S);
    w->hazard_stock = rows(c, p->G * S);
    w->hazard_age = rows(c, p->G * S);
    w->hazard_opening = rows(c, S);
    w->stock_sum = rows(c, p->G * S);
    w->hurry_left = rows(c, p->hurries ? cohorts : 0);
    w->hazard_value = rows(c, (long)p->G * lines * PS_CHANNELS);
    w->line = rows(c, S * 2);
    w->served = rows(c, lines);
    w->queue_value = rows(c, (long)(p->G + (p->teams > 0)) * lines * PS_CHANNELS);
    w->queue = rows(c, p->queued ? (p->G + (p->teams > 0)) * lines * n : 1);
    w->team_debt = rows(c, p->teams);
    w->queue_head = carve(c, (size_t)(p->G + p->teams + 1) * PS_LANES, sizeof(int));
    w->after = rows(c, p->after_stages * lines * n * PS_CHANNELS);
    w->signed_now = rows(c, lines * PS_CHANNELS);
    w->rec_revenue = rows(c, lines * p->span);
    w->rec_margin = rows(c, lines * p->span);
    w->inv_future = rows(c, lines * p->span);
    w->cash_future = rows(c, lines * p->span);
    w->now = rows(c, PS_METRICS);
    w->line_margin = rows(c, lines);
    w->line_won_now = rows(c, lines);
    w->line_won = rows(c, lines);
    w->line_sum = rows(c, lines * PS_CHANNELS);
    w->line_booked = rows(c, lines);
    w->line_pocket = rows(c, lines);
    w->line_revenue = rows(c, lines);
    w->line_cash = rows(c, lines);
    w->segment_now = rows(c, S * PS_SEG_METRICS);
    w->line_invoice = rows(c, lines);
    w->step_now = rows(c, p->steps);
    w->cumulative_base = rows(c, 1)[0];
    w->team_paid = rows(c, 1)[0];
    w->team_base = rows(c, 1)[0];
    w->quota_sales = rows(c, 1)[0];
    w->recognised_margin = rows(c, 1)[0];
    w->signed_revenue = rows(c, 1)[0];
    w->signed_margin = rows(c, 1)[0];
    w->cash_beyond = rows(c, 1)[0];
    w->opening_cash = rows(c, 1)[0];
    w->recurring = rows(c, 1)[0];
    w->recurring_ends = rows(c, n);
    w->promoted_units = rows(c, M);
    w->promoted_discount = rows(c, M);
}

static void life(carver *c, ps_life *life, const ps_plan *p)
{
    const long lines = p->life ? (long)p->S * p->I : 0;

    life->leave = rows(c, lines);
    life->worth = rows(c, lines);
    life->first = rows(c, lines);
    life->beyond = rows(c, p->life ? (long)p->S * p->life->payments : 0);
    life->later = rows(c, lines);
    life->late = rows(c, lines);
    life->refer_open = rows(c, p->refers ? p->S : 0);
    life->refer_tape = rows(c, p->refers && p->M > 0 ? (long)p->S * p->T_end : 0);
}

/* Of plans whose customers sign again. */
static void customers(carver *c, ps_work *w, const ps_plan *p)
{
    const long lines = p->base ? (long)p->S * p->I : 0, row = PS_CH_PRO + 1;

    life(c, &w->life, p);
    w->steady_flow = rows(c, lines);
    w->base_flow = rows(c, lines);
    w->base_carry = rows(c, p->S);
    w->tape.again = rows(c, p->M > 0 ? p->T_end * lines * row : 0);
}

/* Of plans in which something may run out. */
static void limits(carver *c, ps_work *w, const ps_plan *p, int cells)
{
    const int I = p->rationed ? p->I : 0, M = p->rationed ? p->M + 1 : 0;

    w->waiting = rows(c, p->wait_set != 0 ? (long)p->M * p->S : 0);
    w->debt = rows(c, p->borrows ? (long)p->S * p->I : 0);
    w->due = rows(c, p->borrows ? (long)p->S * p->I : 0);
    w->borrow_keep = rows(c, p->borrows ? p->S : 0);
    w->moved = rows(c, cells * I);
    w->sale_units = rows(c, cells * I);
    w->sale_discount = rows(c, cells * I);
    w->stock_left = rows(c, I);
    w->room = rows(c, I);
    w->promotion_left = rows(c, M);
    w->budget_left = rows(c, M);
    w->want_units = rows(c, M);
    w->want_money = rows(c, M);
    w->serve_promotion = rows(c, M);
    w->want_offer = rows(c, I);
    w->want_more = rows(c, I);
    w->serve_offer = rows(c, I);
    w->serve_more = rows(c, I);
    w->out_now = rows(c, I);
    w->running = rows(c, M + 2 * I);
    w->decided_of = rows(c, p->rationed ? p->S : 0);
    w->young_of = rows(c, p->rationed ? p->S : 0);
    w->again_chance = carve(c, 2 * (size_t)I + 1, sizeof(double));
    w->again_count = carve(c, (size_t)I + 1, sizeof(long));
}

static void choice(carver *c, ps_work *w, const ps_plan *p)
{
    const int I = p->I, C = p->C, classes = most_classes(p), cells = classes * p->nodes;

    w->cell_weights = rows(c, cells);
    w->cell_weight = carve(c, (size_t)cells, sizeof *w->cell_weight);
    w->attract = rows(c, cells * I);
    w->attract_sum = rows(c, cells);
    w->price = rows(c, cells * I);
    w->class_price = rows(c, classes * I);
    w->units = rows(c, classes * I);
    w->paid = rows(c, classes * I);
    w->moments = rows(c, classes * I * 3);
    w->cell_extra = rows(c, p->general ? cells * I : 1);
    w->lost_cell = rows(c, p->general ? cells * (C + 1) : 1);
    w->rival_attract = rows(c, C + 1);
    w->decide = rows(c, p->ages);
    w->won_cell = rows(c, cells);
    w->sales = rows(c, p->rationed || p->funded != 0 ? cells * I : 1);
    w->lost_rival = rows(c, C + 1);
    w->choice_rows = rows(c, p->whole ? cells * (2 + 5 * I) : 1)[0];
    w->hurry = rows(c, p->hurries ? classes : 0);
    w->hurry_part = rows(c, p->hurries ? classes : 0);
    w->hurry_hazard = rows(c, p->hurries ? p->ages : 0);
    w->hurry_of = rows(c, p->hurries ? (long)classes * p->ages : 0);
    w->cell_room = p->whole ? (2 * p->ages + 1) * PS_LANES : 1;
    w->cell_at = carve(c, (size_t)w->cell_room, sizeof(int));
    w->cell_deals = carve(c, (size_t)w->cell_room, sizeof(int32_t));
    w->cell_live = carve(c, (size_t)w->cell_room, sizeof(int32_t));
    w->cell_out = carve(c, (size_t)w->cell_room, sizeof(int32_t));
    w->cell_cut = carve(c, (size_t)w->cell_room, sizeof(double));
    w->cell_near = carve(c, (size_t)w->cell_room, sizeof(double));
    w->cell_path = carve(c, (size_t)w->cell_room, sizeof(uint64_t));
    w->cell_stream = carve(c, (size_t)w->cell_room, sizeof(uint32_t));
    w->cell_index = carve(c, (size_t)w->cell_room, sizeof(uint32_t));
    w->cell_words = carve(c, (size_t)w->cell_room * 4, sizeof(uint32_t));
    if (p->M > 0) {
        w->spare = rows(c, 7 * (p->G + 1));
        w->tape.reference = rows(c, (long)p->T_end * p->S * I);
        w->tape.reference_rival = rows(c, (long)p->T_end * p->S * C);
        w->tape.image = rows(c, (long)p->T_end * p->S);
        w->tape.full = rows(c, p->rival_capacity ? (long)p->T_end * p->S * C : 0);
        w->tape.rival = rows(c, (long)p->T_end * C);
        w->tape.list = rows(c, (long)p->T_end * p->price_rows);
        w->tape.served = rows(c, p->rationed ? 2L * p->T_end * I : 0);
        w->on_won = rows(c, cells * I);
        w->on_margin = rows(c, cells * I);
        w->on_units = rows(c, cells * I);
        w->on_discount = rows(c, cells * I);
        w->on_other = rows(c, C + 1);
        w->on_weight = rows(c, classes);
        w->on_basket = rows(c, classes * I * 5);
        w->split.other = rows(c, C + 1);
        w->split.promotion = rows(c, (p->M + 1) * PS_TOUCH);
    }
}

static void results(carver *c, ps_work *w, const ps_plan *p)
{
    ps_lane_result *out = &w->out;

    out->total = rows(c, PS_METRICS);
    out->series = rows(c, p->series_count);
    out->line = rows(c, (long)p->S * p->I * PS_LINE_METRICS);
    out->segment = rows(c, p->S * PS_SEG_ROWS);
    out->lost_rival = rows(c, p->C + 1);
    out->period.lost = rows(c, (long)p->T * p->C);
    out->period.won = rows(c, p->T);
    out->period.decided = rows(c, p->T);
    out->price = rows(c, p->I + p->C);
    out->last_price = rows(c, p->I + p->C);
    out->goal = rows(c, p->goals * 2);
    out->stage_entered = rows(c, p->G + 1);
    out->stage_passed = rows(c, p->G + 1);
    out->stage_lost = rows(c, p->G + 1);
    out->stage_lost_at = rows(c, p->G + 1);
    out->stage_open_start = rows(c, p->G + 1);
    out->stage_beyond = rows(c, p->G + 1);
    out->stage_open = rows(c, p->G + 1);
    out->stage_bound = rows(c, p->G + 1);
    out->stage_waiting = rows(c, p->G + 1);
    out->stage_days = rows(c, p->G + 1);
    out->team = rows(c, (long)p->teams * PS_TEAM_SUMS);
    out->step = rows(c, p->steps);
    out->row = rows(c, PS_ROWS + p->C);
    out->value = rows(c, p->M + 1);
}

static void game(carver *c, ps_work *w, const ps_plan *p)
{
    const size_t n = (size_t)(p->I + p->C), doubles = n * sizeof(double);
    ps_game *g = w->game = carve(c, 1, sizeof *g);
    ps_game none = {0};

    g = c->base ? g : &none; /* only counting */
    g->n = (int)n;
    g->price = carve(c, 1, doubles);
    g->rate = carve(c, 1, doubles);
    g->cost = carve(c, 1, doubles);
    g->lo = carve(c, 1, doubles);
    g->hi = carve(c, 1, doubles);
    g->firm = carve(c, n, sizeof(int));
    g->moves = carve(c, n, sizeof(bool));
    g->who = carve(c, n, sizeof(bool));
    g->leads = carve(c, n, sizeof(bool));
    g->share = carve(c, n + 1, sizeof(double));
    g->lambda = carve(c, 1, doubles);
    g->gamma = carve(c, n, doubles);
    g->part_share = carve(c, n + 1, sizeof(double));
    g->part_lambda = carve(c, 1, doubles);
    g->part_gamma = carve(c, n, doubles);
    g->attract = carve(c, 1, doubles);
    g->row = carve(c, 1, doubles);
    g->next = carve(c, 1, doubles);
    g->kept = carve(c, 1, doubles);
    g->worth = carve(c, 1, doubles);
    g->answers = carve(c, 4, doubles);
    g->lane_rate = rows(c, (long)n);
    g->lane_cost = rows(c, (long)n);
    g->target = rows(c, (long)n);
    g->aim = carve(c, n, sizeof *g->aim);
}

/* Customers by cohort, of a walk. */
static void cohorts(carver *c, ps_work *w, const ps_plan *p)
{
    const long lines = p->base ? (long)p->S * p->I : 0, row = PS_CH_PRO + 1;

    w->cohort = rows(c, p->base ? (long)p->S * p->base->rows * row : 0);
    w->base_now = rows(c, lines * PS_BASE);
    w->base_sum = rows(c, lines * PS_BASE);
}

/* All that a period hands on. */
static void handed_on(carver *c, ps_work *w, const ps_plan *p)
{
    const size_t from = c->used;

    w->handed_on = carve(c, 0, 1);
    front(c, w, p);
    w->handed_on_front = c->used - from;
    state(c, w, p);
    limits(c, w, p, most_classes(p) * p->nodes);
    cohorts(c, w, p);
    w->handed_on_bytes = c->used - from;
    w->at_fork = carve(c, p->fork > 0 ? w->handed_on_bytes : 0, 1);
}

/* Of use within a period, or filled for the whole walk at once. */
static void scratch(carver *c, ps_work *w, const ps_plan *p)
{
    const long n = p->T_end + 1, cohorts = (long)p->S * (p->ages + p->T_end);

    w->stock = carve(c, (size_t)(p->whole ? cohorts : 1) * PS_LANES, sizeof(int32_t));
    w->lag_count = carve(c, (size_t)n * PS_LANES, sizeof(int32_t));
    w->spread = carve(c, (size_t)n, sizeof(long));
    w->apart = carve(c, (size_t)(p->apart ? p->T : 1), sizeof *w->apart);
    w->apart_offers = carve(c, (size_t)(p->apart ? p->T : 1), sizeof *w->apart_offers);
    w->apart_price = rows(c, p->apart ? p->T * p->I * 2 : 1);
    w->features = rows(c, p->I);
    w->zero = rows(c, 1)[0];
    w->valued = carve(c, (size_t)p->S, sizeof(bool));
}

static void lay_out(carver *c, ps_work *w, const ps_plan *p)
{
    inputs(c, w, p);
    handed_on(c, w, p);
    scratch(c, w, p);
    choice(c, w, p);
    customers(c, w, p);
    results(c, w, p);
    if (p->aims) {
        game(c, w, p);
    }
}

size_t ps_work_bytes(const ps_plan *plan)
{
    ps_work w = {0};
    carver c = {0};

    lay_out(&c, &w, plan);
    return c.used + sizeof w + 128;
}

ps_work *ps_work_make(const ps_plan *plan, ps_arena *arena)
{
    ps_work *w = ps_arena_alloc(arena, 1, sizeof *w + 512);
    char *block = ps_arena_alloc(arena, 1, ps_work_bytes(plan) + 64);
    carver c = {.base = block};

    if (!w || !block) {
        return NULL;
    }
    c.base = block + (64 - (uintptr_t)block % 64) % 64;
    w->plan = plan;
    lay_out(&c, w, plan);
    for (int s = 0; s < plan->S; s++) {
        w->segment_weight[s] = plan->segment[s].weight;
    }
    for (int l = 0; l < PS_LANES; l++) {
        w->class_weight[0][l] = 1.0;
    }
    return w;
}
