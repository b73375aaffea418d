/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opened without waiting for a writer (a FIFO would block for ever), looked at, then read. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static ps_file_outcome outcome_of_errno(void)
{
    switch (errno) {
    case ENOENT:
    case ENOTDIR:
        return PS_FILE_NOT_FOUND;
    case EACCES:
    case EPERM:
        return PS_FILE_PERMISSION;
    case ENOMEM:
        return PS_FILE_NO_MEMORY;
    default:
        return PS_FILE_TROUBLE;
    }
}

static ps_file_outcome read_descriptor(int descriptor, size_t limit, ps_string *out)
{
    char buffer[65536];
    size_t total = 0;

    for (;;) {
        const ssize_t got = read(descriptor, buffer, sizeof buffer);

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return errno == EISDIR ? PS_FILE_NOT_FILE : PS_FILE_TROUBLE;
        }
        if (got == 0) {
            return out->failed ? PS_FILE_NO_MEMORY : PS_FILE_READ;
        }
        total += (size_t)got;
        if (total > limit) {
            return PS_FILE_TOO_LARGE;
        }
        ps_string_append(out, buffer, (size_t)got);
    }
}

ps_file_outcome ps_file_read(const char *path, size_t limit, ps_string *out)
{
    if (strcmp(path, "-") == 0) {
        return read_descriptor(STDIN_FILENO, limit, out);
    }
    const int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    struct stat facts;
    ps_file_outcome outcome = PS_FILE_READ;

    if (descriptor < 0) {
        return outcome_of_errno();
    }
    if (fstat(descriptor, &facts) != 0) {
        outcome = PS_FILE_TROUBLE;
    } else if (!S_ISREG(facts.st_mode)) {
        outcome = PS_FILE_NOT_FILE;
    } else if (facts.st_size > 0 && (size_t)facts.st_size > limit) {
        outcome = PS_FILE_TOO_LARGE;
    } else {
        outcome = read_descriptor(descriptor, limit, out);
    }
    const int saved = errno;

    close(descriptor);
    errno = saved;
    return outcome;
}

const char *ps_file_code(ps_file_outcome outcome)
{
    static const char *const codes[] = {NULL,    "NOT_FOUND", "NOT_FILE", "PERMISSION",
                                        "LIMIT", "FILE",      "LIMIT"};

    return codes[outcome];
}

const char *ps_file_reason(ps_file_outcome outcome)
{
    switch (outcome) {
    case PS_FILE_READ:
        return "read";
    case PS_FILE_NOT_FOUND:
        return "no such file";
    case PS_FILE_NOT_FILE:
        return "not a regular file";
    case PS_FILE_PERMISSION:
        return "permission denied";
    case PS_FILE_TOO_LARGE:
        return "larger than the limit";
    case PS_FILE_NO_MEMORY:
        return "out of memory";
    default:
        return strerror(errno);
    }
}
