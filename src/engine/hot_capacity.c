/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Queues: deals wait before a stage until there is room, the oldest first. docs/model/funnel.md */
#include <string.h>

#include "engine/hot_queue.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

static double *waiting_at(const ps_work *w, const ps_queue *q, int k, int t)
{
    return w->queue[(long)(q->first + k) * (w->plan->T_end + 1) + t];
}

static bool is_in(const ps_queue *q, int k)
{
    return !q->in || q->in[k];
}

/* Room that the deals of one lane that came in period t ask for. */
static double asked(const ps_work *w, const ps_queue *q, int t, int l)
{
    double all = 0.0;

    for (int k = 0; k < q->lines; k++) {
        if (is_in(q, k)) {
            all += waiting_at(w, q, k, t)[l] * (q->effort ? q->effort[k][l] : 1.0);
        }
    }
    return all;
}

/* Serves the waiting of one lane, the oldest period first; lines share within a period in
 * proportion to their numbers (whole numbers by largest part, lines in order; a deal that is begun
 * is taken up, its room beyond what is left being promised). served[line] += . Returns what is left
 * of the room. */
static double serve_lane(ps_work *w, const ps_queue *q, int l, double room)
{
    int *head = &w->queue_head[q->head * PS_LANES + l];

    for (int t = *head; t <= w->t && room > 0.0; t++) {
        const double total = asked(w, q, t, l), part = total <= room ? 1.0 : room / total;

        for (int k = 0; k < q->lines; k++) {
            const double each = q->effort ? q->effort[k][l] : 1.0;
            double *waiting = &waiting_at(w, q, k, t)[l];
            double take = *waiting * part;

            if (!is_in(q, k)) {
                continue;
            }
            if (w->pass.whole && part < 1.0 && each > 0.0) {
                const double most = room > 0.0 ? (double)(long)(room / each + 0.999999) : 0.0;

                take = (double)(long)(take + 0.999999);
                take = take > most ? most : take;
            }
            take = part == 1.0 || each == 0.0 ? *waiting : take;
            *waiting -= take;
            room -= take * each;
            w->served[k][l] += take;
        }
        if (part == 1.0) {
            *head = t + 1;
        }
    }
    return room;
}

static void join(ps_work *w, const ps_queue *q, ps_lanes *arriving)
{
    for (int k = 0; k < q->lines; k++) {
        double *slot = waiting_at(w, q, k, w->t);
        const double *n = arriving[k * q->channels];

        for (int l = 0; l < PS_LANES && is_in(q, k); l++) {
            slot[l] = n[l];
            w->served[k][l] = 0.0;
        }
    }
}

/* What is served of line k leaves `held` and `arriving` in proportion. */
static void leave(ps_work *w, const ps_queue *q, int k, ps_lanes *arriving)
{
    ps_lanes *held = w->queue_value + (long)(q->first + k) * PS_CHANNELS;
    ps_lanes part;

    LANES
    {
        const double all = held[0][l] + arriving[0][l];

        part[l] = all > 0.0 ? w->served[k][l] / all : 0.0;
    }
    for (int ch = 0; ch < q->channels; ch++) {
        double *h = held[ch], *x = arriving[ch];

        LANES
        {
            const double all = h[l] + x[l];

            x[l] = part[l] == 1.0 ? all : ch == 0 ? w->served[k][l] : all * part[l];
            h[l] = part[l] == 1.0 ? 0.0 : all - x[l];
        }
    }
}

/* Whole deals of line k that give up, of each lane's periods of arrival apart. */
static void draw_giving_up(ps_work *w, const ps_queue *q, int k, double *restrict gone)
{
    for (int l = 0; l < PS_LANES; l++) {
        gone[l] = 0.0;
        for (int t = w->queue_head[q->head * PS_LANES + l]; t <= w->t; t++) {
            double *waiting = &waiting_at(w, q, k, t)[l];
            const ps_key key = {
                w->plan->seed, w->luck_path + (uint64_t)l,
                ps_hot_mix(q->stream[k], (uint32_t)(q->head + 1) << 16 | (uint32_t)t),
                (uint32_t)w->t};
            long n = 0;

            if (*waiting > 0.0) {
                ps_count_below(&key, (long)*waiting, 1, &q->gives_up[l], &n);
                *waiting -= (double)n;
                gone[l] += (double)n;
            }
        }
    }
}

