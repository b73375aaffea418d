# SPDX-License-Identifier: GPL-3.0-or-later
"""P14: lift of a store's volume (SCAN*PRO), break-even lift, reference price, erosion of the price image, markdown."""
import math

from . import frame

NOT_COVERED = {}
INPUTS = {"scanpro_note", "break_even_formula"}


def scanpro(case, table, program, rel):
    """One offer of a store; with cannibalisation a second one, whose cross elasticity gives up the stated units."""
    for k, row in enumerate(case["scanpro"]):
        inputs, block = row["inputs"], "scanpro %d" % k
        weeks, multiplier = inputs["weeks"], inputs["feature_mult"] ** inputs["feature"] * inputs["display_mult"] ** inputs["display"]
        scenario = frame.market({"all": {"arrivals": {"per_week": inputs["base"], "law": "expected"}}},
                                {"own": {"list_price": inputs["price"], "unit_cost": inputs["unit_cost"]}}, periods=weeks + 3)
        scenario["market"]["demand"] = {"kind": "isoelastic", "elasticity": {"own": frame.exact(inputs["elasticity"])}}
        cut = {"kind": "percent_off", "value": inputs["depth"], "from": frame.week(0), "to": frame.week_end(weeks - 1), "reach": 1}
        if multiplier != 1.0:
            cut["feature"] = {"multiplier": multiplier}
        scenario["promotions"] = {"cut": cut}
        result = program.run(scenario)
        units, promotion = result["series"]["units"]["mean"], result["promotions"]["cut"]
        table.close(block, "run", "promo_units_per_week", row["promo_units_per_week"], units[0], rel=rel)
        table.close(block, "run", "lift_pct", row["lift_pct"], 100.0 * promotion["lift"], rel=rel)
        table.close(block, "run", "gross_incremental_units", row["gross_incremental_units"],
                    sum(units[:weeks]) - weeks * inputs["base"], rel=rel)
        table.close(block, "run", "subsidy_cost", row["subsidy_cost"], -result["promotions"]["calendar"]["subsidised_baseline"]["mean"], rel=rel)


def dip(case, table, program, rel):
    """The same with borrowed sales: the case's dip_share of the lift comes out of later weeks. Enough weeks are walked to pay back all but a
    part below the tolerance; what is missing against the run without borrowing is the dip."""
    for k, row in enumerate(case["scanpro"]):
        inputs, block = row["inputs"], "scanpro %d" % k
        weeks = inputs["weeks"]
        multiplier = inputs["feature_mult"] ** inputs["feature"] * inputs["display_mult"] ** inputs["display"]
        tail = math.ceil(math.log(rel / 1000.0) / math.log(inputs["dip_decay"]))
        segment = {"arrivals": {"per_week": inputs["base"], "law": "expected"}}
        scenario = frame.market({"all": segment}, {"own": {"list_price": inputs["price"], "unit_cost": inputs["unit_cost"]}}, periods=weeks + tail)
        scenario["market"]["demand"] = {"kind": "isoelastic", "elasticity": {"own": frame.exact(inputs["elasticity"])}}
        cut = {"kind": "percent_off", "value": inputs["depth"], "from": frame.week(0), "to": frame.week_end(weeks - 1), "reach": 1,
               "fixed_cost": {"once": inputs["fixed"]}}
        if multiplier != 1.0:
            cut["feature"] = {"multiplier": multiplier}
        scenario["promotions"] = {"cut": cut}
        plain = program.run(scenario)["series"]["units"]["mean"]
        segment["borrow"] = {"share": inputs["dip_share"], "carry_over_per_week": inputs["dip_decay"]}
        result = program.run(scenario)
        short = [b - a for a, b in zip(plain, result["series"]["units"]["mean"])]
        table.close(block, "run", "borrowed_from_future", row["borrowed_from_future"], -sum(short), rel=rel)
        if weeks == 1:
            table.all_close(block, "run", "dip_units_first_3_weeks_after", row["dip_units_first_3_weeks_after"], short[1:4], rel=rel)
        else:
            table.not_covered("%s (dip_units_first_3_weeks_after)" % block, "the case pays back after the last week; the program from week to week")
        if inputs["cannibal_share_of_switch"] == 0.0:
            table.close(block, "run", "roi", row["roi"], result["promotions"]["cut"]["roi_on_spend"], rel=rel)
            table.close(block, "run", "incremental_margin", row["incremental_margin"], result["promotions"]["cut"]["net"]["mean"], rel=rel)
        else:
            table.not_covered("%s (roi)" % block, "the case borrows from the promoted offer alone; the program from all own offers alike")


