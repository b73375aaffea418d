/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/shapes.h"

#include <stdio.h>

const ps_field *ps_shape_inline_kind(const ps_shape *shape)
{
    for (const ps_field *f = shape->fields; f->type != PS_FIELD_END; f++) {
        if (f->type == PS_FIELD_KIND && f->key == NULL) {
            return f;
        }
    }
    return NULL;
}

const char *ps_rate_key(const ps_field *field, int per, char out[64])
{
    static const char *const names[PS_RATE_UNITS] = {"per_day", "per_week", "per_month",
                                                     "per_quarter", "per_year"};

    snprintf(out, 64, "%s%s%s", field->key == NULL ? "" : field->key, field->key == NULL ? "" : "_",
             names[per]);
    return out;
}

/* Adds the shape if it is new. */
static void add(ps_shape_list *list, const ps_listed_shape *item)
{
    for (int i = 0; i < list->count; i++) {
        if (list->items[i].shape == item->shape) {
            list->items[i].entry = list->items[i].entry || item->entry;
            return;
        }
    }
    if (list->count < PS_MAX_SHAPES) {
        list->items[list->count++] = *item;
    }
}

static void add_mentioned(ps_shape_list *list, const ps_shape *shape)
{
    for (const ps_field *f = shape->fields; f->type != PS_FIELD_END; f++) {
        if (f->sub != NULL) {
            add(list, &(ps_listed_shape){f->sub, NULL, NULL, f->type == PS_FIELD_MAP});
        }
        for (const ps_kind *const *k = f->family == NULL ? NULL : f->family->kinds;
             k != NULL && *k != NULL; k++) {
            add(list, &(ps_listed_shape){&(*k)->shape, *k, f->key == NULL ? shape : NULL, false});
        }
    }
}

void ps_shapes_list(const ps_shape *root, ps_shape_list *list)
{
    list->count = 0;
    add(list, &(ps_listed_shape){root, NULL, NULL, false});
    for (int i = 0; i < list->count; i++) { /* the list grows behind i */
        add_mentioned(list, list->items[i].shape);
    }
}
