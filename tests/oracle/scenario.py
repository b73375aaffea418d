# SPDX-License-Identifier: GPL-3.0-or-later
"""A scenario file as the model's inputs: numbers with their laws, ordered ids, calendar. docs/model/period.md, random.md."""
import copy
import datetime
import json
import math

from laws import Law, Sobol, logit, normal_cdf, normal_score, stream_of, uniform

NONE, MONTH = "none", 365.25 / 12
Z95 = 1.6448536269514722
DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "quarter": 365.25 / 4, "year": 365.25}
FRACTION, POSITIVE, NEGATIVE, SIGNED = (0, 1), (0, 1e15), (-100, 0), (-1e15, 1e15)
# Bounds of keys where they are narrower than their kind's: a law that reaches beyond is cut there.
LIMITS = {"follow_through": (0, 2), "loss_aversion": (0, 10), "traffic": (0, 100), "multiplier": (0, 100), "utility": (-50, 50),
          "gain": (0, 20), "loss": (0, 50), "sensitivity": (0, 100), "equity": (0, 100), "relative_sensitivity": (0, 1000),
          "markup": (0, 100), "offset": (-1, 10), "drift_per_year": (-1, 10), "change": (-1, 100), "half_life_days": (0, 36600),
          "discount_rate_per_year": (-1, 10), "price_sensitivity": (0, 1e6)}
LISTS = ("triangular", "pert", "uniform")
PARTS = {"normal": ("mean", "sd"), "lognormal": ("median", "sdlog"), "logit_normal": ("mean", "sd"), "beta": ("a", "b"),
         "gamma": ("mean", "sd"), "weibull": ("shape", "scale"), "exponential": ("mean",)}


def quantity(text):
    return float(text[:-1] + "e-2") if text.endswith("%") else float(text)


def plain(x):
    return quantity(x) if isinstance(x, str) else float(x)


def cut(law, lo, hi):
    """The bounds of the key cut a law that reaches beyond them."""
    if law.name in ("constant", "triangular", "pert", "uniform", "discrete", "empirical"):
        return law
    low = law.quantile(2.0 ** -60) < lo
    high = law.quantile(1 - 2.0 ** -53) > hi
    if low or high:
        old = law.cut or (-math.inf, math.inf)
        law.cut = (max(old[0], lo), min(old[1], hi))
    return law


def read_law(x, lo, hi):
    if isinstance(x, dict) and "value" in x:
        x = x["value"]
    if isinstance(x, str) and " to " in x:
        a, b = map(quantity, x.split(" to "))
        if (lo, hi) == FRACTION:
            return cut(Law("logit_normal", [(logit(a) + logit(b)) / 2, (logit(b) - logit(a)) / (2 * Z95)]), lo, hi)
        if lo >= 0 or hi <= 0:
            return cut(Law("lognormal", [math.sqrt(a * b), abs(math.log(b / a)) / (2 * Z95)], 1 if lo >= 0 else -1), lo, hi)
        return cut(Law("normal", [(a + b) / 2, (b - a) / (2 * Z95)]), lo, hi)
    if not isinstance(x, dict):
        return Law("constant", [plain(x)])
    name = next(k for k in x if k in PARTS or k in LISTS or k in ("counts", "discrete"))
    p, sign = x[name], 1
    if name == "counts":
        law = Law("beta", [p[0] + 0.5, p[1] - p[0] + 0.5])
    elif name == "discrete":
        total = sum(plain(w) for _, w in p)
        law = Law("discrete", [(plain(v), plain(w) / total) for v, w in p])
    elif name in LISTS:
        law = Law(name, [plain(v) for v in p])
    else:
        p = [plain(p[part]) for part in PARTS[name]]
        place = {"lognormal": 0, "gamma": 0, "weibull": 1, "exponential": 0}.get(name)
        if place is not None and p[place] < 0:
            p[place], sign = -p[place], -1
        law = Law(name, p, sign)
    if "min" in x or "max" in x:
        law.cut = (plain(x["min"]) if "min" in x else -math.inf, plain(x["max"]) if "max" in x else math.inf)
    return cut(law, lo, hi)


class Number:
    """An uncertain number: its law, random stream and shifts."""

    def __init__(self, sc, x, pointer, lo, hi):
        self.law = read_law(x, lo, hi)
        self.shift = {k: plain(v) for k, v in x.get("shift", {}).items()} if isinstance(x, dict) else {}
        draw = x.get("draw") if isinstance(x, dict) else None
        self.stream = stream_of("draw", draw) if draw else stream_of("input", pointer)
        self.sc = sc
        sc.streams[pointer] = self.stream
        if not self.law.known():
            rank = 2 if pointer.startswith("/promotions/") else 1 if pointer.startswith("/competitors/") else 0
            sc.uncertain[self.stream] = min(rank, sc.uncertain.get(self.stream, 2))

    def at(self, path, segment=None):
        """Value in a path (None: centre)."""
        law = self.law
        x = law.centre() if path is None else law.p[0] if law.known() else law.quantile(self.sc.uniform(path, self.stream))
        return law.shifted(x, self.shift.get(getattr(segment, "origin", segment), 0.0))


def merge(target, patch):
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    target = dict(target) if isinstance(target, dict) else {}
    for k, v in patch.items():
        if v is None:
            target.pop(k, None)
        else:
            target[k] = merge(target.get(k), v)
    return target


