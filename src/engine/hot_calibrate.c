/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From what managers know (shares or win rate, elasticity, prices) to the parameters of the choice,
 * in every path. docs/model/calibration.md */
#include "engine/hot_demand.h"
#include "math/vmath.h"

#define LANES _Pragma("omp simd") for (int l = 0; l < PS_LANES; l++)
#define LOG2E 1.4426950408889634074

/* rho of the nest from "which part of the lost buyers buys nothing": s0, s_j over the segments that
 * share it. */
static void nest_rho(ps_work *w, int first, int last, const ps_choice *choice, double *rho)
{
    const ps_plan *p = w->plan;
    const int e =
        choice->elasticity && choice->elasticity->offer.id ? choice->elasticity->offer.index : 0;
    const double *nothing = ps_number_lanes(&choice->lost_buyers_who_buy_nothing, w->values[0], 0);
    ps_lanes s0, sj, weight;

    LANES
    {
        s0[l] = sj[l] = weight[l] = 0.0;
    }
    for (int s = first; s < last; s++) {
        LANES
        {
            const double own = w->aware[s][l] * w->win[s][l];

            s0[l] += p->segment[s].weight * (1.0 - own) * w->other[s * (p->C + 1) + p->C][l];
            sj[l] += p->segment[s].weight * own * w->mix[s * p->I + e][l];
            weight[l] += p->segment[s].weight;
        }
    }
    LANES
    {
        const double none = s0[l] / weight[l], j = sj[l] / weight[l];
        const double k = none / nothing[l] + j;
        const double x = (k - 1.0) / (k - j / (1.0 - none));

        rho[l] = x < 0.0 ? 0.0 : x > 0.99 ? 0.99 : x;
    }
}

/* Sum over ages of k(a) times the derivative of our probability with respect to the log of the
 * stated price, per unit of alpha; `size` gets our share at the base. */
static void response(ps_work *w, int s, const ps_choice *choice, double *slope, double *size)
{
    const ps_plan *p = w->plan;
    const bool brand = choice->elasticity && choice->elasticity->brand;
    const int e =
        choice->elasticity && choice->elasticity->offer.id ? choice->elasticity->offer.index : 0;
    const double *none = w->other[s * (p->C + 1) + p->C];
    ps_lanes paid, price, part;

    LANES
    {
        paid[l] = 0.0;
        price[l] = 0.0;
        for (int n = 0; n < p->nodes; n++) {
            paid[l] += w->node_weight[n][l] * (1.0 - w->node_depth[n][l]);
        }
        part[l] = brand ? 1.0 : w->mix[s * p->I + e][l];
        slope[l] = 0.0;
    }
    for (int i = 0; i < p->I; i++) {
        LANES
        {
            const double q = w->base_price[s * p->I + i][l] * paid[l];

            price[l] += brand ? w->mix[s * p->I + i][l] * q : i == e ? q : 0.0;
        }
    }
    for (int a = 0; a < p->ages; a++) {
        const double *k = w->k[s * p->ages + a], *odds = w->odds[s * p->ages + a];

        LANES
        {
            const double r = odds[l] / (1.0 + odds[l]), rj = r * part[l];
            const double inside = r + (1.0 - r) * (1.0 - none[l]);
            const double scale = w->nest ? w->nest[s][l] : 1.0; /* 1 / (1 - rho) */
            const double kept = scale - (inside > 0.0 ? (scale - 1.0) * rj / inside : 0.0) - rj;

            slope[l] += k[l] * (brand ? r : rj) * kept;
        }
    }
    LANES
    {
        slope[l] *= w->aware[s][l] * price[l];
        size[l] = w->aware[s][l] * w->win[s][l] * part[l];
    }
}

static void regular_elasticity(const ps_work *w, int s, const ps_choice *choice, double *eps)
{
    const double *x = choice->elasticity
                          ? ps_number_lanes(&choice->elasticity->value, w->values[0], s)
                          : ps_number_lanes(&choice->promotion_elasticity, w->values[0], s);
    const double scale = choice->elasticity ? 1.0 : 1.0 / (1.0 + PS_PROMOTION_RATIO);

    LANES
    {
        eps[l] = x[l] * scale;
    }
}

