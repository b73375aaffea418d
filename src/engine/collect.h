/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where batches leave their results: arrays over paths, sums by item of work (added in item order
 * afterwards, so that the number of threads does not matter), integer sketches by worker
 * (order-free). */
#ifndef PS_ENGINE_COLLECT_H
#define PS_ENGINE_COLLECT_H

#include "base/text.h"
#include "engine/hot.h"
#include "math/quantile.h"

enum {
    PS_MAX_ITEMS = 512,
    PS_TWIN_EVERY = 16,
    PS_VALUED_PATHS = 1 << 20, /* values by path are kept of the first so many, a multiple of
                                  PS_LANES * PS_TWIN_EVERY: percentiles beyond have a rank error of
                                  0.05 % at the median */
    PS_DRIVER_PATHS = 4096,
    PS_SKETCHED_GROUPS = 64,
    PS_SKETCHED_PATHS = 16384 /* series and groups take their quantiles from the first so many: rank
                                 error 0.4 % at the median */
};

_Static_assert(PS_SKETCHED_PATHS <= UINT16_MAX, "a bucket of a sketch counts so far");

/* Figures kept for each group of a breakdown. */
enum { PS_SCALARS = 4 };
enum { PS_GROUP_METRICS = 31 };
extern const int ps_group_metric[PS_GROUP_METRICS];

/* Sums kept of each of them: of the metric by path (ratios: of paths with a denominator), of its
 * square, of the paths; of ratios both parts. */
enum {
    PS_MOMENT_SUM,
    PS_MOMENT_SQUARE,
    PS_MOMENT_COUNT,
    PS_MOMENT_NUMERATOR,
    PS_MOMENT_DENOMINATOR,
    PS_MOMENTS
};

/* A sum over the paths of an item while it grows: lanes l, l + 8, ... in part l. */
typedef double ps_sum_parts[8];

/* Which sums are kept: first row of each kind. */
typedef struct {
    int series;                 /* [T][series] */
    int stage;                  /* [G][PS_STAGE_SUMS] */
    int team;                   /* [teams][PS_TEAM_SUMS] */
    int step;                   /* [steps] */
    int line;                   /* [S * I][PS_LINE_METRICS] */
    int touch;                  /* [M + 1][PS_TOUCH] */
    int scalar;                 /* [PS_SCALARS] opening revenue, searches for prices */
    int own_price, rival_price; /* [T][I], [T][C] */
    int shown;                  /* [T][I] own prices as buyers see them: see ps_plan_shows */
    int lost;                   /* [C][T] where decisions are counted */
    int won;                    /* [2][T] of these: ours, all */
    int group;                  /* see ps_group_place */
    int moment; /* of runs with more paths than values are kept of: see collect_moments.c */
} ps_sum_rows;

/* A figure of a group: its first sum (PS_MOMENTS of ratios, PS_MOMENT_NUMERATOR of others) and its
 * sketch; -1: none. Again: they are an earlier figure's. */
typedef struct {
    int sum, sketch;
    bool again;
} ps_group_place;

typedef struct {
    const char *dimension, *id, *label;
    bool *line_in;    /* [S * I] lines of the group; NULL: a rival */
    bool *segment_in; /* [S] */
    int rival, item;  /* of a rival, of any offer; -1 */
} ps_group_plan;

enum { PS_STAGE_SUMS = 8 }; /* kept of each stage */

/* The numbers first .. end - 1. */
typedef struct {
    int64_t first, end;
} ps_span;

/* Part `part` (1 .. of) of the numbers 0 .. n - 1: contiguous parts of nearly equal size. */
ps_span ps_span_part(int64_t n, int part, int of);

/* What is held is the whole run, or a shard of it: a range of items, with the paths, twins and so
 * on that belong to it. All numbers count from the start of the run; arrays have a row per thing
 * and a column per number held: see ps_held. */
