/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Store volume (SCAN*PRO; Wittink et al. 1988, van Heerde, Leeflang and Wittink 2002):
 *
 *   q_i = part_i m_i prod_j (p_j / p0_j)^e_ij,   m_i = (p_i / p0_i)^e_i times display and features
 *
 * Cuts deeper than the deepest observed one sell as much as that one; `most_lift` L bends the curve
 * of a cut d to 1 + L (1 - exp(-|e| d / L)); frequent promotion scales the lift by weeks^-wear_out.
 * docs/model/demand.md */
#include "model/demand/demand.h"

#include "math/vmath.h"

static const ps_field cross_fields[] = {
    {.key = "of",
     .type = PS_FIELD_REF,
     .offset = offsetof(ps_cross_elasticity, of),
     .flags = PS_REQUIRED,
     .refers = PS_REF_OFFER,
     .doc = "The own offer whose units change."},
    {.key = "to",
     .type = PS_FIELD_REF,
     .offset = offsetof(ps_cross_elasticity, to),
     .flags = PS_REQUIRED,
     .refers = PS_REF_ANY_OFFER,
     .doc = "The other offer whose price moves."},
    {.key = "value",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_cross_elasticity, value),
     .flags = PS_REQUIRED,
     .min = -10,
     .max = 10,
     .unit = PS_UNIT_RATIO,
     .doc =
         "Relative change of units per relative change of that price; positive for substitutes."},
    {.type = PS_FIELD_END},
};
static const ps_shape cross_shape = {"cross_elasticity", sizeof(ps_cross_elasticity), cross_fields,
                                     "Answer of one offer's units to another's price."};

static const ps_field fields[] = {
    {.key = "parts",
     .type = PS_FIELD_NUMBER_MAP,
     .offset = offsetof(ps_demand_isoelastic_params, parts),
     .max = 1,
     .refers = PS_REF_OFFER,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the arrivals, units at today's prices, that each own offer sells; sums to 1; "
            "left out with one offer."},
    {.key = "elasticity",
     .type = PS_FIELD_NUMBER_MAP,
     .offset = offsetof(ps_demand_isoelastic_params, elasticity),
     .flags = PS_REQUIRED | PS_OPEN_MAX | PS_NEEDS_RANGE,
     .min = -50,
     .max = 0,
     .refers = PS_REF_OFFER,
     .unit = PS_UNIT_RATIO,
     .doc = "Own price elasticity of each own offer, the same at every price; negative."},
    {.key = "cross",
     .type = PS_FIELD_LIST,
     .offset = offsetof(ps_demand_isoelastic_params, cross),
     .sub = &cross_shape,
     .max = 1000,
     .doc = "Cross-price elasticities; those left out are 0."},
    {.key = "switching",
     .type = PS_FIELD_NUMBER_MAP,
     .offset = offsetof(ps_demand_isoelastic_params, switching),
     .max = 1,
     .refers = PS_REF_RIVAL_OFFER,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of what own offers sell more or less by their own price and display that comes "
            "from, or goes to, each rival offer (about a third in all); the rest is a change of "
            "what is bought at all. For the attribution: no sale depends on it."},
    {.key = "deepest_observed",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_demand_isoelastic_params, deepest_observed),
     .fallback = "0.5",
     .flags = PS_OPEN_MIN | PS_OPEN_MAX,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Deepest cut below today's price from which the elasticity is known: deeper ones sell "
            "no more."},
    {.key = "most_lift",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_demand_isoelastic_params, most_lift),
     .flags = PS_OPEN_MIN,
     .max = 1000,
     .unit = PS_UNIT_RATIO,
     .doc = "Saturation: the lift that no cut exceeds, 3 being four times the units; left out: "
            "none."},
    {.key = "wear_out",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_demand_isoelastic_params, wear_out),
     .fallback = "0",
     .max = 2,
     .unit = PS_UNIT_RATIO,
     .doc = "Power by which the lift falls with the weeks of promotion among the last 13; 0: not "
            "at all."},
    {.type = PS_FIELD_END},
};

static double power(double base, double exponent)
{
    return ps_exp2(exponent * ps_log2(base));
}

static const ps_number *number_of(const ps_number_map *map, int index)
{
    for (int k = 0; k < map->count; k++) {
        if (map->keys[k].index == index) {
            return &map->numbers[k];
        }
    }
    return NULL;
}

