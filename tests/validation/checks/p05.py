# SPDX-License-Identifier: GPL-3.0-or-later
"""P05: plain logit demand for 24 cereals of 5 firms. P06, the same with types of consumers, and P07, with nests, are checked by the
same code."""
import csv
import os
import re

from . import demand, frame

NOT_COVERED = {}
INPUTS = {"check_inversion", "alpha", "outside_utility", "inputs_csv", "model", "zeta_iterations", "rho", "formula", "pitfall"}


def read(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_demand(folder, case):
    names = case.get("inputs_csv", "products.csv")
    names = names if isinstance(names, list) else [names]
    rows = read(folder, names[0])
    products = [{"id": "p%d" % k, "name": row["product"], "firm": row["firm"], "price": float(row["price"]), "cost": float(row["cost"]),
                 "share": float(row["share"]), "delta": float(row["delta"]) - case.get("outside_utility", 0), "nest": row.get("nest")} for k, row in enumerate(rows)]
    if len(names) == 1:
        return demand.Demand(products, alpha=case["alpha"], rho=case.get("rho"))
    types = [{"weight": float(row["weight"]), "alpha": float(row["alpha"]), "mu": {p["id"]: float(row[p["name"]]) for p in products}}
             for row in read(folder, names[1])]
    return demand.Demand(products, types=types)


def who_of(block, products):
    """Firms, costs and who prices at a best response, from the name of a block."""
    firms, costs = [p["firm"] for p in products], [p["cost"] for p in products]
    before, best = firms, set(firms)
    merger = re.fullmatch(r"merger_firm(\w+?)_into_firm(\w+)", block)
    cheaper = re.fullmatch(r"firm(\w+?)_cost_minus_(\d+)pct", block)
    price = re.fullmatch(r"firm(\w+?)_price_minus_(\d+)pct_(no_reaction|rivals_best_respond)", block)
    if merger:
        firms = [merger.group(2) if f == merger.group(1) else f for f in firms]
        best = set(firms)
    elif cheaper:
        factor = 1.0 - float(cheaper.group(2)) / 100.0
        costs = [c * factor if f == cheaper.group(1) else c for f, c in zip(firms, costs)]
    elif price:
        best = set() if price.group(3) == "no_reaction" else best - {price.group(1)}
    elif block != "base":
        raise ValueError("name of a block: " + block)
    return {"firms": firms, "before": before, "costs": costs, "best": best}


def price_cut(block, expected, demanded, tolerance, table, program):
    """A rival's own price change, through its reaction."""
    cut = re.fullmatch(r"firm(\w+?)_price_minus_(\d+)pct_no_reaction", block)
    if not cut:
        return
    products = demanded.products
    firms, costs = [p["firm"] for p in products], [p["cost"] for p in products]
    own = next(f for f in firms if f != cut.group(1))
    scenario = demanded.scenario([p["price"] for p in products], firms, costs, own)
    scenario["competitors"]["firm" + cut.group(1)]["reaction"] = {
        "kind": "static", "changes": [{"from": frame.week(0), "change": -float(cut.group(2)) / 100.0}]}
    result = program.run(scenario)
    got = [result["by"]["offer" if f == own else "rival"][p["id"]]["units"]["mean"] for p, f in zip(products, firms)]
    table.all_close(block, "run", "shares after the rival's change", expected["shares"], got, **tolerance["share"])


def check(case, folder, table, program):
    demanded = read_demand(folder, case)
    compare(case, demanded, table, program)
    if len(demanded.types) > 1:  # once more, as tastes within one segment
        demanded.tastes = True
        compare(case, demanded, table, program)


def compare(case, demanded, table, program):
    t = case["tolerance"]
    tolerance = {"share": {"abs_": t["share_abs"]}, "elasticity": {"rel": t.get("elasticity_rel", 1e-6)},
                 "price": {"abs_": t["price_abs"]}, "money": {"abs_": t.get("cost_abs", t["price_abs"])}}
    products = demanded.products
    for block, expected in case.items():
        if not isinstance(expected, dict) or "prices" not in expected:
            continue
        derived = demanded.check(block, expected, who_of(block, products), tolerance, table, program)
        price_cut(block, expected, demanded, tolerance, table, program)
        if block == "base":
            table.all_close(block, "analytic", "shares of the csv file", [p["share"] for p in products],
                            [derived["share/" + p["id"]] for p in products], **tolerance["share"])
            if "elasticity_first_row" in case:
                table.all_close("elasticity_first_row", "analytic", "elasticities of product 1", case["elasticity_first_row"],
                                [derived["elasticity/p0/%s" % p["id"]] for p in products], **tolerance["elasticity"])
