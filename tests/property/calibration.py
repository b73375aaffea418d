# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scenario states about today comes back from the simulation: shares, win rates, elasticities."""
import copy

from driver import Refused, changed, expected, run
from small import exact, market, pipeline, promotion

STEP = 1e-4 # relative change of the price, both ways: the error of the difference is of its square


def shares(answer):
    """Part of the decisions that each alternative gets."""
    decided = answer["summary"]["leads"]["mean"]
    return {n: g["units"]["mean"] / decided for kind in ("offer", "rival") for n, g in answer["by"].get(kind, {}).items()}


def segments(**second):
    """Two segments that share the market's choice, the second with keys of its own."""
    s = market()
    choice = s["market"]["segments"]["all"].pop("choice")
    return changed(s, **{"market/choice": choice, "market/segments/few": dict({"arrivals": {"per_week": exact(90)}}, **second)})


def baselines(facts):
    """Expected flows with no change give the stated shares back."""
    stated = market()["market"]["segments"]["all"]["choice"]["baseline"]
    nest = {"market/segments/all/choice/lost_buyers_who_buy_nothing": exact(0.35)}
    cases = {"plain": market(), "nested": changed(market(), **nest), "aware": changed(market(), **{"market/segments/all/choice/awareness": exact(0.7)}),
             "aware and nested": changed(market(), **dict(nest, **{"market/segments/all/choice/awareness": exact(0.7)})),
             "two segments": segments(relative_sensitivity=exact(1.7)),
             "two segments with preferences": segments(preference={"own": exact(1.9), "x": exact(0.6), "none": exact(1.2)}),
             "with memory": changed(market(), **{"market/segments/all/reference_price": {"half_life_days": 30, "of": "all", "gain": exact(0.3)},
                                                 "market/segments/all/price_image": {"half_life_days": 60, "sensitivity": exact(1), "equity": exact(0.5)}})}
    for name, scenario in cases.items():
        got = shares(expected(scenario))
        for alternative, share in stated.items():
            if alternative != "none":
                facts.near("market, %s: share of %s" % (name, alternative), got[alternative], share, 1e-9)
    utility = changed(market(), **{"market/segments/all/choice": {"utility": {"own": exact(1), "second": exact(0.3), "x": exact(1.2), "y": exact(0)},
                                                                  "price_sensitivity": exact(0.01)}})
    from math import exp
    e = {"own": exp(1 - 1), "second": exp(0.3 - 0.8), "x": exp(1.2 - 1.1), "y": exp(0 - 0.9)}
    got = shares(expected(utility))
    for name, value in e.items():
        facts.near("market, utilities: share of %s" % name, got[name], value / (1 + sum(e.values())), 1e-12)
    outcome = {"won": {"weibull": {"shape": 0.86, "scale": 20}}, "lost": {"weibull": {"shape": 1.2, "scale": 40}}}
    for name, days in (("days", {"exponential": {"mean": 14}}), ("constant days", 20), ("days by outcome", outcome), ("no days", 0)):
        for lost_to in ({"x": 0.3, "y": 0.3, "none": 0.4}, {"none": 1}):
            answer = expected(changed(pipeline(), **{"funnel/stages/talks/days": days, "market/segments/firms/choice/lost_to": lost_to}))
            facts.near("pipeline, %s: win rate" % name, answer["summary"]["win_rate"]["mean"], 0.3, 1e-9)
    for opening in ("empty", "steady", {"counts": {"talks": 500}}):  # deals open on the first day are not this window's wins
        hazard = changed(pipeline(), **{"funnel/stages/talks": {"choice": True, "leaves_per_week": 0.3}, "funnel/opening": opening})
        facts.near("pipeline, constant hazard, %s: win rate" % opening, expected(hazard)["summary"]["win_rate"]["mean"], 0.3, 1e-9)
        whole = run(hazard, "--paths", 4000)["summary"]["win_rate"]
        facts.check("pipeline, constant hazard, %s, whole counts: win rate" % opening, abs(whole["mean"] - 0.3) < 4 * whole["se"] + 1e-3, whole)


