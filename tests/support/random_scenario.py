# SPDX-License-Identifier: GPL-3.0-or-later
"""Random scenarios that the program should take, for facts that must hold in every scenario."""
import copy
import datetime
import random

STARTS = {"day": "2026-01-05", "week": "2026-01-05", "month": "2026-01-01", "quarter": "2026-01-01"}
LENGTHS = {"day": 1, "week": 7, "month": 30.4375, "quarter": 91.3125}


def day(n):
    return (datetime.date(2026, 1, 5) + datetime.timedelta(days=int(n))).isoformat()


class Maker:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.seed = seed

    def maybe(self, chance):
        return self.r.random() < chance

    def number(self, low, high, uncertain=0.4):
        """A number between the bounds, sometimes with a range."""
        x = round(self.r.uniform(low, high), 4)
        if not self.maybe(uncertain):
            return {"value": x, "exact": True}
        spread = self.r.uniform(0.02, 0.1) * (high - low)
        a, b = max(low, x - spread), min(high, x + spread)
        kind = self.r.choice(["range", "uniform", "triangular", "pert"])
        if kind == "range":
            return "%.6f to %.6f" % (a, max(b, a + 1e-3 * abs(a) + 1e-6))
        if kind == "uniform":
            return {"uniform": [a, b]}
        return {kind: [a, (a + b) / 2, b]}

    def shares(self, names, none):
        parts = [self.r.uniform(0.3, 1) for _ in names]
        total = sum(parts)
        shares = {n: round((1 - none) * p / total, 6) for n, p in zip(names, parts)}
        shares["none"] = round(1 - sum(shares.values()), 12)
        return shares

    def days(self, most=40):
        mean = self.r.uniform(1, most)
        return self.r.choice([
            0, round(mean, 2), {"exponential": {"mean": mean}},
            {"lognormal": {"median": self.number(0.5 * mean, mean), "sdlog": round(self.r.uniform(0.3, 1.1), 2)}},
            {"weibull": {"shape": round(self.r.uniform(0.7, 2), 2), "scale": mean}},
            {"gamma": {"mean": mean, "sd": mean * self.r.uniform(0.4, 1.2)}},
            {"uniform": [0, 2 * mean]}, {"triangular": [0, mean / 2, 2 * mean]}])

    def overlapping_days(self):
        """Winners and losers decide at the same ages, or no price sensitivity has the elasticity."""
        mean = self.r.uniform(10, 40)
        return self.r.choice([{"exponential": {"mean": mean}}, {"weibull": {"shape": 1.2, "scale": self.number(mean, mean + 3)}},
                              {"gamma": {"mean": mean, "sd": 0.8 * mean}}])

    def choice(self):
        own, rivals = self.own, self.rivals
        names = own + rivals
        c = {}
        if self.scope == "market" and self.maybe(0.7):
            none = self.r.uniform(0.3, 0.7)
            c["baseline"] = self.shares(names, none)
            if self.maybe(0.3):
                c["awareness"] = round(self.r.uniform(0.75, 1), 3)
        elif self.scope == "market" or self.maybe(0.15):
            c["utility"] = {n: round(self.r.uniform(-0.5, 2.0), 3) for n in names}
            c["price_sensitivity"] = self.number(0.005, 0.02)
            return c
        else:
            if len(own) == 1:
                c["conversion"] = self.number(0.15, 0.5)
            else:
                c["conversions"] = {n: round(self.r.uniform(0.1, 0.25), 3) for n in own}
            if rivals and self.maybe(0.8):
                lost = self.shares(rivals, self.r.uniform(0.3, 0.7))
                c["lost_to"] = lost
        if self.maybe(0.15):
            c["price_sensitivity"] = self.number(0.005, 0.02)
            return c
        value = self.number(-2.8, -1.1)
        if len(own) == 1:
            c["elasticity"] = {"value": value}
        else:
            c["elasticity"] = {"brand": True, "value": value} if self.maybe(0.4) else {"offer": self.r.choice(own), "value": value}
        if self.maybe(0.2):
            c["promotion_elasticity"] = round(self.r.uniform(-4.5, -3), 2)
        if "baseline" in c and len(names) > 1 and self.maybe(0.4):
            largest = c["baseline"]["none"] / (1 - min(c["baseline"][n] for n in own))
            c["lost_buyers_who_buy_nothing"] = round(self.r.uniform(0.4, 0.9) * min(largest, 0.9), 4)
        return c

    def segment(self, shared):
        s = {"dimensions": {"region": self.r.choice(["north", "south"])}}
        law = self.r.choice(["poisson", "poisson", "negative_binomial", "fixed", "expected"])
        s["arrivals"] = {self.r.choice(["per_week", "per_month"]): self.number(20, 400), "law": law}
        if law == "negative_binomial":
            s["arrivals"]["dispersion"] = round(self.r.uniform(2, 30), 1)
        if self.maybe(0.2):
            s["arrivals"]["shock"] = self.number(0.02, 0.2)
        if self.maybe(0.4):
            s["season"] = self.r.choice([{"monthly": [round(self.r.uniform(0.5, 1.5), 2) for _ in range(12)]},
                                         {"sine": {"amplitude": 0.3}}, {"table": [0.8, 1.2, 1.1]}])
        if self.maybe(0.2):
            s["growth"] = {"per_year": round(self.r.uniform(-0.2, 0.4), 2)}
        if not shared:
            s["choice"] = self.choice()
        else:
            if self.maybe(0.5):
                s["relative_sensitivity"] = self.number(0.6, 1.6)
            if "baseline" in shared and self.maybe(0.5):
                s["preference"] = {n: round(self.r.uniform(0.5, 2), 2) for n in self.own}
        if self.scope == "pipeline" and self.maybe(0.4):
            s["deal_size"] = self.r.choice([{"lognormal": {"median": self.number(0.5, 2), "sdlog": 0.6}},
                                            {"gamma": {"mean": 1.5, "sd": 1}}, 2])
        if self.basket:
            s["basket"] = {"lognormal": {"median": self.number(150, 300), "sdlog": round(self.r.uniform(0.4, 0.9), 2)}}
        if self.maybe(0.35):
            s["reference_price"] = {self.r.choice(["half_life_days", "carry_over_per_week"]): 0.8,
                                    "of": self.r.choice(["own", "all"])}
            if "half_life_days" in s["reference_price"]:
                s["reference_price"]["half_life_days"] = 30
            if "promotion_elasticity" not in (shared or s["choice"]):
                s["reference_price"]["gain"] = self.number(0.1, 0.5)
        if self.maybe(0.25):
            s["price_image"] = {"half_life_days": 60, "sensitivity": self.number(0.2, 1), "equity": 0.3}
        return s

    def pricing(self):
        kind = self.r.choice(["fixed", "fixed", "fixed", "cost_plus", "competitive", "value_based"])
        if kind == "cost_plus":
            return {"kind": kind, "markup": self.number(0.8, 1.4)}
        if kind == "competitive" and self.rivals:
            p = {"kind": kind, "offset": round(self.r.uniform(-0.1, 0.1), 3), "lag_days": 7,
                 "price": self.r.choice(["visible", "pocket"])}
            p.update(self.r.choice([{"reference": self.r.choice(self.rivals)}, {"statistic": "median"},
                                    {"statistic": "share_weighted"}, {"rank": 1}]))
            if self.maybe(0.5):
                p["min_margin"] = 0.2
            if self.maybe(0.3):
                p.update({"every_days": 28, "threshold": 0.02})
            return p
        if kind == "value_based":
            p = {"kind": kind, "reference_price": 90, "drivers": {"speed": {"value": self.number(5, 25)},
                 "service": {"value": -3}}, "per": self.r.choice(["one", "segment"])}
            if self.rivals and self.maybe(0.6):
                del p["reference_price"]
                p["reference"] = self.r.choice(self.rivals)
            return p
        p = {"kind": "fixed"}
        if self.maybe(0.4):
            p["changes"] = [{"from": day(self.span * 0.3), "change": round(self.r.uniform(-0.1, 0.1), 3)}]
            if self.maybe(0.5):
                p["changes"].append({"from": day(self.span * 0.6), "price": round(self.r.uniform(90, 110), 2)})
        return p

    def reaction(self, mine):
        others = self.own + [x for x in self.rivals if x not in mine]
        kind = self.r.choice(["static", "event", "follow", "answer", "match", "undercut"])
        if kind == "static":
            return {"kind": kind, "drift_per_year": self.number(-0.05, 0.05)} if self.maybe(0.4) else {"kind": kind}
        if kind == "event":
            return {"kind": kind, "depth": self.number(0.05, 0.2), "from": day(self.span * 0.2), "days": 40,
                    "probability": self.number(0.2, 0.8)}
        if kind == "follow":
            return {"kind": kind, "follows": self.r.choice(others), "follow_through": self.number(0.2, 1),
                    "noticed": self.number(0.3, 1), "on": self.r.choice(["price", "promotion"]),
                    "cuts_only": self.maybe(0.5), "floor": 60, "lag_days": self.r.choice([7, 21])}
        if kind == "answer" and self.promotions:
            return {"kind": kind, "to": [self.r.choice(self.promotions)], "depth": self.number(0.05, 0.2),
                    "closes_per_week": 0.5}
        if kind == "match":
            return {"kind": kind, "follows": self.r.choice(others), "by": 0.02, "floor": 60}
        if kind == "undercut":
            return {"kind": kind, "follows": self.r.choice(others), "by": 0.01, "floor": 70,
                    "moves": self.r.choice(["every", "odd", "even"])}
        return {"kind": "static"}

    def promotion(self):
        kind = self.r.choice(["percent_off", "amount_off", "fixed_price"] + ["threshold"] * 2 * self.basket)
        p = {"kind": kind}
        if kind == "percent_off":
            p["value"] = self.number(0.05, 0.3)
        elif kind == "amount_off":
            p["value"] = self.number(5, 25)
        elif kind == "fixed_price":
            p["price"] = self.number(75, 95)
        elif self.maybe(0.6):
            p["tiers"] = [{"spend": 200, "save": 15}, {"spend": 400, "save": 40}][:self.r.choice([1, 2])]
        else:
            p["every"] = {"spend": 150, "save": 12, "cap": 60}
        begin = self.r.uniform(0.1, 0.6) * self.span
        p["from"], p["to"] = day(begin), day(begin + max(1, self.r.uniform(0.1, 0.3) * self.span))
        p["reach"] = self.r.choice([1, self.number(0.2, 0.9)])
        if self.maybe(0.4) and len(self.own) > 1:
            p["offers"] = [self.r.choice(self.own)]
        if self.maybe(0.3):
            p["segments"] = [self.r.choice(self.segments)]
        if self.maybe(0.3):
            p["fixed_cost"] = {"once": self.number(100, 900), "per_week": 20}
        if self.maybe(0.3):
            p["funding"] = {"once": 100, "per_unit": 0.5, "share_of_discount": 0.2}
        if self.maybe(0.3):
            p["visible"] = False
        if self.maybe(0.3):
            p["feature"] = {"utility": self.number(0.05, 0.4)}
        elif self.scope == "pipeline" and self.maybe(0.3):
            p["traffic"] = self.number(1.05, 1.3)
        if self.maybe(0.2) and self.span > 60:
            p["to"] = day(self.span * 0.95)
            p["recurrence"] = {"every_days": 28, "days": 7}
        return p

    def funnel(self):
        names = ["lead", "demo", "talks", "contract"]
        names = names[self.r.choice([0, 1, 2]):self.r.choice([3, 4])]
        stages = {}
        for n in names:
            stages[n] = {"choice": True} if n == "talks" else {"conversion": self.number(0.4, 0.95)}
            if self.maybe(0.15):
                stages[n]["leaves_per_week"] = round(self.r.uniform(0.1, 0.6), 2)
            elif self.maybe(0.4):
                stages[n]["days"] = {"won": self.overlapping_days(), "lost": self.overlapping_days()}
            else:
                stages[n]["days"] = self.days()
            if self.maybe(0.15):
                stages[n]["capacity"] = {"per_week": self.number(5, 60)}
        opening = self.r.choice(["steady", "steady", "empty", {"counts": {names[0]: 30, "talks": 12}}])
        return {"order": names, "stages": stages, "opening": opening}

    def scenario(self):
        r = self.r
        self.scope = r.choice(["market", "pipeline"])
        period = r.choice(["week", "week", "week", "day", "month", "quarter"])
        periods = r.randint(4, 9) if period == "quarter" else r.randint(5, 26)
        self.span = periods * LENGTHS[period]
        self.own = ["alpha", "beta", "gamma"][:r.choice([1, 1, 2, 3])]
        self.rivals = ["delta", "omega", "zeta"][:r.choice([0, 1, 2, 3])]
        self.promotions = ["autumn", "bargain", "clear"][:r.choice([0, 1, 1, 2, 3])]
        self.segments = ["large", "medium", "small"][:r.choice([1, 2, 3])]
        self.basket = self.maybe(0.25)
        shared = self.choice() if self.maybe(0.4) else None
        s = {"pricesim": 1, "name": "random", "currency": "EUR", "scope": self.scope,
             "calendar": {"start": STARTS[period], "period": period, "periods": periods},
             "market": {"segments": {n: self.segment(shared) for n in self.segments}},
             "offers": {n: {"list_price": self.number(90, 110, 0.2), "unit_cost": self.number(40, 55), "pricing": self.pricing()}
                        for n in self.own},
             "payment": {"days": r.choice([0, 30, {"lognormal": {"median": 25, "sdlog": 0.5}}]), "bad_debt": self.number(0.001, 0.03)}}
        if shared:
            s["market"]["choice"] = shared
        if self.maybe(0.3):
            s["market"]["shock"] = "off"
        if self.maybe(0.2):
            s["payment"]["disputed"] = {"share": 0.2, "days": 60}
        if self.maybe(0.3):
            s["vat"] = {"rate": 0.06, "prices_include": self.maybe(0.5)}
        if self.rivals:
            split = r.randint(1, len(self.rivals))
            owners = {"first": self.rivals[:split], "second": self.rivals[split:]}
            s["competitors"] = {o: {"offers": {n: {"price": self.number(85, 115, 0.2)} for n in names}, "reaction": self.reaction(names)}
                                for o, names in owners.items() if names}
        if self.promotions:
            s["promotions"] = {n: self.promotion() for n in self.promotions}
            s["stacking"] = {"rule": r.choice(["best_for_customer", "stack", "exclusive"])}
            if self.maybe(0.3):
                s["stacking"]["cap"] = 0.35
            if self.maybe(0.3):
                s["stacking"]["order"] = r.sample(self.promotions, len(self.promotions))
        if self.scope == "pipeline":
            s["funnel"] = self.funnel()
            if self.maybe(0.3):
                s["negotiated"] = {"distribution": {"zero": 0.2, "beta": {"a": 2.0, "b": 8.0}}, "overlap": 0.4}
        if self.maybe(0.3):
            for o in s["offers"].values():
                o.update({"sold_as": "contract", "contract": {"months": r.choice([3, 12]), "billing": r.choice(["annual", "monthly", "quarterly", "upfront"])}})
        if self.maybe(0.4):
            order = ["volume", "negotiated", "promotion", "invoice", "freight", "rebate"]
            s["waterfall"] = {"order": order, "steps": {
                "volume": {"rate": self.number(0.01, 0.04)}, "freight": {"amount": 1.5},
                "rebate": {"of": "list", "rate": 0.02, "take_up": self.number(0.3, 0.6)}}}
            if self.maybe(0.5):
                r.shuffle(order)
        if self.maybe(0.4):
            s["sales_team"] = {"representatives": r.choice([1, 3]), "commission": {
                "on": r.choice(["booked", "invoiced", "collected"]), "per": r.choice(["year", "quarter", "month"]),
                "tiers_apply": r.choice(["slice", "whole"]), "tiers": [{"up_to": 20000, "rate": 0.04}, {"rate": 0.07}]}}
        if self.maybe(0.4):
            s["costs"] = {"per_lead": self.number(0.2, 1), "fixed_per_month": 100, "once": 50, "discount_rate_per_year": 0.08}
        if self.maybe(0.4):
            s["goals"] = {"half": {"metric": "units", "level": 500, "by": day(self.span * 0.5)},
                          "all": {"metric": r.choice(["revenue", "contribution", "share" if self.scope == "market" else "win_rate_closed"]),
                                  "level": 0.3 if self.maybe(0.3) else 20000, "by": day(self.span * 0.8 - 1)}}
        return s


    def orders(self, s):
        """Units per order, rules by units, limits per customer."""
        r = self.r
        for segment in s["market"]["segments"].values():
            segment["quantity"] = r.choice([{"lognormal": {"median": self.number(1.2, 3), "sdlog": 0.5}}, {"uniform": [1, 12]}, 2])
        for p in s.get("promotions", {}).values():
            rule = r.choice(["multi_buy", "volume_tier", None])
            if rule == "multi_buy":
                p.update({"kind": rule, "buy": r.choice([2, 3]), "pay": self.number(1.2, 1.9)})
            elif rule:
                p.update({"kind": rule, "tiers_apply": r.choice(["whole", "slice"]),
                          "tiers": [{"units": 2, "value": self.number(0.02, 0.1)}, {"units": r.randint(3, 9), "value": 0.2}]})
            if rule:
                p.update({"addon_value": self.number(0.3, 0.8), "compliance": self.number(0.2, 1)})
                for key in ("value", "price", "amount", "redemption"):
                    p.pop(key, None)
            if self.maybe(0.4):
                p["per_customer"] = max(r.choice([1, 2, 5]), p.get("buy", 1))

    def runs_out(self, s):
        """Stocks, capacities and budgets."""
        r = self.r
        for o in s["offers"].values():
            if self.maybe(0.4):
                o[r.choice(["stock", "stock", "capacity"])] = self.number(100, 900)
            if "capacity" in o:
                o["capacity"] = {"per_week": o["capacity"]}
            elif "stock" in o and self.maybe(0.5):
                o["salvage"] = self.number(5, 30)
        for p in s.get("promotions", {}).values():
            if p["kind"] != "threshold" and self.maybe(0.5):
                p[r.choice(["stock", "budget"])] = self.number(20, 300)
            if p["kind"] in ("percent_off", "fixed_price") and "stock" in p:
                p["kind"] = "flash"

    def moves_in_time(self, s):
        """Borrowed sales, waiting, deals that decide sooner."""
        for segment in s["market"]["segments"].values():
            if self.scope == "market" and self.maybe(0.4):
                segment["borrow"] = {"share": self.number(0.05, 0.4), "half_life_days": 14}
        for p in s.get("promotions", {}).values():
            if self.maybe(0.3):
                p["waiting"] = {"share": self.number(0.05, 0.4), "days": self.r.choice([7, 21])}
            if self.scope == "pipeline" and self.maybe(0.5):
                p["acceleration"] = self.number(0.5, 4)

    def more(self, s):
        """With luck of its own, so that the rest of a seed's scenario stays what it is."""
        self.r = random.Random("more %d" % self.seed)
        for p in s.get("promotions", {}).values():
            if p["kind"] in ("percent_off", "amount_off") and self.maybe(0.2):
                p[{"percent_off": "value", "amount_off": "amount"}[p["kind"]]] = p.pop("value")
                p.update({"kind": "coupon", "redemption": self.number(0.2, 0.9)})
        sized = self.scope == "pipeline" and any("deal_size" in x for x in s["market"]["segments"].values())
        if self.scope == "market" and not self.basket and self.maybe(0.4):
            self.orders(s)
        elif not sized and self.maybe(0.3):
            self.runs_out(s)
            return s
        if self.maybe(0.4):
            self.moves_in_time(s)
        return s


