/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Money of one unit at today's prices: the waterfall, and what a value-based offer is worth to each
 * segment. */
#include <string.h>

#include "engine/derive_parts.h"
#include "engine/hot_wholesale.h"
#include "model/pricing/value_based.h"

/* Channels of one unit of offer i; `list` NULL: today's price. */
static void one_unit(const ps_work *w, int s, int i, ps_lanes *row)
{
    ps_lanes one, age;

    for (int l = 0; l < PS_LANES; l++) {
        one[l] = 1.0;
        age[l] = 0.0;
    }
    memset(row, 0, PS_CHANNELS * sizeof *row);
    ps_hot_base_sale(w, s, i, one, age, row);
}

ps_derive_unit ps_derive_unit_money(ps_derive_state *state, int s, int i, double *steps)
{
    const ps_work *w = state->w;
    const int n = state->plan->steps;
    ps_lanes row[PS_CHANNELS], invoice, pocket, dearer;
    ps_lanes *taken = ps_arena_alloc(state->scratch, (size_t)n + 1, sizeof *taken);
    ps_derive_unit unit = {0};

    if (!taken) {
        state->failed = true;
        return unit;
    }
    one_unit(w, s, i, row);
    ps_hot_waterfall(w, s, row, invoice, pocket, taken);
    for (int k = 0; k < n && steps; k++) {
        steps[k] = taken[k][0];
    }
    unit = (ps_derive_unit){row[PS_CH_L][0],           invoice[0], pocket[0], w->cost[i][0],
                            pocket[0] - w->cost[i][0], 0.0};
    for (int ch = PS_CH_L; ch <= PS_CH_PRO;
         ch++) { /* everything at twice the list price: the pocket price is affine in it */
        for (int l = 0; l < PS_LANES; l++) {
            row[ch][l] *= 2.0;
        }
    }
    ps_hot_waterfall(w, s, row, invoice, dearer, NULL);
    unit.slope = unit.list > 0.0 ? (dearer[0] - pocket[0]) / unit.list * w->net_of_vat[0] : 0.0;
    if (state->plan->brand) { /* of the shelf's price */
        ps_lanes rate;

        ps_hot_wholesale_rate(w, s, i, rate);
        unit.slope *= rate[0];
    }
    return unit;
}

static void put_waterfall(ps_derive_state *state, int i)
{
    const ps_plan *p = state->plan;
    const char *id = ps_derive_alternative(p, i);
    double *steps = ps_derive_doubles(state, (size_t)p->steps);

    if (state->failed) {
        return;
    }
    const ps_derive_unit unit = ps_derive_unit_money(state, 0, i, steps);

    ps_derive_put(state, "money", "List price of one unit, net of VAT.", unit.list,
                  "waterfall/%s/list", id);
    for (int k = 0; k < p->steps; k++) {
        if (p->step[k].reserved == PS_STEP_INVOICE) {
            ps_derive_put(state, "money", "Invoice price of one unit.", unit.invoice,
                          "waterfall/%s/invoice", id);
        } else if (p->step[k].reserved != PS_STEP_PROMOTION) {
            ps_derive_put(state, "money", "Taken off one unit.", steps[k], "waterfall/%s/%s", id,
                          p->step[k].id);
        }
    }
    ps_derive_put(state, "money", "Pocket price of one unit.", unit.pocket, "waterfall/%s/pocket",
                  id);
    ps_derive_put(state, "money", "Cost of one unit.", unit.cost, "waterfall/%s/unit_cost", id);
    ps_derive_put(state, "money", "Pocket margin of one unit.", unit.margin, "waterfall/%s/margin",
                  id);
}

/* Today's price of the next best alternative. */
static const double *reference_price(const ps_work *w, const ps_value_based_params *value)
{
    const ps_number *number = value->reference_price.given
                                  ? &value->reference_price
                                  : &w->plan->scenario->rival[value->reference.index]->price;

    return ps_number_lanes(number, w->values[0], 0);
}

static void put_value(ps_derive_state *state, int i, const ps_value_based_params *value)
{
    const ps_plan *p = state->plan;
    const ps_work *w = state->w;
    const char *id = ps_derive_alternative(p, i);
    const double *reference = reference_price(w, value);
    const double *share = ps_number_lanes(&value->customer_share, w->values[0], 0);
    ps_lanes net, mean = {0}, price, one;

    for (int s = 0; s < p->S; s++) {
        ps_value_net(value, w->values[0], s, net);
        for (int l = 0; l < PS_LANES; l++) {
            mean[l] += p->segment[s].weight * net[l];
        }
    }
    ps_value_price(reference, mean, share, one, NULL);
    for (int s = 0; s < p->S; s++) {
        const char *segment = ps_derive_segment(p, s);
        ps_lanes evc;

        ps_value_net(value, w->values[0], s, net);
        ps_value_price(reference, net, share, price, evc);
        const double asked = value->per == 1 ? price[0] : one[0];

        ps_derive_put(state, "money", "Economic value to the customer of one unit.", evc[0],
                      "segments/%s/evc/%s", segment, id);
        ps_derive_put(state, "money", "Value-based price.", asked, "segments/%s/value_price/%s",
                      segment, id);
        ps_derive_put(state, "money", "What the customer gains at that price: value less price.",
                      evc[0] - asked, "segments/%s/incentive/%s", segment, id);
        ps_derive_put(state, "money", "Value-based price less unit cost.", asked - w->cost[i][0],
                      "segments/%s/value_margin/%s", segment, id);
        if (net[0] > 0.0) {
            ps_derive_put(state, "frac", "Part of the net value that the price keeps.",
                          (asked - reference[0]) / net[0], "segments/%s/captured/%s", segment, id);
        }
    }
}

void ps_derive_money(ps_derive_state *state)
{
    const ps_plan *p = state->plan;
    const ps_offer *offers = p->scenario->offers.items;

    for (int i = 0; i < p->I; i++) {
        if (offers[i].pricing->policy.kind == &ps_pricing_value_based.head) {
            put_value(state, i, offers[i].pricing->policy.params);
        }
    }
    for (int i = 0; i < p->I && !state->failed; i++) {
        put_waterfall(state, i);
    }
}
