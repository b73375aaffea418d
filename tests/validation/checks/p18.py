# SPDX-License-Identifier: GPL-3.0-or-later
"""P18: price waterfall, commissions, profit leverage, acquisition cost."""
from . import frame

INPUTS = {"commission_note", "commission_tiers"}
KINDS = {"pct_list": {"of": "list"}, "pct_running": {"of": "running"}}


def waterfall(case, table, program, rel):
    w = case["waterfall"]
    steps = {}
    for k, step in enumerate(w["steps"]):
        steps["step%d" % k] = {"amount": step["value"]} if step["kind"] == "abs" else {"rate": step["value"], **KINDS[step["kind"]]}
    scenario = frame.always(1, w["list_price"], w["variable_cost"])
    scenario["waterfall"] = {"order": ["negotiated", "promotion", "invoice", *steps], "steps": steps}
    derived = program.derived(scenario)
    rows = {row["id"]: row["per_unit"] for row in program.run(scenario)["waterfall"]}
    of_derived = {name: derived["waterfall/own/%s" % name] for name in [*steps, "list", "pocket", "margin"]}
    for kind, got in (("run", rows), ("analytic", of_derived)):
        table.all_close("waterfall", kind, "amounts", [s["amount"] for s in w["steps"]], [got[name] for name in steps], rel=rel)
        running, left = [], got["list"]
        for name in steps:
            left -= got[name]
            running.append(left)
        table.all_close("waterfall", kind, "running", [s["running"] for s in w["steps"]], running, rel=rel)
        table.close("waterfall", kind, "pocket_price", w["pocket_price"], got["pocket"], rel=rel)
        table.close("waterfall", kind, "pocket_margin", w["pocket_margin"], got["margin"], rel=rel)
        table.close("waterfall", kind, "pocket_margin_pct_list", w["pocket_margin_pct_list"], got["margin"] / got["list"], rel=rel)
        table.close("waterfall", kind, "pocket_margin_pct_pocket", w["pocket_margin_pct_pocket"], got["margin"] / got["pocket"], rel=rel)


def commission(case, table, program, rel):
    """Sales of one period, from one offer at a price of 1; no sales: the library alone."""
    tiers = [{"rate": rate} if up_to is None else {"up_to": up_to, "rate": rate} for up_to, rate in case["commission_tiers"]]
    for apply, quantity in (("slice", "marginal"), ("whole", "whole_amount_cliff")):
        team = {"commission": {"on": "booked", "tiers": tiers, "tiers_apply": apply, "per": "year"}}
        expected = [row[quantity] for row in case["commission"]]
        sales = [row["sales"] for row in case["commission"]]
        scenario = frame.always(1, 1, 0)
        scenario["sales_team"] = team
        answer = program.library([["commission", program.write(scenario), *(repr(float(s)) for s in sales)]])[0]
        table.all_close("commission", "library", quantity, expected, answer, rel=rel)
        got = []
        for amount in sales:
            scenario = frame.always(max(amount, 1e-9), 1, 0)
            scenario["sales_team"] = team
            got.append(frame.mean(program.run(scenario), "commission"))
        table.all_close("commission", "run", quantity, expected, got, rel=rel, abs_=1e-9)


def bonus(case, table, program, rel):
    """The rule in words: threshold 80 %; pct x min(attainment, 1.5) x 10 % of the quota; pct = 0.5. Sales of one quarter."""
    rows = case["quarterly_bonus"]["rows"]
    expected, by_run, attained = [row["bonus"] for row in rows], [], []
    quota = rows[0]["quota"]
    team = {"quota": {"amount": quota, "per": "quarter"}, "bonus": {"rate": 0.5 * 0.1, "threshold": 0.8, "cap": 1.5}}
    for row in rows:
        scenario = frame.always(row["sales"], 1, 0)
        scenario["calendar"] = {"start": "2026-04-01", "period": "quarter", "periods": 1}
        segment = next(iter(scenario["market"]["segments"].values()))
        segment["arrivals"] = {"per_quarter": row["sales"], "law": "expected"}
        scenario["sales_team"] = team
        result = program.run(scenario)
        by_run.append(frame.mean(result, "bonus"))
        attained.append(frame.mean(result, "quota_attainment"))
    sales = [repr(float(row["sales"])) for row in rows]
    table.all_close("quarterly_bonus", "library", "bonus", expected, program.library([["bonus", program.write(scenario), *sales]])[0], rel=rel)
    table.all_close("quarterly_bonus", "run", "bonus", expected, by_run, rel=rel)
    table.all_close("quarterly_bonus", "run", "attainment", [row["attainment"] for row in rows], attained, rel=rel)


