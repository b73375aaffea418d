/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of a brand that sells to shops: what a sale at a shelf price is worth to it. docs/model/seller.md
 */
#ifndef PS_ENGINE_HOT_WHOLESALE_H
#define PS_ENGINE_HOT_WHOLESALE_H

#include "engine/hot.h"

/* Wholesale money per money of the shelf, net of VAT, of a change of offer i's price in cell s
 * (-1: without the terms of channels). */
void ps_hot_wholesale_rate(const ps_work *w, int s, int i, double *restrict rate);

/* Units, list value and discounts of sales of offer i in cell s, from shelf to wholesale money. */
void ps_hot_wholesale(const ps_work *w, int s, int i, ps_lanes *row);

#endif
