/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adds a batch to the collection: values by path, and sums and sketches of the rest. */
#include <string.h>

#include "engine/collect.h"

/* Lanes l = 0..7 are summed apart and folded in a fixed order: the same bits at any vector width.
 */
static double lane_sum(const double *x, int n)
{
    double part[8] = {0.0};
    int l = 0;

    for (; l + 8 <= n; l += 8) {
#pragma omp simd
        for (int k = 0; k < 8; k++) {
            part[k] += x[l + k];
        }
    }
    for (; l < n; l++) {
        part[l & 7] += x[l];
    }
    return ((part[0] + part[4]) + (part[2] + part[6])) +
           ((part[1] + part[5]) + (part[3] + part[7]));
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
        if (job->twin) {
            const int64_t at = job->path0 / (PS_LANES * PS_TWIN_EVERY) * PS_LANES;

            memcpy(c->twin + c->kept[m] * c->twins + at, w->out.total[m],
                   (size_t)job->lanes * sizeof(double));
        } else {
            memcpy(c->total + c->kept[m] * c->paths + job->path0, w->out.total[m],
                   (size_t)job->lanes * sizeof(double));
        }
    }
}

static void keep_inputs(ps_collection *c, const ps_work *w, const ps_job *job)
{
    const int64_t left = c->driver_paths - job->path0;
    const int64_t n = left < job->lanes ? left : job->lanes;

    for (int u = 0; u < c->plan->uniforms && n > 0 && !c->plan->centre; u++) {
        memcpy(c->uniform + u * c->driver_paths + job->path0, w->uniform[u],
               (size_t)n * sizeof(double));
    }
}

static void keep_series(ps_collection *c, const ps_work *w, const ps_job *job, int worker, int item)
{
    const int n = c->plan->T * c->plan->series_count;

    for (int k = 0; k < n; k++) {
        c->series_sum[(long)item * n + k] += lane_sum(w->out.series[k], job->lanes);
        if (job->path0 < PS_SKETCHED_PATHS) {
            ps_sketch_add(&c->series_sketch[worker][k], w->out.series[k], job->lanes);
        }
    }
}

/* Values of a group metric by lane: numerator and denominator (NULL for plain sums). */
static void group_sums(const ps_collection *c, const ps_work *w, const ps_group_plan *g, int metric,
                       double *restrict to)
{
    const ps_plan *p = c->plan;
    const int line = p->line_of[metric], segment = p->segment_of[metric];

    memset(to, 0, sizeof(ps_lanes));
    for (int s = 0; s < p->S; s++) {
        if (segment >= 0 && g->segment_in[s]) {
            for (int l = 0; l < PS_LANES; l++) {
                to[l] += w->out.segment[s * PS_SEG_METRICS + segment][l];
            }
        }
        for (int i = 0; i < p->I && line >= 0; i++) {
            if (!g->line_in[s * p->I + i]) {
                continue;
            }
            const double *x = w->out.line[(s * p->I + i) * PS_LINE_METRICS + line];

            for (int l = 0; l < PS_LANES; l++) {
                to[l] += x[l];
            }
        }
    }
}

static bool group_value(const ps_collection *c, const ps_work *w, const ps_group_plan *g,
                        int metric, double *a, double *b)
{
    const ps_metric_info *info = &ps_metric_table[metric];

    if (metric == PS_METRIC_price || metric == PS_METRIC_last_price) {
        ps_lanes *rows = metric == PS_METRIC_price ? w->out.price : w->out.last_price;

        if (g->item >= 0) {
            memcpy(a, rows[g->item], sizeof(ps_lanes));
        }
        return g->item >= 0;
    }
    if (!c->plan->has[metric]) {
        return false;
    }
    if (g->rival >= 0) {
        if (metric != PS_METRIC_units && metric != PS_METRIC_share) {
            return false;
        }
        memcpy(a, w->out.lost_rival[g->rival], sizeof(ps_lanes));
        memcpy(b, w->out.total[PS_METRIC_decided], sizeof(ps_lanes));
        return true;
    }
    if (metric == PS_METRIC_discounts) {
        group_sums(c, w, g, PS_METRIC_list_value, a);
        group_sums(c, w, g, PS_METRIC_pocket_value, b);
        for (int l = 0; l < PS_LANES; l++) {
            a[l] -= b[l];
        }
        return true;
    }
    if (info->kind != PS_METRIC_IS_RATIO) {
        group_sums(c, w, g, metric, a);
        return c->plan->line_of[metric] >= 0 || strcmp(g->dimension, "offer") != 0;
    }
    if (strcmp(g->dimension, "offer") == 0 && info->numerator == PS_METRIC_eventual_wins) {
        return false;
    }
    group_sums(c, w, g, info->numerator, a);
    group_sums(c, w, g, info->denominator, b);
    return true;
}