def break_even(case, table, program, rel):
    """A promotion of one offer against buying nothing, all of whose extra units are new: the smallest lift that pays."""
    for k, row in enumerate(case["break_even"]):
        block, depth = "break_even %d" % k, -row["price_change_pct"] / 100.0
        if depth <= 0:
            table.not_covered("break_even %d" % k, "a price increase is no promotion")
            continue
        choice = {"baseline": {"own": 0.2, "none": 0.8}, "elasticity": {"value": frame.exact(-2)}}
        scenario = frame.market({"all": {"arrivals": {"per_week": 100, "law": "expected"}, "choice": choice}},
                                {"own": {"list_price": 100, "unit_cost": 100 - row["cm_pct"]}})
        scenario["promotions"] = {"cut": {"kind": "percent_off", "value": depth, "from": frame.week(0), "to": frame.week_end(0), "reach": 1}}
        got = program.run(scenario)["promotions"]["cut"]["break_even_lift"]
        expected = row["break_even_volume_change_pct"]
        table.close(block, "run", "break_even_volume_change_pct", expected, None if got is None else 100.0 * got, rel=rel)


def reference_price(case, table, program, rel):
    inputs, path = case["reference_price"]["inputs"], case["reference_price"]["path"]
    segment = {
        "arrivals": {"per_week": 1, "law": "expected"},
        "choice": {"utility": {"own": inputs["a"]}, "price_sensitivity": frame.exact(inputs["beta"])},
        "reference_price": {"carry_over_per_week": inputs["theta"], "of": "own", "gain": inputs["gain"] / inputs["beta"],
                            "loss": inputs["loss"] / inputs["beta"]},
    }
    changes = [{"from": frame.week(t), "price": row["price"]} for t, row in enumerate(path)]
    scenario = frame.market({"all": segment}, {"own": {"list_price": inputs["r0"], "unit_cost": 0, "pricing": {"kind": "fixed", "changes": changes}}},
                            periods=len(path))
    share = program.run(scenario)["series"]["share"]["mean"]
    table.all_close("reference_price", "run", "share_vs_outside", [row["share_vs_outside"] for row in path], share, rel=rel)
    table.all_close("reference_price", "run", "utility", [row["utility"] for row in path], [math.log(s / (1 - s)) for s in share],
                    rel=rel, abs_=1e-14 * abs(inputs["a"]) + 1e-14)
    # The reference price shows in the gain or the loss, where the price is off it.
    expected, got = [], []
    for row, s in zip(path, share):
        extra = math.log(s / (1 - s)) - (inputs["a"] - inputs["beta"] * row["price"])
        if abs(row["price"] - row["reference"]) > 1e-6:
            expected.append(row["reference"])
            got.append(row["price"] + extra / (inputs["gain"] if extra > 0 else inputs["loss"]))
    table.all_close("reference_price", "run", "reference where the price is off it", expected, got, rel=10 * rel)
    table.not_covered("reference_price (final_reference)", "after the last period: not among the program's figures")


