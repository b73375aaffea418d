/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/demand/members.h"

static const ps_field joining_fields[] = {
    {.type = PS_FIELD_RATE,
     .offset = offsetof(ps_joining, rate),
     .flags = PS_REQUIRED,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of those who are no members yet that joins."},
    {.type = PS_FIELD_END},
};
static const ps_shape joining_shape = {"joining", sizeof(ps_joining), joining_fields,
                                       "New members."};

static const ps_field occasions_fields[] = {
    {.type = PS_FIELD_RATE,
     .offset = offsetof(ps_occasions, rate),
     .flags = PS_REQUIRED | PS_OPEN_MIN,
     .max = 1e6,
     .unit = PS_UNIT_COUNT,
     .doc = "Purchase occasions of one member, those without a purchase included."},
    {.type = PS_FIELD_END},
};
static const ps_shape occasions_shape = {"occasions", sizeof(ps_occasions), occasions_fields,
                                         "How often a member comes."};

static const ps_field members_fields[] = {
    {.key = "share",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_members, share),
     .flags = PS_REQUIRED | PS_OPEN_MIN | PS_OPEN_MAX,
     .max = 1,
     .unit = PS_UNIT_FRAC,
     .doc = "Part of the segment's purchase occasions that is members', when the calendar starts; "
            "of a new club a small one."},
    {.key = "joining",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_members, joining),
     .sub = &joining_shape,
     .doc = "Who joins; left out: nobody."},
    {.key = "occasions",
     .type = PS_FIELD_OBJECT,
     .offset = offsetof(ps_members, occasions),
     .sub = &occasions_shape,
     .doc = "How often one member comes: turns occasions into people, who pay a fee."},
    {.key = "relative_sensitivity",
     .type = PS_FIELD_NUMBER,
     .offset = offsetof(ps_members, relative_sensitivity),
     .fallback = "1",
     .max = 1000,
     .unit = PS_UNIT_RATIO,
     .doc = "Their price sensitivity relative to the segment's others, with market.choice."},
    {.key = "preference",
     .type = PS_FIELD_NUMBER_MAP,
     .offset = offsetof(ps_members, preference),
     .max = 1e6,
     .refers = PS_REF_ALTERNATIVE,
     .unit = PS_UNIT_RATIO,
     .doc = "Their preference index of alternatives relative to the segment's others, with "
            "market.choice; left out: 1."},
    {.type = PS_FIELD_END},
};
const ps_shape ps_members_shape = {"members", sizeof(ps_members), members_fields,
                                   "The segment's members."};
