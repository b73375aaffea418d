/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each kind of reference is made of up to three parts: a sorted list, a second one, and reserved
 * words. */
#include "scenario/names.h"

#include <stdlib.h>
#include <string.h>

#include "json/literal.h"

typedef struct {
    const ps_id_list *first, *second;  /* may be NULL */
    const char *const *reserved;       /* NULL-terminated, may be NULL */
    int reserved_index, reserved_step; /* index of the first reserved word, and how it goes on */
} name_parts;

static name_parts parts_of(const ps_names *names, ps_ref_kind kind)
{
    static const char *const none[] = {"none", NULL};
    static const char *const steps[] = {"negotiated", "promotion", "invoice", NULL};
    const int own = names->offers.count, rivals = names->rivals.count;

    switch (kind) {
    case PS_REF_OFFER:
        return (name_parts){&names->offers, NULL, NULL, 0, 0};
    case PS_REF_RIVAL_OFFER:
        return (name_parts){&names->rivals, NULL, NULL, 0, 0};
    case PS_REF_ANY_OFFER:
        return (name_parts){&names->offers, &names->rivals, NULL, 0, 0};
    case PS_REF_ALTERNATIVE:
        return (name_parts){&names->offers, &names->rivals, none, own + rivals, 1};
    case PS_REF_LOST_TO:
        return (name_parts){&names->rivals, NULL, none, rivals, 1};
    case PS_REF_SEGMENT:
        return (name_parts){&names->segments, NULL, NULL, 0, 0};
    case PS_REF_PROMOTION:
        return (name_parts){&names->promotions, NULL, NULL, 0, 0};
    case PS_REF_COMPETITOR:
        return (name_parts){&names->competitors, NULL, NULL, 0, 0};
    case PS_REF_STAGE:
        return (name_parts){&names->stages, NULL, NULL, 0, 0};
    case PS_REF_CHANNEL:
        return (name_parts){&names->channels, NULL, NULL, 0, 0};
    case PS_REF_BAND:
        return (name_parts){&names->bands, NULL, NULL, 0, 0};
    case PS_REF_SALES_MODEL:
        return (name_parts){&names->models, NULL, NULL, 0, 0};
    case PS_REF_STEP: /* -1, -2, -3: see model/economics/economics.h */
        return (name_parts){&names->steps, NULL, steps, -1, -1};
    case PS_REF_NONE:
        break;
    }
    return (name_parts){0};
}

const char *ps_names_noun(ps_ref_kind kind)
{
    static const char *const nouns[] = {"name",        "offer",         "rival offer", "offer",
                                        "offer",       "rival offer",   "segment",     "promotion",
                                        "competitor",  "stage",         "channel",     "score band",
                                        "sales model", "waterfall step"};

    return nouns[kind];
}

