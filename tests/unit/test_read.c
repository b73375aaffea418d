/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader, on a small shape of its own: every type of field, every form of a number. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "scenario/read.h"

#define Z95 1.6448536269514722

/* ---- the shape ---- */

typedef struct {
    int word;
    ps_number x;
} sub;

typedef struct {
    ps_entry entry;
    ps_number n;
} item;

typedef struct {
    double p;
} element;

typedef struct {
    ps_number depth;
} cut_params;

typedef struct {
    ps_entry entry;
    ps_kind_value kind;
    ps_number other;
} deal;

typedef struct {
    ps_number frac, money, below, any, needs;
    ps_spread spread;
    ps_dwell dwell;
    ps_rate rate, leaves;
    double plain, optional;
    int64_t whole;
    uint64_t seed;
    bool flag;
    const char *text;
    int choice, day;
    ps_ref ref;
    ps_refs refs, order;
    ps_number_map shares;
    ps_text_map texts;
    ps_plains plains;
    sub *object, *made;
    ps_map items, deals;
    ps_list list;
    ps_kind_value kind;
    const void *raw;
} root;

#define AT(member) .offset = offsetof(root, member)

static const char *const words[] = {"off", "auto", NULL};
static const char *const names[] = {"red", "green", NULL};
static const ps_field sub_fields[] = {{.key = "x",
                                       .type = PS_FIELD_NUMBER,
                                       .offset = offsetof(sub, x),
                                       .fallback = "7",
                                       .max = 10,
                                       .doc = "x"},
                                      {.type = PS_FIELD_END}};
static const ps_shape sub_shape = {"sub", sizeof(sub), sub_fields, "sub"};
static const ps_field item_fields[] = {{.key = "n",
                                        .type = PS_FIELD_NUMBER,
                                        .offset = offsetof(item, n),
                                        .flags = PS_REQUIRED,
                                        .max = 10,
                                        .doc = "n"},
                                       {.type = PS_FIELD_END}};
static const ps_shape item_shape = {"item", sizeof(item), item_fields, "item"};
static const ps_field element_fields[] = {
    {.key = "p", .type = PS_FIELD_PLAIN, .offset = offsetof(element, p), .max = 10, .doc = "p"},
    {.type = PS_FIELD_END}};
static const ps_shape element_shape = {"element", sizeof(element), element_fields, "element"};
static const ps_field cut_fields[] = {{.key = "depth",
                                       .type = PS_FIELD_NUMBER,
                                       .offset = offsetof(cut_params, depth),
                                       .flags = PS_REQUIRED,
                                       .max = 1,
                                       .unit = PS_UNIT_FRAC,
                                       .doc = "depth"},
                                      {.type = PS_FIELD_END}};
static const ps_field none_fields[] = {{.type = PS_FIELD_END}};
static const ps_kind cut = {"cut", "cut", {"cut", sizeof(cut_params), cut_fields, "cut"}};
static const ps_kind none = {"none", "none", {"nothing", 1, none_fields, "none"}};
static const ps_kind *const kinds[] = {&cut, &none, NULL};
static const ps_family family = {"move", kinds};
static const ps_field deal_fields[] = {{.type = PS_FIELD_KIND,
                                        .offset = offsetof(deal, kind),
                                        .flags = PS_REQUIRED,
                                        .family = &family,
                                        .doc = "kind"},
                                       {.key = "other",
                                        .type = PS_FIELD_NUMBER,
                                        .offset = offsetof(deal, other),
                                        .max = 10,
                                        .doc = "other"},
                                       {.type = PS_FIELD_END}};
