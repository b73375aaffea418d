# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold in the answer to any scenario: things that close, add up, are ordered, are probabilities."""
import math

QUANTILES = ("p5", "p10", "p25", "p50", "p75", "p90", "p95")
SUMS = ("revenue", "booked", "collected", "units", "orders", "customers_signed", "list_value", "discounts", "pocket_margin",
        "leads")
FRACTIONS = ("win_rate", "win_rate_closed", "share")


def figures(x, at=""):
    """Every figure (mean, quantiles ...) of an answer with its place."""
    if isinstance(x, dict):
        if "p50" in x and "sd" in x:
            yield at, x
        else:
            for key, value in x.items():
                yield from figures(value, "%s/%s" % (at, key))


def ascend(values, slack=0.0):
    known = [v for v in values if v is not None]
    return all(a <= b + slack for a, b in zip(known, known[1:]))


def near(a, b, scale, tolerance=1e-9):
    return abs(a - b) <= tolerance * max(abs(scale), 1e-9)


def waterfall(rows):
    """Faults of the table: each level is the level above less what was deducted between them."""
    level, taken = None, 0.0
    for row in rows:
        if not row["total"]:
            taken += row["amount"]
            continue
        if level is not None and not near(level - taken, row["amount"], rows[0]["amount"]):
            yield "%s is %r, not %r" % (row["id"], row["amount"], level - taken)
        level, taken = row["amount"], 0.0


def funnel(rows):
    choice = False
    for before, row in zip([None] + rows, rows):
        open_more = row["open_end"] - row["open_start"]
        if not near(row["entered"], row["passed"] + row["lost"] + open_more, max(1, row["entered"])):
            yield "%s: entered %r, passed %r, lost %r, open %r more" % (row["id"], row["entered"], row["passed"], row["lost"], open_more)
        if before and not near(before["passed"], row["entered"], max(1, row["entered"])):
            yield "%r pass %s, %r enter %s" % (before["passed"], before["id"], row["entered"], row["id"])
        if min(row["entered"], row["passed"], row["lost"], row["open_end"]) < -1e-9:
            yield "%s: a negative count" % row["id"]
        choice = choice or row["choice"]
    if rows and not choice:
        yield "no choice stage"