def at_price(scenario, factors):
    """The same with own prices multiplied from the first day on."""
    result = copy.deepcopy(scenario)
    for name, factor in factors.items():
        offer = result["offers"][name]
        offer["pricing"] = {"kind": "fixed", "price": exact(offer["list_price"] * factor)}
    return result


def elasticity(scenario, prices, sold):
    """Relative change of what is sold to a relative change of the prices of some offers."""
    up, down, base = (sold(expected(at_price(scenario, {p: f for p in prices}))) for f in (1 + STEP, 1 - STEP, 1))
    return (up - down) / (2 * STEP * base)


def one_cohort(scenario):
    """Arrivals in the first period only, from an empty funnel: all of them decide inside a long horizon."""
    result = changed(scenario, **{"funnel/opening": "empty", "calendar/periods": 300})
    for segment in result["market"]["segments"].values():
        segment["season"] = {"table": [1, 0]}
    return result


def units_of(*names):
    return lambda answer: sum(answer["by"]["offer"][n]["units"]["mean"] for n in names)


def market_elasticities(facts):
    brand = {"brand": True, "value": exact(-2.2)}
    nest, aware, one = "market/segments/all/choice/lost_buyers_who_buy_nothing", "market/segments/all/choice/awareness", "market/segments/all/choice/elasticity"
    shared = "market/choice/elasticity"
    cases = {"plain": (market(), ["own"]), "nested": (changed(market(), **{nest: exact(0.35)}), ["own"]),
             "aware": (changed(market(), **{aware: exact(0.7)}), ["own"]),
             "aware and nested": (changed(market(), **{aware: exact(0.7), nest: exact(0.35)}), ["own"]),
             "brand": (changed(market(), **{one: brand}), ["own", "second"]),
             "brand, nested": (changed(market(), **{one: brand, nest: exact(0.35)}), ["own", "second"]),
             "brand, aware": (changed(market(), **{one: brand, aware: exact(0.7)}), ["own", "second"]),
             "segments": (segments(relative_sensitivity=exact(1.7)), ["own"]),
             "segments, preferences": (segments(relative_sensitivity=exact(0.5), preference={"own": exact(2), "x": exact(0.6)}), ["own"]),
             "segments, preferences, nested": (changed(segments(relative_sensitivity=exact(0.5), preference={"own": exact(2)}),
                                                       **{"market/choice/lost_buyers_who_buy_nothing": exact(0.35)}), ["own"]),
             "segments, brand": (changed(segments(relative_sensitivity=exact(1.7)), **{shared: brand}), ["own", "second"])}
    for name, (scenario, prices) in cases.items():
        facts.near("market, %s: elasticity" % name, elasticity(scenario, prices, units_of(*prices)), -2.2, 1e-4)
    remembers = changed(market(), **{"market/segments/all/choice/promotion_elasticity": exact(-3.3), "calendar/periods": 200})
    last = lambda answer: answer["series"]["units"]["mean"][-1]
    first = lambda answer: answer["series"]["units"]["mean"][0]
    solo = changed(remembers, **{"offers/second": None, "market/segments/all/choice/baseline": {"own": 0.2, "x": 0.3, "y": 0.1, "none": 0.4}})
    facts.near("market, memory: lasting elasticity", elasticity(solo, ["own"], last), -2.2, 1e-4)
    down, base = (first(expected(at_price(solo, {"own": f}))) for f in (1 - 1e-6, 1))
    facts.near("market, memory: elasticity to a sudden cut", (down - base) / (-1e-6 * base), -3.3, 1e-4)
    down, base = (first(expected(at_price(solo, {"own": f}))) for f in (1 + 1e-6, 1))
    facts.near("market, memory: elasticity to a sudden rise", (down - base) / (1e-6 * base), -2.2 * (1 + 1.6 * 0.5), 1e-4)