def operating_profit(base, program, **changed):
    x = {**{key: base[key] for key in ("price", "variable_cost", "fixed_cost")}, "volume": 1.0, **changed}
    scenario = frame.always(x["volume"], x["price"], x["variable_cost"], pricing={"kind": "fixed"})
    scenario["costs"] = {"once": x["fixed_cost"]}
    return frame.mean(program.run(scenario), "contribution")


def leverage(case, table, program, rel):
    row = case["profit_leverage"]
    base = row["base"]
    profit = operating_profit(base, program)
    table.close("profit_leverage", "run", "operating_profit", base["operating_profit"], profit, rel=rel)
    changes = {
        "one_pct_price": {"price": 1.01 * base["price"]}, "one_pct_variable_cost": {"variable_cost": 0.99 * base["variable_cost"]},
        "one_pct_volume": {"volume": 1.01}, "one_pct_fixed_cost": {"fixed_cost": 0.99 * base["fixed_cost"]},
    }
    for quantity, change in changes.items():
        # A difference of profits: rounding of sums of the size of the price.
        rounding = 8 * 2.0 ** -53 * base["price"] / profit * 100.0
        table.close("profit_leverage", "run", quantity, row[quantity], 100.0 * (operating_profit(base, program, **change) / profit - 1.0),
                    rel=rel, abs_=rounding)


def acquisition(case, table, program, rel):
    """Leads of a channel at a cost each, half of which become customers, who pay a margin a month as long as makes up their
    lifetime value."""
    for k, row in enumerate(case["cac"]):
        leads = 2.0 * row["customers"]
        scenario = frame.pipeline({"per_day": leads, "law": "expected"}, {"conversion": 0.5, "price_sensitivity": frame.exact(0.01)},
                                  [("decision", {"choice": True, "days": 0})], {"own": {"list_price": 100, "unit_cost": 0}})
        scenario["costs"] = {"per_lead": row["spend"] / leads}
        result = program.run(scenario)
        table.close("cac %d" % k, "run", "spend", row["spend"], frame.mean(result, "acquisition_cost"), rel=rel)
        table.close("cac %d" % k, "run", "customers", row["customers"], frame.mean(result, "customers_signed"), rel=rel)
        table.close("cac %d" % k, "run", "cac", row["cac"], frame.mean(result, "cac"), rel=rel)
        scenario["retention"] = {"churn": {"per_month": 0}, "term_months": 1, "margin": row["margin_per_month"],
                                 "years": row["ltv"] / row["margin_per_month"] / 12.0}
        derived = program.derived(scenario)
        own = "lifetime/%s/own/" % next(iter(scenario["market"]["segments"]))
        for quantity, key in (("ltv", "value"), ("roi", "roi"), ("payback_months", "payback_months")):
            table.close("cac %d" % k, "analytic", quantity, row[quantity], derived[own + key], rel=rel)
        result = program.run(scenario)
        for quantity in ("ltv", "roi", "payback_months"):
            table.close("cac %d" % k, "run", quantity, row[quantity], frame.mean(result, quantity), rel=rel)


def check(case, _folder, table, program):
    rel = case["tolerance"]["rel"]
    waterfall(case, table, program, rel)
    commission(case, table, program, rel)
    bonus(case, table, program, rel)
    leverage(case, table, program, rel)
    acquisition(case, table, program, rel)
