/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distributions as a scenario writes them: {"normal": {"mean": 5, "sd": 1}}, {"uniform": [2, 3]}.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/column.h"
#include "scenario/read.h"

enum { MAX_POINTS = 100000 };

typedef enum {
    PART_LOCATION, /* a value of the key itself, in its bounds and unit */
    PART_POSITIVE, /* the same, and more than 0: place of a law on positive numbers */
    PART_WIDTH,    /* a difference of two values */
    PART_PURE,     /* a positive number without a unit */
    PART_FREE,     /* any number without a unit */
} part_type;

typedef struct {
    const char *name;
    part_type type;
    double max; /* of PURE and FREE */
} law_part;

typedef struct {
    const char *name;
    ps_law law;
    int parts;
    law_part part[PS_DIST_PARAMS];
    bool list;      /* [min, mode, max]: values in ascending order */
    bool of_spread; /* may say how customers differ */
} law_spec;

static const law_spec laws[] = {
    {"normal", PS_LAW_NORMAL, 2, {{"mean", PART_LOCATION, 0}, {"sd", PART_WIDTH, 0}}, false, false},
    {"lognormal",
     PS_LAW_LOGNORMAL,
     2,
     {{"median", PART_POSITIVE, 0}, {"sdlog", PART_PURE, 10}},
     false,
     true},
    {"logit_normal",
     PS_LAW_LOGIT_NORMAL,
     2,
     {{"mean", PART_FREE, 50}, {"sd", PART_PURE, 20}},
     false,
     false},
    {"beta", PS_LAW_BETA, 2, {{"a", PART_PURE, 1e9}, {"b", PART_PURE, 1e9}}, false, false},
    {"gamma", PS_LAW_GAMMA, 2, {{"mean", PART_POSITIVE, 0}, {"sd", PART_WIDTH, 0}}, false, true},
    {"weibull",
     PS_LAW_WEIBULL,
     2,
     {{"shape", PART_PURE, 1000}, {"scale", PART_POSITIVE, 0}},
     false,
     true},
    {"exponential", PS_LAW_EXPONENTIAL, 1, {{"mean", PART_POSITIVE, 0}}, false, true},
    {"triangular",
     PS_LAW_TRIANGULAR,
     3,
     {{"min", PART_LOCATION, 0}, {"mode", PART_LOCATION, 0}, {"max", PART_LOCATION, 0}},
     true,
     true},
    {"pert",
     PS_LAW_PERT,
     3,
     {{"min", PART_LOCATION, 0}, {"mode", PART_LOCATION, 0}, {"max", PART_LOCATION, 0}},
     true,
     true},
    {"uniform",
     PS_LAW_UNIFORM,
     2,
     {{"min", PART_LOCATION, 0}, {"max", PART_LOCATION, 0}},
     true,
     true},
    {"discrete", PS_LAW_DISCRETE, 0, {{NULL, PART_FREE, 0}}, false, false},
    {"empirical", PS_LAW_EMPIRICAL, 0, {{NULL, PART_FREE, 0}}, false, false},
    {"counts", PS_LAW_BETA, 0, {{NULL, PART_FREE, 0}}, false, false},
};
enum { LAWS = sizeof laws / sizeof *laws };

static const law_spec *find_law(const char *name)
{
    for (int i = 0; i < LAWS; i++) {
        if (strcmp(laws[i].name, name) == 0) {
            return &laws[i];
        }
    }
    return NULL;
}

bool ps_law_is_name(const char *name)
{
    return find_law(name) != NULL;
}

int ps_law_names(const char **names)
{
    for (int i = 0; i < LAWS; i++) {
        names[i] = laws[i].name;
    }
    return LAWS;
}

/* ---- parameters ---- */

