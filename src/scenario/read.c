/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk over shapes. Fields are read in the order of their table and map entries by id, so that
 * nothing depends on the order of keys in the file. */
#include "scenario/read.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/shapes.h"

/* ---- fields that are not there ---- */

static void clear_shape(const ps_shape *shape, void *target);

static void clear_number(ps_number *number)
{
    number->slot = -1;
}

static void clear_spread(ps_spread *spread)
{
    for (int i = 0; i < PS_DIST_PARAMS; i++) {
        clear_number(&spread->parameter[i]);
    }
}

/* The value of a key that was left out; everything else is zero. */
static void clear_field(const ps_field *field, void *target)
{
    switch (field->type) {
    case PS_FIELD_NUMBER:
        clear_number(target);
        break;
    case PS_FIELD_RATE:
        clear_number(&((ps_rate *)target)->value);
        break;
    case PS_FIELD_SPREAD:
        clear_spread(target);
        break;
    case PS_FIELD_DWELL:
        clear_spread(&((ps_dwell *)target)->won);
        clear_spread(&((ps_dwell *)target)->lost);
        break;
    case PS_FIELD_ENUM:
        *(int *)target = -1;
        break;
    case PS_FIELD_DATE:
        *(int *)target = PS_NO_DATE;
        break;
    case PS_FIELD_REF:
        ((ps_ref *)target)->index = -1;
        break;
    default:
        break;
    }
}

static void clear_shape(const ps_shape *shape, void *target)
{
    for (const ps_field *f = shape->fields; f->type != PS_FIELD_END; f++) {
        clear_field(f, (char *)target + f->offset);
    }
}

static void read_fallback(ps_reader *reader, const ps_read_path *path, const ps_field *field,
                          void *owner)
{
    const bool outer = reader->defaulted;

    if (field->type == PS_FIELD_PLAIN && strcmp(field->fallback, "null") == 0) {
        *(double *)((char *)owner + field->offset) = NAN;
        return;
    }
    ps_tree no_places = {0};
    ps_node *node = ps_tree_value(&no_places, "default", field->fallback);

    ps_tree_free(&no_places);
    if (node == NULL) {
        reader->no_memory = true;
        return;
    }
    const ps_tree *tree = reader->tree;

    reader->defaulted = true;
    reader->tree = &no_places; /* its nodes have no origin */
    ps_read_field(reader, &(ps_read_spot){node, path, field, owner});
    reader->tree = tree;
    reader->defaulted = outer;
    ps_node_free(node);
}

static void read_absent(ps_reader *reader, const ps_node *object, const ps_read_path *path,
                        const ps_field *field, void *owner)
{
    if (field->fallback != NULL) {
        const ps_read_path at = {path, field->key, 0};

        read_fallback(reader, &at, field, owner);
    } else if ((field->flags & PS_REQUIRED) != 0) {
        ps_read_missing(reader, object, path, field->key, field->doc);
    } else if (field->type == PS_FIELD_ORDER) {
        ps_read_default_order(reader, field, (ps_refs *)((char *)owner + field->offset));
    }
}

/* ---- known keys ---- */

static bool is_rate_key(const ps_field *field, const char *key)
{
    char name[64];

    for (int per = 0; per < PS_RATE_UNITS; per++) {
        if (strcmp(ps_rate_key(field, per, name), key) == 0) {
            return true;
        }
    }
    return false;
}

static bool shape_knows(const ps_shape *shape, const char *key)
{
    for (const ps_field *f = shape->fields; f->type != PS_FIELD_END; f++) {
        if (f->type == PS_FIELD_RATE ? is_rate_key(f, key)
                                     : f->key != NULL && strcmp(f->key, key) == 0) {
            return true;
        }
    }
    return false;
}

/* What an object may hold: the keys of up to two shapes and two words. */
typedef struct {
    const ps_shape *shapes[2];
    const char *words[2];
} known_keys;

static bool is_known(const known_keys *known, const char *key)
{
    for (int i = 0; i < 2; i++) {
        if ((known->shapes[i] != NULL && shape_knows(known->shapes[i], key)) ||
            (known->words[i] != NULL && strcmp(known->words[i], key) == 0)) {
            return true;
        }
    }
    return false;
}

enum { LISTED_KEYS = 128, LISTED_RATES = 10 };

/* Names of known keys, and the memory for those that are put together. */
typedef struct {
    const char *names[LISTED_KEYS];
    char rates[LISTED_RATES][64];
    int rate_count;
} key_list;

