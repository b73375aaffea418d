/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From collected paths to a result. docs/model/statistics.md */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/collect.h"
#include "engine/figure.h"
#include "scenario/load.h"

/* Row k of the sums, over the items. */
static double item_sum(const ps_collection *c, int items, int k)
{
    double sum = 0.0;

    for (int i = 0; i < items; i++) {
        sum += c->sum[(long)i * c->sums + k];
    }
    return sum;
}

static bool series(const ps_collection *c, int64_t paths, int items, ps_result *r)
{
    const ps_plan *p = c->plan;

    for (int k = 0; k < p->series_count; k++) {
        ps_series *s = &r->series[p->series_metric[k]];
        double *const to = ps_arena_alloc(&r->arena, (size_t)p->T * 4, sizeof(double));

        if (!to) {
            return false;
        }
        s->mean = to;
        s->p10 = to + p->T;
        s->p50 = to + 2 * p->T;
        s->p90 = to + 3 * p->T;
        for (int t = 0; t < p->T; t++) {
            const int at = t * p->series_count + k;

            s->mean[t] = item_sum(c, items, c->at.series + at) / (double)paths;
            static const double fan[] = {0.1, 0.5, 0.9};
            double q[3];

            ps_sketch_quantiles(&c->series_sketch[0][at], fan, 3, q);
            s->p10[t] = q[0];
            s->p50[t] = q[1];
            s->p90[t] = q[2];
        }
    }
    return true;
}

static ps_figure group_figure(const double m[PS_MOMENTS], bool ratio, const ps_sketch *sketch)
{
    ps_figure f = ps_figure_none();
    const double count = m[PS_MOMENT_COUNT], mean = m[PS_MOMENT_SUM] / count;

    f.mean = ratio ? m[PS_MOMENT_NUMERATOR] / m[PS_MOMENT_DENOMINATOR] : mean;
    if (count > 1.0) {
        const double variance = (m[PS_MOMENT_SQUARE] - count * mean * mean) / (count - 1.0);

        f.sd = variance > 1e-14 * mean * mean ? sqrt(variance) : 0.0;
        f.se = f.sd / sqrt(count);
    }
    if (sketch) {
        double q[7];

        ps_sketch_quantiles(sketch, ps_figure_levels, PS_FIGURE_LEVELS, q);
        ps_figure_set_quantiles(&f, q);
    }
    return f;
}

/* Mean prices of offer `item` by period, into a group that is one offer. */
static bool group_prices(const ps_collection *c, int64_t paths, int items, int item, ps_result *r,
                         ps_group *to)
{
    const ps_plan *p = c->plan;
    const bool own = item < p->I;

    if (item < 0) {
        return true;
    }
    to->price = ps_arena_alloc(&r->arena, (size_t)p->T * 2, sizeof *to->price);
    to->shown = own && to->price ? to->price + p->T : to->price;
    for (int t = 0; to->price && t < p->T; t++) {
        const int row =
            own ? c->at.own_price + t * p->I + item : c->at.rival_price + t * p->C + item - p->I;

        to->price[t] = item_sum(c, items, row) / (double)paths;
        if (own) {
            to->shown[t] = ps_plan_shows(p, t)
                               ? item_sum(c, items, c->at.shown + t * p->I + item) / (double)paths
                               : to->price[t];
        }
    }
    return to->price != NULL;
}

/* Parts of all that was decided in each period, over the futures together: ours (rival -1) or a
 * rival's, whose sums count from the start. */
static bool period_shares(const ps_collection *c, int items, int rival, ps_result *r, double **to)
{
    const int T = c->plan->T;
    double before = 0.0;

    if (!c->plan->shares) {
        return true;
    }
    *to = ps_arena_alloc(&r->arena, (size_t)T, sizeof **to);
    for (int t = 0; *to && t < T; t++) {
        const double all = item_sum(c, items, c->at.won + T + t),
                     sum =
                         item_sum(c, items, rival < 0 ? c->at.won + t : c->at.lost + rival * T + t);

        (*to)[t] = all > 0.0 ? (sum - before) / all : NAN;
        before = rival < 0 ? 0.0 : sum;
    }
    return *to != NULL;
}

/* Our part, and the mean of all. */
static bool own_shares(const ps_collection *c, int64_t paths, int items, ps_result *r)
{
    const int T = c->plan->T;
    const int64_t counted = paths < PS_SHARED_PATHS ? paths : PS_SHARED_PATHS;

    if (!c->plan->shares) {
        return true;
    }
    r->decided = ps_arena_alloc(&r->arena, (size_t)T, sizeof *r->decided);
    for (int t = 0; r->decided && t < T; t++) {
        r->decided[t] = item_sum(c, items, c->at.won + T + t) / (double)counted;
    }
    return r->decided && period_shares(c, items, -1, r, &r->share_own);
}

