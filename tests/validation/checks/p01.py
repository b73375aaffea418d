# SPDX-License-Identifier: GPL-3.0-or-later
"""P01: a logit monopolist. The best prices are found, satisfy the first-order condition, and what follows from them."""
import math

from . import demand

NOT_COVERED = {}
INPUTS = {"formula"}


def products_of(a, b, c, rival_expsum):
    """Ours, and one rival that stands for all of them."""
    ours = [{"id": "own%d" % k, "firm": "us", "price": 0.0, "cost": cost, "delta": delta} for k, (delta, cost) in enumerate(zip(a, c))]
    rival = [{"id": "rival", "firm": "rivals", "price": 1.0, "cost": 0.0, "delta": math.log(rival_expsum) + b}] if rival_expsum > 0 else []
    return ours, rival


def check_row(block, row, prices, table, program, tolerance):
    lists = isinstance(row["a"], list)
    ours, rival = products_of(row["a"] if lists else [row["a"]], row["b"], row["c"] if lists else [row["c"]], row["rival_expsum"])
    demanded = demand.Demand(ours + rival, alpha=-row["b"])
    firms, costs = [p["firm"] for p in ours + rival], [p["cost"] for p in ours + rival]
    scenario = demanded.scenario(prices + [p["price"] for p in rival], firms, costs, "us")
    derived, result = program.derived(scenario), program.run(scenario)
    ids = [p["id"] for p in ours]
    shares = row["shares"] if lists else [row["share"]]
    margin = row["common_markup"] if lists else row["margin"]
    profit = row["total_profit_per_customer"] if lists else row["profit_per_customer"]
    table.all_close(block, "analytic", "shares", shares, [derived["share/" + i] for i in ids], **tolerance)
    table.all_close(block, "analytic", "margin of a best response", [margin] * len(ids), [derived["nash_margin/" + i] for i in ids], **tolerance)
    table.close(block, "run", "profit_per_customer", profit, sum(result["by"]["offer"][i]["pocket_margin"]["mean"] for i in ids), **tolerance)
    if not lists:
        table.close(block, "analytic", "own_elasticity", row["own_elasticity"], derived["elasticity/own0/own0"], **tolerance)
        table.close(block, "analytic", "outside_share", row["outside_share"], derived["share/none"], **tolerance)
    searching = demanded.scenario([demanded.start(p["cost"]) for p in ours] + [p["price"] for p in rival], firms, costs, "us")
    for i in ids:
        searching["offers"][i]["pricing"] = {"kind": "optimal"}
    found, _ = demanded.found(searching, program)
    table.all_close(block, "run", "prices found", prices, found[:len(ids)], **tolerance)


def check(case, _folder, table, program):
    tolerance = {"rel": case["tolerance"]["rel"], "abs_": case["tolerance"]["abs"]}
    for k, row in enumerate(case["single"]):
        check_row("single %d" % k, row, [row["p_star"]], table, program, tolerance)
    for k, row in enumerate(case["multi"]):
        check_row("multi %d" % k, row, row["prices"], table, program, tolerance)
