/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Closed forms against the buyer's behaviour followed basket by basket: the integral over the
 * lognormal is cut where the behaviour changes and done with Gauss and Legendre's nodes in between.
 */
#include "model/promotion/basket.h"

#include <check.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

typedef struct {
    double paid, goods, redeemed, topped_up, subsidised, gain;
} order;

/* What a buyer with basket b does, with and without compliance: the best tier above, if it pays. */
static order buys(const ps_basket_rule *rule, double b, double v, double kappa)
{
    double have = 0.0, best = -DBL_MAX, spend = 0.0, save = 0.0;

    for (int k = 0; k < rule->tiers; k++) {
        if (b >= rule->spend[k]) {
            have = rule->save[k];
        } else if (rule->save[k] - (1 - v) * rule->spend[k] > best) {
            best = rule->save[k] - (1 - v) * rule->spend[k];
            spend = rule->spend[k], save = rule->save[k];
        }
    }
    order o = {
        .paid = b - have, .goods = b, .gain = have, .redeemed = have > 0, .subsidised = have > 0};
    const double more = spend - b, gain = save - have - (1 - v) * more;

    if (best > -DBL_MAX && gain >= 0) {
        o.paid += kappa * (more - (save - have));
        o.goods += kappa * more;
        o.gain += kappa * gain;
        o.topped_up = kappa;
        o.redeemed += have > 0 ? 0 : kappa;
    }
    return o;
}

