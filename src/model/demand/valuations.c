/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Buyers who know what each good is worth to them and take what leaves the largest surplus:
 * nothing, one offer, or a bundle of two goods (Adams and Yellen 1976).
 *
 * Of the goods with a law, the first takes the values at the midpoints of `points` equal parts of
 * its probability. All sets with the last good gain alike from its value v, so that for each value
 * of the first there is one threshold of v, and the probabilities are exact in the last good.
 * docs/model/demand.md */
#include "model/demand/demand.h"

#include "math/normal.h"
#include "math/vmath.h"

static const ps_field good_fields[] = {
    {.key = "offer",
     .type = PS_FIELD_REF,
     .offset = offsetof(ps_good, offer),
     .flags = PS_REQUIRED,
     .refers = PS_REF_OFFER,
     .doc = "The own offer that is this good alone."},
    {.key = "worth",
     .type = PS_FIELD_SPREAD,
     .offset = offsetof(ps_good, worth),
     .flags = PS_REQUIRED,
     .min = -1e9,
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "What buyers are willing to pay for it."},
    {.type = PS_FIELD_END},
};
static const ps_shape good_shape = {"good", sizeof(ps_good), good_fields,
                                    "A good and what it is worth to buyers."};

static const ps_field package_fields[] = {
    {.key = "offer",
     .type = PS_FIELD_REF,
     .offset = offsetof(ps_package, offer),
     .flags = PS_REQUIRED,
     .refers = PS_REF_OFFER,
     .doc = "The own offer that is the bundle."},
    {.key = "of",
     .type = PS_FIELD_REFS,
     .offset = offsetof(ps_package, of),
     .flags = PS_REQUIRED,
     .refers = PS_REF_OFFER,
     .doc = "The goods in it."},
    {.key = "synergy",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_package, synergy),
     .fallback = "0",
     .min = -1e9,
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "What the bundle is worth beyond its goods."},
    {.type = PS_FIELD_END},
};
static const ps_shape package_shape = {"bundle_of_goods", sizeof(ps_package), package_fields,
                                       "An own offer that is several goods together."};

static const ps_field node_fields[] = {
    {.key = "weight",
     .type = PS_FIELD_PLAIN,
     .offset = offsetof(ps_worth_node, weight),
     .fallback = "1",
     .flags = PS_OPEN_MIN,
     .max = 1e9,
     .unit = PS_UNIT_RATIO,
     .doc = "Relative number of such buyers."},
    {.key = "worth",
     .type = PS_FIELD_NUMBER_MAP,
     .offset = offsetof(ps_worth_node, worth),
     .flags = PS_REQUIRED,
     .min = -1e9,
     .max = 1e9,
     .refers = PS_REF_OFFER,
     .unit = PS_UNIT_MONEY,
     .doc = "What each good is worth to them; those left out are worth 0."},
    {.type = PS_FIELD_END},
};
static const ps_shape node_shape = {"worth_node", sizeof(ps_worth_node), node_fields,
                                    "Buyers to whom the goods are worth the same."};

static const ps_field fields[] = {
    {.key = "goods",
     .type = PS_FIELD_LIST,
     .offset = offsetof(ps_demand_valuations_params, goods),
     .sub = &good_shape,
     .max = 2,
     .doc = "One or two goods with the law of what they are worth; or `nodes`."},
    {.key = "correlation",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_demand_valuations_params, correlation),
     .fallback = "0",
     .flags = PS_OPEN_MIN | PS_OPEN_MAX,
     .min = -1,
     .max = 1,
     .unit = PS_UNIT_RATIO,
     .doc = "Correlation of the normal scores of two goods' worth (Gaussian copula)."},
    {.key = "points",
     .type = PS_FIELD_WHOLE,
     .offset = offsetof(ps_demand_valuations_params, points),
     .fallback = "200",
     .min = 1,
     .max = 20000,
     .doc = "Parts of the first good's law, where there are two."},
    {.key = "nodes",
     .type = PS_FIELD_LIST,
     .offset = offsetof(ps_demand_valuations_params, nodes),
     .sub = &node_shape,
     .max = 2000,
     .doc = "Buyers written out, respondents of a survey for instance."},
    {.key = "bundles",
     .type = PS_FIELD_LIST,
     .offset = offsetof(ps_demand_valuations_params, bundles),
     .sub = &package_shape,
     .max = 30,
     .doc = "Own offers that are bundles of the goods."},
    {.type = PS_FIELD_END},
};

