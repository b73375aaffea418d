# SPDX-License-Identifier: GPL-3.0-or-later
"""What promotions must and must not do."""
import copy

from driver import Refused, changed, run
from random_scenario import random_scenario, without_promotions
from small import exact, market, pipeline, promotion

HEADLINE = ("summary", "series", "by", "funnel", "goals", "waterfall", "batch_means")


def without_cost(answer):
    """The headline figures, less the one that only exists with promotions."""
    part = {k: copy.deepcopy(answer.get(k)) for k in HEADLINE}
    part["summary"].pop("promotion_cost", None)
    part["batch_means"].pop("promotion_cost", None)
    return part


def no_discount_costs_its_fixed_cost(facts):
    for name, base in (("pipeline", pipeline()), ("market", market())):
        for kind in ({"value": exact(0)}, {"kind": "fixed_price", "price": exact(500), "value": None}):
            terms = promotion(fixed_cost={"once": 1000, "per_week": 70}, **kind)
            answer = run(changed(base, promotions={"p": {k: v for k, v in terms.items() if v is not None}}), "--paths", 100)
            for row in ("net", "inside", "naive"):
                got = answer["promotions"]["calendar"][row]
                for figure in ("mean", "p10", "p90"):
                    facts.near("%s: no discount earns minus the fixed cost (%s %s)" % (name, row, figure), got[figure], -1210, 1e-9)
            facts.near("%s: nor does it sell" % name, answer["promotions"]["calendar"]["incremental_units"], 0, 1e-9, scale=1)
            facts.near("%s: value of the promotion" % name, answer["promotions"]["p"]["net"]["mean"], -1210, 1e-9)


def fixed_cost_by_the_week(facts):
    """Three weeks are three weeks in a calendar of months and of days, too."""
    for period, start, periods in (("day", "2026-01-05", 40), ("month", "2026-01-01", 3), ("quarter", "2026-01-01", 2)):
        s = changed(market(), calendar={"start": start, "period": period, "periods": periods})
        s = changed(s, promotions={"p": promotion(value=exact(0), fixed_cost={"once": 1000, "per_week": 70})})
        facts.near("three weeks in a calendar of %ss cost" % period, run(s, "--paths", 100)["promotions"]["calendar"]["net"]["mean"], -1210, 1e-9)


def overlap(facts):
    """Under a promotion, sales people give a part of their discount less; without a lower price all of it."""
    s = changed(pipeline(), negotiated={"distribution": {"zero": exact(0), "beta": {"a": exact(2), "b": exact(6)}}, "overlap": exact(0.5)})
    centre = ("--set", "/run/counts=expected", "--paths", 1)
    plain = run(changed(s, **{"negotiated/overlap": exact(0)}), *centre)
    idle = run(changed(s, promotions={"p": {"kind": "fixed_price", "price": exact(100), "from": "2026-01-05", "to": "2026-06-01"}}), *centre)
    facts.near("no lower price, no overlap", idle["summary"]["revenue"]["mean"], plain["summary"]["revenue"]["mean"], 1e-12)
    deep = changed(s, promotions={"p": promotion(reach=1, to="2026-06-01", **{"from": "2026-01-05"})}, **{"funnel/opening": "empty"})
    rows = {r["id"]: r["of_list_frac"] for r in run(deep, *centre)["waterfall"]}
    facts.near("a promotion of a fifth takes a fifth", rows["promotion"], 0.2, 1e-12)
    whole = {r["id"]: r["of_list_frac"] for r in run(changed(deep, **{"negotiated/overlap": exact(0)}), *centre)["waterfall"]}
    facts.check("half of what was negotiated is left", 0.45 < rows["negotiated"] / whole["negotiated"] < 0.55, rows["negotiated"] / whole["negotiated"])


