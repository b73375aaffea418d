/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bump allocator over a list of blocks that double in size up to 4 MB. Blocks come zeroed from
 * the system and no byte is handed out twice, so that nothing needs clearing here. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct ps_arena_block {
    ps_arena_block *next;
    size_t size, used; /* of `data` */
    char data[];
};

enum {
    FIRST_BLOCK = 4096,
    LARGEST_BLOCK = 4 << 20,
    SMALL_ALIGN = 16,
    LARGE_ALIGN = 64,
    LARGE = 512
};

/* The system's large pages: a large array then costs one page fault in place of 512. */
enum { HUGE_PAGE = 1 << 21 };

/* Offset in the block's data of the first free byte with this alignment. */
static size_t aligned_offset(const ps_arena_block *block, size_t align)
{
    const uintptr_t free_byte = (uintptr_t)(block->data + block->used);
    return block->used + (size_t)(-free_byte & (align - 1));
}

/* Starts a block at a huge page's border and asks for such pages: where they do not fit or the
 * system has none, nothing but speed is lost. */
static void use_huge_pages(ps_arena_block *block)
{
#ifdef MADV_HUGEPAGE
    block->used = aligned_offset(block, HUGE_PAGE);
    (void)madvise(block->data + block->used, block->size - block->used, MADV_HUGEPAGE);
#else
    (void)block;
#endif
}

static ps_arena_block *add_block(ps_arena *arena, size_t bytes)
{
    size_t size = arena->head ? 2 * arena->head->size : FIRST_BLOCK;
    size = size > LARGEST_BLOCK ? LARGEST_BLOCK : size;
    size = size < bytes + LARGE_ALIGN ? bytes + LARGE_ALIGN : size;
    const bool huge = size >= HUGE_PAGE;
    size += huge ? HUGE_PAGE : 0; /* what lies before the first border is never touched */
    ps_arena_block *block = calloc(1, sizeof *block + size);
    if (!block)
        return NULL;
    block->size = size;
    block->next = arena->head;
    arena->head = block;
    arena->bytes += sizeof *block + size;
    if (huge)
        use_huge_pages(block);
    return block;
}

void ps_arena_free(ps_arena *arena)
{
    for (ps_arena_block *block = arena->head; block;) {
        ps_arena_block *next = block->next;
        free(block);
        block = next;
    }
    *arena = (ps_arena){0};
}

void *ps_arena_alloc(ps_arena *arena, size_t count, size_t size)
{
    if (size && count > (SIZE_MAX / 2) / size)
        return NULL;
    const size_t bytes = count * size;
    if (bytes == 0)
        return arena; /* nobody reads it; NULL always means failure */
    const size_t align = bytes >= LARGE ? LARGE_ALIGN : SMALL_ALIGN;
    ps_arena_block *block = arena->head;
    if (!block || aligned_offset(block, align) + bytes > block->size) {
        block = add_block(arena, bytes);
        if (!block)
            return NULL;
    }
    const size_t offset = aligned_offset(block, align);
    block->used = offset + bytes;
    return block->data + offset;
}

char *ps_arena_text(ps_arena *arena, const char *text, size_t length)
{
    const size_t bytes = strnlen(text, length);
    char *copy = ps_arena_alloc(arena, bytes + 1, 1);
    if (copy)
        memcpy(copy, text, bytes);
    return copy;
}

char *ps_arena_format(ps_arena *arena, const char *format, ...)
{
    va_list measure, print;
    va_start(measure, format);
    va_copy(print, measure);
    const int length = vsnprintf(NULL, 0, format, measure);
    va_end(measure);
    char *text = length < 0 ? NULL : ps_arena_alloc(arena, (size_t)length + 1, 1);
    if (text)
        vsnprintf(text, (size_t)length + 1, format, print);
    va_end(print);
    return text;
}
