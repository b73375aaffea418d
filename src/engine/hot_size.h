/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Laws of what differs between deals, in a lane: hot_size.c. */
#ifndef PS_ENGINE_HOT_SIZE_H
#define PS_ENGINE_HOT_SIZE_H

#include "engine/hot.h"

/* Distribution of a spread in one lane. */
ps_dist ps_hot_lane_dist(const ps_work *w, const ps_spread *spread, int l);

/* Mean size of the deals of cell s that are large enough for all stages. */
void ps_hot_mean_size(ps_work *w, int s);

/* Part of the deals of cell s that stage g lets in, of those that come to it: of its bands, and
 * large enough. c[] is multiplied by it. */
void ps_hot_let_in(const ps_work *w, int g, int s, double *restrict c);

#endif
