/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scanner is one loop over the text with a stack of open containers. Keys of open objects lie
 * on a second stack; when an object closes, its keys are sorted by hash, so that a duplicate costs
 * O(n log n) to find whatever the keys are. */
#include "json/scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "json/literal.h"

enum { POINTER_BYTES = 200 };

typedef struct {
    uint32_t offset; /* of the opening quote */
    uint32_t hash;   /* of the unescaped key */
} scan_key;

typedef struct {
    bool object;
    uint32_t index;   /* of the element being read */
    uint32_t key;     /* opening quote of the member being read, 0 between members */
    size_t first_key; /* where its keys begin on the key stack */
} scan_frame;

typedef struct {
    const unsigned char *s;
    size_t n, i; /* length, position */
    const char *file;
    scan_frame frames[PS_JSON_MAX_DEPTH];
    size_t depth;
    scan_key *keys;
    size_t key_count, key_capacity;
    size_t values, max_values;
    ps_scan *scan;
    ps_faults *faults;
} scanner;

void ps_scan_free(ps_scan *scan)
{
    free(scan->places);
    memset(scan, 0, sizeof *scan);
}

/* ---- faults ---- */

void ps_scan_locate(const char *text, size_t offset, int *line, int *column)
{
    const unsigned char *s = (const unsigned char *)text;
    const size_t start = offset >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

    *line = 1;
    *column = 1;
    for (size_t i = start; i < offset; i++) {
        if (s[i] == '\n') {
            ++*line;
            *column = 1;
        } else if ((s[i] & 0xc0) != 0x80) {
            ++*column;
        }
    }
}

/* JSON Pointer of the place reached; a key counts while its value is being read. */
static void pointer_here(const scanner *p, ps_string *out)
{
    for (size_t d = 0; d < p->depth && out->length < POINTER_BYTES; d++) {
        const scan_frame *frame = &p->frames[d];

        if (!frame->object) {
            ps_string_format(out, "/%u", frame->index);
        } else if (frame->key == 0) {
            return;
        } else {
            ps_literal_fault fault = {0};
            const size_t end = ps_literal_string(p->s, p->n, frame->key, &fault);
            char *key = malloc(end - frame->key);

            if (key == NULL) {
                out->failed = 1;
                return;
            }
            ps_literal_decode((const char *)p->s + frame->key, key);
            ps_pointer_append(out, key);
            free(key);
        }
    }
}

static ps_status fail_hint(scanner *p, size_t at, const char *code, const char *message,
                           const char *hint)
{
    ps_string pointer = {0};
    int line = 0, column = 0;

    ps_scan_locate((const char *)p->s, at < p->n ? at : p->n, &line, &column);
    pointer_here(p, &pointer);

    const ps_status status =
        pointer.failed ? ps_faults_no_memory(p->faults)
                       : ps_fault_add(p->faults, code, pointer.data == NULL ? "" : pointer.data,
                                      p->file, line, column, hint, "%s", message);

    ps_string_free(&pointer);
    return status;
}

static ps_status fail(scanner *p, const char *message)
{
    return fail_hint(p, p->i, "SYNTAX", message, NULL);
}

/* ---- keys ---- */

static ps_status push_key(scanner *p, size_t quote)
{
    const size_t length = p->i - quote - 2;
    const char *text = (const char *)p->s + quote;

    if (p->key_count == p->key_capacity) {
        const size_t capacity = p->key_capacity == 0 ? 64 : p->key_capacity * 2;
        scan_key *keys = realloc(p->keys, capacity * sizeof *keys);

        if (keys == NULL) {
            return ps_faults_no_memory(p->faults);
        }
        p->keys = keys;
        p->key_capacity = capacity;
    }
    uint64_t hash = 0;

    if (memchr(text + 1, '\\', length) == NULL) {
        hash = ps_text_hash(text + 1, length, 0);
    } else {
        char *plain = malloc(length + 1);

        if (plain == NULL) {
            return ps_faults_no_memory(p->faults);
        }
        hash = ps_text_hash(plain, ps_literal_decode(text, plain), 0);
        free(plain);
    }
    p->keys[p->key_count++] = (scan_key){(uint32_t)quote, (uint32_t)(hash ^ (hash >> 32))};
    return PS_OK;
}

