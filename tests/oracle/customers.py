# SPDX-License-Identifier: GPL-3.0-or-later
"""Customers who stay and sign again: docs/model/customers.md."""
import math

from scenario import MONTH


class Customers:
    def start_customers(self):
        m = self.m
        self.cohorts, self.active = {}, {}
        self.sums = {line: dict.fromkeys(("terms_ended", "churned", "renewals", "renewal_booked", "margin_again"), 0.0) for line in self.lines}
        for line in self.lines if m.renewal else []:
            s, i = line
            term, terms = m.term(i), m.history(i)
            alive, first = 1.0, self.p.first_signings[line]
            for a in range(1, term * terms + 1):
                if a > 1 and (a - 1) % term == 0:
                    alive *= 1 - self.p.leaves(s, i, (a - 1) // term)
                n = first * alive
                _, q, l, negotiated, _, _ = self.base_sale(s, i, n, 0.0)
                self.cohorts[line, -a] = [n] + [x * self.p.size[s] for x in (q, l, negotiated)] + [0.0]
            self.active[line] = sum(self.cohorts[line, -a][0] for a in range(1, term * terms + 1))

    def referred(self, t, s):
        """Leads that the customers of the cell bring now."""
        if not self.m.referral:
            return 0.0
        if self.tape is not None and "customers" not in self.live:
            return self.tape[t]["referred"][s]
        n = self.p.refers(s) * sum(self.active[s, i] for i in self.m.own)
        if self.split is not None:
            self.record_of(t).setdefault("referred", {})[s] = n
        return n

    def dearer(self, t, line, row):
        """Q, L, NEG, PRO at which the cohort may sign again."""
        m, p, (s, i) = self.m, self.p, line
        _, q, l, negotiated, promotion = row
        contract = m.offer[i]["contract"]
        value = q * self.list_price(s, i) * p.net
        if contract and m.renewal["price"] == "kept":
            f = 0
            while m.renewal["from"] is not None and m.sc.start(f) < m.renewal["from"]:
                f += 1
            increase = p.value(m.renewal["increase"], s) if f <= t < f + m.term(i) else 0.0
            value = l * (1 + p.value(m.renewal["increase_per_year"], s)) ** (contract["months"] / 12) * (1 + increase)
        by = value / l if l > 0 else 0.0
        return [q, value, negotiated * by, promotion * by if contract and contract.get("discount_persists") else 0.0]

    def sign_again(self, t, line):
        """Sums of what the cohorts of the line sign again in t."""
        m, p, (s, i) = self.m, self.p, line
        if self.tape is not None and "customers" not in self.live:
            return self.tape[t]["again"][line]
        again, k = [0.0] * 5, 1
        elasticity = p.value(m.renewal["churn_elasticity"], s)
        while (line, t - k * m.term(i)) in self.cohorts:
            row = self.cohorts[line, t - k * m.term(i)]
            offered = self.dearer(t, line, row)
            q = p.leaves(s, i, k)
            old, new = row[2] - row[3] - row[4], offered[1] - offered[2] - offered[3]
            odds = (new / old) ** elasticity if old > 0 and new > 0 else 1.0
            q = q * odds / (1 - q + q * odds)
            self.ended["terms_ended"] += row[0]
            self.ended["churned"] += row[0] * q
            self.cohorts[line, t - k * m.term(i)] = row = [row[0] * (1 - q)] + [x * (1 - q) for x in offered]
            again = [a + b for a, b in zip(again, row)]
            k += 1
        if self.split is not None:
            self.record_of(t).setdefault("again", {})[line] = again
        return again

    def customers(self, t, line, signed):
        """`signed`: N, Q, L, NEG, PRO of first signings; what is booked of the line, first and again."""
        m, p, (s, i) = self.m, self.p, line
        if not m.renewal:
            return signed
        self.ended = {"terms_ended": 0.0, "churned": 0.0}
        again = self.sign_again(t, line)
        self.cohorts[line, t] = list(signed)
        invoice, pocket, _ = p.waterfall(*again[1:], s)
        margin = pocket - again[1] * p.cost[i]
        self.pm += margin - p.bad * invoice
        self.invoice_decided += invoice
        self.active[line] += signed[0] - self.ended["churned"]
        self.line_add(line, t, renewals=again[0], renewal_booked=invoice, again_margin=margin, orders=again[0], **self.ended)
        if t < m.T:
            self.now_of[line]["active_customers"] = self.active[line]
        return [signed[0]] + [a + b for a, b in zip(signed[1:], again[1:])]

    def end_customers(self, total):
        if self.m.renewal:
            for line in self.lines:
                held = sum(row[0] for (at, _), row in self.cohorts.items() if at == line)
                assert math.isclose(held, self.active[line], rel_tol=1e-9, abs_tol=1e-12), "customers are lost"
                self.line_total[line]["active_customers"] = self.active[line]
            total["active_customers"] = sum(self.active.values())


class Base:
    """Of a path: who leaves, and who was there at the start."""

    def leaves(self, s, i, k):
        kind, x = self.m.churn
        if s not in self.churn_of:
            self.churn_of[s] = x if kind == "fit" else self.value(x[0], s) if kind == "rate" else [self.value(y, s) for y in x]
        if kind == "rate":
            return 1 - (1 - self.churn_of[s]) ** (self.m.term_months(i) * MONTH / x[1])
        alpha, beta = self.churn_of[s]
        return alpha / (alpha + beta + k - 1)

    def refers(self, s):
        return self.value(self.m.referral[0], s) * self.m.referral[1]

    def start_base(self):
        m, self.churn_of, self.referred_before = self.m, {}, {}
        if not m.renewal:
            return
        kept = {}
        for s, i in self.signing:
            alive, kept[s, i] = 1.0, 0.0
            for k in range(1, m.history(i) + 1):
                kept[s, i] += alive
                alive *= 1 - self.leaves(s, i, k)
        self.first_signings = dict(self.signing)
        for s, n in m.customers.items():
            lines = [(r, i) for r in m.segments if getattr(r, "origin", r) == s for i in m.own]
            held = sum(self.steady_signing[line] * kept[line] * m.term(line[1]) for line in lines)
            for line in lines:
                self.first_signings[line] = self.value(n) * self.steady_signing[line] / held if held > 0 else 0.0
        if m.referral:
            self.referred_before = {s: self.refers(s) * sum(self.first_signings[s, i] * kept[s, i] * m.term(i) for i in m.own) for s in m.segments}
        self.signing = {line: x * kept[line] for line, x in self.first_signings.items()}
