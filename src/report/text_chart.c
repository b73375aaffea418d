/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fan by period in characters: the band from P10 to P90, and the median at a third of a line. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "doc/human.h"
#include "report/text_out.h"

enum { ROWS = 9, MARGIN = 10, MAX_COLUMNS = 160, MAX_STEP = 6, TICK_GAP = 3 };

/* What is drawn: one entry for each column group. */
typedef struct {
    int groups, step; /* columns of one group */
    int per_group;    /* periods averaged into a group when there are more of them than columns */
    double low[MAX_COLUMNS], mid[MAX_COLUMNS], high[MAX_COLUMNS];
    double bottom, top;
} fan;

static const double *line_named(const ps_doc_series *series, const char *key)
{
    for (const ps_doc_line *line = series->first; line != NULL; line = line->next) {
        if (strcmp(line->key, key) == 0) {
            return line->values;
        }
    }
    return NULL;
}

static double mean_of(const double *values, int from, int to)
{
    double sum = 0;
    int known = 0;

    for (int i = from; i < to; i++) {
        if (isfinite(values[i])) {
            sum += values[i];
            known++;
        }
    }
    return known > 0 ? sum / known : NAN;
}

/* 1, 2, 2.5 or 5 times a power of ten, at least x. */
static double nice_above(double x)
{
    const double power = pow(10, floor(log10(x)));
    const double part = x / power;

    return power * (part <= 1.0000001 ? 1 : part <= 2 ? 2 : part <= 2.5 ? 2.5 : part <= 5 ? 5 : 10);
}

static void choose_axis(fan *f)
{
    double low = INFINITY, high = -INFINITY, step;

    for (int i = 0; i < f->groups; i++) {
        if (isfinite(f->low[i]) && isfinite(f->high[i])) {
            low = fmin(low, f->low[i]);
            high = fmax(high, f->high[i]);
        }
    }
    if (!(low <= high)) {
        low = high = 0;
    }
    if (low > 0 && low < 0.4 * high) {
        low = 0; /* a cut axis exaggerates: only where the fan is narrow */
    }
    if (high < 0) {
        high = 0;
    }
    const double noise =
        1e-9 * fmax(fabs(high), fabs(low)); /* of what is the same in all periods */

    step = nice_above(high - low > noise ? (high - low) / 12
                      : fabs(high) > 0   ? fabs(high) / 4
                                         : 0.25);
    step *= 2; /* so that the middle is round, too */
    f->bottom = floor(low / step + 1e-9) * step;
    f->top = ceil(high / step - 1e-9) * step;
    if (!(f->top > f->bottom)) {
        f->top = f->bottom + step;
    }
}

static bool prepare(const ps_doc_series *series, int columns, fan *f)
{
    const double *low = line_named(series, "p10"), *mid = line_named(series, "p50"),
                 *high = line_named(series, "p90");

    if (low == NULL || mid == NULL || high == NULL || series->count < 1 || columns < 1) {
        return false;
    }
    columns = columns > MAX_COLUMNS ? MAX_COLUMNS : columns;
    f->per_group = (series->count + columns - 1) / columns;
    f->groups = (series->count + f->per_group - 1) / f->per_group;
    f->step = columns / f->groups;
    f->step = f->step > MAX_STEP ? MAX_STEP : f->step;
    for (int i = 0; i < f->groups; i++) {
        const int from = i * f->per_group;
        const int to = from + f->per_group < series->count ? from + f->per_group : series->count;

        f->low[i] = mean_of(low, from, to);
        f->mid[i] = mean_of(mid, from, to);
        f->high[i] = mean_of(high, from, to);
    }
    choose_axis(f);
    return true;
}

/* The sign for one group in one line of the chart, which covers [from, to). */
static void draw_cell(const ps_out *out, const fan *f, int group, double from, double to)
{
    static const char *const medians[] = {"\xe2\x96\x81", "\xe2\x94\x81",
                                          "\xe2\x96\x94"}; /* low, middle, high */
    const double mid = f->mid[group], centre = (from + to) / 2;

    if (mid >= from && (mid < to || (to >= f->top && mid <= to))) {
        const int third = (int)((mid - from) / (to - from) * 3);
        const char *sign = out->ascii ? "=" : medians[third > 2 ? 2 : third];

        ps_out_repeat(out, PS_STYLE_MEDIAN, sign, f->step);
    } else if (centre >= f->low[group] && centre <= f->high[group]) {
        const char *sign = out->ascii ? ":" : out->color ? "\xe2\x96\x88" : "\xe2\x96\x91";

        ps_out_repeat(out, PS_STYLE_BAND, sign, f->step);
    } else {
        ps_out_spaces(out, f->step);
    }
}

