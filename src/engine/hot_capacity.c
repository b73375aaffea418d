/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Capacity: deals wait before a stage, the oldest first. docs/model/funnel.md */
#include <string.h>

#include "engine/hot.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

/* How many deals capacity lets into stage g this period, per lane. */
static void room_of(const ps_work *w, int g, double *restrict room)
{
    const ps_plan_stage *stage = &w->plan->stage[g];
    const double *rate = ps_number_lanes(&stage->stage->capacity->rate.value, w->values[0], 0);

    for (int l = 0; l < PS_LANES; l++) {
        const double cap = rate[l] * stage->capacity_per;

        room[l] = w->pass.whole ? (double)((long)(cap * (w->t + 1)) - (long)(cap * w->t)) : cap;
    }
}

/* Serves the waiting of one lane, the oldest period first; lines share within a period in
 * proportion to their numbers (whole numbers by largest part, lines in order). served[line] += . */
static void serve_lane(ps_work *w, int g, int l, double room, int lines)
{
    const ps_plan *p = w->plan;
    int *head = &w->queue_head[g * PS_LANES + l];

    for (int t = *head; t <= w->t && room > 0.0; t++) {
        double total = 0.0, left = 0.0;

        for (int k = 0; k < lines; k++) {
            total += w->queue[((long)(g * lines + k)) * (p->T_end + 1) + t][l];
        }
        const double part = total <= room ? 1.0 : room / total;

        left = total <= room ? total : room;
        for (int k = 0; k < lines; k++) {
            double *waiting = &w->queue[((long)(g * lines + k)) * (p->T_end + 1) + t][l];
            double take = *waiting * part;

            if (w->pass.whole && part < 1.0) {
                take = (double)(long)(take + 0.999999);
                take = take > left ? left : take;
            }
            take = part == 1.0 ? *waiting : take;
            left -= take;
            *waiting -= take;
            room -= take;
            w->served[k][l] += take;
        }
        if (part == 1.0) {
            *head = t + 1;
        }
    }
}

/* Capacity of stage g: `arriving` [lines][channels] joins the queue; on return it holds what is
 * taken up now. Values of a line are those of the mean of its waiting deals; waiting adds to the
 * days since creation. */
void ps_hot_admit(ps_work *w, int g, int lines, int channels, ps_lanes *arriving)
{
    const ps_plan *p = w->plan;
    const int age = channels - 1;
    ps_lanes room, bound;

    room_of(w, g, room);
    LANES
    {
        bound[l] = 0.0;
    }
    for (int k = 0; k < lines; k++) {
        double *slot = w->queue[((long)(g * lines + k)) * (p->T_end + 1) + w->t];
        const double *n = arriving[k * channels];

        LANES
        {
            slot[l] = n[l];
            w->served[k][l] = 0.0;
        }
    }
    for (int l = 0; l < PS_LANES; l++) {
        serve_lane(w, g, l, room[l], lines);
    }
    for (int k = 0; k < lines; k++) {
        ps_lanes *held = w->queue_value + (long)(g * lines + k) * PS_CHANNELS;
        ps_lanes part;

        LANES
        {
            const double all = held[0][l] + arriving[k * channels][l];

            part[l] = all > 0.0 ? w->served[k][l] / all : 0.0;
        }
        for (int ch = 0; ch < channels; ch++) {
            double *h = held[ch], *x = arriving[k * channels + ch];

            LANES
            {
                const double all = h[l] + x[l];

                x[l] = part[l] == 1.0 ? all : ch == 0 ? w->served[k][l] : all * part[l];
                h[l] = part[l] == 1.0 ? 0.0 : all - x[l];
            }
        }
        LANES
        {
            const double n = held[0][l];

            bound[l] = n > 1e-9 ? 1.0 : bound[l];
            held[age][l] += n * p->period_days;
        }
    }
    LANES
    {
        w->out.stage_bound[g][l] += bound[l];
    }
}
