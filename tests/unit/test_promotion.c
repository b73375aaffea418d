/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/promotion/promotion.h"

#include "model/promotion/basket.h"
#include "rule.h"

static double applied(const ps_promotion_kind *kind, bench *b, double price)
{
    fill(b->price, price);
    kind->apply(b->params.bytes, b->days, b->view.values, b->price);
    return b->price[0];
}

START_TEST(percent_off_takes_a_part)
{
    bench *b = bench_new(&ps_promotion_percent_off.head);

    bench_set(b, "value", 0.25)[6] = 1;
    ck_assert_double_eq(applied(&ps_promotion_percent_off, b, 80), 60);
    ck_assert_double_eq(b->price[6], 0);
    free(b);
}
END_TEST

START_TEST(amount_off_stops_at_zero)
{
    bench *b = bench_new(&ps_promotion_amount_off.head);

    bench_set(b, "value", 30);
    ck_assert_double_eq(applied(&ps_promotion_amount_off, b, 80), 50);
    ck_assert_double_eq(applied(&ps_promotion_amount_off, b, 20), 0);
    free(b);
}
END_TEST

START_TEST(a_promotional_price_never_raises_the_price)
{
    bench *b = bench_new(&ps_promotion_fixed_price.head);

    bench_set(b, "price", 70);
    ck_assert_double_eq(applied(&ps_promotion_fixed_price, b, 80), 70);
    ck_assert_double_eq(applied(&ps_promotion_fixed_price, b, 65), 65);
    free(b);
}
END_TEST

START_TEST(a_flash_is_a_part_or_a_price)
{
    bench *b = bench_new(&ps_promotion_flash.head);

    bench_set(b, "value", 0.25)[6] = 0;
    ck_assert_double_eq(applied(&ps_promotion_flash, b, 80), 60);
    ck_assert_double_eq(b->price[6], 80);
    bench_set(b, "price", 70);
    ck_assert_double_eq(applied(&ps_promotion_flash, b, 80), 70);
    ck_assert_double_eq(applied(&ps_promotion_flash, b, 65), 65);
    free(b);
}
END_TEST

/* The reader lays out a markdown as its shape says: a day, then a number. */
START_TEST(a_clearance_follows_its_calendar)
{
    bench *b = bench_new(&ps_promotion_clearance.head);
    const ps_field *field = bench_field(&ps_promotion_clearance.head.shape, "markdowns");
    const size_t size = field->sub->size;
    char *steps = calloc(2, size);

    for (int k = 0; k < 2; k++) {
        char *step = steps + (size_t)k * size;

        *(int *)(void *)(step + field->sub->fields[0].offset) = 104 + 7 * k;
        *(ps_number *)(void *)(step + field->sub->fields[1].offset) =
            bench_number(b, k == 0 ? 0.1 : 0.5);
    }
    *(ps_list *)(void *)(b->params.bytes + field->offset) = (ps_list){2, steps};
    b->days[0] = 100; /* before the first step: the days from it on */
    b->days[1] = 107;
    ck_assert_double_eq_tol(applied(&ps_promotion_clearance, b, 80), 72, 1e-12);
    b->days[0] = 107; /* four days at a tenth, three at a half */
    b->days[1] = 114;
    ck_assert_double_eq_tol(applied(&ps_promotion_clearance, b, 70), 70 * (1 - (0.4 + 1.5) / 7),
                            1e-12);
    b->days[0] = 120;
    b->days[1] = 127;
    ck_assert_double_eq_tol(applied(&ps_promotion_clearance, b, 80), 40, 1e-12);
    free(steps);
    free(b);
}
END_TEST

START_TEST(a_coupon_cuts_the_price_of_those_who_redeem_it)
{
    bench *b = bench_new(&ps_promotion_coupon.head);

    bench_set(b, "value", 0.25)[6] = 1;
    ck_assert_double_eq(applied(&ps_promotion_coupon, b, 80), 60);
    ck_assert_double_eq(b->price[6], 0);
    bench_set(b, "amount", 30);
    ck_assert_double_eq(applied(&ps_promotion_coupon, b, 80), 50);
    ck_assert_double_eq(applied(&ps_promotion_coupon, b, 20), 0);
    bench_set(b, "eligible", 0.5);
    bench_set(b, "redemption", 0.25)[6] = 1;
    fill(b->price, 0.8);
    ps_promotion_coupon.narrow(b->params.bytes, b->view.values, b->price);
    ck_assert_double_eq_tol(b->price[0], 0.1, 1e-15);
    ck_assert_double_eq_tol(b->price[6], 0.4, 1e-15);
    free(b);
}
END_TEST

