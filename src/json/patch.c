/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes move nodes between trees instead of copying them, so that every value keeps its place.
 * Patches of large objects look members up in a sorted index: two files of 100 000 keys must not
 * cost 10^10 steps. */
#include "json/patch.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "json/write.h"

enum { MANY_MEMBERS = 24 }; /* from here on the index is faster than a search from the first */

ps_node *ps_node_take(ps_node *object, const char *key)
{
    cJSON *member = cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;

    return member == NULL ? NULL : cJSON_DetachItemViaPointer(object, member);
}

bool ps_node_put(ps_node *object, const char *key, ps_node *value)
{
    cJSON *old = cJSON_GetObjectItemCaseSensitive(object, key);
    const size_t size = strlen(key) + 1;
    char *copy = value == NULL ? NULL : cJSON_malloc(size);

    if (copy == NULL) {
        cJSON_Delete(value);
        return false;
    }
    memcpy(copy, key, size);
    cJSON_free(value->string);
    value->string = copy;
    value->type &= ~cJSON_StringIsConst;
    if (old != NULL) {
        return cJSON_ReplaceItemViaPointer(object, old, value);
    }
    return cJSON_AddItemToArray(object, value); /* unlike AddItemToObject it keeps our key */
}

static void strip_nulls(cJSON *node)
{
    cJSON *next = NULL;

    if (!cJSON_IsObject(node)) {
        return;
    }
    for (cJSON *child = node->child; child != NULL; child = next) {
        next = child->next;
        if (cJSON_IsNull(child)) {
            cJSON_Delete(cJSON_DetachItemViaPointer(node, child));
        } else {
            strip_nulls(child);
        }
    }
}

static int by_key(const void *a, const void *b)
{
    return strcmp((*(const cJSON *const *)a)->string, (*(const cJSON *const *)b)->string);
}

/* The members sorted by key; NULL when memory runs out or there are none. The caller frees it. */
static cJSON **sorted_members(const cJSON *object, size_t count)
{
    cJSON **members = count == 0 ? NULL : malloc(count * sizeof *members);
    size_t used = 0;

    if (members == NULL) {
        return NULL;
    }
    for (cJSON *child = object->child; child != NULL; child = child->next) {
        members[used++] = child;
    }
    qsort(members, count, sizeof *members, by_key);
    return members;
}

/* Members of a target by key: a sorted index when there are many, else a search. */
typedef struct {
    cJSON *object;
    cJSON **sorted;
    size_t count;
    cJSON *removed; /* detached members: the index still looks at their keys */
} member_index;

static cJSON *find_member(member_index *index, const cJSON *like)
{
    if (index->sorted == NULL) {
        return cJSON_GetObjectItemCaseSensitive(index->object, like->string);
    }
    cJSON **found = bsearch(&like, index->sorted, index->count, sizeof(cJSON *), by_key);

    return found == NULL ? NULL : *found;
}

/* Applies one member of a patch, whose keys are unique: no member of the index is asked for twice.
 */
static void apply_change(member_index *index, cJSON *change)
{
    cJSON *old = find_member(index, change);

    if (old != NULL && cJSON_IsObject(old) && cJSON_IsObject(change)) {
        ps_node_merge(old, change);
        return;
    }
    if (old != NULL) {
        cJSON_DetachItemViaPointer(index->object, old);
        old->next = index->removed;
        index->removed = old;
    }
    if (cJSON_IsNull(change)) {
        cJSON_Delete(change);
    } else {
        strip_nulls(change);
        cJSON_AddItemToArray(index->object, change);
    }
}

ps_node *ps_node_merge(ps_node *target, ps_node *patch)
{
    if (!cJSON_IsObject(patch) || !cJSON_IsObject(target)) {
        cJSON_Delete(target);
        strip_nulls(patch);
        return patch;
    }
    const size_t count = (size_t)cJSON_GetArraySize(target);
    member_index index = {.object = target, .count = count};

    index.sorted = count > MANY_MEMBERS ? sorted_members(target, count) : NULL;
    while (patch->child != NULL) {
        apply_change(&index, cJSON_DetachItemViaPointer(patch, patch->child));
    }
    free(index.sorted);
    cJSON_Delete(index.removed); /* with all that hang on `next` */
    cJSON_Delete(patch);
    return target;
}

static ps_status put(cJSON *object, const char *key, cJSON *value, ps_faults *faults)
{
    return ps_node_put(object, key, value) ? PS_OK : ps_faults_no_memory(faults);
}

