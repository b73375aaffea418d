/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An answer as data: sections of sentences, typed tables and series, in order. Cells keep full
 * precision; only a reporter rounds. Every block has a path of keys ("summary", "series/revenue",
 * "promotions/summer") that places it in structured formats: blocks with the same path share one
 * object there, a longer path is an object inside. */
#ifndef PS_DOC_H
#define PS_DOC_H

#include <stdbool.h>

#include "base/arena.h"

typedef enum {
    PS_DOC_TEXT,
    PS_DOC_MONEY, /* document's currency */
    PS_DOC_FRAC,
    PS_DOC_COUNT,
    PS_DOC_DAYS,
    PS_DOC_RATIO,
    PS_DOC_DATE,   /* day number, see base/date.h */
    PS_DOC_NUMBER, /* without a unit */
} ps_doc_unit;

/* A quantity over the simulated futures. `se` is the Monte Carlo error of the mean. NAN: not known.
 */
typedef struct {
    double mean, sd, se, p5, p10, p25, p50, p75, p90, p95, ignorance;
} ps_doc_figure;

typedef enum {
    PS_CELL_NONE,
    PS_CELL_TEXT,
    PS_CELL_NUMBER,
    PS_CELL_FIGURE,
    PS_CELL_FLAG
} ps_cell_kind;

/* A zeroed cell is empty and left out; a number that is NAN is there but unknown. */
typedef struct {
    ps_cell_kind kind;
    ps_doc_unit unit;
    union {
        const char *text;
        double number;
        const ps_doc_figure *figure;
        bool flag;
    };
} ps_cell;

/* When a reporter that draws for people leaves a column out. */
enum {
    PS_DROP_NEVER = 0,  /* 1, 2, ...: the higher the sooner when there is no room */
    PS_DROP_ALWAYS = 9, /* data only */
};

typedef struct {
    const char *key, *title;
    ps_doc_unit unit;
    int drop;
    bool sign;  /* draw a plus before gains */
    bool place; /* "file:line": cut on its left, and beside a label that has a line of its own */
} ps_doc_column;

typedef struct ps_doc_row {
    const char *id, *label;
    bool total;     /* a level or sum among its parts: drawn with weight */
    ps_cell *cells; /* one for each column */
    struct ps_doc_row *next;
} ps_doc_row;

/* How the rows stand in a structured format. */
typedef enum {
    PS_DOC_KEYED,  /* {row id: {column key: cell}} */
    PS_DOC_RECORD, /* {row id: cell}, one column */
    PS_DOC_ROWS,   /* [{"id": row id, column key: cell}] */
} ps_doc_layout;

/* What people see beside the numbers. `bar` is the column that is drawn. */
typedef enum {
    PS_DOC_PLAIN,
    PS_DOC_TALL,      /* labels are long: on lines of their own */
    PS_DOC_FUNNEL,    /* bars from the left edge */
    PS_DOC_WATERFALL, /* totals from the left edge, the others hang below the level that they reduce
                       */
    PS_DOC_BRIDGE,    /* bars to both sides of zero */
} ps_doc_shape;

typedef struct {
    ps_doc_layout layout;
    ps_doc_shape shape;
    int bar; /* index of a column */
    int columns;
    const ps_doc_column *column;
    const char *heading; /* over the row labels */
    const char *id_key;  /* of the row id in ROWS: "id" unless set */
    int rows;
    ps_doc_row *first, *last;
} ps_doc_table;

typedef struct ps_doc_line {
    const char *key;
    const double *values; /* [count] */
    struct ps_doc_line *next;
} ps_doc_line;

/* Lines over the periods (or any index). A fan has the lines p10, p50, p90. */
typedef struct {
    ps_doc_unit unit;
    int count;
    const int *dates; /* [count] first days, or NULL */
    ps_doc_line *first, *last;
} ps_doc_series;

typedef struct ps_doc_sentence {
    const char *text;
    bool command; /* to be copied: on one line, however long */
    struct ps_doc_sentence *next;
} ps_doc_sentence;

typedef enum { PS_DOC_SENTENCES, PS_DOC_TABLE, PS_DOC_SERIES } ps_doc_type;

enum { /* who gets a block */
       PS_DOC_FOR_DATA = 1,
       PS_DOC_FOR_PEOPLE = 2,
       PS_DOC_FOR_ALL = 3,
};

typedef struct ps_doc_block {
    ps_doc_type type;
    int audience;
    const char *path;  /* "" for the top level */
    const char *title; /* NULL: none */
    const char *note;  /* a remark below, or NULL */
    union {
        ps_doc_table table;
        ps_doc_series series;
        struct {
            ps_doc_sentence *first, *last;
        } sentences;
    };
    struct ps_doc_block *next;
} ps_doc_block;

typedef struct {
    ps_arena arena;
    const char *title, *subtitle;
    const char *currency; /* "" when money does not occur */
    ps_doc_block *first, *last;
    bool failed; /* memory ran out: the document is not complete, do not use it */

    /* What the builders hand out after a failure, so that callers need not check each step. */
    ps_doc_block spare_block;
    ps_doc_row spare_row;
    ps_cell spare_cells[64];
} ps_doc;

enum { PS_DOC_MAX_COLUMNS = 64 };

/* A zeroed document is empty. Texts and arrays given to the builders are not copied: they are
 * static, made by ps_doc_text, or part of something that outlives the document. None of the
 * builders returns NULL; a failure shows in doc->failed. */
void ps_doc_free(ps_doc *doc);

__attribute__((format(printf, 2, 3))) const char *ps_doc_text(ps_doc *doc, const char *format, ...);

ps_doc_block *ps_doc_add_sentences(ps_doc *doc, int audience, const char *path, const char *title);
void ps_doc_say(ps_doc *doc, ps_doc_block *block, const char *text);
void ps_doc_say_command(ps_doc *doc, ps_doc_block *block, const char *text);

ps_doc_block *ps_doc_add_table(ps_doc *doc, int audience, const char *path, const char *title,
                               ps_doc_layout layout);

/* Sets the columns, at most PS_DOC_MAX_COLUMNS, before the first row. */
void ps_doc_set_columns(ps_doc_block *block, const ps_doc_column *column, int columns);

/* A row of empty cells. */
ps_doc_row *ps_doc_add_row(ps_doc *doc, ps_doc_block *block, const char *id, const char *label);

ps_doc_block *ps_doc_add_series(ps_doc *doc, int audience, const char *path, const char *title,
                                int count);
void ps_doc_add_line(ps_doc *doc, ps_doc_block *block, const char *key, const double *values);

ps_cell ps_cell_of_text(const char *text);
ps_cell ps_cell_of_number(ps_doc_unit unit, double number);
ps_cell ps_cell_of_flag(bool flag);
ps_cell ps_cell_of_figure(ps_doc *doc, ps_doc_unit unit,
                          const ps_doc_figure *figure); /* copies it */

/* A row of a RECORD: its one cell. */
void ps_doc_put(ps_doc *doc, ps_doc_block *record, const char *id, const char *label, ps_cell cell);

/* Names of units, shapes and layouts in stored documents and pages, NULL-terminated, by their
 * numbers. */
extern const char *const ps_doc_unit_names[],
    *const ps_doc_shape_names[], *const ps_doc_layout_names[], *const ps_doc_type_names[];

/* What a bar or a column of single numbers shows of a cell: the number, or a figure's mean; NAN for
 * the rest. */
double ps_cell_value(const ps_cell *cell);

#endif
