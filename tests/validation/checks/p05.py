# SPDX-License-Identifier: GPL-3.0-or-later
"""P05: plain logit demand for 24 cereals of 5 firms. Demand at the stated prices; the equilibria themselves are not
computed by the program."""
import csv
import os
import re

from . import frame

NOT_COVERED = {"check_inversion": "a note", "alpha": "an input", "outside_utility": "an input", "inputs_csv": "an input"}


def read_products(folder, case):
    with open(os.path.join(folder, case["inputs_csv"]), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [{"id": "p%d" % k, "firm": row["firm"], "price": float(row["price"]), "cost": float(row["cost"]),
             "share": float(row["share"]), "delta": float(row["delta"]) - case["outside_utility"]} for k, row in enumerate(rows)]


def scenario(case, products, prices, own):
    """Own: the firm whose products are ours."""
    choice = {"utility": {p["id"]: p["delta"] for p in products}, "price_sensitivity": frame.exact(-case["alpha"])}
    offers, rivals = {}, {}
    for p, price in zip(products, prices):
        if p["firm"] == own:
            offers[p["id"]] = {"list_price": price, "unit_cost": p["cost"]}
        else:
            rivals.setdefault("firm%s" % p["firm"], {"offers": {}})["offers"][p["id"]] = {"price": price}
    return frame.market({"all": {"arrivals": {"per_week": 1, "law": "expected"}, "choice": choice}}, offers, competitors=rivals)


def tolerances(case):
    t = case["tolerance"]
    return {"abs_": t["share_abs"]}, {"rel": t["elasticity_rel"]}, {"abs_": t["cost_abs"]}


def demand(block, expected, case, products, table, program):
    """Shares and elasticities by explain, quantities and money by one run per firm, at the block's prices."""
    share, elasticity, _ = tolerances(case)
    firms = sorted({p["firm"] for p in products})
    prices = expected["prices"]
    derived = program.derived(scenario(case, products, prices, firms[0]))
    table.all_close(block, "analytic", "shares", expected["shares"], [derived["share/" + p["id"]] for p in products], **share)
    table.close(block, "analytic", "outside_share", expected["outside_share"], derived["share/none"], **share)
    table.all_close(block, "analytic", "own_elasticity", expected["own_elasticity"],
                    [derived["elasticity/%s/%s" % (p["id"], p["id"])] for p in products], **elasticity)
    money = {}
    for firm in firms:
        result = program.run(scenario(case, products, prices, firm))
        for p in products:
            if p["firm"] == firm:
                money[p["id"]] = result["by"]["offer"][p["id"]]
    for quantity, metric in (("revenue_per_product", "revenue"), ("profit_per_product", "pocket_margin")):
        if "cost_change" not in expected or metric == "revenue":
            table.all_close(block, "run", quantity, expected[quantity], [money[p["id"]][metric]["mean"] for p in products], **share)
    table.all_close(block, "run", "shares (units of one occasion)", expected["shares"],
                    [money[p["id"]]["units"]["mean"] for p in products], **share)
    table.close(block, "run", "total_revenue", expected["total_revenue"], sum(m["revenue"]["mean"] for m in money.values()), **share)
    return derived


def price_cut(block, firm, depth, expected, case, products, table, program):
    """The rival's own price change, through its reaction."""
    share, _, _ = tolerances(case)
    own = next(p["firm"] for p in products if p["firm"] != firm)
    before = scenario(case, products, [p["price"] for p in products], own)
    before["competitors"]["firm" + firm]["reaction"] = {"kind": "static", "changes": [{"from": frame.week(0), "change": -depth}]}
    result = program.run(before)
    got = [result["by"]["offer" if p["firm"] == own else "rival"][p["id"]]["units"]["mean"] for p in products]
    table.all_close(block, "run", "shares after the rival's change", expected["shares"], got, **share)


def check(case, folder, table, program):
    products = read_products(folder, case)
    share, elasticity, cost = tolerances(case)
    derived = demand("base", case["base"], case, products, table, program)
    table.all_close("base", "analytic", "shares of the csv file", [p["share"] for p in products],
                    [derived["share/" + p["id"]] for p in products], **share)
    table.all_close("base", "analytic", "cost implied by Nash", [p["cost"] for p in products],
                    [p["price"] - derived["nash_margin/" + p["id"]] for p in products], **cost)
    first = products[0]["id"]
    table.all_close("elasticity_first_row", "analytic", "elasticities of product 1", case["elasticity_first_row"],
                    [derived["elasticity/%s/%s" % (first, p["id"])] for p in products], **elasticity)
    for block, expected in case.items():
        if isinstance(expected, dict) and "prices" in expected and block != "base":
            demand(block, expected, case, products, table, program)
            cut = re.fullmatch(r"firm(\w+)_price_minus_(\d+)pct_no_reaction", block)
            if cut:
                price_cut(block, cut.group(1), float(cut.group(2)) / 100.0, expected, case, products, table, program)
            else:
                table.not_covered(block + " (prices)", "the program has no equilibrium yet: its demand side at these prices is covered")
    table.not_covered("base (hhi, consumer_surplus)", "not among the program's figures")
