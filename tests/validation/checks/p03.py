# SPDX-License-Identifier: GPL-3.0-or-later
"""P03: value to the customer and value-based price; best prices from willingness to pay."""
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


def check(case, _folder, table, program):
    tolerance = {"rel": case["tolerance"]["rel"], "abs_": case["tolerance"]["abs"]}
    evc(case, table, program, tolerance)
    willingness(case, table, program, tolerance)
    for k, row in enumerate(case["constant_elasticity"]):
        price = program.library([["elastic", row["elasticity"], row["cost"]]])[0][0]
        table.close("constant_elasticity %d" % k, "library", "p_star", row["p_star"], price, **tolerance)
        table.close("constant_elasticity %d" % k, "library", "markup_pct_of_price", row["markup_pct_of_price"],
                    1.0 - row["cost"] / price, **tolerance)
    for k, row in enumerate(case["linear_demand"]):
        answer = program.library([["linear", row["a"], row["b"], row["cost"]]])[0]
        for quantity, got in zip(("p_star", "q", "profit"), answer):
            table.close("linear_demand %d" % k, "library", quantity, row[quantity], got, **tolerance)
