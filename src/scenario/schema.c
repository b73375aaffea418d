/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One definition per shape; a kind that stands beside other keys gives one definition per kind,
 * with the other keys in it, because "no other key" cannot be said of two halves. */
#include "scenario/schema.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scenario/assemble.h"
#include "scenario/shapes.h"
#include "json/write.h"

/* clang-format off */
#define QUANTITY "-?[0-9]+(\\\\.[0-9]+)?([eE][-+]?[0-9]+)?"
#define PAIR(a, b) \
    "{\"type\":\"object\",\"required\":[\"" a "\",\"" b "\"],\"additionalProperties\":false," \
    "\"properties\":{\"" a "\":{},\"" b "\":{}},\"patternProperties\":{\"^//\":{}}}"
#define LIST(n) "{\"type\":\"array\",\"items\":{},\"minItems\":" n ",\"maxItems\":" n "}"

/* A distribution, alone or with what may stand beside it. */
static const char distribution[] =
    "{\"type\":\"object\",\"additionalProperties\":false,\"patternProperties\":{\"^//\":{}},"
    "\"properties\":{"
    "\"normal\":" PAIR("mean", "sd") ",\"lognormal\":" PAIR("median", "sdlog")
    ",\"logit_normal\":" PAIR("mean", "sd") ",\"beta\":" PAIR("a", "b")
    ",\"gamma\":" PAIR("mean", "sd") ",\"weibull\":" PAIR("shape", "scale")
    ",\"exponential\":{\"type\":\"object\",\"required\":[\"mean\"]}"
    ",\"triangular\":" LIST("3") ",\"pert\":" LIST("3") ",\"uniform\":" LIST("2")
    ",\"counts\":" LIST("2")
    ",\"discrete\":{\"type\":\"array\",\"items\":" LIST("2") ",\"minItems\":2}"
    ",\"empirical\":{\"type\":\"string\",\"pattern\":\":\"}"
    ",\"value\":{},\"exact\":{\"const\":true},\"draw\":{\"type\":\"string\"}"
    ",\"shift\":{\"type\":\"object\"},\"min\":{},\"max\":{}}}";
/* clang-format on */

static void put_definition(ps_writer *w, const char *name, const char *json)
{
    ps_write_key(w, name);
    ps_write_raw(w, json, strlen(json));
}

/* What a number may be besides a number; see the scenario reference. */
static void put_common_definitions(ps_writer *w)
{
    put_definition(w, "percent", "{\"type\":\"string\",\"pattern\":\"^" QUANTITY "%$\"}");
    put_definition(w, "range",
                   "{\"type\":\"string\",\"pattern\":\"^" QUANTITY "%? to " QUANTITY "%?$\"}");
    put_definition(w, "distribution", distribution);
    put_definition(w, "id", "{\"type\":\"string\",\"pattern\":\"^[a-z][a-z0-9_]{0,63}$\"}");
    put_definition(w, "text", "{\"type\":\"string\",\"minLength\":1,\"maxLength\":200}");
    put_definition(w, "date",
                   "{\"type\":\"string\",\"format\":\"date\",\"pattern\":"
                   "\"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$\"}");
}

static void put_reference(ps_writer *w, const char *name)
{
    char text[100];

    snprintf(text, sizeof text, "#/$defs/%s", name);
    ps_write_object(w);
    ps_write_key(w, "$ref");
    ps_write_text(w, text);
    ps_write_object_end(w);
}

static void put_type(ps_writer *w, const char *type)
{
    ps_write_key(w, "type");
    ps_write_text(w, type);
}

static bool is_bounded(const ps_field *field)
{
    return field->min != 0 || field->max != 0;
}

/* {"type": "number", "minimum": ...} */
static void put_plain(ps_writer *w, const ps_field *field, const char *type)
{
    const bool fraction = field->unit == PS_UNIT_FRAC && !is_bounded(field);
    const double min = fraction ? 0 : field->min, max = fraction ? 1 : field->max;

    ps_write_object(w);
    put_type(w, type);
    if (fraction || is_bounded(field)) {
        ps_write_key(w, (field->flags & PS_OPEN_MIN) != 0 ? "exclusiveMinimum" : "minimum");
        ps_write_number(w, min);
        ps_write_key(w, (field->flags & PS_OPEN_MAX) != 0 ? "exclusiveMaximum" : "maximum");
        ps_write_number(w, max);
    }
    ps_write_object_end(w);
}

