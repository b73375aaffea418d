/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adds a batch to the collection: values by path, and sums and sketches of the rest. */
#include <string.h>

#include "engine/collect.h"
#include "engine/hot_collect.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

/* Adds the first n lanes to the parts of a sum, part by part: the same bits at any vector width. */
static void add_lanes(double *restrict part, const double *restrict x, int n)
{
    enum { PARTS = sizeof(ps_sum_parts) / sizeof(double) };
    ps_lanes some;

    if (n < PS_LANES) {
        memset(some, 0, sizeof some);
        memcpy(some, x, (size_t)n * sizeof *x);
        x = some;
    }
#pragma omp simd
    for (int k = 0; k < PARTS; k++) {
        double sum = x[k];

        for (int l = PARTS; l < PS_LANES; l += PARTS) {
            sum += x[l + k];
        }
        part[k] += sum;
    }
}

static double greater(double a, double b)
{
    return a > b ? a : b;
}

static void keep_totals(ps_collection *c, const ps_work *w, const ps_job *job)
{
    for (int m = 0; m < PS_METRICS; m++) {
        if (c->kept[m] < 0) {
            continue;
        }
        double *to = job->twin
                         ? ps_held(c->twin, c->kept[m], c->held.twin, job->path0 / PS_TWIN_EVERY)
                         : ps_held(c->total, c->kept[m], c->held.path, job->path0);

        memcpy(to, w->out.total[m], (size_t)job->lanes * sizeof(double));
    }
}

static void keep_inputs(ps_collection *c, const ps_work *w, const ps_job *job)
{
    const int64_t left = c->driver_paths - job->path0;
    const int64_t n = left < job->lanes ? left : job->lanes;

    for (int u = 0; u < c->plan->uniforms && n > 0 && !c->plan->centre; u++) {
        memcpy(ps_held(c->uniform, u, c->held.driver, job->path0), w->uniform[u],
               (size_t)n * sizeof(double));
    }
}

void ps_hot_collect_period(const ps_work *w)
{
    const ps_job *job = w->job;
    const ps_collection *c = job->collection;
    const int n = w->plan->series_count, first = w->t * n;

    if (!c || job->twin) {
        return;
    }
    for (int k = 0; k < n; k++) {
        add_lanes(c->part[job->worker][c->at.series + first + k], w->out.series[k], job->lanes);
    }
    for (int k = 0; k < n && job->path0 < PS_SKETCHED_PATHS; k++) {
        ps_sketch_add(&c->series_sketch[job->worker][first + k], w->out.series[k], job->lanes);
    }
}

static void add_row(double *restrict to, const double *restrict x, bool first)
{
    if (first) {
        memcpy(to, x, sizeof(ps_lanes));
        return;
    }
    LANES
    {
        to[l] += x[l];
    }
}

/* Sum by lane of a metric over a group's segments or lines. */
static void group_sums(const ps_collection *c, const ps_work *w, const ps_group_plan *g, int metric,
                       double *restrict to)
{
    const ps_plan *p = c->plan;
    const int line = p->line_of[metric];
    const int segment = p->segment_of[metric] >= 0 ? p->segment_of[metric] : p->closed_of[metric];
    int rows = 0;

    for (int s = 0; s < p->S; s++) {
        if (segment >= 0 && g->segment_in[s]) {
            add_row(to, w->out.segment[s * PS_SEG_ROWS + segment], rows++ == 0);
        }
        for (int i = 0; i < p->I && line >= 0; i++) {
            if (g->line_in[s * p->I + i]) {
                add_row(to, w->out.line[(s * p->I + i) * PS_LINE_METRICS + line], rows++ == 0);
            }
        }
    }
    if (rows == 0) {
        memset(to, 0, sizeof(ps_lanes));
    }
}

