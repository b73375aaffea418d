# SPDX-License-Identifier: GPL-3.0-or-later
"""Customers: who was there, came and left is who is there; terms that nobody reaches, prices that do not move and leaving for
certain change nothing else."""
from driver import changed, expected, run
from small import exact, pipeline, promotion

COUNTS = ("active_customers", "renewals", "churned", "churn", "renewal_booked")
CONTRACT = {"sold_as": "contract", "list_price": 100, "unit_cost": 40, "contract": {"months": 2, "billing": "upfront"}}


def base(**renewal):
    """Contracts of two months over twenty weeks; 900 customers at the start."""
    return pipeline(offers={"own": CONTRACT}, payment={"days": 20, "bad_debt": exact(0.01)},
                    retention={"churn": {"per_month": exact(0.06)}, "renewal": renewal, "customers": {"firms": 900}})


def but_customers(answer):
    return {k: v for k, v in answer["summary"].items() if k not in (*COUNTS, "ltv", "ltv_beyond")}


def flow(facts):
    """At the end: 900 + signed - left, path by path in whole numbers; and so in each period."""
    for law in ({"per_month": exact(0.06)}, {"alpha": exact(0.7), "beta": exact(2)}, {"survivors": [100, 70, 55, 47]}):
        s = changed(base(), **{"retention/churn": law})
        for counts in ("expected", "whole"):
            x = run(s, "--set", "/run/counts=" + counts, "--paths", 40)["summary"]
            at = "%s %s: " % (sorted(law)[0], counts)
            facts.near(at + "customers are those at the start and who came less who left", x["active_customers"]["mean"],
                       900 + x["customers_signed"]["mean"] - x["churned"]["mean"], 1e-12)
            facts.near(at + "orders are first and further ones", x["orders"]["mean"], x["customers_signed"]["mean"] + x["renewals"]["mean"], 1e-12)
            facts.check(at + "some left, most did not", 0 < x["churned"]["mean"] < x["renewals"]["mean"])
    x = run(changed(base(), **{"calendar/periods": 9}), "--paths", 40)  # all of the first customers come to the end of a term
    facts.near("the stated customers are whole ones, and all of them", x["summary"]["renewals"]["mean"] + x["summary"]["churned"]["mean"], 900, 1e-12)


def certain(facts):
    """Nobody leaves: they sign again and again. All leave: as if nobody could sign again."""
    stay = expected(changed(base(), **{"retention/churn": {"per_month": 0}}))["summary"]
    facts.near("nobody leaves", stay["churned"]["mean"], 0, 1e-12, scale=1)
    facts.near("and all are there", stay["active_customers"]["mean"], 900 + stay["customers_signed"]["mean"], 1e-12)
    s = changed(base(), **{"retention/churn": {"per_month": 1}, "retention/customers": None})
    for counts in ("expected", "whole"):
        gone, none = (run(x, "--set", "/run/counts=" + counts, "--paths", 24) for x in (s, changed(s, retention=None)))
        facts.same("%s: all leave: the money of one term, as without renewal" % counts, but_customers(gone), but_customers(none), 1e-12, 1e-9)
        facts.near("%s: nobody signed again" % counts, gone["summary"]["renewals"]["mean"], 0, 0, scale=1)
    short = changed(base(), **{"offers/own/contract/months": 12, "funnel/opening": "empty", "retention/customers": None})
    facts.same("a term beyond the horizon, no customers at the start", but_customers(expected(short)),
               but_customers(expected(changed(short, **{"retention/renewal": None, "retention/churn": {"per_month": 0.5}}))), 1e-12, 1e-9)


def ratio(s):
    """What signing again brings over what it would bring at a kept price."""
    kept = expected(changed(s, **{"retention/renewal": {}}))["summary"]
    return expected(s)["summary"]["renewal_booked"]["mean"] / kept["renewal_booked"]["mean"]


def prices(facts):
    plain = expected(base())["summary"]
    facts.same("prices that do not move are not felt", expected(base(churn_elasticity=exact(3)))["summary"], plain, 1e-12, 1e-9)
    facts.same("today's list price is that of before", expected(base(price="list"))["summary"], plain, 1e-12, 1e-9)
    late = base(increase=exact(0.3), churn_elasticity=exact(3), **{"from": "2027-01-01"})
    facts.same("an increase after the end", expected(late)["summary"], plain, 0)
    dear = changed(base(increase=exact(0.1)), **{"calendar/periods": 8})  # nobody signs again twice
    cheap = expected(changed(base(), **{"calendar/periods": 8}))["summary"]
    got = expected(dear)["summary"]
    facts.near("who signs again pays the increase", got["renewal_booked"]["mean"], 1.1 * cheap["renewal_booked"]["mean"], 1e-12)
    facts.near("and stays if he does not feel it", got["churned"]["mean"], cheap["churned"]["mean"], 1e-12)
    once = changed(base(increase=exact(0.1)), **{"calendar/periods": 17})
    twice = changed(once, **{"retention/renewal": {"increase_per_year": exact(1.1 ** 6 - 1)}})  # 1.1 each term of two months
    facts.check("an increase is once, for who was there before", 1.05 < ratio(once) < 1.1, ratio(once))
    facts.check("a growth is each time, for all", 1.1 < ratio(twice) < 1.21, ratio(twice))
    odds = lambda x: x["churned"]["mean"] / x["renewals"]["mean"]  # noqa: E731
    felt = expected(changed(dear, **{"retention/renewal/churn_elasticity": exact(2)}))["summary"]
    facts.near("odds to leave grow by the power of the price", odds(felt), odds(cheap) * 1.1 ** 2, 1e-12)


