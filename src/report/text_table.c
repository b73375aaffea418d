/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table in columns of characters. Columns give way by their `drop` when there is no room; a label
 * that is too wide gets a line of its own. Numbers of a column share a scale; figures are spread
 * over P10, median, P90, mean. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "doc/human.h"
#include "report/text_out.h"

enum {
    MAX_SHOWN = 24,
    WIDE_GAP = 2,
    MIN_BAR = 8,
    MAX_BAR = 30,
    MIN_LABEL = 12,
    MIN_TEXT = 20,
    MIN_PLACE = 12,
    TALL_INDENT = 2,
    DROP_SOON = 5
};

typedef enum { PART_CELL, PART_P10, PART_P50, PART_P90, PART_MEAN, PART_SE, PART_RANGE } part;

/* A column on the page: a column of the table, or one statistic of it. */
typedef struct {
    int source;
    part what;
    const char *title;
    int drop;
    bool right, sign, place;
    bool scaled; /* all numbers in one scale */
    ps_human_scale scale;
    double largest;     /* in absolute value */
    int width, natural; /* as drawn, and without cuts */
} shown_column;

typedef struct {
    const ps_out *out;
    const ps_doc_block *block;
    const ps_doc_table *table;
    shown_column column[MAX_SHOWN];
    int columns;
    const shown_column *beside; /* drawn behind the labels, which have lines of their own */
    shown_column beside_column;
    char hidden[200]; /* titles of the columns that gave way */
    int label_width, bar_width;
    int gap;          /* columns between columns */
    double low, high; /* of the bars */
} page;

static bool has_figures(const ps_doc_table *table, int column)
{
    for (const ps_doc_row *row = table->first; row != NULL; row = row->next) {
        if (row->cells[column].kind == PS_CELL_FIGURE) {
            return true;
        }
    }
    return false;
}

static bool is_empty(const ps_doc_table *table, int column)
{
    for (const ps_doc_row *row = table->first; row != NULL; row = row->next) {
        const ps_cell *cell = &row->cells[column];

        if (cell->kind == PS_CELL_TEXT
                ? cell->text != NULL && cell->text[0] != '\0'
                : cell->kind != PS_CELL_NONE && isfinite(ps_cell_value(cell))) {
            return false;
        }
    }
    return true;
}

static void show(page *p, shown_column column)
{
    if (p->columns < MAX_SHOWN) {
        column.title = ps_words_of(p->out->words, column.title);
        p->column[p->columns++] = column;
    }
}

/* Gains and losses of one unit compare across columns; other columns are scaled each on its own. */
static bool shares_scale(const ps_doc_column *a, const ps_doc_column *b)
{
    return a == b || (a->sign && b->sign && a->unit == b->unit);
}

/* Numbers far apart in size are written each in its own scale, unless they are to be added up. */
static void scale_column(const ps_doc_table *table, shown_column *column)
{
    const ps_doc_column *own = &table->column[column->source];
    const bool added = own->sign || own->unit == PS_DOC_COUNT || table->shape == PS_DOC_WATERFALL;
    const bool money = own->unit == PS_DOC_MONEY;
    const int digits = money || (own->unit == PS_DOC_FRAC && !own->sign) ? 3 : 2;
    double largest = 0, smallest = INFINITY;
    bool whole = true;

    for (const ps_doc_row *row = table->first; row != NULL; row = row->next) {
        for (int c = 0; c < table->columns; c++) {
            const double size = fabs(ps_cell_value(&row->cells[c]));

            if (isfinite(size) && size > 0 && shares_scale(own, &table->column[c])) {
                largest = fmax(largest, size);
                smallest = fmin(smallest, size);
                whole = whole && size == floor(size);
            }
        }
    }
    column->largest = largest;
    /* A column of plain numbers holds unlike things (the inputs): each is written for itself. */
    column->scaled = largest > 0 && own->unit != PS_DOC_NUMBER &&
                     (added || own->unit == PS_DOC_FRAC || smallest > largest / 200);
    column->scale =
        ps_human_scale_of(own->unit, largest, own->sign || !money ? 0 : smallest, digits);
    if (whole && own->unit == PS_DOC_COUNT && column->scale.factor == 1) {
        column->scale.decimals = 0;
    }
}

