# SPDX-License-Identifier: GPL-3.0-or-later
"""What may run out: docs/model/limits.md, with expected flows."""
import math

from scenario import NONE


class Limits:
    def start_limits(self):
        m, p = self.m, self.p
        value = lambda x: p.value(x) if x else math.inf  # noqa: E731
        self.left = {i: value(m.offer[i]["stock"]) for i in m.own}
        self.promotion_left = {x: value(m.promotion[x]["stock"]) for x in m.promotions}
        self.budget_left = {x: value(m.promotion[x]["budget"]) for x in m.promotions}
        self.served = {"promotion": dict.fromkeys(m.promotions, 1.0), "offer": dict.fromkeys(m.own, 1.0), "again": dict.fromkeys(m.own, 1.0)}

    def first_choice(self, cells, wins):
        return [{i: n * cell["attract"][i] / cell["sum"] if n else 0.0 for i in self.m.own} for cell, n in zip(cells, wins)]

    @staticmethod
    def without(cells, k, out):
        """The cell of the same node whose class has none of the promotions in `out`."""
        rest = cells[k]["set"] - out
        return next(j for j, c in enumerate(cells) if c["set"] == rest and c["node"] == cells[k]["node"])

    def uses(self, s, cells, k, i, x):
        """What promotion x takes off a sale of the cell; None when it is not used."""
        if x not in cells[k]["set"] or i not in self.m.promotion[x]["offers"]:
            return None
        with_, before = self.sale(s, cells[k], i), self.sale(s, cells[self.without(cells, k, {x})], i)
        return with_[3] - before[3] if with_[3] / with_[0] > before[3] / before[0] * (1 + 1e-12) else None

    def again(self, s, cell, gone):
        """Chances of the own offers that are left for one who chooses once more; of staying inside a nest."""
        m, p = self.m, self.p
        others = self.others(s)
        attract = {i: 0.0 if i in gone else cell["attract"][i] for i in m.own}
        x = sum(attract.values())
        if m.always:
            return {i: a / x if x > 0 else 0.0 for i, a in attract.items()}, 1.0
        c, rest, inside = p.win[s], sum(y for j, y in others.items() if j != NONE or not p.nested), 1.0
        mine = c * x / (c * x + (1 - c) * rest)
        if p.nested:
            rho, out = 1 - 1 / p.nest[s], p.split[s][NONE]
            z = c * x + (1 - c) * rest
            inside = (c + (1 - c) * (1 - out)) ** rho * z ** (1 - rho)
            inside /= inside + (1 - c) * out
            mine = inside * c * x / z
        return {i: mine * a / x if x > 0 else 0.0 for i, a in attract.items()}, inside

    def ration(self, s, cells, wins, until=None):
        """Sales by cell, inside part of those who chose once more, units not served."""
        m = self.m
        sales = self.first_choice(cells, wins)
        moved = [dict.fromkeys(m.own, 0.0) for _ in cells]
        inside_again = unserved = 0.0
        if until == "promotions":
            return sales, None, None
        out = {x for x in m.limited if self.served["promotion"][x] < 1}
        for k in range(len(cells)):
            for i in m.own:
                serve = min([1.0] + [self.served["promotion"][x] for x in out if self.uses(s, cells, k, i, x) is not None])
                n = sales[k][i] * (1 - serve)
                if n > 0:
                    j = self.without(cells, k, out)
                    sales[k][i] -= n
                    chance, inside = self.again(s, cells[j], ())
                    inside_again += n * (inside - sum(chance.values()))
                    for o in m.own:
                        moved[j][o] += n * chance[o]
        for k in range(len(cells)):
            for i in m.own:
                sales[k][i] += moved[k][i]
                moved[k][i] = 0.0
        if until == "offers":
            return sales, None, None
        gone = {i for i in m.own if self.served["offer"][i] < 1}
        for k in range(len(cells)):
            for i in gone:
                n = sales[k][i] * (1 - self.served["offer"][i])
                if n > 0:
                    j = self.without(cells, k, out)
                    sales[k][i] -= n
                    unserved += n * self.sale(s, cells[k], i)[0]
                    chance, inside = self.again(s, cells[j], gone)
                    inside_again += n * (inside - sum(chance.values()))
                    for o in m.own:
                        moved[j][o] += n * chance[o]
        if until == "again":
            return moved, None, None
        for k in range(len(cells)):
            for i in m.own:
                sales[k][i] += moved[k][i] * self.served["again"][i]
                unserved += moved[k][i] * (1 - self.served["again"][i]) * self.sale(s, cells[k], i)[0]
        return sales, inside_again, unserved

    def wanted(self, t, until):
        """All segments' cells and sales up to a round."""
        for s in self.m.segments:
            self.feed(t, s)
            cells, wins, _ = self.choose(t, s, self.deciders(t, s), self.calendar)
            yield s, cells, self.ration(s, cells, wins, until)[0]

    def share_out(self, t):
        m, p = self.m, self.p
        if self.tape is not None and "limits" not in self.live:
            self.served = dict(self.tape[t]["served"], promotion=dict.fromkeys(m.promotions, 1.0))
            return
        part = lambda room, want: 1.0 if want <= room else room / want  # noqa: E731
        self.served = {"promotion": dict.fromkeys(m.promotions, 1.0), "offer": dict.fromkeys(m.own, 1.0), "again": dict.fromkeys(m.own, 1.0)}
        units, money = dict.fromkeys(m.limited, 0.0), dict.fromkeys(m.limited, 0.0)
        for s, cells, sales in self.wanted(t, "promotions"):
            for k, cell in enumerate(cells):
                for i in m.own:
                    for x in m.limited & cell["set"]:
                        takes = self.uses(s, cells, k, i, x)
                        if takes is not None:
                            units[x] += sales[k][i] * self.sale(s, cell, i)[0]
                            money[x] += sales[k][i] * takes
        for x in m.limited:
            self.served["promotion"][x] = min(part(self.promotion_left[x], units[x]), part(self.budget_left[x], money[x]))
        room = {i: min(self.left[i], p.value(m.offer[i]["capacity"]) * m.offer[i]["capacity_per"] if m.offer[i]["capacity"] else math.inf)
                for i in m.own}
        for key, until in (("offer", "offers"), ("again", "again")):
            want = dict.fromkeys(m.own, 0.0)
            for s, cells, sales in self.wanted(t, until):
                for k, cell in enumerate(cells):
                    for i in m.own:
                        want[i] += sales[k][i] * self.sale(s, cell, i)[0]
            for i in m.own:
                self.served[key][i] = part(room[i], want[i])
                room[i] = max(room[i] - want[i], 0.0)
        if self.split is not None:
            self.record_of(t)["served"] = self.served

    def use_stock(self, s, cells, sales):
        for k, cell in enumerate(cells):
            for i in self.m.own:
                n = sales[k][i]
                self.left[i] = max(self.left[i] - n * self.sale(s, cell, i)[0], 0.0)
                for x in self.m.limited & cell["set"]:
                    takes = self.uses(s, cells, k, i, x) if n > 0 else None
                    if takes is not None:
                        self.promotion_left[x] = max(self.promotion_left[x] - n * self.sale(s, cell, i)[0], 0.0)
                        self.budget_left[x] = max(self.budget_left[x] - n * takes, 0.0)

    def stock_left(self, t):
        """Units left at the end of the horizon, and what they cost less their salvage."""
        m, p = self.m, self.p
        unsold = write_off = 0.0
        for i in m.own if t == m.T - 1 else ():
            if m.offer[i]["stock"]:
                unsold += self.left[i]
            if m.offer[i]["salvage"]:
                write_off += self.left[i] * (p.cost[i] - p.value(m.offer[i]["salvage"]))
                self.left[i] = 0.0
        return unsold, write_off
