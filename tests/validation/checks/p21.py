# SPDX-License-Identifier: GPL-3.0-or-later
"""P21: electricity contracts in a normal mixed logit without an outside option; the first contract is ours."""
from . import frame

NOT_COVERED = {"published": "ratios of the coefficients, no figures of a market"}
INPUTS = {"coef_names", "mean", "sd", "wtp_contract_year_cents", "share_disliking_long_contract"}
NAMES = ("own", "second", "third", "fourth")
LEAST = 1e-6  # a price is positive: the contract with rates by the time of day has no fixed one


def scenario(case, now, mixed):
    """Everybody knows the attributes of the scenario `base`; prices of `now` through the policies."""
    base = case["scenarios"]["base"]["attributes"]
    rest = range(1, len(case["mean"]))
    utility = {name: sum(case["mean"][k] * row[k] for k in rest) for name, row in zip(NAMES, base)}
    choice = {"utility": utility, "price_sensitivity": frame.exact(-case["mean"][0]), "outside": False}
    if mixed:
        used = [k for k in rest if any(row[k] != 0 for row in base)]
        choice["tastes"] = {"price": {"law": "normal", "sd": -case["sd"][0] / case["mean"][0]}, "points": 9,
                            "attributes": {case["coef_names"][k]: {"sd": case["sd"][k], "of": {n: row[k] for n, row in zip(NAMES, base) if row[k] != 0}}
                                           for k in used}}
    prices = [max(row[0], LEAST) for row in base]
    moved = [max(row[0], LEAST) for row in now]
    offers = {"own": {"list_price": prices[0], "unit_cost": 0, "pricing": {"kind": "fixed", "price": moved[0]}}}
    rivals = {name: {"offers": {name: {"price": p}}, "reaction": {"kind": "static", "changes": [{"from": frame.week(0), "price": q}]}}
              for name, p, q in zip(NAMES[1:], prices[1:], moved[1:])}
    for rival in rivals.values():
        if rival["reaction"]["changes"][0]["price"] == list(rival["offers"].values())[0]["price"]:
            del rival["reaction"]["changes"]
    return frame.market({"all": {"arrivals": {"per_week": 1, "law": "expected"}, "choice": choice}}, offers, competitors=rivals)


def shares(result):
    return [result["by"]["offer"]["own"]["units"]["mean"]] + [result["by"]["rival"][n]["units"]["mean"] for n in NAMES[1:]]


def check(case, _folder, table, program):
    for name, block in case["scenarios"].items():
        got = shares(program.run(scenario(case, block["attributes"], True)))
        table.all_close("scenarios " + name, "run", "shares", block["share"], got, abs_=case["tolerance"]["share_abs"])
    got = shares(program.run(scenario(case, case["scenarios"]["base"]["attributes"], False)))
    table.all_close("plain_logit_at_means", "run", "shares", case["plain_logit_at_means"], got, abs_=LEAST)
