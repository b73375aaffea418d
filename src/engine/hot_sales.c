/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sales models: the hours that a deal takes, those that the representatives have, and the deals
 * that they take up. docs/model/sales.md */
#include <string.h>

#include "engine/hot_queue.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

/* Hours that a deal of cell s takes from stage `from` on: those of each stage times the part of the
 * deals that comes to it. */
static void deal_effort(const ps_work *w, int s, int from, double *restrict effort)
{
    const ps_plan *p = w->plan;
    ps_lanes reach;

    LANES
    {
        reach[l] = 1.0;
        effort[l] = 0.0;
    }
    for (int g = from; g < p->G; g++) {
        const bool choice = g == p->choice_stage;
        const ps_number *number = p->stage[g].effort[s];
        const double *hours = number ? ps_number_lanes(number, w->values[0], s) : w->zero;
        const double *c = choice ? w->win[s] : ps_stage_conversion(w, g, s), *aware = w->aware[s];

        LANES
        {
            effort[l] += reach[l] * hours[l];
            reach[l] *= choice ? aware[l] * c[l] : c[l];
        }
    }
}

/* Days of [from, end) that are worked by somebody who came on the first of them, each counted with
 * the productivity that grows evenly over `ramp` days. */
static double productive_days(double days, double ramp)
{
    return days <= 0.0 ? 0.0 : days <= ramp ? days * days / (2.0 * ramp) : days - 0.5 * ramp;
}

/* Representatives of period t: by their productivity, and as they are paid. */
static void representatives(const ps_work *w, const ps_model_team *team, int t,
                            double *restrict productive, double *restrict paid)
{
    const ps_plan *p = w->plan;
    const ps_hire *hires = team->hires.items;
    const double *there = ps_number_lanes(&team->representatives, w->values[0], 0);
    const double *ramp = ps_number_lanes(&team->ramp_days, w->values[0], 0);
    const double days = p->end[t] - p->start[t];

    memcpy(productive, there, sizeof(ps_lanes));
    memcpy(paid, there, sizeof(ps_lanes));
    for (int h = 0; h < team->hires.count; h++) {
        const double *more = ps_number_lanes(&hires[h].representatives, w->values[0], 0);
        const double before = p->start[t] - hires[h].from, after = p->end[t] - hires[h].from;

        for (int l = 0; l < PS_LANES && after > 0.0; l++) {
            productive[l] += more[l] *
                             (productive_days(after, ramp[l]) - productive_days(before, ramp[l])) /
                             days;
            paid[l] += more[l] * (before < 0.0 ? after : days) / days;
        }
    }
}

/* Hours and pay of team z in every period. */
static void team_periods(ps_work *w, int z)
{
    const ps_plan *p = w->plan;
    const ps_plan_team *of = &p->team[z];
    const double *hours = ps_number_lanes(&of->team->hours->rate.value, w->values[0], 0);
    const double *pay =
        of->team->pay ? ps_number_lanes(&of->team->pay->rate.value, w->values[0], 0) : w->zero;

    for (int t = 0; t < p->T_end; t++) {
        double *room = w->team_room[(long)z * p->T_end + t],
               *money = w->team_pay[(long)z * p->T_end + t];
        ps_lanes productive, paid;

        representatives(w, of->team, t, productive, paid);
        LANES
        {
            room[l] = productive[l] * hours[l] * of->hours_per;
            money[l] = paid[l] * pay[l] * of->pay_per;
        }
    }
}

/* The cells of team z divide its pay by the hours that their leads ask for; evenly when they ask
 * for none. */
static void divide_pay(ps_work *w, int z)
{
    const ps_plan *p = w->plan;
    ps_lanes all;
    int cells = 0;

    LANES
    {
        all[l] = 0.0;
    }
    for (int s = 0; s < p->S; s++) {
        double *part = w->team_part[s];

        if (!p->team[z].serves[s]) {
            continue;
        }
        cells++;
        LANES
        {
            part[l] = w->arrivals[s][l] * w->effort[s][l];
        }
        for (int g = 0; g < p->team[z].stage; g++) {
            const double *c = ps_stage_conversion(w, g, s);

            LANES
            {
                part[l] *= c[l];
            }
        }
        LANES
        {
            all[l] += part[l];
        }
    }
    for (int s = 0; s < p->S; s++) {
        double *part = w->team_part[s];

        for (int l = 0; l < PS_LANES && p->team[z].serves[s]; l++) {
            part[l] = all[l] > 0.0 ? part[l] / all[l] : 1.0 / cells;
        }
    }
}

void ps_hot_sales_setup(ps_work *w)
{
    const ps_plan *p = w->plan;

    for (int z = 0; z < p->teams; z++) {
        for (int s = 0; s < p->S; s++) {
            if (p->team[z].serves[s]) {
                deal_effort(w, s, p->team[z].stage, w->effort[s]);
            }
        }
        team_periods(w, z);
        divide_pay(w, z);
    }
}

/* What team z took up and had in this period. */
static void count_team(ps_work *w, int z, const double *used, const double *bound)
{
    const ps_plan *p = w->plan;
    const long at = (long)z * p->T_end + w->t;
    ps_lanes *sum = w->out.team + z * PS_TEAM_SUMS;
    const double *room = w->team_room[at], *pay = w->team_pay[at];

    if (w->pass.settle || w->t >= p->T) {
        return;
    }
    LANES
    {
        sum[PS_TEAM_ROOM][l] += room[l];
        sum[PS_TEAM_USED][l] += used[l];
        sum[PS_TEAM_PAY][l] += pay[l];
        sum[PS_TEAM_BOUND][l] += bound[l];
    }
}

void ps_hot_take_up(ps_work *w, int g, ps_lanes *line)
{
    const ps_plan *p = w->plan;

    for (int z = 0; z < p->teams; z++) {
        ps_lanes room, bound, used;
        const ps_queue queue = {.first = p->G * p->S * p->I,
                                .head = p->G + z,
                                .lines = p->S,
                                .channels = 2,
                                .in = p->team[z].serves,
                                .effort = w->effort,
                                .debt = w->team_debt[z],
                                .used = used,
                                .gives_up = p->stage[g].stage->abandon ? w->gives_up[g] : NULL,
                                .lost = w->out.stage_lost[g],
                                .stream = p->stage[g].stream};

        if (p->team[z].stage != g) {
            continue;
        }
        memcpy(room, w->team_room[(long)z * p->T_end + w->t], sizeof room);
        ps_hot_admit(w, &queue, room, line, bound);
        count_team(w, z, used, bound);
    }
}
