# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs pricesim and the oracle on the same scenarios and compares every number: relative difference at most 1e-9."""
import argparse
import itertools
import json
import math
import multiprocessing
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True
import oracle  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(HERE))
TOLERANCE = 1e-9
# scenario, plan, number of drawn paths (None: inputs at their centre)
SHIPPED = [("minimal", None, None), ("minimal", None, 8), ("price_cut", None, None), ("price_cut", None, 8),
           ("price_cut", "match", None), ("price_cut", "answer_with_promotion", 2),
           ("orange_juice", None, None), ("orange_juice", None, 2), ("orange_juice", "high_low", None),
           ("orange_juice", "everyday_low", None), ("orange_juice", "second_at_half", 2), ("orange_juice", "at_wholesale", 2), ("default", None, None), ("default", None, 2), ("default", "match", None),
           ("default", "premium", None), ("default", "authority", 2), ("electricity", None, None), ("electricity", "cut", None), ("cheese", None, 2),
           ("bundle", None, None), ("bundle", "apart", None), ("coffee", None, 2), ("coffee", "keep_share", 2), ("subscription", None, 2), ("subscription", "all_pay_more", None), ("subscription", "yearly_by_month", 2), ("subscription", "increase", 2),
           ("startup", None, 2), ("startup", "launch_everywhere", None), ("startup", "monthly_or_prepaid", 2),
           ("channel_partner", None, 2), ("channel_partner", "hires", None), ("channel_partner", "partners", None), ("channel_partner", "inside_for_large", None),
           ("printer", None, None), ("printer", "printer_only_in_the_set", 2), ("clearance", None, None), ("clearance", "early_and_small", 2),
           ("double_eleven", None, None), ("double_eleven", "flash_only", 2), ("double_eleven", "paid_club", None),
           ("../tests/bench/ps_bench_1", None, None), ("../tests/bench/ps_bench_1", None, 4)]


