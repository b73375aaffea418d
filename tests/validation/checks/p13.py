# SPDX-License-Identifier: GPL-3.0-or-later
"""P13: spend and save on lognormal baskets; arithmetic of discounts on one basket."""
import math
import re

from . import frame

NOT_COVERED = {}


def basket_scenario(row, promoted):
    median = math.exp(row["meanlog"])
    scenario = frame.always(1, 1, row["cogs_share"], sold_as="order")
    scenario["market"]["segments"]["all"]["basket"] = {"lognormal": {"median": median, "sdlog": row["sdlog"]}}
    if promoted:
        scenario["promotions"] = {"spend": {
            "kind": "threshold", "from": frame.week(0), "to": frame.week_end(0), "reach": 1,
            "tiers": [{"spend": row["threshold"], "save": row["save"]}],
            "addon_value": row["addon_value"], "compliance": row["compliance"], "choice_effect": "none"}}
    return scenario


def orders(case, table, program, rel):
    for k, row in enumerate(case["cases"]):
        block = "cases %d" % k
        before, after = program.run(basket_scenario(row, False)), program.run(basket_scenario(row, True))
        spend = after["promotions"]["spend"]
        got = {
            "p_redeem": spend["redeemed_frac"], "p_subsidised": spend["subsidised_frac"], "mean_paid": spend["mean_paid"],
            "mean_goods_value": spend["goods_value"], "discount_cost_per_visit": spend["discount_per_order"],
            "incremental_goods_value": spend["incremental_units"], "roi": spend["roi_on_spend"],
            "p_topup_zone": spend["topped_up_frac"] / row["compliance"] if row["compliance"] > 0 else None,
            "mean_basket_no_promo": frame.mean(before, "revenue"), "gross_margin_no_promo": frame.mean(before, "contribution"),
            "gross_margin_promo": frame.mean(after, "contribution"),
            "delta_margin": after["promotions"]["calendar"]["net"]["mean"], "zone_low": spend["top_up_from"],
        }
        for quantity, value in got.items():
            if value is not None:
                table.close(block, "run", quantity, row[quantity], value, rel=rel, abs_=1e-12)


def promotion(kind, **keys):
    return {"kind": kind, "from": frame.week(0), "to": frame.week_end(0), "reach": 1, **keys}


def tiers_of(text):
    """'200_20_300_40': [{spend, save}, ...]"""
    x = [float(n) for n in text.split("_")]
    return [{"spend": spend, "save": save} for spend, save in zip(x[::2], x[1::2])]


def step_of(text, columns):
    """One step of a 'A_then_B' column: a promotion."""
    percent = re.fullmatch(r"(?:pct|member_)(\d+)(?:pct)?", text)
    single = re.fullmatch(r"t?(\d+_\d+)", text)
    if percent:
        return promotion("percent_off", value=float(percent.group(1)) / 100.0)
    if single:
        return promotion("threshold", tiers=tiers_of(single.group(1)), addon_value=0, compliance=0)
    if text == "tiers":
        return promotion("threshold", tiers=tiers_of(next(c for c in columns if c.startswith("tiers_"))[6:]), addon_value=0, compliance=0)
    raise ValueError("column of the table: " + text)


def column_question(name, columns):
    """(kind of question, promotions in order)"""
    every = re.fullmatch(r"every_(\d+)_(\d+)_cap_(\d+)", name)
    if every:
        spend, save, cap = (float(x) for x in every.groups())
        return "saving", [promotion("threshold", every={"spend": spend, "save": save, "cap": cap}, addon_value=0, compliance=0)]
    if "_then_" in name:
        return "paid", [step_of(part, columns) for part in name.split("_then_")]
    return "saving", [promotion("threshold", tiers=tiers_of(name.split("_", 1)[1]), addon_value=0, compliance=0)]


def column_scenario(row, steps):
    scenario = basket_scenario(row, False)
    scenario["promotions"] = {"step%d" % k: step for k, step in enumerate(steps)}
    scenario["stacking"] = {"rule": "stack", "order": list(scenario["promotions"])}
    return scenario


def run_column(name, question, steps, case, table, program, rel):
    """The engine on baskets that hardly spread. Next to a threshold even that little spread reaches both sides."""
    factor = 1.0  # of the percentages before the threshold
    for step in steps:
        if step["kind"] == "threshold":
            break
        factor *= 1.0 - step["value"]
    spends = [tier["spend"] for step in steps for tier in step.get("tiers", [step.get("every")]) if tier]
    every = [step["every"]["spend"] for step in steps if "every" in step]
    expected, got = [], []
    for row in case["table"]:
        basket = row["basket"]
        near = [abs(basket * factor / s - 1.0) for s in spends] + [abs(basket * factor / s - round(basket * factor / s)) for s in every]
        if basket > 0 and min(near) > 1e-6:
            shape = {"meanlog": math.log(basket), "sdlog": 1e-8, "cogs_share": 0.0}
            paid = program.run(column_scenario(shape, steps))["summary"]["revenue"]["mean"]
            expected.append(row[name])
            got.append(basket - paid if question == "saving" else paid)
    table.all_close("table", "run", name, expected, got, rel=rel, abs_=1e-7)


def table_of_baskets(case, table, program, rel):
    columns = [name for name in case["table"][0] if name != "basket"]
    baskets = [row["basket"] for row in case["table"]]
    for name in columns:
        question, steps = column_question(name, columns)
        scenario = column_scenario({"meanlog": 0.0, "sdlog": 1.0, "cogs_share": 0.5}, steps)
        answer = program.library([[question, program.write(scenario), *(repr(b) for b in baskets)]])[0]
        table.all_close("table", "library", name, [row[name] for row in case["table"]], answer, rel=rel, abs_=1e-12)
        run_column(name, question, steps, case, table, program, rel)


def check(case, _folder, table, program):
    rel = case["tolerance"]["rel"]
    orders(case, table, program, rel)
    table_of_baskets(case, table, program, rel)
