/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document as a workbook: a sheet in words, then a sheet for each block, with charts of the
 * program that opens it. Ratios and differences of figures that stand beside them are formulas.
 *
 * libxlsxwriter crashes when memory runs out, so a child process writes the file. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "report/report.h"
#include "report/xlsx.h"

/* Rows do not grow with their text by themselves: a column holds about `columns` letters, of which
 * a Chinese one takes two. */
static void grow_row(lxw_worksheet *sheet, int row, const char *text, int columns, double height)
{
    int width = 0;

    for (const char *c = text; *c != '\0'; c++) {
        width += (unsigned char)*c < 0x80 ? 1 : (unsigned char)*c >= 0xE0 ? 2 : 0;
    }
    worksheet_set_row(sheet, (lxw_row_t)row, height * (width / columns + 1), NULL);
}

/* The answer in words, the verdict's first sentence as the decision. */
static void write_words(ps_xlsx *x, const ps_doc *doc)
{
    lxw_worksheet *sheet = ps_xlsx_sheet(x, "Summary");
    int row = 3;

    worksheet_set_column(sheet, 0, 0, 95, NULL);
    worksheet_set_landscape(sheet);
    worksheet_fit_to_pages(sheet, 1, 0);
    ps_xlsx_text(x, sheet, 0, 0, doc->title, x->title);
    ps_xlsx_text(x, sheet, 1, 0, doc->subtitle, NULL);
    for (const ps_doc_block *block = doc->first; block != NULL; block = block->next) {
        if (block->type != PS_DOC_SENTENCES || (block->audience & PS_DOC_FOR_PEOPLE) == 0 ||
            block->sentences.first == NULL) {
            continue;
        }
        ps_xlsx_text(x, sheet, row, 0, block->title, x->lead);
        row += block->title != NULL;
        for (const ps_doc_sentence *s = block->sentences.first; s != NULL; s = s->next) {
            ps_xlsx_text(x, sheet, row, 0, s->text, row == 3 ? x->lead : x->wrap);
            grow_row(sheet, row, s->text, row == 3 ? 72 : 95, row == 3 ? 19 : 15.5);
            row++;
        }
        row++;
    }
}

/* A comparison has a block of the same path for each plan: one sheet of all of them. */
static bool is_first(const ps_doc *doc, const ps_doc_block *block)
{
    const ps_doc_block *b = doc->first;

    while (b != block && (b->type != PS_DOC_SERIES || strcmp(b->path, block->path) != 0)) {
        b = b->next;
    }
    return b == block;
}

static void write_series(ps_xlsx *x, const ps_doc_block *block)
{
    ps_doc_block all = *block;

    all.series.first = all.series.last = NULL;
    for (const ps_doc_block *b = block; b != NULL; b = b->next) {
        const bool same = b->type == PS_DOC_SERIES && strcmp(b->path, block->path) == 0 &&
                          b->series.count == block->series.count;

        for (const ps_doc_line *from = b->series.first; same && from != NULL; from = from->next) {
            ps_doc_line *line = ps_arena_alloc(x->words.arena, 1, sizeof *line);

            if (line == NULL) {
                return;
            }
            *line = (ps_doc_line){from->key, from->values, NULL};
            *(all.series.last == NULL ? &all.series.first : &all.series.last->next) = line;
            all.series.last = line;
        }
    }
    ps_xlsx_series(x, &all);
}

static bool has_sheet(const ps_doc_block *block)
{
    static const char *const beside[] = {
        "inputs",           "series/revenue", "series/contribution",
        "series/collected", "series/share",   "series/win_rate_closed",
        "prices/",          "price_gap",      "shares"};
    bool wanted = (block->audience & PS_DOC_FOR_PEOPLE) != 0;

    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        wanted = wanted || ps_xlsx_starts(block, beside[i]);
    }
    if (!wanted) {
        return false;
    }
    return block->type == PS_DOC_SERIES ? block->series.first != NULL
                                        : block->type == PS_DOC_TABLE && block->table.rows > 0;
}

static bool write_workbook(const ps_doc *doc, ps_language language, const char *path)
{
    ps_arena arena = {0}; /* of this process, which ends */
    ps_xlsx x = {.words = {.language = language, .arena = &arena}};
    lxw_workbook *workbook = workbook_new(path);
    lxw_doc_properties properties = {.created = 946684800};

    if (workbook == NULL) {
        return false;
    }
    workbook_set_properties(workbook, &properties); /* a fixed date: equal runs give equal bytes */
    ps_xlsx_begin(&x, workbook);
    write_words(&x, doc);
    for (const ps_doc_block *block = doc->first; block != NULL; block = block->next) {
        if (has_sheet(block)) {
            if (block->type == PS_DOC_TABLE) {
                ps_xlsx_table(&x, block);
            } else if (is_first(doc, block)) {
                write_series(&x, block);
            }
        }
    }
    ps_xlsx_info(&x, doc);
    const bool whole = ps_xlsx_inputs(&x, doc) == PS_OK;

    return workbook_close(workbook) == LXW_NO_ERROR && whole;
}

/* PS_ERR_LIMIT when the child crashed, PS_ERR_FILE when it could not write. */
static ps_status write_apart(const ps_doc *doc, ps_language language, const char *path)
{
    int state = 0;
    const pid_t child = fork();

    if (child < 0) {
        return PS_ERR_LIMIT;
    }
    if (child == 0) {
        _exit(write_workbook(doc, language, path) ? 0 : 1);
    }
    while (waitpid(child, &state, 0) < 0) {
        if (errno != EINTR) {
            return PS_ERR_FILE;
        }
    }
    return !WIFEXITED(state) ? PS_ERR_LIMIT : WEXITSTATUS(state) == 0 ? PS_OK : PS_ERR_FILE;
}

static ps_status read_back(FILE *file, ps_string *out)
{
    char part[65536];
    size_t got;

    while ((got = fread(part, 1, sizeof part, file)) > 0) {
        ps_string_append(out, part, got);
    }
    return ferror(file) ? PS_ERR_FILE : out->failed ? PS_ERR_LIMIT : PS_OK;
}

static ps_status write_xlsx(const ps_doc *doc, const ps_report_options *options, ps_string *out)
{
    const char *folder = getenv("TMPDIR");
    char path[512];
    ps_status status;
    FILE *file;
    int fd;

    snprintf(path, sizeof path, "%.400s/pricesim.XXXXXX",
             folder != NULL && folder[0] != '\0' ? folder : "/tmp");
    fd = mkstemp(path);
    if (fd < 0) {
        return PS_ERR_FILE;
    }
    status = write_apart(doc, options->language, path);
    unlink(path);
    file = NULL;
    if (status == PS_OK) {
        file = fdopen(fd, "rb");
        status = file == NULL ? PS_ERR_FILE : read_back(file, out);
    }
    if (file != NULL) {
        fclose(file);
    } else {
        close(fd);
    }
    return status;
}

const ps_reporter ps_reporter_xlsx = {
    .name = "xlsx",
    .extension = "xlsx",
    .doc = "A workbook with charts and formulas.",
    .binary = true,
    .speaks = true,
    .write = write_xlsx,
};
