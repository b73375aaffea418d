/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A period's values, added to the batch's totals, series and goals. docs/model/metrics.md */
#include <string.h>

#include "engine/hot_collect.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

/* Price index: own price (mix at the base) over the rivals' share-weighted price, times 100; who
 * buys a bundle counts with its first offer. */
static void price_index(ps_work *w)
{
    const ps_plan *p = w->plan;
    ps_lanes own, rival;

    LANES
    {
        own[l] = rival[l] = 0.0;
    }
    for (int i = 0; i < p->I; i++) {
        const ps_bundle *bundle = ((const ps_offer *)p->scenario->offers.items)[i].bundle;
        const double *price =
            w->history_public[(w->t + 1) * p->I + (bundle ? bundle->of.items[0].index : i)];

        for (int s = 0; s < p->S; s++) {
            const double *mix = w->mix[s * p->I + i];

            LANES
            {
                own[l] += p->segment[s].weight * mix[l] * price[l];
            }
        }
    }
    for (int c = 0; c < p->C; c++) {
        LANES
        {
            rival[l] += p->rival_weight[c] * w->rival[c][l];
        }
    }
    LANES
    {
        w->now[PS_METRIC_index_sum][l] = p->C > 0 ? 100.0 * own[l] / rival[l] : 0.0;
        w->now[PS_METRIC_index_periods][l] = 1.0;
    }
}

/* This period's row of a segment metric. Where decisions are instant, what arrives at the choice
 * decides. */
static const double *segment_row(const ps_work *w, int s, int metric)
{
    const ps_plan *p = w->plan;

    if (metric == PS_SEG_LEADS) {
        return w->leads[(long)s * p->T_end + w->t];
    }
    if (p->instant && metric != PS_SEG_EVENTUAL) {
        return w->inflow[(long)s * (p->ages + p->T_end) + p->ages + w->t];
    }
    return w->segment_now[s * PS_SEG_METRICS + metric];
}

/* This period's sum of a metric over lines or segments. */
static void sum_period(ps_work *w, int metric, double *restrict sum)
{
    const ps_plan *p = w->plan;
    const int line = p->line_of[metric], segment = p->segment_of[metric];

    LANES
    {
        sum[l] = 0.0;
    }
    if (ps_hot_walked_apart(w) &&
        line >= 0) { /* there, all that lines keep by period is what they won */
        memcpy(sum, w->apart[w->t].won, sizeof(ps_lanes));
        return;
    }
    for (int k = 0; k < p->S * p->I && line >= 0; k++) {
        const double *x = ps_hot_line_row(w, k, line);

        LANES
        {
            sum[l] += x[l];
        }
    }
    for (int s = 0; s < p->S && line < 0; s++) {
        const double *x = segment_row(w, s, segment);

        LANES
        {
            sum[l] += x[l];
        }
    }
}

/* This period's values of the metrics that series and goals need. */
static void gather(ps_work *w)
{
    const ps_plan *p = w->plan;

    for (int k = 0; k < p->by_period_count; k++) {
        sum_period(w, p->by_period[k], w->now[p->by_period[k]]);
    }
    if (p->has[PS_METRIC_arr]) {
        memcpy(w->now[PS_METRIC_arr], w->recurring, sizeof(ps_lanes));
    }
    if (p->has[PS_METRIC_price_index]) {
        price_index(w);
    }
}

static void goal_period(ps_work *w, const ps_plan_goal *goal, int metric, double *restrict sum)
{
    const ps_plan *p = w->plan;
    const double weight = goal->weight[w->t];
    const int line_metric = p->line_of[metric], segment_metric = p->segment_of[metric];

    if (weight <= 0.0) {
        return;
    }
    if (!goal->segment_in && goal->offer < 0) {
        const double *x = w->now[metric];

        LANES
        {
            sum[l] += weight * x[l];
        }
        return;
    }
    for (int s = 0; s < p->S; s++) {
        if (goal->segment_in && !goal->segment_in[s]) {
            continue;
        }
        if (line_metric < 0) {
            const double *x = segment_row(w, s, segment_metric);

            LANES
            {
                sum[l] += weight * x[l];
            }
            continue;
        }
        for (int i = 0; i < p->I; i++) {
            if (goal->offer < 0 || goal->offer == i) {
                const double *x = ps_hot_line_row(w, s * p->I + i, line_metric);

                LANES
                {
                    sum[l] += weight * x[l];
                }
            }
        }
    }
}

/* Who won this period's decisions; apart, the losses are written down as they are found. */
static void take_shares(ps_work *w)
{
    const ps_plan *p = w->plan;

    if (!w->out.period.counts) {
        return;
    }
    memcpy(w->out.period.won[w->t], w->now[PS_METRIC_won], sizeof(ps_lanes));
    memcpy(w->out.period.decided[w->t], w->now[PS_METRIC_decided], sizeof(ps_lanes));
    for (int c = 0; c < p->C && !ps_hot_walked_apart(w); c++) {
        memcpy(w->out.period.lost[c * p->T + w->t], w->out.lost_rival[c], sizeof(ps_lanes));
    }
}

/* Adds the period to the batch's totals, series and goals. */
void ps_hot_record(ps_work *w)
{
    const ps_plan *p = w->plan;

    gather(w);
    for (int k = 0; k < p->ledger_count; k++) {
        double *total = w->out.total[p->ledger[k]];
        const double *x = w->now[p->ledger[k]];

        LANES
        {
            total[l] += x[l];
        }
    }
    for (int k = 0; k < p->series_count; k++) {
        const ps_metric_info *info = &ps_metric_table[p->series_metric[k]];
        double *to = w->out.series[k];

        if (info->kind == PS_METRIC_IS_RATIO) {
            const double *a = w->now[info->numerator], *b = w->now[info->denominator];

            LANES
            {
                to[l] = b[l] != 0.0 ? a[l] / b[l] : 0.0;
            }
        } else {
            memcpy(to, w->now[p->series_metric[k]], sizeof(ps_lanes));
        }
    }
    take_shares(w);
    for (int k = 0; k < p->S * PS_SEG_METRICS && !ps_hot_walked_apart(w); k++) {
        const int metric = k % PS_SEG_METRICS;
        double *sum = w->out.segment[k / PS_SEG_METRICS * PS_SEG_ROWS + metric];
        const double *x = segment_row(w, k / PS_SEG_METRICS, metric);

        if (!p->instant || metric == PS_SEG_LEADS || metric == PS_SEG_ENTERED) {
            LANES
            {
                sum[l] += x[l];
            }
        }
    }
    for (int k = 0; k < p->goals; k++) {
        const ps_metric_info *info = &ps_metric_table[p->goal[k].metric];

        if (p->goal[k].closed) {
            continue;
        }
        if (info->kind == PS_METRIC_IS_RATIO) {
            goal_period(w, &p->goal[k], info->numerator, w->out.goal[k * 2]);
            goal_period(w, &p->goal[k], info->denominator, w->out.goal[k * 2 + 1]);
        } else if (info->kind == PS_METRIC_IS_SUM) {
            goal_period(w, &p->goal[k], p->goal[k].metric, w->out.goal[k * 2]);
        } else if (w->t == p->goal[k].last) {
            memcpy(w->out.goal[k * 2], w->now[p->goal[k].metric], sizeof(ps_lanes));
        }
    }
    ps_hot_collect_period(w);
}
