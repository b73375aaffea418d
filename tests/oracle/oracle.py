# SPDX-License-Identifier: GPL-3.0-or-later
"""The model of docs/model/ a second time: expected flows, one path at a time, plain and slow.

    oracle.py SCENARIO [--plan ID] [--paths N]     (no --paths: inputs at their centre)

prints the results as JSON: means over paths 0 .. N-1, with the keys of `pricesim run --format json`."""
import argparse
import json
import math
import sys

from attribution import attribute
from laws import normal_cdf
from model import UNITS, Model
from path import Path
from walk import RATIOS, Walk


def run(file, plan=None, paths=None, attribution=True):
    model = Model(file, plan)
    results = []
    for r in [None] if paths is None else range(paths):
        path = Path(model, r)
        result = Walk(path).headline()
        if model.promotions and attribution:
            result["promotions"] = attribute(path)
        results.append(result)
    return average(model, results)


def average(model, results):
    n = len(results)
    out = {"summary": {}, "series": {}, "by": {}}
    total = {k: sum(r["total"][k] for r in results) / n for k in results[0]["total"]}
    for k, (a, b) in RATIOS.items():
        if total.get(b):
            total[k] = total[a] / total[b]
    out["summary"] = total
    for k in results[0]["series"]:
        out["series"][k] = [sum(r["series"][k][t] for r in results) / n for t in range(model.T)]
    for dimension in results[0]["by"]:
        out["by"][dimension] = {}
        for x in results[0]["by"][dimension]:
            group = {k: sum(r["by"][dimension][x][k] for r in results) / n for k in results[0]["by"][dimension][x]}
            if group.get("units") and "pocket_value" in group:
                group["pocket_price"] = group["pocket_value"] / group["units"]
            if dimension in ("segment", "channel", "band", "sales_model"):
                if group.get("decided"):
                    group["share"] = group["won"] / group["decided"]
                group["earned"] = group["pocket_margin"] - group.get("again_margin", 0.0) - group.get("acquisition_cost", 0.0)
            for k in ("cac", "deal_size", "margin_per_lead", "churn", "ltv", "ltv_cac", "roi", "payback_months") if dimension in ("segment", "channel", "band") else ("churn",):
                a, b = (group.get(x, 0.0) for x in RATIOS[k])
                group[k] = a / b if b else None
            out["by"][dimension][x] = group
    out["funnel"] = [{k: sum(r["funnel"][g][k] for r in results) / n for k in results[0]["funnel"][g]} for g in model.stage]
    out["teams"] = {z: {k: sum(r["teams"][z][k] for r in results) / n for k in results[0]["teams"][z]} for z in model.teams}
    out["waterfall"] = [sum(r["steps"][k] for r in results) / n for k in range(len(model.step_order))]
    if "promotions" in results[0]:
        out["promotions"] = summarise(model, [r["promotions"] for r in results])
    out["goals"] = {k: sum(r["goals"][k] for r in results) / n for k in model.goals}
    out["opening_revenue"] = sum(r["opening_revenue"] for r in results) / n
    return out


def summarise(model, results):
    n = len(results)
    mean = lambda f: sum(f(r) for r in results) / n  # noqa: E731
    out = {"calendar": {k: mean(lambda r: r["rows"][k]) for k in results[0]["rows"]}}
    for k in ("net", "inside", "naive"):
        out["calendar"][k] = mean(lambda r: r[k])
    for m in [None] + model.promotions:
        touch = {k: mean(lambda r: r["touch"][m][k]) for k in results[0]["touch"][m]}
        to = out["calendar"] if m is None else out.setdefault(m, {"net": mean(lambda r: r["value"][m])})
        fixed = mean(lambda r: r["fixed"]) if m is None else model_fixed(model, m)
        funding = mean(lambda r: r["funding"]) if m is None else model_lump(model, m, "funding_once")
        q0, q1 = touch["q0"], touch["q1"]
        margin = touch["margin"] / q1 - (touch["elsewhere"] / (q1 - q0) if q1 > q0 else 0.0) if q1 > 0 else 0.0
        fees = mean(lambda r: r["fees"][m])
        spend = touch["discount"] + fixed - funding - fees
        to.update(baseline_units=q0, promoted_units=q1, discount=touch["discount"], lift=(q1 - q0) / q0 if q0 > 0 else None,
                  break_even_lift=(touch["gift"] + fixed - funding - fees) / (q0 * margin) if margin > 0 and q0 > 0 else None,
                  roi_on_spend=to["net"] / spend if spend > 0 else None)
        if fees:
            to["member_fees"] = fees
        if touch["orders"] > 0 and (m is None or model.promotion[m]["kind"] in ("threshold",) + UNITS):
            for k in ("redeemed_frac", "topped_up_frac", "subsidised_frac", "mean_paid", "goods_value"):
                to[k] = touch[k] / touch["orders"]
        if m is not None and model.promotion[m]["kind"] == "threshold":
            spend, save = model.promotion[m]["tiers"][0]
            to["top_up_from"] = max(0.0, spend - save / (1 - model.promotion[m]["addon"].law.centre()))
    if len(model.promotions) > 1:
        out["interaction"] = {"net": out["calendar"]["net"] - sum(out[m]["net"] for m in model.promotions)}
    return out


def model_lump(model, m, key):
    """Mean of a sum that falls due once, if its day is in the walk."""
    d, sc = model.promotion[m], model.sc
    return law_mean(d[key].law) if d[key] and sc.start0 <= d["from"] < sc.start(model.T_end) else 0.0


def model_fixed(model, m):
    d, sc = model.promotion[m], model.sc
    weeks = sum(model.active_days(m, sc.start(t), sc.start(t + 1)) for t in range(model.T_end)) / 7
    return (law_mean(d["weekly"].law) * weeks if d["weekly"] else 0.0) + model_lump(model, m, "once")


def law_mean(law):
    """Mean of an uncertain number's law; by quadrature over its quantiles where there is no formula."""
    if law.cut is None and law.sign > 0 and law.name not in ("normal", "logit_normal", "beta", "discrete"):
        return law.mean()
    if law.cut is None and law.name == "normal":
        return law.p[0]
    if law.cut is None and law.name == "beta":
        return law.p[0] / (law.p[0] + law.p[1])
    steps = 20000
    return sum(law.quantile(normal_cdf(-8 + 16 * (k + 0.5) / steps)) * math.exp(-0.5 * (-8 + 16 * (k + 0.5) / steps) ** 2)
               for k in range(steps)) * 16 / steps / math.sqrt(2 * math.pi)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("scenario")
    parser.add_argument("--plan")
    parser.add_argument("--paths", type=int)
    arguments = parser.parse_args()
    json.dump(run(arguments.scenario, arguments.plan, arguments.paths), sys.stdout, indent=1)
