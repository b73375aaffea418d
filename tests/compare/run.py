# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans against each other: what `compare` says is what two runs say, future by future."""
import json
import os
import random
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "support"))
from driver import PROGRAM, ROOT, Facts, Refused, changed, compare, run  # noqa: E402
from random_scenario import day, random_scenario  # noqa: E402

ONE_PATH_A_BATCH = 64  # batch means are then the futures themselves
METRICS = ("revenue", "contribution", "margin_frac", "units", "orders")


def quantile(values, p):
    x = sorted(values)
    h = (len(x) - 1) * p
    k = min(int(h), len(x) - 2)
    return x[k] + (h - k) * (x[k + 1] - x[k])


def later(scenario, fraction, change):
    """A plan that moves the first offer's price from part of the horizon on."""
    offer = sorted(scenario["offers"])[0]
    weeks = int(scenario["calendar"]["periods"] * fraction)
    scenario = changed(scenario, **{"offers/%s/pricing" % offer: {"kind": "fixed"}})
    patch = {"offers": {offer: {"pricing": {"changes": [{"from": day(7 * weeks), "change": change}]}}}}
    return weeks, with_plan(scenario, patch)


def with_plan(scenario, patch):
    return changed(scenario, plans={"other": patch})


def same_as_two_runs(facts, name, scenario):
    """Mean, spread, percentiles, chances and regret from the futures of two runs."""
    answer = compare(scenario, "--paths", ONE_PATH_A_BATCH)
    base = run(scenario, "--paths", ONE_PATH_A_BATCH, "--attribution", "none")
    other = run(scenario, "--paths", ONE_PATH_A_BATCH, "--plan", "other", "--attribution", "none")
    facts.check("%s: the plans are what they are by themselves" % name,
                all(answer["plans"][plan]["summary"][m] == result["summary"][m] for plan, result in
                    (("input", base), ("other", other)) for m in METRICS if m in result["summary"]))
    for m in METRICS:
        if m not in base["summary"] or None in base["batch_means"][m] or None in other["batch_means"][m]:
            continue
        x, y, got = base["batch_means"][m], other["batch_means"][m], answer["differences"]["other"][m]
        d = [b - a for a, b in zip(x, y)]
        scale = max(map(abs, x + y)) or 1.0
        facts.near("%s, %s: mean" % (name, m), got["mean"], other["summary"][m]["mean"] - base["summary"][m]["mean"], 1e-11 * scale, scale=1)
        for p in (5, 10, 25, 50, 75, 90, 95):
            facts.near("%s, %s: p%d" % (name, m, p), got["p%d" % p], quantile(d, p / 100), 1e-11 * scale, scale=1)
        facts.near("%s, %s: sd" % (name, m), got["sd"], statistics.stdev(d), 1e-8 * scale, scale=1)
        if m != "margin_frac":
            facts.near("%s, %s: error of the mean" % (name, m), got["se"], statistics.stdev(d) / 8, 1e-8 * scale, scale=1)
            facts.near("%s, %s: better" % (name, m), got["better_frac"], sum(v > 0 for v in d) / 64, 1e-12, scale=1)
            facts.near("%s, %s: equal" % (name, m), got["equal_frac"], sum(v == 0 for v in d) / 64, 1e-12, scale=1)
    x, y = base["batch_means"]["contribution"], other["batch_means"]["contribution"]
    for plan, own in (("input", x), ("other", y)):
        row = answer["ranking"][plan]
        facts.near("%s, %s: best" % (name, plan), row["best_frac"], sum(v >= max(a, b) for v, a, b in zip(own, x, y)) / 64, 1e-12, scale=1)
        facts.near("%s, %s: regret" % (name, plan), row["regret"], sum(max(a, b) - v for v, a, b in zip(own, x, y)) / 64,
                   1e-11 * max(map(abs, x + y)), scale=1)


def bridge_closes(facts, name, answer, plan="other"):
    rows = {key: row["mean"] for key, row in answer["bridge"][plan].items()}
    total, means = rows.pop("difference"), answer["differences"][plan]["contribution"]["mean"]
    largest = max(map(abs, rows.values()))
    facts.near("%s: the bridge adds up" % name, sum(rows.values()), means, 1e-12 * max(largest, abs(means), 1.0), scale=1)
    facts.near("%s: its total is the difference" % name, total, means, 1e-12 * max(largest, abs(means), 1.0), scale=1)
    return rows


