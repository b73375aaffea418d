#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pure-Python peer of PS-BENCH-1: one path after the other, standard library only (also for PyPy)."""
import math
import random
import bench_model as bm


def simulate(m, n, seed, noise, det):
    rnd = random.Random(seed)
    gauss = (lambda: 0.0) if det else (lambda: rnd.gauss(0.0, 1.0))
    exp = math.exp
    S, J, T, own, K = m.S, m.J, m.T, m.own, bm.K
    rev_tot, mar_tot = [], []
    rev_week, mar_week = [0.0] * T, [0.0] * T
    for _ in range(n):
        beta = [exp(m.beta_mu[s] + bm.BETA_SD * gauss()) for s in range(S)]
        lead = [exp(m.lead_mu[s] + bm.LEAD_SD * gauss()) for s in range(S)]
        zc = [gauss() for _ in range(K)]
        conv = [[1.0 / (1.0 + exp(-(bm.CONV_M[k] + bm.CONV_SD * zc[k] + m.conv_shift[s]))) for k in range(K)]
                for s in range(S)]
        if det:
            lam = [0.5 * (bm.LAM_LO + bm.LAM_HI)] * S
            cut = [bm.CUT_MODE] * m.comp
        else:
            lam = [rnd.uniform(bm.LAM_LO, bm.LAM_HI) for _ in range(S)]
            cut = [rnd.triangular(bm.CUT_LO, bm.CUT_HI, bm.CUT_MODE) for _ in range(m.comp)]
        price = list(m.base)
        ref = [list(m.base) for _ in range(S)]
        pipe = [[0.0] * K for _ in range(S)]
        rt = mt = 0.0
        for t in range(T):
            on = m.promo_on(t)
            react = t > 0 and m.promo_on(t - 1)
            for j in range(own):
                price[j] = m.base[j] * (1.0 - m.disc[t][j])
            for c in range(m.comp):
                j = own + c
                target = m.base[j] * (1.0 - cut[c]) if react else m.base[j]
                price[j] += bm.ADJ * (target - price[j])
            rev = mar = 0.0
            for s in range(S):
                b, asc, rf, pp, cv, la = beta[s], m.asc[s], ref[s], pipe[s], conv[s], lam[s]
                den = 1.0
                e = [0.0] * J
                for j in range(J):
                    p = price[j]
                    gap = rf[j] - p
                    u = asc[j] - b * p + b * (bm.GAIN * gap if gap > 0 else bm.LOSS * gap)
                    if on and j < own:
                        u += bm.DISPLAY
                    e[j] = exp(u)
                    den += e[j]
                    rf[j] = la * rf[j] + (1.0 - la) * p
                out = [bm.HAZ[k] * pp[k] for k in range(K)]
                buy = cv[K - 1] * out[K - 1] / den
                leads = lead[s] * m.season[t]
                if noise:
                    leads *= exp(bm.SHOCK_SD * gauss() - 0.5 * bm.SHOCK_SD ** 2)
                for k in range(K - 1, 0, -1):
                    pp[k] += cv[k - 1] * out[k - 1] - out[k]
                pp[0] += leads - out[0]
                for j in range(own):
                    q = buy * e[j]
                    rev += q * price[j]
                    mar += q * (price[j] - m.cost[j])
            if on:
                mar -= bm.PROMO_COST * own
            rt += rev
            mt += mar
            rev_week[t] += rev
            mar_week[t] += mar
        rev_tot.append(rt)
        mar_tot.append(mt)
    return rev_tot, mar_tot, rev_week, mar_week


def main():
    a = bm.arguments("pure Python")
    m = bm.Model(a.segments, a.alts, a.weeks)

    def once():
        rev, mar, rw, mw = simulate(m, a.paths, a.seed, a.noise, a.det)
        sr, sm = sorted(rev), sorted(mar)
        mean = sum(rev) / a.paths
        return dict(rev_mean=mean, rev_p10=bm.quantile(sr, .1), rev_p50=bm.quantile(sr, .5),
                    rev_p90=bm.quantile(sr, .9), rev_sd=math.sqrt(sum((x - mean) ** 2 for x in rev) / a.paths),
                    mar_mean=sum(mar) / a.paths, mar_p10=bm.quantile(sm, .1), mar_p50=bm.quantile(sm, .5),
                    mar_p90=bm.quantile(sm, .9), rev_w12=rw[11] / a.paths if m.T > 11 else 0.0, mar_w52=mw[-1] / a.paths)

    import platform
    times, res = bm.timed(once, a.repeat)
    bm.report("%s-%s" % (platform.python_implementation().lower(), platform.python_version()), a, times, res)


if __name__ == "__main__":
    main()