static const ps_shape deal_shape = {"deal", sizeof(deal), deal_fields, "deal"};
static const ps_field root_fields[] = {
    {.key = "frac", .type = PS_FIELD_NUMBER, AT(frac), .max = 1, .unit = PS_UNIT_FRAC, .doc = "d"},
    {.key = "money",
     .type = PS_FIELD_NUMBER,
     AT(money),
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "d"},
    {.key = "below",
     .type = PS_FIELD_NUMBER,
     AT(below),
     .min = -50,
     .flags = PS_OPEN_MAX,
     .doc = "d"},
    {.key = "any",
     .type = PS_FIELD_NUMBER,
     AT(any),
     .min = -1,
     .max = 10,
     .unit = PS_UNIT_SIGNED_FRAC,
     .doc = "d"},
    {.key = "needs",
     .type = PS_FIELD_NUMBER,
     AT(needs),
     .max = 9,
     .flags = PS_NEEDS_RANGE,
     .doc = "d"},
    {.key = "spread", .type = PS_FIELD_SPREAD, AT(spread), .max = 1e6, .doc = "d"},
    {.key = "dwell", .type = PS_FIELD_DWELL, AT(dwell), .max = 1e6, .doc = "d"},
    {.type = PS_FIELD_RATE, AT(rate), .max = 1e6, .doc = "d"},
    {.key = "leaves",
     .type = PS_FIELD_RATE,
     AT(leaves),
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "d"},
    {.key = "plain",
     .type = PS_FIELD_PLAIN,
     AT(plain),
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .fallback = "0.25",
     .doc = "d"},
    {.key = "optional", .type = PS_FIELD_PLAIN, AT(optional), .fallback = "null", .doc = "d"},
    {.key = "whole",
     .type = PS_FIELD_WHOLE,
     AT(whole),
     .min = 1,
     .max = 1e9,
     .fallback = "3",
     .doc = "d"},
    {.key = "seed", .type = PS_FIELD_SEED, AT(seed), .doc = "d"},
    {.key = "flag", .type = PS_FIELD_BOOL, AT(flag), .fallback = "true", .doc = "d"},
    {.key = "text", .type = PS_FIELD_TEXT, AT(text), .doc = "d"},
    {.key = "choice", .type = PS_FIELD_ENUM, AT(choice), .names = names, .doc = "d"},
    {.key = "day", .type = PS_FIELD_DATE, AT(day), .doc = "d"},
    {.key = "ref", .type = PS_FIELD_REF, AT(ref), .refers = PS_REF_ANY_OFFER, .doc = "d"},
    {.key = "refs", .type = PS_FIELD_REFS, AT(refs), .refers = PS_REF_OFFER, .doc = "d"},
    {.key = "order", .type = PS_FIELD_ORDER, AT(order), .refers = PS_REF_STEP, .doc = "d"},
    {.key = "shares",
     .type = PS_FIELD_NUMBER_MAP,
     AT(shares),
     .refers = PS_REF_ALTERNATIVE,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "d"},
    {.key = "texts", .type = PS_FIELD_TEXT_MAP, AT(texts), .doc = "d"},
    {.key = "plains", .type = PS_FIELD_PLAINS, AT(plains), .min = 2, .max = 3, .doc = "d"},
    {.key = "object",
     .type = PS_FIELD_OBJECT,
     AT(object),
     .sub = &sub_shape,
     .names = words,
     .doc = "d"},
    {.key = "made",
     .type = PS_FIELD_OBJECT,
     AT(made),
     .sub = &sub_shape,
     .fallback = "{}",
     .doc = "d"},
    {.key = "items", .type = PS_FIELD_MAP, AT(items), .sub = &item_shape, .max = 3, .doc = "d"},
    {.key = "deals", .type = PS_FIELD_MAP, AT(deals), .sub = &deal_shape, .doc = "d"},
    {.key = "list", .type = PS_FIELD_LIST, AT(list), .sub = &element_shape, .doc = "d"},
    {.key = "kind",
     .type = PS_FIELD_KIND,
     AT(kind),
     .family = &family,
     .fallback = "{\"kind\": \"none\"}",
     .doc = "d"},
    {.key = "raw", .type = PS_FIELD_RAW, AT(raw), .doc = "d"},
    {.type = PS_FIELD_END}};
static const ps_shape root_shape = {"root", sizeof(root), root_fields, "root"};

/* ---- reading ---- */

static ps_arena arena;
static ps_tree tree;
static ps_faults faults;
static ps_files files;
static ps_node *node;
static ps_reader reader;
static root r;

/* Offers a, b; rivals x, y; segments s, t; waterfall step w. */
static const char world[] =
    "{\"offers\": {\"b\": {}, \"a\": {}}, \"market\": {\"segments\": {\"t\": {}, \"s\": {}}},"
    "\"competitors\": {\"d\": {\"offers\": {\"x\": {}}}, \"c\": {\"offers\": {\"y\": {}}}},"
    "\"waterfall\": {\"steps\": {\"w\": {}}}}";
static ps_node *world_node;
static ps_names known;

