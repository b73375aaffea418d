/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Self-description of a struct: one table is parser, default, range check, message, schema and
 * reference documentation. A scenario is a tree of shapes; a kind is a shape chosen by its "kind"
 * key. */
#ifndef PS_BASE_FIELD_H
#define PS_BASE_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    PS_FIELD_END,
    PS_FIELD_NUMBER, /* ps_number: uncertain, drawn once per path */
    PS_FIELD_SPREAD, /* ps_spread: between customers */
    PS_FIELD_DWELL,  /* ps_dwell: spread, or {"won": spread, "lost": spread} */
    PS_FIELD_RATE,  /* ps_rate: key NULL: one of per_day, per_week, per_month, per_quarter, per_year
                       in this  object; key "leaves": one of leaves_per_day, leaves_per_week, ... */
    PS_FIELD_PLAIN, /* double: a plain number, never a distribution */
    PS_FIELD_WHOLE, /* int64_t */
    PS_FIELD_SEED,  /* uint64_t: a whole number up to 2^53 or decimal text up to 2^64-1 */
    PS_FIELD_BOOL,  /* bool */
    PS_FIELD_TEXT,  /* const char *: 1 to 200 characters, no control characters */
    PS_FIELD_ENUM,  /* int: index into `names`; -1 when left out without a default */
    PS_FIELD_DATE,  /* int: day number, see base/date.h; absent optional dates are PS_NO_DATE */
    PS_FIELD_REF,   /* ps_ref: id of something in `refers` */
    PS_FIELD_REFS,  /* ps_refs: list of ids, no id twice, not empty */
    PS_FIELD_ORDER, /* ps_refs: like REFS, every member of `refers` exactly once */
    PS_FIELD_NUMBER_MAP, /* ps_number_map: {id of `refers`: uncertain number} */
    PS_FIELD_TEXT_MAP,   /* ps_text_map: {id: text} */
    PS_FIELD_PLAINS,     /* ps_plains: list of plain numbers */
    PS_FIELD_TEXTS,      /* ps_texts: list of texts */
    PS_FIELD_OBJECT, /* T *: NULL when left out and optional; shape `sub`; an optional object with
                        default "{}" is made */
    PS_FIELD_MAP,    /* ps_map of T, T begins with ps_entry; shape `sub`; sorted by id */
    PS_FIELD_LIST,   /* ps_list of T; shape `sub` */
    PS_FIELD_KIND,   /* ps_kind_value of `family`. With a key: {"kind": name, ...its own keys}. With
                        key NULL:   "kind" and the kind's own keys stand beside this shape's other
                        keys   (promotions) */
    PS_FIELD_RAW,    /* const void *: the JSON value itself (plans) */
} ps_field_type;

typedef enum {
    PS_UNIT_NONE,
    PS_UNIT_FRAC,        /* 0..1, "20%" allowed */
    PS_UNIT_SIGNED_FRAC, /* like -0.05 or "-5%" */
    PS_UNIT_MONEY,       /* scenario currency */
    PS_UNIT_DAYS,
    PS_UNIT_COUNT,
    PS_UNIT_UTILITY,
    PS_UNIT_PER_MONEY, /* utility per unit of money */
    PS_UNIT_RATIO,
} ps_unit;

/* What an id may name. */
typedef enum {
    PS_REF_NONE,
    PS_REF_OFFER,       /* own offer */
    PS_REF_RIVAL_OFFER, /* an offer of any competitor */
    PS_REF_ANY_OFFER,   /* own or rival */
    PS_REF_ALTERNATIVE, /* own, rival or "none" */
    PS_REF_LOST_TO,     /* rival or "none" */
    PS_REF_SEGMENT,
    PS_REF_PROMOTION,
    PS_REF_COMPETITOR,
    PS_REF_STAGE,
    PS_REF_CHANNEL,
    PS_REF_BAND,
    PS_REF_SALES_MODEL,
    PS_REF_STEP, /* waterfall.steps, and negotiated, promotion, invoice */
} ps_ref_kind;

enum { PS_NO_DATE = -2147483647 };

enum { /* field flags */
       PS_REQUIRED = 1,
       PS_OPEN_MIN = 2, /* value > min instead of >= */
       PS_OPEN_MAX = 4,
       PS_NEEDS_RANGE = 8, /* elasticity, conversion, follow-through: a bare number makes the answer
                              say that risk is understated */
};

typedef struct ps_shape ps_shape;
typedef struct ps_family ps_family;

typedef struct {
    const char *key;
    ps_field_type type;
    size_t offset;
    int flags;
    const char *fallback; /* JSON text of the default ("0.4", "\"week\"", "{}"); NULL: none */
    double min,
        max; /* bounds of numbers; min == max == 0: unbounded; of list lengths for lists and maps */
    ps_unit unit;
    const char *const *names; /* ENUM: NULL-terminated. OBJECT: words allowed instead of the object
                                 ("off"); then the struct's first member is `int word` (index + 1;
                                 0: an object was given) */
    ps_ref_kind refers;
    const ps_shape *sub;
    const ps_family *family;
    const char *doc;      /* one sentence */
    const char *text_key; /* LIST: a text stands for an object with this key alone; or NULL */
} ps_field;

struct ps_shape {
    const char *name; /* "segment": used in messages, schema $defs and the reference */
    size_t size;
    const ps_field *fields; /* ends with PS_FIELD_END */
    const char *doc;
};

/* First member of every map entry. */
typedef struct {
    const char *id, *label; /* label: id when not given */
    const char *pointer;    /* of the entry, for messages about it */
} ps_entry;

typedef struct {
    int count;
    void *items;
} ps_map;
typedef struct {
    int count;
    void *items;
} ps_list;
typedef struct {
    int count;
    double *items;
} ps_plains;
typedef struct {
    int count;
    const char **items;
} ps_texts;
typedef struct {
    int count;
    const char **ids, **texts;
} ps_text_map; /* sorted by id */

typedef struct {
    const char *id; /* NULL: not given */
    int index; /* in the sorted order of what it refers to; ANY_OFFER and ALTERNATIVE: own offers
                  first, then rival offers (sorted by id, over all competitors), then none; -1 when
                  not given */
    const char *pointer;
} ps_ref;
typedef struct {
    int count;
    ps_ref *items;
} ps_refs;

/* Common head of every kind's descriptor: a family's own descriptor type begins with it. */
typedef struct {
    const char *name; /* value of "kind" */
    const char *doc;
    ps_shape shape; /* its own keys; size of its parameter struct */
} ps_kind;

struct ps_family {
    const char *name;
    const ps_kind *const *kinds; /* NULL-terminated, from the family's .def file */
};

typedef struct {
    const ps_kind *kind; /* NULL: not given */
    void *params;        /* kind->shape.size bytes */
} ps_kind_value;

#endif
