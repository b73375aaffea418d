/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/vmath.h"

#include <check.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "math/normal.h"
#include "math/philox.h"

enum { POINTS = 20000 };

static double uniform(int i)
{
    double u[8];
    ps_philox_uniform(11, (uint64_t)i, 1, 0, 8, u);
    return u[0];
}

/* Distance from the exact value in units of its last place. */
static double ulps(double got, long double exact)
{
    const double near = (double)exact;
    return fabs((double)((long double)got - exact)) /
           (nextafter(fabs(near), HUGE_VAL) - fabs(near));
}

START_TEST(exponentials_are_within_two_ulp)
{
    for (int i = 0; i < POINTS; i++) {
        const double x = 1400.0 * (uniform(i) - 0.5), y = x / 700.0;
        ck_assert_double_lt(ulps(ps_exp(x), expl(x)), 2.0);
        ck_assert_double_lt(ulps(ps_exp(y), expl(y)), 2.0);
        ck_assert_double_lt(ulps(ps_exp2(x), exp2l(x)), 2.0);
        ck_assert_double_lt(ulps(ps_exp2(y), exp2l(y)), 2.0);
    }
    ck_assert_double_eq(ps_exp(0.0), 1.0);
    ck_assert_double_eq(ps_exp2(10.0), 1024.0);
}
END_TEST

START_TEST(exponentials_clamp_instead_of_overflowing)
{
    ck_assert_double_eq(ps_exp2(1e300), ps_exp2(1020.0));
    ck_assert_double_eq(ps_exp2(-1e300), ps_exp2(-1020.0));
    ck_assert_double_eq(ps_exp(HUGE_VAL), ps_exp(707.0));
    ck_assert_double_eq(ps_exp(-HUGE_VAL), ps_exp(-707.0));
    ck_assert_double_eq(ps_exp2(1020.0), 0x1p1020);
}
END_TEST

START_TEST(logarithms_are_within_two_ulp)
{
    for (int i = 0; i < POINTS; i++) {
        const double u = uniform(i), wide = ps_exp2(2000.0 * (u - 0.5)), close = 0.5 + u;
        ck_assert_double_lt(ulps(ps_log(wide), logl(wide)), 2.0);
        ck_assert_double_lt(ulps(ps_log(close), logl(close)), 2.0);
        ck_assert_double_lt(ulps(ps_log2(wide), log2l(wide)), 2.5);
        ck_assert_double_lt(ulps(ps_log2(close), log2l(close)), 2.5);
        const double tiny = (u - 0.5) * ps_exp2(-60.0 * uniform(i + POINTS));
        ck_assert_double_lt(ulps(ps_log1p(tiny), log1pl(tiny)), 4.0);
    }
    ck_assert_double_eq(ps_log(1.0), 0.0);
    ck_assert_double_eq(ps_log2(0x1p-900), -900.0);
}
END_TEST

START_TEST(cosine_of_turns_is_within_2e_16)
{
    const long double turn = 2.0L * acosl(-1.0L);
    double worst = 0.0;
    for (int i = 0; i < POINTS; i++) {
        const double u = uniform(i), x[] = {u - 0.5, 4.0 * u, 1e6 * (u - 0.5), 1e-9 * u};
        for (int j = 0; j < 4; j++) {
            const long double part = (long double)x[j] - roundl(x[j]);
            worst = fmax(worst, fabs((double)(ps_cos_turns(x[j]) - cosl(turn * part))));
        }
    }
    ck_assert_double_lt(worst, 2e-16);
}
END_TEST

START_TEST(cosine_of_quarter_turns_is_exact)
{
    for (int i = -4000; i <= 4000; i++) {
        const int quarter = ((i % 4) + 4) % 4;
        ck_assert_double_eq(ps_cos_turns(i / 4.0), quarter == 0 ? 1.0 : quarter == 2 ? -1.0 : 0.0);
        ck_assert_double_eq(ps_cos_turns(i / 4.0 + 0.1), ps_cos_turns(-i / 4.0 - 0.1));
    }
    ck_assert_double_eq(ps_cos_turns(0x1p51 - 0.5), -1.0);
    ck_assert_double_eq(ps_cos_turns(-0x1p60), 1.0);
    ck_assert_double_eq(ps_cos_turns(HUGE_VAL), 1.0);
}
END_TEST

