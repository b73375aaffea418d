/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Funnel stages of a plan, and their delays: the stage's own, and those of channels, sales models
 * and score bands that take another time. */
#include <string.h>

#include "base/date.h"
#include "engine/hot.h"
#include "engine/plan_parts.h"
#include "math/kernel.h"

/* The choice stage keeps ages until this little is left, and lets the rest decide at the last one:
 * one deal in a million is taken out a little early, and heavy-tailed laws need 40 % fewer ages
 * than at 1e-9. */
static const double age_tail = 1e-6;

static const ps_stage *stage_named(const ps_funnel *funnel, const char *id)
{
    const ps_stage *stages = funnel->stages.items;

    for (int g = 0; g < funnel->stages.count; g++) {
        if (strcmp(stages[g].entry.id, id) == 0) {
            return &stages[g];
        }
    }
    return NULL;
}

void ps_plan_stage_terms(const ps_plan *plan, int g, int s, int model, ps_stage_terms *terms)
{
    const ps_scenario *sc = plan->scenario;
    const ps_channel *channels = sc->market->channels.items;
    const ps_sales_model *models = sc->sales_models.items;
    const ps_stage *stage = plan->stage[g].stage;
    const ps_band *bands = sc->market->bands.items;
    const int k = plan->segment[s].channel, b = plan->segment[s].band;
    const ps_stage_change *changes[PS_STAGE_OWNERS] = {
        model < 0 ? NULL : ps_stage_change_of(&models[model].stages, plan->stage[g].id),
        k < 0 ? NULL : ps_stage_change_of(&channels[k].stages, plan->stage[g].id),
        b < 0 ? NULL : ps_stage_change_of(&bands[b].stages, plan->stage[g].id)};

    *terms = (ps_stage_terms){.days = &stage->days,
                              .conversion = stage->conversion.given ? &stage->conversion : NULL,
                              .effort = stage->effort.given ? &stage->effort : NULL};
    for (int c = 0, n = 0; c < PS_STAGE_OWNERS; c++) { /* the band's come last and stay */
        const ps_stage_change *change = changes[c];

        if (!change) {
            continue;
        }
        terms->days = change->days.given ? &change->days : terms->days;
        terms->effort = change->effort.given ? &change->effort : terms->effort;
        if (change->conversion.given) {
            terms->conversion = &change->conversion;
            memset(terms->odds, 0, sizeof terms->odds);
            n = 0;
        } else if (change->odds.given) {
            terms->odds[n++] = &change->odds;
        }
    }
}

/* Laws of time in stage g: the stage's own is number g, others follow those of all stages. */
static void list_laws(ps_plan *plan, int g)
{
    ps_plan_stage *stage = &plan->stage[g];

    plan->dwell[g] = (ps_plan_dwell){.days = &stage->stage->days, .stage = g};
    for (int s = 0; s < plan->S; s++) {
        ps_stage_terms terms;

        ps_plan_stage_terms(plan, g, s, plan->segment[s].model, &terms);
        const ps_dwell *days = terms.days;
        int d = g;

        while (plan->dwell[d].days != days && d < plan->dwells) {
            d = d < plan->G ? plan->G : d + 1;
        }
        if (d == plan->dwells) {
            plan->dwell[plan->dwells++] = (ps_plan_dwell){.days = days, .stage = g};
        }
        stage->dwell[s] = d;
        stage->conversion[s] = terms.conversion;
        stage->effort[s] = terms.effort;
        memcpy(stage->odds[s], terms.odds, sizeof terms.odds);
    }
}

static int law_length(const ps_plan *plan, const ps_spread *spread)
{
    const ps_dist dist = ps_plan_centre_dist(spread);

    return ps_kernel_length(&dist, plan->period_days, age_tail, (int)(3652.5 / plan->period_days));
}

