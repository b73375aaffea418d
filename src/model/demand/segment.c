/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/demand/segment.h"

#include "base/date.h"
#include "math/vmath.h"

static const char *const law_names[] = {"poisson", "negative_binomial", "fixed", "expected", NULL};

static const ps_field arrivals_fields[] = {
    {.type = PS_FIELD_RATE,
     .offset = offsetof(ps_arrivals, rate),
     .flags = PS_REQUIRED,
     .max = 1e12,
     .unit = PS_UNIT_COUNT,
     .doc = "Mean arrivals: leads or visits (pipeline), purchase occasions (market)."},
    {.key = "law",
     .type = PS_FIELD_ENUM,
     .offset = offsetof(ps_arrivals, law),
     .names = law_names,
     .fallback = "\"poisson\"",
     .doc = "Luck of the arrivals: Poisson or negative-binomial counts, a fixed number each period "
            "(rounded), or none."},
    {.key = "dispersion",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_arrivals, dispersion),
     .flags = PS_OPEN_MIN,
     .max = 1e9,
     .unit = PS_UNIT_RATIO,
     .doc = "Size of the negative binomial: variance = mean + mean^2 / dispersion."},
    {.key = "shock",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_arrivals, shock),
     .max = 3,
     .unit = PS_UNIT_RATIO,
     .doc = "Standard deviation of the segment's own log-normal shock each period (luck)."},
    {.type = PS_FIELD_END},
};
const ps_shape ps_arrivals_shape = {"arrivals", sizeof(ps_arrivals), arrivals_fields,
                                    "Who arrives, per unit of time."};

static const ps_field sine_fields[] = {
    {.key = "amplitude",
     .type = PS_FIELD_PLAIN,
     .offset = offsetof(ps_sine, amplitude),
     .flags = PS_REQUIRED,
     .min = 0,
     .max = 1,
     .unit = PS_UNIT_RATIO,
     .doc = "Height of the wave over its mean."},
    {.key = "cycle_days",
     .type = PS_FIELD_PLAIN,
     .offset = offsetof(ps_sine, cycle_days),
     .fallback = "365.25",
     .flags = PS_OPEN_MIN,
     .max = 36600,
     .unit = PS_UNIT_DAYS,
     .doc = "Length of the cycle."},
    {.key = "peak_days",
     .type = PS_FIELD_PLAIN,
     .offset = offsetof(ps_sine, peak_days),
     .fallback = "-1",
     .min = -1,
     .max = 36600,
     .unit = PS_UNIT_DAYS,
     .doc = "Days from the calendar's start to the peak; left out: a quarter of the cycle."},
    {.type = PS_FIELD_END},
};
static const ps_shape sine_shape = {"sine", sizeof(ps_sine), sine_fields,
                                    "A sine wave over the year."};

static const ps_field season_fields[] = {
    {.key = "monthly",
     .type = PS_FIELD_PLAINS,
     .offset = offsetof(ps_season, monthly),
     .min = 12,
     .max = 12,
     .doc = "Twelve factors, January first; not re-normalised."},
    {.key = "sine",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_season, sine),
     .sub = &sine_shape,
     .doc = "Or a sine wave."},
    {.key = "table",
     .type = PS_FIELD_PLAINS,
     .offset = offsetof(ps_season, table),
     .min = 1,
     .max = 5000,
     .doc = "Or a factor per period."},
    {.type = PS_FIELD_END},
};
static const ps_shape season_shape = {"season", sizeof(ps_season), season_fields,
                                      "Season of the arrivals; one of the three."};

static const ps_field growth_fields[] = {
    {.type = PS_FIELD_RATE,
     .offset = offsetof(ps_growth, rate),
     .flags = PS_REQUIRED | PS_OPEN_MIN,
     .min = -1,
     .max = 10,
     .unit = PS_UNIT_SIGNED_FRAC,
     .doc = "Relative growth of the arrivals, compounding."},
    {.type = PS_FIELD_END},
};
static const ps_shape growth_shape = {"growth", sizeof(ps_growth), growth_fields,
                                      "Trend of the arrivals."};

