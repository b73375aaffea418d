# SPDX-License-Identifier: GPL-3.0-or-later
"""What prices that are best responses to each other must do, whatever found them."""
from driver import changed, expected
from small import exact, market

TRIED = (0.9, 0.97, 0.99, 1.01, 1.03, 1.1)


def three_firms(sensitivity, **choice):
    """We with two offers, two rivals with one each, costs stated, all in equilibrium from the first period on."""
    s = market(competitors={"first": {"offers": {"x": {"price": 110, "unit_cost": 50}}, "reaction": {"kind": "nash"}},
                            "second": {"offers": {"y": {"price": 90, "unit_cost": 45}}, "reaction": {"kind": "nash"}}})
    s["calendar"]["periods"] = 3
    s["market"]["segments"]["all"]["choice"].update({"elasticity": {"offer": "own", "value": exact(sensitivity)}}, **choice)
    for offer in s["offers"].values():
        offer["pricing"] = {"kind": "optimal"}
    return s


DEMANDS = {
    "logit": {}, "awareness": {"awareness": 0.8},
    "nest": {"nests": {"near": {"members": ["own", "x"], "rho": 0.3}}},
    "tastes": {"tastes": {"price": {"sd": 0.25}, "attributes": {"light": {"sd": 0.6, "of": {"own": 1, "y": 1}}}, "points": 5}},
}


def prices(answer):
    return {j: g["last_price"]["mean"] for kind in ("offer", "rival") for j, g in answer["by"][kind].items()}


def held(scenario, at):
    """The same market with all prices held there from the first day on."""
    s = changed(scenario, competitors={c: dict(v, reaction={"kind": "static", "changes": [
        {"from": "2026-01-05", "price": exact(at[o])} for o in v["offers"]]}) for c, v in scenario["competitors"].items()})
    for i in s["offers"]:
        s["offers"][i]["pricing"] = {"kind": "fixed", "price": exact(at[i])}
    return s


def profit(answer, scenario, firm):
    if firm == "we":
        return answer["summary"]["contribution"]["mean"]
    return sum((answer["by"]["rival"][o]["last_price"]["mean"] - v["unit_cost"]) * answer["by"]["rival"][o]["units"]["mean"]
               for o, v in scenario["competitors"][firm]["offers"].items())


def nobody_deviates(facts, name, scenario):
    at = prices(expected(scenario))
    base = expected(held(scenario, at))
    facts.check("%s: prices that are held are those found" % name,
                all(abs(prices(base)[j] - x) < 1e-9 * x for j, x in at.items()), str(prices(base)))
    firms = {"we": scenario["offers"], "first": ["x"], "second": ["y"]}
    for firm, offers in firms.items():
        kept = profit(base, scenario, firm)
        gains = [profit(expected(held(scenario, dict(at, **{o: at[o] * by}))), scenario, firm) - kept for o in offers for by in TRIED]
        facts.check("%s: %s would not deviate" % (name, firm), kept > 0 and max(gains) < 0, "%g of %g" % (max(gains), kept))


def a_merger_raises_prices(facts, name, scenario):
    before = prices(expected(scenario))
    merged = prices(expected(changed(scenario, **{"competitors/first/joins": {"competitor": "second", "from": "2026-01-05"}})))
    facts.check("%s: after a merger both its prices are higher" % name, all(merged[o] > before[o] * 1.0001 for o in "xy"),
                "%s, before %s" % (merged, before))
    facts.check("%s: outsiders' prices are no lower" % name, all(merged[o] >= before[o] * (1 - 1e-9) for o in scenario["offers"]),
                "%s, before %s" % (merged, before))


def frozen_is_static(facts):
    """run.rivals freezes a reaction; where none is stated there is nothing to freeze, in any future."""
    still = market()
    facts.check("frozen rivals are those without a reaction", expected(still)["summary"] == expected(
        still, "--set", "/run/rivals=frozen")["summary"])
    moving = three_firms(-2.2)
    frozen = expected(moving, "--set", "/run/rivals=frozen")
    without = changed(moving, competitors={c: {"offers": v["offers"]} for c, v in moving["competitors"].items()})
    facts.check("freezing is taking the reaction away", frozen["summary"] == expected(without)["summary"])
    facts.check("a reaction makes a difference", frozen["summary"] != expected(moving)["summary"])


def responses_come_to_rest_in_the_equilibrium(facts):
    """Everybody answering what was seen last ends where equilibrium players begin."""
    s = three_firms(-2.2)
    s["calendar"]["periods"] = 60
    facts.check("best responses end in the equilibrium", all(
        abs(x - prices(expected(s))[j]) < 1e-7 * x for j, x in prices(expected(s, "--set", "/run/rivals=best_response")).items()))


def test(facts, _):
    for name, choice in DEMANDS.items():
        for sensitivity in (-2.2, -3.4):
            nobody_deviates(facts, "%s %g" % (name, sensitivity), three_firms(sensitivity, **choice))
            if name in ("logit", "awareness"):
                a_merger_raises_prices(facts, "%s %g" % (name, sensitivity), three_firms(sensitivity, **choice))
    frozen_is_static(facts)
    responses_come_to_rest_in_the_equilibrium(facts)
