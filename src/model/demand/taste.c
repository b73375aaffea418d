/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nests and tastes: their keys, and the nodes that stand for a continuum of buyers.
 * docs/model/tastes.md
 *
 * A normal taste is integrated by Gauss-Hermite: the n points are the roots of the Hermite
 * polynomial He_n, by Newton's method from below the largest root not yet found. */
#include "model/demand/taste.h"

#include "math/vmath.h"

enum { MOST_POINTS = 31, NEWTON = 100 };

static const ps_field nest_fields[] = {
    {.key = "members",
     .type = PS_FIELD_REFS,
     .offset = offsetof(ps_nest, members),
     .flags = PS_REQUIRED,
     .refers = PS_REF_ANY_OFFER,
     .doc = "Own and rival offers in the nest: two at least, none in two nests."},
    {.key = "rho",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_nest, rho),
     .max = 0.99,
     .unit = PS_UNIT_RATIO,
     .doc = "Likeness of the members, 0 (as unlike as any two offers) to 0.99."},
    {.key = "lost_buyers_who_leave",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_nest, lost_buyers_who_leave),
     .flags = PS_OPEN_MIN | PS_OPEN_MAX,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Or: of the buyers that a member loses to a higher price, which part takes nothing "
            "else from the nest? Asked of the offer whose elasticity is stated, else of the "
            "nest's first member."},
    {.type = PS_FIELD_END},
};
const ps_shape ps_nest_shape = {"nest", sizeof(ps_nest), nest_fields,
                                "Offers that replace each other more easily than others."};

static const char *const law_names[] = {"lognormal", "normal", "censored", NULL};

static const ps_field price_fields[] = {
    {.key = "law",
     .type = PS_FIELD_ENUM,
     .offset = offsetof(ps_price_taste, law),
     .names = law_names,
     .fallback = "\"lognormal\"",
     .doc = "lognormal: nobody likes high prices. normal: some may. censored: normal, and 0 for "
            "those who would."},
    {.key = "sd",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_price_taste, sd),
     .flags = PS_REQUIRED,
     .max = 5,
     .unit = PS_UNIT_RATIO,
     .doc = "Standard deviation: of the logarithm (lognormal), else in multiples of the mean."},
    {.type = PS_FIELD_END},
};
static const ps_shape price_shape = {"price_taste", sizeof(ps_price_taste), price_fields,
                                     "How the sensitivity to prices differs between buyers."};

static const ps_field attribute_fields[] = {
    {.key = "sd",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_attribute_taste, sd),
     .flags = PS_REQUIRED,
     .max = 100,
     .unit = PS_UNIT_UTILITY,
     .doc = "Standard deviation between buyers of the utility of one unit of the attribute."},
    {.key = "of",
     .type = PS_FIELD_NUMBER_MAP,
     .offset = offsetof(ps_attribute_taste, of),
     .flags = PS_REQUIRED,
     .min = -1e6,
     .max = 1e6,
     .refers = PS_REF_ANY_OFFER,
     .unit = PS_UNIT_RATIO,
     .doc = "Level of the attribute of each offer that has it; the others have 0."},
    {.type = PS_FIELD_END},
};
static const ps_shape attribute_shape = {
    "attribute_taste", sizeof(ps_attribute_taste), attribute_fields,
    "A property of offers that some buyers like more than others: a normal taste."};

static const ps_field type_fields[] = {
    {.key = "weight",
     .type = PS_FIELD_PLAIN,
     .offset = offsetof(ps_taste_type, weight),
     .flags = PS_REQUIRED | PS_OPEN_MIN,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the segment's buyers; the weights of all types sum to 1."},
    {.key = "relative_sensitivity",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_taste_type, relative_sensitivity),
     .fallback = "1",
     .max = 1000,
     .unit = PS_UNIT_RATIO,
     .doc = "Price sensitivity of the type in multiples of the choice's."},
    {.key = "utility",
     .type = PS_FIELD_NUMBER_MAP,
     .offset = offsetof(ps_taste_type, utility),
     .min = -200,
     .max = 200,
     .refers = PS_REF_ANY_OFFER,
     .unit = PS_UNIT_UTILITY,
     .doc = "Utility of offers to the type beyond what they are to everybody."},
    {.type = PS_FIELD_END},
};
static const ps_shape type_shape = {"taste_type", sizeof(ps_taste_type), type_fields,
                                    "A type of buyers within the segment."};

static const ps_field tastes_fields[] = {
    {.key = "price",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_tastes, price),
     .sub = &price_shape,
     .doc = "Buyers differ in their sensitivity to prices."},
    {.key = "attributes",
     .type = PS_FIELD_MAP,
     .offset = offsetof(ps_tastes, attributes),
     .sub = &attribute_shape,
     .max = 6,
     .doc = "Attributes of offers that buyers like more or less, each an independent taste."},
    {.key = "types",
     .type = PS_FIELD_MAP,
     .offset = offsetof(ps_tastes, types),
     .sub = &type_shape,
     .max = 1000,
     .doc = "Or types of buyers, written out: a latent class each."},
    {.key = "points",
     .type = PS_FIELD_WHOLE,
     .offset = offsetof(ps_tastes, points),
     .fallback = "7",
     .min = 1,
     .max = MOST_POINTS,
     .doc = "Gauss-Hermite points of each taste; all tastes together have their product."},
    {.type = PS_FIELD_END},
};
const ps_shape ps_tastes_shape = {"tastes", sizeof(ps_tastes), tastes_fields,
                                  "How buyers of a segment differ: a mixed logit by fixed nodes."};

