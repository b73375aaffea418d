/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/funnel/funnel.h"

static const ps_field capacity_fields[] = {
    {.type = PS_FIELD_RATE,
     .offset = offsetof(ps_capacity, rate),
     .flags = PS_REQUIRED,
     .max = 1e12,
     .unit = PS_UNIT_COUNT,
     .doc = "Deals that can be taken up; the rest waits, the oldest first."},
    {.type = PS_FIELD_END},
};
const ps_shape ps_capacity_shape = {"capacity", sizeof(ps_capacity), capacity_fields,
                                    "Capacity of a stage."};

static const ps_field abandon_fields[] = {
    {.type = PS_FIELD_RATE,
     .offset = offsetof(ps_abandon, rate),
     .flags = PS_REQUIRED,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the deals that wait."},
    {.type = PS_FIELD_END},
};
static const ps_shape abandon_shape = {"abandon", sizeof(ps_abandon), abandon_fields,
                                       "Buyers who give up waiting."};

static const ps_field entry_fields[] = {
    {.key = "bands",
     .type = PS_FIELD_REFS,
     .offset = offsetof(ps_stage_entry, bands),
     .refers = PS_REF_BAND,
     .doc = "Score bands that may enter; leads that nobody scores may, too."},
    {.key = "min_size",
     .type = PS_FIELD_PLAIN,
     .offset = offsetof(ps_stage_entry, min_size),
     .fallback = "0",
     .max = 1e12,
     .doc = "Smallest deal that may enter, in the units of deal_size; segments without sizes "
            "may."},
    {.type = PS_FIELD_END},
};
static const ps_shape entry_shape = {"stage_entry", sizeof(ps_stage_entry), entry_fields,
                                     "Entry criteria of a stage."};

static const ps_field criterion_fields[] = {
    {.key = "met",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_criterion, met),
     .flags = PS_REQUIRED | PS_NEEDS_RANGE,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the deals, of those that meet the other criteria, that meets it."},
    {.type = PS_FIELD_END},
};
static const ps_shape criterion_shape = {"criterion", sizeof(ps_criterion), criterion_fields,
                                         "What must be true of a deal before it leaves a stage for "
                                         "the next."};

static const ps_field stage_fields[] = {
    {.key = "choice",
     .type = PS_FIELD_BOOL,
     .offset = offsetof(ps_stage, choice),
     .fallback = "false",
     .doc = "The stage where the buyer decides between us, rivals and nothing; exactly one stage."},
    {.key = "entry",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_stage, enter),
     .sub = &entry_shape,
     .doc = "Entry criteria: who does not meet them is lost in the stage before."},
    {.key = "conversion",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_stage, conversion),
     .flags = PS_NEEDS_RANGE,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the deals that go on to the next stage; beside 'exit', of those that meet "
            "the criteria."},
    {.key = "exit",
     .type = PS_FIELD_MAP,
     .offset = offsetof(ps_stage, criteria),
     .max = 10,
     .sub = &criterion_shape,
     .doc = "Exit criteria: part of the deals that meets each; their product goes on."},
    {.key = "days",
     .type = PS_FIELD_DWELL,
     .offset = offsetof(ps_stage, days),
     .min = 0,
     .max = 3653,
     .unit = PS_UNIT_DAYS,
     .doc = "Time in the stage; {\"won\", \"lost\"} when lost deals take another time."},
    {.key = "leaves",
     .type = PS_FIELD_RATE,
     .offset = offsetof(ps_stage, leaves),
     .flags = PS_OPEN_MIN,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Or the part of the stage's deals at the start of a period that leaves."},
    {.key = "capacity",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_stage, capacity),
     .sub = &ps_capacity_shape,
     .doc = "Capacity."},
    {.key = "abandon",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_stage, abandon),
     .sub = &abandon_shape,
     .doc = "Part of the deals that wait for the capacity, or for a team that takes them up here, "
            "that gives up and is lost."},
    {.key = "effort",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_stage, effort),
     .max = 1e6,
     .unit = PS_UNIT_COUNT,
     .doc = "Hours that the team of a sales model works on a deal in this stage."},
    {.type = PS_FIELD_END},
};
static const ps_shape stage_shape = {"stage", sizeof(ps_stage), stage_fields,
                                     "A stage of the funnel."};

static const char *const opening_words[] = {"steady", "empty", NULL};

static const ps_field opening_fields[] = {
    {.key = "counts",
     .type = PS_FIELD_NUMBER_MAP,
     .offset = offsetof(ps_opening, counts),
     .flags = PS_REQUIRED,
     .max = 1e12,
     .refers = PS_REF_STAGE,
     .unit = PS_UNIT_COUNT,
     .doc = "Open deals by stage at the start, with the ages of a steady state."},
    {.type = PS_FIELD_END},
};
static const ps_shape opening_shape = {"opening", sizeof(ps_opening), opening_fields,
                                       "Open deals at the start."};

