/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The earnings tables: rows by path to means, errors and percentiles; break-even lift and return on
 * spend. */
#include <math.h>
#include <string.h>

#include "engine/collect.h"
#include "engine/plan_parts.h"

ps_earning_row ps_collect_row(const double *x, int64_t n, double *scratch)
{
    static const double levels[] = {0.1, 0.9};
    ps_earning_row row = {.mean = ps_sum_pairwise(x, (size_t)n) / (double)n};
    double square = 0.0, positive = 0.0, q[2];

    for (int64_t i = 0; i < n; i++) {
        square += (x[i] - row.mean) * (x[i] - row.mean);
        positive += x[i] > 0.0;
    }
    row.se = n > 1 ? sqrt(square / (double)(n - 1) / (double)n) : NAN;
    row.positive_frac = positive / (double)n;
    memcpy(scratch, x, (size_t)n * sizeof *x);
    ps_quantile_exact(scratch, (size_t)n, levels, 2, q);
    row.p10 = q[0];
    row.p90 = q[1];
    return row;
}

static const struct {
    const char *id, *label;
} row_names[PS_ROWS] = {
    {"subsidised_baseline", "Given to buyers who would buy anyway"},
    {"expansion", "From buying nothing"},
    {"traffic", "From more arrivals"},
    {"own_cannibalisation", "Own sales given up"},
    {"timing", "Shifted in time"},
    {"reference_price", "Lower price expectations"},
    {"price_image", "Price image"},
    {"customers", "Signed again later"},
    {"limits", "What ran out"},
    {"rivals", "Rivals' reaction"},
    {"commission", "Commissions"},
    {"acquisition", "Acquisition"},
    {"fixed", "Fixed cost of promotions"},
    {"funding", "Partner funding, lump sums"},
    {"fees", "Fees of members"},
    {"stock", "Less unsold stock"},
};

typedef struct {
    const ps_collection *c;
    int64_t n;
    double *scratch;
} table;

static ps_earning_row row_at(const table *t, int r, const char *id, const char *label)
{
    ps_earning_row row = ps_collect_row(t->c->row + r * t->c->attributed, t->n, t->scratch);

    row.id = id;
    row.label = label;
    return row;
}

static bool calendar_rows(const table *t, ps_arena *arena, ps_earning *e)
{
    const ps_plan *p = t->c->plan;
    int n = 0;

    e->row = ps_arena_alloc(arena, (size_t)(PS_ROWS + p->C), sizeof *e->row);
    if (!e->row) {
        return false;
    }
    e->row[n++] = row_at(t, PS_ROW_BASELINE, row_names[0].id, row_names[0].label);
    for (int c = 0; c < p->C; c++) {
        const ps_entry *entry = &p->scenario->rival[c]->entry;
        const char *id = ps_arena_format(arena, "from_%s", entry->id),
                   *label = ps_arena_format(arena, "From %s", entry->label);

        if (!id || !label) {
            return false;
        }
        e->row[n++] = row_at(t, PS_ROWS + c, id, label);
    }
    for (int r = 1; r < PS_ROWS; r++) {
        if (r != PS_ROW_FEES || p->fee_set != 0) {
            e->row[n++] = row_at(t, r, row_names[r].id, row_names[r].label);
        }
    }
    e->rows = n;
    return true;
}

/* Sums of the cells that promotion m touches (m = M: any), mean by path. */
static void touched(const table *t, int items, int m, double *sum)
{
    for (int k = 0; k < PS_TOUCH; k++) {
        sum[k] = 0.0;
        for (int i = 0; i < items; i++) {
            sum[k] += t->c->sum[(long)i * t->c->sums + t->c->at.touch + m * PS_TOUCH + k];
        }
        sum[k] /= (double)t->n;
    }
}

/* Break-even lift B* = (gift + fixed - funding) / (q0 (m1 - e)): the lift at which the extra margin
 * pays for the discount on the baseline and the fixed cost, less what members pay. e is what a
 * lifted unit costs elsewhere: own sales of other offers and later sales that are borrowed. */
static void ratios(const double *x, double net, const double money[2], bool plain, bool fees,
                   ps_earning *e)
{
    const double fixed = money[0], funding = money[1];
    const double q0 = x[PS_TOUCH_Q0], q1 = x[PS_TOUCH_Q1];
    const double elsewhere = q1 > q0 ? x[PS_TOUCH_ELSEWHERE] / (q1 - q0) : 0.0;
    const double unit_margin = q1 > 0.0 ? x[PS_TOUCH_MARGIN] / q1 - elsewhere : 0.0;
    const double paid = fixed - funding - x[PS_TOUCH_FEES];
    const double spend = x[PS_TOUCH_DISCOUNT] + paid;

    e->baseline_units = q0;
    e->promoted_units = q1;
    e->incremental_units = q1 - q0;
    e->lift = q0 > 0.0 ? (q1 - q0) / q0 : NAN;
    e->break_even_lift =
        unit_margin > 0.0 && q0 > 0.0 ? (x[PS_TOUCH_GIFT] + paid) / (q0 * unit_margin) : NAN;
    e->roi_on_spend = spend > 0.0 ? net / spend : NAN;
    e->discount = x[PS_TOUCH_DISCOUNT];
    e->fixed = fixed;
    e->funding = funding;
    e->fees = fees ? x[PS_TOUCH_FEES] : NAN;
    const double orders = plain ? 0.0 : x[PS_TOUCH_ORDERS];
    double *const basket[] = {&e->redeemed_frac, &e->topped_up_frac, &e->subsidised_frac,
                              &e->mean_paid, &e->goods_value};

    for (int k = 0; k < 5; k++) {
        *basket[k] = orders > 0.0 ? x[PS_TOUCH_REDEEMED + k] / orders : NAN;
    }
    e->discount_per_order = orders > 0.0 ? e->goods_value - e->mean_paid : NAN;
}