/* anyOf: the number, a percentage, and what an uncertain number may be. */
static void put_number(ps_writer *w, const ps_field *field, bool uncertain)
{
    ps_write_key(w, "anyOf");
    ps_write_array(w);
    put_plain(w, field, "number");
    if (field->unit == PS_UNIT_FRAC || field->unit == PS_UNIT_SIGNED_FRAC) {
        put_reference(w, "percent");
    }
    if (uncertain) {
        put_reference(w, "range");
        put_reference(w, "distribution");
    }
    ps_write_array_end(w);
}

static void put_dwell(ps_writer *w, const ps_field *field)
{
    ps_write_key(w, "anyOf");
    ps_write_array(w);
    put_plain(w, field, "number");
    put_reference(w, "range");
    put_reference(w, "distribution");
    ps_write_raw(w, PAIR("won", "lost"), strlen(PAIR("won", "lost")));
    ps_write_array_end(w);
}

static void put_names(ps_writer *w, const char *const *names)
{
    ps_write_key(w, "enum");
    ps_write_array(w);
    for (; *names != NULL; names++) {
        ps_write_text(w, *names);
    }
    ps_write_array_end(w);
}

static void put_array(ps_writer *w, const ps_field *field, const char *items)
{
    put_type(w, "array");
    ps_write_key(w, "items");
    if (field->text_key != NULL) {
        ps_write_object(w);
        ps_write_key(w, "anyOf");
        ps_write_array(w);
        put_reference(w, "text");
        put_reference(w, items);
        ps_write_array_end(w);
        ps_write_object_end(w);
    } else {
        put_reference(w, items);
    }
    if (is_bounded(field)) {
        ps_write_key(w, "minItems");
        ps_write_number(w, field->min);
        ps_write_key(w, "maxItems");
        ps_write_number(w, field->max);
    }
}

/* An array of ids, or of plain numbers. */
static void put_scalars(ps_writer *w, const ps_field *field)
{
    put_type(w, "array");
    ps_write_key(w, "items");
    if (field->type == PS_FIELD_PLAINS) {
        ps_write_raw(w, "{\"type\":\"number\"}", 17);
        ps_write_key(w, "minItems");
        ps_write_number(w, field->min);
        ps_write_key(w, "maxItems");
        ps_write_number(w, field->max);
    } else {
        put_reference(w, field->type == PS_FIELD_TEXTS ? "text" : "id");
        ps_write_key(w, "minItems");
        ps_write_whole(w, field->type == PS_FIELD_ORDER ? 0 : 1);
        ps_write_key(w, "uniqueItems");
        ps_write_bool(w, true);
    }
}

/* An object whose keys are ids, comments allowed. */
static void put_map(ps_writer *w, const ps_field *field)
{
    put_type(w, "object");
    if (field->type == PS_FIELD_MAP && is_bounded(field)) {
        ps_write_key(w, "minProperties");
        ps_write_number(w, field->min);
    }
    ps_write_key(w, "patternProperties");
    ps_write_object(w);
    put_definition(w, "^//", "{}");
    ps_write_key(w, "^[a-z][a-z0-9_]*$");
    if (field->type == PS_FIELD_MAP) {
        put_reference(w, field->sub->name);
    } else if (field->type == PS_FIELD_TEXT_MAP) {
        put_reference(w, "text");
    } else {
        ps_write_object(w);
        put_number(w, field, true);
        ps_write_object_end(w);
    }
    ps_write_object_end(w);
    ps_write_key(w, "additionalProperties");
    ps_write_bool(w, false);
}

static void put_kinds(ps_writer *w, const ps_family *family)
{
    ps_write_key(w, "oneOf");
    ps_write_array(w);
    for (const ps_kind *const *k = family->kinds; *k != NULL; k++) {
        put_reference(w, (*k)->shape.name);
    }
    ps_write_array_end(w);
}

