/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Us against each rival over time: prices, the gaps between them, and who wins what is decided. */
#include <math.h>
#include <string.h>

#include "analysis/project.h"

static bool is_offer(const ps_group *group, const char *dimension)
{
    return group->price != NULL && strcmp(group->dimension, dimension) == 0;
}

static double *by_period(const ps_projection *projection, ps_doc *doc)
{
    double *values =
        ps_arena_alloc(&doc->arena, (size_t)projection->result->periods, sizeof *values);

    doc->failed = doc->failed || values == NULL;
    return values;
}

static ps_doc_block *add_series(const ps_projection *projection, ps_doc *doc, const char *path,
                                const char *title, ps_doc_unit unit)
{
    ps_doc_block *block =
        ps_doc_add_series(doc, PS_DOC_FOR_DATA, path, title, projection->result->periods);

    block->series.unit = unit;
    block->series.dates = projection->result->period_start;
    return block;
}

/* How much dearer an own offer is than each rival's: of the mean prices that buyers see. */
static void add_gaps(const ps_projection *projection, const ps_group *ours, ps_doc *doc)
{
    const ps_result *result = projection->result;
    ps_doc_block *block =
        add_series(projection, doc, ps_doc_text(doc, "price_gap/%s", ours->id),
                   ps_doc_text(doc, "Price of %s against each rival's", ours->id), PS_DOC_FRAC);

    block->note = "Our price less the rival's, as a part of the rival's: both as buyers see them, "
                  "means of each period. Above zero we are dearer.";
    for (int c = 0; c < result->groups; c++) {
        const ps_group *theirs = &result->group[c];
        double *gap = is_offer(theirs, "rival") ? by_period(projection, doc) : NULL;

        for (int t = 0; gap != NULL && t < result->periods; t++) {
            gap[t] = theirs->shown[t] > 0 ? ours->shown[t] / theirs->shown[t] - 1 : NAN;
        }
        if (gap != NULL) {
            ps_doc_add_line(doc, block, theirs->id, gap);
        }
    }
}

/* Means over the futures. */
void ps_project_prices(const ps_projection *projection, ps_doc *doc)
{
    static const struct {
        const char *dimension, *path, *title, *note;
    } kinds[] = {{"offer", "prices/offers", "Own list prices", NULL},
                 {"offer", "prices/shown", "Own prices as buyers see them",
                  "List price less the promotions that everybody sees, means of each period."},
                 {"rival", "prices/rivals", "Rivals' prices", NULL}};
    const ps_result *result = projection->result;
    int rivals = 0;

    for (int k = 0; k < 3; k++) {
        ps_doc_block *block =
            add_series(projection, doc, kinds[k].path, kinds[k].title, PS_DOC_MONEY);

        block->note = kinds[k].note;
        for (int g = 0; g < result->groups; g++) {
            const ps_group *group = &result->group[g];

            if (is_offer(group, kinds[k].dimension)) {
                ps_doc_add_line(doc, block, group->id, k == 1 ? group->shown : group->price);
                rivals += k == 2;
            }
        }
    }
    for (int g = 0; g < result->groups && rivals > 0; g++) {
        if (is_offer(&result->group[g], "offer")) {
            add_gaps(projection, &result->group[g], doc);
        }
    }
}

/* Of all that was decided in each period: our part, each rival's, and the rest, nobody's. */
void ps_project_shares(const ps_projection *projection, ps_doc *doc)
{
    const ps_result *result = projection->result;
    const bool deals = projection->scenario->scope == PS_SCOPE_PIPELINE;
    double *nobody = result->share_own != NULL ? by_period(projection, doc) : NULL;
    ps_doc_block *all, *rivals;

    if (nobody == NULL) {
        return;
    }
    all = add_series(projection, doc, "decisions", deals ? "Deals decided" : "Purchases decided",
                     PS_DOC_COUNT);
    ps_doc_add_line(doc, all, "mean", result->decided);
    all = add_series(projection, doc, "shares",
                     deals ? "Who wins the deals" : "Who makes the sales", PS_DOC_FRAC);
    all->note = deals ? "Parts of all deals that are decided in the period, over the futures "
                        "together. Nobody: the buyer stays without."
                      : "Parts of all purchases and occasions of the period, over the futures "
                        "together. Nobody: bought nowhere, or nothing was left.";
    ps_doc_add_line(doc, all, "us", result->share_own);
    memcpy(nobody, result->share_own, (size_t)result->periods * sizeof *nobody);
    rivals = add_series(projection, doc, "shares/rivals", "Rivals' shares", PS_DOC_FRAC);
    for (int g = 0; g < result->groups; g++) {
        if (result->group[g].share != NULL) {
            ps_doc_add_line(doc, rivals, result->group[g].id, result->group[g].share);
            for (int t = 0; t < result->periods; t++) {
                nobody[t] += result->group[g].share[t];
            }
        }
    }
    for (int t = 0; t < result->periods; t++) {
        nobody[t] = fabs(1 - nobody[t]) < 1e-12 ? 0 : 1 - nobody[t];
    }
    ps_doc_add_line(doc, all, "nobody", nobody);
}
