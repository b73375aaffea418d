# SPDX-License-Identifier: GPL-3.0-or-later
"""One walk through the periods with expected flows: docs/model/period.md and the pages it names."""
import datetime
import math

from laws import normal_cdf

NONE, MONTH = "none", 365.25 / 12
SERIES = ("revenue", "contribution", "collected", "units")


class Walk:
    def __init__(self, path, calendar=None, settle=False, tape=None, live=(), split=None):
        """calendar: set of promotions (None: all); tape: states of R0 for the channels that are not live; split: adds the split of
        R1 - R0 to that object (then the walk itself is R0)."""
        self.p, self.m = path, path.m
        self.calendar = set(self.m.promotions) if calendar is None else calendar
        self.settle, self.tape, self.live, self.split = settle, tape, live, split
        self.end = self.m.T_end if settle else self.m.T
        self.record = []
        self.start()
        for t in range(self.end):
            self.period(t)

    # ---- before the first period: opening.md
    def start(self):
        p, m, n = self.p, self.m, self.p.n
        self.hist_list = [dict(p.list0)]
        self.hist_public = [dict(p.list0)]
        self.hist_rival = [dict(p.r0)]
        self.price_now = {(s, i): p.list0[i] for s in m.segments for i in m.own}
        self.rival_now = dict(p.r0)
        self.floor = {i: 0.0 for i in m.own}
        self.reference = {(s, j): p.p0[s, j] if j in m.own else p.c0[s, j] for s in m.segments for j in m.own + m.rivals}
        self.image = {s: 0.0 for s in m.segments}
        self.lines = [(s, i) for s in m.segments for i in m.own]
        self.inflow = {s: {} for s in m.segments}  # period: (deals, days)
        self.out = {}      # (stage, line): [per period: vector of what passes], None for lost
        self.fail = {}
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
        self.base = 0.0  # of the commission
        self.total = {}
        self.series = {k: [] for k in SERIES + ("share", "win_rate_closed", "price_index")}
        self.line_total = {line: {} for line in self.lines}
        self.segment_total = {s: {"leads": 0.0, "entered_choice": 0.0, "decided": 0.0, "eventual_wins": 0.0} for s in m.segments}
        self.lost_to = {j: 0.0 for j in m.rivals + [NONE]}
        self.step_total = [0.0] * len(m.step_order)
        self.pm = self.invoice_decided = 0.0
        self.signed_value = self.signed_margin = self.recognised_margin = 0.0
        self.sum = {k: 0.0 for k in ("commission", "fixed", "funding", "acquisition", "booked", "collected", "inside")}

    def base_sale(self, i, n, age):
        value = self.p.list0[i] * self.p.net
        return [n, n, n * value, n * value * self.p.depth, 0.0, n * age]

    def open_stage(self, g, line, flow):
        p, m = self.p, self.m
        s, i = line
        days = p.entry_age[g] if i is None else p.entry_age[m.choice_stage]
        vector = (lambda n: [n, n * days]) if i is None else (lambda n: self.base_sale(i, n, days))
        if g in p.hazard:
            self.stock[g, line] = vector(flow / p.hazard[g])
            self.rows[g]["open_start"] += flow / p.hazard[g]
        elif g == m.choice_stage:
            for k in range(1, p.A):
                self.inflow[s][-k] = (flow, flow * days)
                self.rows[g]["open_start"] += flow * p.later[s][k]
        else:
            c = p.conversion[g, s]
            for o, part in ((0, c), (1, 1 - c)):
                tail = p.tail[g][o]
                beyond = p.mean[g][o] - sum(tail[1:p.n])
                self.rows[g]["open_start"] += flow * part * (sum(tail[1:p.n]) + (beyond if beyond > 1e-12 else 0.0))
                for t in range(self.end):
                    n = flow * part * tail[t + 1]
                    if o == 0:
                        add(self.out[g, line][t], vector(n))
                    else:
                        self.fail[g, line][t] += n

    def open_money(self, s, i):
        p, m = self.p, self.m
        flow, (value, margin) = p.signing[s, i], p.base[s, i]
        recognised = billed = collected = 0.0
        contract = m.offer[i]["contract"]
        if contract:
            for t in range(self.term(contract)):
                x = flow * value * 12 / contract["months"]
                self.recurring += x
                self.ends[min(t + 1, p.n - 1)] += x
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
        self.tally = {k: 0.0 for k in ("discount", "entered", "decided", "eventual", "won")}
        self.promoted = {x: [0.0, 0.0] for x in m.promotions}
        self.prices(t)
        self.front(t)
        won = {}
        seen = {i: 0.0 for i in m.own}
        for s in m.segments:
            self.decide(t, s, won, seen)
        self.hist_public.append(seen)
        signed = self.back(t, won)
        self.money(t, signed)

    # ---- prices.md
    def level(self, t, changes, base):
        sc, value, rest = self.m.sc, 0.0, 1.0
        for k, (first, price, change) in reversed(list(enumerate(changes))):
            end = changes[k + 1][0] if k + 1 < len(changes) else sc.start(t + 1)
            part = sc.overlap(t, first, end)
            if part > 0:
                value += part * (self.p.value(price) if price else base * (1 + self.p.value(change)))
                rest -= part
        return value + (base * rest if rest > 1e-12 else 0.0)

    def past(self, history, t):
        return history[max(t, -1) + 1]

    def prices(self, t):
        m, p = self.m, self.p
        if self.tape is not None and "rivals" not in self.live:
            self.rival_now, self.price_now = dict(self.tape[t]["rival"]), dict(self.tape[t]["price"])
            if t > 0:  # the floor belongs to the policy, which set it in the run of the tape
                pass
        else:
            rival = {c: self.react(t, c) for c in m.rivals}
            self.price_now = {(s, i): self.policy(t, s, i) for s in m.segments for i in m.own}
            self.rival_now = rival
        for i in m.own:
            margin = m.offer[i]["min_margin"]
            if m.offer[i]["kind"] == "competitive" and margin:
                self.floor[i] = p.cost[i] / (1 - p.value(margin)) / p.pocket_ratio[i]
        self.hist_rival.append(dict(self.rival_now))
        self.hist_list.append({i: sum(m.w[s] * self.price_now[s, i] for s in m.segments) if m.offer[i]["apart"]
                               else self.price_now[m.segments[0], i] for i in m.own})

    def followed(self, x, public, t):
        if x in self.m.rivals:
            return self.past(self.hist_rival, t)[x]
        return self.past(self.hist_public if public else self.hist_list, t)[x]

    def react(self, t, c):
        m, p = self.m, self.p
        d, r0, now = m.rival[c], p.r0[c], self.rival_now[c]
        x, kind = d["reaction"], d["kind"]
        lag = m.sc.lag(x.get("lag_days", 7))
        if kind == "static":
            price = self.level(t, d["changes"], r0)
            if d["drift_per_year"]:
                price *= (1 + p.value(d["drift_per_year"])) ** (t * m.days / 365.25)
            return price
        if kind == "event":
            first = datetime.date.fromisoformat(x["from"]).toordinal()
            part = m.sc.overlap(t, first, first + x["days"] if "days" in x else 10 ** 9)
            return r0 * (1 - p.value(d["depth"]) * part) if p.luck[c] < p.value(d["probability"]) else r0
        if kind in ("match", "undercut"):
            if x.get("moves", "every") != "every" and (t % 2 == 0) != (x["moves"] == "odd"):
                return now
            by = p.value(d["by"])
            target = self.followed(x["follows"], True, t - lag) * (1 + by if kind == "match" else 1 - by)
            return target if target >= p.value(d["floor"]) else now
        if kind == "follow":
            public = x.get("on", "price") == "promotion"
            move = self.followed(x["follows"], public, t - lag) / self.followed(x["follows"], public, -1) - 1
            if x.get("cuts_only"):
                move = min(move, 0.0)
            if not p.luck[c] < p.value(d["noticed"]):
                move = 0.0
            target = r0 * (1 + p.value(d["follow_through"]) * move)
            floor = p.value(d["floor"])
            target = floor if target < floor < r0 else target
        else:  # answer
            sc = m.sc
            active = t > 0 and any(y in self.calendar and m.active_days(y, sc.start(t - 1), sc.start(t)) > 0 for y in x["to"])
            target = r0 * (1 - p.value(d["depth"])) if active else r0
        k = m.sc.per_period(p.value(d["closes_per_week"]), 7.0) if d["closes_per_week"] else 1.0
        return now + k * (target - now)

    def policy(self, t, s, i):
        m, p = self.m, self.p
        d, now = m.offer[i], self.price_now[s, i]
        x, kind = d["pricing"], d["kind"]
        lag = m.sc.lag(x.get("lag_days", 7))
        if kind == "fixed":
            return self.level(t, d["changes"], p.value(d["price"]) if d["price"] else p.list0[i])
        if kind == "cost_plus":
            return p.cost[i] * (1 + p.value(d["markup"])) if d["markup"] else p.cost[i] / (1 - p.value(d["target_margin"]))
        if kind == "value_based":
            net = lambda r: sum(p.value(v, r) for v in d["drivers"]) - p.value(d["switching_cost"], r)  # noqa: E731
            value = net(s) if d["apart"] else sum(m.w[r] * net(r) for r in m.segments)
            reference = p.value(d["reference_price"]) if d["reference_price"] else self.past(self.hist_rival, t - lag)[x["reference"]]
            return reference + ((1 - p.value(d["customer_share"])) * value if value >= 0 else value)
        every = m.sc.lag(x["every_days"]) if "every_days" in x else 1
        if t % every:
            return now
        past = self.past(self.hist_rival, t - lag)
        if "reference" in x:
            reference = past[x["reference"]]
        else:
            ordered, n = sorted(past.values()), len(past)
            reference = {"min": ordered[0], "mean": sum(ordered) / n, "median": (ordered[(n - 1) // 2] + ordered[n // 2]) / 2,
                         "share_weighted": sum(m.v[c] * past[c] for c in past)}[x["statistic"]] if "statistic" in x else ordered[x["rank"] - 1]
        target = (1 + p.value(d["offset"])) * reference
        if x.get("price") == "pocket":
            target /= p.pocket_ratio[i]
        if d["ceiling"]:
            target = min(target, p.value(d["ceiling"]))
        if d["min_margin"]:
            target = max(target, p.cost[i] / (1 - p.value(d["min_margin"])) / p.pocket_ratio[i])
        return target if abs(target - now) > p.value(d["threshold"]) * now else now

    # ---- funnel.md, before the choice
    def arrivals(self, t, s):
        m, p = self.m, self.p
        n = p.rate[s] * m.season(s, t) * p.growth[s] ** t
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
        self.leads = {s: self.arrivals(t, s) for s in m.segments}
        arriving = {(s, None): [self.leads[s], 0.0] for s in m.segments}
        for g in range(max(m.choice_stage, 0)):
            arriving = self.through(t, g, arriving)
        if m.choice_stage >= 0:
            g = m.choice_stage
            self.rows[g]["entered"] += sum(v[0] for v in arriving.values())
            if m.stage[g]["capacity"]:
                arriving = self.admit(t, g, arriving)
        for (s, _), v in arriving.items():
            self.inflow[s][t] = tuple(v)

    def through(self, t, g, arriving):
        """Everything that enters stage g now; what passes now."""
        m, p = self.m, self.p
        inside = t < m.T
        self.rows[g]["entered"] += sum(v[0] for v in arriving.values()) if inside else 0.0
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
                out, (won, lost) = self.out[g, line], p.tail[g]
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
            held[-1] += held[0] * m.days
            self.waiting[g, line] = (self.waiting[g, line][0], held)
        self.rows[g]["bound"] += bound
        return admitted

    # ---- promotions.md
    def classes(self, t, s, calendar):
        """[(weight, set of promotions)]"""
        m, p = self.m, self.p
        always, transient = set(), []
        for x in m.promotions:
            part, d = self.part_active(x, t), m.promotion[x]
            if x not in calendar or part <= 0 or s not in d["segments"]:
                continue
            if part >= 1 and d["reach"].law.known() and p.value(d["reach"]) == 1:
                always.add(x)
            else:
                transient.append((x, part * p.value(d["reach"])))
        out = [(1.0, always)]
        for x, reached in transient:
            out = [(w * (1 - reached), e) for w, e in out] + [(w * reached, e | {x}) for w, e in out]
        return out

    def apply(self, x, price):
        d, p = self.m.promotion[x], self.p
        if d["kind"] == "percent_off":
            return price * (1 - p.value(d["value"]))
        if d["kind"] == "amount_off":
            return max(0.0, price - p.value(d["value"]))
        return min(price, p.value(d["price"]))

    def class_price(self, i, chosen, price):
        m, p = self.m, self.p
        holds = [x for x in m.order if x in chosen and i in m.promotion[x]["offers"] and m.promotion[x]["kind"] != "threshold"]
        net = price
        if m.rule == "best_for_customer":
            net = min([price] + [self.apply(x, price) for x in holds])
        elif m.rule == "exclusive":
            net = min([price] + [self.apply(x, price) for x in holds[:1]])
        else:
            group, before = None, price
            for x in holds:
                if m.group.get(x) is not None and m.group.get(x) == group:
                    net = min(net, self.apply(x, before))
                else:
                    before = net
                    net = self.apply(x, net)
                group = m.group.get(x)
        if m.cap:
            net = max(net, price * (1 - p.value(m.cap)))
        return max(net, min(self.floor[i], price))

    def order_of(self, s, i, chosen, price, list_price):
        """A basket: class price, units, paid, moments, and the utility of the rule."""
        m, p = self.m, self.p
        median, sdlog = p.basket[s]
        today = p.list0[i]
        mean = median * math.exp(0.5 * sdlog ** 2) * price / today
        out = {"price": price, "paid": mean, "goods": mean, "redeemed_frac": 0.0, "topped_up_frac": 0.0, "subsidised_frac": 0.0, "utility": 0.0}
        rules = [x for x in m.order if x in chosen and m.promotion[x]["kind"] == "threshold" and i in m.promotion[x]["offers"]]
        if rules:
            d = m.promotion[rules[0]]
            best = m.rule == "best_for_customer"
            level = list_price if best else price
            y = basket(d["tiers"], median * level / today, sdlog, p.value(d["addon"], s), p.value(d["compliance"], s))
            if not best or price >= list_price or y["paid"] / y["goods"] < price / list_price:
                gain = d["raw"].get("choice_effect", "gain") == "gain"
                out.update(y, price=level, utility=-p.alpha[s] * today * y["gain"] / y["mean"] if gain else 0.0)
        out["units"] = out["goods"] / out["price"]
        return out

    # ---- choice.md
    def cells(self, t, s, calendar):
        m, p = self.m, self.p
        out = []
        for weight, chosen in self.classes(t, s, calendar):
            offers = {}
            for i in m.own:
                list_price = self.price_now[s, i]
                price = self.class_price(i, chosen, list_price)
                v = sum(p.feature[x, s] for x in chosen if i in m.promotion[x]["offers"] and (x, s) in p.feature)
                order = None
                if p.basket[s]:
                    order = self.order_of(s, i, chosen, price, list_price)
                    price = order["price"]
                    v += order["utility"]
                offers[i] = (price, v, order)
            for depth, w in p.nodes:
                cell = {"weight": weight * w, "class": weight, "set": chosen, "offers": offers, "depth": depth, "attract": {}, "price": {}}
                for i in m.own:
                    price, v, _ = offers[i]
                    d = (1 - p.overlap) * depth if price < self.price_now[s, i] and m.negotiated else depth
                    cell["price"][i] = price * (1 - d)
                    cell["attract"][i] = p.mix[s][i] * self.attraction(s, i, cell["price"][i], depth, v)
                out.append(cell)
        return out

    def felt(self, s, gap):
        return (self.p.gain[s] if gap > 0 else self.p.loss[s]) * gap

    def attraction(self, s, i, price, depth, v):
        p = self.p
        ka, kd = p.image[s][1:] if p.image[s] else (0.0, 0.0)
        u = p.alpha[s] * (1 + ka * self.image[s]) * (price - p.p0[s, i] * (1 - depth)) + v - kd * self.image[s]
        u += self.felt(s, self.reference[s, i] * (1 - depth) - price)
        return math.exp(u * p.nest[s])

    def others(self, s):
        m, p = self.m, self.p
        reference = m.segment[s]["reference_price"]
        out = {NONE: p.split[s][NONE]}
        for c in m.rivals:
            u = p.alpha[s] * (self.rival_now[c] - p.c0[s, c])
            if reference and reference["all"]:
                u += self.felt(s, self.reference[s, c] - self.rival_now[c])
            out[c] = p.split[s][c] * math.exp(u * p.nest[s])
        return out

    def deciders(self, t, s):
        p = self.p
        if p.choice_hazard is not None:
            return [p.choice_hazard * self.stock[self.m.choice_stage, (s, None)][0]]
        return [self.inflow[s].get(t - a, (0.0,))[0] * p.k[s][a] for a in range(p.A)]

    def choose(self, t, s, decide, calendar):
        """cells, wins of each cell (weighted), lost by alternative."""
        m, p = self.m, self.p
        cells, others = self.cells(t, s, calendar), self.others(s)
        decided, aware, out = sum(decide), p.aware[s], p.split[s][NONE]
        rest = sum(x for j, x in others.items() if j != NONE or not p.nested)
        wins, lost_inside = [], (1 - aware) * decided * (1 - out)
        for cell in cells:
            x = sum(cell["attract"].values())
            cell["sum"] = x
            total = 0.0
            if m.always:
                total = decided
            elif p.nested:
                rho = 1 - 1 / p.nest[s]
                for n, odds in zip(decide, p.odds[s]):
                    r = odds / (1 + odds)
                    base, z = r + (1 - r) * (1 - out), r * x + (1 - r) * rest
                    inside = base ** rho * z ** (1 - rho)
                    part = inside / (inside + (1 - r) * out)
                    q = part * r * x / z
                    total += n * q
                    lost_inside += cell["weight"] * aware * n * (part - q)
            else:
                z = x / rest if rest > 0 else math.inf
                total = decided - sum(n / (odds * z + 1) for n, odds in zip(decide, p.odds[s]))
            wins.append(total * cell["weight"] * aware)
        lost = decided - sum(wins)
        if p.nested:
            to = {c: lost_inside * others[c] / rest if rest > 0 else 0.0 for c in m.rivals}
            to[NONE] = lost - lost_inside
        else:
            to = {j: lost * others[j] / rest if rest > 0 else lost * (j == NONE) for j in others}
        return cells, wins, to

    def sale(self, s, cell, i):
        """Units, list value, negotiated and promotion discount of one win, net of VAT."""
        p = self.p
        price, _, order = cell["offers"][i]
        list_price = self.price_now[s, i]
        if order:
            return order["units"], order["units"] * list_price * p.net, 0.0, (order["units"] * list_price - order["paid"]) * p.net
        return 1.0, list_price * p.net, (price - cell["price"][i]) * p.net, (list_price - price) * p.net

    def decide(self, t, s, won, seen):
        m, p = self.m, self.p
        if self.tape is not None:
            for j in m.own + m.rivals:
                if "reference" not in self.live:
                    self.reference[s, j] = self.tape[t]["reference"][s, j]
            if "image" not in self.live:
                self.image[s] = self.tape[t]["image"][s]
        if self.split is not None:
            while len(self.record) <= t:
                self.record.append({"rival": dict(self.rival_now), "price": dict(self.price_now), "reference": {}, "image": {}})
            for j in m.own + m.rivals:
                self.record[t]["reference"][s, j] = self.reference[s, j]
            self.record[t]["image"][s] = self.image[s]
        decide = self.deciders(t, s)
        cells, wins, lost = self.choose(t, s, decide, self.calendar)
        if self.split is not None:
            self.split.add(self, t, s, decide, cells, wins, lost)
        decided = sum(decide)
        if p.choice_hazard is not None:
            self.stock[m.choice_stage, (s, None)][0] += self.inflow[s][t][0] - decided
        age = self.winners_age(t, s)
        for i in m.own:
            v = [0.0] * 6
            for cell, n in zip(cells, wins):
                part = n * cell["attract"][i] / cell["sum"]
                add(v, [part * x for x in (1.0,) + self.sale(s, cell, i)] + [part * age])
            won[s, i] = v
            scale = p.down[s] * p.size[s]
            self.tally["discount"] += v[4] * scale
            self.funded(s, i, cells, v[0] * scale)
            invoice, pocket, _ = p.waterfall(*v[1:5])
            self.pm += scale * (pocket - v[1] * p.cost[i] - p.bad * invoice)
            self.invoice_decided += scale * invoice
        self.remember(s, cells, seen)
        all_won = sum(wins)
        young = sum(n * o / (1 + o) for a, (n, o) in enumerate(zip(decide, p.odds[s])) if a <= t)
        every = sum(n * o / (1 + o) for n, o in zip(decide, p.odds[s]))
        x = self.segment_total[s]
        if t < m.T:
            x["leads"] += self.leads[s]
            x["entered_choice"] += self.inflow[s][t][0]
            x["decided"] += decided
            x["eventual_wins"] += all_won * (young / every if every > 0 else 1.0)
            for j in lost:
                self.lost_to[j] += lost[j]
        self.tally["decided"] += decided
        self.tally["won"] += all_won
        for i in m.own:
            self.line_add((s, i), t, won=won[s, i][0])

    def winners_age(self, t, s):
        p, top, bottom = self.p, 0.0, 0.0
        for a in range(p.A):
            n, days = self.inflow[s].get(t - a, (0.0, 0.0))
            q = p.k[s][a] * p.odds[s][a] / (1 + p.odds[s][a])
            top += q * (days + a * self.m.days * n)
            bottom += q * n
        return top / bottom if bottom > 0 else 0.0

    def funded(self, s, i, cells, deals):
        everything = sum(c["weight"] * c["attract"][i] for c in cells)
        for cell in cells:
            part = cell["weight"] * cell["attract"][i] / everything * deals if everything > 0 else 0.0
            units, _, _, discount = self.sale(s, cell, i)
            for x in cell["set"]:
                if i in self.m.promotion[x]["offers"]:
                    self.promoted[x][0] += part * units
                    self.promoted[x][1] += part * discount

    # ---- memory.md, and what rivals see
    def remember(self, s, cells, seen):
        m, p = self.m, self.p
        depth = 0.0
        for i in m.own:
            price = self.price_now[s, i]
            mean = public = 0.0
            for cell in cells:
                share = cell["weight"]
                mean += share * cell["offers"][i][0]
                hidden = any(not m.promotion[x]["visible"] for x in cell["set"])
                public += share * (price if hidden else cell["offers"][i][0])
            seen[i] += m.w[s] * public
            self.reference[s, i] = p.theta[s] * self.reference[s, i] + (1 - p.theta[s]) * mean
            depth += p.mix[s][i] * (1 - mean / price)
        if p.image[s]:
            self.image[s] = p.image[s][0] * self.image[s] + (1 - p.image[s][0]) * depth
        reference = m.segment[s]["reference_price"]
        if reference and reference["all"]:
            for c in m.rivals:
                self.reference[s, c] = p.theta[s] * self.reference[s, c] + (1 - p.theta[s]) * self.rival_now[c]

    # ---- funnel.md, after the choice
    def back(self, t, won):
        m = self.m
        for g in range(m.choice_stage + 1, len(m.stages)):
            won = self.through(t, g, won)
        return won

    # ---- money.md
    def line_add(self, line, t, **values):
        if t < self.m.T:
            for k, x in values.items():
                self.line_total[line][k] = self.line_total[line].get(k, 0.0) + x

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
        if restart and (t == 0 or self.fiscal(t) != self.fiscal(t - 1)):
            self.base = 0.0
        due = n * (self.commission_of((self.base + amount) / n) - self.commission_of(self.base / n))
        self.base += amount
        return due

    def fiscal(self, t):
        day = datetime.date.fromordinal(self.m.sc.start(t))
        months = day.year * 12 + day.month - self.m.sc.first_month
        return months // {"year": 12, "quarter": 3, "month": 1}[self.m.commission.get("per", "year")]

    def money(self, t, signed):
        m, p = self.m, self.p
        now = {k: 0.0 for k in ("revenue", "invoiced", "collected", "booked", "units", "commission")}
        sold = {}
        for line in self.lines:
            s, i = line
            n, q, l, negotiated, promotion, days = signed[line]
            q, l, negotiated, promotion = (x * p.size[s] for x in (q, l, negotiated, promotion))
            invoice, pocket, taken = p.waterfall(q, l, negotiated, promotion)
            sold[line] = (q, invoice, pocket)
            now["booked"] += invoice
            self.line_add(line, t, booked=invoice, units=q, orders=n, customers_signed=n, list_value=l, pocket_value=pocket,
                          pocket_margin=pocket - q * p.cost[i], cycle_sum=days)
            now["units"] += q
            if t < m.T:
                self.step_total = [a + b for a, b in zip(self.step_total, taken)]
            contract = m.offer[i]["contract"]
            if contract and t < m.T:
                value = invoice if contract.get("discount_persists") else p.waterfall(q, l, negotiated, 0.0)[0]
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
        fixed, funding = self.promotion_money(t)
        acquisition = (p.value(m.costs["per_lead"]) if m.costs["per_lead"] else 0.0) * sum(self.leads.values())
        other = acquisition + fixed - funding
        if m.costs["fixed_per_month"]:
            other += p.value(m.costs["fixed_per_month"]) * m.days / MONTH
        if m.costs["once"] and t == 0:
            other += p.value(m.costs["once"])
        contribution = margin_now - late - other
        self.recognised_margin += margin_now
        now.update(contribution=contribution, acquisition_cost=acquisition, promotion_cost=self.tally["discount"] + fixed - funding)
        if m.costs["discount_rate_per_year"]:
            factor = (1 + p.value(m.costs["discount_rate_per_year"])) ** (-(t + 1) * m.days / 365.25)
            now["npv"] = factor * (now["collected"] - deducted - now["commission"] - other)
        for k, x in (("commission", now["commission"]), ("fixed", fixed), ("funding", funding), ("acquisition", acquisition),
                     ("booked", now["booked"]), ("collected", now["collected"]), ("inside", contribution if t < m.T else 0.0)):
            self.sum[k] += x
        if t < m.T:
            self.report(t, now)

    def promotion_money(self, t):
        m, p, fixed, funding = self.m, self.p, 0.0, 0.0
        for x in m.promotions:
            d = m.promotion[x]
            if x not in self.calendar:
                continue
            first = m.sc.start(t) <= d["from"] < m.sc.start(t + 1)
            weeks = m.active_days(x, m.sc.start(t), m.sc.start(t + 1)) / 7
            fixed += (p.value(d["once"]) if d["once"] and first else 0.0) + (p.value(d["weekly"]) * weeks if d["weekly"] else 0.0)
            units, discount = self.promoted[x]
            funding += p.value(d["funding_once"]) if d["funding_once"] and first else 0.0
            funding += p.value(d["funding_per_unit"]) * units if d["funding_per_unit"] else 0.0
            funding += p.value(d["funding_share_of_discount"]) * discount if d["funding_share_of_discount"] else 0.0
        return fixed, funding

    # ---- metrics.md
    def report(self, t, now):
        m, p = self.m, self.p
        for k in SERIES:
            self.series[k].append(now[k])
        share = self.tally["won"] / self.tally["decided"] if self.tally["decided"] else 0.0
        self.series["share"].append(share)
        self.series["win_rate_closed"].append(share)
        index = 0.0
        if m.rivals:
            seen = self.hist_public[-1]
            own = sum(m.w[s] * p.mix[s][i] * seen[i] for s in m.segments for i in m.own)
            index = 100 * own / sum(m.v[c] * self.rival_now[c] for c in m.rivals)
        self.series["price_index"].append(index)
        now["index_sum"], now["index_periods"] = index, 1.0
        for k, x in now.items():
            if k != "units":
                self.total[k] = self.total.get(k, 0.0) + x

    def headline(self):
        m, p, total = self.m, self.p, self.total
        open_wins = 0.0
        g = m.choice_stage
        for s in m.segments if g >= 0 else []:
            if p.choice_hazard is not None:
                wins = self.stock[g, (s, None)][0] * p.win[s]
            else:
                wins, later = 0.0, 0.0
                for k in range(p.A - 1, 0, -1):
                    later += p.k[s][k] * p.odds[s][k] / (1 + p.odds[s][k])
                    if k <= m.T:
                        wins += self.inflow[s].get(m.T - k, (0.0,))[0] * later
            self.segment_total[s]["eventual_wins"] += wins
            open_wins += wins
            self.rows[g]["passed"] += sum(self.line_total[s, i].get("won", 0.0) for i in m.own)
            self.rows[g]["lost"] += self.segment_total[s]["decided"] - sum(self.line_total[s, i].get("won", 0.0) for i in m.own)
        for line in self.lines:
            for k, x in self.line_total[line].items():
                if k not in ("booked", "revenue", "collected"):
                    total[k] = total.get(k, 0.0) + x
        for s in m.segments:
            for k, x in self.segment_total[s].items():
                total[k] = total.get(k, 0.0) + x
        total["eventual_customers"] = sum(self.segment_total[s]["eventual_wins"] * p.down[s] for s in m.segments)
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
        by = {"segment": {s: dict(self.segment_total[s], **merged(self.line_total[s, i] for i in m.own)) for s in m.segments},
              "offer": {i: merged(self.line_total[s, i] for s in m.segments) for i in m.own},
              "rival": {c: {"units": self.lost_to[c]} for c in m.rivals}}
        return {"total": total, "series": self.series, "by": by, "funnel": self.rows, "steps": self.step_total,
                "opening_revenue": self.opening_revenue}


def add(to, v):
    for k, x in enumerate(v):
        to[k] += x


def merged(parts):
    out = {}
    for part in parts:
        for k, x in part.items():
            out[k] = out.get(k, 0.0) + x
    return out


def basket(tiers, median, sdlog, v, kappa):
    """promotions.md, spend and save: moments of an order."""
    mean = median * math.exp(0.5 * sdlog ** 2)
    below = lambda x: 0.0 if x <= 0 else 1.0 if x == math.inf else normal_cdf(math.log(x / median) / sdlog)  # noqa: E731
    part = lambda x: 0.0 if x <= 0 else mean if x == math.inf else mean * normal_cdf(math.log(x / median) / sdlog - sdlog)  # noqa: E731
    tiers = [(0.0, 0.0)] + list(tiers) + [(math.inf, None)]
    out = {"mean": mean, "paid": mean, "goods": mean, "gain": 0.0, "redeemed_frac": 0.0, "topped_up_frac": 0.0, "subsidised_frac": 0.0}
    for j in range(len(tiers) - 1):
        (low, have), high = tiers[j], tiers[j + 1][0]
        p = below(high) - below(low)
        out["paid"] -= have * p
        out["gain"] += have * p
        if j > 0:
            out["subsidised_frac"] += p
            out["redeemed_frac"] += p
        higher = tiers[j + 1:-1]
        if not higher:
            continue
        spend, save = max(higher, key=lambda x: (x[1] - (1 - v) * x[0], -x[0]))
        start = max(low, spend - (save - have) / (1 - v))
        if start >= high:
            continue
        p, e = kappa * (below(high) - below(start)), kappa * (part(high) - part(start))
        out["topped_up_frac"] += p
        out["redeemed_frac"] += p if j == 0 else 0.0
        out["goods"] += spend * p - e
        out["paid"] += (spend - save + have) * p - e
        out["gain"] += (save - have - (1 - v) * spend) * p + (1 - v) * e
    return out
