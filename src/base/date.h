/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proleptic Gregorian dates as day numbers (0 = 1970-01-01). */
#ifndef PS_BASE_DATE_H
#define PS_BASE_DATE_H

#include <stdbool.h>

/* "2026-01-05" into a day number; false when the text is not a valid ISO date of 1970..2200. */
bool ps_date_parse(const char *text, int *day);

/* Writes "YYYY-MM-DD" and a NUL; returns `out`. */
char *ps_date_format(int day, char out[16]);

void ps_date_split(int day, int *year, int *month, int *day_of_month);
int ps_date_join(int year, int month, int day_of_month);

#endif
