/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/reference.h"

#include <stdio.h>
#include <string.h>

#include "scenario/shapes.h"

static const char introduction[] =
    "# Scenario reference\n\n"
    "Generated from the program's field tables by `pricesim schema --reference`; do not edit.\n\n"
    "A scenario is strict JSON. Keys that start with `//` are comments. Maps are keyed by ids "
    "(`a-z`, `0-9`, `_`, a letter\n"
    "first); every entry of a map may have a `label`, any text. `market`, `competitors` and "
    "`promotions` may each be the name\n"
    "of a file that holds them, relative to the file that names it. `extends` names a file of "
    "which this one is a patch\n"
    "(RFC 7396: members replace, `null` removes).\n\n"
    "| a value of type | may be |\n|---|---|\n"
    "| number | `5`, `\"4 to 6\"` (5th to 95th percentile), a distribution, or `{\"value\": 5, "
    "\"exact\": true}` when it is really known; drawn once per path |\n"
    "| fraction | a number in [0, 1], or `\"20%\"`; `{\"counts\": [842, 8000]}` when it was "
    "counted |\n"
    "| spread | how customers differ: a number, a range, or a distribution whose parameters are "
    "numbers |\n"
    "| rate | a number under a key with its unit of time: `per_day`, `per_week`, `per_month`, "
    "`per_quarter` or `per_year` |\n"
    "| plain number | one number, never uncertain |\n"
    "| date | `\"2026-01-05\"`; `from` and `to` are both inside |\n\n"
    "Distributions: `{\"normal\": {\"mean\", \"sd\"}}`, `{\"lognormal\": {\"median\", "
    "\"sdlog\"}}`, `{\"logit_normal\": {\"mean\", \"sd\"}}` (on the\n"
    "logit scale), `{\"beta\": {\"a\", \"b\"}}`, `{\"gamma\": {\"mean\", \"sd\"}}`, `{\"weibull\": "
    "{\"shape\", \"scale\"}}`, `{\"exponential\": {\"mean\"}}`,\n"
    "`{\"triangular\": [min, mode, max]}`, `{\"pert\": [min, mode, max]}`, `{\"uniform\": [min, "
    "max]}`,\n"
    "`{\"discrete\": [[value, weight], ...]}`, `{\"empirical\": \"file.csv:column\"}`. Beside the "
    "law: `\"draw\": \"name\"` shares one random\n"
    "number between inputs, `\"shift\": {segment: x}` moves it per segment on its own scale, "
    "`\"min\"` and `\"max\"` cut it.\n"
    "A range `\"a to b\"` is logit-normal for fractions, lognormal for keys that cannot be "
    "negative (mirrored for keys that\n"
    "cannot be positive), normal otherwise.\n";

static const char *unit_name(ps_unit unit)
{
    static const char *const names[] = {
        "", "", "", "money", "days", "", "utility", "utility per money", ""};

    return names[unit];
}

static const char *noun_of(ps_ref_kind kind)
{
    static const char *const nouns[PS_REF_STEP + 1] = {
        [PS_REF_NONE] = "id",
        [PS_REF_OFFER] = "own offer",
        [PS_REF_RIVAL_OFFER] = "rival offer",
        [PS_REF_ANY_OFFER] = "own or rival offer",
        [PS_REF_ALTERNATIVE] = "own or rival offer or `none`",
        [PS_REF_LOST_TO] = "rival offer or `none`",
        [PS_REF_SEGMENT] = "segment",
        [PS_REF_PROMOTION] = "promotion",
        [PS_REF_COMPETITOR] = "competitor",
        [PS_REF_STAGE] = "stage",
        [PS_REF_CHANNEL] = "channel",
        [PS_REF_BAND] = "score band",
        [PS_REF_SALES_MODEL] = "sales model",
        [PS_REF_STEP] = "waterfall step",
    };

    return nouns[kind];
}

static const char *number_name(const ps_field *field)
{
    return field->unit == PS_UNIT_FRAC          ? "fraction"
           : field->unit == PS_UNIT_SIGNED_FRAC ? "fraction, may be negative"
           : field->type == PS_FIELD_SPREAD || field->type == PS_FIELD_DWELL ? "spread"
                                                                             : "number";
}

static void put_words(ps_string *out, const char *const *names)
{
    for (int i = 0; names[i] != NULL; i++) {
        ps_string_format(out, "%s`\"%s\"`", i == 0 ? "" : ", ", names[i]);
    }
}

static void put_link(ps_string *out, const char *name)
{
    ps_string_format(out, "[%s](#%s)", name, name);
}

