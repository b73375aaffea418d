# SPDX-License-Identifier: GPL-3.0-or-later
"""P15: the funnel: a cohort, constant flow from an empty start, unknown conversions, capacity, and cash."""
import datetime
import math

from . import frame

NOT_COVERED = {}
OFFER = {"own": {"list_price": 100, "unit_cost": 50}}


def choice_stage(stages, conversions):
    """The stage at which the customer decides, whose conversion is the win rate: the negotiation, else the last of which
    the outcome is not certain."""
    open_ones = [k for k, c in enumerate(conversions) if not isinstance(c, (int, float)) or 0 < c < 1]
    return stages.index("negotiation") if "negotiation" in stages and stages.index("negotiation") in open_ones else open_ones[-1]


def funnel(stages, conversions, arrivals, days=None, offers=None, **more):
    at = choice_stage(stages, conversions)
    rows = []
    for k, name in enumerate(stages):
        stage = {"choice": True} if k == at else {"conversion": conversions[k]}
        rows.append((name, {**stage, "days": days[k] if days else 0}))
    offers = offers or OFFER
    choice = {"conversion": conversions[at], "price_sensitivity": frame.exact(1.0 / offers["own"]["list_price"])}  # prices do not move
    return frame.pipeline(arrivals, choice, rows, offers, **more)


def whole(scenario, parameters="centre"):
    scenario["run"] = {"counts": "whole", "parameters": parameters}
    return scenario


def cohort(case, table, program):
    n = program.paths
    for k, row in enumerate(case["cohort"]):
        block, stages, leads = "cohort %d" % k, row["stages"], row["N"]
        result = program.run(whole(funnel(stages, row["conversion"], {"per_day": leads, "law": "fixed"})), n)
        reach = 1.0
        for stage, entering, exiting, got in zip(stages, row["entering"], row["exiting"], result["funnel"]):
            passed = exiting / leads
            table.sampled(block, "entering " + stage, entering, got["entered"], math.sqrt(leads * reach * (1 - reach) / n))
            table.sampled(block, "exiting " + stage, exiting, got["passed"], math.sqrt(leads * passed * (1 - passed) / n))
            reach = passed
        signed = result["summary"]["customers_signed"]
        cdf = frame.binomial_cdf(leads, math.prod(row["conversion"]))
        table.sampled(block, "final_mean", row["final_mean"], signed["mean"], row["final_sd"] / math.sqrt(n))
        table.sampled_sd(block, "final_sd", row["final_sd"], signed["sd"], n)
        for level in (5, 50, 95):
            table.sampled_quantile(block, "p%02d" % level, row["p%02d" % level], signed["p%d" % level], level / 100, n, cdf)


def flow_scenario(x):
    offers = {"own": {"list_price": x["deal_value"], "unit_cost": x["deal_value"] * (1 - x["gross_margin"])}}
    return funnel(x["stages"], x["conversion"], {"per_day": x["lead_rate_per_day"], "law": "poisson"},
                  days=[{"exponential": {"mean": d}} if d > 0 else 0 for d in x["mean_dwell_days"]], offers=offers,
                  calendar={"start": "2024-01-01", "period": "day", "periods": x["horizon_days"]},
                  payment={"days": {"exponential": {"mean": x["payment_mean_delay_days"]}}, "bad_debt": 1 - x["payment_prob"]})


FLOW = (  # quantity, key of explain --derived, function of the result
    ("expected_leads", "flow/leads", lambda r: frame.mean(r, "leads")),
    ("expected_wins_by_horizon", "flow/signed", lambda r: frame.mean(r, "customers_signed")),
    ("expected_booked_revenue", "flow/booked", lambda r: frame.mean(r, "booked")),
    ("expected_gross_margin", "flow/margin", lambda r: frame.mean(r, "pocket_margin")),
    ("expected_cash_deals_by_horizon", "flow/paid", None),
    ("expected_cash", "flow/collected", lambda r: frame.mean(r, "collected")),
    ("expected_receivable", "flow/unpaid", lambda r: frame.mean(r, "booked") - frame.mean(r, "collected")),
    ("eventual_wins_from_leads_created", "flow/eventual_signed", None),
)


def day_errors(x, program):
    """What whole days may cost, by key: a delay of whole days has the mean of the delay but more variance, by 1/6 day^2 a
    stage, which moves a figure by its second derivative in the horizon times half of that; twice this is allowed, and 1e-5."""
    before, now, after = (program.derived(flow_scenario({**x, "horizon_days": x["horizon_days"] + d})) for d in (-1, 0, 1))
    part = 2 * (len(x["stages"]) + 1) / 12
    error = {key: 1e-5 * abs(now[key]) + part * abs(before[key] - 2 * now[key] + after[key]) for key in now if key.startswith("flow/")}
    into = 0.0
    for stage, days, conversion in zip(x["stages"], x["mean_dwell_days"], x["conversion"]):  # what came less what left: both err
        key = "flow/%s/open" % stage
        left = abs(after[key] - before[key]) / 2 / days if days > 0 else into
        error[key] = 1e-5 * abs(now[key]) + part * (into + left)
        into = conversion * left
    return error


