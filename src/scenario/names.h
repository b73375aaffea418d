/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ids may refer to: collected from the tree before anything is read, so that every reference
 * is resolved where it stands. */
#ifndef PS_SCENARIO_NAMES_H
#define PS_SCENARIO_NAMES_H

#include "base/arena.h"
#include "base/field.h"
#include "base/status.h"
#include "json/tree.h"

enum { PS_NO_SUCH_NAME = -100 };

typedef struct {
    int count;
    const char **ids; /* sorted */
} ps_id_list;

typedef struct {
    ps_id_list offers, rivals, segments, promotions, competitors, stages, channels, bands, models,
        steps;
    int cells; /* most plan segments: segments x channels x bands x members or not */
    ps_id_list all[PS_REF_STEP + 1]; /* of each kind of reference, in the order of the indices */
} ps_names;

/* Fills `names` in the arena; the ids are the tree's. A rival offer that is called like another
 * offer, and an offer called "none", is a fault. PS_ERR_LIMIT when memory runs out. */
ps_status ps_names_collect(ps_names *names, ps_arena *arena, const ps_tree *tree,
                           const ps_node *root, ps_faults *faults);

/* Index of an id as base/field.h states it for each kind, or PS_NO_SUCH_NAME. */
int ps_names_find(const ps_names *names, ps_ref_kind kind, const char *id);

/* Ids of a kind, in the order of their indices; negative indices last. */
static inline const ps_id_list *ps_names_all(const ps_names *names, ps_ref_kind kind)
{
    return &names->all[kind];
}

/* The index of the n-th name of ps_names_all. */
int ps_names_index(const ps_names *names, ps_ref_kind kind, int n);

/* "segment", "offer", ... */
const char *ps_names_noun(ps_ref_kind kind);

#endif
