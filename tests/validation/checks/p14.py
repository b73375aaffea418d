# SPDX-License-Identifier: GPL-3.0-or-later
"""P14: lift of a store's volume (SCAN*PRO), break-even lift, reference price, erosion of the price image, markdown."""
import copy
import math

from . import frame

NOT_COVERED = {}
INPUTS = {"scanpro_note", "break_even_formula"}


def store(inputs, tail, **borrow):
    """The promoted offer of a store, weeks of promotion and `tail` more; a rival from whom switchers come; with cannibalisation a second
    own offer, whose cross elasticity gives up the stated units. `borrow`: with the case's part of the lift."""
    weeks, lost = inputs["weeks"], inputs["switch_share"] * inputs["cannibal_share_of_switch"]
    multiplier = inputs["feature_mult"] ** inputs["feature"] * inputs["display_mult"] ** inputs["display"]
    lift = multiplier * (1.0 - inputs["depth"]) ** inputs["elasticity"] - 1.0
    other = 10.0 * lost * lift * inputs["base"]  # sells enough to give up a tenth
    segment = {"arrivals": {"per_week": inputs["base"] + other, "law": "expected"}}
    if borrow:
        segment["borrow"] = {"share": inputs["dip_share"], "carry_over_per_week": inputs["dip_decay"], **borrow}
    offers = {"own": {"list_price": inputs["price"], "unit_cost": inputs["unit_cost"]}}
    demand = {"kind": "isoelastic", "elasticity": {"own": frame.exact(inputs["elasticity"])},
              "switching": {"rival": inputs["switch_share"] - lost}}
    if other > 0:
        offers["other"] = {"list_price": inputs["price"], "unit_cost": inputs["price"] - inputs["cannibal_margin"]}
        demand["elasticity"]["other"] = frame.exact(inputs["elasticity"])
        demand["parts"] = {"own": inputs["base"] / (inputs["base"] + other), "other": other / (inputs["base"] + other)}
        demand["cross"] = [{"of": "other", "to": "own", "value": frame.exact(math.log(0.9) / math.log(1.0 - inputs["depth"]))}]
    cut = {"kind": "percent_off", "value": inputs["depth"], "from": frame.week(0), "to": frame.week_end(weeks - 1), "reach": 1,
           "offers": ["own"], "fixed_cost": {"once": inputs["fixed"]}}
    if multiplier != 1.0:
        cut["feature"] = {"multiplier": multiplier}
    scenario = frame.market({"all": segment}, offers, periods=weeks + tail,
                            competitors={"them": {"offers": {"rival": {"price": inputs["price"]}}}})
    scenario["market"]["demand"] = demand
    scenario["promotions"] = {"cut": cut}
    return scenario, other


def scanpro(case, table, program, rel):
    """Enough weeks are walked to pay back all but a part below the tolerance; what is missing against the run without borrowing is the
    dip. Where lifted units come from is the attribution's: each row over the margin of a promoted unit."""
    for k, row in enumerate(case["scanpro"]):
        inputs, block = row["inputs"], "scanpro %d" % k
        weeks = inputs["weeks"]
        tail = math.ceil(math.log(rel / 1000.0) / math.log(inputs["dip_decay"]))
        scenario, other = store(inputs, tail)
        plain = program.run(scenario)
        result = program.run(store(inputs, tail, of="each", paid_back="after_promotion")[0])
        promotion, calendar = result["promotions"]["cut"], result["promotions"]["calendar"]
        unit = inputs["price"] * (1.0 - inputs["depth"]) - inputs["unit_cost"]
        units = {name: calendar[name]["mean"] / unit for name in ("from_rival", "expansion", "own_cannibalisation")}
        given_up = units["own_cannibalisation"] * unit / (unit - inputs["cannibal_margin"])
        short = [b - a for a, b in zip(plain["series"]["units"]["mean"], result["series"]["units"]["mean"])]
        for quantity, got in (
                ("promo_price", promotion["discount"] / promotion["promoted_units"] * (1.0 / inputs["depth"] - 1.0)),
                ("promo_units_per_week", promotion["promoted_units"] / weeks),
                ("lift_pct", 100.0 * promotion["lift"]),
                ("gross_incremental_units", promotion["incremental_units"]),
                ("from_brand_switching", units["from_rival"] + given_up),
                ("of_which_cannibalised", given_up),
                ("borrowed_from_future", -sum(short)),
                ("category_expansion", units["expansion"] + sum(short)),
                ("net_incremental_firm_units", sum(result["series"]["units"]["mean"]) - (weeks + tail) * (inputs["base"] + other)),
                ("subsidised_baseline_units", promotion["baseline_units"]),
                ("subsidy_cost", -calendar["subsidised_baseline"]["mean"]),
                ("incremental_margin", promotion["net"]["mean"]),
                ("promo_cost", promotion["discount"] + promotion["fixed_cost"]),
                ("roi", promotion["roi_on_spend"])):
            table.close(block, "run", quantity, row[quantity], got, rel=rel)
        table.all_close(block, "run", "dip_units_first_3_weeks_after", row["dip_units_first_3_weeks_after"], short[weeks:weeks + 3], rel=rel)


