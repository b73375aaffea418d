/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a batch adds to job->collection (none: NULL). */
#ifndef PS_ENGINE_HOT_COLLECT_H
#define PS_ENGINE_HOT_COLLECT_H

#include "engine/hot.h"

/* The values of series in period w->t of the batch's own walk. */
void ps_hot_collect_period(const ps_work *work);
/* After that walk, before attribution walks again: everything else but what promotions earn. */
void ps_hot_collect(const ps_work *work, const ps_job *job);
/* After the walks of attribution: what promotions earn. */
void ps_hot_collect_earnings(const ps_work *work, const ps_job *job);

#endif