static size_t list_known(const known_keys *known, key_list *list)
{
    size_t count = 0;

    for (int i = 0; i < 2; i++) {
        const ps_field *f = known->shapes[i] == NULL ? NULL : known->shapes[i]->fields;

        for (; f != NULL && f->type != PS_FIELD_END; f++) {
            for (int per = 0; f->type == PS_FIELD_RATE && per < PS_RATE_UNITS &&
                              count < LISTED_KEYS && list->rate_count < LISTED_RATES;
                 per++) {
                ps_rate_key(f, per, list->rates[list->rate_count]);
                list->names[count++] = list->rates[list->rate_count++];
            }
            if (f->type != PS_FIELD_RATE && f->key != NULL && count < LISTED_KEYS) {
                list->names[count++] = f->key;
            }
        }
        if (known->words[i] != NULL && count < LISTED_KEYS) {
            list->names[count++] = known->words[i];
        }
    }
    return count;
}

static void check_unknown_keys(ps_reader *reader, const ps_node *object, const ps_read_path *path,
                               const known_keys *known)
{
    for (const ps_node *n = ps_node_first(object); n != NULL; n = ps_node_next(n)) {
        if (!is_known(known, ps_node_key(n))) {
            const ps_read_path at = {path, ps_node_key(n), 0};
            key_list list = {.rate_count = 0};
            const size_t count = list_known(known, &list);

            ps_read_unknown_key(reader, &(ps_read_spot){n, &at, NULL, NULL}, list.names, count);
        }
    }
}

/* ---- objects ---- */

static void read_rate(ps_reader *reader, const ps_node *object, const ps_read_path *path,
                      const ps_field *field, void *owner)
{
    ps_rate *rate = (ps_rate *)((char *)owner + field->offset);
    char first[64] = "", name[64];

    for (int per = 0; per < PS_RATE_UNITS; per++) {
        ps_rate_key(field, per, name);

        const ps_node *node = ps_node_find(object, name);
        const ps_read_path at = {path, name, 0};
        const ps_read_spot spot = {node, &at, field, owner};

        if (node == NULL) {
            continue;
        }
        if (rate->per != PS_PER_NONE) {
            ps_read_fault(reader, &spot, "CONFLICT", "give one of them", "'%s' beside '%s'", name,
                          first);
            continue;
        }
        rate->per = (ps_per)(per + 1);
        memcpy(first, name, sizeof first);
        ps_read_number(reader, &spot, &rate->value);
    }
    if (rate->per == PS_PER_NONE && (field->flags & PS_REQUIRED) != 0) {
        ps_rate_key(field, 2, name);
        ps_read_missing(reader, object, path, name,
                        "a rate has its unit in the key: per_day, per_week, per_month, per_quarter "
                        "or per_year");
    }
}

/* The kind that the object names, NULL after a fault. */
static const ps_kind *find_kind(ps_reader *reader, const ps_node *object, const ps_read_path *path,
                                const ps_family *family)
{
    const ps_node *node = ps_node_find(object, "kind");
    const ps_read_path at = {path, "kind", 0};
    const char *names[64];
    size_t count = 0;

    for (const ps_kind *const *k = family->kinds; *k != NULL && count < 64; k++) {
        names[count++] = (*k)->name;
    }
    if (node == NULL || ps_node_text(node) == NULL) {
        if (node != NULL) {
            ps_read_type_fault(reader, &(ps_read_spot){node, &at, NULL, NULL}, "string");
        } else {
            ps_read_missing(reader, object, path, "kind",
                            ps_read_suggestion(reader, "", names, count, "one of "));
        }
        return NULL;
    }
    for (const ps_kind *const *k = family->kinds; *k != NULL; k++) {
        if (strcmp((*k)->name, ps_node_text(node)) == 0) {
            return *k;
        }
    }
    ps_read_fault(reader, &(ps_read_spot){node, &at, NULL, NULL}, "ENUM",
                  ps_read_suggestion(reader, ps_node_text(node), names, count, "one of "),
                  "unknown %s '%.100s'", family->name, ps_node_text(node));
    return NULL;
}

static void read_fields(ps_reader *reader, const ps_node *object, const ps_read_path *path,
                        const ps_shape *shape, void *out);

/* Reads the kind's own keys from `object`; its keys are then known there too. */
static void read_kind(ps_reader *reader, const ps_node *object, const ps_read_path *path,
                      const ps_family *family, ps_kind_value *out)
{
    const ps_kind *kind = find_kind(reader, object, path, family);

    if (kind == NULL) {
        return;
    }
    void *params = ps_read_alloc(reader, 1, kind->shape.size);

    if (params != NULL) {
        read_fields(reader, object, path, &kind->shape, params);
        *out = (ps_kind_value){kind, params};
    }
}