static bool groups(const ps_collection *c, int64_t paths, int items, ps_result *r)
{
    r->groups = c->groups;
    r->group = ps_arena_alloc(&r->arena, (size_t)c->groups, sizeof *r->group);
    if (!r->group || !own_shares(c, paths, items, r)) {
        return false;
    }
    for (int g = 0; g < c->groups; g++) {
        ps_group *to = &r->group[g];

        to->dimension = c->group[g].dimension;
        to->id = c->group[g].id;
        to->label = c->group[g].label;
        if (!group_prices(c, paths, items, c->group[g].item, r, to) ||
            (c->group[g].rival >= 0 &&
             !period_shares(c, items, c->group[g].rival, r, &to->share))) {
            return false;
        }
        for (int k = 0; k < PS_GROUP_METRICS; k++) {
            const int metric = ps_group_metric[k];
            const bool ratio = ps_metric_table[metric].kind == PS_METRIC_IS_RATIO;
            const ps_group_place *place = &c->place[g * PS_GROUP_METRICS + k];
            double sum[PS_MOMENTS];

            for (int i = 0; i < (ratio ? PS_MOMENTS : PS_MOMENT_NUMERATOR); i++) {
                sum[i] = place->sum < 0 ? 0.0 : item_sum(c, items, place->sum + i);
            }
            if (place->sum < 0 || sum[PS_MOMENT_COUNT] < 0.5) {
                continue;
            }
            to->has[metric] = true;
            to->figure[metric] = group_figure(
                sum, ratio, place->sketch < 0 ? NULL : &c->group_sketch[0][place->sketch]);
        }
    }
    return true;
}

static bool funnel(const ps_collection *c, int64_t paths, int items, ps_result *r)
{
    const ps_plan *p = c->plan;
    const double n = (double)paths, orders = r->summary[PS_METRIC_orders].mean;

    r->funnel_rows = p->G;
    r->funnel = ps_arena_alloc(&r->arena, (size_t)p->G + 1, sizeof *r->funnel);
    for (int g = 0; r->funnel && g < p->G; g++) {
        ps_funnel_row *row = &r->funnel[g];
        double x[8];

        for (int k = 0; k < 8; k++) {
            x[k] = item_sum(c, items, c->at.stage + g * PS_STAGE_SUMS + k) / n;
        }
        row->id = p->stage[g].id;
        row->label = p->stage[g].stage->entry.label;
        row->choice = p->stage[g].choice;
        row->entered = x[0];
        row->passed = x[1];
        row->lost = x[2];
        row->open_start = x[3];
        row->open_end = x[4];
        row->capacity_bound_frac = x[5] / p->T;
        row->mean_days = x[6];
        row->waiting_end = x[7];
        row->value_open =
            orders > 0.0 ? row->open_end * r->summary[PS_METRIC_list_value].mean / orders : NAN;
    }
    return r->funnel != NULL;
}

static bool teams(const ps_collection *c, int64_t paths, int items, ps_result *r)
{
    const ps_plan *p = c->plan;
    const ps_sales_model *models = p->scenario->sales_models.items;

    r->team_rows = p->teams;
    r->team = ps_arena_alloc(&r->arena, (size_t)p->teams + 1, sizeof *r->team);
    for (int z = 0; r->team && z < p->teams; z++) {
        const ps_entry *model = &models[p->team[z].model].entry;
        double x[PS_TEAM_SUMS];

        for (int k = 0; k < PS_TEAM_SUMS; k++) {
            x[k] = item_sum(c, items, c->at.team + z * PS_TEAM_SUMS + k) / (double)paths;
        }
        r->team[z] = (ps_team_row){.id = model->id,
                                   .label = model->label,
                                   .hours = x[PS_TEAM_ROOM],
                                   .hours_used = x[PS_TEAM_USED],
                                   .pay = x[PS_TEAM_PAY],
                                   .bound_frac = x[PS_TEAM_BOUND] / p->T,
                                   .waiting_end = x[PS_TEAM_WAITING]};
    }
    return r->team != NULL;
}

