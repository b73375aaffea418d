/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "dists.h"
#include "math/philox.h"
#include "math/vmath.h"

enum { DRAWS = 400 };

START_TEST(draws_are_the_quantiles)
{
    for (int d = 0; d < DISTS; d++) {
        ps_arena arena = {0};
        double u[DRAWS], x[DRAWS];
        const ps_sampler *sampler = ps_sampler_make(&arena, &dists[d]);
        ck_assert_ptr_nonnull(sampler);
        ps_philox_uniform(3, 0, 1, 1, DRAWS, u);
        ps_sampler_draw(sampler, 0.0, DRAWS, u, x);
        for (int i = 0; i < DRAWS; i++) {
            const double exact = ps_dist_quantile(&dists[d], u[i]);
            ck_assert_double_eq_tol(x[i], exact,
                                    1e-9 * (fabs(exact) + 0.1 * ps_dist_sd(&dists[d])));
        }
        ps_arena_free(&arena);
    }
}
END_TEST

static double shifted(const ps_dist *dist, double x, double shift)
{
    switch (dist->law) {
    case PS_LAW_LOGIT_NORMAL:
    case PS_LAW_BETA:
        return 1.0 / (1.0 + (1.0 - x) / x * exp(-shift));
    case PS_LAW_LOGNORMAL:
    case PS_LAW_GAMMA:
    case PS_LAW_WEIBULL:
    case PS_LAW_EXPONENTIAL:
        return x * exp(shift);
    default:
        return x + shift;
    }
}

START_TEST(shift_moves_on_the_scale_of_the_law)
{
    for (int d = 0; d < DISTS; d++) {
        ps_arena arena = {0};
        double u[64], x[64], moved[64];
        const ps_sampler *sampler = ps_sampler_make(&arena, &dists[d]);
        ps_philox_uniform(3, 0, 1, 1, 64, u);
        ps_sampler_draw(sampler, 0.0, 64, u, x);
        ps_sampler_draw(sampler, -0.3, 64, u, moved);
        for (int i = 0; i < 64; i++) /* 1 - x has lost digits where x is near 1 */
            ck_assert_double_eq_tol(moved[i], shifted(&dists[d], x[i], -0.3),
                                    1e-12 * fabs(x[i]) + (d == 6 || d == 4 ? 1e-9 : 0.0));
        ps_arena_free(&arena);
    }
}
END_TEST

START_TEST(draws_may_overwrite_the_uniforms_and_do_not_depend_on_the_lanes)
{
    for (int d = 0; d < DISTS; d++) {
        ps_arena arena = {0};
        double u[200], x[200];
        const ps_sampler *sampler = ps_sampler_make(&arena, &dists[d]);
        ps_philox_uniform(3, 0, 1, 1, 200, u);
        ps_sampler_draw(sampler, 0.1, 200, u, x);
        for (int l = 0; l < 200; l += 8)
            ps_sampler_draw(sampler, 0.1, 8, u + l, u + l);
        ck_assert_mem_eq(u, x, sizeof x);
        ps_arena_free(&arena);
    }
}
END_TEST

START_TEST(the_ends_of_u_give_finite_values_inside_the_support)
{
    const double ends[8] = {0x1p-53, 1.0 - 0x1p-53, 1e-12, 1.0 - 1e-12, 1e-9, 0.5, 0.075, 0.925};
    for (int d = 0; d < DISTS; d++) {
        ps_arena arena = {0};
        double x[8];
        ps_sampler_draw(ps_sampler_make(&arena, &dists[d]), 0.0, 8, ends, x);
        for (int i = 0; i < 8; i++) {
            ck_assert(isfinite(x[i]));
            if (dists[d].truncated)
                ck_assert(x[i] >= dists[d].min * (dists[d].min < 0 ? 1 + 1e-14 : 1 - 1e-14) &&
                          x[i] <= dists[d].max * (dists[d].max < 0 ? 1 - 1e-14 : 1 + 1e-14));
            if (dists[d].law == PS_LAW_BETA || dists[d].law == PS_LAW_LOGIT_NORMAL)
                ck_assert(x[i] >= 0.0 && x[i] <= 1.0);
        }
        ps_arena_free(&arena);
    }
}
END_TEST

START_TEST(constant_ignores_the_uniforms)
{
    ps_arena arena = {0};
    const ps_dist constant = {.law = PS_LAW_CONSTANT, .p = {4.25}, PLAIN};
    const double u[8] = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8};
    double x[8];
    ps_sampler_draw(ps_sampler_make(&arena, &constant), 0.5, 8, u, x);
    for (int i = 0; i < 8; i++)
        ck_assert_double_eq(x[i], 4.75);
    ps_arena_free(&arena);
}
END_TEST

/* Draws of laws that need no tables have these bits on every machine, whatever the instruction set.
 */
START_TEST(bits_are_the_same_everywhere)
{
    const int own[] = {0, 1, 2, 3, 4, 12, 13, 14, 15, 16, 19, 25, 28, 30, 31, 32, 33};
    uint64_t digest = 0;
    for (size_t d = 0; d < sizeof own / sizeof *own; d++) {
        ps_arena arena = {0};
        double u[64], x[64];
        ps_philox_uniform(3, 0, 1, 1, 64, u);
        ps_sampler_draw(ps_sampler_make(&arena, &dists[own[d]]), 0.2, 64, u, x);
        for (int i = 0; i < 64; i++)
            digest = (digest ^ ps_bits_of(x[i])) * 0x100000001b3u;
        ps_arena_free(&arena);
    }
    ck_assert_uint_eq(digest, 12833310428987679569u);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sampler");
    TCase *tests = tcase_create("sampler");
    tcase_set_timeout(tests, 120.0); /* unoptimised and sanitized builds are slow */
    tcase_add_test(tests, draws_are_the_quantiles);
    tcase_add_test(tests, shift_moves_on_the_scale_of_the_law);
    tcase_add_test(tests, draws_may_overwrite_the_uniforms_and_do_not_depend_on_the_lanes);
    tcase_add_test(tests, the_ends_of_u_give_finite_values_inside_the_support);
    tcase_add_test(tests, constant_ignores_the_uniforms);
    tcase_add_test(tests, bits_are_the_same_everywhere);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