static void choose_columns(page *p)
{
    const ps_doc_table *table = p->table;
    bool range_shown = false;

    if (table->layout == PS_DOC_RECORD && has_figures(table, 0)) {
        show(p, (shown_column){.what = PART_P10, .title = "P10", .right = true});
        show(p, (shown_column){.what = PART_P50, .title = "median", .right = true});
        show(p, (shown_column){.what = PART_P90, .title = "P90", .right = true});
        show(p, (shown_column){.what = PART_MEAN, .title = "mean", .right = true, .drop = 1});
        show(p, (shown_column){.what = PART_SE, .title = "sim. error", .right = true, .drop = 2});
        return;
    }
    for (int c = 0; c < table->columns; c++) {
        const ps_doc_column *column = &table->column[c];
        shown_column shown = {.source = c,
                              .title = column->title,
                              .drop = column->drop,
                              .sign = column->sign,
                              .place = column->place,
                              .right = column->unit != PS_DOC_TEXT};

        if (column->drop >= PS_DROP_ALWAYS || is_empty(table, c)) {
            continue;
        }
        scale_column(table, &shown);
        show(p, shown);
        if (has_figures(table, c) && !range_shown) {
            range_shown = true;
            show(p, (shown_column){.source = c,
                                   .what = PART_RANGE,
                                   .title = "P10 to P90",
                                   .drop = 3,
                                   .right = true});
        }
    }
}

/* One scale for all statistics of a figure. */
static const char *figure_part(const ps_doc_figure *figure, ps_doc_unit unit, part what,
                               char out[64])
{
    const double largest = fmax(fmax(fabs(figure->p10), fabs(figure->p90)), fabs(figure->mean));
    const ps_human_scale scale = ps_human_scale_of(unit, largest, (figure->p90 - figure->p10) / 10,
                                                   unit == PS_DOC_COUNT ? 2 : 3);

    switch (what) {
    case PART_P10:
        return ps_human_write(&scale, figure->p10, false, out);
    case PART_P50:
        return ps_human_write(&scale, figure->p50, false, out);
    case PART_P90:
        return ps_human_write(&scale, figure->p90, false, out);
    case PART_SE:
        return ps_human(unit, figure->se < 1e-9 * largest ? 0 : figure->se, 2, out);
    case PART_RANGE: {
        const ps_human_scale words =
            ps_human_scale_of(unit, largest, (figure->p90 - figure->p10) / 6, 2);
        char low[PS_HUMAN_SIZE], high[PS_HUMAN_SIZE];

        if (!isfinite(figure->p10) || !isfinite(figure->p90)) {
            return "";
        }
        snprintf(out, 64, "%.28s to %.28s", ps_human_write(&words, figure->p10, false, low),
                 ps_human_write(&words, figure->p90, false, high));
        return out;
    }
    case PART_MEAN:
    case PART_CELL:
        break;
    }
    return ps_human_write(&scale, figure->mean, false, out);
}

static const char *number_text(const shown_column *column, const ps_cell *cell, bool deduction,
                               char out[64])
{
    const double exact = deduction ? -ps_cell_value(cell) : ps_cell_value(cell);
    /* What rounding left of nothing is nothing. */
    const double value = fabs(exact) < 1e-9 * column->largest ? 0 : exact;
    const bool scaled = column->scaled && cell->unit == column->scale.unit;
    ps_human_scale scale = column->scale;

    if (!isfinite(value)) {
        return cell->kind == PS_CELL_NUMBER ? "n/a" : "";
    }
    if (!scaled) {
        scale = ps_human_scale_of(cell->unit, value, 0, 3);
    } else if (value != 0 && fabs(value) < 0.5 * scale.factor * pow(10, -scale.decimals)) {
        scale = ps_human_scale_of(cell->unit, value, 0, 1); /* small, not zero */
    }
    return scaled || column->sign ? ps_human_write(&scale, value, column->sign, out)
                                  : ps_human(cell->unit, value, 3, out);
}

