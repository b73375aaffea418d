# SPDX-License-Identifier: GPL-3.0-or-later
"""Laws of nests, tastes, store volume and valuations."""
import invariants
from calibration import at_price, elasticity, shares, units_of
from driver import changed, expected, run
from small import exact, market, promotion

CHOICE = "market/segments/all/choice/"
LIKE = {"like": {"members": ["own", "x"], "rho": exact(0.6)}, "other": {"members": ["second", "y"], "rho": exact(0.3)}}
ASKED = {"like": {"members": ["own", "x"], "lost_buyers_who_leave": exact(0.4)}}
TASTES = {"price": {"sd": exact(0.5)}, "attributes": {"sweet": {"sd": exact(1), "of": {"own": 1, "y": 1}}}}
KINDS = {"nests": {CHOICE + "nests": LIKE}, "nests by question": {CHOICE + "nests": ASKED}, "tastes": {CHOICE + "tastes": TASTES},
         "normal taste": {CHOICE + "tastes": {"price": {"law": "normal", "sd": exact(0.3)}}},
         "censored taste": {CHOICE + "tastes": {"price": {"law": "censored", "sd": exact(0.8)}, "points": 15}},
         "types": {CHOICE + "tastes": {"types": {"few": {"weight": 0.3, "relative_sensitivity": exact(3), "utility": {"own": exact(-1)}},
                                                 "many": {"weight": 0.7, "utility": {"x": exact(0.5)}}}}}}


def store():
    s = market()
    del s["market"]["segments"]["all"]["choice"]
    s["market"]["demand"] = {"kind": "isoelastic", "parts": {"own": 0.7, "second": 0.3}, "elasticity": {"own": exact(-2.2), "second": exact(-1.5)},
                             "cross": [{"of": "second", "to": "own", "value": exact(0.4)}, {"of": "own", "to": "x", "value": exact(0.3)}]}
    return s


def goods(nodes=False):
    s = market(competitors={})
    del s["market"]["segments"]["all"]["choice"]
    law = lambda mean: {"normal": {"mean": mean, "sd": 30}}  # noqa: E731
    s["offers"]["both"] = {"list_price": 165, "unit_cost": 75}
    s["market"]["demand"] = {"kind": "valuations", "bundles": [{"offer": "both", "of": ["own", "second"]}],
                             "goods": [{"offer": "own", "worth": law(95)}, {"offer": "second", "worth": law(80)}], "correlation": exact(0.3)}
    if nodes:
        s["market"]["demand"] = {"kind": "valuations", "bundles": s["market"]["demand"]["bundles"],
                                 "nodes": [{"weight": 1 + k % 3, "worth": {"own": 60 + 7 * k % 83, "second": 40 + 11 * k % 71}} for k in range(40)]}
    return s


def same(facts, name, one, other, tolerance=1e-9):
    a, b = expected(one), expected(other)
    for kind in ("offer", "rival"):
        for j, group in a["by"].get(kind, {}).items():
            facts.near("%s: units of %s" % (name, j), b["by"][kind][j]["units"]["mean"], group["units"]["mean"], tolerance)


def today(facts):
    """Stated shares and elasticity come back."""
    stated = market()["market"]["segments"]["all"]["choice"]["baseline"]
    brand = {"brand": True, "value": exact(-2.2)}
    for name, keys in KINDS.items():
        got = shares(expected(changed(market(), **keys)))
        for j in got:
            facts.near("%s: share of %s" % (name, j), got[j], stated[j], 1e-9)
        facts.near("%s: elasticity" % name, elasticity(changed(market(), **keys), ["own"], units_of("own")), -2.2, 1e-4)
        both = changed(market(), **dict(keys, **{CHOICE + "elasticity": brand}))
        facts.near("%s: elasticity of the brand" % name, elasticity(both, ["own", "second"], units_of("own", "second")), -2.2, 1e-4)
    for offer, value in (("own", -2.2), ("second", -1.5)):
        facts.near("store volume: elasticity of %s" % offer, elasticity(store(), [offer], units_of(offer)), value, 1e-4)
    facts.near("store volume: cross elasticity", elasticity(store(), ["own"], units_of("second")), 0.4, 1e-4)


def limits(facts):
    """What says nothing changes nothing."""
    cut = market(promotions={"p": promotion(offers=["own"])})
    zero = {g: dict(n, rho=exact(0)) for g, n in LIKE.items()}
    same(facts, "nests with rho 0", cut, changed(cut, **{CHOICE + "nests": zero}))
    flat = {"price": {"sd": exact(0)}, "attributes": {"sweet": {"sd": exact(0), "of": {"own": 1}}}}
    same(facts, "tastes with sd 0", cut, changed(cut, **{CHOICE + "tastes": flat}))
    one = {"types": {"a": {"weight": 0.25}, "b": {"weight": 0.75}}}
    same(facts, "types that are alike", cut, changed(cut, **{CHOICE + "tastes": one}))
    asked = changed(cut, **{CHOICE + "lost_buyers_who_buy_nothing": exact(0.3)})
    rho = expected(asked)["derived"]["segments/all/rho"]
    everything = {"all": {"members": ["own", "second", "x", "y"], "rho": exact(rho)}}
    same(facts, "one nest of all offers", asked, changed(cut, **{CHOICE + "nests": everything}))
    whole = {"all": {"members": ["own", "second", "x", "y"], "lost_buyers_who_leave": exact(0.3)}}
    same(facts, "one nest of all offers, by its question", asked, changed(cut, **{CHOICE + "nests": whole}))


