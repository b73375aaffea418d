/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers in every form that a scenario allows: 5, "20%", "4 to 6", {"value": 5, "exact": true}, a
 * distribution with draw, shift, min and max beside it; and spreads between customers, whose
 * parameters are such numbers. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/read.h"

/* ---- plain values ---- */

void ps_field_bounds(const ps_field *field, double *min, double *max)
{
    const bool bounded = field->min != 0 || field->max != 0;

    *min = bounded ? field->min : field->unit == PS_UNIT_FRAC ? 0 : -HUGE_VAL;
    *max = bounded ? field->max : field->unit == PS_UNIT_FRAC ? 1 : HUGE_VAL;
}

static bool is_fraction(const ps_field *field)
{
    return field->unit == PS_UNIT_FRAC || field->unit == PS_UNIT_SIGNED_FRAC;
}

static bool fits(const ps_field *field, double value)
{
    double min, max;

    ps_field_bounds(field, &min, &max);
    return (value > min || (value == min && (field->flags & PS_OPEN_MIN) == 0)) &&
           (value < max || (value == max && (field->flags & PS_OPEN_MAX) == 0));
}

bool ps_read_in_range(ps_reader *reader, const ps_read_spot *spot, double value)
{
    const ps_field *field = spot->field;
    const bool open_min = (field->flags & PS_OPEN_MIN) != 0,
               open_max = (field->flags & PS_OPEN_MAX) != 0;
    const double meant = fabs(value) > 1 && is_fraction(field) ? value / 100 : -value;
    double min, max;
    char found[32], low[32], high[32], guess[32], hint[64];

    if (fits(field, value)) {
        return true;
    }
    ps_field_bounds(field, &min, &max);
    ps_text_number(value, found);
    ps_text_number(min, low);
    ps_text_number(max, high);
    snprintf(hint, sizeof hint, "did you mean %s?", ps_text_number(meant, guess));

    const char *offered = fits(field, meant) && (is_fraction(field) || max <= 0) ? hint : NULL;

    if (isfinite(min) && isfinite(max) && (is_fraction(field) || min < 0)) {
        ps_read_fault(reader, spot, "RANGE", offered, "%s is outside %c%s, %s%c", found,
                      open_min ? '(' : '[', low, high, open_max ? ')' : ']');
    } else if (value <= min) {
        ps_read_fault(reader, spot, "RANGE", offered, "must be %s %s, %s found",
                      open_min ? ">" : ">=", low, found);
    } else {
        ps_read_fault(reader, spot, "RANGE", offered, "must be %s %s, %s found",
                      open_max ? "less than" : "at most", high, found);
    }
    return false;
}

/* A text that stands for a number: "20%" of a fraction. NAN after a fault. */
static double read_percentage(ps_reader *reader, const ps_read_spot *spot, const char *text)
{
    double value = 0;
    bool percent = false;
    const bool number = ps_text_read_quantity(text, strlen(text), &value, &percent);

    if (number && percent && is_fraction(spot->field)) {
        return value;
    }
    if (number && percent) {
        ps_read_fault(reader, spot, "TYPE", NULL, "a percentage is not allowed here");
    } else if (number) {
        ps_read_fault(reader, spot, "TYPE", "remove the quotes", "number expected, string found");
    } else {
        ps_read_fault(reader, spot, "TYPE",
                      is_fraction(spot->field)
                          ? "write 0.2, \"20%\", \"15% to 25%\" or a distribution"
                          : "write 5, \"4 to 6\" or a distribution",
                      "number expected, string found");
    }
    return NAN;
}

double ps_read_plain(ps_reader *reader, const ps_read_spot *spot)
{
    const char *text = ps_node_text(spot->node);
    double value = ps_node_number(spot->node);

    if (text != NULL && ps_text_is_range(text)) {
        ps_read_fault(reader, spot, "TYPE", NULL, "one plain number expected, no range");
        return NAN;
    }
    if (text != NULL) {
        value = read_percentage(reader, spot, text);
        if (isnan(value)) {
            return NAN;
        }
    } else if (isnan(value)) {
        ps_read_type_fault(reader, spot, "number");
        return NAN;
    }
    return ps_read_in_range(reader, spot, value) ? value : NAN;
}

/* ---- uncertain numbers ---- */