def program(binary, file, plan, paths):
    command = [binary, "run", file, "--format", "json", "-q", "--set", "/run/counts=expected", "--paths", str(paths or 1),
               "--set", "/run/parameters=" + ("centre" if paths is None else "drawn")]
    done = subprocess.run(command + (["--plan", plan] if plan else []), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


def pairs(ours, theirs):
    """(name, oracle's value, program's value, scale) of everything that both have."""
    scale = max(abs(ours["summary"]["list_value"]), 1e-300)
    for k, figure in theirs["summary"].items():
        yield "summary." + k, ours["summary"].get(k), figure["mean"], None
    for k, series in theirs["series"].items():
        size = max(abs(x) for x in series["mean"])
        for t, x in enumerate(series["mean"]):
            yield "series.%s[%d]" % (k, t), ours["series"][k][t], x, size
    for dimension in ("segment", "channel", "band", "sales_model", "offer", "rival"):
        for x, figures in theirs["by"].get(dimension, {}).items():
            for k, figure in figures.items():
                if isinstance(figure, dict) and k in ours["by"][dimension][x]:
                    yield "by.%s.%s.%s" % (dimension, x, k), ours["by"][dimension][x][k], figure["mean"], None
    for k, goal in theirs["goals"].items():
        yield "goals." + k, ours["goals"][k], goal["mean"], None
    for row, mine in zip(theirs.get("funnel", []), ours["funnel"]):
        for k, x in mine.items():
            yield "funnel.%s.%s" % (row["id"], k), x, row[k], mine["entered"]
    for row in theirs.get("teams", []):
        for k, x in ours["teams"][row["id"]].items():
            yield "teams.%s.%s" % (row["id"], k), x, row[k], max(x, 1.0)
    steps = [r["amount"] for r in theirs["waterfall"] if r["id"] not in ("list", "invoice", "pocket", "unit_cost", "margin")]
    order = [x for x in ours["waterfall"]]
    if len(order) == len(steps) + 1:  # the invoice deducts nothing
        at = [r["id"] for r in theirs["waterfall"]].index("invoice") - 1
        del order[at]
        for k, (a, b) in enumerate(zip(order, steps)):
            yield "waterfall[%d]" % k, a, b, scale
    for name, rows in theirs.get("promotions", {}).items():
        size = max([abs(x["mean"]) for x in rows.values() if isinstance(x, dict) and x["mean"] is not None] + [1e-300])
        # a promotion's value is the difference of two contributions
        size = size if name == "calendar" else max(size, abs(ours["summary"]["contribution"]))
        for k, x in rows.items():
            if k in ("label", "incremental_units", "discount_per_order", "fixed_cost", "funding_lump"):
                continue
            if name == "interaction" and k != "net":
                continue
            value = x["mean"] if isinstance(x, dict) else x
            if k in ours["promotions"].get(name, {}) or value:
                ratio = k in ("lift", "break_even_lift", "roi_on_spend")
                yield "promotions.%s.%s" % (name, k), ours["promotions"].get(name, {}).get(k), value, 1.0 if ratio else size


# Scenarios that are linear in counts (no capacity, no commission tiers; what may come does come): whole numbers must have the
# expected flows as means.
WHOLE = [("minimal", []), ("orange_juice", []), ("price_cut", ["/competitors/leader/reaction/probability=1"]),
         ("../tests/bench/ps_bench_1", []), ("../tests/oracle/scenarios/stacking_stack", []),
         ("../tests/oracle/scenarios/basket_best", []), ("../tests/oracle/scenarios/nest_awareness_image", []),
         ("../tests/oracle/scenarios/hazards_steady", ["/funnel/stages/close/capacity/per_month=1e6"]),
         ("../tests/oracle/scenarios/hazards_counts", ["/funnel/stages/mid/capacity/per_week=1e6"]),
         ("../tests/oracle/scenarios/contracts_invoiced", ["/competitors/k/reaction/probability=1", "/sales_team=null"]),
         ("../tests/oracle/scenarios/pipeline_baskets", []), ("../tests/oracle/scenarios/quarters_always", []),
         ("../tests/oracle/scenarios/acceleration", []), ("../tests/oracle/scenarios/acceleration_hazard", []),
         ("../tests/oracle/scenarios/quarter_end", []), ("../tests/oracle/scenarios/quarter_end_hazard", []),
         ("../tests/oracle/scenarios/quantity", []), ("../tests/oracle/scenarios/members", []), ("../tests/oracle/scenarios/seller_brand", []), ("../tests/oracle/scenarios/bands_alone", []), ("../tests/oracle/scenarios/criteria", ["/sales_models/desk/team=null", "/sales_models/desk/stages/work/effort=null", "/sales_models/desk/stages/talks/effort=null"]),
         ("../tests/oracle/scenarios/tastes_nests", ["/competitors/r/reaction/noticed=1"]), ("../tests/oracle/scenarios/store_volume", []),
         ("../tests/oracle/scenarios/valuations_goods", []), ("../tests/oracle/scenarios/tastes_pipeline", []),
         ("startup", []), ("printer", []), ("subscription", []), ("../tests/oracle/scenarios/renewals", ["/sales_team=null", "/retention/renewal/churn_elasticity=0"]),
         ("../tests/oracle/scenarios/renewals_law", ["/sales_team=null"]), ("../tests/oracle/scenarios/lifetimes", []),
         ("../tests/oracle/scenarios/sales_models", ["/sales_models/field/team/representatives=99", "/sales_models/inside/team/representatives=99",
                                                     "/sales_models/partner/team/representatives=999", "/funnel/stages/decide/capacity/per_week=1e6", "/promotions=null"]),
         ("default", ["/competitors/a/reaction/noticed=1", "/funnel/stages/contract/capacity/per_week=1e6", "/sales_team=null"])]
SURE = 4.0


def compare_whole(case):
    """Means of 4,000 whole-number paths at the centre against expected flows; figures whose luck has a spread."""
    binary, file, sets = case
    name, started = "%s whole" % os.path.basename(file)[:-5], time.time()
    command = [binary, "run", file, "--format", "json", "-q", "--attribution", "none", "--set", "/run/parameters=centre"]
    for x in sets:
        command += ["--set", x]
    try:
        whole, flow = (json.loads(subprocess.run(command + ["--set", "/run/counts=" + counts, "--paths", n],
                                                 capture_output=True, text=True, check=True).stdout)
                       for counts, n in (("whole", "4000"), ("expected", "1")))
    except subprocess.CalledProcessError as error:
        return name, 0, 1, ["  " + error.stderr[:2000]], 0.0
    figures = [("summary." + k, f, flow["summary"].get(k)) for k, f in whole["summary"].items()]
    for dimension, groups in whole["by"].items():
        for x, group in groups.items():
            figures += [("by.%s.%s.%s" % (dimension, x, k), f, flow["by"][dimension][x].get(k)) for k, f in group.items()]
    count, worst, misses = 0, 0.0, []
    for key, f, exact in figures:
        # No luck, no test. Whole payments are no mean of anything. A breakdown's error of a ratio is not that of the ratio of means. Expected flows weight the winners'
        # days since creation by the base row, which a promotion shifts a little.
        ratio = key.startswith("by.") and key.rsplit(".", 1)[1] in \
            ("share", "pocket_price", "win_rate", "win_rate_closed", "deal_size", "churn", "cac", "margin_per_lead", "ltv", "ltv_cac", "roi", "payback_months")
        if not isinstance(f, dict) or not f.get("se") or f["se"] < 1e-9 * abs(f["mean"]) or ratio or \
                key == "summary.cycle_days" and "default" in name or key == "summary.payback_months":
            continue
        count += 1
        distance = abs(f["mean"] - exact["mean"]) / f["se"]
        worst = max(worst, distance)
        if distance > SURE:
            misses.append("  %-45s expected %.12g whole %.12g, %.1f standard errors" % (key, exact["mean"], f["mean"], distance))
    return name, count, worst, misses, time.time() - started


def compare(case):
    binary, file, plan, paths = case
    started = time.time()
    name = "%s%s %s" % (os.path.basename(file)[:-5], "/" + plan if plan else "", "centre" if paths is None else "%d paths" % paths)
    try:
        theirs = program(binary, file, plan, paths)
        middle = time.time()
        ours = oracle.run(file, plan, paths)
    except Exception as error:  # a scenario that cannot be run is a failure like any other
        return name, 0, 1, ["  %s: %s" % (type(error).__name__, str(error)[:2000])], 0.0
    count, worst, misses = 0, 0.0, []
    for key, a, b, scale in pairs(ours, theirs):
        count += 1
        if a is None or b is None or not math.isfinite(a):
            if not (a is None and b is None):
                misses.append("  %-45s oracle %s program %s" % (key, a, b))
            continue
        error = abs(a - b) / max(abs(a), abs(b), 1e-12) if a != b else 0.0
        if scale is not None:
            error = min(error, abs(a - b) / max(scale, 1e-12))
        worst = max(worst, error)
        if error > TOLERANCE:
            misses.append("  %-45s oracle %.15g program %.15g (%.1e)" % (key, a, b, error))
    return name, count, worst, misses, time.time() - middle


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", default=os.environ.get("PRICESIM", os.path.join(ROOT, "build", "pricesim")))
    parser.add_argument("--all", action="store_true", help="print every miss")
    parser.add_argument("only", nargs="*", help="parts of names")
    arguments = parser.parse_args()
    cases = [(arguments.program, os.path.normpath(os.path.join(ROOT, "scenarios", f + ".json")), plan, n) for f, plan, n in SHIPPED]
    own = os.path.join(HERE, "scenarios")
    for f in sorted(os.listdir(own)):
        cases += [(arguments.program, os.path.join(own, f), None, n) for n in (None, 4)]
    cases += [(arguments.program, os.path.join(own, "sobol.json"), None, 40)]  # more points of each sequence than one
    whole = [(arguments.program, os.path.normpath(os.path.join(ROOT, "scenarios", f + ".json")), sets) for f, sets in WHOLE]
    if arguments.only:
        cases = [c for c in cases if any(x in "%s %s %s" % c[1:] for x in arguments.only)]
        whole = [c for c in whole if any(x in c[1] + " whole" for x in arguments.only)]
    failed = 0
    with multiprocessing.Pool(os.cpu_count()) as pool:
        results = itertools.chain(pool.imap(compare, cases, 1), pool.imap(compare_whole, whole, 1))
        for name, count, worst, misses, seconds in results:
            unit = " standard errors" if name.endswith("whole") else ""
            print("%-4s %-38s %5d numbers, worst %.2g%s, %.1f s" %
                  ("FAIL" if misses else "ok", name, count, worst, unit, seconds), flush=True)
            failed += bool(misses)
            for line in misses[:None if arguments.all else 6]:
                print(line)
            if len(misses) > 6 and not arguments.all:
                print("  ... %d more" % (len(misses) - 6))
    print("%d passed, %d failed, 0 skipped" % (len(cases) + len(whole) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
