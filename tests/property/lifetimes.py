# SPDX-License-Identifier: GPL-3.0-or-later
"""Lifetime value in a run: what the closed forms say without promotions, what renewals bring with them, and who pays what of it when."""
from driver import Refused, changed, derived, expected
from small import exact, pipeline, promotion

CONTRACT = {"sold_as": "contract", "list_price": 100, "unit_cost": 40, "contract": {"months": 3}}
FIGURES = ("ltv", "ltv_cac", "roi", "payback_months", "ltv_beyond")


def base(**retention):
    return pipeline(offers={"own": CONTRACT}, payment={"days": 0, "bad_debt": exact(0.02)},
                    costs={"per_lead": exact(8), "discount_rate_per_year": exact(0.1)},
                    retention={"churn": {"per_quarter": exact(0.3)}, **retention}, calendar={"start": "2026-01-01", "period": "month", "periods": 12})


def mean(answer, key):
    return answer["summary"][key]["mean"]


def closed_forms(facts):
    laws = {"a rate": {"per_quarter": exact(0.3)}, "a law": {"alpha": exact(0.8), "beta": exact(2)}, "a cohort": {"survivors": [100, 70, 55, 47]}}
    for name, churn in laws.items():
        for more in ({}, {"payments": "arrears"}, {"years": 2}, {"years": 2, "payments": "arrears"}, {"margin": exact(31)}):
            s = changed(base(**more), **{"retention/churn": churn, "market/channels": {"web": {"share": exact(1), "spend": {"per_month": exact(50)}}}})
            run, of = expected(s), derived(s)
            at = "%s, %s: " % (name, " ".join(sorted(more)))
            facts.near(at + "the value of the closed form", mean(run, "ltv"), of["lifetime/firms.web/own/value"], 1e-11)
            facts.near(at + "payback too", mean(run, "payback_months"), of["lifetime/firms.web/own/payback_months"], 1e-12)
            for part in (run["summary"], run["by"]["segment"]["firms"], run["by"]["channel"]["web"]):
                facts.near(at + "ratio", part["ltv_cac"]["mean"], part["ltv"]["mean"] / part["cac"]["mean"], 1e-12)
                facts.near(at + "return", part["roi"]["mean"], part["ltv_cac"]["mean"] - 1, 1e-12)


def horizon(facts):
    """What renewals within the horizon bring is what the value leaves for it."""
    s = changed(base(), **{"retention/renewal": {}, "funnel/opening": "empty", "costs/discount_rate_per_year": None})
    run = expected(s)
    brought = mean(run, "pocket_margin") - 0.02 * mean(run, "booked")
    facts.near("value is what came and what comes after the horizon", mean(run, "customers_signed") * mean(run, "ltv"), brought + mean(run, "ltv_beyond"), 1e-11)
    once = expected(changed(s, **{"retention/years": 0.25, "retention/renewal": None}))
    facts.near("within one term nothing comes after the horizon", mean(once, "ltv_beyond"), 0, 1e-9, scale=1)
    plain, renewed = expected(base()), expected(base(renewal={"churn_elasticity": exact(1)}))
    for k in FIGURES:
        facts.near("renewals do not change %s" % k, mean(renewed, k), mean(plain, k), 1e-11)
    none = expected(changed(base(), retention=None))
    facts.same("nor does knowing it the projection", {k: x for k, x in plain["summary"].items() if k not in FIGURES}, none["summary"], 0)


def promotions(facts):
    s = changed(base(), promotions={"p": promotion(reach=1, **{"to": "2026-06-30"})})
    lose, keep = (mean(expected(changed(s, **{"offers/own/contract/discount_persists": x})), "ltv") for x in (False, True))
    usual = mean(expected(base()), "ltv")
    facts.check("a discount costs value, one that stays much more", keep < lose < usual, "%g %g %g" % (keep, lose, usual))
    last = mean(expected(changed(s, **{"retention/years": 0.25})), "ltv")
    all_terms = mean(expected(changed(s, **{"offers/own/contract/discount_persists": True, "retention/years": 0.25})), "ltv")
    facts.near("in the first term they are the same", last, all_terms, 1e-12)
    facts.near("and the difference is the first term's discount", usual - lose, mean(expected(changed(base(), **{"retention/years": 0.25})), "ltv") - last, 1e-10)


def goals(facts):
    """Figures of the whole horizon are goals of it alone."""
    s = changed(base(), goals={"g": {"metric": "ltv_cac", "level": 1, "by": "2026-12-31"}}, promotions={"p": promotion()})
    for metric in ("ltv", "ltv_cac", "roi", "payback_months", "ltv_beyond", "cac", "margin_per_lead", "open_deals", "pocket_price", "discounts",
                   "cycle_days", "backlog_revenue", "referrals", "revenue", "arr", "deal_size"):
        x = changed(s, **{"goals/g/metric": metric, "retention/renewal": {}, "retention/referral": {"per_month": exact(0.1)}})
        answer = expected(x)
        facts.near("a goal on %s is the figure" % metric, answer["goals"]["g"]["mean"], mean(answer, metric), 1e-12)
        part = expected(changed(x, **{"goals/g/scope": {"segment": "firms"}})) if metric not in ("open_deals", "arr", "cycle_days", "discounts", "backlog_revenue") else answer
        facts.near("and of the only segment", part["goals"]["g"]["mean"], mean(answer, metric), 1e-12)
        try:
            expected(changed(x, **{"goals/g/by": "2026-11-30"}))
            facts.check("%s by November" % metric, metric in ("revenue", "arr", "deal_size"))
        except Refused as why:
            facts.check("%s by November is refused" % metric, metric not in ("revenue", "arr", "deal_size") and "whole horizon" in str(why))
    for scope in ({"offer": "own"}, None):
        try:
            expected(changed(s, **{"goals/g/scope": scope}, retention=None) if scope is None else changed(s, **{"goals/g/scope": scope}))
            facts.check("a goal on what there is not", False)
        except Refused as why:
            facts.check("a goal on what there is not is refused", ("no metric" if scope is None else "not kept for a part") in str(why))


def test(facts, _rng):
    for part in (closed_forms, horizon, promotions, goals):
        part(facts)