static void group_value(const ps_collection *c, const ps_work *w, const ps_group_plan *g,
                        int metric, double *a, double *b)
{
    const ps_metric_info *info = &ps_metric_table[metric];

    if (metric == PS_METRIC_price) {
        memcpy(a, w->out.price[g->item], sizeof(ps_lanes));
    } else if (metric == PS_METRIC_last_price) {
        memcpy(a, w->out.last_price[g->item], sizeof(ps_lanes));
    } else if (g->rival >= 0) {
        memcpy(a, w->out.lost_rival[g->rival], sizeof(ps_lanes));
        memcpy(b, w->out.total[PS_METRIC_decided], sizeof(ps_lanes));
    } else if (metric == PS_METRIC_discounts) {
        group_sums(c, w, g, PS_METRIC_list_value, a);
        group_sums(c, w, g, PS_METRIC_pocket_value, b);
        for (int l = 0; l < PS_LANES; l++) {
            a[l] -= b[l];
        }
    } else if (info->kind == PS_METRIC_IS_RATIO) {
        group_sums(c, w, g, info->numerator, a);
        group_sums(c, w, g, info->denominator, b);
    } else {
        group_sums(c, w, g, metric, a);
    }
}

static void sketch_valid(ps_sketch *sketch, const double *x, const double *valid, int lanes)
{
    ps_lanes some;
    int n = 0;

    for (int l = 0; l < lanes; l++) {
        some[n] = x[l];
        n += valid[l] != 0.0;
    }
    ps_sketch_add(sketch, some, n);
}

static void keep_groups(ps_collection *c, const ps_work *w, const ps_job *job)
{
    ps_lanes a, b, x, square, valid;

    for (int at = 0; at < c->groups * PS_GROUP_METRICS; at++) {
        const int g = at / PS_GROUP_METRICS, metric = ps_group_metric[at % PS_GROUP_METRICS];
        const bool ratio = ps_metric_table[metric].kind == PS_METRIC_IS_RATIO;
        const ps_group_place *place = &c->place[at];
        ps_sum_parts *to = c->part[job->worker] + place->sum;

        if (place->sum < 0 || place->again) {
            continue;
        }
        group_value(c, w, &c->group[g], metric, a, b);
        LANES
        {
            valid[l] = !ratio || b[l] != 0.0 ? 1.0 : 0.0;
            x[l] = !ratio ? a[l] : b[l] != 0.0 ? a[l] / b[l] : 0.0;
            square[l] = x[l] * x[l];
        }
        add_lanes(to[PS_MOMENT_SUM], x, job->lanes);
        add_lanes(to[PS_MOMENT_SQUARE], square, job->lanes);
        add_lanes(to[PS_MOMENT_COUNT], valid, job->lanes);
        if (ratio) {
            add_lanes(to[PS_MOMENT_NUMERATOR], a, job->lanes);
            add_lanes(to[PS_MOMENT_DENOMINATOR], b, job->lanes);
        }
        if (place->sketch >= 0 && job->path0 < PS_SKETCHED_PATHS) {
            sketch_valid(&c->group_sketch[job->worker][place->sketch], x, valid, job->lanes);
        }
    }
}

static void keep_periods(ps_collection *c, const ps_work *w, const ps_job *job)
{
    const ps_plan *p = c->plan;
    const ps_lane_periods *from = &w->out.period;
    ps_sum_parts *to = c->part[job->worker];

    for (int k = 0; k < p->T * p->I; k++) {
        add_lanes(to[c->at.own_price + k], w->history_list[p->I + k], job->lanes);
        if (ps_plan_shows(p, k / p->I)) {
            add_lanes(to[c->at.shown + k], w->history_public[p->I + k], job->lanes);
        }
    }
    for (int k = 0; k < p->T * p->C; k++) {
        add_lanes(to[c->at.rival_price + k], w->history_rival[p->C + k], job->lanes);
    }
    for (int k = 0; k < p->C * p->T && from->counts; k++) {
        add_lanes(to[c->at.lost + k], from->lost[k], job->lanes);
    }
    for (int t = 0; t < p->T && from->counts; t++) {
        add_lanes(to[c->at.won + t], from->won[t], job->lanes);
        add_lanes(to[c->at.won + p->T + t], from->decided[t], job->lanes);
    }
}

