/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outcome of checks over scenarios: expectations and regression against baselines. */
#ifndef PS_ANALYSIS_CHECK_H
#define PS_ANALYSIS_CHECK_H

#include "analysis/baseline.h"
#include "analysis/expect.h"
#include "doc/doc.h"

typedef enum {
    PS_CHECK_PASS,
    PS_CHECK_FAIL,
    PS_CHECK_WARN,        /* broken, but only to be said */
    PS_CHECK_CANNOT_TELL, /* too few futures to decide */
    PS_CHECK_ERROR,       /* the scenario or its baseline cannot be used */
    PS_CHECK_VERDICTS
} ps_check_verdict;

typedef struct ps_check_case {
    const char *scenario; /* the file, as named */
    const char *name;     /* the rule; "baseline" */
    ps_check_verdict verdict;
    const char *message; /* "" when there is nothing to say */
    const char *file;    /* where to look */
    int line;
    struct ps_check_case *next;
} ps_check_case;

typedef struct ps_check_move {
    const char *scenario;
    ps_regression_figure figure;
    struct ps_check_move *next;
} ps_check_move;

/* Zeroed is empty. */
typedef struct {
    ps_arena arena;
    int scenarios, cases;
    int count[PS_CHECK_VERDICTS];
    ps_check_case *first, *last;
    ps_check_move *first_move, *last_move;
    bool failed; /* memory ran out */
    bool quick;
} ps_checks;

void ps_checks_free(ps_checks *checks);

/* The texts are copied. */
void ps_checks_add(ps_checks *checks, ps_check_case item);

/* Decides every expectation of the scenario; sides as in expect.h. */
ps_status ps_checks_expect(ps_checks *checks, const char *file, const ps_scenario *scenario,
                           const ps_expect_side *sides, int count, ps_faults *faults);

/* Compares with a baseline; `baseline_file` is where to look. */
ps_status ps_checks_regress(ps_checks *checks, const char *file, const char *baseline_file,
                            const ps_baseline *baseline, const ps_scenario *scenario,
                            const ps_result *result);

/* PS_OK, or PS_ERR_CHECK when one failed (with `strict` also a warning, or what cannot be told). */
ps_status ps_checks_status(const ps_checks *checks, bool strict);

ps_status ps_checks_project(const ps_checks *checks, ps_doc *doc);

/* Two stored results: every figure, and which differences are more than noise. */
ps_status ps_diff_project(const ps_baseline *then, const ps_baseline *now, const char *names[2],
                          ps_doc *doc);

/* Two figures' lists side by side: what `accept` and `diff` show. `title` is not copied. */
void ps_baselines_project(const ps_baseline *then, const ps_baseline *now, const char *path,
                          const char *title, ps_doc *doc);

#endif
