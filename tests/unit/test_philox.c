/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/philox.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#if defined(__has_include)
#if __has_include(<Random123/philox.h>)
#define HAVE_RANDOM123
/* Conversions inside Random123 are not ours to judge. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wpedantic"
#include <Random123/philox.h>
#pragma GCC diagnostic pop
#endif
#endif

static void check_block(const uint32_t c[4], uint64_t seed, const uint32_t expected[4])
{
    uint32_t out[4];
    ps_philox(seed, c[0] | (uint64_t)c[1] << 32, c[2], c[3], out);
    ck_assert_mem_eq(out, expected, sizeof out);
}

START_TEST(known_answers_of_random123)
{
    const uint32_t zero[4] = {0}, ones[4] = {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX};
    const uint32_t pi[4] = {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344};
    check_block(zero, 0, (uint32_t[]){0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    check_block(ones, UINT64_MAX, (uint32_t[]){0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
    check_block(pi, 0x299f31d0a4093822,
                (uint32_t[]){0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}
END_TEST

#ifdef HAVE_RANDOM123
START_TEST(blocks_equal_random123)
{
    for (uint32_t i = 0; i < 5000; i++) {
        const philox4x32_ctr_t counter = {{i * 2654435761u, i ^ 77u, ~i, i << 7}};
        const philox4x32_key_t key = {{i * 40503u, i + 5u}};
        const philox4x32_ctr_t expected = philox4x32(counter, key);
        check_block(counter.v, key.v[0] | (uint64_t)key.v[1] << 32, expected.v);
    }
}
END_TEST
#endif

START_TEST(uniforms_are_52_bits_of_the_first_two_words)
{
    const uint64_t starts[] = {0, 12345, 0xfffffffcu, UINT64_MAX - 3}; /* carries included */
    for (int s = 0; s < 4; s++) {
        double u[64];
        ps_philox_uniform(99, starts[s], 7, 8, 64, u);
        for (int l = 0; l < 64; l++) {
            uint32_t w[4];
            ps_philox(99, starts[s] + (uint64_t)l, 7, 8, w);
            const uint64_t k = ((uint64_t)w[0] << 32 | w[1]) >> 12;
            ck_assert_double_eq(u[l], (double)k * 0x1p-52 + 0x1p-53);
            ck_assert(u[l] > 0.0 && u[l] < 1.0);
        }
    }
}
END_TEST

START_TEST(words_are_the_blocks_in_order)
{
    uint32_t words[4 * 41 + 1];
    for (int blocks = 0; blocks <= 41; blocks++) {
        words[4 * blocks] = 0xabcdef01;
        ps_philox_words(5, 0x123456789abcdef, 3, 0xfffffff8u, blocks, words);
        for (int b = 0; b < blocks; b++) {
            uint32_t w[4];
            ps_philox(5, 0x123456789abcdef, 3, 0xfffffff8u + (uint32_t)b, w);
            ck_assert_mem_eq(words + 4 * b, w, sizeof w);
        }
        ck_assert_uint_eq(words[4 * blocks], 0xabcdef01); /* nothing is written past the end */
    }
}
END_TEST

START_TEST(cells_are_blocks_of_their_own_keys)
{
    enum { CELLS = 37, STRIDE = 40 };
    uint64_t path[CELLS];
    uint32_t stream[CELLS], index[CELLS], out[4][STRIDE];
    for (uint32_t k = 0; k < CELLS; k++) {
        path[k] = k * 0x9e3779b97f4a7c15u;
        stream[k] = ~(k * 7919u);
        index[k] = k << 26;
    }
    for (int n = 0; n <= CELLS; n++) {
        memset(out, 0x5a, sizeof out);
        ps_philox_cells(21, n, path, stream, index, out[0], STRIDE);
        for (int k = 0; k < n; k++) {
            uint32_t w[4];
            ps_philox(21, path[k], stream[k], index[k], w);
            for (int i = 0; i < 4; i++)
                ck_assert_uint_eq(out[i][k], w[i]);
        }
        for (int i = 0; i < 4; i++)
            ck_assert_uint_eq(out[i][n], 0x5a5a5a5a);
    }
}
END_TEST

START_TEST(blocks_lie_one_after_the_other)
{
    enum { CELLS = 37 };
    uint64_t path[CELLS];
    uint32_t index[CELLS], out[4 * CELLS + 1];
    for (uint32_t k = 0; k < CELLS; k++) {
        path[k] = k * 0x9e3779b97f4a7c15u;
        index[k] = k << 26;
    }
    for (int n = 0; n <= CELLS; n++) {
        out[4 * n] = 0x5a5a5a5a;
        ps_philox_blocks(21, 77, n, path, index, out);
        for (int k = 0; k < n; k++) {
            uint32_t w[4];
            ps_philox(21, path[k], 77, index[k], w);
            ck_assert_mem_eq(out + 4 * k, w, sizeof w);
        }
        ck_assert_uint_eq(out[4 * n], 0x5a5a5a5a);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("philox");
    TCase *tests = tcase_create("philox");
    tcase_set_timeout(tests, 120.0); /* unoptimised and sanitized builds are slow */
    tcase_add_test(tests, known_answers_of_random123);
#ifdef HAVE_RANDOM123
    tcase_add_test(tests, blocks_equal_random123);
#endif
    tcase_add_test(tests, uniforms_are_52_bits_of_the_first_two_words);
    tcase_add_test(tests, words_are_the_blocks_in_order);
    tcase_add_test(tests, cells_are_blocks_of_their_own_keys);
    tcase_add_test(tests, blocks_lie_one_after_the_other);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
