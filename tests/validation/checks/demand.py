# SPDX-License-Identifier: GPL-3.0-or-later
"""Logit demand at stated prices, for the cases about price competition. The program computes no equilibrium; what it derives
shows whether stated prices are one: the margin that a best response would have, against price less cost."""
from . import frame


class Demand:
    """products: [{id, firm, price, cost, delta, nest}]; types: [{weight, alpha, mu: {id: x}}] of consumers, one without a mu
    by default; a segment each, or with `tastes` types of one segment. Utility delta + mu + alpha price, nothing has 0. rho: of
    the nests."""

    def __init__(self, products, alpha=None, types=None, rho=None):
        self.products = products
        self.types = types or [{"weight": 1.0, "alpha": alpha, "mu": {}}]
        self.rho = rho
        self.tastes = False

    def segments(self):
        if not self.tastes:
            return {"type%d" % k: {"arrivals": {"per_week": kind["weight"], "law": "expected"}, "choice": self.choice(kind)}
                    for k, kind in enumerate(self.types)}
        choice = self.choice({"alpha": -1.0, "mu": {}})
        choice["tastes"] = {"types": {"type%d" % k: {"weight": kind["weight"], "relative_sensitivity": frame.exact(-kind["alpha"]),
                                                     "utility": kind["mu"]} for k, kind in enumerate(self.types)}}
        return {"all": {"arrivals": {"per_week": 1.0, "law": "expected"}, "choice": choice}}

    def choice(self, kind):
        utility = {p["id"]: p["delta"] + kind["mu"].get(p["id"], 0.0) for p in self.products}
        choice = {"utility": utility, "price_sensitivity": frame.exact(-kind["alpha"])}
        if self.rho is not None:
            names = sorted({p["nest"] for p in self.products})
            choice["nests"] = {"nest%s" % n: {"members": [p["id"] for p in self.products if p["nest"] == n], "rho": self.rho}
                               for n in names}
        return choice

    def scenario(self, prices, firms, costs, own):
        """Own: the firm whose products are ours."""
        offers, rivals = {}, {}
        for p, price, firm, cost in zip(self.products, prices, firms, costs):
            if firm == own:
                offers[p["id"]] = {"list_price": price, "unit_cost": max(cost, 0.0)}
            else:
                rivals.setdefault("firm%s" % firm, {"offers": {}})["offers"][p["id"]] = {"price": price}
        scenario = frame.market(self.segments(), offers)
        if rivals:
            scenario["competitors"] = rivals
        return scenario

    def check(self, block, expected, who, tolerance, table, program):
        """expected: a block with prices and what follows from them; who: {firms, costs, best: firms whose prices are best
        responses}; tolerance: {share, elasticity, money}, arguments of close."""
        ids = [p["id"] for p in self.products]
        prices, firms, costs = expected["prices"], who["firms"], who["costs"]
        derived = program.derived(self.scenario(prices, firms, costs, firms[0]))
        table.all_close(block, "analytic", "shares", expected["shares"], [derived["share/" + i] for i in ids], **tolerance["share"])
        if "outside_share" in expected:
            table.close(block, "analytic", "outside_share", expected["outside_share"], derived["share/none"], **tolerance["share"])
        if "own_elasticity" in expected:
            table.all_close(block, "analytic", "own_elasticity", expected["own_elasticity"],
                            [derived["elasticity/%s/%s" % (i, i)] for i in ids], **tolerance["elasticity"])
        best = [(p - derived["nash_margin/" + i], c) for p, i, f, c in zip(prices, ids, firms, costs) if f in who["best"]]
        if best:
            table.all_close(block, "analytic", "cost at which prices are best", [c for _, c in best], [x for x, _ in best], **tolerance["money"])
        self.money(block, expected, who, tolerance, table, program)
        return derived

    def money(self, block, expected, who, tolerance, table, program):
        """One run per firm: our products are one firm's."""
        by_id = {}
        for firm in sorted(set(who["firms"]), key=str):
            result = program.run(self.scenario(expected["prices"], who["firms"], who["costs"], firm))
            for p, owner in zip(self.products, who["firms"]):
                if owner == firm:
                    by_id[p["id"]] = {m: result["by"]["offer"][p["id"]][m]["mean"] for m in ("units", "revenue", "pocket_margin")}
        rows = [by_id[p["id"]] for p in self.products]
        table.all_close(block, "run", "shares", expected["shares"], [r["units"] for r in rows], **tolerance["share"])
        for quantity, metric in (("revenue_per_product", "revenue"), ("profit_per_product", "pocket_margin"), ("profits", "pocket_margin")):
            if quantity in expected:
                table.all_close(block, "run", quantity, expected[quantity], [r[metric] for r in rows], **tolerance["money"])
        for quantity, metric in (("total_revenue", "revenue"), ("total_profit", "pocket_margin")):
            if quantity in expected:
                table.close(block, "run", quantity, expected[quantity], sum(r[metric] for r in rows), **tolerance["money"])
        for firm, profit in expected.get("firm_profit", {}).items():
            got = sum(r["pocket_margin"] for r, owner in zip(rows, who["firms"]) if str(owner) == str(firm))
            table.close(block, "run", "profit of firm %s" % firm, profit, got, **tolerance["money"])


NO_SOLVER = "prices: the program has no price equilibrium yet: that the stated prices are one is checked, not found"
NO_INDEX = "hhi, consumer_surplus: not among the program's figures"
