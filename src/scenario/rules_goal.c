/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of goals and correlations. Whether a goal's metric exists is checked by the engine, which
 * has them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "math/copula.h"
#include "scenario/load.h"
#include "scenario/rules.h"

enum { POINTER = 400 };

/* ---- goals ---- */

static bool has_dimension(const ps_segment *segment, const char *dimension, const char *value)
{
    for (int i = 0; i < segment->dimensions.count; i++) {
        if (strcmp(segment->dimensions.ids[i], dimension) == 0 &&
            (value == NULL || strcmp(segment->dimensions.texts[i], value) == 0)) {
            return true;
        }
    }
    return false;
}

static bool segment_has(const ps_scenario *s, const char *dimension, const char *value)
{
    const ps_segment *segments = s->market->segments.items;

    for (int i = 0; i < s->market->segments.count; i++) {
        if (has_dimension(&segments[i], dimension, value)) {
            return true;
        }
    }
    return false;
}

static bool map_has(const ps_map *map, size_t size, const char *id)
{
    for (int i = 0; i < map->count; i++) {
        const ps_entry *entry =
            (const ps_entry *)(const void *)((const char *)map->items + (size_t)i * size);

        if (strcmp(entry->id, id) == 0) {
            return true;
        }
    }
    return false;
}

static void check_goal_scope(const ps_rules *rules, const ps_goal *goal)
{
    const ps_scenario *s = rules->scenario;
    char pointer[POINTER];

    snprintf(pointer, sizeof pointer, "%s/scope", goal->entry.pointer);
    for (int i = 0; i < goal->scope.count; i++) {
        const char *key = goal->scope.ids[i], *value = goal->scope.texts[i];
        const bool segment = strcmp(key, "segment") == 0, offer = strcmp(key, "offer") == 0;
        const bool channel = strcmp(key, "channel") == 0 && s->market->channels.count > 0;
        const bool band = strcmp(key, "band") == 0 && s->market->bands.count > 0;
        const bool model = strcmp(key, "sales_model") == 0 && s->sales_models.count > 0;
        const bool found = model     ? map_has(&s->sales_models, sizeof(ps_sales_model), value)
                           : segment ? map_has(&s->market->segments, sizeof(ps_segment), value)
                           : offer   ? map_has(&s->offers, sizeof(ps_offer), value)
                           : band    ? map_has(&s->market->bands, sizeof(ps_band), value)
                           : channel ? map_has(&s->market->channels, sizeof(ps_channel), value)
                                     : segment_has(s, key, value);

        if (!segment && !offer && !channel && !band && !model && !segment_has(s, key, NULL)) {
            ps_rule_fault(rules, "REF", pointer, key,
                          "'segment', 'offer', 'channel', 'band', 'sales_model', or a dimension of "
                          "the segments",
                          "no segment has the dimension '%s'", key);
        } else if (!found) {
            ps_rule_fault(rules, "REF", pointer, key, NULL, "there is no %s '%.100s'", key, value);
        }
    }
}

static void check_goal_dates(const ps_rules *rules, const ps_goal *goal)
{
    const ps_calendar *calendar = rules->scenario->calendar;
    const int end = ps_rule_period_start(calendar, calendar->periods);
    char a[16], b[16];

    if (goal->by < calendar->start || goal->by >= end) {
        ps_rule_fault(rules, "DATE", goal->entry.pointer, "by", NULL,
                      "the calendar goes from %s to %s", ps_date_format(calendar->start, a),
                      ps_date_format(end - 1, b));
    }
    if (goal->from != PS_NO_DATE && goal->from > goal->by) {
        ps_rule_fault(rules, "ORDER", goal->entry.pointer, "from", NULL,
                      "begins %s after the deadline %s", ps_date_format(goal->from, a),
                      ps_date_format(goal->by, b));
    } else if (goal->from != PS_NO_DATE && goal->from < calendar->start) {
        ps_rule_fault(rules, "DATE", goal->entry.pointer, "from", NULL, "the calendar begins %s",
                      ps_date_format(calendar->start, a));
    }
}

static void check_goal_base(const ps_rules *rules, const ps_goal *goal)
{
    static const char *const keys[] = {"value", "plan", NULL};
    const ps_goal_base *base = goal->against;
    const ps_node *plans = ps_node_find(rules->assembly->root, "plans");
    char pointer[POINTER];

    snprintf(pointer, sizeof pointer, "%s/against", goal->entry.pointer);
    ps_rule_one_of(rules, pointer, keys, (const bool[]){!isnan(base->value), base->plan != NULL});
    if (!isnan(base->value) && base->what == NULL) {
        ps_rule_fault(rules, "MISSING", pointer, "what", "same months of 2025",
                      "what the value is: 'what' is missing");
    }
    if (base->plan != NULL && (plans == NULL || ps_node_find(plans, base->plan) == NULL)) {
        ps_rule_fault(rules, "REF", pointer, "plan", "name one of 'plans'",
                      "there is no plan '%.100s'", base->plan);
    }
}