static void keep_sums(ps_collection *c, const ps_work *w, const ps_job *job)
{
    const ps_plan *p = c->plan;
    ps_sum_parts *to = c->part[job->worker];
    double *worst = c->worst + (job->item - c->held.item.first) * 4;

    for (int g = 0; g < p->G; g++) {
        ps_lanes *const rows[PS_STAGE_SUMS] = {
            w->out.stage_entered, w->out.stage_passed, w->out.stage_lost, w->out.stage_open_start,
            w->out.stage_open,    w->out.stage_bound,  w->out.stage_days, w->out.stage_waiting};

        for (int k = 0; k < PS_STAGE_SUMS; k++) {
            add_lanes(to[c->at.stage + g * PS_STAGE_SUMS + k], rows[k][g], job->lanes);
        }
    }
    for (int k = 0; k < p->teams * PS_TEAM_SUMS; k++) {
        add_lanes(to[c->at.team + k], w->out.team[k], job->lanes);
    }
    for (int k = 0; k < p->steps; k++) {
        add_lanes(to[c->at.step + k], w->out.step[k], job->lanes);
    }
    for (int k = 0; k < p->S * p->I * PS_LINE_METRICS; k++) {
        add_lanes(to[c->at.line + k], w->out.line[k], job->lanes);
    }
    const double *const scalar[PS_SCALARS] = {w->out.opening_revenue, w->out.searches,
                                              w->out.unsolved, w->out.unstable};

    for (int k = 0; k < PS_SCALARS; k++) {
        add_lanes(to[c->at.scalar + k], scalar[k], job->lanes);
    }
    keep_periods(c, w, job);
    const double *const residual[] = {w->out.funnel_residual, w->out.waterfall_residual,
                                      w->out.cash_residual};

    for (int k = 0; k < 3; k++) {
        for (int l = 0; l < job->lanes; l++) {
            worst[k] = greater(worst[k], residual[k][l]);
        }
    }
}

/* Attribution needs no more than the earnings: rows by path, sums of the cells that promotions
 * touch. */
void ps_hot_collect_earnings(const ps_work *w, const ps_job *job)
{
    const ps_plan *p = w->plan;
    ps_collection *c = job->collection;
    const int64_t left = c->attributed - job->path0;
    double *worst = c->worst + (job->item - c->held.item.first) * 4 + 3;
    const int n = (int)(left < job->lanes ? left : job->lanes), fixed_rows = PS_ROWS + p->C;
    const double *const extra[] = {
        w->out.net,      w->out.net_inside,         w->out.naive, w->out.fixed, w->out.funding,
        w->out.discount, w->out.contribution_inside};

    for (int r = 0; r < c->rows - 7; r++) {
        const double *x = r < fixed_rows ? w->out.row[r] : w->out.value[r - fixed_rows];

        memcpy(ps_held(c->row, r, c->held.row, job->path0), x, (size_t)n * sizeof(double));
    }
    for (int k = 0; k < 7; k++) {
        memcpy(ps_held(c->row, c->rows - 7 + k, c->held.row, job->path0), extra[k],
               (size_t)n * sizeof(double));
    }
    for (int k = 0; k < (p->M + 1) * PS_TOUCH; k++) {
        add_lanes(c->part[job->worker][c->at.touch + k], w->split.promotion[k], n);
    }
    for (int l = 0; l < n; l++) {
        *worst = greater(*worst, w->out.promotion_residual[l]);
    }
}

void ps_hot_collect(const ps_work *work, const ps_job *job)
{
    ps_collection *c = job->collection;

    if (job->path0 < c->valued) {
        keep_totals(c, work, job);
    }
    ps_collect_goal_values(c, work, job);
    if (job->twin) {
        return;
    }
    if (c->valued < c->paths) {
        ps_collect_moments(c, work, job);
    }
    keep_inputs(c, work, job);
    keep_groups(c, work, job);
    keep_sums(c, work, job);
}