static void set_up(void)
{
    ck_assert_int_eq(ps_tree_parse(&tree, "world", world, strlen(world), &world_node, &faults),
                     PS_OK);
    ck_assert_int_eq(ps_names_collect(&known, &arena, &tree, world_node, &faults), PS_OK);
    ps_files_init(&files, &arena, "-", false);
}

static void tear_down(void)
{
    ps_node_free(node);
    ps_node_free(world_node);
    node = world_node = NULL;
    ps_tree_free(&tree);
    ps_arena_free(&arena);
    ps_faults_free(&faults);
}

static ps_status read_text(const char *text)
{
    ps_node_free(node);
    node = NULL;
    memset(&r, 0, sizeof r);
    ck_assert_int_eq(ps_tree_parse(&tree, "f", text, strlen(text), &node, &faults), PS_OK);
    reader = (ps_reader){
        .arena = &arena, .tree = &tree, .names = &known, .files = &files, .faults = &faults};
    return ps_read(&reader, node, &root_shape, &r);
}

static void accept(const char *text)
{
    const ps_status status = read_text(text);

    ck_assert_msg(status == PS_OK, "%s: %s %s", text,
                  faults.count == 0 ? "" : faults.items[faults.count - 1].code,
                  faults.count == 0 ? "" : faults.items[faults.count - 1].message);
}

/* Reads a text with one fault. */
static void refuse(const char *text, const char *code, const char *pointer, const char *part)
{
    ps_faults_free(&faults);
    ck_assert_msg(read_text(text) == PS_ERR_INPUT, "%s was accepted", text);
    ck_assert_str_eq(faults.items[0].code, code);
    ck_assert_str_eq(faults.items[0].pointer, pointer);

    const char *hint = faults.items[0].hint == NULL ? "" : faults.items[0].hint;

    ck_assert_msg(strstr(faults.items[0].message, part) != NULL || strstr(hint, part) != NULL,
                  "%s: '%s; %s'", text, faults.items[0].message, hint);
}

/* ---- tests ---- */

START_TEST(what_is_left_out_gets_defaults_or_nothing)
{
    accept("{}");
    ck_assert(!r.frac.given && r.frac.slot == -1);
    ck_assert(!r.spread.given && r.spread.parameter[0].slot == -1 &&
              r.dwell.lost.parameter[2].slot == -1);
    ck_assert_int_eq(r.rate.per, PS_PER_NONE);
    ck_assert_int_eq(r.rate.value.slot, -1);
    ck_assert_double_eq(r.plain, 0.25);
    ck_assert(isnan(r.optional));
    ck_assert_int_eq(r.whole, 3);
    ck_assert(r.flag);
    ck_assert_ptr_null(r.text);
    ck_assert_int_eq(r.choice, -1);
    ck_assert_int_eq(r.day, PS_NO_DATE);
    ck_assert(r.ref.id == NULL && r.ref.index == -1);
    ck_assert_ptr_null(r.object);
    ck_assert_ptr_nonnull(r.made);
    ck_assert_double_eq(r.made->x.dist.p[0], 7);
    ck_assert(r.made->x.defaulted && r.made->x.given && r.made->x.exact);
    ck_assert_str_eq(r.made->x.pointer, "/made/x");
    ck_assert_ptr_eq(r.kind.kind, &none);
    ck_assert_int_eq(r.items.count, 0);
}
END_TEST

START_TEST(an_order_left_out_is_all_members)
{
    accept("{}");
    ck_assert_int_eq(r.order.count, 4);
    ck_assert_str_eq(r.order.items[0].id, "w");
    ck_assert_int_eq(r.order.items[0].index, 0);
    ck_assert_str_eq(r.order.items[3].id, "invoice");
    ck_assert_int_eq(r.order.items[3].index, -3);
}
END_TEST

