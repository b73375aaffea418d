# SPDX-License-Identifier: GPL-3.0-or-later
"""P02: price competition in logit demand: demand and profits at the stated prices, and that they are best responses."""
import json
import re

from . import demand

NOT_COVERED = {}


def who_of(change, inputs):
    """Firms, costs and who prices at a best response after a change such as 'cost {1: 0.8}' or 'price {1: 2} others hold'."""
    firms, costs = [str(f) for f in inputs["firm"]], list(inputs["cost"])
    kind, _, rest = change.partition(" ")
    if kind == "firms":
        firms = [str(f) for f in json.loads(rest)]
        return {"firms": firms, "costs": costs, "best": set(firms)}
    moved = {int(k): float(x) for k, x in re.findall(r"(\d+): ([-\d.]+)", rest)}
    if kind == "cost":
        for k, x in moved.items():
            costs[k] = x
        return {"firms": firms, "costs": costs, "best": set(firms)}
    if kind != "price":
        raise ValueError("change: " + change)
    holds = set(firms) if rest.endswith("hold") else {firms[k] for k in moved}
    return {"firms": firms, "costs": costs, "best": set(firms) - holds}


def market_of(inputs):
    products = [{"id": "p%d" % k, "delta": d - inputs["outside_utility"]} for k, d in enumerate(inputs["delta"])]
    return demand.Demand(products, alpha=inputs["alpha"])


def check(case, _folder, table, program):
    t = case["tolerance"]
    tolerance = {"share": {"abs_": t["share_abs"]}, "elasticity": {"rel": t["price_rel"]}, "money": {"rel": t["profit_rel"], "abs_": 1e-12}}
    for name, block in case.items():
        if not isinstance(block, dict):
            continue
        if "inputs" in block:
            market = market_of(block["inputs"])
            firms = [str(f) for f in block["inputs"]["firm"]]
            nash = {"firms": firms, "costs": block["inputs"]["cost"], "best": set(firms)}
            market.check("%s nash" % name, block["nash"], nash, tolerance, table, program)
            for variant, row in block.items():
                if isinstance(row, dict) and "result" in row:
                    market.check("%s %s" % (name, variant), row["result"], who_of(row["change"], block["inputs"]), tolerance, table, program)
            table.not_covered(name, demand.NO_SOLVER)
            table.not_covered(name, demand.NO_INDEX)
        elif "leader" in block:  # the follower's price is a best response
            inputs = case["asymmetric_duopoly" if "asym" in name else "symmetric_duopoly"]["inputs"]
            firms = [str(f) for f in inputs["firm"]]
            who = {"firms": firms, "costs": inputs["cost"], "best": set(firms) - {firms[block["leader"]]}}
            market_of(inputs).check(name, block, who, tolerance, table, program)
            table.not_covered(name, demand.NO_SOLVER)