def break_even(case, table, program, rel):
    """A plan with another price against today's, by `compare`; a cut also as a promotion, all of whose extra units are new."""
    for k, row in enumerate(case["break_even"]):
        block, change = "break_even %d" % k, row["price_change_pct"] / 100.0
        choice = {"baseline": {"own": 0.2, "none": 0.8}, "elasticity": {"value": frame.exact(-2)}}
        scenario = frame.market({"all": {"arrivals": {"per_week": 100, "law": "expected"}, "choice": choice}},
                                {"own": {"list_price": 100, "unit_cost": 100 - row["cm_pct"]}})
        expected = row["break_even_volume_change_pct"]
        plan = copy.deepcopy(scenario)
        plan["offers"]["own"]["pricing"] = {"kind": "fixed", "changes": [{"from": frame.week(0), "price": 100.0 * (1.0 + change)}]}
        got = program.ask_compare(scenario, plan, 1)["break_even"]
        figure = next(iter(got.values()))["break_even_units_change"]
        table.close(block, "run", "break_even_volume_change_pct", expected, None if figure is None else 100.0 * figure, rel=rel)
        if change < 0:
            scenario["promotions"] = {"cut": {"kind": "percent_off", "value": -change, "from": frame.week(0), "to": frame.week_end(0), "reach": 1}}
            got = program.run(scenario)["promotions"]["cut"]["break_even_lift"]
            table.close(block, "run", "the same as a promotion", expected, None if got is None else 100.0 * got, rel=rel)


def reference_price(case, table, program, rel):
    inputs, path = case["reference_price"]["inputs"], case["reference_price"]["path"]
    segment = {
        "arrivals": {"per_week": 1, "law": "expected"},
        "choice": {"utility": {"own": inputs["a"]}, "price_sensitivity": frame.exact(inputs["beta"])},
        "reference_price": {"carry_over_per_week": inputs["theta"], "of": "own", "gain": inputs["gain"] / inputs["beta"],
                            "loss": inputs["loss"] / inputs["beta"]},
    }
    # A week more, below what buyers expect by then, tells what that is.
    weeks = path + [{"price": 0.9 * case["reference_price"]["final_reference"]}]
    changes = [{"from": frame.week(t), "price": row["price"]} for t, row in enumerate(weeks)]
    scenario = frame.market({"all": segment}, {"own": {"list_price": inputs["r0"], "unit_cost": 0, "pricing": {"kind": "fixed", "changes": changes}}},
                            periods=len(weeks))
    share = program.run(scenario)["series"]["share"]["mean"]
    table.all_close("reference_price", "run", "share_vs_outside", [row["share_vs_outside"] for row in path], share[:-1], rel=rel)
    table.all_close("reference_price", "run", "utility", [row["utility"] for row in path], [math.log(s / (1 - s)) for s in share[:-1]],
                    rel=rel, abs_=1e-14 * abs(inputs["a"]) + 1e-14)
    # The reference price shows in the gain or the loss, where the price is off it.
    shown = []
    for row, s in zip(weeks, share):
        extra = math.log(s / (1 - s)) - (inputs["a"] - inputs["beta"] * row["price"])
        shown.append(row["price"] + extra / (inputs["gain"] if extra > 0 else inputs["loss"]))
    off = [t for t, row in enumerate(path) if abs(row["price"] - row["reference"]) > 1e-6]
    table.all_close("reference_price", "run", "reference where the price is off it", [path[t]["reference"] for t in off],
                    [shown[t] for t in off], rel=10 * rel)
    for quantity, sign in (("gain", 1), ("loss", -1)):
        got = [max(0.0, sign * (shown[t] - path[t]["price"])) for t in off]
        table.all_close("reference_price", "run", quantity, [path[t][quantity] for t in off], got, rel=rel, abs_=10 * rel * inputs["r0"])
    table.close("reference_price", "run", "final_reference", case["reference_price"]["final_reference"], shown[-1], rel=10 * rel)


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
    break_even(case, table, program, rel)
    reference_price(case, table, program, rel)
    erosion(case, table, program, rel)
    markdown(case, table, program, rel)
