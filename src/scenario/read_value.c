/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values that are no uncertain numbers: texts, words, dates, whole numbers, references and lists of
 * them. */
#include "scenario/read.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "json/literal.h"

enum { MAX_CHARACTERS = 200, MAX_ID = 64 };

/* ---- texts ---- */

/* The code point at `*s`, which is valid UTF-8; steps over it. */
static unsigned next_code(const unsigned char **s)
{
    const unsigned char *c = *s;
    const size_t length = ps_utf8_length(c, 4);
    unsigned code = length < 2 ? c[0] : c[0] & (0x7fU >> length);

    for (size_t k = 1; k < length; k++) {
        code = code << 6 | (c[k] & 0x3fU);
    }
    *s += length == 0 ? 1 : length;
    return code;
}

static bool is_direction_mark(unsigned code)
{
    return code == 0x200e || code == 0x200f || (code >= 0x202a && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069);
}

/* A copy of the text at the spot, NULL after a fault. */
static const char *read_text(ps_reader *reader, const ps_read_spot *spot)
{
    const char *text = ps_node_text(spot->node);
    int count = 0;
    bool marks = false;

    if (text == NULL) {
        ps_read_type_fault(reader, spot, "string");
        return NULL;
    }
    for (const unsigned char *s = (const unsigned char *)text; *s != '\0'; count++) {
        const unsigned code = next_code(&s);

        if (code < 0x20 || (code >= 0x7f && code < 0xa0)) {
            ps_read_fault(reader, spot, "CHARSET", NULL, "must not contain control characters");
            return NULL;
        }
        marks = marks || is_direction_mark(code);
    }
    if (count == 0) {
        ps_read_fault(reader, spot, "EMPTY", NULL, "must not be empty");
        return NULL;
    }
    if (count > MAX_CHARACTERS) {
        ps_read_fault(reader, spot, "LENGTH", NULL, "longer than %d characters", MAX_CHARACTERS);
        return NULL;
    }
    if (marks) {
        ps_read_fault(reader, spot, "WARN_BIDI", "remove it", "contains a text-direction control");
    }
    return ps_read_copy(reader, text);
}

bool ps_read_id(ps_reader *reader, const ps_read_spot *member, const char *id)
{
    const size_t length = strlen(id);
    const bool letters = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789_") == length;

    if (length > 0 && length <= MAX_ID && letters && id[0] >= 'a' && id[0] <= 'z') {
        return true;
    }
    if (length == 0) {
        ps_read_key_fault(reader, member, "EMPTY", NULL, "an id must not be empty");
    } else if (length > MAX_ID) {
        ps_read_key_fault(reader, member, "LENGTH", NULL, "id longer than 64 characters");
    } else {
        ps_read_key_fault(reader, member, "CHARSET", "a label may hold any text",
                          "an id has a-z, 0-9 and _, and begins with a letter");
    }
    return false;
}

static void read_texts(ps_reader *reader, const ps_read_spot *spot)
{
    const ps_field *field = spot->field;
    ps_texts *out = ps_spot_target(spot);

    if (ps_node_kind(spot->node) != PS_NODE_ARRAY) {
        ps_read_type_fault(reader, spot, "array");
        return;
    }
    const int count = ps_node_count(spot->node);

    if (count < field->min || (field->max > 0 && count > field->max)) {
        ps_read_fault(reader, spot, "LENGTH", NULL, "%g to %g texts expected, %d found", field->min,
                      field->max, count);
        return;
    }
    out->items = ps_read_alloc(reader, count, sizeof *out->items);
    for (const ps_node *n = ps_node_first(spot->node); n != NULL && out->items != NULL;
         n = ps_node_next(n)) {
        const ps_read_path at = {spot->path, NULL, out->count};

        out->items[out->count++] = read_text(reader, &(ps_read_spot){n, &at, field, spot->owner});
    }
}

static int by_key(const void *a, const void *b)
{
    return strcmp(ps_node_key(*(const ps_node *const *)a), ps_node_key(*(const ps_node *const *)b));
}

