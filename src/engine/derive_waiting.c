/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long a deal waits for a representative when deals come at random: the queue M/M/c (Erlang
 * 1917). The walk takes deals up from the hours of a period and knows no such luck.
 * docs/model/sales.md */
#include <math.h>

#include "engine/derive_parts.h"

/* Chance that all of c servers are busy, who are offered `load` (< c) in units of one. */
static double all_busy(double load, double c)
{
    double blocked = 1.0; /* Erlang B, from no server on */

    for (double k = 1.0; k <= c; k++) {
        blocked = load * blocked / (k + load * blocked);
    }
    return blocked / (1.0 - load / c * (1.0 - blocked));
}

void ps_derive_waiting(ps_derive_state *state, const char *id, double deals, double hours,
                       const ps_derive_team *team)
{
    const double c = team->people, each = team->hours / c;  /* hours of one */
    const double load = hours / each, serve = deals / load; /* deals per period that one serves */
    const double day = 1.0 / state->plan->period_days;

    if (!(c >= 1.0) || c != floor(c) || !(deals > 0.0) || !(load < c) || !(load > 0.0)) {
        return;
    }
    const double busy = all_busy(load, c), spare = c * serve - deals;

    ps_derive_put(state, "frac",
                  "Chance that a deal waits for a representative, if deals come at random and take "
                  "exponentially distributed hours (Erlang C).",
                  busy, "sales/%s/p_wait", id);
    ps_derive_put(state, "frac", "Chance that it waits more than a day.", busy * exp(-spare * day),
                  "sales/%s/p_wait_over_a_day", id);
    ps_derive_put(state, "days", "Mean days that a deal waits.", busy / spare / day,
                  "sales/%s/wait_days", id);
    ps_derive_put(state, "days", "Mean days until a representative is done with a deal.",
                  (busy / spare + 1.0 / serve) / day, "sales/%s/days", id);
    ps_derive_put(state, "count", "Mean number of waiting deals.", busy / spare * deals,
                  "sales/%s/waiting", id);
}