static void read_fields(ps_reader *reader, const ps_node *object, const ps_read_path *path,
                        const ps_shape *shape, void *out)
{
    clear_shape(shape, out);
    for (const ps_field *f = shape->fields; f->type != PS_FIELD_END && !reader->no_memory; f++) {
        if (f->type == PS_FIELD_RATE) {
            read_rate(reader, object, path, f, out);
        } else if (f->key == NULL) {
            read_kind(reader, object, path, f->family, (ps_kind_value *)((char *)out + f->offset));
        } else {
            const ps_node *node = ps_node_find(object, f->key);
            const ps_read_path at = {path, f->key, 0};

            if (node != NULL) {
                ps_read_field(reader, &(ps_read_spot){node, &at, f, out});
            } else {
                read_absent(reader, object, path, f, out);
            }
        }
    }
}

static void read_object(ps_reader *reader, const ps_read_spot *spot, const ps_shape *shape,
                        void *out, bool entry)
{
    if (ps_node_kind(spot->node) != PS_NODE_OBJECT) {
        ps_read_type_fault(reader, spot, "object");
        return;
    }
    read_fields(reader, spot->node, spot->path, shape, out);

    const ps_field *kind_field = ps_shape_inline_kind(shape);
    known_keys known = {{shape, NULL}, {entry ? "label" : NULL, NULL}};

    if (kind_field != NULL) {
        const ps_kind *kind =
            ((const ps_kind_value *)((const char *)out + kind_field->offset))->kind;

        if (kind == NULL) {
            return; /* without the kind nobody knows which keys belong here */
        }
        known.shapes[1] = &kind->shape;
        known.words[1] = "kind";
    }
    check_unknown_keys(reader, spot->node, spot->path, &known);
}

/* Index of a word in a NULL-terminated list, -1. */
static int find_word(const char *const *names, const char *word)
{
    for (int i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], word) == 0) {
            return i;
        }
    }
    return -1;
}

static size_t count_words(const char *const *names)
{
    size_t count = 0;

    while (names[count] != NULL) {
        count++;
    }
    return count;
}

/* An object by pointer, or one of the words that may stand for it. */
static void read_object_field(ps_reader *reader, const ps_read_spot *spot)
{
    const ps_field *field = spot->field;
    const char *text = ps_node_text(spot->node);
    void *object = ps_read_alloc(reader, 1, field->sub->size);

    if (object == NULL) {
        return;
    }
    if (field->names == NULL || text == NULL) {
        read_object(reader, spot, field->sub, object, false);
    } else {
        const int word = find_word(field->names, text);

        clear_shape(field->sub, object);
        *(int *)object = word + 1;
        if (word < 0) {
            ps_read_fault(reader, spot, "ENUM",
                          ps_read_suggestion(reader, text, field->names, count_words(field->names),
                                             "an object, or one of "),
                          "'%.100s' is not known here", text);
        }
    }
    *(void **)ps_spot_target(spot) = object;
}

static void read_kind_field(ps_reader *reader, const ps_read_spot *spot)
{
    ps_kind_value *out = ps_spot_target(spot);

    if (ps_node_kind(spot->node) != PS_NODE_OBJECT) {
        ps_read_type_fault(reader, spot, "object");
        return;
    }
    read_kind(reader, spot->node, spot->path, spot->field->family, out);
    if (out->kind != NULL) {
        check_unknown_keys(reader, spot->node, spot->path,
                           &(known_keys){{&out->kind->shape, NULL}, {"kind", NULL}});
    }
}

/* ---- maps and lists ---- */

/* Checks the number of entries; false after a fault. */
static bool check_count(ps_reader *reader, const ps_read_spot *spot, int count)
{
    const ps_field *field = spot->field;
    const char *noun = field->sub->name;

    if (count < field->min) {
        ps_read_fault(reader, spot, "EMPTY", NULL, "at least %g %s%s", field->min, noun,
                      count == 0 ? " is needed, the list is empty" : "s are needed");
        return false;
    }
    if (field->max > 0 && count > field->max) {
        ps_read_fault(reader, spot, "LIMIT", NULL, "%d entries, at most %g", count, field->max);
        return false;
    }
    return true;
}

static int by_key(const void *a, const void *b)
{
    return strcmp(ps_node_key(*(const ps_node *const *)a), ps_node_key(*(const ps_node *const *)b));
}

static void read_entry(ps_reader *reader, const ps_read_spot *spot, ps_entry *entry)
{
    const ps_node *label = ps_node_find(spot->node, "label");

    read_object(reader, spot, spot->field->sub, entry, true);
    entry->id = ps_read_copy(reader, ps_node_key(spot->node));
    entry->label = entry->id;
    entry->pointer = ps_read_pointer(reader, spot->path);
    if (label != NULL) {
        static const ps_field field = {
            .key = "label", .type = PS_FIELD_TEXT, .offset = offsetof(ps_entry, label)};
        const ps_read_path at = {spot->path, "label", 0};

        ps_read_value(reader, &(ps_read_spot){label, &at, &field, entry});
    }
}

