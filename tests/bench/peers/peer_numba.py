#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numba peer of PS-BENCH-1: the scalar path loop compiled with @njit(parallel, fastmath).

The compile time is left out of `seconds` and reported as compile_s.
"""
import os
import sys
import time
for i, w in enumerate(sys.argv):
    if w == "--threads":
        os.environ["NUMBA_NUM_THREADS"] = sys.argv[i + 1]
import numpy as np
import numba as nb
import bench_model as bm

ADJ, GAIN, LOSS, DISPLAY = bm.ADJ, bm.GAIN, bm.LOSS, bm.DISPLAY
PROMO_COST, SHOCK_SD = bm.PROMO_COST, bm.SHOCK_SD


@nb.njit(parallel=True, fastmath=True)
def kernel(n, S, J, T, own, K, base, cost, asc, beta_mu, lead_mu, conv_m, shift, season, disc, on, haz, noise, det, chunks):
    rev_tot, mar_tot = np.empty(n), np.empty(n)
    rw, mw = np.zeros((chunks, T)), np.zeros((chunks, T))
    for c in nb.prange(chunks):
        price, ref, pipe, e = np.empty(J), np.empty((S, J)), np.empty((S, K)), np.empty(J)
        beta, lead, lam, cut, conv = np.empty(S), np.empty(S), np.empty(S), np.empty(J - own), np.empty((S, K))
        for i in range(c * n // chunks, (c + 1) * n // chunks):
            sd = 0.0 if det else 1.0
            for s in range(S):
                beta[s] = np.exp(beta_mu[s] + 0.25 * sd * np.random.standard_normal())
                lead[s] = np.exp(lead_mu[s] + 0.20 * sd * np.random.standard_normal())
                lam[s] = 0.75 if det else np.random.uniform(0.6, 0.9)
            for k in range(K):
                z = 0.3 * sd * np.random.standard_normal()
                for s in range(S):
                    conv[s, k] = 1.0 / (1.0 + np.exp(-(conv_m[k] + z + shift[s])))
            for q in range(J - own):
                cut[q] = 0.10 if det else np.random.triangular(0.0, 0.10, 0.30)
            for j in range(J):
                price[j] = base[j]
                for s in range(S):
                    ref[s, j] = base[j]
            pipe[:] = 0.0
            rt = 0.0
            mt = 0.0
            for t in range(T):
                react = t > 0 and on[t - 1]
                for j in range(own):
                    price[j] = base[j] * (1.0 - disc[t, j])
                for j in range(own, J):
                    target = base[j] * (1.0 - cut[j - own]) if react else base[j]
                    price[j] += ADJ * (target - price[j])
                rev = 0.0
                mar = 0.0
                for s in range(S):
                    den = 1.0
                    for j in range(J):
                        p = price[j]
                        gap = ref[s, j] - p
                        u = asc[s, j] - beta[s] * p + beta[s] * (GAIN * gap if gap > 0 else LOSS * gap)
                        if on[t] and j < own:
                            u += DISPLAY
                        e[j] = np.exp(u)
                        den += e[j]
                        ref[s, j] = lam[s] * ref[s, j] + (1.0 - lam[s]) * p
                    buy = conv[s, K - 1] * haz[K - 1] * pipe[s, K - 1] / den
                    leads = lead[s] * season[t]
                    if noise:
                        leads *= np.exp(SHOCK_SD * sd * np.random.standard_normal() - 0.5 * SHOCK_SD * SHOCK_SD)
                    for k in range(K - 1, 0, -1):
                        pipe[s, k] += conv[s, k - 1] * haz[k - 1] * pipe[s, k - 1] - haz[k] * pipe[s, k]
                    pipe[s, 0] += leads - haz[0] * pipe[s, 0]
                    for j in range(own):
                        q = buy * e[j]
                        rev += q * price[j]
                        mar += q * (price[j] - cost[j])
                if on[t]:
                    mar -= PROMO_COST * own
                rt += rev
                mt += mar
                rw[c, t] += rev
                mw[c, t] += mar
            rev_tot[i] = rt
            mar_tot[i] = mt
    return rev_tot, mar_tot, rw, mw


def main():
    a = bm.arguments("numba", threads=dict(type=int, default=1))
    m = bm.Model(a.segments, a.alts, a.weeks)
    disc = np.array(m.disc)
    on = np.array([m.promo_on(t) for t in range(m.T)])
    arr = [np.array(x) for x in (m.base, m.cost, m.asc, m.beta_mu, m.lead_mu, bm.CONV_M, m.conv_shift, m.season)]

    def go(n):
        return kernel(n, m.S, m.J, m.T, m.own, bm.K, *arr, disc, on, np.array(bm.HAZ), a.noise, a.det, 64)

    t0 = time.perf_counter()
    go(64)
    compile_s = time.perf_counter() - t0

    def once():
        rev, mar, rw, mw = go(a.paths)
        q = np.quantile(rev, [.1, .5, .9]), np.quantile(mar, [.1, .5, .9])
        return dict(rev_mean=float(rev.mean()), rev_p10=float(q[0][0]), rev_p50=float(q[0][1]), rev_p90=float(q[0][2]),
                    rev_sd=float(rev.std()), mar_mean=float(mar.mean()), mar_p10=float(q[1][0]),
                    mar_p50=float(q[1][1]), mar_p90=float(q[1][2]), rev_w12=float(rw.sum(0)[11] / a.paths),
                    mar_w52=float(mw.sum(0)[-1] / a.paths), compile_s=round(compile_s, 3))

    times, res = bm.timed(once, a.repeat)
    bm.report("numba-%s" % nb.__version__, a, times, res, threads=a.threads)


if __name__ == "__main__":
    main()
