# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose money is counted: a brand that sells to shops."""
from driver import changed, run
from small import exact, market, promotion

EXPECTED = ("--set", "/run/counts=expected", "--paths", 1)


def brand(passed, **keys):
    """Wholesale at 60 % of the shelf's price."""
    s = changed(market(), seller="brand", promotions={"p": promotion()}, **keys)
    for i, paid in (("own", 60), ("second", 48)):
        s["offers"][i].update(wholesale=exact(paid), pass_through=exact(passed))
    return s


def test(facts, _):
    margin = {"order": ["negotiated", "promotion", "shop", "invoice"], "steps": {"shop": {"rate": exact(0.4)}}}
    direct = run(changed(market(), promotions={"p": promotion()}, waterfall=margin), *EXPECTED)
    same = run(brand(1), *EXPECTED)
    for k in ("revenue", "contribution", "pocket_margin", "units", "collected", "share", "price_index"):
        facts.near("passed on in full, the shop keeps its part of what is paid (%s)" % k, same["summary"][k]["mean"], direct["summary"][k]["mean"], 1e-12)
    facts.near("and the calendar earns as much", same["promotions"]["calendar"]["net"]["mean"], direct["promotions"]["calendar"]["net"]["mean"], 1e-10)
    facts.near("the brand gives six tenths of what the shelf gives", same["summary"]["promotion_cost"]["mean"],
               0.6 * direct["summary"]["promotion_cost"]["mean"], 1e-12)
    twice = run(brand(2), *EXPECTED)
    facts.same("the shelf decides what is sold", twice["by"]["rival"], same["by"]["rival"], 1e-12)
    facts.near("passed on twice, half is given", twice["summary"]["promotion_cost"]["mean"], same["summary"]["promotion_cost"]["mean"] / 2, 1e-12)
    given = twice["summary"]["units"]["mean"] * twice["summary"]["pocket_price"]["mean"] + twice["summary"]["promotion_cost"]["mean"]
    facts.near("off the wholesale price", given, sum(twice["by"]["offer"][i]["units"]["mean"] * w for i, w in (("own", 60), ("second", 48))), 1e-12)
    quiet = changed(brand(2), promotions=None)
    dear = run(changed(quiet, **{"offers/own/pricing": {"kind": "fixed", "price": exact(90)}}), *EXPECTED)["by"]["offer"]["own"]
    facts.near("a shelf price a tenth lower is a wholesale price a twentieth lower", dear["pocket_price"]["mean"], 57, 1e-12)
    for word in ("direct", "retailer"):
        a, b = run(changed(market(), seller=word), *EXPECTED), run(market(), *EXPECTED)
        for part in ("summary", "series", "by"):
            facts.same("%s: the shelf's money (%s)" % (word, part), a[part], b[part], 0, 0)