static void keep_groups(ps_collection *c, const ps_work *w, const ps_job *job, int worker, int item)
{
    ps_lanes a, b;

    for (int g = 0; g < c->groups; g++) {
        for (int k = 0; k < PS_GROUP_METRICS; k++) {
            const bool ratio = ps_metric_table[ps_group_metric[k]].kind == PS_METRIC_IS_RATIO;
            ps_moment *to = &c->moment[((long)item * c->groups + g) * PS_GROUP_METRICS + k];
            ps_lanes x;
            int n = 0;

            if (!group_value(c, w, &c->group[g], ps_group_metric[k], a, b)) {
                continue;
            }
            for (int l = 0; l < job->lanes; l++) {
                if (!ratio || b[l] != 0.0) {
                    x[n++] = ratio ? a[l] / b[l] : a[l];
                }
            }
            to->count += n;
            to->sum += lane_sum(x, n);
            if (ratio) {
                to->numerator += lane_sum(a, job->lanes);
                to->denominator += lane_sum(b, job->lanes);
            }
            if (g < c->sketched && job->path0 < PS_SKETCHED_PATHS) {
                ps_sketch_add(&c->group_sketch[worker][g * PS_GROUP_METRICS + k], x, n);
            }
            for (int l = 0; l < n; l++) {
                x[l] *= x[l];
            }
            to->square += lane_sum(x, n);
        }
    }
}

static void keep_sums(ps_collection *c, const ps_work *w, const ps_job *job, int item)
{
    const ps_plan *p = c->plan;

    for (int g = 0; g < p->G; g++) {
        ps_lanes *const rows[PS_STAGE_SUMS] = {
            w->out.stage_entered, w->out.stage_passed, w->out.stage_lost, w->out.stage_open_start,
            w->out.stage_open,    w->out.stage_bound,  w->out.stage_days, w->out.stage_waiting};
        double *to = c->stage_sum + ((long)item * p->G + g) * PS_STAGE_SUMS;

        for (int k = 0; k < PS_STAGE_SUMS; k++) {
            to[k] += lane_sum(rows[k][g], job->lanes);
        }
    }
    for (int k = 0; k < p->steps; k++) {
        c->step_sum[(long)item * p->steps + k] += lane_sum(w->out.step[k], job->lanes);
    }
    for (int k = 0; k < p->S * p->I * PS_LINE_METRICS; k++) {
        c->line_sum[(long)item * p->S * p->I * PS_LINE_METRICS + k] +=
            lane_sum(w->out.line[k], job->lanes);
    }
    const double *const scalar[PS_SCALARS] = {w->out.opening_revenue, w->out.searches,
                                              w->out.unsolved, w->out.unstable};

    for (int k = 0; k < PS_SCALARS; k++) {
        c->scalar_sum[item * PS_SCALARS + k] += lane_sum(scalar[k], job->lanes);
    }
    const double *const residual[] = {w->out.funnel_residual, w->out.waterfall_residual,
                                      w->out.cash_residual};

    for (int k = 0; k < 3; k++) {
        for (int l = 0; l < job->lanes; l++) {
            c->worst[item * 4 + k] = greater(c->worst[item * 4 + k], residual[k][l]);
        }
    }
}

/* Attribution needs no more than the earnings: rows by path, sums of the cells that promotions
 * touch. */
static void keep_attribution(ps_collection *c, const ps_work *w, const ps_job *job, int item)
{
    const ps_plan *p = c->plan;
    const int64_t left = c->attributed - job->path0;
    const int n = (int)(left < job->lanes ? left : job->lanes), fixed_rows = PS_ROWS + p->C;
    const double *const extra[] = {
        w->out.net,      w->out.net_inside,         w->out.naive, w->out.fixed, w->out.funding,
        w->out.discount, w->out.contribution_inside};

    for (int r = 0; r < c->rows - 7; r++) {
        const double *x = r < fixed_rows ? w->out.row[r] : w->out.value[r - fixed_rows];

        memcpy(c->row + r * c->attributed + job->path0, x, (size_t)n * sizeof(double));
    }
    for (int k = 0; k < 7; k++) {
        memcpy(c->row + (c->rows - 7 + k) * c->attributed + job->path0, extra[k],
               (size_t)n * sizeof(double));
    }
    for (int k = 0; k < (p->M + 1) * PS_TOUCH; k++) {
        c->touch_sum[(long)item * (p->M + 1) * PS_TOUCH + k] += lane_sum(w->split.promotion[k], n);
    }
    for (int l = 0; l < n; l++) {
        c->worst[item * 4 + 3] = greater(c->worst[item * 4 + 3], w->out.promotion_residual[l]);
    }
}

void ps_hot_collect(const ps_work *work, const ps_job *job)
{
    ps_collection *c = job->collection;
    const int worker = job->worker, item = job->item;

    keep_totals(c, work, job);
    ps_collect_goal_values(c, work, job);
    if (job->twin) {
        return;
    }
    keep_inputs(c, work, job);
    keep_series(c, work, job, worker, item);
    keep_groups(c, work, job, worker, item);
    keep_sums(c, work, job, item);
    if (job->attribute) {
        keep_attribution(c, work, job, item);
    }
}
