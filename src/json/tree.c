/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree is cJSON's, filled only after the strict scan. cJSON does not keep places; the
 * `valueint` of its nodes, which nothing here needs, is the index of the node's place, and moves
 * with the node. */
#include "json/tree.h"

#include <cjson/cJSON.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json/scan.h"

enum { LIBRARY_NUMBER = 63 }; /* cJSON reads no longer number */

struct ps_tree_place {
    int file;
    int line, column, key_line, key_column;
};

void ps_tree_free(ps_tree *tree)
{
    free(tree->places);
    ps_arena_free(&tree->arena);
    memset(tree, 0, sizeof *tree);
}

void ps_node_free(ps_node *node)
{
    cJSON_Delete(node);
}

ps_node *ps_node_copy(const ps_node *node)
{
    return cJSON_Duplicate(node, 1);
}

/* ---- places ---- */

/* Room for `more` places; place 0 says "unknown". */
static bool reserve(ps_tree *tree, size_t more)
{
    const size_t needed = tree->count + more + 1;

    if (needed > INT_MAX) {
        return false;
    }
    if (needed > tree->capacity) {
        const size_t capacity = needed < 2 * tree->capacity ? 2 * tree->capacity : needed;
        ps_tree_place *places = realloc(tree->places, capacity * sizeof *places);

        if (places == NULL) {
            return false;
        }
        tree->places = places;
        tree->capacity = capacity;
    }
    if (tree->count == 0) {
        tree->places[tree->count++] = (ps_tree_place){.file = -1};
    }
    return true;
}

/* Number of the file in the list, -1 when memory runs out. */
static int file_number(ps_tree *tree, const char *file)
{
    for (int i = 0; i < tree->file_count; i++) {
        if (strcmp(tree->files[i], file) == 0) {
            return i;
        }
    }
    const char **files = ps_arena_alloc(&tree->arena, (size_t)tree->file_count + 1, sizeof *files);
    const char *name = ps_arena_text(&tree->arena, file, strlen(file));

    if (files == NULL || name == NULL) {
        return -1;
    }
    for (int i = 0; i < tree->file_count; i++) {
        files[i] = tree->files[i];
    }
    files[tree->file_count] = name;
    tree->files = files;
    return tree->file_count++;
}

typedef struct {
    const unsigned char *text;
    size_t at;
    int line, column;
} text_cursor;

static void advance(text_cursor *cursor, size_t to)
{
    for (; cursor->at < to; cursor->at++) {
        const unsigned char c = cursor->text[cursor->at];

        if (c == '\n') {
            cursor->line++;
            cursor->column = 1;
        } else if ((c & 0xc0) != 0x80) {
            cursor->column++;
        }
    }
}

/* Lines and columns of all places in one pass: offsets ascend, each key before its value. */
static void add_places(ps_tree *tree, int file, const char *text, size_t length,
                       const ps_scan *scan)
{
    const bool mark = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0;
    text_cursor cursor = {(const unsigned char *)text, mark ? 3 : 0, 1, 1};

    for (size_t i = 0; i < scan->count; i++) {
        ps_tree_place place = {.file = file};

        if (scan->places[i].key > 0) {
            advance(&cursor, scan->places[i].key);
            place.key_line = cursor.line;
            place.key_column = cursor.column;
        }
        advance(&cursor, scan->places[i].value);
        place.line = cursor.line;
        place.column = cursor.column;
        tree->places[tree->count++] = place;
    }
}

/* Numbers the nodes in document order, from `*next` on. `step` 0 gives all of them the same place.
 */
static void assign_places(cJSON *node, int *next, int step)
{
    node->valueint = *next;
    *next += step;
    for (cJSON *child = node->child; child != NULL; child = child->next) {
        assign_places(child, next, step);
    }
}

ps_origin ps_tree_origin(const ps_tree *tree, const ps_node *node)
{
    ps_origin origin = {0};

    if (node == NULL || node->valueint <= 0 || (size_t)node->valueint >= tree->count) {
        return origin;
    }
    const ps_tree_place *place = &tree->places[node->valueint];
    const bool keyed = place->key_line > 0;

    origin.file = place->file >= 0 ? tree->files[place->file] : NULL;
    origin.line = place->line;
    origin.column = place->column;
    origin.key_line = keyed ? place->key_line : place->line;
    origin.key_column = keyed ? place->key_column : place->column;
    return origin;
}

/* ---- parsing ---- */

/* The scanner takes numbers of 1000 characters, the library would cut them. */
static ps_status check_numbers(const char *file, const char *text, size_t length,
                               const ps_scan *scan, ps_faults *faults)
{
    for (size_t i = 0; i < scan->count; i++) {
        const size_t at = scan->places[i].value;

        if (ps_text_number_length(text + at, length - at) > LIBRARY_NUMBER) {
            int line = 0, column = 0;

            ps_scan_locate(text, at, &line, &column);
            return ps_fault_add(faults, "SYNTAX", "", file, line, column, "at most 63 characters",
                                "number is too long");
        }
    }
    return PS_OK;
}

