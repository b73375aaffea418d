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


def each_pays_its_own(facts):
    """One promoted offer of two: with `of` each the dip is the offer's own; after_promotion it begins when the promotion ends, and
    kappa = 1 still pays all of it back."""
    cut = {"p": promotion(reach=1, offers=["own"])}  # two weeks

    def units(borrow, offer, counts="expected"):
        s = long(promotions=cut)
        if borrow:
            s["market"]["segments"]["all"]["borrow"] = dict({"share": exact(1), "carry_over_per_week": exact(0.5)}, **borrow)
        got = run(s, "--set", "/run/counts=" + counts, "--paths", 400 if counts == "whole" else 1)
        return got["by"]["offer"][offer]["units"]["mean"]

    without = run(long(), *EXPECTED)["by"]["offer"]
    for when in ("next_period", "after_promotion"):
        each = {"of": "each", "paid_back": when}
        for counts, tolerance in (("expected", 1e-9), ("whole", 0.01)):
            facts.near("%s, %s: the promoted offer pays back what it was lifted" % (counts, when), units(each, "own", counts),
                       without["own"]["units"]["mean"], tolerance)
        facts.near("%s: the other keeps its sales" % when, units(each, "second"), units(None, "second"), 1e-12)
        facts.check("%s: of all, the other pays, too" % when, units({"paid_back": when}, "second") < 0.999 * units(None, "second"), when)
    s = long(promotions=cut)
    free = run(s, *EXPECTED)["series"]["units"]["mean"]
    s["market"]["segments"]["all"]["borrow"] = {"share": exact(0.3), "carry_over_per_week": exact(0.6), "paid_back": "after_promotion"}
    got, base = run(s, *EXPECTED)["series"]["units"]["mean"], run(long(), *EXPECTED)["series"]["units"]["mean"]
    lift = sum(free) - sum(base)
    last = max(t for t, (a, b) in enumerate(zip(free, base)) if a > b * (1 + 1e-9))
    facts.check("more than one week is promoted", free[last - 1] > base[last - 1] * 1.01, last)
    for t in range(last + 1):
        facts.near("while it runs nothing is paid back (week %d)" % t, got[t], free[t], 1e-12)
    for k in range(1, 20):
        facts.near("dip %d weeks after the last" % k, base[last + k] - got[last + k], 0.3 * lift * 0.4 * 0.6 ** (k - 1), 1e-9, scale=lift)


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


def hurried(reach, **keys):
    """Deals that hardly mind the price; a promotion of 20 % in the second week makes them decide sooner."""
    cut = promotion(reach=exact(reach), to="2026-01-18", acceleration=exact(5))
    choice = {"conversion": exact(0.3), "price_sensitivity": exact(1e-12)}
    return changed(pipeline(), promotions={"p": cut}, **{"market/segments/firms/choice": choice, "calendar/periods": 60}, **keys)


def deals_decide_sooner(facts):
    """h' = 1 - (1 - h)^exp(5 x 20 %) for those it reaches; no deal is made or lost."""
    sooner = 1 - 0.9 ** 2.718281828459045
    for reach in (1, 0.25):
        s = hurried(reach, **{"funnel/stages/talks": {"choice": True, "leaves_per_week": exact(0.1)}})
        units = run(s, *EXPECTED)["series"]["units"]["mean"]
        h = reach * sooner + (1 - reach) * 0.1
        facts.near("reach %g: the hazard of the promoted week" % reach, units[1] / units[0], h / 0.1, 1e-9)
        facts.near("reach %g: the stock that is left decides next" % reach, units[2] / units[0], 1 - (h - 0.1), 1e-9)
    for counts, tolerance in (("expected", 1e-6), ("whole", 0.01)):
        options = ("--set", "/run/counts=" + counts, "--paths", 400 if counts == "whole" else 1)
        s = hurried(0.5)
        got = run(s, *options)
        del s["promotions"]["p"]["acceleration"]
        still = run(s, *options)
        a, b = got["series"]["units"]["mean"], still["series"]["units"]["mean"]
        facts.check("%s: more is decided in the promoted week" % counts, a[1] > 1.2 * b[1], a[1] / b[1])
        facts.check("%s: and less right after it" % counts, a[2] < 0.95 * b[2], a[2] / b[2])
        facts.near("%s: in the end as much" % counts, sum(a), sum(b), tolerance)
    s = hurried(1, **{"promotions/p/value": exact(0)})
    del s["promotions"]["p"]["acceleration"]
    facts.near("no depth, no hurry", run(hurried(1, **{"promotions/p/value": exact(0)}), *EXPECTED)["summary"]["units"]["mean"],
               run(s, *EXPECTED)["summary"]["units"]["mean"], 1e-12)


def quarters_pull_deals(facts):
    """The last nine days of March are week 11 and two days of week 12; no deal is made or lost."""
    s = changed(pipeline(), **{"funnel/stages/talks": {"choice": True, "leaves_per_week": exact(0.1)}, "calendar/periods": 14})
    pulled = changed(s, **{"funnel/quarter_end": {"last_days": 9, "times": exact(3)}})
    units = run(pulled, *EXPECTED)["series"]["units"]["mean"]
    first, second = 1 - 0.9 ** 3, 1 - 0.9 ** (1 + 2 / 7 * 2)
    facts.near("before the last days nothing happens", units[10], units[0], 1e-12)
    facts.near("the hazard of a week of last days", units[11] / units[10], first / 0.1, 1e-9)
    facts.near("and of two of them, for the stock that is left", units[12] / units[10], (1.1 - first) * second / 0.1, 1e-9)
    facts.same("once as likely is nothing", run(s, *EXPECTED)["summary"],
               run(changed(s, **{"funnel/quarter_end": {"times": exact(1)}}), *EXPECTED)["summary"], 1e-12, 1e-12)
    later = run(changed(pulled, **{"calendar/fiscal_year_start": 2}), *EXPECTED)["series"]["units"]["mean"]
    facts.check("a year from February has no quarter's end in March", abs(later[11] / later[10] - 1) < 0.02)
    facts.near("and to January", later[3] / later[0], (1 - 0.9 ** (1 + 6 / 7 * 2)) / 0.1 * (1.1 - (1 - 0.9 ** (1 + 3 / 7 * 2))), 1e-9)
    base = changed(pipeline(), **{"calendar/periods": 60})
    for counts, tolerance in (("expected", 0.003), ("whole", 0.01)):
        options = ("--set", "/run/counts=" + counts, "--paths", 400 if counts == "whole" else 1)
        got, still = (run(x, *options)["series"]["units"]["mean"]
                      for x in (changed(base, **{"funnel/quarter_end": {"last_days": 14, "times": exact(4)}}), base))
        facts.check("%s: more is decided then" % counts, got[10] > 1.5 * still[10], got[10] / still[10])
        facts.check("%s: and less in the week after" % counts, got[13] < 0.8 * still[13], got[13] / still[13])
        facts.near("%s: in the end as much" % counts, sum(got), sum(still), tolerance)


def test(facts, _):
    quarters_pull_deals(facts)
    deals_decide_sooner(facts)
    all_is_paid_back(facts)
    the_dip_is_geometric(facts)
    each_pays_its_own(facts)
    waiting_moves_arrivals(facts)