static const ps_field elasticity_fields[] = {
    {.key = "offer",
     .type = PS_FIELD_REF,
     .offset = offsetof(ps_elasticity, offer),
     .refers = PS_REF_OFFER,
     .doc = "The own offer whose elasticity is stated."},
    {.key = "brand",
     .type = PS_FIELD_BOOL,
     .offset = offsetof(ps_elasticity, brand),
     .fallback = "false",
     .doc = "Or true: the elasticity of all own offers together when all their prices move."},
    {.key = "value",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_elasticity, value),
     .flags = PS_REQUIRED | PS_OPEN_MAX | PS_NEEDS_RANGE,
     .min = -50,
     .max = 0,
     .unit = PS_UNIT_RATIO,
     .doc =
         "Relative change of units per relative change of the price, at today's prices; negative."},
    {.type = PS_FIELD_END},
};
static const ps_shape elasticity_shape = {
    "elasticity", sizeof(ps_elasticity), elasticity_fields,
    "Regular price elasticity, buyers being used to the price."};

static const ps_field choice_fields[] = {
    {.key = "baseline",
     .type = PS_FIELD_NUMBER_MAP,
     .offset = offsetof(ps_choice, baseline),
     .max = 1,
     .refers = PS_REF_ALTERNATIVE,
     .unit = PS_UNIT_FRAC,
     .doc = "Market: shares of purchase occasions at today's prices, of every offer and of "
            "\"none\"; they sum to 1."},
    {.key = "conversion",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_choice, conversion),
     .flags = PS_NEEDS_RANGE | PS_OPEN_MIN | PS_OPEN_MAX,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Pipeline: today's win rate of deals that reach the choice stage (one own offer)."},
    {.key = "conversions",
     .type = PS_FIELD_NUMBER_MAP,
     .offset = offsetof(ps_choice, conversions),
     .flags = PS_NEEDS_RANGE,
     .max = 1,
     .refers = PS_REF_OFFER,
     .unit = PS_UNIT_FRAC,
     .doc = "Pipeline: win rate of each own offer, when there are several."},
    {.key = "lost_to",
     .type = PS_FIELD_NUMBER_MAP,
     .offset = offsetof(ps_choice, lost_to),
     .max = 1,
     .refers = PS_REF_LOST_TO,
     .unit = PS_UNIT_FRAC,
     .doc = "Pipeline: who gets the lost deals, \"none\" for no decision; sums to 1; left out: all "
            "\"none\"."},
    {.key = "utility",
     .type = PS_FIELD_NUMBER_MAP,
     .offset = offsetof(ps_choice, utility),
     .min = -200,
     .max = 200,
     .refers = PS_REF_ANY_OFFER,
     .unit = PS_UNIT_UTILITY,
     .doc =
         "Or utilities without price, buying nothing being 0; then price_sensitivity is required."},
    {.key = "elasticity",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_choice, elasticity),
     .sub = &elasticity_shape,
     .doc = "How units answer to the own price."},
    {.key = "price_sensitivity",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_choice, price_sensitivity),
     .flags = PS_NEEDS_RANGE,
     .max = 1e6,
     .unit = PS_UNIT_PER_MONEY,
     .doc = "Or |alpha|, utility per unit of money."},
    {.key = "observed_at",
     .type = PS_FIELD_NUMBER_MAP,
     .offset = offsetof(ps_choice, observed_at),
     .flags = PS_OPEN_MIN,
     .max = 1e9,
     .refers = PS_REF_ANY_OFFER,
     .unit = PS_UNIT_MONEY,
     .doc = "Prices at which the baseline was observed, where they are not today's."},
    {.key = "promotion_elasticity",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_choice, promotion_elasticity),
     .flags = PS_OPEN_MAX,
     .min = -100,
     .max = 0,
     .unit = PS_UNIT_RATIO,
     .doc = "Elasticity to a short cut, buyers still expecting the regular price; further from "
            "zero than the regular one."},
    {.key = "loss_aversion",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_choice, loss_aversion),
     .fallback = "1.6",
     .max = 10,
     .unit = PS_UNIT_RATIO,
     .doc = "How much more a price above the reference hurts than one below it pleases."},
    {.key = "lost_buyers_who_buy_nothing",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_choice, lost_buyers_who_buy_nothing),
     .flags = PS_OPEN_MIN | PS_OPEN_MAX,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Of the buyers we would lose to a higher price, which part buys nothing? Left out: in "
            "proportion to the shares."},
    {.key = "awareness",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_choice, awareness),
     .flags = PS_OPEN_MIN,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the buyers who know us (market scope); above our share."},
    {.key = "nests",
     .type = PS_FIELD_MAP,
     .offset = offsetof(ps_choice, nests),
     .sub = &ps_nest_shape,
     .max = 50,
     .doc = "Groups of offers that replace each other more easily than others: nested logit."},
    {.key = "tastes",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_choice, tastes),
     .sub = &ps_tastes_shape,
     .doc = "How buyers of a segment differ: mixed logit."},
    {.key = "outside",
     .type = PS_FIELD_BOOL,
     .offset = offsetof(ps_choice, outside),
     .fallback = "true",
     .doc = "With utilities: whether buying nothing is among the alternatives."},
    {.type = PS_FIELD_END},
};
const ps_shape ps_choice_shape = {"choice", sizeof(ps_choice), choice_fields,
                                  "How buyers choose among offers, rivals and nothing."};

