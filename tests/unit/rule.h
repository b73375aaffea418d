/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A price rule on a bench: its parameters set by key, the past that it sees written by hand. */
#ifndef TEST_RULE_H
#define TEST_RULE_H

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "model/view.h"

enum { BENCH_PERIODS = 20, BENCH_OWN = 2, BENCH_RIVALS = 3, BENCH_SLOTS = 32, BENCH_SEGMENTS = 2 };

typedef double bench_row[PS_LANES];

typedef struct {
    union {
        max_align_t align;
        char bytes[2048];
    } params;
    const ps_kind *kind;
    ps_rule_view view;
    bench_row values[BENCH_SLOTS];
    int slots;
    /* block 0 is the price before the start */
    bench_row own_list[BENCH_PERIODS + 1][BENCH_OWN], own_public[BENCH_PERIODS + 1][BENCH_OWN];
    bench_row rivals[BENCH_PERIODS + 1][BENCH_RIVALS];
    bench_row luck, unit_cost, pocket_ratio, net_of_vat, floor, price;
    double rival_weight[BENCH_RIVALS], segment_weight[BENCH_SEGMENTS];
    uint32_t promoted[BENCH_PERIODS];
    int days[2];
} bench;

static inline void fill(double *row, double x)
{
    for (int l = 0; l < PS_LANES; l++) {
        row[l] = x;
    }
}

static inline const ps_field *bench_field(const ps_shape *shape, const char *key)
{
    for (const ps_field *f = shape->fields; f->type != PS_FIELD_END; f++) {
        if (f->key && strcmp(f->key, key) == 0) {
            return f;
        }
    }
    ck_abort_msg("%s has no key %s", shape->name, key);
    return NULL;
}

/* A number of the value x in all lanes; the row may be changed by lane afterwards. */
static inline ps_number bench_number(bench *b, double x)
{
    ck_assert_int_lt(b->slots, BENCH_SLOTS);
    fill(b->values[b->slots], x);
    return (ps_number){.given = true, .slot = b->slots++};
}

static inline void *bench_at(bench *b, const char *key)
{
    return b->params.bytes + bench_field(&b->kind->shape, key)->offset;
}

static inline double *bench_set(bench *b, const char *key, double x)
{
    const ps_field *f = bench_field(&b->kind->shape, key);
    void *at = bench_at(b, key);

    switch (f->type) {
    case PS_FIELD_NUMBER:
        *(ps_number *)at = bench_number(b, x);
        return b->values[((ps_number *)at)->slot];
    case PS_FIELD_WHOLE:
        *(int64_t *)at = (int64_t)x;
        break;
    case PS_FIELD_BOOL:
        *(bool *)at = x != 0.0;
        break;
    case PS_FIELD_DATE:
    case PS_FIELD_ENUM:
        *(int *)at = (int)x;
        break;
    default:
        ck_abort_msg("%s: a field of another type", key);
    }
    return NULL;
}

static inline void bench_name(bench *b, const char *key, const char *word)
{
    const ps_field *f = bench_field(&b->kind->shape, key);

    for (int i = 0; f->names[i]; i++) {
        if (strcmp(f->names[i], word) == 0) {
            *(int *)bench_at(b, key) = i;
            return;
        }
    }
    ck_abort_msg("%s is never %s", key, word);
}

static inline void bench_refer(bench *b, const char *key, int index)
{
    *(ps_ref *)bench_at(b, key) = (ps_ref){.id = "x", .index = index};
}

/* The keys that are left out get the defaults of the field table. */
static inline void bench_defaults(bench *b)
{
    for (const ps_field *f = b->kind->shape.fields; f->type != PS_FIELD_END; f++) {
        if (f->type == PS_FIELD_ENUM && !f->fallback) {
            bench_set(b, f->key, -1);
        } else if (f->type == PS_FIELD_ENUM) {
            char word[64];

            snprintf(word, sizeof word, "%.*s", (int)strlen(f->fallback) - 2, f->fallback + 1);
            bench_name(b, f->key, word);
        } else if (f->fallback && f->type != PS_FIELD_BOOL) {
            bench_set(b, f->key, atof(f->fallback));
        }
    }
}

/* Which period is next: own offer or rival `item` decides in it. */
static inline void bench_go(bench *b, int period)
{
    b->view.period = period;
    b->view.start_day = ps_date_join(2026, 1, 5) + (int)(period * b->view.period_days);
    b->view.end_day = b->view.start_day + (int)b->view.period_days;
}

/* Weeks from 2026-01-05; own prices 100 and 80, rivals 90, 95, 110; cost 40. */
static inline bench *bench_new(const ps_kind *kind)
{
    static const double own[] = {100, 80}, rivals[] = {90, 95, 110};
    bench *b = NULL;

    ck_assert_int_eq(posix_memalign((void **)&b, 64, sizeof *b), 0);
    memset(b, 0, sizeof *b);
    b->kind = kind;
    ck_assert_uint_le(kind->shape.size, sizeof b->params);
    for (int t = 0; t <= BENCH_PERIODS; t++) {
        for (int i = 0; i < BENCH_OWN; i++) {
            fill(b->own_list[t][i], own[i]);
            fill(b->own_public[t][i], own[i]);
        }
        for (int c = 0; c < BENCH_RIVALS; c++) {
            fill(b->rivals[t][c], rivals[c]);
        }
    }
    fill(b->luck, 0.5);
    fill(b->unit_cost, 40);
    fill(b->pocket_ratio, 1);
    fill(b->net_of_vat, 1);
    b->rival_weight[0] = 0.5, b->rival_weight[1] = 0.3, b->rival_weight[2] = 0.2;
    b->segment_weight[0] = 0.25, b->segment_weight[1] = 0.75;
    b->view = (ps_rule_view){.segment = -1,
                             .period_days = 7,
                             .values = b->values[0],
                             .own_list = {BENCH_OWN, b->own_list[0][0]},
                             .own_public = {BENCH_OWN, b->own_public[0][0]},
                             .rivals = {BENCH_RIVALS, b->rivals[0][0]},
                             .promoted = b->promoted,
                             .luck = b->luck,
                             .unit_cost = b->unit_cost,
                             .pocket_ratio = b->pocket_ratio,
                             .net_of_vat = b->net_of_vat,
                             .rival_weight = b->rival_weight,
                             .segment_weight = b->segment_weight,
                             .segments = BENCH_SEGMENTS,
                             .floor = b->floor};
    bench_go(b, 0);
    bench_defaults(b);
    return b;
}

/* A dated change of the price: a level, or a move relative to the base. */
static inline ps_price_change bench_change(bench *b, int day, double price, double change)
{
    ps_price_change c = {.from = ps_date_join(2026, 1, 5) + day};

    *(price > 0.0 ? &c.price : &c.change) = bench_number(b, price > 0.0 ? price : change);
    return c;
}

#endif
