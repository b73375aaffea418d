/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of segments: choice, season, arrivals, memory of prices. Shares are judged at their
 * centres. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scenario/rules.h"

enum { POINTER = 400 };

#define MOST_COUNTED 1e8

static bool is_constant(const ps_number *number)
{
    return number->dist.law == PS_LAW_CONSTANT;
}

static double centre_of(const ps_number_map *map, int index, double otherwise)
{
    for (int i = 0; i < map->count; i++) {
        if (map->keys[i].index == index) {
            return ps_rule_centre(&map->numbers[i], otherwise);
        }
    }
    return otherwise;
}

double ps_rule_share(const ps_rules *rules, const ps_choice *choice, int offer)
{
    if (choice->baseline.count > 0) {
        return centre_of(&choice->baseline, offer, 0);
    }
    if (choice->conversions.count > 0) {
        return centre_of(&choice->conversions, offer, 0);
    }
    return choice->conversion.given && rules->scenario->offers.count == 1
               ? ps_rule_centre(&choice->conversion, 0)
               : NAN;
}

static double own_share(const ps_rules *rules, const ps_choice *choice)
{
    double sum = 0;

    for (int i = 0; i < rules->scenario->offers.count; i++) {
        sum += ps_rule_share(rules, choice, i);
    }
    return sum;
}

/* Sum of shares: exact when all are known; uncertain ones are scaled to 1 in each path. */
void ps_rule_sum(const ps_rules *rules, const ps_number_map *map, const char *pointer,
                 const char *key)
{
    double sum = 0;
    bool known = true;
    char text[32];

    for (int i = 0; i < map->count; i++) {
        sum += ps_rule_centre(&map->numbers[i], 0);
        known = known && is_constant(&map->numbers[i]);
    }
    if (fabs(sum - 1) > (known ? 1e-9 : 0.05)) {
        ps_rule_fault(rules, "SUM", pointer, key, NULL, "the shares sum to %s, not 1",
                      ps_text_number(sum, text));
    }
}

/* Every own offer, and every rival offer when `rivals`, has an entry. */
static void check_names_all(const ps_rules *rules, const ps_number_map *map, bool rivals,
                            const char *pointer, const char *key)
{
    const ps_scenario *s = rules->scenario;
    const ps_offer *own = s->offers.items;
    const int count = s->offers.count + (rivals ? s->rivals : 0);

    for (int i = 0; i < count; i++) {
        const char *id =
            i < s->offers.count ? own[i].entry.id : s->rival[i - s->offers.count]->entry.id;

        if (isnan(centre_of(map, i, NAN)) && !ps_rule_bundle(rules, i)) {
            ps_rule_fault(rules, "MISSING", pointer, key, NULL, "'%s' is missing", id);
        }
    }
}

static void check_baseline(const ps_rules *rules, const ps_choice *choice, const char *pointer)
{
    const int none = rules->scenario->offers.count + rules->scenario->rivals;

    if (rules->scenario->scope == PS_SCOPE_PIPELINE) {
        ps_rule_fault(rules, "CONFLICT", pointer, "baseline", "state the win rate: 'conversion'",
                      "belongs to a market, not to a pipeline");
    }
    check_names_all(rules, &choice->baseline, true, pointer, "baseline");
    if (isnan(centre_of(&choice->baseline, none, NAN))) {
        ps_rule_fault(rules, "MISSING", pointer, "baseline", "the share that buys nothing",
                      "'none' is missing");
    }
    ps_rule_sum(rules, &choice->baseline, pointer, "baseline");
}

static void check_conversion(const ps_rules *rules, const ps_choice *choice, const char *pointer)
{
    const bool several = choice->conversions.count > 0;
    const char *key = several ? "conversions" : "conversion";

    if (rules->scenario->scope == PS_SCOPE_MARKET) {
        ps_rule_fault(rules, "CONFLICT", pointer, key, "state shares: 'baseline'",
                      "belongs to a pipeline, not to a market");
    }
    if (several && choice->conversion.given) {
        ps_rule_fault(rules, "CONFLICT", pointer, "conversions", "give one of them",
                      "'conversions' beside 'conversion'");
    } else if (several) {
        check_names_all(rules, &choice->conversions, false, pointer, key);
        if (own_share(rules, choice) >= 1) {
            ps_rule_fault(rules, "SUM", pointer, key, NULL,
                          "the win rates sum to %.6g, not below 1", own_share(rules, choice));
        }
    } else if (rules->scenario->offers.count > 1) {
        ps_rule_fault(rules, "CONFLICT", pointer, key,
                      "state 'conversions', a win rate of each offer", "one win rate for %d offers",
                      rules->scenario->offers.count);
    }
    if (choice->lost_to.count > 0) {
        ps_rule_sum(rules, &choice->lost_to, pointer, "lost_to");
    }
}

