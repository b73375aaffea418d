# SPDX-License-Identifier: GPL-3.0-or-later
"""P03: value to the customer and value-based price; best prices from willingness to pay."""
import math

from . import frame

NOT_COVERED = {}
LAWS = {
    "normal": ("mean", "sd"), "lognormal": ("meanlog", "sdlog"), "uniform": ("lo", "hi"), "exponential": ("rate",),
    "weibull": ("shape", "scale"), "logistic": ("mean", "sd"), "triangular": ("lo", "mode", "hi"),
}


def value_scenario(row):
    drivers = {"plus%d" % k: x for k, x in enumerate(row["positive_differentiation"])}
    drivers.update({"minus%d" % k: -x for k, x in enumerate(row["negative_differentiation"])})
    reference = row["next_best_alternative_price"]
    return frame.always(1, reference, row["unit_cost"], pricing={
        "kind": "value_based", "reference_price": reference, "drivers": {k: {"value": x} for k, x in drivers.items()},
        "switching_cost": row["switching_cost"], "customer_share": row["value_share_to_customer"]})


def evc(case, table, program, tolerance):
    for k, row in enumerate(case["evc"]):
        scenario = value_scenario(row)
        derived, result = program.derived(scenario), program.run(scenario)
        block = "evc %d" % k
        for key, name in (("evc", "evc"), ("value_price", "value_price"), ("customer_incentive", "incentive"), ("margin", "value_margin")):
            table.close(block, "analytic", key, row[key], derived["segments/all/%s/own" % name], **tolerance)
        table.close(block, "run", "value_price", row["value_price"], frame.mean(result, "revenue"), **tolerance)
        table.close(block, "run", "margin", row["margin"], frame.mean(result, "contribution"), **tolerance)


def willingness(case, table, program, tolerance):
    for k, group in enumerate(case["wtp"]):
        names = list(group["cases"])
        questions = []
        for name in names:
            parameters = [group["cases"][name][key] for key in LAWS[name]]
            questions.append(["willing", name, *(parameters + [0, 0])[:3], group["unit_cost"]])
        for name, answer in zip(names, program.library(questions)):
            for quantity, got in zip(("p_star", "accept", "profit_per_customer"), answer):
                table.close("wtp %d" % k, "library", "%s %s" % (name, quantity), group["cases"][name][quantity], got, **tolerance)


def law(name, row):
    """What a good is worth, as a scenario says it."""
    return {"normal": lambda: {"normal": {"mean": row["mean"], "sd": row["sd"]}},
            "lognormal": lambda: {"lognormal": {"median": math.exp(row["meanlog"]), "sdlog": row["sdlog"]}},
            "uniform": lambda: {"uniform": [row["lo"], row["hi"]]},
            "exponential": lambda: {"exponential": {"mean": 1.0 / row["rate"]}},
            "weibull": lambda: {"weibull": {"shape": row["shape"], "scale": row["scale"]}},
            "triangular": lambda: {"triangular": [row["lo"], row["mode"], row["hi"]]}}[name]()


def worth_scenario(name, row, cost, price):
    """Buyers who buy at their valuation; of the logistic law that is the logit against buying nothing."""
    segment = {"arrivals": {"per_week": 1, "law": "expected"}}
    scenario = frame.market({"all": segment}, {"own": {"list_price": price, "unit_cost": cost}})
    if name == "logistic":
        scale = row["sd"] * math.sqrt(3.0) / math.pi
        segment["choice"] = {"utility": {"own": row["mean"] / scale}, "price_sensitivity": frame.exact(1.0 / scale)}
    else:
        scenario["market"]["demand"] = {"kind": "valuations", "goods": [{"offer": "own", "worth": law(name, row)}]}
    return scenario


def worth(case, table, program, tolerance):
    """The same through the loader: acceptance and profit at the best price, and less of it beside that."""
    for k, group in enumerate(case["wtp"]):
        for name, row in group["cases"].items():
            block = "wtp %d" % k
            result = program.run(worth_scenario(name, row, group["unit_cost"], row["p_star"]))
            profit = frame.mean(result, "contribution")
            table.close(block, "run", name + " accept", row["accept"], frame.mean(result, "units"), **tolerance)
            table.close(block, "run", name + " profit_per_customer", row["profit_per_customer"], profit, **tolerance)
            beside = max(frame.mean(program.run(worth_scenario(name, row, group["unit_cost"], row["p_star"] * f)), "contribution")
                         for f in (0.999, 1.001))
            table.row(block, "run", name + " profit beside p_star", profit, beside, 0.0, beside < profit)


def check(case, _folder, table, program):
    tolerance = {"rel": case["tolerance"]["rel"], "abs_": case["tolerance"]["abs"]}
    evc(case, table, program, tolerance)
    willingness(case, table, program, tolerance)
    worth(case, table, program, tolerance)
    for k, row in enumerate(case["constant_elasticity"]):
        price = program.library([["elastic", row["elasticity"], row["cost"]]])[0][0]
        table.close("constant_elasticity %d" % k, "library", "p_star", row["p_star"], price, **tolerance)
        table.close("constant_elasticity %d" % k, "library", "markup_pct_of_price", row["markup_pct_of_price"],
                    1.0 - row["cost"] / price, **tolerance)
    for k, row in enumerate(case["linear_demand"]):
        answer = program.library([["linear", row["a"], row["b"], row["cost"]]])[0]
        for quantity, got in zip(("p_star", "q", "profit"), answer):
            table.close("linear_demand %d" % k, "library", quantity, row[quantity], got, **tolerance)
