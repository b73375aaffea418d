# SPDX-License-Identifier: GPL-3.0-or-later
"""Logit demand, for the cases about price competition: what follows from stated prices, whether they are best responses (the
margin that one would have, against price less cost), and the prices that the program itself finds from elsewhere."""
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
        if "hhi" in expected:
            table.close(block, "analytic", "hhi", expected["hhi"], derived["hhi"], rel=1e-8)
        if "consumer_surplus" in expected:
            table.close(block, "analytic", "consumer_surplus", expected["consumer_surplus"], derived["consumer_surplus"], **tolerance["money"])
        self.money(block, expected, who, tolerance, table, program)
        if best:
            self.find(block, expected, who, tolerance, table, program)
        return derived

    def start(self, cost):
        """A price to start from that knows no answer: cost and the markup of an offer that hardly anybody buys."""
        return max(cost, 0.0) + sum(kind["weight"] for kind in self.types) / sum(-kind["alpha"] * kind["weight"] for kind in self.types)

    def searching(self, expected, who, own):
        """Everybody whose prices are best responses looks for them; the others stand at the stated prices."""
        firms, costs, best = who["firms"], who["costs"], who["best"]
        prices = [self.start(c) if f in best else price for price, f, c in zip(expected["prices"], firms, costs)]
        scenario = self.scenario(prices, firms, costs, own)
        for p, firm, cost in zip(self.products, firms, costs):
            if firm == own:
                scenario["offers"][p["id"]]["pricing"] = {"kind": "optimal"} if firm in best else {"kind": "fixed"}
            else:
                rival = scenario["competitors"]["firm%s" % firm]
                rival["offers"][p["id"]]["unit_cost"] = max(cost, 0.0)
                rival["reaction"] = {"kind": "nash" if firm in best else "static"}
        return scenario

    def found(self, scenario, program):
        """Prices and shares of the last period."""
        result = program.run(scenario)
        rows = [result["by"]["offer" if p["id"] in scenario["offers"] else "rival"][p["id"]] for p in self.products]
        return [r["last_price"]["mean"] for r in rows], [r["units"]["mean"] for r in rows]

    def find(self, block, expected, who, tolerance, table, program):
        """The same prices, found from others. After a merger with somebody else left: by competitors.ID.joins."""
        own = sorted(who["best"], key=str)[0]
        prices, shares = self.found(self.searching(expected, who, own), program)
        table.all_close(block, "run", "prices found", expected["prices"], prices, **tolerance["price"])
        table.all_close(block, "run", "shares there", expected["shares"], shares, **tolerance["share"])
        before = who.get("before", who["firms"])
        others = [f for f in who["best"] if all((a == f) == (b == f) for a, b in zip(before, who["firms"]))]
        if before != who["firms"] and others:
            scenario = self.searching(expected, dict(who, firms=before, best=set(before)), sorted(others, key=str)[0])
            for old, new in zip(before, who["firms"]):
                if old != new:
                    scenario["competitors"]["firm%s" % old]["joins"] = {"competitor": "firm%s" % new, "from": "2020-01-01"}
            prices, _ = self.found(scenario, program)
            table.all_close(block, "run", "prices found, by joins", expected["prices"], prices, **tolerance["price"])

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
