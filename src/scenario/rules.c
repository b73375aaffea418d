/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of the scenario as a whole: scope, currency, offers and prices, competitors, funnel,
 * waterfall, commission, size of the run. */
#include "scenario/rules.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "scenario/currency.h"
#include "scenario/load.h"
#include "json/tree.h"

enum { POINTER = 400, FEW_PATHS = 100 };

#define MAX_STEPS 1e12 /* about an hour of all cores of a workstation */

/* ---- helpers of all rules ---- */

void ps_rule_fault(const ps_rules *rules, const char *code, const char *pointer, const char *key,
                   const char *hint, const char *format, ...)
{
    char full[POINTER], inner[POINTER], message[600];
    const ps_node *node = NULL;
    va_list arguments;

    snprintf(full, sizeof full, "%s%s%s", pointer, key == NULL ? "" : "/", key == NULL ? "" : key);
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    memcpy(inner, full, sizeof inner);
    while ((node = ps_node_at(rules->assembly->root, inner)) == NULL) {
        *strrchr(inner, '/') = '\0'; /* the root is always there */
    }
    const ps_origin origin = ps_tree_origin(&rules->assembly->tree, node);

    ps_fault_add(rules->faults, code, full, origin.file, origin.line, origin.column, hint, "%s",
                 message);
}

double ps_rule_centre(const ps_number *number, double otherwise)
{
    const ps_dist *dist = &number->dist;

    if (!number->given) {
        return otherwise;
    }
    if (dist->law == PS_LAW_LOGIT_NORMAL &&
        !dist->truncated) { /* the general way integrates moments */
        return 1 / (1 + exp(-dist->p[0]));
    }
    return ps_dist_centre(dist);
}

void ps_rule_one_of(const ps_rules *rules, const char *pointer, const char *const *keys,
                    const bool *given)
{
    const char *first = NULL;
    char all[200] = "";

    for (int i = 0; keys[i] != NULL; i++) {
        const size_t used = strlen(all);

        snprintf(all + used, sizeof all - used, "%s%s",
                 i == 0                ? ""
                 : keys[i + 1] == NULL ? " or "
                                       : ", ",
                 keys[i]);
        if (given[i] && first != NULL) {
            ps_rule_fault(rules, "CONFLICT", pointer, keys[i], "give one of them",
                          "'%s' beside '%s'", keys[i], first);
        }
        first = given[i] && first == NULL ? keys[i] : first;
    }
    if (first == NULL) {
        ps_rule_fault(rules, "MISSING", pointer, keys[0], NULL, "%s is needed", all);
    }
}

bool ps_rule_given(const ps_kind_value *kind, const char *key)
{
    for (const ps_field *f = kind->kind->shape.fields; f->type != PS_FIELD_END; f++) {
        const char *at = (const char *)kind->params + f->offset;

        if (f->key == NULL || strcmp(f->key, key) != 0) {
            continue;
        }
        switch (f->type) {
        case PS_FIELD_NUMBER:
            return ((const ps_number *)(const void *)at)->given;
        case PS_FIELD_REF:
            return ((const ps_ref *)(const void *)at)->id != NULL;
        case PS_FIELD_ENUM:
            return *(const int *)(const void *)at >= 0;
        case PS_FIELD_WHOLE:
            return *(const int64_t *)(const void *)at != 0;
        case PS_FIELD_LIST:
            return ((const ps_list *)(const void *)at)->count > 0;
        default:
            return *(const void *const *)(const void *)at != NULL;
        }
    }
    return false;
}

double ps_rule_net(const ps_rules *rules, double price)
{
    const ps_vat *vat = rules->scenario->vat;

    return vat != NULL && vat->prices_include ? price / (1 + ps_rule_centre(&vat->rate, 0)) : price;
}

/* ---- scope ---- */

static void refuse_in_market(const ps_rules *rules, const char *pointer, const char *key)
{
    ps_rule_fault(rules, "CONFLICT", pointer, key, "remove it, or set \"scope\": \"pipeline\"",
                  "belongs to a pipeline, not to a market");
}

