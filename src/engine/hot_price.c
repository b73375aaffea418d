/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prices of a period: rivals, own list prices by policy, and for each segment the exposure classes
 * with their net prices and attractions. docs/model/prices.md, promotions.md, choice.md. */
#include <string.h>

#include "engine/hot_demand.h"
#include "math/vmath.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)

static const ps_reaction_kind *reaction_kind(const ps_plan *p, int c)
{
    return (const ps_reaction_kind *)(const void *)ps_reaction_family.kinds[p->reaction_kind[c]];
}

static ps_rule_view make_view(ps_work *w)
{
    const ps_plan *p = w->plan;

    return (ps_rule_view){
        .period = w->t,
        .segment = -1,
        .start_day = p->start[w->t],
        .end_day = p->end[w->t],
        .period_days = p->period_days,
        .values = w->values[0],
        .own_list = {p->I, w->history_list[0]},
        .own_public = {p->I, w->history_public[0]},
        .rivals = {p->C, w->history_rival[0]},
        .promoted = w->promoted,
        .net_of_vat = w->net_of_vat,
        .rival_weight = p->rival_weight,
        .segment_weight = w->segment_weight,
        .segments = p->S,
    };
}

static void move_rivals(ps_work *w, ps_rule_view *view)
{
    const ps_plan *p = w->plan;

    for (int c = 0; c < p->C; c++) {
        view->item = c;
        view->luck = w->luck[c];
        if (reaction_kind(p, c)->move) {
            reaction_kind(p, c)->move(p->reaction[c], view, w->regular[c]);
        }
    }
}

/* What everybody sees: a rival's price less its own promotion, whose days count by their part of
 * the period. */
static void show_rivals(ps_work *w, const ps_rule_view *view)
{
    const ps_plan *p = w->plan;

    for (int c = 0; c < p->C && p->rival_promotions; c++) {
        const ps_list *list = &p->scenario->rival[c]->promotions;
        const ps_rival_promotion *promotion = list->items;

        memcpy(w->rival[c], w->regular[c], sizeof(ps_lanes));
        for (int k = 0; k < list->count; k++) {
            const double part = ps_view_overlap(view, promotion[k].from, promotion[k].to + 1);
            const double *depth = ps_number_lanes(&promotion[k].depth, w->values[0], 0);

            LANES
            {
                w->rival[c][l] -= part * depth[l] * w->regular[c][l];
            }
        }
    }
}

void ps_hot_prices(ps_work *w)
{
    const ps_plan *p = w->plan;
    const int t = w->t;
    const size_t rivals = (size_t)p->C * sizeof(ps_lanes),
                 rows = (size_t)p->price_rows * sizeof(ps_lanes);

    w->present = p->presence ? p->presence + t * p->C : NULL;
    ps_rule_view view = make_view(w);

    if (w->pass.tape && !w->pass.live_rivals) {
        ps_hot_own_prices(w, &view); /* for the floors */
        memcpy(w->rival, w->pass.tape->rival + t * p->C, rivals);
        memcpy(w->list, w->pass.tape->list + t * p->price_rows, rows);
    } else {
        move_rivals(w, &view);
        ps_hot_own_prices(w, &view);
        if (p->aims) {
            ps_hot_equilibrium(w, &view);
        }
        show_rivals(w, &view);
    }
    if (w->pass.record) {
        memcpy(w->pass.record->rival + t * p->C, w->rival, rivals);
        memcpy(w->pass.record->list + t * p->price_rows, w->list, rows);
    }
    memcpy(w->history_rival + (t + 1) * p->C, w->rival, rivals);
    for (int i = 0; i < p->I; i++) {
        double *list = w->history_list[(t + 1) * p->I + i],
               *seen = w->history_public[(t + 1) * p->I + i];

        if (!p->apart || w->pass.settle || ps_plan_shows(p, t)) { /* apart, few are looked at */
            memset(seen, 0, sizeof(ps_lanes));
        }
        if (p->price_row[(p->S - 1) * p->I + i] == p->price_row[i]) { /* one for all segments */
            memcpy(list, w->list[p->price_row[i]], sizeof(ps_lanes));
            continue;
        }
        memset(list, 0, sizeof(ps_lanes));
        for (int s = 0; s < p->S; s++) {
            const double *x = w->policy[p->price_row[s * p->I + i]];

            LANES
            {
                list[l] = __builtin_fma(p->segment[s].weight, x[l], list[l]);
            }
        }
    }
}