def nobody_reached_changes_nothing(facts):
    bases = [("pipeline", pipeline()), ("market", market())]
    bases += [("random %d" % k, random_scenario(k)) for k in range(2000, 2030)]
    for name, base in bases:
        base = without_promotions(base)
        try:
            plain = run(base, "--paths", 100)
            with_it = run(changed(base, promotions={"p": promotion(reach=exact(0))}), "--paths", 100)
        except Refused:
            continue
        # sums over a longer walk may round differently
        facts.same("%s: a promotion that reaches nobody" % name, without_cost(plain), without_cost(with_it), 1e-11, 1e-12)
        facts.near("%s: and earns nothing" % name, with_it["promotions"]["calendar"]["net"]["mean"], 0, 1e-9, scale=1)


def draws_of_others_stay(facts):
    """A second segment, promotion or input leaves the draws of the first segment alone, where nothing couples them."""
    for name, base, first in (("pipeline", pipeline(), "firms"), ("market", market(), "all")):
        base = changed(base, promotions={"p": promotion()})
        segment = base["market"]["segments"][first]
        other = dict(copy.deepcopy(segment), arrivals={"per_week": "20 to 60"})
        alone = run(base, "--paths", 200)["by"]["segment"][first]
        scoped = changed(base, **{"promotions/p/segments": [first]})
        for fact, more in (
                ("a second segment", changed(base, **{"market/segments/aaa": other})),
                ("a promotion for the second segment", changed(
                    scoped, **{"market/segments/aaa": other, "promotions/more": promotion(kind="amount_off", value=9, segments=["aaa"])})),
                ("an uncertain cost", changed(base, **{"costs/fixed_per_month": "1 to 3"})),
                ("a goal", changed(base, goals={"g": {"metric": "units", "level": 50, "by": "2026-02-01"}}))):
            facts.same("%s: %s leaves the first segment alone" % (name, fact), alone, run(more, "--paths", 200)["by"]["segment"][first])
        later = run(changed(base, **{"promotions/late": promotion(**{"from": "2026-02-16", "to": "2026-02-22"})}), "--paths", 200)
        early = run(base, "--paths", 200)
        facts.check("%s: before a further promotion the plans are equal" % name,
                    later["series"]["units"]["mean"][:6] == early["series"]["units"]["mean"][:6])
        facts.check("%s: not so after it" % name, later["series"]["units"]["mean"] != early["series"]["units"]["mean"])


def rules(facts):
    """Caps, exclusive rules and windows."""
    def units(**keys):
        more = keys.pop("stacking", None)
        s = changed(market(), promotions={"p": promotion(reach=1), "q": promotion(reach=1, value=exact(0.1))})
        s["promotions"]["p"].update(keys)
        return run(changed(s, stacking=more), "--set", "/run/counts=expected", "--paths", 1)["summary"]["units"]["mean"]

    best, stack = units(), units(stacking={"rule": "stack"})
    facts.check("two stacked promotions sell more than the better one", stack > best * 1.001)
    facts.near("exclusive takes the first in the order", units(stacking={"rule": "exclusive"}), best, 1e-12)
    facts.check("exclusive in another order sells less", units(stacking={"rule": "exclusive", "order": ["q", "p"]}) < best * 0.999)
    facts.near("a cap at the better one undoes stacking", units(stacking={"rule": "stack", "cap": 0.2}), best, 1e-12)
    facts.near("a group makes stacking take the best", units(stacking={"rule": "stack", "groups": {"g": {"members": ["p", "q"]}}}), best, 1e-12)
    none = run(changed(market(), stacking=None), "--set", "/run/counts=expected", "--paths", 1)["series"]["units"]["mean"]
    some = run(changed(market(), promotions={"p": promotion(reach=1)}), "--set", "/run/counts=expected", "--paths", 1)["series"]["units"]["mean"]
    inside = [t for t in range(8) if abs(some[t] - none[t]) > 1e-9]
    facts.check("a promotion works in its three weeks only", inside == [1, 2, 3], inside)