static void add(order *sum, order o, double weight)
{
    sum->paid += weight * o.paid, sum->goods += weight * o.goods, sum->gain += weight * o.gain;
    sum->redeemed += weight * o.redeemed, sum->topped_up += weight * o.topped_up;
    sum->subsidised += weight * o.subsidised;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Scores z = (ln b - log_median) / sdlog at which the behaviour may change: tiers, and the least
 * basket from which each tier pays, given what is saved already. */
static int breaks(const ps_basket_rule *rule, double log_median, double sdlog, double v, double *z)
{
    int n = 0;

    z[n++] = -12, z[n++] = 12;
    for (int k = 0; k < rule->tiers; k++) {
        for (int j = -1; j < k; j++) {
            const double have = j < 0 ? 0 : rule->save[j];
            const double least = rule->spend[k] - (rule->save[k] - have) / (1 - v);

            z[n++] = least > 0 ? (log(least) - log_median) / sdlog : -12;
        }
        z[n++] = (log(rule->spend[k]) - log_median) / sdlog;
    }
    for (int i = 0; i < n; i++) {
        z[i] = fmin(fmax(z[i], -12), 12);
    }
    qsort(z, (size_t)n, sizeof *z, ascending);
    return n;
}

static order integral(const ps_basket_rule *rule, double log_median, double sdlog, double v,
                      double kappa)
{
    static const double node[] = {0.1488743389816312, 0.4333953941292472, 0.6794095682990244,
                                  0.8650633666889845, 0.9739065285171717};
    static const double weight[] = {0.2955242247147529, 0.2692667193099963, 0.2190863625159820,
                                    0.1494513491505806, 0.0666713443086881};
    enum { PIECES = 40 };
    double z[400];
    const int n = breaks(rule, log_median, sdlog, v, z);
    order sum = {0};

    for (int i = 0; i + 1 < n; i++) {
        const double step = (z[i + 1] - z[i]) / PIECES;

        for (int p = 0; p < PIECES && step > 0; p++) {
            for (int q = 0; q < 10; q++) {
                const double x = z[i] + step * (p + 0.5 + 0.5 * (q % 2 ? -1 : 1) * node[q / 2]);
                const double density = exp(-0.5 * x * x) / sqrt(2 * M_PI);

                add(&sum, buys(rule, exp(log_median + sdlog * x), v, kappa),
                    0.5 * step * weight[q / 2] * density);
            }
        }
    }
    return sum;
}

static void agree(const ps_basket_rule *rule, double median, double sdlog, double v, double kappa)
{
    const order want = integral(rule, log(median), sdlog, v, kappa);
    const ps_basket_moments got = ps_basket_evaluate(rule, log(median), sdlog, v, kappa);
    const double mean = median * exp(0.5 * sdlog * sdlog), tolerance = 2e-11;

    ck_assert_double_eq_tol(got.basket, mean, 1e-13 * mean);
    ck_assert_double_eq_tol(got.paid, want.paid, tolerance * mean);
    ck_assert_double_eq_tol(got.goods, want.goods, tolerance * mean);
    ck_assert_double_eq_tol(got.gain, want.gain, tolerance * mean);
    ck_assert_double_eq_tol(got.redeemed, want.redeemed, tolerance);
    ck_assert_double_eq_tol(got.topped_up, want.topped_up, tolerance);
    ck_assert_double_eq_tol(got.subsidised, want.subsidised, tolerance);
}

static const ps_basket_rule rules[] = {
    {.tiers = 1, .spend = {200}, .save = {30}},
    {.tiers = 1, .spend = {200}, .save = {150}}, /* pays from a small basket on */
    {.tiers = 3, .spend = {100, 200, 300}, .save = {10, 25, 50}},
    {.tiers = 3,
     .spend = {100, 120, 500},
     .save = {5, 40, 45}},                                 /* the second tier beats the first */
    {.tiers = 2, .spend = {100, 1000}, .save = {20, 600}}, /* jumps over the first */
    {.tiers = 6, .spend = {150, 300, 450, 600, 750, 900}, .save = {12, 24, 36, 48, 60, 60}},
};

START_TEST(closed_forms_are_the_integrals_over_baskets)
{
    for (size_t r = 0; r < sizeof rules / sizeof *rules; r++) {
        for (double median = 20; median < 3000; median *= 3) {
            for (double sdlog = 0.15; sdlog < 1.3; sdlog += 0.35) {
                for (double v = 0; v < 0.9; v += 0.4) {
                    agree(&rules[r], median, sdlog, v, 0.7);
                }
            }
        }
    }
}
END_TEST

START_TEST(nobody_tops_up_without_compliance)
{
    for (size_t r = 0; r < sizeof rules / sizeof *rules; r++) {
        const ps_basket_moments m = ps_basket_evaluate(&rules[r], log(180), 0.5, 0.5, 0);

        ck_assert_double_eq(m.topped_up, 0);
        ck_assert_double_eq(m.redeemed, m.subsidised);
        ck_assert_double_eq_tol(m.goods, m.basket, 1e-12);
        ck_assert_double_eq_tol(m.gain, m.basket - m.paid, 1e-12);
        agree(&rules[r], 180, 0.5, 0.5, 0);
        agree(&rules[r], 180, 0.5, 0.5, 1);
    }
}
END_TEST

START_TEST(without_tiers_nothing_happens)
{
    const ps_basket_rule none = {0};
    const ps_basket_moments m = ps_basket_evaluate(&none, log(90), 0.8, 0.5, 0.7);

    ck_assert_double_eq(m.paid, m.basket);
    ck_assert_double_eq(m.goods, m.basket);
    ck_assert_double_eq(m.gain, 0);
    ck_assert_double_eq(m.redeemed, 0);
}
END_TEST

START_TEST(a_tier_out_of_reach_changes_nothing)
{
    const ps_basket_rule far = {.tiers = 1, .spend = {1e9}, .save = {50}};
    const ps_basket_moments m = ps_basket_evaluate(&far, log(90), 0.8, 0.5, 0.7);

    ck_assert_double_eq_tol(m.paid, m.basket, 1e-9);
    ck_assert_double_eq_tol(m.redeemed, 0, 1e-15);
}
END_TEST

START_TEST(saving_is_that_of_the_tier_reached)
{
    ck_assert_double_eq(ps_basket_saving(&rules[2], 99.99), 0);
    ck_assert_double_eq(ps_basket_saving(&rules[2], 100), 10);
    ck_assert_double_eq(ps_basket_saving(&rules[2], 299.99), 25);
    ck_assert_double_eq(ps_basket_saving(&rules[2], 300), 50);
    ck_assert_double_eq(ps_basket_saving(&rules[2], 1e9), 50);
}
END_TEST

/* One or two units with equal chances, the second at half price, worth 0.6 of its price. */
START_TEST(who_gains_takes_the_second_unit)
{
    double chance[PS_MAX_UNITS + 1] = {0, 0.5, 0.5}, pay[PS_MAX_UNITS + 1];

    for (int n = 0; n <= PS_MAX_UNITS; n++) {
        pay[n] = n / 2 * 1.5 + n % 2;
    }
    const ps_basket_moments all = ps_quantity_evaluate(chance, pay, 0.6, 1);

    ck_assert_double_eq_tol(all.basket, 1.5, 1e-15);
    ck_assert_double_eq_tol(all.goods, 2, 1e-15);
    ck_assert_double_eq_tol(all.paid, 1.5, 1e-15);
    ck_assert_double_eq_tol(all.gain, 0.5 * 0.1 + 0.5 * 0.5, 1e-15);
    ck_assert_double_eq(all.topped_up, 0.5);
    ck_assert_double_eq(all.subsidised, 0.5);
    ck_assert_double_eq(all.redeemed, 1);
    /* worth just what it costs: nobody takes it */
    const ps_basket_moments tie = ps_quantity_evaluate(chance, pay, 0.5, 1);

    ck_assert_double_eq(tie.topped_up, 0);
    ck_assert_double_eq_tol(tie.paid, 1.25, 1e-15);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("basket");
    TCase *tcase = tcase_create("basket");

    tcase_add_test(tcase, closed_forms_are_the_integrals_over_baskets);
    tcase_add_test(tcase, nobody_tops_up_without_compliance);
    tcase_add_test(tcase, without_tiers_nothing_happens);
    tcase_add_test(tcase, a_tier_out_of_reach_changes_nothing);
    tcase_add_test(tcase, saving_is_that_of_the_tier_reached);
    tcase_add_test(tcase, who_gains_takes_the_second_unit);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
