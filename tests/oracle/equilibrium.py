# SPDX-License-Identifier: GPL-3.0-or-later
"""Best responses and equilibria: docs/model/equilibrium.md, by another method: damped Newton with a numerical Jacobian on the
first-order conditions per unit of revenue, from several starts that must agree, bounds by an active set."""
import math

from scenario import NONE

US = "our own"
STARTS = (1.0, 1.15, 0.93)


def linear(a, b):
    """Solves a x = b, lists of rows."""
    n = len(b)
    a = [row[:] + [y] for row, y in zip(a, b)]
    for k in range(n):
        top = max(range(k, n), key=lambda i: abs(a[i][k]))
        a[k], a[top] = a[top], a[k]
        for i in range(n):
            if i != k:
                f = a[i][k] / a[k][k]
                a[i] = [x - f * y for x, y in zip(a[i], a[k])]
    return [a[k][n] / a[k][k] for k in range(n)]


def newton(f, x):
    """A root of f in positive prices, from x."""
    y = f(x)
    for _ in range(200):
        size = max(map(abs, y))
        if size < 1e-13:
            break
        columns = []
        for k, v in enumerate(x):
            h = 1e-6 * v
            up, down = ([w + s * h if i == k else w for i, w in enumerate(x)] for s in (1, -1))
            columns.append([(a - b) / (2 * h) for a, b in zip(f(up), f(down))])
        try:
            step = linear([[columns[k][j] for k in range(len(x))] for j in range(len(x))], [-v for v in y])
        except ZeroDivisionError:
            return None
        part = 1.0
        while part > 1e-6:
            to = [v + part * s for v, s in zip(x, step)]
            if min(to) > 0:
                z = f(to)
                if max(map(abs, z)) < size:
                    break
            part /= 2
        else:
            break  # as near as rounding lets it
        x, y = to, z
    return x if max(map(abs, y)) < 1e-9 else None


