/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The funnel in a steady state, per calendar period, without season and promotions: what reaches
 * each stage, what it holds (Little's law), what its capacity lets through, and what one more unit
 * of capacity would be worth. */
#include <math.h>

#include "engine/derive_parts.h"

/* Flows by segment at one stage, and their derivatives with respect to the capacity of one stage.
 */
typedef struct {
    double *flow, *slope; /* [S] */
} stream;

static double conversion(const ps_work *w, int g, int s)
{
    return g == w->plan->choice_stage ? w->aware[s][0] * w->win[s][0]
                                      : ps_stage_conversion(w, g, s)[0];
}

/* Deals per period that stage g can take up; 0: any number. */
static double capacity(const ps_work *w, int g)
{
    const ps_plan_stage *stage = &w->plan->stage[g];

    return stage->capacity_per > 0.0
               ? stage->capacity_per *
                     ps_number_lanes(&stage->stage->capacity->rate.value, w->values[0], 0)[0]
               : 0.0;
}

static double sum(const double *x, int n)
{
    double y = 0.0;

    for (int i = 0; i < n; i++) {
        y += x[i];
    }
    return y;
}

/* Room that cell s's deals take of a stage (z < 0) or of team z. */
static double each(const ps_work *w, int z, int s)
{
    return z < 0 ? 1.0 : w->plan->team[z].serves[s] ? w->effort[s][0] : 0.0;
}

static double asked(const ps_work *w, int z, const double *x)
{
    double y = 0.0;

    for (int s = 0; s < w->plan->S; s++) {
        y += each(w, z, s) * x[s];
    }
    return y;
}

/* What arrives in x becomes what is taken up into `room`; `grown`: the derivative is with respect
 * to this room. */
static void take_up(const ps_work *w, double room, int z, bool grown, const stream *x)
{
    const double all = asked(w, z, x->flow), change = asked(w, z, x->slope);

    if (room < 0.0 || all <= room) {
        return;
    }
    for (int s = 0; s < w->plan->S; s++) {
        const double part = x->flow[s] / all;

        if (each(w, z, s) > 0.0) {
            x->slope[s] = (grown ? part : 0.0) + room * (x->slope[s] - part * change) / all;
            x->flow[s] = room * part;
        }
    }
}

/* Representatives at the start. */
static double people(const ps_work *w, int z)
{
    return ps_number_lanes(&w->plan->team[z].team->representatives, w->values[0], 0)[0];
}

/* Hours per period of the representatives at the start. */
static double team_room(const ps_work *w, int z)
{
    const ps_plan_team *of = &w->plan->team[z];

    return of->hours_per * people(w, z) *
           ps_number_lanes(&of->team->hours->rate.value, w->values[0], 0)[0];
}

/* The teams that take deals up before stage g, then its capacity. `of`: stage whose room the
 * derivative is with respect to, G + z a team, -1 none. */
static void enter(const ps_work *w, int g, int of, const stream *x)
{
    const ps_plan *p = w->plan;

    for (int z = 0; z < p->teams; z++) {
        if (p->team[z].stage == g) {
            take_up(w, team_room(w, z), z, of == p->G + z, x);
        }
    }
    if (capacity(w, g) > 0.0) {
        take_up(w, capacity(w, g), -1, g == of, x);
    }
}

/* Signed deals per period from the arrivals in x, as the derivative with respect to the capacity of
 * stage or team `of`. */
static double signed_slope(const ps_work *w, int of, const stream *x)
{
    const ps_plan *p = w->plan;

    for (int s = 0; s < p->S; s++) {
        x->flow[s] = w->arrivals[s][0];
        x->slope[s] = 0.0;
    }
    for (int g = 0; g < p->G; g++) {
        enter(w, g, of, x);
        for (int s = 0; s < p->S; s++) {
            x->flow[s] *= conversion(w, g, s);
            x->slope[s] *= conversion(w, g, s);
        }
    }
    return sum(x->slope, p->S);
}

/* Hours that are asked of the teams that take deals up before stage g. */
static void put_teams(ps_derive_state *state, int g, const stream *x)
{
    const ps_plan *p = state->plan;
    const ps_sales_model *models = p->scenario->sales_models.items;

    for (int z = 0; z < p->teams; z++) {
        const char *id = models[p->team[z].model].entry.id;

        if (p->team[z].stage == g) {
            const double hours = asked(state->w, z, x->flow), room = team_room(state->w, z);
            double deals = 0.0;

            for (int s = 0; s < p->S; s++) {
                deals += each(state->w, z, s) > 0.0 ? x->flow[s] : 0.0;
            }

            ps_derive_put(state, "count", "Hours per period that the deals that come ask for.",
                          hours, "sales/%s/hours_asked", id);
            ps_derive_put(state, "count", "Hours per period of the representatives at the start.",
                          room, "sales/%s/hours", id);
            ps_derive_put(state, "ratio", "Hours asked for, over those that there are.",
                          room > 0.0 ? hours / room : INFINITY, "sales/%s/utilisation", id);
            ps_derive_waiting(state, id, deals, hours,
                              &(ps_derive_team){people(state->w, z), room});
        }
    }
}

/* What one more deal taken up by each team signs, of the mix that comes to it. */
static void put_team_worth(ps_derive_state *state, const stream *x)
{
    const ps_plan *p = state->plan;
    const ps_work *w = state->w;
    const ps_sales_model *models = p->scenario->sales_models.items;

    for (int z = 0; z < p->teams; z++) {
        double hours = 0.0, deals = 0.0;

        for (int s = 0; s < p->S; s++) {
            double flow = w->arrivals[s][0];

            for (int g = 0; g < p->team[z].stage; g++) {
                flow *= conversion(w, g, s);
            }
            hours += each(w, z, s) * flow;
            deals += each(w, z, s) > 0.0 ? flow : 0.0;
        }
        ps_derive_put(state, "ratio",
                      "Deals signed more for hours for one deal more, of the mix that comes.",
                      deals > 0.0 ? signed_slope(w, p->G + z, x) * hours / deals : 0.0,
                      "sales/%s/worth_of_capacity", models[p->team[z].model].entry.id);
    }
}

/* Values of stage g, whose arrivals are in x; leaves what passes on. Returns the open deals. */
static double put_stage(ps_derive_state *state, int g, double leads, const stream *x)
{
    const ps_plan *p = state->plan;
    const ps_work *w = state->w;
    const char *id = p->stage[g].id;
    const double arriving = sum(x->flow, p->S), room = capacity(w, g);
    double open = 0.0, days = 0.0;

    put_teams(state, g, x);
    enter(w, g, -1, x);
    const double through = sum(x->flow, p->S);

    for (int s = 0; s < p->S; s++) {
        open += x->flow[s] * w->stage_periods[g * p->S + s][0];
        x->flow[s] *= conversion(w, g, s);
    }
    days = through > 0.0 ? open / through * p->period_days : 0.0;
    ps_derive_put(state, "frac", "Part of the leads that come to the stage.",
                  leads > 0.0 ? arriving / leads : 0.0, "funnel/%s/reach", id);
    ps_derive_put(state, "count", "Deals that come to the stage per period.", arriving,
                  "funnel/%s/arrivals", id);
    ps_derive_put(state, "frac", "Part that goes on.",
                  through > 0.0 ? sum(x->flow, p->S) / through : 0.0, "funnel/%s/conversion", id);
    ps_derive_put(state, "days", "Mean time in the stage.", days, "funnel/%s/days", id);
    ps_derive_put(state, "count",
                  "Open deals in a steady state, waiting ones left out: inflow times mean time.",
                  open, "funnel/%s/steady_open", id);
    if (room > 0.0) {
        ps_derive_put(state, "ratio", "Deals that come, over those that can be taken up.",
                      arriving / room, "funnel/%s/utilisation", id);
        ps_derive_put(state, "count", "Deals taken up per period.", through, "funnel/%s/throughput",
                      id);
        ps_derive_put(state, "count", "Growth of the waiting deals per period.",
                      p->stage[g].stage->abandon ? 0.0 : arriving - through,
                      "funnel/%s/backlog_growth", id);
    }
    return open;
}

/* Mean days from lead to signing of the deals that are signed. */
static double cycle_days(const ps_work *w, const double *deals)
{
    const ps_plan *p = w->plan;
    double days = 0.0, all = 0.0;

    for (int s = 0; s < p->S; s++) {
        const double n = sum(deals, p->S) > 0.0 ? deals[s] : p->segment[s].weight;

        for (int g = 0; g < p->G; g++) {
            days += n * w->stage_lag[p->stage[g].dwell[s] * 2][0] * p->period_days;
        }
        all += n;
    }
    return days / all;
}

/* What is signed per period becomes money at the base prices and the mean deal size. */
static void put_steady(ps_derive_state *state, const double *deals)
{
    const ps_plan *p = state->plan;
    const ps_work *w = state->w;
    double booked = 0.0;

    for (int s = 0; s < p->S; s++) {
        for (int i = 0; i < p->I; i++) {
            booked += deals[s] * w->mix[s * p->I + i][0] * w->open_value[s * p->I + i][0];
        }
    }
    ps_derive_put(state, "count",
                  p->pipeline ? "Deals signed per period." : "Purchases per period.",
                  sum(deals, p->S), "steady/signed");
    ps_derive_put(state, "money", "Invoice value signed per period.", booked, "steady/booked");
    ps_derive_put(state, "money", "Of it, what is paid in the end.",
                  booked * (1.0 - w->bad_debt[0]), "steady/collected");
}

void ps_derive_funnel(ps_derive_state *state)
{
    const ps_plan *p = state->plan;
    const ps_work *w = state->w;
    const stream x = {ps_derive_doubles(state, (size_t)p->S),
                      ps_derive_doubles(state, (size_t)p->S)};
    double leads = 0.0, open = 0.0;

    if (state->failed) {
        return;
    }
    for (int g = 0; g < p->G; g++) {
        if (capacity(w, g) > 0.0) {
            ps_derive_put(state, "ratio", "Deals signed more per unit of capacity more.",
                          signed_slope(w, g, &x), "funnel/%s/worth_of_capacity", p->stage[g].id);
        }
    }
    put_team_worth(state, &x);
    for (int s = 0; s < p->S; s++) {
        x.flow[s] = w->arrivals[s][0];
        x.slope[s] = 0.0;
        leads += x.flow[s];
    }
    ps_derive_put(state, "count",
                  p->pipeline ? "Leads per period." : "Purchase occasions per period.", leads,
                  "steady/leads");
    for (int g = 0; g < p->G; g++) {
        open += put_stage(state, g, leads, &x);
    }
    for (int s = 0; s < p->S && p->G == 0; s++) {
        x.flow[s] *= w->aware[s][0] * w->win[s][0];
    }
    if (p->G > 0) {
        ps_derive_put(state, "count", "Open deals in a steady state.", open, "steady/open_deals");
        ps_derive_put(state, "days", "Mean time from lead to signing.", cycle_days(w, x.flow),
                      "steady/cycle_days");
    }
    put_steady(state, x.flow);
}
