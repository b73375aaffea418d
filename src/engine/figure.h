/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures of values by path: mean, spread, percentiles, Monte Carlo error. */
#ifndef PS_ENGINE_FIGURE_H
#define PS_ENGINE_FIGURE_H

#include "engine/result.h"

/* Levels of a figure's percentiles, ascending. */
enum { PS_FIGURE_LEVELS = 7 };
extern const double ps_figure_levels[PS_FIGURE_LEVELS];
void ps_figure_set_quantiles(ps_figure *figure, const double q[PS_FIGURE_LEVELS]);

/* A metric by path: a, or the ratio a / b. Paths with b = 0 have no ratio and are left out of
 * spread and percentiles. */
typedef struct {
    const double *a, *b;
} ps_values;

/* All NAN. `ignorance` is NAN in every figure made here. */
ps_figure ps_figure_none(void);

/* n >= 1 values; `scratch` has room for n and may not be x. */
ps_figure ps_figure_of(const double *x, int64_t n, double *scratch);

/* Mean of a over mean of b; none when that is zero. */
ps_figure ps_figure_of_ratio(const double *a, const double *b, int64_t n, double *scratch);

/* Simulation error of the mean of a (over that of b, or b NULL) of paths that are dealt in turn to
 * PS_SOBOL_SEQUENCES sequences, from the means of these. */
double ps_figure_sequence_error(const double *a, const double *b, int64_t n);

/* x less y, path by path, both plain or both ratios; `scratch` has room for 2 n. The error is that
 * of the paired mean: what the two have in common has gone. */
ps_figure ps_figure_of_difference(ps_values x, ps_values y, int64_t n, double *scratch);

#endif
