/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranges "a to b", percentages, and the cut of a law at the bounds of its key.
 *
 * A range is the law with a and b as its 5th and 95th percentiles, z = 1.6449:
 *   fraction:   logit x normal with mean (la + lb) / 2 and sd (lb - la) / 2z, la = logit a
 *   x >= 0:     log x normal: median sqrt(a b), sdlog = ln(b / a) / 2z
 *   x <= 0:     the same for -x
 *   otherwise:  normal with mean (a + b) / 2 and sd (b - a) / 2z */
#include <math.h>
#include <string.h>

#include "math/vmath.h"
#include "scenario/read.h"

#define Z95 1.6448536269514722

bool ps_text_is_range(const char *text)
{
    return strstr(text, " to ") != NULL;
}

bool ps_text_read_quantity(const char *text, size_t length, double *value, bool *percent)
{
    char scaled[80];
    const size_t digits = length > 0 && text[length - 1] == '%' ? length - 1 : length;

    *percent = digits < length;
    if (!*percent || digits > 60 || memchr(text, 'e', digits) != NULL ||
        memchr(text, 'E', digits) != NULL) {
        const bool fine = ps_text_read_number(text, digits, value);

        *value = *percent ? *value / 100 : *value;
        return fine;
    }
    /* "12.3%" is the double nearest to 0.123, which 12.3 / 100 need not be. */
    memcpy(scaled, text, digits);
    memcpy(scaled + digits, "e-2", 4);
    return ps_text_number_length(text, digits) == digits &&
           ps_text_read_number(scaled, digits + 3, value);
}

/* Both ends of "a to b"; false after a fault. */
static bool read_ends(ps_reader *reader, const ps_read_spot *spot, const char *text, double *a,
                      double *b)
{
    const bool fraction =
        spot->field->unit == PS_UNIT_FRAC || spot->field->unit == PS_UNIT_SIGNED_FRAC;
    const char *to = strstr(text, " to ");
    bool percent_a = false, percent_b = false;

    if (!ps_text_read_quantity(text, (size_t)(to - text), a, &percent_a) ||
        !ps_text_read_quantity(to + 4, strlen(to + 4), b, &percent_b) || percent_a != percent_b) {
        ps_read_fault(reader, spot, "TYPE",
                      fraction ? "write \"30% to 45%\"" : "write \"160 to 220\"",
                      "'%.80s' is not a range of two numbers", text);
        return false;
    }
    if (percent_a && !fraction) {
        ps_read_fault(reader, spot, "TYPE", NULL, "a percentage is not allowed here");
        return false;
    }
    if (!ps_read_in_range(reader, spot, *a) || !ps_read_in_range(reader, spot, *b)) {
        return false;
    }
    if (!(*a < *b)) {
        ps_read_fault(reader, spot, "ORDER", "the first is the 5th percentile, the second the 95th",
                      "'%.80s' does not ascend", text);
        return false;
    }
    return true;
}

static double logit(double x)
{
    return ps_log(x / (1 - x));
}

bool ps_read_range_text(ps_reader *reader, const ps_read_spot *spot, const char *text,
                        ps_dist *dist)
{
    double a = 0, b = 0, min, max;

    if (!read_ends(reader, spot, text, &a, &b)) {
        return false;
    }
    ps_field_bounds(spot->field, &min, &max);

    const bool fraction = spot->field->unit == PS_UNIT_FRAC && min >= 0 && max <= 1;
    const bool one_sign = min >= 0 || max <= 0;

    if ((one_sign && a * b == 0) || (fraction && b >= 1)) {
        ps_read_fault(reader, spot, "RANGE", "write {\"uniform\": [...]} if an end may be reached",
                      "'%.80s': a range cannot begin or end at a bound", text);
        return false;
    }
    *dist = (ps_dist){.sign = 1, .min = -HUGE_VAL, .max = HUGE_VAL};
    if (fraction) {
        dist->law = PS_LAW_LOGIT_NORMAL;
        dist->p[0] = (logit(a) + logit(b)) / 2;
        dist->p[1] = (logit(b) - logit(a)) / (2 * Z95);
    } else if (one_sign) {
        dist->law = PS_LAW_LOGNORMAL;
        dist->sign = min >= 0 ? 1 : -1;
        dist->p[0] = sqrt(a * b);
        dist->p[1] = fabs(ps_log(b / a)) / (2 * Z95);
    } else {
        dist->law = PS_LAW_NORMAL;
        dist->p[0] = (a + b) / 2;
        dist->p[1] = (b - a) / (2 * Z95);
    }
    if (!(dist->p[1] > 0)) {
        ps_read_fault(reader, spot, "DEGENERATE", "for a fixed value write the number itself",
                      "'%.80s' is too narrow a range", text);
        return false;
    }
    return true;
}

/* The least and the largest value that a law can take. */
static void support(const ps_dist *dist, double *min, double *max)
{
    *min = -HUGE_VAL;
    *max = HUGE_VAL;
    if (dist->law == PS_LAW_LOGIT_NORMAL || dist->law == PS_LAW_BETA) {
        *min = 0;
        *max = 1;
    } else if (dist->law != PS_LAW_NORMAL) {
        *min = dist->sign < 0 ? -HUGE_VAL : 0;
        *max = dist->sign < 0 ? 0 : HUGE_VAL;
    }
}

void ps_read_truncate(ps_reader *reader, const ps_read_spot *spot, ps_dist *dist)
{
    double min, max, least, largest;

    ps_field_bounds(spot->field, &min, &max);
    if (dist->law == PS_LAW_CONSTANT || dist->law >= PS_LAW_TRIANGULAR) {
        return; /* every point of these is checked where it is written */
    }
    support(dist, &least, &largest);

    const bool low = least < min && ps_dist_quantile(dist, 0x1p-60) < min;
    const bool high = largest > max && ps_dist_quantile(dist, 1 - 0x1p-53) > max;
    const double below = low ? ps_dist_cdf(dist, min) : 0,
                 above = high ? 1 - ps_dist_cdf(dist, max) : 0;

    if (below + above > 0.5) {
        ps_read_fault(reader, spot, "RANGE", NULL,
                      "%.3g%% of the distribution is outside the allowed range",
                      100 * (below + above));
        return;
    }
    if (below + above > 0.001) {
        char bound[32];

        ps_read_fault(reader, spot, below > above && min == 0 ? "WARN_NEGATIVE_MASS" : "WARN_CUT",
                      "the distribution is cut there", "%.2g%% of draws are %s %s",
                      100 * (below + above), below > above ? "below" : "above",
                      ps_text_number(below > above ? min : max, bound));
    }
    if (low || high) {
        dist->truncated = true;
        dist->min = fmax(dist->min, min);
        dist->max = fmin(dist->max, max);
    }
}
