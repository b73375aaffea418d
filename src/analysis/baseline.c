/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/baseline.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/version.h"
#include "math/quantile.h"
#include "json/write.h"

static const double default_tolerance = 0.001;
static const char goal_prefix[] = "goals.";

void ps_baseline_free(ps_baseline *baseline)
{
    ps_arena_free(&baseline->arena);
    *baseline = (ps_baseline){0};
}

bool ps_tolerance_read(const char *text, double *tolerance)
{
    const size_t length = strlen(text), digits = ps_text_number_length(text, length);
    const bool part = strcmp(text + digits, "%") == 0;

    if (digits == 0 || (!part && text[digits] != '\0') ||
        !ps_text_read_number(text, digits, tolerance) || *tolerance < 0.0) {
        return false;
    }
    *tolerance = part ? *tolerance / 100.0 : -*tolerance;
    return true;
}

/* ---- from a result ---- */

static int by_id(const void *a, const void *b)
{
    return strcmp(((const ps_baseline_figure *)a)->id, ((const ps_baseline_figure *)b)->id);
}

static double tolerance_of(const ps_baseline *old, const char *id)
{
    for (int i = 0; old != NULL && i < old->figures; i++) {
        if (strcmp(old->figure[i].id, id) == 0) {
            return old->figure[i].tolerance;
        }
    }
    return NAN;
}

static ps_baseline_figure metric_figure(const ps_result *result, int m)
{
    const ps_figure *f = &result->summary[m];
    ps_baseline_figure out = {
        ps_metric_table[m].id, f->mean, f->se, f->p10, f->p50, f->p90, {0}, NAN};

    memcpy(out.batch, result->batch_means + m * PS_BATCHES, sizeof out.batch);
    return out;
}

static ps_baseline_figure goal_figure(ps_arena *arena, const ps_result *result, int k)
{
    const ps_goal_result *goal = &result->goal[k];
    const int64_t n = result->paths;
    ps_baseline_figure out = {ps_arena_format(arena, "%s%s", goal_prefix, goal->id),
                              goal->p,
                              goal->se,
                              NAN,
                              NAN,
                              NAN,
                              {0},
                              NAN};

    for (int b = 0; b < PS_BATCHES; b++) {
        const int64_t low = n * b / PS_BATCHES, high = n * (b + 1) / PS_BATCHES;
        double reached = 0;

        for (int64_t i = low; i < high; i++) {
            reached += result->path_goal[k][i] >= goal->target;
        }
        out.batch[b] = high > low ? reached / (double)(high - low) : NAN;
    }
    return out;
}

ps_status ps_baseline_make(const ps_scenario *scenario, const ps_result *result,
                           const ps_baseline *old, ps_baseline *out)
{
    *out = (ps_baseline){.stream = PS_STREAM_VERSION,
                         .version = PS_VERSION,
                         .hash = scenario->hash,
                         .name = scenario->name,
                         .seed = result->seed,
                         .paths = result->paths,
                         .tolerance = old != NULL ? old->tolerance : default_tolerance};
    out->figure =
        ps_arena_alloc(&out->arena, (size_t)(PS_METRICS + result->goals), sizeof *out->figure);
    for (int m = 0; out->figure != NULL && m < PS_METRICS; m++) {
        if (result->has[m] && ps_metric_table[m].label != NULL &&
            isfinite(result->summary[m].mean)) {
            out->figure[out->figures++] = metric_figure(result, m);
        }
    }
    for (int k = 0; out->figure != NULL && k < result->goals; k++) {
        out->figure[out->figures] = goal_figure(&out->arena, result, k);
        if (out->figure[out->figures++].id == NULL) {
            return PS_ERR_LIMIT;
        }
    }
    if (out->figure == NULL) {
        return PS_ERR_LIMIT;
    }
    qsort(out->figure, (size_t)out->figures, sizeof *out->figure, by_id);
    for (int i = 0; i < out->figures; i++) {
        out->figure[i].tolerance = tolerance_of(old, out->figure[i].id);
    }
    return PS_OK;
}

/* ---- file ---- */