START_TEST(plain_values_are_read)
{
    int day = 0;

    accept(
        "{\"plain\": \"12.3%\", \"optional\": -1e5, \"whole\": 1e9, \"seed\": "
        "\"18446744073709551615\", \"flag\": false,"
        "\"text\": \"价格\", \"choice\": \"green\", \"day\": \"2026-01-05\", \"plains\": [1, 2.5],"
        "\"texts\": {\"b\": \"2\", \"a\": \"1\"}}");
    ck_assert(r.plain == 0.123); /* exactly, as 0.123 is written */
    ck_assert_double_eq(r.optional, -1e5);
    ck_assert_int_eq(r.whole, 1000000000);
    ck_assert_uint_eq(r.seed, UINT64_MAX);
    ck_assert(!r.flag);
    ck_assert_str_eq(r.text, "价格");
    ck_assert_int_eq(r.choice, 1);
    ck_assert(ps_date_parse("2026-01-05", &day) && r.day == day);
    ck_assert(r.plains.count == 2 && r.plains.items[1] == 2.5);
    ck_assert(r.texts.count == 2 && strcmp(r.texts.ids[0], "a") == 0 &&
              strcmp(r.texts.texts[1], "2") == 0);
}
END_TEST

START_TEST(percentages_are_the_decimal_number)
{
    char text[40];

    for (int i = 0; i <= 1000; i++) {
        snprintf(text, sizeof text, "{\"plain\": \"%d.%d%%\"}", i / 10, i % 10);
        accept(text);
        snprintf(text, sizeof text, "%d.%03d", i / 1000, i % 1000);
        ck_assert(r.plain == strtod(text, NULL));
    }
}
END_TEST

/* The ends of a range are its 5th and 95th percentiles, whatever the law. */
static void check_ends(const ps_number *number, double a, double b)
{
    ck_assert_double_eq_tol(ps_dist_quantile(&number->dist, 0.05), a, 1e-9 * fabs(a));
    ck_assert_double_eq_tol(ps_dist_quantile(&number->dist, 0.95), b, 1e-9 * fabs(b));
    ck_assert(!number->exact && number->given);
}

START_TEST(a_range_is_the_law_of_its_key)
{
    accept("{\"frac\": \"30% to 45%\", \"money\": \"160 to 220\", \"below\": \"-2.5 to -1.2\", "
           "\"any\": \"-5% to 10%\"}");
    check_ends(&r.frac, 0.30, 0.45);
    ck_assert_int_eq(r.frac.dist.law, PS_LAW_LOGIT_NORMAL);
    check_ends(&r.money, 160, 220);
    ck_assert_int_eq(r.money.dist.law, PS_LAW_LOGNORMAL);
    check_ends(&r.below, -2.5, -1.2);
    ck_assert_int_eq(r.below.dist.law, PS_LAW_LOGNORMAL);
    ck_assert_double_eq(r.below.dist.sign, -1);
    check_ends(&r.any, -0.05, 0.10);
    ck_assert_int_eq(r.any.dist.law, PS_LAW_NORMAL);
    ck_assert_double_eq_tol(r.any.dist.p[1], 0.15 / (2 * Z95), 1e-15);
    accept("{\"frac\": \"0.3 to 0.45\"}");
    check_ends(&r.frac, 0.30, 0.45);
}
END_TEST

START_TEST(distributions_are_read)
{
    accept("{\"money\": {\"normal\": {\"mean\": 50, \"sd\": 2}, \"draw\": \"oil\", \"min\": 45}}");
    ck_assert_int_eq(r.money.dist.law, PS_LAW_NORMAL);
    ck_assert(r.money.dist.p[0] == 50 && r.money.dist.p[1] == 2);
    ck_assert(r.money.dist.truncated && r.money.dist.min == 45 && isinf(r.money.dist.max));
    ck_assert_str_eq(r.money.draw, "oil");
    accept("{\"below\": {\"lognormal\": {\"median\": -2, \"sdlog\": 0.3}}}");
    ck_assert(r.below.dist.p[0] == 2 && r.below.dist.sign == -1);
    accept("{\"money\": {\"gamma\": {\"mean\": 3, \"sd\": 1}}}");
    accept("{\"money\": {\"weibull\": {\"shape\": 1.2, \"scale\": 3}}}");
    accept("{\"money\": {\"exponential\": {\"mean\": 3}}}");
    accept("{\"money\": {\"pert\": [1, 2, 4]}}");
    ck_assert(r.money.dist.law == PS_LAW_PERT && r.money.dist.p[2] == 4);
    accept("{\"frac\": {\"uniform\": [\"20%\", 0.3]}}");
    ck_assert(r.frac.dist.p[0] == 0.2 && r.frac.dist.p[1] == 0.3);
    accept("{\"frac\": {\"logit_normal\": {\"mean\": -1, \"sd\": 0.5}}}");
    accept("{\"money\": {\"discrete\": [[10, 3], [5, 1]]}}");
    ck_assert(r.money.dist.n == 2 && r.money.dist.x[0] == 10 && r.money.dist.w[0] == 0.75);
}
END_TEST

