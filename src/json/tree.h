/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON values that know where they were written, on top of cJSON, which nothing else sees. Object
 * members are unique and case matters. */
#ifndef PS_JSON_TREE_H
#define PS_JSON_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"

typedef struct cJSON ps_node;

typedef enum {
    PS_NODE_NULL,
    PS_NODE_FALSE,
    PS_NODE_TRUE,
    PS_NODE_NUMBER,
    PS_NODE_TEXT,
    PS_NODE_ARRAY,
    PS_NODE_OBJECT,
} ps_node_type;

/* Where a value stands; lines and columns are 1-based, 0 when unknown (defaults, --set). */
typedef struct {
    const char *file;
    int line, column;
    int key_line, key_column; /* of its key; the value's own place when it has no key */
} ps_origin;

typedef struct ps_tree_place ps_tree_place;

/* The places of all values of several documents. Zeroed is empty. Nodes may move from one document
 * into another and keep their place. */
typedef struct {
    ps_arena arena;
    ps_tree_place *places;
    size_t count, capacity;
    const char **files;
    int file_count;
    size_t max_values; /* of all documents together; 0: PS_JSON_MAX_VALUES for each */
} ps_tree;

void ps_tree_free(ps_tree *tree);
void ps_node_free(ps_node *node);

/* A copy with the same places; NULL when memory runs out. */
ps_node *ps_node_copy(const ps_node *node);

/* Scans and parses a document whose top is an object. The caller owns `*node`. PS_ERR_INPUT with
 * one fault, or PS_ERR_LIMIT. */
ps_status ps_tree_parse(ps_tree *tree, const char *file, const char *text, size_t length,
                        ps_node **node, ps_faults *faults);

/* The value that `text` is as JSON, or `text` itself as a string; every node's origin is `file`
 * without a line. NULL when memory runs out. */
ps_node *ps_tree_value(ps_tree *tree, const char *file, const char *text);

ps_origin ps_tree_origin(const ps_tree *tree, const ps_node *node);

ps_node_type ps_node_kind(const ps_node *node);
const char *ps_node_type_name(ps_node_type type); /* "number", "string", "object", ... */
const char *ps_node_key(const ps_node *node);     /* NULL for elements and roots */
const char *ps_node_text(const ps_node *node);    /* of a string, else NULL */
double ps_node_number(const ps_node *node);       /* of a number, else NAN */
int ps_node_count(const ps_node *node);           /* members or elements */
const ps_node *ps_node_first(const ps_node *node);
const ps_node *ps_node_next(const ps_node *node);
const ps_node *ps_node_find(const ps_node *object, const char *key); /* NULL when there is none */

/* The value at a JSON Pointer (RFC 6901), NULL when there is none. */
const ps_node *ps_node_at(const ps_node *root, const char *pointer);

/* Decodes the token behind the '/' at `pointer` into `out` and returns what follows it; NULL when
 * it does not fit or an escape is wrong. */
const char *ps_pointer_token(const char *pointer, char *out, size_t size);

/* The member or element that a token names, NULL when there is none. */
ps_node *ps_node_child(const ps_node *node, const char *token);

#endif