void ps_read_register(ps_reader *reader, const ps_read_spot *spot, ps_number *number)
{
    if (reader->input_count == reader->input_capacity) {
        const int capacity = reader->input_capacity == 0 ? 64 : reader->input_capacity * 2;
        ps_input *inputs = ps_read_alloc(reader, capacity, sizeof *inputs);

        if (inputs == NULL) {
            return;
        }
        if (reader->input_count > 0) {
            memcpy(inputs, reader->inputs, (size_t)reader->input_count * sizeof *inputs);
        }
        reader->inputs = inputs;
        reader->input_capacity = capacity;
    }
    reader->inputs[reader->input_count++] =
        (ps_input){number, spot->field, spot->owner, ps_tree_origin(reader->tree, spot->node)};
    number->slot = reader->slots;
    reader->slots += number->shifts > 0 ? reader->names->cells : 1;
}

/* {segment: x}, sorted by segment. */
static void read_shift(ps_reader *reader, const ps_read_spot *spot, ps_number *out)
{
    static const ps_field shift_field = {.type = PS_FIELD_PLAIN, .min = -1e9, .max = 1e9};
    const ps_id_list *segments = ps_names_all(reader->names, PS_REF_SEGMENT);

    if (ps_node_kind(spot->node) != PS_NODE_OBJECT) {
        ps_read_type_fault(reader, spot, "object {segment: number}");
        return;
    }
    const int count = ps_node_count(spot->node);

    out->shift_segment = ps_read_alloc(reader, count, sizeof *out->shift_segment);
    out->shift = ps_read_alloc(reader, count, sizeof *out->shift);
    if (out->shift_segment == NULL || out->shift == NULL) {
        return;
    }
    for (const ps_node *n = ps_node_first(spot->node); n != NULL; n = ps_node_next(n)) {
        const ps_read_path at = {spot->path, ps_node_key(n), 0};
        const ps_read_spot member = {n, &at, &shift_field, NULL};

        if (ps_names_find(reader->names, PS_REF_SEGMENT, at.key) == PS_NO_SUCH_NAME) {
            ps_read_fault(
                reader, &member, "REF",
                ps_read_suggestion(reader, at.key, segments->ids, (size_t)segments->count, "have "),
                "no segment '%.100s'", at.key);
            continue;
        }
        int place = out->shifts++;

        for (; place > 0 && strcmp(out->shift_segment[place - 1], at.key) > 0; place--) {
            out->shift_segment[place] = out->shift_segment[place - 1];
            out->shift[place] = out->shift[place - 1];
        }
        out->shift_segment[place] = ps_read_copy(reader, at.key);
        out->shift[place] = ps_read_plain(reader, &member);
    }
}

static void set_constant(ps_number *out, double value)
{
    out->dist = (ps_dist){
        .law = PS_LAW_CONSTANT, .p = {value}, .sign = 1, .min = -HUGE_VAL, .max = HUGE_VAL};
}

/* What an object that stands for a number may hold. */
typedef struct {
    const ps_node *law, *value, *exact, *draw, *shift, *min, *max;
} number_members;

/* The member's place in `members`, NULL for a key that is not known. */
static const ps_node **member_named(number_members *members, const char *key)
{
    const struct {
        const char *name;
        const ps_node **place;
    } table[] = {{"value", &members->value}, {"exact", &members->exact}, {"draw", &members->draw},
                 {"shift", &members->shift}, {"min", &members->min},     {"max", &members->max}};

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (strcmp(table[i].name, key) == 0) {
            return table[i].place;
        }
    }
    return ps_law_is_name(key) ? &members->law : NULL;
}

static bool sort_members(ps_reader *reader, const ps_read_spot *spot, number_members *members)
{
    const size_t errors = reader->faults->errors;
    const char *names[32] = {"value", "exact", "draw", "shift", "min", "max"};

    for (const ps_node *n = ps_node_first(spot->node); n != NULL; n = ps_node_next(n)) {
        const ps_read_path at = {spot->path, ps_node_key(n), 0};
        const ps_read_spot member = {n, &at, spot->field, NULL};
        const ps_node **place = member_named(members, at.key);

        if (place == NULL) {
            ps_read_unknown_key(reader, &member, names, (size_t)ps_law_names(names + 6) + 6);
        } else if (*place != NULL) {
            ps_read_fault(reader, &member, "CONFLICT", NULL, "a second distribution beside '%s'",
                          ps_node_key(*place));
        } else {
            *place = n;
        }
    }
    if (members->law != NULL && members->value != NULL) {
        ps_read_fault(reader, spot, "CONFLICT", NULL, "'value' beside the distribution '%s'",
                      ps_node_key(members->law));
    } else if (members->law == NULL && members->value == NULL && reader->faults->errors == errors) {
        ps_read_fault(reader, spot, "MISSING",
                      "write {\"normal\": {\"mean\": 5, \"sd\": 1}} or a number",
                      "a distribution or 'value' expected");
    }
    return reader->faults->errors == errors;
}