def strip(x):
    if isinstance(x, dict):
        return {k: strip(v) for k, v in x.items() if not k.startswith("//")}
    return [strip(v) for v in x] if isinstance(x, list) else x


def day_number(text):
    return datetime.date.fromisoformat(text).toordinal()


class Scenario:
    def __init__(self, path, plan=None):
        with open(path, encoding="utf-8") as file:
            raw = strip(json.load(file))
        plans = raw.pop("plans", {})
        self.raw = merge(raw, plans[plan]) if plan else raw
        self.streams, self.cache, self.uncertain, self.sobol = {}, {}, {}, None
        self.seed = int(self.raw.get("run", {}).get("seed", "1"))
        calendar = self.raw["calendar"]
        self.period, self.T = calendar["period"], calendar["periods"]
        self.days = DAYS[self.period]
        self.start0 = day_number(calendar["start"])
        self.first_month = calendar.get("fiscal_year_start", 1)
        self.correlations = None

    def start(self, t):
        if self.period in ("day", "week"):
            return self.start0 + t * (1 if self.period == "day" else 7)
        first = datetime.date.fromordinal(self.start0)
        month = first.month - 1 + t * (1 if self.period == "month" else 3)
        return datetime.date(first.year + month // 12, month % 12 + 1, first.day).toordinal()

    def per(self, unit):
        return 1.0 if DAYS[unit] == self.days else self.days / DAYS[unit]

    def per_period(self, f, unit_days):
        return f if f <= 0 or f >= 1 or unit_days == self.days else 1 - (1 - f) ** (self.days / unit_days)

    def lag(self, days):
        return max(1, math.ceil(days / self.days - 1e-9))

    def overlap(self, t, first, end):
        a, b = self.start(t), self.start(t + 1)
        return max(0, min(b, end) - max(a, first)) / (b - a)

    def number(self, holder, key, pointer, bounds, default=None):
        x = holder.get(key, default)
        return None if x is None else Number(self, x, pointer + "/" + key, *LIMITS.get(key, bounds))

    def rate(self, holder, pointer, stem="per", bounds=POSITIVE):
        """(number, unit) of a key like per_week, leaves_per_week."""
        for unit in DAYS:
            if "%s_%s" % (stem, unit) in holder:
                return self.number(holder, "%s_%s" % (stem, unit), pointer, bounds), unit
        return None, None

    def numbers(self, holder, key, pointer, bounds):
        return {k: Number(self, x, "%s/%s/%s" % (pointer, key, k), *bounds) for k, x in holder.get(key, {}).items()}

    def spread(self, x, pointer):
        """A law between customers: name and parameters, each a number."""
        if isinstance(x, str) and " to " in x or not isinstance(x, dict) or "value" in x:
            law = read_law(x, *POSITIVE)
            numbers = [Number(self, v, pointer, *POSITIVE) for v in law.p]
            return law.name, numbers
        name = next(iter(x))
        p = x[name]
        keys = range(len(p)) if isinstance(p, list) else PARTS[name]
        return name, [Number(self, p[k], "%s/%s/%s" % (pointer, name, k), *POSITIVE) for k in keys]

    # ---- random inputs
    def uniform(self, path, stream):
        key = (path, stream)
        if key not in self.cache:
            if self.correlations is None:
                self.correlate()
            if stream in self.order:
                z = [normal_score(self.own(path, s)) for s in self.order]
                for i, s in enumerate(self.order):
                    u = normal_cdf(sum(f * x for f, x in zip(self.factor[i], z)))
                    self.cache[path, s] = min(max(u, 2.0 ** -53), 1 - 2.0 ** -53)
            else:
                self.cache[key] = self.own(path, stream)
        return self.cache[key]

    def own(self, path, stream):
        """Before correlation: random, or the coordinate of a Sobol point."""
        if self.raw.get("run", {}).get("sampling") != "sobol":
            return uniform(self.seed, path, stream, 0)
        if self.sobol is None:
            ranks = {**{s: 0 for s in self.order}, **self.uncertain}
            self.sobol = {s: Sobol(k, self.seed, s) for k, s in enumerate(sorted(ranks, key=lambda s: (ranks[s], s)))}
        return self.sobol[stream].uniform(path)

    def correlate(self):
        self.correlations = self.raw.get("correlations", [])
        self.order = []
        pairs = {}
        for entry in self.correlations:
            two = [self.streams.get(name, stream_of("draw", name)) for name in entry["between"]]
            for s in two:
                if s not in self.order:
                    self.order.append(s)
            pairs[tuple(two)] = pairs[two[1], two[0]] = 2 * math.sin(math.pi * entry["rank"] / 6)
        n = len(self.order)
        self.factor = [[0.0] * n for _ in range(n)]
        for j in range(n):
            for i in range(j, n):
                x = 1.0 if i == j else pairs.get((self.order[i], self.order[j]), 0.0)
                x -= sum(self.factor[i][m] * self.factor[j][m] for m in range(j))
                if i == j:
                    pivot = math.sqrt(x) if x > 1e-9 else 0.0
                    self.factor[j][j] = pivot
                else:
                    self.factor[i][j] = x / pivot if pivot else 0.0