static void read_text_map(ps_reader *reader, const ps_read_spot *spot)
{
    ps_text_map *out = ps_spot_target(spot);
    int members = 0;

    if (ps_node_kind(spot->node) != PS_NODE_OBJECT) {
        ps_read_type_fault(reader, spot, "object");
        return;
    }
    const int count = ps_node_count(spot->node);
    const ps_node **sorted = ps_read_alloc(reader, count, sizeof *sorted);

    out->ids = ps_read_alloc(reader, count, sizeof *out->ids);
    out->texts = ps_read_alloc(reader, count, sizeof *out->texts);
    if (sorted == NULL || out->ids == NULL || out->texts == NULL) {
        return;
    }
    for (const ps_node *n = ps_node_first(spot->node); n != NULL; n = ps_node_next(n)) {
        sorted[members++] = n;
    }
    qsort(sorted, (size_t)count, sizeof *sorted, by_key);
    for (int i = 0; i < count; i++) {
        const ps_read_path at = {spot->path, ps_node_key(sorted[i]), 0};
        const ps_read_spot member = {sorted[i], &at, spot->field, spot->owner};

        if (ps_read_id(reader, &member, at.key)) {
            out->ids[out->count] = ps_read_copy(reader, at.key);
            out->texts[out->count++] = read_text(reader, &member);
        }
    }
}

/* ---- words and dates ---- */

static void read_enum(ps_reader *reader, const ps_read_spot *spot)
{
    const char *text = ps_node_text(spot->node);
    const char *const *names = spot->field->names;
    size_t count = 0;

    if (text == NULL) {
        ps_read_type_fault(reader, spot, "string");
        return;
    }
    for (; names[count] != NULL; count++) {
        if (strcmp(names[count], text) == 0) {
            *(int *)ps_spot_target(spot) = (int)count;
            return;
        }
    }
    ps_read_fault(reader, spot, "ENUM", ps_read_suggestion(reader, text, names, count, "one of "),
                  "'%.100s' is not known here", text);
}

/* Why a text is no date; `hint` may get a guess of what was meant. */
static const char *date_problem(const char *text, char hint[64])
{
    int a = 0, b = 0, c = 0, used = 0, day = 0;
    char iso[32];

    snprintf(hint, 64, "write YYYY-MM-DD");
    if (strlen(text) > 10 && text[4] == '-' && text[7] == '-' &&
        (text[10] == 'T' || text[10] == ' ')) {
        snprintf(hint, 64, "write %.10s", text);
        return "a date only, no time";
    }
    if (sscanf(text, "%4d-%2d-%2d%n", &a, &b, &c, &used) == 3 && used == (int)strlen(text)) {
        if (strlen(text) == 10 && (a < 1970 || a > 2200)) {
            snprintf(hint, 64, "1970 to 2200");
            return "year out of range";
        }
        snprintf(iso, sizeof iso, "%04d-%02d-%02d", a, b, c);
        if (strlen(text) == 10 || !ps_date_parse(iso, &day)) {
            return "no such day";
        }
        snprintf(hint, 64, "write %s", iso);
    } else if (sscanf(text, "%2d/%2d/%4d%n", &a, &b, &c, &used) == 3 && used == (int)strlen(text)) {
        snprintf(iso, sizeof iso, "%04d-%02d-%02d", c, a, b);
        if (ps_date_parse(iso, &day)) {
            snprintf(hint, 64, "write YYYY-MM-DD: %s", iso);
        }
    }
    return "not a date of the form YYYY-MM-DD";
}

static void read_date(ps_reader *reader, const ps_read_spot *spot)
{
    const char *text = ps_node_text(spot->node);
    int *day = ps_spot_target(spot);
    char hint[64];

    if (text == NULL) {
        ps_read_fault(reader, spot, "TYPE", "write \"2026-01-05\"", "string expected, %s found",
                      ps_node_type_name(ps_node_kind(spot->node)));
    } else if (!ps_date_parse(text, day)) {
        const char *problem = date_problem(text, hint);

        ps_read_fault(reader, spot, "DATE", hint, "'%.40s': %s", text, problem);
    }
}

/* ---- whole numbers ---- */

