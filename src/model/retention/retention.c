/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/retention/retention.h"

static const ps_field churn_fields[] = {
    {.type = PS_FIELD_RATE,
     .offset = offsetof(ps_churn, rate),
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the customers that leaves in that time, the same for all; they leave at the "
            "ends of terms."},
    {.key = "alpha",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_churn, alpha),
     .min = 1e-3,
     .max = 1e5,
     .unit = PS_UNIT_RATIO,
     .doc = "Or customers differ: the probability of one to leave at the end of a term has a beta "
            "law (sBG); its first parameter."},
    {.key = "beta",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_churn, beta),
     .min = 1e-3,
     .max = 1e5,
     .unit = PS_UNIT_RATIO,
     .doc = "Its second parameter."},
    {.key = "survivors",
     .type = PS_FIELD_PLAINS,
     .offset = offsetof(ps_churn, survivors),
     .min = 3,
     .max = 1000,
     .unit = PS_UNIT_COUNT,
     .doc = "Or both from data: customers of one cohort at the start and after each term."},
    {.type = PS_FIELD_END},
};
static const ps_shape churn_shape = {"churn", sizeof(ps_churn), churn_fields,
                                     "How customers leave: a rate, alpha and beta, or survivors."};

static const char *const price_names[] = {"kept", "list", NULL};

static const ps_field renewal_fields[] = {
    {.key = "price",
     .type = PS_FIELD_ENUM,
     .offset = offsetof(ps_renewal, price),
     .names = price_names,
     .fallback = "\"kept\"",
     .doc = "A contract is renewed at its own list price so far, or at the list price of the day; "
            "who has none buys at that of the day."},
    {.key = "increase",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_renewal, increase),
     .flags = PS_OPEN_MIN,
     .fallback = "0",
     .min = -1,
     .max = 10,
     .unit = PS_UNIT_SIGNED_FRAC,
     .doc = "Added to the kept price of each customer who signed before `from`: once, at his first "
            "renewal from then on."},
    {.key = "from",
     .type = PS_FIELD_DATE,
     .offset = offsetof(ps_renewal, from),
     .doc = "First day of the increase, which begins with the next period to start; left out: the "
            "start."},
    {.key = "increase_per_year",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_renewal, increase_per_year),
     .flags = PS_OPEN_MIN,
     .fallback = "0",
     .min = -1,
     .max = 10,
     .unit = PS_UNIT_SIGNED_FRAC,
     .doc = "Growth of the kept price, at each renewal for the months of the term."},
    {.key = "churn_elasticity",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_renewal, churn_elasticity),
     .fallback = "0",
     .min = 0,
     .max = 100,
     .unit = PS_UNIT_RATIO,
     .doc = "Per cent by which the odds to leave grow when the price paid grows by one per cent."},
    {.type = PS_FIELD_END},
};
static const ps_shape renewal_shape = {
    "renewal", sizeof(ps_renewal), renewal_fields,
    "Signing again at the end of a term: it puts the customers into the projection."};

static const ps_field referral_fields[] = {
    {.type = PS_FIELD_RATE,
     .offset = offsetof(ps_referral, rate),
     .flags = PS_REQUIRED,
     .max = 1e6,
     .unit = PS_UNIT_COUNT,
     .doc = "Leads that a customer brings in that time: they come one period after, to his segment "
            "and channel, and cost nothing per lead."},
    {.type = PS_FIELD_END},
};
static const ps_shape referral_shape = {"referral", sizeof(ps_referral), referral_fields,
                                        "Leads that customers bring."};

static const char *const payment_names[] = {"advance", "arrears", NULL};

static const ps_field retention_fields[] = {
    {.key = "churn",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_retention, churn),
     .flags = PS_REQUIRED,
     .sub = &churn_shape,
     .doc = "How customers leave."},
    {.key = "renewal",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_retention, renewal),
     .sub = &renewal_shape,
     .doc = "Those who stay sign or buy again in the projection; left out: `retention` tells the "
            "lifetime value alone."},
    {.key = "referral",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_retention, referral),
     .sub = &referral_shape,
     .doc = "Customers bring leads. With `renewal`."},
    {.key = "customers",
     .type = PS_FIELD_NUMBER_MAP,
     .offset = offsetof(ps_retention, customers),
     .refers = PS_REF_SEGMENT,
     .min = 0,
     .max = 1e12,
     .unit = PS_UNIT_COUNT,
     .doc =
         "Customers at the start by segment; of a segment left out: what `funnel.opening` steady "
         "would have signed, otherwise none. With `renewal`."},
    {.key = "history_years",
     .type = PS_FIELD_PLAIN,
     .offset = offsetof(ps_retention, history_years),
     .flags = PS_OPEN_MIN,
     .fallback = "10",
     .min = 0,
     .max = 50,
     .doc = "Years for which customers have been signed before the start. With `renewal`."},
    {.key = "term_months",
     .type = PS_FIELD_PLAIN,
     .offset = offsetof(ps_retention, term_months),
     .flags = PS_OPEN_MIN,
     .max = 120,
     .doc = "Customers of an offer without a contract buy again or leave every so many months; "
            "with one: contract.months."},
    {.key = "margin",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_retention, margin),
     .min = -1e12,
     .max = 1e12,
     .unit = PS_UNIT_MONEY,
     .doc = "Margin of one customer per term; left out: the pocket margin of a deal at today's "
            "price, less bad debt."},
    {.key = "payments",
     .type = PS_FIELD_ENUM,
     .offset = offsetof(ps_retention, payments),
     .names = payment_names,
     .fallback = "\"advance\"",
     .doc = "The margin of a term comes at its start, or at its end from those who stay."},
    {.key = "years",
     .type = PS_FIELD_PLAIN,
     .offset = offsetof(ps_retention, years),
     .flags = PS_OPEN_MIN,
     .max = 100,
     .doc = "Margins count so long after signing; left out: without end."},
    {.type = PS_FIELD_END},
};
const ps_shape ps_retention_shape = {
    "retention", sizeof(ps_retention), retention_fields,
    "After the sale (pipeline): how customers leave, what one is worth, and with `renewal` the "
    "customers of the projection."};