def diversion(facts):
    """Where the buyers go who leave."""
    def lost(scenario):
        base, dearer = (shares(expected(at_price(scenario, {"own": f}))) for f in (1, 1 + 1e-5))
        gone = base["own"] - dearer["own"]
        return {j: (dearer[j] - base[j]) / gone for j in base if j != "own"}
    plain, nested, tastes = lost(market()), lost(changed(market(), **{CHOICE + "nests": ASKED})), lost(changed(market(), **KINDS["tastes"]))
    facts.near("nest: buyers who leave it", 1 - nested["x"], 0.4, 1e-4)
    facts.near("plain logit: in proportion to the shares", plain["x"] / plain["y"], 2, 1e-4)
    facts.check("nest: the like offer gets more than its share", nested["x"] > plain["x"] and nested["y"] < plain["y"], nested)
    facts.check("tastes: who shares the attribute gets more than its share", tastes["y"] > 1.2 * plain["y"], tastes)


def monotone(facts):
    """A higher own price does not sell more of it."""
    cases = {name: changed(market(), **keys) for name, keys in KINDS.items() if name != "normal taste"}
    for name, scenario in dict(cases, store=store(), goods=goods(), nodes=goods(True)).items():
        units = [units_of("own")(expected(at_price(scenario, {"own": f}))) for f in (0.5, 0.7, 0.9, 1, 1.1, 1.4, 2, 4)]
        facts.check("%s: units fall with the price" % name, all(b <= a * (1 + 1e-12) for a, b in zip(units, units[1:])), units)


def bundles(facts):
    """A bundle at the sum of its prices is separate selling; below that it takes from both."""
    apart = changed(goods(), **{"offers/both/list_price": 180})
    sold = expected(apart)["by"]["offer"]
    for offer, mean, price in (("own", 95, 100), ("second", 80, 80)):
        alone = changed(goods(), **{"market/demand/bundles": [], "market/demand/correlation": exact(0), "offers/both": None})
        alone["market"]["demand"]["goods"] = [g for g in alone["market"]["demand"]["goods"] if g["offer"] == offer]
        alone["offers"] = {offer: alone["offers"][offer]}
        del alone["market"]["demand"]["correlation"]
        units = expected(alone)["by"]["offer"][offer]["units"]["mean"]
        facts.near("bundle at the sum: %s" % offer, sold[offer]["units"]["mean"] + sold["both"]["units"]["mean"], units, 1e-4)
    cheaper = expected(goods())["by"]["offer"]["both"]["units"]["mean"]
    facts.check("a cheaper bundle sells more", cheaper > sold["both"]["units"]["mean"], cheaper)


def switching(facts):
    """Switching moves no sale; of the lift the stated part comes from the rival, the rest is expansion, both at the promoted margin."""
    plain = changed(store(), promotions={"p": promotion(reach=1, offers=["own"])})
    stated = changed(plain, **{"market/demand/switching": {"x": exact(0.3)}})
    a, b = (run(s, "--set", "/run/counts=expected", "--paths", 1) for s in (plain, stated))
    facts.check("switching moves no figure", a["summary"] == b["summary"] and a["series"] == b["series"], "")
    one, other = a["promotions"]["calendar"], b["promotions"]["calendar"]
    facts.near("from the rival and from nothing as before", other["from_x"]["mean"] + other["expansion"]["mean"],
               one["from_x"]["mean"] + one["expansion"]["mean"], 1e-12)
    lift = b["promotions"]["p"]["incremental_units"]
    facts.near("the stated part of the lift", other["from_x"]["mean"], 0.3 * lift * (100 * 0.8 - 40), 1e-9)
    facts.near("nothing from the other rival", other["from_y"]["mean"], 0, 1e-9, scale=other["from_x"]["mean"])
    facts.near("the net is the same", other["net"]["mean"], one["net"]["mean"], 1e-12)


def answers(facts):
    """The invariants of every answer, with promotions, in whole numbers and expected flows."""
    cases = dict({name: changed(market(), **keys) for name, keys in KINDS.items()}, store=store(), goods=goods(), nodes=goods(True))
    for name, scenario in cases.items():
        scenario = changed(scenario, promotions={"p": promotion(offers=["own"]), "q": promotion(value=exact(0.1), **{"from": "2026-01-26"})})
        for counts in ("whole", "expected"):
            answer = run(changed(scenario, run={"counts": counts}), "--paths", 150)
            for fact, contradictions in invariants.everything(answer):
                facts.check("%s, %s: %s" % (name, counts, fact), not contradictions, "; ".join(contradictions[:2]))


def test(facts, _):
    today(facts)
    limits(facts)
    diversion(facts)
    monotone(facts)
    bundles(facts)
    switching(facts)
    answers(facts)
