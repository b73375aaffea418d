# SPDX-License-Identifier: GPL-3.0-or-later
"""Exposure classes, decisions, memories: docs/model/promotions.md, choice.md, memory.md."""
import math

from demand import kind_shares
from laws import normal_cdf
from model import UNITS
from scenario import NONE


class Choice:
    # ---- promotions.md
    def classes(self, t, s, calendar):
        """[(weight, set of promotions)]"""
        m, p = self.m, self.p
        always, transient = set(), []
        for x in m.promotions:
            part, d = self.part_active(x, t), m.promotion[x]
            if x not in calendar or part <= 0 or s not in d["segments"]:
                continue
            if part >= 1 and d["reach"].law.known() and p.value(d["reach"]) == 1 and x not in m.limited and not m.borrows \
                    and d["kind"] != "coupon":
                always.add(x)
            else:
                transient.append((x, part * p.value(d["reach"]) * p.value(d["eligible"]) * p.value(d["redemption"])))
        out = [(1.0, always)]
        for x, reached in transient:
            out = [(w * (1 - reached), e) for w, e in out] + [(w * reached, e | {x}) for w, e in out]
        return out

    def apply(self, x, price):
        d, p = self.m.promotion[x], self.p
        if d["kind"] == "percent_off":
            return price * (1 - p.value(d["value"]))
        if d["kind"] == "flash":
            return min(price, p.value(d["price"]) if d["price"] else price * (1 - p.value(d["value"])))
        if d["kind"] == "coupon" or d["kind"] == "member_price" and not d["price"]:
            return max(0.0, price - p.value(d["amount"])) if d["amount"] else price * (1 - p.value(d["value"]))
        if d["kind"] == "clearance":
            return price * (1 - self.markdown(d))
        if d["kind"] == "amount_off":
            return max(0.0, price - p.value(d["value"]))
        if d["kind"] == "bundle" and not d["price"]:
            return price * (1 - p.value(d["value"], default=0.0))
        return min(price, p.value(d["price"]))

    def hold(self, s, x, price):
        """promotions.md, per_customer: mean price of a unit."""
        most, units = self.m.promotion[x]["raw"].get("per_customer"), self.p.quantity[s]
        held = sum(n * min(k, most) for k, n in units.items()) / sum(n * k for k, n in units.items()) if most and units else 1.0
        return price + held * (self.apply(x, price) - price)

    def markdown(self, d):
        """Mean over the days of the period from the first step on."""
        start, end = self.m.sc.start(self.t), self.m.sc.start(self.t + 1)
        days = range(max(start, d["markdowns"][0][0]), end)
        return sum(self.p.value([x for first, x in d["markdowns"] if first <= day][-1]) for day in days) / len(days) if days else 0.0

    def class_price(self, s, i, chosen, price):
        m, p = self.m, self.p
        holds = [x for x in m.order if x in chosen and i in m.promotion[x]["offers"]]
        if m.rule == "exclusive":
            holds = holds[:1]
        holds = [x for x in holds if m.promotion[x]["kind"] not in ("threshold",) + UNITS and
                 (m.promotion[x]["kind"] == "bundle") == bool(m.offer[i]["of"])]
        start = net = sum(self.class_price(s, j, chosen, self.list_price(s, j)) for j in m.offer[i]["of"]) if m.offer[i]["of"] else price
        if m.rule == "best_for_customer":
            net = min([start] + [self.hold(s, x, price) for x in holds])
        elif m.rule == "exclusive":
            net = min([start] + [self.hold(s, x, price) for x in holds])
        else:
            group, before = None, start
            for x in holds:
                if m.group.get(x) is not None and m.group.get(x) == group:
                    net = min(net, self.hold(s, x, before))
                else:
                    before = net
                    net = self.hold(s, x, net)
                group = m.group.get(x)
        if m.cap:
            net = max(net, price * (1 - p.value(m.cap)))
        return max(net, min(self.floor[i], price))

    def order_of(self, s, i, chosen, price, list_price):
        """A basket: class price, units, paid, moments, and the utility of the rule."""
        m, p = self.m, self.p
        median, sdlog = p.basket[s] or (0.0, 0.0)
        today = p.dear[s] * p.list0[i]
        units = p.units_of_order(s, i)
        out = {"price": price, "paid": units * price, "units": units, "redeemed_frac": 0.0, "topped_up_frac": 0.0, "subsidised_frac": 0.0,
               "utility": 0.0}
        holds = [x for x in m.order if x in chosen and i in m.promotion[x]["offers"]]
        if m.rule == "exclusive":
            holds = holds[:1]
        base = list_price if m.rule == "best_for_customer" else price
        least = price / base if base > 0 else 0.0
        for x in holds:
            d = m.promotion[x]
            level = base
            if m.rule == "stack":  # what stands before the rule in the order; the rest acts on what is paid
                level = self.class_price(s, i, {y for y in chosen if m.order.index(y) < m.order.index(x)}, list_price)
            if d["kind"] not in ("threshold",) + UNITS or level <= 0:
                continue
            if p.quantity[s]:
                y = self.counted(s, d, level)
            else:
                y = basket(d["tiers"], median * level / today, sdlog, p.value(d["addon"], s), p.value(d["compliance"], s))
            if y["paid"] / y["goods"] < least:
                least = y["paid"] / y["goods"]
                gain = d["raw"].get("choice_effect", "gain") == "gain"
                last = price if m.rule == "stack" else level
                out.update(y, price=last, paid=y["paid"] * last / level, units=y["goods"] / level,
                           utility=-p.alpha[s] * today * y["gain"] / y["mean"] if gain else 0.0)
        return out

    def counted(self, s, d, level):
        """promotions.md, rules by units: moments of an order in money."""
        p = self.p
        v, kappa = p.value(d["addon"], s), p.value(d["compliance"], s)
        pay = [0.0]
        for n in range(1, 65):
            if d["kind"] == "multi_buy":
                buy = d["raw"]["buy"]
                pay.append(n // buy * p.value(d["pay"]) + n % buy)
            else:
                off = ([0.0] + [p.value(x) for units, x in d["steps"] if units <= n])[-1]
                pay.append(pay[-1] + 1 - off if d["raw"].get("tiers_apply") == "slice" else n * (1 - off))
        most = d["raw"].get("per_customer", 64)
        pay = [pay[min(n, most)] + n - min(n, most) for n in range(65)]
        out = dict.fromkeys(("mean", "paid", "goods", "gain", "redeemed_frac", "topped_up_frac", "subsidised_frac"), 0.0)
        for n, chance in p.quantity[s].items():
            to, gain = n, 0.0
            for m in range(n + 1, 65):
                if v * (m - n) - pay[m] + pay[n] > gain + 1e-12:
                    to, gain = m, v * (m - n) - pay[m] + pay[n]
            for part, units in ((1 - kappa, n), (kappa, to)):
                out["goods"] += chance * part * units * level
                out["paid"] += chance * part * pay[units] * level
                out["redeemed_frac"] += chance * part * (pay[units] < units)
            out["mean"] += chance * n * level
            out["gain"] += chance * (n - pay[n] + kappa * gain) * level
            out["topped_up_frac"] += chance * kappa * (to > n)
            out["subsidised_frac"] += chance * (pay[n] < n)
        return out

    def list_price(self, s, i):
        """What buyers of the cell see."""
        return self.p.dear[s] * self.price_now[s, i]

    # ---- choice.md
    def cells(self, t, s, calendar):
        m, p = self.m, self.p
        out = []
        for weight, chosen in self.classes(t, s, calendar):
            offers = {}
            for i in m.own:
                list_price = self.list_price(s, i)
                price = self.class_price(s, i, chosen, list_price)
                v = sum(p.feature[x, s] for x in chosen if i in m.promotion[x]["offers"] and (x, s) in p.feature)
                v -= sum(p.value(m.promotion[x]["synergy"], s) * p.alpha[s] * p.p0[s, i] for x in chosen
                         if m.promotion[x]["kind"] == "bundle" and i in m.promotion[x]["offers"])
                order = None
                if p.basket[s] or p.quantity[s]:
                    order = self.order_of(s, i, chosen, price, list_price)
                    price = order["price"]
                    v += order["utility"]
                offers[i] = (price, v, order)
            for node, (depth, w) in enumerate(p.nodes):
                cell = {"node": node, "weight": weight * w, "class": weight, "set": chosen, "offers": offers, "depth": depth, "attract": {}, "price": {}}
                for i in m.own:
                    price, v, _ = offers[i]
                    given = p.granted(depth)
                    d = (1 - p.overlap) * given if price < self.list_price(s, i) and m.negotiated else given
                    cell["price"][i] = price * (1 - d)
                    cell["attract"][i] = p.mix[s][i] * self.attraction(s, i, cell["price"][i], depth, v)
                    if any(i in m.promotion[x]["pure"] for x in chosen):
                        cell["attract"][i] = 0.0
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
        m, p, t = self.m, self.p, len(self.hist_rival) - 2  # this period's prices are noted already
        reference = m.segment[s]["reference_price"]
        out = {NONE: p.split[s][NONE]}
        for c in m.rivals:
            u = p.alpha[s] * (self.rival_now[c] - p.c0[s, c])
            if reference and reference["all"]:
                u += self.felt(s, self.reference[s, c] - self.rival_now[c])
            out[c] = self.full.get((s, c), 1.0) * self.presence(t, c) * p.split[s][c] * math.exp(u * p.nest[s])
        return out

    def fill_up(self, t):
        """Factors of the attraction of rivals that are full: prices.md."""
        m, p = self.m, self.p
        limited = {c: p.value(m.rival[c]["capacity"][0]) * m.rival[c]["capacity"][1] for c in m.rivals if m.rival[c]["capacity"]}
        self.full = {}
        if not limited:
            return
        if self.tape is not None and "limits" not in self.live:
            self.full = dict(self.tape[t]["full"])
            return
        share, wanted = {}, {c: 0.0 for c in limited}
        for s in m.segments:
            self.feed(t, s)
            decide = self.deciders(t, s)
            cells, _, lost = self.choose(t, s, decide, self.calendar)
            decided = sum(self.all_deciders(cells))
            for c in limited:
                share[s, c] = lost[c] / decided if decided > 0 else 0.0
                wanted[c] += lost[c]
        served = {c: min(1.0, room / wanted[c]) if wanted[c] > 0 else 1.0 for c, room in limited.items()}
        for s in m.segments:
            before = sum(share[s, c] for c in limited if served[c] < 1)
            after = sum(served[c] * share[s, c] for c in limited if served[c] < 1)
            self.full.update({(s, c): served[c] * (1 - before) / (1 - after) for c in limited if served[c] < 1})
        if self.split is not None:
            self.record_of(t)["full"] = self.full

    def deciders(self, t, s):
        p = self.p
        if p.choice_hazard is not None:
            return [p.choice_hazard * self.stock[self.m.choice_stage, (s, None)][0]]
        if self.m.hurries:
            return [self.undecided(t, s, a) * self.hazard(s, a) for a in range(p.A)]
        return [self.inflow[s].get(t - a, (0.0,))[0] * p.k[s][a] for a in range(p.A)]

    def choose(self, t, s, decide, calendar):
        """cells, wins of each cell (weighted), lost by alternative."""
        m, p = self.m, self.p
        cells, others = self.cells(t, s, calendar), self.others(s)
        self.hurry(s, cells, decide)
        decided, aware, out = sum(self.all_deciders(cells)), p.aware[s], p.split[s][NONE]
        rest = sum(x for j, x in others.items() if j != NONE or not p.nested)
        wins, lost_inside = [], (1 - aware) * decided * (1 - out)
        for cell in cells:
            x = sum(cell["attract"].values())
            cell["sum"] = x
            total, decide = 0.0, cell["decide"]
            if s in p.general or m.own_kind:
                cell["shares"] = self.general_shares(t, s, cell, calendar)
                cell["attract"] = {i: cell["shares"][i] for i in m.own}
                cell["sum"] = max(sum(cell["attract"].values()), 1e-300)
                total = sum(decide) * cell["sum"]
            elif m.always:
                total = sum(decide)
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
                total = sum(decide) - sum(n / (odds * z + 1) for n, odds in zip(decide, p.odds[s]))
            wins.append(total * cell["weight"] * aware)
        lost = decided - sum(wins)
        if s in p.general or m.own_kind:
            to = {j: sum(cell["weight"] * sum(cell["decide"]) * cell["shares"].get(j, 0.0) for cell in cells) for j in others}
            total = sum(to.values())
            to = {j: lost * x / total if total != 0 else lost * (j == NONE) for j, x in to.items()}
        elif p.nested:
            to = {c: lost_inside * others[c] / rest if rest > 0 else 0.0 for c in m.rivals}
            to[NONE] = lost - lost_inside
        else:
            to = {j: lost * others[j] / rest if rest > 0 else lost * (j == NONE) for j in others}
        return cells, wins, to

    def sell(self, t, s, decide, calendar):
        """Cells, their sales by offer, lost by alternative, units not served."""
        m, p = self.m, self.p
        cells, wins, lost = self.choose(t, s, decide, calendar)
        if not m.rationed and not m.borrows:
            return cells, self.first_choice(cells, wins), lost, 0.0
        sales, inside, unserved = self.ration(s, cells, wins)
        repaid = self.borrow(t, s, cells, sum(wins), sales)
        if s in p.general or m.own_kind:
            gone, total = sum(decide) - sum(sum(x.values()) for x in sales), sum(lost.values())
            return cells, sales, {j: gone * x / total if total != 0 else gone * (j == NONE) for j, x in lost.items()}, unserved
        others = self.others(s)
        rest = sum(x for j, x in others.items() if j != NONE or not p.nested)
        gone = sum(decide) - sum(sum(x.values()) for x in sales) - repaid
        if p.nested:
            inside += sum(lost[c] for c in m.rivals)
            to = {j: inside * others[j] / rest if j != NONE else gone - inside for j in lost}
        else:
            to = {j: gone * others[j] / rest if rest > 0 else gone * (j == NONE) for j in lost}
        to[NONE] += repaid
        return cells, sales, to, unserved

    def general_shares(self, t, s, cell, calendar):
        """tastes.md, demand.md: what each alternative gets in a cell."""
        m, p = self.m, self.p
        if m.own_kind:
            weeks = {i: sum(self.m.active_days(x, m.sc.start(b), m.sc.start(b + 1)) / 7 for x in calendar
                            if s in m.promotion[x]["segments"] and i in m.promotion[x]["offers"]
                            for b in range(t + 1) if m.sc.start(b + 1) > m.sc.start(t + 1) - 91) for i in m.own}
            feature = {i: cell["offers"][i][1] for i in m.own}
            return kind_shares(p, s, cell["price"], self.rival_now, feature, weeks)
        g, out = p.general[s], {}
        ka, kd = p.image[s][1:] if p.image[s] else (0.0, 0.0)
        reference = m.segment[s]["reference_price"]
        there = {c: self.full.get((s, c), 1.0) * self.presence(t, c) for c in m.rivals}
        for (weight, ratio, _), row in zip(g.nodes, g.rows):
            u = {}
            for i in m.own:
                kept, price = 1 - cell["depth"], cell["price"][i]
                money = p.alpha[s] * (1 + ka * self.image[s]) * (price - p.p0[s, i] * kept)
                money += self.felt(s, self.reference[s, i] * kept - price)
                u[i] = ratio * money + cell["offers"][i][1] - kd * self.image[s]
            for c in m.rivals:
                money = p.alpha[s] * (self.rival_now[c] - p.c0[s, c])
                if reference and reference["all"]:
                    money += self.felt(s, self.reference[s, c] - self.rival_now[c])
                u[c] = ratio * money
            for j, x in g.shares(row, u, there).items():
                out[j] = out.get(j, 0.0) + weight * x
        return out

    def sale(self, s, cell, i):
        """Units, list value, negotiated and promotion discount of one win, net of VAT."""
        p = self.p
        price, _, order = cell["offers"][i]
        list_price = self.list_price(s, i)
        if order:
            row = order["units"], order["units"] * list_price * p.net, 0.0, (order["units"] * list_price - order["paid"]) * p.net
        else:
            row = 1.0, list_price * p.net, (price - cell["price"][i]) * p.net, (list_price - price) * p.net
        return p.wholesale(s, i, row)

    # ---- memory.md, and what rivals see
    def remember(self, s, cells, seen):
        m, p = self.m, self.p
        depth = 0.0
        for i in m.own:
            price = self.list_price(s, i)
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
