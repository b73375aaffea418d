# SPDX-License-Identifier: GPL-3.0-or-later
"""Responses against moves: every cell is a run by itself, and what is said of them follows from the cells."""
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "support"))
from driver import PROGRAM, ROOT, Facts, changed, run, without_duplicates  # noqa: E402

EXACT = {"exact": True}


def respond(scenario, *options):
    done = subprocess.run([PROGRAM, "respond", "-" if isinstance(scenario, dict) else scenario, "--format", "json", "-q", *map(str, options)],
                          input=json.dumps(scenario).encode() if isinstance(scenario, dict) else b"", capture_output=True, check=False)
    return done.returncode, json.loads(done.stdout, object_pairs_hook=without_duplicates) if done.stdout else None, done.stderr.decode()


def shipped():
    with open(os.path.join(ROOT, "scenarios", "price_cut.json"), encoding="utf-8") as file:
        return json.load(file)


def merged(target, patch):
    if not isinstance(patch, dict):
        return patch
    target = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            target.pop(key, None)
        else:
            target[key] = merged(target.get(key), value)
    return target


def without(patch, *keys):
    return {k: v for k, v in patch.items() if k not in keys}


def cells(facts):
    """Each cell against a run of the scenario patched by hand; ranks and regret from the futures themselves."""
    s = shipped()
    status, answer, err = respond(s, "--paths", 64)
    facts.check("it runs", status == 0, err)
    paths, probability = {}, answer["probability"]
    plans, moves = list(s["plans"]), [m for m in s["moves"] if not m.startswith("//")]
    for i in plans:
        for j in moves:
            hand = merged(merged(without(s, "plans", "moves"), without(s["moves"][j], "probability")), s["plans"][i])
            result = run(hand, "--paths", 64, "--attribution", "none")
            paths[i, j] = result["batch_means"]["contribution"]
            facts.check("%s against %s" % (i, j), answer["payoff"]["mean"][i][j] == result["summary"]["contribution"]["mean"] and
                        answer["revenue"][i][j] == result["summary"]["revenue"]["mean"] and answer["share"][i][j] == result["summary"]["share"]["mean"])
    facts.check("hold is the scenario as written, which is not there twice", sorted(answer["responses"]) == sorted(plans))
    for i in plans:
        regret = {j: sum(max(paths[k, j][r] for k in plans) - paths[i, j][r] for r in range(64)) / 64 for j in moves}
        best = {j: sum(paths[i, j][r] >= max(paths[k, j][r] for k in plans) for r in range(64)) / 64 for j in moves}
        row = answer["responses"][i]
        for j in moves:
            facts.near("regret of %s against %s" % (i, j), answer["regret"][i][j], regret[j], 1e-9 * 7e5, scale=1)
            facts.near("how often %s is best against %s" % (i, j), answer["best_frac"][i][j], best[j], 1e-12, scale=1)
        facts.near("expected %s" % i, row["expected"], sum(probability[j] * answer["payoff"]["mean"][i][j] for j in moves), 1e-12)
        facts.near("mean regret of %s" % i, row["regret"], sum(probability[j] * regret[j] for j in moves), 1e-6)
        facts.near("worst regret of %s" % i, row["worst_regret"], max(regret.values()), 1e-9)
        facts.near("worst of %s" % i, row["worst"], min(answer["payoff"]["mean"][i].values()), 1e-12)
    by = answer["responses"]
    facts.check("the recommended one has the most", answer["recommended"] == max(plans, key=lambda i: by[i]["expected"]))
    facts.check("the safest one has the best worst", answer["maximin"] == max(plans, key=lambda i: by[i]["worst"]))
    facts.check("the least to regret", answer["least_regret"] == min(plans, key=lambda i: by[i]["worst_regret"]))
    pay, rival = answer["payoff"]["mean"], answer["rival"]
    stable = {"%s/%s" % (i, j) for i in plans for j in moves
              if all(pay[i][j] >= pay[k][j] for k in plans) and all(rival[i][j] >= rival[i][l] for l in moves)}
    facts.check("equilibria", set(answer["equilibria"]) == stable, (answer["equilibria"], stable))