class Equilibrium:
    # ---- demand at a price of everything
    def demand(self, price, there=None):
        m, p = self.m, self.p
        items = m.own + m.rivals
        share, slope = {j: 0.0 for j in items}, {(j, k): 0.0 for j in items for k in items}
        for s in m.segments:
            omega = m.w[s] * p.up[s] * p.down[s] * p.size[s]
            if s in p.general:
                self.general_demand(s, omega, price, there, share, slope)
                continue
            own = {i: p.mix[s][i] * math.exp(p.alpha[s] * (price[i] - p.p0[s, i])) for i in m.own}
            rest = {c: (1.0 if there is None else there[c]) * p.split[s][c] * math.exp(p.alpha[s] * (price[c] - p.c0[s, c])) for c in m.rivals}
            rows = [(p.aware[s] * k, odds) for k, odds in zip(p.k[s], p.odds[s])] if p.choice_hazard is None else \
                [(p.aware[s], p.win[s] / (1 - p.win[s]))]
            if p.aware[s] < 1:
                rows.append((1 - p.aware[s], 0.0))
            for part, odds in rows:
                total = odds * sum(own.values()) + sum(rest.values()) + p.split[s][NONE]
                q = {j: (odds * own[j] if j in own else rest[j]) / total for j in items}
                for j in items:
                    share[j] += omega * part * q[j]
                    for k in items:
                        slope[j, k] += omega * part * p.alpha[s] * q[j] * ((j == k) - q[k])
        return share, slope

    def general_demand(self, s, omega, price, there, share, slope):
        """Nests and tastes: slopes by differences of the shares, so that no formula of a derivative is used."""
        p = self.p
        g = p.general[s]

        def shares(at):
            out = dict.fromkeys(at, 0.0)
            for (weight, ratio, _), row in zip(g.nodes, g.rows):
                q = g.shares(row, {j: ratio * p.alpha[s] * (at[j] - g.price(j)) for j in at}, there)
                for j in at:
                    out[j] += weight * q[j]
            return out
        for j, x in shares(price).items():
            share[j] += omega * x
        for k, x in price.items():
            h = 1e-3 * x
            far = {n: shares(dict(price, **{k: x + n * h})) for n in (-2, -1, 1, 2)}
            for j in price:
                slope[j, k] += omega * (8 * (far[1][j] - far[-1][j]) - (far[2][j] - far[-2][j])) / (12 * h)

    def price_money(self):
        """What is kept of a unit: rate x price - cost, of own and rival offers."""
        m, p = self.m, self.p
        self.rate, self.price_cost = {}, {}
        for i in m.own:
            kept = []
            for k in (1, 2):
                invoice, pocket, _ = p.waterfall(*p.wholesale(None, i, (1.0, k * p.list0[i] * p.net, 0.0, 0.0)))
                kept.append(pocket - p.bad * invoice)
            self.rate[i] = (kept[1] - kept[0]) / p.list0[i]
            self.price_cost[i] = p.cost[i] - (2 * kept[0] - kept[1])
        today = dict(p.list0, **p.r0)
        for owner in {m.rival[c]["owner"] for c in m.rivals}:
            offers = [c for c in m.rivals if m.rival[c]["owner"] == owner]
            for c in offers:
                self.rate[c] = p.net
            if all(m.rival[c]["cost"] for c in offers):
                self.price_cost.update({c: p.value(m.rival[c]["cost"]) for c in offers})
            else:
                share, slope = self.demand(today)
                offers = [c for c in offers if share[c] > 0]
                margin = linear([[slope[k, j] for k in offers] for j in offers], [-self.rate[j] * share[j] for j in offers])
                self.price_cost.update({c: self.rate[c] * p.r0[c] - x for c, x in zip(offers, margin)})

    # ---- who owns what
    def firm_of(self, j, t):
        m = self.m
        if j in m.own:
            return US
        owner = m.rival[j]["owner"]
        while owner in m.joins and m.joins[owner][1] <= m.sc.start(t):
            owner = m.joins[owner][0]
        return owner

    # ---- the search
    def first_order(self, price, moving, firm, cost):
        share, slope = self.demand(price, self.there)
        mine = lambda j: [k for k in price if firm[k] == firm[j]]  # noqa: E731
        return [1 + sum((self.rate[k] * price[k] - cost[k]) * slope[k, j] for k in mine(j)) / (self.rate[j] * share[j]) for j in moving]

    def search(self, price, moving, bounds, firm, cost):
        share, _ = self.demand(price, self.there)
        moving, price = [j for j in moving if share[j] > 0], dict(price)
        fixed = {}
        while True:
            free = [j for j in moving if j not in fixed]
            price.update(fixed)
            f = lambda x: self.first_order(dict(price, **dict(zip(free, x))), free, firm, cost)  # noqa: E731
            if free:
                found = [x for x in (newton(f, [price[j] * start for j in free]) for start in STARTS) if x]
                assert found and all(abs(a - b) < 1e-7 * a for x in found for a, b in zip(found[0], x)), "no one equilibrium"
                price.update(zip(free, found[0]))
            over = {j: min(max(price[j], bounds[j][0]), bounds[j][1]) for j in free}
            over = {j: x for j, x in over.items() if x != price[j]}
            if not over:
                return price
            fixed.update(over)

    def lead(self, price, leaders, followers, bounds, firm, cost):
        """Our prices when the followers answer: the total derivative of our profit is 0."""
        def answered(x):
            y = dict(price, **dict(zip(leaders, x)))
            return self.search(y, followers, bounds, firm, cost) if followers else y

        def profit(x):
            y = answered(x)
            share, _ = self.demand(y, self.there)
            return sum((self.rate[k] * y[k] - cost[k]) * share[k] for k in self.m.own)

        def f(x):
            y = answered(x)
            share, _ = self.demand(y, self.there)
            out = []
            for i, leader in enumerate(leaders):
                value = lambda by, i=i: profit([v * (1 + by * (k == i)) for k, v in enumerate(x)])  # noqa: E731
                h = 2e-3
                d = (8 * (value(h) - value(-h)) - (value(2 * h) - value(-2 * h))) / (12 * h) / x[i]
                out.append(d / (self.rate[leader] * share[leader]))
            return out
        x = [price[j] for j in leaders]
        for _ in range(60):  # secants of each price by itself, one after the other
            before = list(x)
            for i in range(len(x)):
                a, b = x[i], x[i] * 1.01
                fa, fb = (f([v if k == i else w for k, w in enumerate(x)])[i] for v in (a, b))
                for _ in range(40):
                    if abs(b - a) < 1e-12 * b or fa == fb:
                        break
                    a, fa, b = b, fb, b - fb * (b - a) / (fb - fa)
                    fb = f([b if k == i else w for k, w in enumerate(x)])[i]
                x[i] = min(max(b, bounds[leaders[i]][0]), bounds[leaders[i]][1])
            if max(abs(a - b) / b for a, b in zip(x, before)) < 1e-11:
                break
        return answered(x)

    # ---- one period
    def aim(self, t, j):
        """objective, acts, nash, lag, leads, adjusts, (lo, hi); None for rules."""
        m, p, sc = self.m, self.p, self.m.sc
        own = j in m.own
        d = m.offer[j] if own else m.rival[j]
        x, kind = (d["pricing"] if own else d["reaction"]), d["kind"]
        if kind not in ("optimal", "best_response", "nash"):
            return None
        every = sc.lag(x["every_days"]) if "every_days" in x else 1
        lo = p.value(d["floor"], default=0.0) or 1e-6 * self.target[j]
        hi = p.value(d["ceiling"], default=1e12) if own else 1e12
        if own:
            lo = max(lo, p.cost[j] / (1 - p.value(d["min_margin"], default=0.0)) / (p.pocket_ratio[j] * p.net))
        return {"objective": x.get("objective", "margin"), "acts": t % every == 0, "nash": kind == "nash", "lag": sc.lag(x.get("lag_days", 7)),
                "leads": own and x.get("rivals_answer", False), "adjusts": p.value(d["adjusts"], default=1.0), "bounds": (lo, max(lo, hi))}

    def equilibrium(self, t):
        m = self.m
        items = m.own + m.rivals
        if not any(d["kind"] in ("optimal", "best_response", "nash") for d in list(m.offer.values()) + list(m.rival.values())):
            return
        if t == 0:
            self.target = dict(self.p.list0, **self.p.r0)
            self.price_money()
        aims = {j: a for j in items for a in [self.aim(t, j)] if a}
        firm = {j: self.firm_of(j, t) for j in items}
        self.there = {c: self.presence(t, c) for c in m.rivals}
        cost = {j: 0.0 if j in aims and aims[j]["objective"] == "revenue" else self.price_cost[j] for j in items}
        bounds = {j: a["bounds"] for j, a in aims.items()}
        seen = lambda lag: dict(self.past(self.hist_public, t - lag), **self.past(self.hist_rival, t - lag))  # noqa: E731
        now = {i: sum(m.w[s] * self.price_now[s, i] for s in m.segments) for i in m.own}

        def answer(who, lag, leads=False):
            price = seen(lag)
            if any(j in m.own for j in who):
                price.update(now)
            price.update({j: self.target[j] for j in who})
            moving = []
            for j in who:
                if aims[j]["objective"] == "share":
                    price[j] = bounds[j][0]
                elif aims[j]["objective"] == "unit_margin":
                    price[j] = bounds[j][1]
                else:
                    moving.append(j)
            if leads:
                followers = [c for c in m.rivals if c in aims]
                price.update({c: self.target[c] for c in followers})
                result = self.lead(price, moving, followers, bounds, firm, cost)
            else:
                result = self.search(price, moving, bounds, firm, cost)
            self.target.update({j: result[j] for j in who})

        ours = [i for i in m.own if i in aims and aims[i]["acts"]]
        leading = [i for i in ours if aims[i]["leads"]]
        nash = [c for c in m.rivals if c in aims and aims[c]["acts"] and aims[c]["nash"]]
        together = [i for i in ours if i not in leading] if nash else []
        if nash:
            answer(together + nash, 1)
        if not together and ours:
            answer(ours, aims[ours[0]]["lag"], bool(leading))
        for owner in sorted(set(firm.values()) - {US}):
            who = [c for c in m.rivals if firm[c] == owner and c in aims and aims[c]["acts"] and not aims[c]["nash"]]
            if who:
                answer(who, aims[who[0]]["lag"])
        for j, a in aims.items():
            if a["acts"] and j in m.own:
                for s in m.segments:
                    self.price_now[s, j] += a["adjusts"] * (self.target[j] - self.price_now[s, j])
            elif a["acts"]:
                self.regular[j] += a["adjusts"] * (self.target[j] - self.regular[j])
