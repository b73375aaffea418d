/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file: a line that says what it is, the order of bytes, the length of all, that of the recipe,
 * the recipe, the shard, a checksum (FNV-1a) of all before it. Numbers have 8 bytes, texts their
 * length before them and a NUL behind. */
#include "app/shard_file.h"

#include <inttypes.h>
#include <string.h>

#include "base/version.h"

static const char magic[24] = "pricesim shard file 1\n\n";
static const uint64_t order_mark = 0x0102030405060708;
enum { HEAD = sizeof magic + 3 * 8, NO_TEXT = -1, MAX_COUNT = 1000000 };
#define MAX_BYTES ((size_t)1 << 36)

/* ---- writing ---- */

static void put_number(ps_string *out, int64_t number)
{
    ps_string_append(out, (const char *)&number, sizeof number);
}

static void put_bytes(ps_string *out, const char *text, size_t length)
{
    put_number(out, (int64_t)length);
    ps_string_append(out, text, length);
    ps_string_append(out, "", 1);
}

static void put_text(ps_string *out, const char *text)
{
    if (text == NULL) {
        put_number(out, NO_TEXT);
    } else {
        put_bytes(out, text, strlen(text));
    }
}

void ps_recipe_write(const ps_recipe *recipe, ps_string *out)
{
    put_text(out, recipe->version);
    put_number(out, recipe->stream);
    put_text(out, recipe->hash);
    put_text(out, recipe->command);
    put_number(out, recipe->paths);
    put_number(out, recipe->attributed);
    put_text(out, recipe->path);
    put_text(out, recipe->plan);
    put_number(out, recipe->allow_outside);
    put_number(out, (int64_t)recipe->set_count);
    for (size_t i = 0; i < recipe->set_count; i++) {
        put_text(out, recipe->sets[i]);
    }
    put_number(out, (int64_t)recipe->files.count);
    for (size_t i = 0; i < recipe->files.count; i++) {
        put_text(out, recipe->files.items[i].path);
        put_bytes(out, recipe->files.items[i].text, recipe->files.items[i].length);
    }
}

void ps_recipe_free(ps_recipe *recipe)
{
    ps_arena_free(&recipe->arena);
    ps_arena_free(&recipe->files.arena);
    *recipe = (ps_recipe){0};
}

void ps_shard_file_write(const ps_string *recipe, const ps_string *body, ps_string *out)
{
    const size_t length = HEAD + recipe->length + body->length + sizeof(uint64_t);

    ps_string_append(out, magic, sizeof magic);
    put_number(out, (int64_t)order_mark);
    put_number(out, (int64_t)length);
    put_number(out, (int64_t)recipe->length);
    ps_string_append(out, recipe->data, recipe->length);
    ps_string_append(out, body->data, body->length);
    out->failed = out->failed || recipe->failed || body->failed;
    if (!out->failed) {
        put_number(out, (int64_t)ps_text_hash(out->data, out->length, 0));
    }
}

/* ---- reading ---- */

void ps_shard_file_free(ps_shard_file *file)
{
    ps_string_free(&file->bytes);
    *file = (ps_shard_file){0};
}

static int64_t number_at(const char *bytes)
{
    int64_t number;

    memcpy(&number, bytes, sizeof number);
    return number;
}

/* What is wrong with the file's bytes; NULL: nothing. */
static const char *problem(ps_shard_file *file)
{
    const char *data = file->bytes.data;
    const size_t length = file->bytes.length, start = sizeof magic;

    if (length < start || memcmp(data, magic, sizeof magic) != 0) {
        return "not a shard file of this version of the format";
    }
    if (length < HEAD + sizeof(uint64_t)) {
        return "cut off: the file ends in its head";
    }
    if (number_at(data + start) != (int64_t)order_mark) {
        return "written by a machine with another order of bytes";
    }
    const uint64_t said = (uint64_t)number_at(data + start + 8),
                   recipe = (uint64_t)number_at(data + start + 16);

    if (said > length) {
        return "cut off: the file is shorter than what was written";
    }
    const size_t end = length - sizeof(uint64_t);

    if (said < length || (uint64_t)number_at(data + end) != ps_text_hash(data, end, 0) ||
        recipe > end - HEAD) {
        return "damaged: the checksum does not hold";
    }
    file->recipe = data + HEAD;
    file->recipe_length = recipe;
    file->body = file->recipe + recipe;
    file->body_length = end - HEAD - recipe;
    return ps_shard_read_range(file->body, file->body_length, &file->range)
               ? NULL
               : "damaged: its range of futures makes no sense";
}

ps_status ps_shard_file_read(const char *path, ps_shard_file *file, ps_faults *faults)
{
    const ps_file_outcome outcome = ps_file_read(path, MAX_BYTES, &file->bytes);

    if (outcome == PS_FILE_NO_MEMORY) {
        return ps_faults_no_memory(faults);
    }
    if (outcome != PS_FILE_READ) {
        ps_fault_add(faults, ps_file_code(outcome), "", path, 0, 0, NULL, "%s",
                     ps_file_reason(outcome));
        return PS_ERR_FILE;
    }
    const char *wrong = problem(file);

    return wrong == NULL
               ? PS_OK
               : ps_fault_add(faults, "SHARD", "", path, 0, 0, "run this shard again", "%s", wrong);
}

