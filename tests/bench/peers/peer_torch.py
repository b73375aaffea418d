#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""PyTorch (CPU, double) peer of PS-BENCH-1: the tuned NumPy layout on tensors, --threads intra-op threads.

Stands in for the array frameworks (JAX is not packaged by Debian)."""
import numpy as np
import torch
import bench_model as bm


def simulate(m, n, seed, noise, det, chunk):
    g = torch.Generator().manual_seed(seed)
    parts, rw, mw = [], torch.zeros(m.T, dtype=torch.float64), torch.zeros(m.T, dtype=torch.float64)
    for lo in range(0, n, chunk):
        parts.append(_chunk(m, min(chunk, n - lo), g, noise, det, rw, mw))
    return torch.cat([p[0] for p in parts]), torch.cat([p[1] for p in parts]), rw, mw


def _chunk(m, n, g, noise, det, rw, mw):
    f = dict(dtype=torch.float64)
    S, J, own, K = m.S, m.J, m.own, bm.K
    T_ = lambda x: torch.tensor(x, **f)
    z = (lambda *s: torch.zeros(s, **f)) if det else (lambda *s: torch.randn(s, generator=g, **f))
    u01 = (lambda *s: torch.full(s, 0.5, **f)) if det else (lambda *s: torch.rand(s, generator=g, **f))
    beta = torch.exp(T_(m.beta_mu)[:, None] + bm.BETA_SD * z(S, n))
    lead = torch.exp(T_(m.lead_mu)[:, None] + bm.LEAD_SD * z(S, n))
    conv = torch.sigmoid(T_(bm.CONV_M)[:, None, None] + bm.CONV_SD * z(K, n)[:, None, :] + T_(m.conv_shift)[None, :, None])
    lam = bm.LAM_LO + (bm.LAM_HI - bm.LAM_LO) * u01(S, n)
    v = u01(m.comp, n)
    fc = (bm.CUT_MODE - bm.CUT_LO) / (bm.CUT_HI - bm.CUT_LO)
    cut = torch.where(v < fc, bm.CUT_LO + torch.sqrt(v * (bm.CUT_HI - bm.CUT_LO) * (bm.CUT_MODE - bm.CUT_LO)),
                      bm.CUT_HI - torch.sqrt((1 - v) * (bm.CUT_HI - bm.CUT_LO) * (bm.CUT_HI - bm.CUT_MODE)))
    if det:
        cut = torch.full((m.comp, n), bm.CUT_MODE, **f)
    base, asc = T_(m.base)[:, None], T_(m.asc)[:, :, None]
    asc_p = asc.clone()
    asc_p[:, :own] += bm.DISPLAY
    price = base.expand(J, n).clone()
    ref = base.expand(S, J, n).clone()
    target0, target1 = base[own:], base[own:] * (1.0 - cut)
    pipe = torch.zeros((K, S, n), **f)
    cost = T_(m.cost)[:own, None]
    rt, mt = torch.zeros(n, **f), torch.zeros(n, **f)
    for t in range(m.T):
        price[:own] = base[:own] * (1.0 - T_(m.disc[t])[:, None])
        tgt = target1 if t > 0 and m.promo_on(t - 1) else target0
        price[own:].add_(tgt - price[own:], alpha=bm.ADJ)
        gap = ref - price
        u = gap.clamp(min=0.0).mul_(bm.GAIN).add_(gap.clamp(max=0.0), alpha=bm.LOSS).sub_(price).mul_(beta[:, None, :])
        u.add_(asc_p if m.promo_on(t) else asc).exp_()
        buy = pipe[4] * conv[4] / (u.sum(1) + 1.0)
        sales = (buy[:, None, :] * u[:, :own]).sum(0)
        rev = (sales * price[:own]).sum(0)
        mar = (sales * (price[:own] - cost)).sum(0)
        for k in range(K - 1, 0, -1):
            pipe[k].mul_(1.0 - bm.HAZ[k]).add_(pipe[k - 1] * conv[k - 1], alpha=bm.HAZ[k - 1])
        leads = lead * m.season[t]
        if noise:
            leads *= torch.exp(bm.SHOCK_SD * z(S, n) - 0.5 * bm.SHOCK_SD ** 2)
        pipe[0].mul_(1.0 - bm.HAZ[0]).add_(leads)
        if m.promo_on(t):
            mar -= bm.PROMO_COST * own
        ref = gap.mul_(lam[:, None, :]).add_(price)
        rt += rev
        mt += mar
        rw[t] += rev.sum()
        mw[t] += mar.sum()
    return rt, mt


def main():
    a = bm.arguments("torch", threads=dict(type=int, default=1), chunk=dict(type=int, default=8192))
    torch.set_num_threads(a.threads)
    m = bm.Model(a.segments, a.alts, a.weeks)

    def once():
        rev, mar, rw, mw = [x.numpy() for x in simulate(m, a.paths, a.seed, a.noise, a.det, a.chunk)]
        q = np.quantile(rev, [.1, .5, .9]), np.quantile(mar, [.1, .5, .9])
        return dict(rev_mean=float(rev.mean()), rev_p10=float(q[0][0]), rev_p50=float(q[0][1]), rev_p90=float(q[0][2]),
                    rev_sd=float(rev.std()), mar_mean=float(mar.mean()), mar_p10=float(q[1][0]), mar_p50=float(q[1][1]),
                    mar_p90=float(q[1][2]), rev_w12=float(rw[11] / a.paths), mar_w52=float(mw[-1] / a.paths))

    with torch.no_grad():
        times, res = bm.timed(once, a.repeat)
    bm.report("torch-%s" % torch.__version__, a, times, res, threads=a.threads)


if __name__ == "__main__":
    main()