/* |alpha| p of the own offers; |alpha| from the elasticity: |e| / (p (1 - share)). */
static void check_steepness(const ps_rules *rules, const ps_choice *choice, const char *pointer)
{
    const ps_offer *offers = rules->scenario->offers.items;
    const ps_elasticity *elasticity = choice->elasticity;
    double alpha = ps_rule_centre(&choice->price_sensitivity, 0);

    if (elasticity != NULL && !elasticity->brand) {
        const int offer = elasticity->offer.id == NULL ? 0 : elasticity->offer.index;
        const double price = ps_rule_centre(&offers[offer].list_price, 1);
        const double share = ps_rule_share(rules, choice, offer);

        alpha =
            fabs(ps_rule_centre(&elasticity->value, 0)) / (price * (isnan(share) ? 1 : 1 - share));
    }
    for (int i = 0; i < rules->scenario->offers.count; i++) {
        const double steepness = alpha * ps_rule_centre(&offers[i].list_price, 0);

        if (steepness > PS_STEEPEST) {
            ps_rule_fault(rules, "RANGE", pointer,
                          elasticity == NULL ? "price_sensitivity" : "elasticity/value",
                          "a small step of the price would move everybody",
                          "price sensitivity times the price of '%s' is %.3g, at most %g",
                          offers[i].entry.id, steepness, PS_STEEPEST);
            return;
        }
    }
}

static void check_elasticity(const ps_rules *rules, const ps_choice *choice, const char *pointer)
{
    const ps_elasticity *elasticity = choice->elasticity;
    char at[POINTER];

    snprintf(at, sizeof at, "%s/elasticity", pointer);
    if (elasticity->brand && elasticity->offer.id != NULL) {
        ps_rule_fault(rules, "CONFLICT", at, "brand", "give one of them", "'brand' beside 'offer'");
    } else if (!elasticity->brand && elasticity->offer.id == NULL &&
               rules->scenario->offers.count > 1) {
        ps_rule_fault(rules, "MISSING", at, "offer", "or \"brand\": true",
                      "with %d offers the elasticity names one", rules->scenario->offers.count);
    } else if (!elasticity->brand) {
        const int offer = elasticity->offer.id == NULL ? 0 : elasticity->offer.index;
        const double share = ps_rule_share(rules, choice, offer);

        if (!(share > 0 && share < 1) && !isnan(share)) {
            ps_rule_fault(rules, "RANGE", at, "offer", "state it for an offer that somebody buys",
                          "the share of this offer is %g", share);
        }
    }
}

static void check_response(const ps_rules *rules, const ps_choice *choice, const char *pointer)
{
    const bool sensitivity = choice->price_sensitivity.given;

    if (sensitivity && choice->elasticity != NULL) {
        ps_rule_fault(rules, "CONFLICT", pointer, "price_sensitivity", "give one of them",
                      "'price_sensitivity' beside 'elasticity'");
    } else if (choice->utility.count > 0 && choice->baseline.count == 0 && !sensitivity) {
        ps_rule_fault(rules, "MISSING", pointer, "price_sensitivity", NULL,
                      "utilities need 'price_sensitivity'");
    } else if (sensitivity && choice->promotion_elasticity.given) {
        ps_rule_fault(rules, "CONFLICT", pointer, "promotion_elasticity",
                      "state reference_price.gain, or elasticity instead of price_sensitivity",
                      "'promotion_elasticity' beside 'price_sensitivity'");
    } else if (!sensitivity && choice->elasticity == NULL && !choice->promotion_elasticity.given) {
        ps_rule_fault(rules, "MISSING", pointer, "elasticity", NULL,
                      "elasticity or price_sensitivity is needed");
    } else {
        if (choice->elasticity != NULL) {
            check_elasticity(rules, choice, pointer);
        }
        check_steepness(rules, choice, pointer);
    }
    if (choice->elasticity != NULL && choice->promotion_elasticity.given &&
        ps_rule_centre(&choice->promotion_elasticity, 0) >
            ps_rule_centre(&choice->elasticity->value, 0)) {
        ps_rule_fault(rules, "RANGE", pointer, "promotion_elasticity",
                      "buyers answer more to a short cut than to a lasting one",
                      "%g is nearer to zero than the regular elasticity %g",
                      ps_rule_centre(&choice->promotion_elasticity, 0),
                      ps_rule_centre(&choice->elasticity->value, 0));
    }
}