START_TEST(members_pay_a_part_an_amount_or_a_price_less)
{
    bench *b = bench_new(&ps_promotion_member_price.head);

    bench_set(b, "value", 0.25)[6] = 1;
    ck_assert_double_eq(applied(&ps_promotion_member_price, b, 80), 60);
    ck_assert_double_eq(b->price[6], 0);
    bench_set(b, "amount", 30);
    ck_assert_double_eq(applied(&ps_promotion_member_price, b, 80), 50);
    ck_assert_double_eq(applied(&ps_promotion_member_price, b, 20), 0);
    bench_set(b, "price", 70);
    ck_assert_double_eq(applied(&ps_promotion_member_price, b, 80), 70);
    ck_assert_double_eq(applied(&ps_promotion_member_price, b, 65), 65);
    ck_assert_int_eq(ps_promotion_member_price.members(b->params.bytes)->per, PS_PER_NONE);
    ck_assert(!ps_promotion_coupon.members);
    free(b);
}
END_TEST

START_TEST(a_bundle_is_never_dearer_than_its_parts)
{
    bench *b = bench_new(&ps_promotion_bundle.head);
    bool pure = true;

    ck_assert_double_eq(applied(&ps_promotion_bundle, b, 80), 80);
    ck_assert_ptr_nonnull(ps_promotion_bundle.joint(b->params.bytes, &pure));
    ck_assert(!pure);
    bench_set(b, "value", 0.25)[6] = 1;
    ck_assert_double_eq(applied(&ps_promotion_bundle, b, 80), 60);
    ck_assert_double_eq(b->price[6], 0);
    bench_set(b, "price", 70);
    ck_assert_double_eq(applied(&ps_promotion_bundle, b, 80), 70);
    ck_assert_double_eq(applied(&ps_promotion_bundle, b, 65), 65);
    free(b);
}
END_TEST

START_TEST(unit_prices_and_basket_rules_are_apart)
{
    ck_assert(!ps_promotion_percent_off.basket);
    ck_assert(!ps_promotion_amount_off.basket);
    ck_assert(!ps_promotion_fixed_price.basket);
    ck_assert(!ps_promotion_threshold.apply);
}
END_TEST

/* The reader lays out lists and objects as the shapes say: here two and three doubles in a row. */
START_TEST(threshold_tells_its_tiers)
{
    bench *b = bench_new(&ps_promotion_threshold.head);
    double tiers[][2] = {{100, 10}, {300, 45}};
    ps_basket_rule rule;

    *(ps_list *)bench_at(b, "tiers") = (ps_list){2, tiers};
    ps_promotion_threshold.basket(b->params.bytes, &rule);
    ck_assert_int_eq(rule.tiers, 2);
    ck_assert_double_eq(rule.spend[1], 300);
    ck_assert_double_eq(rule.save[1], 45);
    ck_assert(rule.choice_effect);
    ck_assert_double_eq(b->values[rule.compliance->slot][0], 0.7);
    ck_assert_double_eq(b->values[rule.addon_value->slot][0], 0.5);
    bench_name(b, "choice_effect", "none");
    ps_promotion_threshold.basket(b->params.bytes, &rule);
    ck_assert(!rule.choice_effect);
    free(b);
}
END_TEST

START_TEST(every_so_much_spent_saves_up_to_the_cap)
{
    bench *b = bench_new(&ps_promotion_threshold.head);
    double every[] = {100, 15, 40}; /* spend, save, cap */
    ps_basket_rule rule;

    *(void **)bench_at(b, "every") = every;
    ps_promotion_threshold.basket(b->params.bytes, &rule);
    ck_assert_int_eq(rule.tiers, 3);
    ck_assert_double_eq(rule.spend[2], 300);
    ck_assert_double_eq(rule.save[1], 30);
    ck_assert_double_eq(rule.save[2], 40);
    ck_assert_double_eq(ps_basket_saving(&rule, 99), 0);
    ck_assert_double_eq(ps_basket_saving(&rule, 100), 15);
    ck_assert_double_eq(ps_basket_saving(&rule, 299), 30);
    ck_assert_double_eq(ps_basket_saving(&rule, 9999), 40);
    every[2] = 0; /* no cap: as many tiers as there are */
    ps_promotion_threshold.basket(b->params.bytes, &rule);
    ck_assert_int_eq(rule.tiers, PS_MAX_TIERS);
    ck_assert_double_eq(rule.save[PS_MAX_TIERS - 1], 15.0 * PS_MAX_TIERS);
    free(b);
}
END_TEST

