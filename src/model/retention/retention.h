/* SPDX-License-Identifier: GPL-3.0-or-later */
/* After the sale: how customers leave, and what one is worth. */
#ifndef PS_MODEL_RETENTION_H
#define PS_MODEL_RETENTION_H

#include "math/number.h"
#include "math/sbg.h"

/* One of three. */
typedef struct {
    ps_rate rate;          /* part that leaves per unit of time ... */
    ps_number alpha, beta; /* ... or an sBG law ... */
    ps_plains survivors;   /* ... or counts of a cohort to fit one to */
} ps_churn;

enum { PS_PAID_IN_ADVANCE, PS_PAID_IN_ARREARS };

typedef struct {
    ps_churn *churn;
    double term_months; /* of offers without a contract; 0: not given */
    ps_number margin;   /* of a customer per term */
    int payments;
    double years; /* 0: without end */
} ps_retention;

extern const ps_shape ps_retention_shape;

#endif
