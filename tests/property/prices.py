# SPDX-License-Identifier: GPL-3.0-or-later
"""Which way units go when a price moves."""
from driver import Refused, changed, run
from random_scenario import day, random_scenario, without_promotions
from small import exact, market

CENTRE = ("--set", "/run/counts=expected", "--set", "/run/parameters=centre", "--paths", 1)
SLACK = 1 + 1e-11


def still(scenario):
    """Without promotions, reactions, memory of prices and baskets: only the two prices that the test moves."""
    result = without_promotions(scenario)
    for offer in result["offers"].values():
        offer["pricing"] = {"kind": "fixed"}
    for rival in result.get("competitors", {}).values():
        rival.pop("reaction", None)
    for segment in result["market"]["segments"].values():
        segment.pop("reference_price", None)
        segment.pop("price_image", None)
    return result


def units(answer, kind, name):
    groups = answer["by"].get(kind, {})
    return groups[name]["units"]["mean"]


def one_move(facts, name, scenario):
    base = run(scenario, *CENTRE)
    owns, rivals = sorted(scenario["offers"]), [(c, o) for c, v in scenario.get("competitors", {}).items() for o in v["offers"]]
    for own in owns:
        dearer = run(changed(scenario, **{"offers/%s/pricing/changes" % own: [{"from": day(1), "change": 0.04}]}), *CENTRE)
        facts.check("%s: %s dearer sells no more" % (name, own),
                    units(dearer, "offer", own) <= units(base, "offer", own) * SLACK)
        for other in owns:
            facts.check("%s: %s dearer, %s sells no less" % (name, own, other),
                        other == own or units(dearer, "offer", other) * SLACK >= units(base, "offer", other))
        for _, rival in rivals:
            facts.check("%s: %s dearer, %s sells no less" % (name, own, rival),
                        units(dearer, "rival", rival) * SLACK >= units(base, "rival", rival))
    for competitor, rival in rivals[:1]:
        dearer = run(changed(scenario, **{"competitors/%s/reaction" % competitor: {
            "kind": "static", "changes": [{"from": day(1), "change": 0.04}]}}), *CENTRE)
        for own in owns:
            facts.check("%s: %s dearer, %s sells no less" % (name, rival, own),
                        units(dearer, "offer", own) * SLACK >= units(base, "offer", own))


def winners_are_nested(facts):
    """In every future by itself: who buys at the higher price also buys at the lower one."""
    s = market()
    s["market"]["segments"]["all"]["choice"]["baseline"] = {"own": 0.2, "second": 0.1, "x": "15% to 25%", "y": 0.1, "none": 0.4}
    before = None
    for price in (85, 95, 100, 100.5, 110, 140):
        moved = changed(s, **{"offers/own/pricing": {"kind": "fixed", "price": exact(price)}})
        paths = run(moved, "--paths", 64)["batch_means"]["share"] # one path each
        if before:
            facts.check("at %g no future sells more than at a lower price" % price, all(a >= b for a, b in zip(before, paths)))
            facts.check("at %g some future sells less" % price, sum(a > b for a, b in zip(before, paths)) > 0)
        before = paths


def test(facts, _):
    for k in range(3000, 3040):
        try:
            one_move(facts, "random %d" % k, still(random_scenario(k)))
        except Refused:
            continue
    winners_are_nested(facts)
