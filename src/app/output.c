/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes an answer. A file is written beside its final place, synced, and renamed over it, so that
 * a reader sees the old one or the new one, whatever happens in between. */
#include "app/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/signals.h"

static ps_status write_error(const char *path, int error)
{
    ps_say("error[FILE] cannot write %s: %s", path, strerror(error));
    return PS_ERR_FILE;
}

/* errno, 0 when all was written. */
static int write_all(int fd, const char *data, size_t length)
{
    while (length > 0) {
        const ssize_t written = write(fd, data, length);

        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return written < 0 ? errno : EIO;
        }
        data += written;
        length -= (size_t)written;
    }
    return 0;
}

/* Folder of a path, "." when it names none. */
static void folder_of(const char *path, char out[PATH_MAX])
{
    const char *slash = strrchr(path, '/');

    if (slash == NULL) {
        snprintf(out, PATH_MAX, ".");
    } else {
        snprintf(out, PATH_MAX, "%.*s", slash == path ? 1 : (int)(slash - path), path);
    }
}

/* A new file beside `path`; its name goes to `temporary`. */
static int open_temporary(const char *path, char temporary[PATH_MAX])
{
    char folder[PATH_MAX];

    if (strlen(path) + 32 > PATH_MAX) {
        errno = ENAMETOOLONG;
        return -1;
    }
    folder_of(path, folder);
    snprintf(temporary, PATH_MAX, "%.*s/.pricesim.XXXXXX", PATH_MAX - 32, folder);
    return mkostemp(temporary, O_CLOEXEC);
}

/* A pipe or device (/dev/stdout, /dev/full) is written as it is: it cannot be replaced. */
static bool is_special(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

ps_status ps_output_check(const char *path)
{
    char temporary[PATH_MAX], folder[PATH_MAX];
    struct stat info;
    int fd;

    if (path[0] == '\0') {
        return ps_usage_error("--output: a file name expected");
    }
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
        return write_error(path, EISDIR);
    }
    if (is_special(path)) {
        return access(path, W_OK) == 0 ? PS_OK : write_error(path, errno);
    }
    fd = open_temporary(path, temporary);
    if (fd < 0) {
        const int error = errno;

        if (error == ENAMETOOLONG) {
            return write_error(path, error);
        }
        folder_of(path, folder);
        ps_say("error[FILE] cannot write %s: folder %s: %s", path, folder, strerror(error));
        return PS_ERR_FILE;
    }
    close(fd);
    unlink(temporary);
    return PS_OK;
}

/* "text, json and csv": the formats of this command. */
static void list_formats(const char *command, ps_string *out, const char **names, size_t *count)
{
    for (int i = 0; ps_reporters[i] != NULL; i++) {
        if (ps_reporters[i]->only == NULL || strcmp(ps_reporters[i]->only, command) == 0) {
            names[(*count)++] = ps_reporters[i]->name;
        }
    }
    for (size_t i = 0; i < *count; i++) {
        ps_string_format(out, "%s%s", i == 0 ? "" : i + 1 == *count ? " and " : ", ", names[i]);
    }
}

static ps_status unknown_format(const char *command, const char *format)
{
    const char *names[32];
    size_t count = 0;
    ps_string all = {0};

    list_formats(command, &all, names, &count);
    const char *nearest = ps_text_suggest(format, names, count);
    const ps_status status =
        nearest != NULL
            ? ps_usage_error("--format: unknown format '%s'; did you mean %s?", format, nearest)
            : ps_usage_error("--format: unknown format '%s'; there are %s", format,
                             all.failed ? "others" : all.data);

    ps_string_free(&all);
    return status;
}

static ps_status choose_reporter(const ps_arguments *arguments, ps_output *out)
{
    const char *format = ps_arguments_value(arguments, "format"),
               *command = arguments->command->name;

    out->reporter = format != NULL                               ? ps_reporter_named(format)
                    : out->path == NULL || is_special(out->path) ? ps_reporters[0]
                                                                 : ps_reporter_for_file(out->path);
    if (out->reporter != NULL && out->reporter->only != NULL &&
        strcmp(out->reporter->only, command) != 0) {
        return ps_usage_error("%s: the format %s is for 'pricesim %s'", command,
                              out->reporter->name, out->reporter->only);
    }
    if (out->reporter == NULL && format == NULL) {
        return ps_usage_error("--output: no format has the suffix of '%s'; use .txt, .json, .csv, "
                              ".md, .html, .xlsx or --format",
                              out->path);
    }
    return out->reporter == NULL ? unknown_format(command, format) : PS_OK;
}

static bool is_set(const char *variable)
{
    const char *value = getenv(variable);

    return value != NULL && value[0] != '\0';
}

/* The option says it; else NO_COLOR (no-color.org), CLICOLOR_FORCE and CLICOLOR (bixense.com); else
 * whether a person looks at a terminal that has colours. */