/* Active days of the week that begins `day` days after the promotion's first day. */
static int days(const ps_promotion *p, int day)
{
    return ps_promotion_days(p, p->from + day, p->from + day + 7);
}

START_TEST(both_ends_are_inside)
{
    const ps_promotion p = {.from = 1000, .to = 1009};

    ck_assert_int_eq(days(&p, 0), 7);
    ck_assert_int_eq(days(&p, 7), 3);
    ck_assert_int_eq(days(&p, 10), 0);
    ck_assert_int_eq(days(&p, -6), 1);
    ck_assert_int_eq(days(&p, -7), 0);
    ck_assert_int_eq(ps_promotion_days(&p, 0, 5000), 10);
    ck_assert_int_eq(ps_promotion_last_day(&p), 1009);
    const ps_promotion one = {.from = 1000, .to = 1000};
    ck_assert_int_eq(days(&one, 0), 1);
    ck_assert_int_eq(days(&one, 1), 0);
}
END_TEST

START_TEST(a_recurrence_comes_back_until_the_end)
{
    ps_recurrence r = {.every_days = 10, .days = 4};
    const ps_promotion p = {
        .from = 1000, .to = 1031, .recurrence = &r}; /* runs 0-3, 10-13, 20-23, 30-31 */

    ck_assert_int_eq(days(&p, 0), 4);
    ck_assert_int_eq(days(&p, 4), 1);
    ck_assert_int_eq(days(&p, 7), 4);
    ck_assert_int_eq(days(&p, 14), 1);
    ck_assert_int_eq(days(&p, 28), 2);
    ck_assert_int_eq(ps_promotion_days(&p, 0, 5000), 14);
    for (int day = 0; day < 40; day++) { /* day by day */
        const bool active = day % 10 < 4 && day <= 31;
        ck_assert_int_eq(ps_promotion_days(&p, 1000 + day, 1001 + day), active);
    }
}
END_TEST

START_TEST(a_recurrence_ends_after_its_times)
{
    ps_recurrence r = {.every_days = 10, .days = 4, .times = 2};
    ps_promotion p = {.from = 1000, .to = 1099, .recurrence = &r};

    ck_assert_int_eq(ps_promotion_days(&p, 0, 5000), 8);
    ck_assert_int_eq(ps_promotion_last_day(&p), 1013);
    p.to = 1011; /* whichever comes first */
    ck_assert_int_eq(ps_promotion_days(&p, 0, 5000), 6);
    ck_assert_int_eq(ps_promotion_last_day(&p), 1011);
    r.days = 10; /* without a break */
    p.to = 1099;
    ck_assert_int_eq(ps_promotion_days(&p, 0, 5000), 20);
}
END_TEST

START_TEST(weeks_of_a_window_add_up)
{
    ps_recurrence r = {.every_days = 9, .days = 5, .times = 6};
    const ps_promotion p = {.from = 20000, .to = 20100, .recurrence = &r};
    int sum = 0;

    for (int start = 19990; start < 20120; start += 7) {
        sum += ps_promotion_days(&p, start, start + 7);
    }
    ck_assert_int_eq(sum, 30);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("promotion");
    TCase *tcase = tcase_create("promotion");

    tcase_add_test(tcase, percent_off_takes_a_part);
    tcase_add_test(tcase, amount_off_stops_at_zero);
    tcase_add_test(tcase, a_promotional_price_never_raises_the_price);
    tcase_add_test(tcase, a_flash_is_a_part_or_a_price);
    tcase_add_test(tcase, a_clearance_follows_its_calendar);
    tcase_add_test(tcase, a_coupon_cuts_the_price_of_those_who_redeem_it);
    tcase_add_test(tcase, members_pay_a_part_an_amount_or_a_price_less);
    tcase_add_test(tcase, a_bundle_is_never_dearer_than_its_parts);
    tcase_add_test(tcase, unit_prices_and_basket_rules_are_apart);
    tcase_add_test(tcase, threshold_tells_its_tiers);
    tcase_add_test(tcase, every_so_much_spent_saves_up_to_the_cap);
    tcase_add_test(tcase, both_ends_are_inside);
    tcase_add_test(tcase, a_recurrence_comes_back_until_the_end);
    tcase_add_test(tcase, a_recurrence_ends_after_its_times);
    tcase_add_test(tcase, weeks_of_a_window_add_up);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
