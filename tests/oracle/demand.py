# SPDX-License-Identifier: GPL-3.0-or-later
"""Nests and tastes, and demand without a choice: docs/model/tastes.md, demand.md."""
import math

from laws import normal_cdf, normal_score
from scenario import FRACTION, NEGATIVE, NONE, POSITIVE, SIGNED


# ---- what a scenario says
def read_tastes(sc, x, p, own, rivals):
    """Nests and tastes of a choice; None without."""
    if "nests" not in x and "tastes" not in x:
        return None
    rank = {j: k for k, j in enumerate(own + rivals)}
    nests = [{"members": sorted(n["members"], key=rank.get), "rho": sc.number(n, "rho", "%s/nests/%s" % (p, g), (0.0, 0.99)),
              "leave": sc.number(n, "lost_buyers_who_leave", "%s/nests/%s" % (p, g), FRACTION)} for g, n in sorted(x.get("nests", {}).items())]
    tastes, q = x.get("tastes", {}), p + "/tastes"
    types = [{"weight": t["weight"], "relative": sc.number(t, "relative_sensitivity", "%s/types/%s" % (q, r), POSITIVE, 1),
              "utility": sc.numbers(t, "utility", "%s/types/%s" % (q, r), SIGNED)} for r, t in sorted(tastes.get("types", {}).items())]
    attributes = [{"sd": sc.number(a, "sd", "%s/attributes/%s" % (q, d), POSITIVE), "of": sc.numbers(a, "of", "%s/attributes/%s" % (q, d), SIGNED)}
                  for d, a in sorted(tastes.get("attributes", {}).items())]
    price = tastes.get("price")
    return {"nests": nests, "types": types, "attributes": attributes, "points": tastes.get("points", 7),
            "law": price.get("law", "lognormal") if price else None, "sd": sc.number(price, "sd", q + "/price", POSITIVE) if price else None}


def read_demand(sc, x, own):
    p, kind = "/market/demand", x["kind"]
    if kind == "isoelastic":
        return {"kind": kind, "parts": sc.numbers(x, "parts", p, FRACTION), "elasticity": sc.numbers(x, "elasticity", p, NEGATIVE),
                "cross": [(c["of"], c["to"], sc.number(c, "value", "%s/cross/%d" % (p, k), SIGNED)) for k, c in enumerate(x.get("cross", []))],
                "switching": sc.numbers(x, "switching", p, FRACTION),
                "deepest": sc.number(x, "deepest_observed", p, FRACTION, 0.5), "most": sc.number(x, "most_lift", p, POSITIVE),
                "wear": sc.number(x, "wear_out", p, POSITIVE, 0)}
    if kind == "valuations":
        return {"kind": kind, "points": x.get("points", 200), "correlation": sc.number(x, "correlation", p, SIGNED, 0),
                "goods": [(g["offer"], sc.spread(g["worth"], "%s/goods/%d/worth" % (p, k))) for k, g in enumerate(x.get("goods", []))],
                "nodes": [(n.get("weight", 1), sc.numbers(n, "worth", "%s/nodes/%d" % (p, k), SIGNED)) for k, n in enumerate(x.get("nodes", []))],
                "bundles": [(b["offer"], b["of"], sc.number(b, "synergy", "%s/bundles/%d" % (p, k), SIGNED, 0))
                            for k, b in enumerate(x.get("bundles", []))]}
    return {"kind": kind}


# ---- nodes
def hermite(n):
    """Points (ascending) and weights of Gauss-Hermite for the standard normal: roots of He_n by bisection between those of He_(n-1)."""
    def he(k, x):
        before, value = 0.0, 1.0
        for i in range(k):
            before, value = value, x * value - i * before
        return value
    roots = []
    for k in range(1, n + 1):
        edges = [-2 * math.sqrt(k) - 1] + roots + [2 * math.sqrt(k) + 1]
        found = []
        for low, high in zip(edges, edges[1:]):
            sign = he(k, low) > 0
            for _ in range(200):
                mid = 0.5 * (low + high)
                if (he(k, mid) > 0) == sign:
                    low = mid
                else:
                    high = mid
            found.append(0.5 * (low + high))
        roots = found
    weight = [1.0 / he(n - 1, x) ** 2 for x in roots]
    return roots, [w / sum(weight) for w in weight]


