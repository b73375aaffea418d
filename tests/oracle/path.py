# SPDX-License-Identifier: GPL-3.0-or-later
"""One path before its first period: inputs, base rows, delays, calibration, what was signed before."""
import math

from customers import Base
from demand import General, fit_general, kind_shares
from laws import Law, stream_of, tails, uniform
from sales import Efforts
from model import Cell
from scenario import DAYS, MONTH, NONE


class Path(Base, Efforts):
    """One path: inputs, calibration, walks."""

    def __init__(self, model, path):
        self.m, self.path = model, path
        self.n = model.T_end + 1
        self.inputs()
        self.rows()
        self.kernels()
        self.calibrate()
        self.openings()
        self.efforts()

    def granted(self, d):
        """Of a negotiated discount, what the authority leaves."""
        if not self.m.authority:
            return d
        limit, approved = (self.value(x) for x in self.m.authority)
        return d - (1 - approved) * max(d - limit, 0.0)

    def added_up(self, of):
        """A bundle has the sum of its offers."""
        return {i: sum(of[j] for j in self.m.offer[i]["of"]) if self.m.offer[i]["of"] else x for i, x in of.items()}

    def value(self, number, segment=None, default=None):
        return default if number is None else number.at(self.path, segment)

    def relative(self, s):
        """Price sensitivity of a cell relative to the others that share its choice."""
        d = self.m.segment[s]
        if not d["shared"]:
            return 1.0
        return self.value(d["relative"], s) * (self.value(d["members"]["relative"], s) if getattr(s, "member", None) else 1.0)

    def wholesale(self, s, i, row):
        """seller.md: units, list value and discounts of sales in the money of the brand."""
        if not self.m.brand:
            return row
        units, listed, negotiated, promotion = row
        d = self.m.offer[i]
        w0, r = self.value(d["wholesale"]), self.value(d["passed"])
        rate = w0 / (r * self.list0[i] * (self.dear[s] if s else 1.0) * self.net)
        return units, rate * listed + w0 * (1 - 1 / r) * units, rate * negotiated, rate * promotion

    def members(self, s, t):
        """members.md: m(t) of the segment, as a part of the occasions."""
        d = self.m.segment[s]["members"]
        stay = 1 - self.m.sc.per_period(self.value(d["joining"][0], s), DAYS[d["joining"][1]]) if d["joining"] else 1.0
        return 1 - (1 - self.value(d["share"], s)) * stay ** t

    def arriving(self, s, t):
        """Mean arrivals of a period without season and growth."""
        if getattr(s, "member", None) is None:
            return self.rate[s]
        part = self.members(s, t) if s.member else 1 - self.members(s, t)
        return part * self.everybody[s]

    def fees(self, x, t):
        """Income of a period by the fee of promotion x, if it runs all period long."""
        m, (fee, unit), total = self.m, self.m.promotion[x]["fee"], 0.0
        for s in m.promotion[x]["segments"]:
            number, each = m.segment[s]["members"]["occasions"]
            people = self.arriving(s, t) * self.growth[s] ** t / (self.value(number, s) * m.sc.per(each))
            total += self.value(fee) * m.sc.per(unit) * self.net * people
        return total

    # ---- what the inputs are in this path
    def inputs(self):
        m, val = self.m, self.value
        self.list0 = self.added_up({i: val(m.offer[i]["list"]) for i in m.own})
        self.cost = self.added_up({i: val(m.offer[i]["cost"]) for i in m.own})
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
        self.conversion = {(g, s): self.going_on(g, s) for g in m.stage for s in m.segments}
        term = lambda s, key: val(m.channel[s.channel][key], s, 0.0) if m.channel else 0.0  # noqa: E731
        self.dear = {s: 1 + term(s, "price") for s in m.segments}
        model = {s: m.sales_model.get(m.sold_by(s), {"fee": None, "serve": None}) for s in m.segments}
        self.fee = {s: term(s, "fee") + val(model[s]["fee"], s, 0.0) for s in m.segments}
        self.serve = {s: val(model[s]["serve"], s, 0.0) for s in m.segments}
        self.rate = {s: val(m.segment[s]["arrivals"], s) * m.segment[s]["arrivals_per"] * m.part_of(s, lambda x, s=s: val(x, s)) for s in m.segments}
        whole = lambda s: Cell(s.origin, s.channel)  # noqa: E731
        self.everybody = {s: val(m.segment[s]["arrivals"], s) * m.segment[s]["arrivals_per"] * m.part_of(whole(s), lambda x, s=s: val(x, s))
                          for s in m.segments if getattr(s, "member", None) is not None}
        self.growth = {s: (1 + val(m.segment[s]["growth"], s, 0.0)) ** m.segment[s]["growth_per"] for s in m.segments}
        self.size, self.basket, self.quantity = {}, {}, {}
        for s in m.segments:
            d = m.segment[s]
            self.size[s] = self.size_law(s, max((x["min_size"] for x in m.stage.values()), default=0)).mean() if d["size"] else 1.0
            self.quantity[s] = self.chances(m.law(d["quantity"], self.path)) if d["quantity"] else None
            self.basket[s] = tuple(n.at(self.path, s) for n in d["basket"][1]) if d["basket"] else None

    # ---- base rows
    def rows(self):
        m, val = self.m, self.value
        alternatives = m.own + m.rivals + [NONE]
        self.p0, self.c0, row = {}, {}, {}
        self.general = {}
        for s in m.segments:
            d, choice = m.segment[s], m.segment[s]["choice"]
            seen = choice["observed_at"] if choice else {}
            for i in m.own:
                self.p0[s, i] = self.dear[s] * (val(seen[i], s) if i in seen else self.list0[i])
            self.p0.update({(s, i): x for i, x in self.added_up({i: self.p0[s, i] for i in m.own}).items()})
            for c in m.rivals:
                self.c0[s, c] = val(seen[c], s) if c in seen else self.r0[c]
            if m.always:
                row[s] = {j: 1.0 if j == m.always else 0.0 for j in alternatives}
            elif m.own_kind:
                row[s] = kind_shares(self, s, {i: self.p0[s, i] for i in m.own}, {c: self.c0[s, c] for c in m.rivals},
                                     dict.fromkeys(m.own, 0.0), dict.fromkeys(m.own, 0.0))
            elif choice["utility"] and choice["tastes"]:
                self.general[s] = General(self, s)
                alpha = -val(choice["price_sensitivity"], s) * (self.relative(s))
                row[s] = self.general[s].from_utility({j: val(x, s) for j, x in choice["utility"].items()}, alpha, choice["outside"])
            elif choice["utility"]:
                alpha = -val(choice["price_sensitivity"], s) * (self.relative(s))
                row[s] = {j: math.exp(val(choice["utility"][j], s) + alpha * (self.p0[s, j] if j in m.own else self.c0[s, j]))
                          if j in choice["utility"] else 0.0 for j in alternatives if j != NONE}
                row[s][NONE] = 1.0 if choice["outside"] else 0.0
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
        if shared and not m.choiceless and m.segment[shared[0]]["choice"]["baseline"]:
            self.fit(row, alternatives)
        self.win, self.mix, self.split, self.aware = {}, {}, {}, {}
        for s in m.segments:
            own, rest = sum(row[s][i] for i in m.own), sum(row[s][j] for j in m.rivals + [NONE])
            self.win[s] = own / (own + rest)
            self.mix[s] = {i: row[s][i] / own if own > 0 else 1.0 / len(m.own) for i in m.own}
            self.split[s] = {j: row[s][j] / rest if rest > 0 else float(j == NONE) for j in m.rivals + [NONE]}
            choice = m.segment[s]["choice"]
            if m.choice_stage >= 0 and m.change(m.choice_stage, s)[0]:
                self.win[s] = self.conversion[m.choice_stage, s]
            elif m.choice_stage >= 0:
                self.win[s] = self.with_odds(m.choice_stage, s, self.win[s])
            self.aware[s] = 1.0
            if choice and choice["awareness"]:
                self.aware[s] = max(val(choice["awareness"], s), self.win[s] * (1 + 1e-9))
                self.win[s] /= self.aware[s]

    # ---- funnel.md: entry and exit criteria
    def size_law(self, s, least=0):
        law = self.m.law(self.m.segment[s]["size"], self.path)
        if least > 0 and not law.known():
            law.cut = (least, math.inf)
        return law

    def large_enough(self, s, least):
        if not self.m.segment[s]["size"]:
            return 1.0
        return 1 - self.size_law(s).cdf(math.nextafter(least, 0)) if least > 0 else 1.0

    def going_on(self, g, s):
        """Part of the deals that goes on from stage g; None at the choice, if it has no win rate of its own."""
        m, stage, own = self.m, self.m.stage[g], self.m.change(g, s)[0]
        if g == m.choice_stage:
            return self.with_odds(g, s, self.value(own, s)) if own else None
        c = self.value(own or stage["conversion"], s, 1.0)
        for x in stage["exit"] if not own else ():
            c *= self.value(x, s)
        c = self.with_odds(g, s, c)
        after = m.stage.get(g + 1)
        if after and after["bands"] and getattr(s, "band", None) and s.band not in after["bands"]:
            return 0.0
        if after and after["min_size"]:
            before = max(m.stage[h]["min_size"] for h in range(g + 1))
            least = max(after["min_size"], before)
            come = self.large_enough(s, before)
            c *= self.large_enough(s, least) / come if come > 0 else 0.0
        return c

    def with_odds(self, g, s, c):
        for x in self.m.change(g, s)[3] if c is not None else ():
            odds = self.value(x, s)
            c = odds * c / (1 - c + odds * c)
        return c

    def fit(self, row, alternatives):
        m = self.m
        share = {j: self.value(m.segment[m.segments[0]]["choice"]["baseline"][j]) for j in alternatives}
        total = sum(share.values())
        share = {j: x / total for j, x in share.items()}
        for s in m.segments:
            of = [m.segment[s]["preference"]] + ([m.segment[s]["members"]["preference"]] if getattr(s, "member", None) else [])
            row[s] = {j: share[j] * math.prod(self.value(x[j], s) for x in of if j in x) for j in alternatives}
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
        kernel = {s: ([1.0], [1.0]) for s in m.segments}
        self.choice_hazard = None
        for g, d in m.stage.items():
            if d["leaves"]:
                self.hazard[g] = m.sc.per_period(self.value(d["leaves"]), d["leaves_days"])
                self.mean.update({(g, s): (1 / self.hazard[g],) * 2 for s in m.segments})
                if g == m.choice_stage:
                    self.choice_hazard = self.hazard[g]
                continue
            spreads = {s: m.change(g, s)[1] or (d["won"], d["lost"]) for s in m.segments}
            ages = max(self.ages(m.law(x, None)) for pair in spreads.values() for x in pair) if g == m.choice_stage else 0
            for s in m.segments:
                laws = [m.law(x, self.path) for x in spreads[s]]
                self.mean[g, s] = tuple(law.mean() / m.days for law in laws)
                if g == m.choice_stage:
                    kernel[s] = [[t[a] - t[a + 1] for a in range(ages - 1)] + [t[ages - 1]]
                                 for t in (tails(law, m.days, ages) for law in laws)]
                else:
                    self.tail[g, s] = tuple(tails(law, m.days, n) for law in laws)
        self.A = len(kernel[m.segments[0]][0])
        self.k, self.odds, self.later = {}, {}, {}
        for s in m.segments:
            c, (won, lost) = self.win[s], kernel[s]
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
        self.terms(n)

    def terms(self, n):
        """Prepay and extended terms: who takes such a step pays at another time."""
        m, part = self.m, {}
        for k in m.paid:
            _, rate, _, take_up = m.steps[k]
            u, r = self.value(take_up), self.value(rate)
            part[k] = u * (1 - r) / (1 - u * r) if m.step_order.index(k) < m.step_order.index("invoice") else u
        scale = max(1.0, sum(part.values()))
        part = {k: x / scale for k, x in part.items()}
        upfront = sum(x for k, x in part.items() if m.paid[k] is None)
        for i in m.own:
            usual, now = self.collect[i], [float(t == 0) for t in range(n)]
            self.collect[i] = [(1 - sum(part.values())) * usual[t] + upfront * now[t] for t in range(n)]
            self.bill[i] = [(1 - upfront) * self.bill[i][t] + upfront * now[t] for t in range(n)]
            for k, x in part.items():
                if m.paid[k] is not None:
                    lag = self.value(m.paid[k]) / m.days
                    delay = [max(0.0, 1 - abs(t - lag)) for t in range(n)]
                    for t in range(n):
                        self.collect[i][t] += x * sum(delay[a] * usual[t - a] for a in range(t + 1))
        self.bad *= 1 - upfront

    def ages(self, law):
        most = int(3652.5 / self.m.days)
        step, a = self.m.days, 1
        while a < most and (law.excess((a - 1) * step) - law.excess(a * step)) / step >= 1e-6:
            a += 1
        return a

    def lags(self, spread):
        t = tails(self.m.law(spread, self.path), self.m.days, self.n - 1, self.m.invoices)
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
        for group in groups if not m.choiceless else []:
            choice = m.segment[group[0]]["choice"]
            if choice["lost_buyers_who_buy_nothing"]:
                rho = self.nest_rho(group, choice)
                for s in group:
                    self.nest[s] = 1 / (1 - rho)
            if choice["tastes"] and not choice["utility"]:
                for s in group:
                    self.general[s] = General(self, s)
                fit_general(self, group)
            else:
                self.sensitivity(group, choice)
        for s in m.segments:
            if m.choiceless:
                self.alpha[s] = self.gain[s] = self.loss[s] = 0.0
                self.theta[s], self.image[s] = 0.0, None
            else:
                self.memory_of(s)
            for i in m.own:
                if m.offer[i]["of"]:
                    first = m.offer[i]["of"][0]
                    self.mix[s][i] = val(m.offer[i]["attach"], s) * self.mix[s][first]
                    self.mix[s][first] -= self.mix[s][i]
        for p in m.promotions:
            d = m.promotion[p]
            for s in m.segments:
                if d["utility"]:
                    self.feature[p, s] = val(d["utility"], s)
                elif d["multiplier"]:
                    share = 0.0 if m.demand["kind"] == "isoelastic" else sum(self.aware[s] * self.win[s] * self.mix[s][i] for i in d["offers"])
                    by = val(d["multiplier"], s)
                    by = min(by, 0.95 / share) if share > 0 else by
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
        relative = {s: self.relative(s) for s in group}
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
                if r > 0:
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
    def waterfall(self, q, l, negotiated, promotion, cell=None):
        running, scale, invoice, taken = l, None, None, []
        for step in self.m.step_order:
            amount = 0.0
            if step == "invoice":
                invoice = running
            elif step in ("negotiated", "promotion"):
                if scale is None:
                    scale = running / l if l > 0 else 1.0
                amount = scale * (negotiated if step == "negotiated" else promotion)
            elif step == "channel_fee":
                amount = self.fee.get(cell, 0.0) * invoice
            elif step == "serving":
                amount = self.serve.get(cell, 0.0) * q
            else:
                of, rate, fixed, take_up = self.m.steps[step]
                amount = self.value(take_up) * (self.value(rate) * (l if of == "list" else running) if rate else self.value(fixed) * q)
            running -= amount
            taken.append(amount)
        return invoice, running, taken

    def funding(self, x, units, discount):
        """What partners pay for these units and this discount under promotion x."""
        d = self.m.promotion[x]
        return (self.value(d["funding_per_unit"]) * units if d["funding_per_unit"] else 0.0) + \
            (self.value(d["funding_share_of_discount"]) * discount if d["funding_share_of_discount"] else 0.0)

    # ---- before the start
    def openings(self):
        m = self.m
        self.pocket_ratio, self.base = {}, {}
        for i in m.own:
            l = self.list0[i] * self.net
            invoice, pocket, _ = self.waterfall(1.0, l, l * sum(self.granted(d) * w for d, w in self.nodes), 0.0)
            self.pocket_ratio[i] = pocket / l
            for s in m.segments:
                units = self.units_of_order(s, i) if self.basket[s] or self.quantity[s] else self.size[s]
                l = self.dear[s] * self.list0[i] * self.net
                _, l, _, _ = self.wholesale(s, i, (1.0, l, 0.0, 0.0))
                invoice, pocket, _ = self.waterfall(1.0, l, l * self.depth, 0.0, s)
                self.base[s, i] = (units * invoice, units * (pocket - self.cost[i] - self.bad * invoice))
        self.steady_signing = {(s, i): self.rate[s] * self.up[s] * self.aware[s] * self.win[s] * self.mix[s][i] * self.down[s]
                               for s in m.segments for i in m.own}
        self.signing = {line: x if m.opening == "steady" else 0.0 for line, x in self.steady_signing.items()}
        self.start_base()
        self.entry_age = {(g, s): m.days * sum(self.mean[h, s][0] for h in range(g)) for g in m.stage for s in m.segments}

    @staticmethod
    def chances(law):
        """Of an order of n = 1 .. 64 units."""
        up_to = [law.cdf(n + 0.5) for n in range(1, 64)] + [1.0]
        return {n: x - y for n, x, y in zip(range(1, 65), up_to, [0.0] + up_to)}

    def units_of_order(self, s, i):
        if self.quantity[s]:
            return sum(n * x for n, x in self.quantity[s].items())
        return self.basket[s][0] * math.exp(0.5 * self.basket[s][1] ** 2) / (self.dear[s] * self.list0[i])

    def steady(self, g, s, i=None):
        flow = self.rate[s] + self.referred_before.get(s, 0.0)
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
            periods = c * self.mean[g, s][0] + (1 - c) * self.mean[g, s][1]
            for i in m.own if g > m.choice_stage else m.own[:1]:
                total += periods * self.steady(g, s, i)
        return self.value(m.counts[name]) / total if name in m.counts and total > 0 else 0.0