/* The field that a parameter is read by. */
static ps_field field_of_part(const ps_field *key, const law_part *part)
{
    double min, max;
    ps_field field = {
        .key = part->name, .type = PS_FIELD_NUMBER, .unit = key->unit, .doc = key->doc};

    ps_field_bounds(key, &min, &max);
    switch (part->type) {
    case PART_LOCATION:
        field.min = min;
        field.max = max;
        break;
    case PART_POSITIVE: /* of a key that is never positive: place of the mirror image */
        field.min = max <= 0 ? min : fmax(min, 0);
        field.max = max;
        field.flags = max <= 0 ? PS_OPEN_MAX : field.min == 0 ? PS_OPEN_MIN : 0;
        break;
    case PART_WIDTH:
        field.max = isfinite(max - min) ? max - min : 1e15;
        field.flags = PS_OPEN_MIN;
        break;
    case PART_PURE:
        field.max = part->max;
        field.flags = PS_OPEN_MIN;
        field.unit = PS_UNIT_NONE;
        break;
    case PART_FREE:
        field.min = -part->max;
        field.max = part->max;
        field.unit = PS_UNIT_NONE;
        break;
    }
    return field;
}

/* A width of 0 is a fault of its own; true when it is one. */
static bool refuse_no_width(ps_reader *reader, const ps_read_spot *spot, const law_part *part)
{
    const bool width = strcmp(part->name, "sd") == 0 || strcmp(part->name, "sdlog") == 0;

    if (!width || ps_node_number(spot->node) != 0) {
        return false;
    }
    ps_read_fault(reader, spot, "DEGENERATE", "for a fixed value write the number itself",
                  "must be > 0");
    return true;
}

/* The parameter as a plain number; false after a fault. */
static bool read_part(ps_reader *reader, const ps_read_spot *law, const law_part *part,
                      double *value)
{
    const ps_field field = field_of_part(law->field, part);
    const ps_node *node = ps_node_find(law->node, part->name);
    const ps_read_path at = {law->path, part->name, 0};
    const ps_read_spot spot = {node, &at, &field, NULL};

    if (node == NULL) {
        ps_read_missing(reader, law->node, law->path, part->name, NULL);
        return false;
    }
    if (refuse_no_width(reader, &spot, part)) {
        return false;
    }
    *value = ps_read_plain(reader, &spot);
    return !isnan(*value);
}

static bool check_parts(ps_reader *reader, const ps_read_spot *law, const law_spec *spec)
{
    const char *names[PS_DIST_PARAMS];
    bool fine = true;

    if (ps_node_kind(law->node) != PS_NODE_OBJECT) {
        ps_read_type_fault(reader, law, "object");
        return false;
    }
    for (int i = 0; i < spec->parts; i++) {
        names[i] = spec->part[i].name;
    }
    for (const ps_node *n = ps_node_first(law->node); n != NULL; n = ps_node_next(n)) {
        const ps_read_path at = {law->path, ps_node_key(n), 0};
        bool known = false;

        for (int i = 0; i < spec->parts; i++) {
            known = known || strcmp(names[i], ps_node_key(n)) == 0;
        }
        if (!known) {
            ps_read_unknown_key(reader, &(ps_read_spot){n, &at, law->field, NULL}, names,
                                (size_t)spec->parts);
            fine = false;
        }
    }
    return fine;
}

/* Numbers of an array in the bounds of the key; false after a fault. */
static bool read_list(ps_reader *reader, const ps_read_spot *law, int count, double *out)
{
    ps_field field = *law->field;
    bool fine = true;
    int i = 0;

    field.flags &= ~(PS_OPEN_MIN | PS_OPEN_MAX); /* an end has probability 0 */
    if (ps_node_kind(law->node) != PS_NODE_ARRAY) {
        ps_read_type_fault(reader, law, "array");
        return false;
    }
    if (ps_node_count(law->node) != count) {
        ps_read_fault(reader, law, "LENGTH", NULL, "%d numbers expected, %d found", count,
                      ps_node_count(law->node));
        return false;
    }
    for (const ps_node *n = ps_node_first(law->node); n != NULL; n = ps_node_next(n), i++) {
        const ps_read_path at = {law->path, NULL, i};

        out[i] = ps_read_plain(reader, &(ps_read_spot){n, &at, &field, NULL});
        fine = fine && !isnan(out[i]);
    }
    return fine;
}