/* Reads on; `wrong` stays set. */
typedef struct {
    const char *at;
    size_t left;
    bool wrong;
} recipe_bytes;

static int64_t take_number(recipe_bytes *from)
{
    int64_t number = 0;

    from->wrong = from->wrong || from->left < sizeof number;
    if (!from->wrong) {
        number = number_at(from->at);
        from->at += sizeof number;
        from->left -= sizeof number;
    }
    return number;
}

static size_t take_count(recipe_bytes *from)
{
    const int64_t count = take_number(from);

    from->wrong = from->wrong || count < 0 || count > MAX_COUNT;
    return from->wrong ? 0 : (size_t)count;
}

static const char *take_text(recipe_bytes *from, size_t *length)
{
    const int64_t n = take_number(from);
    const char *text = from->at;

    if (from->wrong || n == NO_TEXT) {
        return NULL;
    }
    from->wrong = n < 0 || (uint64_t)n >= from->left || text[n] != '\0' ||
                  (length == NULL && strlen(text) != (size_t)n);
    if (from->wrong) {
        return NULL;
    }
    from->at += n + 1;
    from->left -= (size_t)n + 1;
    if (length != NULL) {
        *length = (size_t)n;
    }
    return text;
}

static const char *must_take_text(recipe_bytes *from)
{
    const char *text = take_text(from, NULL);

    from->wrong = from->wrong || text == NULL;
    return text == NULL ? "" : text;
}

static bool take_lists(recipe_bytes *from, ps_recipe *to)
{
    to->set_count = take_count(from);
    to->sets = ps_arena_alloc(&to->arena, to->set_count + 1, sizeof *to->sets);
    for (size_t i = 0; to->sets != NULL && i < to->set_count; i++) {
        to->sets[i] = must_take_text(from);
    }
    to->files.count = take_count(from);
    to->files.items = ps_arena_alloc(&to->arena, to->files.count + 1, sizeof *to->files.items);
    to->files.replay = true;
    for (size_t i = 0; to->files.items != NULL && i < to->files.count; i++) {
        ps_kept_file *file = &to->files.items[i];

        file->path = must_take_text(from);
        file->text = take_text(from, &file->length);
        from->wrong = from->wrong || file->text == NULL;
    }
    return to->sets != NULL && to->files.items != NULL;
}

ps_status ps_shard_file_recipe(const char *path, const ps_shard_file *file, ps_recipe *recipe,
                               ps_faults *faults)
{
    recipe_bytes from = {file->recipe, file->recipe_length, false};

    *recipe = (ps_recipe){.version = must_take_text(&from), .stream = take_number(&from)};
    if (!from.wrong &&
        (strcmp(recipe->version, PS_VERSION) != 0 || recipe->stream != PS_STREAM_VERSION)) {
        return ps_fault_add(faults, "SHARD", "", path, 0, 0,
                            "merge with the program that ran the shards",
                            "made by pricesim %s with random stream %" PRId64
                            "; this is pricesim %s with random stream %d",
                            recipe->version, recipe->stream, PS_VERSION, PS_STREAM_VERSION);
    }
    recipe->hash = must_take_text(&from);
    recipe->command = must_take_text(&from);
    recipe->paths = take_number(&from);
    recipe->attributed = take_number(&from);
    recipe->path = must_take_text(&from);
    recipe->plan = take_text(&from, NULL);
    recipe->allow_outside = take_number(&from) != 0;
    if (!take_lists(&from, recipe)) {
        return ps_faults_no_memory(faults);
    }
    if (from.wrong || from.left > 0) {
        return ps_fault_add(faults, "SHARD", "", path, 0, 0, NULL,
                            "damaged: what it says of its run cannot be read");
    }
    return PS_OK;
}

ps_status ps_shard_file_compare(const char *path, const ps_shard_file *file, const char *first_path,
                                const ps_shard_file *first, ps_faults *faults)
{
    ps_recipe mine = {0}, theirs = {0};

    if (file->recipe_length == first->recipe_length &&
        memcmp(file->recipe, first->recipe, file->recipe_length) == 0) {
        return PS_OK;
    }
    ps_status status = ps_shard_file_recipe(path, file, &mine, faults);

    status = status == PS_OK ? ps_shard_file_recipe(first_path, first, &theirs, faults) : status;
    if (status == PS_OK && strcmp(mine.hash, theirs.hash) != 0) {
        status = ps_fault_add(faults, "SHARD", "", path, 0, 0, NULL,
                              "of scenario %s; %s is of scenario %s", mine.hash, first_path,
                              theirs.hash);
    } else if (status == PS_OK) {
        status = ps_fault_add(
            faults, "SHARD", "", path, 0, 0, NULL, "of the run '%s'; %s is of the run '%s'%s",
            mine.command, first_path, theirs.command,
            strcmp(mine.command, theirs.command) == 0 ? ", whose files have another text" : "");
    }
    ps_recipe_free(&mine);
    ps_recipe_free(&theirs);
    return status;
}