/* {"value": 0.3, "exact": true}, or {"value": "2 to 3", "draw": "name"}. false after a fault. */
static bool read_value_member(ps_reader *reader, const ps_read_spot *spot,
                              const number_members *members, ps_number *out)
{
    const ps_read_path at = {spot->path, "value", 0};
    const ps_read_spot member = {members->value, &at, spot->field, spot->owner};
    const char *text = ps_node_text(members->value);

    if (text != NULL && ps_text_is_range(text) && members->exact == NULL) {
        return ps_read_range_text(reader, &member, text, &out->dist);
    }
    if (members->exact == NULL || ps_node_kind(members->exact) != PS_NODE_TRUE) {
        ps_read_fault(reader, spot, "MISSING", "or write the bare number",
                      "'value' needs \"exact\": true");
        return false;
    }
    if (members->draw != NULL || members->min != NULL || members->max != NULL) {
        ps_read_fault(reader, spot, "CONFLICT", NULL, "an exact value has no draw, min or max");
        return false;
    }
    const double value = ps_read_plain(reader, &member);

    set_constant(out, value);
    out->exact = true;
    return !isnan(value);
}

/* min and max beside a law cut it; false after a fault. */
static bool read_cut(ps_reader *reader, const ps_read_spot *spot, const number_members *members,
                     ps_dist *dist)
{
    const ps_node *nodes[2] = {members->min, members->max};
    static const char *const names[2] = {"min", "max"};
    double ends[2] = {-HUGE_VAL, HUGE_VAL};
    ps_field field = *spot->field;

    field.flags &= ~(PS_OPEN_MIN | PS_OPEN_MAX);
    for (int i = 0; i < 2; i++) {
        const ps_read_path at = {spot->path, names[i], 0};

        if (nodes[i] != NULL) {
            ends[i] = ps_read_plain(reader, &(ps_read_spot){nodes[i], &at, &field, NULL});
        }
        if (isnan(ends[i])) {
            return false;
        }
    }
    if (nodes[0] == NULL && nodes[1] == NULL) {
        return true;
    }
    if (!(ends[0] < ends[1])) {
        ps_read_fault(reader, spot, "ORDER", NULL, "min must be less than max");
        return false;
    }
    if (!(ps_dist_cdf(dist, ends[1]) - ps_dist_cdf(dist, ends[0]) > 1e-6)) {
        ps_read_fault(reader, spot, "RANGE", NULL,
                      "nothing of the distribution is between min and max");
        return false;
    }
    dist->truncated = true;
    dist->min = ends[0];
    dist->max = ends[1];
    return true;
}

/* A number written as an object; false after a fault. */
static bool read_number_object(ps_reader *reader, const ps_read_spot *spot, ps_number *out)
{
    number_members members = {0};

    if (!sort_members(reader, spot, &members)) {
        return false;
    }
    if (members.law != NULL && members.exact != NULL) {
        ps_read_fault(reader, spot, "CONFLICT", NULL, "'exact' beside a distribution");
        return false;
    }
    const bool fine = members.law != NULL ? ps_read_dist(reader, spot, members.law, &out->dist)
                                          : read_value_member(reader, spot, &members, out);

    if (!fine || !read_cut(reader, spot, &members, &out->dist)) {
        return false;
    }
    if (members.draw != NULL) {
        static const ps_field text = {.type = PS_FIELD_TEXT, .offset = offsetof(ps_number, draw)};
        const ps_read_path at = {spot->path, "draw", 0};

        ps_read_value(reader, &(ps_read_spot){members.draw, &at, &text, out});
    }
    if (members.shift != NULL) {
        const ps_read_path at = {spot->path, "shift", 0};

        read_shift(reader, &(ps_read_spot){members.shift, &at, spot->field, out}, out);
    }
    return true;
}

void ps_read_number(ps_reader *reader, const ps_read_spot *spot, ps_number *out)
{
    const char *text = ps_node_text(spot->node);
    bool fine = true;

    out->slot = -1;
    if (ps_node_kind(spot->node) == PS_NODE_OBJECT) {
        fine = read_number_object(reader, spot, out);
    } else if (text != NULL && ps_text_is_range(text)) {
        fine = ps_read_range_text(reader, spot, text, &out->dist);
    } else {
        const double value = ps_read_plain(reader, spot);

        set_constant(out, value);
        fine = !isnan(value);
        out->exact = (spot->field->flags & PS_NEEDS_RANGE) == 0;
    }
    if (!fine) {
        return;
    }
    ps_read_truncate(reader, spot, &out->dist);
    out->given = true;
    out->defaulted = reader->defaulted;
    out->pointer = ps_read_pointer(reader, spot->path);
    ps_read_register(reader, spot, out);
}