static int compare_ids(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int find_in(const ps_id_list *list, const char *id)
{
    if (list == NULL || list->count == 0) {
        return -1;
    }
    const char **found = bsearch(&id, list->ids, (size_t)list->count, sizeof id, compare_ids);

    return found == NULL ? -1 : (int)(found - list->ids);
}

int ps_names_find(const ps_names *names, ps_ref_kind kind, const char *id)
{
    const name_parts parts = parts_of(names, kind);
    const int first = find_in(parts.first, id);
    const int second = first >= 0 ? -1 : find_in(parts.second, id);

    if (first >= 0) {
        return first;
    }
    if (second >= 0) {
        return parts.first->count + second;
    }
    for (int r = 0; parts.reserved != NULL && parts.reserved[r] != NULL; r++) {
        if (strcmp(parts.reserved[r], id) == 0) {
            return parts.reserved_index + r * parts.reserved_step;
        }
    }
    return PS_NO_SUCH_NAME;
}

int ps_names_index(const ps_names *names, ps_ref_kind kind, int n)
{
    const name_parts parts = parts_of(names, kind);
    const int listed = (parts.first == NULL ? 0 : parts.first->count) +
                       (parts.second == NULL ? 0 : parts.second->count);

    return n < listed ? n : parts.reserved_index + (n - listed) * parts.reserved_step;
}

/* ---- collecting ---- */

static const ps_node *object_at(const ps_node *root, const char *pointer)
{
    const ps_node *node = ps_node_at(root, pointer);

    return node != NULL && ps_node_kind(node) == PS_NODE_OBJECT ? node : NULL;
}

/* Whether some segment tells its members apart. */
static bool members(const ps_node *root)
{
    const ps_node *segments = object_at(root, "/market/segments");
    bool any = false;

    for (const ps_node *s = segments ? ps_node_first(segments) : NULL; s; s = ps_node_next(s)) {
        any = any || (ps_node_kind(s) == PS_NODE_OBJECT && ps_node_find(s, "members") != NULL);
    }
    return any;
}

static bool collect_keys(ps_id_list *list, ps_arena *arena, const ps_node *object)
{
    const size_t count = object == NULL ? 0 : (size_t)ps_node_count(object);

    list->ids = ps_arena_alloc(arena, count + 1, sizeof *list->ids);
    if (list->ids == NULL) {
        return false;
    }
    for (const ps_node *n = count == 0 ? NULL : ps_node_first(object); n != NULL;
         n = ps_node_next(n)) {
        list->ids[list->count++] = ps_node_key(n);
    }
    qsort(list->ids, count, sizeof *list->ids, compare_ids);
    return true;
}

/* A rival offer while it is being collected. */
typedef struct {
    const ps_node *competitor, *offer;
} rival_offer;

static int by_id(const void *a, const void *b)
{
    const rival_offer *x = a, *y = b;
    const int order = strcmp(ps_node_key(x->offer), ps_node_key(y->offer));

    return order != 0 ? order : strcmp(ps_node_key(x->competitor), ps_node_key(y->competitor));
}

static size_t list_rivals(const ps_node *root, rival_offer *out)
{
    const ps_node *competitors = object_at(root, "/competitors");
    size_t count = 0;

    for (const ps_node *c = competitors == NULL ? NULL : ps_node_first(competitors); c != NULL;
         c = ps_node_next(c)) {
        const ps_node *offers = object_at(c, "/offers");

        for (const ps_node *o = offers == NULL ? NULL : ps_node_first(offers); o != NULL;
             o = ps_node_next(o)) {
            if (out != NULL) {
                out[count] = (rival_offer){c, o};
            }
            count++;
        }
    }
    return count;
}

/* `member` is in the map at `map`, or in the offers of `competitor`. */
static void fault_id(const ps_tree *tree, ps_faults *faults, const char *map,
                     const ps_node *competitor, const ps_node *member, const char *message)
{
    const ps_origin origin = ps_tree_origin(tree, member);
    ps_string pointer = {0};

    if (competitor != NULL) {
        ps_string_append(&pointer, "/competitors", 12);
        ps_pointer_append(&pointer, ps_node_key(competitor));
    }
    ps_string_append(&pointer, map, strlen(map));
    ps_pointer_append(&pointer, ps_node_key(member));
    if (pointer.failed) {
        ps_faults_no_memory(faults);
    } else {
        ps_fault_add(faults, "DUPLICATE_ID", pointer.data, origin.file, origin.key_line,
                     origin.key_column, NULL, "'%s' %s", ps_node_key(member), message);
    }
    ps_string_free(&pointer);
}

static bool collect_rivals(ps_names *names, ps_arena *arena, const ps_tree *tree,
                           const ps_node *root, ps_faults *faults)
{
    const size_t count = list_rivals(root, NULL);
    rival_offer *rivals = ps_arena_alloc(arena, count + 1, sizeof *rivals);
    const char **ids = ps_arena_alloc(arena, count + 1, sizeof *ids);

    if (rivals == NULL || ids == NULL) {
        return false;
    }
    list_rivals(root, rivals);
    qsort(rivals, count, sizeof *rivals, by_id);
    for (size_t i = 0; i < count; i++) {
        ids[i] = ps_node_key(rivals[i].offer);
        if (i > 0 && strcmp(ids[i], ids[i - 1]) == 0) {
            fault_id(tree, faults, "/offers", rivals[i].competitor, rivals[i].offer,
                     "is already an offer of another competitor");
        } else if (find_in(&names->offers, ids[i]) >= 0) {
            fault_id(tree, faults, "/offers", rivals[i].competitor, rivals[i].offer,
                     "is already one of our offers");
        } else if (strcmp(ids[i], "none") == 0) {
            fault_id(tree, faults, "/offers", rivals[i].competitor, rivals[i].offer,
                     "means buying nothing");
        }
    }
    names->rivals = (ps_id_list){(int)count, ids};
    return true;
}

/* Fills names->all[kind]. */
static bool list_all(ps_names *names, ps_ref_kind kind, ps_arena *arena)
{
    const name_parts parts = parts_of(names, kind);
    const int first = parts.first == NULL ? 0 : parts.first->count;
    const int second = parts.second == NULL ? 0 : parts.second->count;
    ps_id_list *all = &names->all[kind];

    all->ids = ps_arena_alloc(arena, (size_t)(first + second) + 4, sizeof *all->ids);
    if (all->ids == NULL) {
        return false;
    }
    for (int i = 0; i < first; i++) {
        all->ids[all->count++] = parts.first->ids[i];
    }
    for (int i = 0; i < second; i++) {
        all->ids[all->count++] = parts.second->ids[i];
    }
    for (int r = 0; parts.reserved != NULL && parts.reserved[r] != NULL; r++) {
        all->ids[all->count++] = parts.reserved[r];
    }
    return true;
}

ps_status ps_names_collect(ps_names *names, ps_arena *arena, const ps_tree *tree,
                           const ps_node *root, ps_faults *faults)
{
    static const struct {
        const char *map, *id, *message;
    } reserved[] = {
        {"/offers", "none", "means buying nothing"},
        {"/waterfall/steps", "negotiated", "is a reserved name of the waterfall"},
        {"/waterfall/steps", "promotion", "is a reserved name of the waterfall"},
        {"/waterfall/steps", "invoice", "is a reserved name of the waterfall"},
    };
    const ps_node *offers = object_at(root, "/offers");

    memset(names, 0, sizeof *names);
    for (size_t r = 0; r < sizeof reserved / sizeof *reserved; r++) {
        const ps_node *map = object_at(root, reserved[r].map);
        const ps_node *member = map == NULL ? NULL : ps_node_find(map, reserved[r].id);

        if (member != NULL) {
            fault_id(tree, faults, reserved[r].map, NULL, member, reserved[r].message);
        }
    }
    bool ok = collect_keys(&names->offers, arena, offers) &&
              collect_keys(&names->segments, arena, object_at(root, "/market/segments")) &&
              collect_keys(&names->promotions, arena, object_at(root, "/promotions")) &&
              collect_keys(&names->competitors, arena, object_at(root, "/competitors")) &&
              collect_keys(&names->stages, arena, object_at(root, "/funnel/stages")) &&
              collect_keys(&names->channels, arena, object_at(root, "/market/channels")) &&
              collect_keys(&names->bands, arena, object_at(root, "/market/bands")) &&
              collect_keys(&names->models, arena, object_at(root, "/sales_models")) &&
              collect_keys(&names->steps, arena, object_at(root, "/waterfall/steps")) &&
              collect_rivals(names, arena, tree, root, faults);

    names->cells = names->segments.count * (names->channels.count > 0 ? names->channels.count : 1) *
                   (names->bands.count > 0 ? names->bands.count : 1) * (members(root) ? 2 : 1);
    for (int kind = PS_REF_NONE; kind <= PS_REF_STEP && ok; kind++) {
        ok = list_all(names, (ps_ref_kind)kind, arena);
    }
    return ok ? PS_OK : PS_ERR_LIMIT;
}