static void read_whole(ps_reader *reader, const ps_read_spot *spot)
{
    const double value = ps_node_number(spot->node);
    char text[32];

    if (ps_node_kind(spot->node) != PS_NODE_NUMBER) {
        ps_read_type_fault(reader, spot, "whole number");
    } else if (ps_read_in_range(reader, spot, value)) {
        if (value != floor(value)) {
            ps_read_fault(reader, spot, "INTEGER", NULL, "whole number expected, %s found",
                          ps_text_number(value, text));
        } else if (fabs(value) > 9007199254740992.0) {
            ps_read_fault(reader, spot, "RANGE", NULL, "above 2^53 JSON numbers lose digits");
        } else {
            *(int64_t *)ps_spot_target(spot) = (int64_t)value;
        }
    }
}

/* Decimal digits up to 2^64 - 1. */
static void read_seed_text(ps_reader *reader, const ps_read_spot *spot, const char *text)
{
    uint64_t value = 0;
    const char *c = text[0] == '-' ? text + 1 : text;
    bool fits = text[0] != '-';

    if (*c == '\0' || strspn(c, "0123456789") != strlen(c)) {
        ps_read_fault(reader, spot, "INTEGER", NULL, "decimal digits expected, '%.40s' found",
                      text);
        return;
    }
    for (; *c != '\0' && fits; c++) {
        const uint64_t digit = (uint64_t)(*c - '0');

        fits = value <= (UINT64_MAX - digit) / 10;
        value = value * 10 + digit;
    }
    if (fits) {
        *(uint64_t *)ps_spot_target(spot) = value;
    } else {
        ps_read_fault(reader, spot, "RANGE", NULL, "must be from 0 to 18446744073709551615");
    }
}

static void read_seed(ps_reader *reader, const ps_read_spot *spot)
{
    const char *text = ps_node_text(spot->node);
    const double value = ps_node_number(spot->node);

    if (text != NULL) {
        read_seed_text(reader, spot, text);
    } else if (isnan(value)) {
        ps_read_type_fault(reader, spot, "whole number, or decimal digits in quotes,");
    } else if (value != floor(value)) {
        ps_read_fault(reader, spot, "INTEGER", NULL,
                      "whole number or decimal digits in quotes expected");
    } else if (value < 0 || value >= 0x1p64) {
        ps_read_fault(reader, spot, "RANGE", NULL, "must be from 0 to 18446744073709551615");
    } else if (value >= 9007199254740992.0) {
        ps_read_fault(reader, spot, "PRECISION", "write it in quotes",
                      "above 2^53 a JSON number cannot hold every seed");
    } else {
        *(uint64_t *)ps_spot_target(spot) = (uint64_t)value;
    }
}

static void read_bool(ps_reader *reader, const ps_read_spot *spot)
{
    const ps_node_type type = ps_node_kind(spot->node);

    if (type != PS_NODE_TRUE && type != PS_NODE_FALSE) {
        ps_read_type_fault(reader, spot, "true or false");
        return;
    }
    *(bool *)ps_spot_target(spot) = type == PS_NODE_TRUE;
}

/* Lengths are the field's bounds; the numbers themselves are free but finite. */
static void read_plains(ps_reader *reader, const ps_read_spot *spot)
{
    const ps_field *field = spot->field;
    ps_plains *out = ps_spot_target(spot);
    static const ps_field element = {.type = PS_FIELD_PLAIN, .min = 0, .max = 1e15};

    if (ps_node_kind(spot->node) != PS_NODE_ARRAY) {
        ps_read_type_fault(reader, spot, "array");
        return;
    }
    const int count = ps_node_count(spot->node);

    if (count < field->min || (field->max > 0 && count > field->max)) {
        ps_read_fault(reader, spot, "LENGTH", NULL,
                      field->min == field->max ? "%g numbers expected, %d found"
                                               : "at least %g numbers expected, %d found",
                      field->min, count);
        return;
    }
    out->items = ps_read_alloc(reader, count, sizeof *out->items);
    for (const ps_node *n = ps_node_first(spot->node); n != NULL && out->items != NULL;
         n = ps_node_next(n)) {
        const ps_read_path at = {spot->path, NULL, out->count};

        out->items[out->count++] = ps_read_plain(reader, &(ps_read_spot){n, &at, &element, out});
    }
}

