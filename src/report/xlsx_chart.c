/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Charts of a workbook: of the program that opens it, over the cells of their sheet. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "report/xlsx.h"

enum { BLUE = 0x0072B2, SKY = 0x56B4E9, VERMILLION = 0xD55E00 };

typedef struct {
    lxw_chart *chart;
    const char *sheet;
    int rows;
} drawing;

static drawing begin_chart(ps_xlsx *x, uint8_t kind, int rows)
{
    return (drawing){workbook_add_chart(x->workbook, kind), x->name[x->sheets - 1], rows};
}

static lxw_chart_series *add_series(const drawing *d, int column)
{
    lxw_chart_series *series = chart_add_series(d->chart, NULL, NULL);
    const lxw_row_t first = PS_XLSX_HEADS + 1, last = (lxw_row_t)(PS_XLSX_HEADS + d->rows);

    chart_series_set_categories(series, d->sheet, first, 0, last, 0);
    chart_series_set_values(series, d->sheet, first, (lxw_col_t)column, last, (lxw_col_t)column);
    chart_series_set_name_range(series, d->sheet, PS_XLSX_HEADS, (lxw_col_t)column);
    return series;
}

static void place_chart(const drawing *d, lxw_worksheet *sheet, int column)
{
    const bool below = d->rows <= 20; /* a short table: both fit on a page */
    lxw_chart_options options = {.x_scale = below ? 1.9 : 1.5, .y_scale = below ? 1.3 : 1.8};

    chart_title_off(d->chart);
    worksheet_insert_chart_opt(sheet,
                               (lxw_row_t)(below ? PS_XLSX_HEADS + d->rows + 3 : PS_XLSX_HEADS),
                               (lxw_col_t)(below ? 0 : column), d->chart, &options);
}

static void color_series(lxw_chart_series *series, lxw_color_t color)
{
    lxw_chart_fill fill = {.color = color};

    chart_series_set_fill(series, &fill);
}

/* Gains blue, losses vermillion. */
static void color_points(lxw_chart_series *series, const ps_doc_table *table, int c)
{
    static lxw_chart_fill gain = {.color = BLUE}, loss = {.color = VERMILLION};
    static lxw_chart_point blue = {.fill = &gain}, vermillion = {.fill = &loss};
    lxw_chart_point **points = calloc((size_t)table->rows + 1, sizeof(lxw_chart_point *));
    int i = 0;

    if (points == NULL) {
        return;
    }
    for (const ps_doc_row *row = table->first; row != NULL; row = row->next) {
        points[i++] = ps_cell_value(&row->cells[c]) < 0 ? &vermillion : &blue;
    }
    chart_series_set_points(series, points);
    free(points);
}

void ps_xlsx_draw_bars(ps_xlsx *x, lxw_worksheet *sheet, const ps_doc_table *table, int c, int at,
                       int column)
{
    drawing d = begin_chart(x, LXW_CHART_BAR, table->rows);
    lxw_chart_series *series = add_series(&d, at);

    color_points(series, table, c);
    chart_series_set_labels(series);
    /* the names stand on the upright axis, read from above, clear of the bars */
    chart_axis_set_reverse(d.chart->y_axis);
    chart_axis_set_label_position(d.chart->y_axis, LXW_CHART_AXIS_LABEL_POSITION_LOW);
    chart_legend_set_position(d.chart, LXW_CHART_LEGEND_NONE);
    place_chart(&d, sheet, column);
}

/* Columns side by side: a group of bars for each row. */
void ps_xlsx_draw_groups(ps_xlsx *x, lxw_worksheet *sheet, const ps_doc_table *table, int columns)
{
    static const lxw_color_t colors[] = {BLUE, 0xE69F00, 0x009E73, 0xCC79A7, SKY, VERMILLION};
    drawing d = begin_chart(x, LXW_CHART_COLUMN, table->rows);

    for (int c = 0; c < columns; c++) {
        color_series(add_series(&d, 1 + c), colors[c % 6]);
    }
    chart_legend_set_position(d.chart, LXW_CHART_LEGEND_BOTTOM);
    place_chart(&d, sheet, columns + 2);
}