/* Values that a further document may have; 0: no limit but the scanner's. */
static size_t values_left(const ps_tree *tree)
{
    if (tree->max_values == 0) {
        return 0;
    }
    return tree->count < tree->max_values ? tree->max_values - tree->count : 1;
}

ps_status ps_tree_parse(ps_tree *tree, const char *file, const char *text, size_t length,
                        ps_node **node, ps_faults *faults)
{
    ps_scan scan = {.max_values = values_left(tree)};
    ps_status status = ps_scan_text(text, length, file, true, &scan, faults);

    *node = NULL;
    if (status == PS_OK) {
        status = check_numbers(file, text, length, &scan, faults);
    }
    if (status == PS_OK) {
        const int number = file_number(tree, file);
        cJSON *root = number >= 0 && reserve(tree, scan.count)
                          ? cJSON_ParseWithLengthOpts(text, length, NULL, 0)
                          : NULL;

        if (root == NULL) {
            status = ps_faults_no_memory(faults);
        } else {
            int next = (int)tree->count;

            add_places(tree, number, text, length, &scan);
            assign_places(root, &next, 1);
            *node = root;
        }
    }
    ps_scan_free(&scan);
    return status;
}

ps_node *ps_tree_value(ps_tree *tree, const char *file, const char *text)
{
    ps_faults ignored = {0};
    const size_t length = strlen(text);
    const ps_status status = ps_scan_text(text, length, file, false, NULL, &ignored);
    const int number = file_number(tree, file);
    cJSON *node = NULL;

    ps_faults_free(&ignored);
    if (status != PS_ERR_LIMIT && number >= 0 && reserve(tree, 1)) {
        node = status == PS_OK ? cJSON_ParseWithLengthOpts(text, length, NULL, 0)
                               : cJSON_CreateString(text);
    }
    if (node != NULL) {
        int place = (int)tree->count;

        tree->places[tree->count++] = (ps_tree_place){.file = number};
        assign_places(node, &place, 0);
    }
    return node;
}

/* ---- looking ---- */

ps_node_type ps_node_kind(const ps_node *node)
{
    switch (node->type & 0xff) {
    case cJSON_False:
        return PS_NODE_FALSE;
    case cJSON_True:
        return PS_NODE_TRUE;
    case cJSON_Number:
        return PS_NODE_NUMBER;
    case cJSON_String:
        return PS_NODE_TEXT;
    case cJSON_Array:
        return PS_NODE_ARRAY;
    case cJSON_Object:
        return PS_NODE_OBJECT;
    default:
        return PS_NODE_NULL;
    }
}

const char *ps_node_type_name(ps_node_type type)
{
    static const char *const names[] = {"null",   "false", "true",  "number",
                                        "string", "array", "object"};

    return names[type];
}

const char *ps_node_key(const ps_node *node)
{
    return node->string;
}

const char *ps_node_text(const ps_node *node)
{
    return cJSON_IsString(node) ? node->valuestring : NULL;
}

double ps_node_number(const ps_node *node)
{
    return cJSON_IsNumber(node) ? node->valuedouble : NAN;
}

int ps_node_count(const ps_node *node)
{
    return cJSON_GetArraySize(node);
}

const ps_node *ps_node_first(const ps_node *node)
{
    return node->child;
}

const ps_node *ps_node_next(const ps_node *node)
{
    return node->next;
}

const ps_node *ps_node_find(const ps_node *object, const char *key)
{
    return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
}

const char *ps_pointer_token(const char *pointer, char *out, size_t size)
{
    size_t used = 0;

    if (*pointer != '/') {
        return NULL;
    }
    for (pointer++; *pointer != '\0' && *pointer != '/'; pointer++) {
        char c = *pointer;

        if (c == '~') {
            pointer++;
            if (*pointer != '0' && *pointer != '1') {
                return NULL;
            }
            c = *pointer == '0' ? '~' : '/';
        }
        if (used + 1 >= size) {
            return NULL;
        }
        out[used++] = c;
    }
    out[used] = '\0';
    return pointer;
}

ps_node *ps_node_child(const ps_node *node, const char *token)
{
    if (cJSON_IsObject(node)) {
        return cJSON_GetObjectItemCaseSensitive(node, token);
    }
    char *end = NULL;
    const unsigned long index = strtoul(token, &end, 10);

    if (!cJSON_IsArray(node) || token[0] < '0' || token[0] > '9' || *end != '\0' ||
        (token[0] == '0' && token[1] != '\0') || index > INT_MAX) {
        return NULL;
    }
    return cJSON_GetArrayItem(node, (int)index);
}

const ps_node *ps_node_at(const ps_node *root, const char *pointer)
{
    const cJSON *node = root;
    char token[256];

    while (node != NULL && *pointer != '\0') {
        pointer = ps_pointer_token(pointer, token, sizeof token);
        node = pointer == NULL ? NULL : ps_node_child(node, token);
        if (pointer == NULL) {
            return NULL;
        }
    }
    return node;
}
