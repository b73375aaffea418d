# SPDX-License-Identifier: GPL-3.0-or-later
"""P08: a beer merger in logit demand, before and after."""
from . import demand

NOT_COVERED = {"package_price_post": "another program's prices"}
INPUTS = {"package_tolerance", "products", "owner_pre", "owner_post", "alpha", "outside_option", "delta", "unit_cost", "price_pre"}


def check(case, _folder, table, program):
    t = case["tolerance"]
    money = {"rel": t["price_rel"]}
    tolerance = {"share": {"abs_": t["share_abs"]}, "elasticity": {"rel": t["price_rel"]}, "money": money, "price": money}
    products = [{"id": "p%d" % k, "delta": d} for k, d in enumerate(case["delta"])]
    market = demand.Demand(products, alpha=case["alpha"])
    for when in ("pre", "post"):
        owners = [str(o) for o in case["owner_" + when]]
        block = {"prices": case["price_" + when], "shares": case["share_" + when], "own_elasticity": case["own_elasticity_" + when],
                 "total_profit": case["profit_%s_per_customer" % when]}
        derived = market.check("share_%s, elasticity, profit" % when, block, {"firms": owners, "costs": case["unit_cost"], "best": set(owners)},
                               tolerance, table, program)
        if when == "pre":
            table.all_close("margins_pre", "analytic", "margins of a best response", case["margins_pre"],
                            [derived["nash_margin/" + p["id"]] / price for p, price in zip(products, case["price_pre"])], **money)
        if when == "post":
            who = {"firms": owners, "costs": case["unit_cost"], "best": set(owners)}
            found, _ = market.found(market.searching(block, who, owners[0]), program)
            table.all_close("price_change_pct", "run", "change by the merger", case["price_change_pct"],
                            [100.0 * (b / a - 1.0) for a, b in zip(case["price_pre"], found)], abs_=200.0 * t["price_rel"])
        for name in ("price_", "share_", "own_elasticity_", "profit_%s_per_customer"):
            table.blocks.add(name % when if "%" in name else name + when)