static bool law_kernels(ps_plan *plan, ps_arena *arena)
{
    for (int d = 0; d < plan->dwells; d++) {
        ps_plan_dwell *dwell = &plan->dwell[d];
        const ps_plan_stage *stage = &plan->stage[dwell->stage];
        const ps_spread *won = &dwell->days->won,
                        *lost = dwell->days->by_outcome ? &dwell->days->lost : won;
        const int n = stage->choice ? plan->ages : plan->T_end;

        if (!stage->hazard &&
            (!ps_plan_kernel_make(plan, arena, won, n, stage->choice, &dwell->won) ||
             !ps_plan_kernel_make(plan, arena, lost, n, stage->choice, &dwell->lost))) {
            return false;
        }
    }
    return true;
}

/* Ages of the choice stage: those of its slowest law. */
static void count_ages(ps_plan *plan)
{
    plan->ages = 1;
    for (int d = 0; d < plan->dwells; d++) {
        const ps_dwell *days = plan->dwell[d].days;

        if (plan->dwell[d].stage != plan->choice_stage || plan->stage[plan->choice_stage].hazard) {
            continue;
        }
        const int won = law_length(plan, &days->won),
                  lost = days->by_outcome ? law_length(plan, &days->lost) : won;

        plan->ages = won > plan->ages ? won : plan->ages;
        plan->ages = lost > plan->ages ? lost : plan->ages;
    }
}

/* Who may enter stage g. */
static bool entry_of(ps_plan *plan, ps_arena *arena, int g)
{
    ps_plan_stage *stage = &plan->stage[g];
    const ps_stage_entry *enter = stage->stage->enter;

    if (g > 0) {
        const ps_plan_stage *before = &plan->stage[g - 1];

        stage->size_before =
            before->size_min > before->size_before ? before->size_min : before->size_before;
    }
    if (!enter) {
        return true;
    }
    stage->size_min = enter->min_size;
    if (enter->bands.count > 0) {
        stage->shuts_out = ps_arena_alloc(arena, (size_t)plan->S, sizeof *stage->shuts_out);
    }
    for (int s = 0; s < plan->S && stage->shuts_out; s++) {
        stage->shuts_out[s] = plan->segment[s].band >= 0;
        for (int b = 0; b < enter->bands.count; b++) {
            stage->shuts_out[s] =
                stage->shuts_out[s] && enter->bands.items[b].index != plan->segment[s].band;
        }
    }
    return enter->bands.count == 0 || stage->shuts_out;
}

static bool stage_of(ps_plan *plan, ps_arena *arena, int g)
{
    const ps_funnel *funnel = plan->scenario->funnel;
    ps_plan_stage *stage = &plan->stage[g];

    stage->id = funnel->order.items[g].id;
    stage->stage = stage_named(funnel, stage->id);
    stage->choice = stage->stage->choice;
    stage->hazard = stage->stage->leaves.per != PS_PER_NONE;
    stage->hazard_days = ps_plan_unit_days(stage->stage->leaves.per);
    stage->abandon_days =
        stage->stage->abandon ? ps_plan_unit_days(stage->stage->abandon->rate.per) : 0.0;
    if (stage->choice) {
        plan->choice_stage = g;
    }
    if (stage->stage->capacity) {
        stage->capacity_per = ps_plan_per_period(plan, stage->stage->capacity->rate.per);
        plan->queued = true;
    }
    stage->stream = ps_arena_alloc(arena, (size_t)plan->S, sizeof *stage->stream);
    stage->dwell = ps_arena_alloc(arena, (size_t)plan->S, sizeof *stage->dwell);
    for (int s = 0; stage->stream && s < plan->S; s++) {
        stage->stream[s] =
            ps_hot_mix(ps_plan_stream("stage", stage->id), plan->segment[s].stream_choice);
    }
    stage->conversion = ps_arena_alloc(arena, (size_t)plan->S, sizeof *stage->conversion);
    stage->effort = ps_arena_alloc(arena, (size_t)plan->S, sizeof *stage->effort);
    stage->odds = ps_arena_alloc(arena, (size_t)plan->S, sizeof *stage->odds);
    return entry_of(plan, arena, g) && stage->odds && stage->stream && stage->dwell &&
           stage->conversion && stage->effort;
}

