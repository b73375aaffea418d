/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which metrics a scenario has, and its goals. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "engine/hot.h"
#include "engine/plan_parts.h"

static const struct {
    int metric, line, segment;
} parts[] = {
    {PS_METRIC_revenue, PS_LINE_REVENUE, -1},
    {PS_METRIC_booked, PS_LINE_BOOKED, -1},
    {PS_METRIC_collected, PS_LINE_COLLECTED, -1},
    {PS_METRIC_units, PS_LINE_UNITS, -1},
    {PS_METRIC_customers_signed, PS_LINE_SIGNED, -1},
    {PS_METRIC_list_value, PS_LINE_LIST, -1},
    {PS_METRIC_pocket_value, PS_LINE_POCKET, -1},
    {PS_METRIC_pocket_margin, PS_LINE_MARGIN, -1},
    {PS_METRIC_won, PS_LINE_WON, -1},
    {PS_METRIC_leads, -1, PS_SEG_LEADS},
    {PS_METRIC_entered_choice, -1, PS_SEG_ENTERED},
    {PS_METRIC_decided, -1, PS_SEG_DECIDED},
    {PS_METRIC_eventual_wins, -1, PS_SEG_EVENTUAL},
};

/* Of plans whose customers sign again. */
static const struct {
    int metric, line;
} of_customers[] = {{PS_METRIC_active_customers, PS_LINE_ACTIVE},
                    {PS_METRIC_terms_ended, PS_LINE_ENDED},
                    {PS_METRIC_renewals, PS_LINE_RENEWED},
                    {PS_METRIC_churned, PS_LINE_CHURNED},
                    {PS_METRIC_renewal_booked, PS_LINE_AGAIN}};

static void need(int metric, bool *needed)
{
    const ps_metric_info *info = &ps_metric_table[metric];

    needed[metric] = true;
    if (info->kind == PS_METRIC_IS_RATIO) {
        needed[info->numerator] = needed[info->denominator] = true;
    }
}

/* Metrics of the ledger: summed over the periods. */
static const int ledger[] = {
    PS_METRIC_revenue,        PS_METRIC_contribution,    PS_METRIC_invoiced,
    PS_METRIC_collected,      PS_METRIC_booked,          PS_METRIC_commission,
    PS_METRIC_promotion_cost, PS_METRIC_promotion_fixed, PS_METRIC_acquisition_cost,
    PS_METRIC_index_sum,      PS_METRIC_index_periods,   PS_METRIC_npv,
    PS_METRIC_bonus,          PS_METRIC_clawback,        PS_METRIC_quota_sales,
    PS_METRIC_quota,          PS_METRIC_lost_sales,      PS_METRIC_unsold,
    PS_METRIC_write_off};
/* Whether the scenario spends money to win customers. */
static bool acquires(const ps_plan *plan)
{
    const ps_scenario *sc = plan->scenario;
    const ps_channel *channels = sc->market->channels.items;
    bool spends = sc->costs->per_lead.given;

    for (int k = 0; k < sc->market->channels.count; k++) {
        spends = spends || channels[k].spend;
    }
    for (int z = 0; z < plan->teams; z++) {
        spends = spends || plan->team[z].team->pay;
    }
    return spends;
}

/* Of plans with retention, some with a cost of acquisition only; -1: a ratio. */
static const struct {
    int metric, segment;
    bool cost;
} of_lifetime[] = {{PS_METRIC_lifetime_value, PS_SEG_LIFETIME, false},
                   {PS_METRIC_valued_customers, PS_SEG_VALUED, false},
                   {PS_METRIC_valued_cost, PS_SEG_COST, true},
                   {PS_METRIC_lifetime_net, PS_SEG_NET, true},
                   {PS_METRIC_repaid_customers, PS_SEG_REPAID, true},
                   {PS_METRIC_repaid_months, PS_SEG_MONTHS, true},
                   {PS_METRIC_ltv_beyond, PS_SEG_BEYOND, false},
                   {PS_METRIC_ltv, -1, false},
                   {PS_METRIC_ltv_cac, -1, true},
                   {PS_METRIC_roi, -1, true},
                   {PS_METRIC_payback_months, -1, true}};