def bridge_names_the_cause(facts):
    """In expected flows with nothing uncertain a change of cost is all in the cost row, one of mix nowhere."""
    with open(os.path.join(ROOT, "scenarios", "price_cut.json"), encoding="utf-8") as file:
        s = json.load(file)
    s["run"] = {"paths": 64, "counts": "expected", "parameters": "centre"}
    offer = sorted(s["offers"])[0]
    before = run(changed(s, plans=None))
    s["plans"] = {"other": {"offers": {offer: {"unit_cost": 50}}}}
    answer = compare(s)
    rows = bridge_closes(facts, "cost", answer)
    units = before["summary"]["units"]["mean"]
    cost = (before["summary"]["pocket_price"]["mean"] * units - before["summary"]["pocket_margin"]["mean"]) / units
    facts.near("a lower cost earns its difference on every unit", rows["unit_cost"], units * (cost - 50), 1e-10)
    for key in ("volume", "mix", "price", "promotion_discounts"):
        facts.near("a lower cost moves no %s" % key, rows[key], 0.0, 1e-9 * units * cost, scale=1)
    s["payment"] = {"days": 0, "bad_debt": 0}
    s["plans"] = {"other": {"offers": {offer: {"pricing": {"kind": "fixed", "price": 90}}}},
                  "offer": {"promotions": {"p": {"kind": "percent_off", "value": "10%", "from": day(70), "to": day(139), "reach": 1,
                                                 "fixed_cost": {"once": 777}}}}}
    answer, summary = compare(s), lambda plan: answer["plans"][plan]["summary"]
    margin = summary("input")["pocket_margin"]["mean"] / summary("input")["units"]["mean"]
    for plan in ("other", "offer"):
        rows, more = bridge_closes(facts, plan, answer, plan), answer["differences"][plan]["units"]["mean"]
        scale = abs(more * margin)
        facts.near("%s: units that are more or less, at the margin of before" % plan, rows["volume"], more * margin, 1e-10)
        facts.near("%s: nothing is left unexplained" % plan, rows["rest"], 0.0, 1e-9 * scale, scale=1)
        then, now, even = summary("input"), summary(plan), answer["break_even"][plan]
        facts.near("%s: change of units" % plan, even["units_change"], now["units"]["mean"] / then["units"]["mean"] - 1, 1e-10)
        facts.near("%s: with so many units it earns what the base does" % plan, (1 + even["break_even_units_change"]) * then["units"]["mean"]
                   * now["pocket_margin"]["mean"] / now["units"]["mean"] - 777.0 * (plan == "offer"), then["pocket_margin"]["mean"], 1e-10)
    facts.near("the promotion's fixed cost", rows["promotion_fixed"], -777.0, 1e-10)
    facts.near("its discounts", rows["promotion_discounts"], 777.0 - summary("offer")["promotion_cost"]["mean"], 1e-9)
    facts.near("and no other price", rows["price"], 0.0, 1e-9 * scale, scale=1)


def equal_until_they_differ(facts, name, scenario, weeks):
    """Every series of every period before the plans part is the same to the last bit."""
    base = run(scenario, "--paths", 96, "--attribution", "none")
    other = run(scenario, "--paths", 96, "--attribution", "none", "--plan", "other")
    equal = all(base["series"][m][line][:weeks] == other["series"][m][line][:weeks] for m in base["series"] for line in base["series"][m])
    facts.check("%s: the same to the last bit before week %d" % (name, weeks), equal)
    answer = compare(scenario, "--paths", 96)
    for m, lines in answer["series"].items():
        facts.check("%s: no difference in %s before week %d" % (name, m, weeks), not any(lines["other"][:weeks]))
    return base["series"] != other["series"]


def random_plans(facts):
    rng, moved, tried = random.Random(7), 0, 0
    for k in range(40):
        scenario = random_scenario(k)
        if scenario["calendar"]["period"] != "week":
            continue
        weeks, scenario = later(scenario, rng.choice((0.0, 0.4, 0.7)), rng.choice((-0.1, 0.05)))
        try:
            same_as_two_runs(facts, "random %d" % k, scenario)
            bridge_closes(facts, "random %d" % k, compare(scenario, "--paths", 100))
            moved += equal_until_they_differ(facts, "random %d" % k, scenario, weeks)
            tried += 1
        except Refused as why:
            print("# random %d is refused: %s" % (k, str(why).splitlines()[0]))
    facts.check("random plans were tried, and most of them moved something", tried >= 5 and moved >= tried * 0.7, "%d of %d" % (moved, tried))