START_TEST(counts_are_a_beta_under_jeffreys_prior)
{
    accept("{\"frac\": {\"counts\": [842, 8000]}}");
    ck_assert_int_eq(r.frac.dist.law, PS_LAW_BETA);
    ck_assert(r.frac.dist.p[0] == 842.5 && r.frac.dist.p[1] == 7158.5);
    ck_assert_double_eq_tol(ps_dist_centre(&r.frac.dist), 842.5 / 8001, 1e-12);
    accept("{\"frac\": {\"counts\": [0, 10]}}");
    ck_assert(r.frac.dist.p[0] == 0.5 && r.frac.dist.p[1] == 10.5);
}
END_TEST

START_TEST(a_number_says_whether_it_is_exact)
{
    accept("{\"money\": 5, \"needs\": 5}");
    ck_assert(r.money.exact && !r.needs.exact);
    accept("{\"needs\": {\"value\": 5, \"exact\": true}}");
    ck_assert(r.needs.exact && r.needs.dist.p[0] == 5);
    accept("{\"money\": {\"value\": \"4 to 6\", \"draw\": \"d\"}}");
    ck_assert(!r.money.exact && strcmp(r.money.draw, "d") == 0);
    check_ends(&r.money, 4, 6);
}
END_TEST

START_TEST(shifts_are_sorted_and_take_a_row_per_segment)
{
    accept("{\"frac\": 0.5, \"money\": {\"value\": \"4 to 6\", \"shift\": {\"t\": -0.2, \"s\": "
           "0.1}}, \"any\": 1}");
    ck_assert_int_eq(r.money.shifts, 2);
    ck_assert(strcmp(r.money.shift_segment[0], "s") == 0 && r.money.shift[0] == 0.1 &&
              r.money.shift[1] == -0.2);
    ck_assert_int_eq(r.frac.slot, 0);
    ck_assert_int_eq(r.money.slot, 1);
    ck_assert_int_eq(r.any.slot, 3);
    ck_assert_int_eq(reader.slots, 3 + 2); /* and the default made.x */
}
END_TEST

START_TEST(a_law_that_passes_the_bounds_is_cut)
{
    accept("{\"money\": {\"normal\": {\"mean\": 1, \"sd\": 5}}}");
    ck_assert(r.money.dist.truncated && r.money.dist.min == 0);
    ck_assert_uint_eq(faults.warnings, 1);
    ck_assert_str_eq(faults.items[0].code, "WARN_NEGATIVE_MASS");
    accept("{\"money\": {\"normal\": {\"mean\": 5, \"sd\": 1}}}"); /* 3e-7 below 0 */
    ck_assert(r.money.dist.truncated);
    ck_assert_uint_eq(faults.warnings, 1);
    accept("{\"money\": {\"normal\": {\"mean\": 50, \"sd\": 1}}, \"frac\": {\"beta\": {\"a\": 2, "
           "\"b\": 2}}}");
    ck_assert(!r.money.dist.truncated && !r.frac.dist.truncated);
    refuse("{\"needs\": {\"exponential\": {\"mean\": 9}, \"max\": 20}}", "RANGE", "/needs/max",
           "at most 9");
}
END_TEST

START_TEST(spreads_have_numbers_as_parameters)
{
    accept("{\"spread\": {\"lognormal\": {\"median\": \"4 to 6\", \"sdlog\": 0.5}}}");
    ck_assert_int_eq(r.spread.law, PS_LAW_LOGNORMAL);
    check_ends(&r.spread.parameter[0], 4, 6);
    ck_assert_str_eq(r.spread.parameter[0].pointer, "/spread/lognormal/median");
    ck_assert(r.spread.parameter[1].exact && r.spread.parameter[1].slot == 1);
    accept("{\"spread\": 22}");
    ck_assert(r.spread.given && r.spread.law == PS_LAW_CONSTANT &&
              r.spread.parameter[0].dist.p[0] == 22);
    accept("{\"spread\": {\"uniform\": [1, 3]}}");
    ck_assert(r.spread.parameter[1].dist.p[0] == 3);
    accept("{\"spread\": \"2 to 9\"}");
    ck_assert_double_eq_tol(r.spread.parameter[0].dist.p[0], sqrt(18), 1e-12);
    ck_assert_double_eq_tol(r.spread.parameter[1].dist.p[0], log(4.5) / (2 * Z95), 1e-12);
}
END_TEST