static bool check_ascending(ps_reader *reader, const ps_read_spot *law, const law_spec *spec,
                            const double *p)
{
    char a[32], b[32];
    const char *hint = spec->parts == 3 ? "need min <= mode <= max" : "need min < max";

    for (int i = 1; i < spec->parts; i++) {
        if (p[i] < p[i - 1]) {
            ps_read_fault(reader, law, "ORDER", hint, "%s %s > %s %s", spec->part[i - 1].name,
                          ps_text_number(p[i - 1], a), spec->part[i].name, ps_text_number(p[i], b));
            return false;
        }
    }
    if (p[0] == p[spec->parts - 1]) {
        ps_read_fault(reader, law, "DEGENERATE", "for a fixed value write the number itself",
                      "min = max: no width");
        return false;
    }
    return true;
}

/* ---- counts, discrete, empirical ---- */

/* x of n seen: Beta(x + 1/2, n - x + 1/2), the posterior under Jeffreys' prior. */
static bool read_counts(ps_reader *reader, const ps_read_spot *law, ps_dist *dist)
{
    static const ps_field whole = {.type = PS_FIELD_PLAIN, .min = 0, .max = 1e12};
    const ps_read_spot plain = {law->node, law->path, &whole, NULL};
    double p[2];

    if (law->field->unit != PS_UNIT_FRAC) {
        ps_read_fault(reader, law, "TYPE", NULL, "counts are for fractions only");
        return false;
    }
    if (!read_list(reader, &plain, 2, p)) {
        return false;
    }
    if (p[0] != floor(p[0]) || p[1] != floor(p[1])) {
        ps_read_fault(reader, law, "INTEGER", NULL, "whole numbers expected: [seen, of how many]");
        return false;
    }
    if (p[0] > p[1] || p[1] < 1) {
        ps_read_fault(reader, law, "ORDER", "write [seen, of how many]", "%g of %g", p[0], p[1]);
        return false;
    }
    dist->p[0] = p[0] + 0.5;
    dist->p[1] = p[1] - p[0] + 0.5;
    return true;
}

/* One [value, weight]; false after a fault. */
static bool read_pair(ps_reader *reader, const ps_read_spot *spot, double *value, double *weight)
{
    static const ps_field weight_field = {.type = PS_FIELD_PLAIN, .min = 0, .max = 1e15};

    if (ps_node_kind(spot->node) != PS_NODE_ARRAY || ps_node_count(spot->node) != 2) {
        ps_read_fault(reader, spot, "TYPE", NULL, "[value, weight] expected");
        return false;
    }
    const ps_node *first = ps_node_first(spot->node);
    const ps_read_path at_value = {spot->path, NULL, 0}, at_weight = {spot->path, NULL, 1};

    *value = ps_read_plain(reader, &(ps_read_spot){first, &at_value, spot->field, NULL});
    *weight = ps_read_plain(reader,
                            &(ps_read_spot){ps_node_next(first), &at_weight, &weight_field, NULL});
    return !isnan(*value) && !isnan(*weight);
}