static void customer_metrics(ps_plan *plan)
{
    plan->line_of[PS_METRIC_orders] = plan->base ? PS_LINE_ORDERS : PS_LINE_SIGNED;
    for (size_t k = 0; k < sizeof of_customers / sizeof *of_customers; k++) {
        plan->has[of_customers[k].metric] = plan->base != NULL;
        plan->line_of[of_customers[k].metric] = plan->base ? of_customers[k].line : -1;
    }
    plan->has[PS_METRIC_churn] = plan->base != NULL;
    plan->has[PS_METRIC_referrals] = plan->refers;
    plan->closed_of[PS_METRIC_referrals] = PS_SEG_REFERRED;
    for (size_t k = 0; k < sizeof of_lifetime / sizeof *of_lifetime; k++) {
        const int m = of_lifetime[k].metric;

        plan->has[m] = plan->life && (acquires(plan) || !of_lifetime[k].cost);
        plan->closed_of[m] = of_lifetime[k].segment;
    }
}

void ps_plan_metrics(ps_plan *plan)
{
    const ps_scenario *sc = plan->scenario;
    const ps_offer *offers = sc->offers.items;
    bool contract = false;

    for (int i = 0; i < plan->I; i++) {
        contract = contract || offers[i].contract;
    }
    for (int m = 0; m < PS_METRICS; m++) {
        plan->has[m] = true;
        plan->line_of[m] = plan->segment_of[m] = plan->closed_of[m] = -1;
    }
    customer_metrics(plan);
    plan->closed_of[PS_METRIC_acquisition_cost] = PS_SEG_ACQUISITION;
    plan->closed_of[PS_METRIC_eventual_customers] = PS_SEG_CUSTOMERS;
    plan->closed_of[PS_METRIC_earned] = PS_SEG_EARNED;
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
        plan->line_of[parts[k].metric] = parts[k].line;
        plan->segment_of[parts[k].metric] = parts[k].segment;
    }
    static const int pipeline_only[] = {
        PS_METRIC_customers_signed, PS_METRIC_entered_choice,  PS_METRIC_eventual_wins,
        PS_METRIC_win_rate,         PS_METRIC_win_rate_closed, PS_METRIC_cycle_sum,
        PS_METRIC_cycle_days,       PS_METRIC_open_deals,      PS_METRIC_eventual_customers,
        PS_METRIC_deal_size,        PS_METRIC_earned,          PS_METRIC_margin_per_lead};

    for (size_t k = 0; k < sizeof pipeline_only / sizeof *pipeline_only; k++) {
        plan->has[pipeline_only[k]] = plan->pipeline;
    }
    plan->has[PS_METRIC_price] = plan->has[PS_METRIC_last_price] = false; /* of an offer alone */
    plan->has[PS_METRIC_share] = !plan->pipeline && !plan->demand->volume;
    plan->shares = plan->pipeline || plan->has[PS_METRIC_share];
    plan->has[PS_METRIC_price_index] = plan->has[PS_METRIC_index_sum] =
        !plan->pipeline && plan->C > 0;
    plan->has[PS_METRIC_index_periods] = plan->has[PS_METRIC_price_index];
    plan->has[PS_METRIC_arr] = plan->has[PS_METRIC_backlog_revenue] = contract;
    plan->has[PS_METRIC_backlog_contribution] = contract;
    plan->has[PS_METRIC_npv] = sc->costs->discount_rate_per_year.given;
    plan->has[PS_METRIC_acquisition_cost] = acquires(plan);
    plan->has[PS_METRIC_cac] = acquires(plan) && plan->pipeline;
    plan->has[PS_METRIC_commission] = sc->sales_team && sc->sales_team->commission;
    plan->has[PS_METRIC_bonus] = sc->sales_team && sc->sales_team->bonus;
    plan->has[PS_METRIC_clawback] = sc->sales_team && sc->sales_team->clawback;
    plan->has[PS_METRIC_quota_sales] = plan->has[PS_METRIC_quota] =
        plan->has[PS_METRIC_quota_attainment] = sc->sales_team && sc->sales_team->quota;
    plan->has[PS_METRIC_promotion_cost] = plan->has[PS_METRIC_promotion_fixed] = plan->M > 0;
    plan->has[PS_METRIC_lost_sales] = plan->limited_offers > 0;
    plan->has[PS_METRIC_unsold] = plan->stocked;
    plan->has[PS_METRIC_write_off] = plan->salvaged;
    bool needed[PS_METRICS] = {false};

    for (size_t k = 0; k < sizeof ledger / sizeof *ledger; k++) {
        if (plan->has[ledger[k]] &&
            plan->line_of[ledger[k]] < 0) { /* lines are summed at the end */
            plan->ledger[plan->ledger_count++] = ledger[k];
        }
    }
    for (int m = 0; m < PS_METRICS; m++) {
        if (plan->has[m] && ps_metric_table[m].series) {
            plan->series_metric[plan->series_count++] = m;
            need(m, needed);
        }
    }
    for (int k = 0; k < sc->goals.count; k++) {
        const int m = ps_metric_find(((const ps_goal *)sc->goals.items)[k].metric);

        if (m >= 0) {
            need(m, needed);
        }
    }
    for (int m = 0; m < PS_METRICS; m++) {
        const bool by_parts = plan->line_of[m] >= 0 || plan->segment_of[m] >= 0;

        if (needed[m] && by_parts && m != PS_METRIC_revenue && m != PS_METRIC_booked &&
            m != PS_METRIC_collected) {
            plan->by_period[plan->by_period_count++] = m;
        }
    }
}

