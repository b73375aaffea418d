# SPDX-License-Identifier: GPL-3.0-or-later
"""Stocks, budgets and capacities: never more than is there, nothing where there is plenty."""
import math

from driver import changed, expected, run
from promotions import without_cost
from small import exact, market, promotion

EXPECTED = ("--set", "/run/counts=expected", "--paths", 1)


def flash(**keys):
    return promotion(kind="flash", reach=1, **keys)


def plenty_changes_nothing(facts):
    """More stock than anybody asks for: the figures are those without limits."""
    for counts in ("whole", "expected"):
        options = ("--set", "/run/counts=" + counts, "--paths", 60)
        free = run(changed(market(), promotions={"p": promotion(reach=exact(0.6))}), *options)
        s = changed(market(), promotions={"p": promotion(reach=exact(0.6), stock=1e7, budget=1e9)})
        rich = run(changed(s, **{"offers/own/stock": 1e8, "offers/second/capacity": {"per_week": 1e6}}), *options)
        for metric in ("units", "revenue", "contribution"):
            # whole wins are dealt out to the classes, so the mix of prices has luck; how many are sold has not
            tolerance = 1e-9 if counts == "expected" or metric == "units" else 0.02
            facts.near("%s: plenty of everything, the same %s" % (counts, metric), rich["summary"][metric]["mean"],
                       free["summary"][metric]["mean"], tolerance)
        facts.check("%s: nobody goes without" % counts, rich["summary"]["lost_sales"]["mean"] == 0)


def never_oversold(facts):
    for counts in ("whole", "expected"):
        s = changed(market(), **{"offers/own/stock": 130, "offers/second/stock": 90})
        s = changed(s, promotions={"f": flash(stock=17, offers=["own"]), "b": promotion(value=exact(0.1), budget=50, offers=["second"])})
        answer = run(s, "--set", "/run/counts=" + counts, "--paths", 200)
        for offer, stock in (("own", 130), ("second", 90)):
            facts.check("%s: %s is not oversold" % (counts, offer), answer["by"]["offer"][offer]["units"]["p95"] <= stock + 1e-9,
                        answer["by"]["offer"][offer]["units"]["p95"])
        facts.check("%s: the stock of a busy offer is sold" % counts, answer["by"]["offer"]["own"]["units"]["p5"] > 129)
        facts.near("%s: what is not sold is left" % counts, answer["summary"]["unsold"]["mean"] + answer["summary"]["units"]["mean"], 220, 1e-9)
        facts.check("%s: some go without" % counts, answer["summary"]["lost_sales"]["mean"] > 0)


def a_budget_is_a_limit(facts):
    """All discounts of a promotion that reaches everybody come from its budget, to the last cent while it lasts."""
    for counts, spent in (("whole", 1.0), ("expected", 1e-9)):
        s = changed(market(), promotions={"p": promotion(reach=1, budget=1000)})
        cost = run(s, "--set", "/run/counts=" + counts, "--paths", 100)["summary"]["promotion_cost"]
        facts.check("%s: discounts cost at most the budget" % counts, cost["p95"] <= 1000 * (1 + 1e-9), cost["p95"])
        facts.check("%s: the budget is spent" % counts, cost["p5"] >= 1000 - 40 * spent, cost["p5"])


def the_unserved_pay_the_list_price(facts):
    """A flash of one unit sells like no flash at all, but that unit; those who come too late choose as if it were not there."""
    none = run(market(), *EXPECTED)["series"]["units"]["mean"]
    one = run(changed(market(), promotions={"f": flash(stock=1e-6)}), *EXPECTED)["series"]["units"]["mean"]
    for t, (x, y) in enumerate(zip(none, one)):
        # who wanted the flash and came too late has one choice at the list price
        facts.check("week %d: a flash without stock sells no more" % t, y <= x * (1 + 1e-6) if 1 <= t <= 3 else abs(x - y) < 1e-9)


def salvage(facts):
    """What is left costs unit_cost less salvage; a promotion that sells more of it gets that back."""
    s = changed(market(), **{"offers/own/stock": 5000, "offers/own/salvage": exact(15)})
    bare = run(changed(market(), **{"offers/own/stock": 5000}), *EXPECTED)["summary"]
    with_ = run(s, *EXPECTED)["summary"]
    facts.near("unsold units cost what they cost less their salvage", with_["write_off"]["mean"], with_["unsold"]["mean"] * (40 - 15), 1e-12)
    facts.near("and the contribution is smaller by that", bare["contribution"]["mean"] - with_["contribution"]["mean"], with_["write_off"]["mean"], 1e-12)
    s = changed(s, promotions={"c": {"kind": "clearance", "from": "2026-01-19", "to": "2026-03-01", "offers": ["own"],
                                     "markdowns": [{"from": "2026-01-19", "value": 0.2}, {"from": "2026-02-02", "value": 0.5}]}})
    calendar = run(s, *EXPECTED)["promotions"]["calendar"]
    facts.check("a clearance leaves less to write off", calendar["stock"]["mean"] > 0)


def more_stock_never_sells_less(facts):
    last = 0.0
    for stock in (0, 20, 60, 150, 400, 1000):
        s = changed(market(), promotions={"f": flash(value=exact(0.3), offers=["own"])}, **{"offers/own/stock": stock})
        s["promotions"]["f"]["stock"] = stock / 4
        sold = run(s, *EXPECTED)["by"]["offer"]["own"]["units"]["mean"]
        facts.check("a stock of %d sells no less than a smaller one" % stock, sold >= last - 1e-9 and sold <= stock + 1e-9, sold)
        last = sold


def best_season(facts):
    """More buyers are worth what the best first price leaves of each, dV/dL = v a exp(-p/a); without salvage a unit keeps its cost."""
    def derived(buyers, **offer):
        s = {"pricesim": 1, "name": "season", "currency": "EUR", "scope": "market", "vat": {"rate": exact(0.2), "prices_include": True},
             "calendar": {"start": "2026-01-05", "period": "week", "periods": 4},
             "market": {"shock": "off", "demand": {"kind": "valuations", "goods": [{"offer": "own", "worth": {"exponential": {"mean": exact(30)}}}]},
                        "segments": {"all": {"arrivals": {"per_week": exact(buyers / 4)}, "season": {"table": [1.5, 0.5, 1]}}}},
             "offers": {"own": dict({"list_price": 60, "unit_cost": 9, "stock": 12}, **offer)}, "payment": {"days": 0}}
        found = expected(s)["derived"]
        return {key: found["markdown/own/" + key] for key in ("value", "price_now", "price_unlimited", "bound")}
    for offer in ({}, {"salvage": exact(4)}, {"salvage": exact(4), "stock": 1}, {"stock": 5000}):
        less, here, more = (derived(100 * x, **offer) for x in (0.999, 1, 1.001))
        slope = 30 / 1.2 * math.exp(-here["price_now"] / 30)
        facts.near("season %s: a buyer more" % offer, (more["value"] - less["value"]) / 0.2, slope, 1e-5)
        facts.check("season %s: below the bound" % offer, here["value"] <= here["bound"] * (1 + 1e-12), here)
        end = offer.get("salvage", exact(9))["value"]
        facts.near("season %s: a stock without end" % offer, here["price_unlimited"], 30 + 1.2 * end, 1e-12)


def test(facts, _):
    best_season(facts)
    plenty_changes_nothing(facts)
    never_oversold(facts)
    a_budget_is_a_limit(facts)
    the_unserved_pay_the_list_price(facts)
    salvage(facts)
    more_stock_never_sells_less(facts)
