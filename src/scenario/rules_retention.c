/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of retention: one way to leave, a term for each offer, counts to which a law can be fitted.
 */
#include "scenario/rules.h"

static void check_survivors(const ps_rules *rules, const ps_plains *survivors)
{
    ps_sbg law;
    bool fine = survivors->items[0] > 0.0 && survivors->items[survivors->count - 1] >= 0.0;

    for (int k = 1; k < survivors->count && fine; k++) {
        fine = survivors->items[k] <= survivors->items[k - 1];
    }
    if (!fine) {
        ps_rule_fault(rules, "ORDER", "/retention/churn", "survivors", NULL,
                      "counts of one cohort start above 0 and never grow");
    } else if (!ps_sbg_fit(survivors->items, survivors->count, &law)) {
        ps_rule_fault(
            rules, "NO_FIT", "/retention/churn", "survivors",
            "state a rate: per_year, per_month ...",
            "the kept part does not grow from term to term: no sign that customers differ");
    }
}

static void check_churn(const ps_rules *rules, const ps_churn *churn)
{
    static const char *const keys[] = {"per_year", "alpha", "survivors", NULL};
    const bool law = churn->alpha.given || churn->beta.given;

    ps_rule_one_of(rules, "/retention/churn", keys,
                   (const bool[]){churn->rate.per != PS_PER_NONE, law, churn->survivors.count > 0});
    if (churn->alpha.given != churn->beta.given) {
        ps_rule_fault(rules, "MISSING", "/retention/churn", churn->alpha.given ? "beta" : "alpha",
                      NULL, "alpha and beta belong together");
    }
    if (churn->survivors.count > 0) {
        check_survivors(rules, &churn->survivors);
    }
}

/* The shortest term and where it is stated; NAN when there is none. */
static double shortest_term(const ps_rules *rules, const char **pointer, const char **key)
{
    const ps_scenario *sc = rules->scenario;
    const ps_offer *offers = sc->offers.items;
    double shortest = sc->retention->term_months > 0.0 ? sc->retention->term_months : 1e9;

    *pointer = "/retention";
    *key = "term_months";
    for (int i = 0; i < sc->offers.count; i++) {
        if (offers[i].contract && (double)offers[i].contract->months < shortest) {
            shortest = (double)offers[i].contract->months;
            *pointer = offers[i].entry.pointer;
            *key = "contract/months";
        }
    }
    return shortest;
}

/* Only a kept price can rise: that of the day is the offer's. */
static void check_increase(const ps_rules *rules)
{
    const ps_scenario *sc = rules->scenario;
    const ps_renewal *renewal = sc->retention->renewal;
    const ps_offer *offers = sc->offers.items;
    const bool rises[2] = {ps_rule_centre(&renewal->increase, 0.0) != 0.0,
                           ps_rule_centre(&renewal->increase_per_year, 0.0) != 0.0};
    int contracts = 0;

    for (int i = 0; i < sc->offers.count; i++) {
        contracts += offers[i].contract ? 1 : 0;
    }
    for (int k = 0; k < 2; k++) {
        if (rises[k] && (contracts == 0 || renewal->price == PS_RENEWED_AT_LIST)) {
            ps_rule_fault(rules, "CONFLICT", "/retention/renewal",
                          k == 0 ? "increase" : "increase_per_year", "change the offer's pricing",
                          "no contract keeps its price: all sign again at the list price of the "
                          "day");
        }
    }
}

/* What acts in the projection alone, and needs renewal. */
static void check_renewal(const ps_rules *rules)
{
    const ps_scenario *sc = rules->scenario;
    const ps_retention *retention = sc->retention;
    const int days =
        ps_rule_period_start(sc->calendar, sc->calendar->periods) - sc->calendar->start;
    const char *pointer, *key;
    const double shortest = shortest_term(rules, &pointer, &key);

    if (!retention->renewal) {
        if (retention->customers.count > 0) {
            ps_rule_fault(rules, "WARN_NO_EFFECT", "/retention", "customers", "state renewal: {}",
                          "without renewal nobody is in the projection");
        }
        if (retention->referral) {
            ps_rule_fault(rules, "WARN_NO_EFFECT", "/retention", "referral", "state renewal: {}",
                          "without renewal nobody is in the projection who could bring leads");
        }
        if (days > shortest * 30.4375 + 1.0) {
            ps_rule_fault(rules, "WARN_NO_EFFECT", "/retention", NULL,
                          "state renewal: {} to have them",
                          "the projection is longer than a term of %g months and has no renewals: "
                          "retention tells the lifetime value alone",
                          shortest);
        }
        return;
    }
    if (shortest * 30.4375 < 0.5 * days / (double)sc->calendar->periods) {
        ps_rule_fault(rules, "RANGE", pointer, key, "use shorter periods",
                      "a term of %g months is shorter than half a period", shortest);
    }
    check_increase(rules);
    if (retention->renewal->from != PS_NO_DATE &&
        ps_rule_centre(&retention->renewal->increase, 0.0) == 0.0) {
        ps_rule_fault(rules, "WARN_NO_EFFECT", "/retention/renewal", "from", NULL,
                      "there is no increase that could begin");
    }
}

static void check_terms(const ps_rules *rules, const ps_retention *retention)
{
    const ps_scenario *sc = rules->scenario;
    const ps_offer *offers = sc->offers.items;
    int contracts = 0;

    for (int i = 0; i < sc->offers.count; i++) {
        contracts += offers[i].contract ? 1 : 0;
        if (!offers[i].contract && retention->term_months <= 0.0) {
            ps_rule_fault(rules, "MISSING", "/retention", "term_months",
                          "how often a customer buys again or leaves",
                          "'%s' has no contract whose months could say it", offers[i].entry.id);
            return;
        }
    }
    if (retention->term_months > 0.0 && contracts == sc->offers.count) {
        ps_rule_fault(rules, "CONFLICT", "/retention", "term_months", "leave it out",
                      "every offer has a contract, whose months say it");
    }
    check_renewal(rules);
}

void ps_rules_retention(const ps_rules *rules)
{
    const ps_retention *retention = rules->scenario->retention;

    if (!retention) {
        return;
    }
    if (rules->scenario->scope != PS_SCOPE_PIPELINE) {
        ps_rule_fault(rules, "CONFLICT", "", "retention", NULL,
                      "only customers of a pipeline are known: a market has purchases");
        return;
    }
    check_churn(rules, retention->churn);
    check_terms(rules, retention);
}
