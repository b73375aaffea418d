# SPDX-License-Identifier: GPL-3.0-or-later
"""Which way units go when a price moves."""
from driver import Refused, changed, run
from random_scenario import day, random_scenario, without_promotions
from small import exact, market, pipeline, promotion

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


def figures(scenario, *options):
    answer = run(scenario, *options)
    return {k: answer[k] for k in ("summary", "series", "by", "promotions") if k in answer}


def far_limits_change_nothing(facts, name, scenario):
    """A move limit and a waiting time that never bind; kinds without limits are optimal ones."""
    limits = {"max_move": 10, "min_days": 1}
    wide = changed(scenario, **{"offers/%s/pricing" % o: dict(x.get("pricing", {"kind": "fixed"}), **limits) for o, x in scenario["offers"].items()})
    options = ("--paths", 64)
    facts.check("%s: limits of moves that never bind change nothing" % name, figures(wide, *options) == figures(scenario, *options))


def rules_and_limits(facts):
    def priced(**pricing):
        return changed(market(promotions={"p": promotion()}), **{"offers/own/pricing": pricing})

    cut = [{"from": day(14), "price": 96}]
    silent = {"when": {"share": {"above": 1}}, "then": {"price": 1}}
    for options in (("--paths", 64), CENTRE):
        still_there = figures(priced(kind="fixed"), *options)
        facts.check("a rule that never fires changes nothing", figures(priced(kind="rules", rules=[silent]), *options)["summary"] == still_there["summary"])
        facts.check("an ending of a price that does not move changes nothing",
                    figures(priced(kind="fixed", ending={"end": 0.99}), *options) == still_there)
        facts.check("an ending that the price has changes nothing",
                    figures(priced(kind="fixed", changes=cut, ending={"end": 6, "step": 10}), *options) == figures(priced(kind="fixed", changes=cut), *options))
        facts.check("a rule with a date is a dated change",
                    figures(priced(kind="rules", rules=[{"when": {"from": day(14)}, "then": {"price": 96}}]), *options) == figures(priced(kind="fixed", changes=cut), *options))
        facts.check("the cut itself changes something", figures(priced(kind="fixed", changes=cut), *options) != still_there)

    def last(**pricing):
        return run(priced(**pricing), *CENTRE)["by"]["offer"]["own"]["last_price"]["mean"]

    facts.near("a far price is reached by the largest moves", last(kind="fixed", price=exact(50), max_move="4%"), 100 * 0.96 ** 8, 1e-12)
    facts.near("moves wait for their time", last(kind="fixed", price=exact(50), max_move="4%", min_days=21), 100 * 0.96 ** 3, 1e-12)
    for how, price in (("nearest", 87.99), ("down", 86.99), ("up", 87.99)):
        facts.near("rounded %s" % how, last(kind="fixed", price=exact(87.5), ending={"end": 0.99, "round": how}), price, 1e-12)
    facts.near("no such price within the largest move: it stays", last(kind="fixed", price=exact(50), max_move="2%", ending={"end": 9, "step": 10}), 99, 1e-12)
    facts.near("a rule moves the price while it holds",
               last(kind="rules", rules=[{"when": {"price_gap": {"to": "y", "above": 0.05}}, "then": {"move": "-2%"}}]), 100 * 0.98 ** 3, 1e-12)


def authority(facts):
    observed = {"distribution": {"zero": 0.3, "beta": {"a": 2, "b": 6}}}

    def under(**limits):
        return pipeline(negotiated=dict(observed, **({"authority": limits} if limits else {})))

    def given(answer):
        return sum(row["amount"]["mean"] if isinstance(row["amount"], dict) else row["amount"] for row in answer["waterfall"] if row["id"] == "negotiated")

    for options in (("--paths", 64), CENTRE):
        free = run(under(), *options)
        facts.check("an authority beyond all discounts changes nothing", run(under(limit=1), *options)["summary"] == free["summary"])
        facts.check("an authority beyond which everything is approved changes nothing",
                    run(under(limit=exact(0.1), approved=1), *options)["summary"] == free["summary"])
        facts.check("without authority nothing is given", given(run(under(limit=0), *options)) == 0)
    before = None
    for limit in (0.05, 0.15, 0.25, 0.4):
        answer = run(under(limit=exact(limit)), *CENTRE)
        now = [answer["summary"][k]["mean"] for k in ("units", "win_rate")] + [-answer["summary"]["pocket_price"]["mean"]]
        facts.check("up to %g: more is sold, at lower prices" % limit, not before or all(a > b for a, b in zip(now, before)), str(now))
        before = now


def seen(facts):
    """What buyers see is the list price less what everybody sees of the promotions, where they are on; memory or not."""
    for name, memory in (("", {}), (" with memory", {"reference_price": {"carry_over_per_week": exact(0.8)}})):
        for reach, depth in ((1, 0.2), (0.5, 0.1)):
            scenario = market(promotions={"p": promotion(reach=exact(reach), offers=["own"])})
            scenario["market"]["segments"]["all"].update(memory)
            prices = run(scenario, *CENTRE)["prices"]
            wanted = [100 * (1 - depth) if 1 <= t <= 3 else 100 for t in range(8)]
            facts.check("reach %g%s: the promotion is seen" % (reach, name), all(abs(a - b) < 1e-9 for a, b in zip(prices["shown"]["own"], wanted)), str(prices["shown"]))
            facts.check("reach %g%s: other prices stay" % (reach, name), prices["shown"]["second"] == prices["offers"]["second"] == [80] * 8, str(prices))


def test(facts, _):
    seen(facts)
    authority(facts)
    rules_and_limits(facts)
    for k in range(3000, 3040):
        try:
            far_limits_change_nothing(facts, "random %d" % k, random_scenario(k))
        except Refused:
            continue
    for k in range(3000, 3040):
        try:
            one_move(facts, "random %d" % k, still(random_scenario(k)))
        except Refused:
            continue
    winners_are_nested(facts)