/* Teams of the sales models that serve some cell. */
static bool list_teams(ps_plan *plan, ps_arena *arena)
{
    const ps_sales_model *models = plan->scenario->sales_models.items;
    const int count = plan->scenario->sales_models.count;

    plan->team = ps_arena_alloc(arena, (size_t)count + 1, sizeof *plan->team);
    for (int z = 0; plan->team && z < count; z++) {
        const ps_model_team *team = models[z].team;
        ps_plan_team *to = &plan->team[plan->teams];
        bool any = false;

        *to = (ps_plan_team){.team = team, .model = z};
        to->serves = ps_arena_alloc(arena, (size_t)plan->S, sizeof *to->serves);
        if (!to->serves) {
            return false;
        }
        for (int s = 0; s < plan->S; s++) {
            to->serves[s] = plan->segment[s].model == z;
            any = any || to->serves[s];
        }
        if (!team || !any) {
            continue;
        }
        plan->teams++;
        to->hours_per = ps_plan_per_period(plan, team->hours->rate.per);
        to->pay_per = team->pay ? ps_plan_per_period(plan, team->pay->rate.per) : 0.0;
        while (strcmp(plan->stage[to->stage].id, team->takes_up.id) != 0) {
            to->stage++;
        }
        plan->queued = true;
    }
    return plan->team != NULL;
}

/* First day after the fiscal quarter in which a day lies. */
static int quarter_after(const ps_plan *plan, int day)
{
    const int first = (int)plan->scenario->calendar->fiscal_year_start - 1;
    int year, month, day_of_month;

    ps_date_split(day, &year, &month, &day_of_month);
    const int next = month - 1 + 3 - (month - 1 - first + 12) % 3;

    return ps_date_join(year + next / 12, next % 12 + 1, 1);
}

bool ps_plan_quarters(ps_plan *plan, ps_arena *arena)
{
    const ps_funnel *funnel = plan->scenario->funnel;

    plan->hurries = plan->hurry_set != 0 || (funnel && funnel->quarter_end);
    if (!funnel || !funnel->quarter_end) {
        return true;
    }
    plan->quarter_end = ps_arena_alloc(arena, (size_t)plan->T_end, sizeof(double));
    for (int t = 0; plan->quarter_end && t < plan->T_end; t++) {
        int last = 0;

        for (int day = plan->start[t]; day < plan->end[t]; day++) {
            last += quarter_after(plan, day) - day <= funnel->quarter_end->last_days;
        }
        plan->quarter_end[t] = (double)last / (plan->end[t] - plan->start[t]);
    }
    return plan->quarter_end != NULL;
}

bool ps_plan_funnel(ps_plan *plan, ps_arena *arena)
{
    plan->choice_stage = -1;
    plan->dwells = plan->G;
    plan->stage = ps_arena_alloc(arena, (size_t)plan->G + 1, sizeof *plan->stage);
    plan->flow_row = ps_arena_alloc(arena, (size_t)plan->G + 1, sizeof *plan->flow_row);
    plan->dwell = ps_arena_alloc(arena, (size_t)(plan->G * (1 + plan->S)) + 1, sizeof *plan->dwell);
    if (!plan->stage || !plan->flow_row || !plan->dwell) {
        return false;
    }
    for (int g = 0; g < plan->G; g++) {
        if (!stage_of(plan, arena, g)) {
            return false;
        }
    }
    for (int g = 0; g < plan->G; g++) {
        list_laws(plan, g);
    }
    count_ages(plan);
    for (int g = 0; g < plan->choice_stage; g++) {
        plan->flow_row[g] = plan->flow_rows;
        plan->flow_rows += !plan->stage[g].hazard;
    }
    plan->after_stages = plan->choice_stage >= 0 ? plan->G - plan->choice_stage - 1 : 0;
    return list_teams(plan, arena) && law_kernels(plan, arena);
}