static bool waterfall(const ps_collection *c, int64_t paths, int items, ps_result *r)
{
    const ps_plan *p = c->plan;
    const double list = r->summary[PS_METRIC_list_value].mean,
                 units = r->summary[PS_METRIC_units].mean;
    double running = list;
    int n = 0;

    r->waterfall = ps_arena_alloc(&r->arena, (size_t)p->steps + 5, sizeof *r->waterfall);
    if (!r->waterfall) {
        return false;
    }
    r->waterfall[n++] = (ps_waterfall_row){
        "list", p->brand ? "Wholesale price" : "List price", true, list, 0.0, 0.0};
    for (int k = 0; k < p->steps; k++) {
        const double x = item_sum(c, items, c->at.step + k) / (double)paths;

        if (p->step[k].reserved == PS_STEP_INVOICE) {
            r->waterfall[n++] =
                (ps_waterfall_row){"invoice", "Invoice price", true, running, 0.0, 0.0};
        } else {
            const char *label = p->step[k].reserved == PS_STEP_NEGOTIATED  ? "Negotiated discount"
                                : p->step[k].reserved == PS_STEP_PROMOTION ? "Promotions"
                                                                           : p->step[k].label;

            r->waterfall[n++] = (ps_waterfall_row){p->step[k].id, label, false, x, 0.0, 0.0};
            running -= x;
        }
    }
    const double margin = r->summary[PS_METRIC_pocket_margin].mean;

    r->waterfall[n++] = (ps_waterfall_row){"pocket", "Pocket price", true, running, 0.0, 0.0};
    r->waterfall[n++] =
        (ps_waterfall_row){"unit_cost", "Unit cost", false, running - margin, 0.0, 0.0};
    r->waterfall[n++] = (ps_waterfall_row){"margin", "Pocket margin", true, margin, 0.0, 0.0};
    r->waterfall_rows = n;
    for (int k = 0; k < n; k++) {
        r->waterfall[k].per_unit = units > 0.0 ? r->waterfall[k].amount / units : NAN;
        r->waterfall[k].of_list_frac = list > 0.0 ? r->waterfall[k].amount / list : NAN;
    }
    return true;
}

static int by_strength(const void *a, const void *b)
{
    const double x = fabs(((const ps_driver *)a)->rank_correlation),
                 y = fabs(((const ps_driver *)b)->rank_correlation);

    return x < y   ? 1
           : x > y ? -1
                   : strcmp(((const ps_driver *)a)->pointer, ((const ps_driver *)b)->pointer);
}

/* Sign of a law's quantile in its uniform is always +; a shared draw is named by its first input.
 */
static const char *uniform_pointer(const ps_plan *p, int u)
{
    const ps_scenario *sc = p->scenario;

    for (int d = 0; d < p->draws; d++) {
        if (!p->draw[d].sampler || p->draw[d].uniform != u) {
            continue;
        }
        for (int k = 0; k < sc->input_count; k++) {
            const ps_number *number = sc->inputs[k].number;

            if (number->slot <= p->draw[d].slot &&
                p->draw[d].slot < number->slot + (number->shifts > 0 ? p->S : 1)) {
                return number->pointer;
            }
        }
    }
    return NULL;
}

/* From centred ranks; NAN when either does not vary. */
static double rank_correlation(const double *x, const double *y, int64_t n)
{
    double xy = 0.0, xx = 0.0, yy = 0.0;

    for (int64_t i = 0; i < n; i++) {
        xy += x[i] * y[i];
        xx += x[i] * x[i];
        yy += y[i] * y[i];
    }
    return xx > 0.0 && yy > 0.0 ? xy / sqrt(xx * yy) : NAN;
}

static bool drivers(const ps_collection *c, int64_t paths, ps_result *r)
{
    const ps_plan *p = c->plan;
    const int64_t n = paths < c->driver_paths ? paths : c->driver_paths;
    const bool wanted = !p->centre && n >= 100;
    ps_arena local = {0};
    ps_driver *list = ps_arena_alloc(&r->arena, (size_t)p->uniforms + 1, sizeof *list);
    ps_ranked *order = ps_arena_alloc(&local, 2 * (size_t)n, sizeof *order);
    double *goal = ps_arena_alloc(&local, (size_t)n, sizeof *goal),
           *rank = ps_arena_alloc(&local, (size_t)n, sizeof *rank);
    const bool ok = list && order && goal && rank;
    int count = 0;

    if (ok && wanted) {
        ps_ranks(c->total + c->kept[PS_METRIC_contribution] * c->valued, (size_t)n, order, goal);
    }
    for (int u = 0; ok && wanted && u < p->uniforms; u++) {
        const char *pointer = uniform_pointer(p, u);

        if (pointer) {
            ps_ranks(c->uniform + u * c->driver_paths, (size_t)n, order, rank);
            list[count] = (ps_driver){pointer, rank_correlation(rank, goal, n)};
            count += isnan(list[count].rank_correlation) ? 0 : 1;
        }
    }
    if (ok) {
        qsort(list, (size_t)count, sizeof *list, by_strength);
    }
    r->driver = list;
    r->drivers = count < 20 ? count : 20;
    ps_arena_free(&local);
    return ok;
}

