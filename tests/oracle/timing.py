# SPDX-License-Identifier: GPL-3.0-or-later
"""Purchases that move in time: docs/model/timing.md, with expected flows."""
import datetime
import math

from scenario import NONE


class Timing:
    def start_timing(self):
        m = self.m
        self.pool = {(x, s): 0.0 for x in m.promotions for s in m.segments}
        self.debt, self.due = {}, {}  # by segment and offer, (s, None): all offers together
        self.open = {s: {} for s in m.segments}  # period of entry: deals that are still undecided
        self.timing_live = self.tape is None or "timing" in self.live

    def runs(self, x, day):
        return self.m.active_days(x, day, day + 1) > 0

    def wait(self, t, s, n):
        m, p, sc = self.m, self.p, self.m.sc
        for x in m.promotions:
            d = m.promotion[x]
            if not d["waiting"] or x not in self.calendar or s not in d["segments"] or not self.timing_live:
                continue
            share, days = d["waiting"]
            start, end, last = sc.start(t), sc.start(t + 1), sc.start(m.T_end)
            if any(self.runs(x, day) and not self.runs(x, day - 1) for day in range(start, end)):
                n += self.pool[x, s]
                self.pool[x, s] = 0.0
            announced = 0
            for day in range(start, end):
                soon = [y for y in range(day, min(day + days + 1, last)) if self.runs(x, y)]
                announced += bool(soon) and soon[0] >= end
            away = n * p.value(share, s) * announced / (end - start)
            n -= away
            self.pool[x, s] += away
        return n

    # ---- deals that decide sooner
    def hazard(self, s, a):
        p = self.p
        if p.choice_hazard is not None:
            return p.choice_hazard
        return p.k[s][a] / p.later[s][a] if p.later[s][a] > 0 else 1.0

    def undecided(self, t, s, a):
        """Open deals of age a before this period's decisions."""
        stays = self.open[s]
        if t - a not in stays:
            stays[t - a] = self.inflow[s].get(t - a, (0.0,))[0] * self.p.later[s][a]
        return stays[t - a]

    def quarter_times(self, t):
        """1, or how many times as likely open deals are to be decided for the part of the period in the last days of a fiscal quarter."""
        m, sc = self.m, self.m.sc
        if not m.quarter_end:
            return 1.0
        days, number = m.quarter_end
        quarter = lambda day: (lambda d: (d.year * 12 + d.month - sc.first_month) // 3)(datetime.date.fromordinal(day))  # noqa: E731
        last = sum(quarter(day) != quarter(day + days) for day in range(sc.start(t), sc.start(t + 1)))
        return 1 + last / (sc.start(t + 1) - sc.start(t)) * (self.p.value(number) - 1)

    def hurry(self, s, cells, decide):
        """Deciders of each cell, as if all buyers were in its class."""
        m, p = self.m, self.p
        for cell in cells:
            cell["decide"] = list(decide)
            x = max([p.value(m.promotion[y]["acceleration"], s) for y in cell["set"] if m.promotion[y]["acceleration"]], default=0.0)
            if not self.calendar or not self.timing_live:
                x = 0.0
            times = self.quarter_times(self.t)
            if not x and times == 1:
                continue
            depth = sum(p.mix[s][i] * (1 - cell["offers"][i][0] / self.list_price(s, i)) for i in m.own)
            for a, n in enumerate(decide):
                h = self.hazard(s, a)
                cell["decide"][a] = n * (1 - (1 - h) ** (math.exp(x * depth) * times)) / h if n > 0 else 0.0

    def all_deciders(self, cells):
        return [sum(cell["weight"] * cell["decide"][a] for cell in cells) for a in range(len(cells[0]["decide"]))]

    def chance(self, s, cell):
        """To buy from us at the odds of the base row."""
        m, p = self.m, self.p
        if s in p.general or m.own_kind:
            return sum(cell["shares"][i] for i in m.own)
        if m.always:
            return 1.0
        others = self.others(s)
        x, c, out = sum(cell["attract"].values()), p.win[s], p.split[s][NONE]
        rest = sum(y for j, y in others.items() if j != NONE or not p.nested)
        z = c * x + (1 - c) * rest
        if not p.nested:
            return c * x / z
        rho = 1 - 1 / p.nest[s]
        inside = (c + (1 - c) * (1 - out)) ** rho * z ** (1 - rho)
        return inside / (inside + (1 - c) * out) * c * x / z

    def chance_of(self, s, cell, i):
        if i is None:
            return self.chance(s, cell)
        if s in self.p.general or self.m.own_kind:
            return cell["shares"][i]
        return self.chance(s, cell) * cell["attract"][i] / sum(cell["attract"].values())

    def still_promoted(self, t, s, i):
        m = self.m
        return any(s in m.promotion[x]["segments"] and (i is None or i in m.promotion[x]["offers"])
                   and m.active_days(x, m.sc.start(t), m.sc.start(t + 1)) > 0 for x in self.calendar)

    def borrow(self, t, s, cells, first, sales):
        """Orders paid back now; the sales shrink by them."""
        d = self.m.segment[s]["borrow"]
        if not d or not self.calendar or not self.timing_live:
            return 0.0
        return sum(self.borrow_line(t, s, i, cells, first, sales) for i in (self.m.own if d["of"] == "each" else [None]))

    def borrow_line(self, t, s, i, cells, first, sales):
        d, p = self.m.segment[s]["borrow"], self.p
        offers = self.m.own if i is None else [i]
        sold = sum(x[j] for x in sales for j in offers)
        usual = sold
        if any(c["set"] for c in cells):
            without = next(c for c in cells if not c["set"])
            usual = first * self.chance_of(s, without, i) / sum(c["weight"] * self.chance(s, c) for c in cells)
        waits = d["paid_back"] == "after_promotion" and self.still_promoted(t, s, i)
        keep, debt, due = 1.0 if waits else p.keep(d, s), self.debt.get((s, i), 0.0), self.due.get((s, i), 0.0)
        due += (1 - keep) * debt
        paid = 0.0 if waits else min(due, sold)
        for x in sales:
            for j in offers:
                x[j] *= 1 - paid / sold if sold > 0 else 1.0
        self.due[s, i] = due - paid
        self.debt[s, i] = keep * debt + p.value(d["share"], s) * max(0.0, sold - usual)
        return paid
