/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/sales/sales_model.h"

#include "model/stage_change.h"

static const ps_field hire_fields[] = {
    {.key = "from",
     .type = PS_FIELD_DATE,
     .offset = offsetof(ps_hire, from),
     .flags = PS_REQUIRED,
     .doc = "First day."},
    {.key = "representatives",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_hire, representatives),
     .flags = PS_REQUIRED,
     .max = 1e6,
     .unit = PS_UNIT_COUNT,
     .doc = "How many come."},
    {.type = PS_FIELD_END},
};
static const ps_shape hire_shape = {"hire", sizeof(ps_hire), hire_fields,
                                    "Representatives who come later."};

static const ps_field hours_fields[] = {
    {.type = PS_FIELD_RATE,
     .offset = offsetof(ps_team_rate, rate),
     .flags = PS_REQUIRED,
     .max = 1e6,
     .unit = PS_UNIT_COUNT,
     .doc = "Hours of work on deals."},
    {.type = PS_FIELD_END},
};
static const ps_shape hours_shape = {"selling_hours", sizeof(ps_team_rate), hours_fields,
                                     "Hours that a representative has for deals."};

static const ps_field pay_fields[] = {
    {.type = PS_FIELD_RATE,
     .offset = offsetof(ps_team_rate, rate),
     .flags = PS_REQUIRED,
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "Money."},
    {.type = PS_FIELD_END},
};
static const ps_shape pay_shape = {"pay", sizeof(ps_team_rate), pay_fields,
                                   "What a representative costs, commission left out."};

static const ps_field team_fields[] = {
    {.key = "representatives",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_model_team, representatives),
     .flags = PS_REQUIRED,
     .max = 1e6,
     .unit = PS_UNIT_COUNT,
     .doc = "Representatives at the start, fully productive."},
    {.key = "hires",
     .type = PS_FIELD_LIST,
     .offset = offsetof(ps_model_team, hires),
     .max = 100,
     .sub = &hire_shape,
     .doc = "Representatives who come later."},
    {.key = "ramp_days",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_model_team, ramp_days),
     .fallback = "0",
     .max = 3653,
     .unit = PS_UNIT_DAYS,
     .doc = "Days over which a hire's hours grow from none to all of them, evenly."},
    {.key = "hours",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_model_team, hours),
     .flags = PS_REQUIRED,
     .sub = &hours_shape,
     .doc = "Hours that a representative has for deals."},
    {.key = "pay",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_model_team, pay),
     .sub = &pay_shape,
     .doc = "What a representative costs from the first day on, commission left out; part of the "
            "acquisition cost."},
    {.key = "takes_up",
     .type = PS_FIELD_REF,
     .offset = offsetof(ps_model_team, takes_up),
     .flags = PS_REQUIRED,
     .refers = PS_REF_STAGE,
     .doc = "Stage that a deal enters when the team has the hours for all that it will take; the "
            "others wait before it, the oldest first."},
    {.type = PS_FIELD_END},
};
static const ps_shape team_shape = {"model_team", sizeof(ps_model_team), team_fields,
                                    "The people of a sales model."};

static const ps_field model_fields[] = {
    {.key = "stages",
     .type = PS_FIELD_MAP,
     .offset = offsetof(ps_sales_model, stages),
     .sub = &ps_stage_change_shape,
     .max = 16,
     .doc = "What is otherwise in stages of the funnel; a channel's change comes first."},
    {.key = "fee",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_sales_model, fee),
     .fallback = "0",
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the invoice price that a partner keeps, beside the channel's fee."},
    {.key = "cost_to_serve",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_sales_model, cost_to_serve),
     .fallback = "0",
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "Cost to serve a unit sold in this way: onboarding, care; a step of the waterfall."},
    {.key = "team",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_sales_model, team),
     .sub = &team_shape,
     .doc = "The people who sell; left out: any number of deals is served."},
    {.type = PS_FIELD_END},
};
const ps_shape ps_sales_model_shape = {"sales_model", sizeof(ps_sales_model), model_fields,
                                       "How deals are sold: self-service, by inside or field "
                                       "sales, by partners."};
