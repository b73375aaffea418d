/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Status codes and the list of faults that every fallible function fills in. */
#ifndef PS_BASE_STATUS_H
#define PS_BASE_STATUS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* The value is the program's exit code when a command ends with this status. */
typedef enum {
    PS_OK = 0,
    PS_ERR_CHECK = 1,
    PS_ERR_USAGE = 2,
    PS_ERR_INPUT = 3,
    PS_ERR_FILE = 4,
    PS_ERR_LIMIT = 5, /* work or memory over the limit, memory exhausted */
    PS_ERR_INTERNAL = 6,
    PS_ERR_TIMEOUT = 124,
    PS_ERR_INTERRUPTED = 130,
    PS_ERR_TERMINATED = 143,
} ps_status;

/* One fault or warning. All text is owned by the list's arena (or static). */
typedef struct {
    const char *code;    /* "RANGE", "UNKNOWN_KEY", "WARN_BELOW_COST" ... */
    const char *pointer; /* JSON Pointer (RFC 6901), "" for the root */
    const char *file;    /* as the user named it; NULL when no file is concerned */
    int line, column;    /* 1-based, 0 when unknown */
    const char *message; /* what is wrong */
    const char *hint;    /* what to do; NULL when the message says it all */
    bool warning;
} ps_fault;

enum { PS_FAULTS_STORED = 1000 }; /* further faults are counted only */

/* Faults in the order found (sorted by place before printing); owns its arena. */
typedef struct {
    ps_arena arena;
    ps_fault *items;
    size_t count, capacity;
    size_t errors, warnings;
    bool no_memory; /* memory ran out: something is missing here, or in what was made */
} ps_faults;

void ps_faults_free(ps_faults *faults);

/* Append one fault. `pointer`, `file`, and the formatted message (and hint, may be NULL) are
 * copied. Codes starting with "WARN_" are warnings. Returns PS_ERR_INPUT, so that callers can write
 * `return ps_fault_add(...)`. When memory runs out the fault is counted but not stored, and
 * `no_memory` is set. */
__attribute__((format(printf, 8, 9))) ps_status ps_fault_add(ps_faults *faults, const char *code,
                                                             const char *pointer, const char *file,
                                                             int line, int column, const char *hint,
                                                             const char *format, ...);

/* Notes that memory ran out, which needs none; an error like others. Returns PS_ERR_LIMIT. */
ps_status ps_faults_no_memory(ps_faults *faults);

/* Same order as a reader of the files expects: by file in order of first mention, then line,
 * column. */
void ps_faults_sort(ps_faults *faults);

#endif
