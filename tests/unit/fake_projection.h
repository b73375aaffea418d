/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A made-up result of a small B2B scenario, so that what turns results into words and tables is
 * tested without running a simulation. */
#ifndef PS_TEST_FAKE_PROJECTION_H
#define PS_TEST_FAKE_PROJECTION_H

#include <math.h>
#include <string.h>

#include "analysis/project.h"
#include "base/date.h"
#include "scenario/read.h"

enum { FAKE_PERIODS = 52 };

typedef struct {
    ps_scenario scenario;
    ps_calendar calendar;
    ps_run_options run;
    ps_goal goal;
    ps_offer offer;
    ps_number numbers[3];
    ps_field fields[3];
    ps_input inputs[3];
    ps_result result;
    int starts[FAKE_PERIODS];
    double lines[2][4][FAKE_PERIODS];
    double batch_means[PS_METRICS][PS_BATCHES];
    ps_group groups[5];
    ps_funnel_row funnel[5];
    ps_waterfall_row waterfall[8];
    ps_earning earnings[2];
    ps_earning_row bridge[7];
    ps_goal_result goals[1];
    ps_driver drivers[3];
    ps_derived derived_items[2];
    ps_derivation derived;
    ps_faults faults;
    ps_projection projection;
} fake;

static inline ps_figure fake_figure(double mean, double sd)
{
    return (ps_figure){mean,
                       sd,
                       sd / 100,
                       mean - 1.645 * sd,
                       mean - 1.2816 * sd,
                       mean - 0.674 * sd,
                       mean,
                       mean + 0.674 * sd,
                       mean + 1.2816 * sd,
                       mean + 1.645 * sd,
                       0.63};
}

static inline void fake_scenario(fake *f)
{
    f->scenario = (ps_scenario){.name = "B2B SaaS, East China, summer plan",
                                .currency = "CNY",
                                .scope = PS_SCOPE_PIPELINE,
                                .calendar = &f->calendar,
                                .run = &f->run,
                                .goals = {1, &f->goal},
                                .offers = {1, &f->offer},
                                .inputs = f->inputs,
                                .input_count = 3,
                                .hash = "9f86d081884c7d65"};
    ps_date_parse("2026-01-05", &f->calendar.start);
    f->calendar.period = PS_PERIOD_WEEK;
    f->offer = (ps_offer){.entry = {"standard", "标准版", "/offers/standard"}};
    f->calendar.periods = FAKE_PERIODS;
    f->run = (ps_run_options){.paths = 10000, .seed = 1};
    f->goal = (ps_goal){.entry = {"signed_20", "signed_20", "/goals/signed_20"},
                        .metric = "customers_signed"};
    ps_date_parse("2026-09-30", &f->goal.by);
    f->numbers[0] = (ps_number){.given = true,
                                .dist = {.law = PS_LAW_LOGNORMAL, .p = {187.6, 0.0968}, .sign = 1},
                                .pointer = "/market/segments/manufacturing/arrivals/per_month"};
    f->numbers[1] = (ps_number){.given = true,
                                .exact = true,
                                .dist = {.law = PS_LAW_CONSTANT, .p = {48000}},
                                .pointer = "/offers/standard/list_price"};
    f->numbers[2] = (ps_number){.given = true,
                                .exact = true,
                                .dist = {.law = PS_LAW_CONSTANT, .p = {0.6}},
                                .pointer = "/funnel/stages/discovery/conversion"};
    f->fields[0] = (ps_field){.unit = PS_UNIT_COUNT};
    f->fields[1] = (ps_field){.unit = PS_UNIT_MONEY};
    f->fields[2] = (ps_field){.unit = PS_UNIT_FRAC, .flags = PS_NEEDS_RANGE};
    for (int i = 0; i < 3; i++) {
        f->inputs[i] = (ps_input){.number = &f->numbers[i],
                                  .field = &f->fields[i],
                                  .origin = {.file = "plan.json", .line = 10 + i, .column = 3}};
    }
}