def flow(case, table, program, rel):
    for k, row in enumerate(case["flow"]):
        block, x, paths = "flow %d" % k, row["inputs"], max(program.paths // 10, 200)
        scenario = flow_scenario(x)
        derived, daily, error = program.derived(scenario), program.run(scenario), day_errors(x, program)
        luck = program.run(whole(scenario), paths)
        for quantity, key, of_result in FLOW:
            table.close(block, "analytic", quantity, row[quantity], derived[key], rel=rel)
            if of_result:  # what is unpaid is a difference: the error of its parts
                allowed = error["flow/booked"] + error["flow/collected"] if key == "flow/unpaid" else error[key]
                table.close(block, "run", quantity + " (by day)", row[quantity], of_result(daily), abs_=allowed)
        table.close(block, "analytic", "overall_conversion", row["overall_conversion"], derived["flow/eventual_signed"] / derived["flow/leads"], rel=rel)
        table.close(block, "analytic", "mean_cycle_days_of_winners", row["mean_cycle_days_of_winners"], derived["steady/cycle_days"], rel=rel)
        table.all_close(block, "analytic", "expected_in_stage_at_horizon", row["expected_in_stage_at_horizon"],
                        [derived["flow/%s/open" % stage] for stage in x["stages"]], rel=rel)
        for stage, expected, got in zip(x["stages"], row["expected_in_stage_at_horizon"], daily["funnel"]):
            table.close(block, "run", "in %s (by day)" % stage, expected, got["open_end"], abs_=error["flow/%s/open" % stage])
        table.all_close(block, "analytic", "steady_state_in_stage", row["steady_state_in_stage"],
                        [derived["funnel/%s/steady_open" % stage] for stage in x["stages"]], rel=rel)
        signed = luck["summary"]["customers_signed"]
        sd = math.sqrt(row["variance_wins"])
        table.sampled(block, "expected_wins (whole, by day)", row["expected_wins_by_horizon"], signed["mean"], sd / math.sqrt(paths))
        table.sampled_sd(block, "sd of wins (whole, by day)", sd, signed["sd"], paths)
        table.close(block, "analytic", "p_zero_wins", row["p_zero_wins"], derived["flow/p_none_signed"], rel=rel)


def beta_binomial_cdf(n, a, b):
    def log_beta(x, y):
        return math.lgamma(x) + math.lgamma(y) - math.lgamma(x + y)
    total, below = 0.0, []
    for k in range(n + 1):
        choose = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
        total += math.exp(choose + log_beta(k + a, n - k + b) - log_beta(a, b))
        below.append(min(total, 1.0))
    return lambda k: 0.0 if k < 0 else below[min(int(k), n)]


def one_stage(conversion, n):
    scenario = funnel(["decision"], [conversion], {"per_day": n, "law": "fixed"})
    scenario["goals"] = {"any": {"metric": "customers_signed", "level": 1, "by": "2024-01-01"}}
    return scenario


def beta_binomial(case, table, program, rel):
    paths = program.paths
    for k, row in enumerate(case["beta_binomial"]):
        block, n = "beta_binomial %d" % k, row["future_n"]
        a, b = row["prior"][0] + row["data"][0], row["prior"][1] + row["data"][1] - row["data"][0]
        table.all_close(block, "library", "posterior", row["posterior"], [a, b])
        moments, low, high = program.library([["dist", "beta", a, b, 0, "moments"], ["dist", "beta", a, b, 0, "quantile", 0.025],
                                              ["dist", "beta", a, b, 0, "quantile", 0.975]])
        table.all_close(block, "library", "posterior mean and sd", [row["posterior_mean"], row["posterior_sd"]], moments, rel=rel)
        table.all_close(block, "library", "ci95", row["ci95"], [low[0], high[0]], rel=rel)
        result = program.run(whole(one_stage({"beta": {"a": a, "b": b}}, n), "drawn"), paths)
        signed = result["summary"]["customers_signed"]
        table.sampled(block, "pred_mean", row["pred_mean"], signed["mean"], row["pred_sd"] / math.sqrt(paths))
        table.sampled(block, "pred_sd", row["pred_sd"], signed["sd"], sd_error(signed, row["pred_sd"], paths))
        cdf = beta_binomial_cdf(n, a, b)
        for level in (5, 95):
            table.sampled_quantile(block, "pred_p%02d" % level, row["pred_p%02d" % level], signed["p%d" % level], level / 100, paths, cdf)
        none = 1.0 - result["goals"]["any"]["p"]
        table.sampled(block, "pmf_0", row["pmf_0"], none, math.sqrt(max(row["pmf_0"], 1.0 / paths) / paths))
        known = program.run(whole(one_stage(row["posterior_mean"], n)), paths)["summary"]["customers_signed"]
        table.sampled_sd(block, "binomial_sd_if_rate_known", row["binomial_sd_if_rate_known"], known["sd"], paths)


def sd_error(figure, sd, paths):
    """Of a standard deviation of something skewed: a generous kurtosis of 4.5."""
    return sd * math.sqrt((4.5 - 1.0) / (4.0 * paths)) if figure else 0.0


def beta_chain(case, table, program):
    paths = program.paths
    for k, row in enumerate(case["beta_chain"]):
        block = "beta_chain %d" % k
        stages = ["stage%d" % g for g in range(len(row["betas"]))]
        arrivals = {"per_day": row["N"], "law": "fixed"}
        result = program.run(whole(funnel(stages, [{"beta": {"a": a, "b": b}} for a, b in row["betas"]], arrivals), "drawn"), paths)
        signed = result["summary"]["customers_signed"]
        table.sampled(block, "mean", row["mean"], signed["mean"], row["sd"] / math.sqrt(paths))
        table.sampled(block, "sd", row["sd"], signed["sd"], sd_error(signed, row["sd"], paths))
        table.sampled(block, "var", row["var"], signed["sd"] ** 2, 2 * row["sd"] * sd_error(signed, row["sd"], paths))
        known = program.run(whole(funnel(stages, [a / (a + b) for a, b in row["betas"]], arrivals)), paths)["summary"]["customers_signed"]
        table.sampled_sd(block, "sd_if_rates_known", row["sd_if_rates_known"], known["sd"], paths)


def queue(case, table, program, rel):
    """c representatives who serve mu deals a day each; as many as a capacity where more come."""
    for k, row in enumerate(case["capacity_mmc"]):
        block = "capacity_mmc %d" % k
        scenario = funnel(["decision"], [0.5], {"per_day": row["lam"], "law": "poisson"})
        scenario["sales_models"] = {"desk": {"stages": {"decision": {"effort": 1}}, "team": {
            "representatives": row["c"], "hours": {"per_day": row["mu"]}, "takes_up": "decision"}}}
        scenario["market"]["segments"]["all"]["sold_by"] = "desk"
        derived = program.derived(scenario)
        table.close(block, "analytic", "utilisation", row["utilisation"], derived["sales/desk/utilisation"], rel=rel)
        table.row(block, "analytic", "stable", row["stable"], "sales/desk/p_wait" in derived, 0, row["stable"] == ("sales/desk/p_wait" in derived))
        if row["stable"]:
            for quantity, key in (("p_wait", "p_wait"), ("mean_wait_days", "wait_days"), ("mean_queue", "waiting"),
                                  ("mean_time_in_stage", "days"), ("p_wait_gt_1day", "p_wait_over_a_day")):
                table.close(block, "analytic", quantity, row[quantity], derived["sales/desk/" + key], rel=rel)
            continue
        scenario = funnel(["decision"], [0.5], {"per_day": row["lam"], "law": "expected"})
        scenario["funnel"]["stages"]["decision"]["capacity"] = {"per_day": row["c"] * row["mu"]}
        derived, result = program.derived(scenario), program.run(scenario)
        table.close(block, "analytic", "utilisation (capacity)", row["utilisation"], derived["funnel/decision/utilisation"], rel=rel)
        table.close(block, "analytic", "throughput", row["throughput"], derived["funnel/decision/throughput"], rel=rel)
        table.close(block, "analytic", "backlog_growth_per_day", row["backlog_growth_per_day"], derived["funnel/decision/backlog_growth"], rel=rel)
        table.close(block, "run", "backlog_growth_per_day", row["backlog_growth_per_day"], result["funnel"][0]["waiting_end"], rel=rel)


def bottleneck(case, table, program, rel):
    for k, row in enumerate(case["bottleneck"]):
        block, rows = "bottleneck %d" % k, row["stages"]
        names = [s["stage"] for s in rows]
        after = [s["arrivals"] for s in rows[1:]] + [row["wins_per_day"]]
        scenario = funnel(names, [x / s["throughput"] for x, s in zip(after, rows)], {"per_day": row["lead_rate"], "law": "expected"})
        for s in rows:
            scenario["funnel"]["stages"][s["stage"]]["capacity"] = {"per_day": s["capacity"]}
        derived, result = program.derived(scenario), program.run(scenario)
        for quantity in ("arrivals", "utilisation", "throughput", "backlog_growth"):
            table.all_close(block, "analytic", quantity, [s[quantity] for s in rows],
                            [derived["funnel/%s/%s" % (n, quantity)] for n in names], rel=rel, abs_=1e-9)
        worth = [derived["funnel/%s/worth_of_capacity" % n] for n in names]
        table.all_close(block, "analytic", "marginal_wins_per_unit_capacity", row["marginal_wins_per_unit_capacity"], worth, rel=rel, abs_=1e-12)
        best = names[max(range(len(names)), key=worth.__getitem__)] if max(worth) > 1e-12 else None
        table.row(block, "analytic", "bottleneck", row["bottleneck"], best, 0, best == row["bottleneck"])
        said = result["bottleneck"]
        reported = said["stage"] if said["binds"] else None
        table.row(block, "run", "bottleneck", row["bottleneck"], reported, 0, reported == row["bottleneck"])
        table.close(block, "run", "worth of its capacity", max(row["marginal_wins_per_unit_capacity"]), said["worth_of_capacity"], rel=rel, abs_=1e-12)
        table.close(block, "analytic", "wins_per_day", row["wins_per_day"], derived["steady/signed"], rel=rel)
        table.close(block, "run", "wins_per_day", row["wins_per_day"], frame.mean(result, "customers_signed"), rel=rel)
        table.all_close(block, "run", "arrivals", [s["arrivals"] for s in rows], [s["entered"] for s in result["funnel"]], rel=rel, abs_=1e-9)
        table.all_close(block, "run", "backlog_growth", [s["backlog_growth"] for s in rows], [s["waiting_end"] for s in result["funnel"]],
                        rel=rel, abs_=1e-9)


def cash(case, table, program, rel):
    for k, row in enumerate(case["cash"]):
        block, law = "cash %d" % k, ["dist", row["delay"], row["median_days"], row["sdlog"], 0]
        days = range(row["horizon"] + 1)
        questions = [law + ["moments"]] + [law + ["cdf", max(t - at, 0)] for t in days for at, _ in row["invoices"]]
        answers = [a[0] for a in program.library(questions)]
        paid_part = 1.0 - row["bad_debt"]
        part = iter(answers[1:])
        by_day = [sum(paid_part * amount * next(part) for _, amount in row["invoices"]) for _ in days]
        table.close(block, "library", "mean_delay", row["mean_delay"], answers[0], rel=rel)
        table.close(block, "library", "collected", row["collected"], by_day[-1], rel=rel)
        table.close(block, "library", "outstanding_or_lost", row["outstanding_or_lost"], sum(a for _, a in row["invoices"]) - by_day[-1], rel=rel)
        # By run: one sale a day at the price of the day's invoice, sent at the day's start; other days, and those before the start, sell for
        # next to nothing. The year of the rate has 365 days in the case.
        nothing = 1e-6
        scenario = frame.always(1, nothing, 0)
        scenario["calendar"] = {"start": "2024-01-01", "period": "day", "periods": row["horizon"]}
        scenario["market"]["segments"]["all"]["arrivals"] = {"per_day": 1, "law": "expected"}
        due = [0.0] * row["horizon"]
        for at, amount in row["invoices"]:
            due[at] += amount
        changes = [{"from": (datetime.date(2024, 1, 1) + datetime.timedelta(days=t)).isoformat(), "price": max(amount, nothing)}
                   for t, amount in enumerate(due) if t == 0 or amount != due[t - 1]]
        scenario["offers"]["own"]["pricing"] = {"kind": "fixed", "changes": changes}
        scenario["payment"] = {"days": {row["delay"]: {"median": row["median_days"], "sdlog": row["sdlog"]}}, "bad_debt": row["bad_debt"],
                               "invoices": "period_start"}
        scenario["costs"] = {"discount_rate_per_year": (1.0 + row["pv_at_annual_rate"]) ** (365.25 / 365.0) - 1.0}
        result = program.run(scenario)
        got = frame.mean(result, "collected")
        table.close(block, "run", "collected", row["collected"], got, rel=rel)
        table.close(block, "run", "outstanding_or_lost", row["outstanding_or_lost"], frame.mean(result, "invoiced") - got, rel=rel)
        table.close(block, "run", "present_value", row["present_value"], frame.mean(result, "npv"), rel=rel)


def check(case, _folder, table, program):
    rel = case["tolerance"]["closed_form_rel"]
    cohort(case, table, program)
    flow(case, table, program, rel)
    beta_binomial(case, table, program, rel)
    beta_chain(case, table, program)
    queue(case, table, program, rel)
    bottleneck(case, table, program, rel)
    cash(case, table, program, rel)