static const char *english_text(const page *p, const shown_column *column, const ps_doc_row *row,
                                char out[64])
{
    const ps_cell *cell = &row->cells[column->source];
    const bool deduction = p->table->shape == PS_DOC_WATERFALL && !row->total;

    switch (cell->kind) {
    case PS_CELL_FIGURE:
        return column->what == PART_CELL ? number_text(column, cell, false, out)
                                         : figure_part(cell->figure, cell->unit, column->what, out);
    case PS_CELL_NUMBER:
        return column->what == PART_CELL || column->what == PART_P50
                   ? number_text(column, cell, deduction, out)
                   : "";
    case PS_CELL_TEXT:
        return cell->text != NULL && column->what == PART_CELL ? cell->text : "";
    case PS_CELL_FLAG:
        return column->what != PART_CELL ? "" : cell->flag ? "yes" : "no";
    case PS_CELL_NONE:
        break;
    }
    return "";
}

static const char *cell_text(const page *p, const shown_column *column, const ps_doc_row *row,
                             char out[64])
{
    const char *text = english_text(p, column, row, out);

    return row->cells[column->source].kind == PS_CELL_TEXT ? text
                                                           : ps_words_of(p->out->words, text);
}

static void measure(page *p)
{
    char text[64];

    p->label_width = p->table->heading != NULL ? ps_out_width(p->table->heading) : 0;
    for (int c = 0; c < p->columns; c++) {
        p->column[c].width = ps_out_width(p->column[c].title);
    }
    for (const ps_doc_row *row = p->table->first; row != NULL; row = row->next) {
        const int label = row->label != NULL ? ps_out_width(row->label) : 0;

        p->label_width = label > p->label_width ? label : p->label_width;
        for (int c = 0; c < p->columns; c++) {
            const int width = ps_out_width(cell_text(p, &p->column[c], row, text));

            p->column[c].width = width > p->column[c].width ? width : p->column[c].width;
        }
    }
    for (int c = 0; c < p->columns; c++) {
        p->column[c].natural = p->column[c].width;
    }
}

static int columns_width(const page *p)
{
    int width = 0;

    for (int c = 0; c < p->columns; c++) {
        width += p->gap + p->column[c].width;
    }
    return width;
}

static void remove_column(page *p, int c)
{
    memmove(&p->column[c], &p->column[c + 1], (size_t)(p->columns - c - 1) * sizeof *p->column);
    p->columns--;
}

/* Labels get lines of their own, with the places behind them. */
static void make_tall(page *p)
{
    p->label_width = TALL_INDENT;
    for (int c = 0; c < p->columns && p->beside == NULL; c++) {
        if (p->column[c].place) {
            p->beside_column = p->column[c];
            p->beside = &p->beside_column;
            remove_column(p, c);
        }
    }
}

/* Drops the column that may go first, if its `drop` is at least `least`; false when there is none.
 */
static bool drop_one(page *p, int least)
{
    int worst = -1;

    for (int c = 0; c < p->columns; c++) {
        if (p->column[c].drop >= least &&
            (worst < 0 || p->column[c].drop >= p->column[worst].drop)) {
            worst = c;
        }
    }
    if (worst < 0) {
        return false;
    }
    const size_t used = strlen(p->hidden);

    snprintf(p->hidden + used, sizeof p->hidden - used, "%s%s", used == 0 ? "" : ", ",
             p->column[worst].title);
    remove_column(p, worst);
    return true;
}

