/* SPDX-License-Identifier: GPL-3.0-or-later */
/* After the sale: how customers leave, renew, and what one is worth. */
#ifndef PS_MODEL_RETENTION_H
#define PS_MODEL_RETENTION_H

#include "base/field.h"
#include "math/number.h"
#include "math/sbg.h"

/* One of three. */
typedef struct {
    ps_rate rate;          /* part that leaves per unit of time ... */
    ps_number alpha, beta; /* ... or an sBG law ... */
    ps_plains survivors;   /* ... or counts of a cohort to fit one to */
} ps_churn;

enum { PS_PAID_IN_ADVANCE, PS_PAID_IN_ARREARS };

enum { PS_RENEWED_AT_KEPT, PS_RENEWED_AT_LIST };

/* Signing again at the end of a term. */
typedef struct {
    int price;
    ps_number increase; /* of the kept price, once, for who signed before ... */
    int from;           /* ... this day; PS_NO_DATE: the start */
    ps_number increase_per_year;
    ps_number churn_elasticity;
} ps_renewal;

typedef struct {
    ps_rate rate; /* leads of a customer */
} ps_referral;

typedef struct {
    ps_churn *churn;
    ps_renewal *renewal;     /* NULL: nobody renews in the projection */
    ps_referral *referral;   /* NULL: nobody brings leads */
    ps_number_map customers; /* SEGMENT: at the start; left out: by the funnel's opening */
    double history_years;    /* of signings before the start */
    double term_months;      /* of offers without a contract; 0: not given */
    ps_number margin;        /* of a customer per term */
    int payments;
    double years; /* 0: without end */
} ps_retention;

extern const ps_shape ps_retention_shape;

#endif
