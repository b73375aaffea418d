# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes of a scenario that change nothing, or one known thing, in the answer."""
import copy

from driver import Refused, but_source, output, run
from random_scenario import random_scenario, shuffled

CENTRE = ("--set", "/run/counts=expected", "--set", "/run/parameters=centre", "--paths", 1)
# Keys that hold money, and those that hold utility per money; "value" is money in some places.
MONEY = {"list_price", "unit_cost", "price", "reference_price", "ceiling", "floor", "amount", "spend", "save", "cap", "per_lead",
         "fixed_per_month", "once", "up_to", "switching_cost", "per_unit", "median", "budget", "salvage"}
MONEY_OUT = ("revenue", "contribution", "booked", "invoiced", "collected", "list_value", "discounts", "pocket_margin", "commission",
             "promotion_cost", "acquisition_cost", "npv", "arr", "backlog_revenue")


def times(value, factor):
    """A number as scenarios write it, multiplied."""
    if isinstance(value, (int, float)):
        return value * factor
    if isinstance(value, str):
        return " to ".join(repr(float(x) * factor) for x in value.split(" to "))
    if isinstance(value, list):
        return [times(v, factor) for v in value]
    return {k: v if k in ("sdlog", "exact") else times(v, factor) for k, v in value.items()}


def in_other_money(value, factor, path=()):
    """The scenario in a currency of which `factor` make one of the old."""
    if not isinstance(value, dict):
        return value
    result = {}
    for key, child in value.items():
        inside = path + (key,)
        money = key in MONEY and not isinstance(child, bool)
        if key == "median":
            money = "basket" in path
        elif key == "cap":
            money = "every" in path
        elif key == "price":
            money = not isinstance(child, str) or " to " in child
        elif key == "reference_price":
            money = path[-1:] == ("pricing",)
        elif key == "per_week":
            money = "fixed_cost" in path
        elif key == "value":
            money = "drivers" in path or value.get("kind") == "amount_off"
        elif key == "level":
            money = False
        if key == "price_sensitivity":
            result[key] = times(child, 1 / factor)
        elif money:
            result[key] = times(child, factor)
        elif isinstance(child, list):
            result[key] = [in_other_money(c, factor, inside) for c in child]
        else:
            result[key] = in_other_money(child, factor, inside)
    return result


def halved(scenario):
    """Each segment as two of half its size."""
    result = copy.deepcopy(scenario)
    segments = result["market"]["segments"]
    for name in list(segments):
        arrivals = segments[name]["arrivals"]
        for key in list(arrivals):
            if key.startswith("per_"):
                arrivals[key] = times(arrivals[key], 0.5)
        segments[name + "_2"] = copy.deepcopy(segments[name])
    for promotion in result.get("promotions", {}).values():
        if "segments" in promotion:
            promotion["segments"] += [n + "_2" for n in promotion["segments"]]
    return result


def other_money(facts, name, scenario):
    options = ("--set", "/run/counts=expected", "--paths", 20)
    before, after = run(scenario, *options), run(in_other_money(scenario, 4), *options)
    for metric in ("units", "orders") + MONEY_OUT:
        if metric in before["summary"]:
            factor = 4 if metric in MONEY_OUT else 1
            figure = before["summary"][metric]
            facts.near("%s: %s in money of a quarter" % (name, metric), after["summary"][metric]["mean"], factor * figure["mean"],
                       1e-9, scale=factor * max(abs(figure["mean"]), abs(figure["p95"]), 1e-3 * before["summary"]["list_value"]["mean"]))


def two_halves(facts, name, scenario):
    before, after = run(scenario, *CENTRE), run(halved(scenario), *CENTRE)
    size = max(before["summary"]["list_value"]["mean"], 1e-6)
    for metric, figure in before["summary"].items():
        if figure["mean"] is not None:
            scale = size if metric in MONEY_OUT else abs(figure["mean"])
            facts.near("%s: %s of segments in two halves" % (name, metric), after["summary"][metric]["mean"], figure["mean"], 1e-9,
                       scale=max(scale, 1e-9))


def test(facts, rng):
    for k in range(1000, 1040):
        name, scenario = "random %d" % k, random_scenario(k)
        try:
            facts.check("%s: the order of keys does not matter" % name,
                        but_source(output(scenario, "--paths", 100)) == but_source(output(shuffled(scenario, rng), "--paths", 100)))
        except Refused:
            continue
        other_money(facts, name, scenario)
        two_halves(facts, name, scenario)