static bool lines(const ps_collection *c, int64_t paths, int items, ps_result *r)
{
    const ps_plan *p = c->plan;
    const ps_offer *offers = p->scenario->offers.items;

    r->lines = p->S * p->I;
    r->line = ps_arena_alloc(&r->arena, (size_t)r->lines, sizeof *r->line);
    for (int k = 0; r->line && k < r->lines; k++) {
        double mean[PS_LINE_METRICS];

        for (int m = 0; m < PS_LINE_METRICS; m++) {
            mean[m] = item_sum(c, items, c->at.line + k * PS_LINE_METRICS + m) / (double)paths;
        }
        r->line[k] = (ps_line_mean){p->segment[k / p->I].segment->entry.id,
                                    offers[k % p->I].entry.id,
                                    mean[PS_LINE_UNITS],
                                    mean[PS_LINE_PROMOTION],
                                    mean[PS_LINE_POCKET],
                                    mean[PS_LINE_MARGIN]};
    }
    return r->line != NULL;
}

bool ps_collect_paths(const ps_collection *c, ps_result *r)
{
    for (int m = 0; m < PS_METRICS; m++) {
        r->path[m] = c->kept[m] < 0 ? NULL : c->total + c->kept[m] * c->valued;
    }
    r->path_goal = ps_arena_alloc(&r->arena, (size_t)c->plan->goals + 1, sizeof *r->path_goal);
    for (int k = 0; r->path_goal && k < c->plan->goals; k++) {
        r->path_goal[k] = c->goal + k * c->valued;
    }
    r->path_input = ps_arena_alloc(&r->arena, (size_t)c->plan->uniforms + 1, sizeof *r->path_input);
    r->path_level = ps_arena_alloc(&r->arena, (size_t)c->plan->uniforms + 1, sizeof *r->path_level);
    if (r->path_goal == NULL || r->path_input == NULL || r->path_level == NULL) {
        return false;
    }
    r->path_input_count = r->paths < c->driver_paths ? r->paths : c->driver_paths;
    for (int u = 0; u < c->plan->uniforms && !c->plan->centre; u++) {
        r->path_input[r->path_inputs] = uniform_pointer(c->plan, u);
        r->path_level[r->path_inputs] = c->uniform + u * c->driver_paths;
        r->path_inputs += r->path_input[r->path_inputs] != NULL;
    }
    return true;
}

bool ps_collect_finish(ps_collection *c, int64_t paths, ps_result *r)
{
    const ps_plan *p = c->plan;
    const int items = (int)((paths + c->per_item * PS_LANES - 1) / (c->per_item * PS_LANES));
    ps_arena local = {0};
    double *scratch = ps_arena_alloc(&local, (size_t)c->valued, sizeof *scratch);
    bool ok = scratch != NULL;

    r->batch_means = ps_arena_alloc(&r->arena, PS_METRICS * PS_BATCHES, sizeof(double));
    r->period_start = ps_arena_alloc(&r->arena, (size_t)p->T, sizeof(int));
    if (ok && r->batch_means && r->period_start) {
        memcpy(r->period_start, p->start, (size_t)p->T * sizeof(int));
        r->end_day = p->end[p->T - 1];
        ps_collect_join(c);
        ok = ps_collect_summary(c, paths, items, r) && series(c, paths, items, r) &&
             groups(c, paths, items, r) && funnel(c, paths, items, r) &&
             teams(c, paths, items, r) && lines(c, paths, items, r) &&
             waterfall(c, paths, items, r) && ps_collect_goals(c, paths, items, scratch, r) &&
             drivers(c, paths, r) && ps_collect_earnings(c, items, r);
        r->opening_revenue = item_sum(c, items, c->at.scalar) / (double)paths;
        r->searches = item_sum(c, items, c->at.scalar + 1);
        r->unsolved = item_sum(c, items, c->at.scalar + 2);
        r->unstable = item_sum(c, items, c->at.scalar + 3);
        for (int i = 0; i < items; i++) {
            r->balance.funnel = fmax(r->balance.funnel, c->worst[i * 4]);
            r->balance.waterfall = fmax(r->balance.waterfall, c->worst[i * 4 + 1]);
            r->balance.cash = fmax(r->balance.cash, c->worst[i * 4 + 2]);
            r->balance.promotions = fmax(r->balance.promotions, c->worst[i * 4 + 3]);
        }
    } else {
        ok = false;
    }
    ps_arena_free(&local);
    return ok;
}
