/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --precision: as many paths as it takes for the simulation error of the headline figures. */
#ifndef PS_APP_PRECISION_H
#define PS_APP_PRECISION_H

#include "app/app.h"
#include "engine/result.h"

/* "0.5%" or 0.005: the largest simulation error, as a part of the mean; 0 when the option is not
 * given. PS_ERR_USAGE after a message. */
ps_status ps_precision_parse(const ps_arguments *arguments, double *out);

/* Largest se / |mean| of revenue, contribution and units; `metric` is the one. */
double ps_precision_reached(const ps_result *result, int *metric);

/* The paths to try next when `paths` gave `reached`: twice, four times, eight times ... as many. */
double ps_precision_next(int64_t paths, double reached, double asked);

#endif