START_TEST(dwell_times_may_differ_by_outcome)
{
    accept("{\"dwell\": {\"gamma\": {\"mean\": 3, \"sd\": 1}}}");
    ck_assert(r.dwell.given && !r.dwell.by_outcome);
    ck_assert_int_eq(r.dwell.lost.parameter[1].slot, r.dwell.won.parameter[1].slot);
    ck_assert_int_ge(r.dwell.lost.parameter[1].slot, 0);
    accept("{\"dwell\": {\"won\": 3, \"lost\": {\"exponential\": {\"mean\": 9}}}}");
    ck_assert(r.dwell.by_outcome && r.dwell.lost.law == PS_LAW_EXPONENTIAL);
    refuse("{\"dwell\": {\"won\": 3}}", "MISSING", "/dwell/lost", "required key");
    refuse("{\"dwell\": {\"won\": 3, \"lost\": 3, \"open\": 1}}", "UNKNOWN_KEY", "/dwell/open",
           "won, lost");
}
END_TEST

START_TEST(rates_have_their_unit_in_the_key)
{
    accept("{\"per_month\": \"160 to 220\", \"leaves_per_week\": \"20%\"}");
    ck_assert_int_eq(r.rate.per, PS_PER_MONTH);
    ck_assert_str_eq(r.rate.value.pointer, "/per_month");
    ck_assert_int_eq(r.leaves.per, PS_PER_WEEK);
    ck_assert_double_eq(r.leaves.value.dist.p[0], 0.2);
    refuse("{\"per_month\": 1, \"per_day\": 1}", "CONFLICT", "/per_month", "beside 'per_day'");
    refuse("{\"leaves_per_weak\": 1}", "UNKNOWN_KEY", "/leaves_per_weak",
           "did you mean 'leaves_per_week'?");
}
END_TEST

START_TEST(references_are_resolved_where_they_stand)
{
    accept("{\"ref\": \"y\", \"refs\": [\"b\", \"a\"], \"order\": [\"invoice\", \"w\", "
           "\"promotion\", \"negotiated\"]}");
    ck_assert_int_eq(r.ref.index, 3);
    ck_assert_str_eq(r.ref.pointer, "/ref");
    ck_assert(r.refs.count == 2 && r.refs.items[0].index == 1 && r.refs.items[1].index == 0);
    ck_assert_str_eq(r.refs.items[1].pointer, "/refs/1");
    ck_assert(r.order.items[0].index == -3 && r.order.items[1].index == 0);
    refuse("{\"ref\": \"none\"}", "REF", "/ref", "have a, b, x, y");
    refuse("{\"refs\": [\"x\"]}", "REF", "/refs/0", "no offer 'x'");
    refuse("{\"order\": [\"w\", \"w\"]}", "DUPLICATE_ID", "/order/1", "twice");
    refuse("{\"order\": [\"w\"]}", "ORDER", "/order", "'negotiated', 'promotion', 'invoice'");
}
END_TEST

START_TEST(number_maps_are_sorted_by_index)
{
    accept("{\"shares\": {\"none\": 0.1, \"y\": \"10% to 20%\", \"a\": 0.3}}");
    ck_assert_int_eq(r.shares.count, 3);
    ck_assert_int_eq(r.shares.keys[0].index, 0);
    ck_assert_int_eq(r.shares.keys[1].index, 3);
    ck_assert_int_eq(r.shares.keys[2].index, 4);
    ck_assert_double_eq(r.shares.numbers[2].dist.p[0], 0.1);
    ck_assert_str_eq(r.shares.numbers[1].pointer, "/shares/y");
}
END_TEST

START_TEST(words_may_stand_for_an_object)
{
    accept("{\"object\": \"auto\"}");
    ck_assert_int_eq(r.object->word, 2);
    ck_assert(!r.object->x.given && r.object->x.slot == -1);
    accept("{\"object\": {\"x\": 3}}");
    ck_assert(r.object->word == 0 && r.object->x.dist.p[0] == 3);
    refuse("{\"object\": \"of\"}", "ENUM", "/object", "did you mean 'off'?");
}
END_TEST