/* Segments in a goal's scope: a segment's, channel's, band's or sales model's id, or the value of a
 * dimension. False: nothing matches.
 */
static bool scope_part(const ps_plan *plan, const char *key, const char *text, ps_plan_goal *goal)
{
    bool any = false;

    if (strcmp(key, "offer") == 0) {
        for (int i = 0; i < plan->I; i++) {
            if (strcmp(((const ps_offer *)plan->scenario->offers.items)[i].entry.id, text) == 0) {
                goal->offer = i;
                any = true;
            }
        }
        return any;
    }
    for (int s = 0; s < plan->S; s++) {
        const ps_segment *segment = plan->segment[s].segment;
        const ps_channel *channels = plan->scenario->market->channels.items;
        const ps_sales_model *models = plan->scenario->sales_models.items;
        const ps_band *bands = plan->scenario->market->bands.items;
        const int k = plan->segment[s].channel, z = plan->segment[s].model,
                  b = plan->segment[s].band;
        bool in =
            (strcmp(key, "segment") == 0 && strcmp(segment->entry.id, text) == 0) ||
            (strcmp(key, "sales_model") == 0 && z >= 0 && strcmp(models[z].entry.id, text) == 0) ||
            (strcmp(key, "band") == 0 && b >= 0 && strcmp(bands[b].entry.id, text) == 0) ||
            (strcmp(key, "channel") == 0 && k >= 0 && strcmp(channels[k].entry.id, text) == 0);

        for (int d = 0; d < segment->dimensions.count; d++) {
            in = in || (strcmp(segment->dimensions.ids[d], key) == 0 &&
                        strcmp(segment->dimensions.texts[d], text) == 0);
        }
        goal->segment_in[s] = goal->segment_in[s] && in;
        any = any || goal->segment_in[s];
    }
    return any;
}

/* What each period keeps is added up over a goal's days; the rest is known at the end. */
static bool kept_by_period(const ps_plan *plan, int metric)
{
    bool kept = metric == PS_METRIC_arr || plan->segment_of[metric] >= 0 ||
                (plan->line_of[metric] >= 0 && metric != PS_METRIC_pocket_value);

    for (int k = 0; k < plan->ledger_count; k++) {
        kept = kept || plan->ledger[k] == metric;
    }
    return kept;
}

/* Whether the goal needs the end; a scope of a metric by its closed row, too. */
static bool is_closed(const ps_plan *plan, const ps_plan_goal *goal)
{
    const ps_metric_info *info = &ps_metric_table[goal->metric];
    const bool ratio = info->kind == PS_METRIC_IS_RATIO;
    const int part[2] = {ratio ? info->numerator : goal->metric,
                         ratio ? info->denominator : goal->metric};
    bool closed = false;

    for (int k = 0; k < 2; k++) {
        const int m = part[k];
        const bool scoped = goal->segment_in && plan->line_of[m] < 0 && plan->segment_of[m] < 0;

        closed = closed || scoped || !kept_by_period(plan, m);
    }
    return closed;
}

/* Whether the goal's days are all of the horizon; of a level, whether it is that at the end. */
static bool is_whole(const ps_plan *plan, const ps_plan_goal *goal)
{
    const bool level = ps_metric_table[goal->metric].kind == PS_METRIC_IS_LAST;
    bool whole = goal->last == plan->T - 1;

    for (int t = 0; t < plan->T; t++) {
        whole = whole && (level || goal->weight[t] == 1.0);
    }
    return whole && goal->weight[plan->T - 1] == 1.0;
}

/* A metric, or the parts of a ratio, must be kept for the scope that is asked. */
static bool scoped_metric(const ps_plan *plan, int metric, bool by_offer)
{
    const ps_metric_info *info = &ps_metric_table[metric];
    const int part[2] = {info->kind == PS_METRIC_IS_RATIO ? info->numerator : metric,
                         info->kind == PS_METRIC_IS_RATIO ? info->denominator : metric};

    for (int k = 0; k < 2; k++) {
        const bool by_segment = plan->segment_of[part[k]] >= 0 || plan->closed_of[part[k]] >= 0;

        if (plan->line_of[part[k]] < 0 && (by_offer || !by_segment)) {
            return false;
        }
    }
    return info->kind != PS_METRIC_IS_LAST;
}

