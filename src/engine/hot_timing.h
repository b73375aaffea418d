/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Purchases that move in time: waiting and borrowing, deals that decide sooner. */
#ifndef PS_ENGINE_HOT_TIMING_H
#define PS_ENGINE_HOT_TIMING_H

#include "engine/hot.h"

/* hot_timing.c */
bool ps_hot_timing_live(const ps_work *w);
/* Promotions that change the arrivals: by traffic, and above them by waiting. */
uint64_t ps_hot_arrival_set(const ps_work *w, const ps_pass *pass);
void ps_hot_timing_start(ps_work *w); /* of a walk */
/* hot_hurry.c: hazards of the segment's classes; deciders of class e (-1: all); the cohorts after
 * the decisions */
void ps_hot_hurry(ps_work *w, int s);
void ps_hot_hurry_deciders(ps_work *w, int s, int e);
void ps_hot_hurry_parts(ps_work *w); /* hurry_part holds the deciders of each class */
void ps_hot_hurry_pass(ps_work *w, int s);
void ps_hot_hurry_start(ps_work *w);
void ps_hot_wait(ps_work *w, int s, double *restrict n);
void ps_hot_borrow(ps_work *w, int s, const double *first);

#endif
