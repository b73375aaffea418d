/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of sales models: where their teams take deals up, and what work there is. */
#include <stdio.h>
#include <string.h>

#include "scenario/rules.h"

enum { POINTER = 400 };

/* Place of a stage in funnel.order, -1 none. */
static int place_of(const ps_funnel *funnel, const char *id)
{
    for (int g = 0; funnel != NULL && id != NULL && g < funnel->order.count; g++) {
        if (strcmp(funnel->order.items[g].id, id) == 0) {
            return g;
        }
    }
    return -1;
}

static int choice_place(const ps_funnel *funnel)
{
    const ps_stage *stages = funnel == NULL ? NULL : funnel->stages.items;

    for (int g = 0; funnel != NULL && g < funnel->stages.count; g++) {
        if (stages[g].choice) {
            return place_of(funnel, stages[g].entry.id);
        }
    }
    return -1;
}

/* Whether there is work on deals of the model from its stage on. */
static bool has_work(const ps_rules *rules, const ps_sales_model *model)
{
    const ps_funnel *funnel = rules->scenario->funnel;
    const ps_stage *stages = funnel->stages.items;
    const ps_stage_change *changes = model->stages.items;
    const int from = place_of(funnel, model->team->takes_up.id);
    bool found = false;

    for (int g = 0; g < funnel->stages.count; g++) {
        found = found || (place_of(funnel, stages[g].entry.id) >= from && stages[g].effort.given);
    }
    for (int k = 0; k < model->stages.count; k++) {
        found = found || (place_of(funnel, changes[k].entry.id) >= from && changes[k].effort.given);
    }
    return found;
}

static void check_team(const ps_rules *rules, const ps_sales_model *model)
{
    const ps_funnel *funnel = rules->scenario->funnel;
    const int from = place_of(funnel, model->team->takes_up.id);
    char at[POINTER];

    snprintf(at, sizeof at, "%s/team", model->entry.pointer);
    if (from < 0) {
        return; /* said already */
    }
    if (choice_place(funnel) >= 0 && from > choice_place(funnel)) {
        ps_rule_fault(rules, "CONFLICT", at, "takes_up", "name the choice stage, or one before it",
                      "a team takes deals up before the buyer has decided");
    } else if (!has_work(rules, model)) {
        ps_rule_fault(rules, "MISSING", at, NULL,
                      "state 'effort', hours per deal, in a stage of the funnel or of the model",
                      "the team has no work from '%s' on", model->team->takes_up.id);
    }
    if (ps_rule_centre(&model->team->hours->rate.value, 1) <= 0) {
        ps_rule_fault(rules, "RANGE", at, "hours", NULL, "representatives without hours");
    }
}

static void no_work(const ps_rules *rules, const ps_number *effort, const char *pointer)
{
    if (effort->given) {
        ps_rule_fault(rules, "CONFLICT", pointer, "effort", "give a sales model a 'team'",
                      "whose hours are these? no sales model has a team");
    }
}

/* Hours without anybody to work them. */
static void check_idle(const ps_rules *rules)
{
    const ps_scenario *s = rules->scenario;
    const ps_stage *stages = s->funnel == NULL ? NULL : s->funnel->stages.items;
    const ps_sales_model *models = s->sales_models.items;
    const ps_channel *channels = s->market->channels.items;
    const ps_band *bands = s->market->bands.items;
    const int of_models = s->sales_models.count, of_both = of_models + s->market->channels.count;
    bool team = false;

    for (int z = 0; z < s->sales_models.count; z++) {
        team = team || models[z].team != NULL;
    }
    for (int g = 0; s->funnel != NULL && g < s->funnel->stages.count && !team; g++) {
        no_work(rules, &stages[g].effort, stages[g].entry.pointer);
    }
    for (int k = 0; k < of_both + s->market->bands.count && !team; k++) {
        const ps_map *map = k < of_models ? &models[k].stages
                            : k < of_both ? &channels[k - of_models].stages
                                          : &bands[k - of_both].stages;
        const ps_stage_change *changes = map->items;

        for (int i = 0; i < map->count; i++) {
            no_work(rules, &changes[i].effort, changes[i].entry.pointer);
        }
    }
}

/* A step of the waterfall that is called like one of the program's own. */
static void check_step(const ps_rules *rules, const char *id, bool used)
{
    const ps_waterfall *waterfall = rules->scenario->waterfall;
    const ps_step *steps = waterfall == NULL ? NULL : waterfall->steps.items;

    for (int i = 0; waterfall != NULL && i < waterfall->steps.count && used; i++) {
        if (strcmp(steps[i].entry.id, id) == 0) {
            ps_rule_fault(rules, "DUPLICATE_ID", steps[i].entry.pointer, NULL,
                          "give it another name", "'%s' is a step of the program's own here", id);
        }
    }
}

/* Whether deals can have to wait before the stage. */
static bool has_queue(const ps_rules *rules, const ps_stage *stage)
{
    const ps_sales_model *models = rules->scenario->sales_models.items;
    bool found = stage->capacity != NULL;

    for (int z = 0; z < rules->scenario->sales_models.count; z++) {
        const ps_model_team *team = models[z].team;

        found = found || (team != NULL && team->takes_up.id != NULL &&
                          strcmp(team->takes_up.id, stage->entry.id) == 0);
    }
    return found;
}

static void check_abandon(const ps_rules *rules)
{
    const ps_funnel *funnel = rules->scenario->funnel;
    const ps_stage *stages = funnel == NULL ? NULL : funnel->stages.items;

    for (int g = 0; funnel != NULL && g < funnel->stages.count; g++) {
        const char *pointer = stages[g].entry.pointer;

        if (stages[g].abandon == NULL) {
            continue;
        }
        if (!has_queue(rules, &stages[g])) {
            ps_rule_fault(rules, "CONFLICT", pointer, "abandon",
                          "add a 'capacity', or a team that takes deals up here",
                          "nobody waits before this stage");
        } else if (place_of(funnel, stages[g].entry.id) > choice_place(funnel)) {
            ps_rule_fault(rules, "CONFLICT", pointer, "abandon", "lower the stage's 'conversion'",
                          "who has decided to buy does not give up waiting");
        }
    }
}

void ps_rules_sales(const ps_rules *rules)
{
    const ps_scenario *s = rules->scenario;
    const ps_sales_model *models = s->sales_models.items;
    const ps_channel *channels = s->market->channels.items;
    bool fee = false, serve = false;

    if (s->scope == PS_SCOPE_MARKET && s->sales_models.count > 0) {
        ps_rule_fault(rules, "CONFLICT", "/sales_models", NULL, "use channels",
                      "sales models belong to a pipeline, not to a market");
        return;
    }
    check_abandon(rules);
    for (int z = 0; z < s->sales_models.count; z++) {
        ps_rule_stage_changes(rules, &models[z].stages);
        if (models[z].team != NULL && s->funnel != NULL) {
            check_team(rules, &models[z]);
        }
        fee = fee || !models[z].fee.defaulted;
        serve = serve || !models[z].cost_to_serve.defaulted;
    }
    for (int k = 0; k < s->market->channels.count; k++) {
        fee = fee || !channels[k].fee.defaulted;
    }
    check_idle(rules);
    check_step(rules, "channel_fee", fee);
    check_step(rules, "serving", serve);
}