static void goal_faults(const ps_plan *plan, const ps_goal *from, const ps_plan_goal *goal,
                        ps_faults *faults)
{
    const char *at = from->entry.pointer;

    if (goal->metric < 0 || !plan->has[goal->metric]) {
        const char *names[PS_METRICS];
        size_t n = 0;

        for (int m = 0; m < PS_METRICS; m++) {
            if (plan->has[m] && ps_metric_table[m].label) {
                names[n++] = ps_metric_table[m].id;
            }
        }
        const char *near = ps_text_suggest(from->metric, names, n);

        ps_fault_add(faults, "ENUM", at, NULL, 0, 0, near,
                     "this scenario has no metric '%s'; did you mean the one below?", from->metric);
    } else if (from->scope.count > 0 && !scoped_metric(plan, goal->metric, goal->offer >= 0)) {
        ps_fault_add(faults, "REF", at, NULL, 0, 0, "leave the scope out",
                     "'%s' is not kept for a part of the business", from->metric);
    } else if (goal->closed && !is_whole(plan, goal)) {
        ps_fault_add(faults, "RANGE", at, NULL, 0, 0,
                     "leave `from` out and let `by` be the last day of the horizon",
                     "'%s' is known for the whole horizon only", from->metric);
    }
}

void ps_plan_channels(ps_plan *plan)
{
    plan->units_are_deals = !plan->base;
    for (int s = 0; s < plan->S; s++) {
        plan->units_are_deals =
            plan->units_are_deals && !plan->segment[s].basket && !plan->segment[s].sized;
    }
    const bool kept[PS_CHANNELS] = {[PS_CH_N] = true,          [PS_CH_Q] = !plan->units_are_deals,
                                    [PS_CH_L] = true,          [PS_CH_NEG] = plan->negotiated,
                                    [PS_CH_PRO] = plan->M > 0, [PS_CH_AGE] = plan->pipeline};

    for (int ch = 0; ch < PS_CHANNELS; ch++) {
        if (kept[ch]) {
            plan->channel[plan->channel_count++] = ch;
        }
    }
}

/* Walking each segment apart needs expected flows of the plainest kind: nothing that segments share
 * but prices (no capacity), prices that hang on nothing sold, promotions that are on for everybody
 * or nobody, stages before the choice that leave at constant hazards, no figures by line and
 * period. */
static bool walks_apart(const ps_plan *plan)
{
    bool apart = !plan->life && !plan->members && !plan->share_seen && !plan->lines_needed &&
                 !plan->public_seen && !plan->queued && plan->funded == 0 &&
                 plan->choice_stage <= PS_APART_STAGES && plan->I >= 1 &&
                 plan->I <= PS_APART_OFFERS && plan->C <= PS_APART_RIVALS;

    for (int g = 0; g < plan->choice_stage; g++) {
        apart = apart && plan->stage[g].hazard;
    }
    for (int m = 0; m < plan->M; m++) {
        apart = apart && plan->promotion[m].reach_one && plan->promotion[m].whole_periods;
    }
    for (int s = 0; s < plan->S; s++) {
        apart = apart && plan->plain[s] && !plan->unaware[s];
        for (int i = 0; i < plan->I; i++) {
            apart = apart && !plan->floored[i] &&
                    plan->price_row[s * plan->I + i] == plan->price_row[i];
        }
    }
    return apart;
}

/* Of such a plan: whether each period's ledger is sales and promotions alone, and the rows of its
 * series. */
static bool keeps_brief(ps_plan *plan)
{
    static const int metric[PS_BRIEF] = {[PS_BRIEF_REVENUE] = PS_METRIC_revenue,
                                         [PS_BRIEF_CONTRIBUTION] = PS_METRIC_contribution,
                                         [PS_BRIEF_COLLECTED] = PS_METRIC_collected,
                                         [PS_BRIEF_UNITS] = PS_METRIC_units,
                                         [PS_BRIEF_RATE] = PS_METRIC_win_rate_closed};
    const ps_costs *costs = plan->scenario->costs;
    int found = 0;

    for (int k = 0; k < plan->series_count; k++) {
        const int is = plan->series_metric[k];

        for (int b = 0; b < PS_BRIEF; b++) {
            if (is == metric[b] || (b == PS_BRIEF_RATE && is == PS_METRIC_share)) {
                plan->brief[b] = k;
                found++;
            }
        }
    }
    return found == PS_BRIEF && found == plan->series_count && !plan->scenario->sales_team &&
           !plan->has[PS_METRIC_arr] && !costs->per_lead.given && !costs->fixed_per_month.given &&
           !costs->once.given;
}