static bool read_discrete(ps_reader *reader, const ps_read_spot *law, ps_dist *dist)
{
    const int count = ps_node_kind(law->node) == PS_NODE_ARRAY ? ps_node_count(law->node) : -1;
    double sum = 0;
    bool fine = true;
    int i = 0;

    if (count < 0) {
        ps_read_type_fault(reader, law, "array of [value, weight]");
        return false;
    }
    if (count < 2 || count > MAX_POINTS) {
        ps_read_fault(reader, law, count < 2 ? "DEGENERATE" : "LIMIT", NULL,
                      "2 to %d values expected, %d found", MAX_POINTS, count);
        return false;
    }
    double *x = ps_read_alloc(reader, count, sizeof *x),
           *w = ps_read_alloc(reader, count, sizeof *w);

    if (x == NULL || w == NULL) {
        return false;
    }
    for (const ps_node *n = ps_node_first(law->node); n != NULL; n = ps_node_next(n), i++) {
        const ps_read_path at = {law->path, NULL, i};

        fine = read_pair(reader, &(ps_read_spot){n, &at, law->field, NULL}, &x[i], &w[i]) && fine;
        sum += w[i];
    }
    if (fine && !(sum > 0)) {
        ps_read_fault(reader, law, "SUM", NULL, "the weights sum to 0");
        return false;
    }
    for (i = 0; i < count && fine; i++) {
        w[i] /= sum;
    }
    dist->n = count;
    dist->x = x;
    dist->w = w;
    return fine;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Reads the column; false after a fault. */
static bool load_column(ps_reader *reader, const ps_read_spot *law, const char *text,
                        ps_column *column)
{
    const char *colon = strrchr(text, ':');
    const ps_origin origin = ps_tree_origin(reader->tree, law->node);
    ps_files_refusal refusal = {"TYPE", "write \"file.csv:column\"", NULL, false};
    ps_string content = {0};
    bool fine = false;
    char *name = ps_read_alloc(reader, (int)strlen(text) + 1, 1);
    const char *path = NULL, *place = text;

    if (name != NULL && colon != NULL) {
        memcpy(name, text, (size_t)(colon - text));
        path = ps_files_resolve(reader->files, origin.file, name, &refusal);
    }
    if (path == NULL || !ps_files_read(reader->files, path, &content, &refusal)) {
        reader->no_memory = reader->no_memory || refusal.no_memory;
    } else {
        fine = ps_column_read(reader->arena, &content, colon + 1, column);
        reader->no_memory = reader->no_memory || column->no_memory;
        refusal = (ps_files_refusal){"CSV", column->problem, NULL, false};
        place = path;
    }
    if (!fine && !reader->no_memory) {
        ps_read_fault(reader, law, refusal.code, refusal.hint, "%.200s: %s", place, refusal.reason);
    }
    ps_string_free(&content);
    return fine;
}

static bool read_empirical(ps_reader *reader, const ps_read_spot *law, ps_dist *dist)
{
    const char *text = ps_node_text(law->node);
    ps_column column = {0};

    if (text == NULL) {
        ps_read_type_fault(reader, law, "\"file.csv:column\"");
        return false;
    }
    if (!load_column(reader, law, text, &column)) {
        return false;
    }
    if (column.count < 2) {
        ps_read_fault(reader, law, "DEGENERATE", NULL, "at least 2 values expected, %d found",
                      column.count);
        return false;
    }
    for (int i = 0; i < column.count; i++) {
        if (!ps_read_in_range(reader, law, column.values[i])) {
            return false;
        }
    }
    qsort(column.values, (size_t)column.count, sizeof *column.values, ascending);
    dist->n = column.count;
    dist->x = column.values;
    return true;
}

/* ---- laws ---- */

/* A law on positive numbers whose place is negative is the mirror image. */
static void mirror(const law_spec *spec, ps_dist *dist)
{
    for (int i = 0; i < spec->parts; i++) {
        if (spec->part[i].type == PART_POSITIVE && dist->p[i] < 0) {
            dist->p[i] = -dist->p[i];
            dist->sign = -1;
        }
    }
}

bool ps_read_dist(ps_reader *reader, const ps_read_spot *spot, const ps_node *law_member,
                  ps_dist *dist)
{
    const law_spec *spec = find_law(ps_node_key(law_member));
    const ps_read_path at = {spot->path, spec->name, 0};
    const ps_read_spot law = {law_member, &at, spot->field, spot->owner};
    bool fine = true;

    *dist = (ps_dist){.law = spec->law, .sign = 1, .min = -HUGE_VAL, .max = HUGE_VAL};
    if (strcmp(spec->name, "counts") == 0) {
        return read_counts(reader, &law, dist);
    }
    if (spec->law == PS_LAW_DISCRETE) {
        return read_discrete(reader, &law, dist);
    }
    if (spec->law == PS_LAW_EMPIRICAL) {
        return read_empirical(reader, &law, dist);
    }
    if (spec->list) {
        return read_list(reader, &law, spec->parts, dist->p) &&
               check_ascending(reader, &law, spec, dist->p);
    }
    if (!check_parts(reader, &law, spec)) {
        return false;
    }
    for (int i = 0; i < spec->parts; i++) {
        fine = read_part(reader, &law, &spec->part[i], &dist->p[i]) && fine;
    }
    mirror(spec, dist);
    return fine;
}

/* Whether the law may say how customers differ: a normal one where values may be negative. */
static bool of_spread(const law_spec *spec, const ps_field *field)
{
    return spec->of_spread || (spec->law == PS_LAW_NORMAL && field->min < 0);
}

static bool refuse_spread_law(ps_reader *reader, const ps_read_spot *law)
{
    const char *names[LAWS];
    size_t count = 0;

    for (int i = 0; i < LAWS; i++) {
        if (of_spread(&laws[i], law->field)) {
            names[count++] = laws[i].name;
        }
    }
    ps_read_fault(reader, law, "ENUM",
                  ps_read_suggestion(reader, "", names, count, "a number, or one of "),
                  "'%s' cannot say how customers differ", ps_node_key(law->node));
    return false;
}

/* An end or mode of a list is one plain number. */
static void set_constant(ps_reader *reader, const ps_read_path *path, double value, ps_number *out)
{
    *out = (ps_number){.given = true,
                       .exact = true,
                       .defaulted = reader->defaulted,
                       .slot = -1,
                       .dist = {.law = PS_LAW_CONSTANT,
                                .p = {value},
                                .sign = 1,
                                .min = -HUGE_VAL,
                                .max = HUGE_VAL},
                       .pointer = ps_read_pointer(reader, path)};
}

static bool read_spread_list(ps_reader *reader, const ps_read_spot *law, const law_spec *spec,
                             ps_spread *out)
{
    double p[PS_DIST_PARAMS] = {0};

    if (!read_list(reader, law, spec->parts, p) || !check_ascending(reader, law, spec, p)) {
        return false;
    }
    for (int i = 0; i < spec->parts; i++) {
        const ps_read_path at = {law->path, NULL, i};
        ps_field *field = ps_read_alloc(reader, 1, sizeof *field);

        if (field == NULL) {
            return false;
        }
        *field = *law->field;
        set_constant(reader, &at, p[i], &out->parameter[i]);
        ps_read_register(reader, &(ps_read_spot){law->node, &at, field, law->owner},
                         &out->parameter[i]);
    }
    return true;
}

bool ps_read_law_parameters(ps_reader *reader, const ps_read_spot *spot, const ps_node *law_member,
                            ps_spread *out)
{
    const law_spec *spec = find_law(ps_node_key(law_member));
    const ps_read_path at = {spot->path, spec->name, 0};
    const ps_read_spot law = {law_member, &at, spot->field, spot->owner};

    if (!of_spread(spec, spot->field)) {
        return refuse_spread_law(reader, &law);
    }
    out->law = spec->law;
    if (spec->list) {
        return read_spread_list(reader, &law, spec, out);
    }
    if (!check_parts(reader, &law, spec)) {
        return false;
    }
    for (int i = 0; i < spec->parts; i++) {
        const law_part *part = &spec->part[i];
        const ps_node *node = ps_node_find(law_member, part->name);
        const ps_read_path at_part = {&at, part->name, 0};
        ps_field *field = ps_read_alloc(reader, 1, sizeof *field);

        if (field == NULL || node == NULL) {
            ps_read_missing(reader, law_member, &at, part->name, NULL);
            return false;
        }
        *field = field_of_part(spot->field, part);

        const ps_read_spot parameter = {node, &at_part, field, spot->owner};

        if (refuse_no_width(reader, &parameter, part)) {
            return false;
        }
        ps_read_number(reader, &parameter, &out->parameter[i]);
    }
    return true;
}