def coupons(facts):
    """A coupon is a price cut for the part of the buyers who may use it, have it and redeem it; its budget is all that it costs."""
    for name, base in (("pipeline", pipeline()), ("market", market())):
        for keys, cut in (({"value": exact(0.2)}, {"value": exact(0.2)}), ({"value": None, "amount": exact(15)}, {"kind": "amount_off", "value": exact(15)})):
            coupon = promotion(kind="coupon", eligible=exact(0.5), redemption=exact(0.25), **keys)
            coupon = {k: v for k, v in coupon.items() if v is not None}
            used, same = (run(changed(base, promotions={"p": p}), "--paths", 100) for p in (coupon, promotion(**dict(cut, reach=exact(0.0625)))))
            for part in HEADLINE + ("promotions",):
                facts.same("%s: a coupon is a cut for the product of its parts (%s)" % (name, part), used.get(part), same.get(part), 1e-12)
    everybody = promotion(kind="coupon", redemption=exact(1), reach=1)
    one = run(changed(market(), promotions={"p": everybody}), "--set", "/run/counts=expected", "--paths", 1)["summary"]["units"]["mean"]
    plain = run(changed(market(), promotions={"p": promotion(reach=1)}), "--set", "/run/counts=expected", "--paths", 1)["summary"]["units"]["mean"]
    facts.near("a coupon that everybody redeems is a price cut", one, plain, 1e-12)
    short = run(changed(market(), promotions={"p": dict(everybody, budget=500)}), "--set", "/run/counts=expected", "--paths", 1)
    facts.near("a coupon's budget is spent to the last cent", short["summary"]["promotion_cost"]["mean"], 500, 1e-9)


def members(facts):
    """Who is a member changes nothing by itself; without memories a member price is a cut that reaches the members; a fee is their number times it."""
    centre = ("--set", "/run/counts=expected", "--paths", 1)
    remembers = changed(market(), **{"market/segments/all/reference_price": {"half_life_days": exact(28)}, "promotions": {"p": promotion()}})
    club = {"share": exact(0.3), "joining": {"per_week": exact(0.05)}, "occasions": {"per_week": exact(0.4)}}
    a, b = (run(changed(market(), **{"market/segments/all/members": m}), *centre) for m in (None, club))
    for part in ("summary", "series", "by"):
        facts.same("members without a price of their own change nothing (%s)" % part, b.get(part), a.get(part), 1e-12, 1e-12)
    fixed = changed(market(), **{"market/segments/all/members": {"share": exact(0.3)}})
    for keys, cut in (({"value": exact(0.2)}, {}), ({"value": None, "amount": exact(15)}, {"kind": "amount_off", "value": exact(15)}),
                      ({"value": None, "price": exact(75)}, {"kind": "fixed_price", "value": None, "price": exact(75)})):
        theirs, same = (changed(s, promotions={"p": {k: v for k, v in promotion(**p).items() if v is not None}})
                        for s, p in ((fixed, dict(keys, kind="member_price", reach=1)), (market(), dict(cut, reach=exact(0.3)))))
        x, y = run(theirs, *centre), run(same, *centre)
        for part in ("summary", "series", "by", "promotions"):
            facts.same("without memories, members are whom a cut reaches (%s)" % part, x.get(part), y.get(part), 1e-11, 1e-11)
    free, paid = (run(changed(remembers, **{"market/segments/all/members": club, "promotions": {"p": promotion(kind="member_price", reach=1, **fee)}}),
                      *centre) for fee in ({}, {"fee": {"per_week": exact(2)}}))
    people = sum(200 * (1 - 0.7 * 0.95 ** t) / 0.4 for t in (1, 2, 3))
    facts.near("three weeks' fees of those who are members by then", paid["promotions"]["calendar"]["fees"]["mean"], 2 * people, 1e-12)
    facts.near("are contribution", paid["summary"]["contribution"]["mean"] - free["summary"]["contribution"]["mean"], 2 * people, 1e-10)
    facts.near("and nothing else", paid["summary"]["revenue"]["mean"], free["summary"]["revenue"]["mean"], 1e-12)
    facts.near("of the promotion alone, too", paid["promotions"]["p"]["member_fees"], 2 * people, 1e-12)
    old, new = (run(changed(remembers, **{"market/segments/all/members": dict(club, share=exact(m), joining={"per_week": exact(j)}),
                                          "promotions": {"p": promotion(kind="member_price", reach=1)}}), *centre)["promotions"]["p"]
                for m, j in ((0.3, 0), (0.3, 0.05)))
    facts.check("who joins buys at the lower price", new["promoted_units"] > 1.1 * old["promoted_units"], (new["promoted_units"], old["promoted_units"]))


