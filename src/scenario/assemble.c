/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each file is read once per mention, its comments dropped before anything is patched. A file that
 * extends another is a patch of it (RFC 7396). */
#include "scenario/assemble.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "json/literal.h"
#include "json/patch.h"
#include "json/scan.h"

enum {
    MAX_CHAIN = 16,
    MAX_VALUES = 150000, /* of all files: their tree and text take less than 64 MiB */
};

const char *const ps_definition_keys[] = {"market", "competitors", "promotions", NULL};

/* A file being read, and the one that extends it. */
typedef struct open_file {
    const struct open_file *up;
    const char *path;
    struct stat facts;
} open_file;

typedef struct {
    ps_assembly *assembly;
    ps_faults *faults;
} assembler;

void ps_assembly_free(ps_assembly *assembly)
{
    ps_node_free(assembly->root);
    ps_tree_free(&assembly->tree);
    ps_arena_free(&assembly->arena);
    memset(assembly, 0, sizeof *assembly);
}

/* ---- altered prices ---- */

typedef struct {
    ps_string pointer, before;
} known_price;

typedef struct {
    known_price *items;
    size_t count, capacity;
    bool failed;
} known_prices;

static void note_price(known_prices *prices, const char *owner, const char *offer,
                       const ps_node *value)
{
    if (value == NULL || prices->failed) {
        return;
    }
    if (prices->count == prices->capacity) {
        const size_t capacity = prices->capacity == 0 ? 8 : prices->capacity * 2;
        known_price *items = realloc(prices->items, capacity * sizeof *items);

        prices->failed = items == NULL;
        if (prices->failed) {
            return;
        }
        prices->items = items;
        prices->capacity = capacity;
    }
    known_price *price = &prices->items[prices->count++];

    *price = (known_price){0};
    if (owner != NULL) {
        ps_string_append(&price->pointer, "/competitors", 12);
        ps_pointer_append(&price->pointer, owner);
    }
    ps_string_append(&price->pointer, "/offers", 7);
    ps_pointer_append(&price->pointer, offer);
    ps_pointer_append(&price->pointer, owner == NULL ? "list_price" : "price");
    ps_node_canonical(value, &price->before);
    prices->failed = price->pointer.failed || price->before.failed;
}

static const ps_node *members(const ps_node *object, const char *key)
{
    const ps_node *found = object == NULL ? NULL : ps_node_find(object, key);

    return found != NULL && ps_node_kind(found) == PS_NODE_OBJECT ? ps_node_first(found) : NULL;
}

static known_prices prices_of(const ps_node *root)
{
    known_prices prices = {0};

    for (const ps_node *o = members(root, "offers"); o != NULL; o = ps_node_next(o)) {
        note_price(&prices, NULL, ps_node_key(o), ps_node_find(o, "list_price"));
    }
    for (const ps_node *c = members(root, "competitors"); c != NULL; c = ps_node_next(c)) {
        for (const ps_node *o = members(c, "offers"); o != NULL; o = ps_node_next(o)) {
            note_price(&prices, ps_node_key(c), ps_node_key(o), ps_node_find(o, "price"));
        }
    }
    return prices;
}

static bool add_altered(ps_assembly *assembly, const char *pointer, const ps_node *node)
{
    const int count = assembly->altered_count;
    ps_altered_price *altered =
        ps_arena_alloc(&assembly->arena, (size_t)count + 1, sizeof *altered);
    const char *copy = ps_arena_text(&assembly->arena, pointer, strlen(pointer));

    if (altered == NULL || copy == NULL) {
        return false;
    }
    for (int i = 0; i < count; i++) {
        altered[i] = assembly->altered[i];
    }
    altered[count] = (ps_altered_price){copy, ps_tree_origin(&assembly->tree, node)};
    assembly->altered = altered;
    assembly->altered_count++;
    return true;
}

