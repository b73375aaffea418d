/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Queues of deals before a stage: those of its capacity and of the teams of sales models. */
#ifndef PS_ENGINE_HOT_QUEUE_H
#define PS_ENGINE_HOT_QUEUE_H

#include "engine/hot.h"

/* A queue before a stage: lines that share its room, each with its deals by period of arrival. */
typedef struct {
    int first, head;        /* its first row of queue and queue_value, its row of queue_head */
    int lines, channels;    /* rows; channels of each, the last being days */
    const bool *in;         /* [lines] which of them wait here; NULL: all */
    ps_lanes *effort;       /* [lines] room that a deal takes; NULL: 1 */
    double *debt;           /* room already promised, not above 0; NULL: none can be */
    const double *gives_up; /* part of those that wait afterwards; NULL: nobody */
    double *lost;           /* gets them added */
    const uint32_t *stream; /* [lines] of their luck */
    double *used;           /* receives the room that was taken; may be NULL */
} ps_queue;

/* `arriving` [lines][channels] joins the queue; on return it holds what is taken up now. bound: 1
 * in lanes where deals wait afterwards. */
void ps_hot_admit(ps_work *w, const ps_queue *queue, const double *room, ps_lanes *arriving,
                  double *restrict bound);
/* hot_capacity.c: `arriving` [lines][channels] joins the queue before stage g; on return it holds
 * what its capacity takes up now */
void ps_hot_stage_capacity(ps_work *w, int g, int lines, int channels, ps_lanes *arriving);
/* hot_sales.c: effort, hours and pay of a batch; deals that the teams take up before stage g */
void ps_hot_sales_setup(ps_work *w);
void ps_hot_take_up(ps_work *w, int g, ps_lanes *line);

#endif
