/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bump allocator: everything one scenario or document owns is freed in one call. */
#ifndef PS_BASE_ARENA_H
#define PS_BASE_ARENA_H

#include <stddef.h>

typedef struct ps_arena_block ps_arena_block;

typedef struct {
    ps_arena_block *head; /* newest block; NULL when empty */
    size_t bytes;         /* allocated from the system so far */
} ps_arena;

/* A zeroed ps_arena is empty and ready. Free works on a zeroed or half-used arena. */
void ps_arena_free(ps_arena *arena);

/* Zeroed memory for `count` items of `size` bytes, 16-byte aligned (64 for requests of 512 bytes or
 * more). NULL when memory runs out or count * size overflows. Never fails for zero bytes. */
void *ps_arena_alloc(ps_arena *arena, size_t count, size_t size);

/* Copy of `text` (up to `length` bytes, then NUL-terminated). NULL when memory runs out. */
char *ps_arena_text(ps_arena *arena, const char *text, size_t length);

/* printf into the arena. NULL when memory runs out. */
__attribute__((format(printf, 2, 3))) char *ps_arena_format(ps_arena *arena, const char *format,
                                                            ...);

#endif
