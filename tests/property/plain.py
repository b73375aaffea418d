# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain expected-flow scenarios are walked segment by segment, all others period by period. A goal changes no figure, but makes
the figures by line and period needed, and so the walk the general one: both must say the same."""
from driver import differences, run


def scenario(rng, offers, rivals, stages, remembers):
    """Constant hazards before a choice without delay; prices that move in some periods, promotions, memories."""
    own, other = ["o%d" % i for i in range(offers)], ["c%d" % c for c in range(rivals)]
    segments = {}
    for s in range(rng.randint(1, 3)):
        segments["s%d" % s] = {
            "arrivals": {"per_week": {"lognormal": {"median": rng.uniform(20, 900), "sdlog": 0.2}}, "law": "expected"},
            "choice": {"utility": {name: rng.uniform(0.5, 1.6) for name in own + other},
                       "price_sensitivity": {"lognormal": {"median": 0.03, "sdlog": 0.25}}}}
        if remembers:
            segments["s%d" % s]["reference_price"] = {"carry_over_per_week": {"uniform": [0.6, 0.9]}, "of": remembers,
                                                      "gain": 0.4, "loss": 0.9}
    moves = {"kind": "fixed", "changes": [{"from": "2024-02-05", "change": -0.08}]}
    result = {
        "pricesim": 1, "name": "plain", "currency": "EUR", "scope": "pipeline",
        "calendar": {"start": "2024-01-01", "period": "week", "periods": rng.randint(12, 40)},
        "run": {"counts": "expected"}, "market": {"shock": "off", "segments": segments},
        "offers": {name: {"list_price": rng.uniform(70, 140), "unit_cost": 40, "pricing": moves if name == "o1" else {"kind": "fixed"}}
                   for name in own},
        "promotions": {"sale": {"kind": "percent_off", "value": 0.2, "offers": ["o0"], "from": "2024-02-26", "to": "2024-03-10",
                                "reach": 1, "feature": {"utility": 0.25}, "fixed_cost": {"per_week": 5, "once": 20}}},
        "funnel": {"opening": rng.choice(["empty", "steady"]), "order": ["k%d" % k for k in range(stages)] + ["choose"],
                   "stages": {"choose": {"choice": True, "days": 0}}},
        "payment": {"days": 0, "bad_debt": rng.choice([0, 0.03])}}
    for k in range(stages):
        result["funnel"]["stages"]["k%d" % k] = {"conversion": {"logit_normal": {"mean": 0.4, "sd": 0.3}},
                                                 "leaves_per_week": rng.uniform(0.3, 1)}
    if rivals:
        reaction = {"kind": "answer", "to": ["sale"], "depth": {"triangular": [0, 0.1, 0.3]}, "closes_per_week": 0.5}
        result["competitors"] = {"r%d" % c: {"offers": {name: {"price": rng.uniform(80, 150)}},
                                             "reaction": reaction if c % 2 == 0 else {"kind": "static"}}
                                 for c, name in enumerate(other)}
    if rng.random() < 0.3:
        result["costs"] = {"per_lead": 0.5, "fixed_per_month": 100}
    return result


def test(facts, rng):
    goal = {"g": {"metric": "revenue", "level": 1, "by": "2024-03-10"}}
    for offers in (1, 2, 3, 4):
        for rivals in (0, 1, 2, 3, 4):
            for remembers in ("own", "all", None):
                stages = rng.randint(1, 9)
                name = "plain, %d offers, %d rivals, %d stages, memory %s" % (offers, rivals, stages, remembers)
                plain = scenario(rng, offers, rivals, stages, remembers)
                apart = run(plain, "--paths", 70, "--attribution", "none")
                general = run(dict(plain, goals=goal), "--paths", 70, "--attribution", "none")
                for part in ("summary", "by", "series", "prices", "price_gap", "shares", "funnel", "waterfall"):
                    if part in general:
                        wrong = list(differences(apart.get(part), general[part], tolerance=1e-12, rounding=1e-9))
                        facts.check("%s: a goal changes nothing in %s" % (name, part), not wrong, "; ".join(wrong[:2]))
                facts.check("%s: there are figures" % name, apart["summary"]["revenue"]["mean"] > 0)
