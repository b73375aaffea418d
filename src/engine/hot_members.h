/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Members of segments: how many occasions are theirs, whom they are joined by, what they pay.
 * docs/model/members.md */
#ifndef PS_ENGINE_HOT_MEMBERS_H
#define PS_ENGINE_HOT_MEMBERS_H

#include "engine/hot.h"

/* Of a batch, in cell s: its price sensitivity relative to the others. */
void ps_hot_relative(ps_work *w, int s);

/* Of a batch, in cell s, whose w->arrivals are those of its members and the others together: its
 * own, at the start and by period. */
void ps_hot_member_arrivals(ps_work *w, int s);

/* Start of a period: who joined brings the memories of those who are no members. */
void ps_hot_join(ps_work *w);

/* Adds the fees that promotion m brings in this period. */
void ps_hot_fees(const ps_work *w, int m, double *restrict fees);

/* For the split: all that each promotion brings. */
void ps_hot_fees_touched(ps_work *w);

#endif