static void write_tolerance(ps_writer *w, double tolerance)
{
    char number[32], text[40];

    if (signbit(tolerance)) {
        ps_write_number(w, -tolerance);
        return;
    }
    snprintf(text, sizeof text, "%s%%", ps_text_number(tolerance * 100.0, number));
    ps_write_text(w, text);
}

static void write_figure(ps_writer *w, const ps_baseline_figure *f)
{
    const struct {
        const char *key;
        double value;
    } parts[] = {
        {"mean", f->mean}, {"se", f->se}, {"p10", f->p10}, {"p50", f->p50}, {"p90", f->p90}};

    ps_write_key(w, f->id);
    ps_write_on_one_line(w);
    ps_write_object(w);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!isnan(parts[i].value)) {
            ps_write_key(w, parts[i].key);
            ps_write_number(w, parts[i].value);
        }
    }
    ps_write_object_end(w);
}

static void write_head(ps_writer *w, const ps_baseline *b)
{
    char seed[32];

    snprintf(seed, sizeof seed, "%" PRIu64, b->seed);
    ps_write_key(w, "format");
    ps_write_text(w, "pricesim-baseline/1");
    ps_write_key(w, "version");
    ps_write_text(w, b->version);
    ps_write_key(w, "stream");
    ps_write_whole(w, b->stream);
    ps_write_key(w, "scenario");
    ps_write_on_one_line(w);
    ps_write_object(w);
    ps_write_key(w, "name");
    ps_write_text(w, b->name);
    ps_write_key(w, "hash");
    ps_write_text(w, b->hash);
    ps_write_object_end(w);
    ps_write_key(w, "run");
    ps_write_on_one_line(w);
    ps_write_object(w);
    ps_write_key(w, "seed");
    ps_write_text(w, seed);
    ps_write_key(w, "paths");
    ps_write_whole(w, b->paths);
    ps_write_object_end(w);
    ps_write_key(w, "tolerance");
    ps_write_object(w);
    ps_write_key(w, "default");
    write_tolerance(w, b->tolerance);
    for (int i = 0; i < b->figures; i++) {
        if (!isnan(b->figure[i].tolerance)) {
            ps_write_key(w, b->figure[i].id);
            write_tolerance(w, b->figure[i].tolerance);
        }
    }
    ps_write_object_end(w);
}

void ps_baseline_write(const ps_baseline *b, ps_string *out)
{
    ps_writer w = {.out = out, .pretty = true};

    ps_write_object(&w);
    write_head(&w, b);
    ps_write_key(&w, "figures");
    ps_write_object(&w);
    for (int i = 0; i < b->figures; i++) {
        write_figure(&w, &b->figure[i]);
    }
    ps_write_object_end(&w);
    ps_write_key(&w, "batch_means");
    ps_write_object(&w);
    for (int i = 0; i < b->figures; i++) {
        ps_write_key(&w, b->figure[i].id);
        ps_write_on_one_line(&w);
        ps_write_array(&w);
        for (int k = 0; k < PS_BATCHES; k++) {
            ps_write_number(&w, b->figure[i].batch[k]);
        }
        ps_write_array_end(&w);
    }
    ps_write_object_end(&w);
    ps_write_object_end(&w);
    ps_string_append(out, "\n", 1);
}

static double number_at(const ps_node *object, const char *key)
{
    const ps_node *node = object == NULL ? NULL : ps_node_find(object, key);

    return node == NULL ? NAN : ps_node_number(node);
}

static const char *text_at(const ps_node *root, const char *pointer, ps_arena *arena)
{
    const ps_node *node = ps_node_at(root, pointer);
    const char *text = node == NULL ? NULL : ps_node_text(node);

    return text == NULL ? "" : ps_arena_text(arena, text, strlen(text));
}

static bool read_tolerance(const ps_node *node, double *out)
{
    if (node == NULL) {
        return true;
    }
    if (ps_node_kind(node) == PS_NODE_NUMBER) {
        *out = -ps_node_number(node);
        return ps_node_number(node) >= 0.0;
    }
    return ps_node_text(node) != NULL && ps_tolerance_read(ps_node_text(node), out);
}

