# SPDX-License-Identifier: GPL-3.0-or-later
"""Prices of rivals, own list prices: docs/model/prices.md."""
import datetime
import math


class Prices:
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
        else:
            rival = {c: self.react(t, c) for c in m.rivals}
            self.price_now = {(s, i): self.carried_out(t, s, i) for s in m.segments for i in m.own}
            for s in m.segments:
                self.price_now.update({(s, i): x for i, x in p.added_up({i: self.price_now[s, i] for i in m.own}).items()})
            self.regular = rival
            self.equilibrium(t)
            self.rival_now = {c: x * (1 - sum(p.value(depth) * m.sc.overlap(t, first, last + 1) for first, last, depth in m.rival[c]["promotions"]))
                              for c, x in self.regular.items()}
        for i in m.own:
            margin = m.offer[i]["min_margin"]
            if m.offer[i]["kind"] == "optimal" or m.offer[i]["kind"] == "competitive" and margin:
                self.floor[i] = p.cost[i] / (1 - p.value(margin, default=0.0)) / (p.pocket_ratio[i] * p.net)
        self.floor.update(p.added_up(self.floor))
        self.hist_rival.append(dict(self.rival_now))
        self.hist_list.append({i: sum(m.w[s] * self.price_now[s, i] for s in m.segments) if m.offer[i]["apart"]
                               else self.price_now[m.segments[0], i] for i in m.own})

    def presence(self, t, c):
        """Part of the period's days in which a rival offer is in the market."""
        first, last = self.m.rival[c]["there"]
        return self.m.sc.overlap(t, first or 0, 10 ** 9 if last is None else last + 1) if first or last else 1.0

    def followed(self, x, public, t):
        if x in self.m.rivals:
            return self.past(self.hist_rival, t)[x]
        return self.past(self.hist_public if public else self.hist_list, t)[x]

    def react(self, t, c):
        m, p = self.m, self.p
        d, r0, now = m.rival[c], p.r0[c], self.regular[c]
        x, kind = d["reaction"], d["kind"]
        lag = m.sc.lag(x.get("lag_days", 7))
        if kind in ("best_response", "nash"):
            return now
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

    def carried_out(self, t, s, i):
        """What becomes of the policy's price: waiting time, largest move, ending."""
        m, before, wanted = self.m, self.price_now[s, i], self.policy(t, s, i)
        x, most = m.offer[i]["pricing"], self.p.value(m.offer[i]["max_move"], None, math.inf)
        if not (most < math.inf or "ending" in x or "min_days" in x):
            return wanted
        if wanted == before or t - self.moved.get((s, i), -math.inf) < (m.sc.lag(x["min_days"]) if "min_days" in x else 1):
            return before
        high = before + most * before
        low = min(max(before - most * before, self.floor_of(i)), high)
        price = min(max(wanted, low), high)
        if "ending" in x:
            end, step = x["ending"]["end"], x["ending"].get("step", 1)
            on = lambda n: end + step * max(n, 0 if end > 0 else 1)  # noqa: E731
            down = lambda y: on(math.floor((y - end) / step + 1e-9))  # noqa: E731
            up = lambda y: on(math.ceil((y - end) / step - 1e-9))  # noqa: E731
            y = {"nearest": lambda z: on(math.floor((z - end) / step + 0.5)), "down": down, "up": up}[x["ending"].get("round", "nearest")](price)
            y = up(low) if y < low else down(high) if y > high else y
            price = before if not low <= y <= high or (price > before and y < before) or (price <= before and y > before) else y
        if price != before:
            self.moved[s, i] = t
        return price

    def floor_of(self, i):
        margin = self.m.offer[i]["min_margin"]
        return self.p.cost[i] / (1 - self.p.value(margin)) / (self.p.pocket_ratio[i] * self.p.net) if margin else 0.0

    def holds(self, t, i, rule):
        when, past = rule["when"], {"price_gap": None, "share": None}
        day = lambda key: datetime.date.fromisoformat(when[key]).toordinal()  # noqa: E731
        if ("from" in when and self.m.sc.start(t) < day("from")) or ("to" in when and self.m.sc.start(t) > day("to")):
            return False
        if "price_gap" in when:
            past["price_gap"] = self.past(self.hist_list, t - 1)[i] / self.past(self.hist_rival, t - 1)[when["price_gap"]["to"]] - 1
        if "share" in when:
            past["share"] = self.share_before[i]
        return all((x["above"] is None or past[k] > self.p.value(x["above"])) and (x["below"] is None or past[k] < self.p.value(x["below"]))
                   for k, x in rule["levels"].items() if past[k] is not None)

    def by_rules(self, t, i, now):
        for rule in self.m.offer[i]["rules"]:
            if self.holds(t, i, rule):
                x = {k: self.p.value(v) for k, v in rule["then"].items()}
                return x["price"] if x["price"] is not None else self.p.list0[i] * (1 + x["change"]) if x["change"] is not None else \
                    now * (1 + x["move"]) if x["move"] is not None else self.past(self.hist_rival, t - 1)[rule["match"]] * (1 + x["by"])
        return now

    def policy(self, t, s, i):
        m, p = self.m, self.p
        d, now = m.offer[i], self.price_now[s, i]
        x, kind = d["pricing"], d["kind"]
        lag = m.sc.lag(x.get("lag_days", 7))
        if kind == "optimal":
            return now
        if kind == "rules":
            return self.by_rules(t, i, now)
        if kind == "fixed":
            return self.level(t, d["changes"], p.value(d["price"]) if d["price"] else p.list0[i])
        if kind == "cost_plus":
            price = p.cost[i] * (1 + p.value(d["markup"])) if d["markup"] else p.cost[i] / (1 - p.value(d["target_margin"]))
            return price / p.net
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
            target = max(target, p.cost[i] / (1 - p.value(d["min_margin"])) / (p.pocket_ratio[i] * p.net))
        return target if abs(target - now) > p.value(d["threshold"]) * now else now