typedef struct ps_collection {
    const ps_plan *plan;
    int64_t paths;
    int64_t valued; /* of which values are kept, attributed ones among them */
    int items;
    int64_t batches, per_item; /* batches of PS_LANES paths */
    int64_t attributed;
    struct {
        ps_span item, path, twin, driver, row;
    } held;
    int groups, sketches; /* sketches: of all groups */
    ps_group_plan *group;
    ps_group_place *place; /* [groups][PS_GROUP_METRICS] */
    int kept[PS_METRICS];  /* row of `total`, -1: none */
    int totals;
    double *total; /* [totals][valued] */
    double *twin;  /* [totals][twins], twin of path (k / PS_LANES * PS_TWIN_EVERY * PS_LANES +
                      k % PS_LANES) */
    int64_t twins;
    double *goal;      /* [goals][valued] */
    double *goal_twin; /* [goals][twins] */
    double *uniform;   /* [uniforms][driver_paths] */
    int64_t driver_paths;
    double *row; /* [rows][attributed]: the calendar's rows, then values, net, inside, naive, fixed,
                    funding, discount, contribution inside */
    int rows;
    /* by item */
    int sums;
    ps_sum_rows at;
    double *sum;   /* [items][sums] */
    double *worst; /* [items][4] */
    bool *done;    /* [items] */
    /* by worker */
    int workers;
    ps_sum_parts **part;       /* [workers][sums] of the item at hand */
    ps_sketch **series_sketch; /* [workers][T * series] */
    ps_sketch **group_sketch;  /* [workers][sketches] */
} ps_collection;

/* Where number `number` of row `row` is. */
static inline double *ps_held(double *array, int64_t row, ps_span held, int64_t number)
{
    return array + row * (held.end - held.first) + (number - held.first);
}

/* Batches of an item of a run of so many paths. */
int64_t ps_collect_per_item(int64_t paths);

/* Room for part `part` of `of` of a run; plan, paths, valued and attributed are set. */
bool ps_collect_make(ps_collection *c, ps_arena *arena, int part, int of, int workers);

/* Sets what is held: these items and what belongs to them. */
void ps_collect_hold(ps_collection *c, ps_span item);

/* Ends an item: its sums from their parts. */
void ps_collect_item(ps_collection *c, int worker, long item);

/* Adds the sketches of all workers to those of the first. */
void ps_collect_join(ps_collection *c);

/* shard.c: appends what is held as bytes; false when memory runs out. And back into a collection of
 * the whole run, where nothing of it may be yet. */
typedef enum { PS_SHARD_FITS, PS_SHARD_WRONG, PS_SHARD_TWICE } ps_shard_fit;
bool ps_shard_write(ps_collection *c, ps_string *out);
ps_shard_fit ps_shard_read(ps_collection *whole, const char *bytes, size_t length);

/* Figures, series, groups ... of the first `paths` paths. */
bool ps_collect_finish(ps_collection *c, int64_t paths, ps_result *result);

/* Points the result to the values by path, which must live as long: see ps_run_control. */
bool ps_collect_paths(const ps_collection *c, ps_result *result);

/* collect_summary.c: the figures of all metrics, of so many paths and items. False: out of memory.
 */
bool ps_collect_summary(const ps_collection *c, int64_t paths, int items, ps_result *r);

/* collect_moments.c: adds a batch; figures of the items' sums. In the figure the percentiles stay.
 */
enum { PS_GOAL_SUM, PS_GOAL_REACHED, PS_GOAL_ABOVE, PS_GOAL_MISSED, PS_GOAL_MOMENTS };
int ps_collect_moment_rows(const ps_plan *plan);
void ps_collect_moments(ps_collection *c, const ps_work *work, const ps_job *job);
void ps_collect_goal_moments(ps_collection *c, int goal, const double *x, const ps_job *job);
void ps_collect_moment_figure(const ps_collection *c, int metric, int items, int64_t paths,
                              ps_figure *figure);
double ps_collect_moment_mean(const ps_collection *c, int metric, int items, int64_t paths);
void ps_collect_moment_batches(const ps_collection *c, int metric, int items, double *to);
void ps_collect_goal_tally(const ps_collection *c, int goal, int items,
                           double tally[PS_GOAL_MOMENTS]);

/* collect_goals.c: keeps a batch's values of the goals; the goals' results. */
void ps_collect_goal_values(ps_collection *c, const ps_work *work, const ps_job *job);
bool ps_collect_goals(const ps_collection *c, int64_t paths, int items, double *scratch,
                      ps_result *result);

/* P10 and P90 of the chance over what the inputs may be: a Beta law with mean p and the variance
 * `between` of the chances given the inputs. */
void ps_chance_range(double p, double between, double range[2]);

/* collect_earnings.c */
bool ps_collect_earnings(const ps_collection *c, int items, ps_result *result);

/* One summary row from values by path. */
ps_earning_row ps_collect_row(const double *x, int64_t n, double *scratch);

#endif
