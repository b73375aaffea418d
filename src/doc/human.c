/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rounds numbers for people: a suffix for thousands and millions, digits by what must be told
 * apart. */
#include "doc/human.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"

enum { MAX_DECIMALS = 9, EXTRA_DIGITS = 3 };

/* What rounding leaves of nothing: sizes that no number of decimals shows, and differences far
 * below any digit that is. */
static const double nothing = 0.5e-9, same_frac = 1e-9;

static char *put(char out[PS_HUMAN_SIZE], const char *text)
{
    snprintf(out, PS_HUMAN_SIZE, "%s", text);
    return out;
}

/* "1234567" as "1,234,567"; a sign and decimals stay. */
static void group_thousands(char *text, size_t size)
{
    char plain[PS_HUMAN_SIZE];
    const size_t lead = text[0] == '-' || text[0] == '+' ? 1 : 0;
    const char *point = strchr(text, '.');
    const size_t whole = (point == NULL ? strlen(text) : (size_t)(point - text)) - lead;
    size_t used = lead;

    snprintf(plain, sizeof plain, "%s", text);
    for (size_t i = lead; plain[i] != '\0' && used + 2 < size; i++) {
        const size_t place = i - lead;

        if (place > 0 && place < whole && (whole - place) % 3 == 0) {
            text[used++] = ',';
        }
        text[used++] = plain[i];
    }
    text[used] = '\0';
}

static void choose_suffix(ps_human_scale *scale, double largest)
{
    static const struct {
        double from, factor;
        const char *suffix;
    } steps[] = {{999.5e9, 1e12, "T"}, {999.5e6, 1e9, "B"}, {999.5e3, 1e6, "M"}, {999.5, 1e3, "k"}};
    const bool counted = scale->unit == PS_DOC_COUNT;

    scale->factor = 1;
    scale->suffix = "";
    if (scale->unit == PS_DOC_FRAC) {
        scale->factor = 0.01;
        scale->suffix = "%";
        return;
    }
    if (scale->unit != PS_DOC_MONEY && !counted) {
        return;
    }
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (largest >= steps[i].from && !(counted && largest < 99999.5)) {
            scale->factor = steps[i].factor;
            scale->suffix = steps[i].suffix;
            return;
        }
    }
}

/* Decimals that leave `digits` significant digits of x once it is rounded: 2.36 has two with three
 * digits, 9.996 (10.0) has one. */
static int decimals_for(double x, int digits)
{
    return x > 0 ? digits - 1 - (int)floor(log10(x * (1 + 0.5 * pow(10, -digits))) + 1e-12) : 0;
}

ps_human_scale ps_human_scale_of(ps_doc_unit unit, double largest, double resolution, int digits)
{
    ps_human_scale scale = {.unit = unit};
    int decimals, finest;

    largest = isfinite(largest) ? fabs(largest) : 0;
    choose_suffix(&scale, largest);
    largest /= scale.factor;
    largest = largest < nothing ? 0 : largest;
    decimals = decimals_for(largest, digits);
    if (unit == PS_DOC_FRAC && largest >= 1 && decimals > 1) {
        decimals = 1; /* nobody reads 3.02 % */
    }
    resolution /= scale.factor;
    if (resolution > same_frac * largest && isfinite(resolution)) {
        const int wanted = decimals_for(resolution, 1);

        finest = decimals +
                 EXTRA_DIGITS; /* seven digits that differ in the last one are noise to a reader */
        decimals = wanted > decimals ? wanted : decimals;
        decimals = decimals > finest ? finest : decimals;
    }
    scale.decimals = decimals < 0 ? 0 : decimals > MAX_DECIMALS ? MAX_DECIMALS : decimals;
    return scale;
}

char *ps_human_write(const ps_human_scale *scale, double value, bool sign, char out[PS_HUMAN_SIZE])
{
    double shown;
    size_t length;

    if (!isfinite(value)) {
        return put(out, "n/a");
    }
    value = fabs(value / scale->factor) < nothing ? 0 : value;
    shown = value / scale->factor;
    if (scale->unit == PS_DOC_DATE) {
        char date[16];

        snprintf(out, PS_HUMAN_SIZE, "%s", ps_date_format((int)value, date));
        return out;
    }
    if (fabs(shown) >= 1e15) { /* a scale chosen for much smaller numbers */
        snprintf(out, PS_HUMAN_SIZE, "%.3g", value);
        return out;
    }
    snprintf(out, PS_HUMAN_SIZE, sign ? "%+.*f" : "%.*f", scale->decimals, shown);
    if (strspn(out, "+-0.") == strlen(out)) { /* neither "-0.00" nor "+0" */
        snprintf(out, PS_HUMAN_SIZE, "%.*f", scale->decimals, 0.0);
        if (value == 0) {
            put(out, "0");
        }
    }
    group_thousands(out, PS_HUMAN_SIZE);
    length = strlen(out);
    if (value != 0 || scale->unit == PS_DOC_FRAC) {
        snprintf(out + length, PS_HUMAN_SIZE - length, "%s", scale->suffix);
    }
    return out;
}

char *ps_human(ps_doc_unit unit, double value, int digits, char out[PS_HUMAN_SIZE])
{
    ps_human_scale scale = ps_human_scale_of(unit, value, 0, digits);

    if (unit == PS_DOC_COUNT && scale.factor == 1 &&
        (fabs(value) >= 99.5 || value == floor(value))) {
        scale.decimals = 0;
    }
    return ps_human_write(&scale, value, false, out);
}

char *ps_human_chance(double p, char out[PS_HUMAN_SIZE])
{
    if (!isfinite(p)) {
        return put(out, "n/a");
    }
    if (p > 0 && p < 0.01) {
        return put(out, "under 1%");
    }
    if (p < 1 && p > 0.99) {
        return put(out, "over 99%");
    }
    snprintf(out, PS_HUMAN_SIZE, "%.0f%%", p * 100);
    return out;
}

char *ps_human_whole(long long value, char out[PS_HUMAN_SIZE])
{
    snprintf(out, PS_HUMAN_SIZE, "%lld", value);
    group_thousands(out, PS_HUMAN_SIZE);
    return out;
}
