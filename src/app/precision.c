/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/precision.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

ps_status ps_precision_parse(const ps_arguments *arguments, double *out)
{
    const char *value = ps_arguments_value(arguments, "precision");

    *out = 0.0;
    if (value == NULL) {
        return PS_OK;
    }
    const size_t length = strlen(value), percent = length > 0 && value[length - 1] == '%';
    double number = 0.0;

    if (!ps_text_read_number(value, length - percent, &number) ||
        !((*out = percent ? number / 100.0 : number) >= 1e-6) || *out >= 1.0) {
        return ps_usage_error("--precision: a part of the mean like 0.5%% or 0.005 expected, at "
                              "least 0.0001%%; '%s' found",
                              value);
    }
    return PS_OK;
}

double ps_precision_reached(const ps_result *result, int *metric)
{
    static const int headline[] = {PS_METRIC_revenue, PS_METRIC_contribution, PS_METRIC_units};
    double worst = 0.0;

    *metric = headline[0];
    for (size_t k = 0; k < sizeof headline / sizeof headline[0]; k++) {
        const ps_figure *f = &result->summary[headline[k]];
        const double error = f->se > 0.0 ? f->se / fabs(f->mean) : 0.0;

        if (result->has[headline[k]] && !(error <= worst)) {
            worst = error;
            *metric = headline[k];
        }
    }
    return worst;
}

double ps_precision_next(int64_t paths, double reached, double asked)
{
    const double wanted = (double)paths * (reached / asked) * (reached / asked);
    double next = 2.0 * (double)paths;

    while (next < wanted) {
        next *= 2.0;
    }
    return next;
}
