/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of faults: bounded, safe to print on a terminal, sorted by place. */
#include "base/status.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
    MAX_POINTER = 240,  /* bytes kept of a pointer: only refused keys can be longer */
    MAX_MESSAGE = 1000, /* bytes kept of a message or a hint */
};

void ps_faults_free(ps_faults *faults)
{
    ps_arena_free(&faults->arena);
    memset(faults, 0, sizeof *faults);
}

/* Bytes of the control or text-direction character at `s`, 0 when it may be printed. An ESC in a
 * key could rewrite the user's terminal, a direction mark could hide what a message says. */
static size_t unsafe_length(const unsigned char *s)
{
    if (s[0] < 0x20 || s[0] == 0x7f) {
        return 1;
    }
    if (s[0] == 0xc2 && s[1] >= 0x80 && s[1] <= 0x9f) {
        return 2;
    }
    if (s[0] == 0xe2 && s[1] == 0x80 &&
        ((s[2] >= 0xaa && s[2] <= 0xae) || s[2] == 0x8f || s[2] == 0x8e)) {
        return 3;
    }
    return s[0] == 0xe2 && s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9 ? 3 : 0;
}

/* Copy with unsafe characters as '?', cut at a character's edge after `limit` bytes. */
static const char *safe_copy(ps_arena *arena, const char *text, size_t limit)
{
    const size_t length = strlen(text);
    const size_t kept = length > limit ? limit : length;
    char *out = ps_arena_alloc(arena, kept + sizeof "...", 1);
    size_t used = 0, i = 0;

    if (out == NULL) {
        return NULL;
    }
    while (i < kept) {
        const size_t skip = unsafe_length((const unsigned char *)text + i);

        out[used++] = skip > 0 ? '?' : text[i];
        i += skip > 0 ? skip : 1;
    }
    if (length > limit) {
        size_t start = used;

        while (start > 0 && ((unsigned char)out[start - 1] & 0xc0) == 0x80) {
            start--;
        }
        if (start > 0 && (unsigned char)out[start - 1] >= 0xc0) {
            used = start - 1; /* the last character may be half there */
        }
        memcpy(out + used, "...", sizeof "...");
    }
    return out;
}

static bool grow(ps_faults *faults)
{
    const size_t capacity = faults->capacity == 0 ? 16 : faults->capacity * 2;
    ps_fault *items = ps_arena_alloc(&faults->arena, capacity, sizeof *items);

    if (items == NULL) {
        return false;
    }
    if (faults->count > 0) {
        memcpy(items, faults->items, faults->count * sizeof *items);
    }
    faults->items = items;
    faults->capacity = capacity;
    return true;
}

/* Most faults name the file of the one before. */
static const char *shared_file(ps_faults *faults, const char *file)
{
    if (file == NULL) {
        return NULL;
    }
    for (size_t i = faults->count; i-- > 0;) {
        if (faults->items[i].file != NULL && strcmp(faults->items[i].file, file) == 0) {
            return faults->items[i].file;
        }
    }
    return safe_copy(&faults->arena, file, MAX_MESSAGE);
}

ps_status ps_fault_add(ps_faults *faults, const char *code, const char *pointer, const char *file,
                       int line, int column, const char *hint, const char *format, ...)
{
    const bool warning = strncmp(code, "WARN_", 5) == 0;
    char message[MAX_MESSAGE + 1];
    va_list arguments;
    ps_fault fault = {.line = line, .column = column, .warning = warning};

    if (warning) {
        faults->warnings++;
    } else {
        faults->errors++;
    }
    if (faults->count >= PS_FAULTS_STORED) {
        return PS_ERR_INPUT;
    }
    if (faults->count == faults->capacity && !grow(faults)) {
        faults->no_memory = true;
        return PS_ERR_INPUT;
    }
    va_start(arguments, format);
    if (vsnprintf(message, sizeof message, format, arguments) < 0) {
        message[0] = '\0';
    }
    va_end(arguments);
    fault.code = safe_copy(&faults->arena, code, MAX_POINTER);
    fault.pointer = safe_copy(&faults->arena, pointer == NULL ? "" : pointer, MAX_POINTER);
    fault.message = safe_copy(&faults->arena, message, MAX_MESSAGE);
    fault.hint = hint == NULL ? NULL : safe_copy(&faults->arena, hint, MAX_MESSAGE);
    fault.file = shared_file(faults, file);
    if (fault.code != NULL && fault.pointer != NULL && fault.message != NULL &&
        (hint == NULL || fault.hint != NULL) && (file == NULL || fault.file != NULL)) {
        faults->items[faults->count++] = fault;
    } else {
        faults->no_memory = true;
    }
    return PS_ERR_INPUT;
}

ps_status ps_faults_no_memory(ps_faults *faults)
{
    faults->errors += faults->no_memory ? 0 : 1;
    faults->no_memory = true;
    return PS_ERR_LIMIT;
}

/* Files are shared texts, so that the first fault with the same pointer is the first mention. */
static size_t first_mention(const ps_faults *faults, size_t item)
{
    for (size_t i = 0; i < item; i++) {
        if (faults->items[i].file == faults->items[item].file) {
            return i;
        }
    }
    return item;
}

static bool goes_before(const ps_fault *a, size_t rank_a, const ps_fault *b, size_t rank_b)
{
    if (rank_a != rank_b) {
        return rank_a < rank_b;
    }
    return a->line != b->line ? a->line < b->line : a->column < b->column;
}

void ps_faults_sort(ps_faults *faults)
{
    size_t *rank = ps_arena_alloc(&faults->arena, faults->count, sizeof *rank);

    if (rank == NULL) {
        return; /* the order of discovery is still a good order */
    }
    for (size_t i = 0; i < faults->count; i++) {
        rank[i] = first_mention(faults, i);
    }
    for (size_t i = 1; i < faults->count; i++) { /* insertion: stable, the list is short */
        const ps_fault fault = faults->items[i];
        const size_t fault_rank = rank[i];
        size_t at = i;

        for (; at > 0 && goes_before(&fault, fault_rank, &faults->items[at - 1], rank[at - 1]);
             at--) {
            faults->items[at] = faults->items[at - 1];
            rank[at] = rank[at - 1];
        }
        faults->items[at] = fault;
        rank[at] = fault_rank;
    }
}
