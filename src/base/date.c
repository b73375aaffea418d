/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Day numbers and calendar dates. The year is counted from March, so that the leap day is its last
 * day and the months before it have fixed lengths: (153 m + 2) / 5 days before month m. */
#include "base/date.h"

#include <stdio.h>
#include <string.h>

enum { DAYS_PER_ERA = 146097, EPOCH_FROM_YEAR_0_MARCH = 719468 };

int ps_date_join(int year, int month, int day_of_month)
{
    const int y = month <= 2 ? year - 1 : year;
    const int era = (y >= 0 ? y : y - 399) / 400;
    const int year_of_era = y - era * 400;
    const int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day_of_month - 1;
    const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * DAYS_PER_ERA + day_of_era - EPOCH_FROM_YEAR_0_MARCH;
}

void ps_date_split(int day, int *year, int *month, int *day_of_month)
{
    const int z = day + EPOCH_FROM_YEAR_0_MARCH;
    const int era = (z >= 0 ? z : z - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
    const int day_of_era = z - era * DAYS_PER_ERA;
    const int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int m = (5 * day_of_year + 2) / 153;

    *day_of_month = day_of_year - (153 * m + 2) / 5 + 1;
    *month = m < 10 ? m + 3 : m - 9;
    *year = year_of_era + era * 400 + (*month <= 2 ? 1 : 0);
}

/* The number made by `count` digits, -1 when one of them is none. */
static int digits(const char *text, int count)
{
    int value = 0;

    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return -1;
        }
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

bool ps_date_parse(const char *text, int *day)
{
    int year = 0, month = 0, day_of_month = 0;

    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-') {
        return false;
    }
    const int y = digits(text, 4), m = digits(text + 5, 2), d = digits(text + 8, 2);

    if (y < 1970 || y > 2200 || m < 1 || m > 12 || d < 1 || d > 31) {
        return false;
    }
    const int joined = ps_date_join(y, m, d);

    ps_date_split(joined, &year, &month, &day_of_month);
    if (day_of_month != d) { /* 30 February is 1 or 2 March */
        return false;
    }
    *day = joined;
    return true;
}

char *ps_date_format(int day, char out[16])
{
    int year = 0, month = 0, day_of_month = 0;

    ps_date_split(day, &year, &month, &day_of_month);
    snprintf(out, 16, "%04d-%02d-%02d", year % 10000, month % 100, day_of_month % 100);
    return out;
}