def additions(answer):
    """Parts that do not sum to the whole."""
    summary = answer["summary"]
    for dimension, groups in answer["by"].items():
        leads = sum(g["leads"]["mean"] for g in groups.values() if "leads" in g)
        if dimension in ("band", "sales_model") and leads < (1 - 1e-9) * summary["leads"]["mean"]:
            continue  # leads that nobody scores, buyers whom nobody serves
        for metric in SUMS:
            parts = [g[metric]["mean"] for g in groups.values() if metric in g]
            if dimension == "rival" or metric not in summary or len(parts) != len(groups):
                continue
            whole = summary[metric]["mean"]
            if not near(sum(parts), whole, summary["list_value"]["mean"] if metric == "discounts" else whole):
                yield "by/%s/%s: %r, in all %r" % (dimension, metric, sum(parts), whole)
    for metric in ("revenue", "contribution", "collected", "units"):
        series, whole = answer["series"][metric]["mean"], summary[metric]["mean"]
        if not near(sum(series), whole, sum(map(abs, series))):
            yield "series/%s: %r, in all %r" % (metric, sum(series), whole)
    n = answer["run"]["paths"]
    for metric in SUMS + ("contribution",):
        means = answer["batch_means"].get(metric)
        if means:
            sizes = [n * (k + 1) // len(means) - n * k // len(means) for k in range(len(means))]
            whole = sum(m * x for m, x in zip(means, sizes)) / n
            if not near(whole, summary[metric]["mean"], sum(abs(m) * x for m, x in zip(means, sizes)) / n):
                yield "batch_means/%s" % metric


def probabilities(answer):
    for at, figure in figures(answer):
        if at.rsplit("/", 1)[1] in FRACTIONS and figure["mean"] is not None:
            if not (-1e-12 <= figure["mean"] <= 1 + 1e-12 and (figure["p5"] or 0) >= 0 and (figure["p95"] or 0) <= 1):
                yield "%s is no fraction: %r" % (at, figure)
        if figure.get("ignorance") is not None and not 0 <= figure["ignorance"] <= 1:
            yield "%s/ignorance %r" % (at, figure["ignorance"])
    for name, goal in answer["goals"].items():
        if not 0 <= goal["p"] <= 1 or not ascend([0, goal["low"], goal["p"], goal["high"], 1], 1e-12) or goal["average_miss"] < 0:
            yield "goal %s: %r" % (name, goal)
    for row in answer.get("funnel", []):
        if not 0 <= row["capacity_bound_frac"] <= 1:
            yield "capacity_bound_frac %r" % row["capacity_bound_frac"]


def orders(answer):
    for at, figure in figures(answer):
        if not ascend([figure[q] for q in QUANTILES]) or (figure["sd"] or 0) < 0 or (figure["se"] or 0) < 0:
            yield "%s: %r" % (at, figure)
    for metric, series in answer["series"].items():
        for t, fan in enumerate(zip(series["p10"], series["p50"], series["p90"])):
            if not ascend(fan):
                yield "series/%s[%d]: %r" % (metric, t, fan)


NOT_IN_NET = ("net", "inside", "naive")


def earnings(answer):
    """Rows that do not sum to the net, values that do not sum to the calendar's."""
    calendar = answer.get("promotions", {}).get("calendar")
    if not calendar:
        return
    rows = {k: r["mean"] for k, r in calendar.items() if isinstance(r, dict) and k not in NOT_IN_NET}
    noise = 1e-6 * abs(answer["summary"]["contribution"]["mean"])
    size, net = max(map(abs, list(rows.values()) + [noise])), calendar["net"]["mean"]
    if not near(sum(rows.values()), net, size):
        yield "rows sum to %r, net %r" % (sum(rows.values()), net)
    if not near(calendar["naive"]["mean"], net - rows["rivals"], size):
        yield "naive %r, net %r, rivals %r" % (calendar["naive"]["mean"], net, rows["rivals"])
    values = [p["net"]["mean"] for k, p in answer["promotions"].items() if k != "calendar" and "net" in p]
    if not near(sum(values), net, sum(map(abs, values)) + size):
        yield "promotions sum to %r, net %r" % (sum(values), net)


def ranking(answer):
    """Profiles are groups of `by`, in the order of a lead's margin, and all groups of their dimensions."""
    rows = answer.get("profiles", [])
    margins = [r["margin_per_lead"]["mean"] for r in rows]
    if margins != sorted(margins, reverse=True):
        yield "not in order: %r" % margins
    for row in rows:
        group = answer["by"][row["dimension"]][row["profile"]]
        if any(group[k] != x for k, x in row.items() if k not in ("dimension", "profile", "label")):
            yield "%s: other figures than in `by`" % row["profile"]
    for dimension in {r["dimension"] for r in rows}:
        named = sorted(r["profile"] for r in rows if r["dimension"] == dimension)
        if named != sorted(answer["by"][dimension]):
            yield "%s: %r" % (dimension, named)
    several = [d for d, x in answer["by"].items() if len(x) > 1 and d == "segment" and all("margin_per_lead" in y for y in x.values())]
    if several and not rows:
        yield "no ranking of segments"


def price_paths(answer):
    """The mean of an offer's prices by period is its mean price, the last one its last price; the gap is theirs."""
    for kind in ("offer", "rival"):
        for name, path in answer["prices"][kind + "s"].items():
            group = answer["by"][kind][name]
            if not all(math.isclose(a, b, rel_tol=1e-12) for a, b in ((sum(path) / len(path), group["price"]["mean"]), (path[-1], group["last_price"]["mean"]))):
                yield "%s: %r, %r" % (name, group["price"]["mean"], path)
    prices = answer["prices"]
    for ours, gaps in answer.get("price_gap", {}).items():
        for theirs, path in gaps.items():
            for gap, a, b in zip(path, prices["shown"][ours], prices["rivals"][theirs]):
                if not math.isclose(gap, a / b - 1, rel_tol=1e-9, abs_tol=1e-12):
                    yield "%s against %s: %r, prices %r and %r" % (ours, theirs, gap, a, b)
    if answer.get("price_gap", {}).keys() != (prices["offers"].keys() if prices["rivals"] else set()):
        yield "no gap of some offer"


COUNTED = 4096  # futures in which decisions are counted by period


def share_paths(answer):
    """Shares by period are parts of one; what a rival wins in the periods is what it wins."""
    if "shares" not in answer:
        return
    rivals, decided = answer["shares"].get("rivals", {}), answer["decisions"]["mean"]
    for at, parts in enumerate(zip(answer["shares"]["us"], answer["shares"]["nobody"], *rivals.values())):
        if None not in parts and not (min(parts) >= -1e-12 and math.isclose(sum(parts), 1, rel_tol=1e-12)):
            yield "period %d: %r" % (at, parts)
    for name, path in rivals.items():
        won = sum(a * b for a, b in zip(path, decided) if a is not None)
        if answer["run"]["paths"] <= COUNTED and not math.isclose(won, answer["by"]["rival"][name]["units"]["mean"], rel_tol=1e-9, abs_tol=1e-9):
            yield "%s: %r by period, %r" % (name, won, answer["by"]["rival"][name]["units"]["mean"])
    ours = answer["series"].get("share", answer["series"].get("win_rate_closed"))
    if answer["run"]["paths"] == 1 and not all(math.isclose(a or 0, b, rel_tol=1e-9, abs_tol=1e-12) for a, b in zip(answer["shares"]["us"], ours["mean"])):
        yield "ours: %r, not %r" % (answer["shares"]["us"], ours["mean"])


def everything(answer):
    """(fact, list of what contradicts it)."""
    balance = ["%s %r" % (k, x) for k, x in answer["balance"].items() if x is not None and not x <= 1e-9]
    wanted = [m for m in ("revenue", "contribution", "units", "booked", "collected") if answer["summary"][m]["mean"] is None]
    return [("the headline figures are numbers", wanted), ("what the program balances closes", balance),
            ("the waterfall closes", list(waterfall(answer["waterfall"]))), ("the funnel closes", list(funnel(answer.get("funnel", [])))),
            ("parts sum to the whole", list(additions(answer))), ("fractions lie in [0, 1]", list(probabilities(answer))),
            ("quantiles ascend", list(orders(answer))), ("what promotions earn adds up", list(earnings(answer))),
            ("profiles are ranked", list(ranking(answer))), ("prices by period", list(price_paths(answer))),
            ("shares by period", list(share_paths(answer)))]
