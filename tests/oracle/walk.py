# SPDX-License-Identifier: GPL-3.0-or-later
"""One walk through the periods with expected flows: docs/model/period.md, opening.md, funnel.md, metrics.md."""
from choice import Choice
from customers import Customers
from equilibrium import Equilibrium
from lifetime import RATIOS as LIFETIME_RATIOS, SUMS as LIFETIME_SUMS, Lifetimes
from limits import Limits
from timing import Timing
from money import Money
from prices import Prices
from sales import Teams
from scenario import MONTH, NONE, day_number

SERIES = ("revenue", "contribution", "collected", "units")
RATIOS = {"margin_frac": ("contribution", "revenue"), "pocket_price": ("pocket_value", "units"),
          "win_rate": ("eventual_wins", "entered_choice"), "win_rate_closed": ("won", "decided"), "share": ("won", "decided"),
          "cycle_days": ("cycle_sum", "customers_signed"), "price_index": ("index_sum", "index_periods"),
          "quota_attainment": ("quota_sales", "quota"),
          "cac": ("acquisition_cost", "eventual_customers"),
          **LIFETIME_RATIOS, "churn": ("churned", "terms_ended"), "deal_size": ("booked", "orders"), "margin_per_lead": ("earned", "leads")}

# What is known after the last period only.
AT_THE_END = ("referrals", "discounts", "pocket_value", "cycle_sum", "open_deals", "eventual_customers", "earned", "backlog_revenue", "backlog_contribution",
              *LIFETIME_SUMS)


