/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/economics/economics.h"

static const ps_field vat_fields[] = {
    {.key = "rate",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_vat, rate),
     .flags = PS_REQUIRED,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Value-added tax on the net price."},
    {.key = "prices_include",
     .type = PS_FIELD_BOOL,
     .offset = offsetof(ps_vat, prices_include),
     .fallback = "false",
     .doc = "Prices of the scenario include it; money is then counted net."},
    {.type = PS_FIELD_END},
};
const ps_shape ps_vat_shape = {"vat", sizeof(ps_vat), vat_fields, "Value-added tax."};

static const char *const of_names[] = {"running", "list", NULL};

static const ps_field paid_fields[] = {
    {.key = "upfront",
     .type = PS_FIELD_BOOL,
     .offset = offsetof(ps_paid, upfront),
     .fallback = "false",
     .doc = "Everything at the signing, a contract's whole term; nothing of it is ever bad debt."},
    {.key = "days_later",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_paid, days_later),
     .flags = PS_OPEN_MIN,
     .max = 3660,
     .unit = PS_UNIT_DAYS,
     .doc = "Or so many days later than the others."},
    {.type = PS_FIELD_END},
};
static const ps_shape paid_shape = {"paid", sizeof(ps_paid), paid_fields,
                                    "When those who take a step of the waterfall pay."};

static const ps_field step_fields[] = {
    {.key = "of",
     .type = PS_FIELD_ENUM,
     .offset = offsetof(ps_step, of),
     .names = of_names,
     .fallback = "\"running\"",
     .doc = "Base of the rate: the running price or the list price."},
    {.key = "rate",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_step, rate),
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the base."},
    {.key = "amount",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_step, amount),
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "Or an amount per unit."},
    {.key = "take_up",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_step, take_up),
     .fallback = "1",
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the sales to which it applies."},
    {.key = "paid",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_step, paid),
     .sub = &paid_shape,
     .doc = "Prepay or extended terms: those who take it pay at another time."},
    {.type = PS_FIELD_END},
};
static const ps_shape step_shape = {"step", sizeof(ps_step), step_fields,
                                    "A step of the price waterfall; rate or amount."};

static const ps_field waterfall_fields[] = {
    {.key = "order",
     .type = PS_FIELD_ORDER,
     .offset = offsetof(ps_waterfall, order),
     .refers = PS_REF_STEP,
     .doc = "Steps and the reserved names negotiated, promotion, invoice, from the list price "
            "down; steps before invoice are on the invoice."},
    {.key = "steps",
     .type = PS_FIELD_MAP,
     .offset = offsetof(ps_waterfall, steps),
     .flags = PS_REQUIRED,
     .max = 32,
     .sub = &step_shape,
     .doc = "The steps."},
    {.type = PS_FIELD_END},
};
const ps_shape ps_waterfall_shape = {"waterfall", sizeof(ps_waterfall), waterfall_fields,
                                     "From list price to invoice price to pocket price."};

static const char *const billing_names[] = {"annual", "quarterly", "monthly", "upfront", NULL};

static const ps_field contract_fields[] = {
    {.key = "months",
     .type = PS_FIELD_WHOLE,
     .offset = offsetof(ps_contract, months),
     .flags = PS_REQUIRED,
     .min = 1,
     .max = 120,
     .doc = "Term; revenue is recognised straight-line over it."},
    {.key = "billing",
     .type = PS_FIELD_ENUM,
     .offset = offsetof(ps_contract, billing),
     .names = billing_names,
     .fallback = "\"annual\"",
     .doc = "When it is invoiced, always in advance."},
    {.key = "discount_persists",
     .type = PS_FIELD_BOOL,
     .offset = offsetof(ps_contract, discount_persists),
     .fallback = "false",
     .doc = "Annual recurring revenue counts the discounted price; else the price without "
            "promotions."},
    {.type = PS_FIELD_END},
};
const ps_shape ps_contract_shape = {"contract", sizeof(ps_contract), contract_fields,
                                    "Contract term and billing."};

static const ps_field bundle_fields[] = {
    {.key = "of",
     .type = PS_FIELD_REFS,
     .offset = offsetof(ps_bundle, of),
     .flags = PS_REQUIRED,
     .refers = PS_REF_OFFER,
     .doc = "The own offers that are bought together, two at least; the first is the one whose "
            "buyers are counted."},
    {.key = "attach",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_bundle, attach),
     .flags = PS_REQUIRED | PS_OPEN_MIN | PS_OPEN_MAX | PS_NEEDS_RANGE,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of today's buyers of the first offer who take the others, too."},
    {.type = PS_FIELD_END},
};
const ps_shape ps_bundle_shape = {"bundle", sizeof(ps_bundle), bundle_fields,
                                  "A purchase of several own offers together."};

static const ps_field dispute_fields[] = {
    {.key = "share",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_dispute, share),
     .flags = PS_REQUIRED,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the invoices."},
    {.key = "days",
     .type = PS_FIELD_SPREAD,
     .offset = offsetof(ps_dispute, days),
     .flags = PS_REQUIRED,
     .max = 3653,
     .unit = PS_UNIT_DAYS,
     .doc = "Days from invoice to payment of a disputed invoice."},
    {.type = PS_FIELD_END},
};
static const ps_shape dispute_shape = {"dispute", sizeof(ps_dispute), dispute_fields,
                                       "Disputed invoices."};

static const char *const invoices_names[] = {"as_signed", "period_start", "period_end", NULL};

static const ps_field payment_fields[] = {
    {.key = "days",
     .type = PS_FIELD_SPREAD,
     .offset = offsetof(ps_payment, days),
     .flags = PS_REQUIRED,
     .max = 3653,
     .unit = PS_UNIT_DAYS,
     .doc = "Days from invoice to payment."},
    {.key = "invoices",
     .type = PS_FIELD_ENUM,
     .offset = offsetof(ps_payment, invoices),
     .names = invoices_names,
     .fallback = "\"as_signed\"",
     .doc = "When in their period invoices go out: all through it, on its first day, or, as many "
            "do, all together on its last."},
    {.key = "disputed",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_payment, disputed),
     .sub = &dispute_shape,
     .doc = "Disputed invoices, paid later."},
    {.key = "bad_debt",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_payment, bad_debt),
     .fallback = "0",
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the invoiced value that is never paid; its cost is still borne."},
    {.type = PS_FIELD_END},
};
const ps_shape ps_payment_shape = {"payment", sizeof(ps_payment), payment_fields,
                                   "From invoice to cash."};

static const ps_field costs_fields[] = {
    {.key = "per_lead",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_costs, per_lead),
     .max = 1e9,
     .unit = PS_UNIT_MONEY,
     .doc = "Acquisition: spent on every lead created."},
    {.key = "fixed_per_month",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_costs, fixed_per_month),
     .max = 1e12,
     .unit = PS_UNIT_MONEY,
     .doc = "Fixed cost charged against the contribution."},
    {.key = "once",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_costs, once),
     .max = 1e12,
     .unit = PS_UNIT_MONEY,
     .doc = "Spent in the first period."},
    {.key = "discount_rate_per_year",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_costs, discount_rate_per_year),
     .flags = PS_OPEN_MIN,
     .min = -1,
     .max = 10,
     .unit = PS_UNIT_SIGNED_FRAC,
     .doc = "For the net present value."},
    {.type = PS_FIELD_END},
};
const ps_shape ps_costs_shape = {"costs", sizeof(ps_costs), costs_fields,
                                 "Costs that are not per unit."};