/* |alpha| times the largest own price is PS_STEEPEST at most: ages that tell winners from losers
 * leave a slope near 0. */
static void limit(ps_work *w, int s)
{
    for (int i = 0; i < w->plan->I; i++) {
        const double *price = w->base_price[s * w->plan->I + i];

        LANES
        {
            const double least = -PS_STEEPEST / price[l];

            w->alpha[s][l] = w->alpha[s][l] > least ? w->alpha[s][l] : least;
        }
    }
}

/* alpha (base e) of the segments [first, last) that share a choice. */
static void sensitivity(ps_work *w, int first, int last, const ps_choice *choice)
{
    const ps_plan *p = w->plan;
    const bool shared = p->segment[first].market_choice;
    ps_lanes slope, size, top, bottom, eps;

    if (!choice->elasticity && !choice->promotion_elasticity.given) {
        for (int s = first; s < last; s++) {
            const double *x = ps_number_lanes(&choice->price_sensitivity, w->values[0], s);
            const double *r = w->relative[s];

            LANES
            {
                w->alpha[s][l] = -x[l] * (shared ? r[l] : 1.0);
            }
        }
        return;
    }
    LANES
    {
        top[l] = bottom[l] = 0.0;
    }
    for (int s = first; s < last; s++) {
        const double *r = w->relative[s];

        const bool nobody = last - first == 1 && p->segment[s].weight == 0.0;
        const double weight = nobody ? 1.0 : p->segment[s].weight;

        response(w, s, choice, slope, size);
        LANES
        {
            top[l] += weight * size[l];
            bottom[l] += weight * (shared ? r[l] : 1.0) * slope[l];
        }
    }
    for (int s = first; s < last; s++) {
        const double *r = w->relative[s];

        regular_elasticity(w, s, choice, eps);
        LANES
        {
            w->alpha[s][l] = eps[l] * top[l] / bottom[l] * (shared ? r[l] : 1.0);
        }
        limit(w, s);
    }
}

/* Part of a memory kept from one period to the next. */
void ps_hot_carry_over(const ps_work *w, int s, const ps_number *half_life,
                       const ps_number *per_week, double *keep)
{
    const double days = w->plan->period_days;

    if (per_week->given) {
        const double *x = ps_number_lanes(per_week, w->values[0], s);

        LANES
        {
            keep[l] = days == 7.0 ? x[l] : x[l] > 0.0 ? ps_exp2(days / 7.0 * ps_log2(x[l])) : 0.0;
        }
    } else {
        const double *x = half_life->given ? ps_number_lanes(half_life, w->values[0], s) : NULL;

        LANES
        {
            keep[l] = ps_exp2(-days / (x ? x[l] : 28.0));
        }
    }
}

/* Gain and loss against the reference price, in base-2 utility per money; memory of prices and of
 * discounts. */
static void memories(ps_work *w, int s)
{
    static const ps_number none;
    const ps_choice *choice = w->plan->segment[s].choice;
    const ps_reference_price *reference = w->plan->segment[s].segment->reference_price;
    const ps_price_image *image = w->plan->segment[s].segment->price_image;
    ps_lanes g, loss;

    ps_hot_carry_over(w, s, reference ? &reference->half_life_days : &none,
                      reference ? &reference->carry_over_per_week : &none, w->theta[s]);
    LANES
    {
        g[l] = 0.0;
    }
    if (reference && reference->gain.given) {
        const double *x = ps_number_lanes(&reference->gain, w->values[0], s);

        LANES
        {
            g[l] = x[l];
        }
    } else if (choice->promotion_elasticity.given && choice->elasticity) {
        const double *promo = ps_number_lanes(&choice->promotion_elasticity, w->values[0], s);
        const double *regular = ps_number_lanes(&choice->elasticity->value, w->values[0], s);

        LANES
        {
            const double x = promo[l] / regular[l] - 1.0;

            g[l] = x > 0.0 ? x : 0.0;
        }
    } else if (reference || choice->promotion_elasticity.given) {
        LANES
        {
            g[l] = PS_PROMOTION_RATIO;
        }
    }
    const double *lambda = ps_number_lanes(&choice->loss_aversion, w->values[0], s);
    const double *given = reference && reference->loss.given
                              ? ps_number_lanes(&reference->loss, w->values[0], s)
                              : NULL;

    LANES
    {
        loss[l] = given ? given[l] : lambda[l] * g[l];
        w->gain[s][l] = -g[l] * w->alpha[s][l];
        w->loss[s][l] = -loss[l] * w->alpha[s][l];
    }
    if (image) {
        const double *a = ps_number_lanes(&image->sensitivity, w->values[0], s);
        const double *d = ps_number_lanes(&image->equity, w->values[0], s);

        ps_hot_carry_over(w, s, &image->half_life_days, &image->carry_over_per_week,
                          w->image_keep[s]);
        LANES
        {
            w->image_a[s][l] = a[l];
            w->image_d[s][l] = d[l] * LOG2E;
        }
    }
}