static void put_object(ps_writer *w, const ps_field *field)
{
    if (field->names == NULL) {
        char text[100];

        snprintf(text, sizeof text, "#/$defs/%s", field->sub->name);
        ps_write_key(w, "$ref");
        ps_write_text(w, text);
        return;
    }
    ps_write_key(w, "anyOf");
    ps_write_array(w);
    put_reference(w, field->sub->name);
    ps_write_object(w);
    put_names(w, field->names);
    ps_write_object_end(w);
    ps_write_array_end(w);
}

/* The members that say what the value may be. */
static void put_value(ps_writer *w, const ps_field *field)
{
    switch (field->type) {
    case PS_FIELD_NUMBER:
    case PS_FIELD_SPREAD:
    case PS_FIELD_RATE:
    case PS_FIELD_PLAIN:
        put_number(w, field, field->type != PS_FIELD_PLAIN);
        break;
    case PS_FIELD_DWELL:
        put_dwell(w, field);
        break;
    case PS_FIELD_WHOLE:
        ps_write_key(w, "allOf");
        ps_write_array(w);
        put_plain(w, field, "integer");
        ps_write_array_end(w);
        break;
    case PS_FIELD_SEED:
        put_definition(w, "anyOf",
                       "[{\"type\":\"integer\",\"minimum\":0},{\"type\":\"string\",\"pattern\":\"^["
                       "0-9]+$\"}]");
        break;
    case PS_FIELD_BOOL:
        put_type(w, "boolean");
        break;
    case PS_FIELD_ENUM:
        put_names(w, field->names);
        break;
    case PS_FIELD_TEXT:
    case PS_FIELD_DATE:
    case PS_FIELD_REF:
        put_definition(w, "$ref",
                       field->type == PS_FIELD_TEXT   ? "\"#/$defs/text\""
                       : field->type == PS_FIELD_DATE ? "\"#/$defs/date\""
                                                      : "\"#/$defs/id\"");
        break;
    case PS_FIELD_REFS:
    case PS_FIELD_ORDER:
    case PS_FIELD_PLAINS:
    case PS_FIELD_TEXTS:
        put_scalars(w, field);
        break;
    case PS_FIELD_MAP:
    case PS_FIELD_TEXT_MAP:
    case PS_FIELD_NUMBER_MAP:
        put_map(w, field);
        break;
    case PS_FIELD_LIST:
        put_array(w, field, field->sub->name);
        break;
    case PS_FIELD_OBJECT:
        put_object(w, field);
        break;
    case PS_FIELD_KIND:
        put_kinds(w, field->family);
        break;
    case PS_FIELD_RAW:
    case PS_FIELD_END:
        break;
    }
}

/* `file`: the value may be the name of a file that holds it. */
static void put_property(ps_writer *w, const char *key, const ps_field *field, bool file)
{
    ps_write_key(w, key);
    ps_write_object(w);
    ps_write_key(w, "description");
    ps_write_text(w, field->doc);
    if (field->fallback != NULL && strcmp(field->fallback, "null") != 0) {
        put_definition(w, "default", field->fallback);
    }
    if (file) {
        ps_write_key(w, "anyOf");
        ps_write_array(w);
        ps_write_raw(w, "{\"type\":\"string\"}", 17);
        ps_write_object(w);
    }
    put_value(w, field);
    if (file) {
        ps_write_object_end(w);
        ps_write_array_end(w);
    }
    ps_write_object_end(w);
}

static bool may_be_file(const char *key)
{
    for (int i = 0; ps_definition_keys[i] != NULL; i++) {
        if (strcmp(ps_definition_keys[i], key) == 0) {
            return true;
        }
    }
    return false;
}

/* `root`: of the scenario itself. */
static void put_properties(ps_writer *w, const ps_shape *shape, bool root)
{
    char name[64];

    for (const ps_field *f = shape->fields; f->type != PS_FIELD_END; f++) {
        for (int per = 0; f->type == PS_FIELD_RATE && per < PS_RATE_UNITS; per++) {
            put_property(w, ps_rate_key(f, per, name), f, false);
        }
        if (f->type != PS_FIELD_RATE && f->key != NULL) {
            put_property(w, f->key, f, root && may_be_file(f->key));
        }
    }
}

