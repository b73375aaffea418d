/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"

#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

START_TEST(memory_is_zeroed_aligned_and_apart)
{
    ps_arena arena = {0};
    unsigned char *before = NULL;
    size_t before_size = 0;
    for (size_t size = 1; size < 3000; size = size * 3 / 2 + 1) {
        unsigned char *bytes = ps_arena_alloc(&arena, size, 1);
        ck_assert_ptr_nonnull(bytes);
        ck_assert_uint_eq((uintptr_t)bytes % (size >= 512 ? 64 : 16), 0);
        for (size_t i = 0; i < size; i++)
            ck_assert_uint_eq(bytes[i], 0);
        memset(bytes, 0xff, size);
        if (before)
            ck_assert(bytes >= before + before_size || bytes + size <= before);
        before = bytes;
        before_size = size;
    }
    ps_arena_free(&arena);
    ck_assert_ptr_null(arena.head);
    ck_assert_uint_eq(arena.bytes, 0);
}
END_TEST

START_TEST(one_request_may_exceed_a_block)
{
    ps_arena arena = {0};
    char *large = ps_arena_alloc(&arena, 3, 1 << 20);
    ck_assert_ptr_nonnull(large);
    large[(3 << 20) - 1] = 1;
    ck_assert_uint_ge(arena.bytes, 3 << 20);
    ps_arena_free(&arena);
}
END_TEST

START_TEST(overflowing_request_fails_and_zero_bytes_do_not)
{
    ps_arena arena = {0};
    ck_assert_ptr_null(ps_arena_alloc(&arena, SIZE_MAX / 4, 8));
    ck_assert_ptr_null(ps_arena_alloc(&arena, SIZE_MAX, 1));
    ck_assert_ptr_nonnull(ps_arena_alloc(&arena, 0, 8));
    ck_assert_ptr_nonnull(ps_arena_alloc(&arena, 8, 0));
    ck_assert_uint_eq(arena.bytes, 0);
    ps_arena_free(&arena);
}
END_TEST

START_TEST(text_is_copied_up_to_its_length)
{
    ps_arena arena = {0};
    ck_assert_str_eq(ps_arena_text(&arena, "discount", 4), "disc");
    ck_assert_str_eq(ps_arena_text(&arena, "cut", 100), "cut");
    ck_assert_str_eq(ps_arena_text(&arena, "", 0), "");
    ck_assert_str_eq(ps_arena_format(&arena, "%s %d", "week", 7), "week 7");
    char *long_text = ps_arena_format(&arena, "%6000d", 1);
    ck_assert_uint_eq(strlen(long_text), 6000);
    ps_arena_free(&arena);
}
END_TEST

START_TEST(small_requests_share_blocks)
{
    ps_arena arena = {0};
    for (int i = 0; i < 1 << 16; i++)
        ck_assert_ptr_nonnull(ps_arena_alloc(&arena, 1, 16));
    ck_assert_uint_lt(arena.bytes, 3 << 20); /* 1 MB was asked for */
    ps_arena_free(&arena);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("arena");
    TCase *tests = tcase_create("arena");
    tcase_set_timeout(tests, 120.0); /* unoptimised and sanitized builds are slow */
    tcase_add_test(tests, memory_is_zeroed_aligned_and_apart);
    tcase_add_test(tests, one_request_may_exceed_a_block);
    tcase_add_test(tests, small_requests_share_blocks);
    tcase_add_test(tests, overflowing_request_fails_and_zero_bytes_do_not);
    tcase_add_test(tests, text_is_copied_up_to_its_length);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