/* Compares with what the prices were, and frees that. */
static ps_status find_altered(assembler *a, const ps_node *root, known_prices *before)
{
    bool failed = before->failed;

    for (size_t i = 0; i < before->count; i++) {
        known_price *price = &before->items[i];
        const ps_node *now = failed ? NULL : ps_node_at(root, price->pointer.data);
        ps_string text = {0};

        if (now != NULL) {
            ps_node_canonical(now, &text);
            failed = text.failed || (strcmp(text.data, price->before.data) != 0 &&
                                     !add_altered(a->assembly, price->pointer.data, now));
        }
        ps_string_free(&text);
        ps_string_free(&price->pointer);
        ps_string_free(&price->before);
    }
    free(before->items);
    if (failed) {
        return ps_faults_no_memory(a->faults);
    }
    return PS_OK;
}

static ps_status merge(assembler *a, ps_node **root, ps_node *patch)
{
    known_prices before = prices_of(*root);

    *root = ps_node_merge(*root, patch);
    return find_altered(a, *root, &before);
}

/* ---- files ---- */

static ps_status refuse(assembler *a, const ps_node *at, const char *pointer, const char *name,
                        const ps_files_refusal *refusal)
{
    const ps_origin origin = ps_tree_origin(&a->assembly->tree, at);

    if (refusal->no_memory) {
        return ps_faults_no_memory(a->faults);
    }
    return ps_fault_add(a->faults, refusal->code, pointer, origin.file, origin.line, origin.column,
                        refusal->hint, "%s: %s", name, refusal->reason);
}

static ps_status parse(assembler *a, const char *path, const char *text, size_t length,
                       ps_node **node)
{
    const ps_status status = ps_tree_parse(&a->assembly->tree, path, text, length, node, a->faults);

    if (status == PS_OK) {
        ps_node_drop_comments(*node);
    }
    return status;
}

/* Reads and parses the file that `mention`, a string of the file `from`, names. */
static ps_status read_named(assembler *a, const char *from, const ps_node *mention,
                            const char *pointer, const char **path, ps_node **node)
{
    ps_files_refusal refusal;
    const char *name = ps_node_text(mention);
    ps_string text = {0};

    *node = NULL;
    *path = ps_files_resolve(&a->assembly->files, from, name, &refusal);
    if (*path == NULL) {
        return refuse(a, mention, pointer, name, &refusal);
    }
    ps_status status = PS_OK;

    if (!ps_files_read(&a->assembly->files, *path, &text, &refusal)) {
        status = refuse(a, mention, pointer, *path, &refusal);
    } else {
        status = parse(a, *path, text.data == NULL ? "" : text.data, text.length, node);
    }
    ps_string_free(&text);
    return status;
}

/* Reads the files that stand for market, competitors or promotions. */
static ps_status place_definitions(assembler *a, const char *from, ps_node *root)
{
    const char *const *keys = ps_definition_keys;
    ps_status worst = PS_OK;

    for (int i = 0; keys[i] != NULL; i++) {
        const ps_node *mention = ps_node_find(root, keys[i]);
        const char *path = NULL;
        char pointer[32];
        ps_node *definition = NULL;

        if (mention == NULL || ps_node_text(mention) == NULL) {
            continue;
        }
        snprintf(pointer, sizeof pointer, "/%s", keys[i]);

        ps_status status = read_named(a, from, mention, pointer, &path, &definition);

        if (status == PS_OK && !ps_node_put(root, keys[i], definition)) {
            status = PS_ERR_LIMIT;
        }
        worst = status > worst ? status : worst;
    }
    return worst;
}

static ps_status check_cycle(assembler *a, const open_file *file, const ps_node *mention)
{
    const ps_origin origin = ps_tree_origin(&a->assembly->tree, mention);
    ps_string chain = {0};
    int length = 0;
    ps_status status = PS_OK;

    for (const open_file *up = file->up; up != NULL && status == PS_OK; up = up->up, length++) {
        if (up->facts.st_dev != file->facts.st_dev || up->facts.st_ino != file->facts.st_ino) {
            continue;
        }
        ps_string_append(&chain, file->path, strlen(file->path));
        for (const open_file *f = file->up;; f = f->up) {
            ps_string old = chain;

            chain = (ps_string){0};
            ps_string_format(&chain, "%s -> %s", f->path, old.failed ? "" : old.data);
            chain.failed = chain.failed || old.failed;
            ps_string_free(&old);
            if (f == up) {
                break;
            }
        }
        status = chain.failed
                     ? ps_faults_no_memory(a->faults)
                     : ps_fault_add(a->faults, "CYCLE", "/extends", origin.file, origin.line,
                                    origin.column, NULL, "a file extends itself: %s", chain.data);
    }
    if (status == PS_OK && length > MAX_CHAIN) {
        status =
            ps_fault_add(a->faults, "LIMIT", "/extends", origin.file, origin.line, origin.column,
                         NULL, "more than %d files extend each other", MAX_CHAIN);
    }
    ps_string_free(&chain);
    return status;
}

