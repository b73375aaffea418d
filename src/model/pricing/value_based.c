/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/pricing/value_based.h"

static const ps_field driver_fields[] = {
    {.key = "value",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_value_driver, value),
     .flags = PS_REQUIRED,
     .min = -1e9,
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "What this difference is worth to the customer per unit; negative when we are worse."},
    {.type = PS_FIELD_END},
};
static const ps_shape driver_shape = {"value_driver", sizeof(ps_value_driver), driver_fields,
                                      "One difference to the next best alternative."};
static const char *const per_names[] = {"one", "segment", NULL};

static const ps_field fields[] = {
    {.key = "reference",
     .type = PS_FIELD_REF,
     .offset = offsetof(ps_value_based_params, reference),
     .refers = PS_REF_RIVAL_OFFER,
     .doc = "The customer's next best alternative."},
    {.key = "reference_price",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_value_based_params, reference_price),
     .flags = PS_OPEN_MIN,
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "Price of the next best alternative when it is no rival offer of the scenario."},
    {.key = "drivers",
     .type = PS_FIELD_MAP,
     .offset = offsetof(ps_value_based_params, drivers),
     .flags = PS_REQUIRED,
     .min = 1,
     .max = 50,
     .sub = &driver_shape,
     .doc = "Value drivers: differences to the next best alternative in money per unit."},
    {.key = "switching_cost",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_value_based_params, switching_cost),
     .fallback = "0",
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "What changing over to us costs the customer, per unit."},
    {.key = "customer_share",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_value_based_params, customer_share),
     .fallback = "0.5",
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the net value left to the customer."},
    {.key = "lag_days",
     .type = PS_FIELD_WHOLE,
     .offset = offsetof(ps_value_based_params, lag_days),
     .fallback = "7",
     .min = 1,
     .max = 3660,
     .unit = PS_UNIT_DAYS,
     .doc = "Age of the reference price we know; at least one period."},
    {.key = "per",
     .type = PS_FIELD_ENUM,
     .offset = offsetof(ps_value_based_params, per),
     .names = per_names,
     .fallback = "\"one\"",
     .doc = "One price for all, or one per segment."},
    {.type = PS_FIELD_END},
};

void ps_value_price(const double *reference, const double *net, const double *customer_share,
                    double *restrict price, double *restrict evc)
{
    for (int l = 0; l < PS_LANES; l++) {
        const double kept = net[l] >= 0.0 ? (1.0 - customer_share[l]) * net[l] : net[l];

        price[l] = reference[l] + kept;
        if (evc) {
            evc[l] = reference[l] + net[l];
        }
    }
}

void ps_value_net(const ps_value_based_params *params, const double *values, int segment,
                  double *restrict net)
{
    const double *cost = ps_number_lanes(&params->switching_cost, values, segment);
    const ps_value_driver *drivers = params->drivers.items;

    for (int l = 0; l < PS_LANES; l++) {
        net[l] = -cost[l];
    }
    for (int d = 0; d < params->drivers.count; d++) {
        const double *value = ps_number_lanes(&drivers[d].value, values, segment);

        for (int l = 0; l < PS_LANES; l++) {
            net[l] += value[l];
        }
    }
}

static bool by_segment(const void *params)
{
    return ((const ps_value_based_params *)params)->per == 1;
}

/* One price: the net value is the mean over segments, weighted by their arrivals. */
static void price(const void *params, const ps_rule_view *view, double *restrict out)
{
    const ps_value_based_params *p = params;
    const int lag = ps_view_lag((double)p->lag_days, view->period_days);
    const double *reference =
        p->reference_price.given
            ? ps_number_lanes(&p->reference_price, view->values, 0)
            : ps_history_at(&view->rivals, view->period - lag, p->reference.index);
    double net[PS_LANES], one[PS_LANES];

    if (view->segment >= 0) {
        ps_value_net(p, view->values, view->segment, net);
    } else {
        for (int l = 0; l < PS_LANES; l++) {
            net[l] = 0.0;
        }
        for (int s = 0; s < view->segments; s++) {
            ps_value_net(p, view->values, s, one);
            for (int l = 0; l < PS_LANES; l++) {
                net[l] += view->segment_weight[s] * one[l];
            }
        }
    }
    ps_value_price(reference, net, ps_number_lanes(&p->customer_share, view->values, 0), out, NULL);
}

const ps_pricing_kind ps_pricing_value_based = {
    .head = {.name = "value_based",
             .doc = "Price from the economic value to the customer.",
             .shape = {.name = "pricing_value_based",
                       .size = sizeof(ps_value_based_params),
                       .fields = fields}},
    .price = price,
    .by_segment = by_segment,
};