/* "2026-01" under the first column of some groups, or "01-05" when the whole horizon is short. */
static void draw_dates(const ps_out *out, const ps_doc_series *series, const fan *f, int indent)
{
    const bool days = series->dates[series->count - 1] - series->dates[0] < 120;
    const int length = days ? 5 : 7;
    int at = 0, last_month = -1;

    ps_out_spaces(out, indent);
    for (int i = 0; i < f->groups; i++) {
        const int column = i * f->step;
        char date[16];
        int year, month, day;

        ps_date_split(series->dates[i * f->per_group], &year, &month, &day);
        if (column < at || column + length > f->groups * f->step ||
            (!days && year * 12 + month == last_month)) {
            continue;
        }
        /* A label belongs to the first period that begins in its month, except at the left edge. */
        if (!days && i > 0) {
            int before_year, before_month;

            ps_date_split(series->dates[(i - 1) * f->per_group], &before_year, &before_month, &day);
            if (before_month == month && before_year == year) {
                continue;
            }
        }
        ps_date_format(series->dates[i * f->per_group], date);
        ps_out_spaces(out, column - (at > 0 ? at - TICK_GAP : 0));
        ps_out_format(out, "%.*s", length, days ? date + 5 : date);
        at = column + length + TICK_GAP;
        last_month = year * 12 + month;
    }
    ps_out_line(out);
}

static void draw_axis_label(const ps_out *out, const ps_human_scale *scale, double value,
                            const char *line)
{
    char label[PS_HUMAN_SIZE] = "";

    if (isfinite(value)) {
        ps_human_write(scale, value, false, label);
    }
    ps_out_padded(out, PS_STYLE_DIM, ps_words_of(out->words, label), MARGIN - 2, true);
    ps_out_text(out, PS_STYLE_DIM, line);
}

/* "0 in every period" when that is all there is to see. */
static const char *nothing_to_draw(const fan *f)
{
    bool known = false;

    for (int i = 0; i < f->groups; i++) {
        if (fabs(f->low[i]) > 1e-9 || fabs(f->mid[i]) > 1e-9 || fabs(f->high[i]) > 1e-9) {
            return NULL;
        }
        known = known || isfinite(f->mid[i]);
    }
    return known ? "0 in every period." : "Not known in any period.";
}

bool ps_out_fan(const ps_out *out, const ps_doc_block *block)
{
    const ps_doc_series *series = &block->series;
    fan f = {0};
    ps_human_scale scale;

    if (!prepare(series, out->width - MARGIN - 1, &f)) {
        return false;
    }
    if (nothing_to_draw(&f) != NULL) {
        ps_out_paragraph(out, PS_STYLE_PLAIN, "  ",
                         ps_words_of_sentence(out->words, nothing_to_draw(&f)));
        return false;
    }
    scale = ps_human_scale_of(series->unit, fmax(fabs(f.top), fabs(f.bottom)),
                              (f.top - f.bottom) / 2, 2);
    for (int r = 0; r < ROWS; r++) {
        const double height = (f.top - f.bottom) / ROWS;
        const double from = f.top - (r + 1) * height;
        const bool labelled = r == 0 || r == ROWS / 2;

        draw_axis_label(out, &scale,
                        r == 0     ? f.top
                        : labelled ? (f.top + f.bottom) / 2
                                   : NAN,
                        labelled ? " \xe2\x94\xa4" : " \xe2\x94\x82");
        for (int i = 0; i < f.groups; i++) {
            draw_cell(out, &f, i, from, from + height);
        }
        ps_out_line(out);
    }
    draw_axis_label(out, &scale, f.bottom, " \xe2\x94\x94");
    ps_out_repeat(out, PS_STYLE_DIM, "\xe2\x94\x80", f.groups * f.step);
    ps_out_line(out);
    if (series->dates != NULL) {
        draw_dates(out, series, &f, MARGIN);
    }
    if (f.per_group > 1) {
        char note[80];

        snprintf(note, sizeof note, "each column: the mean of %d periods", f.per_group);
        ps_out_paragraph(out, PS_STYLE_DIM, "          ", ps_words_of_sentence(out->words, note));
    }
    return true;
}