static void check_scope(const ps_rules *rules)
{
    const ps_scenario *s = rules->scenario;
    const ps_segment *segments = s->market->segments.items;
    const ps_promotion *promotions = s->promotions.items;

    if (s->scope == PS_SCOPE_PIPELINE) {
        if (s->funnel == NULL) {
            ps_rule_fault(rules, "MISSING", "", "funnel", "it says how leads become customers",
                          "a pipeline needs a funnel");
        }
        return;
    }
    if (s->funnel != NULL) {
        refuse_in_market(rules, "", "funnel");
    }
    if (s->negotiated != NULL) {
        refuse_in_market(rules, "", "negotiated");
    }
    for (int i = 0; i < s->market->segments.count; i++) {
        if (segments[i].deal_size.given) {
            refuse_in_market(rules, segments[i].entry.pointer, "deal_size");
        }
    }
    for (int m = 0; m < s->promotions.count; m++) {
        if (promotions[m].traffic.given) {
            refuse_in_market(rules, promotions[m].entry.pointer, "traffic");
        }
        if (promotions[m].acceleration.given) {
            refuse_in_market(rules, promotions[m].entry.pointer, "acceleration");
        }
        if (promotions[m].eligibility == 1) {
            refuse_in_market(rules, promotions[m].entry.pointer, "eligibility");
        }
    }
}

static void check_currency(const ps_rules *rules)
{
    const char *currency = rules->scenario->currency;
    const char *near = NULL;
    char hint[64];

    if (ps_currency_known(currency, &near)) {
        return;
    }
    snprintf(hint, sizeof hint, "did you mean '%s'?", near == NULL ? "" : near);
    ps_rule_fault(rules, "ENUM", "", "currency",
                  near == NULL ? "three capital letters, like CNY or EUR" : hint,
                  "'%.40s' is no ISO 4217 code", currency);
}

static void check_calendar(const ps_rules *rules)
{
    const ps_calendar *calendar = rules->scenario->calendar;
    int year, month, day;

    ps_date_split(calendar->start, &year, &month, &day);
    if (calendar->period >= PS_PERIOD_MONTH && day != 1) {
        ps_rule_fault(rules, "DATE", "/calendar", "start", NULL,
                      "months and quarters start on the first of a month");
    }
}

/* ---- offers and competitors ---- */

static void check_offer(const ps_rules *rules, const ps_offer *offer)
{
    const double price = ps_rule_earned(rules, offer, ps_rule_centre(&offer->list_price, 0));
    const double cost = ps_rule_centre(&offer->unit_cost, 0);
    char a[32], b[32];

    if (price < cost && offer->list_price.given) {
        ps_rule_fault(rules, "WARN_BELOW_COST", offer->entry.pointer,
                      offer->wholesale.given ? "wholesale" : "list_price", NULL,
                      "%s is below the unit cost %s: each unit loses money",
                      ps_text_number(price, a), ps_text_number(cost, b));
    }
    if (offer->sold_as == PS_SOLD_AS_CONTRACT && offer->contract == NULL) {
        ps_rule_fault(rules, "MISSING", offer->entry.pointer, "contract", "state its months",
                      "an offer sold as a contract needs 'contract'");
    }
    if (offer->sold_as != PS_SOLD_AS_CONTRACT && offer->contract != NULL) {
        ps_rule_fault(rules, "CONFLICT", offer->entry.pointer, "contract",
                      "set \"sold_as\": \"contract\"",
                      "only an offer sold as a contract has 'contract'");
    }
    ps_rules_pricing(rules, offer);
}

static void check_competitor(const ps_rules *rules, const ps_competitor *competitor)
{
    const ps_ref *follows = ps_kind_parameter(&competitor->reaction, "follows");
    const int own = rules->scenario->offers.count;
    char pointer[POINTER];

    snprintf(pointer, sizeof pointer, "%s/reaction", competitor->entry.pointer);
    ps_rules_changes(rules, &competitor->reaction, pointer);
    if (follows != NULL && follows->id != NULL && follows->index >= own &&
        rules->scenario->rival_owner[follows->index - own] == competitor) {
        ps_rule_fault(rules, "CYCLE", pointer, "follows", "name an offer of somebody else",
                      "'%s' follows its own offer '%s'", competitor->entry.id, follows->id);
    }
}

/* ---- funnel, waterfall, commission ---- */

static void check_stage(const ps_rules *rules, const ps_stage *stage)
{
    static const char *const keys[] = {"days", "leaves_per_week", NULL};
    const char *pointer = stage->entry.pointer;

    ps_rule_one_of(rules, pointer, keys,
                   (const bool[]){stage->days.given, stage->leaves.per != PS_PER_NONE});
    if (stage->choice && stage->conversion.given) {
        ps_rule_fault(rules, "CONFLICT", pointer, "conversion",
                      "the win rate is stated under 'choice' of the market",
                      "the choice stage has no conversion");
    } else if (!stage->choice && !stage->conversion.given && stage->criteria.count == 0) {
        ps_rule_fault(rules, "MISSING", pointer, "conversion",
                      "the part of deals that goes on to the next stage, or 'exit' criteria",
                      "required key 'conversion' is missing");
    } else if (!stage->choice && ps_rule_centre(&stage->conversion, 1) == 0) {
        ps_rule_fault(rules, "WARN_ZERO", pointer, "conversion", NULL,
                      "nobody gets past this stage");
    }
}

