# SPDX-License-Identifier: GPL-3.0-or-later
"""Purchases that move in time are moved, not made or lost."""
from driver import changed, run
from small import exact, market, pipeline, promotion

EXPECTED = ("--set", "/run/counts=expected", "--paths", 1)


def long(**keys):
    return changed(market(), **{"calendar/periods": 60}, **keys)


def all_is_paid_back(facts):
    """kappa = 1: over a long time a promotion sells nothing more; kappa = 0: as without."""
    cut = {"p": promotion(reach=1)}
    without = run(long(), *EXPECTED)["summary"]["units"]["mean"]
    free = run(long(promotions=cut), *EXPECTED)["summary"]["units"]["mean"]
    for counts, tolerance in (("expected", 1e-9), ("whole", 0.003)):
        s = long(promotions=cut, **{"market/segments/all/borrow": {"share": exact(1), "carry_over_per_week": exact(0.5)}})
        got = run(s, "--set", "/run/counts=" + counts, "--paths", 400 if counts == "whole" else 1)["summary"]["units"]["mean"]
        facts.near("%s: all of the lift is paid back" % counts, got, without, tolerance)
        s["market"]["segments"]["all"]["borrow"]["share"] = exact(0)
        got = run(s, "--set", "/run/counts=" + counts, "--paths", 400 if counts == "whole" else 1)["summary"]["units"]["mean"]
        facts.near("%s: nothing borrowed, nothing paid back" % counts, got, free, tolerance)


def the_dip_is_geometric(facts):
    """One promoted week: kappa lift (1 - d) d^(k - 1) orders less in week t + k."""
    s = long(promotions={"p": promotion(reach=1, to="2026-01-18")})
    base = run(long(), *EXPECTED)["series"]["units"]["mean"]
    lift = run(s, *EXPECTED)["series"]["units"]["mean"][1] - base[1]
    s["market"]["segments"]["all"]["borrow"] = {"share": exact(0.3), "carry_over_per_week": exact(0.6)}
    got = run(s, *EXPECTED)["series"]["units"]["mean"]
    for k in range(1, 20):
        facts.near("dip %d weeks after" % k, base[1 + k] - got[1 + k], 0.3 * lift * 0.4 * 0.6 ** (k - 1), 1e-9, scale=lift)


def waiting_moves_arrivals(facts):
    for name, base in (("market", market()), ("pipeline", pipeline())):
        for counts in ("expected", "whole"):
            options = ("--set", "/run/counts=" + counts, "--paths", 100)
            s = changed(base, promotions={"p": promotion(waiting={"share": exact(0.4), "days": 10}, **{"from": "2026-01-26"})})
            still = run(changed(base, promotions={"p": promotion(**{"from": "2026-01-26"})}), *options)
            moved = run(s, *options)
            facts.near("%s, %s: waiting loses no arrival" % (name, counts), moved["summary"]["leads"]["mean"], still["summary"]["leads"]["mean"], 1e-12)
            if name == "market" and counts == "expected":
                a, b = still["series"]["units"]["mean"], moved["series"]["units"]["mean"]
                # ten days before: three days of the week before last, and all of the last
                facts.near("three of seven days wait", b[1] / a[1], 1 - 0.4 * 3 / 7, 1e-9)
                facts.near("a week of them waits", b[2] / a[2], 1 - 0.4, 1e-9)
                facts.near("and buys when it begins", b[3] / a[3], 1 + 0.4 * 10 / 7, 1e-9)


def test(facts, _):
    all_is_paid_back(facts)
    the_dip_is_geometric(facts)
    waiting_moves_arrivals(facts)