typedef struct {
    const ps_demand_valuations_params *params;
    const ps_demand_view *view;
    int lane;
    double *share;
} market;

static double price_of(const market *m, int offer)
{
    return m->view->price[(long)offer * PS_LANES + m->lane];
}

static double lane_of(const market *m, const ps_number *number)
{
    return ps_number_lanes(number, m->view->values, m->view->segment)[m->lane];
}

/* The best of the sets of goods that hold good `with` (an offer) or do not: its surplus beyond that
 * good's own worth. Equal ones: the dearer. `worth` is by offer; -1: nothing. */
typedef struct {
    int offer;
    double surplus;
} best_set;

static void offer_set(best_set *best, int offer, double surplus, const market *m)
{
    const bool equal = surplus == best->surplus;

    if (surplus > best->surplus ||
        (equal && (best->offer < 0 || price_of(m, offer) > price_of(m, best->offer)))) {
        *best = (best_set){offer, surplus};
    }
}

/* Goods known so far: `known` of them, offers good[k] worth worth[k]; `last` is left out of the
 * surplus of sets that hold it. */
static void best_sets(const market *m, int known, const int *good, const double *worth, int last,
                      best_set best[2])
{
    const ps_demand_valuations_params *p = m->params;

    best[0] = (best_set){-1, 0.0};
    best[1] = (best_set){-1, -1e300};
    for (int k = 0; k < known; k++) {
        offer_set(&best[0], good[k], worth[k] - price_of(m, good[k]), m);
    }
    if (last >= 0) {
        offer_set(&best[1], last, -price_of(m, last), m);
    }
    for (int b = 0; b < p->bundles.count; b++) {
        const ps_package *package = (const ps_package *)p->bundles.items + b;
        double surplus = lane_of(m, &package->synergy) - price_of(m, package->offer.index);
        bool with = false;

        for (int g = 0; g < package->of.count; g++) {
            with = with || package->of.items[g].index == last;
            for (int k = 0; k < known; k++) {
                surplus += package->of.items[g].index == good[k] ? worth[k] : 0.0;
            }
        }
        offer_set(&best[with], package->offer.index, surplus, m);
    }
}

static void add(const market *m, int offer, double part)
{
    const int at = offer >= 0 ? offer : m->view->own + m->view->rivals;

    m->share[(long)at * PS_LANES + m->lane] += part;
}

enum { MOST_GOODS = 64 };

static void written_out(const market *m)
{
    const ps_demand_valuations_params *p = m->params;
    double all = 0.0;

    for (int n = 0; n < p->nodes.count; n++) {
        all += ((const ps_worth_node *)p->nodes.items)[n].weight;
    }
    for (int n = 0; n < p->nodes.count; n++) {
        const ps_worth_node *node = (const ps_worth_node *)p->nodes.items + n;
        int good[MOST_GOODS];
        double worth[MOST_GOODS];
        best_set best[2];

        for (int k = 0; k < node->worth.count; k++) {
            good[k] = node->worth.keys[k].index;
            worth[k] = lane_of(m, &node->worth.numbers[k]);
        }
        best_sets(m, node->worth.count, good, worth, -1, best);
        add(m, best[0].offer, node->weight / all);
    }
}

static ps_dist law_of(const market *m, const ps_good *good)
{
    ps_dist dist = {
        .law = good->worth.law, .sign = 1.0, .min = -__builtin_inf(), .max = __builtin_inf()};

    if (good->worth.law == PS_LAW_EMPIRICAL || good->worth.law == PS_LAW_DISCRETE) {
        return good->worth.parameter[0].dist;
    }
    for (int k = 0; k < PS_DIST_PARAMS; k++) {
        dist.p[k] = good->worth.parameter[k].given ? lane_of(m, &good->worth.parameter[k]) : 0.0;
    }
    return dist;
}