class General:
    """Nodes and rows of one segment in one path."""

    def __init__(self, path, s):
        self.path, self.s, self.m = path, s, path.m
        self.tastes = t = path.m.segment[s]["choice"]["tastes"]
        self.offers = path.m.own + path.m.rivals
        self.nest_of = {j: g for g, n in enumerate(t["nests"]) for j in n["members"]}
        self.scale = [1 / (1 - path.value(n["rho"], s)) if n["rho"] else 1.0 for n in t["nests"]]
        self.nodes = []  # weight, m, mu
        if t["types"]:
            total = sum(r["weight"] for r in t["types"])
            self.nodes = [(r["weight"] / total, path.value(r["relative"], s), {j: path.value(u, s) for j, u in r["utility"].items()})
                          for r in t["types"]]
        else:
            self.continuous(t)
        self.rows = None

    def continuous(self, t):
        val, s = self.path.value, self.s
        dims = (t["sd"] is not None) + len(t["attributes"])
        point, weight = hermite(t["points"])
        n = len(point)
        for r in range(n ** dims):
            k = [r // n ** d % n for d in range(dims)]
            w = math.prod(weight[i] for i in k)
            z = [point[i] for i in k]
            m = 1.0
            if t["sd"] is not None:
                x = val(t["sd"], s) * z.pop(0)
                m = math.exp(x) if t["law"] == "lognormal" else 1 + x
                m = max(m, 0.0) if t["law"] == "censored" else m
            mu = {}
            for a, score in zip(t["attributes"], z):
                for j, level in a["of"].items():
                    mu[j] = mu.get(j, 0.0) + val(a["sd"], s) * score * val(level, s)
            self.nodes.append((w, m, mu))
        if t["law"] == "lognormal":
            mean = sum(w * m for w, m, _ in self.nodes)
            self.nodes = [(w, m / mean, mu) for w, m, mu in self.nodes]

    def price(self, j):
        return self.path.p0[self.s, j] if j in self.m.own else self.path.c0[self.s, j]

    def n_of(self, j):
        return self.scale[self.nest_of[j]] if j in self.nest_of else 1.0

    def value(self, node, j, alpha):
        return 0.0 if j == NONE else node[2].get(j, 0.0) + node[1] * alpha * self.price(j)

    def mean(self, rows):
        out = dict.fromkeys(rows[0], 0.0)
        for (w, _, _), row in zip(self.nodes, rows):
            for j in row:
                out[j] += w * row[j]
        return out

    def shares(self, row, u, there=None):
        """One node's probabilities when utilities change by u, and rivals are in the market for a part of the period."""
        x = {j: row[j] * math.exp(self.n_of(j) * u.get(j, 0.0)) * (there or {}).get(j, 1.0) for j in row}
        group = {}
        for j in row:
            group.setdefault(self.nest_of.get(j, j), []).append(j)
        top = {}
        for g, members in group.items():
            whole, base = sum(x[j] for j in members), sum(row[j] for j in members)
            n = self.n_of(members[0])
            top[g] = (base * (whole / base) ** (1 / n) if base > 0 and whole > 0 else 0.0, whole)
        total = sum(t for t, _ in top.values())
        return {j: x[j] * top[self.nest_of.get(j, j)][0] / top[self.nest_of.get(j, j)][1] / total if x[j] > 0 else 0.0 for j in row}

    def from_utility(self, utility, alpha, outside):
        self.rows = []
        for node in self.nodes:
            v = {j: utility[j] + self.value(node, j, alpha) for j in self.offers}
            if outside:
                v[NONE] = 0.0
            d = {}
            for j in v:
                g = self.nest_of.get(j, j)
                d[g] = d.get(g, 0.0) + math.exp(self.n_of(j) * v[j])
            total = sum(x ** (1 / (self.scale[g] if isinstance(g, int) else 1.0)) for g, x in d.items())
            row = {}
            for j in v:
                g, n = self.nest_of.get(j, j), self.n_of(j)
                row[j] = math.exp(n * v[j]) * d[g] ** (1 / n - 1) / total
            row.setdefault(NONE, 0.0)
            self.rows.append(row)
        return self.mean(self.rows)

    def base(self):
        p, s = self.path, self.s
        row = {i: p.win[s] * p.mix[s][i] for i in self.m.own}
        row.update({j: (1 - p.win[s]) * p.split[s][j] for j in self.m.rivals + [NONE]})
        return row

    def fit(self, alpha):
        share, rows = self.base(), []
        for node in self.nodes:
            v = {j: self.value(node, j, alpha) for j in share}
            most = max(v.values())
            rows.append({j: share[j] * math.exp(v[j] - most) for j in share})
        for _ in range(2000):
            for row in rows:
                total = sum(row.values())
                for j in row:
                    row[j] /= total
            worst, now = 0.0, self.mean(rows)
            for j in share:
                worst = max(worst, abs(now[j] - share[j]))
                for row in rows:
                    row[j] *= share[j] / now[j] if now[j] > 0 else 1.0
            if worst < 1e-14:
                break
        self.rows = rows

    def slope(self, of):
        """Sum of p0 dP/du over the offers `of`, with each node's m; and their share."""
        out = size = 0.0
        for (w, m, _), row in zip(self.nodes, self.rows):
            whole = {}
            for j, g in self.nest_of.items():
                whole[g] = whole.get(g, 0.0) + row[j]
            for j in of:
                size += w * row[j]
                for k in of:
                    same = j in self.nest_of and self.nest_of.get(k) == self.nest_of[j]
                    n = self.n_of(j)
                    within = (n - 1) * row[k] / whole[self.nest_of[j]] if same and whole[self.nest_of[j]] > 0 else 0.0
                    out += w * m * self.price(k) * row[j] * ((n if j == k else 0.0) - within - row[k])
        return out, size


def answer_nests(path, group):
    """N of the nests that are asked for by the buyers who leave."""
    m = path.m
    choice = m.segment[group[0]]["choice"]
    for g, nest in enumerate(choice["tastes"]["nests"]):
        if not nest["leave"]:
            continue
        asked = choice["of"] if choice["elasticity"] and choice["named"] and choice["of"] in nest["members"] else nest["members"][0]
        weight = sum(m.w[s] for s in group)
        whole = sum(m.w[s] * sum(path.general[s].base()[j] for j in nest["members"]) for s in group) / weight
        x = sum(m.w[s] * path.general[s].base()[asked] for s in group) / weight / whole
        n = (1 - whole) * (1 / path.value(nest["leave"], group[0]) - x) / (1 - x)
        for s in group:
            path.general[s].scale[g] = min(max(n, 1.0), 100.0)


def fit_general(path, group):
    """alpha and rows of segments that share a choice; sets path.alpha."""
    m, val = path.m, path.value
    choice = m.segment[group[0]]["choice"]
    relative = {s: val(m.segment[s]["relative"], s) if m.segment[s]["shared"] else 1.0 for s in group}
    answer_nests(path, group)
    of = m.own if choice["brand"] else [choice["of"]]
    paid = sum(w * (1 - d) for d, w in path.nodes)

    def elasticity(alpha):
        top = bottom = 0.0
        for s in group:
            g = path.general[s]
            g.fit(alpha * relative[s])
            slope, size = g.slope(of)
            top += m.w[s] * alpha * relative[s] * paid * slope
            bottom += m.w[s] * size
        return top / bottom

    if not choice["elasticity"] and not choice["promotion_elasticity"]:
        alpha = -val(choice["price_sensitivity"], group[0])
    else:
        eps = val(choice["elasticity"], group[0]) if choice["elasticity"] else val(choice["promotion_elasticity"], group[0]) / 1.39
        most = 50 / max(path.p0[s, i] for s in group for i in m.own)
        near, far = 0.0, -1e-3 * most
        while elasticity(far) > eps and far > -most:
            near, far = far, max(2 * far, -most)
        alpha = far
        if elasticity(far) <= eps:
            for _ in range(200):
                alpha = 0.5 * (near + far)
                if alpha in (near, far):
                    break
                if elasticity(alpha) > eps:
                    near = alpha
                else:
                    far = alpha
    elasticity(alpha)
    for s in group:
        path.alpha[s] = alpha * relative[s]


# ---- kinds of their own
def isoelastic(path, s, d, price, rival, feature, weeks):
    val, m = path.value, path.m
    total = sum(val(x, s) for x in d["parts"].values())
    out, lift = {}, 0.0
    for i in m.own:
        e = val(d["elasticity"][i], s)
        f = max(price[i] / path.p0[s, i], 1 - val(d["deepest"], s))
        if d["most"] and f < 1:
            most = val(d["most"], s)
            x = 1 + most * (1 - math.exp(e * (1 - f) / most))
        else:
            x = f ** e
        x *= math.exp(feature[i])
        wear = val(d["wear"], s)
        if x > 1 and weeks[i] > 1:
            x = 1 + (x - 1) * weeks[i] ** -wear
        part = val(d["parts"][i], s) / total if i in d["parts"] else 1.0
        out[i] = x * part
        lift += (x - 1) * part
    for of, to, value in d["cross"]:
        out[of] *= (price[to] / path.p0[s, to] if to in m.own else rival[to] / path.c0[s, to]) ** val(value, s)
    out.update({c: -lift * val(d["switching"][c], s) if c in d["switching"] else 0.0 for c in m.rivals})
    out[NONE] = 1 - sum(out.values())
    return out


def best(sets, price):
    """(offer, surplus) of the largest surplus; of equal ones the dearer, of these the first."""
    chosen = None
    for offer, surplus in sets:
        if chosen is None or surplus > chosen[1] or surplus == chosen[1] and (
                chosen[0] == NONE or price[offer] > price[chosen[0]]):
            chosen = offer, surplus
    return chosen


def strictly_below(law, x):
    """P(v < x)"""
    if law.name == "constant":
        return float(law.p[0] < x)
    if law.name == "uniform":
        return min(max((x - law.p[0]) / (law.p[1] - law.p[0]), 0.0), 1.0)
    if law.name == "triangular":
        a, c, b = law.p
        if x <= a or x >= b:
            return float(x >= b)
        return (x - a) ** 2 / ((b - a) * (c - a)) if x < c else 1 - (b - x) ** 2 / ((b - a) * (b - c))
    return law.cdf(x)


def valuations(path, s, d, price):
    val, m = path.value, path.m
    out = dict.fromkeys(m.own + [NONE], 0.0)
    bundles = [(offer, of, val(extra, s) - price[offer]) for offer, of, extra in d["bundles"]]
    if d["nodes"]:
        total = sum(w for w, _ in d["nodes"])
        for w, worth in d["nodes"]:
            v = {j: val(worth[j], s) for j in sorted(worth)}
            sets = [(NONE, 0.0)] + [(j, v[j] - price[j]) for j in v]
            sets += [(offer, left + sum(v.get(j, 0.0) for j in of)) for offer, of, left in bundles]
            out[best(sets, price)[0]] += w / total
        return out
    goods = d["goods"]
    last, law = goods[-1][0], m.law(goods[-1][1], path.path)
    first = goods[0][0] if len(goods) == 2 else None

    def sets(with_last, with_first):
        found = [(NONE, 0.0)] if not with_last and not with_first else []
        found += [(j, -price[j]) for j, a, b in ((first, False, True), (last, True, False)) if j and (a, b) == (with_last, with_first)]
        found += [(offer, left) for offer, of, left in bundles if (last in of, first in of) == (with_last, with_first)]
        return best(found, price) or (None, -1e300)

    table = [[sets(a, b) for b in (False, True)] for a in (False, True)]
    if first is None:
        q = strictly_below(law, table[0][0][1] - table[1][0][1])
        out[table[0][0][0]] += q
        out[table[1][0][0]] += 1 - q
        return out
    law_first, c = m.law(goods[0][1], path.path), val(d["correlation"], s)
    cuts = sorted([0.0, 1.0] + [strictly_below(law_first, row[0][1] - row[1][1]) for row in table])
    for low, high in zip(cuts, cuts[1:]):
        n = 1 + int((high - low) * d["points"])
        edges = [low + (high - low) * (k / n) ** 2 * (3 - 2 * k / n) for k in range(n + 1)]
        for a, b in zip(edges, edges[1:]) if high > low else ():
            u = 0.5 * (a + b)
            v = law_first.quantile(u)
            without, have = (max(((j, x), (k, y + v)), key=lambda z: (z[1], z[0] == k)) for (j, x), (k, y) in table)
            q = strictly_below(law, without[1] - have[1])
            if c != 0 and 0 < q < 1:
                q = normal_cdf((normal_score(q) - c * normal_score(u)) / math.sqrt(1 - c * c))
            out[without[0]] += q * (b - a)
            out[have[0]] += (1 - q) * (b - a)
    return out


def kind_shares(path, s, price, rival, feature, weeks):
    d = path.m.demand
    return isoelastic(path, s, d, price, rival, feature, weeks) if d["kind"] == "isoelastic" else valuations(path, s, d, price)
