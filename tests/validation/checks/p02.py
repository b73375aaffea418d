# SPDX-License-Identifier: GPL-3.0-or-later
"""P02: price competition in logit demand: demand and profits at the stated prices, that they are best responses, and finding them."""
import json
import re

from . import demand

NOT_COVERED = {}


def who_of(change, inputs):
    """Firms, costs and who prices at a best response after a change such as 'cost {1: 0.8}' or 'price {1: 2} others hold'."""
    firms, costs = [str(f) for f in inputs["firm"]], list(inputs["cost"])
    kind, _, rest = change.partition(" ")
    if kind == "firms":
        after = [str(f) for f in json.loads(rest)]
        return {"firms": after, "before": firms, "costs": costs, "best": set(after)}
    moved = {int(k): float(x) for k, x in re.findall(r"(\d+): ([-\d.]+)", rest)}
    if kind == "cost":
        for k, x in moved.items():
            costs[k] = x
        return {"firms": firms, "costs": costs, "best": set(firms)}
    if kind != "price":
        raise ValueError("change: " + change)
    holds = set(firms) if rest.endswith("hold") else {firms[k] for k in moved}
    return {"firms": firms, "costs": costs, "best": set(firms) - holds}


def leading(name, block, inputs, market, table, program, tolerance):
    """The leader is ours and knows that the other will answer."""
    firms = [str(f) for f in inputs["firm"]]
    who = {"firms": firms, "costs": inputs["cost"], "best": set(firms)}
    scenario = market.searching(block, who, firms[block["leader"]])
    scenario["calendar"]["periods"] = 2  # the answer comes a period later
    for offer in scenario["offers"].values():
        offer["pricing"]["rivals_answer"] = True
    for rival in scenario["competitors"].values():
        rival["reaction"] = {"kind": "best_response"}
    prices, _ = market.found(scenario, program)
    table.all_close(name, "run", "prices found", block["prices"], prices, **tolerance["price"])


def market_of(inputs):
    products = [{"id": "p%d" % k, "delta": d - inputs["outside_utility"]} for k, d in enumerate(inputs["delta"])]
    return demand.Demand(products, alpha=inputs["alpha"])


def check(case, _folder, table, program):
    t = case["tolerance"]
    tolerance = {"share": {"abs_": t["share_abs"]}, "elasticity": {"rel": t["price_rel"]}, "price": {"rel": t["price_rel"]}, "money": {"rel": t["profit_rel"], "abs_": 1e-12}}
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
        elif "leader" in block:  # the follower's price is a best response
            inputs = case["asymmetric_duopoly" if "asym" in name else "symmetric_duopoly"]["inputs"]
            firms = [str(f) for f in inputs["firm"]]
            who = {"firms": firms, "costs": inputs["cost"], "best": set(firms) - {firms[block["leader"]]}}
            market_of(inputs).check(name, block, who, tolerance, table, program)
            leading(name, block, inputs, market_of(inputs), table, program, tolerance)