static inline void fake_summary(fake *f)
{
    static const struct {
        int metric;
        double mean, sd;
    } items[] = {
        {PS_METRIC_revenue, 7.73e6, 0.507e6},    {PS_METRIC_contribution, 2.54e6, 0.28e6},
        {PS_METRIC_margin_frac, 0.329, 0.02},    {PS_METRIC_booked, 9.1e6, 0.8e6},
        {PS_METRIC_collected, 6.9e6, 0.5e6},     {PS_METRIC_units, 212, 18},
        {PS_METRIC_customers_signed, 206, 17.5}, {PS_METRIC_win_rate, 0.221, 0.018},
        {PS_METRIC_cycle_days, 61.3, 2.1},       {PS_METRIC_pocket_price, 42950, 410},
    };

    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        f->result.has[items[i].metric] = true;
        f->result.summary[items[i].metric] = fake_figure(items[i].mean, items[i].sd);
        for (int b = 0; b < PS_BATCHES; b++) {
            f->batch_means[items[i].metric][b] = items[i].mean;
        }
    }
    f->result.batch_means = f->batch_means[0];
    f->result.opening_revenue = 0.8e6;
    for (int t = 0; t < FAKE_PERIODS; t++) {
        f->starts[t] = f->calendar.start + 7 * t;
        for (int k = 0; k < 2; k++) {
            const double mid =
                (k == 0 ? 110e3 : 20e3) + (k == 0 ? 1500.0 : 900.0) * t + 9e3 * sin(t / 5.0);

            f->lines[k][0][t] = mid - 600.0 * (t + 8);
            f->lines[k][1][t] = mid;
            f->lines[k][2][t] = mid + 700.0 * (t + 8);
            f->lines[k][3][t] = mid + 10;
        }
    }
    f->result.series[PS_METRIC_revenue] =
        (ps_series){f->lines[0][0], f->lines[0][1], f->lines[0][2], f->lines[0][3]};
    f->result.series[PS_METRIC_contribution] =
        (ps_series){f->lines[1][0], f->lines[1][1], f->lines[1][2], f->lines[1][3]};
}

static inline void fake_group(fake *f, int g, const char *dimension, const char *id,
                              const char *label, double part)
{
    f->groups[g] = (ps_group){.dimension = dimension, .id = id, .label = label};
    for (int m = 0; m < PS_METRICS; m++) {
        const ps_figure *all = &f->result.summary[m];
        const bool ratio = ps_metric_table[m].kind == PS_METRIC_IS_RATIO;

        if (f->result.has[m] && ps_metric_table[m].by) {
            f->groups[g].has[m] = true;
            f->groups[g].figure[m] = ratio ? *all : fake_figure(all->mean * part, all->sd * part);
        }
    }
}

static inline void fake_tables(fake *f)
{
    fake_group(f, 0, "segment", "manufacturing", "制造业", 0.7);
    fake_group(f, 1, "segment", "retail", "零售业", 0.3);
    fake_group(f, 2, "offer", "standard", "标准版", 1.0);
    f->groups[3] = (ps_group){.dimension = "rival", .id = "rival_a", .label = "rival_a"};
    f->groups[3].has[PS_METRIC_units] = true;
    f->groups[3].figure[PS_METRIC_units] = fake_figure(310, 25);
    f->groups[4] = (ps_group){.dimension = "rival", .id = "rival_b", .label = "rival_b"};
    f->groups[4].has[PS_METRIC_units] = true;
    f->groups[4].figure[PS_METRIC_units] = fake_figure(140, 12);
    f->funnel[0] = (ps_funnel_row){"lead", "lead", false, 2260, 850, 1410, 60, 62, 0, 10.1, 0, 3e6};
    f->funnel[1] =
        (ps_funnel_row){"discovery", "需求沟通", false, 850, 510, 340, 40, 41, 0, 14.2, 0, 2e6};
    f->funnel[2] =
        (ps_funnel_row){"proposal", "proposal", false, 510, 316, 194, 22, 22, 0, 13.0, 0, 1e6};
    f->funnel[3] =
        (ps_funnel_row){"negotiation", "negotiation", true, 316, 226, 650, 70, 68, 0, 31.0, 0, 3e6};
    f->funnel[4] =
        (ps_funnel_row){"contract", "contract", false, 226, 206, 18, 6, 8, 2, 7.0, 0.12, 0.4e6};
    f->waterfall[0] = (ps_waterfall_row){"list", "List price", true, 10.2e6, 48113, 1.0};
    f->waterfall[1] =
        (ps_waterfall_row){"negotiated", "Negotiated discounts", false, 0.82e6, 3870, 0.0804};
    f->waterfall[2] = (ps_waterfall_row){"promotion", "Promotions", false, 0.28e6, 1320, 0.0275};
    f->waterfall[3] = (ps_waterfall_row){"invoice", "Invoice price", true, 9.1e6, 42923, 0.892};
    f->waterfall[4] = (ps_waterfall_row){"rebate", "Year-end rebate", false, 0.09e6, 424, 0.009};
    f->waterfall[5] = (ps_waterfall_row){"pocket", "Pocket price", true, 9.01e6, 42500, 0.883};
    f->waterfall[6] = (ps_waterfall_row){"unit_cost", "Unit cost", false, 2.4e6, 11320, 0.235};
    f->waterfall[7] = (ps_waterfall_row){"margin", "Pocket margin", true, 6.61e6, 31180, 0.648};
}

