# SPDX-License-Identifier: GPL-3.0-or-later
"""P23: the price stage inside the funnel: plans, unknown inputs, a rival that follows with a lag, a price war."""
import math

from . import frame

NOT_COVERED = {}


def scenario_of(x, arrivals, conversions, sensitivity, rivals, price, commission, **more):
    """A funnel whose stages have no delay, the choice in the middle; conversions: before, after."""
    before = [("before%d" % k, {"conversion": c, "days": 0}) for k, c in enumerate(conversions[0])]
    after = [("after%d" % k, {"conversion": c, "days": 0}) for k, c in enumerate(conversions[1])]
    outside = x.get("no_purchase_utility", 0)
    utility = {"own": x["own_utility"] - outside, **{"r%d" % k: u - outside for k, (u, _) in enumerate(rivals)}}
    scenario = frame.pipeline(arrivals, {"utility": utility, "price_sensitivity": sensitivity},
                              before + [("choice", {"choice": True, "days": 0})] + after,
                              {"own": {"list_price": price, "unit_cost": x["unit_cost"]}}, **more)
    scenario["competitors"] = {"firm%d" % k: {"offers": {"r%d" % k: {"price": p}}} for k, (_, p) in enumerate(rivals)}
    scenario["sales_team"] = {"commission": {"on": "booked", "tiers": [{"rate": commission}], "per": "year"}}
    return scenario


def plan_scenario(x, plan):
    scenario = scenario_of(x, {"per_day": x["leads"], "law": "fixed"}, (x["conversion_before"], x["conversion_after"]),
                           frame.exact(-x["alpha"]), [(r["utility"], r["price"]) for r in x["rivals"]], plan["price"],
                           x["commission_pct_of_price"])
    if plan["fixed_cost"]:
        scenario["costs"] = {"once": plan["fixed_cost"]}
    return scenario


def static_expected(block, row, result, table, rel):
    table.close(block, "run", "win_prob_at_price_stage", row["win_prob_at_price_stage"], frame.mean(result, "win_rate"), rel=rel)
    table.close(block, "run", "lead_to_paid", row["lead_to_paid"], frame.mean(result, "customers_signed") / frame.mean(result, "leads"), rel=rel)
    table.close(block, "run", "expected_paid_deals", row["expected_paid_deals"], frame.mean(result, "customers_signed"), rel=rel)
    table.close(block, "run", "expected_revenue", row["expected_revenue"], frame.mean(result, "revenue"), rel=rel)
    table.close(block, "run", "expected_margin", row["expected_margin"], frame.mean(result, "contribution"), rel=rel)


def static_whole(block, x, plan, row, table, program):
    n = program.paths
    scenario = plan_scenario(x, plan)
    scenario["run"] = {"counts": "whole", "parameters": "centre"}
    scenario["goals"] = {"no_loss": {"metric": "contribution", "level": 0, "by": "2024-01-01"}}
    result = program.run(scenario, n)
    revenue, margin = result["summary"]["revenue"], result["summary"]["contribution"]
    table.sampled(block, "expected_revenue (whole)", row["expected_revenue"], revenue["mean"], row["sd_revenue"] / math.sqrt(n))
    table.sampled(block, "expected_margin (whole)", row["expected_margin"], margin["mean"], row["sd_margin"] / math.sqrt(n))
    table.sampled_sd(block, "sd_revenue", row["sd_revenue"], revenue["sd"], n)
    table.sampled_sd(block, "sd_margin", row["sd_margin"], margin["sd"], n)
    cdf = frame.binomial_cdf(x["leads"], row["lead_to_paid"])
    for level in (5, 50, 95):
        table.sampled_quantile(block, "revenue_p%02d" % level, row["revenue_p%02d" % level], revenue["p%d" % level], level / 100, n,
                               lambda money: cdf(math.floor(money / plan["price"] + 1e-9)))
    loss = row["prob_margin_negative"]
    table.sampled(block, "prob_margin_negative", loss, 1.0 - result["goals"]["no_loss"]["p"], math.sqrt(max(loss, 1.0 / n) / n))


def static(case, table, program, rel):
    x = case["static"]["inputs"]
    results = {}
    for name, row in case["static"]["plans"].items():
        plan = x["plans"][name]
        block = "static " + name
        results[name] = program.run(plan_scenario(x, plan))
        static_expected(block, row, results[name], table, rel)
        table.close(block, "run", "unit_margin", row["unit_margin"], (frame.mean(results[name], "contribution") + plan["fixed_cost"])
                    / frame.mean(results[name], "customers_signed"), rel=rel)
        static_whole(block, x, plan, row, table, program)
    for name, row in case["static"]["comparisons"].items():
        one, other = name.split("_minus_")
        for quantity, metric in (("expected_margin_difference", "contribution"), ("expected_revenue_difference", "revenue")):
            a, b = frame.mean(results[one], metric), frame.mean(results[other], metric)
            table.close("static " + name, "run", quantity, row[quantity], a - b, abs_=rel * max(abs(a), abs(b)))
        variances("static " + name, x, (x["plans"][one], x["plans"][other]), row, table, program)


