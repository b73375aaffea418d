# SPDX-License-Identifier: GPL-3.0-or-later
"""P19: statistics of real funnels: whether the shipped scenarios lie where the data do. Reference values, so most rows are ranges: between
the smallest and the largest of the groups or logs, or between two quantiles of a log."""
import json
import math
import os

from . import frame

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..")
INPUTS = ("sources", "lessons")
NOT_COVERED = {"quotes": "regressions of single quotes: estimates from data, and no scenario sells by them"}
FEW = 100  # leads of a channel below which its rate is noise


def shipped(name):
    with open(os.path.join(ROOT, "scenarios", name + ".json"), encoding="utf-8") as file:
        scenario = json.load(file)
    scenario["run"] = {"counts": "expected", "parameters": "centre"}
    return scenario


def inside(table, block, quantity, values, got):
    """got lies in the range of the values; allowed is half its width."""
    low, high = min(values), max(values)
    table.row(block, "run", quantity, (low + high) / 2, got, (high - low) / 2, low <= got <= high)


def funnels(case, table, program):
    deals, crm, leads = case["b2b_deals"], case["maven_crm"], case["olist"]
    rates = [x["win"] for x in deals["by_type"].values()] + [crm["win_rate_closed"]]
    won = [won / n for won, n in leads["by_channel"].values() if n >= FEW]
    quartiles = [deals["cycle_won"]["quantiles"][q] for q in ("0.25", "0.75")]
    for name in ("default", "channel_partner"):
        scenario = shipped(name)
        result, derived = program.run(scenario), program.derived(scenario)
        for segment, group in result["by"]["segment"].items():
            inside(table, "b2b_deals " + name, "win rate, " + segment, rates, group["win_rate"]["mean"])
        inside(table, "b2b_deals " + name, "days to signing: quartiles", quartiles, frame.mean(result, "cycle_days"))
        inside(table, "maven_crm " + name, "days to signing: 5 % to 95 %", [crm["cycle_won"]["quantiles"][q] for q in ("0.05", "0.95")],
               frame.mean(result, "cycle_days"))
        if name == "default":  # its second stage holds qualified leads
            order = scenario["funnel"]["order"]
            part = math.prod(derived["funnel/%s/conversion" % g] for g in order[1:])
            inside(table, "olist " + name, "qualified leads that sign: channels", won, part)
            table.close("olist " + name, "run", "and all of them, 4 standard errors", leads["won"] / leads["n"], part,
                        abs_=frame.ERRORS * math.sqrt(leads["won"] / leads["n"] ** 2))


def negotiation(case, table, program):
    """What sales people gave away on won deals."""
    law, seen = shipped("default")["negotiated"]["distribution"], case["b2b_deals"]["discount_won"]
    zero, a, b = float(law["zero"].rstrip("%")) / 100, law["beta"]["a"], law["beta"]["b"]
    levels = [float(q) for q in seen["quantiles"]]
    inner = [(q, (q - zero) / (1 - zero)) for q in levels if q > zero]
    answers = program.library([["dist", "beta", a, b, 0, "quantile", u] for _, u in inner])
    table.close("b2b_deals discounts", "library", "part without a discount", seen["share_zero"], zero, rel=0.01)
    table.close("b2b_deals discounts", "library", "mean discount", seen["mean"], (1 - zero) * a / (a + b), rel=0.01)
    for (q, _), answer in zip(inner, answers):
        table.close("b2b_deals discounts", "library", "quantile %g, 2.5 points" % q, seen["quantiles"]["%g" % q], answer[0], abs_=0.025)


def payment(case, table, program):
    """When invoices are paid: the default scenario's laws, and what its run collects by day."""
    terms, seen = shipped("default")["payment"], case["ibm_ar"]
    weibull = lambda x: ["dist", "weibull", x["weibull"]["shape"], x["weibull"]["scale"], 0, "moments"]  # noqa: E731
    usual, late = (a[0] for a in program.library([weibull(terms["days"]), weibull(terms["disputed"]["days"])]))
    part = float(terms["disputed"]["share"].rstrip("%")) / 100
    table.close("ibm_ar", "library", "days to settle", seen["days_if_not"], usual, rel=0.01)
    table.close("ibm_ar", "library", "days to settle if disputed", seen["days_if_disputed"], late, rel=0.01)
    table.close("ibm_ar", "library", "disputed", seen["disputed"], part, rel=0.01)
    table.close("ibm_ar", "library", "days to settle, all", seen["days_to_settle"]["mean"], (1 - part) * usual + part * late, rel=0.01)


def quarter_end(case, table, program):
    """Part of the wins in the last days of quarters, in a year by days; nothing hurries: as many as the days are."""
    seen = case["b2b_deals"]["quarter_end"]
    scenario = shipped("channel_partner")
    hurry = scenario["funnel"]["quarter_end"]
    low, high = (float(x) for x in hurry["times"].split(" to "))
    days = scenario["funnel"]["stages"]["decision"]["days"]

    def part(times):
        s = frame.pipeline({"per_day": 10}, {"conversion": frame.exact(0.3), "elasticity": {"value": frame.exact(-1)}},
                           [("lead", {"conversion": frame.exact(1), "days": 0}), ("decision", {"choice": True, "days": days})],
                           {"own": {"list_price": 100, "unit_cost": 50}}, calendar={"start": "2024-01-01", "period": "day", "periods": 366})
        s["funnel"].update(opening="steady", quarter_end={"last_days": hurry["last_days"], "times": frame.exact(times)})
        won, ends = program.run(s)["series"]["units"]["mean"], (91, 182, 274, 366)
        return sum(sum(won[end - hurry["last_days"]:end]) for end in ends) / sum(won)

    table.close("b2b_deals quarter_end", "run", "without hurry: the days' part", seen["uniform_would_be"], part(1), rel=0.01)
    for times in (low, high):
        inside(table, "b2b_deals quarter_end", "times %g: no hurry to the log's wins" % times,
               [seen["uniform_would_be"], seen["share_of_wins_in_last_10_days"]], part(times))


def check(case, _folder, table, program):
    funnels(case, table, program)
    negotiation(case, table, program)
    payment(case, table, program)
    quarter_end(case, table, program)
