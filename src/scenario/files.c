/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario from elsewhere must not read other files of the machine: names are checked as written,
 * and once more with symbolic links resolved. */
#include "scenario/files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "json/scan.h"

const ps_kept_file *ps_kept_files_find(const ps_kept_files *kept, const char *path)
{
    for (size_t i = 0; i < kept->count; i++) {
        if (strcmp(kept->items[i].path, path) == 0) {
            return &kept->items[i];
        }
    }
    return NULL;
}

void ps_kept_files_add(ps_kept_files *kept, const char *path, const char *text, size_t length)
{
    if (ps_kept_files_find(kept, path) != NULL) {
        return;
    }
    if (kept->count == kept->capacity) {
        const size_t capacity = 2 * kept->capacity + 8;
        ps_kept_file *items = ps_arena_alloc(&kept->arena, capacity, sizeof *items);

        if (items == NULL) {
            kept->no_memory = true;
            return;
        }
        if (kept->count > 0) {
            memcpy(items, kept->items, kept->count * sizeof *items);
        }
        kept->items = items;
        kept->capacity = capacity;
    }
    ps_kept_file *file = &kept->items[kept->count];

    /* Not NUL-terminated by the text's end alone: a file may hold any byte. */
    char *copy = ps_arena_alloc(&kept->arena, length + 1, 1);

    if (copy != NULL && length > 0) {
        memcpy(copy, text, length);
    }
    *file = (ps_kept_file){ps_arena_text(&kept->arena, path, strlen(path)), copy, length};
    kept->no_memory = kept->no_memory || copy == NULL || file->path == NULL;
    kept->count += file->path != NULL && copy != NULL;
}

/* Bytes of the folder part of a path, its last slash included. */
static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

bool ps_files_init(ps_files *files, ps_arena *arena, const char *path, bool allow_outside)
{
    *files = (ps_files){.arena = arena, .allow_outside = allow_outside};
    if (path == NULL) {
        return true;
    }
    const size_t length = strcmp(path, "-") == 0 ? 0 : folder_length(path);
    const char *folder = length == 0 ? "." : ps_arena_text(arena, path, length);
    char *real = folder == NULL ? NULL : realpath(folder, NULL);

    if (real == NULL) {
        return folder != NULL && errno != ENOMEM;
    }
    files->root = ps_arena_text(arena, real, strlen(real));
    free(real);
    return files->root != NULL;
}

/* Whether a relative name climbs above where it starts. */
static bool climbs(const char *name)
{
    int depth = 0;

    for (const char *part = name; *part != '\0';) {
        const size_t length = strcspn(part, "/");

        if (length == 2 && part[0] == '.' && part[1] == '.') {
            depth--;
        } else if (length > 0 && !(length == 1 && part[0] == '.')) {
            depth++;
        }
        if (depth < 0) {
            return true;
        }
        part += length + (part[length] == '/' ? 1 : 0);
    }
    return false;
}

static bool is_inside(const char *root, const char *real)
{
    const size_t length = strlen(root);

    return strcmp(root, "/") == 0 || (strncmp(root, real, length) == 0 && real[length] == '/');
}

static char *refuse(ps_files_refusal *refusal, const char *code, const char *reason,
                    const char *hint)
{
    *refusal = (ps_files_refusal){code, reason, hint, false};
    return NULL;
}

static char *no_memory(ps_files_refusal *refusal)
{
    *refusal = (ps_files_refusal){.no_memory = true};
    return NULL;
}

/* The path of what `from` calls `name`. */
static char *named(const ps_files *files, const char *from, const char *name)
{
    const size_t folder = name[0] == '/' || from == NULL ? 0 : folder_length(from);

    return ps_arena_format(files->arena, "%.*s%s", (int)folder, from == NULL ? "" : from, name);
}

char *ps_files_resolve(const ps_files *files, const char *from, const char *name,
                       ps_files_refusal *refusal)
{
    static const char outside[] = "must stay inside the scenario's folder";
    static const char lift[] = "--allow-outside lifts this";

    *refusal = (ps_files_refusal){0};
    if (files->kept != NULL && files->kept->replay) { /* it was inside when it was read */
        char *path = named(files, from, name);

        return path == NULL ? no_memory(refusal) : path;
    }
    if (files->root == NULL) {
        return refuse(refusal, "PATH", "a scenario that is sent as text cannot name files", NULL);
    }
    if (strstr(name, "://") != NULL || name[0] == '\0') {
        return refuse(refusal, "PATH", "a file name expected; nothing is ever fetched", NULL);
    }
    if (name[0] == '/' && !files->allow_outside) {
        return refuse(refusal, "PATH", outside, "write a path relative to this file");
    }
    char *path = named(files, from, name);

    if (path == NULL) {
        return no_memory(refusal);
    }
    char *real = realpath(path, NULL);

    if (real == NULL && errno == ENOMEM) {
        return no_memory(refusal); /* not a file that is missing: nothing was resolved */
    }
    const bool inside = real == NULL ? !climbs(name) : is_inside(files->root, real);

    free(real);
    return inside || files->allow_outside ? path : refuse(refusal, "PATH", outside, lift);
}

ps_file_outcome ps_files_bytes(ps_kept_files *kept, const char *path, ps_string *out)
{
    const ps_kept_file *file = kept == NULL ? NULL : ps_kept_files_find(kept, path);

    if (file != NULL) {
        ps_string_append(out, file->text, file->length);
        return out->failed ? PS_FILE_NO_MEMORY : PS_FILE_READ;
    }
    if (kept != NULL && kept->replay) {
        return PS_FILE_NOT_FOUND;
    }
    const ps_file_outcome outcome = ps_file_read(path, PS_JSON_MAX_BYTES, out);

    if (outcome == PS_FILE_READ && kept != NULL) {
        ps_kept_files_add(kept, path, out->data == NULL ? "" : out->data, out->length);
    }
    return outcome;
}

bool ps_files_read(const ps_files *files, const char *path, ps_string *out,
                   ps_files_refusal *refusal)
{
    const ps_file_outcome outcome = ps_files_bytes(files->kept, path, out);

    *refusal = (ps_files_refusal){0};
    if (outcome == PS_FILE_READ) {
        return true;
    }
    if (outcome == PS_FILE_NO_MEMORY) {
        no_memory(refusal);
    } else {
        refuse(refusal, ps_file_code(outcome),
               outcome == PS_FILE_TOO_LARGE ? "larger than 16 MiB" : ps_file_reason(outcome), NULL);
    }
    return false;
}