/* Fills in the facts that tell whether two names are one file: kept files have a number. */
static bool identify(const assembler *a, open_file *file)
{
    const ps_kept_files *kept = a->assembly->files.kept;

    if (kept == NULL || !kept->replay) {
        return stat(file->path, &file->facts) == 0;
    }
    const ps_kept_file *found = ps_kept_files_find(kept, file->path);

    file->facts = (struct stat){.st_ino = found == NULL ? 0 : (ino_t)(found - kept->items) + 1};
    return found != NULL;
}

static ps_status complete(assembler *a, const open_file *file, ps_node **root);

/* `*root` extends a base: afterwards it is the base, patched by what it was. */
static ps_status extend(assembler *a, const open_file *file, ps_node **root)
{
    ps_node *mention = ps_node_take(*root, "extends");
    open_file base = {.up = file};
    ps_node *base_root = NULL;
    ps_status status = PS_OK;

    if (ps_node_text(mention) == NULL) {
        const ps_origin origin = ps_tree_origin(&a->assembly->tree, mention);

        status = ps_fault_add(a->faults, "TYPE", "/extends", origin.file, origin.line,
                              origin.column, NULL, "file name (string) expected, %s found",
                              ps_node_type_name(ps_node_kind(mention)));
    } else {
        status = read_named(a, file->path, mention, "/extends", &base.path, &base_root);
    }
    if (status == PS_OK && identify(a, &base)) {
        status = check_cycle(a, &base, mention);
    }
    if (status == PS_OK) {
        status = complete(a, &base, &base_root);
    }
    ps_node_free(mention);
    if (status != PS_OK) {
        ps_node_free(base_root);
        return status;
    }
    ps_node_free(ps_node_take(base_root, "plans")); /* they are patches of the base alone */
    ps_node_free(ps_node_take(base_root, "moves"));
    status = merge(a, &base_root, *root);
    *root = base_root;
    return status;
}

static ps_status complete(assembler *a, const open_file *file, ps_node **root)
{
    const ps_status status = place_definitions(a, file->path, *root);

    if (status != PS_OK || ps_node_find(*root, "extends") == NULL) {
        return status;
    }
    return extend(a, file, root);
}

/* ---- plan and --set ---- */

/* `key` is "plans" or "moves": named patches of this scenario. */
static ps_status unknown_patch(assembler *a, const char *key, const char *id,
                               const ps_node *patches)
{
    const ps_origin origin = ps_tree_origin(&a->assembly->tree, patches);
    char pointer[16];
    ps_string have = {0};

    for (const ps_node *p = patches == NULL ? NULL : ps_node_first(patches); p != NULL;
         p = ps_node_next(p)) {
        ps_string_format(&have, have.length == 0 ? "%s are %s" : ", %s%s",
                         have.length == 0 ? key : "", ps_node_key(p));
    }
    if (have.length == 0) {
        ps_string_format(&have, "the scenario has no %s", key);
    }
    snprintf(pointer, sizeof pointer, "/%s", key);
    const ps_status status =
        have.failed
            ? ps_faults_no_memory(a->faults)
            : ps_fault_add(a->faults, "REF", pointer, origin.file, origin.line, origin.column,
                           have.data, "no %.*s '%s'", (int)strlen(key) - 1, key, id);

    ps_string_free(&have);
    return status;
}