/* ---- references ---- */

/* Without any offer or segment, that is the fault, and not each mention of one. */
static bool lacks_required(const ps_names *names, ps_ref_kind kind)
{
    const bool offer =
        kind == PS_REF_OFFER || kind == PS_REF_ANY_OFFER || kind == PS_REF_ALTERNATIVE;

    return (offer && names->offers.count == 0) ||
           (kind == PS_REF_SEGMENT && names->segments.count == 0);
}

/* Index of a name, PS_NO_SUCH_NAME after a fault. */
static int resolve(ps_reader *reader, const ps_read_spot *spot, const char *id)
{
    const ps_ref_kind kind = spot->field->refers;
    const int index = ps_names_find(reader->names, kind, id);

    if (index == PS_NO_SUCH_NAME && !lacks_required(reader->names, kind)) {
        const ps_id_list *all = ps_names_all(reader->names, kind);

        ps_read_fault(reader, spot, "REF",
                      all->count == 0
                          ? "there are none"
                          : ps_read_suggestion(reader, id, all->ids, (size_t)all->count, "have "),
                      "no %s '%.100s'", ps_names_noun(kind), id);
    }
    return index;
}

static bool read_ref(ps_reader *reader, const ps_read_spot *spot, ps_ref *out)
{
    const char *id = ps_node_text(spot->node);

    out->index = -1;
    if (id == NULL) {
        ps_read_type_fault(reader, spot, "string");
        return false;
    }
    const int index = resolve(reader, spot, id);

    if (index == PS_NO_SUCH_NAME) {
        return false;
    }
    *out = (ps_ref){ps_read_copy(reader, id), index, ps_read_pointer(reader, spot->path)};
    return true;
}

static bool listed_before(const ps_refs *refs, const ps_ref *ref)
{
    for (int i = 0; i < refs->count; i++) {
        if (refs->items[i].index == ref->index) {
            return true;
        }
    }
    return false;
}

/* An order that leaves out members says which. */
static void check_complete(ps_reader *reader, const ps_read_spot *spot, const ps_refs *refs)
{
    const ps_ref_kind kind = spot->field->refers;
    const ps_id_list *all = ps_names_all(reader->names, kind);
    ps_string left_out = {0};

    for (int n = 0; n < all->count && left_out.length < 300; n++) {
        const ps_ref member = {.index = ps_names_index(reader->names, kind, n)};

        if (!listed_before(refs, &member)) {
            ps_string_format(&left_out, "%s'%s'", left_out.length == 0 ? "" : ", ", all->ids[n]);
        }
    }
    reader->no_memory = reader->no_memory || left_out.failed;
    if (left_out.length > 0) {
        ps_read_fault(reader, spot, "ORDER", "an order names every member once", "left out: %s",
                      left_out.data);
    }
    ps_string_free(&left_out);
}

void ps_read_refs(ps_reader *reader, const ps_read_spot *spot, bool all)
{
    ps_refs *out = ps_spot_target(spot);
    const size_t errors = reader->faults->errors;
    int i = 0;

    if (ps_node_kind(spot->node) != PS_NODE_ARRAY) {
        ps_read_type_fault(reader, spot, "array");
        return;
    }
    const int count = ps_node_count(spot->node);

    if (count == 0 && !all) {
        ps_read_fault(reader, spot, "EMPTY", "leave the key out for all", "the list is empty");
        return;
    }
    if (count > 10000) {
        ps_read_fault(reader, spot, "LIMIT", NULL, "%d entries, at most 10000", count);
        return;
    }
    out->items = ps_read_alloc(reader, count, sizeof *out->items);
    for (const ps_node *n = ps_node_first(spot->node); n != NULL && out->items != NULL;
         n = ps_node_next(n), i++) {
        const ps_read_path at = {spot->path, NULL, i};
        const ps_read_spot element = {n, &at, spot->field, out};
        ps_ref ref = {0};

        if (!read_ref(reader, &element, &ref)) {
            continue;
        }
        if (listed_before(out, &ref)) {
            ps_read_fault(reader, &element, "DUPLICATE_ID", NULL, "'%s' is listed twice", ref.id);
        } else {
            out->items[out->count++] = ref;
        }
    }
    if (all && reader->faults->errors == errors) {
        check_complete(reader, spot, out);
    }
}