/* Three columns beside the table carry the chart: an unseen base, levels, and steps. They are
 * formulas on the amounts, so the chart follows what a reader changes. */
void ps_xlsx_draw_waterfall(ps_xlsx *x, lxw_worksheet *sheet, const ps_doc_table *table, int at,
                            int column)
{
    static const char *const heads[] = {"base", "level", "step"};
    drawing d = begin_chart(x, LXW_CHART_COLUMN_STACKED, table->rows);
    char amount[PS_XLSX_PLACE], before[PS_XLSX_PLACE], level[PS_XLSX_PLACE], step[PS_XLSX_PLACE],
        formula[128];
    double running = 0;
    int r = PS_XLSX_HEADS + 1;

    for (int i = 0; i < 3; i++) {
        ps_xlsx_text(x, sheet, PS_XLSX_HEADS, column + i, heads[i], x->head);
    }
    for (const ps_doc_row *row = table->first; row != NULL; row = row->next, r++) {
        const double value = ps_cell_value(&row->cells[table->bar]);

        ps_xlsx_place(r, at, amount);
        if (row->total) {
            running = value;
            snprintf(formula, sizeof formula, "=%s", amount);
            ps_xlsx_formula(x, sheet, r, column + 1, formula, value, PS_DOC_MONEY, 0);
            continue;
        }
        running -= value;
        /* the level before stands in its base and level, or is its base when it was a step */
        ps_xlsx_place(r - 1, column, before);
        ps_xlsx_place(r - 1, column + 1, level);
        ps_xlsx_place(r, column + 2, step);
        snprintf(formula, sizeof formula, "=%s+%s-%s", before, level, step);
        ps_xlsx_formula(x, sheet, r, column, formula, running, PS_DOC_MONEY, 0);
        snprintf(formula, sizeof formula, "=-%s", amount);
        ps_xlsx_formula(x, sheet, r, column + 2, formula, value, PS_DOC_MONEY, 0);
    }
    for (int i = 0; i < 3; i++) {
        lxw_chart_series *series = add_series(&d, column + i);
        lxw_chart_fill none = {.none = true};

        if (i == 0) {
            chart_series_set_fill(series, &none);
        } else {
            color_series(series, i == 1 ? BLUE : VERMILLION);
        }
    }
    chart_legend_set_position(d.chart, LXW_CHART_LEGEND_NONE);
    place_chart(&d, sheet, column + 4);
}

/* A fan is its median between two thinner lines; other lines keep the reader's colours. */
void ps_xlsx_draw_lines(ps_xlsx *x, lxw_worksheet *sheet, const ps_doc_series *series, int lines)
{
    drawing d = begin_chart(x, LXW_CHART_LINE, series->count);
    const ps_doc_line *line = series->first;
    bool fan = false;

    for (int i = 0; i < lines; i++, line = line->next) {
        const bool median = strcmp(line->key, "p50") == 0, end = line->key[0] == 'p' && !median;
        lxw_chart_line style = {.color = median ? BLUE : SKY, .width = median ? 2.5F : 1.25F};

        fan = fan || median;
        if (fan && strcmp(line->key, "mean") == 0) {
            continue;
        }
        lxw_chart_series *drawn = add_series(&d, 1 + i);

        if (median || (end && line->key[1] >= '0' && line->key[1] <= '9')) {
            chart_series_set_line(drawn, &style);
        }
    }
    chart_axis_set_interval_unit(d.chart->x_axis, (uint16_t)(series->count / 8 + 1));
    chart_axis_set_label_position(d.chart->x_axis, LXW_CHART_AXIS_LABEL_POSITION_LOW);
    chart_legend_set_position(d.chart, LXW_CHART_LEGEND_BOTTOM);
    place_chart(&d, sheet, lines + 2);
}