/* Deals of line k that wait give up: the same part of each period of arrival. */
static void give_up(ps_work *w, const ps_queue *q, int k)
{
    ps_lanes *held = w->queue_value + (long)(q->first + k) * PS_CHANNELS;
    ps_lanes gone, stay;

    if (w->pass.whole) {
        draw_giving_up(w, q, k, gone);
    } else {
        for (int t = 0; t <= w->t; t++) {
            double *waiting = waiting_at(w, q, k, t);

            LANES
            {
                waiting[l] *= 1.0 - q->gives_up[l];
            }
        }
        LANES
        {
            gone[l] = held[0][l] * q->gives_up[l];
        }
    }
    LANES
    {
        q->lost[l] += gone[l];
        stay[l] = held[0][l] > 0.0 ? 1.0 - gone[l] / held[0][l] : 0.0;
        held[0][l] -= gone[l];
    }
    for (int ch = 1; ch < q->channels; ch++) {
        double *x = held[ch];

        LANES
        {
            x[l] *= stay[l];
        }
    }
}

/* Values of a line are those of the mean of its waiting deals; waiting adds to the days since
 * creation. */
void ps_hot_admit(ps_work *w, const ps_queue *q, const double *room, ps_lanes *arriving,
                  double *restrict bound)
{
    const ps_plan *p = w->plan;

    LANES
    {
        bound[l] = 0.0;
    }
    join(w, q, arriving);
    for (int l = 0; l < PS_LANES; l++) {
        const double there = room[l] + (q->debt ? q->debt[l] : 0.0);
        const double left = serve_lane(w, q, l, there);

        if (q->debt) {
            q->debt[l] = w->pass.whole && left < 0.0 ? left : 0.0;
        }
        if (q->used) {
            q->used[l] = there - left;
        }
    }
    for (int k = 0; k < q->lines; k++) {
        double *held = w->queue_value[(long)(q->first + k) * PS_CHANNELS];
        double *days = w->queue_value[(long)(q->first + k) * PS_CHANNELS + q->channels - 1];

        if (!is_in(q, k)) {
            continue;
        }
        leave(w, q, k, arriving + k * q->channels);
        LANES
        {
            bound[l] = held[l] > 1e-9 ? 1.0 : bound[l];
        }
        if (q->gives_up) {
            give_up(w, q, k);
        }
        LANES
        {
            days[l] += held[l] * p->period_days;
        }
    }
}

void ps_hot_stage_capacity(ps_work *w, int g, int lines, int channels, ps_lanes *arriving)
{
    const ps_plan_stage *stage = &w->plan->stage[g];
    const double *rate = ps_number_lanes(&stage->stage->capacity->rate.value, w->values[0], 0);
    const bool leave_it = stage->stage->abandon != NULL; /* before a decision alone */
    const ps_queue queue = {.first = g * lines,
                            .head = g,
                            .lines = lines,
                            .channels = channels,
                            .gives_up = leave_it ? w->gives_up[g] : NULL,
                            .lost = w->out.stage_lost[g],
                            .stream = stage->stream};
    ps_lanes room, bound;

    for (int l = 0; l < PS_LANES; l++) {
        const double cap = rate[l] * stage->capacity_per;

        room[l] = w->pass.whole ? (double)((long)(cap * (w->t + 1)) - (long)(cap * w->t)) : cap;
    }
    ps_hot_admit(w, &queue, room, arriving, bound);
    LANES
    {
        w->out.stage_bound[g][l] += bound[l];
    }
}
