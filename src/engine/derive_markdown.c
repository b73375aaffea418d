/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a season's stock can bring at best, and at which price it is sold now, if the price may move
 * at every moment (Gallego and van Ryzin 1994). Buyers come as a Poisson stream and are willing to
 * pay exponentially distributed amounts: the one law with a closed form. docs/model/limits.md */
#include <math.h>

#include "engine/derive_parts.h"
#include "model/demand/demand.h"

typedef struct {
    double buyers;   /* who still come */
    double mean;     /* of what they are willing to pay */
    double units;    /* in stock, whole */
    double end;      /* worth of a unit that is left, at the prices that buyers see */
    double of_price; /* what is left of a price without VAT */
} season;

/* Arrivals of the horizon without promotions. */
static double buyers(const ps_work *w)
{
    const ps_plan *p = w->plan;
    double sum = 0.0;

    for (int s = 0; s < p->S; s++) {
        for (int t = 0; t < p->T; t++) {
            const double growth = p->segment[s].growth_per != 0.0 ? exp2(w->growth[s][0] * t) : 1.0;

            sum += w->arrivals[s][0] * p->segment[s].season[t] * growth;
        }
    }
    return sum;
}

/* ln of the sum of x^k / k!, k = 0 .. n, and how much the last term adds to it. `r` is the sum over
 * its last term. */
static double log_sum(double x, double n, double *last)
{
    double sum = 0.0, r = 1.0;

    *last = 0.0;
    for (double k = 1.0; k <= n; k++) {
        *last = log1p(x / (k * r));
        sum += *last;
        r = 1.0 + r * k / x;
        if (k > x && *last < 1e-18 * sum) {
            *last = 0.0;
            break;
        }
    }
    return sum;
}

static void put(ps_derive_state *state, int i, const season *y)
{
    const char *id = ps_derive_alternative(state->plan, i);
    const double want = y->buyers * exp(-y->end / y->mean);
    double last;
    const double sum = log_sum(want / exp(1.0), y->units, &last);
    const double free = y->mean + y->end,
                 sells_out = y->end + y->mean * log(want / fmax(y->units, 1e-300));
    const double bound = fmax(free, sells_out);
    const double sold = y->buyers * exp(-bound / y->mean);

    ps_derive_put(state, "money",
                  "What the stock brings in expectation at the best price of every moment.",
                  y->of_price * (y->mean * sum + y->units * y->end), "markdown/%s/value", id);
    if (y->units >= 1.0) {
        ps_derive_put(state, "money", "The best price at the start.", free + y->mean * last,
                      "markdown/%s/price_now", id);
    }
    ps_derive_put(state, "money", "The best price of a stock that cannot run out.", free,
                  "markdown/%s/price_unlimited", id);
    ps_derive_put(state, "money", "What it would bring if as many came as are expected: a bound.",
                  y->of_price * ((bound - y->end) * sold + y->units * y->end), "markdown/%s/bound",
                  id);
}

void ps_derive_markdown(ps_derive_state *state)
{
    const ps_work *w = state->w;
    const ps_plan *p = state->plan;
    const ps_demand_valuations_params *params = p->demand_params;

    if (p->demand != &ps_demand_valuations || params->goods.count != 1) {
        return;
    }
    const ps_good *good = params->goods.items;
    const int i = good->offer.index;
    const ps_offer *offer = (const ps_offer *)p->scenario->offers.items + i;
    const ps_number *end = offer->salvage.given ? &offer->salvage : &offer->unit_cost;

    if (good->worth.law != PS_LAW_EXPONENTIAL || params->bundles.count > 0 || !offer->stock.given ||
        offer->capacity) {
        return;
    }
    const double kept = w->net_of_vat[0];

    put(state, i,
        &(season){.buyers = buyers(w),
                  .mean = ps_number_lanes(&good->worth.parameter[0], w->values[0], 0)[0],
                  .units = floor(ps_number_lanes(&offer->stock, w->values[0], 0)[0] + 1e-9),
                  .end = ps_number_lanes(end, w->values[0], 0)[0] / kept,
                  .of_price = kept});
}
