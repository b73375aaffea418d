# SPDX-License-Identifier: GPL-3.0-or-later
"""P12: separate selling, pure and mixed bundling of two goods, through `valuations`. The program finds no best prices: at the
stated ones the profit and the quantities are compared, and no small move of one price may earn more."""
from . import frame

NOT_COVERED = {}
MOVE = 1e-3


def outcome(demand, prices, costs, program, buyers=1):
    """Profit and units at the prices of first, second and the bundle; None: not sold so."""
    dear = 1e6
    prices = [dear if p is None else p for p in prices]
    scenario = frame.market({"all": {"arrivals": {"per_week": buyers, "law": "expected"}}},
                            {name: {"list_price": p, "unit_cost": c} for name, p, c in zip(("a", "b", "both"), prices, costs)})
    scenario["market"]["demand"] = {"kind": "valuations", "bundles": [{"offer": "both", "of": ["a", "b"]}], **demand}
    result = program.run(scenario)
    return [frame.mean(result, "contribution")] + [result["by"]["offer"][name]["units"]["mean"] for name in ("a", "b", "both")]


def compare(block, kind, demand, costs, expected, table, program, t):
    costs = [*costs, sum(costs)]
    prices = {"separate": lambda: [expected["p1"], expected["p2"], expected["p1"] + expected["p2"]],
              "pure": lambda: [None, None, expected["price"]],
              "mixed": lambda: [expected["p1"], expected["p2"], expected["bundle"]]}[kind]()
    got = outcome(demand, prices, costs, program)
    table.close(block, "run", kind + " profit", expected["profit"], got[0], rel=t["profit_rel"])
    for key, k in (("q_only1", 1), ("q_only2", 2), ("q_bundle", 3), ("take", 3)):
        if key in expected:
            table.close(block, "run", "%s %s" % (kind, key), expected[key], got[k], rel=t["profit_rel"])
    if kind != "separate":
        tried = [prices[:k] + [prices[k] * (1 + s * MOVE)] + prices[k + 1:] for k in range(3) if prices[k] for s in (-1, 1)]
        best = max(outcome(demand, p, costs, program)[0] for p in tried)
        table.row(block, "run", kind + " profit of other prices", got[0], best, 0.0, best <= got[0] * (1 + 1e-9))


def discrete(case, table, program, t):
    block = case["discrete"]
    nodes = [{"worth": {"a": v[0], "b": v[1]}} for v in block["valuations"]]
    costs = [*block["unit_cost"], sum(block["unit_cost"])]
    result = block["result"]
    for kind, prices in (("separate", [result["separate"]["p1"], result["separate"]["p2"], None]), ("pure", [None, None, result["pure"]["price"]]),
                         ("mixed", [result["mixed"]["p1"], result["mixed"]["p2"], result["mixed"]["bundle"]])):
        got = outcome({"nodes": nodes}, prices, costs, program, buyers=len(nodes))
        table.close("discrete", "run", kind + " profit", result[kind]["profit"], got[0], rel=t["profit_rel"])


def check(case, _folder, table, program):
    t = case["tolerance"]
    for k, row in enumerate(case["uniform"]):
        demand = {"goods": [{"offer": "a", "worth": {"uniform": [0, row["A"]]}}, {"offer": "b", "worth": {"uniform": [0, row["B"]]}}],
                  "points": 2000}
        for kind in ("separate", "pure", "mixed"):
            compare("uniform %d" % k, kind, demand, [row["c1"], row["c2"]], row[kind], table, program, t)
    exact = case["exact_uniform"]  # two goods worth anything from 0 to 1, no cost: in closed form
    demand = {"goods": [{"offer": name, "worth": {"uniform": [0, 1]}} for name in ("a", "b")], "points": 2000}
    compare("exact_uniform", "pure", demand, [0, 0], {"price": exact["pure_price"], "profit": exact["pure_profit"]}, table, program, t)
    for row in (r for r in case["uniform"] if (r["A"], r["B"], r["c1"], r["c2"]) == (1, 1, 0, 0)):
        compare("exact_uniform", "mixed", demand, [0, 0], {"p1": exact["p"], "p2": exact["p"], "bundle": exact["bundle"],
                                                           "profit": row["mixed"]["profit"]}, table, program, t)
    for k, row in enumerate(case["normal_pure"]):
        law = {"normal": {"mean": row["mu"], "sd": row["sd"]}}
        demand = {"goods": [{"offer": "a", "worth": law}, {"offer": "b", "worth": law}], "correlation": row["rho"], "points": 2000}
        costs, block = [row["unit_cost"]] * 2, "normal_pure %d" % k
        compare(block, "separate", demand, costs, {"p1": row["separate_price"], "p2": row["separate_price"],
                                                   "profit": row["separate_profit_two_goods"]}, table, program, t)
        compare(block, "pure", demand, costs, {"price": row["pure_bundle_price"], "profit": row["pure_bundle_profit"]}, table, program, t)
    discrete(case, table, program, t)