static void check_funnel(const ps_rules *rules)
{
    const ps_funnel *funnel = rules->scenario->funnel;
    const ps_stage *stages = funnel == NULL ? NULL : funnel->stages.items;
    const ps_stage *choice = NULL;

    for (int g = 0; funnel != NULL && g < funnel->stages.count; g++) {
        check_stage(rules, &stages[g]);
        if (stages[g].choice && choice != NULL) {
            ps_rule_fault(rules, "CONFLICT", stages[g].entry.pointer, "choice", NULL,
                          "'%s' is the choice stage already", choice->entry.id);
        }
        choice = stages[g].choice && choice == NULL ? &stages[g] : choice;
    }
    if (funnel != NULL && choice == NULL) {
        ps_rule_fault(rules, "MISSING", "/funnel", "stages",
                      "set \"choice\": true in the stage where the buyer decides",
                      "no stage is the choice");
    }
}

/* Who pays at another time is told by a rate of the running price. */
static double check_paid(const ps_rules *rules, const ps_step *step)
{
    static const char *const keys[] = {"upfront", "days_later", NULL};
    char pointer[POINTER];

    if (step->paid == NULL) {
        return 0;
    }
    snprintf(pointer, sizeof pointer, "%s/paid", step->entry.pointer);
    ps_rule_one_of(rules, pointer, keys,
                   (const bool[]){step->paid->upfront, step->paid->days_later.given});
    if (step->amount.given || step->of != PS_STEP_OF_RUNNING) {
        ps_rule_fault(rules, "CONFLICT", step->entry.pointer, step->amount.given ? "amount" : "of",
                      "state a 'rate' of the running price (0: nothing is taken off)",
                      "not beside 'paid'");
    }
    return ps_rule_centre(&step->take_up, 1);
}

static void check_waterfall(const ps_rules *rules)
{
    static const char *const keys[] = {"rate", "amount", NULL};
    const ps_waterfall *waterfall = rules->scenario->waterfall;
    const ps_step *steps = waterfall == NULL ? NULL : waterfall->steps.items;
    double takers = 0;

    for (int i = 0; waterfall != NULL && i < waterfall->steps.count; i++) {
        takers += check_paid(rules, &steps[i]);
        if (steps[i].paid != NULL && takers > 1 + 1e-9) {
            ps_rule_fault(rules, "SUM", steps[i].entry.pointer, "take_up",
                          "a sale is paid at one time", "%g of the sales take a step with 'paid'",
                          takers);
        }
        ps_rule_one_of(rules, steps[i].entry.pointer, keys,
                       (const bool[]){steps[i].rate.given, steps[i].amount.given});
    }
}

static void check_commission(const ps_rules *rules)
{
    const ps_sales_team *team = rules->scenario->sales_team;
    const ps_list *list =
        team == NULL || team->commission == NULL ? NULL : &team->commission->tiers;
    const ps_commission_tier *tiers = list == NULL ? NULL : list->items;
    char pointer[POINTER];

    for (int i = 0; list != NULL && i < list->count; i++) {
        const bool last = i + 1 == list->count;

        snprintf(pointer, sizeof pointer, "/sales_team/commission/tiers/%d", i);
        if (!last && tiers[i].up_to == 0) {
            ps_rule_fault(rules, "MISSING", pointer, "up_to", NULL,
                          "only the last tier has no 'up_to'");
        } else if (last && tiers[i].up_to > 0) {
            ps_rule_fault(rules, "CONFLICT", pointer, "up_to", "leave it out",
                          "the last tier has no end");
        } else if (!last && i > 0 && tiers[i].up_to <= tiers[i - 1].up_to) {
            ps_rule_fault(rules, "ORDER", pointer, "up_to", NULL, "tiers ascend in 'up_to'");
        }
    }
}