static const ps_field quarter_fields[] = {
    {.key = "last_days",
     .type = PS_FIELD_WHOLE,
     .offset = offsetof(ps_quarter_end, last_days),
     .fallback = "14",
     .min = 1,
     .max = 60,
     .unit = PS_UNIT_DAYS,
     .doc = "Last days of each fiscal quarter."},
    {.key = "times",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_quarter_end, times),
     .flags = PS_REQUIRED,
     .min = 1,
     .max = 50,
     .unit = PS_UNIT_RATIO,
     .doc = "How many times as likely open deals are to be decided on these days (proportional "
            "hazard)."},
    {.type = PS_FIELD_END},
};
static const ps_shape quarter_shape = {"quarter_end", sizeof(ps_quarter_end), quarter_fields,
                                       "Deals that are pulled before the end of a quarter."};

static const ps_field funnel_fields[] = {
    {.key = "order",
     .type = PS_FIELD_ORDER,
     .offset = offsetof(ps_funnel, order),
     .flags = PS_REQUIRED,
     .refers = PS_REF_STAGE,
     .doc = "The stages in order."},
    {.key = "stages",
     .type = PS_FIELD_MAP,
     .offset = offsetof(ps_funnel, stages),
     .flags = PS_REQUIRED,
     .min = 1,
     .max = 16,
     .sub = &stage_shape,
     .doc = "The stages."},
    {.key = "opening",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_funnel, opening),
     .sub = &opening_shape,
     .names = opening_words,
     .fallback = "\"steady\"",
     .doc = "Open deals at the start: steady, empty, or counts."},
    {.key = "quarter_end",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_funnel, quarter_end),
     .sub = &quarter_shape,
     .doc = "Open deals are decided sooner in the last days of each fiscal quarter."},
    {.type = PS_FIELD_END},
};
const ps_shape ps_funnel_shape = {"funnel", sizeof(ps_funnel), funnel_fields,
                                  "The sales funnel (pipeline scope)."};

static const ps_field beta_fields[] = {
    {.key = "a",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_beta, a),
     .flags = PS_REQUIRED | PS_OPEN_MIN,
     .max = 1e6,
     .unit = PS_UNIT_RATIO,
     .doc = "First parameter."},
    {.key = "b",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_beta, b),
     .flags = PS_REQUIRED | PS_OPEN_MIN,
     .max = 1e6,
     .unit = PS_UNIT_RATIO,
     .doc = "Second parameter."},
    {.type = PS_FIELD_END},
};
static const ps_shape beta_shape = {"beta", sizeof(ps_beta), beta_fields,
                                    "A beta distribution on [0, 1]."};

static const ps_field distribution_fields[] = {
    {.key = "zero",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_discount_distribution, zero),
     .fallback = "0",
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the won deals without a discount."},
    {.key = "beta",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_discount_distribution, beta),
     .flags = PS_REQUIRED,
     .sub = &beta_shape,
     .doc = "Discount of the others."},
    {.type = PS_FIELD_END},
};
static const ps_shape distribution_shape = {"discount_distribution",
                                            sizeof(ps_discount_distribution), distribution_fields,
                                            "Negotiated discounts observed on won deals."};

static const ps_field authority_fields[] = {
    {.key = "limit",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_authority, limit),
     .flags = PS_REQUIRED,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Largest discount that sales people may give by themselves."},
    {.key = "approved",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_authority, approved),
     .fallback = "0",
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the discount beyond the limit that is approved."},
    {.type = PS_FIELD_END},
};
static const ps_shape authority_shape = {"authority", sizeof(ps_authority), authority_fields,
                                         "A new limit on negotiated discounts."};

static const ps_field negotiated_fields[] = {
    {.key = "distribution",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_negotiated, distribution),
     .flags = PS_REQUIRED,
     .sub = &distribution_shape,
     .doc = "Observed discounts."},
    {.key = "authority",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_negotiated, authority),
     .sub = &authority_shape,
     .doc = "What sales people may give from the first period on; left out: what was observed."},
    {.key = "overlap",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_negotiated, overlap),
     .fallback = "0",
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the negotiated discount that a promotion replaces."},
    {.type = PS_FIELD_END},
};
const ps_shape ps_negotiated_shape = {"negotiated", sizeof(ps_negotiated), negotiated_fields,
                                      "Discounts that sales people give (pipeline scope)."};

void ps_negotiated_nodes(double zero, double a, double b, double depth[PS_DISCOUNT_NODES],
                         double weight[PS_DISCOUNT_NODES])
{
    const ps_dist beta = {.law = PS_LAW_BETA, .p = {a, b}, .sign = 1.0};

    depth[0] = 0.0;
    weight[0] = zero;
    for (int n = 1; n < PS_DISCOUNT_NODES; n++) {
        depth[n] = ps_dist_quantile(&beta, (n - 0.5) / (PS_DISCOUNT_NODES - 1));
        weight[n] = (1.0 - zero) / (PS_DISCOUNT_NODES - 1);
    }
}
