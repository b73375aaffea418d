/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The members of a segment: the part of its purchase occasions for which member prices hold. */
#ifndef PS_MODEL_MEMBERS_H
#define PS_MODEL_MEMBERS_H

#include "math/number.h"

typedef struct {
    ps_rate rate;
} ps_joining;

typedef struct {
    ps_rate rate;
} ps_occasions;

typedef struct {
    ps_number share;                /* of the occasions, at the start */
    ps_joining *joining;            /* part of the others who join */
    ps_occasions *occasions;        /* of one member */
    ps_number relative_sensitivity; /* times the segment's, with the market's choice */
    ps_number_map preference;       /* the same */
} ps_members;

extern const ps_shape ps_members_shape;

#endif