/* ---- spreads ---- */

/* A value that all customers share: the constant law. */
static void read_shared_value(ps_reader *reader, const ps_read_spot *spot, ps_spread *out)
{
    out->law = PS_LAW_CONSTANT;
    ps_read_number(reader, spot, &out->parameter[0]);
    out->given = out->parameter[0].given;
}

/* "2 to 9": between customers; its parameters are then known. */
static void read_spread_range(ps_reader *reader, const ps_read_spot *spot, const char *text,
                              ps_spread *out)
{
    ps_dist dist;

    if (!ps_read_range_text(reader, spot, text, &dist)) {
        return;
    }
    out->given = true;
    out->law = dist.law;
    for (int i = 0; i < 2; i++) {
        const ps_read_path at = {spot->path, i == 0 ? "median" : "sdlog", 0};
        ps_number *parameter = &out->parameter[i];

        *parameter = (ps_number){.given = true,
                                 .exact = true,
                                 .defaulted = reader->defaulted,
                                 .slot = -1,
                                 .pointer = ps_read_pointer(reader, &at)};
        set_constant(parameter, dist.p[i]);
        ps_read_register(reader, spot, parameter);
    }
}

void ps_read_spread(ps_reader *reader, const ps_read_spot *spot, ps_spread *out)
{
    const char *text = ps_node_text(spot->node);
    const ps_node *law = NULL;

    for (int i = 0; i < PS_DIST_PARAMS; i++) {
        out->parameter[i].slot = -1;
    }
    if (text != NULL && ps_text_is_range(text)) {
        read_spread_range(reader, spot, text, out);
        return;
    }
    if (ps_node_kind(spot->node) != PS_NODE_OBJECT || ps_node_find(spot->node, "value") != NULL) {
        read_shared_value(reader, spot, out);
        return;
    }
    for (const ps_node *n = ps_node_first(spot->node); n != NULL; n = ps_node_next(n)) {
        const ps_read_path at = {spot->path, ps_node_key(n), 0};
        const ps_read_spot member = {n, &at, spot->field, NULL};
        const char *names[32];

        if (!ps_law_is_name(at.key)) {
            ps_read_unknown_key(reader, &member, names, (size_t)ps_law_names(names));
            return;
        }
        if (law != NULL) {
            ps_read_fault(reader, &member, "CONFLICT", NULL, "a second distribution beside '%s'",
                          ps_node_key(law));
            return;
        }
        law = n;
    }
    if (law == NULL) {
        ps_read_fault(reader, spot, "MISSING",
                      "write {\"lognormal\": {\"median\": 5, \"sdlog\": 1}} or a number",
                      "a distribution expected");
        return;
    }
    out->given = ps_read_law_parameters(reader, spot, law, out);
}

void ps_read_dwell(ps_reader *reader, const ps_read_spot *spot)
{
    ps_dwell *out = ps_spot_target(spot);
    const ps_node *won = ps_node_find(spot->node, "won"), *lost = ps_node_find(spot->node, "lost");
    static const char *const names[] = {"won", "lost"};

    if (won == NULL && lost == NULL) {
        ps_read_spread(reader, spot, &out->won);
        out->lost = out->won;
        out->given = out->won.given;
        return;
    }
    for (const ps_node *n = ps_node_first(spot->node); n != NULL; n = ps_node_next(n)) {
        const ps_read_path at = {spot->path, ps_node_key(n), 0};

        if (n != won && n != lost) {
            ps_read_unknown_key(reader, &(ps_read_spot){n, &at, spot->field, NULL}, names, 2);
        }
    }
    out->by_outcome = true;
    for (int i = 0; i < 2; i++) {
        const ps_node *node = i == 0 ? won : lost;
        const ps_read_path at = {spot->path, names[i], 0};

        if (node == NULL) {
            ps_read_missing(reader, spot->node, spot->path, names[i],
                            "days of deals that are won, and of those lost");
        } else {
            ps_read_spread(reader, &(ps_read_spot){node, &at, spot->field, out},
                           i == 0 ? &out->won : &out->lost);
        }
    }
    out->given = out->won.given && out->lost.given;
}