static int by_hash_text_offset(const void *a, const void *b, void *context)
{
    const scan_key *x = a, *y = b;
    const char *text = (const char *)((const scanner *)context)->s;

    if (x->hash != y->hash) {
        return x->hash < y->hash ? -1 : 1;
    }
    const int order = ps_literal_compare(text + x->offset, text + y->offset);

    return order != 0 ? order : (x->offset > y->offset) - (x->offset < y->offset);
}

static ps_status fail_duplicate(scanner *p, uint32_t first, uint32_t second)
{
    char message[64];
    int line = 0, column = 0;

    ps_scan_locate((const char *)p->s, first, &line, &column);
    snprintf(message, sizeof message, "duplicate key, first at %d:%d", line, column);
    p->frames[p->depth - 1].key = second;
    return fail_hint(p, second, "DUPLICATE_KEY", message, NULL);
}

/* The object at the top of the stack closes; equal keys are neighbours after sorting. */
static ps_status close_object(scanner *p)
{
    const size_t first_key = p->frames[p->depth - 1].first_key;
    scan_key *keys = p->keys + first_key;
    const size_t count = p->key_count - first_key;
    const char *text = (const char *)p->s;
    uint32_t first = 0, second = UINT32_MAX;

    if (count > 1) {
        qsort_r(keys, count, sizeof *keys, by_hash_text_offset, p);
    }
    for (size_t k = 1; k < count; k++) {
        if (keys[k].hash == keys[k - 1].hash && keys[k].offset < second &&
            ps_literal_compare(text + keys[k - 1].offset, text + keys[k].offset) == 0) {
            first = keys[k - 1].offset;
            second = keys[k].offset;
        }
    }
    if (second != UINT32_MAX) {
        return fail_duplicate(p, first, second);
    }
    p->key_count = first_key;
    p->depth--;
    p->i++;
    return PS_OK;
}

/* ---- literals ---- */

/* Takes the end that a literal's check returned, or its fault. */
static ps_status step_to(scanner *p, size_t end, const ps_literal_fault *fault)
{
    if (end > 0) {
        p->i = end;
        return PS_OK;
    }
    if (strcmp(fault->code, "ENCODING") == 0) {
        char message[40];

        snprintf(message, sizeof message, "%s (byte 0x%02X)", fault->message, p->s[fault->at]);
        return fail_hint(p, fault->at, fault->code, message, fault->hint);
    }
    return fail_hint(p, fault->at, fault->code, fault->message, fault->hint);
}

static ps_status scan_string(scanner *p)
{
    ps_literal_fault fault = {0};

    return step_to(p, ps_literal_string(p->s, p->n, p->i, &fault), &fault);
}

static ps_status scan_number(scanner *p)
{
    ps_literal_fault fault = {0};

    return step_to(p, ps_literal_number(p->s, p->n, p->i, &fault), &fault);
}

static ps_status scan_word(scanner *p, const char *word)
{
    const size_t length = strlen(word);

    if (p->n - p->i < length || memcmp(p->s + p->i, word, length) != 0) {
        return fail_hint(p, p->i, "SYNTAX", p->depth == 0 ? "value expected" : "unknown literal",
                         "true, false, null, a number, a text in double quotes, [ or { expected");
    }
    p->i += length;
    return PS_OK;
}

static bool starts_with(const scanner *p, const char *word)
{
    return p->n - p->i >= strlen(word) && memcmp(p->s + p->i, word, strlen(word)) == 0;
}

