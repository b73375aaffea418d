/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws the part done and the time left, at most ten times a second. */
#include "app/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { BAR = 30 };

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void ps_progress_start(ps_progress *progress, bool quiet)
{
    *progress = (ps_progress){.wanted = !quiet && isatty(STDERR_FILENO), .started = now()};
}

void ps_progress_draw(void *context, double done)
{
    ps_progress *progress = context;
    const double time = now(), spent = time - progress->started;
    char bar[BAR + 1];

    if (!progress->wanted || spent < 1 || time - progress->drawn < 0.1 || !(done >= 0)) {
        return;
    }
    done = done > 1 ? 1 : done;
    for (int i = 0; i < BAR; i++) {
        bar[i] = i < (int)(done * BAR) ? '#' : '.';
    }
    bar[BAR] = '\0';
    fprintf(stderr, "\r[%s] %3.0f%%", bar, done * 100);
    if (done > 0.01) {
        fprintf(stderr, "  %.0f s left ", spent * (1 - done) / done);
    }
    fflush(stderr);
    progress->shown = true;
    progress->drawn = time;
}

void ps_progress_end(ps_progress *progress)
{
    if (progress->shown) {
        fprintf(stderr, "\r%*s\r", BAR + 30, "");
        fflush(stderr);
        progress->shown = false;
    }
}