START_TEST(maps_are_sorted_by_id)
{
    accept("{\"items\": {\"zeta\": {\"n\": 1}, \"alpha\": {\"n\": 2, \"label\": \"甲\"}}}");
    const item *items = r.items.items;

    ck_assert_int_eq(r.items.count, 2);
    ck_assert_str_eq(items[0].entry.id, "alpha");
    ck_assert_str_eq(items[0].entry.label, "甲");
    ck_assert_str_eq(items[0].entry.pointer, "/items/alpha");
    ck_assert_str_eq(items[1].entry.label, "zeta");
    ck_assert_int_lt(items[0].n.slot, items[1].n.slot);
    refuse(
        "{\"items\": {\"a\": {\"n\": 1}, \"b\": {\"n\": 1}, \"c\": {\"n\": 1}, \"d\": {\"n\": 1}}}",
        "LIMIT", "/items", "at most 3");
    refuse("{\"list\": [{\"label\": \"x\"}]}", "UNKNOWN_KEY", "/list/0/label", "allowed here: p");
}
END_TEST

START_TEST(kinds_bring_their_own_keys)
{
    accept("{\"kind\": {\"kind\": \"cut\", \"depth\": 0.2}, \"deals\": {\"d\": {\"kind\": \"cut\", "
           "\"depth\": 0.3, \"other\": 4}}}");
    ck_assert_ptr_eq(r.kind.kind, &cut);
    ck_assert_double_eq(((const cut_params *)r.kind.params)->depth.dist.p[0], 0.2);
    const deal *d = r.deals.items;

    ck_assert_double_eq(((const cut_params *)d->kind.params)->depth.dist.p[0], 0.3);
    ck_assert_str_eq(((const cut_params *)d->kind.params)->depth.pointer, "/deals/d/depth");
    ck_assert_double_eq(d->other.dist.p[0], 4);
    refuse("{\"kind\": {\"kind\": \"none\", \"depth\": 1}}", "UNKNOWN_KEY", "/kind/depth",
           "allowed here: kind");
    refuse("{\"deals\": {\"d\": {\"kind\": \"cut\"}}}", "MISSING", "/deals/d/depth",
           "required key");
    refuse("{\"deals\": {\"d\": {\"depth\": 1}}}", "MISSING", "/deals/d/kind", "one of cut, none");
    refuse("{\"kind\": {\"kind\": \"cutt\"}}", "ENUM", "/kind/kind", "unknown move 'cutt'");
}
END_TEST

START_TEST(the_order_of_keys_does_not_matter)
{
    char first[2000] = "", second[2000] = "";

    accept("{\"items\": {\"b\": {\"n\": 1}, \"a\": {\"n\": 2}}, \"money\": 1, \"frac\": 0.5, "
           "\"shares\": {\"x\": 1, \"a\": 0}}");
    for (int i = 0; i < reader.input_count; i++) {
        strcat(strcat(first, reader.inputs[i].number->pointer), " ");
    }
    accept("{\"frac\": 0.5, \"shares\": {\"a\": 0, \"x\": 1}, \"money\": 1, \"items\": {\"a\": "
           "{\"n\": 2}, \"b\": {\"n\": 1}}}");
    for (int i = 0; i < reader.input_count; i++) {
        strcat(strcat(second, reader.inputs[i].number->pointer), " ");
    }
    ck_assert_str_eq(first, "/frac /money /shares/a /shares/x /made/x /items/a/n /items/b/n ");
    ck_assert_str_eq(first, second);
}
END_TEST

START_TEST(inputs_know_field_owner_and_place)
{
    accept("{\n \"money\": 5}");
    ck_assert_int_eq(reader.input_count, 2);
    ck_assert_ptr_eq(reader.inputs[0].number, &r.money);
    ck_assert_ptr_eq(reader.inputs[0].owner, &r);
    ck_assert_str_eq(reader.inputs[0].field->key, "money");
    ck_assert_int_eq(reader.inputs[0].origin.line, 2);
    ck_assert_int_eq(reader.inputs[0].origin.column, 11);
    ck_assert_ptr_null(reader.inputs[1].origin.file);
}
END_TEST

