/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sales model: how deals are sold (self-service, inside, field, partner), what it changes in the
 * funnel, what it costs, and the people who do it. docs/model/sales.md */
#ifndef PS_MODEL_SALES_MODEL_H
#define PS_MODEL_SALES_MODEL_H

#include "math/number.h"

typedef struct {
    ps_rate rate;
} ps_team_rate;

typedef struct {
    int from; /* first day */
    ps_number representatives;
} ps_hire;

typedef struct {
    ps_number representatives; /* at the start, fully productive */
    ps_list hires;             /* ps_hire */
    ps_number ramp_days;       /* until a hire is fully productive */
    ps_team_rate *hours;       /* of selling, of one representative */
    ps_team_rate *pay;         /* of one representative; NULL: none */
    ps_ref takes_up;           /* stage that a deal enters only when there are hours for it */
} ps_model_team;

typedef struct {
    ps_entry entry;
    ps_map stages;                /* ps_stage_change */
    ps_number fee, cost_to_serve; /* part of the invoice price; money per unit */
    ps_model_team *team;          /* NULL: any number of deals */
} ps_sales_model;

extern const ps_shape ps_sales_model_shape;

#endif