def variances(block, x, plans, row, table, program):
    """Of the difference in margin of two plans on the same luck, by `compare`. The difference of a future is nearly normal:
    its variance has a relative error of sqrt(2/n)."""
    scenarios = [plan_scenario(x, plan) for plan in plans]
    for scenario in scenarios:
        scenario["run"] = {"counts": "whole", "parameters": "centre"}
    difference = program.compare(scenarios[1], scenarios[0], program.paths)["contribution"]
    error, variance = math.sqrt(2.0 / program.paths), difference["sd"] ** 2
    stated = row["var_difference_crn_same_uniform_per_lead"]
    table.sampled(block, "expected_margin_difference (whole)", row["expected_margin_difference"], difference["mean"],
                  math.sqrt(stated / program.paths))
    table.sampled(block, "var_difference_crn", stated, variance, stated * error)
    table.sampled(block, "variance_reduction", row["variance_reduction"], row["var_difference_independent"] / variance,
                  row["variance_reduction"] * error)


def epistemic_scenario(x, after, counts, parameters, known_alpha=False):
    """The price stage comes before the last `after` stages."""
    before = len(x["stage_betas"]) - after
    betas = [{"beta": {"a": a, "b": b}} for a, b in x["stage_betas"]]
    sensitivity = frame.exact(-x["alpha_mean"]) if known_alpha else {"normal": {"mean": -x["alpha_mean"], "sd": x["alpha_sd"]}}
    scenario = scenario_of(x, {"per_day": x["leads"], "law": "fixed"}, (betas[:before], betas[before:]), sensitivity,
                           x["rivals"], x["price"], x["commission"])
    scenario["run"] = {"counts": counts, "parameters": parameters}
    return scenario


def known_scenario(x, after, win_rate):
    """What is expected under the uncertain inputs, as known numbers: each conversion its mean, the win rate the mean one."""
    before = len(x["stage_betas"]) - after
    means = [a / (a + b) for a, b in x["stage_betas"]]
    scenario = scenario_of(x, {"per_day": x["leads"], "law": "fixed"}, (means[:before], means[before:]), frame.exact(-x["alpha_mean"]),
                           x["rivals"], x["price"], x["commission"])
    rivals = {"r%d" % k: 1.0 / len(x["rivals"]) for k in range(len(x["rivals"]))}
    scenario["market"]["segments"]["all"]["choice"] = {"conversion": win_rate, "lost_to": {**rivals, "none": 0.0},
                                                       "price_sensitivity": frame.exact(-x["alpha_mean"])}
    scenario["run"] = {"counts": "whole", "parameters": "centre"}
    return scenario


def epistemic(case, table, program, rel):
    block, row, n = "epistemic", case["epistemic"], program.paths
    x, after = row["inputs"], len(case["static"]["inputs"]["conversion_after"])
    result = program.run(epistemic_scenario(x, after, "whole", "drawn"), n)
    flows = program.run(epistemic_scenario(x, after, "expected", "drawn"), n)
    centre = program.run(epistemic_scenario(x, after, "expected", "centre", True))
    deals, revenue, margin = (result["summary"][m] for m in ("customers_signed", "revenue", "contribution"))
    total, epistemic_var, share = row["var_deals_total"], row["var_deals_epistemic"], row["epistemic_share"]
    root = math.sqrt(n)
    table.close(block, "run", "win_prob_at_mean_alpha", row["win_prob_at_mean_alpha"], frame.mean(centre, "win_rate"), rel=rel)
    table.sampled(block, "mean_win_prob", row["mean_win_prob"], frame.mean(flows, "win_rate"), flows["summary"]["win_rate"]["sd"] / root)
    table.sampled(block, "expected_deals", row["expected_deals"], deals["mean"], math.sqrt(total) / root)
    table.sampled(block, "expected_revenue", row["expected_revenue"], revenue["mean"], row["sd_revenue"] / root)
    table.sampled(block, "expected_margin", row["expected_margin"], margin["mean"], margin["sd"] / root)
    # Variances: four standard errors of a nearly normal variable.
    table.sampled(block, "var_deals_total", total, deals["sd"] ** 2, total * math.sqrt(2.0 / n))
    table.sampled(block, "var_deals_epistemic", epistemic_var, flows["summary"]["customers_signed"]["sd"] ** 2, epistemic_var * math.sqrt(2.0 / n))
    aleatory = row["var_deals_aleatory"]
    table.sampled(block, "var_deals_aleatory", aleatory, deals["sd"] ** 2 - flows["summary"]["customers_signed"]["sd"] ** 2,
                  math.sqrt(2.0 / n) * math.hypot(total, epistemic_var))
    twins = n / 16.0  # one path in sixteen has a twin
    table.sampled(block, "epistemic_share (ignorance)", share, deals["ignorance"], (1.0 - share ** 2) / math.sqrt(twins))
    table.sampled_sd(block, "sd_revenue", row["sd_revenue"], revenue["sd"], n)
    known = program.run(known_scenario(x, after, frame.mean(flows, "win_rate")), n)["summary"]["revenue"]
    table.sampled_sd(block, "sd_if_parameters_known", row["sd_if_parameters_known"], known["sd"], n)