def with_customers(s, r):
    """Some of the funnels get customers who sign again; drawn apart, so that the rest stays as it was."""
    if s["scope"] == "pipeline" and r.random() < 0.35:
        number = lambda low, high: {"uniform": [low, high]}  # noqa: E731
        s["retention"] = {"churn": r.choice([{"per_year": number(0.1, 0.6)}, {"alpha": number(0.5, 1), "beta": 2}, {"survivors": [90, 60, 45, 38]}]),
                          "renewal": {"churn_elasticity": r.choice([0, number(0.5, 3)])},
                          "history_years": r.choice([1, 4])}
        if not any("contract" in o for o in s["offers"].values()) or r.random() < 0.4:
            s["retention"]["renewal"]["price"] = "list"
        else:
            s["retention"]["renewal"].update({"increase": number(-0.1, 0.2), "from": day(r.uniform(-9, 50)), "increase_per_year": number(-0.1, 0.1)})
        if not all("contract" in o for o in s["offers"].values()):
            s["retention"]["term_months"] = r.choice([3, 6])
    return s


def random_scenario(seed):
    maker = Maker(seed)
    return with_customers(maker.more(maker.scenario()), random.Random("customers %s" % seed))


def shuffled(value, rng):
    """The same JSON with the members of all objects in another order."""
    if isinstance(value, dict):
        keys = list(value)
        rng.shuffle(keys)
        return {k: shuffled(value[k], rng) for k in keys}
    return [shuffled(v, rng) for v in value] if isinstance(value, list) else value


def without_promotions(scenario):
    """A copy in which nothing is promoted, and nobody answers promotions."""
    result = copy.deepcopy(scenario)
    result.pop("promotions", None)
    result.pop("stacking", None)
    for rival in result.get("competitors", {}).values():
        if rival.get("reaction", {}).get("kind") == "answer":
            del rival["reaction"]
    return result
