# SPDX-License-Identifier: GPL-3.0-or-later
"""What the customers of the horizon's leads are worth: docs/model/lifetime.md, "In a run"."""
import math

RATIOS = {"ltv": ("lifetime_value", "valued_customers"), "ltv_cac": ("lifetime_value", "valued_cost"),
          "roi": ("lifetime_net", "valued_cost"), "payback_months": ("repaid_months", "repaid_customers")}
SUMS = ("lifetime_value", "valued_customers", "valued_cost", "lifetime_net", "repaid_customers", "repaid_months", "ltv_beyond")


class Worth:
    """Of a path, a cell and an offer: the payments that count, each worth S_k v^k, and their sum."""

    def __init__(self, path, s, i):
        m = path.m
        self.leaves = lambda k: path.leaves(s, i, k)
        self.years, self.late = m.value_years, m.paid_late
        self.terms, _ = m.term_months(i) / 12, self.leaves(1)
        self.v = (1 + path.value(m.costs["discount_rate_per_year"], None, 0.0)) ** -self.terms
        self.sum = sum(self.payments(10 ** 6)) if self.years else self.endless(m.churn[0], path.churn_of[s])

    def counts(self, k):
        last = self.years / self.terms if self.years else math.inf
        return k >= self.late and (k <= last + 1e-9 if self.late else k < last - 1e-9)

    def payments(self, n, v=None):
        """S_k v^k of k = 0 .. n - 1; 0 of those that do not count."""
        alive = 1.0
        for k in range(n):
            if k > self.late and not self.counts(k):
                return
            alive *= (1 - self.leaves(k)) * (self.v if v is None else v) if k else 1.0
            yield alive if self.counts(k) else 0.0

    def endless(self, kind, churn):
        if kind == "rate":
            x = (1 - self.leaves(1)) * self.v
            return 1 / (1 - x) - self.late if x < 1 else None
        if self.v == 1:
            return (sum(churn) - 1) / (churn[0] - 1) - self.late if churn[0] > 1 else None
        return sum(self.payments(int(math.log(1e-18) / math.log(self.v)) + 2))


class Lifetimes:
    def start_lifetimes(self):
        self.firsts = {line: [] for line in self.lines}
        self.all_signed = {line: [0.0] * 4 for line in self.lines}

    def record_signed(self, t, line, first, every):
        """N, Q, L, NEG, PRO of first signings; Q, L, NEG, PRO of these and further ones."""
        if self.m.churn and t < self.m.T:
            self.firsts[line].append(first)
            self.all_signed[line] = [a + b for a, b in zip(self.all_signed[line], every)]

    def margin_of(self, line, q, l, negotiated, promotion):
        invoice, pocket, _ = self.p.waterfall(q, l, negotiated, promotion, line[0])
        return pocket - q * self.p.cost[line[1]] - self.p.bad * invoice

    def margins(self, line):
        m, p = self.m, self.p
        if m.stated_margin:
            return [p.value(m.stated_margin, line[0])] * 2
        n = sum(x[0] for x in self.firsts[line])
        if n <= 0:
            return [p.base[line][1]] * 2
        first = sum(self.margin_of(line, *x[1:]) for x in self.firsts[line]) / n
        contract, (q, l, negotiated, promotion) = m.offer[line[1]]["contract"], self.all_signed[line]
        if contract and contract.get("discount_persists"):
            return [first] * 2
        return [first, first + (self.margin_of(line, q, l, negotiated, 0.0) - self.margin_of(line, q, l, negotiated, promotion)) / n]

    def payback(self, worth, margins, cost):
        """Payments until they cover the cost; None: not within a hundred years."""
        total, alive = 0.0, 1.0
        for k in range(int(100 / worth.terms + 1e-9)):
            alive *= 1 - worth.leaves(k) if k else 1.0
            total += alive * margins[k > worth.late] if k >= worth.late else 0.0
            if k >= worth.late and total >= cost * (1 - 1e-12):
                return k + 1 - worth.late
        return None

    def end_lifetimes(self):
        m, p = self.m, self.p
        for s in m.segments if m.churn else []:
            x = self.segment_total[s]
            x.update(dict.fromkeys(SUMS, 0.0))
            customers, spent = x["eventual_wins"] * p.down[s], x.get("acquisition_cost", 0.0)
            won = {i: self.line_total[s, i].get("won", 0.0) for i in m.own}
            for i in m.own:
                n = customers * (won[i] / sum(won.values()) if sum(won.values()) > 0 else p.mix[s][i])
                cost = spent / customers if customers > 0 else 0.0
                worth, (first, later) = Worth(p, s, i), self.margins((s, i))
                start = next((y for k, y in enumerate(worth.payments(2)) if k == worth.late), 0.0)
                back = self.payback(worth, (first, later), cost)
                if worth.sum is not None:
                    x["valued_customers"] += n
                    x["valued_cost"] += n * cost
                    x["lifetime_value"] += n * (first * start + later * (worth.sum - start))
                    for t, signed in enumerate(self.firsts[s, i]):
                        inside = list(worth.payments((m.T - 1 - t) // m.term(i) + 1))  # k tau_p < T - t
                        met = start if len(inside) > worth.late else 0.0
                        x["ltv_beyond"] += signed[0] * (first * (start - met) + later * (worth.sum - sum(inside) - (start - met)))
                if back is not None:
                    x["repaid_customers"] += n
                    x["repaid_months"] += n * back * m.term_months(i)
            x["valued_cost"] += spent if customers <= 0 else 0.0
            x["lifetime_net"] = x["lifetime_value"] - x["valued_cost"]