/* P(worth < v): who is indifferent buys. */
static double below(const ps_dist *dist, double v)
{
    double sum = 0.0;

    if (dist->law == PS_LAW_CONSTANT) {
        return dist->p[0] < v ? 1.0 : 0.0;
    }
    for (int i = 0; i < dist->n && dist->law == PS_LAW_DISCRETE; i++) {
        sum += dist->x[i] < v ? dist->w[i] : 0.0;
    }
    return dist->law == PS_LAW_DISCRETE ? sum : ps_dist_cdf(dist, v);
}

static void by_law(const market *m)
{
    const ps_demand_valuations_params *p = m->params;
    const ps_good *goods = p->goods.items;
    const bool two = p->goods.count == 2;
    const ps_good *last = &goods[two];
    const ps_dist first_law = law_of(m, &goods[0]), last_law = law_of(m, last);
    const int points = two ? (int)p->points : 1;
    const double r = two ? lane_of(m, &p->correlation) : 0.0, left = __builtin_sqrt(1.0 - r * r);

    for (int n = 0; n < points; n++) {
        const double u = (n + 0.5) / points;
        const double worth = two ? ps_dist_quantile(&first_law, u) : 0.0;
        best_set best[2];

        best_sets(m, two, &goods[0].offer.index, &worth, last->offer.index, best);
        double under = below(&last_law, best[0].surplus - best[1].surplus);

        if (r != 0.0 && under > 0.0 && under < 1.0) {
            under = ps_normal_cdf((ps_normal_inverse(under) - r * ps_normal_inverse(u)) / left);
        }
        add(m, best[0].offer, under / points);
        add(m, best[1].offer, (1.0 - under) / points);
    }
}

static bool same(const market *m, const ps_number *number)
{
    const double *x = ps_number_lanes(number, m->view->values, m->view->segment) + m->lane;

    return !number->given || x[0] == x[-1];
}

/* Whether a lane sees the same prices and numbers as the one before it. */
static bool repeats(const market *m)
{
    const ps_demand_valuations_params *p = m->params;
    bool all = m->lane > 0 && same(m, &p->correlation);

    for (int i = 0; i < m->view->own && all; i++) {
        const double *price = m->view->price + (long)i * PS_LANES + m->lane;

        all = price[0] == price[-1];
    }
    for (int g = 0; g < p->goods.count && all; g++) {
        for (int k = 0; k < PS_DIST_PARAMS; k++) {
            all = all && same(m, &((const ps_good *)p->goods.items)[g].worth.parameter[k]);
        }
    }
    for (int b = 0; b < p->bundles.count && all; b++) {
        all = same(m, &((const ps_package *)p->bundles.items)[b].synergy);
    }
    for (int n = 0; n < p->nodes.count && all; n++) {
        const ps_number_map *worth = &((const ps_worth_node *)p->nodes.items)[n].worth;

        for (int k = 0; k < worth->count; k++) {
            all = all && same(m, &worth->numbers[k]);
        }
    }
    return all;
}

static void shares(const void *params, const ps_demand_view *view, double *restrict share)
{
    const ps_demand_valuations_params *p = params;

    for (long k = 0; k < (long)(view->own + view->rivals + 1) * PS_LANES; k++) {
        share[k] = 0.0;
    }
    for (int l = 0; l < PS_LANES; l++) {
        const market m = {p, view, l, share};

        if (repeats(&m)) {
            for (int j = 0; j <= view->own + view->rivals; j++) {
                share[(long)j * PS_LANES + l] = share[(long)j * PS_LANES + l - 1];
            }
        } else if (p->nodes.count > 0) {
            written_out(&m);
        } else {
            by_law(&m);
        }
    }
}

const ps_demand_kind ps_demand_valuations = {
    .head = {.name = "valuations",
             .doc = "Buyers take what leaves them the largest surplus over its price, or nothing.",
             .shape = {.name = "demand_valuations",
                       .size = sizeof(ps_demand_valuations_params),
                       .fields = fields}},
    .choiceless = true,
    .shares = shares,
};
