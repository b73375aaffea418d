/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of what may run out: stocks, budgets, flash sales and clearances. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/demand/demand.h"
#include "scenario/load.h"
#include "scenario/rules.h"

enum { POINTER = 512 };

static void check_flash(const ps_rules *rules, const ps_promotion *promotion)
{
    static const char *const keys[] = {"value", "price", NULL};

    ps_rule_one_of(rules, promotion->entry.pointer, keys,
                   (const bool[]){ps_rule_given(&promotion->kind, "value"),
                                  ps_rule_given(&promotion->kind, "price")});
    if (!promotion->stock.given) {
        ps_rule_fault(rules, "MISSING", promotion->entry.pointer, NULL,
                      "state the promoted units: stock; without a limit it is a percent_off",
                      "a flash needs a 'stock'");
    }
}

static bool concerns(const ps_refs *refs, int index)
{
    for (int i = 0; i < refs->count; i++) {
        if (refs->items[i].index == index) {
            return true;
        }
    }
    return refs->count == 0;
}

static void check_clearance(const ps_rules *rules, const ps_promotion *promotion)
{
    const ps_list *steps = ps_kind_parameter(&promotion->kind, "markdowns");
    const ps_offer *offers = rules->scenario->offers.items;
    const ps_shape *shape = NULL;
    char pointer[POINTER];
    int before = PS_NO_DATE;

    for (int i = 0; i < rules->scenario->offers.count; i++) {
        if (concerns(&promotion->offers, i) && !offers[i].stock.given) {
            ps_rule_fault(rules, "MISSING", promotion->entry.pointer, NULL,
                          "state offers.ID.stock, or list the offers that have one: offers",
                          "a clearance of '%s', which has no 'stock'", offers[i].entry.id);
        }
    }
    for (const ps_field *f = promotion->kind.kind->shape.fields; f->type != PS_FIELD_END; f++) {
        shape = strcmp(f->key, "markdowns") == 0 ? f->sub : shape;
    }
    for (int k = 0; steps && shape && k < steps->count; k++) {
        const int from =
            *(const int *)(const void *)((const char *)steps->items + (size_t)k * shape->size +
                                         shape->fields[0].offset);

        if (k > 0 && from <= before) {
            snprintf(pointer, sizeof pointer, "%s/markdowns/%d", promotion->entry.pointer, k);
            ps_rule_fault(rules, "ORDER", pointer, "from", NULL,
                          "markdowns ascend in 'from'; this one does not come after the one "
                          "before");
        }
        before = from;
    }
}

static void check_stock(const ps_rules *rules, const ps_offer *offer)
{
    const ps_scenario *sc = rules->scenario;
    const ps_segment *segments = sc->market->segments.items;

    if (offer->salvage.given && !offer->stock.given) {
        ps_rule_fault(rules, "MISSING", offer->entry.pointer, "salvage", NULL,
                      "a salvage value needs a 'stock' of which something may be left");
    }
    if (offer->salvage.given &&
        ps_rule_centre(&offer->salvage, 0) > ps_rule_centre(&offer->unit_cost, 0)) {
        ps_rule_fault(rules, "WARN_SALVAGE", offer->entry.pointer, "salvage", NULL,
                      "what is left brings more than a unit costs: not selling pays");
    }
    for (int s = 0; s < sc->market->segments.count && (offer->stock.given || offer->capacity);
         s++) {
        if (segments[s].deal_size.given) {
            ps_rule_fault(rules, "CONFLICT", offer->entry.pointer,
                          offer->stock.given ? "stock" : "capacity",
                          "a funnel stage may have a capacity",
                          "stock and capacity count units that are decided on; '%s' has a "
                          "'deal_size', known at signing only",
                          segments[s].entry.id);
            return;
        }
    }
}

/* Volume that may exceed the arrivals has no buyers who could choose once more. */
static void check_volume(const ps_rules *rules, const char *pointer, const char *key)
{
    ps_rule_fault(rules, "CONFLICT", pointer, key, "use a logit demand",
                  "a '%s' needs buyers who choose once more; the demand is a volume", key);
}

static void check_volumes(const ps_rules *rules)
{
    const ps_scenario *sc = rules->scenario;
    const ps_demand_kind *demand = (const ps_demand_kind *)(const void *)sc->market->demand.kind;
    const ps_offer *offers = sc->offers.items;
    const ps_promotion *promotions = sc->promotions.items;

    for (int i = 0; i < sc->offers.count && demand->volume; i++) {
        if (offers[i].stock.given || offers[i].capacity) {
            check_volume(rules, offers[i].entry.pointer,
                         offers[i].stock.given ? "stock" : "capacity");
        }
    }
    for (int m = 0; m < sc->promotions.count && demand->volume; m++) {
        if (promotions[m].stock.given || promotions[m].budget.given) {
            check_volume(rules, promotions[m].entry.pointer,
                         promotions[m].stock.given ? "stock" : "budget");
        }
    }
}

/* What runs out is shared out over buyers of all classes alike; with an acceleration they do not
 * decide alike. */
static void check_acceleration(const ps_rules *rules)
{
    const ps_scenario *sc = rules->scenario;
    const ps_offer *offers = sc->offers.items;
    const ps_promotion *promotions = sc->promotions.items;
    bool limited = false;

    for (int i = 0; i < sc->offers.count; i++) {
        limited = limited || offers[i].stock.given || offers[i].capacity;
    }
    for (int m = 0; m < sc->promotions.count; m++) {
        limited = limited || promotions[m].stock.given || promotions[m].budget.given;
    }
    if (limited && sc->funnel != NULL && sc->funnel->quarter_end != NULL) {
        ps_rule_fault(rules, "CONFLICT", "/funnel", "quarter_end",
                      "a funnel stage may have a capacity",
                      "no ends of quarters beside a stock, a budget or a capacity of offers");
    }
    for (int m = 0; m < sc->promotions.count && limited; m++) {
        if (promotions[m].acceleration.given) {
            ps_rule_fault(rules, "CONFLICT", promotions[m].entry.pointer, "acceleration",
                          "a funnel stage may have a capacity",
                          "no acceleration beside a stock, a budget or a capacity of offers");
        }
    }
}

void ps_rules_limits(const ps_rules *rules)
{
    const ps_scenario *sc = rules->scenario;
    const ps_promotion *promotions = sc->promotions.items;

    check_volumes(rules);
    check_acceleration(rules);
    for (int i = 0; i < sc->offers.count; i++) {
        check_stock(rules, (const ps_offer *)sc->offers.items + i);
    }
    for (int m = 0; m < sc->promotions.count; m++) {
        const char *kind = promotions[m].kind.kind->name;

        if (strcmp(kind, "flash") == 0) {
            check_flash(rules, &promotions[m]);
        } else if (strcmp(kind, "clearance") == 0) {
            check_clearance(rules, &promotions[m]);
        }
    }
}