class Walk(Prices, Equilibrium, Choice, Limits, Timing, Customers, Lifetimes, Teams, Money):
    def __init__(self, path, calendar=None, settle=False, tape=None, live=(), split=None):
        """calendar: set of promotions (None: all); tape: states of R0 for the channels that are not live; split: adds the split of
        R1 - R0 to that object (then the walk itself is R0)."""
        self.p, self.m = path, path.m
        self.calendar = set(self.m.promotions) if calendar is None else calendar
        self.settle, self.tape, self.live, self.split = settle, tape, live, split
        self.end = self.m.T_end if settle else self.m.T
        self.record = []
        self.start()
        self.start_limits()
        self.start_timing()
        self.start_teams()
        self.start_lifetimes()
        for t in range(self.end):
            self.period(t)

    # ---- before the first period: opening.md
    def start(self):
        p, m, n = self.p, self.m, self.p.n
        self.hist_list = [dict(p.list0)]
        self.hist_public = [{i: sum(m.w[s] * p.dear[s] for s in m.segments) * p.list0[i] for i in m.own}]
        self.hist_rival = [dict(p.r0)]
        self.price_now = {(s, i): p.list0[i] for s in m.segments for i in m.own}
        self.rival_now, self.regular = dict(p.r0), dict(p.r0)
        self.floor = {i: 0.0 for i in m.own}
        self.full = {}
        self.moved = {}  # period of a price's last move
        self.share_before = {i: sum(m.w[s] * p.aware[s] * p.win[s] * p.mix[s][i] for s in m.segments) for i in m.own}
        self.reference = {(s, j): p.p0[s, j] if j in m.own else p.c0[s, j] for s in m.segments for j in m.own + m.rivals}
        self.image = {s: 0.0 for s in m.segments}
        self.lines = [(s, i) for s in m.segments for i in m.own]
        self.inflow = {s: {} for s in m.segments}  # period: (deals, days)
        self.out = {}      # (stage, line): [per period: vector of what passes], None for lost
        self.fail = {}
        self.opened = {}  # of the choice stage with a constant hazard
        self.stock = {}
        self.waiting = {}  # (stage, line): (fifo {period: deals}, vector held)
        self.rows = [{k: 0.0 for k in ("entered", "passed", "lost", "open_start", "bound")} for _ in m.stage]
        for g in m.stage:
            scale = p.opening_scale(g)
            after = g > m.choice_stage
            for line in self.lines if after else [(s, None) for s in m.segments]:
                width = 6 if after else 2
                self.out[g, line] = [[0.0] * width for _ in range(n)]
                self.fail[g, line] = [0.0] * n
                self.stock[g, line] = [0.0] * width
                self.waiting[g, line] = ({}, [0.0] * width)
                flow = scale * p.steady(g, *line)
                self.open_stage(g, line, flow)
        self.future = {line: {k: [0.0] * n for k in ("revenue", "margin", "invoice", "cash")} for line in self.lines}
        self.recurring, self.ends = 0.0, [0.0] * (n + 1)
        self.opening_revenue = self.opening_cash = 0.0
        for s, i in self.lines:
            self.open_money(s, i)
        self.base = self.paid_so_far = self.base_so_far = 0.0  # of the commission
        self.quota = self.quota_sales = 0.0
        self.total = {}
        self.series = {k: [] for k in SERIES + ("share", "win_rate_closed", "price_index", "active_customers")}
        self.line_total = {line: {} for line in self.lines}
        self.segment_total = {s: {"leads": 0.0, "entered_choice": 0.0, "decided": 0.0, "eventual_wins": 0.0} for s in m.segments}
        self.lost_to = {j: 0.0 for j in m.rivals + [NONE]}
        self.step_total = [0.0] * len(m.step_order)
        self.by_period = []  # of each period: figures of lines, of segments and totals, for goals
        self.pm = self.invoice_decided = 0.0
        self.start_customers()
        self.signed_value = self.signed_margin = self.recognised_margin = 0.0
        self.sum = {k: 0.0 for k in ("commission", "fixed", "funding", "fees", "acquisition", "booked", "collected", "inside", "write_off")}

    def base_sale(self, s, i, n, age):
        units = n
        if self.p.basket[s] or self.p.quantity[s]:
            units *= self.p.units_of_order(s, i)
        value = units * self.p.dear[s] * self.p.list0[i] * self.p.net
        return [n, units, value, value * self.p.depth, 0.0, n * age]

    def open_stage(self, g, line, flow):
        p, m = self.p, self.m
        s, i = line
        days = p.entry_age[g, s]
        vector = lambda n, age: [n, n * age] if i is None else self.base_sale(s, i, n, age)  # noqa: E731
        if g in p.hazard:
            h = p.hazard[g]
            self.stock[g, line] = vector(flow / h, days + m.days * (1 - h) / h)
            self.rows[g]["open_start"] += flow / p.hazard[g]
            if g == m.choice_stage:
                self.opened[s] = flow / h
        elif g == m.choice_stage:
            for k in range(1, p.A):
                self.inflow[s][-k] = (flow, flow * days)
                self.rows[g]["open_start"] += flow * p.later[s][k]
        else:
            c = p.conversion[g, s]
            for o, part in ((0, c), (1, 1 - c)):
                tail = p.tail[g, s][o]
                beyond = p.mean[g, s][o] - sum(tail[1:p.n])
                beyond = beyond if beyond > 1e-12 else 0.0
                self.rows[g]["open_start"] += flow * part * (sum(tail[1:p.n]) + beyond)
                for t in range(self.end):
                    n = flow * part * tail[t + 1]
                    later = sum(tail[t + 2:p.n]) + beyond
                    lag = t + 1 + (later / tail[t + 1] if tail[t + 1] > 1e-12 else 0.0)
                    if o == 0:
                        add(self.out[g, line][t], vector(n, days + m.days * lag))
                    else:
                        self.fail[g, line][t] += n

    def open_money(self, s, i):
        p, m = self.p, self.m
        flow, (value, margin) = p.signing[s, i], p.base[s, i]
        recognised = billed = collected = 0.0
        contract = m.offer[i]["contract"]
        if contract:
            for t in range(1, self.term(contract)):
                x = flow * value * 12 / contract["months"]
                self.recurring += x
                self.ends[min(t, p.n - 1)] += x
        for t in range(self.end):
            recognised += p.recognise[i][t]
            billed += p.bill[i][t]
            collected += p.collect[i][t]
            rest = [x if x > 1e-15 else 0.0 for x in (1 - recognised, 1 - billed, 1 - p.bad - collected)]
            f = self.future[s, i]
            f["revenue"][t] += flow * value * rest[0]
            f["margin"][t] += flow * margin * rest[0]
            f["invoice"][t] += flow * value * rest[1]
            f["cash"][t] += flow * value * rest[2]
            self.opening_cash += flow * value * rest[2]
            if t < m.T:
                self.opening_revenue += flow * value * rest[0]

    def term(self, contract):
        return int(contract["months"] * MONTH / self.m.days + 0.5)

    # ---- one period
    def period(self, t):
        m = self.m
        self.t = t
        self.tally = {k: 0.0 for k in ("discount", "entered", "decided", "eventual", "won")}
        self.promoted = {x: [0.0, 0.0] for x in m.promotions}
        self.now_of = {line: {} for line in self.lines}
        self.join(t)
        self.prices(t)
        self.front(t)
        self.fill_up(t)
        won = {}
        self.unserved = 0.0
        if m.rationed:
            self.share_out(t)
        seen = {i: 0.0 for i in m.own}
        for s in m.segments:
            self.decide(t, s, won, seen)
        self.hist_public.append(seen)
        if self.tally["decided"] > 0:
            self.share_before = {i: sum(won[s, i][0] for s in m.segments) / self.tally["decided"] for i in m.own}
        signed = self.back(t, won)
        self.money(t, signed)

    def join(self, t):
        """members.md: who joined brings the memories of those who are no members."""
        m, p = self.m, self.p
        for other, s in zip(m.segments, m.segments[1:]):
            if t == 0 or not getattr(s, "member", None) or not p.arriving(s, t):
                continue
            x = 1 - p.arriving(s, t - 1) / p.arriving(s, t)
            for j in m.own + m.rivals:
                self.reference[s, j] += x * (self.reference[other, j] - self.reference[s, j])
            self.image[s] += x * (self.image[other] - self.image[s])

    # ---- funnel.md, before the choice
    def arrivals(self, t, s):
        m, p = self.m, self.p
        n = p.arriving(s, t) * m.season(s, t) * p.growth[s] ** t
        for x in m.promotions:
            d = m.promotion[x]
            if x in self.calendar and d["traffic"] and s in d["segments"]:
                n *= 1 + self.part_active(x, t) * (p.value(d["traffic"], s) - 1)
        return n

    def part_active(self, x, t):
        sc = self.m.sc
        return self.m.active_days(x, sc.start(t), sc.start(t + 1)) / (sc.start(t + 1) - sc.start(t))

    def front(self, t):
        m = self.m
        self.brought = {s: self.referred(t, s) for s in m.segments}
        self.leads = {s: self.wait(t, s, self.arrivals(t, s)) + self.brought[s] for s in m.segments}
        arriving = {(s, None): [self.leads[s], 0.0] for s in m.segments}
        for g in range(max(m.choice_stage, 0)):
            arriving = self.through(t, g, arriving)
        if m.choice_stage >= 0:
            g = m.choice_stage
            self.rows[g]["entered"] += sum(v[0] for v in arriving.values())
            arriving = self.take_up(t, g, arriving)
            if m.stage[g]["capacity"]:
                arriving = self.admit(t, g, arriving)
        for (s, _), v in arriving.items():
            self.inflow[s][t] = tuple(v)

    def through(self, t, g, arriving):
        """Everything that enters stage g now; what passes now."""
        m, p = self.m, self.p
        inside = t < m.T
        self.rows[g]["entered"] += sum(v[0] for v in arriving.values()) if inside else 0.0
        arriving = self.take_up(t, g, arriving)
        if m.stage[g]["capacity"]:
            arriving = self.admit(t, g, arriving)
        passing = {}
        for line, v in arriving.items():
            c = p.conversion[g, line[0]]
            if g in p.hazard:
                h, stock = p.hazard[g], self.stock[g, line]
                stock[-1] += stock[0] * m.days
                passing[line] = [h * c * x for x in stock]
                self.fail[g, line][t] += h * (1 - c) * stock[0]
                self.stock[g, line] = [x - h * x + y for x, y in zip(stock, v)]
            else:
                out, (won, lost) = self.out[g, line], p.tail[g, line[0]]
                for n in range(self.end - t):
                    part = c * (won[n] - won[n + 1])
                    add(out[t + n], [part * x for x in v])
                    out[t + n][-1] += part * v[0] * n * m.days
                    self.fail[g, line][t + n] += (1 - c) * (lost[n] - lost[n + 1]) * v[0]
                passing[line] = out[t]
            self.rows[g]["passed"] += passing[line][0] if inside else 0.0
            self.rows[g]["lost"] += self.fail[g, line][t] if inside else 0.0
        return passing

    def admit(self, t, g, arriving):
        m, p = self.m, self.p
        room = p.value(m.stage[g]["capacity"]) * m.stage[g]["capacity_per"]
        served = {line: 0.0 for line in arriving}
        for line, v in arriving.items():
            self.waiting[g, line][0][t] = v[0]
        for u in range(t + 1):
            total = sum(self.waiting[g, line][0].get(u, 0.0) for line in arriving)
            part = 1.0 if total <= room else room / total
            for line in arriving:
                fifo = self.waiting[g, line][0]
                take = fifo.get(u, 0.0) * part
                fifo[u] = fifo.get(u, 0.0) - take
                served[line] += take
            room -= total * part
            if part < 1:
                break
        admitted, bound = {}, False
        for line, v in arriving.items():
            everything = [a + b for a, b in zip(self.waiting[g, line][1], v)]
            part = served[line] / everything[0] if everything[0] > 0 else 0.0
            admitted[line] = [part * x for x in everything]
            held = [x - y for x, y in zip(everything, admitted[line])]
            bound = bound or held[0] > 1e-9
            held = self.give_up(t, g, held, self.waiting[g, line][0])
            held[-1] += held[0] * m.days
            self.waiting[g, line] = (self.waiting[g, line][0], held)
        self.rows[g]["bound"] += bound
        return admitted

    def give_up(self, t, g, held, fifo):
        """What is left of the deals that wait before stage g: {period: deals} and their sums."""
        stage = self.m.stage[g]
        h = self.m.sc.per_period(self.p.value(stage["abandon"]), stage["abandon_days"]) if stage["abandon"] else 0.0
        for u in fifo:
            fifo[u] *= 1 - h
        self.rows[g]["lost"] += h * held[0] if t < self.m.T else 0.0
        return [(1 - h) * x for x in held]

    def record_of(self, t):
        while len(self.record) <= t:
            self.record.append({"rival": dict(self.rival_now), "price": dict(self.price_now), "reference": {}, "image": {}})
        return self.record[t]

    def feed(self, t, s):
        """Memories that are not live come from the tape; R0 keeps its own."""
        m = self.m
        if self.tape is not None:
            for j in m.own + m.rivals:
                if "reference" not in self.live:
                    self.reference[s, j] = self.tape[t]["reference"][s, j]
            if "image" not in self.live:
                self.image[s] = self.tape[t]["image"][s]
        if self.split is not None:
            for j in m.own + m.rivals:
                self.record_of(t)["reference"][s, j] = self.reference[s, j]
            self.record_of(t)["image"][s] = self.image[s]

    def decide(self, t, s, won, seen):
        m, p = self.m, self.p
        self.feed(t, s)
        decide = self.deciders(t, s)
        cells, sales, lost, unserved = self.sell(t, s, decide, self.calendar)
        self.unserved += unserved
        if self.split is not None:
            self.split.add(self, t, s, decide, cells, sales, lost)
        if m.rationed:  # what was paid back is not sold
            self.use_stock(s, cells, sales)
        decide = self.all_deciders(cells)
        for a, n in enumerate(decide if m.hurries and p.choice_hazard is None else []):
            self.open[s][t - a] = self.undecided(t, s, a) - n
        decided = sum(decide)
        fresh = 1.0
        if p.choice_hazard is not None:  # of the stock, what came in the window
            held = self.stock[m.choice_stage, (s, None)]
            old = self.opened.get(s, 0.0)
            fresh = 1 - old / held[0] if held[0] > 0 else 1.0
            self.opened[s] = old - old * decided / held[0] if held[0] > 0 else 0.0
            held[0] += self.inflow[s][t][0] - decided
        age = self.winners_age(t, s, decide)
        for i in m.own:
            v = [0.0] * 6
            for cell, sold in zip(cells, sales):
                part = sold[i]
                add(v, [part * x for x in (1.0,) + self.sale(s, cell, i)] + [part * age])
            won[s, i] = v
            scale = p.down[s] * p.size[s]
            self.tally["discount"] += v[4] * scale
            self.funded(s, i, cells, sales)
            invoice, pocket, _ = p.waterfall(*v[1:5], cell=s)
            self.pm += scale * (pocket - v[1] * p.cost[i] - p.bad * invoice)
            self.invoice_decided += scale * invoice
        self.remember(s, cells, seen)
        all_won = sum(sum(sold.values()) for sold in sales)
        young = sum(n * o / (1 + o) for a, (n, o) in enumerate(zip(decide, p.odds[s])) if a <= t)
        every = sum(n * o / (1 + o) for n, o in zip(decide, p.odds[s]))
        x = self.segment_total[s]
        if t < m.T:
            self.now_of[s] = {"leads": self.leads[s], "referrals": self.brought[s], "entered_choice": self.inflow[s][t][0], "decided": decided,
                              "eventual_wins": all_won * fresh * (young / every if every > 0 else 1.0)}
            add_keys(x, self.now_of[s])
            for j in lost:
                self.lost_to[j] += 0.0 if m.own_kind and m.demand["kind"] == "isoelastic" else lost[j]  # volume: not counted
        self.tally["decided"] += decided
        self.tally["won"] += all_won
        for i in m.own:
            self.line_add((s, i), t, won=won[s, i][0])

    def winners_age(self, t, s, decide):
        p, top, bottom = self.p, 0.0, 0.0
        for a in range(p.A):
            n, days = self.inflow[s].get(t - a, (0.0, 0.0))
            part = p.k[s][a] if not self.m.hurries else decide[a] / n if n > 0 else 0.0
            q = part * p.odds[s][a] / (1 + p.odds[s][a])
            top += q * (days + a * self.m.days * n)
            bottom += q * n
        return top / bottom if bottom > 0 else 0.0

    def funded(self, s, i, cells, sales):
        for cell, sold in zip(cells, sales):
            part = sold[i] * self.p.down[s] * self.p.size[s]
            units, _, _, discount = self.sale(s, cell, i)
            for x in cell["set"]:
                if i in self.m.promotion[x]["offers"]:
                    self.promoted[x][0] += part * units
                    self.promoted[x][1] += part * discount

    # ---- funnel.md, after the choice
    def back(self, t, won):
        m = self.m
        for g in range(m.choice_stage + 1, len(m.stages)):
            won = self.through(t, g, won)
        return won

    # ---- metrics.md
    def report(self, t, now):
        m, p = self.m, self.p
        for k in SERIES:
            self.series[k].append(now[k])
        share = self.tally["won"] / self.tally["decided"] if self.tally["decided"] else 0.0
        self.series["active_customers"].append(sum(self.active.values()))
        self.series["share"].append(share)
        self.series["win_rate_closed"].append(share)
        index = 0.0
        if m.rivals:
            seen = self.hist_public[-1]
            own = sum(m.w[s] * p.mix[s][i] * seen[(m.offer[i]["of"] or [i])[0]] for s in m.segments for i in m.own)
            index = 100 * own / sum(m.v[c] * self.rival_now[c] for c in m.rivals)
        self.series["price_index"].append(index)
        now["index_sum"], now["index_periods"], now["arr"] = index, 1.0, self.recurring
        self.by_period.append((self.now_of, dict(now)))
        for k, x in now.items():
            if k not in ("units", "arr"):
                self.total[k] = self.total.get(k, 0.0) + x

    def headline(self):
        m, p, total = self.m, self.p, self.total
        open_wins = 0.0
        g = m.choice_stage
        for s in m.segments if g >= 0 else []:
            if p.choice_hazard is not None:
                wins = (self.stock[g, (s, None)][0] - self.opened.get(s, 0.0)) * p.win[s]
            else:
                wins, later, open_part = 0.0, 0.0, 1.0
                for k in range(p.A - 1, 0, -1):
                    later += p.k[s][k] * p.odds[s][k] / (1 + p.odds[s][k])
                    if m.hurries:
                        usual = self.inflow[s].get(m.T - k, (0.0,))[0] * p.later[s][k]
                        open_part = self.undecided(m.T, s, k) / usual if usual > 0 else 1.0
                    if k <= m.T:
                        wins += open_part * self.inflow[s].get(m.T - k, (0.0,))[0] * later
            self.segment_total[s]["eventual_wins"] += wins
            open_wins += wins
            self.rows[g]["passed"] += sum(self.line_total[s, i].get("won", 0.0) for i in m.own)
            self.rows[g]["lost"] += self.segment_total[s]["decided"] - sum(self.line_total[s, i].get("won", 0.0) for i in m.own)
        self.end_lifetimes()
        for line in self.lines:
            for k, x in self.line_total[line].items():
                if k not in ("booked", "revenue", "collected"):
                    total[k] = total.get(k, 0.0) + x
        for s in m.segments:
            for k, x in self.segment_total[s].items():
                total[k] = total.get(k, 0.0) + (x if k != "acquisition_cost" else 0.0)  # in the ledger already
        total["eventual_customers"] = sum(self.segment_total[s]["eventual_wins"] * p.down[s] for s in m.segments)
        self.end_customers(total)
        total["earned"] = total["pocket_margin"] - total.get("again_margin", 0.0) - total["acquisition_cost"]
        total["discounts"] = total["list_value"] - total["pocket_value"]
        total["arr"] = self.recurring
        for row in self.rows:
            row["open_end"] = row["open_start"] + row["entered"] - row["passed"] - row["lost"]
            row["capacity_bound_frac"] = row.pop("bound") / m.T
        total["open_deals"] = sum(row["open_end"] for row in self.rows)
        before = [0.0, 0.0]
        for s, i in self.lines:
            contract = m.offer[i]["contract"]
            mean = 0.5 * contract["months"] * MONTH / m.days if contract else 0.0
            before = [b + p.signing[s, i] * x * mean for b, x in zip(before, p.base[s, i])]
        total["backlog_revenue"] = self.signed_value + before[0] - total["revenue"]
        total["backlog_contribution"] = self.signed_margin + before[1] - self.recognised_margin
        sums = {s: dict(self.segment_total[s], eventual_customers=self.segment_total[s]["eventual_wins"] * p.down[s]) for s in m.segments}
        cells = {s: dict(sums[s], **merged(self.line_total[s, i] for i in m.own)) for s in m.segments}
        group = lambda key, names: {x: merged(cells[s] for s in m.segments if key(s) == x) for x in names}  # noqa: E731
        by = {"segment": group(lambda s: getattr(s, "origin", s), m.origins), "channel": group(lambda s: s.channel, m.channel),
              "band": group(lambda s: getattr(s, "band", None), m.band),
              "sales_model": group(m.sold_by, {m.sold_by(s) for s in m.segments} - {None}),
              "offer": {i: merged(self.line_total[s, i] for s in m.segments) for i in m.own},
              "rival": {c: {"units": self.lost_to[c]} for c in m.rivals}}
        for group, history in (("offer", self.hist_list), ("rival", self.hist_rival)):
            for j, to in by[group].items():
                to["price"] = sum(x[j] for x in history[1:m.T + 1]) / m.T
                to["last_price"] = history[m.T][j]
        return {"total": total, "series": self.series, "by": by, "funnel": self.rows, "steps": self.step_total,
                "opening_revenue": self.opening_revenue, "teams": self.team_rows(), "goals": {k: self.goal(x, total, sums) for k, x in m.goals.items()}}

    def goal(self, x, total, cells):
        """Value of a goal's metric in its scope and window: statistics.md."""
        m, sc = self.m, self.m.sc
        scope = x.get("scope", {})
        segments = {s for s in m.segments if all(k == "offer" or v in (getattr(s, "origin", s) if k == "segment" else s.channel if k == "channel" else m.sold_by(s) if k == "sales_model" else s.band if k == "band" else None,
                                                                           m.segment[s]["dimensions"].get(k))
                                                 for k, v in scope.items())}
        inside = lambda key: (key[0] in segments and scope.get("offer", key[1]) == key[1]) if isinstance(key, tuple) else key in segments  # noqa: E731
        parts_of = RATIOS.get(x["metric"], (x["metric"],))
        if any(k in AT_THE_END or scope and k == "acquisition_cost" for k in parts_of):
            values = [total[k] if not scope else sum(y.get(k, 0.0) for key, y in [*cells.items(), *self.line_total.items()] if inside(key)) for k in parts_of]
            return values[0] if len(parts_of) == 1 else values[0] / values[1] if values[1] else 0.0
        first, last = day_number(x["from"]) if "from" in x else sc.start0, day_number(x["by"]) + 1
        sums = [0.0, 0.0]
        for t, (parts, totals) in enumerate(self.by_period):
            weight = sc.overlap(t, first, last)
            for k, name in enumerate(parts_of):
                of_parts = [v[name] for key, v in parts.items() if name in v and inside(key)]
                value = sum(of_parts) if of_parts else totals[name]
                sums[k] = value if name in ("arr", "active_customers") and weight > 0 else sums[k] + weight * value
        return sums[0] if x["metric"] not in RATIOS else sums[0] / sums[1] if sums[1] else 0.0


def add_keys(to, values):
    for k, x in values.items():
        to[k] = to.get(k, 0.0) + x


def add(to, v):
    for k, x in enumerate(v):
        to[k] += x


def merged(parts):
    out = {}
    for part in parts:
        for k, x in part.items():
            out[k] = out.get(k, 0.0) + x
    return out