/* PS_ERR_INPUT: the figure's batch means are not there, or its tolerance is wrong. */
static ps_status read_one(const ps_node *root, const ps_node *node, ps_baseline *out)
{
    const char *id = ps_node_key(node);
    const ps_node *means = ps_node_find(root, "batch_means"),
                  *tolerance = ps_node_find(root, "tolerance");
    const ps_node *list = means == NULL ? NULL : ps_node_find(means, id);
    ps_baseline_figure *f = &out->figure[out->figures++];

    *f = (ps_baseline_figure){ps_arena_text(&out->arena, id, strlen(id)),
                              number_at(node, "mean"),
                              number_at(node, "se"),
                              number_at(node, "p10"),
                              number_at(node, "p50"),
                              number_at(node, "p90"),
                              {0},
                              NAN};
    if (f->id == NULL) {
        return PS_ERR_LIMIT;
    }
    if (list == NULL || ps_node_count(list) != PS_BATCHES || isnan(f->mean) ||
        !read_tolerance(tolerance == NULL ? NULL : ps_node_find(tolerance, id), &f->tolerance)) {
        return PS_ERR_INPUT;
    }
    int k = 0;

    for (const ps_node *n = ps_node_first(list); n != NULL; n = ps_node_next(n)) {
        f->batch[k++] = ps_node_number(n);
    }
    return PS_OK;
}

ps_status ps_baseline_read(const ps_node *root, const char *file, ps_baseline *out,
                           ps_faults *faults)
{
    const ps_node *format = ps_node_find(root, "format");
    const char *kind = format == NULL ? NULL : ps_node_text(format);
    const bool is_result = kind != NULL && strcmp(kind, "pricesim-result/1") == 0;
    const ps_node *figures = ps_node_find(root, is_result ? "summary" : "figures");
    const ps_node *tolerance = ps_node_at(root, "/tolerance/default");

    *out = (ps_baseline){.tolerance = default_tolerance};
    if (kind == NULL || (!is_result && strcmp(kind, "pricesim-baseline/1") != 0) ||
        figures == NULL || ps_node_kind(figures) != PS_NODE_OBJECT) {
        return ps_fault_add(faults, "BASELINE", "", file, 0, 0, "accept writes one",
                            "neither a baseline nor the JSON of a run");
    }
    out->stream = (int)number_at(root, "stream");
    out->version = text_at(root, "/version", &out->arena);
    out->hash = text_at(root, "/scenario/hash", &out->arena);
    out->name = text_at(root, "/scenario/name", &out->arena);
    const char *seed = text_at(root, "/run/seed", &out->arena);
    const ps_node *paths = ps_node_at(root, "/run/paths");

    out->paths = paths == NULL ? 0 : (int64_t)ps_node_number(paths);
    out->figure =
        ps_arena_alloc(&out->arena, (size_t)ps_node_count(figures) + 1, sizeof *out->figure);
    ps_status status =
        out->paths > 0 && read_tolerance(tolerance, &out->tolerance) ? PS_OK : PS_ERR_INPUT;

    if (out->figure == NULL || out->version == NULL || out->hash == NULL || out->name == NULL ||
        seed == NULL) {
        return ps_faults_no_memory(faults);
    }
    out->seed = strtoull(seed, NULL, 10);
    for (const ps_node *n = ps_node_first(figures); n != NULL && status == PS_OK;
         n = ps_node_next(n)) {
        const bool unknown = is_result && isnan(number_at(n, "mean"));

        status = unknown                             ? PS_OK
                 : ps_node_kind(n) == PS_NODE_OBJECT ? read_one(root, n, out)
                                                     : PS_ERR_INPUT;
    }
    if (status == PS_ERR_LIMIT) {
        return ps_faults_no_memory(faults);
    }
    if (status != PS_OK) {
        return ps_fault_add(faults, "BASELINE", "", file, 0, 0, "write it anew with accept",
                            "the baseline is damaged: figures, batch_means or tolerance");
    }
    qsort(out->figure, (size_t)out->figures, sizeof *out->figure, by_id);
    return PS_OK;
}