/* Nothing that JSON knows stands here: say what it looks like. */
static ps_status fail_unexpected(scanner *p, const char *expected)
{
    const unsigned char c = p->s[p->i];

    if (c == 0) {
        return fail(p, "NUL byte");
    }
    if (c == '\'') {
        return fail(p, "use double quotes");
    }
    if (c == '/' || c == '#') {
        return fail_hint(p, p->i, "SYNTAX", "comments are not allowed",
                         "a key that starts with // is a comment: \"// why\": \"...\"");
    }
    if (starts_with(p, "NaN") || starts_with(p, "Infinity")) {
        return fail(p, "NaN and Infinity are not JSON");
    }
    if (starts_with(p, "True") || starts_with(p, "False") || starts_with(p, "None")) {
        return fail_hint(p, p->i, "SYNTAX", "unknown literal",
                         "true, false and null in lower case");
    }
    if (c == '+' || c == '.') {
        return fail(p, "a number starts with a digit or -");
    }
    if (c < 0x20 || c == 0x7f) {
        return fail(p, "unexpected character");
    }
    return fail(p, expected);
}

/* ---- the document ---- */

static bool skip_space(scanner *p)
{
    const size_t start = p->i;

    while (p->i < p->n &&
           (p->s[p->i] == ' ' || p->s[p->i] == '\n' || p->s[p->i] == '\t' || p->s[p->i] == '\r')) {
        p->i++;
    }
    return p->i > start;
}

static ps_status note_place(scanner *p)
{
    ps_scan *scan = p->scan;
    const scan_frame *frame = p->depth > 0 ? &p->frames[p->depth - 1] : NULL;

    if (++p->values > p->max_values) {
        char message[48];

        snprintf(message, sizeof message, "too many values (limit %zu)", p->max_values);
        return fail_hint(p, p->i, "LIMIT", message, NULL);
    }
    if (scan == NULL) {
        return PS_OK;
    }
    if (scan->count == scan->capacity) {
        const size_t capacity = scan->capacity == 0 ? 256 : scan->capacity + scan->capacity / 2;
        ps_scan_place *places = realloc(scan->places, capacity * sizeof *places);

        if (places == NULL) {
            return ps_faults_no_memory(p->faults);
        }
        scan->places = places;
        scan->capacity = capacity;
    }
    scan->places[scan->count++] =
        (ps_scan_place){frame == NULL || !frame->object ? 0 : frame->key, (uint32_t)p->i};
    return PS_OK;
}

/* After '{' or ',' in an object: a key and its colon. */
static ps_status scan_member(scanner *p)
{
    scan_frame *frame = &p->frames[p->depth - 1];

    frame->key = 0;
    skip_space(p);
    if (p->i >= p->n) {
        return fail(p, "unexpected end of file");
    }
    if (p->s[p->i] != '"') {
        return p->s[p->i] == '}' ? fail(p, "trailing comma")
                                 : fail_unexpected(p, "a key in double quotes expected");
    }
    const size_t quote = p->i;
    ps_status status = scan_string(p);

    if (status == PS_OK) {
        status = push_key(p, quote);
    }
    if (status != PS_OK) {
        return status;
    }
    frame->key = (uint32_t)quote;
    skip_space(p);
    if (p->i >= p->n) {
        return fail(p, "unexpected end of file");
    }
    if (p->s[p->i] != ':') {
        return fail(p, "':' expected after the key");
    }
    p->i++;
    return PS_OK;
}

/* At '{' or '['. `*more` tells whether a value follows; an empty container is closed at once. */
static ps_status open_container(scanner *p, bool *more)
{
    const bool object = p->s[p->i] == '{';

    if (p->depth == PS_JSON_MAX_DEPTH) {
        return fail_hint(p, p->i, "LIMIT", "nested too deeply (limit 64)", NULL);
    }
    p->frames[p->depth++] = (scan_frame){object, 0, 0, p->key_count};
    p->i++;
    skip_space(p);
    if (p->i < p->n && p->s[p->i] == (object ? '}' : ']')) {
        p->i++;
        p->depth--;
        return PS_OK;
    }
    *more = true;
    return object ? scan_member(p) : PS_OK;
}

static ps_status scan_value(scanner *p, bool *more)
{
    skip_space(p);
    if (p->i >= p->n) {
        return fail(p, p->depth > 0 ? "unexpected end of file" : "empty document");
    }
    const ps_status status = note_place(p);

    if (status != PS_OK) {
        return status;
    }
    switch (p->s[p->i]) {
    case '{':
    case '[':
        return open_container(p, more);
    case '"':
        return scan_string(p);
    case 't':
        return scan_word(p, "true");
    case 'f':
        return scan_word(p, "false");
    case 'n':
        return scan_word(p, "null");
    case ',':
    case ']':
    case '}':
        return fail(p, "value expected (trailing or double comma?)");
    default:
        return p->s[p->i] == '-' || (p->s[p->i] >= '0' && p->s[p->i] <= '9')
                   ? scan_number(p)
                   : fail_unexpected(p, "value expected");
    }
}