/* The promotions of segment s in this period, split into those that reach everybody all period long
 * and the others. */
static int active_promotions(const ps_work *w, int s, uint32_t calendar, uint32_t *always,
                             int *list)
{
    const ps_plan *p = w->plan;
    int n = 0;

    *always = 0;
    for (int m = 0; m < p->M; m++) {
        const ps_plan_promotion *promo = &p->promotion[m];

        if (!(calendar >> m & 1U) || promo->active[w->t] <= 0.0 || !promo->in_segment[s]) {
            continue;
        }
        if (promo->reach_one && promo->active[w->t] >= 1.0) {
            *always |= 1U << m;
        } else if (n < PS_MAX_ACTIVE) {
            list[n++] = m;
        }
    }
    return n;
}

static void class_weights(ps_work *w, const int *list, int n, uint32_t always)
{
    const ps_plan *p = w->plan;

    w->classes = 1 << n;
    w->class_set[0] = always;
    if (n == 0) {
        return; /* class_weight[0] stays 1: see ps_work_make */
    }
    for (int e = 0; e < w->classes; e++) {
        double *weight = e == 0 ? w->nobody : w->class_weight[e];

        w->class_set[e] = always;
        LANES
        {
            weight[l] = 1.0;
        }
        for (int b = 0; b < n; b++) {
            const ps_promotion *promotion = p->promotion[list[b]].promotion;
            const double f = p->promotion[list[b]].active[w->t];
            ps_lanes reach;
            const bool in = e >> b & 1;

            memcpy(reach, ps_number_lanes(&promotion->reach, w->values[0], 0), sizeof reach);
            if (ps_hot_promotion_kind(p, list[b])->narrow) {
                ps_hot_promotion_kind(p, list[b])
                    ->narrow(promotion->kind.params, w->values[0], reach);
            }
            w->class_set[e] |= in ? 1U << list[b] : 0;
            LANES
            {
                weight[l] *= in ? f * reach[l] : 1.0 - f * reach[l];
            }
        }
    }
}

/* Weight of exposure class e: everybody, when there is only one. */
static const double *class_weight(const ps_work *w, int e)
{
    return e == 0 && w->classes > 1 ? w->nobody : w->class_weight[e];
}

/* m_i E_i of offer i at `price`: E = 2^(utility difference to the base row), where p0 and R are
 * scaled by (1 - depth). `depth`, `extra` and `nest` may be NULL. */
static void own_attraction(const ps_work *w, int s, int i, const double *price, const double *depth,
                           const double *extra, double *restrict attract)
{
    const int I = w->plan->I;
    const double *p0 = w->base_price[s * I + i], *mix = w->mix[s * I + i];
    const double *alpha = w->alpha[s], *gain = w->gain[s], *loss = w->loss[s];
    const double *reference = w->reference[s * I + i], *image = w->image[s];
    const double *ka = w->image_a[s], *kd = w->image_d[s];
    const double *nest = w->nest ? w->nest[s] : NULL;
    ps_lanes u;

    if (!depth) {
        LANES
        {
            const double gap = reference[l] - price[l];
            const double felt = (gap > 0.0 ? gain[l] : loss[l]) * gap;

            u[l] = __builtin_fma(alpha[l], price[l] - p0[l], felt);
        }
    } else {
        LANES
        {
            const double kept = 1.0 - depth[l];
            const double gap = reference[l] * kept - price[l];
            const double felt = (gap > 0.0 ? gain[l] : loss[l]) * gap;

            u[l] = __builtin_fma(alpha[l], price[l] - p0[l] * kept, felt);
        }
    }
    if (w->plan->image) {
        LANES
        {
            const double kept = depth ? 1.0 - depth[l] : 1.0;

            u[l] += image[l] * (alpha[l] * ka[l] * (price[l] - p0[l] * kept) - kd[l]);
        }
    }
    if (extra) {
        LANES
        {
            u[l] += extra[l];
        }
    }
    if (nest) {
        LANES
        {
            u[l] *= nest[l];
        }
    }
    LANES
    {
        attract[l] = mix[l] * ps_exp2(u[l]);
    }
}