static ps_status apply_patch(assembler *a, const char *key, const char *id)
{
    ps_assembly *assembly = a->assembly;
    const ps_node *patches = ps_node_find(assembly->root, key);
    const bool object = patches != NULL && ps_node_kind(patches) == PS_NODE_OBJECT;
    const ps_node *patch = object ? ps_node_find(patches, id) : NULL;

    if (patch == NULL) {
        return unknown_patch(a, key, id, object ? patches : NULL);
    }
    if (ps_node_kind(patch) != PS_NODE_OBJECT) {
        const ps_origin origin = ps_tree_origin(&assembly->tree, patch);
        char pointer[16];

        snprintf(pointer, sizeof pointer, "/%s", key);
        return ps_fault_add(a->faults, "TYPE", pointer, origin.file, origin.line, origin.column,
                            NULL, "the %.*s '%s' has to be an object that changes this scenario",
                            (int)strlen(key) - 1, key, id);
    }
    ps_node *copy = ps_node_copy(patch);

    if (copy == NULL) {
        return ps_faults_no_memory(a->faults);
    }
    ps_node_free(ps_node_take(copy, "probability")); /* of a move */
    return merge(a, &assembly->root, copy);
}

static ps_status apply_set(assembler *a, const char *set)
{
    static const char file[] = "--set";
    const char *equals = strchr(set, '=');
    known_prices before = {0};

    if (set[0] != '/' || equals == NULL) {
        return ps_fault_add(a->faults, "POINTER", "", file, 0, 0,
                            "write /offers/standard/unit_cost=4.2", "'%s' is not POINTER=VALUE",
                            set);
    }
    char *pointer = ps_arena_text(&a->assembly->arena, set, (size_t)(equals - set));
    ps_node *value = ps_tree_value(&a->assembly->tree, file, equals + 1);

    if (pointer == NULL || value == NULL) {
        ps_node_free(value);
        return ps_faults_no_memory(a->faults);
    }
    before = prices_of(a->assembly->root);

    const ps_status status = ps_node_set(a->assembly->root, pointer, value, file, a->faults);
    const ps_status altered = find_altered(a, a->assembly->root, &before);

    return status == PS_OK ? altered : status;
}

/* ---- the whole ---- */

static ps_status read_top(assembler *a, const ps_load_options *options, open_file *file)
{
    const bool standard_input = options->path != NULL && strcmp(options->path, "-") == 0;
    ps_string text = {0};
    ps_status status = PS_OK;

    file->path = standard_input          ? "(standard input)"
                 : options->text != NULL ? "(text)"
                                         : options->path;
    if (options->text != NULL) {
        return parse(a, file->path, options->text, options->text_length, &a->assembly->root);
    }
    const ps_file_outcome outcome = ps_files_bytes(options->kept, options->path, &text);

    if (outcome == PS_FILE_NO_MEMORY) {
        status = ps_faults_no_memory(a->faults);
    } else if (outcome != PS_FILE_READ) {
        const bool large = outcome == PS_FILE_TOO_LARGE;

        ps_fault_add(a->faults, ps_file_code(outcome), "", file->path, 0, 0, NULL, "%s",
                     large ? "larger than 16 MiB" : ps_file_reason(outcome));
        status = large ? PS_ERR_INPUT : PS_ERR_FILE;
    } else {
        status = parse(a, file->path, text.data == NULL ? "" : text.data, text.length,
                       &a->assembly->root);
    }
    ps_string_free(&text);
    return status;
}

ps_status ps_assemble(const ps_load_options *options, ps_assembly *assembly, ps_faults *faults)
{
    assembler a = {assembly, faults};
    open_file file = {0};

    memset(assembly, 0, sizeof *assembly);
    assembly->tree.max_values = MAX_VALUES;

    ps_status status = read_top(&a, options, &file);

    if (status == PS_OK &&
        !ps_files_init(&assembly->files, &assembly->arena,
                       options->text == NULL ? options->path : NULL, options->allow_outside)) {
        status = ps_faults_no_memory(faults);
    }
    assembly->files.kept = options->kept;
    if (status == PS_OK) {
        if (options->text == NULL && !identify(&a, &file)) {
            file.facts = (struct stat){0}; /* standard input: nothing can extend it */
        }
        status = complete(&a, &file, &assembly->root);
    }
    if (status == PS_OK && options->move != NULL) {
        status = apply_patch(&a, "moves", options->move);
    }
    if (status == PS_OK && options->plan != NULL) {
        status = apply_patch(&a, "plans", options->plan);
    }
    for (size_t i = 0; i < options->set_count && status == PS_OK; i++) {
        status = apply_set(&a, options->sets[i]);
    }
    return status;
}