/* Behind a value: closes containers until a comma asks for the next value or the document ends. */
static ps_status scan_after(scanner *p, bool *more)
{
    while (p->depth > 0) {
        scan_frame *frame = &p->frames[p->depth - 1];
        const bool apart = skip_space(p);

        if (p->i >= p->n) {
            return fail(p, "unexpected end of file");
        }
        const unsigned char c = p->s[p->i];

        if (c == ',') {
            *more = true;
            p->i++;
            frame->index++;
            return frame->object ? scan_member(p) : PS_OK;
        }
        if (c != (frame->object ? '}' : ']')) {
            if (apart && frame->object) {
                frame->key = 0; /* 0x10 is a fault of the value, "1 b" one of the object */
            }
            return fail(p, frame->object ? "',' or '}' expected" : "',' or ']' expected");
        }
        if (frame->object) {
            const ps_status status = close_object(p);

            if (status != PS_OK) {
                return status;
            }
        } else {
            p->depth--;
            p->i++;
        }
    }
    skip_space(p);
    return p->i < p->n ? fail(p, "text after the end of the document") : PS_OK;
}

/* Files that are no UTF-8 text at all. */
static ps_status check_encoding(scanner *p)
{
    const unsigned char *s = p->s;

    if (p->n >= 2 && s[0] == 0x1f && s[1] == 0x8b) {
        return fail_hint(p, 0, "ENCODING", "not JSON text (gzip file?)", NULL);
    }
    if (p->n >= 4 && memcmp(s, "PK\3\4", 4) == 0) {
        return fail_hint(p, 0, "ENCODING", "not JSON text (ZIP or XLSX file?)", NULL);
    }
    const bool mark =
        p->n >= 2 && ((s[0] == 0xfe && s[1] == 0xff) || (s[0] == 0xff && s[1] == 0xfe));
    const bool big_endian = p->n >= 2 && s[0] == 0 && s[1] != 0 && (p->n < 4 || s[2] == 0);
    const bool little_endian = p->n >= 2 && s[0] != 0 && s[1] == 0 && (p->n < 4 || s[3] == 0);

    if (mark || big_endian || little_endian) {
        return fail_hint(p, 0, "ENCODING", "UTF-16 is not supported", "save the file as UTF-8");
    }
    if (p->n >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0) {
        p->i = 3;
    }
    return PS_OK;
}

static ps_status scan_document(scanner *p, bool object_only)
{
    ps_status status = check_encoding(p);
    bool more = true;
    size_t start = 0;

    if (status == PS_OK && p->n > PS_JSON_MAX_BYTES) {
        status = fail_hint(p, 0, "LIMIT", "larger than 16 MiB", NULL);
    }
    skip_space(p);
    start = p->i;
    while (status == PS_OK && more) {
        more = false;
        status = scan_value(p, &more);
        if (status == PS_OK && !more) {
            status = scan_after(p, &more);
        }
    }
    if (status == PS_OK && object_only && p->s[start] != '{') {
        return fail_hint(p, start, "TYPE", "object expected at the top level", NULL);
    }
    return status;
}

ps_status ps_scan_text(const char *text, size_t length, const char *file, bool object_only,
                       ps_scan *scan, ps_faults *faults)
{
    scanner p = {.s = (const unsigned char *)text,
                 .n = length,
                 .file = file,
                 .max_values =
                     scan != NULL && scan->max_values > 0 ? scan->max_values : PS_JSON_MAX_VALUES,
                 .scan = scan,
                 .faults = faults};
    const ps_status status = scan_document(&p, object_only);

    free(p.keys);
    if (status != PS_OK && scan != NULL) {
        ps_scan_free(scan);
    }
    return status;
}