static void check_team(const ps_rules *rules)
{
    const ps_sales_team *team = rules->scenario->sales_team;

    if (team == NULL) {
        return;
    }
    const ps_commission *commission = team->commission;
    const bool in_quota = commission != NULL && commission->tiers_in == PS_TIERS_IN_QUOTA;

    if (team->bonus != NULL && team->quota == NULL) {
        ps_rule_fault(rules, "MISSING", "/sales_team", "quota", "add a 'quota'",
                      "a bonus is paid for attainment of a quota");
    }
    if (team->bonus != NULL && team->bonus->cap < team->bonus->threshold) {
        ps_rule_fault(rules, "ORDER", "/sales_team/bonus", "cap", NULL,
                      "the cap lies below the threshold");
    }
    if (in_quota && team->quota == NULL) {
        ps_rule_fault(rules, "MISSING", "/sales_team", "quota", "add a 'quota'",
                      "tiers in multiples of the quota need one");
    } else if (in_quota && team->quota->per != commission->per) {
        ps_rule_fault(rules, "CONFLICT", "/sales_team/commission", "per",
                      "give both the same 'per'",
                      "tiers in multiples of the quota hold for its span");
    }
    if (team->clawback != NULL &&
        (commission == NULL || commission->on == PS_COMMISSION_COLLECTED)) {
        ps_rule_fault(rules, "CONFLICT", "/sales_team", "clawback",
                      "leave it out, or pay commission on 'booked' or 'invoiced'",
                      "commission on what is collected is never paid for bad debt");
    }
}

/* ---- patches and size ---- */

/* Whether the choice was observed at today's price of the offer, which then must not move. */
static bool observed_today(const ps_choice *choice, const char *offer)
{
    const bool observed =
        choice->baseline.count > 0 || choice->conversion.given || choice->conversions.count > 0;

    for (int i = 0; i < choice->observed_at.count; i++) {
        if (strcmp(choice->observed_at.keys[i].id, offer) == 0) {
            return false;
        }
    }
    return observed;
}

static void check_altered(const ps_rules *rules)
{
    const ps_market *market = rules->scenario->market;
    const ps_segment *segments = market->segments.items;

    for (int i = 0; i < rules->assembly->altered_count; i++) {
        const ps_altered_price *altered = &rules->assembly->altered[i];
        char offer[POINTER];
        bool observed = false;

        snprintf(offer, sizeof offer, "%s", altered->pointer);
        *strrchr(offer, '/') = '\0';

        const char *id = strrchr(offer, '/') + 1;

        for (int s = 0; s < market->segments.count; s++) {
            const ps_choice *choice =
                segments[s].choice != NULL ? segments[s].choice : market->choice;

            observed = observed || (choice != NULL && observed_today(choice, id));
        }
        if (observed) {
            ps_fault_add(
                rules->faults, "CONFLICT", altered->pointer, altered->origin.file,
                altered->origin.line, altered->origin.column,
                strstr(altered->pointer, "/competitors/") == altered->pointer
                    ? "use reaction.changes, or state choice.observed_at"
                    : "use pricing.price or changes, or state choice.observed_at",
                "today's shares were observed at today's price, which a patch must not move");
        }
    }
}

static void check_size(const ps_rules *rules)
{
    const ps_scenario *s = rules->scenario;
    const int alternatives = s->offers.count + s->rivals + 1;
    const double steps =
        (double)s->run->paths * (double)s->calendar->periods * s->cells * alternatives;

    if (steps > MAX_STEPS) {
        ps_rule_fault(
            rules, "LIMIT", "/run", "paths", "fewer paths or coarser periods",
            "%lld paths x %lld periods x %d segments x %d alternatives = %.2g steps, limit %.0e",
            (long long)s->run->paths, (long long)s->calendar->periods, s->cells, alternatives,
            steps, MAX_STEPS);
    } else if (s->run->paths < FEW_PATHS) {
        ps_rule_fault(rules, "WARN_FEW_PATHS", "/run", "paths", NULL,
                      "intervals from %lld paths say little; use at least %d",
                      (long long)s->run->paths, FEW_PATHS);
    }
}

void ps_rules_check(const ps_rules *rules)
{
    const ps_offer *offers = rules->scenario->offers.items;
    const ps_competitor *competitors = rules->scenario->competitors.items;

    check_scope(rules);
    check_currency(rules);
    check_calendar(rules);
    for (int i = 0; i < rules->scenario->offers.count; i++) {
        check_offer(rules, &offers[i]);
    }
    for (int c = 0; c < rules->scenario->competitors.count; c++) {
        check_competitor(rules, &competitors[c]);
    }
    ps_rules_bundle(rules);
    ps_rules_rivals(rules);
    ps_rules_market(rules);
    ps_rules_demand(rules);
    ps_rules_channel(rules);
    ps_rules_band(rules);
    ps_rules_sales(rules);
    ps_rules_promotion(rules);
    ps_rules_order(rules);
    ps_rules_limits(rules);
    ps_rules_seller(rules);
    ps_rules_members(rules);
    ps_rules_guard(rules);
    check_funnel(rules);
    ps_rules_entry(rules);
    check_waterfall(rules);
    check_commission(rules);
    check_team(rules);
    ps_rules_retention(rules);
    ps_rules_goal(rules);
    check_altered(rules);
    check_size(rules);
}