def planted():
    """The lower price pays for buyers more sensitive than a threshold, whatever else happens."""
    return {"pricesim": 1, "name": "planted", "currency": "EUR", "scope": "market", "calendar": {"start": "2026-01-05", "period": "week", "periods": 8},
            "run": {"counts": "expected", "paths": 4000},
            "market": {"shock": "off", "segments": {"all": {
                "arrivals": {"per_week": {"uniform": [90, 110]}}, "reference_price": {"half_life_days": 28, "gain": 0, "loss": 0},
                "choice": {"baseline": {"own": 0.2, "x": 0.3, "none": 0.5}, "elasticity": {"value": {"uniform": [-4, -1.5]}}}}}},
            "offers": {"own": {"list_price": 100, "unit_cost": dict(value=50, **EXACT)}},
            "competitors": {"x": {"offers": {"x": {"price": 100}}}}, "payment": {"days": 0},
            "moves": {"stays": {}, "cuts": {"competitors": {"x": {"reaction": {"kind": "static", "changes": [{"from": "2026-01-05", "change": -0.1}]}}}}},
            "plans": {"lower": {"offers": {"own": {"pricing": {"kind": "fixed", "price": 90}}}}}}


def losing(facts):
    status, answer, err = respond(planted())
    facts.check("the planted scenario runs", status == 0, err)
    rule = answer["losing"]
    first = rule["conditions"][0] if rule["conditions"] else {}
    facts.check("what it hangs on is found", first.get("input", "").endswith("elasticity/value"), rule)
    up = answer["recommended"] == "as_written"  # loses to the lower price where buyers are sensitive
    facts.check("on the right side", first.get("above") is (not up), rule)
    facts.check("it is told where it holds", -4 < first.get("value", 0) < -1.5 and abs(first["value"] - (-4 + 2.5 * first["level"])) < 1e-9, rule)
    facts.check("there it loses nearly always, and it is nearly all", rule["density"] > 0.85 and rule["coverage"] > 0.75, rule)
    facts.check("density is above the base", rule["density"] > rule["base"] > 0, rule)
    same = changed(planted(), plans={"same": {}, "label": {"name": "the same"}})
    status, answer, _ = respond(same)
    facts.check("equal plans lose to nobody", status == 0 and answer["losing"]["base"] == 0 and answer["losing"]["conditions"] == [], answer)
    facts.check("and each is an equilibrium where the rival would not move",
                set(answer["equilibria"]) in ({"same/stays", "label/stays"}, {"same/cuts", "label/cuts"}), answer["equilibria"])


def refused(facts):
    s = planted()
    for name, scenario, want, word in (
            ("no moves", changed(s, moves=None), 3, "no moves"), ("no plans", changed(s, plans=None), 2, "no plans"),
            ("a probability of 2", changed(s, **{"moves/stays/probability": 2}), 3, "no fraction"),
            ("one probability of two", changed(s, **{"moves/stays/probability": 0.5}), 3, "sum to 1"),
            ("sum of 0.9", changed(s, **{"moves/stays/probability": 0.5, "moves/cuts/probability": "40%"}), 3, "sum to 1"),
            ("a wrong patch", changed(s, **{"moves/stays/offer": {}}), 3, "unknown key"),
            ("a move that is no object", changed(s, **{"moves/stays": 3}), 3, "")):
        status, _, err = respond(scenario, "--paths", 100)
        facts.check("%s: refused" % name, status == want and word in err, (status, err[:200]))
    status, answer, err = respond(changed(s, **{"moves/stays/probability": 0.25, "moves/cuts/probability": "75%"}), "--paths", 100)
    facts.check("fractions and percentages", status == 0 and answer["probability"] == {"stays": 0.25, "cuts": 0.75}, err)
    status, answer, _ = respond(s, "--paths", 100)
    facts.check("without them all moves count alike", answer["probability"] == {"stays": 0.5, "cuts": 0.5})


def main():
    facts = Facts()
    for part in (cells, losing, refused):
        part(facts)
    return facts.close()


if __name__ == "__main__":
    sys.exit(main())