static ps_status choose_color(const ps_arguments *arguments, bool to_file, bool *out)
{
    const bool terminal = !to_file && isatty(STDOUT_FILENO);
    const char *const when = ps_arguments_value(arguments, "color"), *term = getenv("TERM"),
                      *const forced = getenv("CLICOLOR_FORCE"), *const wanted = getenv("CLICOLOR");
    const bool always = when != NULL && strcmp(when, "always") == 0,
               never = ps_arguments_has(arguments, "no-color") ||
                       (when != NULL && strcmp(when, "never") == 0);

    if (when != NULL && !always && !never && strcmp(when, "auto") != 0) {
        return ps_usage_error("--color: always, never or auto expected, '%s' found", when);
    }
    *out =
        !never && (always || (!is_set("NO_COLOR") &&
                              ((!to_file && is_set("CLICOLOR_FORCE") && strcmp(forced, "0") != 0) ||
                               (terminal && term != NULL && strcmp(term, "dumb") != 0 &&
                                !(wanted != NULL && strcmp(wanted, "0") == 0)))));
    return PS_OK;
}

/* The window's width only where a person looks. */
static void look_at_terminal(ps_output *out)
{
    struct winsize window;

    if (out->options.width == 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 &&
        window.ws_col > 0) {
        out->options.width = window.ws_col > 120 ? 120 : window.ws_col;
    }
}

static ps_status choose_language(const ps_arguments *arguments, ps_language *out)
{
    const char *name = ps_arguments_value(arguments, "lang");

    *out = name != NULL && strcmp(name, "zh") == 0 ? PS_CHINESE : PS_ENGLISH;
    return name == NULL || *out == PS_CHINESE || strcmp(name, "en") == 0
               ? PS_OK
               : ps_usage_error("--lang: en or zh expected, '%s' found", name);
}

ps_status ps_output_open(const ps_arguments *arguments, ps_output *out)
{
    int64_t width = 0;
    ps_status status;

    *out = (ps_output){.path = ps_arguments_value(arguments, "output")};
    if (out->path != NULL && strcmp(out->path, "-") == 0) {
        out->path = NULL;
    }
    out->options.ascii = ps_arguments_has(arguments, "ascii");
    status = choose_language(arguments, &out->options.language);
    if (status != PS_OK) {
        return status;
    }
    status =
        ps_arguments_whole(arguments, "width", PS_REPORT_MIN_WIDTH, PS_REPORT_MAX_WIDTH, &width);
    out->options.width = (int)width;
    status = status == PS_OK ? choose_reporter(arguments, out) : status;
    status =
        status == PS_OK ? choose_color(arguments, out->path != NULL, &out->options.color) : status;
    if (status != PS_OK) {
        return status;
    }
    if (out->path == NULL && isatty(STDOUT_FILENO)) {
        if (out->reporter->binary) {
            return ps_usage_error("--format %s is not for a terminal; write it with -o FILE.%s",
                                  out->reporter->name, out->reporter->extension);
        }
        look_at_terminal(out);
    }
    return out->path == NULL ? PS_OK : ps_output_check(out->path);
}

/* What a plain creat() would have given, or what the old file had. */
static mode_t mode_for(const char *path)
{
    struct stat info;
    const mode_t mask = umask(0);

    umask(mask);
    return stat(path, &info) == 0 ? info.st_mode & 07777 : 0666 & ~mask;
}

static void sync_folder(const char *path)
{
    char folder[PATH_MAX];
    int fd;

    folder_of(path, folder);
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd); /* the file is whole already; this only makes its new name last a power cut */
        close(fd);
    }
}

ps_status ps_output_file(const char *path, const char *data, size_t length)
{
    char temporary[PATH_MAX];
    const int fd = open_temporary(path, temporary);
    int error;

    if (fd < 0) {
        return write_error(path, errno);
    }
    ps_signals_guard(temporary);
    error = write_all(fd, data, length);
    if (error == 0 && (fchmod(fd, mode_for(path)) != 0 || fsync(fd) != 0)) {
        error = errno;
    }
    if (close(fd) != 0 && error == 0) {
        error = errno;
    }
    if (error == 0 && rename(temporary, path) != 0) {
        error = errno;
    }
    ps_signals_guard(NULL);
    if (error != 0) {
        unlink(temporary);
        return write_error(path, error);
    }
    sync_folder(path);
    return PS_OK;
}

static ps_status write_special(const char *path, const char *data, size_t length)
{
    const int fd = open(path, O_WRONLY | O_CLOEXEC);
    int error = fd < 0 ? errno : write_all(fd, data, length);

    if (fd >= 0 && close(fd) != 0 && error == 0) {
        error = errno;
    }
    return error == 0 ? PS_OK : write_error(path, error);
}

ps_status ps_output_bytes(const char *data, size_t length)
{
    const int error = write_all(STDOUT_FILENO, data, length);

    return error == 0 ? PS_OK : write_error("standard output", error);
}

ps_status ps_output_write(const ps_output *output, ps_doc *doc)
{
    ps_string text = {0};
    ps_status status;

    if (output->reporter->speaks) {
        ps_doc_translate(doc, output->options.language);
    }
    status = doc->failed ? PS_ERR_LIMIT : output->reporter->write(doc, &output->options, &text);

    if (status == PS_ERR_FILE) {
        ps_say("error[FILE] cannot write a temporary file in %s",
               getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
    } else if (status != PS_OK) {
        status = ps_memory_error();
    } else if (output->path == NULL) {
        status = ps_output_bytes(text.data, text.length);
    } else if (is_special(output->path)) {
        status = write_special(output->path, text.data, text.length);
    } else {
        status = ps_output_file(output->path, text.data, text.length);
    }
    ps_string_free(&text);
    return status;
}
