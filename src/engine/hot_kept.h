/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a batch keeps of each segment, and of the lives of its customers. */
#ifndef PS_ENGINE_HOT_KEPT_H
#define PS_ENGINE_HOT_KEPT_H

#include "engine/plan.h"

enum {
    PS_SEG_LEADS,
    PS_SEG_ENTERED,
    PS_SEG_DECIDED,
    PS_SEG_EVENTUAL,
    PS_SEG_METRICS, /* those above: in every period */
    PS_SEG_ACQUISITION = PS_SEG_METRICS,
    PS_SEG_CUSTOMERS,
    PS_SEG_EARNED,   /* pocket margin less acquisition */
    PS_SEG_LIFETIME, /* from here on with retention: value of the customers ... */
    PS_SEG_VALUED,   /* ... of these ... */
    PS_SEG_COST,     /* ... who cost that ... */
    PS_SEG_NET,      /* ... and are worth so much more */
    PS_SEG_REPAID,   /* customers whose margins pay the acquisition back, after so many ... */
    PS_SEG_MONTHS,   /* ... months */
    PS_SEG_BEYOND,   /* value after the horizon of those who signed in it */
    PS_SEG_REFERRED, /* leads that customers brought */
    PS_SEG_ROWS      /* all: of the whole walk */
};

/* Of plans with retention: margins of 1 per term, discounted. */
typedef struct {
    ps_lanes *leave;  /* [S][I] probability to leave at the end of a term, where all are alike */
    ps_lanes *worth;  /* [S][I] sum of all that count; -1: without bound */
    ps_lanes *first;  /* [S][I] the first of them */
    ps_lanes *beyond; /* [S][life->payments] those after so many terms */
    ps_lanes *later;  /* [S][I] of who signed in the horizon: those after it ... */
    ps_lanes *late;   /* [S][I] ... and the first ones that come after it */
    ps_lanes *refer_open; /* [S] leads that customers brought per period before the start */
    ps_lanes *referred;   /* [S][T_end] of a walk */
    ps_lanes *refer_tape; /* [T_end][S] of R0 */
} ps_life;

#endif