/* Factor of the units of an offer by its own price, display and advertising. */
static double own_factor(const ps_demand_isoelastic_params *params, const ps_demand_view *view,
                         int i, double elasticity, int l)
{
    const long at = (long)i * PS_LANES + l;
    const double deepest =
        ps_number_lanes(&params->deepest_observed, view->values, view->segment)[l];
    const double wear = ps_number_lanes(&params->wear_out, view->values, view->segment)[l];
    double ratio = view->price[at] / view->price0[at], factor;

    ratio = ratio < 1.0 - deepest ? 1.0 - deepest : ratio;
    if (params->most_lift.given && ratio < 1.0) {
        const double most = ps_number_lanes(&params->most_lift, view->values, view->segment)[l];

        factor = 1.0 + most * (1.0 - ps_exp(elasticity * (1.0 - ratio) / most));
    } else {
        factor = power(ratio, elasticity);
    }
    factor *= ps_exp2(view->extra[at]);
    if (factor > 1.0 && wear > 0.0 && view->promoted[i] > 1.0) {
        factor = 1.0 + (factor - 1.0) * power(view->promoted[i], -wear);
    }
    return factor;
}

/* What own offers sell more than at the base is missing at rivals, where `switching` says so: below
 * 0, as nobody counts what these sold before. Returns the sum. */
static double take_from_rivals(const ps_demand_isoelastic_params *params,
                               const ps_demand_view *view, double lift, int l, double *share)
{
    double sum = 0.0;

    for (int k = 0; k < params->switching.count; k++) {
        const int c = params->switching.keys[k].index;
        const double part =
            ps_number_lanes(&params->switching.numbers[k], view->values, view->segment)[l];

        share[(view->own + c) * PS_LANES + l] = -part * lift;
        sum -= part * lift;
    }
    return sum;
}

static void shares(const void *params, const ps_demand_view *view, double *restrict share)
{
    const ps_demand_isoelastic_params *p = params;
    double *none = share + (long)(view->own + view->rivals) * PS_LANES;

    for (long k = 0; k < (long)(view->own + view->rivals) * PS_LANES; k++) {
        share[k] = 0.0;
    }
    for (int l = 0; l < PS_LANES; l++) {
        double all = 0.0, sum = 0.0, lift = 0.0;

        for (int i = 0; i < view->own; i++) {
            const ps_number *part = number_of(&p->parts, i);

            all += part ? ps_number_lanes(part, view->values, view->segment)[l] : 0.0;
        }
        for (int i = 0; i < view->own; i++) {
            const ps_number *part = number_of(&p->parts, i);
            const ps_number *elasticity = number_of(&p->elasticity, i);
            const double x = ps_number_lanes(elasticity, view->values, view->segment)[l];
            const double base =
                part ? ps_number_lanes(part, view->values, view->segment)[l] / all : 1.0;

            share[i * PS_LANES + l] = base * own_factor(p, view, i, x, l);
            lift += share[i * PS_LANES + l] - base;
        }
        sum += take_from_rivals(p, view, lift, l, share);
        for (int k = 0; k < p->cross.count; k++) {
            const ps_cross_elasticity *cross = (const ps_cross_elasticity *)p->cross.items + k;
            const int j = cross->to.index;
            const long at = (long)(j < view->own ? j : j - view->own) * PS_LANES + l;
            const double ratio = j < view->own ? view->price[at] / view->price0[at]
                                               : view->rival[at] / view->rival0[at];

            share[cross->of.index * PS_LANES + l] *=
                power(ratio, ps_number_lanes(&cross->value, view->values, view->segment)[l]);
        }
        for (int i = 0; i < view->own; i++) {
            sum += share[i * PS_LANES + l];
        }
        none[l] = 1.0 - sum; /* may be below 0 where more is sold than at the base */
    }
}

const ps_demand_kind ps_demand_isoelastic = {
    .head = {.name = "isoelastic",
             .doc = "Store volume: units at today's prices times powers of the prices.",
             .shape = {.name = "demand_isoelastic",
                       .size = sizeof(ps_demand_isoelastic_params),
                       .fields = fields}},
    .choiceless = true,
    .volume = true,
    .shares = shares,
};
