# SPDX-License-Identifier: GPL-3.0-or-later
"""Orders of several units: rules by units against the cuts that they are worth."""
from driver import changed, run
from small import exact, market, promotion

EXPECTED = ("--set", "/run/counts=expected", "--paths", 1)
FIGURES = ("units", "revenue", "contribution")


def counted(law, **keys):
    return changed(market(), **{"market/segments/all/quantity": law}, **keys)


def alike(facts, name, a, b, tolerance=1e-12):
    for figure in FIGURES:
        facts.near("%s: %s" % (name, figure), a["summary"][figure]["mean"], b["summary"][figure]["mean"], tolerance)
    if "calendar" in a["promotions"] and "calendar" in b["promotions"]:
        facts.near(name + ": net", a["promotions"]["calendar"]["net"]["mean"], b["promotions"]["calendar"]["net"]["mean"], 1e-9)


def by_units(kind, **keys):
    """A rule by units in place of a cut."""
    p = promotion(kind=kind, compliance=exact(0), **keys)
    del p["value"]
    return {"p": p}


def test(facts, _):
    for counts in ("expected", "whole"):
        options = ("--set", "/run/counts=" + counts, "--paths", 50)
        alike(facts, counts + ": orders of one unit", run(counted(exact(1)), *options), run(market(), *options))
        three, one = run(counted(exact(3)), *options), run(market(), *options)
        facts.near(counts + ": orders of three units", three["summary"]["units"]["mean"], 3 * one["summary"]["units"]["mean"], 1e-12)
    law = {"lognormal": {"median": exact(2.5), "sdlog": exact(0.6)}}
    a_fifth = run(counted(law, promotions={"p": promotion()}), *EXPECTED)
    tiers = [{"units": 1, "value": exact(0.2)}]
    for apply in ("whole", "slice"):
        got = run(counted(law, promotions=by_units("volume_tier", tiers=tiers, tiers_apply=apply)), *EXPECTED)
        alike(facts, apply + ": from the first unit on", got, a_fifth)
    third = run(counted(exact(3), promotions={"p": promotion(value=exact(1 / 3))}), *EXPECTED)
    alike(facts, "three for two of three", run(counted(exact(3), promotions=by_units("multi_buy", buy=3, pay=exact(2))), *EXPECTED), third)
    none = run(counted(exact(2)), *EXPECTED)
    alike(facts, "three for two of two", run(counted(exact(2), promotions=by_units("multi_buy", buy=3, pay=exact(2))), *EXPECTED), none)
    eager = by_units("multi_buy", buy=3, pay=exact(2), addon_value=exact(0.5), choice_effect="none", reach=1)
    eager["p"]["compliance"] = exact(1)
    got = run(counted(exact(2), promotions=eager), *EXPECTED)["series"]["units"]["mean"]
    facts.near("who holds two takes the third for nothing", got[1], 1.5 * none["series"]["units"]["mean"][1], 1e-12)
    three_of = {"market/segments/all/quantity": exact(3)}
    for most, worth in ((1, 0.1), (3, 0.3), (64, 0.3)):  # 30 % off the first is 10 % off three
        got = run(changed(market(), promotions={"p": promotion(value=exact(0.3), per_customer=most)}, **three_of), *EXPECTED)
        alike(facts, "%d per customer of three" % most, got, run(changed(market(), promotions={"p": promotion(value=exact(worth))}, **three_of), *EXPECTED))
    steps = [{"units": 1, "value": exact(0.3)}]
    got = run(counted(exact(3), promotions=by_units("volume_tier", tiers=steps, per_customer=1)), *EXPECTED)
    alike(facts, "the same as a volume tier", got, run(counted(exact(3), promotions={"p": promotion(value=exact(0.1))}), *EXPECTED))
