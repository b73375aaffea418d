/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Library functions for the validation runner: one question a line on standard input, one line of
 * numbers as the answer.
 *
 *   willing LAW P0 P1 P2 COST          best price, acceptance, profit per customer
 *   elastic ELASTICITY COST            best price
 *   linear A B COST                    best price, quantity, profit
 *   dist LAW P0 P1 P2 cdf|quantile X   a distribution function or a quantile
 *   dist LAW P0 P1 P2 moments          mean and standard deviation
 *   quantiles N P1..PN X...            quantiles of the X at the levels P
 *   wilson X N                         95 % interval of a share, X of N
 *   copula RANK                        correlation of the normal scores of two inputs with a rank
 * correlation saving SCENARIO BASKET...          saving of each basket under the scenario's one
 * basket rule paid SCENARIO BASKET...            what is paid for each basket, the promotions
 * applied in stacking order commission SCENARIO SALES...       commission on each amount by the
 * scenario's sales team
 *
 * LAW: a name of the tables below. The answer is "error" when the question is wrong. */
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/plan.h"
#include "engine/willingness.h"
#include "math/copula.h"
#include "math/dist.h"
#include "math/quantile.h"
#include "scenario/load.h"

enum { MAX_WORDS = 256, LINE_SIZE = 65536 };

typedef struct {
    int count;
    char *word[MAX_WORDS];
} question;

static double number(const question *q, int i)
{
    return i < q->count ? strtod(q->word[i], NULL) : NAN;
}

static bool fail(void)
{
    puts("error");
    return false;
}

static int find(const char *const *names, int count, const char *name)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

static bool willing(const question *q)
{
    static const char *const names[] = {"normal",  "lognormal", "uniform",   "exponential",
                                        "weibull", "logistic",  "triangular"};
    const int law = q->count == 6 ? find(names, 7, q->word[1]) : -1;
    ps_willingness willingness = {.law = (ps_willing_law)law,
                                  .p = {number(q, 2), number(q, 3), number(q, 4)}};
    ps_best_price best;

    if (law < 0 || ps_willing_best(&willingness, number(q, 5), &best) != PS_OK) {
        return fail();
    }
    printf("%.17g %.17g %.17g\n", best.price, best.accept, best.profit);
    return true;
}

static bool elastic(const question *q)
{
    printf("%.17g\n", ps_elastic_best(number(q, 1), number(q, 2)));
    return true;
}

static bool linear(const question *q)
{
    const ps_linear_best_price best = ps_linear_best(number(q, 1), number(q, 2), number(q, 3));

    printf("%.17g %.17g %.17g\n", best.price, best.quantity, best.profit);
    return true;
}

static bool dist(const question *q)
{
    static const char *const names[] = {"constant",   "normal", "lognormal", "logit_normal",
                                        "beta",       "gamma",  "weibull",   "exponential",
                                        "triangular", "pert",   "uniform"};
    const int law = q->count >= 6 ? find(names, 11, q->word[1]) : -1;
    const ps_dist x = {.law = (ps_law)law,
                       .sign = 1.0,
                       .min = -INFINITY,
                       .max = INFINITY,
                       .p = {number(q, 2), number(q, 3), number(q, 4)}};

    if (law < 0) {
        return fail();
    }
    if (strcmp(q->word[5], "moments") == 0) {
        printf("%.17g %.17g\n", ps_dist_mean(&x), ps_dist_sd(&x));
    } else if (strcmp(q->word[5], "cdf") == 0) {
        printf("%.17g\n", ps_dist_cdf(&x, number(q, 6)));
    } else if (strcmp(q->word[5], "quantile") == 0) {
        printf("%.17g\n", ps_dist_quantile(&x, number(q, 6)));
    } else {
        return fail();
    }
    return true;
}

static bool quantiles(const question *q)
{
    double level[MAX_WORDS], x[MAX_WORDS], answer[MAX_WORDS];
    const int levels = (int)number(q, 1), n = q->count - 2 - levels;

    if (levels < 1 || n < 1) {
        return fail();
    }
    for (int i = 0; i < levels; i++) {
        level[i] = number(q, 2 + i);
    }
    for (int i = 0; i < n; i++) {
        x[i] = number(q, 2 + levels + i);
    }
    ps_quantile_exact(x, (size_t)n, level, levels, answer);
    for (int i = 0; i < levels; i++) {
        printf("%.17g%c", answer[i], i + 1 < levels ? ' ' : '\n');
    }
    return true;
}

static bool wilson(const question *q)
{
    double low, high;

    ps_wilson(number(q, 1), number(q, 2), 1.959963984540054, &low, &high);
    printf("%.17g %.17g\n", low, high);
    return true;
}

