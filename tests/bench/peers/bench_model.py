# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared definition of the pricesim benchmark model PS-BENCH-1 (see README.md).

Every constant is a formula of (segment, alternative, stage, week), so the model
scales to any S, J, T and can be restated in C, R and Octave without data files.
Pure-Python data only; the peers turn it into whatever array type they use.
"""
import argparse
import json
import math
import resource
import sys
import time

K = 5                               # funnel stages
HAZ = (0.80, 0.60, 0.50, 0.40, 1.0)  # share of a stage's stock that leaves each week (last: one-week lag)
CONV_M = (0.4, 0.2, 0.0, 0.3, 0.6)   # logit of the stage conversion rate
CONV_SD = 0.3
BETA_SD, LEAD_SD, SHOCK_SD = 0.25, 0.20, 0.10
LAM_LO, LAM_HI = 0.6, 0.9           # reference-price memory
CUT_LO, CUT_MODE, CUT_HI = 0.0, 0.10, 0.30  # competitor cut depth: triangular
GAIN, LOSS = 0.4, 0.9               # weight of gains and losses against the reference price
DISPLAY = 0.25                      # utility of an item being on promotion
ADJ = 0.5                           # share of the gap a competitor closes each week
PROMO_FIRST, PROMO_LAST = 10, 14    # weeks, counted from 1
PROMO_COST = 5.0                    # per own product and promotion week


class Model:
    def __init__(self, S=3, J=4, T=52):
        self.S, self.J, self.T, self.K = S, J, T, K
        self.own = max(1, J // 2)                 # alternatives 0..own-1 are ours
        self.comp = J - self.own
        self.base = [100.0 + 10.0 * ((7 * j) % 5) for j in range(J)]
        self.cost = [0.4 * p for p in self.base]
        self.asc = [[1.0 + 0.3 * ((s + 2 * j) % 3) for j in range(J)] for s in range(S)]
        self.beta_mu = [math.log(0.03 / (1.0 + 0.25 * (s % 3))) for s in range(S)]
        self.lead_mu = [math.log(1000.0 / (1.0 + s)) for s in range(S)]
        self.conv_shift = [0.1 * ((s % 3) - 1) for s in range(S)]
        self.season = [1.0 + 0.15 * math.sin(2.0 * math.pi * t / 52.0) for t in range(T)]
        self.disc = []                            # own discount [t][j]
        for t in range(T):
            on = PROMO_FIRST <= t + 1 <= PROMO_LAST
            self.disc.append([(0.20 if j == 0 else 0.10) if on else 0.0 for j in range(self.own)])

    def promo_on(self, t):
        return PROMO_FIRST <= t + 1 <= PROMO_LAST

    def cells(self, n):
        """path x week x segment x alternative (the outside option counts)."""
        return n * self.T * self.S * (self.J + 1)


def arguments(impl, **extra):
    p = argparse.ArgumentParser(description=impl)
    p.add_argument("--paths", type=int, default=10000)
    p.add_argument("--segments", type=int, default=3)
    p.add_argument("--alts", type=int, default=4, help="alternatives without the outside option")
    p.add_argument("--weeks", type=int, default=52)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--noise", action="store_true", help="one log-normal lead shock per week and segment")
    p.add_argument("--det", action="store_true", help="every distribution at its centre: exact cross-check")
    p.add_argument("--repeat", type=int, default=1, help="timed repetitions; the median is reported")
    for k, v in extra.items():
        p.add_argument("--" + k.replace("_", "-"), **v)
    return p.parse_args()


def quantile(sorted_x, p):
    """Hyndman-Fan type 7, as numpy's and R's default."""
    h = (len(sorted_x) - 1) * p
    i = int(math.floor(h))
    return sorted_x[i] + (h - i) * (sorted_x[min(i + 1, len(sorted_x) - 1)] - sorted_x[i])


def report(impl, args, times, summary, threads=1, startup=None):
    m = Model(args.segments, args.alts, args.weeks)
    times = sorted(times)
    t = times[len(times) // 2]
    rss = max(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
              resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    rec = dict(impl=impl, threads=threads, paths=args.paths, S=m.S, J=m.J, T=m.T, noise=bool(args.noise),
               seconds=round(t, 6), best=round(times[0], 6), ns_per_cell=round(t * 1e9 / m.cells(args.paths), 4),
               us_per_path=round(t * 1e6 / args.paths, 4), peak_rss_mb=round(rss / 1024.0, 1))
    rec.update({k: (round(v, 6) if isinstance(v, float) else v) for k, v in summary.items()})
    print(json.dumps(rec))
    sys.stdout.flush()


def _cpu():
    return sum(r.ru_utime + r.ru_stime for r in (resource.getrusage(resource.RUSAGE_SELF),))


def timed(fn, repeat):
    """Wall seconds of each repetition, and the last result (with this process's mean CPU seconds added)."""
    times, res, c0 = [], None, _cpu()
    for _ in range(repeat):
        t0 = time.perf_counter()
        res = fn()
        times.append(time.perf_counter() - t0)
    res["cpu_self"] = round((_cpu() - c0) / repeat, 6)
    return times, res
