/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Competitive price: p = (1 + offset) ref, ref a statistic of rival prices `lag_days` ago (or one
 * named offer). `price: pocket` sets our pocket price to that level, `visible` our list price.
 * Re-priced every `every_days`, only when the move exceeds `threshold`; never above `ceiling`; the
 * pocket price never below unit_cost / (1 - min_margin), after all discounts. */
#include "model/pricing/pricing.h"

#include <string.h>

enum { MIN, MEAN, MEDIAN, SHARE_WEIGHTED };
enum { MAX_RIVALS = 64 };

typedef struct {
    ps_ref reference;
    int statistic; /* index into statistic_names, -1 when not given */
    int64_t rank;  /* n-th cheapest, 0 when not given */
    int basis;     /* 0 visible, 1 pocket */
    ps_number offset;
    int64_t lag_days, every_days;
    ps_number threshold, ceiling, min_margin;
} competitive_params;

static const char *const statistic_names[] = {"min", "mean", "median", "share_weighted", NULL};
static const char *const basis_names[] = {"visible", "pocket", NULL};

static const ps_field fields[] = {
    {.key = "reference",
     .type = PS_FIELD_REF,
     .offset = offsetof(competitive_params, reference),
     .refers = PS_REF_RIVAL_OFFER,
     .doc = "The rival offer that we price against."},
    {.key = "statistic",
     .type = PS_FIELD_ENUM,
     .offset = offsetof(competitive_params, statistic),
     .names = statistic_names,
     .doc = "Or a statistic of all rival offers."},
    {.key = "rank",
     .type = PS_FIELD_WHOLE,
     .offset = offsetof(competitive_params, rank),
     .min = 1,
     .max = MAX_RIVALS,
     .doc = "Or the n-th cheapest rival offer."},
    {.key = "price",
     .type = PS_FIELD_ENUM,
     .offset = offsetof(competitive_params, basis),
     .names = basis_names,
     .fallback = "\"visible\"",
     .doc =
         "Which price of ours is set against theirs: the visible list price or the pocket price."},
    {.key = "offset",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(competitive_params, offset),
     .fallback = "0",
     .flags = PS_OPEN_MIN,
     .min = -1,
     .max = 10,
     .unit = PS_UNIT_SIGNED_FRAC,
     .doc = "Distance to the reference: -5% is slightly below."},
    {.key = "lag_days",
     .type = PS_FIELD_WHOLE,
     .offset = offsetof(competitive_params, lag_days),
     .fallback = "7",
     .min = 1,
     .max = 3660,
     .unit = PS_UNIT_DAYS,
     .doc = "Time until a rival's price is acted on; at least one period."},
    {.key = "every_days",
     .type = PS_FIELD_WHOLE,
     .offset = offsetof(competitive_params, every_days),
     .min = 1,
     .max = 3660,
     .unit = PS_UNIT_DAYS,
     .doc = "Re-price only this often; left out: every period."},
    {.key = "threshold",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(competitive_params, threshold),
     .fallback = "0",
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Smallest relative move of our price that is carried out."},
    {.key = "ceiling",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(competitive_params, ceiling),
     .flags = PS_OPEN_MIN,
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "Highest list price."},
    {.key = "min_margin",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(competitive_params, min_margin),
     .flags = PS_OPEN_MAX,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Floor: smallest margin of the pocket price over unit cost, as a fraction of the "
            "pocket price."},
    {.type = PS_FIELD_END},
};

static double select_rank(const double *sorted, int n, int rank)
{
    return sorted[rank < n ? rank : n - 1];
}

static double statistic_of(const competitive_params *p, double *x, int n, const double *weight)
{
    if (p->rank == 0 && (p->statistic == MEAN || p->statistic == SHARE_WEIGHTED)) {
        double sum = 0.0;

        for (int c = 0; c < n; c++) {
            sum += x[c] * (p->statistic == MEAN ? 1.0 / n : weight[c]);
        }
        return sum;
    }
    for (int i = 1; i < n; i++) { /* insertion sort: a handful of rivals */
        const double v = x[i];
        int j = i;

        for (; j > 0 && x[j - 1] > v; j--) {
            x[j] = x[j - 1];
        }
        x[j] = v;
    }
    if (p->rank > 0) {
        return select_rank(x, n, (int)p->rank - 1);
    }
    return p->statistic == MIN ? x[0] : 0.5 * (x[(n - 1) / 2] + x[n / 2]);
}

static void reference_price(const competitive_params *p, const ps_rule_view *view, double *ref)
{
    const int at = view->period - ps_view_lag((double)p->lag_days, view->period_days);
    const int n = view->rivals.items < MAX_RIVALS ? view->rivals.items : MAX_RIVALS;

    if (p->reference.id) {
        memcpy(ref, ps_history_at(&view->rivals, at, p->reference.index), PS_LANES * sizeof *ref);
        return;
    }
    for (int l = 0; l < PS_LANES; l++) {
        double x[MAX_RIVALS];

        for (int c = 0; c < n; c++) {
            x[c] = ps_history_at(&view->rivals, at, c)[l];
        }
        ref[l] = statistic_of(p, x, n, view->rival_weight);
    }
}

static void price(const void *params, const ps_rule_view *view, double *restrict out)
{
    const competitive_params *p = params;
    const double *offset = ps_number_lanes(&p->offset, view->values, 0);
    const double *threshold = ps_number_lanes(&p->threshold, view->values, 0);
    const int every = p->every_days > 0 ? ps_view_lag((double)p->every_days, view->period_days) : 1;
    double ref[PS_LANES];

    if (p->min_margin.given) {
        const double *margin = ps_number_lanes(&p->min_margin, view->values, 0);

        for (int l = 0; l < PS_LANES; l++) {
            view->floor[l] = view->unit_cost[l] / (1.0 - margin[l]) /
                             (view->pocket_ratio[l] * view->net_of_vat[l]);
        }
    }
    if (view->period % every != 0) {
        return;
    }
    reference_price(p, view, ref);
    for (int l = 0; l < PS_LANES; l++) {
        double target = (1.0 + offset[l]) * ref[l];

        if (p->basis == 1) {
            target /= view->pocket_ratio[l];
        }
        if (p->ceiling.given) {
            const double ceiling = ps_number_lanes(&p->ceiling, view->values, 0)[l];

            target = target > ceiling ? ceiling : target;
        }
        target = target < view->floor[l] ? view->floor[l] : target;
        const double move = target > out[l] ? target - out[l] : out[l] - target;

        out[l] = move > threshold[l] * out[l] ? target : out[l];
    }
}

const ps_pricing_kind ps_pricing_competitive = {
    .head = {.name = "competitive",
             .doc = "At, above or below rival prices.",
             .shape = {.name = "pricing_competitive",
                       .size = sizeof(competitive_params),
                       .fields = fields}},
    .price = price,
    .floors = true,
};
