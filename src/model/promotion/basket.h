/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spend-and-save on lognormal baskets with rational top-up.
 *
 * Tiers (T_k, Y_k) ascend in spend and saving. A buyer with basket b in [T_j, T_j+1) saves Y_j (T_0
 * = Y_0 = 0) and may add goods worth the fraction v of their price to reach a higher tier k: worth
 * it when Y_k - Y_j >= (1 - v)(T_k - b), done with probability kappa. All higher tiers gain at the
 * same slope in b, so the best one of an interval is the k with the largest Y_k - (1 - v) T_k. */
#ifndef PS_MODEL_BASKET_H
#define PS_MODEL_BASKET_H

#include "math/number.h"

enum { PS_MAX_TIERS = 64, PS_MAX_UNITS = 64 };

struct ps_basket_rule {
    int tiers;
    double spend[PS_MAX_TIERS], save[PS_MAX_TIERS];
    const ps_number *addon_value, *compliance;
    bool choice_effect; /* the gain moves the choice */
    /* Rules by units, without tiers of spend: units of price that n units cost, n = 0 ..
     * PS_MAX_UNITS, in one lane. */
    void (*pay)(const void *params, const double *values, int lane, double *pay);
    const void *params;
};
typedef struct ps_basket_rule ps_basket_rule;

/* Per order, in money of the prices that hold. */
typedef struct {
    double basket;                          /* E[b] without the promotion */
    double paid;                            /* mean paid */
    double goods;                           /* mean value of the goods taken, top-up included */
    double redeemed, topped_up, subsidised; /* fractions of orders */
    double gain;                            /* buyer's gain E[g] */
} ps_basket_moments;

/* Who adds to an order to reach more of a rule: keys of every kind of rule. */
typedef struct {
    ps_number addon_value, compliance;
    int choice_effect;
} ps_top_up;

extern const char *const ps_choice_effects[];

#define PS_TOP_UP_FIELDS(params)                                                                   \
    {.key = "addon_value",                                                                         \
     .type = PS_FIELD_NUMBER,                                                                      \
     .offset = offsetof(params, top_up.addon_value),                                               \
     .fallback = "0.5",                                                                            \
     .flags = PS_OPEN_MAX,                                                                         \
     .max = 1,                                                                                     \
     .unit = PS_UNIT_FRAC,                                                                         \
     .doc = "What added goods are worth to the buyer, as a part of their price."},                 \
        {.key = "compliance",                                                                      \
         .type = PS_FIELD_NUMBER,                                                                  \
         .offset = offsetof(params, top_up.compliance),                                            \
         .fallback = "0.7",                                                                        \
         .max = 1,                                                                                 \
         .unit = PS_UNIT_FRAC,                                                                     \
         .doc = "Part of the buyers for whom topping up pays who do it."},                         \
    {                                                                                              \
        .key = "choice_effect", .type = PS_FIELD_ENUM,                                             \
        .offset = offsetof(params, top_up.choice_effect), .names = ps_choice_effects,              \
        .fallback = "\"gain\"", .doc = "Whether the buyer's gain also moves the choice."           \
    }

/* A rule with these keys and nothing else yet. */
ps_basket_rule ps_top_up_rule(const ps_top_up *keys);

/* Saving of a spend `basket` under the rule: the tier reached. */
double ps_basket_saving(const ps_basket_rule *rule, double basket);

/* Closed-form moments for b lognormal (log of the median, sdlog), add-on value v in [0, 1),
 * compliance kappa. */
ps_basket_moments ps_basket_evaluate(const ps_basket_rule *rule, double log_median, double sdlog,
                                     double addon_value, double compliance);

/* The same by units, in units of price: `chance` of an order of n units, pay[n] what it costs. Who
 * gains by more units takes the number that gains most, with probability kappa. */
ps_basket_moments ps_quantity_evaluate(const double *chance, const double *pay, double addon_value,
                                       double compliance);

#endif
