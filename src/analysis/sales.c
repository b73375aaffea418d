/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sales models: how busy their teams were, and what a lead of each segment would bring under each.
 * docs/model/sales.md */
#include <math.h>
#include <string.h>

#include "analysis/project.h"
#include "doc/human.h"

static const ps_doc_column team_columns[] = {
    {.key = "hours", .title = "hours", .unit = PS_DOC_COUNT},
    {.key = "hours_used", .title = "used", .unit = PS_DOC_COUNT, .drop = 2},
    {.key = "utilisation", .title = "of them", .unit = PS_DOC_FRAC},
    {.key = "bound_frac", .title = "deals waited", .unit = PS_DOC_FRAC, .drop = 1},
    {.key = "waiting_end", .title = "at the end", .unit = PS_DOC_COUNT, .drop = 3},
    {.key = "pay", .title = "pay", .unit = PS_DOC_MONEY},
};

void ps_project_teams(const ps_projection *projection, ps_doc *doc)
{
    enum { COLUMNS = sizeof team_columns / sizeof *team_columns };
    const ps_result *result = projection->result;
    ps_doc_block *block;

    if (result->team_rows == 0) {
        return;
    }
    block =
        ps_doc_add_table(doc, PS_DOC_FOR_ALL, "teams", "Teams of the sales models", PS_DOC_ROWS);
    ps_doc_set_columns(block, team_columns, COLUMNS);
    block->note = "Means over the horizon. Deals waited: part of the periods after which deals "
                  "waited for the team; at the end: how many still do.";
    for (int z = 0; z < result->team_rows; z++) {
        const ps_team_row *row = &result->team[z];
        ps_cell *cells = ps_doc_add_row(doc, block, row->id, row->label)->cells;

        cells[0] = ps_cell_of_number(PS_DOC_COUNT, row->hours);
        cells[1] = ps_cell_of_number(PS_DOC_COUNT, row->hours_used);
        cells[2] =
            ps_cell_of_number(PS_DOC_FRAC, row->hours > 0 ? row->hours_used / row->hours : NAN);
        cells[3] = ps_cell_of_number(PS_DOC_FRAC, row->bound_frac);
        cells[4] = ps_cell_of_number(PS_DOC_COUNT, row->waiting_end);
        cells[5] = ps_cell_of_number(PS_DOC_MONEY, row->pay);
    }
}

enum { MODEL, VERDICT, NOW, BEST, FIRST_FIGURE };

static const ps_doc_column sales_columns[] = {
    [MODEL] = {.key = "sales_model", .title = "sales model", .unit = PS_DOC_TEXT},
    [VERDICT] = {.key = "verdict", .title = "", .unit = PS_DOC_TEXT},
    [NOW] = {.key = "now", .title = "now", .drop = PS_DROP_ALWAYS},
    [BEST] = {.key = "best", .title = "best", .drop = PS_DROP_ALWAYS},
    {.key = "margin_per_lead", .title = "margin per lead", .unit = PS_DOC_MONEY},
    {.key = "signed_per_lead", .title = "sign", .unit = PS_DOC_FRAC, .drop = 1},
    {.key = "cac", .title = "to win one", .unit = PS_DOC_MONEY, .drop = 4},
    {.key = "cycle_days", .title = "days", .unit = PS_DOC_DAYS, .drop = 3},
    {.key = "hours_per_lead", .title = "hours", .unit = PS_DOC_RATIO, .drop = PS_DROP_ALWAYS},
};

/* A cell as its name is made: "segment[.channel][.band]". */
typedef struct {
    const char *name, *label, *model; /* model NULL: none */
} cell;

static double figure(const ps_projection *projection, ps_doc *doc, const char *model,
                     const char *cell_name, const char *what)
{
    return ps_project_derived(projection,
                              ps_doc_text(doc, "sales/%s/%s/%s", model, cell_name, what));
}

