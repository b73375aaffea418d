/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes of JSON trees: merge patch, single members, comments; and the canonical text that is
 * hashed. */
#ifndef PS_JSON_PATCH_H
#define PS_JSON_PATCH_H

#include "json/tree.h"

/* Takes the member out of its object; NULL when there is none. The caller owns it. */
ps_node *ps_node_take(ps_node *object, const char *key);

/* Puts `value` (owned from now on) under `key`, in the place of a member with this key. false when
 * memory runs out; `value` is freed then. */
bool ps_node_put(ps_node *object, const char *key, ps_node *value);

/* RFC 7396: consumes both, returns the patched value. Nodes are moved, so origins survive. */
ps_node *ps_node_merge(ps_node *target, ps_node *patch);

/* Puts `value` (owned from now on) at a JSON Pointer below `root`, an object. Objects on the way
 * are made; a null removes. On failure a fault at `pointer` with file `file`. */
ps_status ps_node_set(ps_node *root, const char *pointer, ps_node *value, const char *file,
                      ps_faults *faults);

/* Removes every member whose key starts with "//", at any depth. */
void ps_node_drop_comments(ps_node *node);

/* Compact JSON with sorted keys, without members "label" that are texts: the form that is hashed.
 * out->failed is set when memory runs out. */
void ps_node_canonical(const ps_node *node, ps_string *out);

/* Compact JSON of all that is there, in its order. */
void ps_node_write(const ps_node *node, ps_string *out);

#endif