static void check_goal(const ps_rules *rules, const ps_goal *goal)
{
    const bool level = !isnan(goal->level), change = !isnan(goal->change);

    if (!level && !change) {
        ps_rule_fault(rules, "MISSING", goal->entry.pointer, "level", "or 'change' with 'against'",
                      "a goal needs a number: 'level' is missing");
    } else if (level && (change || goal->against != NULL)) {
        ps_rule_fault(rules, "CONFLICT", goal->entry.pointer, change ? "change" : "against",
                      "give one of them", "'%s' beside 'level'", change ? "change" : "against");
    } else if (change && goal->against == NULL) {
        ps_rule_fault(rules, "MISSING", goal->entry.pointer, "against",
                      "the value before, and what it is",
                      "a change is against something: 'against' is missing");
    }
    if (change && goal->against != NULL) {
        check_goal_base(rules, goal);
    }
    check_goal_scope(rules, goal);
    check_goal_dates(rules, goal);
}

/* ---- correlations ---- */

/* A name's place among those seen so far, in [0, count]; count when it is new. */
static int place_of(const char *const *names, int count, const char *name)
{
    int i = 0;

    while (i < count && strcmp(names[i], name) != 0) {
        i++;
    }
    return i;
}

/* Name of the uniform that a pointer or draw name stands for; NULL after a fault. */
static const char *uniform_named(const ps_rules *rules, const char *name, const char *pointer,
                                 int which)
{
    const ps_scenario *s = rules->scenario;
    char key[16];

    snprintf(key, sizeof key, "between/%d", which);
    for (int i = 0; i < s->input_count; i++) {
        const ps_number *number = s->inputs[i].number;

        if (number->draw != NULL && strcmp(number->draw, name) == 0) {
            return number->draw;
        }
        if (strcmp(number->pointer, name) == 0) {
            if (number->dist.law == PS_LAW_CONSTANT) {
                ps_rule_fault(rules, "REF", pointer, key, "give it a range or a distribution",
                              "'%.200s' is a known number: it correlates with nothing", name);
                return NULL;
            }
            return number->draw != NULL ? number->draw : number->pointer;
        }
    }
    ps_rule_fault(rules, "REF", pointer, key,
                  "JSON Pointer of an uncertain number, or a name given by \"draw\"",
                  "no uncertain number '%.200s'", name);
    return NULL;
}

/* Fills the matrix from the list; number of rows, -1 after a fault. `names` and `matrix` have room
 * for two rows per correlation. */
static int fill_matrix(const ps_rules *rules, const char **names, double *matrix, int rows)
{
    const ps_correlation *list = rules->scenario->correlations.items;
    int count = 0;
    bool fine = true;
    char pointer[POINTER];

    for (int i = 0; i < rules->scenario->correlations.count; i++) {
        int at[2] = {0, 0};

        snprintf(pointer, sizeof pointer, "/correlations/%d", i);
        for (int k = 0; k < 2; k++) {
            const char *name = uniform_named(rules, list[i].between.items[k], pointer, k);

            fine = fine && name != NULL;
            if (name != NULL) {
                at[k] = place_of(names, count, name);
                names[at[k]] = name;
                count += at[k] == count ? 1 : 0;
            }
        }
        if (fine && at[0] == at[1]) {
            ps_rule_fault(rules, "CONFLICT", pointer, "between", NULL, "an input with itself");
            fine = false;
        } else if (fine && !isnan(matrix[at[0] * rows + at[1]])) {
            ps_rule_fault(rules, "CONFLICT", pointer, "between", NULL, "this pair is stated twice");
            fine = false;
        } else if (fine) {
            matrix[at[0] * rows + at[1]] = matrix[at[1] * rows + at[0]] = list[i].rank;
        }
    }
    return fine ? count : -1;
}

static void check_matrix(const ps_rules *rules, const double *matrix, int rows, int count,
                         double *dense)
{
    for (int i = 0; i < count; i++) {
        for (int j = 0; j < count; j++) {
            const double rank = i == j ? 1 : matrix[i * rows + j];

            dense[i * count + j] = isnan(rank) ? 0 : rank;
        }
    }
    const double pivot = ps_copula_factor(count, dense, dense + (size_t)count * (size_t)count);

    if (pivot < -1e-9) {
        ps_rule_fault(rules, "NOT_PSD", "", "correlations",
                      "make them weaker, or state the missing pairs",
                      "these correlations contradict each other (smallest pivot %.3g)", pivot);
    } else if (pivot < 1e-9) {
        ps_rule_fault(rules, "WARN_SINGULAR", "", "correlations", NULL,
                      "some inputs are perfectly correlated");
    }
}

static void check_correlations(const ps_rules *rules)
{
    const int rows = 2 * rules->scenario->correlations.count;
    const size_t cells = (size_t)rows * (size_t)rows;

    if (rows == 0) {
        return;
    }
    const char **names = calloc((size_t)rows, sizeof *names);
    double *matrix = malloc(3 * cells * sizeof *matrix);

    if (names == NULL || matrix == NULL) {
        ps_faults_no_memory(rules->faults);
    } else {
        for (size_t i = 0; i < cells; i++) {
            matrix[i] = NAN;
        }
        const int count = fill_matrix(rules, names, matrix, rows);

        if (count > 0) {
            check_matrix(rules, matrix, rows, count, matrix + cells);
        }
    }
    free(matrix);
    free(names);
}

void ps_rules_goal(const ps_rules *rules)
{
    const ps_goal *goals = rules->scenario->goals.items;

    for (int i = 0; i < rules->scenario->goals.count; i++) {
        check_goal(rules, &goals[i]);
    }
    check_correlations(rules);
}