/* The part of lost buyers who buy nothing is at most the outside option's share of what is not
 * ours. */
static void check_lost_buyers(const ps_rules *rules, const ps_choice *choice, const char *pointer)
{
    const int inside = rules->scenario->offers.count + rules->scenario->rivals;
    const double part = ps_rule_centre(&choice->lost_buyers_who_buy_nothing, 0);
    double bound = 1;

    if (inside == 1) {
        ps_rule_fault(rules, "CONFLICT", pointer, "lost_buyers_who_buy_nothing", "leave it out",
                      "with a single offer every lost buyer buys nothing");
        return;
    }
    if (choice->baseline.count > 0) {
        bound = centre_of(&choice->baseline, inside, 0) / (1 - own_share(rules, choice));
    } else if (choice->lost_to.count > 0) {
        bound = centre_of(&choice->lost_to, rules->scenario->rivals, 0);
    }
    if (part > bound + 1e-9) {
        ps_rule_fault(rules, "RANGE", pointer, "lost_buyers_who_buy_nothing",
                      "left out: in proportion to the shares",
                      "%g is above %.6g, its value in proportion to the shares", part, bound);
    }
}

static void check_choice(const ps_rules *rules, const ps_choice *choice, const char *pointer)
{
    static const char *const keys[] = {"baseline", "conversion", "utility", NULL};
    const bool conversion = choice->conversion.given || choice->conversions.count > 0;

    ps_rule_one_of(
        rules, pointer, keys,
        (const bool[]){choice->baseline.count > 0, conversion, choice->utility.count > 0});
    if (choice->baseline.count > 0) {
        check_baseline(rules, choice, pointer);
    } else if (conversion) {
        check_conversion(rules, choice, pointer);
    } else if (choice->utility.count > 0) {
        check_names_all(rules, &choice->utility, true, pointer, "utility");
    }
    if (choice->lost_to.count > 0 && !conversion) {
        ps_rule_fault(rules, "CONFLICT", pointer, "lost_to", NULL, "only beside 'conversion'");
    }
    check_response(rules, choice, pointer);
    ps_rules_tastes(rules, choice, pointer);
    if (choice->lost_buyers_who_buy_nothing.given) {
        check_lost_buyers(rules, choice, pointer);
    }
    if (choice->awareness.given &&
        (rules->scenario->scope != PS_SCOPE_MARKET || choice->baseline.count == 0)) {
        ps_rule_fault(rules, "CONFLICT", pointer, "awareness", NULL,
                      "only in a market, beside 'baseline'");
    } else if (choice->awareness.given &&
               ps_rule_centre(&choice->awareness, 1) <= own_share(rules, choice)) {
        ps_rule_fault(rules, "RANGE", pointer, "awareness", "who buys us knows us",
                      "must be above our share %.6g", own_share(rules, choice));
    }
}

static void check_memory(const ps_rules *rules, const char *pointer, const char *key,
                         const ps_number *half_life, const ps_number *carry_over)
{
    static const char *const keys[] = {"half_life_days", "carry_over_per_week", NULL};
    char at[POINTER];

    snprintf(at, sizeof at, "%s/%s", pointer, key);
    ps_rule_one_of(rules, at, keys, (const bool[]){half_life->given, carry_over->given});
}

static double in_days(const ps_rate *rate, double days)
{
    static const double unit[] = {1.0, 1.0, 7.0, 365.25 / 12.0, 365.25 / 4.0, 365.25};

    return days / unit[rate->per];
}

/* The engine holds whole buyers as 32-bit numbers; season, shocks and traffic need room above the
 * mean. */
static void check_countable(const ps_rules *rules, const ps_arrivals *arrivals,
                            const ps_growth *growth, const char *at)
{
    const ps_calendar *calendar = rules->scenario->calendar;
    const double days = ps_rule_period_start(calendar, calendar->periods) - calendar->start;
    const double grown = growth == NULL ? 1.0
                                        : pow(1.0 + ps_rule_centre(&growth->rate.value, 0),
                                              in_days(&growth->rate, days));
    const double n = ps_rule_centre(&arrivals->rate.value, 0) * fmax(1.0, grown) *
                     in_days(&arrivals->rate, days / (double)calendar->periods);

    if (rules->scenario->run->counts == PS_COUNTS_WHOLE && n > MOST_COUNTED) {
        ps_rule_fault(rules, "LIMIT", at, NULL, "take \"run\": {\"counts\": \"expected\"}",
                      "%.2g in a period are too many to draw as whole buyers; at most %.0e", n,
                      MOST_COUNTED);
    }
}