def dynamic(case, table, program, rel):
    row = case["dynamic"]
    x = row["inputs"]
    reaction = x["reaction"]

    def scenario(prices):
        changes = [{"from": frame.week(t), "price": p} for t, p in enumerate(prices)]
        made = scenario_of(x, {"per_week": x["leads_per_week"], "law": "expected"}, (x["conversion_before"], x["conversion_after"]),
                           frame.exact(-x["alpha"]), [(x["rival_utility"], x["rival_price0"])], x["price0"], x["commission"],
                           calendar={"start": "2024-01-01", "period": "week", "periods": x["weeks"]})
        made["offers"]["own"]["pricing"] = {"kind": "fixed", "changes": changes}
        made["competitors"]["firm0"]["reaction"] = {
            "kind": "follow", "follows": "own", "follow_through": reaction["follow"], "lag_days": 7 * reaction["lag"],
            "on": "price", "cuts_only": reaction["cuts_only"], "floor": reaction["floor"]}
        return made

    result = program.run(scenario(x["price_path"]))
    series = {metric: result["series"][metric]["mean"] for metric in ("revenue", "contribution", "units", "win_rate_closed")}
    for quantity, metric in (("win_prob", "win_rate_closed"), ("expected_deals", "units"), ("expected_revenue", "revenue"),
                             ("expected_margin", "contribution")):
        table.all_close("dynamic", "run", quantity + " by week", [w[quantity] for w in row["weeks"]], series[metric], rel=rel)
    # The rival's price is in the choice: delta - |alpha| r = log of its sales over nothing's; here from the win rate.
    got = []
    for week, win in zip(row["weeks"], series["win_rate_closed"]):
        rest = math.exp(x["own_utility"] + x["alpha"] * week["price"]) * (1.0 - win) / win - 1.0
        got.append((math.log(rest) - x["rival_utility"]) / x["alpha"])
    table.all_close("dynamic", "run", "rival_price by week", [w["rival_price"] for w in row["weeks"]], got, rel=10 * rel)
    table.close("dynamic", "run", "total_revenue", row["total_revenue"], frame.mean(result, "revenue"), rel=rel)
    table.close("dynamic", "run", "total_margin", row["total_margin"], frame.mean(result, "contribution"), rel=rel)
    base = program.run(scenario([x["price0"]] * x["weeks"]))
    table.close("dynamic", "run", "baseline_revenue", row["baseline_revenue"], frame.mean(base, "revenue"), rel=rel)
    table.close("dynamic", "run", "baseline_margin", row["baseline_margin"], frame.mean(base, "contribution"), rel=rel)


def war_scenario(row, seen):
    """Two rivals undercut each other, one in each period; the price index shows the price of the one that anybody buys."""
    rivals = {}
    for k in (0, 1):
        first = k == row["first_mover"]
        rivals["firm%d" % k] = {"offers": {"r%d" % k: {"price": row["start"][k]}}, "reaction": {
            "kind": "undercut", "follows": "r%d" % (1 - k), "by": row["step"], "lag_days": 7, "floor": row["floors"][k],
            "moves": "odd" if first else "even"}}
    share = {"own": 0.3, "none": 0.3, "r%d" % seen: 0.4, "r%d" % (1 - seen): 0.0}
    segment = {"arrivals": {"per_week": 1, "law": "expected"},
               "choice": {"baseline": share, "elasticity": {"offer": "own", "value": frame.exact(-2)}}}
    return frame.market({"all": segment}, {"own": {"list_price": 100, "unit_cost": 50}}, periods=len(row["path"]) - 1, competitors=rivals)


def price_war(case, table, program, rel):
    for k, row in enumerate(case["price_war"]):
        block = "price_war %d" % k
        got = [program.run(war_scenario(row, seen))["series"]["price_index"]["mean"] for seen in (0, 1)]
        for seen in (0, 1):
            table.all_close(block, "run", "price of firm %d by move" % seen, [p[seen] for p in row["path"][1:]],
                            [100.0 * 100.0 / index for index in got[seen]], rel=rel)
            table.close(block, "run", "final price of firm %d" % seen, row["final"][seen], 1e4 / got[seen][-1], rel=rel)


def check(case, _folder, table, program):
    rel = case["tolerance"]["expected_rel"]
    static(case, table, program, rel)
    epistemic(case, table, program, rel)
    dynamic(case, table, program, rel)
    price_war(case, table, program, rel)
