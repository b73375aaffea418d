/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which stage's capacity holds the others up: where one deal more that is taken up signs most.
 * docs/model/funnel.md */
#include <math.h>
#include <string.h>

#include "analysis/project.h"
#include "doc/human.h"

/* A stage's derived value; NAN where it has none. */
static double of_stage(const ps_projection *projection, const char *stage, const char *what,
                       ps_doc *doc)
{
    const ps_derivation *derived = projection->derived;
    const char *key = ps_doc_text(doc, "funnel/%s/%s", stage, what);

    for (int i = 0; derived != NULL && i < derived->count; i++) {
        if (strcmp(derived->items[i].key, key) == 0) {
            return derived->items[i].value;
        }
    }
    return NAN;
}

static void say(ps_doc *doc, const ps_funnel_row *row, double utilisation, double worth)
{
    ps_doc_block *block =
        ps_doc_add_sentences(doc, PS_DOC_FOR_PEOPLE, "bottleneck_text", "Bottleneck");
    char load[PS_HUMAN_SIZE], more[PS_HUMAN_SIZE];

    ps_human(PS_DOC_FRAC, utilisation, 3, load);
    ps_doc_say(doc, block,
               worth > 0 ? ps_doc_text(doc,
                                       "%s: in a steady state %s of what it can take up comes to "
                                       "it; each deal more that it takes up signs %s more.",
                                       row->label, load, ps_human(PS_DOC_RATIO, worth, 2, more))
                         : ps_doc_text(doc,
                                       "No capacity binds in a steady state; the fullest stage, "
                                       "%s, is at %s.",
                                       row->label, load));
}

void ps_project_bottleneck(const ps_projection *projection, ps_doc *doc)
{
    const ps_result *result = projection->result;
    const ps_funnel_row *found = NULL;
    double most = 0.0, load = 0.0;
    ps_doc_block *data;

    for (int g = 0; g < result->funnel_rows; g++) {
        const ps_funnel_row *row = &result->funnel[g];
        const double worth = of_stage(projection, row->id, "worth_of_capacity", doc),
                     utilisation = of_stage(projection, row->id, "utilisation", doc);

        if (isfinite(utilisation) &&
            (!found || worth > most || (worth == most && utilisation > load))) {
            found = row;
            most = worth;
            load = utilisation;
        }
    }
    if (!found) {
        return;
    }
    say(doc, found, load, most);
    data = ps_doc_add_table(doc, PS_DOC_FOR_DATA, "bottleneck", NULL, PS_DOC_RECORD);
    ps_doc_put(doc, data, "stage", NULL, ps_cell_of_text(found->id));
    ps_doc_put(doc, data, "binds", NULL, ps_cell_of_flag(most > 0));
    ps_doc_put(doc, data, "utilisation", NULL, ps_cell_of_number(PS_DOC_RATIO, load));
    ps_doc_put(doc, data, "worth_of_capacity", NULL, ps_cell_of_number(PS_DOC_RATIO, most));
}
