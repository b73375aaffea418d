/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "report/language.h"

static ps_arena arena;
static ps_words chinese = {.language = PS_CHINESE, .arena = &arena};

static void teardown(void)
{
    ps_arena_free(&arena);
}

static void same(const char *english, const char *expected)
{
    ck_assert_str_eq(ps_words_of(&chinese, english), expected);
}

static void same_sentence(const char *english, const char *expected)
{
    ck_assert_str_eq(ps_words_of_sentence(&chinese, english), expected);
}

START_TEST(numbers_keep_their_digits)
{
    same("11.4M", "1140万");
    same("6.19M", "619万");
    same("0.85M", "85万");
    same("63k", "6.3万");
    same("8.5k", "0.85万");
    same("-0.5k", "-0.05万");
    same("+34.38k", "+3.438万");
    same("230M", "2.30亿");
    same("1.2B", "12亿");
    same("3.5T", "3.5万亿");
    same("0.0k", "0");
    same("1,234", "1,234");
    same("54.3%", "54.3%");
    same("3.4M to 6.6M", "340万 至 660万");
}
END_TEST

START_TEST(clauses_are_put_together_again)
{
    same_sentence("Contribution is likely 4.6M to 8.1M CNY, median 6.2M: 54% of revenue.",
                  "边际贡献很可能在 460万 至 810万 CNY 之间，中位数 620万，占收入的 54%。");
    same_sentence("The promotions earn 32k CNY net on average (-5k to 69k) and pay in 85% of the "
                  "futures; 46% of the units on promotion would have been sold anyway.",
                  "促销平均净赚 3.2万 CNY（-0.5万 至 6.9万），在 85% 的情景中划算；促销销量的 46% "
                  "本来也能卖出。");
}
END_TEST

START_TEST(what_is_not_known_stays)
{
    const char *other = "Nobody wrote this. Or that.";

    same("Back to school", "Back to school");
    same("Revenue of Mr. Smith", "Revenue of Mr. Smith");
    ck_assert_str_eq(ps_words_of(&chinese, other), other);
    ck_assert_ptr_null(ps_words_of(&chinese, NULL));
    ck_assert_str_eq(ps_words_of(&(ps_words){.language = PS_ENGLISH}, "Revenue"), "Revenue");
}
END_TEST

START_TEST(names_stay)
{
    const ps_doc_row name = {.id = "price", .label = "price"},
                     label = {.id = "x", .label = "Revenue"};

    same_sentence("Goal Revenue (66 by 2026-09-30) is reached with 57% chance.",
                  "目标“Revenue”（2026-09-30 前达到 66）达成概率 57%。");
    ck_assert_str_eq(ps_words_of_label(&chinese, &name), "price");
    ck_assert_str_eq(ps_words_of_label(&chinese, &label), "收入");
    same("default", "default");
    ck_assert_str_eq(ps_words_of_cell(&chinese, "default"), "默认");
}
END_TEST

/* Whatever a user writes, the work is bounded. */
START_TEST(hostile_texts_end)
{
    static char text[200001];

    for (size_t i = 0; i + 1 < sizeof text; i++) {
        text[i] = "; . {1}, % to "[i % 14];
    }
    ck_assert_ptr_nonnull(ps_words_of_sentence(&chinese, text));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("language");
    TCase *all = tcase_create("all");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(all, NULL, teardown);
    tcase_add_test(all, numbers_keep_their_digits);
    tcase_add_test(all, clauses_are_put_together_again);
    tcase_add_test(all, what_is_not_known_stays);
    tcase_add_test(all, names_stay);
    tcase_add_test(all, hostile_texts_end);
    suite_add_tcase(suite, all);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
