# SPDX-License-Identifier: GPL-3.0-or-later
"""What promotions earn: docs/model/attribution.md."""
from walk import NONE, Walk

TOUCH = ("q0", "q1", "gift", "margin", "discount", "elsewhere", "orders", "redeemed_frac", "topped_up_frac", "subsidised_frac", "mean_paid",
         "goods_value")


class Split:
    """Sums of R1 - R0 over the decision cells."""

    def __init__(self, m):
        self.baseline = self.gain = self.gain_margin = self.loss = self.loss_margin = self.change = 0.0
        self.less = {j: 0.0 for j in m.rivals + [NONE]}
        self.touch = {x: dict.fromkeys(TOUCH, 0.0) for x in [None] + m.promotions}

    @staticmethod
    def worth(walk, s, cell, i):
        """Margin with what partners pay, units and promotion discount of one win after expected conversion and size."""
        p = walk.p
        row = walk.sale(s, cell, i)
        invoice, pocket, _ = p.waterfall(*row, cell=s)
        scale = p.down[s] * p.size[s]
        funding = sum(p.funding(x, row[0], row[3]) for x in cell["set"] if i in walk.m.promotion[x]["offers"])
        return scale * (pocket - row[0] * p.cost[i] - p.bad * invoice + funding), scale * row[0], scale * row[3]

    def add(self, walk, t, s, decide, cells0, sales0, lost0):
        m, p = walk.m, walk.p
        if not any(s in m.promotion[x]["segments"] and walk.part_active(x, t) > 0 for x in m.promotions):
            return
        cells, sales, lost, _ = walk.sell(t, s, decide, set(m.promotions))
        for j in lost:
            self.less[j] += lost0[j] - lost[j]
        nodes = len(p.nodes)
        for k, (cell, sold1) in enumerate(zip(cells, sales)):
            cell0 = cells0[k % nodes]
            for i in m.own:
                q0 = cell["class"] * sum(sales0[j][i] for j in range(k % nodes, len(cells0), nodes))
                q1 = sold1[i]
                m0, u0, _ = self.worth(walk, s, cell0, i)
                m1, u1, discount = self.worth(walk, s, cell, i)
                low = min(q0, q1)
                self.baseline += low * (m1 - m0)
                self.gain += q1 - low
                self.gain_margin += (q1 - low) * m1
                self.loss += q0 - low
                self.loss_margin += (q0 - low) * m0
                self.change += q1 * m1 - q0 * m0
                touched = [x for x in cell["set"] if i in m.promotion[x]["offers"]] + ([None] if cell["set"] else [])
                order = cell["offers"][i][2]
                borrow = m.segment[s]["borrow"]
                share = p.value(borrow["share"], s) if borrow and not (borrow["of"] == "each" and q1 < q0) else 0.0
                for x in list(cell["set"]) + ([None] if cell["set"] else []):
                    self.touch[x]["elsewhere"] += m0 * (q1 - q0) * (share - (x not in touched))
                for x in touched:
                    to = self.touch[x]
                    for key, y in zip(TOUCH, (q0 * u0, q1 * u1, q0 * (m0 - m1), q1 * m1, q1 * discount)):
                        to[key] += y
                    if order:
                        orders = q1 * p.down[s]
                        to["orders"] += orders
                        for key in ("redeemed_frac", "topped_up_frac", "subsidised_frac"):
                            to[key] += orders * order[key]
                        to["mean_paid"] += orders * order["paid"]
                        to["goods_value"] += orders * order["units"] * walk.list_price(s, i)


def contribution(walk):
    """Settled: the base that commissions still miss is added to the last span."""
    m, p = walk.m, walk.p
    commission = walk.sum["commission"]
    if m.commission:
        paid = (1 - p.bad) * walk.invoice_decided + walk.opening_cash - walk.sum["collected"]
        if m.commission.get("on", "booked") == "collected":
            left = paid
        else:
            left = walk.invoice_decided - walk.sum["booked"]
        commission += walk.pay_commission(m.T_end, max(left, 0.0), restart=False)
        commission -= walk.take_back(paid)
    walk.settled = commission
    return walk.pm - commission - walk.sum["fixed"] + walk.sum["funding"] + walk.sum["fees"] - walk.sum["acquisition"] - walk.sum["write_off"]


def attribute(path):
    m = path.m
    everything = set(m.promotions)
    split = Split(m)
    r0 = Walk(path, calendar=set(), settle=True, split=split)
    tape = r0.record
    base = contribution(r0)
    per = split.gain_margin / split.gain if split.gain > 0 else 0.0
    less = sum(split.less.values())
    mean = per * (split.gain - split.loss) / less if abs(less) > 1e-300 else 0.0
    rows = {"subsidised_baseline": split.baseline, "expansion": mean * split.less[NONE],
            "own_cannibalisation": per * split.loss - split.loss_margin}
    for c in m.rivals:
        rows["from_" + c] = mean * split.less[c]
    segments = m.segment.values()
    reference = any(d["reference_price"] or d["choice"] and d["choice"]["promotion_elasticity"] for d in segments)
    channels = [("traffic", any(d["traffic"] for d in m.promotion.values())), ("timing", m.borrows or m.hurries or any(d["waiting"] for d in m.promotion.values())), ("reference_price", reference),
                ("price_image", any(d["price_image"] for d in segments)), ("customers", bool(m.renewal)), ("limits", m.rationed or any(d["capacity"] for d in m.rival.values())), ("rivals", m.rivals_react)]
    exist = [name for name, there in channels if there]
    before, live = r0.pm + split.change, set()
    for name, _ in channels:
        rows[name] = 0.0
    for name in exist[:-1]:
        # a channel earlier in the order is live too, whether it exists or not
        index = [c for c, _ in channels].index(name)
        live = {k for k, c in (("timing", 1), ("reference", 2), ("image", 3), ("customers", 4), ("limits", 5)) if c <= index}
        walk = Walk(path, calendar=everything, settle=True, tape=tape, live=live)
        rows[name] = walk.pm - before
        before = walk.pm
    w = Walk(path, calendar=everything, settle=True)
    top = contribution(w)
    if exist:
        rows[exist[-1]] = w.pm - before
    rows["commission"] = r0.settled - w.settled
    rows["acquisition"] = r0.sum["acquisition"] - w.sum["acquisition"]
    rows["fixed"] = r0.sum["fixed"] - w.sum["fixed"]
    rows["stock"] = r0.sum["write_off"] - w.sum["write_off"]
    rows["funding"] = w.sum["funding"] - r0.sum["funding"]
    if any(d["fee"] for d in m.promotion.values()):
        rows["fees"] = w.sum["fees"] - r0.sum["fees"]
    fees = {x: sum(path.fees(x, t) * w.part_active(x, t) for t in range(m.T_end)) if m.promotion[x]["fee"] else 0.0 for x in m.promotions}
    fees[None] = sum(fees.values())
    net = top - base
    assert abs(net - sum(rows.values())) <= 1e-9 * max(abs(x) for x in rows.values()), "rows do not add up to net"
    value = {}
    for x in m.promotions:
        value[x] = net if len(m.promotions) == 1 else top - contribution(Walk(path, calendar=everything - {x}, settle=True))
    return {"rows": rows, "net": net, "inside": w.sum["inside"] - r0.sum["inside"], "naive": net - rows["rivals"], "value": value,
            "touch": split.touch, "fixed": w.sum["fixed"], "funding": w.sum["funding"], "fees": fees}
