/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inputs and what is derived from them, for people and programs. */
#include "analysis/explain.h"

#include <string.h>

#include "analysis/inputs.h"

static void add_head(const ps_scenario *scenario, ps_doc *doc)
{
    ps_doc_block *origin = ps_doc_add_table(doc, PS_DOC_FOR_DATA, "scenario", NULL, PS_DOC_RECORD);

    doc->title = scenario->plan == NULL
                     ? scenario->name
                     : ps_doc_text(doc, "%s (plan %s)", scenario->name, scenario->plan);
    doc->currency = scenario->currency;
    ps_doc_put(doc, origin, "name", NULL, ps_cell_of_text(scenario->name));
    ps_doc_put(doc, origin, "hash", NULL, ps_cell_of_text(scenario->hash));
}

ps_status ps_explain_inputs(const ps_scenario *scenario, const char *pointer, ps_doc *doc)
{
    int rows;

    add_head(scenario, doc);
    rows = ps_doc_add_inputs(doc, scenario, PS_DOC_FOR_ALL, pointer, true);
    if (doc->last != NULL) {
        doc->last->note = "Uncertain: drawn once in each future. Spread: how customers differ. "
                          "Exact: a number that "
                          "is known. Bare number: a range belongs here. Default: not in the file.";
    }
    return doc->failed ? PS_ERR_LIMIT : rows == 0 ? PS_ERR_CHECK : PS_OK;
}

static const ps_doc_column derived_columns[] = {
    {.key = "value", .title = "value", .unit = PS_DOC_NUMBER},
    {.key = "unit", .title = "unit", .drop = 2},
    {.key = "doc", .title = "meaning", .drop = 8},
};

static ps_doc_unit unit_named(const char *name)
{
    return strcmp(name, "money") == 0   ? PS_DOC_MONEY
           : strcmp(name, "frac") == 0  ? PS_DOC_FRAC
           : strcmp(name, "count") == 0 ? PS_DOC_COUNT
           : strcmp(name, "days") == 0  ? PS_DOC_DAYS
                                        : PS_DOC_NUMBER;
}

ps_status ps_explain_derived(const ps_scenario *scenario, const ps_derivation *derived,
                             const char *part, ps_doc *doc)
{
    ps_doc_block *block;

    add_head(scenario, doc);
    block = ps_doc_add_table(doc, PS_DOC_FOR_ALL, "derived", "Derived at the centre of the inputs",
                             PS_DOC_KEYED);
    ps_doc_set_columns(block, derived_columns, 3);
    for (int i = 0; i < derived->count; i++) {
        const ps_derived *item = &derived->items[i];
        ps_doc_row *row;

        if (strstr(item->key, part) == NULL) {
            continue;
        }
        row = ps_doc_add_row(doc, block, item->key, NULL);
        row->cells[0] = ps_cell_of_number(unit_named(item->unit), item->value);
        row->cells[1] = ps_cell_of_text(item->unit);
        row->cells[2] = ps_cell_of_text(item->doc);
    }
    return doc->failed ? PS_ERR_LIMIT : block->table.rows == 0 ? PS_ERR_CHECK : PS_OK;
}