bool ps_plan_plain(ps_plan *plan, ps_arena *arena)
{
    plan->plain = ps_arena_alloc(arena, (size_t)plan->S, sizeof *plan->plain);
    plan->unaware = ps_arena_alloc(arena, (size_t)plan->S, sizeof *plan->unaware);
    if (!plan->plain || !plan->unaware) {
        return false;
    }
    const bool hazard = plan->choice_stage >= 0 && plan->stage[plan->choice_stage].hazard;

    plan->instant = plan->ages == 1 && !hazard;
    plan->luck = plan->whole;
    plan->public_seen = plan->has[PS_METRIC_price_index] || plan->aims;
    for (int c = 0; c < plan->C; c++) {
        const char *kind = ps_reaction_family.kinds[plan->reaction_kind[c]]->name;
        const bool watches = strcmp(kind, "follow") == 0 || strcmp(kind, "match") == 0 ||
                             strcmp(kind, "undercut") == 0;

        plan->public_seen = plan->public_seen || watches;
        plan->luck = plan->luck || strcmp(kind, "event") == 0 || strcmp(kind, "follow") == 0;
    }
    plan->lines_needed = plan->scenario->goals.count > 0 || plan->has[PS_METRIC_npv];
    for (int s = 0; s < plan->S; s++) {
        const ps_plan_segment *seg = &plan->segment[s];

        plan->unaware[s] = seg->choice && seg->choice->awareness.given;
        plan->plain[s] = plan->units_are_deals && plan->instant && plan->I <= PS_MAX_OFFERS &&
                         !plan->whole && !plan->always && plan->nodes == 1 && !plan->nested &&
                         !seg->general && plan->after_stages == 0 && plan->span == 1 &&
                         plan->plain_waterfall && !seg->basket && !seg->sized &&
                         !seg->segment->price_image && !plan->presence && !plan->rival_capacity &&
                         !plan->rationed && plan->wait_set == 0 && !plan->bundled && !plan->brand;
    }
    plan->apart = walks_apart(plan);
    plan->is_brief = plan->apart && keeps_brief(plan);
    return true;
}

bool ps_plan_goals(ps_plan *plan, ps_arena *arena, ps_faults *faults)
{
    const ps_goal *goals = plan->scenario->goals.items;

    plan->goals = plan->scenario->goals.count;
    plan->goal = ps_arena_alloc(arena, (size_t)plan->goals + 1, sizeof *plan->goal);
    for (int k = 0; plan->goal && k < plan->goals; k++) {
        const ps_goal *from = &goals[k];
        ps_plan_goal *goal = &plan->goal[k];
        const int first = from->from == PS_NO_DATE ? plan->start[0] : from->from;

        goal->metric = ps_metric_find(from->metric);
        goal->offer = -1;
        goal->target =
            isnan(from->level) ? from->against->value * (1.0 + from->change) : from->level;
        goal->weight = ps_arena_alloc(arena, (size_t)plan->T, sizeof *goal->weight);
        goal->segment_in = from->scope.count > 0
                               ? ps_arena_alloc(arena, (size_t)plan->S, sizeof *goal->segment_in)
                               : NULL;
        if (!goal->weight || (from->scope.count > 0 && !goal->segment_in)) {
            return false;
        }
        for (int s = 0; s < plan->S && goal->segment_in; s++) {
            goal->segment_in[s] = true;
        }
        for (int d = 0; d < from->scope.count; d++) {
            if (!scope_part(plan, from->scope.ids[d], from->scope.texts[d], goal)) {
                ps_fault_add(faults, "REF", from->entry.pointer, NULL, 0, 0,
                             "use a segment, an offer or a dimension's value",
                             "no segment has %s = '%s'", from->scope.ids[d], from->scope.texts[d]);
            }
        }
        for (int t = 0; t < plan->T; t++) {
            const int lo = first > plan->start[t] ? first : plan->start[t];
            const int hi = from->by + 1 < plan->end[t] ? from->by + 1 : plan->end[t];

            goal->weight[t] = hi > lo ? (double)(hi - lo) / (plan->end[t] - plan->start[t]) : 0.0;
            goal->last = hi > lo ? t : goal->last;
        }
        goal->closed = goal->metric >= 0 && is_closed(plan, goal);
        goal_faults(plan, from, goal, faults);
    }
    return plan->goal != NULL;
}