/* Puts the value under the last token; the parent exists. PS_ERR_INPUT when it cannot hold it. */
static ps_status set_child(cJSON *parent, const char *token, cJSON *value, ps_faults *faults)
{
    if (cJSON_IsObject(parent)) {
        if (cJSON_IsNull(value)) {
            cJSON_Delete(value);
            cJSON_Delete(ps_node_take(parent, token));
            return PS_OK;
        }
        return put(parent, token, value, faults);
    }
    cJSON *old = ps_node_child(parent, token);

    if (old != NULL) {
        cJSON_ReplaceItemViaPointer(parent, old, value);
        return PS_OK;
    }
    if (cJSON_IsArray(parent) && strcmp(token, "-") == 0) {
        cJSON_AddItemToArray(parent, value);
        return PS_OK;
    }
    cJSON_Delete(value);
    return PS_ERR_INPUT;
}

ps_status ps_node_set(ps_node *root, const char *pointer, ps_node *value, const char *file,
                      ps_faults *faults)
{
    cJSON *node = root;
    char token[256];
    const char *rest = ps_pointer_token(pointer, token, sizeof token);
    ps_status status = PS_OK;

    while (rest != NULL && *rest != '\0' && node != NULL && status == PS_OK) {
        if (ps_node_child(node, token) == NULL && cJSON_IsObject(node)) {
            cJSON *made = cJSON_CreateObject();

            if (made != NULL) {
                made->valueint = value->valueint;
            }
            status = put(node, token, made, faults);
        }
        node = ps_node_child(node, token);
        rest = ps_pointer_token(rest, token, sizeof token);
    }
    if (status != PS_OK) {
        ps_node_free(value);
        return status;
    }
    if (rest == NULL || node == NULL) {
        ps_node_free(value);
        return ps_fault_add(faults, "POINTER", pointer, file, 0, 0,
                            "a pointer looks like /offers/standard/list_price",
                            "nothing can be set here");
    }
    status = set_child(node, token, value, faults);
    return status == PS_ERR_INPUT ? ps_fault_add(faults, "POINTER", pointer, file, 0, 0, NULL,
                                                 "nothing can be set here")
                                  : status;
}

void ps_node_drop_comments(ps_node *node)
{
    cJSON *next = NULL;

    for (cJSON *child = node->child; child != NULL; child = next) {
        next = child->next;
        if (child->string != NULL && strncmp(child->string, "//", 2) == 0) {
            cJSON_Delete(cJSON_DetachItemViaPointer(node, child));
        } else {
            ps_node_drop_comments(child);
        }
    }
}

/* `all`: labels too, members in the order of the document. */
static void write_value(const cJSON *node, ps_writer *writer, bool all);

static void write_members(const cJSON *node, ps_writer *writer)
{
    const size_t count = (size_t)cJSON_GetArraySize(node);
    cJSON **members = sorted_members(node, count);

    if (count > 0 && members == NULL) {
        writer->out->failed = 1;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(members[i]->string, "label") != 0 || !cJSON_IsString(members[i])) {
            ps_write_key(writer, members[i]->string);
            write_value(members[i], writer, false);
        }
    }
    free(members);
}

static void write_value(const cJSON *node, ps_writer *writer, bool all)
{
    switch (ps_node_kind(node)) {
    case PS_NODE_OBJECT:
        ps_write_object(writer);
        for (const cJSON *child = node->child; all && child != NULL; child = child->next) {
            ps_write_key(writer, child->string);
            write_value(child, writer, all);
        }
        if (!all) {
            write_members(node, writer);
        }
        ps_write_object_end(writer);
        break;
    case PS_NODE_ARRAY:
        ps_write_array(writer);
        for (const cJSON *child = node->child; child != NULL; child = child->next) {
            write_value(child, writer, all);
        }
        ps_write_array_end(writer);
        break;
    case PS_NODE_TEXT:
        ps_write_text(writer, node->valuestring);
        break;
    case PS_NODE_NUMBER:
        ps_write_number(writer, node->valuedouble);
        break;
    case PS_NODE_NULL:
        ps_write_null(writer);
        break;
    default:
        ps_write_bool(writer, cJSON_IsTrue(node));
    }
}

void ps_node_canonical(const ps_node *node, ps_string *out)
{
    ps_writer writer = {.out = out};

    write_value(node, &writer, false);
}

void ps_node_write(const ps_node *node, ps_string *out)
{
    ps_writer writer = {.out = out};

    write_value(node, &writer, true);
}