/* Text columns may be cut, the last one first, down to MIN_TEXT columns. */
static void squeeze_text(page *p)
{
    for (int c = p->columns - 1; c >= 0; c--) {
        shown_column *column = &p->column[c];
        const int over = columns_width(p) + p->label_width - p->out->width;

        if (over > 0 && !column->right && column->width > MIN_TEXT) {
            column->width = column->width - over < MIN_TEXT ? MIN_TEXT : column->width - over;
        }
    }
}

static bool fits(const page *p)
{
    return columns_width(p) + p->label_width <= p->out->width;
}

static void fit(page *p)
{
    int room;

    if (p->table->shape == PS_DOC_TALL && !fits(p)) {
        make_tall(p);
    }
    while (!fits(p) && drop_one(p, DROP_SOON)) {
    }
    squeeze_text(p);
    while (!fits(p) && drop_one(p, 1)) {
        for (int c = 0; c < p->columns; c++) {
            p->column[c].width = p->column[c].natural;
        }
        squeeze_text(p);
    }
    if (!fits(p)) {
        p->gap = 1;
    }
    room = p->out->width - columns_width(p);
    if (p->label_width > room) {
        p->label_width = room >= MIN_LABEL ? room : room >= 4 ? 4 : room > 0 ? room : 0;
    }
    room -= p->label_width + WIDE_GAP;
    p->bar_width = !(p->high > p->low) || room < MIN_BAR ? 0 : room > MAX_BAR ? MAX_BAR : room;
}

static double bar_value(const page *p, const ps_doc_row *row)
{
    const double value = ps_cell_value(&row->cells[p->table->bar]);

    return isfinite(value) ? value : 0;
}

/* Where the row's bar begins and ends; `level` is the waterfall's running level. */
static void bar_span(const page *p, const ps_doc_row *row, double *level, double *from, double *to)
{
    const double value = bar_value(p, row);

    if (p->table->shape == PS_DOC_WATERFALL && !row->total) {
        *to = *level;
        *level -= value;
        *from = *level;
    } else {
        *from = 0;
        *to = value;
        *level = value;
    }
    if (*from > *to) {
        const double swap = *from;

        *from = *to;
        *to = swap;
    }
}

static void measure_bars(page *p)
{
    double level = 0, from, to;

    p->low = p->high = 0;
    for (const ps_doc_row *row = p->table->first; row != NULL && p->table->bar >= 0;
         row = row->next) {
        bar_span(p, row, &level, &from, &to);
        p->low = fmin(p->low, from);
        p->high = fmax(p->high, to);
    }
}

/* Half a character is the smallest step; what is not zero shows at least that. */
static void draw_bar(const page *p, const ps_doc_row *row, double *level)
{
    const double halves = 2.0 * p->bar_width, reach = p->high - p->low;
    double from, to;
    int first, last;
    ps_style style;

    bar_span(p, row, level, &from, &to);
    first = (int)lround((from - p->low) / reach * halves);
    last = (int)lround((to - p->low) / reach * halves);
    if (first == last && to > from) {
        first = first > 0 && from < 0 ? first - 1 : first;
        last = first + 1;
    }
    style = p->table->shape == PS_DOC_WATERFALL ? (row->total ? PS_STYLE_BAR : PS_STYLE_LOSS)
            : bar_value(p, row) < 0             ? PS_STYLE_LOSS
                                                : PS_STYLE_BAR;
    ps_out_spaces(p->out, WIDE_GAP);
    for (int i = 0; i < p->bar_width; i++) {
        const bool left = 2 * i >= first && 2 * i < last,
                   right = 2 * i + 1 >= first && 2 * i + 1 < last;
        const char *sign = left && right ? "\xe2\x96\x88"
                           : left        ? "\xe2\x96\x8c"
                           : right       ? "\xe2\x96\x90"
                                         : " ";

        if (p->out->ascii) {
            sign = left || right ? "#" : " ";
        }
        if (sign[0] == ' ') {
            ps_out_spaces(p->out, 1);
        } else {
            ps_out_text(p->out, style, sign);
        }
    }
}