def promotions(facts):
    """The discount of the first term: kept or lost; what those whom it won bring later is the row `customers`."""
    s = changed(base(), promotions={"p": promotion(reach=1, value=exact(0.25))}, **{"calendar/periods": 30})
    lose, keep = (expected(changed(s, **{"offers/own/contract/discount_persists": x})) for x in (False, True))
    facts.check("a discount that persists costs renewals", keep["summary"]["renewal_booked"]["mean"] < lose["summary"]["renewal_booked"]["mean"])
    facts.near("and nobody", keep["summary"]["renewals"]["mean"], lose["summary"]["renewals"]["mean"], 1e-12)
    felt = expected(changed(s, **{"retention/renewal/churn_elasticity": exact(2)}))
    facts.check("a discount that ends makes some leave", felt["summary"]["churned"]["mean"] > lose["summary"]["churned"]["mean"])
    rows = lambda x: x["promotions"]["calendar"]["customers"]["mean"]  # noqa: E731
    facts.check("who was won signs again", rows(lose) > 0 and rows(lose) > rows(felt))
    facts.check("at a discount that others would not have needed", rows(keep) < 0)
    s = changed(s, **{"retention/churn": {"per_month": 1}})
    facts.near("unless all leave", rows(expected(s)), 0, 1e-9, scale=1)


def referral(facts):
    """Leads that customers bring: so many per customer, at no cost per lead, one period after; what a promotion's customers bring is its."""
    s = changed(base(), costs={"per_lead": exact(10)}, promotions={"p": promotion(reach=1, value=exact(0.25))})
    bring = lambda x: changed(s, **{"retention/referral": {"per_week": exact(x)}})  # noqa: E731
    plain, none, some = expected(s), expected(bring(0)), expected(bring(0.02))
    without = lambda x: {k: v for k, v in x["summary"].items() if k != "referrals"}  # noqa: E731
    facts.same("nobody brings anybody", without(none), without(plain), 0)
    facts.same("nor in what promotions earn", none["promotions"], plain["promotions"], 0)
    mean = lambda x, k: x["summary"][k]["mean"]  # noqa: E731
    there = [900, *some["series"]["active_customers"]["mean"][:-1]]
    facts.near("each customer brings so many, one period after", mean(some, "referrals"), 0.02 * sum(there), 1e-12)
    facts.near("beside those who come anyway", mean(some, "leads"), mean(plain, "leads") + mean(some, "referrals"), 1e-12)
    facts.near("and costs nothing", mean(some, "acquisition_cost"), mean(plain, "acquisition_cost"), 1e-12)
    facts.near("in the contribution either", mean(plain, "acquisition_cost"), 10 * mean(plain, "leads"), 1e-12)
    empty = expected(changed(bring(0.02), **{"retention/customers": None, "funnel/opening": "empty", "promotions": None}))
    quiet = expected(changed(bring(0), **{"retention/customers": None, "funnel/opening": "empty", "promotions": None}))
    facts.check("nobody at the start: later, and more and more", 0 < mean(empty, "referrals") < mean(some, "referrals") and
                mean(empty, "customers_signed") > mean(quiet, "customers_signed"))
    row = lambda x: x["promotions"]["calendar"]["customers"]["mean"]  # noqa: E731
    facts.check("who was won brings others", row(some) > row(plain) > 0)
    gone = changed(bring(0.02), **{"retention/churn": {"per_month": 1}, "promotions/p/value": exact(0), "retention/customers": None})
    facts.near("a promotion that wins nobody", row(expected(gone)), 0, 1e-9, scale=1)
    rows = some["promotions"]["calendar"]
    for counts in ("expected", "whole"):
        x = run(bring(0.02), "--set", "/run/counts=" + counts, "--paths", 40)
        facts.near("%s: rows add up" % counts, x["balance"]["promotions"], 0, 1e-9, scale=1)
        facts.near("%s: nobody is lost" % counts, x["balance"]["funnel"], 0, 1e-9, scale=1)
    facts.check("commissions and acquisition are the same", rows["acquisition"]["mean"] == 0)
    whole = run(changed(bring(0.02), **{"promotions": None}), "--paths", 2000, "--set", "/run/parameters=centre")["summary"]
    flow = expected(changed(bring(0.02), **{"promotions": None}))["summary"]
    for k in ("referrals", "customers_signed", "active_customers"):
        facts.check("whole numbers around the flows: %s" % k, abs(whole[k]["mean"] - flow[k]["mean"]) < 4 * whole[k]["se"])


def identical_channels(facts):
    s = changed(base(increase=exact(0.05), churn_elasticity=exact(1)), promotions={"p": promotion()}, **{"retention/referral": {"per_month": exact(0.05)}})
    split = changed(s, **{"market/channels": {"a": {"share": exact(0.3)}, "b": {"share": exact(0.7)}}})
    one, two = expected(s), expected(split)
    for part in ("summary", "series", "promotions"):
        facts.same("channels without terms change nothing, in %s" % part, one[part], two[part], 1e-11, 1e-9)
    for k in COUNTS:
        if k != "churn":
            facts.near("channels add up to %s" % k, sum(x[k]["mean"] for x in two["by"]["channel"].values()), one["summary"][k]["mean"], 1e-11)


def test(facts, _rng):
    for part in (flow, certain, prices, promotions, referral, identical_channels):
        part(facts)
