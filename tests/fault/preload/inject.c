/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loaded before the C library: lets one allocation, or all from one on, or one write fail.
 *
 *   INJECT_ALLOCATION=n  the n-th malloc, calloc, realloc or aligned allocation of the process
 * fails INJECT_WRITE=n       the n-th write, fsync, rename or link fails with ENOSPC INJECT_ALL=1
 * all later ones fail too INJECT_COUNT=file    at the end the numbers of allocations and writes go
 * there */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static atomic_long allocations, writes;
static long bad_allocation, bad_write;
static bool all, on;

static long number(const char *name)
{
    const char *text = getenv(name);

    return text ? strtol(text, NULL, 10) : 0;
}

__attribute__((constructor)) static void begin(void)
{
    bad_allocation = number("INJECT_ALLOCATION");
    bad_write = number("INJECT_WRITE");
    all = number("INJECT_ALL") != 0;
    on = true;
}

__attribute__((destructor)) static void end(void)
{
    const char *name = getenv("INJECT_COUNT");

    on = false;
    if (name) {
        FILE *file = fopen(name, "w");

        if (file) {
            fprintf(file, "%ld %ld\n", allocations, writes);
            fclose(file);
        }
    }
}

static bool fails(atomic_long *count, long bad, int error)
{
    if (!on) {
        return false;
    }
    const long n = atomic_fetch_add(count, 1) + 1;

    if (bad > 0 && (n == bad || (all && n > bad))) {
        errno = error;
        return true;
    }
    return false;
}

static bool no_memory(void)
{
    return fails(&allocations, bad_allocation, ENOMEM);
}

static bool no_space(void)
{
    return fails(&writes, bad_write, ENOSPC);
}

void *malloc(size_t size)
{
    return no_memory() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    return no_memory() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
    return no_memory() ? NULL : __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return no_memory() ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size)
{
    void *p = no_memory() ? NULL : __libc_memalign(alignment, size);

    if (p) {
        *result = p;
    }
    return p ? 0 : ENOMEM;
}

ssize_t write(int file, const void *bytes, size_t n)
{
    static ssize_t (*real)(int, const void *, size_t);

    if (!real) {
        *(void **)&real = dlsym(RTLD_NEXT, "write");
    }
    return file != STDERR_FILENO && no_space() ? -1 : real(file, bytes, n);
}

int fsync(int file)
{
    static int (*real)(int);

    if (!real) {
        *(void **)&real = dlsym(RTLD_NEXT, "fsync");
    }
    return no_space() ? -1 : real(file);
}

int rename(const char *from, const char *to)
{
    static int (*real)(const char *, const char *);

    if (!real) {
        *(void **)&real = dlsym(RTLD_NEXT, "rename");
    }
    return no_space() ? -1 : real(from, to);
}