START_TEST(normal_inverse_is_the_quantile)
{
    const double tails[] = {0x1p-53, 1e-14, 1e-11, 1e-6, 0.075, 0.0749999999, 0.5};
    for (int i = 0; i < POINTS + 7; i++) {
        const double u = i < 7 ? tails[i] : uniform(i), z = gsl_cdf_ugaussian_Pinv(u);
        ck_assert_double_le(fabs(ps_normal_inverse(u) - z), 3e-15 * fmax(1.0, fabs(z)));
        if (u >= 1e-6) /* 1 - u is rounded below */
            ck_assert_double_le(fabs(ps_normal_inverse(1.0 - u) + z), 1e-9);
    }
    ck_assert_double_eq(ps_normal_inverse(0.5), 0.0);
}
END_TEST

START_TEST(normal_inverse_undoes_the_distribution_function)
{
    for (int i = 0; i < POINTS; i++) {
        const double u = uniform(i);
        ck_assert_double_le(fabs(ps_normal_cdf(ps_normal_inverse(u)) - u), 5e-16);
    }
}
END_TEST

START_TEST(lanes_have_the_bits_of_the_scalar)
{
    const int sizes[] = {0, 1, 7, 8, 64, 511, 512, 513, 2000};
    static double u[2000], z[2000];
    for (int s = 0; s < 9; s++) {
        for (int i = 0; i < sizes[s]; i++)
            u[i] = i % 97 == 3 ? 0x1p-50 : i % 89 == 5 ? 1.0 - 0x1p-45 : uniform(i);
        ps_normal_inverse_lanes(sizes[s], u, z);
        for (int i = 0; i < sizes[s]; i++)
            ck_assert_uint_eq(ps_bits_of(z[i]), ps_bits_of(ps_normal_inverse(u[i])));
        ps_normal_inverse_lanes(sizes[s], u, u);
        for (int i = 0; i < sizes[s]; i++)
            ck_assert_uint_eq(ps_bits_of(u[i]), ps_bits_of(z[i]));
    }
}
END_TEST

/* Every instruction set and compiler must give these bits: the digest is part of the results'
 * definition. */
START_TEST(bits_are_the_same_everywhere)
{
    uint64_t digest = 0;
    for (int i = 0; i < 4096; i++) {
        const double u = uniform(i),
                     values[] = {
                         ps_exp2(40.0 * u - 20.0), ps_exp(80.0 * u - 40.0), ps_log(u), ps_log2(u),
                         ps_normal_inverse(u),     ps_cos_turns(20.0 * u)};
        for (int j = 0; j < 6; j++)
            digest = (digest ^ ps_bits_of(values[j])) * 0x100000001b3u;
    }
    ck_assert_uint_eq(digest, 10309735210997105224u);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vmath");
    TCase *tests = tcase_create("vmath");
    tcase_set_timeout(tests, 120.0); /* unoptimised and sanitized builds are slow */
    tcase_add_test(tests, exponentials_are_within_two_ulp);
    tcase_add_test(tests, exponentials_clamp_instead_of_overflowing);
    tcase_add_test(tests, logarithms_are_within_two_ulp);
    tcase_add_test(tests, cosine_of_turns_is_within_2e_16);
    tcase_add_test(tests, cosine_of_quarter_turns_is_exact);
    tcase_add_test(tests, normal_inverse_is_the_quantile);
    tcase_add_test(tests, normal_inverse_undoes_the_distribution_function);
    tcase_add_test(tests, lanes_have_the_bits_of_the_scalar);
    tcase_add_test(tests, bits_are_the_same_everywhere);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