static void put_type(ps_string *out, const ps_field *field)
{
    switch (field->type) {
    case PS_FIELD_ENUM:
        put_words(out, field->names);
        break;
    case PS_FIELD_OBJECT:
        put_link(out, field->sub->name);
        if (field->names != NULL) {
            ps_string_format(out, " or ");
            put_words(out, field->names);
        }
        break;
    case PS_FIELD_MAP:
        ps_string_format(out, "{id: ");
        put_link(out, field->sub->name);
        ps_string_format(out, "}");
        break;
    case PS_FIELD_LIST:
        ps_string_format(out, "list of ");
        put_link(out, field->sub->name);
        if (field->text_key != NULL) {
            ps_string_format(out, ", or of texts: their `%s`", field->text_key);
        }
        break;
    case PS_FIELD_KIND:
        ps_string_format(out, "[%s](#%s-kinds)", field->family->name, field->family->name);
        break;
    case PS_FIELD_REF:
    case PS_FIELD_REFS:
    case PS_FIELD_ORDER:
        ps_string_format(out, "%s%s",
                         field->type == PS_FIELD_REF ? "" : "list: ", noun_of(field->refers));
        break;
    case PS_FIELD_NUMBER_MAP:
        ps_string_format(out, "{%s: %s}", noun_of(field->refers), number_name(field));
        break;
    case PS_FIELD_NUMBER:
    case PS_FIELD_SPREAD:
    case PS_FIELD_DWELL:
    case PS_FIELD_RATE:
        ps_string_format(out, "%s", number_name(field));
        break;
    case PS_FIELD_PLAIN:
        ps_string_format(out, "plain %s", number_name(field));
        break;
    default: {
        static const char *const names[] = {[PS_FIELD_WHOLE] = "whole number",
                                            [PS_FIELD_SEED] = "whole number or digits in quotes",
                                            [PS_FIELD_BOOL] = "`true`, `false`",
                                            [PS_FIELD_TEXT] = "text",
                                            [PS_FIELD_DATE] = "date",
                                            [PS_FIELD_TEXT_MAP] = "{name: text}",
                                            [PS_FIELD_PLAINS] = "list of plain numbers",
                                            [PS_FIELD_TEXTS] = "list of texts",
                                            [PS_FIELD_RAW] = "{id: patch}"};

        ps_string_format(out, "%s", names[field->type]);
    }
    }
    if (unit_name(field->unit)[0] != '\0') {
        ps_string_format(out, ", %s", unit_name(field->unit));
    }
}

static void put_bounds(ps_string *out, const ps_field *field)
{
    const bool list = field->type == PS_FIELD_MAP || field->type == PS_FIELD_LIST ||
                      field->type == PS_FIELD_PLAINS || field->type == PS_FIELD_TEXTS;
    char low[32], high[32];

    if (field->min == 0 && field->max == 0) {
        return;
    }
    ps_text_number(field->min, low);
    ps_text_number(field->max, high);
    if (list) {
        ps_string_format(out, field->min == field->max ? "%s entries" : "%s to %s entries", low,
                         high);
    } else {
        ps_string_format(out, "%c%s, %s%c", (field->flags & PS_OPEN_MIN) != 0 ? '(' : '[', low,
                         high, (field->flags & PS_OPEN_MAX) != 0 ? ')' : ']');
    }
}

static void put_key(ps_string *out, const ps_field *field)
{
    if (field->type == PS_FIELD_RATE) {
        ps_string_format(out, "`%s%sper_day` ... `%s%sper_year`",
                         field->key == NULL ? "" : field->key, field->key == NULL ? "" : "_",
                         field->key == NULL ? "" : field->key, field->key == NULL ? "" : "_");
    } else {
        ps_string_format(out, "`%s`", field->key == NULL ? "kind" : field->key);
    }
}

static void put_row(ps_string *out, const ps_field *field)
{
    ps_string_format(out, "| ");
    put_key(out, field);
    ps_string_format(out, " | ");
    put_type(out, field);
    ps_string_format(out, " | ");
    if ((field->flags & PS_REQUIRED) != 0) {
        ps_string_format(out, "required");
    } else if (field->fallback != NULL && strcmp(field->fallback, "null") != 0) {
        ps_string_format(out, "`%s`", field->fallback);
    }
    ps_string_format(out, " | ");
    put_bounds(out, field);
    ps_string_format(out, " | %s |\n", field->doc);
}

static void put_table(ps_string *out, const ps_shape *shape)
{
    if (shape->fields[0].type == PS_FIELD_END) {
        ps_string_format(out, "\nNo keys of its own.\n");
        return;
    }
    ps_string_format(out, "\n| key | type | default | range | meaning |\n|---|---|---|---|---|\n");
    for (const ps_field *f = shape->fields; f->type != PS_FIELD_END; f++) {
        put_row(out, f);
    }
}

/* All kinds of the families that the shape mentions. */
static void put_families(ps_string *out, const ps_shape *shape)
{
    for (const ps_field *f = shape->fields; f->type != PS_FIELD_END; f++) {
        if (f->type != PS_FIELD_KIND) {
            continue;
        }
        ps_string_format(out, "\n## %s kinds\n", f->family->name);
        for (const ps_kind *const *k = f->family->kinds; *k != NULL; k++) {
            ps_string_format(out, "\n### %s `%s`\n\n%s\n", f->family->name, (*k)->name, (*k)->doc);
            put_table(out, &(*k)->shape);
        }
    }
}

void ps_reference_write(const ps_shape *root, ps_string *out)
{
    ps_shape_list list;

    ps_shapes_list(root, &list);
    ps_string_append(out, introduction, strlen(introduction));
    for (int i = 0; i < list.count; i++) {
        const ps_listed_shape *item = &list.items[i];

        if (item->kind == NULL) {
            ps_string_format(out, "\n## %s\n\n%s\n", item->shape->name, item->shape->doc);
            put_table(out, item->shape);
            put_families(out, item->shape);
        }
    }
}