START_TEST(an_empirical_column_is_read_and_sorted)
{
    char path[] = "/tmp/ps_column_XXXXXX", text[100], *slash = strrchr(path, '/');
    const int descriptor = mkstemp(path);
    static const char csv[] = "\xEF\xBB\xBF"
                              "day,\"a, b\",cost\r\n1,\"x,y\",3.5\r\n\r\n2,,1.5\r\n3,z,2";

    ck_assert_int_ge(descriptor, 0);
    ck_assert_int_eq((int)write(descriptor, csv, sizeof csv - 1), (int)sizeof csv - 1);
    close(descriptor);
    ck_assert_int_eq(chdir("/tmp"), 0);
    ps_files_init(&files, &arena, "-", false);
    snprintf(text, sizeof text, "{\"money\": {\"empirical\": \"%s:cost\"}}", slash + 1);
    accept(text);
    ck_assert_int_eq(r.money.dist.n, 3);
    ck_assert(r.money.dist.x[0] == 1.5 && r.money.dist.x[1] == 2 && r.money.dist.x[2] == 3.5);
    snprintf(text, sizeof text,
             "{\"money\": {\"empirical\": \"%s:day\"}, \"frac\": {\"empirical\": \"%s:cost\"}}",
             slash + 1, slash + 1);
    refuse(text, "RANGE", "/frac/empirical", "3.5 is outside");
    unlink(path);
}
END_TEST

START_TEST(faults_stand_at_the_value_or_the_key)
{
    refuse("{\n\"money\":\n  -1,\n\"zzz\": 1}", "RANGE", "/money", "must be >= 0");
    ck_assert_int_eq(faults.items[0].line, 3);
    ck_assert_int_eq(faults.items[1].line, 4);
    ck_assert_int_eq(faults.items[1].column, 1);
    ck_assert_uint_eq(faults.errors, 2);
}
END_TEST

START_TEST(a_hostile_file_is_refused_in_bounded_time_and_memory)
{
    ps_string text = {0};

    for (int i = 0; i < 200000; i++) {
        ps_string_format(&text, "%c\"unknown_%d\":0", i == 0 ? '{' : ',', i);
    }
    ps_string_format(&text, "}");
    ck_assert_int_eq(read_text(text.data), PS_ERR_INPUT);
    ck_assert_uint_eq(faults.errors, 200000);
    ck_assert_uint_lt(arena.bytes + faults.arena.bytes, 4 << 20);
    ps_string_free(&text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("read");
    TCase *tests = tcase_create("read");

    tcase_set_timeout(tests, 30);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, what_is_left_out_gets_defaults_or_nothing);
    tcase_add_test(tests, an_order_left_out_is_all_members);
    tcase_add_test(tests, plain_values_are_read);
    tcase_add_test(tests, percentages_are_the_decimal_number);
    tcase_add_test(tests, a_range_is_the_law_of_its_key);
    tcase_add_test(tests, distributions_are_read);
    tcase_add_test(tests, counts_are_a_beta_under_jeffreys_prior);
    tcase_add_test(tests, a_number_says_whether_it_is_exact);
    tcase_add_test(tests, shifts_are_sorted_and_take_a_row_per_segment);
    tcase_add_test(tests, a_law_that_passes_the_bounds_is_cut);
    tcase_add_test(tests, spreads_have_numbers_as_parameters);
    tcase_add_test(tests, dwell_times_may_differ_by_outcome);
    tcase_add_test(tests, rates_have_their_unit_in_the_key);
    tcase_add_test(tests, references_are_resolved_where_they_stand);
    tcase_add_test(tests, number_maps_are_sorted_by_index);
    tcase_add_test(tests, words_may_stand_for_an_object);
    tcase_add_test(tests, maps_are_sorted_by_id);
    tcase_add_test(tests, kinds_bring_their_own_keys);
    tcase_add_test(tests, the_order_of_keys_does_not_matter);
    tcase_add_test(tests, inputs_know_field_owner_and_place);
    tcase_add_test(tests, an_empirical_column_is_read_and_sorted);
    tcase_add_test(tests, faults_stand_at_the_value_or_the_key);
    tcase_add_test(tests, a_hostile_file_is_refused_in_bounded_time_and_memory);
    suite_add_tcase(suite, tests);

    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_ENV);

    const int failed = srunner_ntests_failed(runner);

    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
