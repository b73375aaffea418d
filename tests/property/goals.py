# SPDX-License-Identifier: GPL-3.0-or-later
"""Goals against a plan: its mean in the same futures, simulated before."""
import json
import os
import tempfile

from driver import Refused, changed, run
from small import exact, market, promotion


def of_file(scenario, *options):
    """A scenario that is read twice cannot come from standard input."""
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "s.json")
        with open(name, "w", encoding="utf-8") as f:
            json.dump(scenario, f)
        return run(name, "--paths", 320, *options)


def refusal(scenario, *options):
    try:
        of_file(scenario, *options)
    except Refused as why:
        return str(why)
    return ""


def test(facts, _):
    goal = {"metric": "units", "scope": {"offer": "own"}, "by": "2026-02-15", "change": 0.05, "against": {"plan": "bare"}}
    s = changed(market(), promotions={"p": promotion(reach=1)}, goals={"g": goal},
                plans={"bare": {"promotions": None}, "aimless": {"goals": None}})
    bare, full = of_file(s, "--plan", "bare")["goals"]["g"], of_file(s)["goals"]["g"]
    facts.near("the target is the plan's mean and the change", full["target"], 1.05 * bare["mean"], 1e-12)
    level = {k: v for k, v in goal.items() if k not in ("change", "against")}
    same = run(changed(s, **{"goals/g": dict(level, level=full["target"])}), "--paths", 320)["goals"]["g"]
    facts.same("it is a goal like one with that level", full, same)
    facts.check("the promotion brings it", bare["p"] < 0.5 < full["p"], (bare["p"], full["p"]))
    far = of_file(changed(s, **{"goals/g/change": 9}))
    facts.check("ten times as much is out of reach", far["goals"]["g"]["p"] == 0 and far["goals"]["g"]["out_of_range"])
    facts.check("and called out", any("out of reach of every" in x for x in far["verdict"]), far["verdict"])
    facts.check("with the plan's name", any("900% above plan bare" in x for x in far["verdict"]), far["verdict"])
    text = refusal(changed(s, **{"goals/g/against/plan": "aimless"}))
    facts.check("a plan without the goal is refused", "plan 'aimless' has no goal 'g'" in text, text)
    wrong = changed(s, **{"plans/bare": {"offers": {"own": {"list_price": -1}}}})
    text = refusal(wrong)
    facts.check("so is a plan that cannot be run", "against plan 'bare', which is wrong" in text, text)
    try:
        text = str(run(s))
    except Refused as why:
        text = str(why)
    facts.check("so is standard input", "has to be read twice" in text, text)
    seed = of_file(s, "--seed", "7")["goals"]["g"]["target"]
    facts.check("the plan meets the same futures", seed != full["target"] and
                abs(seed - 1.05 * of_file(s, "--plan", "bare", "--seed", "7")["goals"]["g"]["mean"]) < 1e-9)