static void put_required(ps_writer *w, const ps_shape *shape)
{
    for (const ps_field *f = shape->fields; f->type != PS_FIELD_END; f++) {
        if ((f->flags & PS_REQUIRED) != 0 && f->key != NULL && f->type != PS_FIELD_RATE) {
            ps_write_text(w, f->key);
        }
    }
}

/* One of the rate's keys, when it is required. */
static void put_required_rate(ps_writer *w, const ps_shape *shape)
{
    char name[64];

    for (const ps_field *f = shape->fields; f->type != PS_FIELD_END; f++) {
        if (f->type != PS_FIELD_RATE || (f->flags & PS_REQUIRED) == 0) {
            continue;
        }
        ps_write_key(w, "oneOf");
        ps_write_array(w);
        for (int per = 0; per < PS_RATE_UNITS; per++) {
            ps_write_object(w);
            ps_write_key(w, "required");
            ps_write_array(w);
            ps_write_text(w, ps_rate_key(f, per, name));
            ps_write_array_end(w);
            ps_write_object_end(w);
        }
        ps_write_array_end(w);
        return;
    }
}

static void put_shape(ps_writer *w, const ps_listed_shape *item, bool entry, bool root)
{
    const ps_shape *shape = item->shape;

    put_type(w, "object");
    ps_write_key(w, "description");
    ps_write_text(w, item->kind != NULL ? item->kind->doc : shape->doc);
    ps_write_key(w, "properties");
    ps_write_object(w);
    if (item->kind != NULL) {
        ps_write_key(w, "kind");
        ps_write_object(w);
        ps_write_key(w, "const");
        ps_write_text(w, item->kind->name);
        ps_write_object_end(w);
    }
    put_properties(w, shape, root);
    if (item->around != NULL) {
        put_properties(w, item->around, false);
    }
    if (entry) {
        put_definition(w, "label", "{\"$ref\":\"#/$defs/text\"}");
    }
    ps_write_object_end(w);
    ps_write_key(w, "required");
    ps_write_array(w);
    if (item->kind != NULL) {
        ps_write_text(w, "kind");
    }
    put_required(w, shape);
    if (item->around != NULL) {
        put_required(w, item->around);
    }
    ps_write_array_end(w);
    put_required_rate(w, shape);
    put_definition(w, "patternProperties", "{\"^//\":{}}");
    ps_write_key(w, "additionalProperties");
    ps_write_bool(w, false);
}

static bool is_entry(const ps_shape_list *list, const ps_shape *shape)
{
    for (int i = 0; i < list->count; i++) {
        if (list->items[i].shape == shape) {
            return list->items[i].entry;
        }
    }
    return false;
}

void ps_schema_write(const ps_shape *root, ps_string *out)
{
    ps_writer w = {.out = out, .pretty = true};
    ps_shape_list list;

    ps_shapes_list(root, &list);
    ps_write_object(&w);
    put_definition(&w, "$schema", "\"https://json-schema.org/draft/2020-12/schema\"");
    put_definition(&w, "title", "\"pricesim scenario\"");
    /* A file that extends another is a patch of it: any part may be missing, null removes. */
    put_definition(&w, "if", "{\"required\":[\"extends\"]}");
    put_definition(&w, "then",
                   "{\"type\":\"object\",\"properties\":{\"extends\":{\"type\":\"string\"}}}");
    ps_write_key(&w, "else");
    put_reference(&w, root->name);
    ps_write_key(&w, "$defs");
    ps_write_object(&w);
    put_common_definitions(&w);
    for (int i = 0; i < list.count; i++) {
        const ps_listed_shape *item = &list.items[i];
        const ps_field *inline_kind = ps_shape_inline_kind(item->shape);

        ps_write_key(&w, item->shape->name);
        ps_write_object(&w);
        if (inline_kind != NULL) {
            put_kinds(&w, inline_kind->family);
        } else {
            put_shape(&w, item, item->around != NULL ? is_entry(&list, item->around) : item->entry,
                      i == 0);
        }
        ps_write_object_end(&w);
    }
    ps_write_object_end(&w);
    ps_write_object_end(&w);
}