static const char *const of_names[] = {"own", "all", NULL};

static const ps_field reference_fields[] = {
    {.key = "half_life_days",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_reference_price, half_life_days),
     .flags = PS_OPEN_MIN,
     .max = 36600,
     .unit = PS_UNIT_DAYS,
     .doc = "Half-life of the memory of past prices."},
    {.key = "carry_over_per_week",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_reference_price, carry_over_per_week),
     .flags = PS_OPEN_MAX,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Or the part of the reference kept each week."},
    {.key = "of",
     .type = PS_FIELD_ENUM,
     .offset = offsetof(ps_reference_price, of),
     .names = of_names,
     .fallback = "\"own\"",
     .doc = "Reference prices of own offers only, or of all."},
    {.key = "gain",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_reference_price, gain),
     .max = 20,
     .unit = PS_UNIT_RATIO,
     .doc = "Weight of a price below the reference, as a multiple of |alpha|; left out: from "
            "promotion_elasticity."},
    {.key = "loss",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_reference_price, loss),
     .max = 50,
     .unit = PS_UNIT_RATIO,
     .doc = "Weight of a price above it; left out: loss_aversion times gain."},
    {.type = PS_FIELD_END},
};
static const ps_shape reference_shape = {
    "reference_price", sizeof(ps_reference_price), reference_fields,
    "What buyers expect to pay: an exponential memory of what they saw."};

static const ps_field image_fields[] = {
    {.key = "half_life_days",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_price_image, half_life_days),
     .flags = PS_OPEN_MIN,
     .max = 36600,
     .unit = PS_UNIT_DAYS,
     .doc = "Half-life of the memory of discounts."},
    {.key = "carry_over_per_week",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_price_image, carry_over_per_week),
     .flags = PS_OPEN_MAX,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Or the part kept each week."},
    {.key = "sensitivity",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_price_image, sensitivity),
     .fallback = "0",
     .max = 100,
     .unit = PS_UNIT_RATIO,
     .doc = "k_a: price sensitivity is multiplied by 1 + k_a G."},
    {.key = "equity",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_price_image, equity),
     .fallback = "0",
     .max = 100,
     .unit = PS_UNIT_UTILITY,
     .doc = "k_d: utility of own offers falls by k_d G."},
    {.type = PS_FIELD_END},
};
static const ps_shape image_shape = {
    "price_image", sizeof(ps_price_image), image_fields,
    "What frequent discounts do to the brand: G is the remembered depth of discounts."};

static const char *const borrow_of_names[] = {"all", "each", NULL};
static const char *const paid_back_names[] = {"next_period", "after_promotion", NULL};

static const ps_field borrow_fields[] = {
    {.key = "share",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_borrow, share),
     .flags = PS_REQUIRED,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the lift that is borrowed from the periods after (4% to 25% in groceries)."},
    {.key = "half_life_days",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_borrow, half_life_days),
     .flags = PS_OPEN_MIN,
     .max = 36600,
     .unit = PS_UNIT_DAYS,
     .doc = "Days until half of it is paid back."},
    {.key = "carry_over_per_week",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_borrow, carry_over_per_week),
     .flags = PS_OPEN_MAX,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Or the part still owed after a week. Left out: half_life_days 28."},
    {.key = "of",
     .type = PS_FIELD_ENUM,
     .offset = offsetof(ps_borrow, of),
     .names = borrow_of_names,
     .fallback = "\"all\"",
     .doc = "Whose sales are missing later: of all own offers alike, or each offer's own."},
    {.key = "paid_back",
     .type = PS_FIELD_ENUM,
     .offset = offsetof(ps_borrow, paid_back),
     .names = paid_back_names,
     .fallback = "\"next_period\"",
     .doc = "From the next period on, or, where the lift stated for a longer promotion is net of "
            "it, once no promotion runs."},
    {.type = PS_FIELD_END},
};
static const ps_shape borrow_shape = {"borrow", sizeof(ps_borrow), borrow_fields,
                                      "Sales borrowed from later by promotions."};

