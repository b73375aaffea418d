/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "engine/result.h"

const ps_metric_info ps_metric_table[PS_METRICS] = {
#define PS_METRIC(id, unit, kind, numerator, denominator, series, by, label)                       \
    {#id, label, PS_METRIC_##unit, PS_METRIC_IS_##kind, numerator, denominator, series, by},
#include "engine/metric.def"
#undef PS_METRIC
};

int ps_metric_find(const char *id)
{
    for (int m = 0; m < PS_METRICS; m++) {
        if (ps_metric_table[m].label && strcmp(ps_metric_table[m].id, id) == 0) {
            return m;
        }
    }
    return -1;
}