def bundles(facts):
    """A joint purchase without a discount changes nothing but what it brings; a pure one takes its offers off sale."""
    centre = ("--set", "/run/counts=expected", "--paths", 1)
    deal = {"kind": "bundle", "offers": ["both"], "from": "2026-01-12", "to": "2026-02-01", "reach": 1}
    alone = changed(market(), **{"offers/own/pricing": {"kind": "fixed", "changes": [{"from": "2026-01-19", "price": 90}]}})
    both = changed(alone, **{"offers/both": {"bundle": {"of": ["own", "second"], "attach": exact(0.3)}}})
    a, b = run(alone, *centre), run(both, *centre)
    for t, (x, y) in enumerate(zip(a["series"]["units"]["mean"], b["series"]["units"]["mean"])):
        facts.near("week %d: as many buy, some of them both" % t, y, x, 1e-12)
    facts.near("three tenths of the first offer's buyers take both", b["by"]["offer"]["both"]["units"]["mean"],
               0.3 * a["by"]["offer"]["own"]["units"]["mean"], 1e-12)
    facts.near("and pay the sum", b["by"]["offer"]["both"]["pocket_price"]["mean"],
               a["by"]["offer"]["own"]["pocket_price"]["mean"] + 80, 1e-12)
    idle = run(changed(both, promotions={"p": dict(deal, value=exact(0), synergy=exact(0))}), *centre)
    for part in HEADLINE:
        if part != "batch_means":
            facts.same("a bundle without discount and synergy changes nothing (%s)" % part,
                       {k: v for k, v in b[part].items() if k != "promotion_cost"} if part == "summary" else b.get(part),
                       {k: v for k, v in idle[part].items() if k != "promotion_cost"} if part == "summary" else idle.get(part), 1e-12, 1e-12)
    facts.near("and earns nothing", idle["promotions"]["calendar"]["net"]["mean"], 0, 1e-9, scale=1)
    dear = run(changed(both, promotions={"p": dict(deal, price=exact(500))}), *centre)
    facts.near("nobody pays more for both than for each", dear["summary"]["revenue"]["mean"], b["summary"]["revenue"]["mean"], 1e-12)
    half = run(changed(both, promotions={"p": promotion(reach=1)}), *centre)["by"]["offer"]["both"]["pocket_price"]["mean"]
    named = run(changed(both, promotions={"p": promotion(reach=1, offers=["own", "second"])}), *centre)["by"]["offer"]["both"]["pocket_price"]["mean"]
    facts.near("who cuts both offers cuts their bundle", half, named, 1e-12)
    pure = run(changed(both, promotions={"p": dict(deal, pure=True, to="2026-06-01", **{"from": "2026-01-05"})}), *centre)["by"]["offer"]
    facts.check("a pure bundle sells alone", pure["own"]["units"]["mean"] < 1e-200 and pure["second"]["units"]["mean"] < 1e-200 < pure["both"]["units"]["mean"])
    seen = [run(changed(both, promotions={"p": dict(deal, value=exact(0.1), synergy=exact(y))}), *centre)["by"]["offer"]["both"]["units"]["mean"] for y in (-0.1, 0, 0.1)]
    facts.check("synergy sells the bundle", seen[0] < seen[1] < seen[2], seen)


def test(facts, _):
    no_discount_costs_its_fixed_cost(facts)
    fixed_cost_by_the_week(facts)
    overlap(facts)
    nobody_reached_changes_nothing(facts)
    draws_of_others_stay(facts)
    rules(facts)
    coupons(facts)
    members(facts)
    bundles(facts)