static const ps_field segment_fields[] = {
    {.key = "dimensions",
     .type = PS_FIELD_TEXT_MAP,
     .offset = offsetof(ps_segment, dimensions),
     .doc = "Free dimensions: region, industry, size ..., for goals and drill-down."},
    {.key = "arrivals",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_segment, arrivals),
     .sub = &ps_arrivals_shape,
     .doc = "Arrivals; left out where channels bring their own."},
    {.key = "season",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_segment, season),
     .sub = &season_shape,
     .doc = "Season."},
    {.key = "growth",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_segment, growth),
     .sub = &growth_shape,
     .doc = "Trend."},
    {.key = "choice",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_segment, choice),
     .sub = &ps_choice_shape,
     .doc = "How this segment chooses; left out: from market.choice."},
    {.key = "basket",
     .type = PS_FIELD_SPREAD,
     .offset = offsetof(ps_segment, basket),
     .unit = PS_UNIT_MONEY,
     .flags = PS_OPEN_MIN,
     .max = 1e9,
     .doc = "Spend per order at today's prices (lognormal); one choice is then one order."},
    {.key = "quantity",
     .type = PS_FIELD_SPREAD,
     .offset = offsetof(ps_segment, quantity),
     .unit = PS_UNIT_COUNT,
     .flags = PS_OPEN_MIN,
     .max = 1000,
     .doc = "Units per order, rounded to 1 .. 64 (market); one choice is then one order."},
    {.key = "deal_size",
     .type = PS_FIELD_SPREAD,
     .offset = offsetof(ps_segment, deal_size),
     .flags = PS_OPEN_MIN,
     .max = 1e9,
     .unit = PS_UNIT_COUNT,
     .doc = "Units per deal; left out: 1."},
    {.key = "relative_sensitivity",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_segment, relative_sensitivity),
     .fallback = "1",
     .max = 1000,
     .unit = PS_UNIT_RATIO,
     .doc = "Price sensitivity relative to the other segments, with market.choice."},
    {.key = "preference",
     .type = PS_FIELD_NUMBER_MAP,
     .offset = offsetof(ps_segment, preference),
     .max = 1e6,
     .refers = PS_REF_ALTERNATIVE,
     .unit = PS_UNIT_RATIO,
     .doc = "Preference index of alternatives relative to the market, with market.choice; left "
            "out: 1."},
    {.key = "reference_price",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_segment, reference_price),
     .sub = &reference_shape,
     .doc = "Memory of prices."},
    {.key = "price_image",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_segment, price_image),
     .sub = &image_shape,
     .doc = "Memory of discounts."},
    {.key = "borrow",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_segment, borrow),
     .sub = &borrow_shape,
     .doc = "Promoted sales that are missing in the weeks after (market scope): stock-piling."},
    {.key = "sold_by",
     .type = PS_FIELD_REF,
     .offset = offsetof(ps_segment, sold_by),
     .refers = PS_REF_SALES_MODEL,
     .doc = "Sales model that serves the segment (pipeline); a channel's own comes first."},
    {.key = "members",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_segment, members),
     .sub = &ps_members_shape,
     .doc = "Buyers for whom member prices hold (market scope)."},
    {.type = PS_FIELD_END},
};
const ps_shape ps_segment_shape = {"segment", sizeof(ps_segment), segment_fields,
                                   "A segment of the market."};

static double monthly_factor(const double *monthly, int start, int end)
{
    double sum = 0.0;

    for (int day = start; day < end; day++) {
        int year, month, day_of_month;

        ps_date_split(day, &year, &month, &day_of_month);
        sum += monthly[month - 1];
    }
    return sum / (end - start);
}

double ps_season_factor(const ps_season *season, int start0, int start, int end, int period)
{
    if (!season) {
        return 1.0;
    }
    if (season->monthly.count == 12) {
        return monthly_factor(season->monthly.items, start, end);
    }
    if (season->sine) {
        const double cycle = season->sine->cycle_days;
        const double peak = season->sine->peak_days < 0.0 ? cycle / 4.0 : season->sine->peak_days;

        return 1.0 + season->sine->amplitude * ps_cos_turns((start - start0 - peak) / cycle);
    }
    if (season->table.count > 0) {
        return season->table.items[period < season->table.count ? period : season->table.count - 1];
    }
    return 1.0;
}
