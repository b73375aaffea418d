/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The prices of our offers that serve an objective best, given demand and the rivals' last seen
 * prices; between a floor and a ceiling. The engine finds them: hot_equilibrium.c,
 * docs/model/equilibrium.md. Floor: unit_cost / (1 - min_margin), of the pocket price. */
#include "model/pricing/pricing.h"

typedef struct {
    ps_aim_keys aim;
    int objective;
    ps_number ceiling, min_margin;
    int64_t lag_days;
    bool rivals_answer;
} optimal_params;

static const char *const objective_names[] = {"margin", "revenue", "share", "unit_margin", NULL};

static const ps_field fields[] = {
    {.key = "objective",
     .type = PS_FIELD_ENUM,
     .offset = offsetof(optimal_params, objective),
     .names = objective_names,
     .fallback = "\"margin\"",
     .doc = "What counts: the margin in total, revenue, share (the floor), or the margin of a unit "
            "(the ceiling)."},
    PS_AIM_FIELDS(optimal_params),
    {.key = "ceiling",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(optimal_params, ceiling),
     .flags = PS_OPEN_MIN,
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "Highest list price; left out: none."},
    {.key = "min_margin",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(optimal_params, min_margin),
     .fallback = "0",
     .flags = PS_OPEN_MAX,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Floor: smallest margin of the pocket price over unit cost, as a fraction of the "
            "pocket price."},
    {.key = "lag_days",
     .type = PS_FIELD_WHOLE,
     .offset = offsetof(optimal_params, lag_days),
     .fallback = "7",
     .min = 1,
     .max = 3660,
     .unit = PS_UNIT_DAYS,
     .doc = "Age of the rivals' prices that we know; at least one period."},
    {.key = "rivals_answer",
     .type = PS_FIELD_BOOL,
     .offset = offsetof(optimal_params, rivals_answer),
     .fallback = "false",
     .doc = "We lead: the price reckons with the answer of the rivals of reaction best_response or "
            "nash. False: it takes the rivals' prices as they are."},
    {.type = PS_FIELD_END},
};

/* The price stays until the engine moves it; the floor holds for promotions, too. */
static void price(const void *params, const ps_rule_view *view, double *restrict out)
{
    const optimal_params *p = params;
    const double *margin = ps_number_lanes(&p->min_margin, view->values, 0);

    (void)out;
    for (int l = 0; l < PS_LANES; l++) {
        view->floor[l] =
            view->unit_cost[l] / (1.0 - margin[l]) / (view->pocket_ratio[l] * view->net_of_vat[l]);
    }
}

static void aim(const void *params, const ps_rule_view *view, ps_price_aim *out)
{
    const optimal_params *p = params;

    ps_view_aim(view, &p->aim, out);
    out->objective = p->objective;
    out->lag = ps_view_lag((double)p->lag_days, view->period_days);
    out->leads = p->rivals_answer;
    if (p->ceiling.given) {
        out->ceiling = ps_number_lanes(&p->ceiling, view->values, 0);
    }
}

const ps_pricing_kind ps_pricing_optimal = {
    .head = {.name = "optimal",
             .doc = "The price that serves an objective best: margin, revenue, share or the margin "
                    "of a unit.",
             .shape = {.name = "pricing_optimal",
                       .size = sizeof(optimal_params),
                       .fields = fields}},
    .price = price,
    .aim = aim,
    .floors = true,
};