static bool copula(const question *q)
{
    const double r = number(q, 1), rank[4] = {1.0, r, r, 1.0};
    double factor[4];

    if (!(ps_copula_factor(2, rank, factor) > 0.0)) {
        return fail();
    }
    printf("%.17g\n", factor[2]);
    return true;
}

/* The scenario's numbers at their centre, as rows of lane values; NULL when memory runs out. */
static const double *centre_values(const ps_plan *plan, ps_arena *arena)
{
    double *values =
        ps_arena_alloc(arena, (size_t)plan->scenario->slots + 1, PS_LANES * sizeof *values);

    for (int d = 0; d < plan->draws && values; d++) {
        for (int l = 0; l < PS_LANES; l++) {
            values[(long)plan->draw[d].slot * PS_LANES + l] = plan->draw[d].centre;
        }
    }
    return values;
}

/* What is paid for a basket after the promotions in stacking order: price changes act on it as on a
 * unit price. */
static double paid(const ps_plan *plan, const double *values, double basket)
{
    double price[PS_LANES];

    for (int l = 0; l < PS_LANES; l++) {
        price[l] = basket;
    }
    for (int rank = 0; rank < plan->M; rank++) {
        const ps_plan_promotion *promotion = &plan->promotion[plan->by_rank[rank]];
        const ps_promotion_kind *kind =
            (const ps_promotion_kind *)(const void *)promotion->promotion->kind.kind;

        if (promotion->basket) {
            price[0] -= ps_basket_saving(&promotion->rule, price[0]);
        } else {
            kind->apply(promotion->promotion->kind.params,
                        (const int[2]){promotion->promotion->from, promotion->promotion->to + 1},
                        values, price);
        }
    }
    return price[0];
}

static bool answer_scenario(const question *q, const ps_plan *plan, ps_arena *arena)
{
    const ps_scenario *scenario = plan->scenario;
    const double *values = centre_values(plan, arena);
    const ps_sales_team *team = scenario->sales_team;
    const bool commission = strcmp(q->word[0], "commission") == 0,
               bonus = strcmp(q->word[0], "bonus") == 0, saving = strcmp(q->word[0], "saving") == 0;

    if (!values || (commission ? !team
                    : bonus    ? !team || !team->bonus
                               : saving && (plan->M != 1 || !plan->promotion[0].basket))) {
        return fail();
    }
    for (int i = 2; i < q->count; i++) {
        const double x = number(q, i);

        printf("%.17g%c",
               commission ? ps_commission_amount(team->commission, x)
               : bonus    ? ps_bonus_amount(team->bonus, team->quota->amount, x)
               : saving   ? ps_basket_saving(&plan->promotion[0].rule, x)
                          : paid(plan, values, x),
               i + 1 < q->count ? ' ' : '\n');
    }
    return true;
}

static bool with_scenario(const question *q)
{
    ps_scenario scenario = {0};
    ps_faults faults = {0};
    ps_arena arena = {0};
    ps_plan plan;
    bool good = false;

    if (q->count < 3) {
        return fail();
    }
    const ps_load_options options = {.path = q->word[1]};

    if (ps_scenario_load(&options, &scenario, &faults) == PS_OK &&
        ps_plan_make(&scenario, &arena, &plan, &faults) == PS_OK) {
        good = answer_scenario(q, &plan, &arena);
    } else {
        fail();
    }
    for (size_t i = 0; i < faults.count; i++) {
        fprintf(stderr, "%s %s %s\n", faults.items[i].code, faults.items[i].pointer,
                faults.items[i].message);
    }
    ps_arena_free(&arena);
    ps_scenario_free(&scenario);
    ps_faults_free(&faults);
    return good;
}

static bool answer(const question *q)
{
    static const struct {
        const char *name;
        bool (*answer)(const question *);
    } kinds[] = {{"willing", willing},     {"elastic", elastic},
                 {"linear", linear},       {"dist", dist},
                 {"quantiles", quantiles}, {"wilson", wilson},
                 {"copula", copula},       {"saving", with_scenario},
                 {"paid", with_scenario},  {"commission", with_scenario},
                 {"bonus", with_scenario}};

    for (size_t k = 0; k < sizeof kinds / sizeof *kinds && q->count > 0; k++) {
        if (strcmp(kinds[k].name, q->word[0]) == 0) {
            return kinds[k].answer(q);
        }
    }
    return fail();
}

int main(void)
{
    static char line[LINE_SIZE];
    bool good = true;

    gsl_set_error_handler_off();
    while (fgets(line, sizeof line, stdin)) {
        question q = {0};
        char *rest = NULL;

        for (char *word = strtok_r(line, " \n", &rest); word && q.count < MAX_WORDS;
             word = strtok_r(NULL, " \n", &rest)) {
            q.word[q.count++] = word;
        }
        good = answer(&q) && good;
        fflush(stdout);
    }
    return good ? 0 : 1;
}