static void read_map(ps_reader *reader, const ps_read_spot *spot)
{
    const size_t size = spot->field->sub->size;
    ps_map *map = ps_spot_target(spot);
    int count = 0;

    if (ps_node_kind(spot->node) != PS_NODE_OBJECT) {
        ps_read_type_fault(reader, spot, "object");
        return;
    }
    const int members = ps_node_count(spot->node);

    if (!check_count(reader, spot, members)) {
        return;
    }
    const ps_node **sorted = ps_read_alloc(reader, members, sizeof *sorted);
    char *items = ps_read_alloc(reader, members, size);

    if (sorted == NULL || items == NULL) {
        return;
    }
    for (const ps_node *n = ps_node_first(spot->node); n != NULL; n = ps_node_next(n)) {
        sorted[count++] = n;
    }
    qsort(sorted, (size_t)count, sizeof *sorted, by_key);
    *map = (ps_map){count, items};
    for (int i = 0; i < count && !reader->no_memory; i++) {
        const ps_read_path at = {spot->path, ps_node_key(sorted[i]), 0};
        const ps_read_spot entry = {sorted[i], &at, spot->field, items};

        if (ps_read_id(reader, &entry, ps_node_key(sorted[i]))) {
            read_entry(reader, &entry, (ps_entry *)(void *)(items + (size_t)i * size));
        }
    }
}

/* An item given as a text: the value of its `text_key`, all else as when left out. */
static void read_text_item(ps_reader *reader, const ps_read_spot *spot, void *out)
{
    clear_shape(spot->field->sub, out);
    for (const ps_field *f = spot->field->sub->fields; f->type != PS_FIELD_END; f++) {
        if (strcmp(f->key, spot->field->text_key) == 0) {
            ps_read_field(reader, &(ps_read_spot){spot->node, spot->path, f, out});
        } else {
            read_absent(reader, spot->node, spot->path, f, out);
        }
    }
}

static void read_list(ps_reader *reader, const ps_read_spot *spot)
{
    const size_t size = spot->field->sub->size;
    ps_list *list = ps_spot_target(spot);

    if (ps_node_kind(spot->node) != PS_NODE_ARRAY) {
        ps_read_type_fault(reader, spot, "array");
        return;
    }
    const int count = ps_node_count(spot->node);
    char *items = check_count(reader, spot, count) ? ps_read_alloc(reader, count, size) : NULL;
    int i = 0;

    if (items == NULL) {
        return;
    }
    *list = (ps_list){count, items};
    for (const ps_node *n = ps_node_first(spot->node); n != NULL; n = ps_node_next(n), i++) {
        const ps_read_path at = {spot->path, NULL, i};
        const ps_read_spot item = {n, &at, spot->field, items};

        if (spot->field->text_key != NULL && ps_node_text(n) != NULL) {
            read_text_item(reader, &item, items + (size_t)i * size);
        } else {
            read_object(reader, &item, spot->field->sub, items + (size_t)i * size, false);
        }
    }
}

void ps_read_field(ps_reader *reader, const ps_read_spot *spot)
{
    switch (spot->field->type) {
    case PS_FIELD_NUMBER:
        ps_read_number(reader, spot, ps_spot_target(spot));
        break;
    case PS_FIELD_SPREAD:
        ps_read_spread(reader, spot, ps_spot_target(spot));
        break;
    case PS_FIELD_DWELL:
        ps_read_dwell(reader, spot);
        break;
    case PS_FIELD_OBJECT:
        read_object_field(reader, spot);
        break;
    case PS_FIELD_KIND:
        read_kind_field(reader, spot);
        break;
    case PS_FIELD_MAP:
        read_map(reader, spot);
        break;
    case PS_FIELD_LIST:
        read_list(reader, spot);
        break;
    case PS_FIELD_RAW:
        *(const void **)ps_spot_target(spot) = spot->node;
        break;
    default:
        ps_read_value(reader, spot);
    }
}

ps_status ps_read(ps_reader *reader, const ps_node *node, const ps_shape *shape, void *out)
{
    const size_t errors = reader->faults->errors;

    read_object(reader, &(ps_read_spot){node, NULL, NULL, NULL}, shape, out, false);
    if (reader->no_memory) {
        return ps_faults_no_memory(reader->faults);
    }
    return reader->faults->errors > errors ? PS_ERR_INPUT : PS_OK;
}