def markdown(case, table, program, rel):
    """A season's stock before buyers whose worth is exponential: derived; and by run with luck no fixed price earns more."""
    for k, row in enumerate(case["markdown"]):
        block = "markdown %d" % k
        scenario = frame.market({"all": {"arrivals": {"per_week": row["lam"] * row["time"]}}},
                                {"own": {"list_price": row["scale"], "unit_cost": 0, "stock": row["units"]}})
        scenario["market"]["demand"] = {"kind": "valuations", "goods": [{"offer": "own", "worth": {"exponential": {"mean": row["scale"]}}}]}
        derived = program.derived(scenario)
        for quantity, key in (("expected_revenue", "value"), ("optimal_price_now", "price_now"), ("unconstrained_price", "price_unlimited"),
                              ("deterministic_bound", "bound")):
            table.close(block, "analytic", quantity, row[quantity], derived["markdown/own/" + key], rel=rel)
        earned = []
        for price in (0.9 * row["optimal_price_now"], row["optimal_price_now"], 1.1 * row["optimal_price_now"]):
            scenario["offers"]["own"]["list_price"] = price
            scenario["run"]["counts"] = "whole"
            figure = program.run(scenario, paths=program.paths)["summary"]["revenue"]
            earned.append(figure["mean"] - frame.ERRORS * figure["sd"] / math.sqrt(program.paths))
        table.row(block, "run", "revenue of fixed prices", row["expected_revenue"], max(earned), 0.0, 0 < max(earned) <= row["expected_revenue"])


def share_after(rows, depth, inputs, list_price, program):
    """Share in the week after `rows`, promoted by `depth`."""
    segment = {
        "arrivals": {"per_week": 1, "law": "expected"},
        "choice": {"utility": {"own": inputs["a0"]}, "price_sensitivity": frame.exact(inputs["beta0"])},
        "price_image": {"carry_over_per_week": inputs["carryover"], "sensitivity": inputs["sensitivity_gain"], "equity": inputs["equity_loss"]},
    }
    depths = [row["depth"] for row in rows] + [depth]
    scenario = frame.market({"all": segment}, {"own": {"list_price": list_price, "unit_cost": 0}}, periods=len(depths))
    scenario["promotions"] = {}
    for t, d in enumerate(depths):  # one promotion for weeks of one depth: a scenario takes 32
        if d > 0 and t > 0 and depths[t - 1] == d:
            last["to"] = frame.week_end(t)
        elif d > 0:
            last = {"kind": "percent_off", "value": d, "from": frame.week(t), "to": frame.week_end(t), "reach": 1}
            scenario["promotions"]["from%d" % t] = last
    return program.run(scenario)["series"]["share"]["mean"][-1]


def erosion(case, table, program, rel):
    """Brand from a week at the base price after each row, beta from one at a lower price."""
    inputs, path = case["erosion"]["inputs"], case["erosion"]["path"]
    price, depth = 1.0 / inputs["beta0"], 0.5
    brand, beta = [], []
    for t in range(len(path)):
        at_base, below = (share_after(path[:t + 1], d, inputs, price, program) for d in (0.0, depth))
        u, v = (math.log(s / (1 - s)) for s in (at_base, below))
        brand.append(u + inputs["beta0"] * price)
        beta.append((v - u) / (depth * price))
    table.all_close("erosion", "run", "brand", [row["brand"] for row in path], brand, rel=rel)
    table.all_close("erosion", "run", "beta", [row["beta"] for row in path], beta, rel=rel)
    stock = [(b / inputs["beta0"] - 1.0) / inputs["sensitivity_gain"] for b in beta]
    table.all_close("erosion", "run", "stock", [row["stock"] for row in path], stock, rel=rel, abs_=1e-12)


def check(case, _folder, table, program):
    rel = case["tolerance"]["rel"]
    scanpro(case, table, program, rel)
    dip(case, table, program, rel)
    break_even(case, table, program, rel)
    reference_price(case, table, program, rel)
    erosion(case, table, program, rel)
    markdown(case, table, program, rel)
