#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""NumPy peers of PS-BENCH-1.

--variant plain   what a competent analyst writes: (paths, segments, alternatives) arrays, a loop over weeks
--variant tuned   paths innermost, cache-sized chunks, in-place ufuncs, no temporaries
--procs 2         the chunks of either variant over worker processes (each with its own spawned seed)
"""
import multiprocessing as mp
import numpy as np
import bench_model as bm


def draws(m, n, rng, det):
    """Parameters of n paths, arrays (n, ...)."""
    z = (lambda *s: np.zeros(s)) if det else (lambda *s: rng.standard_normal(s))
    beta = np.exp(np.array(m.beta_mu) + bm.BETA_SD * z(n, m.S))
    lead = np.exp(np.array(m.lead_mu) + bm.LEAD_SD * z(n, m.S))
    zc = z(n, bm.K)
    conv = 1.0 / (1.0 + np.exp(-(np.array(bm.CONV_M) + bm.CONV_SD * zc[:, None, :]
                                 + np.array(m.conv_shift)[None, :, None])))        # (n, S, K)
    if det:
        lam = np.full((n, m.S), 0.5 * (bm.LAM_LO + bm.LAM_HI))
        cut = np.full((n, m.comp), bm.CUT_MODE)
    else:
        lam = rng.uniform(bm.LAM_LO, bm.LAM_HI, (n, m.S))
        cut = rng.triangular(bm.CUT_LO, bm.CUT_MODE, bm.CUT_HI, (n, m.comp))
    return beta, lead, conv, lam, cut


def simulate_plain(m, n, rng, noise, det):
    beta, lead, conv, lam, cut = draws(m, n, rng, det)
    base, asc, haz = np.array(m.base), np.array(m.asc), np.array(bm.HAZ)
    cost = np.array(m.cost)[:m.own]
    own = m.own
    price = np.tile(base, (n, 1))
    ref = np.tile(base, (n, m.S, 1))
    pipe = np.zeros((n, m.S, bm.K))
    rev_tot, mar_tot = np.zeros(n), np.zeros(n)
    rev_week, mar_week = np.zeros(m.T), np.zeros(m.T)
    b3 = beta[:, :, None]
    for t in range(m.T):
        price[:, :own] = base[:own] * (1.0 - np.array(m.disc[t]))
        target = base[own:] * (1.0 - cut) if t > 0 and m.promo_on(t - 1) else base[own:]
        price[:, own:] += bm.ADJ * (target - price[:, own:])
        gap = ref - price[:, None, :]
        u = asc - b3 * price[:, None, :] + b3 * np.where(gap > 0, bm.GAIN * gap, bm.LOSS * gap)
        if m.promo_on(t):
            u[:, :, :own] += bm.DISPLAY
        e = np.exp(u)
        share = e[:, :, :own] / (1.0 + e.sum(axis=2, keepdims=True))
        out = haz * pipe
        moved = conv * out
        leads = lead * m.season[t]
        if noise:
            leads = leads * np.exp(bm.SHOCK_SD * rng.standard_normal((n, m.S)) - 0.5 * bm.SHOCK_SD ** 2)
        pipe -= out
        pipe[:, :, 0] += leads
        pipe[:, :, 1:] += moved[:, :, :-1]
        sales = (moved[:, :, -1:] * share).sum(axis=1)          # (n, own)
        p_own = price[:, :own]
        rev = (sales * p_own).sum(axis=1)
        mar = (sales * (p_own - cost)).sum(axis=1)
        if m.promo_on(t):
            mar -= bm.PROMO_COST * own
        ref = lam[:, :, None] * ref + (1.0 - lam[:, :, None]) * price[:, None, :]
        rev_tot += rev
        mar_tot += mar
        rev_week[t] = rev.sum()
        mar_week[t] = mar.sum()
    return rev_tot, mar_tot, rev_week, mar_week


def simulate_tuned(m, n, rng, noise, det, chunk=2048):
    rev_tot, mar_tot = np.zeros(n), np.zeros(n)
    rev_week, mar_week = np.zeros(m.T), np.zeros(m.T)
    for lo in range(0, n, chunk):
        c = min(chunk, n - lo)
        _tuned_chunk(m, c, rng, noise, det, rev_tot[lo:lo + c], mar_tot[lo:lo + c], rev_week, mar_week)
    return rev_tot, mar_tot, rev_week, mar_week


def _tuned_chunk(m, n, rng, noise, det, rev_tot, mar_tot, rev_week, mar_week):
    own, S, J = m.own, m.S, m.J
    beta, lead, conv, lam, cut = [np.ascontiguousarray(np.moveaxis(a, 0, -1)) for a in draws(m, n, rng, det)]
    # beta, lead, lam (S, n); conv (S, K, n); cut (C, n)
    conv = np.ascontiguousarray(np.moveaxis(conv, 1, 0))        # (K, S, n)
    bg, bl = bm.GAIN * beta, bm.LOSS * beta
    base = np.array(m.base)
    asc = np.array(m.asc)[:, :, None]
    asc_p = asc.copy()
    asc_p[:, :own] += bm.DISPLAY
    price = np.repeat(base[:, None], n, axis=1)
    ref = np.repeat(np.repeat(base[None, :, None], S, axis=0), n, axis=2)
    target0 = base[own:, None]
    target1 = target0 * (1.0 - cut)
    lowner = 1.0 - lam
    pipe = np.zeros((bm.K, S, n))
    gap, u, tmp = np.empty((S, J, n)), np.empty((S, J, n)), np.empty((S, J, n))
    den, buf = np.empty((S, n)), np.empty((S, n))
    rev, mar, row = np.empty(n), np.empty(n), np.empty(n)
    for t in range(m.T):
        for j in range(own):
            price[j] = m.base[j] * (1.0 - m.disc[t][j])
        tgt = target1 if t > 0 and m.promo_on(t - 1) else target0
        pc = price[own:]
        pc += bm.ADJ * (tgt - pc)
        np.subtract(ref, price, out=gap)
        # beta*(gain*max(gap,0) + loss*min(gap,0)) - beta*price
        np.maximum(gap, 0.0, out=tmp)
        tmp *= bm.GAIN
        np.minimum(gap, 0.0, out=u)
        u *= bm.LOSS
        u += tmp
        u -= price
        u *= beta[:, None, :]
        u += asc_p if m.promo_on(t) else asc
        np.exp(u, out=u)
        np.add.reduce(u, axis=1, out=den)
        den += 1.0
        # funnel, last stage first, so that no copy of the stock is needed
        np.multiply(pipe[4], conv[4], out=buf)
        buf /= den
        rev[:] = 0.0
        mar[:] = 0.0
        for j in range(own):
            np.einsum("sn,sn->n", buf, u[:, j], out=row)
            p = price[j, 0]
            mar += (p - m.cost[j]) * row
            row *= p
            rev += row
        for k in range(bm.K - 1, 0, -1):
            np.multiply(pipe[k - 1], bm.HAZ[k - 1], out=buf)
            buf *= conv[k - 1]
            pipe[k] *= 1.0 - bm.HAZ[k]
            pipe[k] += buf
        pipe[0] *= 1.0 - bm.HAZ[0]
        np.multiply(lead, m.season[t], out=buf)
        if noise:
            z = rng.standard_normal((S, n))
            z *= bm.SHOCK_SD
            z -= 0.5 * bm.SHOCK_SD ** 2
            np.exp(z, out=z)
            buf *= z
        pipe[0] += buf
        if m.promo_on(t):
            mar -= bm.PROMO_COST * own
        # ref = price + lam*(ref - price); gap still holds ref - price
        gap *= lam[:, None, :]
        np.add(gap, price, out=ref)
        rev_tot += rev
        mar_tot += mar
        rev_week[t] += rev.sum()
        mar_week[t] += mar.sum()


FUN = dict(plain=simulate_plain, tuned=simulate_tuned)


def _worker(a):
    variant, S, J, T, n, seed, noise, det = a
    return FUN[variant](bm.Model(S, J, T), n, np.random.default_rng(seed), noise, det)


def main():
    a = bm.arguments("numpy", variant=dict(default="plain", choices=list(FUN)), procs=dict(type=int, default=1))
    m = bm.Model(a.segments, a.alts, a.weeks)
    seqs = np.random.SeedSequence(a.seed).spawn(a.procs)
    split = [a.paths // a.procs + (1 if i < a.paths % a.procs else 0) for i in range(a.procs)]
    jobs = [(a.variant, m.S, m.J, m.T, n, s, a.noise, a.det) for n, s in zip(split, seqs)]
    pool = mp.Pool(a.procs) if a.procs > 1 else None

    def once():
        parts = [_worker(jobs[0])] if pool is None else pool.map(_worker, jobs)
        rev = np.concatenate([p[0] for p in parts])
        mar = np.concatenate([p[1] for p in parts])
        rw, mw = sum(p[2] for p in parts), sum(p[3] for p in parts)
        q = np.quantile(rev, [.1, .5, .9]), np.quantile(mar, [.1, .5, .9])
        return dict(rev_mean=float(rev.mean()), rev_p10=float(q[0][0]), rev_p50=float(q[0][1]), rev_p90=float(q[0][2]),
                    rev_sd=float(rev.std()), mar_mean=float(mar.mean()), mar_p10=float(q[1][0]),
                    mar_p50=float(q[1][1]), mar_p90=float(q[1][2]),
                    rev_w12=float(rw[11] / a.paths), mar_w52=float(mw[-1] / a.paths))

    times, res = bm.timed(once, a.repeat)
    if pool is not None:
        pool.close()
        pool.join()
    bm.report("numpy-%s-%s" % (a.variant, np.__version__), a, times, res, threads=a.procs)


if __name__ == "__main__":
    main()
