/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/sobol.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { POINTS = 1024, PATHS = POINTS * PS_SOBOL_SEQUENCES };

/* x of point `index` without its scramble. */
static uint32_t plain(const ps_sobol *sobol, uint32_t index)
{
    uint32_t x = 0;

    for (int k = 0; k < PS_SOBOL_BITS; k++) {
        x ^= index >> k & 1u ? sobol->direction[k] : 0u;
    }
    return x;
}

/* Points 1, 2, 3 (in plain order) of the first dimensions, as published tables have them, in
 * eighths of the whole. */
START_TEST(the_first_points_are_those_of_the_tables)
{
    static const int eighths[4][7] = {
        {4, 2, 6, 1, 5, 3, 7}, {4, 6, 2, 5, 1, 3, 7}, {4, 6, 2, 3, 7, 5, 1}, {4, 6, 2, 1, 5, 7, 3}};
    ps_sobol sobol;

    for (int d = 0; d < 4; d++) {
        ps_sobol_make(d, 1, 2, &sobol);
        for (uint32_t k = 1; k < 8; k++) {
            ck_assert_uint_eq(plain(&sobol, k), (uint32_t)eighths[d][k - 1] << 29);
        }
    }
}
END_TEST

/* Every aligned block of 2^k points of a sequence has one point in each of 2^k intervals. */
START_TEST(each_coordinate_is_stratified_after_the_scramble)
{
    double *u = malloc(PATHS * sizeof *u);
    static char seen[POINTS];

    for (int d = 0; d < PS_SOBOL_DIMENSIONS; d += 5) {
        ps_sobol sobol;

        ps_sobol_make(d, 77, (uint32_t)d * 12345u, &sobol);
        ps_sobol_uniform(&sobol, 3 * PATHS, PATHS, u);
        for (int s = 0; s < PS_SOBOL_SEQUENCES; s++) {
            memset(seen, 0, sizeof seen);
            for (int k = 0; k < POINTS; k++) {
                const double x = u[k * PS_SOBOL_SEQUENCES + s];

                ck_assert(x > 0.0 && x < 1.0);
                ck_assert_msg(!seen[(int)(x * POINTS)], "dimension %d, sequence %d", d, s);
                seen[(int)(x * POINTS)] = 1;
            }
        }
    }
    free(u);
}
END_TEST

/* Pairs of coordinates of 2^10 points: two dimensions whose polynomials have degrees a and b make a
 * (t, 2)-sequence with t at most a - 1 + b - 1, so that boxes of 2^-(10 - t) hold 2^t points. */
START_TEST(the_first_pairs_fill_the_square)
{
    static const int t_of[] = {0, 0, 1, 2, 2, 3, 3};
    double *u[7];

    for (int d = 0; d < 7; d++) {
        ps_sobol sobol;

        u[d] = malloc(PATHS * sizeof *u[d]);
        ps_sobol_make(d, 5, (uint32_t)d + 1u, &sobol);
        ps_sobol_uniform(&sobol, 0, PATHS, u[d]);
    }
    for (int a = 0; a < 7; a++) {
        for (int b = a + 1; b < 7; b++) {
            const int t = t_of[a] + t_of[b], m = 10 - t, wide = m / 2;
            int count[POINTS] = {0};

            for (int k = 0; k < POINTS; k++) {
                const int i = (int)ldexp(u[a][k * PS_SOBOL_SEQUENCES], wide),
                          j = (int)ldexp(u[b][k * PS_SOBOL_SEQUENCES], m - wide);

                count[(i << (m - wide)) + j]++;
            }
            for (int k = 0; k < 1 << m; k++) {
                ck_assert_int_eq(count[k], 1 << t);
            }
        }
    }
    for (int d = 0; d < 7; d++) {
        free(u[d]);
    }
}
END_TEST

START_TEST(a_path_is_the_same_in_every_batch_and_sequences_differ)
{
    ps_sobol sobol;
    double all[64], part[32];

    ps_sobol_make(3, 9, 4, &sobol);
    ps_sobol_uniform(&sobol, 0, 64, all);
    ps_sobol_uniform(&sobol, 32, 32, part);
    ck_assert_mem_eq(all + 32, part, sizeof part);
    for (int a = 0; a < PS_SOBOL_SEQUENCES; a++) {
        for (int b = 0; b < a; b++) {
            ck_assert(all[a] != all[b]);
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sobol");
    TCase *tests = tcase_create("sobol");
    tcase_set_timeout(tests, 120.0);
    tcase_add_test(tests, the_first_points_are_those_of_the_tables);
    tcase_add_test(tests, each_coordinate_is_stratified_after_the_scramble);
    tcase_add_test(tests, the_first_pairs_fill_the_square);
    tcase_add_test(tests, a_path_is_the_same_in_every_batch_and_sequences_differ);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
