/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bar on a terminal's standard error for work that takes more than a second. */
#ifndef PS_APP_PROGRESS_H
#define PS_APP_PROGRESS_H

#include <stdbool.h>

typedef struct {
    bool wanted, shown;
    double started, drawn; /* seconds */
} ps_progress;

void ps_progress_start(ps_progress *progress, bool quiet);

/* For ps_run_control: `context` is a ps_progress. */
void ps_progress_draw(void *context, double done);

/* Removes the bar. */
void ps_progress_end(ps_progress *progress);

#endif