void ps_read_default_order(ps_reader *reader, const ps_field *field, ps_refs *refs)
{
    const ps_id_list *all = ps_names_all(reader->names, field->refers);

    refs->items = ps_read_alloc(reader, all->count, sizeof *refs->items);
    if (refs->items == NULL) {
        return;
    }
    for (int n = 0; n < all->count; n++) {
        refs->items[n] = (ps_ref){ps_read_copy(reader, all->ids[n]),
                                  ps_names_index(reader->names, field->refers, n), ""};
    }
    refs->count = all->count;
}

/* A member of a number map with the index of its key. */
typedef struct {
    const ps_node *node;
    int index;
} indexed_member;

static int by_index(const void *a, const void *b)
{
    const indexed_member *x = a, *y = b;

    return (x->index > y->index) - (x->index < y->index);
}

void ps_read_number_map(ps_reader *reader, const ps_read_spot *spot)
{
    ps_number_map *out = ps_spot_target(spot);
    int used = 0;

    if (ps_node_kind(spot->node) != PS_NODE_OBJECT) {
        ps_read_type_fault(reader, spot, "object");
        return;
    }
    const int count = ps_node_count(spot->node);
    indexed_member *members = ps_read_alloc(reader, count, sizeof *members);

    out->keys = ps_read_alloc(reader, count, sizeof *out->keys);
    out->numbers = ps_read_alloc(reader, count, sizeof *out->numbers);
    if (members == NULL || out->keys == NULL || out->numbers == NULL) {
        return;
    }
    for (const ps_node *n = ps_node_first(spot->node); n != NULL; n = ps_node_next(n)) {
        const ps_read_path at = {spot->path, ps_node_key(n), 0};
        const int index = resolve(reader, &(ps_read_spot){n, &at, spot->field, out}, at.key);

        if (index != PS_NO_SUCH_NAME) {
            members[used++] = (indexed_member){n, index};
        }
    }
    qsort(members, (size_t)used, sizeof *members, by_index);
    for (int i = 0; i < used; i++) {
        const ps_read_path at = {spot->path, ps_node_key(members[i].node), 0};

        out->keys[i] =
            (ps_ref){ps_read_copy(reader, at.key), members[i].index, ps_read_pointer(reader, &at)};
        ps_read_number(reader, &(ps_read_spot){members[i].node, &at, spot->field, out},
                       &out->numbers[i]);
    }
    out->count = used;
}

void ps_read_value(ps_reader *reader, const ps_read_spot *spot)
{
    switch (spot->field->type) {
    case PS_FIELD_PLAIN:
        *(double *)ps_spot_target(spot) = ps_read_plain(reader, spot);
        break;
    case PS_FIELD_WHOLE:
        read_whole(reader, spot);
        break;
    case PS_FIELD_SEED:
        read_seed(reader, spot);
        break;
    case PS_FIELD_BOOL:
        read_bool(reader, spot);
        break;
    case PS_FIELD_TEXT:
        *(const char **)ps_spot_target(spot) = read_text(reader, spot);
        break;
    case PS_FIELD_TEXTS:
        read_texts(reader, spot);
        break;
    case PS_FIELD_TEXT_MAP:
        read_text_map(reader, spot);
        break;
    case PS_FIELD_ENUM:
        read_enum(reader, spot);
        break;
    case PS_FIELD_DATE:
        read_date(reader, spot);
        break;
    case PS_FIELD_PLAINS:
        read_plains(reader, spot);
        break;
    case PS_FIELD_REF:
        read_ref(reader, spot, ps_spot_target(spot));
        break;
    case PS_FIELD_REFS:
    case PS_FIELD_ORDER:
        ps_read_refs(reader, spot, spot->field->type == PS_FIELD_ORDER);
        break;
    case PS_FIELD_NUMBER_MAP:
        ps_read_number_map(reader, spot);
        break;
    default:
        break;
    }
}
