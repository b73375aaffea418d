# SPDX-License-Identifier: GPL-3.0-or-later
"""P16: lifetime value: geometric and sBG, with and without an end, payback; sBG fitted to a cohort's survivors. A period is a year."""
from . import frame

NOT_COVERED = {}


def customers(margin, retention, discount=0.0, cac=0.0):
    """A contract of a year with this margin; of two leads one becomes a customer, so that a lead costs half of him."""
    scenario = frame.pipeline({"per_day": 1, "law": "expected"}, {"conversion": 0.5, "price_sensitivity": frame.exact(0.01 / margin)},
                              [("decision", {"choice": True, "days": 0})],
                              {"own": {"sold_as": "contract", "contract": {"months": 12}, "list_price": 2.0 * margin, "unit_cost": margin}})
    scenario["retention"] = retention
    scenario["costs"] = {"per_lead": cac / 2.0, "discount_rate_per_year": discount}
    return scenario


def segment(scenario):
    return next(iter(scenario["market"]["segments"]))


def values(program, scenario):
    derived = program.derived(scenario)
    own = "lifetime/%s/own/" % segment(scenario)
    return derived, {key[len(own):]: value for key, value in derived.items() if key.startswith(own)}


def run_of(program, scenario):
    """Means of `run` at the centre, where every payment is a lead's that came in the horizon."""
    return {k: x["mean"] for k, x in program.run(scenario)["summary"].items()}


def geometric(case, table, program, rel):
    for k, row in enumerate(case["geometric"]):
        block, m, d = "geometric %d" % k, row["margin_per_period"], row["discount"]
        retention = {"churn": {"per_year": 1.0 - row["retention"]}}
        derived, endless = values(program, customers(m, retention, d, row["cac"]))
        late = values(program, customers(m, {**retention, "payments": "arrears"}, d))[1]
        ended = values(program, customers(m, {**retention, "years": row["T"]}, d))[1]
        stated = values(program, customers(1.0, {**retention, "margin": m}, d))[1]
        table.close(block, "analytic", "margin_per_period", m, endless["margin"], rel=rel)
        table.close(block, "analytic", "ltv_infinite", row["ltv_infinite"], endless["value"], rel=rel)
        table.close(block, "analytic", "ltv_infinite (margin stated)", row["ltv_infinite"], stated["value"], rel=rel)
        table.close(block, "analytic", "ltv_infinite (within and beyond)", row["ltv_infinite"], ended["value"] + ended["value_beyond"], rel=rel)
        table.close(block, "analytic", "ltv_if_first_payment_end_of_period_1", row["ltv_if_first_payment_end_of_period_1"], late["value"], rel=rel)
        table.close(block, "analytic", "ltv_T_periods", row["ltv_T_periods"], ended["value"], rel=rel)
        table.close(block, "analytic", "cac", row["cac"], derived["lifetime/%s/cac" % segment(customers(m, retention))], rel=rel)
        table.close(block, "analytic", "ltv_to_cac", row["ltv_to_cac"], endless["value_to_cac"], rel=rel)
        table.close(block, "analytic", "mean_life_periods", row["mean_life_periods"], derived["lifetime/own/mean_terms"], rel=rel)
        table.close(block, "analytic", "payback_periods_undiscounted", row["payback_periods_undiscounted"], endless["payback_months"] / 12, rel=rel)
        run = run_of(program, customers(m, retention, d, row["cac"]))
        for quantity, figure in (("ltv_infinite", run["ltv"]), ("cac", run["cac"]), ("ltv_to_cac", run["ltv_cac"]),
                                 ("payback_periods_undiscounted", run["payback_months"] / 12)):
            table.close(block, "run", quantity, row[quantity], figure, rel=rel)
        late = run_of(program, customers(m, {**retention, "payments": "arrears"}, d))
        table.close(block, "run", "ltv_if_first_payment_end_of_period_1", row["ltv_if_first_payment_end_of_period_1"], late["ltv"], rel=rel)
        table.close(block, "run", "ltv_T_periods", row["ltv_T_periods"], run_of(program, customers(m, {**retention, "years": row["T"]}, d))["ltv"], rel=rel)


def sbg(case, table, program, rel):
    for k, row in enumerate(case["sbg"]):
        block, law = "sbg %d" % k, {"alpha": row["alpha"], "beta": row["beta"]}
        derived, own = values(program, customers(row["margin"], {"churn": law}, row["discount"]))
        kept, left = ([derived["lifetime/own/%s/%d" % (key, n)] for n in range(1, 13)] for key in ("kept", "survival"))
        table.all_close(block, "analytic", "survival", row["survival"], [1.0, *left][:len(row["survival"])], rel=rel)
        table.all_close(block, "analytic", "retention", row["retention"], kept[:len(row["retention"])], rel=rel)
        table.close(block, "analytic", "expected_ltv", row["expected_ltv"], own["value"], rel=rel)
        run = run_of(program, customers(row["margin"], {"churn": law}, row["discount"]))
        table.close(block, "run", "expected_ltv", row["expected_ltv"], run["ltv"], rel=rel)
        table.close(block, "analytic", "geometric_ltv_with_mean_churn", row["geometric_ltv_with_mean_churn"], own["value_at_mean_churn"], rel=rel)


def fit(case, table, program, rel):
    """The counts of the years that are fitted; more of them are predicted."""
    row = case["sbg_regular"]
    counts = [row["cohort"] * part / 100.0 for part in row["survival_pct_observed"][:row["fit_years"] + 1]]
    derived, _ = values(program, customers(100.0, {"churn": {"survivors": counts}}))
    for quantity, key in (("alpha", "alpha"), ("beta", "beta"), ("loglik", "log_likelihood")):
        table.close("sbg_regular", "analytic", quantity, row[quantity], derived["lifetime/" + key], rel=rel)
    left = [100.0, *(100.0 * derived["lifetime/own/survival/%d" % n] for n in range(1, 13))]
    expected = row["predicted_survival_pct"]
    table.all_close("sbg_regular", "analytic", "predicted_survival_pct", expected, left[:len(expected)], rel=rel)


def check(case, _folder, table, program):
    rel = case["tolerance"]["rel"]
    geometric(case, table, program, rel)
    sbg(case, table, program, rel)
    fit(case, table, program, case["tolerance"]["sbg_fit_rel"])
