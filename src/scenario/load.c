/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scenario keeps nothing of the JSON tree but plans and moves: texts are copied into its arena.
 */
#include "scenario/load.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/rules.h"
#include "json/patch.h"

enum { FORMAT_VERSION = 1 };

void ps_scenario_free(ps_scenario *scenario)
{
    ps_node_free((ps_node *)(uintptr_t)scenario->plans);
    ps_node_free((ps_node *)(uintptr_t)scenario->moves);
    ps_arena_free(&scenario->arena);
    memset(scenario, 0, sizeof *scenario);
}

const void *ps_kind_parameter(const ps_kind_value *value, const char *key)
{
    if (value->kind == NULL) {
        return NULL;
    }
    for (const ps_field *f = value->kind->shape.fields; f->type != PS_FIELD_END; f++) {
        if (f->key != NULL && strcmp(f->key, key) == 0) {
            return (const char *)value->params + f->offset;
        }
    }
    return NULL;
}

/* Files of a later format would only give a hail of unknown keys. */
static ps_status check_version(const ps_assembly *assembly, ps_faults *faults)
{
    const ps_node *version = ps_node_find(assembly->root, "pricesim");
    const ps_origin origin = ps_tree_origin(&assembly->tree, version);

    if (version == NULL || !(ps_node_number(version) > FORMAT_VERSION)) {
        return PS_OK;
    }
    return ps_fault_add(faults, "VERSION", "/pricesim", origin.file, origin.line, origin.column,
                        NULL, "made for a newer pricesim; this one reads \"pricesim\": %d",
                        FORMAT_VERSION);
}

static bool hash_tree(const ps_node *root, char out[17])
{
    ps_string text = {0};

    ps_node_canonical(root, &text);
    if (!text.failed) {
        snprintf(out, 17, "%016" PRIx64, ps_text_hash(text.data, text.length, 0));
    }

    const bool fine = !text.failed;

    ps_string_free(&text);
    return fine;
}

typedef struct {
    const ps_rival_offer *offer;
    const ps_competitor *owner;
} owned_offer;

static int by_id(const void *a, const void *b)
{
    return strcmp(((const owned_offer *)a)->offer->entry.id,
                  ((const owned_offer *)b)->offer->entry.id);
}

/* Rival offers over all competitors, in the order of their references. */
static bool list_rivals(ps_scenario *scenario)
{
    const ps_competitor *competitors = scenario->competitors.items;
    int count = 0;

    for (int c = 0; c < scenario->competitors.count; c++) {
        count += competitors[c].offers.count;
    }
    owned_offer *all = ps_arena_alloc(&scenario->arena, (size_t)count + 1, sizeof *all);

    scenario->rival = ps_arena_alloc(&scenario->arena, (size_t)count + 1, sizeof *scenario->rival);
    scenario->rival_owner =
        ps_arena_alloc(&scenario->arena, (size_t)count + 1, sizeof *scenario->rival_owner);
    if (all == NULL || scenario->rival == NULL || scenario->rival_owner == NULL) {
        return false;
    }
    for (int c = 0; c < scenario->competitors.count; c++) {
        const ps_rival_offer *offers = competitors[c].offers.items;

        for (int o = 0; o < competitors[c].offers.count; o++) {
            all[scenario->rivals++] = (owned_offer){&offers[o], &competitors[c]};
        }
    }
    qsort(all, (size_t)count, sizeof *all, by_id);
    for (int i = 0; i < count; i++) {
        scenario->rival[i] = all[i].offer;
        scenario->rival_owner[i] = all[i].owner;
    }
    return true;
}

/* Names of files outlive the tree. */
static bool keep_inputs(ps_scenario *scenario, const ps_reader *reader)
{
    const char *from = NULL, *to = NULL;

    for (int i = 0; i < reader->input_count; i++) {
        const char *file = reader->inputs[i].origin.file;

        if (file != NULL && file != from) {
            from = file;
            to = ps_arena_text(&scenario->arena, file, strlen(file));
            if (to == NULL) {
                return false;
            }
        }
        reader->inputs[i].origin.file = file == NULL ? NULL : to;
    }
    scenario->inputs = reader->inputs;
    scenario->input_count = reader->input_count;
    scenario->slots = reader->slots;
    scenario->cells = reader->names->cells;
    return true;
}

/* Where the expectations stand; they do not belong to what is hashed. */
static bool place_expectations(ps_scenario *scenario, ps_assembly *assembly)
{
    ps_node *list = ps_node_take(assembly->root, "expect");
    ps_expectation *items = scenario->expect.items;
    const ps_node *node = list == NULL ? NULL : ps_node_first(list);
    bool fine = true;

    for (int i = 0; i < scenario->expect.count && node != NULL && fine; i++) {
        const ps_origin origin = ps_tree_origin(&assembly->tree, node);

        items[i].line = origin.line;
        items[i].column = origin.column;
        if (origin.file != NULL) {
            items[i].file = ps_arena_text(&scenario->arena, origin.file, strlen(origin.file));
            fine = items[i].file != NULL;
        }
        node = ps_node_next(node);
    }
    ps_node_free(list);
    return fine;
}