/* Rows of one cell: every sales model, the best one marked. */
static void add_cell(const ps_projection *projection, ps_doc *doc, ps_doc_block *block,
                     const cell *of)
{
    enum { COLUMNS = sizeof sales_columns / sizeof *sales_columns };
    const ps_map *map = &projection->scenario->sales_models;
    const ps_sales_model *models = map->items;
    int best = 0;

    for (int z = 1; z < map->count; z++) {
        if (figure(projection, doc, models[z].entry.id, of->name, "margin_per_lead") >
            figure(projection, doc, models[best].entry.id, of->name, "margin_per_lead")) {
            best = z;
        }
    }
    for (int z = 0; z < map->count; z++) {
        const ps_entry *e = &models[z].entry;
        const bool now = of->model != NULL && strcmp(of->model, e->id) == 0;
        ps_cell *cells = ps_doc_add_row(doc, block, of->name, of->label)->cells;

        cells[MODEL] = ps_cell_of_text(e->label);
        cells[VERDICT] = ps_cell_of_text(now && z == best ? "now, best"
                                         : now            ? "now"
                                         : z == best      ? "best"
                                                          : "");
        cells[NOW] = ps_cell_of_flag(now);
        cells[BEST] = ps_cell_of_flag(z == best);
        for (int c = FIRST_FIGURE; c < COLUMNS; c++) {
            cells[c] =
                ps_cell_of_number(sales_columns[c].unit,
                                  figure(projection, doc, e->id, of->name, sales_columns[c].key));
        }
    }
}

/* Sales model of a segment in a channel (NULL: without), NULL none. */
static const char *served_by(const ps_segment *segment, const ps_channel *channel)
{
    return channel != NULL && channel->sold_by.id != NULL ? channel->sold_by.id
                                                          : segment->sold_by.id;
}

/* Name and label of a cell: the segment's, then what there is of channel and band. */
static cell cell_of(ps_doc *doc, const ps_segment *segment, const ps_channel *channel,
                    const ps_band *band)
{
    cell of = {segment->entry.id, segment->entry.label, served_by(segment, channel)};
    const ps_entry *more[] = {channel == NULL ? NULL : &channel->entry,
                              band == NULL ? NULL : &band->entry};

    for (int k = 0; k < 2; k++) {
        if (more[k] != NULL) {
            of.name = ps_doc_text(doc, "%s.%s", of.name, more[k]->id);
            of.label = ps_doc_text(doc, "%s, %s", of.label, more[k]->label);
        }
    }
    return of;
}

/* Adds the rows of all cells: segments, by channels and bands where there are any. */
static void add_cells(const ps_projection *projection, ps_doc *doc, ps_doc_block *block)
{
    const ps_scenario *sc = projection->scenario;
    const ps_market *market = sc->market;
    const ps_segment *segments = market->segments.items;
    const ps_channel *channels = market->channels.items;
    const ps_band *bands = market->bands.items;
    const ps_sales_model *models = sc->sales_models.items;
    const int K = market->channels.count > 0 ? market->channels.count : 1,
              B = market->bands.count + 1; /* the last one: not scored */

    for (int k = 0; k < market->segments.count * K * B; k++) {
        const cell of = cell_of(doc, &segments[k / (K * B)],
                                market->channels.count > 0 ? &channels[k / B % K] : NULL,
                                k % B < market->bands.count ? &bands[k % B] : NULL);

        if (!isnan(figure(projection, doc, models->entry.id, of.name, "margin_per_lead"))) {
            add_cell(projection, doc, block, &of);
        }
    }
}

void ps_project_sales(const ps_projection *projection, ps_doc *doc)
{
    enum { COLUMNS = sizeof sales_columns / sizeof *sales_columns };
    ps_doc_block *block;

    if (projection->scenario->sales_models.count < 2 || projection->derived == NULL) {
        return;
    }
    block =
        ps_doc_add_table(doc, PS_DOC_FOR_ALL, "sales_models", "Sales models compared", PS_DOC_ROWS);
    ps_doc_set_columns(block, sales_columns, COLUMNS);
    block->table.id_key = "cell";
    block->note = "In a steady state at today's prices, with as many people as it takes; margin "
                  "per lead: of what a lead signs, less what the lead and the team's hours cost.";
    add_cells(projection, doc, block);
}