static void rival_attractions(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const bool all = p->reference_all[s];
    const double *alpha = w->alpha[s], *nest = w->nest ? w->nest[s] : NULL;
    const double *none = w->other[s * (p->C + 1) + p->C];

    LANES
    {
        w->rest[l] = nest ? 0.0 : none[l];
        w->rival_attract[p->C][l] = none[l];
    }
    for (int c = 0; c < p->C; c++) {
        const double *split = w->other[s * (p->C + 1) + c], *price = w->rival[c],
                     *r0 = w->base_rival[s * p->C + c];
        const double *reference = w->reference_rival[s * p->C + c];
        const double *gain = w->gain[s], *loss = w->loss[s];
        double *to = w->rival_attract[c];
        ps_lanes u;

        if (all) {
            LANES
            {
                const double gap = reference[l] - price[l];

                u[l] = __builtin_fma(alpha[l], price[l] - r0[l],
                                     (gap > 0.0 ? gain[l] : loss[l]) * gap);
            }
        } else {
            LANES
            {
                u[l] = alpha[l] * (price[l] - r0[l]);
            }
        }
        if (w->plan->segment[s].general) {
            memcpy(to, u, sizeof u);
            continue;
        }
        if (nest) {
            LANES
            {
                u[l] *= nest[l];
            }
        }
        const double there = w->present ? w->present[c] : 1.0;

        const double *full = w->full ? w->full[s * p->C + c] : NULL;

        LANES
        {
            to[l] = there * split[l] * ps_exp2(u[l]);
        }
        LANES
        {
            to[l] = full ? full[l] * to[l] : to[l];
            w->rest[l] += to[l];
        }
    }
}

/* Price of a node: the promotion and what is left of the negotiated discount. Without negotiation:
 * the class price. */
static void node_prices(ps_work *w, int e, int i, const double *list)
{
    const ps_plan *p = w->plan;
    const double *class_price = w->class_price[e * p->I + i];

    if (!p->negotiated) {
        return;
    }
    const double *overlap = ps_number_lanes(&p->scenario->negotiated->overlap, w->values[0], 0);

    for (int n = 0; n < p->nodes; n++) {
        double *price = w->price[(e * p->nodes + n) * p->I + i];
        const double *depth = w->node_granted[n];

        LANES
        {
            const double d = class_price[l] < list[l] ? (1.0 - overlap[l]) * depth[l] : depth[l];

            price[l] = class_price[l] * (1.0 - d);
        }
    }
}

void ps_hot_class_price(ps_work *w, int s, int i, double *restrict extra)
{
    ps_hot_stack_price(w, s, i, w->class_set[0], w->class_price[i]);
    ps_hot_features(w, s, 0, i, extra);
}

/* Attractions of offer i in the cells of class e. */
static void class_offer(ps_work *w, int s, int e, int i)
{
    const ps_plan *p = w->plan;
    const double *list = w->list[p->price_row[s * p->I + i]];
    ps_lanes extra;

    ps_hot_stack_price(w, s, i, w->class_set[e], w->class_price[e * p->I + i]);
    const bool any = ps_hot_features(w, s, e, i, extra);

    if (p->segment[s].basket) {
        ps_hot_basket(w, s, e * p->I + i, extra);
    }
    node_prices(w, e, i, list);
    for (int n = 0; n < p->nodes; n++) {
        const int k = e * p->nodes + n;
        const double *price = p->negotiated ? w->price[k * p->I + i] : w->class_price[e * p->I + i];
        double *attract = w->attract[k * p->I + i], *sum = w->attract_sum[k];

        if (p->segment[s].general) {
            ps_hot_utility(w, s, k, i, price, any ? extra : NULL);
            continue;
        }
        own_attraction(w, s, i, price, p->negotiated ? w->node_depth[n] : NULL, any ? extra : NULL,
                       attract);
        if (i == 0) {
            memcpy(sum, attract, sizeof(ps_lanes));
        } else {
            LANES
            {
                sum[l] += attract[l];
            }
        }
    }
}

