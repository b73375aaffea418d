# SPDX-License-Identifier: GPL-3.0-or-later
"""The model of docs/model/ a second time: expected flows, one path at a time, plain and slow.

    oracle.py SCENARIO [--plan ID] [--paths N]     (no --paths: inputs at their centre)

prints the results as JSON: means over paths 0 .. N-1, with the keys of `pricesim run --format json`."""
import argparse
import json
import math
import sys

from laws import Law, normal_cdf, stream_of, tails, uniform
from scenario import DAYS, FRACTION, NEGATIVE, POSITIVE, SIGNED, Scenario, day_number

NONE = "none"
MONTH = 365.25 / 12


def at(number, path, default=None, segment=None):
    return default if number is None else number.at(path, segment)


class Model:
    """Everything that is the same in all paths."""

    def __init__(self, file, plan=None):
        sc = self.sc = Scenario(file, plan)
        raw = sc.raw
        self.pipeline = raw["scope"] == "pipeline"
        self.T, self.days = sc.T, sc.days
        vat = raw.get("vat") or {}
        self.vat = sc.number(vat, "rate", "/vat", FRACTION) if vat.get("prices_include") else None
        self.read_offers(raw)
        self.read_market(raw["market"])
        self.read_promotions(raw)
        self.read_funnel(raw)
        self.read_money(raw)
        self.weights()
        self.T_end = self.T + self.run_out()

    def read_offers(self, raw):
        sc = self.sc
        self.own = sorted(raw["offers"])
        self.offer = {}
        for i in self.own:
            o, p = raw["offers"][i], "/offers/" + i
            pricing = o.get("pricing", {"kind": "fixed"})
            q = p + "/pricing"
            d = {"list": sc.number(o, "list_price", p, POSITIVE), "cost": sc.number(o, "unit_cost", p, POSITIVE),
                 "contract": o.get("contract"), "kind": pricing["kind"], "pricing": pricing,
                 "apart": pricing.get("per") == "segment"}
            for key, bounds, default in (("price", POSITIVE, None), ("markup", POSITIVE, None), ("target_margin", FRACTION, None),
                                         ("reference_price", POSITIVE, None), ("switching_cost", POSITIVE, 0), ("offset", SIGNED, 0),
                                         ("customer_share", FRACTION, 0.5), ("threshold", FRACTION, 0), ("ceiling", POSITIVE, None),
                                         ("min_margin", FRACTION, None)):
                if key != "price" or pricing["kind"] == "fixed":
                    d[key] = sc.number(pricing, key, q, bounds, default)
            d["drivers"] = [sc.number(v, "value", "%s/drivers/%s" % (q, k), SIGNED) for k, v in sorted(pricing.get("drivers", {}).items())]
            d["changes"] = self.read_changes(pricing, q)
            self.offer[i] = d
        self.rivals, self.rival = [], {}
        for c, competitor in raw.get("competitors", {}).items():
            reaction, p = competitor.get("reaction", {"kind": "static"}), "/competitors/" + c
            q = p + "/reaction"
            common = {"owner": c, "kind": reaction["kind"], "reaction": reaction, "changes": self.read_changes(reaction, q)}
            for key, bounds, default in (("drift_per_year", SIGNED, None), ("depth", FRACTION, None), ("probability", FRACTION, 1),
                                         ("follow_through", POSITIVE, None), ("noticed", FRACTION, 1), ("floor", POSITIVE, 0),
                                         ("closes_per_week", FRACTION, None), ("by", SIGNED, 0)):
                common[key] = sc.number(reaction, key, q, bounds if key != "by" else FRACTION if reaction["kind"] == "undercut" else (-1, 10), default)
            for r, offer in competitor["offers"].items():
                self.rivals.append(r)
                self.rival[r] = dict(common, price=sc.number(offer, "price", "%s/offers/%s" % (p, r), POSITIVE))
        self.rivals.sort()
        self.rivals_react = any(x["kind"] not in ("static", "event") for x in self.rival.values())

    def read_changes(self, holder, pointer):
        out = []
        for k, x in enumerate(holder.get("changes", [])):
            p = "%s/changes/%d" % (pointer, k)
            out.append((day_number(x["from"]), self.sc.number(x, "price", p, POSITIVE), self.sc.number(x, "change", p, SIGNED)))
        return out

    def read_choice(self, x, p):
        sc, d = self.sc, {}
        for key, bounds in (("baseline", FRACTION), ("conversions", FRACTION), ("lost_to", FRACTION), ("utility", SIGNED),
                            ("observed_at", POSITIVE)):
            d[key] = sc.numbers(x, key, p, bounds)
        for key, bounds, default in (("conversion", FRACTION, None), ("price_sensitivity", POSITIVE, None),
                                     ("promotion_elasticity", NEGATIVE, None), ("loss_aversion", POSITIVE, 1.6),
                                     ("lost_buyers_who_buy_nothing", FRACTION, None), ("awareness", FRACTION, None)):
            d[key] = sc.number(x, key, p, bounds, default)
        e = x.get("elasticity")
        d["elasticity"] = sc.number(e, "value", p + "/elasticity", (-50, 0)) if e else None
        d["brand"] = bool(e and e.get("brand"))
        d["of"] = e.get("offer", self.own[0]) if e else self.own[0]
        return d

    def read_market(self, market):
        sc = self.sc
        demand = market.get("demand", {"kind": "logit"})
        self.always = demand.get("offer") if demand["kind"] == "always" else None
        shared = self.read_choice(market["choice"], "/market/choice") if "choice" in market else None
        self.segments = sorted(market["segments"])
        self.segment = {}
        for s in self.segments:
            x, p = market["segments"][s], "/market/segments/" + s
            d = {"dimensions": x.get("dimensions", {})}
            d["arrivals"], unit = sc.rate(x["arrivals"], p + "/arrivals")
            d["arrivals_per"] = sc.per(unit)
            d["growth"], unit = sc.rate(x["growth"], p + "/growth", "per", (-1, 10)) if "growth" in x else (None, None)
            d["growth_per"] = sc.per(unit) if unit else 0.0
            d["season"] = x.get("season")
            d["shared"] = "choice" not in x
            d["choice"] = shared if d["shared"] else self.read_choice(x["choice"], p + "/choice")
            d["basket"] = sc.spread(x["basket"], p + "/basket") if "basket" in x else None
            d["size"] = sc.spread(x["deal_size"], p + "/deal_size") if "deal_size" in x else None
            d["relative"] = sc.number(x, "relative_sensitivity", p, POSITIVE, 1)
            d["preference"] = sc.numbers(x, "preference", p, POSITIVE)
            for key, more in (("reference_price", ("gain", "loss")), ("price_image", ("sensitivity", "equity"))):
                m = x.get(key)
                d[key] = None
                if m is not None:
                    q = "%s/%s" % (p, key)
                    d[key] = {"half_life": sc.number(m, "half_life_days", q, POSITIVE), "all": m.get("of") == "all",
                              "per_week": sc.number(m, "carry_over_per_week", q, FRACTION)}
                    for name in more:
                        d[key][name] = sc.number(m, name, q, POSITIVE, 0 if key == "price_image" else None)
            self.segment[s] = d

    def read_promotions(self, raw):
        sc = self.sc
        self.promotions = sorted(raw.get("promotions", {}))
        self.promotion = {}
        for m in self.promotions:
            x, p = raw["promotions"][m], "/promotions/" + m
            d = {"raw": x, "kind": x["kind"], "offers": x.get("offers", self.own), "visible": x.get("visible", True)}
            d["segments"] = [s for s in x.get("segments", self.segments) if x["kind"] != "threshold" or self.segment[s]["basket"]]
            for key, bounds, default in (("value", FRACTION if x["kind"] == "percent_off" else POSITIVE, None), ("price", POSITIVE, None),
                                         ("reach", FRACTION, 1), ("traffic", POSITIVE, None)):
                d[key] = sc.number(x, key, p, bounds, default)
            if x["kind"] == "threshold":
                d["addon"] = sc.number(x, "addon_value", p, FRACTION, 0.5)
                d["compliance"] = sc.number(x, "compliance", p, FRACTION, 0.7)
                d["tiers"] = self.tiers(x)
            f = x.get("feature", {})
            d["multiplier"] = sc.number(f, "multiplier", p + "/feature", POSITIVE)
            d["utility"] = sc.number(f, "utility", p + "/feature", SIGNED)
            cost, funding = x.get("fixed_cost", {}), x.get("funding")
            d["once"] = sc.number(cost, "once", p + "/fixed_cost", POSITIVE)
            d["weekly"] = sc.number(cost, "per_week", p + "/fixed_cost", POSITIVE)
            d["funded"] = funding is not None
            for key in ("once", "per_unit", "share_of_discount"):
                d["funding_" + key] = sc.number(funding or {}, key, p + "/funding", FRACTION if key[0] == "s" else POSITIVE)
            d["from"], d["to"] = day_number(x["from"]), day_number(x["to"]) + 1
            self.promotion[m] = d
        stacking = raw.get("stacking", {})
        self.rule = stacking.get("rule", "best_for_customer")
        self.order = stacking.get("order", self.promotions)
        self.cap = sc.number(stacking, "cap", "/stacking", FRACTION)
        self.group = {}
        for g, x in stacking.get("groups", {}).items():
            for m in x["members"]:
                self.group[m] = g

    @staticmethod
    def tiers(x):
        if "tiers" in x:
            return [(t["spend"], t["save"]) for t in x["tiers"]]
        e, out = x["every"], []
        for k in range(1, 65):
            save = min(k * e["save"], e.get("cap", 1e300))
            out.append((k * e["spend"], save))
            if save >= e.get("cap", 1e300):
                break
        return out

    def active_days(self, m, a, b):
        d = self.promotion[m]
        repeat = d["raw"].get("recurrence")
        if not repeat:
            return max(0, min(b, d["to"]) - max(a, d["from"]))
        total, n = 0, 0
        while n < repeat.get("times", 10 ** 9):
            first = d["from"] + n * repeat["every_days"]
            if first >= d["to"] or first >= b:
                break
            end = min(first + min(repeat["days"], repeat["every_days"]), d["to"])
            total += max(0, min(b, end) - max(a, first))
            n += 1
        return total

    def last_day(self, m):
        d = self.promotion[m]
        repeat = d["raw"].get("recurrence")
        if repeat and "times" in repeat:
            return min(d["from"] + (repeat["times"] - 1) * repeat["every_days"] + repeat["days"] - 1, d["to"] - 1)
        return d["to"] - 1

    def read_funnel(self, raw):
        sc, funnel = self.sc, raw.get("funnel")
        self.stages = funnel["order"] if funnel else []
        self.stage = {}
        self.choice_stage = -1
        opening = funnel.get("opening", "steady") if funnel else "steady"
        self.opening = opening if isinstance(opening, str) else "counts"
        self.counts = sc.numbers(opening, "counts", "/funnel/opening", POSITIVE) if self.opening == "counts" else {}
        for g, name in enumerate(self.stages):
            x, p = funnel["stages"][name], "/funnel/stages/" + name
            d = {"conversion": sc.number(x, "conversion", p, FRACTION)}
            d["leaves"], unit = sc.rate(x, p, "leaves_per", FRACTION)
            d["leaves_days"] = DAYS[unit] if unit else None
            d["capacity"], unit = sc.rate(x["capacity"], p + "/capacity") if "capacity" in x else (None, None)
            d["capacity_per"] = sc.per(unit) if unit else None
            if "days" in x:
                days = x["days"]
                both = isinstance(days, dict) and "won" in days
                d["won"] = sc.spread(days["won"] if both else days, p + "/days" + ("/won" if both else ""))
                d["lost"] = sc.spread(days["lost"], p + "/days/lost") if both else d["won"]
            if x.get("choice"):
                self.choice_stage = g
            self.stage[g] = d
        negotiated = raw.get("negotiated")
        self.negotiated = None
        if negotiated:
            x, p = negotiated["distribution"], "/negotiated/distribution"
            self.negotiated = [sc.number(x, "zero", p, FRACTION, 0), sc.number(x["beta"], "a", p + "/beta", POSITIVE),
                               sc.number(x["beta"], "b", p + "/beta", POSITIVE), sc.number(negotiated, "overlap", "/negotiated", FRACTION, 0)]

    def read_money(self, raw):
        sc = self.sc
        waterfall = raw.get("waterfall", {"steps": {}})
        self.steps = {}
        for k, x in waterfall["steps"].items():
            p = "/waterfall/steps/" + k
            self.steps[k] = (x.get("of", "running"), sc.number(x, "rate", p, FRACTION), sc.number(x, "amount", p, POSITIVE),
                             sc.number(x, "take_up", p, FRACTION, 1))
        self.step_order = waterfall.get("order", sorted(self.steps) + ["negotiated", "promotion", "invoice"])
        payment = raw["payment"]
        self.pay = sc.spread(payment["days"], "/payment/days")
        disputed = payment.get("disputed")
        self.dispute = (sc.number(disputed, "share", "/payment/disputed", FRACTION),
                        sc.spread(disputed["days"], "/payment/disputed/days")) if disputed else None
        self.bad_debt = sc.number(payment, "bad_debt", "/payment", FRACTION, 0)
        team = raw.get("sales_team") or {}
        self.commission = team.get("commission")
        self.representatives = team.get("representatives", 1)
        costs = raw.get("costs") or {}
        self.costs = {k: sc.number(costs, k, "/costs", SIGNED if k[0] == "d" else POSITIVE)
                      for k in ("per_lead", "fixed_per_month", "once", "discount_rate_per_year")}
        self.goals = raw.get("goals", {})

    def weights(self):
        mean = {s: d["arrivals"].law.centre() * d["arrivals_per"] for s, d in self.segment.items()}
        total = sum(mean.values())
        self.w = {s: mean[s] / total if total > 0 else 1.0 / len(mean) for s in mean}
        v = {c: 0.0 for c in self.rivals}
        for s, d in self.segment.items():
            choice = d["choice"]
            if not choice:
                continue
            shares = choice["baseline"] or choice["utility"] or choice["lost_to"]
            for c in self.rivals:
                if c in shares:
                    x = shares[c].law.centre()
                    if shares is choice["utility"]:
                        x = math.exp(x - choice["price_sensitivity"].law.centre() * self.rival[c]["price"].law.centre())
                    v[c] += self.w[s] * x
        total = sum(v.values())
        self.v = {c: v[c] / total if total > 0 else 1.0 / len(v) for c in v}

    def keep(self, memory):
        if memory is None:
            return 0.0
        if memory["per_week"]:
            return memory["per_week"].law.centre() ** (self.days / 7)
        return 2.0 ** (-self.days / memory["half_life"].law.centre())

    def run_out(self):
        if not self.promotions:
            return 0
        keep = max(max(self.keep(d["reference_price"]), self.keep(d["price_image"])) for d in self.segment.values())
        periods = math.log(0.05) / math.log(keep) if keep > 0 else 0.0
        periods += 91.0 / self.days if self.rivals_react else 0.0
        last = max(self.last_day(m) for m in self.promotions)
        after = (last + 1 - self.sc.start0) / self.days + periods - self.T
        return int(math.ceil(min(after, self.T // 2))) if after > 0 else 0

    def season(self, s, t):
        x, sc = self.segment[s]["season"], self.sc
        if not x:
            return 1.0
        if "monthly" in x:
            import datetime
            days = range(sc.start(t), sc.start(t + 1))
            return sum(x["monthly"][datetime.date.fromordinal(d).month - 1] for d in days) / len(days)
        if "sine" in x:
            cycle = x["sine"].get("cycle_days", 365.25)
            peak = x["sine"].get("peak_days", cycle / 4)
            return 1 + x["sine"]["amplitude"] * math.cos(2 * math.pi * (sc.start(t) - sc.start0 - peak) / cycle)
        return x["table"][min(t, len(x["table"]) - 1)]

    def law(self, spread, path):
        return Law(spread[0], [n.at(path) for n in spread[1]])


class Path:
    """One path: inputs, calibration, walks."""

    def __init__(self, model, path):
        self.m, self.path = model, path
        self.n = model.T_end + 1
        self.inputs()
        self.rows()
        self.kernels()
        self.calibrate()
        self.openings()

    def value(self, number, segment=None, default=None):
        return default if number is None else number.at(self.path, segment)

    # ---- what the inputs are in this path
    def inputs(self):
        m, val = self.m, self.value
        self.list0 = {i: val(m.offer[i]["list"]) for i in m.own}
        self.cost = {i: val(m.offer[i]["cost"]) for i in m.own}
        self.r0 = {c: val(m.rival[c]["price"]) for c in m.rivals}
        self.net = 1 / (1 + val(m.vat)) if m.vat else 1.0
        self.bad = val(m.bad_debt)
        self.luck = {c: 0.5 if self.path is None else uniform(m.sc.seed, self.path, stream_of("rival", m.rival[c]["owner"]), 0)
                     for c in m.rivals}
        self.nodes, self.overlap = [(0.0, 1.0)], 0.0
        if m.negotiated:
            zero, a, b, self.overlap = (val(x) for x in m.negotiated)
            self.nodes = [(0.0, zero)] + [(Law("beta", [a, b]).quantile((n - 0.5) / 8), (1 - zero) / 8) for n in range(1, 9)]
        self.depth = sum(d * w for d, w in self.nodes)
        self.conversion = {(g, s): val(m.stage[g]["conversion"], s) for g in m.stage for s in m.segments}
        self.rate = {s: val(m.segment[s]["arrivals"], s) * m.segment[s]["arrivals_per"] for s in m.segments}
        self.growth = {s: (1 + val(m.segment[s]["growth"], s, 0.0)) ** m.segment[s]["growth_per"] for s in m.segments}
        self.size, self.basket = {}, {}
        for s in m.segments:
            d = m.segment[s]
            self.size[s] = m.law(d["size"], self.path).mean() if d["size"] else 1.0
            self.basket[s] = tuple(n.at(self.path, s) for n in d["basket"][1]) if d["basket"] else None

    # ---- base rows
    def rows(self):
        m, val = self.m, self.value
        alternatives = m.own + m.rivals + [NONE]
        self.p0, self.c0, row = {}, {}, {}
        for s in m.segments:
            d, choice = m.segment[s], m.segment[s]["choice"]
            seen = choice["observed_at"] if choice else {}
            for i in m.own:
                self.p0[s, i] = val(seen[i], s) if i in seen else self.list0[i]
            for c in m.rivals:
                self.c0[s, c] = val(seen[c], s) if c in seen else self.r0[c]
            if m.always:
                row[s] = {j: 1.0 if j == m.always else 0.0 for j in alternatives}
            elif choice["utility"]:
                alpha = -val(choice["price_sensitivity"], s) * (val(d["relative"], s) if d["shared"] else 1.0)
                row[s] = {j: math.exp(val(choice["utility"][j], s) + alpha * (self.p0[s, j] if j in m.own else self.c0[s, j]))
                          for j in alternatives if j != NONE}
                row[s][NONE] = 1.0
            elif choice["conversion"] or choice["conversions"]:
                if choice["conversion"]:
                    row[s] = {i: val(choice["conversion"], s) for i in m.own}
                else:
                    row[s] = {i: val(choice["conversions"][i], s) if i in choice["conversions"] else 0.0 for i in m.own}
                lost = max(1 - sum(row[s].values()), 1e-12)
                for j in m.rivals + [NONE]:
                    part = val(choice["lost_to"][j], s) if j in choice["lost_to"] else 0.0
                    row[s][j] = lost * (1.0 if not choice["lost_to"] and j == NONE else part)
            else:
                row[s] = {j: val(choice["baseline"][j], s) if j in choice["baseline"] else 0.0 for j in alternatives}
                total = sum(row[s].values())
                row[s] = {j: x / total for j, x in row[s].items()}
        shared = [s for s in m.segments if m.segment[s]["shared"]]
        if shared and not m.always and m.segment[shared[0]]["choice"]["baseline"]:
            self.fit(row, alternatives)
        self.win, self.mix, self.split, self.aware = {}, {}, {}, {}
        for s in m.segments:
            own, rest = sum(row[s][i] for i in m.own), sum(row[s][j] for j in m.rivals + [NONE])
            self.win[s] = own / (own + rest)
            self.mix[s] = {i: row[s][i] / own if own > 0 else 1.0 / len(m.own) for i in m.own}
            self.split[s] = {j: row[s][j] / rest if rest > 0 else float(j == NONE) for j in m.rivals + [NONE]}
            choice = m.segment[s]["choice"]
            self.aware[s] = 1.0
            if choice and choice["awareness"]:
                self.aware[s] = max(val(choice["awareness"], s), self.win[s] * (1 + 1e-9))
                self.win[s] /= self.aware[s]

    def fit(self, row, alternatives):
        m = self.m
        share = {j: self.value(m.segment[m.segments[0]]["choice"]["baseline"][j]) for j in alternatives}
        total = sum(share.values())
        share = {j: x / total for j, x in share.items()}
        for s in m.segments:
            preference = m.segment[s]["preference"]
            row[s] = {j: share[j] * (self.value(preference[j], s) if j in preference else 1.0) for j in alternatives}
        for _ in range(200):
            for s in m.segments:
                total = sum(row[s].values())
                row[s] = {j: x / total for j, x in row[s].items()}
            worst = 0.0
            for j in alternatives:
                total = sum(m.w[s] * row[s][j] for s in m.segments)
                worst = max(worst, abs(total - share[j]))
                for s in m.segments:
                    row[s][j] *= share[j] / total if total > 0 else 1.0
            if worst < 1e-13:
                break

    # ---- delays
    def kernels(self):
        m, n = self.m, self.n - 1
        self.tail, self.hazard, self.mean = {}, {}, {}
        won = lost = [1.0]
        self.choice_hazard = None
        for g, d in m.stage.items():
            if d["leaves"]:
                self.hazard[g] = m.sc.per_period(self.value(d["leaves"]), d["leaves_days"])
                self.mean[g] = (1 / self.hazard[g],) * 2
                if g == m.choice_stage:
                    self.choice_hazard = self.hazard[g]
                continue
            laws = [m.law(d[o], self.path) for o in ("won", "lost")]
            self.mean[g] = tuple(law.mean() / m.days for law in laws)
            if g == m.choice_stage:
                ages = max(self.ages(m.law(d[o], None)) for o in ("won", "lost"))
                won, lost = ([t[a] - t[a + 1] for a in range(ages - 1)] + [t[ages - 1]]
                             for t in (tails(law, m.days, ages) for law in laws))
            else:
                self.tail[g] = tuple(tails(law, m.days, n) for law in laws)
        self.A = len(won)
        self.k, self.odds, self.later = {}, {}, {}
        for s in m.segments:
            c = self.win[s]
            kw, kl = [c * x for x in won], [(1 - c) * x for x in lost]
            self.k[s] = [a + b for a, b in zip(kw, kl)]
            self.odds[s] = [a / b if b > 1e-15 * a else 1e15 if a > 0 else 0.0 for a, b in zip(kw, kl)]
            self.later[s] = [sum(self.k[s][a:]) for a in range(self.A)]
        pay = self.lags(m.pay)
        if m.dispute:
            share = self.value(m.dispute[0])
            pay = [(1 - share) * a + share * b for a, b in zip(pay, self.lags(m.dispute[1]))]
        self.recognise, self.bill, self.collect = {}, {}, {}
        for i in m.own:
            self.recognise[i], self.bill[i] = self.contract(m.offer[i]["contract"])
            self.collect[i] = [(1 - self.bad) * sum(self.bill[i][b] * pay[t - b] for b in range(t + 1)) for t in range(n)]

    def ages(self, law):
        most = int(3652.5 / self.m.days)
        step, a = self.m.days, 1
        while a < most and (law.excess((a - 1) * step) - law.excess(a * step)) / step >= 1e-6:
            a += 1
        return a

    def lags(self, spread):
        t = tails(self.m.law(spread, self.path), self.m.days, self.n - 1)
        return [t[a] - t[a + 1] for a in range(self.n - 1)]

    def contract(self, contract):
        n = self.n - 1
        if not contract:
            return [1.0] + [0.0] * (n - 1), [1.0] + [0.0] * (n - 1)
        months = contract["months"]
        t = tails(Law("uniform", [0.0, months * MONTH]), self.m.days, n)
        every = {"annual": 12, "quarterly": 3, "monthly": 1, "upfront": months}[contract.get("billing", "annual")]
        bill, when = [0.0] * n, 0
        while when < months:
            part = tails(Law("constant", [when * MONTH]), self.m.days, n)
            for a in range(n):
                bill[a] += min(every, months - when) / months * (part[a] - part[a + 1])
            when += every
        return [t[a] - t[a + 1] for a in range(n)], bill

    # ---- calibration
    def calibrate(self):
        m, val = self.m, self.value
        self.alpha, self.gain, self.loss, self.theta, self.nest = {}, {}, {}, {}, {s: 1.0 for s in m.segments}
        self.image, self.feature = {}, {}
        self.nested = any(m.segment[s]["choice"] and m.segment[s]["choice"]["lost_buyers_who_buy_nothing"] for s in m.segments)
        self.down = {s: 1.0 for s in m.segments}
        self.up = {s: 1.0 for s in m.segments}
        for (g, s), c in self.conversion.items():
            if g < m.choice_stage:
                self.up[s] *= c
            elif g > m.choice_stage:
                self.down[s] *= c
        shared = [s for s in m.segments if m.segment[s]["shared"]]
        groups = ([shared] if shared else []) + [[s] for s in m.segments if s not in shared]
        for group in groups if not m.always else []:
            choice = m.segment[group[0]]["choice"]
            if choice["lost_buyers_who_buy_nothing"]:
                rho = self.nest_rho(group, choice)
                for s in group:
                    self.nest[s] = 1 / (1 - rho)
            self.sensitivity(group, choice)
        for s in m.segments:
            if m.always:
                self.alpha[s] = self.gain[s] = self.loss[s] = 0.0
                self.theta[s], self.image[s] = 0.0, None
            else:
                self.memory_of(s)
        for p in m.promotions:
            d = m.promotion[p]
            for s in m.segments:
                if d["utility"]:
                    self.feature[p, s] = val(d["utility"], s)
                elif d["multiplier"]:
                    share = sum(self.aware[s] * self.win[s] * self.mix[s][i] for i in d["offers"])
                    by = min(val(d["multiplier"], s), 0.95 / share)
                    self.feature[p, s] = math.log(by * (1 - share) / (1 - by * share))

    def nest_rho(self, group, choice):
        m = self.m
        weight = sum(m.w[s] for s in group)
        own = {s: self.aware[s] * self.win[s] for s in group}
        s0 = sum(m.w[s] * (1 - own[s]) * self.split[s][NONE] for s in group) / weight
        sj = sum(m.w[s] * own[s] * self.mix[s][choice["of"]] for s in group) / weight
        k = s0 / self.value(choice["lost_buyers_who_buy_nothing"]) + sj
        return min(max((k - 1) / (k - sj / (1 - s0)), 0.0), 0.99)

    def sensitivity(self, group, choice):
        m, val = self.m, self.value
        relative = {s: val(m.segment[s]["relative"], s) if m.segment[s]["shared"] else 1.0 for s in group}
        if not choice["elasticity"] and not choice["promotion_elasticity"]:
            for s in group:
                self.alpha[s] = -val(choice["price_sensitivity"], s) * relative[s]
            return
        top = bottom = 0.0
        paid = sum(w * (1 - d) for d, w in self.nodes)
        for s in group:
            f = 1.0 if choice["brand"] else self.mix[s][choice["of"]]
            price = paid * (sum(self.mix[s][i] * self.p0[s, i] for i in m.own) if choice["brand"] else self.p0[s, choice["of"]])
            slope = 0.0
            for k, odds in zip(self.k[s], self.odds[s]):
                r = odds / (1 + odds)
                inside = r + (1 - r) * (1 - self.split[s][NONE])
                slope += k * f * r * (self.nest[s] - (self.nest[s] - 1) * f * r / inside - f * r)
            top += m.w[s] * self.aware[s] * self.win[s] * f
            bottom += m.w[s] * relative[s] * self.aware[s] * price * slope
        for s in group:
            eps = val(choice["elasticity"], s) if choice["elasticity"] else val(choice["promotion_elasticity"], s) / 1.39
            self.alpha[s] = relative[s] * eps * top / bottom

    def keep(self, memory, s):
        if memory and memory["per_week"]:
            return self.value(memory["per_week"], s) ** (self.m.days / 7)
        half_life = self.value(memory["half_life"], s) if memory and memory["half_life"] else 28.0
        return 2.0 ** (-self.m.days / half_life)

    def memory_of(self, s):
        d, val = self.m.segment[s], self.value
        reference, image, choice = d["reference_price"], d["price_image"], d["choice"]
        self.theta[s] = self.keep(reference, s)
        gain = 0.0
        if reference and reference["gain"]:
            gain = val(reference["gain"], s)
        elif choice["promotion_elasticity"] and choice["elasticity"]:
            gain = max(0.0, val(choice["promotion_elasticity"], s) / val(choice["elasticity"], s) - 1)
        elif reference or choice["promotion_elasticity"]:
            gain = 0.39
        loss = val(reference["loss"], s) if reference and reference["loss"] else val(choice["loss_aversion"], s) * gain
        self.gain[s], self.loss[s] = -gain * self.alpha[s], -loss * self.alpha[s]
        self.image[s] = (self.keep(image, s), val(image["sensitivity"], s), val(image["equity"], s)) if image else None

    # ---- waterfall of Q units, list value L, negotiated and promotion discount
    def waterfall(self, q, l, negotiated, promotion):
        running, scale, invoice, taken = l, None, None, []
        for step in self.m.step_order:
            amount = 0.0
            if step == "invoice":
                invoice = running
            elif step in ("negotiated", "promotion"):
                if scale is None:
                    scale = running / l if l > 0 else 1.0
                amount = scale * (negotiated if step == "negotiated" else promotion)
            else:
                of, rate, fixed, take_up = self.m.steps[step]
                amount = self.value(take_up) * (self.value(rate) * (l if of == "list" else running) if rate else self.value(fixed) * q)
            running -= amount
            taken.append(amount)
        return invoice, running, taken

    # ---- before the start
    def openings(self):
        m = self.m
        self.pocket_ratio, self.base = {}, {}
        for i in m.own:
            l = self.list0[i] * self.net
            invoice, pocket, _ = self.waterfall(1.0, l, l * self.depth, 0.0)
            self.pocket_ratio[i] = pocket / l
            for s in m.segments:
                units = self.size[s]
                if self.basket[s]:
                    units = self.basket[s][0] * math.exp(0.5 * self.basket[s][1] ** 2) / self.list0[i]
                self.base[s, i] = (units * invoice, units * (pocket - self.cost[i] - self.bad * invoice))
        self.signing = {(s, i): self.rate[s] * self.up[s] * self.aware[s] * self.win[s] * self.mix[s][i] * self.down[s]
                        if m.opening == "steady" else 0.0 for s in m.segments for i in m.own}
        self.entry_age, age = {}, 0.0
        for g in m.stage:
            self.entry_age[g] = age
            age += self.mean[g][0] * m.days

    def steady(self, g, s, i=None):
        flow = self.rate[s]
        for h in range(g):
            flow *= self.aware[s] * self.win[s] * self.mix[s][i] if h == self.m.choice_stage else self.conversion[h, s]
        return flow

    def opening_scale(self, g):
        m = self.m
        if m.opening == "empty":
            return 0.0
        if m.opening == "steady":
            return 1.0
        name = m.stages[g]
        total = 0.0
        for s in m.segments:
            c = self.win[s] if g == m.choice_stage else self.conversion[g, s]
            periods = c * self.mean[g][0] + (1 - c) * self.mean[g][1]
            for i in m.own if g > m.choice_stage else m.own[:1]:
                total += periods * self.steady(g, s, i)
        return self.value(m.counts[name]) / total if name in m.counts and total > 0 else 0.0


from walk import Walk  # noqa: E402  (Walk needs Path's constants)
from attribution import attribute  # noqa: E402


def run(file, plan=None, paths=None, attribution=True):
    model = Model(file, plan)
    results = []
    for r in [None] if paths is None else range(paths):
        path = Path(model, r)
        result = Walk(path).headline()
        if model.promotions and attribution:
            result["promotions"] = attribute(path)
        results.append(result)
    return average(model, results)


def average(model, results):
    n = len(results)
    out = {"summary": {}, "series": {}, "by": {}}
    total = {k: sum(r["total"][k] for r in results) / n for k in results[0]["total"]}
    ratios = {"margin_frac": ("contribution", "revenue"), "pocket_price": ("pocket_value", "units"),
              "win_rate": ("eventual_wins", "entered_choice"), "win_rate_closed": ("won", "decided"), "share": ("won", "decided"),
              "cycle_days": ("cycle_sum", "customers_signed"), "price_index": ("index_sum", "index_periods"),
              "cac": ("acquisition_cost", "eventual_customers")}
    for k, (a, b) in ratios.items():
        if total.get(b):
            total[k] = total[a] / total[b]
    out["summary"] = total
    for k in results[0]["series"]:
        out["series"][k] = [sum(r["series"][k][t] for r in results) / n for t in range(model.T)]
    for dimension in results[0]["by"]:
        out["by"][dimension] = {}
        for x in results[0]["by"][dimension]:
            group = {k: sum(r["by"][dimension][x][k] for r in results) / n for k in results[0]["by"][dimension][x]}
            if group.get("units") and "pocket_value" in group:
                group["pocket_price"] = group["pocket_value"] / group["units"]
            if group.get("decided") and dimension == "segment":
                group["share"] = group["won"] / group["decided"]
            out["by"][dimension][x] = group
    out["funnel"] = [{k: sum(r["funnel"][g][k] for r in results) / n for k in results[0]["funnel"][g]} for g in model.stage]
    out["waterfall"] = [sum(r["steps"][k] for r in results) / n for k in range(len(model.step_order))]
    if "promotions" in results[0]:
        out["promotions"] = summarise(model, [r["promotions"] for r in results])
    out["opening_revenue"] = sum(r["opening_revenue"] for r in results) / n
    return out


def summarise(model, results):
    n = len(results)
    mean = lambda f: sum(f(r) for r in results) / n  # noqa: E731
    out = {"calendar": {k: mean(lambda r: r["rows"][k]) for k in results[0]["rows"]}}
    for k in ("net", "inside", "naive"):
        out["calendar"][k] = mean(lambda r: r[k])
    for m in [None] + model.promotions:
        touch = {k: mean(lambda r: r["touch"][m][k]) for k in results[0]["touch"][m]}
        to = out["calendar"] if m is None else out.setdefault(m, {"net": mean(lambda r: r["value"][m])})
        fixed = mean(lambda r: r["fixed"]) if m is None else model_fixed(model, m)
        funding = mean(lambda r: r["funding"]) if m is None else 0.0
        q0, q1 = touch["q0"], touch["q1"]
        margin = touch["margin"] / q1 if q1 > 0 else 0.0
        spend = touch["discount"] + fixed - funding
        to.update(baseline_units=q0, promoted_units=q1, discount=touch["discount"], lift=(q1 - q0) / q0 if q0 > 0 else None,
                  break_even_lift=(touch["gift"] + fixed - funding) / (q0 * margin) if margin > 0 and q0 > 0 else None,
                  roi_on_spend=to["net"] / spend if spend > 0 else None)
        if touch["orders"] > 0:
            for k in ("redeemed_frac", "topped_up_frac", "subsidised_frac", "mean_paid", "goods_value"):
                to[k] = touch[k] / touch["orders"]
    if len(model.promotions) > 1:
        out["interaction"] = {"net": out["calendar"]["net"] - sum(out[m]["net"] for m in model.promotions)}
    return out


def model_fixed(model, m):
    d, sc = model.promotion[m], model.sc
    weeks = sum(model.active_days(m, sc.start(t), sc.start(t + 1)) for t in range(model.T_end)) / 7
    inside = sc.start0 <= d["from"] < sc.start(model.T_end)
    mean = lambda x: 0.0 if x is None else law_mean(x.law)  # noqa: E731
    return mean(d["weekly"]) * weeks + (mean(d["once"]) if inside else 0.0)


def law_mean(law):
    """Mean of an uncertain number's law; by quadrature over its quantiles where there is no formula."""
    if law.cut is None and law.sign > 0 and law.name not in ("normal", "logit_normal", "beta", "discrete"):
        return law.mean()
    if law.cut is None and law.name == "normal":
        return law.p[0]
    if law.cut is None and law.name == "beta":
        return law.p[0] / (law.p[0] + law.p[1])
    steps = 20000
    return sum(law.quantile(normal_cdf(-8 + 16 * (k + 0.5) / steps)) * math.exp(-0.5 * (-8 + 16 * (k + 0.5) / steps) ** 2)
               for k in range(steps)) * 16 / steps / math.sqrt(2 * math.pi)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("scenario")
    parser.add_argument("--plan")
    parser.add_argument("--paths", type=int)
    arguments = parser.parse_args()
    json.dump(run(arguments.scenario, arguments.plan, arguments.paths), sys.stdout, indent=1)