/* What is drawn of a cell in `width` columns; `text` and `cut` are room for it. */
static const char *drawn_text(const page *p, const shown_column *column, const ps_doc_row *row,
                              int width, char text[64], char cut[512])
{
    const char *whole = cell_text(p, column, row, text);

    return column->place ? ps_out_tail(whole, width, cut) : whole;
}

static void draw_label(const page *p, ps_style style, const char *label, const ps_doc_row *row)
{
    const int room = p->out->width - ps_out_width(label) - WIDE_GAP;
    char text[64], cut[512];

    const bool fits =
        room >= MIN_PLACE ||
        (p->beside != NULL && ps_out_width(cell_text(p, p->beside, row, text)) <= room);

    if (p->beside == NULL || !fits) {
        ps_out_paragraph(p->out, style, "", label);
    } else {
        ps_out_text(p->out, style, label);
    }
    if (p->beside != NULL) {
        ps_out_spaces(p->out, WIDE_GAP);
        ps_out_text(
            p->out, PS_STYLE_DIM,
            drawn_text(p, p->beside, row, fits ? room : p->out->width - WIDE_GAP, text, cut));
        ps_out_line(p->out);
    }
}

static void draw_row(const page *p, const ps_doc_row *row, double *level)
{
    const char *label = row->label != NULL ? row->label : "";
    const ps_style style =
        row->total && p->table->shape != PS_DOC_PLAIN ? PS_STYLE_BOLD : PS_STYLE_PLAIN;
    char text[64], cut[512];

    if (p->beside != NULL || ps_out_width(label) > p->label_width) { /* a line of its own */
        draw_label(p, style, label, row);
        label = "";
    }
    ps_out_padded(p->out, style, label, p->label_width, false);
    for (int c = 0; c < p->columns; c++) {
        const shown_column *column = &p->column[c];

        ps_out_spaces(p->out, p->gap);
        ps_out_padded(p->out, style, drawn_text(p, column, row, column->width, text, cut),
                      column->width, column->right);
    }
    if (p->bar_width > 0) {
        draw_bar(p, row, level);
    }
    ps_out_line(p->out);
}

static void draw_head(const page *p)
{
    const char *title = p->block->title != NULL ? p->block->title : "";
    const char *heading = p->table->heading != NULL ? p->table->heading : "";
    int width =
        p->label_width + columns_width(p) + (p->bar_width > 0 ? WIDE_GAP + p->bar_width : 0);

    if (ps_out_width(title) > p->label_width) {
        ps_out_paragraph(p->out, PS_STYLE_BOLD, "", title);
        title = heading;
    }
    ps_out_padded(p->out, PS_STYLE_BOLD, title, p->label_width, false);
    for (int c = 0; c < p->columns; c++) {
        ps_out_spaces(p->out, p->gap);
        ps_out_padded(p->out, PS_STYLE_DIM, p->column[c].title, p->column[c].width,
                      p->column[c].right);
    }
    ps_out_line(p->out);
    width = width > p->out->width ? p->out->width : width;
    ps_out_repeat(p->out, PS_STYLE_DIM, "\xe2\x94\x80", width);
    ps_out_line(p->out);
}

void ps_out_table(const ps_out *out, const ps_doc_block *block)
{
    page p = {.out = out, .block = block, .table = &block->table, .gap = WIDE_GAP};
    double level = 0;

    choose_columns(&p);
    measure(&p);
    measure_bars(&p);
    fit(&p);
    draw_head(&p);
    for (const ps_doc_row *row = block->table.first; row != NULL; row = row->next) {
        draw_row(&p, row, &level);
    }
    if (p.hidden[0] != '\0') {
        char note[240];

        snprintf(note, sizeof note, "Hidden for want of width: %s.", p.hidden);
        ps_out_paragraph(out, PS_STYLE_DIM, "", ps_words_of_sentence(out->words, note));
    }
}