void ps_hot_classes(ps_work *w, int s, uint32_t calendar)
{
    const ps_plan *p = w->plan;
    int list_of[PS_MAX_ACTIVE];
    uint32_t always;
    const int n = active_promotions(w, s, calendar, &always, list_of);

    class_weights(w, list_of, n, always);
    w->transient = n;
    memcpy(w->transient_of, list_of, sizeof list_of);
    w->cells = w->classes * p->nodes;
    rival_attractions(w, s);
    for (int e = 0; e < w->classes; e++) {
        for (int i = 0; i < p->I; i++) {
            class_offer(w, s, e, i);
        }
        for (int k = 0; k < p->nodes; k++) {
            w->cell_weight[e * p->nodes + k] =
                w->classes == 1 ? w->node_weight[k] : w->cell_weights[e * p->nodes + k];
            if (w->classes > 1) {
                const double *share = class_weight(w, e), *node = w->node_weight[k];
                double *weight = w->cell_weights[e * p->nodes + k];

                LANES
                {
                    weight[l] = share[l] * node[l];
                }
            }
        }
    }
    if (p->segment[s].general) {
        ps_hot_demand(w, s, calendar);
    }
}

/* After the decisions: the mean price that buyers saw becomes part of their memories for t + 1 and
 * of what rivals see. */
void ps_hot_memory(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const bool image = p->segment[s].segment->price_image != NULL;
    const double share = p->segment[s].weight;
    ps_lanes depth, seen, shown;

    LANES
    {
        depth[l] = 0.0;
    }
    for (int i = 0; i < p->I; i++) {
        const double *list = w->list[p->price_row[s * p->I + i]], *mix = w->mix[s * p->I + i];
        double *reference = w->reference[s * p->I + i],
               *public_price = w->history_public[(w->t + 1) * p->I + i];
        const double *theta = w->theta[s];

        if (w->classes == 1) {
            memcpy(seen, w->class_price[i], sizeof seen);
            memcpy(shown, (w->class_set[0] & p->hidden) ? list : w->class_price[i], sizeof shown);
        } else {
            LANES
            {
                seen[l] = shown[l] = 0.0;
            }
            for (int e = 0; e < w->classes; e++) {
                const double *price = w->class_price[e * p->I + i], *weight = class_weight(w, e);
                const double *visible = (w->class_set[e] & p->hidden) ? list : price;

                LANES
                {
                    seen[l] = __builtin_fma(weight[l], price[l], seen[l]);
                    shown[l] = __builtin_fma(weight[l], visible[l], shown[l]);
                }
            }
        }
        LANES
        {
            public_price[l] = __builtin_fma(share, shown[l], public_price[l]);
            reference[l] = __builtin_fma(theta[l], reference[l] - seen[l], seen[l]);
        }
        if (image) {
            LANES
            {
                depth[l] += mix[l] * (1.0 - seen[l] / list[l]);
            }
        }
    }
    if (image) {
        const double *keep = w->image_keep[s];
        double *memory = w->image[s];

        LANES
        {
            memory[l] = __builtin_fma(keep[l], memory[l] - depth[l], depth[l]);
        }
    }
    for (int c = 0; c < p->C && p->reference_all[s]; c++) {
        double *reference = w->reference_rival[s * p->C + c];
        const double *theta = w->theta[s], *price = w->rival[c];

        LANES
        {
            reference[l] = __builtin_fma(theta[l], reference[l] - price[l], price[l]);
        }
    }
}
