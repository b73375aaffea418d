/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sales models compared: what a lead of each cell would bring under each of them, in a steady state
 * at the base prices, with as many representatives as it takes. docs/model/sales.md */
#include <math.h>
#include <string.h>

#include "engine/derive_parts.h"
#include "engine/hot_conversion.h"
#include "engine/plan_parts.h"

typedef struct {
    double signed_frac; /* of the leads */
    double days;        /* to signing */
    double hours;       /* per lead */
} sale_path;

static double value_of(const ps_work *w, const ps_number *number, int s)
{
    return number ? ps_number_lanes(number, w->values[0], s)[0] : 0.0;
}

/* Win rate of cell s where neither band, channel nor sales model states one. */
static double stated_win(const ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const ps_choice *choice = p->segment[s].choice;
    double win = 0.0;

    if (!p->stage[p->choice_stage].conversion[s] && !p->stage[p->choice_stage].odds[s][0]) {
        return w->aware[s][0] * w->win[s][0];
    }
    for (int k = 0; k < choice->conversions.count; k++) {
        win += value_of(w, &choice->conversions.numbers[k], s);
    }
    return choice->conversion.given ? value_of(w, &choice->conversion, s) : win;
}

static double mean_days(const ps_work *w, int g, const ps_stage_terms *terms)
{
    const ps_plan *p = w->plan;

    if (p->stage[g].hazard) {
        return p->period_days / w->stage_hazard[g][0];
    }
    const ps_dist dist = ps_plan_centre_dist(&terms->days->won);

    return ps_dist_mean(&dist);
}

/* Part of the deals of cell s that goes on under these terms. */
static double part_going_on(const ps_work *w, int g, int s, const ps_stage_terms *terms)
{
    ps_lanes c = {0};

    if (terms->conversion || g != w->plan->choice_stage) {
        const ps_going how = {terms->conversion, terms->odds};

        ps_hot_goes_on(w, g, s, &how, c);
    } else {
        c[0] = stated_win(w, s);
        ps_hot_change_odds(w, terms->odds, s, c);
    }
    return c[0];
}

/* A lead of cell s on its way to signing, under model z. */
static sale_path follow(const ps_work *w, int s, int z)
{
    const ps_plan *p = w->plan;
    const ps_sales_model *model = (const ps_sales_model *)p->scenario->sales_models.items + z;
    sale_path path = {.signed_frac = 1.0};
    bool taken = false;

    for (int g = 0; g < p->G; g++) {
        ps_stage_terms terms;

        ps_plan_stage_terms(p, g, s, z, &terms);
        taken = taken || (model->team && strcmp(model->team->takes_up.id, p->stage[g].id) == 0);
        path.hours += taken ? path.signed_frac * value_of(w, terms.effort, s) : 0.0;
        path.days += mean_days(w, g, &terms);
        path.signed_frac *= part_going_on(w, g, s, &terms);
    }
    return path;
}

/* Pocket margin, less bad debt, of a deal of cell s under model z. */
static double deal_margin(const ps_work *w, int s, int z)
{
    const ps_plan *p = w->plan;
    const ps_sales_model *model = (const ps_sales_model *)p->scenario->sales_models.items + z;
    const ps_channel *channels = p->scenario->market->channels.items;
    const int k = p->segment[s].channel;
    const double fee = value_of(w, &model->fee, s) +
                       (k < 0 ? 0.0 : value_of(w, &channels[k].fee, s)) -
                       (p->channel_fees ? w->fee[s][0] : 0.0);
    const double serve = value_of(w, &model->cost_to_serve, s) - (p->served ? w->serve[s][0] : 0.0);
    double margin = 0.0;

    for (int i = 0; i < p->I; i++) {
        const int line = s * p->I + i;

        margin += w->mix[line][0] * (w->open_margin[line][0] - fee * w->open_value[line][0] -
                                     serve * w->size_mean[s][0]);
    }
    return margin;
}

/* What an hour of the team costs. */
static double hour_cost(const ps_work *w, const ps_model_team *team)
{
    const ps_plan *p = w->plan;

    return team && team->pay ? value_of(w, &team->pay->rate.value, 0) *
                                   ps_plan_per_period(p, team->pay->rate.per) /
                                   (value_of(w, &team->hours->rate.value, 0) *
                                    ps_plan_per_period(p, team->hours->rate.per))
                             : 0.0;
}

void ps_derive_sales(ps_derive_state *state)
{
    const ps_plan *p = state->plan;
    const ps_work *w = state->w;
    const ps_sales_model *models = p->scenario->sales_models.items;

    for (int k = 0; k < p->S * p->scenario->sales_models.count; k++) {
        const int s = k / p->scenario->sales_models.count, z = k % p->scenario->sales_models.count;
        const char *cell = ps_derive_segment(p, s), *id = models[z].entry.id;
        const sale_path path = follow(w, s, z);
        const double team = path.hours * hour_cost(w, models[z].team),
                     lead = p->has[PS_METRIC_acquisition_cost] ? w->lead_cost[s][0] : 0.0;

        ps_derive_put(state, "frac", "Part of the leads that would sign.", path.signed_frac,
                      "sales/%s/%s/signed_per_lead", id, cell);
        ps_derive_put(state, "days", "Mean time to signing.", path.days, "sales/%s/%s/cycle_days",
                      id, cell);
        ps_derive_put(state, "ratio", "Hours of the team per lead.", path.hours,
                      "sales/%s/%s/hours_per_lead", id, cell);
        ps_derive_put(state, "money", "What leads and team would cost for one customer.",
                      path.signed_frac > 0.0 ? (lead + team) / path.signed_frac : (double)NAN,
                      "sales/%s/%s/cac", id, cell);
        ps_derive_put(state, "money",
                      "Margin of a lead: of what it signs, less the lead and the team's hours.",
                      path.signed_frac * deal_margin(w, s, z) - lead - team,
                      "sales/%s/%s/margin_per_lead", id, cell);
    }
}
