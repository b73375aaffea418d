/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Buyers who know what each good is worth to them and take what leaves the largest surplus:
 * nothing, one offer, or a bundle of two goods (Adams and Yellen 1976).
 *
 * Of two goods with a law, the first takes the values at the midpoints of about `points` pieces
 * of its probability, cut where buyers change between sets for its sake. All sets with the
 * last good gain alike from its value v, so that for each value of the first there is one threshold
 * of v, and the probabilities are exact in the last good. docs/model/demand.md */
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

/* A set of goods and its surplus without what the goods with a law are worth. */
typedef struct {
    int offer; /* -1: nothing */
    double surplus;
} good_set;

static const good_set none_yet = {-1, -1e300};

/* The best sets by whether they hold the last good and whether they hold the first:
 * of[last][first].
 */
typedef struct {
    good_set of[2][2];
} best_of;

/* Of equal sets the dearer is taken, and anything rather than nothing. */
static void offer_set(good_set *best, int offer, double surplus, const market *m)
{
    const bool equal = surplus == best->surplus;

    if (surplus > best->surplus ||
        (equal && (best->offer < 0 || price_of(m, offer) > price_of(m, best->offer)))) {
        *best = (good_set){offer, surplus};
    }
}

static bool holds(const ps_package *package, int good)
{
    for (int g = 0; g < package->of.count; g++) {
        if (package->of.items[g].index == good) {
            return true;
        }
    }
    return false;
}

static void add(const market *m, int offer, double part)
{
    const int at = offer >= 0 ? offer : m->view->own + m->view->rivals;

    m->share[(long)at * PS_LANES + m->lane] += part;
}

/* What one of a node's buyers takes. */
static int take(const market *m, const ps_worth_node *node)
{
    const ps_demand_valuations_params *p = m->params;
    good_set best = {-1, 0.0};

    for (int k = 0; k < node->worth.count; k++) {
        const int good = node->worth.keys[k].index;

        offer_set(&best, good, lane_of(m, &node->worth.numbers[k]) - price_of(m, good), m);
    }
    for (int b = 0; b < p->bundles.count; b++) {
        const ps_package *package = (const ps_package *)p->bundles.items + b;
        double surplus = lane_of(m, &package->synergy) - price_of(m, package->offer.index);

        for (int k = 0; k < node->worth.count; k++) {
            surplus += holds(package, node->worth.keys[k].index)
                           ? lane_of(m, &node->worth.numbers[k])
                           : 0.0;
        }
        offer_set(&best, package->offer.index, surplus, m);
    }
    return best.offer;
}

