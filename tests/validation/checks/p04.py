# SPDX-License-Identifier: GPL-3.0-or-later
"""P04: win probability of quotes and the best price of a quote."""
import math

from . import frame

NOT_COVERED = {}


def quotes(rows, prices, costs):
    """A funnel of bids by segment; rows: [{a, b, n}]; one price per segment, the best one of a utility without rivals."""
    segments = {"s%d" % k: {"arrivals": {"per_day": row["n"], "law": "fixed"},
                            "choice": {"utility": {"own": row["a"]}, "price_sensitivity": frame.exact(row["b"])}} for k, row in enumerate(rows)}
    scenario = frame.pipeline({"per_day": 1}, {}, [("bid", {"choice": True, "days": 0})], {"own": {"list_price": prices, "unit_cost": costs}})
    scenario["market"]["segments"] = segments
    return scenario


def best_price(rows, cost, program):
    """Found from the price at which half of the dearest segment is won."""
    scenario = quotes(rows, max(r["a"] / r["b"] for r in rows), cost)
    scenario["offers"]["own"]["pricing"] = {"kind": "optimal"}
    return program.run(scenario)["by"]["offer"]["own"]["last_price"]["mean"]


def bid(block, row, table, program, tolerance):
    bids = row.get("n_bids", 1)
    scenario = quotes([{"a": row["a"], "b": row["b"], "n": bids}], row["p_star"], row["unit_cost"])
    derived, result = program.derived(scenario), program.run(scenario)
    table.close(block, "run", "p_star found", row["p_star"], best_price([{"a": row["a"], "b": row["b"], "n": bids}], row["unit_cost"], program),
                **tolerance)
    table.close(block, "analytic", "win_prob", row["win_prob"], derived["share/own"], **tolerance)
    table.close(block, "analytic", "margin of a best response", row["p_star"] - row["unit_cost"], derived["nash_margin/own"], **tolerance)
    table.close(block, "run", "expected_wins", row["expected_wins"], frame.mean(result, "customers_signed"), **tolerance)
    table.close(block, "run", "expected_profit", row["expected_profit"], frame.mean(result, "contribution"), **tolerance)
    table.close(block, "run", "expected_profit_per_bid", row["expected_profit_per_bid"], frame.mean(result, "contribution") / bids, **tolerance)
    half = program.derived(quotes([{"a": row["a"], "b": row["b"], "n": bids}], row["price_at_50pct"], 0))
    table.close(block, "analytic", "share at price_at_50pct", 0.5, half["share/own"], **tolerance)
    table.close(block, "analytic", "slope_at_50pct", row["slope_at_50pct"], half["elasticity/own/own"] * 0.5 / row["price_at_50pct"], **tolerance)
    scenario["run"] = {"counts": "whole", "parameters": "centre"}
    luck = program.run(scenario, program.paths)["summary"]["customers_signed"]
    table.sampled(block, "expected_wins (whole)", row["expected_wins"], luck["mean"], row["win_sd"] / math.sqrt(program.paths))
    table.sampled_sd(block, "win_sd", row["win_sd"], luck["sd"], program.paths)


def check(case, _folder, table, program):
    tolerance = {"rel": case["tolerance"]["rel"], "abs_": case["tolerance"]["abs"]}
    for k, row in enumerate(case["logit"]):
        bid("logit %d" % k, row, table, program, tolerance)
    for k, row in enumerate(case["probit"]):
        answer = program.library([["willing", "normal", row["mean"], row["sd"], 0, row["unit_cost"]]])[0]
        for quantity, got in zip(("p_star", "accept", "profit_per_customer"), answer):
            table.close("probit %d" % k, "library", quantity, row[quantity], got, **tolerance)
    both = case["two_segments"]
    for k, row in enumerate(both["customised"]):
        bid("two_segments customised %d" % k, row, table, program, tolerance)
    cost = both["segments"][0]["c"]
    scenario = quotes(both["segments"], both["single_price"], cost)
    derived, result = program.derived(scenario), program.run(scenario)
    table.close("two_segments", "analytic", "margin of a best response", both["single_price"] - cost, derived["nash_margin/own"], **tolerance)
    table.close("two_segments", "run", "total_single", both["total_single"], frame.mean(result, "contribution"), **tolerance)
    table.close("two_segments", "run", "total_customised", both["total_customised"],
                sum(frame.mean(program.run(quotes([s], c["p_star"], s["c"])), "contribution")
                    for s, c in zip(both["segments"], both["customised"])), **tolerance)
    table.close("two_segments", "run", "single_price found", both["single_price"], best_price(both["segments"], cost, program), **tolerance)