static bool keep_source(ps_scenario *scenario, const ps_node *root)
{
    ps_string text = {0};

    ps_node_write(root, &text);
    scenario->source = text.failed ? NULL : ps_arena_text(&scenario->arena, text.data, text.length);
    ps_string_free(&text);
    return scenario->source != NULL;
}

static ps_status read_tree(ps_scenario *scenario, ps_assembly *assembly, ps_faults *faults)
{
    ps_names names;
    const size_t errors = faults->errors;
    ps_status status =
        ps_names_collect(&names, &assembly->arena, &assembly->tree, assembly->root, faults);
    ps_reader reader = {.arena = &scenario->arena,
                        .tree = &assembly->tree,
                        .names = &names,
                        .files = &assembly->files,
                        .faults = faults};

    if (status == PS_OK) {
        status = ps_read(&reader, assembly->root, &ps_scenario_shape, scenario);
    }
    if (status == PS_OK && faults->errors > errors) {
        status = PS_ERR_INPUT;
    }
    if (status == PS_OK) {
        status = list_rivals(scenario) && keep_inputs(scenario, &reader) &&
                         keep_source(scenario, assembly->root) &&
                         place_expectations(scenario, assembly) &&
                         hash_tree(assembly->root, scenario->hash)
                     ? PS_OK
                     : PS_ERR_LIMIT;
    }
    return status;
}

/* A bundle's number is the sum of its offers': the lanes are added up when those are drawn. */
static void add_up(ps_scenario *scenario, const ps_bundle *bundle, size_t offset, ps_number *sum)
{
    const ps_offer *offers = scenario->offers.items;

    if (sum->given) {
        return; /* refused by the rules */
    }
    *sum = (ps_number){
        .given = true,
        .exact = true,
        .defaulted = true,
        .dist = {.law = PS_LAW_CONSTANT, .sign = 1.0, .min = -HUGE_VAL, .max = HUGE_VAL},
        .slot = scenario->slots++};
    for (int k = 0; k < bundle->of.count; k++) {
        const char *part = (const char *)&offers[bundle->of.items[k].index];

        sum->dist.p[0] += ps_rule_centre((const ps_number *)(const void *)(part + offset), 0.0);
    }
}

static void add_up_bundles(ps_scenario *scenario)
{
    ps_offer *offers = scenario->offers.items;

    for (int i = 0; i < scenario->offers.count; i++) {
        if (offers[i].bundle) {
            add_up(scenario, offers[i].bundle, offsetof(ps_offer, list_price),
                   &offers[i].list_price);
            add_up(scenario, offers[i].bundle, offsetof(ps_offer, unit_cost), &offers[i].unit_cost);
        }
    }
}

static ps_status build(const ps_load_options *options, ps_scenario *scenario, ps_assembly *assembly,
                       ps_faults *faults)
{
    ps_status status = ps_assemble(options, assembly, faults);

    if (status == PS_OK) {
        status = check_version(assembly, faults);
    }
    if (status == PS_OK) {
        status = read_tree(scenario, assembly, faults);
    }
    if (status == PS_OK) {
        const size_t errors = faults->errors;

        add_up_bundles(scenario);

        ps_rules_check(&(ps_rules){scenario, assembly, faults});
        status = faults->errors > errors ? PS_ERR_INPUT : PS_OK;
    }
    if (status == PS_OK && options->plan != NULL) {
        scenario->plan = ps_arena_text(&scenario->arena, options->plan, strlen(options->plan));
        status = scenario->plan == NULL ? PS_ERR_LIMIT : PS_OK;
    }
    scenario->plans = status == PS_OK ? ps_node_take(assembly->root, "plans") : NULL;
    scenario->moves = status == PS_OK ? ps_node_take(assembly->root, "moves") : NULL;
    return status;
}

ps_status ps_scenario_load(const ps_load_options *options, ps_scenario *out, ps_faults *faults)
{
    ps_assembly assembly = {0};

    memset(out, 0, sizeof *out);

    ps_status status = build(options, out, &assembly, faults);

    if (status == PS_ERR_LIMIT || faults->no_memory) {
        status = ps_faults_no_memory(faults);
    }

    ps_assembly_free(&assembly);
    if (status != PS_OK) {
        ps_scenario_free(out);
    }
    ps_faults_sort(faults);
    return status;
}
