/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What holds the others up, a stage's capacity or a team: where one deal more that is taken up
 * signs most. docs/model/funnel.md */
#include <math.h>
#include <string.h>

#include "analysis/project.h"
#include "doc/human.h"

typedef struct {
    const char *kind, *id, *label; /* kind: "stage" or "sales_model"; id NULL: none yet */
    double utilisation, worth;
} limit;

double ps_project_derived(const ps_projection *projection, const char *key)
{
    const ps_derivation *derived = projection->derived;

    for (int i = 0; derived != NULL && i < derived->count; i++) {
        if (strcmp(derived->items[i].key, key) == 0) {
            return derived->items[i].value;
        }
    }
    return NAN;
}

static void say(ps_doc *doc, const limit *found)
{
    ps_doc_block *block =
        ps_doc_add_sentences(doc, PS_DOC_FOR_PEOPLE, "bottleneck_text", "Bottleneck");
    const bool team = strcmp(found->kind, "sales_model") == 0;
    char load[PS_HUMAN_SIZE], more[PS_HUMAN_SIZE];

    ps_human(PS_DOC_FRAC, found->utilisation, 3, load);
    if (found->worth > 0) {
        ps_doc_say(doc, block,
                   ps_doc_text(doc,
                               "%s: in a steady state %s of what %s can take up comes to %s; each "
                               "deal more that it takes up signs %s more.",
                               found->label, load, team ? "the team" : "it", team ? "them" : "it",
                               ps_human(PS_DOC_RATIO, found->worth, 2, more)));
        return;
    }
    ps_doc_say(doc, block,
               ps_doc_text(doc,
                           "No capacity binds in a steady state; the fullest %s, %s, is at %s.",
                           team ? "team" : "stage", found->label, load));
}

/* Takes the limit when it is worth more than the one found so far, or as much and fuller. */
static void consider(const ps_projection *projection, ps_doc *doc, const char *folder, limit *found,
                     limit candidate)
{
    candidate.utilisation =
        ps_project_derived(projection, ps_doc_text(doc, "%s/%s/utilisation", folder, candidate.id));
    candidate.worth = ps_project_derived(
        projection, ps_doc_text(doc, "%s/%s/worth_of_capacity", folder, candidate.id));
    if (!isnan(candidate.utilisation) &&
        (!found->id || candidate.worth > found->worth ||
         (candidate.worth == found->worth && candidate.utilisation > found->utilisation))) {
        *found = candidate;
    }
}

void ps_project_bottleneck(const ps_projection *projection, ps_doc *doc)
{
    const ps_result *result = projection->result;
    limit found = {0};
    ps_doc_block *data;

    for (int g = 0; g < result->funnel_rows; g++) {
        const ps_funnel_row *row = &result->funnel[g];

        consider(projection, doc, "funnel", &found,
                 (limit){.kind = "stage", .id = row->id, .label = row->label});
    }
    for (int z = 0; z < result->team_rows; z++) {
        const ps_team_row *row = &result->team[z];

        consider(projection, doc, "sales", &found,
                 (limit){.kind = "sales_model", .id = row->id, .label = row->label});
    }
    if (!found.id) {
        return;
    }
    say(doc, &found);
    data = ps_doc_add_table(doc, PS_DOC_FOR_DATA, "bottleneck", NULL, PS_DOC_RECORD);
    ps_doc_put(doc, data, found.kind, NULL, ps_cell_of_text(found.id));
    ps_doc_put(doc, data, "binds", NULL, ps_cell_of_flag(found.worth > 0));
    ps_doc_put(doc, data, "utilisation", NULL, ps_cell_of_number(PS_DOC_RATIO, found.utilisation));
    ps_doc_put(doc, data, "worth_of_capacity", NULL, ps_cell_of_number(PS_DOC_RATIO, found.worth));
}