/* L = T - Y / (1 - v) of the first tier, at the centre. */
static double top_up_from(const ps_basket_rule *rule)
{
    const double v = ps_plan_centre(rule->addon_value);

    return fmax(0.0, rule->spend[0] - rule->save[0] / (1.0 - v));
}

static double mean_of(const table *t, int r)
{
    return ps_sum_pairwise(t->c->row + r * t->c->attributed, (size_t)t->n) / (double)t->n;
}

bool ps_collect_earnings(const ps_collection *c, int items, ps_result *result)
{
    const ps_plan *p = c->plan;
    const ps_promotion *promotions = p->scenario->promotions.items;
    const int64_t n = result->paths < c->attributed ? result->paths : c->attributed;
    const int values = PS_ROWS + p->C, extra = c->rows - 7;
    ps_arena local = {0};
    const table t = {c, n, ps_arena_alloc(&local, (size_t)n + 1, sizeof(double))};
    double sum[PS_TOUCH];

    result->attribution_gap = NAN;
    if (n == 0 || p->M == 0) {
        ps_arena_free(&local);
        return true;
    }
    result->attributed_paths = n;
    result->earning = ps_arena_alloc(&result->arena, (size_t)p->M + 2, sizeof *result->earning);
    ps_earning *calendar = result->earning;
    bool ok = t.scratch && calendar && calendar_rows(&t, &result->arena, calendar);

    if (ok) {
        calendar->id = "calendar";
        calendar->label = "All promotions";
        calendar->top_up_from = NAN;
        calendar->net = row_at(&t, extra, "net", "Net");
        calendar->inside = row_at(&t, extra + 1, "inside", "Inside the horizon");
        calendar->naive = row_at(&t, extra + 2, "naive", "With frozen rivals");
        touched(&t, items, p->M, sum);
        ratios(sum, calendar->net.mean,
               (const double[2]){mean_of(&t, extra + 3), mean_of(&t, extra + 4)}, false,
               p->fee_set != 0, calendar);
        result->attribution_gap =
            mean_of(&t, extra + 6) -
            ps_sum_pairwise(c->total + c->kept[PS_METRIC_contribution] * c->valued, (size_t)n) /
                (double)n;
        result->earnings = 1;
    }
    for (int m = 0; ok && m <= p->M; m++) {
        ps_earning *e = &result->earning[m + 1];
        const bool interaction = m == p->M;

        if (interaction && p->M < 2) {
            break;
        }
        e->id = interaction ? "interaction" : promotions[m].entry.id;
        e->label = interaction ? "Interaction" : promotions[m].entry.label;
        e->net = row_at(&t, values + m, "net", "Net");
        touched(&t, items, m, sum);
        if (interaction) {
            memset(sum, 0, sizeof sum);
        }
        const ps_promotion_cost *cost = interaction ? NULL : promotions[m].fixed_cost;
        double fixed = 0.0;

        for (int k = 0; cost && k < p->T_end; k++) {
            fixed += cost->per_week.given
                         ? ps_dist_mean(&cost->per_week.dist) * p->promotion[m].weeks[k]
                         : 0.0;
        }
        fixed += cost && cost->once.given && p->promotion[m].first_period >= 0
                     ? ps_dist_mean(&cost->once.dist)
                     : 0.0;
        const ps_funding *fund = interaction ? NULL : promotions[m].funding;
        const double lump = fund && fund->once.given && p->promotion[m].first_period >= 0
                                ? ps_dist_mean(&fund->once.dist)
                                : 0.0;

        ratios(sum, e->net.mean, (const double[2]){fixed, lump},
               interaction || !p->promotion[m].basket, !interaction && (p->fee_set >> m & 1U), e);
        e->top_up_from = !interaction && p->promotion[m].rule.tiers > 0
                             ? top_up_from(&p->promotion[m].rule)
                             : NAN;
        e->inside = e->naive =
            (ps_earning_row){.mean = NAN, .se = NAN, .p10 = NAN, .p90 = NAN, .positive_frac = NAN};
        result->earnings++;
    }
    ps_arena_free(&local);
    return ok;
}
