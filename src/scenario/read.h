/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a JSON tree into structs by their field tables: types, defaults, ranges, unknown keys,
 * references. Every fault is reported, none stops the rest. */
#ifndef PS_SCENARIO_READ_H
#define PS_SCENARIO_READ_H

#include "base/field.h"
#include "base/status.h"
#include "math/number.h"
#include "scenario/files.h"
#include "scenario/names.h"
#include "json/tree.h"

/* An uncertain number that was read, for explain and for the numbering of the slots. */
typedef struct ps_input {
    ps_number *number;
    const ps_field *field; /* bounds, unit and meaning; of a spread's parameter: made for it */
    void *owner;           /* the struct that holds the number */
    ps_origin origin;      /* file NULL: a default */
} ps_input;

typedef struct {
    ps_arena *arena; /* everything that is read lives here */
    const ps_tree *tree;
    const ps_names *names;
    const ps_files *files;
    ps_faults *faults;
    ps_input *inputs; /* in the order of the tables, maps by id */
    int input_count, input_capacity;
    int slots;      /* rows of lane values given out so far */
    bool defaulted; /* a default is being read */
    bool no_memory;
    char hint[400]; /* the last suggestion */
} ps_reader;

/* Reads `node` into `out`, shape->size zeroed bytes. PS_ERR_INPUT when faults were added,
 * PS_ERR_LIMIT when memory runs out. */
ps_status ps_read(ps_reader *reader, const ps_node *node, const ps_shape *shape, void *out);

/* ---- for the reader's own files
 * ------------------------------------------------------------------ */

/* Where the reader is: a list from the value up to the root. */
typedef struct ps_read_path {
    const struct ps_read_path *up;
    const char *key; /* NULL: an element */
    int index;
} ps_read_path;

/* A value, and the field that it is for. */
typedef struct {
    const ps_node *node;
    const ps_read_path *path;
    const ps_field *field;
    void *owner; /* the struct that holds the field */
} ps_read_spot;

static inline void *ps_spot_target(const ps_read_spot *spot)
{
    return (char *)spot->owner + spot->field->offset;
}

/* Adds a fault (or warning) about the value at the spot; `hint` may be NULL. */
__attribute__((format(printf, 5, 6))) void ps_read_fault(ps_reader *reader,
                                                         const ps_read_spot *spot, const char *code,
                                                         const char *hint, const char *format, ...);

/* Adds a fault about the key of a member. */
void ps_read_key_fault(ps_reader *reader, const ps_read_spot *member, const char *code,
                       const char *hint, const char *message);

/* "number expected, string found". */
void ps_read_type_fault(ps_reader *reader, const ps_read_spot *spot, const char *expected);

/* Fault MISSING: `object`, at `path`, lacks `key`. */
void ps_read_missing(ps_reader *reader, const ps_node *object, const ps_read_path *path,
                     const char *key, const char *doc);

/* Fault UNKNOWN_KEY at a member, suggesting one of `known` or listing them. */
void ps_read_unknown_key(ps_reader *reader, const ps_read_spot *member, const char *const *known,
                         size_t count);

/* "did you mean 'x'?", or `lead` and the first names ("one of a, b, c"). Valid until the next call;
 * may be NULL. */
const char *ps_read_suggestion(ps_reader *reader, const char *word, const char *const *names,
                               size_t count, const char *lead);

/* Arena memory; sets reader->no_memory when there is none. */
void *ps_read_alloc(ps_reader *reader, int count, size_t size);
const char *ps_read_copy(ps_reader *reader, const char *text);

/* JSON Pointer of a path, in the arena; never NULL. */
const char *ps_read_pointer(ps_reader *reader, const ps_read_path *path);

/* Reads one field's value; the target is zeroed. */
void ps_read_field(ps_reader *reader, const ps_read_spot *spot);

/* read_value.c */
void ps_read_value(ps_reader *reader, const ps_read_spot *spot);
void ps_read_refs(ps_reader *reader, const ps_read_spot *spot, bool all);
void ps_read_number_map(ps_reader *reader, const ps_read_spot *spot);
/* All members of what an ORDER field refers to, in the order of their indices. */
void ps_read_default_order(ps_reader *reader, const ps_field *field, ps_refs *refs);
/* Whether `id` is [a-z][a-z0-9_]*, at most 64 long; a fault about the member's key when not. */
bool ps_read_id(ps_reader *reader, const ps_read_spot *member, const char *id);

/* read_number.c */
void ps_read_number(ps_reader *reader, const ps_read_spot *spot, ps_number *out);
void ps_read_spread(ps_reader *reader, const ps_read_spot *spot, ps_spread *out);
void ps_read_dwell(ps_reader *reader, const ps_read_spot *spot);
/* A plain number, a percentage for fractions, in the bounds of the field. NAN after a fault. */
double ps_read_plain(ps_reader *reader, const ps_read_spot *spot);
/* Checks a value against the bounds of the field; false after a fault. */
bool ps_read_in_range(ps_reader *reader, const ps_read_spot *spot, double value);
/* The bounds of a field, infinite when it has none. */
void ps_field_bounds(const ps_field *field, double *min, double *max);

/* Adds the number to the inputs and gives it its slot: one row, or one per segment with shifts. */
void ps_read_register(ps_reader *reader, const ps_read_spot *spot, ps_number *number);

/* read_law.c: {"normal": {...}} and its relatives. `law_member` is the member that names the law.
 */
bool ps_law_is_name(const char *name);
int ps_law_names(const char **names); /* at most 16 */
bool ps_read_dist(ps_reader *reader, const ps_read_spot *spot, const ps_node *law_member,
                  ps_dist *dist);
bool ps_read_law_parameters(ps_reader *reader, const ps_read_spot *spot, const ps_node *law_member,
                            ps_spread *out);
/* "4 to 6". */
bool ps_text_is_range(const char *text);
bool ps_read_range_text(ps_reader *reader, const ps_read_spot *spot, const char *text,
                        ps_dist *dist);
/* "4.5" or "20%" (then `percent`, the value being 0.2). */
bool ps_text_read_quantity(const char *text, size_t length, double *value, bool *percent);
/* Cuts a law to the bounds of the field where its draws would leave them. */
void ps_read_truncate(ps_reader *reader, const ps_read_spot *spot, ps_dist *dist);

#endif
