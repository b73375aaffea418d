/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/count.h"

#include <check.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "math/philox.h"
#include "math/vmath.h"

static ps_key key_of(int i)
{
    return (ps_key){.seed = 17, .path = (uint64_t)i, .stream = 5, .index = 40};
}

static long count_one(int i, long n, double p)
{
    const ps_key key = key_of(i);
    long below;
    ps_count_below(&key, n, 1, &p, &below);
    return below;
}

/* The first 512 items as count.c tells it. */
START_TEST(direct_counts_compare_the_words_of_the_key)
{
    const double p[4] = {0.0, 0x1p-32, 0.3, 1.0};
    for (int i = 0; i < 50; i++)
        for (int n = 0; n <= PS_COUNT_DIRECT; n += n < 70 ? 1 : 17) {
            const ps_key key = key_of(i);
            long below[4], expected[4] = {0};
            for (int item = 0; item < n; item++) {
                uint32_t w[4];
                ps_philox(17, (uint64_t)i, 5, 40 * 4096 + (uint32_t)item / 4, w);
                for (int j = 0; j < 4; j++)
                    expected[j] += w[item % 4] < floor(p[j] * 0x1p32 + 0.5);
            }
            ps_count_below(&key, n, 4, p, below);
            for (int j = 0; j < 4; j++)
                ck_assert_int_eq(below[j], expected[j]);
        }
}
END_TEST

/* The tree beyond the 512th item, one threshold at a time and without recursion. */
static long tree_count(int i, long m, double p)
{
    uint32_t root[4];
    long below = 0;
    ps_philox(17, (uint64_t)i, 5, 40 * 4096 + 4095, root);
    for (uint64_t node = 1; m > 0 && node >> 60 == 0 && p > 0.0 && p < 1.0;) {
        double u[8];
        ps_philox_uniform(root[0] | (uint64_t)root[1] << 32, node, root[2], root[3], 8, u);
        const long left = ps_count_half(m, u[0]);
        const bool goes_left = p <= 0.5;
        below += goes_left ? 0 : left;
        m = goes_left ? left : m - left;
        node = 2 * node + !goes_left;
        p = goes_left ? 2.0 * p : 2.0 * p - 1.0;
    }
    return below + (p >= 1.0 ? m : 0);
}

START_TEST(large_counts_add_the_tree_of_halves)
{
    const double p[7] = {0.0, 1e-9, 0.1, 0.25, 0.5, 0.999, 1.0};
    for (int i = 0; i < 40; i++)
        for (long n = PS_COUNT_DIRECT + 1; n < 4000000000; n = 3 * n + 1) {
            const ps_key key = key_of(i);
            long below[7], direct[7];
            ps_count_below(&key, n, 7, p, below);
            ps_count_below(&key, PS_COUNT_DIRECT, 7, p, direct);
            for (int j = 0; j < 7; j++)
                ck_assert_int_eq(below[j] - direct[j], tree_count(i, n - PS_COUNT_DIRECT, p[j]));
            ck_assert_int_eq(below[0], 0);
            ck_assert_int_eq(below[6], n);
        }
}
END_TEST

START_TEST(counts_are_monotone_in_p_and_nested_in_n)
{
    double p[32];
    for (int j = 0; j < 32; j++)
        p[j] = j / 31.0;
    for (int i = 0; i < 5; i++) {
        long before[32] = {0};
        for (long n = 0; n < 1500; n++) {
            const ps_key key = key_of(i);
            long below[32];
            ps_count_below(&key, n, 32, p, below);
            for (int j = 0; j < 32; j++) {
                ck_assert_int_ge(below[j], j ? below[j - 1] : 0);
                ck_assert_int_le(below[j], n);
                if (n > 0)
                    ck_assert(below[j] == before[j] || below[j] == before[j] + 1);
                before[j] = below[j];
            }
        }
    }
}
END_TEST

/* Chi-square of counts against the binomial law, cells of expectation >= 5; false alarm 1e-6 each.
 */
static void check_binomial(unsigned n, double p)
{
    enum { PATHS = 20000 };
    long *seen = calloc(n + 1, sizeof *seen);
    for (int i = 0; i < PATHS; i++)
        seen[count_one(i, n, p)]++;
    double chi2 = 0.0, expected = 0.0, got = 0.0, last = 0.0;
    int cells = 0;
    for (unsigned k = 0; k <= n; k++) {
        const double cdf = gsl_cdf_binomial_P(k, p, n);
        expected += PATHS * (cdf - last);
        got += (double)seen[k];
        last = cdf;
        if ((expected >= 5.0 && PATHS * (1.0 - cdf) >= 5.0) || k == n) {
            chi2 += (got - expected) * (got - expected) / expected;
            cells++;
            expected = got = 0.0;
        }
    }
    free(seen);
    ck_assert_int_gt(cells, 1);
    ck_assert_double_gt(gsl_cdf_chisq_Q(chi2, cells - 1), 1e-6);
}