def rival_cut(facts):
    """The shipped scenario: plans answer a cut of week 8, so that they are one until then."""
    file = os.path.join(ROOT, "scenarios", "price_cut.json")
    runs = {plan: run(file, "--paths", 200, "--attribution", "none", "--plan", plan) for plan in ("hold", "match", "answer_with_promotion")}
    for plan in ("match", "answer_with_promotion"):
        for m, lines in runs["hold"]["series"].items():
            facts.check("%s, %s: as hold before the cut" % (plan, m), all(lines[x][:7] == runs[plan]["series"][m][x][:7] for x in lines))
        facts.check("%s: not as hold after it" % plan, runs["hold"]["series"]["revenue"] != runs[plan]["series"]["revenue"])


def many(facts):
    """Fifty alternatives in one run; one more is refused; their order changes nothing but the order."""
    file = os.path.join(ROOT, "scenarios", "minimal.json")
    tries = ["--try=/promotions/spring/value=%d%%" % k for k in range(1, 51)]
    done = subprocess.run([PROGRAM, "compare", file, *tries, "--paths", "64", "--format", "json", "-q"], capture_output=True, check=False)
    answer = json.loads(done.stdout)
    facts.check("fifty alternatives", len(answer["ranking"]) == 51)
    facts.check("somebody is best in every future", sum(r["best_frac"] for r in answer["ranking"].values()) >= 1 - 1e-12)
    facts.check("regret is never negative", all(r["regret"] >= 0 for r in answer["ranking"].values()))
    back = subprocess.run([PROGRAM, "compare", file, *reversed(tries), "--paths", "64", "--format", "json", "-q"], capture_output=True, check=False)
    other = json.loads(back.stdout)
    facts.check("order does not matter", all(answer["ranking"][k] == other["ranking"][k] for k in answer["ranking"]))
    more = subprocess.run([PROGRAM, "compare", file, *tries, "--try=/promotions/spring/value=60%"], capture_output=True, check=False)
    facts.check("fifty-one are refused", more.returncode == 2 and b"at most 50" in more.stderr)


def nothing_changed(facts):
    s = with_plan(random_scenario(3), {"name": "the same"})
    answer = compare(s, "--paths", 64)
    for m, d in answer["differences"]["other"].items():
        facts.check("the same plan differs in no %s" % m, d["mean"] in (0, None) and d["sd"] in (0, None) and d["equal_frac"] in (1, None), str(d))


def sobol(facts):
    """Plans share Sobol points but for inputs of promotions and rivals; where others differ they are refused."""
    file = os.path.join(ROOT, "scenarios", "price_cut.json")
    promotion = '/promotions/x={"kind": "percent_off", "value": "5% to 10%", "from": "2026-05-04", "to": "2026-05-10"}'
    for fact, tried, status in (("another promotion", promotion, 0), ("another price", '/offers/own/pricing={"kind": "fixed", "price": 109}', 0),
                                ("an input that is certain now", "/offers/own/unit_cost=55", 3)):
        done = subprocess.run([PROGRAM, "compare", file, "--try", tried, "--set", "/run/sampling=sobol", "--paths", "64", "--format", "json", "-q"],
                              capture_output=True, text=True, check=False)
        facts.check("Sobol points: %s" % fact, done.returncode == status, (done.returncode, done.stderr[:300]))
    facts.check("Sobol points: what differs is said", "other uncertain inputs" in done.stderr, done.stderr)
    with open(file, encoding="utf-8") as opened:
        scenario = json.load(opened)
    spread = {}
    for sampling in ("random", "sobol"):
        answer = compare(scenario, "--paths", 512, "--plan", "answer_with_promotion", "--set", "/run/counts=expected", "--set", "/run/sampling=" + sampling)
        spread[sampling] = answer["differences"]["answer_with_promotion"]["revenue"]["sd"]
    facts.check("Sobol points: futures are paired as random ones are", spread["sobol"] < 1.2 * spread["random"], spread)


def main():
    facts = Facts()
    for part in (random_plans, bridge_names_the_cause, rival_cut, many, nothing_changed, sobol):
        part(facts)
    return facts.close()


if __name__ == "__main__":
    sys.exit(main())