static inline void fake_earnings(fake *f)
{
    f->bridge[0] = (ps_earning_row){"subsidised_baseline",
                                    "Given to buyers who would buy anyway",
                                    -212e3,
                                    900,
                                    -260e3,
                                    -170e3,
                                    0};
    f->bridge[1] = (ps_earning_row){"from_rival_a", "Won from rival_a", 141e3, 800, 90e3, 200e3, 1};
    f->bridge[2] = (ps_earning_row){"expansion", "New demand", 188e3, 1100, 120e3, 260e3, 1};
    f->bridge[3] =
        (ps_earning_row){"reference_price", "Reference price", -64e3, 300, -90e3, -40e3, 0};
    f->bridge[4] = (ps_earning_row){"rivals", "Rivals react", -38e3, 500, -80e3, 0, 0};
    f->bridge[5] = (ps_earning_row){"commission", "Commissions", -9e3, 40, -12e3, -6e3, 0};
    f->bridge[6] = (ps_earning_row){"fixed", "Fixed cost", -180e3, 0, -180e3, -180e3, 0};
    for (int i = 0; i < 2; i++) {
        f->earnings[i] =
            (ps_earning){.id = i == 0 ? "calendar" : "summer",
                         .label = i == 0 ? "Calendar" : "夏季促销",
                         .rows = i == 0 ? 7 : 0,
                         .row = f->bridge,
                         .net = {"net", "Net", -174e3, 1500, -290e3, -60e3, 0.03},
                         .inside = {"inside", "inside", -190e3, 1500, -300e3, -80e3, 0.02},
                         .naive = {"naive", "naive", -136e3, 1500, -240e3, -20e3, 0.08},
                         .baseline_units = 31,
                         .promoted_units = 39,
                         .incremental_units = 8,
                         .lift = 0.258,
                         .break_even_lift = 0.61,
                         .roi_on_spend = -0.44,
                         .discount = 212e3,
                         .fixed = 180e3,
                         .redeemed_frac = NAN,
                         .topped_up_frac = NAN,
                         .subsidised_frac = NAN,
                         .mean_paid = NAN,
                         .goods_value = NAN,
                         .discount_per_order = NAN};
    }
    f->goals[0] = (ps_goal_result){"signed_20", "signed_20", "customers_signed",
                                   48,          0.642,       0.0048,
                                   0.633,       0.651,       0.31,
                                   0.93,        41,          50,
                                   60,          50.3,        4.1,
                                   false};
    f->drivers[0] = (ps_driver){"/market/segments/manufacturing/arrivals/per_month", 0.71};
    f->drivers[1] = (ps_driver){"/market/segments/manufacturing/choice/elasticity/value", -0.38};
    f->drivers[2] = (ps_driver){"/competitors/a/offers/rival_a/price", 0.09};
    f->derived_items[0] =
        (ps_derived){"segments/manufacturing/alpha", "per money", "price sensitivity", -0.000052};
    f->derived_items[1] =
        (ps_derived){"elasticity/standard/standard", "ratio", "own elasticity", -1.9};
}

/* Everything is set; tests change what they are about. The object must not move afterwards. */
static inline void fake_init(fake *f)
{
    memset(f, 0, sizeof *f);
    fake_scenario(f);
    f->result.paths = 10000;
    f->result.seed = 1;
    f->result.periods = FAKE_PERIODS;
    f->result.period_start = f->starts;
    fake_summary(f);
    fake_tables(f);
    fake_earnings(f);
    f->result.groups = 5;
    f->result.group = f->groups;
    f->result.funnel_rows = 5;
    f->result.funnel = f->funnel;
    f->result.waterfall_rows = 8;
    f->result.waterfall = f->waterfall;
    f->result.attributed_paths = 1000;
    f->result.attribution_gap = 1.2e3;
    f->result.earnings = 2;
    f->result.earning = f->earnings;
    f->result.goals = 1;
    f->result.goal = f->goals;
    f->result.drivers = 3;
    f->result.driver = f->drivers;
    f->result.balance = (ps_balance){2e-16, 1e-15, 3e-13, 4e-15};
    f->derived = (ps_derivation){.count = 2, .items = f->derived_items};
    f->projection = (ps_projection){.scenario = &f->scenario,
                                    .result = &f->result,
                                    .faults = &f->faults,
                                    .derived = &f->derived,
                                    .command = "pricesim run plan.json --paths 10000 --seed 1"};
}

#endif
