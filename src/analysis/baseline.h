/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stored projection, and whether one of now has moved away from it. docs/model/check.md */
#ifndef PS_ANALYSIS_BASELINE_H
#define PS_ANALYSIS_BASELINE_H

#include "base/text.h"
#include "engine/result.h"
#include "json/tree.h"

/* A figure under regression: a metric's mean or the chance of a goal. */
typedef struct {
    const char *id; /* "contribution", "goals.ID" */
    double mean, se, p10, p50, p90;
    double batch[PS_BATCHES];
    double
        tolerance; /* a change up to this part of the mean is immaterial; below 0: absolute, -x */
} ps_baseline_figure;

typedef struct {
    ps_arena arena;
    int stream;
    const char *version, *hash, *name;
    uint64_t seed;
    int64_t paths;
    double tolerance; /* of figures without one of their own */
    int figures;
    ps_baseline_figure *figure; /* sorted by id */
} ps_baseline;

typedef enum {
    PS_RULE_EXACT,    /* nothing differs: same stream, same draws */
    PS_RULE_PAIRED,   /* same draws: changes are told by the batch means, pair by pair */
    PS_RULE_UNPAIRED, /* other draws: changes are told against the noise of both */
} ps_regression_rule;

typedef enum {
    PS_MOVED_NOT,
    PS_MOVED_IMMATERIAL,  /* surely, but within the tolerance */
    PS_MOVED_CANNOT_TELL, /* beyond the tolerance, within the noise */
    PS_MOVED,
    PS_MOVED_NEW, /* not in the baseline */
    PS_MOVED_GONE,
} ps_moved;

typedef struct {
    const char *id;
    ps_moved moved;
    double then, now, noise, tolerance; /* noise: change that chance alone explains; all in the
                                           figure's unit */
    double detectable; /* part of `then` that this check finds in 9 of 10 runs; NAN: not known */
} ps_regression_figure;

typedef struct {
    ps_regression_rule rule;
    bool same_scenario;
    int figures;
    ps_regression_figure *figure;
    int moved; /* figures that count: PS_MOVED, PS_MOVED_GONE */
} ps_regression;

/* Batches that a quick check runs: the first of the baseline's. */
enum { PS_QUICK_BATCHES = 8 };

/* "0.5%" (of the mean) or "3" (absolute) as ps_baseline_figure.tolerance; false: neither. */
bool ps_tolerance_read(const char *text, double *tolerance);

/* From a result with keep_paths. `old` (may be NULL) lends its tolerances. */
ps_status ps_baseline_make(const ps_scenario *scenario, const ps_result *result,
                           const ps_baseline *old, ps_baseline *out);
/* From a baseline, or from the JSON of a run: then without batch means of the goals, which are left
 * out. */
ps_status ps_baseline_read(const ps_node *root, const char *file, ps_baseline *out,
                           ps_faults *faults);
void ps_baseline_write(const ps_baseline *baseline, ps_string *out);
void ps_baseline_free(ps_baseline *baseline);

/* `result` was run with keep_paths, the baseline's seed, and its paths or their first eighth. */
ps_status ps_regress(const ps_baseline *baseline, const ps_scenario *scenario,
                     const ps_result *result, ps_arena *arena, ps_regression *out);

/* Two stored ones, whatever they were stored as. */
ps_status ps_regress_stored(const ps_baseline *then, const ps_baseline *now, ps_arena *arena,
                            ps_regression *out);

#endif
