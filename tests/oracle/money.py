# SPDX-License-Identifier: GPL-3.0-or-later
"""Waterfall, recognition, cash, commission, ledger: docs/model/money.md."""
import datetime
import math

from scenario import MONTH


class Money:
    # ---- money.md
    def line_add(self, line, t, **values):
        if t < self.m.T:
            for to in (self.line_total[line], self.now_of[line]):
                for k, x in values.items():
                    to[k] = to.get(k, 0.0) + x

    def commission_of(self, sales):
        low = total = 0.0
        tiers = self.m.commission["tiers"]
        for k, tier in enumerate(tiers):
            high = tier.get("up_to", math.inf)
            rate = tier["rate"] if not isinstance(tier["rate"], str) else float(tier["rate"][:-1]) / 100
            if self.m.commission.get("tiers_apply", "slice") == "whole":
                if sales <= high or k + 1 == len(tiers):
                    return rate * sales
            elif sales > low:
                total += rate * (min(sales, high) - low)
            low = high
        return total

    def pay_commission(self, t, amount, restart=True):
        n = self.m.representatives
        if self.m.commission.get("tiers_in") == "quota":
            n *= self.m.quota["amount"]
        if restart and (t == 0 or self.fiscal(t) != self.fiscal(t - 1)):
            self.base = 0.0
        due = n * (self.commission_of((self.base + amount) / n) - self.commission_of(self.base / n))
        self.base += amount
        self.paid_so_far = self.paid_so_far + due
        self.base_so_far = self.base_so_far + amount
        return due

    def fiscal(self, t, per=None):
        return self.fiscal_span(t, per)[0]

    def fiscal_span(self, t, per=None):
        """Number of the fiscal span with the period's first day, and its days."""
        day = datetime.date.fromordinal(self.m.sc.start(t))
        months = day.year * 12 + day.month - self.m.sc.first_month
        length = {"year": 12, "quarter": 3, "month": 1}[per or self.m.commission.get("per", "year")]
        span = months // length
        first = span * length + self.m.sc.first_month - 1
        edge = [datetime.date(x // 12, x % 12 + 1, 1).toordinal() for x in (first, first + length)]
        return span, edge[1] - edge[0]

    def take_back(self, paid):
        """Commission on value that should have come with the `paid` and never will."""
        if not self.m.clawback or self.base_so_far <= 0 or paid <= 0:
            return 0.0
        return self.m.clawback["bad_debt"] * self.paid_so_far / self.base_so_far * paid * self.p.bad / (1 - self.p.bad)

    def attain(self, t, now):
        """Quota, what counts towards it, bonus in the last period of its span."""
        quota, n, sc = self.m.quota, self.m.representatives, self.m.sc
        span, days = self.fiscal_span(t, quota["per"])
        if t == 0 or span != self.fiscal(t - 1, quota["per"]):
            self.quota = self.quota_sales = 0.0
        part = n * quota["amount"] * (sc.start(t + 1) - sc.start(t)) / days
        self.quota += part
        self.quota_sales += now[quota["on"]]
        now.update(quota=part, quota_sales=now[quota["on"]])
        if self.m.bonus and (t + 1 == self.end or self.fiscal(t + 1, quota["per"]) != span):
            reached = self.quota_sales / self.quota
            if reached >= self.m.bonus["threshold"]:
                now["bonus"] = self.m.bonus["rate"] * self.quota * min(reached, self.m.bonus["cap"])

    def money(self, t, signed):
        m, p = self.m, self.p
        now = {k: 0.0 for k in ("revenue", "invoiced", "collected", "booked", "units", "commission", "bonus", "clawback")}
        sold = {}
        for line in self.lines:
            s, i = line
            n, q, l, negotiated, promotion, days = signed[line]
            first = [n] + [x * p.size[s] for x in (q, l, negotiated, promotion)]
            _, q, l, negotiated, promotion = self.customers(t, line, first)
            self.record_signed(t, line, first, (q, l, negotiated, promotion))
            invoice, pocket, taken = p.waterfall(q, l, negotiated, promotion, s)
            sold[line] = (q, invoice, pocket)
            now["booked"] += invoice
            self.line_add(line, t, booked=invoice, units=q, orders=n, customers_signed=n, list_value=l, pocket_value=pocket,
                          pocket_margin=pocket - q * p.cost[i], cycle_sum=days)
            now["units"] += q
            if t < m.T:
                self.step_total = [a + b for a, b in zip(self.step_total, taken)]
            contract = m.offer[i]["contract"]
            if contract and t < m.T:
                value = invoice if contract.get("discount_persists") else p.waterfall(q, l, negotiated, 0.0, s)[0]
                x = value * 12 / contract["months"]
                self.recurring += x
                if t + self.term(contract) < len(self.ends):
                    self.ends[t + self.term(contract)] += x
        self.recurring -= self.ends[t]
        on = m.commission.get("on", "booked") if m.commission else None
        rate = 0.0
        if on == "booked":
            now["commission"] = self.pay_commission(t, now["booked"])
            rate = now["commission"] / now["booked"] if now["booked"] > 0 else 0.0
        margin_now = deducted = 0.0
        for line in self.lines:
            i, (q, invoice, pocket) = line[1], sold[line]
            margin = pocket - q * p.cost[i] - (p.bad + rate) * invoice
            deducted += invoice - pocket + q * p.cost[i]
            self.signed_value += invoice
            self.signed_margin += margin
            f = self.future[line]
            for n in range(self.end - t):
                f["revenue"][t + n] += p.recognise[i][n] * invoice
                f["margin"][t + n] += p.recognise[i][n] * margin
                f["invoice"][t + n] += p.bill[i][n] * invoice
                f["cash"][t + n] += p.collect[i][n] * invoice
            now["revenue"] += f["revenue"][t]
            now["invoiced"] += f["invoice"][t]
            now["collected"] += f["cash"][t]
            margin_now += f["margin"][t]
            self.line_add(line, t, revenue=f["revenue"][t], collected=f["cash"][t])
        late = 0.0
        if on in ("invoiced", "collected"):
            late = now["commission"] = self.pay_commission(t, now[on])
        if m.quota:
            self.attain(t, now)
        now["clawback"] = self.take_back(now["collected"])
        team = now["bonus"] - now["clawback"]
        late += team
        fixed, lump, on_sales = self.promotion_money(t)
        funding = lump + on_sales
        self.pm += on_sales
        acquisition = sum(self.acquisition(t, s) for s in m.segments)
        fees = sum(p.fees(x, t) * self.part_active(x, t) for x in self.calendar if m.promotion[x]["fee"])
        other = acquisition + fixed - funding - fees
        if m.costs["fixed_per_month"]:
            other += p.value(m.costs["fixed_per_month"]) * m.days / MONTH
        if m.costs["once"] and t == 0:
            other += p.value(m.costs["once"])
        unsold, write_off = self.stock_left(t)
        other += write_off
        contribution = margin_now - late - other
        self.recognised_margin += margin_now
        now.update(lost_sales=self.unserved, unsold=unsold, write_off=write_off)
        now.update(contribution=contribution, acquisition_cost=acquisition, promotion_cost=self.tally["discount"] + fixed - funding - fees)
        if m.costs["discount_rate_per_year"]:
            factor = (1 + p.value(m.costs["discount_rate_per_year"])) ** (-(t + 1) * m.days / 365.25)
            now["npv"] = factor * (now["collected"] - deducted - now["commission"] - team - other)
        for k, x in (("commission", now["commission"] + team), ("fixed", fixed), ("funding", lump), ("fees", fees), ("acquisition", acquisition),
                     ("write_off", write_off), ("booked", now["booked"]), ("collected", now["collected"]),
                     ("inside", contribution if t < m.T else 0.0)):
            self.sum[k] += x
        if t < m.T:
            self.report(t, now)

    def acquisition(self, t, s):
        """What the cell's leads cost: channels.md."""
        m, p = self.m, self.p
        each, spend = p.value(m.costs["per_lead"], s, 0.0), 0.0
        if m.channel:
            c = m.channel[s.channel]
            each += p.value(c["per_lead"], s, 0.0)
            if c["spend"]:
                users = sum(m.w[r] for r in m.segments if r.channel == s.channel)
                spend = p.value(c["spend"]) * c["spend_per"] * m.w[s] / users
        z = m.sold_by(s)
        cost = each * (self.leads[s] - self.brought[s]) + spend + (p.pay_part[s] * self.team_pay(z, t) if z in m.teams else 0.0)
        if t < m.T:
            self.now_of[s]["acquisition_cost"] = cost
            self.segment_total[s]["acquisition_cost"] = self.segment_total[s].get("acquisition_cost", 0.0) + cost
        return cost

    def promotion_money(self, t):
        """Fixed cost, lump sums of partners, what they pay per unit or per discount."""
        m, p, fixed, lump, on_sales = self.m, self.p, 0.0, 0.0, 0.0
        for x in m.promotions:
            d = m.promotion[x]
            if x not in self.calendar:
                continue
            first = m.sc.start(t) <= d["from"] < m.sc.start(t + 1)
            weeks = m.active_days(x, m.sc.start(t), m.sc.start(t + 1)) / 7
            fixed += (p.value(d["once"]) if d["once"] and first else 0.0) + (p.value(d["weekly"]) * weeks if d["weekly"] else 0.0)
            lump += p.value(d["funding_once"]) if d["funding_once"] and first else 0.0
            on_sales += p.funding(x, *self.promoted[x])
        return fixed, lump, on_sales