static int dims_of(const ps_tastes *tastes)
{
    return tastes->types.count > 0 ? 0 : (tastes->price != NULL) + tastes->attributes.count;
}

double ps_taste_count(const ps_tastes *tastes)
{
    double nodes = 1.0;

    if (!tastes || tastes->types.count > 0) {
        return tastes ? tastes->types.count : 1.0;
    }
    for (int d = 0; d < dims_of(tastes); d++) {
        nodes *= (double)tastes->points;
    }
    return nodes;
}

/* He_n(x) and its derivative n He_(n-1)(x), scaled alike by sqrt(n!) so that nothing overflows. */
static double hermite(int n, double x, double *slope)
{
    double before = 0.0, value = 1.0;

    for (int k = 0; k < n; k++) {
        const double next =
            (x * value - __builtin_sqrt((double)k) * before) / __builtin_sqrt(k + 1.0);

        before = value;
        value = next;
    }
    *slope = __builtin_sqrt((double)n) * before;
    return value;
}

void ps_gauss_hermite(int n, double *point, double *weight)
{
    double sum = 0.0;

    for (int i = n - 1; i >= n / 2;
         i--) { /* the largest root first; Newton on f / prod (x - root) */
        double x = i == n - 1 ? 2.0 * __builtin_sqrt(n + 0.5) : point[i + 1] - 1e-3, slope = 1.0;

        for (int k = 0; k < NEWTON; k++) {
            const double value = hermite(n, x, &slope);
            double pull = 0.0;

            for (int j = n - 1; j > i; j--) {
                pull += 1.0 / (x - point[j]);
            }
            const double step = value / (slope - value * pull);

            x -= step;
            if (step < 1e-15 && step > -1e-15) {
                break;
            }
        }
        point[i] = 2 * i + 1 == n ? 0.0 : x;
        point[n - 1 - i] = -point[i];
        hermite(n, point[i], &slope);
        weight[i] = weight[n - 1 - i] = 1.0 / (slope * slope);
    }
    for (int i = 0; i < n; i++) {
        sum += weight[i];
    }
    for (int i = 0; i < n; i++) {
        weight[i] /= sum;
    }
}

static bool type_nodes(const ps_tastes *tastes, ps_arena *arena, ps_taste_nodes *nodes)
{
    const ps_taste_type *types = tastes->types.items;
    double sum = 0.0;

    nodes->weight = ps_arena_alloc(arena, (size_t)nodes->nodes, sizeof *nodes->weight);
    for (int r = 0; r < nodes->nodes && nodes->weight; r++) {
        sum += nodes->weight[r] = types[r].weight;
    }
    for (int r = 0; r < nodes->nodes && nodes->weight; r++) {
        nodes->weight[r] /= sum;
    }
    return nodes->weight != NULL;
}

bool ps_taste_nodes_make(const ps_tastes *tastes, ps_arena *arena, ps_taste_nodes *nodes)
{
    double point[MOST_POINTS], weight[MOST_POINTS];

    *nodes = (ps_taste_nodes){.nodes = (int)ps_taste_count(tastes)};
    if (tastes && tastes->types.count > 0) {
        return type_nodes(tastes, arena, nodes);
    }
    const int n = tastes ? (int)tastes->points : 1;

    nodes->dims = tastes ? dims_of(tastes) : 0;
    nodes->weight = ps_arena_alloc(arena, (size_t)nodes->nodes, sizeof *nodes->weight);
    nodes->z =
        ps_arena_alloc(arena, (size_t)nodes->nodes * (size_t)nodes->dims + 1, sizeof *nodes->z);
    if (!nodes->weight || !nodes->z) {
        return false;
    }
    ps_gauss_hermite(n, point, weight);
    for (int r = 0; r < nodes->nodes; r++) {
        nodes->weight[r] = 1.0;
        for (int d = 0, rest = r; d < nodes->dims; d++, rest /= n) {
            nodes->weight[r] *= weight[rest % n];
            nodes->z[r * nodes->dims + d] = point[rest % n];
        }
    }
    return true;
}

void ps_price_taste_ratio(int law, double sd, int nodes, const double *weight, double *ratio)
{
    double mean = 0.0;

    for (int r = 0; r < nodes; r++) {
        const double z = sd * ratio[r];

        ratio[r] = law == PS_TASTE_LOGNORMAL ? ps_exp(z) : 1.0 + z;
        ratio[r] = law == PS_TASTE_CENSORED && ratio[r] < 0.0 ? 0.0 : ratio[r];
        mean += weight[r] * ratio[r];
    }
    for (int r = 0; r < nodes && law == PS_TASTE_LOGNORMAL; r++) {
        ratio[r] /= mean;
    }
}
