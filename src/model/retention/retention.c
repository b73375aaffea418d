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

static const char *const payment_names[] = {"advance", "arrears", NULL};

static const ps_field retention_fields[] = {
    {.key = "churn",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_retention, churn),
     .flags = PS_REQUIRED,
     .sub = &churn_shape,
     .doc = "How customers leave."},
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
const ps_shape ps_retention_shape = {"retention", sizeof(ps_retention), retention_fields,
                                     "After the sale (pipeline). `explain --derived` tells the "
                                     "lifetime value of a customer from it; "
                                     "the projection itself has no renewals, nobody leaves in it."};