void ps_rule_arrivals(const ps_rules *rules, const ps_arrivals *arrivals, const ps_growth *growth,
                      const char *owner)
{
    char at[POINTER];

    snprintf(at, sizeof at, "%s/arrivals", owner);
    if (arrivals == NULL) {
        return;
    }
    check_countable(rules, arrivals, growth, at);

    if (arrivals->law == PS_ARRIVALS_NEGATIVE_BINOMIAL && !arrivals->dispersion.given) {
        ps_rule_fault(rules, "MISSING", at, "dispersion", "variance = mean + mean^2 / dispersion",
                      "a negative binomial needs 'dispersion'");
    } else if (arrivals->law != PS_ARRIVALS_NEGATIVE_BINOMIAL && arrivals->dispersion.given) {
        ps_rule_fault(rules, "CONFLICT", at, "dispersion", "set \"law\": \"negative_binomial\"",
                      "only a negative binomial has 'dispersion'");
    }
}

static void check_season(const ps_rules *rules, const ps_segment *segment)
{
    static const char *const keys[] = {"monthly", "sine", "table", NULL};
    const ps_season *season = segment->season;
    char at[POINTER];

    if (season != NULL) {
        snprintf(at, sizeof at, "%s/season", segment->entry.pointer);
        ps_rule_one_of(rules, at, keys,
                       (const bool[]){season->monthly.count > 0, season->sine != NULL,
                                      season->table.count > 0});
    }
}

static void check_segment(const ps_rules *rules, const ps_segment *segment, bool always)
{
    const ps_choice *choice =
        segment->choice != NULL ? segment->choice : rules->scenario->market->choice;
    const ps_reference_price *reference = segment->reference_price;
    const ps_price_image *image = segment->price_image;
    const char *pointer = segment->entry.pointer;
    char at[POINTER];

    ps_rule_arrivals(rules, segment->arrivals, segment->growth, pointer);
    check_season(rules, segment);
    if (choice == NULL && !always) {
        ps_rule_fault(rules, "MISSING", pointer, "choice", "or one 'choice' for the whole market",
                      "how does '%s' choose? 'choice' is missing", segment->entry.id);
    }
    if (segment->choice != NULL) {
        snprintf(at, sizeof at, "%s/choice", pointer);
        check_choice(rules, segment->choice, at);
        if (segment->relative_sensitivity.given && !segment->relative_sensitivity.defaulted) {
            ps_rule_fault(rules, "CONFLICT", pointer, "relative_sensitivity",
                          "it is relative to market.choice",
                          "'relative_sensitivity' beside an own 'choice'");
        }
        if (segment->preference.count > 0) {
            ps_rule_fault(rules, "CONFLICT", pointer, "preference",
                          "it is relative to market.choice", "'preference' beside an own 'choice'");
        }
    }
    if (segment->basket.given && segment->basket.law != PS_LAW_LOGNORMAL) {
        ps_rule_fault(rules, "ENUM", pointer, "basket",
                      "write {\"lognormal\": {\"median\": 200, \"sdlog\": 0.6}}",
                      "a basket is lognormal");
    }
    if (reference != NULL) {
        check_memory(rules, pointer, "reference_price", &reference->half_life_days,
                     &reference->carry_over_per_week);
        if (reference->gain.given && choice != NULL && choice->promotion_elasticity.given) {
            ps_rule_fault(rules, "CONFLICT", pointer, "reference_price/gain", "give one of them",
                          "'gain' beside 'promotion_elasticity', which sets it");
        }
    }
    if (segment->borrow != NULL) {
        if (segment->borrow->half_life_days.given && segment->borrow->carry_over_per_week.given) {
            ps_rule_fault(rules, "CONFLICT", pointer, "borrow/carry_over_per_week",
                          "give one of them", "'carry_over_per_week' beside 'half_life_days'");
        }
        if (rules->scenario->scope == PS_SCOPE_PIPELINE) {
            ps_rule_fault(rules, "CONFLICT", pointer, "borrow", "promotions.ID.waiting",
                          "'borrow' is for repeat purchases (market scope)");
        }
    }
    if (image != NULL) {
        check_memory(rules, pointer, "price_image", &image->half_life_days,
                     &image->carry_over_per_week);
    }
}

void ps_rules_market(const ps_rules *rules)
{
    const ps_market *market = rules->scenario->market;
    const ps_segment *segments = market->segments.items;
    const bool always = ((const ps_demand_kind *)(const void *)market->demand.kind)->choiceless;

    if (market->choice != NULL) {
        check_choice(rules, market->choice, "/market/choice");
    }
    for (int s = 0; s < market->segments.count; s++) {
        check_segment(rules, &segments[s], always);
    }
}