static void written_out(const market *m)
{
    const ps_demand_valuations_params *p = m->params;
    double all = 0.0;

    for (int n = 0; n < p->nodes.count; n++) {
        all += ((const ps_worth_node *)p->nodes.items)[n].weight;
    }
    for (int n = 0; n < p->nodes.count; n++) {
        const ps_worth_node *node = (const ps_worth_node *)p->nodes.items + n;

        add(m, take(m, node), node->weight / all);
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
static void below(const ps_dist *dist, int n, const double *v, double *p)
{
    const bool jumps = dist->law == PS_LAW_CONSTANT || dist->law == PS_LAW_DISCRETE;

    if (!jumps) {
        ps_dist_cdfs(dist, n, v, p);
        return;
    }
    for (int k = 0; k < n; k++) {
        p[k] = dist->law == PS_LAW_CONSTANT && dist->p[0] < v[k] ? 1.0 : 0.0;
        for (int i = 0; i < dist->n && dist->law == PS_LAW_DISCRETE; i++) {
            p[k] += dist->x[i] < v[k] ? dist->w[i] : 0.0;
        }
    }
}

static void best_sets(const market *m, int first, int last, good_set (*best)[2])
{
    const ps_demand_valuations_params *p = m->params;

    best[0][0] = (good_set){-1, 0.0};
    best[0][1] = best[1][0] = best[1][1] = none_yet;
    if (first >= 0) {
        offer_set(&best[0][1], first, -price_of(m, first), m);
    }
    offer_set(&best[1][0], last, -price_of(m, last), m);
    for (int b = 0; b < p->bundles.count; b++) {
        const ps_package *package = (const ps_package *)p->bundles.items + b;

        offer_set(&best[holds(package, last)][first >= 0 && holds(package, first)],
                  package->offer.index,
                  lane_of(m, &package->synergy) - price_of(m, package->offer.index), m);
    }
}

static good_set better(const good_set pair[2], double worth)
{
    const good_set with = {pair[1].offer, pair[1].surplus + worth};

    return with.surplus >= pair[0].surplus ? with : pair[0];
}

/* Edge n of `points` pieces of [from, to], finer towards both ends: there a law's tail may be long.
 */
static double edge(double from, double to, int n, int points)
{
    const double t = (double)n / points;

    return from + (to - from) * t * t * (3.0 - 2.0 * t);
}

enum { BLOCK = 64 };

/* Pieces of the first good's law: [first, first + n) of `points`. Nobody changes between sets for
 * its sake within [from, to] of its probability. */
typedef struct {
    double from, to;
    int points, first, n;
} pieces;

static void block_by_law(const market *m, const ps_dist law[2], const best_of *best,
                         const pieces *part)
{
    const double r = lane_of(m, &m->params->correlation), left = __builtin_sqrt(1.0 - r * r);
    double u[BLOCK], weight[BLOCK], worth[BLOCK], gap[BLOCK], under[BLOCK];

    for (int k = 0; k < part->n; k++) {
        const double low = edge(part->from, part->to, part->first + k, part->points);
        const double high = edge(part->from, part->to, part->first + k + 1, part->points);

        u[k] = 0.5 * (low + high);
        weight[k] = high - low;
    }
    ps_dist_quantiles(&law[0], part->n, u, worth);
    for (int k = 0; k < part->n; k++) {
        gap[k] = better(best->of[0], worth[k]).surplus - better(best->of[1], worth[k]).surplus;
    }
    below(&law[1], part->n, gap, under);
    for (int k = 0; k < part->n; k++) {
        double q = under[k];

        if (r != 0.0 && q > 0.0 && q < 1.0) {
            q = ps_normal_cdf((ps_normal_inverse(q) - r * ps_normal_inverse(u[k])) / left);
        }
        add(m, better(best->of[0], worth[k]).offer, q * weight[k]);
        add(m, better(best->of[1], worth[k]).offer, (1.0 - q) * weight[k]);
    }
}

static void part_by_law(const market *m, const ps_dist law[2], const best_of *best, double from,
                        double to)
{
    pieces part = {from, to, 1 + (int)((to - from) * (double)m->params->points), 0, 0};

    for (; part.first < part.points; part.first += BLOCK) {
        part.n = part.points - part.first < BLOCK ? part.points - part.first : BLOCK;
        block_by_law(m, law, best, &part);
    }
}

static void by_law(const market *m)
{
    const ps_good *goods = m->params->goods.items;
    const bool two = m->params->goods.count == 2;
    const ps_dist law[2] = {law_of(m, &goods[0]), law_of(m, &goods[two])};
    best_of best;
    double cut[4] = {0.0, 1.0, 1.0, 1.0};

    best_sets(m, two ? goods[0].offer.index : -1, goods[two].offer.index, best.of);
    if (!two) {
        const double gap = best.of[0][0].surplus - best.of[1][0].surplus;
        double under;

        below(&law[1], 1, &gap, &under);
        add(m, best.of[0][0].offer, under);
        add(m, best.of[1][0].offer, 1.0 - under);
        return;
    }
    for (int g = 0; g < 2; g++) {
        const double gap = best.of[g][0].surplus - best.of[g][1].surplus;

        below(&law[0], 1, &gap, &cut[1 + g]);
    }
    if (cut[1] > cut[2]) {
        const double x = cut[1];

        cut[1] = cut[2];
        cut[2] = x;
    }
    for (int k = 0; k < 3; k++) {
        if (cut[k + 1] > cut[k]) {
            part_by_law(m, law, &best, cut[k], cut[k + 1]);
        }
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