START_TEST(counts_are_binomial)
{
    check_binomial(1, 0.3);
    check_binomial(3, 0.2);
    check_binomial(8, 0.5);
    check_binomial(50, 0.07);
    check_binomial(512, 0.4);
    check_binomial(513, 0.6);
    check_binomial(700, 0.013);
    check_binomial(5000, 0.37);
    check_binomial(100000, 0.501);
}
END_TEST

/* Two plans with win rates p1 < p2: the difference must be binomial (p2 - p1), not smaller. */
START_TEST(difference_between_two_thresholds_has_the_variance_of_independent_items)
{
    enum { PATHS = 20000 };
    const long sizes[] = {40, 3000, 200000};
    for (int s = 0; s < 3; s++) {
        const double p[2] = {0.30, 0.34}, d = p[1] - p[0], n = (double)sizes[s];
        double sum = 0.0, squares = 0.0;
        for (int i = 0; i < PATHS; i++) {
            const ps_key key = key_of(i);
            long below[2];
            ps_count_below(&key, sizes[s], 2, p, below);
            const double gain = (double)(below[1] - below[0]) - n * d;
            sum += gain;
            squares += gain * gain;
        }
        const double variance = n * d * (1.0 - d);
        ck_assert_double_lt(fabs(sum / PATHS), 5.0 * sqrt(variance / PATHS));
        ck_assert_double_lt(fabs(squares / PATHS / variance - 1.0), 0.06); /* 6 standard errors */
    }
}
END_TEST

START_TEST(streams_and_indices_are_independent)
{
    double sum = 0.0;
    for (int i = 0; i < 20000; i++) {
        ps_key a = key_of(i), b = a;
        b.index++;
        const double half = 0.5;
        long x, y;
        ps_count_below(&a, 2000, 1, &half, &x);
        ps_count_below(&b, 2000, 1, &half, &y);
        sum += (double)(x - 1000) * (double)(y - 1000) / 500.0;
    }
    ck_assert_double_lt(fabs(sum / 20000), 5.0 / sqrt(20000.0));
}
END_TEST

START_TEST(cells_equal_single_counts)
{
    enum { CELLS = 150 };
    uint64_t path[CELLS];
    uint32_t stream[CELLS], index[CELLS];
    double n[CELLS], low[CELLS], high[CELLS], below_low[CELLS], below_high[CELLS];
    for (uint32_t c = 0; c < CELLS; c++) {
        path[c] = c * 1000003u;
        stream[c] = c % 7;
        index[c] = c % 11;
        n[c] = c % 29 == 0 ? 700 + c : c % 7;
        low[c] = c % 5 == 0 ? 0.0 : 0.3 * (c % 10) / 10.0;
        high[c] = c % 13 == 0 ? 1.0 : 0.5;
    }
    const ps_count_cells cells = {
        CELLS, path, stream, index, n, {low, high}, {below_low, below_high}};
    ps_count_below_cells(31, &cells);
    for (int c = 0; c < CELLS; c++) {
        const ps_key key = {31, path[c], stream[c], index[c]};
        long below[2];
        ps_count_below(&key, (long)n[c], 2, (double[]){low[c], high[c]}, below);
        ck_assert_double_eq(below_low[c], (double)below[0]);
        ck_assert_double_eq(below_high[c], (double)below[1]);
    }
}
END_TEST

START_TEST(spread_is_the_count_between_running_sums)
{
    double cumulative[70];
    for (int j = 0; j < 70; j++)
        cumulative[j] = 0.95 * (j + 1) / 70.0;
    const long sizes[] = {0, 1, 3, 50, 512, 513, 30000};
    for (int s = 0; s < 7; s++)
        for (int k = 1; k <= 70; k += 23) {
            const ps_key key = key_of(s);
            long out[70] = {0}, before = 0;
            out[0] = 7; /* it adds */
            const long rest = ps_count_spread(&key, sizes[s], k, cumulative, out);
            out[0] -= 7;
            for (int j = 0; j < k; j++) {
                const long below = count_one(s, sizes[s], cumulative[j]);
                ck_assert_int_eq(out[j], below - before);
                before = below;
            }
            ck_assert_int_eq(rest, sizes[s] - before);
        }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("count");
    TCase *tests = tcase_create("count");
    tcase_set_timeout(tests, 120.0); /* unoptimised and sanitized builds are slow */
    tcase_add_test(tests, direct_counts_compare_the_words_of_the_key);
    tcase_add_test(tests, large_counts_add_the_tree_of_halves);
    tcase_add_test(tests, counts_are_monotone_in_p_and_nested_in_n);
    tcase_add_test(tests, counts_are_binomial);
    tcase_add_test(tests, difference_between_two_thresholds_has_the_variance_of_independent_items);
    tcase_add_test(tests, streams_and_indices_are_independent);
    tcase_add_test(tests, cells_equal_single_counts);
    tcase_add_test(tests, spread_is_the_count_between_running_sums);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