/* Utility of a feature that multiplies the promoted offers' sales by M at the base: ln(M (1 - s) /
 * (1 - M s)). */
static void features(ps_work *w)
{
    const ps_plan *p = w->plan;

    for (int m = 0; m < p->M; m++) {
        const ps_feature *feature = p->promotion[m].promotion->feature;

        for (int s = 0; s < p->S && feature; s++) {
            double *v = w->feature[m * p->S + s];
            ps_lanes share;

            if (feature->utility.given) {
                const double *x = ps_number_lanes(&feature->utility, w->values[0], s);

                LANES
                {
                    v[l] = LOG2E * x[l];
                }
                continue;
            }
            const double *x = ps_number_lanes(&feature->multiplier, w->values[0], s);

            LANES
            {
                share[l] = 0.0;
            }
            for (int i = 0; i < p->I && !p->demand->volume; i++) {
                LANES
                {
                    share[l] += p->promotion[m].in_offer[i]
                                    ? w->aware[s][l] * w->win[s][l] * w->mix[s * p->I + i][l]
                                    : 0.0;
                }
            }
            LANES
            {
                const double most = 0.95 / share[l]; /* the loader refuses more at the centre */
                const double by = x[l] < most ? x[l] : most;

                v[l] = ps_log2(by * (1.0 - share[l]) / (1.0 - by * share[l]));
            }
        }
    }
}

/* Of the buyers of a bundle's first offer, those who take the others too. */
static void joint_purchases(ps_work *w, int s)
{
    const ps_plan *p = w->plan;
    const ps_offer *offers = p->scenario->offers.items;

    for (int i = 0; i < p->I; i++) {
        const ps_bundle *bundle = offers[i].bundle;

        if (!bundle) {
            continue;
        }
        const double *attach = ps_number_lanes(&bundle->attach, w->values[0], s);
        double *first = w->mix[s * p->I + bundle->of.items[0].index], *joint = w->mix[s * p->I + i];

        LANES
        {
            joint[l] = attach[l] * first[l];
            first[l] -= joint[l];
        }
    }
}

void ps_hot_calibrate(ps_work *w)
{
    const ps_plan *p = w->plan;

    if (p->choiceless) {
        if (p->demand->volume) {
            features(w);
        }
        return;
    }
    for (int s = 0; s < p->S;) {
        const ps_choice *choice = p->segment[s].choice;
        int last = s + 1;

        while (p->segment[s].market_choice && last < p->S && p->segment[last].market_choice) {
            last++;
        }
        if (w->nest) {
            ps_lanes rho;

            LANES
            {
                rho[l] = 0.0;
            }
            if (choice->lost_buyers_who_buy_nothing.given) {
                nest_rho(w, s, last, choice, rho);
            }
            for (int r = s; r < last; r++) {
                LANES
                {
                    w->nest[r][l] = 1.0 / (1.0 - rho[l]);
                }
            }
        }
        for (int r = s; r < last && p->segment[s].general; r++) {
            ps_hot_nest_scales(w, r);
        }
        if (p->segment[s].general && choice->utility.count == 0) {
            ps_hot_nest_answers(w, s, last);
            ps_hot_taste_fit(w, s, last);
        } else {
            sensitivity(w, s, last, choice);
        }
        s = last;
    }
    for (int s = 0; s < p->S; s++) {
        LANES
        {
            w->alpha[s][l] *= LOG2E;
        }
        memories(w, s);
        if (p->bundled) {
            joint_purchases(w, s);
        }
    }
    features(w);
}