def nests(facts):
    """Of the buyers lost to a higher price, the stated part buys nothing."""
    for name, scenario, part in (("one segment", changed(market(), **{"market/segments/all/choice/lost_buyers_who_buy_nothing": exact(0.35)}), 0.35),
                                 ("plain logit", market(), 0.4 / 0.8)):
        base, dearer = (shares(expected(at_price(scenario, {"own": f}))) for f in (1, 1 + 1e-5))
        lost = base["own"] - dearer["own"]
        to_nothing = sum(base.values()) - sum(dearer.values())
        facts.near("market, %s: lost buyers who buy nothing" % name, to_nothing / lost, part, 1e-4)


def pipeline_elasticities(facts):
    outcome = {"won": {"weibull": {"shape": 0.86, "scale": 20}}, "lost": {"weibull": {"shape": 1.2, "scale": 40}}}
    wins = lambda answer: answer["summary"]["units"]["mean"]
    base = one_cohort(pipeline())
    talks = "funnel/stages/talks/days"
    negotiated = {"distribution": {"zero": exact(0.2), "beta": {"a": exact(2), "b": exact(6)}}}
    two = changed(base, **{"market/segments/firms/choice": None, "market/choice": base["market"]["segments"]["firms"]["choice"],
                           "market/segments/shops": {"arrivals": {"per_week": exact(30)}, "season": {"table": [1, 0]}, "relative_sensitivity": exact(1.8)}})
    cases = {"plain": base, "constant days": changed(base, **{talks: 20}), "days by outcome": changed(base, **{talks: outcome}),
             "constant days, losses to nobody": changed(base, **{talks: 20, "market/segments/firms/choice/lost_to": None}),
             "losses to nobody": changed(base, **{talks: outcome, "market/segments/firms/choice/lost_to": None}),
             "negotiated": changed(base, negotiated=negotiated),
             "negotiated, by outcome": changed(base, negotiated=negotiated, **{talks: outcome}),
             "two segments": two, "two segments, by outcome": changed(two, **{talks: outcome}),
             "two segments, by outcome, negotiated": changed(two, negotiated=negotiated, **{talks: outcome}),
             "vat inside": changed(base, vat={"rate": exact(0.13), "prices_include": True}),
             "hazard": changed(base, **{"funnel/stages/talks": {"choice": True, "leaves_per_week": exact(0.2)}})}
    for name, scenario in cases.items():
        facts.near("pipeline, %s: elasticity" % name, elasticity(scenario, ["own"], wins), -1.8, 1e-4)
    offers = {"own": {"list_price": 100, "unit_cost": 40}, "second": {"list_price": 150, "unit_cost": 40}}
    choice = {"conversions": {"own": exact(0.2), "second": exact(0.15)}, "lost_to": {"x": 0.3, "y": 0.3, "none": 0.4}}
    for name, stated, moved in (("an offer of two", {"offer": "second", "value": exact(-1.4)}, ["second"]),
                                ("brand of two", {"brand": True, "value": exact(-1.4)}, ["own", "second"])):
        for days in (14, outcome):
            s = changed(base, offers=offers, **{talks: days, "market/segments/firms/choice": dict(choice, elasticity=stated)})
            facts.near("pipeline, %s: elasticity" % name, elasticity(s, moved, units_of(*moved)), -1.4, 1e-4)


def no_price_can_matter(facts):
    """Winners who all decide later than all losers leave nobody whom a price could move: refused, or still a number."""
    s = changed(pipeline(), promotions={"p": promotion()}, **{"funnel/stages/talks/days": {"won": 40, "lost": 0}})
    try:
        answer = run(s, "--paths", 64)
        facts.check("ages that tell winners from losers", answer["summary"]["contribution"]["mean"] is not None,
                    answer["derived"]["segments/firms/alpha"])
    except Refused:
        facts.check("ages that tell winners from losers are refused", True)


def test(facts, _):
    no_price_can_matter(facts)
    baselines(facts)
    market_elasticities(facts)
    nests(facts)
    pipeline_elasticities(facts)
